/* Voices across incidents as rows: counted when incidents are written, so that a list of them costs what it
 * shows.
 *
 * The row of a voice in an incident (table `voice`) says what counts for it there; table `source` adds them
 * up by key. Whoever writes or deletes incidents gathers the keys of their voices, and has those counted anew
 * in the same transaction. What stands in sensitive incidents, and voices of sensitive claims alone, are
 * counted apart. */
#include <stdlib.h>

#include "ledger/hidden.h"
#include "ledger/incident.h"
#include "ledger/words.h"

/* ---- counting ---- */

status sources_of_incident(ledger *l, int64_t incident, source_changes *out, failure *f) {
    statement s = statement_of(l, "SELECT source FROM voice WHERE incident = ? AND source IS NOT NULL", f);
    give_number(&s, incident);
    while (statement_row(&s))
        *VECTOR_PUSH(&out->keys, out->a) = arena_copy(out->a, take_text(&s, 0));
    return statement_done(&s);
}

enum { COUNTS = 8 }; /* claims, incidents, first, alone, below, within, above, lonely */

typedef struct counted_name {
    str text;
    int64_t times;
} counted_name;

typedef struct counting {
    ledger *l;
    failure *f;
    const said_voices *said;
    arena a; /* of one key */
    str key, kind, heard;
    int64_t all[COUNTS], open[COUNTS], last;
    bool is_open; /* some of it is not sensitive: names, kinds and languages are of that alone */
    counted_name latin, arabic, told;
    int64_t kind_times;
    buffer languages, names;
} counting;

static void count_name(counted_name *n, arena *a, str text, int64_t times) {
    if (times > n->times || (times == n->times && str_compare(text, n->text) < 0))
        *n = (counted_name){arena_copy(a, text), times};
}

static void add_languages(counting *c, str all) {
    str one;
    for (size_t at = 0; str_piece(all, &at, ' ', &one);)
        if (one.size && str_find(buffer_str(&c->languages), one, 0) == SIZE_MAX) {
            buffer_add(&c->languages, c->languages.size ? STR(" ") : STR(""));
            buffer_add(&c->languages, one);
        }
}

static void forget_words(counting *c) {
    c->latin = c->arabic = c->told = (counted_name){0};
    c->kind = c->heard = STR_NONE;
    c->kind_times = 0;
    c->languages.size = c->names.size = 0;
}

/* source, sensitive, text, kind, heard, languages, last day, then the counts. */
enum { COLUMN_COUNTS = 7 };

static void take_counts(counting *c, statement *s) {
    bool sensitive = take_number(s, 1) != 0;
    int64_t times = take_number(s, COLUMN_COUNTS + 1);
    for (int i = 0; i < COUNTS; i++) {
        c->all[i] += take_number(s, COLUMN_COUNTS + i);
        c->open[i] += sensitive ? 0 : take_number(s, COLUMN_COUNTS + i);
    }
    if (sensitive && c->is_open)
        return;
    if (!sensitive && !c->is_open) {
        forget_words(c);
        c->is_open = true;
    }
    str text = take_text(s, 2), kind = take_text(s, 3);
    if (text.size) {
        count_name(&c->told, &c->a, text, times);
        count_name(begins_arabic(text) ? &c->arabic : &c->latin, &c->a, text, times);
        buffer_add(&c->names, words_joined(&c->a, text));
        buffer_add_byte(&c->names, '\n');
    }
    if (times > c->kind_times) {
        c->kind_times = times;
        c->kind = arena_copy(&c->a, kind);
    }
    if (!c->heard.data && !take_null(s, 4))
        c->heard = arena_copy(&c->a, take_text(s, 4));
    add_languages(c, take_text(s, 5));
    c->last = take_number(s, 6) > c->last ? take_number(s, 6) : c->last;
}

static str or_else(str x, str y) {
    return x.size ? x : y.size ? y : STR_NONE;
}

