/* The store of accounts, without a server: what its file keeps, who gets in, and by whose clock. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/sqlite.h"
#include "serve/access.h"
#include "test_support.h"

static const str PASSWORD = {"seven lanterns on the quay", 26};

typedef struct desk {
    char folder[64], path[96];
    int64_t now;
    accounts *a;
    arena memory;
    access_answer answer;
    failure f;
} desk;

static int64_t now_of(void *context) {
    return ((desk *)context)->now;
}

static void open_it(desk *d) {
    const accounts_options o = {.now = now_of, .context = d, .passes = 1, .memory = 65536};
    if (accounts_open(d->path, &o, &d->a, &d->f) != STATUS_OK)
        fail_msg("%s", d->f.message);
}

static void begin(desk *d) {
    *d = (desk){.folder = "/tmp/isnad-access-XXXXXX", .now = 1700000000, .memory = arena_new((allocator){0})};
    assert_non_null(mkdtemp(d->folder));
    snprintf(d->path, sizeof d->path, "%s/accounts", d->folder);
    open_it(d);
}

static void end(desk *d) {
    static const char *const ends[] = {"", "-wal", "-shm", ".link"};
    char name[128];
    accounts_close(d->a);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", d->path, ends[i]);
        unlink(name);
    }
    rmdir(d->folder);
    arena_free(&d->memory);
}

static access_verdict add(desk *d, str name, access_role role, str password) {
    const access_who by = {.name = STR("a test")};
    assert_int_equal(account_add(d->a, &by, STR_NONE, name, role, password, &d->memory, &d->answer, &d->f),
                     STATUS_OK);
    return d->answer.verdict;
}

static access_verdict login(desk *d, str name, str password, str from) {
    assert_int_equal(accounts_login(d->a, name, password, from, STR_NONE, &d->memory, &d->answer, &d->f),
                     STATUS_OK);
    return d->answer.verdict;
}

static access_who who_by(desk *d, str session) {
    access_who who;
    assert_int_equal(accounts_by_session(d->a, session, &d->memory, &who, &d->f), STATUS_OK);
    return who;
}

static const str HOME = {"192.0.2.1", 9};

static void test_an_account(void **state) {
    (void)state;
    desk d;
    begin(&d);
    bool empty = false;
    assert_int_equal(accounts_empty(d.a, &empty, &d.f), STATUS_OK);
    assert_true(empty);
    assert_int_equal(add(&d, STR("Rima"), ROLE_REVIEWER, PASSWORD), ACCESS_YES);
    assert_int_equal(add(&d, STR("RIMA"), ROLE_READER, PASSWORD), ACCESS_TAKEN);
    assert_int_equal(login(&d, STR("rima"), PASSWORD, HOME), ACCESS_YES);
    str session = d.answer.secret;
    access_who who = who_by(&d, session);
    assert_int_equal(who.role, ROLE_REVIEWER);
    assert_true(who.sees_sensitive);
    assert_int_equal(who_by(&d, STR("")).role, ROLE_NONE);
    /* All of it is in the file. */
    accounts_close(d.a);
    open_it(&d);
    assert_int_equal(who_by(&d, session).role, ROLE_REVIEWER);
    assert_int_equal(accounts_logout(d.a, &who, HOME, &d.f), STATUS_OK);
    assert_int_equal(who_by(&d, session).role, ROLE_NONE);
    end(&d);
}

static void test_sessions_end_by_the_clock(void **state) {
    (void)state;
    desk d;
    begin(&d);
    add(&d, STR("Rima"), ROLE_READER, PASSWORD);
    login(&d, STR("Rima"), PASSWORD, HOME);
    str session = d.answer.secret;
    int64_t made = d.now;
    d.now += 12 * 3600 - 1;
    assert_int_equal(who_by(&d, session).role, ROLE_READER);
    d.now += 12 * 3600 - 1;
    assert_int_equal(who_by(&d, session).role, ROLE_READER);
    d.now += 12 * 3600 + 1;
    assert_int_equal(who_by(&d, session).role, ROLE_NONE);
    d.now = made;
    login(&d, STR("Rima"), PASSWORD, HOME);
    for (session = d.answer.secret; d.now < made + 7 * 86400; d.now += 3600)
        assert_int_equal(who_by(&d, session).role, ROLE_READER);
    assert_int_equal(who_by(&d, session).role, ROLE_NONE);
    end(&d);
}

