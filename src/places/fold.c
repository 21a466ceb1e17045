/* Folding names to keys.
 *
 * The same village is written كفر نوران and كفرنوران, معرّة and معره, al-Bab and Al Bab and el-Bab. A key
 * keeps what all writers agree on: the letters. Harakat, tatweel, controls, hamza, spaces and punctuation go,
 * letters that are confused become one, the article goes at the head of each word.
 *
 * What must stay true, and is tested: folding a key gives the key; a key is never longer than its name; the
 * key of two words is the keys of the words, one after the other, but for an article that only their joining
 * makes (places_bare_key takes that off).
 *
 * One pass: a table says what becomes of each character; where a word ends, the writer takes off its
 * article. */
#include "base/utf8.h"
#include "places/format.h"

enum { DROP = 0, BREAK = 1 }; /* what a table says beside a code point */

/* U+0600 to U+06FF, as the low byte of the letter in the same block, but for digits. */
static const uint8_t arabic[256] = {
#define ROW(first) [first] = first, [first + 1] = first + 1, [first + 2] = first + 2, [first + 3] = first + 3
    [0x00] = BREAK, [0x01] = BREAK, [0x02] = BREAK, [0x03] = BREAK, [0x06] = BREAK, [0x07] = BREAK,
    [0x08] = BREAK, [0x09] = BREAK, [0x0a] = BREAK, [0x0b] = BREAK, [0x0c] = BREAK, [0x0d] = BREAK,
    [0x0e] = BREAK, [0x0f] = BREAK, [0x1b] = BREAK, [0x1d] = BREAK, [0x1e] = BREAK, [0x1f] = BREAK,
    [0x20] = 0x4a,  [0x22] = 0x27,  [0x23] = 0x27,  [0x24] = 0x48,  [0x25] = 0x27,  [0x26] = 0x4a,
    [0x27] = 0x27,  [0x28] = 0x28,  [0x29] = 0x47,  [0x2a] = 0x2a,  [0x2b] = 0x2b,  ROW(0x2c),
    ROW(0x30),      ROW(0x34),      [0x38] = 0x38,  [0x39] = 0x39,  [0x3a] = 0x3a,  [0x3b] = 0x43,
    [0x3c] = 0x43,  [0x3d] = 0x4a,  [0x3e] = 0x4a,  [0x3f] = 0x4a,  [0x41] = 0x41,  [0x42] = 0x42,
    [0x43] = 0x43,  ROW(0x44),      [0x48] = 0x48,  [0x49] = 0x4a,  [0x4a] = 0x4a,  [0x60] = '0',
    [0x61] = '1',   [0x62] = '2',   [0x63] = '3',   [0x64] = '4',   [0x65] = '5',   [0x66] = '6',
    [0x67] = '7',   [0x68] = '8',   [0x69] = '9',   [0x6a] = BREAK, [0x6b] = BREAK, [0x6c] = BREAK,
    [0x6d] = BREAK, [0x6e] = 0x28,  [0x6f] = 0x42,  [0x71] = 0x27,  [0x72] = 0x27,  [0x73] = 0x27,
    [0x75] = 0x27,  [0x76] = 0x48,  [0x77] = 0x48,  [0x78] = 0x4a,  [0x79] = 0x2a,  [0x7a] = 0x2a,
    [0x7b] = 0x28,  [0x7c] = 0x2a,  [0x7d] = 0x2a,  [0x7e] = 0x28,  [0x7f] = 0x2a,  [0x80] = 0x28,
    [0x81] = 0x2d,  [0x82] = 0x2d,  [0x83] = 0x2c,  [0x84] = 0x2c,  [0x85] = 0x2e,  [0x86] = 0x2c,
    [0x87] = 0x2c,  [0x88] = 0x2f,  [0x89] = 0x2f,  [0x8a] = 0x2f,  [0x8b] = 0x2f,  [0x8c] = 0x30,
    [0x8d] = 0x2f,  [0x8e] = 0x2f,  [0x8f] = 0x2f,  [0x90] = 0x2f,  [0x91] = 0x31,  [0x92] = 0x31,
    [0x93] = 0x31,  [0x94] = 0x31,  [0x95] = 0x31,  [0x96] = 0x31,  [0x97] = 0x31,  [0x98] = 0x32,
    [0x99] = 0x31,  [0x9a] = 0x33,  [0x9b] = 0x33,  [0x9c] = 0x34,  [0x9d] = 0x35,  [0x9e] = 0x35,
    [0x9f] = 0x37,  [0xa0] = 0x39,  [0xa1] = 0x41,  [0xa2] = 0x41,  [0xa3] = 0x41,  [0xa4] = 0x41,
    [0xa5] = 0x41,  [0xa6] = 0x41,  [0xa7] = 0x42,  [0xa8] = 0x42,  [0xa9] = 0x43,  [0xaa] = 0x43,
    [0xab] = 0x43,  [0xac] = 0x43,  [0xad] = 0x43,  [0xae] = 0x43,  [0xaf] = 0x43,  [0xb0] = 0x43,
    [0xb1] = 0x43,  [0xb2] = 0x43,  [0xb3] = 0x43,  [0xb4] = 0x43,  [0xb5] = 0x44,  [0xb6] = 0x44,
    [0xb7] = 0x44,  [0xb8] = 0x44,  [0xb9] = 0x46,  [0xba] = 0x46,  [0xbb] = 0x46,  [0xbc] = 0x46,
    [0xbd] = 0x46,  [0xbe] = 0x47,  [0xbf] = 0x2c,  [0xc0] = 0x47,  [0xc1] = 0x47,  [0xc2] = 0x47,
    [0xc3] = 0x47,  [0xc4] = 0x48,  [0xc5] = 0x48,  [0xc6] = 0x48,  [0xc7] = 0x48,  [0xc8] = 0x48,
    [0xc9] = 0x48,  [0xca] = 0x48,  [0xcb] = 0x48,  [0xcc] = 0x4a,  [0xcd] = 0x4a,  [0xce] = 0x4a,
    [0xcf] = 0x48,  [0xd0] = 0x4a,  [0xd1] = 0x4a,  [0xd2] = 0x4a,  [0xd3] = 0x4a,  [0xd4] = BREAK,
    [0xd5] = 0x47,  [0xdd] = BREAK, [0xde] = BREAK, [0xe9] = BREAK, [0xee] = 0x2f,  [0xef] = 0x31,
    [0xf0] = '0',   [0xf1] = '1',   [0xf2] = '2',   [0xf3] = '3',   [0xf4] = '4',   [0xf5] = '5',
    [0xf6] = '6',   [0xf7] = '7',   [0xf8] = '8',   [0xf9] = '9',   [0xfa] = 0x34,  [0xfb] = 0x36,
    [0xfc] = 0x3a,  [0xfd] = BREAK, [0xfe] = BREAK, [0xff] = 0x47,
#undef ROW
};

