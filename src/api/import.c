/* Tables of recorders: files in, ledger_import. */
#include <errno.h>
#include <stdio.h>

#include "api/api.h"
#include "base/buffer.h"
#include "ledger/ledger.h"

status api_read_file(const char *path, buffer *out, failure *f) {
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return fail(f, STATUS_NO_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    char chunk[65536];
    size_t size;
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_add(out, (str){chunk, size});
    bool broken = ferror(file) != 0;
    int error = errno;
    if (!standard)
        fclose(file);
    return broken ? fail(f, STATUS_NO_INPUT, "%s: cannot be read: %s", path, strerror(error)) : STATUS_OK;
}

static void pass_wrong(void *context, const char *line) {
    const isn_import_options *options = context;
    if (options->wrong)
        options->wrong(options->context, line);
}

static void pass_url(void *context, str url) {
    const isn_import_options *options = context;
    arena a = arena_new((allocator){0});
    if (options->url)
        options->url(options->context, arena_cstring(&a, url));
    arena_free(&a);
}

static char *report_json(const import_report *r) {
    arena a = arena_new((allocator){0});
    char *json = api_text(arena_printf(
        &a,
        "{\"rows\":%llu,\"added\":%llu,\"changed\":%llu,\"unchanged\":%llu,\"bad\":%llu,\"claims\":%llu,"
        "\"urls\":%llu}",
        (unsigned long long)r->rows, (unsigned long long)r->added, (unsigned long long)r->changed,
        (unsigned long long)r->unchanged, (unsigned long long)r->bad, (unsigned long long)r->claims,
        (unsigned long long)r->urls));
    arena_free(&a);
    return json;
}

isn_code isn_ledger_import(isn_ledger *l, const char *mapping, const char *table,
                           const isn_import_options *given, char **json, isn_error **error) {
    OPTIONS(isn_import_options, options, given);
    buffer map = {0}, rows = {0};
    failure f;
    import_report report = {0};
    status result = api_read_file(mapping, &map, &f);
    if (result == STATUS_OK)
        result = api_read_file(table, &rows, &f);
    if (result == STATUS_OK)
        result = ledger_import(
            api_ledger(l),
            &(import_input){buffer_str(&map), str_of(mapping), buffer_str(&rows), str_of(table)},
            &(import_options){pass_wrong, pass_url, &options}, &report, &f);
    buffer_free(&map);
    buffer_free(&rows);
    if (json)
        *json = report_json(&report);
    return result == STATUS_OK ? ISN_OK : api_fail(error, &f);
}
