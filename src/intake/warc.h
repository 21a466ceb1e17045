/* WARC 0.17 to 1.1, and ARC before it: one record after the other out of a source.
 *
 * Nothing that a record says of itself is believed: where its block ends is held against what stands there,
 * and behind damage the next record is looked for. */
#ifndef ISN_INTAKE_WARC_H
#define ISN_INTAKE_WARC_H

#include "base/failure.h"
#include "intake/http.h"
#include "intake/source.h"

typedef struct warc_record {
    headers head; /* none in ARC */
    str type;     /* "response", …; in ARC "response" and "filedesc" */
    str url;      /* without angle brackets */
    str time;     /* "YYYY-MM-DDThh:mm:ssZ" */
    str media_type, id;
    uint64_t offset; /* in the file */
    uint64_t begun;  /* bytes that were taken of the source before it */
    source_place place;
    uint64_t head_size; /* bytes of the head */
    uint64_t length;    /* of the block, which is not yet taken from the source */
    bool arc;
} warc_record;

typedef enum warc_step { WARC_RECORD, WARC_END, WARC_BAD } warc_step;

/* The head of the next record. WARC_BAD: the record is damaged, `f` says how; warc_recover finds the next. */
warc_step warc_next(source *s, arena *a, warc_record *out, failure *f);
warc_step arc_next(source *s, arena *a, warc_record *out, failure *f);
/* After damage: goes on at the next member or at the next line that begins like a record. */
bool warc_recover(source *s, bool arc);

typedef enum block_end {
    BLOCK_WHOLE,
    BLOCK_CUT,     /* the input ends, or is damaged, before it does */
    BLOCK_SHORT,   /* the next record begins before the block is said to end */
    BLOCK_SPOILED, /* it has its length, but what it was packed in does not match its checksum */
    BLOCK_LONG,    /* what follows is no record, and there is one further on: the block goes on to there */
} block_end;

/* The block of a record whose head was just taken, in the source's window: *block is what there is of it,
 * *taken how much is to be taken from the source to go on behind it. */
block_end warc_block(source *s, const warc_record *r, str *block, size_t *taken);
/* Takes a block that nobody wants. BLOCK_WHOLE or BLOCK_CUT; a small one is looked at as warc_block does. */
block_end warc_skip(source *s, const warc_record *r, uint64_t *got);

#endif
