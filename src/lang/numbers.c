/* Numerals: words and digits of one number, joined.
 *
 * A numeral has a value and a unit (digit, ten, hundred, scale). A number is read left to right into groups
 * of three digits, each closed by a scale (thousand, million, …). What may follow depends on the places that
 * are filled: a unit adds where its place is free ("twenty-five", "خمسة وعشرين"), ten after a digit makes a
 * teen
 * ("ثلاثة عشر"), hundred after a digit multiplies, a scale multiplies the group. So one grammar serves
 * languages that say five-and-twenty and languages that say twenty-five. */
#include "base/counters.h"
#include "lang/lang.h"

typedef struct composer {
    double total, group, scale; /* scale: of the last closed group */
    bool digit, ten, hundred;   /* places filled in the group */
    bool numeric;               /* the group was written in digits */
    bool empty;
} composer;

static bool take_scale(composer *c, double value, bool whole) {
    if (value >= c->scale && c->scale > 0)
        return false;
    if (whole && c->group != 0) /* "two thousand" said in one word takes no multiplier */
        return false;
    c->total += c->group != 0 ? c->group * value : value;
    c->scale = whole ? value / 2 : value;
    c->group = 0;
    c->digit = c->ten = c->hundred = c->numeric = false;
    return true;
}

static bool take_hundred(composer *c, double value) {
    if (c->hundred)
        return false;
    if (c->digit && !c->ten && value == 100 && c->group < 10)
        c->group *= 100;
    else if (c->group == 0)
        c->group = value;
    else
        return false;
    c->hundred = true;
    c->digit = false;
    return true;
}

static bool take_small(composer *c, double value, int unit, bool joined) {
    if (c->numeric)
        return false;
    if (unit == VALUE_UNIT_TEN) {
        if (c->ten || (c->digit && !joined && value != 10))
            return false;
        if (c->digit && value == 10 && joined)
            return false;
        c->ten = true;
        c->digit = c->digit || value == 10;
    } else {
        if (c->digit || (c->ten && value > 9))
            return false;
        c->digit = true;
        c->ten = c->ten || value > 9;
    }
    c->group += value;
    return true;
}

static bool take(composer *c, const node *n, bool joined) {
    int unit = n->feature[FEATURE_UNIT];
    if (!node_is(n, IS_NUMERAL)) {
        if (!c->empty)
            return false;
        c->group = n->value;
        c->numeric = true;
        c->digit = c->ten = c->hundred = true;
        return true;
    }
    double value = (double)n->min;
    if (unit == VALUE_UNIT_SCALE || unit == VALUE_UNIT_DUAL_SCALE)
        return !(joined && c->group != 0 && !c->numeric && c->scale == 0 && unit == VALUE_UNIT_SCALE) &&
               take_scale(c, value, unit == VALUE_UNIT_DUAL_SCALE);
    if (unit == VALUE_UNIT_HUNDRED)
        return !c->numeric && take_hundred(c, value);
    return take_small(c, value, unit, joined);
}

static bool is_number(const node *n) {
    return node_is(n, IS_NUMERAL) || node_is(n, IS_NUMBER);
}

/* How many nodes from `at` on make one number. */
static size_t compose(const nodes *n, size_t at, composer *c) {
    size_t end = at;
    *c = (composer){.empty = true};
    for (size_t i = at; i < n->node.size && n->node.at[i].sentence == n->node.at[at].sentence;) {
        bool joined = i > at && node_is(&n->node.at[i], IS_JOINS_NUMERALS);
        size_t next = i + joined;
        if (next >= n->node.size || !is_number(&n->node.at[next]))
            break;
        composer before = *c;
        if (joined && (c->numeric && c->group != 0)) /* "5 and six" are two numbers */
            break;
        if (!take(c, &n->node.at[next], joined)) {
            *c = before;
            break;
        }
        c->empty = false;
        i = end = next + 1;
    }
    return end - at;
}

void lang_numbers(nodes *n, arena *a) {
    nodes out = *n;
    memset(&out.node, 0, sizeof out.node);
    VECTOR_RESERVE(&out.node, a, n->node.size);
    for (size_t i = 0; i < n->node.size;) {
        COUNT(tokens_visited, 1);
        composer c;
        size_t count = is_number(&n->node.at[i]) ? compose(n, i, &c) : 0;
        node *x = VECTOR_PUSH(&out.node, a);
        *x = n->node.at[i];
        if (count) {
            const node *last = &n->node.at[i + count - 1];
            x->last = last->last;
            if (count > 1 || node_is(x, IS_NUMERAL)) {
                x->value = c.total + c.group;
                x->min = x->max = (int64_t)(x->value + 0.5);
                if (count > 1) {
                    memset(x->mask, 0, sizeof x->mask);
                    memset(x->feature, 0, sizeof x->feature);
                }
                x->feature[FEATURE_UNIT] = 0;
            }
            node_add(x, IS_NUMBER);
            if (count == 1 && x->min >= 1 && x->min <= 12)
                node_add(x, IS_N12);
        }
        i += count ? count : 1;
    }
    n->node.at = out.node.at;
    n->node.size = out.node.size;
    n->node.capacity = out.node.capacity;
}
