#include "base/utf8.h"

#include "base/counters.h"

uint32_t utf8_next(str s, size_t *at) {
    const unsigned char *p = (const unsigned char *)s.data + *at;
    size_t left = s.size - *at;
    uint32_t c = p[0];
    if (c < 0x80) {
        *at += 1;
        return c;
    }
    /* The range of the second byte depends on the first: Unicode 15, table 3-7. */
    unsigned low = 0x80, high = 0xBF;
    size_t need;
    if (c >= 0xC2 && c <= 0xDF) {
        need = 1;
        c &= 0x1F;
    } else if (c >= 0xE0 && c <= 0xEF) {
        need = 2;
        low = c == 0xE0 ? 0xA0 : 0x80;
        high = c == 0xED ? 0x9F : 0xBF;
        c &= 0x0F;
    } else if (c >= 0xF0 && c <= 0xF4) {
        need = 3;
        low = c == 0xF0 ? 0x90 : 0x80;
        high = c == 0xF4 ? 0x8F : 0xBF;
        c &= 0x07;
    } else {
        *at += 1;
        return UTF8_REPLACEMENT;
    }
    size_t i = 1;
    for (; i <= need && i < left && p[i] >= low && p[i] <= high; i++) {
        c = c << 6 | (p[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *at += i;
    return i == need + 1 ? c : UTF8_REPLACEMENT;
}

size_t utf8_put(char out[4], uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_REPLACEMENT;
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* Offset of the first ill-formed byte. A real U+FFFD in the text is well-formed. */
static size_t first_bad(str s) {
    for (size_t at = 0; at < s.size;) {
        size_t before = at;
        if (utf8_next(s, &at) == UTF8_REPLACEMENT &&
            !(at - before == 3 && memcmp(s.data + before, "\xEF\xBF\xBD", 3) == 0))
            return before;
    }
    return s.size;
}

bool utf8_valid(str s) {
    return first_bad(s) == s.size;
}

str utf8_repair(arena *a, str s) {
    size_t good = first_bad(s);
    if (good == s.size)
        return s;
    /* An ill-formed byte becomes three, so the result is at most three times as long. */
    char *out = arena_alloc(a, good + (s.size - good) * 3);
    size_t size = good;
    COUNT(bytes_copied, s.size);
    memcpy(out, s.data, good);
    for (size_t at = good; at < s.size;)
        size += utf8_put(out + size, utf8_next(s, &at));
    return (str){out, size};
}

/* Bytes 10xxxxxx go on with a code point; eight at a time. */
size_t utf8_length(str s) {
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t n = s.size, i = 0;
    for (; i + 8 <= s.size; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.data + i, 8);
        n -= (size_t)(((eight >> 7 & ~eight >> 6 & ones) * ones) >> 56);
    }
    for (; i < s.size; i++)
        n -= ((unsigned char)s.data[i] & 0xC0) == 0x80;
    return n;
}

size_t utf8_offset(str s, size_t n) {
    size_t i = 0;
    for (; i < s.size; i++)
        if (((unsigned char)s.data[i] & 0xC0) != 0x80 && n-- == 0)
            break;
    return i;
}

size_t utf16_length(str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        n += (size_t)((c & 0xC0) != 0x80) + (size_t)(c >= 0xF0);
    }
    return n;
}
