#include "ledger/json.h"

#include <stdlib.h>

str json_slice(const json_t *value) {
    return json_is_string(value) ? (str){json_string_value(value), json_string_length(value)} : STR_NONE;
}

str json_str(const json_t *object, const char *key) {
    return json_slice(json_object_get(object, key));
}

str json_kept(arena *a, const json_t *object, const char *key) {
    return arena_copy(a, json_str(object, key));
}

const char *json_chars(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

json_t *json_text(str s) {
    json_t *value = s.data ? json_stringn(s.data, s.size) : NULL;
    return value ? value : json_null();
}

json_t *json_parsed(str s) {
    return json_loadb(s.data ? s.data : "", s.size, 0, NULL);
}

str json_dumped(arena *a, const json_t *value, size_t flags) {
    char *text = json_dumps(value, flags);
    str out = arena_copy(a, str_of(text ? text : "null"));
    free(text);
    return out;
}

str json_text_of(arena *a, const json_t *value) {
    return json_dumped(a, value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));
}
