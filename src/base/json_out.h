/* JSON written straight into a buffer, compact, as jansson writes it: where a tree of it would cost more than
 * what it tells of. */
#ifndef ISN_BASE_JSON_OUT_H
#define ISN_BASE_JSON_OUT_H

#include "base/buffer.h"

/* Before each item of an array and each member of an object but the first. */
void put_json_comma(buffer *b);
/* The comma, the name, the colon. */
void put_json_key(buffer *b, const char *name);
/* In quotation marks; `s` is well-formed UTF-8. */
void put_json_string(buffer *b, str s);

#endif
