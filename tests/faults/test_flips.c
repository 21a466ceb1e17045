/* One bit of a ledger's file turned over, wherever it is. The ledger is refused, or `verify` finds it, or it
 * is in what follows from the rest and `check` finds it; or else it holds nothing: then every row of every
 * table, the schema and the version are what they were (free pages, room between rows, and counters of
 * SQLite's own that nobody reads). Nothing crashes or hangs. SQLite's file alone: another store has its own.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../ledger/ledger_support.h"
#include "fault_disk.h"
#include "ledger/check.h"
#include "ledger/heads.h"
#include "ledger/redact.h"
#include "ledger/sqlite.h"
#include "ledger/store.h"

#define PLACE "/disk/test.ledger"
enum { PAGES = 20 };

static ledger_options on_disk(void) {
    return (ledger_options){.vfs = STR(DISK_VFS)};
}

static void good(status code, const failure *f) {
    if (code != STATUS_OK)
        fail_msg("%s", f->message);
}

/* ---- a ledger with something in every table ---- */

static void keep_id(void *context, str json) {
    str *id = context;
    if (!id->size) {
        id->size = str_find(json, STR("\","), 8) - 8;
        memcpy((char *)(uintptr_t)id->data, json.data + 8, id->size);
    }
}

static bool take_id(void *context, str json) {
    keep_id(context, json);
    return true;
}

static void say(ledger *l, const char *kind, str id, const str *values, size_t count) {
    failure f = {0};
    ledger_act act = {.kind = str_of(kind),
                      .who = STR("Rima"),
                      .time = STR("2026-01-02T03:04:05Z"),
                      .ids = &id,
                      .id_count = id.size ? 1 : 0,
                      .values = values,
                      .value_count = count};
    good(ledger_review(l, &act, NULL, &f), &f);
}

static void review(ledger *l, const char *kind, str id, const char *value) {
    str given = str_of(value);
    say(l, kind, id, &given, value ? 1 : 0);
}

/* A voice is named, a claim added. */
static void name_and_add(ledger *l, arena *a) {
    const str added[] = {STR("document=https://news.example/story/12"), STR("start=23"), STR("end=25"),
                         STR("effect=injured"), STR("count=13")};
    failure f = {0};
    statement s = statement_of(l, "SELECT min(key) FROM source", &f);
    str key = statement_row(&s) ? arena_copy(a, take_text(&s, 0)) : STR_NONE;
    good(statement_done(&s), &f);
    review(l, "name", key, "name=The police of the town");
    say(l, "add", STR_NONE, added, sizeof added / sizeof *added);
}

static void fill(ledger *l) {
    char room[64];
    str id = {room, 0};
    failure f = {0};
    arena a = arena_new((allocator){0});
    secret_key key;
    signed_head head;
    ledger_redacted redacted;
    ledger_filter all = ledger_filter_all();
    memset(&key, 7, sizeof key);
    for (unsigned i = 0; i < PAGES; i++)
        good(add_page_number(l, i, NULL, &f), &f);
    good(ledger_commit(l, &f), &f);
    good(store_execute(l,
                       "INSERT INTO tombstone VALUES ('i-00000000000000000000000000000001', '[]');"
                       "INSERT INTO past_reading SELECT key, 1, engine, '2026-01-01T00:00:00Z', reading,"
                       " reading_size FROM version WHERE key < 4",
                       &f),
         &f);
    good(ledger_link(l, NULL, &f), &f);
    good(ledger_query(l, LEDGER_SUMMARIES, &all, take_id, &id, &f), &f);
    review(l, "grade", id, "fair");
    review(l, "comment", id, "seen by two");
    review(l, "undo", STR("2"), NULL);
    name_and_add(l, &a);
    ledger_redaction what = {
        .capture = STR("5"), .who = STR("Rima"), .why = STR("a name"), .time = STR("2026-01-02T03:04:06Z")};
    good(ledger_redact(l, &what, &a, &redacted, &f), &f);
    good(ledger_link(l, NULL, &f), &f);
    good(ledger_scrub(l, &f), &f);
    good(ledger_head(l, &key, STR("2026-01-02T03:04:07Z"), &head, &f), &f);
    good(ledger_link(l, NULL, &f), &f);
    arena_free(&a);
}

