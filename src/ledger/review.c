/* What the acts come to, in their order; and which of them bear on an incident.
 *
 * The last of accept, correct and reject decides on a claim; corrections add up until one accepts the claim
 * as it was read. What was undone never was, but counts in the history. An incident is in review from the
 * first act on, settled when somebody says so, and in review again when what it finds is changed after that.
 */
#include "ledger/review.h"
#include "base/counters.h"
#include "ledger/link.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const verdicts[] = {"none", "accepted", "corrected", "rejected", "added"};

const char *verdict_name(verdict v) {
    return v == VERDICT_NONE ? NULL : verdicts[v];
}

int verdict_named(str name) {
    for (int v = VERDICT_NONE; v <= VERDICT_ADDED; v++)
        if (str_equal(name, str_of(verdicts[v])))
            return v;
    return NONE;
}

/* ---- the fold ---- */

const claim_review *review_of_claim(const review_state *r, int64_t key) {
    for (size_t i = 0; i < r->claims.size; i++)
        if (r->claims.at[i].claim == key)
            return &r->claims.at[i];
    return NULL;
}

static claim_review *claim_of(review_state *r, arena *a, int64_t key) {
    for (size_t i = 0; i < r->claims.size; i++)
        if (r->claims.at[i].claim == key)
            return &r->claims.at[i];
    claim_review *made = VECTOR_PUSH(&r->claims, a);
    *made = (claim_review){.claim = key};
    return made;
}

static void fold_verdict(claim_review *c, const review_entry *e) {
    if (e->kind == ACT_ACCEPT) {
        json_decref(c->set);
        c->set = NULL;
        c->verdict = VERDICT_ACCEPTED;
    } else if (e->kind == ACT_CORRECT) {
        c->set = c->set ? c->set : json_object();
        json_object_update(c->set, json_object_get(e->payload, "set"));
        c->verdict = VERDICT_CORRECTED;
    } else if (e->kind == ACT_REJECT) {
        c->verdict = VERDICT_REJECTED;
    } else if (e->kind == ACT_ADD) {
        c->verdict = VERDICT_ADDED;
        c->added = json_object_get(e->payload, "set");
        c->added_who = e->who;
        c->added_time = e->time;
        c->added_act = e->act;
    }
}

static void fold_on_claim(review_state *r, arena *a, const review_entry *e) {
    claim_review *c = claim_of(r, a, e->claim);
    if (e->kind == ACT_SENSITIVE)
        c->sensitive = json_is_true(json_object_get(e->payload, "sensitive"));
    else if (e->kind == ACT_ASSIGN)
        c->assignee = json_str(e->payload, "assignee");
    else if (e->kind != ACT_ACCEPT || !e->changed)
        fold_verdict(c, e);
}

static void fold_on_incident(review_state *r, const review_entry *e) {
    if (e->kind == ACT_GRADE) {
        r->grade = json_str(e->payload, "grade");
        r->scale = json_str(e->payload, "scale");
        r->grade_en = json_str(e->payload, "en");
        r->grade_ar = json_str(e->payload, "ar");
    } else if (e->kind == ACT_CORRECT) {
        r->set = r->set ? r->set : json_object();
        json_object_update(r->set, json_object_get(e->payload, "set"));
    } else if (e->kind == ACT_SENSITIVE) {
        r->sensitive = json_is_true(json_object_get(e->payload, "sensitive"));
    } else if (e->kind == ACT_ASSIGN) {
        r->assignee = json_str(e->payload, "assignee");
    }
}

/* Whether an act changes what an incident finds. */
static bool is_finding(act_kind k) {
    return k <= ACT_GRADE || k == ACT_ADD;
}

static void fold_status(review_state *r, const review_entry *e) {
    static const char in_review[] = "in review";
    if (e->kind == ACT_SETTLE)
        r->status = "settled";
    else if (is_finding(e->kind) || str_equal(str_of(r->status), STR("new")))
        r->status = in_review;
}

static void fold_one(review_state *r, arena *a, const review_entry *e, bool again) {
    if (!again)
        fold_status(r, e);
    if (e->kind == ACT_COMMENT && !again)
        *VECTOR_PUSH(&r->comments, a) =
            (review_comment){e->act, e->who, e->time, e->claim_id, json_str(e->payload, "text")};
    else if (e->claim)
        fold_on_claim(r, a, e);
    else
        fold_on_incident(r, e);
}

/* From the newest down: whatever could undo an act has been seen before it. */
static bool *undone_ones(const review_entry *entries, size_t count, arena *a) {
    bool *undone = ARENA_NEW(a, bool, count + 1);
    for (size_t i = count; i-- > 0;)
        for (size_t k = i; k-- > 0 && entries[i].undoes && !undone[i];)
            undone[k] |= entries[k].act == entries[i].undoes;
    return undone;
}

