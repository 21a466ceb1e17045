/* Asking: filters become one WHERE clause over the tables of incidents; every value is bound, never pasted.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ledger/ask.h"
#include "ledger/cursor.h"
#include "ledger/hidden.h"
#include "ledger/incident.h"
#include "ledger/words.h"

/* ---- names ---- */

bool ledger_what_named(str name, ledger_what *out) {
    static const char *const names[] = {"incidents", "claims",    "documents", "voices",
                                        "chains",    "summaries", "tombstones"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(name, str_of(names[i]))) {
            *out = (ledger_what)i;
            return true;
        }
    return false;
}

ledger_filter ledger_filter_all(void) {
    return (ledger_filter){.from = DAY_NONE,
                           .to = DAY_NONE,
                           .effect = NONE,
                           .event = NONE,
                           .disputed = NONE,
                           .most = NONE,
                           .voices_most = NONE};
}

/* ---- order ---- */

static const char *order_of(const ledger_filter *filter) {
    static const char *const orders[] = {
        [ORDER_DATE] = " ORDER BY incident.day_from NULLS LAST, incident.id",
        [ORDER_DATE_DOWN] = " ORDER BY incident.day_from DESC NULLS LAST, incident.id DESC",
        [ORDER_FIGURE_DOWN] = " ORDER BY incident.figure DESC, incident.day_from NULLS FIRST, incident.id",
        [ORDER_VOICES_DOWN] = " ORDER BY incident.independent DESC, incident.figure DESC, incident.id",
    };
    return orders[filter->order];
}

/* ---- conditions ---- */

condition *condition_add(conditions *c, const char *sql) {
    buffer_add(&c->sql, c->size || c->sql.size ? STR(" AND ") : STR(" WHERE "));
    buffer_add(&c->sql, str_of(sql));
    return c->at + c->size;
}

void condition_text(conditions *c, const char *sql, str text) {
    *condition_add(c, sql) = (condition){CONDITION_TEXT, .text = text};
    c->size++;
}

void condition_number(conditions *c, const char *sql, int64_t n) {
    *condition_add(c, sql) = (condition){CONDITION_NUMBER, .number = n};
    c->size++;
}

void condition_real(conditions *c, const char *sql, double n) {
    *condition_add(c, sql) = (condition){CONDITION_REAL, .real = n};
    c->size++;
}

void conditions_give(const conditions *c, statement *s) {
    for (size_t i = 0; i < c->size; i++)
        switch (c->at[i].kind) {
        case CONDITION_TEXT:
            give_text(s, c->at[i].text);
            break;
        case CONDITION_NUMBER:
            give_number(s, c->at[i].number);
            break;
        case CONDITION_REAL:
            give_real(s, c->at[i].real);
        }
}

static void incident_id_conditions(arena *a, const ledger_filter *filter, conditions *c) {
    str prefix =
        str_starts(filter->id, STR("i-")) ? filter->id : arena_printf(a, "i-%.*s", STR_ARG(filter->id));
    condition_text(
        c,
        "(substr(incident.id, 1, length(?1)) = ?1 OR incident.key IN (SELECT incident FROM incident_version"
        " JOIN version ON version.key = version JOIN document ON document.key = version.document"
        " WHERE document.id = substr(?1, 3)))",
        prefix);
}

static void box_conditions(const ledger_filter *filter, conditions *c) {
    condition_real(c, "incident.lat >= ?", filter->south);
    condition_real(c, "incident.lat <= ?", filter->north);
    if (filter->west <= filter->east) {
        condition_real(c, "incident.lon >= ?", filter->west);
        condition_real(c, "incident.lon <= ?", filter->east);
    } else {
        condition_real(c, "(incident.lon >= ?", filter->west);
        /* Across the 180th meridian: the second half of an OR. */
        buffer_add(&c->sql, STR(" OR incident.lon <= ?)"));
        c->at[c->size++] = (condition){CONDITION_REAL, .real = filter->east};
    }
}

/* What a query asks of incidents. */
static void asked_conditions(const asked *q, bool beside_version, conditions *c) {
    for (size_t i = 0; i < q->conditions.size; i++) {
        const asked_condition *one = &q->conditions.at[i];
        if (beside_version && one->of_version)
            continue;
        condition_add(c, one->sql);
        for (size_t k = 0; k < one->size; k++)
            c->at[c->size++] = one->at[k];
    }
}

static void day_conditions(day from, day to, conditions *c) {
    if (from != DAY_NONE)
        condition_number(c, "incident.day_to >= ?", from);
    if (to != DAY_NONE)
        condition_number(c, "incident.day_from <= ?", to);
}

static void plain_conditions(arena *a, const ledger_filter *filter, conditions *c) {
    if (filter->id.size)
        incident_id_conditions(a, filter, c);
    day_conditions(filter->from, filter->to, c);
    if (filter->place.size)
        condition_text(c, "instr(incident.place_names, ?) > 0", words_joined(a, filter->place));
    if (filter->has_box)
        box_conditions(filter, c);
}

