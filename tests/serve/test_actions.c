/* What stands behind acts, imports and archived pages, without a network: the server's own store, pages made
 * inert, addresses that are public, a program run as a child. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "intake/public.h"
#include "page/html.h"
#include "serve/child.h"
#include "serve/docket.h"
#include "serve/inert.h"
#include "test_support.h"

/* ---- the server's own store ---- */

typedef struct store {
    char path[64];
    docket *docket;
    arena a;
    failure f;
} store;

static void open_store(store *s) {
    assert_int_equal(docket_open(s->path, &s->docket, &s->f), STATUS_OK);
}

static store new_store(void) {
    store s = {.a = arena_new((allocator){0})};
    snprintf(s.path, sizeof s.path, "/tmp/isnad-docket-XXXXXX");
    int file = mkstemp(s.path);
    assert_true(file >= 0);
    close(file);
    open_store(&s);
    return s;
}

static void end_store(store *s) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    docket_close(s->docket);
    for (size_t i = 0; i < 3; i++)
        unlink(arena_cstring(&s->a, arena_printf(&s->a, "%s%s", s->path, endings[i])));
    arena_free(&s->a);
}

static docket_request begin(store *s, const char *name, const char *digest, uint64_t after) {
    docket_request out;
    assert_int_equal(docket_begin(s->docket, str_of(name), str_of(digest), after, &s->a, &out, &s->f),
                     STATUS_OK);
    return out;
}

static void test_requests(void **state) {
    (void)state;
    store s = new_store();
    assert_int_equal(begin(&s, "r1", "d1", 7).state, REQUEST_NEW);
    docket_request again = begin(&s, "r1", "d1", 9);
    assert_int_equal(again.state, REQUEST_BEGUN);
    assert_int_equal(again.after, 7);
    assert_int_equal(begin(&s, "r1", "d2", 9).state, REQUEST_OTHER);
    assert_int_equal(docket_end(s.docket, STR("r1"), 201, STR("{}"), &s.f), STATUS_OK);
    str name = arena_copy(&s.a, docket_name(s.docket));
    docket_close(s.docket); /* as if the server had been started again */
    open_store(&s);
    assert_str_equal(docket_name(s.docket), name, "it keeps its name");
    again = begin(&s, "r1", "d1", 10);
    assert_int_equal(again.state, REQUEST_ENDED);
    assert_int_equal(again.code, 201);
    assert_str_equal(again.answer, STR("{}"), "the answer that was given");
    begin(&s, "r2", "d", 1);
    assert_int_equal(docket_forget(s.docket, STR("r2"), &s.f), STATUS_OK);
    assert_int_equal(begin(&s, "r2", "other", 1).state, REQUEST_NEW);
    assert_int_equal(docket_forget(s.docket, STR("r1"), &s.f), STATUS_OK);
    assert_int_equal(begin(&s, "r1", "d1", 1).state, REQUEST_ENDED);
    end_store(&s);
}

static str told(const proposal *p, arena *a) {
    return arena_printf(a, "proposal %lld", (long long)p->id);
}

