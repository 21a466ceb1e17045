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

#endif
