/* A tokenizer of HTML, by the standard's section 13.2.5, over a page that is in memory as UTF-8.
 *
 * Why not libxml2's: its push parser keeps a stack of open elements that each unmatched end tag is sought in,
 * so that a page of a hundred thousand open tags and as many stray end tags costs their product; it knows the
 * 253 entities of HTML 4; and it repairs by rules older than the standard. What a reader of articles needs of
 * HTML is little: where tags begin and end, which text is raw, what a reference stands for.
 *
 * What must stay true: each byte is looked at a bounded number of times. A search that may fail (for the end
 * of a comment, of a raw text) runs to the end of the page and takes everything, as the standard says, so it
 * fails at most once. */
#include "page/html.h"

#include "base/ascii.h"
#include "base/counters.h"
#include "base/utf8.h"

_Static_assert(ATTRIBUTE_COUNT <= 32, "html_token.has holds a bit for each attribute");

html_reader html_open(str page) {
    return (html_reader){.page = page};
}

/* What ends the name of a tag. */
static bool ends_name(char c) {
    return ascii_is_space(c) || c == '/' || c == '>';
}

static size_t find_byte(str s, char c, size_t from) {
    const char *hit = from < s.size ? memchr(s.data + from, c, s.size - from) : NULL;
    return hit ? (size_t)(hit - s.data) : s.size;
}

static bool word_at(str s, size_t at, str word) {
    return s.size - at >= word.size && memcmp(s.data + at, word.data, word.size) == 0;
}

static bool nocase_at(str s, size_t at, str word) {
    return s.size - at >= word.size && str_equal_ascii_nocase(str_slice(s, at, at + word.size), word);
}

/* What ends without a tag: comments, doctypes, sections. */

/* At the text of a comment: its end, and in *after what follows. The end of the page ends it too, without the
 * dashes that may have begun to. */
static size_t end_of_comment(str s, size_t from, size_t *after) {
    if (word_at(s, from, STR(">")) || word_at(s, from, STR("->"))) {
        *after = from + (s.data[from] == '>' ? 1 : 2);
        return from;
    }
    for (size_t at = from; (at = find_byte(s, '-', at)) < s.size; at++) {
        bool ends = word_at(s, at, STR("-->"));
        if (ends || word_at(s, at, STR("--!>"))) {
            *after = at + (ends ? 3 : 4);
            return at;
        }
    }
    *after = s.size;
    str left = str_slice(s, from, s.size);
    return s.size - (str_ends(left, STR("--!"))  ? 3
                     : str_ends(left, STR("--")) ? 2
                     : str_ends(left, STR("-"))  ? 1
                                                 : 0);
}

static void give_markup(html_token *out, html_kind kind, str text) {
    out->kind = kind;
    out->text = text;
    out->form = HTML_MARKUP;
    out->tag = TAG_OTHER;
    out->what = 0;
}

static bool give_text(html_token *out, str text, html_form form) {
    out->kind = HTML_TEXT;
    out->text = text;
    out->form = form;
    out->tag = TAG_OTHER;
    out->what = 0;
    return true;
}

/* At a '<' that begins no tag. False where the page's reader gets nothing of it. */
static bool read_declaration(html_reader *r, html_token *out) {
    str s = r->page;
    size_t at = r->at, end;
    if (word_at(s, at, STR("<!--"))) {
        end = end_of_comment(s, at + 4, &r->at);
        give_markup(out, HTML_COMMENT, str_slice(s, at + 4, end));
        return r->everything;
    }
    if (r->foreign && word_at(s, at, STR("<![CDATA["))) {
        size_t close = str_find(s, STR("]]>"), at + 9);
        end = close == SIZE_MAX ? s.size : close;
        r->at = close == SIZE_MAX ? s.size : close + 3;
        give_text(out, str_slice(s, at + 9, end), HTML_CDATA);
        return out->text.size > 0;
    }
    end = find_byte(s, '>', at);
    r->at = end < s.size ? end + 1 : end;
    if (nocase_at(s, at, STR("<!doctype")))
        give_markup(out, HTML_DOCTYPE, str_slice(s, at + 9, r->at));
    else /* what a '?' begins keeps it */
        give_markup(out, HTML_COMMENT, str_slice(s, at + (s.data[at + 1] == '?' ? 1 : 2), end));
    return r->everything && !word_at(s, at, STR("</>"));
}

