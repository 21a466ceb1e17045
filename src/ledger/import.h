/* Tables of others into the ledger: what the files of the import share. Not for other folders.
 *
 * import_table.c takes CSV apart, import_map.c reads the mapping, import_cells.c what the cells of a row say,
 * import_record.c makes a document of it, import.c runs. */
#ifndef ISN_LEDGER_IMPORT_H
#define ISN_LEDGER_IMPORT_H

#include "ledger/store.h"

/* ---- tables ---- */

typedef VECTOR(str) cells;

typedef struct table_reader {
    str bytes, name; /* the whole file, and what it is called in messages */
    char delimiter;
    size_t at;
    uint32_t row; /* number of the row last read, as a spreadsheet shows it: the header is row 1 */
    size_t row_start, row_end; /* its bytes */
} table_reader;

/* Skips a byte order mark, finds out what separates cells. */
table_reader table_open(str bytes, str name);
/* The cells of the next row, unquoted, in `a`; false at the end. A row whose quotation does not end has one
 * cell too many to be of use: `*broken` says so. */
bool table_next(table_reader *t, arena *a, cells *out, bool *broken);

/* ---- mappings ---- */

typedef enum record_field {
    FIELD_RECORDER,
    FIELD_RECORDER_KIND,
    FIELD_LANGUAGE,
    FIELD_ID,
    FIELD_DATE,
    FIELD_DATE_END,
    FIELD_EVENT,
    FIELD_PLACE,
    FIELD_REGION,
    FIELD_COUNTRY,
    FIELD_LAT,
    FIELD_LON,
    FIELD_RADIUS,
    FIELD_ACTOR,
    FIELD_CLASS,
    FIELD_NOTES,
    FIELD_URL,
    FIELD_URLS,
    FIELD_PUBLISHED,
    FIELD_FIGURE
} record_field;
enum { FIELDS = FIELD_FIGURE };

typedef enum figure_bound { BOUND_BOTH, BOUND_LEAST, BOUND_MOST } figure_bound;
typedef enum day_order { DAY_ISO, DAY_DMY, DAY_MDY, DAY_YMD } day_order;

/* A line of a mapping: where a field is from and how it is to be taken. */
typedef struct mapped {
    record_field field;
    effect effect; /* of a figure: */
    who_class class;
    who_group group;
    figure_bound bound;
    str column;           /* name; STR_NONE: `constant` stands in every row */
    str constant, values; /* "Airstrike=air_strike; *=other_attack" */
    day_order order;
    bool no_zero; /* a zero says that nothing is known */
    int at;       /* column of the table, or NONE */
    uint32_t line;
} mapped;

typedef struct mapping {
    str name; /* of its file */
    VECTOR(mapped) lines;
    const mapped *field[FIELDS]; /* NULL: not mapped */
} mapping;

/* STATUS_BAD_INPUT with file, line and what was expected. */
status mapping_read(str bytes, str name, arena *a, mapping *out, failure *f);
/* Finds the columns in the header of a table; a column that is not there is a mistake in the mapping. */
status mapping_bind(mapping *m, const cells *header, const table_reader *t, failure *f);

/* ---- rows ---- */

typedef struct record_report {
    void *context;
    void (*wrong)(void *context, str column, const char *expected, str found);
} record_report;

typedef struct record {
    article article;
    reading reading;
    VECTOR(str) urls; /* pages of its sources */
    bool bad;
} record;

/* A row as a document: its text is the row in words (data/ledger/record.tsv), so that every figure leads to a
 * sentence. What is wrong is reported, and `bad` set. Everything in `a`. */
void record_make(const mapping *m, const cells *row, const gazetteer *places, const record_report *report,
                 arena *a, record *out);

#endif
