/* The machine that runs rules against a plain one: the same rules tried by simple recursion, without the
 * memory of what was tried, the look at where a match may begin, or the window, on random nodes. */
#include "lang/lang.h"

#include "test_support.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SLOT_COUNT = LABELS * 2 + 1, CUT = LABELS * 2, PATIENCE = 300000 };

typedef struct plain {
    const struct lang_code *program;
    const node *nodes;
    uint32_t count, at;
    int slot[SLOT_COUNT]; /* node index, -1 where not saved */
    uint32_t end;
    uint32_t steps;
} plain;

/* By number: the kind, where it is one, and the class that it is of. */
static const struct lang_kind *kind_of[CLASS_WORDS * 64];
static enum lang_class class_of[CLASS_WORDS * 64];

static void list_kinds(void) {
    for (unsigned c = 0; c < CLASS_WORDS * 64; c++)
        class_of[c] = (enum lang_class)c;
    for (unsigned c = 0; c < LITERALS; c++)
        for (unsigned i = lang_kinds_of[c]; i < lang_kinds_of[c + 1]; i++) {
            kind_of[lang_kinds[i].number] = &lang_kinds[i];
            class_of[lang_kinds[i].number] = (enum lang_class)c;
        }
}

/* Asked by the features of the node, not by what it has been told of its kinds. */
static bool class_is(const node *n, unsigned number) {
    const struct lang_kind *kind = kind_of[number];
    bool is = node_is(n, class_of[number]);
    for (unsigned i = 0; kind && i < kind->conditions; i++) {
        const struct lang_condition *c = &lang_conditions[kind->condition + i];
        bool equal = n->feature[c->feature] == c->value;
        is &= c->negated ? !equal : equal;
    }
    return is;
}

/* The first part of a test is its own. */
static struct lang_part part_of(const struct lang_test *t, unsigned i) {
    return i ? lang_parts[t->first + i - 1] : (struct lang_part){t->mask, t->word};
}

static bool test_is(const node *n, uint32_t id) {
    const struct lang_test *t = &lang_tests[id];
    bool any = false;
    for (unsigned i = 0; i <= t->more; i++) {
        struct lang_part part = part_of(t, i);
        for (uint64_t left = part.mask; left && !any; left &= left - 1)
            any = class_is(n, part.word * 64 + (unsigned)__builtin_ctzll(left));
    }
    return any != (bool)t->negated;
}

/* A node beside that is not there fails every test but a negated one. */
static bool beside_is(const plain *p, bool there, uint32_t i, uint32_t id) {
    return there ? test_is(&p->nodes[i], id) : lang_tests[id].negated;
}

static bool run_from(plain *p, uint32_t code, uint32_t here) {
    const struct lang_code *c = &p->program[code];
    if (++p->steps > PATIENCE)
        return false;
    switch ((enum lang_op)c->op) {
    case CODE_MATCH:
        p->end = p->slot[CUT] >= 0 ? (uint32_t)p->slot[CUT] : here;
        return p->end > p->at;
    case CODE_ONE:
        return here < p->count && test_is(&p->nodes[here], c->test) && run_from(p, c->to, here + 1);
    case CODE_ANY:
        return here < p->count && run_from(p, c->to, here + 1);
    case CODE_BEFORE:
        return beside_is(p, here > 0, here - 1, c->test) && run_from(p, c->to, here);
    case CODE_AHEAD:
        return beside_is(p, here < p->count, here, c->test) && run_from(p, c->to, here);
    case CODE_START:
        return here == 0 && run_from(p, c->to, here);
    case CODE_END:
        return here == p->count && run_from(p, c->to, here);
    case CODE_SPLIT:
        return run_from(p, c->to, here) || run_from(p, c->other, here);
    case CODE_SAVE:
    case CODE_CUT: {
        int *slot = &p->slot[c->op == CODE_CUT ? CUT : c->test], before = *slot;
        *slot = (int)here;
        if (run_from(p, c->to, here))
            return true;
        *slot = before;
        return false;
    }
    }
    return false;
}

