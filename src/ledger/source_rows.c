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

/* ---- what reviewers said ---- */

static int by_key_text(const void *x, const void *y) {
    const said_key *a = x, *b = y;
    return str_compare(a->key, b->key);
}

const said_group *said_group_of(const said_voices *said, str key) {
    said_key want = {key, 0};
    if (!said || !said->keys.size || !key.size)
        return NULL;
    const said_key *found = bsearch(&want, said->keys.at, said->keys.size, sizeof want, by_key_text);
    return found ? &said->groups.at[found->group] : NULL;
}

/* Which group a key is in while they are gathered; SIZE_MAX: none yet. */
static size_t group_now(const said_voices *said, str key) {
    for (size_t i = 0; i < said->keys.size; i++)
        if (str_equal(said->keys.at[i].key, key))
            return said->keys.at[i].group;
    return SIZE_MAX;
}

/* The group of the first that has one takes in those of the others: it was named first. */
static void take_names(said_voices *said, arena *a, const json_t *keys, const json_t *payload) {
    size_t i, group = SIZE_MAX;
    const json_t *key;
    json_array_foreach(keys, i, key) {
        size_t of = group_now(said, json_slice(key));
        group = of < group ? of : group;
    }
    if (group == SIZE_MAX) {
        group = said->groups.size;
        *VECTOR_PUSH(&said->groups, a) =
            (said_group){.key = arena_copy(a, json_slice(json_array_get(keys, 0)))};
    }
    json_array_foreach(keys, i, key) {
        size_t of = group_now(said, json_slice(key));
        if (of == SIZE_MAX)
            *VECTOR_PUSH(&said->keys, a) = (said_key){arena_copy(a, json_slice(key)), (uint32_t)group};
        for (size_t k = 0; of != SIZE_MAX && of != group && k < said->keys.size; k++)
            if (said->keys.at[k].group == of)
                said->keys.at[k].group = (uint32_t)group;
    }
    said_group *g = &said->groups.at[group];
    str *const texts[] = {&g->name, &g->name_ar, &g->kind};
    static const char *const names[] = {"name", "name_ar", "kind"};
    for (size_t n = 0; n < 3; n++)
        if (json_object_get(payload, names[n]))
            *texts[n] = json_kept(a, payload, names[n]);
}

static void take_apart(said_voices *said, arena *a, const json_t *keys, const json_t *texts) {
    size_t i;
    const json_t *text;
    json_array_foreach(texts, i, text) {
        *VECTOR_PUSH(&said->apart, a) = (said_apart){arena_copy(a, json_slice(json_array_get(keys, 0))),
                                                     words_joined(a, arena_copy(a, json_slice(text)))};
    }
}

status said_voices_read(ledger *l, arena *a, said_voices *out, failure *f) {
    status code = STATUS_OK;
    *out = (said_voices){0};
    statement s =
        statement_of(l, "SELECT sequence, payload FROM act WHERE kind = 'name' ORDER BY " ACT_TURN, f);
    while (code == STATUS_OK && statement_row(&s)) {
        bool undone = false;
        json_t *payload = json_parsed(take_text(&s, 1));
        const json_t *keys = json_object_get(payload, "voices"), *apart = json_object_get(payload, "not");
        code = act_is_undone(l, take_number(&s, 0), &undone, f);
        if (!undone && json_array_size(apart))
            take_apart(out, a, keys, apart);
        else if (!undone && json_array_size(keys))
            take_names(out, a, keys, payload);
        json_decref(payload);
    }
    status done = statement_done(&s);
    if (out->keys.size)
        qsort(out->keys.at, out->keys.size, sizeof *out->keys.at, by_key_text);
    return code == STATUS_OK ? done : code;
}

str said_voices_signature(arena *a, const said_voices *said) {
    buffer b = {0};
    for (size_t i = 0; i < said->keys.size; i++) {
        const said_group *g = &said->groups.at[said->keys.at[i].group];
        const str parts[] = {said->keys.at[i].key, g->key, g->name, g->name_ar, g->kind};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            leaf_line(&b, parts[k]);
    }
    for (size_t i = 0; i < said->apart.size; i++) {
        leaf_line(&b, said->apart.at[i].key);
        leaf_line(&b, said->apart.at[i].text);
    }
    str out = digest_hex(a, sha256(buffer_str(&b)), 16);
    buffer_free(&b);
    return out;
}

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

