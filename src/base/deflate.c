#include "base/deflate.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 3, FAST_LEVEL = 4 };

struct deflater {
    z_stream stream;
    void *fast;
};

/* Its functions by their names, so that its header is not needed to build; 1.0 to 1.x have these. */
static struct {
    void *(*alloc_compressor)(int level);
    void (*free_compressor)(void *c);
    size_t (*zlib_compress_bound)(void *c, size_t size);
    size_t (*zlib_compress)(void *c, const void *in, size_t in_size, void *out, size_t room);
    bool there;
} fast;

static void find_fast(void) {
    void *library = dlopen("libdeflate.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    *(void **)&fast.alloc_compressor = dlsym(library, "libdeflate_alloc_compressor");
    *(void **)&fast.free_compressor = dlsym(library, "libdeflate_free_compressor");
    *(void **)&fast.zlib_compress_bound = dlsym(library, "libdeflate_zlib_compress_bound");
    *(void **)&fast.zlib_compress = dlsym(library, "libdeflate_zlib_compress");
    fast.there =
        fast.alloc_compressor && fast.free_compressor && fast.zlib_compress_bound && fast.zlib_compress;
}

deflater *deflater_new(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    deflater *d = calloc(1, sizeof *d);
    pthread_once(&once, find_fast);
    if (!d || deflateInit(&d->stream, LEVEL) != Z_OK)
        abort();
    d->fast = fast.there ? fast.alloc_compressor(FAST_LEVEL) : NULL;
    return d;
}

void deflater_free(deflater *d) {
    if (!d)
        return;
    deflateEnd(&d->stream);
    if (d->fast)
        fast.free_compressor(d->fast);
    free(d);
}

str deflate_beside(deflater *d, arena *a, str bytes, str known) {
    z_stream *z = &d->stream;
    deflateReset(z);
    size_t room = deflateBound(z, (uLong)bytes.size) + 16;
    char *packed = arena_take(a, room);
    if (known.size)
        deflateSetDictionary(z, (const Bytef *)known.data, (uInt)known.size);
    z->next_in = (Bytef *)(uintptr_t)(bytes.data ? bytes.data : "");
    z->avail_in = (uInt)bytes.size;
    z->next_out = (Bytef *)packed;
    z->avail_out = (uInt)room;
    deflate(z, Z_FINISH);
    return (str){packed, room - z->avail_out};
}

str deflate_whole(deflater *d, arena *a, str bytes) {
    if (!d->fast)
        return deflate_beside(d, a, bytes, STR_NONE);
    size_t room = fast.zlib_compress_bound(d->fast, bytes.size);
    char *packed = arena_take(a, room);
    size_t size = fast.zlib_compress(d->fast, bytes.data ? bytes.data : "", bytes.size, packed, room);
    return size ? (str){packed, size} : deflate_beside(d, a, bytes, STR_NONE);
}
