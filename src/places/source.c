#include "places/source.h"
#include "base/utf8.h"
#include <math.h>
#include <stdio.h>

enum { COLUMNS_LIMIT = 32, GEONAMES_COLUMNS = 19 };

/* What a column of a table with a header holds. Both tables share the names that mean the same. */
typedef enum column {
    COLUMN_ID,
    COLUMN_WOF_ID,
    COLUMN_GEONAMES_ID,
    COLUMN_NAME,
    COLUMN_NAMES_AR,
    COLUMN_NAMES_OTHER,
    COLUMN_COUNTRY,
    COLUMN_REGION,
    COLUMN_COUNTY,
    COLUMN_KIND,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_POPULATION,
    COLUMN_RADIUS,
    COLUMN_ATTENTION,
    COLUMN_OTHER,
} column;

static const struct column_name {
    const char *name;
    column is;
} column_names[] = {
    {"id", COLUMN_ID},
    {"wof_id", COLUMN_WOF_ID},
    {"geonames_id", COLUMN_GEONAMES_ID},
    {"name", COLUMN_NAME},
    {"name_en", COLUMN_NAME},
    {"names_ar", COLUMN_NAMES_AR},
    {"country", COLUMN_COUNTRY},
    {"names_other", COLUMN_NAMES_OTHER},
    {"region", COLUMN_REGION},
    {"county", COLUMN_COUNTY},
    {"kind", COLUMN_KIND},
    {"lat", COLUMN_LAT},
    {"lon", COLUMN_LON},
    {"population", COLUMN_POPULATION},
    {"radius_km", COLUMN_RADIUS},
    {"attention", COLUMN_ATTENTION},
};

/* The kinds of Who's On First and of the simple table. */
static const struct kind_name {
    const char *name;
    place_kind is;
} kind_names[] = {
    {"country", PLACE_COUNTRY},
    {"region", PLACE_REGION},
    {"city", PLACE_CITY},
    {"village", PLACE_VILLAGE},
    {"neighbourhood", PLACE_NEIGHBOURHOOD},
    {"site", PLACE_SITE},
    {"area", PLACE_AREA},
    {"county", PLACE_AREA},
    {"localadmin", PLACE_AREA},
    {"locality", PLACE_VILLAGE},
    {"microhood", PLACE_NEIGHBOURHOOD},
    {"macrohood", PLACE_NEIGHBOURHOOD},
    {"borough", PLACE_NEIGHBOURHOOD},
    {"campus", PLACE_SITE},
    {"macroregion", PLACE_AREA},
    {"macrocounty", PLACE_AREA},
    {"dependency", PLACE_COUNTRY},
};

/* GeoNames: feature class, beginning of the feature code, kind. The first that fits. */
static const struct feature_kind {
    char class;
    const char *code;
    int is;
} feature_kinds[] = {
    {'A', "ADM1", PLACE_REGION},
    {'A', "PCL", PLACE_COUNTRY},
    {'A', "TERR", PLACE_REGION},
    {'A', "", PLACE_AREA},
    {'P', "PPLX", PLACE_NEIGHBOURHOOD},
    {'P', "PPLC", PLACE_CITY},
    {'P', "PPLA", PLACE_CITY},
    {'P', "", PLACE_VILLAGE},
    {'S', "", PLACE_SITE},
    {'R', "", PLACE_SITE},
    {'T', "MT", PLACE_SITE},
    {'T', "HLL", PLACE_SITE},
    {'T', "", PLACE_AREA},
    {'L', "", PLACE_AREA},
    {'H', "", PLACE_AREA},
};

typedef struct line_reader {
    const char *path;
    arena *memory;
    failure *failure;
    size_t line;
    column columns[COLUMNS_LIMIT];
    size_t column_count;
    bool is_geonames, has_wof_ids;
} line_reader;

static status wrong(const line_reader *r, const char *expected, str found) {
    return fail(r->failure, STATUS_BAD_INPUT, "%s:%zu: expected %s, found \"%.*s\"", r->path, r->line,
                expected, (int)(found.size < 60 ? found.size : 60), found.data);
}

