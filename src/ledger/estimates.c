/* Ranges of what was told of one incident, by the rule that data/ledger/estimates.tsv tells. They rest on
 * what stands (figures.c): each voice's last word on each question. */
#include "ledger/incident.h"

enum { ALL = CLASS_UNKNOWN + 1 };

typedef struct range {
    int64_t low, open_low,
        high; /* low: of closed figures; open_low: of open ones, where no closed one stands */
    bool closed, opened, open; /* any closed figure; any open one; the highest is open */
    uint32_t voices;
    VECTOR(uint32_t) claims;
} range;

static const char *estimate_class_name(int class) {
    return class == ALL ? "all" : who_class_name((who_class) class);
}

static int64_t stated_high(const told *c) {
    return c->max == COUNT_OPEN ? c->min : c->max;
}

/* "At least n" can raise the high end; it says nothing about the low one while a closed figure stands. */
static void widen(range *r, int64_t low, int64_t high, bool open) {
    bool any = r->closed || r->opened;
    if (!any || high > r->high)
        r->open = open;
    else if (high == r->high)
        r->open |= open;
    r->high = any && r->high > high ? r->high : high;
    if (open)
        r->open_low = r->opened && r->open_low < low ? r->open_low : low;
    else
        r->low = r->closed && r->low < low ? r->low : low;
    r->opened |= open;
    r->closed |= !open;
}

/* What one voice told of one kind of people: civilians or combatants, or men, women, children. */
typedef struct share {
    int64_t low, high;
    bool told, open;
} share;

static void add_share(share *s, const told *c) {
    s->low = s->told && s->low < c->min ? s->low : c->min;
    s->high = s->told && s->high > stated_high(c) ? s->high : stated_high(c);
    s->open |= c->max == COUNT_OPEN;
    s->told = true;
}

static bool widen_by_sum(range *r, const share *shares, size_t count) {
    share sum = {0};
    for (size_t i = 0; i < count; i++)
        if (shares[i].told) {
            sum.low += shares[i].low;
            sum.high += shares[i].high;
            sum.open |= shares[i].open;
            sum.told = true;
        }
    if (sum.told)
        widen(r, sum.low, sum.high, sum.open);
    return sum.told;
}

typedef struct question {
    effect effect;
    int class; /* who_class or ALL */
    str group;
} question;

static bool answers(const incident_work *w, const told *c, uint32_t voice_number, const question *q,
                    bool any_group) {
    return c->stands && c->voice_number == voice_number && c->effect == q->effect &&
           (any_group ? c->group.data != NULL : str_equal(c->group, q->group)) &&
           (q->class == ALL || (int)c->who_class == q->class) &&
           (c->stance != STANCE_DENIES || w->denial_lowers);
}

/* One voice's word: for everybody what it told of all people, or else civilians and combatants together. */
static bool add_whole(incident_work *w, range *r, uint32_t voice_number, const question *q) {
    share sides[2] = {{0}};
    bool whole = false;
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        if (!answers(w, c, voice_number, q, false))
            continue;
        *VECTOR_PUSH(&r->claims, w->a) = i;
        if (q->class == ALL && (c->who_class == CLASS_CIVILIAN || c->who_class == CLASS_COMBATANT)) {
            add_share(&sides[c->who_class == CLASS_COMBATANT], c);
        } else {
            widen(r, c->min, stated_high(c), c->max == COUNT_OPEN);
            whole = true;
        }
    }
    return whole || widen_by_sum(r, sides, 2);
}

/* A voice that told only of children, women, men: their sum. */
static bool add_groups(incident_work *w, range *r, uint32_t voice_number, const question *q) {
    share groups[GROUP_NAMED + 1] = {{0}};
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        int g = who_group_named(c->group);
        if (g == NONE || !answers(w, c, voice_number, q, true))
            continue;
        *VECTOR_PUSH(&r->claims, w->a) = i;
        add_share(&groups[g], c);
    }
    return widen_by_sum(r, groups, GROUP_NAMED + 1);
}

