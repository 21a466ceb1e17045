/* Who is harmed and how many: the figure, the class and the group of a claim's people. */
#include "reading/claims.h"

enum { CLASS_NODES = 7, PLURAL = 2 };

/* What stands between the harmed and a word behind them that tells who they are: "dead and wounded in the
 * ranks of the army", "five members of the police". */
static bool leads_on(const node *n) {
    return node_is(n, IS_OF) || node_is(n, IS_IN) || node_is(n, IS_AND) || node_is(n, IS_HARM) ||
           node_is(n, IS_HARMED) || node_is(n, IS_ADJECTIVE) || node_is(n, IS_NATIONALITY) ||
           node_is(n, IS_AMONG) || node_is(n, IS_BETWEEN) || node_is(n, IS_RANKS) || node_is(n, IS_QUOTE) ||
           (node_is(n, IS_DETERMINER) && node_is(n - 1, IS_OF)) ||
           (node_is(n, IS_HEDGE) && n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK) ||
           (node_is(n, IS_THAT) && node_is(n - 1, IS_HEDGE)) ||
           (n->feature[FEATURE_WHO] == VALUE_WHO_UNKNOWN && node_is(n - 1, IS_OF));
}

/* A body whose people bear arms, where somebody is said to be of it: "members of the security forces". */
static bool bears_arms(const node *n) {
    int kind = n->feature[FEATURE_VOICE];
    return node_is(n, IS_ARMED) ||
           (node_is(n, IS_SOURCE) && (node_is(n - 1, IS_OF) || node_is(n - 1, IS_RANKS)) &&
            (kind == VALUE_VOICE_MILITARY || kind == VALUE_VOICE_POLICE || kind == VALUE_VOICE_SECURITY ||
             kind == VALUE_VOICE_ARMED_GROUP));
}

/* The class of unknown people, if a word of the few behind `last` tells it; 0 without. */
static int class_behind(const reader *r, const node *last) {
    const node *end = r->nodes.node.at + r->nodes.node.size;
    for (const node *n = last + 1; n < end && n - last <= CLASS_NODES && n->sentence == last->sentence; n++) {
        int who = n->feature[FEATURE_WHO];
        bool counted = (node_is(n, IS_PEOPLE) && n->max != COUNT_OPEN) ||
                       (node_is(n, IS_HARM) && n->min > PLURAL); /* another group */
        if (bears_arms(n))
            return VALUE_WHO_COMBATANT;
        if (node_is(n, IS_ADJECTIVE) && n + 1 < end &&
            (node_is(n + 1, IS_PLACE_HEAD) || node_is(n + 1, IS_PLACE)))
            return 0; /* "in rebel areas" */
        if (who && who != VALUE_WHO_UNKNOWN)
            return counted ? 0 : who;
        if (!leads_on(n))
            return 0;
    }
    return 0;
}

/* The class that an office behind a name tells: "Salim Karim, a commander of the battalion"; 0 without. */
static int class_of_office(const reader *r, const node *name) {
    const node *end = r->nodes.node.at + r->nodes.node.size, *office = name + 2;
    bool beside = office < end && office->sentence == name->sentence && node_is(name + 1, IS_COMMA);
    bool one =
        beside && ((node_is(office, IS_PEOPLE) && office->max == 1) ||
                   (node_is(office, IS_PERSON) && office->feature[FEATURE_NUMBER] == VALUE_NUMBER_SINGULAR));
    return one ? office->feature[FEATURE_WHO] : 0;
}

/* The class that a word within the people tells beside their noun: "six dead civilians". */
static int class_within(const node *people) {
    const match *m = people->match;
    if (!m || people->feature[FEATURE_GROUP] == VALUE_GROUP_NAMED)
        return 0;
    for (uint32_t i = 0; i < m->count; i++) {
        int who = m->first[i].feature[FEATURE_WHO];
        if (who && who != VALUE_WHO_UNKNOWN)
            return who;
        if (node_is(&m->first[i], IS_ARMED) && node_is(people, IS_PEOPLE)) /* "12 army members" */
            return VALUE_WHO_COMBATANT;
    }
    return 0;
}

enum { TOLL_NODES = 24 };

/* The class that is told where the toll is named: "the number of civilians killed rose to 16". */
static int class_of_toll(const reader *r, const node *people) {
    const node *begin = r->nodes.node.at;
    for (const node *n = people - 1;
         n >= begin && n->sentence == people->sentence && people - n <= TOLL_NODES; n--) {
        if (node_is(n, IS_TOLL))
            return class_behind(r, n);
        bool told_of_them = n > begin && node_is(n - 1, IS_RELATIVE); /* "who were killed" */
        bool counted = node_is(n, IS_COUNT) || (node_is(n, IS_PEOPLE) && n->max != COUNT_OPEN);
        if (counted || node_is(n, IS_THAT) || (node_is(n, IS_EFFECT) && !told_of_them))
            return 0;
    }
    return 0;
}

