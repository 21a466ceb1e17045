/* UTF-8 that somebody read in an 8-bit encoding and wrote as UTF-8 again: "Ø§Ù„" and "ط§ظ„" for "ال", "â€™"
 * for an apostrophe.
 *
 * Such text is read back: where a run of characters beyond ASCII, each turned into its byte of the wrong
 * encoding, is well-formed UTF-8, what that says was meant. Right text is not so by chance: in it a letter
 * that would be a leading byte (ط, Ø) hardly ever stands before a mark that would be its continuation (§, „),
 * and three such pairs never stand in a row. So a run is sure by itself from three letters of Arabic on;
 * shorter ones (و, في) are read back only between the same two boundaries of markup as a sure one, or in a
 * page full of them. Twice wrong is mended in two rounds.
 *
 * Nearly every page is right, so that a page is first only searched for the marks of wrong ones: § after what
 * ا makes of its leading byte, Ã and Â before a continuation, â before €. */
#include "page/charset.h"

#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    READINGS = 3,
    ROUNDS = 3,
    MOST_CODE = 0x2130, /* above every code point of the code pages below */
    SURE_LETTERS = 3,   /* of Arabic in a run that is sure */
    FEWEST_LETTERS = 8, /* of Arabic in all sure runs together */
    FULL = 20,          /* sure runs in a page that is full of them */
    FEWEST_MARKS = 3,   /* of Latin letters and punctuation that were read back, where no run is sure */
};

static const char *const read_as[READINGS] = {"windows-1256", "windows-1252", "windows-1251"};

/* The encoding that text was read in by mistake, from character to byte. */
typedef struct reading_back {
    const encoding *encoding;
    unsigned char bytes[MOST_CODE]; /* 0 where the encoding has no such character */
} reading_back;

/* Bytes without a character were kept as controls, and so were all of 0x80 to 0x9F where Latin-1 was meant.
 */
static void read_back_from(const char *name, reading_back *r) {
    memset(r->bytes, 0, sizeof r->bytes);
    r->encoding = encoding_named(name);
    for (unsigned b = 0x80; b < 0xA0; b++)
        r->bytes[b] = (unsigned char)b;
    for (unsigned i = 0; i < 128; i++)
        if (r->encoding->high[i] < MOST_CODE)
            r->bytes[r->encoding->high[i]] = (unsigned char)(0x80 + i);
}

/* The search for marks. */

/* Where one may begin: § or ©, or a letter that windows-1252 makes of a leading byte before something else.
 */
static bool may_begin(unsigned char c, unsigned char next) {
    return (c == 0xC2 && (next == 0xA7 || next == 0xA9)) ||
           (c == 0xC3 && ((next & 0xE0) == 0x80 || next == 0xA2));
}

#ifdef __SSE2__
static __m128i sixteen_at(const char *at) {
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* C2 or C3: rare, and quicker to look for. */
static __m128i may_be_here(const char *at) {
    return _mm_cmpeq_epi8(_mm_and_si128(sixteen_at(at), _mm_set1_epi8((char)0xFE)),
                          _mm_set1_epi8((char)0xC2));
}

/* may_begin() of sixteen places, as bits. */
static uint64_t begins_here(const char *at) {
    __m128i c = sixteen_at(at), next = sixteen_at(at + 1);
    __m128i sign = _mm_or_si128(_mm_cmpeq_epi8(next, _mm_set1_epi8((char)0xA7)),
                                _mm_cmpeq_epi8(next, _mm_set1_epi8((char)0xA9)));
    __m128i early = _mm_cmpeq_epi8(_mm_and_si128(next, _mm_set1_epi8((char)0xE0)), _mm_set1_epi8((char)0x80));
    __m128i letter = _mm_or_si128(early, _mm_cmpeq_epi8(next, _mm_set1_epi8((char)0xA2)));
    __m128i all = _mm_or_si128(_mm_and_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8((char)0xC2)), sign),
                               _mm_and_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8((char)0xC3)), letter));
    return (uint32_t)_mm_movemask_epi8(all);
}
#endif

