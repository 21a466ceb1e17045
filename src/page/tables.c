#include "page/tables.h"

#include "base/utf8.h"

/* The first eight bytes, or all of fewer, as a number, the first lowest. Loads that overlap never read past
 * the end. */
static uint64_t first_eight(str s) {
    uint64_t all = 0;
    uint32_t low, high;
    uint16_t two;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (s.size >= 8) {
        memcpy(&all, s.data, 8);
        return all;
    }
    if (s.size >= 4) {
        memcpy(&low, s.data, 4);
        memcpy(&high, s.data + s.size - 4, 4);
        return low | (uint64_t)high << 8 * (s.size - 4);
    }
    if (s.size >= 2) {
        memcpy(&two, s.data, 2);
        return two | (uint64_t)(unsigned char)s.data[s.size - 1] << 8 * (s.size - 1);
    }
    return s.size ? (unsigned char)s.data[0] : 0;
#else
    for (size_t i = 0; i < s.size && i < 8; i++)
        all |= (uint64_t)(unsigned char)s.data[i] << 8 * i;
    return all;
#endif
}

/* Eight bytes at a time, the first lowest. */
static uint64_t word_hash(str s) {
    uint64_t h = s.size;
    for (size_t at = 0; at < s.size; at += 8) {
        h = (h ^ first_eight(str_slice(s, at, s.size))) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return h;
}

const word_entry *table_find(const word_table *t, str key) {
    if (key.size > t->longest)
        return NULL;
    uint64_t hash = word_hash(key);
    for (uint32_t at = (uint32_t)hash & t->mask, slot; (slot = t->slots[at]); at = (at + 1) & t->mask) {
        const word_entry *entry = &t->entries[(slot & 0xFFFF) - 1];
        if (slot >> 16 == hash >> 48 && str_equal(entry->key, key))
            return entry;
    }
    return NULL;
}

unsigned table_line(const word_table *t, const word_entry *entry) {
    return t->lines[entry - t->entries];
}

/* Capitals of ASCII as small letters, eight bytes at once. */
static uint64_t lower_eight(uint64_t x) {
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = x & 0x7F * ones;
    uint64_t from_a = low + (0x80 - 'A') * ones, past_z = low + (0x7F - 'Z') * ones;
    return x | ((~x & (from_a ^ past_z) & 0x80 * ones) >> 2);
}

const name_entry *name_find(const name_table *t, str name) {
    uint64_t key = lower_eight(first_eight(name));
    const name_entry *e = &t->slots[((key ^ name.size) * t->multiplier) >> t->shift];
    if (e->eight != key || e->key.size != name.size || name.size == 0 ||
        (name.size > 8 &&
         !str_equal_ascii_nocase(str_slice(name, 8, name.size), str_slice(e->key, 8, name.size))))
        return NULL;
    return e;
}

static bool is_dropped(uint32_t c) {
    return (c >= 0x064B && c <= 0x0652) || c == 0x0640 || c == 0x0670 || (c >= 0x200C && c <= 0x200F);
}

size_t fold_put(char out[4], uint32_t c) {
    if (is_dropped(c))
        return 0;
    if (c >= 'A' && c <= 'Z')
        c += 32;
    else if (c == 0x0622 || c == 0x0623 || c == 0x0625 || c == 0x0671)
        c = 0x0627;
    else if (c == 0x0629)
        c = 0x0647;
    else if (c == 0x0649)
        c = 0x064A;
    return utf8_put(out, c);
}

bool is_rare_word_code(uint32_t c) {
    if (c == 0xA9)
        return true;
    if (c < 0xC0 || c == 0xD7 || c == 0xF7)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    return !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x3004) && !(c >= 0x3008 && c <= 0x3020) &&
           !(c >= 0xFD3E && c <= 0xFD3F) && !(c >= 0xFE10 && c <= 0xFE6F) && !(c >= 0xFF00 && c <= 0xFF0F) &&
           c != 0xFEFF && c != UTF8_REPLACEMENT && c < 0xE0000;
}

/* One step of fold_words: the bytes of one code point, or a space, or " : ". */
typedef struct folder {
    char *into;
    size_t size, last_word; /* last_word: the size at the last end of a word */
    bool space;             /* a space is due before the next word */
} folder;

static void folder_put(folder *f, const char *bytes, size_t size) {
    if (f->space && f->size)
        f->into[f->size++] = ' ';
    f->space = false;
    memcpy(f->into + f->size, bytes, size);
    f->size += size;
}

