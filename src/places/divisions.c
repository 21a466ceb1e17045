/* Compiling a gazetteer: which region and county each place lies in, and how far those reach. */
#include "base/search.h"
#include "places/collection.h"
#include <math.h>
#include <stdlib.h>

static double rough_km(const gathered_place *a, const gathered_place *b) {
    const double degree_km = 111.2, pi = 3.14159265358979;
    double north = a->lat - b->lat, east = (a->lon - b->lon) * cos(a->lat * pi / 180);
    return degree_km * sqrt(north * north + east * east);
}

/* Regions and counties */

typedef struct divisions {
    text_map by_name;
    arena *memory;
} divisions;

static str division_key(arena *a, const gathered_place *p, str region, str county) {
    return arena_printf(a, "%.*s/%.*s/%.*s", STR_ARG(p->country), STR_ARG(region), STR_ARG(county));
}

static void enter_division(divisions *d, const gathered_place *p, uint32_t index, str name) {
    if (name.size == 0)
        return;
    str key = p->kind == PLACE_REGION ? division_key(d->memory, p, name, STR_NONE)
                                      : division_key(d->memory, p, p->region, name);
    text_map_enter(&d->by_name, d->memory, key, index);
}

bool is_division(const gathered_place *p) {
    return p->kind == PLACE_REGION ||
           (p->kind == PLACE_AREA && p->region.size && str_equal(p->county, p->code));
}

static void enter_divisions(divisions *d, const collection *c) {
    for (uint32_t i = 0; i < c->places.size; i++)
        if (is_division(&c->places.at[i]))
            enter_division(d, &c->places.at[i], i, c->places.at[i].code);
    for (uint32_t i = 0; i < c->places.size; i++)
        if (c->places.at[i].kind == PLACE_REGION)
            enter_division(d, &c->places.at[i], i, c->places.at[i].name);
}

static void find_named(collection *c, arena *scratch) {
    divisions d = {.memory = scratch};
    enter_divisions(&d, c);
    for (uint32_t i = 0; i < c->places.size; i++) {
        gathered_place *p = &c->places.at[i];
        if (p->region.size)
            p->region_place = text_map_find(&d.by_name, division_key(scratch, p, p->region, STR_NONE));
        if (p->county.size && p->kind != PLACE_REGION)
            p->county_place = text_map_find(&d.by_name, division_key(scratch, p, p->region, p->county));
    }
}

/* Places whose source names no region, or one that is not known (a district of the power that holds the
 * land): they lie where their nearest neighbour lies. An area of no region may lie across several. Neighbours
 * are found in a grid, row by row. */

enum { CELLS_PER_DEGREE = 10, CELLS_IN_ROW = 3600, FARTHEST_CELLS = 5 };

typedef struct grid_entry {
    uint32_t cell, index;
} grid_entry;
typedef VECTOR(grid_entry) grid;

static uint32_t row_of(const gathered_place *p) {
    return (uint32_t)((p->lat + 90) * CELLS_PER_DEGREE);
}

static uint32_t column_of(const gathered_place *p) {
    return (uint32_t)((p->lon + 180) * CELLS_PER_DEGREE);
}

static int grid_order(const void *left, const void *right) {
    const grid_entry *a = left, *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static grid make_grid(const collection *c, arena *scratch) {
    grid g = {0};
    for (uint32_t i = 0; i < c->places.size; i++) {
        const gathered_place *p = &c->places.at[i];
        if (p->region_place != PLACE_NONE)
            *VECTOR_PUSH(&g, scratch) = (grid_entry){row_of(p) * CELLS_IN_ROW + column_of(p), i};
    }
    if (g.size)
        qsort(g.at, g.size, sizeof *g.at, grid_order);
    return g;
}

static size_t first_in_cell(const grid *g, uint32_t cell) {
    size_t first;
    FIRST_NOT(first, g->size, i, g->at[i].cell < cell);
    return first;
}

typedef struct neighbour {
    uint32_t index;
    double km;
} neighbour;

static void look_in_row(const grid *g, const collection *c, const gathered_place *p, uint32_t from,
                        uint32_t to, neighbour *nearest) {
    for (size_t i = first_in_cell(g, from); i < g->size && g->at[i].cell <= to; i++) {
        const gathered_place *other = &c->places.at[g->at[i].index];
        if (other == p || !str_equal(other->country, p->country))
            continue;
        double km = rough_km(p, other);
        if (km < nearest->km)
            *nearest = (neighbour){g->at[i].index, km};
    }
}

static neighbour find_neighbour(const grid *g, const collection *c, const gathered_place *p) {
    neighbour nearest = {PLACE_NONE, INFINITY};
    uint32_t row = row_of(p), column = column_of(p);
    for (uint32_t reach = 1; reach <= FARTHEST_CELLS && nearest.index == PLACE_NONE; reach += 2)
        for (uint32_t r = row < reach ? 0 : row - reach; r <= row + reach; r++)
            look_in_row(g, c, p, r * CELLS_IN_ROW + (column < reach ? 0 : column - reach),
                        r * CELLS_IN_ROW + column + reach, &nearest);
    return nearest;
}

static void follow_neighbours(collection *c, arena *scratch) {
    grid g = make_grid(c, scratch);
    for (size_t i = 0; i < c->places.size; i++) {
        gathered_place *p = &c->places.at[i];
        if (p->region_place != PLACE_NONE || p->kind == PLACE_COUNTRY || p->kind == PLACE_REGION ||
            p->country.size == 0 || (p->kind == PLACE_AREA && p->region.size == 0))
            continue;
        neighbour n = find_neighbour(&g, c, p);
        if (n.index != PLACE_NONE) {
            p->region_place = c->places.at[n.index].region_place;
            p->county_place =
                p->county_place != PLACE_NONE ? p->county_place : c->places.at[n.index].county_place;
        }
    }
}

void divisions_find(collection *c, arena *scratch) {
    find_named(c, scratch);
    follow_neighbours(c, scratch);
}

/* Radii */

typedef struct reach {
    uint32_t division;
    double km;
} reach;

static int reach_order(const void *left, const void *right) {
    const reach *a = left, *b = right;
    if (a->division != b->division)
        return a->division < b->division ? -1 : 1;
    return (a->km > b->km) - (a->km < b->km);
}

static void add_reach(reach *reaches, size_t *count, const collection *c, uint32_t index, uint32_t division) {
    if (division != PLACE_NONE && division != index)
        reaches[(*count)++] = (reach){division, rough_km(&c->places.at[division], &c->places.at[index])};
}

/* An area reaches as far as nine tenths of its places; fewer than five say nothing. */
void divisions_measure(collection *c, arena *scratch) {
    reach *reaches = ARENA_NEW(scratch, reach, c->places.size * 2 + 1);
    size_t count = 0;
    for (uint32_t i = 0; i < c->places.size; i++) {
        add_reach(reaches, &count, c, i, c->places.at[i].region_place);
        add_reach(reaches, &count, c, i, c->places.at[i].county_place);
    }
    qsort(reaches, count, sizeof *reaches, reach_order);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && reaches[to].division == reaches[from].division;)
            to++;
        gathered_place *division = &c->places.at[reaches[from].division];
        if (to - from >= 5 && division->radius_km <= 0)
            division->radius_km = fmin(400, fmax(5, reaches[from + (to - from) * 9 / 10].km));
    }
}
