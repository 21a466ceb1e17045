/* The queue of review: what matters first.
 *
 * What stood when somebody last acted on an incident is kept (table `seen`): its claims, its figures, its
 * ranges and on what its accounts part. Whenever an incident is written again, what it is now is compared
 * with that, and the reason is a column of it: so the queue is a walk along an index, however large the
 * ledger. An incident that nobody acted on is a first report, the heavier the more voices, people and
 * disagreements it has. */
#include "ledger/waiting.h"
#include "base/counters.h"
#include "ledger/hidden.h"
#include "ledger/incident.h"

static const char *const reasons[WAITS] = {NULL,      "disagreement", "lost",
                                           "changed", "first_report", "assigned"};

/* ---- what is seen of an incident ---- */

/* Lists are in their order. */
typedef struct stand {
    string_list claims, disagreements; /* claims that count; on what which two accounts part, hashed */
    str estimates;
} stand;

static str pair_hash(const incident_work *w, const incident_difference *d) {
    const told *both[] = {&w->claims.at[d->a], &w->claims.at[d->b]};
    str sides[2];
    for (size_t i = 0; i < 2; i++)
        sides[i] =
            arena_printf(w->a, "%s %lld %lld %d %.*s %.*s", effect_name(both[i]->effect),
                         (long long)both[i]->min, (long long)both[i]->max, both[i]->stance == STANCE_DENIES,
                         STR_ARG(both[i]->date), STR_ARG(both[i]->actor));
    if (str_compare(sides[0], sides[1]) > 0) {
        str first = sides[0];
        sides[0] = sides[1];
        sides[1] = first;
    }
    /* A hash: what pages say must not stand where no redaction looks. */
    const str parts[] = {str_of(d->on), STR("\n"), sides[0], STR("\n"), sides[1]};
    return digest_hex(w->a, sha256_parts(parts, sizeof parts / sizeof *parts), 8);
}

static str estimates_text(const incident_work *w) {
    buffer b = {0};
    for (size_t i = 0; i < w->estimates.size; i++) {
        const estimate *e = &w->estimates.at[i];
        buffer_printf(&b, "%s %s %d %lld %lld %lld%s\n", effect_name(e->effect), e->class_name, (int)e->group,
                      (long long)e->low, (long long)e->best, (long long)e->high, e->open ? "+" : "");
    }
    str out = arena_copy(w->a, b.size ? buffer_str(&b) : STR(""));
    buffer_free(&b);
    return out;
}

static stand what_stands(const incident_work *w) {
    stand now = {.estimates = estimates_text(w)};
    for (size_t i = 0; i < w->claims.size; i++)
        if (w->claims.at[i].counts)
            *VECTOR_PUSH(&now.claims, w->a) = w->claims.at[i].id;
    for (size_t i = 0; i < w->differences.size; i++)
        *VECTOR_PUSH(&now.disagreements, w->a) = pair_hash(w, &w->differences.at[i]);
    strings_sort(&now.claims);
    strings_sort(&now.disagreements);
    return now;
}

/* Whether one list has what the other lacks. */
static bool has_more(const string_list *now, const string_list *before) {
    size_t k = 0;
    for (size_t i = 0; i < now->size; i++) {
        for (; k < before->size && str_compare(before->at[k], now->at[i]) < 0; k++)
            COUNT(claim_steps, 1);
        COUNT(claim_steps, 1);
        if (k == before->size || !str_equal(before->at[k], now->at[i]))
            return true;
    }
    return false;
}

/* ---- as it is kept ---- */

static json_t *json_of_list(const string_list *list) {
    json_t *out = json_array();
    for (size_t i = 0; i < list->size; i++)
        json_array_append_new(out, json_text(list->at[i]));
    return out;
}

static str stand_text(arena *a, const stand *s) {
    json_t *state = json_object();
    json_object_set_new(state, "claims", json_of_list(&s->claims));
    json_object_set_new(state, "disagreements", json_of_list(&s->disagreements));
    json_object_set_new(state, "estimates", json_text(s->estimates));
    str out = json_text_of(a, state);
    json_decref(state);
    return out;
}

static string_list list_of_json(arena *a, const json_t *list) {
    string_list out = {0};
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one) {
        *VECTOR_PUSH(&out, a) = arena_copy(a, json_slice(one));
    }
    strings_sort(&out);
    return out;
}

