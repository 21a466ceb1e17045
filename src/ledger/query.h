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
    condition
        at[700]; /* of a query's sixteen and a filter's choices, each of at most sixteen, and the rest */
    size_t size;
} conditions;

condition *condition_add(conditions *c, const char *sql);
void condition_text(conditions *c, const char *sql, str text);
void condition_number(conditions *c, const char *sql, int64_t n);
void condition_real(conditions *c, const char *sql, double n);
void conditions_give(const conditions *c, statement *s);
/* Where many documents hold the words, the first `want` incidents that pass (0: all) are looked up
 * beforehand, in the order asked for. */
status incident_conditions(ledger *l, arena *a, const ledger_filter *filter, uint64_t want, conditions *c,
                           failure *f);
/* Which versions hold words, as bits by their keys. */
typedef struct found_versions {
    uint8_t *bits;
    int64_t size; /* of versions there are */
    uint64_t count;
} found_versions;
/* Stays as it is until the next call or change. */
status find_versions(ledger *l, str words, found_versions *out, failure *f);
bool versions_hold(const found_versions *found, int64_t key);
/* The same, looked up now, in `a`. */
status look_up_versions(ledger *l, arena *a, str words, found_versions *out, failure *f);

/* Takes an incident's id and one of its texts; false: no more. */
typedef bool (*incident_text)(void *context, str id, str text);
/* Whether it asks for all there is, in whatever order. */
bool filter_lets_all_through(const ledger_filter *filter);

/* The summary of one incident, by its key, as ledger_query gives it; nothing where there is none. */
status query_summary(ledger *l, int64_t key, incident_text take, void *context, failure *f);

/* search.c: the words that a snippet marks. */
typedef struct snippet_words snippet_words;
const snippet_words *snippet_words_of(arena *a, str shown);
/* The stretch of a version that holds most of them, behind a key: {"document", "version", "title", "text",
 * "start", "marks"}; how many it holds. Nothing where there is no such version. */
status snippet_write(ledger *l, const snippet_words *w, int64_t version, buffer *out, size_t *held,
                     failure *f);

/* Claims that stand in no incident, as rows (incident_json.c). */
status claims_without_incident(ledger *l, ledger_row row, void *context, failure *f);

/* parts.c: rows out of an incident's JSON text; false: no more are wanted. */
typedef struct row_parts {
    ledger *l;
    failure *f;
    ledger_row row;
    void *context;
    uint64_t skip, left; /* left 0: all */
    bool limited, stopped;
    buffer line;
    status code;
} row_parts;
/* Gives the line. */
bool parts_give(row_parts *p);
bool parts_claims(row_parts *p, str id, str json);
bool parts_chains(row_parts *p, str id, str json);
bool parts_voices(row_parts *p, str id, str json);

#endif
