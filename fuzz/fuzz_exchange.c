/* Any bytes as what a request brings beside its target: "HOST\nCOOKIE\nENCODINGS\nBODY". What is taken out of
 * a body is well-formed and bounded, and whatever is refused is refused by JSON that says why. */
#include <stdlib.h>

#include "base/utf8.h"
#include "serve/hosts.h"
#include "serve/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 5 };

static void must(bool holds) {
    if (!holds)
        abort();
}

static const char *cookie_alone(const void *cookies, const char *name) {
    return strcmp(name, "Cookie") == 0 ? cookies : NULL;
}

static void check_text(str s) {
    must(utf8_valid(s));
    for (size_t i = 0; i < s.size; i++)
        must((unsigned char)s.data[i] >= 0x20 || strchr("\t\n\r", s.data[i]));
}

static status read_body(exchange *x, const json_t *o, failure *f) {
    str kind = STR_NONE;
    int64_t number = 0;
    bool truth = false;
    string_list ids = {0};
    status s = member_text(x, o, "kind", true, &kind, f);
    if (s == STATUS_OK)
        s = member_texts(x, o, "ids", false, MOST, &ids, f);
    if (s == STATUS_OK)
        s = member_number(x, o, "days", false, &number, f);
    if (s == STATUS_OK)
        s = member_truth(x, o, "changed", false, &truth, f);
    must(s != STATUS_OK || kind.data);
    check_text(kind);
    must(ids.size <= MOST);
    for (size_t i = 0; i < ids.size; i++)
        check_text(ids.at[i]);
    return s;
}

/* What is answered to a failure. */
static void check_refusal(exchange *x, status s, const failure *f) {
    must(x->code == 400);
    exchange_failed(x, s, f);
    json_t *o = json_loadb(x->answer.data, x->answer.size, 0, NULL);
    must(json_integer_value(json_object_get(json_object_get(o, "error"), "code")) == 400);
    json_decref(o);
}

static void check_body(exchange *x) {
    failure f = {0};
    json_t *o = NULL;
    status s = exchange_object(x, &o, &f);
    must((s == STATUS_OK) == (o != NULL));
    if (o)
        s = read_body(x, o, &f);
    if (s != STATUS_OK)
        check_refusal(x, s, &f);
    json_decref(o);
}

static void check_host(const char *host) {
    static const char *const names[] = {"archive.example", NULL};
    const serve_options options = {.names = names};
    if (host_allowed(&options, 8765, host))
        must(strstr(host, "8765") || strcasestr(host, names[0]));
    char path[64];
    failure f = {0};
    if (base_path(host, path, sizeof path, &f) == STATUS_OK)
        must(path[0] == '/' && path[strlen(path) - 1] == '/' && !strstr(path, "//") && !strstr(path, ".."));
}

static const char *line(arena *a, str all, size_t *at) {
    str one = STR("");
    str_piece(all, at, '\n', &one);
    return arena_cstring(a, one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str all = {(const char *)data, size};
    size_t at = 0;
    const char *host = line(&a, all, &at), *cookies = line(&a, all, &at), *encodings = line(&a, all, &at);
    exchange x = {.a = &a, .look_up = cookie_alone, .request = cookies};
    check_host(host);
    str session = exchange_cookie(&x, "isnad_session");
    must(!session.data || (session.size < strlen(cookies) && !memchr(session.data, ';', session.size)));
    must(!takes_encoding(encodings, "br") || strlen(encodings) >= 2);
    x.body = str_slice(all, at < size ? at : size, size);
    check_body(&x);
    buffer_free(&x.answer);
    arena_free(&a);
    return 0;
}
