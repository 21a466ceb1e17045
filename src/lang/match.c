/* The machine that runs rules.
 *
 * A rule is a small program (split, test one node, save a label). It is run by backtracking, greedy first.
 * Where several ways lead to one instruction it remembers at which nodes it has been there, so that no
 * (instruction, node) pair is tried twice: the work at one node is at most the size of the programs times
 * WINDOW, whatever the rule and the text.
 *
 * Where rules may begin is told before (src/lang/start.c). Nodes are replaced in place; those that a match
 * stands on are kept beside it. */
#include "base/counters.h"
#include "lang/start.h"

enum { WINDOW = 64, STACK = 512, SLOTS = LABELS * 2 + 2, CUT_SLOT = LABELS * 2, AT_ONCE = 4 };

typedef struct frame {
    uint32_t code; /* or the slot to restore, where undo */
    uint8_t node, undo;
    uint8_t saved;
} frame;

typedef struct block {
    uint64_t *at;
    size_t words;
} block;

typedef struct machine {
    const struct lang_range *range;
    const struct lang_code *program; /* of the rule that is run */
    const node *nodes;               /* of the sentence */
    uint32_t at, count;              /* where the match begins, and nodes in the sentence */
    const node *before;              /* the node before the match, as the phase found it */

    starts starts;

    uint64_t been[RULE_JOINS + 1]; /* by join: the nodes at which the rule has been there, a bit for each */
    unsigned joins;                /* of them, as far as this run has come; what lies behind is of others */
    uint32_t steps;                /* of this run */
    bool blind;                    /* it ended at the window's edge, or at an empty match */
    uint64_t *dead; /* what earlier runs of the rule in the sentence have shown; NULL: nothing */
    uint64_t *shown[64 * RULE_WORDS]; /* the same, by rule of the phase */
    uint32_t span;                    /* words for each join of it */
    block *room;                      /* for it, kept from sentence to sentence */
    size_t rooms, used;
    uint8_t slot[SLOTS], best[SLOTS + AT_ONCE * 2]; /* zeros behind the slots of the best */
    frame stack[STACK];
    uint32_t depth;
} machine;

static inline bool test_holds(uint32_t id, const node *n) {
    const struct lang_test *t = &lang_tests[id];
    const uint64_t *mask = n->of->mask;
    if (t->mask & mask[t->word])
        return !t->negated;
    const struct lang_part *part = &lang_parts[t->first], *end = part + t->more;
    for (; part < end; part++)
        if (part->mask & mask[part->word])
            return !t->negated;
    return t->negated;
}

static inline void push(machine *m, frame f) {
    if (m->depth < STACK)
        m->stack[m->depth++] = f;
}

/* What a node must be for a way to be worth going is told beforehand. */
static inline bool may_go(const machine *m, uint16_t test, bool inside, uint32_t here) {
    return !inside || test == NO_TEST || test_holds(test, &m->nodes[here]);
}

/* Of two ways the first, where the node that stands there lets it be; the other one is kept for later. */
static inline __attribute__((always_inline)) bool choose(machine *m, const struct lang_code *c,
                                                         uint32_t *code, uint8_t *at, bool inside) {
    uint32_t here = m->at + *at;
    bool other = may_go(m, c->other_test, inside, here);
    if (!may_go(m, c->test, inside, here)) {
        *code = c->other;
        return other;
    }
    if (other)
        push(m, (frame){.code = c->other, .node = *at});
    *code = c->to;
    if (c->takes && inside) {
        *code = m->program[c->to].to;
        ++*at;
    }
    return true;
}