static void test_tries_wait(void **state) {
    (void)state;
    desk d;
    begin(&d);
    add(&d, STR("Rima"), ROLE_READER, PASSWORD);
    for (int i = 0; i < 5; i++)
        assert_int_equal(login(&d, STR("Rima"), STR("no, not this one"), HOME), ACCESS_NO);
    int64_t last = 0;
    for (int i = 0; i < 12; i++) {
        assert_int_equal(login(&d, STR("Rima"), PASSWORD, HOME), ACCESS_LATER);
        int64_t wait = d.answer.wait;
        assert_true(wait >= last && wait <= 300);
        d.now += wait - 1;
        assert_int_equal(login(&d, STR("Rima"), PASSWORD, HOME), ACCESS_LATER);
        d.now += 1;
        assert_int_equal(login(&d, STR("Rima"), STR("no, not this one"), HOME), ACCESS_NO);
        last = wait;
    }
    assert_int_equal(last, 300);
    /* A good one is let in when its time has come, from anywhere, and all is forgotten. */
    d.now += 300;
    assert_int_equal(login(&d, STR("Rima"), PASSWORD, STR("2001:db8::1")), ACCESS_YES);
    assert_int_equal(login(&d, STR("Rima"), STR("no, not this one"), STR("2001:db8::1")), ACCESS_NO);
    end(&d);
}

static void test_an_address_waits(void **state) {
    (void)state;
    desk d;
    begin(&d);
    int seen = 0;
    for (int i = 0; i < 40; i++) {
        char name[32], from[48];
        snprintf(name, sizeof name, "somebody %d", i);
        snprintf(from, sizeof from, "2001:db8:1:2:%x::%x", i + 1, i); /* all of one network */
        seen += login(&d, str_of(name), PASSWORD, str_of(from)) == ACCESS_NO;
    }
    assert_int_equal(seen, 20);
    assert_int_equal(login(&d, STR("other"), PASSWORD, STR("2001:db8:1:3::1")), ACCESS_NO);
    end(&d);
}

static void test_the_first_account(void **state) {
    (void)state;
    desk d;
    begin(&d);
    char secret[65];
    accounts_setup_secret(d.a, secret);
    accounts_setup(d.a, STR("wrong"), STR("Eve"), PASSWORD, HOME, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_SPENT);
    accounts_setup(d.a, STR(""), STR("Eve"), PASSWORD, HOME, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_SPENT);
    accounts_setup(d.a, str_of(secret), STR("Amal"), PASSWORD, HOME, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_YES);
    assert_int_equal(who_by(&d, d.answer.secret).role, ROLE_ADMIN);
    accounts_setup(d.a, str_of(secret), STR("Eve"), PASSWORD, HOME, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_SPENT);
    end(&d);
}

static void test_tokens(void **state) {
    (void)state;
    desk d;
    begin(&d);
    add(&d, STR("Rima"), ROLE_REVIEWER, PASSWORD);
    login(&d, STR("Rima"), PASSWORD, HOME);
    access_who who = who_by(&d, d.answer.secret), by;
    token_add(d.a, &who, HOME, STR("mine"), SCOPE_ADMIN, 0, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_UNFIT);
    token_add(d.a, &who, HOME, STR("mine"), SCOPE_READ, 1, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_YES);
    str secret = d.answer.secret;
    accounts_by_token(d.a, secret, &d.memory, &by, &d.f);
    assert_int_equal(by.role, ROLE_REVIEWER);
    assert_int_equal(by.scopes, SCOPE_READ);
    assert_false(by.sees_sensitive);
    const access_who with_token = by, nobody = {.role = ROLE_PUBLIC};
    assert_true(accounts_hold(d.a, &with_token) && accounts_hold(d.a, &who) && !accounts_hold(d.a, &nobody));
    for (int hour = 0; hour < 12; hour++, d.now += 3600) /* which is no request of theirs */
        assert_true(accounts_hold(d.a, &who));
    assert_false(accounts_hold(d.a, &who));
    assert_true(accounts_hold(d.a, &with_token));
    d.now += 12 * 3600;
    assert_false(accounts_hold(d.a, &with_token));
    accounts_by_token(d.a, secret, &d.memory, &by, &d.f);
    assert_int_equal(by.role, ROLE_NONE);
    end(&d);
}

static bool count_event(void *count, str json) {
    (void)json;
    ++*(int *)count;
    return true;
}

static int noted(desk *d) {
    int count = 0;
    assert_int_equal(accounts_audited(d->a, 0, 1000, count_event, &count, &d->f), STATUS_OK);
    return count;
}

