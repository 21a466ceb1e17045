#include "ledger/rules.h"

#include "api/api.h"
#include "base/buffer.h"
#include "ledger/names.h"
#include "ledger/store.h"

/* ---- those that come with the library ---- */

void isn_rules(isn_row row, void *context) {
    arena a = arena_new((allocator){0});
    rules_file file = rules_built_in(&a);
    buffer b = {0};
    bool more = true;
    for (size_t i = 0; i < file.rules.size && more; i++) {
        b.size = 0;
        buffer_add_byte(&b, '{');
        write_key(&b, "name"), write_string(&b, file.rules.at[i].name);
        write_key(&b, "says"), write_string(&b, file.rules.at[i].says);
        buffer_add_byte(&b, '}');
        more = row(context, b.data, b.size);
    }
    buffer_free(&b);
    arena_free(&a);
}

/* ---- checking ---- */

typedef struct checking {
    isn_line line;
    void *context;
} checking;

static void pass_mistake(void *context, const char *line) {
    const checking *c = context;
    if (c->line)
        c->line(c->context, line);
}

/* A rule of one's own under a name of ours could not be used. A file that holds all of ours is where they
 * come from. */
static size_t taken_names(arena *a, const rules_file *file, checking *c) {
    const rules_file own = rules_built_in(a);
    size_t taken = 0;
    for (size_t i = 0; i < file->rules.size; i++)
        taken += rules_have(&own, file->rules.at[i].name);
    if (taken == own.rules.size)
        return 0;
    for (size_t i = 0; i < file->rules.size; i++)
        if (rules_have(&own, file->rules.at[i].name))
            pass_mistake(c, rule_taken(a, file, &file->rules.at[i]).data);
    return taken;
}

static isn_code verdict(const rules_file *file, size_t mistakes, size_t failed, isn_error **error) {
    const char *name = file->name.data ? file->name.data : "";
    if (mistakes)
        return api_complain(error, STATUS_BAD_INPUT, "%.300s: %zu %s", name, mistakes,
                            mistakes == 1 ? "mistake" : "mistakes");
    if (failed)
        return api_complain(error, STATUS_BAD_RECORDS, "%.300s: %zu of %zu tests failed", name, failed,
                            file->tests.size);
    return ISN_OK;
}

isn_code isn_rules_check(const char *path, isn_line line, void *context, char **json, isn_error **error) {
    arena a = arena_new((allocator){0});
    failure f;
    str text = str_of(ledger_table_estimates), name = path ? str_of(path) : STR("data/ledger/estimates.tsv");
    checking c = {line, context};
    rules_file file;
    if (path && rules_file_text(&a, name, &text, &f) != STATUS_OK) {
        arena_free(&a);
        return api_fail(error, &f);
    }
    size_t mistakes = rules_read(&a, name, text, &file, pass_mistake, &c);
    mistakes += path ? taken_names(&a, &file, &c) : 0;
    size_t failed = rules_test(&file, pass_mistake, &c);
    if (json)
        *json = api_text(arena_printf(&a, "{\"rules\":%zu,\"tests\":%zu,\"mistakes\":%zu,\"failed\":%zu}",
                                      file.rules.size, file.tests.size, mistakes, failed));
    isn_code code = verdict(&file, mistakes, failed, error);
    arena_free(&a);
    return code;
}
