/* Anchors: how an act names a claim, and where that stands now.
 *
 * A claim's id follows from its place in a reading, and a newer engine's reading has other places. So an act
 * names a claim by what it rests on: the document and its version, the words of its figure (where it has
 * none, its sentence) with 32 code points on either side, and its effect. It is looked for in the version it
 * was made in and in the version that counts. Words and context that are all the same are `exact`; the same
 * words where the context is nearest are `near`, and so is what overlaps in the very same text. A claim that
 * is found but reads otherwise than when the act was done is `changed`: to accept one reading is not to
 * accept another. What is not found is `lost`, and stands in the queue (review.c). */
#include "ledger/acts.h"
#include "ledger/added.h"

#include <stdlib.h>

#include "base/counters.h"
#include "base/utf8.h"

enum { CONTEXT_NEEDED = 16 }; /* code points of it that have to be the same, where there are as many */

/* ---- a claim as it was read ---- */

static const char claim_columns[] =
    "SELECT claim.key, claim.effect, claim.class, claim.\"group\", claim.min, claim.max, claim.approx,"
    " claim.stance, claim.scope, claim.event, claim.date, claim.voice, claim.voice_kind, claim.actor,"
    " mention.text, coalesce(count_start, evidence_start), coalesce(count_end, evidence_end), claim.version,"
    " claim.number FROM claim LEFT JOIN mention ON mention.version = claim.version AND"
    " mention.number = claim.place WHERE claim.version = ? ORDER BY claim.number";
static const char claim_columns_of_one[] =
    "SELECT claim.key, claim.effect, claim.class, claim.\"group\", claim.min, claim.max, claim.approx,"
    " claim.stance, claim.scope, claim.event, claim.date, claim.voice, claim.voice_kind, claim.actor,"
    " mention.text, coalesce(count_start, evidence_start), coalesce(count_end, evidence_end), claim.version,"
    " claim.number FROM claim LEFT JOIN mention ON mention.version = claim.version AND"
    " mention.number = claim.place WHERE claim.key = ?";
enum { COLUMN_START = 15, COLUMN_END, COLUMN_VERSION };

static json_t *what_was_read(statement *s) {
    static const struct {
        const char *name;
        int column;
    } texts[] = {{"class", 2}, {"group", 3},  {"stance", 7},      {"scope", 8},  {"event", 9},
                 {"date", 10}, {"voice", 11}, {"voice_kind", 12}, {"actor", 13}, {"place", 14}};
    json_t *read = json_object();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_object_set_new(read, texts[i].name, json_text(take_text(s, texts[i].column)));
    json_object_set_new(read, "min", json_integer(take_number(s, 4)));
    json_object_set_new(read, "max", take_null(s, 5) ? json_null() : json_integer(take_number(s, 5)));
    json_object_set_new(read, "approx", json_boolean(take_number(s, 6) != 0));
    return read;
}

/* ---- a version's text ---- */

status version_text_read(ledger *l, int64_t version, version_text *out, failure *f) {
    *out = (version_text){.a = arena_new((allocator){0})};
    statement s = statement_of(l,
                               "SELECT document.id, number, text_hash, text, text_size FROM version JOIN"
                               " document ON document.key = version.document WHERE version.key = ?",
                               f);
    give_number(&s, version);
    str text = STR_NONE;
    if (statement_row(&s)) {
        out->names = json_object();
        json_object_set_new(out->names, "document", json_text(take_text(&s, 0)));
        json_object_set_new(out->names, "version", json_integer(take_number(&s, 1)));
        json_object_set_new(out->names, "text", json_text(take_text(&s, 2)));
        text = archive_inflate(&out->a, take_blob(&s, 3), (size_t)take_number(&s, 4));
    }
    out->points = points_of(&out->a, text.data ? text : STR(""));
    return statement_done(&s);
}

void version_text_free(version_text *v) {
    json_decref(v->names);
    arena_free(&v->a);
}

static str before_of(const text_points *text, int64_t start) {
    return points_between(text, start > ANCHOR_AROUND ? start - ANCHOR_AROUND : 0, start);
}

static str after_of(const text_points *text, int64_t end) {
    return points_between(text, end, end + ANCHOR_AROUND);
}

