/* Looking for words in the texts, and one document whole.
 *
 * The index holds stems of words only. What is found comes by relevance: words weighed by how rare they are
 * and how often the text has them (BM25), a title's for more; a copy counts for less than what it copies, a
 * text that tells of an incident for more. Where more than MANY texts hold the words nothing sets the best of
 * them apart that could be told in time, and the newest come first. Snippets come from the text itself: the
 * stretch of some 240 bytes that holds the most different words of the query, cut between words, with every
 * match in it marked. */
#include "base/utf8.h"
#include "ledger/ask.h"
#include "ledger/cursor.h"
#include "ledger/hidden.h"
#include "ledger/words.h"

enum { MATCH_LIMIT = 512, TERM_LIMIT = 32, SNIPPET = 240, LEAD_IN = 70 };

typedef struct match {
    size_t start, end, term;
} match;

typedef struct matches {
    match at[MATCH_LIMIT];
    size_t size;
} matches;

struct snippet_words {
    word at[TERM_LIMIT];
    bool begins[TERM_LIMIT]; /* of the word "market*" */
    size_t size;
    affixes affixes;
};
typedef struct snippet_words terms;

static terms terms_of(arena *a, str query) {
    terms t = {.size = 0};
    affixes_load(a, &t.affixes);
    for (size_t at = 0; t.size < TERM_LIMIT && words_next(query, &at, &t.at[t.size]);) {
        t.begins[t.size] = at < query.size && query.data[at] == '*';
        word_stem(&t.affixes, &t.at[t.size++]);
    }
    return t;
}

static bool is_term(const terms *t, size_t i, const word *w) {
    const word *of = &t->at[i];
    return (t->begins[i] ? w->size >= of->size : w->size == of->size) &&
           memcmp(w->folded, of->folded, of->size) == 0;
}

static void find_matches(str text, const terms *t, matches *out) {
    word w;
    for (size_t at = 0; out->size < MATCH_LIMIT && words_next(text, &at, &w);) {
        word_stem(&t->affixes, &w);
        for (size_t i = 0; i < t->size; i++)
            if (is_term(t, i, &w)) {
                out->at[out->size++] = (match){w.start, w.end, i};
                break;
            }
    }
}

static size_t best_window(const matches *m, size_t *held) {
    size_t best = 0;
    *held = 0;
    for (size_t i = 0; i < m->size; i++) {
        uint32_t seen = 0;
        for (size_t j = i; j < m->size && m->at[j].end <= m->at[i].start + SNIPPET; j++)
            seen |= 1u << m->at[j].term;
        size_t different = (size_t)__builtin_popcount(seen);
        if (different > *held) {
            *held = different;
            best = i;
        }
    }
    return best;
}

static bool is_gap(char c) {
    return c == ' ' || c == '\n';
}

static size_t cut_before(str text, size_t start) {
    size_t at = start > LEAD_IN ? start - LEAD_IN : 0;
    for (size_t i = start; i > at; i--)
        if (text.data[i - 1] == '\n')
            return i;
    while (at > 0 && at < start && !is_gap(text.data[at - 1]))
        at++;
    return at;
}

static size_t cut_after(str text, size_t from, size_t at_least) {
    size_t end = from + SNIPPET + LEAD_IN;
    end = end < at_least ? at_least : end;
    if (end >= text.size)
        end = text.size;
    size_t line = str_find(text, STR("\n"), at_least);
    if (line < end)
        return line;
    size_t cut = end;
    while (cut < text.size && cut > at_least && !is_gap(text.data[cut]))
        cut--;
    return cut;
}

