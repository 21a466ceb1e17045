/* Whether a row is what was asked for: each condition of the query language as a test of a short row. What
 * they mean is said once, in SQL (ask.c); tests hold the two to one another on random questions. */
#include <math.h>

#include "ledger/image.h"
#include "ledger/review.h"
#include "ledger/words.h"

static unsigned facet_bit(asked_facet facet) {
    return 1u << facet;
}

static uint8_t *new_bits(arena *a, const dictionary *d) {
    return ARENA_NEW(a, uint8_t, d->texts.size / 8 + 1);
}

static void set_bit(uint8_t *bits, uint32_t n) {
    bits[n / 8] = (uint8_t)(bits[n / 8] | 1u << n % 8);
}

static bool has_bit(const uint8_t *bits, uint32_t n) {
    return bits[n / 8] >> n % 8 & 1;
}

/* Numbers of these texts. */
static uint8_t *named(arena *a, const dictionary *d, const asked_condition *c) {
    uint8_t *bits = new_bits(a, d);
    for (size_t i = 0; i < c->size; i++) {
        uint32_t n = dictionary_find(d, c->at[i].text);
        if (n)
            set_bit(bits, n);
    }
    return bits;
}

/* Numbers of the texts that hold this one. */
static uint8_t *holding(arena *a, const dictionary *d, str part) {
    uint8_t *bits = new_bits(a, d);
    for (uint32_t i = 1; i < d->texts.size; i++)
        if (str_find(d->texts.at[i], part, 0) != SIZE_MAX)
            set_bit(bits, i);
    return bits;
}

/* Numbers of lists ("ar\nen\n") one of whose lines is asked for. */
static uint8_t *listing(arena *a, const dictionary *d, const asked_condition *c) {
    uint8_t *bits = new_bits(a, d);
    for (uint32_t i = 1; i < d->texts.size; i++) {
        str one;
        for (size_t at = 0; str_piece(d->texts.at[i], &at, '\n', &one);)
            for (size_t k = 0; k < c->size; k++)
                if (one.size && str_equal(one, c->at[k].text))
                    set_bit(bits, i);
    }
    return bits;
}

static void take_countries(image_test *t, const asked_condition *c) {
    for (; t->country_count < c->size; t->country_count++) {
        str code = c->at[t->country_count].text;
        t->countries[t->country_count] =
            (uint16_t)((unsigned char)code.data[0] << 8 | (unsigned char)code.data[1]);
    }
}

static uint64_t events_of(const asked_condition *c) {
    uint64_t mask = 0;
    for (size_t i = 0; i < c->size; i++)
        mask |= UINT64_C(1) << event_type_named(c->at[i].text);
    return mask;
}

static uint64_t statuses_of(const asked_condition *c) {
    uint64_t mask = 0;
    for (size_t i = 0; i < c->size; i++)
        mask |= str_equal(c->at[i].text, STR("settled"))     ? 4
                : str_equal(c->at[i].text, STR("in review")) ? 2
                                                             : 1;
    return mask;
}

static void take_bounds(image_test *t, const asked_condition *c) {
    t->least = c->at[0].number;
    t->most = c->at[1].number;
}

static image_test test_of(const image *m, arena *a, const asked_condition *c) {
    image_test t = {.test = c->test, .fails = facet_bit(c->facet), .none = c->none};
    switch (c->test) {
    case TEST_COUNTRY:
        take_countries(&t, c);
        break;
    case TEST_ADMIN1:
        t.bits = named(a, &m->admin1, c);
        break;
    case TEST_SITE:
        t.bits = named(a, &m->sites, c);
        break;
    case TEST_STATUS:
        t.mask = statuses_of(c);
        break;
    case TEST_GRADE:
    case TEST_ASSIGNEE:
        t.bits = named(a, c->test == TEST_GRADE ? &m->grades : &m->assignees, c);
        /* Neither names nor none: some. */
        t.mask = !c->size && !c->none;
        break;
    case TEST_EVENT:
        t.mask = events_of(c);
        break;
    case TEST_LANGUAGE:
        t.bits = listing(a, &m->languages, c);
        break;
    case TEST_OUTLET:
        t.bits = named(a, &m->outlets, c);
        break;
    case TEST_PLACE:
        t.bits = holding(a, &m->names, c->at[0].text);
        break;
    case TEST_VOICE:
        t.bits = holding(a, &m->voices, c->at[0].text);
        break;
    case TEST_FIGURE:
        t.mask = c->effects;
        take_bounds(&t, c);
        break;
    case TEST_VOICES:
        take_bounds(&t, c);
        break;
    case TEST_DISAGREE:
        t.none = c->at[0].number != 0;
        t.mask = (uint64_t)c->at[1].number;
        break;
    case TEST_NEAR:
        for (size_t i = 0; i < c->size; i++)
            t.near[i] = c->at[i].real;
        break;
    default:
        t.mask = (uint64_t)c->at[0].number;
    }
    return t;
}

static void take_days(image_question *q, day from, day to, asked_facet facet) {
    if (from != DAY_NONE || to != DAY_NONE)
        q->days[q->day_count++] = (image_days){from, to, facet_bit(facet)};
}

