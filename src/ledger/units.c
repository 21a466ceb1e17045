/* Units: what one document tells of one incident.
 *
 * A document may tell of several incidents. Its events and its claims (those whose scope is an incident:
 * totals and background never count) are walked in the order of the text; each joins the unit it fits best,
 * or begins one. It fits where neither the days nor the places contradict; what names no place or no day fits
 * anywhere, best what stands next to it. A claim whose figure is the sum of what other units tell (four dead
 * in two attacks) belongs to none. */
#include <math.h>
#include <stdlib.h>

#include "base/crew.h"
#include "ledger/copies.h"
#include "ledger/link.h"
#include "ledger/words.h"

enum { NEAR_KM = 12, EDGE_KM = 5, NAMESAKE_KM = 30, OLD_EVENT_DAYS = 14, STRAY_SAMPLE = 64 };
/* A document's claims and events beyond these stay out of incidents (and in the ledger): no text of a
 * newsroom has so many, and one made to waste our time shall not. */
enum { ELEMENT_LIMIT = 1024, DOCUMENT_UNITS = 128 };

bool spot_is_fine(const spot *s) {
    bool narrow = s->resolved && s->radius <= 12;
    return s->kind == PLACE_CITY || s->kind == PLACE_VILLAGE || s->kind == PLACE_NEIGHBOURHOOD ||
           (s->kind == PLACE_SITE && (narrow || !s->resolved)) || (s->kind == PLACE_AREA && narrow);
}

/* On a sphere: a tenth of a per cent is enough here. */
double spot_distance(const spot *a, const spot *b) {
    const double r = 6371.0088, d = 3.14159265358979 / 180;
    double p = a->lat * d, q = b->lat * d, x = sin((q - p) / 2),
           y = sin(((double)b->lon - (double)a->lon) * d / 2);
    double h = x * x + cos(p) * cos(q) * y * y;
    return 2 * r * asin(sqrt(h < 1 ? h : 1));
}

static nearness by_region(const spot *a, const spot *b) {
    if (a->country && b->country && a->country != b->country)
        return SPOT_FAR;
    const spot *wide = a->kind == PLACE_COUNTRY || a->kind == PLACE_REGION ? a : b;
    if (wide->kind == PLACE_COUNTRY)
        return SPOT_UNKNOWN;
    if (a->admin1 && b->admin1)
        return a->admin1 == b->admin1 ? SPOT_WITHIN : SPOT_FAR;
    return SPOT_UNKNOWN;
}

named_place spot_named(const spot *s) {
    return (named_place){s->name, s->known_as};
}

bool names_alike(named_place a, named_place b) {
    return a.name == b.name || (a.known_as && a.known_as == b.known_as);
}

/* "The market", "a school": every town has one. */
static bool is_somewhere(const spot *s) {
    return s->kind == PLACE_SITE && !s->resolved;
}

/* One name told twice is one place, even where the gazetteer's namesakes led to two. */
static nearness by_name(const spot *a, const spot *b) {
    if (is_somewhere(a) || is_somewhere(b))
        return by_region(a, b) == SPOT_FAR ? SPOT_FAR : SPOT_UNKNOWN;
    return a->resolved && b->resolved && spot_distance(a, b) > NAMESAKE_KM ? SPOT_NEAR : SPOT_SAME;
}

/* Stretches of land: one in the other, or side by side. */
static nearness by_extent(const spot *a, const spot *b) {
    double far = spot_distance(a, b), inner = a->radius < b->radius ? a->radius : b->radius;
    double outer = (double)a->radius + (double)b->radius - inner;
    return far <= outer + EDGE_KM ? SPOT_WITHIN : far <= outer + inner ? SPOT_NEAR : SPOT_FAR;
}

static nearness by_maps(const spot *a, const spot *b) {
    if (a->id && a->id == b->id)
        return SPOT_SAME;
    if (names_alike(spot_named(a), spot_named(b)))
        return by_name(a, b);
    if (a->kind == PLACE_COUNTRY || b->kind == PLACE_COUNTRY)
        return by_region(a, b);
    if (!a->resolved || !b->resolved)
        return by_region(a, b) == SPOT_FAR ? SPOT_FAR : SPOT_UNKNOWN;
    double far = spot_distance(a, b), inner = a->radius < b->radius ? a->radius : b->radius;
    double outer = (double)a->radius + (double)b->radius - inner;
    bool fine = spot_is_fine(a) && spot_is_fine(b);
    if (fine && far <= 1.5)
        return SPOT_SAME;
    if (fine && far <= NEAR_KM + inner)
        return SPOT_NEAR;
    if (fine)
        return SPOT_FAR;
    if (a->kind == PLACE_REGION || b->kind == PLACE_REGION) {
        nearness n = by_region(a, b);
        return n == SPOT_UNKNOWN ? (far <= outer + 20 ? SPOT_WITHIN : SPOT_FAR) : n;
    }
    return by_extent(a, b);
}

