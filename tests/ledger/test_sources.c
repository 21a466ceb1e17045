/* Voices across incidents, claims that reviewers add, what waits for somebody, an incident's story, two sides
 * beside each other. All names and places are invented. */
#include "ledger_support.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/counters.h"
#include "base/utf8.h"
#include "ledger/check.h"
#include "ledger/incident.h"

/* ---- readings ---- */

typedef struct told_by {
    const char *voice, *kind; /* NULL: the outlet's own word */
    int killed;
} told_by;

static void put_span(buffer *b, str text, str part, const char *more) {
    size_t at = str_find(text, part, 0);
    assert_true(at != SIZE_MAX);
    size_t start = utf8_length(str_slice(text, 0, at)), end = start + utf8_length(part);
    buffer_printf(b, "{\"start\": %zu, \"end\": %zu%s}", start, end, more);
}

/* One page about one village and day, a sentence for each that speaks. */
static str page_of(arena *a, const char *id, const char *outlet, int village, int hour, const told_by *by,
                   size_t count) {
    buffer text = {0}, b = {0};
    str sentences[8];
    buffer_printf(&text, "News of village%d", village);
    for (size_t i = 0; i < count; i++) {
        sentences[i] =
            by[i].voice
                ? arena_printf(a,
                               "%s of %s said %d people were killed in village%d by the shells number %zu.",
                               by[i].voice, id, by[i].killed, village, i)
                : arena_printf(a, "In village%d some %d were killed as of %s and number %zu.", village,
                               by[i].killed, id, i);
        buffer_printf(&text, "\n%.*s", STR_ARG(sentences[i]));
    }
    str whole = arena_copy(a, buffer_str(&text)), where = arena_printf(a, "village%d", village);
    buffer_printf(&b,
                  "{\"format\": \"isnad-reading/1\", \"engine\": {}, \"id\": \"%s\", \"outlet\": \"%s\", "
                  "\"language\": \"en\","
                  " \"published\": \"2021-05-%02dT%02d:00\", \"title\": null, \"text\": ",
                  id, outlet, 2 + village, hour);
    write_string(&b, whole);
    buffer_add(&b, STR(", \"claims\": ["));
    for (size_t i = 0; i < count; i++) {
        size_t at = str_find(whole, sentences[i], 0), before = utf8_length(str_slice(whole, 0, at));
        str figure = arena_printf(a, "%d", by[i].killed);
        size_t in = utf8_length(str_slice(sentences[i], 0,
                                          str_find(sentences[i], arena_printf(a, " %d ", by[i].killed), 0))) +
                    1;
        buffer_printf(&b,
                      "%s{\"effect\": \"killed\", \"min\": %d, \"max\": %d, \"count\": {\"start\": %zu, "
                      "\"end\": %zu}, \"voice\": ",
                      i ? ", " : "", by[i].killed, by[i].killed, before + in, before + in + figure.size);
        if (by[i].voice)
            buffer_printf(&b, "{\"start\": %zu, \"end\": %zu, \"kind\": \"%s\"}", before,
                          before + utf8_length(str_of(by[i].voice)), by[i].kind);
        else
            buffer_add(&b, STR("null"));
        buffer_printf(&b,
                      ", \"who\": {\"class\": \"civilian\", \"group\": null}, \"stance\": \"asserts\", "
                      "\"event\": \"shelling\","
                      " \"date\": \"2021-05-%02d\", \"place\": ",
                      1 + village);
        put_span(&b, whole, where,
                 arena_printf(a,
                              ", \"name\": \"Village%d\", \"kind\": \"village\", \"id\": \"t:%d\", "
                              "\"country\": \"SY\", \"admin1\": \"A%d\","
                              " \"lat\": %d, \"lon\": 36, \"radius_km\": 1",
                              village, village, village, 20 + 2 * village)
                     .data);
        buffer_printf(&b, ", \"evidence\": {\"start\": %zu, \"end\": %zu}}", before,
                      before + utf8_length(sentences[i]));
    }
    buffer_add(&b, STR("], \"events\": [], \"disagreements\": []}"));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    buffer_free(&text);
    return out;
}

static void add_page_of(test_ledger *t, const char *id, const char *outlet, int village, int hour,
                        const told_by *by, size_t count) {
    add_reading(t->l, page_of(&t->a, id, outlet, village, hour, by, count));
}

/* ---- asking ---- */

static json_t *parsed(status code, str json, const failure *f) {
    if (code != STATUS_OK)
        fail_msg("%s", f->message);
    json_t *out = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(out);
    return out;
}

static json_t *voices_of(test_ledger *t, const char *text, bool hide) {
    failure f = {0};
    str json = STR_NONE;
    ledger_voices_asked asked = {.text = str_of(text), .hide_sensitive = hide, .limit = 400};
    status code = ledger_voices(t->l, &asked, &t->a, &json, &f);
    return parsed(code, json, &f);
}

static json_t *waiting_of(test_ledger *t, const char *reason) {
    failure f = {0};
    str json = STR_NONE;
    ledger_waiting_asked asked = {.reason = str_of(reason)};
    status code = ledger_review_queue(t->l, &asked, &t->a, &json, &f);
    return parsed(code, json, &f);
}

static long long number(const json_t *o, const char *key) {
    return json_integer_value(json_object_get(o, key));
}

