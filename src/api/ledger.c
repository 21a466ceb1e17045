#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "ledger/ledger.h"
#include "serve/serve.h"

struct isn_ledger {
    const isn_engine *engine;
    isn_ledger_options options;
    ledger *inside;
    spares *preparers;
    char last_document[sizeof((ledger_added *)0)->document];
};

ledger *api_ledger(const isn_ledger *l) {
    return l->inside;
}

const isn_engine *api_engine_of(const isn_ledger *l) {
    return l->engine;
}

/* ---- hooks ---- */

static void tell_committed(void *context, const ledger_committed *report) {
    const isn_ledger *l = context;
    if (l->options.committed)
        l->options.committed(l->options.context, report->captures_so_far, report->versions_so_far,
                             report->claims_so_far);
}

static void tell_progress(void *context, const char *what, uint64_t done, uint64_t of) {
    const isn_ledger *l = context;
    if (l->options.progress)
        l->options.progress(l->options.context, what, done, of);
}

static bool ledger_cancelled(void *context) {
    const isn_ledger *l = context;
    return l->engine->cancelled && l->engine->cancelled(l->engine->cancel_context);
}

bool api_pass_row(void *context, str json) {
    const row_hook *hook = context;
    return hook->row(hook->context, json.data, json.size);
}

static bool pass_bytes(void *context, str bytes) {
    const row_hook *hook = context;
    return hook->write(hook->context, bytes.data, bytes.size);
}

/* ---- opening ---- */

static ledger_mode mode_inside(isn_ledger_mode mode) {
    return mode == ISN_LEDGER_CREATE ? LEDGER_CREATE : mode == ISN_LEDGER_WRITE ? LEDGER_WRITE : LEDGER_READ;
}

isn_code isn_ledger_open(const isn_engine *engine, const char *path, const isn_ledger_options *given,
                         isn_ledger **out, isn_error **error) {
    isn_ledger *made = calloc(1, sizeof *made);
    if (!made)
        return api_complain(error, STATUS_INTERNAL, "no memory for a ledger");
    made->engine = engine;
    api_options(&made->options, sizeof made->options, given);
    ledger_options inside = {
        .engine = engine->json,
        .places = engine->places,
        .batch_milliseconds = made->options.batch_milliseconds,
        .reference_from = made->options.reference_from,
        .committed = tell_committed,
        .cancelled = ledger_cancelled,
        .progress = tell_progress,
        .context = made,
    };
    failure f;
    if (ledger_open(path, mode_inside(made->options.mode), &inside, &made->inside, &f) != STATUS_OK) {
        free(made);
        return api_fail(error, &f);
    }
    made->preparers = spares_new((allocator){0});
    *out = made;
    return ISN_OK;
}

static void drop_preparers(isn_ledger *l) {
    for (preparer *p; (p = spares_take(l->preparers));)
        preparer_free(p);
}

