/* A reviewer's word becomes acts: what it names is looked up and anchored, then kept, then takes effect.
 *
 * What changes no grouping takes effect at once, in the incidents that it speaks of; what says which accounts
 * tell of one incident, with the next linking. */
#include <stdio.h>
#include <time.h>

#include "base/utf8.h"
#include "ledger/added.h"
#include "ledger/link.h"
#include "ledger/review.h"
#include "ledger/sources.h"
#include "ledger/waiting.h"

enum { ANCHORS_OF_INCIDENT = 3 };

typedef struct acting {
    ledger *l;
    arena *a;
    failure *f;
    const ledger_act *act;
    act_kind kind;
    str time;
    ledger_acted out;
    string_list touched;    /* ids of incidents to be worked out anew */
    source_changes changes; /* of voices */
    bool names;             /* an act of naming is done or undone: */
    key_list named;         /* those acts */
} acting;

/* ---- what ids name ---- */

typedef struct named_thing {
    int64_t claim; /* its key; 0: none */
    str id;        /* in full, of a claim or an incident */
    bool incident, document;
} named_thing;

static status full_id(acting *g, const char *sql, str typed, str *id, int64_t *key) {
    size_t found = 0;
    statement s = statement_of(g->l, sql, g->f);
    give_text(&s, typed);
    while (statement_row(&s) && ++found) {
        *id = arena_copy(g->a, take_text(&s, 0));
        *key = take_number(&s, 1);
    }
    status code = statement_done(&s);
    if (code == STATUS_OK && found > 1)
        return fail(g->f, STATUS_USAGE, "several begin with \"%.*s\": give more digits", STR_ARG(typed));
    if (code == STATUS_OK && !found)
        *id = STR_NONE;
    return code;
}

static status not_found(acting *g, const char *what, str typed) {
    return fail(g->f, STATUS_NOT_FOUND, "no %s \"%.*s\" in ledger %s", what,
                (int)(typed.size < 200 ? typed.size : 200), typed.data, g->l->path);
}

static status find_claim(acting *g, str typed, named_thing *out) {
    *out = (named_thing){0};
    status code =
        full_id(g, "SELECT id, key FROM claim WHERE " CLAIM_BEGINS " LIMIT 2", typed, &out->id, &out->claim);
    return code == STATUS_OK && !out->id.data ? not_found(g, "claim", typed) : code;
}

/* Over as many steps as it takes, where the id has been taken over. */
static status find_incident(acting *g, str typed, named_thing *out) {
    str json;
    *out = (named_thing){.incident = true};
    status code = ledger_incident(g->l, typed, g->a, &json, g->f);
    if (code == STATUS_OK)
        out->id = json_id(json);
    return code;
}

static status find_document(acting *g, str typed, named_thing *out) {
    int64_t key;
    *out = (named_thing){.document = true};
    str named;
    status code = document_named(g->l, typed, g->a, &named, g->f);
    if (code == STATUS_OK)
        code = full_id(g, "SELECT id, key FROM document WHERE id = ?1", named, &out->id, &key);
    return code == STATUS_OK && !out->id.data ? not_found(g, "incident, claim or document", typed) : code;
}

static bool begins_like(str typed, const char *prefix) {
    return typed.size >= 6 && str_starts(typed, str_of(prefix));
}

static bool is_hexadecimal(str s) {
    for (size_t i = 0; i < s.size; i++)
        if (!((s.data[i] >= '0' && s.data[i] <= '9') || (s.data[i] >= 'a' && s.data[i] <= 'f')))
            return false;
    return s.size != 0;
}

/* A document's own id may begin like ours: where it does and is there, it is the document. */
static status find_thing(acting *g, str typed, named_thing *out) {
    bool ours = typed.size > 2 && is_hexadecimal(str_slice(typed, 2, typed.size));
    if (ours && begins_like(typed, "c-"))
        return find_claim(g, typed, out);
    if (ours && begins_like(typed, "i-"))
        return find_incident(g, typed, out);
    return find_document(g, typed, out);
}

