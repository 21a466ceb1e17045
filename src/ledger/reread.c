/* Reading again what the ledger keeps, by an engine that reads otherwise.
 *
 * A page is made anew of its bytes. Where its text comes out as it was, the new reading takes the place of
 * the one that stands, and what is not read as before is told claim by claim: claims that rest on the same
 * words are one claim. Where the text itself comes out otherwise, it is another version of the document.
 * Incidents keep their ids: what tells of the same sentences goes on under the same name. */
#include <stdlib.h>

#include "base/counters.h"
#include "ledger/acts.h"
#include "ledger/added.h"
#include "ledger/link.h"
#include "ledger/log.h"
#include "ledger/sums.h"

/* ---- what is kept ---- */

static bool add_bytes(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

static capture_kind kind_of_media(str type) {
    return str_equal(type, STR("application/json")) ? CAPTURE_JSON_RECORD
           : str_equal(type, STR("text/plain"))     ? CAPTURE_TEXT
                                                    : CAPTURE_HTML;
}

static status give_page(ledger *l, statement *s, bool (*take)(void *, const ledger_stored *), void *context,
                        bool *more, failure *f) {
    arena a = arena_new((allocator){0});
    buffer bytes = {0};
    ledger_stored page = {.document = arena_copy(&a, take_text(s, 0)),
                          .version = (uint32_t)take_number(s, 1),
                          .published = arena_copy(&a, take_text(s, 2)),
                          .engine = arena_copy(&a, take_text(s, 3))};
    page.capture = (capture){.url = arena_copy(&a, take_text(s, 5)),
                             .time = arena_copy(&a, take_text(s, 6)),
                             .media_type = arena_copy(&a, take_text(s, 7)),
                             .charset = arena_copy(&a, take_text(s, 8)),
                             .file = arena_copy(&a, take_text(s, 9)),
                             .offset = (uint64_t)take_number(s, 10)};
    page.capture.kind = kind_of_media(page.capture.media_type);
    status code = archive_walk(l, take_number(s, 4), add_bytes, &bytes, f);
    if (code == STATUS_DAMAGED_LEDGER) {
        page.why = arena_copy(&a, str_of(f->message));
        bytes.size = 0;
        code = STATUS_OK;
    }
    page.capture.bytes = page.capture.body = buffer_str(&bytes);
    if (code == STATUS_OK)
        *more = take(context, &page);
    buffer_free(&bytes);
    arena_free(&a);
    return code;
}

static status give_capture(ledger *l, int64_t sequence, bool (*take)(void *, const ledger_stored *),
                           void *context, bool *more, failure *f) {
    status code = STATUS_OK;
    statement s = statement_of(
        l,
        "SELECT document.id, version.number, published || CASE WHEN published NOT LIKE '%T%' THEN '' ELSE"
        " coalesce(published_offset, '') END, (SELECT value FROM setting WHERE name = 'engine '"
        " || version.engine), sequence, capture.url, capture.time, media_type, charset, file, \"offset\" FROM"
        " capture JOIN version ON version.key = capture.version JOIN document ON document.key ="
        " version.document WHERE sequence = ?",
        f);
    give_number(&s, sequence);
    if (statement_row(&s))
        code = give_page(l, &s, take, context, more, f);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* A version of which there are several captures is read from the last of them. */
status ledger_stored_pages(ledger *l, str id, bool (*take)(void *context, const ledger_stored *page),
                           void *context, failure *f) {
    key_list keys = {0};
    arena a = arena_new((allocator){0});
    status code = id.size ? document_named(l, id, &a, &id, f) : STATUS_OK;
    if (code != STATUS_OK) {
        arena_free(&a);
        return code;
    }
    statement s = statement_of(
        l,
        "SELECT max(capture.sequence) FROM capture JOIN version ON version.key = capture.version JOIN "
        "document"
        " ON document.key = version.document WHERE coalesce(capture.media_type, '') <> 'text/csv' AND"
        " version.withdrawn IS NULL AND capture.withdrawn IS NULL AND"
        " document.id = coalesce(?1, document.id) GROUP BY version.key, document.id, version.number ORDER BY "
        "document.id, "
        "version.number",
        f);
    give_text(&s, id);
    statement_walks(&s);
    code = statement_keys(&s, &a, &keys);
    bool more = true;
    for (size_t i = 0; i < keys.size && more && code == STATUS_OK; i++) {
        code = give_capture(l, keys.at[i], take, context, &more, f);
    }
    if (code == STATUS_OK && !keys.size && id.size)
        code = fail(f, STATUS_NOT_FOUND, "no document \"%.*s\" with bytes to read again in ledger %s",
                    STR_ARG(id), l->path);
    arena_free(&a);
    return code;
}

status ledger_stored_page(ledger *l, str id, uint32_t version,
                          bool (*take)(void *context, const ledger_stored *page), void *context, failure *f) {
    arena a = arena_new((allocator){0});
    int64_t sequence = 0;
    bool more = true;
    status code = document_named(l, id, &a, &id, f);
    if (code == STATUS_OK) {
        statement s = statement_of(
            l,
            "SELECT coalesce(max(capture.sequence), 0) FROM capture JOIN version ON version.key = "
            "capture.version"
            " JOIN document ON document.key = version.document WHERE version.withdrawn IS NULL AND"
            " capture.withdrawn IS NULL AND document.id = ?1 AND (version.number = ?2 OR (?2 = 0 AND "
            "version.key"
            " = document.current))",
            f);
        give_text(&s, id);
        give_number(&s, version);
        if (statement_row(&s))
            sequence = take_number(&s, 0);
        code = statement_done(&s);
    }
    if (code == STATUS_OK && !sequence)
        code = fail(f, STATUS_NOT_FOUND, "the ledger keeps no bytes of document \"%.*s\"", STR_ARG(id));
    if (code == STATUS_OK)
        code = give_capture(l, sequence, take, context, &more, f);
    arena_free(&a);
    return code;
}

/* ---- what was read, and is ---- */

typedef struct rereading {
    ledger *l;
    arena *a;
    failure *f;
    const ledger_stored *page;
    const reading *reading;
    int64_t document, version;
    str text, hash, stored; /* the reading that stands, as JSON */
    bool text_is_damaged;   /* the page's is the one that was there */
    ledger_row row;
    void *context;
    ledger_reread_report out;
} rereading;

static bool has_hash(const rereading *r, str text) {
    return text.data && str_equal(r->hash, digest_hex(r->a, sha256(text), 32));
}

static status find_version(rereading *r) {
    statement s = statement_of(r->l,
                               "SELECT document.key, version.key, text, text_size, reading, reading_size,"
                               " text_hash FROM"
                               " document JOIN version ON version.document = document.key WHERE document.id ="
                               " ? AND version.number = ?",
                               r->f);
    give_text(&s, r->page->document);
    give_number(&s, r->page->version);
    if (statement_row(&s)) {
        r->document = take_number(&s, 0);
        r->version = take_number(&s, 1);
        r->hash = arena_copy(r->a, take_text(&s, 6));
        r->text = archive_inflate(r->a, take_blob(&s, 2), (size_t)take_number(&s, 3));
        if (!has_hash(r, r->text) && has_hash(r, r->reading->article->text)) {
            r->text = r->reading->article->text;
            r->text_is_damaged = true;
        }
        r->stored = archive_inflate_beside(r->a, take_blob(&s, 4), (size_t)take_number(&s, 5),
                                           archive_reading_beside(r->a, r->text.data ? r->text : STR("")));
    }
    status code = statement_done(&s);
    if (code == STATUS_OK && !r->version)
        return fail(r->f, STATUS_NOT_FOUND, "no document \"%.*s\" with that version in ledger %s",
                    STR_ARG(r->page->document), r->l->path);
    return code;
}

/* A reading without who made it. */
static bool same_reading(str x, str y) {
    size_t from[2], to[2];
    if (!x.data || !json_member(x, STR("engine"), &from[0], &to[0]) ||
        !json_member(y, STR("engine"), &from[1], &to[1]))
        return false;
    return str_equal(str_slice(x, 0, from[0]), str_slice(y, 0, from[1])) &&
           str_equal(str_slice(x, to[0], x.size), str_slice(y, to[1], y.size));
}

static status read_claims(rereading *r, json_t *out) {
    statement s = statement_of(
        r->l,
        "SELECT json_object('id', claim.id, 'effect', effect, 'class', class, 'group', \"group\", 'min', min,"
        " 'max', max, 'approx', json(CASE WHEN approx <> 0 THEN 'true' ELSE 'false' END), 'stance', stance, "
        "'scope',"
        " scope, 'event', event, 'date', date, 'voice', voice, 'voice_kind', voice_kind, 'via', json(via),"
        " 'actor', actor, 'place', coalesce(mention.name, mention.text), 'from', coalesce(count_start,"
        " evidence_start), 'to', coalesce(count_end, evidence_end), 'start', evidence_start, 'end',"
        " evidence_end) FROM claim LEFT JOIN mention ON mention.version = claim.version AND mention.number ="
        " claim.place WHERE claim.version = ? AND claim." ADDED_BELOW " ORDER BY claim.number",
        r->f);
    give_number(&s, r->version);
    while (statement_row(&s)) {
        json_t *one = json_parsed(take_text(&s, 0));
        if (one)
            json_array_append_new(out, one);
    }
    return statement_done(&s);
}

/* ---- what changed ---- */

static const char *const compared[] = {"effect", "class",      "group", "min",   "max",
                                       "approx", "stance",     "scope", "event", "date",
                                       "voice",  "voice_kind", "via",   "actor", "place"};
enum { COMPARED = sizeof compared / sizeof *compared };

static int64_t number_in(const json_t *claim_read, const char *key) {
    return json_integer_value(json_object_get(claim_read, key));
}

/* How much speaks for two being one claim; 0: nothing. */
static int likeness(const json_t *x, const json_t *y) {
    bool exact = number_in(x, "from") == number_in(y, "from") && number_in(x, "to") == number_in(y, "to");
    bool overlap = number_in(x, "from") < number_in(y, "to") && number_in(y, "from") < number_in(x, "to");
    int alike = 0;
    COUNT(claim_steps, 1);
    for (size_t i = 0; i < COMPARED; i++)
        alike += json_equal(json_object_get(x, compared[i]), json_object_get(y, compared[i]));
    return exact ? 200 + alike : overlap ? 100 + alike : 0;
}

static void write_json(buffer *b, rereading *r, const json_t *value) {
    buffer_add(b, value ? json_text_of(r->a, value) : STR("null"));
}

static void tell(rereading *r, const char *change, const json_t *was, const json_t *is) {
    buffer b = {0};
    if (!r->row)
        return;
    buffer_add_byte(&b, '{');
    write_key(&b, "document"), write_string(&b, r->page->document);
    write_key(&b, "version"), write_number(&b, r->page->version);
    write_key(&b, "change"), write_name(&b, change);
    write_key(&b, "was"), write_json(&b, r, was);
    write_key(&b, "is"), write_json(&b, r, is);
    write_key(&b, "fields"), buffer_add_byte(&b, '[');
    for (size_t i = 0; i < COMPARED && was && is; i++)
        if (!json_equal(json_object_get(was, compared[i]), json_object_get(is, compared[i]))) {
            write_comma(&b);
            write_name(&b, compared[i]);
        }
    buffer_add(&b, STR("]}"));
    if (!r->row(r->context, buffer_str(&b)))
        r->row = NULL;
    buffer_free(&b);
}

/* A claim's stretch of the text, before or now. */
typedef struct stretch {
    int64_t from, to;
    size_t number;
    bool now;
} stretch;

typedef struct pair {
    int like;
    size_t was, is;
} pair;
typedef VECTOR(pair) pairs;

static int by_beginning(const void *x, const void *y) {
    const stretch *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->now != b->now)
        return a->now - b->now;
    return (a->number > b->number) - (a->number < b->number);
}

static int by_likeness(const void *x, const void *y) {
    const pair *a = x, *b = y;
    if (a->like != b->like)
        return a->like > b->like ? -1 : 1;
    if (a->is != b->is)
        return a->is < b->is ? -1 : 1;
    return (a->was > b->was) - (a->was < b->was);
}

static void add_stretches(const json_t *claims, bool now, stretch *out) {
    for (size_t i = 0; i < json_array_size(claims); i++) {
        const json_t *one = json_array_get(claims, i);
        out[i] = (stretch){number_in(one, "from"), number_in(one, "to"), i, now};
    }
}

static void compare_to(rereading *r, const json_t *was, const json_t *is, const stretch *x, const stretch *y,
                       pairs *out) {
    size_t before = x->now ? y->number : x->number, after = x->now ? x->number : y->number;
    int like = x->now == y->now ? 0 : likeness(json_array_get(was, before), json_array_get(is, after));
    if (like)
        *VECTOR_PUSH(out, r->a) = (pair){like, before, after};
}

/* Pairs that stand in the same place: from left to right, with those that still go on where one begins. */
static pairs like_pairs(rereading *r, const json_t *was, const json_t *is) {
    size_t n = json_array_size(was), m = json_array_size(is), open = 0;
    stretch *all = ARENA_NEW(r->a, stretch, n + m + 1), *going_on = ARENA_NEW(r->a, stretch, n + m + 1);
    pairs out = {0};
    add_stretches(was, false, all);
    add_stretches(is, true, all + n);
    qsort(all, n + m, sizeof *all, by_beginning);
    for (size_t i = 0; i < n + m; i++) {
        size_t left = 0;
        for (size_t k = 0; k < open; k++)
            if (going_on[k].to >= all[i].from) {
                compare_to(r, was, is, &all[i], &going_on[k], &out);
                going_on[left++] = going_on[k];
            }
        going_on[left] = all[i];
        open = left + 1;
    }
    if (out.size)
        qsort(out.at, out.size, sizeof *out.at, by_likeness);
    return out;
}

/* The likest pair first, each claim in one pair at most. */
static void pair_up(rereading *r, const json_t *was, const json_t *is, size_t *partner) {
    pairs all = like_pairs(r, was, is);
    bool *taken = ARENA_NEW(r->a, bool, json_array_size(is) + 1);
    for (size_t i = 0; i < json_array_size(was); i++)
        partner[i] = SIZE_MAX;
    for (size_t i = 0; i < all.size; i++)
        if (partner[all.at[i].was] == SIZE_MAX && !taken[all.at[i].is]) {
            partner[all.at[i].was] = all.at[i].is;
            taken[all.at[i].is] = true;
        }
}

static void tell_changes(rereading *r, const json_t *was, const json_t *is) {
    size_t n = json_array_size(was), m = json_array_size(is);
    size_t *partner = ARENA_NEW(r->a, size_t, n + 1);
    bool *paired = ARENA_NEW(r->a, bool, m + 1);
    pair_up(r, was, is, partner);
    for (size_t i = 0; i < n; i++) {
        const json_t *before = json_array_get(was, i), *after = json_array_get(is, partner[i]);
        bool same = after && likeness(before, after) % 100 == COMPARED;
        if (after)
            paired[partner[i]] = true;
        r->out.same += same;
        r->out.different += after && !same;
        r->out.gone += !after;
        if (!same)
            tell(r, after ? "different" : "gone", before, after);
    }
    for (size_t j = 0; j < m; j++)
        if (!paired[j]) {
            r->out.new ++;
            tell(r, "new", NULL, json_array_get(is, j));
        }
}

/* ---- names of incidents ---- */

typedef struct old_unit {
    uint64_t key;
    bool lead;
    VECTOR(int64_t) starts; /* of the sentences of its claims */
} old_unit;
typedef VECTOR(old_unit) old_units;

static status read_units(rereading *r, old_units *out) {
    name_tables tables;
    unit_list units;
    names_load(r->a, &tables);
    status code =
        units_read(r->l, &tables, arena_printf(r->a, "[%lld]", (long long)r->version), r->a, &units, r->f);
    *out = (old_units){0};
    for (size_t i = 0; i < units.units.size && code == STATUS_OK; i++) {
        const unit *u = &units.units.at[i];
        old_unit one = {.key = u->key, .lead = u->lead};
        for (uint32_t c = 0; c < u->claim_count && code == STATUS_OK; c++) {
            statement s = statement_of(r->l, "SELECT evidence_start FROM claim WHERE key = ?", r->f);
            give_number(&s, units.claims.at[u->claim_from + c]);
            if (statement_row(&s))
                *VECTOR_PUSH(&one.starts, r->a) = take_number(&s, 0);
            code = statement_done(&s);
        }
        *VECTOR_PUSH(out, r->a) = one;
    }
    return code;
}

static size_t common_starts(const old_unit *x, const old_unit *y) {
    size_t n = 0;
    for (size_t i = 0; i < x->starts.size; i++)
        for (size_t k = 0; k < y->starts.size; k++)
            n += x->starts.at[i] == y->starts.at[k];
    return n ? 2 * n + (x->lead && y->lead) : x->lead && y->lead;
}

static bool has_unit(const old_units *list, uint64_t key) {
    for (size_t i = 0; i < list->size; i++)
        if (list->at[i].key == key)
            return true;
    return false;
}

static status rename_member(rereading *r, uint64_t from, uint64_t to) {
    statement s = statement_of(
        r->l,
        "UPDATE member SET unit = ?2 WHERE unit = ?1 AND NOT EXISTS (SELECT 1 FROM member WHERE unit = ?2)",
        r->f);
    give_text(&s, arena_printf(r->a, "%016llx", (unsigned long long)from));
    give_text(&s, arena_printf(r->a, "%016llx", (unsigned long long)to));
    status code = statement_run(&s);
    return code == STATUS_OK ? sums_forget(r->l, r->f) : code;
}

/* A unit that is no more hands its place in an incident to the new one that tells of most of its sentences.
 */
static status carry_names(rereading *r, const old_units *was, const old_units *is) {
    status code = STATUS_OK;
    for (size_t i = 0; i < was->size && code == STATUS_OK; i++) {
        const old_unit *best = NULL;
        size_t most = 0;
        for (size_t k = 0; k < is->size && !has_unit(is, was->at[i].key); k++) {
            size_t common = has_unit(was, is->at[k].key) ? 0 : common_starts(&was->at[i], &is->at[k]);
            if (common > most)
                most = common, best = &is->at[k];
        }
        code = best ? rename_member(r, was->at[i].key, best->key) : STATUS_OK;
    }
    return code;
}

/* ---- a page ---- */

static status replace(rereading *r, str json) {
    json_t *was = json_array(), *is = json_array();
    old_units before, after;
    status code = read_claims(r, was);
    if (code == STATUS_OK)
        code = read_units(r, &before);
    if (code == STATUS_OK)
        code = ledger_replace_reading(r->l, r->document, r->version, r->reading, json, r->f);
    if (code == STATUS_OK)
        code = read_claims(r, is);
    if (code == STATUS_OK)
        code = read_units(r, &after);
    if (code == STATUS_OK)
        code = carry_names(r, &before, &after);
    if (code == STATUS_OK)
        tell_changes(r, was, is);
    json_decref(was);
    json_decref(is);
    return code;
}

static status replace_in_savepoint(rereading *r, str json, bool dry) {
    status code = store_begin(r->l, r->f);
    if (code == STATUS_OK)
        code = store_mark(r->l, r->f);
    if (code != STATUS_OK)
        return code;
    code = replace(r, json);
    store_unmark(r->l, code != STATUS_OK || dry);
    if (code != STATUS_OK || dry)
        r->l->engine = STR_NONE; /* what named it is not kept */
    return code;
}

static status mend_text(rereading *r) {
    status code = store_begin(r->l, r->f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(r->l, "UPDATE version SET text = ?2, text_size = ?3 WHERE key = ?1", r->f);
    give_number(&s, r->version);
    give_blob(&s, archive_deflate(r->l, r->a, r->text));
    give_number(&s, (int64_t)r->text.size);
    return statement_run(&s);
}

/* Whether the reading that stands, and what was made of it, is what was sealed. */
static status is_as_sealed(rereading *r, bool *out) {
    digest now = {{0}}, sealed = {{0}}, rows;
    status code = log_reading_sealed(r->l, r->version, &sealed, out, r->f);
    if (code == STATUS_OK)
        code = log_rows_hash(r->l, r->version, &rows, r->f);
    if (code == STATUS_OK)
        now = log_reading_leaf(r->page->document, r->page->version, sha256(r->text), sha256(r->stored), rows);
    *out &= digest_equal(now, sealed);
    return code;
}

/* The bytes are kept as they came; what is made of them now stands as a version of its own. */
static status add_version(rereading *r, str json, bool dry) {
    ledger_added added;
    r->out.new_version = true;
    tell(r, "text", NULL, NULL);
    if (dry)
        return STATUS_OK;
    status code = ledger_add(r->l, &r->page->capture, r->reading, json, &added, r->f);
    if (code == STATUS_OK)
        code = store_begin(r->l, r->f);
    if (code != STATUS_OK || !str_equal(str_of(added.document), r->page->document))
        return code;
    statement s =
        statement_of(r->l,
                     "UPDATE capture SET version = (SELECT version.key FROM version WHERE document ="
                     " ?1 AND number = ?2) WHERE version = ?3",
                     r->f);
    give_number(&s, r->document);
    give_number(&s, added.version);
    give_number(&s, r->version);
    code = statement_run(&s);
    return code == STATUS_OK ? sums_forget(r->l, r->f) : code;
}

status ledger_reread(ledger *l, const ledger_stored *page, const reading *read, bool dry, ledger_row row,
                     void *context, ledger_reread_report *out, failure *f) {
    arena a = arena_new((allocator){0});
    rereading r = {.l = l, .a = &a, .f = f, .page = page, .reading = read, .row = row, .context = context};
    str json;
    reading_json(read, l->options.engine.data ? l->options.engine : STR("{}"), &(reading_options){0}, &a,
                 &json);
    status code = find_version(&r);
    bool same_text = code == STATUS_OK && str_equal(r.text, read->article->text), sealed = false;
    if (code == STATUS_OK && r.text_is_damaged && !dry)
        code = mend_text(&r);
    if (code == STATUS_OK && same_text && r.stored.data)
        code = is_as_sealed(&r, &sealed);
    if (code == STATUS_OK && !same_text)
        code = add_version(&r, json, dry);
    else if (code == STATUS_OK && sealed && same_reading(r.stored, json))
        r.out.same = read->claims.size;
    else if (code == STATUS_OK)
        code = replace_in_savepoint(&r, json, dry);
    if (code == STATUS_OK && !dry && store_batch_is_due(l))
        code = ledger_commit(l, f);
    if (out)
        *out = r.out;
    arena_free(&a);
    return code;
}

/* ---- what stood before ---- */

static status write_past(ledger *l, buffer *b, statement *s, failure *f) {
    arena a = arena_new((allocator){0});
    str text, json;
    take_reading(s, 3, &a, &text, &json);
    status code =
        json.data ? STATUS_OK : fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: a reading is damaged", l->path);
    b->size = 0;
    buffer_add_byte(b, '{');
    write_key(b, "document"), write_string(b, take_text(s, 0));
    write_key(b, "version"), write_number(b, take_number(s, 1));
    write_key(b, "until"), write_string(b, take_text(s, 2));
    write_key(b, "engine"), buffer_add(b, take_null(s, 7) ? STR("null") : take_text(s, 7));
    write_key(b, "reading"), buffer_add(b, json);
    buffer_add_byte(b, '}');
    arena_free(&a);
    return code;
}

static status past_readings_of(ledger *l, str document, ledger_row row, void *context, failure *f) {
    buffer line = {0};
    statement s = statement_of(l, "SELECT 1 FROM document WHERE id = ?", f);
    give_text(&s, document);
    bool there = statement_row(&s);
    status code = statement_done(&s);
    if (code == STATUS_OK && !there)
        return fail(f, STATUS_NOT_FOUND, "no document \"%.*s\" in ledger %s", STR_ARG(document), l->path);
    s = statement_of(
        l,
        "SELECT document.id, version.number, until, text, text_size, past_reading.reading,"
        " past_reading.reading_size, (SELECT value FROM setting WHERE name = 'engine ' ||"
        " past_reading.engine) FROM document JOIN version ON version.document = document.key JOIN"
        " past_reading ON past_reading.version = version.key WHERE document.id = ? ORDER BY"
        " version.number, past_reading.number",
        f);
    give_text(&s, document);
    statement_walks(&s);
    for (bool more = true; more && code == STATUS_OK && statement_row(&s);) {
        code = write_past(l, &line, &s, f);
        more = code == STATUS_OK && row(context, buffer_str(&line));
    }
    status done = statement_done(&s);
    buffer_free(&line);
    return code == STATUS_OK ? done : code;
}

status ledger_past_readings(ledger *l, str document, ledger_row row, void *context, failure *f) {
    arena a = arena_new((allocator){0});
    str named;
    status code = document_named(l, document, &a, &named, f);
    bool shown = true;
    if (code == STATUS_OK)
        code = ledger_shows(l, named, &shown, f);
    if (code == STATUS_OK && !shown)
        code = fail(f, STATUS_NOT_FOUND, "no document \"%.*s\" in ledger %s", STR_ARG(document), l->path);
    if (code == STATUS_OK)
        code = past_readings_of(l, named, row, context, f);
    arena_free(&a);
    return code;
}
