/* Bytes to UTF-8: which encoding they are in, and the text. */
#ifndef ISN_PAGE_CHARSET_H
#define ISN_PAGE_CHARSET_H

#include "base/arena.h"
#include "page/charset_tables.h"

typedef struct decoded_text {
    str text; /* well-formed UTF-8, without a byte order mark; points into the bytes where nothing changed */
    str charset;  /* "utf-8", "windows-1256", … */
    str repaired; /* what was wrong and mended, STR_NONE where nothing was */
} decoded_text;

/* `label`: of the HTTP header, or STR_NONE. `markup`: the bytes may name their encoding in a meta element or
 * an XML declaration. */
decoded_text charset_decode(str bytes, str label, bool markup, arena *a);

/* The steps of it. */

/* By a byte order mark, whose size is *mark; NULL where there is none. */
const encoding *charset_marked(str bytes, size_t *mark);
/* How many of the first bytes are asked: as many as the standard asks before it reads, or those too where a
 * browser would stumble over a meta element while it reads. */
typedef enum charset_reach { CHARSET_EARLY = 1024, CHARSET_LATE = 64 * 1024 } charset_reach;
/* What markup says of its own encoding; NULL where it says nothing that is a label. */
const encoding *charset_declared(str bytes, charset_reach reach);
/* UTF-16 without a mark; NULL where the bytes do not look so. */
const encoding *charset_wide(str bytes);

typedef struct charset_guess {
    const encoding *encoding;
    uint64_t cost, told_cost; /* half bits; told_cost: UINT64_MAX where nobody can judge that encoding */
    size_t pairs;             /* of bytes that were judged */
} charset_guess;

/* Bytes that are not UTF-8, by their letters, beside the encoding that they are labelled with (or NULL). */
charset_guess charset_guess_bytes(str bytes, const encoding *told);
/* The text in that encoding, as well-formed UTF-8: U+FFFD for what is none. */
str charset_text(str bytes, const encoding *e, arena *a);

/* Offset of the first byte above 127 at or after `at`; the size where there is none. */
size_t ascii_run(str s, size_t at);

/* UTF-8 that was read in an 8-bit encoding and written as UTF-8 again ("Ø§Ù„", "ط§ظ„"), even twice. */
typedef struct mojibake {
    str text;     /* mended; the same slice where nothing was */
    str read_as;  /* the encoding that it was read in, STR_NONE where nothing was */
    size_t words; /* runs that were mended */
} mojibake;

mojibake mojibake_mend(str text, arena *a);

#endif
