/* Packed bytes: gzip, zlib, raw deflate by zlib; Zstandard, LZ4 and Brotli by their own libraries, which are
 * opened at first use and not linked.
 *
 * A packed stream is a row of members (gzip members, Zstandard and LZ4 frames), each of which can be unpacked
 * by itself. */
#ifndef ISN_INTAKE_UNPACK_H
#define ISN_INTAKE_UNPACK_H

#include "base/buffer.h"

typedef enum packing {
    PACKED_NOT,
    PACKED_GZIP,
    PACKED_ZLIB,
    PACKED_DEFLATE,
    PACKED_ZSTD,
    PACKED_LZ4,
    PACKED_BROTLI,
} packing;

enum {
    /* Deflate cannot expand more than 1032 times; pages expand 5 to 50 times. What is over the limit of a
     * page and expands more than this is taken for a bomb. */
    BOMB_RATIO = 200,
    LARGEST_DICTIONARY = 64 * 1024 * 1024, /* of Zstandard, packed or not */
};

/* What the first bytes of a file say: gzip, Zstandard or LZ4. */
packing packing_of(str head);
/* The bytes that a member of a file begins with. */
str packing_magic(packing p);
/* What is told of data that are damaged, or end too early. */
const char *packing_damaged(packing p);
const char *packing_cut(packing p);
/* NULL, or which library is missing. */
const char *packing_missing(packing p);

/* The dictionary that a .warc.zst may begin with, in a skippable frame: its size with the frame's head, 0
 * where there is none. `s` need hold no more than the first eight bytes. */
uint64_t zstd_dictionary_frame(str s);

typedef enum unpack_step {
    UNPACK_MORE,   /* it wants more input or more room */
    UNPACK_END,    /* of the member */
    UNPACK_DAMAGED /* or what needs more memory than is given */
} unpack_step;

typedef struct unpacker unpacker;
/* `dictionary`: for Zstandard, as .warc.zst keeps it (plain, or packed itself); STR_NONE. NULL: the library
 * is missing, or the dictionary is none. */
unpacker *unpacker_new(packing p, str dictionary);
void unpacker_free(unpacker *u);
/* Goes on: takes from the head of *in, gives *made bytes. */
unpack_step unpacker_run(unpacker *u, str *in, char *out, size_t room, size_t *made);
/* Before another member, or after damage. */
void unpacker_reset(unpacker *u);

typedef enum unpacked {
    UNPACKED_WHOLE,
    UNPACKED_LIMIT,   /* there is more than the limit; `out` is its head */
    UNPACKED_CUT,     /* the packed data end too early; `out` is what there was */
    UNPACKED_DAMAGED, /* not so packed, or a wrong checksum; `out` is what was read until then */
    UNPACKED_MISSING, /* packing_missing says which library */
} unpacked;

/* Unpacks all members. Bytes after the end are ignored. *used: how much of `in` was read. */
unpacked unpack_bytes(packing p, str in, uint64_t limit, buffer *out, size_t *used);
/* PACKED_ZLIB or PACKED_DEFLATE: what HTTP calls "deflate" is either. */
packing deflate_of(str s);

#endif
