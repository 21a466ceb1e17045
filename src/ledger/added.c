/* Claims added by reviewers.
 *
 * The act is what is kept: the document, the words of the figure with what stands around them, the sentence,
 * and the fields, in the form of a correction. The row in `claim` follows from it, as those of a reading
 * follow from the page: it is made again wherever the page is read anew or has another version, as long as
 * the words are found by the rule of anchors (docs/review.md, "Found again"). So linking, voices and
 * estimates need not know who found a claim. */
#include "ledger/added.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "ledger/review.h"

/* ---- what is said ---- */

typedef struct adding_claim {
    ledger *l;
    arena *a;
    failure *f;
    str document;
    int64_t version, start, end, sentence_start, sentence_end; /* -1: not said */
    VECTOR(str) fields;
} adding_claim;

static status take_said(adding_claim *c, str value) {
    const struct {
        const char *name;
        int64_t *out;
    } numbers[] = {{"version", &c->version},
                   {"start", &c->start},
                   {"end", &c->end},
                   {"evidence.start", &c->sentence_start},
                   {"evidence.end", &c->sentence_end}};
    size_t equals = str_find(value, STR("="), 0);
    str name = str_slice(value, 0, equals == SIZE_MAX ? value.size : equals),
        rest = equals == SIZE_MAX ? STR("") : str_trim(str_slice(value, equals + 1, value.size));
    if (str_equal(name, STR("document"))) {
        c->document = rest;
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_equal(name, str_of(numbers[i].name)))
            return whole_told(rest, numbers[i].out) ? STATUS_OK
                                                    : fail(c->f, STATUS_USAGE, "%s=%.*s: expected a number",
                                                           numbers[i].name, STR_ARG(rest));
    *VECTOR_PUSH(&c->fields, c->a) = value;
    return STATUS_OK;
}

/* The version that is spoken of: by its number, or (-1) the one that counts; 0: it is not there. */
static status find_version(const adding_claim *c, str document, int64_t *key) {
    *key = 0;
    statement s = statement_of(c->l,
                               "SELECT version.key FROM document JOIN version ON version.document ="
                               " document.key WHERE document.id = ?1 AND (number = ?2 OR (?2 < 0 AND"
                               " version.key = document.current))",
                               c->f);
    give_text(&s, document);
    give_number(&s, c->version);
    return statement_key(&s, key);
}

/* The line that a stretch stands in, at most so far on either side. */
static void line_around(const text_points *p, int64_t start, int64_t end, int64_t *from, int64_t *to) {
    enum { FAR = 400 };
    int64_t least = start > FAR ? start - FAR : 0;
    *from = start;
    *to = end;
    while (*from > least && !str_equal(points_between(p, *from - 1, *from), STR("\n")))
        --*from;
    while (*to < (int64_t)p->count && *to < end + FAR &&
           !str_equal(points_between(p, *to, *to + 1), STR("\n")))
        ++*to;
}

/* The numbers written in digits, of whatever script; none where there are none. */
static size_t numbers_in(str text, int64_t *out, size_t limit) {
    size_t n = 0;
    bool inside = false;
    for (size_t at = 0; at < text.size;) {
        uint32_t c = utf8_next(text, &at);
        int digit = digit_value(c);
        bool joins = inside && (c == ',' || c == 0x66C);
        if (digit < 0 && !joins) {
            inside = false;
            continue;
        }
        if (!inside) {
            if (n == limit)
                return n;
            out[n++] = 0;
            inside = true;
        }
        if (digit >= 0 && out[n - 1] < INT64_MAX / 100)
            out[n - 1] = out[n - 1] * 10 + digit;
    }
    return n;
}

