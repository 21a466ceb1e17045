/* Places: names in Arabic and Latin script against a gazetteer compiled from open data; relative places as
 * a centre and an honest radius.
 *
 * A gazetteer is one flat file (linked in or memory-mapped): nothing is parsed or allocated when it is
 * opened. Names are looked up by their folded form (`places_fold`), in which spaces, hamza, ta marbuta, ya,
 * tatweel, harakat, the article and Latin case and diacritics do not tell names apart. */
#ifndef ISN_PLACES_PLACES_H
#define ISN_PLACES_PLACES_H

#include "base/arena.h"
#include "base/failure.h"

typedef enum place_kind {
    PLACE_COUNTRY,
    PLACE_REGION,
    PLACE_CITY,
    PLACE_VILLAGE,
    PLACE_NEIGHBOURHOOD,
    PLACE_SITE,
    PLACE_AREA
} place_kind;
const char *place_kind_name(place_kind k);

typedef struct place {
    uint32_t index; /* in the gazetteer */
    place_kind kind;
    str id;                      /* "wof:85632167", "geonames:99237", "cldr:SY", … */
    str name, name_ar;           /* preferred Latin and Arabic names; STR_NONE where there is none */
    str country, admin1, admin2; /* ISO 3166 alpha-2, and the Latin names of region and county */
    double lat, lon, radius_km;
    uint32_t population;
    uint8_t attention; /* how often news of incidents speak of it, by its source: 0 to 9 */
    bool alternate;    /* the name looked up is not its preferred one; set by lookups only */
} place;

typedef struct gazetteer gazetteer;

/* The gazetteer linked in. */
const gazetteer *gazetteer_builtin(void);
/* One compiled by the user; several can be searched by making one file of all sources. */
status gazetteer_open(const char *path, gazetteer **out, failure *f);
void gazetteer_close(gazetteer *g);
/* 16 hex of SHA-256 over its content, stored in it. */
str gazetteer_version(const gazetteer *g);

/* Compiles sources (places.tsv as in docs/formats.md, GeoNames dump format, simple TSV) into one file. */
status gazetteer_build(const char *const *sources, size_t count, const char *out_path, failure *f);

/* Writes the folded key of a name to `out` (at most s.size bytes, no spaces); returns its size. Linear. */
size_t places_fold(str s, char *out);
/* Candidates of a name, by its folded key: countries, then those that bear it as their own name, then those
 * known by it too (`alternate`), each best known first (population, then kind). Writes at most `limit`,
 * returns how many there are. */
size_t gazetteer_lookup(const gazetteer *g, str folded_key, place *out, size_t limit);
/* Whether gazetteer_lookup() finds any. */
bool gazetteer_knows(const gazetteer *g, str folded_key);
/* Whether any name's key begins with these bytes: lets a scanner stop early. */
bool gazetteer_has_prefix(const gazetteer *g, str folded_key);
/* How many of a text's next words, each folded by itself, make the longest known name: 0 where none does. An
 * empty first word (an article that stands alone) begins no name. For a scanner, at every token. */
size_t gazetteer_longest(const gazetteer *g, const str *folded_words, size_t count);
/* What gazetteer_longest() can find that begins with a word, for a caller that meets the word often: nothing;
 * the word alone; longer names, perhaps the word too. What may come second in one is told by `next`, a bit
 * for each key of a second word; FOLLOWED_BY_ANY: nothing is told, the next words have to be looked at. */
typedef enum name_start { STARTS_NO_NAME, IS_WHOLE_NAME, STARTS_NAMES, IS_NAME_AND_STARTS } name_start;
#define FOLLOWED_BY_ANY UINT64_MAX
name_start gazetteer_starts(const gazetteer *g, str folded_word, uint64_t *next);
/* Whether a name may go on with this word. */
bool gazetteer_goes_on(uint64_t next, str folded_word);
void gazetteer_get(const gazetteer *g, uint32_t index, place *out);

/* Geodesy on the WGS 84 ellipsoid. Bearings in degrees clockwise from north. */
double places_distance_km(double lat1, double lon1, double lat2, double lon2);
/* Whether that distance is at most `km`; quicker by far than to measure it. */
bool places_within_km(double lat1, double lon1, double lat2, double lon2, double km);
void places_destination(double lat, double lon, double bearing, double km, double *out_lat, double *out_lon);
void places_midpoint(double lat1, double lon1, double lat2, double lon2, double *out_lat, double *out_lon);

/* A document's place mentions are settled together: each has candidates, and the choice weighs the other
 * mentions' places (near, same region, same country), containment ("Sarmin, Idlib"), an expected kind told by
 * the words around it, population, and the countries the document speaks of. */
typedef struct place_query {
    str name;          /* as in the text, without clitics: "سرمين" */
    int expected_kind; /* place_kind or -1: told by a word such as مدينة, قرية, محافظة */
    int within;        /* index of a query that should contain it, or -1: "in X in the countryside of Y" */
    uint32_t sentence; /* mentions of one sentence pull together more strongly */
    bool doubtful;     /* perhaps no name at all: it has no say in where the others are */
} place_query;
/* For each query the chosen place; out[i].id.data == NULL where none is found. Near-linear in count. */
void places_settle(const gazetteer *g, const place_query *queries, size_t count, arena *a, place *out);

/* A relative place. */
typedef enum place_relation {
    RELATION_IN,          /* in, at: the place itself */
    RELATION_DIRECTION,   /* west of, the western …: `bearing` */
    RELATION_DISTANCE,    /* n km from, with or without bearing (bearing < 0) */
    RELATION_BETWEEN,     /* between X and Y */
    RELATION_NEAR,        /* near, on the outskirts of */
    RELATION_COUNTRYSIDE, /* ريف X, the countryside of X */
    RELATION_CENTRE       /* the centre of X */
} place_relation;
/* Centre and honest radius of a relative place that leans on `anchor` (and `other` for BETWEEN). */
void places_relative(place_relation relation, const place *anchor, const place *other, double bearing,
                     double km, double *out_lat, double *out_lon, double *out_radius_km);

#endif
