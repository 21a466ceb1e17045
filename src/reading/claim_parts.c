/* Claims that lean on others: parts of a whole, items of a list, denials that point back, figures told anew.
 */
#include "reading/claims.h"

/* The claim that a part or a listed group leans on: the one just before in the sentence; a part may lean
 * on the sentence before. */
int claim_leans_on(const drafts *d, size_t i) {
    uint32_t s = d->at[i].mark->out.sentence, back = emits(d->at[i].mark, IS_PARTS) ? 1 : 0;
    for (size_t k = i; k-- > 0 && i - k < 12 && d->at[k].mark->out.sentence + back >= s;)
        if (d->at[k].claim >= 0)
            return d->at[k].claim;
    return NONE;
}

/* The whole that a part names by its effect ("among the dead"): the last claim of that effect that is no
 * part. */
static int whole_of(const reader *r, const drafts *d, size_t i, effect e) {
    for (size_t k = i; k-- > 0 && i - k < 32;) {
        const claim *c = d->at[k].claim >= 0 ? &r->out->claims.at[d->at[k].claim] : NULL;
        if (c && c->effect == e && c->part_of < 0)
            return d->at[k].claim;
    }
    return NONE;
}

/* "Among the victims", where none but dead were told of before. */
static bool are_dead(const reader *r, const drafts *d, size_t i, effect told) {
    return told == EFFECT_CASUALTIES && whole_of(r, d, i, EFFECT_CASUALTIES) == NONE &&
           whole_of(r, d, i, EFFECT_INJURED) == NONE && whole_of(r, d, i, EFFECT_KILLED) != NONE;
}

/* "Half of them", "most of the dead": reckoned from the whole, where it is known. More than one kind of
 * people that are most of a whole together ("most of them women and children") tell no number each. */
static void reckon_share(const reader *r, const node *p, const claim *whole, claim *c) {
    int share = p->feature[FEATURE_SHARE];
    const node *end = r->nodes.node.at + r->nodes.node.size;
    if (!share || whole->min == 0 || whole->max == COUNT_OPEN ||
        (p + 2 < end && node_is(p + 1, IS_AND) && !node_is(p + 2, IS_PORTION)))
        return;
    static const struct {
        int64_t parts, of;
    } shares[] = {[VALUE_SHARE_HALF] = {1, 2},
                  [VALUE_SHARE_THIRD] = {1, 3},
                  [VALUE_SHARE_QUARTER] = {1, 4},
                  [VALUE_SHARE_TWO_THIRDS] = {2, 3}};
    if (share == VALUE_SHARE_MOST) {
        c->min = whole->min / 2 + 1;
        c->max = whole->max;
    } else if (share > 0 && share <= VALUE_SHARE_TWO_THIRDS && shares[share].of) {
        c->min = whole->min / shares[share].of * shares[share].parts;
        c->max = whole->max / shares[share].of * shares[share].parts;
    }
}

enum { NAMES_NODES = 48 };

/* What befell the people of a list, as the line before it says ("the dead are:"); 0 where none does. Between
 * it and a line that is nothing but a name stand other such lines only, and it ends in a colon or in its
 * word. */
static int header_effect(const reader *r, const node *people) {
    bool name = people->feature[FEATURE_POINTS];
    for (uint32_t k = 1, most = HEADER_NODES; k <= most && k <= NAMES_NODES && people - k >= r->nodes.node.at;
         k++) {
        const node *n = people - k;
        if (n->sentence != people->sentence && node_is(n, IS_HARMED))
            return n->feature[FEATURE_EFFECT];
        if (name && n->feature[FEATURE_POINTS])
            most = k + HEADER_NODES;
        else if ((name && n->sentence != n[1].sentence && !node_is(n, IS_COLON)) || node_is(n, IS_PEOPLE) ||
                 node_is(n, IS_HARM) || node_is(n, IS_COUNT))
            return 0;
    }
    return 0;
}

/* Parts and listed people take what befell them from the claim they lean on, unless they say it themselves.
 */
