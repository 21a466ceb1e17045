/* Is everything as it was? From the bottom upwards: the file by SQLite's own check; what is stored against
 * its leaf (captures, readings, acts, keys); leaves against the log; the log's leaves against its inner
 * nodes; these against the signed heads, and against a head that was kept elsewhere. Each is worked out anew
 * from what lies below it, so that whoever changes one thing must change all that stand above it, up to a
 * signature that needs the private key. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "ledger/acts.h"
#include "ledger/added.h"
#include "ledger/heads.h"
#include "ledger/joined.h"
#include "ledger/log.h"
#include "ledger/redact.h"
#include "ledger/sums.h"
#include "ledger/verify.h"

const char *ledger_grade_name(ledger_grade g) {
    static const char *const names[] = {"changed or incomplete", "unsealed", "sealed",
                                        "sealed and time-stamped"};
    return names[g];
}

void verify_wrong(checking *c, str what, const char *why) {
    char text[500];
    c->out.wrong++;
    snprintf(text, sizeof text, "%.*s: %s", STR_ARG(what), why);
    if (c->line)
        c->line(c->context, text);
}

/* A call that could not read what it needed: damage is one more thing that is wrong, all else ends the run.
 */
static status damaged(checking *c, const char *what, status code, const failure *why) {
    if (code != STATUS_DAMAGED_LEDGER)
        return code == STATUS_OK ? code : fail(c->f, code, "%s", why->message);
    verify_wrong(c, str_of(what), why->message);
    return STATUS_OK;
}

/* ---- the file ---- */

static void wrong_with_store(void *context, const char *text) {
    verify_wrong(context, STR("file"), text);
}

static status check_file(checking *c) {
    uint64_t ignored = 0;
    return c->l->driver->check(c->l, wrong_with_store, c, &ignored, c->f);
}

/* Between a redaction and the cleaning of the file. */
static status check_scrubbed(checking *c) {
    bool due = false;
    status code = ledger_scrub_due(c->l, &due, c->f);
    if (code == STATUS_OK && due)
        verify_wrong(
            c, STR("file"),
            "what was withdrawn may still lie in freed pages: the next command that writes to it cleans it");
    return code;
}

/* What neither leaf nor anything else tells. */
static status check_sums(checking *c) {
    unsigned bad = 0;
    status code = sums_wrong(c->l, &bad, c->f);
    for (unsigned i = 0; i < SUMS && code == STATUS_OK; i++)
        if (bad & 1u << i)
            verify_wrong(c, str_of(sums_says(i)), "not what was there when incidents were worked out last");
    return code;
}

/* ---- acts and keys ---- */

static status check_acts(checking *c) {
    statement s = statement_of(
        c->l,
        "SELECT sequence, kind, who, time, payload, leaf, incident, claim, redaction IS NOT NULL,"
        " (SELECT json_extract(value, '$.leaf') FROM act AS by, json_each(CASE WHEN "
        "json_valid(by.payload) THEN by.payload ELSE '{}' END, '$.acts') AS each WHERE by.sequence ="
        " act.redaction AND by.kind = 'withdraw' AND by.redaction IS NULL AND"
        " coalesce(json_extract(value, '$.was') = lower(hex(act.leaf)), CAST(json_extract(value, '$.act') AS"
        " TEXT) = CAST(act.sequence AS TEXT)) LIMIT 1) FROM act ORDER BY sequence",
        c->f);
    statement_walks(&s);
    while (statement_row(&s)) {
        digest leaf;
        act_row act = {.kind = take_text(&s, 1),
                       .who = take_text(&s, 2),
                       .time = take_text(&s, 3),
                       .payload = take_text(&s, 4),
                       .incident = take_text(&s, 6),
                       .claim = take_text(&s, 7)};
        c->out.acts++;
        /* Of an act that quoted what was redacted, a later one has sealed what is left. */
        bool left = take_number(&s, 8) != 0;
        if (!take_digest(&s, 5, &leaf) ||
            (left ? !str_equal(take_text(&s, 9), digest_hex(&c->a, act_leaf(&act), sizeof leaf))
                  : !act_is_sealed(&act, leaf)))
            verify_wrong(c,
                         arena_printf(&c->a, "act %lld (%.*s by %.*s)", (long long)take_number(&s, 0),
                                      STR_ARG(take_text(&s, 1)), STR_ARG(take_text(&s, 2))),
                         "it is not what was sealed: kind, who, when or what it says was changed");
        arena_reset(&c->a);
    }
    return statement_done(&s);
}

