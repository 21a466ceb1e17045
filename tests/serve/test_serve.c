/* The parts of the server that need no network: targets of requests and the filters they name. */
#include <pthread.h>

#include "serve/filter.h"
#include "serve/hidden.h"
#include "serve/kept.h"
#include "serve/routes.h"
#include "test_support.h"

static bool parses(const char *raw, arena *a, target *out) {
    return target_parse(str_of(raw), a, out);
}

static void test_target_parts(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    target t;
    assert_true(parses("/documents/https%3A%2F%2Fa.example%2Fx?version=2&q=a+b%2Bc&empty=&bare", &a, &t));
    assert_int_equal(t.segments.size, 2);
    assert_str_equal(t.segments.at[1], STR("https://a.example/x"), "an escaped slash divides nothing");
    assert_str_equal(target_value(&t, STR("q")), STR("a b+c"), "plus is a space in a query");
    assert_str_equal(target_value(&t, STR("version")), STR("2"), "version");
    assert_int_equal(target_value(&t, STR("bare")).size, 0);
    assert_null(target_value(&t, STR("absent")).data);
    assert_true(parses("/", &a, &t));
    assert_int_equal(t.segments.size, 0);
    assert_true(parses("/incidents/", &a, &t));
    assert_int_equal(t.segments.size, 1);
    assert_true(parses("/a+b", &a, &t));
    assert_str_equal(t.segments.at[0], STR("a+b"), "plus is a plus in a path");
    arena_free(&a);
}

static void test_target_refusals(void **state) {
    (void)state;
    static const char *const refused[] = {
        "",    "incidents", "/../etc/passwd", "/a/../b", "/%2e%2e/b", "/a//b",   "/./a", "/%",
        "/%4", "/%zz",      "/a%00b",         "/a%0ab",  "/%ff",      "/?a=%c3", "//a",  "/1/2/3/4/5/6/7/8/9",
    };
    arena a = arena_new((allocator){0});
    target t;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (parses(refused[i], &a, &t))
            fail_msg("\"%s\" was taken for an address", refused[i]);
    }
    char *large = arena_alloc(&a, TARGET_MAX_BYTES + 2);
    memset(large, 'a', TARGET_MAX_BYTES + 1);
    large[0] = '/';
    assert_false(target_parse((str){large, TARGET_MAX_BYTES + 1}, &a, &t));
    assert_true(target_parse((str){large, TARGET_MAX_BYTES}, &a, &t));
    arena_free(&a);
}

static void test_numbers(void **state) {
    (void)state;
    uint64_t n = 7;
    assert_true(target_number(STR("0042"), 100, &n));
    assert_int_equal(n, 42);
    static const char *const refused[] = {"", "-1", "1.5", "101", "18446744073709551616", "1 ", "0x1"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(target_number(str_of(refused[i]), 100, &n));
    assert_int_equal(n, 42);
}

static void test_filter(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    target t;
    exchange x = {.target = &t, .a = &a};
    ledger_filter filter;
    assert_true(
        parses("/api/v1/incidents?text=a&from=2026-01-02&to=&country=SY&box=32,-35.5,37,42&event=air_strike"
               "&effect=injured&least=3&disputed=0&order=figure-down&limit=10&offset=20",
               &a, &t));
    assert_int_equal(api_filter(&x, NULL, &filter, NULL), STATUS_OK);
    assert_int_equal(filter.from, day_of(2026, 1, 2));
    assert_int_equal(filter.to, DAY_NONE);
    assert_true(filter.has_box && filter.west == -35.5 && filter.east == 42);
    assert_int_equal(filter.event, EVENT_AIR_STRIKE);
    assert_int_equal(filter.effects, 1 << EFFECT_INJURED);
    assert_int_equal(filter.disputed, 0);
    assert_int_equal(filter.order, ORDER_FIGURE_DOWN);
    assert_int_equal(filter.limit, 10);
    assert_int_equal(filter.offset, 20);
    assert_true(parses(
        "/api/v1/incidents?country=SY,IQ&event=air_strike,clash&status=new,settled&assignee=none&most=9"
        "&voices=2&voices_most=4&effect=killed,injured&disputed=date,count&outlet=a%5C%2C%20b",
        &a, &t));
    assert_int_equal(api_filter(&x, NULL, &filter, NULL), STATUS_OK);
    assert_int_equal(filter.effects, 1 << EFFECT_KILLED | 1 << EFFECT_INJURED);
    assert_int_equal(filter.choice_count, 5);
    assert_int_equal(filter.most, 9);
    assert_int_equal(filter.voices_least, 2);
    assert_int_equal(filter.voices_most, 4);
    arena_free(&a);
}

static void test_filter_refusals(void **state) {
    (void)state;
    static const char *const refused[] = {
        "/?unknown=1",      "/?limit=0",
        "/?limit=201",      "/?from=2026-13-01",
        "/?from=x",         "/?event=none",
        "/?box=1,2,3",      "/?box=nan,1,2,3",
        "/?order=up",       "/?disputed=2",
        "/?country=SYR",    "/?offset=x",
        "/?most=x",         "/?event=air_strike,none",
        "/?effect=killed,", "/?country=SY,",
        "/?zoom=3", /* which is the map's own */
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        target t;
        ledger_filter filter;
        failure f = {0};
        assert_true(parses(refused[i], &a, &t));
        exchange x = {.target = &t, .a = &a};
        if (api_filter(&x, NULL, &filter, &f) != STATUS_USAGE || !f.message[0] || x.code != 400)
            fail_msg("%s was taken for a filter", refused[i]);
        assert_str_equal(str_of(x.field), t.fields.at[t.fields.size - 1].name, "the field that was wrong");
    }
    arena_free(&a);
}

static void test_numbers_of_a_query(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        bool good;
        uint64_t number;
    } asked[] = {{"/", true, 50},
                 {"/?limit=", true, 50},
                 {"/?limit=1", true, 1},
                 {"/?limit=200", true, 200},
                 {"/?limit=1&limit=2", true, 2},
                 {"/?limit=0", false, 50},
                 {"/?limit=201", false, 50},
                 {"/?limit=-1", false, 50},
                 {"/?limit=0&limit=2", false, 50}};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        target t;
        exchange x = {.target = &t, .a = &a};
        uint64_t number = 50;
        failure f = {0};
        assert_true(parses(asked[i].raw, &a, &t));
        status s = exchange_number(&x, "limit", 1, 200, &number, &f);
        if ((s == STATUS_OK) != asked[i].good || number != asked[i].number)
            fail_msg("%s gave %d and %d", asked[i].raw, (int)s, (int)number);
        assert_string_equal(f.message, asked[i].good ? "" : "limit: expected a number from 1 to 200");
    }
    arena_free(&a);
}

