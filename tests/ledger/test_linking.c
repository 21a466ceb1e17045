/* Which claims stand together, and whose word they are: golden cases, and what must hold whatever is fed in.
 */
#include "ledger_support.h"

#include "base/counters.h"
#include "base/utf8.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const cases[] = {
    "another-province", "circle",     "copies",   "denial",  "estimates",   "increment",     "many-names",
    "named-tellers",    "neighbours", "revision", "sources", "translation", "two-incidents", "versions"};
enum { CASES = sizeof cases / sizeof *cases };

static str case_path(arena *a, const char *name, const char *file) {
    return arena_printf(a, "tests/ledger/cases/%s/%s", name, file);
}

static size_t readings_of(arena *a, const char *name, str **lines) {
    return lines_of(a, test_file(a, test_path(a, case_path(a, name, "readings.jsonl").data)), lines);
}

/* ---- an incident as a few lines that one can read ---- */

static void add_number(buffer *b, const json_t *object, const char *key) {
    const json_t *v = json_object_get(object, key);
    if (json_is_integer(v))
        buffer_printf(b, "%lld", (long long)json_integer_value(v));
    else
        buffer_add(b, STR("…"));
}

static const char *text_at(const json_t *object, const char *key) {
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "–";
}

/* Claims by their place in the incident's list. */
static void add_claim_names(buffer *b, const json_t *incident, const json_t *ids) {
    size_t i, j;
    const json_t *id, *c;
    json_array_foreach(ids, i, id) json_array_foreach(json_object_get(incident, "claims"), j,
                                                      c) if (!strcmp(json_string_value(id), text_at(c, "id")))
        buffer_printf(b, " %zu", j);
}

static void describe_claims(buffer *b, const json_t *incident) {
    size_t i, j;
    const json_t *c, *step;
    json_array_foreach(json_object_get(incident, "claims"), i, c) {
        buffer_printf(b, "  claim %zu of %s: %s ", i, text_at(c, "document"), text_at(c, "effect"));
        add_number(b, c, "min");
        buffer_add(b, STR(".."));
        add_number(b, c, "max");
        buffer_printf(b, " %s, voice ", text_at(c, "stance"));
        add_number(b, c, "independent");
        buffer_add(b, json_is_null(json_object_get(c, "superseded")) ? STR(":") : STR(" (superseded):"));
        json_array_foreach(json_object_get(c, "chain"), j, step)
            buffer_printf(b, "%s %s by %s", j ? ";" : "", text_at(step, "how"), text_at(step, "text"));
        buffer_add_byte(b, '\n');
    }
}

static const char *group_of(const json_t *x) {
    return json_is_null(json_object_get(x, "group")) ? "" : text_at(x, "group");
}

static const char *group_gap(const json_t *x) {
    return *group_of(x) ? " " : "";
}

static void describe_figures(buffer *b, const json_t *incident) {
    size_t i;
    const json_t *x;
    json_array_foreach(json_object_get(incident, "figures"), i, x) {
        buffer_printf(b, "  figure %s %s%s%s ", text_at(x, "effect"), text_at(x, "class"), group_gap(x),
                      group_of(x));
        add_number(b, x, "min");
        buffer_add(b, STR(".."));
        add_number(b, x, "max");
        buffer_printf(b, " %s: %lld independent,", text_at(x, "stance"),
                      (long long)json_integer_value(json_object_get(x, "independent")));
        add_claim_names(b, incident, json_object_get(x, "claims"));
        buffer_add_byte(b, '\n');
    }
    json_array_foreach(json_object_get(incident, "estimates"), i, x) {
        buffer_printf(b, "  estimate %s %s%s%s ", text_at(x, "effect"), text_at(x, "class"), group_gap(x),
                      group_of(x));
        add_number(b, x, "low");
        buffer_add(b, STR(".."));
        add_number(b, x, "high");
        buffer_add(b, json_is_true(json_object_get(x, "high_open")) ? STR(" or more") : STR(""));
        buffer_add(b, json_is_true(json_object_get(x, "provisional")) ? STR(", provisional\n") : STR("\n"));
    }
    json_array_foreach(json_object_get(incident, "disagreements"), i, x) {
        buffer_printf(b, "  disagreement on %s:", text_at(x, "on"));
        add_claim_names(b, incident, json_object_get(x, "claims"));
        buffer_add_byte(b, '\n');
    }
}

