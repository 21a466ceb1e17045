/* WARC 0.17 to 1.1: one record after the other out of a source, plain or gzip. */
#ifndef ISN_INTAKE_WARC_H
#define ISN_INTAKE_WARC_H

#include "base/failure.h"
#include "intake/http.h"
#include "intake/source.h"

typedef struct warc_record {
    headers head;
    str type, url, time; /* of the head; url without angle brackets */
    uint64_t offset;     /* in the file */
    uint64_t length;     /* of the block, which is not yet taken from the source */
} warc_record;

typedef enum warc_step { WARC_RECORD, WARC_END, WARC_BAD } warc_step;

/* The head of the next record. WARC_BAD: the record is damaged, `f` says how; warc_recover finds the next. */
warc_step warc_next(source *s, arena *a, warc_record *out, failure *f);
/* After damage: goes on at the next gzip member or at the next line that begins like a record. */
bool warc_recover(source *s);

#endif
