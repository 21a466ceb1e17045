/* What a text says stands in many places: the capture's bytes, the text, the reading's JSON and the rows made
 * of it, the index of words, incidents with their sentences. All of them are destroyed or made anew in one
 * transaction with the act that says so. SQLite then still holds old content in freed pages and in the
 * write-ahead log: from the moment of the transaction a setting notes that the file is to be cleaned, until
 * VACUUM and a checkpoint have been through, so that a kill in between is made good by the next who opens it.
 *
 * A span is blacked out code point by code point, so that every position stays what it was: claims keep
 * their numbers and their ids, and so do the acts that speak of them. */
#include "ledger/redact.h"

#include "ledger/acts.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "ledger/log.h"

typedef struct redacting {
    ledger *l;
    arena *a;
    failure *f;
    const ledger_redaction *what;
    int64_t capture, version, document; /* keys */
    bool before;                        /* it was done by an earlier call */
    str id;                             /* of the capture */
    str text, text_hash, json, title;   /* as they stand */
    ledger_redacted out;
} redacting;

/* ---- which capture ---- */

static status several(redacting *r, str document) {
    buffer b = {0};
    statement s =
        statement_of(r->l,
                     "SELECT capture.id, coalesce(time, 'no time') FROM capture JOIN version ON version.key"
                     " = capture.version JOIN document ON document.key = version.document WHERE"
                     " document.id = ? ORDER BY sequence LIMIT 6",
                     r->f);
    give_text(&s, document);
    while (statement_row(&s))
        buffer_printf(&b, "%s%.*s (%.*s)", b.size ? ", " : "", STR_ARG(take_text(&s, 0)),
                      STR_ARG(take_text(&s, 1)));
    status code = statement_done(&s);
    if (code == STATUS_OK)
        code = fail(r->f, STATUS_USAGE, "document %.*s has several captures, name one: %.*s",
                    STR_ARG(document), STR_ARG(buffer_str(&b)));
    buffer_free(&b);
    return code;
}

static bool is_number(str s) {
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return true;
}

