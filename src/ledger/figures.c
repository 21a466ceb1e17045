/* What stands of the figures of one incident, and where its accounts part. estimates.c draws ranges from it.
 *
 * A figure is what was told of one effect, class and group as a whole: parts ("among them three children")
 * and totals over several incidents are none. People of unknown class are counted with those of the one class
 * that the same figure is told of elsewhere ("four people" and "four civilians" are one figure).
 *
 * A voice that gives another figure later has revised it: what stands is the figure that it told for the
 * first time last (a late relay of the old one does not bring it back). Only figures that stand enter ranges
 * and disagreements. Two disagree when they are of different voices and cannot both be true: their ranges do
 * not meet. */
#include "ledger/incident.h"

#include <stdlib.h>

enum { DIFFERENCE_LIMIT = 200 };

static bool is_figure(const told *c) {
    return c->counts && c->part_of == NONE;
}

static bool is_zero(const told *c) {
    return c->min == 0 && c->max == 0;
}

static bool classes_meet(who_class x, who_class y) {
    return x == y || x == CLASS_UNKNOWN || y == CLASS_UNKNOWN || x == CLASS_MIXED || y == CLASS_MIXED;
}

/* ---- what stands ---- */

static bool same_question(const told *x, const told *y) {
    return x->effect == y->effect && classes_meet(x->who_class, y->who_class) &&
           str_equal(x->group, y->group);
}

/* A vaguer word for the same ("at least two" after "two") takes nothing back. */
static bool is_vaguer(const told *later, const told *earlier) {
    return later->min <= earlier->min && later->max >= earlier->max && earlier->min > 0;
}

/* The different figures of each voice, in the order told: however often one is repeated, it is looked at
 * once.
 */
typedef struct tellings {
    uint32_t *first, *last; /* by voice: number of a claim, from 1; 0: none */
    uint32_t *next;         /* by claim, from 0 */
} tellings;

static void note_telling(const incident_work *w, tellings *t, uint32_t index) {
    told *c = &w->claims.at[index];
    bool known = !is_figure(c), found = false;
    c->first_paper = c->paper;
    for (uint32_t n = t->first[c->voice_number]; n && !(known && found); n = t->next[n - 1]) {
        const told *o = &w->claims.at[n - 1];
        if (!same_figure(o, c) || !classes_meet(o->who_class, c->who_class))
            continue;
        if (!found)
            c->first_paper = o->paper;
        found = true;
        known |= o->who_class == c->who_class;
    }
    if (known)
        return;
    uint32_t *end = &t->last[c->voice_number];
    *(*end ? &t->next[*end - 1] : &t->first[c->voice_number]) = index + 1;
    *end = index + 1;
}

/* Of two figures of one voice in one paper the whole holds: the greater one, beside which the smaller is what
 * came to it ("rose to 14 after one of the wounded died") or a part that was not said to be one. People of a
 * class are no less told of for a figure of all. Vague words give way to a figure that bears them out. */
static bool is_whole_of(const told *whole, const told *part) {
    bool vague = whole->vague != VAGUE_NOT, gives_way = part->vague != VAGUE_NOT;
    if (whole->first_paper != part->first_paper || whole->min <= 0 || part->min <= 0 ||
        (part->who_class != CLASS_UNKNOWN && part->who_class != whole->who_class))
        return false;
    return vague == gives_way ? whole->min > part->min : gives_way && whole->min >= part->min;
}

static bool takes_back(const told *o, const told *c) {
    return (o->first_paper > c->first_paper && !is_vaguer(o, c)) || is_whole_of(o, c);
}

static bool is_last_word(const incident_work *w, const tellings *t, uint32_t index) {
    const told *c = &w->claims.at[index];
    for (uint32_t n = is_figure(c) ? t->first[c->voice_number] : 0; n; n = t->next[n - 1]) {
        const told *o = &w->claims.at[n - 1];
        if (same_question(o, c) && !same_figure(o, c) && takes_back(o, c))
            return false;
    }
    return is_figure(c);
}

void figures_settle(incident_work *w) {
    size_t voices = w->voices.size + 1, claims = w->claims.size + 1;
    tellings t = {ARENA_NEW(w->a, uint32_t, voices), ARENA_NEW(w->a, uint32_t, voices),
                  ARENA_NEW(w->a, uint32_t, claims)};
    for (uint32_t i = 0; i < w->claims.size; i++)
        note_telling(w, &t, i);
    for (uint32_t i = 0; i < w->claims.size; i++)
        w->claims.at[i].stands = is_last_word(w, &t, i);
}

/* ---- figures ---- */

typedef struct figure {
    uint32_t first, independent;
    who_class class;
    VECTOR(uint32_t) claims;
} figure;

typedef VECTOR(figure) figures;

static bool same_told(const told *x, const told *y) {
    return same_figure(x, y) && x->stance == y->stance;
}

