/* Scales of grades: the one that comes with isnad (data/ledger/grades.tsv), or a ledger's own. */
#include "ledger/names.h"
#include "ledger/review.h"
#include "ledger/sums.h"

static status table_of(ledger *l, arena *a, str *out, failure *f) {
    status code = setting_read(l, "grades", a, out, f);
    if (!out->data)
        *out = str_of(ledger_table_grades);
    return code;
}

static bool is_row(str line) {
    return line.size && line.data[0] != '#';
}

static grade grade_of(str line) {
    return (grade){str_cell(line, 0), str_cell(line, 1), str_cell(line, 2), str_cell(line, 3)};
}

static void write_grade(buffer *b, str line) {
    grade g = grade_of(line);
    b->size = 0;
    buffer_add_byte(b, '{');
    write_key(b, "scale"), write_string(b, g.scale);
    write_key(b, "grade"), write_string(b, g.name);
    write_key(b, "en"), write_string(b, g.en);
    write_key(b, "ar"), write_string(b, g.ar);
    write_key(b, "says"), write_string(b, str_cell(line, 4));
    buffer_add_byte(b, '}');
}

status ledger_grades(ledger *l, ledger_row row, void *context, failure *f) {
    arena a = arena_new((allocator){0});
    buffer b = {0};
    str table, line;
    bool more = true;
    status code = table_of(l, &a, &table, f);
    for (size_t at = 0; code == STATUS_OK && more && str_piece(table, &at, '\n', &line);) {
        if (!is_row(line))
            continue;
        write_grade(&b, line);
        more = row(context, buffer_str(&b));
    }
    buffer_free(&b);
    arena_free(&a);
    return code;
}

status grade_named(ledger *l, arena *a, str name, grade *out, failure *f) {
    str table, line, known = STR_NONE;
    status code = table_of(l, a, &table, f);
    for (size_t at = 0; code == STATUS_OK && str_piece(table, &at, '\n', &line);) {
        if (!is_row(line))
            continue;
        *out = grade_of(line);
        if (str_equal_ascii_nocase(name, out->name) || str_equal_ascii_nocase(name, out->en) ||
            str_equal(name, out->ar))
            return STATUS_OK;
        known = arena_printf(a, "%.*s%.*s, ", STR_ARG(known), STR_ARG(out->name));
    }
    return code == STATUS_OK
               ? fail(f, STATUS_USAGE, "no grade \"%.*s\": expected %.*snone", STR_ARG(name), STR_ARG(known))
               : code;
}

/* ---- a ledger's own ---- */

static bool is_plain_name(str s) {
    for (size_t i = 0; i < s.size; i++)
        if (!((s.data[i] >= 'a' && s.data[i] <= 'z') || (s.data[i] >= '0' && s.data[i] <= '9') ||
              s.data[i] == '_' || s.data[i] == '-'))
            return false;
    return s.size && s.size <= 40 && !str_equal(s, STR("none"));
}

static const char *wrong_with(str line, str table, size_t before) {
    grade g = grade_of(line), other;
    str earlier;
    if (!is_plain_name(g.scale) || !is_plain_name(g.name))
        return "expected a scale and a grade in small Latin letters, digits, - and _, with tabs between";
    if (!g.en.size || !g.ar.size)
        return "expected the grade's name in English and in Arabic, with tabs between";
    for (size_t at = 0; str_piece(str_slice(table, 0, before), &at, '\n', &earlier);) {
        other = grade_of(earlier);
        if (is_row(earlier) && str_equal(other.name, g.name))
            return "a grade of that name stands above";
        if (is_row(earlier) && !str_equal(other.scale, g.scale))
            return "expected the same scale in every row";
    }
    return NULL;
}

static status check_table(str table, str name, failure *f) {
    str line;
    size_t number = 0, rows = 0, begins = 0;
    for (size_t at = 0; str_piece(table, &at, '\n', &line); begins = at) {
        number++;
        if (line.size && line.data[line.size - 1] == '\r')
            line.size--;
        const char *wrong = is_row(line) ? wrong_with(line, table, begins ? begins - 1 : 0) : NULL;
        if (wrong)
            return fail(f, STATUS_BAD_INPUT, "%.*s, line %zu: %s", STR_ARG(name), number, wrong);
        rows += is_row(line);
    }
    return rows ? STATUS_OK : fail(f, STATUS_BAD_INPUT, "%.*s: expected grades, a line each", STR_ARG(name));
}

status ledger_keep_grades(ledger *l, str table, str name, failure *f) {
    table = str_unmarked(table);
    status code = check_table(table, name, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code == STATUS_OK)
        code = setting_keep(l, "grades", table, f);
    if (code == STATUS_OK)
        code = sums_forget(l, f);
    return code == STATUS_OK ? ledger_commit(l, f) : code;
}
