/* A ledger's log says what it holds by leaves alone, 32 bytes each: few enough to be kept whole. Whoever has
 * them can work out every root that it ever had, and so check each of its heads, up to where it was taken in.
 *
 * A ledger that was copied and went on in two places has one id and two logs: each is kept by itself, and a
 * head holds by any of them. */
#include "ledger/joined.h"

#include <jansson.h>
#include <stdlib.h>

#include "ledger/acts.h"
#include "ledger/log.h"

/* ---- roots of what is kept ---- */

typedef struct wanted_root {
    uint64_t size;
    digest root;
    bool there;
} wanted_root;

static int by_size(const void *x, const void *y) {
    const wanted_root *a = x, *b = y;
    return (a->size > b->size) - (a->size < b->size);
}

typedef struct key_position {
    digest leaf;
    uint64_t position;
} key_position;
typedef VECTOR(key_position) key_positions;

/* Works out the roots at these sizes (which it sorts) in one walk over the leaves; `keys`: positions of the
 * leaves of keys, NULL where nobody asks. */
static status work_out_roots(ledger *l, int64_t joined, wanted_root *wanted, size_t count, arena *a,
                             key_positions *keys, failure *f) {
    merkle_range r = {0};
    size_t next = 0;
    if (count)
        qsort(wanted, count, sizeof *wanted, by_size);
    statement s =
        statement_of(l, "SELECT position, leaf, kind FROM joined_leaf WHERE joined = ? ORDER BY position", f);
    give_number(&s, joined);
    statement_walks(&s);
    for (bool more = true; more;) {
        for (; next < count && wanted[next].size == r.size; next++) {
            wanted[next].root = merkle_range_root(&r);
            wanted[next].there = true;
        }
        digest leaf;
        more = statement_row(&s) && take_number(&s, 0) == (int64_t)r.size && take_digest(&s, 1, &leaf);
        if (!more)
            break;
        if (keys && str_equal(take_text(&s, 2), STR("key")))
            *VECTOR_PUSH(keys, a) = (key_position){leaf, r.size};
        merkle_add(&r, leaf);
    }
    return statement_done(&s);
}

static status kept_size(ledger *l, int64_t joined, uint64_t *out, failure *f) {
    statement s =
        statement_of(l, "SELECT coalesce(max(position) + 1, 0) FROM joined_leaf WHERE joined = ?", f);
    give_number(&s, joined);
    if (statement_row(&s))
        *out = (uint64_t)take_number(&s, 0);
    return statement_done(&s);
}

static status joined_of(ledger *l, str id, arena *a, key_list *out, failure *f) {
    statement s = statement_of(l, "SELECT key FROM joined WHERE ledger = ? ORDER BY key", f);
    give_text(&s, id);
    return statement_keys(&s, a, out);
}

/* ---- taking in ---- */

/* Whether the log of `from` begins with the leaves that are kept under `joined`, or they with it. */
static status is_grown_from(ledger *l, ledger *from, int64_t joined, uint64_t size, uint64_t *have, bool *is,
                            failure *f) {
    merkle_source source = log_source(from);
    digest root;
    status code = kept_size(l, joined, have, f);
    wanted_root kept = {.size = *have < size ? *have : size};
    arena a = arena_new((allocator){0});
    if (code == STATUS_OK)
        code = work_out_roots(l, joined, &kept, 1, &a, NULL, f);
    if (code == STATUS_OK)
        code = merkle_root(&source, kept.size, &root, f);
    arena_free(&a);
    *is = code == STATUS_OK && kept.there && digest_equal(kept.root, root);
    return code;
}

/* Whether the log of a ledger of this id was of this very one when it had so many leaves, and that root. */
static status was_ours(ledger *l, const char *id, uint64_t size, digest root, bool *was, failure *f) {
    char ours[33];
    uint64_t now = 0;
    digest then;
    merkle_source source = log_source(l);
    *was = false;
    status code = ledger_id(l, ours, f);
    if (code == STATUS_OK)
        code = log_size(l, &now, f);
    if (code != STATUS_OK || strcmp(ours, id) != 0 || size > now)
        return code;
    code = merkle_root(&source, size, &then, f);
    *was = code == STATUS_OK && digest_equal(root, then);
    return code;
}

static status head_is_known(ledger *l, str head, bool *is, failure *f) {
    *is = str_equal(head, STR("null"));
    json_t *want = json_loadb(head.data, head.size, JSON_DECODE_ANY, NULL);
    statement s = statement_of(l, "SELECT payload FROM act WHERE kind = 'join'", f);
    while (!*is && statement_row(&s)) {
        json_t *payload = json_parsed(take_text(&s, 0));
        *is = json_equal(want, json_object_get(payload, "head"));
        json_decref(payload);
    }
    json_decref(want);
    return statement_done(&s);
}

