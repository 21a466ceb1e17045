/* What proves a ledger: its log, keys, signed heads, what verify finds, what redact leaves. */
#include "ledger_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/heads.h"
#include "ledger/log.h"
#include "ledger/redact.h"

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
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM act WHERE kind = 'merge'"), 1);
    assert_int_equal(
        number_in(t.l, "SELECT count(*) FROM log JOIN act ON log.kind = 'act' AND stands_for = sequence"
                       " AND act.leaf = log.leaf AND position = 4"),
        1);
    assert_non_null(leaves);
    ledger_removed(&t);
}

/* What schema 2 had. */
static const char without_log[] =
    "DROP INDEX incident_hidden; DROP INDEX incident_ask; CREATE INDEX incident_ask ON incident(day_from, "
    "id);"
    "DROP TABLE source; DROP TABLE seen; DROP TABLE estimate; DROP INDEX voice_source; DROP INDEX "
    "incident_waits;"
    "DROP INDEX version_outlet; ALTER TABLE incident DROP COLUMN waits; ALTER TABLE incident DROP COLUMN "
    "weight;"
    "ALTER TABLE incident DROP COLUMN since;"
    "ALTER TABLE voice DROP COLUMN source; ALTER TABLE voice DROP COLUMN base;"
    "ALTER TABLE voice DROP COLUMN heard; ALTER TABLE voice DROP COLUMN bound;"
    "ALTER TABLE voice DROP COLUMN claims; ALTER TABLE voice DROP COLUMN first;"
    "ALTER TABLE voice DROP COLUMN alone; ALTER TABLE voice DROP COLUMN against;"
    "ALTER TABLE voice DROP COLUMN sensitive; ALTER TABLE voice DROP COLUMN languages;"
    "ALTER TABLE voice DROP COLUMN day;"
    "DROP TABLE joined_leaf; DROP TABLE joined; DROP TABLE act_turn; DROP TABLE act_place; DROP TABLE "
    "act_undo; DROP TABLE past_reading;"
    "DROP INDEX claim_id; DROP INDEX act_kind; DROP INDEX act_incident;"
    "ALTER TABLE incident DROP COLUMN grade; ALTER TABLE incident DROP COLUMN assignee;"
    "ALTER TABLE incident DROP COLUMN sensitive; ALTER TABLE incident DROP COLUMN verdicts;"
    "DROP TRIGGER incident_goes; DROP TABLE incident_gone; ALTER TABLE incident DROP COLUMN admin1;"
    "ALTER TABLE incident DROP COLUMN place_id; ALTER TABLE incident DROP COLUMN place_name;"
    "ALTER TABLE incident DROP COLUMN place_name_ar; ALTER TABLE incident DROP COLUMN outlets;"
    "ALTER TABLE incident DROP COLUMN languages;"
    "DROP TRIGGER IF EXISTS act_fixed; ALTER TABLE act DROP COLUMN redaction;"
    "DROP TABLE log; DROP TABLE log_node; DROP TABLE signing_key; DROP TABLE stamp; DROP TABLE head;"
    "DROP TRIGGER capture_logged; DROP TRIGGER act_logged;"
    "DROP INDEX capture_withdrawn; DROP INDEX version_withdrawn;"
    "ALTER TABLE version DROP COLUMN withdrawn;"
    "ALTER TABLE capture DROP COLUMN withdrawn; ALTER TABLE capture DROP COLUMN length;"
    "DELETE FROM setting WHERE name = 'ledger';"
    "PRAGMA user_version = 2";

