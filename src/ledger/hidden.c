/* What is kept from whoever may not see sensitive records.
 *
 * Reviewers mark incidents and claims. A handle that hides (ledger_hide_sensitive) answers as if a ledger
 * held none of them: nothing that is counted, listed, found or exported tells that they are there, and asking
 * for one by its id is asking for one that never was.
 *
 * - An incident is hidden where it is marked or a claim of it is. Its figures, voices, chains, estimates and
 *   disagreements rest on all of its claims together: shown without one of them, they would tell by what is
 *   missing what that one says.
 * - A document is hidden where a claim of it, in any version, belongs to a hidden incident, and so is a copy
 *   of such a document, whatever else they tell: the sentences stand in its text, its words in the index, its
 *   page in the captures, and no part of a page can be shown and be known not to speak of the rest.
 * - An incident that is shown and has such a document among others keeps what that one says of it (the
 *   sentences that its own figures rest on) with the outlet and the day; the title and the address go, and so
 *   does its id, which can be its address: within the incident it is called "hidden-1". */
#include "ledger/hidden.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/json.h"
#include "ledger/query.h"

void ledger_hide_sensitive(ledger *l, bool hide) {
    l->hides = hide;
}

void ledger_hide_reviewers(ledger *l, bool hide) {
    l->nameless = hide;
}

const char *hidden_incidents(const ledger *l) {
    return l->hides ? " AND incident.sensitive = 0" : "";
}

const char *hidden_versions(const ledger *l) {
    return l->hides ? " AND NOT " HIDDEN_DOCUMENT("version.document") : "";
}

/* ---- one by one ---- */

/* Whether a statement that has been given its values has a row. */
static status any_row(statement *s, bool *out) {
    bool any = statement_row(s);
    status code = statement_done(s);
    if (code == STATUS_OK)
        *out = any;
    return code;
}

static status hides_key(ledger *l, const char *sql, int64_t key, bool *shown, failure *f) {
    *shown = true;
    if (!l->hides)
        return STATUS_OK;
    bool hidden = true;
    statement s = statement_of(l, sql, f);
    give_number(&s, key);
    status code = any_row(&s, &hidden);
    *shown = code == STATUS_OK && !hidden;
    return code;
}

status incident_shown(ledger *l, int64_t key, bool *out, failure *f) {
    return hides_key(l, "SELECT 1 FROM incident WHERE key = ? AND sensitive <> 0", key, out, f);
}

status document_shown(ledger *l, int64_t key, bool *out, failure *f) {
    return hides_key(l, "SELECT 1 FROM document WHERE key = ? AND " HIDDEN_DOCUMENT("document.key"), key, out,
                     f);
}

status claim_shown(ledger *l, int64_t key, bool *out, failure *f) {
    return hides_key(l,
                     "SELECT 1 FROM claim JOIN version ON version.key = claim.version WHERE claim.key = ?"
                     " AND " HIDDEN_DOCUMENT("version.document"),
                     key, out, f);
}

/* An act on an incident that is no more may be on one that is hidden now under another id. What an act undoes
 * it speaks of, and of what that one undid. */
status act_shown(ledger *l, int64_t act, bool *out, failure *f) {
    return hides_key(
        l,
        "WITH RECURSIVE spoken(act) AS (SELECT CAST(?1 AS BIGINT) UNION SELECT undoes FROM act_undo JOIN"
        " spoken ON act_undo.act = spoken.act) SELECT 1 FROM act_place WHERE act IN (SELECT act FROM spoken)"
        " AND document IS NOT NULL AND " HIDDEN_DOCUMENT(
            "act_place.document") " UNION ALL SELECT 1 FROM act LEFT JOIN incident ON incident.id = "
                                  "act.incident WHERE act.sequence IN"
                                  " (SELECT act FROM spoken) AND act.incident IS NOT NULL AND (incident.key "
                                  "IS NULL OR"
                                  " incident.sensitive <> 0)",
        act, out, f);
}

status ledger_is_whole(ledger *l, str incident, failure *f) {
    if (!l->hides)
        return STATUS_OK;
    bool hidden = true;
    statement s = statement_of(
        l,
        "SELECT 1 FROM incident JOIN incident_claim ON incident_claim.incident = incident.key JOIN claim ON"
        " claim.key = incident_claim.claim JOIN version ON version.key = claim.version WHERE incident.id = ?"
        " AND " HIDDEN_DOCUMENT("version.document") " LIMIT 1",
        f);
    give_text(&s, incident);
    status code = any_row(&s, &hidden);
    if (code == STATUS_OK && hidden)
        return fail(f, STATUS_NOT_FOUND,
                    "not all documents that tell of incident %.*s may be shown here: ask a reviewer",
                    STR_ARG(incident));
    return code;
}

