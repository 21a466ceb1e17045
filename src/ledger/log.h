/* The log of a ledger: one append-only Merkle tree (merkle.h) over its captures, readings, acts and keys.
 *
 * Captures, acts and keys are rows with a column `leaf`; the schema's triggers append that leaf to the table
 * `log` when the row is written, in the same transaction. So whoever adds one needs to know nothing of the
 * log but how a leaf is made. Readings can be replaced, and are logged by log_reading. */
#ifndef ISN_LEDGER_LOG_H
#define ISN_LEDGER_LOG_H

#include "ledger/merkle.h"
#include "ledger/store.h"

/* Of the inner nodes those of every fourth level are stored: each is of 16 of the level below. */
enum { LOG_STRIDE = 4, LOG_WIDTH = 1 << LOG_STRIDE, LOG_LEVELS = 64 / LOG_STRIDE };

/* Leaves of a ledger that had no log yet: captures by their number, then readings, then acts. For the
 * migration, inside its transaction. */
status log_begin(ledger *l, failure *f);
/* Stores the hashes of subtrees that have become complete. Called before every commit. */
status log_grow(ledger *l, failure *f);
status log_size(ledger *l, uint64_t *out, failure *f);
/* Reads nodes of the log. STATUS_DAMAGED_LEDGER where one is not there. `l` must outlive it. */
merkle_source log_source(ledger *l);

/* The leaf of a reading: over hashes of the text, of the reading's JSON, and of the rows that were made of it
 * (log.c). */
digest log_reading_leaf(str document, int64_t number, digest text, digest json, digest rows);
/* The rows that were made of a version's reading, as they are hashed, added to `rows`; and their SHA-256. */
status log_rows(ledger *l, int64_t version, buffer *rows, failure *f);
status log_rows_hash(ledger *l, int64_t version, digest *out, failure *f);
/* Where the last leaf of such a row stands in the log; STATUS_DAMAGED_LEDGER where it has none. */
status log_position(ledger *l, const char *kind, int64_t stands_for, uint64_t *out, failure *f);
/* The last leaf of a version's reading: what it was sealed as. */
status log_reading_sealed(ledger *l, int64_t version, digest *out, bool *there, failure *f);
/* Seals the reading of a version as it stands now: its rows must be written already. */
status log_reading(ledger *l, int64_t version, str text, str json, failure *f);
/* The same by the SHA-256 of either. */
status log_reading_hashed(ledger *l, int64_t version, digest text, digest json, failure *f);

#endif