static str described_one(arena *a, str row) {
    buffer b = {0};
    const json_t *d;
    size_t j;
    json_t *incident = json_loadb(row.data, row.size, 0, NULL);
    assert_non_null(incident);
    buffer_printf(&b, "%s, %s, %s:", text_at(incident, "event"), text_at(incident, "date"),
                  text_at(json_object_get(incident, "place"), "name"));
    json_array_foreach(json_object_get(incident, "documents"), j, d)
        buffer_printf(&b, " %s", text_at(d, "id"));
    const json_t *voices = json_object_get(incident, "voices");
    buffer_printf(&b, "\n  voices: %lld told, %lld independent\n",
                  (long long)json_integer_value(json_object_get(voices, "told")),
                  (long long)json_integer_value(json_object_get(voices, "independent")));
    describe_claims(&b, incident);
    describe_figures(&b, incident);
    json_decref(incident);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* In an order of its own: that of the rows is by day and id, and ids depend on history. */
static str described(arena *a, str rows) {
    str *lines;
    size_t n = lines_of(a, rows, &lines);
    for (size_t i = 0; i < n; i++)
        lines[i] = described_one(a, lines[i]);
    return sorted_text(a, lines, n);
}

static str linked(arena *a, const str *lines, const size_t *order, size_t n, bool link_between) {
    test_ledger t = ledger_filled(lines, order, n, link_between);
    str out = described(a, rows_of(t.l, LEDGER_INCIDENTS, NULL, a));
    ledger_removed(&t);
    return out;
}

static void golden_cases(void **state) {
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        arena a = arena_new((allocator){0});
        str *lines;
        size_t n = readings_of(&a, cases[i], &lines), order[64];
        for (size_t k = 0; k < n; k++)
            order[k] = k;
        assert_golden(linked(&a, lines, order, n, false), case_path(&a, cases[i], "expected.txt").data);
        arena_free(&a);
    }
}

/* Ids and numbers of versions aside, nothing depends on the order of arrival, nor on how often the ledger was
 * linked on the way. All cases at once. */
static void the_order_of_arrival_does_not_matter(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str all[128];
    size_t n = 0, order[128];
    for (size_t i = 0; i < CASES; i++) {
        str *lines;
        size_t count = readings_of(&a, cases[i], &lines);
        for (size_t k = 0; k < count; k++, n++) {
            all[n] = lines[k];
            order[n] = n;
        }
    }
    str first = linked(&a, all, order, n, false);
    test_random r = test_seeded("order");
    for (size_t round = 0; round < test_rounds(6); round++) {
        shuffle(&r, order, n);
        assert_str_equal(linked(&a, all, order, n, round % 2), first, "another order of arrival");
    }
    arena_free(&a);
}

/* ---- random readings ---- */

static const char *const outlets[] = {"وكالة الغيم", "Meadow Post", "إذاعة الساحل", "موقع الوادي",
                                      "Hillside Wire"};
static const char *const voices[] = {
    "الشرطة", "مصدر محلي", "مدير المستشفى", "a local source", "the ministry of health", "SOHR"};