/* Keys of an object; how many different words it holds. */
static size_t write_stretch(buffer *b, str text, const terms *t) {
    matches m = {.size = 0};
    size_t held;
    find_matches(text, t, &m);
    size_t first = best_window(&m, &held);
    size_t from = m.size ? cut_before(text, m.at[first].start) : 0;
    size_t to = cut_after(text, from, m.size ? m.at[first].end : 0);
    str part = str_slice(text, from, to);
    write_key(b, "text"), write_string(b, part);
    write_key(b, "start"), write_number(b, (int64_t)utf8_length(str_slice(text, 0, from)));
    write_key(b, "marks"), buffer_add_byte(b, '[');
    for (size_t i = 0; i < m.size; i++)
        if (m.at[i].start >= from && m.at[i].end <= to) {
            size_t start = utf8_length(str_slice(text, from, m.at[i].start));
            write_comma(b);
            buffer_printf(b, "[%zu, %zu]", start,
                          start + utf8_length(str_slice(text, m.at[i].start, m.at[i].end)));
        }
    buffer_add_byte(b, ']');
    return held;
}

static void write_snippet(buffer *b, str text, const terms *t) {
    buffer_add_byte(b, '{');
    write_stretch(b, text, t);
    buffer_add_byte(b, '}');
}

const snippet_words *snippet_words_of(arena *a, str shown) {
    terms *t = ARENA_NEW(a, terms, 1);
    *t = terms_of(a, shown);
    return t;
}

status snippet_write(ledger *l, const snippet_words *w, int64_t version, buffer *out, size_t *held,
                     failure *f) {
    arena a = arena_new((allocator){0});
    statement s =
        statement_of(l,
                     "SELECT version.text, version.text_size, document.id, version.number, version.title"
                     " FROM version JOIN document ON document.key = version.document WHERE version.key = ?",
                     f);
    give_number(&s, version);
    *held = 0;
    if (statement_row(&s)) {
        str text = archive_inflate(&a, take_blob(&s, 0), (size_t)take_number(&s, 1));
        buffer_add_byte(out, '{');
        write_key(out, "document"), write_string(out, take_text(&s, 2));
        write_key(out, "version"), write_number(out, take_number(&s, 3));
        write_key(out, "title"), write_string(out, take_text(&s, 4));
        *held = write_stretch(out, text.data ? text : STR(""), w);
        buffer_add_byte(out, '}');
    }
    arena_free(&a);
    return statement_done(&s);
}

/* Columns: text, size, document, version, title, outlet, url, language, published, incidents. */
static void write_hit(buffer *b, arena *a, statement *s, const terms *t) {
    static const char *const names[] = {"document", "version",  "title",    "outlet",
                                        "url",      "language", "published"};
    b->size = 0;
    buffer_add_byte(b, '{');
    for (int i = 0; i < 7; i++) {
        write_key(b, names[i]);
        if (i == 1)
            write_number(b, take_number(s, 2 + i));
        else
            write_string(b, take_text(s, 2 + i));
    }
    write_key(b, "incidents"), buffer_add(b, take_text(s, 9));
    str text = archive_inflate(a, take_blob(s, 0), (size_t)take_number(s, 1));
    write_key(b, "snippet"), write_snippet(b, text.data ? text : STR(""), t);
    buffer_add_byte(b, '}');
}

/* ---- what is found, in order ---- */

typedef struct searching {
    ledger *l;
    arena *a;
    failure *f;
    asked q;
    conditions only;
    uint64_t limit, offset;
    bool narrowed; /* by more than words */
    key_list found;
} searching;

/* " AND …" */
static str further(const searching *q) {
    str sql = buffer_str(&q->only.sql);
    return sql.size ? arena_printf(q->a, " AND %.*s", STR_ARG(str_slice(sql, strlen(" WHERE "), sql.size)))
                    : STR("");
}

