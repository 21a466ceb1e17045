/* Copies of a whole ledger: made while others write to it, and put back in its place.
 *
 * A copy is the ledger's pages as they stood at one moment, written beside its name under another one,
 * cleaned of what was withdrawn, verified, flushed to the disk, and only then given its name: under that name
 * there is at every moment what was there before or a whole ledger that verifies. */
#ifndef ISN_LEDGER_BACKUP_H
#define ISN_LEDGER_BACKUP_H

#include "ledger/ledger.h"

typedef struct copy_options {
    bool replace;                                  /* a ledger that has the name already gives way */
    void (*line)(void *context, const char *text); /* told what does not verify; may be NULL */
    void *context;
} copy_options;

typedef struct copy_report {
    uint64_t bytes;         /* of the file */
    ledger_checked checked; /* as ledger_verify tells it of the copy */
    str aside;              /* where the ledger went that had the name; STR_NONE: there was none */
} copy_report;

/* Copies the ledger to a file. STATUS_USAGE: there is a file of that name (and it may not, or cannot, be
 * replaced: it is no ledger, or this one); STATUS_NO_INPUT: it cannot be made; STATUS_IO;
 * STATUS_VERIFY_FAILED, STATUS_DAMAGED_LEDGER: the ledger is damaged, and there is no copy. */
status ledger_backup(ledger *l, const char *path, const copy_options *options, copy_report *out, failure *f);

/* Puts a copy in the place `path`. A ledger that is there goes aside under another name, and nobody may have
 * it open. `how` as for ledger_open: a copy of an older version is brought up to date. Fails as ledger_backup
 * does, of the copy; strings of `out` are in `a`. */
status ledger_restore(const char *copy, const char *path, const ledger_options *how,
                      const copy_options *options, arena *a, copy_report *out, failure *f);

#endif
