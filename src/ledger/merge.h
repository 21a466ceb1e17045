/* What the files of a merge share. Not for other folders. */
#ifndef ISN_LEDGER_MERGE_H
#define ISN_LEDGER_MERGE_H

#include "ledger/acts.h"
#include "ledger/joined.h"
#include "ledger/redact.h"
#include "ledger/tables.h"
#include "ledger/teams.h"

/* A key there, and what it is here. */
typedef struct key_pair {
    int64_t theirs, ours;
} key_pair;
typedef VECTOR(key_pair) key_pairs; /* in the order of theirs */

/* An act as it is told from others. */
typedef struct known_act {
    digest leaf;
    int64_t sequence, turn;
    str time;
    size_t twin; /* the same act in the other ledger: its index there; SIZE_MAX: none */
    bool black;  /* it quoted what was redacted */
} known_act;
typedef VECTOR(known_act) known_acts; /* by sequence */

/* What was withdrawn here, of which the other may have more. */
typedef struct withdrawn_text {
    int64_t version; /* key */
    redacted_text text;
    ledger_redaction by;
    bool looked; /* for the other's text */
} withdrawn_text;

typedef struct merging {
    ledger *l, *from;
    failure *f;
    arena *a;   /* of the run */
    arena once; /* of one thing */
    str who, time;
    key_pairs acts, versions;
    known_acts ours, theirs;
    VECTOR(withdrawn_text) withdrawn;
    int64_t last_version, last_capture; /* before the merge */
    key_list touched, seal;             /* documents that were here; versions whose reading gets a leaf */
    joined_log log;
    ledger_merged out;
} merging;

/* 0 where there is none. */
int64_t pair_of(const key_pairs *p, int64_t theirs);

/* merge_acts.c: takes in their acts (before anything they point at); what their redactions destroyed goes
 * here too; each act finds what it speaks of, and its place among all. In this order. */
status merge_acts(merging *m);
status merge_redactions(merging *m);
status merge_places(merging *m);
status merge_turns(merging *m);

/* merge_pages.c: documents, versions, captures. */
status merge_pages(merging *m);
/* The version of a document with a text of that hash: its key, 0 where there is none. */
status version_of_text(ledger *l, str document, str text_hash, int64_t *out, failure *f);
/* The text and the reading of a version, in `a`; STR_NONE where they are damaged. */
status version_texts(ledger *l, int64_t version, arena *a, str *text, str *json, failure *f);

#endif
