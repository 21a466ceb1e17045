/* Words met before: how src/lang/lang.c asks for them. Private to src/lang. */
#ifndef ISN_LANG_MEMORY_H
#define ISN_LANG_MEMORY_H

#include "lang/lang.h"

/* The memory beside one text. */
typedef struct recollection {
    word_memory *memory; /* may be NULL */
    const tokens *tokens;
    uint32_t *hash; /* by token */
    uint16_t lang;
} recollection;

/* Nothing of an earlier text may be in use: where the memory is full, it begins anew. */
recollection recollect(word_memory *m, const struct lang *l, const tokens *t, arena *a);
/* What is known of the word of a token; NULL where it has not been met. */
known_word *recall(const recollection *r, uint32_t index);
/* Keeps what has been found out about the word of a token; NULL where it cannot. */
known_word *keep(const recollection *r, uint32_t index, const known_word *found);

#endif