static void test_proposals(void **state) {
    (void)state;
    store s = new_store();
    proposal p = {.by = STR("u1"),
                  .name = STR("Rima"),
                  .time = STR("2026-01-01T00:00:00Z"),
                  .kind = STR("grade"),
                  .payload = STR("{}"),
                  .seen = STR("{}"),
                  .after = 3};
    begin(&s, "r", "d", 3);
    assert_int_equal(docket_propose(s.docket, &p, STR("r"), told, &s.a, &s.f), STATUS_OK);
    docket_request kept = begin(&s, "r", "d", 3);
    assert_int_equal(kept.state, REQUEST_ENDED);
    assert_str_equal(kept.answer, told(&p, &s.a), "the proposal and the answer are kept in one step");
    proposal_list open;
    assert_int_equal(docket_proposals(s.docket, PROPOSAL_OPEN, 0, 10, &s.a, &open, &s.f), STATUS_OK);
    assert_int_equal(open.size, 1);
    proposal found;
    assert_int_equal(docket_proposal(s.docket, p.id, &s.a, &found, &s.f), STATUS_OK);
    assert_str_equal(found.kind, STR("grade"), "kind");
    assert_null(found.other.data);
    found.state = PROPOSAL_CONFIRMED;
    found.other = STR("Omar");
    found.first = found.last = 4;
    assert_int_equal(docket_decide(s.docket, &found, &s.f), STATUS_OK);
    assert_int_equal(docket_decide(s.docket, &found, &s.f), STATUS_USAGE);
    assert_int_equal(docket_proposal(s.docket, 99, &s.a, &found, &s.f), STATUS_NOT_FOUND);
    proposal_list list;
    assert_int_equal(docket_proposals(s.docket, PROPOSAL_OPEN, 0, 10, &s.a, &list, &s.f), STATUS_OK);
    assert_int_equal(list.size, 0);
    assert_int_equal(docket_proposals(s.docket, PROPOSAL_CONFIRMED, 0, 10, &s.a, &list, &s.f), STATUS_OK);
    assert_int_equal(list.size, 1);
    assert_int_equal(list.at[0].last, 4);
    end_store(&s);
}

static void test_owed(void **state) {
    (void)state;
    store s = new_store();
    bool owed = true;
    assert_int_equal(docket_owes(s.docket, "link", &owed, &s.f), STATUS_OK);
    assert_false(owed);
    assert_int_equal(docket_owe(s.docket, "link", true, &s.f), STATUS_OK);
    assert_int_equal(docket_owe(s.docket, "link", true, &s.f), STATUS_OK);
    docket_close(s.docket);
    open_store(&s);
    assert_int_equal(docket_owes(s.docket, "link", &owed, &s.f), STATUS_OK);
    assert_true(owed);
    assert_int_equal(docket_owe(s.docket, "link", false, &s.f), STATUS_OK);
    assert_int_equal(docket_owes(s.docket, "link", &owed, &s.f), STATUS_OK);
    assert_false(owed);
    end_store(&s);
}

static void test_no_docket(void **state) {
    (void)state;
    docket *d;
    failure f;
    assert_int_equal(docket_open("/nowhere/at/all", &d, &f), STATUS_NO_INPUT);
    char path[] = "/tmp/isnad-docket-XXXXXX";
    int file = mkstemp(path);
    assert_int_equal(write(file, "no database at all, but long enough to be looked at ............", 64), 64);
    close(file);
    assert_int_equal(docket_open(path, &d, &f), STATUS_DAMAGED_LEDGER);
    unlink(path);
}

/* ---- inert pages ---- */

