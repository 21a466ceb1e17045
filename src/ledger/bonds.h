/* How strongly two units are bound: traits of the pair, weighed by data/ledger/links.tsv. Not for other
 * folders. */
#ifndef ISN_LEDGER_BONDS_H
#define ISN_LEDGER_BONDS_H

#include "ledger/link.h"

/* In the order of trait_names (bonds.c) and of the table. */
typedef enum link_trait {
    LINK_ANY,
    LINK_SAME_DAY,
    LINK_DAYS_OVERLAP,
    LINK_DAY_APART,
    LINK_DAY_UNTOLD,
    LINK_PUBLISHED_APART,
    LINK_SAME_PLACE,
    LINK_NEAR_PLACE,
    LINK_DISTANCE,
    LINK_OTHER_TOWN,
    LINK_WITHIN_PLACE,
    LINK_SAME_REGION,
    LINK_PLACE_UNTOLD,
    LINK_PLACE_APART,
    LINK_CROWDED,
    LINK_SAME_ACT,
    LINK_LIKE_ACT,
    LINK_OTHER_ACT,
    LINK_EQUAL_FIGURE,
    LINK_EQUAL_ONE,
    LINK_OTHER_FIGURE,
    LINK_HARM_OF_ONE,
    LINK_SAME_PARTY,
    LINK_OTHER_PARTY,
    LINK_COMMON_TEXT,
    LINK_COMMON_NAMES,
    LINK_RARE_WORDS,
    LINK_BOTH_LEAD,
    LINK_SEVERAL,
    LINK_SAME_OUTLET,
    LINK_TRAITS
} link_trait;

const char *link_trait_name(link_trait t);

typedef struct link_weights {
    double of[LINK_TRAITS];
    str says[LINK_TRAITS]; /* in words; empty where the table has none */
    double group;          /* a pair within a group: at least so much below what links two units alone */
} link_weights;

/* From the text of a table: data/ledger/links.tsv or one like it. STATUS_BAD_INPUT with its line. */
status link_weights_read(str table, link_weights *out, failure *f);

/* "2/1a2b3c4d": the method's version and the beginning of the table's SHA-256. */
str linking_version(arena *a);

/* What is asked of all units before pairs can be weighed. */
typedef struct bonds {
    const unit_list *list;
    link_weights weights;
    uint32_t *told, tell_limit; /* in how many units a pair of words stands, by hash; how many are few */
    uint32_t *crowds;           /* how many towns are told of, by day and by day and region, by hash */
} bonds;

bonds bonds_of(const unit_list *list, const link_weights *weights, arena *a);
bool bonds_word_is_rare(const bonds *b, uint32_t pair_hash);
/* The days that a unit may speak of: told, or else before its publication; false: unknown. */
bool unit_days(const unit_list *list, const unit *u, day *from, day *to);
str unit_sketch(const unit_list *list, const unit *u);

/* Values of the traits of a pair, each from 0 up, mostly 0 or 1; false: they cannot tell of one incident.
 * Symmetric. */
bool bond_traits(const bonds *b, const unit *x, const unit *y, double values[LINK_TRAITS]);
/* Their weighed sum: above 0 they are one incident rather than two; -INFINITY where they cannot be. */
double bond_strength(const bonds *b, const unit *x, const unit *y);
/* Whether a pair says enough to be asked: without a place of one, a day and a kind of act are shared by
 * chance. */
bool bond_says_something(const double values[LINK_TRAITS]);
/* What a pair says of two groups that others bind. ANYWHERE: for, but one of them tells of a whole country,
 * and might as well be of another town's. */
typedef enum bond_vote { BOND_AGAINST, BOND_MUTE, BOND_ANYWHERE, BOND_FOR } bond_vote;
bond_vote bond_within(const bonds *b, const unit *x, const unit *y);

/* link.c: all units of a ledger, and which of them tell of one incident, by the table that comes with the
 * program and what reviewers said. Everything is in `a`. */
status units_linked(ledger *l, const name_tables *tables, arena *a, unit_list *units, link_weights *weights,
                    clusters *out, failure *f);

#endif
