/* Where the next page of a list begins. Not for other folders.
 *
 * A cursor names the last row of a page by what the list is ordered by and by its id, never by its number in
 * the list: rows that come or go meanwhile move nobody. It is opaque, says its own version, and belongs to
 * one question: with another one, or changed, it is no cursor. */
#ifndef ISN_LEDGER_CURSOR_H
#define ISN_LEDGER_CURSOR_H

#include "ledger/store.h"

typedef enum cursor_kind { CURSOR_INCIDENTS = 1, CURSOR_DOCUMENTS, CURSOR_SEARCH, CURSOR_ACTS } cursor_kind;

typedef struct cursor {
    int64_t a, b;
    uint64_t id[2];
} cursor;

str cursor_text(arena *a, cursor_kind kind, const ledger_filter *of, const cursor *c);
/* STATUS_USAGE where it is none of this question. */
status cursor_read(cursor_kind kind, const ledger_filter *of, cursor *out, failure *f);

#endif
