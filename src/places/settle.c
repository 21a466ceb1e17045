/* Settling a document's places together.
 *
 * A name alone says little: there are sixty villages called الخربة. What decides, in this order of strength:
 * the container that the text names ("Sarmin, Idlib"), the countries that the document speaks of, the places
 * near by, the kind that the words around it tell, and fame. Each is a term of one score.
 *
 * The method: each mention votes for the countries of its candidates, by their fame, so that the document's
 * countries are known; mentions that are clear by then become anchors; every mention is then scored against
 * the anchors, twice, so that a container and what it contains can settle each other. Candidates and anchors
 * are capped, so the work is linear in the mentions.
 *
 * A name that is not known is looked for by its skeleton, in the document's main countries alone, and taken
 * only where it lies among the other places, or nothing else is like it. What has nothing to do with the
 * document's places is not taken at all: an empty place is better than a wrong one. */
#include "base/utf8.h"
#include "places/format.h"
#include <math.h>

enum {
    CANDIDATES = 16,
    ANCHORS = 16,
    LISTED = 256, /* how far into the places of one name is looked */
    ROUNDS = 2,
};

typedef struct candidate {
    const place_record *record;
    uint32_t index;
    bool alternate, loose;
    double prior, score;
    double apart; /* of a loose one: how far its spelling is from the one asked for */
} candidate;

typedef struct mention {
    candidate *at;
    size_t count;
    const candidate *chosen; /* NULL where none is found */
    double margin;           /* over the best candidate somewhere else */
} mention;

typedef struct anchor_point {
    const place_record *record;
    uint32_t index, sentence;
    double lat, lon, narrowing; /* cosine of the latitude */
} anchor_point;

typedef struct settling {
    const gazetteer *g;
    const place_query *queries;
    int *within; /* by query: the query of its container, or -1 */
    mention *mentions;
    size_t count;
    arena *memory;
    double countries[PLACES_COUNTRIES]; /* the share of votes */
    anchor_point anchors[ANCHORS];
    size_t anchor_count;
} settling;

static double degrees(int32_t units) {
    return (double)units / PLACE_DEGREE_UNITS;
}

static double square_km(double lat, double lon, double narrowing, const place_record *to) {
    const double degree_km = 111.2;
    double north = (lat - degrees(to->lat)) * degree_km, east = lon - degrees(to->lon);
    east = (east > 180 ? east - 360 : east < -180 ? east + 360 : east) * degree_km * narrowing;
    return north * north + east * east;
}

static double narrowing_at(const place_record *r) {
    const double radians = 0.017453292519943295;
    return cos(degrees(r->lat) * radians);
}

static double square_km_between(const place_record *a, const place_record *b) {
    return square_km(degrees(a->lat), degrees(a->lon), narrowing_at(a), b);
}

static double radius_km(const place_record *r) {
    return (double)r->radius / PLACE_RADIUS_UNITS;
}

static size_t country_slot(const place_record *r) {
    return places_country_slot(r->country, sizeof r->country);
}

/* The terms of the score */

/* How well a candidate of a kind (column) answers to the kind that the words told (row). */
static const double kind_fit[PLACE_AREA + 1][PLACE_AREA + 1] = {
    /*                 country region city village neighbourhood site area */
    [PLACE_COUNTRY] = {3, -2, -3, -3, -3, -3, -1},       [PLACE_REGION] = {-2, 4, 0, -1.5, -2, -2, 1.5},
    [PLACE_CITY] = {-3, -1, 4, 2.5, -0.5, -1.5, 0.5},    [PLACE_VILLAGE] = {-4, -2, 2.5, 3, 0.5, -0.5, 0},
    [PLACE_NEIGHBOURHOOD] = {-4, -3, -1, 0.5, 4, 0, -1}, [PLACE_SITE] = {-3, -1.5, 0, 0.5, 0.5, 3, 0},
    [PLACE_AREA] = {-2, 1, 1, 0.5, 0.5, 0, 2},
};
static const double kind_fame[PLACE_AREA + 1] = {
    [PLACE_COUNTRY] = 5,         [PLACE_REGION] = 3.4, [PLACE_CITY] = 3,   [PLACE_VILLAGE] = 1.5,
    [PLACE_NEIGHBOURHOOD] = 0.5, [PLACE_SITE] = 1,     [PLACE_AREA] = 1.2,
};

