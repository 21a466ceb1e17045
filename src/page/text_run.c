/* Sixteen bytes at a time where there is SSE2, for text is most of what a page keeps.
 *
 * A byte is plain where it says by itself that its code point goes into the text: printable ASCII but '&',
 * and in UTF-8 whatever follows a first byte that begins no kind of space. The first bytes that do are C2
 * (the control characters and the no-break space), E1, E2, E3 and EF. Marks of two bytes are the Arabic
 * comma, semicolon and question mark (D8 8C, 9B, 9F) and full stop (DB 94); those of three begin with E3. */
#include "page/text_run.h"

#include <stdbool.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_plain(unsigned char c) {
    return (c > ' ' && c < 0x7F && c != '&') ||
           (c >= 0x80 && c != 0xC2 && c != 0xE1 && c != 0xE2 && c != 0xE3 && c != 0xEF);
}

static bool is_mark_at(str s, size_t at) {
    unsigned char c = (unsigned char)s.data[at];
    unsigned char next = at + 1 < s.size ? (unsigned char)s.data[at + 1] : 0;
    return c == '.' || c == ',' || c == ';' || c == '?' || c == '!' ||
           (c == 0xD8 && (next == 0x8C || next == 0x9B || next == 0x9F)) || (c == 0xDB && next == 0x94);
}

/* Goes on with a run that has come to `at`. */
static text_run go_on(str s, size_t start, size_t at, text_run r) {
    for (; at < s.size; at++) {
        unsigned char c = (unsigned char)s.data[at];
        if (c == ' ' && at > start && at + 1 < s.size && is_plain((unsigned char)s.data[at + 1]))
            continue;
        if (!is_plain(c))
            break;
        r.letters += (c & 0xC0) != 0x80;
        r.marks += is_mark_at(s, at);
    }
    r.size = at - start;
    return r;
}

text_run text_run_plain(str s, size_t at) {
    return go_on(s, at, at, (text_run){0});
}

#ifdef __SSE2__

static __m128i is(__m128i bytes, int c) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)c));
}

static __m128i either(__m128i a, __m128i b) {
    return _mm_or_si128(a, b);
}

/* Bits of the bytes that are plain. */
static unsigned plain_bytes(__m128i b) {
    /* as signed bytes, those above 0x20 are ASCII, and those below 0 are not */
    __m128i printable =
        _mm_andnot_si128(either(is(b, '&'), is(b, 0x7F)), _mm_cmpgt_epi8(b, _mm_set1_epi8(' ')));
    __m128i spaces =
        either(either(is(b, 0xC2), is(b, 0xEF)), either(is(b, 0xE1), either(is(b, 0xE2), is(b, 0xE3))));
    __m128i high = _mm_andnot_si128(spaces, _mm_cmplt_epi8(b, _mm_setzero_si128()));
    return (unsigned)_mm_movemask_epi8(either(printable, high));
}

static unsigned mark_bytes(__m128i b, __m128i next) {
    __m128i ascii =
        either(either(is(b, '.'), is(b, ',')), either(is(b, ';'), either(is(b, '?'), is(b, '!'))));
    __m128i arabic =
        _mm_and_si128(is(b, 0xD8), either(is(next, 0x8C), either(is(next, 0x9B), is(next, 0x9F))));
    __m128i full_stop = _mm_and_si128(is(b, 0xDB), is(next, 0x94));
    return (unsigned)_mm_movemask_epi8(either(ascii, either(arabic, full_stop)));
}

/* How many bits of each half are set. */
static uint64_t count_halves(uint64_t x) {
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    x += x >> 8;
    return x & UINT64_C(0x000000FF000000FF);
}

text_run text_run_at(str s, size_t at) {
    text_run r = {0};
    size_t start = at;
    while (s.size - at > 16) {
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(s.data + at));
        __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(s.data + at + 1));
        unsigned plain = plain_bytes(b), follows = plain_bytes(next);
        unsigned space = (unsigned)_mm_movemask_epi8(is(b, ' ')) & follows;
        space &= at == start ? ~1u : ~0u; /* a run begins with no space */
        unsigned stop = ~(plain | space) & 0xFFFF;
        unsigned size = stop ? (unsigned)__builtin_ctz(stop) : 16;
        unsigned inside = (1u << size) - 1;
        unsigned firsts = ~(unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(b, _mm_set1_epi8((char)0xC0))) & plain;
        uint64_t counts = count_halves((uint64_t)(mark_bytes(b, next) & inside) << 32 | (firsts & inside));
        r.letters += (uint32_t)counts;
        r.marks += (uint32_t)(counts >> 32);
        at += size;
        if (stop) {
            r.size = at - start;
            return r;
        }
    }
    return go_on(s, start, at, r);
}

#else

text_run text_run_at(str s, size_t at) {
    return text_run_plain(s, at);
}

#endif
