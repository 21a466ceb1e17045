/* Keys and signed heads: who vouches for the log (log.h), and for how much of it.
 *
 * A head says "the log of this ledger has so many leaves, and this is its root", signed with Ed25519. Kept
 * where nobody who can change the ledger can change it too, it later proves that nothing before it was
 * changed or removed. The private key is a PEM file of the user's, never in the ledger; the ledger records
 * the public keys, each but the first signed by the one before it, as leaves of its log. */
#ifndef ISN_LEDGER_HEADS_H
#define ISN_LEDGER_HEADS_H

#include "base/ed25519.h"
#include "base/failure.h"
#include "base/sha256.h"

typedef struct ledger ledger;

/* ---- key files ---- */

/* Makes a new key in a new file of mode 0600. STATUS_USAGE where there is a file already, STATUS_NO_INPUT
 * where none can be made, STATUS_IO. */
status key_create(const char *path, secret_key *out, failure *f);
/* STATUS_NO_INPUT: no such file, or one that others may read or that is another user's; STATUS_BAD_INPUT: it
 * holds no Ed25519 key without a password. */
status key_open(const char *path, secret_key *out, failure *f);

/* ---- heads ---- */

typedef struct signed_head {
    char ledger[33]; /* 32 hexadecimal digits */
    uint64_t size;   /* leaves */
    digest root;
    char time[32]; /* ISO 8601 */
    public_key key;
    signature signature;
} signed_head;

/* An isnad-head/1 object, with white space around it. STATUS_BAD_INPUT: what was expected. */
status head_read(str json, signed_head *out, failure *f);
/* On one line, without a line feed. */
str head_json(arena *a, const signed_head *h);
/* Whether the signature is that of its key over what it says. */
bool head_holds(const signed_head *h);

/* The head of a row of the ledger of that id, from column `from` on: size, root, time, key, signature
 * (HEAD_COLUMNS). Its signature is not looked at; false where something in it is none of these. */
#define HEAD_COLUMNS "size, root, head.time, key, signature"
struct statement;
bool head_take(struct statement *s, int from, const char *id, signed_head *out);

/* Signs the log as it stands, and keeps the head: the first key that signs becomes the ledger's. Where the
 * last head says the same already, that one is given. Commits. STATUS_USAGE where heads are signed by another
 * key. `time`: now, ISO 8601. */
status ledger_head(ledger *l, const secret_key *key, str time, signed_head *out, failure *f);
/* What an authority stamps of a head: SHA-256 of its line of JSON with the line feed, as isnad head prints
 * it. */
digest head_imprint(const signed_head *h);
/* Keeps an authority's answer (base/timestamp.h) beside the head that it stamps; checks that it is of one of
 * the ledger's heads, not whose it is. Commits. STATUS_BAD_INPUT: no answer, or of no head of this ledger.
 * `time`: what it tells, in `a`. */
status ledger_stamp(ledger *l, str answer, arena *a, str *time, failure *f);
/* The last head that is kept and holds; false: there is none. */
status ledger_last_head(ledger *l, bool *there, signed_head *out, failure *f);
/* From now on heads are signed by `next`: `key`, which must be the ledger's (or becomes it), signs that. Does
 * nothing where `next` is the ledger's key already. Commits. */
status ledger_rotate(ledger *l, const secret_key *key, const secret_key *next, str time, failure *f);

/* What a row of `signing_key` says and signs, for verify. */
typedef struct key_record {
    public_key key, previous;
    bool first; /* it has no previous one: it signed itself */
    char time[32];
    signature signature;
} key_record;
bool key_record_holds(ledger *l, const key_record *k, digest *leaf, failure *f);
/* The same of a ledger of this id. */
bool key_record_holds_of(const char *id, const key_record *k, digest *leaf);
/* {"key", "previous": null for the first, "time", "signature"} */
bool key_record_read(const char *json, key_record *out);
/* The keys of a ledger as a JSON list of such; in `a`. */
status keys_json(ledger *l, arena *a, str *out, failure *f);
/* The ledger's own id; STATUS_DAMAGED_LEDGER where it has none. */
status ledger_id(ledger *l, char out[33], failure *f);

#endif