/* A metropolis is news everywhere; below, fame grows slowly. */
static double fame(const place_record *r, bool alternate) {
    double people = r->population ? log10((double)r->population) : 0;
    return kind_fame[r->kind <= PLACE_AREA ? r->kind : PLACE_AREA] + 0.45 * people + fmax(0, people - 5) +
           r->renown / 10.0 - (alternate ? 1 : 0);
}

static double country_share(const settling *s, const place_record *r) {
    size_t slot = country_slot(r);
    return slot < PLACES_COUNTRIES ? s->countries[slot] : 0;
}

static double country_term(const settling *s, const place_record *r) {
    double term = 1.6 * log(country_share(s, r) + 0.01);
    bool known = r->kind == PLACE_COUNTRY || (r->kind == PLACE_CITY && r->population >= 500000);
    return country_slot(r) == PLACES_COUNTRIES ? -4 : known ? fmax(term, -3) : term;
}

static double kind_term(const place_query *q, const place_record *r) {
    return q->expected_kind < 0 || q->expected_kind > PLACE_AREA || r->kind > PLACE_AREA
               ? 0
               : kind_fit[q->expected_kind][r->kind];
}

static bool contains(const place_record *r, uint32_t index, const place_record *inner, uint32_t inner_index) {
    if (index == inner_index || r->kind > PLACE_AREA)
        return false;
    if (r->kind == PLACE_COUNTRY)
        return memcmp(r->country, inner->country, 2) == 0;
    if (inner->region == index || inner->county == index)
        return true;
    double reach = radius_km(r) * 1.1 + 5;
    return r->kind != PLACE_REGION && square_km_between(r, inner) <= reach * reach;
}

static double within_term(const settling *s, const place_query *q, const candidate *c) {
    int within = s->within[q - s->queries];
    if (within < 0)
        return 0;
    const mention *container = &s->mentions[within];
    double best = container->count ? -2 : 0;
    for (size_t i = 0; i < container->count; i++) {
        const candidate *outer = &container->at[i];
        double worth = 5 + fmax(-5, outer->score - container->at[0].score);
        if (worth > best && contains(outer->record, outer->index, c->record, c->index))
            best = worth;
    }
    return best;
}

static double anchor_pull(const anchor_point *a, const candidate *c, uint32_t sentence) {
    double square = square_km(a->lat, a->lon, a->narrowing, c->record), near = 45.0 * 45.0,
           far = 250.0 * 250.0;
    bool inside = c->record->region == a->index || c->record->county == a->index;
    if (inside)
        square = fmin(square, 20.0 * 20.0);
    double pull = 2.2 * near / (near + square) + far / (far + square);
    return a->sentence == sentence ? pull * 1.3 : pull;
}

static double near_term(const settling *s, const place_query *q, const candidate *c) {
    double best = 0, sum = 0;
    for (size_t i = 0; i < s->anchor_count; i++) {
        if (s->anchors[i].index == c->index)
            continue;
        double pull = anchor_pull(&s->anchors[i], c, q->sentence);
        best = fmax(best, pull);
        sum += pull;
    }
    return s->anchor_count ? 0.7 * best + 0.8 * sum / (double)s->anchor_count : 0;
}

/* Candidates */

static str folded_name(const settling *s, str name) {
    char *key = arena_alloc(s->memory, name.size + 1);
    return places_bare_key((str){key, places_fold(name, key)});
}

/* For as many candidates more, or all that are kept of a mention. */
static void make_room(settling *s, mention *m, size_t more) {
    size_t room = m->count + more < CANDIDATES ? m->count + more : CANDIDATES;
    if (room == 0)
        return;
    candidate *at = ARENA_NEW(s->memory, candidate, room);
    if (m->at)
        memcpy(at, m->at, m->count * sizeof *at);
    m->at = at;
}

static void keep_best(mention *m, candidate c) {
    size_t at = m->count < CANDIDATES ? m->count++ : CANDIDATES;
    while (at > 0 && m->at[at - 1].score < c.score) {
        if (at < CANDIDATES)
            m->at[at] = m->at[at - 1];
        at--;
    }
    if (at < CANDIDATES)
        m->at[at] = c;
}

