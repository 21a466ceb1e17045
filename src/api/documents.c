/* Captures, pages and readings as objects of the public library.
 *
 * Inside, a stage works in an arena that its caller gives. Outside, callers free things in any order and on
 * any thread. So each object has an arena of its own and keeps what it points into alive by counting owners:
 * a reading owns its page, a page its capture. */
#include <stdlib.h>

#include <jansson.h>

#include "api/api.h"
#include "base/sha256.h"

enum { DEFAULT_MAX_BYTES = 64 * 1024 * 1024 };

/* ---- shared objects ---- */

static void *shared_new(const isn_engine *engine, size_t size) {
    arena memory = arena_new(engine->hooks);
    shared *object = arena_alloc(&memory, size);
    atomic_init(&object->owners, 1);
    object->memory = memory;
    object->engine = engine;
    return object;
}

static void shared_keep(shared *object) {
    atomic_fetch_add_explicit(&object->owners, 1, memory_order_relaxed);
}

/* True where that was the last owner: then the object's arena, and the object in it, go. */
static bool shared_last(shared *object) {
    return atomic_fetch_sub_explicit(&object->owners, 1, memory_order_acq_rel) == 1;
}

static void shared_destroy(shared *object) {
    arena memory = object->memory; /* the object lies in its own arena */
    arena_free(&memory);
}

static const char *text_of(str s, size_t *size) {
    if (size)
        *size = s.size;
    return s.data;
}

/* A NUL-terminated copy, NULL for none. */
static str keep_string(arena *a, str s) {
    return s.data ? (str){arena_cstring(a, s), s.size} : STR_NONE;
}

/* ---- intake ---- */

struct isn_intake {
    const isn_engine *engine;
    arena memory;
    intake *in;
};

static void report_line(void *context, const char *line) {
    const isn_engine *engine = context;
    if (engine->log)
        engine->log(engine->log_context, ISN_LOG_ERROR, line);
}

static bool format_known(const char *format, const char *const *known) {
    for (; *known; known++)
        if (strcmp(format, *known) == 0)
            return true;
    return false;
}

/* The options of an intake as the caller says them. */
static isn_code options_of(const isn_engine *engine, const isn_intake_options *given, arena *a,
                           intake_options *out, isn_error **error) {
    OPTIONS(isn_intake_options, options, given);
    const char *format = options.format ? options.format : "";
    if (!format_known(format, (const char *const[]){"", "html", "text", "jsonl", "warc", NULL}))
        return api_complain(error, STATUS_USAGE, "no input format \"%s\": html, text, jsonl or warc", format);
    *out = (intake_options){
        .format = arena_copy(a, str_of(format)),
        .max_bytes = options.max_bytes ? options.max_bytes : DEFAULT_MAX_BYTES,
        .offline = options.offline,
        .public_only = options.public_only,
        .report = report_line,
        .report_context = (void *)(uintptr_t)engine,
        .cancelled = api_cancelled,
        .cancel_context = (void *)(uintptr_t)engine,
    };
    return ISN_OK;
}

/* A line of JSON is known to be no document only when it is read. */
static status judge_record(void *context, const capture *c, failure *f) {
    (void)context;
    if (c->kind != CAPTURE_JSON_RECORD)
        return STATUS_OK;
    arena a = arena_new((allocator){0});
    article unused;
    status code = page_article(c, NULL, &a, &unused, f);
    arena_free(&a);
    return code;
}

static isn_code intake_made(const isn_engine *engine, const char *const *inputs, size_t count,
                            const isn_intake_options *given,
                            void (*listed)(void *context, const intake_item *item), void *list_context,
                            isn_intake **opened, isn_error **error) {
    arena memory = arena_new(engine->hooks);
    isn_intake *made = arena_alloc(&memory, sizeof *made);
    str *names = ARENA_NEW(&memory, str, count);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_copy(&memory, str_of(inputs[i]));
    intake_options inside;
    isn_code code = options_of(engine, given, &memory, &inside, error);
    if (code != ISN_OK) {
        arena_free(&memory);
        return code;
    }
    inside.listed = listed;
    inside.list_context = list_context;
    inside.judge = listed ? judge_record : NULL;
    made->engine = engine;
    made->in = intake_open(names, count, &inside);
    made->memory = memory;
    *opened = made;
    return ISN_OK;
}

isn_code isn_intake_open(const isn_engine *engine, const char *const *inputs, size_t count,
                         const isn_intake_options *given, isn_intake **opened, isn_error **error) {
    return intake_made(engine, inputs, count, given, NULL, NULL, opened, error);
}

