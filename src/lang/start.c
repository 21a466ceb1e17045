/* Where rules may begin.
 *
 * Most text is about other things, so most of the work is to see that no rule matches. What a rule cannot do
 * without is known (tools/anchors.py): first, classes that must stand anywhere in the sentence; a sentence is
 * asked once which rules of the phase it leaves. Two sentences of three have nothing for any rule about
 * times, so only now the nodes are looked at one by one. Then anchors, rarest first: a test that holds for
 * some node so many behind the first one of a match. For each class the sentence has the set of its nodes, as
 * bits; the sets of an anchor's classes, moved back by where it may stand, are the nodes at which a match may
 * begin, and what all anchors of a rule leave is seldom more than a node or two.
 *
 * Nearly every sentence has fewer than 64 nodes, and then each of its sets is one word. What works on sets is
 * told their span, is inlined, and is compiled twice: once for a span of 1, where no loop over words is left,
 * and once for any. */
#include "lang/start.h"

#include "base/counters.h"

enum { CLASSES = CLASS_WORDS * 64 };

#define INLINED                   static inline __attribute__((always_inline))
#define FOR_SPAN(span, call, ...) ((span) == 1 ? call(__VA_ARGS__, 1) : call(__VA_ARGS__, span))

static void make_room(uint64_t **at, size_t *room, size_t words, arena *a) {
    if (*room >= words)
        return;
    *room = words * 2;
    *at = arena_take(a, *room * sizeof **at);
}

INLINED void clear(uint64_t *set, uint32_t span) {
    for (uint32_t w = 0; w < span; w++)
        set[w] = 0;
}

/* Of the classes with bits in `left`, a word of a mask, the row of the first. */
INLINED uint64_t *row_of(const starts *s, size_t k, uint64_t left, uint32_t span) {
    return s->of_class + (k * 64 + (size_t)__builtin_ctzll(left)) * span;
}

void starts_ask(starts *s, const struct lang_range *phase) {
    s->asked.words |= phase->asked.words;
    for (size_t k = 0; k < CLASS_WORDS; k++)
        s->asked.mask[k] |= phase->asked.mask[k];
}

/* Adds a node to the sets of its classes. */
INLINED void index_node(starts *s, const struct lang_classes *of, uint32_t i, uint32_t span) {
    uint64_t bit = UINT64_C(1) << (i % 64);
    for (uint32_t words = of->words & s->all.words; words; words &= words - 1) {
        size_t k = (size_t)__builtin_ctz(words);
        for (uint64_t left = of->mask[k] & s->all.mask[k]; left; left &= left - 1)
            row_of(s, k, left, span)[span == 1 ? 0 : i / 64] |= bit;
    }
}

/* Adds classes to those that the sentence has. Their rows are cleared. */
INLINED void add_classes(starts *s, const struct lang_classes *of, uint32_t span) {
    for (uint32_t words = of->words & s->asked.words; words; words &= words - 1) {
        size_t k = (size_t)__builtin_ctz(words);
        uint64_t more = of->mask[k] & s->asked.mask[k] & ~s->all.mask[k];
        for (uint64_t left = more; left; left &= left - 1)
            clear(row_of(s, k, left, span), span);
        s->all.mask[k] |= more;
        s->all.words |= words & -words;
    }
}

INLINED void index_nodes(starts *s, uint32_t span) {
    size_t of_word = (size_t)64 * span;
    for (uint32_t words = s->all.words; words; words &= words - 1)
        memset(s->of_class + (size_t)__builtin_ctz(words) * of_word, 0, of_word * sizeof *s->of_class);
    for (uint32_t i = 0; i < s->count; i++)
        index_node(s, &s->nodes[i].of, i, span);
}

/* The classes that any of the nodes has. A node has most words of its mask empty, but to join them all in
 * registers, two at a time, is quicker than to look which they are. */
static struct lang_classes join_classes(const node *at, uint32_t count) {
    typedef uint64_t two
        __attribute__((vector_size(2 * sizeof(uint64_t)), aligned(sizeof(uint64_t)), may_alias));
    _Static_assert(CLASS_WORDS % 2 == 0, "tools/langc.py rounds it up");
    two all[CLASS_WORDS / 2] = {{0}};
    for (uint32_t i = 0; i < count; i++) {
        const two *mask = (const two *)at[i].of.mask;
#pragma GCC unroll 32
        for (size_t k = 0; k < CLASS_WORDS / 2; k++)
            all[k] |= mask[k];
    }
    struct lang_classes out = {0};
    memcpy(out.mask, all, sizeof out.mask);
    return out;
}