isn_code isn_ledger_close(isn_ledger *l, isn_error **error) {
    if (!l)
        return ISN_OK;
    failure f;
    status result = ledger_close(l->inside, &f);
    drop_preparers(l);
    spares_free(l->preparers);
    free(l);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

/* ---- writing ---- */

/* What is stored is how a page is read that nobody asked to be explained. */
static bool is_stored_as_made(const isn_reading *r) {
    return !r->options.numbers && !r->options.explain;
}

void isn_ledger_prepare(isn_ledger *l, isn_reading *r) {
    if (r->ready || !is_stored_as_made(r))
        return;
    isn_reading_json(r, NULL);
    preparer *p = spares_take(l->preparers);
    p = p ? p : preparer_new();
    r->ready = ledger_prepare(p, &r->reading, r->json, &r->shared.memory);
    spares_give(l->preparers, p);
}

isn_code isn_ledger_add(isn_ledger *l, isn_reading *r, unsigned *news, isn_error **error) {
    failure f;
    ledger_added added;
    const capture *c = &r->of->of->capture;
    status code = r->ready ? ledger_add_prepared(l->inside, c, &r->reading, r->ready, &added, &f)
                           : ledger_add(l->inside, c, &r->reading, is_stored_as_made(r) ? r->json : STR_NONE,
                                        &added, &f);
    if (code != STATUS_OK)
        return api_fail(error, &f);
    memcpy(l->last_document, added.document, sizeof added.document);
    if (news)
        *news = (added.new_capture ? ISN_NEW_CAPTURE : 0u) | (added.new_document ? ISN_NEW_DOCUMENT : 0u) |
                (added.new_version ? ISN_NEW_VERSION : 0u) | (added.dated ? ISN_NEW_DATE : 0u) |
                (added.withdrawn ? ISN_WITHDRAWN : 0u) | (added.referenced ? ISN_REFERENCED : 0u);
    return ISN_OK;
}

const char *isn_ledger_last_document(const isn_ledger *l) {
    return l->last_document;
}

isn_code isn_ledger_knows(isn_ledger *l, isn_capture *c, bool *known, isn_error **error) {
    failure f;
    return ledger_knows(l->inside, c ? &c->capture : NULL, known, &f) == STATUS_OK ? ISN_OK
                                                                                   : api_fail(error, &f);
}

isn_code isn_ledger_commit(isn_ledger *l, isn_error **error) {
    failure f;
    return ledger_commit(l->inside, &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_link(isn_ledger *l, char **json, isn_error **error) {
    failure f;
    ledger_linked linked;
    api_forget(l->engine);
    drop_preparers(l);
    if (ledger_link(l->inside, &linked, &f) != STATUS_OK)
        return api_fail(error, &f);
    if (json) {
        arena a = arena_new((allocator){0});
        *json = api_text(arena_printf(
            &a, "{\"incidents\":%llu,\"changed\":%llu,\"claims\":%llu,\"documents\":%llu,\"copies\":%llu}",
            (unsigned long long)linked.incidents, (unsigned long long)linked.changed,
            (unsigned long long)linked.claims, (unsigned long long)linked.documents,
            (unsigned long long)linked.copies));
        arena_free(&a);
    }
    return ISN_OK;
}

/* ---- rules of estimates ---- */

isn_code isn_ledger_estimate_by(isn_ledger *l, const char *rule, isn_error **error) {
    failure f;
    return ledger_estimate_by(l->inside, str_of(rule), &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

void isn_ledger_hide_sensitive(isn_ledger *l, bool hide) {
    ledger_hide_sensitive(l->inside, hide);
}

isn_code isn_ledger_keep_rule(isn_ledger *l, const char *rule, isn_error **error) {
    failure f;
    return ledger_keep_rule(l->inside, str_of(rule), &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

/* ---- filters ---- */

static const char *effect_named(int value) {
    return effect_name((effect)value);
}

static const char *event_named(int value) {
    return event_type_name((event_type)value);
}

static const struct order_row {
    const char *name;
    ledger_order order;
} orders[] = {
    {"date", ORDER_DATE},
    {"newest", ORDER_DATE_DOWN},
    {"figure", ORDER_FIGURE_DOWN},
    {"voices", ORDER_VOICES_DOWN},
};

static status set_order(const char *name, ledger_order *out, failure *f) {
    for (size_t i = 0; name && i < sizeof orders / sizeof *orders; i++)
        if (strcmp(orders[i].name, name) == 0) {
            *out = orders[i].order;
            return STATUS_OK;
        }
    return name ? fail(f, STATUS_USAGE, "no order \"%s\": date, newest, figure or voices", name) : STATUS_OK;
}

/* A month or a year is its first day, or where it ends a time its last. */
static status set_day(const char *text, bool last, day *out, failure *f) {
    day from, to;
    if (!text)
        return STATUS_OK;
    if (!days_asked(str_of(text), &from, &to))
        return fail(f, STATUS_USAGE, "\"%s\" is no day: expected YYYY-MM-DD, YYYY-MM or YYYY", text);
    *out = last ? to : from;
    return STATUS_OK;
}

/* Names in the message what could have been said instead. */
static status set_value(const char *name, const char *what, const char *(*name_of)(int value), int first,
                        int count, int *out, failure *f) {
    if (!name)
        return STATUS_OK;
    *out = api_value_named(name, name_of, count);
    if (*out != NONE)
        return STATUS_OK;
    arena a = arena_new((allocator){0});
    str known = arena_copy(&a, str_of(name_of(first)));
    for (int i = first + 1; i < count; i++)
        known = arena_printf(&a, "%.*s, %s", STR_ARG(known), name_of(i));
    fail(f, STATUS_USAGE, "no %s \"%s\": one of %.*s", what, name, STR_ARG(known));
    arena_free(&a);
    return STATUS_USAGE;
}

static status filter_inside(const isn_filter *given, ledger_filter *out, failure *f) {
    OPTIONS(isn_filter, options, given);
    *out = ledger_filter_all();
    out->text = str_of(options.text);
    out->id = str_of(options.id);
    out->country = str_of(options.country);
    out->place = str_of(options.place);
    out->language = str_of(options.language);
    out->least = options.least;
    out->has_box = options.has_box;
    out->south = options.south;
    out->west = options.west;
    out->north = options.north;
    out->east = options.east;
    out->limit = options.limit;
    out->offset = options.offset;
    if (options.disputed != options.undisputed)
        out->disputed = options.disputed;
    status result = set_day(options.since, false, &out->from, f);
    if (result == STATUS_OK)
        result = set_day(options.until, true, &out->to, f);
    if (result == STATUS_OK)
        result = set_order(options.order, &out->order, f);
    if (result == STATUS_OK)
        result = set_value(options.effect, "effect", effect_named, EFFECT_KILLED, EFFECT_DISPLACED + 1,
                           &out->effect, f);
    if (result == STATUS_OK)
        result = set_value(options.event, "event", event_named, EVENT_AIR_STRIKE, EVENT_OTHER_ATTACK + 1,
                           &out->event, f);
    return result;
}

static status query_inside(const char *what, const isn_filter *filter, ledger_what *what_inside,
                           ledger_filter *filter_out, failure *f) {
    if (!ledger_what_named(str_of(what), what_inside))
        return fail(f, STATUS_USAGE,
                    "no kind of row \"%s\": incidents, claims, documents, voices, chains or tombstones",
                    what);
    return filter_inside(filter, filter_out, f);
}

/* ---- asking ---- */

isn_code isn_ledger_query(isn_ledger *l, const char *what, const isn_filter *filter, isn_row row,
                          void *context, isn_error **error) {
    failure f;
    ledger_what what_inside;
    ledger_filter inside;
    row_hook hook = {.row = row, .context = context};
    if (query_inside(what, filter, &what_inside, &inside, &f) != STATUS_OK ||
        ledger_query(l->inside, what_inside, &inside, api_pass_row, &hook, &f) != STATUS_OK)
        return api_fail(error, &f);
    return ISN_OK;
}

isn_code isn_ledger_count(isn_ledger *l, const isn_filter *filter, uint64_t at_most, uint64_t *count,
                          isn_error **error) {
    failure f;
    ledger_filter inside;
    if (filter_inside(filter, &inside, &f) != STATUS_OK ||
        ledger_count(l->inside, &inside, at_most, count, &f) != STATUS_OK)
        return api_fail(error, &f);
    return ISN_OK;
}

/* Ends a call whose answer was made in `a`. */
static isn_code give_answer(status result, arena *a, str answer, char **json, isn_error **error,
                            const failure *f) {
    if (result == STATUS_OK)
        *json = api_text(answer);
    arena_free(a);
    return result == STATUS_OK ? ISN_OK : api_fail(error, f);
}

isn_code isn_ledger_incident(isn_ledger *l, const char *id, char **json, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    status result = ledger_incident(l->inside, str_of(id), &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_why(isn_ledger *l, const char *id, char **json, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    status result = ledger_why(l->inside, str_of(id), &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_story(isn_ledger *l, const char *id, char **json, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    status result = ledger_story(l->inside, str_of(id), false, &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_waiting(isn_ledger *l, const char *reason, const char *assignee, const char *after,
                            uint64_t limit, char **json, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    ledger_waiting_asked asked = {
        .reason = str_of(reason), .assignee = str_of(assignee), .after = str_of(after), .limit = limit};
    status result = ledger_review_queue(l->inside, &asked, &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_voices(isn_ledger *l, const char *text, const char *order, const char *after,
                           uint64_t limit, char **json, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer = STR_NONE;
    ledger_voices_asked asked = {.text = str_of(text), .after = str_of(after), .limit = limit};
    status result =
        order && !ledger_voice_order_named(str_of(order), &asked.order)
            ? fail(&f, STATUS_USAGE, "order \"%s\": expected incidents, claims, first, alone or last", order)
            : ledger_voices(l->inside, &asked, &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_voice(isn_ledger *l, const char *key, const char *after, uint64_t limit, char **json,
                          isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    ledger_voice_asked asked = {.key = str_of(key), .after = str_of(after), .limit = limit};
    status result = ledger_voice(l->inside, &asked, &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_compare(isn_ledger *l, const char *by, const char *a, const char *b,
                            const isn_filter *filter, char **json, isn_error **error) {
    failure f;
    arena memory = arena_new((allocator){0});
    str answer = STR_NONE;
    ledger_compare_asked asked = {.a = str_of(a), .b = str_of(b)};
    status result =
        ledger_compare_named(str_of(by), &asked.by)
            ? filter_inside(filter, &asked.filter, &f)
            : fail(&f, STATUS_USAGE, "compare by \"%s\": expected outlet, period or place", by ? by : "");
    if (result == STATUS_OK)
        result = ledger_compare(l->inside, &asked, &memory, &answer, &f);
    return give_answer(result, &memory, answer, json, error, &f);
}

isn_code isn_ledger_document(isn_ledger *l, const char *id, uint32_t version, char **json,
                             isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    status result = ledger_document(l->inside, str_of(id), version, &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_statistics(isn_ledger *l, char **json, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    str answer;
    status result = ledger_statistics(l->inside, &a, &answer, &f);
    return give_answer(result, &a, answer, json, error, &f);
}

isn_code isn_ledger_search(isn_ledger *l, const char *query, uint64_t limit, uint64_t offset, isn_row row,
                           void *context, isn_error **error) {
    failure f;
    row_hook hook = {.row = row, .context = context};
    status result = ledger_search(l->inside, str_of(query), limit, offset, api_pass_row, &hook, &f);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_bytes(isn_ledger *l, uint64_t sequence, isn_write write, void *context,
                          isn_error **error) {
    failure f;
    row_hook hook = {.write = write, .context = context};
    status result = ledger_capture_bytes(l->inside, sequence, pass_bytes, &hook, &f);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_export(isn_ledger *l, const char *what, const isn_filter *filter,
                           const isn_export_options *given, isn_write write, void *context,
                           isn_error **error) {
    OPTIONS(isn_export_options, options, given);
    failure f;
    ledger_what what_inside;
    ledger_filter inside;
    export_options how = {.format = EXPORT_JSONL,
                          .raw = options.raw,
                          .bom = options.bom,
                          .hxl = options.hxl,
                          .left_out = options.left_out};
    row_hook hook = {.write = write, .context = context};
    if (options.format && !export_format_named(str_of(options.format), &how.format))
        return api_complain(error, STATUS_USAGE,
                            "no export format \"%s\": jsonl, csv, geojson, kml, ucdp or acled",
                            options.format);
    if (query_inside(what, filter, &what_inside, &inside, &f) != STATUS_OK ||
        ledger_export(l->inside, what_inside, &inside, &how, pass_bytes, &hook, &f) != STATUS_OK)
        return api_fail(error, &f);
    return ISN_OK;
}

/* ---- serving ---- */

typedef struct serving {
    const isn_engine *engine;
    const isn_serve_options *options;
} serving;

static void tell_ready(void *context, const char *url) {
    const serving *s = context;
    if (s->options->ready)
        s->options->ready(s->options->context, url);
}

static void tell_setup(void *context, const char *url) {
    const serving *s = context;
    if (s->options->setup)
        s->options->setup(s->options->context, url);
}

static bool serving_cancelled(void *context) {
    const serving *s = context;
    return s->engine->cancelled && s->engine->cancelled(s->engine->cancel_context);
}

isn_code isn_serve(const isn_engine *engine, const isn_serve_options *given, isn_error **error) {
    OPTIONS(isn_serve_options, options, given);
    if (!options.ledger)
        return api_complain(error, STATUS_USAGE, "no ledger to serve");
    serving s = {engine, &options};
    serve_options inside = {
        .ledger_path = options.ledger,
        .host = options.address,
        .port = options.port,
        .remote = options.remote,
        .names = options.names,
        .ready = tell_ready,
        .cancelled = serving_cancelled,
        .context = &s,
        .rule = options.rule,
        .access = {.file = options.access,
                   .wanted = options.accounts,
                   .none = options.no_accounts,
                   .setup = tell_setup},
        .base = options.base,
        .proxy = options.proxy,
        .tls_certificate = options.tls_certificate,
        .tls_key = options.tls_key,
        .engine = engine->json,
        .program = options.program,
        .places = options.places,
        .docket = options.docket,
        .private_pages = options.private_pages,
        .upload_bytes = options.upload_bytes,
    };
    failure f;
    return serve_run(&inside, &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}
