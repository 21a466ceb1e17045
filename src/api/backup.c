#include <jansson.h>

#include "api/api.h"
#include "ledger/backup.h"
#include "ledger/check.h"

static json_t *copy_json(const char *path, const copy_report *r) {
    const ledger_checked *c = &r->checked;
    json_t *o = json_pack(
        "{s:n, s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:n}", "file", "bytes", (json_int_t)r->bytes, "grade",
        ledger_grade_name(c->grade), "captures", (json_int_t)c->captures, "readings", (json_int_t)c->readings,
        "acts", (json_int_t)c->acts, "heads", (json_int_t)c->heads, "sealed", (json_int_t)c->sealed, "aside");
    json_object_set_new(o, "file", json_string(path)); /* no UTF-8: null stays */
    if (r->aside.data)
        json_object_set_new(o, "aside", json_stringn(r->aside.data, r->aside.size));
    return o;
}

isn_code isn_ledger_backup(isn_ledger *l, const char *path, const isn_copy_options *given, char **json,
                           isn_error **error) {
    OPTIONS(isn_copy_options, options, given);
    failure f;
    copy_report report;
    copy_options inside = {options.replace, options.wrong, options.context};
    if (ledger_backup(api_ledger(l), path, &inside, &report, &f) != STATUS_OK)
        return api_fail(error, &f);
    if (json)
        api_give(copy_json(path, &report), json);
    return ISN_OK;
}

isn_code isn_ledger_restore(const isn_engine *engine, const char *copy, const char *path,
                            const isn_copy_options *given, char **json, isn_error **error) {
    OPTIONS(isn_copy_options, options, given);
    failure f;
    copy_report report;
    copy_options inside = {options.replace, options.wrong, options.context};
    ledger_options how = {.engine = engine->json,
                          .places = engine->places,
                          .cancelled = api_cancelled,
                          .context = (void *)(uintptr_t)engine};
    arena a = arena_new((allocator){0});
    status code = ledger_restore(copy, path, &how, &inside, &a, &report, &f);
    if (code == STATUS_OK && json)
        api_give(copy_json(path, &report), json);
    arena_free(&a);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_check(isn_ledger *l, const isn_check_options *given, char **json, isn_error **error) {
    OPTIONS(isn_check_options, options, given);
    failure f;
    ledger_health h = {0};
    status code = ledger_check(api_ledger(l), options.repair, options.line, options.context, &h, &f);
    if (json && (code == STATUS_OK || code == STATUS_VERIFY_FAILED))
        api_give(json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "faults",
                           (json_int_t)h.faults, "captures", (json_int_t)h.captures, "documents",
                           (json_int_t)h.documents, "acts", (json_int_t)h.acts, "other", (json_int_t)h.other,
                           "again", (json_int_t)h.again, "incidents", (json_int_t)h.incidents, "derived",
                           (json_int_t)h.derived, "stale", (json_int_t)h.stale, "repaired", (int)h.repaired),
                 json);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}