static const char *text(const json_t *o, const char *key) {
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

/* The key of the only voice with that name. */
static str key_of(test_ledger *t, const char *name) {
    json_t *answer = voices_of(t, name, false), *list = json_object_get(answer, "voices");
    if (json_array_size(list) != 1)
        fail_msg("%zu voices \"%s\"", json_array_size(list), name);
    str key = arena_copy(&t->a, str_of(text(json_array_get(list, 0), "key")));
    json_decref(answer);
    return key;
}

static size_t count_voices(test_ledger *t, const char *name) {
    json_t *answer = voices_of(t, name, false);
    size_t n = json_array_size(json_object_get(answer, "voices"));
    json_decref(answer);
    return n;
}

static status act(test_ledger *t, const char *kind, const str *ids, size_t id_count, const str *values,
                  size_t value_count, ledger_acted *out, failure *f) {
    ledger_act said = {.kind = str_of(kind),
                       .who = STR("Rima"),
                       .time = STR("2021-06-01T00:00:00Z"),
                       .ids = ids,
                       .id_count = id_count,
                       .values = values,
                       .value_count = value_count};
    return ledger_review(t->l, &said, out, f);
}

static uint64_t done(test_ledger *t, const char *kind, const str *ids, size_t id_count, const str *values,
                     size_t value_count) {
    failure f = {0};
    ledger_acted acted = {0};
    if (act(t, kind, ids, id_count, values, value_count, &acted, &f) != STATUS_OK)
        fail_msg("%s: %s", kind, f.message);
    if (acted.link)
        link_ledger(t->l);
    return acted.last;
}

static void undo(test_ledger *t, uint64_t number_of_act) {
    str id = arena_printf(&t->a, "%llu", (unsigned long long)number_of_act);
    done(t, "undo", &id, 1, NULL, 0);
}

static void put_line(void *context, const char *text) {
    (void)context;
    print_error("%s\n", text);
}

static void sound(test_ledger *t) {
    failure f = {0};
    ledger_health health;
    status code = ledger_check(t->l, false, put_line, NULL, &health, &f);
    if (code != STATUS_OK)
        fail_msg("%s", f.message);
}

static status verify(test_ledger *t) {
    failure f = {0};
    ledger_checked checked;
    return ledger_verify_alone(t->l, NULL, NULL, &checked, &f);
}

static const told_by health_en[] = {{"The ministry of health", "government", 5}};
static const told_by health_sy[] = {{"The Syrian ministry of health", "government", 7}};
static const told_by two_bodies[] = {{"The Ghusn observatory", "monitor", 9},
                                     {"The Wadi network", "monitor", 4}};
static const told_by long_name[] = {{"The Ghusn observatory for human rights", "monitor", 8}};
static const told_by nameless[] = {{"A local source", "local", 3}};

/* ---- keys ---- */

static void a_voice_has_one_key_across_incidents(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, health_en, 1);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, health_sy, 1);
    add_page_of(&t, "d3", "Hillside Post", 5, 9, two_bodies, 2);
    add_page_of(&t, "d4", "Northern Wire", 7, 9, long_name, 1);
    add_page_of(&t, "d5", "Hillside Post", 9, 9, nameless, 1);
    add_page_of(&t, "d6", "Northern Wire", 11, 9, nameless, 1);
    link_ledger(t.l);
    json_t *answer = voices_of(&t, "ministry", false),
           *v = json_array_get(json_object_get(answer, "voices"), 0);
    assert_int_equal(json_array_size(json_object_get(answer, "voices")),
                     1); /* Syria's, by its name or by where it is */
    assert_int_equal(number(v, "incidents"), 2);
    assert_int_equal(number(v, "alone"), 2);
    json_decref(answer);
    assert_int_equal(count_voices(&t, "ghusn"), 1);
    answer = voices_of(&t, "local source", false); /* by who heard it: never one person */
    assert_int_equal(json_array_size(json_object_get(answer, "voices")), 2);
    v = json_array_get(json_object_get(answer, "voices"), 0);
    assert_true(json_is_false(json_object_get(v, "described")));
    json_decref(answer);
    failure f = {0};
    str json;
    ledger_voice_asked asked = {.key = key_of(&t, "ghusn"), .limit = 1};
    json_t *page = parsed(ledger_voice(t.l, &asked, &t.a, &json, &f), json, &f);
    assert_int_equal(number(page, "total"), 2);
    assert_int_equal(json_array_size(json_object_get(page, "names")), 2);
    assert_int_equal(json_array_size(json_object_get(page, "outlets")), 2);
    assert_int_equal(json_array_size(json_object_get(page, "incidents")), 1);
    asked.after = arena_copy(&t.a, str_of(text(page, "next")));
    json_decref(page);
    page = parsed(ledger_voice(t.l, &asked, &t.a, &json, &f), json, &f);
    const json_t *row = json_array_get(json_object_get(page, "incidents"), 0);
    assert_string_equal(text(row, "against"), "above"); /* nine beside the network's four */
    assert_int_equal(number(json_array_get(json_object_get(row, "said"), 0), "min"), 9);
    assert_true(json_is_null(json_object_get(page, "next")));
    json_decref(page);
    asked.after = STR("junk");
    assert_int_equal(ledger_voice(t.l, &asked, &t.a, &json, &f), STATUS_USAGE);
    asked = (ledger_voice_asked){.key = STR("s-00000000")};
    assert_int_equal(ledger_voice(t.l, &asked, &t.a, &json, &f), STATUS_NOT_FOUND);
    ledger_removed(&t);
}

/* ---- older ledgers ---- */

/* What the tables of one version have more than those of the version before, taken away again. */
static const char without_8[] =
    "DROP INDEX voice_source; DROP INDEX incident_waits; DROP INDEX version_outlet;"
    "ALTER TABLE voice DROP COLUMN source; ALTER TABLE voice DROP COLUMN base;"
    "ALTER TABLE voice DROP COLUMN heard; ALTER TABLE voice DROP COLUMN bound;"
    "ALTER TABLE voice DROP COLUMN claims; ALTER TABLE voice DROP COLUMN first;"
    "ALTER TABLE voice DROP COLUMN alone; ALTER TABLE voice DROP COLUMN against;"
    "ALTER TABLE voice DROP COLUMN sensitive; ALTER TABLE voice DROP COLUMN languages;"
    "ALTER TABLE voice DROP COLUMN day; ALTER TABLE incident DROP COLUMN waits;"
    "ALTER TABLE incident DROP COLUMN weight; ALTER TABLE incident DROP COLUMN since;"
    "DROP TABLE source; DROP TABLE seen; DROP TABLE estimate";
static const char without_7[] =
    "DROP INDEX incident_hidden; DROP INDEX incident_ask; CREATE INDEX incident_ask ON incident(day_from, "
    "id);"
    "DROP TRIGGER IF EXISTS incident_goes; DROP TABLE incident_gone;"
    "ALTER TABLE incident DROP COLUMN admin1; ALTER TABLE incident DROP COLUMN place_id;"
    "ALTER TABLE incident DROP COLUMN place_name; ALTER TABLE incident DROP COLUMN place_name_ar;"
    "ALTER TABLE incident DROP COLUMN outlets; ALTER TABLE incident DROP COLUMN languages";
