/* What lists are told from in memory, beside what SQL says of the same questions: pages, counts, timelines
 * and maps over random ledgers (ISNAD_SEED), while they change. */
#include "ledger_support.h"

#include <jansson.h>
#include <stdlib.h>

#include "ledger/board.h"
#include "ledger_news.h"

typedef struct ids {
    VECTOR(str) at;
    arena *a;
} ids;

static str id_of(str json) {
    size_t at = str_find(json, STR("\"i-"), 0);
    return at == SIZE_MAX ? STR_NONE : str_slice(json, at + 1, at + 35);
}

static bool keep_id(void *context, str json) {
    ids *k = context;
    *VECTOR_PUSH(&k->at, k->a) = arena_copy(k->a, id_of(json));
    return true;
}

static void add_news(ledger *l, news *n, uint64_t until) {
    failure f = {0};
    arena a = arena_new((allocator){0});
    news_documents list;
    while (n->told < until && news_next(n, &a, &list)) {
        for (size_t i = 0; i < list.size; i++)
            if (ledger_add(l, NULL, &list.at[i]->reading, STR_NONE, NULL, &f) != STATUS_OK)
                fail_msg("%s", f.message);
        arena_reset(&a);
    }
    arena_free(&a);
    link_ledger(l);
}

static void review(ledger *l, const char *kind, str id, const char *value) {
    failure f = {0};
    str said = str_of(value);
    ledger_act act = {.kind = str_of(kind),
                      .who = STR("Rima"),
                      .ids = &id,
                      .id_count = 1,
                      .values = &said,
                      .value_count = value ? 1 : 0};
    if (ledger_review(l, &act, NULL, &f) != STATUS_OK)
        fail_msg("%s: %s", kind, f.message);
}

/* A ledger of so many invented incidents, some of them looked at. */
static test_ledger newsy(uint64_t seed, uint64_t incidents, news *n) {
    test_ledger t = ledger_made(NULL);
    *n = (news){.seed = seed, .incidents = 100000};
    add_news(t.l, n, incidents);
    ids k = {.a = &t.a};
    failure f = {0};
    ledger_filter all = ledger_filter_all();
    assert_int_equal(ledger_query(t.l, LEDGER_SUMMARIES, &all, keep_id, &k, &f), STATUS_OK);
    for (size_t i = 0; i + 5 < k.at.size && i < 60; i += 6) {
        review(t.l, "grade", k.at.at[i], i % 12 ? "fair" : "weak");
        review(t.l, "assign", k.at.at[i + 1], "Samir, of the desk");
        review(t.l, "settle", k.at.at[i + 2], NULL);
        review(t.l, "comment", k.at.at[i + 3], "see the second page");
    }
    return t;
}

/* ---- questions ---- */

static bool one_in(test_random *r, size_t n) {
    return random_below(r, n) == 0;
}

static void choose(ledger_filter *f, const char *name, const char *value) {
    if (f->choice_count == FILTER_CHOICES)
        return;
    f->choices[f->choice_count].name = name;
    f->choices[f->choice_count++].value = str_of(value);
}

static const char *const texts[] = {
    "country:SY",
    "killed>=3",
    "killed<5 injured>0",
    "voices>=2",
    "disagree:count,date",
    "status:new",
    "kind:medical,local",
    "stance:denies,hedges",
    "verdict:none",
    "near:34,38,900",
    "figure<10",
    "event:air_strike",
    "language:ar",
    "sensitive:no",
    "grade:none",
    "assigned:none",
    "effect:killed,injured",
    "from:2012 to:2018",
    "disagree:no",
    "figure>=0 voices<4",
    "outlet:\"a, b\"",
};

