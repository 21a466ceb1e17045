/* The store: what is kept, what happens when things go wrong. */
#include "ledger_support.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sha256.h"
#include "ledger/check.h"
#include "ledger/query.h"
#include "ledger/store.h"
#include "ledger/teams.h"

static ledger_checked verified(ledger *l, status expected) {
    ledger_checked out = {0};
    failure f = {0};
    assert_int_equal(ledger_verify(l, NULL, 0, NULL, NULL, NULL, &out, &f), expected);
    return out;
}

/* ---- adding ---- */

static void adding_twice_adds_nothing(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    ledger_added added;
    failure f = {0};
    assert_int_equal(add_page_number(t.l, 3, &added, &f), STATUS_OK);
    assert_true(added.new_capture && added.new_document && added.new_version);
    assert_string_equal(added.document, "https://news.example/story/3");
    assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
    link_ledger(t.l);
    str before = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a);
    assert_int_equal(add_page_number(t.l, 3, &added, &f), STATUS_OK);
    assert_false(added.new_capture || added.new_document || added.new_version);
    ledger_linked linked;
    assert_int_equal(ledger_link(t.l, &linked, &f), STATUS_OK);
    assert_int_equal(linked.changed, 0);
    assert_str_equal(rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), before, "incidents after adding twice");
    assert_int_equal(verified(t.l, STATUS_OK).captures, 1);
    ledger_removed(&t);
}

static void a_capture_comes_back_as_it_was(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    size_t size = 3 * 1024 * 1024 + 17;
    char *bytes = arena_alloc(&t.a, size);
    test_random r = test_seeded("capture");
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)random_next(&r);
    article p = {.text = STR("words"), .language = STR("en")};
    reading empty = {.article = &p};
    capture c = {.bytes = {bytes, size}, .media_type = STR("text/html")};
    ledger_added added;
    failure f = {0};
    assert_int_equal(ledger_add(t.l, &c, &empty, STR("{}"), &added, &f), STATUS_OK);
    assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
    ledger_checked checked = verified(t.l, STATUS_OK);
    assert_int_equal(checked.bytes, size);
    ledger_removed(&t);
}

/* A leaf of RFC 6962: SHA-256 over a zero byte and the entry's four lines. */
static void the_leaf_is_what_is_written(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    digest leaf = archive_leaf(STR("ab"), STR("http://x/\n"), STR_NONE, STR("text/html"));
    digest want = sha256((str){"\0ab\nhttp://x/\\n\n\ntext/html\n", 27});
    assert_memory_equal(leaf.bytes, want.bytes, 32);
    arena_free(&a);
}

static void a_changed_capture_is_found(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(add_page_number(t.l, i, NULL, &f), STATUS_OK);
    assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
    raw_sql(t.l, "UPDATE chunk SET data = (SELECT data FROM chunk WHERE capture = 1) WHERE capture = 2");
    assert_int_equal(verified(t.l, STATUS_VERIFY_FAILED).wrong, 1);
    raw_sql(t.l, "UPDATE capture SET url = 'https://other.example/' WHERE sequence = 3");
    assert_int_equal(verified(t.l, STATUS_VERIFY_FAILED).wrong, 2);
    ledger_removed(&t);
}

static void tracking_does_not_make_another_document(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    static const char *const urls[] = {"https://News.Example/a?id=1&utm_source=x",
                                       "https://news.example:443/a?fbclid=q&id=1#c",
                                       "https://news.example/a?id=2"};
    static const char *const ids[] = {"https://news.example/a?id=1", "https://news.example/a?id=1",
                                      "https://news.example/a?id=2"};
    for (size_t i = 0; i < 3; i++) {
        article p = {.text = STR("words"), .url = str_of(urls[i])};
        reading r = {.article = &p};
        ledger_added added;
        assert_int_equal(ledger_add(t.l, NULL, &r, STR("{}"), &added, NULL), STATUS_OK);
        assert_string_equal(added.document, ids[i]);
    }
    ledger_removed(&t);
}

/* ---- files that are no good ---- */

static status opened(const char *path, ledger_mode mode, failure *f) {
    ledger *l = NULL;
    status code = ledger_open(path, mode, NULL, &l, f);
    ledger_close(l, NULL);
    return code;
}

static void a_newer_ledger_is_left_alone(void **state) {
    (void)state;
    only_of_a_file();
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    raw_sql(t.l, "PRAGMA user_version = 99");
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = NULL;
    assert_int_equal(opened(t.path, LEDGER_WRITE, &f), STATUS_NEWER_LEDGER);
    assert_non_null(strstr(f.message, "newer version"));
    assert_int_equal(opened(t.path, LEDGER_READ, &f), STATUS_NEWER_LEDGER);
    ledger_removed(&t);
}

