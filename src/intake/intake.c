/* The way in: each input is a folder, a file, standard input or a web address; each of these is a page, or a
 * container of pages (JSON lines, WARC), perhaps gzipped. What a file is, its first bytes say.
 *
 * Containers are streamed: one record is in memory at a time. A single page is read whole, since its hash is
 * of the whole, but no more than LARGEST bytes. Whatever is wrong with an input or a record is told in one
 * line, counted, and passed over; what follows is read. */
#define _DEFAULT_SOURCE
#include "intake/intake.h"

#include "intake/fetch.h"
#include "intake/http.h"
#include "intake/inflate.h"
#include "intake/kind.h"
#include "intake/source.h"
#include "intake/walk.h"
#include "intake/warc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t LARGEST = (uint64_t)1 << 30; /* kept of one record */
enum { DEFAULT_MAX = 64 * 1024 * 1024, SPARE_SCRATCH = 16 * 1024 * 1024, MOST_DAMAGE = 1000 };

typedef enum stream_kind { STREAM_NONE, STREAM_LINES, STREAM_WARC } stream_kind;

struct intake {
    const str *inputs;
    size_t count, next;
    intake_options options;
    walk *folder; /* being walked, or NULL */
    bool from_folder;
    source *stream; /* of a container, or NULL */
    stream_kind kind;
    char *file;    /* path of the container, as told in captures */
    size_t damage; /* records of it that were bad */
    buffer scratch, fetched_body;
    arena passing; /* of what is looked at and perhaps passed over; reset at each step */
    uint64_t bad;
    status worst;
};

intake *intake_open(const str *inputs, size_t count, const intake_options *options) {
    intake *in = calloc(1, sizeof *in);
    if (!in)
        abort();
    in->inputs = inputs;
    in->count = count;
    in->options = options ? *options : (intake_options){0};
    if (in->options.max_bytes == 0)
        in->options.max_bytes = DEFAULT_MAX;
    return in;
}

uint64_t intake_bad(const intake *in) {
    return in->bad;
}

status intake_status(const intake *in) {
    return in->worst;
}

static void close_stream(intake *in) {
    source_close(in->stream);
    free(in->file);
    buffer_free(&in->fetched_body);
    in->stream = NULL;
    in->file = NULL;
    in->kind = STREAM_NONE;
    in->damage = 0;
}

void intake_close(intake *in) {
    if (!in)
        return;
    close_stream(in);
    walk_close(in->folder);
    buffer_free(&in->scratch);
    arena_free(&in->passing);
    free(in);
}

static bool cancelled(const intake *in) {
    return in->options.cancelled && in->options.cancelled(in->options.cancel_context);
}

/* How bad a code is for the run: the last of these wins. */
static int rank(status code) {
    static const status order[] = {STATUS_OK,       STATUS_BAD_RECORDS, STATUS_BAD_INPUT,
                                   STATUS_NO_INPUT, STATUS_UNAVAILABLE, STATUS_IO,
                                   STATUS_USAGE,    STATUS_CANCELLED};
    int last = (int)(sizeof order / sizeof *order);
    for (int i = 0; i < last; i++)
        if (order[i] == code)
            return i;
    return last;
}