static ledger_filter drawn(test_random *r, arena *a, bool words) {
    ledger_filter f = ledger_filter_all();
    uint64_t state = random_next(r);
    f.order = (ledger_order)random_below(r, 4);
    if (words && one_in(r, 2))
        f.text = news_word(a, news_rank(&state, 400));
    if (one_in(r, 3))
        f.text =
            arena_printf(a, "%.*s %s", STR_ARG(f.text), texts[random_below(r, sizeof texts / sizeof *texts)]);
    if (one_in(r, 4)) {
        f.from = news_first_day() + (day)random_below(r, 60);
        f.to = one_in(r, 3) ? DAY_NONE : f.from + (day)random_below(r, 20);
    }
    if (one_in(r, 4))
        f.country = one_in(r, 2) ? STR("sy") : STR("SY,YE,IQ");
    if (one_in(r, 4))
        f.effects = 1 + (unsigned)random_below(r, 7);
    if (one_in(r, 4))
        f.least = (int64_t)random_below(r, 6);
    if (one_in(r, 5))
        f.most = (int64_t)random_below(r, 30);
    if (one_in(r, 5))
        f.voices_least = (int64_t)random_below(r, 4);
    if (one_in(r, 6))
        f.voices_most = (int64_t)random_below(r, 5);
    if (one_in(r, 6))
        f.disputed = (int)random_below(r, 2);
    if (one_in(r, 6))
        f.language = one_in(r, 2) ? STR("en") : STR("ar,en");
    if (one_in(r, 6))
        choose(&f, "status", one_in(r, 2) ? "new,settled" : "in-review");
    if (one_in(r, 8))
        choose(&f, "grade", one_in(r, 2) ? "fair,none" : "any");
    if (one_in(r, 8))
        choose(&f, "assigned", one_in(r, 2) ? "Samir\\, of the desk" : "none");
    if (one_in(r, 6))
        choose(&f, "event", one_in(r, 2) ? "air_strike,shelling,clash" : "explosive");
    if (one_in(r, 10)) {
        f.has_box = true;
        f.south = 10, f.north = 30 + (double)random_below(r, 10);
        f.west = 30, f.east = 35 + (double)random_below(r, 20);
    }
    return f;
}

static void same_list(const ids *got, const ids *want, const ledger_filter *f) {
    if (got->at.size != want->at.size)
        fail_msg("%zu rows, not %zu: order %d, text %.*s", got->at.size, want->at.size, f->order,
                 STR_ARG(f->text));
    for (size_t i = 0; i < got->at.size; i++)
        if (!str_equal(got->at.at[i], want->at.at[i]))
            fail_msg("row %zu of %zu: order %d, text %.*s", i, got->at.size, f->order, STR_ARG(f->text));
}

/* All pages, one after another. */
static void walk(ledger *l, ledger_filter filter, uint64_t limit, ids *out, uint64_t *total) {
    failure f = {0};
    filter.limit = limit;
    for (;;) {
        ledger_paged page;
        size_t before = out->at.size;
        if (ledger_page(l, &filter, keep_id, out, out->a, &page, &f) != STATUS_OK)
            fail_msg("%s", f.message);
        *total = page.total;
        assert_true(out->at.size - before <= limit);
        if (!page.next.data)
            return;
        assert_int_equal(out->at.size - before, limit);
        filter.after = page.next;
    }
}

static void pages_are_those_of_sql(void **state) {
    (void)state;
    test_random r = test_seeded("board");
    news n;
    test_ledger t = newsy(random_below(&r, 1000), 160, &n);
    failure f = {0};
    for (int i = 0; i < 150; i++) {
        arena a = arena_new((allocator){0});
        ledger_filter filter = drawn(&r, &a, true);
        ids want = {.a = &a}, got = {.a = &a};
        uint64_t total = 0, count = 0;
        if (ledger_query(t.l, LEDGER_SUMMARIES, &filter, keep_id, &want, &f) != STATUS_OK)
            fail_msg("%s", f.message);
        walk(t.l, filter, 1 + random_below(&r, 40), &got, &total);
        same_list(&got, &want, &filter);
        assert_int_equal(ledger_count(t.l, &filter, 0, &count, &f), STATUS_OK);
        assert_int_equal(total, count);
        assert_int_equal(count, want.at.size);
        arena_free(&a);
    }
    ledger_removed(&t);
}

static bool keep_row(void *context, str json) {
    ids *k = context;
    *VECTOR_PUSH(&k->at, k->a) = arena_copy(k->a, json);
    return true;
}