/* The best by words alone are weighed by the rest, where nothing else narrows what is found. */
static status find_best(searching *q) {
    enum { WEIGHED = 1000 };
    key_list hidden;
    status code = hidden_documents(q->l, &hidden, q->f);
    if (code != STATUS_OK)
        return code;
    bool all = !q->limit || q->offset + q->limit + hidden.size > WEIGHED * 8 / 10 || q->narrowed;
    str sql = arena_printf(
        q->a,
        "SELECT version.key FROM (%s ORDER BY score LIMIT %lld) AS best CROSS JOIN version ON version.key = "
        "found JOIN document ON"
        " document.key = version.document WHERE superseded IS NULL%.*s%s ORDER BY score * CASE WHEN copy_of "
        "IS"
        " NULL THEN 1.0 ELSE 0.7 END * CASE WHEN EXISTS (SELECT 1 FROM incident_version WHERE"
        " incident_version.version = version.key) THEN 1.2 ELSE 1.0 END, document.id LIMIT %lld OFFSET %llu",
        q->l->driver->words.best, all ? -1LL : (long long)WEIGHED, STR_ARG(further(q)), hidden_versions(q->l),
        q->limit ? (long long)q->limit : -1LL, (unsigned long long)q->offset);
    statement s = statement_made(q->l, sql, q->f);
    give_text(&s, q->q.words);
    conditions_give(&q->only, &s);
    return statement_keys(&s, q->a, &q->found);
}

/* `among` NULL: all; in it is nothing that is hidden. */
static status find_newest(searching *q, const found_versions *among) {
    statement s =
        statement_made(q->l,
                       arena_printf(q->a,
                                    "SELECT key FROM version WHERE superseded IS NULL%.*s%s ORDER BY"
                                    " published_day DESC NULLS LAST, key DESC",
                                    STR_ARG(further(q)), among ? "" : hidden_versions(q->l)),
                       q->f);
    uint64_t skip = q->offset;
    conditions_give(&q->only, &s);
    statement_walks(&s);
    while ((!q->limit || q->found.size < q->limit) && statement_row(&s)) {
        int64_t key = take_number(&s, 0);
        if (among && !versions_hold(among, key))
            continue;
        if (skip > 0)
            skip--;
        else
            *VECTOR_PUSH(&q->found, q->a) = key;
    }
    return statement_done(&s);
}

static status find_in_order(searching *q) {
    enum { MANY = 10000 };
    found_versions found = {0};
    if (!q->q.words.data)
        return find_newest(q, NULL);
    status code = find_versions(q->l, q->q.words, &found, q->f);
    if (code != STATUS_OK)
        return code;
    return found.count > MANY ? find_newest(q, &found) : find_best(q);
}

static status give_hit(ledger *l, int64_t key, const terms *t, buffer *line, failure *f) {
    arena a = arena_new((allocator){0});
    statement s = statement_of(
        l,
        "SELECT version.text, version.text_size, document.id, version.number, version.title, version.outlet, "
        "version.url,"
        " version.language, version.published, (SELECT json_group_array(id) FROM (SELECT incident.id FROM"
        " incident_version JOIN incident ON incident.key = incident WHERE incident_version.version = "
        "version.key"
        " ORDER BY incident.id) AS x) FROM version JOIN document ON document.key = version.document"
        " WHERE version.key = ?",
        f);
    give_number(&s, key);
    line->size = 0;
    if (statement_row(&s))
        write_hit(line, &a, &s, t);
    arena_free(&a);
    return statement_done(&s);
}

static status give_found(ledger *l, arena *a, const key_list *found, str query, ledger_row row, void *context,
                         failure *f) {
    terms t = terms_of(a, query);
    buffer line = {0};
    status code = STATUS_OK;
    for (size_t i = 0; i < found->size && code == STATUS_OK; i++) {
        code = give_hit(l, found->at[i], &t, &line, f);
        if (code == STATUS_OK && line.size && !row(context, buffer_str(&line)))
            break;
    }
    buffer_free(&line);
    return code;
}

