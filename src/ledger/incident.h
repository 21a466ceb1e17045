/* One incident while it is worked out. Not for other folders. */
#ifndef ISN_LEDGER_INCIDENT_H
#define ISN_LEDGER_INCIDENT_H

#include "ledger/copies.h"
#include "ledger/link.h"
#include "ledger/names.h"
#include "ledger/review.h"
#include "ledger/rules.h"
#include "ledger/sources.h"

typedef struct ledger_place {
    str text, name, name_ar, country, admin1, kind, id;
    bool resolved;
    double lat, lon, radius_km;
    uint32_t hash_id, hash_name;
} ledger_place;

/* A version of a document, as one of an incident's. */
typedef struct paper {
    int64_t version, number, superseded; /* superseded: 0 none */
    str document, url, outlet, title, language, published, text;
    str said;               /* when: time of capture where there is no time of publication */
    voice_name outlet_name; /* without words where the outlet is unknown */
    uint32_t outlet_of;     /* papers of one outlet have one number */
    int copy_of;            /* paper, or NONE */
    text_points points;     /* of its text */
    VECTOR(ledger_place) mentions;
    VECTOR(passage) sentences;
} paper;

typedef enum how { HOW_TOLD, HOW_RELAYED, HOW_COPIED } how;

/* A claim, as one of an incident's. */
typedef struct told {
    int64_t key;
    str id;
    uint32_t paper, number;
    effect effect;
    who_class who_class;
    str group; /* STR_NONE */
    int64_t min, max;
    bool approx;
    vague_word vague; /* the word that stood for the figure */
    stance stance;
    scope scope;
    int part_of; /* number of a claim of the same version, or NONE */
    str event, date, voice, voice_kind, actor, evidence;
    bool actor_hedged;
    int place; /* mention of the paper, or NONE */
    day from, to;
    int64_t evidence_start, evidence_end;
    VECTOR(str) via, via_kinds;
    verdict verdict;
    unsigned corrected; /* CORRECTED_…: fields that a reviewer put right */
    str as_read;        /* what the machine read of them, as JSON; STR_NONE */
    str assignee;
    bool sensitive;
    str added_who, added_time; /* by whom, where a reviewer added it: */
    int64_t added_act;         /* by this act; 0: it was read */
    /* worked out */
    passage words;
    text_words evidence_words;
    uint64_t parties; /* that its actor names, as bits */
    voice_name name;
    voice_name hearer; /* whom an undescribed source told it */
    bool own, counts;  /* the outlet's own word; of a newest version */
    int rests_on;      /* another claim, or NONE */
    int named_by;      /* the claim whose body this one's sentence names, or NONE */
    how how;
    bool circular;
    uint32_t first_paper; /* where its voice first told this figure */
    bool stands;
    uint32_t voice_number; /* independent voice, from 1; 0: does not count */
} told;

enum {
    CORRECTED_FIGURE = 1,
    CORRECTED_DATE = 2,
    CORRECTED_PLACE = 4,
    CORRECTED_EVENT = 8,
    CORRECTED_ACTOR = 16
};

typedef struct independent_voice {
    str id, text, kind;
    bool weak, unknown;
    uint32_t first; /* claim */
    uint32_t bound; /* of so many voices that reviewers made one; 0 or 1: it is itself */
    /* across incidents (sources.c) */
    str base, source; /* the key of its own name, and by which it goes; STR_NONE: none */
    size_t claims;
    bool first_told, alone, sensitive;
    stands_against against;
    str heard;     /* the outlet that heard one whom nothing describes; STR_NONE: it is described */
    str languages; /* a space between them */
} independent_voice;

typedef struct incident_difference {
    uint32_t a, b; /* claims */
    const char *on;
} incident_difference;

/* What a reading itself found, on dates, places and actors: claims by their numbers in a paper. */
typedef struct difference_read {
    uint32_t paper;
    int64_t a, b;
    str on;
} difference_read;

typedef struct estimate {
    effect effect;
    const char *class_name; /* "all" or a class's */
    who_group group;
    int64_t low, best, high; /* best: NONE where the rule does not choose */
    bool open, provisional;
    const uint32_t *claims; /* those that set a bound */
    size_t claim_count;
} estimate;

