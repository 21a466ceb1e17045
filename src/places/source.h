/* The sources of a gazetteer, read row by row. Three formats (docs/gazetteer.md), told apart by the head of
 * the file: a table of Who's On First places, the simple table, a GeoNames dump. */
#ifndef ISN_PLACES_SOURCE_H
#define ISN_PLACES_SOURCE_H

#include "places/places.h"

typedef struct source_name {
    str text;
    bool alternate, arabic;
} source_name;
typedef VECTOR(source_name) source_names;

/* One row; its slices point into the file's text or the arena. */
typedef struct source_place {
    str id;             /* "wof:…", "geonames:…", or as given */
    str geonames;       /* "geonames:…" where the row tells it */
    str country;        /* two letters, or empty */
    str region, county; /* names; in a GeoNames dump codes */
    int kind;           /* place_kind, or -1 where the row does not say */
    double lat, lon;    /* NAN where not told */
    double radius_km;   /* 0 where not told */
    uint32_t population;
    uint8_t attention;  /* 0 to 9: how often news of incidents speak of it, or of a country's places */
    source_names names; /* preferred ones first */
    str code;           /* what other rows call this place by, if it is a region or county */
} source_place;

typedef struct source_reader {
    void (*take)(void *context, const source_place *row);
    void *context;
} source_reader;

/* Reads a source that lies in memory, and outlives what is read; `name` is for messages. */
status places_source_text(str text, const char *name, arena *a, source_reader reader, failure *f);
/* Reads all of a source; the text stays in the arena. Stops at the first row that is wrong, with its line. */
status places_source_read(const char *path, arena *a, source_reader reader, failure *f);

#endif