/* A class that a test asks for, or the class of a kind with most of its conditions met. */
static void give_class(test_random *r, unsigned number, struct lang_reading *own) {
    const struct lang_kind *kind = kind_of[number];
    classes_add(&own->of, class_of[number]);
    for (unsigned i = 0; kind && i < kind->conditions; i++)
        if (random_below(r, 4))
            own->feature[lang_conditions[kind->condition + i].feature] =
                lang_conditions[kind->condition + i].value;
}

/* Nodes that rules look for: classes and features of their own atoms, or of none. */
static node random_node(test_random *r, const struct lang *l, enum lang_phase phase, arena *a) {
    node n = {0};
    struct lang_reading *own = node_forget(&n, a);
    const struct lang_range *range = &l->phases[phase];
    for (size_t k = 1 + random_below(r, 2); k--;) {
        const struct lang_rule *rule = &l->rules[range->first + random_below(r, range->count)];
        const struct lang_code *c = &lang_program[rule->code + random_below(r, rule->code_size)];
        if (c->op != CODE_ONE && c->op != CODE_BEFORE && c->op != CODE_AHEAD)
            continue;
        const struct lang_test *t = &lang_tests[c->test];
        struct lang_part part = part_of(t, (unsigned)random_below(r, t->more + 1u));
        for (uint64_t left = part.mask; left; left &= left - 1)
            if (random_below(r, 4) == 0 || !(left & (left - 1)))
                give_class(r, part.word * 64 + (unsigned)__builtin_ctzll(left), own);
    }
    lang_tell_kinds(own);
    n.min = n.max = (int64_t)random_below(r, 100);
    return n;
}

static uint32_t random_nodes(test_random *r, const struct lang *l, enum lang_phase phase, node *out,
                             uint32_t most, arena *a) {
    uint32_t count = 1 + (uint32_t)random_below(r, most);
    for (uint32_t i = 0; i < count; i++) {
        out[i] = random_node(r, l, phase, a);
        out[i].first = i;
        out[i].last = i + 1;
    }
    return count;
}

/* The longest, then the first in priority, then in the file. False where patience ended. */
static bool plain_best(plain *p, const struct lang *l, enum lang_phase phase, const struct lang_rule **best,
                       uint32_t *length, int slot[SLOT_COUNT]) {
    *best = NULL;
    *length = 0;
    for (unsigned i = 0; i < l->phases[phase].count; i++) {
        const struct lang_rule *rule = &l->rules[l->phases[phase].first + i];
        for (int k = 0; k < SLOT_COUNT; k++)
            p->slot[k] = -1;
        p->steps = 0;
        p->program = lang_program + rule->code;
        bool matched = run_from(p, 0, p->at);
        if (p->steps > PATIENCE)
            return false;
        uint32_t count = matched ? p->end - p->at : 0;
        if (count > *length || (count && count == *length && rule->priority > (*best)->priority)) {
            *best = rule;
            *length = count;
            memcpy(slot, p->slot, sizeof p->slot);
        }
    }
    return true;
}

/* `at`: the node that the match begins at. The nodes of a match are those of the text, or kept copies. */
static void assert_same_match(const match *m, uint32_t at, const struct lang_rule *rule, uint32_t length,
                              const int slot[SLOT_COUNT]) {
    assert_int_equal(m->first->first, at);
    if (m->rule != rule || m->count != length)
        fail_msg("%s over %" PRIu32 " nodes where the plain machine finds %s over %" PRIu32, m->rule->name,
                 m->count, rule ? rule->name : "nothing", length);
    for (int i = 0; i < LABELS; i++) {
        int from = slot[i * 2], to = slot[i * 2 + 1];
        uint32_t count = from >= 0 && to > from ? (uint32_t)(to - from) : 0;
        if (m->label[i].count != count || (count && m->label[i].first != m->first + ((uint32_t)from - at)))
            fail_msg("%s: label %d stands on other nodes", rule->name, i);
    }
}

/* Where the sets of a sentence's nodes are one word (src/lang/start.c), and where they are several. */
enum { SHORT = 14, LONG = 200 };

