/* Numerals: words and digits of one number, joined.
 *
 * A numeral has a value and a unit (digit, ten, hundred, scale). A number is read left to right into groups
 * of three digits, each closed by a scale (thousand, million, …). What may follow depends on the places that
 * are filled: a unit adds where its place is free ("twenty-five", "خمسة وعشرين"), ten after a digit makes a
 * teen ("ثلاثة عشر"), hundred after a digit multiplies, a scale multiplies the group. So one grammar serves
 * languages that say five-and-twenty and languages that say twenty-five. Digits fill a group of their own,
 * alone or behind a scale ("مليون و200 ألف"); a fraction stands before a scale ("نصف مليون"), behind one
 * ("مليون ونصف") or behind the whole ("عشرون وثلاثة أخماس"). Where an addend turns out to belong to a number
 * of its own ("ثلاثة آلاف وخمسة آلاف"), the number ends before it. */
#include "base/counters.h"
#include "lang/lang.h"

#include <math.h>

enum { MOST_DECIMALS = 12 };

typedef struct composer {
    double total, group, scale; /* scale: of the last closed group */
    bool digit, ten, hundred;   /* places filled in the group */
    bool numeric;               /* the group was written in digits */
    bool empty;
    bool parts;    /* has a fraction */
    int last_unit; /* VALUE_UNIT_… of the last addend */
} composer;

/* Where a number is being read: the nodes, and the composer as it was before the latest addend. */
typedef struct cursor {
    const nodes *n;
    size_t from, at, end; /* of the number; the node that is looked at; behind the last one taken */
    composer c, before;   /* before: the addend that is open */
    size_t before_end;
} cursor;

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

