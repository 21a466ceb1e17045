/* What reviewers do: acts, taking them back, proposals where it takes two, what waits for them.
 *
 * An act is in the ledger before it is answered, and a request that comes again (Idempotency-Key) acts once:
 * its name is kept in the server's store before it acts, and in the act itself, so that whatever happens in
 * between, the one or the other tells. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "ledger/json.h"
#include "serve/docket.h"
#include "serve/hub.h"
#include "serve/jobs.h"
#include "serve/linker.h"
#include "serve/routes.h"

enum {
    MOST_IDS = 500,
    MOST_VALUES = 100,
    MOST_ACTS = 200,
    BODY = 256 * 1024,
    LONGEST_KEY = 200,
    RETRY_SECONDS = 3,
};

/* ---- what is said ---- */

typedef struct saying {
    str kind, why;
    string_list ids, values;
    str request; /* name of the request, 32 digits; STR_NONE */
    str digest;  /* of what is asked for */
} saying;

static str digits_of(arena *a, const str *parts, size_t count, size_t bytes) {
    digest d = sha256_parts(parts, count);
    return bytes_hex(a, d.bytes, bytes);
}

/* Of one person's keys: nobody meets another's. */
static status read_key(exchange *x, saying *s, failure *f) {
    str key = exchange_asked(x, "Idempotency-Key");
    const str of_key[] = {x->who->id.data ? x->who->id : STR(""), STR("\n"), key};
    const str of_body[] = {x->id.data ? x->id : STR(""), STR("\n"), s->kind, STR("\n"), x->body};
    if (!key.data)
        return STATUS_OK;
    if (!key.size || key.size > LONGEST_KEY)
        return exchange_refuse(x, 400, "Idempotency-Key", f, "Idempotency-Key: expected 1 to %d bytes",
                               LONGEST_KEY);
    if (!x->with->docket)
        return exchange_refuse(x, 503, NULL, f, "this server has no store of its own, which keys need");
    s->request = digits_of(x->a, of_key, 3, 16);
    s->digest = digits_of(x->a, of_body, 5, 32);
    return STATUS_OK;
}

static ledger_act act_of(const exchange *x, const saying *s) {
    return (ledger_act){.kind = s->kind,
                        .who = x->who->name,
                        .why = s->why,
                        .ids = s->ids.at,
                        .id_count = s->ids.size,
                        .values = s->values.at,
                        .value_count = s->values.size,
                        .request = s->request};
}

/* ---- errors that say of what ---- */

/* "count=x: expected …" is of the value that begins so. */
static const char *field_of(exchange *x, const saying *s, status code, const char *message) {
    str said = str_of(message);
    if (str_starts(said, STR("no act \"")) && str_find(said, STR(": accept, "), 0) != SIZE_MAX)
        return "kind";
    for (size_t i = 0; i < s->values.size; i++) {
        size_t end = str_find(s->values.at[i], STR("="), 0);
        if (end != SIZE_MAX && str_starts(said, str_slice(s->values.at[i], 0, end + 1)))
            return arena_cstring(x->a, arena_printf(x->a, "values.%.*s", (int)end, s->values.at[i].data));
    }
    if (code == STATUS_NOT_FOUND || str_find(said, STR("the id of"), 0) != SIZE_MAX ||
        str_find(said, STR("begin with"), 0) != SIZE_MAX ||
        str_find(said, STR("expected an id"), 0) != SIZE_MAX || str_starts(said, STR("act ")) ||
        str_starts(said, STR("undo")) || str_starts(said, STR("merge")) || str_starts(said, STR("split")) ||
        str_starts(said, STR("attach")))
        return "ids";
    return code == STATUS_USAGE ? "values" : NULL;
}

static status refused(exchange *x, const saying *s, status code, failure *f) {
    str said = str_of(f->message);
    if (code == STATUS_IO && (str_find(said, STR("another process is writing"), 0) != SIZE_MAX ||
                              str_find(said, STR("is locked"), 0) != SIZE_MAX)) {
        exchange_header(x, "Retry-After", "3");
        return exchange_refuse(x, 503, NULL, f, "the ledger is being written to: send it again in a moment");
    }
    if (!x->code && (code == STATUS_USAGE || code == STATUS_NOT_FOUND))
        x->field = field_of(x, s, code, f->message);
    return code;
}

