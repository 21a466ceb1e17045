#include "ledger_support.h"

#include "base/sha256.h"
#include "ledger/postgres.h"
#include "ledger/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the store ---- */

static const char *server(void) {
    return getenv("ISNAD_TEST_SERVER");
}

void only_of_a_file(void) {
    if (server())
        skip();
}

void only_of_a_server(void) {
    if (!server())
        skip();
}

static void ask_server(const char *sql) {
    postgres p = {0};
    failure f = {0};
    char address[160];
    snprintf(address, sizeof address, "postgresql://isnad@/postgres?host=%s", server());
    assert_int_equal(postgres_load(&p, &f), STATUS_OK);
    PGconn *c = p.connectdb(address);
    PGresult *result = p.exec(c, sql);
    if (p.resultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, p.errorMessage(c));
    p.clear(result);
    p.finish(c);
    postgres_unload(&p);
}

/* The name of the database stands behind "postgresql://isnad@/". */
static void name_of_database(const test_ledger *t, char name[64]) {
    const char *from = strstr(t->path, "@/") + 2;
    snprintf(name, 64, "%.*s", (int)strcspn(from, "?"), from);
}

static void make_store(test_ledger *t) {
    static unsigned made;
    char sql[160];
    assert_non_null(mkdtemp(t->folder));
    if (!server()) {
        snprintf(t->path, sizeof t->path, "%s/test.ledger", t->folder);
        return;
    }
    snprintf(t->path, sizeof t->path, "postgresql://isnad@/test_%d_%u?host=%s", (int)getpid(), made,
             server());
    snprintf(sql, sizeof sql, "CREATE DATABASE test_%d_%u TEMPLATE isnad_template", (int)getpid(), made++);
    ask_server(sql);
}

static void remove_store(const test_ledger *t) {
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char path[200], name[64];
    if (server()) {
        name_of_database(t, name);
        snprintf(path, sizeof path, "DROP DATABASE %s WITH (FORCE)", name);
        ask_server(path);
    }
    for (size_t i = 0; !server() && i < sizeof tails / sizeof *tails; i++) {
        snprintf(path, sizeof path, "%s%s", t->path, tails[i]);
        unlink(path);
    }
    rmdir(t->folder);
}

/* A statement as the server wants it: triggers are switched off there, since to make them anew is more than a
 * test needs. */
static void put_into_dialect(buffer *b, str sql) {
    const str drop = STR("DROP TRIGGER "), exists = STR("IF EXISTS ");
    for (size_t at = 0; at < sql.size;) {
        str rest = str_slice(sql, at, sql.size);
        if (str_starts(rest, drop)) {
            at += drop.size + (str_starts(str_slice(rest, drop.size, rest.size), exists) ? exists.size : 0);
            size_t end = str_find(sql, STR(";"), at);
            end = end == SIZE_MAX ? sql.size : end;
            str name = str_slice(sql, at, end);
            buffer_printf(b, "ALTER TABLE %.*s DISABLE TRIGGER %.*s", (int)str_find(name, STR("_"), 0),
                          name.data, STR_ARG(name));
            at = end;
        } else if (str_starts(rest, STR("zeroblob(32)"))) {
            buffer_add(b, STR("decode(repeat('00', 32), 'hex')"));
            at += 12;
        } else if (str_starts(rest, STR("x'"))) {
            size_t end = str_find(sql, STR("'"), at + 2);
            buffer_printf(b, "decode('%.*s', 'hex')", STR_ARG(str_slice(sql, at + 2, end)));
            at = end + 1;
        } else {
            buffer_add_byte(b, sql.data[at++]);
        }
    }
}

