/* The file of accounts: opening it, its tables, statements. Not for other folders. */
#ifndef ISN_SERVE_ACCESS_STORE_H
#define ISN_SERVE_ACCESS_STORE_H

#include <pthread.h>

#include "base/sha256.h"
#include "ledger/sqlite.h"
#include "serve/access.h"
#include "serve/sodium.h"

enum { THROTTLED_BYTES = 80 };

struct accounts {
    accounts_options options;
    char *path;
    sqlite lib;
    sqlite3 *db;
    pthread_mutex_t lock; /* of the connection and of all below; never held while a password is hashed */
    password_hasher *hasher;
    char nobody[PASSWORD_HASH]; /* the hash that a name without an account is held against */
    char setup[65];             /* the first account's secret; "" */
    int64_t setup_until;
    unsigned char key[32]; /* of this run: what csrf is made of where there is no session */
    uint64_t epoch;
    int64_t others; /* what SQLite numbers the changes of other programs by, as it was seen last */
    uint64_t saw[512];
    bool public; /* the setting, kept at hand */
};

/* A statement in use, as the ledger's store has it: errors stick. */
typedef struct access_statement {
    accounts *a;
    sqlite3_stmt *s;
    int given, code;
    failure *f;
} access_statement;

/* With a->lock held. */
access_statement access_ask(accounts *a, const char *sql, failure *f);
void ask_text(access_statement *s, str text); /* STR_NONE: NULL */
void ask_number(access_statement *s, int64_t n);
void ask_digest(access_statement *s, digest d);
bool ask_row(access_statement *s);
int64_t got_number(const access_statement *s, int column);
str got_text(const access_statement *s, int column, arena *memory); /* a copy; STR_NONE: NULL */
status ask_done(access_statement *s);
/* Runs what gives no rows. */
status ask_run(access_statement *s);
/* The one number of what gives one. */
status access_number(accounts *a, const char *sql, int64_t *out, failure *f);
/* Everything between is kept or nothing; end it with the status that it came to. */
status access_begin(accounts *a, failure *f);
status access_end(accounts *a, status s, failure *f);

/* 64 hexadecimal digits of randomness. */
void access_secret(char out[65]);
digest access_hash(str secret);
/* As long for texts that differ at once as for those that differ late. */
bool access_same(str x, str y);
/* access_throttle.c: tries at a name and from an address. */
/* Counts a try, before it is known how it ends. *wait > 0: it must not be made yet, and was not counted. */
status throttle_try(accounts *a, str folded, str from, int64_t *wait, failure *f);
/* It went well: the name's tries are forgotten, and the address gets this one back. */
status throttle_forget(accounts *a, str folded, str from, failure *f);

#endif
