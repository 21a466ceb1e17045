/* Opening, closing and adding.
 *
 * A page goes in whole or not at all: each is a savepoint inside the batch's transaction, and a batch is
 * committed after at most a second (write-ahead log, synchronous FULL: what was committed survives a power
 * cut). What makes a page known is its capture (SHA-256, URL, time) and its document's text; where both are
 * there already, nothing is written.
 *
 * A document is a given id, or a canonical URL, or the hash of its bytes. Its versions are its distinct
 * texts. The one that counts is the latest by time of capture, then by the page's own dates; where no time
 * tells them apart, the one added last: a page saved without a time was captured when it was added. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ledger/acts.h"
#include "ledger/board.h"
#include "ledger/copies.h"
#include "ledger/log.h"
#include "ledger/prepare.h"
#include "ledger/redact.h"
#include "ledger/store.h"
#include "ledger/sums.h"
#include "ledger/words.h"

/* ---- the rule of estimates ---- */

static const char USUAL_RULE[] = "range/1";

/* The one that is kept in the file; where there is none, the usual one. */
static status load_rule(ledger *l, failure *f) {
    str kept;
    status code = setting_read(l, "estimates", &l->rules, &kept, f);
    if (code != STATUS_OK)
        return code;
    return kept.data ? rule_kept(&l->rules, kept, &l->rule, f)
                     : rule_named(&l->rules, str_of(USUAL_RULE), &l->rule, f);
}

status ledger_estimate_by(ledger *l, str rule, failure *f) {
    estimate_rule *found = ARENA_NEW(&l->rules, estimate_rule, 1);
    status code = rule_named(&l->rules, rule, found, f);
    if (code == STATUS_OK)
        l->restate = str_equal(found->text, l->rule.text) ? NULL : found;
    return code;
}

status ledger_keep_rule(ledger *l, str rule, failure *f) {
    estimate_rule found;
    status code = rule_named(&l->rules, rule, &found, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code == STATUS_OK)
        code = setting_keep(l, "estimates", found.text, f);
    if (code == STATUS_OK)
        code = sums_forget(l, f);
    if (code == STATUS_OK)
        l->rule = found;
    return code;
}

static void dispose(ledger *l) {
    for (size_t i = 0; i < l->prepared_size; i++)
        l->driver->finish(l, l->prepared[i].statement);
    l->driver->close(l);
    archive_close(l);
    reference_close(l);
    found_forget(l);
    hidden_forget(l);
    ledger_board_free(l->board);
    arena_free(&l->scratch);
    arena_free(&l->batch);
    arena_free(&l->rules);
    free(l->path);
    free(l->address);
    free(l);
}

status ledger_open(const char *path, ledger_mode mode, const ledger_options *options, ledger **out,
                   failure *f) {
    size_t scheme = strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
    if (scheme && strncmp(path + scheme, "://", 3) == 0 && !is_postgres_name(path))
        return fail(f, STATUS_USAGE, "ledger %.*s://…: expected a file, or postgresql://USER@HOST/DATABASE",
                    (int)scheme, path);
    ledger *l = calloc(1, sizeof *l);
    bool on_server = is_postgres_name(path);
    char *shown = on_server ? postgres_shown_name(path) : strdup(path), *copy = strdup(path);
    if (!l || !shown || !copy) {
        free(l);
        free(shown);
        free(copy);
        return fail(f, STATUS_INTERNAL, "out of memory");
    }
    l->path = shown;
    l->address = copy;
    l->driver = on_server ? &postgres_driver : &sqlite_driver;
    l->mode = mode;
    l->options = options ? *options : (ledger_options){0};
    status code = l->driver->open(l, f);
    if (code == STATUS_OK)
        code = load_rule(l, f);
    if (code == STATUS_OK && mode != LEDGER_READ)
        ledger_scrub(l, NULL); /* a redaction that was interrupted; verify tells where it cannot be done */
    if (code == STATUS_OK)
        *out = l;
    else
        dispose(l);
    return code;
}

status ledger_close(ledger *l, failure *f) {
    if (!l)
        return STATUS_OK;
    status code = ledger_commit(l, f);
    dispose(l);
    return code;
}

/* ---- what a document is ---- */

static bool is_derived_id(str id) {
    if (id.size != 32)
        return id.size == 0;
    for (size_t i = 0; i < id.size; i++)
        if (!((id.data[i] >= '0' && id.data[i] <= '9') || (id.data[i] >= 'a' && id.data[i] <= 'f')))
            return false;
    return true;
}

static bool is_tracking(str parameter) {
    static const char *const names[] = {
        "utm_", "fbclid=", "gclid=", "igshid=", "mc_cid=", "mc_eid=", "ref_src=", "yclid="};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(parameter, str_of(names[i])))
            return true;
    return false;
}

static void add_query(buffer *b, str query) {
    char before = '?';
    for (size_t at = 0; at < query.size;) {
        size_t end = str_find(query, STR("&"), at);
        end = end == SIZE_MAX ? query.size : end;
        str parameter = str_slice(query, at, end);
        if (parameter.size && !is_tracking(parameter)) {
            buffer_add_byte(b, before);
            buffer_add(b, parameter);
            before = '&';
        }
        at = end + 1;
    }
}

