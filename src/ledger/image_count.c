/* What many incidents come to: lists of counts, a timeline, places on a map. Each is one walk over all rows.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/image.h"

enum { VALUES_TOLD = 200, MAP_MOST = 2000 };

static const int64_t figure_bands[] = {0, 1, 2, 5, 10, 25, 50, 100, 500},
                     voice_bands[] = {0, 1, 2, 3, 4, 5, 10};
enum {
    FIGURE_BANDS = sizeof figure_bands / sizeof *figure_bands,
    VOICE_BANDS = sizeof voice_bands / sizeof *voice_bands
};

static void *taken(void *memory) {
    if (!memory)
        abort();
    return memory;
}

static int band_of(const int64_t *bands, int count, int64_t n) {
    int band = 0;
    while (band + 1 < count && n >= bands[band + 1])
        band++;
    return band;
}

/* ---- lists of counts ---- */

typedef struct tally {
    uint64_t total, disputed;
    uint32_t *countries, *admin1, *sites, *grades, *assignees, *languages, *outlets;
    uint32_t events[32], effects[FIGURE_ANY], statuses[3], figures[FIGURE_BANDS], voices[VOICE_BANDS];
    uint32_t parted, whole, parted_on[8];
    int32_t *years, *months; /* differences: one more from here on, one fewer */
} tally;

static uint32_t *room_of(const dictionary *d) {
    return taken(calloc(d->texts.size + 1, sizeof(uint32_t)));
}

static tally tally_new(const image *m) {
    return (tally){.countries = taken(calloc(65536, sizeof(uint32_t))),
                   .admin1 = room_of(&m->admin1),
                   .sites = room_of(&m->sites),
                   .grades = room_of(&m->grades),
                   .assignees = room_of(&m->assignees),
                   .languages = room_of(&m->languages),
                   .outlets = room_of(&m->outlets),
                   .years = taken(calloc(YEARS + 1, sizeof(int32_t))),
                   .months = taken(calloc(YEARS * 12 + 1, sizeof(int32_t)))};
}