static str inert(arena *a, str html) {
    buffer b = {0};
    inert_html(html, &b);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static bool is_kept_address(str name, str value) {
    return str_equal_ascii_nocase(name, STR("src")) && str_starts(str_trim(value), STR("data:image/"));
}

/* Every tag of it, as a browser reads it that runs no scripts. */
static void check_inert(str page) {
    static const char *const gone[] = {"script", "iframe", "base", "link", "meta", "object",
                                       "embed",  "frame",  "form", "svg",  "math", "portal"};
    static const char *const pointing[] = {"href",       "src",    "srcdoc", "action",
                                           "formaction", "ping",   "srcset", "xlink:href",
                                           "background", "poster", "data",   "http-equiv"};
    html_reader r = html_open(page);
    html_token t;
    str name, value;
    r.everything = true;
    while (html_next(&r, &t)) {
        if (t.kind == HTML_START && str_equal_ascii_nocase(t.name, STR("noscript")))
            r.form = HTML_DATA;
        for (size_t i = 0; t.kind == HTML_START && i < sizeof gone / sizeof *gone; i++)
            if (str_equal_ascii_nocase(t.name, str_of(gone[i])))
                fail_msg("<%s> is left in: %.*s", gone[i], STR_ARG(page));
        for (size_t at = 0; t.kind == HTML_START && html_attribute_next(t.attributes, &at, &name, &value);) {
            if (name.size > 2 && str_equal_ascii_nocase(str_slice(name, 0, 2), STR("on")))
                fail_msg("%.*s is left in: %.*s", STR_ARG(name), STR_ARG(page));
            for (size_t i = 0; i < sizeof pointing / sizeof *pointing; i++)
                if (str_equal_ascii_nocase(name, str_of(pointing[i])) && !is_kept_address(name, value))
                    fail_msg("%.*s is left in: %.*s", STR_ARG(name), STR_ARG(page));
        }
    }
}

static void test_payloads(void **state) {
    (void)state;
    static const char *const payloads[] = {
        "<script>alert(1)</script>",
        "<SCRIPT src=//evil.example></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href='jav&#x09;ascript:alert(1)' onclick=y>x</a>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        ("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
         "onerror=alert(1)&gt;\">"),
        "<iframe src=//evil.example></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
        "<base href=//evil.example/>",
        "<object data=//evil.example/x.swf></object>",
        "<embed src=//evil.example>",
        "<link rel=stylesheet href=//evil.example/a.css>",
        "<link rel=dns-prefetch href=//evil.example>",
        "<form action=//evil.example><input name=x><button formaction=//evil.example>go</button></form>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<noscript><img src=x onerror=alert(1)></noscript>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<textarea><img src=x onerror=alert(1)></textarea><img src=y onerror=z>",
        "<title><img src=x onerror=alert(1)></title>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
        "<img src=`x`onerror=alert(1)>",
        "<img/src=x/onerror=alert(1)>",
        "<img src=\"x\"\"onerror=alert(1)\">",
        "<p style='a'onclick=\"b\">x",
        "<body background=//evil.example onload=alert(1)>",
        "<video poster=//evil.example><source src=//evil.example></video>",
        "<a ping=//evil.example href=#x>y</a>",
        "<template><script>alert(1)</script></template>",
        "<frameset><frame src=//evil.example></frameset>",
        "<img src=\" data:text/html,<script>alert(1)</script>\">",
        "<img srcset=\"//evil.example 2x\">",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!doctype html><p>",
        "<!DOCTYPE x [<img src=x onerror=1>]>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<a\nhref\n=\n\"//evil.example\">",
        "</script><script>",
        "<select><iframe><script></select>",
        "<style><</style><img src=x onerror=alert(1)//>",
        "<",
        "<a",
        "<a href=",
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
        check_inert(inert(&a, str_of(payloads[i])));
    arena_free(&a);
}

static void test_pages(void **state) {
    (void)state;
    static const char page[] =
        "<!DOCTYPE html><html lang=\"ar\" dir='rtl'><head><meta charset=windows-1256><title>a &amp; "
        "b</title><style>p > a { color: red }</style></head><body><p class=\"x\">قال <a "
        "href=\"/y\" title='say \"hello\"'>مصدر</a> <img src=\"data:image/png;base64,AA==\" alt=z>"
        "<script>if (a < b) c()</script></p></body></html>";
    static const char expected[] =
        "<!doctype html><html lang=\"ar\" dir=\"rtl\"><head><title>a &amp; b</title><style>p > a "
        "{ color: red }</style></head><body><p class=\"x\">قال <a title=\"say "
        "&quot;hello&quot;\">مصدر</a> <img src=\"data:image/png;base64,AA==\" alt=\"z\"></p>"
        "</body></html>";
    arena a = arena_new((allocator){0});
    assert_str_equal(inert(&a, STR(page)), STR(expected), "what is read stays");
    buffer b = {0};
    inert_text(STR("a < b & \"c\" </pre><script>\x01"), &b);
    assert_true(str_find(buffer_str(&b), STR("a &lt; b &amp; \"c\" &lt;/pre&gt;&lt;script&gt;</pre>"), 0) !=
                SIZE_MAX);
    buffer_free(&b);
    arena_free(&a);
}

/* Pieces of markup in any order: whatever comes out is inert, and comes out of itself as it is. */
static void test_random_pages(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "<",         ">",           "\"",       "'",     "=",     "/",   " ",         "script",
        "img",       "svg",         "noscript", "style", "title", "xmp", "on",        "href",
        "src",       "data:image/", "<!--",     "-->",   "</",    "<p ", "iframe",    "textarea",
        "plaintext", "template",    "math",     "a",     "&#60;", "\n",  "<![CDATA[", "]]>",
        "<?",        "base",        "meta",     "form",  "\x00",  "ش"};
    test_random random = test_seeded("inert pages");
    for (size_t round = 0; round < 3000; round++) {
        arena a = arena_new((allocator){0});
        buffer b = {0};
        for (size_t i = random_below(&random, 40); i > 0; i--) {
            const char *piece = pieces[random_below(&random, sizeof pieces / sizeof *pieces)];
            buffer_add(&b, *piece ? str_of(piece) : (str){piece, 1});
        }
        str once = inert(&a, buffer_str(&b));
        check_inert(once);
        check_inert(inert(&a, once));
        buffer_free(&b);
        arena_free(&a);
    }
}