static disk_image *made(void) {
    ledger *l;
    failure f = {0};
    ledger_options options = on_disk();
    disk_clear();
    good(ledger_open(PLACE, LEDGER_CREATE, &options, &l, &f), &f);
    fill(l);
    good(ledger_close(l, &f), &f);
    return disk_keep();
}

/* ---- what it holds ---- */

static void add_row(const sqlite *lib, sqlite3_stmt *s, int columns, bool blobs, buffer *b) {
    for (int i = 0; i < columns; i++) {
        int type = lib->column_type(s, i);
        if (type == SQLITE_BLOB && !blobs)
            continue;
        const void *bytes = lib->column_blob(s, i);
        int size = lib->column_bytes(s, i);
        buffer_printf(b, "%d:%d:", type, size);
        buffer_add(b, (str){bytes, bytes ? (size_t)size : 0});
    }
    buffer_add_byte(b, '\n');
}

static bool add_all(const sqlite *lib, sqlite3 *db, const char *sql, bool blobs, buffer *b) {
    sqlite3_stmt *s = NULL;
    int code = lib->prepare_v2(db, sql, -1, &s, NULL);
    int columns = 0;
    for (const char *c = sql; *c; c++)
        columns += *c == '"';
    columns = columns / 2 ? columns / 2 - 1 : 1;
    while (code == SQLITE_OK && (code = lib->step(s)) == SQLITE_ROW) {
        add_row(lib, s, columns, blobs, b);
        code = SQLITE_OK;
    }
    lib->finalize(s);
    return code == SQLITE_DONE;
}

/* The tables and their columns, as a query for each, one a line. */
static const char tables_sql[] =
    "SELECT 'SELECT ' || (SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(t.name)) || ' "
    "FROM \"' ||"
    " name || '\"' FROM sqlite_schema AS t WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND (?1 "
    "OR name NOT LIKE 'words!_%' ESCAPE '!') ORDER BY name";
static const char schema_sql[] =
    "SELECT \"type\", \"name\", \"tbl_name\", \"sql\" FROM \"sqlite_schema\" ORDER BY type, name";

/* False: it cannot be read to the end. `all`: the pages of the index of words and what is packed, too. */
static bool contents(bool all, buffer *out) {
    sqlite lib;
    sqlite3 *db = NULL;
    failure f = {0};
    buffer queries = {0};
    good(sqlite_load(&lib, &f), &f);
    out->size = 0;
    bool whole = lib.open_v2(PLACE, &db, SQLITE_OPEN_READONLY, DISK_VFS) == SQLITE_OK &&
                 add_all(&lib, db, "PRAGMA user_version", true, out) &&
                 add_all(&lib, db, "PRAGMA application_id", true, out) &&
                 add_all(&lib, db, schema_sql, true, out);
    sqlite3_stmt *s = NULL;
    whole = whole && lib.prepare_v2(db, tables_sql, -1, &s, NULL) == SQLITE_OK;
    if (whole)
        lib.bind_int64(s, 1, all);
    int code = SQLITE_DONE;
    while (whole && (code = lib.step(s)) == SQLITE_ROW)
        whole = add_all(&lib, db, (const char *)lib.column_text(s, 0), all, out);
    whole = whole && code == SQLITE_DONE;
    lib.finalize(s);
    lib.close_v2(db);
    sqlite_unload(&lib);
    buffer_free(&queries);
    return whole;
}

static bool add_json(void *context, str json) {
    buffer_add(context, json);
    buffer_add_byte(context, '\n');
    return true;
}