static void write_at(const char *path, long offset, const char *bytes, size_t size) {
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void a_damaged_ledger_is_refused(void **state) {
    (void)state;
    only_of_a_file();
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    char rubbish[4096];
    memset(rubbish, 0x5A, sizeof rubbish);
    for (unsigned i = 0; i < 40; i++)
        assert_int_equal(add_page_number(t.l, i, NULL, &f), STATUS_OK);
    link_ledger(t.l);
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = NULL;
    write_at(t.path, 8192 * 3, rubbish, sizeof rubbish);
    ledger *l = NULL;
    status code = ledger_open(t.path, LEDGER_READ, NULL, &l, &f);
    if (code == STATUS_OK)
        code = ledger_verify(l, NULL, 0, NULL, NULL, NULL, NULL, &f);
    assert_true(code == STATUS_DAMAGED_LEDGER || code == STATUS_VERIFY_FAILED);
    ledger_close(l, NULL);
    write_at(t.path, 100, rubbish, sizeof rubbish);
    assert_int_equal(opened(t.path, LEDGER_WRITE, &f), STATUS_DAMAGED_LEDGER);
    write_at(t.path, 0, rubbish, sizeof rubbish);
    assert_int_equal(opened(t.path, LEDGER_WRITE, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, t.path));
    ledger_removed(&t);
}

/* Read as nobody: to root every file is writable. */
static void read_what_lies_still(const char *path) {
    if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
        _exit(2);
    ledger *l = NULL;
    failure f = {0};
    arena a = arena_new((allocator){0});
    str json;
    bool good = ledger_open(path, LEDGER_READ, NULL, &l, &f) == STATUS_OK &&
                ledger_statistics(l, &a, &json, &f) == STATUS_OK &&
                str_find(json, STR("\"captures\":3"), 0) != SIZE_MAX &&
                ledger_verify(l, NULL, 0, NULL, NULL, NULL, NULL, &f) == STATUS_OK;
    if (!good)
        fprintf(stderr, "%s\n", f.message);
    ledger_close(l, NULL);
    arena_free(&a);
    _exit(good ? 0 : 1);
}

static void what_nobody_may_write_can_be_read(void **state) {
    (void)state;
    only_of_a_file();
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(add_page_number(t.l, i, NULL, &f), STATUS_OK);
    link_ledger(t.l);
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = NULL;
    char odd[128];
    snprintf(odd, sizeof odd, "%s/a ?%%#b.ledger", t.folder);
    assert_int_equal(rename(t.path, odd), 0);
    assert_int_equal(chmod(odd, 0444), 0);
    assert_int_equal(chmod(t.folder, 0555), 0);
    pid_t child = fork();
    if (child == 0)
        read_what_lies_still(odd);
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(chmod(t.folder, 0700), 0);
    assert_int_equal(rename(odd, t.path), 0);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    ledger_removed(&t);
}

static void random_damage_never_crashes(void **state) {
    (void)state;
    only_of_a_file();
    test_random r = test_seeded("damage");
    for (size_t round = 0; round < test_rounds(12); round++) {
        test_ledger t = ledger_made(NULL);
        failure f = {0};
        for (unsigned i = 0; i < 10; i++)
            assert_int_equal(add_page_number(t.l, i, NULL, &f), STATUS_OK);
        link_ledger(t.l);
        assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
        t.l = NULL;
        for (size_t i = 0; i < 30; i++) {
            char byte = (char)random_next(&r);
            write_at(t.path, (long)random_below(&r, 200000), &byte, 1);
        }
        ledger *l = NULL;
        if (ledger_open(t.path, LEDGER_WRITE, NULL, &l, &f) == STATUS_OK) {
            arena a = arena_new((allocator){0});
            ledger_filter all = ledger_filter_all();
            str json;
            ledger_verify(l, NULL, 0, NULL, NULL, NULL, NULL, &f);
            ledger_facets(l, &all, &a, &json, &f);
            ledger_link(l, NULL, &f);
            ledger_document(l, STR("https://news.example/story/3"), 0, &a, &json, &f);
            arena_free(&a);
        }
        ledger_close(l, NULL);
        ledger_removed(&t);
    }
}

static void other_files_are_no_ledgers(void **state) {
    (void)state;
    only_of_a_file();
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    raw_sql(t.l, "PRAGMA application_id = 7");
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = NULL;
    assert_int_equal(opened(t.path, LEDGER_CREATE, &f), STATUS_USAGE);
    char said[sizeof f.message];
    memcpy(said, f.message, sizeof said);
    FILE *text = fopen(t.path, "w");
    fputs("a text of some length, which is no ledger\n", text);
    fclose(text);
    assert_int_equal(opened(t.path, LEDGER_READ, &f), STATUS_USAGE);
    assert_string_equal(f.message, said);
    assert_int_equal(opened(t.folder, LEDGER_READ, &f), STATUS_NO_INPUT);
    assert_non_null(strstr(f.message, "a folder"));
    assert_int_equal(opened(t.folder, LEDGER_CREATE, &f), STATUS_NO_INPUT);
    assert_int_equal(opened("/tmp/no-such-folder-of-isnad/x", LEDGER_CREATE, &f), STATUS_NO_INPUT);
    assert_int_equal(opened("/tmp/no-such-folder-of-isnad/x", LEDGER_READ, &f), STATUS_NO_INPUT);
    unlink(t.path);
    fclose(fopen(t.path, "w"));
    assert_int_equal(opened(t.path, LEDGER_READ, &f), STATUS_NO_INPUT);
    assert_int_equal(opened(t.path, LEDGER_CREATE, &f), STATUS_OK);
    ledger_removed(&t);
}

/* ---- crashes ---- */

static void write_until_killed(const char *path, int pipe_end) {
    ledger *l = NULL;
    failure f = {0};
    ledger_options options = {.batch_milliseconds = 5};
    if (ledger_open(path, LEDGER_CREATE, &options, &l, &f) != STATUS_OK)
        _exit(1);
    for (unsigned i = 0; i < 100000; i++) {
        if (add_page_number(l, i, NULL, &f) != STATUS_OK)
            _exit(2);
        if (i % 7 == 0 && ledger_commit(l, &f) == STATUS_OK && write(pipe_end, &i, sizeof i) != sizeof i)
            _exit(3);
    }
    _exit(0);
}

/* Killed at a random moment: every page said to be committed is there, and none is there by half. */
static void a_kill_loses_nothing_committed(void **state) {
    (void)state;
    test_random r = test_seeded("kill");
    for (size_t round = 0; round < test_rounds(6); round++) {
        test_ledger t = ledger_made(NULL);
        int ends[2];
        assert_int_equal(ledger_close(t.l, NULL), STATUS_OK);
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0)
            write_until_killed(t.path, ends[1]);
        close(ends[1]);
        usleep((useconds_t)(2000 + random_below(&r, 120000)));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        unsigned last = 0, seen;
        bool any = false;
        while (read(ends[0], &seen, sizeof seen) == sizeof seen) {
            last = seen;
            any = true;
        }
        close(ends[0]);
        t.l = ledger_reopened(t.path, LEDGER_WRITE);
        ledger_checked checked = verified(t.l, STATUS_OK);
        assert_true(!any || checked.captures > last);
        str json;
        failure f = {0};
        assert_int_equal(ledger_statistics(t.l, &t.a, &json, &f), STATUS_OK);
        str expected =
            arena_printf(&t.a, "\"documents\":%llu,\"versions\":%llu,\"claims\":%llu,",
                         (unsigned long long)checked.captures, (unsigned long long)checked.captures,
                         (unsigned long long)checked.captures);
        assert_true(str_find(json, expected, 0) != SIZE_MAX);
        ledger_removed(&t);
    }
}