/* Tags. */

/* A value in quotes or up to white space or '>'. */
static str read_value(str s, size_t *at) {
    char quote = s.data[*at];
    if (quote == '"' || quote == '\'') {
        size_t end = find_byte(s, quote, *at + 1);
        str value = str_slice(s, *at + 1, end);
        *at = end < s.size ? end + 1 : end;
        return value;
    }
    size_t start = *at;
    while (*at < s.size && !ascii_is_space(s.data[*at]) && s.data[*at] != '>')
        *at += 1;
    return str_slice(s, start, *at);
}

static void read_attribute(str s, size_t *at, str *name, str *value) {
    size_t start = *at, i = start + 1; /* a first '=' belongs to the name */
    while (i < s.size && !ends_name(s.data[i]) && s.data[i] != '=')
        i++;
    *name = str_slice(s, start, i);
    *value = STR("");
    *at = i;
    while (i < s.size && ascii_is_space(s.data[i]))
        i++;
    if (i >= s.size || s.data[i] != '=')
        return;
    i++;
    while (i < s.size && ascii_is_space(s.data[i]))
        i++;
    *at = i;
    if (i < s.size && s.data[i] != '>')
        *value = read_value(s, at);
}

bool html_attribute_next(str attributes, size_t *at, str *name, str *value) {
    while (*at < attributes.size && (ascii_is_space(attributes.data[*at]) || attributes.data[*at] == '/'))
        *at += 1;
    if (*at >= attributes.size)
        return false;
    read_attribute(attributes, at, name, value);
    return true;
}

static void keep_attribute(html_token *out, str name, str value) {
    const name_entry *known = name_find(&attribute_table, name);
    if (!known || out->has >> known->value & 1)
        return;
    out->has |= UINT32_C(1) << known->value;
    out->values[known->value] = value;
}

/* Past the name of a tag: its attributes. False where the page ends inside the tag. */
static bool read_attributes(html_reader *r, html_token *out) {
    str s = r->page, name, value;
    size_t at = r->at;
    out->has = 0;
    out->self_closing = false;
    while (at < s.size) {
        char c = s.data[at];
        if (c == '>') {
            out->attributes = str_slice(s, r->at, at);
            r->at = at + 1;
            return true;
        }
        if (ascii_is_space(c)) {
            at++;
        } else if (c == '/') {
            at++;
            out->self_closing = at < s.size && s.data[at] == '>';
        } else {
            read_attribute(s, &at, &name, &value);
            keep_attribute(out, name, value);
        }
    }
    r->at = s.size;
    return false;
}

/* What the text behind a start tag is. */
static html_form form_inside(const html_token *t) {
    if (t->what & ELEMENT_RCDATA)
        return HTML_RCDATA;
    if (!(t->what & ELEMENT_RAW))
        return HTML_DATA;
    return t->tag == TAG_SCRIPT ? HTML_SCRIPT : t->tag == TAG_PLAINTEXT ? HTML_PLAINTEXT : HTML_RAWTEXT;
}

static bool read_tag(html_reader *r, html_token *out, size_t name_at, html_kind kind) {
    str s = r->page;
    size_t end = name_at;
    while (end < s.size && !ends_name(s.data[end]))
        end++;
    out->kind = kind;
    out->name = str_slice(s, name_at, end);
    const name_entry *known = name_find(&element_table, out->name);
    out->tag = known ? (tag)known->value : TAG_OTHER;
    out->what = known ? (unsigned)known->extra : 0;
    r->at = end;
    if (!read_attributes(r, out))
        return false;
    if (kind == HTML_START) {
        r->last_name = out->name;
        if (!r->by_caller) {
            r->form = form_inside(out);
            r->raw_tag = out->tag;
        }
    }
    return true;
}

/* Raw text. */

