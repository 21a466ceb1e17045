/* Estimates: low, best and high of what was told of one incident, by a rule (rules.h).
 *
 * They rest on what stands (figures.c), each voice's last word on each question: an effect, a class of
 * people, a group. One voice's word on a question is a telling. What a voice told of civilians and
 * combatants, or of children, women and men, is added up only where it said nothing of all of them; figures
 * of two voices, and two figures of one voice for the same people, are never added. A part ("among them three
 * children") tells of its own group and class and adds nothing to anything.
 *
 * Each bound keeps the claims that set it. What is told of some people is then held against what is told of
 * all: no bound of a part is beyond its whole's (`contain`). At the end low <= best <= high. */
#include <stdlib.h>

#include "ledger/incident.h"

enum { ALL = CLASS_UNKNOWN + 1, CLASSES = ALL + 1, GROUPS = GROUP_NAMED + 1 };

typedef VECTOR(uint32_t) claim_list;

typedef struct telling {
    uint32_t voice;
    int64_t low, high;
    bool open, vague;
    bool partial; /* of one group alone: there may be others that the voice did not speak of */
    uint8_t rank;
    claim_list claims;
} telling;

typedef VECTOR(telling) tellings;

typedef struct bounds {
    int64_t low, best, high;
    bool told, chosen, open; /* anything; best; the highest is "at least" */
    uint32_t voices;
    claim_list low_claims, best_claims, high_claims;
} bounds;

typedef struct question {
    effect effect;
    int class; /* who_class or ALL */
    who_group group;
} question;

/* The claims of one effect that count, by voice. */
typedef struct told_claims {
    incident_work *w;
    const estimate_rule *rule;
    uint32_t *at;
    size_t size;
} told_claims;

/* ---- claims that count ---- */

static bool is_part(const told *c) {
    return c->part_of != NONE;
}

static who_group group_of(const told *c) {
    int group = c->group.data ? who_group_named(c->group) : NONE;
    return group == NONE ? GROUP_NONE : (who_group)group;
}

/* Parts of one voice, one group and class: figure by figure, each in the order it was told. */
typedef struct part_row {
    uint32_t voice, claim, paper;
    who_group group;
    int class;
    int64_t min, max;
} part_row;

static int by_number(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int by_figure(const void *x, const void *y) {
    const part_row *a = x, *b = y;
    const int64_t keys[][2] = {{a->voice, b->voice}, {a->group, b->group}, {a->class, b->class},
                               {a->min, b->min},     {a->max, b->max},     {a->paper, b->paper},
                               {a->claim, b->claim}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return by_number(keys[i][0], keys[i][1]);
    return 0;
}

static bool same_people(const part_row *a, const part_row *b) {
    return a->voice == b->voice && a->group == b->group && a->class == b->class;
}

static bool same_row_figure(const part_row *a, const part_row *b) {
    return same_people(a, b) && a->min == b->min && a->max == b->max;
}

/* Of the rows of one people, the figure that was first told last stands, as it does for wholes. */
static void keep_last_part(const part_row *rows, size_t from, size_t to, bool *stands) {
    uint32_t latest = 0, first = 0;
    for (size_t i = from; i < to; i++)
        if ((i == from || !same_row_figure(&rows[i], &rows[i - 1])) && rows[i].paper > latest)
            latest = rows[i].paper;
    for (size_t i = from; i < to; i++) {
        first = i == from || !same_row_figure(&rows[i], &rows[i - 1]) ? rows[i].paper : first;
        stands[rows[i].claim] = first == latest;
    }
}

static void settle_parts(incident_work *w, effect e, bool *stands) {
    VECTOR(part_row) rows = {0};
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        if (c->counts && is_part(c) && c->effect == e && c->stance != STANCE_DENIES)
            *VECTOR_PUSH(&rows, w->a) =
                (part_row){c->voice_number, i, c->paper, group_of(c), (int)c->who_class, c->min, c->max};
    }
    if (rows.size)
        qsort(rows.at, rows.size, sizeof *rows.at, by_figure);
    for (size_t from = 0, to; from < rows.size; from = to) {
        for (to = from; to < rows.size && same_people(&rows.at[from], &rows.at[to]);)
            to++;
        keep_last_part(rows.at, from, to, stands);
    }
}

/* Counted into their voices' places, so in each voice in the order of claims. */
static told_claims claims_of(incident_work *w, effect e) {
    bool *stands = ARENA_NEW(w->a, bool, w->claims.size + 1);
    uint32_t *from = ARENA_NEW(w->a, uint32_t, w->voices.size + 2);
    told_claims out = {.w = w, .rule = w->rule};
    settle_parts(w, e, stands);
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        stands[i] |= c->stands && c->effect == e;
        stands[i] &= c->voice_number > 0 && (c->stance != STANCE_DENIES || w->rule->denial_lowers);
        from[c->voice_number + 1] += stands[i];
        out.size += stands[i];
    }
    for (size_t v = 1; v <= w->voices.size; v++)
        from[v] += from[v - 1];
    out.at = ARENA_NEW(w->a, uint32_t, out.size + 1);
    for (uint32_t i = 0; i < w->claims.size; i++)
        if (stands[i])
            out.at[from[w->claims.at[i].voice_number]++] = i;
    return out;
}

