/* Inflating what is kept: zlib's format (RFC 1950), all of it at once, into room for exactly as much as it is
 * said to be.
 *
 * libdeflate does it where it is installed (opened at first use), else zlib: the same bytes, three times as
 * slow. Safe for any bytes; what is longer or shorter than was said, or goes on behind its end, is damaged.
 */
#ifndef ISN_BASE_INFLATE_H
#define ISN_BASE_INFLATE_H

#include "base/arena.h"

/* `known`: what it was compressed beside (deflateSetDictionary), at most 32 KiB; STR_NONE. In `a`; STR_NONE
 * where it is damaged. */
str inflate_whole(arena *a, str packed, size_t size, str known);
/* By zlib, whether or not libdeflate is there: for tests. */
str inflate_plain(arena *a, str packed, size_t size, str known);
/* Whether libdeflate was found. */
bool inflate_is_fast(void);

#endif
