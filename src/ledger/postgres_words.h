#ifndef ISN_LEDGER_POSTGRES_WORDS_H
#define ISN_LEDGER_POSTGRES_WORDS_H

#include "base/arena.h"
#include "base/buffer.h"

/* What ask.c made of a query as {"query": a tsquery, "phrases": […]} (postgres.sql says what for). */
str postgres_asked_words(arena *a, str words);

/* Appends words (a space between them), from `at` on, as a tsvector is written: `place` is the position of
 * the word before. Only the first 16,383 words have one, as PostgreSQL has it. True where the vector is full
 * and some are left. */
bool postgres_vector(str text, size_t *at, bool title, uint64_t *place, uint64_t *words, buffer *out);

#endif
