/* A JSON record: text and what is known of it, taken as they stand; line ends become LF, ill-formed bytes
 * U+FFFD, and nothing else is changed, for the text is not ours. */
#include "page/assemble.h"

#include "base/utf8.h"
#include "page/charset.h"
#include "page/line.h"
#include "page/moment.h"

#include <inttypes.h>
#include <jansson.h>

static str member(const json_t *object, const char *key, arena *a) {
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (!json_is_string(value) || json_string_length(value) == 0)
        return STR_NONE;
    return arena_copy(a, (str){json_string_value(value), json_string_length(value)});
}

static str one_line(str s, arena *a) {
    if (!s.size || !(memchr(s.data, '\n', s.size) || memchr(s.data, '\r', s.size)))
        return s;
    char *out = arena_cstring(a, s);
    for (size_t i = 0; i < s.size; i++)
        if (out[i] == '\n' || out[i] == '\r')
            out[i] = ' ';
    return (str){out, s.size};
}

/* Paragraphs are the lines of the text, and lie in it. */
static void split_lines(article *p, arena *a) {
    str body = str_slice(p->text, p->body_start, p->text.size);
    for (size_t at = 0; at < body.size;) {
        const char *feed = memchr(body.data + at, '\n', body.size - at);
        size_t end = feed ? (size_t)(feed - body.data) : body.size;
        if (str_trim(str_slice(body, at, end)).size)
            article_add(p, str_slice(body, at, end), PARAGRAPH_PLAIN, a);
        at = end + 1;
    }
}

static void fill_text(article *p, str text, arena *a) {
    p->text = text;
    p->body_start = 0;
    if (p->title.size) {
        char *joined = arena_alloc(a, p->title.size + text.size + 2);
        memcpy(joined, p->title.data, p->title.size);
        joined[p->title.size] = '\n';
        if (text.size)
            memcpy(joined + p->title.size + 1, text.data, text.size);
        p->text = (str){joined, p->title.size + 1 + text.size};
        p->body_start = p->title.size + 1;
    }
    split_lines(p, a);
}

static void fill_published(article *p, str value, arena *a) {
    moment m;
    if (!value.size)
        return;
    if (moment_read(value, (moment_style){0}, a, &m)) {
        p->published = m.value;
        p->published_offset = m.offset;
        p->published_from = STR("given");
    } else {
        article_warn(p, arena_printf(a, "the record's date %.40s is none that can be read", value.data), a);
    }
}

/* The text is not ours: what is wrong with it is only told. */
static void warn_of_mojibake(article *p, arena *a) {
    mojibake m = mojibake_mend(p->text, a);
    if (m.words)
        article_warn(p,
                     arena_printf(a, "%zu words look like UTF-8 read as %.*s: the text is left as it stands",
                                  m.words, STR_ARG(m.read_as)),
                     a);
}

static status wrong(const capture *c, const char *what, failure *f) {
    return fail(f, STATUS_BAD_RECORDS, "%.*s: offset %" PRIu64 ": expected a JSON object with a \"text\", %s",
                STR_ARG(c->file), c->offset, what);
}

status record_article(const capture *c, arena *a, article *p, failure *f) {
    json_error_t error;
    str line = utf8_repair(a, c->body);
    if (line.data != c->body.data)
        p->repaired = STR("ill-formed UTF-8 was replaced");
    json_t *record = json_loadb(line.data, line.size, JSON_ALLOW_NUL, &error);
    if (!record)
        return wrong(c, error.text, f);
    const json_t *text = json_object_get(record, "text");
    if (!json_is_object(record) || !json_is_string(text)) {
        const char *what = !json_is_object(record) ? "found another value"
                           : text                  ? "its \"text\" is no string"
                                                   : "it has no \"text\"";
        json_decref(record);
        return wrong(c, what, f);
    }
    p->verbatim = true;
    p->charset = STR("utf-8");
    p->id = member(record, "id", a);
    p->url = member(record, "url", a);
    p->outlet = member(record, "outlet", a);
    p->title = one_line(member(record, "title", a), a);
    fill_published(p, member(record, "published", a), a);
    str told = member(record, "language", a);
    str copied = arena_copy(a, (str){json_string_value(text), json_string_length(text)});
    json_decref(record);
    fill_text(p, with_line_feeds(copied, a), a);
    warn_of_mojibake(p, a);
    article_languages(p, told, a);
    return STATUS_OK;
}