/* By an id as it is written in answers; of an incident that is no more, those that took its place. */
status ledger_shows(ledger *l, str id, bool *out, failure *f) {
    static const char of_incident[] =
        "WITH RECURSIVE heir(id) AS (SELECT value FROM tombstone, json_each(successors) AS x WHERE"
        " tombstone.id = ?1 UNION SELECT value FROM heir JOIN tombstone ON tombstone.id = heir.id,"
        " json_each(successors)) SELECT 1 FROM incident WHERE sensitive <> 0 AND (id = ?1 OR id IN (SELECT id"
        " FROM heir)) LIMIT 1";
    static const char of_claim[] = "SELECT 1 FROM claim JOIN version ON version.key = claim.version WHERE"
                                   " substr(claim.id, 3, 5) = substr(?1, 3, 5) AND claim.id = ?1 AND"
                                   " " HIDDEN_DOCUMENT("version.document") " LIMIT 1";
    static const char of_document[] =
        "SELECT 1 FROM document WHERE id = ?1 AND " HIDDEN_DOCUMENT("document.key") " LIMIT 1";
    bool hidden = false;
    status code = STATUS_OK;
    const char *const asked[] = {str_starts(id, STR("i-")) ? of_incident : NULL,
                                 str_starts(id, STR("c-")) ? of_claim : NULL, of_document};
    for (size_t i = 0; i < sizeof asked / sizeof *asked && l->hides && code == STATUS_OK && !hidden; i++) {
        if (!asked[i])
            continue;
        statement s = statement_of(l, asked[i], f);
        give_text(&s, id);
        code = any_row(&s, &hidden);
    }
    *out = code == STATUS_OK && !hidden;
    return code;
}

/* ---- all that are hidden ---- */

struct hidden_before {
    arena a;
    int64_t of; /* what the file was like, as the store numbers it */
    key_list documents;
};

void hidden_forget(ledger *l) {
    if (l->hidden)
        arena_free(&l->hidden->a);
    free(l->hidden);
    l->hidden = NULL;
}

static status look_up(ledger *l, arena *a, key_list *out, failure *f) {
    statement s = statement_of(
        l,
        "WITH told AS MATERIALIZED (SELECT DISTINCT version.document AS document FROM incident CROSS JOIN"
        " incident_claim ON incident_claim.incident = incident.key CROSS JOIN claim ON claim.key ="
        " incident_claim.claim CROSS JOIN version ON version.key = claim.version WHERE incident.sensitive <>"
        " 0) SELECT document FROM told UNION SELECT copying.document FROM told CROSS JOIN version AS copied"
        " ON copied.document = told.document CROSS JOIN version AS copying ON copying.copy_of = copied.key",
        f);
    status code = statement_keys(&s, a, out);
    keys_sort(out);
    return code;
}

status hidden_documents(ledger *l, key_list *out, failure *f) {
    *out = (key_list){0};
    int64_t state = 0;
    if (!l->hides)
        return STATUS_OK;
    status code = store_state(l, &state, f);
    if (code == STATUS_OK && (!l->hidden || l->hidden->of != state || l->batch_began)) {
        hidden_forget(l);
        l->hidden = calloc(1, sizeof *l->hidden);
        if (!l->hidden)
            abort();
        *l->hidden = (struct hidden_before){.a = arena_new((allocator){0}), .of = state};
        code = look_up(l, &l->hidden->a, &l->hidden->documents, f);
    }
    if (code == STATUS_OK)
        *out = l->hidden->documents;
    else
        hidden_forget(l);
    return code;
}

static status count(ledger *l, const char *sql, int64_t value, int64_t *out, failure *f) {
    statement s = statement_of(l, sql, f);
    give_number(&s, value);
    *out = statement_row(&s) ? take_number(&s, 0) : 0;
    return statement_done(&s);
}

status ledger_size(ledger *l, uint64_t *incidents, uint64_t *claims, failure *f) {
    key_list hidden;
    int64_t shown = 0, told = 0, gone;
    status code = hidden_documents(l, &hidden, f);
    if (code == STATUS_OK)
        code = count(l, "SELECT count(*) FROM incident WHERE ? = 0 OR sensitive = 0", l->hides, &shown, f);
    if (code == STATUS_OK)
        code = count(l, "SELECT count(*) FROM claim WHERE ? = 0", 0, &told, f);
    for (size_t i = 0; i < hidden.size && code == STATUS_OK; i++) {
        code = count(l,
                     "SELECT count(*) FROM version JOIN claim ON claim.version = version.key WHERE"
                     " version.document = ?",
                     hidden.at[i], &gone, f);
        told -= code == STATUS_OK ? gone : 0;
    }
    if (code == STATUS_OK) {
        *incidents = (uint64_t)shown;
        *claims = (uint64_t)told;
    }
    return code;
}

