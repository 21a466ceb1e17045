/* Invented readings for measuring a ledger: incidents in many places and days, each told by a few documents
 * of several claims, in words drawn by frequency (the n-th word stands 1/n as often as the first). Nothing in
 * it happened. The same seed gives the same readings. */
#ifndef ISN_BENCH_LEDGER_NEWS_H
#define ISN_BENCH_LEDGER_NEWS_H

#include "reading/reading.h"

enum { NEWS_WORDS = 60000, NEWS_PLACES = 20000, NEWS_OUTLETS = 120, NEWS_VOICES = 600 };

typedef struct news {
    uint64_t seed;
    uint64_t incidents; /* how many will be told, which spreads them over days: some forty a day */
    uint64_t told;      /* so many have been */
    uint64_t documents, claims;
} news;

typedef struct news_document {
    article article;
    reading reading;
} news_document;

typedef VECTOR(news_document *) news_documents;

/* All documents of the next incident, in `a`. False where all are told. */
bool news_next(news *n, arena *a, news_documents *out);

uint64_t news_random(uint64_t *state);
/* From 0, the n-th drawn 1/(n + 1) as often as the first. */
uint64_t news_rank(uint64_t *state, uint64_t of);
/* The word of that rank, in Arabic letters (odd ranks) or Latin ones. */
str news_word(arena *a, uint64_t rank);
/* First and last day that incidents fall on. */
day news_first_day(void);
day news_last_day(const news *n);

#endif