/* A figure in digits that the act says otherwise is a slip of the hand. */
static status check_figure(adding_claim *c, const json_t *set, str words) {
    enum { MOST = 8 };
    int64_t told[MOST], min = json_integer_value(json_object_get(set, "min"));
    const json_t *most = json_object_get(set, "max");
    int64_t max = json_is_integer(most) ? json_integer_value(most) : INT64_MAX;
    size_t n = numbers_in(words, told, MOST);
    bool fits = n == 0;
    for (size_t i = 0; i < n; i++)
        fits |= told[i] >= min && told[i] <= max;
    return fits ? STATUS_OK
                : fail(c->f, STATUS_USAGE, "add: the words are \"%.*s\": expected a count that they tell",
                       (int)(words.size < 100 ? words.size : 100), words.data);
}

/* Who speaks and who did it are told by the text. */
static status check_words(adding_claim *c, const version_text *t, const json_t *set, const char *field) {
    str words = json_str(json_object_get(set, field), "text");
    if (!words.size || str_find(t->points.text, words, 0) != SIZE_MAX)
        return STATUS_OK;
    return fail(c->f, STATUS_USAGE, "%s=%.*s: expected words of the text", field,
                (int)(words.size < 100 ? words.size : 100), words.data);
}

static status check_known(adding_claim *c, int64_t version, const json_t *set) {
    str known = STR_NONE;
    statement s = statement_of(
        c->l,
        "SELECT id FROM claim WHERE version = ?1 AND effect = ?2 AND count_start < ?4 AND count_end"
        " > ?3 LIMIT 1",
        c->f);
    give_number(&s, version);
    give_text(&s, json_str(set, "effect"));
    give_number(&s, c->start);
    give_number(&s, c->end);
    if (statement_row(&s))
        known = arena_copy(c->a, take_text(&s, 0));
    status code = statement_done(&s);
    return code == STATUS_OK && known.data
               ? fail(c->f, STATUS_USAGE, "add: these words are claim %.*s already: correct that",
                      STR_ARG(known))
               : code;
}

static status check_spans(adding_claim *c, const version_text *t) {
    int64_t count = (int64_t)t->points.count;
    if (c->start < 0 || c->end <= c->start || c->end > count)
        return fail(c->f, STATUS_USAGE,
                    "add: start=%lld end=%lld: expected a stretch of the text's %lld code points",
                    (long long)c->start, (long long)c->end, (long long)count);
    if (c->sentence_start < 0 && c->sentence_end < 0)
        line_around(&t->points, c->start, c->end, &c->sentence_start, &c->sentence_end);
    if (c->sentence_start < 0 || c->sentence_start > c->start || c->sentence_end < c->end ||
        c->sentence_end > count)
        return fail(c->f, STATUS_USAGE,
                    "add: evidence.start=%lld evidence.end=%lld: expected a stretch around the figure",
                    (long long)c->sentence_start, (long long)c->sentence_end);
    return STATUS_OK;
}

static json_t *payload_of(const adding_claim *c, const version_text *t, json_t *set) {
    json_t *anchor = json_copy(t->names), *payload = json_object(), *list = json_array(),
           *sentence = json_object();
    json_object_set_new(anchor, "effect", json_text(json_str(set, "effect")));
    anchor_quote(&t->points, anchor, c->start, c->end);
    json_object_set_new(sentence, "start", json_integer(c->sentence_start));
    json_object_set_new(sentence, "end", json_integer(c->sentence_end));
    json_object_set_new(sentence, "text",
                        json_text(points_between(&t->points, c->sentence_start, c->sentence_end)));
    json_object_set_new(anchor, "evidence", sentence);
    json_array_append_new(list, anchor);
    json_object_set_new(payload, "these", list);
    json_object_set_new(payload, "set", set);
    return payload;
}