static candidate make_candidate(const settling *s, const place_query *q, uint32_t item) {
    candidate c = {.index = item & ~LIST_ALTERNATE, .alternate = (item & LIST_ALTERNATE) != 0};
    c.record = gazetteer_record(s->g, c.index);
    if (c.record)
        c.prior = fame(c.record, c.alternate) + kind_term(q, c.record);
    return c;
}

static void gather(settling *s, const place_query *q, mention *m, place_list list) {
    make_room(s, m, list.count);
    for (size_t i = 0; i < list.count && i < LISTED; i++) {
        candidate c = make_candidate(s, q, list.at[i]);
        if (!c.record)
            continue;
        c.score = c.prior + (list.count > CANDIDATES ? country_term(s, c.record) : 0);
        keep_best(m, c);
    }
}

/* Loose candidates: names with the same skeleton, in the document's main countries, spelt alike. */

enum { LETTERS = 24, COMPARED = 48 };
static const double main_share = 0.25, unlikely_share = 0.08;

static size_t letters_of(str folded, uint32_t out[LETTERS]) {
    size_t count = 0;
    for (size_t at = 0; at < folded.size && count < LETTERS;)
        out[count++] = utf8_next(folded, &at);
    return count;
}

static size_t least(size_t a, size_t b, size_t c) {
    size_t d = a < b ? a : b;
    return d < c ? d : c;
}

/* Letters to change, as a share of the longer name. */
static double difference(str a, str b) {
    uint32_t left[LETTERS], right[LETTERS];
    size_t rows = letters_of(a, left), columns = letters_of(b, right), distance[LETTERS + 1];
    for (size_t k = 0; k <= columns; k++)
        distance[k] = k;
    for (size_t i = 0; i < rows; i++) {
        size_t corner = distance[0];
        distance[0] = i + 1;
        for (size_t k = 0; k < columns; k++) {
            size_t changed = corner + (left[i] != right[k]);
            corner = distance[k + 1];
            distance[k + 1] = least(changed, distance[k] + 1, corner + 1);
        }
    }
    size_t longer = rows > columns ? rows : columns;
    return longer ? (double)distance[columns] / (double)longer : 1;
}

static bool is_latin(str key) {
    return key.size && (unsigned char)key.data[0] < 0x80;
}

/* How far a candidate's own name is from the one asked for; a name in the other script alone can only be
 * judged by its skeleton. */
static double unlikeness(const settling *s, str key, uint32_t index) {
    place p;
    gazetteer_get(s->g, index, &p);
    str name = is_latin(key) ? p.name : p.name_ar;
    return name.size ? difference(key, folded_name(s, name)) : 0.3;
}

static void add_loose(settling *s, const place_query *q, mention *m, str key) {
    char *bones = arena_alloc(s->memory, key.size + 1);
    str skeleton = {bones, places_skeleton(key, bones)};
    place_list list = skeleton.size >= 3 ? gazetteer_places(s->g, INDEX_LOOSE, skeleton) : (place_list){0};
    size_t compared = 0;
    make_room(s, m, list.count);
    for (size_t i = 0; i < list.count && i < LISTED && compared < COMPARED; i++) {
        candidate c = make_candidate(s, q, list.at[i]);
        if (!c.record || country_share(s, c.record) < main_share)
            continue;
        compared++;
        double apart = unlikeness(s, key, c.index);
        if (apart > 0.34)
            continue;
        c.loose = true;
        c.apart = apart;
        c.prior -= 1 + 6 * apart;
        c.score = c.prior;
        keep_best(m, c);
    }
}

static bool is_unlikely(const settling *s, const mention *m) {
    for (size_t i = 0; i < m->count; i++)
        if (country_share(s, m->at[i].record) >= unlikely_share || m->at[i].record->kind == PLACE_COUNTRY ||
            m->at[i].record->population >= 100000)
            return false;
    return true;
}

/* Countries */