/* ---- what one voice tells ---- */

static bool is_vague(const told *c) {
    return c->vague != VAGUE_NOT && c->stance != STANCE_DENIES;
}

static int64_t stated_low(const told_claims *t, const told *c) {
    int64_t as = t->rule->vague_as[c->vague];
    if (c->stance == STANCE_DENIES)
        return 0;
    return is_vague(c) && as != NONE ? as : c->min;
}

static int64_t stated_high(const told_claims *t, const told *c) {
    return c->stance == STANCE_DENIES || c->max == COUNT_OPEN ? stated_low(t, c) : c->max;
}

static uint8_t rank_of(const told_claims *t, const told *c) {
    int kind = voice_kind_named(c->voice_kind);
    return kind == NONE ? UINT8_MAX : t->rule->rank[kind];
}

/* Takes a claim in: of several for the same people, the lowest and the highest. */
static void add_claim(const told_claims *t, telling *to, uint32_t index) {
    const told *c = &t->w->claims.at[index];
    int64_t low = stated_low(t, c), high = stated_high(t, c);
    uint8_t rank = rank_of(t, c);
    bool first = to->claims.size == 0;
    to->voice = c->voice_number;
    to->low = first || low < to->low ? low : to->low;
    to->high = first || high > to->high ? high : to->high;
    to->rank = first || rank < to->rank ? rank : to->rank;
    to->open |= c->max == COUNT_OPEN && c->stance != STANCE_DENIES;
    to->vague |= is_vague(c);
    *VECTOR_PUSH(&to->claims, t->w->a) = index;
}

/* Claims of the same figure are one telling. */
static void add_telling(const told_claims *t, tellings *out, size_t from, uint32_t index) {
    telling one = {0};
    add_claim(t, &one, index);
    for (size_t i = from; i < out->size; i++) {
        telling *known = &out->at[i];
        if (known->low == one.low && known->high == one.high && known->open == one.open &&
            known->vague == one.vague) {
            add_claim(t, known, index);
            return;
        }
    }
    *VECTOR_PUSH(out, t->w->a) = one;
}

static telling *add_sum(const told_claims *t, tellings *out, const telling *shares, size_t count) {
    telling sum = {.rank = UINT8_MAX};
    for (size_t i = 0; i < count; i++) {
        const telling *s = &shares[i];
        if (!s->claims.size)
            continue;
        sum.voice = s->voice;
        sum.low += s->low;
        sum.high += s->high;
        sum.open |= s->open;
        sum.vague |= s->vague;
        sum.rank = s->rank < sum.rank ? s->rank : sum.rank;
        for (size_t k = 0; k < s->claims.size; k++)
            *VECTOR_PUSH(&sum.claims, t->w->a) = s->claims.at[k];
    }
    if (!sum.claims.size)
        return NULL;
    *VECTOR_PUSH(out, t->w->a) = sum;
    return &out->at[out->size - 1];
}