static const char without_6[] = "ALTER TABLE capture DROP COLUMN length";

static void make_older(test_ledger *t, int version) {
    const char *const steps[] = {without_8, without_7, without_6};
    bool server = str_starts(str_of(t->path), STR("postgresql:"));
    for (int v = 7; v >= version; v--)
        raw_sql(t->l, steps[7 - v]);
    raw_sql(t->l,
            arena_printf(&t->a, server ? "UPDATE ledger_schema SET version = %d" : "PRAGMA user_version = %d",
                         version)
                .data);
}

static void older_ledgers_are_brought_up_to_date(void **state) {
    (void)state;
    for (int version = 5; version <= 7; version++) {
        test_ledger t = ledger_made(NULL);
        add_page_of(&t, "d1", "Hillside Post", 1, 9, health_en, 1);
        add_page_of(&t, "d2", "Northern Wire", 3, 9, two_bodies, 2);
        add_page_of(&t, "d3", "Hillside Post", 3, 11, long_name, 1);
        link_ledger(t.l);
        str incidents = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
        json_t *voices = voices_of(&t, NULL, false), *waiting = waiting_of(&t, NULL);
        failure f = {0};
        make_older(&t, version);
        assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
        t.l = NULL;
        assert_int_equal(ledger_open(t.path, LEDGER_READ, NULL, &t.l, &f), STATUS_NO_INPUT);
        t.l = ledger_reopened(t.path, LEDGER_WRITE);
        link_ledger(t.l);
        assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), incidents, "brought up to date");
        json_t *now = voices_of(&t, NULL, false), *waiting_now = waiting_of(&t, NULL);
        if (!json_equal(now, voices))
            fail_msg("from %d: voices\n%s\nwere\n%s", version, json_dumps(now, 0), json_dumps(voices, 0));
        if (!json_equal(waiting_now, waiting))
            fail_msg("from %d: waits\n%s\nwere\n%s", version, json_dumps(waiting_now, 0),
                     json_dumps(waiting, 0));
        ledger_compare_asked asked = {.by = COMPARE_OUTLET,
                                      .a = STR("Hillside Post"),
                                      .b = STR("Northern Wire"),
                                      .filter = ledger_filter_all()};
        str json;
        json_t *sides = parsed(ledger_compare(t.l, &asked, &t.a, &json, &f), json, &f);
        assert_int_equal(json_array_size(json_object_get(json_object_get(sides, "b"), "effects")), 1);
        sound(&t);
        assert_int_equal(verify(&t), STATUS_OK);
        json_decref(sides);
        json_decref(now);
        json_decref(waiting_now);
        json_decref(voices);
        json_decref(waiting);
        ledger_removed(&t);
    }
}

/* A page that was added and not linked is no damage: neither that its voices are not counted nor that nobody
 * says of it that it is a copy. */
static void what_is_not_linked_yet_is_no_damage(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, health_en, 1);
    link_ledger(t.l);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, two_bodies, 2);
    str text = page_of(&t.a, "d1", "Hillside Post", 1, 9, health_en, 1);
    size_t at = str_find(text, STR("\"d1\""), 0);
    add_reading(t.l, arena_printf(&t.a, "%.*s\"d3\"%s", (int)at, text.data, text.data + at + 4));
    failure f = {0};
    ledger_health health;
    ledger_linked linked;
    assert_int_equal(ledger_check(t.l, false, put_line, NULL, &health, &f), STATUS_OK);
    assert_int_equal(health.derived, 0);
    assert_true(health.stale > 0);
    assert_int_equal(ledger_link(t.l, &linked, &f), STATUS_OK);
    assert_int_equal(linked.copies, 1);
    sound(&t);
    ledger_removed(&t);
}

/* ---- names ---- */

static void named_voices_are_one_until_it_is_undone(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, two_bodies, 2);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, &two_bodies[1], 1);
    link_ledger(t.l);
    str before = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    json_t *listed = voices_of(&t, NULL, false);
    str ids[] = {key_of(&t, "ghusn"), key_of(&t, "wadi")},
        values[] = {STR("name=The Ghusn bureau"), STR("name_ar=مكتب الغصن")};
    uint64_t named = done(&t, "name", ids, 2, values, 2);
    assert_int_equal(count_voices(&t, "wadi"), 1);
    json_t *answer = voices_of(&t, "مكتب", false), *v = json_array_get(json_object_get(answer, "voices"), 0);
    assert_int_equal(number(v, "incidents"), 2);
    assert_string_equal(text(v, "name"), "The Ghusn bureau");
    assert_true(json_is_true(json_object_get(v, "named")));
    json_decref(answer);
    /* In the incident that both stand in they are one voice now, and nothing is left to be linked. */
    str after = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    assert_true(str_find(after, STR("\"independent\": 2}"), 0) == SIZE_MAX);
    failure f = {0};
    ledger_linked linked;
    assert_int_equal(ledger_link(t.l, &linked, &f), STATUS_OK);
    assert_int_equal(linked.changed, 0);
    assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), after, "linked anew");
    /* The other key leads on. */
    str json;
    ledger_voice_asked asked = {.key = ids[1]};
    json_t *page = parsed(ledger_voice(t.l, &asked, &t.a, &json, &f), json, &f);
    assert_true(str_equal(str_of(text(page, "key")), ids[0]));
    json_decref(page);
    sound(&t);
    undo(&t, named);
    assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), before, "undone");
    json_t *again = voices_of(&t, NULL, false);
    assert_true(json_equal(listed, again));
    json_decref(again);
    json_decref(listed);
    ledger_removed(&t);
}