/* Runs a phase over one random sentence and holds each match against the plain machine's. */
static bool compare(test_random *r, const struct lang *l, enum lang_phase phase, uint32_t most, arena *a) {
    static node words[LONG], given[LONG];
    nodes n = {.lang = l};
    n.node.at = words;
    n.node.size = random_nodes(r, l, phase, words, most, a);
    memcpy(given, words, sizeof given);
    plain p = {.nodes = given, .count = (uint32_t)n.node.size};
    matches marks = {0};
    lang_run(&n, phase, a, &marks);
    size_t reduced = 0, marked = 0;
    for (p.at = 0; p.at < p.count;) {
        const struct lang_rule *rule;
        uint32_t length;
        int slot[SLOT_COUNT];
        if (!plain_best(&p, l, phase, &rule, &length, slot))
            return false;
        const node *now = &n.node.at[reduced++];
        const match *m = now->match;
        if (rule && !rule->reduces) {
            assert_true(marked < marks.at.size);
            m = &marks.at.at[marked++];
        }
        if (m)
            assert_same_match(m, p.at, rule, length, slot);
        else if (rule)
            fail_msg("nothing where the plain machine finds %s over %" PRIu32, rule->name, length);
        p.at += rule && rule->reduces ? length : 1;
    }
    assert_int_equal(reduced, n.node.size);
    assert_int_equal(marked, marks.at.size);
    return true;
}

static void the_machine_agrees_with_a_plain_one(void **state) {
    (void)state;
    list_kinds();
    test_random r = test_seeded("the_machine_agrees_with_a_plain_one");
    arena a = arena_new((allocator){0});
    size_t compared = 0, rounds = test_rounds(1500);
    for (size_t round = rounds; round--; arena_reset(&a)) {
        const struct lang *l = &lang_all[random_below(&r, lang_count)];
        enum lang_phase phase = (enum lang_phase)random_below(&r, PHASES);
        if (l->phases[phase].count)
            compared += compare(&r, l, phase, round % 8 ? SHORT : LONG, &a);
    }
    print_message("%zu sentences compared\n", compared);
    assert_true(compared > rounds / 4);
    arena_free(&a);
}

/* Where nodes were replaced by fewer, there is nothing behind the last: no rest of a longer line. */
static void behind_the_last_node_is_nothing(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    tokens t;
    nodes n;
    text_tokens(STR("قتل ثلاثمائة وخمسة وعشرون شخصا في 14 كانون الثاني 2026"), &a, &t);
    lang_nodes(lang_find(STR("ar")), &t, (name_oracle){0}, &a, &n);
    size_t size = n.node.size;
    lang_numbers(&n);
    for (int phase = 0; phase < PHASES; phase++) {
        lang_run(&n, (enum lang_phase)phase, &a, NULL);
        for (int i = 0; i < NODE_EDGE; i++) {
            const node *behind = &n.node.at[n.node.size + (size_t)i];
            assert_int_equal(behind->sentence, UINT32_MAX);
            assert_ptr_equal(behind->of, n.node.at[-1].of);
        }
    }
    assert_true(n.node.size + NODE_EDGE < size);
    arena_free(&a);
}

/* Long sentences: what the window cuts off is not compared, but nodes still follow one another. */
static void long_sentences_stay_whole(void **state) {
    (void)state;
    list_kinds();
    enum { MOST = 2000 };
    test_random r = test_seeded("long_sentences_stay_whole");
    arena a = arena_new((allocator){0});
    node *words = malloc(MOST * sizeof *words);
    for (size_t round = test_rounds(20); round--; arena_reset(&a)) {
        const struct lang *l = &lang_all[random_below(&r, lang_count)];
        enum lang_phase phase = (enum lang_phase)random_below(&r, PHASES);
        if (!l->phases[phase].count)
            continue;
        nodes n = {.lang = l};
        n.node.at = words;
        n.node.size = random_nodes(&r, l, phase, words, MOST, &a);
        uint32_t last = (uint32_t)n.node.size, end = 0;
        lang_run(&n, phase, &a, NULL);
        for (size_t i = 0; i < n.node.size; i++) {
            assert_int_equal(n.node.at[i].first, end);
            end = n.node.at[i].last;
        }
        assert_int_equal(end, last);
    }
    free(words);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_agrees_with_a_plain_one),
        cmocka_unit_test(behind_the_last_node_is_nothing),
        cmocka_unit_test(long_sentences_stay_whole),
    };
    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
