/* What reviewers say: how it takes effect, that it is found again, that nothing of it is lost. */
#include "ledger_support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/counters.h"
#include "base/utf8.h"
#include "ledger/incident.h"

/* ---- readings ---- */

typedef struct spec {
    const char *effect, *words, *sentence; /* words: of the figure; both stand in the text */
    int min, max;                          /* max 0: the same */
    const char *voice;                     /* stands in the text; NULL: none */
} spec;

static void put_span(buffer *b, str text, const char *part, const char *more) {
    size_t at = str_find(text, str_of(part), 0);
    assert_true(at != SIZE_MAX);
    size_t start = utf8_length(str_slice(text, 0, at)), end = start + utf8_length(str_of(part));
    buffer_printf(b, "{\"start\": %zu, \"end\": %zu%s}", start, end, more);
}

/* Of one document: shelling of one village on one day. */
static str read_as(arena *a, const char *id, str text, const spec *specs, size_t count) {
    buffer b = {0};
    buffer_printf(&b,
                  "{\"format\": \"isnad-reading/1\", \"engine\": {}, \"id\": \"%s\", \"outlet\": \"O %s\", "
                  "\"language\": \"en\", \"published\": \"2021-05-02T10:00\", \"title\": null, \"text\": ",
                  id, id);
    write_string(&b, text);
    buffer_add(&b, STR(", \"claims\": ["));
    for (size_t i = 0; i < count; i++) {
        const spec *s = &specs[i];
        buffer_printf(&b, "%s{\"effect\": \"%s\", \"min\": %d, \"max\": %d, \"count\": ", i ? ", " : "",
                      s->effect, s->min, s->max ? s->max : s->min);
        put_span(&b, text, s->words, "");
        buffer_add(&b, STR(", \"voice\": "));
        if (s->voice)
            put_span(&b, text, s->voice, ", \"kind\": \"medical\"");
        else
            buffer_add(&b, STR("null"));
        buffer_add(&b, STR(", \"who\": {\"class\": \"civilian\", \"group\": null}, \"stance\": \"asserts\", "
                           "\"event\": \"shelling\", \"date\": \"2021-05-01\", \"place\": "));
        put_span(&b, text, "village",
                 ", \"name\": \"P1\", \"kind\": \"village\", \"id\": \"t:1\", \"country\": "
                 "\"SY\", \"admin1\": \"A\", \"lat\": 35, \"lon\": 36, \"radius_km\": 1");
        buffer_add(&b, STR(", \"evidence\": "));
        put_span(&b, text, s->sentence, "");
        buffer_add_byte(&b, '}');
    }
    buffer_add(&b, STR("], \"events\": [], \"disagreements\": []}"));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

#define HOSPITAL "The hospital counted five dead and seven wounded after the shells fell on the village."
#define MAYOR    "The mayor spoke of nine dead."
static const spec hospital[] = {{"killed", "five", HOSPITAL, 5, 0, "The hospital"},
                                {"injured", "seven", HOSPITAL, 7, 0, "The hospital"}};
static const spec both[] = {{"killed", "five", HOSPITAL, 5, 0, "The hospital"},
                            {"injured", "seven", HOSPITAL, 7, 0, "The hospital"},
                            {"killed", "nine", MAYOR, 9, 0, "The mayor"}};
static const spec other_words[] = {
    {"killed", "Nine", "Nine people died in the village when it was shelled.", 9, 0, NULL}};
#define TEXT_BOTH  STR("Shells fall.\n" HOSPITAL "\n" MAYOR)
#define TEXT_OTHER STR("Dead in the village.\nNine people died in the village when it was shelled.")

/* ---- asking ---- */

/* The only incident of a ledger; json_decref. */
static json_t *incident_of(test_ledger *t) {
    str *lines;
    assert_int_equal(lines_of(&t->a, rows_of(t->l, LEDGER_INCIDENTS, NULL, &t->a), &lines), 1);
    json_t *incident = json_loadb(lines[0].data, lines[0].size, 0, NULL);
    assert_non_null(incident);
    return incident;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* A claim by its words; of an older version where `superseded`. */
static const json_t *claim_with(const json_t *incident, int min, const char *harm, bool superseded) {
    size_t i;
    const json_t *one, *found = NULL;
    json_array_foreach(json_object_get(incident, "claims"), i, one) {
        const json_t *read = json_object_get(json_object_get(one, "as_read"), "min");
        const json_t *told_min = read ? read : json_object_get(one, "min");
        if (json_integer_value(told_min) == min && strcmp(text_of(one, "effect"), harm) == 0 &&
            json_is_integer(json_object_get(one, "superseded")) == superseded)
            found = one;
    }
    return found;
}

static str id_of(test_ledger *t, int min, const char *harm) {
    json_t *incident = incident_of(t);
    const json_t *found = claim_with(incident, min, harm, false);
    assert_non_null(found);
    str id = arena_copy(&t->a, str_of(text_of(found, "id")));
    json_decref(incident);
    return id;
}

static str incident_id(test_ledger *t) {
    json_t *incident = incident_of(t);
    str id = arena_copy(&t->a, str_of(text_of(incident, "id")));
    json_decref(incident);
    return id;
}

static char *verdict_of(test_ledger *t, int min, const char *harm, bool superseded) {
    json_t *incident = incident_of(t);
    const json_t *found = claim_with(incident, min, harm, superseded);
    assert_non_null(found);
    char *out = arena_cstring(&t->a, str_of(text_of(found, "verdict")));
    json_decref(incident);
    return out;
}

/* Of all killed: low and high, as "5-9"; "" where there is no estimate. */
static char *killed(test_ledger *t) {
    json_t *incident = incident_of(t);
    size_t i;
    const json_t *e;
    str out = STR("");
    json_array_foreach(json_object_get(incident, "estimates"), i, e) {
        if (strcmp(text_of(e, "effect"), "killed") == 0 && strcmp(text_of(e, "class"), "all") == 0)
            out = arena_printf(&t->a, "%lld-%lld", (long long)json_integer_value(json_object_get(e, "low")),
                               (long long)json_integer_value(json_object_get(e, "high")));
    }
    json_decref(incident);
    return arena_cstring(&t->a, out);
}

/* ---- saying ---- */

static status say(test_ledger *t, const char *kind, const str *ids, size_t id_count, const str *values,
                  size_t value_count, ledger_acted *out, failure *f) {
    ledger_act act = {.kind = str_of(kind),
                      .who = STR("Rima"),
                      .why = STR("as the recording has it"),
                      .time = STR("2021-06-01T00:00:00Z"),
                      .ids = ids,
                      .id_count = id_count,
                      .values = values,
                      .value_count = value_count};
    return ledger_review(t->l, &act, out, f);
}

static uint64_t said(test_ledger *t, const char *kind, str id, const char *value) {
    failure f = {0};
    ledger_acted acted;
    str given = str_of(value);
    if (say(t, kind, &id, 1, &given, value != NULL, &acted, &f) != STATUS_OK)
        fail_msg("%s: %s", kind, f.message);
    if (acted.link)
        link_ledger(t->l);
    return acted.last;
}

static uint64_t undone(test_ledger *t, uint64_t act) {
    return said(t, "undo", arena_printf(&t->a, "%llu", (unsigned long long)act), NULL);
}

static void said_of_two(test_ledger *t, const char *kind, str first, str second) {
    const str ids[] = {first, second};
    failure f = {0};
    ledger_acted acted;
    if (say(t, kind, ids, 2, NULL, 0, &acted, &f) != STATUS_OK)
        fail_msg("%s: %s", kind, f.message);
    assert_true(acted.link);
    link_ledger(t->l);
}

static test_ledger with_both(void) {
    test_ledger t = ledger_made(NULL);
    add_reading(t.l, read_as(&t.a, "d1", TEXT_BOTH, both, 3));
    link_ledger(t.l);
    return t;
}

static bool keep_row(void *context, str json) {
    buffer_add(context, json);
    buffer_add_byte(context, '\n');
    return true;
}

static str queue_of(test_ledger *t) {
    buffer b = {0};
    failure f = {0};
    if (ledger_queue(t->l, keep_row, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    str out = arena_copy(&t->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static bool waits(test_ledger *t, const char *reason) {
    return str_find(queue_of(t), str_of(reason), 0) != SIZE_MAX;
}

/* ---- verdicts ---- */

static void a_rejected_claim_counts_nowhere(void **state) {
    (void)state;
    test_ledger t = with_both();
    assert_string_equal(killed(&t), "5-9");
    uint64_t act = said(&t, "reject", id_of(&t, 9, "killed"), NULL);
    assert_string_equal(killed(&t), "5-5");
    assert_string_equal(verdict_of(&t, 9, "killed", false), "rejected");
    json_t *incident = incident_of(&t);
    assert_int_equal(json_array_size(json_object_get(incident, "claims")), 3);
    assert_true(json_is_null(json_object_get(claim_with(incident, 9, "killed", false), "independent")));
    assert_int_equal(json_integer_value(json_object_get(json_object_get(incident, "voices"), "independent")),
                     1);
    assert_string_equal(text_of(incident, "status"), "in review");
    assert_int_equal(json_integer_value(json_object_get(incident, "history")), 1);
    json_decref(incident);
    undone(&t, act);
    assert_string_equal(killed(&t), "5-9");
    ledger_removed(&t);
}

static void a_corrected_claim_keeps_what_was_read(void **state) {
    (void)state;
    test_ledger t = with_both();
    const str id = id_of(&t, 5, "killed");
    const str fields[] = {STR("count=6-8"), STR("voice.kind=rescue"), STR("group=child"),
                          STR("date=2021-05-03")};
    failure f = {0};
    ledger_acted acted;
    assert_int_equal(say(&t, "correct", &id, 1, fields, 4, &acted, &f), STATUS_OK);
    said(&t, "correct", id, "max=7");
    json_t *incident = incident_of(&t);
    const json_t *c = claim_with(incident, 5, "killed", false), *read = json_object_get(c, "as_read");
    assert_string_equal(text_of(c, "verdict"), "corrected");
    assert_int_equal(json_integer_value(json_object_get(c, "min")), 6);
    assert_int_equal(json_integer_value(json_object_get(c, "max")), 7);
    assert_string_equal(text_of(c, "group"), "child");
    assert_string_equal(text_of(c, "date"), "2021-05-03");
    assert_string_equal(text_of(json_object_get(c, "voice"), "kind"), "rescue");
    assert_int_equal(json_integer_value(json_object_get(read, "min")), 5);
    assert_int_equal(json_integer_value(json_object_get(read, "max")), 5);
    assert_true(json_is_null(json_object_get(read, "group")));
    assert_string_equal(text_of(json_object_get(read, "voice"), "kind"), "medical");
    assert_null(json_object_get(read, "effect"));
    json_decref(incident);
    said(&t, "accept", id, NULL);
    incident = incident_of(&t);
    c = claim_with(incident, 5, "killed", false);
    assert_string_equal(text_of(c, "verdict"), "accepted");
    assert_true(json_is_null(json_object_get(c, "as_read")));
    json_decref(incident);
    ledger_removed(&t);
}

/* Two people, one after another: the last word holds, all of them are kept. */
static void the_last_word_holds(void **state) {
    (void)state;
    test_ledger t = with_both();
    str id = id_of(&t, 9, "killed");
    said(&t, "accept", id, NULL);
    uint64_t second = said(&t, "reject", id, NULL), third = undone(&t, second);
    assert_string_equal(verdict_of(&t, 9, "killed", false), "accepted");
    uint64_t fourth = undone(&t, third); /* so the rejection stands again */
    assert_string_equal(verdict_of(&t, 9, "killed", false), "rejected");
    undone(&t, fourth);
    assert_string_equal(verdict_of(&t, 9, "killed", false), "accepted");
    failure f = {0};
    str again = arena_printf(&t.a, "%llu", (unsigned long long)second);
    assert_int_equal(say(&t, "undo", &again, 1, NULL, 0, NULL, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "undone already"));
    json_t *incident = incident_of(&t);
    assert_int_equal(json_integer_value(json_object_get(incident, "history")), 5);
    json_decref(incident);
    ledger_removed(&t);
}

/* Any sequence of acts comes to the same whether it is folded once or act by act. */
static void the_fold_is_a_function_of_the_acts(void **state) {
    (void)state;
    test_random r = test_seeded("fold");
    static const act_kind kinds[] = {ACT_ACCEPT, ACT_CORRECT, ACT_REJECT, ACT_SETTLE, ACT_UNDO};
    json_t *payload = json_pack("{s:{s:i}}", "set", "min", 3);
    for (size_t round = 0; round < test_rounds(200); round++) {
        arena a = arena_new((allocator){0});
        review_entry entries[24];
        bool gone[25] = {false};
        verdict expected = VERDICT_NONE;
        size_t n = 1 + random_below(&r, 24);
        for (size_t i = 0; i < n; i++) {
            act_kind kind = kinds[random_below(&r, i ? 5 : 4)];
            entries[i] = (review_entry){.act = (int64_t)i + 1, .kind = kind, .payload = payload};
            entries[i].claim = kind == ACT_UNDO || kind == ACT_SETTLE ? 0 : 7;
            size_t target = i ? 1 + random_below(&r, i) : 0;
            if (kind != ACT_UNDO)
                continue;
            if (gone[target]) /* only what stands can be undone */
                entries[i] = (review_entry){.act = (int64_t)i + 1, .kind = ACT_SETTLE, .payload = payload};
            else
                entries[i].undoes = (int64_t)target;
            /* The plain way: what is undone, by going over all undoings from the newest. */
            memset(gone, 0, sizeof gone);
            for (size_t k = i + 1; k-- > 0;)
                if (entries[k].undoes && !gone[k + 1])
                    gone[entries[k].undoes] = true;
        }
        for (size_t i = 0; i < n; i++)
            if (!gone[i + 1] && entries[i].claim)
                expected = entries[i].kind == ACT_ACCEPT    ? VERDICT_ACCEPTED
                           : entries[i].kind == ACT_CORRECT ? VERDICT_CORRECTED
                                                            : VERDICT_REJECTED;
        review_state folded;
        review_fold(entries, n, &a, &folded);
        const claim_review *c = review_of_claim(&folded, 7);
        assert_int_equal(c ? c->verdict : VERDICT_NONE, expected);
        assert_int_equal(folded.history, n);
        review_free(&folded);
        arena_free(&a);
    }
    json_decref(payload);
}

/* ---- incidents ---- */

static void an_incident_is_graded_assigned_and_settled(void **state) {
    (void)state;
    test_ledger t = with_both();
    str id = incident_id(&t);
    said(&t, "grade", id, "متنازع عليه");
    said(&t, "assign", id, "Lina");
    said(&t, "comment", id, "asked the desk");
    said(&t, "sensitive", id, NULL);
    said(&t, "settle", id, NULL);
    json_t *incident = incident_of(&t);
    const json_t *names = json_object_get(incident, "grade_names");
    assert_string_equal(text_of(incident, "grade"), "contested");
    assert_string_equal(text_of(names, "en"), "Contested");
    assert_string_equal(text_of(incident, "status"), "settled");
    assert_string_equal(text_of(incident, "assignee"), "Lina");
    assert_true(json_is_true(json_object_get(incident, "sensitive")));
    assert_string_equal(text_of(json_array_get(json_object_get(incident, "comments"), 0), "text"),
                        "asked the desk");
    json_decref(incident);
    ledger_filter filter = ledger_filter_all();
    filter.text = STR("grade:Contested status:settled assigned:Lina sensitive:yes verdict:none");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &filter), 1);
    filter.text = STR("verdict:rejected");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &filter), 0);
    said(&t, "reject", id_of(&t, 9, "killed"), NULL);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &filter), 1);
    filter.text = STR("status:in-review"); /* what it finds has changed */
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &filter), 1);
    said(&t, "grade", id, "none");
    filter.text = STR("grade:none");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &filter), 1);
    ledger_removed(&t);
}