/* Documents, and what a search finds: page by page what they are at once. */
static void documents_are_paged(void **state) {
    (void)state;
    news n;
    test_ledger t = newsy(21, 50, &n);
    failure f = {0};
    for (int i = 0; i < 4; i++) {
        ledger_filter filter = ledger_filter_all();
        ids want = {.a = &t.a}, got = {.a = &t.a}, found = {.a = &t.a}, searched = {.a = &t.a};
        filter.order = i % 2 ? ORDER_DATE : ORDER_DATE_DOWN;
        if (i >= 2)
            filter.text = news_word(&t.a, 4);
        assert_int_equal(ledger_query(t.l, LEDGER_DOCUMENTS, &filter, keep_row, &want, &f), STATUS_OK);
        filter.limit = 7;
        do {
            str next;
            if (ledger_documents(t.l, &filter, keep_row, &got, &t.a, &next, &f) != STATUS_OK)
                fail_msg("%s", f.message);
            filter.after = next;
        } while (filter.after.data);
        same_list(&got, &want, &filter);
        if (i < 2)
            continue;
        assert_int_equal(ledger_search(t.l, filter.text, 0, 0, keep_row, &found, &f), STATUS_OK);
        do {
            str next;
            if (ledger_search_page(t.l, &filter, keep_row, &searched, &t.a, &next, &f) != STATUS_OK)
                fail_msg("%s", f.message);
            filter.after = next;
        } while (filter.after.data);
        same_list(&searched, &found, &filter);
    }
    ledger_removed(&t);
}

/* ---- counts ---- */

static uint64_t counted(ledger *l, const ledger_filter *filter) {
    uint64_t n = 0;
    failure f = {0};
    if (ledger_count(l, filter, 0, &n, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return n;
}

static void without(ledger_filter *f, const char *name) {
    size_t kept = 0;
    for (size_t i = 0; i < f->choice_count; i++)
        if (strcmp(f->choices[i].name, name) != 0)
            f->choices[kept++] = f->choices[i];
    f->choice_count = kept;
}

static str escaped(arena *a, const char *value) {
    buffer b = {0};
    for (const char *c = value; *c; c++) {
        if (*c == ',' || *c == '\\')
            buffer_add_byte(&b, '\\');
        buffer_add_byte(&b, *c);
    }
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* The filter with this value for the only choice of its list. */
static ledger_filter with_value(arena *a, ledger_filter f, const char *list, const json_t *one) {
    const char *value = json_string_value(json_object_get(one, "value"));
    const json_t *from = json_object_get(one, "from"), *to = json_object_get(one, "to");
    static const struct {
        const char *list, *choice;
    } plain[] = {{"countries", "country"},    {"admin1", "admin1"},      {"places", "site"},
                 {"events", "event"},         {"statuses", "status"},    {"grades", "grade"},
                 {"assignees", "assigned"},   {"languages", "language"}, {"outlets", "outlet"},
                 {"disagreement", "disagree"}};
    if (!strcmp(list, "years") || !strcmp(list, "months")) {
        assert_true(days_asked(str_of(value), &f.from, &f.to));
        return f;
    }
    if (!strcmp(list, "effects"))
        for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++)
            if (!strcmp(value, effect_name((effect)e)))
                f.effects = 1u << e;
    if (!strcmp(list, "figures")) {
        f.least = json_integer_value(from);
        f.most = json_is_null(to) ? NONE : json_integer_value(to);
    }
    if (!strcmp(list, "voices")) {
        f.voices_least = json_integer_value(from);
        f.voices_most = json_is_null(to) ? NONE : json_integer_value(to);
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(list, plain[i].list) != 0)
            continue;
        without(&f, plain[i].choice);
        if (!strcmp(list, "countries"))
            f.country = STR_NONE;
        if (!strcmp(list, "countries") || !strcmp(list, "admin1")) {
            without(&f, "admin1");
            without(&f, "site");
        }
        if (!strcmp(list, "languages"))
            f.language = STR_NONE;
        if (!strcmp(list, "disagreement"))
            f.disputed = NONE;
        f.choices[f.choice_count].name = plain[i].choice;
        f.choices[f.choice_count++].value = escaped(a, value);
    }
    return f;
}

static json_t *parsed(str json) {
    json_error_t e;
    json_t *o = json_loadb(json.data, json.size, 0, &e);
    if (!o)
        fail_msg("%s: %.*s", e.text, STR_ARG(json));
    return o;
}

static void each_count_is_what_the_list_gives(void **state) {
    (void)state;
    static const char *const lists[] = {"countries", "admin1", "places",    "events",    "effects",
                                        "years",     "months", "figures",   "voices",    "disagreement",
                                        "statuses",  "grades", "assignees", "languages", "outlets"};
    test_random r = test_seeded("board");
    news n;
    test_ledger t = newsy(random_below(&r, 1000), 120, &n);
    failure f = {0};
    for (int i = 0; i < 12; i++) {
        arena a = arena_new((allocator){0});
        ledger_filter filter = i == 0 ? ledger_filter_all() : drawn(&r, &a, i % 3 == 0);
        str json = STR_NONE;
        if (ledger_facets(t.l, &filter, &a, &json, &f) != STATUS_OK)
            fail_msg("%s", f.message);
        json_t *facets = parsed(json), *one;
        assert_int_equal(json_integer_value(json_object_get(facets, "total")), counted(t.l, &filter));
        for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
            size_t at;
            json_t *list = json_object_get(facets, lists[k]);
            assert_true(json_is_array(list));
            json_array_foreach(list, at, one) {
                if (at >= 12 && i)
                    break;
                ledger_filter by = with_value(&a, filter, lists[k], one);
                if ((int64_t)counted(t.l, &by) != json_integer_value(json_object_get(one, "count")))
                    fail_msg("%s: %s counts %lld, the list gives %llu (question %d, text %.*s)", lists[k],
                             json_string_value(json_object_get(one, "value")),
                             (long long)json_integer_value(json_object_get(one, "count")),
                             (unsigned long long)counted(t.l, &by), i, STR_ARG(filter.text));
            }
        }
        json_decref(facets);
        arena_free(&a);
    }
    ledger_removed(&t);
}

