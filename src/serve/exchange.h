/* One request and its answer, apart from how they travel. A handler (routes.h) looks at what was asked, fills
 * `answer` and returns STATUS_OK; or fails, and the failure's message becomes {"error": {"code", "message",
 * "field"?}} with the HTTP status that exchange_refuse() set, or the one that stands for the failure's code.
 * Everything asked lives as long as the exchange; what a handler needs, it takes from `a`. */
#ifndef ISN_SERVE_EXCHANGE_H
#define ISN_SERVE_EXCHANGE_H

#include <jansson.h>

#include "serve/services.h"
#include "serve/target.h"

typedef enum http_method {
    HTTP_NONE,
    HTTP_GET, /* and HEAD, which differs by what is sent alone */
    HTTP_POST,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS
} http_method;

typedef bool (*exchange_write)(void *to, str bytes);
typedef struct exchange exchange;
/* Writes an answer piece by piece; `write` returns false where nobody takes it any more. */
typedef status (*exchange_source)(exchange *x, exchange_write write, void *to, failure *f);

typedef struct exchange_line {
    const char *name, *value;
} exchange_line;

struct exchange {
    http_method method;
    const target *target;
    str id, id2;        /* path parameters, decoded */
    str body;           /* whole, at most the route's limit */
    const char *upload; /* of a route that takes uploads: the file that the body lies in, gone afterwards
                           unless it was renamed */
    uint64_t upload_size;
    const access_who *who; /* never NULL */
    const char *peer;      /* the address of who asks, "192.0.2.7" (behind a trusted proxy: as that says) */
    bool secure;           /* over TLS, as far as the asking browser is concerned */
    const char *base;      /* "/" or "/isnad/": what addresses of ours begin with, and cookies' Path */
    ledger *ledger;        /* this thread's read handle */
    serve_services *with;
    arena *a;

    unsigned code; /* 200 where the handler leaves it 0 */
    buffer answer;
    const char *type;  /* application/json */
    const char *field; /* the one that an error is of */
    VECTOR(exchange_line) headers;
    exchange_source source; /* by exchange_stream() */
    void *source_context;
    struct hub_listener *listener; /* the answer goes on as long as there are events (hub.h) */

    /* how the request's headers are found: set by who reads the request */
    const char *(*look_up)(const void *request, const char *name);
    const void *request;
};

/* A header of the request; STR_NONE where it has none. */
str exchange_asked(const exchange *x, const char *name);
str exchange_cookie(const exchange *x, const char *name);
/* A further header of the answer; both are copied. */
void exchange_header(exchange *x, const char *name, const char *value);
/* Fails with an HTTP status of its own: `return exchange_refuse(x, 409, NULL, f, "…")`. `field` (may be NULL)
 * is what of the request was wrong. */
status exchange_refuse(exchange *x, unsigned code, const char *field, failure *f, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The answer will be written by `source`, in this thread, after the handler has returned: by then the headers
 * of the answer stand, and those of the request are gone. Where it fails before 64 KiB are written the answer
 * is an error; later, what was written is cut off so that the asker sees it. It never waits for the asker. */
void exchange_stream(exchange *x, exchange_source source, void *context);
/* `json` as the answer, where `s`, of what made it, is STATUS_OK; gives `s`. */
status exchange_text(exchange *x, status s, str json);
/* Prints a JSON value as the answer, and takes it. */
status exchange_json(exchange *x, json_t *value, failure *f);
/* The one-row-after-another of a list into the answer: commas between. For ledger_query and its like. */
bool exchange_row(void *exchange, str json);

/* A number of the query, of several of the name the last: refused with 400 where it is none from `least` to
 * `most`; *out stays as it is where it is missing or empty. */
status exchange_number(exchange *x, const char *name, uint64_t least, uint64_t most, uint64_t *out,
                       failure *f);

/* ---- bodies of JSON ---- */

/* The body as an object, for the caller to give back by json_decref. */
status exchange_object(exchange *x, json_t **out, failure *f);
/* Members of it: refused with 400 where the type is wrong, or where one that is needed is missing. A text is
 * valid as long as the object, has no controls but tab and line feed, and STR_NONE where it is missing. */
status member_text(exchange *x, const json_t *o, const char *name, bool needed, str *out, failure *f);
status member_number(exchange *x, const json_t *o, const char *name, bool needed, int64_t *out, failure *f);
status member_truth(exchange *x, const json_t *o, const char *name, bool needed, bool *out, failure *f);
/* A list of texts or of numbers (which become their digits), in x->a; at most `most`. */
status member_texts(exchange *x, const json_t *o, const char *name, bool needed, size_t most,
                    string_list *out, failure *f);

/* Whether the server is about to end, for child_run: `with` is x->with. */
bool exchange_ending(void *with);

/* What comes of a failure: the status and the body, which does not say where files lie (hidden.h). */
void exchange_failed(exchange *x, status code, const failure *f);

#endif