/* `*set` is to be freed, whatever is returned. */
static status check_said(adding_claim *c, const version_text *t, int64_t version, json_t **set) {
    status code = check_spans(c, t);
    if (code == STATUS_OK)
        code = fields_read(c->l, FIELDS_OF_NEW, c->fields.at, c->fields.size, set, c->f);
    if (code == STATUS_OK &&
        (!json_object_get(*set, "effect") || !json_is_integer(json_object_get(*set, "min"))))
        code = fail(c->f, STATUS_USAGE, "add: expected effect=EFFECT and count=FIGURE");
    if (code == STATUS_OK)
        code = check_figure(c, *set, points_between(&t->points, c->start, c->end));
    if (code == STATUS_OK)
        code = check_words(c, t, *set, "voice");
    if (code == STATUS_OK)
        code = check_words(c, t, *set, "actor");
    return code == STATUS_OK ? check_known(c, version, *set) : code;
}

status added_read(ledger *l, arena *a, const str *values, size_t count, json_t **payload, failure *f) {
    adding_claim c = {.l = l,
                      .a = a,
                      .f = f,
                      .version = -1,
                      .start = -1,
                      .end = -1,
                      .sentence_start = -1,
                      .sentence_end = -1};
    version_text t = {.names = NULL};
    str document = STR_NONE;
    int64_t version = 0;
    json_t *set = NULL;
    status code = STATUS_OK;
    for (size_t i = 0; i < count && code == STATUS_OK; i++)
        code = take_said(&c, values[i]);
    if (code == STATUS_OK && !c.document.size)
        code = fail(f, STATUS_USAGE, "add: expected document=ID");
    if (code == STATUS_OK)
        code = document_named(l, c.document, a, &document, f);
    if (code == STATUS_OK)
        code = find_version(&c, document, &version);
    if (code == STATUS_OK && !version)
        code = fail(f, STATUS_NOT_FOUND, "no document \"%.*s\"%s in ledger %s", STR_ARG(c.document),
                    c.version < 0 ? "" : " of that version", l->path);
    if (code == STATUS_OK)
        code = version_text_read(l, version, &t, f);
    if (code == STATUS_OK)
        code = check_said(&c, &t, version, &set);
    if (code == STATUS_OK)
        *payload = payload_of(&c, &t, json_incref(set));
    json_decref(set);
    version_text_free(&t);
    return code;
}

/* ---- where it stands ---- */

typedef struct stretch {
    int64_t start, end, sentence_start, sentence_end;
    const char *how;
} stretch;

static int64_t integer_of(const json_t *o, const char *key) {
    return json_integer_value(json_object_get(o, key));
}

/* The sentence goes with the figure where it still reads so; else it is the line. */
static void find_sentence(const text_points *p, const json_t *anchor, stretch *s) {
    const json_t *told = json_object_get(anchor, "evidence");
    int64_t before = integer_of(anchor, "start") - integer_of(told, "start");
    str words = json_str(told, "text");
    s->sentence_start = s->start - before;
    s->sentence_end = s->sentence_start + (int64_t)utf8_length(words);
    if (before < 0 || s->sentence_start < 0 || s->sentence_end < s->end || !words.size ||
        !str_equal(points_between(p, s->sentence_start, s->sentence_end), words))
        line_around(p, s->start, s->end, &s->sentence_start, &s->sentence_end);
}

static bool find_words(const text_points *text, const json_t *anchor, stretch *out) {
    str quote = json_str(anchor, "quote");
    int64_t size = (int64_t)utf8_length(quote), best = -1, far = 0, point = 0;
    size_t counted = 0;
    out->how = "lost";
    for (size_t at = 0; quote.size && (at = str_find(text->text, quote, at)) != SIZE_MAX; at++) {
        point += (int64_t)utf8_length(str_slice(text->text, counted, at));
        counted = at;
        anchor_fit fit = anchor_fits(text, anchor, point, point + size);
        if (!fit.near || fit.score < best || (fit.score == best && fit.far >= far))
            continue;
        best = fit.score;
        far = fit.far;
        out->start = point;
        out->end = point + size;
        out->how = fit.exact ? "exact" : "near";
    }
    if (best >= 0)
        find_sentence(text, anchor, out);
    return best >= 0;
}

/* ---- the row ---- */

