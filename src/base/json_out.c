#include "base/json_out.h"

void put_json_comma(buffer *b) {
    char last = b->size ? b->data[b->size - 1] : '{';
    if (last != '{' && last != '[')
        buffer_add_byte(b, ',');
}

void put_json_key(buffer *b, const char *name) {
    put_json_comma(b);
    buffer_add_byte(b, '"');
    buffer_add(b, str_of(name));
    buffer_add(b, STR("\":"));
}

static void put_escape(buffer *b, unsigned char c) {
    static const char often[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *o = often; *o; o += 2)
        if ((unsigned char)*o == c) {
            buffer_add(b, (str){(char[]){'\\', o[1]}, 2});
            return;
        }
    buffer_printf(b, "\\u%04X", (unsigned)c);
}

void put_json_string(buffer *b, str s) {
    buffer_add_byte(b, '"');
    size_t clean = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buffer_add(b, str_slice(s, clean, i));
        put_escape(b, c);
        clean = i + 1;
    }
    buffer_add(b, str_slice(s, clean, s.size));
    buffer_add_byte(b, '"');
}