void review_fold(const review_entry *entries, size_t count, arena *a, review_state *out) {
    const bool *undone = undone_ones(entries, count, a);
    *out = (review_state){.status = "new"};
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && entries[i - 1].act == entries[i].act;
        out->history += !again;
        if (!undone[i] && entries[i].kind != ACT_UNDO)
            fold_one(out, a, &entries[i], again);
    }
}

void review_free(review_state *r) {
    for (size_t i = 0; i < r->claims.size; i++)
        json_decref(r->claims.at[i].set);
    r->claims.size = 0;
    json_decref(r->set);
    r->set = NULL;
}

/* ---- out of the ledger ---- */

typedef struct gathering {
    ledger *l;
    arena *a;
    failure *f;
    review_entries *out;
} gathering;

static void add_entry(gathering *g, int64_t act, int64_t key, bool changed) {
    *VECTOR_PUSH(&g->out->entries, g->a) =
        (review_entry){.act = act, .turn = act, .claim = key, .changed = changed};
}

static status entries_of_claim(gathering *g, int64_t key) {
    COUNT(act_lookups, 1);
    statement s =
        statement_of(g->l, "SELECT act, how = 'changed', side FROM act_place WHERE claim = ?", g->f);
    give_number(&s, key);
    while (statement_row(&s)) /* the other side is an incident, told by its accounts */
        add_entry(g, take_number(&s, 0), take_number(&s, 2) ? 0 : key, take_number(&s, 1) != 0);
    return statement_done(&s);
}

static status entries_of_incident(gathering *g, str incident) {
    statement s = statement_of(g->l, "SELECT sequence FROM act WHERE incident = ?", g->f);
    give_text(&s, incident);
    while (statement_row(&s))
        add_entry(g, take_number(&s, 0), 0, false);
    return statement_done(&s);
}

/* An act that undoes another bears on whatever that one does; so does one that undoes it. */
static status entries_that_undo(gathering *g) {
    status code = STATUS_OK;
    for (size_t i = 0; i < g->out->entries.size && code == STATUS_OK; i++) {
        int64_t act = g->out->entries.at[i].act;
        key_list by = {0};
        bool again = i > 0 && g->out->entries.at[i - 1].act == act;
        code = again ? STATUS_OK : acts_that_undo(g->l, act, g->a, &by, g->f);
        for (size_t k = 0; k < by.size; k++) {
            add_entry(g, by.at[k], 0, false);
            review_entry *one = &g->out->entries.at[g->out->entries.size - 1];
            one->undoes = act;
            one->kind = ACT_UNDO;
            code = code == STATUS_OK ? act_turn(g->l, by.at[k], &one->turn, g->f) : code;
        }
    }
    return code;
}

static int by_act(const void *x, const void *y) {
    const review_entry *a = x, *b = y;
    if (a->turn != b->turn)
        return a->turn < b->turn ? -1 : 1;
    return (a->claim > b->claim) - (a->claim < b->claim);
}

/* Each act once for each claim; where it is of an incident or of accounts, once. */
static void tidy(review_entries *e) {
    size_t kept = 0;
    if (e->entries.size)
        qsort(e->entries.at, e->entries.size, sizeof *e->entries.at, by_act);
    for (size_t i = 0; i < e->entries.size; i++) {
        const review_entry *one = &e->entries.at[i];
        if (kept && e->entries.at[kept - 1].act == one->act && e->entries.at[kept - 1].claim == one->claim)
            continue;
        e->entries.at[kept++] = *one;
    }
    e->entries.size = kept;
}

/* An act on an incident that is no more stands with the first of its anchors that is found. */
static status is_elsewhere(gathering *g, const review_entry *e, str act_incident, str incident, bool *out) {
    *out = false;
    if (!act_incident.data || str_equal(act_incident, incident))
        return STATUS_OK;
    statement s = statement_of(
        g->l,
        "SELECT NOT EXISTS (SELECT 1 FROM tombstone WHERE id = ?2), (SELECT claim FROM act_place WHERE act ="
        " ?1 AND claim IS NOT NULL ORDER BY side, number, version LIMIT 1)",
        g->f);
    give_number(&s, e->act);
    give_text(&s, act_incident);
    if (statement_row(&s))
        *out = take_number(&s, 0) != 0 || take_number(&s, 1) != e->claim;
    return statement_done(&s);
}

static bool is_of_accounts(act_kind k) {
    return k == ACT_MERGE || k == ACT_SPLIT || k == ACT_ATTACH;
}

