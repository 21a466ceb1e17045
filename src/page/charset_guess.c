/* What bytes without a trustworthy label are, by their letters.
 *
 * An encoding maps bytes to characters one to one, so the likeliest reading is that whose text is the
 * likeliest in a language: for each encoding that a guess names (data/page/guesses.tsv) the costs of its
 * letters, each after the one before (letter_pairs.tsv, half bits), are added up, and the least wins.
 * windows-1256 and ISO-8859-6, say, agree on the first half of the Arabic alphabet and shift the second, so
 * that the frequent ل م ن ه و ي decide within a few words. Only pairs with a byte above 127 count: ASCII is
 * the same in all of them. What costs too much in every one is given to ICU's detector, which knows the
 * encodings of East Asia by their structure.
 *
 * UTF-16 without a mark is told by its units: in the right order nearly all are letters of few blocks or
 * ASCII, in the other hardly any. */
#include "page/charset.h"

#include <unicode/ucsdet.h>

enum {
    MOST_PAIRS = 1024, /* say enough; in a page of any length */
    ROUND = 128,       /* after so many those that are hopeless are asked no more */
    HOPELESS = 120,    /* half bits behind the best */
    MOST_GUESSES = 48,
    WIDE_SAMPLE = 8 * 1024,
    FOREIGN_SAMPLE = 8 * 1024,
    DEAR = 16, /* half bits a pair: no text of the languages that we know costs so much */
};

/* Half bits for a letter's case after another's: none, lower, upper. */
static const unsigned char case_costs[3][3] = {{0, 0, 4}, {0, 0, 16}, {0, 0, 4}};

typedef struct pairs {
    unsigned char at[MOST_PAIRS][2];
    size_t count;
} pairs;

static void collect_pairs(str s, pairs *p) {
    p->count = 0;
    for (size_t i = ascii_run(s, 0); i < s.size && p->count < MOST_PAIRS;) {
        unsigned char before = i ? (unsigned char)s.data[i - 1] : ' ', c = ' ';
        for (; i < s.size && p->count < MOST_PAIRS; i++, before = c) {
            c = (unsigned char)s.data[i];
            if ((before | c) < 0x80)
                break;
            p->at[p->count][0] = before;
            p->at[p->count++][1] = c;
        }
        i = ascii_run(s, i);
    }
}

static uint64_t cost_of(const encoding_guess *g, const pairs *p, size_t from, size_t to) {
    uint64_t cost = 0;
    for (size_t i = from; i < to; i++) {
        unsigned char a = p->at[i][0], b = p->at[i][1];
        cost += g->costs[g->classes[a] * g->class_count + g->classes[b]];
        cost += case_costs[g->cases[a]][g->cases[b]];
    }
    return cost;
}

static void cost_all(const pairs *p, uint64_t costs[MOST_GUESSES], const encoding *asked) {
    bool out[MOST_GUESSES] = {false};
    size_t count = encoding_guess_count < MOST_GUESSES ? encoding_guess_count : MOST_GUESSES;
    for (size_t i = 0; i < count; i++)
        costs[i] = encoding_guesses[i].handicap;
    for (size_t from = 0; from < p->count; from += ROUND) {
        size_t to = from + ROUND < p->count ? from + ROUND : p->count;
        uint64_t least = UINT64_MAX;
        for (size_t i = 0; i < count; i++) {
            if (!out[i])
                costs[i] += cost_of(&encoding_guesses[i], p, from, to);
            least = !out[i] && costs[i] < least ? costs[i] : least;
        }
        for (size_t i = 0; i < count; i++)
            out[i] = out[i] || (costs[i] > least + HOPELESS && encoding_guesses[i].encoding != asked);
    }
    for (size_t i = 0; i < count; i++)
        costs[i] = out[i] ? UINT64_MAX : costs[i];
}

/* What ICU takes the bytes for, if it is an encoding of many bytes. */
static const encoding *foreign(str s) {
    UErrorCode error = U_ZERO_ERROR;
    UCharsetDetector *d = ucsdet_open(&error);
    const encoding *found = NULL;
    ucsdet_setText(d, s.data, (int32_t)(s.size < FOREIGN_SAMPLE ? s.size : FOREIGN_SAMPLE), &error);
    const UCharsetMatch *match = U_SUCCESS(error) ? ucsdet_detect(d, &error) : NULL;
    if (match && U_SUCCESS(error) && ucsdet_getConfidence(match, &error) >= 40)
        found = encoding_of_label(str_of(ucsdet_getName(match, &error)));
    if (d)
        ucsdet_close(d);
    return found && found->decoder == DECODER_ICU ? found : NULL;
}

charset_guess charset_guess_bytes(str s, const encoding *told) {
    uint64_t costs[MOST_GUESSES] = {0};
    pairs p;
    size_t count = encoding_guess_count < MOST_GUESSES ? encoding_guess_count : MOST_GUESSES, best = 0;
    charset_guess g = {.told_cost = UINT64_MAX};
    collect_pairs(s, &p);
    cost_all(&p, costs, told);
    for (size_t i = 0; i < count; i++) {
        best = costs[i] < costs[best] ? i : best;
        if (encoding_guesses[i].encoding == told && costs[i] < g.told_cost)
            g.told_cost = costs[i];
    }
    g.encoding = encoding_guesses[best].encoding;
    g.cost = costs[best];
    g.pairs = p.count;
    if (p.count >= 8 && g.cost > DEAR * p.count) {
        const encoding *other = foreign(str_slice(s, ascii_run(s, 0), s.size));
        if (other)
            g = (charset_guess){other, 0, g.told_cost, p.count};
    }
    return g;
}

/* UTF-16. */

static bool is_usual(unsigned high, unsigned low) {
    return (high == 0 && (low >= 0xA0 || (low >= 0x20 && low < 0x7F) || (low >= 9 && low <= 13))) ||
           high == 1 || high == 4 || high == 6 || (high == 3 && low >= 0x80) || (high == 5 && low >= 0x90) ||
           (high == 0x20 && (low >= 0x0B && low <= 0x3A)) || (high == 0x20 && low == 0xAC) ||
           (high >= 0xFB && low != 0xFF);
}

const encoding *charset_wide(str s) {
    size_t usual[2] = {0}, narrow[2] = {0}, count = 0;
    if (s.size < 8)
        return NULL;
    for (size_t i = 0; i + 1 < s.size && i < WIDE_SAMPLE; i += 2, count++) {
        unsigned a = (unsigned char)s.data[i], b = (unsigned char)s.data[i + 1];
        usual[0] += is_usual(b, a);
        usual[1] += is_usual(a, b);
        narrow[0] += b <= 6;
        narrow[1] += a <= 6;
    }
    for (size_t k = 0; k < 2; k++)
        if (usual[k] * 20 >= count * 19 && usual[!k] * 2 < count && narrow[k] * 2 > count)
            return encoding_named(k == 0 ? "utf-16le" : "utf-16be");
    return NULL;
}
