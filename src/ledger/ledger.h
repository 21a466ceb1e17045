/* The ledger: one SQLite file that keeps captures, readings, and the incidents they tell of.
 *
 * What goes in: a capture and its reading (ledger_add), many times; then ledger_link, which works out which
 * claims tell of the same incident, the chains, the independent voices, the figures, the estimates and the
 * disagreements, and stores each incident ready made. What comes out: JSON text, row by row
 * (docs/formats.md).
 *
 * A handle is used by one thread at a time. Several handles, in one process or in several, may read while one
 * writes. Every `str` given to a callback is valid during that call only. SQLite is loaded when a ledger is
 * first opened: STATUS_UNAVAILABLE where it is not there.
 *
 * All functions that can fail return STATUS_OK or one of: STATUS_IO (a full disk, …: what was committed
 * stays), STATUS_NEWER_LEDGER, STATUS_DAMAGED_LEDGER, STATUS_NO_INPUT (no such file, not writable),
 * STATUS_NOT_FOUND, STATUS_USAGE (no ledger but another kind of file, a wrong query), STATUS_CANCELLED. */
#ifndef ISN_LEDGER_LEDGER_H
#define ISN_LEDGER_LEDGER_H

#include "base/buffer.h"
#include "reading/reading.h"

typedef struct ledger ledger;

typedef enum ledger_mode {
    LEDGER_READ,  /* must exist; only queries */
    LEDGER_WRITE, /* must exist */
    LEDGER_CREATE /* made where there is none */
} ledger_mode;

/* What one commit has made safe: numbers of this commit and of the run so far. */
typedef struct ledger_committed {
    uint64_t captures, versions, claims;
    uint64_t captures_so_far, versions_so_far, claims_so_far;
    uint64_t last_sequence; /* of the last capture committed */
} ledger_committed;

/* A zeroed struct is a good one. */
typedef struct ledger_options {
    str vfs;    /* name of a registered SQLite VFS: for tests of full disks; STR_NONE */
    str engine; /* the engine object's JSON text (engine_json), named by incidents; STR_NONE: {} */
    const gazetteer *places;  /* for the Arabic names and outlines of places; may be NULL */
    uint32_t cache_kilobytes; /* so much of the file is held in memory, and none of it mapped; 0: as much as
                                 suits one who asks alone */
    uint32_t batch_milliseconds; /* a batch is committed after so long; 0: 1,000 */
    struct ledger_board *board;  /* for lists and counts (board.h); NULL: one of its own when first needed */
    uint64_t reference_from;     /* captures stay in crawl files of at least so many bytes, and are kept by
                                    reference; 0: never */
    void (*committed)(void *context, const ledger_committed *report);              /* may be NULL */
    bool (*cancelled)(void *context);                                              /* may be NULL */
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t of); /* may be NULL */
    void *context;
} ledger_options;

/* Takes a row as one line of JSON without its line feed; false stops the query (which then returns OK). */
typedef bool (*ledger_row)(void *context, str json);

status ledger_open(const char *path, ledger_mode mode, const ledger_options *options, ledger **out,
                   failure *f);
/* Commits what is pending. The handle is gone whatever is returned; NULL is fine. */
status ledger_close(ledger *l, failure *f);

/* ---- writing ---- */

typedef struct ledger_added {
    bool new_capture, new_document, new_version; /* all false: it was there already, nothing was added */
    bool referenced;                             /* the new capture is kept by reference */
    bool withdrawn;     /* it was withdrawn by a redaction, and is not taken in again */
    bool dated;         /* it was there without a day of publication, and has one now */
    uint64_t sequence;  /* of the capture; 0 where none was given */
    uint32_t version;   /* from 1, within the document */
    char document[256]; /* given id, or canonical URL or hash (shortened where longer) */
} ledger_added;

/* Adds one page, whole or not at all. `c` may be NULL for a reading made elsewhere: then no bytes are kept.
 * `json` is the reading as isnad-reading/1, STR_NONE to have it made by reading_json with options.engine.
 * Commits by batches; `added` may be NULL. After a failure everything since the last commit is undone. */
