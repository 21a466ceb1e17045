/* The target of a request, "/documents/a%2Fb?version=2", taken apart. */
#ifndef ISN_SERVE_TARGET_H
#define ISN_SERVE_TARGET_H

#include "base/arena.h"

enum { TARGET_MAX_BYTES = 8192, TARGET_MAX_SEGMENTS = 8, TARGET_MAX_FIELDS = 32 };

typedef struct target_field {
    str name, value;
} target_field;

typedef struct target {
    VECTOR(str) segments; /* decoded one by one: a slash that was escaped divides nothing */
    VECTOR(target_field) fields;
} target;

/* False where it is no path of ours: too long, ill-formed escapes or UTF-8, controls, "." or "..". A slash at
 * the end adds no segment. */
bool target_parse(str raw, arena *a, target *out);
/* The value of a field, STR_NONE where there is none; the first of several. */
str target_value(const target *t, str name);
/* Digits only, at most `most`. */
bool target_number(str digits, uint64_t most, uint64_t *out);

#endif
