/* From readings to incidents: what the linking stage passes between its files. Not for other folders. */
#ifndef ISN_LEDGER_LINK_H
#define ISN_LEDGER_LINK_H

#include "ledger/names.h"
#include "ledger/store.h"

enum { UNIT_SPOTS = 6, UNIT_FIGURES = 6, UNIT_PAIRS = 64, DOCUMENT_NAMES = 12 };

/* A place that a unit names. */
typedef struct spot {
    float lat, lon, radius;
    bool resolved;
    uint8_t kind;      /* place_kind */
    uint32_t id, name; /* hashes of the gazetteer's id and of the folded text */
    uint32_t known_as; /* of the folded name that the gazetteer gives it: the same in all languages */
    uint32_t sound;    /* of that name: alike in most spellings; 0: unknown */
    uint32_t admin1, country;
} spot;

/* A place that a document names, wherever it stands. */
typedef struct named_place {
    uint32_t name, known_as;
} named_place;
named_place spot_named(const spot *s);
bool names_alike(named_place a, named_place b);

typedef enum nearness { SPOT_FAR, SPOT_UNKNOWN, SPOT_WITHIN, SPOT_NEAR, SPOT_SAME } nearness;
nearness spot_compare(const spot *a, const spot *b);
/* A village, a city, a quarter, a site: not a region, a country or a stretch of land. */
bool spot_is_fine(const spot *s);
/* In kilometres, both resolved. */
double spot_distance(const spot *a, const spot *b);

typedef struct unit_figure {
    uint8_t effect;
    int64_t min, max;
} unit_figure;

/* What one version of one document tells of one incident. */
typedef struct unit {
    int64_t version;
    uint32_t document, number;    /* index of the document in this run; of the unit in the document */
    uint32_t ordinal, superseded; /* the version's number; that of the one that counts instead, or 0 */
    uint64_t key;                 /* hash of the document's id, its text and `first`: orders units */
    uint32_t first;               /* claim number, or claims + event number, of its first member */
    bool dated, current, lead, has_claims;
    day from, to;
    uint32_t types;                   /* bits of event_type */
    uint64_t parties;                 /* that its actors name, as bits */
    uint32_t claim_from, claim_count; /* keys in unit_list.claims */
    uint8_t spot_count, figure_count;
    spot spots[UNIT_SPOTS];
    unit_figure figures[UNIT_FIGURES];
    uint8_t pair_count;
    uint32_t
        pairs[UNIT_PAIRS]; /* hashes of two words in a row in what it tells, the smallest ones, ascending */
} unit;

typedef struct linked_document {
    int64_t key, version;
    uint64_t sketch_offset; /* in sketches, bytes */
    uint32_t sketch_size;
    day published;
    uint8_t name_count;
    named_place names[DOCUMENT_NAMES];
    uint64_t order;              /* hash of its id */
    uint64_t registry;           /* of the recorder whose row it is (import.c); 0: no row */
    uint32_t outlet, unit_count; /* hash of the outlet's name, 0: unknown; units of this version */
} linked_document;

typedef struct unit_list {
    VECTOR(unit) units;
    VECTOR(int64_t) claims;
    VECTOR(linked_document) documents;
    VECTOR(char) sketches;
    arena *a;
} unit_list;

/* units.c: the units of every version in the ledger, ordered by key. `versions`: of these alone (their keys
 * as a JSON list); STR_NONE: of all. */
status units_read(ledger *l, const name_tables *tables, str versions, arena *a, unit_list *out, failure *f);

/* bonds.c: whether accounts of one incident may tell of one of `types` (bits) where another tells of
 * `type`. */
bool events_are_like(uint32_t types, event_type type);

/* What a reviewer said of two units: that they tell of one incident, or of two. */
typedef struct link_tie {
    uint32_t a, b; /* units */
    bool together;
    bool more; /* of the same merge as the tie before: all that they name are one */
} link_tie;
typedef VECTOR(link_tie) link_ties; /* the newest first: it wins where two contradict */

/* ties.c: from the ledger's acts; what names no unit any more is left out. */
status ties_read(ledger *l, const unit_list *units, arena *a, link_ties *out, failure *f);
/* Claims that reviewers took out of what else their document tells, by key. */
status claims_apart_read(ledger *l, arena *a, key_list *out, failure *f);

/* Two units by which two groups became one. */
typedef struct link_made {
    uint32_t a, b;
    bool by_reviewer;
} link_made;

typedef struct clusters {
    uint32_t *of; /* unit → incident; UINT32_MAX: none */
    uint32_t count;
    VECTOR(link_made) links;
} clusters;
struct link_weights;
/* cluster.c: for each unit the number of its incident, from 0, numbered by first unit. */
void units_cluster(const unit_list *units, const struct link_weights *weights, const link_ties *ties,
                   arena *a, clusters *out);

/* Marks near-duplicate texts, each as a copy of the earliest of its kind. */
status copies_mark(ledger *l, const unit_list *units, uint64_t *copies, failure *f);

/* One incident to be worked out from its claims. `id` is its name. */
typedef struct incident_input {
    str id, linking; /* the method of linking: its version and that of its weights */
    const unit_list *units;
    const uint32_t *members; /* indices of units */
    size_t size;
    const struct reviewed *reviewed; /* what anybody said anything of; NULL: it has to be asked */
} incident_input;
/* incident_write.c: works incidents out beside each other and writes them in order. */
typedef struct incident_writer incident_writer;
/* `threads` as crew.h has them. In `a`; to be ended whatever happens. `changes` (NULL: they are not asked
 * for) takes the keys of the voices of what is written. */
struct source_changes;
incident_writer *incident_writer_begin(ledger *l, const name_tables *tables, size_t threads, arena *a,
                                       struct source_changes *changes, failure *f);
/* Gives what went wrong with it, or with any that was given before. What `in` and `signature` point at stays
 * until the end. */
status incident_write(incident_writer *w, const incident_input *in, str signature);
status incident_writer_end(incident_writer *w, status code);

/* ledger_link inside the batch that is open. */
status link_in_batch(ledger *l, ledger_linked *out, failure *f);
/* A text that changes whenever the incident must be worked out anew. */
status incident_signature(arena *a, ledger *l, const incident_input *in, str *out, failure *f);
/* The id of an incident that was named after this unit (its key as the table `member` has it). */
str incident_named_after(arena *a, str of);
/* Works out one incident anew, whose accounts stay the same: what was said of it has changed. In the batch
 * that is open; nothing where there is no such incident. */
status incident_rework(ledger *l, str id, struct source_changes *changes, failure *f);
/* What acts of naming voices come to now holds in every incident; `act`: of this act alone, 0: of all. In the
 * batch that is open; voices are to be counted after it. */
status voices_rename(ledger *l, int64_t act, struct source_changes *changes, failure *f);

#endif
