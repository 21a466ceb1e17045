/* isnad.h: read news pages about contested incidents, and keep a ledger of who said what.
 *
 * The road: an intake gives captures (bytes as received), a page is made of a capture (title, outlet, date,
 * paragraphs), a reading is made of a page (who said how many were harmed, where, when, by whom), and a
 * ledger keeps readings and answers for incidents.
 *
 *     isn_engine *engine;
 *     isn_intake *intake;
 *     isn_capture *capture;
 *     isn_engine_new(NULL, &engine, NULL);
 *     isn_intake_open(engine, paths, count, NULL, &intake, NULL);
 *     while (isn_intake_next(intake, &capture, NULL) == ISN_OK && capture) { … }
 *
 * examples/count_claims.c is a whole program.
 *
 * Results are JSON text: isnad-page/1, isnad-reading/1 and isnad-incident/1, whose JSON Schemas are given by
 * isn_schema(). Fields are added to them, never renamed or retyped. For the commonest questions of C programs
 * there are accessors besides.
 *
 * Text is UTF-8. A text that comes with a size is not NUL-terminated unless it is said to be; a text without
 * a size is. Positions in a document's text (`start`, `end`) count Unicode code points, end exclusive.
 *
 * Who owns what. `isn_…_new`, `_open`, `_next` and `_make` give an object that the caller frees with the
 * function named there; every `_free` and `_close` takes NULL and does nothing then. What an accessor
 * returns belongs to the object and lives as long as it. A `char **json` is given with malloc()'s memory:
 * free it with isn_free(). Captures, pages and readings keep what they were made of alive by themselves and
 * can be freed in any order; the engine must outlive all of them.
 *
 * How calls fail. A function that can fail returns an isn_code, leaves its outputs untouched where that is
 * not ISN_OK, and, where `error` is not NULL, sets *error to an object with one line of explanation (file,
 * offset, what was expected), to be freed with isn_error_free(). *error is not touched on success. Where
 * memory cannot be had, one line is written to standard error and the process aborts.
 *
 * Threads. One engine may be used by any number of threads at the same time: it is never changed. Every
 * other object is used by one thread at a time, and may wander between threads.
 *
 * Option structs. Set `size` to sizeof the struct and leave what you do not need zero: a struct compiled
 * against an older header keeps its meaning. NULL means all defaults. Use it so:
 *
 *     isn_reading_options options = {.size = sizeof options, .explain = true};
 *
 * The library reads no environment, sets no locale, touches no signal handler. SQLite, libcurl and
 * libmicrohttpd are loaded when a call first needs them. */
#ifndef ISNAD_H
#define ISNAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define ISN_API __attribute__((visibility("default")))
#else
#define ISN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- codes and errors ---- */

/* Also the exit codes of the command `isnad`. */
typedef enum isn_code {
    ISN_OK = 0,
    ISN_INTERNAL = 1,       /* a defect of isnad itself */
    ISN_USAGE = 2,          /* wrong options or arguments */
    ISN_BAD_RECORDS = 3,    /* the run went through, but some records were bad and were skipped */
    ISN_NO_INPUT = 4,       /* a file or URL that cannot be opened */
    ISN_BAD_INPUT = 5,      /* input that cannot be read at all: damaged, or of no known kind */
    ISN_IO = 6,             /* reading or writing failed: a full disk, a closed pipe */
    ISN_NEWER_LEDGER = 7,   /* written by a newer version */
    ISN_DAMAGED_LEDGER = 8, /* not to be trusted: see `isnad verify` */
    ISN_NOT_FOUND = 9,      /* no such incident, document, place, … */
    ISN_UNAVAILABLE = 10,   /* a library that this call needs is not there: see `isnad doctor` */
    ISN_VERIFY_FAILED = 11, /* something in the ledger does not match its hash */
    ISN_CANCELLED = 12      /* the cancel hook said so */
} isn_code;

typedef struct isn_error isn_error;
ISN_API isn_code isn_error_code(const isn_error *error);
/* One line, without a line feed. */
ISN_API const char *isn_error_message(const isn_error *error);
ISN_API void isn_error_free(isn_error *error);

/* Frees a `char **json` result. */
ISN_API void isn_free(void *memory);

/* The version of the library, "0.1.0". */
ISN_API const char *isn_version(void);

/* ---- callbacks ---- */

/* Takes one row, a line of JSON without its line feed, valid during the call. False ends the query, which
 * then returns ISN_OK. */
typedef bool (*isn_row)(void *context, const char *json, size_t size);
/* Takes bytes to be written. False: they cannot be; the call then returns ISN_IO. */
typedef bool (*isn_write)(void *context, const char *bytes, size_t size);
/* Takes one line of text, NUL-terminated, without its line feed. */
typedef void (*isn_line)(void *context, const char *line);

/* ---- the engine ---- */

/* Words, rules and places: everything that does not change from document to document. */
typedef struct isn_engine isn_engine;

typedef enum isn_log_level {
    ISN_LOG_ERROR,   /* an input or a record that could not be read and was skipped */
    ISN_LOG_WARNING, /* something was read, but not as one may expect */
    ISN_LOG_NOTE
} isn_log_level;

typedef struct isn_engine_options {
    size_t size;
    /* A gazetteer file made by isn_places_build; NULL: the one linked in. */
    const char *places;
    /* Memory for captures, pages and readings (where most of it goes). Both or none; called from every
     * thread that uses the engine. */
    void *(*allocate)(void *context, size_t size);
    void (*release)(void *context, void *memory);
    void *allocator_context;
    /* Takes one line, valid during the call; called from every thread that uses the engine. */
    void (*log)(void *context, isn_log_level level, const char *line);
    void *log_context;
    /* Asked now and then by whatever may take long (intake, ledger, serve). True ends it: ISN_CANCELLED, or
     * the end of the intake. */
    bool (*cancelled)(void *context);
    void *cancel_context;
    /* A profile made of an isn_lesson, as a file: what the pages of one site share is left out of their
     * articles. NULL: none is known. */
    const char *profile;
} isn_engine_options;

/* Free with isn_engine_free. ISN_NO_INPUT or ISN_BAD_INPUT where `places` or `profile` cannot be opened or is
 * none. */
