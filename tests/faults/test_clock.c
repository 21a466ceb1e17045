/* A clock that is set back and forward while pages are added, acts kept and heads signed. The order is that
 * of their numbers, whatever the times; nothing is refused, lost or told as changed. The clock is this
 * program's own: time() here stands in the place of the system's. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../ledger/ledger_support.h"
#include "ledger/heads.h"
#include "ledger/store.h"

static time_t now = 1800000000;

time_t time(time_t *out) {
    if (out)
        *out = now;
    return now;
}

static void good(status code, const failure *f) {
    if (code != STATUS_OK)
        fail_msg("%s", f->message);
}

/* As a person's clock may go: mostly on, now and then years back, before 1970, or far ahead. */
static void set_clock(test_random *r) {
    static const long jumps[] = {60, 3600, 86400, -60, -86400, -86400 * 400L, 86400 * 5000L, -86400 * 5000L};
    now += jumps[random_below(r, sizeof jumps / sizeof *jumps)];
    if (random_below(r, 16) == 0)
        now = (time_t)random_below(r, 100000) - 50000;
}

static bool take_id(void *context, str json) {
    str *id = context;
    id->size = str_find(json, STR("\","), 8) - 8;
    memcpy((char *)(uintptr_t)id->data, json.data + 8, id->size);
    return false;
}

static void say(ledger *l, const char *kind, const char *value) {
    char room[64];
    str id = {room, 0}, given = str_of(value);
    failure f = {0};
    ledger_filter all = ledger_filter_all();
    good(ledger_query(l, LEDGER_SUMMARIES, &all, take_id, &id, &f), &f);
    ledger_act act = {.kind = str_of(kind),
                      .who = STR("Rima"),
                      .ids = &id,
                      .id_count = 1,
                      .values = &given,
                      .value_count = 1};
    good(ledger_review(l, &act, NULL, &f), &f);
}

static bool in_order(void *context, str json) {
    uint64_t *last = context;
    size_t at = str_find(json, STR("\"act\": "), 0);
    assert_true(at != SIZE_MAX);
    assert_int_equal(strtoull(json.data + at + 7, NULL, 10), *last + 1);
    ++*last;
    return true;
}

static void add_line(void *context, const char *text) {
    buffer_printf(context, "%s\n", text);
}

static void assert_verifies(ledger *l) {
    buffer said = {0};
    failure f = {0};
    if (ledger_verify(l, NULL, 0, NULL, add_line, &said, NULL, &f) != STATUS_OK)
        fail_msg("%s: %.*s", f.message, STR_ARG(buffer_str(&said)));
    buffer_free(&said);
}

/* The same pages and acts, under a clock that jumps or one that stands. */
static str lived(test_random *r, bool jumps, size_t rounds, arena *a) {
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    uint64_t acts = 0, last = 0;
    secret_key key;
    memset(&key, 7, sizeof key);
    now = 1800000000;
    for (unsigned i = 0; i < rounds; i++) {
        if (jumps)
            set_clock(r);
        good(add_page_number(t.l, i, NULL, &f), &f);
        if (i % 5 == 0)
            link_ledger(t.l);
        if (jumps)
            set_clock(r);
        if (i % 5 == 0) {
            say(t.l, i % 10 ? "grade" : "comment", i % 10 ? (i % 15 ? "fair" : "weak") : "seen");
            acts++;
        }
        if (i % 7 == 6) {
            signed_head head;
            str when = moment_text(&t.a, time(NULL));
            good(ledger_head(t.l, &key, when, &head, &f), &f);
        }
    }
    link_ledger(t.l);
    assert_verifies(t.l);
    good(ledger_acts(t.l, STR_NONE, in_order, &last, &f), &f);
    assert_int_equal(last, acts);
    str out = arena_copy(a, rows_of(t.l, LEDGER_SUMMARIES, NULL, &t.a));
    ledger_removed(&t);
    return out;
}

static void a_clock_set_back_changes_nothing(void **state) {
    (void)state;
    size_t lives = test_rounds(2);
    test_random r = test_seeded("clock");
    for (size_t i = 0; i < lives; i++) {
        arena a = arena_new((allocator){0});
        size_t rounds = 20 + random_below(&r, 20);
        str jumping = lived(&r, true, rounds, &a), standing = lived(&r, false, rounds, &a);
        assert_str_equal(jumping, standing, "under a clock that jumps");
        arena_free(&a);
    }
    print_message("soak: clocks set back: %zu ledgers, seed %llu\n", lives, (unsigned long long)r.seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_clock_set_back_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
