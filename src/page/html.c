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

#include "base/counters.h"
#include "base/utf8.h"

html_reader html_open(str page) {
    return (html_reader){.page = page};
}

static bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t find_byte(str s, char c, size_t from) {
    const char *hit = from < s.size ? memchr(s.data + from, c, s.size - from) : NULL;
    return hit ? (size_t)(hit - s.data) : s.size;
}

static bool nocase_at(str s, size_t at, str word) {
    return s.size - at >= word.size && str_equal_ascii_nocase(str_slice(s, at, at + word.size), word);
}

/* The tag of a name in any case. */
static tag tag_of(str name, unsigned *what) {
    char lower[16];
    *what = 0;
    if (name.size > sizeof lower)
        return TAG_OTHER;
    for (size_t i = 0; i < name.size; i++)
        lower[i] = (char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] + 32 : name.data[i]);
    const word_entry *entry = table_find(&element_table, (str){lower, name.size});
    if (!entry)
        return TAG_OTHER;
    *what = (unsigned)entry->extra;
    return (tag)entry->value;
}

/* Past "<!--": where what follows the comment begins. */
static size_t end_of_comment(str s, size_t at) {
    if (at < s.size && s.data[at] == '>')
        return at + 1;
    if (nocase_at(s, at, STR("->")))
        return at + 2;
    for (; (at = find_byte(s, '-', at)) < s.size; at++) {
        if (nocase_at(s, at, STR("-->")))
            return at + 3;
        if (nocase_at(s, at, STR("--!>")))
            return at + 4;
    }
    return s.size;
}

/* At a '<' that begins no tag but a comment, a doctype or an instruction: where what follows it begins. */
static size_t end_of_declaration(str s, size_t at) {
    if (nocase_at(s, at, STR("<!--")))
        return end_of_comment(s, at + 4);
    size_t end = find_byte(s, '>', at);
    return end < s.size ? end + 1 : end;
}

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
    while (*at < s.size && !is_space(s.data[*at]) && s.data[*at] != '>')
        *at += 1;
    return str_slice(s, start, *at);
}

static html_attribute read_attribute(str s, size_t *at) {
    size_t start = *at;
    *at += 1; /* a first '=' belongs to the name */
    while (*at < s.size && !is_space(s.data[*at]) && s.data[*at] != '/' && s.data[*at] != '>' &&
           s.data[*at] != '=')
        *at += 1;
    html_attribute a = {str_slice(s, start, *at), STR("")};
    size_t after = *at;
    while (after < s.size && is_space(s.data[after]))
        after++;
    if (after >= s.size || s.data[after] != '=')
        return a;
    after++;
    while (after < s.size && is_space(s.data[after]))
        after++;
    *at = after;
    if (after < s.size && s.data[after] != '>')
        a.value = read_value(s, at);
    return a;
}

/* Past the name of a tag: its attributes. False where the page ends inside the tag. */
static bool read_attributes(html_reader *r, html_token *out) {
    str s = r->page;
    size_t at = r->at;
    out->attribute_count = 0;
    out->self_closing = false;
    while (at < s.size) {
        char c = s.data[at];
        if (c == '>') {
            r->at = at + 1;
            return true;
        }
        if (is_space(c) || c == '/') {
            out->self_closing = c == '/' && at + 1 < s.size && s.data[at + 1] == '>';
            at++;
            continue;
        }
        html_attribute a = read_attribute(s, &at);
        if (out->attribute_count < HTML_MOST_ATTRIBUTES)
            out->attributes[out->attribute_count++] = a;
    }
    r->at = s.size;
    return false;
}

static bool read_tag(html_reader *r, html_token *out, size_t name_at, html_kind kind) {
    str s = r->page;
    size_t end = name_at;
    while (end < s.size && !is_space(s.data[end]) && s.data[end] != '/' && s.data[end] != '>')
        end++;
    out->kind = kind;
    out->name = str_slice(s, name_at, end);
    out->tag = tag_of(out->name, &out->what);
    r->at = end;
    if (!read_attributes(r, out))
        return false;
    if (kind == HTML_START && (out->what & (ELEMENT_RAW | ELEMENT_RCDATA))) {
        r->raw_tag = out->tag;
        r->raw_name = out->name;
        r->raw_references = (out->what & ELEMENT_RCDATA) != 0;
    }
    return true;
}

/* Whether the end tag of the raw element stands at a '<'. */
static bool ends_raw(const html_reader *r, size_t at) {
    str s = r->page;
    if (at + 1 >= s.size || s.data[at + 1] != '/' || !nocase_at(s, at + 2, r->raw_name))
        return false;
    size_t after = at + 2 + r->raw_name.size;
    return after < s.size && (is_space(s.data[after]) || s.data[after] == '/' || s.data[after] == '>');
}

