#include "base/inflate.h"
#include "base/libdeflate.h"

#include <zlib.h>

static bool can_be(str packed, size_t size) {
    return packed.data && size < UINT32_MAX && size / INFLATED_OF_A_BYTE <= packed.size;
}

/* ---- zlib ---- */

str inflate_plain(arena *a, str packed, size_t size, str known) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.size};
    if (!can_be(packed, size) || inflateInit(&z) != Z_OK)
        return STR_NONE;
    char *bytes = arena_take(a, size + 1);
    z.next_out = (Bytef *)bytes;
    z.avail_out = (uInt)size + 1;
    int code = inflate(&z, Z_FINISH);
    if (code == Z_NEED_DICT && known.size &&
        inflateSetDictionary(&z, (const Bytef *)known.data, (uInt)known.size) == Z_OK)
        code = inflate(&z, Z_FINISH);
    bool whole = code == Z_STREAM_END && z.total_out == size && z.avail_in == 0;
    inflateEnd(&z);
    return whole ? (str){bytes, size} : STR_NONE;
}

/* ---- libdeflate ---- */

bool inflate_is_fast(void) {
    return libdeflate_get() != NULL;
}

static uint32_t big_endian(const unsigned char *b) {
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

enum { HEADER = 2, DICTIONARY_HERE = 0x20, CHECK = 4, STORED = 5, WINDOW = 32 * 1024 };

static bool needs_known(str packed) {
    return packed.size >= HEADER && (unsigned char)packed.data[1] & DICTIONARY_HERE;
}

/* libdeflate knows no dictionaries. But a block that is stored, not compressed, begins and ends with a byte:
 * with `known` as such a block before the rest of the stream, what it refers to is what was just inflated. */
static str beside(void *d, arena *a, str packed, size_t size, str known) {
    const libdeflate *fast = libdeflate_get();
    const unsigned char *in = (const unsigned char *)packed.data;
    if (packed.size < HEADER + 2 * CHECK || known.size > WINDOW || (in[0] & 15) != 8 ||
        (in[0] << 8 | in[1]) % 31 || big_endian(in + HEADER) != fast->adler32(1, known.data, known.size))
        return STR_NONE;
    size_t rest = packed.size - HEADER - 2 * CHECK, taken = 0, made = 0;
    char *stream = arena_take(a, STORED + known.size + rest), *out = arena_take(a, known.size + size);
    unsigned length = (unsigned)known.size;
    const unsigned char stored[STORED] = {0, (unsigned char)length, (unsigned char)(length >> 8),
                                          (unsigned char)~length, (unsigned char)(~length >> 8)};
    memcpy(stream, stored, STORED);
    memcpy(stream + STORED, known.data, known.size);
    memcpy(stream + STORED + known.size, packed.data + HEADER + CHECK, rest);
    int code = fast->deflate_decompress_ex(d, stream, STORED + known.size + rest, out, known.size + size,
                                           &taken, &made);
    str bytes = {out + known.size, size};
    bool whole = code == 0 && taken == STORED + known.size + rest && made == known.size + size &&
                 fast->adler32(1, bytes.data, size) == big_endian(in + packed.size - CHECK);
    return whole ? bytes : STR_NONE;
}

static str alone(void *d, arena *a, str packed, size_t size) {
    size_t taken = 0, made = 0;
    char *out = arena_take(a, size + 1);
    int code = libdeflate_get()->zlib_decompress_ex(d, packed.data, packed.size, out, size, &taken, &made);
    return code == 0 && taken == packed.size && made == size ? (str){out, size} : STR_NONE;
}

str inflate_whole(arena *a, str packed, size_t size, str known) {
    const libdeflate *fast = libdeflate_get();
    if (!fast)
        return inflate_plain(a, packed, size, known);
    void *d = can_be(packed, size) ? fast->alloc_decompressor() : NULL;
    if (!d)
        return STR_NONE;
    str bytes = needs_known(packed) ? beside(d, a, packed, size, known) : alone(d, a, packed, size);
    fast->free_decompressor(d);
    return bytes;
}

/* ---- gzip ---- */

/* What libdeflate allocates is the whole of it. */
struct gunzipper;

gunzipper *gunzipper_new(void) {
    const libdeflate *fast = libdeflate_get();
    return fast ? fast->alloc_decompressor() : NULL;
}

void gunzipper_free(gunzipper *g) {
    if (g)
        libdeflate_get()->free_decompressor(g);
}

gunzip_step gunzip_member(gunzipper *g, str in, char *out, size_t room, size_t *taken, size_t *made) {
    enum { NO_ROOM = 3 };
    int code = libdeflate_get()->gzip_decompress_ex(g, in.data, in.size, out, room, taken, made);
    return code == 0 ? GUNZIP_WHOLE : code == NO_ROOM ? GUNZIP_ROOM : GUNZIP_DAMAGED;
}
