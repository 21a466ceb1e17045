/* The reading of an article: who said how many were harmed, where, when, by whom (docs/formats.md). */
#ifndef ISN_READING_READING_H
#define ISN_READING_READING_H

#include "page/page.h"
#include "places/places.h"

/* A stretch of the article's text. `start` and `end` count code points; `text` is the same stretch. */
typedef struct span {
    str text;
    uint32_t start, end;
} span;
#define SPAN_NONE(s) ((s).text.data == NULL)

#define COUNT_OPEN INT64_MAX /* max of an open range: "at least n" */
enum { NONE = -1 };

typedef enum effect {
    EFFECT_KILLED,
    EFFECT_INJURED,
    EFFECT_CASUALTIES,
    EFFECT_MISSING,
    EFFECT_DETAINED,
    EFFECT_DISPLACED
} effect;
typedef enum who_class { CLASS_CIVILIAN, CLASS_COMBATANT, CLASS_MIXED, CLASS_UNKNOWN } who_class;
typedef enum who_group {
    GROUP_NONE,
    GROUP_CHILD,
    GROUP_WOMAN,
    GROUP_MAN,
    GROUP_ELDERLY,
    GROUP_JOURNALIST,
    GROUP_MEDIC,
    GROUP_RESCUER,
    GROUP_NAMED
} who_group;
typedef enum voice_kind {
    VOICE_GOVERNMENT,
    VOICE_MILITARY,
    VOICE_ARMED_GROUP,
    VOICE_POLICE,
    VOICE_SECURITY,
    VOICE_MEDICAL,
    VOICE_RESCUE,
    VOICE_MONITOR,
    VOICE_INTERGOVERNMENTAL,
    VOICE_LOCAL,
    VOICE_WITNESS,
    VOICE_MEDIA,
    VOICE_EXPERT,
    VOICE_ANONYMOUS,
    VOICE_OUTLET
} voice_kind;
typedef enum stance { STANCE_ASSERTS, STANCE_HEDGES, STANCE_DENIES } stance;
typedef enum event_type {
    EVENT_NONE,
    EVENT_AIR_STRIKE,
    EVENT_DRONE_STRIKE,
    EVENT_SHELLING,
    EVENT_EXPLOSIVE,
    EVENT_CLASH,
    EVENT_SHOOTING,
    EVENT_EXECUTION,
    EVENT_DETENTION,
    EVENT_PROTEST,
    EVENT_ACCIDENT,
    EVENT_DISASTER,
    EVENT_OTHER_ATTACK
} event_type;
/* Where an event's date is from: an expression of its own sentence, another sentence's, or the document's
 * publication alone, which says that it was that day or the day before. */
typedef enum date_source { DATE_UNKNOWN, DATE_TOLD, DATE_INHERITED, DATE_PUBLISHED } date_source;
typedef enum scope { SCOPE_INCIDENT, SCOPE_CUMULATIVE, SCOPE_BACKGROUND } scope;
typedef enum disagreement_on { ON_COUNT, ON_DENIAL, ON_ACTOR, ON_DATE, ON_PLACE } disagreement_on;
typedef enum outcome_kind { OUTCOME_NONE, OUTCOME_SUCCEEDED, OUTCOME_FAILED, OUTCOME_REPELLED } outcome_kind;

/* The public vocabularies; "" and NULL never returned but for *_NONE, which give NULL. */
const char *effect_name(effect e);
const char *who_class_name(who_class c);
const char *who_group_name(who_group g);
const char *voice_kind_name(voice_kind k);
const char *stance_name(stance s);
const char *event_type_name(event_type t);
const char *scope_name(scope s);
const char *disagreement_on_name(disagreement_on d);
const char *outcome_kind_name(outcome_kind k);
const char *date_source_name(date_source d);

typedef struct voice {
    span at; /* SPAN_NONE: the document itself */
    voice_kind kind;
    str cue; /* the verb or preposition that opened it */
} voice;

/* What a rule matched: a word, with the line of lang/ that gives it, or what another rule had made. */
typedef struct because_node {
    span at;
    str classes, features; /* "EFFECT EVENT", "effect=killed form=masdar" */
    str rule, file;        /* STR_NONE where a word is in no file */
    uint32_t line;
} because_node;

typedef struct because {
    str rule, file;
    uint32_t line, start, end;
    VECTOR(because_node) nodes;
} because;

typedef struct derivation {
    VECTOR(because) step; /* in order of use: what a rule took in stands before it */
} derivation;

