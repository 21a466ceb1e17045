/* Bytes to UTF-8: which encoding they are in, and the text. */
#ifndef ISN_PAGE_CHARSET_H
#define ISN_PAGE_CHARSET_H

#include "base/arena.h"

typedef struct decoded_text {
    str text; /* well-formed UTF-8, without a byte order mark; points into the bytes where nothing changed */
    str charset;  /* "utf-8", "windows-1256", … */
    str repaired; /* what was wrong and mended, STR_NONE where nothing was */
} decoded_text;

/* `label`: of the HTTP header, or STR_NONE. `markup`: the bytes may name their encoding in a meta element or
 * an XML declaration. */
decoded_text charset_decode(str bytes, str label, bool markup, arena *a);

#endif
