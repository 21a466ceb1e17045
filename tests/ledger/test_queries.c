/* The query language: what finds what, and where a mistake is told. */
#include "ledger_support.h"

#include "ledger/store.h"

#include <stdlib.h>

static void fill(test_ledger *t) {
    static const char *const cases[] = {"copies", "two-incidents", "denial", "revision"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        str path = arena_printf(&t->a, "tests/ledger/cases/%s/readings.jsonl", cases[i]), *lines;
        size_t n = lines_of(&t->a, test_file(&t->a, test_path(&t->a, path.data)), &lines);
        for (size_t k = 0; k < n; k++)
            add_reading(t->l, lines[k]);
    }
    link_ledger(t->l);
}

static size_t count_of(ledger *l, ledger_what what, const char *query) {
    ledger_filter f = ledger_filter_all();
    f.text = str_of(query);
    return count_rows(l, what, &f);
}

static bool count_row(void *context, str json) {
    *(size_t *)context += json.size > 0;
    return true;
}

static size_t found(ledger *l, const char *query) {
    size_t n = 0;
    failure f = {0};
    if (ledger_search(l, str_of(query), 0, 0, count_row, &n, &f) != STATUS_OK)
        fail_msg("%s: %s", query, f.message);
    return n;
}

/* A condition and its opposite part what there is. */
static void conditions_part_incidents(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"killed>=4", "killed<4"},        {"killed>3", "killed<=3"},
        {"disagree:yes", "disagree:no"},  {"voices>=2", "voices<2"},
        {"country:SY", "country:YE"},     {"from:2021-05-04", "to:2021-05-03"},
        {"from:2021", "to:2020-12"},      {"near:35.6,36.5,1000", "near:0,0,9"},
        {"status:new", "status:settled"},
    };
    test_ledger t = ledger_made(NULL);
    fill(&t);
    size_t all = count_rows(t.l, LEDGER_INCIDENTS, NULL);
    assert_true(all >= 2);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t one = count_of(t.l, LEDGER_INCIDENTS, pairs[i][0]),
               other = count_of(t.l, LEDGER_INCIDENTS, pairs[i][1]);
        if (one + other != all || one == 0)
            fail_msg("%s: %zu, %s: %zu, of %zu", pairs[i][0], one, pairs[i][1], other, all);
    }
    ledger_removed(&t);
}

/* What a row shows is what it was asked by. */
static void every_condition_finds_what_it_says(void **state) {
    (void)state;
    static const struct {
        const char *query, *shows;
    } cases[] = {
        {"stance:denies", "\"stance\": \"denies\""},
        {"disagree:count", "\"on\": \"count\""},
        {"disagree:denial", "\"on\": \"denial\""},
        {"effect:injured", "\"effect\": \"injured\""},
        {"kind:local", "\"kind\": \"local\""},
        {"kind:media", "\"kind\": \"media\""},
        {"language:ar", "\"language\": \"ar\""},
        {"event:shelling", "\"event\": \"shelling\""},
        {"place:السراب", "السراب"},
        {"voice:المجلس", "المجلس"},
    };
    test_ledger t = ledger_made(NULL);
    fill(&t);
    str *all, *lines;
    size_t n = lines_of(&t.a, rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), &all);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ledger_filter f = ledger_filter_all();
        f.text = str_of(cases[i].query);
        size_t given = lines_of(&t.a, rows_of(t.l, LEDGER_INCIDENTS, &f, &t.a), &lines), must = 0;
        for (size_t k = 0; k < given; k++)
            if (str_find(lines[k], str_of(cases[i].shows), 0) == SIZE_MAX)
                fail_msg("%s: %.*s", cases[i].query, STR_ARG(lines[k]));
        for (size_t k = 0; k < n; k++)
            must += str_find(all[k], str_of(cases[i].shows), 0) != SIZE_MAX;
        if (must && !given)
            fail_msg("%s finds nothing of %zu", cases[i].query, must);
    }
    ledger_removed(&t);
}

static void words_are_joined_and_left_out(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    fill(&t);
    size_t market = found(t.l, "سوق");
    assert_true(market > 0);
    assert_int_equal(found(t.l, "سوق -سوق"), 0);
    assert_int_equal(found(t.l, "سوق -\"لا شيء من هذا\""), market);
    assert_int_equal(found(t.l, "\"سوق قصف\""), 0);
    assert_true(found(t.l, "سو*") >= market);
    assert_int_equal(found(t.l, "سوق country:SY"), market);
    assert_int_equal(found(t.l, "سوق country:YE"), 0);
    assert_true(found(t.l, "country:SY killed>=1") > 0);
    assert_true(count_of(t.l, LEDGER_DOCUMENTS, "سوق killed>=1") > 0);
    assert_int_equal(count_of(t.l, LEDGER_DOCUMENTS, "سوق killed>=100000"), 0);
    ledger_removed(&t);
}

