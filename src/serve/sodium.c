#include "serve/sodium.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

enum { AT_ONCE = 2, WAITING = 16 };
static const unsigned long long PASSES = 3;
static const size_t MEMORY = 32u << 20;

/* As <sodium.h> has them since 1.0.15; only the library itself is needed. */
struct password_hasher {
    void *library;
    int (*init)(void);
    int (*str_make)(char out[PASSWORD_HASH], const char *password, unsigned long long size,
                    unsigned long long passes, size_t memory);
    int (*str_verify)(const char *hash, const char *password, unsigned long long size);
    int (*str_is_old)(const char *hash, unsigned long long passes, size_t memory);
    unsigned long long passes;
    size_t memory;
    pthread_mutex_t lock;
    pthread_cond_t done;
    unsigned working, waiting;
};

static bool find(void *handle, const char *name, void *function) {
    void *symbol = dlsym(handle, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool find_all(password_hasher *h) {
    return find(h->library, "sodium_init", &h->init) &&
           find(h->library, "crypto_pwhash_argon2id_str", &h->str_make) &&
           find(h->library, "crypto_pwhash_argon2id_str_verify", &h->str_verify) &&
           find(h->library, "crypto_pwhash_argon2id_str_needs_rehash", &h->str_is_old) && h->init() >= 0;
}

status hasher_new(unsigned long long passes, size_t memory, password_hasher **out, failure *f) {
    static const char *const names[] = {"libsodium.so.23", "libsodium.so.26", "libsodium.so",
                                        "libsodium.23.dylib", "libsodium.dylib"};
    password_hasher *h = calloc(1, sizeof *h);
    if (!h)
        return fail(f, STATUS_INTERNAL, "no memory");
    for (size_t i = 0; i < sizeof names / sizeof *names && !h->library; i++)
        h->library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!h->library || !find_all(h)) {
        if (h->library)
            dlclose(h->library);
        free(h);
        return fail(f, STATUS_UNAVAILABLE,
                    "accounts need libsodium, which is not installed (Debian: libsodium23)");
    }
    h->passes = passes ? passes : PASSES;
    h->memory = memory ? memory : MEMORY;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->done, NULL);
    *out = h;
    return STATUS_OK;
}

void hasher_free(password_hasher *h) {
    if (!h)
        return;
    pthread_cond_destroy(&h->done);
    pthread_mutex_destroy(&h->lock);
    dlclose(h->library);
    free(h);
}

static bool enter(password_hasher *h) {
    pthread_mutex_lock(&h->lock);
    bool room = h->waiting < WAITING;
    h->waiting += room;
    while (room && h->working >= AT_ONCE)
        pthread_cond_wait(&h->done, &h->lock);
    h->waiting -= room;
    h->working += room;
    pthread_mutex_unlock(&h->lock);
    return room;
}

static void leave(password_hasher *h) {
    pthread_mutex_lock(&h->lock);
    h->working--;
    pthread_cond_signal(&h->done);
    pthread_mutex_unlock(&h->lock);
}

bool hasher_hash(password_hasher *h, str password, char out[PASSWORD_HASH]) {
    if (!enter(h))
        return false;
    int made = h->str_make(out, password.data, password.size, h->passes, h->memory);
    leave(h);
    return made == 0;
}

int hasher_verify(password_hasher *h, const char *hash, str password) {
    if (!enter(h))
        return -1;
    int same = h->str_verify(hash, password.data, password.size);
    leave(h);
    return same == 0;
}

bool hasher_is_old(password_hasher *h, const char *hash) {
    return h->str_is_old(hash, h->passes, h->memory) != 0;
}
