/* Documents, their versions and captures out of another ledger.
 *
 * A version that is not here comes with all its rows. Where both have it, and read it otherwise, the later
 * reading counts: the one whose ledger keeps the other among those that stood before. Versions of one
 * document that came from both get the order of their times. What was withdrawn here is not taken in again.
 */
#include <stdlib.h>

#include "ledger/log.h"
#include "ledger/merge.h"

/* ---- rows ---- */

/* Rows of a table, from there to here. */
typedef struct row_road {
    const stored_table *table;
    stored_column columns[TABLE_COLUMNS]; /* but for those that are skipped */
    size_t width;
    enum { AS_IT_IS, NUMBER, NOTHING } how[TABLE_COLUMNS];
    int64_t number[TABLE_COLUMNS];
    statement select, insert;
} row_road;

/* `skip`: columns that are given anew here; `by`: the column that rows are asked by; `key`: what is given,
 * NULL: nothing is asked of it. */
static row_road road_of(merging *m, const char *name, size_t skip, const char *by, const char *key) {
    row_road r = {.table = table_named(name)};
    stored_column all[TABLE_COLUMNS];
    size_t count = table_columns(r.table, all);
    buffer names = {0}, marks = {0};
    for (size_t i = skip; i < count; i++) {
        r.columns[r.width++] = all[i];
        buffer_printf(&names, "%s\"%.*s\"", i > skip ? ", " : "", STR_ARG(all[i].name));
        buffer_add(&marks, i > skip ? STR(", ?") : STR("?"));
    }
    str select = arena_printf(m->a, "SELECT %.*s FROM \"%s\" WHERE \"%s\" = ? ORDER BY %.*s",
                              STR_ARG(buffer_str(&names)), name, by,
                              STR_ARG(table_names(m->a, r.table, r.table->key)));
    str insert =
        arena_printf(m->a, "INSERT INTO \"%s\"(%.*s) VALUES (%.*s)%s%s", name, STR_ARG(buffer_str(&names)),
                     STR_ARG(buffer_str(&marks)), key ? " RETURNING " : "", key ? key : "");
    buffer_free(&names);
    buffer_free(&marks);
    r.select = statement_made(m->from, select, m->f);
    r.insert = statement_made(m->l, insert, m->f);
    return r;
}

static size_t column_of(const row_road *r, const char *name) {
    for (size_t i = 0; i < r->width; i++)
        if (str_equal(r->columns[i].name, str_of(name)))
            return i;
    return SIZE_MAX;
}

static void set_number(row_road *r, const char *name, int64_t n) {
    size_t i = column_of(r, name);
    r->how[i] = NUMBER;
    r->number[i] = n;
}

static void set_nothing(row_road *r, const char *name) {
    r->how[column_of(r, name)] = NOTHING;
}

static status put_row(row_road *r, int64_t *key) {
    for (size_t i = 0; i < r->width; i++)
        if (r->how[i] == NUMBER)
            give_number(&r->insert, r->number[i]);
        else if (r->how[i] == NOTHING)
            give_null(&r->insert);
        else
            value_pass(&r->select, (int)i, r->columns[i].kind, &r->insert);
    if (key && statement_row(&r->insert))
        *key = take_number(&r->insert, 0);
    return statement_again(&r->insert);
}

/* All rows of `theirs` there become rows of `ours` here. */
static status put_rows(row_road *r, const char *by, int64_t theirs, int64_t ours, uint64_t *count) {
    status code = STATUS_OK;
    set_number(r, by, ours);
    give_number(&r->select, theirs);
    while (code == STATUS_OK && statement_row(&r->select)) {
        code = put_row(r, NULL);
        *count += code == STATUS_OK;
    }
    status done = statement_again(&r->select);
    return code == STATUS_OK ? done : code;
}

static void close_road(row_road *r) {
    statement_done(&r->select);
    statement_done(&r->insert);
}

/* ---- what is there ---- */

typedef struct paging {
    merging *m;
    row_road version, mention, claim, event, difference, past, capture, chunk;
    key_list refused;  /* their versions that are not taken in, ascending */
    key_pairs numbers; /* by our version: the number that they have it under */
} paging;

