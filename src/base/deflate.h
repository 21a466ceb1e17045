/* Compressing what is kept: zlib's format (RFC 1950), all of it at once.
 *
 * libdeflate does it where it is installed (opened at first use), else zlib: bytes that inflate to the same,
 * at a third of the cost. A deflater is made once, since what either needs to begin costs more than a page
 * does; one thread at a time. */
#ifndef ISN_BASE_DEFLATE_H
#define ISN_BASE_DEFLATE_H

#include "base/arena.h"

typedef struct deflater deflater;

deflater *deflater_new(void);
void deflater_free(deflater *d);
/* In `a`. */
str deflate_whole(deflater *d, arena *a, str bytes);
/* By zlib. What `known` (at most 32 KiB; STR_NONE) holds costs next to nothing; it is needed to inflate them
 * again. */
str deflate_beside(deflater *d, arena *a, str bytes, str known);

#endif
