#include "intake/feed.h"

#include "base/ascii.h"
#include "base/buffer.h"
#include "base/counters.h"
#include "base/utf8.h"
#include "intake/dates.h"
#include "intake/xml.h"

#include <unicode/ucnv.h>

/* ---- characters ---- */

/* encoding="windows-1256" of the declaration. */
static str declared(str s) {
    enum { DECLARATION = 200 };
    if (!str_starts(s, STR("<?xml")))
        return STR_NONE;
    s.size = s.size < DECLARATION ? s.size : DECLARATION;
    size_t end = str_find(s, STR("?>"), 0), at = str_find(s, STR("encoding="), 0);
    if (end == SIZE_MAX || at == SIZE_MAX || at + 11 > end)
        return STR_NONE;
    char quote = s.data[at + 9];
    const char *close = memchr(s.data + at + 10, quote, end - at - 10);
    return close ? str_slice(s, at + 10, (size_t)(close - s.data)) : STR_NONE;
}

static str by_icu(str bytes, const char *label, arena *a) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *from = ucnv_open(label, &code);
    if (U_FAILURE(code) || bytes.size > INT32_MAX / 4)
        return STR_NONE;
    int32_t room = (int32_t)bytes.size * 3 + 16;
    char *out = arena_take(a, (size_t)room);
    int32_t size = ucnv_toAlgorithmic(UCNV_UTF8, from, out, room, bytes.data, (int32_t)bytes.size, &code);
    ucnv_close(from);
    return U_SUCCESS(code) ? (str){out, (size_t)size} : STR_NONE;
}

str feed_text(str bytes, arena *a) {
    bool wide = str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"));
    if (!wide && utf8_valid(bytes))
        return str_unmarked(bytes);
    str label = wide ? STR("UTF-16") : declared(str_unmarked(bytes));
    str text = label.size ? by_icu(bytes, arena_cstring(a, label), a) : STR_NONE;
    return text.data ? text : utf8_repair(a, str_unmarked(bytes));
}

/* ---- cutting items out ---- */

#define BYTES(literal)                                                                                       \
    { (literal), sizeof(literal) - 1 }

static const str item_names[] = {
    BYTES("item"), BYTES("entry"), BYTES("atom:entry"), BYTES("rss:item"), {NULL, 0}};
static const str address_names[] = {BYTES("url"), BYTES("sitemap"), {NULL, 0}};

static bool is_name_end(str s, size_t at) {
    return at >= s.size || s.data[at] == '>' || s.data[at] == '/' || (unsigned char)s.data[at] <= ' ';
}

/* What is no tag but begins with "<": goes behind it. */
static bool skip_section(str s, size_t *at) {
    static const struct {
        str open, close;
    } sections[] = {
        {BYTES("<![CDATA["), BYTES("]]>")}, {BYTES("<!--"), BYTES("-->")}, {BYTES("<?"), BYTES("?>")}};
    str rest = str_slice(s, *at, s.size);
    for (size_t i = 0; i < 3; i++)
        if (str_starts(rest, sections[i].open)) {
            size_t end = str_find(rest, sections[i].close, sections[i].open.size);
            *at = end == SIZE_MAX ? s.size : *at + end + sections[i].close.size;
            COUNT(bytes_taken_in, end == SIZE_MAX ? rest.size : end);
            return true;
        }
    return false;
}

static bool tag_at(str s, size_t at, str name) {
    return str_starts(str_slice(s, at, s.size), name) && is_name_end(s, at + name.size);
}

/* Behind the tag that begins at `at`; a ">" in quotes ends nothing. */
static size_t behind_tag(str s, size_t at, bool *empty) {
    char quote = 0;
    for (; at < s.size && (quote || s.data[at] != '>'); at++)
        if (quote ? s.data[at] == quote : s.data[at] == '"' || s.data[at] == '\'')
            quote = quote ? 0 : s.data[at];
    *empty = at > 0 && at < s.size && s.data[at - 1] == '/';
    return at < s.size ? at + 1 : s.size;
}

