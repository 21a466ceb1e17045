/* Full disks, broken disks, power cuts: at each operation that changes something on the disk. Every time the
 * failure is one clear line, what was reported as committed is there when the ledger is opened again, it
 * verifies, and going on from there comes to what an undisturbed run comes to. SQLite's files alone: another
 * store has its own. */
#include "fault_disk.h"

#include <stdio.h>
#include <stdlib.h>

#include "../ledger/ledger_support.h"
#include "ledger/heads.h"
#include "ledger/redact.h"
#include "ledger/store.h"

#define PLACE "/disk/test.ledger"

/* ---- what is done ---- */

typedef struct run {
    ledger *l;
    secret_key key;
    uint64_t captures; /* that were reported as committed */
    uint64_t seen;     /* of this handle */
    uint64_t before;   /* of handles before it */
    arena a;
} run;

static void on_committed(void *context, const ledger_committed *report) {
    run *r = context;
    r->captures = r->before + report->captures_so_far;
}

static status open_ledger(run *r, ledger_mode mode, failure *f) {
    ledger_options options = {
        .vfs = STR(DISK_VFS), .batch_milliseconds = 60000, .committed = on_committed, .context = r};
    r->before = r->captures;
    return ledger_open(PLACE, mode, &options, &r->l, f);
}

static bool first_id(void *context, str json) {
    str *id = context;
    id->size = str_find(json, STR("\","), 8) - 8;
    memcpy((char *)(uintptr_t)id->data, json.data + 8, id->size);
    return false;
}

static status incident_id(run *r, str *id, failure *f) {
    ledger_filter all = ledger_filter_all();
    id->data = arena_alloc(&r->a, 64);
    return ledger_query(r->l, LEDGER_SUMMARIES, &all, first_id, id, f);
}

static status add_some(run *r, unsigned from, unsigned to, failure *f) {
    status code = STATUS_OK;
    for (unsigned i = from; i < to && code == STATUS_OK; i++) {
        code = add_page_number(r->l, i, NULL, f);
        if (code == STATUS_OK && i % 2)
            code = ledger_commit(r->l, f);
    }
    return code == STATUS_OK ? ledger_commit(r->l, f) : code;
}

static status first_pages(run *r, failure *f) {
    return add_some(r, 0, 5, f);
}

static status more_pages(run *r, failure *f) {
    return add_some(r, 5, 8, f);
}

static status link_all(run *r, failure *f) {
    return ledger_link(r->l, NULL, f);
}

static bool count_row(void *context, str json) {
    (void)json;
    ++*(uint64_t *)context;
    return true;
}

