/* The query language, as conditions. Not for other folders. */
#ifndef ISN_LEDGER_ASK_H
#define ISN_LEDGER_ASK_H

#include "ledger/query.h"

typedef struct asked_condition {
    const char *sql; /* on a row of incident */
    condition at[11];
    size_t size;
} asked_condition;

typedef struct asked {
    str words;    /* for the index; STR_NONE: any */
    str shown;    /* the words that a snippet marks */
    day from, to; /* DAY_NONE: open */
    str language; /* STR_NONE: any */
    VECTOR(asked_condition) conditions;
} asked;

/* Everything is in `a` or points into `query`. STATUS_USAGE with the column. `l` may be a ledger that is not
 * open, for its options alone. */
status ask_parse(ledger *l, arena *a, str query, asked *out, failure *f);
/* Incidents of which at least so many were told of. */
const char *asked_at_least(effect e);
/* query.c: the same as conditions on a version and the incidents that it tells of. */
void version_conditions(const ledger *l, const asked *q, conditions *c);
/* The same without what the handle hides, for whoever leaves that out otherwise. */
void asked_of_versions(const asked *q, conditions *c);

#endif