void anchor_quote(const text_points *text, json_t *anchor, int64_t start, int64_t end) {
    json_object_set_new(anchor, "start", json_integer(start));
    json_object_set_new(anchor, "end", json_integer(end));
    json_object_set_new(anchor, "quote", json_text(points_between(text, start, end)));
    json_object_set_new(anchor, "before", json_text(before_of(text, start)));
    json_object_set_new(anchor, "after", json_text(after_of(text, end)));
}

status anchor_of_claim(ledger *l, int64_t claim_key, json_t **out, failure *f) {
    json_t *anchor = NULL;
    int64_t version = 0, start = 0, end = 0;
    statement s = statement_of(l, claim_columns_of_one, f);
    give_number(&s, claim_key);
    if (statement_row(&s)) {
        anchor = json_object();
        json_object_set_new(anchor, "effect", json_text(take_text(&s, 1)));
        json_object_set_new(anchor, "read", what_was_read(&s));
        start = take_number(&s, COLUMN_START);
        end = take_number(&s, COLUMN_END);
        version = take_number(&s, COLUMN_VERSION);
    }
    status code = statement_done(&s);
    version_text v = {.names = NULL};
    if (code == STATUS_OK)
        code = version_text_read(l, version, &v, f);
    if (code == STATUS_OK && anchor && v.names) {
        json_object_update(anchor, v.names);
        anchor_quote(&v.points, anchor, start, end);
        *out = json_incref(anchor);
    } else if (code == STATUS_OK) {
        code = fail(f, STATUS_NOT_FOUND, "ledger %s: a claim is not there", l->path);
    }
    json_decref(anchor);
    version_text_free(&v);
    return code;
}

/* ---- finding ---- */

/* Code points that two texts have in common, from their ends (`back`) or their beginnings. */
static int64_t common_points(str x, str y, bool back) {
    size_t size = x.size < y.size ? x.size : y.size, n = 0;
    int64_t points = 0;
    while (n < size && (back ? x.data[x.size - 1 - n] == y.data[y.size - 1 - n] : x.data[n] == y.data[n])) {
        unsigned char c = (unsigned char)(back ? x.data[x.size - 1 - n] : x.data[n]);
        points += (c & 0xC0) != 0x80;
        n++;
    }
    return points;
}

