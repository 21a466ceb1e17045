/* Stretches of a text by code points. */
#include "ledger/store.h"

enum { STEP = 128 };

text_points points_of(arena *a, str text) {
    text_points p = {.text = text.data ? text : STR("")};
    size_t count = 0;
    VECTOR(uint32_t) marks = {0};
    for (size_t at = 0; at < p.text.size; at++)
        if (((unsigned char)p.text.data[at] & 0xC0) != 0x80 && count++ % STEP == 0)
            *VECTOR_PUSH(&marks, a) = (uint32_t)at;
    p.marks = marks.at;
    p.count = count;
    return p;
}

static size_t offset_of(const text_points *p, size_t point) {
    if (point >= p->count)
        return p->text.size;
    size_t at = p->marks[point / STEP];
    for (size_t left = point % STEP; left > 0; left--)
        do
            at++;
        while (at < p->text.size && ((unsigned char)p->text.data[at] & 0xC0) == 0x80);
    return at;
}

str points_between(const text_points *p, int64_t start, int64_t end) {
    if (start < 0 || end < start)
        return STR("");
    return str_slice(p->text, offset_of(p, (size_t)start), offset_of(p, (size_t)end));
}

str points_taken(const text_points *p, statement *s, int column) {
    return take_null(s, column) ? STR_NONE
                                : points_between(p, take_number(s, column), take_number(s, column + 1));
}