static uint64_t acts_of(run *r) {
    uint64_t n = 0;
    failure f = {0};
    if (ledger_acts(r->l, STR_NONE, count_row, &n, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return n;
}

static status grade(run *r, failure *f) {
    str id, value = STR("fair");
    status code = incident_id(r, &id, f);
    ledger_act act = {.kind = STR("grade"),
                      .who = STR("Rima"),
                      .time = STR("2026-01-02T03:04:05Z"),
                      .ids = &id,
                      .id_count = 1,
                      .values = &value,
                      .value_count = 1};
    return code == STATUS_OK && acts_of(r) == 0 ? ledger_review(r->l, &act, NULL, f) : code;
}

static status redact(run *r, failure *f) {
    ledger_redaction what = {
        .capture = STR("2"), .who = STR("Rima"), .why = STR("a name"), .time = STR("2026-01-02T03:04:06Z")};
    ledger_redacted out;
    status code = ledger_redact(r->l, &what, &r->a, &out, f);
    if (code == STATUS_OK)
        code = ledger_link(r->l, NULL, f);
    return code == STATUS_OK ? ledger_scrub(r->l, f) : code;
}

static status sign(run *r, failure *f) {
    signed_head head;
    return ledger_head(r->l, &r->key, STR("2026-01-02T03:04:07Z"), &head, f);
}

typedef struct step {
    const char *name;
    status (*run)(run *r, failure *f);
} step;
static const step all_steps[] = {
    {"add", first_pages},     {"link", link_all}, {"review", grade}, {"add more", more_pages},
    {"link again", link_all}, {"redact", redact}, {"sign", sign}};
static const step link_only[] = {{"link", link_all}};

static run begun(void) {
    run r = {.a = arena_new((allocator){0})};
    memset(&r.key, 7, sizeof r.key);
    return r;
}

static bool add_line(void *context, str json) {
    buffer_add(context, json);
    buffer_add_byte(context, '\n');
    return true;
}

/* All that a ledger tells. */
static str told(run *r) {
    buffer b = {0};
    failure f = {0};
    for (int what = LEDGER_INCIDENTS; what <= LEDGER_TOMBSTONES; what++)
        buffer_add(&b, rows_of(r->l, (ledger_what)what, NULL, &r->a));
    if (ledger_acts(r->l, STR_NONE, add_line, &b, &f) != STATUS_OK ||
        ledger_search(r->l, STR("market"), 100, 0, add_line, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    str out = arena_copy(&r->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* ---- what has to hold ---- */

typedef struct plan {
    const char *name;
    ledger_mode mode;
    const step *steps;
    size_t count;
    const disk_image *from; /* NULL: nothing is there */
    str expected;           /* what an undisturbed run comes to */
    uint64_t operations;    /* that it takes */
} plan;

static void begin_from(const plan *p) {
    p->from ? disk_put_back(p->from) : disk_clear();
}

static void assert_one_line(const failure *f, const char *where) {
    if (!*f->message || strchr(f->message, '\n'))
        fail_msg("%s: no clear line: \"%s\"", where, f->message);
}

/* From the step on; false: it failed. */
static bool go_on(run *r, const plan *p, size_t *at, status *code, failure *f) {
    *code = r->l ? STATUS_OK : open_ledger(r, p->mode, f);
    while (*code == STATUS_OK && *at < p->count) {
        *code = p->steps[*at].run(r, f);
        *at += *code == STATUS_OK;
    }
    return *code == STATUS_OK;
}

static void add_wrong(void *context, const char *text) {
    buffer_printf(context, "%s\n", text);
}

static void assert_verifies(run *r, const char *where) {
    ledger_checked checked = {0};
    failure f = {0};
    buffer wrong = {0};
    status code = ledger_verify(r->l, NULL, 0, NULL, add_wrong, &wrong, &checked, &f);
    /* Until a redaction has been finished by cleaning the file, verify says that it is to be. */
    bool due = false;
    assert_int_equal(ledger_scrub_due(r->l, &due, &f), STATUS_OK);
    if (code != STATUS_OK && !(due && checked.wrong == 1))
        fail_msg("%s: it does not verify: %s\n%.*s", where, f.message, STR_ARG(buffer_str(&wrong)));
    if (checked.captures < r->captures)
        fail_msg("%s: %llu captures, %llu were committed", where, (unsigned long long)checked.captures,
                 (unsigned long long)r->captures);
    buffer_free(&wrong);
}

/* Acts that were said to be kept. */
static void assert_acts(run *r, const plan *p, size_t at, const char *where) {
    uint64_t least = p->steps != all_steps ? 0 : at > 5 ? 2 : at > 2 ? 1 : 0;
    if (acts_of(r) < least)
        fail_msg("%s: %llu acts, expected %llu", where, (unsigned long long)acts_of(r),
                 (unsigned long long)least);
}

/* A file that cannot be made cannot be opened. */
static bool is_expected(status code) {
    return code == STATUS_IO || code == STATUS_NO_INPUT;
}

static void run_with_fault(const plan *p, disk_fault fault, uint64_t n, bool same_handle,
                           test_random *random) {
    char where[160];
    run r = begun();
    size_t at = 0;
    status code;
    failure f = {0};
    begin_from(p);
    disk_fail(fault, n, random);
    bool good = go_on(&r, p, &at, &code, &f);
    snprintf(where, sizeof where, "%s, %s at operation %llu, step %zu (%s)", p->name, disk_fault_name(fault),
             (unsigned long long)n, at, at < p->count ? p->steps[at].name : "close");
    if (!good) {
        if (!is_expected(code))
            fail_msg("%s: status %d: %s", where, (int)code, f.message);
        assert_one_line(&f, where);
    }
    if (!good && same_handle && r.l) {
        disk_heal();
        if (!go_on(&r, p, &at, &code, &f))
            fail_msg("%s: the handle does not go on: %s", where, f.message);
        good = true;
    }
    if (r.l) {
        failure closing = {0};
        code = ledger_close(r.l, &closing);
        if (code != STATUS_OK && !is_expected(code))
            fail_msg("%s: closing: status %d: %s", where, (int)code, closing.message);
        r.l = NULL;
    }
    disk_mend();
    /* The one who comes next finds all that was committed. */
    code = open_ledger(&r, p->mode, &f);
    if (code != STATUS_OK)
        fail_msg("%s: it cannot be opened again: %s", where, f.message);
    assert_verifies(&r, where);
    assert_acts(&r, p, at, where);
    if (!go_on(&r, p, &at, &code, &f))
        fail_msg("%s: going on: %s", where, f.message);
    assert_verifies(&r, where);
    assert_str_equal(told(&r), p->expected, where);
    assert_int_equal(ledger_close(r.l, &f), STATUS_OK);
    arena_free(&r.a);
}

static void undisturbed(plan *p, arena *a) {
    run r = begun();
    size_t at = 0;
    status code;
    failure f = {0};
    begin_from(p);
    if (!go_on(&r, p, &at, &code, &f))
        fail_msg("%s: %s", p->name, f.message);
    p->expected = arena_copy(a, told(&r));
    assert_int_equal(ledger_close(r.l, &f), STATUS_OK);
    p->operations = disk_operations();
    arena_free(&r.a);
}

static size_t few; /* faults of a kind, where not every operation is tried */

/* At every operation where there is time, else at some of them. */
static void try_all(plan *p) {
    arena a = arena_new((allocator){0});
    test_random random = test_seeded(p->name);
    undisturbed(p, &a);
    bool every = getenv("ISNAD_SOAK") || few >= p->operations;
    for (disk_fault fault = DISK_FULL_ONCE; fault < DISK_FAULTS; fault++) {
        uint64_t tried = 0, failed = 0;
        for (uint64_t i = 1; i <= (every ? p->operations : few); i++) {
            uint64_t n = every ? i : 1 + random_below(&random, p->operations);
            run_with_fault(p, fault, n, fault == DISK_FULL_ONCE && i % 2, &random);
            tried++;
            failed += disk_has_failed();
        }
        print_message("soak: %s, %s: %llu faults at %llu operations, %llu came to pass, seed %llu\n", p->name,
                      disk_fault_name(fault), (unsigned long long)tried, (unsigned long long)p->operations,
                      (unsigned long long)failed, (unsigned long long)random.seed);
        fflush(stdout);
    }
    arena_free(&a);
}

static void a_ledger_outlives_the_disks_faults(void **state) {
    (void)state;
    plan p = {.name = "a ledger's life",
              .mode = LEDGER_CREATE,
              .steps = all_steps,
              .count = sizeof all_steps / sizeof *all_steps};
    try_all(&p);
}

/* A ledger of schema 1 that a new program opens. */
static disk_image *older_ledger(void) {
    run r = begun();
    failure f = {0};
    disk_clear();
    assert_int_equal(open_ledger(&r, LEDGER_CREATE, &f), STATUS_OK);
    assert_int_equal(add_some(&r, 0, 6, &f), STATUS_OK);
    assert_int_equal(ledger_link(r.l, NULL, &f), STATUS_OK);
    assert_int_equal(grade(&r, &f), STATUS_OK);
    str sql = test_file(&r.a, test_path(&r.a, "tests/ledger/schema_1.sql"));
    if (store_execute(r.l, arena_cstring(&r.a, sql), &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_int_equal(ledger_close(r.l, &f), STATUS_OK);
    arena_free(&r.a);
    return disk_keep();
}

static void bringing_up_to_date_outlives_them_too(void **state) {
    (void)state;
    disk_image *older = older_ledger();
    plan p = {
        .name = "bringing up to date", .mode = LEDGER_WRITE, .steps = link_only, .count = 1, .from = older};
    try_all(&p);
    disk_image_free(older);
}

int main(void) {
    disk_install();
    few = test_rounds(12);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ledger_outlives_the_disks_faults),
        cmocka_unit_test(bringing_up_to_date_outlives_them_too),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    disk_clear();
    return failed;
}