static bool answers(const told *c, const question *q) {
    bool same_group = group_of(c) == q->group, same_class = q->class == ALL || (int)c->who_class == q->class;
    if (!is_part(c))
        return same_group && same_class;
    bool narrower = q->group != GROUP_NONE || (q->class != ALL && q->class != CLASS_UNKNOWN);
    return same_group && same_class && narrower;
}

/* Whether the voice told of all these people: a part of them ("14 civilians, after two of them died of their
 * wounds") is then no figure for them. */
static bool tells_all_of(const told_claims *t, size_t from, size_t to, const question *q) {
    for (size_t i = from; i < to; i++) {
        const told *c = &t->w->claims.at[t->at[i]];
        if (!is_part(c) && answers(c, q))
            return true;
    }
    return false;
}

/* For everybody what it told of all people, or else civilians and combatants together. */
static void tell_whole(const told_claims *t, size_t from, size_t to, const question *q, tellings *out) {
    telling sides[2] = {{0}};
    size_t before = out->size;
    bool whole = false, all = tells_all_of(t, from, to, q);
    for (size_t i = from; i < to; i++) {
        const told *c = &t->w->claims.at[t->at[i]];
        if (!answers(c, q) || (all && is_part(c)))
            continue;
        bool side = q->class == ALL && (c->who_class == CLASS_CIVILIAN || c->who_class == CLASS_COMBATANT);
        if (side && !is_part(c))
            add_claim(t, &sides[c->who_class == CLASS_COMBATANT], t->at[i]);
        else
            add_telling(t, out, before, t->at[i]);
        whole |= !side && !is_part(c);
    }
    if (!whole)
        add_sum(t, out, sides, 2);
}

/* Those whom a voice names in another sentence than that in which it told of children, women, men are of
 * these. */
static bool names_others(const told_claims *t, const telling groups[GROUPS]) {
    const telling *named = &groups[GROUP_NAMED];
    for (size_t i = 0; i < named->claims.size; i++)
        for (int g = 0; g < GROUP_NAMED; g++)
            for (size_t k = 0; k < groups[g].claims.size; k++) {
                const told *x = &t->w->claims.at[named->claims.at[i]],
                           *y = &t->w->claims.at[groups[g].claims.at[k]];
                if (x->paper == y->paper && x->evidence_start == y->evidence_start)
                    return true;
            }
    return false;
}

/* A voice that told only of children, women, men: their sum. */
static void tell_groups(const told_claims *t, size_t from, size_t to, const question *q, tellings *out) {
    telling groups[GROUPS] = {{0}};
    for (size_t i = from; i < to; i++) {
        const told *c = &t->w->claims.at[t->at[i]];
        who_group group = group_of(c);
        if (group != GROUP_NONE && !is_part(c) && (q->class == ALL || (int)c->who_class == q->class))
            add_claim(t, &groups[group], t->at[i]);
    }
    size_t told_of = 0;
    for (size_t g = 0; g < GROUPS; g++)
        told_of += groups[g].claims.size > 0;
    if (told_of > 1 && groups[GROUP_NAMED].claims.size && !names_others(t, groups)) {
        groups[GROUP_NAMED] = (telling){0};
        told_of--;
    }
    telling *sum = add_sum(t, out, groups, GROUPS);
    if (sum)
        sum->partial = told_of == 1;
}

static tellings tellings_of(const told_claims *t, const question *q, uint32_t *voices) {
    tellings out = {0};
    for (size_t from = 0, to; from < t->size; from = to) {
        uint32_t number = t->w->claims.at[t->at[from]].voice_number;
        size_t before = out.size;
        for (to = from; to < t->size && t->w->claims.at[t->at[to]].voice_number == number;)
            to++;
        tell_whole(t, from, to, q, &out);
        if (out.size == before && q->group == GROUP_NONE)
            tell_groups(t, from, to, q, &out);
        *voices += out.size > before;
    }
    return out;
}

/* ---- bounds ---- */

static void take_over(incident_work *w, claim_list *to, const claim_list *from) {
    for (size_t i = 0; i < from->size; i++)
        *VECTOR_PUSH(to, w->a) = from->at[i];
}