/* ---- words that many documents hold ---- */

enum { MANY = 2000 };

/* A page is asked for with its counts: what was found for the words asked last is kept until the ledger
 * changes. */
struct found_before {
    arena a;
    str words;
    int64_t of; /* what the file was like, as SQLite numbers it */
    found_versions found;
};

static void forget_one(struct found_before **found) {
    if (*found)
        arena_free(&(*found)->a);
    free(*found);
    *found = NULL;
}

void found_forget(ledger *l) {
    forget_one(&l->found[false]);
    forget_one(&l->found[true]);
}

/* What is hidden is not found. */
static status drop_hidden(ledger *l, found_versions *found, failure *f) {
    key_list hidden;
    status code = hidden_documents(l, &hidden, f);
    for (size_t i = 0; i < hidden.size && code == STATUS_OK; i++) {
        statement s = statement_of(l, "SELECT key FROM version WHERE document = ?", f);
        give_number(&s, hidden.at[i]);
        while (statement_row(&s)) {
            int64_t key = take_number(&s, 0);
            if (!versions_hold(found, key))
                continue;
            found->bits[key / 8] = (uint8_t)(found->bits[key / 8] & ~(1u << key % 8));
            found->count--;
        }
        code = statement_done(&s);
    }
    return code;
}

status look_up_versions(ledger *l, arena *a, str words, found_versions *out, failure *f) {
    statement s = statement_of(l, "SELECT coalesce(max(key), 0) FROM version", f);
    if (statement_row(&s))
        out->size = take_number(&s, 0) + 1;
    status code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    out->bits = ARENA_NEW(a, uint8_t, out->size / 8 + 1);
    s = statement_of(l, l->driver->words.matching, f);
    statement_walks(&s);
    give_text(&s, words);
    while (statement_row(&s)) {
        int64_t key = take_number(&s, 0);
        if (key < 0 || key >= out->size)
            continue;
        out->bits[key / 8] = (uint8_t)(out->bits[key / 8] | 1u << key % 8);
        out->count++;
    }
    code = statement_done(&s);
    return code == STATUS_OK ? drop_hidden(l, out, f) : code;
}