static int64_t integer_of(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

anchor_fit anchor_fits(const text_points *text, const json_t *anchor, int64_t start, int64_t end) {
    str before = json_str(anchor, "before"), after = json_str(anchor, "after"),
        here_before = before_of(text, start), here_after = after_of(text, end);
    int64_t all = (int64_t)(utf8_length(before) + utf8_length(after));
    anchor_fit fit = {.words = str_equal(json_str(anchor, "quote"), points_between(text, start, end)),
                      .score =
                          common_points(before, here_before, true) + common_points(after, here_after, false),
                      .far = llabs((long long)(start - integer_of(anchor, "start")))};
    fit.near = fit.words && fit.score >= (all < CONTEXT_NEEDED ? all : CONTEXT_NEEDED);
    fit.exact = fit.words && str_equal(before, here_before) && str_equal(after, here_after);
    return fit;
}

typedef struct match {
    int64_t claim;
    anchor_fit fit;
    bool same; /* it reads as it did */
} match;

static bool is_better(const match *x, const match *y) {
    if (x->fit.exact != y->fit.exact)
        return x->fit.exact;
    if (x->fit.score != y->fit.score)
        return x->fit.score > y->fit.score;
    if (x->same != y->same)
        return x->same;
    return x->fit.far < y->fit.far;
}

/* How well a claim's words go with an anchor; false: not at all. */
static bool compare(const version_text *v, const json_t *anchor, int64_t start, int64_t end, match *m) {
    m->fit = anchor_fits(&v->points, anchor, start, end);
    if (m->fit.near)
        return true;
    m->fit.score = 0; /* the same text: another engine took more or fewer of the words */
    return str_equal(json_str(anchor, "text"), json_str(v->names, "text")) &&
           start < integer_of(anchor, "end") && integer_of(anchor, "start") < end;
}

status anchor_find(ledger *l, int64_t version, const json_t *anchor, int64_t *claim_key, const char **how,
                   failure *f) {
    version_text v;
    match best = {0};
    status code = version_text_read(l, version, &v, f);
    statement s = statement_of(l, claim_columns, f);
    give_number(&s, version);
    while (code == STATUS_OK && statement_row(&s)) {
        match m = {.claim = take_number(&s, 0)};
        if (!str_equal(take_text(&s, 1), json_str(anchor, "effect")) || take_null(&s, COLUMN_START) ||
            !compare(&v, anchor, take_number(&s, COLUMN_START), take_number(&s, COLUMN_END), &m))
            continue;
        json_t *read = what_was_read(&s);
        m.same = json_equal(read, json_object_get(anchor, "read"));
        json_decref(read);
        if (!best.claim || is_better(&m, &best))
            best = m;
    }
    status done = statement_done(&s);
    version_text_free(&v);
    *claim_key = best.claim;
    *how = !best.claim ? "lost" : !best.same ? "changed" : best.fit.exact ? "exact" : "near";
    return code == STATUS_OK ? done : code;
}

/* ---- keeping where they stand ---- */

typedef struct placing {
    ledger *l;
    failure *f;
    int64_t act;
    int side;
    size_t number;
} placing;

static status keep_place(const placing *p, int64_t document, int64_t version, int64_t claim_key,
                         const char *how) {
    statement s =
        statement_of(p->l,
                     "INSERT INTO act_place(act, side, number, version, document, claim,"
                     " how) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (act, side, number, version) DO"
                     " UPDATE SET document = excluded.document, claim = excluded.claim, how ="
                     " excluded.how",
                     p->f);
    give_number(&s, p->act);
    give_number(&s, p->side);
    give_number(&s, (int64_t)p->number);
    give_number(&s, version);
    document ? give_number(&s, document) : give_null(&s);
    claim_key ? give_number(&s, claim_key) : give_null(&s);
    give_name(&s, how);
    return statement_run(&s);
}

status anchor_versions(ledger *l, const json_t *anchor, int64_t *document, int64_t *own, int64_t *current,
                       failure *f) {
    *document = *own = *current = 0;
    statement s =
        statement_of(l,
                     "SELECT document.key, document.current, (SELECT version.key FROM version WHERE"
                     " version.document = document.key AND text_hash = ?2) FROM document WHERE id = ?1",
                     f);
    give_text(&s, json_str(anchor, "document"));
    give_text(&s, json_str(anchor, "text"));
    if (statement_row(&s)) {
        *document = take_number(&s, 0);
        *current = take_number(&s, 1);
        *own = take_number(&s, 2);
    }
    return statement_done(&s);
}

static status place_in(const placing *p, const json_t *anchor, int64_t document, int64_t version) {
    int64_t claim_key = 0;
    const char *how = "lost";
    status code = version ? anchor_find(p->l, version, anchor, &claim_key, &how, p->f) : STATUS_OK;
    return code == STATUS_OK ? keep_place(p, document, version, claim_key, how) : code;
}

static status place_anchor(const placing *p, const json_t *anchor) {
    int64_t document, own, current;
    bool of_claim = json_object_get(anchor, "quote") != NULL;
    status code = anchor_versions(p->l, anchor, &document, &own, &current, p->f);
    if (code == STATUS_OK && !of_claim)
        return keep_place(p, document, 0, 0, document ? "exact" : "lost");
    if (code == STATUS_OK)
        code = place_in(p, anchor, document, current);
    if (code == STATUS_OK && own && own != current)
        code = place_in(p, anchor, document, own);
    return code;
}

static status place_side(placing *p, const json_t *payload, int side) {
    static const char *const sides[] = {"these", "those"};
    const json_t *anchor;
    status code = STATUS_OK;
    p->side = side;
    json_array_foreach(json_object_get(payload, sides[side]), p->number, anchor) {
        code = code == STATUS_OK ? place_anchor(p, anchor) : code;
    }
    return code;
}

/* A claim that an act adds is made where its words stand. */
static status keep_added(void *context, int64_t document, int64_t version, int64_t claim_key,
                         const char *how) {
    return keep_place(context, document, version, claim_key, how);
}

/* Undoing an act of adding, or undoing that, takes its claim away or brings it back; and so do acts on that
 * claim lose and find it. */
static status place_added_again(ledger *l, int64_t act, failure *f) {
    arena a = arena_new((allocator){0});
    key_list on_it = {0};
    bool adds = false;
    int64_t next = act;
    status code = STATUS_OK;
    while (code == STATUS_OK && next) { /* what was undone, over as many steps as it takes */
        act = next;
        statement s = statement_of(l, "SELECT undoes FROM act_undo WHERE act = ?", f);
        give_number(&s, act);
        next = statement_row(&s) ? take_number(&s, 0) : 0;
        code = statement_done(&s);
    }
    if (code == STATUS_OK) {
        statement s = statement_of(l, "SELECT kind = 'add' FROM act WHERE sequence = ?", f);
        give_number(&s, act);
        adds = statement_row(&s) && take_number(&s, 0) != 0;
        code = statement_done(&s);
    }
    if (code == STATUS_OK && adds) {
        statement s =
            statement_of(l,
                         "SELECT DISTINCT act FROM act_place WHERE act > ?1 AND document IN (SELECT document"
                         " FROM act_place WHERE act = ?1 AND side = 0) ORDER BY act",
                         f);
        give_number(&s, act);
        code = statement_keys(&s, &a, &on_it);
    }
    if (code == STATUS_OK && adds)
        code = anchors_place(l, act, f);
    if (code == STATUS_OK && adds)
        code = anchors_place_all(l, &on_it, f);
    arena_free(&a);
    return code;
}

/* `*target`: what it undoes; 0: it is not there. */
static status keep_undoing(ledger *l, int64_t act, const json_t *payload, int64_t *target, failure *f) {
    status code = act_undone_by(l, payload, act, target, f);
    if (code != STATUS_OK || !*target)
        return code;
    statement s =
        statement_of(l, "INSERT INTO act_undo(act, undoes) VALUES (?, ?) ON CONFLICT DO NOTHING", f);
    give_number(&s, act);
    give_number(&s, *target);
    return statement_run(&s);
}

static status place_undoing(const placing *p, const json_t *payload) {
    int64_t target = 0;
    status code = keep_undoing(p->l, p->act, payload, &target, p->f);
    return code == STATUS_OK && target ? place_added_again(p->l, target, p->f) : code;
}

status acts_undone_again(ledger *l, failure *f) {
    status code = store_execute(l, "DELETE FROM act_undo", f);
    if (code != STATUS_OK)
        return code;
    statement s =
        statement_of(l, "SELECT sequence, payload FROM act WHERE kind = 'undo' ORDER BY sequence", f);
    while (code == STATUS_OK && statement_row(&s)) {
        int64_t target = 0;
        json_t *payload = json_parsed(take_text(&s, 1));
        code = keep_undoing(l, take_number(&s, 0), payload, &target, f);
        json_decref(payload);
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

status anchors_place(ledger *l, int64_t act, failure *f) {
    placing p = {.l = l, .f = f, .act = act};
    COUNT(anchors_placed, 1);
    json_t *payload = NULL;
    bool undoes = false, adds = false;
    statement s = statement_of(l, "DELETE FROM act_place WHERE act = ?", f);
    give_number(&s, act);
    status code = statement_run(&s);
    if (code != STATUS_OK)
        return code;
    s = statement_of(l, "SELECT payload, kind = 'undo', kind = 'add' FROM act WHERE sequence = ?", f);
    give_number(&s, act);
    if (statement_row(&s)) {
        str text = take_text(&s, 0);
        payload = json_parsed(text);
        undoes = take_number(&s, 1) != 0;
        adds = take_number(&s, 2) != 0;
    }
    code = statement_done(&s);
    if (code == STATUS_OK)
        code = undoes ? place_undoing(&p, payload)
               : adds ? added_place(l, act, payload, keep_added, &p, f)
                      : place_side(&p, payload, 0);
    if (code == STATUS_OK)
        code = place_side(&p, payload, 1);
    json_decref(payload);
    return code;
}

status anchors_place_all(ledger *l, const key_list *acts, failure *f) {
    status code = STATUS_OK;
    for (size_t i = 0; i < acts->size && code == STATUS_OK; i++)
        code = anchors_place(l, acts->at[i], f);
    return code;
}

status anchors_place_document(ledger *l, int64_t document, failure *f) {
    arena a = arena_new((allocator){0});
    key_list acts = {0};
    /* Also those of documents that were not there. */
    statement s = statement_of(l,
                               "SELECT act FROM act_place WHERE document = ? UNION SELECT act FROM act_place"
                               " WHERE how = 'lost' AND document IS NULL ORDER BY act",
                               f);
    give_number(&s, document);
    status code = statement_keys(&s, &a, &acts);
    if (code == STATUS_OK)
        code = anchors_place_all(l, &acts, f);
    arena_free(&a);
    return code;
}