void starts_look(starts *s, const node *at, uint32_t count) {
    struct lang_classes all = join_classes(at, count);
    for (size_t k = 0; k < CLASS_WORDS; k++) {
        all.mask[k] &= s->asked.mask[k];
        all.words |= (uint32_t)(all.mask[k] != 0) << k;
    }
    s->all = all;
    s->count = count;
    s->span = count / 64 + 1;
    s->indexed = false;
}

/* Word w of a set, each node of it moved back by some (at most 63). */
INLINED uint64_t moved_back(const uint64_t *set, uint32_t w, uint32_t span, unsigned by) {
    uint64_t next = w + 1 < span ? set[w + 1] : 0;
    return by ? set[w] >> by | next << (64 - by) : set[w];
}

/* Takes node i out of a set, and moves those behind the ones after it back. */
INLINED void close_gap(uint64_t *set, uint32_t span, uint32_t i, unsigned by) {
    uint32_t w = span == 1 ? 0 : i / 64;
    uint64_t bit = UINT64_C(1) << (i % 64), below = bit - 1;
    set[w] = (set[w] & below) | (moved_back(set, w, span, by) & ~below & ~bit);
    while (++w < span)
        set[w] = moved_back(set, w, span, by);
}

INLINED void replace(starts *s, uint32_t i, unsigned by, const node *made, uint32_t span) {
    for (uint32_t words = s->all.words; words; words &= words - 1) {
        size_t k = (size_t)__builtin_ctz(words);
        for (uint64_t left = s->all.mask[k]; left; left &= left - 1)
            close_gap(row_of(s, k, left, span), span, i, by);
    }
    add_classes(s, &made->of, span);
    index_node(s, &made->of, i, span);
}

void starts_replace(starts *s, uint32_t i, uint32_t length, const node *made) {
    s->count -= length - 1;
    FOR_SPAN(s->span, replace, s, i, length - 1, made);
}

