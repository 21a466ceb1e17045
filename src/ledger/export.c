/* Rows of a query as JSON lines, CSV or GeoJSON.
 *
 * CSV is what spreadsheets of casualty recorders read: one row a record, named columns that never change
 * their order, RFC 4180's quoting. A cell that a spreadsheet would take for a formula (it begins with = + -
 * @, a tab or a carriage return) gets an apostrophe before it, but for plain numbers; --raw leaves it.
 * Control characters become spaces. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "ledger/store.h"

bool export_format_named(str name, export_format *out) {
    static const char *const names[] = {"jsonl", "csv", "geojson"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(name, str_of(names[i]))) {
            *out = (export_format)i;
            return true;
        }
    return false;
}

/* A column: its name and the road to it in the record; `each` joins what the road gives in a list by "; ". */
typedef struct column {
    const char *name, *road, *each;
} column;

static const column incident_columns[] = {
    {"id", "id", NULL},
    {"event", "event", NULL},
    {"date", "date", NULL},
    {"date_precision", "date_precision", NULL},
    {"country", "place.country", NULL},
    {"admin1", "place.admin1", NULL},
    {"place", "place.name", NULL},
    {"place_ar", "place.name_ar", NULL},
    {"place_kind", "place.kind", NULL},
    {"place_id", "place.id", NULL},
    {"lat", "place.lat", NULL},
    {"lon", "place.lon", NULL},
    {"radius_km", "place.radius_km", NULL},
    {"actors", "actors", "text"},
    {"documents", "documents", "id"},
    {"outlets", "documents", "outlet"},
    {"voices_told", "voices.told", NULL},
    {"voices_independent", "voices.independent", NULL},
    {"killed_low", "estimates", "killed.low"},
    {"killed_high", "estimates", "killed.high"},
    {"killed_high_open", "estimates", "killed.high_open"},
    {"injured_low", "estimates", "injured.low"},
    {"injured_high", "estimates", "injured.high"},
    {"injured_high_open", "estimates", "injured.high_open"},
    {"missing_low", "estimates", "missing.low"},
    {"missing_high", "estimates", "missing.high"},
    {"detained_low", "estimates", "detained.low"},
    {"detained_high", "estimates", "detained.high"},
    {"displaced_low", "estimates", "displaced.low"},
    {"displaced_high", "estimates", "displaced.high"},
    {"disagreements", "disagreements", "on"},
    {"status", "status", NULL},
};
static const column claim_columns[] = {
    {"incident", "incident", NULL},
    {"id", "id", NULL},
    {"document", "document", NULL},
    {"version", "version", NULL},
    {"superseded", "superseded", NULL},
    {"effect", "effect", NULL},
    {"class", "class", NULL},
    {"group", "group", NULL},
    {"min", "min", NULL},
    {"max", "max", NULL},
    {"approx", "approx", NULL},
    {"stance", "stance", NULL},
    {"scope", "scope", NULL},
    {"part_of", "part_of", NULL},
    {"event", "event", NULL},
    {"date", "date", NULL},
    {"country", "place.country", NULL},
    {"place", "place.name", NULL},
    {"place_ar", "place.name_ar", NULL},
    {"lat", "place.lat", NULL},
    {"lon", "place.lon", NULL},
    {"radius_km", "place.radius_km", NULL},
    {"actor", "actor.text", NULL},
    {"actor_hedged", "actor.hedged", NULL},
    {"voice_id", "voice.id", NULL},
    {"voice", "voice.text", NULL},
    {"voice_kind", "voice.kind", NULL},
    {"via", "via", "text"},
    {"independent", "independent", NULL},
    {"evidence", "evidence.text", NULL},
    {"evidence_start", "evidence.start", NULL},
    {"evidence_end", "evidence.end", NULL},
    {"verdict", "verdict", NULL},
};
static const column document_columns[] = {
    {"id", "id", NULL},
    {"version", "version", NULL},
    {"versions", "versions", NULL},
    {"url", "url", NULL},
    {"outlet", "outlet", NULL},
    {"title", "title", NULL},
    {"language", "language", NULL},
    {"published", "published", NULL},
    {"sha256", "sha256", NULL},
    {"copy_of", "copy_of", NULL},
    {"claims", "claims", NULL},
    {"incidents", "incidents", ""},
};
static const column voice_columns[] = {
    {"id", "id", NULL},
    {"incident", "incident", NULL},
    {"text", "text", NULL},
    {"kind", "kind", NULL},
    {"independent", "independent", NULL},
    {"weak", "weak", NULL},
    {"origin_unknown", "origin_unknown", NULL},
    {"claims", "claims", ""},
    {"documents", "documents", ""},
};
static const column chain_columns[] = {
    {"incident", "incident", NULL}, {"claim", "claim", NULL},
    {"step", "step", NULL},         {"voice", "voice", NULL},
    {"text", "text", NULL},         {"how", "how", NULL},
    {"document", "document", NULL}, {"independent", "independent", NULL},
};
static const column summary_columns[] = {
    {"id", "id", NULL},
    {"event", "event", NULL},
    {"date", "date", NULL},
    {"country", "place.country", NULL},
    {"place", "place.name", NULL},
    {"place_ar", "place.name_ar", NULL},
    {"documents", "documents", NULL},
    {"voices_independent", "voices.independent", NULL},
    {"disagreements", "disagreements", NULL},
    {"title", "title", NULL},
};
static const struct {
    const column *at;
    size_t size;
} tables[] = {
#define TABLE(columns)                                                                                       \
    { columns, sizeof columns / sizeof *columns }
    [LEDGER_INCIDENTS] = TABLE(incident_columns), [LEDGER_CLAIMS] = TABLE(claim_columns),
    [LEDGER_DOCUMENTS] = TABLE(document_columns), [LEDGER_VOICES] = TABLE(voice_columns),
    [LEDGER_CHAINS] = TABLE(chain_columns),       [LEDGER_SUMMARIES] = TABLE(summary_columns),
#undef TABLE
};

