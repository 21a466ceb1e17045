/* Which accounts are one incident: the same whatever the order of arrival, reviewers' words, and why. */
#include "ledger_support.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/bonds.h"

enum { READINGS = 36 };

static const char *const outlets[] = {"Northern Wire", "وكالة الشمال", "Hillside Post", "موقع الوادي",
                                      "Delta Daily"};
static const char *const acts[] = {"shelling", "air_strike", "explosive", "shooting"};
static const char *const openings[] = {
    "سقط قتلى وجرحى في قصف على القرية قرب النهر صباح اليوم بحسب الأهالي هناك",
    "Shells fell on houses by the river and people were killed, residents said",
    "انفجرت عبوة على الطريق الزراعي شرق البلدة ولم يعرف من زرعها حتى الآن"};

static void add_claim(buffer *b, test_random *r, bool first) {
    static const char *const kinds[] = {"village", "city", "region"};
    unsigned site = (unsigned)random_below(r, 4), least = 1 + (unsigned)random_below(r, 5);
    buffer_printf(b,
                  "%s{\"effect\": \"%s\", \"min\": %u, \"max\": %u, \"who\": {\"class\": \"civilian\", "
                  "\"group\": null}, "
                  "\"stance\": \"asserts\", \"event\": \"%s\", ",
                  first ? "" : ", ", random_below(r, 3) ? "killed" : "injured", least, least,
                  acts[random_below(r, 4)]);
    if (random_below(r, 4))
        buffer_printf(b, "\"date\": \"2021-05-0%u\", ", 1 + (unsigned)random_below(r, 3));
    if (random_below(r, 4))
        buffer_printf(b,
                      "\"place\": {\"text\": null, \"start\": 0, \"end\": 3, \"name\": \"P%u\", \"kind\": "
                      "\"%s\", \"id\": "
                      "\"t:%u\", \"country\": \"SY\", \"admin1\": \"A%u\", \"lat\": %g, \"lon\": 36, "
                      "\"radius_km\": 1}, ",
                      site, kinds[site % 3], site, site / 2, 34 + site * 0.08);
    buffer_printf(b, "\"voice\": %s, \"evidence\": {\"start\": 0, \"end\": %u}}",
                  random_below(r, 2) ? "{\"text\": null, \"start\": 0, \"end\": 5, \"kind\": \"local\"}"
                                     : "null",
                  12 + (unsigned)random_below(r, 30));
}

/* Texts are now and then the same, places near each other, days and places missing; some documents come in
 * two versions. */