typedef struct added_row {
    str id;
    int64_t number, version;
    const json_t *set;
    stretch at;
} added_row;

static added_row row_of(arena *a, digest identity, const json_t *payload, int64_t version,
                        const stretch *at) {
    str hex = digest_hex(a, identity, sizeof identity.bytes);
    const str parts[] = {STR("added\n"), hex};
    int64_t few = identity.bytes[0] | identity.bytes[1] << 8 | identity.bytes[2] << 16;
    return (added_row){.id = minted_id(a, "c-", parts, 2),
                       .number = ADDED_FROM + few,
                       .version = version,
                       .set = json_object_get(payload, "set"),
                       .at = *at};
}

static void give_said(statement *s, const json_t *set, const char *key, const char *otherwise) {
    str text = json_str(set, key);
    text.size ? give_text(s, text) : otherwise ? give_name(s, otherwise) : give_null(s);
}

static void give_of(statement *s, const json_t *object, const char *key) {
    str text = json_str(object, key);
    text.size ? give_text(s, text) : give_null(s);
}

static void give_row(statement *s, arena *a, const added_row *r) {
    const json_t *speaker = json_object_get(r->set, "voice"), *actor = json_object_get(r->set, "actor"),
                 *max = json_object_get(r->set, "max"), *via = json_object_get(r->set, "via");
    day from = DAY_NONE, to = DAY_NONE;
    str date = json_str(r->set, "date");
    bool dated = date.size && days_of(date, &from, &to);
    give_number(s, r->version);
    give_number(s, r->number);
    give_text(s, r->id);
    give_said(s, r->set, "effect", "killed");
    give_number(s, integer_of(r->set, "min"));
    json_is_integer(max) ? give_number(s, json_integer_value(max))
    : json_is_null(max)  ? give_null(s)
                         : give_number(s, integer_of(r->set, "min"));
    give_number(s, json_is_true(json_object_get(r->set, "approx")));
    give_said(s, r->set, "class", "unknown");
    give_said(s, r->set, "group", NULL);
    give_said(s, r->set, "stance", "asserts");
    give_said(s, r->set, "scope", "incident");
    give_said(s, r->set, "event", NULL);
    give_of(s, speaker, "text");
    json_is_object(speaker) ? give_said(s, speaker, "kind", "anonymous") : give_name(s, "outlet");
    give_text(s, json_is_array(via) ? json_text_of(a, via) : STR("[]"));
    give_of(s, actor, "text");
    json_is_object(actor) ? give_number(s, json_is_true(json_object_get(actor, "hedged"))) : give_null(s);
    give_said(s, r->set, "date", NULL);
    dated ? give_number(s, from) : give_null(s);
    dated ? give_number(s, to) : give_null(s);
    give_number(s, r->at.start);
    give_number(s, r->at.end);
    give_number(s, r->at.sentence_start);
    give_number(s, r->at.sentence_end);
}

/* Under the key that it has, where it is there: what speaks of it names it by that. */
static status put_row(ledger *l, arena *a, added_row *r, int64_t *key, failure *f) {
    *key = 0;
    statement s = statement_of(l, "SELECT key FROM claim WHERE version = ? AND id = ?", f);
    give_number(&s, r->version);
    give_text(&s, r->id);
    if (statement_row(&s))
        *key = take_number(&s, 0);
    status code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    if (*key) {
        s = statement_of(
            l,
            "UPDATE claim SET version = ?, number = ?, id = ?, effect = ?, min = ?, max = ?, approx = ?, "
            "class ="
            " ?, \"group\" = ?, stance = ?, scope = ?, event = ?, voice = ?, voice_kind = ?, via = ?, actor "
            "= ?,"
            " actor_hedged = ?, date = ?, day_from = ?, day_to = ?, count_start = ?, count_end = ?,"
            " evidence_start = ?, evidence_end = ?, part_of = NULL, event_index = NULL, voice_start = NULL,"
            " voice_end = NULL, cue = NULL, place = NULL, time = NULL, who = NULL WHERE key "
            "= ?",
            f);
        give_row(&s, a, r);
        give_number(&s, *key);
        return statement_run(&s);
    }
    s = statement_of(
        l,
        "INSERT INTO claim(version, number, id, effect, min, max, approx, class, \"group\", stance, scope, "
        "event,"
        " voice, voice_kind, via, actor, actor_hedged, date, day_from, day_to, count_start, count_end,"
        " evidence_start, evidence_end) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING "
        "key",
        f);
    give_row(&s, a, r);
    return statement_key(&s, key);
}