/* ---- a full disk: a VFS that lets so many bytes through ---- */

static sqlite3_vfs full_vfs;
static sqlite3_vfs *real_vfs;
static int64_t room; /* bytes that may still be written; below 0: no limit */

typedef struct full_file {
    sqlite3_file base;
    sqlite3_file *real;
} full_file;

static sqlite3_file *real_of(sqlite3_file *f) {
    return ((full_file *)f)->real;
}
static int full_close(sqlite3_file *f) {
    int code = real_of(f)->pMethods ? real_of(f)->pMethods->xClose(real_of(f)) : SQLITE_OK;
    free(real_of(f));
    return code;
}
static int full_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}
static int full_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    if (room >= 0 && (room -= n) < 0) {
        room = 0;
        return SQLITE_FULL;
    }
    return real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
}
static int full_truncate(sqlite3_file *f, sqlite3_int64 n) {
    return real_of(f)->pMethods->xTruncate(real_of(f), n);
}
static int full_sync(sqlite3_file *f, int flags) {
    return real_of(f)->pMethods->xSync(real_of(f), flags);
}
static int full_size(sqlite3_file *f, sqlite3_int64 *n) {
    return real_of(f)->pMethods->xFileSize(real_of(f), n);
}
static int full_lock(sqlite3_file *f, int l) {
    return real_of(f)->pMethods->xLock(real_of(f), l);
}
static int full_unlock(sqlite3_file *f, int l) {
    return real_of(f)->pMethods->xUnlock(real_of(f), l);
}
static int full_reserved(sqlite3_file *f, int *out) {
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}
static int full_control(sqlite3_file *f, int op, void *arg) {
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}
static int full_sector(sqlite3_file *f) {
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}
static int full_traits(sqlite3_file *f) {
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}
static int full_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}
static int full_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}
static void full_barrier(sqlite3_file *f) {
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}
static int full_unmap(sqlite3_file *f, int remove) {
    return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static const sqlite3_io_methods full_methods = {
    2,           full_close, full_read,     full_write,    full_truncate, full_sync,
    full_size,   full_lock,  full_unlock,   full_reserved, full_control,  full_sector,
    full_traits, full_map,   full_shm_lock, full_barrier,  full_unmap,    NULL,
    NULL};

static int full_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
    full_file *made = (full_file *)f;
    (void)vfs;
    made->real = calloc(1, (size_t)real_vfs->szOsFile);
    int code = real_vfs->xOpen(real_vfs, name, made->real, flags, out);
    made->base.pMethods = code == SQLITE_OK ? &full_methods : NULL;
    if (code != SQLITE_OK)
        free(made->real);
    return code;
}

