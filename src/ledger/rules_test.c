/* Tests of rules: figures in, estimate out.
 *
 *     test <tab> mine/1 <tab> police 5; medical 7 civilian; police#2 denies <tab> 5..7 best 7; civilian 7
 *
 * Figures are told in the order in which they stand. The first word of each is a kind of voice (with #2 and
 * so on for another voice of that kind); then stand, in any order, the figure (5, 5-7, 5+ for "at least 5",
 * or a vague word), and what is not "killed", "unknown", told of all people or asserted. */
#include <stdio.h>
#include <stdlib.h>

#include "ledger/incident.h"

typedef struct test_run {
    arena *a;
    const rules_file *file;
    const rule_test *test;
    rule_mistake mistake;
    void *context;
    incident_work w;
    str voices[64];
    size_t voice_count;
    bool failed;
} test_run;

static void wrong(test_run *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void wrong(test_run *t, const char *format, ...) {
    char text[500], line[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(line, sizeof line, "%.150s:%u: %s", t->file->name.data ? t->file->name.data : "",
             (unsigned)t->test->line, text);
    if (!t->failed && t->mistake)
        t->mistake(t->context, line);
    t->failed = true;
}

/* The next piece that is not empty, trimmed; false at the end. */
static bool next_piece(str text, size_t *at, char mark, str *out) {
    while (str_piece(text, at, mark, out)) {
        *out = str_trim(*out);
        if (out->size)
            return true;
    }
    return false;
}

static bool read_digits(str *s, int64_t *out) {
    int64_t n = 0;
    size_t i = 0;
    for (; i < s->size && s->data[i] >= '0' && s->data[i] <= '9' && n < INT32_MAX; i++)
        n = n * 10 + (s->data[i] - '0');
    *s = str_slice(*s, i, s->size);
    *out = n;
    return i > 0;
}

/* "5", "5-7", "5+" or, in an estimate, "5..7+". */
static bool take_range(str piece, str between, int64_t *low, int64_t *high, bool *open) {
    if (!read_digits(&piece, low))
        return false;
    *high = *low;
    if (str_starts(piece, between)) {
        piece = str_slice(piece, between.size, piece.size);
        if (!read_digits(&piece, high))
            return false;
    }
    *open = str_equal(piece, STR("+"));
    return (!piece.size || *open) && *low <= *high;
}

/* ---- figures ---- */

static uint32_t number_of_voice(test_run *t, str name) {
    for (size_t i = 0; i < t->voice_count; i++)
        if (str_equal(t->voices[i], name))
            return (uint32_t)i + 1;
    if (t->voice_count == sizeof t->voices / sizeof *t->voices) {
        wrong(t, "more than %zu voices in one test", t->voice_count);
        return 1;
    }
    t->voices[t->voice_count++] = name;
    *VECTOR_PUSH(&t->w.voices, t->a) = (independent_voice){.text = name};
    return (uint32_t)t->voice_count;
}

static bool take_voice(test_run *t, told *c, str piece) {
    size_t mark = str_find(piece, STR("#"), 0);
    c->voice_kind = mark == SIZE_MAX ? piece : str_slice(piece, 0, mark);
    c->voice_number = number_of_voice(t, piece);
    if (voice_kind_named(c->voice_kind) != NONE)
        return true;
    wrong(t, "\"%.*s\" is no kind of voice: expected medical, police, witness, outlet, … (docs/formats.md)",
          STR_ARG(c->voice_kind));
    return false;
}

static bool take_figure(told *c, str piece) {
    bool open = false;
    for (int v = VAGUE_SOME; v < VAGUE_WORDS; v++)
        if (str_equal(piece, str_of(vague_word_name((vague_word)v)))) {
            c->vague = (vague_word)v;
            c->min = vague_word_least(c->vague);
            c->max = COUNT_OPEN;
            return true;
        }
    if (!take_range(piece, STR("-"), &c->min, &c->max, &open))
        return false;
    c->max = open ? COUNT_OPEN : c->max;
    return true;
}

static bool take_word(told *c, str piece) {
    int effect_found = effect_named(piece), class_found = who_class_named(piece),
        group = who_group_named(piece), stance_found = stance_named(piece);
    if (effect_found != NONE)
        c->effect = (effect)effect_found;
    else if (class_found != NONE)
        c->who_class = (who_class)class_found;
    else if (group != NONE)
        c->group = piece;
    else if (stance_found != NONE)
        c->stance = (stance)stance_found;
    else if (str_equal(piece, STR("part")))
        c->part_of = 0;
    else
        return false;
    return true;
}

static void take_claim(test_run *t, str item) {
    told c = {.part_of = NONE, .place = NONE, .who_class = CLASS_UNKNOWN, .counts = true};
    size_t at = 0;
    str piece;
    bool figure = false;
    c.paper = (uint32_t)t->w.claims.size;
    if (!next_piece(item, &at, ' ', &piece) || !take_voice(t, &c, piece))
        return;
    while (next_piece(item, &at, ' ', &piece)) {
        if (!figure && take_figure(&c, piece))
            figure = true;
        else if (!take_word(&c, piece))
            wrong(
                t,
                "\"%.*s\" in \"%.*s\": expected a figure (5, 5-7, 5+, dozens), an effect, a class, a group, "
                "asserts, hedges, denies or part",
                STR_ARG(piece), STR_ARG(item));
    }
    if (!figure && c.stance != STANCE_DENIES)
        wrong(t, "\"%.*s\": expected a figure, such as 5, 5-7, 5+ or dozens", STR_ARG(item));
    *VECTOR_PUSH(&t->w.claims, t->a) = c;
}

/* ---- estimates ---- */

typedef struct expectation {
    effect effect;
    str class_name, group;
    int64_t low, best, high;
    bool open, provisional;
} expectation;

static str described(arena *a, const expectation *e) {
    buffer b = {0};
    buffer_printf(&b, "%s %.*s%s%.*s ", effect_name(e->effect), STR_ARG(e->class_name),
                  e->group.size ? " " : "", STR_ARG(e->group));
    buffer_printf(&b, e->low == e->high ? "%lld" : "%lld..", (long long)e->low);
    if (e->low != e->high)
        buffer_printf(&b, "%lld", (long long)e->high);
    buffer_add(&b, e->open ? STR("+") : STR(""));
    if (e->best != NONE)
        buffer_printf(&b, " best %lld", (long long)e->best);
    buffer_add(&b, e->provisional ? STR(" provisional") : STR(""));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static bool take_best(str item, size_t *at, expectation *e) {
    str piece;
    return next_piece(item, at, ' ', &piece) && read_digits(&piece, &e->best) && !piece.size;
}

static bool take_expected(str piece, expectation *e, bool *ranged) {
    int effect_found = effect_named(piece);
    if (effect_found != NONE)
        e->effect = (effect)effect_found;
    else if (str_equal(piece, STR("all")) || who_class_named(piece) != NONE)
        e->class_name = piece;
    else if (who_group_named(piece) != NONE)
        e->group = piece;
    else if (str_equal(piece, STR("provisional")))
        e->provisional = true;
    else if (!*ranged && take_range(piece, STR(".."), &e->low, &e->high, &e->open))
        *ranged = true;
    else
        return false;
    return true;
}

static bool read_expected(test_run *t, str item, expectation *e) {
    *e = (expectation){.effect = EFFECT_KILLED, .class_name = STR("all"), .group = STR(""), .best = NONE};
    size_t at = 0;
    str piece;
    bool ranged = false;
    while (next_piece(item, &at, ' ', &piece)) {
        bool good =
            str_equal(piece, STR("best")) ? take_best(item, &at, e) : take_expected(piece, e, &ranged);
        if (!good)
            wrong(
                t,
                "\"%.*s\" in \"%.*s\": expected a range (5, 5..7, 5..7+), best and a number, provisional, an "
                "effect, a class or a group",
                STR_ARG(piece), STR_ARG(item));
    }
    if (!ranged)
        wrong(t, "\"%.*s\": expected a range, such as 5 or 5..7", STR_ARG(item));
    return !t->failed;
}

static expectation found_for(const test_run *t, const expectation *wanted, bool *there) {
    expectation e = *wanted;
    for (size_t i = 0; i < t->w.estimates.size; i++) {
        const estimate *x = &t->w.estimates.at[i];
        if (x->effect != wanted->effect || !str_equal(str_of(x->class_name), wanted->class_name) ||
            !str_equal(str_of(who_group_name(x->group)), wanted->group))
            continue;
        *there = true;
        e.low = x->low;
        e.best = x->best;
        e.high = x->high;
        e.open = x->open;
        e.provisional = x->provisional;
    }
    return e;
}

static void compare(test_run *t, str item) {
    expectation wanted;
    bool there = false;
    if (str_equal(item, STR("nothing"))) {
        if (t->w.estimates.size)
            wrong(t, "%.*s: expected nothing, found %zu estimates", STR_ARG(t->test->rule),
                  t->w.estimates.size);
        return;
    }
    if (!read_expected(t, item, &wanted))
        return;
    expectation found = found_for(t, &wanted, &there);
    str want = described(t->a, &wanted), got = there ? described(t->a, &found) : STR("none of these people");
    if (!str_equal(want, got))
        wrong(t, "%.*s: expected %.*s, found %.*s", STR_ARG(t->test->rule), STR_ARG(want), STR_ARG(got));
}

static bool run_test(test_run *t, const estimate_rule *rule) {
    size_t at = 0;
    str item;
    t->w = (incident_work){.a = t->a, .rule = rule};
    while (next_piece(t->test->figures, &at, ';', &item))
        take_claim(t, item);
    if (t->failed)
        return false;
    figures_settle(&t->w);
    estimates_find(&t->w);
    for (at = 0; next_piece(t->test->estimate, &at, ';', &item);)
        compare(t, item);
    return !t->failed;
}

size_t rules_test(const rules_file *file, rule_mistake mistake, void *context) {
    size_t failed = 0;
    for (size_t i = 0; i < file->tests.size; i++) {
        const rule_test *test = &file->tests.at[i];
        for (size_t k = 0; k < file->rules.size; k++) {
            if (!str_equal(file->rules.at[k].name, test->rule))
                continue;
            arena a = arena_new((allocator){0});
            test_run t = {.a = &a, .file = file, .test = test, .mistake = mistake, .context = context};
            failed += !run_test(&t, &file->rules.at[k]);
            arena_free(&a);
        }
    }
    return failed;
}