/* Behind the end tag of `name`, from `at` on. */
static size_t behind_end(str s, size_t at, str name, bool *whole) {
    while (at < s.size) {
        const char *open = memchr(s.data + at, '<', s.size - at);
        if (!open)
            break;
        COUNT(bytes_taken_in, (size_t)(open - s.data) - at);
        at = (size_t)(open - s.data);
        if (skip_section(s, &at))
            continue;
        if (at + 1 < s.size && s.data[at + 1] == '/' && tag_at(s, at + 2, name)) {
            bool empty;
            *whole = true;
            return behind_tag(s, at, &empty);
        }
        at++;
    }
    *whole = false;
    return s.size;
}

bool feed_next(str text, feed_names names, size_t *at, str *element, bool *whole) {
    const str *wanted = names == FEED_ITEMS ? item_names : address_names;
    while (*at < text.size) {
        const char *open = memchr(text.data + *at, '<', text.size - *at);
        if (!open)
            break;
        size_t from = (size_t)(open - text.data);
        *at = from;
        if (skip_section(text, at))
            continue;
        const str *name = wanted;
        while (name->size && !tag_at(text, from + 1, *name))
            name++;
        *at = from + 1;
        if (!name->size)
            continue;
        bool empty;
        size_t inside = behind_tag(text, from, &empty);
        COUNT(bytes_taken_in, inside - from);
        *whole = true;
        *at = empty ? inside : behind_end(text, inside, *name, whole);
        *element = str_slice(text, from, *at);
        return true;
    }
    *at = text.size;
    return false;
}

/* ---- the fields of an item ---- */

typedef enum field {
    FIELD_TITLE,
    FIELD_LINK,
    FIELD_ID,
    FIELD_DATE,
    FIELD_UPDATED,
    FIELD_AUTHOR,
    FIELD_SUMMARY,
    FIELD_CONTENT,
    FIELDS,
    FIELD_NONE = FIELDS
} field;

static const struct {
    const char *name;
    field field;
} field_names[] = {
    {"title", FIELD_TITLE},
    {"news:title", FIELD_TITLE},
    {"link", FIELD_LINK},
    {"loc", FIELD_LINK},
    {"guid", FIELD_ID},
    {"id", FIELD_ID},
    {"pubDate", FIELD_DATE},
    {"dc:date", FIELD_DATE},
    {"published", FIELD_DATE},
    {"issued", FIELD_DATE},
    {"news:publication_date", FIELD_DATE},
    {"updated", FIELD_UPDATED},
    {"modified", FIELD_UPDATED},
    {"lastmod", FIELD_UPDATED},
    {"author", FIELD_AUTHOR},
    {"dc:creator", FIELD_AUTHOR},
    {"name", FIELD_AUTHOR},
    {"description", FIELD_SUMMARY},
    {"summary", FIELD_SUMMARY},
    {"content:encoded", FIELD_CONTENT},
    {"content", FIELD_CONTENT},
};

typedef enum markup { MARKUP_GUESSED, MARKUP_HTML, MARKUP_TEXT, MARKUP_XHTML } markup;

typedef struct item_reader {
    str element;
    buffer values[FIELDS];
    markup markups[FIELDS];
    bool full[FIELDS];
    field now;
    size_t depth, since; /* of the element that `now` is of */
    size_t raw_from;
    bool is_atom;
} item_reader;

