/* What damage there is, what of it is lost, and what can be made again. */
#ifndef ISN_LEDGER_CHECK_H
#define ISN_LEDGER_CHECK_H

#include "ledger/ledger.h"

typedef struct ledger_health {
    uint64_t faults;    /* of the file's pages and indexes */
    uint64_t captures;  /* whose bytes are lost */
    uint64_t documents; /* versions whose text or reading is lost */
    uint64_t acts;      /* of review, that are lost */
    uint64_t other;     /* keys, heads and what `isnad verify` says beside these */
    uint64_t again;     /* versions that are damaged, but can be read again from their bytes */
    uint64_t incidents; /* that are not what follows from readings and acts, or are missing */
    uint64_t
        derived; /* other things that are worked out and are not as they should be: the index of words, … */
    uint64_t stale; /* incidents that were worked out by another version, by other rules, or not yet */
    bool repaired;  /* indexes, incidents and what else follows were made again */
} ledger_health;

/* Reads everything and works out again what follows from the rest, one `line` for each thing that is damaged:
 * what, and whether it is lost for good or how it comes back. Changes nothing unless `repair` says that what
 * follows from the rest is to be made again; acts, pages and readings are never made up. The ledger must be
 * open for writing. STATUS_VERIFY_FAILED where something is damaged (after a repair: where something is
 * lost). */
status ledger_check(ledger *l, bool repair, void (*line)(void *context, const char *text), void *context,
                    ledger_health *out, failure *f);

#endif