static str random_reading(arena *a, test_random *r, unsigned number) {
    unsigned day_number = 1 + (unsigned)random_below(r, 3), site = (unsigned)random_below(r, 3);
    const char *outlet = outlets[random_below(r, 5)];
    buffer b = {0};
    buffer_printf(&b,
                  "{\"format\": \"isnad-reading/1\", \"id\": \"d%u\", \"outlet\": \"%s\", \"language\": "
                  "\"ar\", \"published\": \"2021-05-0%uT%02u:00\","
                  " \"title\": null, \"text\": \"%s قتلى وجرحى في قرية الوادي %u\", \"claims\": [",
                  number, outlet, day_number, (unsigned)random_below(r, 24), voices[random_below(r, 6)],
                  number % 7);
    size_t claims = random_below(r, 4);
    for (size_t i = 0; i < claims; i++) {
        unsigned min = (unsigned)random_below(r, 6);
        buffer_printf(&b,
                      "%s{\"effect\": \"%s\", \"min\": %u, \"max\": %s, \"who\": {\"class\": \"%s\", "
                      "\"group\": %s}, \"stance\": \"%s\", \"event\":"
                      " \"%s\", \"date\": \"2021-05-0%u\", \"place\": {\"text\": null, \"start\": 0, "
                      "\"end\": 3, \"name\": \"P%u\", \"kind\": \"village\", \"id\": \"t:%u\","
                      " \"country\": \"SY\", \"admin1\": \"A\", \"lat\": %u, \"lon\": 36, \"radius_km\": 1}, "
                      "\"voice\": %s, \"evidence\": {\"start\": 0, \"end\": 12}}",
                      i ? ", " : "", random_below(r, 2) ? "killed" : "injured", min,
                      random_below(r, 4) ? (min ? "9" : "0") : "null",
                      random_below(r, 2)   ? "civilian"
                      : random_below(r, 2) ? "combatant"
                                           : "unknown",
                      random_below(r, 5) ? "null" : "\"child\"", min == 0 ? "denies" : "asserts",
                      random_below(r, 2) ? "shelling" : "air_strike", day_number, site, site, 34 + site,
                      random_below(r, 3) ? "{\"text\": null, \"start\": 0, \"end\": 5, \"kind\": \"local\"}"
                                         : "null");
    }
    buffer_add(&b, STR("], \"events\": [], \"disagreements\": []}"));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static void check_estimates(const json_t *incident) {
    const json_t *e, *claims = json_object_get(incident, "claims"), *id, *c;
    size_t i, j, k;
    json_array_foreach(json_object_get(incident, "estimates"), i, e) {
        json_int_t low = json_integer_value(json_object_get(e, "low")),
                   high = json_integer_value(json_object_get(e, "high"));
        assert_true(low <= high);
        assert_true(json_array_size(json_object_get(e, "claims")) > 0);
        json_array_foreach(json_object_get(e, "claims"), j, id) {
            bool there = false;
            json_array_foreach(claims, k, c) there |= json_equal(json_object_get(c, "id"), id);
            assert_true(there);
        }
    }
}

/* Nobody is left out of all people. */
static void check_classes(const json_t *incident) {
    const json_t *estimates = json_object_get(incident, "estimates"), *part, *all;
    size_t i, j;
    json_array_foreach(estimates, i, part) {
        json_array_foreach(estimates, j, all) {
            if (strcmp(text_at(part, "effect"), text_at(all, "effect")) == 0 &&
                strcmp(text_at(all, "class"), "all") == 0 && !*group_of(all))
                assert_true(json_integer_value(json_object_get(part, "high")) <=
                            json_integer_value(json_object_get(all, "high")));
        }
    }
}

static void check_voices(const json_t *incident) {
    json_int_t voices_told =
        json_integer_value(json_object_get(json_object_get(incident, "voices"), "independent"));
    json_int_t told = json_integer_value(json_object_get(json_object_get(incident, "voices"), "told"));
    const json_t *c, *f;
    size_t i;
    assert_true(voices_told <= told);
    json_array_foreach(json_object_get(incident, "claims"), i, c) {
        json_int_t n = json_integer_value(json_object_get(c, "independent"));
        assert_true(n <= voices_told);
        assert_true(json_array_size(json_object_get(c, "chain")) > 0);
        assert_string_equal(text_at(json_array_get(json_object_get(c, "chain"), 0), "how"), "told");
    }
    json_array_foreach(json_object_get(incident, "figures"), i, f) {
        json_int_t n = json_integer_value(json_object_get(f, "independent"));
        assert_true(n >= 1 && n <= voices_told);
    }
}

static void whatever_is_fed_in(void **state) {
    (void)state;
    test_random r = test_seeded("random readings");
    for (size_t round = 0; round < test_rounds(4); round++) {
        arena a = arena_new((allocator){0});
        str lines[40], *rows;
        size_t order[40];
        for (unsigned i = 0; i < 40; i++) {
            lines[i] = random_reading(&a, &r, i);
            order[i] = i;
        }
        str first = linked(&a, lines, order, 40, false);
        shuffle(&r, order, 40);
        assert_str_equal(linked(&a, lines, order, 40, false), first, "another order of arrival");
        test_ledger t = ledger_made(NULL);
        for (size_t i = 0; i < 40; i++)
            add_reading(t.l, lines[i]);
        link_ledger(t.l);
        size_t n = lines_of(&a, rows_of(t.l, LEDGER_INCIDENTS, NULL, &a), &rows);
        for (size_t i = 0; i < n; i++) {
            json_t *incident = json_loadb(rows[i].data, rows[i].size, 0, NULL);
            assert_non_null(incident);
            check_estimates(incident);
            check_classes(incident);
            check_voices(incident);
            json_decref(incident);
        }
        ledger_removed(&t);
        arena_free(&a);
    }
}

/* An id stays when what it names grows. */
static void ids_stay(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    str *lines;
    size_t n = readings_of(&t.a, "copies", &lines);
    add_reading(t.l, lines[3]);
    link_ledger(t.l);
    str before = rows_of(t.l, LEDGER_SUMMARIES, NULL, &t.a);
    for (size_t i = 0; i < n; i++)
        add_reading(t.l, lines[i]);
    link_ledger(t.l);
    str after = rows_of(t.l, LEDGER_SUMMARIES, NULL, &t.a);
    assert_memory_equal(before.data, after.data, 8 + 34);
    ledger_removed(&t);
}

enum { ID_LIMIT = 400 };

static size_t remember_ids(ledger *l, arena *a, str *ids, size_t known) {
    str *rows;
    size_t n = lines_of(a, rows_of(l, LEDGER_SUMMARIES, NULL, a), &rows);
    for (size_t i = 0; i < n; i++) {
        str id = str_slice(rows[i], 8, 8 + 34);
        bool seen = false;
        for (size_t k = 0; k < known && !seen; k++)
            seen = str_equal(ids[k], id);
        if (!seen && known < ID_LIMIT)
            ids[known++] = id;
    }
    return known;
}

/* Whatever is added, an id once given leads to what it named. */
static void ids_lead_on(void **state) {
    (void)state;
    test_random r = test_seeded("ids");
    for (size_t round = 0; round < test_rounds(2); round++) {
        test_ledger t = ledger_made(NULL);
        str ids[ID_LIMIT], json;
        size_t known = 0;
        for (unsigned i = 0; i < 40; i++) {
            add_reading(t.l, random_reading(&t.a, &r, i));
            link_ledger(t.l);
            known = remember_ids(t.l, &t.a, ids, known);
        }
        for (size_t i = 0; i < known; i++) {
            failure f = {0};
            status code = ledger_incident(t.l, ids[i], &t.a, &json, &f);
            if (code != STATUS_OK && !strstr(f.message, "is now several: i-"))
                fail_msg("%s", f.message);
        }
        ledger_removed(&t);
    }
}

static void bad_readings_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"format\": \"isnad-reading/2\", \"text\": \"\"}",
        "{\"format\": \"isnad-reading/1\", \"text\": \"abc\", \"claims\": [{\"effect\": \"killed\", \"min\": "
        "1, \"evidence\": {\"start\": 1, \"end\": 9}}]}",
        "{\"format\": \"isnad-reading/1\", \"text\": \"abc\", \"claims\": [{\"effect\": \"harmed\", \"min\": "
        "1}]}",
        "{\"format\": \"isnad-reading/1\", \"text\": \"abc\", \"claims\": [{\"effect\": \"killed\", \"min\": "
        "3, \"max\": 1}]}",
        "{\"format\": \"isnad-reading/1\", \"text\": \"abc\", \"claims\": [{\"effect\": \"killed\", \"min\": "
        "3, \"part_of\": 5}]}",
        "{\"format\": \"isnad-reading/1\", \"text\": \"abc\", \"claims\": [{\"effect\": \"killed\", \"min\": "
        "3, \"count\": {\"text\": \"x\", \"start\": 0, \"end\": 1}}]}",
        "{\"format\": \"isnad-reading/1\", \"text\": \"abc\", \"disagreements\": [{\"claims\": [0, 1], "
        "\"on\": \"count\"}]}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        arena a = arena_new((allocator){0});
        article p;
        reading r;
        failure f = {0};
        assert_int_equal(reading_load(str_of(bad[i]), &a, &p, &r, &f), STATUS_BAD_INPUT);
        assert_true(f.message[0]);
        arena_free(&a);
    }
}