ISN_API isn_code isn_engine_new(const isn_engine_options *options, isn_engine **engine, isn_error **error);
ISN_API void isn_engine_free(isn_engine *engine);
/* What made a result: {"version", "language_data", "gazetteer", "weights", "profile"}, NUL-terminated. */
ISN_API const char *isn_engine_json(const isn_engine *engine);

/* ---- captures ---- */

/* The bytes of one page as they were received, with URL, time and media type. */
typedef struct isn_capture isn_capture;
typedef struct isn_intake isn_intake;

typedef struct isn_intake_options {
    size_t size;
    const char *format; /* "html", "text", "jsonl" or "warc"; NULL: told by name and first bytes */
    uint64_t max_bytes; /* of one page read; what is longer is read up to here and marked truncated.
                           0: 64 MiB */
    bool offline;       /* refuse http and https URLs */
    bool public_only;   /* fetch from public addresses alone: none of this machine, of a private network, …,
                           also where a name or a redirect leads there */
} isn_intake_options;

/* `inputs`: `count` paths of files or folders (walked in the order of their names), URLs, or "-" for
 * standard input. An input or record that cannot be read is told to the log, counted and skipped. Free with
 * isn_intake_close. ISN_USAGE: no such format. */
ISN_API isn_code isn_intake_open(const isn_engine *engine, const char *const *inputs, size_t count,
                                 const isn_intake_options *options, isn_intake **intake, isn_error **error);
/* The next capture, in the order of the input; NULL in *capture at the end. Memory is bounded by the
 * largest record. Free with isn_capture_free. */
ISN_API isn_code isn_intake_next(isn_intake *intake, isn_capture **capture, isn_error **error);
/* How many inputs and records could not be read so far, and the code of the worst of them. */
ISN_API uint64_t isn_intake_bad(const isn_intake *intake);
ISN_API isn_code isn_intake_code(const isn_intake *intake);
ISN_API void isn_intake_close(isn_intake *intake);

/* What is in the inputs, whether or not it is read: one isnad-intake/1 object for each record, page, entry,
 * item or address, and for each file that a folder has besides. False from `row` ends it. Returns the code
 * that reading the inputs would end with; what is wrong is told to the log. */
ISN_API isn_code isn_intake_list(const isn_engine *engine, const char *const *inputs, size_t count,
                                 const isn_intake_options *options, isn_row row, void *context,
                                 isn_error **error);

typedef struct isn_capture_options {
    size_t size;
    const char *format;     /* "html", "text" or "json" (one record of JSON lines); NULL: "html" */
    const char *file;       /* a name for messages; NULL: "-" */
    const char *url;        /* where it was; NULL: unknown */
    const char *media_type; /* NULL: that of the format */
    const char *charset;    /* label that came with it; NULL: found out */
    const char *time;       /* of capture, "YYYY-MM-DDThh:mm:ssZ"; NULL: unknown */
} isn_capture_options;

/* A capture of bytes in memory, which are copied. Free with isn_capture_free. ISN_USAGE: no such format. */
ISN_API isn_code isn_capture_new(const isn_engine *engine, const void *bytes, size_t size,
                                 const isn_capture_options *options, isn_capture **capture,
                                 isn_error **error);
ISN_API void isn_capture_free(isn_capture *capture);
/* Path as given, "-" or URL; NUL-terminated. */
ISN_API const char *isn_capture_file(const isn_capture *capture);
/* Of the record in its file, in bytes. */
ISN_API uint64_t isn_capture_offset(const isn_capture *capture);

/* Where a capture is found again without reading what stands before it: in its file, from byte `begin` on,
 * `skip` bytes behind that once unpacked. `form` says what it stands in. `length`: the bytes of the file that
 * hold it and nothing else; 0: it shares them with others. */
typedef struct isn_place {
    int form;
    uint64_t begin, skip, length;
} isn_place;
ISN_API isn_place isn_capture_place(const isn_capture *capture);
/* The capture that stands there. Compare its bytes' hash: the file may have changed since. ISN_NOT_FOUND: no
 * capture is there. Free with isn_capture_free. */
ISN_API isn_code isn_capture_again(const isn_engine *engine, const char *file, isn_place place,
                                   const isn_intake_options *options, isn_capture **capture,
                                   isn_error **error);
/* As received: after transfer decoding, before content decoding. */
ISN_API const void *isn_capture_bytes(const isn_capture *capture, size_t *size);
/* Of these bytes, in hexadecimal. Worked out when it is first asked for: by one thread at a time. */
ISN_API const char *isn_capture_sha256(isn_capture *capture);

/* ---- pages ---- */

/* The article in a capture: title, outlet, authors, dates, language, section, tags, paragraphs, the posts of
 * a live blog or of a page of messages with their times, links. */
typedef struct isn_page isn_page;

typedef struct isn_page_options {
    size_t size;
    const char *published; /* "YYYY-MM-DD[Thh:mm[±hh:mm]]" for pages that tell no date; NULL: none */
    bool explain;          /* tell for each block of an HTML page why it is in the article or not */
} isn_page_options;

/* Free with isn_page_free. What holds no text gives an empty page with a warning. ISN_BAD_RECORDS or
 * ISN_BAD_INPUT: a JSON record that is no object with a `text`. ISN_USAGE: `published` is no date. */
ISN_API isn_code isn_page_make(const isn_engine *engine, isn_capture *capture,
                               const isn_page_options *options, isn_page **page, isn_error **error);
ISN_API void isn_page_free(isn_page *page);
/* The page as an isnad-page/1 object on one line; NUL-terminated. `size` may be NULL. */
ISN_API const char *isn_page_json(isn_page *page, size_t *size);
/* The page as Markdown, its facts as YAML before it; NUL-terminated. `size` may be NULL. */
ISN_API const char *isn_page_markdown(isn_page *page, size_t *size);
/* The article's title and text. */
ISN_API const char *isn_page_title(const isn_page *page, size_t *size);
ISN_API const char *isn_page_text(const isn_page *page, size_t *size);
/* Warnings, from 0; NULL past the last. NUL-terminated. */
ISN_API const char *isn_page_warning(const isn_page *page, size_t index);