bool claim_set_leaning(const reader *r, const drafts *d, size_t i, int leans, claim *c) {
    const match *m = d->at[i].mark;
    const node *people = d->at[i].people;
    int told = m->out.feature[FEATURE_EFFECT];
    if (!told && (node_is(people, IS_HARM) || node_is(people, IS_PORTION) || node_is(people, IS_HARMED)))
        told = people->feature[FEATURE_EFFECT];
    if (!told && emits(m, IS_PARTS))
        told = header_effect(r, people);
    if (!told && (leans < 0 || people->feature[FEATURE_POINTS]))
        return false;
    const claim *whole = leans >= 0 ? &r->out->claims.at[leans] : NULL;
    bool bare_name = emits(m, IS_LISTED) && people->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK &&
                     people->feature[FEATURE_GROUP] == VALUE_GROUP_NAMED;
    /* it goes on a list of names, and names none of those counted */
    if (bare_name && (!whole || whole->max != 1))
        return false;
    c->effect = told ? (effect)(told - 1) : whole->effect;
    if (told && emits(m, IS_PARTS) && are_dead(r, d, i, c->effect))
        c->effect = EFFECT_KILLED;
    if (emits(m, IS_LISTED))
        c->part_of = whole ? whole->part_of : NONE;
    else if (told)
        c->part_of = whole_of(r, d, i, c->effect);
    else
        c->part_of = whole->part_of >= 0 ? whole->part_of : leans;
    if (c->part_of >= 0)
        reckon_share(r, people, &r->out->claims.at[c->part_of], c);
    else
        return true;
    const claim *of = &r->out->claims.at[c->part_of];
    if (of->max != COUNT_OPEN && c->min >= of->max) /* no part is as great as its whole */
        c->part_of = of->part_of;
    return true;
}

/* "Most of the dead were at home" is a part of the dead told before. */
void claim_set_share(const reader *r, const drafts *d, size_t i, claim *c) {
    c->part_of = whole_of(r, d, i, c->effect);
    if (c->part_of >= 0)
        reckon_share(r, d->at[i].people, &r->out->claims.at[c->part_of], c);
}

/* "No dead or wounded": people who share the zero before them. */
const match *claim_shares_zero(const reader *r, const drafts *d, size_t i) {
    const node *p = d->at[i].people, *n = p - 1, *from = r->nodes.node.at;
    if (i == 0 || !node_is(p, IS_HARM) || p->max != COUNT_OPEN || !emits(d->at[i - 1].mark, IS_ZERO))
        return NULL;
    while (n > from && (node_is(n, IS_ANY) || node_is(n, IS_NEGATION)))
        n--;
    const match *zero = d->at[i - 1].mark;
    bool joined = n > from && (node_is(n, IS_AND) || node_is(n, IS_OR)) && n[-1].last == zero->out.last;
    return joined && n->sentence == p->sentence ? zero : NULL;
}

enum { DENIED_BACK = 12, DENIED_SENTENCES = 2 };

/* Is somebody blamed for the harm? That he denies it says not that nobody was harmed. */
static bool is_blame(const reader *r, const draft *x) {
    hearing h = reader_hear(r, x->mark->out.sentence, x->people->first);
    const captured *v = h.match[0] ? &h.match[0]->label[LABEL_V] : NULL;
    return v && v->count && node_is(v->first, IS_ACCUSE);
}

/* The claim that a denial without a word for harm points back to ("the ministry denied it"): the nearest, if
 * somebody else made it, in the same sentence or in the two before. */
static size_t points_at(const reader *r, const drafts *d, size_t i, const voice *by) {
    uint32_t s = d->at[i].mark->out.sentence;
    for (size_t k = i; k-- > 0 && i - k < DENIED_BACK;) {
        const draft *x = &d->at[k];
        if (x->mark->out.sentence + DENIED_SENTENCES < s)
            break;
        const claim *c = x->claim >= 0 ? &r->out->claims.at[x->claim] : NULL;
        if (!c || c->part_of >= 0)
            continue;
        bool own =
            SPAN_NONE(c->voice.at) == SPAN_NONE(by->at) &&
            (SPAN_NONE(by->at) ? c->stance != STANCE_HEDGES : str_equal(c->voice.at.text, by->at.text));
        return own || c->max == 0 || is_blame(r, x) ? SIZE_MAX : k;
    }
    return SIZE_MAX;
}

/* Were others told of in one breath with a claim to have been killed, or hurt? */
static bool told_both(const reader *r, const drafts *d, size_t k) {
    const claim *c = &r->out->claims.at[d->at[k].claim];
    for (size_t n = k;
         n-- > 0 && k - n < DENIED_BACK && d->at[n].mark->out.sentence == d->at[k].mark->out.sentence;) {
        const claim *b = d->at[n].claim >= 0 ? &r->out->claims.at[d->at[n].claim] : NULL;
        if (b && b->part_of < 0 && b->effect != c->effect && b->effect <= EFFECT_CASUALTIES &&
            c->effect <= EFFECT_CASUALTIES)
            return true;
    }
    return false;
}

/* The claim that a number alone counts anew ("others say that they were eight"): the nearest, in the same
 * sentence or the one before. */
static size_t counted_anew(const reader *r, const drafts *d, size_t i) {
    uint32_t s = d->at[i].mark->out.sentence;
    for (size_t k = i; k-- > 0 && i - k < DENIED_BACK && d->at[k].mark->out.sentence + 1 >= s;) {
        const claim *c = d->at[k].claim >= 0 ? &r->out->claims.at[d->at[k].claim] : NULL;
        if (c && c->part_of < 0)
            return c->max == 0 ? SIZE_MAX : k;
    }
    return SIZE_MAX;
}