typedef struct place_mention {
    span at;
    place_kind kind;
    str name, country, admin1, id; /* STR_NONE where unresolved */
    derivation because;
    bool resolved; /* lat, lon, radius_km hold */
    double lat, lon, radius_km;
    str anchor; /* id of the place that a relative one leans on */
} place_mention;

typedef struct time_mention {
    span at;
    str value; /* ISO 8601 as in READING.md; STR_NONE where unresolved */
    derivation because;
} time_mention;

typedef struct actor_mention {
    span at;
    bool hedged;
} actor_mention;

typedef struct claim {
    effect effect;
    int64_t min, max; /* COUNT_OPEN */
    bool approx;
    bool known;   /* who is known: "the boy", "he" */
    bool by_rank; /* one, told by his rank: "a senior commander" says not how many there were */
    span count, who;
    who_class who_class;
    who_group who_group;
    int part_of; /* index or NONE */
    voice voice;
    VECTOR(voice) via; /* relays from the first teller outwards */
    stance stance;
    event_type event;
    int event_index; /* index or NONE */
    actor_mention actor;
    int place; /* index into places, or NONE */
    int time;  /* index into times, or NONE */
    bool time_inherited;
    str date;     /* STR_NONE; at the precision told: a day, "2026-03", "2026", or an interval */
    day from, to; /* its days; DAY_NONE */
    bool since;   /* counted from a day until publication */
    scope scope;
    uint32_t paragraph; /* of the article, from 0 (the title, where there is one) */
    span evidence;
    derivation because;
} claim;

typedef struct event {
    event_type type;
    span trigger;
    voice voice;
    VECTOR(voice) via;
    stance stance;
    actor_mention actor;
    VECTOR(int) places; /* indices into places */
    bool counted;       /* min, max hold */
    int64_t min, max;
    int time;
    str date;
    date_source date_from;
    span outcome;
    outcome_kind outcome_kind;
    span evidence;
    derivation because;
} event;

typedef struct disagreement {
    int a, b; /* claims */
    disagreement_on on;
} disagreement;

typedef struct number_mention {
    span at;
    double value, min, max;
    const char *kind; /* cardinal | ordinal | percent | range */
} number_mention;

/* An act that is of the kind of another, and what they have in common. */
typedef struct act_tie_mention {
    int act; /* index into acts */
    unsigned ties;
} act_tie_mention;

/* A word for an act: whether it tells a distinct one, and what holds of it (data/reading/act_features.tsv).
 */
typedef struct act_mention {
    span at, evidence;
    event_type type;
    int event; /* index into events, or NONE */
    double score;
    VECTOR(const char *) features;
    VECTOR(act_tie_mention) ties;
} act_mention;

typedef struct reading {
    const article *article;
    VECTOR(claim) claims;
    VECTOR(event) events;
    VECTOR(time_mention) times;
    VECTOR(place_mention)
    places; /* each distinct name once, at its most complete mention; claims and events may point at further
               ones */
    size_t listed_places; /* the first so many are the reading's `places` list; the rest are mentions claims
                             lean on */
    VECTOR(disagreement) disagreements;
    VECTOR(number_mention) numbers; /* filled where options.numbers */
    VECTOR(act_mention) acts;       /* the same */
    VECTOR(str) warnings;
} reading;

/* What readings that are made one after another share, so that each is quicker: words met before, and room.
 * Has no influence on what is read. For one gazetteer; never used by two readings at a time. */
typedef struct reading_memory reading_memory;
reading_memory *reading_memory_new(allocator hooks);
void reading_memory_free(reading_memory *m);

typedef struct reading_options {
    bool numbers;           /* --mentions */
    bool explain;           /* --explain */
    reading_memory *memory; /* may be NULL */
    /* Told of every candidate of every choice, with the names of its traits, for the training of the weights
     * (eval/train_weights.py). NULL: nobody asks. `of` may still change but for its effect and count. */
    void (*candidate)(void *context, const struct claim *of, const char *choice, span at, str value,
                      const char *const *traits, size_t count);
    void *context;
} reading_options;

/* Reads an article. Everything is in `a` or points into `article->text`. Cannot fail: what is not
 * understood is not read. Linear in the text. */
void reading_make(const article *page, const gazetteer *places, const reading_options *options, arena *a,
                  reading *out);
/* The reading as READING.md's isnad-reading/1 object. */
void reading_json(const reading *r, str engine, const reading_options *options, arena *a, str *out);
/* {"version", "language_data", "gazetteer", "weights", "profile"}; `shared`: the version of the profile,
 * STR_NONE where there is none. */
str engine_json(const gazetteer *places, str shared, arena *a);

#endif
