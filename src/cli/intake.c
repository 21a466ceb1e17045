/* isnad intake ls: what is in files, whether or not it is read. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/words.h"

enum { ROWS_AT_ONCE = 1000 };

static const table_column columns[] = {
    {"OFFSET", CELL_FIGURE, 0}, {"TYPE", CELL_WHOLE, 0},    {"READ", CELL_WHOLE, 0},  {"TIME", CELL_WHOLE, 0},
    {"STATUS", CELL_FIGURE, 0}, {"BYTES", CELL_FIGURE, 0},  {"MEDIA", CELL_TEXT, 24}, {"URL", CELL_TEXT, 60},
    {"TITLE", CELL_TEXT, 30},   {"WHY NOT", CELL_TEXT, 60},
};

typedef struct listing {
    program *program;
    table *rows;
    char *file; /* whose rows these are */
    unsigned long long seen, read;
} listing;

static void print_rows(listing *l) {
    if (table_rows(l->rows))
        table_print(l->rows, l->program->out, &l->program->screen);
    table_free(l->rows);
    l->rows = table_new(columns, sizeof columns / sizeof *columns);
}

static void figure_cell(table *t, const json_t *item, const char *name) {
    if (number_at(item, name))
        table_cellf(t, "%lld", number_at(item, name));
    else
        table_cell(t, "");
}

/* A container's rows stand under its name; pages that are files of their own are told by their names. */
static void begin_file(listing *l, const char *file) {
    if (l->file && strcmp(l->file, file) == 0)
        return;
    print_rows(l);
    fprintf(l->program->out, "%s", l->file ? "\n" : "");
    put_text(l->program->out, &l->program->screen, file);
    fputs("\n", l->program->out);
    free(l->file);
    l->file = strdup(file);
}

static bool list_item(void *context, const char *json, size_t size) {
    listing *l = context;
    json_t *item = json_of(l->program, json, size);
    begin_file(l, text_at(item, "file"));
    l->seen++;
    l->read += is_set(item, "read");
    table_cellf(l->rows, "%lld", number_at(item, "offset"));
    table_cell(l->rows, text_at(item, "type"));
    table_cell(l->rows, is_set(item, "read") ? "yes" : "no");
    table_cell(l->rows, text_at(item, "time"));
    figure_cell(l->rows, item, "status");
    figure_cell(l->rows, item, "bytes");
    table_cell(l->rows, text_at(item, "media_type"));
    table_cell(l->rows, text_at(item, "url"));
    table_cell(l->rows, is_set(item, "software") ? text_at(item, "software") : text_at(item, "title"));
    table_cell(l->rows, text_at(item, "why"));
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
    listing l = {.program = p, .rows = table_new(columns, sizeof columns / sizeof *columns)};
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
