/* Content decoding: gzip, zlib and raw deflate of bytes in memory, up to a limit. */
#ifndef ISN_INTAKE_INFLATE_H
#define ISN_INTAKE_INFLATE_H

#include "base/buffer.h"

typedef enum inflated {
    INFLATED_WHOLE,
    INFLATED_LIMIT,   /* there is more than the limit; `out` is its head */
    INFLATED_CUT,     /* the compressed data end too early; `out` is what there was */
    INFLATED_DAMAGED, /* not deflate, or a wrong checksum; `out` is what was read until then */
} inflated;

enum {
    /* Deflate cannot expand more than 1032 times; pages expand 5 to 50 times. What is over the limit of a
     * page and expands more than this is taken for a bomb. */
    BOMB_RATIO = 200
};

bool is_gzip(str s);
/* Decodes all members of a gzip stream, or one zlib or raw deflate stream. Bytes after the end are ignored.
 * *used: how much of `in` was read. */
inflated inflate_bytes(str in, uint64_t limit, buffer *out, size_t *used);

#endif