/* All that is packed, unpacked. */
static bool answers(buffer *out) {
    ledger *l = NULL;
    failure f = {0};
    str json;
    ledger_options options = on_disk();
    ledger_filter all = ledger_filter_all();
    arena a = arena_new((allocator){0});
    out->size = 0;
    status code = ledger_open(PLACE, LEDGER_READ, &options, &l, &f);
    if (code == STATUS_OK)
        code = ledger_query(l, LEDGER_INCIDENTS, &all, add_json, out, &f);
    if (code == STATUS_OK)
        code = ledger_query(l, LEDGER_SUMMARIES, &all, add_json, out, &f);
    for (unsigned i = 0; i < PAGES && code == STATUS_OK; i++) {
        str id = arena_printf(&a, "https://news.example/story/%u", i);
        code = ledger_document(l, id, 0, &a, &json, &f);
        if (code == STATUS_OK)
            buffer_add(out, json);
        if (code == STATUS_OK)
            code = ledger_past_readings(l, id, add_json, out, &f);
        if (code == STATUS_OK)
            code = ledger_capture_bytes(l, i + 1, add_json, out, &f);
    }
    ledger_close(l, NULL);
    arena_free(&a);
    return code == STATUS_OK;
}

/* ---- a flip ---- */

/* ANSWERED: in the pages of the index of words, of which `check` says that every word of every text is found
 * where it stands; or in packed bytes, as one of the bits that fill up their last byte, so that they unpack
 * to what they were. */
typedef enum verdict { REFUSED, VERIFIED, CHECKED, NOTHING, ANSWERED, UNSEEN, VERDICTS } verdict;
static const char *const verdict_names[] = {"refused",    "found by verify",    "found by check",
                                            "in nothing", "changing no answer", "unseen"};

typedef struct before {
    buffer all, plain, answers;
} before;

static bool is_refusal(status code) {
    return code == STATUS_DAMAGED_LEDGER || code == STATUS_USAGE || code == STATUS_NEWER_LEDGER ||
           code == STATUS_NO_INPUT || code == STATUS_IO;
}

static void add_line(void *context, const char *text) {
    buffer_printf(context, "%s\n", text);
}

static verdict check_too(const before *was, buffer *now, buffer *said) {
    ledger *l = NULL;
    failure f = {0};
    ledger_health health = {0};
    ledger_options options = on_disk();
    if (contents(true, now) && str_equal(buffer_str(now), buffer_str(&was->all)))
        return NOTHING;
    status code = ledger_open(PLACE, LEDGER_WRITE, &options, &l, &f);
    if (code == STATUS_OK)
        code = ledger_check(l, false, add_line, said, &health, &f);
    ledger_close(l, NULL);
    if (code != STATUS_OK || health.stale)
        return CHECKED;
    if (!contents(false, now) || !str_equal(buffer_str(now), buffer_str(&was->plain)))
        return UNSEEN;
    return answers(now) && str_equal(buffer_str(now), buffer_str(&was->answers)) ? ANSWERED : UNSEEN;
}

/* Whatever else is asked of it must not crash either. */
static void ask(ledger *l) {
    arena a = arena_new((allocator){0});
    ledger_filter all = ledger_filter_all();
    buffer b = {0};
    failure f = {0};
    str json;
    ledger_facets(l, &all, &a, &json, &f);
    ledger_query(l, LEDGER_INCIDENTS, &all, take_id, &(str){arena_alloc(&a, 1 << 16), 1}, &f);
    ledger_document(l, STR("https://news.example/story/3"), 0, &a, &json, &f);
    ledger_search(l, STR("market"), 10, 0, take_id, &(str){arena_alloc(&a, 1 << 16), 1}, &f);
    buffer_free(&b);
    arena_free(&a);
}

/* What is damaged can be checked and repaired as far as it goes, and is then no worse. */
static void examine(bool repair) {
    ledger *l = NULL;
    failure f = {0};
    ledger_options options = on_disk();
    status code = ledger_open(PLACE, LEDGER_WRITE, &options, &l, &f);
    if (code == STATUS_OK)
        code = ledger_check(l, repair, NULL, NULL, NULL, &f);
    if (code != STATUS_OK && code != STATUS_VERIFY_FAILED && !is_refusal(code))
        fail_msg("checking: status %d: %s", (int)code, f.message);
    code = ledger_close(l, &f);
    if (code != STATUS_OK && !is_refusal(code))
        fail_msg("closing: status %d: %s", (int)code, f.message);
}