/* Figures before "at least" before vague words: `low` is looked for in the first of these that there is. */
static int kind_of_figure(const estimate_rule *r, const telling *t) {
    if (t->vague && r->vague != VAGUE_COUNTS)
        return 2;
    return t->partial || (t->open && !r->at_least_lowers);
}

static void find_low(const told_claims *t, const tellings *list, bounds *b) {
    int kind = 2;
    bool found = false;
    for (size_t i = 0; i < list->size; i++)
        if (kind_of_figure(t->rule, &list->at[i]) < kind)
            kind = kind_of_figure(t->rule, &list->at[i]);
    for (size_t i = 0; i < list->size; i++)
        if (kind_of_figure(t->rule, &list->at[i]) == kind && (!found || list->at[i].low < b->low)) {
            b->low = list->at[i].low;
            found = true;
        }
    for (size_t i = 0; i < list->size; i++)
        if (kind_of_figure(t->rule, &list->at[i]) == kind && list->at[i].low == b->low)
            take_over(t->w, &b->low_claims, &list->at[i].claims);
}

static bool all_vague(const tellings *list) {
    for (size_t i = 0; i < list->size; i++)
        if (!list->at[i].vague)
            return false;
    return true;
}

static void find_high(const told_claims *t, const tellings *list, bounds *b) {
    bool vague_too = t->rule->vague != VAGUE_LAST || all_vague(list), found = false;
    for (size_t i = 0; i < list->size; i++)
        if ((vague_too || !list->at[i].vague) && (!found || list->at[i].high > b->high)) {
            b->high = list->at[i].high;
            found = true;
        }
    for (size_t i = 0; i < list->size; i++)
        if ((vague_too || !list->at[i].vague) && list->at[i].high == b->high) {
            b->open |= list->at[i].open;
            take_over(t->w, &b->high_claims, &list->at[i].claims);
        }
}

/* ---- best ---- */

static int by_told(const void *x, const void *y) {
    const telling *a = *(const telling *const *)x, *b = *(const telling *const *)y;
    const int64_t keys[][2] = {{a->low, b->low}, {a->high, b->high}, {a->voice, b->voice}};
    for (size_t i = 0; i < 3; i++)
        if (keys[i][0] != keys[i][1])
            return by_number(keys[i][0], keys[i][1]);
    return by_number((int64_t)a->claims.at[0], (int64_t)b->claims.at[0]);
}

/* Those that name a number, by figure. */
static size_t sort_figures(const told_claims *t, const tellings *list, const telling **out) {
    size_t n = 0;
    for (size_t i = 0; i < list->size; i++)
        if (!list->at[i].vague || t->rule->vague == VAGUE_COUNTS)
            out[n++] = &list->at[i];
    if (n)
        qsort(out, n, sizeof *out, by_told);
    return n;
}

/* One figure and who told it. */
typedef struct candidate {
    size_t from, to;
    uint8_t rank;
    uint32_t voices;
} candidate;

static candidate candidate_from(const telling *const *sorted, size_t n, size_t from) {
    candidate c = {.from = from, .to = from, .rank = UINT8_MAX};
    for (; c.to < n && sorted[c.to]->low == sorted[from]->low && sorted[c.to]->high == sorted[from]->high;
         c.to++) {
        c.voices += c.to == from || sorted[c.to]->voice != sorted[c.to - 1]->voice;
        c.rank = sorted[c.to]->rank < c.rank ? sorted[c.to]->rank : c.rank;
    }
    return c;
}

/* Ties go to the lower figure: candidates come in that order. */
static void find_reliable(const told_claims *t, const telling *const *sorted, size_t n, bounds *b) {
    candidate best = {0};
    for (size_t from = 0; from < n;) {
        candidate c = candidate_from(sorted, n, from);
        if (from == 0 || c.rank < best.rank || (c.rank == best.rank && c.voices > best.voices))
            best = c;
        from = c.to;
    }
    b->chosen = n > 0;
    b->best = n ? sorted[best.from]->low : 0;
    for (size_t i = best.from; i < best.to; i++)
        take_over(t->w, &b->best_claims, &sorted[i]->claims);
}