static str random_reading(arena *a, test_random *r, unsigned number) {
    buffer b = {0};
    buffer_printf(
        &b,
        "{\"format\": \"isnad-reading/1\", \"id\": \"d%u\", \"outlet\": \"%s\", \"language\": \"ar\", "
        "\"published\": \"2021-05-0%uT%02u:00\", \"title\": null, \"text\": \"%s %u\", \"claims\": [",
        number, outlets[random_below(r, 5)], 1 + (unsigned)random_below(r, 4), (unsigned)random_below(r, 24),
        openings[random_below(r, 3)], number % 9);
    size_t claims = random_below(r, 4);
    for (size_t i = 0; i < claims; i++)
        add_claim(&b, r, i == 0);
    buffer_add(&b, STR("], \"events\": [], \"disagreements\": []}"));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* The whole export but for the incidents' ids, in an order of its own. */
static str exported(ledger *l, arena *a) {
    str *lines;
    size_t n = lines_of(a, rows_of(l, LEDGER_INCIDENTS, NULL, a), &lines);
    for (size_t i = 0; i < n; i++) {
        json_t *incident = json_loadb(lines[i].data, lines[i].size, 0, NULL);
        assert_non_null(incident);
        json_object_del(incident, "id");
        char *text = json_dumps(incident, JSON_SORT_KEYS);
        lines[i] = arena_printf(a, "%s\n", text);
        free(text);
        json_decref(incident);
    }
    return sorted_text(a, lines, n);
}

/* `step`: linked after so many readings, 0: only at the end. */
static str partition(arena *a, const str *lines, const size_t *order, size_t n, size_t step) {
    test_ledger t = ledger_filled(lines, order, n, step);
    str out = exported(t.l, a);
    ledger_removed(&t);
    return out;
}

static void nothing_depends_on_the_order_of_arrival(void **state) {
    (void)state;
    test_random r = test_seeded("order of arrival");
    for (size_t round = 0; round < test_rounds(4); round++) {
        arena a = arena_new((allocator){0});
        str lines[READINGS];
        size_t order[READINGS];
        for (unsigned i = 0; i < READINGS; i++) {
            lines[i] = random_reading(&a, &r, i);
            order[i] = i;
        }
        str first = partition(&a, lines, order, READINGS, 0);
        assert_true(first.size > 0);
        shuffle(&r, order, READINGS);
        assert_str_equal(partition(&a, lines, order, READINGS, 0), first, "another order");
        assert_str_equal(partition(&a, lines, order, READINGS, 1), first, "one by one");
        shuffle(&r, order, READINGS);
        assert_str_equal(partition(&a, lines, order, READINGS, 5), first, "by fives");
        arena_free(&a);
    }
}

/* ---- reviewers ---- */

static str account(arena *a, unsigned number, unsigned day_number, unsigned site, unsigned killed) {
    return arena_printf(
        a,
        "{\"format\": \"isnad-reading/1\", \"id\": \"d%u\", \"outlet\": \"O%u\", \"language\": \"en\", "
        "\"published\": \"2021-05-0%uT10:00\", \"title\": null, \"text\": \"People killed %u there\", "
        "\"claims\": [{\"effect\": \"killed\", \"min\": %u, \"max\": %u, \"who\": {\"class\": \"civilian\","
        " \"group\": null}, \"stance\": \"asserts\", \"event\": \"shelling\", \"date\": \"2021-05-0%u\", "
        "\"place\": {\"text\": null, \"start\": 0, \"end\": 3, \"name\": \"P%u\", \"kind\": \"village\", "
        "\"id\": \"t:%u\", \"country\": \"SY\", \"admin1\": \"A\", \"lat\": %u, \"lon\": 36, \"radius_km\":"
        " 1}, \"voice\": null, \"evidence\": {\"start\": 0, \"end\": 10}}], \"events\": [], "
        "\"disagreements\": []}",
        number, number, day_number, number, killed, killed, day_number, site, site, 34 + site);
}

static void bind(ledger *l, bool together, const char *this, const char *that) {
    str these = str_of(this), those = str_of(that);
    ledger_tie tie = {together, &these, &those, 1, 1, STR("reviewer"), STR("2021-06-01T00:00:00Z")};
    failure f = {0};
    if (ledger_bind(l, &tie, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    link_ledger(l);
}

static void reviewers_win(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_reading(t.l, account(&t.a, 1, 1, 1, 3));
    add_reading(t.l, account(&t.a, 2, 1, 1, 3));
    add_reading(t.l, account(&t.a, 3, 1, 1, 3));
    add_reading(t.l, account(&t.a, 4, 4, 4, 7));
    link_ledger(t.l);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    bind(t.l, true, "d1", "d4"); /* nothing in common */
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 1);
    bind(t.l, false, "d1", "d2"); /* all in common: d3 goes with one of them only */
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    bind(t.l, false, "d4", "d1"); /* the newer word wins over the older */
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 3);
    bind(t.l, true, "d4", "d1");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    ledger_removed(&t);
}

static void reviewers_name_what_is_there(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    str known = STR("d1"), unknown = STR("c-0123");
    failure f = {0};
    add_reading(t.l, account(&t.a, 1, 1, 1, 3));
    ledger_tie tie = {true, &known, &unknown, 1, 1, STR("reviewer"), STR("2021-06-01T00:00:00Z")};
    assert_int_equal(ledger_bind(t.l, &tie, &f), STATUS_NOT_FOUND);
    assert_non_null(strstr(f.message, "c-0123"));
    tie.those_count = 0;
    assert_int_equal(ledger_bind(t.l, &tie, &f), STATUS_USAGE);
    ledger_removed(&t);
}

/* What a reviewer said holds whatever comes after, in whatever order. */
static void reviewers_win_in_any_order(void **state) {
    (void)state;
    str last = STR_NONE;
    arena a = arena_new((allocator){0});
    for (int turn = 0; turn < 2; turn++) {
        test_ledger t = ledger_made(NULL);
        for (unsigned i = 0; i < 4; i++)
            add_reading(t.l, account(&t.a, turn ? 4 - i : i + 1, 1, 1, 3));
        bind(t.l, false, "d1", "d3");
        bind(t.l, true, "d3", "d4");
        add_reading(t.l, account(&t.a, 5, 1, 1, 3));
        link_ledger(t.l);
        str out = exported(t.l, &a);
        if (turn)
            assert_str_equal(out, last, "another order");
        last = out;
        ledger_removed(&t);
    }
    arena_free(&a);
}

/* ---- why ---- */

static void why_adds_up(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    size_t i, j;
    str json, *rows;
    failure f = {0};
    json_t *link, *trait;
    for (unsigned k = 1; k <= 3; k++)
        add_reading(t.l, account(&t.a, k, 1, 1, 3));
    link_ledger(t.l);
    assert_int_equal(lines_of(&t.a, rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), &rows), 1);
    json_t *incident = json_loadb(rows[0].data, rows[0].size, 0, NULL);
    assert_int_equal(
        ledger_why(t.l, str_of(json_string_value(json_object_get(incident, "id"))), &t.a, &json, &f),
        STATUS_OK);
    json_t *why = json_loadb(json.data, json.size, 0, NULL);
    assert_non_null(why);
    assert_int_equal(json_array_size(json_object_get(why, "links")), 2);
    json_array_foreach(json_object_get(why, "links"), i, link) {
        double sum = 0, strength = json_number_value(json_object_get(link, "strength"));
        json_array_foreach(json_object_get(link, "traits"), j, trait) {
            sum += json_number_value(json_object_get(trait, "adds"));
            assert_true(json_string_length(json_object_get(trait, "says")) > 0);
        }
        assert_true(strength > 0 && fabs(sum - strength) < 0.001);
    }
    assert_int_equal(ledger_why(t.l, STR("i-0000"), &t.a, &json, &f), STATUS_NOT_FOUND);
    json_decref(why);
    json_decref(incident);
    ledger_removed(&t);
}

static void the_table_is_checked(void **state) {
    (void)state;
    link_weights w;
    failure f = {0};
    assert_int_equal(link_weights_read(str_of(ledger_table_links), &w, &f), STATUS_OK);
    for (int i = 0; i < LINK_TRAITS; i++)
        assert_true(w.says[i].size > 0);
    assert_int_equal(link_weights_read(STR("# x\nsame-day\t1\tx\nsame-moon\t1\tx\n"), &w, &f),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f.message, "line 3"));
    assert_int_equal(link_weights_read(STR("same-day\tmuch\n"), &w, &f), STATUS_BAD_INPUT);
    assert_non_null(strstr(f.message, "line 1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_depends_on_the_order_of_arrival),
        cmocka_unit_test(reviewers_win),
        cmocka_unit_test(reviewers_name_what_is_there),
        cmocka_unit_test(reviewers_win_in_any_order),
        cmocka_unit_test(why_adds_up),
        cmocka_unit_test(the_table_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