static void report(intake *in, status code, str file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void report(intake *in, status code, str file, const char *format, ...) {
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    failure line;
    fail(&line, code, "%.*s: %s", STR_ARG(file), what);
    in->bad++;
    if (rank(code) > rank(in->worst))
        in->worst = code;
    if (in->options.report)
        in->options.report(in->options.report_context, line.message);
}

/* A whole input that cannot be read; one of many files of a folder counts as a bad record. */
static void refuse(intake *in, str file, status code, const char *why) {
    report(in, in->from_folder ? STATUS_BAD_RECORDS : code, file, "%s", why);
}

static void clear_scratch(intake *in) {
    arena_reset(&in->passing);
    in->scratch.size = 0;
    if (in->scratch.capacity > SPARE_SCRATCH)
        buffer_free(&in->scratch);
}

static str kept(arena *a, str s) {
    return s.size ? arena_copy(a, s) : (str){"", 0};
}

/* Undoes the content encoding of c->bytes into c->body, and cuts the body at the limit. False: told of. */
static bool decode_body(intake *in, arena *a, str encoding, capture *c) {
    buffer plain = {0};
    decoded how = http_decode(c->bytes, encoding, in->options.max_bytes, &plain);
    static const char *const why[] = {
        [DECODED_CUT] = "the compressed content ends too early (truncated)",
        [DECODED_DAMAGED] = "the compressed content is damaged",
        [DECODED_BOMB] = "the content expands to more than the limit and more than 200 times: a gzip bomb",
        [DECODED_UNKNOWN] = "its content encoding is not read (gzip and deflate are)",
    };
    if (how >= DECODED_CUT) {
        report(in, in->kind == STREAM_WARC || in->from_folder ? STATUS_BAD_RECORDS : STATUS_BAD_INPUT,
               c->file, "offset %" PRIu64 ": %s", c->offset, why[how]);
        buffer_free(&plain);
        return false;
    }
    c->body = how == DECODED_AS_IS ? c->bytes : kept(a, buffer_str(&plain));
    buffer_free(&plain);
    c->truncated = how == DECODED_LIMIT || c->body.size > in->options.max_bytes;
    if (c->truncated)
        c->body.size = (size_t)in->options.max_bytes;
    return true;
}

/* All bytes of a file, in `a`; a file of known size goes there without a detour. */
static bool whole_file(intake *in, source *s, str file, arena *a, str *out) {
    uint64_t size = source_file_size(s);
    bool known = size > 0 && size <= LARGEST;
    if (size > LARGEST) {
        refuse(in, file, STATUS_BAD_INPUT, "larger than 1 GiB");
        return false;
    }
    if (known) {
        char *into = arena_alloc(a, (size_t)size);
        *out = (str){into, source_read_into(s, into, (size_t)size)};
    } else {
        clear_scratch(in);
        size = source_read(s, LARGEST + 1, &in->scratch);
    }
    const char *error = source_error(s);
    if (error || size > LARGEST) {
        refuse(in, file, error ? STATUS_IO : STATUS_BAD_INPUT, error ? error : "larger than 1 GiB");
        return false;
    }
    if (!known)
        *out = kept(a, buffer_str(&in->scratch));
    return true;
}

/* A page that is a whole file. */
static bool whole_page(intake *in, source *s, str file, bool gzip, file_kind kind, arena *a, capture *out) {
    capture c = {.kind = kind == FILE_HTML ? CAPTURE_HTML : CAPTURE_TEXT, .file = arena_copy(a, file)};
    c.media_type = kind == FILE_HTML ? STR("text/html") : STR("text/plain");
    if (!whole_file(in, s, file, a, &c.bytes) || !decode_body(in, a, gzip ? STR("gzip") : STR(""), &c))
        return false;
    *out = c;
    return true;
}

/* What the first bytes say; where they are gzip, what the gunzipped first bytes say. */
static file_kind look(intake *in, str head, str file, bool *gzip, const char **why) {
    file_kind kind;
    *why = NULL;
    buffer plain = {0};
    *gzip = is_gzip(head);
    if (*gzip) {
        size_t used;
        inflated how = inflate_bytes(head, KIND_HEAD, &plain, &used);
        head = buffer_str(&plain);
        if (how == INFLATED_DAMAGED && plain.size == 0)
            *why = "the gzip data are damaged";
        else if (how == INFLATED_CUT && plain.size == 0)
            *why = "the gzip data end too early (truncated)";
    }
    if (*why)
        kind = FILE_REFUSED;
    else if (!kind_named(in->options.format, &kind) || head.size == 0)
        kind = kind_of(head, file, why);
    buffer_free(&plain);
    return kind;
}

static char *copy_of(str s) {
    char *p = malloc(s.size + 1);
    if (!p)
        abort();
    memcpy(p, s.data, s.size);
    p[s.size] = 0;
    return p;
}

/* Takes over `s`. True: a page; false: a container now being streamed, or nothing. */
static bool open_source(intake *in, source *s, str file, arena *a, capture *out) {
    bool gzip;
    const char *why;
    str head = source_peek(s, KIND_HEAD);
    if (source_error(s)) {
        refuse(in, file, STATUS_IO, source_error(s));
        source_close(s);
        return false;
    }
    file_kind kind = look(in, head, file, &gzip, &why);
    if (kind == FILE_REFUSED) {
        refuse(in, file, STATUS_BAD_INPUT, why);
        source_close(s);
        return false;
    }
    if (kind == FILE_HTML || kind == FILE_TEXT) {
        bool page = whole_page(in, s, file, gzip, kind, a, out);
        source_close(s);
        return page;
    }
    if (gzip)
        source_gunzip(s);
    in->stream = s;
    in->kind = kind == FILE_WARC ? STREAM_WARC : STREAM_LINES;
    in->file = copy_of(file);
    return false;
}

static bool open_web(intake *in, str url, arena *a, capture *out) {
    if (in->options.offline) {
        refuse(in, url, STATUS_USAGE, "a web address, which --offline does not fetch");
        return false;
    }
    fetched page;
    failure f;
    status code = fetch(url, LARGEST, in->options.cancelled, in->options.cancel_context, a, &page, &f);
    if (code != STATUS_OK) {
        refuse(in, url, code, f.message);
        return false;
    }
    headers h = headers_read(page.head, a);
    bool gzip;
    const char *why;
    str head = str_slice(buffer_str(&page.body), 0, page.body.size < KIND_HEAD ? page.body.size : KIND_HEAD);
    str type, charset;
    media_type_read(headers_value(&h, STR("Content-Type")), a, &type, &charset);
    file_kind kind = look(in, head, type.size ? STR("") : page.url, &gzip, &why);
    if (kind == FILE_JSON_LINES || kind == FILE_WARC) {
        in->fetched_body = page.body;
        return open_source(in, source_of_memory(buffer_str(&in->fetched_body)), url, a, out);
    }
    if (kind == FILE_REFUSED) {
        refuse(in, url, STATUS_BAD_INPUT, why);
        buffer_free(&page.body);
        return false;
    }
    str encoding = headers_value(&h, STR("Content-Encoding"));
    capture c = {.kind =
                     kind == FILE_TEXT && !str_equal(type, STR("text/html")) ? CAPTURE_TEXT : CAPTURE_HTML,
                 .file = url,
                 .url = page.url,
                 .media_type = type,
                 .charset = charset,
                 .time = page.time};
    c.bytes = kept(a, buffer_str(&page.body));
    buffer_free(&page.body);
    if (!decode_body(in, a, gzip && !encoding.size ? STR("gzip") : encoding, &c))
        return false;
    *out = c;
    return true;
}

static bool open_file(intake *in, str path, arena *a, capture *out) {
    char *name = arena_cstring(&in->passing, path);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        refuse(in, path, STATUS_NO_INPUT,
               errno == ENOENT   ? "no such file"
               : errno == EACCES ? "permission denied"
                                 : "cannot be opened");
        return false;
    }
    return open_source(in, source_of_file(fd), path, a, out);
}

