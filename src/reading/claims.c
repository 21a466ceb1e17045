/* Claims: from marks to attributed figures.
 *
 * The claim phase marks people beside what befell them; several marks may stand on the same people. The best
 * is kept (by priority, then the shortest), parts and listed groups take the effect of the claim they lean
 * on, and each claim gets its voice, stance, event, place and time from the sentence, or from the lead. */
#include "base/counters.h"
#include "reading/choice.h"

enum { WHOLE_PRIORITY = 20, OWN_PLACE = 7 };

typedef struct draft {
    const match *mark;
    const node *people;
    int claim; /* index in the reading, once made */
    int of; /* the claim before that it denies, or tells another number of, without a word for harm; or NONE
             */
} draft;

typedef VECTOR(draft) drafts;

static bool emits(const match *m, enum lang_class c) {
    return m->rule->emits == c;
}

static uint32_t people_first(const match *m) {
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
    bool inside = z != m && z->out.sentence == m->out.sentence && people_first(m) >= z->out.first &&
                  people_first(m) < z->out.last;
    return inside && (nothing || (whole && people_first(z) != people_first(m)));
}

enum { MARKS_AROUND = 24 }; /* of a mark, are looked at on either side */

/* Inside the stretch of a zero, or of a claim that says it is the whole, nothing else is claimed. */
static bool is_void(const matches *marks, size_t i) {
    const match *m = &marks->at.at[i];
    for (size_t k = i; k-- > 0 && i - k < MARKS_AROUND;)
        if (takes_away(&marks->at.at[k], m))
            return true;
    for (size_t k = i + 1; k < marks->at.size && k - i < MARKS_AROUND; k++)
        if (marks->at.at[k].out.first > people_first(m))
            return false;
        else if (empties(&marks->at.at[k]) && takes_away(&marks->at.at[k], m))
            return true;
    return false;
}