static void mistakes_are_told_with_their_column(void **state) {
    (void)state;
    static const struct {
        const char *query, *says;
    } cases[] = {
        {"سوق foo:bar", "column 5: there is no field"},
        {"killed>=ten", "column 9: expected a number"},
        {"killed>=", "column 9: expected a number"},
        {"dogs>=3", "column 1: expected killed"},
        {"from:yesterday", "column 6: from: expected a day"},
        {"on:2021-13", "column 4: on: expected a day"},
        {"country:Syria", "column 9: country: expected two letters"},
        {"near:20", "column 6: near: expected"},
        {"near:x,y,20", "column 6: near: expected"},
        {"near:35.1,40.2,5000", "column 6: near: expected more than 0 and at most 1000 kilometres"},
        {"near:95,40.2,20", "column 6: near: expected degrees"},
        {"near:حلب", "column 6: near: expected a place, a comma and kilometres"},
        {"near:nowhereville,20", "column 6: near: expected a place that is known, found none"},
        {"on:2021-01..2021-02", "column 4: on: expected a day"},
        {"from:2021/05/03", "column 6: from: expected a day"},
        {"to:5/2021", "column 4: to: expected a day"},
        {"from:20211", "column 6: from: expected a day"},
        {"from:2022 to:2021", "no day is both"},
        {"language:arabic", "column 10: language: expected"},
        {"country:12", "column 9: country: expected two letters"},
        {"kind:dog", "column 6: kind: expected"},
        {"stance:maybe", "column 8: stance: expected"},
        {"status:old", "column 8: status: expected"},
        {"disagree:colour", "column 10: disagree: expected"},
        {"event:picnic", "column 7: event: expected an event's type: air_strike, drone_strike"},
        {"-سوق", "column 1: a word that must not be there"},
    };
    test_ledger t = ledger_made(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        failure f = {0};
        ledger_filter filter = ledger_filter_all();
        uint64_t n;
        filter.text = str_of(cases[i].query);
        assert_int_equal(ledger_count(t.l, &filter, 0, &n, &f), STATUS_USAGE);
        if (!strstr(f.message, cases[i].says))
            fail_msg("%s: expected \"%s\", got \"%s\"", cases[i].query, cases[i].says, f.message);
    }
    ledger_removed(&t);
}

/* What is written in another way finds the same. */
static void forms_of_a_query_are_one(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"killed>=4", "killed>=٤"},
        {"killed>=4", "Killed>=4"},
        {"killed>=12", "killed>=۱۲"},
        {"near:35.6,36.5,200", "near:٣٥.٦،٣٦.٥،٢٠٠"},
        {"from:2021-05-04", "from:٢٠٢١-٠٥-٠٤"},
        {"event:drone_strike", "event:\"drone strike\""},
        {"event:shelling", "EVENT:shelling"},
        {"kind:armed_group", "kind:armed-group"},
    };
    test_ledger t = ledger_made(NULL);
    fill(&t);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t one = count_of(t.l, LEDGER_INCIDENTS, pairs[i][0]),
               other = count_of(t.l, LEDGER_INCIDENTS, pairs[i][1]);
        if (one != other)
            fail_msg("%s: %zu, %s: %zu", pairs[i][0], one, pairs[i][1], other);
    }
    assert_true(count_of(t.l, LEDGER_INCIDENTS, pairs[0][1]) > 0);
    assert_true(count_of(t.l, LEDGER_INCIDENTS, pairs[3][1]) > 0);
    ledger_removed(&t);
}

static void a_query_has_an_end(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    buffer words = {0}, conditions = {0};
    failure f = {0};
    size_t n = 0;
    for (int i = 0; i < 65; i++)
        buffer_add(&words, STR("word "));
    for (int i = 0; i < 16; i++)
        buffer_add(&conditions, STR("near:35,40,20 "));
    assert_int_equal(ledger_search(t.l, buffer_str(&words), 1, 0, count_row, &n, &f), STATUS_USAGE);
    assert_int_equal(ledger_search(t.l, buffer_str(&conditions), 1, 0, count_row, &n, &f), STATUS_OK);
    buffer_add(&conditions, STR("killed>1"));
    assert_int_equal(ledger_search(t.l, buffer_str(&conditions), 1, 0, count_row, &n, &f), STATUS_USAGE);
    buffer_free(&words);
    buffer_free(&conditions);
    ledger_removed(&t);
}

/* A word of more documents than are looked up one by one: the same pages, in the same order. */
static void common_words_page_like_rare_ones(void **state) {
    (void)state;
    enum { PAGES = 2100 };
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    for (unsigned i = 0; i < PAGES; i++)
        assert_int_equal(add_page_number(t.l, i, NULL, &f), STATUS_OK);
    link_ledger(t.l);
    static const ledger_order orders[] = {ORDER_DATE, ORDER_DATE_DOWN, ORDER_FIGURE_DOWN, ORDER_VOICES_DOWN};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        ledger_filter plain = ledger_filter_all(), worded = plain;
        plain.order = worded.order = orders[i];
        plain.limit = worded.limit = 7;
        plain.offset = worded.offset = 3;
        worded.text = STR("markets");
        assert_true(str_equal(rows_of(t.l, LEDGER_SUMMARIES, &plain, &t.a),
                              rows_of(t.l, LEDGER_SUMMARIES, &worded, &t.a)));
        assert_true(
            str_equal(rows_of(t.l, LEDGER_CLAIMS, &plain, &t.a), rows_of(t.l, LEDGER_CLAIMS, &worded, &t.a)));
        uint64_t one, other;
        assert_int_equal(ledger_count(t.l, &plain, 100, &one, &f), STATUS_OK);
        assert_int_equal(ledger_count(t.l, &worded, 100, &other, &f), STATUS_OK);
        assert_int_equal(one, other);
    }
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_part_incidents),
        cmocka_unit_test(every_condition_finds_what_it_says),
        cmocka_unit_test(words_are_joined_and_left_out),
        cmocka_unit_test(mistakes_are_told_with_their_column),
        cmocka_unit_test(forms_of_a_query_are_one),
        cmocka_unit_test(a_query_has_an_end),
        cmocka_unit_test(common_words_page_like_rare_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
