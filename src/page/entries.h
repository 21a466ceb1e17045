/* The posts of a live blog, or of a saved page of messages: which blocks are whose, and when each was posted.
 */
#ifndef ISN_PAGE_ENTRIES_H
#define ISN_PAGE_ENTRIES_H

#include "page/metadata.h"

typedef struct entries {
    VECTOR(page_entry) list; /* without their paragraphs */
    uint32_t
        *of_block; /* for each block of the outline its entry, from 1; 0 where none; NULL without entries */
} entries;

/* Finds them, takes lines that only tell their times out of the text, and dates the article by them where it
 * is dated no better. */
void entries_find(const outline *o, choice *c, arena *a, article *p, entries *out);
/* Those of the JSON-LD, for an article whose markup shows none: by the paragraphs that they begin with. */
void entries_of_linked_data(const linked_data *ld, arena *a, article *p);

#endif