static void write_estimate(incident_work *w, buffer *b, const question *q, const range *r) {
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "effect"), write_name(b, effect_name(q->effect));
    write_key(b, "class"), write_name(b, estimate_class_name(q->class));
    write_key(b, "group"), write_string(b, q->group);
    write_key(b, "low"), write_number(b, r->closed ? r->low : r->open_low);
    write_key(b, "best"), buffer_add(b, STR("null"));
    write_key(b, "high"), write_number(b, r->high);
    write_key(b, "high_open"), buffer_add(b, r->open ? STR("true") : STR("false"));
    write_key(b, "provisional"), buffer_add(b, r->voices < w->provisional_below ? STR("true") : STR("false"));
    write_claim_ids(w, b, r->claims.at, r->claims.size);
    buffer_add_byte(b, '}');
}

static bool anybody_told(const incident_work *w, const question *q) {
    for (size_t i = 0; i < w->claims.size; i++)
        if (w->claims.at[i].effect == q->effect &&
            (!q->group.data || str_equal(w->claims.at[i].group, q->group)))
            return true;
    return false;
}

enum { CLASSES = ALL + 1, GROUPS = GROUP_NAMED + 1 };

static bool is_told(const range *r) {
    return r->closed || r->opened;
}

static range range_of(incident_work *w, question q) {
    range r = {0};
    if (q.class == CLASS_MIXED || !anybody_told(w, &q))
        return r;
    for (uint32_t v = 1; v <= w->voices.size; v++) {
        bool told_it = add_whole(w, &r, v, &q) || (!q.group.data && add_groups(w, &r, v, &q));
        r.voices += told_it;
    }
    return r;
}

static bool rests_on(const range *r, uint32_t claim_index) {
    for (size_t i = 0; i < r->claims.size; i++)
        if (r->claims.at[i] == claim_index)
            return true;
    return false;
}

/* Some of these people cannot be more than all of them. */
static void contain(incident_work *w, range *whole, const range *part) {
    if (!is_told(whole) || !is_told(part) || part->high < whole->high)
        return;
    if (part->high == whole->high) {
        whole->open |= part->open;
        return;
    }
    whole->high = part->high;
    whole->open = part->open;
    for (size_t i = 0; i < part->claims.size; i++)
        if (!rests_on(whole, part->claims.at[i]))
            *VECTOR_PUSH(&whole->claims, w->a) = part->claims.at[i];
}

static void contain_parts(incident_work *w, range of[GROUPS][CLASSES]) {
    for (int g = GROUP_NONE; g < GROUPS; g++)
        for (int class = 0; class < CLASSES; class ++) {
            if (class != ALL)
                contain(w, &of[g][ALL], &of[g][class]);
            if (g != GROUP_NONE)
                contain(w, &of[GROUP_NONE][class], &of[g][class]);
        }
    for (int g = GROUP_NONE + 1; g < GROUPS; g++)
        contain(w, &of[GROUP_NONE][ALL], &of[g][ALL]);
    for (int class = 0; class < ALL; class ++)
        contain(w, &of[GROUP_NONE][ALL], &of[GROUP_NONE][class]);
}

static question question_of(effect e, int group, int class) {
    return (question){e, class, str_of(who_group_name((who_group)group))};
}

static void estimate_effect(incident_work *w, buffer *b, effect e) {
    static const int order[] = {ALL, CLASS_CIVILIAN, CLASS_COMBATANT, CLASS_UNKNOWN};
    range of[GROUPS][CLASSES];
    for (int g = GROUP_NONE; g < GROUPS; g++)
        for (int class = 0; class < CLASSES; class ++)
            of[g][class] = range_of(w, question_of(e, g, class));
    contain_parts(w, of);
    for (int g = GROUP_NONE; g < GROUPS; g++)
        for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
            question q = question_of(e, g, order[i]);
            if (is_told(&of[g][order[i]]))
                write_estimate(w, b, &q, &of[g][order[i]]);
        }
}

/* Group by group: none first, then the public vocabulary in its order. */
void write_estimates(incident_work *w, buffer *b) {
    buffer_add_byte(b, '[');
    for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++)
        estimate_effect(w, b, (effect)e);
    buffer_add_byte(b, ']');
}