/* The base letters of U+00C0 to U+0233 and of U+1E00 to U+1EF9 (Unicode's compatibility decompositions, and
 * the plain letter of those that have none); a full stop where there is no Latin letter. */
static const char latin_extended[] = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"
                                     "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                                     "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
                                     "bbbb...cc.d....e........kk......oo.............uu..............."
                                     "....dddlllnnnaaiioouuuuuuuuuu.aaaa....ggkkoooo..jdddgg..nnaa...."
                                     "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy";
static const char latin_additional[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
                                       "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
                                       "wwwwwwwwwwxxxxyyzzzzzzhtwyas....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
                                       "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy";

/* Arabic presentation forms: the first code point of each letter's forms, and the letter. */
typedef struct form_run {
    uint16_t first, letter;
} form_run;
static const form_run forms_a[] = {
    /* U+FB50 to U+FBFF */
    {0xfb50, 0x627}, {0xfb52, 0x628}, {0xfb5a, 0x628}, {0xfb5e, 0x62a}, {0xfb6a, 0x641},
    {0xfb72, 0x62c}, {0xfb82, 0x62f}, {0xfb8a, 0x632}, {0xfb8c, 0x631}, {0xfb8e, 0x643},
    {0xfb9e, 0x646}, {0xfba4, 0x647}, {0xfbae, 0x64a}, {0xfbb2, 0},     {0xfbd3, 0x643},
    {0xfbd7, 0x648}, {0xfbe4, 0x64a}, {0xfbea, 0},     {0xfbfc, 0x64a}, {0xfc00, 0},
};
static const form_run forms_b[] = {
    /* U+FE70 to U+FEF4 */
    {0xfe70, 0},     {0xfe80, 0},     {0xfe81, 0x627}, {0xfe85, 0x648}, {0xfe87, 0x627}, {0xfe89, 0x64a},
    {0xfe8d, 0x627}, {0xfe8f, 0x628}, {0xfe93, 0x647}, {0xfe95, 0x62a}, {0xfe99, 0x62b}, {0xfe9d, 0x62c},
    {0xfea1, 0x62d}, {0xfea5, 0x62e}, {0xfea9, 0x62f}, {0xfeab, 0x630}, {0xfead, 0x631}, {0xfeaf, 0x632},
    {0xfeb1, 0x633}, {0xfeb5, 0x634}, {0xfeb9, 0x635}, {0xfebd, 0x636}, {0xfec1, 0x637}, {0xfec5, 0x638},
    {0xfec9, 0x639}, {0xfecd, 0x63a}, {0xfed1, 0x641}, {0xfed5, 0x642}, {0xfed9, 0x643}, {0xfedd, 0x644},
    {0xfee1, 0x645}, {0xfee5, 0x646}, {0xfee9, 0x647}, {0xfeed, 0x648}, {0xfeef, 0x64a}, {0xfef5, 0},
};

/* What is written between the article's vowel and its consonant in Latin script: every common spelling. */
static const char latin_articles[][4] = {"al",  "el",  "ad",  "ed",  "ar",  "er",  "as",
                                         "es",  "at",  "et",  "az",  "ez",  "an",  "en",
                                         "ash", "esh", "ath", "eth", "adh", "edh", "ul"};

typedef struct key_writer {
    char *out;
    size_t size, limit, word; /* where the word being written begins */
} key_writer;

static bool begins_with_article(const char *at, size_t size) {
    return size >= 10 && memcmp(at, "ال", 4) == 0;
}

static bool is_latin_article(const char *at, size_t size) {
    if (size < 2 || size > 3)
        return false;
    for (size_t i = 0; i < sizeof latin_articles / sizeof *latin_articles; i++)
        if (strlen(latin_articles[i]) == size && memcmp(latin_articles[i], at, size) == 0)
            return true;
    return false;
}

static size_t article_size(const char *at, size_t size) {
    size_t taken = 0;
    while (begins_with_article(at + taken, size - taken))
        taken += 4;
    return taken ? taken : is_latin_article(at, size) ? size : 0;
}

static void end_word(key_writer *w) {
    char *at = w->out + w->word;
    size_t size = w->size - w->word, taken = article_size(at, size);
    if (taken) {
        memmove(at, at + taken, size - taken);
        w->size -= taken;
    }
    w->word = w->size;
}

/* Where every character of a name is a ligature of two letters there may be no room: the rest is left out. */
static void put(key_writer *w, uint32_t c) {
    char bytes[4];
    size_t size = utf8_put(bytes, c);
    if (size > w->limit - w->size)
        return;
    memcpy(w->out + w->size, bytes, size);
    w->size += size;
}

static uint32_t form_letter(const form_run *runs, size_t count, uint32_t c) {
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (runs[middle].first <= c)
            low = middle;
        else
            high = middle;
    }
    return runs[low].letter;
}