static status expect(acting *g, named_thing *thing, str typed, const char *what, bool good) {
    if (good)
        return STATUS_OK;
    return fail(g->f, STATUS_USAGE, "%s \"%.*s\": expected %s, which isnad show lists",
                act_kind_name(g->kind), STR_ARG(thing->id.data ? thing->id : typed), what);
}

static status find_claim_only(acting *g, str typed, named_thing *out) {
    status code = find_thing(g, typed, out);
    return code == STATUS_OK ? expect(g, out, typed, "the id of a claim (c-…)", out->claim != 0) : code;
}

static status find_incident_only(acting *g, str typed, named_thing *out) {
    bool bare = !str_starts(typed, STR("c-"));
    status code = bare ? find_incident(g, typed, out) : find_thing(g, typed, out);
    return code == STATUS_OK ? expect(g, out, typed, "the id of an incident (i-…)", out->incident) : code;
}

/* ---- anchors ---- */

static status add_claim_anchor(acting *g, json_t *list, int64_t key) {
    json_t *anchor;
    status code = anchor_of_claim(g->l, key, &anchor, g->f);
    if (code == STATUS_OK)
        json_array_append_new(list, anchor);
    return code;
}

static void add_document_anchor(json_t *list, str id) {
    json_array_append_new(list, json_pack("{s:s%}", "document", id.data, id.size));
}

typedef struct account {
    int64_t claim; /* the first that counts in it; 0: it has none */
    str document;
} account;
typedef VECTOR(account) accounts;

/* What an incident is made of, document by document in the order of their ids: never by when they came. */
static status accounts_of(acting *g, str incident, accounts *out) {
    *out = (accounts){0};
    statement s = statement_of(
        g->l,
        "SELECT document.id, (SELECT claim.key FROM claim JOIN incident_claim ON incident_claim.claim ="
        " claim.key WHERE claim.version = version.key AND incident_claim.incident = incident.key ORDER BY"
        " claim.number LIMIT 1) FROM incident JOIN incident_version ON incident_version.incident ="
        " incident.key JOIN version ON version.key = incident_version.version JOIN document ON document.key ="
        " version.document WHERE incident.id = ? ORDER BY document.id",
        g->f);
    give_text(&s, incident);
    while (statement_row(&s))
        *VECTOR_PUSH(out, g->a) = (account){take_number(&s, 1), arena_copy(g->a, take_text(&s, 0))};
    return statement_done(&s);
}

static status add_account(acting *g, json_t *list, const account *one) {
    if (one->claim)
        return add_claim_anchor(g, list, one->claim);
    add_document_anchor(list, one->document);
    return STATUS_OK;
}

static status add_accounts(acting *g, json_t *list, str incident, size_t most) {
    accounts all;
    status code = accounts_of(g, incident, &all);
    for (size_t i = 0; i < all.size && i < most && code == STATUS_OK; i++)
        code = add_account(g, list, &all.at[i]);
    return code;
}

static status add_thing(acting *g, json_t *list, const named_thing *thing, size_t most) {
    if (thing->claim)
        return add_claim_anchor(g, list, thing->claim);
    if (thing->incident)
        return add_accounts(g, list, thing->id, most);
    add_document_anchor(list, thing->id);
    return STATUS_OK;
}

/* ---- keeping ---- */

static void touch(acting *g, str incident) {
    for (size_t i = 0; i < g->touched.size; i++)
        if (str_equal(g->touched.at[i], incident))
            return;
    *VECTOR_PUSH(&g->touched, g->a) = incident;
}

/* The incidents in which what an act names stands; of a claim that it adds, the one that its document tells
 * of. */
static status touch_places(acting *g, int64_t act) {
    statement s = statement_of(
        g->l,
        "SELECT DISTINCT incident.id FROM act_place JOIN incident_claim ON"
        " incident_claim.claim = act_place.claim JOIN incident ON incident.key ="
        " incident_claim.incident WHERE act_place.act = ?1 UNION SELECT incident FROM"
        " act WHERE sequence = ?1 AND incident IS NOT NULL UNION SELECT min(incident.id) FROM act JOIN"
        " act_place ON act_place.act = act.sequence JOIN incident_version ON incident_version.version ="
        " act_place.version JOIN incident ON incident.key = incident_version.incident WHERE act.sequence = ?1"
        " AND act.kind = 'add' AND side = 0 GROUP BY act.sequence HAVING count(*) = 1",
        g->f);
    give_number(&s, act);
    while (statement_row(&s))
        touch(g, arena_copy(g->a, take_text(&s, 0)));
    return statement_done(&s);
}