typedef struct exporting {
    ledger_what what;
    const export_options *options;
    bool (*write)(void *context, str bytes);
    void *context;
    buffer line;
    bool failed;
    uint64_t rows;
} exporting;

static void put(exporting *e, str bytes) {
    if (!e->failed)
        e->failed = !e->write(e->context, bytes);
}

/* ---- CSV ---- */

static const json_t *follow(const json_t *record, str road) {
    while (record && road.size) {
        size_t dot = str_find(road, STR("."), 0);
        str key = dot == SIZE_MAX ? road : str_slice(road, 0, dot);
        record = json_object_getn(record, key.data, key.size);
        road = dot == SIZE_MAX ? STR("") : str_slice(road, dot + 1, road.size);
    }
    return record;
}

static bool looks_like_number(str cell) {
    size_t i = cell.size && cell.data[0] == '-';
    bool digits = i < cell.size;
    for (; i < cell.size; i++)
        digits &= (cell.data[i] >= '0' && cell.data[i] <= '9') || cell.data[i] == '.';
    return digits;
}

static void add_cell(buffer *b, str cell, bool raw) {
    bool formula = cell.size && strchr("=+-@\t\r", cell.data[0]) && !looks_like_number(cell);
    bool quote = formula && !raw;
    for (size_t i = 0; i < cell.size && !quote; i++)
        quote = strchr("\",\n\r;", cell.data[i]) != NULL;
    if (!quote) {
        buffer_add(b, cell);
        return;
    }
    buffer_add_byte(b, '"');
    if (formula && !raw)
        buffer_add_byte(b, '\'');
    for (size_t i = 0; i < cell.size; i++) {
        unsigned char c = (unsigned char)cell.data[i];
        if (c == '"')
            buffer_add_byte(b, '"');
        buffer_add_byte(b, !raw && (c < ' ' || c == 127) ? ' ' : (char)c);
    }
    buffer_add_byte(b, '"');
}

static void value_text(const json_t *v, buffer *b) {
    if (json_is_string(v))
        buffer_add(b, (str){json_string_value(v), json_string_length(v)});
    else if (json_is_integer(v))
        write_number(b, json_integer_value(v));
    else if (json_is_real(v))
        write_real(b, json_real_value(v));
    else if (json_is_boolean(v))
        buffer_add(b, json_is_true(v) ? STR("true") : STR("false"));
}

/* The estimate of everybody for an effect: "killed.low". */
static void estimate_text(const json_t *estimates, const char *what, buffer *b) {
    const char *dot = strchr(what, '.');
    str effect_wanted = {what, (size_t)(dot - what)};
    const json_t *e;
    size_t i;
    json_array_foreach(estimates, i, e) {
        const json_t *name = json_object_get(e, "effect");
        str of = {json_string_value(name), json_string_length(name)};
        if (str_equal(of, effect_wanted) && !strcmp(json_string_value(json_object_get(e, "class")), "all") &&
            json_is_null(json_object_get(e, "group"))) {
            value_text(json_object_get(e, dot + 1), b);
            return;
        }
    }
}