/* ---- writing ---- */

static status begin_writing(exchange *x, ledger **l, failure *f) {
    linker_give_way(x->with->linker);
    jobs_give_way(x->with->jobs);
    status s = writer_take(x->with->writer, l, f);
    if (s != STATUS_OK)
        linker_go_on(x->with->linker);
    return s;
}

static status end_writing(exchange *x, status s, failure *f) {
    failure own = {0};
    status back = writer_give_back(x->with->writer, s == STATUS_OK ? f : &own);
    linker_go_on(x->with->linker);
    return s == STATUS_OK ? back : s;
}

/* ---- telling others ---- */

typedef struct touched {
    ledger *l;
    exchange *x;
    json_t *incidents, *claims;
    bool sensitive;
} touched;

static void note_id(touched *t, str id) {
    bool shown = false;
    failure f = {0};
    if (!id.size)
        return;
    json_array_append_new(str_starts(id, STR("c-")) ? t->claims : t->incidents, json_text(id));
    ledger_hide_sensitive(t->l, true);
    if (ledger_shows(t->l, id, &shown, &f) != STATUS_OK || !shown)
        t->sensitive = true;
    ledger_hide_sensitive(t->l, false);
}

/* What an act bears on, and whether any of it is sensitive: then only those hear of it who see such things.
 */
static void find_touched(touched *t, const saying *s) {
    bool undo = str_equal(s->kind, STR("undo"));
    for (size_t i = 0; i < s->ids.size; i++) {
        ledger_act_told told;
        failure f = {0};
        if (!undo)
            note_id(t, s->ids.at[i]);
        else if (ledger_act_told_of(t->l, s->ids.at[i], t->x->a, &told, &f) == STATUS_OK)
            note_id(t, told.incident), note_id(t, told.claim);
    }
}

static void tell_acted(exchange *x, ledger *l, const saying *s, const ledger_acted *acted) {
    touched t = {.l = l, .x = x, .incidents = json_array(), .claims = json_array()};
    find_touched(&t, s);
    t.sensitive |= str_equal(s->kind, STR("sensitive"));
    json_t *news = json_pack("{s:s%, s:s%, s:I, s:I, s:b, s:O, s:O}", "kind", s->kind.data, s->kind.size,
                             "who", x->who->name.data ? x->who->name.data : "", x->who->name.size, "first",
                             (json_int_t)acted->first, "last", (json_int_t)acted->last, "link", acted->link,
                             "incidents", t.incidents, "claims", t.claims);
    char *text = news ? json_dumps(news, JSON_COMPACT) : NULL;
    if (text)
        hub_tell(x->with->hub, "act", str_of(text),
                 (hub_reach){.least = ROLE_READER,
                             .sensitive = t.sensitive}); /* who did it is not for everybody */
    free(text);
    json_decref(news);
    json_decref(t.incidents);
    json_decref(t.claims);
}

static void tell_proposal(exchange *x, const proposal *p) {
    json_t *news =
        json_pack("{s:I, s:s, s:s%, s:s%}", "id", (json_int_t)p->id, "state", proposal_state_name(p->state),
                  "kind", p->kind.data, p->kind.size, "name", p->name.data, p->name.size);
    char *text = news ? json_dumps(news, JSON_COMPACT) : NULL;
    if (text)
        hub_tell(x->with->hub, "proposal", str_of(text), (hub_reach){.least = ROLE_REVIEWER});
    free(text);
    json_decref(news);
}

/* ---- answers that can be given again ---- */

static str acted_text(arena *a, const ledger_acted *acted) {
    return arena_printf(a, "{\"first\":%" PRIu64 ",\"last\":%" PRIu64 ",\"link\":%s,\"proposal\":null}",
                        acted->first, acted->last, acted->link ? "true" : "false");
}

