/* Rules of estimates: how low, best and high are drawn from what the voices of an incident told.
 *
 * A rule is a row of a table with named columns, and has tests beside it (docs/estimates.md). Those that come
 * with the program stand in data/ledger/estimates.tsv; a file of one's own is read by the same code. */
#ifndef ISN_LEDGER_RULES_H
#define ISN_LEDGER_RULES_H

#include "base/arena.h"
#include "base/failure.h"
#include "reading/reading.h"

/* A figure told by a word that names no number: "dozens". */
typedef enum vague_word {
    VAGUE_NOT,
    VAGUE_SOME,
    VAGUE_TENS,
    VAGUE_DOZENS,
    VAGUE_SCORES,
    VAGUE_HUNDREDS,
    VAGUE_THOUSANDS
} vague_word;
enum { VAGUE_WORDS = VAGUE_THOUSANDS + 1, VOICE_KINDS = VOICE_OUTLET + 1 };

const char *vague_word_name(vague_word v);
/* What a reading makes of it: so many at least. */
int64_t vague_word_least(vague_word v);
/* Which vague word a figure was told by: `text` is the figure as it was told, or the sentence around it. An
 * open figure of three at most is one without a word of its own ("some were killed"). */
vague_word vague_word_of(int64_t min, int64_t max, str text);

typedef enum best_way {
    BEST_NONE,     /* the rule does not choose */
    BEST_LEAST,    /* the lowest */
    BEST_RELIABLE, /* of the most reliable kind of voice, then of most voices, then the lowest */
    BEST_AGREED    /* as many as enough voices say there were, or more */
} best_way;
typedef enum vague_way {
    VAGUE_COUNTS, /* like any "at least n" */
    VAGUE_ENDS,   /* reaches `low` only where nobody gave a figure, and never `best` */
    VAGUE_LAST    /* only where nobody gave a figure */
} vague_way;

typedef struct estimate_rule {
    str name, says;
    str text; /* the line of columns and its own: what is kept in a ledger */
    best_way best;
    bool low_is_best, high_is_best;
    bool at_least_lowers; /* "at least n" can be the lowest beside a figure without "at least" */
    bool denial_lowers;   /* a denial counts as a zero */
    vague_way vague;
    int64_t vague_as[VAGUE_WORDS]; /* NONE: as it was read */
    uint32_t voices;               /* independent ones, below which an estimate is provisional */
    uint8_t rank[VOICE_KINDS];     /* 0: the most reliable */
    uint32_t line;
} estimate_rule;

typedef struct rule_test {
    str rule, figures, estimate;
    uint32_t line;
} rule_test;

typedef struct rules_file {
    str name;
    VECTOR(estimate_rule) rules;
    VECTOR(rule_test) tests;
} rules_file;

/* Takes "FILE:LINE: what was expected"; valid during the call. */
typedef void (*rule_mistake)(void *context, const char *line);

/* Reads a table of rules; everything is in `a`. Gives how many mistakes there were. */
size_t rules_read(arena *a, str name, str text, rules_file *out, rule_mistake mistake, void *context);
/* Runs its tests (rules_test.c). Gives how many failed or could not be understood. */
size_t rules_test(const rules_file *file, rule_mistake mistake, void *context);

/* Those that come with the program, in `a`. */
rules_file rules_built_in(arena *a);
bool rules_have(const rules_file *file, str name);
/* What is told of a rule of a file whose name is one of those: "FILE:LINE: …", in `a`. */
str rule_taken(arena *a, const rules_file *file, const estimate_rule *rule);
/* "ucdp", "ucdp/1", a file with one rule, or "FILE:name" of a file with several; in `a`. A file with a
 * mistake or a test that fails is no good. STATUS_USAGE, STATUS_NO_INPUT, STATUS_BAD_INPUT. */
status rule_named(arena *a, str name, estimate_rule *out, failure *f);
/* A rule's own text, as kept in a ledger. STATUS_DAMAGED_LEDGER. */
status rule_kept(arena *a, str text, estimate_rule *out, failure *f);
/* Bytes of a file of rules. STATUS_NO_INPUT, STATUS_BAD_INPUT. */
status rules_file_text(arena *a, str path, str *out, failure *f);

#endif