status ledger_add(ledger *l, const capture *c, const reading *r, str json, ledger_added *added, failure *f);
/* What adding a reading takes and needs nothing of the ledger (hashes, what is compressed, what is indexed),
 * made ahead: on any thread, by a preparer for each. `json` is as ledger_add takes it; both are kept as long
 * as what was prepared, which lies in `a`. */
typedef struct preparer preparer;
typedef struct prepared_reading prepared_reading;
preparer *preparer_new(void);
void preparer_free(preparer *p);
const prepared_reading *ledger_prepare(preparer *p, const reading *r, str json, arena *a);
/* ledger_add of what was prepared. */
status ledger_add_prepared(ledger *l, const capture *c, const reading *r, const prepared_reading *ready,
                           ledger_added *added, failure *f);
/* Whether this capture was added before by options.engine: to add it again would change nothing, unless it
 * were given a date. `c` NULL: whether any is there. */
status ledger_knows(ledger *l, const capture *c, bool *known, failure *f);
/* Commits what is pending now. */
status ledger_commit(ledger *l, failure *f);

typedef struct ledger_linked {
    uint64_t incidents, changed, claims, documents, copies;
} ledger_linked;

/* Works out incidents anew from everything that stands in the ledger, commits. What it finds depends on the
 * set of documents alone, never on the order they came in. Incidents that did not change are not written
 * again. */
status ledger_link(ledger *l, ledger_linked *out, failure *f);

/* ---- rules of estimates (docs/estimates.md) ---- */

/* Rules are named as "ucdp", "ucdp/1", a file with one rule or "FILE:name". STATUS_USAGE, STATUS_NO_INPUT or
 * STATUS_BAD_INPUT (file, line, what was expected) where there is no such rule or it is no good. */

/* By which rule incidents are given from now on by this handle; the file stays as it is. */
status ledger_estimate_by(ledger *l, str rule, failure *f);
/* Makes a rule the ledger's own: the next ledger_link works incidents out by it. */
status ledger_keep_rule(ledger *l, str rule, failure *f);

/* ---- review (docs/review.md) ---- */

/* One thing that a reviewer says. What `ids` and `values` are depends on the kind:
 *
 *   accept, reject   claims
 *   correct          claims; fields "min=5", "place=Qarya", …; incidents: event, date and place
 *   merge            two or more incidents, claims or documents, which tell of one incident
 *   split            an incident, then claims and documents that do not tell of it
 *   attach           an incident, then claims that tell of it
 *   grade            incidents; a grade of the ledger's scale, or none
 *   assign           incidents and claims; a name, or none
 *   comment          incidents and claims; a text
 *   sensitive        incidents and claims; yes (where it is left out) or no
 *   settle           incidents
 *   name             keys of voices that are one; name=, name_ar=, kind=, or of one voice not=
 *   add              none, or an incident; document=, start=, end=, effect=, count=, …
 *   undo             numbers of acts
 *
 * An incident or claim is named by its id or the unique beginning of it, a document by its id. */
typedef struct ledger_act {
    str kind, who, time, why; /* time: ISO 8601; STR_NONE: now */
    const str *ids, *values;
    size_t id_count, value_count;
    str confirmed_by; /* the second reviewer, where it took two; STR_NONE */
    str request; /* 32 hexadecimal digits that name the request that it came by, kept with it, so that it is
                    found again by ledger_acts_of_request; STR_NONE */
} ledger_act;

typedef struct ledger_acted {
    uint64_t first, last; /* numbers of the acts, one for each claim or incident where each stands alone */
    bool link;            /* ledger_link has to follow: it says what tells of what */
} ledger_acted;

/* Keeps the acts, works out anew the incidents that they speak of, and commits: all of it or nothing.
 * STATUS_USAGE (what was expected), STATUS_NOT_FOUND. `out` may be NULL. */