/* What the act put into other versions than these (0: none) is no more. */
static status drop_rows(ledger *l, str id, int64_t keep, int64_t keep_too, failure *f) {
    static const char *const steps[] = {"DELETE FROM incident_claim WHERE claim IN (SELECT key FROM claim "
                                        "WHERE substr(id, 3, 5) = substr(?1, 3, 5) AND id ="
                                        " ?1 AND version NOT IN (?2, ?3))",
                                        "DELETE FROM claim WHERE substr(id, 3, 5) = substr(?1, 3, 5) AND id "
                                        "= ?1 AND version NOT IN (?2, ?3)"};
    status code = STATUS_OK;
    for (size_t i = 0; i < 2 && code == STATUS_OK; i++) {
        statement s = statement_of(l, steps[i], f);
        give_text(&s, id);
        give_number(&s, keep);
        give_number(&s, keep_too);
        code = statement_run(&s);
    }
    return code;
}

/* Who said it, when, and of which words: the same in every ledger. The act's leaf is not: it has the number
 * of the version, which another ledger gives otherwise. */
static digest identity_of(str who, str time, const json_t *payload) {
    const json_t *anchor = json_array_get(json_object_get(payload, "these"), 0);
    const str texts[] = {who, time, json_str(anchor, "document"), json_str(anchor, "text"),
                         json_str(anchor, "effect")};
    buffer b = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        leaf_line(&b, texts[i]);
    buffer_printf(&b, "%lld %lld\n", (long long)json_integer_value(json_object_get(anchor, "start")),
                  (long long)json_integer_value(json_object_get(anchor, "end")));
    digest d = sha256(buffer_str(&b));
    buffer_free(&b);
    return d;
}

static status read_act(ledger *l, int64_t act, const json_t *payload, digest *identity, bool *undone,
                       failure *f) {
    statement s = statement_of(l, "SELECT who, time FROM act WHERE sequence = ?", f);
    give_number(&s, act);
    bool there = statement_row(&s);
    if (there)
        *identity = identity_of(take_text(&s, 0), take_text(&s, 1), payload);
    status code = statement_done(&s);
    *undone = !there;
    return code == STATUS_OK && there ? act_is_undone(l, act, undone, f) : code;
}

static status place_in(ledger *l, arena *a, digest identity, const json_t *payload, int64_t version,
                       int64_t *key, const char **how, failure *f) {
    version_text t;
    stretch at = {.how = "lost"};
    const json_t *anchor = json_array_get(json_object_get(payload, "these"), 0);
    status code = version_text_read(l, version, &t, f);
    *key = 0;
    if (code == STATUS_OK && t.names && find_words(&t.points, anchor, &at)) {
        added_row row = row_of(a, identity, payload, version, &at);
        code = put_row(l, a, &row, key, f);
    }
    *how = at.how;
    version_text_free(&t);
    return code;
}

