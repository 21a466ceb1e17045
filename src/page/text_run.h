/* The longest piece of a text as a page writes it that goes into a block as it stands. */
#ifndef ISN_PAGE_TEXT_RUN_H
#define ISN_PAGE_TEXT_RUN_H

#include "base/str.h"

typedef struct text_run {
    size_t size;
    uint32_t letters; /* code points but spaces */
    uint32_t marks;   /* of punctuation inside and at the ends of sentences */
} text_run;

/* From s.data[at] on: printable ASCII but '&', code points of most of the others, and single spaces between
 * them. It stops before what must be looked at one by one: more white space, references, and code points
 * among which there are spaces of other kinds. `s` is well-formed UTF-8. */
text_run text_run_at(str s, size_t at);
/* The same, byte by byte: what the fast one is held against. */
text_run text_run_plain(str s, size_t at);

#endif