static void a_name_can_be_told_apart(void **state) {
    (void)state;
    static const told_by both_names[] = {{"The Ghusn observatory", "monitor", 9},
                                         {"The Ghusn observatory for human rights", "monitor", 4}};
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, both_names, 1);
    add_page_of(&t, "d2", "Northern Wire", 1, 10, &both_names[1], 1);
    link_ledger(t.l);
    assert_int_equal(count_voices(&t, "ghusn"), 1);
    str id = key_of(&t, "ghusn"), not = STR("not=The Ghusn observatory for human rights");
    uint64_t apart = done(&t, "name", &id, 1, &not, 1);
    assert_int_equal(count_voices(&t, "ghusn"), 2);
    assert_true(str_find(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a),
                         STR("\"voices\": {\"told\": 2, \"independent\": 2}"), 0) != SIZE_MAX);
    sound(&t);
    undo(&t, apart);
    assert_int_equal(count_voices(&t, "ghusn"), 1);
    failure f = {0};
    const str wrong[][2] = {
        {STR("s-0000"), STR("name=x")}, {id, STR("nome=x")}, {id, STR("kind=bishop")}, {id, STR("not=")}};
    for (size_t i = 0; i < 4; i++)
        assert_int_not_equal(act(&t, "name", &wrong[i][0], 1, &wrong[i][1], 1, NULL, &f), STATUS_OK);
    assert_int_equal(act(&t, "name", &id, 1, NULL, 0, NULL, &f), STATUS_USAGE);
    ledger_removed(&t);
}

/* A name that is told apart from a voice which two keys make; acts on a key that goes by another. */
static void names_are_told_apart_from_several(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, two_bodies, 1);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, long_name, 1);
    add_page_of(&t, "d3", "Northern Wire", 5, 9, &two_bodies[1], 1);
    link_ledger(t.l);
    json_t *listed = voices_of(&t, NULL, false);
    str ghusn = key_of(&t, "ghusn"), wadi = key_of(&t, "wadi"), ids[] = {wadi, ghusn},
        name = STR("name=Wadi and Ghusn"), not = STR("not=The Ghusn observatory for human rights");
    uint64_t named = done(&t, "name", ids, 2, &name, 1);
    assert_int_equal(count_voices(&t, "ghusn"), 1);
    uint64_t apart = done(&t, "name", &wadi, 1, &not, 1);
    assert_int_equal(count_voices(&t, "human rights"), 1);
    assert_int_equal(count_voices(&t, "ghusn"), 2);
    sound(&t);
    undo(&t, apart);
    assert_int_equal(count_voices(&t, "ghusn"), 1);
    /* By the key that it had, whole or begun. */
    str kind = STR("kind=state"), office = STR("name_ar=مكتب"), begun = str_slice(ghusn, 0, 16);
    failure f = {0};
    ledger_acted acted = {0};
    status code = act(&t, "name", &begun, 1, &office, 1, &acted, &f);
    if (code != STATUS_OK)
        fail_msg("%s", f.message);
    assert_int_equal(count_voices(&t, "مكتب"), 1);
    assert_int_not_equal(act(&t, "name", &begun, 1, &kind, 1, NULL, &f), STATUS_OK); /* no such kind */
    undo(&t, acted.last);
    undo(&t, named);
    json_t *again = voices_of(&t, NULL, false);
    assert_true(json_equal(listed, again));
    json_decref(again);
    json_decref(listed);
    sound(&t);
    ledger_removed(&t);
}

/* What is counted while incidents are written one by one is what a count of all gives, whatever came when. */
static void counts_follow_whatever_happens(void **state) {
    (void)state;
    test_random r = test_seeded("voices in any order");
    for (size_t round = 0; round < test_rounds(3); round++) {
        test_ledger t = ledger_made(NULL);
        const told_by *const all[] = {health_en, health_sy, two_bodies, long_name, nameless};
        static const size_t sizes[] = {1, 1, 2, 1, 1};
        uint64_t last = 0;
        for (size_t i = 0; i < 24; i++) {
            size_t k = random_below(&r, 5);
            char id[16];
            snprintf(id, sizeof id, "d%zu", i);
            add_page_of(&t, id, random_below(&r, 2) ? "Hillside Post" : "Northern Wire",
                        (int)random_below(&r, 6), (int)i % 24, all[k], sizes[k]);
            if (random_below(&r, 3) == 0)
                link_ledger(t.l);
            if (random_below(&r, 6) == 0) {
                link_ledger(t.l);
                json_t *answer = voices_of(&t, NULL, false), *list = json_object_get(answer, "voices");
                str ids[2], name = STR("name=Someone");
                for (size_t n = 0; n < 2; n++)
                    ids[n] = arena_copy(
                        &t.a,
                        str_of(text(json_array_get(list, random_below(&r, json_array_size(list))), "key")));
                json_decref(answer);
                last = done(&t, "name", ids, 2, &name, 1);
                str not = arena_printf(&t.a, "not=%s", all[random_below(&r, 5)][0].voice);
                if (random_below(&r, 2))
                    last = done(&t, "name", ids, 1, &not, 1);
            }
        }
        link_ledger(t.l);
        if (last && random_below(&r, 2))
            undo(&t, last);
        json_t *counted = voices_of(&t, NULL, false);
        failure f = {0};
        assert_int_equal(store_begin(t.l, &f), STATUS_OK);
        assert_int_equal(sources_count(t.l, NULL, true, &f), STATUS_OK);
        assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
        json_t *again = voices_of(&t, NULL, false);
        raw_sql(t.l, "UPDATE incident SET signature = ''"); /* all is worked out anew */
        link_ledger(t.l);
        json_t *anew = voices_of(&t, NULL, false);
        if (!json_equal(anew, again))
            fail_msg("worked out anew they differ (ISNAD_SEED=%llu)", (unsigned long long)r.seed);
        json_decref(anew);
        if (!json_equal(counted, again))
            fail_msg("counts differ (ISNAD_SEED=%llu)", (unsigned long long)r.seed);
        json_decref(counted);
        json_decref(again);
        sound(&t);
        ledger_removed(&t);
    }
}

/* ---- how much work it is ---- */

