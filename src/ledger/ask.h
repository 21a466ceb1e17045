/* The query language, as conditions. Not for other folders. */
#ifndef ISN_LEDGER_ASK_H
#define ISN_LEDGER_ASK_H

#include "ledger/query.h"

enum { ASKED_VALUES = 16 }; /* of one condition, joined by commas */

/* What a condition asks of an incident, for who asks it of rows in memory (board.c). Values stand in `at`. */
typedef enum asked_test {
    TEST_COUNTRY, /* texts, any of which holds; so TEST_ADMIN1 to TEST_EVENT, and TEST_LANGUAGE, TEST_OUTLET
                   */
    TEST_ADMIN1,
    TEST_SITE,
    TEST_STATUS,
    TEST_GRADE,    /* `none`: it has none; without values and without `none`: it has one */
    TEST_ASSIGNEE, /* so too */
    TEST_EVENT,
    TEST_LANGUAGE,
    TEST_OUTLET,
    TEST_PLACE,     /* a text: in a place's name */
    TEST_VOICE,     /* in a voice's */
    TEST_FIGURE,    /* `effects`: bits, 0: of any; number: at least, at most */
    TEST_VOICES,    /* at least, at most */
    TEST_KINDS,     /* a number: bits, one of which holds */
    TEST_STANCES,   /* so too */
    TEST_VERDICTS,  /* so too */
    TEST_DISAGREE,  /* 1: where accounts do not part too; bits of what they part on */
    TEST_SENSITIVE, /* 1 or 0 */
    TEST_NEAR       /* reals, as take_near gives them */
} asked_test;

/* Whose counts leave a condition out: what a facet's own choice is (docs/queries.md). */
typedef enum asked_facet {
    FACET_NONE,
    FACET_DATES,
    FACET_COUNTRY,
    FACET_ADMIN1,
    FACET_SITE,
    FACET_EVENT,
    FACET_FIGURE, /* effect and how many: asked together */
    FACET_VOICES,
    FACET_DISAGREE,
    FACET_STATUS,
    FACET_GRADE,
    FACET_ASSIGNEE,
    FACET_LANGUAGE,
    FACET_OUTLET,
    FACETS
} asked_facet;

typedef struct asked_condition {
    asked_test test;
    asked_facet facet;
    const char *sql;        /* on a row of incident */
    const char *of_version; /* on a row of version, where that says it better; NULL */
    condition at[ASKED_VALUES];
    size_t size;
    unsigned effects;
    bool none;
} asked_condition;

typedef struct asked {
    str words;    /* for the index; STR_NONE: any */
    str shown;    /* the words that a snippet marks */
    day from, to; /* DAY_NONE: open */
    VECTOR(asked_condition) conditions;
} asked;

/* Everything is in `a` or points into `query`. STATUS_USAGE with the column. `l` may be a ledger that is not
 * open, for its options alone. */
status ask_parse(ledger *l, arena *a, str query, asked *out, failure *f);
/* The choices of a filter as conditions, behind those of its text; and its figures, voices and the like. */
status ask_choices(ledger *l, arena *a, const ledger_filter *filter, asked *out, failure *f);
/* query.c: the same as conditions on a version and the incidents that it tells of. */
void version_conditions(const ledger *l, const asked *q, conditions *c);
/* The same without what the handle hides, for whoever leaves that out otherwise. */
void asked_of_versions(const asked *q, conditions *c);

#endif
