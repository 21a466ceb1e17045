/* What was done, and what waits for somebody. */

#include "ledger/hidden.h"
#include "ledger/review.h"

/* ---- the log ---- */

static json_t *payload_of(statement *s, int column) {
    return json_parsed(take_text(s, column));
}

/* The head that a row of the log and one of the queue have. */
static void write_head(buffer *b, statement *s, const json_t *payload) {
    static const char *const names[] = {"act", "kind", "who", "time"};
    b->size = 0;
    buffer_add_byte(b, '{');
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        write_key(b, names[i]);
        i == 0 ? write_number(b, take_number(s, i)) : write_string(b, take_text(s, i));
    }
    write_key(b, "why"), write_string(b, json_str(payload, "why"));
}

static status write_act(ledger *l, buffer *b, statement *s, bool undone, failure *f) {
    arena a = arena_new((allocator){0});
    json_t *payload = payload_of(s, 4);
    int64_t undoes = 0;
    status code = STATUS_OK;
    if (act_kind_named(take_text(s, 1)) == ACT_UNDO)
        code = act_undone_by(l, payload, take_number(s, 0), &undoes, f);
    write_head(b, s, payload);
    write_key(b, "incident"), write_string(b, take_text(s, 5));
    write_key(b, "claim"), write_string(b, take_text(s, 6));
    write_key(b, "undone"), buffer_add(b, undone ? STR("true") : STR("false"));
    write_key(b, "undoes");
    undoes ? write_number(b, undoes) : buffer_add(b, STR("null"));
    write_key(b, "leaf"), write_string(b, take_text(s, 7));
    write_key(b, "payload"), buffer_add(b, payload ? json_text_of(&a, payload) : STR("null"));
    buffer_add_byte(b, '}');
    json_decref(payload);
    arena_free(&a);
    return code;
}

static status give_acts(ledger *l, statement *s, ledger_row row, void *context, failure *f) {
    buffer line = {0};
    status code = STATUS_OK;
    statement_walks(s);
    for (bool more = true; more && code == STATUS_OK && statement_row(s);) {
        bool undone = false, shown = true;
        code = act_shown(l, take_number(s, 0), &shown, f);
        if (code == STATUS_OK && !shown)
            continue;
        if (code == STATUS_OK)
            code = act_is_undone(l, take_number(s, 0), &undone, f);
        if (code == STATUS_OK)
            code = write_act(l, &line, s, undone, f);
        more = code != STATUS_OK || row(context, buffer_str(&line));
    }
    status done = statement_done(s);
    buffer_free(&line);
    return code == STATUS_OK ? done : code;
}

#define ACT_COLUMNS "SELECT sequence, kind, who, time, payload, incident, claim, lower(hex(leaf)) FROM act"

/* Numbers of acts, as a JSON list. */
static status numbers_of(ledger *l, arena *a, str incident, const key_list *claims, str *out, failure *f) {
    review_entries e;
    buffer b = {0};
    status code = review_entries_read(l, incident, claims->at, claims->size, a, &e, f);
    if (code != STATUS_OK)
        return code;
    buffer_add_byte(&b, '[');
    for (size_t i = 0; i < e.entries.size; i++)
        write_comma(&b), write_number(&b, e.entries.at[i].act);
    buffer_add_byte(&b, ']');
    *out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    review_entries_free(&e);
    return STATUS_OK;
}

static status keys_of(ledger *l, arena *a, const char *sql, str id, key_list *out, failure *f) {
    statement s = statement_of(l, sql, f);
    give_text(&s, id);
    return statement_keys(&s, a, out);
}

/* Those on it and those on its claims. */
static status acts_of_incident(ledger *l, arena *a, str typed, str *out, failure *f) {
    str json;
    key_list claims = {0};
    status code = ledger_incident(l, typed, a, &json, f);
    if (code != STATUS_OK)
        return code;
    str id = json_id(json);
    code =
        keys_of(l, a,
                "SELECT incident_claim.claim FROM incident JOIN incident_claim ON incident_claim.incident ="
                " incident.key WHERE incident.id = ?",
                id, &claims, f);
    return code == STATUS_OK ? numbers_of(l, a, id, &claims, out, f) : code;
}