/* Places far apart whose names sound alike may be one that was looked up under two spellings. */
nearness spot_compare(const spot *a, const spot *b) {
    nearness near = by_maps(a, b);
    return near == SPOT_FAR && a->sound && a->sound == b->sound ? SPOT_UNKNOWN : near;
}

/* ---- one version's rows ---- */

typedef struct element {
    bool is_claim;
    uint32_t number;
    int64_t key, min, max;
    uint8_t effect;
    bool apart; /* a reviewer took it out of what else the document tells */
    int event_index, type;
    uint64_t parties;
    bool dated, counted, part;
    day from, to;
    uint64_t start; /* of the evidence */
    uint8_t spot_count;
    spot spots[UNIT_SPOTS];
    int64_t evidence_start, evidence_end; /* start NONE: there is none */
    str evidence;
} element;

/* Claims, by their numbers, that the reading found to disagree. */
typedef struct disagreeing {
    uint32_t of[2];
} disagreeing;

typedef struct version_row {
    int64_t key, document;
    str id, text_hash, sketch, outlet, title;
    day published;
    uint32_t ordinal, superseded; /* its number; that of the one that counts instead, 0: it counts itself */
} version_row;

typedef struct gathering {
    ledger *l;
    const name_tables *tables;
    const key_list *apart;
    arena a; /* of one version */
    failure *f;
    version_row v;
    str packed; /* its text */
    size_t text_size;
    VECTOR(spot) mentions;
    VECTOR(element) elements;
    VECTOR(disagreeing) disagreeing;
    unit_list made; /* of it alone */
} gathering;

static uint32_t short_hash(str s) {
    uint64_t h = s.size ? str_hash(s) : 0;
    return s.size ? (uint32_t)(h ^ h >> 32) | 1u : 0;
}

/* A single mention in another country than most of the document's: more likely a wrong namesake than a place
 * of it. */
static void distrust_strays(gathering *g) {
    uint32_t country = 0;
    size_t most = 0, of_country = 0;
    for (size_t i = 0; i < g->mentions.size; i++) {
        size_t same = 0;
        for (size_t j = 0; j < g->mentions.size && j < STRAY_SAMPLE; j++)
            same += g->mentions.at[j].country == g->mentions.at[i].country;
        if (g->mentions.at[i].country && same > most) {
            most = same;
            country = g->mentions.at[i].country;
        }
    }
    for (size_t i = 0; i < g->mentions.size; i++) {
        spot *m = &g->mentions.at[i];
        of_country = 0;
        for (size_t j = 0; j < g->mentions.size && j < STRAY_SAMPLE; j++)
            of_country += g->mentions.at[j].country == m->country;
        if (most >= 2 && m->country != country && of_country * 2 <= most && m->kind != PLACE_COUNTRY) {
            m->resolved = false;
            m->id = m->known_as = m->sound = m->country = m->admin1 = 0;
        }
    }
}

static status read_mentions(gathering *g) {
    statement s = statement_of(
        g->l,
        "SELECT text, kind, country, admin1, id, lat, lon, radius_km, name FROM mention WHERE version = ?"
        " ORDER BY number",
        g->f);
    give_number(&s, g->v.key);
    while (statement_row(&s)) {
        int kind = place_kind_named(take_text(&s, 1));
        *VECTOR_PUSH(&g->mentions, &g->a) =
            (spot){.kind = (uint8_t)(kind == NONE ? PLACE_AREA : kind),
                   .name = short_hash(words_joined(&g->a, take_text(&s, 0))),
                   .country = short_hash(take_text(&s, 2)),
                   .admin1 = short_hash(words_joined(&g->a, take_text(&s, 3))),
                   .id = short_hash(take_text(&s, 4)),
                   .known_as = short_hash(take_null(&s, 8) ? name_of_place(g->tables, &g->a, take_text(&s, 0))
                                                           : words_joined(&g->a, take_text(&s, 8))),
                   .sound = name_sound(take_text(&s, 8)),
                   .resolved = !take_null(&s, 5),
                   .lat = (float)take_real(&s, 5),
                   .lon = (float)take_real(&s, 6),
                   .radius = (float)take_real(&s, 7)};
    }
    distrust_strays(g);
    return statement_done(&s);
}

static void add_spot(spot *spots, uint8_t *count, const spot *s) {
    for (uint8_t i = 0; i < *count; i++)
        if (spots[i].name == s->name && spots[i].id == s->id && spots[i].kind == s->kind)
            return;
    if (*count < UNIT_SPOTS)
        spots[(*count)++] = *s;
}