/* `until`: up to this version, by its key; 0: all. */
static status search(ledger *l, str query, uint64_t limit, uint64_t offset, int64_t until, ledger_row row,
                     void *context, failure *f) {
    arena a = arena_new((allocator){0});
    searching q = {.l = l, .a = &a, .f = f, .limit = limit, .offset = offset};
    status code = ask_parse(l, &a, query, &q.q, f);
    if (code == STATUS_OK)
        asked_of_versions(&q.q, &q.only);
    if (code == STATUS_OK && !q.q.words.data && !q.only.sql.size)
        code = fail(f, STATUS_USAGE, "there is no word to search for in \"%.*s\"",
                    (int)(query.size < 100 ? query.size : 100), query.data ? query.data : "");
    if (code == STATUS_OK && until)
        condition_number(&q.only, "version.key <= ?", until);
    q.narrowed = q.q.conditions.size || q.q.from != DAY_NONE || q.q.to != DAY_NONE;
    if (code == STATUS_OK)
        code = find_in_order(&q);
    if (code == STATUS_OK)
        code = give_found(l, &a, &q.found, q.q.shown, row, context, f);
    buffer_free(&q.only.sql);
    arena_free(&a);
    return code;
}

status ledger_search(ledger *l, str query, uint64_t limit, uint64_t offset, ledger_row row, void *context,
                     failure *f) {
    return search(l, query, limit, offset, 0, row, context, f);
}

typedef struct search_page {
    ledger_row row;
    void *context;
    uint64_t left;
    bool more;
} search_page;

/* One more than the page has says that there is another. */
static bool give_hit_of_page(void *context, str json) {
    search_page *p = context;
    p->more = p->left == 0;
    if (p->more)
        return false;
    p->left--;
    return p->row(p->context, json);
}

