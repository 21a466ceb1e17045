/* What the steps of one reading share. Private to src/reading. */
#ifndef ISN_READING_READER_H
#define ISN_READING_READER_H

#include "lang/lang.h"
#include "reading/outlets.h"
#include "reading/reading.h"

enum { RELAYS = 3 };

/* A speaker and the stretch he stands for, before scopes are settled. */
typedef struct attribution {
    uint32_t sentence, first, last; /* pieces of the whole match */
    uint32_t speaker_first, speaker_last;
    uint32_t head;      /* the first word of the speaker that is no determiner */
    int kind;           /* VALUE_ATTRIBUTION_… */
    bool begins_clause; /* "and according to …" */
    voice voice;
    voice relay[RELAYS]; /* told through them, from the teller outwards: "the agency quoted the doctor";
                       SPAN_NONE without */
    int stance;          /* VALUE_STANCE_… or 0 */
    const match *match;
} attribution;

/* An outlet that is named, whatever it does there. */
typedef struct outlet_mention {
    uint32_t sentence, first;
    voice voice;
} outlet_mention;

typedef struct place_node {
    uint32_t sentence, first, last; /* pieces */
    int place;                      /* index into reading->places */
    int relation;
    bool led_to;         /* "carried to the hospital of X" */
    bool in_attribution; /* part of what says who speaks */
} place_node;

typedef struct time_node {
    uint32_t sentence, first, last;
    int time;       /* index into reading->times */
    day from, to;   /* DAY_NONE where unresolved */
    bool long_span; /* covers more than a few days: what it dates is a total */
    bool since;
    bool in_attribution;
} time_node;

typedef struct actor_node {
    uint32_t sentence, first, last;
    const match *match;
    actor_mention actor;
} actor_node;

typedef struct event_node {
    uint32_t sentence, first, last;
    event_type type;
    int event;    /* index into reading->events, or NONE: no act in particular */
    bool counted; /* so many of them, told here or of the act */
} event_node;

/* Months of the Hijri calendar that have been reckoned. */
enum { HIJRI_MONTHS = 128 };
typedef struct hijri_month {
    int key; /* 0: none */
    day first;
    bool full; /* it has thirty days */
} hijri_month;
typedef struct hijri_dates {
    hijri_month month[HIJRI_MONTHS];
    day asked;
    ymd of;
} hijri_dates;

typedef struct reader {
    const article *article;
    const gazetteer *gazetteer;
    const reading_options *options;
    arena *a;           /* what the reading keeps */
    arena *scratch;     /* what is needed for this segment alone */
    word_memory *words; /* may be NULL */
    hijri_dates *hijri; /* may be NULL */
    local_clock *clock; /* of the outlet; may be NULL */
    reading *out;
    str text;      /* the segment that is being read */
    uint32_t base; /* where it begins in the article's text */
    uint32_t first_paragraph;
    size_t first_claim, first_event, first_place; /* of the segment, in the reading */
    tokens tokens;
    code_points points;
    nodes nodes;
    matches marks; /* of the claim phase */
    day published; /* DAY_NONE */
    day lead;      /* the day the news is about, and the sentence that says so; DAY_NONE */
    uint32_t lead_sentence;
    const struct claim_names *claim_names; /* of each claim, while disagreements are looked for */
    uint32_t dateline; /* the first piece of the text's dateline, UINT32_MAX where it has none */
    day told;          /* the last single day told in the text */
    day told_here;     /* in the paragraph; DAY_NONE */
    day first_told;    /* the first of the text */
    day month_told;    /* the first day of the month, year or day told last */
    day today; /* what "today" means in the text: a weekday or date beside it may correct `published` */
    VECTOR(attribution) attributions;
    VECTOR(outlet_mention) outlets;
    int *quoted; /* by sentence: the attribution whose quotation goes on in it, or NONE */
    VECTOR(place_node) places;
    VECTOR(time_node) times;
    VECTOR(event_node) events;
    VECTOR(actor_node) actors;
    const struct between_counts *between; /* by node: src/reading/choice.c */
    const uint32_t *turns;                /* by sentence: there too */
    uint64_t *harm_told; /* by sentence: a bit for each kind of figure claimed there (effect and bounds) */
    const struct place_story *story; /* src/reading/where.c */
} reader;

