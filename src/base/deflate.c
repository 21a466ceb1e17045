#include "base/deflate.h"
#include "base/libdeflate.h"

#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 3, FAST_LEVEL = 4 };

struct deflater {
    z_stream stream;
    void *fast;
};

deflater *deflater_new(void) {
    const libdeflate *fast = libdeflate_get();
    deflater *d = calloc(1, sizeof *d);
    if (!d || deflateInit(&d->stream, LEVEL) != Z_OK)
        abort();
    d->fast = fast ? fast->alloc_compressor(FAST_LEVEL) : NULL;
    return d;
}

void deflater_free(deflater *d) {
    if (!d)
        return;
    deflateEnd(&d->stream);
    if (d->fast)
        libdeflate_get()->free_compressor(d->fast);
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
    const libdeflate *fast = libdeflate_get();
    size_t room = fast->zlib_compress_bound(d->fast, bytes.size);
    char *packed = arena_take(a, room);
    size_t size = fast->zlib_compress(d->fast, bytes.data ? bytes.data : "", bytes.size, packed, room);
    return size ? (str){packed, size} : deflate_beside(d, a, bytes, STR_NONE);
}