status ledger_review(ledger *l, const ledger_act *act, ledger_acted *out, failure *f);
/* The acts that came by a request, looked for behind the act `after`. `out->first` 0: there are none. */
status ledger_acts_of_request(ledger *l, str request, uint64_t after, ledger_acted *out, failure *f);
/* Whether it could be done: STATUS_OK, and nothing is. */
status ledger_review_dry(ledger *l, const ledger_act *act, failure *f);
typedef struct ledger_act_told {
    str kind, incident, claim; /* ids; STR_NONE where it is of none */
} ledger_act_told;
/* An act by its number in digits; texts in `a`. STATUS_NOT_FOUND. */
status ledger_act_told_of(ledger *l, str number, arena *a, ledger_act_told *out, failure *f);
/* The last acts, the newest first, of numbers before `before` (0: all); at most `limit`. Rows as ledger_acts
 * has them. */
status ledger_last_acts(ledger *l, uint64_t before, uint64_t limit, ledger_row row, void *context,
                        failure *f);
/* A claim as it stands among those of its incident; of one that stands in none, {"id", "document", "version",
 * "effect", "quote", "read"}. By its id or the unique beginning of it. */
status ledger_claim(ledger *l, str id, arena *a, str *json, failure *f);
/* Acts in their order, as rows {"act", "kind", "who", "time", "why", "incident", "claim", "undone", "leaf",
 * "payload"}: those on an incident and its claims, on a claim, or all (`id` STR_NONE). */
status ledger_acts(ledger *l, str id, ledger_row row, void *context, failure *f);
/* What waits for somebody because its words are no longer found, as rows {"act", "kind", "who", "time",
 * "why", "reason": lost, changed or no incident, "document", "effect", "quote", "before", "after", "claim"}.
 */
status ledger_queue(ledger *l, ledger_row row, void *context, failure *f);

typedef struct ledger_waiting_asked {
    str reason;     /* disagreement, lost, changed, first_report or assigned; STR_NONE: all, in this order */
    str assignee;   /* a name, or none: nobody's; STR_NONE: anybody's */
    str after;      /* what the queue gave as next */
    uint64_t limit; /* at most 200; 0: 50 */
    bool hide_sensitive;
} ledger_waiting_asked;
/* What waits for somebody, what matters first (docs/review.md): {"items": [{"id", "reason", "incident": {} as
 * in lists or null, "since", "weight", "claims": [id], "assignee", "act": as ledger_queue gives it, or
 * null}], "next", "counts": {reason: n}, "capped": a count stopped at 10,000}. The text is in `a`. */
status ledger_review_queue(ledger *l, const ledger_waiting_asked *asked, arena *a, str *json, failure *f);

/* The ledger's scale of grades, as rows {"scale", "grade", "en", "ar", "says"}. */
status ledger_grades(ledger *l, ledger_row row, void *context, failure *f);
/* Makes a table of grades the ledger's own (docs/review.md). STATUS_BAD_INPUT with line and what was
 * expected. */
status ledger_keep_grades(ledger *l, str table, str name, failure *f);

/* ---- reading again (reread.c) ---- */

/* A version that the ledger keeps the bytes of, as it came in last. */
typedef struct ledger_stored {
    str document;
    uint32_t version;
    str published; /* of the version; STR_NONE */
    str engine;    /* that read it, as options.engine; STR_NONE: not known */
    capture capture;
    str why; /* its bytes are damaged, or cannot be found, and none are given; STR_NONE: they are whole */
} ledger_stored;
/* Gives every version that has bytes and was read from a page (rows of a recorder's table are not), one after
 * another; `id`: of this document alone, STR_NONE: of all. False ends it. */
status ledger_stored_pages(ledger *l, str id, bool (*take)(void *context, const ledger_stored *page),
                           void *context, failure *f);

/* The same of one version (0: the newest), rows of a recorder's table too. STATUS_NOT_FOUND: there are no
 * bytes of it, or they were withdrawn. */
status ledger_stored_page(ledger *l, str id, uint32_t version,
                          bool (*take)(void *context, const ledger_stored *page), void *context, failure *f);

typedef struct ledger_reread_report {
    uint64_t same, different, gone, new; /* claims */
    bool new_version;                    /* the page's text itself is made otherwise: another version */
} ledger_reread_report;