/* "A commander in the field said": he who speaks is not harmed, however near the word for it. */
static bool is_speaker(const reader *r, const match *m) {
    const node *people = m->label[LABEL_P].first;
    if (!node_is(people, IS_PEOPLE) || people->max != 1)
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
static void choose(reader *r, const matches *marks, drafts *out) {
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (!m->label[LABEL_P].count || is_void(marks, i) || is_speaker(r, m))
            continue;
        bool known = false;
        for (size_t k = out->size; k-- > 0 && out->size - k < 16 && !known;) {
            if (people_first(out->at[k].mark) != people_first(m))
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

/* The claim that a part or a listed group leans on: the one just before in the sentence; a part may lean
 * on the sentence before. */
static int leans_on(const drafts *d, size_t i) {
    uint32_t s = d->at[i].mark->out.sentence, back = emits(d->at[i].mark, IS_PARTS) ? 1 : 0;
    for (size_t k = i; k-- > 0 && i - k < 12 && d->at[k].mark->out.sentence + back >= s;)
        if (d->at[k].claim >= 0)
            return d->at[k].claim;
    return NONE;
}

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

enum { CLASS_NODES = 7 };

/* What stands between the harmed and a word behind them that tells who they are: "dead and wounded in the
 * ranks of the army", "five members of the police". */
static bool leads_on(const node *n) {
    return node_is(n, IS_OF) || node_is(n, IS_IN) || node_is(n, IS_AND) || node_is(n, IS_HARM) ||
           node_is(n, IS_HARMED) || node_is(n, IS_ADJECTIVE) || node_is(n, IS_NATIONALITY) ||
           node_is(n, IS_AMONG) || node_is(n, IS_BETWEEN) || node_is(n, IS_RANKS) || node_is(n, IS_QUOTE) ||
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
        bool counted = node_is(n, IS_PEOPLE) && n->max != COUNT_OPEN; /* another group */
        if (bears_arms(n))
            return VALUE_WHO_COMBATANT;
        if (who && who != VALUE_WHO_UNKNOWN)
            return counted ? 0 : who;
        if (!leads_on(n))
            return 0;
    }
    return 0;
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
    }
    return 0;
}

static int class_told(const reader *r, const node *people) {
    int who = class_within(people);
    return who ? who : class_behind(r, people);
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
        if (!team && !node_is(n, IS_OF) && !node_is(n, IS_IN) && !node_is(n, IS_QUOTE))
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

static void set_people(reader *r, const node *p, claim *c) {
    bool counted =
        node_is(p, IS_PEOPLE) || node_is(p, IS_COUNT) || node_is(p, IS_HARM) || node_is(p, IS_PORTION);
    int number = p->feature[FEATURE_NUMBER];
    bool few = node_is(p, IS_PERSON) && (number == VALUE_NUMBER_SINGULAR || number == VALUE_NUMBER_DUAL);
    c->min = counted ? p->min : few && number == VALUE_NUMBER_SINGULAR ? 1 : 2; /* a plain plural */
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

static void set_zero(reader *r, const match *m, claim *c) {
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

/* In the order of the phases. */
static void explain(reader *r, const hearing *h, const match *m, claim *c) {
    if (c->time >= 0)
        explain_also(r, &r->out->times.at[c->time].because, &c->because);
    if (c->place >= 0)
        explain_also(r, &r->out->places.at[c->place].because, &c->because);
    for (size_t i = 0; i < sizeof h->match / sizeof *h->match; i++)
        explain_match(r, h->match[i], &c->because);
    explain_match(r, m, &c->because);
    explain_match(r, actor_match(r, m->out.sentence, &c->actor), &c->because);
}

/* Has the sentence of a mark another one of a class, and of a stance if one is asked for? Those around it are
 * looked at. */
static bool is_such(const match *x, enum lang_class c, int told) {
    return emits(x, c) && (!told || x->out.feature[FEATURE_STANCE] == told);
}

static bool beside(const matches *marks, const match *m, enum lang_class c, int told) {
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
    bool answers = beside(marks, m, IS_REBUTTAL, 0) || beside(marks, m, IS_DENIAL, VALUE_STANCE_DENIES) ||
                   reader_denied(r, m->out.sentence, m->label[LABEL_P].first->first, &h->voice);
    if (emits(m, IS_ZERO) && answers)
        return STANCE_DENIES;
    bool doubted = h->stance == VALUE_STANCE_HEDGES ||
                   hedged(r, m->label[LABEL_P].first, h->match[0] != NULL) || doubted_within(r, m) ||
                   doubted_after(marks, m) || beside(marks, m, IS_DOUBT, 0) ||
                   beside(marks, m, IS_REBUTTAL, VALUE_STANCE_HEDGES);
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

static void set_speaker(reader *r, const matches *marks, const match *m, const node *people, claim *c) {
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

enum { HEADER_NODES = 8, NAMES_NODES = 48 };

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
static bool set_leaning(const reader *r, const drafts *d, size_t i, int leans, claim *c) {
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
    c->effect = told ? (effect)(told - 1) : whole->effect;
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
static void set_share(const reader *r, const drafts *d, size_t i, claim *c) {
    c->part_of = whole_of(r, d, i, c->effect);
    if (c->part_of >= 0)
        reckon_share(r, d->at[i].people, &r->out->claims.at[c->part_of], c);
}

/* "No dead or wounded": people who share the zero before them. */
static const match *shares_zero(const reader *r, const drafts *d, size_t i) {
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

static bool set_anew(reader *r, drafts *d, size_t i, claim *c) {
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
static bool contradicts(const reader *r, const drafts *d, size_t i, const claim *c) {
    if (SPAN_NONE(c->voice.at) || !d->at[i].mark->out.feature[FEATURE_POINTS])
        return false;
    size_t at = points_at(r, d, i, &c->voice);
    const claim *b = at == SIZE_MAX ? NULL : &r->out->claims.at[d->at[at].claim];
    return b && d->at[at].mark->out.sentence + 1 >= d->at[i].mark->out.sentence && !SPAN_NONE(b->voice.at) &&
           (b->effect == c->effect || c->effect == EFFECT_CASUALTIES || b->effect == EFFECT_CASUALTIES);
}

/* Nobody came to the harm that was told before. */
static bool set_denial(reader *r, drafts *d, size_t i, claim *c) {
    const match *m = d->at[i].mark;
    hearing h = reader_hear(r, m->out.sentence, d->at[i].people->first);
    size_t at = points_at(r, d, i, &h.voice);
    if (at == SIZE_MAX)
        return false;
    const claim *denied = &r->out->claims.at[d->at[at].claim];
    d->at[i].of = d->at[at].claim;
    set_zero(r, m, c);
    c->effect = told_both(r, d, at) ? EFFECT_CASUALTIES : denied->effect;
    c->who_class = denied->who_class;
    c->who_group = denied->who_group == GROUP_NAMED ? GROUP_NONE : denied->who_group;
    return true;
}

/* A denial is of the harm that it denies, another number of what it counts anew. */
static void share_before(reader *r, const drafts *d) {
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
        c->time = of->time;
        c->time_inherited = of->time_inherited;
        c->date = of->date;
        c->from = of->from;
        c->to = of->to;
        c->since = of->since;
        c->scope = of->scope;
    }
}

/* Doubt reaches on from a claim to its parts, and to what is told in one breath with it: "reports of the
 * death of five, two of them children, and the wounding of ten". */
static bool shares_doubt(const reader *r, const drafts *d, size_t i) {
    const match *m = d->at[i].mark;
    if (i == 0 || d->at[i - 1].mark->out.sentence != m->out.sentence || d->at[i - 1].claim < 0 ||
        r->out->claims.at[d->at[i - 1].claim].stance != STANCE_HEDGES)
        return false;
    const node *first = m->first;
    bool masdar = node_is(first, IS_EFFECT) && first->feature[FEATURE_FORM] == VALUE_FORM_MASDAR;
    return emits(m, IS_PARTS) || emits(m, IS_LISTED) ||
           (masdar && first > r->nodes.node.at && node_is(first - 1, IS_AND));
}

/* "Two of its members", says a body of rescuers: they are rescuers too, whatever else the word is used for.
 */
static void share_trade(const node *people, claim *c) {
    bool trade = c->voice.kind == VOICE_RESCUE || c->voice.kind == VOICE_MEDICAL;
    if (!trade || c->who_class != CLASS_COMBATANT || !people->feature[FEATURE_PRONOUN])
        return;
    c->who_class = CLASS_CIVILIAN;
    c->who_group = c->voice.kind == VOICE_RESCUE ? GROUP_RESCUER : GROUP_MEDIC;
}

/* "No other wounded": nobody but those told, which is not nobody. */
static bool are_others(const reader *r, const node *people) {
    const node *end = r->nodes.node.at + r->nodes.node.size, *next = people + 1;
    return choice_made_of(people, IS_OTHERS) ||
           (next < end && next->sentence == people->sentence && choice_made_of(next, IS_OTHERS));
}

static bool make(reader *r, const matches *marks, drafts *d, size_t i, claim *c) {
    const match *m = d->at[i].mark;
    *c = (claim){
        .part_of = NONE, .event_index = NONE, .place = NONE, .time = NONE, .from = DAY_NONE, .to = DAY_NONE};
    const match *zero = shares_zero(r, d, i);
    if (emits(m, IS_DENIAL)) {
        if (beside(marks, m, IS_ZERO, 0) || !set_denial(r, d, i, c))
            return false;
    } else if (emits(m, IS_ZERO) && are_others(r, d->at[i].people)) {
        return false;
    } else if (emits(m, IS_ZERO) || zero) {
        set_zero(r, m, c);
    } else {
        set_people(r, d->at[i].people, c);
        const captured *e = &m->label[LABEL_E]; /* a plural that its verb tells to be two */
        if (e->count && e->first > d->at[i].people &&
            e->first->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL && c->min == 2)
            c->max = 2;
        int leans = leans_on(d, i);
        if (emits(m, IS_PARTS) || emits(m, IS_LISTED)) {
            if (!set_leaning(r, d, i, leans, c))
                return false;
        } else if (!m->out.feature[FEATURE_EFFECT] && !m->out.feature[FEATURE_POINTS]) {
            return false;
        } else if (m->out.feature[FEATURE_POINTS]) {
            if (m->out.feature[FEATURE_EFFECT])
                c->effect = (effect)(m->out.feature[FEATURE_EFFECT] - 1);
            if (!set_anew(r, d, i, c))
                return false;
        } else {
            c->effect = (effect)(m->out.feature[FEATURE_EFFECT] - 1);
            if (node_is(d->at[i].people, IS_PORTION) && d->at[i].people->feature[FEATURE_EFFECT])
                set_share(r, d, i, c);
        }
        if (c->who_class == CLASS_UNKNOWN && leans >= 0 && c->part_of < 0 &&
            (SPAN_NONE(c->who) || d->at[i].people->feature[FEATURE_PRONOUN])) { /* "and five others" */
            const claim *before = &r->out->claims.at[leans];
            if (before->part_of >= 0)
                before = &r->out->claims.at[before->part_of];
            if (before->who_group == GROUP_NONE ||
                before->who_group == GROUP_NAMED) /* those hurt beside a child are not said to be like it */
                c->who_class = before->who_class;
        }
    }
    if (c->part_of >= 0 && c->who_class == CLASS_UNKNOWN) /* two of the soldiers */
        c->who_class = r->out->claims.at[c->part_of].who_class;
    set_speaker(r, marks, m, d->at[i].people, c);
    share_trade(d->at[i].people, c);
    if (c->stance == STANCE_ASSERTS && emits(m, IS_ZERO) && contradicts(r, d, i, c))
        c->stance = STANCE_DENIES;
    if (c->stance == STANCE_ASSERTS && shares_doubt(r, d, i))
        c->stance = STANCE_HEDGES;
    if (zero && d->at[i - 1].claim >= 0)
        c->stance = r->out->claims.at[d->at[i - 1].claim].stance;
    bool hurt = emits(m, IS_ZERO) && c->effect == EFFECT_INJURED && node_is(d->at[i].people, IS_EFFECT);
    if (hurt && c->stance != STANCE_DENIES)
        c->effect = EFFECT_CASUALTIES; /* "nobody was hurt" */
    return true;
}

static bool is_letter(char c) { /* every letter but the Latin ones is beyond ASCII */
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

/* The next word of a phrase from a byte on: letters, and digits; empty at its end. */
static str next_word(str s, size_t *at) {
    size_t from = *at;
    while (from < s.size && !is_letter(s.data[from]))
        from++;
    size_t to = from;
    while (to < s.size && is_letter(s.data[to]))
        to++;
    *at = to;
    return str_slice(s, from, to);
}

enum { VOICE_WORDS = 16 }; /* of a speaker's name, are looked at */

static size_t words_within(str a, str b, size_t *shared) {
    size_t words = 0, i = 0;
    for (str w = next_word(a, &i); w.size && words < VOICE_WORDS; w = next_word(a, &i), words++) {
        size_t k = 0, looked = 0;
        for (str v = next_word(b, &k); v.size && looked++ < VOICE_WORDS; v = next_word(b, &k))
            if (str_equal(v, w)) {
                (*shared)++;
                break;
            }
    }
    return words;
}

/* "The agency", "the official agency Sana": half of the shorter name's words stand in the other. */
static bool alike(str a, str b) {
    size_t shared = 0, back = 0, words = words_within(a, b, &shared), others = words_within(b, a, &back);
    return shared && 2 * shared >= (words < others ? words : others);
}

static bool same_voice(const claim *a, const claim *b) {
    if (SPAN_NONE(a->voice.at) || SPAN_NONE(b->voice.at))
        return SPAN_NONE(a->voice.at) && SPAN_NONE(b->voice.at);
    return a->voice.kind == b->voice.kind && alike(a->voice.at.text, b->voice.at.text);
}

static bool same_figure(const claim *a, const claim *b) {
    return a->effect == b->effect && a->min == b->min && a->max == b->max;
}

/* A headline leaves out what the body tells: that at least so many were killed, or that the dead and hurt
 * were dead. */
static bool headline_of(const claim *c, const claim *title) {
    bool sum = title->effect == EFFECT_CASUALTIES && c->effect == EFFECT_KILLED;
    if (c->effect != title->effect && !sum)
        return false;
    bool vague = title->min == 2 && title->max == COUNT_OPEN, exact = title->min == title->max;
    return vague || (c->min == title->min && c->max == title->max) ||
           (exact && c->max == COUNT_OPEN && (c->min == title->min || c->min == title->min + 1));
}

enum { FULLER_BY = 2 };
enum { TOLL_LIKE = 3 }; /* so many harmed in one act are the same people, whatever place is told with them */

/* Told again: the same figure by the same voice, or a headline that the body repeats. Parts go with their
 * wholes. */
static bool told_again(const claim *c, const claim *earlier, bool earlier_in_title) {
    bool parts = (c->part_of >= 0) != (earlier->part_of >= 0);
    if (earlier_in_title && headline_of(c, earlier) &&
        (!parts || (earlier->min == 2 && earlier->max == COUNT_OPEN)))
        return true;
    if (!same_figure(c, earlier) || parts)
        return false;
    if (c->evidence.start == earlier->evidence.start && c->min == c->max &&
        (c->part_of != earlier->part_of || !str_equal(c->count.text, earlier->count.text)))
        return false; /* two groups as great, in one sentence */
    if (str_equal(c->evidence.text, earlier->evidence.text) && str_equal(c->count.text, earlier->count.text))
        return true;
    bool where = c->place == earlier->place ||
                 (c->min >= TOLL_LIKE && c->event_index >= 0 && c->event_index == earlier->event_index);
    bool same = same_voice(c, earlier) && c->part_of < 0 && c->who_group == earlier->who_group && where &&
                str_equal(c->date, earlier->date);
    return same && (c->min != 1 || c->paragraph != earlier->paragraph);
}

/* A part of a whole that is told again is told again with it. */
static bool part_again(const claim *c, const claim *earlier, const int *kept_as) {
    return c->part_of >= 0 && same_figure(c, earlier) && c->who_group == earlier->who_group &&
           earlier->part_of >= 0 && earlier->part_of != c->part_of &&
           kept_as[c->part_of] == kept_as[earlier->part_of];
}

/* Is a figure told again in the same paragraph told in more words there ("kills 4", "killed four people")? */
static bool fuller(const claim *c, const claim *earlier) {
    return c->part_of < 0 && c->paragraph == earlier->paragraph &&
           c->count.text.size > earlier->count.text.size + FULLER_BY;
}

/* Drops what is told again (the later, fuller statement replaces a headline) and renumbers the parts. */
static void drop_repeats(reader *r, const bool *title) {
    size_t n = r->out->claims.size, from = r->first_claim;
    int *moved = ARENA_NEW(r->scratch, int, n + 1), *kept_as = ARENA_NEW(r->scratch, int, n + 1);
    for (size_t i = from; i < n; i++)
        kept_as[i] = (int)i;
    for (size_t i = from; i < n; i++)
        for (size_t k = i; k-- > from && i - k < 48;) {
            bool headline = title[k - from] && !title[i - from];
            const claim *c = &r->out->claims.at[i], *earlier = &r->out->claims.at[k];
            if (kept_as[k] != (int)k ||
                !(told_again(c, earlier, headline) || part_again(c, earlier, kept_as)))
                continue;
            bool later = headline || fuller(c, earlier);
            kept_as[later ? k : i] = (int)(later ? i : k);
            break;
        }
    size_t kept = from;
    for (size_t i = from; i < n; i++) {
        moved[i] = (int)kept;
        if (kept_as[i] == (int)i)
            r->out->claims.at[kept++] = r->out->claims.at[i];
    }
    r->out->claims.size = kept;
    for (size_t i = from; i < kept; i++) {
        int whole = r->out->claims.at[i].part_of;
        while (whole >= (int)from && kept_as[whole] != whole)
            whole = kept_as[whole];
        if (whole >= 0)
            r->out->claims.at[i].part_of = moved[whole] == (int)i ? NONE : moved[whole];
    }
}

enum { SUM_AFTER = 6, SUM_OF = 8, SUM_LEAST = 3 };

static bool counts_into(const claim *whole, const claim *c) {
    return c->part_of < 0 && c->min == c->max && c->min > 0 && c->effect == whole->effect;
}

/* The claims from `k` on that make up a whole together ("12 killed: four fighters, six workers and two
 * shepherds"): the end of them, or `k` where they do not. */
static size_t summed(const reader *r, size_t whole, size_t k) {
    const claim *w = &r->out->claims.at[whole];
    int64_t sum = 0;
    size_t members = 0, end = k;
    for (; end < r->out->claims.size && members < SUM_OF && sum < w->min; end++) {
        const claim *c = &r->out->claims.at[end];
        if (c->part_of >= 0)
            continue;
        if (!counts_into(w, c))
            break;
        sum += c->min;
        members++;
    }
    return members >= 2 && sum == w->min ? end : k;
}

/* Counts that add up to a total told before them are its parts. */
static void join_sums(reader *r) {
    size_t n = r->out->claims.size;
    for (size_t i = r->first_claim; i < n; i++) {
        const claim *w = &r->out->claims.at[i];
        if (w->part_of >= 0 || w->min < SUM_LEAST)
            continue;
        for (size_t k = i + 1; k < n && k <= i + SUM_AFTER; k++) {
            size_t end = counts_into(w, &r->out->claims.at[k]) ? summed(r, i, k) : k;
            for (size_t m = k; m < end; m++)
                if (r->out->claims.at[m].part_of < 0)
                    r->out->claims.at[m].part_of = (int)i;
            if (end > k)
                break;
        }
    }
}

/* The day the news is about: the first single day told, if it is told near the head of the text. */
static void find_lead(reader *r) {
    r->lead_sentence = 0;
    if (r->lead != DAY_NONE) /* told in an earlier segment */
        return;
    for (size_t i = 0; i < r->times.size && r->times.at[i].sentence < 4; i++) {
        const time_node *t = &r->times.at[i];
        if (t->from == t->to && r->today != DAY_NONE && r->today - t->from <= 7) {
            r->lead = t->from;
            r->lead_sentence = t->sentence;
            return;
        }
    }
}

enum { AROUND_TITLE = 96, SITE_BEHIND = 24, TITLE_LEAST = 24, TITLE_MOST = 512 };

/* A headline without the name of the site behind it ("… - World - The Daily"). */
static str bare_title(str title) {
    size_t dash = str_find(title, STR(" - "), SITE_BEHIND);
    return dash == SIZE_MAX ? title : str_slice(title, 0, dash);
}

/* Where the page only names the article again ("link to the story: …", "25 May: …"). */
static bool names_title(const reader *r, const match *m) {
    str title = bare_title(r->article->title), line = reader_sentence(r, m->out.sentence).text;
    if (title.size < TITLE_LEAST || title.size > TITLE_MOST || reader_in_title(r, m->out.sentence))
        return false;
    size_t most = title.size + AROUND_TITLE;
    size_t at = str_find(str_slice(line, 0, line.size < most ? line.size : most), title, 0);
    size_t people = r->nodes.piece.at[people_first(m)].start - r->tokens.sentence.at[m->out.sentence].start;
    return at != SIZE_MAX && people >= at && people < at + title.size;
}

static size_t count_between(const void *at, size_t count, size_t item_size, uint32_t in, uint32_t from,
                            uint32_t to) {
    size_t n = 0;
    for (size_t i = first_of_sentence(at, count, item_size, in), k = 0; i < count && k < 64; i++, k++) {
        uint32_t item[3]; /* sentence, first, last */
        memcpy(item, (const char *)at + i * item_size, sizeof item);
        if (item[0] != in || item[1] >= to)
            break;
        n += item[1] >= from;
    }
    return n;
}
#define COUNT_BETWEEN(v, in, from, to) count_between((v).at, (v).size, sizeof *(v).at, (in), (from), (to))

/* Whether two neighbours of a sentence tell of different harm: another act is told between them, with its own
 * place or time, or each has its own place behind it ("3 in X and 5 in Y"). */
static bool parted(const reader *r, const member *a, const member *b, uint32_t s) {
    size_t places = COUNT_BETWEEN(r->places, s, a->last, b->first);
    size_t times = COUNT_BETWEEN(r->times, s, a->last, b->first);
    if (COUNT_BETWEEN(r->events, s, a->last, b->first) && places + times)
        return true;
    return COUNT_BETWEEN(r->places, s, a->last, a->last + OWN_PLACE) &&
           COUNT_BETWEEN(r->places, s, b->last, b->last + OWN_PLACE) && places;
}

/* Does a sentence open with a dash, as the items of a list do? */
static bool is_item(const reader *r, const chooser *c) {
    const node *n = choice_node(r, c->at[0].first);
    for (uint32_t k = 0; n && k < HEADER_NODES && n > r->nodes.node.at && n[-1].sentence == c->sentence; k++)
        n--;
    return n && node_is(n, IS_DASH) && (n == r->nodes.node.at || n[-1].sentence != c->sentence);
}

/* Does the sentence before a list end in a colon, which the list hangs on? */
static bool hangs_on(const reader *r, const chooser *c) {
    const node *n = choice_node(r, c->at[0].first);
    while (n && n > r->nodes.node.at && n->sentence == c->sentence)
        n--;
    return n && c->before_sentence == n->sentence && node_is(n, IS_COLON);
}

/* The items of a list are of the harm that the line before it tells, but for what they tell themselves. */
static void share_head(const reader *r, const chooser *c) {
    const claim *head = c->head;
    bool act = COUNT_BETWEEN(r->events, c->sentence, 0, UINT32_MAX);
    bool time = COUNT_BETWEEN(r->times, c->sentence, 0, UINT32_MAX);
    bool placed = COUNT_BETWEEN(r->places, c->sentence, 0, UINT32_MAX);
    for (size_t i = 0; i < c->count; i++) {
        claim *x = c->at[i].claim;
        x->scope = head->scope;
        if (!act) {
            x->event = head->event;
            x->event_index = head->event_index;
        }
        if (!placed)
            x->place = head->place;
        if (time)
            continue;
        x->time = head->time;
        x->time_inherited = head->time >= 0;
        x->date = head->date;
        x->from = head->from;
        x->to = head->to;
        x->since = head->since;
    }
}

static void set_shared(reader *r, chooser *c) {
    choose_time(r, c);
    choose_scope(r, c);
    choose_event(r, c);
    choose_place(r, c);
    bool item = c->before && is_item(r, c);
    c->head = !item ? NULL : hangs_on(r, c) ? c->before : c->head;
    if (c->head)
        share_head(r, c);
    for (size_t i = 0; i < c->count; i++) {
        claim *x = c->at[i].claim;
        x->actor = context_actor(r, c->sentence, c->at[i].first);
        if (SPAN_NONE(x->actor.at) && x->event_index >= 0)
            x->actor = r->out->events.at[x->event_index].actor;
    }
    if (r->options && r->options->explain)
        for (size_t i = 0; i < c->count; i++) {
            hearing h = reader_hear(r, c->sentence, c->at[i].first);
            explain(r, &h, c->at[i].mark, c->at[i].claim);
        }
    c->before = c->at[c->count - 1].claim;
    c->before_sentence = c->sentence;
    c->before_time = c->time;
    c->count = 0;
}

static void note_harm_told(reader *r, const drafts *d) {
    r->harm_told = ARENA_NEW(r->scratch, uint64_t, r->tokens.sentence.size + 1);
    for (size_t i = 0; i < d->size; i++)
        if (d->at[i].claim >= 0)
            r->harm_told[d->at[i].mark->out.sentence] |= choice_harm_bit(&r->out->claims.at[d->at[i].claim]);
}

/* What the claims of each sentence share: their act, time, scope and place. */
static void set_contexts(reader *r, const drafts *d) {
    chooser c = {.before = NULL};
    note_harm_told(r, d);
    for (size_t i = 0; i < d->size; i++) {
        const draft *x = &d->at[i];
        if (x->claim < 0)
            continue;
        claim *of = &r->out->claims.at[x->claim];
        member m = {of, x->mark, x->people, x->people->first, x->people->last};
        uint32_t s = x->mark->out.sentence;
        if (c.count && (c.sentence != s || c.count == GROUP_MAX ||
                        (of->part_of < 0 && parted(r, &c.at[c.count - 1], &m, s))))
            set_shared(r, &c);
        c.sentence = s;
        c.paragraph = of->paragraph;
        c.at[c.count++] = m;
    }
    if (c.count)
        set_shared(r, &c);
}

void read_claims(reader *r, const matches *marks) {
    if (marks->at.size)
        choice_prepare(r);
    find_lead(r);
    drafts d = {0};
    choose(r, marks, &d);
    bool *title = ARENA_NEW(r->scratch, bool, d.size + 1);
    for (size_t i = 0; i < d.size; i++) {
        claim c;
        if (names_title(r, d.at[i].mark) || !make(r, marks, &d, i, &c))
            continue;
        d.at[i].claim = (int)r->out->claims.size;
        title[r->out->claims.size - r->first_claim] = reader_in_title(r, d.at[i].mark->out.sentence);
        *VECTOR_PUSH(&r->out->claims, r->a) = c;
    }
    set_contexts(r, &d);
    share_before(r, &d);
    drop_repeats(r, title);
    join_sums(r);
}