/* Nobody fills the disk by tries that are made to wait. */
static void test_tries_that_wait_are_not_noted(void **state) {
    (void)state;
    desk d;
    begin(&d);
    char secret[65];
    accounts_setup_secret(d.a, secret);
    for (int i = 0; i < 50; i++)
        accounts_setup(d.a, STR("wrong"), STR("Eve"), PASSWORD, HOME, &d.memory, &d.answer, &d.f);
    assert_int_equal(d.answer.verdict, ACCESS_LATER);
    assert_int_equal(noted(&d), 5);
    for (int i = 0; i < 50; i++)
        login(&d, STR("Eve"), PASSWORD, HOME);
    assert_int_equal(noted(&d), 10);
    end(&d);
}

static void run_sql(desk *d, const char *sql) {
    sqlite lib = {0};
    sqlite3 *db;
    assert_int_equal(sqlite_load(&lib, &d->f), STATUS_OK);
    assert_int_equal(lib.open_v2(d->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(lib.exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    lib.close_v2(db);
    sqlite_unload(&lib);
}

/* Where the audit log cannot be written, nothing is changed. */
static void test_nothing_stands_that_is_not_noted(void **state) {
    (void)state;
    desk d;
    begin(&d);
    add(&d, STR("Amal"), ROLE_ADMIN, PASSWORD);
    add(&d, STR("Rima"), ROLE_REVIEWER, PASSWORD);
    login(&d, STR("Rima"), PASSWORD, HOME);
    str session = d.answer.secret, token, id, omar;
    access_who who = who_by(&d, session), by;
    token_add(d.a, &who, HOME, STR("mine"), SCOPE_READ, 0, &d.memory, &d.answer, &d.f);
    token = d.answer.secret, id = d.answer.id;
    int before = noted(&d);
    run_sql(&d, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END");
    const account_change lower = {.role = ROLE_READER}, shut = {.disabled = 1};
    access_answer *o = &d.answer;
    assert_int_not_equal(account_add(d.a, &who, HOME, STR("Omar"), ROLE_READER, PASSWORD, &d.memory, o, &d.f),
                         0);
    assert_int_not_equal(account_change_it(d.a, &who, HOME, who.id, &lower, &d.memory, o, &d.f), 0);
    assert_int_not_equal(account_change_it(d.a, &who, HOME, who.id, &shut, &d.memory, o, &d.f), 0);
    assert_int_not_equal(
        account_password(d.a, &who, HOME, PASSWORD, STR("nine lanterns on the quay"), &d.memory, o, &d.f), 0);
    assert_int_not_equal(account_remove(d.a, &who, HOME, who.id, o, &d.f), 0);
    assert_int_not_equal(token_add(d.a, &who, HOME, STR("other"), SCOPE_READ, 0, &d.memory, o, &d.f), 0);
    assert_int_not_equal(token_remove(d.a, &who, HOME, id, false, o, &d.f), 0);
    assert_int_not_equal(accounts_logout(d.a, &who, HOME, &d.f), 0);
    assert_int_not_equal(accounts_set(d.a, &who, HOME, "public", STR("1"), &d.f), 0);
    run_sql(&d, "DROP TRIGGER full");
    assert_int_equal(noted(&d), before);
    assert_int_equal(who_by(&d, session).role, ROLE_REVIEWER);
    accounts_by_token(d.a, token, &d.memory, &by, &d.f);
    assert_int_equal(by.role, ROLE_REVIEWER);
    assert_false(accounts_public(d.a));
    account_named(d.a, STR("Omar"), &d.memory, &omar, &d.f);
    assert_null(omar.data);
    d.now += 3600;
    assert_int_equal(login(&d, STR("Rima"), PASSWORD, HOME), ACCESS_YES);
    assert_int_equal(token_remove(d.a, &who, HOME, id, false, o, &d.f), STATUS_OK);
    assert_int_equal(o->verdict, ACCESS_YES);
    assert_int_equal(noted(&d), before + 2);
    end(&d);
}

static const char *unfit(desk *d, str name) {
    str kept, folded;
    return access_name_fit(name, &d->memory, &kept, &folded);
}

static void test_hostile_names(void **state) {
    (void)state;
    desk d;
    begin(&d);
    static const str refused[] = {{"", 0},
                                  {"   ", 3},
                                  {"a\0b", 3},
                                  {"\xff", 1},
                                  {"\xc3", 1},
                                  {"\xed\xa0\x80", 3},
                                  {"a\xe2\x80\xae"
                                   "b",
                                   5},
                                  {"\xef\xbb\xbf", 3},
                                  {"\xe2\x80\x8b", 3},
                                  {"a\nb", 3},
                                  {"\xf3\xa0\x81\x81", 4},
                                  {"\xd8\x9c", 2}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_non_null(unfit(&d, refused[i]));
    assert_null(unfit(&d, STR("'; DROP TABLE account; --")));
    assert_null(unfit(&d, STR("ريم الشامي")));
    size_t large = 10u << 20;
    char *huge = malloc(large);
    assert_non_null(huge);
    memset(huge, 'a', large);
    assert_non_null(unfit(&d, (str){huge, large}));
    assert_int_equal(login(&d, (str){huge, large}, (str){huge, large}, HOME), ACCESS_NO);
    /* Whatever bytes: refused or kept, never a fault, and folding is stable. */
    unsigned seed = 20261126;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        size_t size = (size_t)rand_r(&seed) % sizeof bytes;
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)(rand_r(&seed) % 3 ? rand_r(&seed) : 0xd8 + rand_r(&seed) % 3);
        str kept, folded, again, folded_again;
        arena_reset(&d.memory);
        if (access_name_fit((str){bytes, size}, &d.memory, &kept, &folded))
            continue;
        assert_null(access_name_fit(kept, &d.memory, &again, &folded_again));
        assert_true(str_equal(kept, again) && str_equal(folded, folded_again));
    }
    free(huge);
    end(&d);
}

static void test_the_file_is_guarded(void **state) {
    (void)state;
    desk d;
    struct stat s;
    char link[128];
    accounts *other = NULL;
    begin(&d);
    assert_int_equal(stat(d.path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    accounts_close(d.a);
    assert_int_equal(chmod(d.path, 0644), 0);
    open_it(&d);
    assert_int_equal(stat(d.path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    snprintf(link, sizeof link, "%s.link", d.path);
    assert_int_equal(symlink(d.path, link), 0);
    assert_int_equal(accounts_open(link, NULL, &other, &d.f), STATUS_NO_INPUT);
    assert_int_equal(accounts_open(d.folder, NULL, &other, &d.f), STATUS_NO_INPUT);
    end(&d);
}

/* Damaged anywhere, the file is refused or used, and nothing worse. */
static void test_a_damaged_file(void **state) {
    (void)state;
    desk d;
    begin(&d);
    add(&d, STR("Rima"), ROLE_ADMIN, PASSWORD);
    accounts_close(d.a);
    unsigned seed = 7;
    for (int round = 0; round < 200; round++) {
        FILE *file = fopen(d.path, "r+b");
        assert_non_null(file);
        fseek(file, 0, SEEK_END);
        long at = rand_r(&seed) % ftell(file);
        fseek(file, at, SEEK_SET);
        int was = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(was ^ (1 << rand_r(&seed) % 8), file);
        fclose(file);
        access_who who;
        const accounts_options o = {.now = now_of, .context = &d, .alone = true};
        if (accounts_open(d.path, &o, &d.a, &d.f) == STATUS_OK) {
            bool any;
            accounts_empty(d.a, &any, &d.f);
            accounts_by_session(d.a, STR("0000000000000000000000000000000000000000000000000000000000000000"),
                                &d.memory, &who, &d.f);
            accounts_close(d.a);
        }
        d.a = NULL;
        file = fopen(d.path, "r+b");
        fseek(file, at, SEEK_SET);
        fputc(was, file);
        fclose(file);
    }
    end(&d);
}

static void *log_in_often(void *context) {
    desk *d = context;
    for (int i = 0; i < 10; i++) {
        arena memory = arena_new((allocator){0});
        access_answer answer;
        accounts_login(d->a, STR("Rima"), PASSWORD, HOME, STR_NONE, &memory, &answer, NULL);
        arena_free(&memory);
    }
    return NULL;
}

static void test_many_at_once(void **state) {
    (void)state;
    desk d;
    begin(&d);
    add(&d, STR("Rima"), ROLE_ADMIN, PASSWORD);
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_in_often, &d), 0);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    d.now += 3600;
    assert_int_equal(login(&d, STR("Rima"), PASSWORD, HOME), ACCESS_YES);
    end(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_account),
        cmocka_unit_test(test_sessions_end_by_the_clock),
        cmocka_unit_test(test_tries_wait),
        cmocka_unit_test(test_an_address_waits),
        cmocka_unit_test(test_the_first_account),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_tries_that_wait_are_not_noted),
        cmocka_unit_test(test_nothing_stands_that_is_not_noted),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_the_file_is_guarded),
        cmocka_unit_test(test_a_damaged_file),
        cmocka_unit_test(test_many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