static status acts_of_claim(ledger *l, arena *a, str typed, str *out, failure *f) {
    key_list claims = {0};
    status code = keys_of(l, a, "SELECT key FROM claim WHERE " CLAIM_BEGINS " LIMIT 2", typed, &claims, f);
    bool shown = true;
    for (size_t i = claims.size; i-- > 0 && code == STATUS_OK;) {
        code = claim_shown(l, claims.at[i], &shown, f);
        if (!shown)
            claims.at[i] = claims.at[--claims.size];
    }
    if (code == STATUS_OK && claims.size != 1)
        return fail(f, claims.size ? STATUS_USAGE : STATUS_NOT_FOUND, "%s claim \"%.*s\" in ledger %s",
                    claims.size ? "more than one" : "no", STR_ARG(typed), l->path);
    return code == STATUS_OK ? numbers_of(l, a, STR_NONE, &claims, out, f) : code;
}

status ledger_acts(ledger *l, str id, ledger_row row, void *context, failure *f) {
    if (!id.size) {
        statement s = statement_of(l, ACT_COLUMNS " ORDER BY " ACT_TURN, f);
        return give_acts(l, &s, row, context, f);
    }
    arena a = arena_new((allocator){0});
    str numbers = STR("[]");
    status code = str_starts(id, STR("c-")) ? acts_of_claim(l, &a, id, &numbers, f)
                                            : acts_of_incident(l, &a, id, &numbers, f);
    if (code == STATUS_OK) {
        statement s = statement_of(
            l,
            ACT_COLUMNS
            " WHERE sequence IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY " ACT_TURN,
            f);
        give_text(&s, numbers);
        code = give_acts(l, &s, row, context, f);
    }
    arena_free(&a);
    return code;
}

status ledger_last_acts(ledger *l, uint64_t before, uint64_t limit, ledger_row row, void *context,
                        failure *f) {
    statement s = statement_of(l, ACT_COLUMNS " WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2", f);
    give_number(&s, before ? (int64_t)before : INT64_MAX);
    give_number(&s, (int64_t)limit);
    return give_acts(l, &s, row, context, f);
}

status ledger_act_told_of(ledger *l, str number, arena *a, ledger_act_told *out, failure *f) {
    int64_t act = 0;
    whole_told(number, &act);
    ledger_act_told told = {0};
    statement s = statement_of(l, "SELECT kind, incident, claim FROM act WHERE sequence = ?", f);
    give_number(&s, act);
    if (statement_row(&s))
        told = (ledger_act_told){arena_copy(a, take_text(&s, 0)), arena_copy(a, take_text(&s, 1)),
                                 arena_copy(a, take_text(&s, 2))};
    status code = statement_done(&s);
    if (code == STATUS_OK && !told.kind.data)
        return fail(f, STATUS_NOT_FOUND, "no act \"%.*s\"", STR_ARG(number));
    if (code == STATUS_OK)
        *out = told;
    return code;
}

static status claim_in(ledger *l, str incident, str id, arena *a, str *json, failure *f) {
    str whole;
    size_t i;
    json_t *one;
    status code = ledger_incident(l, incident, a, &whole, f);
    json_t *o = code == STATUS_OK ? json_parsed(whole) : NULL;
    *json = STR_NONE;
    json_array_foreach(json_object_get(o, "claims"), i, one) if (str_equal(json_str(one, "id"), id)) *json =
        json_text_of(a, one);
    json_decref(o);
    return code;
}

static status claim_alone(ledger *l, int64_t key, str id, arena *a, str *json, failure *f) {
    json_t *anchor;
    status code = anchor_of_claim(l, key, &anchor, f);
    if (code != STATUS_OK)
        return code;
    json_object_set_new(anchor, "id", json_text(id));
    *json = json_text_of(a, anchor);
    json_decref(anchor);
    return STATUS_OK;
}

status ledger_claim(ledger *l, str typed, arena *a, str *json, failure *f) {
    key_list claims = {0};
    str id = STR_NONE, incident = STR_NONE, told = STR_NONE;
    status code = keys_of(l, a, "SELECT key FROM claim WHERE " CLAIM_BEGINS " LIMIT 2", typed, &claims, f);
    if (code == STATUS_OK && claims.size != 1)
        return fail(f, claims.size ? STATUS_USAGE : STATUS_NOT_FOUND, "%s claim \"%.*s\"",
                    claims.size ? "more than one" : "no", STR_ARG(typed));
    if (code != STATUS_OK)
        return code;
    statement s =
        statement_of(l,
                     "SELECT claim.id, (SELECT incident.id FROM incident_claim JOIN incident ON"
                     " incident.key = incident_claim.incident WHERE incident_claim.claim = claim.key"
                     " LIMIT 1) FROM claim WHERE claim.key = ?",
                     f);
    give_number(&s, claims.at[0]);
    if (statement_row(&s)) {
        id = arena_copy(a, take_text(&s, 0));
        incident = arena_copy(a, take_text(&s, 1));
    }
    code = statement_done(&s);
    if (code == STATUS_OK && incident.size)
        code = claim_in(l, incident, id, a, &told, f);
    if (code == STATUS_OK && !told.data)
        code = claim_alone(l, claims.at[0], id, a, &told, f);
    if (code == STATUS_OK)
        *json = told;
    return code;
}

