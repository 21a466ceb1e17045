/* Where rules may begin.
 *
 * Most text is about other things, so most of the work is to see that no rule matches. What a rule cannot do
 * without is known (tools/anchors.py): first, classes that must stand anywhere in the sentence; a sentence is
 * asked once which rules of the phase it leaves. Then anchors, rarest first: a test that holds for some node
 * so many behind the first one of a match. For each class the sentence has the set of its nodes, as bits; the
 * sets of an anchor's classes, moved back by where it may stand, are the nodes at which a match may begin,
 * and what all anchors of a rule leave is seldom more than a node or two. */
#include "lang/start.h"

#include "base/counters.h"

enum { CLASSES = CLASS_WORDS * 64 };

static void make_room(uint64_t **at, size_t *room, size_t words, arena *a) {
    if (*room >= words)
        return;
    *room = words * 2;
    *at = arena_take(a, *room * sizeof **at);
}

static inline void clear(uint64_t *set, uint32_t span) {
    set[0] = 0; /* most sentences are short */
    for (uint32_t w = 1; w < span; w++)
        set[w] = 0;
}

static inline uint64_t *row_of(const starts *s, size_t k, uint64_t left) {
    return s->of_class + (k * 64 + (size_t)__builtin_ctzll(left)) * s->span;
}

void starts_ask(starts *s, const struct lang_range *phase) {
    s->asked.words |= phase->asked.words;
    for (size_t k = 0; k < CLASS_WORDS; k++)
        s->asked.mask[k] |= phase->asked.mask[k];
}

/* Adds a node to the sets of its classes. */
static inline void index_node(starts *s, const struct lang_classes *of, uint32_t i) {
    uint64_t bit = UINT64_C(1) << (i % 64);
    for (uint32_t words = of->words & s->asked.words; words; words &= words - 1) {
        size_t k = (size_t)__builtin_ctz(words);
        uint64_t held = of->mask[k] & s->asked.mask[k];
        for (uint64_t left = held; left; left &= left - 1)
            row_of(s, k, left)[i / 64] |= bit;
        s->all.mask[k] |= held;
        s->all.words |= words & -words;
    }
}

void starts_look(starts *s, const node *at, uint32_t count, arena *a) {
    s->count = count;
    s->span = count / 64 + 1;
    memset(&s->all, 0, sizeof s->all);
    make_room(&s->of_class, &s->of_class_room, (size_t)CLASSES * s->span, a);
    size_t of_word = 64 * (size_t)s->span;
    for (uint32_t words = s->asked.words; words; words &= words - 1)
        memset(s->of_class + (size_t)__builtin_ctz(words) * of_word, 0, of_word * sizeof *s->of_class);
    for (uint32_t i = 0; i < count; i++)
        index_node(s, &at[i].of, i);
}

/* Word w of a set, each node of it moved back by some (at most 63). */
static inline uint64_t moved_back(const uint64_t *set, uint32_t w, uint32_t span, unsigned by) {
    uint64_t next = w + 1 < span ? set[w + 1] : 0;
    return by ? set[w] >> by | next << (64 - by) : set[w];
}

/* Takes node i out of a set, and moves those behind the ones after it back. */
static inline void close_gap(uint64_t *set, uint32_t span, uint32_t i, unsigned by) {
    uint32_t w = i / 64;
    uint64_t bit = UINT64_C(1) << (i % 64), below = bit - 1;
    set[w] = (set[w] & below) | (moved_back(set, w, span, by) & ~below & ~bit);
    while (++w < span)
        set[w] = moved_back(set, w, span, by);
}

void starts_replace(starts *s, uint32_t i, uint32_t length, const node *made) {
    for (uint32_t words = s->all.words; words; words &= words - 1) {
        size_t k = (size_t)__builtin_ctz(words);
        for (uint64_t left = s->all.mask[k]; left; left &= left - 1)
            close_gap(row_of(s, k, left), s->span, i, length - 1);
    }
    s->count -= length - 1;
    index_node(s, &made->of, i);
}

/* The rules that can match in the sentence at all: it has what they need. */
static bool find_possible(const starts *s, const struct lang_range *phase, uint64_t possible[RULE_WORDS]) {
    const uint64_t *rows = s->lang->needs + phase->needs;
    const struct lang_classes *needed = &phase->needed;
    size_t words = phase->words, bits = words * NEEDS;
    uint64_t met[NEEDS * RULE_WORDS] = {0}, any = 0;
    for (size_t i = 0; i < bits; i++)
        met[i] = rows[s->lang->classes * bits + i];
    for (uint32_t held = s->all.words & needed->words; held; held &= held - 1) {
        size_t k = (size_t)__builtin_ctz(held);
        for (uint64_t left = s->all.mask[k] & needed->mask[k]; left; left &= left - 1) {
            const uint64_t *row = rows + (k * 64 + (size_t)__builtin_ctzll(left)) * bits;
            for (size_t i = 0; i < bits; i += NEEDS)
                for (size_t j = 0; j < NEEDS; j++)
                    met[i + j] |= row[i + j];
        }
    }
    for (size_t w = 0; w < words; w++) {
        possible[w] = met[w];
        for (size_t i = 1; i < NEEDS; i++)
            possible[w] &= met[i * words + w];
        any |= possible[w];
    }
    return any != 0;
}

