/* Conditions of a query: SQL text and the values bound to it, in step. Not for other folders. */
#ifndef ISN_LEDGER_QUERY_H
#define ISN_LEDGER_QUERY_H

#include "ledger/store.h"

typedef enum condition_kind { CONDITION_TEXT, CONDITION_NUMBER, CONDITION_REAL } condition_kind;
typedef struct condition {
    condition_kind kind;
    str text;
    int64_t number;
    double real;
} condition;
typedef struct conditions {
    buffer sql; /* " WHERE … AND …" */
    condition at[32];
    size_t size;
} conditions;

condition *condition_add(conditions *c, const char *sql);
void condition_text(conditions *c, const char *sql, str text);
void condition_number(conditions *c, const char *sql, int64_t n);
void condition_real(conditions *c, const char *sql, double n);
void conditions_give(const conditions *c, statement *s);
void incident_conditions(arena *a, const ledger_filter *filter, conditions *c);
str match_query(arena *a, str text, bool prefixes);

/* Claims that stand in no incident, as rows (incident_json.c). */
status claims_without_incident(ledger *l, ledger_row row, void *context, failure *f);

#endif
