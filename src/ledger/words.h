/* Words as the ledger indexes and compares them: folded by our own code, so that any SQLite can search them.
 */
#ifndef ISN_LEDGER_WORDS_H
#define ISN_LEDGER_WORDS_H

#include "base/arena.h"

enum { WORD_LIMIT = 128 }; /* bytes of a folded word; a longer one is cut */

typedef struct word {
    size_t start, end; /* bytes in the text */
    size_t size;
    char folded[WORD_LIMIT];
} word;

/* The next word at or after *at; false at the end. A folded word has no case, diacritics, tatweel or article;
 * hamza seats, final ya and ta marbuta, and the digits of every script are alike. */
bool words_next(str text, size_t *at, word *out);
/* All words of a text with a space between them, in the arena. */
str words_folded(arena *a, str text);

/* stems.c: what is taken off words so that their forms are one (data/ledger/affixes.tsv). */
typedef struct affix {
    bool latin, suffix;
    str text, becomes;
    size_t least; /* bytes that stay */
} affix;
typedef struct affixes {
    struct affix_list {
        VECTOR(affix) list; /* in the order of the table */
        bool edge[256];     /* the byte that ends the outermost letter of some of them */
    } of[2][2];             /* [Latin][suffix] */
} affixes;
void affixes_load(arena *a, affixes *out);
void word_stem(const affixes *known, word *w);
/* The stems of a text's words with a space between them. */
str words_stems(arena *a, const affixes *known, str text);

/* 64-bit hashes of the words. */
typedef VECTOR(uint64_t) hashes;
void words_hashes(arena *a, str text, hashes *out);
/* Folded, without spaces: for comparing names. */
str words_joined(arena *a, str text);
/* Whether a text begins with a letter of the Arabic script (U+0600 to U+06FF). */
bool begins_arabic(str text);

#endif