static int64_t sum_of(const json_t *list, const char *name) {
    size_t i;
    json_t *one;
    int64_t sum = 0;
    json_array_foreach(list, i, one) sum += json_integer_value(json_object_get(one, name));
    return sum;
}

/* What is told by when and where adds up to what there is; each part is what a list of it gives. */
static void timeline_and_map_add_up(void **state) {
    (void)state;
    test_random r = test_seeded("board");
    news n;
    test_ledger t = newsy(random_below(&r, 1000), 150, &n);
    failure f = {0};
    for (int i = 0; i < 40; i++) {
        arena a = arena_new((allocator){0});
        ledger_filter filter = i == 0 ? ledger_filter_all() : drawn(&r, &a, i % 3 == 0);
        str json = STR_NONE;
        int64_t count = (int64_t)counted(t.l, &filter);
        assert_int_equal(ledger_timeline(t.l, &filter, &a, &json, &f), STATUS_OK);
        json_t *o = parsed(json);
        assert_int_equal(json_integer_value(json_object_get(o, "total")), count);
        assert_int_equal(sum_of(json_object_get(o, "buckets"), "incidents") +
                             json_integer_value(json_object_get(o, "undated")),
                         count);
        json_decref(o);
        assert_int_equal(ledger_map(t.l, &filter, (unsigned)random_below(&r, 14), &a, &json, &f), STATUS_OK);
        o = parsed(json);
        json_t *places = json_object_get(o, "places"), *one;
        size_t at;
        assert_int_equal(
            sum_of(places, "incidents") + json_integer_value(json_object_get(o, "without_place")), count);
        assert_true(json_array_size(places) <= 2000);
        json_array_foreach(places, at, one) {
            bool alone = json_integer_value(json_object_get(one, "incidents")) == 1;
            assert_int_equal(alone, json_is_string(json_object_get(one, "incident")));
            assert_true(json_number_value(json_object_get(one, "radius_km")) >= 0);
        }
        json_decref(o);
        arena_free(&a);
    }
    ledger_removed(&t);
}

/* ---- while it changes ---- */

static size_t times(const ids *in, str id) {
    size_t n = 0;
    for (size_t i = 0; i < in->at.size; i++)
        n += str_equal(in->at.at[i], id);
    return n;
}