/* ---- addresses ---- */

static bool is_public(const char *text) {
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return address_is_public((const struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return address_is_public((const struct sockaddr *)&six);
}

static void test_addresses(void **state) {
    (void)state;
    static const char *const open[] = {
        "8.8.8.8",          "1.1.1.1",        "172.15.255.255",  "172.32.0.0",      "192.167.1.1",
        "100.128.0.1",      "169.253.1.1",    "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
        "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1"};
    static const char *const closed[] = {
        "0.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::8.8.8.8",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2001:10::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::",
        "3fff::1",
        "100::1",
        "4000::1",
    };
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (!is_public(open[i]))
            fail_msg("%s is public", open[i]);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if (is_public(closed[i]))
            fail_msg("%s is not public", closed[i]);
    struct sockaddr other = {.sa_family = AF_UNIX};
    assert_false(address_is_public(&other));
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_true(address_is_own((const struct sockaddr *)&here));
}

/* ---- children ---- */

static child_answer run(const char *script, unsigned seconds, size_t most) {
    const char *const words[] = {"/bin/sh", "-c", script, NULL};
    child_answer out;
    failure f;
    assert_int_equal(child_run(words, "/tmp", seconds, most, NULL, NULL, &out, &f), STATUS_OK);
    return out;
}

static void forget(child_answer *a) {
    buffer_free(&a->out);
    buffer_free(&a->errors);
}

static void test_children(void **state) {
    (void)state;
    child_answer a = run("pwd; echo wrong >&2; exit 7", 30, 1000);
    assert_int_equal(a.code, 7);
    assert_str_equal(buffer_str(&a.out), STR("/tmp\n"), "its folder");
    assert_str_equal(buffer_str(&a.errors), STR("wrong\n"), "what it complains of");
    forget(&a);
    a = run("cat; kill -USR1 $$; echo still here", 30,
            1000); /* nothing to read, and a signal that it does not know */
    assert_int_equal(a.code, 0);
    forget(&a);
    a = run("ls /proc/self/fd | wc -l", 30, 1000);
    assert_true(atoi(a.out.data ? a.out.data : "99") <= 5);
    forget(&a);
    a = run("kill -9 $$", 30, 1000);
    assert_int_equal(a.code, 128 + 9);
    forget(&a);
    a = run("yes", 30, 5000);
    assert_true(a.too_much && !a.late);
    forget(&a);
    a = run("exec sleep 600", 1, 5000);
    assert_true(a.late);
    forget(&a);
    const char *const nothing[] = {"/nowhere/at/all", NULL};
    failure f;
    assert_int_equal(child_run(nothing, "/tmp", 5, 10, NULL, NULL, &a, &f), STATUS_OK);
    assert_int_equal(a.code, 127);
    forget(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),     cmocka_unit_test(test_proposals),
        cmocka_unit_test(test_owed),         cmocka_unit_test(test_no_docket),
        cmocka_unit_test(test_payloads),     cmocka_unit_test(test_pages),
        cmocka_unit_test(test_random_pages), cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_children),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