/* One instruction at (code, node): moves both on; false where the thread dies. */
static inline __attribute__((always_inline)) bool step(machine *m, uint32_t *code, uint8_t *at) {
    const struct lang_code *c = &m->program[*code];
    uint32_t here = m->at + *at;
    bool inside = here < m->count && *at < WINDOW - 1;
    m->blind |= here < m->count && !inside;
    switch ((enum lang_op)c->op) {
    case CODE_SPLIT:
        return choose(m, c, code, at, inside);
    case CODE_ONE:
    case CODE_ANY:
        if (!inside || (c->op == CODE_ONE && !test_holds(c->test, &m->nodes[here])))
            return false;
        ++*at;
        break;
    case CODE_BEFORE: {
        bool negated = lang_tests[c->test].negated;
        const node *before = *at ? &m->nodes[here - 1] : m->before;
        if (here == 0 ? !negated : !test_holds(c->test, before))
            return false;
        break;
    }
    case CODE_AHEAD:
        if (inside ? !test_holds(c->test, &m->nodes[here]) : !lang_tests[c->test].negated)
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
    case CODE_SAVE:
    case CODE_CUT: {
        uint32_t slot = c->op == CODE_CUT ? CUT_SLOT : c->test;
        push(m, (frame){.code = slot, .undo = 1, .saved = m->slot[slot]});
        m->slot[slot] = (uint8_t)(*at + 1);
        break;
    }
    case CODE_MATCH:
        return false;
    }
    *code = c->to;
    return true;
}

/* Has the rule been at this instruction and node before? Only where ways join can it have come another way.
 */
static inline bool been_there(machine *m, unsigned join, uint8_t at) {
    if (!join)
        return false;
    uint64_t bit = UINT64_C(1) << at, been = join <= m->joins ? m->been[join] : 0;
    if (been & bit)
        return true;
    for (; m->joins + 1u < join; m->joins++)
        m->been[m->joins + 1] = 0;
    m->joins = m->joins < join ? join : m->joins;
    m->been[join] = been | bit;
    uint32_t here = m->at + at;
    return m->dead && m->dead[(join - 1) * m->span + here / 64] >> (here % 64) & 1;
}

enum { WORTH_KEEPING = 40 }; /* steps; a run that fails sooner is as quick as what would spare it */

static uint64_t *take_room(machine *m, arena *a, size_t words) {
    if (m->used == 64 * RULE_WORDS)
        return NULL;
    if (m->used == m->rooms)
        m->room[m->rooms++] = (block){0};
    block *b = &m->room[m->used++];
    if (b->words < words)
        *b = (block){arena_take(a, words * sizeof *b->at), words};
    return memset(b->at, 0, words * sizeof *b->at);
}

/* A run has failed. What follows an instruction at a node depends on these alone, not on where the match
 * began: wherever the run has been, each later one would fail too. So a rule costs a sentence at most the
 * size of its program times the nodes. Not where the window's edge had its part in it. */
static void keep_dead(machine *m, arena *a, const struct lang_rule *rule, size_t index) {
    if (m->blind || m->steps < WORTH_KEEPING)
        return;
    if (!m->shown[index] && !(m->shown[index] = take_room(m, a, (size_t)rule->joins * m->span)))
        return;
    for (unsigned join = 1; join <= m->joins; join++) {
        uint64_t *row = m->shown[index] + (join - 1) * m->span + m->at / 64, been = m->been[join];
        row[0] |= been << (m->at % 64);
        if (m->at % 64 && been >> (64 - m->at % 64))
            row[1] |= been >> (64 - m->at % 64);
    }
}

/* Runs one rule at m->at; the number of nodes consumed, 0 where it does not match. */
static uint32_t run_rule(machine *m, const struct lang_rule *rule) {
    memset(m->slot, 0, sizeof m->slot);
    m->depth = m->steps = m->joins = 0;
    m->blind = false;
    m->program = lang_program + rule->code;
    push(m, (frame){.code = 0});
    while (m->depth) {
        frame f = m->stack[--m->depth];
        if (f.undo) {
            m->slot[f.code] = f.saved;
            continue;
        }
        uint32_t code = f.code;
        uint8_t at = f.node;
        while (!been_there(m, m->program[code].join, at)) {
            COUNT(rule_steps, 1);
            m->steps++;
            if (m->program[code].op == CODE_MATCH) {
                uint32_t end = m->slot[CUT_SLOT] ? m->slot[CUT_SLOT] - 1u : at;
                if (end)
                    return end;
                m->blind = true;
                break;
            }
            if (!step(m, &code, &at))
                break;
        }
    }
    return 0;
}

/* The first label from one on that the best match may have set: most have none, and are passed by AT_ONCE. */
static inline unsigned next_label(const machine *m, unsigned from) {
    uint64_t slots;
    _Static_assert(sizeof slots == AT_ONCE * 2, "each label has two slots of a byte");
    for (; from < LABELS; from += AT_ONCE) {
        memcpy(&slots, &m->best[from * 2], sizeof slots);
        if (slots)
            break;
    }
    while (from < LABELS && !m->best[from * 2])
        from++;
    return from;
}

