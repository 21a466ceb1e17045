/* What the files of this folder share: the handle, statements, JSON text. Not for other folders. */
#ifndef ISN_LEDGER_STORE_H
#define ISN_LEDGER_STORE_H

#include "base/sha256.h"
#include "ledger/driver.h"
#include "ledger/ledger.h"
#include "ledger/rules.h"

enum { STATEMENT_LIMIT = 192, BUSY_MILLISECONDS = 5000 };

/* Words of a version to be indexed, many at once, before the batch is committed: the index writes itself out
 * at every savepoint, which is dear for a page at a time. */
typedef struct pending_words {
    int64_t version;
    str title, body;
} pending_words;

struct ledger {
    const store_driver *driver;
    void *connection; /* the driver's */
    char *path;       /* as it may be shown: without a password */
    char *address;    /* as it was given */
    ledger_options options;
    ledger_mode mode;
    struct {
        const char *sql;
        void *statement;
        bool busy;
    } prepared[STATEMENT_LIMIT];
    size_t prepared_size;
    estimate_rule rule;           /* by which incidents are worked out: the ledger's own */
    const estimate_rule *restate; /* by which they are given; NULL: as they are stored */
    arena rules;                  /* of both */
    ledger_committed counts;
    uint64_t batch_began; /* milliseconds; 0: no batch is open */
    bool batch_shared;    /* others may add beside it */
    uint64_t batch_pages; /* added in it or found to be there: their documents are held */
    arena scratch;        /* of one call */
    arena batch;          /* of one batch: */
    VECTOR(pending_words) pending;
    str engine;                    /* its short name, once the batch has it */
    struct deflater *packer;       /* archive.c */
    struct crawl_file *crawl;      /* reference.c */
    struct found_before *found[2]; /* query.c: where all is seen, where what is sensitive is hidden */
    bool hides;                    /* what is sensitive (hidden.c) */
    bool nameless;                 /* nor who reviewed */
    struct hidden_before *hidden;  /* hidden.c */
    struct ledger_board *board;    /* its own, where it was opened with none (board.c) */
};

typedef VECTOR(int64_t) key_list; /* keys or numbers of rows */
int by_key(const void *x, const void *y);
/* Ascending, each once. */
void keys_sort(key_list *k);
/* Among keys in order. */
bool keys_have(const key_list *k, int64_t key);
/* In their order, each once. */
void strings_once(string_list *s);

/* A statement in use. Errors stick: after one, every further call does nothing and `statement_done` gives it.
 *     statement s = statement_of(l, "SELECT …", f);
 *     give_text(&s, id);
 *     while (statement_row(&s)) use(take_number(&s, 0));
 *     return statement_done(&s); */
typedef struct statement {
    ledger *l;
    void *s;
    int slot; /* NONE: made for this use, not kept */
    int given;
    status code;
    failure *f;
} statement;

/* `sql` is a literal: statements are kept by its address. */
statement statement_of(ledger *l, const char *sql, failure *f);
/* For text composed at run time. */
statement statement_made(ledger *l, str sql, failure *f);
void give_text(statement *s, str text); /* STR_NONE: NULL */
void give_name(statement *s, const char *name);
void give_blob(statement *s, str bytes);
void give_digest(statement *s, digest d);
void give_number(statement *s, int64_t n);
void give_real(statement *s, double n);
void give_null(statement *s);
bool statement_row(statement *s);
/* Columns are valid until the next row. */
int64_t take_number(statement *s, int column);
int64_t take_bound(statement *s, int column); /* COUNT_OPEN: NULL */
double take_real(statement *s, int column);
str take_text(statement *s, int column); /* STR_NONE: NULL */
str take_blob(statement *s, int column);
bool take_digest(statement *s, int column, digest *out); /* false: no SHA-256 stands there */
bool take_null(statement *s, int column);
status statement_done(statement *s);
/* Runs a statement that gives no rows. */
status statement_run(statement *s);
/* The first column of every row, added to `out`; ends it. */
status statement_keys(statement *s, arena *a, key_list *out);
/* Runs it and makes it ready for another turn, its parameters to be given anew; statement_done ends it. */
status statement_again(statement *s);

/* Before the first row: rows may be many, and need not be held at once. */
void statement_walks(statement *s);
/* What kind of value stands in a column. */
cell_kind take_cell_kind(statement *s, int column);
/* For `INSERT … RETURNING key`: runs it and gives the key. */
status statement_key(statement *s, int64_t *key);