/* "Ninety-five hundred" multiplies; "five and a hundred" adds. */
static bool take_hundred(composer *c, double value, bool joined) {
    bool multiplies =
        value == 100 && c->group >= 1 && !joined && (c->numeric ? c->group < 1000 : c->digit || c->ten);
    if (c->hundred && !c->numeric)
        return false;
    if (joined && !c->numeric && c->group != 0) {
        c->group += value;
        c->hundred = c->digit = c->ten = true;
        return true;
    }
    if (multiplies)
        c->group *= 100;
    else if (c->group == 0)
        c->group = value;
    else
        return false;
    c->hundred = true;
    c->digit = c->ten = c->numeric = false;
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

/* Digits open a number, or fill what a scale or a hundred before them has left free. */
static bool take_digits(composer *c, double value, bool joined) {
    bool behind_scale = c->group == 0 && c->scale > 0 && value < c->scale && value < 1000,
         behind_hundred = c->hundred && !c->ten && !c->digit && !c->numeric && value < 100 && joined &&
                          value == floor(value);
    if (!c->empty && !behind_scale && !behind_hundred)
        return false;
    c->group += value;
    c->numeric = c->digit = c->ten = c->hundred = true;
    return true;
}

static bool take(composer *c, const node *n, bool joined) {
    int unit = n->feature[FEATURE_UNIT];
    double value = (double)n->min;
    if (!node_is(n, IS_NUMERAL))
        return take_digits(c, n->value, joined);
    if (unit == VALUE_UNIT_SCALE || unit == VALUE_UNIT_DUAL_SCALE)
        return !(joined && c->group != 0 && !c->numeric && c->scale == 0 && unit == VALUE_UNIT_SCALE) &&
               take_scale(c, value, unit == VALUE_UNIT_DUAL_SCALE);
    if (unit == VALUE_UNIT_HUNDRED)
        return take_hundred(c, value, joined);
    return take_small(c, value, unit, joined);
}

static bool is_number(const node *n) {
    return node_is(n, IS_NUMERAL) || node_is(n, IS_NUMBER);
}

static bool is_scale(const node *n) {
    return node_is(n, IS_NUMERAL) && n->feature[FEATURE_UNIT] == VALUE_UNIT_SCALE;
}

/* "10k", "1.5m people": a letter is a scale only behind the digits it hangs on. */
static bool is_letter(const node *n) {
    return is_scale(n) && n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
}

static bool is_fraction(const node *n) {
    return node_is(n, IS_FRACTION) && n->min > 0;
}

/* The node at i, NULL where it is no longer of the number's sentence. */
static const node *peek(const cursor *s, size_t i) {
    const node *at = s->n->node.at;
    return i < s->n->node.size && at[i].sentence == at[s->from].sentence ? &at[i] : NULL;
}

static const token *token_of(const nodes *n, const node *x) {
    return &n->tokens->token.at[n->piece.at[x->first].token];
}

static bool glued(const nodes *n, const node *x) {
    return !token_of(n, x)->space_before;
}

/* Whether a letter is a scale where it stands; one that is a measure as well ("500m") is so only as a capital
 * or before people. */
static bool scales(const cursor *s, const node *letter, size_t behind) {
    const node *of = peek(s, behind);
    bool people = of && (node_is(of, IS_PERSON) || node_is(of, IS_HARMED));
    bool measure = node_is(letter, IS_MEASURE) && letter->feature[FEATURE_CASE] != VALUE_CASE_CAPITAL;
    return s->c.numeric && glued(s->n, letter) && (people || !measure);
}

static bool joins(const node *n) {
    return n && node_is(n, IS_JOINS_NUMERALS);
}

static void accept(cursor *s, size_t end) {
    s->c.empty = false;
    s->at = s->end = end;
}

/* Digits in threes behind digits: "1 234 567". */
static bool take_thousands(cursor *s) {
    const node *first = peek(s, s->from), *next = peek(s, s->at);
    str head = token_of(s->n, first)->folded;
    if (!next || s->end == s->from || !s->c.numeric || s->c.total != 0 || node_is(next, IS_NUMERAL) ||
        !node_is(next, IS_NUMBER) || s->c.group != floor(s->c.group) || s->c.group >= 1e12)
        return false;
    str digits = token_of(s->n, next)->folded;
    size_t whole = 0;
    while (whole < digits.size && digits.data[whole] != '.')
        whole++;
    if (whole != 3 || head.size > 3 || head.data[0] == '0' || glued(s->n, next))
        return false;
    s->c.group = s->c.group * 1000 + next->value;
    accept(s, s->at + 1);
    return true;
}

/* The number in words or digits that stands behind a decimal mark, as decimals. */
static double decimals(const node *n) {
    double scale = 1;
    size_t digits = n->feature[FEATURE_DIGITS] ? (size_t)n->feature[FEATURE_DIGITS] : 1;
    for (size_t i = 0; i < digits || (n->value >= scale && i < MOST_DECIMALS); i++)
        scale *= 10;
    return (node_is(n, IS_NUMERAL) ? (double)n->min : n->value) / scale;
}

/* "Three of a hundred" behind a decimal mark: how many nodes say it, 0 where it is not said. */
static size_t take_told_decimals(const cursor *s, double *value) {
    const node *above = peek(s, s->at + 1), *of = peek(s, s->at + 2), *below = peek(s, s->at + 3);
    if (!below || !node_is(above, IS_NUMERAL) || !node_is(of, IS_DIVIDES) || !node_is(below, IS_NUMERAL) ||
        below->min <= above->min || (below->min != 10 && below->min != 100 && below->min != 1000))
        return 0;
    *value = (double)above->min / (double)below->min;
    return 4;
}

/* "4,8", "one point five". A comma joins digits only where no space parts them. */
static bool take_decimals(cursor *s) {
    const node *mark = peek(s, s->at), *next = peek(s, s->at + 1);
    if (s->end == s->from || !mark || !next || !node_is(mark, IS_DECIMAL_MARK) || !is_number(next) ||
        s->c.group != floor(s->c.group) || is_scale(next))
        return false;
    bool comma = node_is(mark, IS_MARK);
    if (comma && (!s->c.numeric || node_is(next, IS_NUMERAL) || node_is(next, IS_DECIMAL) ||
                  glued(s->n, mark) == false || glued(s->n, next) == false))
        return false;
    if (comma) { /* "3,4,5" is a list */
        const node *after = peek(s, s->at + 2), *more = peek(s, s->at + 3);
        if (after && more && node_is(after, IS_DECIMAL_MARK) && glued(s->n, after) && glued(s->n, more))
            return false;
    }
    double value = decimals(next);
    size_t told = take_told_decimals(s, &value);
    s->c.group += value;
    s->c.numeric = s->c.digit = s->c.ten = s->c.hundred = true;
    accept(s, s->at + (told ? told : 2));
    return true;
}

static double fraction_of(const node *n) {
    return (n->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL ? 2.0 : 1.0) / (double)n->min;
}

/* A numeral that is written like a fraction too has the number below that one's line as its amount: "خمس" is
 * five and a fifth, "خمسين" fifty and two fifths. */
static double other_fraction(const node *n) {
    int below = n && node_is(n, IS_NUMERAL) ? n->feature[FEATURE_AMOUNT] : 0;
    return !below ? 0 : (n->min > 10 ? 2.0 : 1.0) / below;
}

static void add_part(cursor *s, double part, size_t end) {
    s->c.parts = true;
    s->c.total += part;
    accept(s, end);
}

static bool goes_on(const node *n) {
    return n && (is_number(n) || is_fraction(n));
}

/* "حذف ثمن": what is deleted is an eighth and no price. */
static bool is_used_up(const cursor *s, const node *x) {
    const node *verb = s->at > 0 ? &s->n->node.at[s->at - 1] : NULL;
    return node_is(x, IS_MAYBE_FRACTION) && verb && verb->sentence == x->sentence &&
           node_is(verb, IS_USES_UP);
}

/* A numeral for a feminine noun stands before what it counts, which is never definite: before a definite
 * thing or number it is the fraction ("خمس الساعة", "خمس العشرين"). */
static bool take_lone_fraction(cursor *s) {
    const node *x = peek(s, s->at), *next = peek(s, s->at + 1);
    double part = is_used_up(s, x) ? 1.0 / (double)x->min : x->min <= 10 ? other_fraction(x) : 0;
    if (part == 0)
        return false;
    bool of_number = next && next->feature[FEATURE_DEFINITE] && node_is(next, IS_NUMERAL),
         of_thing = next && next->feature[FEATURE_DEFINITE] && !of_number && !node_is(next, IS_PERSON) &&
                    !node_is(next, IS_HARMED) && next->feature[FEATURE_NUMBER] != VALUE_NUMBER_PLURAL;
    if (!of_number && !of_thing)
        return false;
    add_part(s, of_number ? part * (double)next->min : part, s->at + 1 + of_number);
    return true;
}

/* "Twenty-one fifths": behind a whole without "and" it is the number below the line; behind one whose tens
 * are told, "and two fifths", since another ten cannot follow. */
static bool take_other_fraction(cursor *s) {
    bool joined = joins(peek(s, s->at)),
         between = s->from > 0 && node_is(&s->n->node.at[s->from - 1], IS_BETWEEN);
    const node *x = peek(s, s->at + joined);
    double part = s->end > s->from && s->c.group != 0 && !s->c.numeric && !between ? other_fraction(x) : 0;
    if (part == 0 || goes_on(peek(s, s->at + joined + 1)) || joined != (x->min > 10) ||
        (joined && !(s->c.hundred && s->c.ten)) || (!joined && !s->c.ten))
        return false;
    if (!joined) {
        s->c.total = (s->c.total + s->c.group) * part;
        s->c.group = 0;
    }
    add_part(s, joined ? part : 0, s->at + joined + 1);
    return true;
}

/* "half a million", "three quarters of a million": a fraction that opens a number needs a scale. */
static bool take_opening_fraction(cursor *s) {
    const node *first = peek(s, s->at), *next = peek(s, s->at + 1), *last = peek(s, s->at + 2);
    double part = is_fraction(first) ? fraction_of(first) : 0;
    size_t words = 1;
    if (part == 0 && next && is_number(first) && is_fraction(next) &&
        next->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL) {
        part = (double)first->min / (double)next->min;
        next = last;
        words = 2;
    }
    if (part == 0 || !next || !is_scale(next))
        return false;
    s->c.scale = (double)next->min;
    add_part(s, part * s->c.scale, s->at + words + 1);
    s->c.parts = false;
    return true;
}

/* "three fifths", "and three fifths": the digit before the plural is the number above its line. */
static bool take_plural_fraction(cursor *s, bool joined) {
    const node *digit = peek(s, s->at + joined), *plural = peek(s, s->at + joined + 1);
    if (!digit || !plural || !is_number(digit) || !is_fraction(plural) ||
        plural->feature[FEATURE_NUMBER] != VALUE_NUMBER_PLURAL || digit->min > 9 || digit->min < 1 ||
        (s->end > s->from && !joined))
        return false;
    add_part(s, (double)digit->min / (double)plural->min, s->at + joined + 2);
    return true;
}

/* "a million and a half", "a hundred and a third"; "21 fifths" where the plural stands behind the whole. */
static bool take_closing_fraction(cursor *s) {
    bool joined = joins(peek(s, s->at));
    const node *f = peek(s, s->at + joined), *after = peek(s, s->at + joined + 1);
    if (s->end == s->from || !f || !is_fraction(f))
        return false;
    if (joined && after && is_scale(after) && s->c.scale == 0 &&
        f->feature[FEATURE_NUMBER] != VALUE_NUMBER_PLURAL) {
        s->c.total = (s->c.group + fraction_of(f)) * (double)after->min; /* "five and a half million" */
        s->c.group = 0;
        accept(s, s->at + joined + 2);
        return true;
    }
    bool plural = f->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL;
    if (plural && !joined) {
        s->c.total = (s->c.total + s->c.group) / (double)f->min;
        s->c.group = 0;
        add_part(s, 0, s->at + 1);
        return true;
    }
    bool of_scale = after && is_scale(after), open = after && after->feature[FEATURE_DEFINITE] && !of_scale,
         too_large = of_scale && ((double)after->min > s->c.scale || s->c.group != 0);
    if (!joined || plural || open || too_large)
        return false;
    double scale = of_scale ? (double)after->min : s->c.group == 0 && s->c.scale > 0 ? s->c.scale : 1;
    add_part(s, fraction_of(f) * scale, s->at + joined + of_scale + 1);
    s->c.parts = scale == 1;
    return true;
}

/* One addend more: false where the number has ended. */
static bool take_next(cursor *s) {
    bool joined = s->end > s->from && joins(peek(s, s->at));
    const node *next = peek(s, s->at + joined);
    if (!next || !is_number(next))
        return false;
    if (joined && s->c.numeric && s->c.group != 0) /* "5 and six" are two numbers */
        return false;
    if (is_letter(next) && (joined || !scales(s, next, s->at + 1)))
        return false;
    composer before = s->c;
    size_t before_end = s->end;
    if (!take(&s->c, next, joined)) {
        s->c = before;
        if (is_scale(next) && !joined && s->before_end > s->from) { /* the open addend has its own scale */
            s->c = s->before;
            s->end = s->before_end;
        }
        return false;
    }
    if (joined) {
        s->before = before;
        s->before_end = before_end;
    } else if (is_scale(next)) {
        s->before_end = s->from;
    }
    accept(s, s->at + joined + 1);
    return true;
}

/* How many nodes from `at` on make one number. */
static size_t compose(const nodes *n, size_t at, composer *c) {
    cursor s = {.n = n, .from = at, .at = at, .end = at, .c = {.empty = true}, .before_end = at};
    if (!take_lone_fraction(&s) && !take_opening_fraction(&s))
        while (!s.c.parts) {
            bool joined = s.end > at && joins(peek(&s, s.at));
            if (!take_thousands(&s) && !take_decimals(&s) && !take_plural_fraction(&s, joined) &&
                !take_other_fraction(&s) && !take_next(&s))
                break;
        }
    s.at = s.end;
    if (!s.c.parts)
        take_closing_fraction(&s);
    *c = s.c;
    return s.end - at;
}

/* "الثالث والعشرين": an ordinal digit and a ten make an ordinal; "twenty-first" says the ten first. */
static size_t compose_ordinal(const nodes *n, size_t at, int64_t *value) {
    cursor s = {.n = n, .from = at};
    const node *first = peek(&s, at), *next = peek(&s, at + 1);
    bool joined = joins(next);
    const node *ten = joined ? peek(&s, at + 2) : next;
    bool digit = node_is(first, IS_ORDINAL) && first->min >= 1 && first->min <= 9;
    if (!digit || !ten || !node_is(ten, IS_NUMERAL) || ten->feature[FEATURE_UNIT] != VALUE_UNIT_TEN ||
        joined == (ten->min == 10) || (joined && !ten->feature[FEATURE_DEFINITE]))
        return 0;
    *value = first->min + ten->min;
    return joined ? 3 : 2;
}

/* A number in words has the classes by value that digits have. */
static void class_by_value(struct lang_classes *of, int64_t v, size_t count) {
    if (count == 1 && v >= 1 && v <= 12)
        classes_add(of, IS_N12);
    if (v >= 11 && v <= 31)
        classes_add(of, IS_N31);
    if (count > 1 && v >= 1900 && v <= 2099)
        classes_add(of, IS_YEAR);
}

/* "3 and a half" may be a time of day. */
static void class_mixed(struct lang_reading *x, double value) {
    double whole = floor(value), minutes = (value - whole) * 60;
    if (whole < 1 || whole > 12 || fabs(minutes - floor(minutes + 0.5)) > 0.01)
        return;
    classes_add(&x->of, IS_CLOCK);
    x->feature[FEATURE_HOUR] = (int16_t)whole;
    x->feature[FEATURE_MINUTE] = (int16_t)(minutes + 0.5);
}

static void become_number(node *x, const composer *c, size_t count, arena *a) {
    bool weak = count == 1 && x->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    bool words = count > 1 || node_is(x, IS_NUMERAL) || node_is(x, IS_MAYBE_FRACTION);
    struct lang_reading *own;
    if (words) {
        x->value = c->total + c->group;
        bool whole = x->value == floor(x->value);
        x->min = x->max = (int64_t)(x->value < 9e15 ? x->value : 9e15);
        own = count > 1 || (c->parts && x->value < 1) ? node_forget(x, a) : node_own(x, a);
        own->feature[FEATURE_UNIT] = own->feature[FEATURE_AMOUNT] = 0;
        if (!whole)
            classes_add(&own->of, IS_DECIMAL);
        class_by_value(&own->of, x->min, count);
    } else {
        own = node_own(x, a);
    }
    if (c->parts && x->value < 1) /* "three quarters" of what follows */
        classes_add(&own->of, IS_SHARE);
    else if (!weak)
        classes_add(&own->of, IS_NUMBER);
    if (c->parts)
        class_mixed(own, x->value);
    lang_tell_kinds(own);
}

static size_t join_at(const nodes *n, size_t i, node *x) {
    const node *first = &n->node.at[i];
    composer c;
    int64_t ordinal;
    size_t count = node_is(first, IS_ORDINAL) ? compose_ordinal(n, i, &ordinal) : 0;
    if (x != first)
        *x = *first;
    if (count) {
        x->min = x->max = ordinal;
        x->value = (double)ordinal;
    } else if (is_number(x) || is_fraction(x) || node_is(x, IS_MAYBE_FRACTION)) {
        count = compose(n, i, &c);
        if (count)
            become_number(x, &c, count, n->arena);
    }
    if (count)
        x->last = n->node.at[i + count - 1].last;
    return count ? count : 1;
}

/* In place: what a number replaces lies at or before where it is read from. */
void lang_numbers(nodes *n) {
    size_t kept = 0;
    for (size_t i = 0; i < n->node.size; kept++) {
        COUNT(tokens_visited, 1);
        i += join_at(n, i, &n->node.at[kept]);
    }
    nodes_shorten(n, kept);
}