/* ---- rules of their own ---- */

/* A claim of a reading whose text is one line: told of a place that the tables lack, or (`lat` not 0) hold.
 */
static str told_json(arena *a, const char *harm, int count, const char *where, size_t start, double lat,
                     const char *kind) {
    str at = lat != 0
                 ? arena_printf(a, "\"id\": \"test:%s\", \"lat\": %.2f, \"lon\": 36.7, \"radius_km\": %d",
                                kind, lat, strcmp(kind, "area") ? 2 : 30)
                 : STR("\"id\": null, \"lat\": null, \"lon\": null, \"radius_km\": null");
    return arena_printf(a,
                        "{\"effect\": \"%s\", \"min\": %d, \"max\": %d, \"approx\": false, \"count\": null, "
                        "\"who\": {\"text\": "
                        "null, \"start\": null, \"end\": null, \"class\": \"civilian\", \"group\": null}, "
                        "\"part_of\": null, \"voice\": "
                        "null, \"via\": [], \"stance\": \"asserts\", \"event\": \"shelling\", "
                        "\"event_index\": null, \"actor\": null, "
                        "\"place\": {\"text\": \"%s\", \"start\": %zu, \"end\": %zu, \"name\": null, "
                        "\"country\": \"SY\", \"admin1\": "
                        "null, \"kind\": \"%s\", %.*s, \"anchor\": null}, \"time\": null, \"date\": "
                        "\"2021-05-04\", \"scope\": "
                        "\"incident\", \"evidence\": {\"start\": 0, \"end\": 9}}",
                        harm, count, count, where, start, start + utf8_length(str_of(where)), kind,
                        STR_ARG(at));
}

