/* A row on its way to a document. Only for import_cells.c and import_record.c. */
#ifndef ISN_LEDGER_IMPORT_RECORD_H
#define ISN_LEDGER_IMPORT_RECORD_H

#include "ledger/import.h"

/* A stretch of the text while it grows. */
typedef struct stretch {
    size_t from, to;     /* bytes */
    uint32_t start, end; /* code points */
} stretch;

typedef struct figure {
    const mapped *of;
    int64_t min, max;
    bool approx, has_min, has_max;
    stretch sentence, recorder, count, who;
} figure;

typedef struct recording {
    const mapping *m;
    const cells *row;
    const gazetteer *places;
    const record_report *report;
    arena *a;
    record *out;
    buffer text;
    uint32_t points;
    str language, recorder;
    voice_kind kind;
    who_class class;
    VECTOR(figure) figures;
    int event; /* event_type, or NONE */
    str date;
    place_mention where;
    bool placed;
    str actor_name;
    stretch happened, teller, event_word, place_name, date_words, actor;
} recording;

/* "" where the field is not mapped, or its cell is empty. */
str cell_of(const recording *r, record_field field);
/* A day as ISO writes it; what is none is told, and STR_NONE comes back. */
str read_day(recording *r, const mapped *m, str cell);
/* Everything that the cells say; `out->bad` where one could not be read, each told by the report. */
void take_cells(recording *r);

#endif
