#include "base/hex.h"

static int digit_of(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool bytes_unhex(str hex, unsigned char *out, size_t count) {
    if (hex.size != 2 * count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int high = digit_of(hex.data[2 * i]), low = digit_of(hex.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

str bytes_hex(arena *a, const unsigned char *bytes, size_t count) {
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, count * 2 + 1);
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return (str){out, count * 2};
}
