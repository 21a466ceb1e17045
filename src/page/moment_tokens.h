/* A line as numbers, words and signs, from which dates and times are read. */
#ifndef ISN_PAGE_MOMENT_TOKENS_H
#define ISN_PAGE_MOMENT_TOKENS_H

#include "base/arena.h"
#include "page/tables.h"

enum { MOST_TOKENS = 96, LONGEST_WORD = 32 };

typedef enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_WORD, TOKEN_SIGN } token_kind;

typedef struct token {
    token_kind kind;
    int64_t number;
    unsigned digits;
    char word[LONGEST_WORD]; /* folded */
    uint32_t sign;
    bool space; /* white space before it */
} token;

typedef struct tokens {
    token at[MOST_TOKENS + 8]; /* the rest TOKEN_END, so that looking ahead needs no bounds */
    size_t count;
} tokens;

/* Of the head of a text. */
tokens moment_tokens(str text);
bool is_number(const token *t, unsigned least, unsigned most);
bool is_sign(const token *t, uint32_t sign);
bool is_word(const token *t, const char *word);
/* `words` ends with NULL. */
bool is_one_of(const token *t, const char *const *words);
/* The entry of two words in a row, else of one; *used is how many. NULL where there is none. */
const word_entry *words_at(const word_table *table, const token *t, size_t *used);

/* Time of day. */
typedef struct clock_time {
    bool told;
    int hour, minute;
    bool offset_told;
    int offset; /* minutes */
} clock_time;
/* "am", "pm" and the like; two words where a hour alone needs one. */
bool is_morning(const token *t);
bool is_evening(const token *t);
/* hh:mm[:ss[.fff]] [am|pm] [offset] */
bool clock_at(const token *t, clock_time *c);
/* What the clock is ahead of Greenwich by, where it is told at `t`. */
void offset_at(const token *t, clock_time *c);

#endif
