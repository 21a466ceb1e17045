/* The compiled form of lang/, as tools/langc.py writes it: flat constant tables, linked in. */
#ifndef ISN_LANG_TABLES_H
#define ISN_LANG_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "lang_symbols.h"

/* A set of classes, and of kinds: a class with conditions on features, as rules ask for it, has a number of
 * its own behind those of the classes that have names. Most words of the mask are zero: `words` has a bit for
 * each that is not. */
struct lang_classes {
    uint32_t words;
    uint64_t mask[CLASS_WORDS];
};
static inline bool classes_meet(const struct lang_classes *a, const struct lang_classes *b) {
    for (uint32_t words = a->words & b->words; words; words &= words - 1) {
        unsigned k = (unsigned)__builtin_ctz(words);
        if (a->mask[k] & b->mask[k])
            return true;
    }
    return false;
}
static inline void classes_remove(struct lang_classes *from, enum lang_class c) {
    from->mask[c / 64] &= ~(UINT64_C(1) << (c % 64));
}
static inline void classes_add(struct lang_classes *to, enum lang_class c) {
    to->mask[c / 64] |= UINT64_C(1) << (c % 64);
    to->words |= 1u << (c / 64);
}
static inline bool classes_have(const struct lang_classes *in, enum lang_class c) {
    return in->mask[c / 64] >> (c % 64) & 1;
}
/* A form's classes and features, or a node's. `min` and `max` are the value of a numeral, or the bounds of a
 * vague one. */
struct lang_reading {
    struct lang_classes of;
    int64_t min, max;
    int16_t feature[FEATURES];
};
struct lang_entry {
    uint32_t text;
    uint16_t size, reading; /* 0xFFFF: only the beginning of a phrase */
    uint16_t longest;       /* words of the longest phrase that begins with this word */
    /* The keys of the words that come second in one, as bits; two kinds of keys (src/lang/lang.c). */
    uint64_t seconds[2];
};
/* What is written before a word, the tokens it stands for, and whether it makes the word definite. */
struct lang_prefix {
    const char *written;
    uint16_t size;
    const char *token[3];
    uint8_t tokens, definite;
};
/* What is written after a word, and what the bare word has in its place. */
enum lang_host { ON_ANY, ON_VERB, ON_NOUN };
struct lang_suffix {
    const char *written;
    uint8_t size, on;
    const char *restore;
};

/* Rules are small programs for a backtracking machine with memory (src/lang/match.c). */
enum lang_op {
    CODE_MATCH,
    CODE_ONE,
    CODE_ANY,
    CODE_BEFORE,
    CODE_AHEAD,
    CODE_START,
    CODE_END,
    CODE_CUT,
    CODE_SPLIT,
    CODE_SAVE
};
enum { NO_TEST = 0xFFFF };
struct lang_code {
    uint8_t op;
    uint8_t takes; /* SPLIT: its first way is a ONE that is led to from here alone */
    uint16_t join; /* number, from 1, of an instruction that several ways lead to; else 0 */
    uint16_t test; /* SAVE: the slot. SPLIT: what a node must be, where there is one, for its first way */
    uint16_t other_test; /* SPLIT: and for its other way; NO_TEST: anything */
    uint16_t to, other;  /* from the rule's first instruction */
};
/* What has a class and meets these conditions is of the kind. */
struct lang_condition {
    int16_t feature, value, negated;
};
struct lang_kind {
    uint16_t number, condition, conditions;
};
/* What nodes are asked for. Most tests are one word of classes or two, so that is what they are made of: a
 * test holds where the node has one of the classes of any of its parts, of which the first is the test's own.
 */
struct lang_part {
    uint64_t mask; /* of one word of a set of classes */
    uint32_t word;
};
struct lang_test {
    uint64_t mask;
    uint8_t word, more, negated; /* how many parts more */
    uint32_t first;              /* of those */
};
/* COPY: all features of a label. TAKE: one field of a label, plus a constant. SET: a constant. DEFAULT: a
 * constant where the field is still empty. Fields below
 * zero are min (-1), max (-2) and value (-3). */
enum lang_action_kind { ACTION_COPY, ACTION_TAKE, ACTION_SET, ACTION_DEFAULT };
struct lang_action {
    int16_t kind, target, label;
    int64_t value;
    int16_t plus;
};
/* A match has a node for which the test holds, `low` to `high` nodes behind its first one; where high is -1,
 * right before it. One that may be absent stands nowhere only where the sentence has ended. */
struct lang_anchor {
    uint16_t test;
    int8_t low, high;
    uint8_t absent;
};
struct lang_rule {
    const char *name, *file;
    uint32_t line;
    int16_t priority;
    uint8_t phase, reduces;
    uint32_t code, code_size, action, actions;
    uint16_t emits, joins;
    uint8_t opens, anchors;   /* it matches at the beginning of a sentence only; how many anchors it has */
    uint16_t anchor[ANCHORS]; /* of the phase's */
};
/* The rules of a phase. Which can match in a sentence at all is told by rows of bits, one for each rule,
 * `words` long: needs[(class * NEEDS + i) * words] has the rules whose need i a sentence meets with a node of
 * the class; after the classes follow rows of those that have no need i. */
struct lang_range {
    uint32_t first, count, words;
    uint32_t needs;
    uint32_t anchors, anchor_count;
    struct lang_classes needed; /* those that any row is about */
    struct lang_classes asked;  /* and those that anchors are about */
};
enum { ENTRY_BITS = 20 }; /* as in tools/langc.py */
struct lang {
    const char *code;
    const char *pool;
    const struct lang_entry *entries;
    const uint32_t
        *table; /* by hash: an entry, from 1, and above ENTRY_BITS the hash's upper bits; 0: free */
    uint32_t table_size;
    const uint32_t
        *origins; /* of each entry: file << 20 | line, 0 where it is only the beginning of a phrase */
    const struct lang_reading *readings;
    const struct lang_prefix *prefixes;
    uint32_t prefix_count;
    const struct lang_suffix *suffixes;
    uint32_t suffix_count;
    /* Which of them (at most 64) may stand on a word, as bits, by a key of its first or last two bytes. */
    const uint64_t *prefix_rows, *suffix_rows;
    const struct lang_rule *rules;
    const struct lang_range *phases;
    const struct lang_anchor *anchors;
    const uint64_t *needs;
    uint32_t classes;
    /* How common words are: open addressing by hash; the hash's upper 56 bits, and the Zipf frequency times
     * ten. */
    const uint64_t *common;
    uint32_t common_size;
};

/* What things are called in lang/. A feature whose values are numbers has no names for them. */
struct lang_values {
    const char *const *names;
    unsigned count;
};
extern const char *const lang_class_names[], *const lang_feature_names[], *const lang_origin_files[];
extern const struct lang_values lang_value_names[];
extern const struct lang lang_all[];
extern const unsigned lang_count;
extern const char lang_version_text[];
extern const struct lang_test lang_tests[];
extern const struct lang_part lang_parts[];
extern const struct lang_kind lang_kinds[];
extern const uint16_t lang_kinds_of[]; /* by class that has a name: the first of its kinds */
extern const struct lang_condition lang_conditions[];
extern const struct lang_classes lang_having_kinds, lang_all_kinds;
extern const struct lang_code lang_program[];
extern const struct lang_action lang_actions[];

#endif