static void add_told(test_ledger *t, const char *id, const char *outlet, const char *text, str claims) {
    str json = arena_printf(
        &t->a,
        "{\"format\": \"isnad-reading/1\", \"id\": \"%s\", \"url\": null, \"outlet\": \"%s\", \"language\": "
        "\"ar\", "
        "\"published\": \"2021-05-04\", \"title\": null, \"text\": \"%s\", \"claims\": [%.*s]}",
        id, outlet, text, STR_ARG(claims));
    add_reading(t->l, json);
}

static size_t incidents_of(test_ledger *t) {
    ledger_filter all = ledger_filter_all();
    link_ledger(t->l);
    size_t n = count_rows(t->l, LEDGER_INCIDENTS, &all);
    ledger_removed(t);
    return n;
}

/* "Six casualties in the county" over three dead and three injured in a village that was looked up wrongly.
 */
static void casualties_add_up(void **state) {
    (void)state;
    for (int six = 6; six <= 7; six++) {
        test_ledger t = ledger_made(NULL);
        str told = arena_printf(&t.a, "%.*s, %.*s, %.*s",
                                STR_ARG(told_json(&t.a, "casualties", six, "ريف وادي", 0, 36.4, "area")),
                                STR_ARG(told_json(&t.a, "killed", 3, "وادي السراب", 9, 33.4, "village")),
                                STR_ARG(told_json(&t.a, "injured", 3, "وادي السراب", 9, 33.4, "village")));
        add_told(&t, "headline-a", "One", "ريف وادي وادي السراب", told);
        assert_int_equal(incidents_of(&t), six == 6 ? 1 : 2);
    }
}

