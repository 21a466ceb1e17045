/* Which marks become claims: several may stand on the same people. The best is kept (by priority, then the
 * shortest), and nothing is claimed inside a zero. */
#include "base/counters.h"
#include "reading/claims.h"

enum { WHOLE_PRIORITY = 20 };

uint32_t claim_people_first(const match *m) {
    return m->label[LABEL_P].first->first;
}

static bool better(const match *a, const match *b) {
    if (a->rule->priority != b->rule->priority)
        return a->rule->priority > b->rule->priority;
    return a->out.last - a->out.first < b->out.last - b->out.first;
}

/* Is nothing claimed of the people within a mark, whether they stand before or behind its own? What others
 * tell is no claim of who rebuts it. */
static bool empties(const match *m) {
    return emits(m, IS_VOID) || emits(m, IS_REBUTTAL);
}

/* Does a mark leave nothing to claim of the people of another: a zero, or a claim that says it is the whole?
 */
static bool takes_away(const match *z, const match *m) {
    bool nothing = (empties(z) && !emits(m, IS_DENIAL)) || emits(z, IS_ZERO),
         whole = z->rule->priority >= WHOLE_PRIORITY;
    bool inside = z != m && z->out.sentence == m->out.sentence && claim_people_first(m) >= z->out.first &&
                  claim_people_first(m) < z->out.last;
    return inside && (nothing || (whole && claim_people_first(z) != claim_people_first(m)));
}

/* Inside the stretch of a zero, or of a claim that says it is the whole, nothing else is claimed. */
static bool is_void(const matches *marks, size_t i) {
    const match *m = &marks->at.at[i];
    for (size_t k = i; k-- > 0 && i - k < MARKS_AROUND;)
        if (takes_away(&marks->at.at[k], m))
            return true;
    for (size_t k = i + 1; k < marks->at.size && k - i < MARKS_AROUND; k++)
        if (marks->at.at[k].out.first > claim_people_first(m))
            return false;
        else if (empties(&marks->at.at[k]) && takes_away(&marks->at.at[k], m))
            return true;
    return false;
}

/* "A commander in the field said": he who speaks is not harmed, however near the word for it. */
static bool is_speaker(const reader *r, const match *m) {
    const node *people = m->label[LABEL_P].first;
    if ((!node_is(people, IS_PEOPLE) && !node_is(people, IS_HARM)) || people->max != 1)
        return false;
    uint32_t in = m->out.sentence;
    for (size_t i = FIRST_OF_SENTENCE(r->attributions, in);
         i < r->attributions.size && r->attributions.at[i].sentence == in; i++) {
        COUNT(claim_steps, 1);
        const captured *s = &r->attributions.at[i].match->label[LABEL_S];
        if (s->count && s->first->first <= people->first && people->first < s->first[s->count - 1].last)
            return true;
    }
    return false;
}

/* The best mark for each group of people, in the order of the text. */
void claims_choose(reader *r, const matches *marks, drafts *out) {
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (!m->label[LABEL_P].count || is_void(marks, i) || is_speaker(r, m))
            continue;
        bool known = false;
        for (size_t k = out->size; k-- > 0 && out->size - k < 16 && !known;) {
            if (claim_people_first(out->at[k].mark) != claim_people_first(m))
                continue;
            known = true;
            if (better(m, out->at[k].mark))
                out->at[k] = (draft){m, m->label[LABEL_P].first, NONE, NONE};
        }
        if (!known)
            *VECTOR_PUSH(out, r->scratch) = (draft){m, m->label[LABEL_P].first, NONE, NONE};
    }
    for (size_t i = 1; i < out->size; i++) { /* almost sorted: marks come in the order of their first node */
        draft d = out->at[i];
        size_t k = i;
        for (; k > 0 && out->at[k - 1].people->first > d.people->first; k--)
            out->at[k] = out->at[k - 1];
        out->at[k] = d;
    }
}
