/* The way in: each input is a folder, a file, standard input or a web address; each of these is a page, or a
 * container of pages, perhaps packed. What a file is, its first bytes say.
 *
 * Containers are streamed: one record is in memory at a time. A single page is read whole, since its hash is
 * of the whole, but no more than LARGEST bytes. Whatever is wrong with an input or a record is told in one
 * line, counted, and passed over; what follows is read. */
#define _DEFAULT_SOURCE
#include "intake/intake.h"

#include "intake/feed.h"
#include "intake/fetch.h"
#include "intake/http.h"
#include "intake/inside.h"
#include "intake/saved.h"
#include "intake/warc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEFAULT_MAX = 64 * 1024 * 1024, SPARE_SCRATCH = 16 * 1024 * 1024 };

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

void intake_close_stream(intake *in) {
    source_close(in->stream);
    free(in->file);
    buffer_free(&in->fetched_body);
    arena_free(&in->feed);
    in->stream = NULL;
    in->file = NULL;
    in->kind = STREAM_NONE;
    in->damage = 0;
}

void intake_close(intake *in) {
    if (!in)
        return;
    intake_close_stream(in);
    while (in->zip_depth)
        intake_close_zip(in);
    walk_close(in->folder);
    revisits_free(in->seen);
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

static void tell(intake *in, status code, const char *line) {
    in->bad++;
    if (rank(code) > rank(in->worst))
        in->worst = code;
    if (in->options.report)
        in->options.report(in->options.report_context, line);
}

void intake_report(intake *in, status code, str file, const char *format, ...) {
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    failure line;
    fail(&line, code, "%.*s: %s", STR_ARG(file), what);
    if (!in->item.type.size)
        in->item = (intake_item){.file = arena_copy(&in->passing, file), .type = STR("file")};
    in->item.why = arena_copy(&in->passing, str_of(what));
    tell(in, code, line.message);
}

void intake_refuse(intake *in, str file, status code, const char *why) {
    bool among_others = in->from_folder || in->zip_depth;
    intake_report(in, among_others ? STATUS_BAD_RECORDS : code, file, "%s", why);
}

static void clear_passing(intake *in) {
    arena_reset(&in->passing);
    in->item = (intake_item){0};
    in->scratch.size = 0;
    if (in->scratch.capacity > SPARE_SCRATCH)
        buffer_free(&in->scratch);
}

str intake_kept(arena *a, str s) {
    char *out = arena_take(a, s.size + 1);
    if (s.size)
        memcpy(out, s.data, s.size);
    return (str){out, s.size};
}

static bool in_records(const intake *in) {
    return in->kind == STREAM_WARC || in->kind == STREAM_ARC;
}

/* Of a record, what can be unpacked of damaged content is given; a file that is damaged is not. */
static bool tell_undecoded(intake *in, decoded how, str encoding, capture *c) {
    char unknown[200];
    snprintf(unknown, sizeof unknown,
             how == DECODED_UNKNOWN
                 ? "its content encoding \"%.*s\" is not read (gzip, deflate, br and zstd are)"
                 : "its content is encoded as \"%.*s\", whose library is not there",
             STR_ARG(encoding));
    static const char *const why[] = {
        [DECODED_CUT] = "the compressed content ends too early (truncated)",
        [DECODED_DAMAGED] = "the compressed content is damaged",
        [DECODED_BOMB] = "the content expands to more than the limit and more than 200 times: a bomb",
    };
    bool named = how == DECODED_UNKNOWN || how == DECODED_NO_LIBRARY;
    status code = how == DECODED_NO_LIBRARY                            ? STATUS_UNAVAILABLE
                  : in_records(in) || in->from_folder || in->zip_depth ? STATUS_BAD_RECORDS
                                                                       : STATUS_BAD_INPUT;
    bool give = in_records(in) && (how == DECODED_CUT || how == DECODED_DAMAGED) && c->body.size;
    if (!c->cut || !give)
        intake_report(in, code, c->file, "offset %" PRIu64 ": %s%s", c->offset, named ? unknown : why[how],
                      give ? ": read up to there" : "");
    c->cut = true;
    return give;
}

bool intake_decode(intake *in, arena *a, str encoding, capture *c) {
    buffer plain = {0};
    decoded how = http_decode(c->bytes, encoding, in->options.max_bytes, &plain);
    c->body = how == DECODED_AS_IS ? c->bytes : intake_kept(a, buffer_str(&plain));
    buffer_free(&plain);
    if (how >= DECODED_CUT && !tell_undecoded(in, how, encoding, c))
        return false;
    c->truncated = how == DECODED_LIMIT || c->body.size > in->options.max_bytes;
    if (c->truncated)
        c->body.size = (size_t)in->options.max_bytes;
    return true;
}

/* What compressed them is not kept beside the bytes, and shows in the first of them; Brotli alone has no
 * mark, but what is no text may be it. */
static str encoding_of_bytes(str bytes) {
    enum { LOOKED = 64 };
    packing p = packing_of(bytes);
    unsigned first = bytes.size > 1 ? (unsigned char)bytes.data[0] : 0,
             second = bytes.size > 1 ? (unsigned char)bytes.data[1] : 0;
    if (p == PACKED_GZIP)
        return STR("gzip");
    if (p == PACKED_ZSTD || p == PACKED_LZ4)
        return p == PACKED_ZSTD ? STR("zstd") : STR("x-lz4");
    if (first == 0x78 && (first << 8 | second) % 31 == 0)
        return STR("deflate");
    if (first == '<' || (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF))
        return STR("");
    for (size_t i = 0; i < bytes.size && i < LOOKED; i++) {
        unsigned char c = (unsigned char)bytes.data[i];
        if (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1B && c != 0)
            return STR("br");
    }
    return STR("");
}

bool intake_restore(capture *c, uint64_t max_bytes, arena *a) {
    feed_item item;
    uint64_t most = max_bytes ? max_bytes : DEFAULT_MAX;
    c->body = c->bytes;
    if (str_equal(c->media_type, STR("application/rss+xml")) ||
        str_equal(c->media_type, STR("application/atom+xml"))) {
        if (feed_item_read(c->bytes, a, &item))
            return false;
        c->body = item.page;
        return true;
    }
    str encoding = c->kind == CAPTURE_JSON_RECORD ? STR("") : encoding_of_bytes(c->bytes);
    buffer plain = {0};
    decoded how = http_decode(c->bytes, encoding, most, &plain);
    bool torn = how == DECODED_CUT || how == DECODED_DAMAGED;
    bool guessed = str_equal(encoding, STR("br")) && how >= DECODED_CUT; /* wrongly, then */
    bool good = how < DECODED_CUT || (torn && plain.size) || guessed;
    if (good && !guessed && how != DECODED_AS_IS)
        c->body = intake_kept(a, buffer_str(&plain));
    c->cut = torn && !guessed;
    buffer_free(&plain);
    c->truncated = how == DECODED_LIMIT || c->body.size > most;
    if (c->truncated)
        c->body.size = c->body.size < most ? c->body.size : (size_t)most;
    return good;
}

/* ---- whole files ---- */

static const char bomb[] = "it expands to more than the limit and more than 200 times: a bomb";

/* What is of unknown size, by way of the scratch buffer; NULL, or what is wrong. */
static const char *rest_of_file(intake *in, source *s, status *code) {
    *code = STATUS_BAD_INPUT;
    uint64_t most = in->options.max_bytes < LARGEST ? in->options.max_bytes : LARGEST;
    uint64_t size = source_read(s, most + 1, &in->scratch);
    if (size > most && source_is_bomb(s, most))
        return bomb;
    size += size > most ? source_read(s, LARGEST - size + 1, &in->scratch) : 0;
    if (source_error(s)) {
        *code = source_is_packed(s) ? STATUS_BAD_INPUT : STATUS_IO;
        return source_error(s);
    }
    return size > LARGEST ? "larger than 1 GiB" : NULL;
}

/* All bytes of a file, in `a`; a file of known size goes there without a detour. */
static bool whole_file(intake *in, source *s, str file, arena *a, str *out) {
    uint64_t size = source_file_size(s);
    const char *error = NULL;
    status code = STATUS_BAD_INPUT;
    if (size > LARGEST) {
        error = "larger than 1 GiB";
    } else if (size > 0) {
        char *into = arena_take(a, (size_t)size + 1);
        *out = (str){into, source_read_into(s, into, (size_t)size)};
        source_peek(s, 1); /* its end, where checksums are held against it */
        error = source_error(s);
        code = STATUS_IO;
    } else {
        in->scratch.size = 0;
        error = rest_of_file(in, s, &code);
        *out = error ? STR_NONE : intake_kept(a, buffer_str(&in->scratch));
    }
    if (error)
        intake_refuse(in, file, code, error);
    return !error;
}

str intake_encoding(packing p) {
    return p == PACKED_GZIP   ? STR("gzip")
           : p == PACKED_ZSTD ? STR("zstd")
           : p == PACKED_LZ4  ? STR("x-lz4")
                              : STR("");
}

static void list_file(intake *in, const capture *c) {
    in->item = (intake_item){.file = c->file,
                             .place = c->place,
                             .type = STR("page"),
                             .url = c->url,
                             .time = c->time,
                             .media_type = c->media_type,
                             .title = in->item.title,
                             .bytes = c->bytes.size};
}

/* A page that is a whole file. */
static bool whole_page(intake *in, source *s, str file, packing p, file_kind kind, arena *a, capture *out) {
    capture c = {.kind = kind == FILE_HTML ? CAPTURE_HTML : CAPTURE_TEXT, .file = arena_copy(a, file)};
    c.media_type = kind == FILE_HTML ? STR("text/html") : STR("text/plain");
    if (!whole_file(in, s, file, a, &c.bytes) || !intake_decode(in, a, intake_encoding(p), &c))
        return false;
    if (kind == FILE_HTML)
        saved_comment(c.body, a, &c.url, &c.time);
    if (in->saved_url.size)
        c.url = arena_copy(a, in->saved_url);
    if (in->saved_time.size)
        c.time = arena_copy(a, in->saved_time);
    c.place.length = c.bytes.size;
    list_file(in, &c);
    *out = c;
    return true;
}

static bool mhtml_file(intake *in, source *s, str file, packing p, arena *a, capture *out) {
    capture c = {.kind = CAPTURE_HTML, .file = arena_copy(a, file)};
    saved_page page;
    const char *why;
    if (!whole_file(in, s, file, &in->passing, &c.bytes) ||
        !intake_decode(in, &in->passing, intake_encoding(p), &c))
        return false;
    if (!mhtml_page(c.body, &in->passing, &page, &why)) {
        intake_refuse(in, file, STATUS_BAD_INPUT, why);
        return false;
    }
    c.bytes = c.body = intake_kept(a, page.bytes);
    c.url = arena_copy(a, page.url);
    c.time = arena_copy(a, page.time);
    c.media_type = arena_copy(a, page.media_type);
    c.charset = arena_copy(a, page.charset);
    c.truncated = c.body.size > in->options.max_bytes;
    if (c.truncated)
        c.body.size = (size_t)in->options.max_bytes;
    c.cut = page.cut;
    in->item.title = page.title;
    list_file(in, &c);
    if (c.cut)
        intake_report(in, STATUS_BAD_RECORDS, file,
                      "the end of this MHTML file is missing (truncated): its page is read up to there");
    *out = c;
    return true;
}

static void feed_file(intake *in, source *s, str file, packing p, bool sitemap) {
    capture c = {.file = file};
    arena_reset(&in->feed);
    if (!whole_file(in, s, file, &in->feed, &c.bytes) ||
        !intake_decode(in, &in->feed, intake_encoding(p), &c))
        return;
    if (c.truncated)
        intake_refuse(in, file, STATUS_BAD_INPUT, "a feed or sitemap larger than --max-bytes");
    else
        intake_open_feed(in, c.body, file, sitemap);
}

/* ---- what it is ---- */

/* What the first bytes say; where they are packed, what the unpacked first bytes say. */
static file_kind look(intake *in, str head, str file, packing *p, const char **why) {
    file_kind kind;
    buffer plain = {0};
    *p = packing_of(head);
    *why = packing_missing(*p);
    bool dictionary = zstd_dictionary_frame(head) != 0; /* without which nothing can be unpacked */
    if (*p && !*why && !dictionary) {
        size_t used;
        unpacked how = unpack_bytes(*p, head, KIND_HEAD, &plain, &used);
        head = buffer_str(&plain);
        if (how == UNPACKED_DAMAGED && plain.size == 0)
            *why = packing_damaged(*p);
        else if (how == UNPACKED_CUT && plain.size == 0)
            *why = packing_cut(*p);
    }
    if (*why)
        kind = FILE_REFUSED;
    else if (dictionary)
        kind = FILE_WARC;
    else if (!kind_named(in->options.format, &kind) || head.size == 0)
        kind = kind_of(head, file, why);
    if (kind == FILE_WARC && str_starts(head, STR("filedesc:")))
        kind = FILE_ARC;
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

/* Unpacks what is packed; what is so twice (in a ZIP, and by itself) by way of a file. */
static source *unpacked_source(intake *in, source *s, packing p, str file) {
    if (!p)
        return s;
    if (source_is_packed(s))
        s = intake_spooled(in, s, file);
    if (s && !source_unpack(s, p)) {
        const char *why = packing_missing(p);
        intake_refuse(in, file, why ? STATUS_UNAVAILABLE : STATUS_BAD_INPUT,
                      why ? why : "the dictionary that this Zstandard file begins with is damaged");
        source_close(s);
        return NULL;
    }
    return s;
}

static void open_stream(intake *in, source *s, stream_kind kind, str file) {
    in->stream = s;
    in->kind = kind;
    in->file = copy_of(file);
}

/* To where a record was that was given before. */
static bool open_at_place(intake *in, source *s, str file) {
    static const stream_kind kinds[] = {
        [FORM_LINE] = STREAM_LINES, [FORM_WARC] = STREAM_WARC, [FORM_ARC] = STREAM_ARC};
    if (source_is_packed(s) && packing_of(source_peek(s, 8)))
        s = intake_spooled(in, s, file);
    bool there = s && source_seek(s, in->place.begin);
    if (there) {
        packing p = packing_of(source_peek(s, 8));
        s = unpacked_source(in, s, p, file);
        there = s && source_read(s, in->place.skip, NULL) == in->place.skip;
    }
    if (!there) {
        source_close(s);
        return false;
    }
    open_stream(in, s, kinds[in->place.form], file);
    return true;
}

bool intake_open_source(intake *in, source *s, str file, arena *a, capture *out) {
    packing p;
    const char *why;
    bool records = in->place.form == FORM_LINE || in->place.form == FORM_WARC || in->place.form == FORM_ARC;
    if (in->again && records && !in->again_rest.size) {
        open_at_place(in, s, file);
        return false;
    }
    str head = source_peek(s, KIND_HEAD);
    if (source_error(s) && head.size == 0) {
        intake_refuse(in, file, source_is_packed(s) ? STATUS_BAD_INPUT : STATUS_IO, source_error(s));
        source_close(s);
        return false;
    }
    file_kind kind = look(in, head, file, &p, &why);
    bool page = false;
    switch (kind) {
    case FILE_REFUSED:
        intake_refuse(in, file, packing_missing(p) ? STATUS_UNAVAILABLE : STATUS_BAD_INPUT, why);
        break;
    case FILE_HTML:
    case FILE_TEXT:
        page = whole_page(in, s, file, p, kind, a, out);
        break;
    case FILE_MHTML:
        page = mhtml_file(in, s, file, p, a, out);
        break;
    case FILE_FEED:
    case FILE_SITEMAP:
        feed_file(in, s, file, p, kind == FILE_SITEMAP);
        break;
    case FILE_ZIP:
        s = unpacked_source(in, s, p, file);
        if (s)
            intake_open_zip(in, s, file);
        break;
    case FILE_JSON_LINES:
    case FILE_WARC:
    case FILE_ARC:
        s = unpacked_source(in, s, p, file);
        if (s)
            open_stream(in, s,
                        kind == FILE_WARC  ? STREAM_WARC
                        : kind == FILE_ARC ? STREAM_ARC
                                           : STREAM_LINES,
                        file);
        return false;
    }
    source_close(s);
    return page;
}

static bool open_web(intake *in, str url, arena *a, capture *out) {
    if (in->options.offline) {
        intake_refuse(in, url, STATUS_USAGE, "a web address, which --offline does not fetch");
        return false;
    }
    fetched page;
    failure f;
    buffer_free(&in->fetched_body);
    const fetch_options how = {LARGEST, in->options.public_only, in->options.cancelled,
                               in->options.cancel_context};
    status code = fetch(url, &how, a, &page, &f);
    if (code != STATUS_OK) {
        intake_refuse(in, url, code, f.message);
        return false;
    }
    headers h = headers_read(page.head, a);
    packing p;
    const char *why;
    str head = str_slice(buffer_str(&page.body), 0, page.body.size < KIND_HEAD ? page.body.size : KIND_HEAD);
    str type, charset;
    media_type_read(headers_value(&h, STR("Content-Type")), a, &type, &charset);
    file_kind kind = look(in, head, type.size ? STR("") : page.url, &p, &why);
    if (kind != FILE_HTML && kind != FILE_TEXT && kind != FILE_REFUSED) {
        in->fetched_body = page.body;
        return intake_open_source(in, source_of_memory(buffer_str(&in->fetched_body)), url, a, out);
    }
    if (kind == FILE_REFUSED) {
        intake_refuse(in, url, STATUS_BAD_INPUT, why);
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
    c.bytes = intake_kept(a, buffer_str(&page.body));
    buffer_free(&page.body);
    if (!intake_decode(in, a, !encoding.size ? intake_encoding(p) : encoding, &c))
        return false;
    *out = c;
    return true;
}

static bool open_file(intake *in, str path, arena *a, capture *out) {
    char *name = arena_cstring(&in->passing, path);
    /* A pipe that stands where a file stood is not waited for. */
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | (in->again ? O_NONBLOCK : 0));
    if (fd < 0) {
        intake_refuse(in, path, STATUS_NO_INPUT,
                      errno == ENOENT   ? "no such file"
                      : errno == EACCES ? "permission denied"
                      : errno == ELOOP  ? "a link that leads in a circle"
                                        : "cannot be opened");
        return false;
    }
    return intake_open_source(in, source_of_file(fd), path, a, out);
}

static bool is_folder(arena *a, str path) {
    struct stat s;
    return stat(arena_cstring(a, path), &s) == 0 && S_ISDIR(s.st_mode);
}

static bool open_input(intake *in, str input, arena *a, capture *out) {
    in->from_folder = false;
    if (str_equal(input, STR("-")))
        return intake_open_source(in, source_of_file(dup(STDIN_FILENO)), input, a, out);
    if (is_web_address(input))
        return open_web(in, input, a, out);
    if (is_folder(&in->passing, input)) {
        in->folder = walk_open(input);
        in->from_folder = in->folder != NULL;
        in->given = 0;
        if (!in->folder)
            intake_refuse(in, input, STATUS_NO_INPUT, "this folder cannot be read");
        return false;
    }
    return open_file(in, input, a, out);
}

const char intake_no_page_name[] = "neither named like a page nor begun like one";

static void pass_over(intake *in, str path, const char *why) {
    in->item = (intake_item){.file = arena_copy(&in->passing, path), .type = STR("file"), .why = str_of(why)};
}

static bool file_begins_like_page(intake *in, str path) {
    char head[KIND_HEAD];
    int fd = open(arena_cstring(&in->passing, path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t got = fd >= 0 ? read(fd, head, sizeof head) : 0;
    if (fd >= 0)
        close(fd);
    return got > 0 && begins_like_page((str){head, (size_t)got});
}

static void end_folder(intake *in) {
    walk_close(in->folder);
    in->folder = NULL;
    in->from_folder = false;
    if (!in->given)
        intake_refuse(in, in->inputs[in->next - 1], STATUS_NO_INPUT, "a folder without pages");
}

/* The next file of the folder. */
static bool step_folder(intake *in, arena *a, capture *out) {
    str path;
    const char *why = NULL;
    switch (walk_next(in->folder, &path, &why)) {
    case WALK_END:
        end_folder(in);
        return false;
    case WALK_UNREADABLE:
        intake_refuse(in, path, STATUS_NO_INPUT, "this folder cannot be read");
        return false;
    case WALK_PASSED:
        pass_over(in, path, why);
        return false;
    case WALK_OTHER:
        if (!file_begins_like_page(in, path)) {
            pass_over(in, path, intake_no_page_name);
            return false;
        }
        break;
    case WALK_FILE:
        break;
    }
    in->given++;
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

bool intake_stop_at_bomb(intake *in) {
    if (!source_is_bomb(in->stream, in->options.max_bytes))
        return false;
    uint64_t offset = source_offset(in->stream);
    in->damage += DAMAGE_OF_BOMB;
    bool more = in_records(in) && in->damage < MOST_DAMAGE && source_next_member(in->stream);
    intake_report(in, STATUS_BAD_RECORDS, str_of(in->file),
                  "offset %" PRIu64 ": it expands to more than %" PRIu64
                  " bytes and more than %d times: a bomb, which is not read on",
                  offset, in->options.max_bytes, BOMB_RATIO);
    in->item.file = arena_copy(&in->passing, str_of(in->file));
    if (!more)
        intake_close_stream(in);
    return true;
}

static bool step_lines(intake *in, arena *a, capture *out) {
    str line;
    size_t taken;
    uint64_t offset = source_offset(in->stream);
    source_place here = source_here(in->stream);
    capture_place place = {.form = FORM_LINE, .begin = here.begin, .skip = here.skip};
    line_step step = next_line(in->stream, in->options.max_bytes, &line, &taken);
    if (intake_stop_at_bomb(in))
        return false;
    if (step == LINE_TOO_LONG) {
        intake_report(in, STATUS_BAD_RECORDS, str_of(in->file),
                      "offset %" PRIu64 ": a line of more than %" PRIu64 " bytes", offset,
                      in->options.max_bytes);
        skip_line(in->stream);
        return false;
    }
    if (source_error(in->stream)) {
        intake_report(in, STATUS_BAD_RECORDS, str_of(in->file), "offset %" PRIu64 ": %s", offset,
                      source_error(in->stream));
        intake_close_stream(in);
        return false;
    }
    if (step == LINE_END) {
        intake_close_stream(in);
        return false;
    }
    if (offset == 0 && str_starts(line, STR("\xEF\xBB\xBF")))
        line = str_slice(line, 3, line.size);
    if (!source_is_packed(in->stream))
        place.length = taken;
    bool blank = is_blank(line);
    if (!blank) {
        in->item = (intake_item){.file = arena_copy(&in->passing, str_of(in->file)),
                                 .offset = offset,
                                 .place = place,
                                 .type = STR("line"),
                                 .media_type = STR("application/json"),
                                 .bytes = line.size};
        *out = (capture){.kind = CAPTURE_JSON_RECORD,
                         .file = arena_copy(a, str_of(in->file)),
                         .offset = offset,
                         .place = place,
                         .media_type = STR("application/json"),
                         .charset = STR("utf-8")};
        out->bytes = out->body = intake_kept(a, line);
    }
    source_take(in->stream, taken);
    return !blank;
}

/* ---- steps ---- */

static bool step(intake *in, arena *a, capture *out) {
    switch (in->kind) {
    case STREAM_LINES:
        return step_lines(in, a, out);
    case STREAM_WARC:
    case STREAM_ARC:
        return intake_step_records(in, a, out);
    case STREAM_FEED:
        return intake_step_feed(in, a, out);
    case STREAM_NONE:
        break;
    }
    if (in->zip_depth)
        return intake_step_zip(in, a, out);
    if (in->folder)
        return step_folder(in, a, out);
    return open_input(in, in->inputs[in->next++], a, out);
}

static bool at_end(const intake *in) {
    return !in->kind && !in->zip_depth && !in->folder && in->next == in->count;
}

static void list(intake *in, bool read) {
    in->item.read = read;
    if (in->options.listed && in->item.type.size)
        in->options.listed(in->options.list_context, &in->item);
}

/* What can only be told when a page is made of it. */
static bool judge(intake *in, const capture *c) {
    failure f;
    status code = in->options.judge(in->options.list_context, c, &f);
    if (code == STATUS_OK)
        return true;
    tell(in, code, f.message);
    str why = arena_copy(&in->passing, str_of(f.message));
    bool named = str_starts(why, c->file);
    in->item.why = named ? str_slice(why, c->file.size + 2, why.size) : why; /* behind ": " */
    return false;
}

bool intake_next(intake *in, arena *a, capture *out) {
    while (!cancelled(in)) {
        if (at_end(in))
            return false;
        clear_passing(in);
        bool read = step(in, a, out);
        if (read && in->options.judge)
            read = judge(in, out);
        list(in, read);
        if (read)
            return true;
    }
    in->worst = STATUS_CANCELLED;
    return false;
}

/* ---- again ---- */

/* "archive.zip!/name" as the file's own path and the rest; a file that is named so comes first. */
static str split_path(str file, arena *a, str *rest) {
    struct stat about;
    *rest = STR_NONE;
    if (stat(arena_cstring(a, file), &about) == 0)
        return file;
    for (size_t end = file.size; end-- > 0;)
        if (str_starts(str_slice(file, end, file.size), STR("!/")) &&
            stat(arena_cstring(a, str_slice(file, 0, end)), &about) == 0) {
            *rest = str_slice(file, end + 2, file.size);
            return str_slice(file, 0, end);
        }
    return file;
}

status intake_again(str file, capture_place place, const intake_options *options, arena *a, capture *out,
                    failure *f) {
    intake_options quiet = options ? *options : (intake_options){0};
    quiet.report = NULL;
    quiet.listed = NULL;
    quiet.format = STR_NONE;
    str rest, path = split_path(file, a, &rest);
    intake *in = intake_open(&path, 1, &quiet);
    in->again = true;
    in->place = place;
    in->again_rest = rest;
    /* One record, and not the next one that there is. */
    bool found = false, of_none = str_equal(file, STR("-")) || is_web_address(file);
    for (bool more = !of_none; more && !found && !at_end(in);) {
        more = in->kind != STREAM_LINES && !in_records(in);
        clear_passing(in);
        found = step(in, a, out);
    }
    intake_close(in);
    if (!found)
        return fail(f, STATUS_NOT_FOUND, "%.*s: no page is at offset %" PRIu64, STR_ARG(file), place.begin);
    out->file = arena_copy(a, file);
    return STATUS_OK;
}
