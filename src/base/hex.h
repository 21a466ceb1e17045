/* Bytes as hexadecimal digits, lower case. */
#ifndef ISN_BASE_HEX_H
#define ISN_BASE_HEX_H

#include "base/arena.h"

str bytes_hex(arena *a, const unsigned char *bytes, size_t count);
/* The bytes of 2 * `count` such digits; false where it is anything else. */
bool bytes_unhex(str hex, unsigned char *out, size_t count);

#endif
