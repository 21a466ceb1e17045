/* A disk that lives in memory and can be made to fail: an SQLite VFS for tests.
 *
 * Files are what was written to them and, apart from that, what a power cut would leave: what was flushed,
 * and of what was not either nothing or whichever sectors and halves of sectors chance picks. The n-th
 * operation that changes something (a write, a truncation, a flush, a file made or removed) can be made to
 * fail, for once or from then on, or to be the moment when the power is cut. */
#ifndef ISN_TEST_FAULT_DISK_H
#define ISN_TEST_FAULT_DISK_H

#include "test_support.h"

#define DISK_VFS "fault-disk"

typedef enum disk_fault {
    DISK_SOUND,
    DISK_FULL_ONCE, /* one operation fails as on a full disk */
    DISK_FULL,      /* and all after it that write */
    DISK_BROKEN,    /* it and all after it fail with an input/output error */
    DISK_CUT,       /* half of it is done, then nothing answers any more; what was not flushed is gone */
    DISK_CUT_TORN,  /* the same, but some of what was not flushed is there, in pieces */
    DISK_FAULTS
} disk_fault;
const char *disk_fault_name(disk_fault f);

/* Registers the VFS, once. */
void disk_install(void);
/* No file, no fault, no operation counted. */
void disk_clear(void);
/* The operation after so many more is the one. */
void disk_fail(disk_fault fault, uint64_t after, test_random *r);
/* Whether it came to that. */
bool disk_has_failed(void);
/* Operations so far. */
uint64_t disk_operations(void);
/* There is room again: handles that are open go on. */
void disk_heal(void);
/* The power comes back: files are what is left of them. Handles that were open are dead. */
void disk_mend(void);

/* All files as they are now, to begin from there again. */
typedef struct disk_image disk_image;
disk_image *disk_keep(void);
void disk_put_back(const disk_image *image);
void disk_image_free(disk_image *image);
/* Of the one file that is there: how many bits it has, and one of them turned over. */
uint64_t disk_bits(void);
void disk_flip(uint64_t bit);
/* Whether the byte that it is in is zero. */
bool disk_is_zero(uint64_t bit);

#endif