static status keep(acting *g, json_t *payload, const named_thing *thing) {
    int64_t sequence = 0;
    if (g->act->why.size)
        json_object_set_new(payload, "why", json_text(g->act->why));
    if (g->act->confirmed_by.size)
        json_object_set_new(payload, "confirmed_by", json_text(g->act->confirmed_by));
    if (g->act->request.size)
        json_object_set_new(payload, "request", json_text(g->act->request));
    act_row row = {.time = g->time,
                   .who = g->act->who.size ? g->act->who : STR(""),
                   .kind = str_of(act_kind_name(g->kind)),
                   .incident = thing && thing->incident ? thing->id : STR_NONE,
                   .claim = thing && thing->claim ? thing->id : STR_NONE,
                   .payload = json_text_of(g->a, payload)};
    status code = act_insert(g->l, &row, &sequence, g->f);
    if (code == STATUS_OK)
        code = anchors_place(g->l, sequence, g->f);
    if (code == STATUS_OK)
        code = touch_places(g, sequence);
    g->out.first = g->out.first ? g->out.first : (uint64_t)sequence;
    g->out.last = (uint64_t)sequence;
    return code;
}

/* ---- the kinds ---- */

static str first_value(const acting *g) {
    return g->act->value_count ? str_trim(g->act->values[0]) : STR_NONE;
}

static bool is_none(str value) {
    return str_equal(value, STR("none"));
}

static status put_text(json_t *payload, const char *key, str value) {
    json_object_set_new(payload, key, is_none(value) ? json_null() : json_stringn(value.data, value.size));
    return STATUS_OK;
}

static status put_grade(acting *g, json_t *payload) {
    str value = first_value(g);
    grade found = {0};
    status code = is_none(value) ? STATUS_OK : grade_named(g->l, g->a, value, &found, g->f);
    const struct {
        const char *key;
        str text;
    } parts[] = {{"grade", found.name}, {"scale", found.scale}, {"en", found.en}, {"ar", found.ar}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && code == STATUS_OK; i++)
        put_text(payload, parts[i].key, parts[i].text.size ? parts[i].text : STR("none"));
    return code;
}

/* What an act of one claim or incident says of it. */
static status put_value(acting *g, json_t *payload, const named_thing *thing) {
    str value = first_value(g);
    json_t *set;
    status code = STATUS_OK;
    switch (g->kind) {
    case ACT_CORRECT:
        code = fields_read(g->l, thing->claim, g->act->values, g->act->value_count, &set, g->f);
        if (code == STATUS_OK)
            json_object_set_new(payload, "set", set);
        return code;
    case ACT_GRADE:
        return put_grade(g, payload);
    case ACT_ASSIGN:
        return put_text(payload, "assignee", value);
    case ACT_COMMENT:
        json_object_set_new(payload, "text", json_stringn(value.data, value.size));
        return STATUS_OK;
    case ACT_SENSITIVE:
        if (value.size && !str_equal(value, STR("yes")) && !str_equal(value, STR("no")))
            return fail(g->f, STATUS_USAGE, "sensitive \"%.*s\": expected yes or no", STR_ARG(value));
        json_object_set_new(payload, "sensitive", json_boolean(!str_equal(value, STR("no"))));
        return STATUS_OK;
    default:
        return STATUS_OK;
    }
}

static bool needs_value(act_kind k) {
    return k == ACT_CORRECT || k == ACT_GRADE || k == ACT_ASSIGN || k == ACT_COMMENT;
}

static status find_subject(acting *g, str typed, named_thing *out) {
    if (g->kind == ACT_ACCEPT || g->kind == ACT_REJECT)
        return find_claim_only(g, typed, out);
    if (g->kind == ACT_GRADE || g->kind == ACT_SETTLE)
        return find_incident_only(g, typed, out);
    status code = find_thing(g, typed, out);
    return code == STATUS_OK
               ? expect(g, out, typed, "the id of an incident or a claim", out->incident || out->claim)
               : code;
}

