/* SHA-256 by OpenSSL. */
#ifndef ISN_BASE_SHA256_H
#define ISN_BASE_SHA256_H

#include "base/arena.h"

typedef struct digest {
    unsigned char bytes[32];
} digest;

digest sha256(str s);
/* Over the concatenation of `count` parts. */
digest sha256_parts(const str *parts, size_t count);
/* The first `bytes` bytes as lower-case hexadecimal digits, in the arena. */
str digest_hex(arena *a, digest d, size_t bytes);

#endif
