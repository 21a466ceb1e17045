/* Rules of estimates: their own tests, mistakes in files, what must hold whatever was told. */
#include "ledger_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/incident.h"

static void print_mistake(void *context, const char *line) {
    (void)context;
    print_error("%s\n", line);
}

static rules_file shipped(arena *a) {
    const char *path = "data/ledger/estimates.tsv";
    rules_file file;
    assert_int_equal(
        rules_read(a, str_of(path), test_file(a, test_path(a, path)), &file, print_mistake, NULL), 0);
    return file;
}

static void the_rules_do_what_their_tests_say(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    rules_file file = shipped(&a), linked_in = rules_built_in(&a);
    assert_int_equal(rules_test(&file, print_mistake, NULL), 0);
    assert_int_equal(file.rules.size, linked_in.rules.size);
    for (size_t i = 0; i < file.rules.size; i++) {
        size_t tests = 0;
        for (size_t k = 0; k < file.tests.size; k++)
            tests += str_equal(file.tests.at[k].rule, file.rules.at[i].name);
        assert_true(tests >= 5);
        assert_int_equal(file.rules.at[i].line, linked_in.rules.at[i].line);
    }
    arena_free(&a);
}

/* ---- mistakes ---- */

static void keep_lines(void *context, const char *line) {
    buffer_add(context, str_of(line));
    buffer_add_byte(context, '\n');
}

#define HEAD "columns\tname\tlow\tbest\thigh\tvoices\treliable\tsays\n"
#define GOOD HEAD "rule\tmine/1\tleast\tleast\tmost\t2\t-\tthe lowest is best\n"

static const struct mistaken {
    const char *text, *told; /* in the order of the lines */
} mistaken[] = {
    {"", "my.tsv:1: expected a rule, found none\n"},
    {"# nothing\n\n", "my.tsv:2: expected a rule, found none\n"},
    {"rule\tmine/1\n", "my.tsv:1: expected a line of columns before the first rule\n"},
    {"rules\tx\n",
     "my.tsv:1: expected a line that begins with columns, rule or test and a tab, found \"rules\"\n"},
    {HEAD "rule\tmine\tleast\tnone\tmost\t2\t-\tx\n",
     "my.tsv:2: column \"name\": expected a name and a version, such as mine/1, found \"mine\"\n"
     "my.tsv:2: the rule has no name: expected a column \"name\", such as mine/1\n"},
    {HEAD "rule\tmine/1\tlowest\tnone\tmost\t2\t-\tx\n",
     "my.tsv:2: column \"low\": expected least or best, found \"lowest\"\n"},
    {HEAD "rule\tmine/1\tleast\tleast\tmost\ttwo\t-\tx\n",
     "my.tsv:2: column \"voices\": expected a number of independent voices, such as 2, found \"two\"\n"},
    {HEAD "rule\tmine/1\tleast\treliable\tmost\t2\tmedical doctor\tx\n",
     "my.tsv:2: column \"reliable\": expected kinds of voices, each once, the most reliable first, such as "
     "medical "
     "rescue, monitor, found \"medical doctor\"\n"},
    {HEAD "rule\tmine/1\tbest\tnone\tmost\t2\t-\tx\n",
     "my.tsv:2: low or high is best, and best is none: expected best to be least, reliable or agreed\n"},
    {HEAD "rule\tmine/1\tleast\tnone\tmost\t2\t-\n",
     "my.tsv:2: column \"says\": expected what the rule does, in words, found \"\"\n"
     "my.tsv:2: the rule does not tell what it does: expected a column \"says\"\n"},
    {HEAD "rule\tmine/1\tleast\tnone\tmost\t2\t-\tx\ty\n",
     "my.tsv:2: 8 cells, expected at most 7: those named on line 1\n"},
    {GOOD "rule\tmine/1\tleast\tnone\tmost\t2\t-\tx\n", "my.tsv:3: rule mine/1 stands already on line 2\n"},
    {GOOD "test\tmine/1\tpolice 5\n",
     "my.tsv:3: expected test, a rule, the figures told and the estimate, a tab between them\n"},
    {GOOD "test\tmine/2\tpolice 5\t5\n", "my.tsv:3: no rule \"mine/2\" in this file\n"},
    {GOOD "test\tmine/1\tpolise 5\t5\n", "my.tsv:3: \"polise\" is no kind of voice: expected medical, "
                                         "police, witness, outlet, … (docs/formats.md)\n"},
    {GOOD "test\tmine/1\tpolice\t5\n",
     "my.tsv:3: \"police\": expected a figure, such as 5, 5-7, 5+ or dozens\n"},
    {GOOD "test\tmine/1\tpolice 5 kids\t5\n", "my.tsv:3: \"kids\" in \"police 5 kids\": expected a figure "
                                              "(5, 5-7, 5+, dozens), an effect, a class, a group, "
                                              "asserts, hedges, denies or part\n"},
    {GOOD "test\tmine/1\tpolice 5\tfive\n", "my.tsv:3: \"five\" in \"five\": expected a range (5, 5..7, "
                                            "5..7+), best and a number, provisional, an effect, a "
                                            "class or a group\n"},
    {GOOD "test\tmine/1\tpolice 5; medical 7\t5..7 best 7\n",
     "my.tsv:3: mine/1: expected killed all 5..7 best 7, found killed all 5..7 best 5\n"},
    {GOOD "test\tmine/1\tpolice 5; medical 7\tinjured 5..7 best 5\n",
     "my.tsv:3: mine/1: expected injured all 5..7 best 5, found none of these people\n"},
    {GOOD "test\tmine/1\tpolice 5\tnothing\n", "my.tsv:3: mine/1: expected nothing, found 2 estimates\n"},
};

