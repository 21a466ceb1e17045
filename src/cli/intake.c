/* isnad intake ls: what is in files, whether or not it is read. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/words.h"

enum { ROWS_AT_ONCE = 1000, WIDE = 120 };

/* What stands in a container has offsets in it, under its name; files and entries that are pages, or are
 * none, have their names. */
static const table_column in_container[] = {
    {"OFFSET", CELL_FIGURE, 0}, {"TYPE", CELL_WHOLE, 0},   {"TIME", CELL_WHOLE, 0},
    {"STATUS", CELL_FIGURE, 0}, {"BYTES", CELL_FIGURE, 0}, {"MEDIA", CELL_TEXT, 24},
    {"URL", CELL_TEXT, 60},     {"TITLE", CELL_TEXT, 30},  {"READ", CELL_TEXT, 60},
};
static const table_column by_name[] = {
    {"FILE", CELL_TEXT, 60},  {"TYPE", CELL_WHOLE, 0}, {"TIME", CELL_WHOLE, 0},  {"BYTES", CELL_FIGURE, 0},
    {"MEDIA", CELL_TEXT, 24}, {"URL", CELL_TEXT, 60},  {"TITLE", CELL_TEXT, 30}, {"READ", CELL_TEXT, 60},
};

typedef struct listing {
    program *program;
    table *rows;
    char *file; /* whose rows these are; NULL: they have names of their own */
    bool begun;
    unsigned long long seen, read;
} listing;

static void start_rows(listing *l) {
    table_free(l->rows);
    l->rows = l->file ? table_new(in_container, sizeof in_container / sizeof *in_container)
                      : table_new(by_name, sizeof by_name / sizeof *by_name);
}

static void print_rows(listing *l) {
    if (table_rows(l->rows))
        table_print(l->rows, l->program->out, &l->program->screen);
    start_rows(l);
}

/* "yes", or why not; what was read and is not whole has a reason too. */
static void read_cell(table *t, const json_t *item) {
    const char *why = text_at(item, "why");
    bool read = is_set(item, "read");
    if (!read && !*why) /* a container in a container */
        table_cell(t, "what is in it");
    else
        table_cellf(t, "%s%s%s", read ? "yes" : "no", *why ? ": " : "", why);
}

static void figure_cell(table *t, const json_t *item, const char *name) {
    if (number_at(item, name))
        table_cellf(t, "%lld", number_at(item, name));
    else
        table_cell(t, "");
}

static bool has_name(const json_t *item) {
    static const char *const types[] = {"page", "file", "entry"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(text_at(item, "type"), types[i]) == 0)
            return true;
    return false;
}

/* NULL: what follows stands in no container. */
static void begin_file(listing *l, const char *file) {
    if (l->begun && (file ? l->file && strcmp(l->file, file) == 0 : !l->file))
        return;
    print_rows(l);
    if (l->begun)
        fputs("\n", l->program->out);
    free(l->file);
    l->file = file ? strdup(file) : NULL;
    l->begun = true;
    start_rows(l);
    if (file) {
        put_text(l->program->out, &l->program->screen, file);
        fputs("\n", l->program->out);
    }
}

static bool list_item(void *context, const char *json, size_t size) {
    listing *l = context;
    json_t *item = json_of(l->program, json, size);
    bool named = has_name(item), wide = l->program->screen.width >= WIDE;
    begin_file(l, named ? NULL : text_at(item, "file"));
    l->seen++;
    l->read += is_set(item, "read");
    if (named)
        table_cell(l->rows, text_at(item, "file"));
    else
        table_cellf(l->rows, "%lld", number_at(item, "offset"));
    table_cell(l->rows, text_at(item, "type"));
    table_cell(l->rows, text_at(item, "time"));
    if (!named)
        figure_cell(l->rows, item, "status");
    figure_cell(l->rows, item, "bytes");
    table_cell(l->rows, wide ? text_at(item, "media_type") : "");
    table_cell(l->rows, text_at(item, "url"));
    table_cell(l->rows, !wide                        ? ""
                        : *text_at(item, "software") ? text_at(item, "software")
                                                     : text_at(item, "title"));
    read_cell(l->rows, item);
    json_decref(item);
    if (table_rows(l->rows) >= ROWS_AT_ONCE)
        print_rows(l);
    return output_flush_when_full(l->program);
}

static bool print_item(void *context, const char *json, size_t size) {
    return !interrupted() && output_row(context, json, size);
}

static isn_code intake_ls(program *p, char *const *files, size_t count) {
    static const char *const standard_input[] = {"-"};
    const settings *s = &p->settings;
    isn_error *error = NULL;
    if (count == 0 && isatty(STDIN_FILENO))
        return usage_error(p, "intake", "list what? For example: isnad intake ls crawl.warc.gz");
    isn_code code = engine_start(p);
    if (code != ISN_OK)
        return code;
    isn_intake_options options = {
        .size = sizeof options, .format = s->from, .max_bytes = s->max_bytes, .offline = s->offline};
    listing l = {.program = p};
    start_rows(&l);
    bool lines = format_is(p, "jsonl", "jsonl");
    code = isn_intake_list(p->engine, count ? (const char *const *)files : standard_input, count ? count : 1,
                           &options, lines ? print_item : list_item, lines ? (void *)p : (void *)&l, &error);
    if (error)
        complain_error(p, error);
    if (!lines && l.seen) {
        print_rows(&l);
        fprintf(p->out, "\n%llu of %llu are read\n", l.read, l.seen);
    }
    table_free(l.rows);
    free(l.file);
    return code == ISN_OK && interrupted() ? ISN_CANCELLED : code;
}

isn_code command_intake(program *p) {
    const settings *s = &p->settings;
    if (s->count == 0)
        return usage_error(p, "intake", "ls? For example: isnad intake ls crawl.warc.gz");
    if (strcmp(s->arguments[0], "ls") == 0)
        return intake_ls(p, s->arguments + 1, s->count - 1);
    return unknown_verb(p, command_named("intake"), s->arguments[0]);
}