/* Takes another reading of a stored version in the place of the one that stands, which is kept
 * (past_reading), and finds what acts speak of again. Nothing is written where the reading is the same, and
 * what is stored of it is what was sealed: damage is mended, a text that has the hash that it should have.
 * `dry`: nothing is written at all. `row` (may be NULL) is told each change: {"document", "version",
 * "change": "gone", "new" or "different", "was": {}, "is": {}, "fields": [name]}. Commits by batches;
 * ledger_link has to follow. */
status ledger_reread(ledger *l, const ledger_stored *page, const reading *r, bool dry, ledger_row row,
                     void *context, ledger_reread_report *out, failure *f);

/* Readings of a document that others took the place of, the oldest first, as rows {"document", "version",
 * "until", "engine", "reading"}. STATUS_NOT_FOUND where there is no such document. */
status ledger_past_readings(ledger *l, str document, ledger_row row, void *context, failure *f);

/* What a reviewer says of accounts: those of `these` and `those` tell of one incident (together), or each of
 * `these` tells of another than each of `those`. An account is named by the id of one of its claims, or by a
 * document's (then it is what the document tells first). It is kept as an act, binds from the next
 * ledger_link on whatever the accounts have in common, and wins over acts before it. A claim that is told
 * apart leaves the rest of its account. STATUS_NOT_FOUND where an id names nothing. */
typedef struct ledger_tie {
    bool together;
    const str *these, *those;
    size_t these_count, those_count;
    str who, time; /* the reviewer's name, ISO 8601 */
} ledger_tie;
status ledger_bind(ledger *l, const ledger_tie *tie, failure *f);

/* ---- asking ---- */

typedef enum ledger_order { ORDER_DATE, ORDER_DATE_DOWN, ORDER_FIGURE_DOWN, ORDER_VOICES_DOWN } ledger_order;

enum { FILTER_CHOICES = 16 };
typedef struct ledger_filter {
    str text;     /* a query (docs/queries.md): words of a document of it, and conditions; STR_NONE: any */
    str id;       /* an incident's or document's id or the unique beginning of an incident's; STR_NONE: any */
    day from, to; /* days that the incident touches; DAY_NONE: open */
    str country;  /* ISO 3166 alpha-2 */
    str place;    /* part of a place's name, any spelling */
    bool has_box;
    double south, west, north, east;
    int effect;           /* enum effect, or NONE */
    unsigned effects;     /* bits of several, any of which; 0: as `effect` says */
    int event;            /* enum event_type, or NONE */
    int64_t least, most;  /* some figure is at least, at most so many; 0, NONE: any */
    int64_t voices_least; /* independent ones; 0: any */
    int64_t voices_most;  /* NONE: any */
    int disputed;         /* 1: accounts part; 0: they do not; NONE: any */
    str language;         /* some document of it is in this language */
    /* Conditions of the query language by name ("status", "new,settled"): what is chosen in lists of counts,
     * each of which leaves its own out. */
    struct ledger_choice {
        const char *name;
        str value;
    } choices[FILTER_CHOICES];
    size_t choice_count;
    ledger_order order;
    uint64_t limit; /* 0: all */
    uint64_t offset;
    str after; /* a cursor that ledger_page gave; STR_NONE: from the beginning */
} ledger_filter;

/* From now on this handle answers as if the ledger held nothing that was marked sensitive: no incident that
 * is marked or has a claim that is, no document that tells of such an incident or repeats one that does
 * (hidden.c). For handles that only ask. */
void ledger_hide_sensitive(ledger *l, bool hide);
/* And so that nothing tells who reviewed: no comments, nobody whom an incident is given to, no asking by that
 * (STATUS_USAGE). */
void ledger_hide_reviewers(ledger *l, bool hide);
/* Whether the handle may know of what has this id: an incident's (also one that is no more), a claim's, a
 * document's. True of ids that there are none of. */
status ledger_shows(ledger *l, str id, bool *out, failure *f);

/* STATUS_NOT_FOUND where the handle hides a document of this incident: what holds all of its documents cannot
 * be made for it. */