static void a_mistake_is_told_with_file_and_line(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mistaken / sizeof *mistaken; i++) {
        arena a = arena_new((allocator){0});
        buffer lines = {0};
        rules_file file;
        size_t n = rules_read(&a, STR("my.tsv"), str_of(mistaken[i].text), &file, keep_lines, &lines);
        n += rules_test(&file, keep_lines, &lines);
        assert_true(n > 0);
        assert_str_equal(buffer_str(&lines), str_of(mistaken[i].told), mistaken[i].text);
        buffer_free(&lines);
        arena_free(&a);
    }
}

static void columns_are_told_by_name(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    rules_file file;
    str text = STR("\xEF\xBB\xBF"
                   "columns\tsays\tname\tbest\t\r\nrule\t ends alone \tmine/12\t-\t\t\r\n");
    assert_int_equal(rules_read(&a, STR("x"), text, &file, print_mistake, NULL), 0);
    assert_int_equal(file.rules.size, 1);
    assert_str_equal(file.rules.at[0].name, STR("mine/12"), "name");
    assert_str_equal(file.rules.at[0].says, STR("ends alone"), "says");
    assert_int_equal(file.rules.at[0].best, BEST_NONE);
    assert_int_equal(file.rules.at[0].voices, 2);
    estimate_rule kept;
    assert_int_equal(rule_kept(&a, file.rules.at[0].text, &kept, NULL), STATUS_OK);
    assert_str_equal(kept.text, file.rules.at[0].text, "kept");
    arena_free(&a);
}

/* Every byte of a file may be hostile. */
static void random_files_do_no_harm(void **state) {
    (void)state;
    static const char *const pieces[] = {"columns", "rule", "test",     "\t",     "\t",   "\t",
                                         "\n",      "name", "best",     "mine/1", "5",    ";",
                                         "police",  "+",    "-",        "..",     "says", "\xFF",
                                         "dozens",  "#",    "reliable", "\"%s\"", ",",    "medical"};
    test_random r = test_seeded("rule files");
    for (size_t round = 0; round < test_rounds(400); round++) {
        arena a = arena_new((allocator){0});
        buffer text = {0};
        rules_file file;
        buffer_add(&text, random_below(&r, 2) ? STR(GOOD) : STR(""));
        for (size_t n = random_below(&r, 60); n > 0; n--)
            buffer_add(&text, str_of(pieces[random_below(&r, sizeof pieces / sizeof *pieces)]));
        rules_read(&a, STR("x"), buffer_str(&text), &file, NULL, NULL);
        rules_test(&file, NULL, NULL);
        buffer_free(&text);
        arena_free(&a);
    }
}

/* ---- vague words ---- */

