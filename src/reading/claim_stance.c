/* Who says it, and whether it is asserted, doubted or denied. */
#include "reading/claims.h"

/* May doubt reach over a word? What is only believed is the harm itself ("it is believed that three were
 * killed"), not who did it ("aircraft believed to be American killed three"). */
static bool doubt_reaches(const node *n) {
    static const enum lang_class over[] = {
        IS_THAT,      IS_EFFECT,     IS_OCCUR,      IS_PREPOSITION, IS_COUNT,  IS_BOUND_MIN,
        IS_HARMED,    IS_BOUND_MORE, IS_APPROX,     IS_TOLL,        IS_HARM,   IS_PEOPLE,
        IS_AND,       IS_RISES,      IS_CAUSE_VERB, IS_ADVERB,      IS_LOSSES, IS_QUOTE,
        IS_AUXILIARY, IS_IN,         IS_PLACE,      IS_TIME};
    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        if (node_is(n, over[i]))
            return true;
    return false;
}

enum { DOUBT_REACH = 10 };

/* "It is believed that" casts doubt on all that follows; "believed to be", "that it is", "a shelling that is
 * believed to …" on what stands before. */
static bool opens_clause(const reader *r, const node *n, const node *people) {
    if (n > r->nodes.node.at && (node_is(n - 1, IS_EVENT) || node_is(n - 1, IS_WEAPON) ||
                                 node_is(n - 1, IS_AIRCRAFT) || node_is(n - 1, IS_ARMED)))
        return false;
    for (const node *next = n + 1; next < people && !node_is(next, IS_EFFECT); next++)
        if (node_is(next, IS_THAT))
            return !next->feature[FEATURE_PRONOUN];
    return false;
}

/* A number that is told as a guess: "perhaps as many as thirty". */
static bool guessed(const node *people) {
    const captured *c = people->match ? &people->match->label[LABEL_C] : NULL;
    return people->feature[FEATURE_STANCE] == VALUE_STANCE_HEDGES ||
           (c && c->count && c->first->feature[FEATURE_STANCE] == VALUE_STANCE_HEDGES);
}

/* A word of doubt before the people, in their part of the sentence. That there is "no word of" anybody is
 * none. */
static bool hedged(const reader *r, const node *people, bool heard) {
    bool near = true;
    if (guessed(people))
        return true;
    for (uint32_t k = 1; k <= DOUBT_REACH; k++) {
        const node *n = people - k;
        if (n < r->nodes.node.at || n->sentence != people->sentence || node_is(n, IS_COMMA) ||
            node_is(n, IS_NEGATION) || node_is(n, IS_WITHOUT))
            return false;
        if (node_is(n, IS_HEDGE) && !(heard && node_is(n, IS_SAY)) &&
            (near || n->feature[FEATURE_STRENGTH] != VALUE_STRENGTH_WEAK || opens_clause(r, n, people))) {
            bool none = n > r->nodes.node.at && n[-1].sentence == n->sentence &&
                        (node_is(n - 1, IS_NEGATION) || node_is(n - 1, IS_WITHOUT));
            return !none;
        }
        near &= doubt_reaches(n);
    }
    return false;
}

/* Has the sentence of a mark another one of a class, and of a stance if one is asked for? Those around it are
 * looked at. */
static bool is_such(const match *x, enum lang_class c, int told) {
    return emits(x, c) && (!told || x->out.feature[FEATURE_STANCE] == told);
}

bool claim_beside(const matches *marks, const match *m, enum lang_class c, int told) {
    const match *end = marks->at.at + marks->at.size;
    for (const match *x = m;
         x-- > marks->at.at && m - x < MARKS_AROUND && x->out.sentence == m->out.sentence;)
        if (is_such(x, c, told))
            return true;
    for (const match *x = m + 1; x < end && x - m < MARKS_AROUND && x->out.sentence == m->out.sentence; x++)
        if (is_such(x, c, told))
            return true;
    return false;
}