status store_execute(ledger *l, const char *sql, failure *f);
/* Begins the batch where none is open: nobody else writes until it is committed. */
status store_begin(ledger *l, failure *f);
/* The same for adding documents, beside which others may add where the store can. */
status store_begin_adding(ledger *l, failure *f);
void store_rollback(ledger *l);
/* All that is asked in between is as it stands at one moment, whoever writes meanwhile. `begun`: whether it
 * has to be ended (no batch is open). */
status store_snapshot(ledger *l, bool *begun, failure *f);
void store_snapshot_end(ledger *l, bool begun);
/* A part of a batch that can be taken back by itself. */
status store_mark(ledger *l, failure *f);
void store_unmark(ledger *l, bool take_back);

/* As the options say. */
bool store_cancelled(const ledger *l);
void store_progress(const ledger *l, const char *what, uint64_t done, uint64_t of);

status index_words(ledger *l, pending_words words, failure *f);
/* ledger.c: the words of a text, which begins with its title where there is one. */
struct affixes;
pending_words stems_of_version(arena *a, const struct affixes *known, int64_t version, str title, str text);
/* Indexes what is pending where that is much, so that the commit need not do it all while others wait. Where
 * it cannot, the batch is undone. */
status store_index_some(ledger *l, failure *f);
/* ledger.c: what stands of a version's text beside it, made anew. */
status ledger_reindex(ledger *l, failure *f);
/* ledger.c: the words of every version, where none is indexed. */
status ledger_index_words(ledger *l, failure *f);
/* Puts another reading of a version in the place of the one that stands, which is kept beside; in the batch
 * that is open. */
status ledger_replace_reading(ledger *l, int64_t document, int64_t version, const reading *r, str json,
                              failure *f);
bool store_batch_is_due(const ledger *l);

/* Begins the batch in which rows of another ledger are taken in as they are: no trigger fires, and a row may
 * point at one that comes later. Only into an empty ledger, and nobody else writes to it meanwhile. */
status store_copy_begins(ledger *l, failure *f);
/* Commits it (`code` STATUS_OK) or undoes it: keys given from now on are behind those taken in, and all is as
 * in any other ledger. Gives `code`, or why it could not be committed. */
status store_copy_ends(ledger *l, status code, failure *f);

/* ledger.c: puts a reading of the same text, or of what is left of it, in place of a version's, and seals it;
 * the act says why. The index of words is not touched. Inside a transaction. */
status version_rewrite(ledger *l, int64_t version, str document, const reading *r, str json, int64_t act,
                       failure *f);

/* ledger.c, for merges: which of a document's versions counts, by their times; what was read of a version
 * goes, with its rows; a version's words into the index. */
status document_settle(ledger *l, int64_t document, failure *f);
status version_forget(ledger *l, int64_t version, failure *f);
status version_index(ledger *l, arena *a, int64_t version, str title, str text, failure *f);
/* The index follows where a reading gives a version another title. */
status version_retitle(ledger *l, arena *a, int64_t version, str was, str is, str text, failure *f);

/* What a ledger keeps of itself under a name, in `a`; STR_NONE where it keeps nothing. */
status setting_read(ledger *l, const char *name, arena *a, str *out, failure *f);
/* In the place of what was kept under that name. In the batch that is open. */
status setting_keep(ledger *l, const char *name, str value, failure *f);

/* query.c */
void found_forget(ledger *l);
/* A number that changes whenever somebody writes. */
status store_state(ledger *l, int64_t *out, failure *f);
/* hidden.c */
void hidden_forget(ledger *l);

/* Whether a claim's id begins with ?1, by the index. */
#define CLAIM_BEGINS                                                                                         \
    "substr(id, 3, 5) BETWEEN substr(?1, 3, 5) AND substr(?1, 3, 5) || 'g' AND id >= ?1 AND id < ?1 || 'g'"

/* The document that a text names: by its id; of one that is named by a hash, the hash's first digits, at
 * least eight, are enough (what is printed of it, with … behind them). As typed where there is none.
 * STATUS_USAGE where several begin so. */
status document_named(ledger *l, str typed, arena *a, str *out, failure *f);

