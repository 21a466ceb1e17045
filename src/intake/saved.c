#include "intake/saved.h"

#include "base/ascii.h"
#include "base/counters.h"
#include "intake/dates.h"
#include "intake/http.h"

enum { MOST_DEPTH = 4, MOST_PARTS = 100000, COMMENT_HEAD = 64 * 1024, LONGEST_HEAD = 1024 * 1024 };

/* ---- transfer encodings of mail ---- */

/* A "=" at the end of a line, with white space behind it, joins it to the next; gives how long that is. */
static size_t soft_break(str s, size_t at) {
    size_t end = at + 1;
    while (end < s.size && (s.data[end] == ' ' || s.data[end] == '\t'))
        end++;
    if (end < s.size && s.data[end] == '\r')
        end++;
    return end < s.size && s.data[end] == '\n' ? end + 1 - at : end == s.size ? end - at : 0;
}

static str quoted_printable(str s, arena *a) {
    char *out = arena_take(a, s.size + 1);
    size_t size = 0;
    for (size_t at = 0; at < s.size;) {
        const char *equals = memchr(s.data + at, '=', s.size - at);
        size_t plain = (equals ? (size_t)(equals - s.data) : s.size) - at;
        memcpy(out + size, s.data + at, plain);
        size += plain;
        at += plain;
        if (at == s.size)
            break;
        int high = at + 2 < s.size ? ascii_hex(s.data[at + 1]) : -1;
        int low = at + 2 < s.size ? ascii_hex(s.data[at + 2]) : -1;
        size_t gone = soft_break(s, at);
        if (high >= 0 && low >= 0) {
            out[size++] = (char)(high << 4 | low);
            at += 3;
        } else if (gone) {
            at += gone;
        } else {
            out[size++] = s.data[at++]; /* as it stands */
        }
    }
    return (str){out, size};
}

static int base64_value(char c) {
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

static str base64(str s, arena *a) {
    char *out = arena_take(a, s.size / 4 * 3 + 4);
    size_t size = 0;
    unsigned bits = 0, held = 0;
    for (size_t at = 0; at < s.size && s.data[at] != '='; at++) {
        int value = base64_value(s.data[at]);
        if (value < 0)
            continue;
        held = (held << 6 | (unsigned)value) & 0xFFFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[size++] = (char)(held >> bits & 0xFF);
        }
    }
    return (str){out, size};
}

static str without_transfer(str body, str encoding, arena *a) {
    if (str_equal_ascii_nocase(encoding, STR("quoted-printable")))
        return quoted_printable(body, a);
    if (str_equal_ascii_nocase(encoding, STR("base64")))
        return base64(body, a);
    return body;
}

/* ---- parts ---- */

typedef struct search {
    arena *a;
    str start; /* Content-ID of the main part, without angle brackets */
    bool found, cut;
    headers head;
    str body;
} search;

static str without_brackets(str id) {
    id = str_trim(id);
    return id.size >= 2 && id.data[0] == '<' && id.data[id.size - 1] == '>' ? str_slice(id, 1, id.size - 1)
                                                                            : id;
}

static bool is_markup(str type) {
    return str_equal(type, STR("text/html")) || str_equal(type, STR("application/xhtml+xml"));
}

static void look_at(search *s, str part, size_t depth);

/* Where a line begins with the boundary, from `from` on. */
static size_t next_boundary(str body, str mark, size_t from) {
    size_t at = from;
    for (; at < body.size && (at = str_find(body, mark, at)) != SIZE_MAX; at++)
        if (at == 0 || body.data[at - 1] == '\n')
            break;
    bool found = at < body.size;
    COUNT(bytes_taken_in, (found ? at : body.size) - from);
    return found ? at : SIZE_MAX;
}