/* What the pages of one site share (menus, notices, calls to subscribe), learned from many of them: a
 * paragraph on 6 pages of a site and a fifth of them. Pages must be made by an engine without a profile.
 * Bounded memory; the same pages in any order give the same profile. */
typedef struct isn_lesson isn_lesson;
ISN_API isn_code isn_lesson_new(const isn_engine *engine, isn_lesson **lesson, isn_error **error);
ISN_API void isn_lesson_add(isn_lesson *lesson, const isn_page *page);
/* The text of a profile's file, to be kept byte for byte. `size`, and `json` ({"pages", "nameless": of no
 * known site, not learned from}), may be NULL; free both with isn_free. */
ISN_API char *isn_lesson_profile(const isn_lesson *lesson, size_t *size, char **json);
ISN_API void isn_lesson_free(isn_lesson *lesson);

/* Which sentences of `before` and `after` are the same, changed, added, dropped or moved: an isnad-compare/1
 * object on one line. Free with isn_free. */
ISN_API char *isn_pages_compare(const isn_page *before, const isn_page *after);

/* Near-copies among many pages, by what five-word runs they share. */
typedef struct isn_copies isn_copies;
ISN_API isn_code isn_copies_new(const isn_engine *engine, isn_copies **copies, isn_error **error);
ISN_API void isn_copies_add(isn_copies *copies, const isn_page *page);
/* Gives each group of near-copies as an isnad-copies/1 object, the same whatever the order of the pages. */
ISN_API isn_code isn_copies_each(const isn_copies *copies, isn_row row, void *context, isn_error **error);
ISN_API void isn_copies_free(isn_copies *copies);

/* ---- readings ---- */

/* Who said how many were harmed, where, when, by whom. */
typedef struct isn_reading isn_reading;

typedef struct isn_reading_options {
    size_t size;
    bool numbers; /* also list every number recognised, harmed people or not */
    bool explain; /* tell for each claim, event and time which rules made it */
} isn_reading_options;

/* Free with isn_reading_free. What is not understood is not read: an unsupported language gives an empty
 * reading and a warning. */
ISN_API isn_code isn_reading_make(const isn_engine *engine, isn_page *page,
                                  const isn_reading_options *options, isn_reading **reading,
                                  isn_error **error);
ISN_API void isn_reading_free(isn_reading *reading);
/* The reading as an isnad-reading/1 object on one line; NUL-terminated. `size` may be NULL. */
ISN_API const char *isn_reading_json(isn_reading *reading, size_t *size);
/* Warnings, from 0, those of the page first; NULL past the last. NUL-terminated. */
ISN_API const char *isn_reading_warning(const isn_reading *reading, size_t index);

/* The bound of "at least n". */
#define ISN_OPEN INT64_MAX

/* Claims are numbered from 0; an index past the last gives NULL or 0. */
ISN_API size_t isn_reading_claims(const isn_reading *reading);
/* Whether the page tells, or was given, a day of publication. */
ISN_API bool isn_reading_dated(const isn_reading *reading);
/* "killed", "injured", "casualties", "missing", "detained" or "displaced". */
ISN_API const char *isn_claim_effect(const isn_reading *reading, size_t claim);
/* "asserts", "hedges" or "denies". */
ISN_API const char *isn_claim_stance(const isn_reading *reading, size_t claim);
/* People, min <= max; max is ISN_OPEN for "at least n". */
ISN_API int64_t isn_claim_min(const isn_reading *reading, size_t claim);
ISN_API int64_t isn_claim_max(const isn_reading *reading, size_t claim);
/* Who vouches for the figure, as the text names them; NULL: the document itself. */
ISN_API const char *isn_claim_voice(const isn_reading *reading, size_t claim, size_t *size);
/* The sentence that carries the claim. `start` and `end` may be NULL. */
ISN_API const char *isn_claim_evidence(const isn_reading *reading, size_t claim, size_t *size, size_t *start,
                                       size_t *end);

/* ---- the ledger ---- */

/* One SQLite file that keeps captures, readings, and the incidents they tell of. */
typedef struct isn_ledger isn_ledger;

typedef enum isn_ledger_mode {
    ISN_LEDGER_READ,  /* it must exist; questions only */
    ISN_LEDGER_WRITE, /* it must exist */
    ISN_LEDGER_CREATE /* made where there is none */
} isn_ledger_mode;

typedef struct isn_ledger_options {
    size_t size;
    isn_ledger_mode mode;
    uint32_t batch_milliseconds; /* what was added is committed after so long; 0: 1,000 */
    /* What has been committed by this handle so far; may be NULL. */
    void (*committed)(void *context, uint64_t captures, uint64_t versions, uint64_t claims);
    /* How far something long has come; `of` is 0 where that is unknown. May be NULL. */
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t of);
    void *context;
    /* Captures of WARC files of at least so many bytes are not copied: the ledger keeps in which file they
     * stand, where and with what hash, and the file must be kept. 0: all are copied; 1: none whose record can
     * be read by itself. isn_ledger_verify and isn_ledger_verify_all read these files; isn_ledger_check,
     * isn_ledger_backup, isn_ledger_copy and isn_ledger_merge do without them. */
    uint64_t reference_from;
} isn_ledger_options;

/* All functions of the ledger can fail with ISN_IO (what was committed stays), ISN_DAMAGED_LEDGER and
 * ISN_CANCELLED. Opening fails with ISN_NO_INPUT (no such file, not to be opened), ISN_USAGE (a file of
 * another kind), ISN_NEWER_LEDGER, and ISN_UNAVAILABLE (no SQLite; no libpq, no PostGIS). Close with
 * isn_ledger_close. `path` names a file, or a database of a PostgreSQL server by libpq's URI
 * ("postgresql://user@host/database"; docs/stores.md): a server that cannot be reached is ISN_NO_INPUT.
 * Messages name it without its password. */
ISN_API isn_code isn_ledger_open(const isn_engine *engine, const char *path,
                                 const isn_ledger_options *options, isn_ledger **ledger, isn_error **error);
/* Commits what is pending. The handle is gone whatever is returned. */
ISN_API isn_code isn_ledger_close(isn_ledger *ledger, isn_error **error);

