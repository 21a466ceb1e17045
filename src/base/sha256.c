#include "base/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

/* To look the algorithm up and to make a context takes longer than to hash a line: the one is done once, the
 * other once in each thread. A hash that is not one must never leave here. */
static EVP_MD *algorithm;
static pthread_key_t contexts;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget_context(void *context) {
    EVP_MD_CTX_free(context);
}

static void begin(void) {
    algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!algorithm || pthread_key_create(&contexts, forget_context) != 0)
        abort();
}

static EVP_MD_CTX *context_of_thread(void) {
    pthread_once(&once, begin);
    EVP_MD_CTX *context = pthread_getspecific(contexts);
    if (!context) {
        context = EVP_MD_CTX_new();
        if (!context || pthread_setspecific(contexts, context) != 0)
            abort();
    }
    return context;
}

static void must(int ok) {
    if (!ok)
        abort();
}

digest sha256_parts(const str *parts, size_t count) {
    digest d;
    EVP_MD_CTX *context = context_of_thread();
    must(EVP_DigestInit_ex2(context, algorithm, NULL));
    for (size_t i = 0; i < count; i++)
        must(EVP_DigestUpdate(context, parts[i].data, parts[i].size));
    must(EVP_DigestFinal_ex(context, d.bytes, NULL));
    return d;
}

digest sha256(str s) {
    return sha256_parts(&s, 1);
}

struct sha256_running {
    EVP_MD_CTX *context;
};

sha256_running *sha256_begin(void) {
    sha256_running *r = malloc(sizeof *r);
    context_of_thread();
    must(r && (r->context = EVP_MD_CTX_new()) && EVP_DigestInit_ex2(r->context, algorithm, NULL));
    return r;
}

void sha256_add(sha256_running *r, str piece) {
    must(EVP_DigestUpdate(r->context, piece.data, piece.size));
}

digest sha256_end(sha256_running *r) {
    digest d;
    must(EVP_DigestFinal_ex(r->context, d.bytes, NULL));
    EVP_MD_CTX_free(r->context);
    free(r);
    return d;
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
