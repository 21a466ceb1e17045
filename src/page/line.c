#include "page/line.h"

#include "base/utf8.h"

bool is_space_code(uint32_t c) {
    return c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool ends_sentence(str line) {
    static const char *const ends[] = {".", "!", "?", ":", "\"", "؟", "”", "»", "…"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(line, str_of(ends[i])))
            return true;
    return false;
}

size_t word_count(str s) {
    size_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < s.size; i++) {
        bool space = (unsigned char)s.data[i] <= ' ';
        n += !space && !inside;
        inside = !space;
    }
    return n;
}

bool tells_number(str line) {
    size_t run = 0, longest = 0;
    for (size_t at = 0; at < line.size;) {
        run = digit_value(utf8_next(line, &at)) >= 0 ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest > 0 && longest != 4;
}

str with_line_feeds(str s, arena *a) {
    if (!s.size || !memchr(s.data, '\r', s.size))
        return s;
    char *out = arena_alloc(a, s.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < s.size; i++) {
        bool end = s.data[i] == '\r';
        if (end && i + 1 < s.size && s.data[i + 1] == '\n')
            continue;
        out[size++] = end ? '\n' : s.data[i];
    }
    return (str){out, size};
}
