#include "base/hex.h"

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char low = (char)(digit | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static int lower_value(char digit) {
    return digit >= 'A' && digit <= 'F' ? -1 : hex_value(digit);
}

bool bytes_unhex(str hex, unsigned char *out, size_t count) {
    if (hex.size != 2 * count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int high = lower_value(hex.data[2 * i]), low = lower_value(hex.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

void put_hex(const unsigned char *bytes, size_t count, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

str bytes_hex(arena *a, const unsigned char *bytes, size_t count) {
    char *out = arena_alloc(a, count * 2 + 1);
    put_hex(bytes, count, out);
    return (str){out, count * 2};
}