/* Claims that reviewers added are no part of a sealed reading: they follow from acts, which are sealed. */
static void wrong_added(void *context, str id) {
    checking *c = context;
    verify_wrong(c, arena_printf(&c->a, "claim %.*s", STR_ARG(id)),
                 "it is none that was read, and not what a reviewer's act of adding says");
}

static status check_added(checking *c) {
    return added_check(c->l, wrong_added, c, c->f);
}

static bool take_key(statement *s, key_record *k) {
    str time = take_text(s, 3);
    k->first = take_null(s, 2);
    bool good = time.size < sizeof k->time && bytes_unhex(take_text(s, 1), k->key.bytes, 32) &&
                (k->first || bytes_unhex(take_text(s, 2), k->previous.bytes, 32)) &&
                bytes_unhex(take_text(s, 4), k->signature.bytes, 64);
    if (good)
        memcpy(k->time, time.data ? time.data : "", time.size);
    return good;
}

/* Each is signed by the one before it, the first by itself. */
static const char *wrong_with_key(checking *c, statement *s, const key_record *k, bool whole) {
    digest leaf, want;
    const key_since *before = c->keys.size ? &c->keys.at[c->keys.size - 1] : NULL;
    if (!whole || !key_record_holds(c->l, k, &want, NULL))
        return "its signature does not hold: it was not the key before it that let it in";
    if (k->first != !before || (before && memcmp(before->key.bytes, k->previous.bytes, 32) != 0))
        return "it does not follow the key before it";
    if (!take_digest(s, 5, &leaf) || !digest_equal(leaf, want))
        return "its leaf does not match it";
    return take_null(s, 6) ? "it is not in the log" : NULL;
}

static void remember_key(checking *c, key_since key) {
    assert(c->keys.at || c->keys.size == c->keys.capacity);
    *VECTOR_PUSH(&c->keys, &c->kept) = key;
}

static status check_keys(checking *c) {
    statement s =
        statement_of(c->l,
                     "SELECT sequence, key, previous, time, signature, signing_key.leaf, first FROM"
                     " signing_key LEFT JOIN (SELECT stands_for, min(position) AS first FROM log WHERE"
                     " kind = 'key' GROUP BY stands_for) AS x ON stands_for = sequence ORDER BY sequence",
                     c->f);
    while (statement_row(&s)) {
        key_record k = {0};
        bool whole = take_key(&s, &k);
        const char *bad = wrong_with_key(c, &s, &k, whole);
        c->out.keys++;
        if (bad)
            verify_wrong(c, arena_printf(&c->a, "signing key %lld", (long long)take_number(&s, 0)), bad);
        else
            remember_key(c, (key_since){k.key, (uint64_t)take_number(&s, 6)});
        arena_reset(&c->a);
    }
    return statement_done(&s);
}

/* ---- the log against what it stands for ---- */