static void add_to_figures(incident_work *w, figures *list, uint32_t index, who_class class) {
    size_t at = 0;
    while (at < list->size && (list->at[at].class != class ||
                               !same_told(&w->claims.at[list->at[at].first], &w->claims.at[index])))
        at++;
    if (at == list->size)
        *VECTOR_PUSH(list, w->a) = (figure){.first = index, .class = class};
    *VECTOR_PUSH(&list->at[at].claims, w->a) = index;
}

/* The one class that the same figure is told of elsewhere; unknown where there is none, or are several. */
static who_class class_elsewhere(const incident_work *w, const figures *list, uint32_t index) {
    who_class found = CLASS_UNKNOWN;
    for (size_t at = 0; at < list->size; at++) {
        const figure *f = &list->at[at];
        if (f->class == CLASS_UNKNOWN || !same_told(&w->claims.at[f->first], &w->claims.at[index]))
            continue;
        if (found != CLASS_UNKNOWN)
            return CLASS_UNKNOWN;
        found = f->class;
    }
    return found;
}

static uint32_t count_voices(incident_work *w, const uint32_t *claims, size_t count) {
    bool *seen = ARENA_NEW(w->a, bool, w->voices.size + 1);
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t v = w->claims.at[claims[i]].voice_number;
        n += v && !seen[v];
        seen[v] = true;
    }
    return n;
}

void write_claim_ids(incident_work *w, buffer *b, const uint32_t *claims, size_t count) {
    write_key(b, "claims"), buffer_add_byte(b, '[');
    for (size_t i = 0; i < count; i++) {
        write_comma(b);
        write_string(b, w->claims.at[claims[i]].id);
    }
    buffer_add_byte(b, ']');
}

/* By effect, best founded first. */
static bool comes_before(const incident_work *w, const figure *x, const figure *y) {
    const told *a = &w->claims.at[x->first], *b = &w->claims.at[y->first];
    if (a->effect != b->effect)
        return a->effect < b->effect;
    return x->independent != y->independent ? x->independent > y->independent : x->first < y->first;
}

static void sort_figures(const incident_work *w, figures *list) {
    for (size_t i = 1; i < list->size; i++) {
        figure f = list->at[i];
        size_t j = i;
        for (; j > 0 && comes_before(w, &f, &list->at[j - 1]); j--)
            list->at[j] = list->at[j - 1];
        list->at[j] = f;
    }
}

static void write_figure(incident_work *w, buffer *b, const figure *f) {
    const told *c = &w->claims.at[f->first];
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "effect"), write_name(b, effect_name(c->effect));
    write_key(b, "class"), write_name(b, who_class_name(f->class));
    write_key(b, "group"), write_string(b, c->group);
    write_key(b, "min"), write_number(b, c->min);
    write_key(b, "max"), write_bound(b, c->max);
    write_key(b, "stance"), write_name(b, stance_name(c->stance));
    write_key(b, "independent"), write_number(b, f->independent);
    write_claim_ids(w, b, f->claims.at, f->claims.size);
    buffer_add_byte(b, '}');
}

void write_figures(incident_work *w, buffer *b) {
    figures told_as = {0}, list = {0}; /* each under the class that it was told of; then as counted */
    for (uint32_t i = 0; i < w->claims.size; i++)
        if (is_figure(&w->claims.at[i]))
            add_to_figures(w, &told_as, i, w->claims.at[i].who_class);
    for (uint32_t i = 0; i < w->claims.size; i++) {
        who_class class = w->claims.at[i].who_class;
        if (is_figure(&w->claims.at[i]))
            add_to_figures(w, &list, i, class == CLASS_UNKNOWN ? class_elsewhere(w, &told_as, i) : class);
    }
    for (size_t i = 0; i < list.size; i++)
        list.at[i].independent = count_voices(w, list.at[i].claims.at, list.at[i].claims.size);
    sort_figures(w, &list);
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < list.size; i++)
        write_figure(w, b, &list.at[i]);
    buffer_add_byte(b, ']');
}

int64_t top_figure(const incident_work *w, effect e) {
    int64_t top = -1;
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        int64_t stated = c->max == COUNT_OPEN ? c->min : c->max;
        if (is_figure(c) && c->effect == e && stated > top)
            top = stated;
    }
    return top;
}

/* ---- disagreements ---- */

static bool same_harm(const told *x, const told *y) {
    bool both = x->effect == y->effect,
         casualties = x->effect == EFFECT_CASUALTIES || y->effect == EFFECT_CASUALTIES;
    effect other = x->effect == EFFECT_CASUALTIES ? y->effect : x->effect;
    bool covered = casualties && (other == EFFECT_KILLED || other == EFFECT_INJURED);
    return (both || covered) && classes_meet(x->who_class, y->who_class) && str_equal(x->group, y->group);
}