/* Adds the nodes of a class, those alone that meet the atom's conditions. */
static void add_class(const starts *s, const struct lang_atom *atom, const uint64_t *row, uint64_t *out) {
    COUNT(rule_steps, s->span);
    for (uint32_t w = 0; w < s->span; w++) {
        if (!atom->conditions) {
            out[w] |= row[w];
            continue;
        }
        for (uint64_t left = row[w]; left; left &= left - 1) {
            COUNT(rule_steps, 1);
            if (conditions_hold(atom, &s->nodes[w * 64 + (uint32_t)__builtin_ctzll(left)]))
                out[w] |= left & -left;
        }
    }
}

static void find_nodes(const starts *s, uint16_t test, uint64_t *out) {
    const struct lang_test *t = &lang_tests[test];
    clear(out, s->span);
    for (unsigned i = 0; i < t->count; i++) {
        const struct lang_atom *atom = &lang_atoms[t->first + i];
        for (uint32_t words = atom->of.words & s->all.words; words; words &= words - 1) {
            size_t k = (size_t)__builtin_ctz(words);
            for (uint64_t left = atom->of.mask[k] & s->all.mask[k]; left; left &= left - 1)
                add_class(s, atom, row_of(s, k, left), out);
        }
    }
}

/* From the nodes where an anchor stands to those at which a match may begin for its sake. */
static void move_to_start(const starts *s, const struct lang_anchor *anchor, uint64_t *set) {
    if (anchor->high < 0) { /* the node before the match */
        for (uint32_t w = s->span; w-- > 0;)
            set[w] = set[w] << 1 | (w ? set[w - 1] >> 63 : 0);
        return;
    }
    unsigned width = 1, wanted = (unsigned)(anchor->high - anchor->low + 1);
    while (width < wanted) {
        unsigned by = width * 2 <= wanted ? width : wanted - width;
        for (uint32_t w = 0; w < s->span; w++)
            set[w] |= moved_back(set, w, s->span, by);
        width += by;
    }
    for (uint32_t w = 0; w < s->span; w++)
        set[w] = moved_back(set, w, s->span, (unsigned)anchor->low);
    /* so near the end that the match is over before it comes there */
    for (uint32_t i = 1; anchor->absent && i <= (uint32_t)anchor->low && i <= s->count; i++)
        set[(s->count - i) / 64] |= UINT64_C(1) << ((s->count - i) % 64);
}

/* The nodes at which a match may begin for the sake of an anchor. Rules share them: each is reckoned once. */
static const uint64_t *anchor_set(starts *s, const struct lang_range *phase, unsigned number) {
    uint64_t *set = s->anchored + (size_t)number * s->span, bit = UINT64_C(1) << (number % 64);
    if (s->known[number / 64] & bit)
        return set;
    const struct lang_anchor *anchor = &s->lang->anchors[phase->anchors + number];
    s->known[number / 64] |= bit;
    find_nodes(s, anchor->test, set);
    move_to_start(s, anchor, set);
    COUNT(rule_steps, s->span);
    return set;
}

/* The nodes at which a match of the rule may begin. False where there are none. */
static bool find_starts(starts *s, const struct lang_range *phase, const struct lang_rule *rule,
                        uint64_t *out) {
    for (uint32_t w = 0; w < s->span; w++)
        out[w] = rule->opens ? w == 0 : w < s->count / 64 ? ~UINT64_C(0) : 0;
    if (!rule->opens)
        out[s->count / 64] = (UINT64_C(1) << (s->count % 64)) - 1;
    for (unsigned k = 0; k < rule->anchors; k++) {
        const uint64_t *held = anchor_set(s, phase, rule->anchor[k]);
        uint64_t any = 0;
        COUNT(rule_steps, s->span);
        for (uint32_t w = 0; w < s->span; w++)
            any |= out[w] &= held[w];
        if (!any)
            return false;
    }
    return true;
}

bool starts_find(starts *s, const struct lang_range *phase, const node *at, arena *a) {
    uint64_t possible[RULE_WORDS];
    s->candidates = 0;
    s->nodes = at;
    if (!find_possible(s, phase, possible))
        return false;
    make_room(&s->sets, &s->sets_room, (phase->anchor_count + phase->count + 2u) * (size_t)s->span, a);
    uint64_t *set = s->sets + s->span;
    s->any = s->sets;
    s->anchored = set + (phase->count + 1u) * (size_t)s->span;
    clear(s->any, s->span);
    memset(s->known, 0, sizeof s->known);
    for (size_t w = 0; w < phase->words; w++)
        for (uint64_t left = possible[w]; left; left &= left - 1) {
            size_t index = w * 64 + (size_t)__builtin_ctzll(left);
            const struct lang_rule *rule = &s->lang->rules[phase->first + index];
            if (!find_starts(s, phase, rule, set))
                continue;
            for (uint32_t k = 0; k < s->span; k++)
                s->any[k] |= set[k];
            s->candidate[s->candidates++] = (candidate){rule, index, set};
            set += s->span;
        }
    return s->candidates != 0;
}

uint32_t starts_next(const starts *s, uint32_t from) {
    for (uint32_t w = from / 64; w < s->span; w++) {
        uint64_t left = w == from / 64 ? s->any[w] >> (from % 64) << (from % 64) : s->any[w];
        if (left)
            return w * 64 + (uint32_t)__builtin_ctzll(left);
    }
    return UINT32_MAX;
}
