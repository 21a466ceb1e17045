#include "page/block_text.h"

#include "base/utf8.h"
#include "page/html.h"
#include "page/line.h"
#include "page/text_run.h"

void block_text_clear(block_text *t) {
    t->text.size = 0;
    t->space = false;
    t->letters = t->link_letters = t->marks = 0;
}

static bool is_mark(uint32_t c) {
    return c == '.' || c == ',' || c == ';' || c == '?' || c == '!' || c == 0x060C || c == 0x061B ||
           c == 0x061F || c == 0x3002 || c == 0x06D4;
}

static void put(block_text *t, str bytes, uint32_t letters, uint32_t marks, bool linked) {
    if (t->space && t->text.size)
        buffer_add_byte(&t->text, ' ');
    t->space = false;
    buffer_add(&t->text, bytes);
    t->letters += letters;
    t->link_letters += linked ? letters : 0;
    t->marks += marks;
}

/* One code point at s.data[*at]. */
static void put_next(block_text *t, str s, size_t *at, bool linked) {
    size_t before = *at;
    uint32_t c = utf8_next(s, at);
    if (is_space_code(c))
        t->space = true;
    else
        put(t, str_slice(s, before, *at), 1, is_mark(c), linked);
}

/* Past white space and control characters of ASCII. NULs are nothing at all, as in the standard's tree. */
static size_t skip_space(block_text *t, str s, size_t at) {
    for (; at < s.size && (unsigned char)s.data[at] <= ' '; at++)
        t->space = t->space || s.data[at] != 0;
    return at;
}

static void put_reference(block_text *t, str s, size_t *at, bool linked) {
    char numeric[4];
    str text = html_reference(s, at, false, numeric);
    for (size_t i = 0; i < text.size;)
        put_next(t, text, &i, linked);
}

void block_text_add(block_text *t, str s, bool linked) {
    for (size_t at = skip_space(t, s, 0); at < s.size; at = skip_space(t, s, at)) {
        text_run run = text_run_at(s, at);
        if (run.size) {
            put(t, str_slice(s, at, at + run.size), run.letters, run.marks, linked);
            at += run.size;
        } else if (s.data[at] == '&') {
            put_reference(t, s, &at, linked);
        } else {
            put_next(t, s, &at, linked);
        }
    }
}

void block_text_add_raw(block_text *t, str s, bool linked) {
    for (size_t at = 0; at < s.size;)
        if (s.data[at] == 0) {
            put(t, STR("\xEF\xBF\xBD"), 1, 0, linked);
            at++;
        } else {
            put_next(t, s, &at, linked);
        }
}

void small_text_add(buffer *into, str s, size_t most) {
    if (into->size >= most)
        return;
    if (s.size > most) /* not inside a code point */
        for (s.size = most; s.size && ((unsigned char)s.data[s.size] & 0xC0) == 0x80;)
            s.size--;
    block_text t = {.text = *into, .space = into->size && into->data[into->size - 1] == ' '};
    t.text.size -= t.space;
    block_text_add(&t, s, false);
    if (t.space && t.text.size)
        buffer_add_byte(&t.text, ' ');
    *into = t.text;
}
