/* How figures, names and ranges are put into words, and the plain way into JSON. */
#ifndef ISN_CLI_WORDS_H
#define ISN_CLI_WORDS_H

#include <jansson.h>

#include "cli/text.h"

typedef struct phrase {
    char text[96];
} phrase;

/* 17, "at least 17", "about 20", "3 to 5", "up to 4", "none". `max` NULL in JSON: open. */
phrase figure_phrase(const json_t *claim);
/* A day, or an interval without what its end repeats: "2026-01-12/2026-01-13" → "2026-01-12/13". */
phrase date_phrase(const char *date);
/* An estimate: "13", "1–17", "1–17+"; with a best figure "7 (1–17+)". */
phrase estimate_phrase(const json_t *estimate);
/* The estimate of an effect for all people; NULL where there is none. */
const json_t *estimate_of(const json_t *incident, const char *effect);
/* A name of a vocabulary for people: "air_strike" → "air strike"; "" for NULL. */
phrase plain_name(const char *name);
/* "3 voices", "1 voice". */
phrase counted(long long n, const char *one, const char *many);

/* Access that never fails: "" and 0 where a field is missing or null. */
const char *text_at(const json_t *object, const char *name);
long long number_at(const json_t *object, const char *name);
double real_at(const json_t *object, const char *name);
bool is_set(const json_t *object, const char *name);
size_t size_at(const json_t *object, const char *name); /* of a list */
/* Parses a JSON text; NULL (and a complaint) where it is none. */
json_t *json_of(program *p, const char *text, size_t size);

/* Prints what a call of the library told (NULL: nothing): as it is, or as `put` says it. */
void put_told(program *p, const char *json, void (*put)(program *p, const json_t *told));

/* A place in words: "Deir ez-Zor, SY"; as the text has it where it is not resolved. */
phrase place_phrase(const json_t *place);
/* "Deir ez-Zor (دير الزور), SY · 35.33, 40.14 ± 90 km" */
void put_place(FILE *out, const terminal *t, const json_t *place);
/* An address or id; a hash, by which a document without either is named, is cut: a part is enough to see. */
void put_address(FILE *out, const terminal *t, const char *address);
/* Prints a text cleaned, between isolates. */
void put_text(FILE *out, const terminal *t, const char *text);

#endif
