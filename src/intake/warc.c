#include "intake/warc.h"

#include "base/ascii.h"
#include "base/counters.h"

#include <inttypes.h>

enum {
    LONGEST_HEAD = 1024 * 1024,
    LOOK = 64 * 1024,
    SEARCHED = 16 * 1024 * 1024, /* behind a block that ends too early */
    SMALL_BLOCK = 1024 * 1024,   /* looked at though nobody wants it */
    LONGEST_ARC_HEAD = 64 * 1024,
};

static const str magic = {"WARC/", 5};

/* The line feeds that end the record before. */
static void skip_line_ends(source *s) {
    for (;;) {
        str window = source_peek(s, 1);
        size_t blank = 0;
        while (blank < window.size && (window.data[blank] == '\r' || window.data[blank] == '\n'))
            blank++;
        if (blank == 0)
            return;
        source_take(s, blank);
    }
}

/* ---- what begins like a record ---- */

/* "WARC/1.0", "WARC/0.17", and the end of the line. */
static bool begins_warc(str s) {
    size_t at = magic.size;
    if (!str_starts(s, magic))
        return false;
    while (at < s.size && at < 16 && (ascii_is_digit(s.data[at]) || s.data[at] == '.'))
        at++;
    return at > magic.size && at < s.size && (s.data[at] == '\r' || s.data[at] == '\n');
}

static str first_line(str s) {
    const char *feed = s.size ? memchr(s.data, '\n', s.size) : NULL;
    str line = feed ? str_slice(s, 0, (size_t)(feed - s.data)) : s;
    COUNT(bytes_taken_in, line.size);
    return line;
}

/* The last word of a line, taken from its end. */
static str last_word(str *line) {
    str s = str_trim(*line);
    size_t at = s.size;
    while (at > 0 && s.data[at - 1] != ' ' && s.data[at - 1] != '\t')
        at--;
    *line = str_slice(s, 0, at);
    return str_slice(s, at, s.size);
}

static bool read_length(str value, uint64_t *out) {
    *out = 0;
    if (value.size == 0 || value.size > 18)
        return false;
    for (size_t i = 0; i < value.size; i++) {
        if (!ascii_is_digit(value.data[i]))
            return false;
        *out = *out * 10 + (uint64_t)(value.data[i] - '0');
    }
    return true;
}

static bool is_stamp(str s) {
    for (size_t i = 0; i < s.size; i++)
        if (!ascii_is_digit(s.data[i]))
            return false;
    return s.size >= 12 && s.size <= 14;
}

typedef struct arc_head {
    str url, time, media_type;
    uint64_t length;
} arc_head;

/* Any word with a colon would do by the format; but what stands in the middle of a page must not pass for a
 * record. */
static bool is_arc_address(str url) {
    static const str schemes[] = {{"http:", 5}, {"https:", 6},    {"dns:", 4},     {"ftp:", 4},
                                  {"urn:", 4},  {"metadata:", 9}, {"warcinfo:", 9}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_starts(url, schemes[i]))
            return true;
    return false;
}

/* "URL IP time type length", or with "code checksum location offset file" between type and length. An address
 * with spaces in it is told by what stands behind. */
static bool read_arc_head(str line, arc_head *out) {
    str words[11];
    size_t count = 0, stamp = 0;
    str rest = str_trim(line);
    if (line.size > LONGEST_ARC_HEAD)
        return false;
    while (count < 10 && rest.size && !stamp) {
        words[count++] = last_word(&rest);
        if (count > 2 && is_stamp(words[count - 1]))
            stamp = count - 1;
    }
    bool about = str_starts(str_trim(line), STR("filedesc:")); /* the file itself, told loosely */
    if (about && read_length(words[0], &out->length)) {
        out->url = STR("filedesc:");
        out->time = stamp ? words[stamp] : STR_NONE;
        out->media_type = STR("text/plain");
        return true;
    }
    if (!stamp || !read_length(words[0], &out->length))
        return false;
    last_word(&rest); /* the address of the machine */
    out->url = str_trim(rest);
    out->time = words[stamp];
    out->media_type = words[stamp - 1];
    return is_arc_address(out->url);
}

static bool begins_arc(str s) {
    arc_head h;
    return s.size && s.data[0] > ' ' && read_arc_head(first_line(s), &h);
}

static bool begins_record(str s, bool arc) {
    return arc ? begins_arc(s) : begins_warc(s);
}

/* Where in `s`, from `from` on and before `to`, a line begins a record; SIZE_MAX: nowhere. */
static size_t find_record(str s, size_t from, size_t to, bool arc) {
    str mark = arc ? STR("\n") : STR("\nWARC/");
    str searched = str_slice(s, 0, s.size - to > mark.size ? to + mark.size : s.size);
    size_t at = from;
    for (; at + 1 < to && (at = str_find(searched, mark, at)) != SIZE_MAX && at + 1 < to; at++)
        if (begins_record(str_slice(s, at + 1, s.size), arc))
            break;
    bool found = at != SIZE_MAX && at + 1 < to;
    COUNT(bytes_taken_in, (found ? at : searched.size) - from);
    return found ? at + 1 : SIZE_MAX;
}