static captured capture(const machine *m, unsigned label, const node *first) {
    uint8_t from = m->best[label * 2], to = m->best[label * 2 + 1];
    if (!from || to <= from)
        return (captured){0};
    return (captured){first + from - 1, (uint32_t)(to - from)};
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

/* A node that is being made, and its own features. */
typedef struct making {
    node *node;
    int16_t *feature;
} making;

static void put_field(making out, int16_t field, int64_t value) {
    if (field >= 0)
        out.feature[field] = (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
    else if (field == -1)
        out.node->min = value;
    else if (field == -2)
        out.node->max = value;
    else
        out.node->value = (double)value;
}

static void copy_features(making out, const captured *c) {
    for (uint32_t i = 0; i < c->count; i++) {
        const node *n = &c->first[i];
        for (int f = 0; f < FEATURES; f++)
            if (!out.feature[f])
                out.feature[f] = n->feature[f];
        if (!out.node->min && !out.node->max) {
            out.node->min = n->min;
            out.node->max = n->max;
            out.node->value = n->value;
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

static void run_actions(match *m, making out) {
    const struct lang_rule *rule = m->rule;
    bool bounded = false;
    for (unsigned i = 0; i < rule->actions; i++) {
        const struct lang_action *action = &lang_actions[rule->action + i];
        bounded |= action->kind != ACTION_COPY && action->target == -2;
        const captured *source = &m->label[action->label];
        if (action->kind == ACTION_COPY) {
            copy_features(out, source);
        } else if (action->kind == ACTION_DEFAULT) {
            if (action->target < 0 || !out.feature[action->target])
                put_field(out, action->target, action->value);
        } else if (action->kind == ACTION_SET) {
            put_field(out, action->target, action->value);
        } else {
            bool found = false;
            int64_t v = take_field(source, (int16_t)action->value, &found);
            if (found)
                put_field(out, action->target, v == INT64_MAX ? v : v + action->plus);
        }
    }
    if (bounded)
        order_bounds(&m->out);
}

/* `first`: the nodes from m->at on. */
static void fill_match(const machine *m, arena *a, const struct lang_rule *rule, uint32_t count,
                       const node *first, match *out) {
    *out = (match){.rule = rule, .first = first, .count = count};
    for (unsigned i = next_label(m, 0); i < LABELS; i = next_label(m, i + 1))
        out->label[i] = capture(m, i, first);
    out->out.first = out->first->first;
    out->out.last = out->first[count - 1].last;
    out->out.sentence = out->first->sentence;
    struct lang_reading *own = node_forget(&out->out, a);
    classes_add(&own->of, (enum lang_class)rule->emits);
    run_actions(out, (making){&out->out, own->feature});
    lang_tell_kinds(own);
}

/* The best match of the phase at m->at: longest, then priority, then file order. NULL where there is none. */
static const struct lang_rule *best_match(machine *m, arena *a, uint32_t *length) {
    const struct lang_rule *best = NULL;
    *length = 0;
    for (size_t i = 0; i < m->starts.candidates; i++) {
        const candidate *c = &m->starts.candidate[i];
        COUNT(rule_steps, 1);
        if (!starts_at(c, m->at))
            continue;
        m->dead = m->shown[c->index];
        uint32_t count = run_rule(m, c->rule);
        if (!count)
            keep_dead(m, a, c->rule, c->index);
        if (count > *length || (count && count == *length && c->rule->priority > best->priority)) {
            best = c->rule;
            *length = count;
            memcpy(m->best, m->slot, sizeof m->slot);
        }
    }
    return best;
}

/* A sentence while phase after phase runs over it. */
typedef struct line {
    node *at;
    uint32_t count;
} line;

/* How many nodes, from m->at on, a match stands on or has labels on. */
static uint32_t reach(const machine *m, uint32_t count) {
    for (unsigned i = next_label(m, 0); i < LABELS; i = next_label(m, i + 1))
        if (m->best[i * 2 + 1] > count + 1u)
            count = m->best[i * 2 + 1] - 1u;
    return count;
}

/* Phases replace nodes in place: what a match stands on is kept beside it. */
static const node *keep_nodes(const machine *m, arena *a, uint32_t count) {
    uint32_t held = reach(m, count);
    node *kept = arena_take(a, held * sizeof *kept);
    return memcpy(kept, m->nodes + m->at, held * sizeof *kept);
}

/* Moves the nodes [from, until) down to where `size` nodes have been left. */
static uint32_t move_down(line *l, uint32_t size, uint32_t from, uint32_t until) {
    if (size != from)
        memmove(l->at + size, l->at + from, (until - from) * sizeof(node));
    return size + (until - from);
}

static void add_mark(const machine *m, arena *a, const phase_run *run, const struct lang_rule *rule,
                     uint32_t count) {
    const node *first = run->keeps ? keep_nodes(m, a, count) : m->nodes + m->at;
    fill_match(m, a, rule, count, first, VECTOR_PUSH(&run->marks->at, a));
}

static void clear_shown(machine *m) {
    for (size_t i = 0; i < m->starts.candidates; i++)
        m->shown[m->starts.candidate[i].index] = NULL;
    m->span = m->starts.span;
    m->used = 0;
}

/* Runs a phase over a line. */
static void run_line(machine *m, line *l, arena *a, const phase_run *run) {
    uint32_t size = 0, taken = 0; /* nodes that are left, and of how many */
    const node *before = NULL;    /* as the phase found it, the last one that is taken */
    m->nodes = l->at;
    m->count = l->count;
    if (!starts_find(&m->starts, m->range, l->at, a))
        return;
    clear_shown(m);
    for (m->at = starts_next(&m->starts, 0); m->at < m->count;) {
        uint32_t count = 1, length;
        m->before = m->at == taken ? before : &m->nodes[m->at - 1];
        const struct lang_rule *rule = best_match(m, a, &length);
        if (rule && rule->reduces) {
            const node *first = keep_nodes(m, a, length);
            match *kept = arena_take(a, sizeof *kept);
            fill_match(m, a, rule, length, first, kept);
            before = &first[length - 1];
            size = move_down(l, size, taken, m->at);
            l->at[size] = kept->out;
            l->at[size].match = kept;
            starts_replace(&m->starts, size, length, &l->at[size]);
            size++;
            taken = m->at + length;
            count = length;
        } else if (rule && run->marks) {
            add_mark(m, a, run, rule, length);
        }
        m->at = starts_next(&m->starts, m->at + count);
    }
    l->count = move_down(l, size, taken, l->count);
}

/* The sentence that begins at a node. */
static line line_at(const nodes *n, size_t from) {
    line l = {.at = n->node.at + from};
    for (size_t i = from; i < n->node.size && n->node.at[i].sentence == l.at->sentence; i++)
        l.count++;
    return l;
}

/* Closes the gap that lines before it left. */
static void put_line(line *l, node *to) {
    if (l->at != to)
        memmove(to, l->at, l->count * sizeof *to);
    l->at = to;
}

void lang_run_phases(nodes *n, const phase_run *runs, size_t count, arena *a) {
    machine m;
    size_t size = 0;
    memset(m.best, 0, sizeof m.best);
    m.starts.of_class_room = m.starts.sets_room = 0;
    m.starts.lang = n->lang;
    memset(&m.starts.asked, 0, sizeof m.starts.asked);
    for (size_t i = 0; i < count; i++)
        starts_ask(&m.starts, &n->lang->phases[runs[i].phase]);
    m.rooms = m.used = 0;
    m.room = arena_take(a, 64 * RULE_WORDS * sizeof *m.room);
    for (size_t from = 0, next; from < n->node.size; from = next) {
        line l = line_at(n, from);
        next = from + l.count;
        starts_look(&m.starts, l.at, l.count);
        for (size_t i = 0; i < count; i++) {
            m.range = &n->lang->phases[runs[i].phase];
            if (runs[i].marks) /* marks stand on nodes that move no more */
                put_line(&l, n->node.at + size);
            if (m.range->count)
                run_line(&m, &l, a, &runs[i]);
        }
        put_line(&l, n->node.at + size);
        size += l.count;
    }
    nodes_shorten(n, size);
}

void lang_run(nodes *n, enum lang_phase phase, arena *a, matches *marks) {
    lang_run_phases(n, &(phase_run){.phase = phase, .marks = marks}, 1, a);
}
