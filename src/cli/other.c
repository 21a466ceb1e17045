/* isnad serve, places, schema, doctor, version. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/words.h"

enum { USUAL_PORT = 8377 };

/* ---- serve ---- */

static void on_ready(void *context, const char *url) {
    program *p = context;
    fprintf(p->out, "the ledger is open at %s (Ctrl-C ends it)\n", url);
    output_flush(p);
}

static void on_setup(void *context, const char *url) {
    program *p = context;
    fprintf(p->out,
            "nobody has an account yet. This link makes the first one, an admin's; it is good once, within "
            "24 hours:\n"
            "  %s\n",
            url);
    output_flush(p);
}

enum { NAMES = 16 };

/* Divides the names of --name where commas stand; false where they are too many. */
static bool names_of(char *text, const char *names[NAMES + 1]) {
    size_t count = 0;
    char *rest = text;
    for (char *name; (name = strsep(&rest, ","));) {
        if (!*name)
            continue;
        if (count == NAMES)
            return false;
        names[count++] = name;
    }
    names[count] = NULL;
    return true;
}

static isn_code serve_by(program *p, const isn_serve_options *options) {
    isn_error *error = NULL;
    isn_code code = isn_serve(p->engine, options, &error);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

isn_code command_serve(program *p) {
    const settings *s = &p->settings;
    const char *path = s->ledger ? s->ledger : p->ledger_path;
    const char *names[NAMES + 1] = {NULL};
    if (s->port > UINT16_MAX)
        return usage_error(p, "serve", "--port %llu: a port is at most 65535", (unsigned long long)s->port);
    if (!path)
        return usage_error(p, "serve", "no place for a ledger: give --ledger FILE or set HOME");
    if (s->accounts && s->no_accounts)
        return usage_error(p, "serve", "--accounts and --no-accounts: one of them");
    char *text = strdup(s->names ? s->names : "");
    if (!text || !names_of(text, names)) {
        free(text);
        return usage_error(p, "serve", "--name: at most %d names", NAMES);
    }
    isn_serve_options options = {
        .size = sizeof options,
        .ledger = path,
        .address = s->address,
        .port = s->on_port ? (uint16_t)s->port : USUAL_PORT,
        .remote = s->remote,
        .ready = on_ready,
        .context = p,
        .rule = s->rule,
        .access = s->access,
        .accounts = s->accounts,
        .no_accounts = s->no_accounts,
        .setup = on_setup,
        .names = names,
        .base = s->base,
        .proxy = s->proxy,
        .tls_certificate = s->tls_certificate,
        .tls_key = s->tls_key,
        .program = "/proc/self/exe", /* of a child too, also where the file was replaced meanwhile */
        .places = s->places,
        .private_pages = s->private_pages,
        .upload_bytes = s->upload_bytes,
    };
    isn_code code = engine_start(p);
    if (code == ISN_OK)
        code = serve_by(p, &options);
    free(text);
    return code;
}

/* ---- places ---- */

static const table_column place_columns[] = {
    {"NAME", CELL_TEXT, 30},    {"ARABIC", CELL_TEXT, 26},      {"KIND", CELL_WHOLE, 0},
    {"COUNTRY", CELL_WHOLE, 0}, {"REGION", CELL_TEXT, 24},      {"AT", CELL_WHOLE, 0},
    {"RADIUS", CELL_FIGURE, 0}, {"POPULATION", CELL_FIGURE, 0}, {"ID", CELL_WHOLE, 0},
};

typedef struct place_list {
    program *program;
    table *rows;
} place_list;

static bool list_place(void *context, const char *json, size_t size) {
    place_list *l = context;
    json_t *place = json_of(l->program, json, size);
    table_cell(l->rows, text_at(place, "name"));
    table_cell(l->rows, text_at(place, "name_ar"));
    table_cell(l->rows, text_at(place, "kind"));
    table_cell(l->rows, text_at(place, "country"));
    table_cell(l->rows, text_at(place, "admin1"));
    table_cellf(l->rows, "%.4f, %.4f", real_at(place, "lat"), real_at(place, "lon"));
    table_cellf(l->rows, "%.3g km", real_at(place, "radius_km"));
    if (number_at(place, "population"))
        table_cellf(l->rows, "%lld", number_at(place, "population"));
    else
        table_cell(l->rows, "");
    table_cell(l->rows, text_at(place, "id"));
    json_decref(place);
    return true;
}

/* A name is one argument or several words. */
static char *joined(char *const *words, size_t count) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < count; i++)
        fprintf(out, "%s%s", i ? " " : "", words[i]);
    if (out)
        fclose(out);
    return text;
}