static void tally_free(tally *c) {
    void *all[] = {c->countries, c->admin1,  c->sites, c->grades, c->assignees,
                   c->languages, c->outlets, c->years, c->months};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

/* It is told by each month that it touches: that is where a list of that month has it. */
static void count_days(tally *c, const image_row *r) {
    if (r->from == DAY_NONE || r->to == DAY_NONE || r->to < r->from)
        return;
    int from = r->first_month, to = r->last_month;
    c->months[from]++, c->months[to + 1]--;
    c->years[from / 12]++, c->years[to / 12 + 1]--;
}

static void count_figures(tally *c, const image_question *q, const image_row *r, bool figures) {
    unsigned effects = q->figure.fails ? (unsigned)q->figure.mask : 0, bands = 0;
    for (int e = 0; e < FIGURE_ANY; e++)
        if (!q->figure.fails ? r->figures[e] != NONE : image_figure_passes(&q->figure, r, 1u << e))
            c->effects[e]++;
    if (!figures)
        return;
    if (!effects)
        bands = 1u << band_of(figure_bands, FIGURE_BANDS, r->figures[FIGURE_ANY]);
    for (int e = 0; e < FIGURE_ANY; e++)
        if ((effects >> e & 1) && r->figures[e] != NONE)
            bands |= 1u << band_of(figure_bands, FIGURE_BANDS, r->figures[e]);
    for (int b = 0; b < FIGURE_BANDS; b++)
        c->figures[b] += bands >> b & 1;
}

static void count_disagreement(tally *c, const image_row *r) {
    if (!r->disagreements)
        c->whole++;
    else
        c->parted++;
    for (int on = ON_COUNT; on <= ON_PLACE; on++)
        c->parted_on[on] += r->disagreements && (r->disagree_on >> on & 1);
}

static void count_outlets(tally *c, const image *m, const image_row *r) {
    uint32_t count;
    const uint32_t *outlets = image_outlets(m, r, &count);
    for (uint32_t i = 0; i < count; i++)
        c->outlets[outlets[i]]++;
}

/* What of it counts where a facet's own choice is left out: it fails by nothing else. */
static bool but(unsigned fails, unsigned facets) {
    return !(fails & ~facets);
}

enum {
    OF_SITE = 1u << FACET_SITE,
    OF_ADMIN1 = 1u << FACET_ADMIN1 | OF_SITE,
    OF_COUNTRY = 1u << FACET_COUNTRY | OF_ADMIN1
};

static void count_row(tally *c, const image_question *q, const image_row *r, unsigned fails) {
    c->total += !fails;
    if (but(fails, 1u << FACET_DATES))
        count_days(c, r);
    if (but(fails, OF_COUNTRY))
        c->countries[r->country]++;
    if (but(fails, OF_ADMIN1))
        c->admin1[r->admin1]++;
    if (but(fails, OF_SITE))
        c->sites[r->site]++;
    if (but(fails, 1u << FACET_EVENT))
        c->events[r->event % 32]++;
    if (but(fails, 1u << FACET_FIGURE))
        count_figures(c, q, r, true);
    if (but(fails, 1u << FACET_VOICES))
        c->voices[band_of(voice_bands, VOICE_BANDS, r->independent)]++;
    if (but(fails, 1u << FACET_DISAGREE))
        count_disagreement(c, r);
    if (but(fails, 1u << FACET_STATUS))
        c->statuses[r->status % 3]++;
    if (but(fails, 1u << FACET_GRADE))
        c->grades[r->grade]++;
    if (but(fails, 1u << FACET_ASSIGNEE))
        c->assignees[r->assignee]++;
    if (but(fails, 1u << FACET_LANGUAGE))
        c->languages[r->languages]++;
    if (but(fails, 1u << FACET_OUTLET))
        count_outlets(c, q->m, r);
}

/* ---- their text ---- */

typedef struct counted {
    uint32_t number, count;
} counted;

static int most_first(const void *x, const void *y) {
    const counted *a = x, *b = y;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count)
                                : (a->number > b->number) - (a->number < b->number);
}

/* Of `size` counts those that are not 0, most first. */
static counted *in_order(const uint32_t *counts, size_t first, size_t size, size_t *told) {
    counted *list = taken(malloc((size + 1) * sizeof *list));
    size_t n = 0;
    for (size_t i = first; i < size; i++)
        if (counts[i])
            list[n++] = (counted){(uint32_t)i, counts[i]};
    qsort(list, n, sizeof *list, most_first);
    *told = n < VALUES_TOLD ? n : VALUES_TOLD;
    return list;
}

static void value_begins(buffer *b, str value) {
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "value"), write_string(b, value);
}

static void value_ends(buffer *b, uint64_t count) {
    write_key(b, "count"), write_number(b, (int64_t)count);
    buffer_add_byte(b, '}');
}

static void list_begins(buffer *b, const char *name) {
    write_key(b, name);
    buffer_add_byte(b, '[');
}

/* `none`: what stands for number 0; NULL: it is left out. */
static void write_named(buffer *b, const char *name, const dictionary *d, const uint32_t *counts,
                        const char *none) {
    size_t told;
    counted *list = in_order(counts, none ? 0 : 1, d->texts.size ? d->texts.size : 1, &told);
    list_begins(b, name);
    for (size_t i = 0; i < told; i++) {
        value_begins(b, list[i].number && d->texts.at ? d->texts.at[list[i].number] : str_of(none));
        value_ends(b, list[i].count);
    }
    buffer_add_byte(b, ']');
    free(list);
}

