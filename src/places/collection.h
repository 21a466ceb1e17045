/* What a gazetteer is compiled from: places gathered from all sources, before they become a file. */
#ifndef ISN_PLACES_COLLECTION_H
#define ISN_PLACES_COLLECTION_H

#include "places/format.h"
#include "places/source.h"

typedef struct gathered_place {
    str id, country, region, county, code;
    str name, name_ar;
    int kind;
    double lat, lon, radius_km;
    uint32_t population, sequence;
    uint8_t attention;                   /* as its row tells */
    uint8_t renown;                      /* as place_record has it */
    uint32_t region_place, county_place; /* in the collection; PLACE_NONE */
    source_names names;
} gathered_place;

typedef struct collection {
    VECTOR(gathered_place) places;
    arena *memory;
} collection;

/* Text to number: open addressing, never emptied. */
typedef struct text_map_entry {
    str key;
    uint32_t value;
} text_map_entry;
typedef struct text_map {
    text_map_entry *at;
    size_t size, capacity;
} text_map;
/* The value of a key; where it has none yet, `value` is entered and returned. */
uint32_t text_map_enter(text_map *m, arena *a, str key, uint32_t value);
/* PLACE_NONE where the key is not there. */
uint32_t text_map_find(const text_map *m, str key);

/* Whether other rows lie in it by name, as a region or a county. */
bool is_division(const gathered_place *p);
/* Leads each place to its region and county, both in the collection, which must be in its last order. */
void divisions_find(collection *c, arena *scratch);
/* Gives each region and county that has no radius one that holds its places. */
void divisions_measure(collection *c, arena *scratch);

/* Lays the collection, in its order, out as a compiled gazetteer. */
status image_write(const collection *c, const char *out_path, failure *f);

#endif