static bool is_break(uint32_t c) {
    return c == 0xa0 ||
           (c >= 0xa1 && c < 0xc0 && c != 0xaa && c != 0xb5 && c != 0xba && c != 0xad && c != 0xb4) ||
           c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c <= 0x200a) || (c >= 0x2010 && c <= 0x2017) ||
           (c >= 0x201c && c <= 0x2029) || (c >= 0x202f && c <= 0x205f) || (c >= 0x3000 && c <= 0x3020) ||
           c == UTF8_REPLACEMENT || (c >= 0xfd3e && c <= 0xfd3f);
}

static bool is_dropped(uint32_t c) {
    return (c >= 0x2b0 && c <= 0x36f) || c == 0xad || c == 0xb4 || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2018 && c <= 0x201b) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           (c >= 0x8d3 && c <= 0x8ff) || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xfe20 && c <= 0xfe2f) ||
           c == 0xfeff || (c >= 0x1ab0 && c <= 0x1aff);
}

static uint32_t table_letter(const char *table, size_t count, uint32_t at, uint32_t c) {
    return at < count && table[at] != '.' ? (uint32_t)table[at] : c;
}

static void put_other(key_writer *w, uint32_t c) {
    if (is_break(c))
        end_word(w);
    else if (c >= 0xfef5 && c <= 0xfefc) /* lam with an alef */
        put(w, 0x644), put(w, 0x627);
    else if (is_dropped(c))
        return;
    else if (c >= 0xc0 && c < 0x250)
        put(w, table_letter(latin_extended, sizeof latin_extended - 1, c - 0xc0, c));
    else if (c >= 0x1e00 && c < 0x1f00)
        put(w, table_letter(latin_additional, sizeof latin_additional - 1, c - 0x1e00, c));
    else if ((c >= 0xfb50 && c < 0xfc00) || (c >= 0xfe70 && c < 0xfef5)) {
        uint32_t letter = c < 0xfc00 ? form_letter(forms_a, sizeof forms_a / sizeof *forms_a, c)
                                     : form_letter(forms_b, sizeof forms_b / sizeof *forms_b, c);
        if (letter)
            put(w, letter);
    } else
        put(w, c);
}