static size_t next_place(str s, size_t at) {
#ifdef __SSE2__
    for (; at + 65 <= s.size; at += 64) {
        const char *p = s.data + at;
        __m128i halves[2] = {_mm_or_si128(may_be_here(p), may_be_here(p + 16)),
                             _mm_or_si128(may_be_here(p + 32), may_be_here(p + 48))};
        if (!_mm_movemask_epi8(_mm_or_si128(halves[0], halves[1])))
            continue;
        uint64_t bits = begins_here(p) | begins_here(p + 16) << 16 | begins_here(p + 32) << 32 |
                        begins_here(p + 48) << 48;
        if (bits)
            return at + (size_t)__builtin_ctzll(bits);
    }
#endif
    while (at + 1 < s.size && !may_begin((unsigned char)s.data[at], (unsigned char)s.data[at + 1]))
        at++;
    return at + 1 < s.size ? at : s.size;
}

static bool stands_before(str s, size_t at, const char *two) {
    return at >= 2 && memcmp(s.data + at - 2, two, 2) == 0;
}

/* § after what the first byte of ا (or of § itself, in a second round) makes in one of the encodings; © so
 * for é; of what windows-1252 makes: Â to ß before another character beyond ASCII that is no such letter, â
 * before €. */
static bool is_mark_at(str s, size_t at) {
    static const char *const before_section[] = {"\xD8\xB7", "\xC3\x98", "\xD0\xA8", "\xD8\xA2", "\xD0\x92"};
    const unsigned char *p = (const unsigned char *)s.data + at;
    if (p[0] == 0xC2 && p[1] == 0xA9)
        return stands_before(s, at, "\xD8\xA3");
    if (p[0] == 0xC3)
        return (p[1] >= 0x82 && p[1] <= 0x9F && p[2] >= 0xC2 && p[2] != 0xC3) ||
               (p[1] == 0xA2 && (p[2] == 0xE2 || (p[2] == 0xC2 && p[3] == 0x80)));
    for (size_t i = 0; i < sizeof before_section / sizeof *before_section; i++)
        if (p[1] == 0xA7 && stands_before(s, at, before_section[i]))
            return true;
    return false;
}

/* Runs of characters beyond ASCII. */

typedef struct run {
    size_t sequences, arabic,
        marks;            /* that were read back: all, letters of Arabic, punctuation of three bytes */
    size_t kept, orphans; /* characters that stay; of them leading bytes without what follows */
} run;

static size_t sequence_length(unsigned byte) {
    return byte >= 0xF0 && byte <= 0xF4   ? 4
           : byte >= 0xE0 && byte <= 0xEF ? 3
           : byte >= 0xC2 && byte <= 0xDF ? 2
                                          : 0;
}

static bool is_arabic(uint32_t c) {
    return (c >= 0x0600 && c <= 0x06FF) || (c >= 0xFB50 && c <= 0xFEFC);
}

/* What texts are written with; by chance any code point may come out. */
static bool is_plausible(uint32_t c) {
    static const uint32_t blocks[][2] = {
        {0xA0, 0x17F},    {0x384, 0x3CE},   {0x400, 0x45F},     {0x490, 0x491},   {0x5D0, 0x5EA},
        {0x600, 0x6FF},   {0x2010, 0x204A}, {0x20A0, 0x20BF},   {0x2100, 0x2192}, {0x2200, 0x2265},
        {0x25A0, 0x2764}, {0x3000, 0x30FF}, {0x4E00, 0x9FFF},   {0xAC00, 0xD7A3}, {0xFB50, 0xFEFF},
        {0x200B, 0x200F}, {0xFFFD, 0xFFFD}, {0x1F300, 0x1FAFF},
    };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (c >= blocks[i][0] && c <= blocks[i][1])
            return true;
    return false;
}

/* One sequence from the character at `at`: its code point, and where it ends; 0 where there is none. */
static uint32_t sequence_at(const reading_back *r, str s, size_t at, unsigned first, size_t *end) {
    char bytes[4] = {(char)first};
    size_t need = sequence_length(first), got = 1;
    for (; got < need && at < s.size && (unsigned char)s.data[at] >= 0x80; got++) {
        uint32_t c = utf8_next(s, &at);
        unsigned b = c < MOST_CODE ? r->bytes[c] : 0;
        if (b < 0x80 || b > 0xBF)
            break;
        bytes[got] = (char)b;
    }
    size_t used = 0;
    if (!need || got < need)
        return 0;
    uint32_t code = utf8_next((str){bytes, got}, &used);
    *end = at;
    bool again = code < MOST_CODE && r->bytes[code]; /* misread twice */
    return used == got && (again || is_plausible(code)) ? code : 0;
}