static int class_told(const reader *r, const node *people) {
    int who = people->feature[FEATURE_GROUP] == VALUE_GROUP_NAMED ? class_of_office(r, people) : 0;
    who = who ? who : class_within(people);
    who = who ? who : class_behind(r, people);
    return who ? who : class_of_toll(r, people);
}

enum { BODY_NODES = 4 };

/* The group of those who are said to be of a body that bears no arms: "members of a team of the civil
 * defence", "three men of the ambulance"; GROUP_NONE without. */
static who_group serves(const reader *r, const node *people) {
    const node *end = r->nodes.node.at + r->nodes.node.size;
    for (const node *n = people + 1; n < end && n - people <= BODY_NODES && n->sentence == people->sentence;
         n++) {
        bool source = node_is(n, IS_SOURCE) && !node_is(n, IS_ARMED);
        if (source && n->feature[FEATURE_VOICE] == VALUE_VOICE_RESCUE)
            return GROUP_RESCUER;
        if (source && n->feature[FEATURE_VOICE] == VALUE_VOICE_MEDICAL)
            return GROUP_MEDIC;
        bool team = source && n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
        if (!team && !node_is(n, IS_OF) && !node_is(n, IS_IN) && !node_is(n, IS_QUOTE) &&
            !(node_is(n, IS_DETERMINER) && node_is(n - 1, IS_OF)))
            break;
    }
    return GROUP_NONE;
}

/* "A senior commander": one by his rank, which says not how many there were. */
static bool told_by_rank(const node *p) {
    bool rank = node_is(p, IS_TITLE), number = node_is(p, IS_COUNT);
    for (uint32_t i = 0; p->match && i < p->match->count; i++) {
        rank |= node_is(&p->match->first[i], IS_TITLE);
        number |= node_is(&p->match->first[i], IS_COUNT) || node_is(&p->match->first[i], IS_NUMBER);
    }
    return rank && !number;
}

void claim_set_people(reader *r, const node *p, claim *c) {
    bool counted =
        node_is(p, IS_PEOPLE) || node_is(p, IS_COUNT) || node_is(p, IS_HARM) || node_is(p, IS_PORTION);
    bool some = node_is(p, IS_SOME) && p->min > PLURAL; /* "many" */
    int number = p->feature[FEATURE_NUMBER];
    bool few = node_is(p, IS_PERSON) && (number == VALUE_NUMBER_SINGULAR || number == VALUE_NUMBER_DUAL);
    c->min = counted || some ? p->min : few && number == VALUE_NUMBER_SINGULAR ? 1 : 2; /* a plain plural */
    c->max = counted ? p->max : few ? c->min : COUNT_OPEN;
    c->approx = p->feature[FEATURE_APPROX];
    c->known = node_is(p, IS_PERSON) || p->feature[FEATURE_DEFINITE];
    c->by_rank = p->min == 1 && p->max == 1 && told_by_rank(p);
    c->count = reader_span(r, p->first, p->last);
    const captured *w = p->match ? &p->match->label[LABEL_W] : NULL;
    if (w && w->count)
        c->who = reader_span(r, w->first->first, p->last);
    int who = p->feature[FEATURE_WHO], group = p->feature[FEATURE_GROUP];
    if (!who || who == VALUE_WHO_UNKNOWN)
        who = class_told(r, p);
    c->who_class = who ? (who_class)(who - 1) : CLASS_UNKNOWN;
    c->who_group = (who_group)group;
    who_group body = node_is(p, IS_PEOPLE) && c->who_class != CLASS_CIVILIAN ? serves(r, p) : GROUP_NONE;
    if (body != GROUP_NONE)
        c->who_class = CLASS_CIVILIAN;
    if (c->who_group == GROUP_NONE)
        c->who_group = body;
}

void claim_set_zero(reader *r, const match *m, claim *c) {
    const node *p = m->label[LABEL_P].first;
    int told = m->out.feature[FEATURE_EFFECT] ? m->out.feature[FEATURE_EFFECT] : p->feature[FEATURE_EFFECT];
    c->min = c->max = 0;
    c->count = reader_span(r, m->out.first, m->out.last);
    c->who_class = CLASS_UNKNOWN;
    c->effect = EFFECT_CASUALTIES;
    if (!node_is(p, IS_LOSSES) && told &&
        !(p->match && p->match->label[LABEL_W].count && node_is(p->match->label[LABEL_W].first, IS_LOSSES)))
        c->effect = (effect)(told - 1);
    const captured *w = &m->label[LABEL_W];
    if (w->count && w->first->feature[FEATURE_WHO]) {
        c->who = reader_span(r, w->first->first, w->first->last);
        c->who_class = (who_class)(w->first->feature[FEATURE_WHO] - 1);
        c->who_group = (who_group)w->first->feature[FEATURE_GROUP];
    } else if (p->feature[FEATURE_WHO])
        c->who_class = (who_class)(p->feature[FEATURE_WHO] - 1);
    if (c->who_class == CLASS_UNKNOWN) {
        int who = class_behind(r, m->first + m->count - 1); /* "no casualties among civilians" */
        c->who_class = who ? (who_class)(who - 1) : CLASS_UNKNOWN;
    }
}