/* What an addition brought; none of them: it was there already, and nothing was added. */
/* ISN_NEW_DATE: it was there without a day of publication, and has one now. ISN_WITHDRAWN: its bytes or its
 * text were withdrawn by isn_ledger_redact, and were not taken in again. */
/* ISN_REFERENCED: the capture stays in its crawl file. */
enum {
    ISN_NEW_CAPTURE = 1,
    ISN_NEW_DOCUMENT = 2,
    ISN_NEW_VERSION = 4,
    ISN_NEW_DATE = 8,
    ISN_WITHDRAWN = 16,
    ISN_REFERENCED = 32
};

/* Adds a reading with the capture it was made of, whole or not at all. Commits by batches: after a failure
 * everything since the last commit is undone. `news` (ISN_NEW_…, or'ed) may be NULL. */
ISN_API isn_code isn_ledger_add(isn_ledger *ledger, isn_reading *reading, unsigned *news, isn_error **error);
/* The id of the document that the last isn_ledger_add was of (shortened where it has more than 255 bytes), ""
 * before the first; valid until the next. */
ISN_API const char *isn_ledger_last_document(const isn_ledger *ledger);
/* Does what adding a reading takes and needs nothing of the ledger's file, so that isn_ledger_add need not:
 * on any thread, on several readings at once, also while another thread adds. A reading that is to be in no
 * ledger needs none. */
ISN_API void isn_ledger_prepare(isn_ledger *ledger, isn_reading *reading);
/* Whether this very capture (bytes, URL, time) is there and was read by this engine: to make a reading of it
 * and to add that would change nothing, unless the reading were given a date (isn_page_options). For whoever
 * takes up again what was interrupted. `capture` NULL: whether any is there. */
ISN_API isn_code isn_ledger_knows(isn_ledger *ledger, isn_capture *capture, bool *known, isn_error **error);
ISN_API isn_code isn_ledger_commit(isn_ledger *ledger, isn_error **error);

/* Copies everything that is stored into another ledger, which is named as isn_ledger_open takes it and must
 * be new or empty: the copy answers every question with the same bytes and verifies like the first, under the
 * same signed heads (docs/teams.md). All or nothing. `json` may be NULL: {"rows", "captures", "documents",
 * "claims", "incidents", "acts"}. ISN_USAGE: something is in it. */
ISN_API isn_code isn_ledger_copy(isn_ledger *from, const char *to, char **json, isn_error **error);

/* Takes what another ledger holds into this one, each once (docs/teams.md): captures, documents with their
 * versions and readings, acts of review with who, when and why; what either has redacted is redacted,
 * incidents keep their ids, settings stay this one's. Then the incidents are worked out, and a ledger to
 * which both had added would answer the same. The other is verified first, and nothing is written to it; its
 * log and its last signed head are kept, so that isn_ledger_verify_all checks them. All of it or nothing;
 * called again it adds nothing. `who` merges: kept with the act. `json` may be NULL: {"ledger": the other's
 * id, "nothing": all of it was here, "forked": its log did not grow out of what was merged before,
 * "captures", "documents", "versions", "claims", "acts": that came, "readings": that took the place of one
 * here, "differ": that are kept beside one here, "redactions", "refused": versions and captures that had been
 * withdrawn here, "incidents", "changed", "settings": ["estimates", "grades"] where the other's differ}.
 * ISN_VERIFY_FAILED: something is wrong in the other. */
ISN_API isn_code isn_ledger_merge(isn_ledger *ledger, isn_ledger *from, const char *who, char **json,
                                  isn_error **error);

typedef struct isn_import_options {
    size_t size;
    isn_line wrong; /* told of each mistake in a row: file, row, column, what was expected; may be NULL */
    isn_line url;   /* told the address of each page that a row names; may be NULL */
    void *context;
} isn_import_options;

/* Adds the rows of a recorder's table (a CSV file; "-": standard input) by a mapping file (docs/formats.md).
 * A row with a mistake is told, counted as bad and left out, which is no failure. `json` may be NULL:
 * {"rows", "added", "changed", "unchanged", "bad", "claims", "urls"}. Commits; incidents are worked out by
 * isn_ledger_link. ISN_NO_INPUT; ISN_BAD_INPUT: a mistake in the mapping, with file and line. */
ISN_API isn_code isn_ledger_import(isn_ledger *ledger, const char *mapping, const char *table,
                                   const isn_import_options *options, char **json, isn_error **error);
/* Works out the incidents anew from everything in the ledger, whatever the order it came in. `json` may be
 * NULL: {"incidents", "changed", "claims", "documents", "copies"}. */
ISN_API isn_code isn_ledger_link(isn_ledger *ledger, char **json, isn_error **error);

/* ---- review (docs/review.md) ---- */

/* One thing that a reviewer says. `ids` are incidents, claims (each by its id or the unique beginning of it)
 * or documents (by id); what they and `values` are depends on `kind`:
 *
 *     accept, reject   claims
 *     correct          claims; fields: "min=5", "place=Qarya", "voice=the hospital", …
 *                      incidents; fields: event, date, place
 *     merge            two or more incidents, claims or documents that tell of one incident
 *     split            an incident, then claims and documents that do not tell of it
 *     attach           an incident, then claims that tell of it
 *     grade            incidents; a grade of the ledger's scale (isn_ledger_grades), or "none"
 *     assign           incidents and claims; a name, or "none"
 *     comment          incidents and claims; a text
 *     sensitive        incidents and claims; "yes" (where it is left out) or "no"
 *     settle           incidents
 *     name             keys of voices (s-…) that are one; "name=…", "name_ar=…", "kind=…"
 *                      of one voice; "not=…": a name as told that is not this voice
 *     add              none, or an incident: a claim that the text makes and the machine did not read;
 *                      "document=…", "version=…", "start=…", "end=…" (code points of the figure),
 *                      "evidence.start=…", "evidence.end=…" and the fields of a correction
 *     undo             numbers of acts, in digits
 *
 * A grade is named in English or Arabic. */