static void vague_words_are_known(void **state) {
    (void)state;
    static const struct {
        int64_t min, max;
        const char *text;
        vague_word word;
    } rows[] = {
        {20, COUNT_OPEN, "عشرات المدنيين", VAGUE_TENS},
        {20, COUNT_OPEN, "سقوط العشرات", VAGUE_TENS},
        {20, COUNT_OPEN, "Dozens of people", VAGUE_DOZENS},
        {200, COUNT_OPEN, "مئات القتلى", VAGUE_HUNDREDS},
        {40, COUNT_OPEN, "scores", VAGUE_SCORES},
        {2000, COUNT_OPEN, "الآلاف", VAGUE_THOUSANDS},
        {3, COUNT_OPEN, "several", VAGUE_SOME},
        {20, COUNT_OPEN, "at least 20", VAGUE_NOT},
        {20, 20, "عشرات", VAGUE_NOT},
        {21, COUNT_OPEN, "dozens", VAGUE_NOT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(vague_word_of(rows[i].min, rows[i].max, str_of(rows[i].text)), rows[i].word);
}

/* ---- whatever was told ---- */

static const char *const groups[] = {"child", "woman", "man", "journalist"};
static const char *const kinds[] = {"medical",  "police",    "monitor", "witness",
                                    "military", "anonymous", "outlet"};

static told random_claim(test_random *r, uint32_t number, size_t voices) {
    told c = {.paper = number / 2, .place = NONE, .part_of = random_below(r, 5) ? NONE : 0, .counts = true};
    c.effect = random_below(r, 4) ? EFFECT_KILLED : EFFECT_INJURED;
    c.who_class = (who_class)random_below(r, CLASS_UNKNOWN + 1);
    c.group = random_below(r, 2) ? STR_NONE : str_of(groups[random_below(r, 4)]);
    c.min = (int64_t)random_below(r, 30);
    c.max = random_below(r, 3) ? c.min + (int64_t)random_below(r, 3) : COUNT_OPEN;
    c.stance = (stance)random_below(r, STANCE_DENIES + 1);
    if (c.stance == STANCE_DENIES && random_below(r, 2))
        c.min = c.max = 0;
    if (c.max == COUNT_OPEN && !random_below(r, 3)) {
        c.vague = (vague_word)(1 + random_below(r, VAGUE_WORDS - 1));
        c.min = vague_word_least(c.vague);
    }
    c.voice_number = 1 + (uint32_t)random_below(r, voices);
    c.voice_kind = str_of(kinds[c.voice_number % 7]);
    c.counts = random_below(r, 12) > 0;
    c.voice_number = c.counts ? c.voice_number : 0;
    return c;
}

static estimate_rule random_rule(test_random *r, const rules_file *file) {
    estimate_rule rule = file->rules.at[random_below(r, file->rules.size)];
    if (random_below(r, 2))
        return rule;
    rule.best = (best_way)random_below(r, BEST_AGREED + 1);
    rule.low_is_best = rule.best != BEST_NONE && random_below(r, 2);
    rule.high_is_best = rule.best != BEST_NONE && random_below(r, 2);
    rule.at_least_lowers = random_below(r, 2);
    rule.denial_lowers = random_below(r, 2);
    rule.vague = (vague_way)random_below(r, VAGUE_LAST + 1);
    rule.vague_as[VAGUE_TENS] = random_below(r, 2) ? 10 : NONE;
    rule.voices = (uint32_t)random_below(r, 4);
    return rule;
}

static void work_out(incident_work *w) {
    figures_settle(w);
    estimates_find(w);
}

/* The most that any voice can have meant by what it said of one effect: every figure a kind of people of its
 * own. */
static int64_t most_of_any_voice(const incident_work *w, effect e) {
    int64_t most = 0;
    for (uint32_t v = 1; v <= w->voices.size; v++) {
        int64_t of[16][4] = {{0}}, sum = 0;
        for (size_t i = 0; i < w->claims.size; i++) {
            const told *c = &w->claims.at[i];
            int group = c->group.data ? who_group_named(c->group) : 0;
            int64_t high = c->max == COUNT_OPEN ? c->min : c->max, *cell = &of[group][c->who_class];
            if (c->voice_number == v && c->effect == e && high > *cell)
                *cell = high;
        }
        for (size_t g = 0; g < 16; g++)
            for (size_t k = 0; k < 4; k++)
                sum += of[g][k];
        most = sum > most ? sum : most;
    }
    return most;
}

static void check_one(const incident_work *w, const estimate *e) {
    assert_true(e->low <= e->high);
    assert_true(e->low >= 0);
    if (e->best != NONE)
        assert_true(e->low <= e->best && e->best <= e->high);
    if (w->rule->low_is_best && w->rule->high_is_best && e->best != NONE)
        assert_true(e->low == e->high);
    if (w->rule->best == BEST_NONE)
        assert_int_equal(e->best, NONE);
    assert_true(e->claim_count > 0);
    for (size_t k = 0; k < e->claim_count; k++) {
        assert_true(e->claims[k] < w->claims.size && (k == 0 || e->claims[k - 1] < e->claims[k]));
        assert_int_equal(w->claims.at[e->claims[k]].effect, e->effect);
        assert_true(w->claims.at[e->claims[k]].counts);
    }
    bool as_read = w->rule->vague_as[VAGUE_TENS] == NONE;
    assert_true(!as_read || e->high <= most_of_any_voice(w, e->effect));
}

/* Some people are no more than all of them, by any bound above the lowest. */
static void check_wholes(const incident_work *w) {
    for (size_t i = 0; i < w->estimates.size; i++)
        for (size_t k = 0; k < w->estimates.size; k++) {
            const estimate *part = &w->estimates.at[i], *all = &w->estimates.at[k];
            if (part->effect != all->effect || strcmp(all->class_name, "all") != 0 ||
                all->group != GROUP_NONE)
                continue;
            assert_true(part->high <= all->high);
            if (part->best != NONE && all->best != NONE)
                assert_true(part->best <= all->best);
        }
}

static void check_same_numbers(const incident_work *x, const incident_work *y) {
    assert_int_equal(x->estimates.size, y->estimates.size);
    for (size_t i = 0; i < x->estimates.size; i++) {
        const estimate *a = &x->estimates.at[i], *b = &y->estimates.at[i];
        assert_true(a->effect == b->effect && a->group == b->group && !strcmp(a->class_name, b->class_name));
        assert_true(a->low == b->low && a->best == b->best && a->high == b->high);
        assert_true(a->open == b->open && a->provisional == b->provisional);
    }
}

/* Each claim told once more in its own paper: nothing may be added twice. */
static incident_work told_twice(arena *a, const incident_work *w) {
    incident_work out = {.a = a, .rule = w->rule};
    for (size_t i = 0; i < w->voices.size; i++)
        *VECTOR_PUSH(&out.voices, a) = w->voices.at[i];
    for (size_t i = 0; i < w->claims.size * 2; i++)
        *VECTOR_PUSH(&out.claims, a) = w->claims.at[i / 2];
    return out;
}

static void low_best_and_high_are_in_order(void **state) {
    (void)state;
    test_random r = test_seeded("random claims");
    for (size_t round = 0; round < test_rounds(3000); round++) {
        arena a = arena_new((allocator){0});
        rules_file file = rules_built_in(&a);
        estimate_rule rule = random_rule(&r, &file);
        incident_work w = {.a = &a, .rule = &rule};
        size_t voices = 1 + random_below(&r, 6), claims = random_below(&r, 24);
        for (size_t i = 0; i < voices; i++)
            *VECTOR_PUSH(&w.voices, &a) = (independent_voice){0};
        for (size_t i = 0; i < claims; i++)
            *VECTOR_PUSH(&w.claims, &a) = random_claim(&r, (uint32_t)i, voices);
        work_out(&w);
        for (size_t i = 0; i < w.estimates.size; i++)
            check_one(&w, &w.estimates.at[i]);
        check_wholes(&w);
        incident_work twice = told_twice(&a, &w);
        work_out(&twice);
        check_same_numbers(&w, &twice);
        arena_free(&a);
    }
}

/* ---- in a ledger ---- */

static test_ledger ledger_of_cases(void) {
    static const char *const names[] = {"copies",   "denial",        "estimates",
                                        "revision", "two-incidents", "versions"};
    test_ledger t = ledger_made(NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        str *lines, path = arena_printf(&t.a, "tests/ledger/cases/%s/readings.jsonl", names[i]);
        size_t n = lines_of(&t.a, test_file(&t.a, test_path(&t.a, path.data)), &lines);
        for (size_t k = 0; k < n; k++)
            add_reading(t.l, lines[k]);
    }
    link_ledger(t.l);
    return t;
}

static void use(ledger *l, bool for_good, const char *rule) {
    failure f = {0};
    if ((for_good ? ledger_keep_rule : ledger_estimate_by)(l, str_of(rule), &f) != STATUS_OK)
        fail_msg("%s", f.message);
    if (for_good)
        link_ledger(l);
}

/* A rule asked for gives what it gives as the ledger's own, and changes nothing else. */
static void a_rule_gives_the_same_asked_for_or_kept(void **state) {
    (void)state;
    test_ledger t = ledger_of_cases();
    static const char *const rules[] = {"ucdp", "acled", "independent", "range"};
    for (size_t i = 0; i < 4; i++) {
        const ledger_what what[] = {LEDGER_INCIDENTS, LEDGER_SUMMARIES};
        str asked[2];
        use(t.l, false, rules[i]);
        for (size_t k = 0; k < 2; k++)
            asked[k] = rows_of(t.l, what[k], NULL, &t.a);
        str name = arena_printf(&t.a, "\"estimate\": \"%s/1\"", rules[i]);
        assert_true(str_find(asked[0], name, 0) != SIZE_MAX);
        use(t.l, true, rules[i]);
        use(t.l, false, rules[i]);
        for (size_t k = 0; k < 2; k++)
            assert_str_equal(rows_of(t.l, what[k], NULL, &t.a), asked[k], rules[i]);
    }
    ledger_removed(&t);
}

static void a_kept_rule_stays(void **state) {
    (void)state;
    test_ledger t = ledger_of_cases();
    use(t.l, true, "acled/1");
    str kept = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    assert_int_equal(ledger_close(t.l, NULL), STATUS_OK);
    t.l = ledger_reopened(t.path, LEDGER_WRITE);
    ledger_linked linked;
    assert_int_equal(ledger_link(t.l, &linked, NULL), STATUS_OK);
    assert_int_equal(linked.changed, 0);
    assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), kept, "after reopening");
    assert_true(str_find(kept, STR("\"estimate\": \"acled/1\""), 0) != SIZE_MAX);
    ledger_removed(&t);
}