static isn_code places_find(program *p, char *const *words, size_t count) {
    isn_error *error = NULL;
    if (count == 0)
        return usage_error(p, "places", "find which name? For example: isnad places find \"دير الزور\"");
    isn_code code = engine_start(p);
    if (code != ISN_OK)
        return code;
    char *name = joined(words, count);
    size_t limit = p->settings.limited && p->settings.limit ? (size_t)p->settings.limit : 20;
    place_list l = {p, table_new(place_columns, sizeof place_columns / sizeof *place_columns)};
    if (format_is(p, "jsonl", "table"))
        code = isn_places_find(p->engine, name ? name : "", limit, output_row, p, &error);
    else
        code = isn_places_find(p->engine, name ? name : "", limit, list_place, &l, &error);
    if (table_rows(l.rows))
        table_print(l.rows, p->out, &p->screen);
    table_free(l.rows);
    free(name);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code places_build(program *p, char *const *sources, size_t count) {
    const char *output = p->settings.output;
    isn_error *error = NULL;
    if (count == 0 || !output)
        return usage_error(p, "places",
                           "say from what and to where: isnad places build --output my.places FILE...");
    if (!output_allowed(p, output))
        return ISN_USAGE;
    isn_code code = isn_places_build((const char *const *)sources, count, output, &error);
    if (code != ISN_OK)
        return complain_error(p, error);
    fputs("made ", p->out);
    put_text(p->out, &p->screen, output);
    fputs(": use it with --places\n", p->out);
    return ISN_OK;
}

isn_code command_places(program *p) {
    const settings *s = &p->settings;
    if (s->count == 0)
        return usage_error(p, "places", "find or build?");
    if (strcmp(s->arguments[0], "find") == 0)
        return places_find(p, s->arguments + 1, s->count - 1);
    if (strcmp(s->arguments[0], "build") == 0)
        return places_build(p, s->arguments + 1, s->count - 1);
    return unknown_verb(p, command_named("places"), s->arguments[0]);
}

/* ---- schema ---- */

isn_code command_schema(program *p) {
    static const char *const names[] = {"reading", "incident", "page", "intake", "compare", "copies", NULL};
    const settings *s = &p->settings;
    if (s->count != 1)
        return usage_error(p, "schema",
                           "which one? isnad schema reading, incident, page, intake, compare or copies");
    const char *text = isn_schema(s->arguments[0]);
    if (!text) {
        const char *near = nearest_name(s->arguments[0], names);
        return usage_error(p, "schema", "no schema \"%s\": %s%s", s->arguments[0],
                           near ? "did you mean " : "reading, incident, page, intake, compare or copies",
                           near ? near : "");
    }
    fputs(text, p->out);
    return ISN_OK;
}

/* ---- doctor ---- */

typedef struct doctor {
    program *program;
    table *rows;
    json_t *found;
    bool missing;
    char *fault; /* of the ledger, to be told below the table */
} doctor;

static bool check_library(void *context, const char *json, size_t size) {
    doctor *d = context;
    json_t *library = json_of(d->program, json, size);
    bool there = is_set(library, "version");
    table_cell(d->rows, there ? "ok" : "MISSING");
    table_cell(d->rows, text_at(library, "name"));
    table_cellf(d->rows, "%s, %s, for %s", there ? text_at(library, "version") : "not found",
                text_at(library, "loaded"), text_at(library, "needed_for"));
    d->missing |= !there;
    json_array_append_new(d->found, library);
    return true;
}

static void check_engine(doctor *d, json_t *report) {
    json_t *engine = json_loads(isn_engine_json(d->program->engine), 0, NULL);
    static const char *const tables[][2] = {{"language_data", "words and rules"},
                                            {"gazetteer", "places"},
                                            {"weights", "weights"},
                                            {"profile", "profile"}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const char *version = text_at(engine, tables[i][0]);
        if (!*version)
            continue;
        table_cell(d->rows, "ok");
        table_cell(d->rows, tables[i][1]);
        table_cellf(d->rows, "version %s", version);
    }
    json_object_set_new(report, "engine", engine ? engine : json_null());
}

static void tell_ledger(doctor *d, const char *path, const json_t *statistics, const isn_error *error) {
    bool unmade = !error && !statistics;
    table_cell(d->rows, error ? "FAULT" : unmade ? "none" : "ok");
    table_cell(d->rows, "ledger");
    if (unmade)
        table_cellf(d->rows, "%.300s: not made yet (isnad add makes it)", path);
    else if (error)
        table_cell(d->rows, isn_error_message(error));
    else
        /* as the ledger names itself: without a password */
        table_cellf(d->rows, "%.300s: %s, %s", json_string_value(json_object_get(statistics, "path")),
                    counted(number_at(statistics, "documents"), "document", "documents").text,
                    counted(number_at(statistics, "incidents"), "incident", "incidents").text);
}

static isn_code check_ledger(doctor *d, json_t *report) {
    program *p = d->program;
    const char *path = p->settings.ledger ? p->settings.ledger : p->ledger_path;
    isn_error *error = NULL;
    isn_ledger *ledger = NULL;
    char *json = NULL;
    isn_ledger_options options = {.size = sizeof options, .mode = ISN_LEDGER_READ};
    if (!path)
        return ISN_OK;
    isn_code code = ISN_OK;
    if (ledger_on_server(path) || access(path, F_OK) == 0) {
        code = isn_ledger_open(p->engine, path, &options, &ledger, &error);
        if (code == ISN_OK)
            code = isn_ledger_statistics(ledger, &json, &error);
    }
    json_t *statistics = json ? json_loads(json, 0, NULL) : NULL;
    tell_ledger(d, path, statistics, code == ISN_OK ? NULL : error);
    json_object_set_new(report, "ledger", statistics ? statistics : json_null());
    if (code != ISN_OK && !format_is(p, "jsonl", "table")) /* whole: the row is cut to the width */
        d->fault = strdup(isn_error_message(error));
    json_object_set_new(report, "ledger_fault",
                        code == ISN_OK ? json_null() : json_string(isn_error_message(error)));
    isn_error_free(error);
    isn_free(json);
    isn_ledger_close(ledger, NULL);
    return code;
}

static void check_terminal(doctor *d, json_t *report) {
    const terminal *t = &d->program->screen;
    table_cell(d->rows, "ok");
    table_cell(d->rows, "terminal");
    if (t->interactive)
        table_cellf(d->rows, "%zu columns, %s; can you read this? %s", t->width,
                    t->colour ? "colours" : "no colours", "قُتل 13 شخصاً");
    else
        table_cell(d->rows, "none: output goes to a file or a pipe");
    json_object_set_new(report, "terminal", json_boolean(t->interactive));
}

isn_code command_doctor(program *p) {
    static const table_column columns[] = {
        {"", CELL_WHOLE, 0}, {"WHAT", CELL_WHOLE, 0}, {"FOUND", CELL_TEXT, 0}};
    isn_code code = engine_start(p);
    if (code != ISN_OK)
        return code;
    doctor d = {p, table_new(columns, 3), json_array(), false, NULL};
    json_t *report = json_pack("{s:s}", "version", isn_version());
    isn_libraries(check_library, &d);
    json_object_set_new(report, "libraries", d.found);
    check_engine(&d, report);
    code = check_ledger(&d, report);
    check_terminal(&d, report);
    if (format_is(p, "jsonl", "table")) {
        char *text = json_dumps(report, JSON_COMPACT);
        output_row(p, text ? text : "{}", text ? strlen(text) : 2);
        free(text);
    } else {
        fprintf(p->out, "isnad %s\n", isn_version());
        table_print(d.rows, p->out, &p->screen);
    }
    if (d.fault)
        complain(p, "%s", d.fault);
    free(d.fault);
    table_free(d.rows);
    json_decref(report);
    return d.missing ? ISN_UNAVAILABLE : code;
}

/* ---- version ---- */

isn_code command_version(program *p) {
    fprintf(p->out, "isnad %s\n", isn_version());
    return ISN_OK;
}
