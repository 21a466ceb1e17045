/* The machine that runs rules.
 *
 * A rule is a small program (split, test one node, save a label). It is run by backtracking, greedy first,
 * with a memory of the (instruction, node) pairs already tried, so that no pair is tried twice: the work at
 * one node is at most the size of the programs times WINDOW, whatever the rule and the text. Before a rule is
 * run, the rules that may begin with one of the node's classes are looked up in a table of bits, so that most
 * rules cost nothing. */
#include "base/counters.h"
#include "lang/lang.h"

enum { RULE_WORDS = 8 }; /* 512 rules a language; tools/langc.py holds to it */
enum { WINDOW = 64, STACK = 512, SLOTS = LABELS * 2 + 2, CUT_SLOT = LABELS * 2 };

typedef struct frame {
    uint16_t code; /* or the slot to restore, where undo */
    uint8_t node, undo;
    uint8_t saved;
} frame;

typedef struct machine {
    const node *nodes;  /* of the sentence */
    uint32_t at, count; /* where the match begins, and nodes in the sentence */
    uint32_t *tried;    /* stamps by (instruction, node) */
    uint32_t stamp;
    uint64_t possible[RULE_WORDS]; /* rules whose needs the sentence meets */
    uint8_t slot[SLOTS];
    frame stack[STACK];
    uint32_t depth;
} machine;

static bool atom_holds(const struct lang_atom *atom, const node *n) {
    uint64_t common = 0;
    for (int i = 0; i < CLASS_WORDS; i++)
        common |= atom->mask[i] & n->mask[i];
    if (!common)
        return false;
    for (unsigned i = 0; i < atom->conditions; i++) {
        const struct lang_condition *c = &atom->condition[i];
        if ((n->feature[c->feature] == c->value) == (bool)c->negated)
            return false;
    }
    return true;
}

static bool test_holds(uint16_t id, const node *n) {
    const struct lang_test *t = &lang_tests[id];
    for (unsigned i = 0; i < t->count; i++)
        if (atom_holds(&lang_atoms[t->first + i], n))
            return !t->negated;
    return t->negated;
}

static void push(machine *m, frame f) {
    if (m->depth < STACK)
        m->stack[m->depth++] = f;
}

/* One instruction at (code, node): moves both on; false where the thread dies. */
static bool step(machine *m, uint16_t *code, uint8_t *at) {
    const struct lang_code *c = &lang_program[*code];
    uint32_t here = m->at + *at;
    bool inside = here < m->count && *at < WINDOW - 1;
    switch ((enum lang_op)c->op) {
    case CODE_ONE:
    case CODE_ANY:
        if (!inside || (c->op == CODE_ONE && !test_holds(c->a, &m->nodes[here])))
            return false;
        ++*at;
        break;
    case CODE_BEFORE: {
        bool negated = lang_tests[c->a].negated;
        if (here == 0 ? !negated : !test_holds(c->a, &m->nodes[here - 1]))
            return false;
        break;
    }
    case CODE_AHEAD:
        if (inside ? !test_holds(c->a, &m->nodes[here]) : !lang_tests[c->a].negated)
            return false;
        break;
    case CODE_START:
        if (here != 0)
            return false;
        break;
    case CODE_END:
        if (here != m->count)
            return false;
        break;
    case CODE_SPLIT:
        push(m, (frame){.code = c->b, .node = *at});
        *code = c->a;
        return true;
    case CODE_JUMP:
        *code = c->a;
        return true;
    case CODE_SAVE:
    case CODE_CUT: {
        uint16_t slot = c->op == CODE_CUT ? CUT_SLOT : c->a;
        push(m, (frame){.code = slot, .undo = 1, .saved = m->slot[slot]});
        m->slot[slot] = (uint8_t)(*at + 1);
        break;
    }
    case CODE_MATCH:
        return false;
    }
    ++*code;
    return true;
}

/* Runs one rule at m->at; the number of nodes consumed, 0 where it does not match. */
static uint32_t run_rule(machine *m, const struct lang_rule *rule) {
    memset(m->slot, 0, sizeof m->slot);
    m->stamp++;
    m->depth = 0;
    push(m, (frame){.code = rule->code});
    while (m->depth) {
        frame f = m->stack[--m->depth];
        if (f.undo) {
            m->slot[f.code] = f.saved;
            continue;
        }
        uint16_t code = f.code;
        uint8_t at = f.node;
        for (;;) {
            uint32_t *mark = &m->tried[(uint32_t)(code - rule->code) * WINDOW + at];
            if (*mark == m->stamp)
                break;
            *mark = m->stamp;
            COUNT(rule_steps, 1);
            if (lang_program[code].op == CODE_MATCH) {
                uint32_t end = m->slot[CUT_SLOT] ? m->slot[CUT_SLOT] - 1u : at;
                if (end)
                    return end;
                break;
            }
            if (!step(m, &code, &at))
                break;
        }
    }
    return 0;
}