#ifdef ISNAD_COUNTERS
enum { STEPS = 3 };
/* So many bodies, each told by an outlet of its own, on one incident. */
static void steps_with(unsigned bodies, uint64_t steps[STEPS]) {
    static const char letters[] = "bdfghklmnrstwz";
    enum { LETTERS = sizeof letters - 1 };
    test_ledger t = ledger_made(NULL);
    for (unsigned i = 0; i < bodies; i++) {
        str name = arena_printf(&t.a, "The %ca%ci%cun network", letters[i % LETTERS], letters[i / LETTERS],
                                letters[i * 5 % LETTERS]);
        const told_by by = {name.data, "monitor", 5};
        add_page_of(&t, arena_printf(&t.a, "d%u", i).data, arena_printf(&t.a, "Outlet%u", i).data, 1, 9, &by,
                    1);
    }
    work = (counters){0};
    link_ledger(t.l);
    steps[0] = work.claim_steps;
    work = (counters){0};
    failure f = {0};
    str json = STR_NONE, *line;
    lines_of(&t.a, rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), &line);
    json_t *story = parsed(ledger_story(t.l, json_id(line[0]), false, &t.a, &json, &f), json, &f);
    assert_true(json_array_size(json_object_get(story, "voices")) > bodies / 2);
    steps[1] = work.claim_steps;
    json_decref(story);
    /* And where a voice is named, and a name told apart from it. */
    str key = key_of(&t, "babibun"), name = STR("name=Somebody"), not = STR("not=The dabidun network");
    done(&t, "name", &key, 1, &name, 1);
    done(&t, "name", &key, 1, &not, 1);
    raw_sql(t.l, "UPDATE incident SET signature = ''");
    work = (counters){0};
    link_ledger(t.l);
    steps[2] = work.claim_steps;
    ledger_removed(&t);
}
#endif

static void voices_are_reckoned_and_told_in_linear_time(void **state) {
    (void)state;
#ifdef ISNAD_COUNTERS
    uint64_t few[STEPS], more[STEPS];
    steps_with(20, few);
    steps_with(200, more);
    for (size_t i = 0; i < STEPS; i++) {
        assert_true(few[i] >= 20);
        assert_true(more[i] <= 11 * few[i]);
    }
#else
    skip();
#endif
}

/* ---- added claims ---- */

static json_t *only_incident(test_ledger *t) {
    str *lines;
    assert_int_equal(lines_of(&t->a, rows_of(t->l, LEDGER_INCIDENTS, NULL, &t->a), &lines), 1);
    return json_loadb(lines[0].data, lines[0].size, 0, NULL);
}

static str only_id(test_ledger *t) {
    json_t *incident = only_incident(t);
    str id = arena_copy(&t->a, str_of(text(incident, "id")));
    json_decref(incident);
    return id;
}

/* A page of one outlet, with what the first body says, linked. */
static test_ledger with_one_page(void) {
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1);
    link_ledger(t.l);
    return t;
}

static const json_t *added_of(const json_t *incident) {
    size_t i;
    const json_t *c, *found = NULL;
    json_array_foreach(json_object_get(incident, "claims"), i,
                       c) if (json_is_object(json_object_get(c, "added_by"))) found = c;
    return found;
}

static void a_claim_is_added_and_stays(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, two_bodies, 2);
    link_ledger(t.l);
    str before = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    /* "4" of the second sentence, as injured: the words are found by their code points. */
    str page = page_of(&t.a, "d1", "Hillside Post", 1, 9, two_bodies, 2);
    json_t *read = json_loadb(page.data, page.size, 0, NULL);
    const json_t *figure_span = json_object_get(json_array_get(json_object_get(read, "claims"), 1), "count");
    str values[] = {STR("document=d1"),
                    arena_printf(&t.a, "start=%lld", number(figure_span, "start")),
                    arena_printf(&t.a, "end=%lld", number(figure_span, "end")),
                    STR("effect=injured"),
                    STR("count=4"),
                    STR("voice=The Wadi network"),
                    STR("voice.kind=monitor"),
                    STR("class=civilian"),
                    STR("place=Elsewhere")};
    uint64_t added = done(&t, "add", NULL, 0, values, 9);
    json_t *incident = only_incident(&t);
    const json_t *c = added_of(incident);
    assert_non_null(c);
    assert_string_equal(text(c, "verdict"), "added");
    assert_string_equal(text(json_object_get(c, "added_by"), "who"), "Rima");
    assert_string_equal(text(json_object_get(c, "place"), "name"), "Elsewhere");
    assert_true(json_is_null(json_object_get(c, "as_read")));
    assert_true(json_is_integer(json_object_get(c, "independent")));
    str id = arena_copy(&t.a, str_of(text(c, "id")));
    json_decref(incident);
    sound(&t);
    assert_int_equal(verify(&t), STATUS_OK);
    /* It is corrected, rejected and taken back like any other. */
    str six = STR("count=6");
    uint64_t corrected = done(&t, "correct", &id, 1, &six, 1);
    incident = only_incident(&t);
    c = added_of(incident);
    assert_string_equal(text(c, "verdict"), "corrected");
    assert_int_equal(number(c, "min"), 6);
    assert_int_equal(number(json_object_get(c, "as_read"), "min"), 4);
    json_decref(incident);
    /* The page is read anew: it is found again, and so is what was said of it. */
    add_reading(t.l, page);
    link_ledger(t.l);
    incident = only_incident(&t);
    assert_int_equal(number(added_of(incident), "min"), 6);
    json_decref(incident);
    undo(&t, corrected);
    undo(&t, added);
    incident = only_incident(&t);
    assert_null(added_of(incident));
    json_decref(incident);
    sound(&t);
    assert_int_equal(verify(&t), STATUS_OK);
    assert_true(before.size > 0);
    /* A row that no act made is found. */
    raw_sql(t.l, "INSERT INTO claim(version, number, id, effect, min, approx, class, stance, scope, "
                 "voice_kind, via) VALUES (1,"
                 " 1048577, 'c-00000000000000000000000000000001', 'killed', 99, 0, 'unknown', 'asserts', "
                 "'incident', 'outlet', '[]')");
    assert_int_equal(verify(&t), STATUS_VERIFY_FAILED);
    json_decref(read);
    ledger_removed(&t);
}

/* The words of a page's first figure, as a claim of another harm. */
static void say_injured(test_ledger *t, const char *document, str page, str out[5]) {
    json_t *read = json_loadb(page.data, page.size, 0, NULL);
    const json_t *first = json_array_get(json_object_get(read, "claims"), 0),
                 *at = json_object_get(first, "count");
    out[0] = arena_printf(&t->a, "document=%s", document);
    out[1] = arena_printf(&t->a, "start=%lld", number(at, "start"));
    out[2] = arena_printf(&t->a, "end=%lld", number(at, "end"));
    out[3] = STR("effect=injured");
    out[4] = arena_printf(&t->a, "count=%lld", number(first, "min"));
    json_decref(read);
}

