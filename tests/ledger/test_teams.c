/* Whole ledgers: nothing that is stored is forgotten when one is copied. */
#include "ledger_support.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/heads.h"
#include "ledger/redact.h"
#include "ledger/tables.h"
#include "ledger/teams.h"

/* ---- the list of tables ---- */

/* The columns of a table as the schema has them: "name:kind name:kind", in the order of names. */
static str schema_columns(test_ledger *t, const char *table) {
    buffer b = {0};
    failure f = {0};
    statement s =
        statement_of(t->l, "SELECT name, substr(type, 1, 1) FROM pragma_table_info(?) ORDER BY name", &f);
    give_name(&s, table);
    while (statement_row(&s))
        buffer_printf(&b, "%.*s:%c ", STR_ARG(take_text(&s, 0)),
                      take_text(&s, 1).data[0] == 'B' ? 'b' : take_text(&s, 1).data[0] + 32);
    assert_int_equal(statement_done(&s), STATUS_OK);
    str out = arena_copy(&t->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static str listed_columns(test_ledger *t, const stored_table *of) {
    stored_column columns[TABLE_COLUMNS];
    size_t count = table_columns(of, columns), kept = 0;
    str names[TABLE_COLUMNS];
    for (size_t i = 0; i < count; i++)
        if (!str_equal(columns[i].name, STR("rowid"))) /* every table has one, and few need it */
            names[kept++] = arena_printf(&t->a, "%.*s:%c ", STR_ARG(columns[i].name), columns[i].kind);
    return sorted_text(&t->a, names, kept);
}

static void every_table_and_column_is_taken_along(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    size_t found = 0, listed = 0;
    statement s =
        statement_of(t.l,
                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                     " AND name NOT LIKE 'words%' ORDER BY name",
                     &f);
    while (statement_row(&s)) {
        char *name = arena_cstring(&t.a, take_text(&s, 0));
        const stored_table *of = table_named(name);
        if (!of)
            fail_msg("table %s is in the schema, but not in src/ledger/tables.c", name);
        assert_str_equal(listed_columns(&t, of), schema_columns(&t, name), name);
        found++;
    }
    assert_int_equal(statement_done(&s), STATUS_OK);
    while (stored_tables[listed].name)
        listed++;
    assert_int_equal(found, listed);
    ledger_removed(&t);
}

/* ---- copies ---- */

static bool collect_bytes(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

/* Every row of every table, words found, and every export. */
static str all_of(ledger *l, arena *a) {
    buffer b = {0};
    failure f = {0};
    for (const stored_table *t = stored_tables; t->name; t++) {
        stored_column columns[TABLE_COLUMNS];
        size_t width = table_columns(t, columns);
        statement s = statement_made(l,
                                     arena_printf(a, "SELECT %.*s FROM \"%s\" ORDER BY %.*s",
                                                  STR_ARG(table_names(a, t, width)), t->name,
                                                  STR_ARG(table_names(a, t, t->key))),
                                     &f);
        buffer_printf(&b, "%s\n", t->name);
        while (statement_row(&s)) {
            if (str_equal(take_text(&s, 0), STR("scrub")))
                continue;
            for (size_t i = 0; i < width; i++)
                buffer_printf(&b, "%d:%.*s|", take_null(&s, (int)i), STR_ARG(take_blob(&s, (int)i)));
            buffer_add_byte(&b, '\n');
        }
        assert_int_equal(statement_done(&s), STATUS_OK);
    }
    if (ledger_search(l, STR("people"), 100, 0, collect_bytes, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    for (ledger_what w = LEDGER_INCIDENTS; w <= LEDGER_TOMBSTONES; w++)
        buffer_add(&b, rows_of(l, w, NULL, a));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static test_ledger copied(ledger *from) {
    test_ledger to = {.folder = "/tmp/isnad-ledger-XXXXXX", .a = arena_new((allocator){0})};
    failure f = {0};
    assert_non_null(mkdtemp(to.folder));
    snprintf(to.path, sizeof to.path, "%s/test.ledger", to.folder);
    if (ledger_copy(from, to.path, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    to.l = ledger_reopened(to.path, LEDGER_WRITE);
    return to;
}

static void redact_page(test_ledger *t, uint64_t sequence, bool part) {
    ledger_redaction what = {.capture = arena_printf(&t->a, "%llu", (unsigned long long)sequence),
                             .span = part,
                             .from = 30,
                             .to = 44,
                             .who = STR("R. Haddad"),
                             .why = STR("a child's name"),
                             .time = STR("2031-06-01T00:00:00Z")};
    ledger_redacted out;
    failure f = {0};
    if (ledger_redact(t->l, &what, &t->a, &out, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    link_ledger(t->l);
    if (ledger_scrub(t->l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

/* More rows than a batch of any table that has many. */
static test_ledger filled(void) {
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    for (unsigned i = 0; i < 240; i++)
        if (add_page_number(t.l, i, NULL, &f) != STATUS_OK)
            fail_msg("%s", f.message);
    link_ledger(t.l);
    redact_page(&t, 3, false);
    redact_page(&t, 7, true);
    secret_key key = ed25519_new();
    signed_head head;
    if (ledger_head(t.l, &key, STR("2031-06-02T00:00:00Z"), &head, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return t;
}

static void a_copy_is_the_same(void **state) {
    (void)state;
    test_ledger t = filled();
    failure f = {0};
    str before = all_of(t.l, &t.a);
    test_ledger to = copied(t.l);
    assert_str_equal(all_of(to.l, &to.a), before, "the copy");
    ledger_checked first, second;
    assert_int_equal(ledger_verify(t.l, NULL, 0, NULL, NULL, NULL, &first, &f), STATUS_OK);
    assert_int_equal(ledger_verify(to.l, NULL, 0, NULL, NULL, NULL, &second, &f), STATUS_OK);
    assert_int_equal(first.grade, GRADE_SEALED);
    assert_memory_equal(&first, &second, sizeof first);
    ledger_removed(&to);
    ledger_removed(&t);
}

/* Keys, triggers and the index of words work on as in the first. */
static void a_copy_goes_on_like_the_first(void **state) {
    (void)state;
    test_ledger t = filled();
    test_ledger to = copied(t.l);
    failure f = {0};
    test_ledger *both[] = {&t, &to};
    for (size_t i = 0; i < 2; i++) {
        for (unsigned n = 240; n < 260; n++)
            if (add_page_number(both[i]->l, n, NULL, &f) != STATUS_OK)
                fail_msg("%s", f.message);
        link_ledger(both[i]->l);
        if (ledger_verify(both[i]->l, NULL, 0, NULL, NULL, NULL, NULL, &f) != STATUS_OK)
            fail_msg("%s", f.message);
    }
    assert_str_equal(all_of(to.l, &to.a), all_of(t.l, &t.a), "both after twenty pages more");
    ledger_removed(&to);
    ledger_removed(&t);
}

static void a_copy_goes_into_an_empty_ledger_only(void **state) {
    (void)state;
    test_ledger t = filled(), to = ledger_made(NULL);
    failure f = {0};
    assert_int_equal(ledger_copy(t.l, t.path, NULL, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "something is in it"));
    assert_int_equal(ledger_copy(t.l, to.path, NULL, &f), STATUS_OK);
    assert_str_equal(all_of(to.l, &to.a), all_of(t.l, &t.a), "into an empty one");
    assert_int_equal(ledger_copy(t.l, to.path, NULL, &f), STATUS_USAGE);
    assert_str_equal(all_of(to.l, &to.a), all_of(t.l, &t.a), "after a refusal");
    ledger_removed(&to);
    ledger_removed(&t);
}

static bool always(void *context) {
    (void)context;
    return true;
}

static void a_copy_that_ends_early_leaves_nothing(void **state) {
    (void)state;
    test_ledger t = filled();
    failure f = {0};
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    ledger_options options = {.cancelled = always};
    assert_int_equal(ledger_open(t.path, LEDGER_READ, &options, &t.l, &f), STATUS_OK);
    char path[128];
    snprintf(path, sizeof path, "%s/other.ledger", t.folder);
    assert_int_equal(ledger_copy(t.l, path, NULL, &f), STATUS_CANCELLED);
    assert_false(test_file_exists(path));
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_and_column_is_taken_along),
        cmocka_unit_test(a_copy_is_the_same),
        cmocka_unit_test(a_copy_goes_on_like_the_first),
        cmocka_unit_test(a_copy_goes_into_an_empty_ledger_only),
        cmocka_unit_test(a_copy_that_ends_early_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