isn_code isn_intake_next(isn_intake *in, isn_capture **out, isn_error **error) {
    (void)error; /* what cannot be read is told to the log and counted */
    isn_capture *made = shared_new(in->engine, sizeof *made);
    arena *a = &made->shared.memory;
    if (!intake_next(in->in, a, &made->capture)) {
        shared_destroy(&made->shared);
        *out = NULL;
        return ISN_OK;
    }
    /* These may point into the intake, which the capture may outlive. */
    made->capture.file = keep_string(a, made->capture.file);
    made->capture.url = keep_string(a, made->capture.url);
    *out = made;
    return ISN_OK;
}

uint64_t isn_intake_bad(const isn_intake *in) {
    return intake_bad(in->in);
}

isn_code isn_intake_code(const isn_intake *in) {
    return (isn_code)intake_status(in->in);
}

void isn_intake_close(isn_intake *in) {
    if (!in)
        return;
    intake_close(in->in);
    arena memory = in->memory;
    arena_free(&memory);
}

/* ---- what is in the inputs ---- */

static json_t *number_or_null(uint64_t n) {
    return n ? json_integer((json_int_t)n) : json_null();
}

static json_t *item_json(const intake_item *item) {
    static const char *const forms[] = {"file", "line", "warc", "arc", "feed"};
    json_t *o = json_object();
    json_object_set_new(o, "format", json_string("isnad-intake/1"));
    json_object_set_new(o, "file", api_string(item->file));
    json_object_set_new(o, "offset", json_integer((json_int_t)item->offset));
    json_object_set_new(o, "type", api_string(item->type));
    json_object_set_new(o, "url", api_string(item->url));
    json_object_set_new(o, "time", api_string(item->time));
    json_object_set_new(o, "media_type", api_string(item->media_type));
    json_object_set_new(o, "status", number_or_null((uint64_t)(item->status > 0 ? item->status : 0)));
    json_object_set_new(o, "bytes", json_integer((json_int_t)item->bytes));
    json_object_set_new(o, "read", json_boolean(item->read));
    json_object_set_new(o, "why", api_string(item->why));
    json_object_set_new(o, "title", api_string(item->title));
    json_object_set_new(o, "software", api_string(item->software));
    json_object_set_new(o, "place",
                        json_pack("{s:s, s:I, s:I, s:o}", "form", forms[item->place.form], "begin",
                                  (json_int_t)item->place.begin, "skip", (json_int_t)item->place.skip,
                                  "length", number_or_null(item->place.length)));
    return o;
}

typedef struct listing {
    isn_row row;
    void *context;
    bool ended;
} listing;

static void list_item(void *context, const intake_item *item) {
    listing *l = context;
    if (l->ended)
        return;
    json_t *o = item_json(item);
    char *text = json_dumps(o, JSON_COMPACT);
    l->ended = text && !l->row(l->context, text, strlen(text));
    free(text);
    json_decref(o);
}

isn_code isn_intake_list(const isn_engine *engine, const char *const *inputs, size_t count,
                         const isn_intake_options *options, isn_row row, void *context, isn_error **error) {
    listing l = {.row = row, .context = context};
    isn_intake *in;
    isn_code code = intake_made(engine, inputs, count, options, list_item, &l, &in, error);
    if (code != ISN_OK)
        return code;
    arena a = arena_new(engine->hooks);
    capture unused;
    while (!l.ended && intake_next(in->in, &a, &unused))
        arena_reset(&a);
    arena_free(&a);
    code = l.ended ? ISN_OK : isn_intake_code(in);
    isn_intake_close(in);
    return code;
}

/* ---- captures ---- */

static const struct capture_format {
    const char *name, *media_type;
    capture_kind kind;
} capture_formats[] = {
    {"html", "text/html", CAPTURE_HTML},
    {"text", "text/plain", CAPTURE_TEXT},
    {"json", "application/json", CAPTURE_JSON_RECORD},
};

static const struct capture_format *capture_format_named(const char *name) {
    for (size_t i = 0; i < sizeof capture_formats / sizeof *capture_formats; i++)
        if (strcmp(capture_formats[i].name, name) == 0)
            return &capture_formats[i];
    return NULL;
}

isn_code isn_capture_new(const isn_engine *engine, const void *bytes, size_t size,
                         const isn_capture_options *given, isn_capture **out, isn_error **error) {
    OPTIONS(isn_capture_options, options, given);
    const char *name = options.format ? options.format : "html";
    const struct capture_format *format = capture_format_named(name);
    if (!format)
        return api_complain(error, STATUS_USAGE, "no capture format \"%s\": html, text or json", name);
    isn_capture *made = shared_new(engine, sizeof *made);
    arena *a = &made->shared.memory;
    str copy = arena_copy(a, (str){size ? bytes : "", size});
    made->capture = (capture){
        .kind = format->kind,
        .file = keep_string(a, str_of(options.file ? options.file : "-")),
        .bytes = copy,
        .body = copy,
        .url = keep_string(a, str_of(options.url)),
        .media_type = keep_string(a, str_of(options.media_type ? options.media_type : format->media_type)),
        .charset = keep_string(a, str_of(options.charset)),
        .time = keep_string(a, str_of(options.time)),
    };
    *out = made;
    return ISN_OK;
}

