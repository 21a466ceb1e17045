#include "serve/inert.h"

#include "base/ascii.h"
#include "page/html.h"

/* Elements that are left out; `whole`: with the text in them. Of svg and math only the tags go: what is in
 * them is then read by a browser as it is read here, without rules of their own. */
static const struct {
    const char *name;
    bool whole;
} dropped[] = {
    {"script", true},  {"iframe", true},    {"noembed", true},      {"noframes", true},  {"base", false},
    {"link", false},   {"meta", false},     {"object", false},      {"embed", false},    {"applet", false},
    {"frame", false},  {"frameset", false}, {"portal", false},      {"param", false},    {"form", false},
    {"svg", false},    {"math", false},     {"fencedframe", false}, {"template", false}, {"dialog", false},
    {"source", false}, {"track", false},    {"plaintext", false},
};

/* Attributes that point at something, or do something. */
static const char *const pointing[] = {
    "href",          "xlink:href", "ping",       "action",     "formaction", "srcdoc",  "srcset",
    "imagesrcset",   "poster",     "background", "data",       "codebase",   "classid", "cite",
    "longdesc",      "manifest",   "target",     "download",   "usemap",     "profile", "archive",
    "autofocus",     "accesskey",  "autoplay",   "http-equiv", "is",         "slot",    "popover",
    "popovertarget", "command",    "commandfor", "form",       "lowsrc",     "dynsrc",  "attributionsrc",
};

static int drop_of(str name) {
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (str_equal_ascii_nocase(name, str_of(dropped[i].name)))
            return dropped[i].whole ? 2 : 1;
    return 0;
}

/* What holds text and no markup to every browser, scripts or not. */
static bool is_raw(str name) {
    static const char *const raw[] = {"script",   "style",    "iframe", "noembed",
                                      "noframes", "textarea", "title",  "xmp"};
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        if (str_equal_ascii_nocase(name, str_of(raw[i])))
            return true;
    return false;
}

static bool is_plain_name(str name) {
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !memchr("-_:.", c, 4))
            return false;
    }
    return name.size > 0;
}

static bool begins_nocase(str s, str with) {
    return s.size >= with.size && str_equal_ascii_nocase(str_slice(s, 0, with.size), with);
}

static bool is_kept(str name, str value) {
    if (!is_plain_name(name) || begins_nocase(name, STR("on")))
        return false;
    if (str_equal_ascii_nocase(name, STR("src")))
        return begins_nocase(str_trim(value), STR("data:image/"));
    for (size_t i = 0; i < sizeof pointing / sizeof *pointing; i++)
        if (str_equal_ascii_nocase(name, str_of(pointing[i])))
            return false;
    return true;
}

/* Values stay as they are written, references and all; only the quotes are ours. */
static void put_attribute(str name, str value, buffer *out) {
    buffer_add_byte(out, ' ');
    buffer_add(out, name);
    if (!value.data)
        return;
    buffer_add(out, STR("=\""));
    for (size_t at = 0; at < value.size;) {
        const char *quote = memchr(value.data + at, '"', value.size - at);
        size_t end = quote ? (size_t)(quote - value.data) : value.size;
        buffer_add(out, str_slice(value, at, end));
        if (quote)
            buffer_add(out, STR("&quot;"));
        at = end + (quote != NULL);
    }
    buffer_add_byte(out, '"');
}

static void put_start(const html_token *t, buffer *out) {
    str name, value;
    buffer_add_byte(out, '<');
    buffer_add(out, t->name);
    for (size_t at = 0; html_attribute_next(t->attributes, &at, &name, &value);)
        if (is_kept(name, value))
            put_attribute(name, value, out);
    buffer_add_byte(out, '>');
}

/* Text outside raw elements. A "<" that begins nothing here may not begin something with what follows once a
 * tag or a comment between them is left out. */
static void put_text(str text, buffer *out) {
    for (size_t at = 0; at < text.size;) {
        const char *less = memchr(text.data + at, '<', text.size - at);
        size_t end = less ? (size_t)(less - text.data) : text.size;
        buffer_add(out, str_slice(text, at, end));
        if (less)
            buffer_add(out, STR("&lt;"));
        at = end + (less != NULL);
    }
}

void inert_html(str html, buffer *out) {
    html_reader r = html_open(html);
    html_token t;
    bool skip = false; /* the text of an element that is left out is next */
    bool raw = false;  /* that of an element whose text is no markup */
    r.everything = true;
    while (html_next(&r, &t)) {
        int drop = t.kind == HTML_START || t.kind == HTML_END ? drop_of(t.name) : 0;
        if (t.kind == HTML_START) {
            skip = drop == 2;
            raw = !drop && is_raw(t.name);
            /* Without scripts a browser reads what is in it as markup; and an element that is left out opens
             * no text of its own. */
            if (drop == 1 || !is_raw(t.name))
                r.form = HTML_DATA;
            if (!drop)
                put_start(&t, out);
        } else if (t.kind == HTML_END) {
            skip = raw = false;
            if (!drop && is_plain_name(t.name))
                buffer_printf(out, "</%.*s>", STR_ARG(t.name));
        } else if (t.kind == HTML_DOCTYPE) {
            buffer_add(out, STR("<!doctype"));
            buffer_add(out, t.text);
        } else if (t.kind == HTML_TEXT && !skip && raw) {
            buffer_add(out, t.text);
        } else if (t.kind == HTML_TEXT && !skip) {
            put_text(t.text, out);
        }
    }
}

void inert_text(str text, buffer *out) {
    buffer_add(
        out, STR("<!doctype html><meta charset=\"utf-8\"><title></title><style>pre{white-space:pre-wrap;"
                 "overflow-wrap:anywhere;unicode-bidi:plaintext;font:14px/1.6 monospace;margin:1rem}</style>"
                 "<pre>"));
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '<')
            buffer_add(out, STR("&lt;"));
        else if (c == '&')
            buffer_add(out, STR("&amp;"));
        else if (c == '>')
            buffer_add(out, STR("&gt;"));
        else if ((unsigned char)c >= 0x20 || c == '\n' || c == '\t')
            buffer_add_byte(out, c);
    }
    buffer_add(out, STR("</pre>"));
}