static str proposed_text(const proposal *p, arena *a) {
    return arena_printf(a, "{\"first\":null,\"last\":null,\"link\":false,\"proposal\":%" PRId64 "}", p->id);
}

static status give(exchange *x, unsigned code, str answer) {
    x->code = code;
    buffer_add(&x->answer, answer);
    return STATUS_OK;
}

/* The number of the last act that the ledger holds. */
static bool note_number(void *context, str row) {
    json_t *o = json_parsed(row);
    *(uint64_t *)context = (uint64_t)json_integer_value(json_object_get(o, "act"));
    json_decref(o);
    return false;
}

static status last_act(ledger *l, uint64_t *out, failure *f) {
    *out = 0;
    return ledger_last_acts(l, 0, 1, note_number, out, f);
}

/* Looks whether this request was answered, or acted and was not; *done: `x` has its answer. With the writer.
 */
static status begin_request(exchange *x, ledger *l, saying *s, bool *done, failure *f) {
    uint64_t after = 0;
    docket_request known;
    *done = false;
    if (!s->request.size)
        return STATUS_OK;
    status code = last_act(l, &after, f);
    if (code == STATUS_OK)
        code = docket_begin(x->with->docket, s->request, s->digest, after, x->a, &known, f);
    if (code != STATUS_OK)
        return code;
    if (known.state == REQUEST_OTHER)
        return exchange_refuse(x, 422, "Idempotency-Key", f,
                               "Idempotency-Key: this key was sent with another request");
    if (known.state == REQUEST_ENDED) {
        *done = true;
        exchange_header(x, "Idempotent-Replay", "true");
        return give(x, known.code, known.answer);
    }
    if (known.state == REQUEST_NEW)
        return STATUS_OK;
    ledger_acted acted;
    code = ledger_acts_of_request(l, s->request, known.after, &acted, f);
    if (code != STATUS_OK || !acted.first)
        return code;
    str answer = acted_text(x->a, &acted);
    *done = true;
    if (acted.link)
        linker_ask(x->with->linker);
    exchange_header(x, "Idempotent-Replay", "true");
    code = docket_end(x->with->docket, s->request, 201, answer, f);
    return code == STATUS_OK ? give(x, 201, answer) : code;
}

/* ---- acting ---- */

/* What is written stands when this returns; answering it can be repeated. */
static status act(exchange *x, ledger *l, const saying *s, failure *f) {
    ledger_act said = act_of(x, s);
    ledger_acted acted;
    status code = ledger_review(l, &said, &acted, f);
    if (code != STATUS_OK)
        return refused(x, s, code, f);
    str answer = acted_text(x->a, &acted);
    if (acted.link)
        linker_ask(x->with->linker);
    tell_acted(x, l, s, &acted);
    if (s->request.size)
        code = docket_end(x->with->docket, s->request, 201, answer, f);
    return code == STATUS_OK ? give(x, 201, answer) : code;
}

static json_t *texts_told(const string_list *list) {
    json_t *told = json_array();
    for (size_t i = 0; i < list->size; i++)
        json_array_append_new(told, json_text(list->at[i]));
    return told;
}

/* ---- proposals ---- */

/* What an act speaks of, as it stands: of claims what they say, of incidents what they come to. */
static json_t *seen_of(exchange *x, ledger *l, const string_list *ids) {
    static const char *const kept[] = {"event",     "date",      "place",  "grade",
                                       "estimates", "documents", "history"};
    json_t *seen = json_object();
    for (size_t i = 0; i < ids->size; i++) {
        str id = ids->at[i], json;
        failure f = {0};
        json_t *one = json_object();
        if (str_starts(id, STR("c-"))) {
            json_decref(one);
            one = NULL;
            if (ledger_claim(l, id, x->a, &json, &f) == STATUS_OK)
                one = json_parsed(json);
        } else if (ledger_incident(l, id, x->a, &json, &f) == STATUS_OK) {
            json_t *o = json_parsed(json);
            for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
                json_object_set(one, kept[k], json_object_get(o, kept[k]));
            json_decref(o);
        }
        json_object_set_new_nocheck(seen, arena_cstring(x->a, id), one ? one : json_null());
    }
    return seen;
}