/* One vote a mention, shared among its candidates by their fame. */
static void vote(settling *s, const place_query *q, place_list list) {
    double weights[CANDIDATES] = {0}, sum = 0;
    candidate at[CANDIDATES];
    size_t count = list.count < CANDIDATES ? list.count : CANDIDATES;
    for (size_t i = 0; i < count; i++) {
        at[i] = make_candidate(s, q, list.at[i]);
        weights[i] = at[i].record ? exp(1.2 * at[i].prior) : 0;
        sum += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        size_t slot = at[i].record ? country_slot(at[i].record) : PLACES_COUNTRIES;
        if (slot < PLACES_COUNTRIES && sum > 0)
            s->countries[slot] += weights[i] / sum * (list.count > CANDIDATES ? 0.3 : 1);
    }
}

static void share_votes(settling *s) {
    double sum = 0;
    for (size_t i = 0; i < PLACES_COUNTRIES; i++)
        sum += s->countries[i];
    for (size_t i = 0; i < PLACES_COUNTRIES && sum > 0; i++)
        s->countries[i] /= sum;
}

/* Choosing */

enum { SAME_SPOT_KM = 30 };

static double margin_of(const mention *m) {
    for (size_t i = 1; i < m->count; i++)
        if (square_km_between(m->at[0].record, m->at[i].record) > SAME_SPOT_KM * SAME_SPOT_KM)
            return m->at[0].score - m->at[i].score;
    return 10;
}

static void sort_candidates(mention *m) {
    for (size_t i = 1; i < m->count; i++) {
        candidate c = m->at[i];
        size_t at = i;
        for (; at > 0 && m->at[at - 1].score < c.score; at--)
            m->at[at] = m->at[at - 1];
        m->at[at] = c;
    }
}

static void score(settling *s, size_t i) {
    mention *m = &s->mentions[i];
    const place_query *q = &s->queries[i];
    for (size_t k = 0; k < m->count; k++) {
        candidate *c = &m->at[k];
        c->score = c->prior + country_term(s, c->record) + near_term(s, q, c);
    }
    for (size_t k = 0; k < m->count; k++)
        m->at[k].score += within_term(s, q, &m->at[k]);
    sort_candidates(m);
    m->chosen = m->count ? m->at : NULL;
    m->margin = m->count ? margin_of(m) : 0;
}

static bool is_anchored(const settling *s, uint32_t index) {
    for (size_t i = 0; i < s->anchor_count; i++)
        if (s->anchors[i].index == index)
            return true;
    return false;
}

static void add_anchor(settling *s, const candidate *c, uint32_t sentence) {
    s->anchors[s->anchor_count++] = (anchor_point){c->record,
                                                   c->index,
                                                   sentence,
                                                   degrees(c->record->lat),
                                                   degrees(c->record->lon),
                                                   narrowing_at(c->record)};
}

/* Countries pull through the votes alone: their middles are near nothing. */
static void drop_anchors(settling *s) {
    const double clear = 2;
    s->anchor_count = 0;
    for (size_t i = 0; i < s->count && s->anchor_count < ANCHORS; i++) {
        const mention *m = &s->mentions[i];
        if (m->chosen && m->margin >= clear && !s->queries[i].doubtful &&
            m->chosen->record->kind != PLACE_COUNTRY && !is_anchored(s, m->chosen->index))
            add_anchor(s, m->chosen, s->queries[i].sentence);
    }
}

static double nearest_km(const settling *s, const candidate *c) {
    double least_square = INFINITY;
    for (size_t i = 0; i < s->anchor_count; i++) {
        const anchor_point *a = &s->anchors[i];
        bool inside = c->record->region == a->index || c->record->county == a->index;
        double square = a->index == c->index ? INFINITY : square_km(a->lat, a->lon, a->narrowing, c->record);
        least_square = fmin(least_square, inside ? 0 : square);
    }
    return sqrt(least_square);
}

static bool is_little_known(const place_record *r) {
    return r->kind != PLACE_COUNTRY && r->kind != PLACE_REGION && r->population < 50000;
}

static bool is_outside(const settling *s, const place_query *q, const candidate *c) {
    int within = s->within[q - s->queries];
    const mention *container = within >= 0 ? &s->mentions[within] : NULL;
    if (!container || !container->chosen || container->margin < 1)
        return false;
    /* a province that the gazetteer lacks: the town that shares its name says nothing */
    if (s->queries[within].expected_kind == PLACE_REGION && container->chosen->record->kind != PLACE_REGION)
        return false;
    return !contains(container->chosen->record, container->chosen->index, c->record, c->index);
}