static void write_countries(buffer *b, const tally *c) {
    size_t told;
    counted *list = in_order(c->countries, 1, 65536, &told);
    list_begins(b, "countries");
    for (size_t i = 0; i < told; i++) {
        const char code[2] = {(char)(list[i].number >> 8), (char)(list[i].number & 0xFF)};
        value_begins(b, (str){code, 2});
        value_ends(b, list[i].count);
    }
    buffer_add_byte(b, ']');
    free(list);
}

static void write_sites(buffer *b, const image *m, const tally *c) {
    size_t told;
    counted *list = in_order(c->sites, 1, m->sites.texts.size ? m->sites.texts.size : 1, &told);
    list_begins(b, "places");
    for (size_t i = 0; i < told; i++) {
        const site_names *n = &m->site_names.at[list[i].number];
        value_begins(b, m->sites.texts.at[list[i].number]);
        write_key(b, "name"), write_string(b, n->name);
        write_key(b, "name_ar"), write_string(b, n->name_ar);
        value_ends(b, list[i].count);
    }
    buffer_add_byte(b, ']');
    free(list);
}

static void write_languages(buffer *b, const image *m, const tally *c) {
    dictionary all = {.a = arena_new((allocator){0})};
    uint32_t count[256] = {0};
    for (uint32_t i = 1; i < m->languages.texts.size; i++) {
        str one;
        for (size_t at = 0; str_piece(m->languages.texts.at[i], &at, '\n', &one);)
            if (one.size && all.texts.size < 255)
                count[dictionary_number(&all, one)] += c->languages[i];
    }
    write_named(b, "languages", &all, count, NULL);
    arena_free(&all.a);
    free(all.table);
}

/* Names by their numbers, most first. */
static void write_vocabulary(buffer *b, const char *list_name, const uint32_t *counts, size_t first,
                             size_t size, const char *(*name)(int n)) {
    size_t told;
    counted *list = in_order(counts, first, size, &told);
    list_begins(b, list_name);
    for (size_t i = 0; i < told; i++)
        if (name((int)list[i].number)) {
            value_begins(b, str_of(name((int)list[i].number)));
            value_ends(b, list[i].count);
        }
    buffer_add_byte(b, ']');
    free(list);
}

static const char *event_called(int n) {
    return event_type_name((event_type)n);
}

static const char *effect_called(int n) {
    return effect_name((effect)n);
}

static const char *status_called(int n) {
    static const char *const names[] = {"new", "in-review", "settled"};
    return names[n];
}

static void write_bands(buffer *b, const char *name, const int64_t *bands, int size, const uint32_t *counts) {
    list_begins(b, name);
    for (int i = 0; i < size; i++) {
        char value[48];
        bool open = i + 1 == size;
        if (!counts[i])
            continue;
        snprintf(value, sizeof value, open ? "%lld-" : "%lld-%lld", (long long)bands[i],
                 open ? 0LL : (long long)bands[i + 1] - 1);
        value_begins(b, str_of(value));
        write_key(b, "from"), write_number(b, bands[i]);
        write_key(b, "to"), write_bound(b, open ? COUNT_OPEN : bands[i + 1] - 1);
        value_ends(b, counts[i]);
    }
    buffer_add_byte(b, ']');
}

static void write_disagreement(buffer *b, const tally *c) {
    list_begins(b, "disagreement");
    value_begins(b, STR("yes")), value_ends(b, c->parted);
    value_begins(b, STR("no")), value_ends(b, c->whole);
    for (int on = ON_COUNT; on <= ON_PLACE; on++)
        if (c->parted_on[on]) {
            value_begins(b, str_of(disagreement_on_name((disagreement_on)on)));
            value_ends(b, c->parted_on[on]);
        }
    buffer_add_byte(b, ']');
}

static void write_months(buffer *b, const char *name, const int32_t *differences, int size, bool years) {
    int64_t count = 0;
    list_begins(b, name);
    for (int i = 0; i < size; i++) {
        char value[32];
        count += differences[i];
        if (count <= 0)
            continue;
        if (years)
            snprintf(value, sizeof value, "%04d", i);
        else
            snprintf(value, sizeof value, "%04d-%02d", i / 12, i % 12 + 1);
        value_begins(b, str_of(value));
        value_ends(b, (uint64_t)count);
    }
    buffer_add_byte(b, ']');
}