static bool shows(ledger *l, str id) {
    bool shown = false;
    assert_int_equal(ledger_shows(l, id, &shown, NULL), STATUS_OK);
    return shown;
}

static bool add_line(void *context, str json) {
    buffer_add(context, json);
    return true;
}

/* All that can be asked of a ledger, one after another. */
static str everything(test_ledger *t, str incident, str marked) {
    buffer b = {0};
    str json = STR("");
    failure f = {0};
    for (int what = LEDGER_INCIDENTS; what <= LEDGER_TOMBSTONES; what++)
        buffer_add(&b, rows_of(t->l, (ledger_what)what, NULL, &t->a));
    assert_int_equal(ledger_search(t->l, STR("village"), 0, 0, add_line, &b, &f), STATUS_OK);
    assert_int_equal(ledger_search(t->l, STR("killed>=1"), 0, 0, add_line, &b, &f), STATUS_OK);
    assert_int_equal(ledger_acts(t->l, STR_NONE, add_line, &b, &f), STATUS_OK);
    ledger_acts(t->l, incident, add_line, &b, &f);
    ledger_acts(t->l, marked, add_line, &b, &f);
    assert_int_equal(ledger_queue(t->l, add_line, &b, &f), STATUS_OK);
    if (ledger_incident(t->l, incident, &t->a, &json, &f) == STATUS_OK)
        buffer_add(&b, json);
    if (ledger_why(t->l, incident, &t->a, &json, &f) == STATUS_OK)
        buffer_add(&b, json);
    static const char *const documents[] = {"d1", "d2"};
    for (size_t i = 0; i < 2; i++) {
        if (ledger_document(t->l, str_of(documents[i]), 0, &t->a, &json, &f) == STATUS_OK)
            buffer_add(&b, json);
        ledger_past_readings(t->l, str_of(documents[i]), add_line, &b, &f);
    }
    str out = arena_copy(&t->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static void check_hidden(test_ledger *t, str incident, str marked) {
    uint64_t count = 9, incidents = 9, claims = 9;
    str json;
    const ledger_filter all = ledger_filter_all();
    str before = everything(t, incident, marked);
    ledger_hide_sensitive(t->l, true);
    str heard = everything(t, incident, marked);
    if (heard.size)
        fail_msg("what is hidden was told: %.*s", STR_ARG(heard));
    assert_false(shows(t->l, incident) || shows(t->l, marked) || shows(t->l, STR("d1")));
    assert_int_equal(ledger_count(t->l, &all, 0, &count, NULL), STATUS_OK);
    assert_int_equal(ledger_size(t->l, &incidents, &claims, NULL), STATUS_OK);
    assert_int_equal(count + incidents + claims, 0);
    assert_int_equal(ledger_statistics(t->l, &t->a, &json, NULL), STATUS_OK);
    json_t *counts = json_loadb(json.data, json.size, 0, NULL);
    static const char *const none[] = {"captures", "documents", "versions", "claims", "incidents", "voices"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(json_integer_value(json_object_get(counts, none[i])), 0);
    json_decref(counts);
    ledger_hide_sensitive(t->l, false);
    assert_true(shows(t->l, incident) && shows(t->l, marked) && shows(t->l, STR("d1")));
    assert_true(str_equal(before, everything(t, incident, marked)));
}

/* An incident that is marked, or a claim of it, and all that tells of it, as if they were not there. */
static void what_is_sensitive_can_be_hidden(void **state) {
    (void)state;
    test_ledger t = with_both();
    str id = incident_id(&t), marked = id_of(&t, 9, "killed");
    said(&t, "comment", id, "not for everybody");
    said(&t, "sensitive", id, NULL);
    check_hidden(&t, id, marked);
    said(&t, "sensitive", id, "no");
    said(&t, "sensitive", marked, NULL);
    check_hidden(&t, id, marked);
    link_ledger(t.l);
    check_hidden(&t, id, marked);
    said(&t, "sensitive", marked, "no");
    str all = everything(&t, id, marked);
    ledger_hide_sensitive(t.l, true);
    assert_true(str_equal(all, everything(&t, id, marked)));
    ledger_hide_reviewers(t.l, true);
    ledger_hide_sensitive(t.l, false);
    str json;
    assert_int_equal(ledger_incident(t.l, id, &t.a, &json, NULL), STATUS_OK);
    assert_int_equal(str_find(json, STR("not for everybody"), 0), SIZE_MAX);
    ledger_removed(&t);
}

static void an_incident_is_put_right(void **state) {
    (void)state;
    test_ledger t = with_both();
    str id = incident_id(&t);
    const str fields[] = {STR("event=air strike"), STR("date=2021-05"),   STR("place=Elsewhere"),
                          STR("place.lat=33.5"),   STR("place.lon=36.3"), STR("place.country=SY")};
    failure f = {0};
    assert_int_equal(say(&t, "correct", &id, 1, fields, 6, NULL, &f), STATUS_OK);
    json_t *incident = incident_of(&t);
    const json_t *read = json_object_get(incident, "as_read");
    assert_string_equal(text_of(incident, "event"), "air_strike");
    assert_string_equal(text_of(incident, "date"), "2021-05-01/2021-05-31");
    assert_string_equal(text_of(incident, "date_precision"), "month");
    assert_string_equal(text_of(json_object_get(incident, "place"), "name"), "Elsewhere");
    assert_string_equal(text_of(read, "event"), "shelling");
    assert_string_equal(text_of(read, "date"), "2021-05-01");
    assert_string_equal(text_of(json_object_get(read, "place"), "name"), "P1");
    json_decref(incident);
    ledger_filter filter = ledger_filter_all();
    filter.text = STR("event:air_strike on:2021-05-20 place:elsewhere near:33.5,36.3,5");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &filter), 1);
    str wrong = STR("min=3");
    assert_int_equal(say(&t, "correct", &id, 1, &wrong, 1, NULL, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "event, date and place"));
    undone(&t, 1);
    incident = incident_of(&t);
    assert_string_equal(text_of(incident, "event"), "shelling");
    assert_true(json_is_null(json_object_get(incident, "as_read")));
    json_decref(incident);
    ledger_removed(&t);
}

static void a_scale_of_ones_own(void **state) {
    (void)state;
    test_ledger t = with_both();
    failure f = {0};
    str id = incident_id(&t), grade_given = STR("fair");
    assert_int_equal(
        ledger_keep_grades(t.l, STR("# ours\nours\ta\tSure\tأكيد\tsure\nours\ta\tx\ty\tz\n"), STR("g"), &f),
        STATUS_BAD_INPUT);
    assert_non_null(strstr(f.message, "line 3"));
    assert_int_equal(ledger_keep_grades(t.l, STR("ours\ta\n"), STR("g"), &f), STATUS_BAD_INPUT);
    assert_int_equal(
        ledger_keep_grades(t.l, STR("ours\ta\tSure\tأكيد\tsure\r\nours\tb\tOpen\tمفتوح\topen"), STR("g"), &f),
        STATUS_OK);
    assert_int_equal(say(&t, "grade", &id, 1, &grade_given, 1, NULL, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "a, b, none"));
    said(&t, "grade", id, "مفتوح");
    json_t *incident = incident_of(&t);
    assert_string_equal(text_of(incident, "grade"), "b");
    json_decref(incident);
    ledger_removed(&t);
}

static void mistakes_change_nothing(void **state) {
    (void)state;
    static const struct {
        const char *kind, *id, *value, *says;
        status code;
    } cases[] = {
        {"praise", "d1", NULL, "no act", STATUS_USAGE},
        {"accept", "c-00000000", NULL, "no claim", STATUS_NOT_FOUND},
        {"accept", "d1", NULL, "expected the id of a claim", STATUS_USAGE},
        {"accept", "nothing", NULL, "nothing", STATUS_NOT_FOUND},
        {"correct", "d1", "min=1", "incident or a claim", STATUS_USAGE},
        {"correct", NULL, "min=many", "expected a number", STATUS_USAGE},
        {"correct", NULL, "min=99", "no more than max", STATUS_USAGE},
        {"correct", NULL, "colour=red", "FIELD", STATUS_USAGE},
        {"correct", NULL, "date=soon", "YYYY", STATUS_USAGE},
        {"correct", NULL, "place.lat=200", "degrees", STATUS_USAGE},
        {"correct", NULL, "part_of=c-1", "same document", STATUS_USAGE},
        {"grade", NULL, "fair", "incident", STATUS_USAGE},
        {"merge", "d1", NULL, "two or more", STATUS_USAGE},
        {"undo", "99", NULL, "no act", STATUS_NOT_FOUND},
        {"undo", "x", NULL, "number of an act", STATUS_USAGE},
        {"comment", "d1", "x", "incident or a claim", STATUS_USAGE},
    };
    test_ledger t = with_both();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        failure f = {0};
        str id = cases[i].id ? str_of(cases[i].id) : id_of(&t, 5, "killed"), value = str_of(cases[i].value);
        assert_int_equal(say(&t, cases[i].kind, &id, 1, &value, value.data != NULL, NULL, &f), cases[i].code);
        if (!strstr(f.message, cases[i].says))
            fail_msg("%s: \"%s\"", cases[i].kind, f.message);
    }
    /* The second is wrong: the first is not kept either. */
    const str ids[] = {id_of(&t, 5, "killed"), STR("c-00000000")};
    failure f = {0};
    assert_int_equal(say(&t, "reject", ids, 2, NULL, 0, NULL, &f), STATUS_NOT_FOUND);
    json_t *incident = incident_of(&t);
    assert_int_equal(json_integer_value(json_object_get(incident, "history")), 0);
    json_decref(incident);
    ledger_removed(&t);
}