static status find_capture(redacting *r) {
    int64_t found = 0;
    str named = r->what->capture;
    status code = is_number(named) ? STATUS_OK : document_named(r->l, named, r->a, &named, r->f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(r->l,
                               "SELECT sequence, capture.id, capture.version, capture.withdrawn IS NOT NULL, "
                               "version.document, document.id,"
                               " version.number FROM capture LEFT JOIN version ON version.key = "
                               "capture.version LEFT JOIN document ON"
                               " document.key = version.document WHERE capture.id = ?1 OR CAST(sequence AS "
                               "TEXT) = ?1 OR document.id = ?1"
                               " LIMIT 2",
                               r->f);
    give_text(&s, named);
    while (statement_row(&s)) {
        found++;
        r->capture = take_number(&s, 0);
        r->id = arena_copy(r->a, take_text(&s, 1));
        r->version = take_number(&s, 2);
        r->before = take_number(&s, 3) != 0;
        r->document = take_number(&s, 4);
        r->out.document = arena_copy(r->a, take_text(&s, 5));
        r->out.version = take_number(&s, 6);
    }
    code = statement_done(&s);
    if (code == STATUS_OK && found == 0)
        return fail(r->f, STATUS_NOT_FOUND, "no capture or document \"%.*s\" in ledger %s",
                    STR_ARG(r->what->capture), r->l->path);
    return code == STATUS_OK && found > 1 ? several(r, named) : code;
}

static status read_version(redacting *r) {
    statement s = statement_of(
        r->l, "SELECT text, text_size, reading, reading_size, title, text_hash FROM version WHERE key = ?",
        r->f);
    give_number(&s, r->version);
    if (statement_row(&s)) {
        take_reading(&s, 0, r->a, &r->text, &r->json);
        r->title = arena_copy(r->a, take_text(&s, 4));
        r->text_hash = arena_copy(r->a, take_text(&s, 5));
    }
    return statement_done(&s);
}

/* ---- blacking out ---- */

typedef struct blacking {
    arena *a;
    str text, black; /* before and after: the same number of code points */
    str secret;      /* the stretch, as it was */
    text_points before, after;
    int64_t from, to;
} blacking;

/* Line feeds stay, so that paragraphs do. */
static void put_black(buffer *b, str s) {
    for (size_t at = 0; at < s.size;)
        buffer_add(b, utf8_next(s, &at) == '\n' ? STR("\n") : STR("\xE2\x96\x88"));
}

static str black_out(blacking *k, str s, size_t from, size_t to) {
    buffer b = {0};
    buffer_add(&b, str_slice(s, 0, from));
    put_black(&b, str_slice(s, from, to));
    buffer_add(&b, str_slice(s, to, s.size));
    str out = arena_copy(k->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* A text that stands elsewhere without a position: what it repeats of the stretch, or is of it. */
static str blacked(blacking *k, str s) {
    enum { SHORTEST = 3 }; /* bytes: less is no more than a letter */
    if (s.size >= SHORTEST && str_find(k->secret, s, 0) != SIZE_MAX)
        return black_out(k, s, 0, s.size);
    for (size_t at = 0; k->secret.size >= SHORTEST && (at = str_find(s, k->secret, at)) != SIZE_MAX;) {
        size_t tail = s.size - at - k->secret.size;
        s = black_out(k, s, at, at + k->secret.size);
        at = s.size - tail;
    }
    return s;
}

static bool is_free_text(const char *key) {
    static const char *const keys[] = {"text", "title", "outlet", "cue", "name", "admin1", "anchor", "href"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* What is known of a place whose name is in the stretch would tell it. */
static void forget_place(json_t *o) {
    static const char *const keys[] = {"name", "country", "admin1",    "id",
                                       "lat",  "lon",     "radius_km", "anchor"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_object_get(o, keys[i]))
            json_object_set_new(o, keys[i], json_null());
}

/* An object with a position in the text: its words are what stands there now. */
static void black_span(blacking *k, json_t *o) {
    int64_t start = json_integer_value(json_object_get(o, "start")),
            end = json_integer_value(json_object_get(o, "end"));
    if (start >= k->to || end <= k->from || start < 0 || end > (int64_t)k->after.count)
        return;
    if (json_is_string(json_object_get(o, "text")))
        json_object_set_new(o, "text", json_text(points_between(&k->after, start, end)));
    if (json_object_get(o, "lat"))
        forget_place(o);
}

/* JSON of ours is no deeper than ten. */
static void black_json(blacking *k, json_t *value, int depth) {
    const char *key;
    json_t *each;
    size_t i;
    if (depth > 32)
        return;
    if (json_is_object(value)) {
        bool placed = json_is_integer(json_object_get(value, "start"));
        if (placed)
            black_span(k, value);
        json_object_foreach(value, key, each) {
            bool own = placed && strcmp(key, "text") == 0;
            if (json_is_string(each) && is_free_text(key) && !own) {
                str s = json_slice(each), now = blacked(k, s);
                json_string_setn(each, now.data ? now.data : "", now.size);
            }
            black_json(k, each, depth + 1);
        }
    }
    json_array_foreach(value, i, each) black_json(k, each, depth + 1);
}

/* The title, where the text begins with it, is blacked out like the text. */
static str black_title(blacking *k, str title) {
    return str_starts(k->text, title) ? points_between(&k->after, 0, (int64_t)utf8_length(title))
                                      : blacked(k, title);
}

static status black_reading(redacting *r, str *json) {
    blacking k = {.a = r->a, .text = r->text, .from = r->what->from, .to = r->what->to};
    k.before = points_of(r->a, r->text);
    if (k.from < 0 || k.to <= k.from || k.to > (int64_t)k.before.count)
        return fail(r->f, STATUS_USAGE, "--span %lld-%lld: the text has the code points 0 to %zu",
                    (long long)k.from, (long long)k.to, k.before.count);
    k.secret = points_between(&k.before, k.from, k.to);
    k.black = black_out(&k, r->text, (size_t)(k.secret.data - r->text.data),
                        (size_t)(k.secret.data - r->text.data) + k.secret.size);
    k.after = points_of(r->a, k.black);
    json_t *o = json_parsed(r->json);
    if (!json_is_object(o)) {
        json_decref(o);
        return fail(r->f, STATUS_DAMAGED_LEDGER, "ledger %s: the reading of %.*s is no JSON", r->l->path,
                    STR_ARG(r->out.document));
    }
    str title = json_is_string(json_object_get(o, "title")) ? black_title(&k, r->title) : STR_NONE;
    json_object_del(o, "text");
    json_object_del(o, "title");
    black_json(&k, o, 0);
    json_object_set_new(o, "text", json_text(k.black));
    json_object_set_new(o, "title", title.data ? json_text(title) : json_null());
    char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
    *json = arena_copy(r->a, text ? str_of(text) : STR(""));
    free(text);
    json_decref(o);
    return json->size ? STATUS_OK : fail(r->f, STATUS_INTERNAL, "a reading cannot be written again");
}

/* ---- the version ---- */

/* What is left of a reading whose text is gone: whose it was, and when. */
static str empty_reading(redacting *r) {
    article before = {0}, after = {0};
    reading old, none = {.article = &after};
    str json;
    if (reading_load(r->json, r->a, &before, &old, NULL) == STATUS_OK)
        after = (article){.id = before.id,
                          .url = before.url,
                          .outlet = before.outlet,
                          .language = before.language,
                          .published = before.published,
                          .published_offset = before.published_offset,
                          .published_from = before.published_from,
                          .sha256 = before.sha256};
    after.text = STR("");
    reading_json(&none, r->l->options.engine.data ? r->l->options.engine : STR("{}"), &(reading_options){0},
                 r->a, &json);
    return json;
}

static status rewrite_version(redacting *r, int64_t act) {
    str json = STR_NONE;
    article page;
    reading left;
    status code = r->what->span ? black_reading(r, &json) : STATUS_OK;
    if (code != STATUS_OK)
        return code;
    if (!r->what->span)
        json = empty_reading(r);
    code = reading_load(json, r->a, &page, &left, r->f);
    r->out.text = true;
    return code == STATUS_OK ? version_rewrite(r->l, r->version, r->out.document, &left, json, act, r->f)
                             : code;
}

/* ---- the capture ---- */

static status write_act(redacting *r, str id, int64_t *act) {
    buffer b = {0};
    buffer_add_byte(&b, '{');
    write_key(&b, "capture"), write_string(&b, id);
    write_key(&b, "document"), write_string(&b, r->out.document);
    write_key(&b, "version"), write_number(&b, r->out.version);
    write_key(&b, "span");
    if (r->what->span)
        buffer_printf(&b, "[%lld, %lld]", (long long)r->what->from, (long long)r->what->to);
    else
        buffer_add(&b, STR("null"));
    write_key(&b, "why"), write_string(&b, r->what->why);
    buffer_add_byte(&b, '}');
    act_row row = {
        .time = r->what->time, .who = r->what->who, .kind = STR("redact"), .payload = buffer_str(&b)};
    status code = act_insert(r->l, &row, act, r->f);
    buffer_free(&b);
    return code;
}

static status run_on(redacting *r, const char *sql, int64_t a, int64_t b) {
    statement s = statement_of(r->l, sql, r->f);
    give_number(&s, a);
    if (b)
        give_number(&s, b);
    return statement_run(&s);
}

static status destroy_capture(redacting *r, int64_t sequence, str id, int64_t size, int64_t *act) {
    status code = write_act(r, id, act);
    if (code == STATUS_OK)
        code = run_on(r, "DELETE FROM chunk WHERE capture = ?", sequence, 0);
    if (code == STATUS_OK)
        code = run_on(r, "UPDATE capture SET withdrawn = ?2 WHERE sequence = ?1", sequence, *act);
    r->out.captures++;
    r->out.bytes += (uint64_t)size;
    return code;
}

typedef struct victim {
    int64_t sequence, size;
    str id;
} victim;

/* Rows of sequence, size and id. `act`: the last that says so. */
static status destroy_these(redacting *r, statement *s, int64_t *act) {
    VECTOR(victim) all = {0};
    while (statement_row(s))
        *VECTOR_PUSH(&all, r->a) =
            (victim){take_number(s, 0), take_number(s, 1), arena_copy(r->a, take_text(s, 2))};
    status code = statement_done(s);
    for (size_t i = 0; i < all.size && code == STATUS_OK; i++)
        code = destroy_capture(r, all.at[i].sequence, all.at[i].id, all.at[i].size, act);
    return code;
}

/* ---- what people said of it ---- */

static void set_black(json_t *anchor, const char *key) {
    const json_t *v = json_object_get(anchor, key);
    buffer b = {0};
    if (!json_is_string(v))
        return;
    put_black(&b, json_slice(v));
    json_object_set_new(anchor, key, json_text(buffer_str(&b)));
    buffer_free(&b);
}

/* Whatever repeats words of the stretch, how far from it in the text it may be: the name of a voice, a place.
 */
static bool black_strings(blacking *k, json_t *value) {
    const char *key;
    json_t *each;
    size_t i;
    bool any = false;
    if (json_is_string(value)) {
        str s = json_slice(value), now = blacked(k, s);
        any = !str_equal(s, now);
        if (any)
            json_string_setn(value, now.data, now.size);
    }
    json_object_foreach(value, key, each) any |= black_strings(k, each);
    json_array_foreach(value, i, each) any |= black_strings(k, each);
    return any;
}

/* An anchor quotes a claim's sentence and what stands around it, and repeats what was read of it. */
static bool black_anchor(redacting *r, blacking *k, json_t *anchor) {
    static const char *const quotes[] = {"quote", "before", "after"};
    int64_t start = json_integer_value(json_object_get(anchor, "start")) - ANCHOR_AROUND,
            end = json_integer_value(json_object_get(anchor, "end")) + ANCHOR_AROUND;
    bool of_text = json_is_string(json_object_get(anchor, "quote")) &&
                   str_equal(json_str(anchor, "document"), r->out.document) &&
                   str_equal(json_str(anchor, "text"), r->text_hash);
    if (!of_text)
        return false;
    bool near = !r->what->span || (start < r->what->to && end > r->what->from);
    for (size_t i = 0; near && i < sizeof quotes / sizeof *quotes; i++)
        set_black(anchor, quotes[i]);
    bool sentence = black_strings(k, json_object_get(anchor, "evidence"));
    return black_strings(k, json_object_get(anchor, "read")) || sentence || near;
}

static bool black_payload(redacting *r, blacking *k, json_t *payload) {
    static const char *const sides[] = {"these", "those"};
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        size_t n;
        json_t *each;
        json_array_foreach(json_object_get(payload, sides[i]), n, each) any |= black_anchor(r, k, each);
    }
    /* What a voice is called, or is not: of a page as a whole, names that stand in many are no quotations. */
    static const char *const names[] = {"name", "name_ar", "not"};
    for (size_t i = 0; i < 3 && r->what->span; i++)
        any |= black_strings(k, json_object_get(payload, names[i]));
    return black_strings(k, json_object_get(payload, "set")) || any;
}

typedef struct quoting {
    int64_t sequence;
    digest was; /* its leaf, which stays in the log */
    act_row act;
} quoting;
typedef VECTOR(quoting) quotings;

static status find_quotings(redacting *r, quotings *out) {
    statement s = statement_of(
        r->l,
        "SELECT sequence, time, who, kind, incident, claim, payload, leaf FROM act WHERE sequence"
        " IN (SELECT act FROM act_place WHERE document = ?) OR kind = 'name' ORDER BY sequence",
        r->f);
    give_number(&s, r->document);
    while (statement_row(&s)) {
        str of[6];
        for (int i = 0; i < 6; i++)
            of[i] = arena_copy(r->a, take_text(&s, i + 1));
        quoting *one = VECTOR_PUSH(out, r->a);
        *one = (quoting){.sequence = take_number(&s, 0),
                         .act = {of[0], of[1], of[2], .incident = of[3], .claim = of[4], .payload = of[5]}};
        take_digest(&s, 7, &one->was);
    }
    return statement_done(&s);
}

/* What is left of the acts is sealed by an act of its own, which names each by the leaf that it had, and says
 * which it would have now. Its number is where it most likely stands. */
static status seal_quotings(redacting *r, const quotings *all, json_t *acts, int64_t *by) {
    for (size_t i = 0; i < all->size; i++) {
        json_t *one = json_pack("{s:s, s:s}", "was", digest_hex(r->a, all->at[i].was, sizeof(digest)).data,
                                "leaf", digest_hex(r->a, act_leaf(&all->at[i].act), sizeof(digest)).data);
        if (all->at[i].sequence)
            json_object_set_new(one, "act", json_integer(all->at[i].sequence));
        json_array_append_new(acts, one);
    }
    json_t *payload = json_pack("{s:o, s:I, s:O, s:o}", "document", json_text(r->out.document), "version",
                                (json_int_t)r->out.version, "acts", acts, "why", json_text(r->what->why));
    act_row row = {r->what->time, r->what->who, STR("withdraw"), .payload = json_text_of(r->a, payload)};
    json_decref(payload);
    return act_insert(r->l, &row, by, r->f);
}

static status black_quotings(redacting *r) {
    quotings all = {0};
    int64_t by = 0;
    status code = find_quotings(r, &all);
    size_t left = 0;
    text_points points = points_of(r->a, r->text);
    blacking k = {.a = r->a,
                  .text = r->text,
                  .secret = r->what->span ? points_between(&points, r->what->from, r->what->to) : r->text};
    for (size_t i = 0; i < all.size; i++) {
        json_t *payload = json_parsed(all.at[i].act.payload);
        if (black_payload(r, &k, payload)) {
            all.at[left] = all.at[i];
            all.at[left++].act.payload = json_text_of(r->a, payload);
        }
        json_decref(payload);
    }
    all.size = left;
    if (code != STATUS_OK || !left)
        return code;
    json_t *acts = json_array();
    code = seal_quotings(r, &all, acts, &by);
    json_decref(acts);
    for (size_t i = 0; i < all.size && code == STATUS_OK; i++) {
        statement s =
            statement_of(r->l, "UPDATE act SET payload = ?, redaction = ? WHERE sequence = ?", r->f);
        give_text(&s, all.at[i].act.payload);
        give_number(&s, by);
        give_number(&s, all.at[i].sequence);
        code = statement_run(&s);
    }
    return code;
}

/* The acts that quote it, and the readings that stood before this one. */
static status black_reviews(redacting *r) {
    status code = black_quotings(r);
    if (code == STATUS_OK)
        code = run_on(r, "DELETE FROM past_reading WHERE version = ?", r->version, 0);
    return code == STATUS_OK ? anchors_place_document(r->l, r->document, r->f) : code;
}

/* This one, or for a span all of the same text; captures that were withdrawn before are named once more, so
 * that each act of a span stands by itself. */
static status destroy_captures(redacting *r, int64_t *act) {
    statement s = statement_of(
        r->l,
        "SELECT sequence, CASE WHEN withdrawn IS NULL THEN size ELSE 0 END, id FROM capture WHERE"
        " sequence = ?1 OR (?2 <> 0 AND version = ?3) ORDER BY sequence",
        r->f);
    give_number(&s, r->capture);
    give_number(&s, r->what->span);
    give_number(&s, r->version);
    return destroy_these(r, &s, act);
}

/* Whether another capture still vouches for the text. */
static status text_is_kept(redacting *r, bool *kept) {
    statement s = statement_of(
        r->l, "SELECT count(*) FROM capture WHERE version = ? AND withdrawn IS NULL AND sequence <> ?", r->f);
    give_number(&s, r->version);
    give_number(&s, r->capture);
    *kept = statement_row(&s) && take_number(&s, 0) > 0;
    return statement_done(&s);
}

static status list_others(redacting *r) {
    buffer b = {0};
    statement s = statement_of(
        r->l,
        "SELECT DISTINCT document.id FROM version AS v JOIN version AS this ON this.key = ?1 JOIN document ON"
        " document.key = v.document WHERE v.document <> this.document AND v.withdrawn IS NULL AND (v.copy_of "
        "="
        " this.key OR v.key = this.copy_of OR v.copy_of = this.copy_of) ORDER BY document.id LIMIT 100",
        r->f);
    give_number(&s, r->version);
    while (statement_row(&s)) {
        buffer_add(&b, b.size ? STR("\n") : STR(""));
        buffer_add(&b, take_text(&s, 0));
    }
    r->out.others = arena_copy(r->a, buffer_str(&b));
    buffer_free(&b);
    return statement_done(&s);
}

/* What is kept by reference stays where it is: nobody else's file is changed. */
static status list_elsewhere(redacting *r) {
    buffer b = {0};
    statement s =
        statement_of(r->l,
                     "SELECT file, \"offset\" FROM capture WHERE length IS NOT NULL AND withdrawn IS NULL AND"
                     " (sequence = ?1 OR (?2 <> 0 AND version = ?3)) ORDER BY sequence",
                     r->f);
    give_number(&s, r->capture);
    give_number(&s, r->what->span);
    give_number(&s, r->version);
    while (statement_row(&s))
        buffer_printf(&b, "%s%.*s, offset %lld", b.size ? "\n" : "", STR_ARG(take_text(&s, 0)),
                      (long long)take_number(&s, 1));
    r->out.elsewhere = arena_copy(r->a, buffer_str(&b));
    buffer_free(&b);
    return statement_done(&s);
}

/* ---- what another ledger withdrew (merge.c) ---- */

bool redaction_blacks(arena *a, json_t *payload, const redacted_text *of) {
    const ledger_redaction what = {.span = of->span, .from = of->from, .to = of->to};
    redacting r = {.a = a, .what = &what, .text_hash = of->text_hash, .text = of->text};
    text_points points = points_of(a, of->text);
    r.out.document = of->document;
    blacking k = {
        .a = a, .text = of->text, .secret = of->span ? points_between(&points, of->from, of->to) : of->text};
    return black_payload(&r, &k, payload);
}

status redaction_seals(ledger *l, arena *a, const act_row *left, digest was, const redacted_text *of,
                       const ledger_redaction *by, int64_t *act, failure *f) {
    redacting r = {.l = l, .a = a, .f = f, .what = by};
    quotings one = {0};
    json_t *acts = json_array();
    r.out.document = of->document;
    r.out.version = of->version;
    *VECTOR_PUSH(&one, a) = (quoting){.was = was, .act = *left};
    status code = seal_quotings(&r, &one, acts, act);
    json_decref(acts);
    return code;
}

static status note_scrub(ledger *l, failure *f) {
    return setting_keep(l, "scrub", STR("due"), f);
}

status redaction_marks(ledger *l, int64_t act, str capture_id, failure *f) {
    statement s =
        statement_of(l, "DELETE FROM chunk WHERE capture IN (SELECT sequence FROM capture WHERE id = ?)", f);
    give_text(&s, capture_id);
    status code = statement_run(&s);
    if (code != STATUS_OK)
        return code;
    s = statement_of(l, "UPDATE capture SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL", f);
    give_number(&s, act);
    give_text(&s, capture_id);
    code = statement_run(&s);
    return code == STATUS_OK ? note_scrub(l, f) : code;
}

/* The captures of the version that nobody has withdrawn by name. */
static status destroy_the_others(redacting *r) {
    int64_t act;
    statement s = statement_of(
        r->l,
        "SELECT sequence, size, id FROM capture WHERE version = ? AND withdrawn IS NULL ORDER BY sequence",
        r->f);
    give_number(&s, r->version);
    return destroy_these(r, &s, &act);
}

status redaction_follows(ledger *l, arena *a, int64_t act, const ledger_redaction *what, failure *f) {
    redacting r = {.l = l, .a = a, .f = f, .what = what};
    status code = find_capture(&r);
    if (code == STATUS_OK && r.version)
        code = read_version(&r);
    if (code != STATUS_OK || !r.version || !r.text.size)
        return code;
    code = destroy_the_others(&r);
    if (code == STATUS_OK)
        code = rewrite_version(&r, act);
    return code == STATUS_OK ? black_reviews(&r) : code;
}

/* ---- all of it ---- */

/* The index holds words, not which text they are of: it is made anew. */
status redaction_reindexes(ledger *l, failure *f) {
    return l->driver->renew_words(l, f);
}

status redaction_prepares(ledger *l, failure *f) {
    return l->driver->shred(l, f);
}

static status redact(redacting *r) {
    bool kept = false;
    int64_t act = 0;
    status code = find_capture(r);
    if (code == STATUS_OK && r->version)
        code = read_version(r);
    if (code == STATUS_OK && r->what->span && !r->text.data)
        return fail(r->f, STATUS_DAMAGED_LEDGER, "ledger %s: the text of %.*s is damaged", r->l->path,
                    STR_ARG(r->out.document));
    if (code == STATUS_OK && !r->what->span)
        code = text_is_kept(r, &kept);
    if (code != STATUS_OK || (r->before && !r->what->span && (kept || !r->text.size)))
        return code;
    code = list_others(r);
    if (code == STATUS_OK)
        code = list_elsewhere(r);
    if (code == STATUS_OK)
        code = destroy_captures(r, &act);
    if (code == STATUS_OK && r->version && !kept)
        code = rewrite_version(r, act);
    if (code == STATUS_OK && r->out.text)
        code = black_reviews(r);
    if (code == STATUS_OK && r->out.text)
        code = redaction_reindexes(r->l, r->f);
    return code == STATUS_OK ? note_scrub(r->l, r->f) : code;
}

status ledger_redact(ledger *l, const ledger_redaction *what, arena *a, ledger_redacted *out, failure *f) {
    redacting r = {.l = l, .a = a, .f = f, .what = what};
    if (!str_trim(what->who).size || !str_trim(what->why).size)
        return fail(f, STATUS_USAGE,
                    "a redaction needs a name and a reason: they are all that will be left of it");
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = redaction_prepares(l, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code != STATUS_OK)
        return code;
    code = redact(&r);
    if (code == STATUS_OK)
        code = ledger_commit(l, f);
    else
        store_rollback(l);
    if (code == STATUS_OK)
        *out = r.out;
    return code;
}

/* ---- the file ---- */

status ledger_scrub_due(ledger *l, bool *due, failure *f) {
    statement s = statement_of(l, "SELECT 1 FROM setting WHERE name = 'scrub'", f);
    *due = statement_row(&s);
    return statement_done(&s);
}

status ledger_scrub(ledger *l, failure *f) {
    bool due = false;
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = ledger_scrub_due(l, &due, f);
    if (code != STATUS_OK || !due)
        return code;
    code = l->driver->scrub(l, false, f);
    if (code == STATUS_OK)
        code = store_execute(l, "DELETE FROM setting WHERE name = 'scrub'", f);
    return code == STATUS_OK ? l->driver->scrub(l, true, f) : code;
}