static verdict judge(const before *was, buffer *now, buffer *said) {
    ledger *l = NULL;
    failure f = {0};
    ledger_options options = on_disk();
    said->size = 0;
    status code = ledger_open(PLACE, LEDGER_READ, &options, &l, &f);
    if (code != STATUS_OK && !is_refusal(code))
        fail_msg("opening: status %d: %s", (int)code, f.message);
    if (code != STATUS_OK)
        return REFUSED;
    code = ledger_verify(l, NULL, 0, NULL, add_line, said, NULL, &f);
    if (code != STATUS_OK && code != STATUS_VERIFY_FAILED && !is_refusal(code))
        fail_msg("verifying: status %d: %s", (int)code, f.message);
    ask(l);
    ledger_close(l, NULL);
    return code != STATUS_OK ? VERIFIED : check_too(was, now, said);
}

static void what_differs(const buffer *a, const buffer *b) {
    size_t at = 0;
    while (at < a->size && at < b->size && a->data[at] == b->data[at])
        at++;
    size_t from = at > 100 ? at - 100 : 0;
    print_error("was: %.*s\nis:  %.*s\n", (int)(a->size - from < 200 ? a->size - from : 200), a->data + from,
                (int)(b->size - from < 200 ? b->size - from : 200), b->data + from);
}

/* Anywhere, but three times in four where there is something: most of a small ledger is room. */
static uint64_t some_bit(test_random *r) {
    bool anywhere = random_below(r, 4) == 0;
    uint64_t bit = random_next(r) % disk_bits();
    while (!anywhere && disk_is_zero(bit))
        bit = random_next(r) % disk_bits();
    return bit;
}

static void a_flipped_bit_is_found_or_holds_nothing(void **state) {
    (void)state;
    size_t rounds = test_rounds(80);
    test_random r = test_seeded("flipped bits");
    disk_image *image = made();
    uint64_t counts[VERDICTS] = {0};
    before was = {0};
    buffer now = {0}, said = {0};
    assert_true(contents(true, &was.all) && contents(false, &was.plain) && answers(&was.answers));
    disk_put_back(image);
    assert_int_equal(judge(&was, &now, &said), NOTHING);
    const char *only = getenv("ISNAD_FLIP");
    for (size_t i = 0; i < rounds; i++) {
        disk_put_back(image);
        uint64_t bit = only ? strtoull(only, NULL, 10) : some_bit(&r);
        disk_flip(bit);
        verdict v = judge(&was, &now, &said);
        counts[v]++;
        if (v == VERIFIED && i % 4 == 0)
            examine(i % 8 == 0);
        if (v == UNSEEN) {
            what_differs(&was.plain, &now);
            print_error("bit %llu (page %llu, byte %llu of it): nobody sees it (ISNAD_FLIP=%llu)\n",
                        (unsigned long long)bit, (unsigned long long)(bit / 8 / 8192 + 1),
                        (unsigned long long)(bit / 8 % 8192), (unsigned long long)bit);
        }
        if (only) {
            print_message("%s\n%.*s", verdict_names[v], STR_ARG(buffer_str(&said)));
            break;
        }
    }
    print_message("soak: flipped bits: %zu in %llu bytes: ", rounds, (unsigned long long)(disk_bits() / 8));
    for (size_t i = 0; i < VERDICTS; i++)
        print_message("%llu %s, ", (unsigned long long)counts[i], verdict_names[i]);
    print_message("seed %llu\n", (unsigned long long)r.seed);
    buffer_free(&was.all);
    buffer_free(&was.plain);
    buffer_free(&was.answers);
    buffer_free(&now);
    buffer_free(&said);
    disk_image_free(image);
    assert_int_equal(counts[UNSEEN], 0);
}

int main(void) {
    disk_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_bit_is_found_or_holds_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    disk_clear();
    return failed;
}
