/* Whole ledgers: nothing that is stored is forgotten when one is copied; two halves that are merged are the
 * whole.
 */
#include "ledger_support.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/check.h"
#include "ledger/heads.h"
#include "ledger/redact.h"
#include "ledger/tables.h"
#include "ledger/teams.h"

/* ---- the list of tables ---- */

/* The columns of a table as the schema has them: "name:kind name:kind", in the order of names. */
static str schema_columns(test_ledger *t, const char *table) {
    buffer b = {0};
    failure f = {0};
    statement s =
        statement_of(t->l, "SELECT name, substr(type, 1, 1) FROM pragma_table_info(?) ORDER BY name", &f);
    give_name(&s, table);
    while (statement_row(&s))
        buffer_printf(&b, "%.*s:%c ", STR_ARG(take_text(&s, 0)),
                      take_text(&s, 1).data[0] == 'B' ? 'b' : take_text(&s, 1).data[0] + 32);
    assert_int_equal(statement_done(&s), STATUS_OK);
    str out = arena_copy(&t->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static str listed_columns(test_ledger *t, const stored_table *of) {
    stored_column columns[TABLE_COLUMNS];
    size_t count = table_columns(of, columns), kept = 0;
    str names[TABLE_COLUMNS];
    for (size_t i = 0; i < count; i++)
        if (!str_equal(columns[i].name, STR("rowid"))) /* every table has one, and few need it */
            names[kept++] = arena_printf(&t->a, "%.*s:%c ", STR_ARG(columns[i].name), columns[i].kind);
    return sorted_text(&t->a, names, kept);
}

static void every_table_and_column_is_taken_along(void **state) {
    (void)state;
    only_of_a_file(); /* test_postgres.py holds the other store's schema against this one */
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    size_t found = 0, listed = 0;
    statement s =
        statement_of(t.l,
                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                     " AND name NOT LIKE 'words%' ORDER BY name",
                     &f);
    while (statement_row(&s)) {
        char *name = arena_cstring(&t.a, take_text(&s, 0));
        const stored_table *of = table_named(name);
        if (!of)
            fail_msg("table %s is in the schema, but not in src/ledger/tables.c", name);
        assert_str_equal(listed_columns(&t, of), schema_columns(&t, name), name);
        found++;
    }
    assert_int_equal(statement_done(&s), STATUS_OK);
    while (stored_tables[listed].name)
        listed++;
    assert_int_equal(found, listed);
    ledger_removed(&t);
}

/* ---- copies ---- */

static bool collect_bytes(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

/* Every row of every table, words found, and every export. */
static str all_of(ledger *l, arena *a) {
    buffer b = {0};
    failure f = {0};
    for (const stored_table *t = stored_tables; t->name; t++) {
        stored_column columns[TABLE_COLUMNS];
        size_t width = table_columns(t, columns);
        statement s = statement_made(l,
                                     arena_printf(a, "SELECT %.*s FROM \"%s\" ORDER BY %.*s",
                                                  STR_ARG(table_names(a, t, width)), t->name,
                                                  STR_ARG(table_names(a, t, t->key))),
                                     &f);
        buffer_printf(&b, "%s\n", t->name);
        while (statement_row(&s)) {
            /* sums are of the tables as they are now: made anew in the copy */
            if (str_equal(take_text(&s, 0), STR("scrub")) || str_equal(take_text(&s, 0), STR("sums")))
                continue;
            for (size_t i = 0; i < width; i++)
                buffer_printf(&b, "%d:%.*s|", take_null(&s, (int)i), STR_ARG(take_blob(&s, (int)i)));
            buffer_add_byte(&b, '\n');
        }
        assert_int_equal(statement_done(&s), STATUS_OK);
    }
    if (ledger_search(l, STR("people"), 100, 0, collect_bytes, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    for (ledger_what w = LEDGER_INCIDENTS; w <= LEDGER_TOMBSTONES; w++)
        buffer_add(&b, rows_of(l, w, NULL, a));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static test_ledger copied(ledger *from) {
    test_ledger to = store_made();
    failure f = {0};
    if (ledger_copy(from, to.path, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    to.l = ledger_reopened(to.path, LEDGER_WRITE);
    return to;
}

static void redact_page(test_ledger *t, uint64_t sequence, bool part) {
    ledger_redaction what = {.capture = arena_printf(&t->a, "%llu", (unsigned long long)sequence),
                             .span = part,
                             .from = 30,
                             .to = 44,
                             .who = STR("R. Haddad"),
                             .why = STR("a child's name"),
                             .time = STR("2031-06-01T00:00:00Z")};
    ledger_redacted out;
    failure f = {0};
    if (ledger_redact(t->l, &what, &t->a, &out, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    link_ledger(t->l);
    if (ledger_scrub(t->l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

static uint64_t acted_on(ledger *l, ledger_act act) {
    failure f = {0};
    ledger_acted acted = {0};
    act.time = STR("2031-05-20T00:00:00Z");
    if (ledger_review(l, &act, &acted, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    if (acted.link)
        link_ledger(l);
    return acted.last;
}

/* A voice that a reviewer named, a claim that another added. */
static void name_and_add(test_ledger *t) {
    failure f = {0};
    str key = STR_NONE, named[] = {STR("name=The police of Wadi al-Sarab"), STR("name_ar=شرطة الوادي")},
        added[] = {STR("document=https://news.example/story/20"), STR("start=23"), STR("end=25"),
                   STR("effect=injured"), STR("count=21")};
    statement s = statement_of(t->l, "SELECT key FROM source ORDER BY key LIMIT 1", &f);
    if (statement_row(&s))
        key = arena_copy(&t->a, take_text(&s, 0));
    assert_int_equal(statement_done(&s), STATUS_OK);
    acted_on(t->l, (ledger_act){
                       .kind = STR("name"), .ids = &key, .id_count = 1, .values = named, .value_count = 2});
    acted_on(t->l, (ledger_act){.kind = STR("add"), .values = added, .value_count = 5});
}

/* More rows than a batch of any table that has many. */
static test_ledger filled(void) {
    test_ledger t = ledger_made(NULL);
    failure f = {0};
    for (unsigned i = 0; i < 240; i++)
        if (add_page_number(t.l, i, NULL, &f) != STATUS_OK)
            fail_msg("%s", f.message);
    link_ledger(t.l);
    name_and_add(&t);
    redact_page(&t, 3, false);
    redact_page(&t, 7, true);
    secret_key key = ed25519_new();
    signed_head head;
    if (ledger_head(t.l, &key, STR("2031-06-02T00:00:00Z"), &head, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return t;
}

static void put_wrong_line(void *context, const char *text) {
    (void)context;
    print_error("%s\n", text);
}

/* What follows from the rest is what it was worked out to be. */
static void assert_sound(test_ledger *t) {
    failure f = {0};
    ledger_health health;
    if (ledger_check(t->l, false, put_wrong_line, NULL, &health, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_int_equal(health.stale, 0);
}

static void a_copy_is_the_same(void **state) {
    (void)state;
    test_ledger t = filled();
    failure f = {0};
    str before = all_of(t.l, &t.a);
    test_ledger to = copied(t.l);
    assert_str_equal(all_of(to.l, &to.a), before, "the copy");
    ledger_checked first, second;
    assert_int_equal(ledger_verify(t.l, NULL, 0, NULL, NULL, NULL, &first, &f), STATUS_OK);
    assert_int_equal(ledger_verify(to.l, NULL, 0, NULL, NULL, NULL, &second, &f), STATUS_OK);
    assert_int_equal(first.grade, GRADE_SEALED);
    assert_memory_equal(&first, &second, sizeof first);
    assert_sound(&to);
    ledger_removed(&to);
    ledger_removed(&t);
}

/* Keys, triggers and the index of words work on as in the first. */
static void a_copy_goes_on_like_the_first(void **state) {
    (void)state;
    test_ledger t = filled();
    test_ledger to = copied(t.l);
    failure f = {0};
    test_ledger *both[] = {&t, &to};
    for (size_t i = 0; i < 2; i++) {
        for (unsigned n = 240; n < 260; n++)
            if (add_page_number(both[i]->l, n, NULL, &f) != STATUS_OK)
                fail_msg("%s", f.message);
        link_ledger(both[i]->l);
        if (ledger_verify(both[i]->l, NULL, 0, NULL, NULL, NULL, NULL, &f) != STATUS_OK)
            fail_msg("%s", f.message);
    }
    assert_str_equal(all_of(to.l, &to.a), all_of(t.l, &t.a), "both after twenty pages more");
    ledger_removed(&to);
    ledger_removed(&t);
}

static void a_copy_goes_into_an_empty_ledger_only(void **state) {
    (void)state;
    test_ledger t = filled(), to = ledger_made(NULL);
    failure f = {0};
    assert_int_equal(ledger_copy(t.l, t.path, NULL, &f), STATUS_USAGE);
    assert_non_null(strstr(f.message, "something is in it"));
    assert_int_equal(ledger_copy(t.l, to.path, NULL, &f), STATUS_OK);
    assert_str_equal(all_of(to.l, &to.a), all_of(t.l, &t.a), "into an empty one");
    assert_int_equal(ledger_copy(t.l, to.path, NULL, &f), STATUS_USAGE);
    assert_str_equal(all_of(to.l, &to.a), all_of(t.l, &t.a), "after a refusal");
    ledger_removed(&to);
    ledger_removed(&t);
}

static bool always(void *context) {
    (void)context;
    return true;
}

static void a_copy_that_ends_early_leaves_nothing(void **state) {
    (void)state;
    test_ledger t = filled();
    failure f = {0};
    assert_int_equal(ledger_close(t.l, &f), STATUS_OK);
    ledger_options options = {.cancelled = always};
    assert_int_equal(ledger_open(t.path, LEDGER_READ, &options, &t.l, &f), STATUS_OK);
    char path[128];
    snprintf(path, sizeof path, "%s/other.ledger", t.folder);
    assert_int_equal(ledger_copy(t.l, path, NULL, &f), STATUS_CANCELLED);
    assert_false(test_file_exists(path));
    ledger_removed(&t);
}

/* ---- two teams ---- */

enum { PAGES = 24, SAYINGS = 20, LEDGERS = 3, WHOLE = 2, NAMES = 5 };

/* One page as it was at one time; two of one document are versions of it. */
typedef struct page {
    unsigned document, version, site, day, killed, hour, opening;
    bool has[LEDGERS]; /* which team has it; the whole has all */
    bool redacted;
    bool added; /* somebody added a claim of its document */
} page;

static str document_name(arena *a, const page *p) {
    return arena_printf(a, "https://paper%u.example/%u", p->document % NAMES, p->document);
}

static str text_of(arena *a, const page *p) {
    static const char *const openings[] = {
        "Shells fell on houses by the river and people were killed there, residents said, version",
        "An explosion on the farm road killed people before noon, the police of the district said, version",
        "The market was hit from the air and the hospital counted its dead in the evening, version"};
    return arena_printf(a, "%s %u. There were %u dead of page %u, said Ahmad al-Example%u.",
                        openings[p->opening], p->version, p->killed, p->document % 7, p->document);
}

static void add_page(ledger *l, const page *p) {
    arena a = arena_new((allocator){0});
    article as;
    reading r;
    failure f = {0};
    str text = text_of(&a, p), id = document_name(&a, p);
    str json = arena_printf(
        &a,
        "{\"format\": \"isnad-reading/1\", \"id\": \"%.*s\", \"outlet\": \"Paper %u\", \"language\": \"en\","
        " \"published\": \"2031-05-0%uT%02u:00\", \"title\": null, \"text\": \"%.*s\", \"claims\": "
        "[{\"effect\":"
        " \"killed\", \"min\": %u, \"max\": %u, \"count\": {\"start\": 10, \"end\": 14}, \"who\": {\"class\":"
        " \"civilian\", \"group\": null}, \"stance\": \"asserts\", \"event\": \"shelling\", \"date\":"
        " \"2031-05-0%u\", \"place\": {\"text\": null, \"start\": 0, \"end\": 3, \"name\": \"P%u\", \"kind\":"
        " \"village\", \"id\": \"t:%u\", \"country\": \"SY\", \"admin1\": \"A%u\", \"lat\": %g, \"lon\": 36,"
        " \"radius_km\": 1}, \"voice\": null, \"evidence\": {\"start\": 0, \"end\": 40}}, {\"effect\": "
        "\"injured\","
        " \"min\": 3, \"max\": 4, \"who\": {\"class\": \"unknown\", \"group\": null}, \"stance\": "
        "\"asserts\","
        " \"scope\": \"cumulative\", \"event\": \"shelling\", \"voice\": null, \"evidence\": {\"start\": 5, "
        "\"end\": 30}}],"
        " \"events\": [], \"disagreements\": []}",
        STR_ARG(id), p->document % NAMES, p->day, p->hour, STR_ARG(text), p->killed, p->killed, p->day,
        p->site, p->site, p->site / 2, 34 + p->site * 0.08);
    str bytes = arena_printf(&a, "<html><body><p>%.*s</p></body></html>", STR_ARG(text));
    if (reading_load(json, &a, &as, &r, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    capture c = {.kind = CAPTURE_HTML,
                 .file = STR("test"),
                 .bytes = bytes,
                 .body = bytes,
                 .url = id,
                 .media_type = STR("text/html"),
                 .time = arena_printf(&a, "2031-05-0%uT%02u:30:00Z", p->day + p->version, p->hour)};
    if (ledger_add(l, &c, &r, json, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    arena_free(&a);
}

typedef struct two_teams {
    arena a;
    test_random *r;
    test_ledger in[LEDGERS];
    page pages[PAGES];
    uint64_t acts[SAYINGS]
                 [LEDGERS]; /* the numbers that each ledger has for what was said; 0: it was not said there */
    /* Acts on incidents as such: which one they mean can be told only as long as its accounts stay together.
     */
    bool on_incidents;
    bool withdraw; /* pages are withdrawn at the end */
} two_teams;

static void make_pages(two_teams *t) {
    for (unsigned i = 0; i < PAGES; i++) {
        page *p = &t->pages[i];
        *p = (page){.document = i,
                    .site = (unsigned)random_below(t->r, 4),
                    .day = 1 + (unsigned)random_below(t->r, 3),
                    .killed = 1 + (unsigned)random_below(t->r, 5),
                    .hour = (unsigned)random_below(t->r, 24),
                    .opening = (unsigned)random_below(t->r, 3),
                    .has = {[WHOLE] = true}};
        if (i && random_below(t->r, 4) == 0) { /* another version of what came before */
            unsigned killed = p->killed;
            *p = t->pages[i - 1];
            p->killed = killed;
            p->version++;
            p->has[0] = p->has[1] = false;
        }
        size_t team = random_below(t->r, 5); /* now and then both */
        p->has[0] = team < 3;
        p->has[1] = team > 1;
    }
}

static char *claim_of(two_teams *t, test_ledger *in, const page *p) {
    failure f = {0};
    str id = STR_NONE;
    statement s =
        statement_of(in->l,
                     "SELECT claim.id FROM claim JOIN version ON version.key = claim.version JOIN document"
                     " ON document.key = version.document WHERE document.id = ? AND version.text_hash = ?"
                     " AND claim.number = 0",
                     &f);
    give_text(&s, document_name(&t->a, p));
    give_text(&s, digest_hex(&t->a, sha256(text_of(&t->a, p)), 32));
    if (statement_row(&s))
        id = arena_copy(&t->a, take_text(&s, 0));
    statement_done(&s);
    return id.data ? arena_cstring(&t->a, id) : NULL;
}

static str incident_with(two_teams *t, test_ledger *in, const char *of, str *documents) {
    failure f = {0};
    str id = STR_NONE;
    statement s =
        statement_of(in->l,
                     "SELECT incident.id, (SELECT group_concat(id, ' ') FROM (SELECT document.id FROM"
                     " incident_version JOIN version ON version.key = incident_version.version JOIN document"
                     " ON document.key = version.document WHERE incident_version.incident = incident.key"
                     " ORDER BY document.id)) FROM claim JOIN incident_claim ON incident_claim.claim ="
                     " claim.key JOIN incident ON incident.key = incident_claim.incident WHERE claim.id = ?",
                     &f);
    give_name(&s, of);
    if (statement_row(&s)) {
        id = arena_copy(&t->a, take_text(&s, 0));
        *documents = arena_copy(&t->a, take_text(&s, 1));
    }
    statement_done(&s);
    return id;
}

static bool all_in(str some, str all) {
    str each;
    bool in = true;
    for (size_t at = 0; at < some.size && str_piece(some, &at, ' ', &each);)
        in &= str_find(all, each, 0) != SIZE_MAX;
    return in;
}

static uint64_t say(two_teams *t, test_ledger *in, ledger_act act, unsigned number) {
    failure f = {0};
    ledger_acted acted = {0};
    act.who = number % 2 ? STR("Rima") : STR("Sami");
    act.why = STR("as Ahmad al-Example3 said"); /* no quotation of a page: a reason is the reviewer's own */
    act.time = arena_printf(&t->a, "2031-06-01T00:%02u:00Z", number);
    if (ledger_review(in->l, &act, &acted, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    if (acted.link)
        link_ledger(in->l);
    return acted.last;
}

/* A claim that the reading did not find, and in what words it stands. */
static void add_claim(two_teams *t, unsigned number, size_t team, page *p) {
    str text = text_of(&t->a, p), killed = arena_printf(&t->a, "%u", p->killed);
    size_t at = str_find(text, arena_printf(&t->a, "were %u dead", p->killed), 0) + 5;
    const size_t ledgers[] = {team, WHOLE};
    /* Where another version is withdrawn by the other team, its words are destroyed there: nobody can find
     * them any more in what was said here of this one. */
    for (size_t i = 0; i < PAGES; i++)
        if (t->pages[i].document == p->document && (t->pages[i].added || (t->withdraw && &t->pages[i] != p)))
            return;
    p->added = true;
    for (size_t i = 0; i < 2; i++) {
        test_ledger *in = &t->in[ledgers[i]];
        failure f = {0};
        int64_t version = -1;
        statement s =
            statement_of(in->l,
                         "SELECT number FROM version JOIN document ON document.key = version.document WHERE"
                         " document.id = ? AND text_hash = ?",
                         &f);
        give_text(&s, document_name(&t->a, p));
        give_text(&s, digest_hex(&t->a, sha256(text), 32));
        if (statement_row(&s))
            version = take_number(&s, 0);
        assert_int_equal(statement_done(&s), STATUS_OK);
        str values[] = {arena_printf(&t->a, "document=%.*s", STR_ARG(document_name(&t->a, p))),
                        arena_printf(&t->a, "version=%lld", (long long)version),
                        arena_printf(&t->a, "start=%zu", at),
                        arena_printf(&t->a, "end=%zu", at + killed.size),
                        arena_printf(&t->a, "count=%u", p->killed),
                        STR("effect=missing"),
                        arena_printf(&t->a, "voice=Ahmad al-Example%u", p->document),
                        STR("voice.kind=witness")};
        ledger_act act = {.kind = STR("add"), .values = values, .value_count = 8};
        t->acts[number][ledgers[i]] = say(t, in, act, number);
    }
}

static str voice_of(two_teams *t, test_ledger *in, const char *of) {
    failure f = {0};
    str key = STR_NONE;
    statement s = statement_of(in->l,
                               "SELECT base FROM voice JOIN incident_claim ON incident_claim.incident ="
                               " voice.incident AND incident_claim.independent = voice.independent JOIN claim"
                               " ON claim.key = incident_claim.claim WHERE claim.id = ? AND base IS NOT NULL",
                               &f);
    give_name(&s, of);
    if (statement_row(&s))
        key = arena_copy(&t->a, take_text(&s, 0));
    assert_int_equal(statement_done(&s), STATUS_OK);
    return key;
}

static bool is_voice(two_teams *t, test_ledger *in, str key) {
    failure f = {0};
    str json;
    ledger_voice_asked asked = {.key = key};
    return ledger_voice(in->l, &asked, &t->a, &json, &f) == STATUS_OK;
}

/* Two voices are one, or one is called otherwise. */
static void name_voices(two_teams *t, unsigned number, size_t team, const page *p, const page *other) {
    const size_t ledgers[] = {team, WHOLE};
    test_ledger *in = &t->in[team];
    str ids[2] = {STR_NONE},
        name = arena_printf(&t->a, number % 3 ? "name=Called %u" : "name_ar=اسمه %u", number);
    size_t count = 1 + (size_t)other->has[team];
    ids[0] = voice_of(t, in, claim_of(t, in, p));
    ids[1] = count > 1 ? voice_of(t, in, claim_of(t, in, other)) : STR_NONE;
    count = ids[1].size && !str_equal(ids[0], ids[1]) ? 2 : 1;
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < count; k++)
            if (!ids[k].size || !is_voice(t, &t->in[ledgers[i]], ids[k]))
                return;
    ledger_act act = {.kind = STR("name"), .ids = ids, .id_count = count, .values = &name, .value_count = 1};
    for (size_t i = 0; i < 2; i++)
        t->acts[number][ledgers[i]] = say(t, &t->in[ledgers[i]], act, number);
}

/* Team `team` says something, and so it is said in the whole. */
static void say_something(two_teams *t, unsigned number, size_t team, bool bind) {
    static const char *const kinds[] = {"accept", "reject", "correct", "comment",
                                        "assign", "grade",  "settle",  "undo"};
    size_t kind = random_below(t->r, 10), one = random_below(t->r, PAGES), two = random_below(t->r, PAGES);
    const size_t ledgers[] = {team, WHOLE};
    const page *p = &t->pages[one], *other = &t->pages[two];
    if (!p->has[team])
        return;
    if (kind == 8)
        add_claim(t, number, team, &t->pages[one]);
    if (kind == 9)
        name_voices(t, number, team, p, other);
    if (kind > 7)
        return;
    str ids[LEDGERS][2], documents[LEDGERS] = {{0}};
    str value = kind == 2   ? arena_printf(&t->a, "count=%zu", 1 + random_below(t->r, 9))
                : kind == 3 ? STR("ask again")
                : kind == 5 ? (random_below(t->r, 2) ? STR("fair") : STR("weak"))
                            : STR("Rima");
    ledger_act act = {.kind = str_of(kinds[kind]), .id_count = 1};
    size_t said = random_below(t->r, SAYINGS);
    for (size_t i = 0; i < 2; i++) {
        test_ledger *in = &t->in[ledgers[i]];
        const char *of = claim_of(t, in, p);
        assert_non_null(of);
        str incident = incident_with(t, in, of, &documents[ledgers[i]]);
        ids[ledgers[i]][0] = kind < 3 || !t->on_incidents ? str_of(of) : incident;
        if (kind == 7)
            ids[ledgers[i]][0] = arena_printf(&t->a, "%llu", (unsigned long long)t->acts[said][ledgers[i]]);
        if (kind != 7 && !incident.data)
            return;
        if ((kind == 5 || kind == 6) && !t->on_incidents)
            return;
    }
    /* An incident of the team's that is two in the whole has another meaning there. */
    if (kind >= 3 && kind < 7 && !all_in(documents[team], documents[WHOLE]))
        return;
    if (kind == 7 && (!t->acts[said][team] || !t->acts[said][WHOLE]))
        return;
    if (kind == 4 && bind && other->has[team] && other->document != p->document) {
        act.kind = STR("merge");
        act.id_count = 2;
        for (size_t i = 0; i < 2; i++) {
            ids[ledgers[i]][0] = document_name(&t->a, p);
            ids[ledgers[i]][1] = document_name(&t->a, other);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        ledger_act mine = act;
        mine.ids = ids[ledgers[i]];
        mine.values = &value;
        mine.value_count = act.id_count == 1 && kind >= 2 && kind < 6;
        t->acts[number][ledgers[i]] = say(t, &t->in[ledgers[i]], mine, number);
    }
    if (kind == 7)
        t->acts[said][team] = t->acts[said][WHOLE] = 0; /* only once */
}

static void redact_in(two_teams *t, size_t ledger_of, const page *p, bool part) {
    test_ledger *in = &t->in[ledger_of];
    failure f = {0};
    ledger_redacted out;
    str id = STR_NONE;
    statement s =
        statement_of(in->l,
                     "SELECT capture.id FROM capture JOIN version ON version.key = capture.version JOIN"
                     " document ON document.key = version.document WHERE document.id = ? AND"
                     " version.text_hash = ?",
                     &f);
    str text = text_of(&t->a, p);
    give_text(&s, document_name(&t->a, p));
    give_text(&s, digest_hex(&t->a, sha256(text), 32));
    if (statement_row(&s))
        id = arena_copy(&t->a, take_text(&s, 0));
    statement_done(&s);
    ledger_redaction what = {.capture = id,
                             .span = part,
                             .from = (int64_t)str_find(text, STR("Ahmad"), 0),
                             .to = (int64_t)text.size - 1,
                             .who = STR("R. Haddad"),
                             .why = STR("a name"),
                             .time = STR("2031-07-01T00:00:00Z")};
    if (ledger_redact(in->l, &what, &t->a, &out, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    link_ledger(in->l);
    if (ledger_scrub(in->l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

static two_teams teams_made(test_random *r, bool bind, bool withdraw) {
    two_teams t = {
        .a = arena_new((allocator){0}), .r = r, .on_incidents = !bind && !withdraw, .withdraw = withdraw};
    make_pages(&t);
    for (size_t k = 0; k < LEDGERS; k++) {
        t.in[k] = ledger_made(NULL);
        for (size_t i = 0; i < PAGES; i++)
            if (t.pages[i].has[k])
                add_page(t.in[k].l, &t.pages[i]);
        link_ledger(t.in[k].l);
    }
    for (unsigned n = 0; n < SAYINGS; n++)
        say_something(&t, n, random_below(r, 2), bind);
    for (size_t n = 0; withdraw && n < 3; n++) {
        page *p = &t.pages[random_below(r, PAGES)];
        if (p->redacted)
            continue;
        p->redacted = true;
        size_t team = p->has[0] && (!p->has[1] || random_below(r, 2)) ? 0 : 1;
        bool part = random_below(r, 2);
        redact_in(&t, team, p, part);
        redact_in(&t, WHOLE, p, part);
    }
    for (size_t k = 0; k < 2; k++) {
        secret_key key = ed25519_new();
        signed_head head;
        failure f = {0};
        assert_int_equal(ledger_head(t.in[k].l, &key, STR("2031-08-01T00:00:00Z"), &head, &f), STATUS_OK);
    }
    return t;
}

static void teams_removed(two_teams *t) {
    for (size_t k = 0; k < LEDGERS; k++)
        ledger_removed(&t->in[k]);
    arena_free(&t->a);
}

/* Numbers of acts are each ledger's own. */
static str without_numbers_of_acts(arena *a, str text) {
    static const char mark[] = "\"act\": ";
    buffer b = {0};
    for (size_t at = 0; at < text.size;) {
        size_t found = str_find(text, STR(mark), at),
               end = found == SIZE_MAX ? text.size : found + sizeof mark - 1;
        buffer_add(&b, str_slice(text, at, end));
        for (at = end; at < text.size && text.data[at] >= '0' && text.data[at] <= '9';)
            at++;
    }
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* Every export, its lines in an order of their own; with or without ids of incidents. */
static str exported(ledger *l, arena *a, bool ids) {
    static const ledger_what all[] = {LEDGER_INCIDENTS, LEDGER_CLAIMS, LEDGER_DOCUMENTS,
                                      LEDGER_VOICES,    LEDGER_CHAINS, LEDGER_SUMMARIES};
    buffer b = {0};
    for (size_t w = 0; w < sizeof all / sizeof *all; w++) {
        str text = without_numbers_of_acts(a, rows_of(l, all[w], NULL, a)), *lines;
        char *copy = arena_cstring(a, text);
        for (char *at = copy; !ids && (at = strstr(at, "i-")) != NULL; at++)
            if (strspn(at + 2, "0123456789abcdef") == 32)
                memset(at + 2, 'x', 32);
        size_t n = lines_of(a, str_of(copy), &lines);
        for (size_t i = 0; i < n; i++)
            lines[i] = arena_printf(a, "%.*s\n", STR_ARG(lines[i]));
        buffer_add(&b, ids ? text : sorted_text(a, lines, n));
    }
    failure f = {0};
    str voices;
    ledger_voices_asked asked = {.limit = 400};
    if (ledger_voices(l, &asked, a, &voices, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    buffer_add(&b, voices);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static ledger_merged merge_into(test_ledger *to, test_ledger *from) {
    failure f = {0};
    ledger_merged out = {0};
    const ledger_merging how = {STR("Rima"), STR("2031-09-01T00:00:00Z")};
    if (ledger_merge(to->l, from->l, &how, &out, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return out;
}

static void assert_verified(test_ledger *t, test_ledger *other) {
    failure f = {0};
    signed_head heads[2];
    bool there[2];
    assert_int_equal(ledger_last_head(t->l, &there[0], &heads[0], &f), STATUS_OK);
    assert_int_equal(ledger_last_head(other->l, &there[1], &heads[1], &f), STATUS_OK);
    assert_true(there[0] && there[1]);
    ledger_checked checked;
    if (ledger_verify(t->l, heads, 2, NULL, put_wrong_line, NULL, &checked, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_true(checked.consistent);
    assert_sound(t);
}

/* The first lines that part. */
static void assert_same_lines(arena *a, str got, str expected, const char *what) {
    str *g, *e;
    size_t n = lines_of(a, got, &g), m = lines_of(a, expected, &e), i = 0;
    while (i < n && i < m && str_equal(g[i], e[i]))
        i++;
    if (i < n || i < m)
        assert_str_equal(i < n ? g[i] : STR(""), i < m ? e[i] : STR(""), what);
}

static void merged_halves(two_teams *t) {
    test_ledger first = copied(t->in[0].l), second = copied(t->in[1].l);
    arena *a = &t->a;
    str whole = exported(t->in[WHOLE].l, a, false);
    merge_into(&first, &t->in[1]);
    assert_verified(&first, &t->in[1]);
    assert_same_lines(a, exported(first.l, a, false), whole, "the second into the first");
    merge_into(&second, &t->in[0]);
    assert_verified(&second, &t->in[0]);
    assert_same_lines(a, exported(second.l, a, false), whole, "the first into the second");
    assert_same_lines(a, exported(second.l, a, true), exported(first.l, a, true), "ids in either order");
    str before = all_of(first.l, a);
    assert_true(merge_into(&first, &t->in[1]).nothing);
    assert_same_lines(a, all_of(first.l, a), before, "merged again");
    /* And what came back: nothing that counts. */
    merge_into(&second, &first);
    assert_verified(&second, &first);
    assert_same_lines(a, exported(second.l, a, false), whole, "both into one another");
    ledger_removed(&second);
    ledger_removed(&first);
}

/* The other team has a version between two of ours, which tells of something else: nothing of our incident is
 * another but the number of its last version. */
static void a_number_that_moves_is_told(void **state) {
    (void)state;
    two_teams t = {.a = arena_new((allocator){0})};
    for (size_t k = 0; k < LEDGERS; k++) {
        t.in[k] = ledger_made(NULL);
        for (unsigned version = 0; version < 3; version++) {
            unsigned other = version == 1;
            page p = {.version = version,
                      .site = other ? 3 : 0,
                      .day = 1,
                      .killed = other ? 900 : 4,
                      .opening = other};
            if (k == WHOLE || (k == 0) == (version == 1))
                add_page(t.in[k].l, &p);
        }
        link_ledger(t.in[k].l);
    }
    merge_into(&t.in[1], &t.in[0]);
    assert_same_lines(&t.a, exported(t.in[1].l, &t.a, false), exported(t.in[WHOLE].l, &t.a, false), "merged");
    teams_removed(&t);
}

static void two_halves_make_the_whole(void **state) {
    (void)state;
    test_random r = test_seeded("two halves make the whole");
    for (size_t round = 0; round < test_rounds(4); round++) {
        two_teams t = teams_made(&r, round % 2, round % 4 > 1);
        merged_halves(&t);
        teams_removed(&t);
    }
}

/* ---- what is withdrawn ---- */

static bool told_in(two_teams *t, const char *words) {
    return str_find(all_of(t->in[0].l, &t->a), str_of(words), 0) != SIZE_MAX;
}

static int64_t added_in(two_teams *t) {
    failure f = {0};
    int64_t count = 0;
    statement s = statement_of(t->in[0].l,
                               "SELECT count(*) FROM claim JOIN incident_claim ON incident_claim.claim ="
                               " claim.key WHERE claim.number >= 1048576 AND effect = 'missing'",
                               &f);
    if (statement_row(&s))
        count = take_number(&s, 0);
    assert_int_equal(statement_done(&s), STATUS_OK);
    return count;
}

/* A claim that a reviewer added from what is withdrawn later says it no more, and stays; also where the page
 * is read anew. */
static void an_added_claim_is_redacted(void **state) {
    (void)state;
    for (size_t round = 0; round < 2; round++) {
        test_random r = test_seeded("redacted");
        two_teams t = {.a = arena_new((allocator){0}), .r = &r};
        page *p = &t.pages[0];
        *p = (page){.day = 1, .killed = 4, .has = {[0] = true, [WHOLE] = true}};
        for (size_t k = 0; k < LEDGERS; k++) {
            t.in[k] = ledger_made(NULL);
            add_page(t.in[k].l, p);
            link_ledger(t.in[k].l);
        }
        add_claim(&t, 0, 0, p);
        assert_true(told_in(&t, "al-Example0"));
        assert_int_equal(added_in(&t), 1);
        redact_in(&t, 0, p, round == 0);
        assert_false(told_in(&t, "al-Example0"));
        assert_int_equal(added_in(&t), round == 0); /* a page that is withdrawn whole says nothing */
        failure f = {0};
        assert_int_equal(ledger_verify_alone(t.in[0].l, put_wrong_line, NULL, NULL, &f), STATUS_OK);
        str before = exported(t.in[0].l, &t.a, true);
        add_page(t.in[0].l, p); /* the same again */
        link_ledger(t.in[0].l);
        assert_false(told_in(&t, "al-Example0"));
        assert_int_equal(ledger_verify_alone(t.in[0].l, put_wrong_line, NULL, NULL, &f), STATUS_OK);
        assert_same_lines(&t.a, exported(t.in[0].l, &t.a, true), before, "the page again");
        test_ledger copy = copied(t.in[0].l);
        assert_same_lines(&t.a, exported(copy.l, &t.a, true), before, "a copy");
        merge_into(&t.in[1], &t.in[0]); /* who has the page still has it withdrawn now */
        assert_int_equal(ledger_verify_alone(t.in[1].l, put_wrong_line, NULL, NULL, &f), STATUS_OK);
        assert_same_lines(&t.a, exported(t.in[1].l, &t.a, true), before, "merged");
        ledger_removed(&copy);
        teams_removed(&t);
    }
}

/* ---- what is kept of the other's log ---- */

static void the_others_log_is_checked(void **state) {
    (void)state;
    static const char *const spoiled[] = {
        "UPDATE joined_leaf SET leaf = zeroblob(32) WHERE position = 3",
        "DELETE FROM joined_leaf WHERE position = 5",
        "DELETE FROM joined_leaf",
        "UPDATE joined SET ledger = '00000000000000000000000000000000'",
    };
    test_random r = test_seeded("the other's log");
    for (size_t i = 0; i < sizeof spoiled / sizeof *spoiled; i++) {
        two_teams t = teams_made(&r, false, false);
        failure f = {0};
        merge_into(&t.in[0], &t.in[1]);
        assert_verified(&t.in[0], &t.in[1]);
        raw_sql(t.in[0].l, spoiled[i]);
        assert_int_equal(ledger_verify(t.in[0].l, NULL, 0, NULL, NULL, NULL, NULL, &f), STATUS_VERIFY_FAILED);
        teams_removed(&t);
    }
}

static void what_is_damaged_is_not_taken_in(void **state) {
    (void)state;
    test_random r = test_seeded("damaged");
    two_teams t = teams_made(&r, false, false);
    failure f = {0};
    str before = all_of(t.in[0].l, &t.a);
    const ledger_merging how = {STR("Rima"), STR("2031-09-01T00:00:00Z")};
    raw_sql(t.in[1].l, "UPDATE claim SET min = min + 1");
    assert_int_equal(ledger_merge(t.in[0].l, t.in[1].l, &how, NULL, &f), STATUS_VERIFY_FAILED);
    assert_non_null(strstr(f.message, "nothing of it is taken in"));
    assert_same_lines(&t.a, all_of(t.in[0].l, &t.a), before, "after a refusal");
    teams_removed(&t);
}

/* A ledger that was copied and goes on in two places. */
static void two_branches_come_together(void **state) {
    (void)state;
    test_random r = test_seeded("branches");
    two_teams t = teams_made(&r, false, false);
    test_ledger branch = copied(t.in[0].l);
    failure f = {0};
    assert_true(merge_into(&t.in[0], &branch).nothing);
    for (size_t i = 0; i < PAGES; i++)
        if (!t.pages[i].has[0])
            add_page(branch.l, &t.pages[i]);
    link_ledger(branch.l);
    ledger_merged merged = merge_into(&t.in[0], &branch);
    assert_false(merged.nothing);
    assert_int_equal(merged.acts, 0);
    if (ledger_verify(t.in[0].l, NULL, 0, NULL, put_wrong_line, NULL, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_same_lines(&t.a, exported(t.in[0].l, &t.a, false), exported(branch.l, &t.a, false),
                      "both branches");
    ledger_removed(&branch);
    teams_removed(&t);
}

/* Another who merges the same while this one still looks at it. */
typedef struct meanwhile {
    const char *to, *from;
    bool done;
} meanwhile;

static bool merges_meanwhile(void *context) {
    meanwhile *m = context;
    if (m->done)
        return false;
    m->done = true;
    test_ledger to = {.l = ledger_reopened(m->to, LEDGER_WRITE)},
                from = {.l = ledger_reopened(m->from, LEDGER_READ)};
    failure f = {0};
    assert_false(merge_into(&to, &from).nothing);
    assert_int_equal(ledger_close(from.l, &f), STATUS_OK);
    assert_int_equal(ledger_close(to.l, &f), STATUS_OK);
    return false;
}

static void two_who_merge_at_once_take_it_once(void **state) {
    (void)state;
    test_random r = test_seeded("merged at once");
    two_teams t = teams_made(&r, false, false);
    meanwhile m = {t.in[0].path, t.in[1].path, false};
    ledger_options options = {.cancelled = merges_meanwhile, .context = &m};
    test_ledger from = {0};
    failure f = {0};
    assert_int_equal(ledger_open(t.in[1].path, LEDGER_READ, &options, &from.l, &f), STATUS_OK);
    assert_true(merge_into(&t.in[0], &from).nothing);
    assert_true(m.done);
    statement s = statement_of(
        t.in[0].l, "SELECT (SELECT count(*) FROM joined), count(*) FROM act WHERE kind = 'join'", &f);
    assert_true(statement_row(&s));
    assert_int_equal(take_number(&s, 0), 1);
    assert_int_equal(take_number(&s, 1), 1);
    assert_int_equal(statement_done(&s), STATUS_OK);
    assert_verified(&t.in[0], &t.in[1]);
    assert_int_equal(ledger_close(from.l, &f), STATUS_OK);
    teams_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_and_column_is_taken_along),
        cmocka_unit_test(a_copy_is_the_same),
        cmocka_unit_test(a_copy_goes_on_like_the_first),
        cmocka_unit_test(a_copy_goes_into_an_empty_ledger_only),
        cmocka_unit_test(a_copy_that_ends_early_leaves_nothing),
        cmocka_unit_test(a_number_that_moves_is_told),
        cmocka_unit_test(two_halves_make_the_whole),
        cmocka_unit_test(an_added_claim_is_redacted),
        cmocka_unit_test(the_others_log_is_checked),
        cmocka_unit_test(what_is_damaged_is_not_taken_in),
        cmocka_unit_test(two_branches_come_together),
        cmocka_unit_test(two_who_merge_at_once_take_it_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
