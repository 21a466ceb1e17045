#include <jansson.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "page/profile.h"
#include "schema/schemas.h"

#define SAME_CODE(name) _Static_assert((int)ISN_##name == (int)STATUS_##name, "codes are the statuses")
SAME_CODE(OK);
SAME_CODE(INTERNAL);
SAME_CODE(USAGE);
SAME_CODE(BAD_RECORDS);
SAME_CODE(NO_INPUT);
SAME_CODE(BAD_INPUT);
SAME_CODE(IO);
SAME_CODE(NEWER_LEDGER);
SAME_CODE(DAMAGED_LEDGER);
SAME_CODE(NOT_FOUND);
SAME_CODE(UNAVAILABLE);
SAME_CODE(VERIFY_FAILED);
SAME_CODE(CANCELLED);
_Static_assert(ISN_OPEN == COUNT_OPEN, "an open bound is the same inside and outside");

const char *isn_version(void) {
    return ISNAD_VERSION;
}

void isn_free(void *memory) {
    free(memory);
}

/* ---- errors ---- */

isn_code isn_error_code(const isn_error *error) {
    return error ? (isn_code)error->failure.code : ISN_OK;
}

const char *isn_error_message(const isn_error *error) {
    return error ? error->failure.message : "";
}

void isn_error_free(isn_error *error) {
    free(error);
}

isn_code api_fail(isn_error **error, const failure *f) {
    if (error) {
        isn_error *given = malloc(sizeof *given);
        if (given)
            given->failure = *f;
        *error = given;
    }
    return (isn_code)f->code;
}

isn_code api_complain(isn_error **error, status code, const char *format, ...) {
    char message[sizeof((failure *)0)->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    failure f;
    fail(&f, code, "%s", message);
    return api_fail(error, &f);
}

char *api_text(str s) {
    char *text = malloc(s.size + 1);
    if (!text) {
        fprintf(stderr, "isnad: out of memory (%zu bytes asked for)\n", s.size + 1);
        abort();
    }
    if (s.size)
        memcpy(text, s.data, s.size);
    text[s.size] = 0;
    return text;
}

void api_give(json_t *o, char **json) {
    char *text = json_dumps(o, JSON_COMPACT);
    *json = api_text(str_of(text ? text : "{}"));
    free(text);
    json_decref(o);
}

json_t *api_string(str s) {
    arena a = arena_new((allocator){0});
    str text = utf8_repair(&a, s);
    json_t *value = s.size ? json_stringn_nocheck(text.data, text.size) : json_null();
    arena_free(&a);
    return value;
}

bool api_cancelled(void *engine) {
    const isn_engine *e = engine;
    return e->cancelled && e->cancelled(e->cancel_context);
}

void api_options(void *to, size_t to_size, const void *from) {
    size_t size;
    if (!from)
        return;
    memcpy(&size, from, sizeof size);
    memcpy(to, from, size < to_size ? size : to_size);
}

int api_value_named(const char *name, const char *(*name_of)(int value), int count) {
    for (int value = 0; value < count; value++) {
        const char *candidate = name_of(value);
        if (candidate && strcmp(candidate, name) == 0)
            return value;
    }
    return NONE;
}

/* ---- the engine ---- */

/* GeographicLib works its constants out at its first use, without a lock: so that is here, once for all
 * threads. */
static void prepare_geodesy(void) {
    places_distance_km(0, 0, 0, 1);
}

static pthread_once_t geodesy_prepared = PTHREAD_ONCE_INIT;

static status take_profile(isn_engine *engine, const char *path, failure *f) {
    buffer text = {0};
    status code = api_read_file(path, &text, f);
    if (code == STATUS_OK)
        code = profile_read(buffer_str(&text), path, &engine->memory, &engine->profile, f);
    buffer_free(&text);
    return code;
}

isn_code isn_engine_new(const isn_engine_options *given, isn_engine **engine, isn_error **error) {
    OPTIONS(isn_engine_options, options, given);
    if (!options.allocate != !options.release)
        return api_complain(error, STATUS_USAGE, "allocate and release are given both or not at all");
    pthread_once(&geodesy_prepared, prepare_geodesy);
    failure f;
    gazetteer *opened = NULL;
    if (options.places && gazetteer_open(options.places, &opened, &f) != STATUS_OK)
        return api_fail(error, &f);
    isn_engine *made = calloc(1, sizeof *made);
    if (!made) {
        gazetteer_close(opened);
        return api_complain(error, STATUS_INTERNAL, "no memory for an engine");
    }
    made->hooks = (allocator){options.allocate, options.release, options.allocator_context};
    made->opened = opened;
    made->memories = spares_new(made->hooks);
    made->places = opened ? opened : gazetteer_builtin();
    made->memory = arena_new(made->hooks);
    if (options.profile && take_profile(made, options.profile, &f) != STATUS_OK) {
        isn_engine_free(made);
        return api_fail(error, &f);
    }
    str json =
        engine_json(made->places, made->profile ? profile_version(made->profile) : STR_NONE, &made->memory);
    made->json = (str){arena_cstring(&made->memory, json), json.size};
    made->log = options.log;
    made->log_context = options.log_context;
    made->cancelled = options.cancelled;
    made->cancel_context = options.cancel_context;
    *engine = made;
    return ISN_OK;
}

static void forget_memories(const isn_engine *engine) {
    for (reading_memory *m; (m = spares_take(engine->memories));)
        reading_memory_free(m);
}

void api_forget(const isn_engine *engine) {
    forget_memories(engine);
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void isn_engine_free(isn_engine *engine) {
    if (!engine)
        return;
    if (engine->opened)
        gazetteer_close(engine->opened);
    forget_memories(engine);
    spares_free(engine->memories);
    arena_free(&engine->memory);
    free(engine);
}

const char *isn_engine_json(const isn_engine *engine) {
    return engine->json.data;
}

/* ---- schemas ---- */

const char *isn_schema(const char *name) {
    for (const schema_row *row = schema_rows; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row->text;
    return NULL;
}
