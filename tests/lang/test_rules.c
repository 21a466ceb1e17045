/* Runs the tests that stand beside the rules of lang/ ("test RULE …"), phase by phase as a reading does, with
 * the gazetteer's names, and reports each failure with file and line. */
#include "lang/rule_tests.h"
#include "reading/reader.h"
#include "test_support.h"

#include <inttypes.h>

typedef VECTOR(const match *) found;

/* The names that keep a word from losing its clitics: what src/reading/reading.c asks. */
static bool known_name(void *context, str word) {
    const reader *r = context;
    char key[256];
    if (word.size > sizeof key || word.size < 6)
        return false;
    str folded = {key, places_fold(word, key)};
    place found_place;
    return gazetteer_lookup(r->gazetteer, folded, &found_place, 1) > 0;
}

/* Between two phases the program may turn an expression of time or a place down. */
static void between_phases(reader *r, enum lang_phase done) {
    if (done == PHASE_INTERVAL)
        read_times(r);
    else if (done == PHASE_PLACE)
        read_places(r);
}

static const struct lang_rule *find_rule(const struct rule_test *t) {
    const struct lang_rule *r = lang_find(str_of(t->language))->rules;
    while (strcmp(r->name, t->rule) != 0) /* the compiler of the rules has seen that it is there */
        r++;
    return r;
}

/* Every match of a phase in the text of a test. */
static void read_text(const struct rule_test *t, int until, arena *a, reader *r, found *out) {
    static const article none;
    article *page = ARENA_NEW(a, article, 1);
    *page = none;
    page->text = str_of(t->text);
    page->language = str_of(t->language);
    page->published = STR("2019-06-20");
    page->supported = true;
    *r = (reader){.article = page,
                  .gazetteer = gazetteer_builtin(),
                  .a = a,
                  .scratch = a,
                  .out = ARENA_NEW(a, reading, 1)};
    r->text = page->text;
    r->published = r->today = day_parse(page->published);
    r->out->article = page;
    text_tokens(r->text, a, &r->tokens);
    code_points_build(r->text, a, &r->points);
    lang_nodes(lang_find(page->language), &r->tokens, (name_oracle){known_name, r}, a, &r->nodes);
    lang_numbers(&r->nodes);
    read_names(r);
    matches marks = {0};
    for (int phase = 0; phase <= until; phase++) {
        memset(&marks, 0, sizeof marks);
        lang_run(&r->nodes, (enum lang_phase)phase, a, &marks);
        if (phase < until)
            between_phases(r, (enum lang_phase)phase);
    }
    for (size_t i = 0; i < r->nodes.node.size; i++)
        if (r->nodes.node.at[i].match && r->nodes.node.at[i].match->rule->phase == until)
            *VECTOR_PUSH(out, a) = r->nodes.node.at[i].match;
    for (size_t i = 0; i < marks.at.size; i++)
        *VECTOR_PUSH(out, a) = &marks.at.at[i];
}

static int64_t field_of(const match *m, int16_t field) {
    if (field >= 0)
        return m->out.feature[field];
    return field == -1 ? m->out.min : field == -2 ? m->out.max : (int64_t)m->out.value;
}

static bool as_expected(const struct rule_test *t, const reader *r, const match *m) {
    if (!str_equal(pieces_text(&r->nodes, m->out.first, m->out.last), str_of(t->matched)))
        return false;
    for (unsigned i = 0; i < t->fields; i++)
        if (field_of(m, t->field[i].field) != t->field[i].value)
            return false;
    return true;
}

static void show_match(const struct rule_test *t, const reader *r, const match *m) {
    str text = pieces_text(&r->nodes, m->out.first, m->out.last);
    print_error("    %-24s \"%.*s\"", m->rule->name, STR_ARG(text));
    for (unsigned i = 0; i < t->fields && strcmp(m->rule->name, t->rule) == 0; i++)
        print_error(" [%d]=%" PRId64 " (expected %" PRId64 ")", t->field[i].field,
                    field_of(m, t->field[i].field), t->field[i].value);
    print_error("\n");
}

static void show_failure(const struct rule_test *t, const reader *r, const found *all) {
    print_error("%s:%u: in \"%s\"\n    %-24s \"%s\" expected; read:\n", t->file, (unsigned)t->line, t->text,
                t->rule, t->matched ? t->matched : "nothing");
    for (size_t i = 0; i < all->size; i++)
        show_match(t, r, all->at[i]);
}

static bool passes(const struct rule_test *t, arena *a) {
    reader r;
    found all = {0};
    read_text(t, find_rule(t)->phase, a, &r, &all);
    bool matched = false, good = false;
    for (size_t i = 0; i < all.size; i++)
        if (strcmp(all.at[i]->rule->name, t->rule) == 0) {
            matched = true;
            good |= t->matched && as_expected(t, &r, all.at[i]);
        }
    if (!t->matched)
        good = !matched;
    if (!good)
        show_failure(t, &r, &all);
    return good;
}

static void rules_do_what_stands_beside_them(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    size_t failed = 0, count = 0;
    for (const struct rule_test *t = rule_tests; t->rule; t++, count++) {
        arena_reset(&a);
        failed += !passes(t, &a);
    }
    arena_free(&a);
    print_message("%zu tests beside rules\n", count);
    assert_true(count > 0);
    assert_int_equal(failed, 0);
}

static bool is_tested(const struct lang *l, const struct lang_rule *rule) {
    for (const struct rule_test *t = rule_tests; t->rule; t++)
        if (t->matched && strcmp(t->language, l->code) == 0 && strcmp(t->rule, rule->name) == 0)
            return true;
    return false;
}

/* Nine rules of ten have a test of their own, in a language that has begun to have any. */
static void rules_are_tested(void **state) {
    (void)state;
    for (unsigned i = 0; i < lang_count; i++) {
        unsigned rules = 0, tested = 0;
        for (const struct lang_rule *r = lang_all[i].rules; r->name; r++, rules++) {
            tested += is_tested(&lang_all[i], r);
            if (!is_tested(&lang_all[i], r))
                print_message("untested: %s:%u: %s\n", r->file, (unsigned)r->line, r->name);
        }
        if (tested && tested * 10 < rules * 9)
            fail_msg("%s: %u of %u rules have a test beside them", lang_all[i].code, tested, rules);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_do_what_stands_beside_them),
        cmocka_unit_test(rules_are_tested),
    };
    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
