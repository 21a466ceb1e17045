/* Reads ZIP archives (PKWARE's APPNOTE 6.3, Zip64 too) out of a file that can be read anywhere: the
 * directory, and where the data of an entry lie. Unpacking them is for others.
 *
 * Safe for any bytes: names are names and never paths of this machine; entries that lie in one another, or
 * beyond the end, are marked. Where the directory is missing (a file that was cut), entries are found by
 * their own heads, as far as these say how large they are. */
#ifndef ISN_BASE_UNZIP_H
#define ISN_BASE_UNZIP_H

#include "base/arena.h"
#include "base/failure.h"

typedef enum unzip_method { UNZIP_STORED = 0, UNZIP_DEFLATED = 8, UNZIP_ZSTD = 93 } unzip_method;

typedef struct unzip_entry {
    str name;
    uint64_t at;           /* of its head, in the file */
    uint64_t packed, size; /* bytes in the file, and unpacked */
    uint32_t crc;
    uint16_t method;
    const char *bad; /* why it cannot be read; NULL: it can */
} unzip_entry;

typedef struct unzip {
    int fd; /* stays the caller's */
    uint64_t base, size;
    arena memory;
    VECTOR(unzip_entry) entries; /* in the order of the directory */
    bool no_directory;
} unzip;

/* `size` bytes from `base` on of the file. STATUS_BAD_INPUT: no ZIP, or damaged. */
status unzip_open(unzip *z, int fd, uint64_t base, uint64_t size, failure *f);
void unzip_close(unzip *z);
/* Where in the file the entry's data begin; false where its head is damaged. */
bool unzip_data(const unzip *z, const unzip_entry *e, uint64_t *at);

#endif