/* The village of the incident in which the added claim stands; 0: it stands nowhere. */
static int village_of_added(test_ledger *t) {
    str *lines;
    int village = 0;
    size_t n = lines_of(&t->a, rows_of(t->l, LEDGER_INCIDENTS, NULL, &t->a), &lines);
    for (size_t i = 0; i < n; i++) {
        json_t *incident = json_loadb(lines[i].data, lines[i].size, 0, NULL);
        if (added_of(incident))
            village = str_find(lines[i], STR("Village3"), 0) != SIZE_MAX ? 3 : 1;
        json_decref(incident);
    }
    return village;
}

/* One page may tell of another incident than the one that it stands in. */
static void a_claim_is_added_to_an_incident(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, &two_bodies[1], 1);
    link_ledger(t.l);
    str before = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), *lines, other = STR_NONE;
    str claims = rows_of(t.l, LEDGER_CLAIMS, NULL, &t.a);
    assert_int_equal(lines_of(&t.a, before, &lines), 2);
    for (size_t i = 0; i < 2; i++)
        if (str_find(lines[i], STR("Village3"), 0) != SIZE_MAX)
            other = json_id(lines[i]);
    str page = page_of(&t.a, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1);
    str values[5];
    say_injured(&t, "d1", page, values);
    uint64_t last = done(&t, "add", &other, 1, values, 5);
    assert_int_equal(village_of_added(&t), 3);
    sound(&t);
    assert_int_equal(verify(&t), STATUS_OK);
    add_reading(t.l, page); /* read anew, it stands there still */
    link_ledger(t.l);
    sound(&t);
    assert_int_equal(verify(&t), STATUS_OK);
    undo(&t, last); /* that it is, and where it stands */
    assert_str_equal(rows_of(t.l, LEDGER_CLAIMS, NULL, &t.a), claims, "undone");
    undo(&t, last + 1);
    assert_int_equal(village_of_added(&t), 3);
    sound(&t);
    undo(&t, last + 2);
    assert_str_equal(rows_of(t.l, LEDGER_CLAIMS, NULL, &t.a), claims, "undone again");
    sound(&t);
    before = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    failure f = {0};
    str nobody = STR("i-00000000000000000000000000000000"), two[] = {other, other};
    assert_int_equal(act(&t, "add", &nobody, 1, values, 5, NULL, &f), STATUS_NOT_FOUND);
    assert_int_equal(act(&t, "add", two, 2, values, 5, NULL, &f), STATUS_USAGE);
    assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), before, "refused");
    ledger_removed(&t);
}

/* Each column of its row follows from the act. */
static void a_damaged_row_of_an_added_claim_is_mended(void **state) {
    (void)state;
    static const char *const changes[] = {
        "approx = 1 - approx", "via = '[ ]'",  "voice_kind = 'police'",
        "actor = 'Nobody'",    "cue = 'said'", "evidence_end = evidence_end + 1",
        "count_start = 0",     "part_of = 0",  "min = min + 1"};
    test_ledger t = with_one_page();
    str values[5], before;
    say_injured(&t, "d1", page_of(&t.a, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1), values);
    done(&t, "add", NULL, 0, values, 5);
    before = rows_of(t.l, LEDGER_CLAIMS, NULL, &t.a);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        failure f = {0};
        ledger_health health;
        raw_sql(t.l, arena_printf(&t.a, "UPDATE claim SET %s WHERE number >= 1048576", changes[i]).data);
        if (ledger_check(t.l, false, NULL, NULL, &health, &f) != STATUS_VERIFY_FAILED || !health.derived)
            fail_msg("%s: not found", changes[i]);
        ledger_check(t.l, true, NULL, NULL, NULL, &f);
        sound(&t);
    }
    assert_str_equal(rows_of(t.l, LEDGER_CLAIMS, NULL, &t.a), before, "mended");
    ledger_removed(&t);
}

static ledger_acted acted_again(test_ledger *t, const char *kind, const str *ids, size_t id_count,
                                const str *values, size_t value_count) {
    str request = arena_printf(&t->a, "request-%s", kind);
    ledger_act said = {.kind = str_of(kind),
                       .who = STR("Rima"),
                       .request = request,
                       .ids = ids,
                       .id_count = id_count,
                       .values = values,
                       .value_count = value_count};
    ledger_acted first = {0}, again = {0};
    failure f = {0};
    if (ledger_review(t->l, &said, &first, &f) != STATUS_OK)
        fail_msg("%s: %s", kind, f.message);
    assert_int_equal(ledger_acts_of_request(t->l, request, 0, &again, &f), STATUS_OK);
    assert_memory_equal(&again, &first, sizeof first);
    link_ledger(t->l);
    return again;
}

/* What an act came to is told again by its request, also whether it has to be linked. */
static void an_act_is_told_again_by_its_request(void **state) {
    (void)state;
    test_ledger t = with_one_page();
    str id = only_id(&t), comment = STR("seen"), values[5];
    say_injured(&t, "d1", page_of(&t.a, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1), values);
    assert_false(acted_again(&t, "comment", &id, 1, &comment, 1).link);
    assert_true(acted_again(&t, "add", NULL, 0, values, 5).link);
    str number = STR("2");
    assert_true(acted_again(&t, "undo", &number, 1, NULL, 0).link);
    ledger_removed(&t);
}

/* Its key too is what it was, whatever else came meanwhile. */
static void a_claim_that_is_added_again_is_sound(void **state) {
    (void)state;
    test_ledger t = with_one_page();
    str values[5];
    say_injured(&t, "d1", page_of(&t.a, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1), values);
    uint64_t added = done(&t, "add", NULL, 0, values, 5);
    undo(&t, added);
    undo(&t, added + 1);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, two_bodies, 2);
    link_ledger(t.l);
    sound(&t);
    ledger_removed(&t);
}