status store_state(ledger *l, int64_t *out, failure *f) {
    statement s = statement_of(l, l->driver->words.state, f);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

status find_versions(ledger *l, str words, found_versions *out, failure *f) {
    int64_t state = 0;
    struct found_before **kept = &l->found[l->hides];
    status code = store_state(l, &state, f);
    if (code != STATUS_OK)
        return code;
    if (*kept && !l->batch_began && (*kept)->of == state && str_equal((*kept)->words, words)) {
        *out = (*kept)->found;
        return STATUS_OK;
    }
    forget_one(kept);
    struct found_before *made = *kept = calloc(1, sizeof *made);
    if (!made)
        abort();
    *made = (struct found_before){.a = arena_new((allocator){0}), .of = state};
    made->words = arena_copy(&made->a, words);
    code = look_up_versions(l, &made->a, words, &made->found, f);
    *out = made->found;
    if (code != STATUS_OK)
        forget_one(kept);
    return code;
}

bool versions_hold(const found_versions *found, int64_t key) {
    return key >= 0 && key < found->size && (found->bits[key / 8] >> key % 8 & 1);
}

/* Incidents that pass all else are walked in order, each asked whether one of its versions was found, until
 * enough are. `keys`: as a JSON list. */
static status walk_incidents(ledger *l, const ledger_filter *filter, const conditions *c,
                             const found_versions *found, uint64_t want, buffer *keys, failure *f) {
    buffer sql = {0};
    buffer_printf(
        &sql,
        "SELECT incident.key, version FROM incident CROSS JOIN incident_version ON incident = key%.*s%s",
        STR_ARG(buffer_str(&c->sql)), order_of(filter));
    statement s = statement_made(l, buffer_str(&sql), f);
    conditions_give(c, &s);
    statement_walks(&s);
    int64_t last = -1;
    uint64_t count = 0;
    buffer_add_byte(keys, '[');
    while ((!want || count < want) && statement_row(&s)) {
        int64_t key = take_number(&s, 0), version = take_number(&s, 1);
        if (key == last || !versions_hold(found, version))
            continue;
        last = key;
        write_comma(keys);
        write_number(keys, key);
        count++;
    }
    buffer_add_byte(keys, ']');
    buffer_free(&sql);
    return statement_done(&s);
}

status incident_conditions(ledger *l, arena *a, const ledger_filter *filter, uint64_t want, conditions *c,
                           failure *f) {
    asked q;
    status code = ask_parse(l, a, filter->text, &q, f);
    if (code != STATUS_OK)
        return code;
    if (l->hides)
        condition_add(c, "incident.sensitive = 0");
    plain_conditions(a, filter, c);
    day_conditions(q.from, q.to, c);
    code = ask_choices(l, a, filter, &q, f);
    if (code != STATUS_OK)
        return code;
    asked_conditions(&q, false, c);
    if (!q.words.data)
        return STATUS_OK;
    found_versions found = {0};
    code = find_versions(l, q.words, &found, f);
    if (code != STATUS_OK)
        return code;
    if (found.count <= MANY) {
        condition_text(c,
                       arena_printf(a,
                                    "incident.key IN (SELECT incident FROM incident_version JOIN version ON"
                                    " version.key = incident_version.version WHERE version.key IN (%s)%s)",
                                    l->driver->words.matching, hidden_versions(l))
                           .data,
                       q.words);
        return STATUS_OK;
    }
    buffer keys = {0};
    code = walk_incidents(l, filter, c, &found, want, &keys, f);
    condition_text(c, "incident.key IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
                   arena_copy(a, buffer_str(&keys)));
    buffer_free(&keys);
    return code;
}

void version_conditions(const ledger *l, const asked *q, conditions *c) {
    if (l->hides)
        condition_add(c, hidden_versions(l) + strlen(" AND "));
    asked_of_versions(q, c);
}

void asked_of_versions(const asked *q, conditions *c) {
    if (q->from != DAY_NONE)
        condition_number(c, "version.published_day >= ?", q->from);
    if (q->to != DAY_NONE)
        condition_number(c, "version.published_day <= ?", q->to);
    bool of_incident = false;
    for (size_t i = 0; i < q->conditions.size; i++) {
        const asked_condition *one = &q->conditions.at[i];
        of_incident = of_incident || !one->of_version;
        if (!one->of_version)
            continue;
        condition_add(c, one->of_version);
        for (size_t k = 0; k < one->size; k++)
            c->at[c->size++] = one->at[k];
    }
    if (!of_incident)
        return;
    condition_add(c, "EXISTS (SELECT 1 FROM incident_version JOIN incident ON incident.key ="
                     " incident_version.incident WHERE incident_version.version = version.key");
    asked_conditions(q, true, c);
    buffer_add(&c->sql, STR(")"));
}

static status document_conditions(ledger *l, arena *a, const ledger_filter *filter, conditions *c,
                                  failure *f) {
    asked q;
    status code = ask_parse(l, a, filter->text, &q, f);
    if (code != STATUS_OK)
        return code;
    if (filter->id.size)
        condition_text(c, "document.id = ?", filter->id);
    if (filter->from != DAY_NONE)
        condition_number(c, "version.published_day >= ?", filter->from);
    if (filter->to != DAY_NONE)
        condition_number(c, "version.published_day <= ?", filter->to);
    code = ask_choices(l, a, filter, &q, f);
    if (code != STATUS_OK)
        return code;
    version_conditions(l, &q, c);
    if (q.words.data)
        condition_text(c, arena_printf(a, "version.key IN (%s)", l->driver->words.matching).data, q.words);
    return STATUS_OK;
}

/* ---- rows ---- */

static void add_limit(buffer *b, const ledger_filter *filter) {
    if (filter->limit || filter->offset)
        buffer_printf(b, " LIMIT %lld OFFSET %llu", filter->limit ? (long long)filter->limit : -1LL,
                      (unsigned long long)filter->offset);
}

static uint64_t wanted(const ledger_filter *filter) {
    return filter->limit ? filter->limit + filter->offset : 0;
}

static bool take_incident(arena *a, statement *s, bool brief, incident_text take, void *context,
                          status *code) {
    str whole = archive_inflate(a, take_blob(s, 1), (size_t)take_number(s, 2)), text = whole;
    if (brief && whole.data)
        text = archive_inflate_beside(a, take_blob(s, 3), (size_t)take_number(s, 4), incident_beside(whole));
    if (!text.data)
        return true;
    *code = incident_veiled(s->l, take_text(s, 0), whole, text, a, &text, s->f);
    return *code == STATUS_OK && take(context, take_text(s, 0), text);
}

static status give_incidents(ledger *l, const buffer *sql, const conditions *c, bool walks, bool brief,
                             incident_text take, void *context, failure *f) {
    arena a = arena_new((allocator){0});
    statement s = statement_made(l, buffer_str(sql), f);
    conditions_give(c, &s);
    if (walks)
        statement_walks(&s);
    status code = STATUS_OK;
    while (statement_row(&s) && take_incident(&a, &s, brief, take, context, &code))
        arena_reset(&a);
    arena_free(&a);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* `brief`: summaries. `paged`: limit and offset count incidents. */
static status query_incidents(ledger *l, bool brief, bool paged, const ledger_filter *filter,
                              incident_text take, void *context, failure *f) {
    arena a = arena_new((allocator){0});
    conditions c = {0};
    buffer sql = {0};
    status code = incident_conditions(l, &a, filter, paged ? wanted(filter) : 0, &c, f);
    buffer_printf(&sql,
                  "SELECT incident.id, json, json_size, summary, summary_size FROM incident CROSS JOIN"
                  " incident_text ON incident = key%.*s%s",
                  STR_ARG(buffer_str(&c.sql)), order_of(filter));
    if (paged)
        add_limit(&sql, filter);
    if (code == STATUS_OK)
        code = give_incidents(l, &sql, &c, !paged || !filter->limit, brief, take, context, f);
    buffer_free(&sql);
    buffer_free(&c.sql);
    arena_free(&a);
    return code;
}

typedef struct passing {
    ledger_row row;
    void *context;
} passing;

static bool pass_text(void *context, str id, str text) {
    passing *p = context;
    (void)id;
    return p->row(p->context, text);
}

static bool claims_of(void *context, str id, str text) {
    return parts_claims(context, id, text);
}

static bool chains_of(void *context, str id, str text) {
    return parts_chains(context, id, text);
}

static bool voices_of(void *context, str id, str text) {
    return parts_voices(context, id, text);
}

/* Rows of which an incident has several: limit and offset count them. */
static status query_parts(ledger *l, const ledger_filter *filter, incident_text take, row_parts *p) {
    p->l = l;
    p->limited = filter->limit != 0;
    p->left = filter->limit;
    p->skip = filter->offset;
    status code = query_incidents(l, false, false, filter, take, p, p->f);
    buffer_free(&p->line);
    return code == STATUS_OK ? p->code : code;
}

static const char document_columns[] =
    "SELECT document.id, version.number, (SELECT count(*) FROM version AS v WHERE v.document = "
    "document.key), version.url,"
    " version.outlet, version.title, version.language, version.published, version.sha256,"
    " (SELECT d.id FROM version AS v JOIN document AS d ON d.key = v.document WHERE v.key = version.copy_of),"
    " (SELECT count(*) FROM claim WHERE claim.version = version.key),"
    " (SELECT json_group_array(id) FROM (SELECT incident.id FROM incident_version JOIN incident ON "
    "incident.key = incident"
    "   WHERE incident_version.version = version.key ORDER BY incident.id) AS x)";
static const char of_documents[] = " FROM document JOIN version ON version.key = document.current";

static void write_document_row(buffer *b, statement *s) {
    static const char *const names[] = {"id",       "version",   "versions", "url",     "outlet", "title",
                                        "language", "published", "sha256",   "copy_of", "claims"};
    b->size = 0;
    buffer_add_byte(b, '{');
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        write_key(b, names[i]);
        if (i == 1 || i == 2 || i == 10)
            write_number(b, take_number(s, i));
        else
            write_string(b, take_text(s, i));
    }
    write_key(b, "incidents"), buffer_add(b, take_text(s, 11));
    buffer_add_byte(b, '}');
}

static status query_documents(ledger *l, const ledger_filter *filter, ledger_row row, void *context,
                              failure *f) {
    arena a = arena_new((allocator){0});
    conditions c = {0};
    buffer sql = {0}, line = {0};
    status code = document_conditions(l, &a, filter, &c, f);
    bool down = filter->order == ORDER_DATE_DOWN;
    buffer_printf(&sql,
                  "%s%s%.*s ORDER BY version.published_day IS NULL, version.published_day%s, document.id",
                  document_columns, of_documents, STR_ARG(buffer_str(&c.sql)), down ? " DESC" : "");
    add_limit(&sql, filter);
    if (code == STATUS_OK) {
        statement s = statement_made(l, buffer_str(&sql), f);
        conditions_give(&c, &s);
        if (!filter->limit)
            statement_walks(&s);
        while (statement_row(&s)) {
            write_document_row(&line, &s);
            if (!row(context, buffer_str(&line)))
                break;
        }
        code = statement_done(&s);
    }
    buffer_free(&line);
    buffer_free(&sql);
    buffer_free(&c.sql);
    arena_free(&a);
    return code;
}

/* ---- a page of documents ---- */

/* Where a page of documents begins, and what of them: those of a day are walked by its index, one after
 * another, and so is where they begin; those without a day come last. */
typedef struct document_place {
    bool undated;
    day published; /* of the last one; DAY_NONE: none yet */
    str id;        /* of the last one; STR_NONE: none yet */
} document_place;

static void document_place_conditions(const document_place *p, bool down, conditions *c) {
    condition_add(c, p->undated ? "version.published_day IS NULL" : "version.published_day IS NOT NULL");
    if (!p->id.data)
        return;
    if (p->undated) {
        condition_text(c, "document.id > ?", p->id);
        return;
    }
    condition_number(c, down ? "version.published_day <= ?" : "version.published_day >= ?", p->published);
    condition_number(c, down ? "(version.published_day < ?" : "(version.published_day > ?", p->published);
    buffer_add(&c->sql, STR(" OR document.id > ?)"));
    c->at[c->size++] = (condition){CONDITION_TEXT, .text = p->id};
}

typedef struct document_page {
    ledger *l;
    const ledger_filter *filter;
    ledger_row row;
    void *context;
    arena *a;
    failure *f;
    uint64_t given;
    bool full, stopped;
    cursor last;
} document_page;

static status give_documents(document_page *p, const document_place *from) {
    conditions c = {0};
    buffer sql = {0}, line = {0};
    bool down = p->filter->order != ORDER_DATE;
    uint64_t wanted_rows = p->filter->limit - p->given + 1; /* one more says that there are more */
    status code = document_conditions(p->l, p->a, p->filter, &c, p->f);
    document_place_conditions(from, down, &c);
    const char *order = down ? " ORDER BY version.published_day DESC, document.id"
                             : " ORDER BY version.published_day, document.id";
    buffer_printf(
        &sql,
        "%s, version.published_day, document.key FROM (SELECT version.key AS found FROM version CROSS"
        " JOIN document ON document.key = version.document AND document.current = version.key%.*s%s"
        " LIMIT %llu) AS page CROSS JOIN version ON version.key = page.found CROSS JOIN document ON"
        " document.key = version.document%s",
        document_columns, STR_ARG(buffer_str(&c.sql)), order, (unsigned long long)wanted_rows, order);
    if (code == STATUS_OK) {
        statement s = statement_made(p->l, buffer_str(&sql), p->f);
        conditions_give(&c, &s);
        while (!p->full && !p->stopped && statement_row(&s)) {
            if (p->given == p->filter->limit) {
                p->full = true;
                break;
            }
            write_document_row(&line, &s);
            p->given++;
            p->last =
                (cursor){take_null(&s, 12) ? DAY_NONE : take_number(&s, 12), take_number(&s, 13), {0, 0}};
            p->stopped = !p->row(p->context, buffer_str(&line));
        }
        code = statement_done(&s);
    }
    buffer_free(&line);
    buffer_free(&sql);
    buffer_free(&c.sql);
    return code;
}

/* A document keeps its key and its id; where it was taken out altogether, its page begins at its day anew. */
static status document_place_of(ledger *l, arena *a, const cursor *c, document_place *out, failure *f) {
    statement s = statement_of(l, "SELECT id FROM document WHERE key = ?", f);
    give_number(&s, c->b);
    *out = (document_place){.undated = c->a == DAY_NONE, .published = (day)c->a};
    out->id = statement_row(&s) ? arena_copy(a, take_text(&s, 0)) : STR("");
    return statement_done(&s);
}

status ledger_documents(ledger *l, const ledger_filter *filter, ledger_row row, void *context, arena *a,
                        str *next, failure *f) {
    document_page p = {l, filter, row, context, a, f, 0, false, false, {0}};
    document_place from = {.published = DAY_NONE, .id = STR_NONE};
    cursor c;
    status code = STATUS_OK;
    *next = STR_NONE;
    if (filter->after.size)
        code = cursor_read(CURSOR_DOCUMENTS, filter, &c, f);
    if (code == STATUS_OK && filter->after.size)
        code = document_place_of(l, a, &c, &from, f);
    if (code == STATUS_OK && !from.undated) {
        code = give_documents(&p, &from);
        from = (document_place){.undated = true, .published = DAY_NONE, .id = STR_NONE};
    }
    if (code == STATUS_OK && !p.full && !p.stopped)
        code = give_documents(&p, &from);
    if (code == STATUS_OK && p.full)
        *next = cursor_text(a, CURSOR_DOCUMENTS, filter, &p.last);
    return code;
}

static status query_tombstones(ledger *l, const ledger_filter *filter, ledger_row row, void *context,
                               failure *f) {
    buffer sql = {0}, line = {0};
    buffer_add(&sql, STR("SELECT id, successors FROM tombstone"));
    if (l->hides)
        buffer_add(&sql, STR(" WHERE NOT EXISTS (SELECT 1 FROM json_each(successors) AS x JOIN incident ON"
                             " incident.id = value WHERE incident.sensitive <> 0)"));
    buffer_add(&sql, STR(" ORDER BY id"));
    add_limit(&sql, filter);
    statement s = statement_made(l, buffer_str(&sql), f);
    statement_walks(&s);
    while (statement_row(&s)) {
        line.size = 0;
        buffer_add_byte(&line, '{');
        write_key(&line, "id"), write_string(&line, take_text(&s, 0));
        write_key(&line, "successors"), buffer_add(&line, take_text(&s, 1));
        buffer_add_byte(&line, '}');
        if (!row(context, buffer_str(&line)))
            break;
    }
    buffer_free(&line);
    buffer_free(&sql);
    return statement_done(&s);
}

bool filter_lets_all_through(const ledger_filter *filter) {
    return !filter->text.size && !filter->id.size && filter->from == DAY_NONE && filter->to == DAY_NONE &&
           !filter->country.size && !filter->place.size && !filter->has_box && filter->effect == NONE &&
           filter->event == NONE && !filter->effects && !filter->least && filter->most == NONE &&
           !filter->voices_least && filter->voices_most == NONE && filter->disputed == NONE &&
           !filter->language.size && !filter->choice_count && !filter->after.size;
}

/* Those of incidents; where all are asked for, also those that stand in none: totals, background, older
 * versions. */
static status query_claims(ledger *l, const ledger_filter *filter, ledger_row row, void *context,
                           failure *f) {
    row_parts p = {.row = row, .context = context, .f = f};
    status code = query_parts(l, filter, claims_of, &p);
    if (code != STATUS_OK || p.stopped || !filter_lets_all_through(filter) || filter->limit || filter->offset)
        return code;
    return claims_without_incident(l, row, context, f);
}

static status incident_as_stored(ledger *l, str id, arena *a, str *json, failure *f);

/* Incidents by another rule than that by which they are stored. */
typedef struct restating {
    ledger *l;
    bool summaries;
    incident_text take;
    void *context;
    failure *f;
    status code;
    arena a; /* of one incident */
} restating;

/* A summary has no claims: they are its incident's. */
static bool restate_text(void *context, str id, str text) {
    restating *r = context;
    str whole = text, out = STR_NONE;
    if (r->summaries)
        r->code = incident_as_stored(r->l, arena_copy(&r->a, id), &r->a, &whole, r->f);
    if (r->code == STATUS_OK)
        r->code = summary_restated(r->l, r->l->restate, whole, text, &r->a, &out, r->f);
    bool more = r->code == STATUS_OK && r->take(r->context, id, out);
    arena_reset(&r->a);
    return more;
}

static status query_whole_incidents(ledger *l, bool brief, const ledger_filter *filter, incident_text take,
                                    void *context, failure *f) {
    if (!l->restate)
        return query_incidents(l, brief, true, filter, take, context, f);
    restating r = {l, brief, take, context, f, STATUS_OK, arena_new((allocator){0})};
    status code = query_incidents(l, brief, true, filter, restate_text, &r, f);
    arena_free(&r.a);
    return code == STATUS_OK ? r.code : code;
}

status query_summary(ledger *l, int64_t key, incident_text take, void *context, failure *f) {
    arena a = arena_new((allocator){0});
    restating r = {l, true, take, context, f, STATUS_OK, arena_new((allocator){0})};
    statement s =
        statement_of(l,
                     "SELECT incident.id, json, json_size, summary, summary_size FROM incident JOIN"
                     " incident_text ON incident = key WHERE key = ?1 AND (?2 = 0 OR sensitive = 0)",
                     f);
    give_number(&s, key);
    give_number(&s, l->hides);
    status code = STATUS_OK;
    if (statement_row(&s))
        take_incident(&a, &s, true, l->restate ? restate_text : take, l->restate ? &r : context, &code);
    status done = statement_done(&s);
    code = code == STATUS_OK ? done : code;
    arena_free(&a);
    arena_free(&r.a);
    return code == STATUS_OK ? r.code : code;
}

status ledger_query(ledger *l, ledger_what what, const ledger_filter *filter, ledger_row row, void *context,
                    failure *f) {
    row_parts p = {.row = row, .context = context, .f = f};
    passing pass = {row, context};
    switch (what) {
    case LEDGER_INCIDENTS:
        return query_whole_incidents(l, false, filter, pass_text, &pass, f);
    case LEDGER_SUMMARIES:
        return query_whole_incidents(l, true, filter, pass_text, &pass, f);
    case LEDGER_VOICES:
        return query_parts(l, filter, voices_of, &p);
    case LEDGER_CHAINS:
        return query_parts(l, filter, chains_of, &p);
    case LEDGER_CLAIMS:
        return query_claims(l, filter, row, context, f);
    case LEDGER_DOCUMENTS:
        return query_documents(l, filter, row, context, f);
    case LEDGER_TOMBSTONES:
        return query_tombstones(l, filter, row, context, f);
    }
    return fail(f, STATUS_USAGE, "nothing of that kind can be asked for");
}

status ledger_count(ledger *l, const ledger_filter *filter, uint64_t at_most, uint64_t *out, failure *f) {
    arena a = arena_new((allocator){0});
    conditions c = {0};
    buffer sql = {0};
    status code = incident_conditions(l, &a, filter, at_most, &c, f);
    buffer_printf(&sql, "SELECT count(*) FROM (SELECT 1 FROM incident%.*s LIMIT %lld) AS x",
                  STR_ARG(buffer_str(&c.sql)), at_most ? (long long)at_most : -1LL);
    if (code == STATUS_OK) {
        statement s = statement_made(l, buffer_str(&sql), f);
        conditions_give(&c, &s);
        uint64_t count = statement_row(&s) ? (uint64_t)take_number(&s, 0) : 0;
        code = statement_done(&s);
        if (code == STATUS_OK)
            *out = count;
    }
    buffer_free(&sql);
    buffer_free(&c.sql);
    arena_free(&a);
    return code;
}

static str normal_incident_id(arena *a, str id) {
    id = str_trim(id);
    return str_starts(id, STR("i-")) ? id : arena_printf(a, "i-%.*s", STR_ARG(id));
}

/* An id that is no more leads to the incidents that its claims went to, over as many steps as it takes. */
static status incident_of_tombstone(ledger *l, str want, arena *a, str *json, failure *f) {
    str found = STR_NONE, names = STR_NONE;
    int64_t matches = 0;
    statement s = statement_of(
        l,
        "WITH RECURSIVE heir(id) AS (SELECT value FROM tombstone, json_each(successors) AS x"
        "  WHERE tombstone.id >= ?1 AND tombstone.id < ?1 || 'g'"
        " UNION SELECT value FROM heir JOIN tombstone ON tombstone.id = heir.id, json_each(successors))"
        " SELECT incident.id, json, json_size FROM heir JOIN incident ON incident.id = heir.id JOIN "
        "incident_text ON"
        " incident_text.incident = incident.key WHERE ?2 = 0 OR incident.sensitive = 0"
        " ORDER BY incident.id LIMIT 20",
        f);
    give_text(&s, want);
    give_number(&s, l->hides);
    while (statement_row(&s)) {
        names = arena_printf(a, "%.*s%s%.*s", STR_ARG(names), matches ? ", " : "", STR_ARG(take_text(&s, 0)));
        if (++matches == 1)
            found = archive_inflate(a, take_blob(&s, 1), (size_t)take_number(&s, 2));
    }
    status code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    if (matches > 1)
        return fail(f, STATUS_NOT_FOUND, "incident \"%.*s\" is now several: %.*s", STR_ARG(want),
                    STR_ARG(names));
    if (!matches)
        return fail(f, STATUS_NOT_FOUND, "no incident \"%.*s\" in ledger %s", STR_ARG(want), l->path);
    *json = found;
    return STATUS_OK;
}

static status incident_as_stored(ledger *l, str id, arena *a, str *json, failure *f) {
    str want = normal_incident_id(a, id), found = STR_NONE;
    int64_t matches = 0;
    if (want.size < 6)
        return fail(f, STATUS_USAGE, "an incident's id needs at least 4 digits, got \"%.*s\"", STR_ARG(id));
    statement s = statement_of(l,
                               "SELECT json, json_size FROM incident JOIN incident_text ON incident = key"
                               " WHERE id >= ?1 AND id < ?1 || 'g' AND (?2 = 0 OR sensitive = 0) LIMIT 2",
                               f);
    give_text(&s, want);
    give_number(&s, l->hides);
    while (statement_row(&s))
        if (++matches == 1)
            found = archive_inflate(a, take_blob(&s, 0), (size_t)take_number(&s, 1));
    status code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    if (matches > 1)
        return fail(f, STATUS_USAGE, "several incidents begin with \"%.*s\": give more digits",
                    STR_ARG(want));
    str stored = found;
    if (!matches)
        code = incident_of_tombstone(l, want, a, &stored, f);
    if (code != STATUS_OK || !stored.data)
        return code;
    return incident_veiled(l, json_id(stored), stored, stored, a, json, f);
}

status ledger_incident(ledger *l, str id, arena *a, str *json, failure *f) {
    str stored = STR_NONE;
    status code = incident_as_stored(l, id, a, &stored, f);
    if (code == STATUS_OK && l->restate)
        return incident_restated(l, l->restate, stored, a, json, f);
    if (code == STATUS_OK)
        *json = stored;
    return code;
}

/* What is hidden is not counted. */
static status statistics_of_shown(ledger *l, arena *a, str *json, failure *f) {
    static const char counted[] =
        "WITH hidden AS MATERIALIZED (SELECT CAST(value AS BIGINT) AS document FROM json_each(?3)), gone AS"
        " MATERIALIZED (SELECT version.key AS version FROM hidden JOIN version ON version.document ="
        " hidden.document), kept AS MATERIALIZED (SELECT key, size FROM (SELECT sequence AS key, size FROM"
        " capture WHERE version IS NOT NULL AND version NOT IN (SELECT version FROM gone)) AS x) SELECT"
        " json_object('path', ?1, 'schema', ?2, 'captures', (SELECT count(*) FROM kept), 'bytes', (SELECT"
        " coalesce(sum(size), 0) FROM kept), 'stored_bytes', NULL, 'documents', (SELECT count(*) FROM "
        "document)"
        " - (SELECT count(*) FROM hidden), 'versions', (SELECT count(*) FROM version) - (SELECT count(*) FROM"
        " gone), 'claims', (SELECT count(*) FROM claim) - (SELECT count(*) FROM gone JOIN claim ON"
        " claim.version = gone.version), 'incidents', (SELECT count(*) FROM incident WHERE sensitive = 0),"
        " 'disputed', (SELECT count(*) FROM incident WHERE sensitive = 0 AND disagreements > 0), 'voices',"
        " (SELECT count(DISTINCT voice.id) FROM voice JOIN incident ON incident.key = voice.incident WHERE"
        " incident.sensitive = 0), 'copies', (SELECT count(*) FROM version WHERE copy_of IS NOT NULL AND key "
        "NOT IN"
        " (SELECT version FROM gone)), 'from', (SELECT date(min(day_from) * 86400, 'unixepoch') FROM incident"
        " WHERE sensitive = 0), 'to', (SELECT date(max(day_to) * 86400, 'unixepoch') FROM incident WHERE"
        " sensitive = 0), 'languages', (SELECT json_group_array(json_object('value', language, 'count', n))"
        " FROM (SELECT language, count(*) AS n FROM version WHERE superseded IS NULL AND key NOT IN (SELECT"
        " version FROM gone) GROUP BY language ORDER BY n DESC, language) AS x))";
    key_list hidden;
    buffer keys = {0};
    status code = hidden_documents(l, &hidden, f);
    if (code != STATUS_OK)
        return code;
    buffer_add_byte(&keys, '[');
    for (size_t i = 0; i < hidden.size; i++)
        write_comma(&keys), write_number(&keys, hidden.at[i]);
    buffer_add_byte(&keys, ']');
    statement s = statement_of(l, counted, f);
    give_text(&s, STR("ledger")); /* where it lies is not for everybody */
    give_number(&s, SCHEMA_VERSION);
    give_text(&s, buffer_str(&keys));
    str out = statement_row(&s) ? arena_copy(a, take_text(&s, 0)) : STR_NONE;
    code = statement_done(&s);
    buffer_free(&keys);
    if (code == STATUS_OK)
        *json = out;
    return code;
}

status ledger_statistics(ledger *l, arena *a, str *json, failure *f) {
    if (l->hides)
        return statistics_of_shown(l, a, json, f);
    statement s = statement_made(
        l,
        arena_printf(
            a,
            "SELECT json_object('path', ?1, 'schema', ?2, 'captures', (SELECT count(*) FROM capture), "
            "'bytes',"
            " (SELECT coalesce(sum(size), 0) FROM capture), 'stored_bytes', (%s), 'documents', (SELECT "
            "count(*) FROM document), 'versions', (SELECT count(*) FROM "
            "version),"
            " 'claims', (SELECT count(*) FROM claim), 'incidents', (SELECT count(*) FROM incident), "
            "'disputed',"
            " (SELECT count(*) FROM incident WHERE disagreements > 0), 'voices', (SELECT count(DISTINCT id) "
            "FROM "
            "voice),"
            " 'copies', (SELECT count(*) FROM version WHERE copy_of IS NOT NULL), 'from', (SELECT "
            "date(min(day_from) * 86400,"
            " 'unixepoch') FROM incident), 'to', (SELECT date(max(day_to) * 86400, 'unixepoch') FROM "
            "incident), "
            "'languages',"
            " (SELECT json_group_array(json_object('value', language, 'count', n)) FROM (SELECT language, "
            "count(*) AS n FROM"
            " version WHERE superseded IS NULL GROUP BY language ORDER BY n DESC, language) AS x))",
            l->driver->words.size),
        f);
    give_text(&s, str_of(l->path));
    give_number(&s, SCHEMA_VERSION);
    str out = statement_row(&s) ? arena_copy(a, take_text(&s, 0)) : STR_NONE;
    status code = statement_done(&s);
    if (code == STATUS_OK)
        *json = out;
    return code;
}

/* ---- bytes ---- */

status ledger_capture_bytes(ledger *l, uint64_t sequence, bool (*chunk)(void *context, str bytes),
                            void *context, failure *f) {
    statement s =
        statement_of(l,
                     "SELECT 1 FROM capture LEFT JOIN version ON version.key = capture.version WHERE"
                     " sequence = ?1 AND (?2 = 0 OR version.key IS NOT NULL AND NOT " HIDDEN_DOCUMENT(
                         "version.document") ")",
                     f);
    give_number(&s, (int64_t)sequence);
    give_number(&s, l->hides);
    bool there = statement_row(&s);
    status code = statement_done(&s);
    if (code == STATUS_OK && !there)
        return fail(f, STATUS_NOT_FOUND, "no capture %llu in ledger %s", (unsigned long long)sequence,
                    l->path);
    return code == STATUS_OK ? archive_walk(l, (int64_t)sequence, chunk, context, f) : code;
}