static void write_file(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void refused(ledger *l, str rule, status expected, const char *line) {
    failure f = {0};
    assert_int_equal(ledger_estimate_by(l, rule, &f), expected);
    if (!strstr(f.message, line))
        fail_msg("\"%s\" does not tell \"%s\"", f.message, line);
}

static void rules_of_ones_own(void **state) {
    (void)state;
    test_ledger t = ledger_of_cases();
    str path = arena_printf(&t.a, "%s/my.tsv", t.folder);
    write_file(path.data, GOOD "test\tmine/1\tpolice 5\t5 best 5 provisional\n");
    use(t.l, false, path.data);
    assert_true(str_find(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), STR("\"estimate\": \"mine/1\""), 0) !=
                SIZE_MAX);
    write_file(path.data, GOOD "rule\tours/2\tleast\tnone\tmost\t2\t-\tnone\n");
    refused(t.l, path, STATUS_USAGE, "2 rules, say which");
    use(t.l, false, arena_printf(&t.a, "%s:ours", path.data).data);
    write_file(path.data, GOOD "test\tmine/1\tpolice 5\t6\n");
    refused(t.l, path, STATUS_BAD_INPUT, "my.tsv:3: mine/1: expected killed all 6, found killed all 5");
    write_file(path.data, HEAD "rule\tucdp/1\tleast\tnone\tmost\t2\t-\tnot that one\n");
    refused(t.l, path, STATUS_BAD_INPUT, "my.tsv:2: ucdp/1 is a rule that comes with isnad");
    refused(t.l, STR("median"), STATUS_USAGE, "expected one of range/1, ucdp/1, acled/1, independent/1");
    unlink(path.data);
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules_do_what_their_tests_say),
        cmocka_unit_test(a_mistake_is_told_with_file_and_line),
        cmocka_unit_test(columns_are_told_by_name),
        cmocka_unit_test(random_files_do_no_harm),
        cmocka_unit_test(vague_words_are_known),
        cmocka_unit_test(low_best_and_high_are_in_order),
        cmocka_unit_test(a_rule_gives_the_same_asked_for_or_kept),
        cmocka_unit_test(a_kept_rule_stays),
        cmocka_unit_test(rules_of_ones_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