/* What cannot be done need not be proposed. */
static status try_out(exchange *x, ledger *l, const saying *s, failure *f) {
    ledger_act said = act_of(x, s);
    status code = ledger_review_dry(l, &said, f);
    return code == STATUS_OK ? code : refused(x, s, code, f);
}

static status propose(exchange *x, ledger *l, const saying *s, failure *f) {
    if (!x->with->docket)
        return exchange_refuse(x, 503, NULL, f, "this server has no store of its own, which proposals need");
    status code = try_out(x, l, s, f);
    if (code != STATUS_OK)
        return code;
    json_t *payload = json_pack("{s:o, s:o, s:o}", "ids", texts_told(&s->ids), "values",
                                texts_told(&s->values), "why", json_text(s->why)),
           *seen = seen_of(x, l, &s->ids);
    proposal p = {.by = x->who->id.data ? x->who->id : STR(""),
                  .name = x->who->name,
                  .time = moment_text(x->a, time(NULL)),
                  .kind = s->kind,
                  .payload = json_text_of(x->a, payload),
                  .seen = json_text_of(x->a, seen)};
    json_decref(payload);
    json_decref(seen);
    code = last_act(l, &p.after, f);
    if (code == STATUS_OK)
        code = docket_propose(x->with->docket, &p, s->request, proposed_text, x->a, f);
    if (code != STATUS_OK)
        return code;
    tell_proposal(x, &p);
    return give(x, 201, proposed_text(&p, x->a));
}

static bool needs_two(const exchange *x, str kind) {
    accounts *a = x->with->access;
    return a && !accounts_alone(a) && accounts_needs_two(a, kind);
}

/* Whether what is said takes two. To undo what took two takes two. */
static status takes_two(exchange *x, ledger *l, const saying *s, bool *out, failure *f) {
    status code = STATUS_OK;
    *out = needs_two(x, s->kind);
    for (size_t i = 0; i < s->ids.size && !*out && code == STATUS_OK && str_equal(s->kind, STR("undo"));
         i++) {
        ledger_act_told told = {0};
        code = ledger_act_told_of(l, s->ids.at[i], x->a, &told, f);
        if (code == STATUS_NOT_FOUND) /* which acting says too */
            code = STATUS_OK;
        *out = told.kind.size && needs_two(x, told.kind);
    }
    return code;
}

static status say(exchange *x, saying *s, failure *f) {
    ledger *l;
    bool done = false, two = false;
    status code = read_key(x, s, f);
    if (code == STATUS_OK)
        code = begin_writing(x, &l, f);
    if (code != STATUS_OK)
        return refused(x, s, code, f);
    code = begin_request(x, l, s, &done, f);
    if (code == STATUS_OK && !done) {
        code = takes_two(x, l, s, &two, f);
        if (code == STATUS_OK)
            code = two ? propose(x, l, s, f) : act(x, l, s, f);
        if (code != STATUS_OK && s->request.size)
            docket_forget(x->with->docket, s->request, NULL);
    }
    return end_writing(x, code, f);
}

static status post_act(exchange *x, failure *f) {
    saying s = {0};
    json_t *o;
    status code = exchange_object(x, &o, f);
    if (code != STATUS_OK)
        return code;
    code = member_text(x, o, "kind", true, &s.kind, f);
    if (code == STATUS_OK)
        code = member_texts(x, o, "ids", true, MOST_IDS, &s.ids, f);
    if (code == STATUS_OK)
        code = member_texts(x, o, "values", false, MOST_VALUES, &s.values, f);
    if (code == STATUS_OK)
        code = member_text(x, o, "why", false, &s.why, f);
    if (code == STATUS_OK)
        code = say(x, &s, f);
    json_decref(o);
    return code;
}

