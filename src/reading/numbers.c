/* Every number that the text says, as --mentions lists them: cardinals, ordinals, percentages and nouns in
 * the dual where they stand, and beside them the ranges and the ratios that two of them make ("10 to 20",
 * "3/4", "one in five").
 */
#include "reading/reader.h"

#include <math.h>

static const node *node_at(const reader *r, size_t i) {
    return i < r->nodes.node.size ? &r->nodes.node.at[i] : NULL;
}

/* The node `by` places behind n in its sentence (before it where negative), or NULL. */
static const node *beside(const reader *r, const node *n, int by) {
    const node *x = n + by;
    bool inside = x >= r->nodes.node.at && x < r->nodes.node.at + r->nodes.node.size;
    return inside && x->sentence == n->sentence ? x : NULL;
}

static bool is(const node *n, enum lang_class c) {
    return n && node_is(n, c);
}

static bool glued(const reader *r, const node *n) {
    return !r->tokens.token.at[r->nodes.piece.at[n->first].token].space_before;
}

/* "One" and "none" count nobody by themselves, but they are numbers. */
static bool is_quantity(const node *n) {
    bool weak = is(n, IS_NUMERAL) && n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK &&
                n->feature[FEATURE_UNIT] != VALUE_UNIT_SCALE;
    return weak || is(n, IS_NUMBER) || (is(n, IS_SHARE) && n->value > 0 && n->value < 1) ||
           (is(n, IS_FRACTION) && n->min > 0);
}

/* A dash is a minus where it hangs on the number alone: "-5", but neither "3-5" nor the "- 5" of a list. */
static const node *sign_of(const reader *r, const node *n) {
    const node *before = beside(r, n, -1);
    if (is(before, IS_MINUS))
        return before;
    const node *other = before ? beside(r, before, -1) : NULL;
    bool hangs = is(before, IS_DASH) && glued(r, n) && (!other || !glued(r, before)),
         counts = is(beside(r, n, 1), IS_PERSON) || is(beside(r, n, 1), IS_HARMED);
    return hangs && !counts ? before : NULL;
}

/* ".77": a point hangs on the number alone. */
static const node *point_before(const reader *r, const node *n) {
    const node *before = beside(r, n, -1);
    bool point =
        is(before, IS_FULL_STOP) && glued(r, n) && n->feature[FEATURE_DIGITS] > 0 && !is(n, IS_DECIMAL);
    return point && (!glued(r, before) || is(beside(r, before, -1), IS_DASH) || !beside(r, before, -1))
               ? before
               : NULL;
}

static bool has_dual(const node *n) {
    return n && n->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL;
}

/* "شخصان", two persons: a noun in the dual says two, but for one that a numeral follows ("شخصان اثنان") and
 * for what describes another dual ("جنديان أمريكيان"). With an article or a pronoun it is often a plural. */
static bool is_dual(const reader *r, const node *n) {
    bool noun = has_dual(n) && !n->feature[FEATURE_FORM] && !is(n, IS_FRACTION) && !is(n, IS_NUMERAL),
         open = !n->feature[FEATURE_DEFINITE] && !n->feature[FEATURE_PRONOUN];
    return noun && open && !is(beside(r, n, 1), IS_NUMERAL) && !has_dual(beside(r, n, -1));
}

static double magnitude(const node *n) {
    if (is(n, IS_FRACTION) && !is(n, IS_NUMBER))
        return (has_dual(n) ? 2.0 : 1.0) / (double)n->min;
    return n->value;
}

static number_mention *add(reader *r, const node *first, const node *last, const char *kind) {
    number_mention *m = VECTOR_PUSH(&r->out->numbers, r->a);
    *m = (number_mention){.at = reader_span(r, first->first, last->last), .kind = kind};
    return m;
}

