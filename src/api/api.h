/* What the files of the public library share: the objects behind the opaque handles. */
#ifndef ISN_API_API_H
#define ISN_API_API_H

#include <stdatomic.h>

#include "base/spares.h"
#include "isnad.h"
#include "reading/reading.h"

struct isn_error {
    failure failure;
};

/* What hands a row of the ledger on to whoever asked for it. */
typedef struct row_hook {
    isn_row row;
    isn_write write;
    void *context;
} row_hook;
bool api_pass_row(void *context, str json);

struct isn_engine {
    allocator hooks;
    spares *memories; /* reading_memory, of no reading at the moment */
    const gazetteer *places;
    gazetteer *opened; /* the same, where it was opened from a file */
    profile *profile;  /* NULL: none was given */
    arena memory;
    str json;
    void (*log)(void *context, isn_log_level level, const char *line);
    void *log_context;
    bool (*cancelled)(void *context);
    void *cancel_context;
};

/* Captures, pages and readings: each counts who points at it, so that they can be freed in any order. */
typedef struct shared {
    atomic_uint owners;
    arena memory;
    const isn_engine *engine;
} shared;

struct isn_capture {
    shared shared;
    capture capture;
};

struct isn_page {
    shared shared;
    isn_capture *of;
    article article;
    str json, markdown; /* each made when it is first asked for */
};

struct isn_reading {
    shared shared;
    isn_page *of;
    reading_options options;
    reading reading;
    VECTOR(str) warnings;
    str json;
    const struct prepared_reading *ready; /* isn_ledger_prepare; NULL */
};

typedef struct ledger ledger;
/* The ledger behind a handle (ledger.c). */
ledger *api_ledger(const isn_ledger *l);
const isn_engine *api_engine_of(const isn_ledger *l);

/* Gives back what readings keep for those to come: before something else that needs memory. */
void api_forget(const isn_engine *engine);
/* Turns a failure into the caller's error object and gives its code. */
isn_code api_fail(isn_error **error, const failure *f);
/* The same from a message. */
isn_code api_complain(isn_error **error, status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "YYYY-MM-DD[Thh:mm[±hh:mm]]" */
bool api_is_published(const char *s);
/* A whole file; "-": standard input (import.c). */
struct buffer;
status api_read_file(const char *path, struct buffer *out, failure *f);
/* A copy in malloc()'s memory, NUL-terminated, for `char **json`. */
char *api_text(str s);
/* The same of what is told as JSON; takes it over. */
struct json_t;
void api_give(struct json_t *o, char **json);
/* Names and addresses are told as they are: what is no UTF-8 in them is repaired, as in all texts; null where
 * there is none. */
struct json_t *api_string(str s);
/* Whether an engine's caller asked to stop: for hooks whose context is the engine. */
bool api_cancelled(void *engine);

/* Copies the caller's option struct, of whatever age, into a zeroed one of today. */
void api_options(void *to, size_t to_size, const void *from);
#define OPTIONS(type, name, given)                                                                           \
    type name = {0};                                                                                         \
    api_options(&name, sizeof name, (given))

/* "killed" → EFFECT_KILLED by the vocabulary's own names; NONE where there is none of that name. */
int api_value_named(const char *name, const char *(*name_of)(int value), int count);

#endif
