/* Near-duplicate texts and passages. */
#ifndef ISN_LEDGER_COPIES_H
#define ISN_LEDGER_COPIES_H

#include "ledger/words.h"

enum { SKETCH_LIMIT = 48, SHINGLE = 5 };

/* The smallest hashes of a text's five-word shingles, ascending, as bytes: a sketch from which the share of
 * common text of two documents is estimated (Broder's bottom-k). */
str sketch_of(arena *a, str text);
/* As it is stored: the upper half of each hash. */
str sketch_pack(arena *a, str sketch);
str sketch_unpack(arena *a, str packed);
/* Estimated share of shingles that two texts have in common, of all that either has. */
double sketch_resemblance(str a, str b);
/* Whether that is so much that one was copied from the other, or both from a third. */
bool sketches_alike(str a, str b);

/* A passage's words, for aligning. */
typedef struct passage {
    const uint64_t *words;
    size_t size;
} passage;
passage passage_of(arena *a, str text);
/* Longest common subsequence of words, as a share of the longer and of the shorter passage. */
typedef struct likeness {
    double of_longer, of_shorter;
    size_t common;
} likeness;
likeness passage_likeness(arena *a, passage x, passage y);

#endif
