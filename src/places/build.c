/* Compiling a gazetteer: gathering the sources.
 *
 * Sources overlap: a town stands in Who's On First, in GeoNames, and in a list of corrections. Rows that name
 * the same place become one. A row with the very id of an earlier one corrects it: what it says replaces what
 * was said. A row for the same GeoNames place under another id only adds: names, a population, and that a
 * village is a town. Names are never lost, since each is how some newspaper spells it.
 *
 * Then each place is led to its region and county, areas get the radius that their own places fill, and all
 * are put in order of fame, which is the order of every list of candidates. */
#include "places/collection.h"
#include <math.h>
#include <stdlib.h>

enum { CITY_POPULATION = 15000 };

/* Text maps */

static size_t text_map_slot(const text_map *m, str key) {
    size_t slot = str_hash(key) & (m->capacity - 1);
    while (m->at[slot].key.data && !str_equal(m->at[slot].key, key))
        slot = (slot + 1) & (m->capacity - 1);
    return slot;
}

static void text_map_grow(text_map *m, arena *a) {
    text_map old = *m;
    m->capacity = old.capacity ? old.capacity * 2 : 1024;
    m->at = ARENA_NEW(a, text_map_entry, m->capacity);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.at[i].key.data)
            m->at[text_map_slot(m, old.at[i].key)] = old.at[i];
}

uint32_t text_map_enter(text_map *m, arena *a, str key, uint32_t value) {
    if (m->size * 2 >= m->capacity)
        text_map_grow(m, a);
    text_map_entry *entry = &m->at[text_map_slot(m, key)];
    if (!entry->key.data) {
        *entry = (text_map_entry){key, value};
        m->size++;
    }
    return entry->value;
}

uint32_t text_map_find(const text_map *m, str key) {
    if (m->capacity == 0 || key.size == 0)
        return PLACE_NONE;
    const text_map_entry *entry = &m->at[text_map_slot(m, key)];
    return entry->key.data ? entry->value : PLACE_NONE;
}

/* Gathering */

typedef struct gathering {
    collection *into;
    text_map ids;
    size_t rows;
} gathering;

static str first_name(const source_names *names, bool arabic) {
    for (size_t i = 0; i < names->size; i++)
        if (names->at[i].arabic == arabic)
            return names->at[i].text;
    return STR_NONE;
}

static void add_all_names(gathered_place *p, const source_names *names, arena *a) {
    for (size_t i = 0; i < names->size; i++)
        *VECTOR_PUSH(&p->names, a) = names->at[i];
}

static void replace(str *what, str by) {
    if (by.size)
        *what = by;
}

static void correct(gathered_place *p, const source_place *row) {
    replace(&p->name, first_name(&row->names, false));
    replace(&p->name_ar, first_name(&row->names, true));
    replace(&p->country, row->country);
    replace(&p->region, row->region);
    replace(&p->county, row->county);
    p->kind = row->kind >= 0 ? row->kind : p->kind;
    p->lat = isnan(row->lat) ? p->lat : row->lat;
    p->lon = isnan(row->lon) ? p->lon : row->lon;
    p->radius_km = row->radius_km > 0 ? row->radius_km : p->radius_km;
    p->population = row->population ? row->population : p->population;
    p->attention = row->attention ? row->attention : p->attention;
}

static void complete(gathered_place *p, const source_place *row) {
    p->name = p->name.size ? p->name : first_name(&row->names, false);
    p->name_ar = p->name_ar.size ? p->name_ar : first_name(&row->names, true);
    p->population = p->population ? p->population : row->population;
    if (p->kind == PLACE_VILLAGE && row->kind == PLACE_CITY)
        p->kind = PLACE_CITY;
}

static void take_row(void *context, const source_place *row) {
    gathering *g = context;
    collection *c = g->into;
    g->rows++;
    uint32_t same = text_map_find(&g->ids, row->id), alike = text_map_find(&g->ids, row->geonames);
    uint32_t next = (uint32_t)c->places.size, index = same != PLACE_NONE ? same : alike;
    if (index == PLACE_NONE) {
        index = next;
        *VECTOR_PUSH(&c->places, c->memory) = (gathered_place){.id = row->id,
                                                               .code = row->code,
                                                               .kind = -1,
                                                               .lat = NAN,
                                                               .lon = NAN,
                                                               .sequence = next,
                                                               .region_place = PLACE_NONE,
                                                               .county_place = PLACE_NONE};
    }
    gathered_place *p = &c->places.at[index];
    if (same != PLACE_NONE || index == next)
        correct(p, row);
    else
        complete(p, row);
    add_all_names(p, &row->names, c->memory);
    text_map_enter(&g->ids, c->memory, row->id, index);
    if (row->geonames.size)
        text_map_enter(&g->ids, c->memory, row->geonames, index);
}

