/* The rows of a board (board.h). Not for other folders. */
#ifndef ISN_LEDGER_IMAGE_H
#define ISN_LEDGER_IMAGE_H

#include "ledger/ask.h"

#include <pthread.h>

enum { ORDERS = 4, FIGURE_ANY = 6 };

/* Texts by numbers from 1 on. */
typedef struct dictionary {
    arena a;
    string_list texts; /* at[0]: none */
    uint32_t *table;
    size_t capacity;
} dictionary;
/* Its number, a new one where it has none; 0 for no text. */
uint32_t dictionary_number(dictionary *d, str text);
/* 0 where it has none. */
uint32_t dictionary_find(const dictionary *d, str text);

typedef struct image_row {
    double lat, lon; /* NAN: nowhere */
    float radius_km;
    float east, south, shrink; /* on the map as it is drawn (Mercator), parts of the world; cosine of `lat` */
    day from, to;
    int32_t first_month, last_month; /* of these, from January of the year 0 */
    int32_t figures[7];              /* of each effect; at FIGURE_ANY the highest; NONE: none is told */
    uint32_t admin1, site, names;
    uint32_t lists; /* in `pool`: how many versions, outlets, voices; then they */
    uint32_t voice_kinds;
    uint16_t country, independent, disagreements, grade, assignee, languages;
    uint8_t event, status, disagree_on, stances, verdicts, sensitive, live;
} image_row;

typedef struct image_key {
    int64_t key;
    uint64_t id[2];
} image_key;

typedef struct site_names {
    str name, name_ar;
} site_names;

typedef struct image {
    VECTOR(image_row) rows;
    VECTOR(image_key) keys;  /* beside the rows */
    VECTOR(uint32_t) unused; /* rows that are not live */
    VECTOR(uint32_t) pool;
    uint32_t *orders[ORDERS];         /* live rows */
    size_t live, order_room, garbage; /* of the pool */
    dictionary admin1, sites, names, grades, assignees, languages, outlets, voices;
    VECTOR(site_names) site_names; /* beside `sites` */
    int64_t gone, top;             /* what of the ledger it stands for: the last row gone, the highest key */
    arena a;                       /* of the vectors that only grow */
} image;

/* Where a row stands in an order: less comes first. */
typedef struct rank {
    int64_t a, b;
    uint64_t id[2];
} rank;
rank image_rank(const image *m, ledger_order order, uint32_t slot);
/* The same without an image, by date. */
rank image_rank_of(ledger_order order, day from, str id);
int rank_compare(const rank *x, const rank *y);
/* How many of an order stand before, or at, a rank. */
size_t image_behind(const image *m, ledger_order order, const rank *r);

status image_read(ledger *l, image **out, failure *f);
/* Takes over what has changed. `whole`: it is too much, or what went is no longer known. */
status image_follow(image *m, ledger *l, bool *whole, failure *f);
/* What the ledger stands at. */
status image_state(ledger *l, int64_t *gone, int64_t *top, failure *f);
void image_free(image *m);
size_t image_bytes(const image *m);

static inline const uint32_t *image_versions(const image *m, const image_row *r, uint32_t *count) {
    *count = m->pool.at[r->lists];
    return m->pool.at + r->lists + 3;
}
static inline const uint32_t *image_outlets(const image *m, const image_row *r, uint32_t *count) {
    *count = m->pool.at[r->lists + 1];
    return m->pool.at + r->lists + 3 + m->pool.at[r->lists];
}
static inline const uint32_t *image_voices(const image *m, const image_row *r, uint32_t *count) {
    *count = m->pool.at[r->lists + 2];
    return m->pool.at + r->lists + 3 + m->pool.at[r->lists] + m->pool.at[r->lists + 1];
}

enum { YEARS = 10000 };
/* From January of the year 0 on, within those years. */
int month_of_day(day d);

/* ---- a question of rows (image_ask.c) ---- */

typedef struct image_test {
    asked_test test;
    unsigned fails; /* the bit of its facet; of none: 1 */
    uint8_t *bits;  /* of numbers of a dictionary */
    uint64_t mask;
    uint16_t countries[ASKED_VALUES];
    size_t country_count;
    int64_t least, most;
    double near[11];
    bool none;
} image_test;

typedef struct image_days {
    day from, to;
    unsigned fails;
} image_days;

typedef struct image_question {
    const image *m;
    VECTOR(image_test) tests;
    image_days days[2];
    size_t day_count;
    image_test figure; /* of FACET_FIGURE; `fails` 0: none */
    bool has_box;
    double south, west, north, east;
    const found_versions *found; /* NULL: whatever the words */
    bool hides;                  /* what is sensitive */
} image_question;

/* `asked` after ask_choices. In `a`. */
void image_ask(const image *m, arena *a, const ledger_filter *filter, const asked *q,
               const found_versions *found, bool hides, image_question *out);
/* Bits (1 << asked_facet) of those that it fails; 0: it passes. Not all are told where FACET_NONE is among
 * them. */
unsigned image_fails(const image_question *q, uint32_t slot);
/* Whether the figures of a row are as asked, where only these effects count. */
bool image_figure_passes(const image_test *t, const image_row *r, unsigned effects);
/* The first of its versions that holds the words; -1: none. */
int64_t image_found(const image_question *q, const image_row *r, uint32_t *at);

/* ---- counts (image_count.c) ---- */

/* `nameless`: without who has what in hand. */
void image_facets(const image_question *q, bool nameless, buffer *out);
void image_timeline(const image_question *q, buffer *out);
void image_map(const image_question *q, unsigned zoom, buffer *out);

#endif