static status act_on_one(acting *g, str typed) {
    named_thing thing;
    json_t *payload = json_object(), *these = json_array();
    json_object_set_new(payload, "these", these);
    status code = find_subject(g, typed, &thing);
    if (code == STATUS_OK)
        code = add_thing(g, these, &thing, ANCHORS_OF_INCIDENT);
    if (code == STATUS_OK)
        code = put_value(g, payload, &thing);
    if (code == STATUS_OK)
        code = keep(g, payload, &thing);
    json_decref(payload);
    return code;
}

/* ---- which accounts tell of one incident ---- */

static bool leaves(const accounts *leaving, int64_t key, str document) {
    for (size_t i = 0; i < leaving->size; i++)
        if (leaving->at[i].claim ? leaving->at[i].claim == key : str_equal(leaving->at[i].document, document))
            return true;
    return false;
}

/* Of an account from which claims leave, the first that stays; 0: none does. */
static status find_claim_that_stays(acting *g, str incident, str document, const accounts *leaving,
                                    int64_t *out) {
    *out = 0;
    statement s = statement_of(
        g->l,
        "SELECT claim.key FROM incident JOIN incident_claim ON incident_claim.incident = incident.key JOIN"
        " claim ON claim.key = incident_claim.claim JOIN document ON document.current = claim.version WHERE"
        " incident.id = ? AND document.id = ? ORDER BY claim.number",
        g->f);
    give_text(&s, incident);
    give_text(&s, document);
    while (!*out && statement_row(&s))
        *out = leaves(leaving, take_number(&s, 0), document) ? 0 : take_number(&s, 0);
    return statement_done(&s);
}

/* What of an incident stays when these leave it. */
static status add_what_stays(acting *g, json_t *list, str incident, const accounts *leaving) {
    accounts all;
    status code = accounts_of(g, incident, &all);
    for (size_t i = 0; i < all.size && code == STATUS_OK; i++) {
        account one = all.at[i];
        bool gone = leaves(leaving, one.claim, one.document);
        if (gone)
            code = find_claim_that_stays(g, incident, one.document, leaving, &one.claim);
        if (code == STATUS_OK && (!gone || one.claim))
            code = add_account(g, list, &one);
    }
    return code;
}

static status bind_things(acting *g, json_t *these, json_t *those) {
    named_thing first, thing;
    accounts leaving = {0};
    bool merge = g->kind == ACT_MERGE;
    status code =
        merge ? find_thing(g, g->act->ids[0], &first) : find_incident_only(g, g->act->ids[0], &first);
    if (code == STATUS_OK && merge)
        code = add_thing(g, these, &first, SIZE_MAX);
    for (size_t i = 1; i < g->act->id_count && code == STATUS_OK; i++) {
        code = g->kind == ACT_ATTACH ? find_claim_only(g, g->act->ids[i], &thing)
                                     : find_thing(g, g->act->ids[i], &thing);
        if (code == STATUS_OK && g->kind == ACT_SPLIT)
            code =
                expect(g, &thing, g->act->ids[i], "claims or documents after the incident", !thing.incident);
        if (code == STATUS_OK && merge && str_equal(thing.id, first.id))
            code = fail(g->f, STATUS_USAGE, "merge: \"%.*s\" and \"%.*s\" are one already",
                        STR_ARG(g->act->ids[0]), STR_ARG(g->act->ids[i]));
        if (code == STATUS_OK)
            code = add_thing(g, merge ? those : these, &thing, SIZE_MAX);
        *VECTOR_PUSH(&leaving, g->a) = (account){thing.claim, thing.claim ? STR("") : thing.id};
    }
    if (code == STATUS_OK && g->kind == ACT_SPLIT)
        code = add_what_stays(g, those, first.id, &leaving);
    if (code == STATUS_OK && g->kind == ACT_ATTACH)
        code = add_accounts(g, those, first.id, SIZE_MAX);
    if (code == STATUS_OK && !json_array_size(those))
        code = fail(g->f, STATUS_USAGE, "%s: nothing would be left of incident %.*s", act_kind_name(g->kind),
                    STR_ARG(first.id));
    return code;
}