typedef struct isn_act {
    size_t size;
    const char *kind, *who;
    const char *why;  /* NULL: not told */
    const char *time; /* ISO 8601; NULL: now */
    const char *const *ids;
    size_t id_count;
    const char *const *values;
    size_t value_count;
} isn_act;

/* Keeps what a reviewer says as acts, which are never changed or removed, lets it take effect in the
 * incidents it speaks of, and commits: all of it or nothing. `json` may be NULL: {"first", "last": numbers of
 * the acts, "link": whether isn_ledger_link has to follow, which is so of merge, split, attach and add}.
 * ISN_USAGE (what was expected), ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_review(isn_ledger *ledger, const isn_act *act, char **json, isn_error **error);
/* The acts on an incident and its claims, on a claim, or all (`id` NULL), in their order, as rows {"act",
 * "kind", "who", "time", "why", "incident", "claim", "undone", "undoes": the number of the act that
 * this one undoes, or null, "leaf", "payload"}. ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_acts(isn_ledger *ledger, const char *id, isn_row row, void *context,
                                 isn_error **error);
/* Acts whose words are not found any more, or read otherwise now, as rows {"act", "kind", "who", "time",
 * "why", "reason", "document", "effect", "quote", "before", "after", "claim"}. */
ISN_API isn_code isn_ledger_queue(isn_ledger *ledger, isn_row row, void *context, isn_error **error);
/* What waits for somebody, what matters first (docs/review.md): {"items": [{"id", "reason": disagreement,
 * lost, changed, first_report or assigned, "incident", "since", "weight", "claims", "assignee", "act"}],
 * "next", "counts", "capped"}. `reason` NULL: all; `assignee` NULL: anybody's, "none": nobody's; `after`:
 * what the queue gave as next; `limit` 0: 50.
 */
ISN_API isn_code isn_ledger_waiting(isn_ledger *ledger, const char *reason, const char *assignee,
                                    const char *after, uint64_t limit, char **json, isn_error **error);
/* The ledger's scale of grades, as rows {"scale", "grade", "en", "ar", "says"}. */
ISN_API isn_code isn_ledger_grades(isn_ledger *ledger, isn_row row, void *context, isn_error **error);
/* Makes the scale in a file (docs/review.md) the ledger's own. ISN_NO_INPUT; ISN_BAD_INPUT with file and
 * line. */
ISN_API isn_code isn_ledger_keep_grades(isn_ledger *ledger, const char *path, isn_error **error);

typedef struct isn_reread_options {
    size_t size;
    const char *document; /* only this one; NULL: all */
    bool dry;             /* tell what would change, change nothing */
    /* Told each change: {"document", "version", "change": "gone", "new", "different" or "text" (the page's
     * text comes out otherwise, as another version), "was", "is", "fields"}; may be NULL. */
    isn_row row;
    void *context;
} isn_reread_options;

/* Reads the pages that the ledger keeps again with the ledger's engine. Readings that come out otherwise take
 * the place of those that stand, which are kept; what reviewers said is found again, or waits in
 * isn_ledger_queue. Commits; isn_ledger_link has to follow. `json` may be NULL: {"pages", "versions": that
 * read otherwise, "same", "different", "gone", "new": claims, "texts": new versions, "bad"}. ISN_NOT_FOUND:
 * no such document. */
ISN_API isn_code isn_ledger_reread(isn_ledger *ledger, const isn_reread_options *options, char **json,
                                   isn_error **error);

/* The readings of a document that others took the place of, the oldest first, as rows {"document", "version",
 * "until", "engine", "reading"}. ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_past_readings(isn_ledger *ledger, const char *document, isn_row row,
                                          void *context, isn_error **error);

/* Rules of estimates (docs/estimates.md) are named as "ucdp", "ucdp/1", the path of a file with one rule, or
 * "FILE:name" for one of several. ISN_USAGE, ISN_NO_INPUT or ISN_BAD_INPUT (file, line, what was expected)
 * where there is none of that name or it is no good. */

/* By which rule this handle gives incidents from now on; the ledger stays as it is. */
ISN_API isn_code isn_ledger_estimate_by(isn_ledger *ledger, const char *rule, isn_error **error);
/* From now on this handle answers as if the ledger held nothing that was marked sensitive (docs/access.md).
 */
ISN_API void isn_ledger_hide_sensitive(isn_ledger *ledger, bool hide);
/* Makes a rule the ledger's own: the next isn_ledger_link works the incidents out by it, and it stays. */
ISN_API isn_code isn_ledger_keep_rule(isn_ledger *ledger, const char *rule, isn_error **error);
/* The rules that come with the library, as rows {"name", "says"}. */
ISN_API void isn_rules(isn_row row, void *context);
/* Reads a file of rules and runs its tests (NULL: those that come with the library); one `line` (may be NULL)
 * for each mistake. ISN_BAD_INPUT where there is any, ISN_BAD_RECORDS where only tests fail. `json` may be
 * NULL, and is given also then: {"rules", "tests", "mistakes", "failed"}. ISN_NO_INPUT. */
ISN_API isn_code isn_rules_check(const char *path, isn_line line, void *context, char **json,
                                 isn_error **error);

typedef struct isn_filter {
    size_t size;
    const char *text;     /* a query: words and conditions (docs/queries.md) */
    const char *id;       /* of an incident or the unique beginning of one, or of a document */
    const char *since;    /* "YYYY-MM-DD": the incident's days end on or after it */
    const char *until;    /* "YYYY-MM-DD": they begin on or before it */
    const char *country;  /* ISO 3166 alpha-2 */
    const char *place;    /* part of a place's name, in any spelling */
    const char *effect;   /* "killed", … */
    const char *event;    /* "air_strike", … */
    const char *language; /* "ar", … : of some document */
    const char *order;    /* "date" (default), "newest", "figure", "voices" */
    int64_t least;        /* some figure is at least so many */
    bool disputed;        /* only where the accounts part */
    bool undisputed;      /* only where they do not */
    bool has_box;         /* south, west, north and east hold, in degrees */
    double south, west, north, east;
    uint64_t limit;  /* rows; 0: all */
    uint64_t offset; /* rows left out at the head */
} isn_filter;

