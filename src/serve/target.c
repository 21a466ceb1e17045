#include "serve/target.h"

#include "base/hex.h"
#include "base/utf8.h"

static bool has_control(str s) {
    for (size_t i = 0; i < s.size; i++) {
        if ((unsigned char)s.data[i] < 0x20 || s.data[i] == 0x7f)
            return true;
    }
    return false;
}

/* Percent escapes, and in a query '+' for a space. */
static bool decode(str raw, bool in_query, arena *a, str *out) {
    char *text = arena_alloc(a, raw.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < raw.size; i++) {
        char c = raw.data[i];
        if (c == '%') {
            int high = raw.size - i > 2 ? hex_value(raw.data[i + 1]) : -1;
            int low = raw.size - i > 2 ? hex_value(raw.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && in_query) {
            c = ' ';
        }
        text[size++] = c;
    }
    *out = (str){text, size};
    return utf8_valid(*out) && !has_control(*out);
}

/* The part of `s` from *at to the next `divider`; moves *at past it. False at the end. */
static bool next_part(str s, char divider, size_t *at, str *out) {
    if (*at > s.size)
        return false;
    const char *found = *at < s.size ? memchr(s.data + *at, divider, s.size - *at) : NULL;
    size_t end = found ? (size_t)(found - s.data) : s.size;
    *out = str_slice(s, *at, end);
    *at = end + 1;
    return true;
}

static bool parse_path(str path, arena *a, target *out) {
    str part;
    for (size_t at = 1; next_part(path, '/', &at, &part);) {
        if (part.size == 0 && at > path.size)
            return true;
        str segment;
        if (out->segments.size == TARGET_MAX_SEGMENTS || !decode(part, false, a, &segment))
            return false;
        if (segment.size == 0 || str_equal(segment, STR(".")) || str_equal(segment, STR("..")))
            return false;
        *VECTOR_PUSH(&out->segments, a) = segment;
    }
    return true;
}

static bool parse_query(str query, arena *a, target *out) {
    str part;
    for (size_t at = 0; next_part(query, '&', &at, &part);) {
        if (part.size == 0)
            continue;
        size_t equals = str_find(part, STR("="), 0);
        size_t name_end = equals == SIZE_MAX ? part.size : equals;
        target_field field;
        if (out->fields.size == TARGET_MAX_FIELDS ||
            !decode(str_slice(part, 0, name_end), true, a, &field.name) ||
            !decode(equals == SIZE_MAX ? STR("") : str_slice(part, equals + 1, part.size), true, a,
                    &field.value))
            return false;
        *VECTOR_PUSH(&out->fields, a) = field;
    }
    return true;
}

bool target_parse(str raw, arena *a, target *out) {
    if (raw.size == 0 || raw.size > TARGET_MAX_BYTES || raw.data[0] != '/')
        return false;
    target parsed = {0};
    size_t mark = str_find(raw, STR("?"), 0);
    str path = mark == SIZE_MAX ? raw : str_slice(raw, 0, mark);
    str query = mark == SIZE_MAX ? STR("") : str_slice(raw, mark + 1, raw.size);
    if (!parse_path(path, a, &parsed) || !parse_query(query, a, &parsed))
        return false;
    *out = parsed;
    return true;
}

str target_value(const target *t, str name) {
    for (size_t i = 0; i < t->fields.size; i++) {
        if (str_equal(t->fields.at[i].name, name))
            return t->fields.at[i].value;
    }
    return STR_NONE;
}

bool target_number(str digits, uint64_t most, uint64_t *out) {
    uint64_t value = 0;
    if (digits.size == 0 || digits.size > 19)
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(digits.data[i] - '0');
    }
    if (value > most)
        return false;
    *out = value;
    return true;
}