bool warc_recover(source *s, bool arc) {
    if (source_error(s))
        return source_next_member(s);
    for (;;) {
        str window = source_peek(s, LOOK);
        size_t at = begins_record(window, arc) ? 0 : find_record(window, 0, window.size, arc);
        size_t start = source_next_start(s);
        if (start < window.size && (at == SIZE_MAX || start < at) &&
            begins_record(str_slice(window, start, window.size), arc))
            at = start;
        if (at != SIZE_MAX) {
            source_take(s, at);
            return true;
        }
        if (window.size < LOOK) {
            source_take(s, window.size);
            return source_error(s) && source_next_member(s);
        }
        /* the last line may go on */
        size_t keep = arc ? LONGEST_ARC_HEAD : LOOK / 4;
        source_take(s, window.size > keep ? window.size - keep + 1 : window.size);
    }
}

/* ---- heads ---- */

/* Size of a head that ends with an empty line, 0 where it does not end within `window`, from `from` on. */
static size_t head_size(str window, size_t from) {
    for (size_t i = from; i < window.size; i++) {
        const char *feed = memchr(window.data + i, '\n', window.size - i);
        if (!feed)
            return 0;
        i = (size_t)(feed - window.data);
        if (i + 1 < window.size && window.data[i + 1] == '\n')
            return i + 2;
        if (i + 2 < window.size && window.data[i + 1] == '\r' && window.data[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

static size_t find_head(source *s, str *window) {
    size_t looked = 0;
    for (;;) {
        size_t before = window->size;
        size_t size = head_size(*window, looked);
        if (size || before >= LONGEST_HEAD)
            return size;
        looked = before > 3 ? before - 3 : 0;
        *window = source_peek(s, before + 1);
        if (window->size == before)
            return 0;
    }
}

static str without_brackets(str url) {
    if (url.size >= 2 && url.data[0] == '<' && url.data[url.size - 1] == '>')
        return str_slice(url, 1, url.size - 1);
    return url;
}

static warc_step bad_head(source *s, uint64_t offset, str window, failure *f) {
    const char *error = source_error(s);
    source_take(s, magic.size); /* so that it is not met again */
    const char *why = window.size >= LONGEST_HEAD ? "it does not end within 1 MiB"
                      : error                     ? error
                                                  : "the file ends before it (truncated)";
    fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": the head of this WARC record is damaged: %s", offset,
         why);
    return WARC_BAD;
}

warc_step warc_next(source *s, arena *a, warc_record *out, failure *f) {
    skip_line_ends(s);
    uint64_t offset = out->offset = source_offset(s);
    out->begun = source_taken(s);
    str window = source_peek(s, magic.size);
    if (window.size < magic.size && source_error(s)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": %s", offset, source_error(s));
        return WARC_BAD;
    }
    if (window.size == 0)
        return WARC_END;
    if (!str_starts(window, magic)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": expected a WARC record (\"WARC/1.0\")", offset);
        return WARC_BAD;
    }
    offset = out->offset = source_offset(s);
    source_place place = source_here(s);
    size_t size = find_head(s, &window);
    if (!size)
        return bad_head(s, offset, window, f);
    warc_record r = {.offset = offset, .begun = out->begun, .place = place, .head_size = size};
    r.head = headers_read(arena_copy(a, str_slice(window, 0, size)), a);
    source_take(s, size);
    r.type = headers_value(&r.head, STR("WARC-Type"));
    r.url = without_brackets(headers_value(&r.head, STR("WARC-Target-URI")));
    r.time = headers_value(&r.head, STR("WARC-Date"));
    r.id = headers_value(&r.head, STR("WARC-Record-ID"));
    r.media_type = headers_value(&r.head, STR("Content-Type"));
    *out = r;
    if (!read_length(headers_value(&r.head, STR("Content-Length")), &out->length)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": this WARC record has no valid Content-Length",
             offset);
        return WARC_BAD;
    }
    return WARC_RECORD;
}

/* "20210114063000" as "2021-01-14T06:30:00Z". */
static str time_of_stamp(str s, arena *a) {
    if (s.size < 12)
        return STR_NONE;
    return arena_printf(a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", s.data, s.data + 4, s.data + 6, s.data + 8,
                        s.data + 10, s.size == 14 ? s.data + 12 : "00");
}