static bool is_arabic_text(str text) {
    return text.size >= 2 && (unsigned char)text.data[0] >= 0xD8 && (unsigned char)text.data[0] <= 0xDB;
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
        count_name(is_arabic_text(text) ? &c->arabic : &c->latin, &c->a, text, times);
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

static str keys_json(arena *a, const source_changes *changes) {
    string_list keys = {0};
    buffer b = {0};
    for (size_t i = 0; i < changes->keys.size; i++)
        *VECTOR_PUSH(&keys, a) = changes->keys.at[i];
    strings_sort(&keys);
    buffer_add_byte(&b, '[');
    for (size_t i = 0; i < keys.size; i++)
        if (i == 0 || !str_equal(keys.at[i], keys.at[i - 1])) {
            write_comma(&b);
            write_string(&b, keys.at[i]);
        }
    buffer_add_byte(&b, ']');
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
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

static void add_once(string_list *list, arena *a, str one) {
    for (size_t i = 0; i < list->size; i++)
        if (str_equal(list->at[i], one))
            return;
    *VECTOR_PUSH(list, a) = arena_copy(a, one);
}

status sources_named_by(ledger *l, arena *a, int64_t act, string_list *keys, failure *f) {
    statement s =
        statement_of(l, "SELECT payload FROM act WHERE kind = 'name' AND (?1 = 0 OR sequence = ?1)", f);
    give_number(&s, act);
    while (statement_row(&s)) {
        json_t *payload = json_parsed(take_text(&s, 0)), *key, *text;
        size_t i, k;
        json_array_foreach(json_object_get(payload, "voices"), i, key) {
            add_once(keys, a, json_slice(key));
            json_array_foreach(json_object_get(payload, "not"), k, text) {
                /* the key of a name that would have this one, and does not */
                const str parts[] = {json_slice(key), STR("\nnot\n"),
                                     words_joined(a, arena_copy(a, json_slice(text)))};
                add_once(keys, a, minted_id(a, "s-", parts, 3));
            }
        }
        json_decref(payload);
    }
    return statement_done(&s);
}

static bool list_has(const string_list *list, str one) {
    for (size_t i = 0; i < list->size; i++)
        if (str_equal(list->at[i], one))
            return true;
    return false;
}

status sources_named_with(ledger *l, arena *a, const string_list *keys, string_list *out, failure *f) {
    size_t before = SIZE_MAX;
    status code = STATUS_OK;
    for (size_t i = 0; i < keys->size; i++)
        add_once(out, a, keys->at[i]);
    while (before != out->size && code == STATUS_OK) {
        before = out->size;
        statement s = statement_of(l, "SELECT sequence FROM act WHERE kind = 'name' ORDER BY sequence", f);
        key_list acts = {0};
        code = statement_keys(&s, a, &acts);
        for (size_t i = 0; i < acts.size && code == STATUS_OK; i++) {
            string_list of = {0};
            bool any = false;
            code = sources_named_by(l, a, acts.at[i], &of, f);
            for (size_t k = 0; k < of.size; k++)
                any |= list_has(out, of.at[k]);
            for (size_t k = 0; any && k < of.size; k++)
                add_once(out, a, of.at[k]);
        }
    }
    return code;
}

static status add_incidents(ledger *l, const char *sql, str key, str text, arena *a, string_list *out,
                            failure *f) {
    statement s = statement_of(l, sql, f);
    give_text(&s, key);
    if (text.data)
        give_text(&s, text);
    while (statement_row(&s))
        *VECTOR_PUSH(out, a) = arena_copy(a, take_text(&s, 0));
    return statement_done(&s);
}

/* Texts that acts told apart, also those that were undone since. */
static status texts_apart(ledger *l, arena *a, string_list *out, failure *f) {
    statement s = statement_of(l, "SELECT payload FROM act WHERE kind = 'name'", f);
    while (statement_row(&s)) {
        json_t *payload = json_parsed(take_text(&s, 0)), *text;
        size_t k;
        json_array_foreach(json_object_get(payload, "not"), k, text) add_once(out, a, json_slice(text));
        json_decref(payload);
    }
    return statement_done(&s);
}

static status give_key(ledger *l, str from, str base, str key, failure *f) {
    statement s = statement_of(l,
                               "UPDATE voice SET source = ?3 WHERE source = ?1 AND base = ?2 AND source <> ?3"
                               " AND bound <= 1",
                               f);
    give_text(&s, from);
    give_text(&s, base);
    give_text(&s, key);
    return statement_run(&s);
}

status sources_renamed(ledger *l, arena *a, const string_list *keys, string_list *rework, failure *f) {
    said_voices said;
    string_list apart = {0};
    status code = said_voices_read(l, a, &said, f);
    if (code == STATUS_OK)
        code = texts_apart(l, a, &apart, f);
    /* A row goes by a key that acts speak of: its own, or that of a group it was in. */
    for (size_t i = 0; i < keys->size && code == STATUS_OK; i++) {
        const said_group *group = said_group_of(&said, keys->at[i]);
        str key = group ? group->key : keys->at[i];
        for (size_t k = 0; k < keys->size && code == STATUS_OK; k++)
            code = give_key(l, keys->at[k], keys->at[i], key, f);
    }
    for (size_t i = 0; i < keys->size && code == STATUS_OK; i++) {
        code =
            add_incidents(l,
                          "SELECT id FROM incident WHERE key IN (SELECT incident FROM voice WHERE source = ?1"
                          " GROUP BY incident HAVING count(*) > 1 UNION SELECT incident FROM voice WHERE"
                          " source = ?1 AND bound > 1)",
                          keys->at[i], STR_NONE, a, rework, f);
        for (size_t k = 0; k < apart.size && code == STATUS_OK; k++)
            code = add_incidents(l,
                                 "SELECT id FROM incident WHERE key IN (SELECT voice.incident FROM voice "
                                 "JOIN incident_claim ON"
                                 " incident_claim.incident = voice.incident JOIN claim ON claim.key = "
                                 "incident_claim.claim WHERE"
                                 " voice.source = ?1 AND claim.voice = ?2)",
                                 keys->at[i], apart.at[k], a, rework, f);
    }
    strings_sort(rework);
    return code;
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
    char number[24];
    if (blank == SIZE_MAX || blank == 0 || blank >= sizeof number)
        return false;
    memcpy(number, after.data, blank);
    number[blank] = 0;
    char *end;
    *value = strtoll(number, &end, 10);
    *key = str_slice(after, blank + 1, after.size);
    return !*end && key->size < 200;
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
    arena *a;
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
    status code = incident_veiled(p->l, json_id(whole), whole, whole, p->a, &json, p->f);
    if (code == STATUS_OK)
        code = incident_veiled(p->l, json_id(whole), whole, summary, p->a, &summary, p->f);
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
    write_key(&p->b, "said"), buffer_add(&p->b, json_dumped(p->a, said, 0));
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
        char *end = NULL;
        if (!cursor_of(p->asked->after, &day_after, &rest))
            return fail(p->f, STATUS_USAGE, "after: expected what the page gave as next");
        char *number = arena_cstring(p->a, rest);
        incident_after = strtoll(number, &end, 10);
        if (end == number || *end)
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
        str json = archive_inflate(p->a, take_blob(&s, 0), (size_t)take_number(&s, 1));
        str summary = json.data ? archive_inflate_beside(p->a, take_blob(&s, 8), (size_t)take_number(&s, 9),
                                                         incident_beside(json))
                                : STR_NONE;
        code = json.data && summary.data
                   ? write_said(p, json, summary, &s)
                   : fail(p->f, STATUS_DAMAGED_LEDGER, "ledger %s: an incident is damaged", p->l->path);
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
    voice_page p = {.l = l, .a = a, .f = f, .asked = asked};
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
