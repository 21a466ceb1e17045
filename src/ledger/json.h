/* Jansson's values and our slices, for the files of this folder that read or make JSON as trees. Text that is
 * written straight into a buffer is json_text.c's. */
#ifndef ISN_LEDGER_JSON_H
#define ISN_LEDGER_JSON_H

#include <jansson.h>

#include "base/arena.h"

/* A string as a slice, valid as long as the value; STR_NONE where it is none. */
str json_slice(const json_t *value);
/* The same of an object's member, and a copy of it; for C, "" where it is none. */
str json_str(const json_t *object, const char *key);
str json_kept(arena *a, const json_t *object, const char *key);
const char *json_chars(const json_t *object, const char *key);

/* A string; null for STR_NONE and for what is no UTF-8. */
json_t *json_text(str s);
/* Parsed, NULL where it is no JSON. */
json_t *json_parsed(str s);
/* A value as text, in the arena; "null" where it cannot be written. */
str json_dumped(arena *a, const json_t *value, size_t flags);
/* The same on one line with the keys in order, so that the same value is the same text. */
str json_text_of(arena *a, const json_t *value);

#endif
