#include "ledger/acts.h"
#include "base/ed25519.h"
#include "ledger/merkle.h"

#include <stdlib.h>

static const char *const kinds[] = {"accept", "correct", "reject",    "merge",  "split", "attach", "grade",
                                    "assign", "comment", "sensitive", "settle", "name",  "add",    "undo"};

const char *act_kind_name(act_kind k) {
    return kinds[k];
}

int act_kind_named(str name) {
    for (int i = 0; i <= ACT_UNDO; i++)
        if (str_equal(name, str_of(kinds[i])))
            return i;
    return NONE;
}

/* ---- rows ---- */

digest act_leaf(const act_row *act) {
    const str lines[] = {STR("act"), act->time, act->who, act->kind, act->incident, act->claim, act->payload};
    buffer b = {0};
    buffer_add_byte(&b, 0);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        leaf_line(&b, lines[i]);
    digest leaf = sha256(buffer_str(&b));
    buffer_free(&b);
    return leaf;
}

/* 0x00 ‖ kind LF who LF time LF payload: such acts spoke of claims in what they say alone. */
static digest old_leaf(const act_row *act) {
    const str parts[] = {{"\0", 1}, act->kind, STR("\n"), act->who,
                         STR("\n"), act->time, STR("\n"), act->payload};
    return sha256_parts(parts, sizeof parts / sizeof *parts);
}

bool act_is_sealed(const act_row *act, digest leaf) {
    bool old = !act->incident.size && !act->claim.size && digest_equal(leaf, old_leaf(act));
    return old || digest_equal(leaf, act_leaf(act));
}

status act_insert(ledger *l, const act_row *act, int64_t *sequence, failure *f) {
    digest leaf = act_leaf(act);
    statement s = statement_of(l,
                               /* without a gap, also where others before it came to nothing */
                               "INSERT INTO act(sequence, time, who, kind, incident, claim, payload, leaf)"
                               " VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM act), ?, ?, ?, ?, ?, ?,"
                               " ?) RETURNING sequence",
                               f);
    give_text(&s, act->time);
    give_text(&s, act->who);
    give_text(&s, act->kind);
    give_text(&s, act->incident);
    give_text(&s, act->claim);
    give_text(&s, act->payload);
    give_blob(&s, (str){(const char *)leaf.bytes, sizeof leaf.bytes});
    return statement_key(&s, sequence);
}

status act_turn(ledger *l, int64_t act, int64_t *out, failure *f) {
    *out = act;
    statement s = statement_of(l, "SELECT turn FROM act_turn WHERE act = ?", f);
    give_number(&s, act);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

/* ---- undoing ---- */

status acts_that_undo(ledger *l, int64_t act, arena *a, key_list *out, failure *f) {
    *out = (key_list){0};
    statement s = statement_of(l, "SELECT act FROM act_undo WHERE undoes = ? ORDER BY act", f);
    give_number(&s, act);
    return statement_keys(&s, a, out);
}

/* Two acts can be alike in all, and have one leaf. Only in a ledger that took the acts over from another are
 * they not where the payload says. */
status act_undone_by(ledger *l, const json_t *payload, int64_t undoing, int64_t *out, failure *f) {
    digest leaf = {{0}};
    *out = 0;
    if (!bytes_unhex(json_str(payload, "act"), leaf.bytes, sizeof leaf.bytes))
        return STATUS_OK;
    str bytes = {(const char *)leaf.bytes, sizeof leaf.bytes};
    statement s =
        statement_of(l, "SELECT sequence FROM act WHERE sequence = ?1 AND leaf = ?2 AND sequence < ?3", f);
    give_number(&s, json_integer_value(json_object_get(payload, "number")));
    give_blob(&s, bytes);
    give_number(&s, undoing);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    status code = statement_done(&s);
    if (code != STATUS_OK || *out)
        return code;
    s = statement_of(l, "SELECT max(sequence) FROM act WHERE leaf = ? AND sequence < ?", f);
    give_blob(&s, bytes);
    give_number(&s, undoing);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

/* Only what stands can be undone, so that one who undoes it is followed by at most one who undoes that. */
static status is_undone(ledger *l, int64_t act, arena *a, unsigned depth, bool *out, failure *f) {
    enum { DEEPEST = 1000 };
    key_list by;
    status code = acts_that_undo(l, act, a, &by, f);
    *out = false;
    for (size_t i = 0; i < by.size && !*out && code == STATUS_OK && depth < DEEPEST; i++) {
        bool undone = false;
        code = is_undone(l, by.at[i], a, depth + 1, &undone, f);
        *out = !undone;
    }
    return code;
}

status act_is_undone(ledger *l, int64_t act, bool *out, failure *f) {
    arena a = arena_new((allocator){0});
    status code = is_undone(l, act, &a, 0, out, f);
    arena_free(&a);
    return code;
}
