#include "intake/inflate.h"

#include <limits.h>
#include <zlib.h>

enum { STEP = 256 * 1024, GZIP = 15 + 16, ZLIB = 15, RAW = -15 };

bool is_gzip(str s) {
    return s.size >= 3 && (unsigned char)s.data[0] == 0x1F && (unsigned char)s.data[1] == 0x8B &&
           s.data[2] == 8;
}

static bool is_zlib(str s) {
    if (s.size < 2)
        return false;
    unsigned first = (unsigned char)s.data[0], second = (unsigned char)s.data[1];
    return (first & 15) == 8 && first >> 4 <= 7 && (first << 8 | second) % 31 == 0;
}

/* One member; *used is how much of `in` it took. */
static inflated inflate_member(str in, int window, uint64_t limit, buffer *out, size_t *used) {
    z_stream z = {0};
    if (inflateInit2(&z, window) != Z_OK)
        return INFLATED_DAMAGED;
    size_t given = 0;
    int code = Z_OK;
    while (code == Z_OK && out->size <= limit) {
        if (z.avail_in == 0) {
            size_t part = in.size - given < INT_MAX ? in.size - given : INT_MAX;
            z.next_in = (Bytef *)(uintptr_t)(in.data + given);
            z.avail_in = (uInt)part;
            given += part;
        }
        buffer_reserve(out, STEP);
        z.next_out = (Bytef *)out->data + out->size;
        z.avail_out = STEP;
        code = inflate(&z, Z_NO_FLUSH);
        out->size += STEP - z.avail_out;
        if (code == Z_BUF_ERROR && given < in.size)
            code = Z_OK;
    }
    *used = given - z.avail_in;
    inflateEnd(&z);
    if (out->size > limit) {
        out->size = (size_t)limit;
        return INFLATED_LIMIT;
    }
    return code == Z_STREAM_END ? INFLATED_WHOLE : code == Z_BUF_ERROR ? INFLATED_CUT : INFLATED_DAMAGED;
}

inflated inflate_bytes(str in, uint64_t limit, buffer *out, size_t *used) {
    *used = 0;
    if (!is_gzip(in))
        return inflate_member(in, is_zlib(in) ? ZLIB : RAW, limit, out, used);
    inflated result = INFLATED_WHOLE;
    do {
        size_t member;
        result = inflate_member(str_slice(in, *used, in.size), GZIP, limit, out, &member);
        *used += member;
    } while (result == INFLATED_WHOLE && is_gzip(str_slice(in, *used, in.size)));
    return result;
}