/* Lower-case scheme and host, no default port, no fragment, no parameters that only track. */
static str canonical_url(arena *a, str url) {
    buffer b = {0};
    size_t hash = str_find(url, STR("#"), 0);
    url = str_trim(hash == SIZE_MAX ? url : str_slice(url, 0, hash));
    size_t scheme = str_find(url, STR("://"), 0), host = scheme == SIZE_MAX ? 0 : scheme + 3, path = host;
    while (path < url.size && !strchr("/?", url.data[path]))
        path++;
    size_t query = path;
    while (query < url.size && url.data[query] != '?')
        query++;
    str authority = str_slice(url, 0, path);
    if (str_ends(authority, STR(":80")) && str_starts(url, STR("http:")))
        authority.size -= 3;
    if (str_ends(authority, STR(":443")) && str_starts(url, STR("https:")))
        authority.size -= 4;
    for (size_t i = 0; i < authority.size; i++)
        buffer_add_byte(&b, authority.data[i] >= 'A' && authority.data[i] <= 'Z'
                                ? (char)(authority.data[i] + 32)
                                : authority.data[i]);
    buffer_add(&b, path == query ? STR("/") : str_slice(url, path, query));
    if (query < url.size)
        add_query(&b, str_slice(url, query + 1, url.size));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static str document_id(arena *a, const article *p) {
    str id = !is_derived_id(p->id) ? p->id : p->url.size ? canonical_url(a, p->url) : p->sha256;
    if (!id.size)
        id = digest_hex(a, sha256(p->text), 32);
    if (id.size < sizeof((ledger_added *)0)->document)
        return id;
    str hex = digest_hex(a, sha256(id), 16);
    str head = str_slice(id, 0, 200);
    while (head.size && ((unsigned char)head.data[head.size] & 0xC0) == 0x80)
        head.size--;
    return arena_printf(a, "%.*s~%.*s", STR_ARG(head), STR_ARG(hex));
}

/* ---- rows ---- */

typedef struct adding {
    ledger *l;
    arena *a;
    failure *f;
    const capture *capture;
    const reading *reading;
    const article *article;
    const prepared_reading *ready; /* NULL: what is needed is made here */
    str json, text_hash;
    int64_t document, version, sequence;
    bool undated; /* the version that is there */
    ledger_added out;
} adding;

/* Where others add at the same time, whoever has the document's row is the only one to give it versions. */
static status read_document(adding *in, str id) {
    statement s = statement_of(in->l,
                               in->l->driver->shared ? "SELECT key FROM document WHERE id = ? FOR UPDATE"
                                                     : "SELECT key FROM document WHERE id = ?",
                               in->f);
    give_text(&s, id);
    return statement_key(&s, &in->document);
}

static status find_document(adding *in, str id) {
    status code = read_document(in, id);
    if (code != STATUS_OK || in->document)
        return code;
    statement s = statement_of(
        in->l, "INSERT INTO document(id) VALUES (?) ON CONFLICT DO NOTHING RETURNING key", in->f);
    give_text(&s, id);
    code = statement_key(&s, &in->document);
    in->out.new_document = in->document != 0;
    return code == STATUS_OK && !in->document ? read_document(in, id) : code;
}

static status find_version(adding *in, int64_t *number) {
    if (in->out.new_document) {
        *number = 1;
        return STATUS_OK;
    }
    statement s =
        statement_of(in->l,
                     "SELECT key, number, published_day IS NULL FROM version WHERE document = ?1 AND"
                     " text_hash = ?2",
                     in->f);
    give_number(&s, in->document);
    give_text(&s, in->text_hash);
    if (statement_row(&s)) {
        in->version = take_number(&s, 0);
        *number = take_number(&s, 1);
        in->undated = take_number(&s, 2) != 0;
    }
    status code = statement_done(&s);
    if (code != STATUS_OK || in->version)
        return code;
    s = statement_of(in->l, "SELECT coalesce(max(number), 0) + 1 FROM version WHERE document = ?", in->f);
    give_number(&s, in->document);
    if (statement_row(&s))
        *number = take_number(&s, 0);
    return statement_done(&s);
}

static str captured_at(const adding *in) {
    return in->capture ? in->capture->time : STR_NONE;
}

static str packed_reading(adding *in) {
    return in->ready ? in->ready->packed_json
                     : archive_deflate_beside(in->l, in->a, in->json,
                                              archive_reading_beside(in->a, in->article->text));
}

static status insert_version(adding *in, int64_t number) {
    const article *p = in->article;
    day published = day_parse(p->published);
    statement s = statement_of(
        in->l,
        "INSERT INTO version(document, number, text_hash, sha256, url, outlet, title, language, published, "
        "published_offset,"
        " updated, published_day, captured, sketch, engine, text, text_size, reading, reading_size)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING key",
        in->f);
    give_number(&s, in->document);
    give_number(&s, number);
    const str texts[] = {in->text_hash, p->sha256,           p->url,    p->outlet, p->title, p->language,
                         p->published,  p->published_offset, p->updated};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        give_text(&s, texts[i]);
    published == DAY_NONE ? give_null(&s) : give_number(&s, published);
    give_text(&s, captured_at(in));
    give_blob(&s, in->ready ? in->ready->sketch : sketch_pack(in->a, sketch_of(in->a, p->text)));
    give_text(&s, in->l->engine);
    give_blob(&s, in->ready ? in->ready->packed_text : archive_deflate(in->l, in->a, p->text));
    give_number(&s, (int64_t)p->text.size);
    give_blob(&s, packed_reading(in));
    give_number(&s, (int64_t)in->json.size);
    return statement_key(&s, &in->version);
}

static status insert_mention(adding *in, size_t i) {
    const place_mention *p = &in->reading->places.at[i];
    statement s = statement_of(
        in->l,
        "INSERT INTO mention(version, number, text, start, \"end\", kind, name, country, admin1, id,"
        " anchor, lat, lon, radius_km) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        in->f);
    give_number(&s, in->version);
    give_number(&s, (int64_t)i);
    give_text(&s, p->at.text);
    give_number(&s, p->at.start);
    give_number(&s, p->at.end);
    give_name(&s, place_kind_name(p->kind));
    give_text(&s, p->name);
    give_text(&s, p->country);
    give_text(&s, p->admin1);
    give_text(&s, p->id);
    give_text(&s, p->anchor);
    if (p->resolved) {
        give_real(&s, p->lat);
        give_real(&s, p->lon);
        give_real(&s, p->radius_km);
    }
    return statement_run(&s);
}

static str via_text(adding *in, const claim *c) {
    buffer b = {0};
    buffer_add_byte(&b, '[');
    for (size_t i = 0; i < c->via.size; i++) {
        const voice *v = &c->via.at[i];
        write_comma(&b);
        buffer_add_byte(&b, '{');
        write_key(&b, "text"), write_string(&b, v->at.text);
        write_key(&b, "start"), write_number(&b, v->at.start);
        write_key(&b, "end"), write_number(&b, v->at.end);
        write_key(&b, "kind"), write_name(&b, voice_kind_name(v->kind));
        buffer_add_byte(&b, '}');
    }
    buffer_add_byte(&b, ']');
    str out = arena_copy(in->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static void give_index(statement *s, int index) {
    index == NONE ? give_null(s) : give_number(s, index);
}

static void give_days(statement *s, str date) {
    day from, to;
    bool known = days_of(date, &from, &to);
    give_text(s, date);
    known ? give_number(s, from) : give_null(s);
    known ? give_number(s, to) : give_null(s);
}

static void give_span(statement *s, span at, bool with_text) {
    if (with_text)
        give_text(s, at.text);
    SPAN_NONE(at) ? give_null(s) : give_number(s, at.start);
    SPAN_NONE(at) ? give_null(s) : give_number(s, at.end);
}

static void give_actor(statement *s, const actor_mention *actor) {
    give_text(s, actor->at.text);
    SPAN_NONE(actor->at) ? give_null(s) : give_number(s, actor->hedged);
}

static status insert_claim(adding *in, size_t i) {
    const claim *c = &in->reading->claims.at[i];
    str number = arena_printf(in->a, "%zu", i);
    str document = str_of(in->out.document);
    const str parts[] = {document, STR("\n"), in->text_hash, STR("\n"), number};
    statement s = statement_of(in->l,
                               "INSERT INTO claim(version, number, id, effect, min, max, approx, class, "
                               "\"group\", part_of, stance, scope, event,"
                               " event_index, voice, voice_start, voice_end, voice_kind, cue, via, actor, "
                               "actor_hedged, place, time, date, day_from,"
                               " day_to, count_start, count_end, who, evidence_start, evidence_end)"
                               " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                               in->f);
    give_number(&s, in->version);
    give_number(&s, (int64_t)i);
    give_text(&s, minted_id(in->a, "c-", parts, 5));
    give_name(&s, effect_name(c->effect));
    give_number(&s, c->min);
    c->max == COUNT_OPEN ? give_null(&s) : give_number(&s, c->max);
    give_number(&s, c->approx);
    give_name(&s, who_class_name(c->who_class));
    give_name(&s, who_group_name(c->who_group));
    give_index(&s, c->part_of);
    give_name(&s, stance_name(c->stance));
    give_name(&s, scope_name(c->scope));
    give_name(&s, event_type_name(c->event));
    give_index(&s, c->event_index);
    give_span(&s, c->voice.at, true);
    give_name(&s, voice_kind_name(SPAN_NONE(c->voice.at) ? VOICE_OUTLET : c->voice.kind));
    give_text(&s, c->voice.cue);
    give_text(&s, via_text(in, c));
    give_actor(&s, &c->actor);
    give_index(&s, c->place);
    give_text(&s, c->time == NONE ? STR_NONE : in->reading->times.at[c->time].at.text);
    give_days(&s, c->date);
    give_span(&s, c->count, false);
    give_text(&s, c->who.text);
    give_span(&s, c->evidence, false);
    return statement_run(&s);
}

static str event_places(adding *in, const event *e) {
    buffer b = {0};
    buffer_add_byte(&b, '[');
    for (size_t i = 0; i < e->places.size; i++) {
        write_comma(&b);
        write_number(&b, e->places.at[i]);
    }
    buffer_add_byte(&b, ']');
    str out = arena_copy(in->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static status insert_event(adding *in, size_t i) {
    const event *e = &in->reading->events.at[i];
    statement s = statement_of(in->l,
                               "INSERT INTO event(version, number, type, trigger, trigger_start, "
                               "trigger_end, voice, voice_kind, stance, actor,"
                               " actor_hedged, places, min, max, date, day_from, day_to, outcome, "
                               "outcome_kind, evidence_start,"
                               " evidence_end) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                               in->f);
    give_number(&s, in->version);
    give_number(&s, (int64_t)i);
    give_name(&s, event_type_name(e->type == EVENT_NONE ? EVENT_OTHER_ATTACK : e->type));
    give_span(&s, e->trigger, true);
    give_text(&s, e->voice.at.text);
    give_name(&s, voice_kind_name(SPAN_NONE(e->voice.at) ? VOICE_OUTLET : e->voice.kind));
    give_name(&s, stance_name(e->stance));
    give_actor(&s, &e->actor);
    give_text(&s, event_places(in, e));
    e->counted ? give_number(&s, e->min) : give_null(&s);
    e->counted && e->max != COUNT_OPEN ? give_number(&s, e->max) : give_null(&s);
    /* A day that is only inferred would pass for one that was told; incidents reckon with publication
     * themselves. */
    give_days(&s, e->date_from == DATE_TOLD || e->date_from == DATE_INHERITED ? e->date : STR_NONE);
    give_text(&s, e->outcome.text);
    give_name(&s, outcome_kind_name(e->outcome_kind));
    give_span(&s, e->evidence, false);
    return statement_run(&s);
}

static status insert_difference(adding *in, size_t i) {
    const disagreement *d = &in->reading->disagreements.at[i];
    statement s =
        statement_of(in->l, "INSERT INTO difference(version, a, b, \"on\") VALUES (?, ?, ?, ?)", in->f);
    give_number(&s, in->version);
    give_number(&s, d->a);
    give_number(&s, d->b);
    give_name(&s, disagreement_on_name(d->on));
    return statement_run(&s);
}

static status insert_rows(adding *in) {
    const reading *r = in->reading;
    status code = STATUS_OK;
    for (size_t i = 0; i < r->places.size && code == STATUS_OK; i++)
        code = insert_mention(in, i);
    for (size_t i = 0; i < r->events.size && code == STATUS_OK; i++)
        code = insert_event(in, i);
    for (size_t i = 0; i < r->claims.size && code == STATUS_OK; i++)
        code = insert_claim(in, i);
    for (size_t i = 0; i < r->disagreements.size && code == STATUS_OK; i++)
        code = insert_difference(in, i);
    /* Whoever writes the rows of a reading seals it. */
    if (code != STATUS_OK)
        return code;
    return in->ready
               ? log_reading_hashed(in->l, in->version, in->ready->text_hash, in->ready->json_hash, in->f)
               : log_reading(in->l, in->version, in->article->text, in->json, in->f);
}

/* The latest version counts; the others say which replaced them. */
status document_settle(ledger *l, int64_t document, failure *f) {
    statement s = statement_of(
        l,
        "UPDATE document SET current = (SELECT key FROM version WHERE document = ?1 ORDER BY"
        " coalesce(captured, '') DESC, coalesce(updated, published, '') DESC, number DESC LIMIT 1)"
        " WHERE key = ?1",
        f);
    give_number(&s, document);
    status code = statement_run(&s);
    if (code != STATUS_OK)
        return code;
    s = statement_of(
        l,
        "UPDATE version SET superseded = (SELECT CASE WHEN d.current = version.key THEN NULL ELSE"
        " (SELECT number FROM version AS v WHERE v.key = d.current) END FROM document AS d WHERE d.key = ?1)"
        " WHERE document = ?1",
        f);
    give_number(&s, document);
    return statement_run(&s);
}

static status settle_first_version(adding *in) {
    statement s = statement_of(in->l, "UPDATE document SET current = ?2 WHERE key = ?1", in->f);
    give_number(&s, in->document);
    give_number(&s, in->version);
    return statement_run(&s);
}

static status settle_versions(adding *in) {
    if (in->out.new_document)
        return settle_first_version(in);
    statement s = statement_of(
        in->l, "UPDATE version SET captured = ?2 WHERE key = ?1 AND ?2 > coalesce(captured, '')", in->f);
    give_number(&s, in->version);
    give_text(&s, captured_at(in).size ? captured_at(in) : STR(""));
    status code = statement_run(&s);
    return code == STATUS_OK ? document_settle(in->l, in->document, in->f) : code;
}

static status run_on_version(adding *in, const char *sql) {
    statement s = statement_of(in->l, sql, in->f);
    give_number(&s, in->version);
    return statement_run(&s);
}

/* They are worked out anew by the next linking, under their ids. */
static const char forget_incidents[] =
    "DELETE FROM incident WHERE key IN (SELECT incident FROM incident_version WHERE version = ?1 UNION "
    "SELECT "
    "incident FROM incident_claim JOIN claim ON claim.key = claim WHERE version = ?1)";

/* Their voices are counted anew by it too: what a row quotes may be what is being destroyed. */
static const char forget_voices[] =
    "DELETE FROM source WHERE key IN (SELECT source FROM voice WHERE incident IN (SELECT incident FROM"
    " incident_version WHERE version = ?1 UNION SELECT incident FROM incident_claim JOIN claim ON claim.key ="
    " claim WHERE version = ?1))";

static status forget_reading(adding *in) {
    static const char *const steps[] = {
        forget_voices,
        forget_incidents,
        "DELETE FROM claim WHERE version = ?",
        "DELETE FROM event WHERE version = ?",
        "DELETE FROM mention WHERE version = ?",
        "DELETE FROM difference WHERE version = ?",
    };
    status code = setting_keep(in->l, "voices", STR("uncounted"), in->f);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && code == STATUS_OK; i++)
        code = run_on_version(in, steps[i]);
    return code;
}

status version_forget(ledger *l, int64_t version, failure *f) {
    adding in = {.l = l, .f = f, .version = version};
    return forget_reading(&in);
}

pending_words stems_of_version(arena *a, const affixes *known, int64_t version, str title, str text) {
    bool headed = title.size && str_starts(text, title);
    return (pending_words){version, words_stems(a, known, headed ? title : STR("")),
                           words_stems(a, known, headed ? str_slice(text, title.size, text.size) : text)};
}

static pending_words stems_alone(arena *a, int64_t version, str title, str text) {
    affixes known;
    affixes_load(a, &known);
    return stems_of_version(a, &known, version, title, text);
}

static pending_words stems_of(const adding *in, arena *a) {
    const prepared_reading *ready = in->ready;
    return ready ? (pending_words){in->version, arena_copy(a, ready->title_stems),
                                   arena_copy(a, ready->body_stems)}
                 : stems_alone(a, in->version, in->article->title, in->article->text);
}

status version_index(ledger *l, arena *a, int64_t version, str title, str text, failure *f) {
    return index_words(l, stems_alone(a, version, title, text), f);
}

status version_retitle(ledger *l, arena *a, int64_t version, str was, str is, str text, failure *f) {
    if (str_equal(was, is))
        return STATUS_OK;
    for (size_t i = 0; i < l->pending.size; i++)
        if (l->pending.at[i].version == version) {
            l->pending.at[i] = stems_alone(&l->batch, version, is, text);
            return STATUS_OK;
        }
    pending_words before = stems_alone(a, version, was, text), now = stems_alone(a, version, is, text);
    status code = l->driver->drop_words(l, version, before.title, before.body, f);
    return code == STATUS_OK ? index_words(l, now, f) : code;
}

/* What was read before stays beside. */
static status keep_past_reading(adding *in) {
    statement s =
        statement_of(in->l,
                     "INSERT INTO past_reading(version, number, engine, until, reading, reading_size)"
                     " SELECT key, (SELECT count(*) + 1 FROM past_reading WHERE version = ?1),"
                     " engine, ?2, reading, reading_size FROM version WHERE key = ?1",
                     in->f);
    give_number(&s, in->version);
    give_text(&s, moment_text(in->a, time(NULL)));
    return statement_run(&s);
}

static status retitle(adding *in) {
    statement s = statement_of(in->l, "SELECT title FROM version WHERE key = ?", in->f);
    give_number(&s, in->version);
    str was = statement_row(&s) ? arena_copy(in->a, take_text(&s, 0)) : STR_NONE;
    status code = statement_done(&s);
    return code == STATUS_OK
               ? version_retitle(in->l, in->a, in->version, was, in->article->title, in->article->text, in->f)
               : code;
}

/* Another reading of a version's text in the place of the one that stands. */
static status replace_reading(adding *in) {
    const article *p = in->article;
    day published = day_parse(p->published);
    status code = keep_past_reading(in);
    if (code == STATUS_OK)
        code = retitle(in);
    if (code == STATUS_OK)
        code = forget_reading(in);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(in->l,
                               "UPDATE version SET outlet = ?2, title = ?3, language = ?4, published = ?5,"
                               " published_offset = ?6, updated = ?7, published_day = ?8, engine = ?9,"
                               " reading = ?10, reading_size = ?11 WHERE key = ?1",
                               in->f);
    give_number(&s, in->version);
    const str texts[] = {p->outlet, p->title, p->language, p->published, p->published_offset, p->updated};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        give_text(&s, texts[i]);
    published == DAY_NONE ? give_null(&s) : give_number(&s, published);
    give_text(&s, in->l->engine);
    give_blob(&s, packed_reading(in));
    give_number(&s, (int64_t)in->json.size);
    code = statement_run(&s);
    return code == STATUS_OK ? insert_rows(in) : code;
}

static status read_text_hash(adding *in) {
    statement s = statement_of(in->l, "SELECT text_hash FROM version WHERE key = ?", in->f);
    give_number(&s, in->version);
    if (statement_row(&s))
        in->text_hash = arena_copy(in->a, take_text(&s, 0));
    return statement_done(&s);
}

status version_rewrite(ledger *l, int64_t version, str document, const reading *r, str json, int64_t act,
                       failure *f) {
    arena a = arena_new((allocator){0});
    adding in = {
        .l = l, .a = &a, .f = f, .reading = r, .article = r->article, .json = json, .version = version};
    const article *p = r->article;
    snprintf(in.out.document, sizeof in.out.document, "%.*s", STR_ARG(document));
    status code = read_text_hash(&in);
    if (code == STATUS_OK)
        code = forget_reading(&in);
    if (code == STATUS_OK) {
        statement s = statement_of(l,
                                   "UPDATE version SET title = ?2, sketch = ?3, text = ?4, text_size = ?5,"
                                   " reading = ?6, reading_size = ?7, withdrawn = ?8 WHERE key = ?1",
                                   f);
        give_number(&s, version);
        give_text(&s, p->title);
        give_blob(&s, sketch_pack(&a, sketch_of(&a, p->text)));
        give_blob(&s, archive_deflate(l, &a, p->text));
        give_number(&s, (int64_t)p->text.size);
        give_blob(&s, archive_deflate_beside(l, &a, json, archive_reading_beside(&a, p->text)));
        give_number(&s, (int64_t)json.size);
        give_number(&s, act);
        code = statement_run(&s);
    }
    if (code == STATUS_OK)
        code = insert_rows(&in);
    arena_free(&a);
    return code;
}

/* A text that was read without a day of publication, and is given one now, is read by it: else whoever forgot
 * the date could never mend it. A date that is known is never changed so. */
static status date_version(adding *in) {
    in->out.dated = true;
    return replace_reading(in);
}

static status add_version(adding *in) {
    str id = document_id(in->a, in->article);
    int64_t number = 0;
    snprintf(in->out.document, sizeof in->out.document, "%.*s", STR_ARG(id));
    status code = find_document(in, id);
    if (code == STATUS_OK)
        code = find_version(in, &number);
    in->out.version = (uint32_t)number;
    if (code == STATUS_OK && in->version && in->undated && day_parse(in->article->published) != DAY_NONE)
        return date_version(in);
    if (code != STATUS_OK || in->version)
        return code;
    in->out.new_version = true;
    code = insert_version(in, number);
    return code == STATUS_OK ? insert_rows(in) : code;
}

static str capture_hash(const adding *in) {
    return in->article->sha256.size == 64 ? in->article->sha256
                                          : digest_hex(in->a, sha256(in->capture->bytes), 32);
}

static str capture_id(arena *a, const capture *c, str hex) {
    const str parts[] = {hex, STR("\n"), c->url, STR("\n"), c->time};
    return minted_id(a, "p-", parts, 5);
}

static status add_capture(adding *in) {
    const capture *c = in->capture;
    str hex = capture_hash(in), id = capture_id(in->a, c, hex);
    statement s = statement_of(in->l, "SELECT sequence FROM capture WHERE id = ?", in->f);
    give_text(&s, id);
    if (statement_row(&s))
        in->sequence = take_number(&s, 0);
    status code = statement_done(&s);
    if (code != STATUS_OK || in->sequence)
        return code;
    digest leaf = archive_leaf(hex, c->url, c->time, c->media_type);
    str file = c->file;
    in->out.referenced = reference_wanted(in->l, c, &file);
    s = statement_of(
        in->l,
        "INSERT INTO capture(id, sha256, url, time, media_type, charset, file, \"offset\", size, leaf,"
        " version, length) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) RETURNING sequence",
        in->f);
    const str texts[] = {id, hex, c->url, c->time, c->media_type, c->charset, file};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        give_text(&s, texts[i]);
    give_number(&s, (int64_t)(in->out.referenced ? c->place.begin : c->offset));
    give_number(&s, (int64_t)c->bytes.size);
    give_blob(&s, (str){(const char *)leaf.bytes, sizeof leaf.bytes});
    give_number(&s, in->version);
    in->out.referenced ? give_number(&s, (int64_t)c->place.length) : give_null(&s);
    code = statement_key(&s, &in->sequence);
    in->out.new_capture = true;
    return code == STATUS_OK && !in->out.referenced ? archive_keep(in->l, in->sequence, c->bytes, in->f)
                                                    : code;
}

/* What was withdrawn does not come back with the next crawl: neither the bytes nor the text. */
static status find_withdrawn(adding *in) {
    statement s =
        statement_of(in->l,
                     "SELECT 1 FROM capture WHERE sha256 = ?1 AND withdrawn IS NOT NULL UNION ALL"
                     " SELECT 1 FROM version WHERE text_hash = ?2 AND withdrawn IS NOT NULL LIMIT 1",
                     in->f);
    give_text(&s, in->capture ? capture_hash(in) : STR(""));
    give_text(&s, in->article->text.size ? in->text_hash : STR(""));
    in->out.withdrawn = statement_row(&s);
    return statement_done(&s);
}

static status current_version(const adding *in, int64_t *out) {
    statement s = statement_of(in->l, "SELECT current FROM document WHERE key = ?", in->f);
    give_number(&s, in->document);
    *out = statement_row(&s) ? take_number(&s, 0) : 0;
    return statement_done(&s);
}

/* What acts speak of is looked for again where there is another text, or another one counts. */
static status add_page(adding *in) {
    int64_t before = 0, after = 0;
    status code = find_withdrawn(in);
    if (code != STATUS_OK || in->out.withdrawn)
        return code;
    code = add_version(in);
    bool other_text = in->out.new_version || in->out.dated;
    if (code == STATUS_OK && !other_text)
        code = current_version(in, &before);
    if (code == STATUS_OK && in->capture)
        code = add_capture(in);
    if (code == STATUS_OK && (in->out.new_version || in->out.new_capture))
        code = settle_versions(in);
    if (code == STATUS_OK && !other_text)
        code = current_version(in, &after);
    if (code == STATUS_OK && (other_text || before != after))
        code = anchors_place_document(in->l, in->document, in->f);
    in->out.sequence = (uint64_t)in->sequence;
    return code;
}

static void count_page(ledger *l, const adding *in) {
    l->counts.captures += in->out.new_capture;
    l->counts.versions += in->out.new_version;
    l->counts.claims += in->out.new_version ? in->reading->claims.size : 0;
    if (in->out.new_capture)
        l->counts.last_sequence = (uint64_t)in->sequence;
}

static status set_sketch(ledger *l, arena *a, int64_t version, str text, failure *f) {
    statement u = statement_of(l, "UPDATE version SET sketch = ?2 WHERE key = ?1", f);
    give_number(&u, version);
    give_blob(&u, sketch_pack(a, sketch_of(a, text)));
    return statement_run(&u);
}

static status reindex_version(ledger *l, arena *a, statement *s, bool sketch, failure *f) {
    int64_t key = take_number(s, 0);
    str title = arena_copy(a, take_text(s, 1));
    str text = archive_inflate(a, take_blob(s, 2), (size_t)take_number(s, 3));
    if (!text.data)
        return fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: the text of a version is damaged", l->path);
    status code = sketch ? set_sketch(l, a, key, text, f) : STATUS_OK;
    return code == STATUS_OK ? index_words(l, stems_alone(a, key, title, text), f) : code;
}

static status reindex(ledger *l, bool sketches, failure *f) {
    arena a = arena_new((allocator){0});
    status code = STATUS_OK;
    statement s = statement_of(l, "SELECT key, title, text, text_size FROM version ORDER BY key", f);
    statement_walks(&s);
    while (code == STATUS_OK && statement_row(&s)) {
        code = reindex_version(l, &a, &s, sketches, f);
        arena_reset(&a);
    }
    arena_free(&a);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

status ledger_reindex(ledger *l, failure *f) {
    return reindex(l, true, f);
}

status ledger_index_words(ledger *l, failure *f) {
    return reindex(l, false, f);
}

/* The page's savepoint is undone, and what the batch held before it is saved where that can be done. Where it
 * cannot, the page is not tried again: it would pass for one that came after what was lost. */
static void give_up(ledger *l) {
    uint64_t held = l->batch_pages;
    store_unmark(l, true);
    if (l->driver->in_transaction(l) && ledger_commit(l, NULL) == STATUS_OK)
        return;
    store_rollback(l);
    if (held)
        l->driver->stood_in_way(l);
}

/* The beginning of a hash, by which `setting` holds the whole. */
static str engine_name(const ledger *l, arena *a) {
    enum { BYTES = 12 };
    return digest_hex(a, sha256(l->options.engine), BYTES);
}

/* Which engine read the pages of this batch. */
static status name_engine(ledger *l, failure *f) {
    if (l->engine.size || !l->options.engine.size)
        return STATUS_OK;
    l->engine = engine_name(l, &l->batch);
    statement s = statement_of(
        l, "INSERT INTO setting(name, value) VALUES ('engine ' || ?, ?) ON CONFLICT DO NOTHING", f);
    give_text(&s, l->engine);
    give_text(&s, l->options.engine);
    return statement_run(&s);
}

static status add_in_batch(adding *in) {
    ledger *l = in->l;
    status code = store_begin_adding(l, in->f);
    if (code == STATUS_OK)
        code = name_engine(l, in->f);
    if (code == STATUS_OK)
        code = l->driver->be_patient(l, !l->batch_pages, in->f);
    if (code == STATUS_OK)
        code = store_mark(l, in->f);
    if (code == STATUS_OK)
        code = add_page(in);
    if (code == STATUS_OK)
        store_unmark(l, false);
    else
        give_up(l);
    l->batch_pages += code == STATUS_OK;
    return code;
}

/* What a header or the name of a file says can be any bytes: what is kept of it is text. The bytes of the
 * page stay as they are. */
static str kept_text(arena *a, str text) {
    if (!text.size || (utf8_valid(text) && !memchr(text.data, 0, text.size)))
        return text;
    str good = utf8_repair(a, text);
    char *plain = ARENA_NEW(a, char, good.size);
    for (size_t i = 0; i < good.size; i++)
        plain[i] = good.data[i] ? good.data[i] : ' ';
    return (str){plain, good.size};
}

static const capture *kept_capture(arena *a, const capture *c) {
    if (!c)
        return NULL;
    capture *kept = ARENA_NEW(a, capture, 1);
    *kept = *c;
    str *const texts[] = {&kept->url, &kept->time, &kept->media_type, &kept->charset, &kept->file};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = kept_text(a, *texts[i]);
    return kept;
}

/* `l->scratch` holds what is needed here and is not `ready`. */
static status add(ledger *l, const capture *c, const reading *r, str json, const prepared_reading *ready,
                  ledger_added *added, failure *f) {
    enum { TRIES = 8 };
    c = kept_capture(&l->scratch, c);
    str text_hash = digest_hex(&l->scratch, ready ? ready->text_hash : sha256(r->article->text), 32);
    adding in;
    status code;
    int tries = 0;
    do {
        in = (adding){.l = l,
                      .a = &l->scratch,
                      .f = f,
                      .capture = c,
                      .reading = r,
                      .article = r->article,
                      .ready = ready,
                      .json = json,
                      .text_hash = text_hash};
        code = add_in_batch(&in);
    } while (code != STATUS_OK && l->driver->stood_in_way(l) && ++tries < TRIES);
    if (code != STATUS_OK)
        return code;
    count_page(l, &in);
    if (in.out.new_version)
        *VECTOR_PUSH(&l->pending, &l->batch) = stems_of(&in, &l->batch);
    code = store_batch_is_due(l) ? ledger_commit(l, f) : store_index_some(l, f);
    if (code == STATUS_OK && added)
        *added = in.out;
    return code;
}

status ledger_add(ledger *l, const capture *c, const reading *r, str json, ledger_added *added, failure *f) {
    arena_reset(&l->scratch);
    if (!json.data)
        reading_json(r, l->options.engine.data ? l->options.engine : STR("{}"), &(reading_options){0},
                     &l->scratch, &json);
    return add(l, c, r, json, NULL, added, f);
}

status ledger_add_prepared(ledger *l, const capture *c, const reading *r, const prepared_reading *ready,
                           ledger_added *added, failure *f) {
    arena_reset(&l->scratch);
    return add(l, c, r, ready->json, ready, added, f);
}

static status has_captures(ledger *l, bool *any, failure *f) {
    statement s = statement_of(l, "SELECT 1 FROM capture LIMIT 1", f);
    *any = statement_row(&s);
    return statement_done(&s);
}

status ledger_knows(ledger *l, const capture *c, bool *known, failure *f) {
    *known = false;
    if (!c)
        return has_captures(l, known, f);
    if (!l->options.engine.size)
        return STATUS_OK;
    arena a = arena_new((allocator){0});
    c = kept_capture(&a, c);
    str hex = c->sha256.size ? c->sha256 : digest_hex(&a, sha256(c->bytes), 32);
    statement s = statement_of(
        l,
        "SELECT 1 FROM capture JOIN version ON version.key = capture.version WHERE capture.id = ?"
        " AND version.engine = ? AND capture.withdrawn IS NULL AND version.withdrawn IS NULL",
        f);
    give_text(&s, capture_id(&a, c, hex));
    give_text(&s, engine_name(l, &a));
    *known = statement_row(&s);
    status code = statement_done(&s);
    arena_free(&a);
    return code;
}

status ledger_replace_reading(ledger *l, int64_t document, int64_t version, const reading *r, str json,
                              failure *f) {
    arena_reset(&l->scratch);
    adding in = {.l = l, .a = &l->scratch, .f = f, .reading = r, .article = r->article, .json = json};
    in.document = document;
    in.version = version;
    in.text_hash = digest_hex(in.a, sha256(in.article->text), 32);
    status code = name_engine(l, f);
    statement s = statement_of(l, "SELECT id FROM document WHERE key = ?", f);
    give_number(&s, document);
    if (statement_row(&s))
        snprintf(in.out.document, sizeof in.out.document, "%.*s", STR_ARG(take_text(&s, 0)));
    status found = statement_done(&s);
    if (code == STATUS_OK)
        code = found;
    if (code == STATUS_OK)
        code = replace_reading(&in);
    return code == STATUS_OK ? anchors_place_document(l, document, f) : code;
}