/* `what`: "incidents" (isnad-incident/1), "summaries" (incidents in brief), "claims", "documents", "voices",
 * "chains" or "tombstones" (ids of incidents that are no more); the rows are described in docs/formats.md.
 * ISN_USAGE: no such kind, or a filter's value is none. A NULL filter lets everything through. */
ISN_API isn_code isn_ledger_query(isn_ledger *ledger, const char *what, const isn_filter *filter, isn_row row,
                                  void *context, isn_error **error);
/* How many incidents pass, whatever limit and offset; counting stops at `at_most` (0: never). */
ISN_API isn_code isn_ledger_count(isn_ledger *ledger, const isn_filter *filter, uint64_t at_most,
                                  uint64_t *count, isn_error **error);
/* One incident as isnad-incident/1, by its id or a unique beginning of it. ISN_NOT_FOUND; ISN_USAGE where
 * several begin so. */
ISN_API isn_code isn_ledger_incident(isn_ledger *ledger, const char *id, char **json, isn_error **error);
/* Why an incident's accounts stand together: {"id", "links": [{"by", "a", "b", "strength", "traits"}]}, pair
 * by pair (docs/linking.md). Worked out anew from the whole ledger. */
ISN_API isn_code isn_ledger_why(isn_ledger *ledger, const char *id, char **json, isn_error **error);
/* All that can be drawn of an incident, as isnad-story/1 (docs/formats.md). ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_story(isn_ledger *ledger, const char *id, char **json, isn_error **error);
/* Voices across incidents (docs/voices.md): {"voices": [{"key", "name", …}], "next"}. `text`: part of a name,
 * NULL: any; `order`: incidents (NULL), claims, first, alone, last; `after`: what the list gave as next;
 * `limit` 0: 50. */
ISN_API isn_code isn_ledger_voices(isn_ledger *ledger, const char *text, const char *order, const char *after,
                                   uint64_t limit, char **json, isn_error **error);
/* One of them, by its key or the unique beginning of it: what it is called, who carries it, in which
 * incidents it said what; `after` and `limit` (0: 20) of incidents. ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_voice(isn_ledger *ledger, const char *key, const char *after, uint64_t limit,
                                  char **json, isn_error **error);
/* Two outlets, periods or places beside each other (`by`), of the incidents that pass: totals, what only one
 * tells of, what figures each gives where both do (docs/formats.md). ISN_USAGE. */
ISN_API isn_code isn_ledger_compare(isn_ledger *ledger, const char *by, const char *a, const char *b,
                                    const isn_filter *filter, char **json, isn_error **error);
/* A document with its versions, captures, incidents and reading; `version` 0: the newest. ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_document(isn_ledger *ledger, const char *id, uint32_t version, char **json,
                                     isn_error **error);
/* Documents whose text holds all words of `query` (a quoted phrase: in that order), best first:
 * {"document", "version", "title", "outlet", "url", "language", "published", "incidents",
 *  "snippet": {"text", "start", "marks": [[start, end], …]}}. `limit` 0: all. */
ISN_API isn_code isn_ledger_search(isn_ledger *ledger, const char *query, uint64_t limit, uint64_t offset,
                                   isn_row row, void *context, isn_error **error);
/* {"path", "schema", "captures", "bytes", "documents", "versions", "claims", "incidents", "disputed", …} */
ISN_API isn_code isn_ledger_statistics(isn_ledger *ledger, char **json, isn_error **error);
/* The bytes of a capture by its sequence number, in chunks. ISN_NOT_FOUND. */
ISN_API isn_code isn_ledger_bytes(isn_ledger *ledger, uint64_t sequence, isn_write write, void *context,
                                  isn_error **error);
typedef struct isn_export_options {
    size_t size;
    const char *format; /* "jsonl" (default), "csv"; "geojson", "kml" (incidents and claims); "ucdp", "acled"
                           (incidents, in the columns of their tables) */
    bool raw;           /* CSV: leave cells that begin like a formula as they are */
    bool bom;           /* CSV: begin with a byte order mark, as Excel wants it */
    bool hxl;           /* "csv" of incidents or claims: a second row of headers with HXL's hashtags */
    uint64_t *left_out; /* "ucdp", "acled": told how many incidents such a table cannot hold; may be NULL */
} isn_export_options;

/* Writes what isn_ledger_query would give. */
ISN_API isn_code isn_ledger_export(isn_ledger *ledger, const char *what, const isn_filter *filter,
                                   const isn_export_options *options, isn_write write, void *context,
                                   isn_error **error);

/* ---- proof ---- */

/* A ledger keeps a log: one append-only Merkle tree (RFC 6962) over its captures, readings, acts of review
 * and signing keys. A head says how many leaves the log has and what its root is, signed with Ed25519; kept
 * where nobody who can change the ledger can change it too, it later proves that nothing before it was
 * changed or removed. The private key is a PEM file of mode 0600, never in the ledger. */

/* Makes a new key in a new file. `json` may be NULL: {"file", "algorithm", "key": the public key in
 * hexadecimal}. ISN_USAGE: there is a file already; ISN_NO_INPUT: it cannot be made. */
ISN_API isn_code isn_key_new(const char *path, char **json, isn_error **error);
/* The same of a key that is there. ISN_NO_INPUT: there is none, or others may read it; ISN_BAD_INPUT: it
 * holds no Ed25519 key without a password. */
ISN_API isn_code isn_key_show(const char *path, char **json, isn_error **error);
/* Lets a new key sign the ledger's heads from now on: the old one signs the new public key, which is recorded
 * in the log. Where `next` is NULL, a new key is made and takes the place of the file at `path`, and the old
 * one is kept beside it as PATH.DIGITS.old (other ledgers may need it to hand over too); else `next` is the
 * file of a key that is there, and no file is changed. Interrupted, it can be called again. `json` may be
 * NULL: {"file", "algorithm", "key", "previous", "previous_file"}. Fails as isn_key_show does; ISN_USAGE
 * where the ledger's heads are signed by a third key. */
ISN_API isn_code isn_ledger_rotate_key(isn_ledger *ledger, const char *path, const char *next, char **json,
                                       isn_error **error);