static void add_mention(gathering *g, element *e, int64_t index) {
    if (index >= 0 && index < (int64_t)g->mentions.size)
        add_spot(e->spots, &e->spot_count, &g->mentions.at[index]);
}

static void read_days(statement *s, int column, element *e) {
    e->dated = !take_null(s, column) && !take_null(s, column + 1);
    e->from = e->dated ? (day)take_number(s, column) : DAY_NONE;
    e->to = e->dated ? (day)take_number(s, column + 1) : DAY_NONE;
}

static void read_evidence(statement *s, int column, element *e) {
    e->evidence_start = take_null(s, column) ? NONE : take_number(s, column);
    e->evidence_end = take_number(s, column + 1);
}

static status read_claims(gathering *g) {
    statement s = statement_of(
        g->l,
        "SELECT number, key, effect, min, max, event, event_index, day_from, day_to, evidence_start,"
        " place, part_of, evidence_start, evidence_end, actor, scope = 'incident' FROM claim WHERE version ="
        " ? ORDER BY number",
        g->f);
    give_number(&s, g->v.key);
    while (statement_row(&s)) {
        bool apart = keys_have(g->apart, take_number(&s, 1));
        if (!apart && !take_number(&s, 15))
            continue;
        element e = {.is_claim = true,
                     .apart = apart,
                     .number = (uint32_t)take_number(&s, 0),
                     .key = take_number(&s, 1),
                     .effect = (uint8_t)effect_named(take_text(&s, 2)),
                     .min = take_number(&s, 3),
                     .max = take_bound(&s, 4),
                     .type = event_type_named(take_text(&s, 5)),
                     .event_index = take_null(&s, 6) ? NONE : (int)take_number(&s, 6),
                     .start = (uint64_t)take_number(&s, 9),
                     .part = !take_null(&s, 11),
                     .parties = parties_of(g->tables, &g->a, take_text(&s, 14))};
        read_days(&s, 7, &e);
        read_evidence(&s, 12, &e);
        if (!take_null(&s, 10))
            add_mention(g, &e, take_number(&s, 10));
        *VECTOR_PUSH(&g->elements, &g->a) = e;
    }
    return statement_done(&s);
}

static status read_disagreeing(gathering *g) {
    statement s = statement_of(
        g->l, "SELECT a, b FROM difference WHERE version = ? AND \"on\" IN ('count', 'denial') ORDER BY a, b",
        g->f);
    give_number(&s, g->v.key);
    while (statement_row(&s))
        *VECTOR_PUSH(&g->disagreeing, &g->a) =
            (disagreeing){{(uint32_t)take_number(&s, 0), (uint32_t)take_number(&s, 1)}};
    return statement_done(&s);
}

/* "[1, 4, 5]", as we wrote it. */
static void read_places(gathering *g, element *e, str list) {
    int64_t n = -1;
    for (size_t i = 0; i < list.size; i++) {
        char c = list.data[i];
        if (c >= '0' && c <= '9') {
            n = (n < 0 ? 0 : n) * 10 + (c - '0');
        } else {
            add_mention(g, e, n);
            n = -1;
        }
    }
}

static status read_events(gathering *g) {
    statement s = statement_of(
        g->l,
        "SELECT number, type, day_from, day_to, evidence_start, places, min, max, evidence_start,"
        " evidence_end, actor FROM event"
        " WHERE version = ? AND stance <> 'denies' ORDER BY number",
        g->f);
    give_number(&s, g->v.key);
    while (statement_row(&s)) {
        element e = {.number = (uint32_t)take_number(&s, 0),
                     .type = event_type_named(take_text(&s, 1)),
                     .event_index = (int)take_number(&s, 0),
                     .start = (uint64_t)take_number(&s, 4),
                     .counted = !take_null(&s, 6),
                     .parties = parties_of(g->tables, &g->a, take_text(&s, 10))};
        e.min = take_number(&s, 6);
        e.max = take_bound(&s, 7);
        read_days(&s, 2, &e);
        read_evidence(&s, 8, &e);
        read_places(g, &e, take_text(&s, 5));
        *VECTOR_PUSH(&g->elements, &g->a) = e;
    }
    return statement_done(&s);
}

/* ---- elements into units ---- */

static bool says_where(const element *e) {
    bool sure = false;
    for (uint8_t i = 0; i < e->spot_count; i++)
        sure |= e->spots[i].resolved && spot_is_fine(&e->spots[i]);
    return sure;
}

/* What says where comes before what does not, claims before events. */
static int rank_of(const element *e) {
    return (e->is_claim ? 0 : 2) + !says_where(e);
}