static sqlite3_vfs *(*find_vfs)(const char *);
static int (*register_vfs)(sqlite3_vfs *, int);
static int (*unregister_vfs)(sqlite3_vfs *);

static void *install_full_vfs(void) {
    void *library = dlopen("libsqlite3.so.0", RTLD_NOW);
    assert_non_null(library);
    *(void **)&find_vfs = dlsym(library, "sqlite3_vfs_find");
    *(void **)&register_vfs = dlsym(library, "sqlite3_vfs_register");
    *(void **)&unregister_vfs = dlsym(library, "sqlite3_vfs_unregister");
    int (*initialize)(void);
    *(void **)&initialize = dlsym(library, "sqlite3_initialize");
    initialize();
    real_vfs = find_vfs(NULL);
    full_vfs = *real_vfs;
    full_vfs.zName = "full-disk";
    full_vfs.szOsFile = sizeof(full_file);
    full_vfs.xOpen = full_open;
    full_vfs.pNext = NULL;
    assert_int_equal(register_vfs(&full_vfs, 0), SQLITE_OK);
    return library;
}

static void count_committed(void *context, const ledger_committed *report) {
    *(uint64_t *)context = report->versions_so_far;
}

/* Wherever the disk is full, the line is clear and every page reported as committed is there and whole. */
static void a_full_disk_loses_nothing_committed(void **state) {
    (void)state;
    only_of_a_file();
    void *library = install_full_vfs();
    test_random r = test_seeded("full disk");
    for (size_t round = 0; round < test_rounds(8); round++) {
        uint64_t committed = 0;
        ledger_options options = {.vfs = STR("full-disk"),
                                  .batch_milliseconds = 1,
                                  .committed = count_committed,
                                  .context = &committed};
        room = -1;
        test_ledger t = ledger_made(&options);
        failure f = {0};
        status code = STATUS_OK;
        room = (int64_t)random_below(&r, 3000000);
        for (unsigned i = 0; i < 20000 && code == STATUS_OK; i++)
            code = add_page_number(t.l, i, NULL, &f);
        assert_int_equal(code, STATUS_IO);
        assert_non_null(strstr(f.message, "the disk is full"));
        ledger_close(t.l, &f);
        room = -1;
        t.l = ledger_reopened(t.path, LEDGER_WRITE);
        ledger_checked checked = verified(t.l, STATUS_OK);
        assert_true(checked.captures >= committed);
        assert_int_equal(add_page_number(t.l, 77777, NULL, &f), STATUS_OK);
        ledger_removed(&t);
    }
    unregister_vfs(&full_vfs);
    dlclose(library);
}

/* ---- asking ---- */

static bool keep_text(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

static str case_file(arena *a, const char *name) {
    return test_file(a, test_path(a, arena_printf(a, "tests/ledger/cases/%s/readings.jsonl", name).data));
}

static void fill(test_ledger *t, const char *name) {
    str *lines;
    size_t n = lines_of(&t->a, case_file(&t->a, name), &lines);
    for (size_t i = 0; i < n; i++)
        add_reading(t->l, lines[i]);
    link_ledger(t->l);
}

static void filters_narrow(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    fill(&t, "copies");
    fill(&t, "two-incidents");
    ledger_filter f = ledger_filter_all();
    size_t all = count_rows(t.l, LEDGER_INCIDENTS, &f);
    assert_true(all >= 2);
    f.country = STR("sy");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), all);
    f.country = STR("YE");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 0);
    f = ledger_filter_all();
    f.place = STR("Tilal");
    assert_int_equal(count_rows(t.l, LEDGER_SUMMARIES, &f), 1);
    f.place = STR("تِلال الريم");
    assert_int_equal(count_rows(t.l, LEDGER_SUMMARIES, &f), 1);
    f = ledger_filter_all();
    f.effect = EFFECT_INJURED;
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 1);
    f.least = 10;
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 0);
    f = ledger_filter_all();
    f.disputed = 1;
    uint64_t disputed = 0;
    assert_int_equal(ledger_count(t.l, &f, 0, &disputed, NULL), STATUS_OK);
    assert_int_equal(disputed, count_rows(t.l, LEDGER_INCIDENTS, &f));
    f = ledger_filter_all();
    f.has_box = true;
    f.south = 35.5, f.north = 35.7, f.west = 36, f.east = 37;
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 1);
    f = ledger_filter_all();
    f.from = day_of(2021, 5, 5);
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 0);
    f = ledger_filter_all();
    f.text = STR("المجلس");
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 2);
    f.limit = 1;
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, &f), 1);
    assert_true(count_rows(t.l, LEDGER_CHAINS, NULL) >= count_rows(t.l, LEDGER_VOICES, NULL));
    ledger_removed(&t);
}