static int64_t least_of(const told *c) {
    return c->approx ? c->min - c->min / 10 : c->min;
}

static int64_t most_of(const told *c) {
    return c->approx && c->max != COUNT_OPEN ? c->max + c->max / 10 : c->max;
}

/* NULL: they agree, or speak of different things. */
static const char *disagree(const told *x, const told *y) {
    if (!same_harm(x, y))
        return NULL;
    bool denial = (is_zero(x) && x->stance == STANCE_DENIES) != (is_zero(y) && y->stance == STANCE_DENIES);
    if (denial)
        return (is_zero(x) ? y->min : x->min) > 0 ? "denial" : NULL;
    if (x->effect !=
        y->effect) /* casualties hold the killed and the injured: only a total below them contradicts */
        return NULL;
    return least_of(x) > most_of(y) || least_of(y) > most_of(x) ? "count" : NULL;
}

static const char *disagree_on_actor(const told *x, const told *y) {
    return x->parties && y->parties && !(x->parties & y->parties) ? "actor" : NULL;
}

static void add_difference(incident_work *w, uint32_t a, uint32_t b, const char *on) {
    for (size_t i = 0; i < w->differences.size; i++) {
        const incident_difference *d = &w->differences.at[i];
        if (d->a == a && d->b == b && !strcmp(d->on, on))
            return;
    }
    if (on && w->differences.size < DIFFERENCE_LIMIT)
        *VECTOR_PUSH(&w->differences, w->a) = (incident_difference){a, b, on};
}

/* One claim for each voice and figure that stands. */
static size_t representatives(incident_work *w, uint32_t *out) {
    size_t n = 0;
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        bool known = !c->stands;
        for (size_t k = 0; k < n && !known; k++) {
            const told *o = &w->claims.at[out[k]];
            known = o->voice_number == c->voice_number && same_figure(o, c) && o->who_class == c->who_class &&
                    str_equal(o->actor, c->actor);
        }
        if (!known)
            out[n++] = i;
    }
    return n;
}

/* The claim of that number in a paper, UINT32_MAX where it does not count. Claims stand in the order of
 * papers. */
static uint32_t claim_numbered(const incident_work *w, uint32_t of, int64_t number) {
    size_t low = 0, high = w->claims.size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->claims.at[middle].paper < of)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < w->claims.size && w->claims.at[low].paper == of; low++)
        if (w->claims.at[low].counts && w->claims.at[low].number == number)
            return (uint32_t)low;
    return UINT32_MAX;
}

/* What a reviewer put right is no longer what the reading found to differ. */
static unsigned corrected_on(str on) {
    return str_equal(on, STR("date"))    ? CORRECTED_DATE
           : str_equal(on, STR("place")) ? CORRECTED_PLACE
                                         : CORRECTED_ACTOR;
}

static status differences_of_paper(incident_work *w, uint32_t index) {
    statement s = statement_of(
        w->l,
        "SELECT a, b, \"on\" FROM difference WHERE version = ? AND \"on\" IN ('actor', 'date', 'place')"
        " ORDER BY a, b, \"on\"",
        w->f);
    give_number(&s, w->papers.at[index].version);
    while (statement_row(&s))
        *VECTOR_PUSH(&w->differences_read, w->a) = (difference_read){
            index, take_number(&s, 0), take_number(&s, 1), arena_copy(w->a, take_text(&s, 2))};
    return statement_done(&s);
}

status differences_load(incident_work *w) {
    status code = STATUS_OK;
    for (uint32_t i = 0; i < w->papers.size && code == STATUS_OK; i++)
        if (!w->papers.at[i].superseded)
            code = differences_of_paper(w, i);
    return code;
}

static void add_difference_read(incident_work *w, const difference_read *d) {
    uint32_t a = claim_numbered(w, d->paper, d->a), b = claim_numbered(w, d->paper, d->b);
    if (a == UINT32_MAX || b == UINT32_MAX || w->claims.at[a].voice_number == w->claims.at[b].voice_number)
        return;
    if (!((w->claims.at[a].corrected | w->claims.at[b].corrected) & corrected_on(d->on)))
        add_difference(w, a, b, d->on.data);
}

void differences_find(incident_work *w) {
    uint32_t *told_by = ARENA_NEW(w->a, uint32_t, w->claims.size + 1);
    size_t n = representatives(w, told_by);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const told *x = &w->claims.at[told_by[i]], *y = &w->claims.at[told_by[j]];
            if (x->voice_number == y->voice_number)
                continue;
            const char *on = disagree(x, y), *actor = disagree_on_actor(x, y);
            if (on)
                add_difference(w, told_by[i], told_by[j], on);
            if (actor)
                add_difference(w, told_by[i], told_by[j], actor);
        }
    for (size_t i = 0; i < w->differences_read.size; i++)
        add_difference_read(w, &w->differences_read.at[i]);
}
