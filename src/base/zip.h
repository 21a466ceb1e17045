/* Writes ZIP archives (PKWARE's APPNOTE 6.3): members are stored as they are, sizes stay below 4 GiB. */
#ifndef ISN_BASE_ZIP_H
#define ISN_BASE_ZIP_H

#include "base/arena.h"
#include "base/buffer.h"

typedef struct zip_writer {
    bool (*write)(void *context, str bytes); /* false: it cannot be written */
    void *context;
    bool failed; /* something could not be written, or is too large: all that follows does nothing */
    uint64_t at;
    uint64_t members;
    buffer directory;
} zip_writer;

void zip_add(zip_writer *z, str name, str bytes);
/* Writes the directory and frees what the writer holds. False where anything failed. */
bool zip_end(zip_writer *z);

#endif
