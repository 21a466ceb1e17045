/* What reviewers' acts come to: verdicts, corrections, grades, comments. Not for other folders. */
#ifndef ISN_LEDGER_REVIEW_H
#define ISN_LEDGER_REVIEW_H

#include "ledger/acts.h"

/* ---- the fold (review.c) ---- */

/* One act as it bears on one claim, or on the incident as such. */
typedef struct review_entry {
    int64_t act, turn; /* its number; where it stands among all */
    act_kind kind;
    int64_t claim;  /* its key; 0: the incident, or accounts of it */
    bool changed;   /* the claim reads otherwise than when the act was done */
    int64_t undoes; /* another act; 0: none */
    str who, time, claim_id;
    const json_t *payload;
} review_entry;

typedef enum verdict {
    VERDICT_NONE,
    VERDICT_ACCEPTED,
    VERDICT_CORRECTED,
    VERDICT_REJECTED,
    VERDICT_ADDED
} verdict;
const char *verdict_name(verdict v); /* NULL for none */
int verdict_named(str name);         /* "none", "accepted", …; NONE */

typedef struct claim_review {
    int64_t claim;
    verdict verdict;
    json_t *set;         /* corrected fields; NULL: none */
    const json_t *added; /* fields of a claim that a reviewer added; NULL: it was read */
    str added_who, added_time;
    int64_t added_act;
    bool sensitive;
    str assignee;
} claim_review;

typedef struct review_comment {
    int64_t act;
    str who, time, claim, text;
} review_comment;

typedef struct review_state {
    VECTOR(claim_review) claims; /* in the order of their first act */
    VECTOR(review_comment) comments;
    size_t history;     /* acts, undone ones and those that undo too */
    const char *status; /* new, in review, settled */
    str grade, scale, grade_en, grade_ar, assignee;
    bool sensitive;
    json_t *set; /* corrected fields of the incident; NULL: none */
} review_state;

/* A function of the entries alone, which are in the order of acts, with all that undo one of them. Texts
 * point into them; free with review_free. */
void review_fold(const review_entry *entries, size_t count, arena *a, review_state *out);
void review_free(review_state *r);
const claim_review *review_of_claim(const review_state *r, int64_t claim);

/* ---- out of the ledger ---- */

typedef struct review_entries {
    VECTOR(review_entry) entries;
    VECTOR(json_t *) payloads;
} review_entries;
/* The acts on an incident (STR_NONE: on none) and on these claims. */
status review_entries_read(ledger *l, str incident, const int64_t *claims, size_t count, arena *a,
                           review_entries *out, failure *f);
void review_entries_free(review_entries *e);
/* What anybody said anything of, in order: so that nothing need be asked of the rest. */
typedef struct reviewed {
    key_list claims;
    string_list incidents;
} reviewed;
status reviewed_read(ledger *l, arena *a, reviewed *out, failure *f);
/* The acts on an incident and on the claims of its units. */
struct incident_input;
status incident_acts(ledger *l, const struct incident_input *in, arena *a, review_entries *out, failure *f);
/* A text that changes with what the entries say; "" where there are none. */
str review_signature(arena *a, const review_entries *e);

/* ---- corrections (review_fields.c) ---- */

/* "min=5", "place=Qarya", …: the fields of a correction of this claim (0: of an incident), as JSON.
 * STATUS_USAGE says what was expected. */
enum { FIELDS_OF_NEW = -1 }; /* of a claim that is not there yet */
status fields_read(ledger *l, int64_t claim, const str *fields, size_t count, json_t **out, failure *f);

/* ---- grades (grades.c) ---- */

typedef struct grade {
    str scale, name, en, ar;
} grade;
/* By its name, or by what it is called in English or Arabic, in the ledger's scale. STATUS_USAGE names them
 * all. */
status grade_named(ledger *l, arena *a, str name, grade *out, failure *f);

#endif