status ledger_is_whole(ledger *l, str incident, failure *f);
/* How many incidents there are, and claims of all documents: quickly. */
status ledger_size(ledger *l, uint64_t *incidents, uint64_t *claims, failure *f);

/* Lets everything through, ordered by date. */
ledger_filter ledger_filter_all(void);
/* As people ask: a year, a month or a day, and nothing behind it. */
bool days_asked(str value, day *from, day *to);

/* ---- two sides beside each other ---- */

typedef enum ledger_compare_by { COMPARE_OUTLET, COMPARE_PERIOD, COMPARE_PLACE } ledger_compare_by;
bool ledger_compare_named(str name, ledger_compare_by *out);
typedef struct ledger_compare_asked {
    ledger_compare_by by;
    str a, b; /* outlets by their whole names; periods: 2021, 2021-03, a day, two of them with / between;
                 parts of places' names */
    ledger_filter filter; /* which incidents at all */
    bool hide_sensitive;
} ledger_compare_asked;
/* {"by", "a": {"label", "incidents", "documents", "claims", "voices", "effects": [{"effect", "low", "best"
 * (null where the rule does not choose), "high", "incidents"}]}, "b", "counts": {"only_a", "only_b", "both"},
 * "only_a": [{} as in lists], "only_b", "both": [{"incident", "a": [figures of its papers], "b", "differ"}]},
 * at most 200 of each list, those with the greatest figures. Of an outlet, documents, claims and voices are
 * those of its own papers; "effects" are the incidents' estimates. The text is in `a`. */
status ledger_compare(ledger *l, const ledger_compare_asked *asked, arena *a, str *json, failure *f);

typedef enum ledger_what {
    LEDGER_INCIDENTS, /* isnad-incident/1 */
    LEDGER_CLAIMS, /* an incident's claim with "incident" before it; where all are asked for, also those that
                      stand in none (totals, background, …), with null */
    LEDGER_DOCUMENTS, /* {"id", "version", "versions", "url", "outlet", "title", "language", "published",
                         "sha256", "copy_of", "claims", "incidents": [id]} */
    LEDGER_VOICES,    /* {"id", "incident", "text", "kind", "independent", "weak": an outlet's own word,
                         "origin_unknown": outlets that cite each other, "claims": [id], "documents": [id]} */
    LEDGER_CHAINS,    /* {"incident", "claim", "step", "voice", "text", "how", "document", "independent"} */
    LEDGER_SUMMARIES, /* for lists: {"id", "event", "date", "date_precision", "place": {}, "actors": [text],
                         "documents": n, "voices": {}, "estimates": [], "disagreements": n, "title": of its
                         first document, "languages": []} */
    LEDGER_TOMBSTONES /* {"id": of an incident that is no more, "successors": [id] of those that took its
                         claims over}; all of them, whatever the filter but for limit and offset */
} ledger_what;
/* "incidents", …; false where there is none of that name. */
bool ledger_what_named(str name, ledger_what *out);

/* Claims, voices and chains are those of the incidents that pass; documents filter by text, id (of a
 * document), days of publication and language. */
status ledger_query(ledger *l, ledger_what what, const ledger_filter *filter, ledger_row row, void *context,
                    failure *f);
/* How many rows a query of incidents or summaries would give without limit and offset; stops counting at
 * `at_most` (0: never). */
status ledger_count(ledger *l, const ledger_filter *filter, uint64_t at_most, uint64_t *out, failure *f);

/* One incident as isnad-incident/1, by its id or the unique beginning of it (of at least 4 digits, with or
 * without "i-"). An id that another incident has taken over leads to that one. The text is in `a`.
 * STATUS_NOT_FOUND (the line names the successors where there are several); STATUS_USAGE where several begin
 * so. */
status ledger_incident(ledger *l, str id, arena *a, str *json, failure *f);

/* ---- voices across incidents (docs/voices.md) ---- */