/* The highest number that enough voices say there were, or more. A voice that told several counts with its
 * lowest: from above, the n-th voice to be met is told of by its last. */
static void find_agreed(const told_claims *t, const telling *const *sorted, size_t n, bounds *b) {
    uint32_t *left = ARENA_NEW(t->w->a, uint32_t, t->w->voices.size + 1), met = 0;
    for (size_t i = 0; i < n; i++)
        left[sorted[i]->voice]++;
    for (size_t i = n; i-- > 0 && !b->chosen;) {
        met += --left[sorted[i]->voice] == 0;
        b->chosen = met >= t->rule->voices && met > 0;
        b->best = sorted[i]->low;
    }
    for (size_t i = 0; b->chosen && i < n; i++)
        if (sorted[i]->low >= b->best)
            take_over(t->w, &b->best_claims, &sorted[i]->claims);
}

static void find_best(const told_claims *t, const tellings *list, bounds *b) {
    const telling **sorted = ARENA_NEW(t->w->a, const telling *, list->size + 1);
    size_t n = sort_figures(t, list, sorted);
    if (t->rule->best == BEST_RELIABLE)
        find_reliable(t, sorted, n, b);
    if (t->rule->best == BEST_AGREED)
        find_agreed(t, sorted, n, b);
    if (t->rule->best == BEST_LEAST) {
        b->chosen = true;
        b->best = b->low;
        b->best_claims = b->low_claims;
    }
}

static void move_low(bounds *b, int64_t to, claim_list claims) {
    b->low = to;
    b->low_claims = claims;
}

static void move_high(bounds *b, int64_t to, claim_list claims) {
    b->high = to;
    b->high_claims = claims;
}

/* low <= best <= high, and one figure where the rule gives but one. */
static void put_in_order(const estimate_rule *r, bounds *b) {
    if (b->low > b->high)
        move_low(b, b->high, b->high_claims);
    if (!b->chosen)
        return;
    if (b->best < b->low || r->low_is_best)
        move_low(b, b->best, b->best_claims);
    if (b->best > b->high || r->high_is_best)
        move_high(b, b->best, b->best_claims);
    b->open &= !r->high_is_best;
}

static bounds bounds_of(const told_claims *t, question q) {
    bounds b = {0};
    tellings list = tellings_of(t, &q, &b.voices);
    b.told = list.size > 0;
    if (!b.told)
        return b;
    find_low(t, &list, &b);
    find_high(t, &list, &b);
    find_best(t, &list, &b);
    put_in_order(t->rule, &b);
    return b;
}

/* ---- parts and wholes ---- */

/* Some of these people cannot be more than all of them. The highest figure for all is raised to that for
 * some: it was told. What a rule chose for some is lowered to what it chose for all, lest a voice that the
 * rule passed over for all decide by what it said of some. */
static void lower(bounds *part, const bounds *whole) {
    if (part->high <= whole->high)
        return;
    move_high(part, whole->high, whole->high_claims);
    if (part->chosen && part->best > part->high) {
        part->best = part->high;
        part->best_claims = part->high_claims;
    }
    if (part->low > part->high)
        move_low(part, part->high, part->high_claims);
}

static void contain(const estimate_rule *r, bounds *whole, bounds *part) {
    if (!whole->told || !part->told)
        return;
    if (r->high_is_best) {
        lower(part, whole);
        return;
    }
    if (part->high == whole->high)
        whole->open |= part->open;
    if (part->high > whole->high) {
        move_high(whole, part->high, part->high_claims);
        whole->open = part->open;
    }
    if (part->chosen && whole->chosen && part->best > whole->best) {
        part->best = whole->best;
        part->best_claims = whole->best_claims;
        put_in_order(r, part);
    }
}

