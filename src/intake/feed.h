/* Feeds (RSS 0.9 to 2.0, Atom) and sitemaps: their items one by one, and a page made of each.
 *
 * Items are cut out of the text before they are parsed, so that one that is damaged costs no other. */
#ifndef ISN_INTAKE_FEED_H
#define ISN_INTAKE_FEED_H

#include "base/arena.h"

/* A feed's bytes in UTF-8, as its declaration says; the same bytes where they are that already. */
str feed_text(str bytes, arena *a);

/* The next element of one of these names that stands at or after *at, which moves behind it. False: none.
 * *whole: false where its end is missing. */
typedef enum feed_names { FEED_ITEMS, SITEMAP_ADDRESSES } feed_names;
bool feed_next(str text, feed_names names, size_t *at, str *element, bool *whole);

typedef struct feed_item {
    str title, url, author;
    str time; /* as written; feed's dates */
    str page; /* HTML in UTF-8 */
} feed_item;

/* Reads one item. NULL, or what is wrong with it: then nothing is given. */
const char *feed_item_read(str element, arena *a, feed_item *out);
/* "application/rss+xml" or "application/atom+xml". */
str feed_media_type(str element);

#endif
