#include "page/block_text.h"

#include "base/utf8.h"
#include "page/html.h"
#include "page/line.h"

void block_text_clear(block_text *t) {
    t->text.size = 0;
    t->space = false;
    t->letters = t->link_letters = t->marks = 0;
}

static bool is_mark(uint32_t c) {
    return c == '.' || c == ',' || c == ';' || c == '?' || c == '!' || c == 0x060C || c == 0x061B ||
           c == 0x061F || c == 0x3002 || c == 0x06D4;
}

static void put_space(block_text *t) {
    if (!t->space)
        return;
    t->space = false;
    if (t->text.size)
        buffer_add_byte(&t->text, ' ');
}

static void put_code(block_text *t, str bytes, uint32_t c, bool linked) {
    put_space(t);
    buffer_add(&t->text, bytes);
    t->letters++;
    t->link_letters += linked;
    t->marks += is_mark(c);
}

/* A run of printable ASCII without '&', the most frequent thing in a page. */
static size_t put_ascii(block_text *t, str s, size_t at, bool linked) {
    size_t end = at;
    uint32_t marks = 0;
    for (; end < s.size; end++) {
        unsigned char c = (unsigned char)s.data[end];
        if (c <= ' ' || c >= 0x7F || c == '&')
            break;
        marks += is_mark(c);
    }
    if (end == at)
        return at;
    put_space(t);
    buffer_add(&t->text, str_slice(s, at, end));
    t->letters += (uint32_t)(end - at);
    t->link_letters += linked ? (uint32_t)(end - at) : 0;
    t->marks += marks;
    return end;
}

static void put_decoded(block_text *t, str s, bool linked) {
    for (size_t at = 0; at < s.size;) {
        size_t before = at;
        uint32_t c = utf8_next(s, &at);
        if (is_space_code(c))
            t->space = true;
        else
            put_code(t, str_slice(s, before, at), c, linked);
    }
}

void block_text_add(block_text *t, str s, bool linked) {
    for (size_t at = 0; at < s.size;) {
        size_t end = put_ascii(t, s, at, linked);
        if (end > at) {
            at = end;
        } else if (s.data[at] == '&') {
            char numeric[4];
            put_decoded(t, html_reference(s, &at, false, numeric), linked);
        } else {
            size_t before = at;
            uint32_t c = utf8_next(s, &at);
            if (is_space_code(c))
                t->space = true;
            else
                put_code(t, str_slice(s, before, at), c, linked);
        }
    }
}

void small_text_add(buffer *into, str s, size_t most) {
    if (into->size >= most)
        return;
    buffer plain = {0};
    html_decode(str_slice(s, 0, s.size < most ? s.size : most), HTML_DATA, &plain);
    str p = buffer_str(&plain);
    for (size_t at = 0; at < p.size;) {
        size_t before = at;
        uint32_t c = utf8_next(p, &at);
        if (!is_space_code(c))
            buffer_add(into, str_slice(p, before, at));
        else if (into->size && into->data[into->size - 1] != ' ')
            buffer_add_byte(into, ' ');
    }
    buffer_free(&plain);
}