void raw_sql(ledger *l, const char *sql) {
    failure f = {0};
    buffer b = {0};
    server() ? put_into_dialect(&b, str_of(sql)) : buffer_add(&b, str_of(sql));
    buffer_add_byte(&b, 0);
    if (store_execute(l, buffer_str(&b).data, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    buffer_free(&b);
}

test_ledger store_made(void) {
    test_ledger t = {.folder = "/tmp/isnad-ledger-XXXXXX", .a = arena_new((allocator){0})};
    make_store(&t);
    return t;
}

test_ledger ledger_made(const ledger_options *options) {
    test_ledger t = store_made();
    failure f = {0};
    if (ledger_open(t.path, LEDGER_CREATE, options, &t.l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return t;
}

ledger *ledger_reopened(const char *path, ledger_mode mode) {
    ledger *l = NULL;
    failure f = {0};
    if (ledger_open(path, mode, NULL, &l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return l;
}

void ledger_removed(test_ledger *t) {
    assert_int_equal(ledger_close(t->l, NULL), STATUS_OK);
    remove_store(t);
    arena_free(&t->a);
}

size_t lines_of(arena *a, str text, str **out) {
    VECTOR(str) lines = {0};
    for (size_t at = 0; at < text.size;) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.size : end;
        if (end > at)
            *VECTOR_PUSH(&lines, a) = str_slice(text, at, end);
        at = end + 1;
    }
    *out = lines.at;
    return lines.size;
}

void add_reading(ledger *l, str json) {
    arena a = arena_new((allocator){0});
    article p;
    reading r;
    failure f = {0};
    if (reading_load(json, &a, &p, &r, &f) != STATUS_OK ||
        ledger_add(l, NULL, &r, json, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    arena_free(&a);
}

void link_ledger(ledger *l) {
    failure f = {0};
    if (ledger_link(l, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

status add_page_number(ledger *l, unsigned number, ledger_added *added, failure *f) {
    arena a = arena_new((allocator){0});
    str text = arena_printf(
        &a, "Shelling on the market\n%u people were killed in Wadi al-Sarab on Tuesday, police said.",
        number + 1);
    str url = arena_printf(&a, "https://news.example/story/%u?utm_source=x#top", number);
    str bytes = arena_printf(&a, "<html><body><p>%.*s</p></body></html>", STR_ARG(text));
    article p = {.url = url,
                 .outlet = STR("Meadow Post"),
                 .title = STR("Shelling on the market"),
                 .language = STR("en"),
                 .published = STR("2021-05-04"),
                 .text = text,
                 .supported = true};
    p.sha256 = digest_hex(&a, sha256(bytes), 32);
    reading r = {.article = &p};
    claim c = {.effect = EFFECT_KILLED,
               .min = number + 1,
               .max = number + 1,
               .who_class = CLASS_UNKNOWN,
               .part_of = NONE,
               .event = EVENT_SHELLING,
               .event_index = NONE,
               .place = NONE,
               .time = NONE,
               .date = STR("2021-05-04")};
    size_t from = str_find(text, STR("\n"), 0) + 1;
    c.voice = (voice){
        {str_slice(text, text.size - 12, text.size - 6), (uint32_t)text.size - 12, (uint32_t)text.size - 6},
        VOICE_POLICE,
        STR_NONE};
    c.evidence = (span){str_slice(text, from, text.size), (uint32_t)from, (uint32_t)text.size};
    *VECTOR_PUSH(&r.claims, &a) = c;
    capture k = {.kind = CAPTURE_HTML,
                 .file = STR("test"),
                 .bytes = bytes,
                 .body = bytes,
                 .url = url,
                 .media_type = STR("text/html"),
                 .time = STR("2021-05-04T10:00:00Z")};
    status code = ledger_add(l, &k, &r, STR("{\"format\": \"isnad-reading/1\"}"), added, f);
    arena_free(&a);
    return code;
}

static bool collect(void *context, str json) {
    buffer *b = context;
    buffer_add(b, json);
    buffer_add_byte(b, '\n');
    return true;
}

str rows_of(ledger *l, ledger_what what, const ledger_filter *filter, arena *a) {
    buffer b = {0};
    failure f = {0};
    ledger_filter all = ledger_filter_all();
    if (ledger_query(l, what, filter ? filter : &all, collect, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

size_t count_rows(ledger *l, ledger_what what, const ledger_filter *filter) {
    arena a = arena_new((allocator){0});
    str *lines;
    size_t n = lines_of(&a, rows_of(l, what, filter, &a), &lines);
    arena_free(&a);
    return n;
}

test_ledger ledger_filled(const str *lines, const size_t *order, size_t n, size_t step) {
    test_ledger t = ledger_made(NULL);
    for (size_t i = 0; i < n; i++) {
        add_reading(t.l, lines[order[i]]);
        if (step && i % step == 0)
            link_ledger(t.l);
    }
    link_ledger(t.l);
    return t;
}

static int by_text(const void *x, const void *y) {
    return str_compare(*(const str *)x, *(const str *)y);
}

str sorted_text(arena *a, str *lines, size_t n) {
    buffer b = {0};
    if (n)
        qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++)
        buffer_add(&b, lines[i]);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

void shuffle(test_random *r, size_t *order, size_t n) {
    for (size_t k = n; k > 1; k--) {
        size_t other = random_below(r, k), swap = order[k - 1];
        order[k - 1] = order[other];
        order[other] = swap;
    }
}