/* Of another's act it has to be said why it is taken back. */
static status post_undo(exchange *x, failure *f) {
    saying s = {.kind = STR("undo")};
    json_t *o;
    status code = exchange_object(x, &o, f);
    if (code != STATUS_OK)
        return code;
    code = member_texts(x, o, "acts", true, MOST_IDS, &s.ids, f);
    if (code == STATUS_OK)
        code = member_text(x, o, "why", false, &s.why, f);
    if (code == STATUS_OK)
        code = say(x, &s, f);
    if (code != STATUS_OK && x->field && strcmp(x->field, "ids") == 0)
        x->field = "acts";
    json_decref(o);
    return code;
}

/* ---- the log ---- */

typedef struct page {
    exchange *x;
    uint64_t limit, count, last;
    bool more;
} page;

/* To those who may not see all, without the words that an act rests on: these may be of other records. */
static bool add_shown_act(void *exchange_, str row) {
    static const char *const hidden[] = {"these", "those"};
    exchange *x = exchange_;
    if (x->who->sees_sensitive)
        return exchange_row(x, row);
    json_t *o = json_parsed(row);
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        json_object_del(json_object_get(o, "payload"), hidden[i]);
    bool more = exchange_row(x, json_text_of(x->a, o));
    json_decref(o);
    return more;
}

static bool add_act(void *context, str row) {
    page *p = context;
    if (p->count == p->limit) {
        p->more = true;
        return false;
    }
    p->count++;
    note_number(&p->last, row);
    return add_shown_act(p->x, row);
}

/* The newest first; `after` is the number of the last act of the page before. */
static status get_acts(exchange *x, failure *f) {
    page p = {.x = x, .limit = 50};
    uint64_t after = 0;
    status s = exchange_number(x, "after", 0, INT64_MAX, &after, f);
    if (s == STATUS_OK)
        s = exchange_number(x, "limit", 1, MOST_ACTS, &p.limit, f);
    if (s != STATUS_OK)
        return s;
    buffer_add(&x->answer, STR("{\"acts\":["));
    s = ledger_last_acts(x->ledger, after, p.limit + 1, add_act, &p, f);
    buffer_add(&x->answer, STR("],\"next\":"));
    if (p.more)
        buffer_printf(&x->answer, "%" PRIu64 "}", p.last);
    else
        buffer_add(&x->answer, STR("null}"));
    return s;
}

static status get_acts_of(exchange *x, failure *f) {
    bool shown = true;
    status s = ledger_shows(x->ledger, x->id, &shown, f);
    if (s == STATUS_OK && !shown)
        return exchange_refuse(x, 404, NULL, f, "no incident \"%.*s\"",
                               (int)(x->id.size < 64 ? x->id.size : 64), x->id.data);
    buffer_add(&x->answer, STR("{\"acts\":["));
    if (s == STATUS_OK)
        s = ledger_acts(x->ledger, x->id, add_shown_act, x, f);
    buffer_add(&x->answer, STR("]}"));
    return s;
}

/* ---- proposals ---- */

static void list_of(exchange *x, const json_t *o, const char *key, string_list *out) {
    const json_t *list = json_object_get(o, key);
    for (size_t i = 0; i < json_array_size(list); i++)
        *VECTOR_PUSH(out, x->a) = arena_copy(x->a, json_slice(json_array_get(list, i)));
}

static saying saying_of(exchange *x, const proposal *p) {
    saying s = {.kind = p->kind};
    json_t *o = json_parsed(p->payload);
    list_of(x, o, "ids", &s.ids);
    list_of(x, o, "values", &s.values);
    s.why = json_kept(x->a, o, "why");
    json_decref(o);
    return s;
}

/* Whether what it speaks of stands as it did. */
static bool has_changed(exchange *x, ledger *l, const proposal *p, const saying *s) {
    json_t *now = seen_of(x, l, &s->ids);
    bool same = str_equal(json_text_of(x->a, now), p->seen);
    json_decref(now);
    return !same;
}