/* What one may tell an outlet's name by, and the first paper of that name. */
typedef struct outlet_key {
    uint64_t key;
    uint32_t paper;
} outlet_key;

/* The key and the name (words_joined) of who tells a claim. */
typedef struct claim_teller {
    str key, text;
} claim_teller;

typedef struct incident_work {
    ledger *l;
    arena *a;
    failure *f;
    const incident_input *in;
    const name_tables *tables;
    VECTOR(paper) papers;
    VECTOR(outlet_key) outlet_keys; /* in their order */
    VECTOR(told) claims;
    VECTOR(independent_voice) voices; /* at[n - 1] is voice n */
    VECTOR(difference_read) differences_read;
    VECTOR(incident_difference) differences;
    const estimate_rule *rule;
    VECTOR(estimate) estimates;
    claim_teller *tellers; /* beside the claims that count; NULL: no names are told apart */
    const told **by_key;   /* claims in the order of their keys; NULL where nobody said anything */
    review_entries acts;   /* on the incident and its claims */
    review_state review;   /* what they come to */
    struct portrait *portrait;
    str country; /* of its place, once it is located */
} incident_work;

/* incident_load.c: papers in the order they were published, claims in the order of papers, as reviewers have
 * put them right. */
status incident_load(incident_work *w);
/* What is made of their words; after incident_load, and needs no ledger, as little as all that follows until
 * incident_store. */
void incident_words(incident_work *w);
/* After incident_load, whatever it returned. */
void incident_unload(incident_work *w);
/* A claim by its key, where there are acts; NULL where it is not of the incident. */
const told *told_by_key(const incident_work *w, int64_t key);
void place_hashes(arena *a, ledger_place *p);
/* review_fields.c: puts corrected fields in the place of what was read, which is kept beside. */
void claim_correct(incident_work *w, told *c, const json_t *set);
ledger_place place_corrected(arena *a, const json_t *place);
/* The words of a figure by its place in the text, where that is in its sentence; else the sentence. */
str figure_within(str evidence, int64_t evidence_start, int64_t start, int64_t end);
/* outlets.c: numbers the outlets of the papers. The others after it. */
void outlets_find(incident_work *w);
/* The number of an outlet with a paper in this incident, UINT32_MAX where there is none of that name. */
uint32_t outlet_called(const incident_work *w, str text);
/* The outlets that a text names, in the order of their papers: how many. */
size_t outlets_named(const incident_work *w, const text_words *in, uint32_t *out, size_t limit);
/* voices.c: whose word each claim is, and which voices are independent. */
void voices_resolve(incident_work *w);
/* figures.c */
/* The rows that differences_find needs. */
status differences_load(incident_work *w);
/* After figures_settle. */
void differences_find(incident_work *w);
/* Marks the claims whose figure is their voice's last word on its question. */
void figures_settle(incident_work *w);
bool same_figure(const told *x, const told *y);
void write_figures(incident_work *w, buffer *b);
int64_t top_figure(const incident_work *w, effect e);
/* "claims": their ids. */
void write_claim_ids(incident_work *w, buffer *b, const uint32_t *claims, size_t count);
/* estimates.c: by the rule, after figures_settle. Needs of a claim its effect, people, figure, stance, voice
 * and order; of voices their number. */
void estimates_find(incident_work *w);
void write_estimates(incident_work *w, buffer *b);
/* restate.c: the estimates of a stored incident by another rule; the rest stays as it is. `summary` takes
 * those of the whole incident `json`. */
status incident_restated(ledger *l, const estimate_rule *rule, str json, arena *a, str *out, failure *f);
status summary_restated(ledger *l, const estimate_rule *rule, str json, str summary, arena *a, str *out,
                        failure *f);
/* incident_json.c */
void write_place(buffer *b, const ledger_place *p);
const ledger_place *place_of_claim(const incident_work *w, const told *c);
void write_actor(buffer *b, const told *c);
void write_via(buffer *b, const told *c);
void write_claim(incident_work *w, buffer *b, uint32_t index, str incident);
/* Where, when and what kind of event its accounts come to; before voices_resolve. */
void incident_locate(incident_work *w);
/* The two texts that are printed of it, when all else is worked out. */
void incident_portray(incident_work *w, buffer *json, buffer *summary);
/* Its rows, but for the texts. */
status incident_store(incident_work *w, str signature, int64_t *key);

#endif