/* A part is of exactly one other claim of the same version, which is kept and told by its whole id. */
static void a_part_names_its_whole(void **state) {
    (void)state;
    test_ledger t = with_both();
    str whole = id_of(&t, 9, "killed"), other = id_of(&t, 5, "killed"), injured = id_of(&t, 7, "injured");
    size_t same = 2; /* "c-" */
    while (whole.data[same] == other.data[same])
        same++;
    const struct {
        str value;
        const char *says;
    } cases[] = {{other, "itself"},
                 {STR("c-"), "several"},
                 {str_slice(whole, 0, same), "several"},
                 {STR("c-ffffffffffffffff"), "same document"}};
    failure f = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        str value = arena_printf(&t.a, "part_of=%.*s", STR_ARG(cases[i].value));
        assert_int_equal(say(&t, "correct", &other, 1, &value, 1, NULL, &f), STATUS_USAGE);
        if (!strstr(f.message, cases[i].says))
            fail_msg("%s: \"%s\"", cases[i].says, f.message);
    }
    str short_id = str_slice(whole, 0, 20);
    said(&t, "correct", other, arena_cstring(&t.a, arena_printf(&t.a, "part_of=%.*s", STR_ARG(short_id))));
    json_t *incident = incident_of(&t);
    const json_t *part = claim_with(incident, 5, "killed", false);
    assert_string_equal(text_of(part, "part_of"), whole.data);
    assert_true(json_is_null(json_object_get(json_object_get(part, "as_read"), "part_of")));
    assert_true(json_object_get(json_object_get(part, "as_read"), "part_of") != NULL);
    json_decref(incident);
    /* another document's */
    add_reading(t.l, read_as(&t.a, "d9", TEXT_OTHER, other_words, 1));
    link_ledger(t.l);
    incident = incident_of(&t);
    size_t i;
    const json_t *one;
    str elsewhere = STR_NONE;
    json_array_foreach(json_object_get(incident, "claims"), i,
                       one) if (strcmp(text_of(one, "document"), "d9") == 0) elsewhere =
        arena_copy(&t.a, str_of(text_of(one, "id")));
    json_decref(incident);
    assert_non_null(elsewhere.data);
    str value = arena_printf(&t.a, "part_of=%.*s", STR_ARG(elsewhere));
    assert_int_equal(say(&t, "correct", &injured, 1, &value, 1, NULL, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "same document"));
    ledger_removed(&t);
}