/* ---- an incident that shares a document with a hidden one ---- */

/* Ids of its documents that are hidden, superseded versions' too. */
static status veiled_documents(ledger *l, str id, json_t *out, failure *f) {
    statement s = statement_of(
        l,
        "SELECT DISTINCT document.id FROM incident JOIN incident_claim ON incident_claim.incident ="
        " incident.key JOIN claim ON claim.key = incident_claim.claim JOIN version ON version.key ="
        " claim.version JOIN document ON document.key = version.document WHERE incident.id = ?"
        " AND " HIDDEN_DOCUMENT("document.key"),
        f);
    give_text(&s, id);
    while (statement_row(&s)) {
        str name = take_text(&s, 0);
        char *key = strndup(name.data, name.size);
        json_object_set_new(out, key ? key : "", json_true());
        free(key);
    }
    return statement_done(&s);
}

static bool is_veiled(const json_t *veiled, const json_t *document) {
    const char *id = json_string_value(json_object_get(document, "id"));
    return id && json_object_get(veiled, id);
}

static void veil_document(json_t *document) {
    json_object_set_new(document, "title", json_null());
    json_object_set_new(document, "url", json_null());
}

/* What each is called instead: by its place among the documents, so that its sentences still stand together.
 */
static void call_otherwise(const json_t *documents, json_t *veiled) {
    const json_t *one;
    size_t i;
    unsigned n = 0;
    json_array_foreach(documents, i, one) {
        char name[32];
        if (!is_veiled(veiled, one))
            continue;
        snprintf(name, sizeof name, "hidden-%u", ++n);
        json_object_set_new(veiled, json_string_value(json_object_get(one, "id")), json_string(name));
    }
}

/* Every text within that is the id of one of them. */
static json_t *renamed(json_t *value, const json_t *veiled) {
    const char *key, *text = json_string_value(value);
    json_t *one, *other = text ? json_object_get(veiled, text) : NULL;
    size_t i;
    void *next;
    json_object_foreach_safe(value, next, key, one) json_object_set(value, key, renamed(one, veiled));
    json_array_foreach(value, i, one) json_array_set(value, i, renamed(one, veiled));
    return json_is_string(other) ? other : value;
}

/* The first title that may be shown. */
static void veil_summary(json_t *summary, const json_t *documents, const json_t *veiled) {
    json_t *one, *title = json_null();
    size_t i;
    json_array_foreach(documents, i, one) {
        if (is_veiled(veiled, one) || !json_is_string(json_object_get(one, "title")))
            continue;
        title = json_object_get(one, "title");
        break;
    }
    json_object_set(summary, "title", title);
}

static str veil(json_t *veiled, str whole, str text, arena *a) {
    json_t *incident = json_parsed(whole), *one;
    json_t *documents = json_object_get(incident, "documents");
    size_t i;
    str out;
    if (text.data == whole.data) {
        json_array_foreach(documents, i, one) {
            if (is_veiled(veiled, one))
                veil_document(one);
        }
        call_otherwise(documents, veiled);
        renamed(incident, veiled);
        out = json_dumped(a, incident, JSON_REAL_PRECISION(10));
    } else {
        json_t *summary = json_parsed(text);
        veil_summary(summary, documents, veiled);
        out = json_dumped(a, summary, JSON_REAL_PRECISION(10));
        json_decref(summary);
    }
    json_decref(incident);
    return out;
}

/* Who said what of an incident is the team's; what came of it stays. */
static void drop_reviewers(json_t *o) {
    static const char *const emptied[] = {"assignee", "added_by"};
    for (size_t i = 0; i < sizeof emptied / sizeof *emptied; i++)
        if (json_object_get(o, emptied[i]))
            json_object_set_new(o, emptied[i], json_null());
}

static str without_reviewers(str text, arena *a) {
    json_t *o = json_parsed(text), *one;
    size_t i;
    drop_reviewers(o);
    if (json_object_get(o, "comments"))
        json_object_set_new(o, "comments", json_array());
    json_array_foreach(json_object_get(o, "claims"), i, one) drop_reviewers(one);
    str out = o ? json_dumped(a, o, JSON_REAL_PRECISION(10)) : text;
    json_decref(o);
    return out;
}

status incident_veiled(ledger *l, str id, str whole, str text, arena *a, str *out, failure *f) {
    *out = text;
    key_list hidden;
    status code = hidden_documents(l, &hidden, f);
    if (code == STATUS_OK && hidden.size) {
        json_t *veiled = json_object();
        code = veiled_documents(l, id, veiled, f);
        if (code == STATUS_OK && json_object_size(veiled))
            *out = veil(veiled, whole, text, a);
        json_decref(veiled);
    }
    if (code == STATUS_OK && l->nameless)
        *out = without_reviewers(*out, a);
    return code;
}