static void write_counts(buffer *b, const image *m, const tally *c, bool nameless) {
    buffer_add_byte(b, '{');
    write_key(b, "total"), write_number(b, (int64_t)c->total);
    write_key(b, "capped"), buffer_add(b, STR("false"));
    write_key(b, "disputed"), write_number(b, c->parted);
    write_countries(b, c);
    write_named(b, "admin1", &m->admin1, c->admin1, NULL);
    write_sites(b, m, c);
    write_vocabulary(b, "events", c->events, 1, 32, event_called);
    write_vocabulary(b, "effects", c->effects, 0, FIGURE_ANY, effect_called);
    write_months(b, "years", c->years, YEARS, true);
    write_months(b, "months", c->months, YEARS * 12, false);
    write_bands(b, "figures", figure_bands, FIGURE_BANDS, c->figures);
    write_bands(b, "voices", voice_bands, VOICE_BANDS, c->voices);
    write_disagreement(b, c);
    write_vocabulary(b, "statuses", c->statuses, 0, 3, status_called);
    write_named(b, "grades", &m->grades, c->grades, "none");
    if (nameless)
        write_key(b, "assignees"), buffer_add(b, STR("[]"));
    else
        write_named(b, "assignees", &m->assignees, c->assignees, "none");
    write_languages(b, m, c);
    write_named(b, "outlets", &m->outlets, c->outlets, NULL);
    buffer_add_byte(b, '}');
}

void image_facets(const image_question *q, bool nameless, buffer *out) {
    tally c = tally_new(q->m);
    for (uint32_t i = 0; i < q->m->rows.size; i++) {
        unsigned fails = image_fails(q, i);
        if (!(fails & 1u << FACET_NONE))
            count_row(&c, q, &q->m->rows.at[i], fails);
    }
    write_counts(out, q->m, &c, nameless);
    tally_free(&c);
}

/* ---- when ---- */

typedef struct bucket {
    uint64_t incidents, disputed;
    int64_t killed;
} bucket;

typedef enum unit_of_time { BY_DAY, BY_MONTH, BY_YEAR } unit_of_time;

static int64_t unit_at(unit_of_time unit, day d) {
    return unit == BY_DAY ? d : unit == BY_MONTH ? month_of_day(d) : month_of_day(d) / 12;
}

static day unit_begins(unit_of_time unit, int64_t n) {
    return unit == BY_DAY     ? (day)n
           : unit == BY_MONTH ? day_of((int)(n / 12), (int)(n % 12) + 1, 1)
                              : day_of((int)n, 1, 1);
}

static void write_buckets(buffer *b, unit_of_time unit, int64_t first, const bucket *buckets, int64_t count) {
    arena a = arena_new((allocator){0});
    list_begins(b, "buckets");
    for (int64_t i = 0; i < count; i++) {
        if (!buckets[i].incidents && unit == BY_YEAR)
            continue;
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "from"), write_string(b, day_format(&a, unit_begins(unit, first + i)));
        write_key(b, "to"), write_string(b, day_format(&a, unit_begins(unit, first + i + 1) - 1));
        write_key(b, "incidents"), write_number(b, (int64_t)buckets[i].incidents);
        write_key(b, "disputed"), write_number(b, (int64_t)buckets[i].disputed);
        write_key(b, "killed"), write_number(b, buckets[i].killed);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
    arena_free(&a);
}

/* Rows that pass. */
static uint32_t *passing(const image_question *q, size_t *count) {
    uint32_t *list = taken(malloc((q->m->live + 1) * sizeof *list));
    *count = 0;
    for (uint32_t i = 0; i < q->m->rows.size; i++)
        if (!image_fails(q, i))
            list[(*count)++] = i;
    return list;
}

