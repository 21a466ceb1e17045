/* Where in a sentence each rule of a phase may begin, told before any is run. */
#ifndef ISN_LANG_START_H
#define ISN_LANG_START_H

#include "lang/lang.h"

typedef struct candidate {
    const struct lang_rule *rule;
    size_t index;       /* among the rules of the phase */
    const uint64_t *at; /* the nodes that may be the first of a match, a bit each */
} candidate;

/* Sets of nodes are bits, `span` words each. */
typedef struct starts {
    const struct lang *lang;
    struct lang_classes asked; /* by rules of the phases that are to be run: no other class counts */
    const node *nodes;         /* of the sentence */
    uint32_t count, span;
    struct lang_classes all; /* those that stand in it, or stood */
    bool indexed;            /* `of_class` has been filled: not before some rule is possible */
    uint64_t *of_class;      /* by class, of those in `all`: the nodes that have it */
    uint64_t *sets;          /* of the candidates, of all of them together, of the phase's anchors */
    uint64_t *anchored;      /* those of the anchors: where a match may begin for the sake of each alone */
    uint64_t known[ANCHOR_WORDS]; /* the anchors whose sets have been reckoned */
    size_t of_class_room, sets_room;
    candidate candidate[64 * RULE_WORDS];
    size_t candidates;
    uint64_t *any; /* the nodes at which any of them may begin */
} starts;

/* A phase whose rules will be looked for. */
void starts_ask(starts *s, const struct lang_range *phase);
/* A sentence of so many nodes. */
void starts_look(starts *s, const node *at, uint32_t count);
/* `length` of its nodes from the i-th on have been replaced by one. */
void starts_replace(starts *s, uint32_t i, uint32_t length, const node *made);
/* Finds the candidates among the rules of a phase; false where there are none. `at`: the nodes. */
bool starts_find(starts *s, const struct lang_range *phase, const node *at, arena *a);
/* The first node from one on at which any may begin; UINT32_MAX where there is none. */
uint32_t starts_next(const starts *s, uint32_t from);

static inline bool starts_at(const candidate *c, uint32_t node_index) {
    return c->at[node_index / 64] >> (node_index % 64) & 1;
}

static inline bool conditions_hold(const struct lang_part *part, const node *n) {
    const struct lang_condition *c = &lang_conditions[part->condition], *end = c + part->conditions;
    for (; c < end; c++)
        if ((n->feature[c->feature] == c->value) == (bool)c->negated)
            return false;
    return true;
}

#endif
