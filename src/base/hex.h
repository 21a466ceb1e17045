/* Bytes as hexadecimal digits, lower case, and the other way round. */
#ifndef ISN_BASE_HEX_H
#define ISN_BASE_HEX_H

#include "base/arena.h"

/* 2 * `count` digits, without a NUL. */
void put_hex(const unsigned char *bytes, size_t count, char *out);
str bytes_hex(arena *a, const unsigned char *bytes, size_t count);
/* What a digit of either case stands for; -1 where it is none. */
int hex_value(char digit);
/* The bytes of 2 * `count` digits of lower case; false where it is anything else. */
bool bytes_unhex(str hex, unsigned char *out, size_t count);

#endif
