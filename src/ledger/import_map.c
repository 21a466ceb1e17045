/* Mapping files: which column of a table holds what.
 *
 *     # field <TAB> column <TAB> conversion
 *     recorder      =Raqqa Documentation Group
 *     id            Case
 *     date          Day               dmy
 *     event         Kind              Airstrike=air_strike; *=other_attack
 *     killed        Dead
 *     killed_child  Dead children     no-zero
 *
 * A column that begins with "=" is no column: what follows stands for every row. */
#include "ledger/import.h"

static const char *const field_names[FIELDS] = {
    [FIELD_RECORDER] = "recorder",
    [FIELD_RECORDER_KIND] = "recorder_kind",
    [FIELD_LANGUAGE] = "language",
    [FIELD_ID] = "id",
    [FIELD_DATE] = "date",
    [FIELD_DATE_END] = "date_end",
    [FIELD_EVENT] = "event",
    [FIELD_PLACE] = "place",
    [FIELD_REGION] = "region",
    [FIELD_COUNTRY] = "country",
    [FIELD_LAT] = "lat",
    [FIELD_LON] = "lon",
    [FIELD_RADIUS] = "radius_km",
    [FIELD_ACTOR] = "actor",
    [FIELD_CLASS] = "class",
    [FIELD_NOTES] = "notes",
    [FIELD_URL] = "url",
    [FIELD_URLS] = "urls",
    [FIELD_PUBLISHED] = "published",
};

static status wrong(const mapping *m, uint32_t line, failure *f, const char *what, str found) {
    str shown = found.size > 80 ? str_slice(found, 0, 80) : found;
    return fail(f, STATUS_BAD_INPUT, "%.*s:%u: %s, found \"%.*s\"", STR_ARG(m->name), line, what,
                STR_ARG(shown));
}

/* ---- fields ---- */

/* "killed", "killed_min", "injured_civilian_child_max" */
static bool read_figure(str name, mapped *out) {
    size_t at = 0;
    str part;
    int harm = str_piece(name, &at, '_', &part) ? effect_named(part) : NONE;
    if (harm == NONE)
        return false;
    *out = (mapped){.field = FIELD_FIGURE, .effect = (effect)harm, .class = CLASS_UNKNOWN};
    while (at < name.size && str_piece(name, &at, '_', &part)) {
        int class = who_class_named(part), group = who_group_named(part);
        if (str_equal(part, STR("min")))
            out->bound = BOUND_LEAST;
        else if (str_equal(part, STR("max")))
            out->bound = BOUND_MOST;
        else if (class != NONE)
            out->class = (who_class) class;
        else if (group > GROUP_NONE)
            out->group = (who_group)group;
        else
            return false;
    }
    return true;
}

static bool read_field(str name, mapped *out) {
    for (int i = 0; i < FIELDS; i++)
        if (str_equal(name, str_of(field_names[i]))) {
            *out = (mapped){.field = (record_field)i};
            return true;
        }
    return read_figure(name, out);
}

static bool same_field(const mapped *x, const mapped *y) {
    return x->field == y->field &&
           (x->field != FIELD_FIGURE ||
            (x->effect == y->effect && x->class == y->class && x->group == y->group && x->bound == y->bound));
}

/* ---- conversions ---- */

static const char *read_conversion(mapped *m, str text) {
    static const char *const orders[] = {"iso", "dmy", "mdy", "ymd"};
    bool day_field = m->field == FIELD_DATE || m->field == FIELD_DATE_END || m->field == FIELD_PUBLISHED;
    if (str_find(text, STR("="), 0) != SIZE_MAX) {
        m->values = text;
        return NULL;
    }
    for (size_t i = 0; day_field && i < sizeof orders / sizeof *orders; i++)
        if (str_equal(text, str_of(orders[i]))) {
            m->order = (day_order)i;
            return NULL;
        }
    if (m->field == FIELD_FIGURE && str_equal(text, STR("no-zero"))) {
        m->no_zero = true;
        return NULL;
    }
    return day_field                  ? "expected iso, dmy, mdy, ymd or \"cell=day; …\""
           : m->field == FIELD_FIGURE ? "expected no-zero or \"cell=figure; …\""
                                      : "expected \"cell=value; other cell=value; *=value\"";
}

/* ---- lines ---- */