status added_place(ledger *l, int64_t act, const json_t *payload,
                   status (*placed)(void *context, int64_t document, int64_t version, int64_t claim,
                                    const char *how),
                   void *context, failure *f) {
    arena a = arena_new((allocator){0});
    digest identity = {{0}};
    bool undone = false;
    int64_t document = 0, versions[2] = {0, 0}, kept[2] = {0, 0}; /* the one that counts, its own */
    const json_t *anchor = json_array_get(json_object_get(payload, "these"), 0);
    status code = read_act(l, act, payload, &identity, &undone, f);
    if (code == STATUS_OK)
        code = anchor_versions(l, anchor, &document, &versions[1], &versions[0], f);
    for (size_t i = 0; i < 2 && code == STATUS_OK; i++) {
        int64_t key = 0;
        const char *how = "lost";
        if (i == 1 && (!versions[1] || versions[1] == versions[0]))
            continue;
        if (!undone && versions[i])
            code = place_in(l, &a, identity, payload, versions[i], &key, &how, f);
        kept[i] = key ? versions[i] : 0;
        if (code == STATUS_OK)
            code = placed(context, document, versions[i], key, undone ? "exact" : how);
    }
    if (code == STATUS_OK) {
        stretch none = {.how = "lost"};
        code = drop_rows(l, row_of(&a, identity, payload, 0, &none).id, kept[0], kept[1], f);
    }
    arena_free(&a);
    return code;
}

/* ---- checking ---- */

static status identity_of_added(ledger *l, arena *a, int64_t claim_key, digest *identity, json_t **payload,
                                failure *f) {
    *payload = NULL;
    statement s =
        statement_of(l,
                     "SELECT who, time, payload FROM act JOIN act_place ON act_place.act = act.sequence WHERE"
                     " act_place.claim = ? AND side = 0 AND act.kind = 'add'",
                     f);
    give_number(&s, claim_key);
    if (statement_row(&s)) {
        str who = arena_copy(a, take_text(&s, 0)), time = arena_copy(a, take_text(&s, 1));
        *payload = json_parsed(arena_copy(a, take_text(&s, 2)));
        *identity = identity_of(who, time, *payload);
    }
    return statement_done(&s);
}

/* Column by column, as text. */
static bool row_is(statement *s, const json_t *set, str id) {
    static const char *const texts[] = {"effect", "class", "group", "stance", "scope", "event", "date"};
    static const char *const otherwise[] = {"killed", "unknown", "", "asserts", "incident", "", ""};
    const json_t *speaker = json_object_get(set, "voice"), *max = json_object_get(set, "max");
    bool same = str_equal(take_text(s, 1), id) && take_number(s, 9) == integer_of(set, "min") &&
                take_null(s, 10) == json_is_null(max) &&
                (!json_is_integer(max) || take_number(s, 10) == json_integer_value(max)) &&
                str_equal(take_null(s, 11) ? STR("") : take_text(s, 11),
                          json_str(speaker, "text").size ? json_str(speaker, "text") : STR(""));
    for (int i = 0; i < 7; i++) {
        str said = json_str(set, texts[i]);
        same = same && str_equal(take_null(s, 2 + i) ? STR("") : take_text(s, 2 + i),
                                 said.size ? said : str_of(otherwise[i]));
    }
    return same;
}

status added_check(ledger *l, void (*wrong)(void *context, str id), void *context, failure *f) {
    arena a = arena_new((allocator){0});
    status code = STATUS_OK;
    statement s = statement_of(
        l,
        "SELECT key, id, effect, class, \"group\", stance, scope, event, date, min, max, voice FROM"
        " claim WHERE NOT " ADDED_BELOW " ORDER BY key",
        f);
    while (code == STATUS_OK && statement_row(&s)) {
        digest identity = {{0}};
        json_t *payload = NULL;
        stretch none = {.how = "lost"};
        code = identity_of_added(l, &a, take_number(&s, 0), &identity, &payload, f);
        added_row row = row_of(&a, identity, payload, 0, &none);
        if (code == STATUS_OK && (!payload || !row_is(&s, row.set, row.id)))
            wrong(context, take_text(&s, 1));
        json_decref(payload);
        arena_reset(&a);
    }
    status done = statement_done(&s);
    arena_free(&a);
    return code == STATUS_OK ? done : code;
}