static bool is_folder(arena *a, str path) {
    struct stat s;
    return stat(arena_cstring(a, path), &s) == 0 && S_ISDIR(s.st_mode);
}

static bool open_input(intake *in, str input, arena *a, capture *out) {
    in->from_folder = false;
    if (str_equal(input, STR("-")))
        return open_source(in, source_of_file(dup(STDIN_FILENO)), input, a, out);
    if (is_web_address(input))
        return open_web(in, input, a, out);
    if (is_folder(&in->passing, input)) {
        in->folder = walk_open(input);
        in->from_folder = in->folder != NULL;
        if (!in->folder)
            refuse(in, input, STATUS_NO_INPUT, "this folder cannot be read");
        return false;
    }
    return open_file(in, input, a, out);
}

/* The next file of the folder. */
static bool step_folder(intake *in, arena *a, capture *out) {
    str path;
    bool unreadable;
    if (!walk_next(in->folder, &path, &unreadable)) {
        walk_close(in->folder);
        in->folder = NULL;
        return false;
    }
    if (unreadable) {
        refuse(in, path, STATUS_NO_INPUT, "this folder cannot be read");
        return false;
    }
    return open_file(in, path, a, out);
}

/* Lines. */

static bool is_blank(str line) {
    return str_trim(line).size == 0;
}