/* Signs the log as it stands with the key at `path`, keeps the head in the ledger, and gives it: {"format":
 * "isnad-head/1", "ledger", "size", "root", "time", "key", "signature"} on one line. The first key that signs
 * becomes the ledger's. Where nothing was added since the last head, that one is given again. Commits. Fails
 * as isn_key_show does; ISN_USAGE where heads are signed by another key. */
ISN_API isn_code isn_ledger_head(isn_ledger *ledger, const char *path, char **json, isn_error **error);

/* Time stamps (RFC 3161): an authority signs that a head was there at some time. The query for an authority,
 * in DER, over SHA-256 of a head's line of JSON with a line feed behind it, as `isnad head` prints it; send
 * it as application/timestamp-query, by whatever means. ISN_BAD_INPUT: `head` is none. */
ISN_API isn_code isn_stamp_query(const char *head, char **query, size_t *size, isn_error **error);
/* Keeps an authority's answer beside the head that it stamps. `json` may be NULL: {"time": as the authority
 * says}. Whose answer it is, is checked by isn_ledger_verify_all. ISN_BAD_INPUT: no answer, a refusal, or of
 * no head of this ledger. Commits. */
ISN_API isn_code isn_ledger_stamp(isn_ledger *ledger, const void *answer, size_t size, char **json,
                                  isn_error **error);

typedef struct isn_verify_options {
    size_t size;
    const char *against;     /* heads that were kept elsewhere, one a line; NULL: none */
    const char *authorities; /* a PEM file of certificates that time stamps must lead to; NULL: not checked */
    isn_line wrong;          /* told of each thing that is wrong: which, and what was expected; may be NULL */
    void *context;
} isn_verify_options;

/* Checks everything: captures' bytes against their hashes; texts, readings and claims, acts and keys against
 * the leaves they were logged under; the log against all of these and against every signed head; and that it
 * only grew since the heads of `against`. Incidents are not checked: they follow from the readings and acts.
 * ISN_VERIFY_FAILED where anything is wrong. `json` may be NULL, and is given also then: {"grade": "sealed
 * and time-stamped", "sealed", "unsealed" (no head was signed) or "changed or incomplete", "captures",
 * "bytes", "wrong", "without_bytes", "readings", "acts", "keys", "heads", "leaves", "sealed": of them under
 * the last signed head, "stamps", "stamped": leaves under the last head whose stamp was checked and holds,
 * "stamped_at": when that was, as the authority says, or null, "against": true, false, or null where there
 * was none, "withdrawn": [{"capture", "span", "who", "time", "why"}]}. ISN_BAD_INPUT: `against` holds
 * something that is no head; ISN_NO_INPUT: there are no certificates in `authorities`. */
ISN_API isn_code isn_ledger_verify_all(isn_ledger *ledger, const isn_verify_options *options, char **json,
                                       isn_error **error);
/* The same without a head, as it was called first. */
ISN_API isn_code isn_ledger_verify(isn_ledger *ledger, isn_line line, void *context, char **json,
                                   isn_error **error);

typedef struct isn_redaction {
    size_t size;
    const char *who, *why; /* who decides it and why: needed, and kept for good */
    bool has_span;         /* only the code points from `start` up to `end` (exclusive) of the text */
    int64_t start, end;
} isn_redaction;

/* Destroys content that must go, and keeps what proves that it was there: leaf, hash, URL, times, and an act
 * that says who, when and why; isn_ledger_verify_all then tells of it as withdrawn. `capture`: the id or
 * number of a capture, or the id of a document that has one only. Without a span its bytes go, and the text
 * with all that was read from it, unless another capture of the same text is kept; with one, the bytes of
 * every capture of that text and the stretch, which is blacked out wherever the reading repeats it, while
 * claims keep their figures. Incidents are worked out anew; the file is written anew and the write-ahead log
 * emptied, so that no old page is left in them. Copies of the file, and free blocks of the disk, are beyond
 * it. Called again, it finishes what was interrupted. `json` may be NULL: {"captures", "bytes", "text":
 * whether the text is gone, "document", "version", "others": documents that are copies of it and still
 * there}. ISN_NOT_FOUND; ISN_USAGE: no name or reason, a span outside the text, a document of several
 * captures; ISN_IO where another process has the file open: the content is gone from the ledger, the file is
 * cleaned by the next handle that writes. */
ISN_API isn_code isn_ledger_redact(isn_ledger *ledger, const char *capture, const isn_redaction *redaction,
                                   char **json, isn_error **error);

/* Writes an evidence bundle of an incident, by its id or a unique beginning of it, to a file: a WACZ with the
 * captures as WARC, readings, claims as W3C Web Annotations, the signed head, the proofs that all of them
 * stand under it, and a report (docs/bundle.md). tools/verify_bundle.py checks one without this library.
 * Everything in it must stand under a signed head: ISN_USAGE where it does not (isn_ledger_head).
 * ISN_NOT_FOUND; ISN_NO_INPUT or ISN_IO where the file cannot be written: then there is none. */
ISN_API isn_code isn_ledger_bundle(isn_ledger *ledger, const char *id, const char *path, isn_error **error);

/* ---- keeping a ledger safe (docs/backup.md) ---- */

typedef struct isn_copy_options {
    size_t size;
    bool replace;   /* a ledger that has the name already gives way; without it that is ISN_USAGE */
    isn_line wrong; /* told of each thing in it that does not verify; may be NULL */
    void *context;
} isn_copy_options;

/* Copies the ledger to the file `path` as it stands at one moment, while other handles and processes write to
 * it. What was withdrawn is cleaned from the copy, which is verified and flushed before it takes the name:
 * under that name there is at every moment what was there before or a whole copy. `json` may be NULL:
 * {"file", "bytes", "grade", "captures", "readings", "acts", "heads", "sealed", "aside": null}. ISN_USAGE:
 * there is a file of that name; ISN_NO_INPUT: it cannot be made; ISN_VERIFY_FAILED or ISN_DAMAGED_LEDGER:
 * the ledger itself is damaged, and no copy is kept. */
ISN_API isn_code isn_ledger_backup(isn_ledger *ledger, const char *path, const isn_copy_options *options,
                                   char **json, isn_error **error);