/* Pages are turned while another handle adds, links and reviews: whatever stays comes exactly once. */
static void pages_stay_in_step_while_rows_come(void **state) {
    (void)state;
    for (int order = ORDER_DATE; order <= ORDER_VOICES_DOWN; order++) {
        news n;
        test_ledger t = newsy(7, 60, &n);
        failure f = {0};
        ledger_board *board = ledger_board_new();
        ledger_options o = {.board = board};
        ledger *reader;
        assert_int_equal(ledger_open(t.path, LEDGER_READ, &o, &reader, &f), STATUS_OK);
        ledger_filter filter = ledger_filter_all();
        filter.order = (ledger_order)order;
        ids before = {.a = &t.a}, after = {.a = &t.a}, seen = {.a = &t.a};
        assert_int_equal(ledger_query(t.l, LEDGER_SUMMARIES, &filter, keep_id, &before, &f), STATUS_OK);
        str rows_before = rows_of(t.l, LEDGER_SUMMARIES, &filter, &t.a);
        filter.limit = 9;
        for (int page_number = 0;; page_number++) {
            ledger_paged page;
            if (ledger_page(reader, &filter, keep_id, &seen, &t.a, &page, &f) != STATUS_OK)
                fail_msg("%s", f.message);
            filter.after = page.next;
            if (!page.next.data)
                break;
            if (page_number < 4)
                add_news(t.l, &n, n.told + 8);
        }
        filter.limit = 0;
        filter.after = STR_NONE;
        assert_int_equal(ledger_query(t.l, LEDGER_SUMMARIES, &filter, keep_id, &after, &f), STATUS_OK);
        str rows_after = rows_of(t.l, LEDGER_SUMMARIES, &filter, &t.a), *was;
        size_t lines = lines_of(&t.a, rows_before, &was), stayed = 0;
        for (size_t i = 0; i < lines; i++)
            if (str_find(rows_after, was[i], 0) != SIZE_MAX) { /* it is as it was */
                stayed++;
                if (times(&seen, id_of(was[i])) != 1)
                    fail_msg("order %d: %.*s came %zu times", order, STR_ARG(id_of(was[i])),
                             times(&seen, id_of(was[i])));
            }
        assert_true(stayed > 20);
        ledger_board_state s;
        ledger_board_tell(board, &s);
        assert_int_equal(s.incidents, after.at.size);
        assert_int_equal(s.read_whole, 1);
        assert_true(s.followed >= 4);
        assert_int_equal(ledger_close(reader, &f), STATUS_OK);
        ledger_board_free(board);
        ledger_removed(&t);
    }
}

/* After any changes a board that followed is as one that reads all anew. */
static void following_is_as_good_as_reading(void **state) {
    (void)state;
    test_random r = test_seeded("board");
    news n;
    test_ledger t = newsy(random_below(&r, 1000), 80, &n);
    failure f = {0};
    for (int round = 0; round < 8; round++) {
        arena a = arena_new((allocator){0});
        ids k = {.a = &a};
        ledger_filter all = ledger_filter_all();
        str json, anew;
        ledger *fresh = ledger_reopened(t.path, LEDGER_READ);
        assert_int_equal(ledger_facets(t.l, &all, &a, &json, &f), STATUS_OK);
        assert_int_equal(ledger_facets(fresh, &all, &a, &anew, &f), STATUS_OK);
        json_t *one = parsed(json), *other = parsed(anew);
        static const char *const lists[] = {"total",  "years",    "months",      "figures",
                                            "voices", "statuses", "disagreement"};
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            assert_true(json_equal(json_object_get(one, lists[i]), json_object_get(other, lists[i])));
        json_decref(one);
        json_decref(other);
        ids x = {.a = &a}, y = {.a = &a};
        uint64_t total;
        walk(t.l, all, 11, &x, &total);
        walk(fresh, all, 13, &y, &total);
        same_list(&x, &y, &all);
        assert_int_equal(ledger_close(fresh, &f), STATUS_OK);
        assert_int_equal(ledger_query(t.l, LEDGER_SUMMARIES, &all, keep_id, &k, &f), STATUS_OK);
        str id = k.at.at[random_below(&r, k.at.size)];
        review(t.l, round % 2 ? "settle" : "assign", id, round % 2 ? NULL : "Huda");
        if (round % 3 == 0)
            add_news(t.l, &n, n.told + 5);
        arena_free(&a);
    }
    ledger_removed(&t);
}

/* ---- cursors ---- */

static status next_page(ledger *l, const ledger_filter *filter, arena *a) {
    failure f = {0};
    ledger_paged page;
    ids k = {.a = a};
    return ledger_page(l, filter, keep_id, &k, a, &page, &f);
}

