/* SHA-256 by OpenSSL, and by the processor where two are wanted of the same bytes. */
#ifndef ISN_BASE_SHA256_H
#define ISN_BASE_SHA256_H

#include "base/arena.h"

typedef struct digest {
    unsigned char bytes[32];
} digest;

digest sha256(str s);
/* Over the concatenation of `count` parts. */
digest sha256_parts(const str *parts, size_t count);
/* Of `bytes`, and of `before` with `bytes` behind it: where the processor can do two at a time, for little
 * more than one. The plain one is there to be compared with. */
void sha256_both(str before, str bytes, digest *alone, digest *behind);
void sha256_both_plain(str before, str bytes, digest *alone, digest *behind);
bool sha256_is_double(void);
/* Of what comes piece by piece: begun, given piece after piece, ended once. */
typedef struct sha256_running sha256_running;
sha256_running *sha256_begin(void);
void sha256_add(sha256_running *r, str piece);
digest sha256_end(sha256_running *r);
/* The first `bytes` bytes as lower-case hexadecimal digits, in the arena. */
str digest_hex(arena *a, digest d, size_t bytes);

#endif
