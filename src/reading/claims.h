/* Claims while they are made. Only for claims.c and the claim_*.c files. */
#ifndef ISN_READING_CLAIMS_H
#define ISN_READING_CLAIMS_H

#include "reading/choice.h"

/* How many marks on either side of one are looked at. */
enum { MARKS_AROUND = 24 };
/* How far before a list the line may end that heads it, in nodes. */
enum { HEADER_NODES = 8 };

typedef struct draft {
    const match *mark;
    const node *people;
    int claim; /* index in the reading, once made */
    int of; /* the claim before that it denies, or tells another number of, without a word for harm; or NONE
             */
} draft;

typedef VECTOR(draft) drafts;

/* The time of one claim for another. */
static inline void claim_take_time(claim *c, const claim *of) {
    c->time = of->time;
    c->time_inherited = of->time_inherited;
    c->date = of->date;
    c->from = of->from;
    c->to = of->to;
    c->since = of->since;
}

static inline bool emits(const match *m, enum lang_class c) {
    return m->rule->emits == c;
}

/* claim_marks.c */
/* The first token of a mark's people. */
uint32_t claim_people_first(const match *m);
/* The best mark for each group of people, in the order of the text. */
void claims_choose(reader *r, const matches *marks, drafts *out);

/* claim_parts.c */
/* The claim that a part or a listed group leans on: the one just before in the sentence; a part may lean
 * on the sentence before. */
int claim_leans_on(const drafts *d, size_t i);
/* Parts and listed people take what befell them from the claim they lean on, unless they say it themselves.
 */
bool claim_set_leaning(const reader *r, const drafts *d, size_t i, int leans, claim *c);
/* "Most of the dead were at home" is a part of the dead told before. */
void claim_set_share(const reader *r, const drafts *d, size_t i, claim *c);
/* "No dead or wounded": people who share the zero before them. */
const match *claim_shares_zero(const reader *r, const drafts *d, size_t i);
/* Another number of those told before ("others say that they were eight"); false where there are none. */
bool claim_set_anew(reader *r, drafts *d, size_t i, claim *c);
/* That nobody was harmed ("not one", rather than "without harm") is a denial where another has just told that
 * somebody was. */
bool claim_contradicts(const reader *r, const drafts *d, size_t i, const claim *c);
/* Nobody came to the harm that was told before. */
bool claim_set_denial(reader *r, drafts *d, size_t i, claim *c);
/* A denial is of the harm that it denies, another number of what it counts anew. */
void claims_share_before(reader *r, const drafts *d);
/* Doubt reaches on from a claim to its parts, and to what is told in one breath with it: "reports of the
 * death of five, two of them children, and the wounding of ten". */
bool claim_shares_doubt(const reader *r, const drafts *d, size_t i);
/* "Two of its members", says a body of rescuers: they are rescuers too, whatever else the word is used for.
 */
void claim_share_trade(const node *people, claim *c);
/* "No other wounded": nobody but those told, which is not nobody. */
bool claim_are_others(const reader *r, const node *people);

/* claim_stance.c */
/* Is another mark of that class, and stance where one is asked for, in its sentence? */
bool claim_beside(const matches *marks, const match *m, enum lang_class c, int told);
/* Its voice and relays, and what that voice makes of it. */
void claim_set_speaker(reader *r, const matches *marks, const match *m, const node *people, claim *c);

/* claim_people.c */
/* Figure, class, group and words of the people of a node. */
void claim_set_people(reader *r, const node *p, claim *c);
/* Nobody, as a mark says it. */
void claim_set_zero(reader *r, const match *m, claim *c);

/* claim_context.c */
/* The day the news is about: the first single day told, if it is told near the head of the text. */
void claims_find_lead(reader *r);
/* What the claims of each sentence share: their act, time, scope and place. */
void claims_set_contexts(reader *r, const drafts *d);

/* claim_repeats.c */
/* Where a claim stands; a heading is a line of its own within the body. */
typedef enum told_in { IN_BODY, IN_HEADING, IN_TITLE } told_in;
/* Drops what is told again (the later, fuller statement replaces a headline) and renumbers the parts; `where`
 * is by claim of the segment. */
void claims_drop_repeats(reader *r, const told_in *where);
/* Counts that add up to a total told before them are its parts. */
void claims_join_sums(reader *r);

#endif