void image_timeline(const image_question *q, buffer *out) {
    size_t count, undated = 0;
    uint32_t *list = passing(q, &count);
    day first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        day d = q->m->rows.at[list[i]].from;
        undated += d == DAY_NONE;
        first = d != DAY_NONE && d < first ? d : first;
        last = d > last ? d : last;
    }
    bool none = count == undated;
    int64_t days = none ? 0 : (int64_t)last - first;
    unit_of_time unit = days <= 92 ? BY_DAY : days <= 3700 ? BY_MONTH : BY_YEAR;
    int64_t from = none ? 0 : unit_at(unit, first), size = none ? 0 : unit_at(unit, last) - from + 1;
    bucket *buckets = taken(calloc((size_t)size + 1, sizeof *buckets));
    for (size_t i = 0; i < count; i++) {
        const image_row *r = &q->m->rows.at[list[i]];
        if (r->from == DAY_NONE)
            continue;
        bucket *at = &buckets[unit_at(unit, r->from) - from];
        at->incidents++;
        at->disputed += r->disagreements != 0;
        at->killed += r->figures[EFFECT_KILLED] > 0 ? r->figures[EFFECT_KILLED] : 0;
    }
    buffer_add_byte(out, '{');
    write_key(out, "unit"), write_name(out, unit == BY_DAY ? "day" : unit == BY_MONTH ? "month" : "year");
    write_key(out, "total"), write_number(out, (int64_t)count);
    write_key(out, "undated"), write_number(out, (int64_t)undated);
    write_buckets(out, unit, from, buckets, size);
    buffer_add_byte(out, '}');
    free(buckets);
    free(list);
}

/* ---- where ---- */

static const double RADIANS = 3.14159265358979323846 / 180, EARTH_KM = 6371.0088;

typedef struct cluster_of {
    uint64_t cell;
    uint32_t incidents, first, site;
    double lat, lon; /* sums, then the middle */
    double shrink;   /* the cosine of its latitude */
    double reach;    /* kilometres from there to the edge of the farthest */
    int64_t killed;
    bool precise, one_site;
} cluster_of;

typedef struct clusters {
    cluster_of *at;
    uint32_t *table;
    size_t size, capacity, room;
} clusters;

/* A square of the map as it is drawn, whose sides are so many parts of the world's. */
static uint64_t cell_of(const image_row *r, double parts) {
    return (uint64_t)(uint32_t)(int32_t)((double)r->east * parts) << 32 |
           (uint32_t)(int32_t)((double)r->south * parts);
}