static void hostile_filters_do_no_harm(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    fill(&t, "copies");
    static const char *const nasty[] = {"'; DROP TABLE incident; --",
                                        "\"",
                                        "\"\"\"",
                                        "* NEAR( AND OR NOT",
                                        "%",
                                        "_",
                                        "\xFF\xFE",
                                        "(((",
                                        "x\" OR \"y"};
    for (size_t i = 0; i < sizeof nasty / sizeof *nasty; i++) {
        ledger_filter f = ledger_filter_all();
        f.text = f.place = f.country = f.id = f.language = str_of(nasty[i]);
        count_rows(t.l, LEDGER_INCIDENTS, &f);
        count_rows(t.l, LEDGER_DOCUMENTS, &f);
        buffer b = {0};
        ledger_search(t.l, str_of(nasty[i]), 10, 0, keep_text, &b, NULL);
        buffer_free(&b);
    }
    assert_int_equal(count_rows(t.l, LEDGER_INCIDENTS, NULL), 1);
    ledger_removed(&t);
}

static void words_are_found_however_they_are_written(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    fill(&t, "copies");
    static const char *const queries[] = {"سوق", "والسُّوق", "للسوق", "\"وادي السراب\"", "وادى السراب"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        buffer b = {0};
        failure f = {0};
        assert_int_equal(ledger_search(t.l, str_of(queries[i]), 10, 0, keep_text, &b, &f), STATUS_OK);
        assert_true(b.size > 0);
        assert_true(str_find(buffer_str(&b), STR("\"marks\": [["), 0) != SIZE_MAX);
        buffer_free(&b);
    }
    failure f = {0};
    assert_int_equal(ledger_search(t.l, STR("..."), 10, 0, keep_text, NULL, &f), STATUS_USAGE);
    ledger_removed(&t);
}

static void incidents_and_documents_by_id(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    fill(&t, "versions");
    str row = rows_of(t.l, LEDGER_INCIDENTS, NULL, &t.a), json;
    size_t at = str_find(row, STR("\"id\": \"i-"), 0) + 7;
    failure f = {0};
    assert_int_equal(ledger_incident(t.l, str_slice(row, at, at + 34), &t.a, &json, &f), STATUS_OK);
    assert_int_equal(ledger_incident(t.l, str_slice(row, at + 2, at + 10), &t.a, &json, &f), STATUS_OK);
    assert_int_equal(ledger_incident(t.l, STR("i-ffffffffff"), &t.a, &json, &f), STATUS_NOT_FOUND);
    assert_int_equal(ledger_incident(t.l, STR("7"), &t.a, &json, &f), STATUS_USAGE);
    assert_int_equal(ledger_document(t.l, STR("versions-a"), 0, &t.a, &json, &f), STATUS_OK);
    assert_true(str_find(json, STR("\"version\": 2"), 0) != SIZE_MAX);
    assert_true(str_find(json, STR("\"superseded\":2"), 0) != SIZE_MAX);
    assert_int_equal(ledger_document(t.l, STR("versions-a"), 1, &t.a, &json, &f), STATUS_OK);
    assert_int_equal(ledger_document(t.l, STR("nobody"), 0, &t.a, &json, &f), STATUS_NOT_FOUND);
    ledger_removed(&t);
}

static void an_id_that_is_no_more_leads_on(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    fill(&t, "two-incidents");
    str *lines, json;
    size_t n = lines_of(&t.a, rows_of(t.l, LEDGER_SUMMARIES, NULL, &t.a), &lines);
    assert_int_equal(n, 2);
    str first = str_slice(lines[0], 8, 8 + 34), second = str_slice(lines[1], 8, 8 + 34);
    assert_true(str_starts(first, STR("i-")));
    str sql = arena_printf(&t.a,
                           "INSERT INTO tombstone VALUES ('i-dead0001', '[\"i-dead0002\"]'),"
                           " ('i-dead0002', '[\"%.*s\", \"i-dead0001\"]'),"
                           " ('i-dead0003', '[\"%.*s\", \"%.*s\"]'), ('i-dead0004', '[]')",
                           STR_ARG(first), STR_ARG(first), STR_ARG(second));
    raw_sql(t.l, arena_cstring(&t.a, sql));
    assert_int_equal(ledger_incident(t.l, STR("dead0001"), &t.a, &json, &f), STATUS_OK);
    assert_true(str_find(json, first, 0) != SIZE_MAX);
    assert_int_equal(ledger_incident(t.l, STR("i-dead0003"), &t.a, &json, &f), STATUS_NOT_FOUND);
    assert_non_null(strstr(f.message, arena_cstring(&t.a, first)));
    assert_non_null(strstr(f.message, arena_cstring(&t.a, second)));
    assert_int_equal(ledger_incident(t.l, STR("i-dead0004"), &t.a, &json, &f), STATUS_NOT_FOUND);
    str *gone;
    n = lines_of(&t.a, rows_of(t.l, LEDGER_TOMBSTONES, NULL, &t.a), &gone);
    assert_int_equal(n, 4);
    assert_true(str_equal(gone[0], STR("{\"id\": \"i-dead0001\", \"successors\": [\"i-dead0002\"]}")));
    assert_true(str_equal(gone[3], STR("{\"id\": \"i-dead0004\", \"successors\": []}")));
    ledger_removed(&t);
}

