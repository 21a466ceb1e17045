/* Why each block of a page stayed or went, for people who ask. */
#ifndef ISN_PAGE_EXPLAIN_H
#define ISN_PAGE_EXPLAIN_H

#include "page/choose.h"
#include "page/page.h"

/* Fills p->blocks and p->container from a choice; `page` is what the outline was read from. */
void explain_choice(const outline *o, const choice *c, str page, arena *a, article *p);

#endif
