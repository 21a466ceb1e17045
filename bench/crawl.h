/* An invented crawl of news pages under a seed: nothing in it happened, and none of its outlets is there. A
 * page is of about 170 KB on average, as news pages are: scripts, styles, navigation, lists of other news,
 * comments, and in the midst of them the article. Names, places, figures, dates and the order of sentences
 * vary, so that few pages are near copies (one in twelve is meant to be one: an agency's text that another
 * outlet took over). */
#ifndef ISN_BENCH_CRAWL_H
#define ISN_BENCH_CRAWL_H

#include "base/buffer.h"

typedef struct crawl crawl;

crawl *crawl_new(uint64_t seed);
void crawl_free(crawl *c);

typedef struct crawl_page {
    char url[160], time[24]; /* of the capture */
} crawl_page;

/* The page of that number, always the same under a seed; its HTML is added to `html`. */
void crawl_write(crawl *c, uint64_t number, crawl_page *page, buffer *html);

#endif