/* Takes what is left of a line that is too long. */
static void skip_line(source *s) {
    for (;;) {
        str window = source_peek(s, 1);
        const char *feed = window.size ? memchr(window.data, '\n', window.size) : NULL;
        if (feed || window.size == 0) {
            source_take(s, feed ? (size_t)(feed - window.data) + 1 : 0);
            return;
        }
        source_take(s, window.size);
    }
}

typedef enum line_step { LINE, LINE_END, LINE_TOO_LONG } line_step;

/* The next line stands in the window: without its line feed in *line, with it *taken bytes. */
static line_step next_line(source *s, uint64_t longest, str *line, size_t *taken) {
    str window = source_peek(s, 1);
    for (size_t looked = 0;;) {
        const char *feed =
            window.size > looked ? memchr(window.data + looked, '\n', window.size - looked) : NULL;
        size_t end = feed ? (size_t)(feed - window.data) : window.size;
        if (end > longest)
            return LINE_TOO_LONG;
        looked = window.size;
        if (!feed)
            window = source_peek(s, window.size + 1);
        if (feed || window.size == looked) {
            *line = str_slice(window, 0, end);
            *taken = end + (feed != NULL);
            return window.size ? LINE : LINE_END;
        }
    }
}

static bool is_bomb(const intake *in) {
    uint64_t raw = source_raw_bytes(in->stream), plain = source_plain_bytes(in->stream);
    return plain > in->options.max_bytes && plain / BOMB_RATIO > raw;
}

static bool stop_at_bomb(intake *in) {
    if (!is_bomb(in))
        return false;
    report(in, STATUS_BAD_RECORDS, str_of(in->file),
           "the file expands more than %d times: a gzip bomb, which is not read on", BOMB_RATIO);
    close_stream(in);
    return true;
}

static bool step_lines(intake *in, arena *a, capture *out) {
    str line;
    size_t taken;
    uint64_t offset = source_offset(in->stream);
    line_step step = next_line(in->stream, in->options.max_bytes, &line, &taken);
    if (stop_at_bomb(in))
        return false;
    if (step == LINE_TOO_LONG) {
        report(in, STATUS_BAD_RECORDS, str_of(in->file),
               "offset %" PRIu64 ": a line of more than %" PRIu64 " bytes", offset, in->options.max_bytes);
        skip_line(in->stream);
        return false;
    }
    if (source_error(in->stream)) {
        report(in, STATUS_BAD_RECORDS, str_of(in->file), "offset %" PRIu64 ": %s", offset,
               source_error(in->stream));
        close_stream(in);
        return false;
    }
    if (step == LINE_END) {
        close_stream(in);
        return false;
    }
    if (offset == 0 && str_starts(line, STR("\xEF\xBB\xBF")))
        line = str_slice(line, 3, line.size);
    bool blank = is_blank(line);
    if (!blank) {
        *out = (capture){.kind = CAPTURE_JSON_RECORD,
                         .file = arena_copy(a, str_of(in->file)),
                         .offset = offset,
                         .media_type = STR("application/json"),
                         .charset = STR("utf-8")};
        out->bytes = out->body = kept(a, line);
    }
    source_take(in->stream, taken);
    return !blank;
}

