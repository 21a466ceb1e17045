/* Acts: every mention of an act in the text, what holds of it, and whether it tells a distinct act. Private
 * to src/reading.
 *
 * What holds of a mention is a set of features (data/reading/act_features.tsv) that look at the mention and
 * at all others, never at what was decided of them. Their weights (act_weights.tsv) are trained by
 * eval/train_acts.py. */
#ifndef ISN_READING_ACTS_H
#define ISN_READING_ACTS_H

#include "act_features.h"
#include "reading/reader.h"

enum { ACT_WORDS = (ACT_FEATURES + 63) / 64 };

struct sentence_facts;

typedef struct act {
    const match *mark;
    const struct sentence_facts *told; /* what else its sentence tells */
    const node *trigger;
    uint32_t sentence, first, last;
    event_type type;
    bool vague;     /* a word that does not say which kind of attack */
    bool any;       /* "attack": any kind of it */
    bool own_place; /* told behind it, before the next act */
    int place;
    int further[3]; /* places told after it, or NONE */
    const actor_node *actor;
    const time_node *time;
    uint64_t has[ACT_WORDS];
    bool weighed;
    float score; /* above zero: a distinct act */
    int event;   /* index into the reading's events, or NONE */
} act;

typedef struct acts {
    act *at;
    size_t size;
} acts;

static inline bool act_has(const act *a, enum act_feature f) {
    return a->has[f / 64] >> (f % 64) & 1;
}

/* What two mentions of one kind have in common; 0 where they are of two kinds. */
enum act_tie {
    TIE_KIND = 1,
    TIE_ONE = 2, /* nothing told of the two says that they are not one */
    TIE_SAME = 4,
    TIE_MEETS = 8,
    TIE_DAY = 16,
    TIE_SENTENCE = 32,
    TIE_NEAR = 64,
    TIE_WORD = 128,
    TIE_ACTOR = 256,
    TIE_RIVAL = 512,    /* two actors are told */
    TIE_FIGURE = 1024,  /* both sentences tell the same figure of people harmed */
    TIE_FIGURES = 2048, /* both tell figures, and none the same */
    TIE_PARAGRAPH = 4096,
    TIE_FAR = 8192,     /* several sentences lie between */
    TIE_NARROW = 16384, /* two places that meet */
    TIES = 15
};
unsigned acts_tie(const reader *r, const act *a, const act *b);

/* Finds and weighs the acts of the segment: those of the body in their order, then those of the headline. */
void acts_weigh(const reader *r, const matches *marks, const matches *claims, acts *out);
/* From the air or from afar: an air strike, a drone strike, shelling. */
bool act_from_above(event_type t);
/* "The attack" may be any kind of attack, "the bombardment" any kind from above. */
bool acts_same_kind(const act *a, const act *b);
/* So many attacks, of whatever kind. */
bool act_is_sum(const act *a);
/* Nothing that is told of the two says that they are not one. */
bool acts_may_be_one(const reader *r, const act *a, const act *b);
const char *act_feature_name(enum act_feature f);
const char *act_tie_name(int bit);
const char *acts_version(void);

#endif