/* Doubt between people and what befell them: "three of them perhaps died". */
static bool doubted_within(const reader *r, const match *m) {
    const node *people = m->label[LABEL_P].first, *end = r->nodes.node.at + r->nodes.node.size;
    for (const node *n = people + 1; n + 1 < end && n->last <= m->out.last; n++)
        if (node_is(n, IS_HEDGE) && !node_is(n, IS_SAY) && !node_is(n + 1, IS_THAT))
            return true;
    return false;
}

/* Does the next sentence, which claims nothing itself, say that nobody could verify this one? */
static bool doubted_after(const matches *marks, const match *m) {
    const match *end = marks->at.at + marks->at.size;
    uint32_t next = m->out.sentence + 1;
    for (const match *x = m + 1; x < end && x - m < MARKS_AROUND && x->out.sentence <= next; x++) {
        if (x->out.sentence == next && x->label[LABEL_P].count)
            return false;
        if (x->out.sentence == next && emits(x, IS_DOUBT) && x->out.feature[FEATURE_POINTS])
            return true;
    }
    return false;
}

/* That nobody was harmed is a denial where it is said against what others tell. */
static stance stance_of(const reader *r, const matches *marks, const match *m, const hearing *h) {
    int told = m->out.feature[FEATURE_STANCE];
    if (told)
        return (stance)(told - 1);
    if (emits(m, IS_DENIAL))
        return STANCE_DENIES;
    bool answers = claim_beside(marks, m, IS_REBUTTAL, 0) ||
                   claim_beside(marks, m, IS_DENIAL, VALUE_STANCE_DENIES) ||
                   reader_denied(r, m->out.sentence, m->label[LABEL_P].first->first, &h->voice);
    if (emits(m, IS_ZERO) && answers)
        return STANCE_DENIES;
    bool doubted = h->stance == VALUE_STANCE_HEDGES ||
                   hedged(r, m->label[LABEL_P].first, h->match[0] != NULL) || doubted_within(r, m) ||
                   doubted_after(marks, m) || claim_beside(marks, m, IS_DOUBT, 0) ||
                   claim_beside(marks, m, IS_REBUTTAL, VALUE_STANCE_HEDGES);
    return doubted ? STANCE_HEDGES : STANCE_ASSERTS;
}

enum { WHILE_BACK = 24 };

/* Does the page itself go on, where a speaker has denied or claimed something else: "the minister claimed
 * that the town was safe, hours after three had been killed"? */
static bool left_behind(const reader *r, const node *people, const hearing *h) {
    const match *by = h->match[0];
    if (!by || (h->stance != VALUE_STANCE_DENIES && h->stance != VALUE_STANCE_HEDGES))
        return false;
    for (uint32_t k = 1; k <= WHILE_BACK; k++) {
        const node *n = people - k;
        if (n <= r->nodes.node.at || n->sentence != people->sentence || n->first < by->out.last)
            return false;
        if (node_is(n, IS_WHILE) &&
            (node_is(n - 1, IS_COMMA) || (node_is(n - 1, IS_AND) && n->first > by->out.last)))
            return node_is(n - 1, IS_COMMA);
    }
    return false;
}

void claim_set_speaker(reader *r, const matches *marks, const match *m, const node *people, claim *c) {
    uint32_t s = m->out.sentence;
    const captured *untrue =
        &m->label[LABEL_V]; /* whoever calls it untrue: "the news of his death", he said, "is false" */
    hearing h = reader_hear(r, s, untrue->count ? untrue->first->first : people->first);
    if (m->out.feature[FEATURE_STANCE] != VALUE_STANCE_DENIES && left_behind(r, people, &h))
        h = (hearing){.voice = {.kind = VOICE_OUTLET}};
    c->voice = h.voice;
    for (size_t i = 0; i < h.via_count; i++)
        *VECTOR_PUSH(&c->via, r->a) = h.via[i];
    c->stance = stance_of(r, marks, m, &h);
    c->paragraph = r->first_paragraph + r->tokens.sentence.at[s].paragraph;
    c->evidence = reader_sentence(r, s);
}