void isn_capture_free(isn_capture *c) {
    if (c && shared_last(&c->shared))
        shared_destroy(&c->shared);
}

const char *isn_capture_file(const isn_capture *c) {
    return c->capture.file.data;
}

uint64_t isn_capture_offset(const isn_capture *c) {
    return c->capture.offset;
}

isn_place isn_capture_place(const isn_capture *c) {
    const capture_place *p = &c->capture.place;
    return (isn_place){(int)p->form, p->begin, p->skip, p->length};
}

isn_code isn_capture_again(const isn_engine *engine, const char *file, isn_place at,
                           const isn_intake_options *options, isn_capture **out, isn_error **error) {
    if (at.form < FORM_FILE || at.form > FORM_FEED)
        return api_complain(error, STATUS_USAGE, "no form of a place: %d", at.form);
    isn_capture *made = shared_new(engine, sizeof *made);
    arena *a = &made->shared.memory;
    intake_options inside;
    failure f;
    isn_code code = options_of(engine, options, a, &inside, error);
    const capture_place inside_file = {(capture_form)at.form, at.begin, at.skip, at.length};
    if (code == ISN_OK &&
        intake_again(str_of(file), inside_file, &inside, a, &made->capture, &f) != STATUS_OK)
        code = api_fail(error, &f);
    if (code != ISN_OK) {
        shared_destroy(&made->shared);
        return code;
    }
    made->capture.file = keep_string(a, made->capture.file);
    made->capture.url = keep_string(a, made->capture.url);
    *out = made;
    return ISN_OK;
}

const void *isn_capture_bytes(const isn_capture *c, size_t *size) {
    return text_of(c->capture.bytes, size);
}

const char *isn_capture_sha256(isn_capture *c) {
    if (!c->capture.sha256.size)
        c->capture.sha256 =
            keep_string(&c->shared.memory,
                        digest_hex(&c->shared.memory, sha256(c->capture.bytes), sizeof((digest *)0)->bytes));
    return c->capture.sha256.data;
}

/* ---- pages ---- */

static bool digits_like(const char *s, const char *pattern) {
    for (; *pattern; s++, pattern++)
        if (*pattern == '0'   ? *s < '0' || *s > '9'
            : *pattern == '+' ? *s != '+' && *s != '-'
                              : *s != *pattern)
            return false;
    return true;
}

/* "YYYY-MM-DD", and after it perhaps "Thh:mm", and after that perhaps "±hh:mm". */
bool api_is_published(const char *s) {
    size_t size = strlen(s);
    bool shape = (size == 10 && digits_like(s, "0000-00-00")) ||
                 (size == 16 && digits_like(s, "0000-00-00T00:00")) ||
                 (size == 22 && digits_like(s, "0000-00-00T00:00+00:00"));
    return shape && day_parse(str_of(s)) != DAY_NONE;
}

isn_code isn_page_make(const isn_engine *engine, isn_capture *c, const isn_page_options *given,
                       isn_page **out, isn_error **error) {
    OPTIONS(isn_page_options, options, given);
    if (options.published && !api_is_published(options.published))
        return api_complain(error, STATUS_USAGE, "\"%s\" is no date: expected YYYY-MM-DD[Thh:mm[±hh:mm]]",
                            options.published);
    isn_page *made = shared_new(engine, sizeof *made);
    page_options inside = {.published = arena_copy(&made->shared.memory, str_of(options.published)),
                           .explain = options.explain,
                           .profile = engine->profile};
    failure f;
    if (page_article(&c->capture, &inside, &made->shared.memory, &made->article, &f) != STATUS_OK) {
        shared_destroy(&made->shared);
        return api_fail(error, &f);
    }
    for (size_t i = 0; i < made->article.warnings.size; i++)
        made->article.warnings.at[i] = keep_string(&made->shared.memory, made->article.warnings.at[i]);
    made->of = c;
    shared_keep(&c->shared);
    *out = made;
    return ISN_OK;
}

void isn_page_free(isn_page *p) {
    if (!p || !shared_last(&p->shared))
        return;
    isn_capture_free(p->of);
    shared_destroy(&p->shared);
}