static void add_one(reader *r, const node *n) {
    const node *first = n, *point = point_before(r, n);
    double value = magnitude(n);
    if (point) {
        first = point;
        for (int i = 0; i < n->feature[FEATURE_DIGITS]; i++)
            value /= 10;
    }
    const node *sign = sign_of(r, first);
    bool percent = is(beside(r, n, 1), IS_PERCENT) || is(beside(r, n, -1), IS_PERCENT);
    number_mention *m = add(r, sign ? sign : first, n, percent ? "percent" : "cardinal");
    m->value = m->min = m->max = sign ? -value : value;
}

/* The power behind a number, and its sign: "^-2", "e+14"; NULL where none hangs on it. */
static const node *power_of(const reader *r, const node *n, bool *exponent, double *power) {
    const node *mark = beside(r, n, 1), *x = mark ? beside(r, mark, 1) : NULL;
    *exponent = is(mark, IS_EXPONENT);
    bool spelt = is(mark, IS_POWER) && !is(mark, IS_MARK), minus = false;
    if (!x || !(is(mark, IS_POWER) || *exponent) || (!spelt && !glued(r, mark)))
        return NULL;
    for (int i = 0; i < 2 && (is(x, IS_DASH) || is(x, IS_PLUS) || is(x, IS_MINUS)); i++) {
        minus ^= !is(x, IS_PLUS);
        x = beside(r, x, 1);
    }
    if (!is_quantity(x) || (!spelt && !glued(r, x)))
        return NULL;
    *power = minus ? -magnitude(x) : magnitude(x);
    return x;
}

/* "3-^10" typed from the right, so that a page in Arabic shows ten to the power of minus three: read from the
 * left, its minus would belong to nothing. The number that is raised, or NULL. */
static const node *raised_from_right(const reader *r, const node *n) {
    const node *minus = beside(r, n, 1), *mark = beside(r, n, 2), *base = beside(r, n, 3);
    bool shown = is(minus, IS_DASH) && is(mark, IS_POWER) && is(mark, IS_MARK) && base && is(base, IS_NUMBER);
    return shown && glued(r, minus) && glued(r, mark) && glued(r, base) ? base : NULL;
}

/* "1.1^23", "12.32e+14", "two to the power of three": the last node of it, or n itself. */
static const node *add_power(reader *r, const node *n) {
    bool exponent;
    double power, value;
    const node *last = is_quantity(n) ? power_of(r, n, &exponent, &power) : NULL;
    if (last) {
        value = exponent ? magnitude(n) * pow(10, power) : pow(magnitude(n), power);
    } else {
        last = is_quantity(n) ? raised_from_right(r, n) : NULL;
        value = last ? pow(magnitude(last), -magnitude(n)) : 0;
    }
    if (!last || !isfinite(value))
        return n;
    const node *sign = sign_of(r, n);
    number_mention *m = add(r, sign ? sign : n, last, "cardinal");
    m->value = m->min = m->max = sign ? -value : value;
    return last;
}

/* "192.168.1.2", "3.2.1": no decimals, but numbers one behind the other. */
static bool add_dotted(reader *r, const node *n) {
    const node *dot = beside(r, n, 1), *next = beside(r, n, 2);
    if (!is(n, IS_DECIMAL) || n->feature[FEATURE_DIGITS] <= 0 || !is(dot, IS_FULL_STOP) || !glued(r, dot) ||
        !is(next, IS_NUMBER) || !glued(r, next))
        return false;
    double part[2] = {floor(n->value), 0};
    part[1] = n->value - part[0];
    int behind = n->feature[FEATURE_DIGITS] - 2; /* all but the point and the first digit */
    for (int64_t whole = (int64_t)fmin(part[0], 1e15); whole >= 10; whole /= 10)
        behind--;
    for (int i = 0; i < behind; i++)
        part[1] *= 10;
    for (size_t i = 0; i < 2; i++) {
        number_mention *m = add(r, n, n, "cardinal");
        m->value = m->min = m->max = floor(part[i] + 0.5);
    }
    return true;
}

