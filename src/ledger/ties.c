/* What reviewers said of accounts: acts of kind "merge" and "split", and the units they speak of.
 *
 * Payload: {"these": [name, …], "those": [name, …]}; a name is a claim's id or a document's. A merge binds
 * all of them; a split parts each of these from each of those. */
#include <stdlib.h>

#include "ledger/link.h"

typedef struct named_unit {
    int64_t key; /* of a claim, or of a version */
    uint32_t unit;
} named_unit;

typedef VECTOR(named_unit) named_units;

typedef struct tying {
    ledger *l;
    arena *a;
    failure *f;
    const unit_list *units;
    named_units claims, versions; /* by key; of a version, what it tells first */
    link_ties *out;
} tying;

static int by_named_key(const void *x, const void *y) {
    const named_unit *a = x, *b = y;
    return (a->key > b->key) - (a->key < b->key);
}

static void index_units(tying *t) {
    const unit_list *list = t->units;
    for (uint32_t i = 0; i < list->units.size; i++) {
        const unit *u = &list->units.at[i];
        if (!u->current)
            continue;
        if (u->lead)
            *VECTOR_PUSH(&t->versions, t->a) = (named_unit){u->version, i};
        for (uint32_t c = 0; c < u->claim_count; c++)
            *VECTOR_PUSH(&t->claims, t->a) = (named_unit){list->claims.at[u->claim_from + c], i};
    }
    if (t->claims.size)
        qsort(t->claims.at, t->claims.size, sizeof *t->claims.at, by_named_key);
    if (t->versions.size)
        qsort(t->versions.at, t->versions.size, sizeof *t->versions.at, by_named_key);
}

static uint32_t unit_of(const named_units *list, int64_t key) {
    const named_unit want = {key, 0};
    const named_unit *found =
        list->size ? bsearch(&want, list->at, list->size, sizeof want, by_named_key) : NULL;
    return found ? found->unit : UINT32_MAX;
}

static bool is_claim_name(str name) {
    return str_starts(name, STR("c-"));
}

/* The key of a claim, or of a document's current version; 0: there is none. */
static status key_of(ledger *l, str name, int64_t *out, failure *f) {
    statement s = statement_of(l,
                               is_claim_name(name) ? "SELECT key FROM claim WHERE id = ?"
                                                   : "SELECT current FROM document WHERE id = ?",
                               f);
    give_text(&s, name);
    *out = statement_row(&s) ? take_number(&s, 0) : 0;
    return statement_done(&s);
}

typedef VECTOR(uint32_t) unit_numbers;

static status add_unit(tying *t, str name, unit_numbers *into) {
    int64_t key = 0;
    status code = key_of(t->l, name, &key, t->f);
    uint32_t found = unit_of(is_claim_name(name) ? &t->claims : &t->versions, key);
    if (code == STATUS_OK && found != UINT32_MAX)
        *VECTOR_PUSH(into, t->a) = found;
    return code;
}

static status read_side(tying *t, int64_t act, const char *side, unit_numbers *out) {
    status code = STATUS_OK;
    statement s = statement_of(
        t->l,
        "SELECT value FROM act, json_each(act.payload, ?2) WHERE act.sequence = ?1 ORDER BY json_each.key",
        t->f);
    give_number(&s, act);
    give_name(&s, side);
    while (code == STATUS_OK && statement_row(&s))
        code = add_unit(t, arena_copy(t->a, take_text(&s, 0)), out);
    status done = statement_done(&s);
    return code != STATUS_OK ? code : done;
}

static void tie(tying *t, uint32_t a, uint32_t b, bool together) {
    if (a != b)
        *VECTOR_PUSH(t->out, t->a) = (link_tie){a, b, together};
}

static status read_act(tying *t, int64_t act, bool together) {
    unit_numbers these = {0}, those = {0};
    status code = read_side(t, act, "$.these", &these);
    if (code == STATUS_OK)
        code = read_side(t, act, "$.those", &those);
    for (size_t i = 0; i < these.size; i++)
        for (size_t j = 0; j < those.size && (!together || i == 0 || j == 0); j++)
            tie(t, these.at[i], those.at[j], together);
    return code;
}

status ties_read(ledger *l, const unit_list *units, arena *a, link_ties *out, failure *f) {
    tying t = {.l = l, .a = a, .f = f, .units = units, .out = out};
    status code = STATUS_OK;
    statement s = statement_of(
        l, "SELECT sequence, kind = 'merge' FROM act WHERE kind IN ('merge', 'split') ORDER BY sequence DESC",
        f);
    while (code == STATUS_OK && statement_row(&s)) {
        if (!t.claims.size && !t.versions.size)
            index_units(&t);
        code = read_act(&t, take_number(&s, 0), take_number(&s, 1) != 0);
    }
    status done = statement_done(&s);
    return code != STATUS_OK ? code : done;
}

/* ---- acts ---- */

static status write_side(ledger *l, buffer *b, const char *key, const str *names, size_t count, failure *f) {
    status code = STATUS_OK;
    write_key(b, key), buffer_add_byte(b, '[');
    for (size_t i = 0; i < count && code == STATUS_OK; i++) {
        int64_t found = 0;
        code = key_of(l, names[i], &found, f);
        if (code == STATUS_OK && !found)
            code = fail(f, STATUS_NOT_FOUND, "no claim or document \"%.*s\" in ledger %s", STR_ARG(names[i]),
                        l->path);
        write_comma(b);
        write_string(b, names[i]);
    }
    buffer_add_byte(b, ']');
    return code;
}

static status write_act(ledger *l, const ledger_tie *tie, str payload, failure *f) {
    str kind = tie->together ? STR("merge") : STR("split");
    const str parts[] = {(str){"", 1}, kind, STR("\n"), tie->who, STR("\n"), tie->time, STR("\n"), payload};
    digest leaf = sha256_parts(parts, sizeof parts / sizeof *parts);
    statement s =
        statement_of(l, "INSERT INTO act(time, who, kind, payload, leaf) VALUES (?, ?, ?, ?, ?)", f);
    give_text(&s, tie->time.size ? tie->time : STR(""));
    give_text(&s, tie->who.size ? tie->who : STR(""));
    give_text(&s, kind);
    give_text(&s, payload);
    give_blob(&s, (str){(const char *)leaf.bytes, sizeof leaf.bytes});
    return statement_run(&s);
}

status ledger_bind(ledger *l, const ledger_tie *tie, failure *f) {
    if (!tie->these_count || !tie->those_count)
        return fail(f, STATUS_USAGE, "a merge or split needs accounts on both sides");
    buffer b = {0};
    buffer_add_byte(&b, '{');
    status code = write_side(l, &b, "these", tie->these, tie->these_count, f);
    if (code == STATUS_OK)
        code = write_side(l, &b, "those", tie->those, tie->those_count, f);
    buffer_add_byte(&b, '}');
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code == STATUS_OK)
        code = write_act(l, tie, buffer_str(&b), f);
    buffer_free(&b);
    return code == STATUS_OK ? ledger_commit(l, f) : code;
}