static void what_the_text_does_not_say_is_not_added(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, two_bodies, 2);
    link_ledger(t.l);
    static const char *const wrong[][6] = {
        {"start=0", "end=4", "effect=injured", "count=4"},                             /* no document */
        {"document=d9", "start=0", "end=4", "effect=injured", "count=4"},              /* not there */
        {"document=d1", "start=4", "end=4", "effect=injured", "count=4"},              /* nothing */
        {"document=d1", "start=0", "end=99999", "effect=injured", "count=4"},          /* behind it */
        {"document=d1", "start=-1", "end=4", "effect=injured", "count=4"},             /* no number */
        {"document=d1", "start=0", "end=4", "count=4"},                                /* of whom */
        {"document=d1", "start=0", "end=4", "effect=injured"},                         /* how many */
        {"document=d1", "start=0", "end=4", "effect=injured", "count=9-4"},            /* upside down */
        {"document=d1", "version=7", "start=0", "end=4", "effect=injured", "count=4"}, /* no such version */
        {"document=d1", "start=0", "end=4", "effect=injured", "count=4",
         "voice=Nobody of it"}, /* not in the text */
        {"document=d1", "start=2", "end=4", "evidence.start=3", "effect=injured", "count=4"}, /* beside it */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        str values[6];
        size_t n = 0;
        failure f = {0};
        for (; n < 6 && wrong[i][n]; n++)
            values[n] = str_of(wrong[i][n]);
        status code = act(&t, "add", NULL, 0, values, n, NULL, &f);
        if (code == STATUS_OK)
            fail_msg("taken: %zu", i);
        assert_true(*f.message);
    }
    assert_true(str_find(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), STR("added_by"), 0) == SIZE_MAX);
    ledger_removed(&t);
}

/* ---- what waits ---- */

static const char *reason_of(json_t *answer, size_t i) {
    return text(json_array_get(json_object_get(answer, "items"), i), "reason");
}

static void what_matters_waits_first(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, health_en, 1);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, two_bodies, 2);
    link_ledger(t.l);
    json_t *answer = waiting_of(&t, NULL);
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 2);
    assert_string_equal(reason_of(answer, 0), "first_report");
    const json_t *heavy = json_array_get(json_object_get(answer, "items"), 0),
                 *light = json_array_get(json_object_get(answer, "items"), 1);
    assert_true(number(heavy, "weight") > number(light, "weight")); /* two voices that part before one */
    str id = arena_copy(&t.a, str_of(text(json_object_get(light, "incident"), "id")));
    json_decref(answer);
    /* Somebody looks at the light one, and has it in hand. */
    str rima = STR("Rima");
    done(&t, "assign", &id, 1, &rima, 1);
    answer = waiting_of(&t, "assigned");
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
    json_decref(answer);
    /* A paper that agrees is a change, one that does not a disagreement; and that comes first. */
    add_page_of(&t, "d3", "Riverside Echo", 1, 11, health_en, 1);
    link_ledger(t.l);
    answer = waiting_of(&t, NULL);
    assert_string_equal(reason_of(answer, 0), "changed");
    assert_int_equal(
        json_array_size(json_object_get(json_array_get(json_object_get(answer, "items"), 0), "claims")), 1);
    json_decref(answer);
    add_page_of(&t, "d4", "Harbour Times", 1, 12, &two_bodies[0], 1);
    link_ledger(t.l);
    answer = waiting_of(&t, NULL);
    assert_string_equal(reason_of(answer, 0), "disagreement");
    assert_int_equal(number(json_object_get(answer, "counts"), "first_report"), 1);
    json_decref(answer);
    str comment = STR("seen");
    done(&t, "comment", &id, 1, &comment, 1);
    answer = waiting_of(&t, "disagreement");
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
    json_decref(answer);
    /* Page by page the same as at once. */
    failure f = {0};
    str json;
    size_t pages = 0;
    ledger_waiting_asked asked = {.limit = 1};
    for (bool more = true; more; pages++) {
        answer = parsed(ledger_review_queue(t.l, &asked, &t.a, &json, &f), json, &f);
        more = json_is_string(json_object_get(answer, "next"));
        asked.after = arena_copy(&t.a, str_of(text(answer, "next")));
        json_decref(answer);
    }
    assert_int_equal(pages, 2);
    asked.after = STR("1 2");
    assert_int_equal(ledger_review_queue(t.l, &asked, &t.a, &json, &f), STATUS_USAGE);
    ledger_removed(&t);
}

/* Who adds a claim to an incident or takes it back has seen the incident. */
static void what_a_reviewer_adds_does_not_wait(void **state) {
    (void)state;
    test_ledger t = with_one_page();
    str id = only_id(&t), comment = STR("seen"), values[5];
    done(&t, "comment", &id, 1, &comment, 1);
    say_injured(&t, "d1", page_of(&t.a, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1), values);
    uint64_t added = done(&t, "add", NULL, 0, values, 5);
    for (unsigned undone = 0; undone < 3; undone++) {
        json_t *answer = waiting_of(&t, NULL);
        assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
        json_decref(answer);
        json_t *incident = only_incident(&t);
        assert_int_equal(added_of(incident) == NULL, undone % 2);
        json_decref(incident);
        sound(&t);
        undo(&t, added + undone);
    }
    ledger_removed(&t);
}

/* ---- sensitive ---- */

static bool count_row(void *context, str json) {
    (void)json;
    ++*(size_t *)context;
    return true;
}

static void what_is_sensitive_is_hidden(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1);
    add_page_of(&t, "d2", "Northern Wire", 3, 9, &two_bodies[1], 1);
    link_ledger(t.l);
    json_t *answer = waiting_of(&t, NULL);
    str id = STR_NONE, key = key_of(&t, "ghusn");
    for (size_t i = 0; i < 2; i++) {
        const json_t *incident =
            json_object_get(json_array_get(json_object_get(answer, "items"), i), "incident");
        if (strstr(text(incident, "date"), "-02"))
            id = arena_copy(&t.a, str_of(text(incident, "id")));
    }
    json_decref(answer);
    done(&t, "sensitive", &id, 1, NULL, 0);
    failure f = {0};
    str json, comment = STR("a name");
    uint64_t said = done(&t, "comment", &id, 1, &comment, 1);
    for (unsigned i = 0; i < 3; i++) /* over however many undoings */
        undo(&t, said + i);
    size_t acts = 0;
    ledger_hide_sensitive(t.l, true);
    assert_int_equal(ledger_acts(t.l, STR(""), count_row, &acts, &f), STATUS_OK);
    ledger_hide_sensitive(t.l, false);
    assert_int_equal(acts, 0);
    answer = voices_of(&t, NULL, true);
    assert_int_equal(json_array_size(json_object_get(answer, "voices")), 1);
    json_decref(answer);
    ledger_voice_asked voice_asked = {.key = key, .hide_sensitive = true};
    assert_int_equal(ledger_voice(t.l, &voice_asked, &t.a, &json, &f), STATUS_NOT_FOUND);
    assert_int_equal(ledger_story(t.l, id, true, &t.a, &json, &f), STATUS_NOT_FOUND);
    assert_int_equal(ledger_story(t.l, id, false, &t.a, &json, &f), STATUS_OK);
    ledger_waiting_asked waiting = {.hide_sensitive = true};
    answer = parsed(ledger_review_queue(t.l, &waiting, &t.a, &json, &f), json, &f);
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
    json_decref(answer);
    ledger_compare_asked compare = {.by = COMPARE_PERIOD,
                                    .a = STR("2021"),
                                    .b = STR("2020"),
                                    .filter = ledger_filter_all(),
                                    .hide_sensitive = true};
    answer = parsed(ledger_compare(t.l, &compare, &t.a, &json, &f), json, &f);
    assert_int_equal(number(json_object_get(answer, "counts"), "only_a"), 1);
    json_decref(answer);
    ledger_removed(&t);
}

