/* UTF-8 and the conversion between bytes, code points and UTF-16 units: the one place for it. */
#ifndef ISN_BASE_UTF8_H
#define ISN_BASE_UTF8_H

#include "base/arena.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Decodes the code point at s.data[*at] and moves *at past it. Needs *at < s.size. Ill-formed bytes give
 * U+FFFD, one for each maximal ill-formed part (the WHATWG's and Unicode's practice). */
uint32_t utf8_next(str s, size_t *at);
/* The same, without a call where it is one byte or two: for loops over text. */
static inline uint32_t utf8_step(str s, size_t *at) {
    unsigned char c = (unsigned char)s.data[*at];
    if (c < 0x80) {
        *at += 1;
        return c;
    }
    if (c >= 0xC2 && c <= 0xDF && s.size - *at > 1) {
        unsigned char next = (unsigned char)s.data[*at + 1];
        if ((next & 0xC0) == 0x80) {
            *at += 2;
            return (uint32_t)(c & 0x1F) << 6 | (next & 0x3F);
        }
    }
    return utf8_next(s, at);
}
/* Writes at most four bytes; returns how many. */
size_t utf8_put(char out[4], uint32_t code_point);
bool utf8_valid(str s);
/* The same byte for byte: what tests hold the quick one to. */
bool utf8_valid_plain(str s);
/* `s` itself where it is well-formed, else a copy in which each ill-formed part is U+FFFD. */
str utf8_repair(arena *a, str s);
/* Code points in well-formed text. */
size_t utf8_length(str s);
/* Byte offset of the n-th code point of well-formed text (its size where n is past the end). */
size_t utf8_offset(str s, size_t n);
size_t utf16_length(str s);

/* Of ASCII, of Arabic, and of Persian and Urdu; -1: it is no digit. */
static inline int digit_value(uint32_t code_point) {
    if (code_point >= '0' && code_point <= '9')
        return (int)(code_point - '0');
    if (code_point >= 0x0660 && code_point <= 0x0669)
        return (int)(code_point - 0x0660);
    return code_point >= 0x06F0 && code_point <= 0x06F9 ? (int)(code_point - 0x06F0) : -1;
}

#endif
