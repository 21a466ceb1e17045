#include "intake/unpack.h"

#include "base/inflate.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#define BYTES(literal)                                                                                       \
    { (literal), sizeof(literal) - 1 }

static const struct packing_row {
    str magic;
    const char *library, *missing, *damaged, *cut;
} packings[] = {
    [PACKED_GZIP] = {BYTES("\x1F\x8B\x08"), NULL, NULL, "the gzip data are damaged",
                     "the gzip data end too early (truncated)"},
    [PACKED_ZLIB] = {{"", 0},
                     NULL,
                     NULL,
                     "the compressed data are damaged",
                     "the compressed data end too early (truncated)"},
    [PACKED_DEFLATE] = {{"", 0},
                        NULL,
                        NULL,
                        "the compressed data are damaged",
                        "the compressed data end too early (truncated)"},
    [PACKED_ZSTD] = {BYTES("\x28\xB5\x2F\xFD"), "libzstd.so.1",
                     "compressed with Zstandard, and libzstd.so.1 is not there (Debian: libzstd1)",
                     "the Zstandard data are damaged, or need more than 128 MiB to unpack",
                     "the Zstandard data end too early (truncated)"},
    [PACKED_LZ4] = {BYTES("\x04\x22\x4D\x18"), "liblz4.so.1",
                    "compressed with LZ4, and liblz4.so.1 is not there (Debian: liblz4-1)",
                    "the LZ4 data are damaged", "the LZ4 data end too early (truncated)"},
    [PACKED_BROTLI] = {{"", 0},
                       "libbrotlidec.so.1",
                       "compressed with Brotli, and libbrotlidec.so.1 is not there (Debian: libbrotli1)",
                       "the Brotli data are damaged",
                       "the Brotli data end too early (truncated)"},
};

static const str dictionary_magic = BYTES("\x5D\x2A\x4D\x18");

packing packing_of(str head) {
    if (str_starts(head, dictionary_magic))
        return PACKED_ZSTD;
    for (packing p = PACKED_GZIP; p <= PACKED_BROTLI; p++)
        if (packings[p].magic.size && str_starts(head, packings[p].magic))
            return p;
    return PACKED_NOT;
}

str packing_magic(packing p) {
    return packings[p].magic;
}

const char *packing_damaged(packing p) {
    return packings[p].damaged;
}

const char *packing_cut(packing p) {
    return packings[p].cut;
}

packing deflate_of(str s) {
    if (s.size < 2)
        return PACKED_DEFLATE;
    unsigned first = (unsigned char)s.data[0], second = (unsigned char)s.data[1];
    bool zlib = (first & 15) == 8 && first >> 4 <= 7 && (first << 8 | second) % 31 == 0;
    return zlib ? PACKED_ZLIB : PACKED_DEFLATE;
}

/* ---- libraries ---- */

typedef struct zstd_in {
    const void *data;
    size_t size, at;
} zstd_in;

typedef struct zstd_out {
    void *data;
    size_t size, at;
} zstd_out;

/* Functions by their names, so that no header is needed to build; all of them are of the libraries' stable
 * interfaces. */
static struct {
    void *(*zstd_new)(void);
    size_t (*zstd_free)(void *d);
    size_t (*zstd_run)(void *d, zstd_out *out, zstd_in *in);
    size_t (*zstd_reset)(void *d, int what);
    size_t (*zstd_dictionary)(void *d, const void *bytes, size_t size);
    unsigned (*zstd_error)(size_t code);
    size_t (*lz4_new)(void **d, unsigned version);
    size_t (*lz4_free)(void *d);
    size_t (*lz4_run)(void *d, void *out, size_t *made, const void *in, size_t *taken, const void *options);
    void (*lz4_reset)(void *d);
    unsigned (*lz4_error)(size_t code);
    void *(*brotli_new)(void *allocate, void *release, void *context);
    void (*brotli_free)(void *d);
    int (*brotli_run)(void *d, size_t *left, const uint8_t **in, size_t *room, uint8_t **out, size_t *total);
    bool there[PACKED_BROTLI + 1];
} libraries;

static const struct library_function {
    packing of;
    const char *name;
    void **into;
} functions[] = {
    {PACKED_ZSTD, "ZSTD_createDStream", (void **)&libraries.zstd_new},
    {PACKED_ZSTD, "ZSTD_freeDStream", (void **)&libraries.zstd_free},
    {PACKED_ZSTD, "ZSTD_decompressStream", (void **)&libraries.zstd_run},
    {PACKED_ZSTD, "ZSTD_DCtx_reset", (void **)&libraries.zstd_reset},
    {PACKED_ZSTD, "ZSTD_DCtx_loadDictionary", (void **)&libraries.zstd_dictionary},
    {PACKED_ZSTD, "ZSTD_isError", (void **)&libraries.zstd_error},
    {PACKED_LZ4, "LZ4F_createDecompressionContext", (void **)&libraries.lz4_new},
    {PACKED_LZ4, "LZ4F_freeDecompressionContext", (void **)&libraries.lz4_free},
    {PACKED_LZ4, "LZ4F_decompress", (void **)&libraries.lz4_run},
    {PACKED_LZ4, "LZ4F_resetDecompressionContext", (void **)&libraries.lz4_reset},
    {PACKED_LZ4, "LZ4F_isError", (void **)&libraries.lz4_error},
    {PACKED_BROTLI, "BrotliDecoderCreateInstance", (void **)&libraries.brotli_new},
    {PACKED_BROTLI, "BrotliDecoderDestroyInstance", (void **)&libraries.brotli_free},
    {PACKED_BROTLI, "BrotliDecoderDecompressStream", (void **)&libraries.brotli_run},
};

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