const char *isn_page_json(isn_page *p, size_t *size) {
    if (!p->json.data) {
        str json;
        page_json(&p->article, p->shared.engine->json, &p->shared.memory, &json);
        p->json = keep_string(&p->shared.memory, json);
    }
    return text_of(p->json, size);
}

const char *isn_page_markdown(isn_page *p, size_t *size) {
    if (!p->markdown.data) {
        str text;
        page_markdown(&p->article, &p->shared.memory, &text);
        p->markdown = keep_string(&p->shared.memory, text);
    }
    return text_of(p->markdown, size);
}

const char *isn_page_title(const isn_page *p, size_t *size) {
    return text_of(p->article.title, size);
}

const char *isn_page_text(const isn_page *p, size_t *size) {
    return text_of(p->article.text, size);
}

const char *isn_page_warning(const isn_page *p, size_t index) {
    return index < p->article.warnings.size ? p->article.warnings.at[index].data : NULL;
}

/* ---- readings ---- */

static void add_warning(isn_reading *r, str warning) {
    for (size_t i = 0; i < r->warnings.size; i++)
        if (str_equal(r->warnings.at[i], warning))
            return;
    *VECTOR_PUSH(&r->warnings, &r->shared.memory) = keep_string(&r->shared.memory, warning);
}

/* A memory that no other reading uses meanwhile. */
static reading_memory *take_memory(const isn_engine *engine) {
    reading_memory *taken = spares_take(engine->memories);
    return taken ? taken : reading_memory_new(engine->hooks);
}

static void give_memory_back(const isn_engine *engine, reading_memory *given) {
    if (given)
        spares_give(engine->memories, given);
}

isn_code isn_reading_make(const isn_engine *engine, isn_page *p, const isn_reading_options *given,
                          isn_reading **out, isn_error **error) {
    (void)error; /* a reading cannot fail */
    OPTIONS(isn_reading_options, options, given);
    isn_reading *made = shared_new(engine, sizeof *made);
    made->options = (reading_options){.numbers = options.numbers, .explain = options.explain};
    made->options.memory = take_memory(engine);
    reading_make(&p->article, engine->places, &made->options, &made->shared.memory, &made->reading);
    give_memory_back(engine, made->options.memory);
    made->options.memory = NULL;
    for (size_t i = 0; i < p->article.warnings.size; i++)
        add_warning(made, p->article.warnings.at[i]);
    for (size_t i = 0; i < made->reading.warnings.size; i++)
        add_warning(made, made->reading.warnings.at[i]);
    made->of = p;
    shared_keep(&p->shared);
    *out = made;
    return ISN_OK;
}

void isn_reading_free(isn_reading *r) {
    if (!r || !shared_last(&r->shared))
        return;
    isn_page_free(r->of);
    shared_destroy(&r->shared);
}

const char *isn_reading_json(isn_reading *r, size_t *size) {
    if (!r->json.data) {
        str json;
        reading_json(&r->reading, r->shared.engine->json, &r->options, &r->shared.memory, &json);
        r->json = keep_string(&r->shared.memory, json);
    }
    return text_of(r->json, size);
}

const char *isn_reading_warning(const isn_reading *r, size_t index) {
    return index < r->warnings.size ? r->warnings.at[index].data : NULL;
}

size_t isn_reading_claims(const isn_reading *r) {
    return r->reading.claims.size;
}

bool isn_reading_dated(const isn_reading *r) {
    return day_parse(r->reading.article->published) != DAY_NONE;
}

static const claim *claim_at(const isn_reading *r, size_t index) {
    return index < r->reading.claims.size ? &r->reading.claims.at[index] : NULL;
}

const char *isn_claim_effect(const isn_reading *r, size_t index) {
    const claim *c = claim_at(r, index);
    return c ? effect_name(c->effect) : NULL;
}

const char *isn_claim_stance(const isn_reading *r, size_t index) {
    const claim *c = claim_at(r, index);
    return c ? stance_name(c->stance) : NULL;
}

int64_t isn_claim_min(const isn_reading *r, size_t index) {
    const claim *c = claim_at(r, index);
    return c ? c->min : 0;
}

int64_t isn_claim_max(const isn_reading *r, size_t index) {
    const claim *c = claim_at(r, index);
    return c ? c->max : 0;
}

const char *isn_claim_voice(const isn_reading *r, size_t index, size_t *size) {
    const claim *c = claim_at(r, index);
    return text_of(c ? c->voice.at.text : STR_NONE, size);
}

const char *isn_claim_evidence(const isn_reading *r, size_t index, size_t *size, size_t *start, size_t *end) {
    const claim *c = claim_at(r, index);
    if (start)
        *start = c ? c->evidence.start : 0;
    if (end)
        *end = c ? c->evidence.end : 0;
    return text_of(c ? c->evidence.text : STR_NONE, size);
}