static void a_forged_cursor_is_none(void **state) {
    (void)state;
    news n;
    test_ledger t = newsy(3, 30, &n);
    failure f = {0};
    ledger_filter filter = ledger_filter_all();
    ids k = {.a = &t.a};
    ledger_paged page;
    filter.limit = 5;
    assert_int_equal(ledger_page(t.l, &filter, keep_id, &k, &t.a, &page, &f), STATUS_OK);
    assert_non_null(page.next.data);
    filter.after = page.next;
    assert_int_equal(next_page(t.l, &filter, &t.a), STATUS_OK);
    for (size_t i = 0; i < page.next.size; i++) {
        char *text = arena_cstring(&t.a, page.next);
        text[i] = text[i] == '0' ? '1' : '0';
        filter.after = str_of(text);
        assert_int_equal(next_page(t.l, &filter, &t.a), STATUS_USAGE);
        filter.after = str_slice(page.next, 0, i);
        assert_int_equal(next_page(t.l, &filter, &t.a), i ? STATUS_USAGE : STATUS_OK);
    }
    filter.after = page.next;
    filter.order = ORDER_FIGURE_DOWN;
    assert_int_equal(next_page(t.l, &filter, &t.a), STATUS_USAGE);
    filter.order = ORDER_DATE;
    filter.country = STR("SY");
    assert_int_equal(next_page(t.l, &filter, &t.a), STATUS_USAGE);
    ledger_removed(&t);
}

/* A server that has read nothing yet tells the first page of all by the index alone: the same page. */
static void the_first_page_needs_no_board(void **state) {
    (void)state;
    news n;
    test_ledger t = newsy(11, 120, &n);
    failure f = {0};
    for (int i = 0; i < 4; i++) {
        ledger_board *boards[2] = {ledger_board_new(), ledger_board_new()};
        str rows[2] = {STR(""), STR("")};
        ledger_paged page[2];
        ledger_board_tend(boards[0]);
        for (int k = 0; k < 2; k++) {
            ledger_options o = {.board = boards[k]};
            ledger *l;
            assert_int_equal(ledger_open(t.path, LEDGER_READ, &o, &l, &f), STATUS_OK);
            ledger_hide_sensitive(l, i >= 2);
            ledger_filter filter = ledger_filter_all();
            filter.order = i % 2 ? ORDER_DATE : ORDER_DATE_DOWN;
            filter.limit = 20;
            ids seen = {.a = &t.a};
            assert_int_equal(ledger_page(l, &filter, keep_id, &seen, &t.a, &page[k], &f), STATUS_OK);
            assert_int_equal(seen.at.size, 20);
            assert_int_equal(ledger_board_stands(boards[k]), k);
            for (size_t j = 0; j < seen.at.size; j++)
                rows[k] = arena_printf(&t.a, "%.*s%.*s\n", STR_ARG(rows[k]), STR_ARG(seen.at.at[j]));
            /* One that reaches to the end, and one that is narrowed, wait for the board. */
            filter.limit = 100000;
            assert_int_equal(ledger_page(l, &filter, keep_id, &seen, &t.a, &page[k], &f), STATUS_OK);
            assert_true(ledger_board_stands(boards[k]));
            filter.limit = 20;
            assert_int_equal(ledger_page(l, &filter, keep_id, &seen, &t.a, &page[k], &f), STATUS_OK);
            assert_int_equal(ledger_close(l, &f), STATUS_OK);
        }
        assert_true(str_equal(rows[0], rows[1]));
        assert_int_equal(page[0].total, page[1].total);
        assert_true(str_equal(page[0].next, page[1].next));
        for (int k = 0; k < 2; k++)
            ledger_board_free(boards[k]);
    }
    ledger_removed(&t);
}

/* ---- how much is done ---- */

/* Where somebody reads all for the others, these do not: they are told from what stood before. */
static void who_asks_reads_nothing_whole(void **state) {
    (void)state;
    news n;
    test_ledger t = newsy(13, 60, &n);
    failure f = {0};
    ledger_board *board = ledger_board_new();
    ledger_options o = {.board = board};
    ledger *l;
    ledger_board_state s;
    str before, after;
    ledger_filter filter = ledger_filter_all();
    assert_int_equal(ledger_open(t.path, LEDGER_READ, &o, &l, &f), STATUS_OK);
    ledger_board_tend(board);
    assert_int_equal(ledger_facets(l, &filter, &t.a, &before, &f), STATUS_OK);
    assert_int_equal(ledger_board_turned(board), 1);
    /* Too much went to take it over row by row. */
    add_news(t.l, &n, n.told + 40);
    raw_sql(t.l, "UPDATE incident_gone SET number = number + 100000");
    assert_int_equal(ledger_facets(l, &filter, &t.a, &after, &f), STATUS_OK);
    assert_true(str_equal(before, after));
    assert_int_equal(ledger_board_turned(board), 1);
    assert_int_equal(ledger_follow(l, &f), STATUS_OK);
    assert_int_equal(ledger_board_turned(board), 2);
    assert_int_equal(ledger_facets(l, &filter, &t.a, &after, &f), STATUS_OK);
    assert_false(str_equal(before, after));
    ledger_board_tell(board, &s);
    assert_int_equal(s.read_whole, 2);
    assert_int_equal(ledger_close(l, &f), STATUS_OK);
    ledger_board_free(board);
    ledger_removed(&t);
}

