#include "intake/http.h"

#include "intake/inflate.h"

static str next_line(str s, size_t *at) {
    const char *feed = *at < s.size ? memchr(s.data + *at, '\n', s.size - *at) : NULL;
    size_t end = feed ? (size_t)(feed - s.data) : s.size;
    str line = str_slice(s, *at, end);
    *at = feed ? end + 1 : s.size;
    if (line.size && line.data[line.size - 1] == '\r')
        line.size--;
    return line;
}

/* Joins a folded line to the value before it: both stand in one text, with the fold between them, which is
 * white space; control characters in a value are looked at by nobody. */
static void fold(headers *h, str line) {
    if (h->fields.size == 0)
        return;
    str *value = &h->fields.at[h->fields.size - 1].value;
    if (value->size)
        value->size = (size_t)(line.data + line.size - value->data);
    else
        *value = line;
    *value = str_trim(*value);
}

headers headers_read(str s, arena *a) {
    headers h = {0};
    size_t at = 0;
    h.first_line = next_line(s, &at);
    while (at < s.size) {
        str line = next_line(s, &at);
        if (line.size == 0)
            break;
        if (line.data[0] == ' ' || line.data[0] == '\t') {
            fold(&h, line);
            continue;
        }
        const char *colon = memchr(line.data, ':', line.size);
        if (!colon)
            continue;
        size_t name = (size_t)(colon - line.data);
        *VECTOR_PUSH(&h.fields, a) =
            (header){str_trim(str_slice(line, 0, name)), str_trim(str_slice(line, name + 1, line.size))};
    }
    h.size = at;
    return h;
}

str headers_value(const headers *h, str name) {
    for (size_t i = 0; i < h->fields.size; i++)
        if (str_equal_ascii_nocase(h->fields.at[i].name, name))
            return h->fields.at[i].value;
    return STR_NONE;
}

static str lower(arena *a, str s) {
    char *out = arena_cstring(a, s);
    for (size_t i = 0; i < s.size; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] + 32);
    return (str){out, s.size};
}

static str unquoted(str s) {
    s = str_trim(s);
    if (s.size >= 2 && (s.data[0] == '"' || s.data[0] == '\'') && s.data[s.size - 1] == s.data[0])
        s = str_trim(str_slice(s, 1, s.size - 1));
    return s;
}

/* The next part of a list, up to `separator`. */
static str next_part(str s, char separator, size_t *at) {
    const char *end = memchr(s.data + *at, separator, s.size - *at);
    str part = str_slice(s, *at, end ? (size_t)(end - s.data) : s.size);
    *at = end ? (size_t)(end - s.data) + 1 : s.size;
    return str_trim(part);
}

void media_type_read(str value, arena *a, str *media_type, str *charset) {
    *media_type = *charset = STR_NONE;
    size_t at = 0;
    if (value.size == 0)
        return;
    str type = next_part(value, ';', &at);
    if (type.size)
        *media_type = lower(a, type);
    while (at < value.size) {
        str parameter = next_part(value, ';', &at);
        const char *equals = parameter.size ? memchr(parameter.data, '=', parameter.size) : NULL;
        if (!equals)
            continue;
        size_t name = (size_t)(equals - parameter.data);
        str label = unquoted(str_slice(parameter, name + 1, parameter.size));
        if (str_equal_ascii_nocase(str_trim(str_slice(parameter, 0, name)), STR("charset")) && label.size)
            *charset = label;
    }
}

int http_status(str line) {
    if (!str_starts(line, STR("HTTP/")))
        return 0;
    const char *space = memchr(line.data, ' ', line.size);
    size_t at = space ? (size_t)(space - line.data) + 1 : line.size;
    while (at < line.size && line.data[at] == ' ')
        at++;
    int code = 0;
    size_t end = at + 3;
    for (; at < line.size && at < end; at++) {
        if (line.data[at] < '0' || line.data[at] > '9')
            return 0;
        code = code * 10 + (line.data[at] - '0');
    }
    return at == end ? code : 0;
}

static int hex_value(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The size that heads a chunk; false where there is none. */
static bool chunk_size(str body, size_t *at, uint64_t *size) {
    size_t digits = 0;
    *size = 0;
    while (*at < body.size && hex_value(body.data[*at]) >= 0 && digits < 15) {
        *size = *size << 4 | (unsigned)hex_value(body.data[*at]);
        *at += 1;
        digits++;
    }
    str rest = next_line(body, at);
    return digits > 0 && (str_trim(rest).size == 0 || str_trim(rest).data[0] == ';');
}

bool http_unchunk(str body, buffer *out, bool *cut) {
    size_t at = 0;
    bool first = true;
    *cut = false;
    for (;;) {
        uint64_t size;
        if (!first && at >= body.size)
            return true; /* the last, empty chunk is often missing */
        if (!chunk_size(body, &at, &size)) {
            *cut = !first;
            return !first;
        }
        if (size == 0)
            return true;
        first = false;
        size_t there = size < body.size - at ? (size_t)size : body.size - at;
        buffer_add(out, str_slice(body, at, at + there));
        at += there;
        if (there < size) {
            *cut = true;
            return true;
        }
        next_line(body, &at);
    }
}

/* One encoding. */
static decoded decode_one(str body, str name, uint64_t limit, buffer *out) {
    if (name.size == 0 || str_equal_ascii_nocase(name, STR("identity")))
        return DECODED_AS_IS;
    bool gzip = str_equal_ascii_nocase(name, STR("gzip")) || str_equal_ascii_nocase(name, STR("x-gzip"));
    if (!gzip && !str_equal_ascii_nocase(name, STR("deflate")))
        return DECODED_UNKNOWN;
    if (body.size == 0 || (gzip && !is_gzip(body)))
        return DECODED_AS_IS;
    size_t used;
    switch (inflate_bytes(body, limit, out, &used)) {
    case INFLATED_WHOLE:
        return DECODED_WHOLE;
    case INFLATED_LIMIT:
        return limit / BOMB_RATIO > used ? DECODED_BOMB : DECODED_LIMIT;
    case INFLATED_CUT:
        return DECODED_CUT;
    case INFLATED_DAMAGED:
        break;
    }
    if (!gzip && out->size == 0)
        return DECODED_AS_IS; /* "deflate" that is none: sent plain */
    return DECODED_DAMAGED;
}

decoded http_decode(str body, str encoding, uint64_t limit, buffer *out) {
    enum { MOST = 4 };
    str names[MOST];
    size_t count = 0;
    for (size_t at = 0; at < encoding.size && count < MOST;)
        names[count++] = next_part(encoding, ',', &at);
    decoded result = DECODED_AS_IS;
    buffer before = {0};
    while (count > 0) {
        buffer after = {0};
        decoded one = decode_one(body, names[--count], limit, &after);
        if (one == DECODED_AS_IS) {
            buffer_free(&after);
            continue;
        }
        result = one;
        buffer_free(&before);
        before = after;
        body = buffer_str(&before);
        if (one != DECODED_WHOLE && one != DECODED_LIMIT)
            break;
    }
    buffer_free(out);
    *out = before;
    return result;
}
