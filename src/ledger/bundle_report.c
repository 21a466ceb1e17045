/* The report of a bundle: a page without script, style sheets or pictures of others, to be read where nothing
 * else is at hand. Every text is escaped; a figure never stands without its sentence. */
#include "ledger/bundle.h"
#include "ledger/json.h"
#include "ledger/store.h"

static const char style[] =
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}blockquote{margin:.3em "
    "0;padding-left:"
    "1em;border-left:3px solid "
    "#999}code{font-size:85%;word-break:break-all}h2{margin-top:2em}.claim{margin:1em 0}";

static void put(buffer *b, const char *text) {
    for (; *text; text++)
        if (*text == '<')
            buffer_add(b, STR("&lt;"));
        else if (*text == '>')
            buffer_add(b, STR("&gt;"));
        else if (*text == '&')
            buffer_add(b, STR("&amp;"));
        else if (*text == '"')
            buffer_add(b, STR("&quot;"));
        else
            buffer_add_byte(b, *text);
}

static long long number_at(const json_t *o, const char *key) {
    return (long long)json_integer_value(json_object_get(o, key));
}

static void put_figure(buffer *b, const json_t *told) {
    const json_t *max = json_object_get(told, "max");
    if (json_is_null(max))
        buffer_printf(b, "at least %lld ", number_at(told, "min"));
    else if (number_at(told, "min") == number_at(told, "max"))
        buffer_printf(b, "%lld ", number_at(told, "min"));
    else
        buffer_printf(b, "%lld to %lld ", number_at(told, "min"), number_at(told, "max"));
    put(b, json_chars(told, "effect"));
}

static void put_claim(buffer *b, const json_t *told) {
    const char *teller = json_chars(json_object_get(told, "voice"), "text");
    buffer_add(b, STR("<div class=claim><b>"));
    put_figure(b, told);
    buffer_add(b, STR("</b> ("));
    put(b, json_chars(told, "class"));
    buffer_add(b, STR(", "));
    put(b, json_chars(told, "stance"));
    buffer_add(b, STR("), on the word of "));
    buffer_add(b, STR("<bdi>"));
    put(b, *teller ? teller : "the document itself");
    buffer_add(b, STR("</bdi><blockquote dir=auto>"));
    put(b, json_chars(json_object_get(told, "evidence"), "text"));
    buffer_add(b, STR("</blockquote><code>"));
    put(b, json_chars(told, "document"));
    buffer_printf(b, "</code>, version %lld, code points %lld to %lld; claim <code>",
                  number_at(told, "version"), number_at(json_object_get(told, "evidence"), "start"),
                  number_at(json_object_get(told, "evidence"), "end"));
    put(b, json_chars(told, "id"));
    buffer_add(b, STR("</code></div>\n"));
}

static void put_capture(buffer *b, const json_t *page) {
    buffer_add(b, STR("<li><code>"));
    put(b, *json_chars(page, "url") ? json_chars(page, "url") : json_chars(page, "id"));
    buffer_add(b, STR("</code>, captured "));
    put(b, *json_chars(page, "time") ? json_chars(page, "time") : "at a time that is not known");
    buffer_add(b, STR(", SHA-256 <code>"));
    put(b, json_chars(page, "sha256"));
    buffer_add(b, json_is_null(json_object_get(page, "withdrawn")) ? STR("</code></li>\n")
                                                                   : STR("</code>: withdrawn</li>\n"));
}

static void put_head(buffer *b, const json_t *head) {
    static const char *const keys[] = {"ledger", "root", "time", "key", "signature"};
    buffer_printf(b, "<h2>Signed head</h2>\n<p>%lld leaves of the log</p>\n<dl>", number_at(head, "size"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        buffer_printf(b, "<dt>%s</dt><dd><code>", keys[i]);
        put(b, json_chars(head, keys[i]));
        buffer_add(b, STR("</code></dd>\n"));
    }
    buffer_add(b, STR("</dl>\n<p>This page proves nothing by itself: python3 verify_bundle.py FILE.wacz "
                      "checks what stands "
                      "beside it, with nothing of the program that made it.</p>\n"));
}

str bundle_report(arena *a, str incident, str proof) {
    buffer b = {0};
    size_t i;
    const json_t *each;
    json_t *o = json_parsed(incident), *p = json_parsed(proof);
    const json_t *where = json_object_get(o, "place");
    buffer_printf(
        &b,
        "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><meta http-equiv=Content-Security-Policy "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>Incident ");
    put(&b, json_chars(o, "id"));
    buffer_printf(&b, "</title><style>%s</style></head><body>\n<h1>", style);
    put(&b, *json_chars(o, "event") ? json_chars(o, "event") : "incident");
    buffer_add(&b, STR(", "));
    put(&b, *json_chars(o, "date") ? json_chars(o, "date") : "day unknown");
    buffer_add(&b, STR(", <bdi>"));
    put(&b, *json_chars(where, "name") ? json_chars(where, "name") : "place unknown");
    buffer_add(&b, STR("</bdi></h1>\n<p>Incident <code>"));
    put(&b, json_chars(o, "id"));
    buffer_add(&b, STR("</code>. It says what was said, by whom, not who is right.</p>\n<h2>Claims</h2>\n"));
    json_array_foreach(json_object_get(o, "claims"), i, each) put_claim(&b, each);
    buffer_add(&b, STR("<h2>Captures</h2>\n<ul>\n"));
    json_array_foreach(json_object_get(p, "captures"), i, each) put_capture(&b, each);
    buffer_add(&b, STR("</ul>\n"));
    put_head(&b, json_object_get(p, "head"));
    buffer_add(&b, STR("</body></html>\n"));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    json_decref(o);
    json_decref(p);
    return out;
}