static void little_is_done_twice(void **state) {
    (void)state;
    news n;
    test_ledger t = newsy(5, 100, &n);
    failure f = {0};
    ledger_board *board = ledger_board_new();
    ledger_options o = {.board = board};
    ledger *l[2];
    ledger_board_state s, before;
    for (int i = 0; i < 2; i++)
        assert_int_equal(ledger_open(t.path, LEDGER_READ, &o, &l[i], &f), STATUS_OK);
    ledger_filter filter = ledger_filter_all();
    filter.text = news_word(&t.a, 3);
    filter.limit = 10;
    str json;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(next_page(l[i % 2], &filter, &t.a), STATUS_OK);
        assert_int_equal(ledger_map(l[i % 2], &filter, 4, &t.a, &json, &f), STATUS_OK);
    }
    ledger_board_tell(board, &s);
    assert_int_equal(s.read_whole, 1);
    assert_int_equal(s.asked, 40);
    assert_int_equal(s.looked_up, 1);
    assert_true(s.walked <= 40 * (s.incidents + 1) + 20 * s.incidents);
    /* Documents that come in and are not linked yet change nothing of it. */
    arena a = arena_new((allocator){0});
    news_documents list;
    assert_true(news_next(&n, &a, &list));
    assert_int_equal(ledger_add(t.l, NULL, &list.at[0]->reading, STR_NONE, NULL, &f), STATUS_OK);
    assert_int_equal(ledger_commit(t.l, &f), STATUS_OK);
    assert_int_equal(next_page(l[0], &filter, &t.a), STATUS_OK);
    before = s;
    ledger_board_tell(board, &s);
    assert_int_equal(s.looked_up, before.looked_up);
    assert_int_equal(s.followed, 0);
    arena_free(&a);
    for (int i = 0; i < 2; i++)
        assert_int_equal(ledger_close(l[i], &f), STATUS_OK);
    ledger_board_free(board);
    ledger_removed(&t);
}

/* Words are marked in code points of the stretch, and are those asked for. */
static bool check_snippet(void *context, str json) {
    json_t *o = parsed(json), *marks = json_object_get(json_object_get(o, "snippet"), "marks");
    assert_true(json_array_size(marks) > 0);
    assert_true(json_is_array(json_object_get(o, "disagree_on")));
    assert_non_null(json_object_get(o, "figure"));
    *(size_t *)context += 1;
    json_decref(o);
    return true;
}

static void a_list_shows_where_the_words_stand(void **state) {
    (void)state;
    news n;
    test_ledger t = newsy(11, 40, &n);
    failure f = {0};
    size_t rows = 0;
    ledger_paged page;
    ledger_filter filter = ledger_filter_all();
    filter.text = news_word(&t.a, 2);
    assert_int_equal(ledger_page(t.l, &filter, check_snippet, &rows, &t.a, &page, &f), STATUS_OK);
    assert_true(rows > 5);
    assert_int_equal(rows, page.total);
    ledger_removed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_those_of_sql),
        cmocka_unit_test(documents_are_paged),
        cmocka_unit_test(each_count_is_what_the_list_gives),
        cmocka_unit_test(timeline_and_map_add_up),
        cmocka_unit_test(pages_stay_in_step_while_rows_come),
        cmocka_unit_test(the_first_page_needs_no_board),
        cmocka_unit_test(who_asks_reads_nothing_whole),
        cmocka_unit_test(following_is_as_good_as_reading),
        cmocka_unit_test(a_forged_cursor_is_none),
        cmocka_unit_test(little_is_done_twice),
        cmocka_unit_test(a_list_shows_where_the_words_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