/* schema.c: checks the file and brings it to this version. */
enum { SCHEMA_VERSION = 8 };
status schema_prepare(ledger *l, failure *f);
/* Says that the file is another program's. */
status schema_not_ours(const ledger *l, failure *f);

/* archive.c: bytes in compressed chunks; compressed columns. */
status archive_keep(ledger *l, int64_t sequence, str bytes, failure *f);
status archive_walk(ledger *l, int64_t sequence, bool (*chunk)(void *context, str bytes), void *context,
                    failure *f);
/* reference.c: captures that stay in their crawl file, of which the ledger knows where they stand there. */
/* Whether this one stays there, as the options say; `path`: by what name the file is found from anywhere. */
bool reference_wanted(ledger *l, const capture *c, str *path);
/* The bytes, if they are still those of that hash. STATUS_DAMAGED_LEDGER where the file is gone or has
 * changed; `gone` (may be NULL) tells which. For any thread. */
status reference_read(const ledger *l, str path, uint64_t offset, str sha256_hex, arena *a, str *bytes,
                      bool *gone, failure *f);
void reference_close(ledger *l);
/* The same as they are stored: how long each chunk is, and what it is packed to. */
enum { ARCHIVE_CHUNK = 1024 * 1024 };
status archive_packed(ledger *l, int64_t sequence, bool (*chunk)(void *context, int64_t size, str packed),
                      void *context, failure *f);
str archive_chunk(arena *a, int64_t size, str packed); /* STR_NONE where it is damaged */
str archive_deflate(ledger *l, arena *a, str bytes);
/* What `known` holds costs next to nothing; it is needed to read the bytes back. */
str archive_deflate_beside(ledger *l, arena *a, str bytes, str known);
str archive_inflate_beside(arena *a, str packed, size_t size, str known);
/* What is known where a reading is read back: the text it is of. */
str archive_reading_beside(arena *a, str text);
/* A version's text and its reading, out of the columns text, text_size, reading, reading_size from `column`
 * on; STR_NONE where one is damaged. */
void take_reading(statement *s, int column, arena *a, str *text, str *json);
/* The same for an incident's summary. */
str incident_beside(str json);
void archive_close(ledger *l);
/* STR_NONE where it is damaged. */
str archive_inflate(arena *a, str packed, size_t size);
/* RFC 6962's leaf over a canonical form of what a capture is. */
digest archive_leaf(str sha256_hex, str url, str time, str media_type);
/* A line of a leaf's canonical form: a backslash and a line feed in it escaped, a line feed behind it. */
void leaf_line(buffer *b, str s);

/* A number in ASCII digits and nothing else, with or without a minus before it; `whole`: without. */
bool number_told(str text, int64_t *out);
bool whole_told(str text, int64_t *out);

/* points.c: stretches of a text by code points, well-formed UTF-8. */
typedef struct text_points {
    str text;
    const uint32_t *marks; /* byte offsets */
    size_t count;
} text_points;
text_points points_of(arena *a, str text);
str points_between(const text_points *p, int64_t start, int64_t end);
/* By the columns of its start and its end. */
str points_taken(const text_points *p, statement *s, int column);

/* json_text.c: JSON text into a buffer. */
void write_string(buffer *b, str s); /* null for STR_NONE */
void write_name(buffer *b, const char *name);
void write_number(buffer *b, int64_t n);
void write_bound(buffer *b, int64_t max); /* null where open */
void write_real(buffer *b, double n);     /* at most six digits after the point */
/* `"key": ` with a comma before it unless it is the first after `{`. */
void write_key(buffer *b, const char *key);
/* The value of a key of the outermost object of a JSON text, with the white space before it: from where to
 * where; false where there is none. */
bool json_member(str json, str key, size_t *from, size_t *to);
/* Its "id", which is one of ours; STR_NONE where it has none. */
str json_id(str json);
void write_comma(buffer *b);

/* Vocabulary names back to numbers; NONE where there is no such name. */
int effect_named(str name);
int who_class_named(str name);
int who_group_named(str name);
int voice_kind_named(str name);
int stance_named(str name);
int event_type_named(str name);
int scope_named(str name);
int date_source_named(str name);
int place_kind_named(str name);

/* "i-" and the like with 32 hexadecimal digits. */
str minted_id(arena *a, const char *prefix, const str *parts, size_t count);
/* First and last day of an ISO date or interval of READING.md; false where there is none. */
bool days_of(str date, day *from, day *to);

#endif
