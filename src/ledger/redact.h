/* Redaction: content is destroyed, and what proves that it was there is kept.
 *
 * Of a capture its bytes go, and its text where no other capture of that text is kept; of a span the stretch
 * of the text, the bytes of every capture of it (bytes that are kept in part prove nothing), and what was
 * read from the stretch. Leaves, hashes, URL and times stay, and an act says who did it, when and why. The
 * document's reading is made anew from what is left; what cannot be told from the text any more is gone. */
#ifndef ISN_LEDGER_REDACT_H
#define ISN_LEDGER_REDACT_H

#include "base/sha256.h"
#include "ledger/ledger.h"

typedef struct ledger_redaction {
    str capture; /* id or number, or the id of a document that has one capture only */
    bool span;   /* only the code points from `from` up to `to` of the text */
    int64_t from, to;
    str who, why, time; /* none of them empty; ISO 8601 */
} ledger_redaction;

typedef struct ledger_redacted {
    uint64_t captures, bytes; /* destroyed by this call; 0: it was done before */
    bool text;                /* the text, or the stretch of it, is gone too */
    str document;             /* whose it was */
    int64_t version;          /* number */
    str elsewhere; /* where bytes of it stand that are not the ledger's: "file, offset N", a line feed between
                    */
    str others;    /* ids of documents that are copies of it or that it copies, a line feed between */
} ledger_redacted;

/* Commits. Incidents must be linked anew afterwards (ledger_link), then the file must be cleaned
 * (ledger_scrub): until then what was destroyed may still lie in freed pages. Strings of `out` are in `a`.
 * STATUS_NOT_FOUND: no such capture; STATUS_USAGE: nobody or no reason is named, the span is not in the text,
 * or a document has several captures (the line names them). */
status ledger_redact(ledger *l, const ledger_redaction *what, arena *a, ledger_redacted *out, failure *f);

/* ---- what another ledger withdrew, inside the transaction of a merge (merge.c) ---- */

struct json_t;
struct act_row;

/* Content that is withdrawn: of a version's text the code points from `from` up to `to`, or all. `text`: as
 * it was. */
typedef struct redacted_text {
    str document, text_hash, text;
    int64_t version; /* number */
    bool span;
    int64_t from, to;
} redacted_text;
/* Whether an act's payload quotes it: then that is blacked out. */
bool redaction_blacks(arena *a, struct json_t *payload, const redacted_text *of);
/* Keeps an act which seals what is left of another, whose leaf in the log is `was`. */
status redaction_seals(ledger *l, arena *a, const struct act_row *left, digest was, const redacted_text *of,
                       const ledger_redaction *by, int64_t *act, failure *f);
/* Before the transaction in which anything is destroyed. */
status redaction_prepares(ledger *l, failure *f);
/* A capture that an act of the other ledger, which stands here as `act`, destroyed there: its bytes go. */
status redaction_marks(ledger *l, int64_t act, str capture_id, failure *f);
/* The text goes too, with all captures of it, and what people said of it. The index of words is made anew
 * afterwards by redaction_reindexes. */
status redaction_follows(ledger *l, arena *a, int64_t act, const ledger_redaction *what, failure *f);
status redaction_reindexes(ledger *l, failure *f);

/* Writes the whole file anew without freed pages, and empties the write-ahead log. STATUS_IO where another
 * process has the file open: what is to be done stays noted, and is done by the next call. */
status ledger_scrub(ledger *l, failure *f);
/* Whether it is still to be done. */
status ledger_scrub_due(ledger *l, bool *due, failure *f);

#endif