status version_of_text(ledger *l, str document, str text_hash, int64_t *out, failure *f) {
    *out = 0;
    statement s = statement_of(l,
                               "SELECT version.key FROM version JOIN document ON document.key ="
                               " version.document WHERE document.id = ? AND text_hash = ?",
                               f);
    give_text(&s, document);
    give_text(&s, text_hash);
    return statement_key(&s, out);
}

status version_texts(ledger *l, int64_t version, arena *a, str *text, str *json, failure *f) {
    *text = *json = STR_NONE;
    statement s =
        statement_of(l, "SELECT text, text_size, reading, reading_size FROM version WHERE key = ?", f);
    give_number(&s, version);
    if (statement_row(&s))
        take_reading(&s, 0, a, text, json);
    status code = statement_done(&s);
    return code == STATUS_OK && !(text->data && json->data)
               ? fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: the text or the reading of a version is damaged",
                      l->path)
               : code;
}

/* ---- versions ---- */

typedef struct their_version {
    int64_t key, number, withdrawn;
    str document, text_hash, title;
} their_version;

static status read_theirs(merging *m, int64_t key, their_version *v) {
    *v = (their_version){.key = key};
    statement s = statement_of(m->from,
                               "SELECT document.id, text_hash, number, withdrawn, title FROM version JOIN"
                               " document ON document.key = version.document WHERE version.key = ?",
                               m->f);
    give_number(&s, key);
    if (statement_row(&s)) {
        v->document = arena_copy(&m->once, take_text(&s, 0));
        v->text_hash = arena_copy(&m->once, take_text(&s, 1));
        v->number = take_number(&s, 2);
        v->withdrawn = take_number(&s, 3);
        v->title = arena_copy(&m->once, take_text(&s, 4));
    }
    return statement_done(&s);
}

/* The same bytes were withdrawn here, whatever the URL. */
static status bytes_are_refused(merging *m, str hash, bool *refused) {
    statement s = statement_of(
        m->l, "SELECT 1 FROM capture WHERE sha256 = ? AND withdrawn IS NOT NULL AND sequence <= ? LIMIT 1",
        m->f);
    give_text(&s, hash);
    give_number(&s, m->last_capture);
    *refused = statement_row(&s);
    return statement_done(&s);
}

/* The text was withdrawn here, or the bytes of all of its captures were. What they withdrew has nothing left.
 */
static status is_refused(merging *m, const their_version *v, bool *refused) {
    size_t captures = 0, bad = 0;
    *refused = false;
    if (v->withdrawn)
        return STATUS_OK;
    statement s = statement_of(
        m->l, "SELECT 1 FROM version WHERE text_hash = ? AND withdrawn IS NOT NULL AND key <= ? LIMIT 1",
        m->f);
    give_text(&s, v->text_hash);
    give_number(&s, m->last_version);
    bool found = statement_row(&s);
    status code = statement_done(&s);
    s = statement_of(m->from, "SELECT sha256 FROM capture WHERE version = ?", m->f);
    give_number(&s, v->key);
    while (code == STATUS_OK && statement_row(&s)) {
        bool one = false;
        code = bytes_are_refused(m, take_text(&s, 0), &one);
        captures++;
        bad += one;
    }
    status done = statement_done(&s);
    *refused = found || (captures && bad == captures);
    return code == STATUS_OK ? done : code;
}

static status find_document(merging *m, str id, int64_t *key) {
    statement s = statement_of(m->l, "SELECT key FROM document WHERE id = ?", m->f);
    give_text(&s, id);
    status code = statement_key(&s, key);
    if (code != STATUS_OK || *key)
        return code;
    m->out.documents++;
    s = statement_of(m->l, "INSERT INTO document(id) VALUES (?) RETURNING key", m->f);
    give_text(&s, id);
    return statement_key(&s, key);
}

