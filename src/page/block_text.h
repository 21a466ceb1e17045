/* The text of a block under way: references resolved, white space collapsed, letters counted. */
#ifndef ISN_PAGE_BLOCK_TEXT_H
#define ISN_PAGE_BLOCK_TEXT_H

#include "base/buffer.h"

typedef struct block_text {
    buffer text;
    bool space;       /* a space is due before the next letter */
    uint32_t letters; /* code points without spaces */
    uint32_t link_letters, marks;
} block_text;

void block_text_clear(block_text *t);
/* Adds text as the page writes it; `linked`: it is in a link. */
void block_text_add(block_text *t, str written, bool linked);
/* The same of text without references: xmp, plaintext. */
void block_text_add_raw(block_text *t, str written, bool linked);
/* Adds the text of a small thing (a link, a name) to `into`, which grows to about `most` bytes. */
void small_text_add(buffer *into, str written, size_t most);

#endif