/* "Pav" before "Ã©": no word of right text goes on so after a small letter. */
static bool is_inside_word(str s, size_t run_start, uint32_t code) {
    return code >= 0xDF && code <= 0xFF && run_start > 0 && s.data[run_start - 1] >= 'a' &&
           s.data[run_start - 1] <= 'z';
}

/* Reads a run back, from `at` to the next ASCII byte, where *at is left. With `out`: writes it there, orphans
 * as U+FFFD. */
static run read_run(const reading_back *r, str s, size_t *at, char *out, size_t *size) {
    run n = {0};
    size_t start = *at;
    while (*at < s.size && (unsigned char)s.data[*at] >= 0x80) {
        size_t next = *at, end = next;
        uint32_t c = utf8_next(s, &next);
        unsigned b = c < MOST_CODE ? r->bytes[c] : 0;
        uint32_t code = b ? sequence_at(r, s, next, b, &end) : 0;
        bool orphan = !code && b >= 0xD8 && b <= 0xDB;
        n.sequences += code != 0;
        n.arabic += is_arabic(code);
        n.marks += (code >= 0x2010 && code <= 0x203A) || (*at == start && is_inside_word(s, start, code));
        n.kept += code == 0;
        n.orphans += orphan;
        if (out)
            *size += utf8_put(out + *size, code ? code : orphan ? UTF8_REPLACEMENT : c);
        *at = code ? end : next;
    }
    return n;
}

static bool is_readable(const run *n) {
    return n->sequences > 0 && n->kept <= n->sequences / 2;
}

static bool is_sure(const run *n) {
    return is_readable(n) && n->arabic >= SURE_LETTERS;
}

/* Whether a run with a mark can be read back. */
static bool is_misread_at(const reading_back readings[READINGS], str s, size_t at, size_t *end) {
    enum { MOST_BEFORE = 64 };
    size_t start = at;
    while (start > 0 && at - start < MOST_BEFORE && (unsigned char)s.data[start - 1] >= 0x80)
        start--;
    while (((unsigned char)s.data[start] & 0xC0) == 0x80)
        start++;
    for (size_t i = 0; i < READINGS; i++) {
        *end = start;
        run n = read_run(&readings[i], s, end, NULL, NULL);
        if (is_readable(&n))
            return true;
    }
    return false;
}

static bool is_misread(str s) {
    reading_back readings[READINGS];
    bool made = false;
    if (s.size < 4)
        return false;
    for (size_t at = next_place(s, 0); at + 3 < s.size; at = next_place(s, at)) {
        size_t end = at + 1;
        if (is_mark_at(s, at)) {
            for (size_t i = 0; i < READINGS && !made; i++)
                read_back_from(read_as[i], &readings[i]);
            made = true;
            if (is_misread_at(readings, s, at, &end))
                return true;
        }
        at = end > at ? end : at + 1;
    }
    return false;
}

/* A character that would begin a sequence and does not: right text has it. */
static bool speaks_against(const run *n) {
    return n->kept > 0 && !is_readable(n);
}

/* What stands between two boundaries of markup or lines. */
typedef struct stretch {
    size_t sure, letters;     /* runs that are sure, and letters of Arabic in them */
    size_t sequences, others; /* in runs that can be read back: all, and those that are no Arabic */
    size_t marks, against;
} stretch;

static bool is_boundary(char c) {
    return c == '<' || c == '>' || c == '\n';
}

static void look_at_run(const reading_back *r, str s, size_t *at, stretch *total) {
    run n = read_run(r, s, at, NULL, NULL);
    total->sure += is_sure(&n);
    total->letters += is_sure(&n) ? n.arabic : 0;
    total->sequences += is_readable(&n) ? n.sequences : 0;
    total->others += is_readable(&n) ? n.sequences - n.arabic : 0;
    total->marks += is_readable(&n) ? n.marks : 0;
    total->against += speaks_against(&n);
}