static captured capture(const machine *m, unsigned label) {
    uint8_t from = m->slot[label * 2], to = m->slot[label * 2 + 1];
    if (!from || to <= from)
        return (captured){0};
    return (captured){m->nodes + m->at + from - 1, (uint32_t)(to - from)};
}

static int64_t take_field(const captured *c, int16_t field, bool *found) {
    for (uint32_t i = 0; i < c->count; i++) {
        const node *n = &c->first[i];
        if (field >= 0 && n->feature[field]) {
            *found = true;
            return n->feature[field];
        }
        bool numeric = n->min || n->max || node_is(n, IS_NUMBER) || node_is(n, IS_COUNT);
        if (field < 0 && numeric) {
            *found = true;
            return field == -1 ? n->min : field == -2 ? n->max : (int64_t)n->value;
        }
    }
    return 0;
}

static void put_field(node *out, int16_t field, int64_t value) {
    if (field >= 0)
        out->feature[field] = (int16_t)(value > INT16_MAX   ? INT16_MAX
                                        : value < INT16_MIN ? INT16_MIN
                                                            : value);
    else if (field == -1)
        out->min = value;
    else if (field == -2)
        out->max = value;
    else
        out->value = (double)value;
}

static void copy_features(node *out, const captured *c) {
    for (uint32_t i = 0; i < c->count; i++) {
        const node *n = &c->first[i];
        for (int f = 0; f < FEATURES; f++)
            if (!out->feature[f])
                out->feature[f] = n->feature[f];
        if (!out->min && !out->max) {
            out->min = n->min;
            out->max = n->max;
            out->value = n->value;
        }
    }
}

/* "Between 9 and 3" is told upside down, "fewer than 0" is none: bounds stay bounds. */
static void order_bounds(node *out) {
    if (out->max < 0)
        out->max = 0;
    if (out->min > out->max) {
        int64_t min = out->max;
        out->max = out->min;
        out->min = min;
    }
}

static void run_actions(match *m) {
    const struct lang_rule *rule = m->rule;
    bool bounded = false;
    for (unsigned i = 0; i < rule->actions; i++) {
        const struct lang_action *action = &lang_actions[rule->action + i];
        bounded |= action->kind != ACTION_COPY && action->target == -2;
        const captured *source = &m->label[action->label];
        if (action->kind == ACTION_COPY) {
            copy_features(&m->out, source);
        } else if (action->kind == ACTION_DEFAULT) {
            if (action->target < 0 || !m->out.feature[action->target])
                put_field(&m->out, action->target, action->value);
        } else if (action->kind == ACTION_SET) {
            put_field(&m->out, action->target, action->value);
        } else {
            bool found = false;
            int64_t v = take_field(source, (int16_t)action->value, &found);
            if (found)
                put_field(&m->out, action->target, v == INT64_MAX ? v : v + action->plus);
        }
    }
    if (bounded)
        order_bounds(&m->out);
}

static void fill_match(const machine *m, const struct lang_rule *rule, uint32_t count, match *out) {
    *out = (match){.rule = rule, .first = m->nodes + m->at, .count = count};
    for (unsigned i = 0; i < LABELS; i++)
        out->label[i] = capture(m, i);
    out->out.first = out->first->first;
    out->out.last = out->first[count - 1].last;
    out->out.sentence = out->first->sentence;
    node_add(&out->out, (enum lang_class)rule->emits);
    run_actions(out);
}

/* The rules of the phase that may begin at a node, as bits: those of its classes and those of any node. */
static void candidates(const machine *m, const struct lang *l, const struct lang_range *range,
                       uint64_t bits[RULE_WORDS]) {
    const node *n = &m->nodes[m->at];
    unsigned from = range->first / 64, to = (range->first + range->count + 63u) / 64;
    const uint64_t *any = l->starts + (size_t)l->any_row * l->start_words;
    for (unsigned w = from; w < to; w++)
        bits[w] = any[w];
    for (unsigned k = 0; k < CLASS_WORDS; k++)
        for (uint64_t left = n->mask[k]; left; left &= left - 1) {
            const uint64_t *row =
                l->starts + (size_t)(k * 64 + (unsigned)__builtin_ctzll(left)) * l->start_words;
            for (unsigned w = from; w < to; w++)
                bits[w] |= row[w];
        }
    for (unsigned w = from; w < to; w++)
        bits[w] &= m->possible[w];
}