typedef enum ledger_voice_order {
    VOICES_BY_INCIDENTS,
    VOICES_BY_CLAIMS,
    VOICES_BY_FIRST,
    VOICES_BY_ALONE,
    VOICES_BY_LAST /* day */
} ledger_voice_order;
bool ledger_voice_order_named(str name, ledger_voice_order *out);

typedef struct ledger_voices_asked {
    str text; /* part of a name, any spelling; STR_NONE: any */
    str kind;
    ledger_voice_order order; /* most first */
    str after;                /* what the list before gave as next */
    uint64_t limit;           /* at most 500; 0: 50 */
    bool hide_sensitive;
} ledger_voices_asked;
/* {"voices": [{"key", "name", "name_ar", "told", "kind", "outlet": who heard it, where nothing describes it,
 * "described", "named": by a reviewer, "claims", "incidents", "first", "alone", "against": {"below",
 * "within", "above", "only"}, "languages", "last"}], "next"}. The text is in `a`. */
status ledger_voices(ledger *l, const ledger_voices_asked *asked, arena *a, str *json, failure *f);

typedef struct ledger_voice_asked {
    str key; /* or the unique beginning of one, or one of a voice that goes by another now */
    str after;
    uint64_t limit; /* of incidents, at most 100; 0: 20 */
    bool hide_sensitive;
} ledger_voice_asked;
/* The same fields (how many incidents: "total") and "names" and "outlets": [{"name", "claims"}] of its latest
 * 300 incidents, "incidents":
 * [{"incident": {} as in lists, "first", "alone", "against", "independent", "said": []}], the latest first,
 * "next". STATUS_NOT_FOUND. */
status ledger_voice(ledger *l, const ledger_voice_asked *asked, arena *a, str *json, failure *f);

/* All that is drawn of an incident (isnad-story/1, docs/formats.md), told from its isnad-incident/1. */
status ledger_story(ledger *l, str id, bool hide_sensitive, arena *a, str *json, failure *f);

/* Why an incident's accounts stand together: {"id", "links": [{"by": "traits" or "reviewer", "a":
 * {"document", "title", "outlet"}, "b": {…}, "strength", "traits": [{"trait", "says", "value", "weight",
 * "adds"}]}]}: the pairs by which its groups became one, in that order (docs/linking.md); traits from what
 * adds or takes most. It is worked out anew from the whole ledger: takes as long as a linking. */
status ledger_why(ledger *l, str id, arena *a, str *json, failure *f);

/* A document: {"id", "version", "versions": [{"version", "sha256", "published", "superseded", "time"}],
 * "url", …, "captures": [{"sequence", "id", "sha256", "url", "time", "media_type", "bytes", "leaf"}],
 * "incidents": [id], "copy_of", "reading": the isnad-reading/1 object as stored, "claims": [{"id",
 * "incident", "independent"} or null for each claim of the reading]}. `version` 0: the newest. */
status ledger_document(ledger *l, str id, uint32_t version, arena *a, str *json, failure *f);

/* Documents that a query finds (docs/queries.md), best first; where more than 10,000 hold its words, the
 * newest first:
 * {"document", "version", "title", "outlet", "url", "language", "published", "incidents": [id],
 *  "snippet": {"text", "start", "marks": [[start, end], …]}}: snippet.start counts code points of the
 * document's text, marks count code points of the snippet. */
status ledger_search(ledger *l, str query, uint64_t limit, uint64_t offset, ledger_row row, void *context,
                     failure *f);

/* ---- what a list is looked at by (board.h) ---- */

typedef struct ledger_paged {
    uint64_t total; /* of the whole list */
    str next;       /* a cursor, in the arena; STR_NONE: this was the last page */
} ledger_paged;

/* A page of summaries in the order asked for, from `after` or `offset` on, each with {"figure": {"effect",
 * "low", "best", "high", "high_open"} or null: the estimate that its line shows, of people killed before all
 * others, "disagree_on": [what accounts part on], "snippet": {"document", "version", "title", "text",
 * "start", "marks"} where words are asked for: the stretch that holds most of them} behind it. */
status ledger_page(ledger *l, const ledger_filter *filter, ledger_row row, void *context, arena *a,
                   ledger_paged *out, failure *f);

