/* Inflating what is kept: zlib's format (RFC 1950), all of it at once, into room for exactly as much as it is
 * said to be.
 *
 * libdeflate does it where it is installed (opened at first use), else zlib: the same bytes, three times as
 * slow. Safe for any bytes; what is longer or shorter than was said, or goes on behind its end, is damaged.
 */
#ifndef ISN_BASE_INFLATE_H
#define ISN_BASE_INFLATE_H

#include "base/arena.h"

/* Deflate makes of a byte at most so many: whoever says more is damaged, and no room is made for it. */
enum { INFLATED_OF_A_BYTE = 1032 };

/* `known`: what it was compressed beside (deflateSetDictionary), at most 32 KiB; STR_NONE. In `a`; STR_NONE
 * where it is damaged. */
str inflate_whole(arena *a, str packed, size_t size, str known);
/* By zlib, whether or not libdeflate is there: for tests. */
str inflate_plain(arena *a, str packed, size_t size, str known);
/* Whether libdeflate was found. */
bool inflate_is_fast(void);

/* gzip, a member at a time, by libdeflate alone: whole into room for it, which is why it is quick. Used by
 * one thread at a time. */
typedef struct gunzipper gunzipper;
typedef enum gunzip_step {
    GUNZIP_WHOLE,
    GUNZIP_ROOM,    /* it needs more room than was given */
    GUNZIP_DAMAGED, /* or not all of the member is there */
} gunzip_step;
/* NULL where libdeflate was not found. */
gunzipper *gunzipper_new(void);
void gunzipper_free(gunzipper *g);
/* The member that `in` begins with; *taken bytes of it made *made bytes. */
gunzip_step gunzip_member(gunzipper *g, str in, char *out, size_t room, size_t *taken, size_t *made);

#endif