/* The rules of the phase that can match in the sentence at all: it has what they need. */
static void find_possible(machine *m, const struct lang *l, const struct lang_range *range) {
    uint64_t all[CLASS_WORDS] = {0};
    for (uint32_t i = 0; i < m->count; i++)
        for (unsigned k = 0; k < CLASS_WORDS; k++)
            all[k] |= m->nodes[i].mask[k];
    memset(m->possible, 0, sizeof m->possible);
    for (unsigned i = range->first; i < (unsigned)range->first + range->count; i++) {
        const struct lang_rule *r = &l->rules[i];
        bool possible = true;
        for (unsigned n = 0; n < r->needs && possible; n++) {
            uint64_t common = 0;
            for (unsigned k = 0; k < CLASS_WORDS; k++)
                common |= r->need[n][k] & all[k];
            possible = common != 0;
        }
        m->possible[i / 64] |= (uint64_t)possible << (i % 64);
    }
}

/* The best match of the phase at m->at: longest, then priority, then file order. */
static bool best_match(machine *m, const struct lang *l, enum lang_phase phase, match *out) {
    const struct lang_range *range = &l->phases[phase];
    uint64_t bits[RULE_WORDS];
    candidates(m, l, range, bits);
    uint32_t best = 0;
    int priority = 0;
    for (unsigned w = range->first / 64u; w < (range->first + range->count + 63u) / 64; w++)
        for (; bits[w]; bits[w] &= bits[w] - 1) {
            const struct lang_rule *r = &l->rules[w * 64 + (unsigned)__builtin_ctzll(bits[w])];
            COUNT(rule_steps, 1);
            uint32_t count = run_rule(m, r);
            if (count > best || (count && count == best && r->priority > priority)) {
                best = count;
                priority = r->priority;
                fill_match(m, r, count, out);
            }
        }
    return best != 0;
}

static uint32_t largest_program(const struct lang *l, enum lang_phase phase) {
    uint32_t size = 1;
    for (unsigned i = 0; i < l->phases[phase].count; i++)
        if (l->rules[l->phases[phase].first + i].code_size > size)
            size = l->rules[l->phases[phase].first + i].code_size;
    return size;
}

/* Marks only: the nodes stay where they are, so that a match's nodes have their neighbours beside them. */
static void mark_sentence(machine *m, const struct lang *l, enum lang_phase phase, arena *a, matches *marks) {
    match found;
    for (m->at = 0; m->at < m->count; m->at++)
        if (best_match(m, l, phase, &found))
            *VECTOR_PUSH(&marks->at, a) = found;
}

static bool only_marks(const struct lang *l, enum lang_phase phase) {
    for (unsigned i = 0; i < l->phases[phase].count; i++)
        if (l->rules[l->phases[phase].first + i].reduces)
            return false;
    return true;
}

static void run_sentence(machine *m, nodes *n, enum lang_phase phase, arena *a, nodes *reduced,
                         matches *marks) {
    for (m->at = 0; m->at < m->count;) {
        match found;
        if (!best_match(m, n->lang, phase, &found)) {
            *VECTOR_PUSH(&reduced->node, a) = m->nodes[m->at++];
            continue;
        }
        if (found.rule->reduces) {
            match *kept = ARENA_NEW(a, match, 1);
            *kept = found;
            node *x = VECTOR_PUSH(&reduced->node, a);
            *x = found.out;
            x->match = kept;
            m->at += found.count;
        } else {
            if (marks)
                *VECTOR_PUSH(&marks->at, a) = found;
            *VECTOR_PUSH(&reduced->node, a) = m->nodes[m->at++];
        }
    }
}

void lang_run(nodes *n, enum lang_phase phase, arena *a, matches *marks) {
    if (n->lang->phases[phase].count == 0)
        return;
    machine *m = ARENA_NEW(a, machine, 1);
    m->tried = ARENA_NEW(a, uint32_t, (size_t)largest_program(n->lang, phase) * WINDOW);
    bool marking = marks && only_marks(n->lang, phase);
    nodes reduced = *n;
    memset(&reduced.node, 0, sizeof reduced.node);
    if (!marking)
        VECTOR_RESERVE(&reduced.node, a, n->node.size);
    for (size_t from = 0, to; from < n->node.size; from = to) {
        for (to = from + 1; to < n->node.size && n->node.at[to].sentence == n->node.at[from].sentence; to++)
            ;
        m->nodes = n->node.at + from;
        m->count = (uint32_t)(to - from);
        find_possible(m, n->lang, &n->lang->phases[phase]);
        if (marking)
            mark_sentence(m, n->lang, phase, a, marks);
        else
            run_sentence(m, n, phase, a, &reduced, marks);
    }
    if (marking)
        return;
    n->node.at = reduced.node.at;
    n->node.size = reduced.node.size;
    n->node.capacity = reduced.node.capacity;
}