/* ---- found again ---- */

/* The text gets a longer head, so that every offset moves, in bytes otherwise than in code points. */
static void acts_follow_their_words_into_another_version(void **state) {
    (void)state;
    test_ledger t = with_both();
    said(&t, "reject", id_of(&t, 9, "killed"), NULL);
    said(&t, "correct", id_of(&t, 5, "killed"), "count=6");
    add_reading(t.l, read_as(&t.a, "d1",
                             STR("محدَّث: Shells fall, and fall again.\nA line more.\n" HOSPITAL "\n" MAYOR),
                             both, 3));
    link_ledger(t.l);
    assert_string_equal(killed(&t), "6-6");
    assert_string_equal(verdict_of(&t, 9, "killed", false), "rejected");
    assert_string_equal(verdict_of(&t, 9, "killed", true), "rejected");
    assert_string_equal(verdict_of(&t, 5, "killed", false), "corrected");
    assert_int_equal(queue_of(&t).size, 0);
    json_t *incident = incident_of(&t); /* each act counts once, in however many versions it stands */
    assert_int_equal(json_integer_value(json_object_get(incident, "history")), 2);
    json_decref(incident);
    ledger_removed(&t);
}

static void what_is_not_found_waits(void **state) {
    (void)state;
    test_ledger t = with_both();
    uint64_t act = said(&t, "reject", id_of(&t, 9, "killed"), NULL);
    said(&t, "accept", id_of(&t, 7, "injured"), NULL);
    add_reading(t.l, read_as(&t.a, "d1", STR("Shells fall.\n" HOSPITAL), hospital, 2));
    link_ledger(t.l);
    assert_true(waits(&t, "\"reason\": \"lost\""));
    assert_true(waits(&t, "nine"));
    assert_string_equal(verdict_of(&t, 7, "injured", false), "accepted");
    assert_string_equal(verdict_of(&t, 9, "killed", true), "rejected");
    /* The words come back, and so does what was said of them. */
    add_reading(t.l, read_as(&t.a, "d1", STR("Corrected.\nShells fall.\n" HOSPITAL "\n" MAYOR), both, 3));
    link_ledger(t.l);
    assert_int_equal(queue_of(&t).size, 0);
    assert_string_equal(verdict_of(&t, 9, "killed", false), "rejected");
    add_reading(t.l, read_as(&t.a, "d1", STR("Once more.\nShells fall.\n" HOSPITAL), hospital, 2));
    link_ledger(t.l);
    assert_true(waits(&t, "lost"));
    undone(&t, act);
    assert_int_equal(queue_of(&t).size, 0);
    ledger_removed(&t);
}