static cluster_of *cluster_at(clusters *c, uint64_t cell) {
    size_t at = (size_t)((cell * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (c->room - 1);
    while (c->table[at] && c->at[c->table[at] - 1].cell != cell)
        at = (at + 1) & (c->room - 1);
    if (!c->table[at]) {
        if (c->size == MAP_MOST)
            return NULL;
        c->table[at] = (uint32_t)++c->size;
        c->at[c->size - 1] = (cluster_of){.cell = cell, .precise = true, .one_site = true};
    }
    return &c->at[c->table[at] - 1];
}

/* False where there are too many squares. */
static bool gather(const image *m, const uint32_t *list, size_t count, double parts, clusters *c,
                   uint32_t *cluster) {
    memset(c->table, 0, c->room * sizeof *c->table);
    c->size = 0;
    for (size_t i = 0; i < count; i++) {
        const image_row *r = &m->rows.at[list[i]];
        cluster_of *k = cluster_at(c, cell_of(r, parts));
        if (!k)
            return false;
        if (!k->incidents++) {
            k->first = list[i];
            k->site = r->site;
        }
        k->one_site = k->one_site && k->site == r->site && r->site;
        k->lat += r->lat, k->lon += r->lon;
        k->killed += r->figures[EFFECT_KILLED] > 0 ? r->figures[EFFECT_KILLED] : 0;
        k->precise = k->precise && r->radius_km <= 5;
        cluster[i] = (uint32_t)(k - c->at);
    }
    return true;
}

/* No less than it is: degrees of longitude as wide as they are at the one nearer to the equator. */
static double kilometres(double lat, double lon, double shrink, const image_row *r) {
    double dlat = (r->lat - lat) * RADIANS,
           dlon = (r->lon - lon) * RADIANS * (shrink > (double)r->shrink ? shrink : (double)r->shrink);
    return EARTH_KM * sqrt(dlat * dlat + dlon * dlon);
}

/* A circle is honest where every incident may have been anywhere in its own place, and all of these lie in
 * it. */
static void settle(const image *m, const uint32_t *list, size_t count, clusters *c, const uint32_t *cluster) {
    for (size_t i = 0; i < c->size; i++) {
        c->at[i].lat /= c->at[i].incidents;
        c->at[i].lon /= c->at[i].incidents;
        c->at[i].shrink = cos(c->at[i].lat * RADIANS);
    }
    for (size_t i = 0; i < count; i++) {
        cluster_of *k = &c->at[cluster[i]];
        const image_row *r = &m->rows.at[list[i]];
        double reach = kilometres(k->lat, k->lon, k->shrink, r) + (double)r->radius_km;
        k->reach = reach > k->reach ? reach : k->reach;
    }
}

static void write_cluster(buffer *b, const image *m, const cluster_of *k) {
    const image_key *key = &m->keys.at[k->first];
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "lat"), write_real(b, k->lat);
    write_key(b, "lon"), write_real(b, k->lon);
    write_key(b, "radius_km"), write_real(b, round(k->reach * 100) / 100);
    write_key(b, "incidents"), write_number(b, k->incidents);
    write_key(b, "incident");
    if (k->incidents == 1)
        buffer_printf(b, "\"i-%016llx%016llx\"", (unsigned long long)key->id[0],
                      (unsigned long long)key->id[1]);
    else
        buffer_add(b, STR("null"));
    write_key(b, "name"), write_string(b, k->one_site ? m->site_names.at[k->site].name : STR_NONE);
    write_key(b, "name_ar"), write_string(b, k->one_site ? m->site_names.at[k->site].name_ar : STR_NONE);
    write_key(b, "killed"), write_number(b, k->killed);
    write_key(b, "precise"), buffer_add(b, k->precise ? STR("true") : STR("false"));
    buffer_add_byte(b, '}');
}

/* Those with a place, moved together. */
static size_t with_place(const image *m, uint32_t *list, size_t count) {
    size_t placed = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(m->rows.at[list[i]].lat))
            list[placed++] = list[i];
    return placed;
}

void image_map(const image_question *q, unsigned zoom, buffer *out) {
    enum { SQUARE = 48, TILE = 512 };
    size_t count, placed;
    uint32_t *list = passing(q, &count);
    placed = with_place(q->m, list, count);
    clusters c = {.at = taken(malloc(MAP_MOST * sizeof *c.at)), .room = 8192};
    c.table = taken(malloc(c.room * sizeof *c.table));
    uint32_t *cluster = taken(malloc((placed + 1) * sizeof *cluster));
    double parts = ldexp((double)TILE / SQUARE, (int)zoom);
    while (!gather(q->m, list, placed, parts, &c, cluster))
        parts /= 1.5;
    settle(q->m, list, placed, &c, cluster);
    buffer_add_byte(out, '{');
    write_key(out, "total"), write_number(out, (int64_t)count);
    write_key(out, "without_place"), write_number(out, (int64_t)(count - placed));
    list_begins(out, "places");
    for (size_t i = 0; i < c.size; i++)
        write_cluster(out, q->m, &c.at[i]);
    buffer_add(out, STR("]}"));
    free(cluster);
    free(c.table);
    free(c.at);
    free(list);
}