static status act_on_accounts(acting *g) {
    json_t *payload = json_object(), *these = json_array(), *those = json_array();
    json_object_set_new(payload, "these", these);
    json_object_set_new(payload, "those", those);
    g->out.link = true;
    status code = bind_things(g, these, those);
    if (code == STATUS_OK)
        code = keep(g, payload, NULL);
    json_decref(payload);
    return code;
}

/* ---- undoing ---- */

/* What an act spoke of, also one that undid another: that is what its undoing bears on. */
static status touch_what_it_did(acting *g, int64_t act) {
    status code = STATUS_OK;
    while (act && code == STATUS_OK) {
        statement s = statement_of(
            g->l, "SELECT " ACT_BINDS("kind") ", kind = 'name' FROM act WHERE sequence = ?", g->f);
        give_number(&s, act);
        if (statement_row(&s)) {
            g->out.link |= take_number(&s, 0) != 0;
            if (take_number(&s, 1)) {
                g->names = true;
                *VECTOR_PUSH(&g->named, g->a) = act;
            }
        }
        code = statement_done(&s);
        if (code == STATUS_OK)
            code = touch_places(g, act);
        if (code != STATUS_OK)
            return code;
        s = statement_of(g->l, "SELECT undoes FROM act_undo WHERE act = ?", g->f);
        give_number(&s, act);
        act = statement_row(&s) ? take_number(&s, 0) : 0;
        code = statement_done(&s);
    }
    return code;
}

static status undo(acting *g, str typed) {
    int64_t act;
    if (!whole_told(typed, &act))
        return fail(g->f, STATUS_USAGE, "undo \"%.*s\": expected the number of an act: isnad review log",
                    STR_ARG(typed));
    statement s = statement_of(g->l, "SELECT lower(hex(leaf)), kind FROM act WHERE sequence = ?", g->f);
    give_number(&s, act);
    str leaf = statement_row(&s) ? arena_copy(g->a, take_text(&s, 0)) : STR_NONE;
    bool redacts = leaf.data && act_kind_named(take_text(&s, 1)) == NONE;
    status code = statement_done(&s);
    if (code == STATUS_OK && !leaf.data)
        return not_found(g, "act", typed);
    if (code == STATUS_OK && redacts)
        return fail(g->f, STATUS_USAGE, "act %lld is a redaction: what it destroyed cannot come back",
                    (long long)act);
    bool undone = false;
    if (code == STATUS_OK)
        code = act_is_undone(g->l, act, &undone, g->f);
    if (code == STATUS_OK && undone)
        return fail(g->f, STATUS_USAGE, "act %lld is undone already: undo the act that undid it",
                    (long long)act);
    json_t *payload =
        json_pack("{s:s%, s:I}", "act", leaf.data ? leaf.data : "", leaf.size, "number", (json_int_t)act);
    if (code == STATUS_OK)
        code = keep(g, payload, NULL);
    json_decref(payload);
    return code == STATUS_OK ? touch_what_it_did(g, act) : code;
}

/* ---- all of it ---- */

static bool is_text(const ledger_act *act) {
    bool good = utf8_valid(act->who) && utf8_valid(act->why) && utf8_valid(act->confirmed_by) &&
                utf8_valid(act->request);
    for (size_t i = 0; i < act->id_count; i++)
        good = good && utf8_valid(act->ids[i]);
    for (size_t i = 0; i < act->value_count; i++)
        good = good && utf8_valid(act->values[i]);
    return good;
}