/* A page of documents, by the day of publication (ORDER_DATE: the oldest first, else the newest), those
 * without one last; `next` as above. `limit` is at least 1. */
status ledger_documents(ledger *l, const ledger_filter *filter, ledger_row row, void *context, arena *a,
                        str *next, failure *f);
/* A page of what ledger_search finds for the filter's text, from `after` or `offset` on: documents that came
 * in after the first page are left out of those behind it. */
status ledger_search_page(ledger *l, const ledger_filter *filter, ledger_row row, void *context, arena *a,
                          str *next, failure *f);

/* Brings what these are told from up to date, so that who asks next need not wait for it. */
status ledger_follow(ledger *l, failure *f);
/* The same as far as it is a matter of moments, as whoever asks does it. */
status ledger_catch_up(ledger *l, failure *f);

/* How many incidents the list would give by each choice: {"total", "capped": false, "disputed", "countries":
 * [{"value", "count"}], "admin1", "places" (with "name", "name_ar"), "events", "effects", "years", "months",
 * "figures" and "voices" (bands, with "from" and "to", null: open), "disagreement", "statuses", "grades",
 * "assignees", "languages", "outlets"}. Each list leaves out what is chosen in it (the filter's `choices`,
 * and its from, to, country, event, effect, least and so on; not what its text says); those of places leave
 * out what is within them. At most 200 values each, most first; years, months and bands in their order, all.
 */
status ledger_facets(ledger *l, const ledger_filter *filter, arena *a, str *json, failure *f);
/* {"unit": "day", "month" or "year", "total", "undated", "buckets": [{"from", "to", "incidents", "disputed",
 * "killed"}]}, by first days; `killed` adds up the highest figures told. */
status ledger_timeline(ledger *l, const ledger_filter *filter, arena *a, str *json, failure *f);
/* {"total", "without_place", "places": [{"lat", "lon", "radius_km", "incidents", "incident": id of the only
 * one, "name", "name_ar", "killed", "precise": none is coarser than 5 km}]}: those that lie in one square of
 * 48 pixels at that zoom together, or of larger ones where there would be more than 2,000. In a circle of
 * that radius lies all that their places are known to. */
status ledger_map(ledger *l, const ledger_filter *filter, unsigned zoom, arena *a, str *json, failure *f);

/* {"path", "schema", "captures", "bytes", "stored_bytes", "documents", "versions", "claims", "incidents",
 * "disputed", "voices", "copies", "from", "to", "languages": [{"value", "count"}]} */
status ledger_statistics(ledger *l, arena *a, str *json, failure *f);

/* Where the ledger stands, for those who want to know whether it changed. */
typedef struct ledger_standing {
    int64_t state;          /* another one whenever somebody else has written, as this handle sees it */
    int64_t versions, acts; /* numbers of the last ones: they grow */
    int64_t gone, top;      /* others whenever incidents were worked out anew */
} ledger_standing;
/* Costs next to nothing. */
status ledger_stands(ledger *l, ledger_standing *out, failure *f);

/* How far the ledger can be trusted, from worst to best. */
typedef enum ledger_grade {
    GRADE_CHANGED,  /* changed or incomplete: something is not what was stored, or is missing */
    GRADE_UNSEALED, /* everything agrees, but no head was signed: whoever has the file could have made it so
                     */
    GRADE_SEALED,   /* everything agrees with heads signed by the ledger's keys */
    GRADE_STAMPED   /* and an authority says when one of them was there */
} ledger_grade;
const char *ledger_grade_name(ledger_grade g);

typedef struct ledger_checked {
    uint64_t captures, bytes, wrong;
    uint64_t without_bytes; /* versions that came without a capture */
    uint64_t readings, acts, keys, heads;
    uint64_t leaves, sealed;  /* in the log; of these, under the last signed head */
    uint64_t stamps, stamped; /* time stamps; leaves under the last head whose stamp was checked and holds */
    char stamped_at[32];      /* when that was, as the authority says */
    ledger_grade grade;
    bool consistent; /* with every head that was kept elsewhere */
} ledger_checked;