static bool is_arabic_digit(uint32_t c) {
    return (c >= 0x660 && c <= 0x669) || (c >= 0x6f0 && c <= 0x6f9);
}

static void put_arabic(key_writer *w, uint32_t c) {
    uint8_t to = arabic[c - 0x600];
    if (to == BREAK)
        end_word(w);
    else if (to != DROP)
        put(w, is_arabic_digit(c) ? to : 0x600u + to);
}

static void put_ascii(key_writer *w, char c) {
    if (c >= 'A' && c <= 'Z')
        c = (char)(c + 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        if (w->size < w->limit)
            w->out[w->size++] = c;
    } else if (c != '\'' && c != '`')
        end_word(w);
}

size_t places_fold(str s, char *out) {
    key_writer w = {.out = out, .limit = s.size};
    for (size_t at = 0; at < s.size;) {
        if ((unsigned char)s.data[at] < 0x80) {
            put_ascii(&w, s.data[at++]);
            continue;
        }
        uint32_t c = utf8_next(s, &at);
        if (c >= 0x600 && c < 0x700)
            put_arabic(&w, c);
        else
            put_other(&w, c);
    }
    end_word(&w);
    w.word = 0;
    end_word(&w);
    return w.size;
}

str places_bare_key(str folded) {
    size_t taken = article_size(folded.data, folded.size);
    return (str){folded.data + taken, folded.size - taken};
}

/* Consonants in classes: Arabic by the low byte of U+0627 to U+064A. Long vowels, hamza and ain leave
 * nothing. */
static const char skeleton_arabic[64] = {
    [0x28] = 'b', [0x2a] = 't', [0x2b] = 'T', [0x2c] = 'j', [0x2e] = 'x', [0x2f] = 'd',
    [0x30] = 'd', [0x31] = 'r', [0x32] = 'z', [0x33] = 's', [0x34] = 'S', [0x35] = 's',
    [0x36] = 'd', [0x37] = 't', [0x38] = 'z', [0x3a] = 'G',
};
static const char skeleton_arabic_high[16] = {
    [0x1] = 'f', [0x2] = 'k', [0x3] = 'k', [0x4] = 'l', [0x5] = 'm', [0x6] = 'n',
};
static const char skeleton_latin[26] = "\0bkd\0fj\0\0jklmn\0bkrst\0f\0x\0z";

static char latin_class(str s, size_t *at) {
    char c = s.data[*at], next = *at + 1 < s.size ? s.data[*at + 1] : '\0';
    if (next == 'h' && memchr("cdgkst", c, 6)) {
        *at += 2;
        return (char)(c == 'k' ? 'x' : c == 'g' ? 'G' : c == 't' ? 'T' : c == 'd' ? 'd' : 'S');
    }
    ++*at;
    return c >= 'a' && c <= 'z' ? skeleton_latin[c - 'a'] : c;
}

static char skeleton_class(str s, size_t *at) {
    unsigned char lead = (unsigned char)s.data[*at];
    if (lead < 0x80)
        return latin_class(s, at);
    uint32_t c = utf8_next(s, at);
    if (c >= 0x620 && c < 0x640)
        return skeleton_arabic[c - 0x600];
    return c >= 0x640 && c < 0x650 ? skeleton_arabic_high[c - 0x640] : '\0';
}

size_t places_skeleton(str folded, char *out) {
    size_t size = 0;
    for (size_t at = 0; at < folded.size;) {
        char class = skeleton_class(folded, &at);
        if (class && (size == 0 || out[size - 1] != class))
            out[size++] = class;
    }
    return size;
}
