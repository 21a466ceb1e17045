/* Voices across incidents: a key for whoever speaks, the same wherever that one speaks. Not for other
 * folders.
 *
 * Within an incident voices.c decides which tellers are one, by comparing their names with each other. Across
 * a million of them nothing can be compared: a voice gets a key that follows from its own fullest name alone
 * (sources.c says how), and a reviewer's word (the act `name`) makes several keys one. */
#ifndef ISN_LEDGER_SOURCES_H
#define ISN_LEDGER_SOURCES_H

#include "ledger/acts.h"
#include "ledger/store.h"

struct incident_work;
struct told;
struct name_tables;

/* Voices that reviewers called one, and what they called it. */
typedef struct said_group {
    str key; /* by which all of them go: the one that was named first */
    str name, name_ar, kind;
} said_group;
typedef struct said_key {
    str key;
    uint32_t group;
} said_key;
/* A name as told that is not that voice. */
typedef struct said_apart {
    str key, text; /* text: words_joined */
} said_apart;
typedef struct said_voices {
    VECTOR(said_group) groups;
    VECTOR(said_key) keys;    /* in their order */
    VECTOR(said_apart) apart; /* in the order of keys and texts */
} said_voices;
/* ---- said_voices.c ---- */

/* What the acts come to; `out` is empty where there are none. */
status said_voices_read(ledger *l, arena *a, said_voices *out, failure *f);
/* A text that changes with what they say. */
str said_voices_signature(arena *a, const said_voices *said);
/* NULL: nobody said anything of it. */
const said_group *said_group_of(const said_voices *said, str key);
/* Reviewers said that a text (words_joined) is not the voice of that key. */
bool said_is_apart(const said_voices *said, str key, str text);
/* The key of a name, as told, that would have this one and does not. */
str key_told_apart(arena *a, str key, str text);
/* All keys that hang together by acts of naming, also by those that were undone, with those that one act (0:
 * any) speaks of; and the texts that such acts told apart. Each once, in their order. */
typedef struct named_voices {
    string_list keys, apart;
} named_voices;
status named_voices_read(ledger *l, arena *a, int64_t act, named_voices *out, failure *f);

/* ---- sources.c ---- */

/* How a voice's last figure stands to what the others tell. */
typedef enum stands_against {
    AGAINST_NOTHING,
    AGAINST_NOBODY,
    AGAINST_BELOW,
    AGAINST_WITHIN,
    AGAINST_ABOVE
} stands_against;
const char *stands_against_name(stands_against s); /* NULL, "only", "below", "within", "above" */

/* The key of the voice of one claim; STR_NONE where nothing tells it from others (an unknown origin). */
str source_of_claim(const struct incident_work *w, const struct told *c);
/* Of the claims of one voice, the fullest name's. `claims` are all of them. */
str source_of_claims(const struct incident_work *w, const uint32_t *claims, size_t count);
/* Before claims are compared as tellers, and after it is known on what they rest: what names that are told
 * apart are told by. */
void tellers_apart(struct incident_work *w);
/* Reviewers said that the one's name is not the other's voice. */
bool said_apart_of(const struct incident_work *w, const struct told *x, const struct told *y);
/* After voices_resolve and figures_settle: what the row of each voice says. */
void sources_reckon(struct incident_work *w);

/* ---- rows (source_rows.c) ---- */

/* Keys whose rows have to be counted anew, gathered while incidents are written. */
typedef struct source_changes {
    string_list keys;
    arena *a;
} source_changes;
/* Those of an incident that is about to be deleted or was just written. */
status sources_of_incident(ledger *l, int64_t incident, source_changes *out, failure *f);
/* Counts them anew; `all`: every one. In the batch that is open. */
status sources_count(ledger *l, const source_changes *changes, bool all, failure *f);
/* Reviewers named voices, or took it back: rows of these keys go by what holds now (`said`). Incidents that
 * have to be worked out anew for it are added to `rework`. */
status sources_renamed(ledger *l, arena *a, const said_voices *said, const named_voices *of,
                       string_list *rework, failure *f);

/* story.c: what one voice of an incident said, one thing after another (isnad-story/1's "said"). */
json_t *story_said(const json_t *incident, int64_t independent, bool hide_sensitive);

#endif