static status find_kept(ledger *l, ledger *from, arena *a, joined_log *out, failure *f) {
    key_list all = {0};
    status code = joined_of(l, str_of(out->id), a, &all, f);
    out->forked = all.size != 0;
    for (size_t i = 0; i < all.size && code == STATUS_OK && !out->key; i++) {
        bool grown = false;
        uint64_t have = 0;
        code = is_grown_from(l, from, all.at[i], out->size, &have, &grown, f);
        if (grown)
            out->key = all.at[i], out->have = have, out->forked = false;
    }
    return code;
}

status joined_compare(ledger *l, ledger *from, arena *a, joined_log *out, failure *f) {
    *out = (joined_log){.head = STR("null")};
    merkle_source source = log_source(from);
    signed_head head;
    bool signed_one = false, ours = false, known = false;
    status code = ledger_id(from, out->id, f);
    if (code == STATUS_OK)
        code = log_size(from, &out->size, f);
    if (code == STATUS_OK)
        code = merkle_root(&source, out->size, &out->root, f);
    if (code == STATUS_OK)
        code = ledger_last_head(from, &signed_one, &head, f);
    if (code == STATUS_OK && signed_one)
        out->head = head_json(a, &head);
    if (code == STATUS_OK)
        code = keys_json(from, a, &out->keys, f);
    if (code == STATUS_OK)
        code = was_ours(l, out->id, out->size, out->root, &ours, f);
    if (code == STATUS_OK)
        code = find_kept(l, from, a, out, f);
    if (code == STATUS_OK)
        code = head_is_known(l, out->head, &known, f);
    out->nothing = ours || (known && out->key && out->have >= out->size) || out->size == 0;
    return code;
}

static status copy_leaves(ledger *l, ledger *from, const char *sql, int64_t source, int64_t joined,
                          uint64_t have, failure *f) {
    enum { BATCH = 1000 };
    status code = STATUS_OK;
    for (uint64_t count = BATCH; code == STATUS_OK && count == BATCH;) {
        count = 0;
        statement s = statement_of(from, sql, f);
        give_number(&s, (int64_t)have);
        give_number(&s, (int64_t)have + BATCH);
        if (source)
            give_number(&s, source);
        while (code == STATUS_OK && statement_row(&s)) {
            statement put = statement_of(
                l, "INSERT INTO joined_leaf(joined, position, kind, leaf) VALUES (?, ?, ?, ?)", f);
            give_number(&put, joined);
            give_number(&put, take_number(&s, 0));
            give_text(&put, take_text(&s, 1));
            give_blob(&put, take_blob(&s, 2));
            code = statement_run(&put);
            count++;
        }
        status done = statement_done(&s);
        code = code == STATUS_OK ? done : code;
        have += count;
    }
    return code;
}

static status new_joined(ledger *l, str id, int64_t *key, failure *f) {
    statement s = statement_of(l, "INSERT INTO joined(ledger) VALUES (?) RETURNING key", f);
    give_text(&s, id);
    return statement_key(&s, key);
}

status joined_keep(ledger *l, ledger *from, const joined_log *log, str who, str time, str took, failure *f) {
    static const char leaves[] = "SELECT position, kind, leaf FROM log WHERE position >= ? AND position < ?"
                                 " ORDER BY position";
    int64_t key = log->key, act;
    status code = key ? STATUS_OK : new_joined(l, str_of(log->id), &key, f);
    if (code == STATUS_OK && log->have < log->size)
        code = copy_leaves(l, from, leaves, 0, key, log->have, f);
    if (code != STATUS_OK)
        return code;
    arena a = arena_new((allocator){0});
    str payload = arena_printf(&a,
                               "{\"ledger\": \"%s\", \"size\": %llu, \"root\": \"%.*s\", \"head\": %.*s, "
                               "\"keys\": %.*s, \"took\": %.*s}",
                               log->id, (unsigned long long)log->size, STR_ARG(digest_hex(&a, log->root, 32)),
                               STR_ARG(log->head), STR_ARG(log->keys), STR_ARG(took));
    act_row row = {.time = time, .who = who, .kind = STR("join"), .payload = payload};
    code = act_insert(l, &row, &act, f);
    arena_free(&a);
    return code;
}

/* ---- what the other had taken in ---- */

typedef struct taken_log {
    int64_t key;
    str id;
} taken_log;