static status keep_source(counting *c) {
    const said_group *said = said_group_of(c->said, c->key);
    str name = or_else(said ? said->name : STR_NONE, c->latin.text),
        name_ar = or_else(said ? said->name_ar : STR_NONE, c->arabic.text),
        kind = or_else(said ? said->kind : STR_NONE, c->kind);
    for (size_t i = 0; said && i < 2; i++) {
        buffer_add(&c->names, words_joined(&c->a, i ? said->name : said->name_ar));
        buffer_add_byte(&c->names, '\n');
    }
    statement s = statement_of(
        c->l,
        "INSERT INTO source(key, name, name_ar, told, kind, heard, named, names, languages, last, claims,"
        " incidents, first, alone, below, within, above, lonely, open_claims, open_incidents, open_first,"
        " open_alone, open_below, open_within, open_above, open_lonely) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        c->f);
    give_text(&s, c->key);
    give_text(&s, name);
    give_text(&s, name_ar);
    give_text(&s, or_else(c->told.text, STR_NONE));
    give_text(&s, kind);
    give_text(&s, or_else(c->heard, STR_NONE));
    give_number(&s, said && (said->name.size || said->name_ar.size));
    give_text(&s, c->names.size ? buffer_str(&c->names) : STR(""));
    give_text(&s, c->languages.size ? buffer_str(&c->languages) : STR(""));
    give_number(&s, c->last);
    for (int i = 0; i < COUNTS; i++)
        give_number(&s, c->all[i]);
    for (int i = 0; i < COUNTS; i++)
        give_number(&s, c->open[i]);
    return statement_run(&s);
}

static void begin_source(counting *c, str key) {
    forget_words(c);
    arena_reset(&c->a);
    memset(c->all, 0, sizeof c->all);
    memset(c->open, 0, sizeof c->open);
    c->is_open = false;
    c->last = INT64_MIN / 2;
    c->key = arena_copy(&c->a, key);
}

#define COUNTED                                                                                              \
    "SELECT source, sensitive, text, kind, heard, languages, max(day), CAST(sum(claims) AS BIGINT), "        \
    "count(*),"                                                                                              \
    " CAST(sum(first) AS BIGINT), CAST(sum(alone) AS BIGINT), CAST(sum(CASE WHEN against = 2 THEN 1 ELSE 0"  \
    " END) AS BIGINT), CAST(sum(CASE WHEN against = 3 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN"     \
    " against = 4 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN against = 1 THEN 1 ELSE 0 END) AS"       \
    " BIGINT) FROM voice"
#define COUNTED_BY                                                                                           \
    " GROUP BY source, sensitive, text, kind, heard, languages ORDER BY source, sensitive, coalesce(text, "  \
    "''),"                                                                                                   \
    " kind, coalesce(heard, ''), languages"

static status count_rows(counting *c, statement *s) {
    status code = STATUS_OK;
    begin_source(c, STR(""));
    while (code == STATUS_OK && statement_row(s)) {
        if (!str_equal(take_text(s, 0), c->key)) {
            if (c->key.size)
                code = keep_source(c);
            begin_source(c, take_text(s, 0));
        }
        take_counts(c, s);
    }
    if (code == STATUS_OK && c->key.size)
        code = keep_source(c);
    status done = statement_done(s);
    return code == STATUS_OK ? done : code;
}

static str list_json(arena *a, const string_list *list) {
    buffer b = {0};
    buffer_add_byte(&b, '[');
    for (size_t i = 0; i < list->size; i++) {
        write_comma(&b);
        write_string(&b, list->at[i]);
    }
    buffer_add_byte(&b, ']');
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static str keys_json(arena *a, const source_changes *changes) {
    string_list keys = {0};
    for (size_t i = 0; i < changes->keys.size; i++)
        *VECTOR_PUSH(&keys, a) = changes->keys.at[i];
    strings_once(&keys);
    return list_json(a, &keys);
}

static status run_with(ledger *l, const char *sql, str text, failure *f) {
    statement s = statement_of(l, sql, f);
    give_text(&s, text);
    return statement_run(&s);
}

status sources_count(ledger *l, const source_changes *changes, bool all, failure *f) {
    if (!all && !changes->keys.size)
        return STATUS_OK;
    arena a = arena_new((allocator){0});
    said_voices said;
    counting c = {.l = l, .f = f, .said = &said, .a = arena_new((allocator){0})};
    str keys = all ? STR("[]") : keys_json(&a, changes);
    status code = said_voices_read(l, &a, &said, f);
    if (code == STATUS_OK)
        code = all ? store_execute(l, "DELETE FROM source", f)
                   : run_with(l, "DELETE FROM source WHERE key IN (SELECT value FROM json_each(?))", keys, f);
    if (code == STATUS_OK) {
        statement s =
            all ? statement_of(l, COUNTED " WHERE source IS NOT NULL" COUNTED_BY, f)
                : statement_of(l, COUNTED " WHERE source IN (SELECT value FROM json_each(?))" COUNTED_BY, f);
        if (!all)
            give_text(&s, keys);
        statement_walks(&s);
        code = count_rows(&c, &s);
    }
    buffer_free(&c.languages);
    buffer_free(&c.names);
    arena_free(&c.a);
    arena_free(&a);
    return code;
}

/* ---- names that reviewers gave or took back ---- */

typedef struct voice_keys { /* of a voice's row: by which it goes, and its own */
    str source, base;
} voice_keys;
typedef VECTOR(voice_keys) voice_key_list;

static status read_voice_keys(ledger *l, arena *a, str keys, voice_key_list *out, failure *f) {
    statement s = statement_of(l,
                               "SELECT DISTINCT source, base FROM voice WHERE source IN (SELECT value FROM"
                               " json_each(?)) AND base IS NOT NULL AND bound <= 1",
                               f);
    give_text(&s, keys);
    while (statement_row(&s))
        *VECTOR_PUSH(out, a) = (voice_keys){arena_copy(a, take_text(&s, 0)), arena_copy(a, take_text(&s, 1))};
    return statement_done(&s);
}

static status give_key(ledger *l, const voice_keys *of, str key, failure *f) {
    statement s =
        statement_of(l, "UPDATE voice SET source = ?3 WHERE source = ?1 AND base = ?2 AND bound <= 1", f);
    give_text(&s, of->source);
    give_text(&s, of->base);
    give_text(&s, key);
    return statement_run(&s);
}

static status add_ids(statement *s, arena *a, string_list *out) {
    while (statement_row(s))
        *VECTOR_PUSH(out, a) = arena_copy(a, take_text(s, 0));
    return statement_done(s);
}

/* In these, voices are one that were several, or the other way round: it is not their rows' keys alone that
 * change. */
static status incidents_to_rework(ledger *l, arena *a, str keys, str apart, string_list *out, failure *f) {
    statement s = statement_of(
        l,
        "SELECT id FROM incident WHERE key IN (SELECT incident FROM voice WHERE source IN (SELECT value FROM"
        " json_each(?1)) GROUP BY incident, source HAVING count(*) > 1 UNION SELECT incident FROM voice WHERE"
        " source IN (SELECT value FROM json_each(?1)) AND bound > 1)",
        f);
    give_text(&s, keys);
    status code = add_ids(&s, a, out);
    if (code != STATUS_OK)
        return code;
    s = statement_of(
        l,
        "SELECT id FROM incident WHERE key IN (SELECT voice.incident FROM voice JOIN incident_claim ON"
        " incident_claim.incident = voice.incident JOIN claim ON claim.key = incident_claim.claim WHERE"
        " voice.source IN (SELECT value FROM json_each(?1)) AND claim.voice IN (SELECT value FROM"
        " json_each(?2)))",
        f);
    give_text(&s, keys);
    give_text(&s, apart);
    code = add_ids(&s, a, out);
    strings_once(out);
    return code;
}

status sources_renamed(ledger *l, arena *a, const said_voices *said, const named_voices *of,
                       string_list *rework, failure *f) {
    voice_key_list rows = {0};
    str keys = list_json(a, &of->keys);
    status code = read_voice_keys(l, a, keys, &rows, f);
    for (size_t i = 0; i < rows.size && code == STATUS_OK; i++) {
        const said_group *group = said_group_of(said, rows.at[i].base);
        str key = group ? group->key : rows.at[i].base;
        if (strings_have(&of->keys, rows.at[i].base) && !str_equal(rows.at[i].source, key))
            code = give_key(l, &rows.at[i], key, f);
    }
    return code == STATUS_OK ? incidents_to_rework(l, a, keys, list_json(a, &of->apart), rework, f) : code;
}

/* ---- asking ---- */

typedef struct source_order {
    const char *column, *open;
} source_order;
static const source_order orders[] = {[VOICES_BY_INCIDENTS] = {"incidents", "open_incidents"},
                                      [VOICES_BY_CLAIMS] = {"claims", "open_claims"},
                                      [VOICES_BY_FIRST] = {"first", "open_first"},
                                      [VOICES_BY_ALONE] = {"alone", "open_alone"},
                                      [VOICES_BY_LAST] = {"last", "last"}};

bool ledger_voice_order_named(str name, ledger_voice_order *out) {
    static const char *const names[] = {"incidents", "claims", "first", "alone", "last"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(name, str_of(names[i]))) {
            *out = (ledger_voice_order)i;
            return true;
        }
    return false;
}

/* "12 s-…": the value that the list is in the order of, and the key. */
static bool cursor_of(str after, int64_t *value, str *key) {
    size_t blank = str_find(after, STR(" "), 0);
    *key = blank == SIZE_MAX ? STR("") : str_slice(after, blank + 1, after.size);
    return key->size && key->size < 200 && number_told(str_slice(after, 0, blank), value);
}

#define SOURCE_COLUMNS                                                                                       \
    "SELECT key, name, name_ar, told, kind, heard, named, languages, last, claims, incidents, first, "       \
    "alone, below,"                                                                                          \
    " within, above, lonely, open_claims, open_incidents, open_first, open_alone, open_below, open_within,"  \
    " open_above, open_lonely FROM source"

static void write_languages(buffer *b, str all) {
    str one;
    buffer_add_byte(b, '[');
    for (size_t at = 0; str_piece(all, &at, ' ', &one);)
        if (one.size)
            write_comma(b), write_string(b, one);
    buffer_add_byte(b, ']');
}

/* Its fields, without the closing brace; of one alone, "incidents" are themselves, and "total" how many. */
static void write_source(buffer *b, statement *s, bool hide, bool alone) {
    enum { FIRST_COUNT = 9 };
    static const char *const texts[] = {"key", "name", "name_ar", "told", "kind", "outlet"};
    static const char *const counts[] = {"claims", "incidents", "first", "alone"};
    static const char *const against[] = {"below", "within", "above", "only"};
    int from = FIRST_COUNT + (hide ? COUNTS : 0);
    buffer_add_byte(b, '{');
    for (int i = 0; i < (int)(sizeof texts / sizeof *texts); i++)
        write_key(b, texts[i]), write_string(b, take_null(s, i) ? STR_NONE : take_text(s, i));
    write_key(b, "described"), buffer_add(b, take_null(s, 5) ? STR("true") : STR("false"));
    write_key(b, "named"), buffer_add(b, take_number(s, 6) ? STR("true") : STR("false"));
    for (int i = 0; i < 4; i++)
        write_key(b, i == 1 && alone ? "total" : counts[i]), write_number(b, take_number(s, from + i));
    write_key(b, "against"), buffer_add_byte(b, '{');
    for (int i = 0; i < 4; i++)
        write_key(b, against[i]), write_number(b, take_number(s, from + 4 + i));
    buffer_add_byte(b, '}');
    write_key(b, "languages"), write_languages(b, take_text(s, 7));
    arena a = arena_new((allocator){0});
    int64_t last = take_number(s, 8);
    write_key(b, "last"),
        last > -800000 ? write_string(b, day_format(&a, (day)last)) : buffer_add(b, STR("null"));
    arena_free(&a);
}

static status list_voices(ledger *l, const ledger_voices_asked *asked, arena *a, str *json, failure *f) {
    const source_order *order = &orders[asked->order];
    const char *by = asked->hide_sensitive ? order->open : order->column;
    int64_t value = 0;
    str key = STR(""), next = STR_NONE, text = asked->text.size ? words_joined(a, asked->text) : STR("");
    uint64_t limit = asked->limit && asked->limit < 500 ? asked->limit : 50, count = 0;
    if (asked->after.size && !cursor_of(asked->after, &value, &key))
        return fail(f, STATUS_USAGE, "after: expected what the list gave as next");
    if (asked->text.size && !text.size) { /* no name has a text without words */
        *json = STR("{\"voices\": [], \"next\": null}");
        return STATUS_OK;
    }
    buffer sql = {0}, b = {0};
    buffer_printf(&sql, SOURCE_COLUMNS " WHERE %s > 0",
                  asked->hide_sensitive ? "open_incidents" : "incidents");
    buffer_add(&sql, STR(" AND (?1 = '' OR names LIKE '%' || ?1 || '%') AND (?2 = '' OR kind = ?2)"));
    if (asked->after.size)
        buffer_printf(&sql, " AND (%s < ?3 OR (%s = ?3 AND key > ?4))", by, by);
    buffer_printf(&sql, " ORDER BY %s DESC, key LIMIT %llu", by, (unsigned long long)limit + 1);
    statement s = statement_made(l, buffer_str(&sql), f);
    give_text(&s, text);
    give_text(&s, asked->kind.size ? asked->kind : STR(""));
    if (asked->after.size) {
        give_number(&s, value);
        give_text(&s, key);
    }
    static const int columns[] = {10, 9, 11, 12, 8};
    buffer_add(&b, STR("{\"voices\": ["));
    while (statement_row(&s)) {
        if (count++ == limit) {
            next = arena_printf(a, "%lld %.*s", (long long)value, STR_ARG(key));
            continue;
        }
        int column = columns[asked->order];
        value =
            take_number(&s, column + (asked->hide_sensitive && asked->order != VOICES_BY_LAST ? COUNTS : 0));
        key = arena_copy(a, take_text(&s, 0));
        write_comma(&b);
        write_source(&b, &s, asked->hide_sensitive, false);
        buffer_add_byte(&b, '}');
    }
    status code = statement_done(&s);
    buffer_add_byte(&b, ']');
    write_key(&b, "next"), write_string(&b, next);
    buffer_add_byte(&b, '}');
    *json = arena_copy(a, buffer_str(&b));
    buffer_free(&sql);
    buffer_free(&b);
    return code;
}

/* ---- one voice ---- */

typedef struct voice_page {
    ledger *l;
    arena *a, once; /* once: of one incident */
    failure *f;
    const ledger_voice_asked *asked;
    str key;
    buffer b;
} voice_page;

/* By the key, by one of a voice that goes by another now, or by the unique beginning of one. */
static status find_source(voice_page *p) {
    said_voices said;
    status code = said_voices_read(p->l, p->a, &said, p->f);
    if (code != STATUS_OK)
        return code;
    const said_group *group = said_group_of(&said, p->asked->key);
    p->key = group ? group->key : p->asked->key;
    size_t found = 0;
    statement s =
        statement_of(p->l, "SELECT key FROM source WHERE key >= ?1 AND key < ?1 || 'g' LIMIT 2", p->f);
    give_text(&s, p->key);
    while (statement_row(&s) && ++found)
        p->key = found == 1 ? arena_copy(p->a, take_text(&s, 0)) : p->key;
    code = statement_done(&s);
    if (code == STATUS_OK && found != 1)
        return fail(p->f, found ? STATUS_USAGE : STATUS_NOT_FOUND,
                    found ? "several voices begin with \"%.*s\"" : "no voice \"%.*s\"",
                    (int)(p->asked->key.size < 100 ? p->asked->key.size : 100), p->asked->key.data);
    return code;
}

/* Names as told and outlets that carry it, of its latest incidents; how many have it. */
static status write_counted(voice_page *p, const char *name, const char *sql) {
    statement s = statement_of(p->l, sql, p->f);
    give_text(&s, p->key);
    give_number(&s, p->asked->hide_sensitive);
    write_key(&p->b, name), buffer_add_byte(&p->b, '[');
    while (statement_row(&s)) {
        if (take_null(&s, 0))
            continue;
        write_comma(&p->b), buffer_add_byte(&p->b, '{');
        write_key(&p->b, "name"), write_string(&p->b, take_text(&s, 0));
        write_key(&p->b, "claims"), write_number(&p->b, take_number(&s, 1));
        buffer_add_byte(&p->b, '}');
    }
    buffer_add_byte(&p->b, ']');
    return statement_done(&s);
}

#define LATEST_OF                                                                                            \
    " FROM (SELECT incident, independent FROM voice WHERE source = ?1 AND (?2 = 0 OR sensitive = 0) ORDER "  \
    "BY day"                                                                                                 \
    " DESC, incident LIMIT 300) AS v JOIN incident_claim ON incident_claim.incident = v.incident AND"        \
    " incident_claim.independent = v.independent JOIN claim ON claim.key = incident_claim.claim"

static status write_said(voice_page *p, str whole, str summary, statement *s) {
    str json = whole;
    status code = incident_veiled(p->l, json_id(whole), whole, whole, &p->once, &json, p->f);
    if (code == STATUS_OK)
        code = incident_veiled(p->l, json_id(whole), whole, summary, &p->once, &summary, p->f);
    if (code != STATUS_OK)
        return code;
    json_t *incident = json_parsed(json);
    json_t *said = story_said(incident, take_number(s, 3), p->asked->hide_sensitive);
    write_comma(&p->b), buffer_add_byte(&p->b, '{');
    write_key(&p->b, "incident"), buffer_add(&p->b, summary);
    write_key(&p->b, "first"), buffer_add(&p->b, take_number(s, 4) ? STR("true") : STR("false"));
    write_key(&p->b, "alone"), buffer_add(&p->b, take_number(s, 5) ? STR("true") : STR("false"));
    write_key(&p->b, "against"), write_name(&p->b, stands_against_name((stands_against)take_number(s, 6)));
    write_key(&p->b, "independent"), write_number(&p->b, take_number(s, 3));
    write_key(&p->b, "said"), buffer_add(&p->b, json_dumped(&p->once, said, 0));
    buffer_add_byte(&p->b, '}');
    json_decref(said);
    json_decref(incident);
    return STATUS_OK;
}

static status write_incidents(voice_page *p) {
    int64_t day_after = INT64_MAX, incident_after = INT64_MIN;
    str rest = STR_NONE;
    uint64_t limit = p->asked->limit && p->asked->limit <= 100 ? p->asked->limit : 20, count = 0;
    if (p->asked->after.size) {
        if (!cursor_of(p->asked->after, &day_after, &rest) || !number_told(rest, &incident_after))
            return fail(p->f, STATUS_USAGE, "after: expected what the page gave as next");
    }
    statement s = statement_of(
        p->l,
        "SELECT json, json_size, day, independent, first, alone, against, v.incident, summary, summary_size "
        "FROM"
        " (SELECT * FROM voice WHERE source = ?1 AND (?2 = 0 OR sensitive = 0) AND (day < ?3 OR (day = ?3 AND"
        " incident > ?4)) ORDER BY day DESC, incident LIMIT ?5) AS v JOIN incident_text ON "
        "incident_text.incident"
        " = v.incident ORDER BY day DESC, v.incident",
        p->f);
    give_text(&s, p->key);
    give_number(&s, p->asked->hide_sensitive);
    give_number(&s, day_after);
    give_number(&s, incident_after);
    give_number(&s, (int64_t)limit + 1);
    str next = STR_NONE;
    status code = STATUS_OK;
    write_key(&p->b, "incidents"), buffer_add_byte(&p->b, '[');
    while (code == STATUS_OK && statement_row(&s)) {
        if (count++ == limit) {
            next = arena_printf(p->a, "%lld %lld", (long long)day_after, (long long)incident_after);
            continue;
        }
        day_after = take_number(&s, 2);
        incident_after = take_number(&s, 7);
        str json = archive_inflate(&p->once, take_blob(&s, 0), (size_t)take_number(&s, 1));
        str summary = json.data ? archive_inflate_beside(&p->once, take_blob(&s, 8),
                                                         (size_t)take_number(&s, 9), incident_beside(json))
                                : STR_NONE;
        code = json.data && summary.data
                   ? write_said(p, json, summary, &s)
                   : fail(p->f, STATUS_DAMAGED_LEDGER, "ledger %s: an incident is damaged", p->l->path);
        arena_reset(&p->once);
    }
    buffer_add_byte(&p->b, ']');
    write_key(&p->b, "next"), write_string(&p->b, next);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

static status write_head(voice_page *p) {
    bool there = false;
    statement s =
        statement_of(p->l, SOURCE_COLUMNS " WHERE key = ?1 AND (?2 = 0 OR open_incidents > 0)", p->f);
    give_text(&s, p->key);
    give_number(&s, p->asked->hide_sensitive);
    if ((there = statement_row(&s)))
        write_source(&p->b, &s, p->asked->hide_sensitive, true);
    status code = statement_done(&s);
    return code == STATUS_OK && !there ? fail(p->f, STATUS_NOT_FOUND, "no voice \"%.*s\"", STR_ARG(p->key))
                                       : code;
}

static status tell_voice(ledger *l, const ledger_voice_asked *asked, arena *a, str *json, failure *f) {
    voice_page p = {.l = l, .a = a, .once = arena_new((allocator){0}), .f = f, .asked = asked};
    status code = find_source(&p);
    if (code == STATUS_OK)
        code = write_head(&p);
    if (code == STATUS_OK)
        code =
            write_counted(&p, "names",
                          "SELECT claim.voice, count(*)" LATEST_OF
                          " WHERE claim.voice IS NOT NULL GROUP BY claim.voice ORDER BY 2 DESC, 1 LIMIT 50");
    if (code == STATUS_OK)
        code = write_counted(&p, "outlets",
                             "SELECT outlet, count(*)" LATEST_OF
                             " JOIN version ON version.key = claim.version WHERE outlet IS NOT NULL GROUP BY"
                             " outlet ORDER BY 2 DESC, 1 LIMIT 50");
    if (code == STATUS_OK)
        code = write_incidents(&p);
    buffer_add_byte(&p.b, '}');
    if (code == STATUS_OK)
        *json = arena_copy(a, buffer_str(&p.b));
    buffer_free(&p.b);
    arena_free(&p.once);
    return code;
}

/* The handle hides for as long as it is asked so, whatever it does otherwise. */
status ledger_voices(ledger *l, const ledger_voices_asked *asked, arena *a, str *json, failure *f) {
    bool before = l->hides;
    ledger_voices_asked now = *asked;
    now.hide_sensitive |= before;
    ledger_hide_sensitive(l, now.hide_sensitive);
    status code = list_voices(l, &now, a, json, f);
    ledger_hide_sensitive(l, before);
    return code;
}

status ledger_voice(ledger *l, const ledger_voice_asked *asked, arena *a, str *json, failure *f) {
    bool before = l->hides;
    ledger_voice_asked now = *asked;
    now.hide_sensitive |= before;
    ledger_hide_sensitive(l, now.hide_sensitive);
    status code = tell_voice(l, &now, a, json, f);
    ledger_hide_sensitive(l, before);
    return code;
}