/* Nearly the spelling asked for, and no other like it in the country that the document is about. */
static bool stands_out(const settling *s, const mention *m) {
    return m->chosen->apart <= 0.2 && m->margin >= 3 && country_share(s, m->chosen->record) >= 0.6;
}

/* A small place in a country that the document does not speak of, far from all that it does, shares but the
 * name. So does one outside what the text says it lies in. A quarter is meant in a town that is spoken of. A
 * loose candidate must stand out, or lie among the others. */
static bool is_settled(const settling *s, size_t i) {
    const mention *m = &s->mentions[i];
    if (!m->chosen)
        return false;
    bool far = s->anchor_count > 0 && nearest_km(s, m->chosen) > 80;
    if (far && s->queries[i].expected_kind == PLACE_NEIGHBOURHOOD)
        return false;
    if (far && is_little_known(m->chosen->record) && is_outside(s, &s->queries[i], m->chosen))
        return false;
    if (far && s->anchor_count > 1 && is_little_known(m->chosen->record) &&
        country_share(s, m->chosen->record) < unlikely_share)
        return false;
    return !m->chosen->loose || (s->anchor_count > 0 && !far) || stands_out(s, m);
}

/* A text that tells once where a place lies speaks of the same one wherever it names it: the first container
 * that is told for a name is that of all its mentions. Open addressing by the name's hash. */
static void share_containers(settling *s, const str *keys) {
    size_t size = 16;
    while (size < 2 * s->count)
        size *= 2;
    uint32_t *first = ARENA_NEW(s->memory, uint32_t, size);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < s->count; i++) {
            size_t at = (size_t)str_hash(keys[i]) & (size - 1);
            while (first[at] && !str_equal(keys[first[at] - 1], keys[i]))
                at = (at + 1) & (size - 1);
            if (pass == 0 && !first[at] && s->within[i] >= 0)
                first[at] = (uint32_t)i + 1;
            else if (pass == 1 && first[at] && s->within[i] < 0)
                s->within[i] = s->within[first[at] - 1];
        }
}

/* The words told that it is a town: a gazetteer that has it as a village knows less. */
static void tell(const settling *s, size_t i, place *out) {
    gazetteer_get(s->g, s->mentions[i].chosen->index, out);
    out->alternate = s->mentions[i].chosen->alternate;
    if (out->kind == PLACE_VILLAGE && s->queries[i].expected_kind == PLACE_CITY) {
        out->kind = PLACE_CITY;
        out->radius_km = fmax(out->radius_km, 4);
    }
}

void places_settle(const gazetteer *g, const place_query *queries, size_t count, arena *a, place *out) {
    settling *s = ARENA_NEW(a, settling, 1);
    place_list *lists = ARENA_NEW(a, place_list, count + 1);
    str *keys = ARENA_NEW(a, str, count + 1);
    *s = (settling){.g = g, .queries = queries, .count = count, .memory = a};
    s->mentions = ARENA_NEW(a, mention, count + 1);
    s->within = ARENA_NEW(a, int, count + 1);
    for (size_t i = 0; i < count; i++) {
        keys[i] = folded_name(s, queries[i].name);
        s->within[i] = queries[i].within < (int)count ? queries[i].within : -1;
        lists[i] = gazetteer_places(g, INDEX_EXACT, keys[i]);
        if (!queries[i].doubtful)
            vote(s, &queries[i], lists[i]);
    }
    share_votes(s);
    share_containers(s, keys);
    for (size_t i = 0; i < count; i++) {
        gather(s, &queries[i], &s->mentions[i], lists[i]);
        if (is_unlikely(s, &s->mentions[i]))
            add_loose(s, &queries[i], &s->mentions[i], keys[i]);
    }
    for (size_t round = 0; round < ROUNDS + 1; round++) {
        for (size_t i = 0; i < count; i++)
            score(s, i);
        drop_anchors(s);
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = (place){0};
        if (is_settled(s, i))
            tell(s, i, &out[i]);
    }
}
