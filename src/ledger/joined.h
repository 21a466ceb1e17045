/* Where what was merged came from: the logs of other ledgers (docs/teams.md). Not for other folders.
 *
 * Of each ledger that was merged into this one the leaves of its log are kept, in their order, and an act of
 * kind "join" seals what they were: {"ledger": its id, "size", "root", "head": its last signed head or null,
 * "keys": those it signed with}. So its heads, also older ones that were kept elsewhere, can be checked here,
 * and that what came later grew out of what came before. */
#ifndef ISN_LEDGER_JOINED_H
#define ISN_LEDGER_JOINED_H

#include "ledger/heads.h"
#include "ledger/store.h"

/* What of another ledger's log is here. */
typedef struct joined_log {
    char id[33];
    int64_t key;    /* of its row in `joined`; 0: none */
    uint64_t have;  /* leaves that are kept */
    uint64_t size;  /* leaves that it has now */
    bool forked;    /* leaves of a ledger of this id are kept which its log did not grow out of */
    bool nothing;   /* neither leaves nor a head that are not here */
    digest root;    /* of all */
    str head, keys; /* JSON; head "null" where none is signed */
} joined_log;

/* Compares the log of `from`, which is read at one moment, with what is kept of it. Texts are in `a`. */
status joined_compare(ledger *l, ledger *from, arena *a, joined_log *out, failure *f);
/* Keeps the leaves that are new, and the act that seals them. `took`: a JSON object that says what of it was
 * taken in. In the transaction of the merge. */
status joined_keep(ledger *l, ledger *from, const joined_log *log, str who, str time, str took, failure *f);
/* The leaves and acts of ledgers that `from` has taken in are taken over with it. */
status joined_take_over(ledger *l, ledger *from, failure *f);

/* For verify: what is wrong with what is kept. */
status joined_check(ledger *l, void (*wrong)(void *context, str what, const char *why), void *context,
                    failure *f);
/* Whether a head of another ledger holds by the leaves that are kept of it: `*why` NULL, or what is wrong. */
status joined_wrong_with_head(ledger *l, const signed_head *h, arena *a, const char **why, failure *f);

#endif
