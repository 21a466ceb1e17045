#include "base/inflate.h"

#include <dlfcn.h>
#include <pthread.h>
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

/* Its functions by their names, so that its header is not needed to build; 1.0 to 1.x have these. */
static struct {
    void *(*alloc_decompressor)(void);
    void (*free_decompressor)(void *d);
    int (*zlib_decompress_ex)(void *d, const void *in, size_t in_size, void *out, size_t room, size_t *taken,
                              size_t *made);
    int (*deflate_decompress_ex)(void *d, const void *in, size_t in_size, void *out, size_t room,
                                 size_t *taken, size_t *made);
    int (*gzip_decompress_ex)(void *d, const void *in, size_t in_size, void *out, size_t room, size_t *taken,
                              size_t *made);
    uint32_t (*adler32)(uint32_t begin, const void *bytes, size_t size);
    bool there;
} fast;

static void find_fast(void) {
    void *library = dlopen("libdeflate.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    *(void **)&fast.alloc_decompressor = dlsym(library, "libdeflate_alloc_decompressor");
    *(void **)&fast.free_decompressor = dlsym(library, "libdeflate_free_decompressor");
    *(void **)&fast.zlib_decompress_ex = dlsym(library, "libdeflate_zlib_decompress_ex");
    *(void **)&fast.deflate_decompress_ex = dlsym(library, "libdeflate_deflate_decompress_ex");
    *(void **)&fast.gzip_decompress_ex = dlsym(library, "libdeflate_gzip_decompress_ex");
    *(void **)&fast.adler32 = dlsym(library, "libdeflate_adler32");
    fast.there = fast.alloc_decompressor && fast.free_decompressor && fast.zlib_decompress_ex &&
                 fast.deflate_decompress_ex && fast.gzip_decompress_ex && fast.adler32;
}

bool inflate_is_fast(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_fast);
    return fast.there;
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
    const unsigned char *in = (const unsigned char *)packed.data;
    if (packed.size < HEADER + 2 * CHECK || known.size > WINDOW || (in[0] & 15) != 8 ||
        (in[0] << 8 | in[1]) % 31 || big_endian(in + HEADER) != fast.adler32(1, known.data, known.size))
        return STR_NONE;
    size_t rest = packed.size - HEADER - 2 * CHECK, taken = 0, made = 0;
    char *stream = arena_take(a, STORED + known.size + rest), *out = arena_take(a, known.size + size);
    unsigned length = (unsigned)known.size;
    const unsigned char stored[STORED] = {0, (unsigned char)length, (unsigned char)(length >> 8),
                                          (unsigned char)~length, (unsigned char)(~length >> 8)};
    memcpy(stream, stored, STORED);
    memcpy(stream + STORED, known.data, known.size);
    memcpy(stream + STORED + known.size, packed.data + HEADER + CHECK, rest);
    int code = fast.deflate_decompress_ex(d, stream, STORED + known.size + rest, out, known.size + size,
                                          &taken, &made);
    str bytes = {out + known.size, size};
    bool whole = code == 0 && taken == STORED + known.size + rest && made == known.size + size &&
                 fast.adler32(1, bytes.data, size) == big_endian(in + packed.size - CHECK);
    return whole ? bytes : STR_NONE;
}

static str alone(void *d, arena *a, str packed, size_t size) {
    size_t taken = 0, made = 0;
    char *out = arena_take(a, size + 1);
    int code = fast.zlib_decompress_ex(d, packed.data, packed.size, out, size, &taken, &made);
    return code == 0 && taken == packed.size && made == size ? (str){out, size} : STR_NONE;
}

str inflate_whole(arena *a, str packed, size_t size, str known) {
    if (!inflate_is_fast())
        return inflate_plain(a, packed, size, known);
    void *d = can_be(packed, size) ? fast.alloc_decompressor() : NULL;
    if (!d)
        return STR_NONE;
    str bytes = needs_known(packed) ? beside(d, a, packed, size, known) : alone(d, a, packed, size);
    fast.free_decompressor(d);
    return bytes;
}

/* ---- gzip ---- */

/* What libdeflate allocates is the whole of it. */
struct gunzipper;

gunzipper *gunzipper_new(void) {
    return inflate_is_fast() ? fast.alloc_decompressor() : NULL;
}

void gunzipper_free(gunzipper *g) {
    if (g)
        fast.free_decompressor(g);
}

gunzip_step gunzip_member(gunzipper *g, str in, char *out, size_t room, size_t *taken, size_t *made) {
    enum { NO_ROOM = 3 };
    int code = fast.gzip_decompress_ex(g, in.data, in.size, out, room, taken, made);
    return code == 0 ? GUNZIP_WHOLE : code == NO_ROOM ? GUNZIP_ROOM : GUNZIP_DAMAGED;
}