static bool is_usable(const gathered_place *p) {
    return p->kind >= 0 && !isnan(p->lat) && !isnan(p->lon) && p->names.size;
}

static void drop_unusable(collection *c) {
    size_t kept = 0;
    for (size_t i = 0; i < c->places.size; i++)
        if (is_usable(&c->places.at[i]))
            c->places.at[kept++] = c->places.at[i];
    c->places.size = kept;
}

/* Order of fame */

/* The people of a town that would be known as well. */
static uint32_t standing(const gathered_place *p) {
    uint32_t known = p->kind == PLACE_COUNTRY ? 0 : 5000U * p->attention;
    return p->population > known ? p->population : known;
}

static int fame_order(const void *left, const void *right) {
    const gathered_place *a = left, *b = right;
    if ((a->kind == PLACE_COUNTRY) != (b->kind == PLACE_COUNTRY))
        return a->kind == PLACE_COUNTRY ? -1 : 1;
    if (standing(a) != standing(b))
        return standing(a) > standing(b) ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* Radii */

static double usual_radius(const gathered_place *p) {
    static const double of_kind[] = {
        [PLACE_COUNTRY] = 400,       [PLACE_REGION] = 75, [PLACE_CITY] = 4,  [PLACE_VILLAGE] = 2,
        [PLACE_NEIGHBOURHOOD] = 1.5, [PLACE_SITE] = 1,    [PLACE_AREA] = 20,
    };
    if (p->kind != PLACE_CITY)
        return of_kind[p->kind];
    return p->population >= 1000000 ? 15 : p->population >= 200000 ? 10 : p->population >= 50000 ? 6 : 4;
}

/* What news speak of often, or what lies where incidents are told of every day, is likelier meant than a
 * namesake elsewhere; so is a stretch of land by how far it reaches, but a district is less known than the
 * town that it is named for. */
static void find_renown(collection *c) {
    enum { OF_COUNTRY = 2, OF_PLACE = 4, OF_REACH = 12 };
    uint8_t attention[PLACES_COUNTRIES + 1] = {0};
    for (size_t i = 0; i < c->places.size; i++) {
        const gathered_place *p = &c->places.at[i];
        if (p->kind == PLACE_COUNTRY)
            attention[places_country_slot(p->country.data, p->country.size)] = p->attention;
    }
    attention[PLACES_COUNTRIES] = 0;
    for (size_t i = 0; i < c->places.size; i++) {
        gathered_place *p = &c->places.at[i];
        bool land = p->kind == PLACE_AREA && !is_division(p);
        p->renown = (uint8_t)(OF_COUNTRY * attention[places_country_slot(p->country.data, p->country.size)] +
                              (p->kind == PLACE_COUNTRY ? 0 : OF_PLACE * p->attention) +
                              (land ? lround(OF_REACH * log10(p->radius_km + 1)) : 0));
    }
}

static void finish_places(collection *c) {
    for (size_t i = 0; i < c->places.size; i++) {
        gathered_place *p = &c->places.at[i];
        if (p->kind == PLACE_VILLAGE && p->population >= CITY_POPULATION)
            p->kind = PLACE_CITY;
        if (p->radius_km <= 0)
            p->radius_km = usual_radius(p);
    }
}

static status read_source(gathering *g, const char *path, failure *f) {
    size_t before = g->rows;
    status s = places_source_read(path, g->into->memory, (source_reader){take_row, g}, f);
    return s != STATUS_OK || g->rows > before ? s
                                              : fail(f, STATUS_BAD_INPUT, "%s: no place stands in it", path);
}

status gazetteer_build(const char *const *sources, size_t count, const char *out_path, failure *f) {
    arena memory = arena_new((allocator){0}), scratch = arena_new((allocator){0});
    collection c = {.memory = &memory};
    gathering g = {.into = &c};
    status s = STATUS_OK;
    for (size_t i = 0; i < count && s == STATUS_OK; i++)
        s = read_source(&g, sources[i], f);
    drop_unusable(&c);
    if (s == STATUS_OK && !c.places.size)
        s = fail(f, STATUS_BAD_INPUT, "%s: no place in it has a name, a kind, a latitude and a longitude",
                 count ? sources[0] : "no source");
    if (s == STATUS_OK) {
        if (c.places.at)
            qsort(c.places.at, c.places.size, sizeof *c.places.at, fame_order);
        divisions_find(&c, &scratch);
        divisions_measure(&c, &scratch);
        finish_places(&c);
        find_renown(&c);
        s = image_write(&c, out_path, f);
    }
    arena_free(&scratch);
    arena_free(&memory);
    return s;
}