/* "Two hundred and three parts of a hundred": the hundreds are whole. */
static double ratio(double above, double below, bool parts) {
    double value = above / below, whole = floor(value);
    bool of_tens = below == 10 || below == 100 || below == 1000;
    return parts && of_tens && value > 1 && value != whole ? whole * below + (value - whole) : value;
}

/* "3/4", "one in five", "- 1 4/5"; the "3/4/2016" of a date is none. */
static void add_ratio(reader *r, const node *n) {
    const node *mark = beside(r, n, 1), *below = beside(r, n, 2), *before = beside(r, n, -1);
    bool one =
        is(n, IS_DIVIDES) && n->feature[FEATURE_NUMBER] == VALUE_NUMBER_SINGULAR && !is_quantity(before);
    if (one) { /* "a part of twenty" */
        below = mark;
        mark = n;
    }
    if (!mark || !below || (!one && !is_quantity(n)) || !is(mark, IS_DIVIDES) || !is_quantity(below) ||
        below->value <= 0)
        return;
    bool slash = is(mark, IS_SLASH);
    if (slash && (!glued(r, below) || is(beside(r, below, 1), IS_SLASH) || is(before, IS_SLASH)))
        return;
    double value = one ? 1 / below->value : ratio(magnitude(n), below->value, is(mark, IS_PARTS_OF));
    const node *first = n, *sign, *after = beside(r, below, 1);
    if (slash && is(before, IS_NUMBER) && !glued(r, n) && value < 1) {
        first = before;
        value += before->value;
    } else if (slash && !before && is(after, IS_NUMBER) && !glued(r, after) && value < 1 &&
               !beside(r, after, 1)) {
        below = after; /* "1/4 2", typed from right to left */
        value += after->value;
    }
    sign = sign_of(r, first);
    if (!sign && first != n && is(beside(r, first, -1), IS_DASH))
        sign = beside(r, first, -1);
    number_mention *m = add(r, sign ? sign : first, below, "cardinal");
    m->value = m->min = m->max = sign ? -value : value;
}

/* "10 to 20", "10-20", "between 10 and 20": told upside down the lesser is the lower bound all the same. */
static void add_range(reader *r, const node *n) {
    const node *mark = beside(r, n, 1), *high = beside(r, n, 2), *before = beside(r, n, -1);
    bool between = is(before, IS_BETWEEN) && is(mark, IS_AND);
    if (!is(n, IS_NUMBER) || !is(high, IS_NUMBER) || !(is(mark, IS_DASH) || is(mark, IS_TO) || between))
        return;
    if (is(before, IS_DASH) || is(before, IS_SLASH) || is(beside(r, high, 1), IS_DASH) ||
        is(beside(r, high, 1), IS_SLASH))
        return;
    number_mention *m = add(r, between ? before : n, high, "range");
    m->min = n->value < high->value ? n->value : high->value;
    m->max = n->value < high->value ? high->value : n->value;
    m->value = m->min;
}

void read_numbers(reader *r) {
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = node_at(r, i);
        if (is(n, IS_ORDINAL) && n->min && !is(n, IS_NUMBER)) {
            number_mention *m = add(r, n, n, "ordinal");
            m->value = m->min = m->max = (double)n->min;
            continue;
        }
        if (is_dual(r, n)) {
            number_mention *m = add(r, n, n, "cardinal");
            m->value = m->min = m->max = 2;
            continue;
        }
        const node *last = add_power(r, n);
        if (last != n) {
            i += (size_t)(last - n);
            continue;
        }
        bool anyone = is(beside(r, n, -1), IS_ANY) && !is(n, IS_NUMBER); /* "any one of you" */
        if (is_quantity(n) && !anyone && !add_dotted(r, n))
            add_one(r, n);
        add_ratio(r, n);
        add_range(r, n);
    }
}