static const char *attribute(const char *const *attributes, const char *name) {
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

/* The element's name without the prefix of Atom's own. */
static const char *own_name(const char *name) {
    return strncmp(name, "atom:", 5) == 0 ? name + 5 : strncmp(name, "rss:", 4) == 0 ? name + 4 : name;
}

static field field_named(const item_reader *r, const char *name) {
    bool inside = r->depth > 2; /* "name" of an author, and what stands in "news:news" */
    for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
        if (strcmp(own_name(name), field_names[i].name) == 0) {
            bool deep =
                strcmp(name, "name") == 0 || strncmp(name, "news:", 5) == 0 || strcmp(name, "atom:name") == 0;
            return inside == deep ? field_names[i].field : FIELD_NONE;
        }
    return FIELD_NONE;
}

static void take_link(item_reader *r, const char *const *attributes) {
    const char *href = attribute(attributes, "href"), *rel = attribute(attributes, "rel");
    if (!href || r->full[FIELD_LINK] || (rel && strcmp(rel, "alternate") != 0))
        return;
    buffer_add(&r->values[FIELD_LINK], str_of(href));
    r->full[FIELD_LINK] = true;
}

static void on_begin(void *context, const char *name, const char *const *attributes, size_t at, size_t size) {
    item_reader *r = context;
    r->depth++;
    if (r->depth == 1)
        r->is_atom = strcmp(own_name(name), "entry") == 0;
    bool author = r->now == FIELD_AUTHOR && r->depth == 3;
    if (r->now == FIELD_SUMMARY || r->now == FIELD_CONTENT) /* markup that stands in it as it is */
        r->markups[r->now] = MARKUP_XHTML;
    if (r->depth < 2 || (r->now != FIELD_NONE && !author))
        return;
    field f = field_named(r, name);
    if (f == FIELD_NONE || r->full[f])
        return;
    if (f == FIELD_LINK)
        take_link(r, attributes);
    if (author) /* the name stands for the whole of it */
        r->values[FIELD_AUTHOR].size = 0;
    r->now = f;
    r->since = r->depth;
    const char *type = r->is_atom ? attribute(attributes, "type") : NULL;
    r->markups[f] = !r->is_atom                                                             ? MARKUP_GUESSED
                    : type && strcmp(type, "xhtml") == 0                                    ? MARKUP_XHTML
                    : type && (strcmp(type, "html") == 0 || strcmp(type, "text/html") == 0) ? MARKUP_HTML
                                                                                            : MARKUP_TEXT;
    r->raw_from = at + size;
}

static void on_end(void *context, const char *name, size_t at) {
    item_reader *r = context;
    (void)name;
    if (r->now != FIELD_NONE && r->depth == r->since) {
        buffer *value = &r->values[r->now];
        if (r->markups[r->now] == MARKUP_XHTML && at >= r->raw_from && at <= r->element.size) {
            value->size = 0;
            buffer_add(value, str_slice(r->element, r->raw_from, at));
        }
        r->full[r->now] = str_trim(buffer_str(value)).size > 0;
        r->now = FIELD_NONE;
    }
    r->depth--;
}

static void on_text(void *context, str text) {
    item_reader *r = context;
    /* what stands in an author but outside its name ("uri", "email") is not it */
    if (r->now != FIELD_NONE && (r->depth == r->since || r->markups[r->now] == MARKUP_XHTML))
        buffer_add(&r->values[r->now], text);
}

/* ---- mending ---- */

/* "&amp;", "&#1234;", "&nbsp;" */
static bool is_reference(str s, size_t at) {
    size_t end = at + 1;
    if (end < s.size && s.data[end] == '#')
        end++;
    size_t from = end;
    while (end < s.size && end < at + 12 &&
           (ascii_is_letter(s.data[end]) || (s.data[end] >= '0' && s.data[end] <= '9')))
        end++;
    return end > from && end < s.size && s.data[end] == ';';
}

/* An ampersand that begins nothing, and controls that XML does not know, are the commonest mistakes. */
static str mended(str s, arena *a) {
    buffer b = {0};
    for (size_t at = 0; at < s.size;) {
        size_t section = at;
        unsigned char c = (unsigned char)s.data[at];
        if (c == '<' && skip_section(s, &section)) {
            buffer_add(&b, str_slice(s, at, section));
            at = section;
            continue;
        }
        if (c == '&' && !is_reference(s, at))
            buffer_add(&b, STR("&amp;"));
        else if (c >= ' ' || c == '\n' || c == '\t' || c == '\r')
            buffer_add_byte(&b, (char)c);
        at++;
    }
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* ---- a page of it ---- */

static void add_escaped(buffer *b, str s, bool ampersands) {
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '<')
            buffer_add(b, STR("&lt;"));
        else if (s.data[i] == '"')
            buffer_add(b, STR("&quot;"));
        else if (s.data[i] == '&' && ampersands)
            buffer_add(b, STR("&amp;"));
        else
            buffer_add_byte(b, s.data[i]);
    }
}