/* WARC. */

static bool is_page_type(str type, capture_kind *kind) {
    *kind = str_equal(type, STR("text/plain")) ? CAPTURE_TEXT : CAPTURE_HTML;
    return *kind == CAPTURE_TEXT || str_equal(type, STR("text/html")) ||
           str_equal(type, STR("application/xhtml+xml"));
}

/* What a crawler fetches for itself. */
static bool is_crawlers_own(str url) {
    return str_ends(url, STR("/robots.txt")) || !is_web_address(url);
}

/* Splits a response's block into the capture's bytes and the encoding; false where it is no page. */
static bool read_response(intake *in, str block, capture *c, str *encoding) {
    headers h = headers_read(block, &in->passing);
    int code = http_status(h.first_line);
    media_type_read(headers_value(&h, STR("Content-Type")), &in->passing, &c->media_type, &c->charset);
    if (code < 200 || code > 299 || !is_page_type(c->media_type, &c->kind))
        return false;
    *encoding = headers_value(&h, STR("Content-Encoding"));
    c->bytes = str_slice(block, h.size, block.size);
    buffer whole = {0};
    bool cut = false;
    if (str_equal_ascii_nocase(headers_value(&h, STR("Transfer-Encoding")), STR("chunked")) &&
        http_unchunk(c->bytes, &whole, &cut))
        c->bytes = kept(&in->passing, buffer_str(&whole));
    buffer_free(&whole);
    if (cut)
        report(in, STATUS_BAD_RECORDS, c->file,
               "offset %" PRIu64 ": the chunks of this answer are damaged or cut", c->offset);
    return !cut;
}

static bool read_resource(intake *in, str block, const warc_record *r, capture *c) {
    media_type_read(headers_value(&r->head, STR("Content-Type")), &in->passing, &c->media_type, &c->charset);
    c->bytes = block;
    return is_page_type(c->media_type, &c->kind);
}

/* Bytes in the scratch buffer as a capture; false where the record holds no page. */
static bool page_of_record(intake *in, const warc_record *r, arena *a, capture *out) {
    capture c = {.file = str_of(in->file), .offset = r->offset};
    str encoding = STR_NONE, block = buffer_str(&in->scratch);
    bool response = str_equal_ascii_nocase(r->type, STR("response"));
    if (!(response ? read_response(in, block, &c, &encoding) : read_resource(in, block, r, &c)) ||
        c.bytes.size == 0)
        return false;
    c.file = arena_copy(a, c.file);
    c.url = arena_copy(a, r->url);
    c.time = arena_copy(a, r->time);
    c.media_type = arena_copy(a, c.media_type);
    c.charset = arena_copy(a, c.charset);
    c.bytes = kept(a, c.bytes);
    if (!decode_body(in, a, encoding, &c))
        return false;
    *out = c;
    return true;
}

static bool wanted_record(const warc_record *r) {
    return (str_equal_ascii_nocase(r->type, STR("response")) ||
            str_equal_ascii_nocase(r->type, STR("resource"))) &&
           !is_crawlers_own(r->url);
}

/* Goes on behind damage, or gives the file up. */
static void recover(intake *in) {
    if (++in->damage < MOST_DAMAGE && warc_recover(in->stream))
        return;
    if (in->damage == MOST_DAMAGE)
        report(in, STATUS_BAD_RECORDS, str_of(in->file), "more than %d damaged records: the rest is not read",
               MOST_DAMAGE);
    close_stream(in);
}

