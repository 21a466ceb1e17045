/* Passwords hashed by libsodium's Argon2id, opened at first use. At most two are hashed at once, and a few
 * may wait: more would take memory and processors from everybody else. */
#ifndef ISN_SERVE_SODIUM_H
#define ISN_SERVE_SODIUM_H

#include "base/failure.h"

enum { PASSWORD_HASH = 128 };

typedef struct password_hasher password_hasher;

/* STATUS_UNAVAILABLE without libsodium. */
status hasher_new(unsigned long long passes, size_t memory, password_hasher **out, failure *f);
void hasher_free(password_hasher *h);
/* False where too many wait, or there is no memory for it. */
bool hasher_hash(password_hasher *h, str password, char out[PASSWORD_HASH]);
/* 1: it is the one; 0: it is another; -1: too many wait. The same time for whatever password. */
int hasher_verify(password_hasher *h, const char *hash, str password);
/* Whether it was made with other parameters than those of now. */
bool hasher_is_old(password_hasher *h, const char *hash);

#endif