static bool told_before(const json_t *list, size_t until, const char *road, const json_t *v) {
    for (size_t i = 0; i < until; i++)
        if (json_equal(follow(json_array_get(list, i), str_of(road)), v))
            return true;
    return false;
}

static void list_text(const json_t *list, const char *road, buffer *b) {
    const json_t *item;
    size_t i;
    json_array_foreach(list, i, item) {
        const json_t *v = follow(item, str_of(road));
        if (json_is_null(v) || told_before(list, i, road, v))
            continue;
        if (b->size)
            buffer_add(b, STR("; "));
        value_text(v, b);
    }
}

static void csv_head(exporting *e) {
    e->line.size = 0;
    if (e->options->bom)
        buffer_add(&e->line, STR("\xEF\xBB\xBF"));
    for (size_t i = 0; i < tables[e->what].size; i++) {
        buffer_add(&e->line, i ? STR(",") : STR(""));
        buffer_add(&e->line, str_of(tables[e->what].at[i].name));
    }
    buffer_add(&e->line, STR("\r\n"));
    put(e, buffer_str(&e->line));
}

static void csv_row(exporting *e, const json_t *record) {
    buffer cell = {0};
    e->line.size = 0;
    for (size_t i = 0; i < tables[e->what].size; i++) {
        const column *c = &tables[e->what].at[i];
        const json_t *v = follow(record, str_of(c->road));
        cell.size = 0;
        if (!c->each)
            value_text(v, &cell);
        else if (!strcmp(c->road, "estimates"))
            estimate_text(v, c->each, &cell);
        else
            list_text(v, c->each, &cell);
        buffer_add(&e->line, i ? STR(",") : STR(""));
        add_cell(&e->line, buffer_str(&cell), e->options->raw);
    }
    buffer_add(&e->line, STR("\r\n"));
    put(e, buffer_str(&e->line));
    buffer_free(&cell);
}

/* ---- GeoJSON ---- */

/* RFC 7946: longitude first; what has no place has no geometry. */
static void geojson_row(exporting *e, const json_t *record, str json) {
    const json_t *lat = follow(record, STR("place.lat")), *lon = follow(record, STR("place.lon"));
    e->line.size = 0;
    buffer_add(&e->line, e->rows++ ? STR(",\n{") : STR("\n{"));
    write_key(&e->line, "type"), write_name(&e->line, "Feature");
    write_key(&e->line, "id"), write_name(&e->line, json_string_value(json_object_get(record, "id")));
    write_key(&e->line, "geometry");
    if (json_is_number(lat) && json_is_number(lon)) {
        buffer_add(&e->line, STR("{\"type\": \"Point\", \"coordinates\": ["));
        write_real(&e->line, json_number_value(lon));
        buffer_add(&e->line, STR(", "));
        write_real(&e->line, json_number_value(lat));
        buffer_add(&e->line, STR("]}"));
    } else {
        buffer_add(&e->line, STR("null"));
    }
    write_key(&e->line, "properties"), buffer_add(&e->line, json);
    buffer_add_byte(&e->line, '}');
    put(e, buffer_str(&e->line));
}

/* ---- rows ---- */

static bool export_row(void *context, str json) {
    exporting *e = context;
    if (e->options->format == EXPORT_JSONL) {
        put(e, json);
        put(e, STR("\n"));
        return !e->failed;
    }
    json_t *record = json_loadb(json.data, json.size, 0, NULL);
    if (!record)
        return !e->failed;
    if (e->options->format == EXPORT_CSV)
        csv_row(e, record);
    else
        geojson_row(e, record, json);
    json_decref(record);
    return !e->failed;
}

status ledger_export(ledger *l, ledger_what what, const ledger_filter *filter, const export_options *options,
                     bool (*write)(void *context, str bytes), void *context, failure *f) {
    exporting e = {.what = what, .options = options, .write = write, .context = context};
    bool places = what == LEDGER_INCIDENTS || what == LEDGER_CLAIMS || what == LEDGER_SUMMARIES;
    if (options->format == EXPORT_GEOJSON && !places)
        return fail(f, STATUS_USAGE, "GeoJSON is of incidents or claims: the others have no place");
    if (options->format == EXPORT_CSV)
        csv_head(&e);
    if (options->format == EXPORT_GEOJSON)
        put(&e, STR("{\"type\": \"FeatureCollection\", \"features\": ["));
    status code = ledger_query(l, what, filter, export_row, &e, f);
    if (options->format == EXPORT_GEOJSON && code == STATUS_OK)
        put(&e, STR("\n]}\n"));
    buffer_free(&e.line);
    if (code == STATUS_OK && e.failed)
        return fail(f, STATUS_IO, "the export could not be written");
    return code;
}
