/* Text on a terminal: what a page says must not move the cursor, hide or turn around what stands beside it.
 *
 * Controls (C0, C1, DEL) and bidirectional controls are taken out; what is left stands between bidi isolates
 * (U+2068 … U+2069), so that Arabic inside a table does not reorder its columns. Widths are those of East
 * Asian wide letters and of marks that take no room, by a table of our own: no locale is asked. */
#ifndef ISN_CLI_TEXT_H
#define ISN_CLI_TEXT_H

#include "cli/cli.h"

terminal terminal_of(FILE *stream);

/* The code point at *at (U+FFFD for ill-formed bytes); moves *at past it. */
uint32_t text_next(const char *s, size_t size, size_t *at);
/* Whether a terminal would obey it: a control or a bidirectional control. */
bool text_obeyed(uint32_t c);
/* Columns: 0, 1 or 2. */
int text_columns(uint32_t c);
size_t text_width(const char *s, size_t size);
/* Bytes of the longest beginning that fits so many columns. */
size_t text_fit(const char *s, size_t size, size_t columns);
/* A copy on one line, without what a terminal would obey; white space to single spaces. Free with free(). */
char *text_clean(const char *s, size_t size);
/* Prints cleaned text, between isolates on a terminal; `cut`: with an ellipsis at its end. */
void text_put(FILE *out, const terminal *t, const char *clean, size_t size, bool cut);
/* Colours: "1" bold, "2" faint, "33" yellow, …; nothing where there are no colours. */
void style_begin(FILE *out, const terminal *t, const char *style);
void style_end(FILE *out, const terminal *t);

/* Prints a stretch of a page wrapped and indented, with a stretch of it marked; of long text the part around
 * the mark. Everything is in bytes; `text` is as in the JSON, not cleaned. */
typedef struct quotation {
    const char *text;
    size_t size, mark_start, mark_end;
    bool bare; /* whole, without quotation marks */
} quotation;
void text_quote(FILE *out, const terminal *t, quotation q, size_t indent);

/* Byte offsets of code points, for many look-ups in one text. */
typedef struct text_index {
    const char *text;
    size_t size;
    size_t *offsets; /* of every STEP-th code point */
    size_t count;
} text_index;
text_index text_index_new(const char *text, size_t size);
size_t text_index_offset(const text_index *x, size_t code_point);
void text_index_free(text_index *x);

/* Makes one folder; true where it is there. */
bool folder_make(const char *path);

/* ---- tables ---- */

typedef enum cell_kind {
    CELL_WHOLE,  /* never cut: days, ids */
    CELL_FIGURE, /* the same, to the right */
    CELL_TEXT    /* gives way where the terminal is narrow */
} cell_kind;

typedef struct table_column {
    const char *head;
    cell_kind kind;
    size_t most; /* columns wide at most; 0: any */
} table_column;

typedef struct table table;
/* A column without a single cell that says something is left out. */
table *table_new(const table_column *columns, size_t count);
/* The next cell, row by row; text is cleaned and copied; NULL: empty. */
void table_cell(table *t, const char *text);
void table_cellf(table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Lines that stand under the row last filled, ready to print; takes them over (malloc). */
void table_note(table *t, char *note);
size_t table_rows(const table *t);
void table_print(table *t, FILE *out, const terminal *screen);
void table_free(table *t);

#endif
