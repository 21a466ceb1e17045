/* What reviewers said of accounts: acts of kind "merge", "split", "attach" and of "add" where an incident is
 * told, and the units they speak of.
 *
 * A merge binds all that it names. A split parts each of "these" from each of "those", and keeps "these"
 * together. What is attached, or added to an incident, goes where the first of "those" that is there goes. A
 * claim that such an act or a split names is a unit of its own: it leaves what else its document tells of the
 * incident. */
#include <stdlib.h>

#include "ledger/acts.h"
#include "ledger/link.h"

#define ADDS_TO_INCIDENT                                                                                     \
    "(kind = 'add' AND EXISTS (SELECT 1 FROM act_place AS p WHERE p.act = act.sequence AND p.side = 1))"

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

typedef VECTOR(uint32_t) unit_numbers;

/* The units that one side of an act names, in its order. A claim stands in the version that counts; a
 * document is what its version tells first. */
static status read_side(tying *t, int64_t act, int side, unit_numbers *out) {
    statement s = statement_of(t->l,
                               "SELECT claim, document.current FROM act_place LEFT JOIN document ON"
                               " document.key = act_place.document WHERE act = ? AND side = ? AND how <>"
                               " 'lost' ORDER BY act_place.number, act_place.version",
                               t->f);
    give_number(&s, act);
    give_number(&s, side);
    while (statement_row(&s)) {
        bool of_claim = !take_null(&s, 0);
        uint32_t found = unit_of(of_claim ? &t->claims : &t->versions, take_number(&s, of_claim ? 0 : 1));
        if (found != UINT32_MAX)
            *VECTOR_PUSH(out, t->a) = found;
    }
    return statement_done(&s);
}

static void tie(tying *t, uint32_t a, uint32_t b, bool together) {
    if (a != b)
        *VECTOR_PUSH(t->out, t->a) = (link_tie){a, b, together, false};
}

/* All that a merge names, by its first. */
static void tie_all(tying *t, const unit_numbers *these, const unit_numbers *those) {
    size_t from = t->out->size;
    uint32_t first = these->size ? these->at[0] : those->size ? those->at[0] : UINT32_MAX;
    for (size_t i = 1; i < these->size; i++)
        tie(t, first, these->at[i], true);
    for (size_t j = 0; j < those->size; j++)
        tie(t, first, those->at[j], true);
    for (size_t i = from + 1; i < t->out->size; i++)
        t->out->at[i].more = true;
}

static status read_act(tying *t, int64_t act, act_kind kind) {
    unit_numbers these = {0}, those = {0};
    status code = read_side(t, act, 0, &these);
    if (code == STATUS_OK)
        code = read_side(t, act, 1, &those);
    if (kind == ACT_MERGE) {
        tie_all(t, &these, &those);
        return code;
    }
    for (size_t i = 1; i < these.size && kind == ACT_SPLIT; i++)
        tie(t, these.at[0], these.at[i], true);
    for (size_t i = 0; i < these.size; i++)
        for (size_t j = 0; j < those.size; j++)
            if (kind == ACT_SPLIT || j == 0)
                tie(t, these.at[i], those.at[j], kind != ACT_SPLIT);
    return code;
}

status ties_read(ledger *l, const unit_list *units, arena *a, link_ties *out, failure *f) {
    tying t = {.l = l, .a = a, .f = f, .units = units, .out = out};
    status code = STATUS_OK;
    statement s = statement_of(
        l,
        "SELECT sequence, kind FROM act WHERE kind IN ('merge', 'split', 'attach') OR " ADDS_TO_INCIDENT
        " ORDER BY " ACT_TURN " DESC",
        f);
    while (code == STATUS_OK && statement_row(&s)) {
        int64_t act = take_number(&s, 0);
        act_kind kind = (act_kind)act_kind_named(take_text(&s, 1));
        bool undone = false;
        code = act_is_undone(l, act, &undone, f);
        if (code != STATUS_OK || undone)
            continue;
        if (!t.claims.size && !t.versions.size)
            index_units(&t);
        code = read_act(&t, act, kind);
    }
    status done = statement_done(&s);
    return code != STATUS_OK ? code : done;
}

/* ---- claims apart ---- */

status claims_apart_read(ledger *l, arena *a, key_list *out, failure *f) {
    status code = STATUS_OK;
    *out = (key_list){0};
    statement s =
        statement_of(l,
                     "SELECT sequence, act_place.claim FROM act JOIN act_place ON act_place.act = sequence"
                     " WHERE (kind IN ('split', 'attach') OR " ADDS_TO_INCIDENT ") AND side = 0 AND"
                     " act_place.claim IS NOT NULL",
                     f);
    while (code == STATUS_OK && statement_row(&s)) {
        bool undone = false;
        code = act_is_undone(l, take_number(&s, 0), &undone, f);
        if (!undone)
            *VECTOR_PUSH(out, a) = take_number(&s, 1);
    }
    status done = statement_done(&s);
    keys_sort(out);
    return code != STATUS_OK ? code : done;
}
