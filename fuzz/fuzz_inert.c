/* Any bytes as an archived page: what comes out has no tag or attribute that runs, fetches or leads away. */
#include <stdlib.h>

#include "page/html.h"
#include "serve/inert.h"

static bool is(str name, const char *other) {
    return str_equal_ascii_nocase(name, str_of(other));
}

static void check(str page) {
    html_reader r = html_open(page);
    html_token t;
    str name, value;
    while (html_next(&r, &t)) {
        if (t.kind != HTML_START)
            continue;
        if (is(t.name, "noscript"))
            r.form = HTML_DATA;
        if (is(t.name, "script") || is(t.name, "iframe") || is(t.name, "base") || is(t.name, "meta") ||
            is(t.name, "link") || is(t.name, "object") || is(t.name, "embed") || is(t.name, "svg"))
            abort();
        for (size_t at = 0; html_attribute_next(t.attributes, &at, &name, &value);)
            if (is(name, "href") || is(name, "srcdoc") || is(name, "action") ||
                (name.size > 2 && is(str_slice(name, 0, 2), "on")))
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    buffer once = {0}, text = {0};
    inert_html((str){(const char *)data, size}, &once);
    check(buffer_str(&once));
    inert_text((str){(const char *)data, size}, &text);
    buffer_free(&once);
    buffer_free(&text);
    return 0;
}