static void folder_break(folder *f) {
    if (!f->space)
        f->last_word = f->size;
    f->space = true;
}

static bool is_apostrophe(uint32_t c) {
    return c == '\'' || c == 0x2019;
}

str fold_words(str line, char *into, size_t most, bool *whole) {
    folder f = {.into = into};
    for (size_t at = 0; at < line.size;) {
        uint32_t c = utf8_step(line, &at);
        if (f.size + 8 > most) {
            *whole = false;
            return (str){into, f.last_word};
        }
        char bytes[4];
        if (is_word_code(c) || is_dropped(c)) {
            size_t size = fold_put(bytes, c);
            if (size)
                folder_put(&f, bytes, size);
        } else if (!is_apostrophe(c)) {
            folder_break(&f);
            if (c == ':') {
                folder_put(&f, ":", 1);
                folder_break(&f);
            }
        }
    }
    *whole = true;
    return (str){into, f.size};
}

str fold_first_word(str line, char *into, size_t most) {
    size_t size = 0;
    for (size_t at = 0; at < line.size && size + 8 <= most;) {
        uint32_t c = utf8_step(line, &at);
        if (is_word_code(c) || is_dropped(c))
            size += fold_put(into + size, c);
        else if (size && !is_apostrophe(c))
            return (str){into, size};
        else if (c == ':')
            return STR(":");
    }
    return (str){into, size + 8 <= most ? size : 0};
}

/* Without colons and numbers at its end: "Comments (12):" is "Comments". */
static str bare(str words) {
    for (;;) {
        size_t at = words.size;
        while (at > 0 && words.data[at - 1] != ' ')
            at--;
        str last = str_slice(words, at, words.size);
        if (at == 0 || !(last.data[0] == ':' || (last.data[0] >= '0' && last.data[0] <= '9')))
            return words;
        words.size = at - 1;
    }
}

/* Where in `line` its n-th folded word ends (colons count as words). */
static size_t end_of_words(str line, size_t n) {
    bool inside = false;
    size_t at = 0;
    while (at < line.size) {
        size_t before = at;
        uint32_t c = utf8_next(line, &at);
        bool word = is_word_code(c) || is_dropped(c) || is_apostrophe(c);
        if (inside && !word && --n == 0)
            return before;
        if (c == ':' && --n == 0)
            return at;
        inside = word;
    }
    return line.size;
}

/* The longest run of words that begins `words` and is a phrase of `place`. */
static const word_entry *longest_run(str words, phrase_place place, size_t *count) {
    const word_entry *longest = NULL;
    size_t end = 0;
    for (size_t n = 1; n <= LONGEST_PHRASE && end < words.size; n++) {
        end += n > 1;
        while (end < words.size && words.data[end] != ' ')
            end++;
        if (n == 1 && !table_find(&phrase_first_table, str_slice(words, 0, end)))
            return NULL;
        const word_entry *entry = table_find(&phrase_table, str_slice(words, 0, end));
        if (entry && entry->extra == (int32_t)place) {
            longest = entry;
            *count = n;
        }
    }
    return longest;
}

const word_entry *phrase_entry(str line, phrase_place *place, size_t *rest) {
    enum { MOST = 96 };
    char buffer[MOST];
    bool whole;
    size_t count = 0;
    *place = PLACE_WHOLE;
    *rest = line.size;
    if (!table_find(&phrase_first_table, fold_first_word(line, buffer, MOST)))
        return NULL;
    str words = fold_words(line, buffer, MOST, &whole);
    const word_entry *entry = whole ? table_find(&phrase_table, bare(words)) : NULL;
    if (entry)
        return entry;
    *place = PLACE_START;
    entry = longest_run(words, PLACE_START, &count);
    if (entry)
        *rest = end_of_words(line, count);
    return entry;
}

const word_entry *phrase_inside(str line) {
    enum { MOST = 1000 };
    char buffer[MOST];
    bool whole;
    size_t count;
    str words = fold_words(line, buffer, MOST, &whole);
    const word_entry *entry = NULL;
    for (size_t at = 0; at < words.size && !entry; at++)
        if (at == 0 || words.data[at - 1] == ' ')
            entry = longest_run(str_slice(words, at, words.size), PLACE_INSIDE, &count);
    return entry;
}

phrase phrase_of(str line, phrase_place *place, size_t *rest) {
    const word_entry *entry = phrase_entry(line, place, rest);
    return entry ? (phrase)entry->value : PHRASE_NONE;
}
