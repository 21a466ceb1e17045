#include "intake/warc.h"

#include <inttypes.h>

enum { LONGEST_HEAD = 1024 * 1024, LOOK = 64 * 1024 };

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

/* Size of a head that ends with an empty line, 0 where it does not end within `window`, from `from` on. */
static size_t head_size(str window, size_t from) {
    for (size_t i = from; i < window.size; i++) {
        if (window.data[i] != '\n')
            continue;
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

static bool read_length(str value, uint64_t *out) {
    *out = 0;
    if (value.size == 0 || value.size > 18)
        return false;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(value.data[i] - '0');
    }
    return true;
}

static str without_brackets(str url) {
    if (url.size >= 2 && url.data[0] == '<' && url.data[url.size - 1] == '>')
        return str_slice(url, 1, url.size - 1);
    return url;
}

warc_step warc_next(source *s, arena *a, warc_record *out, failure *f) {
    skip_line_ends(s);
    uint64_t offset = source_offset(s);
    str window = source_peek(s, magic.size);
    if (source_error(s)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": %s", offset, source_error(s));
        return WARC_BAD;
    }
    if (window.size == 0)
        return WARC_END;
    if (!str_starts(window, magic)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": expected a WARC record (\"WARC/1.0\")", offset);
        return WARC_BAD;
    }
    size_t size = find_head(s, &window);
    if (!size) {
        const char *why = window.size >= LONGEST_HEAD ? "it does not end within 1 MiB"
                          : source_error(s)           ? source_error(s)
                                                      : "the file ends before it (truncated)";
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": the head of this WARC record is damaged: %s", offset,
             why);
        return WARC_BAD;
    }
    warc_record r = {.offset = offset};
    r.head = headers_read(arena_copy(a, str_slice(window, 0, size)), a);
    source_take(s, size);
    r.type = headers_value(&r.head, STR("WARC-Type"));
    r.url = without_brackets(headers_value(&r.head, STR("WARC-Target-URI")));
    r.time = headers_value(&r.head, STR("WARC-Date"));
    if (!read_length(headers_value(&r.head, STR("Content-Length")), &r.length)) {
        fail(f, STATUS_BAD_RECORDS, "offset %" PRIu64 ": this WARC record has no valid Content-Length",
             offset);
        return WARC_BAD;
    }
    *out = r;
    return WARC_RECORD;
}

bool warc_recover(source *s) {
    if (source_next_member(s))
        return true;
    for (;;) {
        str window = source_peek(s, LOOK);
        size_t at = str_find(window, STR("\nWARC/"), 0);
        if (at != SIZE_MAX) {
            source_take(s, at + 1);
            return true;
        }
        if (window.size < LOOK)
            return false;
        source_take(s, window.size - magic.size);
    }
}
