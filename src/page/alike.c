#include "page/alike.h"

#include "page/tables.h"

enum { COMPARED = 600 };

/* What folding drops (marks, spaces, vowel signs) seldom makes up so much of a text. */
static bool far_longer(str a, str b) {
    return a.size > 3 * b.size + 16;
}

bool same_words(str a, str b) {
    if (far_longer(a, b) || far_longer(b, a))
        return false;
    char left[COMPARED], right[COMPARED];
    bool whole;
    if (!str_equal(fold_first_word(a, left, COMPARED), fold_first_word(b, right, COMPARED)))
        return false; /* as most are */
    str x = fold_words(a, left, COMPARED, &whole), y = fold_words(b, right, COMPARED, &whole);
    return x.size > 0 && str_equal(x, y);
}

bool has_words(str whole, str part) {
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = fold_words(whole, left, COMPARED, &all), y = fold_words(part, right, COMPARED, &all);
    size_t at = y.size ? str_find(x, y, 0) : SIZE_MAX;
    return at != SIZE_MAX && (at == 0 || x.data[at - 1] == ' ') &&
           (at + y.size == x.size || x.data[at + y.size] == ' ');
}

static str without_spaces(str words, char *in_place) {
    size_t size = 0;
    for (size_t i = 0; i < words.size; i++)
        if (words.data[i] != ' ')
            in_place[size++] = words.data[i];
    return (str){in_place, size};
}

bool has_letters(str whole, str part) {
    if (far_longer(part, whole))
        return false;
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = without_spaces(fold_words(whole, left, COMPARED, &all), left);
    str y = without_spaces(fold_words(part, right, COMPARED, &all), right);
    return y.size > 0 && str_find(x, y, 0) != SIZE_MAX;
}

bool has_start(str whole, str start) {
    enum { ENOUGH = 60 };
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = without_spaces(fold_words(whole, left, COMPARED, &all), left);
    str y = without_spaces(fold_words(start, right, COMPARED, &all), right);
    return str_starts(x, str_slice(y, 0, y.size < ENOUGH ? y.size : ENOUGH));
}