static str cell_of(str line, size_t n) {
    return str_trim(str_cell(line, n));
}

/* What a constant must be is known at once. */
static const char *check_constant(const mapped *m) {
    if (m->field == FIELD_RECORDER_KIND && voice_kind_named(m->constant) == NONE)
        return "expected a kind of voice (monitor, government, medical, …)";
    if (m->field == FIELD_CLASS && who_class_named(m->constant) == NONE)
        return "expected civilian, combatant, mixed or unknown";
    if (m->field == FIELD_EVENT && event_type_named(m->constant) == NONE)
        return "expected a kind of event (air_strike, shelling, …)";
    return NULL;
}

static status read_line(mapping *m, str line, uint32_t number, arena *a, failure *f) {
    str name = cell_of(line, 0), column = cell_of(line, 1), conversion = cell_of(line, 2);
    mapped made;
    if (!read_field(name, &made))
        return wrong(m, number, f, "expected a field such as id, date, place or killed (isnad help import)",
                     name);
    if (!column.size || cell_of(line, 3).size)
        return wrong(m, number, f, "expected a field, a column and perhaps a conversion, with tabs between",
                     line);
    made.line = number;
    made.at = NONE;
    if (column.data[0] == '=')
        made.constant = str_slice(column, 1, column.size);
    else
        made.column = column;
    const char *mistake = conversion.size ? read_conversion(&made, conversion) : NULL;
    if (mistake)
        return wrong(m, number, f, mistake, conversion);
    mistake = made.column.data ? NULL : check_constant(&made);
    if (mistake)
        return wrong(m, number, f, mistake, made.constant);
    for (size_t i = 0; i < m->lines.size; i++)
        if (same_field(&m->lines.at[i], &made))
            return fail(f, STATUS_BAD_INPUT, "%.*s:%u: \"%.*s\" is told already on line %u", STR_ARG(m->name),
                        number, STR_ARG(name), m->lines.at[i].line);
    *VECTOR_PUSH(&m->lines, a) = made;
    return STATUS_OK;
}

static status check_whole(mapping *m, failure *f) {
    bool says_something = m->field[FIELD_EVENT] != NULL;
    for (size_t i = 0; i < m->lines.size; i++)
        says_something |= m->lines.at[i].field == FIELD_FIGURE;
    const char *missing = !m->field[FIELD_RECORDER] ? "recorder (who keeps the table)"
                          : !m->field[FIELD_ID]     ? "id (the column that names each incident)"
                          : !says_something         ? "event or a figure such as killed"
                          : !m->field[FIELD_LAT] != !m->field[FIELD_LON] ? "lat and lon, both or none"
                                                                         : NULL;
    return missing ? fail(f, STATUS_BAD_INPUT, "%.*s: expected a line for %s", STR_ARG(m->name), missing)
                   : STATUS_OK;
}

status mapping_read(str bytes, str name, arena *a, mapping *out, failure *f) {
    mapping m = {.name = name};
    uint32_t number = 0;
    str text = str_unmarked(bytes), line;
    for (size_t at = 0; str_piece(text, &at, '\n', &line);) {
        number++;
        if (!str_trim(line).size || line.data[0] == '#')
            continue;
        status code = read_line(&m, line, number, a, f);
        if (code != STATUS_OK)
            return code;
    }
    for (size_t i = 0; i < m.lines.size; i++)
        if (m.lines.at[i].field != FIELD_FIGURE)
            m.field[m.lines.at[i].field] = &m.lines.at[i];
    status code = check_whole(&m, f);
    if (code == STATUS_OK)
        *out = m;
    return code;
}

status mapping_bind(mapping *m, const cells *header, const table_reader *t, failure *f) {
    for (size_t i = 0; i < m->lines.size; i++) {
        mapped *line = &m->lines.at[i];
        for (size_t k = 0; line->column.data && k < header->size && line->at == NONE; k++)
            line->at = str_equal(header->at[k], line->column) ? (int)k : NONE;
        if (line->column.data && line->at == NONE)
            return fail(f, STATUS_BAD_INPUT, "%.*s:%u: expected a column of %.*s, found \"%.*s\"",
                        STR_ARG(m->name), line->line, STR_ARG(t->name), STR_ARG(line->column));
    }
    return STATUS_OK;
}
