/* Questions about single characters of ASCII, whatever the locale; other bytes are none of these. */
#ifndef ISN_BASE_ASCII_H
#define ISN_BASE_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(char c) {
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* White space as HTML has it: no vertical tab. */
static inline bool ascii_is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static inline char ascii_lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* What a hexadecimal digit says; -1 where it is none. */
static inline int ascii_hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

#endif