/* `high` goes from parts to wholes, `best` from wholes to parts: in two rounds both have gone all the way. */
static void contain_parts(const estimate_rule *r, bounds of[GROUPS][CLASSES]) {
    for (int round = 0; round < 2; round++) {
        for (int g = GROUP_NONE; g < GROUPS; g++)
            for (int class = 0; class < CLASSES; class ++) {
                if (class != ALL)
                    contain(r, &of[g][ALL], &of[g][class]);
                if (g != GROUP_NONE)
                    contain(r, &of[GROUP_NONE][class], &of[g][class]);
            }
        for (int g = GROUP_NONE + 1; g < GROUPS; g++)
            contain(r, &of[GROUP_NONE][ALL], &of[g][ALL]);
        for (int class = 0; class < ALL; class ++)
            contain(r, &of[GROUP_NONE][ALL], &of[GROUP_NONE][class]);
        /* What stands between may be untold, or nothing chosen of it. */
        for (int g = GROUP_NONE + 1; g < GROUPS; g++)
            for (int class = 0; class < ALL; class ++)
                contain(r, &of[GROUP_NONE][ALL], &of[g][class]);
    }
}

/* ---- giving them ---- */

static int by_index(const void *x, const void *y) {
    return by_number((int64_t) * (const uint32_t *)x, (int64_t) * (const uint32_t *)y);
}

/* Those that set a bound, each once, in their order. */
static void gather_claims(incident_work *w, const bounds *b, estimate *out) {
    claim_list all = {0};
    take_over(w, &all, &b->low_claims);
    take_over(w, &all, &b->best_claims);
    take_over(w, &all, &b->high_claims);
    if (all.size)
        qsort(all.at, all.size, sizeof *all.at, by_index);
    for (size_t i = 0; i < all.size; i++)
        if (i == 0 || all.at[i] != all.at[out->claim_count - 1])
            all.at[out->claim_count++] = all.at[i];
    out->claims = all.at;
}

static void give(incident_work *w, const question *q, const bounds *b) {
    estimate e = {.effect = q->effect,
                  .class_name = q->class == ALL ? "all" : who_class_name((who_class)q->class),
                  .group = q->group,
                  .low = b->low,
                  .best = b->chosen ? b->best : NONE,
                  .high = b->high,
                  .open = b->open,
                  .provisional = b->voices < w->rule->voices};
    gather_claims(w, b, &e);
    *VECTOR_PUSH(&w->estimates, w->a) = e;
}

/* Group by group: none first, then the public vocabulary in its order. */
static void estimate_effect(incident_work *w, effect e) {
    static const int order[] = {ALL, CLASS_CIVILIAN, CLASS_COMBATANT, CLASS_UNKNOWN};
    bounds of[GROUPS][CLASSES] = {{{0}}};
    told_claims t = claims_of(w, e);
    bool groups[GROUPS] = {true};
    for (size_t i = 0; i < t.size; i++)
        groups[group_of(&w->claims.at[t.at[i]])] = true;
    for (int g = GROUP_NONE; g < GROUPS && t.size; g++)
        for (int class = 0; class < CLASSES && groups[g]; class ++)
            if (class != CLASS_MIXED)
                of[g][class] = bounds_of(&t, (question){e, class, (who_group)g});
    contain_parts(w->rule, of);
    for (int g = GROUP_NONE; g < GROUPS; g++)
        for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
            question q = {e, order[i], (who_group)g};
            if (of[g][order[i]].told)
                give(w, &q, &of[g][order[i]]);
        }
}

void estimates_find(incident_work *w) {
    w->estimates.size = 0;
    for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++)
        estimate_effect(w, (effect)e);
}

void write_estimates(incident_work *w, buffer *b) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < w->estimates.size; i++) {
        const estimate *e = &w->estimates.at[i];
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "effect"), write_name(b, effect_name(e->effect));
        write_key(b, "class"), write_name(b, e->class_name);
        write_key(b, "group"), write_name(b, who_group_name(e->group));
        write_key(b, "low"), write_number(b, e->low);
        write_key(b, "best");
        e->best == NONE ? buffer_add(b, STR("null")) : write_number(b, e->best);
        write_key(b, "high"), write_number(b, e->high);
        write_key(b, "high_open"), buffer_add(b, e->open ? STR("true") : STR("false"));
        write_key(b, "provisional"), buffer_add(b, e->provisional ? STR("true") : STR("false"));
        write_claim_ids(w, b, e->claims, e->claim_count);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}
