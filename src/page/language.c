/* The language of a text: first its script, then, within Arabic and Latin script, function words and letters
 * that only some languages have. Arabic has no letters of its own, but a definite article and a feminine
 * ending. */
#include "page/page.h"

#include "base/utf8.h"
#include "page/tables.h"

enum { LONGEST_WORD = 48, MOST_BYTES = 4000 };

typedef struct script_count {
    size_t arabic, latin, other;
} script_count;

typedef struct judge {
    long score[LANGUAGE_COUNT];
    script_count letters;
    size_t words;
} judge;

static bool is_arabic(uint32_t c) {
    return (c >= 0x0620 && c <= 0x06FF) || (c >= 0x0750 && c <= 0x077F) || (c >= 0xFB50 && c <= 0xFEFC);
}

static bool is_latin(uint32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F);
}

static void add_scores(judge *j, unsigned languages, long weight) {
    for (; languages; languages &= languages - 1)
        j->score[__builtin_ctz(languages)] += weight;
}

static void judge_letter(judge *j, uint32_t c) {
    if (is_arabic(c)) {
        j->letters.arabic++;
        if (c <= 0x06FF)
            add_scores(j, language_letters[c - 0x0600].languages, language_letters[c - 0x0600].weight);
    } else if (is_latin(c)) {
        j->letters.latin++;
    } else if (c >= 0x0370) {
        j->letters.other++;
    }
}

/* `word` is folded: ة is ه, so that the ending is looked at by the caller. */
static void judge_word(judge *j, str word, bool feminine) {
    j->words++;
    const word_entry *known = table_find(&language_word_table, word);
    if (known)
        add_scores(j, (unsigned)known->value, 2L * known->extra);
    bool definite = str_starts(word, STR("\xD8\xA7\xD9\x84")) && word.size >= 10;
    j->score[0] += definite ? 2 : 0;
    j->score[0] += feminine ? 1 : 0;
}

static void read_words(judge *j, str text) {
    char word[LONGEST_WORD];
    size_t size = 0;
    bool feminine = false;
    for (size_t at = 0; at < text.size;) {
        uint32_t c = utf8_step(text, &at);
        bool letter = is_word_code(c);
        if (letter) {
            judge_letter(j, c);
            if (size + 4 < LONGEST_WORD)
                size += fold_put(word + size, c);
            feminine = c == 0x0629;
        }
        if ((!letter || at >= text.size) && size) {
            judge_word(j, (str){word, size}, feminine);
            size = 0;
            feminine = false;
        }
    }
}

static str best_among(const judge *j, bool arabic_script) {
    size_t best = LANGUAGE_COUNT;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        bool of_script = (LANGUAGES_OF_ARABIC_SCRIPT >> i & 1) != 0;
        if (of_script == arabic_script && j->score[i] > (best < LANGUAGE_COUNT ? j->score[best] : 0))
            best = i;
    }
    return best < LANGUAGE_COUNT ? str_of(language_names[best]) : STR("");
}

static size_t index_of(str language) {
    size_t i = 0;
    while (i < LANGUAGE_COUNT && !str_equal(str_of(language_names[i]), language))
        i++;
    return i;
}

bool page_languages_look_alike(str one, str other) {
    size_t a = index_of(one), b = index_of(other);
    return a < LANGUAGE_COUNT && b < LANGUAGE_COUNT &&
           (LANGUAGES_OF_ARABIC_SCRIPT >> a & 1) == (LANGUAGES_OF_ARABIC_SCRIPT >> b & 1);
}

str page_language(str text) {
    judge j = {0};
    read_words(&j, str_slice(text, 0, text.size < MOST_BYTES ? text.size : MOST_BYTES));
    script_count n = j.letters;
    if (n.other > n.arabic + n.latin || n.arabic + n.latin < 3)
        return STR("");
    if (n.arabic >= n.latin) {
        str best = best_among(&j, true);
        return best.size ? best : n.arabic >= 12 ? STR("ar") : STR("");
    }
    return best_among(&j, false);
}
