/* Intake: files, folders, standard input, http(s) URLs; HTML, plain text, JSON lines, WARC (plain and
 * gzip). Gives captures, one by one, in input order, streaming: memory is bounded by the largest record.
 *
 * A capture keeps the bytes as received after transfer decoding and before content decoding. A bad record
 * is reported through `report` (file, offset, what was expected), counted in `bad`, and skipped. */
#ifndef ISN_INTAKE_INTAKE_H
#define ISN_INTAKE_INTAKE_H

#include "base/arena.h"
#include "base/failure.h"

typedef enum capture_kind { CAPTURE_HTML, CAPTURE_TEXT, CAPTURE_JSON_RECORD } capture_kind;

typedef struct capture {
    capture_kind kind;
    str file;        /* path as given, "-" for standard input, or the URL fetched */
    uint64_t offset; /* of the record in `file` */
    uint64_t length; /* bytes of `file` from `offset` on from which intake_again gives the same capture; 0: it
                        cannot */
    str bytes;  /* as received: after transfer decoding, before content decoding (a JSON line without its LF)
                 */
    str sha256; /* of `bytes`, hexadecimal, where somebody has worked it out: STR_NONE as intake gives it */
    str body;   /* after content decoding (gzip); the same as `bytes` where there is none */
    str url;    /* STR_NONE where unknown */
    str media_type; /* "text/html", …, lower case, without parameters */
    str charset;    /* label of the HTTP header; STR_NONE */
    str time; /* of the capture, "YYYY-MM-DDThh:mm:ssZ"; STR_NONE where unknown (a local file: its mtime is
                 NOT used) */
    bool truncated; /* body is longer than the limit and `body` is its head */
} capture;

typedef struct intake_options {
    str format;         /* "" (guess), "html", "text", "jsonl", "warc": --from */
    uint64_t max_bytes; /* of one page read, 64 MiB by default; the whole is kept in `bytes` up to 1 GiB */
    bool offline;       /* refuse URLs */
    void (*report)(void *context, const char *line); /* one clear line for a bad record; may be NULL */
    void *report_context;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} intake_options;

typedef struct intake intake;

/* `inputs`: paths, folders (walked in name order), "-" or URLs; they outlive the intake. */
intake *intake_open(const str *inputs, size_t count, const intake_options *options);
/* The next capture, in `a` (valid until the caller resets it). False at the end. */
bool intake_next(intake *in, arena *a, capture *out);
/* The capture that a WARC record is, read once more from so many bytes of a file. `f` names the file and says
 * what is wrong: STATUS_NO_INPUT where it cannot be opened, STATUS_BAD_INPUT where no such record stands
 * there. */
status intake_again(str file, uint64_t offset, uint64_t length, arena *a, capture *out, failure *f);
/* Records and inputs that could not be read so far, and the code of the worst of them. */
uint64_t intake_bad(const intake *in);
status intake_status(const intake *in);
void intake_close(intake *in);

#endif