static stand stand_of(arena *a, str text) {
    json_t *state = json_parsed(text);
    stand out = {list_of_json(a, json_object_get(state, "claims")),
                 list_of_json(a, json_object_get(state, "disagreements")), json_kept(a, state, "estimates")};
    json_decref(state);
    return out;
}

/* What stood then follows from nothing else that is kept: it begins with a sum, so that damage is found. */
enum { SEEN_SUM = 16 };

static str seen_sum(arena *a, str incident, str time, str state) {
    buffer b = {0};
    const str parts[] = {incident, time, state};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        leaf_line(&b, parts[i]);
    str sum = digest_hex(a, sha256(buffer_str(&b)), SEEN_SUM / 2);
    buffer_free(&b);
    return sum;
}

bool seen_is_whole(arena *a, str incident, str time, str kept) {
    return kept.size > SEEN_SUM &&
           str_equal(str_slice(kept, 0, SEEN_SUM),
                     seen_sum(a, incident, time, str_slice(kept, SEEN_SUM, kept.size)));
}

/* `there`: false too where it is damaged. */
static status read_seen(ledger *l, arena *a, str id, bool *there, stand *out, str *when, failure *f) {
    *there = false;
    *out = (stand){.estimates = STR_NONE};
    statement s = statement_of(l, "SELECT state, time FROM seen WHERE incident = ?", f);
    give_text(&s, id);
    if (statement_row(&s)) {
        str kept = arena_copy(a, take_text(&s, 0));
        *when = arena_copy(a, take_text(&s, 1));
        *there = seen_is_whole(a, id, *when, kept);
        if (*there)
            *out = stand_of(a, str_slice(kept, SEEN_SUM, kept.size));
    }
    return statement_done(&s);
}

static status keep_seen(incident_work *w, const stand *now, str *when) {
    str last = w->acts.entries.size ? w->acts.entries.at[w->acts.entries.size - 1].time : STR_NONE;
    *when = last.data ? last : STR("");
    str text = stand_text(w->a, now), sum = seen_sum(w->a, w->in->id, *when, text);
    statement s =
        statement_of(w->l,
                     "INSERT INTO seen(incident, time, state) VALUES (?, ?, ?) ON CONFLICT (incident) DO"
                     " UPDATE SET time = excluded.time, state = excluded.state",
                     w->f);
    give_text(&s, w->in->id);
    give_text(&s, *when);
    give_text(&s, arena_printf(w->a, "%.*s%.*s", STR_ARG(sum), STR_ARG(text)));
    return statement_run(&s);
}

status waiting_seen(ledger *l, str incident, failure *f) {
    statement s = statement_of(l, "DELETE FROM seen WHERE incident = ?", f);
    give_text(&s, incident);
    return statement_run(&s);
}

/* ---- how much it matters, and since when ---- */

static int64_t weight_of(const incident_work *w) {
    enum { VOICE = 10, PART = 5, PARTS = 10, DOUBLED = 3 };
    int64_t most = 0, size = 0;
    for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++)
        most = top_figure(w, (effect)e) > most ? top_figure(w, (effect)e) : most;
    for (; most > 0; most /= 2)
        size++;
    int64_t parts = w->differences.size < PARTS ? (int64_t)w->differences.size : PARTS;
    return VOICE * (int64_t)w->voices.size + PART * parts + DOUBLED * size;
}

/* The latest paper with a claim that was not seen; of a first report (NULL) the first. */
static str since_when(const incident_work *w, const stand *seen) {
    str found = STR_NONE;
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        str said = w->papers.size > c->paper ? w->papers.at[c->paper].said : STR_NONE;
        bool known = !c->counts || !said.size || (seen && strings_have(&seen->claims, c->id));
        if (!known && (!found.data || (seen ? str_compare(said, found) > 0 : str_compare(said, found) < 0)))
            found = said;
    }
    return found;
}

static waits_for compared(const stand *now, const stand *seen, const review_state *r) {
    if (has_more(&now->disagreements, &seen->disagreements))
        return WAITS_DISAGREEMENT;
    if (has_more(&now->claims, &seen->claims) || has_more(&seen->claims, &now->claims) ||
        !str_equal(now->estimates, seen->estimates))
        return WAITS_CHANGED;
    return r->assignee.size && !str_equal(str_of(r->status), STR("settled")) ? WAITS_ASSIGNED : WAITS_NOT;
}

