#include <math.h>
#include <stdio.h>

#include "ledger/store.h"

void write_string(buffer *b, str s) {
    static const char digits[] = "0123456789abcdef";
    if (!s.data) {
        buffer_add(b, STR("null"));
        return;
    }
    buffer_add_byte(b, '"');
    size_t clean = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c >= ' ' && c != '"' && c != '\\' && c != 127)
            continue;
        buffer_add(b, str_slice(s, clean, i));
        clean = i + 1;
        if (c == '"' || c == '\\')
            buffer_add(b, (str){(char[]){'\\', (char)c}, 2});
        else if (c == '\n')
            buffer_add(b, STR("\\n"));
        else if (c == '\t')
            buffer_add(b, STR("\\t"));
        else
            buffer_add(b, (str){(char[]){'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6});
    }
    buffer_add(b, str_slice(s, clean, s.size));
    buffer_add_byte(b, '"');
}

void write_name(buffer *b, const char *name) {
    write_string(b, str_of(name));
}

void write_number(buffer *b, int64_t n) {
    buffer_add_number(b, n);
}

void write_bound(buffer *b, int64_t max) {
    if (max == COUNT_OPEN)
        buffer_add(b, STR("null"));
    else
        write_number(b, max);
}

void write_real(buffer *b, double n) {
    char text[64];
    if (!isfinite(n)) {
        buffer_add(b, STR("null"));
        return;
    }
    int size = snprintf(text, sizeof text, "%.6f", n);
    if (size < 0 || size >= (int)sizeof text) {
        buffer_add(b, STR("null"));
        return;
    }
    while (size > 1 && text[size - 1] == '0')
        size--;
    if (text[size - 1] == '.')
        size--;
    buffer_add(b, (str){text, (size_t)size});
}

void write_comma(buffer *b) {
    char last = b->size ? b->data[b->size - 1] : '{';
    if (last != '{' && last != '[')
        buffer_add(b, STR(", "));
}

void write_key(buffer *b, const char *key) {
    write_comma(b);
    write_name(b, key);
    buffer_add(b, STR(": "));
}

static size_t string_end(str json, size_t at) {
    for (at++; at < json.size && json.data[at] != '"'; at++)
        at += json.data[at] == '\\';
    return at + 1;
}

bool json_member(str json, str key, size_t *from, size_t *to) {
    int depth = 0;
    bool found = false;
    for (size_t at = 0; at < json.size;) {
        char c = json.data[at];
        if (found && depth == 1 && (c == ',' || c == '}')) {
            *to = at;
            return true;
        }
        depth += (c == '{') + (c == '[') - (c == '}') - (c == ']');
        size_t end = c == '"' ? string_end(json, at) : at + 1;
        if (end > json.size)
            return false;
        if (c == '"' && depth == 1 && !found && end < json.size && json.data[end] == ':' &&
            str_equal(str_slice(json, at + 1, end - 1), key)) {
            found = true;
            *from = end + 1;
        }
        at = end;
    }
    return false;
}

str json_id(str json) {
    size_t from, to;
    if (!json_member(json, STR("id"), &from, &to))
        return STR_NONE;
    str quoted = str_trim(str_slice(json, from, to));
    return str_slice(quoted, 1, quoted.size - 1);
}