static void an_older_ledger_gets_its_log(void **state) {
    (void)state;
    only_of_a_file();
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

/* ---- keys ---- */

static void unhex(const char *hex, unsigned char *out, size_t count) {
    assert_true(bytes_unhex(str_of(hex), out, count));
}

/* RFC 8032, 7.1: tests 1 and 2. */
static void signatures_are_rfc_8032s(void **state) {
    (void)state;
    static const struct {
        const char *secret, *open, *signature;
        str message;
    } cases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25"
         "bf5f0"
         "595bbe24655141438e7a100b",
         {"", 0}},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387"
         "b2eae"
         "b4302aeeb00d291612bb0c00",
         {"\x72", 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        secret_key key;
        public_key open;
        signature want;
        unhex(cases[i].secret, key.bytes, 32);
        unhex(cases[i].open, open.bytes, 32);
        unhex(cases[i].signature, want.bytes, 64);
        assert_memory_equal(ed25519_public(&key).bytes, open.bytes, 32);
        assert_memory_equal(ed25519_sign(&key, cases[i].message).bytes, want.bytes, 64);
        assert_true(ed25519_verify(open, cases[i].message, want));
        want.bytes[3] ^= 1;
        assert_false(ed25519_verify(open, cases[i].message, want));
    }
}

static const char *beside(test_ledger *t, const char *name) {
    return arena_printf(&t->a, "%s/%s", t->folder, name).data;
}

static void write_file(const char *path, str text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
    fclose(file);
}

static void a_key_is_its_owners_alone(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    const char *path = beside(&t, "key.pem");
    secret_key made, read;
    struct stat s;
    failure f = {0};
    assert_int_equal(key_open(path, &read, &f), STATUS_NO_INPUT);
    assert_non_null(strstr(f.message, "isnad key new"));
    mode_t before = umask(0);
    assert_int_equal(key_create(path, &made, &f), STATUS_OK);
    umask(before);
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_mode & 07777, 0600);
    assert_int_equal(key_open(path, &read, &f), STATUS_OK);
    assert_memory_equal(made.bytes, read.bytes, 32);
    str text = test_file(&t.a, path);
    assert_int_equal(key_create(path, &made, &f), STATUS_USAGE);
    assert_str_equal(test_file(&t.a, path), text, "the key that was there");
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(key_open(path, &read, &f), STATUS_NO_INPUT);
        assert_non_null(strstr(f.message, "chmod 600"));
    }
    assert_int_equal(chmod(path, 0600), 0);
    write_file(path, str_slice(text, 0, text.size / 2));
    assert_int_equal(key_open(path, &read, &f), STATUS_BAD_INPUT);
    write_file(path, STR(""));
    assert_int_equal(key_open(path, &read, &f), STATUS_BAD_INPUT);
    assert_int_equal(key_open(t.folder, &read, &f), STATUS_NO_INPUT);
    unlink(path);
    ledger_removed(&t);
}

/* ---- heads ---- */

static const str NOON = {"2026-02-03T12:00:00Z", 20};