static str exported(test_ledger *t, ledger_what what, export_options options) {
    buffer b = {0};
    ledger_filter all = ledger_filter_all();
    failure f = {0};
    if (ledger_export(t->l, what, &all, &options, keep_text, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    str out = arena_copy(&t->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static void cells_are_made_harmless(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    article p = {.id = STR("=1+1"),
                 .title = STR("@SUM(A1)\twith \"quotes\""),
                 .text = STR("words"),
                 .outlet = STR("-2")};
    reading r = {.article = &p};
    assert_int_equal(ledger_add(t.l, NULL, &r, STR("{}"), NULL, NULL), STATUS_OK);
    str safe = exported(&t, LEDGER_DOCUMENTS, (export_options){.format = EXPORT_CSV, .bom = true});
    assert_true(str_starts(safe, STR("\xEF\xBB\xBFid,version,")));
    assert_true(str_find(safe, STR("\"'=1+1\""), 0) != SIZE_MAX);
    assert_true(str_find(safe, STR("\"'@SUM(A1) with \"\"quotes\"\"\""), 0) != SIZE_MAX);
    assert_true(str_find(safe, STR(",-2,"), 0) != SIZE_MAX);
    str raw = exported(&t, LEDGER_DOCUMENTS, (export_options){.format = EXPORT_CSV, .raw = true});
    assert_true(str_find(raw, STR("\n=1+1,"), 0) != SIZE_MAX);
    ledger_removed(&t);
}

static void exports_have_their_form(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    fill(&t, "copies");
    fill(&t, "two-incidents");
    for (int what = LEDGER_INCIDENTS; what <= LEDGER_SUMMARIES; what++) {
        str csv = exported(&t, (ledger_what)what, (export_options){.format = EXPORT_CSV});
        str jsonl = exported(&t, (ledger_what)what, (export_options){.format = EXPORT_JSONL});
        size_t rows = 0, lines = 0;
        for (size_t i = 0; i < csv.size; i++)
            rows += csv.data[i] == '\n';
        for (size_t i = 0; i < jsonl.size; i++)
            lines += jsonl.data[i] == '\n';
        assert_int_equal(rows, lines + 1);
    }
    str geo = exported(&t, LEDGER_INCIDENTS, (export_options){.format = EXPORT_GEOJSON});
    assert_true(str_starts(geo, STR("{\"type\": \"FeatureCollection\"")));
    assert_true(str_find(geo, STR("\"coordinates\": [36.7, 35.9]"), 0) != SIZE_MAX);
    failure f = {0};
    ledger_filter all = ledger_filter_all();
    assert_int_equal(ledger_export(t.l, LEDGER_VOICES, &all, &(export_options){.format = EXPORT_GEOJSON},
                                   keep_text, NULL, &f),
                     STATUS_USAGE);
    ledger_removed(&t);
}

static str first_incident(test_ledger *t) {
    str *lines;
    assert_int_equal(lines_of(&t->a, rows_of(t->l, LEDGER_INCIDENTS, NULL, &t->a), &lines), 1);
    return lines[0];
}

static void an_older_ledger_is_brought_up_to_date(void **state) {
    (void)state;
    only_of_a_file();
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    assert_int_equal(add_page_number(t.l, 3, NULL, &f), STATUS_OK);
    link_ledger(t.l);
    str before = first_incident(&t);
    raw_sql(t.l, arena_cstring(&t.a, test_file(&t.a, test_path(&t.a, "tests/ledger/schema_1.sql"))));
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = NULL;
    assert_int_equal(opened(t.path, LEDGER_READ, &f), STATUS_NO_INPUT);
    t.l = ledger_reopened(t.path, LEDGER_WRITE);
    buffer found = {0};
    assert_int_equal(ledger_search(t.l, STR("markets"), 10, 0, keep_text, &found, &f), STATUS_OK);
    assert_true(found.size > 0);
    buffer_free(&found);
    link_ledger(t.l);
    assert_true(str_equal(first_incident(&t), before));
    verified(t.l, STATUS_OK);
    ledger_removed(&t);
}

/* Words of whatever form find each other, those of another word do not. */
static void forms_of_a_word_are_found(void **state) {
    (void)state;
    static const struct {
        const char *text, *query;
        bool found;
    } cases[] = {
        {"وصل الجرحى إلى المستشفى", "مستشفيات", true},
        {"قصف بالمستشفى", "مستشفى", true},
        {"ثلاثة مستشفيات", "مستشفى", true},
        {"وللمستشفيات", "المستشفى", true},
        {"بمستشفى المدينة", "مستشفى", true},
        {"ومقاتلون", "المقاتلين", true},
        {"القتلى", "قتلى", true},
        {"وبلدات الريف", "بلدة", true},
        {"three hospitals", "hospital", true},
        {"bombings", "bombed", true},
        {"the cities", "city", true},
        {"قرية", "مدينة", false},
        {"hospitality", "hospital", false},
        {"hospitality", "hospital*", true},
        {"the town hall", "\"town hall\"", true},
        {"the hall of the town", "\"town hall\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_ledger t = ledger_made(NULL);
        failure f = {0};
        buffer rows = {0};
        article p = {.text = str_of(cases[i].text), .id = STR("d")};
        reading r = {.article = &p};
        assert_int_equal(ledger_add(t.l, NULL, &r, STR("{}"), NULL, &f), STATUS_OK);
        assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
        assert_int_equal(ledger_search(t.l, str_of(cases[i].query), 10, 0, keep_text, &rows, &f), STATUS_OK);
        if ((rows.size > 0) != cases[i].found)
            fail_msg("\"%s\" in \"%s\": %s", cases[i].query, cases[i].text,
                     rows.size ? "found" : "not found");
        buffer_free(&rows);
        ledger_removed(&t);
    }
}

/* Who forgot a page's date and title gives them later: its words are indexed by what is known now. */
static void a_title_that_comes_later_is_indexed(void **state) {
    (void)state;
    for (int apart = 0; apart < 2; apart++) {
        test_ledger t = ledger_made(NULL);
        failure f = {0};
        ledger_added added;
        ledger_health health;
        buffer rows = {0};
        article p = {.text = STR("Fire in Hama\nThree people were killed on Tuesday."), .id = STR("d")};
        reading r = {.article = &p};
        assert_int_equal(ledger_add(t.l, NULL, &r, STR("{}"), NULL, &f), STATUS_OK);
        if (apart)
            assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
        p.title = STR("Fire in Hama");
        p.published = STR("2021-05-04");
        assert_int_equal(ledger_add(t.l, NULL, &r, STR("{}"), &added, &f), STATUS_OK);
        assert_true(added.dated);
        link_ledger(t.l);
        assert_int_equal(ledger_check(t.l, false, NULL, NULL, &health, &f), STATUS_OK);
        assert_int_equal(health.derived, 0);
        assert_int_equal(ledger_search(t.l, STR("hama tuesday"), 10, 0, keep_text, &rows, &f), STATUS_OK);
        assert_true(rows.size > 0);
        buffer_free(&rows);
        ledger_removed(&t);
    }
}

/* The same where another team gave them. */
static void a_title_that_another_ledger_gives_is_indexed(void **state) {
    (void)state;
    test_ledger ours = ledger_made(NULL), theirs = ledger_made(NULL);
    failure f = {0};
    ledger_merged merged;
    ledger_health health;
    article p = {.text = STR("Fire in Hama\nThree people were killed on Tuesday."), .id = STR("d")};
    reading r = {.article = &p};
    assert_int_equal(ledger_add(ours.l, NULL, &r, STR("{}"), NULL, &f), STATUS_OK);
    assert_int_equal(ledger_add(theirs.l, NULL, &r, STR("{}"), NULL, &f), STATUS_OK);
    p.title = STR("Fire in Hama");
    p.published = STR("2021-05-04");
    assert_int_equal(ledger_add(theirs.l, NULL, &r, STR("{\"title\": 1}"), NULL, &f), STATUS_OK);
    link_ledger(ours.l);
    link_ledger(theirs.l);
    if (ledger_merge(ours.l, theirs.l, &(ledger_merging){.who = STR("R")}, &merged, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_int_equal(merged.readings, 1);
    assert_int_equal(ledger_check(ours.l, false, NULL, NULL, &health, &f), STATUS_OK);
    assert_int_equal(health.derived, 0);
    ledger_removed(&ours);
    ledger_removed(&theirs);
}

/* ---- several that write at once ---- */

static ledger *one_more(const test_ledger *t) {
    static const ledger_options patient = {.batch_milliseconds = 600000};
    ledger *l = NULL;
    failure f = {0};
    if (ledger_open(t->path, LEDGER_WRITE, &patient, &l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return l;
}

static void add_number(ledger *l, unsigned number) {
    failure f = {0};
    if (add_page_number(l, number, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

static uint64_t found(test_ledger *t) {
    found_versions all;
    str words = t->l->driver->asked_words(&t->a, STR("\"market\""));
    assert_int_equal(find_versions(t->l, words, &all, NULL), STATUS_OK);
    return all.count;
}

/* Who began first and commits last is seen too, by whoever kept what was found in between. */
static void what_comes_late_is_found(void **state) {
    (void)state;
    only_of_a_server();
    test_ledger t = ledger_made(NULL);
    ledger *slow = one_more(&t), *quick = one_more(&t);
    add_number(slow, 1);
    add_number(quick, 2);
    assert_int_equal(ledger_commit(quick, NULL), STATUS_OK);
    assert_int_equal(found(&t), 1);
    assert_int_equal(ledger_commit(slow, NULL), STATUS_OK);
    assert_int_equal(found(&t), 2);
    ledger_close(slow, NULL);
    ledger_close(quick, NULL);
    ledger_removed(&t);
}

static void *add_second(void *l) {
    return add_page_number(l, 2, NULL, NULL) == STATUS_OK ? l : NULL;
}

/* A page that is there already holds its document too. */
static void two_that_add_what_is_there_do_not_wait_crosswise(void **state) {
    (void)state;
    only_of_a_server();
    test_ledger t = ledger_made(NULL);
    ledger *one = one_more(&t), *two = one_more(&t);
    pthread_t thread;
    void *went_well;
    for (unsigned number = 1; number <= 2; number++)
        add_number(t.l, number);
    assert_int_equal(ledger_commit(t.l, NULL), STATUS_OK);
    raw_sql(one, "SET deadlock_timeout = '60s'");
    raw_sql(two, "SET deadlock_timeout = '60s'");
    add_number(one, 1);
    add_number(two, 2);
    time_t began = time(NULL);
    assert_int_equal(pthread_create(&thread, NULL, add_second, one), 0);
    usleep(300000);
    add_number(two, 1);
    assert_int_equal(ledger_commit(two, NULL), STATUS_OK);
    pthread_join(thread, &went_well);
    assert_non_null(went_well);
    assert_true(time(NULL) - began < 50);
    ledger_close(one, NULL);
    ledger_close(two, NULL);
    ledger_removed(&t);
}

static void add_meanwhile(void *other, const char *what, uint64_t done, uint64_t of) {
    static bool tried;
    (void)done;
    (void)of;
    if (tried || strcmp(what, "documents") != 0)
        return;
    tried = true;
    add_page_number(other, 2, NULL, NULL);
    ledger_commit(other, NULL);
}

/* What comes in while a ledger is checked is no damage. */
static void a_check_holds_others_off(void **state) {
    (void)state;
    only_of_a_server();
    test_ledger t = ledger_made(NULL);
    ledger *other = one_more(&t), *checked = NULL;
    ledger_options options = {.progress = add_meanwhile, .context = other};
    ledger_health health;
    failure f = {0};
    add_number(t.l, 1);
    link_ledger(t.l);
    raw_sql(other, "SET lock_timeout = '50ms'");
    assert_int_equal(ledger_open(t.path, LEDGER_WRITE, &options, &checked, &f), STATUS_OK);
    if (ledger_check(checked, false, NULL, NULL, &health, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_int_equal(health.derived + health.captures + health.documents, 0);
    add_number(other, 2);
    ledger_close(other, NULL);
    ledger_close(checked, NULL);
    ledger_removed(&t);
}

/* A page is not said to be added where those before it were lost. */
static void a_batch_that_is_lost_is_told(void **state) {
    (void)state;
    only_of_a_server();
    test_ledger t = ledger_made(NULL);
    ledger *one = one_more(&t), *other = one_more(&t);
    failure f = {0};
    add_number(t.l, 2);
    assert_int_equal(ledger_commit(t.l, NULL), STATUS_OK);
    add_number(one, 1);
    raw_sql(one,
            "SET CONSTRAINTS ALL DEFERRED; UPDATE version SET copy_of = 999"); /* it cannot be committed */
    raw_sql(other,
            "SET idle_in_transaction_session_timeout = '500ms'; BEGIN; SELECT 1 FROM document FOR UPDATE");
    assert_int_not_equal(add_page_number(one, 2, NULL, &f), STATUS_OK);
    ledger_close(one, NULL);
    ledger_close(other, NULL);
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_that_comes_later_is_indexed),
        cmocka_unit_test(a_title_that_another_ledger_gives_is_indexed),
        cmocka_unit_test(what_comes_late_is_found),
        cmocka_unit_test(two_that_add_what_is_there_do_not_wait_crosswise),
        cmocka_unit_test(a_batch_that_is_lost_is_told),
        cmocka_unit_test(a_check_holds_others_off),
        cmocka_unit_test(adding_twice_adds_nothing),
        cmocka_unit_test(a_capture_comes_back_as_it_was),
        cmocka_unit_test(the_leaf_is_what_is_written),
        cmocka_unit_test(a_changed_capture_is_found),
        cmocka_unit_test(tracking_does_not_make_another_document),
        cmocka_unit_test(a_newer_ledger_is_left_alone),
        cmocka_unit_test(a_damaged_ledger_is_refused),
        cmocka_unit_test(what_nobody_may_write_can_be_read),
        cmocka_unit_test(random_damage_never_crashes),
        cmocka_unit_test(other_files_are_no_ledgers),
        cmocka_unit_test(a_kill_loses_nothing_committed),
        cmocka_unit_test(a_full_disk_loses_nothing_committed),
        cmocka_unit_test(filters_narrow),
        cmocka_unit_test(hostile_filters_do_no_harm),
        cmocka_unit_test(words_are_found_however_they_are_written),
        cmocka_unit_test(incidents_and_documents_by_id),
        cmocka_unit_test(an_id_that_is_no_more_leads_on),
        cmocka_unit_test(cells_are_made_harmless),
        cmocka_unit_test(exports_have_their_form),
        cmocka_unit_test(an_older_ledger_is_brought_up_to_date),
        cmocka_unit_test(forms_of_a_word_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