static int by_place_in_text(const void *x, const void *y) {
    const element *a = x, *b = y;
    if (rank_of(a) != rank_of(b))
        return rank_of(a) - rank_of(b);
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static bool is_old(const gathering *g, const element *e) {
    return !e->is_claim && e->dated && g->v.published != DAY_NONE && e->to < g->v.published - OLD_EVENT_DAYS;
}

static bool is_sure(const spot *s) {
    return s->resolved && spot_is_fine(s);
}

/* How well two sets of places go together: the best pair; where both have sure places, the best pair of
 * those. Only sure places can contradict, or a sure one and all that the other set knows, be it wider. */
static nearness spots_compare(const spot *a, uint8_t n, const spot *b, uint8_t m) {
    nearness best = SPOT_FAR, sure = SPOT_FAR;
    bool both_sure = false, one_sure = false;
    for (uint8_t i = 0; i < n; i++)
        for (uint8_t j = 0; j < m; j++) {
            nearness near = spot_compare(&a[i], &b[j]);
            best = near > best ? near : best;
            one_sure |= is_sure(&a[i]) || is_sure(&b[j]);
            if (!is_sure(&a[i]) || !is_sure(&b[j]))
                continue;
            both_sure = true;
            sure = near > sure ? near : sure;
        }
    if (best == SPOT_FAR && !one_sure)
        return SPOT_UNKNOWN;
    return both_sure && best < SPOT_SAME ? sure : best;
}

typedef struct fit {
    uint32_t unit;
    int score; /* below 0: does not fit */
} fit;

/* Places near each other bind little here: a text that names two villages seldom means one. */
static int fit_of(const unit *u, const element *e, bool same_event, bool nearest) {
    static const int by_place[] = {
        [SPOT_FAR] = -100, [SPOT_UNKNOWN] = 0, [SPOT_WITHIN] = 2, [SPOT_NEAR] = 1, [SPOT_SAME] = 6};
    nearness near = spots_compare(u->spots, u->spot_count, e->spots, e->spot_count);
    int score = near == SPOT_FAR && same_event && !e->is_claim ? 0 : by_place[near];
    if (u->dated && e->dated)
        score += e->from > u->to || e->to < u->from ? -100 : 3;
    if (e->type > EVENT_NONE && u->types)
        score += u->types & 1u << e->type                                       ? 2
                 : events_are_like(u->types, (event_type)e->type) || same_event ? 0
                                                                                : -7;
    return score + (same_event ? 4 : 0) + (nearest ? 1 : 0);
}

typedef struct building {
    gathering *g;
    unit_list *out;
    size_t first;            /* of this version's units */
    uint32_t *unit_of_event; /* UINT32_MAX: none yet */
    VECTOR(uint64_t) starts; /* of this version's units, where their first member stands */
    size_t events;
    VECTOR(uint32_t) unit_of_element;
} building;

static uint64_t gap(uint64_t x, uint64_t y) {
    return x > y ? x - y : y - x;
}

static size_t nearest_unit(const building *b, const element *e) {
    size_t nearest = 0;
    for (size_t i = 1; i < b->starts.size; i++)
        if (gap(b->starts.at[i], e->start) < gap(b->starts.at[nearest], e->start))
            nearest = i;
    return b->first + nearest;
}

static fit best_fit(const building *b, const element *e) {
    fit best = {UINT32_MAX, -1};
    size_t nearest = nearest_unit(b, e);
    for (size_t i = b->first; i < b->out->units.size; i++) {
        bool same = e->event_index >= 0 && (size_t)e->event_index < b->events &&
                    b->unit_of_event[e->event_index] == i;
        int score = fit_of(&b->out->units.at[i], e, same, i == nearest);
        if (score > best.score)
            best = (fit){(uint32_t)i, score};
    }
    return best;
}

static void add_figure(unit *u, const element *e) {
    for (uint8_t i = 0; i < u->figure_count; i++)
        if (u->figures[i].effect == e->effect && u->figures[i].min == e->min && u->figures[i].max == e->max)
            return;
    if (u->figure_count < UNIT_FIGURES && !e->part)
        u->figures[u->figure_count++] = (unit_figure){e->effect, e->min, e->max};
}

static void narrow_days(unit *u, const element *e) {
    if (!e->dated)
        return;
    if (!u->dated) {
        u->dated = true;
        u->from = e->from;
        u->to = e->to;
        return;
    }
    u->from = e->from > u->from ? e->from : u->from;
    u->to = e->to < u->to ? e->to : u->to;
}

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Keeps the smallest hashes, so that two units keep the same ones of what they share. */
static void add_pairs(building *b, unit *u, str text) {
    hashes words = {0};
    words_hashes(&b->g->a, text, &words);
    uint32_t *all = ARENA_NEW(&b->g->a, uint32_t, words.size + UNIT_PAIRS + 1);
    size_t count = u->pair_count, kept = 0;
    memcpy(all, u->pairs, sizeof *all * count);
    for (size_t i = 0; i + 1 < words.size; i++) {
        const uint64_t two[] = {words.at[i], words.at[i + 1]};
        all[count++] = (uint32_t)str_hash((str){(const char *)two, sizeof two});
    }
    qsort(all, count, sizeof *all, by_number);
    for (size_t i = 0; i < count && kept < UNIT_PAIRS; i++)
        if (kept == 0 || all[i] != u->pairs[kept - 1])
            u->pairs[kept++] = all[i];
    u->pair_count = (uint8_t)kept;
}

static void join(building *b, uint32_t index, const element *e) {
    unit *u = &b->out->units.at[index];
    add_pairs(b, u, e->evidence);
    narrow_days(u, e);
    u->parties |= e->parties;
    for (uint8_t i = 0; i < e->spot_count; i++)
        add_spot(u->spots, &u->spot_count, &e->spots[i]);
    if (e->type > EVENT_NONE)
        u->types |= 1u << e->type;
    if (e->is_claim) {
        u->has_claims = true;
        add_figure(u, e);
    }
    if (e->event_index >= 0 && (size_t)e->event_index < b->events &&
        b->unit_of_event[e->event_index] == UINT32_MAX)
        b->unit_of_event[e->event_index] = index;
}

static uint32_t begin_unit(building *b, const element *e) {
    const version_row *v = &b->g->v;
    str number = arena_printf(&b->g->a, "%s%u", e->apart ? "a" : e->is_claim ? "" : "e", e->number);
    const str parts[] = {v->id, STR("\n"), v->text_hash, STR("\n"), number};
    digest d = sha256_parts(parts, 5);
    unit u = {.version = v->key,
              .document = (uint32_t)b->out->documents.size - 1,
              .number = (uint32_t)(b->out->units.size - b->first),
              .first = e->number,
              .current = !v->superseded,
              .ordinal = v->ordinal,
              .superseded = v->superseded,
              .lead = b->out->units.size == b->first};
    memcpy(&u.key, d.bytes, sizeof u.key);
    *VECTOR_PUSH(&b->out->units, b->out->a) = u;
    *VECTOR_PUSH(&b->starts, &b->g->a) = e->start;
    return (uint32_t)(b->out->units.size - 1);
}

/* An event that names several places far apart is one act over all of them, unless it says it is as many. */
static bool is_several_acts(const element *e) {
    return !e->is_claim && e->counted && e->min >= 2 && e->min == e->max && e->min <= 5 && e->spot_count >= 2;
}

static int64_t exact_figure(const unit *u, effect e) {
    int64_t found = 0;
    for (uint8_t i = 0; i < u->figure_count; i++) {
        const unit_figure *f = &u->figures[i];
        if (f->effect == e && f->min == f->max && f->min > found)
            found = f->min;
    }
    return found;
}

/* "Six casualties" of a headline are the three dead and three injured of whom the text tells, wherever that
 * is: the one unit whose dead and injured add up to it. UINT32_MAX where there is none, or are several. */
static uint32_t unit_that_adds_up(const building *b, const element *e) {
    uint32_t found = UINT32_MAX;
    if (!e->is_claim || e->effect != EFFECT_CASUALTIES || e->min != e->max || says_where(e))
        return found;
    for (size_t i = b->first; i < b->out->units.size; i++) {
        const unit *u = &b->out->units.at[i];
        int64_t killed = exact_figure(u, EFFECT_KILLED), injured = exact_figure(u, EFFECT_INJURED);
        bool other_days = u->dated && e->dated && (e->from > u->to || e->to < u->from);
        if (!killed || !injured || killed + injured != e->min || other_days)
            continue;
        if (found != UINT32_MAX)
            return UINT32_MAX;
        found = (uint32_t)i;
    }
    return found;
}

static void place_element(building *b, const element *e) {
    fit best = best_fit(b, e);
    uint32_t sum = unit_that_adds_up(b, e);
    if (sum != UINT32_MAX)
        best.unit = sum;
    bool skip = e->apart || is_old(b->g, e) || is_several_acts(e);
    uint32_t index = UINT32_MAX;
    if (!skip) {
        bool full = b->out->units.size - b->first >= DOCUMENT_UNITS;
        index = best.unit != UINT32_MAX ? best.unit : full ? (uint32_t)nearest_unit(b, e) : begin_unit(b, e);
        join(b, index, e);
    }
    *VECTOR_PUSH(&b->unit_of_element, &b->g->a) = index;
}

/* Makes the units anew from what belongs together. */
static void rebuild(building *b) {
    size_t count = b->out->units.size - b->first;
    uint32_t *made = ARENA_NEW(&b->g->a, uint32_t, count + 1);
    memset(made, 0xFF, sizeof *made * (count + 1));
    memset(b->unit_of_event, 0xFF, sizeof *b->unit_of_event * (b->events + 1));
    b->out->units.size = b->first;
    b->starts.size = 0;
    for (size_t j = 0; j < b->unit_of_element.size; j++) {
        uint32_t old = b->unit_of_element.at[j];
        if (old == UINT32_MAX)
            continue;
        if (made[old - b->first] == UINT32_MAX)
            made[old - b->first] = begin_unit(b, &b->g->elements.at[j]);
        b->unit_of_element.at[j] = made[old - b->first];
        join(b, b->unit_of_element.at[j], &b->g->elements.at[j]);
    }
}

/* Is this claim's figure the sum of one figure from each of at least two other units? */
static bool is_sum(const building *b, const element *e) {
    int64_t sum = 0;
    size_t parts = 0;
    if (e->min != e->max || e->min < 2)
        return false;
    for (size_t i = b->first; i < b->out->units.size; i++) {
        const unit *u = &b->out->units.at[i];
        int64_t told = 0;
        for (uint8_t j = 0; j < u->figure_count; j++)
            if (u->figures[j].effect == e->effect && u->figures[j].min == u->figures[j].max &&
                u->figures[j].min < e->min && !told)
                told = u->figures[j].min;
        if (told) {
            sum += told;
            parts++;
        }
    }
    return parts >= 2 && sum == e->min;
}

/* After all else is in its place, so that nothing joins them. */
static void place_apart(building *b) {
    for (size_t j = 0; j < b->g->elements.size; j++) {
        const element *e = &b->g->elements.at[j];
        if (!e->apart)
            continue;
        b->unit_of_element.at[j] = begin_unit(b, e);
        join(b, b->unit_of_element.at[j], e);
    }
}

static void list_claims(building *b) {
    for (size_t i = b->first; i < b->out->units.size; i++) {
        unit *u = &b->out->units.at[i];
        u->claim_from = (uint32_t)b->out->claims.size;
        for (size_t j = 0; j < b->unit_of_element.size; j++) {
            const element *e = &b->g->elements.at[j];
            if (e->is_claim && b->unit_of_element.at[j] == i && (e->apart || !is_sum(b, e))) {
                *VECTOR_PUSH(&b->out->claims, b->out->a) = e->key;
                u->claim_count++;
            }
        }
        u->has_claims = u->claim_count > 0;
    }
}

/* Claims that the reading found to disagree tell of the same harm: their units are one, unless each says
 * where. */
static void join_disagreeing(building *b) {
    bool joined = false;
    for (size_t i = 0; i < b->g->disagreeing.size; i++) {
        const disagreeing *d = &b->g->disagreeing.at[i];
        uint32_t of[2] = {UINT32_MAX, UINT32_MAX};
        int placed = 0;
        for (size_t j = 0; j < b->unit_of_element.size; j++)
            for (int side = 0; side < 2; side++)
                if (b->g->elements.at[j].is_claim && b->g->elements.at[j].number == d->of[side] &&
                    !is_sum(b, &b->g->elements.at[j])) {
                    of[side] = b->unit_of_element.at[j];
                    placed += says_where(&b->g->elements.at[j]);
                }
        if (placed == 2 || of[0] == UINT32_MAX || of[1] == UINT32_MAX || of[0] == of[1])
            continue;
        const unit *x = &b->out->units.at[of[0]], *y = &b->out->units.at[of[1]];
        if (x->types && y->types && !(x->types & y->types))
            continue;
        if (spots_compare(x->spots, x->spot_count, y->spots, y->spot_count) == SPOT_FAR)
            continue;
        if (x->dated && y->dated && (x->from > y->to || y->from > x->to))
            continue;
        uint32_t kept = of[0] < of[1] ? of[0] : of[1], gone = of[0] + of[1] - kept;
        for (size_t j = 0; j < b->unit_of_element.size; j++)
            if (b->unit_of_element.at[j] == gone)
                b->unit_of_element.at[j] = kept;
        joined = true;
    }
    if (joined)
        rebuild(b);
}

static void build_units(gathering *g, unit_list *out) {
    building b = {.g = g, .out = out, .first = out->units.size};
    for (size_t i = 0; i < g->elements.size; i++)
        if (!g->elements.at[i].is_claim && g->elements.at[i].number >= b.events)
            b.events = g->elements.at[i].number + 1;
    b.unit_of_event = ARENA_NEW(&g->a, uint32_t, b.events + 1);
    memset(b.unit_of_event, 0xFF, sizeof(uint32_t) * (b.events + 1));
    if (g->elements.size)
        qsort(g->elements.at, g->elements.size, sizeof *g->elements.at, by_place_in_text);
    for (size_t i = 0; i < g->elements.size; i++)
        place_element(&b, &g->elements.at[i]);
    join_disagreeing(&b);
    place_apart(&b);
    for (size_t i = b.first; i < out->units.size; i++)
        if (out->units.at[i].lead)
            add_pairs(&b, &out->units.at[i], g->v.title);
    list_claims(&b);
    out->documents.at[out->documents.size - 1].unit_count = (uint32_t)(out->units.size - b.first);
}

/* The one town or village that a document names: NULL where it names several, or none, or one in passing. */
static const spot *only_place(const gathering *g) {
    const spot *found = NULL;
    size_t times = 0;
    for (size_t i = 0; i < g->mentions.size; i++) {
        const spot *m = &g->mentions.at[i];
        if (!is_sure(m))
            continue;
        if (found && spot_compare(found, m) < SPOT_NEAR)
            return NULL;
        found = found ? found : m;
        times++;
    }
    return times > 1 ? found : NULL;
}

/* What says "in the market", or nothing, is told of the only town that the document names more than once. */
static void place_units(const gathering *g, unit_list *out, size_t first) {
    const spot *only = only_place(g);
    for (size_t i = first; only && i < out->units.size; i++) {
        unit *u = &out->units.at[i];
        bool fits = true;
        for (uint8_t k = 0; k < u->spot_count; k++)
            fits &= !is_sure(&u->spots[k]) && spot_compare(&u->spots[k], only) != SPOT_FAR;
        if (fits)
            add_spot(u->spots, &u->spot_count, only);
    }
}

/* Names of places anywhere in the document, but for countries and regions. */
static void add_context(const gathering *g, linked_document *d) {
    for (size_t i = 0; i < g->mentions.size && d->name_count < DOCUMENT_NAMES; i++) {
        const spot *m = &g->mentions.at[i];
        bool known = m->kind == PLACE_COUNTRY || m->kind == PLACE_REGION || !m->name;
        for (uint8_t j = 0; j < d->name_count && !known; j++)
            known = d->names[j].name == m->name;
        if (!known)
            d->names[d->name_count++] = spot_named(m);
    }
}

/* "record:RECORDER/ID" is a row of a recorder's table (import.c). */
static uint64_t registry_of(str id) {
    size_t slash = str_find(id, STR("/"), 0);
    return str_starts(id, STR("record:")) && slash != SIZE_MAX ? str_hash(str_slice(id, 0, slash)) | 1 : 0;
}

static void add_document(gathering *g, unit_list *out) {
    linked_document d = {.key = g->v.document,
                         .version = g->v.key,
                         .sketch_offset = out->sketches.size,
                         .sketch_size = (uint32_t)g->v.sketch.size,
                         .published = g->v.published,
                         .outlet = short_hash(words_joined(&g->a, g->v.outlet)),
                         .order = str_hash(g->v.id),
                         .registry = registry_of(g->v.id)};
    add_context(g, &d);
    for (size_t i = 0; i < g->v.sketch.size; i++)
        *VECTOR_PUSH(&out->sketches, out->a) = g->v.sketch.data[i];
    *VECTOR_PUSH(&out->documents, out->a) = d;
}

static status read_rows(gathering *g) {
    status code = read_mentions(g);
    if (code == STATUS_OK)
        code = read_claims(g);
    if (code == STATUS_OK)
        code = read_events(g);
    return code == STATUS_OK ? read_disagreeing(g) : code;
}

/* What needs no ledger: on any thread. */
static void make_units(void *of) {
    gathering *g = of;
    text_points text = points_of(&g->a, archive_inflate(&g->a, g->packed, g->text_size));
    g->made.a = &g->a;
    if (g->elements.size > ELEMENT_LIMIT)
        g->elements.size = ELEMENT_LIMIT;
    for (size_t i = 0; i < g->elements.size; i++) {
        element *e = &g->elements.at[i];
        e->evidence =
            e->evidence_start == NONE ? STR_NONE : points_between(&text, e->evidence_start, e->evidence_end);
    }
    g->v.sketch = sketch_unpack(&g->a, g->v.sketch);
    add_document(g, &g->made);
    build_units(g, &g->made);
    place_units(g, &g->made, 0);
}

/* Behind those of the versions before. */
static void add_made(void *context, void *of) {
    unit_list *out = context;
    gathering *g = of;
    linked_document d = g->made.documents.at[0];
    d.sketch_offset += out->sketches.size;
    for (size_t i = 0; i < g->made.units.size; i++) {
        unit u = g->made.units.at[i];
        u.document += (uint32_t)out->documents.size;
        u.claim_from += (uint32_t)out->claims.size;
        *VECTOR_PUSH(&out->units, out->a) = u;
    }
    for (size_t i = 0; i < g->made.claims.size; i++)
        *VECTOR_PUSH(&out->claims, out->a) = g->made.claims.at[i];
    for (size_t i = 0; i < g->made.sketches.size; i++)
        *VECTOR_PUSH(&out->sketches, out->a) = g->made.sketches.at[i];
    *VECTOR_PUSH(&out->documents, out->a) = d;
    arena_reset(&g->a);
}

static void drop_gathering(void *of) {
    gathering *g = of;
    arena_free(&g->a);
}

static int by_unit_key(const void *x, const void *y) {
    const unit *a = x, *b = y;
    return (a->key > b->key) - (a->key < b->key);
}

static statement versions_asked(ledger *l, str versions, failure *f) {
    if (!versions.data)
        return statement_of(l,
                            "SELECT version.key, version.document, document.id, text_hash, sketch,"
                            " published_day, version.number, coalesce(superseded, 0), outlet, text, "
                            "text_size, title FROM version"
                            " JOIN document ON document.key = version.document ORDER BY version.key",
                            f);
    statement s = statement_of(
        l,
        "SELECT version.key, version.document, document.id, text_hash, sketch,"
        " published_day, version.number, coalesce(superseded, 0), outlet, text, text_size, title FROM"
        " json_each(?) AS asked JOIN version ON version.key = CAST(asked.value AS BIGINT) JOIN document"
        " ON document.key = version.document ORDER BY version.key",
        f);
    give_text(&s, versions);
    return s;
}

/* Room that is not written to takes no memory; lists that grow leave behind what they grew out of. */
static status make_room(ledger *l, unit_list *list, failure *f) {
    enum { USUAL_UNITS = 2 };
    int64_t versions = 0;
    statement s = statement_of(l, "SELECT count(*) FROM version", f);
    status code = statement_key(&s, &versions);
    size_t count = code == STATUS_OK ? (size_t)versions : 0;
    VECTOR_RESERVE(&list->documents, list->a, count);
    VECTOR_RESERVE(&list->units, list->a, count * USUAL_UNITS);
    VECTOR_RESERVE(&list->sketches, list->a, count * SKETCH_LIMIT * sizeof(uint64_t));
    return code;
}

/* Its sketch as it is stored. */
static version_row version_of(statement *s, arena *a) {
    return (version_row){.key = take_number(s, 0),
                         .document = take_number(s, 1),
                         .id = arena_copy(a, take_text(s, 2)),
                         .text_hash = arena_copy(a, take_text(s, 3)),
                         .sketch = arena_copy(a, take_blob(s, 4)),
                         .outlet = arena_copy(a, take_text(s, 8)),
                         .title = arena_copy(a, take_text(s, 11)),
                         .published = take_null(s, 5) ? DAY_NONE : (day)take_number(s, 5),
                         .ordinal = (uint32_t)take_number(s, 6),
                         .superseded = (uint32_t)take_number(s, 7)};
}

status units_read(ledger *l, const name_tables *tables, str versions, arena *a, unit_list *out, failure *f) {
    enum { PLACES = 16 };
    unit_list list = {.a = a};
    key_list apart;
    status code = claims_apart_read(l, a, &apart, f);
    if (code == STATUS_OK && !versions.data)
        code = make_room(l, &list, f);
    crew *hands = crew_new(&(crew_options){.work = make_units,
                                           .told = add_made,
                                           .context = &list,
                                           .job = sizeof(gathering),
                                           .places = PLACES,
                                           .threads = versions.data ? 0 : CREW_THREADS});
    statement s = versions_asked(l, versions, f);
    statement_walks(&s);
    while (code == STATUS_OK && statement_row(&s)) {
        gathering *g = crew_place(hands);
        *g = (gathering){.l = l, .tables = tables, .apart = &apart, .a = g->a, .f = f};
        g->v = version_of(&s, &g->a);
        g->packed = arena_copy(&g->a, take_blob(&s, 9));
        g->text_size = (size_t)take_number(&s, 10);
        code = read_rows(g);
        if (code == STATUS_OK)
            crew_give(hands);
    }
    if (code == STATUS_OK)
        crew_finish(hands);
    crew_free(hands, drop_gathering);
    status done = statement_done(&s);
    if (list.units.size)
        qsort(list.units.at, list.units.size, sizeof *list.units.at, by_unit_key);
    *out = list;
    return code != STATUS_OK ? code : done;
}