typedef struct changes {
    size_t gone, new, different;
} changes;

static bool count_change(void *context, str json) {
    changes *c = context;
    c->gone += str_find(json, STR("\"change\": \"gone\""), 0) != SIZE_MAX;
    c->new += str_find(json, STR("\"change\": \"new\""), 0) != SIZE_MAX;
    c->different += str_find(json, STR("\"change\": \"different\""), 0) != SIZE_MAX;
    return true;
}

/* An engine that reads the same text so. */
static changes reread(test_ledger *t, str json, bool dry) {
    arena a = arena_new((allocator){0});
    article p;
    reading r;
    failure f = {0};
    changes c = {0};
    ledger_reread_report report;
    ledger_stored page = {.document = STR("d1"), .version = 1};
    if (reading_load(json, &a, &p, &r, &f) != STATUS_OK ||
        ledger_reread(t->l, &page, &r, dry, count_change, &c, &report, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_int_equal(report.gone, c.gone);
    assert_int_equal(report.new, c.new);
    assert_int_equal(report.different, c.different);
    arena_free(&a);
    if (!dry)
        link_ledger(t->l);
    return c;
}

static void another_engine_reads_otherwise(void **state) {
    (void)state;
    /* The mayor's word comes first and is read as at most nine; one claim is missed, one is new. */
    static const spec otherwise[] = {{"killed", "nine", MAYOR, 1, 9, "The mayor"},
                                     {"killed", "five", HOSPITAL, 5, 0, "The hospital"},
                                     {"missing", "shells", HOSPITAL, 2, 0, NULL}};
    test_ledger t = with_both();
    str id = incident_id(&t);
    said(&t, "accept", id_of(&t, 9, "killed"), NULL);
    said(&t, "accept", id_of(&t, 5, "killed"), NULL);
    said(&t, "reject", id_of(&t, 7, "injured"), NULL);
    said(&t, "grade", id, "fair");
    changes c = reread(&t, read_as(&t.a, "d1", TEXT_BOTH, otherwise, 3), true);
    assert_true(c.different == 1 && c.gone == 1 && c.new == 1);
    assert_string_equal(killed(&t), "5-9"); /* nothing was changed */
    assert_string_equal(verdict_of(&t, 9, "killed", false), "accepted");
    c = reread(&t, read_as(&t.a, "d1", TEXT_BOTH, otherwise, 3), false);
    assert_true(c.different == 1 && c.gone == 1 && c.new == 1);
    assert_true(str_equal(incident_id(&t), id)); /* it goes on under its name */
    assert_string_equal(verdict_of(&t, 5, "killed", false), "accepted");
    /* Nobody accepted "one to nine": that waits, as does what is no longer read. */
    assert_string_equal(verdict_of(&t, 1, "killed", false), "");
    assert_true(waits(&t, "\"reason\": \"changed\""));
    assert_true(waits(&t, "\"reason\": \"lost\""));
    json_t *incident = incident_of(&t);
    assert_string_equal(text_of(incident, "grade"), "fair");
    json_decref(incident);
    c = reread(&t, read_as(&t.a, "d1", TEXT_BOTH, otherwise, 3), false);
    assert_true(c.different == 0 && c.gone == 0 && c.new == 0);
    /* And back: all of it is found again. */
    reread(&t, read_as(&t.a, "d1", TEXT_BOTH, both, 3), false);
    assert_int_equal(queue_of(&t).size, 0);
    assert_string_equal(verdict_of(&t, 9, "killed", false), "accepted");
    assert_string_equal(verdict_of(&t, 7, "injured", false), "rejected");
    assert_true(str_equal(incident_id(&t), id));
    ledger_removed(&t);
}

/* ---- which accounts are one ---- */

static void a_claim_is_split_off_and_attached(void **state) {
    (void)state;
    test_ledger t = with_both();
    str id = incident_id(&t), nine = id_of(&t, 9, "killed");
    said_of_two(&t, "split", id, nine);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    undone(&t, 1);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 1);
    assert_true(str_equal(incident_id(&t), id));
    said_of_two(&t, "split", id, nine);
    said_of_two(&t, "attach", id, nine);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 1);
    assert_string_equal(killed(&t), "5-9");
    ledger_removed(&t);
}

