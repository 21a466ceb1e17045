/* Rows of a query as JSON lines, CSV, GeoJSON or KML, or as the tables of UCDP and ACLED. */
#include "ledger/export.h"

static const export_way ways[] = {
    [EXPORT_JSONL] = {"jsonl", NULL, NULL, NULL},
    [EXPORT_CSV] = {"csv", csv_begin, csv_row, NULL},
    [EXPORT_GEOJSON] = {"geojson", geojson_begin, geojson_row, geojson_end},
    [EXPORT_KML] = {"kml", kml_begin, kml_row, kml_end},
    [EXPORT_UCDP] = {"ucdp", coded_begin, coded_row, NULL},
    [EXPORT_ACLED] = {"acled", coded_begin, coded_row, NULL},
};

bool export_format_named(str name, export_format *out) {
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (str_equal(name, str_of(ways[i].name))) {
            *out = (export_format)i;
            return true;
        }
    return false;
}

/* ---- records ---- */

const json_t *export_follow(const json_t *record, str road) {
    while (record && road.size) {
        size_t dot = str_find(road, STR("."), 0);
        str key = dot == SIZE_MAX ? road : str_slice(road, 0, dot);
        record = json_object_getn(record, key.data, key.size);
        road = dot == SIZE_MAX ? STR("") : str_slice(road, dot + 1, road.size);
    }
    return record;
}

void export_value(const json_t *v, buffer *b) {
    if (json_is_string(v))
        buffer_add(b, json_slice(v));
    else if (json_is_integer(v))
        write_number(b, json_integer_value(v));
    else if (json_is_real(v))
        write_real(b, json_real_value(v));
    else if (json_is_boolean(v))
        buffer_add(b, json_is_true(v) ? STR("true") : STR("false"));
    else if (json_is_object(v) && json_object_size(v)) {
        char *text = json_dumps(v, JSON_COMPACT | JSON_REAL_PRECISION(10));
        buffer_add(b, str_of(text ? text : ""));
        free(text);
    }
}

str export_string(const json_t *record, const char *road) {
    return json_slice(export_follow(record, str_of(road)));
}

bool export_is_new(json_t *set, str text) {
    if (json_object_getn(set, text.data, text.size))
        return false;
    json_object_setn_new(set, text.data, text.size, json_true());
    return true;
}

const json_t *export_estimate(const json_t *record, str harm, const char *class) {
    const json_t *e;
    size_t i;
    json_array_foreach(json_object_get(record, "estimates"), i, e) {
        if (str_equal(export_string(e, "effect"), harm) &&
            str_equal(export_string(e, "class"), str_of(class)) && json_is_null(json_object_get(e, "group")))
            return e;
    }
    return NULL;
}

/* ---- rows ---- */

static void put(exporting *e, str bytes) {
    if (!e->failed)
        e->failed = !e->write(e->context, bytes);
}

void export_line(exporting *e) {
    put(e, buffer_str(&e->line));
    e->line.size = 0;
}

static bool export_row(void *context, str json) {
    exporting *e = context;
    const export_way *way = &ways[e->options->format];
    if (!way->row) {
        put(e, json);
        put(e, STR("\n"));
        return !e->failed;
    }
    json_t *record = json_parsed(json);
    if (record)
        way->row(e, record, json);
    json_decref(record);
    return !e->failed;
}

static bool is_coded(export_format format) {
    return format == EXPORT_UCDP || format == EXPORT_ACLED;
}

static status check(ledger_what what, const export_options *options, failure *f) {
    export_format format = options->format;
    bool places = what == LEDGER_INCIDENTS || what == LEDGER_CLAIMS || what == LEDGER_SUMMARIES;
    if ((format == EXPORT_GEOJSON || format == EXPORT_KML) && !places)
        return fail(f, STATUS_USAGE, "%s is of incidents or claims: the others have no place",
                    format == EXPORT_KML ? "KML" : "GeoJSON");
    if (is_coded(format) && what != LEDGER_INCIDENTS)
        return fail(f, STATUS_USAGE, "the table of %s is of incidents",
                    format == EXPORT_UCDP ? "UCDP" : "ACLED");
    if (options->hxl && (format != EXPORT_CSV || (what != LEDGER_INCIDENTS && what != LEDGER_CLAIMS)))
        return fail(f, STATUS_USAGE, "hashtags (HXL) are for CSV of incidents or claims");
    return STATUS_OK;
}

status ledger_export(ledger *l, ledger_what what, const ledger_filter *filter, const export_options *options,
                     bool (*write)(void *context, str bytes), void *context, failure *f) {
    exporting e = {.what = what, .options = options, .write = write, .context = context};
    const export_way *way = &ways[options->format];
    status code = check(what, options, f);
    if (code != STATUS_OK)
        return code;
    if (is_coded(options->format))
        e.coding = coding_new(way->name);
    if (way->begin)
        way->begin(&e);
    code = ledger_query(l, what, filter, export_row, &e, f);
    if (way->end && code == STATUS_OK)
        way->end(&e);
    buffer_free(&e.line);
    coding_free(e.coding);
    if (options->left_out)
        *options->left_out = e.left_out;
    if (code == STATUS_OK && e.failed)
        return fail(f, STATUS_IO, "the export could not be written");
    return code;
}
