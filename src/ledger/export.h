/* What the files of the export share. Not for other folders. */
#ifndef ISN_LEDGER_EXPORT_H
#define ISN_LEDGER_EXPORT_H

#include "ledger/json.h"
#include "ledger/store.h"

/* A column: its name, the road to it in the record and its hashtag (hxlstandard.org; NULL: none); `each`
 * joins what the road gives in a list by "; ". */
typedef struct column {
    const char *name, *road, *each, *hxl;
} column;

typedef struct coding coding;

typedef struct exporting {
    ledger_what what;
    const export_options *options;
    bool (*write)(void *context, str bytes);
    void *context;
    buffer line;
    bool failed;
    uint64_t rows, left_out;
    coding *coding; /* of a table of others */
} exporting;

/* A way of writing records; `begin`, `row` and `end` may be NULL. */
typedef struct export_way {
    const char *name;
    void (*begin)(exporting *e);
    void (*row)(exporting *e, const json_t *record, str json);
    void (*end)(exporting *e);
} export_way;

/* Sends on what stands in e->line, and empties it. */
void export_line(exporting *e);
/* What a road of keys ("place.lat") leads to; NULL where there is nothing. */
const json_t *export_follow(const json_t *record, str road);
/* A string, a number or a truth value as text; nothing for others. */
void export_value(const json_t *v, buffer *b);
/* Puts a text into a set (an object); false where it is there. */
bool export_is_new(json_t *set, str text);
str export_string(const json_t *record, const char *road);
/* The estimate of an effect and class of people, of no group; NULL where there is none. */
const json_t *export_estimate(const json_t *record, str harm, const char *class);

/* export_csv.c */
const column *export_columns(ledger_what what, size_t *count);
/* What stands in a column of a record. */
void export_column(const json_t *record, const column *c, buffer *b);
/* A cell of a line of CSV; a comma before it where it is not the first. */
void export_cell(exporting *e, bool first, str cell);
void csv_begin(exporting *e);
void csv_row(exporting *e, const json_t *record, str json);

/* export_map.c */
void geojson_begin(exporting *e);
void geojson_row(exporting *e, const json_t *record, str json);
void geojson_end(exporting *e);
void kml_begin(exporting *e);
void kml_row(exporting *e, const json_t *record, str json);
void kml_end(exporting *e);

/* export_coded.c: the tables of others, by data/ledger/columns.tsv. */
coding *coding_new(const char *scheme);
void coding_free(coding *c);
void coded_begin(exporting *e);
void coded_row(exporting *e, const json_t *record, str json);

#endif