static void documents_are_merged_and_split(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_reading(t.l, read_as(&t.a, "d1", TEXT_BOTH, both, 3));
    add_reading(t.l, read_as(&t.a, "d2", TEXT_OTHER, other_words, 1));
    link_ledger(t.l);
    str id = incident_id(&t);
    said_of_two(&t, "split", id, STR("d2"));
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    said_of_two(&t, "merge", STR("d1"), STR("d2"));
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 1);
    ledger_removed(&t);
}

static void what_was_merged_stays_together_when_its_first_leaves(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    const str all[] = {STR("d1"), STR("d2"), STR("d3")};
    failure f = {0};
    add_reading(t.l, read_as(&t.a, "d1", TEXT_BOTH, both, 3));
    add_reading(t.l, read_as(&t.a, "d2", TEXT_OTHER, other_words, 1));
    add_reading(t.l, read_as(&t.a, "d3", TEXT_BOTH, both, 3));
    link_ledger(t.l);
    said_of_two(&t, "split", incident_id(&t), STR("d2")); /* so that nothing but the merge binds it */
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    assert_int_equal(say(&t, "merge", all, 3, NULL, 0, NULL, &f), STATUS_OK);
    link_ledger(t.l);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 1);
    said_of_two(&t, "split", incident_id(&t), STR("d1"));
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 2);
    ledger_removed(&t);
}