static signed_head sealed(ledger *l, const secret_key *key) {
    signed_head h;
    failure f = {0};
    if (ledger_head(l, key, NOON, &h, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return h;
}

static void gather(void *context, const char *line) {
    buffer_add(context, str_of(line));
    buffer_add_byte(context, '\n');
}

/* What verify finds wrong, a line each. */
static str faults(test_ledger *t, const signed_head *kept, size_t count, ledger_checked *out) {
    buffer b = {0};
    failure f = {0};
    ledger_checked checked;
    status code = ledger_verify(t->l, kept, count, NULL, gather, &b, &checked, &f);
    assert_true(code == STATUS_OK || code == STATUS_VERIFY_FAILED);
    assert_true((code == STATUS_OK) == (b.size == 0));
    str text = arena_copy(&t->a, buffer_str(&b));
    buffer_free(&b);
    if (out)
        *out = checked;
    return text;
}

static void assert_clean(test_ledger *t, const signed_head *kept, size_t count, ledger_grade grade) {
    ledger_checked c;
    assert_str_equal(faults(t, kept, count, &c), STR(""), "what verify found");
    assert_int_equal(c.grade, grade);
}

static void assert_fault(test_ledger *t, const signed_head *kept, const char *expected) {
    ledger_checked c;
    str found = faults(t, kept, kept ? 1 : 0, &c);
    assert_int_equal(c.grade, GRADE_CHANGED);
    if (str_find(found, str_of(expected), 0) == SIZE_MAX)
        fail_msg("expected \"%s\", found:\n%.*s", expected, STR_ARG(found));
}

static void a_head_seals_what_is_there(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    secret_key key = ed25519_new(), other = ed25519_new();
    failure f = {0};
    signed_head none;
    ledger_checked c;
    add_pages(t.l, 0, 10);
    assert_clean(&t, NULL, 0, GRADE_UNSEALED);
    signed_head first = sealed(t.l, &key), again = sealed(t.l, &key);
    assert_memory_equal(&first, &again, sizeof first);
    assert_int_equal(first.size, 21); /* the key's own leaf too */
    assert_true(head_holds(&first));
    assert_clean(&t, &first, 1, GRADE_SEALED);
    add_pages(t.l, 10, 30);
    faults(&t, &first, 1, &c);
    assert_true(c.sealed == 21 && c.leaves == 61 && c.consistent && c.grade == GRADE_SEALED);
    signed_head both[] = {first, sealed(t.l, &key)};
    assert_clean(&t, both, 2, GRADE_SEALED);
    assert_int_equal(ledger_head(t.l, &other, NOON, &none, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "isnad key rotate"));
    ledger_removed(&t);
}

static void a_key_hands_over_to_the_next(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    secret_key a = ed25519_new(), b = ed25519_new(), c = ed25519_new();
    failure f = {0};
    signed_head none;
    add_pages(t.l, 0, 3);
    signed_head heads[3] = {sealed(t.l, &a)};
    assert_int_equal(ledger_rotate(t.l, &b, &c, NOON, &f), STATUS_USAGE);
    assert_int_equal(ledger_rotate(t.l, &a, &b, NOON, &f), STATUS_OK);
    assert_int_equal(ledger_rotate(t.l, &a, &b, NOON, &f), STATUS_OK); /* as after an interruption */
    assert_int_equal(ledger_head(t.l, &a, NOON, &none, &f), STATUS_USAGE);
    heads[1] = sealed(t.l, &b);
    add_pages(t.l, 3, 5);
    assert_int_equal(ledger_rotate(t.l, &b, &c, NOON, &f), STATUS_OK);
    heads[2] = sealed(t.l, &c);
    assert_clean(&t, heads, 3, GRADE_SEALED);
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM signing_key"), 3);
    ledger_removed(&t);
}

/* Whatever byte of a head is changed, it is no head, or its signature does not hold, or it says the same. */
static void a_head_is_read_as_it_was_written(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    test_random r = test_seeded("head");
    secret_key key = ed25519_new();
    add_pages(t.l, 0, 2);
    signed_head h = sealed(t.l, &key), read = {0};
    str json = head_json(&t.a, &h);
    failure f = {0};
    assert_int_equal(head_read(json, &read, &f), STATUS_OK);
    assert_memory_equal(&h, &read, sizeof h);
    for (size_t i = 0; i < json.size; i++) {
        char *bad = arena_cstring(&t.a, json);
        bad[i] = (char)(bad[i] ^ (1 << random_below(&r, 7)));
        if (head_read((str){bad, json.size}, &read, &f) == STATUS_OK)
            assert_false(head_holds(&read));
    }
    static const char *const bad[] = {"",
                                      "{}",
                                      "[1]",
                                      "null",
                                      "{\"format\":\"isnad-head/1\"}",
                                      "{\"format\":\"isnad-head/2\"}",
                                      "\xFF",
                                      "{\"size\":1,\"size\":2}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(head_read(str_of(bad[i]), &read, &f), STATUS_BAD_INPUT);
        assert_true(strlen(f.message) > 10);
    }
    ledger_removed(&t);
}

/* ---- what verify finds ---- */

/* A ledger of some pages, an act and a signed head. */
static test_ledger made_and_sealed(const secret_key *key, signed_head *head) {
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    add_pages(t.l, 0, 40);
    const str a = STR("https://news.example/story/0"), b = STR("https://news.example/story/1");
    ledger_tie tie = {false, &a, &b, 1, 1, STR("Rima"), STR("2026-01-02T03:04:05Z")};
    assert_int_equal(ledger_bind(t.l, &tie, &f), STATUS_OK);
    link_ledger(t.l);
    *head = sealed(t.l, key);
    return t;
}

#define FREE_LOG "DROP TRIGGER log_kept; DROP TRIGGER log_fixed;"
#define FREE_ACT "DROP TRIGGER act_kept; DROP TRIGGER act_fixed;"

static const struct spoiling {
    const char *sql, *expected;
} spoilings[] = {
    {"UPDATE chunk SET data = (SELECT data FROM chunk WHERE capture = 1) WHERE capture = 2", "capture 2 (p-"},
    {"UPDATE chunk SET data = (SELECT data FROM chunk WHERE capture = 11) WHERE capture = 12",
     "the bytes no longer match their hash: expected"},
    {"UPDATE chunk SET data = x'00' WHERE capture = 3", "a chunk of capture 3 is damaged"},
    {"DELETE FROM chunk WHERE capture = 4", "capture 4 (p-"},
    {"DELETE FROM chunk WHERE capture = 4; UPDATE capture SET withdrawn = 1 WHERE sequence = 4",
     "no act of redaction names it"},
    {"UPDATE capture SET url = 'https://forged.example/' WHERE sequence = 5",
     "the leaf does not match hash, URL, time and media type"},
    {"UPDATE capture SET leaf = zeroblob(32) WHERE sequence = 5", "the log has another leaf for it"},
    {"DELETE FROM chunk WHERE capture = 6; DELETE FROM capture WHERE sequence = 6",
     "capture 6 (leaf 11 of the log): it is in the log, but not in the ledger"},
    {"UPDATE claim SET min = 1, max = 1 WHERE version = 7",
     "document https://news.example/story/6, version 1: the reading, or a claim"},
    {"DELETE FROM incident_claim; DELETE FROM claim WHERE version = 8",
     "document https://news.example/story/7"},
    {"UPDATE claim SET voice = 'the monitor' WHERE version = 9", "document https://news.example/story/8"},
    {"UPDATE version SET published = '2020-01-01' WHERE key = 10", "document https://news.example/story/9"},
    {"UPDATE version SET text = (SELECT text FROM version WHERE key = 20) WHERE key = 21",
     "the text no longer matches its hash"},
    {FREE_LOG "DELETE FROM log WHERE kind = 'reading' AND stands_for = 11", "the reading was never sealed"},
    {FREE_ACT "UPDATE act SET payload = '{}'", "act 1 (split by Rima): it is not what was sealed"},
    {FREE_ACT "UPDATE act SET who = 'Somebody'", "act 1 (split by Somebody)"},
    {FREE_ACT "DELETE FROM act_place; DELETE FROM act",
     "act 1 (leaf 80 of the log): it is in the log, but not in the ledger"},
    {FREE_LOG "DELETE FROM log WHERE position = 30", "log, leaf 30: it is missing"},
    {FREE_LOG "DELETE FROM log WHERE position = 81", "signing key 1: it is not in the log"},
    {FREE_LOG "UPDATE log SET leaf = zeroblob(32) WHERE position = 3", "capture 2 (leaf 3 of the log)"},
    {FREE_LOG "UPDATE log SET leaf = (SELECT leaf FROM log WHERE position = 1) WHERE position = 3",
     "node 0 of level 4: it is not the hash of what lies below it"},
    {"UPDATE log_node SET hash = zeroblob(32) WHERE position = 1", "node 1 of level 4"},
    {"DELETE FROM log_node WHERE position = 1", "node 1 of level 4"},
    {"INSERT INTO log_node VALUES (4, 99, zeroblob(32))", "expected 5 inner nodes, found 6"},
    {"UPDATE head SET size = 40", "signed head 1"},
    {"UPDATE head SET root = CASE WHEN root LIKE 'e%' THEN 'd' ELSE 'e' END || substr(root, 2)",
     "forged or damaged"},
    {"UPDATE head SET time = '2020-01-01T00:00:00Z'", "forged or damaged"},
    {"UPDATE signing_key SET time = '2020-01-01T00:00:00Z'", "signing key 1: its signature does not hold"},
    {"INSERT INTO signing_key(key, time, signature, leaf) SELECT key, time, signature, leaf FROM signing_key",
     "signing key 2: it does not follow the key before it"},
    {"UPDATE setting SET value = '00000000000000000000000000000000' WHERE name = 'ledger'", "signed head 1"},
};

static void each_fault_is_named(void **state) {
    (void)state;
    secret_key key = ed25519_new();
    size_t missed = 0;
    for (size_t i = 0; i < sizeof spoilings / sizeof *spoilings; i++) {
        signed_head head;
        ledger_checked c;
        test_ledger t = made_and_sealed(&key, &head);
        assert_clean(&t, &head, 1, GRADE_SEALED);
        raw_sql(t.l, spoilings[i].sql);
        str found = faults(&t, NULL, 0, &c);
        if (c.grade != GRADE_CHANGED || str_find(found, str_of(spoilings[i].expected), 0) == SIZE_MAX) {
            print_error("%s\n  expected \"%s\", found:\n%.*s", spoilings[i].sql, spoilings[i].expected,
                        STR_ARG(found));
            missed++;
        }
        ledger_removed(&t);
    }
    assert_int_equal(missed, 0);
}

/* Everything below the signature made anew, as one with the file but not the key could. */
static void forge(test_ledger *t) {
    failure f = {0};
    digest leaf = {{0}};
    arena a = arena_new((allocator){0});
    raw_sql(t->l, FREE_LOG "UPDATE capture SET time = '1999-01-01T00:00:00Z' WHERE sequence = 9");
    statement s =
        statement_made(t->l, STR("SELECT sha256, url, time, media_type FROM capture WHERE sequence = 9"), &f);
    assert_true(statement_row(&s));
    leaf = archive_leaf(take_text(&s, 0), take_text(&s, 1), take_text(&s, 2), take_text(&s, 3));
    assert_int_equal(statement_done(&s), STATUS_OK);
    str hex = digest_hex(&a, leaf, 32);
    raw_sql(t->l,
            arena_printf(&a, "UPDATE capture SET leaf = x'%.*s' WHERE sequence = 9", STR_ARG(hex)).data);
    raw_sql(t->l, arena_printf(&a, "UPDATE log SET leaf = x'%.*s' WHERE kind = 'capture' AND stands_for = 9",
                               STR_ARG(hex))
                      .data);
    raw_sql(t->l, "DELETE FROM log_node");
    assert_int_equal(log_grow(t->l, &f), STATUS_OK);
    arena_free(&a);
}

static void a_rewritten_ledger_does_not_match_its_heads(void **state) {
    (void)state;
    secret_key key = ed25519_new(), forger = ed25519_new();
    signed_head head;
    test_ledger t = made_and_sealed(&key, &head);
    forge(&t);
    assert_fault(&t, NULL,
                 "signed head 1 (2026-02-03T12:00:00Z): the first 82 leaves of the log are not those");
    /* Without its heads and keys it looks like one that was never sealed… */
    raw_sql(t.l, "DELETE FROM head");
    assert_fault(&t, &head, "kept head (82 leaves, 2026-02-03T12:00:00Z): the first 82 leaves");
    raw_sql(t.l, "DELETE FROM log WHERE kind = 'key'; DELETE FROM signing_key");
    assert_clean(&t, NULL, 0, GRADE_UNSEALED);
    assert_fault(&t, &head, "not signed by the key that the ledger had then");
    /* … and signed anew, like one that is whole: only a head kept elsewhere tells. */
    sealed(t.l, &forger);
    assert_clean(&t, NULL, 0, GRADE_SEALED);
    assert_fault(&t, &head, "not signed by the key that the ledger had then");
    ledger_removed(&t);
}

static void a_kept_head_tells_what_is_missing(void **state) {
    (void)state;
    secret_key key = ed25519_new();
    signed_head head, later, odd;
    test_ledger t = made_and_sealed(&key, &head), other = made_and_sealed(&key, &odd);
    add_pages(t.l, 40, 50);
    later = sealed(t.l, &key);
    assert_clean(&t, &head, 1, GRADE_SEALED);
    assert_fault(&t, &odd, "it is a head of another ledger");
    odd = later;
    odd.size--;
    assert_fault(&t, &odd, "its signature does not hold");
    /* An older copy in its place. */
    raw_sql(t.l, FREE_LOG
            "DELETE FROM head WHERE sequence = 2; DELETE FROM log WHERE position >= 82; DELETE FROM "
            "log_node WHERE position >= 5; DELETE FROM chunk WHERE capture > 40; DELETE FROM capture "
            "WHERE sequence > 40; DELETE FROM incident; DELETE FROM claim WHERE version > 40; DELETE FROM "
            "version WHERE key > 40");
    assert_clean(&t, &head, 1, GRADE_SEALED);
    assert_fault(&t, &later, "it sealed 102 leaves, the log has 82: leaves 82 to 101 are missing");
    ledger_removed(&t);
    ledger_removed(&other);
}

/* ---- redaction ---- */

/* Readings of the golden cases, each with its text as the capture. */
static void add_case(test_ledger *t, const char *name) {
    str *lines;
    failure f = {0};
    str all = test_file(
        &t->a, test_path(&t->a, arena_printf(&t->a, "tests/ledger/cases/%s/readings.jsonl", name).data));
    size_t n = lines_of(&t->a, all, &lines);
    for (size_t i = 0; i < n; i++) {
        article p;
        reading r;
        assert_int_equal(reading_load(lines[i], &t->a, &p, &r, &f), STATUS_OK);
        p.sha256 = STR_NONE;
        capture c = {.bytes = p.text,
                     .url = p.url,
                     .media_type = STR("text/plain"),
                     .time = STR("2021-05-04T10:00:00Z")};
        if (ledger_add(t->l, &c, &r, lines[i], NULL, &f) != STATUS_OK)
            fail_msg("%s", f.message);
    }
    assert_int_equal(ledger_commit(t->l, &f), STATUS_OK);
    link_ledger(t->l);
}

static str text_now(test_ledger *t, uint64_t version) {
    statement s = statement_of(t->l, "SELECT text, text_size FROM version WHERE key = ?", NULL);
    give_number(&s, (int64_t)version);
    assert_true(statement_row(&s));
    str text = archive_inflate(&t->a, take_blob(&s, 0), (size_t)take_number(&s, 1));
    assert_int_equal(statement_done(&s), STATUS_OK);
    return text;
}

/* Whatever the stretch: positions, claims and their ids stay, nothing else of the text changes, all is
 * sealed. */
static void any_span_can_be_blacked_out(void **state) {
    (void)state;
    static const char *const cases[] = {"copies", "versions", "denial", "translation"};
    test_random r = test_seeded("spans");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_ledger t = ledger_made(NULL);
        failure f = {0};
        add_case(&t, cases[i]);
        uint64_t captures = number_in(t.l, "SELECT count(*) FROM capture");
        uint64_t claims = number_in(t.l, "SELECT sum(length(id) + number + min + evidence_end) FROM claim");
        for (size_t round = 0; round < test_rounds(6); round++) {
            uint64_t which = 1 + random_below(&r, captures);
            str id = arena_printf(&t.a, "%llu", (unsigned long long)which);
            uint64_t version = number_in(
                t.l,
                arena_printf(&t.a, "SELECT version FROM capture WHERE sequence = %.*s", STR_ARG(id)).data);
            str before = text_now(&t, version);
            text_points points = points_of(&t.a, before);
            int64_t from = (int64_t)random_below(&r, points.count);
            int64_t to = from + 1 + (int64_t)random_below(&r, points.count - (size_t)from);
            ledger_redaction what = {id, true, from, to, STR("Rima"), STR("a name"), NOON};
            ledger_redacted out;
            if (ledger_redact(t.l, &what, &t.a, &out, &f) != STATUS_OK)
                fail_msg("%s: %lld-%lld: %s", cases[i], (long long)from, (long long)to, f.message);
            link_ledger(t.l);
            assert_int_equal(ledger_scrub(t.l, &f), STATUS_OK);
            text_points after = points_of(&t.a, text_now(&t, version));
            assert_int_equal(after.count, points.count);
            assert_str_equal(points_between(&after, 0, from), points_between(&points, 0, from),
                             "before the stretch");
            assert_str_equal(points_between(&after, to, (int64_t)after.count),
                             points_between(&points, to, (int64_t)after.count), "behind it");
            str black = points_between(&after, from, to);
            for (size_t at = 0; at < black.size; at += black.data[at] == '\n' ? 1 : 3)
                assert_true(black.data[at] == '\n' ||
                            str_starts(str_slice(black, at, black.size), STR("\xE2\x96\x88")));
            assert_int_equal(
                number_in(t.l, "SELECT sum(length(id) + number + min + evidence_end) FROM claim"), claims);
            assert_clean(&t, NULL, 0, GRADE_UNSEALED);
        }
        ledger_removed(&t);
    }
}

static void a_redaction_says_who_and_why(void **state) {
    (void)state;
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    ledger_redacted out;
    add_pages(t.l, 0, 3);
    static const ledger_redaction bad[] = {
        {{"1", 1}, false, 0, 0, {" ", 1}, {"why", 3}, {"2026-02-03T12:00:00Z", 20}},
        {{"1", 1}, false, 0, 0, {"who", 3}, {"", 0}, {"2026-02-03T12:00:00Z", 20}},
        {{"1", 1}, true, 5, 5, {"who", 3}, {"why", 3}, {"2026-02-03T12:00:00Z", 20}},
        {{"1", 1}, true, -1, 5, {"who", 3}, {"why", 3}, {"2026-02-03T12:00:00Z", 20}},
        {{"1", 1}, true, 5, INT64_MAX, {"who", 3}, {"why", 3}, {"2026-02-03T12:00:00Z", 20}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ledger_redact(t.l, &bad[i], &t.a, &out, &f), STATUS_USAGE);
    ledger_redaction what = {STR("4"), false, 0, 0, STR("Rima"), STR("a \"name\"\nand more"), NOON};
    assert_int_equal(ledger_redact(t.l, &what, &t.a, &out, &f), STATUS_NOT_FOUND);
    assert_int_equal(number_in(t.l, "SELECT count(*) FROM act"), 0);
    what.capture = STR("https://news.example/story/2");
    assert_int_equal(ledger_redact(t.l, &what, &t.a, &out, &f), STATUS_OK);
    assert_true(out.captures == 1 && out.text && out.version == 1);
    assert_fault(&t, NULL, "may still lie in freed pages");
    /* Whoever opens it next finishes what was interrupted. */
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    t.l = ledger_reopened(t.path, LEDGER_WRITE);
    link_ledger(t.l);
    assert_clean(&t, NULL, 0, GRADE_UNSEALED);
    str json;
    assert_int_equal(ledger_withdrawals(t.l, &t.a, &json, &f), STATUS_OK);
    assert_true(
        str_find(
            json,
            STR("\"who\":\"Rima\",\"time\":\"2026-02-03T12:00:00Z\",\"why\":\"a \\\"name\\\"\\nand more\""),
            0) != SIZE_MAX);
    /* Bytes may not be missing without an act, nor be there in spite of one. */
    raw_sql(t.l, "UPDATE capture SET withdrawn = 1 WHERE sequence = 1");
    assert_fault(&t, NULL, "no act of redaction names it");
    raw_sql(t.l, "UPDATE capture SET withdrawn = NULL WHERE sequence = 1; UPDATE chunk SET capture = 3 WHERE "
                 "capture = 1");
    assert_fault(&t, NULL, "it was withdrawn, but bytes of it are still there");
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_log_grows_with_the_ledger),
        cmocka_unit_test(what_was_there_already_is_not_logged_again),
        cmocka_unit_test(an_act_is_logged),
        cmocka_unit_test(an_older_ledger_gets_its_log),
        cmocka_unit_test(signatures_are_rfc_8032s),
        cmocka_unit_test(a_key_is_its_owners_alone),
        cmocka_unit_test(a_head_seals_what_is_there),
        cmocka_unit_test(a_key_hands_over_to_the_next),
        cmocka_unit_test(a_head_is_read_as_it_was_written),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(a_rewritten_ledger_does_not_match_its_heads),
        cmocka_unit_test(a_kept_head_tells_what_is_missing),
        cmocka_unit_test(any_span_can_be_blacked_out),
        cmocka_unit_test(a_redaction_says_who_and_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