static size_t split(str line, char by, str *fields, size_t limit) {
    size_t count = 0, from = 0;
    for (size_t at = 0; at <= line.size; at++) {
        if (at < line.size && line.data[at] != by)
            continue;
        if (count < limit)
            fields[count] = str_slice(line, from, at);
        count++;
        from = at + 1;
    }
    return count;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Plain decimals, in no locale. */
static bool parse_number(str s, double low, double high, double *out) {
    size_t at = s.size && s.data[0] == '-', digits = 0;
    double value = 0, scale = 1;
    for (; at < s.size && is_digit(s.data[at]) && digits < 20; at++, digits++)
        value = value * 10 + (s.data[at] - '0');
    if (at < s.size && s.data[at] == '.')
        for (at++; at < s.size && is_digit(s.data[at]); at++, digits++)
            value += (s.data[at] - '0') * (scale /= 10);
    value = s.size && s.data[0] == '-' ? -value : value;
    if (digits == 0 || at != s.size || !(value >= low && value <= high))
        return false;
    *out = value;
    return true;
}

/* Names */

static bool is_arabic(str name) {
    for (size_t at = 0; at < name.size;) {
        uint32_t c = utf8_next(name, &at);
        if ((c >= 0x620 && c < 0x700) || (c >= 0xfb50 && c < 0xfdff) || (c >= 0xfe70 && c < 0xfeff))
            return true;
    }
    return false;
}

/* Latin or Arabic; another script's names are never asked for. */
static bool is_readable(str name) {
    for (size_t at = 0; at < name.size;) {
        uint32_t c = utf8_next(name, &at);
        bool other = (c >= 0x370 && c < 0x600) || (c >= 0x700 && c < 0x1e00) || (c >= 0x2c00 && c < 0xfb50) ||
                     c > 0xffff;
        if (other)
            return false;
    }
    return name.size > 0;
}

static void add_name(source_place *row, arena *a, str name, bool alternate) {
    name = str_trim(name);
    if (is_readable(name))
        *VECTOR_PUSH(&row->names, a) = (source_name){name, alternate, is_arabic(name)};
}

/* Which names of a list are alternates. Who's On First puts the name in use first and old, foreign and
 * broader ones after it. */
typedef enum alternates { NAMES_NONE, NAMES_AFTER_FIRST, NAMES_ALL } alternates;

static void add_names(source_place *row, arena *a, str list, char by, alternates which) {
    for (size_t from = 0; from <= list.size;) {
        const char *end = memchr(list.data + from, by, list.size - from);
        size_t to = end ? (size_t)(end - list.data) : list.size;
        add_name(row, a, str_slice(list, from, to),
                 which == NAMES_ALL || (which == NAMES_AFTER_FIRST && from > 0));
        from = to + 1;
    }
}

/* Tables with a header */

static status take_kind(const line_reader *r, str value, source_place *row) {
    for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
        if (str_equal(str_of(kind_names[i].name), value)) {
            row->kind = (int)kind_names[i].is;
            return STATUS_OK;
        }
    return value.size ? wrong(r, "a kind of place", value) : STATUS_OK;
}

static status take_number(const line_reader *r, str value, const char *expected, double low, double high,
                          double *out) {
    return value.size == 0 || parse_number(value, low, high, out) ? STATUS_OK : wrong(r, expected, value);
}

static status take_country(const line_reader *r, str value, source_place *row) {
    row->country = value;
    return value.size == 0 || value.size == 2 ? STATUS_OK : wrong(r, "a country of two letters", value);
}

static str prefixed_id(const line_reader *r, const char *prefix, str value) {
    bool none = value.size == 0 || str_equal(value, STR("0"));
    return none ? STR_NONE : arena_printf(r->memory, "%s:%.*s", prefix, STR_ARG(value));
}

static status take_population(const line_reader *r, str value, source_place *row) {
    double people = 0;
    status s = take_number(r, value, "a population", 0, 4e9, &people);
    row->population = (uint32_t)people;
    return s;
}

static status take_attention(const line_reader *r, str value, source_place *row) {
    double attention = 0;
    status s = take_number(r, value, "an attention", 0, 9, &attention);
    row->attention = (uint8_t)attention;
    return s;
}

static status take_field(const line_reader *r, column is, str value, source_place *row) {
    switch (is) {
    case COLUMN_ID:
        row->id = value;
        if (str_starts(value, STR("geonames:")))
            row->geonames = value;
        return STATUS_OK;
    case COLUMN_WOF_ID:
        row->id = prefixed_id(r, "wof", value);
        return STATUS_OK;
    case COLUMN_GEONAMES_ID:
        row->geonames = prefixed_id(r, "geonames", value);
        return STATUS_OK;
    case COLUMN_NAME:
        add_name(row, r->memory, value, false);
        return STATUS_OK;
    case COLUMN_NAMES_AR:
        add_names(row, r->memory, value, '|', r->has_wof_ids ? NAMES_AFTER_FIRST : NAMES_NONE);
        return STATUS_OK;
    case COLUMN_NAMES_OTHER:
        add_names(row, r->memory, value, '|', NAMES_ALL);
        return STATUS_OK;
    case COLUMN_COUNTRY:
        return take_country(r, value, row);
    case COLUMN_REGION:
        row->region = value;
        return STATUS_OK;
    case COLUMN_COUNTY:
        row->county = value;
        return STATUS_OK;
    case COLUMN_KIND:
        return take_kind(r, value, row);
    case COLUMN_LAT:
        return take_number(r, value, "a latitude", -90, 90, &row->lat);
    case COLUMN_LON:
        return take_number(r, value, "a longitude", -180, 180, &row->lon);
    case COLUMN_POPULATION:
        return take_population(r, value, row);
    case COLUMN_RADIUS:
        return take_number(r, value, "a radius in kilometres", 0, 6500, &row->radius_km);
    case COLUMN_ATTENTION:
        return take_attention(r, value, row);
    case COLUMN_OTHER:
        break;
    }
    return STATUS_OK;
}

static status read_table_row(const line_reader *r, str line, source_place *row) {
    str fields[COLUMNS_LIMIT];
    size_t count = split(line, '\t', fields, COLUMNS_LIMIT);
    if (count > r->column_count)
        return fail(r->failure, STATUS_BAD_INPUT, "%s:%zu: expected at most %zu columns, found %zu", r->path,
                    r->line, r->column_count, count);
    for (size_t i = 0; i < count; i++) {
        status s = take_field(r, r->columns[i], fields[i], row);
        if (s != STATUS_OK)
            return s;
    }
    row->code = row->names.size ? row->names.at[0].text : STR_NONE;
    return row->id.size ? STATUS_OK : wrong(r, "an id", line);
}

static status read_header(line_reader *r, str line) {
    str fields[COLUMNS_LIMIT];
    bool has_id = false;
    r->column_count = split(line, '\t', fields, COLUMNS_LIMIT);
    if (r->column_count > COLUMNS_LIMIT)
        return wrong(r, "at most 32 columns", line);
    for (size_t i = 0; i < r->column_count; i++) {
        r->columns[i] = COLUMN_OTHER;
        for (size_t k = 0; k < sizeof column_names / sizeof *column_names; k++)
            if (str_equal(fields[i], str_of(column_names[k].name)))
                r->columns[i] = column_names[k].is;
        has_id |= r->columns[i] == COLUMN_ID || r->columns[i] == COLUMN_WOF_ID;
        r->has_wof_ids |= r->columns[i] == COLUMN_WOF_ID;
    }
    return has_id ? STATUS_OK
                  : wrong(r, "a header with a column id or wof_id, or the 19 columns of GeoNames", line);
}

/* GeoNames dumps */

static int feature_kind(str class, str code) {
    for (size_t i = 0; i < sizeof feature_kinds / sizeof *feature_kinds; i++)
        if (class.size == 1 && class.data[0] == feature_kinds[i].class &&
            str_starts(code, str_of(feature_kinds[i].code)))
            return feature_kinds[i].is;
    return -1;
}

static status read_geonames_row(const line_reader *r, str line, source_place *row) {
    str fields[GEONAMES_COLUMNS];
    size_t count = split(line, '\t', fields, GEONAMES_COLUMNS);
    if (count != GEONAMES_COLUMNS)
        return fail(r->failure, STATUS_BAD_INPUT, "%s:%zu: expected the 19 columns of GeoNames, found %zu",
                    r->path, r->line, count);
    row->id = row->geonames = prefixed_id(r, "geonames", fields[0]);
    add_name(row, r->memory, fields[1], false);
    add_name(row, r->memory, fields[2], true);
    add_names(row, r->memory, fields[3], ',', NAMES_ALL);
    row->kind = feature_kind(fields[6], fields[7]);
    row->region = fields[10];
    row->county = fields[11];
    row->code = row->kind == PLACE_REGION ? row->region : row->county;
    status s = take_number(r, fields[4], "a latitude", -90, 90, &row->lat);
    s = s == STATUS_OK ? take_number(r, fields[5], "a longitude", -180, 180, &row->lon) : s;
    s = s == STATUS_OK ? take_country(r, fields[8], row) : s;
    s = s == STATUS_OK ? take_population(r, fields[14], row) : s;
    return s != STATUS_OK || row->id.size ? s : wrong(r, "a GeoNames id", line);
}

/* Lines */

static bool looks_like_geonames(str line) {
    str fields[GEONAMES_COLUMNS];
    double id;
    return split(line, '\t', fields, GEONAMES_COLUMNS) == GEONAMES_COLUMNS &&
           parse_number(fields[0], 1, 1e12, &id);
}

static status read_line(line_reader *r, str line, source_reader reader) {
    if (line.size == 0 || line.data[0] == '#')
        return STATUS_OK;
    if (!utf8_valid(line))
        return wrong(r, "UTF-8", line);
    if (r->column_count == 0 && !r->is_geonames && !(r->is_geonames = looks_like_geonames(line)))
        return read_header(r, line);
    source_place row = {.kind = -1, .lat = NAN, .lon = NAN};
    status s = r->is_geonames ? read_geonames_row(r, line, &row) : read_table_row(r, line, &row);
    if (s == STATUS_OK)
        reader.take(reader.context, &row);
    return s;
}

static status read_file(const char *path, arena *a, str *out, failure *f) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(f, STATUS_NO_INPUT, "%s: cannot be opened", path);
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    status s = STATUS_OK;
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
        s = fail(f, STATUS_NO_INPUT, "%s: expected a file", path);
    else {
        char *data = arena_alloc(a, (size_t)size + 1);
        *out = (str){data, (size_t)size};
        if (fread(data, 1, (size_t)size, file) != (size_t)size)
            s = fail(f, STATUS_IO, "%s: cannot be read", path);
    }
    fclose(file);
    return s;
}

status places_source_text(str text, const char *name, arena *a, source_reader reader, failure *f) {
    status s = STATUS_OK;
    line_reader r = {.path = name, .memory = a, .failure = f};
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.size);
    for (size_t from = 0; s == STATUS_OK && from < text.size;) {
        const char *end = memchr(text.data + from, '\n', text.size - from);
        size_t to = end ? (size_t)(end - text.data) : text.size;
        str line = str_slice(text, from, to);
        if (line.size && line.data[line.size - 1] == '\r')
            line.size--;
        r.line++;
        s = read_line(&r, line, reader);
        from = to + 1;
    }
    return s;
}

status places_source_read(const char *path, arena *a, source_reader reader, failure *f) {
    str text;
    status s = read_file(path, a, &text, f);
    return s == STATUS_OK ? places_source_text(text, path, a, reader, f) : s;
}
