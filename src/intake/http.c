#include "intake/http.h"

#include "base/ascii.h"
#include "intake/unpack.h"

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
        out[i] = ascii_lower(out[i]);
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

/* The next parameter of a media type, behind a semicolon; a value in quotes may hold semicolons itself. */
static bool next_parameter(str value, size_t *at, str *name, str *out) {
    const char *mark = *at < value.size ? memchr(value.data + *at, ';', value.size - *at) : NULL;
    if (!mark)
        return false;
    size_t from = (size_t)(mark - value.data) + 1, end = from;
    char quote = 0;
    for (; end < value.size && (quote || value.data[end] != ';'); end++)
        if (value.data[end] == '"')
            quote = quote ? 0 : '"';
    if (quote) { /* it is not closed: what is behind is lost, and not the rest of the field */
        mark = memchr(value.data + from, ';', value.size - from);
        end = mark ? (size_t)(mark - value.data) : value.size;
    }
    *at = end;
    str parameter = str_slice(value, from, end);
    const char *equals = parameter.size ? memchr(parameter.data, '=', parameter.size) : NULL;
    size_t size = equals ? (size_t)(equals - parameter.data) : parameter.size;
    *name = str_trim(str_slice(parameter, 0, size));
    *out = equals ? unquoted(str_slice(parameter, size + 1, parameter.size)) : STR_NONE;
    return true;
}

str media_parameter(str value, str name) {
    str found, text;
    for (size_t at = 0; next_parameter(value, &at, &found, &text);)
        if (text.size && str_equal_ascii_nocase(found, name))
            return text;
    return STR_NONE;
}

/* What is written without its semicolon ("text/html charset=utf-8") is read as it was meant. */
static str loose_charset(str value) {
    for (size_t at = 0; at + 8 < value.size; at++)
        if (str_equal_ascii_nocase(str_slice(value, at, at + 8), STR("charset="))) {
            size_t end = at + 8;
            while (end < value.size && (unsigned char)value.data[end] > ' ' && value.data[end] != ';' &&
                   value.data[end] != ',')
                end++;
            return unquoted(str_slice(value, at + 8, end));
        }
    return STR_NONE;
}

void media_type_read(str value, arena *a, str *media_type, str *charset) {
    size_t at = 0;
    str type = value.size ? next_part(value, ';', &at) : STR_NONE;
    size_t end = 0;
    while (end < type.size && (unsigned char)type.data[end] > ' ' && type.data[end] != ',')
        end++;
    *media_type = end ? lower(a, str_slice(type, 0, end)) : STR_NONE;
    *charset = value.size ? media_parameter(value, STR("charset")) : STR_NONE;
    if (!charset->size)
        *charset = loose_charset(value);
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

/* The size that heads a chunk; false where there is none. */
static bool chunk_size(str body, size_t *at, uint64_t *size) {
    size_t digits = 0;
    *size = 0;
    while (*at < body.size && ascii_hex(body.data[*at]) >= 0 && digits < 15) {
        *size = *size << 4 | (unsigned)ascii_hex(body.data[*at]);
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

static const struct {
    str name;
    packing packed;
} encodings[] = {
    {{"gzip", 4}, PACKED_GZIP},
    {{"x-gzip", 6}, PACKED_GZIP},
    {{"deflate", 7}, PACKED_ZLIB},
    {{"br", 2}, PACKED_BROTLI},
    {{"zstd", 4}, PACKED_ZSTD},
    {{"x-lz4", 5}, PACKED_LZ4}, /* which HTTP does not know, but files are so packed */
};

static bool encoding_named(str name, str body, packing *out) {
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (str_equal_ascii_nocase(name, encodings[i].name)) {
            *out = encodings[i].packed == PACKED_ZLIB ? deflate_of(body) : encodings[i].packed;
            return true;
        }
    return false;
}

/* What says it is packed and does not begin so was unpacked by whoever archived it. */
static bool is_plain_after_all(str body, packing p) {
    str magic = packing_magic(p);
    size_t size = body.size < magic.size ? body.size : magic.size; /* of what was cut there may be no more */
    return body.size == 0 || (magic.size && !str_starts(body, str_slice(magic, 0, size)));
}

/* Does it look like text? Deflate and Brotli have no mark to begin with, and sent plain they do not unpack.
 */
static bool may_be_text(str body) {
    return body.size && (body.data[0] == '<' || body.data[0] == ' ' || body.data[0] == '\n' ||
                         body.data[0] == '\r' || str_starts(body, STR("\xEF\xBB\xBF")));
}

/* One encoding. */
static decoded decode_one(str body, str name, uint64_t limit, buffer *out) {
    packing p;
    size_t used;
    if (name.size == 0 || str_equal_ascii_nocase(name, STR("identity")) ||
        str_equal_ascii_nocase(name, STR("none")))
        return DECODED_AS_IS;
    if (!encoding_named(name, body, &p))
        return DECODED_UNKNOWN;
    if (is_plain_after_all(body, p))
        return DECODED_AS_IS;
    switch (unpack_bytes(p, body, limit, out, &used)) {
    case UNPACKED_WHOLE:
        return DECODED_WHOLE;
    case UNPACKED_LIMIT:
        return limit / BOMB_RATIO > used ? DECODED_BOMB : DECODED_LIMIT;
    case UNPACKED_CUT:
        return packing_magic(p).size == 0 && may_be_text(body) ? DECODED_AS_IS : DECODED_CUT;
    case UNPACKED_MISSING:
        return DECODED_NO_LIBRARY;
    case UNPACKED_DAMAGED:
        break;
    }
    bool marked = packing_magic(p).size != 0;
    if (!marked && (out->size == 0 || may_be_text(body)))
        return DECODED_AS_IS;
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
