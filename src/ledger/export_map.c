/* Points for maps: GeoJSON (RFC 7946) and KML 2.2 (OGC 07-147r2). What has no place has no point: in GeoJSON
 * its geometry is null, in KML it is a placemark without one. The properties are those of the record, in KML
 * the columns of the CSV. */
#include "ledger/export.h"

static bool point_of(const json_t *record, double *lat, double *lon) {
    const json_t *y = export_follow(record, STR("place.lat")), *x = export_follow(record, STR("place.lon"));
    *lat = json_number_value(y);
    *lon = json_number_value(x);
    return json_is_number(y) && json_is_number(x);
}

/* ---- GeoJSON ---- */

void geojson_begin(exporting *e) {
    buffer_add(&e->line, STR("{\"type\": \"FeatureCollection\", \"features\": ["));
    export_line(e);
}

/* Longitude first. */
void geojson_row(exporting *e, const json_t *record, str json) {
    double lat, lon;
    buffer_add(&e->line, e->rows++ ? STR(",\n{") : STR("\n{"));
    write_key(&e->line, "type"), write_name(&e->line, "Feature");
    write_key(&e->line, "id"), write_string(&e->line, export_string(record, "id"));
    write_key(&e->line, "geometry");
    if (point_of(record, &lat, &lon)) {
        buffer_add(&e->line, STR("{\"type\": \"Point\", \"coordinates\": ["));
        write_real(&e->line, lon);
        buffer_add(&e->line, STR(", "));
        write_real(&e->line, lat);
        buffer_add(&e->line, STR("]}"));
    } else {
        buffer_add(&e->line, STR("null"));
    }
    write_key(&e->line, "properties"), buffer_add(&e->line, json);
    buffer_add_byte(&e->line, '}');
    export_line(e);
}

void geojson_end(exporting *e) {
    buffer_add(&e->line, STR("\n]}\n"));
    export_line(e);
}

/* ---- KML ---- */

static const char *entity_of(char c) {
    return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : NULL;
}

/* Controls that XML 1.0 forbids, and U+FFFE and U+FFFF, become spaces. */
static void xml_text(buffer *b, str text) {
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        const char *entity = entity_of(c);
        bool forbidden = (unsigned char)c < ' ' && c != '\n' && c != '\t';
        bool noncharacter = text.size - i >= 3 && (memcmp(text.data + i, "\xEF\xBF\xBE", 3) == 0 ||
                                                   memcmp(text.data + i, "\xEF\xBF\xBF", 3) == 0);
        if (entity)
            buffer_add(b, str_of(entity));
        else
            buffer_add_byte(b, forbidden || noncharacter ? ' ' : c);
        i += noncharacter ? 2 : 0;
    }
}

static void element(buffer *b, const char *name, str text) {
    buffer_printf(b, "<%s>", name);
    xml_text(b, text);
    buffer_printf(b, "</%s>", name);
}

/* "air_strike, Deir ez-Zor, 2021-01-13" */
static void kml_name(buffer *b, const json_t *record) {
    const str parts[] = {export_string(record, "event"), export_string(record, "effect"),
                         export_string(record, "place.name").data ? export_string(record, "place.name")
                                                                  : export_string(record, "place.name_ar"),
                         export_string(record, "date")};
    buffer name = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].size)
            continue;
        buffer_add(&name, name.size ? STR(", ") : STR(""));
        buffer_add(&name, parts[i]);
    }
    element(b, "name", name.size ? buffer_str(&name) : export_string(record, "id"));
    buffer_free(&name);
}

static void kml_time(buffer *b, const json_t *record) {
    day from, to;
    if (!days_of(export_string(record, "date"), &from, &to))
        return;
    arena a = arena_new((allocator){0});
    str begin = day_format(&a, from), end = day_format(&a, to);
    if (from == to)
        buffer_printf(b, "<TimeStamp><when>%.*s</when></TimeStamp>", STR_ARG(begin));
    else
        buffer_printf(b, "<TimeSpan><begin>%.*s</begin><end>%.*s</end></TimeSpan>", STR_ARG(begin),
                      STR_ARG(end));
    arena_free(&a);
}

static void kml_data(exporting *e, const json_t *record) {
    size_t count;
    const column *columns = export_columns(e->what, &count);
    buffer cell = {0};
    buffer_add(&e->line, STR("<ExtendedData>"));
    for (size_t i = 0; i < count; i++) {
        export_column(record, &columns[i], &cell);
        if (!cell.size)
            continue;
        buffer_printf(&e->line, "<Data name=\"%s\">", columns[i].name);
        element(&e->line, "value", buffer_str(&cell));
        buffer_add(&e->line, STR("</Data>"));
    }
    buffer_add(&e->line, STR("</ExtendedData>"));
    buffer_free(&cell);
}

void kml_begin(exporting *e) {
    buffer_add(&e->line, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n"));
    export_line(e);
}

/* The schema wants this order: name, time, data, geometry. */
void kml_row(exporting *e, const json_t *record, str json) {
    (void)json;
    double lat, lon;
    buffer_add(&e->line, STR("<Placemark id=\""));
    xml_text(&e->line, export_string(record, "id"));
    buffer_add(&e->line, STR("\">"));
    kml_name(&e->line, record);
    kml_time(&e->line, record);
    kml_data(e, record);
    if (point_of(record, &lat, &lon)) {
        buffer_add(&e->line, STR("<Point><coordinates>"));
        write_real(&e->line, lon);
        buffer_add_byte(&e->line, ',');
        write_real(&e->line, lat);
        buffer_add(&e->line, STR("</coordinates></Point>"));
    }
    buffer_add(&e->line, STR("</Placemark>\n"));
    export_line(e);
}

void kml_end(exporting *e) {
    buffer_add(&e->line, STR("</Document></kml>\n"));
    export_line(e);
}