static status newest_version(ledger *l, int64_t *out, failure *f) {
    statement s = statement_of(l, "SELECT coalesce(max(key), 0) FROM version", f);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

status ledger_search_page(ledger *l, const ledger_filter *filter, ledger_row row, void *context, arena *a,
                          str *next, failure *f) {
    cursor c = {(int64_t)filter->offset, 0, {0, 0}};
    search_page p = {row, context, filter->limit, false};
    status code = filter->after.size ? cursor_read(CURSOR_SEARCH, filter, &c, f) : newest_version(l, &c.b, f);
    if (code == STATUS_OK && (c.a < 0 || c.a > INT32_MAX))
        code = fail(f, STATUS_USAGE, "after: expected what the same question gave as \"next\"");
    if (code == STATUS_OK)
        code = search(l, filter->text, filter->limit + 1, (uint64_t)c.a, c.b, give_hit_of_page, &p, f);
    c.a += (int64_t)filter->limit;
    if (code == STATUS_OK)
        *next = p.more ? cursor_text(a, CURSOR_SEARCH, filter, &c) : STR_NONE;
    return code;
}

/* ---- a document ---- */

static status find_version_key(ledger *l, str id, uint32_t version, int64_t *document, int64_t *key,
                               failure *f) {
    statement s =
        statement_of(l,
                     "SELECT document.key, version.key FROM document JOIN version ON version.document ="
                     " document.key WHERE document.id = ?1 AND CASE ?2 WHEN 0 THEN version.key ="
                     " document.current ELSE version.number = ?2 END AND (?3 = 0 OR NOT " HIDDEN_DOCUMENT(
                         "document.key") ")",
                     f);
    give_text(&s, id);
    give_number(&s, version);
    give_number(&s, l->hides);
    bool there = statement_row(&s);
    if (there) {
        *document = take_number(&s, 0);
        *key = take_number(&s, 1);
    }
    status code = statement_done(&s);
    if (code == STATUS_OK && !there)
        return fail(f, STATUS_NOT_FOUND, "no document \"%.*s\"%s in ledger %s",
                    (int)(id.size < 200 ? id.size : 200), id.data ? id.data : "",
                    version ? " with that version" : "", l->path);
    return code;
}

static status write_part(ledger *l, buffer *b, const char *name, const char *sql, int64_t key, failure *f) {
    statement s = statement_of(l, sql, f);
    give_number(&s, key);
    write_key(b, name);
    if (statement_row(&s) && take_text(&s, 0).data)
        buffer_add(b, take_text(&s, 0));
    else
        buffer_add(b, STR("null"));
    return statement_done(&s);
}

static status write_reading(ledger *l, buffer *b, int64_t key, failure *f) {
    arena a = arena_new((allocator){0});
    statement s =
        statement_of(l, "SELECT text, text_size, reading, reading_size FROM version WHERE key = ?", f);
    give_number(&s, key);
    str text, json = STR_NONE;
    if (statement_row(&s))
        take_reading(&s, 0, &a, &text, &json);
    status code = statement_done(&s);
    write_key(b, "reading"), buffer_add(b, json.data ? json : STR("null"));
    arena_free(&a);
    if (code == STATUS_OK && !json.data)
        return fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: a reading is damaged", l->path);
    return code;
}

static status write_document(ledger *l, buffer *b, int64_t document, int64_t key, failure *f) {
    static const struct {
        const char *name, *sql;
        bool of_document;
    } parts[] = {
        {"id", "SELECT json_quote(id) FROM document WHERE key = ?", true},
        {"version", "SELECT number FROM version WHERE key = ?", false},
        {"versions",
         "SELECT json_group_array(json_object('version', number, 'sha256', sha256, 'published', published, "
         "'updated', updated, 'superseded', superseded, 'time', captured)) FROM (SELECT * FROM version WHERE "
         "document = ? ORDER BY number) AS "
         "x",
         true},
        {"url", "SELECT json_quote(url) FROM version WHERE key = ?", false},
        {"outlet", "SELECT json_quote(outlet) FROM version WHERE key = ?", false},
        {"title", "SELECT json_quote(title) FROM version WHERE key = ?", false},
        {"language", "SELECT json_quote(language) FROM version WHERE key = ?", false},
        {"published", "SELECT json_quote(published) FROM version WHERE key = ?", false},
        {"sha256", "SELECT json_quote(sha256) FROM version WHERE key = ?", false},
        {"captures",
         "SELECT json_group_array(json_object('sequence', sequence, 'id', id, 'sha256', sha256, 'url', url, "
         "'time', time,"
         " 'media_type', media_type, 'bytes', size, 'leaf', lower(hex(leaf)))) FROM (SELECT * FROM capture "
         "WHERE version ="
         " ? ORDER BY sequence) AS x",
         false},
        {"incidents",
         "SELECT json_group_array(id) FROM (SELECT incident.id FROM incident_version JOIN incident ON "
         "incident.key ="
         " incident WHERE version = ? ORDER BY incident.id) AS x",
         false},
        {"copy_of",
         "SELECT json_quote(d.id) FROM version JOIN version AS v ON v.key = version.copy_of JOIN document AS "
         "d ON d.key ="
         " v.document WHERE version.key = ?",
         false},
        {"claims",
         "SELECT json_group_array(json(x)) FROM (SELECT CASE WHEN incident.id IS NULL THEN json_object('id', "
         "claim.id,"
         " 'incident', NULL, 'independent', NULL, 'start', count_start, 'end', count_end) ELSE "
         "json_object('id', "
         "claim.id, 'incident', incident.id, 'independent', incident_claim.independent, 'start', "
         "count_start, "
         "'end', count_end) END AS x FROM claim LEFT JOIN incident_claim ON incident_claim.claim "
         "= claim.key"
         " LEFT JOIN incident ON incident.key = incident_claim.incident WHERE claim.version = ? ORDER BY "
         "claim.number) AS x",
         false},
    };
    status code = STATUS_OK;
    buffer_add_byte(b, '{');
    for (size_t i = 0; i < sizeof parts / sizeof *parts && code == STATUS_OK; i++)
        code = write_part(l, b, parts[i].name, parts[i].sql, parts[i].of_document ? document : key, f);
    if (code == STATUS_OK)
        code = write_reading(l, b, key, f);
    buffer_add_byte(b, '}');
    return code;
}

status ledger_document(ledger *l, str id, uint32_t version, arena *a, str *json, failure *f) {
    int64_t document = 0, key = 0;
    buffer b = {0};
    status code = find_version_key(l, id, version, &document, &key, f);
    if (code == STATUS_OK)
        code = write_document(l, &b, document, key, f);
    if (code == STATUS_OK)
        *json = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return code;
}