void image_ask(const image *m, arena *a, const ledger_filter *filter, const asked *of,
               const found_versions *found, bool hides, image_question *out) {
    *out = (image_question){.m = m, .found = found, .hides = hides};
    for (size_t i = 0; i < of->conditions.size; i++) {
        image_test t = test_of(m, a, &of->conditions.at[i]);
        if (of->conditions.at[i].facet == FACET_FIGURE && of->conditions.at[i].test == TEST_FIGURE &&
            !out->figure.fails)
            out->figure = t;
        else
            *VECTOR_PUSH(&out->tests, a) = t;
    }
    take_days(out, filter->from, filter->to, FACET_DATES);
    take_days(out, of->from, of->to, FACET_NONE);
    if (filter->place.size) {
        condition name = {CONDITION_TEXT, .text = words_joined(a, filter->place)};
        *VECTOR_PUSH(&out->tests, a) = (image_test){
            .test = TEST_PLACE, .fails = facet_bit(FACET_NONE), .bits = holding(a, &m->names, name.text)};
    }
    out->has_box = filter->has_box;
    out->south = filter->south, out->west = filter->west;
    out->north = filter->north, out->east = filter->east;
}

/* ---- one row ---- */

static bool in_box(const image_question *q, const image_row *r) {
    bool between =
        q->west <= q->east ? r->lon >= q->west && r->lon <= q->east : r->lon >= q->west || r->lon <= q->east;
    return r->lat >= q->south && r->lat <= q->north && between;
}

/* In the order of additions that SQL has. */
static bool is_near(const double *n, const image_row *r) {
    if (!(r->lat >= n[0] && r->lat <= n[1]))
        return false;
    double off = fabs(r->lon - n[5]), east = off < 360 - off ? off : 360 - off;
    return (r->lat - n[2]) * (r->lat - n[3]) * n[4] + east * east * n[9] <= n[10];
}

static bool country_passes(const image_test *t, uint16_t country) {
    for (size_t i = 0; i < t->country_count; i++)
        if (country == t->countries[i])
            return country != 0;
    return false;
}

static bool any_of(const uint8_t *bits, const uint32_t *list, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (has_bit(bits, list[i]))
            return true;
    return false;
}

bool image_figure_passes(const image_test *t, const image_row *r, unsigned effects) {
    if (!effects)
        return r->figures[FIGURE_ANY] >= t->least && r->figures[FIGURE_ANY] <= t->most;
    for (int e = 0; e < FIGURE_ANY; e++)
        if ((effects >> e & 1) && r->figures[e] != NONE && r->figures[e] >= t->least &&
            r->figures[e] <= t->most)
            return true;
    return false;
}

static bool passes(const image_question *q, const image_test *t, const image_row *r) {
    uint32_t count;
    switch (t->test) {
    case TEST_COUNTRY:
        return country_passes(t, r->country);
    case TEST_ADMIN1:
        return has_bit(t->bits, r->admin1);
    case TEST_SITE:
        return has_bit(t->bits, r->site);
    case TEST_STATUS:
        return t->mask >> r->status & 1;
    case TEST_GRADE:
        return r->grade ? t->mask || has_bit(t->bits, r->grade) : t->none;
    case TEST_ASSIGNEE:
        return r->assignee ? t->mask || has_bit(t->bits, r->assignee) : t->none;
    case TEST_EVENT:
        return t->mask >> r->event & 1;
    case TEST_LANGUAGE:
        return has_bit(t->bits, r->languages);
    case TEST_OUTLET: {
        const uint32_t *outlets = image_outlets(q->m, r, &count);
        return any_of(t->bits, outlets, count);
    }
    case TEST_PLACE:
        return has_bit(t->bits, r->names);
    case TEST_VOICE: {
        const uint32_t *voices = image_voices(q->m, r, &count);
        return any_of(t->bits, voices, count);
    }
    case TEST_FIGURE:
        return image_figure_passes(t, r, (unsigned)t->mask);
    case TEST_VOICES:
        return r->independent >= t->least && r->independent <= t->most;
    case TEST_KINDS:
        return (r->voice_kinds & t->mask) != 0;
    case TEST_STANCES:
        return (r->stances & t->mask) != 0;
    case TEST_VERDICTS:
        return (r->verdicts & t->mask) != 0;
    case TEST_DISAGREE:
        return r->disagreements ? (r->disagree_on & t->mask) != 0 : t->none;
    case TEST_SENSITIVE:
        return r->sensitive == t->mask;
    case TEST_NEAR:
        return is_near(t->near, r);
    }
    return false;
}

int64_t image_found(const image_question *q, const image_row *r, uint32_t *at) {
    uint32_t count;
    const uint32_t *versions = image_versions(q->m, r, &count);
    for (; *at < count; ++*at)
        if (versions_hold(q->found, versions[*at]))
            return versions[(*at)++];
    return -1;
}

unsigned image_fails(const image_question *q, uint32_t slot) {
    const image_row *r = &q->m->rows.at[slot];
    uint32_t at = 0;
    unsigned fails = 0;
    if (!r->live || (q->hides && r->sensitive) || (q->has_box && !in_box(q, r)))
        return facet_bit(FACET_NONE);
    for (size_t i = 0; i < q->day_count; i++)
        if ((q->days[i].from != DAY_NONE && (r->to == DAY_NONE || r->to < q->days[i].from)) ||
            (q->days[i].to != DAY_NONE && (r->from == DAY_NONE || r->from > q->days[i].to)))
            fails |= q->days[i].fails;
    for (size_t i = 0; i < q->tests.size && !(fails & facet_bit(FACET_NONE)); i++)
        if (!passes(q, &q->tests.at[i], r))
            fails |= q->tests.at[i].fails;
    if (q->figure.fails && !image_figure_passes(&q->figure, r, (unsigned)q->figure.mask))
        fails |= facet_bit(FACET_FIGURE);
    if (q->found && !(fails & facet_bit(FACET_NONE)) && image_found(q, r, &at) < 0)
        fails |= facet_bit(FACET_NONE);
    return fails;
}
