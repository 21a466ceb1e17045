/* Which words of a text are mentions of places. Private to src/reading. */
#ifndef ISN_READING_PLACE_EVIDENCE_H
#define ISN_READING_PLACE_EVIDENCE_H

#include "reading/reader.h"

/* On the scale of FEATURE_AMOUNT of a name: a town of a hundred thousand people; by how much a place
 * outweighs the word that its name is. */
enum { SMALL_TOWN_WEIGHT = 40, TOWN_WEIGHT = 50, OUTWEIGHS = 12 };

typedef struct mention {
    const node *node;    /* what it stands on */
    captured name, head; /* head: "city of"; count 0 without */
    captured far_end;    /* of a road: the other place it is named for */
    int kind;            /* VALUE_PLACE_KIND_…, or 0 */
    int relation;        /* VALUE_RELATION_…, or 0 */
    bool several;        /* the head is of several: "the towns of" */
    bool is_part;        /* head and name alone are the mention, not all that it stands on */
    bool doubtful;       /* counts only where it lies among the sure ones */
    bool likely;         /* counts where it is in the country of a sure one, or there is none */
    int query;           /* of its name, or NONE */
    int far_query;       /* of the far end of a road, or NONE */
    int container;       /* query of the place told right after it, or NONE */
} mention;

typedef VECTOR(mention) mentions;

/* In the order of the text. "Between X and Y" is two, the second right after the first. */
void find_mentions(const reader *r, mentions *out);

#endif