/* Whether an end tag of this name stands at a '<'. */
static bool ends_element(str s, size_t at, str name) {
    if (name.size == 0 || at + 1 >= s.size || s.data[at + 1] != '/' || !nocase_at(s, at + 2, name))
        return false;
    size_t after = at + 2 + name.size;
    return after < s.size && ends_name(s.data[after]);
}

/* A script that has begun "<!--" and then "<script" goes on behind the next "</script", until "-->": the
 * standard's script data double escaped state. The end of the comment is sought once. */
static size_t end_of_script(const html_reader *r) {
    str s = r->page;
    bool escaped = false, inner = false;
    size_t unescaped = 0; /* where the escape ends */
    for (size_t at = r->at; (at = find_byte(s, '<', at)) < s.size; at++) {
        if (escaped && at >= unescaped)
            escaped = inner = false;
        if (!escaped && word_at(s, at, STR("<!--"))) {
            size_t end = str_find(s, STR("-->"), at + 2);
            unescaped = end == SIZE_MAX ? s.size : end + 3;
            escaped = true;
        } else if (inner) {
            inner = !ends_element(s, at, STR("script"));
        } else if (ends_element(s, at, r->last_name)) {
            return at;
        } else if (escaped && nocase_at(s, at, STR("<script")) && at + 7 < s.size &&
                   ends_name(s.data[at + 7])) {
            inner = true;
        }
    }
    return s.size;
}

static size_t end_of_raw(const html_reader *r) {
    str s = r->page;
    if (r->form == HTML_PLAINTEXT)
        return s.size;
    if (r->form == HTML_SCRIPT)
        return end_of_script(r);
    size_t at = r->at;
    while ((at = find_byte(s, '<', at)) < s.size && !ends_element(s, at, r->last_name))
        at++;
    return at;
}

static bool read_section(html_reader *r, html_token *out) {
    size_t end = str_find(r->page, STR("]]>"), r->at);
    give_text(out, str_slice(r->page, r->at, end == SIZE_MAX ? r->page.size : end), HTML_CDATA);
    r->at = end == SIZE_MAX ? r->page.size : end + 3;
    r->form = HTML_DATA;
    return out->text.size > 0;
}

static bool read_raw(html_reader *r, html_token *out) {
    if (r->form == HTML_CDATA)
        return read_section(r, out);
    size_t end = end_of_raw(r);
    give_text(out, str_slice(r->page, r->at, end), r->form);
    out->tag = r->raw_tag;
    r->form = HTML_DATA;
    r->raw_tag = TAG_OTHER;
    r->at = end;
    return out->text.size > 0;
}

/* Whether the '<' at `at` begins anything but text. */
static bool begins_markup(str s, size_t at) {
    if (at + 1 >= s.size)
        return false;
    char c = s.data[at + 1];
    return ascii_is_letter(c) || c == '!' || c == '?' || (c == '/' && at + 2 < s.size);
}

static size_t end_of_text(str s, size_t at) {
    while ((at = find_byte(s, '<', at)) < s.size && !begins_markup(s, at))
        at++;
    return at;
}

bool html_next(html_reader *r, html_token *out) {
    COUNT(html_events, 1);
    if (r->form != HTML_DATA && read_raw(r, out))
        return true;
    while (r->at < r->page.size) {
        str s = r->page;
        size_t at = r->at;
        if (s.data[at] != '<' || !begins_markup(s, at)) {
            r->at = end_of_text(s, at + (s.data[at] == '<'));
            return give_text(out, str_slice(s, at, r->at), HTML_DATA);
        }
        char c = s.data[at + 1];
        if (ascii_is_letter(c))
            return read_tag(r, out, at + 1, HTML_START);
        if (c == '/' && ascii_is_letter(s.data[at + 2]))
            return read_tag(r, out, at + 2, HTML_END);
        if (read_declaration(r, out))
            return true;
    }
    return false;
}

str html_attribute_value(const html_token *t, str name) {
    const name_entry *known = name_find(&attribute_table, name);
    if (known)
        return html_value(t, (attribute)known->value);
    str one, value;
    for (size_t at = 0; html_attribute_next(t->attributes, &at, &one, &value);)
        if (str_equal_ascii_nocase(one, name))
            return value;
    return STR_NONE;
}

/* References. */