static bool open_library(packing p) {
    void *library = dlopen(packings[p].library, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return false;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (functions[i].of != p)
            continue;
        *functions[i].into = dlsym(library, functions[i].name);
        if (!*functions[i].into)
            return false;
    }
    return true;
}

const char *packing_missing(packing p) {
    if (!packings[p].library)
        return NULL;
    pthread_mutex_lock(&opening);
    if (!libraries.there[p])
        libraries.there[p] = open_library(p);
    bool there = libraries.there[p];
    pthread_mutex_unlock(&opening);
    return there ? NULL : packings[p].missing;
}

/* ---- unpacking step by step ---- */

struct unpacker {
    packing kind;
    z_stream zlib;
    void *other; /* the library's own */
};

uint64_t zstd_dictionary_frame(str s) {
    if (s.size < 8 || !str_starts(s, dictionary_magic))
        return 0;
    const unsigned char *b = (const unsigned char *)s.data + 4;
    return 8 + ((uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24);
}

static bool begin(unpacker *u) {
    enum { GZIP = 15 + 16, ZLIB = 15, RAW = -15, LZ4_VERSION = 100 };
    switch (u->kind) {
    case PACKED_ZSTD:
        u->other = libraries.zstd_new();
        return u->other;
    case PACKED_LZ4:
        return !libraries.lz4_error(libraries.lz4_new(&u->other, LZ4_VERSION));
    case PACKED_BROTLI:
        u->other = libraries.brotli_new(NULL, NULL, NULL);
        return u->other;
    default:
        return inflateInit2(&u->zlib, u->kind == PACKED_GZIP   ? GZIP
                                      : u->kind == PACKED_ZLIB ? ZLIB
                                                               : RAW) == Z_OK;
    }
}

/* The dictionary of a .warc.zst is itself packed, or not. */
static bool load_dictionary(unpacker *u, str dictionary) {
    buffer plain = {0};
    size_t used;
    bool loaded = true;
    if (packing_of(dictionary) == PACKED_ZSTD)
        loaded = unpack_bytes(PACKED_ZSTD, dictionary, LARGEST_DICTIONARY, &plain, &used) == UNPACKED_WHOLE;
    else
        buffer_add(&plain, dictionary);
    loaded = loaded && !libraries.zstd_error(libraries.zstd_dictionary(u->other, plain.data, plain.size));
    buffer_free(&plain);
    return loaded;
}

unpacker *unpacker_new(packing p, str dictionary) {
    if (packing_missing(p))
        return NULL;
    unpacker *u = calloc(1, sizeof *u);
    if (!u)
        abort();
    u->kind = p;
    if (!begin(u))
        abort();
    if (dictionary.size && !load_dictionary(u, dictionary)) {
        unpacker_free(u);
        return NULL;
    }
    return u;
}

void unpacker_free(unpacker *u) {
    if (!u)
        return;
    if (u->kind == PACKED_ZSTD)
        libraries.zstd_free(u->other);
    else if (u->kind == PACKED_LZ4)
        libraries.lz4_free(u->other);
    else if (u->kind == PACKED_BROTLI)
        libraries.brotli_free(u->other);
    else
        inflateEnd(&u->zlib);
    free(u);
}

void unpacker_reset(unpacker *u) {
    enum { SESSION_ONLY = 1 };
    if (u->kind == PACKED_ZSTD) {
        libraries.zstd_reset(u->other, SESSION_ONLY);
    } else if (u->kind == PACKED_LZ4) {
        libraries.lz4_reset(u->other);
    } else if (u->kind == PACKED_BROTLI) {
        libraries.brotli_free(u->other);
        u->other = libraries.brotli_new(NULL, NULL, NULL);
        if (!u->other)
            abort();
    } else {
        inflateReset(&u->zlib);
    }
}

static unpack_step run_zlib(unpacker *u, str *in, char *out, size_t room, size_t *made) {
    z_stream *z = &u->zlib;
    uInt given = in->size < UINT_MAX ? (uInt)in->size : UINT_MAX;
    z->next_in = (Bytef *)(uintptr_t)in->data;
    z->avail_in = given;
    z->next_out = (Bytef *)out;
    z->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
    uInt space = z->avail_out;
    int code = inflate(z, Z_NO_FLUSH);
    *made = space - z->avail_out;
    *in = str_slice(*in, given - z->avail_in, in->size);
    return code == Z_STREAM_END                  ? UNPACK_END
           : code == Z_OK || code == Z_BUF_ERROR ? UNPACK_MORE
                                                 : UNPACK_DAMAGED;
}

static unpack_step run_zstd(unpacker *u, str *in, char *out, size_t room, size_t *made) {
    zstd_in from = {in->data, in->size, 0};
    zstd_out into = {out, room, 0};
    size_t code = libraries.zstd_run(u->other, &into, &from);
    *made = into.at;
    *in = str_slice(*in, from.at, in->size);
    return libraries.zstd_error(code) ? UNPACK_DAMAGED : code == 0 ? UNPACK_END : UNPACK_MORE;
}

static unpack_step run_lz4(unpacker *u, str *in, char *out, size_t room, size_t *made) {
    size_t taken = in->size;
    *made = room;
    size_t code = libraries.lz4_run(u->other, out, made, in->data, &taken, NULL);
    if (libraries.lz4_error(code)) {
        *made = 0;
        return UNPACK_DAMAGED;
    }
    *in = str_slice(*in, taken, in->size);
    return code == 0 ? UNPACK_END : UNPACK_MORE;
}

static unpack_step run_brotli(unpacker *u, str *in, char *out, size_t room, size_t *made) {
    enum { ERROR = 0, DONE = 1 };
    size_t left = in->size, space = room;
    const uint8_t *from = (const uint8_t *)in->data;
    uint8_t *into = (uint8_t *)out;
    int code = libraries.brotli_run(u->other, &left, &from, &space, &into, NULL);
    *made = room - space;
    *in = str_slice(*in, in->size - left, in->size);
    return code == DONE ? UNPACK_END : code == ERROR ? UNPACK_DAMAGED : UNPACK_MORE;
}

unpack_step unpacker_run(unpacker *u, str *in, char *out, size_t room, size_t *made) {
    switch (u->kind) {
    case PACKED_ZSTD:
        return run_zstd(u, in, out, room, made);
    case PACKED_LZ4:
        return run_lz4(u, in, out, room, made);
    case PACKED_BROTLI:
        return run_brotli(u, in, out, room, made);
    default:
        return run_zlib(u, in, out, room, made);
    }
}

/* ---- whole ---- */

/* One member, step by step; *in goes to its end. */
static unpacked unpack_member(unpacker *u, str *in, uint64_t limit, buffer *out) {
    enum { STEP = 256 * 1024 };
    for (;;) {
        buffer_reserve(out, STEP);
        size_t room = out->capacity - out->size, made, before = in->size;
        unpack_step step = unpacker_run(u, in, out->data + out->size, room, &made);
        out->size += made;
        if (out->size > limit) {
            out->size = (size_t)limit;
            return UNPACKED_LIMIT;
        }
        if (step == UNPACK_END)
            return UNPACKED_WHOLE;
        if (step == UNPACK_DAMAGED)
            return UNPACKED_DAMAGED;
        if (made == 0 && in->size == before)
            return UNPACKED_CUT;
    }
}

/* A gzip stream of one member says its size in its last four bytes (modulo 4 GiB, and whoever wants can lie):
 * where that can be, it goes to its place in one step. */
static bool unpack_at_once(str in, uint64_t limit, buffer *out, size_t *used) {
    enum { LEAST = 18 };
    if (in.size < LEAST)
        return false;
    const unsigned char *b = (const unsigned char *)in.data + in.size - 4;
    size_t said = (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
    if (said > limit || said / INFLATED_OF_A_BYTE > in.size)
        return false;
    gunzipper *g = gunzipper_new();
    if (!g)
        return false;
    buffer_reserve(out, said + 1);
    size_t taken, made;
    bool whole = gunzip_member(g, in, out->data + out->size, said, &taken, &made) == GUNZIP_WHOLE &&
                 taken == in.size && made == said;
    gunzipper_free(g);
    if (whole) {
        out->size += made;
        *used = taken;
    }
    return whole;
}

unpacked unpack_bytes(packing p, str in, uint64_t limit, buffer *out, size_t *used) {
    *used = 0;
    if (p == PACKED_GZIP && out->size == 0 && unpack_at_once(in, limit, out, used))
        return UNPACKED_WHOLE;
    unpacker *u = unpacker_new(p, STR_NONE);
    if (!u)
        return UNPACKED_MISSING;
    str left = in;
    unpacked result;
    for (;;) {
        result = unpack_member(u, &left, limit, out);
        if (result != UNPACKED_WHOLE || packing_of(left) != p || p == PACKED_NOT)
            break;
        unpacker_reset(u);
    }
    *used = in.size - left.size;
    unpacker_free(u);
    return result;
}