static status free_number(merging *m, int64_t document, int64_t wanted, int64_t *out) {
    statement s = statement_of(m->l,
                               "SELECT coalesce(max(number), 0) + 1, sum(CASE WHEN number = ?2 THEN 1 ELSE 0 "
                               "END) FROM version WHERE document = ?1",
                               m->f);
    give_number(&s, document);
    give_number(&s, wanted);
    if (statement_row(&s))
        *out = take_number(&s, 1) ? take_number(&s, 0) : wanted;
    return statement_done(&s);
}

static status put_reading_rows(paging *p, int64_t theirs, int64_t ours) {
    uint64_t ignored = 0;
    status code = put_rows(&p->mention, "version", theirs, ours, &ignored);
    if (code == STATUS_OK)
        code = put_rows(&p->event, "version", theirs, ours, &ignored);
    if (code == STATUS_OK)
        code = put_rows(&p->claim, "version", theirs, ours, &p->m->out.claims);
    return code == STATUS_OK ? put_rows(&p->difference, "version", theirs, ours, &ignored) : code;
}

static status put_version(paging *p, const their_version *v, int64_t document, int64_t *ours) {
    merging *m = p->m;
    row_road *r = &p->version;
    int64_t number = 0, act = pair_of(&m->acts, v->withdrawn);
    uint64_t ignored = 0;
    str text, json;
    status code = free_number(m, document, v->number, &number);
    set_number(r, "document", document);
    set_number(r, "number", number);
    act ? set_number(r, "withdrawn", act) : set_nothing(r, "withdrawn");
    give_number(&r->select, v->key);
    if (code == STATUS_OK && statement_row(&r->select))
        code = put_row(r, ours);
    status done = statement_again(&r->select);
    code = code == STATUS_OK ? done : code;
    if (code == STATUS_OK)
        code = put_reading_rows(p, v->key, *ours);
    if (code == STATUS_OK)
        code = put_rows(&p->past, "version", v->key, *ours, &ignored);
    if (code == STATUS_OK)
        code = version_texts(m->from, v->key, &m->once, &text, &json, m->f);
    if (code == STATUS_OK)
        code = version_index(m->l, &m->once, *ours, v->title, text, m->f);
    m->out.versions++;
    *VECTOR_PUSH(&m->seal, m->a) = *ours;
    return code;
}

/* ---- a version that both have ---- */

typedef VECTOR(digest) reading_hashes;

/* A version that both have, as it stands here. */
typedef struct common_version {
    int64_t key;
    str text, reading;
    reading_hashes past; /* of the readings that stood before */
} common_version;

static status read_past(ledger *l, arena *a, int64_t version, str text, reading_hashes *out, failure *f) {
    arena one = arena_new((allocator){0});
    *out = (reading_hashes){0};
    statement s = statement_of(l, "SELECT reading, reading_size FROM past_reading WHERE version = ?", f);
    give_number(&s, version);
    while (statement_row(&s)) {
        *VECTOR_PUSH(out, a) = sha256(archive_inflate_beside(
            &one, take_blob(&s, 0), (size_t)take_number(&s, 1), archive_reading_beside(&one, text)));
        arena_reset(&one);
    }
    arena_free(&one);
    return statement_done(&s);
}

static bool stood_before(const reading_hashes *past, str json) {
    digest wanted = sha256(json);
    for (size_t i = 0; i < past->size; i++)
        if (digest_equal(past->at[i], wanted))
            return true;
    return false;
}

static status keep_past(merging *m, common_version *c, str json, str engine, str until) {
    if (stood_before(&c->past, json))
        return STATUS_OK;
    *VECTOR_PUSH(&c->past, &m->once) = sha256(json);
    statement s = statement_of(m->l,
                               "INSERT INTO past_reading(version, number, engine, until, reading,"
                               " reading_size) VALUES (?, ?, ?, ?, ?, ?)",
                               m->f);
    give_number(&s, c->key);
    give_number(&s, (int64_t)c->past.size);
    give_text(&s, engine);
    give_text(&s, until);
    give_blob(&s, archive_deflate_beside(m->l, &m->once, json, archive_reading_beside(&m->once, c->text)));
    give_number(&s, (int64_t)json.size);
    return statement_run(&s);
}

