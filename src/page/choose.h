/* Which blocks of a page are its article. */
#ifndef ISN_PAGE_CHOOSE_H
#define ISN_PAGE_CHOOSE_H

#include "page/outline.h"

typedef enum block_use {
    USE_NONE, /* chrome, or outside the article */
    USE_BODY,
    USE_CAPTION,
    USE_STANDFIRST,
} block_use;

typedef struct choice {
    uint32_t container;              /* the article's */
    uint32_t first_block, end_block; /* of the article */
    uint32_t headline;               /* the block of the visible headline, NO_INDEX where none was found */
    unsigned char *uses;             /* block_use of each block */
    unsigned *chrome; /* for each container: the dropping cues that hold for it, its own and inherited */
} choice;

/* `title`: what the metadata call the page, STR_NONE where they don't. */
void choose_article(const outline *o, str title, arena *a, choice *out);
/* Whether a short line says that it is no part of the article: "Share", "By …", "Read also: …". */
bool is_chrome_line(const block *b);
/* Whether two texts are the same but for punctuation, case, marks and spaces. */
bool same_words(str a, str b);
/* Whether the words of `part` stand in `whole`, in a row. */
bool has_words(str whole, str part);
/* The same without regard to where words end: quotation marks and the like may stand between letters. */
bool has_letters(str whole, str part);

#endif