static status check(const acting *g) {
    const ledger_act *act = g->act;
    if (!is_text(act))
        return fail(g->f, STATUS_USAGE, "%s: expected UTF-8", act_kind_name(g->kind));
    bool binds = g->kind == ACT_MERGE || g->kind == ACT_SPLIT || g->kind == ACT_ATTACH;
    if (g->kind == ACT_ADD && act->id_count > 1)
        return fail(g->f, STATUS_USAGE, "add: expected at most one incident that the claim tells of");
    if (act->id_count < (binds ? 2 : g->kind == ACT_ADD ? 0 : 1))
        return fail(g->f, STATUS_USAGE, "%s: expected %s", act_kind_name(g->kind),
                    g->kind == ACT_MERGE    ? "two or more incidents, claims or documents"
                    : g->kind == ACT_SPLIT  ? "an incident, then the claims or documents that leave it"
                    : g->kind == ACT_ATTACH ? "an incident, then the claims that tell of it"
                    : g->kind == ACT_UNDO   ? "the number of an act"
                    : g->kind == ACT_NAME   ? "the key of a voice"
                                            : "an id");
    if (needs_value(g->kind) && (!act->value_count || !first_value(g).size))
        return fail(g->f, STATUS_USAGE, "%s: expected %s", act_kind_name(g->kind),
                    g->kind == ACT_CORRECT  ? "FIELD=VALUE"
                    : g->kind == ACT_GRADE  ? "a grade, or none"
                    : g->kind == ACT_ASSIGN ? "a name, or none"
                                            : "a text");
    return STATUS_OK;
}

/* ---- names of voices ---- */

static const char named_fields[] = "name=, name_ar=, kind= or not= (a name as told that is not this voice)";

/* By the unique beginning of it, also one that goes by another key now: what is undone later leaves it as it
 * was said. */
static status key_begun(acting *g, str typed, str *key, size_t *found) {
    said_voices said;
    statement s =
        statement_of(g->l, "SELECT key FROM source WHERE key >= ?1 AND key < ?1 || 'g' LIMIT 2", g->f);
    give_text(&s, typed);
    while (statement_row(&s) && ++*found)
        *key = arena_copy(g->a, take_text(&s, 0));
    status code = statement_done(&s);
    if (code == STATUS_OK)
        code = said_voices_read(g->l, g->a, &said, g->f);
    for (size_t i = 0; code == STATUS_OK && i < said.keys.size; i++)
        if (str_starts(said.keys.at[i].key, typed) && !(*found && str_equal(*key, said.keys.at[i].key))) {
            ++*found;
            *key = said.keys.at[i].key;
        }
    return code;
}

static status find_voice(acting *g, str typed, json_t *keys) {
    str key = STR_NONE;
    size_t found = 0;
    if (!str_starts(typed, STR("s-")) || typed.size < 6)
        return fail(g->f, STATUS_USAGE,
                    "name \"%.*s\": expected the key of a voice (s-…), which isnad voices lists",
                    (int)(typed.size < 200 ? typed.size : 200), typed.data);
    status code = key_begun(g, typed, &key, &found);
    if (code == STATUS_OK && found > 1)
        return fail(g->f, STATUS_USAGE, "several voices begin with \"%.*s\": give more digits",
                    (int)(typed.size < 200 ? typed.size : 200), typed.data);
    if (code == STATUS_OK && !found)
        return not_found(g, "voice", typed);
    json_array_append_new(keys, json_text(key));
    return code;
}

static status put_named(acting *g, json_t *payload, str value) {
    static const char *const fields[] = {"name", "name_ar", "kind"};
    size_t equals = str_find(value, STR("="), 0);
    str field = equals == SIZE_MAX ? value : str_slice(value, 0, equals),
        text = equals == SIZE_MAX ? STR("") : str_trim(str_slice(value, equals + 1, value.size));
    if (text.size > 1000)
        return fail(g->f, STATUS_USAGE, "name: a name has at most 1000 bytes");
    if (str_equal(field, STR("not")) && text.size) {
        if (!json_object_get(payload, "not"))
            json_object_set_new(payload, "not", json_array());
        json_array_append_new(json_object_get(payload, "not"), json_text(text));
        return STATUS_OK;
    }
    if (str_equal(field, STR("kind")) && !is_none(text) && voice_kind_named(text) == NONE)
        return fail(g->f, STATUS_USAGE, "kind \"%.*s\": no such kind of voice", STR_ARG(text));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_equal(field, str_of(fields[i])) && text.size)
            return put_text(payload, fields[i], text);
    return fail(g->f, STATUS_USAGE, "name: \"%.*s\": expected %s", STR_ARG(value), named_fields);
}