/* ---- story, compare ---- */

static void a_story_is_whole(void **state) {
    (void)state;
    static const told_by first[] = {{"The Ghusn observatory", "monitor", 13}},
                         later[] = {{"The Ghusn observatory", "monitor", 17},
                                    {"The Wadi network", "monitor", 4}};
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, first, 1);
    add_page_of(&t, "d2", "Northern Wire", 1, 12, later, 2);
    link_ledger(t.l);
    json_t *incident = only_incident(&t);
    failure f = {0};
    str json;
    json_t *story = parsed(ledger_story(t.l, str_of(text(incident, "id")), false, &t.a, &json, &f), json, &f);
    const json_t *voices = json_object_get(story, "voices"), *v = json_array_get(voices, 0),
                 *said = json_object_get(v, "said");
    assert_int_equal(json_array_size(voices), 2);
    assert_int_equal(json_array_size(said), 2);
    assert_true(json_is_true(json_object_get(v, "revised")));
    assert_true(json_is_false(json_object_get(json_array_get(said, 0), "stands")));
    assert_true(json_is_true(json_object_get(json_array_get(said, 1), "stands")));
    assert_int_equal(json_array_size(json_object_get(story, "nodes")), 4);
    assert_int_equal(json_array_size(json_object_get(story, "edges")), 3);
    const json_t *parts = json_array_get(json_object_get(story, "disagreements"), 0);
    assert_string_equal(text(parts, "on"), "count");
    assert_int_equal(json_array_size(json_object_get(parts, "sides")), 2);
    const json_t *of = json_object_get(json_array_get(json_object_get(story, "estimates"), 0), "of");
    assert_int_equal(json_array_size(json_object_get(of, "low")), 1);
    assert_int_equal(json_array_size(json_object_get(of, "high")), 1);
    json_decref(story);
    json_decref(incident);
    ledger_removed(&t);
}

static void two_outlets_beside_each_other(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_page_of(&t, "d1", "Hillside Post", 1, 9, &two_bodies[0], 1);
    add_page_of(&t, "d2", "Northern Wire", 1, 12, &two_bodies[1], 1);
    add_page_of(&t, "d3", "Hillside Post", 3, 9, health_en, 1);
    link_ledger(t.l);
    failure f = {0};
    str json;
    ledger_compare_asked asked = {.by = COMPARE_OUTLET,
                                  .a = STR("Hillside Post"),
                                  .b = STR("Northern Wire"),
                                  .filter = ledger_filter_all()};
    json_t *answer = parsed(ledger_compare(t.l, &asked, &t.a, &json, &f), json, &f);
    const json_t *counts = json_object_get(answer, "counts"),
                 *both = json_array_get(json_object_get(answer, "both"), 0);
    assert_int_equal(number(counts, "only_a"), 1);
    assert_int_equal(number(counts, "only_b"), 0);
    assert_int_equal(number(counts, "both"), 1);
    assert_true(json_is_true(json_object_get(both, "differ")));
    assert_int_equal(number(json_object_get(answer, "a"), "documents"), 2);
    assert_int_equal(number(json_object_get(answer, "a"), "voices"), 2);
    json_decref(answer);
    asked = (ledger_compare_asked){.by = COMPARE_PERIOD,
                                   .a = STR("2021-05-02"),
                                   .b = STR("2021-05-03/2021-06"),
                                   .filter = ledger_filter_all()};
    answer = parsed(ledger_compare(t.l, &asked, &t.a, &json, &f), json, &f);
    assert_int_equal(number(json_object_get(answer, "counts"), "only_a"), 1);
    assert_int_equal(number(json_object_get(answer, "counts"), "only_b"), 1);
    json_decref(answer);
    asked.a = STR("2021-13");
    assert_int_equal(ledger_compare(t.l, &asked, &t.a, &json, &f), STATUS_USAGE);
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_voice_has_one_key_across_incidents),
        cmocka_unit_test(voices_are_reckoned_and_told_in_linear_time),
        cmocka_unit_test(older_ledgers_are_brought_up_to_date),
        cmocka_unit_test(what_is_not_linked_yet_is_no_damage),
        cmocka_unit_test(names_are_told_apart_from_several),
        cmocka_unit_test(a_claim_is_added_to_an_incident),
        cmocka_unit_test(named_voices_are_one_until_it_is_undone),
        cmocka_unit_test(a_name_can_be_told_apart),
        cmocka_unit_test(counts_follow_whatever_happens),
        cmocka_unit_test(a_claim_is_added_and_stays),
        cmocka_unit_test(a_damaged_row_of_an_added_claim_is_mended),
        cmocka_unit_test(a_claim_that_is_added_again_is_sound),
        cmocka_unit_test(an_act_is_told_again_by_its_request),
        cmocka_unit_test(what_the_text_does_not_say_is_not_added),
        cmocka_unit_test(what_matters_waits_first),
        cmocka_unit_test(what_a_reviewer_adds_does_not_wait),
        cmocka_unit_test(what_is_sensitive_is_hidden),
        cmocka_unit_test(a_story_is_whole),
        cmocka_unit_test(two_outlets_beside_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