span reader_span(const reader *r, uint32_t first_piece, uint32_t last_piece);
/* The node that begins at a piece or holds it; NULL behind the last. */
const node *reader_node(const reader *r, uint32_t piece);
/* The first node of a sentence, or of the next one that has nodes. */
const node *reader_first_node(const reader *r, uint32_t sentence);
/* Does a sentence open with a dash, as the items of a list do? */
bool reader_is_item(const reader *r, uint32_t sentence);
/* Does one place reach into the other? */
bool places_reach(const place_mention *p, const place_mention *q);
/* The clock of the page's outlet, looked up when it is first asked for; NULL where nobody gave one. */
local_clock *reader_clock(const reader *r);
/* Whether a node has a class, or one of those that a rule made it of has. */
bool node_made_of(const node *n, enum lang_class c);
span reader_sentence(const reader *r, uint32_t index);
bool reader_in_title(const reader *r, uint32_t index);
/* Adds how a match came about, where that is asked for: the rules that made its nodes, then its own. */
void explain_match(reader *r, const match *m, derivation *out);
/* Adds by which clock a time of Greenwich was told. */
void explain_clock(reader *r, const local_clock *c, span at, derivation *out);
/* Adds the steps of another derivation. */
void explain_also(reader *r, const derivation *other, derivation *out);

/* The steps, in order. */
void read_names(reader *r); /* gazetteer names become NAME nodes */
/* How common the word of a piece is. */
int reader_commonness(const reader *r, uint32_t piece_index);
void read_times(reader *r);
void read_places(reader *r);
void read_attributions(reader *r, const matches *marks);
void read_actors(reader *r, const matches *marks);
void read_events(reader *r, const matches *marks, const matches *claims);
void read_claims(reader *r, const matches *marks);
void date_events(reader *r);
void read_disagreements(reader *r);
void read_numbers(reader *r);

/* The voice of what stands at a piece of a sentence: the innermost attribution whose scope holds it. */
typedef struct hearing {
    voice voice;
    voice via[RELAYS];
    size_t via_count;
    int stance;            /* VALUE_STANCE_… or 0 */
    const match *match[2]; /* by which he is heard: of who tells, of who passes it on; NULL without */
} hearing;
/* Index of the first item of a sentence, or of where it would stand, in a vector in the order of the text
 * whose items begin with their sentence's number. */
size_t first_of_sentence(const void *at, size_t count, size_t item_size, uint32_t in);
#define FIRST_OF_SENTENCE(v, in) first_of_sentence((v).at, (v).size, sizeof *(v).at, (in))
hearing reader_hear(const reader *r, uint32_t in, uint32_t at);
/* Does somebody else begin to speak between two pieces of a sentence? */
bool reader_speaks_between(const reader *r, uint32_t in, uint32_t from, uint32_t to);
/* Has the speaker denied something in the sentence before a piece of it? That nobody was harmed is then a
 * denial. */
bool reader_denied(const reader *r, uint32_t in, uint32_t at, const voice *by);

/* Once the attributions are known: which places and times lie in them. */
void context_settle(reader *r);
/* The place (index, or NONE) and the time that what stands at a piece of a sentence takes from the sentence;
 * the last time told before a sentence; a time as a date. */
bool attribution_holds(const reader *r, uint32_t in, uint32_t piece_index);
int context_place(const reader *r, uint32_t in, uint32_t at);
/* The actor nearest to a piece in its sentence; SPAN_NONE where none is told. */
actor_mention context_actor(const reader *r, uint32_t in, uint32_t at);
/* The match that tells of an actor in a sentence, or NULL. */
const match *actor_match(const reader *r, uint32_t in, const actor_mention *actor);
const actor_node *context_actor_node(const reader *r, uint32_t in, uint32_t at);
const time_node *context_time(const reader *r, uint32_t in, uint32_t at);
const time_node *context_time_before(const reader *r, uint32_t in);
str context_date(const reader *r, const time_node *t);

#endif
