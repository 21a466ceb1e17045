/* What proves a ledger: its log, keys, signed heads, what verify finds, what redact leaves. */
#include "ledger_support.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/log.h"

static void raw_sql(ledger *l, const char *sql) {
    failure f = {0};
    if (store_execute(l, sql, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

static void add_pages(ledger *l, unsigned from, unsigned to) {
    failure f = {0};
    for (unsigned i = from; i < to; i++)
        assert_int_equal(add_page_number(l, i, NULL, &f), STATUS_OK);
    assert_int_equal(ledger_commit(l, &f), STATUS_OK);
}

static uint64_t number_in(ledger *l, const char *sql) {
    failure f = {0};
    statement s = statement_made(l, str_of(sql), &f);
    uint64_t n = statement_row(&s) ? (uint64_t)take_number(&s, 0) : 0;
    if (statement_done(&s) != STATUS_OK)
        fail_msg("%s", f.message);
    return n;
}

/* ---- the log ---- */

static size_t leaves_of(ledger *l, arena *a, digest **out) {
    VECTOR(digest) all = {0};
    digest d;
    statement s = statement_of(l, "SELECT position, leaf FROM log ORDER BY position", NULL);
    while (statement_row(&s)) {
        assert_int_equal(take_number(&s, 0), all.size);
        assert_true(take_digest(&s, 1, &d));
        *VECTOR_PUSH(&all, a) = d;
    }
    assert_int_equal(statement_done(&s), STATUS_OK);
    *out = all.at;
    return all.size;
}

static digest root_of(ledger *l, uint64_t size) {
    digest root;
    failure f = {0};
    merkle_source s = log_source(l);
    if (merkle_root(&s, size, &root, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return root;
}

/* Whatever the batches that the pages came in, nodes are those of the leaves, and every proof holds. */
static void the_log_grows_with_the_ledger(void **state) {
    (void)state;
    test_random r = test_seeded("log");
    test_ledger t = ledger_made(NULL);
    unsigned pages = 0;
    while (pages < 170) {
        unsigned more = (unsigned)random_below(&r, 40);
        add_pages(t.l, pages, pages + more);
        pages += more;
    }
    digest *leaves;
    uint64_t size = leaves_of(t.l, &t.a, &leaves);
    assert_int_equal(size, 2 * pages); /* a reading and a capture each */
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM log_node WHERE level = 4"), size / 16);
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM log_node WHERE level = 8"), size / 256);
    merkle_range range = {0};
    digest *roots = ARENA_NEW(&t.a, digest, size + 1);
    for (uint64_t n = 0; n <= size; n++) {
        roots[n] = merkle_range_root(&range);
        assert_true(digest_equal(root_of(t.l, n), roots[n]));
        if (n < size)
            merkle_add(&range, leaves[n]);
    }
    merkle_source s = log_source(t.l);
    for (int i = 0; i < 300; i++) {
        uint64_t to = 1 + random_below(&r, size), from = random_below(&r, to + 1), at = random_below(&r, to);
        merkle_path p;
        assert_int_equal(merkle_consistency(&s, from, to, &p, NULL), STATUS_OK);
        assert_true(merkle_consistent(from, roots[from], to, roots[to], &p));
        assert_int_equal(merkle_inclusion(&s, at, to, &p, NULL), STATUS_OK);
        assert_true(merkle_included(leaves[at], at, to, roots[to], &p));
    }
    ledger_removed(&t);
}

static void what_was_there_already_is_not_logged_again(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_pages(t.l, 0, 5);
    add_pages(t.l, 0, 5);
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM log"), 10);
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM log JOIN capture ON sequence = stands_for AND"
                                    " capture.leaf = log.leaf WHERE kind = 'capture'"),
                     5);
    failure f = {0};
    assert_int_not_equal(store_execute(t.l, "DELETE FROM log WHERE position = 9", &f), STATUS_OK);
    assert_non_null(strstr(f.message, "append-only"));
    assert_int_not_equal(store_execute(t.l, "UPDATE log SET leaf = x'00'", &f), STATUS_OK);
    ledger_removed(&t);
}

static void an_act_is_logged(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_pages(t.l, 0, 2);
    const str a = STR("https://news.example/story/0"), b = STR("https://news.example/story/1");
    ledger_tie tie = {true, &a, &b, 1, 1, STR("Rima"), STR("2026-01-02T03:04:05Z")};
    failure f = {0};
    assert_int_equal(ledger_bind(t.l, &tie, &f), STATUS_OK);
    digest *leaves;
    assert_int_equal(leaves_of(t.l, &t.a, &leaves), 5);
    digest want = log_act_leaf(STR("merge"), tie.who, tie.time,
                               STR("{\"these\": [\"https://news.example/story/0\"], \"those\": "
                                   "[\"https://news.example/story/1\"]}"));
    assert_true(digest_equal(leaves[4], want));
    ledger_removed(&t);
}

/* What schema 2 had. */
static const char without_log[] =
    "DROP TABLE log; DROP TABLE log_node; DROP TABLE signing_key; DROP TABLE head;"
    "DROP TRIGGER capture_logged; DROP TRIGGER reading_logged; DROP TRIGGER act_logged;"
    "ALTER TABLE version DROP COLUMN leaf; ALTER TABLE version DROP COLUMN withdrawn;"
    "ALTER TABLE capture DROP COLUMN withdrawn; DELETE FROM setting WHERE name = 'ledger';"
    "PRAGMA user_version = 2";

static void an_older_ledger_gets_its_log(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    add_pages(t.l, 0, 40);
    const str a = STR("https://news.example/story/0"), b = STR("https://news.example/story/1");
    ledger_tie tie = {false, &a, &b, 1, 1, STR("Rima"), STR("2026-01-02T03:04:05Z")};
    failure f = {0};
    assert_int_equal(ledger_bind(t.l, &tie, &f), STATUS_OK);
    raw_sql(t.l, without_log);
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = ledger_reopened(t.path, LEDGER_WRITE);
    digest *leaves;
    assert_int_equal(leaves_of(t.l, &t.a, &leaves), 81);
    assert_int_equal(
        number_in(t.l, "SELECT count(*) FROM log WHERE kind = 'capture' AND position = stands_for - 1"), 40);
    assert_int_equal(
        number_in(t.l, "SELECT count(*) FROM log WHERE kind = 'reading' AND position = 39 + stands_for"), 40);
    assert_int_equal(number_in(t.l, "SELECT position FROM log WHERE kind = 'act'"), 80);
    merkle_range range = {0};
    for (size_t i = 0; i < 81; i++)
        merkle_add(&range, leaves[i]);
    assert_true(digest_equal(root_of(t.l, 81), merkle_range_root(&range)));
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_log_grows_with_the_ledger),
        cmocka_unit_test(what_was_there_already_is_not_logged_again),
        cmocka_unit_test(an_act_is_logged),
        cmocka_unit_test(an_older_ledger_gets_its_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