/* Theirs that stood before and are not known here. */
static status take_pasts(merging *m, int64_t theirs, common_version *c) {
    status code = STATUS_OK;
    statement s = statement_of(
        m->from,
        "SELECT reading, reading_size, engine, until FROM past_reading WHERE version = ? ORDER BY number",
        m->f);
    give_number(&s, theirs);
    while (code == STATUS_OK && statement_row(&s)) {
        str json = archive_inflate_beside(&m->once, take_blob(&s, 0), (size_t)take_number(&s, 1),
                                          archive_reading_beside(&m->once, c->text));
        if (json.data && !str_equal(json, c->reading))
            code = keep_past(m, c, json, take_text(&s, 2), take_text(&s, 3));
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* Its engine, and where `title` is no NULL its title. */
static status engine_of(ledger *l, arena *a, int64_t version, str *out, str *title, failure *f) {
    *out = STR_NONE;
    statement s = statement_of(l, "SELECT engine, title FROM version WHERE key = ?", f);
    give_number(&s, version);
    if (statement_row(&s)) {
        *out = arena_copy(a, take_text(&s, 0));
        if (title)
            *title = arena_copy(a, take_text(&s, 1));
    }
    return statement_done(&s);
}

/* Their reading in the place of ours, which is kept. */
static status replace_reading(paging *p, const their_version *v, common_version *c) {
    static const char *const names[] = {"outlet",           "title",       "language",      "published",
                                        "published_offset", "updated",     "published_day", "engine",
                                        "reading",          "reading_size"};
    merging *m = p->m;
    str engine, title = STR_NONE;
    uint64_t claims = m->out.claims;
    status code = engine_of(m->l, &m->once, c->key, &engine, &title, m->f);
    if (code == STATUS_OK)
        code = keep_past(m, c, c->reading, engine, m->time);
    if (code == STATUS_OK)
        code = version_retitle(m->l, &m->once, c->key, title, v->title, c->text, m->f);
    if (code == STATUS_OK)
        code = version_forget(m->l, c->key, m->f);
    if (code != STATUS_OK)
        return code;
    statement s =
        statement_of(m->l,
                     "UPDATE version SET outlet = ?, title = ?, language = ?, published = ?,"
                     " published_offset = ?, updated = ?, published_day = ?, engine = ?, reading = ?,"
                     " reading_size = ? WHERE key = ?",
                     m->f);
    give_number(&p->version.select, v->key);
    if (statement_row(&p->version.select))
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            size_t column = column_of(&p->version, names[i]);
            value_pass(&p->version.select, (int)column, p->version.columns[column].kind, &s);
        }
    code = statement_again(&p->version.select);
    give_number(&s, c->key);
    status done = statement_run(&s);
    code = code == STATUS_OK ? done : code;
    if (code == STATUS_OK)
        code = put_reading_rows(p, v->key, c->key);
    m->out.claims = claims;
    m->out.readings++;
    *VECTOR_PUSH(&m->seal, m->a) = c->key;
    return code;
}

/* Theirs counts where ours is among those that stood before it, and ours where it is the other way round. */
static status compare_readings(merging *m, const their_version *v, const common_version *c, str theirs,
                               bool *newer, bool *older) {
    reading_hashes past;
    status code = read_past(m->from, &m->once, v->key, c->text, &past, m->f);
    *newer = code == STATUS_OK && stood_before(&past, c->reading);
    *older = stood_before(&c->past, theirs);
    return code;
}

/* The later of two readings counts, as far as the ledgers know which it is. */
static status settle_reading(paging *p, const their_version *v, common_version *c, str theirs) {
    merging *m = p->m;
    bool newer = false, older = false;
    str engine;
    status code = compare_readings(m, v, c, theirs, &newer, &older);
    if (code != STATUS_OK || older)
        return code;
    if (newer) {
        code = replace_reading(p, v, c);
        c->reading = theirs;
        return code;
    }
    m->out.differ++;
    code = engine_of(m->from, &m->once, v->key, &engine, NULL, m->f);
    return code == STATUS_OK ? keep_past(m, c, theirs, engine, m->time) : code;
}

static status reconcile(paging *p, const their_version *v, int64_t ours) {
    merging *m = p->m;
    common_version c = {.key = ours};
    str text, theirs;
    status code = version_texts(m->l, ours, &m->once, &c.text, &c.reading, m->f);
    if (code == STATUS_OK)
        code = version_texts(m->from, v->key, &m->once, &text, &theirs, m->f);
    if (code == STATUS_OK)
        code = read_past(m->l, &m->once, ours, c.text, &c.past, m->f);
    if (code == STATUS_OK && !str_equal(c.reading, theirs))
        code = settle_reading(p, v, &c, theirs);
    return code == STATUS_OK ? take_pasts(m, v->key, &c) : code;
}

/* A version counts by when it was last captured. */
static status take_captured(merging *m, int64_t theirs, int64_t ours) {
    str captured = STR_NONE;
    statement s = statement_of(m->from, "SELECT captured FROM version WHERE key = ?", m->f);
    give_number(&s, theirs);
    if (statement_row(&s) && !take_null(&s, 0))
        captured = arena_copy(&m->once, take_text(&s, 0));
    status code = statement_done(&s);
    if (code != STATUS_OK || !captured.size)
        return code;
    s = statement_of(m->l, "UPDATE version SET captured = ?2 WHERE key = ?1 AND coalesce(captured, '') < ?2",
                     m->f);
    give_number(&s, ours);
    give_text(&s, captured);
    return statement_run(&s);
}

static status both_have(paging *p, const their_version *v, int64_t ours) {
    merging *m = p->m;
    int64_t withdrawn = 0;
    statement s = statement_of(m->l, "SELECT withdrawn FROM version WHERE key = ?", m->f);
    give_number(&s, ours);
    if (statement_row(&s))
        withdrawn = take_number(&s, 0);
    status code = statement_done(&s);
    if (code == STATUS_OK && !withdrawn && !v->withdrawn)
        code = reconcile(p, v, ours);
    return code == STATUS_OK ? take_captured(m, v->key, ours) : code;
}

static status take_version(paging *p, int64_t key) {
    merging *m = p->m;
    their_version v;
    int64_t document = 0, ours = 0;
    bool refused = false;
    status code = read_theirs(m, key, &v);
    if (code == STATUS_OK)
        code = version_of_text(m->l, v.document, v.text_hash, &ours, m->f);
    if (code == STATUS_OK && !ours)
        code = is_refused(m, &v, &refused);
    if (code == STATUS_OK && refused) {
        m->out.refused++;
        *VECTOR_PUSH(&p->refused, m->a) = key;
        return STATUS_OK;
    }
    if (code == STATUS_OK)
        code = find_document(m, v.document, &document);
    if (code == STATUS_OK)
        code = ours ? both_have(p, &v, ours) : put_version(p, &v, document, &ours);
    *VECTOR_PUSH(&m->versions, m->a) = (key_pair){key, ours};
    *VECTOR_PUSH(&p->numbers, m->a) = (key_pair){ours, v.number};
    *VECTOR_PUSH(&m->touched, m->a) = document;
    return code;
}

/* ---- the order of versions ---- */

typedef struct ranked {
    int64_t key, ours, theirs; /* numbers: here before (0: it is new), there (0: it is not there) */
    str captured, dated, hash;
} ranked;

static int by_time(const void *x, const void *y) {
    const ranked *a = x, *b = y;
    int64_t last_a = a->ours > a->theirs ? a->ours : a->theirs,
            last_b = b->ours > b->theirs ? b->ours : b->theirs;
    int order = str_compare(a->captured, b->captured);
    order = order ? order : str_compare(a->dated, b->dated);
    if (order || last_a != last_b)
        return order ? order : last_a < last_b ? -1 : 1;
    return str_compare(a->hash, b->hash);
}

static int by_theirs(const void *x, const void *y) {
    const key_pair *a = x, *b = y;
    return (a->theirs > b->theirs) - (a->theirs < b->theirs);
}

typedef VECTOR(ranked) ranking;

static status read_versions(paging *p, int64_t document, ranking *out) {
    merging *m = p->m;
    statement s = statement_of(m->l,
                               "SELECT key, number, coalesce(captured, ''), coalesce(updated, published, ''),"
                               " text_hash FROM version WHERE document = ? ORDER BY number",
                               m->f);
    give_number(&s, document);
    while (statement_row(&s)) {
        int64_t key = take_number(&s, 0);
        *VECTOR_PUSH(out, &m->once) = (ranked){.key = key,
                                               .ours = key > m->last_version ? 0 : take_number(&s, 1),
                                               .theirs = pair_of(&p->numbers, key),
                                               .captured = arena_copy(&m->once, take_text(&s, 2)),
                                               .dated = arena_copy(&m->once, take_text(&s, 3)),
                                               .hash = arena_copy(&m->once, take_text(&s, 4))};
    }
    return statement_done(&s);
}

/* Both teams number alike what both have, and one of them has all: then its numbers are theirs. */
static bool agree(const ranking *all) {
    bool same = true, only_ours = false, only_theirs = false;
    for (size_t i = 0; i < all->size; i++) {
        const ranked *r = &all->at[i];
        same &= !r->ours || !r->theirs || r->ours == r->theirs;
        only_ours |= !r->theirs;
        only_theirs |= !r->ours;
    }
    return same && !(only_ours && only_theirs);
}

static status set_version_number(merging *m, int64_t key, int64_t number) {
    statement s = statement_of(m->l, "UPDATE version SET number = ? WHERE key = ?", m->f);
    give_number(&s, number);
    give_number(&s, key);
    return statement_run(&s);
}

static status number_versions(paging *p, int64_t document) {
    merging *m = p->m;
    ranking all = {0};
    status code = read_versions(p, document, &all);
    if (code != STATUS_OK || !all.size || agree(&all))
        return code;
    qsort(all.at, all.size, sizeof *all.at, by_time);
    bool same = true;
    for (size_t i = 0; i < all.size; i++)
        same &= all.at[i].ours == (int64_t)i + 1;
    for (size_t i = 0; i < all.size && !same && code == STATUS_OK; i++)
        code = set_version_number(m, all.at[i].key, -(int64_t)i - 1);
    for (size_t i = 0; i < all.size && !same && code == STATUS_OK; i++) {
        code = set_version_number(m, all.at[i].key, (int64_t)i + 1);
        if (all.at[i].ours && all.at[i].ours != (int64_t)i + 1)
            *VECTOR_PUSH(&m->seal, m->a) = all.at[i].key;
    }
    return code;
}

static status settle_documents(paging *p) {
    merging *m = p->m;
    status code = STATUS_OK;
    keys_sort(&m->touched);
    if (p->numbers.size)
        qsort(p->numbers.at, p->numbers.size, sizeof *p->numbers.at, by_theirs);
    for (size_t i = 0; i < m->touched.size && code == STATUS_OK; i++) {
        code = number_versions(p, m->touched.at[i]);
        if (code == STATUS_OK)
            code = document_settle(m->l, m->touched.at[i], m->f);
        arena_reset(&m->once);
    }
    return code;
}

/* Their numbers stand in the leaves of readings: only now are they what they will be. */
static status seal_readings(merging *m) {
    status code = STATUS_OK;
    keys_sort(&m->seal);
    for (size_t i = 0; i < m->seal.size && code == STATUS_OK; i++) {
        str text, json;
        code = version_texts(m->l, m->seal.at[i], &m->once, &text, &json, m->f);
        if (code == STATUS_OK)
            code = log_reading(m->l, m->seal.at[i], text, json, m->f);
        arena_reset(&m->once);
    }
    return code;
}

/* ---- captures ---- */

static status put_capture(paging *p, int64_t key, int64_t version, int64_t withdrawn) {
    merging *m = p->m;
    row_road *r = &p->capture;
    int64_t ours = 0;
    uint64_t chunks = 0;
    version ? set_number(r, "version", version) : set_nothing(r, "version");
    withdrawn ? set_number(r, "withdrawn", withdrawn) : set_nothing(r, "withdrawn");
    give_number(&r->select, key);
    status code = STATUS_OK;
    if (statement_row(&r->select))
        code = put_row(r, &ours);
    status done = statement_again(&r->select);
    code = code == STATUS_OK ? done : code;
    m->out.captures++;
    return code == STATUS_OK ? put_rows(&p->chunk, "capture", key, ours, &chunks) : code;
}

static status take_capture(paging *p, int64_t key) {
    merging *m = p->m;
    int64_t version = 0, withdrawn = 0, there = 0;
    str id = STR_NONE, hash = STR_NONE;
    bool refused = false;
    statement s =
        statement_of(m->from, "SELECT id, sha256, version, withdrawn FROM capture WHERE sequence = ?", m->f);
    give_number(&s, key);
    if (statement_row(&s)) {
        id = arena_copy(&m->once, take_text(&s, 0));
        hash = arena_copy(&m->once, take_text(&s, 1));
        version = take_number(&s, 2);
        withdrawn = take_number(&s, 3);
    }
    status code = statement_done(&s);
    if (code == STATUS_OK) {
        s = statement_of(m->l, "SELECT sequence FROM capture WHERE id = ?", m->f);
        give_text(&s, id);
        code = statement_key(&s, &there);
    }
    if (code != STATUS_OK || there)
        return code;
    if (!withdrawn)
        code = bytes_are_refused(m, hash, &refused);
    if (code == STATUS_OK && (refused || keys_have(&p->refused, version))) {
        m->out.refused++;
        return STATUS_OK;
    }
    return code == STATUS_OK
               ? put_capture(p, key, pair_of(&m->versions, version), pair_of(&m->acts, withdrawn))
               : code;
}

/* ---- all of it ---- */

static status report(merging *m, const char *what, size_t done, size_t of) {
    if (done % 64 == 0 || done == of)
        store_progress(m->l, what, done, of);
    return store_cancelled(m->l) ? fail(m->f, STATUS_CANCELLED, "cancelled while merging") : STATUS_OK;
}

static status take_all(paging *p, const char *what, const char *sql, status (*take)(paging *p, int64_t key)) {
    merging *m = p->m;
    key_list keys = {0};
    statement s = statement_of(m->from, sql, m->f);
    status code = statement_keys(&s, m->a, &keys);
    for (size_t i = 0; i < keys.size && code == STATUS_OK; i++) {
        code = take(p, keys.at[i]);
        arena_reset(&m->once);
        if (code == STATUS_OK)
            code = report(m, what, i + 1, keys.size);
    }
    return code;
}

static status last_key(merging *m, const char *sql, int64_t *out) {
    statement s = statement_of(m->l, sql, m->f);
    return statement_key(&s, out);
}

status merge_pages(merging *m) {
    paging p = {.m = m,
                .version = road_of(m, "version", 1, "key", "key"),
                .mention = road_of(m, "mention", 0, "version", NULL),
                .claim = road_of(m, "claim", 1, "version", NULL),
                .event = road_of(m, "event", 0, "version", NULL),
                .difference = road_of(m, "difference", 1, "version", NULL),
                .past = road_of(m, "past_reading", 0, "version", NULL),
                .capture = road_of(m, "capture", 1, "sequence", "sequence"),
                .chunk = road_of(m, "chunk", 0, "capture", NULL)};
    row_road *roads[] = {&p.version,    &p.mention, &p.claim,   &p.event,
                         &p.difference, &p.past,    &p.capture, &p.chunk};
    set_nothing(&p.version, "superseded");
    set_nothing(&p.version, "copy_of");
    status code = last_key(m, "SELECT max(key) FROM version", &m->last_version);
    if (code == STATUS_OK)
        code = last_key(m, "SELECT max(sequence) FROM capture", &m->last_capture);
    if (code == STATUS_OK)
        code = take_all(&p, "versions merged", "SELECT key FROM version ORDER BY key", take_version);
    if (code == STATUS_OK)
        code =
            take_all(&p, "captures merged", "SELECT sequence FROM capture ORDER BY sequence", take_capture);
    if (code == STATUS_OK)
        code = settle_documents(&p);
    if (code == STATUS_OK)
        code = seal_readings(m);
    for (size_t i = 0; i < sizeof roads / sizeof *roads; i++)
        close_road(roads[i]);
    return code;
}
