#include "packed.h"

#include "test_support.h"

#include <zlib.h>

str packed_deflate(arena *a, str bytes, int window) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, bytes.size) + 64;
    char *out = arena_alloc(a, room);
    z.next_in = (Bytef *)(uintptr_t)bytes.data;
    z.avail_in = (uInt)bytes.size;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t size = room - z.avail_out;
    deflateEnd(&z);
    return (str){out, size};
}

str packed_gzip(arena *a, str bytes) {
    return packed_deflate(a, bytes, 15 + 16);
}