/* The rules that can match in the sentence at all: it has what they need. */
INLINED bool find_possible(const starts *s, const struct lang_range *phase, uint64_t *possible,
                           size_t words) {
    const uint64_t *rows = s->lang->needs + phase->needs;
    const struct lang_classes *needed = &phase->needed;
    size_t bits = words * NEEDS;
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

/* Adds the nodes of a class, those alone that meet the part's conditions. */
INLINED void add_class(const starts *s, const struct lang_part *part, const uint64_t *row, uint64_t *out,
                       uint32_t span) {
    COUNT(rule_steps, span);
    for (uint32_t w = 0; w < span; w++) {
        if (!part->conditions) {
            out[w] |= row[w];
            continue;
        }
        for (uint64_t left = row[w] & ~out[w]; left; left &= left - 1) {
            COUNT(rule_steps, 1);
            if (conditions_hold(part, &s->nodes[w * 64 + (uint32_t)__builtin_ctzll(left)]))
                out[w] |= left & -left;
        }
    }
}

INLINED void find_nodes(const starts *s, uint16_t test, uint64_t *out, uint32_t span) {
    const struct lang_part *part = &lang_parts[lang_tests[test].first], *end = part + lang_tests[test].count;
    clear(out, span);
    for (; part < end; part++)
        for (uint64_t left = part->mask & s->all.mask[part->word]; left; left &= left - 1)
            add_class(s, part, row_of(s, part->word, left, span), out, span);
}

/* From the nodes where an anchor stands to those at which a match may begin for its sake. */
INLINED void move_to_start(const starts *s, const struct lang_anchor *anchor, uint64_t *set, uint32_t span) {
    if (anchor->high < 0) { /* the node before the match */
        for (uint32_t w = span; w-- > 0;)
            set[w] = set[w] << 1 | (w ? set[w - 1] >> 63 : 0);
        return;
    }
    unsigned width = 1, wanted = (unsigned)(anchor->high - anchor->low + 1);
    while (width < wanted) {
        unsigned by = width * 2 <= wanted ? width : wanted - width;
        for (uint32_t w = 0; w < span; w++)
            set[w] |= moved_back(set, w, span, by);
        width += by;
    }
    for (uint32_t w = 0; w < span; w++)
        set[w] = moved_back(set, w, span, (unsigned)anchor->low);
    /* so near the end that the match is over before it comes there */
    for (uint32_t i = 1; anchor->absent && i <= (uint32_t)anchor->low && i <= s->count; i++)
        set[(s->count - i) / 64] |= UINT64_C(1) << ((s->count - i) % 64);
}

/* The nodes at which a match may begin for the sake of an anchor. Rules share them: each is reckoned once. */
INLINED const uint64_t *anchor_set(starts *s, const struct lang_range *phase, unsigned number,
                                   uint32_t span) {
    uint64_t *set = s->anchored + (size_t)number * span, bit = UINT64_C(1) << (number % 64);
    if (s->known[number / 64] & bit)
        return set;
    const struct lang_anchor *anchor = &s->lang->anchors[phase->anchors + number];
    s->known[number / 64] |= bit;
    if (span == 1) { /* one word that nothing else points at stays in a register */
        uint64_t word;
        find_nodes(s, anchor->test, &word, 1);
        move_to_start(s, anchor, &word, 1);
        *set = word;
    } else {
        find_nodes(s, anchor->test, set, span);
        move_to_start(s, anchor, set, span);
    }
    COUNT(rule_steps, span);
    return set;
}

/* All nodes, or the first one alone. */
INLINED void begin_anywhere(const starts *s, bool opens, uint64_t *out, uint32_t span) {
    uint32_t last = span == 1 ? 0 : s->count / 64; /* before the span's last where nodes have been replaced */
    for (uint32_t w = 0; w < span; w++)
        out[w] = opens ? w == 0 : w < last ? ~UINT64_C(0) : 0;
    if (!opens)
        out[last] = (UINT64_C(1) << (s->count % 64)) - 1;
}

/* The nodes at which a match of the rule may begin. False where there are none. */
INLINED bool find_starts(starts *s, const struct lang_range *phase, const struct lang_rule *rule,
                         uint64_t *out, uint32_t span) {
    begin_anywhere(s, rule->opens, out, span);
    for (unsigned k = 0; k < rule->anchors; k++) {
        const uint64_t *held = anchor_set(s, phase, rule->anchor[k], span);
        uint64_t any = 0;
        COUNT(rule_steps, span);
        for (uint32_t w = 0; w < span; w++)
            any |= out[w] &= held[w];
        if (!any)
            return false;
    }
    return true;
}

INLINED void find_candidates(starts *s, const struct lang_range *phase, const uint64_t *possible,
                             uint32_t span) {
    uint64_t *set = s->sets + span;
    s->any = s->sets;
    s->anchored = set + (phase->count + 1u) * (size_t)span;
    clear(s->any, span);
    for (size_t w = 0; w < phase->words; w++)
        for (uint64_t left = possible[w]; left; left &= left - 1) {
            size_t index = w * 64 + (size_t)__builtin_ctzll(left);
            const struct lang_rule *rule = &s->lang->rules[phase->first + index];
            if (!find_starts(s, phase, rule, set, span))
                continue;
            for (uint32_t k = 0; k < span; k++)
                s->any[k] |= set[k];
            s->candidate[s->candidates++] = (candidate){rule, index, set};
            set += span;
        }
}

bool starts_find(starts *s, const struct lang_range *phase, const node *at, arena *a) {
    uint64_t possible[RULE_WORDS];
    s->candidates = 0;
    s->nodes = at;
    if (!(phase->words == 1 ? find_possible(s, phase, possible, 1)
                            : find_possible(s, phase, possible, phase->words)))
        return false;
    if (!s->indexed) {
        make_room(&s->of_class, &s->of_class_room, (size_t)CLASSES * s->span, a);
        FOR_SPAN(s->span, index_nodes, s);
        s->indexed = true;
    }
    make_room(&s->sets, &s->sets_room, (phase->anchor_count + phase->count + 2u) * (size_t)s->span, a);
    memset(s->known, 0, sizeof s->known);
    FOR_SPAN(s->span, find_candidates, s, phase, possible);
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