static status act_on_voices(acting *g) {
    json_t *payload = json_object(), *keys = json_array();
    json_object_set_new(payload, "voices", keys);
    status code = STATUS_OK;
    for (size_t i = 0; i < g->act->id_count && code == STATUS_OK; i++)
        code = find_voice(g, str_trim(g->act->ids[i]), keys);
    for (size_t i = 0; i < g->act->value_count && code == STATUS_OK; i++)
        code = put_named(g, payload, g->act->values[i]);
    bool apart = json_object_get(payload, "not") != NULL;
    if (code == STATUS_OK && apart && (json_array_size(keys) != 1 || json_object_size(payload) > 2))
        code =
            fail(g->f, STATUS_USAGE, "name: not= tells a name apart from one voice, and says nothing else");
    if (code == STATUS_OK && !apart && json_array_size(keys) == 1 && json_object_size(payload) == 1)
        code = fail(g->f, STATUS_USAGE, "name: expected two voices that are one, or %s", named_fields);
    if (code == STATUS_OK)
        code = keep(g, payload, NULL);
    g->names = true;
    *VECTOR_PUSH(&g->named, g->a) = (int64_t)g->out.last;
    json_decref(payload);
    return code;
}

/* ---- claims that reviewers add ---- */

/* Whether the document tells of this incident and of no other: then its claim needs no binding. */
static status tells_of_it_alone(acting *g, const json_t *anchor, str incident, bool *out) {
    *out = false;
    statement s = statement_of(
        g->l,
        "SELECT count(*), coalesce(sum(CASE WHEN incident.id = ?1 THEN 1 ELSE 0 END), 0) FROM"
        " incident_version JOIN incident ON incident.key = incident_version.incident JOIN version ON"
        " version.key = incident_version.version JOIN document ON document.key = version.document WHERE"
        " document.id = ?2 AND text_hash = ?3",
        g->f);
    give_text(&s, incident);
    give_text(&s, json_str(anchor, "document"));
    give_text(&s, json_str(anchor, "text"));
    if (statement_row(&s))
        *out = take_number(&s, 0) == 1 && take_number(&s, 1) == 1;
    return statement_done(&s);
}

static status bind_added(acting *g, json_t *payload, str typed) {
    named_thing incident;
    bool alone = false;
    json_t *those = json_array();
    status code = find_incident(g, typed, &incident);
    if (code == STATUS_OK)
        code =
            tells_of_it_alone(g, json_array_get(json_object_get(payload, "these"), 0), incident.id, &alone);
    if (code == STATUS_OK && !alone)
        code = add_accounts(g, those, incident.id, SIZE_MAX);
    if (code == STATUS_OK && !alone)
        json_object_set(payload, "those", those);
    json_decref(those);
    return code;
}

static status act_of_adding(acting *g) {
    json_t *payload = NULL;
    status code = added_read(g->l, g->a, g->act->values, g->act->value_count, &payload, g->f);
    if (code == STATUS_OK && g->act->id_count)
        code = bind_added(g, payload, g->act->ids[0]);
    if (code == STATUS_OK)
        code = keep(g, payload, NULL);
    json_decref(payload);
    g->out.link = true;
    return code;
}

static status act_on_all(acting *g) {
    status code = check(g);
    if (code == STATUS_OK && g->kind == ACT_NAME)
        return act_on_voices(g);
    if (code == STATUS_OK && g->kind == ACT_ADD)
        return act_of_adding(g);
    if (code == STATUS_OK && (g->kind == ACT_MERGE || g->kind == ACT_SPLIT || g->kind == ACT_ATTACH))
        return act_on_accounts(g);
    for (size_t i = 0; i < g->act->id_count && code == STATUS_OK; i++)
        code = g->kind == ACT_UNDO ? undo(g, g->act->ids[i]) : act_on_one(g, g->act->ids[i]);
    return code;
}

/* What they come to is followed, so that the next linking need not. */
static status keep_names(acting *g) {
    said_voices said;
    status code = said_voices_read(g->l, g->a, &said, g->f);
    return code == STATUS_OK ? setting_keep(g->l, "named", said_voices_signature(g->a, &said), g->f) : code;
}

