/* Whether the index of words is that of the texts. */
#ifndef ISN_LEDGER_CHECK_WORDS_H
#define ISN_LEDGER_CHECK_WORDS_H

#include "ledger/store.h"
#include "ledger/words.h"

/* What the index should hold: of each word where it stands, as a sum whatever the order. */
typedef struct words_expected {
    affixes known;
    uint64_t instances, sum;  /* of (word, version, column, place) */
    uint64_t versions, sizes; /* of (version, words in each column) */
    uint64_t words[2];        /* in each column */
} words_expected;

void words_begin(words_expected *w, arena *a);
/* The text of a version; its title where it has one. `a` is for the while. */
void words_expect(words_expected *w, arena *a, int64_t version, str title, str text);
/* Of SQLite's index; driver.h says what they do. */
status fts_compare(ledger *l, const words_expected *w, bool *same, failure *f);
status fts_rebuild(ledger *l, failure *f);

#endif
