/* Text: one pass over an article's text gives words, numbers and marks, folded, with a map back.
 *
 * Folding makes spellings of one word alike: harakat, tatweel and bidi controls vanish; alef, ya, ta marbuta
 * and hamza carriers, presentation forms, Persian kaf and ya, digits of every script and Latin case and
 * accents become one form. Each token keeps the byte offsets of the untouched original, so every span
 * points into it. '#' and '_' are boundaries; digits glued to letters are tokens of their own, and so are
 * letters of another script. A word torn between two tatweels ("مقـ.ـتل") is one. */
#ifndef ISN_TEXT_TEXT_H
#define ISN_TEXT_TEXT_H

#include "base/arena.h"

typedef enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_MARK } token_kind;

typedef struct token {
    token_kind kind;
    uint32_t start, end; /* bytes in the text */
    str folded;          /* a number: ASCII digits, at most one '.'; a mark: its folded character */
    double number;       /* of a number */
    uint32_t sentence;   /* index, counted over the whole text */
    uint32_t paragraph;
    bool space_before;
} token;

typedef struct sentence {
    uint32_t start, end;  /* bytes, trimmed */
    uint32_t first, last; /* tokens [first, last) */
    uint32_t paragraph;
} sentence;

typedef struct tokens {
    str text;
    VECTOR(token) token;
    VECTOR(sentence) sentence;
    uint32_t paragraphs;
} tokens;

/* Splits well-formed UTF-8; paragraphs end at LF. Everything is in `a` or points into `text`. Linear. */
void text_tokens(str text, arena *a, tokens *out);
/* Folds `s` into `out` (at least 2 * s.size bytes); returns the size. */
size_t text_fold(str s, char *out);

/* Byte offsets to code points: ask in any order, linear to build, O(1) each (a sample every 64 bytes). */
typedef struct code_points {
    str text;
    const uint32_t *sample;
} code_points;
void code_points_build(str text, arena *a, code_points *out);
uint32_t code_points_at(const code_points *c, uint32_t byte);

#endif
