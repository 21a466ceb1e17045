/* What the files of `verify` share. Not for other folders. */
#ifndef ISN_LEDGER_VERIFY_H
#define ISN_LEDGER_VERIFY_H

#include "ledger/heads.h"
#include "ledger/store.h"

typedef struct key_since {
    public_key key;
    uint64_t position; /* of its leaf */
} key_since;

/* A crawl file that captures refer to and that cannot be found. */
typedef struct gone_file {
    str file, why;
    uint64_t captures;
} gone_file;

typedef struct checking {
    ledger *l;
    failure *f;
    bool alone; /* without the crawl files that captures stand in */
    arena a;    /* of one thing that is checked */
    arena kept;
    ledger_checked out;
    VECTOR(key_since) keys;
    VECTOR(gone_file) gone;
    key_list good_heads;     /* numbers of those that hold, in order */
    const char *authorities; /* NULL: time stamps are not checked */
    void (*line)(void *context, const char *text);
    void *context;
} checking;

/* Tells of one thing that is wrong: what, and why. */
void verify_wrong(checking *c, str what, const char *why);

/* verify_content.c: what was captured and read against its leaf. */
status verify_captures(checking *c);
status verify_readings(checking *c);

#endif
