#define _GNU_SOURCE /* memmem: linear-time search */
#include "base/str.h"

#include "base/ascii.h"

int str_compare(str a, str b) {
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

int str_order(const void *x, const void *y) {
    return str_compare(*(const str *)x, *(const str *)y);
}

bool str_equal_ascii_nocase(str a, str b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
            return false;
    return true;
}

size_t str_find(str s, str needle, size_t from) {
    if (from > s.size || needle.size > s.size - from)
        return SIZE_MAX;
    if (needle.size == 0)
        return from;
    const char *hit = memmem(s.data + from, s.size - from, needle.data, needle.size);
    return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

str str_trim(str s) {
    while (s.size && is_space(s.data[0]))
        s.data++, s.size--;
    while (s.size && is_space(s.data[s.size - 1]))
        s.size--;
    return s;
}

uint64_t str_hash_more(uint64_t h, str s) {
    for (size_t i = 0; i < s.size; i++)
        h = (h ^ (unsigned char)s.data[i]) * 0x100000001b3u;
    return h;
}

uint64_t str_hash_end(uint64_t h) {
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

uint64_t str_hash(str s) {
    return str_hash_end(str_hash_more(STR_HASH_BEGUN, s));
}

str str_unmarked(str s) {
    str mark = STR("\xEF\xBB\xBF");
    return str_starts(s, mark) ? str_slice(s, mark.size, s.size) : s;
}

bool str_piece(str text, size_t *at, char mark, str *out) {
    if (*at > text.size)
        return false;
    const char *found = *at < text.size ? memchr(text.data + *at, mark, text.size - *at) : NULL;
    size_t end = found ? (size_t)(found - text.data) : text.size;
    *out = str_slice(text, *at, end);
    *at = end + 1;
    return true;
}

str str_cell(str line, size_t n) {
    str cell = STR_NONE;
    size_t at = 0;
    for (size_t i = 0; i <= n; i++)
        if (!str_piece(line, &at, '\t', &cell))
            return STR_NONE;
    return cell;
}