/* Each gives: what, its number, the position in the log or NULL. */
static const struct log_query {
    const char *sql, *why;
} log_queries[] = {
    {"SELECT kind, stands_for, position FROM log WHERE kind NOT IN ('capture', 'reading', 'act', 'key')",
     "a leaf of no known kind"},
    {"SELECT 'capture', stands_for, position FROM log LEFT JOIN capture ON sequence = stands_for"
     " WHERE kind = 'capture' AND sequence IS NULL",
     "it is in the log, but not in the ledger: it was removed"},
    {"SELECT 'capture', stands_for, position FROM log JOIN capture ON sequence = stands_for"
     " WHERE kind = 'capture' AND log.leaf <> capture.leaf",
     "the log has another leaf for it: it was changed"},
    {"SELECT 'capture', sequence, NULL FROM capture LEFT JOIN (SELECT stands_for, count(*) AS n FROM log "
     "WHERE"
     " kind = 'capture' GROUP BY stands_for) AS x ON stands_for = sequence WHERE coalesce(n, 0) <> 1",
     "it should stand in the log once"},
    {"SELECT 'act', stands_for, position FROM log LEFT JOIN act ON sequence = stands_for"
     " WHERE log.kind = 'act' AND sequence IS NULL",
     "it is in the log, but not in the ledger: it was removed"},
    {"SELECT 'act', stands_for, position FROM log JOIN act ON sequence = stands_for"
     " WHERE log.kind = 'act' AND log.leaf <> act.leaf",
     "the log has another leaf for it: it was changed"},
    {"SELECT 'act', sequence, NULL FROM act LEFT JOIN (SELECT stands_for, count(*) AS n FROM log WHERE kind ="
     " 'act' GROUP BY stands_for) AS x ON stands_for = sequence WHERE coalesce(n, 0) <> 1",
     "it should stand in the log once"},
    {"SELECT 'key', stands_for, position FROM log LEFT JOIN signing_key ON sequence = stands_for"
     " WHERE kind = 'key' AND (sequence IS NULL OR log.leaf <> signing_key.leaf)",
     "the log has another leaf for it: it was changed or removed"},
    {"SELECT 'reading', stands_for, position FROM log LEFT JOIN version ON key = stands_for"
     " WHERE kind = 'reading' AND key IS NULL",
     "it is in the log, but not in the ledger: it was removed"},
};

static status check_leaves(checking *c) {
    status code = STATUS_OK;
    for (size_t i = 0; i < sizeof log_queries / sizeof *log_queries && code == STATUS_OK; i++) {
        statement s = statement_of(c->l, log_queries[i].sql, c->f);
        while (statement_row(&s)) {
            str where = take_null(&s, 2)
                            ? STR("")
                            : arena_printf(&c->a, " (leaf %lld of the log)", (long long)take_number(&s, 2));
            verify_wrong(c,
                         arena_printf(&c->a, "%.*s %lld%.*s", STR_ARG(take_text(&s, 0)),
                                      (long long)take_number(&s, 1), STR_ARG(where)),
                         log_queries[i].why);
            arena_reset(&c->a);
        }
        code = statement_done(&s);
    }
    return code;
}

/* ---- the tree ---- */

/* Whether a stored node is what lies below it. */
static status check_node(checking *c, unsigned level, uint64_t position, digest want) {
    digest have;
    statement s = statement_of(c->l, "SELECT hash FROM log_node WHERE level = ? AND position = ?", c->f);
    give_number(&s, level);
    give_number(&s, (int64_t)position);
    bool good = statement_row(&s) && take_digest(&s, 0, &have) && digest_equal(have, want);
    status code = statement_done(&s);
    if (code == STATUS_OK && !good) {
        verify_wrong(c,
                     arena_printf(&c->a, "log, node %llu of level %u", (unsigned long long)position, level),
                     "it is not the hash of what lies below it");
        arena_reset(&c->a);
    }
    return code;
}

typedef struct climbing {
    merkle_range below[LOG_LEVELS]; /* what is not yet under a stored node, at every fourth level */
    uint64_t nodes[LOG_LEVELS];
} climbing;

static status climb(checking *c, climbing *t, digest leaf) {
    status code = STATUS_OK;
    for (unsigned i = 0; i + 1 < LOG_LEVELS && code == STATUS_OK; i++) {
        merkle_add(&t->below[i], leaf);
        if (t->below[i].size < LOG_WIDTH)
            break;
        leaf = merkle_range_root(&t->below[i]);
        t->below[i].size = 0;
        code = check_node(c, (i + 1) * LOG_STRIDE, t->nodes[i]++, leaf);
    }
    return code;
}

