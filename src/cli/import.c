/* isnad import: a recorder's table into the ledger. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

typedef struct importation {
    program *program;
    isn_ledger *ledger;
    char **urls;
    size_t url_count;
    long long rows, added, changed, unchanged, bad, claims;
} importation;

static void on_wrong(void *context, const char *line) {
    const importation *i = context;
    complain(i->program, "%s", line);
}

static bool told_before(const importation *i, const char *url) {
    for (size_t k = i->url_count; k-- > 0 && i->url_count - k < 32;)
        if (strcmp(i->urls[k], url) == 0)
            return true;
    return false;
}

static void on_url(void *context, const char *url) {
    importation *i = context;
    bool wanted = i->program->settings.urls || i->program->settings.fetch;
    if (!wanted || told_before(i, url))
        return;
    if ((i->url_count & (i->url_count - 1)) == 0) {
        char **more = realloc(i->urls, (i->url_count ? 2 * i->url_count : 1) * sizeof *more);
        if (!more)
            return;
        i->urls = more;
    }
    i->urls[i->url_count] = strdup(url);
    i->url_count += i->urls[i->url_count] != NULL;
}

static isn_code import_table(importation *i, const char *path) {
    program *p = i->program;
    isn_import_options options = {.size = sizeof options, .wrong = on_wrong, .url = on_url, .context = i};
    isn_error *error = NULL;
    char *json = NULL;
    isn_code code = isn_ledger_import(i->ledger, p->settings.map, path, &options, &json, &error);
    json_t *told = json ? json_loads(json, 0, NULL) : NULL;
    i->rows += number_at(told, "rows");
    i->added += number_at(told, "added");
    i->changed += number_at(told, "changed");
    i->unchanged += number_at(told, "unchanged");
    i->bad += number_at(told, "bad");
    i->claims += number_at(told, "claims");
    json_decref(told);
    isn_free(json);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code write_urls(const importation *i) {
    program *p = i->program;
    const char *path = p->settings.urls;
    FILE *out = strcmp(path, "-") == 0 ? p->out : fopen(path, "w");
    for (size_t k = 0; out && k < i->url_count; k++)
        fprintf(out, "%s\n", i->urls[k]);
    if (out == p->out || (out && fclose(out) == 0))
        return ISN_OK;
    complain(p, "%s: cannot be written: %s", path, strerror(errno));
    return ISN_IO;
}

static void tell(const importation *i, const json_t *linked) {
    program *p = i->program;
    if (format_is(p, "jsonl", "table")) {
        fprintf(
            p->out,
            "{\"rows\":%lld,\"added\":%lld,\"changed\":%lld,\"unchanged\":%lld,\"bad\":%lld,\"claims\":%lld,"
            "\"urls\":%zu,\"incidents\":%lld}\n",
            i->rows, i->added, i->changed, i->unchanged, i->bad, i->claims, i->url_count,
            number_at(linked, "incidents"));
        return;
    }
    fprintf(p->out, "%s: %lld new, %lld changed, %lld as before, %lld bad; %s added\n",
            counted(i->rows, "row", "rows").text, i->added, i->changed, i->unchanged, i->bad,
            counted(i->claims, "claim", "claims").text);
    fprintf(p->out, "the ledger tells of %s in %s\n",
            counted(number_at(linked, "incidents"), "incident", "incidents").text,
            counted(number_at(linked, "documents"), "document", "documents").text);
}

/* Works out the incidents also where a table stopped in the middle: what went in is to be found. */
static isn_code finish(importation *i, isn_code code) {
    program *p = i->program;
    isn_error *error = NULL;
    char *json = NULL;
    if (interrupted())
        interrupt_forget();
    isn_code linked = isn_ledger_link(i->ledger, &json, &error);
    progress_clear(p);
    if (linked == ISN_OK) {
        json_t *told = json_loads(json, 0, NULL);
        tell(i, told);
        json_decref(told);
    } else {
        complain_error(p, error);
    }
    isn_free(json);
    return code != ISN_OK ? code : linked != ISN_OK ? linked : i->bad ? ISN_BAD_RECORDS : ISN_OK;
}

/* The pages that the rows name are added as isnad add does. */
static isn_code fetch(importation *i) {
    program *p = i->program;
    if (!i->url_count)
        return ISN_OK;
    isn_engine_free(p->engine);
    p->engine = NULL;
    p->settings.arguments = i->urls;
    p->settings.count = i->url_count;
    return command_add(p);
}

static isn_code import_all(importation *i) {
    const settings *s = &i->program->settings;
    isn_code code = ISN_OK;
    for (size_t k = 0; k < s->count && code == ISN_OK; k++)
        code = import_table(i, s->arguments[k]);
    bool usable = code == ISN_OK || code == ISN_CANCELLED || code == ISN_NO_INPUT || code == ISN_BAD_INPUT;
    if (usable && i->rows)
        code = finish(i, code);
    return code;
}

isn_code command_import(program *p) {
    const settings *s = &p->settings;
    importation i = {.program = p};
    if (!s->map)
        return usage_error(p, "import", "say which column is what: isnad import --map map.tsv table.csv");
    if (s->count == 0)
        return usage_error(p, "import", "which table? isnad import --map map.tsv table.csv");
    if (s->urls && !output_allowed(p, s->urls))
        return ISN_USAGE;
    isn_code code = ledger_start(p, ISN_LEDGER_CREATE, &i.ledger);
    if (code != ISN_OK)
        return code;
    code = import_all(&i);
    isn_error *error = NULL;
    isn_code closed = isn_ledger_close(i.ledger, &error);
    if (closed != ISN_OK)
        complain_error(p, error);
    code = code == ISN_OK ? closed : code;
    bool done = code == ISN_OK || code == ISN_BAD_RECORDS;
    if (done && s->urls && write_urls(&i) != ISN_OK)
        code = ISN_IO;
    else if (done && s->fetch) {
        isn_code fetched = fetch(&i);
        code = fetched != ISN_OK ? fetched : code;
    }
    for (size_t k = 0; k < i.url_count; k++)
        free(i.urls[k]);
    free(i.urls);
    return code;
}