static void look_at_parts(search *s, str body, str boundary, size_t depth) {
    str mark = arena_printf(s->a, "--%.*s", STR_ARG(boundary));
    size_t at = next_boundary(body, mark, 0);
    for (size_t parts = 0; at != SIZE_MAX && parts < MOST_PARTS; parts++) {
        at += mark.size;
        if (str_starts(str_slice(body, at, body.size), STR("--")))
            return;
        const char *feed = memchr(body.data + at, '\n', body.size - at);
        size_t from = feed ? (size_t)(feed - body.data) + 1 : body.size;
        at = from < body.size ? next_boundary(body, mark, from) : SIZE_MAX;
        size_t end = at == SIZE_MAX ? body.size : at;
        if (end > from && body.data[end - 1] == '\n')
            end--; /* the line feed before a boundary is the boundary's */
        if (end > from && body.data[end - 1] == '\r')
            end--;
        bool before = s->found;
        look_at(s, str_slice(body, from, end), depth + 1);
        s->cut |= s->found && !before && at == SIZE_MAX; /* no boundary ends the page */
        if (s->found && (!s->start.size ||
                         str_equal(without_brackets(headers_value(&s->head, STR("Content-ID"))), s->start)))
            return;
    }
}

/* A part's head has no first line of its own. */
static headers part_head(str part, arena *a) {
    const char *end = NULL;
    for (size_t at = 0; at < part.size;) { /* an empty line */
        const char *feed = memchr(part.data + at, '\n', part.size - at);
        if (!feed)
            break;
        size_t line = (size_t)(feed - part.data) - at;
        COUNT(bytes_taken_in, line + 1);
        if (line == 0 || (line == 1 && part.data[at] == '\r')) {
            end = feed + 1;
            break;
        }
        at += line + 1;
    }
    size_t size = end ? (size_t)(end - part.data) : part.size;
    if (size > LONGEST_HEAD)
        return (headers){.size = size};
    str text = arena_printf(a, "\n%.*s", STR_ARG(str_slice(part, 0, size)));
    headers h = headers_read(text, a);
    h.size = size;
    return h;
}

static void look_at(search *s, str part, size_t depth) {
    headers h = part_head(part, s->a);
    str value = headers_value(&h, STR("Content-Type")), type, charset;
    media_type_read(value, s->a, &type, &charset);
    str body = str_slice(part, h.size, part.size);
    if (str_starts(type, STR("multipart/"))) {
        str boundary = media_parameter(value, STR("boundary"));
        if (depth == 0)
            s->start = without_brackets(media_parameter(value, STR("start")));
        if (boundary.size && depth < MOST_DEPTH)
            look_at_parts(s, body, boundary, depth);
        return;
    }
    bool named = s->start.size && str_equal(without_brackets(headers_value(&h, STR("Content-ID"))), s->start);
    if (!is_markup(type) || (s->found && !named))
        return;
    s->found = true;
    s->head = h;
    s->body = body;
}

/* "=?utf-8?B?…?=" words (RFC 2047) as what they mean; those of other encodings stay as they stand. */
static str subject(str s, arena *a) {
    enum { LONGEST_WORD = 1000 }; /* 75 by the standard */
    static const str begin = {"=?utf-8?", 8};
    char *out = arena_take(a, s.size + 1);
    size_t size = 0, word_end = 0;
    bool word = false; /* and nothing but white space behind it */
    for (size_t at = 0; at < s.size;) {
        str rest = str_slice(s, at, s.size);
        bool begins = rest.size > 10 && str_equal_ascii_nocase(str_slice(rest, 0, begin.size), begin) &&
                      rest.data[9] == '?';
        str near = str_slice(rest, 0, rest.size < LONGEST_WORD ? rest.size : LONGEST_WORD);
        size_t end = begins ? str_find(near, STR("?="), 10) : SIZE_MAX;
        if (end == SIZE_MAX) {
            out[size++] = s.data[at++];
            word = word && (rest.data[0] == ' ' || rest.data[0] == '\t');
            continue;
        }
        size = word ? word_end : size; /* white space between two such words is none */
        str text = str_slice(rest, 10, end);
        char kind = rest.data[8];
        str plain = kind == 'B' || kind == 'b' ? base64(text, a) : quoted_printable(text, a);
        for (size_t i = 0; i < plain.size; i++)
            out[size++] = plain.data[i] == '_' && kind != 'B' && kind != 'b' ? ' ' : plain.data[i];
        at += end + 2;
        word = true;
        word_end = size;
    }
    return (str){out, size};
}