static status check_number_of_nodes(checking *c, const climbing *t) {
    uint64_t expected = 0, found = 0;
    for (unsigned i = 0; i < LOG_LEVELS; i++)
        expected += t->nodes[i];
    statement s = statement_of(c->l, "SELECT count(*) FROM log_node", c->f);
    if (statement_row(&s))
        found = (uint64_t)take_number(&s, 0);
    if (found != expected)
        verify_wrong(c, STR("log"),
                     arena_printf(&c->a, "expected %llu inner nodes, found %llu",
                                  (unsigned long long)expected, (unsigned long long)found)
                         .data);
    return statement_done(&s);
}

static status check_tree(checking *c) {
    status code = STATUS_OK;
    climbing t = {0};
    int64_t expected = 0;
    bool whole = true;
    statement s = statement_of(c->l, "SELECT position, leaf FROM log ORDER BY position", c->f);
    statement_walks(&s);
    while (whole && code == STATUS_OK && statement_row(&s)) {
        digest leaf;
        whole = take_number(&s, 0) == expected && take_digest(&s, 1, &leaf);
        if (whole)
            code = climb(c, &t, leaf);
        else
            verify_wrong(c, arena_printf(&c->a, "log, leaf %lld", (long long)expected), "it is missing");
        expected++;
    }
    status done = statement_done(&s);
    c->out.leaves = (uint64_t)expected;
    if (code == STATUS_OK && done == STATUS_OK && whole)
        code = check_number_of_nodes(c, &t);
    return code == STATUS_OK ? done : code;
}

/* ---- heads ---- */

/* The key that signed when the log had so many leaves. */
static const public_key *key_at(const checking *c, uint64_t size) {
    const public_key *found = NULL;
    for (size_t i = 0; i < c->keys.size; i++)
        if (c->keys.at[i].position < size)
            found = &c->keys.at[i].key;
    return found;
}

/* What is wrong with a head of this ledger; the root is worked out only where all else holds. */
static status wrong_with_head(checking *c, const signed_head *h, const char **why) {
    const public_key *key = key_at(c, h->size);
    merkle_source source = log_source(c->l);
    digest root;
    failure f = {0};
    *why = NULL;
    if (!head_holds(h))
        *why = "its signature does not hold: it is forged or damaged";
    else if (!key || memcmp(key->bytes, h->key.bytes, sizeof key->bytes) != 0)
        *why = "it is not signed by the key that the ledger had then";
    else if (h->size > c->out.leaves)
        *why = arena_printf(&c->a, "it sealed %llu leaves, the log has %llu: leaves %llu to %llu are missing",
                            (unsigned long long)h->size, (unsigned long long)c->out.leaves,
                            (unsigned long long)c->out.leaves, (unsigned long long)h->size - 1)
                   .data;
    if (*why)
        return STATUS_OK;
    status code = merkle_root(&source, h->size, &root, &f);
    if (code == STATUS_OK && !digest_equal(root, h->root))
        *why = arena_printf(&c->a,
                            "the first %llu leaves of the log are not those that it sealed (root %.16s…, now "
                            "%.16s…): among them something was changed, removed or put in",
                            (unsigned long long)h->size, digest_hex(&c->a, h->root, 32).data,
                            digest_hex(&c->a, root, 32).data)
                   .data;
    return damaged(c, "log", code, &f);
}

static void remember_head(checking *c, int64_t number, uint64_t size) {
    *VECTOR_PUSH(&c->good_heads, &c->kept) = number;
    if (size > c->out.sealed)
        c->out.sealed = size;
}