status waiting_find(incident_work *w, waiting *out) {
    *out = (waiting){.weight = weight_of(w)};
    if (!w->review.history) {
        out->why = WAITS_FIRST;
        out->since = since_when(w, NULL);
        return STATUS_OK;
    }
    stand now = what_stands(w), seen;
    bool there;
    str when = STR_NONE;
    status code = read_seen(w->l, w->a, w->in->id, &there, &seen, &when, w->f);
    if (code == STATUS_OK && !there) {
        code = keep_seen(w, &now, &when);
        seen = now;
    }
    out->why = compared(&now, &seen, &w->review);
    str since = out->why == WAITS_NOT ? STR_NONE : since_when(w, &seen);
    out->since = since.size ? since : when.size ? when : STR_NONE;
    return code;
}

/* ---- asking ---- */

typedef struct queue_page {
    ledger *l;
    arena *a, once; /* once: of one incident */
    failure *f;
    const ledger_waiting_asked *asked;
    buffer b;
    uint64_t left;
    int64_t from[3]; /* behind this: reason, weight or number, key */
    str next;
    int64_t at; /* number of the lost act that is given now */
} queue_page;

static int reason_named(str name) {
    for (int i = WAITS_DISAGREEMENT; i < WAITS; i++)
        if (str_equal(name, str_of(reasons[i])))
            return i;
    return NONE;
}

static bool read_cursor(queue_page *p) {
    size_t at = 0;
    str one;
    for (size_t i = 0; i < 3; i++)
        if (!str_piece(p->asked->after, &at, ' ', &one) || !number_told(one, &p->from[i]))
            return false;
    return !str_piece(p->asked->after, &at, ' ', &one) && p->from[0] >= WAITS_DISAGREEMENT &&
           p->from[0] < WAITS;
}

static bool holds(const json_t *few, const json_t *value) {
    size_t i;
    const json_t *each;
    json_array_foreach(few, i, each) {
        if (json_equal(each, value))
            return true;
    }
    return false;
}

/* Ids of claims that are why it waits. */
static json_t *claims_of(const json_t *incident, const stand *seen, waits_for why) {
    enum { MOST = 50 };
    json_t *out = json_array();
    const json_t *each, *id;
    size_t i, k;
    if (why == WAITS_DISAGREEMENT)
        json_array_foreach(json_object_get(incident, "disagreements"), i, each) {
            json_array_foreach(json_object_get(each, "claims"), k, id) {
                if (json_array_size(out) < MOST && !holds(out, id))
                    json_array_append(out, (json_t *)(uintptr_t)id);
            }
        }
    else if (why != WAITS_ASSIGNED)
        json_array_foreach(json_object_get(incident, "claims"), i, each) {
            id = json_object_get(each, "id");
            bool counts = json_is_integer(json_object_get(each, "independent"));
            if (json_array_size(out) < MOST && counts && !strings_have(&seen->claims, json_slice(id)))
                json_array_append(out, (json_t *)(uintptr_t)id);
        }
    return out;
}

static void hide_claims(const json_t *incident, json_t *ids) {
    size_t i, k;
    const json_t *each, *id;
    json_array_foreach(json_object_get(incident, "claims"), i, each) {
        for (k = json_array_size(ids); k-- > 0 && json_is_true(json_object_get(each, "sensitive"));) {
            id = json_array_get(ids, k);
            if (json_equal(id, json_object_get(each, "id")))
                json_array_remove(ids, k);
        }
    }
}

