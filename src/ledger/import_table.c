/* CSV as spreadsheets write it: RFC 4180, with what else is about (a byte order mark, semicolons or tabs
 * between cells, lone line feeds or carriage returns). */
#include "ledger/import.h"

/* What stands most often in the header, outside of quotation marks. */
static char delimiter_of(str bytes) {
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof candidates] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < bytes.size && (quoted || (bytes.data[i] != '\n' && bytes.data[i] != '\r')); i++) {
        quoted ^= bytes.data[i] == '"';
        for (size_t k = 0; k < sizeof candidates; k++)
            counts[k] += !quoted && bytes.data[i] == candidates[k];
    }
    for (size_t k = 1; k < sizeof candidates; k++)
        best = counts[k] > counts[best] ? k : best;
    return candidates[best];
}

table_reader table_open(str bytes, str name) {
    bytes = str_unmarked(bytes);
    return (table_reader){.bytes = bytes, .name = name, .delimiter = delimiter_of(bytes)};
}

static bool ends_row(char c) {
    return c == '\n' || c == '\r';
}

/* A cell that begins with a quotation mark; two in a row stand for one. Moves past it. */
static str quoted_cell(table_reader *t, arena *a, bool *broken) {
    size_t from = ++t->at, doubled = 0, end = from;
    while (end < t->bytes.size &&
           (t->bytes.data[end] != '"' || (end + 1 < t->bytes.size && t->bytes.data[end + 1] == '"'))) {
        doubled += t->bytes.data[end] == '"';
        end += t->bytes.data[end] == '"' ? 2 : 1;
    }
    *broken = end >= t->bytes.size;
    end = end > t->bytes.size ? t->bytes.size : end;
    t->at = *broken ? end : end + 1;
    if (!doubled)
        return str_slice(t->bytes, from, end);
    char *copy = arena_take(a, end - from);
    size_t size = 0;
    for (size_t i = from; i < end; i++) {
        copy[size++] = t->bytes.data[i];
        i += t->bytes.data[i] == '"';
    }
    return (str){copy, size};
}

static str next_cell(table_reader *t, arena *a, bool *broken) {
    str cell = STR("");
    if (t->at < t->bytes.size && t->bytes.data[t->at] == '"')
        cell = quoted_cell(t, a, broken);
    size_t from = t->at;
    while (t->at < t->bytes.size && t->bytes.data[t->at] != t->delimiter && !ends_row(t->bytes.data[t->at]))
        t->at++;
    if (!cell.size)
        cell = str_slice(t->bytes, from, t->at);
    return cell;
}

/* An apostrophe that our own export put before what begins like a formula. */
static str without_guard(str cell) {
    bool guarded = cell.size > 1 && cell.data[0] == '\'' && strchr("=+-@", cell.data[1]) && cell.data[1];
    return guarded ? str_slice(cell, 1, cell.size) : cell;
}

bool table_next(table_reader *t, arena *a, cells *out, bool *broken) {
    *out = (cells){0};
    *broken = false;
    if (t->at >= t->bytes.size)
        return false;
    t->row++;
    t->row_start = t->at;
    for (;;) {
        *VECTOR_PUSH(out, a) = without_guard(str_trim(next_cell(t, a, broken)));
        if (t->at >= t->bytes.size || t->bytes.data[t->at] != t->delimiter)
            break;
        t->at++;
    }
    t->row_end = t->at;
    if (t->at < t->bytes.size && t->bytes.data[t->at] == '\r')
        t->at++;
    if (t->at < t->bytes.size && t->bytes.data[t->at] == '\n')
        t->at++;
    return true;
}