static status check_heads(checking *c) {
    char id[33];
    status code = ledger_id(c->l, id, c->f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(c->l, "SELECT sequence, " HEAD_COLUMNS " FROM head ORDER BY sequence", c->f);
    while (code == STATUS_OK && statement_row(&s)) {
        signed_head h;
        const char *why = "it is damaged";
        if (head_take(&s, 1, id, &h))
            code = wrong_with_head(c, &h, &why);
        c->out.heads++;
        if (why)
            verify_wrong(
                c, arena_printf(&c->a, "signed head %lld (%s)", (long long)take_number(&s, 0), h.time), why);
        else
            remember_head(c, take_number(&s, 0), h.size);
        arena_reset(&c->a);
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* ---- time stamps ---- */

/* Of a head that holds; those of others are named by what is wrong with their head. */
static status check_stamp(checking *c, statement *s, const signed_head *h) {
    failure f = {0};
    timestamp t;
    status code = timestamp_read(&c->a, take_blob(s, 7), &t, &f);
    if (code == STATUS_OK && !digest_equal(t.imprint, head_imprint(h)))
        code = fail(&f, STATUS_VERIFY_FAILED, "it stamps something else");
    if (code == STATUS_OK && c->authorities)
        code = timestamp_check(t.token, t.imprint, c->authorities, &f);
    if (code == STATUS_NO_INPUT)
        return fail(c->f, code, "%s", f.message);
    if (code != STATUS_OK)
        verify_wrong(c,
                     arena_printf(&c->a, "time stamp %lld of signed head %lld", (long long)take_number(s, 6),
                                  (long long)take_number(s, 0)),
                     f.message);
    else if (c->authorities && h->size >= c->out.stamped) {
        c->out.stamped = h->size;
        memcpy(c->out.stamped_at, t.time, sizeof t.time);
    }
    return STATUS_OK;
}

static status check_stamps(checking *c) {
    char id[33];
    status code = ledger_id(c->l, id, c->f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(c->l,
                               "SELECT head.sequence, " HEAD_COLUMNS ", stamp.sequence, token"
                               " FROM stamp JOIN head ON head.sequence = head ORDER BY stamp.sequence",
                               c->f);
    while (code == STATUS_OK && statement_row(&s)) {
        signed_head h;
        c->out.stamps++;
        if (head_take(&s, 1, id, &h) && keys_have(&c->good_heads, take_number(&s, 0)))
            code = check_stamp(c, &s, &h);
        arena_reset(&c->a);
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* ---- a head that was kept elsewhere ---- */

static str kept_name(checking *c, const signed_head *kept) {
    return arena_printf(&c->a, "kept head (%llu leaves, %s)", (unsigned long long)kept->size, kept->time);
}

/* Makes the proof that anybody could check, and checks it. */
static status prove(checking *c, const signed_head *kept) {
    merkle_source source = log_source(c->l);
    merkle_path path;
    digest root;
    bool holds = false;
    failure f = {0};
    status code = merkle_root(&source, c->out.leaves, &root, &f);
    if (code == STATUS_OK)
        code = merkle_consistency(&source, kept->size, c->out.leaves, &path, &f);
    if (code == STATUS_OK)
        holds = merkle_consistent(kept->size, kept->root, c->out.leaves, root, &path);
    c->out.consistent &= holds;
    if (code == STATUS_OK && !holds)
        verify_wrong(c, kept_name(c, kept), "the log did not grow out of it");
    return damaged(c, "log", code, &f);
}

/* Of a ledger that was merged into this one its leaves are kept, and nothing that came there later. */
static status check_joined_head(checking *c, const signed_head *kept) {
    const char *why = NULL;
    status code = joined_wrong_with_head(c->l, kept, &c->a, &why, c->f);
    c->out.consistent &= !why;
    if (why)
        verify_wrong(c, kept_name(c, kept), why);
    return code;
}

static status check_against(checking *c, const signed_head *kept) {
    char id[33];
    const char *why = NULL;
    status code = ledger_id(c->l, id, c->f);
    if (code != STATUS_OK)
        return code;
    if (strcmp(id, kept->ledger) != 0)
        return check_joined_head(c, kept);
    code = wrong_with_head(c, kept, &why);
    if (code == STATUS_OK && !why)
        return prove(c, kept);
    c->out.consistent = false;
    if (why)
        verify_wrong(c, kept_name(c, kept), why);
    return code;
}

/* ---- ledgers that were merged into this one ---- */

static void joined_wrong(void *context, str what, const char *why) {
    verify_wrong(context, what, why);
}

static status check_joined(checking *c) {
    return joined_check(c->l, joined_wrong, c, c->f);
}

static status check_all(checking *c, const signed_head *kept, size_t kept_count) {
    status (*const steps[])(checking *) = {
        check_file, check_scrubbed, check_sums, verify_captures, verify_readings, check_acts,  check_added,
        check_keys, check_leaves,   check_tree, check_heads,     check_stamps,    check_joined};
    statement s = statement_of(c->l,
                               "SELECT count(*) FROM version WHERE withdrawn IS NULL AND NOT EXISTS (SELECT 1"
                               " FROM capture WHERE version = version.key)",
                               c->f);
    if (statement_row(&s))
        c->out.without_bytes = (uint64_t)take_number(&s, 0);
    status code = statement_done(&s);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && code == STATUS_OK; i++)
        code = steps[i](c);
    c->out.consistent = true;
    for (size_t i = 0; i < kept_count && code == STATUS_OK; i++)
        code = check_against(c, &kept[i]);
    return code;
}

/* All of it as it stands at one moment, whoever writes meanwhile. */
static status check_snapshot(checking *c, const signed_head *kept, size_t kept_count) {
    bool begun;
    status code = store_snapshot(c->l, &begun, c->f);
    if (code == STATUS_OK)
        code = check_all(c, kept, kept_count);
    store_snapshot_end(c->l, begun);
    return code;
}

static status verify(checking *c, const signed_head *kept, size_t kept_count, ledger_checked *out) {
    c->a = arena_new((allocator){0});
    c->kept = arena_new((allocator){0});
    status code = check_snapshot(c, kept, kept_count);
    c->out.grade = c->out.wrong     ? GRADE_CHANGED
                   : c->out.stamped ? GRADE_STAMPED
                   : c->out.sealed  ? GRADE_SEALED
                                    : GRADE_UNSEALED;
    if (out)
        *out = c->out;
    if (code == STATUS_OK && c->out.wrong)
        code = fail(c->f, STATUS_VERIFY_FAILED, "ledger %s: %llu %s wrong", c->l->path,
                    (unsigned long long)c->out.wrong, c->out.wrong == 1 ? "thing is" : "things are");
    arena_free(&c->a);
    arena_free(&c->kept);
    return code;
}

status ledger_verify(ledger *l, const signed_head *kept, size_t kept_count, const char *authorities,
                     void (*line)(void *context, const char *text), void *context, ledger_checked *out,
                     failure *f) {
    checking c = {.l = l, .f = f, .authorities = authorities, .line = line, .context = context};
    return verify(&c, kept, kept_count, out);
}

status ledger_verify_alone(ledger *l, void (*line)(void *context, const char *text), void *context,
                           ledger_checked *out, failure *f) {
    checking c = {.l = l, .f = f, .alone = true, .line = line, .context = context};
    return verify(&c, NULL, 0, out);
}

status ledger_withdrawals(ledger *l, arena *a, str *json, failure *f) {
    statement s = statement_of(
        l,
        "SELECT json_group_array(json_object('capture', json_extract(payload, '$.capture'), 'span',"
        " json(json_extract(payload, '$.span')), 'who', who, 'time', time, 'why', json_extract(payload, "
        "'$.why')))"
        " FROM (SELECT * FROM act WHERE kind = 'redact' AND json_valid(payload) ORDER BY sequence) AS x",
        f);
    str list = statement_row(&s) ? arena_copy(a, take_text(&s, 0)) : STR("[]");
    status code = statement_done(&s);
    if (code == STATUS_OK)
        *json = list;
    return code;
}