/* ---- what no answer tells ---- */

static void test_where_files_lie_is_not_told(void **state) {
    (void)state;
    static const struct {
        const char *said, *told;
    } all[] = {
        {"no incident \"i-1\" in ledger /srv/isnad/raqqa.db", "no incident \"i-1\""},
        {"ledger /srv/isnad/raqqa.db: it is damaged (/srv/isnad/raqqa.db)", "ledger: it is damaged ()"},
        {"file of accounts /srv/isnad/raqqa.db.access: no room", "file of accounts: no room"},
        {"/srv/isnad/raqqa.db", ""},
        {"a claim db of raqqa.db", "a claim db of raqqa.db"},
        {"", ""},
    };
    arena a = arena_new((allocator){0});
    hidden_names h = {0};
    hide_name(&h, NULL);
    hide_name(&h, "db");
    hide_name(&h, "/srv/isnad/raqqa.db");
    hide_name(&h, "/srv/isnad/raqqa.db.access");
    assert_int_equal(h.count, 2);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_str_equal(without_names(&h, str_of(all[i].said), &a), str_of(all[i].told), all[i].said);
    failure f = {0};
    for (int words = 440; words < 500; words++) { /* cut somewhere within the name */
        fail(&f, STATUS_IO, "%0*d ledger /srv/isnad/raqqa.db", words, 0);
        str told = without_names(&h, str_of(f.message), &a);
        assert_int_equal(str_find(told, STR("/"), 0), SIZE_MAX);
    }
    hidden_free(&h);
    arena_free(&a);
}

/* ---- the description of the API ---- */