static json_t *proposal_told(exchange *x, ledger *l, const proposal *p) {
    saying s = saying_of(x, p);
    json_t *o =
        json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "id", (json_int_t)p->id, "state",
                  proposal_state_name(p->state), "kind", json_text(p->kind), "ids", texts_told(&s.ids),
                  "values", texts_told(&s.values), "why", json_text(s.why), "who", json_text(p->name), "time",
                  json_text(p->time), "own", str_equal(p->by, x->who->id.data ? x->who->id : STR("")),
                  "changed", p->state == PROPOSAL_OPEN && has_changed(x, l, p, &s));
    json_object_set_new(o, "decided_by", json_text(p->other));
    json_object_set_new(o, "decided", json_text(p->decided));
    json_object_set_new(o, "refused_because", json_text(p->because));
    json_object_set_new(o, "first", p->first ? json_integer((json_int_t)p->first) : json_null());
    json_object_set_new(o, "last", p->last ? json_integer((json_int_t)p->last) : json_null());
    return o;
}

static status get_proposals(exchange *x, failure *f) {
    enum { MOST = 100 };
    proposal_list list = {0};
    uint64_t after = 0, limit = 50;
    str state = target_value(x->target, STR("state"));
    proposal_state wanted = PROPOSAL_OPEN;
    bool known = !state.size;
    for (int s = PROPOSAL_OPEN; s <= PROPOSAL_REFUSED && !known; s++)
        known = str_equal(state, str_of(proposal_state_name(wanted = (proposal_state)s)));
    if (!known)
        return exchange_refuse(x, 400, "state", f, "state: expected open, confirmed or refused");
    status code = exchange_number(x, "after", 0, INT64_MAX, &after, f);
    if (code == STATUS_OK)
        code = exchange_number(x, "limit", 1, MOST, &limit, f);
    if (code == STATUS_OK && x->with->docket)
        code = docket_proposals(x->with->docket, wanted, (int64_t)after, limit + 1, x->a, &list, f);
    if (code != STATUS_OK)
        return code;
    json_t *told = json_array();
    bool more = list.size > limit;
    for (size_t i = 0; i < list.size && i < limit; i++)
        json_array_append_new(told, proposal_told(x, x->ledger, &list.at[i]));
    return exchange_json(x,
                         json_pack("{s:o, s:o}", "proposals", told, "next",
                                   more ? json_integer(list.at[limit - 1].id) : json_null()),
                         f);
}

static status find_proposal(exchange *x, proposal *out, failure *f) {
    uint64_t id;
    if (!x->with->docket || !target_number(x->id, INT64_MAX, &id))
        return exchange_refuse(x, 404, NULL, f, "there is no such proposal");
    return docket_proposal(x->with->docket, (int64_t)id, x->a, out, f);
}

static status check_decidable(exchange *x, const proposal *p, failure *f) {
    if (p->state == PROPOSAL_OPEN)
        return STATUS_OK;
    return exchange_refuse(x, 409, NULL, f, "this proposal was %s by %.*s", proposal_state_name(p->state),
                           STR_ARG(p->other));
}

/* The acts of a proposal are found by its own name, also where the server ended between acting and noting. */
static str proposal_request(exchange *x, const proposal *p) {
    const str parts[] = {STR("proposal\n"), docket_name(x->with->docket),
                         arena_printf(x->a, "\n%" PRId64, p->id)};
    return digits_of(x->a, parts, 3, 16);
}

static status confirm(exchange *x, ledger *l, proposal *p, bool although, failure *f) {
    saying s = saying_of(x, p);
    ledger_acted acted;
    s.request = proposal_request(x, p);
    status code = ledger_acts_of_request(l, s.request, p->after, &acted, f);
    bool before = code == STATUS_OK && acted.first;
    if (code != STATUS_OK)
        return code;
    if (!before) {
        if (!although && has_changed(x, l, p, &s))
            return exchange_refuse(
                x, 409, "changed", f,
                "what this speaks of has changed since it was proposed: look again, and confirm it"
                " with \"changed\": true if it still holds");
        ledger_act said = act_of(x, &s);
        said.who = p->name;
        said.confirmed_by = x->who->name;
        code = ledger_review(l, &said, &acted, f);
        if (code != STATUS_OK)
            return refused(x, &s, code, f);
        tell_acted(x, l, &s, &acted);
    }
    if (acted.link)
        linker_ask(x->with->linker);
    p->state = PROPOSAL_CONFIRMED;
    p->other = x->who->name;
    p->decided = moment_text(x->a, time(NULL));
    p->first = acted.first;
    p->last = acted.last;
    code = docket_decide(x->with->docket, p, f);
    if (code != STATUS_OK)
        return code;
    tell_proposal(x, p);
    return exchange_json(x, proposal_told(x, l, p), f);
}