/* Puts such a copy in the place `path` of a ledger, once it is verified. One of an older version is brought
 * up to date. With `replace`, a ledger that is there is put aside under another name ("aside": PATH.old);
 * nobody may have it open, this process included: ISN_IO. `json` and failures as of isn_ledger_backup. */
ISN_API isn_code isn_ledger_restore(const isn_engine *engine, const char *copy, const char *path,
                                    const isn_copy_options *options, char **json, isn_error **error);

typedef struct isn_check_options {
    size_t size;
    bool repair; /* make again what follows from the rest: indexes, incidents, which texts are copies, … */
    isn_line line; /* told of each thing that is damaged, and how it comes back or that it does not; may be
                      NULL */
    void *context;
} isn_check_options;

/* Finds damage in a ledger that is open for writing, and says what is lost: every capture, document, act and
 * head is compared with what was sealed, and what follows from them (incidents, voices, copies, the index of
 * words) is worked out again and compared, which isn_ledger_verify_all does not do. Nothing is changed
 * without `repair`, and what is lost is never made up. ISN_VERIFY_FAILED where anything is damaged (with
 * `repair`: where anything is lost). `json` may be NULL, and is given also then: {"faults": of the file's
 * pages, "captures", "documents", "acts": that are lost, "other": what else does not verify, "again":
 * documents that isn_ledger_reread can read again, "incidents", "derived": that are not what follows from the
 * rest, "stale": incidents that were worked out from something else, "repaired"}. */
ISN_API isn_code isn_ledger_check(isn_ledger *ledger, const isn_check_options *options, char **json,
                                  isn_error **error);

/* ---- the web workspace ---- */

typedef struct isn_serve_options {
    size_t size;
    const char *ledger;       /* the ledger, as for isn_ledger_open */
    const char *address;      /* of this machine; NULL: "127.0.0.1" */
    uint16_t port;            /* 0: any that is free */
    bool remote;              /* lets other machines in: without it, `address` must be a loopback address */
    const char *const *names; /* further host names it may be asked for by, NULL at the end; NULL: none */
    isn_line ready;           /* told the URL once it answers; may be NULL */
    void *context;
    const char *rule; /* of estimates, as for isn_ledger_estimate_by; NULL: the ledger's own */
    const char *base; /* the path it is found under, such as "/isnad"; NULL: "/" */
    bool proxy;       /* asked through a proxy of yours, whose X-Forwarded-* headers are believed */
    const char *tls_certificate; /* files (PEM); both or none (NULL) */
    const char *tls_key;
    /* Who may do what (docs/access.md). There are accounts where somebody made one, where other machines get
     * here, and where `accounts` asks for them; else everybody who gets here is the one person at this
     * machine. */
    const char *access; /* the file of accounts; NULL: beside the ledger */
    bool accounts, no_accounts;
    isn_line setup; /* told the link by which the first account is made, where there is none; may be NULL */
    /* The path of the program `isnad`, run as a child of the server to read, import and link: what is sent
     * can then do no harm to the server. NULL: nothing can be taken in. */
    const char *program;
    const char *places;    /* the gazetteer's file that it takes; NULL: the one linked in */
    const char *docket;    /* the server's own store; NULL: the ledger's path and ".docket" */
    bool private_pages;    /* it may fetch pages of this machine and of private networks too */
    uint64_t upload_bytes; /* at most, of one file that is sent; 0: 1 GiB */
} isn_serve_options;

/* Serves the ledger over HTTP until the engine's cancel hook says so (then ISN_OK), with threads of its own
 * (docs/serve.md). Fails as isn_ledger_open does; also ISN_IO where the port is taken, ISN_USAGE for an
 * address or a path that is not allowed, ISN_NO_INPUT or ISN_BAD_INPUT for a certificate, ISN_UNAVAILABLE
 * without libmicrohttpd, or TLS in it. */
ISN_API isn_code isn_serve(const isn_engine *engine, const isn_serve_options *options, isn_error **error);

typedef struct isn_users_options {
    size_t size;
    const char *ledger; /* whose accounts, as for isn_ledger_open */
    const char *access; /* the file of accounts; NULL: beside the ledger */
    const char *who;    /* who does it, for the audit log; may be NULL */
    isn_row row;        /* takes the rows of "list" */
    void *context;
} isn_users_options;

/* The accounts of a workspace, whether or not it is being served:
 *
 *   list                    rows {"id", "name", "role", "disabled", "made", "seen"}
 *   add NAME                `value`: reader, reviewer or admin; `password`
 *   role NAME               `value`: the same
 *   password NAME           `password`
 *   disable, enable, remove NAME
 *
 * ISN_USAGE where a name, role or password cannot be one, or a name is taken; ISN_NOT_FOUND; ISN_UNAVAILABLE
 * without libsodium. */
ISN_API isn_code isn_users(const isn_users_options *options, const char *verb, const char *name,
                           const char *value, const char *password, isn_error **error);

/* ---- places ---- */

/* Compiles `count` sources (places.tsv, GeoNames dumps, simple TSV: docs/formats.md) into one gazetteer
 * file. ISN_NO_INPUT, ISN_BAD_INPUT (with file and line), ISN_IO. */
ISN_API isn_code isn_places_build(const char *const *sources, size_t count, const char *path,
                                  isn_error **error);
/* The places of a name in any spelling, best known first, at most `limit` (0: 20), as rows
 * {"id", "name", "name_ar", "kind", "country", "admin1", "admin2", "lat", "lon", "radius_km", "population"}.
 * ISN_NOT_FOUND where there is none. */
ISN_API isn_code isn_places_find(const isn_engine *engine, const char *name, size_t limit, isn_row row,
                                 void *context, isn_error **error);

/* ---- about the library itself ---- */

/* The JSON Schema (2020-12) of "reading", "incident" or "page"; NULL where there is none of that name. */
ISN_API const char *isn_schema(const char *name);
/* The libraries that isnad stands on, as rows
 * {"name", "version" or null where it is not there, "file" or null, "loaded": "linked" | "on demand",
 *  "needed_for"}. */
ISN_API void isn_libraries(isn_row row, void *context);

#ifdef __cplusplus
}
#endif

#endif
