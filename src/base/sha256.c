#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdlib.h>

digest sha256_parts(const str *parts, size_t count) {
    digest d;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int ok = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    for (size_t i = 0; ok && i < count; i++)
        ok = EVP_DigestUpdate(context, parts[i].data, parts[i].size);
    ok = ok && EVP_DigestFinal_ex(context, d.bytes, NULL);
    EVP_MD_CTX_free(context);
    if (!ok) /* a hash that is not one must never leave here */
        abort();
    return d;
}

digest sha256(str s) {
    return sha256_parts(&s, 1);
}

str digest_hex(arena *a, digest d, size_t bytes) {
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, bytes * 2 + 1);
    for (size_t i = 0; i < bytes; i++) {
        out[2 * i] = digits[d.bytes[i] >> 4];
        out[2 * i + 1] = digits[d.bytes[i] & 15];
    }
    return (str){out, bytes * 2};
}
