/* What reviewers say, and reading again. */
#include <errno.h>
#include <stdio.h>

#include "api/api.h"
#include "base/buffer.h"
#include "ledger/ledger.h"

/* ---- acts ---- */

static const str *strings_of(arena *a, const char *const *list, size_t count) {
    str *out = ARENA_NEW(a, str, count + 1);
    for (size_t i = 0; i < count; i++)
        out[i] = str_of(list[i]);
    return out;
}

isn_code isn_ledger_review(isn_ledger *l, const isn_act *given, char **json, isn_error **error) {
    OPTIONS(isn_act, act, given);
    failure f;
    ledger_acted acted;
    arena a = arena_new((allocator){0});
    ledger_act inside = {.kind = str_of(act.kind),
                         .who = str_of(act.who),
                         .why = str_of(act.why),
                         .time = str_of(act.time),
                         .ids = strings_of(&a, act.ids, act.id_count),
                         .id_count = act.id_count,
                         .values = strings_of(&a, act.values, act.value_count),
                         .value_count = act.value_count};
    status result = ledger_review(api_ledger(l), &inside, &acted, &f);
    if (result == STATUS_OK && json)
        *json = api_text(arena_printf(&a, "{\"first\":%llu,\"last\":%llu,\"link\":%s}",
                                      (unsigned long long)acted.first, (unsigned long long)acted.last,
                                      acted.link ? "true" : "false"));
    arena_free(&a);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_acts(isn_ledger *l, const char *id, isn_row row, void *context, isn_error **error) {
    failure f;
    row_hook hook = {.row = row, .context = context};
    status result = ledger_acts(api_ledger(l), str_of(id), api_pass_row, &hook, &f);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_queue(isn_ledger *l, isn_row row, void *context, isn_error **error) {
    failure f;
    row_hook hook = {.row = row, .context = context};
    return ledger_queue(api_ledger(l), api_pass_row, &hook, &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_past_readings(isn_ledger *l, const char *document, isn_row row, void *context,
                                  isn_error **error) {
    failure f;
    row_hook hook = {.row = row, .context = context};
    status result = ledger_past_readings(api_ledger(l), str_of(document), api_pass_row, &hook, &f);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_grades(isn_ledger *l, isn_row row, void *context, isn_error **error) {
    failure f;
    row_hook hook = {.row = row, .context = context};
    return ledger_grades(api_ledger(l), api_pass_row, &hook, &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_keep_grades(isn_ledger *l, const char *path, isn_error **error) {
    failure f;
    buffer table = {0};
    status result = api_read_file(path, &table, &f);
    if (result == STATUS_OK)
        result = ledger_keep_grades(api_ledger(l), buffer_str(&table), str_of(path), &f);
    buffer_free(&table);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

/* ---- reading again ---- */

typedef struct rereading {
    isn_ledger *l;
    const isn_reread_options *options;
    row_hook hook;
    failure *f;
    status code;
    uint64_t pages, versions, same, different, gone, new, texts, bad;
} rereading;

static isn_code read_page(const isn_engine *engine, const ledger_stored *page, isn_reading **out,
                          isn_error **error) {
    arena a = arena_new((allocator){0});
    const capture *c = &page->capture;
    static const char *const formats[] = {
        [CAPTURE_HTML] = "html", [CAPTURE_TEXT] = "text", [CAPTURE_JSON_RECORD] = "json"};
#define TEXT_OF(s) ((s).data ? arena_cstring(&a, (s)) : NULL)
    isn_capture_options how = {.size = sizeof how,
                               .format = formats[c->kind],
                               .file = TEXT_OF(c->file),
                               .url = TEXT_OF(c->url),
                               .media_type = TEXT_OF(c->media_type),
                               .charset = TEXT_OF(c->charset),
                               .time = TEXT_OF(c->time)};
#undef TEXT_OF
    isn_capture *made = NULL;
    isn_page *made_page = NULL;
    isn_page_options dated = {.size = sizeof dated,
                              .published = page->published.data ? arena_cstring(&a, page->published) : NULL};
    if (dated.published && !api_is_published(dated.published))
        dated.published = NULL; /* the page's own, less exact than one that is given */
    isn_code code = isn_capture_new(engine, c->bytes.data, c->bytes.size, &how, &made, error);
    if (code == ISN_OK && !intake_restore(&made->capture, 0, &made->shared.memory))
        code = api_complain(error, STATUS_BAD_RECORDS, "%.*s: the compressed content is damaged",
                            STR_ARG(page->document));
    if (code == ISN_OK) {
        made->capture.offset = c->offset;
        code = isn_page_make(engine, made, &dated, &made_page, error);
    }
    if (code == ISN_OK)
        code = isn_reading_make(engine, made_page, NULL, out, error);
    isn_page_free(made_page);
    isn_capture_free(made);
    arena_free(&a);
    return code;
}

static void count(rereading *r, const ledger_reread_report *one) {
    r->pages++;
    r->versions += one->different || one->gone || one->new || one->new_version;
    r->same += one->same;
    r->different += one->different;
    r->gone += one->gone;
    r->new += one->new;
    r->texts += one->new_version;
}

static bool take_page(void *context, const ledger_stored *page) {
    rereading *r = context;
    const isn_engine *engine = api_engine_of(r->l);
    isn_reading *made = NULL;
    isn_error *error = NULL;
    ledger_reread_report report;
    if (engine->cancelled && engine->cancelled(engine->cancel_context)) {
        r->code = fail(r->f, STATUS_CANCELLED, "interrupted");
        return false;
    }
    if (page->why.data)
        api_complain(&error, STATUS_DAMAGED_LEDGER, "%.*s: it cannot be read again: %.*s",
                     STR_ARG(page->document), STR_ARG(page->why));
    if (page->why.data || read_page(engine, page, &made, &error) != ISN_OK) {
        r->bad++;
        if (engine->log)
            engine->log(engine->log_context, ISN_LOG_ERROR, isn_error_message(error));
        isn_error_free(error);
        return true;
    }
    ledger_stored same = *page;
    same.capture = made->of->of->capture;
    r->code = ledger_reread(api_ledger(r->l), &same, &made->reading, r->options->dry,
                            r->hook.row ? api_pass_row : NULL, &r->hook, &report, r->f);
    if (r->code == STATUS_OK)
        count(r, &report);
    isn_reading_free(made);
    return r->code == STATUS_OK;
}

isn_code isn_ledger_reread(isn_ledger *l, const isn_reread_options *given, char **json, isn_error **error) {
    OPTIONS(isn_reread_options, options, given);
    failure f;
    rereading r = {
        .l = l, .options = &options, .hook = {.row = options.row, .context = options.context}, .f = &f};
    status result = ledger_stored_pages(api_ledger(l), str_of(options.document), take_page, &r, &f);
    if (result == STATUS_OK)
        result = r.code;
    if (result == STATUS_OK || result == STATUS_CANCELLED) {
        status kept = ledger_commit(api_ledger(l), result == STATUS_OK ? &f : NULL);
        result = result == STATUS_OK ? kept : result;
    }
    if (result != STATUS_OK)
        return api_fail(error, &f);
    arena a = arena_new((allocator){0});
    if (json)
        *json = api_text(arena_printf(
            &a,
            "{\"pages\":%llu,\"versions\":%llu,\"same\":%llu,\"different\":%llu,\"gone\":%llu,\"new\":%llu,"
            "\"texts\":%llu,\"bad\":%llu}",
            (unsigned long long)r.pages, (unsigned long long)r.versions, (unsigned long long)r.same,
            (unsigned long long)r.different, (unsigned long long)r.gone, (unsigned long long)r.new,
            (unsigned long long)r.texts, (unsigned long long)r.bad));
    arena_free(&a);
    return ISN_OK;
}
