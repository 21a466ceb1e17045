/* Doctypes: the states of the standard from "DOCTYPE" on, as a walk through the pieces it may have. */
#include "page/html.h"

#include "base/ascii.h"

typedef struct walk {
    str s; /* from behind "<!doctype", with the '>' where there is one */
    size_t at;
} walk;

/* Past white space: the next byte, 0 at the end of the page (a NUL of the page is no byte that matters). */
static char skip_space(walk *w) {
    while (w->at < w->s.size && ascii_is_space(w->s.data[w->at]))
        w->at++;
    return w->at < w->s.size ? w->s.data[w->at] : 0;
}

static bool take_word(walk *w, str word) {
    if (w->s.size - w->at < word.size ||
        !str_equal_ascii_nocase(str_slice(w->s, w->at, w->at + word.size), word))
        return false;
    w->at += word.size;
    return true;
}

static bool is_quote(char c) {
    return c == '"' || c == '\'';
}

/* An identifier in quotes; false where the doctype ends inside. */
static bool take_quoted(walk *w, str *out) {
    char quote = w->s.data[w->at++];
    size_t start = w->at, size = w->s.size;
    bool ended = size > start && w->s.data[size - 1] == '>';
    const char *hit = start < size ? memchr(w->s.data + start, quote, size - start) : NULL;
    size_t end = hit ? (size_t)(hit - w->s.data) : size - ended;
    *out = str_slice(w->s, start, end);
    w->at = hit ? end + 1 : end;
    return hit != NULL;
}

/* What follows the name. False: quirks. */
static bool take_identifiers(walk *w, html_doctype *d) {
    bool is_public = take_word(w, STR("public"));
    if (!is_public && !take_word(w, STR("system")))
        return false;
    char c = skip_space(w);
    if (!is_quote(c))
        return false;
    if (is_public) {
        if (!take_quoted(w, &d->public_id))
            return false;
        c = skip_space(w);
        if (!is_quote(c))
            return c == '>';
    }
    if (!take_quoted(w, &d->system_id))
        return false;
    return skip_space(w) != 0 || w->at < w->s.size;
}

html_doctype html_doctype_read(str text) {
    html_doctype d = {0};
    walk w = {text, 0};
    skip_space(&w);
    size_t start = w.at;
    while (w.at < text.size && text.data[w.at] != '>' && !ascii_is_space(text.data[w.at]))
        w.at++;
    if (w.at > start)
        d.name = str_slice(text, start, w.at);
    char c = skip_space(&w);
    d.force_quirks = !d.name.data || (c != '>' && !take_identifiers(&w, &d));
    return d;
}