struct signed_head;
/* Checks everything: SQLite's own check; every capture's bytes against its hash and its leaf; texts, readings
 * and their rows (claims, events, places) against the leaf they were sealed under; acts and keys against
 * theirs; the log against all of these, its inner nodes and every signed head; and
 * that the log has only grown since the heads that were kept elsewhere. Incidents are not checked: they
 * follow from the readings and acts. `authorities`: a PEM file
 * of certificates that time stamps must lead to; NULL: stamps are not checked. One line for each thing that
 * is wrong, which names it and what was expected (`line` may be NULL). STATUS_VERIFY_FAILED where there is
 * any. */
status ledger_verify(ledger *l, const struct signed_head *kept, size_t kept_count, const char *authorities,
                     void (*line)(void *context, const char *text), void *context, ledger_checked *out,
                     failure *f);
/* The same of the ledger alone: bytes that stand in crawl files are not read. */
status ledger_verify_alone(ledger *l, void (*line)(void *context, const char *text), void *context,
                           ledger_checked *out, failure *f);

/* What acts of redaction destroyed, as a JSON list of {"capture": its id, "span": [start, end] or null,
 * "who", "time", "why"}, oldest first. */
status ledger_withdrawals(ledger *l, arena *a, str *json, failure *f);

/* The bytes of a capture as received, in chunks; false from `chunk` stops. */
status ledger_capture_bytes(ledger *l, uint64_t sequence, bool (*chunk)(void *context, str bytes),
                            void *context, failure *f);

/* ---- export (export.c) ---- */

typedef enum export_format {
    EXPORT_JSONL,
    EXPORT_CSV,
    EXPORT_GEOJSON,
    EXPORT_KML,
    EXPORT_UCDP, /* incidents as the CSV of UCDP GED; what it cannot hold is left out */
    EXPORT_ACLED /* the same of ACLED */
} export_format;
bool export_format_named(str name, export_format *out);

typedef struct export_options {
    export_format format;
    bool raw;           /* CSV: leave cells that begin like a formula as they are */
    bool bom;           /* CSV: begin with a byte order mark, for Excel */
    bool hxl;           /* CSV of incidents or claims: a second row of headers with hashtags */
    uint64_t *left_out; /* incidents that the table asked for cannot hold; may be NULL */
} export_options;

/* Writes what a query gives. GeoJSON and KML are of incidents and claims (points), the tables of UCDP
 * and ACLED of incidents. `write`
 * returns false where it cannot write: STATUS_IO. */
status ledger_export(ledger *l, ledger_what what, const ledger_filter *filter, const export_options *options,
                     bool (*write)(void *context, str bytes), void *context, failure *f);

/* ---- tables of recorders (import.c) ---- */

typedef struct import_input {
    str mapping, mapping_name; /* the bytes of both files, and what they are called in messages */
    str table, table_name;
} import_input;

typedef struct import_options {
    void (*line)(void *context, const char *text); /* told of each mistake in a row; may be NULL */
    void (*url)(void *context, str url);           /* told of each page that a row names; may be NULL */
    void *context;
} import_options;

typedef struct import_report {
    uint64_t rows, added, changed, unchanged, bad; /* rows with something in them */
    uint64_t claims, urls;                         /* added; named */
} import_report;

/* Adds the rows of a table (CSV, UTF-8) as documents of the recorder that the mapping names, and commits;
 * ledger_link then joins them with reports like any other. A row with a mistake is told, counted and left
 * out: that is no failure. STATUS_BAD_INPUT: a mistake in the mapping, with file and line, or a table
 * without a header. */
status ledger_import(ledger *l, const import_input *input, const import_options *options,
                     import_report *report, failure *f);

/* ---- readings made elsewhere (reading_load.c) ---- */

/* Reads an isnad-reading/1 object into `article` and `reading` (which points at it), all in `a`. Spans are
 * checked against the text. STATUS_BAD_INPUT with the offset and what was expected. */
status reading_load(str json, arena *a, article *article, reading *out, failure *f);

#endif
