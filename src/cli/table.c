/* Tables of cells whose text may be of any script and length: widths are what the cells need, and where that
 * is more than the terminal has, the widest columns give way first. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

enum { GAP = 2, NARROWEST = 7, MOST_COLUMNS = 16 };

struct table {
    const table_column *columns;
    size_t count;
    char **cells;
    char **notes; /* one a row, NULL where there is none */
    size_t size, capacity;
};

static void *grown(void *memory, size_t size) {
    void *larger = realloc(memory, size);
    if (!larger) {
        fputs("isnad: out of memory\n", stderr);
        abort();
    }
    return larger;
}

table *table_new(const table_column *columns, size_t count) {
    table *t = grown(NULL, sizeof *t);
    *t = (table){.columns = columns, .count = count < MOST_COLUMNS ? count : MOST_COLUMNS};
    return t;
}

size_t table_rows(const table *t) {
    return (t->size + t->count - 1) / t->count;
}

static void make_room(table *t) {
    if (t->size < t->capacity)
        return;
    size_t rows = t->capacity / t->count * 2 + 16;
    t->capacity = rows * t->count;
    t->cells = grown(t->cells, t->capacity * sizeof *t->cells);
    t->notes = grown(t->notes, rows * sizeof *t->notes);
}

void table_cell(table *t, const char *text) {
    make_room(t);
    if (t->size % t->count == 0)
        t->notes[t->size / t->count] = NULL;
    t->cells[t->size++] = text_clean(text ? text : "", text ? strlen(text) : 0);
}

void table_cellf(table *t, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    table_cell(t, text);
}

void table_note(table *t, char *note) {
    t->notes[(t->size - 1) / t->count] = note;
}

static size_t cell_width(const table *t, size_t row, size_t column) {
    size_t at = row * t->count + column;
    return at < t->size ? text_width(t->cells[at], strlen(t->cells[at])) : 0;
}

static size_t natural_width(const table *t, size_t column) {
    size_t widest = 0;
    for (size_t row = 0; row < table_rows(t); row++) {
        size_t width = cell_width(t, row, column);
        widest = width > widest ? width : widest;
    }
    if (widest == 0)
        return 0;
    size_t head = strlen(t->columns[column].head), most = t->columns[column].most;
    widest = widest < head ? head : widest;
    return most && widest > most ? most : widest;
}

/* The widest of those that give way; `count` where there is none. */
static size_t widest_column(const table *t, const size_t *widths) {
    size_t widest = t->count;
    for (size_t i = 0; i < t->count; i++)
        if (t->columns[i].kind == CELL_TEXT && (widest == t->count || widths[i] > widths[widest]))
            widest = i;
    return widest;
}

static void fit_widths(const table *t, size_t available, size_t *widths) {
    size_t total = 0;
    for (size_t i = 0; i < t->count; i++) {
        widths[i] = natural_width(t, i);
        total += widths[i] ? widths[i] + GAP : 0;
    }
    while (total > available + GAP) {
        size_t widest = widest_column(t, widths);
        if (widest == t->count || widths[widest] <= NARROWEST)
            break;
        widths[widest]--;
        total--;
    }
}

static void put_cell(FILE *out, const terminal *screen, const char *text, size_t width, bool right,
                     bool last) {
    size_t size = strlen(text), columns = text_width(text, size);
    bool cut = columns > width;
    if (cut) {
        size = text_fit(text, size, width - 1);
        columns = text_width(text, size) + 1;
    }
    size_t padding = width > columns ? width - columns : 0;
    if (right)
        fprintf(out, "%*s", (int)padding, "");
    text_put(out, screen, text, size, cut);
    if (!right && !last)
        fprintf(out, "%*s", (int)padding, "");
    if (!last)
        fprintf(out, "%*s", GAP, "");
}

static void put_row(const table *t, FILE *out, const terminal *screen, const size_t *widths, size_t row,
                    bool head) {
    size_t last = t->count;
    while (last > 0 && widths[last - 1] == 0)
        last--;
    for (size_t i = 0; i < last; i++) {
        size_t at = row * t->count + i;
        const char *text = head ? t->columns[i].head : at < t->size ? t->cells[at] : "";
        if (widths[i])
            put_cell(out, screen, text, widths[i], t->columns[i].kind == CELL_FIGURE, i + 1 == last);
    }
}

void table_print(table *t, FILE *out, const terminal *screen) {
    size_t widths[MOST_COLUMNS];
    fit_widths(t, screen->width, widths);
    style_begin(out, screen, "1");
    put_row(t, out, screen, widths, 0, true);
    style_end(out, screen);
    fputc('\n', out);
    for (size_t row = 0; row < table_rows(t); row++) {
        put_row(t, out, screen, widths, row, false);
        fputc('\n', out);
        if (t->notes[row])
            fputs(t->notes[row], out);
    }
}

void table_free(table *t) {
    if (!t)
        return;
    for (size_t row = 0; row < table_rows(t); row++)
        free(t->notes[row]);
    for (size_t i = 0; i < t->size; i++)
        free(t->cells[i]);
    free(t->cells);
    free(t->notes);
    free(t);
}