static status post_confirm(exchange *x, failure *f) {
    proposal p;
    ledger *l;
    json_t *o = NULL;
    bool although = false;
    status code = find_proposal(x, &p, f);
    if (code == STATUS_OK && x->body.size)
        code = exchange_object(x, &o, f);
    if (code == STATUS_OK && o)
        code = member_truth(x, o, "changed", false, &although, f);
    json_decref(o);
    if (code == STATUS_OK && str_equal(p.by, x->who->id.data ? x->who->id : STR("")))
        code = exchange_refuse(x, 403, NULL, f,
                               "whoever proposes something does not confirm it: another reviewer does");
    if (code == STATUS_OK)
        code = begin_writing(x, &l, f);
    if (code != STATUS_OK)
        return code;
    code = find_proposal(x, &p, f); /* as it is now that nobody else decides */
    if (code == STATUS_OK)
        code = check_decidable(x, &p, f);
    if (code == STATUS_OK)
        code = confirm(x, l, &p, although, f);
    return end_writing(x, code, f);
}

static status refuse(exchange *x, ledger *l, proposal *p, str why, failure *f) {
    ledger_acted acted;
    status code = ledger_acts_of_request(l, proposal_request(x, p), p->after, &acted, f);
    if (code == STATUS_OK && acted.first)
        return exchange_refuse(x, 409, NULL, f, "this proposal was confirmed: undo the act");
    p->state = PROPOSAL_REFUSED;
    p->other = x->who->name;
    p->decided = moment_text(x->a, time(NULL));
    p->because = why;
    if (code == STATUS_OK)
        code = docket_decide(x->with->docket, p, f);
    if (code != STATUS_OK)
        return code;
    tell_proposal(x, p);
    return exchange_json(x, proposal_told(x, l, p), f);
}

/* Whoever proposed it may take it back. */
static status post_refuse(exchange *x, failure *f) {
    proposal p;
    ledger *l;
    json_t *o;
    str why = STR_NONE;
    status code = exchange_object(x, &o, f);
    if (code != STATUS_OK)
        return code;
    code = member_text(x, o, "why", true, &why, f);
    if (code == STATUS_OK && !str_trim(why).size)
        code = exchange_refuse(x, 400, "why", f, "why: expected a reason");
    why = arena_copy(x->a, str_trim(why));
    json_decref(o);
    if (code == STATUS_OK)
        code = find_proposal(x, &p, f);
    if (code == STATUS_OK)
        code = begin_writing(x, &l, f); /* nobody decides at the same time */
    if (code != STATUS_OK)
        return code;
    code = find_proposal(x, &p, f);
    if (code == STATUS_OK)
        code = check_decidable(x, &p, f);
    if (code == STATUS_OK)
        code = refuse(x, l, &p, why, f);
    return end_writing(x, code, f);
}

#define REVIEW(method, path, body, handler)                                                                  \
    { method, path, ROLE_REVIEWER, "review", body, handler, 0 }
const route routes_review[] = {
    REVIEW(HTTP_POST, "acts", BODY, post_act),
    REVIEW(HTTP_POST, "acts/undo", BODY, post_undo),
    {HTTP_GET, "acts", ROLE_REVIEWER, "read", 0, get_acts, 0},
    {HTTP_GET, "incidents/{id}/acts", ROLE_READER, "read", 0, get_acts_of, ROUTE_OF_LEDGER},
    /* for whoever may review, and so sees what is sensitive: they speak of that too */
    {HTTP_GET, "proposals", ROLE_REVIEWER, "review", 0, get_proposals, 0},
    REVIEW(HTTP_POST, "proposals/{id}/confirm", BODY, post_confirm),
    REVIEW(HTTP_POST, "proposals/{id}/refuse", BODY, post_refuse),
    {0},
};