static bool step_warc(intake *in, arena *a, capture *out) {
    warc_record r;
    failure f;
    uint64_t end;
    clear_scratch(in);
    switch (warc_next(in->stream, &in->passing, &r, &f)) {
    case WARC_END:
        close_stream(in);
        return false;
    case WARC_BAD:
        report(in, STATUS_BAD_RECORDS, str_of(in->file), "%s", f.message);
        recover(in);
        return false;
    case WARC_RECORD:
        break;
    }
    bool wanted = wanted_record(&r), large = r.length > LARGEST;
    uint64_t got = source_read(in->stream, r.length, wanted && !large ? &in->scratch : NULL);
    if (got < r.length) {
        const char *error = source_error(in->stream);
        report(in, STATUS_BAD_RECORDS, str_of(in->file),
               "offset %" PRIu64 ": this WARC record ends after %" PRIu64 " of %" PRIu64 " bytes%s%s",
               r.offset, got, r.length, error ? ": " : " (truncated)", error ? error : "");
        recover(in);
        return false;
    }
    if (stop_at_bomb(in) || !wanted)
        return false;
    if (large) {
        report(in, STATUS_BAD_RECORDS, str_of(in->file), "offset %" PRIu64 ": a record larger than 1 GiB",
               r.offset);
        return false;
    }
    /* A record in the midst of a member has an offset in the gunzipped bytes, which leads nowhere by itself.
     */
    bool alone = source_record_end(in->stream, r.offset, &end) && end > r.offset;
    if (!page_of_record(in, &r, a, out))
        return false;
    out->length = alone && !str_equal(out->file, STR("-")) ? end - r.offset : 0;
    return true;
}

/* ---- a record once more ---- */

static void keep_line(void *context, const char *line) {
    buffer *b = context;
    b->size = 0;
    buffer_add(b, str_of(line));
}

static status read_range(str file, uint64_t offset, uint64_t length, arena *a, str *out, failure *f) {
    int fd = open(arena_cstring(a, file), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(f, STATUS_NO_INPUT, "%.*s: %s", STR_ARG(file),
                    errno == ENOENT   ? "no such file"
                    : errno == EACCES ? "permission denied"
                                      : "cannot be opened");
    size_t got = 0;
    char *into = length <= LARGEST ? arena_alloc(a, (size_t)length) : NULL;
    for (ssize_t part = 1; into && part > 0 && got < length;) {
        part = pread(fd, into + got, (size_t)length - got, (off_t)(offset + got));
        got += part > 0 ? (size_t)part : 0;
    }
    close(fd);
    *out = (str){into, got};
    return into && got == length ? STATUS_OK
                                 : fail(f, STATUS_BAD_INPUT, "%.*s: it ends before offset %" PRIu64,
                                        STR_ARG(file), offset + length);
}

status intake_again(str file, uint64_t offset, uint64_t length, arena *a, capture *out, failure *f) {
    str bytes;
    buffer line = {0};
    status code = read_range(file, offset, length, a, &bytes, f);
    if (code != STATUS_OK)
        return code;
    intake in = {.options = {.max_bytes = LARGEST, .report = keep_line, .report_context = &line},
                 .stream = source_of_memory(bytes),
                 .kind = STREAM_WARC,
                 .file = copy_of(file)};
    if (is_gzip(bytes))
        source_gunzip(in.stream);
    if (!step_warc(&in, a, out))
        code = fail(f, STATUS_BAD_INPUT, "%.*s: at offset %" PRIu64 " stands no page any more%s%.*s",
                    STR_ARG(file), offset, line.size ? ": " : "", STR_ARG(buffer_str(&line)));
    close_stream(&in);
    buffer_free(&in.scratch);
    arena_free(&in.passing);
    buffer_free(&line);
    return code;
}

bool intake_next(intake *in, arena *a, capture *out) {
    while (!cancelled(in)) {
        if (in->kind == STREAM_LINES) {
            if (step_lines(in, a, out))
                return true;
        } else if (in->kind == STREAM_WARC) {
            if (step_warc(in, a, out))
                return true;
        } else if (in->folder) {
            if (step_folder(in, a, out))
                return true;
        } else if (in->next < in->count) {
            if (open_input(in, in->inputs[in->next++], a, out))
                return true;
        } else {
            return false;
        }
    }
    in->worst = STATUS_CANCELLED;
    return false;
}
