#include "base/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/must.h"

/* To look the algorithm up and to make a context takes longer than to hash a line: the one is done once, the
 * other once in each thread. A hash that is not one must never leave here. */
static EVP_MD *algorithm;
static pthread_key_t contexts;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget_context(void *context) {
    EVP_MD_CTX_free(context);
}

static void begin(void) {
    algorithm = must(EVP_MD_fetch(NULL, "SHA256", NULL));
    must_be(pthread_key_create(&contexts, forget_context) == 0);
}

static EVP_MD_CTX *context_of_thread(void) {
    pthread_once(&once, begin);
    EVP_MD_CTX *context = pthread_getspecific(contexts);
    if (!context) {
        context = must(EVP_MD_CTX_new());
        must_be(pthread_setspecific(contexts, context) == 0);
    }
    return context;
}

digest sha256_parts(const str *parts, size_t count) {
    digest d;
    EVP_MD_CTX *context = context_of_thread();
    must_be(EVP_DigestInit_ex2(context, algorithm, NULL));
    for (size_t i = 0; i < count; i++)
        must_be(EVP_DigestUpdate(context, parts[i].data, parts[i].size));
    must_be(EVP_DigestFinal_ex(context, d.bytes, NULL));
    return d;
}

digest sha256(str s) {
    return sha256_parts(&s, 1);
}

struct sha256_running {
    EVP_MD_CTX *context;
};

sha256_running *sha256_begin(void) {
    sha256_running *r = must(malloc(sizeof *r));
    context_of_thread(); /* looks the algorithm up */
    r->context = must(EVP_MD_CTX_new());
    must_be(EVP_DigestInit_ex2(r->context, algorithm, NULL));
    return r;
}

void sha256_add(sha256_running *r, str piece) {
    must_be(EVP_DigestUpdate(r->context, piece.data, piece.size));
}

digest sha256_end(sha256_running *r) {
    digest d;
    must_be(EVP_DigestFinal_ex(r->context, d.bytes, NULL));
    EVP_MD_CTX_free(r->context);
    free(r);
    return d;
}

str digest_hex(arena *a, digest d, size_t bytes) {
    return bytes_hex(a, d.bytes, bytes);
}