static status write_waiting(queue_page *p, statement *s, waits_for why) {
    str json = archive_inflate(&p->once, take_blob(s, 4), (size_t)take_number(s, 5)), when,
        summary = json.data ? archive_inflate_beside(&p->once, take_blob(s, 6), (size_t)take_number(s, 7),
                                                     incident_beside(json))
                            : STR_NONE;
    if (!summary.data)
        return fail(p->f, STATUS_DAMAGED_LEDGER, "ledger %s: an incident is damaged", p->l->path);
    status veiled = incident_veiled(p->l, take_text(s, 8), json, summary, &p->once, &summary, p->f);
    if (veiled != STATUS_OK)
        return veiled;
    stand seen;
    bool there;
    status code = read_seen(p->l, &p->once, take_text(s, 8), &there, &seen, &when, p->f);
    json_t *incident = json_parsed(json), *claims = claims_of(incident, &seen, why);
    if (p->asked->hide_sensitive)
        hide_claims(incident, claims);
    write_comma(&p->b), buffer_add_byte(&p->b, '{');
    write_key(&p->b, "id"),
        write_string(&p->b, arena_printf(p->a, "%s:%.*s", reasons[why], STR_ARG(take_text(s, 8))));
    write_key(&p->b, "reason"), write_name(&p->b, reasons[why]);
    write_key(&p->b, "incident"), buffer_add(&p->b, summary);
    write_key(&p->b, "since"), write_string(&p->b, take_null(s, 2) ? STR_NONE : take_text(s, 2));
    write_key(&p->b, "weight"), write_number(&p->b, take_number(s, 0));
    write_key(&p->b, "claims"), buffer_add(&p->b, json_dumped(&p->once, claims, 0));
    write_key(&p->b, "assignee"), write_string(&p->b, take_null(s, 3) ? STR_NONE : take_text(s, 3));
    write_key(&p->b, "act"), buffer_add(&p->b, STR("null}"));
    json_decref(claims);
    json_decref(incident);
    return code;
}

#define WAITING_WHERE                                                                                        \
    " FROM incident WHERE waits = ?1 AND (?2 = '' OR (?2 = 'none' AND assignee IS NULL) OR assignee = ?2) "  \
    "AND"                                                                                                    \
    " (?3 = 0 OR sensitive = 0)"

static void give_asked(const queue_page *p, statement *s, waits_for why) {
    give_number(s, why);
    give_text(s, p->asked->assignee.size ? p->asked->assignee : STR(""));
    give_number(s, p->asked->hide_sensitive);
}