/* Looked for as text: a payload is JSON without spaces, and no other key is called so. Linking follows what
 * binds accounts, and what undoes that over as many steps as it takes. */
status ledger_acts_of_request(ledger *l, str request, uint64_t after, ledger_acted *out, failure *f) {
    arena a = arena_new((allocator){0});
    *out = (ledger_acted){0};
    statement s = statement_of(
        l,
        "SELECT sequence, EXISTS (WITH RECURSIVE did(act) AS (SELECT a.sequence UNION SELECT undoes FROM"
        " act_undo JOIN did ON act_undo.act = did.act) SELECT 1 FROM did JOIN act AS b ON b.sequence ="
        " did.act WHERE " ACT_BINDS(
            "b.kind") ") FROM act AS a WHERE sequence > ?1 AND payload LIKE ?2 ORDER BY"
                      " sequence",
        f);
    give_number(&s, (int64_t)after);
    give_text(&s, arena_printf(&a, "%%\"request\":\"%.*s\"%%", STR_ARG(request)));
    while (statement_row(&s)) {
        out->last = (uint64_t)take_number(&s, 0);
        out->first = out->first ? out->first : out->last;
        out->link |= take_number(&s, 1) != 0;
    }
    status code = statement_done(&s);
    arena_free(&a);
    return code;
}

/* ---- the queue ---- */

/* Where an anchor is of several acts, each waits by itself. What a claim's older version said is settled:
 * only the version that counts is waited for. An act on an incident waits only where the incident is no more
 * and none of its claims is found. */
static const char queue_rows[] =
    "SELECT act.sequence, act.kind, act.who, act.time, payload, side, act_place.number,"
    " CASE WHEN act.incident IS NOT NULL THEN 'no incident' ELSE how END,"
    " (SELECT id FROM claim WHERE claim.key = act_place.claim)"
    " FROM act_place JOIN act ON act.sequence = act_place.act LEFT JOIN document ON document.key ="
    " act_place.document WHERE how IN ('lost', 'changed') AND (document.key IS NULL OR version = 0 OR version"
    " = document.current) AND (how = 'lost' OR act.kind = 'accept') AND (act.incident IS NULL OR (NOT EXISTS"
    " (SELECT 1 FROM incident WHERE incident.id = act.incident) AND NOT EXISTS (SELECT 1 FROM act_place AS p"
    " WHERE p.act = act.sequence AND p.claim IS NOT NULL))) ORDER BY act.sequence, side, act_place.number";

static void write_waiting(buffer *b, statement *s) {
    static const char *const parts[] = {"document", "effect", "quote", "before", "after"};
    json_t *payload = payload_of(s, 4);
    const json_t *side = json_object_get(payload, take_number(s, 5) ? "those" : "these"),
                 *anchor = json_array_get(side, (size_t)take_number(s, 6));
    write_head(b, s, payload);
    write_key(b, "reason"), write_string(b, take_text(s, 7));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        write_key(b, parts[i]), write_string(b, json_str(anchor, parts[i]));
    write_key(b, "claim"), write_string(b, take_text(s, 8));
    buffer_add_byte(b, '}');
    json_decref(payload);
}

status ledger_queue(ledger *l, ledger_row row, void *context, failure *f) {
    buffer line = {0};
    status code = STATUS_OK;
    statement s = statement_of(l, queue_rows, f);
    statement_walks(&s);
    for (bool more = true; more && code == STATUS_OK && statement_row(&s);) {
        bool undone = false, shown = true;
        code = act_is_undone(l, take_number(&s, 0), &undone, f);
        if (code == STATUS_OK)
            code = act_shown(l, take_number(&s, 0), &shown, f);
        if (undone || !shown)
            continue;
        write_waiting(&line, &s);
        more = row(context, buffer_str(&line));
    }
    status done = statement_done(&s);
    buffer_free(&line);
    return code == STATUS_OK ? done : code;
}
