/* Two texts, sentence by sentence: what one has of the other, what was added, dropped, changed or moved. */
#ifndef ISN_TEXT_COMPARE_H
#define ISN_TEXT_COMPARE_H

#include "text/text.h"

typedef enum change_kind {
    CHANGE_SAME, /* the same words, however they are written */
    CHANGE_CHANGED,
    CHANGE_ADDED,
    CHANGE_DROPPED,
    CHANGE_KINDS
} change_kind;
const char *change_kind_name(change_kind k);

enum { NO_SENTENCE = UINT32_MAX };

typedef struct change {
    change_kind kind;
    bool moved;                 /* stands elsewhere among the others than it did */
    uint32_t before, after;     /* sentences; NO_SENTENCE where there is none */
    double likeness;            /* of words and pairs of words, 0 to 1 */
    VECTOR(str) dropped, added; /* of a changed one: words and numbers as they are written */
} change;

typedef struct comparison {
    tokens before, after;
    VECTOR(change) changes; /* as the second text has them; what was dropped, where it would stand */
    size_t counts[CHANGE_KINDS], moved;
    double likeness; /* share of sentences that are the same, of all that either has */
    bool cut;        /* too many sentences differ: some were not looked up for a like one */
} comparison;

/* {"likeness", "cut", "same", "changed", "added", "dropped", "moved", "sentences": [{"kind", "moved",
 * "before", "after": {"start", "end", "text"} or null, …}]} (isnad-compare/1 without the documents); offsets
 * in code points. */
struct json_t;
struct json_t *comparison_told(const comparison *c);

/* Both well-formed UTF-8 that outlives the comparison, which lies in `a`. Time grows as n log n. */
void text_compare(str before, str after, arena *a, comparison *out);

#endif