static stretch look_at_all(const reading_back *r, str s) {
    stretch total = {0};
    for (size_t at = ascii_run(s, 0); at < s.size; at = ascii_run(s, at))
        look_at_run(r, s, &at, &total);
    return total;
}

/* From a run on; *at is left at the boundary. */
static stretch look_at_stretch(const reading_back *r, str s, size_t *at) {
    stretch total = {0};
    while (*at < s.size && !is_boundary(s.data[*at])) {
        if ((unsigned char)s.data[*at] < 0x80)
            *at += 1;
        else
            look_at_run(r, s, at, &total);
    }
    return total;
}

/* What of a page is to be read back. */
typedef struct plan {
    bool arabic, full, others;
} plan;

static bool speaks_for_others(const stretch *s) {
    return s->against * 10 <= s->sequences && (s->marks > 0 || s->others >= FEWEST_MARKS);
}

static plan plan_of(const stretch *all) {
    bool arabic = all->letters >= FEWEST_LETTERS;
    return (plan){arabic, arabic && all->sure >= FULL, speaks_for_others(all)};
}

static bool wants(const plan *p, const stretch *around) {
    return p->others || (p->arabic && (around->sure || (p->full && !around->against))) ||
           speaks_for_others(around);
}

static void write_stretch(const reading_back *r, str s, size_t end, size_t *at, char *out, size_t *size,
                          size_t *words) {
    while (*at < end) {
        size_t ascii = ascii_run((str){s.data, end}, *at);
        memcpy(out + *size, s.data + *at, ascii - *at);
        *size += ascii - *at;
        *at = ascii;
        if (*at >= end)
            return;
        size_t ahead = *at;
        run n = read_run(r, s, &ahead, NULL, NULL);
        if (is_readable(&n)) {
            read_run(r, s, at, out, size);
            *words += 1;
        } else {
            memcpy(out + *size, s.data + *at, ahead - *at);
            *size += ahead - *at;
            *at = ahead;
        }
    }
}

static str write_back(const reading_back *r, str s, const plan *p, size_t *words, arena *a) {
    /* What is read back is shorter, but for an orphan, which may be one byte longer. */
    char *out = arena_take(a, s.size + s.size / 2 + 4);
    size_t size = 0;
    for (size_t at = 0; at < s.size;) {
        size_t end = ascii_run(s, at);
        stretch around = look_at_stretch(r, s, &end);
        if (wants(p, &around)) {
            write_stretch(r, s, end, &at, out, &size, words);
        } else {
            memcpy(out + size, s.data + at, end - at);
            size += end - at;
            at = end;
        }
    }
    return (str){out, size};
}

/* One round: in the encoding that most can be read back from. */
static bool mend_once(mojibake *m, arena *a) {
    reading_back r;
    stretch best = {0};
    size_t which = 0;
    for (size_t i = 0; i < READINGS; i++) {
        read_back_from(read_as[i], &r);
        stretch all = look_at_all(&r, m->text);
        plan p = plan_of(&all);
        if ((p.arabic || all.marks || all.others >= FEWEST_MARKS) && all.sequences > best.sequences) {
            best = all;
            which = i;
        }
    }
    if (!best.sequences)
        return false;
    plan p = plan_of(&best);
    size_t words = 0;
    read_back_from(read_as[which], &r);
    str mended = write_back(&r, m->text, &p, &words, a);
    if (!words)
        return false;
    m->text = mended;
    m->words = words > m->words ? words : m->words;
    if (!m->read_as.size)
        m->read_as = str_of(read_as[which]);
    return true;
}

mojibake mojibake_mend(str text, arena *a) {
    mojibake m = {.text = text, .read_as = STR_NONE};
    size_t rounds = 0;
    while (rounds < ROUNDS && is_misread(m.text) && mend_once(&m, a))
        rounds++;
    if (rounds > 1)
        m.read_as = arena_printf(a, "%.*s, %s", STR_ARG(m.read_as), rounds == 2 ? "twice" : "three times");
    return m;
}
