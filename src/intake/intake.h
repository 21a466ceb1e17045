/* Intake: files, folders, standard input, http(s) URLs; HTML (SingleFile and others), plain text, JSON lines,
 * WARC and ARC, WACZ and other ZIPs of pages, MHTML, feeds; plain, gzip, Zstandard, LZ4. Gives captures, one
 * by one, in input order, streaming: memory is bounded by the largest record.
 *
 * A capture keeps the bytes as received after transfer decoding and before content decoding. A bad record
 * is reported through `report` (file, offset, what was expected), counted in `bad`, and skipped; of one whose
 * end is missing, what there is is given, and marked `cut`. */
#ifndef ISN_INTAKE_INTAKE_H
#define ISN_INTAKE_INTAKE_H

#include "base/arena.h"
#include "base/failure.h"

typedef enum capture_kind { CAPTURE_HTML, CAPTURE_TEXT, CAPTURE_JSON_RECORD } capture_kind;

/* What a capture stands in. */
typedef enum capture_form { FORM_FILE, FORM_LINE, FORM_WARC, FORM_ARC, FORM_FEED } capture_form;

/* Where a record is found again: unpack `file` from byte `begin` on, and pass over `skip` bytes. */
typedef struct capture_place {
    capture_form form;
    uint64_t begin, skip;
    uint64_t length; /* bytes of the file, from `begin` on, that hold it and nothing else; 0: it shares them,
                        or stands in no file */
} capture_place;

typedef struct capture {
    capture_kind kind;
    str file;        /* path as given, "-" for standard input, or the URL fetched; of what stands in a ZIP,
                        "archive.zip!/name" */
    uint64_t offset; /* of the record in `file`, for messages */
    str bytes;  /* as received: after transfer decoding, before content decoding (a JSON line without its LF;
                   an item of a feed in UTF-8) */
    str body;   /* after content decoding; the same as `bytes` where there is none; of a feed's item, a page
                   made of it */
    str sha256; /* of `bytes`, hexadecimal, where somebody has worked it out: STR_NONE as intake gives it */
    str url;    /* STR_NONE where unknown */
    str media_type; /* "text/html", …, lower case, without parameters */
    str charset;    /* label of the HTTP header; STR_NONE */
    str time; /* of the capture, "YYYY-MM-DDThh:mm:ssZ"; STR_NONE where unknown (a local file: its mtime is
                 NOT used) */
    bool truncated; /* body is longer than the limit and `body` is its head */
    bool cut;       /* its end is missing, or damaged, in the archive */
    capture_place place;
} capture;

/* What was met, whether or not it is a page: for listing. Valid during the call. */
typedef struct intake_item {
    str file;
    uint64_t offset;
    capture_place place;
    str type; /* a WARC record's own, "page", "line", "item", "entry" (of a ZIP), "address" (of a sitemap),
                 "file", "damaged" */
    str url, time, media_type, title, software;
    uint64_t bytes; /* of the block, line, item or file; 0: unknown */
    int status;     /* of an HTTP answer, else 0 */
    bool read;      /* it became a capture */
    str why;        /* why it did not, or what is wrong with it; STR_NONE */
} intake_item;

typedef struct intake_options {
    str format;         /* "" (guess), "html", "text", "jsonl", "warc": --from */
    uint64_t max_bytes; /* of one page read, 64 MiB by default; the whole is kept in `bytes` up to 1 GiB */
    bool offline;       /* refuse URLs */
    bool public_only;   /* fetch from addresses that are everybody's alone (public.h) */
    void (*report)(void *context, const char *line); /* one clear line for a bad record; may be NULL */
    void *report_context;
    void (*listed)(void *context, const intake_item *item); /* everything that was met; may be NULL */
    /* Where listing alone is wanted: what making a page of a capture would say; may be NULL. */
    status (*judge)(void *list_context, const capture *c, failure *f);
    void *list_context;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} intake_options;

typedef struct intake intake;

/* `inputs`: paths, folders (walked in name order), "-" or URLs; they outlive the intake. */
intake *intake_open(const str *inputs, size_t count, const intake_options *options);
/* The next capture, in `a` (valid until the caller resets it). False at the end. */
bool intake_next(intake *in, arena *a, capture *out);
/* Records and inputs that could not be read so far, and the code of the worst of them. */
uint64_t intake_bad(const intake *in);
status intake_status(const intake *in);
void intake_close(intake *in);

/* A capture that was given before, by its file and place alone, without reading what stands before it (but
 * `skip` bytes). Its hash tells whether the file is still the same. STATUS_NOT_FOUND: no capture is there. */
status intake_again(str file, capture_place place, const intake_options *options, arena *a, capture *out,
                    failure *f);
/* Makes `body` of the bytes, type and charset of a capture that were kept: content encodings are told by the
 * bytes. False: damaged; body is then as the bytes are. */
bool intake_restore(capture *c, uint64_t max_bytes, arena *a);

#endif
