/* Sums over what is neither sealed in the log nor follows from anything else: where a capture came from, ids
 * that incidents were given, the ledger's own id and tables, time stamps, readings that stood before, and the
 * text of the schema. They are kept with each linking, so that a bit that flips in any of these is found. */
#ifndef ISN_LEDGER_SUMS_H
#define ISN_LEDGER_SUMS_H

#include "ledger/store.h"

enum { SUMS = 8 };

typedef struct table_sum {
    uint64_t rows, sum[2]; /* whatever the order of the rows */
} table_sum;

/* Over all rows that a query gives: of each `columns` columns, as the text that they are; `blobs` has a bit
 * for each that is one. */
status sum_of(ledger *l, const char *sql, unsigned columns, unsigned blobs, table_sum *out, failure *f);

/* Which are not what was kept, by a bit each. Those that have grown since are not compared. */
status sums_wrong(ledger *l, unsigned *out, failure *f);
/* What a bit stands for. */
const char *sums_says(unsigned bit);
/* Keeps them as they are now, inside the batch; but what was wrong before stays wrong: `wrong` of
 * sums_wrong. */
status sums_keep(ledger *l, unsigned wrong, failure *f);
/* For whoever changes a row of them that is there: the next linking keeps them anew. */
status sums_forget(ledger *l, failure *f);

#endif