/* What 0x80 to 0x9F mean where a page writes them by number: windows-1252. */
static const uint16_t numbers_80_9f[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

static int digit_of(char c, bool hex) {
    int digit = ascii_hex(c);
    return digit < 10 || hex ? digit : -1;
}

static str one_ampersand(size_t *at) {
    *at += 1;
    return STR("&");
}

static str numeric_reference(str s, size_t *at, char numeric[4]) {
    size_t i = *at + 2;
    bool hex = i < s.size && (s.data[i] == 'x' || s.data[i] == 'X');
    i += hex;
    size_t first = i;
    uint32_t c = 0;
    for (int d; i < s.size && (d = digit_of(s.data[i], hex)) >= 0; i++)
        c = c > 0x110000 ? c : c * (hex ? 16 : 10) + (uint32_t)d;
    if (i == first)
        return one_ampersand(at);
    *at = i + (i < s.size && s.data[i] == ';');
    if (c >= 0x80 && c <= 0x9F)
        c = numbers_80_9f[c - 0x80];
    if (c == 0 || c > 0x10FFFF)
        c = UTF8_REPLACEMENT;
    return (str){numeric, utf8_put(numeric, c)};
}

str html_reference(str s, size_t *at, bool in_attribute, char numeric[4]) {
    enum { LONGEST = 32 };
    if (*at + 1 < s.size && s.data[*at + 1] == '#')
        return numeric_reference(s, at, numeric);
    size_t start = *at + 1, end = start;
    while (end < s.size && end - start < LONGEST &&
           (ascii_is_letter(s.data[end]) || digit_of(s.data[end], false) >= 0))
        end++;
    bool semicolon = end < s.size && s.data[end] == ';';
    for (size_t stop = end + semicolon; stop > start; stop--) {
        const word_entry *entry = table_find(&reference_table, str_slice(s, start, stop));
        if (!entry)
            continue;
        if (in_attribute && s.data[stop - 1] != ';' && stop < s.size &&
            (s.data[stop] == '=' || ascii_is_letter(s.data[stop]) || digit_of(s.data[stop], false) >= 0))
            break;
        *at = stop;
        return reference_texts[entry->value];
    }
    return one_ampersand(at);
}

/* The next byte that a slice of the form may not keep. */
static size_t next_special(str s, size_t at, bool references, bool nuls) {
    for (; at < s.size; at++) {
        char c = s.data[at];
        if ((c == '&' && references) || c == '\r' || (c == 0 && nuls))
            break;
    }
    return at;
}

static void add_lower(str s, buffer *out) {
    buffer_reserve(out, s.size);
    for (size_t i = 0; i < s.size; i++) {
        char c = s.data[i];
        if (c == 0)
            buffer_add(out, STR("\xEF\xBF\xBD"));
        else
            buffer_add_byte(out, ascii_lower(c));
    }
}

void html_decode(str s, html_form form, buffer *out) {
    if (form == HTML_NAME) {
        add_lower(s, out);
        return;
    }
    bool references = form == HTML_DATA || form == HTML_RCDATA || form == HTML_ATTRIBUTE;
    bool nuls = form != HTML_DATA && form != HTML_CDATA;
    for (size_t at = 0; at < s.size;) {
        size_t special = next_special(s, at, references, nuls);
        buffer_add(out, str_slice(s, at, special));
        at = special;
        if (at == s.size)
            return;
        if (s.data[at] == '&') {
            char numeric[4];
            buffer_add(out, html_reference(s, &at, form == HTML_ATTRIBUTE, numeric));
        } else if (s.data[at] == 0) {
            buffer_add(out, STR("\xEF\xBF\xBD"));
            at++;
        } else { /* CR LF and CR are line feeds */
            at += at + 1 < s.size && s.data[at + 1] == '\n' ? 2 : 1;
            buffer_add_byte(out, '\n');
        }
    }
}

str html_decoded(arena *a, str s, bool in_attribute) {
    if (find_byte(s, '&', 0) == s.size)
        return s;
    buffer b = {0};
    html_decode(s, in_attribute ? HTML_ATTRIBUTE : HTML_DATA, &b);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}