/* "The village of X" and "the town of X", of which no map knows. */
static void a_village_has_one_name(void **state) {
    (void)state;
    static const char *const names[][2] = {{"قرية وادي السراب", "بلدة وادي السراب"},
                                           {"قرية وادي السراب", "بلدة تل الضباب"}};
    for (size_t i = 0; i < 2; i++) {
        test_ledger t = ledger_made(NULL);
        add_told(&t, "village-a", "One", names[i][0],
                 told_json(&t.a, "killed", 3, names[i][0], 0, 0, "village"));
        add_told(&t, "village-b", "Two", names[i][1],
                 told_json(&t.a, "killed", 5, names[i][1], 0, 0, "village"));
        assert_int_equal(incidents_of(&t), 1 + i);
    }
}

#ifdef ISNAD_COUNTERS
static str invented_name(arena *a, unsigned n) {
    static const char *const parts[] = {"ba", "ke", "mi", "to", "ru", "sa", "ne", "li", "do", "fu"};
    return arena_printf(a, "%s%s%s%s", parts[n % 10], parts[n / 10 % 10], parts[n / 100 % 10],
                        parts[n / 1000 % 10]);
}

static uint64_t names_compared(unsigned papers) {
    test_ledger t = ledger_made(NULL);
    for (unsigned i = 0; i < papers; i++) {
        str outlet = arena_printf(&t.a, "%.*s %.*s", STR_ARG(invented_name(&t.a, i * 7919 % 10000)),
                                  STR_ARG(invented_name(&t.a, i * 3571 % 10000)));
        add_told(&t, arena_printf(&t.a, "copy-%u", i).data, outlet.data, "وادي السراب",
                 told_json(&t.a, "killed", 3, "وادي السراب", 0, 35.9, "village"));
    }
    work = (counters){0};
    assert_int_equal(incidents_of(&t), 1);
    return work.names_compared;
}

static uint64_t groups_compared(unsigned papers) {
    test_ledger t = ledger_made(NULL);
    for (unsigned i = 0; i < papers; i++)
        add_told(&t, arena_printf(&t.a, "paper-%u", i).data, "One", "وادي السراب",
                 told_json(&t.a, "killed", 2 + (int)(i % 7), "وادي السراب", 0, 36.0, "village"));
    work = (counters){0};
    assert_int_equal(incidents_of(&t), 1);
    return work.groups_compared;
}
#endif

/* Reports of one night by the hundred: a group takes in a smaller one, so that nobody is moved more often
 * than sizes double. */
static void a_crowded_night_is_linear(void **state) {
    (void)state;
#ifdef ISNAD_COUNTERS
    uint64_t few = groups_compared(100), many = groups_compared(1000);
    assert_true(few > 0 && many <= 25 * few);
#else
    skip();
#endif
}

/* Copies of one text from outlets of as many names: each is compared with few others. */
static void many_outlets_are_linear(void **state) {
    (void)state;
#ifdef ISNAD_COUNTERS
    uint64_t few = names_compared(100), many = names_compared(1000);
    assert_true(many > 0 && many <= 15 * (few + 100));
#else
    skip();
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_cases),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
        cmocka_unit_test(whatever_is_fed_in),
        cmocka_unit_test(ids_stay),
        cmocka_unit_test(ids_lead_on),
        cmocka_unit_test(bad_readings_are_refused),
        cmocka_unit_test(casualties_add_up),
        cmocka_unit_test(a_village_has_one_name),
        cmocka_unit_test(many_outlets_are_linear),
        cmocka_unit_test(a_crowded_night_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