/* A script that has begun "<!--" and then "<script" goes on behind the next "</script": the standard's script
 * data double escaped state. */
static size_t end_of_script(const html_reader *r) {
    str s = r->page;
    bool escaped = false, inner = false;
    for (size_t at = r->at; at < s.size; at++) {
        if (s.data[at] == '-' && escaped && nocase_at(s, at, STR("-->")))
            escaped = inner = false;
        if (s.data[at] != '<')
            continue;
        if (nocase_at(s, at, STR("<!--"))) {
            escaped = true;
            at += 1;
        } else if (ends_raw(r, at)) {
            if (!inner)
                return at;
            inner = false;
        } else if (escaped && nocase_at(s, at, STR("<script")) && at + 7 < s.size &&
                   (is_space(s.data[at + 7]) || s.data[at + 7] == '/' || s.data[at + 7] == '>')) {
            inner = true;
        }
    }
    return s.size;
}

static size_t end_of_raw(const html_reader *r) {
    if (r->raw_tag == TAG_PLAINTEXT)
        return r->page.size;
    if (r->raw_tag == TAG_SCRIPT)
        return end_of_script(r);
    size_t at = r->at;
    while ((at = find_byte(r->page, '<', at)) < r->page.size && !ends_raw(r, at))
        at++;
    return at;
}

/* Whether the '<' at `at` begins anything but text. */
static bool begins_markup(str s, size_t at) {
    if (at + 1 >= s.size)
        return false;
    char c = s.data[at + 1];
    return is_letter(c) || c == '!' || c == '?' || (c == '/' && at + 2 < s.size);
}

static size_t end_of_text(str s, size_t at) {
    while ((at = find_byte(s, '<', at)) < s.size && !begins_markup(s, at))
        at++;
    return at;
}

static bool give_text(html_token *out, str text, bool raw) {
    out->kind = HTML_TEXT;
    out->text = text;
    out->raw = raw;
    out->tag = TAG_OTHER;
    out->what = 0;
    return true;
}

static bool raw_text(html_reader *r, html_token *out) {
    size_t end = end_of_raw(r);
    str text = str_slice(r->page, r->at, end);
    give_text(out, text, !r->raw_references);
    out->tag = r->raw_tag;
    r->raw_tag = TAG_OTHER;
    r->at = end;
    return text.size > 0;
}

bool html_next(html_reader *r, html_token *out) {
    COUNT(html_events, 1);
    if (r->raw_tag != TAG_OTHER && raw_text(r, out))
        return true;
    while (r->at < r->page.size) {
        str s = r->page;
        if (s.data[r->at] != '<' || !begins_markup(s, r->at)) {
            size_t end = end_of_text(s, r->at + (s.data[r->at] == '<'));
            str text = str_slice(s, r->at, end);
            r->at = end;
            return give_text(out, text, false);
        }
        char c = s.data[r->at + 1];
        if (is_letter(c))
            return read_tag(r, out, r->at + 1, HTML_START);
        if (c == '/' && is_letter(s.data[r->at + 2]))
            return read_tag(r, out, r->at + 2, HTML_END);
        r->at = end_of_declaration(s, r->at);
    }
    return false;
}

str html_attribute_value(const html_token *t, str name) {
    for (size_t i = 0; i < t->attribute_count; i++)
        if (str_equal_ascii_nocase(t->attributes[i].name, name))
            return t->attributes[i].value;
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
    if (c >= '0' && c <= '9')
        return c - '0';
    if (hex && c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (hex && c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
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
           (is_letter(s.data[end]) || digit_of(s.data[end], false) >= 0))
        end++;
    bool semicolon = end < s.size && s.data[end] == ';';
    for (size_t stop = end + semicolon; stop > start; stop--) {
        const word_entry *entry = table_find(&reference_table, str_slice(s, start, stop));
        if (!entry)
            continue;
        if (in_attribute && s.data[stop - 1] != ';' && stop < s.size &&
            (s.data[stop] == '=' || is_letter(s.data[stop]) || digit_of(s.data[stop], false) >= 0))
            break;
        *at = stop;
        return reference_texts[entry->value];
    }
    return one_ampersand(at);
}

void html_decode(str s, bool in_attribute, buffer *out) {
    for (size_t at = 0; at < s.size;) {
        size_t ampersand = find_byte(s, '&', at);
        buffer_add(out, str_slice(s, at, ampersand));
        at = ampersand;
        if (at < s.size) {
            char numeric[4];
            buffer_add(out, html_reference(s, &at, in_attribute, numeric));
        }
    }
}

str html_decoded(arena *a, str s, bool in_attribute) {
    if (find_byte(s, '&', 0) == s.size)
        return s;
    buffer b = {0};
    html_decode(s, in_attribute, &b);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}