bool claim_set_anew(reader *r, drafts *d, size_t i, claim *c) {
    size_t at = counted_anew(r, d, i);
    if (at == SIZE_MAX)
        return false;
    const claim *of = &r->out->claims.at[d->at[at].claim];
    bool he = node_is(d->at[i].people, IS_THAT); /* "he was killed" */
    if (he && (of->max != 1 || c->effect != of->effect))
        return false;
    d->at[i].of = d->at[at].claim;
    c->effect = of->effect;
    if (he) {
        c->known = true;
        c->min = c->max = 1;
        c->who_group = of->who_group;
    }
    if (c->who_class == CLASS_UNKNOWN)
        c->who_class = of->who_class;
    return true;
}

/* That nobody was harmed ("not one", rather than "without harm") is a denial where another has just told that
 * somebody was. */
bool claim_contradicts(const reader *r, const drafts *d, size_t i, const claim *c) {
    if (SPAN_NONE(c->voice.at) || !d->at[i].mark->out.feature[FEATURE_POINTS])
        return false;
    size_t at = points_at(r, d, i, &c->voice);
    const claim *b = at == SIZE_MAX ? NULL : &r->out->claims.at[d->at[at].claim];
    return b && d->at[at].mark->out.sentence + 1 >= d->at[i].mark->out.sentence && !SPAN_NONE(b->voice.at) &&
           (b->effect == c->effect || c->effect == EFFECT_CASUALTIES || b->effect == EFFECT_CASUALTIES);
}

/* Nobody came to the harm that was told before. */
bool claim_set_denial(reader *r, drafts *d, size_t i, claim *c) {
    const match *m = d->at[i].mark;
    hearing h = reader_hear(r, m->out.sentence, d->at[i].people->first);
    size_t at = points_at(r, d, i, &h.voice);
    if (at == SIZE_MAX)
        return false;
    const claim *denied = &r->out->claims.at[d->at[at].claim];
    d->at[i].of = d->at[at].claim;
    claim_set_zero(r, m, c);
    c->effect = told_both(r, d, at) ? EFFECT_CASUALTIES : denied->effect;
    c->who_class = denied->who_class;
    c->who_group = denied->who_group == GROUP_NAMED ? GROUP_NONE : denied->who_group;
    return true;
}

/* A denial is of the harm that it denies, another number of what it counts anew. */
void claims_share_before(reader *r, const drafts *d) {
    for (size_t i = 0; i < d->size; i++) {
        if (d->at[i].claim < 0 || d->at[i].of < 0)
            continue;
        claim *c = &r->out->claims.at[d->at[i].claim];
        const claim *of = &r->out->claims.at[d->at[i].of];
        bool denies = emits(d->at[i].mark, IS_DENIAL);
        if (denies || c->event_index < 0) {
            c->event = of->event;
            c->event_index = of->event_index;
        }
        if (!denies)
            continue;
        c->actor = of->actor;
        c->place = of->place;
        c->scope = of->scope;
        claim_take_time(c, of);
    }
}

/* Doubt reaches on from a claim to its parts, and to what is told in one breath with it: "reports of the
 * death of five, two of them children, and the wounding of ten". */
bool claim_shares_doubt(const reader *r, const drafts *d, size_t i) {
    const match *m = d->at[i].mark;
    if (i == 0 || d->at[i - 1].mark->out.sentence != m->out.sentence || d->at[i - 1].claim < 0 ||
        r->out->claims.at[d->at[i - 1].claim].stance != STANCE_HEDGES)
        return false;
    const node *first = m->first;
    bool masdar = node_is(first, IS_EFFECT) && first->feature[FEATURE_FORM] == VALUE_FORM_MASDAR;
    return emits(m, IS_PARTS) || emits(m, IS_LISTED) ||
           (masdar && first > r->nodes.node.at && node_is(first - 1, IS_AND));
}

/* "Two of its members", "nobody in the ranks of its members", says a body of rescuers: they are rescuers too,
 * whatever else the word is used for. */
void claim_share_trade(const node *people, claim *c) {
    bool trade = c->voice.kind == VOICE_RESCUE || c->voice.kind == VOICE_MEDICAL;
    bool its_own = people->feature[FEATURE_PRONOUN] || c->max == 0;
    if (!trade || c->who_class != CLASS_COMBATANT || !its_own)
        return;
    c->who_class = CLASS_CIVILIAN;
    c->who_group = c->voice.kind == VOICE_RESCUE ? GROUP_RESCUER : GROUP_MEDIC;
}

/* "No other wounded": nobody but those told, which is not nobody. */
bool claim_are_others(const reader *r, const node *people) {
    const node *end = r->nodes.node.at + r->nodes.node.size, *next = people + 1;
    return node_made_of(people, IS_OTHERS) ||
           (next < end && next->sentence == people->sentence && node_made_of(next, IS_OTHERS));
}