static status fill_entry(gathering *g, review_entry *e, str incident, bool *keep) {
    str act_incident = STR_NONE, payload = STR_NONE;
    statement s = statement_of(
        g->l, "SELECT kind, who, time, claim, incident, payload, " ACT_TURN " FROM act WHERE sequence = ?",
        g->f);
    give_number(&s, e->act);
    *keep = statement_row(&s);
    if (*keep) {
        int kind = act_kind_named(take_text(&s, 0));
        *keep = kind != NONE;
        e->kind = (act_kind)(kind == NONE ? ACT_COMMENT : kind);
        e->who = arena_copy(g->a, take_text(&s, 1));
        e->time = arena_copy(g->a, take_text(&s, 2));
        e->claim_id = arena_copy(g->a, take_text(&s, 3));
        act_incident = arena_copy(g->a, take_text(&s, 4));
        payload = arena_copy(g->a, take_text(&s, 5));
        e->turn = take_number(&s, 6);
    }
    status code = statement_done(&s);
    bool elsewhere = false;
    if (code == STATUS_OK && *keep && !is_of_accounts(e->kind) && e->claim && act_incident.data)
        code = is_elsewhere(g, e, act_incident, incident, &elsewhere);
    *keep = *keep && !elsewhere;
    if (is_of_accounts(e->kind) || act_incident.data)
        e->claim = 0;
    json_t *json = json_parsed(payload);
    e->payload = json;
    *VECTOR_PUSH(&g->out->payloads, g->a) = json;
    return code;
}

static status fill_entries(gathering *g, str incident) {
    status code = STATUS_OK;
    size_t kept = 0;
    review_entries *e = g->out;
    for (size_t i = 0; i < e->entries.size && code == STATUS_OK; i++) {
        review_entry one = e->entries.at[i];
        bool keep = false;
        code = fill_entry(g, &one, incident, &keep);
        if (keep)
            e->entries.at[kept++] = one;
    }
    e->entries.size = kept;
    return code;
}

static status any_acts(ledger *l, bool *out, failure *f) {
    statement s = statement_of(l, "SELECT EXISTS (SELECT 1 FROM act)", f);
    if (statement_row(&s))
        *out = take_number(&s, 0) != 0;
    return statement_done(&s);
}

status review_entries_read(ledger *l, str incident, const int64_t *claims, size_t count, arena *a,
                           review_entries *out, failure *f) {
    gathering g = {.l = l, .a = a, .f = f, .out = out};
    bool any = false;
    *out = (review_entries){0};
    status code = any_acts(l, &any, f);
    if (code != STATUS_OK || !any)
        return code;
    if (incident.size)
        code = entries_of_incident(&g, incident);
    for (size_t i = 0; i < count && code == STATUS_OK; i++)
        code = entries_of_claim(&g, claims[i]);
    tidy(out);
    if (code == STATUS_OK)
        code = fill_entries(&g, incident);
    if (code == STATUS_OK)
        code = entries_that_undo(&g);
    tidy(out);
    if (code != STATUS_OK)
        review_entries_free(out);
    return code;
}

status reviewed_read(ledger *l, arena *a, reviewed *out, failure *f) {
    *out = (reviewed){0};
    statement s =
        statement_of(l, "SELECT DISTINCT claim FROM act_place WHERE claim IS NOT NULL ORDER BY claim", f);
    status code = statement_keys(&s, a, &out->claims);
    if (code != STATUS_OK)
        return code;
    s = statement_of(l, "SELECT DISTINCT incident FROM act WHERE incident IS NOT NULL", f);
    while (statement_row(&s))
        *VECTOR_PUSH(&out->incidents, a) = arena_copy(a, take_text(&s, 0));
    strings_sort(&out->incidents);
    return statement_done(&s);
}

status incident_acts(ledger *l, const incident_input *in, arena *a, review_entries *out, failure *f) {
    const reviewed *known = in->reviewed;
    key_list claims = {0};
    for (size_t i = 0; i < in->size; i++) {
        const unit *u = &in->units->units.at[in->members[i]];
        for (uint32_t c = 0; c < u->claim_count; c++) {
            int64_t key = in->units->claims.at[u->claim_from + c];
            if (!known || keys_have(&known->claims, key))
                *VECTOR_PUSH(&claims, a) = key;
        }
    }
    bool spoken_of = in->id.size && (!known || strings_have(&known->incidents, in->id));
    *out = (review_entries){0};
    return claims.size || spoken_of
               ? review_entries_read(l, spoken_of ? in->id : STR_NONE, claims.at, claims.size, a, out, f)
               : STATUS_OK;
}

void review_entries_free(review_entries *e) {
    for (size_t i = 0; i < e->payloads.size; i++)
        json_decref(e->payloads.at[i]);
    e->payloads.size = 0;
}

str review_signature(arena *a, const review_entries *e) {
    buffer b = {0};
    for (size_t i = 0; i < e->entries.size; i++) {
        const review_entry *one = &e->entries.at[i];
        buffer_printf(&b, "%lld %lld %lld %d\n", (long long)one->act, (long long)one->claim,
                      (long long)one->undoes, one->changed);
        if (one->turn != one->act)
            buffer_printf(&b, "turn %lld\n", (long long)one->turn);
    }
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}