/* Whether ours of that id holds all of theirs (`ours` set), or is the beginning of it. */
static status match_taken(ledger *l, ledger *from, const taken_log *theirs, uint64_t their_size, arena *a,
                          int64_t *ours, uint64_t *have, failure *f) {
    key_list all = {0};
    status code = joined_of(l, theirs->id, a, &all, f);
    *ours = 0;
    *have = 0;
    for (size_t i = 0; i < all.size && code == STATUS_OK && !*ours; i++) {
        uint64_t size = 0;
        code = kept_size(l, all.at[i], &size, f);
        wanted_root mine = {.size = size < their_size ? size : their_size}, other = mine;
        if (code == STATUS_OK)
            code = work_out_roots(l, all.at[i], &mine, 1, a, NULL, f);
        if (code == STATUS_OK)
            code = work_out_roots(from, theirs->key, &other, 1, a, NULL, f);
        if (code == STATUS_OK && mine.there && other.there && digest_equal(mine.root, other.root))
            *ours = all.at[i], *have = size;
    }
    return code;
}

status joined_take_over(ledger *l, ledger *from, failure *f) {
    static const char leaves[] = "SELECT position, kind, leaf FROM joined_leaf WHERE position >= ? AND"
                                 " position < ? AND joined = ? ORDER BY position";
    arena a = arena_new((allocator){0});
    VECTOR(taken_log) all = {0};
    statement s = statement_of(from, "SELECT key, ledger FROM joined ORDER BY key", f);
    while (statement_row(&s))
        *VECTOR_PUSH(&all, &a) = (taken_log){take_number(&s, 0), arena_copy(&a, take_text(&s, 1))};
    status code = statement_done(&s);
    for (size_t i = 0; i < all.size && code == STATUS_OK; i++) {
        uint64_t size = 0, have = 0;
        int64_t ours = 0;
        code = kept_size(from, all.at[i].key, &size, f);
        if (code == STATUS_OK)
            code = match_taken(l, from, &all.at[i], size, &a, &ours, &have, f);
        if (code == STATUS_OK && !ours)
            code = new_joined(l, all.at[i].id, &ours, f);
        if (code == STATUS_OK && have < size)
            code = copy_leaves(l, from, leaves, all.at[i].key, ours, have, f);
    }
    arena_free(&a);
    return code;
}

/* ---- checking ---- */

/* The key that a ledger of this id signed with when its log had so many leaves, by the keys that an act lists
 * and where their leaves stand; false: the list does not hold. */
static bool key_then(const char *id, const json_t *keys, const key_positions *positions, uint64_t size,
                     public_key *out) {
    size_t i;
    const json_t *each;
    key_record before = {.first = true};
    bool found = false, good = true;
    json_array_foreach(keys, i, each) {
        key_record k;
        digest leaf;
        char *text = json_dumps(each, 0);
        good = good && text && key_record_read(text, &k) && key_record_holds_of(id, &k, &leaf) &&
               k.first == (i == 0) && (i == 0 || memcmp(k.previous.bytes, before.key.bytes, 32) == 0);
        free(text);
        for (size_t n = 0; good && n < positions->size; n++)
            if (digest_equal(positions->at[n].leaf, leaf) && positions->at[n].position < size) {
                *out = k.key;
                found = true;
            }
        before = k;
        if (!good)
            break;
    }
    return good && found;
}

typedef struct join_act {
    int64_t act;
    json_t *payload;
    const char *id;
    uint64_t size;
    digest root;
    signed_head head;
    bool whole, has_head;
} join_act;
typedef VECTOR(join_act) join_acts;

static join_act read_join(int64_t act, str payload) {
    join_act j = {.act = act, .payload = json_parsed(payload)};
    const json_t *size = json_object_get(j.payload, "size"), *head = json_object_get(j.payload, "head");
    char *text = json_is_object(head) ? json_dumps(head, 0) : NULL;
    j.id = json_string_value(json_object_get(j.payload, "ledger"));
    j.size = (uint64_t)json_integer_value(size);
    j.has_head = json_is_object(head);
    j.whole = j.id && strlen(j.id) == 32 && json_is_integer(size) && json_integer_value(size) >= 0 &&
              bytes_unhex(json_str(j.payload, "root"), j.root.bytes, sizeof j.root.bytes) &&
              (!j.has_head || (text && head_read(str_of(text), &j.head, NULL) == STATUS_OK));
    free(text);
    return j;
}

static status read_joins(ledger *l, arena *a, join_acts *out, failure *f) {
    statement s =
        statement_of(l, "SELECT sequence, payload FROM act WHERE kind = 'join' ORDER BY sequence", f);
    while (statement_row(&s))
        *VECTOR_PUSH(out, a) = read_join(take_number(&s, 0), take_text(&s, 1));
    return statement_done(&s);
}

static void free_joins(join_acts *all) {
    for (size_t i = 0; i < all->size; i++)
        json_decref(all->at[i].payload);
}