warc_step arc_next(source *s, arena *a, warc_record *out, failure *f) {
    skip_line_ends(s);
    str window = source_peek(s, 1), line;
    uint64_t offset = source_offset(s);
    warc_record r = {.offset = offset, .begun = source_taken(s), .place = source_here(s), .arc = true};
    out->begun = r.begun;
    out->offset = offset;
    if (window.size == 0 && source_error(s)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": %s", offset, source_error(s));
        return WARC_BAD;
    }
    if (window.size == 0)
        return WARC_END;
    while ((line = first_line(window)).size == window.size && window.size < LONGEST_ARC_HEAD) {
        size_t before = window.size;
        window = source_peek(s, before + 1);
        if (window.size == before)
            break;
    }
    arc_head h;
    if (line.size == window.size || !read_arc_head(line, &h)) {
        fail(f, STATUS_BAD_RECORDS,
             "offset %" PRIu64 ": expected the head of an ARC record (address, IP, time, type, length)",
             offset);
        return WARC_BAD;
    }
    r.head_size = line.size + 1;
    r.url = arena_copy(a, h.url);
    r.media_type = arena_copy(a, h.media_type);
    r.time = time_of_stamp(arena_copy(a, h.time), a);
    r.length = h.length;
    r.type = str_starts(h.url, STR("filedesc:")) ? STR("filedesc") : STR("response");
    source_take(s, line.size + 1);
    *out = r;
    return WARC_RECORD;
}

/* ---- blocks ---- */

static size_t line_ends(str s) {
    size_t n = 0;
    while (n < s.size && (s.data[n] == '\r' || s.data[n] == '\n'))
        n++;
    return n;
}

/* Does the block end there: behind line feeds comes a record, the end, or another member? */
static bool ends_well(source *s, str window, size_t end, bool arc) {
    size_t start = source_next_start(s);
    size_t at = end + line_ends(str_slice(window, end, window.size));
    if (start != SIZE_MAX && start >= end && at >= start)
        return true;
    if (at < window.size && window.size - at < 64 && !source_is_packed(s))
        window = source_peek(s, window.size + LONGEST_ARC_HEAD);
    return at >= window.size || begins_record(str_slice(window, at, window.size), arc);
}

/* The member that began with this record went wrong behind its block, and not the next one. */
static bool is_spoiled(const source *s, const warc_record *r, str window, size_t end) {
    return source_error(s) && source_is_packed(s) && r->place.skip == 0 && source_next_start(s) == SIZE_MAX &&
           end + line_ends(str_slice(window, end, window.size)) == window.size;
}

block_end warc_block(source *s, const warc_record *r, str *block, size_t *taken) {
    enum { BEHIND = 4 }; /* CR LF CR LF */
    size_t length = (size_t)r->length;
    str window = source_peek(s, length + (source_is_packed(s) ? BEHIND : 64));
    if (source_is_packed(s) && window.size >= length && window.size - length <= BEHIND) {
        source_settle(s);
        window = source_peek(s, 1);
    }
    size_t start = source_next_start(s), there = length < window.size ? length : window.size;
    /* Another member that begins with a record ends this one, whatever was said. */
    if (start < there && begins_record(str_slice(window, start, window.size), r->arc)) {
        *block = str_slice(window, 0, start);
        *taken = start;
        return BLOCK_SHORT;
    }
    bool well = there == length && ends_well(s, window, length, r->arc);
    window = source_peek(s, 1); /* which may have moved */
    if (well) {
        *block = str_slice(window, 0, length);
        *taken = length;
        return is_spoiled(s, r, window, length) ? BLOCK_SPOILED : BLOCK_WHOLE;
    }
    size_t inside = find_record(window, 0, there, r->arc);
    if (inside != SIZE_MAX) {
        size_t end = inside;
        while (end > 0 && inside - end < BEHIND &&
               (window.data[end - 1] == '\r' || window.data[end - 1] == '\n'))
            end--;
        *block = str_slice(window, 0, end);
        *taken = inside;
        return BLOCK_SHORT;
    }
    if (there < length) {
        *block = window;
        *taken = window.size;
        return BLOCK_CUT;
    }
    *block = str_slice(window, 0, length);
    *taken = length;
    str behind = str_slice(window, length, window.size);
    if (source_is_packed(s) || str_starts(behind, STR("\r\n\r\n")) || str_starts(behind, STR("\n\n")) ||
        (r->arc && str_starts(behind, STR("\n"))))
        return BLOCK_WHOLE; /* it ended as it should: what follows is rubbish between records */
    window = source_peek(s, length + SEARCHED);
    size_t next = find_record(window, length, window.size, r->arc);
    if (next == SIZE_MAX && window.size >= length + SEARCHED)
        return BLOCK_WHOLE;
    size_t end = next == SIZE_MAX ? window.size : next;
    *taken = end;
    while (end > length && *taken - end < BEHIND &&
           (window.data[end - 1] == '\r' || window.data[end - 1] == '\n'))
        end--;
    *block = str_slice(window, 0, end);
    return BLOCK_LONG;
}

block_end warc_skip(source *s, const warc_record *r, uint64_t *got) {
    if (r->length <= SMALL_BLOCK) {
        str block;
        size_t taken;
        block_end end = warc_block(s, r, &block, &taken);
        source_take(s, taken);
        *got = block.size;
        return end;
    }
    *got = source_read(s, r->length, NULL);
    return *got < r->length ? BLOCK_CUT : BLOCK_WHOLE;
}
