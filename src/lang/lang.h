/* Language: tokens become nodes with classes and features by the words of lang/, and the rules of lang/
 * reduce and mark them, phase by phase. Knows no language by name: all there is to know stands in the data.
 *
 * The road: lang_nodes (words, phrases, clitics) → lang_numbers (numerals) → lang_run for each phase that
 * reduces (quantities, times, places, voices) → lang_run for each phase that marks (claims, events). */
#ifndef ISN_LANG_LANG_H
#define ISN_LANG_LANG_H

#include "lang/tables.h"
#include "text/text.h"

enum { CLITICS = 3 }; /* the most that a word has before it */

/* All that the lexicon says of a word as it is written, its clitics taken off. */
typedef struct known_word {
    const struct lang_reading *reading; /* of the rest; NULL where the lexicon lacks it */
    const struct lang_reading *as_node; /* the same with what its clitics and its writing add to it */
    /* What src/reading makes of that where the word is a name, or none since it is an everyday word; NULL:
     * not met yet. */
    const struct lang_reading *as_name, *as_everyday;
    str folded;                       /* the rest */
    const struct lang_prefix *prefix; /* NULL: none */
    bool definite, pronoun, capital;
    uint64_t seconds[2]; /* the keys of the words that come second in a phrase that begins with it, as bits */
    /* What src/reading has found out: the name that the rest would be, which names begin with it and with
     * what they may go on, what it weighs if it is one by itself, how common it is, by itself and without
     * clitics; below zero: not asked yet. */
    int8_t starts;
    int16_t weight, common, familiar;
    str name;
    uint64_t next;
    uint16_t clitic_end[CLITICS];               /* bytes from where the word begins */
    const struct lang_reading *clitic[CLITICS]; /* of the prefix's tokens; NULL where the lexicon lacks one */
} known_word;

/* A part of a token: the token itself, or one of its clitics, or what is left of it. */
typedef struct piece {
    uint32_t start, end; /* bytes in the text */
    str folded;
    uint32_t token;
    known_word *word; /* where a memory keeps it, and this is its rest; else NULL */
} piece;

typedef struct match match;

/* Nodes are moved all the time, so each is one line of the cache. Those that are the same word share their
 * classes and features, which are never written to: who changes them gives the node its own (node_own). */
typedef struct node {
    uint32_t first, last; /* pieces [first, last) */
    uint32_t sentence;
    const struct lang_classes *of; /* perhaps with more bits in `words` */
    const int16_t *feature;        /* FEATURES of them */
    int64_t min, max;
    double value;
    const match *match; /* the match that made it, or NULL for a word */
} node;
_Static_assert(sizeof(node) <= 64, "a line of the cache");

/* The nodes that a label of a rule stands on; count 0 where it did not take part. */
typedef struct captured {
    const node *first;
    uint32_t count;
} captured;

struct match {
    const struct lang_rule *rule;
    const node *first; /* the nodes it stands on */
    uint32_t count;
    node out; /* the emitted class and features, over the pieces of the match */
    captured label[LABELS];
};

enum { NODE_EDGE = 2 }; /* so far may be looked without asking where the nodes end */
typedef struct nodes {
    const struct lang *lang;
    const tokens *tokens;
    arena *arena; /* for what nodes are given of their own */
    VECTOR(piece) piece;
    VECTOR(node) node; /* of the latest phase; beside the first and the last lie NODE_EDGE of nothing */
} nodes;

typedef struct matches {
    VECTOR(match) at;
} matches;

/* The language of a code ("ar", "en"); NULL where there is none. */
const struct lang *lang_find(str code);
/* 16 hex of SHA-256 over lang/. */
str lang_version(void);

/* What was found out about words, kept from text to text: most words of a text have been met before. Bounded:
 * where it is full it begins anew with the next text. For one oracle of names at a time. */
typedef struct word_memory word_memory;
word_memory *word_memory_new(allocator hooks);
void word_memory_free(word_memory *m);
/* Keeps what is found out later about a word; STR_NONE where there is no room left. */
str word_memory_keep(word_memory *m, str s);
/* The same reading, one for all that are alike; NULL where there is no room left. */
const struct lang_reading *word_memory_share(word_memory *m, const struct lang_reading *r);

/* Asked whether a folded word that the lexicon lacks is a name: decides whether a word loses its clitics. */
typedef struct name_oracle {
    bool (*known)(void *context, str word);
    void *context;
    word_memory *memory; /* may be NULL; what it says of a word must hold from text to text */
} name_oracle;

/* A node for each word, phrase, clitic, number and mark of `t`. `names.known` may be NULL. Sentences that
 * only the full stop of an abbreviation parts ("Gen. Haddad") are joined in `t`. */
void lang_nodes(const struct lang *l, tokens *t, name_oracle names, arena *a, nodes *out);
/* Joins numerals ("three hundred and five", "3 آلاف") into single NUMBER nodes. */
void lang_numbers(nodes *n);
/* Runs a phase: rules with => replace what they match by one node, rules with -> add to `marks`. At each node
 * the longest match wins, then priority, then file order. Nodes are replaced in place: marks stand on the
 * nodes of `n` and hold until the next phase that replaces any; a match that made a node keeps what it stands
 * on. */
void lang_run(nodes *n, enum lang_phase phase, arena *a, matches *marks);
/* Runs phases one after another, as lang_run would, but sentence by sentence; after one with marks that keep
 * no nodes, none replaces any. */
typedef struct phase_run {
    enum lang_phase phase;
    matches *marks; /* may be NULL */
    bool keeps;     /* its marks stand on nodes of their own, and hold whatever is replaced later */
} phase_run;
void lang_run_phases(nodes *n, const phase_run *runs, size_t count, arena *a);

/* What is left after nodes were replaced in place; behind the new end there is nothing again. */
void nodes_shorten(nodes *n, size_t size);

static inline bool node_is(const node *n, enum lang_class c) {
    return classes_have(n->of, c);
}
static inline void node_mean(node *n, const struct lang_reading *r) {
    n->of = &r->of;
    n->feature = r->feature;
}
/* The classes and features of a node become its own, to be written to; lang_tell_kinds ends that. */
struct lang_reading *node_own(node *n, arena *a);
/* The same, but it has none. */
struct lang_reading *node_forget(node *n, arena *a);
void lang_tell_kinds(struct lang_reading *r);
/* The bytes from the first piece to the last. */
str pieces_text(const nodes *n, uint32_t first, uint32_t last);
/* Looks a folded word up; NULL where the lexicon lacks it. */
const struct lang_reading *lang_word(const struct lang *l, str folded);
/* The line of lang/ that gives a folded word first; false where the lexicon lacks it. */
bool lang_origin(const struct lang *l, str folded, str *file, uint32_t *line);

/* How common a folded word is in the language at large: its Zipf frequency times ten (30: once in a million
 * words, 60: once in a thousand), 0 where it is rarer than 30. */
int lang_commonness(const struct lang *l, str folded);
/* The same of a word or of what clitics leave of it, whichever is more common. */
int lang_familiarity(const struct lang *l, str folded);

#endif
