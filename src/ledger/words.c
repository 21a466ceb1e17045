/* Folding for search and comparison.
 *
 * Every code point goes through its compatibility decomposition (Unicode's NFKD: presentation forms,
 * ligatures and hamza seats come apart), loses its marks, its case and its tatweel; ta marbuta becomes ha and
 * alef maqsura ya; Persian kaf and ya become the Arabic ones; digits become ASCII. A run of letters and
 * digits is a word. The article, with a conjunction or preposition written before it (wal-, fal-, bal-, kal-,
 * lil-), is taken off where three letters are left: "والسوق", "للسوق" and "سوق" are one word. Bare
 * conjunctions are left on, for they cannot be told from the first letter of a word without a dictionary. */
#include "ledger/words.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "base/utf8.h"

enum { ALEF = 0x627, TA_MARBUTA = 0x629, HA = 0x647, ALEF_MAKSURA = 0x649, YA = 0x64A, KAF = 0x643 };
enum { TATWEEL = 0x640, HAMZA = 0x621, ALEF_WASLA = 0x671, PERSIAN_KAF = 0x6A9, PERSIAN_YA = 0x6CC };

static uint32_t fold_letter(uint32_t c) {
    switch (c) {
    case TA_MARBUTA:
        return HA;
    case ALEF_MAKSURA:
    case PERSIAN_YA:
        return YA;
    case PERSIAN_KAF:
        return KAF;
    case ALEF_WASLA:
        return ALEF;
    case TATWEEL:
    case HAMZA:
        return 0;
    default:
        return c < 0x80 ? (c >= 'A' && c <= 'Z' ? c + 32 : c)
                        : (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT);
    }
}

/* Letters that stand for themselves: no decomposition to look up. */
static bool is_plain(uint32_t c) {
    return c < 0x80 || (c >= 0x627 && c <= 0x64A);
}

static bool in_word(uint32_t c) {
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c >= 0x621 && c <= 0x64A)
        return true;
    int type = u_charType((UChar32)c);
    return u_isalnum((UChar32)c) || type == U_NON_SPACING_MARK || type == U_OTHER_NUMBER;
}

static void put_folded(word *w, uint32_t folded) {
    char bytes[4];
    size_t n = utf8_put(bytes, folded);
    if (w->size + n > WORD_LIMIT)
        return;
    memcpy(w->folded + w->size, bytes, n);
    w->size += n;
}

static void put(word *w, uint32_t c) {
    int digit = c > 0x80 ? u_charDigitValue((UChar32)c) : -1;
    uint32_t folded = digit >= 0 ? (uint32_t)('0' + digit) : fold_letter(c);
    if (folded && !(c > 0x80 && u_charType((UChar32)c) == U_NON_SPACING_MARK))
        put_folded(w, folded);
}

/* The letters that nearly all text is made of; nothing has to be asked of ICU about them. */
static void put_plain(word *w, uint32_t c) {
    uint32_t folded = c < 0x80 || c == TATWEEL || c == TA_MARBUTA || c == ALEF_MAKSURA ? fold_letter(c) : c;
    if (!folded || w->size + 2 > WORD_LIMIT) {
        if (folded)
            put_folded(w, folded);
        return;
    }
    if (folded >= 0x80)
        w->folded[w->size++] = (char)(0xC0 | folded >> 6);
    w->folded[w->size++] = (char)(folded < 0x80 ? folded : 0x80 | (folded & 0x3F));
}

static void put_decomposed(const UNormalizer2 *nfkd, word *w, uint32_t c) {
    UChar parts[32];
    UErrorCode error = U_ZERO_ERROR;
    if (is_plain(c)) {
        put_plain(w, c);
        return;
    }
    int32_t n = nfkd ? unorm2_getDecomposition(nfkd, (UChar32)c, parts, 32, &error) : -1;
    if (n < 0 || U_FAILURE(error)) {
        put(w, c);
        return;
    }
    for (int32_t i = 0; i < n;) {
        uint32_t part = parts[i++];
        if (U16_IS_LEAD(part) && i < n)
            part = (part << 10) + parts[i++] - (uint32_t)U16_SURROGATE_OFFSET;
        put(w, part);
    }
}

/* Two bytes a letter: و ف, then ب ك ل, then ال; or و ف, then لل. */
static size_t article_size(const char *s, size_t size) {
    size_t at = 0;
    if (size > 2 && (!memcmp(s, "و", 2) || !memcmp(s, "ف", 2)))
        at = 2;
    if (size >= at + 4 && !memcmp(s + at, "لل", 4))
        return at + 4;
    if (size > at + 2 && (!memcmp(s + at, "ب", 2) || !memcmp(s + at, "ك", 2)))
        at += 2;
    return size >= at + 4 && !memcmp(s + at, "ال", 4) ? at + 4 : 0;
}

static void drop_article(word *w) {
    size_t article = w->size > 8 ? article_size(w->folded, w->size) : 0;
    if (!article || w->size - article < 6)
        return;
    memmove(w->folded, w->folded + article, w->size - article);
    w->size -= article;
}

bool words_next(str text, size_t *at, word *out) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&error);
    while (*at < text.size) {
        size_t before = *at;
        uint32_t c = utf8_next(text, at);
        if (!in_word(c))
            continue;
        out->start = before; /* what is behind the folded bytes is left as it is */
        out->end = *at;
        out->size = 0;
        put_decomposed(nfkd, out, c);
        while (*at < text.size) {
            size_t next = *at;
            c = utf8_next(text, &next);
            if (!in_word(c) && c != TATWEEL)
                break;
            put_decomposed(nfkd, out, c);
            *at = out->end = next;
        }
        drop_article(out);
        if (out->size)
            return true;
    }
    return false;
}

static str joined(arena *a, str text, size_t between) {
    /* A decomposition can grow a letter, never beyond the limit of a word. */
    VECTOR(char) out = {0};
    word w;
    for (size_t at = 0; words_next(text, &at, &w);) {
        if (out.size && between)
            *VECTOR_PUSH(&out, a) = ' ';
        for (size_t i = 0; i < w.size; i++)
            *VECTOR_PUSH(&out, a) = w.folded[i];
    }
    return (str){out.at ? out.at : "", out.size};
}

str words_folded(arena *a, str text) {
    return joined(a, text, 1);
}

bool begins_arabic(str text) {
    return text.size >= 2 && (unsigned char)text.data[0] >= 0xD8 && (unsigned char)text.data[0] <= 0xDB;
}

str words_joined(arena *a, str text) {
    return joined(a, text, 0);
}

void words_hashes(arena *a, str text, hashes *out) {
    word w;
    for (size_t at = 0; words_next(text, &at, &w);)
        *VECTOR_PUSH(out, a) = str_hash((str){w.folded, w.size});
}
