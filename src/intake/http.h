/* HTTP messages as they stand in archives: head, chunked transfer, content encodings. */
#ifndef ISN_INTAKE_HTTP_H
#define ISN_INTAKE_HTTP_H

#include "base/arena.h"
#include "base/buffer.h"

typedef struct header {
    str name, value;
} header;

typedef struct headers {
    str first_line;
    VECTOR(header) fields;
    size_t size; /* of the head, with the empty line that ends it */
} headers;

/* Reads a first line and "Name: value" fields, folded ones too, to an empty line or the end of `s`. */
headers headers_read(str s, arena *a);
/* The value of a field, STR_NONE where there is none. The first one counts. */
str headers_value(const headers *h, str name);

/* "text/html; charset=windows-1256" as "text/html", lower case, and "windows-1256". */
void media_type_read(str value, arena *a, str *media_type, str *charset);
/* The value of one of its parameters, without quotes; STR_NONE. */
str media_parameter(str value, str name);

/* The status of a response's first line, 0 where it is none. */
int http_status(str first_line);
/* Undoes chunked transfer. False where `body` is not chunked from its first byte; a body that is damaged
 * further on gives what stands before the damage, and *cut. */
bool http_unchunk(str body, buffer *out, bool *cut);

typedef enum decoded {
    DECODED_AS_IS,
    DECODED_WHOLE,
    DECODED_LIMIT,
    DECODED_CUT,
    DECODED_DAMAGED,
    DECODED_BOMB,
    DECODED_UNKNOWN,
    DECODED_NO_LIBRARY
} decoded;
/* Undoes the content encodings named in `encoding` ("gzip", "deflate", "br", "zstd", lists of them), up to
 * `limit` bytes. A body that says it is gzip and is not was decoded by whoever archived it: DECODED_AS_IS.
 * After damage `out` is what was read until then. */
decoded http_decode(str body, str encoding, uint64_t limit, buffer *out);

#endif