static void add_meta(buffer *b, const char *attribute_name, const char *name, str value) {
    if (value.size == 0)
        return;
    buffer_printf(b, "<meta %s=\"%s\" content=\"", attribute_name, name);
    add_escaped(b, value, true);
    buffer_add(b, STR("\">"));
}

static void add_text(buffer *b, str text) {
    str line;
    for (size_t at = 0; str_piece(text, &at, '\n', &line);) {
        if (str_trim(line).size == 0)
            continue;
        buffer_add(b, STR("<p>"));
        add_escaped(b, str_trim(line), true);
        buffer_add(b, STR("</p>\n"));
    }
}

static void add_content(buffer *b, str content, markup how) {
    if (how == MARKUP_TEXT)
        add_text(b, content);
    else if (memchr(content.data, '<', content.size))
        buffer_add(b, content);
    else {
        buffer_add(b, STR("<p>"));
        buffer_add(b, content);
        buffer_add(b, STR("</p>"));
    }
}

static str page_of(item_reader *r, const feed_item *item, arena *a) {
    buffer b = {0};
    bool text = r->markups[FIELD_TITLE] == MARKUP_TEXT;
    str content = str_trim(buffer_str(&r->values[FIELD_CONTENT]));
    field f = content.size ? FIELD_CONTENT : FIELD_SUMMARY;
    content = str_trim(buffer_str(&r->values[f]));
    buffer_add(&b, STR("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>"));
    add_escaped(&b, item->title, text);
    buffer_add(&b, STR("</title>"));
    add_meta(&b, "name", "author", item->author);
    add_meta(&b, "property", "article:published_time", date_local(item->time, a));
    add_meta(&b, "property", "article:modified_time",
             date_local(str_trim(buffer_str(&r->values[FIELD_UPDATED])), a));
    if (item->url.size) {
        buffer_add(&b, STR("<link rel=\"canonical\" href=\""));
        add_escaped(&b, item->url, true);
        buffer_add(&b, STR("\">"));
    }
    buffer_add(&b, STR("</head><body><article><h1>"));
    add_escaped(&b, item->title, text);
    buffer_add(&b, STR("</h1>\n"));
    if (content.size)
        add_content(&b, content, r->markups[f]);
    buffer_add(&b, STR("</article></body></html>\n"));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static bool is_address(str s) {
    return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

static void free_values(item_reader *r) {
    for (size_t i = 0; i < FIELDS; i++)
        buffer_free(&r->values[i]);
}

static const char *read_once(str element, item_reader *r) {
    size_t at;
    *r = (item_reader){.element = element, .now = FIELD_NONE};
    const xml_handler handler = {r, on_begin, on_end, on_text};
    const char *why = xml_read(element, &handler, &at);
    if (why)
        free_values(r);
    return why;
}

const char *feed_item_read(str element, arena *a, feed_item *out) {
    item_reader r;
    const char *why = xml_missing();
    if (why)
        return why;
    if (read_once(element, &r)) {
        why = read_once(mended(element, a), &r);
        if (why)
            return why;
    }
    feed_item item = {.title = str_trim(arena_copy(a, buffer_str(&r.values[FIELD_TITLE])))};
    item.url = str_trim(arena_copy(a, buffer_str(&r.values[FIELD_LINK])));
    str id = str_trim(arena_copy(a, buffer_str(&r.values[FIELD_ID])));
    if (!is_address(item.url))
        item.url = is_address(id) ? id : STR_NONE;
    item.author = str_trim(arena_copy(a, buffer_str(&r.values[FIELD_AUTHOR])));
    field date = r.values[FIELD_DATE].size ? FIELD_DATE : FIELD_UPDATED;
    item.time = str_trim(arena_copy(a, buffer_str(&r.values[date])));
    item.page = page_of(&r, &item, a);
    free_values(&r);
    *out = item;
    return NULL;
}

str feed_media_type(str element) {
    bool atom = str_starts(element, STR("<entry")) || str_starts(element, STR("<atom:entry"));
    return atom ? STR("application/atom+xml") : STR("application/rss+xml");
}