static const char *method_key(http_method method) {
    static const char *const names[] = {
        [HTTP_GET] = "get", [HTTP_POST] = "post", [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete"};
    return names[method];
}

static const char *role_key(access_role role) {
    static const char *const names[] = {"none", "public", "reader", "reviewer", "admin"};
    return names[role];
}

static const route *route_of(const char *path, const char *method) {
    for (size_t area = 0; area < route_area_count; area++) {
        for (const route *r = route_areas[area]; r->path; r++) {
            if (strcmp(r->path, path) == 0 && strcmp(method_key(r->method), method) == 0)
                return r;
        }
    }
    return NULL;
}

static void test_every_route_is_described(void **state) {
    (void)state;
    json_t *whole = json_loadb(openapi_text.data, openapi_text.size, 0, NULL);
    assert_non_null(whole);
    const json_t *paths = json_object_get(whole, "paths");
    for (size_t area = 0; area < route_area_count; area++) {
        for (const route *r = route_areas[area]; r->path; r++) {
            char path[128];
            snprintf(path, sizeof path, "/%s", r->path);
            const json_t *operation = json_object_get(json_object_get(paths, path), method_key(r->method));
            const char *role = json_string_value(json_object_get(operation, "x-role"));
            if (!operation)
                fail_msg("%s %s is not described in src/serve/openapi", method_key(r->method), path);
            if (!role || strcmp(role, role_key(r->least)) != 0)
                fail_msg("%s %s: x-role is %s, the route's is %s", method_key(r->method), path,
                         role ? role : "missing", role_key(r->least));
        }
    }
    json_decref(whole);
}

static void test_everything_described_is_a_route(void **state) {
    (void)state;
    json_t *whole = json_loadb(openapi_text.data, openapi_text.size, 0, NULL), *operations, *operation;
    const char *path, *method;
    json_object_foreach(json_object_get(whole, "paths"), path, operations) {
        json_object_foreach(operations, method, operation) {
            if (!route_of(path + 1, method))
                fail_msg("%s %s is described, and no route", method, path);
        }
    }
    json_decref(whole);
}

/* ---- the table of routes ---- */

static const route *find(const char *raw, http_method method, exchange *x, const char **allow) {
    target *t = ARENA_NEW(x->a, target, 1);
    assert_true(parses(raw, x->a, t));
    return route_find(t, method, x, allow);
}

static void test_routes_are_found(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    exchange x = {.a = &a};
    const char *allow;
    const route *r = find("/api/v1/incidents/i-%2F1", HTTP_GET, &x, &allow);
    assert_non_null(r);
    assert_string_equal(r->path, "incidents/{id}");
    assert_str_equal(x.id, STR("i-/1"), "decoded");
    assert_null(find("/api/v1/incidents/i-1", HTTP_DELETE, &x, &allow));
    assert_string_equal(allow, "GET, HEAD, OPTIONS");
    assert_null(find("/api/v1/incidents/a/b/c/d", HTTP_GET, &x, &allow));
    assert_null(allow);
    assert_null(find("/api/v1/acts/undo", HTTP_GET, &x, &allow));
    assert_string_equal(allow, "POST, OPTIONS");
    arena_free(&a);
}

/* ---- answers that are kept ---- */

static bool kept_is(kept *k, const char *key, const char *body) {
    buffer out = {0};
    unsigned note = 0;
    bool taken = kept_take(k, str_of(key), &out, &note);
    if (!taken)
        kept_drop(k, str_of(key));
    assert_true(!taken || (note == 7 && str_equal(buffer_str(&out), str_of(body))));
    buffer_free(&out);
    return taken;
}

static void keep(kept *k, const char *key, const char *body) {
    buffer out = {0};
    unsigned note;
    if (!kept_take(k, str_of(key), &out, &note))
        kept_give(k, str_of(key), str_of(body), 7);
    buffer_free(&out);
}

static void test_the_oldest_answers_go(void **state) {
    (void)state;
    kept *k = kept_new(4000);
    kept_state s;
    char key[32], body[201];
    memset(body, 'x', 200);
    body[200] = '\0';
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "answer %d", i);
        keep(k, key, body);
        assert_true(kept_is(k, "answer 0", body)); /* asked for time and again */
    }
    assert_true(kept_is(k, "answer 99", body));
    assert_false(kept_is(k, "answer 1", body));
    kept_tell(k, &s);
    assert_true(s.bytes <= 4000 && s.answers >= 5 && s.answers < 20);
    char large[1001];
    memset(large, 'y', 1000);
    large[1000] = '\0';
    keep(k, "large", large); /* would push out too many others */
    assert_false(kept_is(k, "large", large));
    kept_free(k);
}

typedef struct asker {
    kept *k;
    pthread_t thread;
    bool taken;
} asker;

static void *ask_for_it(void *context) {
    asker *a = context;
    buffer out = {0};
    unsigned note;
    a->taken = kept_take(a->k, STR("slow"), &out, &note);
    if (!a->taken)
        kept_give(a->k, STR("slow"), STR("done"), 0);
    buffer_free(&out);
    return NULL;
}

/* Of many who ask the same one works it out; where that comes to nothing, another one. */
static void test_equal_questions_are_worked_out_once(void **state) {
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        kept *k = kept_new(4000);
        asker askers[8];
        buffer out = {0};
        unsigned note, worked = 0;
        kept_state s;
        assert_false(kept_take(k, STR("slow"), &out, &note));
        for (size_t i = 0; i < 8; i++) {
            askers[i] = (asker){.k = k};
            assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_for_it, &askers[i]), 0);
        }
        if (fails)
            kept_drop(k, STR("slow"));
        else
            kept_give(k, STR("slow"), STR("done"), 0);
        for (size_t i = 0; i < 8; i++) {
            pthread_join(askers[i].thread, NULL);
            worked += !askers[i].taken;
        }
        assert_int_equal(worked, fails);
        kept_tell(k, &s);
        assert_int_equal(s.given, 1);
        kept_free(k);
        buffer_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_target_parts),
        cmocka_unit_test(test_target_refusals),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_the_oldest_answers_go),
        cmocka_unit_test(test_equal_questions_are_worked_out_once),
        cmocka_unit_test(test_filter_refusals),
        cmocka_unit_test(test_numbers_of_a_query),
        cmocka_unit_test(test_where_files_lie_is_not_told),
        cmocka_unit_test(test_every_route_is_described),
        cmocka_unit_test(test_everything_described_is_a_route),
        cmocka_unit_test(test_routes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