/* Everything but ids of incidents and numbers of acts, which may depend on history. */
static str plain_export(ledger *l, arena *a) {
    str *lines;
    size_t n = lines_of(a, rows_of(l, LEDGER_INCIDENTS, NULL, a), &lines);
    for (size_t i = 0; i < n; i++) {
        json_t *incident = json_loadb(lines[i].data, lines[i].size, 0, NULL);
        json_object_del(incident, "id");
        char *text = json_dumps(incident, JSON_SORT_KEYS);
        lines[i] = arena_printf(a, "%s\n", text);
        free(text);
        json_decref(incident);
    }
    return sorted_text(a, lines, n);
}

/* The same acts on the same documents, whatever came when: before the acts, or between them. */
static void acts_and_documents_alone_decide(void **state) {
    (void)state;
    static const char *const names[] = {"d1", "d2", "d3", "d4"};
    test_random r = test_seeded("acts in any order");
    arena a = arena_new((allocator){0});
    str first = STR_NONE;
    for (size_t round = 0; round < test_rounds(4); round++) {
        test_ledger t = ledger_made(NULL);
        size_t order[] = {0, 1, 2, 3};
        shuffle(&r, order, 4);
        for (size_t i = 0; i < 4; i++) {
            size_t k = order[i];
            add_reading(t.l, k % 2 ? read_as(&t.a, names[k], TEXT_OTHER, other_words, 1)
                                   : read_as(&t.a, names[k], TEXT_BOTH, both, 3));
            if (random_below(&r, 2))
                link_ledger(t.l);
        }
        link_ledger(t.l);
        said_of_two(&t, "split", incident_id(&t), STR("d3"));
        said_of_two(&t, "merge", STR("d2"), STR("d3"));
        str out = plain_export(t.l, &a);
        if (first.data)
            assert_str_equal(out, first, "another order");
        first = out;
        ledger_removed(&t);
    }
    arena_free(&a);
}

/* An act that works one incident out anew gives what a linking of all gives. */
static void a_small_change_gives_what_a_linking_gives(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_reading(t.l, read_as(&t.a, "d1", TEXT_BOTH, both, 3));
    add_reading(t.l, read_as(&t.a, "d2", TEXT_OTHER, other_words, 1));
    link_ledger(t.l);
    said(&t, "reject", id_of(&t, 7, "injured"), NULL);
    said(&t, "correct", id_of(&t, 5, "killed"), "place=Elsewhere");
    str before = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    ledger_linked linked;
    failure f = {0};
    assert_int_equal(ledger_link(t.l, &linked, &f), STATUS_OK);
    assert_int_equal(linked.changed, 0);
    assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), before, "linked anew");
    ledger_removed(&t);
}

/* ---- proof ---- */

static void an_act_has_its_leaf(void **state) {
    (void)state;
    act_row act = {STR("2021-06-01T00:00:00Z"), STR("Rima \\ Sami"), STR("comment"), STR("i-1"), STR_NONE,
                   STR("{\"text\":\"a\\nb\"}")};
    str canonical = {"\0act\n2021-06-01T00:00:00Z\nRima \\\\ Sami\ncomment\ni-1\n\n{\"text\":\"a\\\\nb\"}\n",
                     0};
    canonical.size = 1 + strlen(canonical.data + 1);
    digest want = sha256(canonical), leaf = act_leaf(&act);
    assert_memory_equal(leaf.bytes, want.bytes, sizeof leaf.bytes);
}

/* ---- how much work it is ---- */

#ifdef ISNAD_COUNTERS
/* So many sentences, each with a figure of its own; read otherwise where `more`. */
static str many_claims(test_ledger *t, const char *id, unsigned count, int more) {
    buffer text = {0};
    spec *specs = ARENA_NEW(&t->a, spec, count);
    buffer_add(&text, STR("Shells fall on the village."));
    for (unsigned i = 0; i < count; i++) {
        const char *words = arena_printf(&t->a, "m%u dead", i).data;
        const char *sentence = arena_printf(&t->a, "Clinic %u of %s counted %s.", i, id, words).data;
        buffer_printf(&text, "\n%s", sentence);
        specs[i] = (spec){"killed", words, sentence, (int)i + 1 + more, 0, NULL};
    }
    str out = read_as(&t->a, id, arena_copy(&t->a, buffer_str(&text)), specs, count);
    buffer_free(&text);
    return out;
}