bool mhtml_page(str file, arena *a, saved_page *out, const char **why) {
    headers top = part_head(file, a);
    search s = {.a = a};
    look_at(&s, file, 0);
    *why = "an MHTML file without a part that is a page";
    if (!s.found)
        return false;
    saved_page p = {0};
    media_type_read(headers_value(&s.head, STR("Content-Type")), a, &p.media_type, &p.charset);
    p.bytes = without_transfer(s.body, headers_value(&s.head, STR("Content-Transfer-Encoding")), a);
    p.url = headers_value(&s.head, STR("Content-Location"));
    str snapshot = headers_value(&top, STR("Snapshot-Content-Location"));
    if (!p.url.size || str_starts(p.url, STR("cid:")))
        p.url = snapshot.size ? snapshot : headers_value(&top, STR("Content-Location"));
    p.time = date_read(headers_value(&top, STR("Date")), a);
    p.title = subject(headers_value(&top, STR("Subject")), a);
    p.cut = s.cut;
    *out = p;
    return true;
}

/* ---- comments ---- */

/* The rest of the line behind `label`. */
static str line_behind(str s, str label) {
    size_t at = str_find(s, label, 0);
    if (at == SIZE_MAX || !s.data)
        return STR_NONE;
    at += label.size;
    const char *feed = memchr(s.data + at, '\n', s.size - at);
    return str_trim(str_slice(s, at, feed ? (size_t)(feed - s.data) : s.size));
}

static bool is_address(str s) {
    if (!str_starts(s, STR("http://")) && !str_starts(s, STR("https://")))
        return false;
    for (size_t i = 0; i < s.size; i++)
        if ((unsigned char)s.data[i] <= ' ' || s.data[i] == '<' || s.data[i] == '>' || s.data[i] == '"')
            return false;
    return true;
}

/* "saved from url=(0023)https://news.example/ " : the number is the address's length. */
static str marked_address(str comment) {
    size_t at = str_find(comment, STR("saved from url=("), 0);
    size_t close = at == SIZE_MAX ? SIZE_MAX : str_find(comment, STR(")"), at);
    if (close == SIZE_MAX)
        return STR_NONE;
    str rest = str_slice(comment, close + 1, comment.size);
    size_t end = 0;
    while (end < rest.size && (unsigned char)rest.data[end] > ' ')
        end++;
    return str_slice(rest, 0, end);
}

/* "Mirrored from news.example/1.html by HTTrack Website Copier/3.x [XR&CO'2014], Tue, 11 Mar 2014 12:00:00
 * GMT": without the scheme of what was fetched by http. */
static str mirrored_address(str comment, arena *a, str *time) {
    static const str from = {"Mirrored from ", 14};
    size_t at = str_find(comment, from, 0);
    size_t by = at == SIZE_MAX ? SIZE_MAX : str_find(comment, STR(" by HTTrack"), at);
    if (by == SIZE_MAX)
        return STR_NONE;
    size_t date = str_find(comment, STR("], "), by);
    if (date != SIZE_MAX)
        *time = date_read(str_trim(str_slice(comment, date + 3, comment.size)), a);
    str address = str_slice(comment, at + from.size, by);
    return str_find(address, STR("://"), 0) == SIZE_MAX ? arena_printf(a, "http://%.*s", STR_ARG(address))
                                                        : address;
}

void saved_comment(str page, arena *a, str *url, str *time) {
    *url = *time = STR_NONE;
    if (page.size > COMMENT_HEAD)
        page.size = COMMENT_HEAD;
    for (size_t at = 0, end; (at = str_find(page, STR("<!--"), at)) != SIZE_MAX; at = end) {
        end = str_find(page, STR("-->"), at);
        if (end == SIZE_MAX)
            return;
        str comment = str_slice(page, at + 4 < end ? at + 4 : end, end);
        str address;
        if (str_find(comment, STR("Page saved with SingleFile"), 0) != SIZE_MAX) {
            address = line_behind(comment, STR("url:"));
            *time = date_read(line_behind(comment, STR("saved date:")), a);
        } else {
            address = marked_address(comment);
            if (!address.size)
                address = mirrored_address(comment, a, time);
        }
        if (is_address(address)) {
            *url = address;
            return;
        }
    }
}
