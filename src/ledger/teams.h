/* Whole ledgers: one copied, one merged into another (docs/teams.md). */
#ifndef ISN_LEDGER_TEAMS_H
#define ISN_LEDGER_TEAMS_H

#include "ledger/ledger.h"

typedef struct ledger_copied {
    uint64_t rows, captures, documents, claims, incidents, acts;
} ledger_copied;

/* Copies everything that is stored into a ledger that is new or empty, keys, ids and log as they are: what is
 * asked of the copy gives the same, byte for byte, and it verifies like the first, under the same heads. All
 * or nothing; a file that was not there before is gone again after a failure. `to` is a name as ledger_open
 * takes it. STATUS_USAGE: something is in it. `out` may be NULL. */
status ledger_copy(ledger *from, const char *to, ledger_copied *out, failure *f);

typedef struct ledger_merging {
    str who, time; /* who merges; ISO 8601, STR_NONE: now */
} ledger_merging;

typedef struct ledger_merged {
    bool nothing; /* all of it was here already: nothing was written */
    bool forked;  /* its log did not grow out of what was merged of a ledger of its id before */
    uint64_t captures, documents, versions, claims, acts; /* that were not here */
    uint64_t readings;   /* of versions that both have: theirs is newer, and took the place of ours */
    uint64_t differ;     /* the same, where neither follows on the other: ours stays, theirs is kept beside */
    uint64_t redactions; /* of theirs, which bind here from now on */
    uint64_t refused;    /* versions and captures that were withdrawn here, and are not taken in again */
    bool other_estimates, other_grades; /* its rule or scale is another: ours stay */
    char ledger[33];                    /* its id */
    ledger_linked linked;
} ledger_merged;

/* Takes what another team's ledger holds into this one: captures, documents, versions, readings, acts of
 * review, redactions, ids of incidents; each once. Checks `from` first (ledger_verify), links, commits: all
 * of it or nothing. `from` is read as it stands at one moment. STATUS_VERIFY_FAILED: something is wrong in
 * `from`. */
status ledger_merge(ledger *l, ledger *from, const ledger_merging *how, ledger_merged *out, failure *f);

#endif