static status write_incidents_waiting(queue_page *p, waits_for why) {
    bool behind = p->from[0] == (int64_t)why;
    statement s =
        statement_of(p->l,
                     "SELECT weight, x.key, since, assignee, json, json_size, summary, summary_size, id FROM "
                     "(SELECT key, weight, since,"
                     " assignee, id" WAITING_WHERE " AND (weight < ?4 OR (weight = ?4 AND key > ?5)) ORDER "
                     "BY weight DESC, key LIMIT ?6) AS x JOIN incident_text"
                     " ON incident_text.incident = x.key ORDER BY weight DESC, x.key",
                     p->f);
    give_asked(p, &s, why);
    give_number(&s, behind ? p->from[1] : INT64_MAX);
    give_number(&s, behind ? p->from[2] : INT64_MIN);
    give_number(&s, (int64_t)p->left + 1);
    status code = STATUS_OK;
    while (code == STATUS_OK && !p->next.data && statement_row(&s)) {
        if (!p->left) {
            p->next = arena_printf(p->a, "%lld %lld %lld", (long long)p->from[0], (long long)p->from[1],
                                   (long long)p->from[2]);
            break;
        }
        p->left--;
        p->from[0] = why;
        p->from[1] = take_number(&s, 0);
        p->from[2] = take_number(&s, 1);
        code = write_waiting(p, &s, why);
        arena_reset(&p->once);
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

static bool write_lost(void *context, str json) {
    queue_page *p = context;
    p->at++;
    if (p->next.data || (p->from[0] == WAITS_LOST && p->at <= p->from[1]))
        return true;
    if (!p->left) {
        p->next = arena_printf(p->a, "%lld %lld %lld", (long long)p->from[0], (long long)p->from[1],
                               (long long)p->from[2]);
        return true;
    }
    p->left--;
    p->from[0] = WAITS_LOST;
    p->from[1] = p->at;
    p->from[2] = 0;
    json_t *row = json_parsed(json), *one_claim = json_object_get(row, "claim");
    write_comma(&p->b), buffer_add_byte(&p->b, '{');
    write_key(&p->b, "id"),
        write_string(&p->b, arena_printf(p->a, "lost:%lld",
                                         (long long)json_integer_value(json_object_get(row, "act"))));
    write_key(&p->b, "reason"), write_name(&p->b, reasons[WAITS_LOST]);
    write_key(&p->b, "incident"), buffer_add(&p->b, STR("null"));
    write_key(&p->b, "since"), write_string(&p->b, json_str(row, "time"));
    write_key(&p->b, "weight"), write_number(&p->b, 0);
    write_key(&p->b, "claims"), buffer_add_byte(&p->b, '[');
    if (json_is_string(one_claim))
        write_string(&p->b, json_slice(one_claim));
    buffer_add_byte(&p->b, ']');
    write_key(&p->b, "assignee"), buffer_add(&p->b, STR("null"));
    write_key(&p->b, "act"), buffer_add(&p->b, json);
    buffer_add_byte(&p->b, '}');
    json_decref(row);
    return true;
}

static bool count_lost(void *context, str json) {
    (void)json;
    ++*(int64_t *)context;
    return true;
}

/* Whoever asks for what is his is not asked about acts that are nobody's; who may not see all sees no
 * quotations. */
static bool asks_for_lost(const queue_page *p) {
    return !p->asked->assignee.size && !p->asked->hide_sensitive;
}

static status write_counts(queue_page *p) {
    enum { MOST = 10000 };
    status code = STATUS_OK;
    bool capped = false;
    write_key(&p->b, "counts"), buffer_add_byte(&p->b, '{');
    for (int why = WAITS_DISAGREEMENT; why < WAITS && code == STATUS_OK; why++) {
        int64_t count = 0;
        if (why == WAITS_LOST) {
            code = asks_for_lost(p) ? ledger_queue(p->l, count_lost, &count, p->f) : STATUS_OK;
        } else {
            statement s =
                statement_of(p->l, "SELECT count(*) FROM (SELECT 1" WAITING_WHERE " LIMIT ?4) AS x", p->f);
            give_asked(p, &s, (waits_for)why);
            give_number(&s, MOST);
            if (statement_row(&s))
                count = take_number(&s, 0);
            code = statement_done(&s);
            capped |= count == MOST;
        }
        write_key(&p->b, reasons[why]), write_number(&p->b, count);
    }
    buffer_add_byte(&p->b, '}');
    write_key(&p->b, "capped"), buffer_add(&p->b, capped ? STR("true") : STR("false"));
    return code;
}

static status list_waiting(ledger *l, const ledger_waiting_asked *asked, arena *a, str *json, failure *f) {
    enum { USUAL = 50, MOST = 200 };
    queue_page p = {.l = l,
                    .a = a,
                    .once = arena_new((allocator){0}),
                    .f = f,
                    .asked = asked,
                    .left = asked->limit ? asked->limit : USUAL,
                    .next = STR_NONE};
    int only = asked->reason.size ? reason_named(asked->reason) : NONE;
    p.left = p.left > MOST ? MOST : p.left;
    if (asked->reason.size && only == NONE)
        return fail(f, STATUS_USAGE,
                    "reason \"%.*s\": expected disagreement, lost, changed, first_report or assigned",
                    STR_ARG(asked->reason));
    if (asked->after.size && !read_cursor(&p))
        return fail(f, STATUS_USAGE, "after: expected what the queue gave as next");
    status code = STATUS_OK;
    int first = (int)p.from[0];
    buffer_add(&p.b, STR("{\"items\": ["));
    for (int why = first ? first : WAITS_DISAGREEMENT; why < WAITS && code == STATUS_OK && !p.next.data;
         why++) {
        if (only != NONE && why != only)
            continue;
        if (why != WAITS_LOST)
            code = write_incidents_waiting(&p, (waits_for)why);
        else if (asks_for_lost(&p))
            code = ledger_queue(l, write_lost, &p, f);
    }
    buffer_add_byte(&p.b, ']');
    write_key(&p.b, "next"), write_string(&p.b, p.next);
    if (code == STATUS_OK)
        code = write_counts(&p);
    buffer_add_byte(&p.b, '}');
    if (code == STATUS_OK)
        *json = arena_copy(a, buffer_str(&p.b));
    buffer_free(&p.b);
    arena_free(&p.once);
    return code;
}

/* The handle hides for as long as it is asked so, whatever it does otherwise. */
status ledger_review_queue(ledger *l, const ledger_waiting_asked *asked, arena *a, str *json, failure *f) {
    bool before = l->hides;
    ledger_waiting_asked now = *asked;
    now.hide_sensitive |= before;
    ledger_hide_sensitive(l, now.hide_sensitive);
    status code = list_waiting(l, &now, a, json, f);
    ledger_hide_sensitive(l, before);
    return code;
}
