#include "base/utf8.h"

#include "base/counters.h"

uint32_t utf8_next(str s, size_t *at) {
    const unsigned char *p = (const unsigned char *)s.data + *at;
    size_t left = s.size - *at;
    uint32_t c = p[0];
    if (c < 0x80) {
        *at += 1;
        return c;
    }
    /* The range of the second byte depends on the first: Unicode 15, table 3-7. */
    unsigned low = 0x80, high = 0xBF;
    size_t need;
    if (c >= 0xC2 && c <= 0xDF) {
        need = 1;
        c &= 0x1F;
    } else if (c >= 0xE0 && c <= 0xEF) {
        need = 2;
        low = c == 0xE0 ? 0xA0 : 0x80;
        high = c == 0xED ? 0x9F : 0xBF;
        c &= 0x0F;
    } else if (c >= 0xF0 && c <= 0xF4) {
        need = 3;
        low = c == 0xF0 ? 0x90 : 0x80;
        high = c == 0xF4 ? 0x8F : 0xBF;
        c &= 0x07;
    } else {
        *at += 1;
        return UTF8_REPLACEMENT;
    }
    size_t i = 1;
    for (; i <= need && i < left && p[i] >= low && p[i] <= high; i++) {
        c = c << 6 | (p[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *at += i;
    return i == need + 1 ? c : UTF8_REPLACEMENT;
}

size_t utf8_put(char out[4], uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_REPLACEMENT;
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* Offset of the first ill-formed byte. A real U+FFFD in the text is well-formed. */
static size_t first_bad(str s) {
    for (size_t at = 0; at < s.size;) {
        size_t before = at;
        if (utf8_next(s, &at) == UTF8_REPLACEMENT &&
            !(at - before == 3 && memcmp(s.data + before, "\xEF\xBF\xBD", 3) == 0))
            return before;
    }
    return s.size;
}

bool utf8_valid_plain(str s) {
    return first_bad(s) == s.size;
}

/* The same, 32 bytes at a time: J. Keiser, D. Lemire, "Validating UTF-8 in less than one instruction per
 * byte" (2021). What can be wrong with two neighbouring bytes is a bit in each of three tables, by the halves
 * of the first and the upper half of the second; it is wrong where all three have the bit. Left are third and
 * fourth bytes: their place is told by the byte two or three before, and must be that of two continuations in
 * a row. */
#ifdef __x86_64__
#include <immintrin.h>

enum {
    TOO_SHORT = 1,
    TOO_LONG = 2,
    OVERLONG_3 = 4,
    TOO_LARGE = 8,
    SURROGATE = 16,
    OVERLONG_2 = 32,
    TOO_LARGE_1000 = 64,
    OVERLONG_4 = 64,
    TWO_CONTINUATIONS = 128,
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS,
    LARGE = CARRY | TOO_LARGE | TOO_LARGE_1000,
    LATE = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
};

#define AVX2 __attribute__((target("avx2")))

static const unsigned char first_high[16] = {
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TWO_CONTINUATIONS,
    TWO_CONTINUATIONS,
    TWO_CONTINUATIONS,
    TWO_CONTINUATIONS,
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
};
static const unsigned char first_low[16] = {
    CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
    CARRY | OVERLONG_2,
    CARRY,
    CARRY,
    CARRY | TOO_LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE | SURROGATE,
    LARGE,
    LARGE,
};
static const unsigned char second_high[16] = {
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
    TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE,
    LATE,
    LATE,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
};

AVX2 static inline __m256i looked_up(const unsigned char table[16], __m256i index) {
    __m128i half = _mm_loadu_si128((const __m128i *)(const void *)table);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(half), index);
}

AVX2 static inline __m256i high_halves(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

/* Not zero where the block, after the one before it, is wrong. */
AVX2 static inline __m256i wrong_in(__m256i block, __m256i before) {
    __m256i across = _mm256_permute2x128_si256(before, block, 0x21);
    __m256i one = _mm256_alignr_epi8(block, across, 15), two = _mm256_alignr_epi8(block, across, 14);
    __m256i three = _mm256_alignr_epi8(block, across, 13);
    __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(looked_up(first_high, high_halves(one)),
                         looked_up(first_low, _mm256_and_si256(one, _mm256_set1_epi8(0x0F)))),
        looked_up(second_high, high_halves(block)));
    __m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xE0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must, pairs);
}

AVX2 static inline __m256i block_at(str s, size_t at) {
    return _mm256_loadu_si256((const __m256i *)(const void *)(s.data + at));
}

AVX2 static bool valid_by_blocks(str s) {
    __m256i before = _mm256_setzero_si256(), wrong = before;
    size_t at = 0;
    while (at + 64 <= s.size) {
        __m256i a = block_at(s, at), b = block_at(s, at + 32);
        at += 64;
        if (!_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(a, b), before))) {
            before = b;
            continue;
        }
        wrong = _mm256_or_si256(wrong, _mm256_or_si256(wrong_in(a, before), wrong_in(b, a)));
        before = b;
    }
    /* The rest, with zeros behind it, so that a sequence cut short is seen. */
    char rest[96] = {0};
    memcpy(rest, s.data + at, s.size - at);
    for (size_t i = 0; i < sizeof rest; i += 32) {
        __m256i block = block_at((str){rest, sizeof rest}, i);
        wrong = _mm256_or_si256(wrong, wrong_in(block, before));
        before = block;
    }
    return _mm256_testz_si256(wrong, wrong);
}

bool utf8_valid(str s) {
    return s.size >= 64 && __builtin_cpu_supports("avx2") ? valid_by_blocks(s) : utf8_valid_plain(s);
}
#else
bool utf8_valid(str s) {
    return utf8_valid_plain(s);
}
#endif

str utf8_repair(arena *a, str s) {
    if (utf8_valid(s))
        return s;
    size_t good = first_bad(s);
    /* An ill-formed byte becomes three, so the result is at most three times as long. */
    char *out = arena_alloc(a, good + (s.size - good) * 3);
    size_t size = good;
    COUNT(bytes_copied, s.size);
    memcpy(out, s.data, good);
    for (size_t at = good; at < s.size;)
        size += utf8_put(out + size, utf8_next(s, &at));
    return (str){out, size};
}

/* Bytes 10xxxxxx go on with a code point; eight at a time. */
size_t utf8_length(str s) {
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t n = s.size, i = 0;
    for (; i + 8 <= s.size; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.data + i, 8);
        n -= (size_t)(((eight >> 7 & ~eight >> 6 & ones) * ones) >> 56);
    }
    for (; i < s.size; i++)
        n -= ((unsigned char)s.data[i] & 0xC0) == 0x80;
    return n;
}

size_t utf8_offset(str s, size_t n) {
    size_t i = 0;
    for (; i < s.size; i++)
        if (((unsigned char)s.data[i] & 0xC0) != 0x80 && n-- == 0)
            break;
    return i;
}

size_t utf16_length(str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        n += (size_t)((c & 0xC0) != 0x80) + (size_t)(c >= 0xF0);
    }
    return n;
}
