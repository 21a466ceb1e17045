/* Pages of several articles: lists of excerpts, and whole articles one after the other. */
#ifndef ISN_PAGE_SECTIONS_H
#define ISN_PAGE_SECTIONS_H

#include "page/choose.h"

/* What a choice holds that has been made as if the page had one article. */
typedef struct sections {
    uint32_t excerpts,
        whole; /* headings that are links to other pages of `host`, with little and much below */
} sections;

/* Leaves out of the choice what is not the page's own: all of it where it is a list of excerpts, all but the
 * first where whole articles follow each other. `host`: the page's, STR_NONE where it is not known. */
sections choose_section(const outline *o, str host, choice *c);

#endif