static const wanted_root *root_at(const wanted_root *roots, size_t count, uint64_t size) {
    for (size_t i = 0; i < count; i++)
        if (roots[i].size == size && roots[i].there)
            return &roots[i];
    return NULL;
}

/* What is wrong with a head by these roots and keys; NULL: it holds. */
static const char *wrong_with(const signed_head *h, const char *id, const json_t *keys,
                              const key_positions *positions, const wanted_root *roots, size_t count) {
    const wanted_root *then = root_at(roots, count, h->size);
    public_key key;
    if (strcmp(h->ledger, id) != 0 || !head_holds(h))
        return "its signature does not hold: it is forged or damaged";
    if (!then || !digest_equal(then->root, h->root))
        return "the leaves that are kept of that ledger are not those that it sealed";
    if (!key_then(id, keys, positions, h->size, &key) || memcmp(key.bytes, h->key.bytes, 32) != 0)
        return "it is not signed by the key that its ledger had then";
    return NULL;
}

/* By one log that is kept of that id. */
static status check_by(ledger *l, int64_t joined, const join_act *j, arena *a, const char **why, failure *f) {
    wanted_root roots[2] = {{.size = j->size}, {.size = j->has_head ? j->head.size : j->size}};
    key_positions positions = {0};
    status code = work_out_roots(l, joined, roots, 2, a, &positions, f);
    const wanted_root *all = root_at(roots, 2, j->size);
    *why = !all || !digest_equal(all->root, j->root)
               ? "the leaves that are kept of the ledger that was merged are not those that it sealed"
           : j->has_head
               ? wrong_with(&j->head, j->id, json_object_get(j->payload, "keys"), &positions, roots, 2)
               : NULL;
    return code;
}

/* A join may be of this very ledger: by another that it was merged into, and which came back. */
static status check_by_ours(ledger *l, const join_act *j, bool *holds, failure *f) {
    status code = was_ours(l, j->id, j->size, j->root, holds, f);
    if (code == STATUS_OK && *holds && j->has_head)
        code = was_ours(l, j->id, j->head.size, j->head.root, holds, f);
    *holds = *holds && (!j->has_head || head_holds(&j->head));
    return code;
}

static status check_join(ledger *l, const join_act *j, arena *a, const char **why, failure *f) {
    key_list all = {0};
    bool holds = false;
    *why = "it does not say what was merged";
    if (!j->whole)
        return STATUS_OK;
    status code = check_by_ours(l, j, &holds, f);
    *why = holds ? NULL : "no leaves are kept of the ledger that was merged";
    if (code == STATUS_OK && !holds)
        code = joined_of(l, str_of(j->id), a, &all, f);
    for (size_t i = 0; i < all.size && code == STATUS_OK && *why; i++)
        code = check_by(l, all.at[i], j, a, why, f);
    return code;
}

status joined_check(ledger *l, void (*wrong)(void *context, str what, const char *why), void *context,
                    failure *f) {
    arena a = arena_new((allocator){0});
    join_acts all = {0};
    status code = read_joins(l, &a, &all, f);
    for (size_t i = 0; i < all.size && code == STATUS_OK; i++) {
        const char *why = NULL;
        code = check_join(l, &all.at[i], &a, &why, f);
        if (code == STATUS_OK && why)
            wrong(context, arena_printf(&a, "act %lld (join)", (long long)all.at[i].act), why);
    }
    free_joins(&all);
    arena_free(&a);
    return code;
}

status joined_wrong_with_head(ledger *l, const signed_head *h, arena *a, const char **why, failure *f) {
    join_acts joins = {0};
    key_list all = {0};
    char ours[33];
    status code = ledger_id(l, ours, f);
    if (code == STATUS_OK)
        code = read_joins(l, a, &joins, f);
    if (code == STATUS_OK)
        code = joined_of(l, str_of(h->ledger), a, &all, f);
    *why = all.size
               ? "no merge tells of a key that signed it"
               : arena_printf(a, "it is a head of another ledger: of %s, this is %s", h->ledger, ours).data;
    for (size_t i = 0; i < all.size && code == STATUS_OK && *why; i++) {
        wanted_root root = {.size = h->size};
        key_positions positions = {0};
        code = work_out_roots(l, all.at[i], &root, 1, a, &positions, f);
        if (code == STATUS_OK && !root.there)
            *why = "it seals more leaves than had come when its ledger was merged into this one";
        for (size_t k = 0; k < joins.size && code == STATUS_OK && root.there && *why; k++)
            if (joins.at[k].whole && strcmp(joins.at[k].id, h->ledger) == 0)
                *why = wrong_with(h, joins.at[k].id, json_object_get(joins.at[k].payload, "keys"), &positions,
                                  &root, 1);
    }
    free_joins(&joins);
    return code;
}