/* Where a linking has to follow, it works out what has changed. */
static status take_effect(acting *g) {
    status code = STATUS_OK;
    for (size_t i = 0; i < g->touched.size && code == STATUS_OK; i++)
        code = waiting_seen(g->l, g->touched.at[i], g->f);
    for (size_t i = 0; i < g->touched.size && code == STATUS_OK && !g->out.link; i++)
        code = incident_rework(g->l, g->touched.at[i], &g->changes, g->f);
    for (size_t i = 0; g->names && i < g->named.size && code == STATUS_OK; i++)
        code = voices_rename(g->l, g->named.at[i], &g->changes, g->f);
    if (code == STATUS_OK && g->names)
        code = keep_names(g);
    return code == STATUS_OK ? sources_count(g->l, &g->changes, false, g->f) : code;
}

/* What the batch held before is saved first: it is not undone where this cannot be done. */
static status in_one_batch(acting *g, status (*work)(acting *g), bool dry) {
    status code = ledger_commit(g->l, g->f);
    if (code == STATUS_OK)
        code = store_begin(g->l, g->f);
    if (code != STATUS_OK)
        return code;
    code = work(g);
    if (code == STATUS_OK && !dry)
        code = take_effect(g);
    if (code != STATUS_OK || dry) {
        store_rollback(g->l);
        return code;
    }
    return ledger_commit(g->l, g->f);
}

static status review(ledger *l, const ledger_act *act, bool dry, ledger_acted *out, failure *f) {
    arena a = arena_new((allocator){0});
    acting g = {.l = l,
                .a = &a,
                .f = f,
                .act = act,
                .changes = {.a = &a},
                .time = act->time.size ? act->time : moment_text(&a, time(NULL))};
    int kind = act_kind_named(act->kind);
    g.kind = (act_kind)kind;
    status code = kind == NONE ? fail(f, STATUS_USAGE,
                                      "no act \"%.*s\": accept, correct, reject, merge, split, attach, grade,"
                                      " assign, comment, sensitive, settle, name, add or undo",
                                      STR_ARG(act->kind))
                               : in_one_batch(&g, act_on_all, dry);
    if (code == STATUS_OK && out)
        *out = g.out;
    arena_free(&a);
    return code;
}

status ledger_review(ledger *l, const ledger_act *act, ledger_acted *out, failure *f) {
    return review(l, act, false, out, f);
}

status ledger_review_dry(ledger *l, const ledger_act *act, failure *f) {
    return review(l, act, true, NULL, f);
}

/* ---- accounts named one by one ---- */

static status add_side(acting *g, json_t *payload, const char *key, const str *names, size_t count) {
    json_t *list = json_array();
    status code = STATUS_OK;
    json_object_set_new(payload, key, list);
    for (size_t i = 0; i < count && code == STATUS_OK; i++) {
        named_thing thing;
        code = str_starts(names[i], STR("c-")) ? find_claim(g, names[i], &thing)
                                               : find_document(g, names[i], &thing);
        if (code == STATUS_OK)
            code = add_thing(g, list, &thing, SIZE_MAX);
    }
    return code;
}

typedef struct binding {
    acting acting;
    const ledger_tie *tie;
} binding;

static status bind_accounts(acting *g) {
    const ledger_tie *tie = ((const binding *)(const void *)g)->tie;
    json_t *payload = json_object();
    status code = add_side(g, payload, "these", tie->these, tie->these_count);
    if (code == STATUS_OK)
        code = add_side(g, payload, "those", tie->those, tie->those_count);
    if (code == STATUS_OK)
        code = keep(g, payload, NULL);
    json_decref(payload);
    return code;
}

status ledger_bind(ledger *l, const ledger_tie *tie, failure *f) {
    if (!tie->these_count || !tie->those_count)
        return fail(f, STATUS_USAGE, "a merge or split needs accounts on both sides");
    arena a = arena_new((allocator){0});
    ledger_act act = {.who = tie->who};
    binding b = {.acting = {.l = l,
                            .a = &a,
                            .f = f,
                            .act = &act,
                            .changes = {.a = &a},
                            .kind = tie->together ? ACT_MERGE : ACT_SPLIT,
                            .time = tie->time.size ? tie->time : moment_text(&a, time(NULL))},
                 .tie = tie};
    status code = in_one_batch(&b.acting, bind_accounts, false);
    arena_free(&a);
    return code;
}