static uint64_t steps_of_reading_again(unsigned count) {
    test_ledger t = ledger_made(NULL);
    add_reading(t.l, many_claims(&t, "d1", count, 0));
    link_ledger(t.l);
    work = (counters){0};
    changes c = reread(&t, many_claims(&t, "d1", count, 1), true);
    uint64_t steps = work.claim_steps;
    assert_int_equal(c.different, count);
    ledger_removed(&t);
    return steps;
}

/* After one act: what is looked up while all is linked, and how often acts are asked for. */
static counters work_of_linking(unsigned documents, unsigned claims) {
    test_ledger t = ledger_made(NULL);
    for (unsigned i = 0; i < documents; i++)
        add_reading(t.l, many_claims(&t, arena_printf(&t.a, "d%u", i).data, claims, 0));
    link_ledger(t.l);
    json_t *incident = incident_of(&t);
    str first =
        arena_copy(&t.a, str_of(text_of(json_array_get(json_object_get(incident, "claims"), 0), "id")));
    json_decref(incident);
    said(&t, "accept", first, NULL);
    add_reading(t.l, many_claims(&t, "another", 1, 0));
    work = (counters){0};
    link_ledger(t.l);
    counters out = work;
    ledger_removed(&t);
    return out;
}
#endif

static void reading_again_is_linear(void **state) {
    (void)state;
#ifdef ISNAD_COUNTERS
    uint64_t few = steps_of_reading_again(20), more = steps_of_reading_again(200);
    assert_in_range(few, 20, 200);
    assert_true(more <= 11 * few);
#else
    skip();
#endif
}

static void linking_asks_for_the_acts_that_there_are(void **state) {
    (void)state;
#ifdef ISNAD_COUNTERS
    counters few = work_of_linking(3, 10), more = work_of_linking(30, 10),
             long_ones = work_of_linking(3, 100);
    assert_in_range(few.act_lookups, 1, 4);
    assert_int_equal(more.act_lookups, few.act_lookups);
    assert_int_equal(long_ones.act_lookups, few.act_lookups);
    assert_true(more.claim_steps <= 11 * few.claim_steps);
    assert_true(long_ones.claim_steps <= 11 * few.claim_steps);
#else
    skip();
#endif
}

static void add_capture_of(test_ledger *t, str json, const char *bytes, const char *time) {
    arena a = arena_new((allocator){0});
    article page;
    reading r;
    failure f = {0};
    capture c = {.kind = CAPTURE_TEXT,
                 .file = STR("test"),
                 .bytes = str_of(bytes),
                 .body = str_of(bytes),
                 .media_type = STR("text/plain"),
                 .time = str_of(time)};
    if (reading_load(json, &a, &page, &r, &f) != STATUS_OK ||
        ledger_add(t->l, &c, &r, json, NULL, &f) != STATUS_OK || ledger_commit(t->l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    arena_free(&a);
}

/* The same text captured again moves nothing; an older text that counts again does. */
static void acts_are_placed_again_where_something_moved(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    str first = read_as(&t.a, "d1", TEXT_BOTH, both, 3),
        second = read_as(&t.a, "d1", STR("Shells fall.\n" HOSPITAL), hospital, 2);
    add_capture_of(&t, first, "one", "2021-05-02T00:00:00Z");
    link_ledger(t.l);
    said(&t, "reject", id_of(&t, 9, "killed"), NULL);
#ifdef ISNAD_COUNTERS
    work = (counters){0};
    add_capture_of(&t, first, "one", "2021-05-03T00:00:00Z");
    add_capture_of(&t, first, "one, otherwise wrapped", "2021-05-04T00:00:00Z");
    assert_int_equal(work.anchors_placed, 0);
#endif
    add_capture_of(&t, second, "two", "2021-05-05T00:00:00Z");
    link_ledger(t.l);
    assert_true(waits(&t, "lost"));
    add_capture_of(&t, first, "one", "2021-05-06T00:00:00Z");
    link_ledger(t.l);
    assert_int_equal(queue_of(&t).size, 0);
    assert_string_equal(verdict_of(&t, 9, "killed", false), "rejected");
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_again_is_linear),
        cmocka_unit_test(linking_asks_for_the_acts_that_there_are),
        cmocka_unit_test(acts_are_placed_again_where_something_moved),
        cmocka_unit_test(a_rejected_claim_counts_nowhere),
        cmocka_unit_test(a_corrected_claim_keeps_what_was_read),
        cmocka_unit_test(the_last_word_holds),
        cmocka_unit_test(the_fold_is_a_function_of_the_acts),
        cmocka_unit_test(an_incident_is_graded_assigned_and_settled),
        cmocka_unit_test(what_is_sensitive_can_be_hidden),
        cmocka_unit_test(an_incident_is_put_right),
        cmocka_unit_test(a_scale_of_ones_own),
        cmocka_unit_test(mistakes_change_nothing),
        cmocka_unit_test(a_part_names_its_whole),
        cmocka_unit_test(acts_follow_their_words_into_another_version),
        cmocka_unit_test(what_is_not_found_waits),
        cmocka_unit_test(another_engine_reads_otherwise),
        cmocka_unit_test(a_claim_is_split_off_and_attached),
        cmocka_unit_test(documents_are_merged_and_split),
        cmocka_unit_test(what_was_merged_stays_together_when_its_first_leaves),
        cmocka_unit_test(acts_and_documents_alone_decide),
        cmocka_unit_test(a_small_change_gives_what_a_linking_gives),
        cmocka_unit_test(an_act_has_its_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
