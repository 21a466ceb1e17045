/* What pages are kept in: each kind of container, whole and damaged, and captures found again by their place.
 * The bytes are built here; outlets and incidents are invented. */
#include "packed.h"
#include "test_support.h"

#include "base/buffer.h"
#include "base/counters.h"
#include "base/unzip.h"
#include "intake/dates.h"
#include "intake/intake.h"
#include "intake/unpack.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* ---- what came out ---- */

typedef struct seen {
    buffer lines, reports, items;
    uint64_t bad;
    status code;
    size_t captures;
} seen;

static char folder[] = "/tmp/isnad-containers-XXXXXX";
static arena memory;

static void on_report(void *context, const char *line) {
    seen *s = context;
    assert_null(strchr(line, '\n'));
    buffer_printf(&s->reports, "%s\n", line);
}

static void on_item(void *context, const intake_item *i) {
    seen *s = context;
    buffer_printf(&s->items, "%.*s %.*s %s%s%.*s\n", STR_ARG(i->type), STR_ARG(i->url),
                  i->read ? "read" : "not", i->why.size ? ": " : "", STR_ARG(i->why));
}

/* What was given is found again by its place alone. */
static void assert_found_again(const capture *c, const intake_options *options) {
    arena a = arena_new((allocator){0});
    capture again;
    failure f;
    if (intake_again(c->file, c->place, options, &a, &again, &f) != STATUS_OK)
        fail_msg("%.*s at %d: %s", STR_ARG(c->file), (int)c->place.begin, f.message);
    assert_str_equal(again.bytes, c->bytes, "bytes found again");
    assert_str_equal(again.body, c->body, "body found again");
    arena_free(&a);
}

static seen run_with(const char *path, intake_options options, bool again) {
    seen s = {0};
    str input = str_of(path);
    options.report = on_report;
    options.report_context = &s;
    options.listed = on_item;
    options.list_context = &s;
    intake *in = intake_open(&input, 1, &options);
    arena a = arena_new((allocator){0});
    capture c;
    while (intake_next(in, &a, &c)) {
        s.captures++;
        buffer_printf(&s.lines, "%.*s|%.*s|%.*s%s\n", STR_ARG(c.url), STR_ARG(c.time), STR_ARG(c.body),
                      c.cut ? " (torn)" : "");
        if (again)
            assert_found_again(&c, &options);
        arena_reset(&a);
    }
    s.bad = intake_bad(in);
    s.code = intake_status(in);
    intake_close(in);
    arena_free(&a);
    buffer_add_byte(&s.lines, 0);
    buffer_add_byte(&s.reports, 0);
    buffer_add_byte(&s.items, 0);
    return s;
}

static void forget(seen *s) {
    buffer_free(&s->lines);
    buffer_free(&s->reports);
    buffer_free(&s->items);
}

static const char *put(const char *name, str bytes) {
    const char *path = arena_printf(&memory, "%s/%s", folder, name).data;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.data ? bytes.data : "", 1, bytes.size, f), bytes.size);
    fclose(f);
    return path;
}

static void assert_tells(const buffer *text, const char *part) {
    if (!strstr(text->data, part))
        fail_msg("expected \"%s\" in\n%s", part, text->data);
}

/* The file gives exactly these captures, and no complaint. */
static void assert_gives(const char *path, const char *lines) {
    seen s = run_with(path, (intake_options){0}, true);
    if (strcmp(s.lines.data, lines) != 0 || s.bad)
        fail_msg("%s: expected\n%sgot\n%sand\n%s", path, lines, s.lines.data, s.reports.data);
    forget(&s);
}

/* The file gives these captures, and one complaint for each text of `why`, in order; NULL ends them. */
static void assert_complains(const char *path, const char *lines, const char *const *why) {
    seen s = run_with(path, (intake_options){0}, false);
    const char *at = s.reports.data;
    size_t count = 0;
    for (; why[count]; count++) {
        const char *found = strstr(at, why[count]);
        if (!found)
            fail_msg("%s: expected \"%s\" among\n%s", path, why[count], s.reports.data);
        at = strchr(found, '\n') + 1;
    }
    if (strcmp(s.lines.data, lines) != 0 || s.bad != count)
        fail_msg("%s: expected\n%sgot\n%sand\n%s", path, lines, s.lines.data, s.reports.data);
    forget(&s);
}

static int set_up(void **state) {
    (void)state;
    memory = arena_new((allocator){0});
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    int code = system(arena_printf(&memory, "rm -rf '%s'", folder).data);
    arena_free(&memory);
    return code;
}

static str joined(const str *parts, size_t count) {
    size_t size = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    char *out = arena_alloc(&memory, size + 1);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size)
            memcpy(out + at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return (str){out, size};
}
#define JOINED(...) joined((const str[]){__VA_ARGS__}, sizeof((const str[]){__VA_ARGS__}) / sizeof(str))

static str deflated(str bytes, int window) {
    return packed_deflate(&memory, bytes, window);
}

static str gzipped(str bytes) {
    return packed_gzip(&memory, bytes);
}

/* ---- compressors that only tests need ---- */

static void *library(const char *name) {
    void *l = dlopen(name, RTLD_NOW);
    if (!l)
        skip();
    return l;
}

static str zstd(str bytes, str dictionary) {
    void *l = library("libzstd.so.1");
    void *(*context_new)(void);
    size_t (*context_free)(void *);
    size_t (*compress)(void *, void *, size_t, const void *, size_t, const void *, size_t, int);
    *(void **)&context_new = dlsym(l, "ZSTD_createCCtx");
    *(void **)&context_free = dlsym(l, "ZSTD_freeCCtx");
    *(void **)&compress = dlsym(l, "ZSTD_compress_usingDict");
    void *context = context_new();
    size_t room = bytes.size + bytes.size / 8 + 1024;
    char *out = arena_alloc(&memory, room);
    size_t size = compress(context, out, room, bytes.data, bytes.size, dictionary.data, dictionary.size, 3);
    context_free(context);
    assert_true(size < room);
    return (str){out, size};
}

static str lz4(str bytes) {
    void *l = library("liblz4.so.1");
    size_t (*bound)(size_t, const void *), (*compress)(void *, size_t, const void *, size_t, const void *);
    *(void **)&bound = dlsym(l, "LZ4F_compressFrameBound");
    *(void **)&compress = dlsym(l, "LZ4F_compressFrame");
    size_t room = bound(bytes.size, NULL);
    char *out = arena_alloc(&memory, room);
    size_t size = compress(out, room, bytes.data, bytes.size, NULL);
    assert_true(size <= room);
    return (str){out, size};
}

static str brotli(str bytes) {
    void *l = library("libbrotlienc.so.1");
    int (*compress)(int, int, int, size_t, const uint8_t *, size_t *, uint8_t *);
    *(void **)&compress = dlsym(l, "BrotliEncoderCompress");
    size_t size = bytes.size + 1024;
    char *out = arena_alloc(&memory, size);
    assert_int_equal(compress(5, 22, 0, bytes.size, (const uint8_t *)bytes.data, &size, (uint8_t *)out), 1);
    return (str){out, size};
}

/* ---- records ---- */

static str record(const char *type, const char *fields, str block) {
    str head = arena_printf(&memory, "WARC/1.1\r\nWARC-Type: %s\r\n%sContent-Length: %zu\r\n\r\n", type,
                            fields, block.size);
    return JOINED(head, block, STR("\r\n\r\n"));
}

static str answer(const char *url, const char *fields, str body) {
    str about = arena_printf(&memory,
                             "WARC-Target-URI: %s\r\nWARC-Date: 2021-01-14T06:30:00Z\r\nWARC-Record-ID: "
                             "<urn:uuid:%zu>\r\nContent-Type: application/http\r\n",
                             url, strlen(url));
    str head = arena_printf(&memory, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n", fields);
    return record("response", about.data, JOINED(head, body));
}

static const char *const two_lines = "http://a.example/1|2021-01-14T06:30:00Z|<p>one\n"
                                     "http://a.example/22|2021-01-14T06:30:00Z|<p>two\n";

static void two(str out[2]) {
    out[0] = answer("http://a.example/1", "", STR("<p>one"));
    out[1] = answer("http://a.example/22", "", STR("<p>two"));
}

static void warc_in_every_packing(void **state) {
    (void)state;
    str r[2], dictionary = STR("WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/");
    two(r);
    char size[4] = {(char)dictionary.size, 0, 0, 0};
    str framed = JOINED(STR("\x5D\x2A\x4D\x18"), ((str){size, 4}), dictionary);
    assert_gives(put("p.warc", JOINED(r[0], r[1])), two_lines);
    assert_gives(put("g.warc.gz", JOINED(gzipped(r[0]), gzipped(r[1]))), two_lines);
    assert_gives(put("w.warc.gz", gzipped(JOINED(r[0], r[1]))), two_lines);
    assert_gives(put("z.warc.zst", JOINED(zstd(r[0], STR("")), zstd(r[1], STR("")))), two_lines);
    assert_gives(put("d.warc.zst", JOINED(framed, zstd(r[0], dictionary), zstd(r[1], dictionary))),
                 two_lines);
    assert_gives(put("l.warc.lz4", JOINED(lz4(r[0]), lz4(r[1]))), two_lines);
    assert_complains(put("t.warc.zst", str_slice(zstd(r[0], STR("")), 0, 40)), "",
                     (const char *const[]){"Zstandard data end too early", NULL});
    assert_complains(put("t.warc.lz4", str_slice(lz4(r[0]), 0, 100)), "",
                     (const char *const[]){"LZ4 data end too early", NULL});
}

/* A member too large to be unpacked at once is measured all the same. */
static void large_members_are_measured(void **state) {
    (void)state;
    size_t size = 3 << 20;
    char *page = arena_alloc(&memory, size);
    test_random r = test_seeded(__func__);
    for (size_t i = 0; i < size; i++)
        page[i] = (char)('!' + random_below(&r, 90));
    str rec[2], large = gzipped(answer("http://a.example/large", "", (str){page, size}));
    two(rec);
    str input = str_of(put("large.warc.gz", JOINED(gzipped(rec[0]), large, gzipped(rec[1]))));
    intake *in = intake_open(&input, 1, NULL);
    arena a = arena_new((allocator){0});
    capture c;
    uint64_t sizes[] = {gzipped(rec[0]).size, large.size, gzipped(rec[1]).size}, begin = 0;
    for (size_t i = 0; i < 3; i++) {
        assert_true(intake_next(in, &a, &c));
        assert_int_equal(c.place.begin, begin);
        assert_int_equal(c.place.skip, 0);
        assert_int_equal(c.place.length, sizes[i]);
        assert_found_again(&c, NULL);
        begin += sizes[i];
    }
    intake_close(in);
    arena_free(&a);
}

static void content_encodings(void **state) {
    (void)state;
    str page = STR("<p>the same page, packed in another way each time</p>");
    const struct {
        const char *name;
        str body;
    } ways[] = {
        {"gzip", gzipped(page)},
        {"deflate", deflated(page, 15)},
        {"deflate", deflated(page, -15)},
        {"br", brotli(page)},
        {"zstd", zstd(page, STR(""))},
        {"GZIP", page},
        {"br", page},
        {"deflate, gzip", gzipped(deflated(page, 15))},
        {"identity", page},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        str field = arena_printf(&memory, "CONTENT-encoding: %s\r\n", ways[i].name);
        const char *path = put("e.warc", answer("http://a.example/e", field.data, ways[i].body));
        assert_gives(
            path,
            arena_printf(&memory, "http://a.example/e|2021-01-14T06:30:00Z|%.*s\n", STR_ARG(page)).data);
    }
    assert_complains(put("x.warc", answer("http://a.example/e", "Content-Encoding: rot13\r\n", page)), "",
                     (const char *const[]){"\"rot13\" is not read", NULL});
    str half = str_slice(gzipped(page), 0, 40);
    seen s = run_with(put("h.warc", answer("http://a.example/e", "Content-Encoding: gzip\r\n", half)),
                      (intake_options){0}, false);
    assert_tells(&s.lines, "|<p>the same page");
    assert_tells(&s.lines, "(torn)");
    assert_tells(&s.reports, "ends too early");
    forget(&s);
}

static void other_records(void **state) {
    (void)state;
    const char *about =
        "WARC-Target-URI: http://a.example/t\r\nWARC-Date: 2021-01-15T00:00:00Z\r\nWARC-Refers-To: "
        "<urn:uuid:18>\r\nContent-Type: text/plain\r\n";
    str text = record("conversion", about, STR("one"));
    assert_gives(put("c.warc", text), "http://a.example/t|2021-01-15T00:00:00Z|one\n");
    /* the page that it was made of is in the file already */
    str r[2];
    two(r);
    assert_gives(put("c.warc", JOINED(r[0], text, r[1])), two_lines);
    seen s = run_with(put("i.warc", record("warcinfo", "Content-Type: application/warc-fields\r\n",
                                           STR("software: none/1\r\nformat: WARC File Format 1.1\r\n"))),
                      (intake_options){0}, false);
    assert_string_equal(s.items.data, "warcinfo  not: no content of a page\n");
    forget(&s);
    str odd = STR("warc/1.0\n"); /* lower case is no record */
    assert_complains(put("o.warc", JOINED(r[0], odd, r[1])), two_lines,
                     (const char *const[]){"expected a WARC record", NULL});
    str lf = STR(
        "WARC/0.18\nwarc-type: resource\nWARC-Target-URI:\n http://a.example/lf\nContent-Type: TEXT/HTML; "
        "Charset=x\ncontent-length: 6\n\n<p>lf!\n\n");
    assert_gives(put("l.warc", JOINED(lf, r[0])),
                 "http://a.example/lf||<p>lf!\nhttp://a.example/1|2021-01-14T06:30:00Z|<p>one\n");
}

static void revisits(void **state) {
    (void)state;
    str r[2];
    two(r);
    const char *fields =
        "WARC-Target-URI: http://b.example/1\r\nWARC-Date: 2021-02-01T00:00:00Z\r\nWARC-Refers-To: %s\r\n"
        "Content-Type: application/http\r\n";
    str known = record("revisit", arena_printf(&memory, fields, "<urn:uuid:18>").data,
                       STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"));
    str unknown = record("revisit", arena_printf(&memory, fields, "<urn:uuid:99>").data,
                         STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"));
    str picture = record("revisit", arena_printf(&memory, fields, "<urn:uuid:99>").data,
                         STR("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"));
    const char *lines = "http://a.example/1|2021-01-14T06:30:00Z|<p>one\n"
                        "http://b.example/1|2021-02-01T00:00:00Z|<p>one\n";
    assert_complains(put("r.warc", JOINED(r[0], known, picture, unknown)), lines,
                     (const char *const[]){"found unchanged", NULL});
    assert_complains(
        put("r.warc.gz", JOINED(gzipped(r[0]), gzipped(JOINED(picture, known)), gzipped(unknown))), lines,
        (const char *const[]){"found unchanged", NULL});
}

/* ---- lies ---- */

static str lying(const char *url, size_t length, str content, str end) {
    return JOINED(arena_printf(&memory,
                               "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: %s\r\nContent-Type: "
                               "text/html\r\nContent-Length: %zu\r\n\r\n",
                               url, length),
                  content, end);
}

static void lengths_that_lie(void **state) {
    (void)state;
    str page = STR("<p>twenty bytes here"), end = STR("\r\n\r\n"),
        next = lying("http://a.example/n", 20, page, end);
    const char *both = "http://a.example/l||<p>twenty bytes here\nhttp://a.example/n||<p>twenty bytes here\n";
    assert_complains(
        put("long.warc", JOINED(lying("http://a.example/l", 60, page, end), next)),
        "http://a.example/l||<p>twenty bytes here (torn)\nhttp://a.example/n||<p>twenty bytes here\n",
        (const char *const[]){"said to have 60 bytes, but the next begins after 20", NULL});
    assert_complains(
        put("long.warc.gz", JOINED(gzipped(lying("http://a.example/l", 5000, page, end)), gzipped(next))),
        "http://a.example/l||<p>twenty bytes here\r\n\r\n (torn)\nhttp://a.example/n||<p>twenty bytes here\n",
        (const char *const[]){"said to have 5000 bytes, but the next begins after 24", NULL});
    assert_complains(
        put("short.warc", JOINED(lying("http://a.example/l", 7, page, end), next)), both,
        (const char *const[]){"said to have 7 bytes, but no record follows: 20 were taken", NULL});
    assert_gives(put("bare.warc", JOINED(lying("http://a.example/l", 20, page, STR("")), next)), both);
    assert_complains(
        put("between.warc", JOINED(lying("http://a.example/l", 20, page, end), STR("rubbish\nmore\n"), next)),
        both, (const char *const[]){"expected a WARC record (\"WARC/1.0\"); 13 bytes passed over", NULL});
    assert_complains(put("cut.warc", JOINED(next, str_slice(next, 0, next.size - 14))),
                     "http://a.example/n||<p>twenty bytes here\nhttp://a.example/n||<p>twenty  (torn)\n",
                     (const char *const[]){"ends after 10 of 20 bytes (truncated)", NULL});
    assert_complains(put("huge.warc", JOINED(lying("http://a.example/l", 4000000000000, page, end), next)),
                     "", (const char *const[]){"of 4000000000000 bytes", NULL});
}

static void arc_files(void **state) {
    (void)state;
    str first =
        STR("filedesc://x.arc 0.0.0.0 20210114063000 text/plain 73\n1 0 nobody\nURL IP-address Archive-date "
            "Content-type Archive-length\n\n\n\n\n\n\n\n");
    str page = STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>arc");
    str head = arena_printf(&memory, "http://a.example/a b.html 192.0.2.1 20210114063000 text/html %zu\n",
                            page.size);
    str one = JOINED(head, page, STR("\n"));
    const char *line = "http://a.example/a b.html|2021-01-14T06:30:00Z|<p>arc\n";
    const char *twice = arena_printf(&memory, "%s%s", line, line).data;
    assert_gives(put("a.arc", JOINED(first, one, one)), twice);
    assert_gives(put("a.arc.gz", JOINED(gzipped(first), gzipped(one), gzipped(one))), twice);
    assert_complains(put("g.arc", JOINED(first, one, STR("garbage\n"), one)), twice,
                     (const char *const[]){"expected the head of an ARC record", NULL});
}

/* ---- ZIP ---- */

typedef struct zip_file {
    const char *name;
    str content;
    int method; /* 0 or 8 */
    bool zip64, behind, lies, encrypted;
} zip_file;

static void put16(buffer *b, size_t n) {
    buffer_add_byte(b, (char)(n & 255));
    buffer_add_byte(b, (char)(n >> 8 & 255));
}

static void put32(buffer *b, size_t n) {
    put16(b, n & 0xFFFF);
    put16(b, n >> 16 & 0xFFFF);
}

static void put64(buffer *b, uint64_t n) {
    put32(b, (size_t)(n & 0xFFFFFFFF));
    put32(b, (size_t)(n >> 32));
}

static void put_entry(buffer *b, const zip_file *z, str packed, bool row, uint64_t at) {
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)z->content.data, (uInt)z->content.size);
    size_t size = z->content.size + (z->lies ? 1 : 0);
    bool no_sizes = z->behind && !row;
    put32(b, row ? 0x02014b50 : 0x04034b50);
    if (row)
        put16(b, 45);
    put16(b, 45);
    put16(b, (size_t)((z->behind ? 8 : 0) | (z->encrypted ? 1 : 0)));
    put16(b, (size_t)z->method);
    put32(b, 0x21 << 16);
    put32(b, no_sizes ? 0 : crc);
    put32(b, z->zip64 ? 0xFFFFFFFF : no_sizes ? 0 : packed.size);
    put32(b, z->zip64 ? 0xFFFFFFFF : no_sizes ? 0 : size);
    put16(b, strlen(z->name));
    put16(b, z->zip64 ? 20 : 0);
    if (row) {
        put16(b, 0);
        put16(b, 0);
        put16(b, 0);
        put32(b, 0);
        put32(b, (size_t)at);
    }
    buffer_add(b, str_of(z->name));
    if (z->zip64) {
        put16(b, 1);
        put16(b, 16);
        put64(b, size);
        put64(b, packed.size);
    }
}

static str zipped(const zip_file *files, size_t count, bool directory) {
    buffer all = {0}, rows = {0};
    for (size_t i = 0; i < count; i++) {
        str packed = files[i].method ? deflated(files[i].content, -15) : files[i].content;
        put_entry(&rows, &files[i], packed, true, all.size);
        put_entry(&all, &files[i], packed, false, 0);
        buffer_add(&all, packed);
        if (files[i].behind) {
            put32(&all, 0x08074b50);
            put32(&all, (size_t)crc32(0, (const Bytef *)files[i].content.data, (uInt)files[i].content.size));
            put32(&all, packed.size);
            put32(&all, files[i].content.size);
        }
    }
    size_t at = all.size;
    buffer_add(&all, buffer_str(&rows));
    put32(&all, 0x06054b50);
    put32(&all, 0);
    put16(&all, count);
    put16(&all, count);
    put32(&all, rows.size);
    put32(&all, at);
    put16(&all, 0);
    str out = arena_copy(&memory, directory ? buffer_str(&all) : str_slice(buffer_str(&all), 0, at));
    buffer_free(&all);
    buffer_free(&rows);
    return out;
}
#define ZIPPED(...)                                                                                          \
    zipped((const zip_file[]){__VA_ARGS__}, sizeof((const zip_file[]){__VA_ARGS__}) / sizeof(zip_file), true)

static void zips_of_pages(void **state) {
    (void)state;
    str page = STR("<p>a page"), other = STR("<p>another"), r[2];
    two(r);
    str zip = ZIPPED({"a.html", page, 8}, {"b/c.html", other, 0}, {"b/c_files/part.html", STR("<p>part"), 0},
                     {"picture.png", STR("\x89PNG"), 0}, {"../../up.html", page, 0, .zip64 = true},
                     {"d.html", other, 8, .behind = true}, {".hidden.html", page, 0},
                     {"crawl.warc.gz", JOINED(gzipped(r[0]), gzipped(r[1])), 8},
                     {"lines.jsonl", STR("{\"text\":\"x\"}\n"), 8});
    const char *lines =
        arena_printf(&memory, "||<p>a page\n||<p>another\n||<p>a page\n||<p>another\n%s||{\"text\":\"x\"}\n",
                     two_lines)
            .data;
    assert_gives(put("x.zip", zip), lines);
    assert_gives(put("self.zip", JOINED(STR("PK\3\4 stands ahead of an archive that is not there "), zip)),
                 lines);
    assert_gives(put("nested.zip", ZIPPED({"in/x.zip", zip, 0})), lines);
    assert_gives(put("packed.zip", ZIPPED({"in/x.zip", zip, 8})), lines);
    assert_gives(put("x.zip.gz", gzipped(zip)), lines);
}

static void hostile_zips(void **state) {
    (void)state;
    str page = STR("<p>a page");
    assert_complains(put("e.zip", ZIPPED({"a.html", page, 0, .encrypted = true}, {"b.html", page, 0})),
                     "||<p>a page\n", (const char *const[]){"e.zip!/a.html: encrypted", NULL});
    assert_complains(put("l.zip", ZIPPED({"a.html", page, 8, .lies = true}, {"b.html", page, 0})),
                     "||<p>a page\n", (const char *const[]){"not as large as was said", NULL});
    assert_complains(put("n.zip", ZIPPED({"a.png", page, 0})), "",
                     (const char *const[]){"a ZIP file without pages", NULL});
    assert_complains(put("o.zip", ZIPPED({"[Content_Types].xml", page, 0}, {"a.html", page, 0})), "",
                     (const char *const[]){"an office document", NULL});
    const zip_file files[] = {{"a.html", page, 0}, {"b.html", page, 8}};
    assert_complains(put("c.zip", zipped(files, 2, false)), "||<p>a page\n||<p>a page\n",
                     (const char *const[]){"directory of this ZIP file is missing", NULL});
    /* a second row that points into the first entry */
    str zip = ZIPPED({"a.html", page, 0}, {"b.html", page, 0});
    char *bytes = (char *)(uintptr_t)zip.data;
    bytes[zip.size - 22 - 6 - 4] = 4; /* offset of the second row's entry */
    assert_complains(put("w.zip", zip), "||<p>a page\n", (const char *const[]){"inside another entry", NULL});
    str crc = arena_copy(&memory, ZIPPED({"a.html", page, 0}));
    ((char *)(uintptr_t)crc.data)[30 + 6 + 3] ^= 1;
    assert_complains(put("d.zip", crc), "", (const char *const[]){"does not match its checksum", NULL});
    str deep = ZIPPED({"a.html", page, 0});
    for (int i = 0; i < 3; i++)
        deep = ZIPPED({"x.zip", deep, 0});
    assert_complains(put("deep.zip", deep), "", (const char *const[]){"nested more than three deep", NULL});
}

static void bombs(void **state) {
    (void)state;
    size_t size = 8 << 20;
    char *zeros = arena_alloc(&memory, size);
    memset(zeros, ' ', size);
    memcpy(zeros, "<html>", 6);
    str page = {zeros, size}, r[2];
    two(r);
    const struct {
        const char *path;
        const char *lines;
    } files[] = {
        {put("b.zip", ZIPPED({"a.html", page, 8}, {"b.html", STR("<p>b"), 0})), "||<p>b\n"},
        {put("b.html.zst", zstd(page, STR(""))), ""},
        {put("b.warc",
             JOINED(answer("http://a.example/z", "Content-Encoding: gzip\r\n", gzipped(page)), r[0])),
         "http://a.example/1|2021-01-14T06:30:00Z|<p>one\n"},
        {put("br.warc", JOINED(answer("http://a.example/z", "Content-Encoding: br\r\n", brotli(page)), r[0])),
         "http://a.example/1|2021-01-14T06:30:00Z|<p>one\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        seen s = run_with(files[i].path, (intake_options){.max_bytes = 1 << 20}, false);
        if (!strstr(s.reports.data, "bomb") || strcmp(s.lines.data, files[i].lines) != 0)
            fail_msg("%s:\n%s%s", files[i].path, s.lines.data, s.reports.data);
        forget(&s);
    }
    /* one record of a crawl that is a bomb costs no other */
    str head = arena_printf(&memory, "WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: %zu\r\n\r\n", size);
    str bomb = gzipped(JOINED(head, page, STR("\r\n\r\n")));
    seen s = run_with(put("bomb.warc.gz", JOINED(gzipped(r[0]), bomb, gzipped(r[1]))),
                      (intake_options){.max_bytes = 1 << 20}, false);
    assert_string_equal(s.lines.data, two_lines);
    assert_tells(&s.reports, "bomb");
    forget(&s);
}

static void web_archives(void **state) {
    (void)state;
    str r[2];
    two(r);
    str crawl = JOINED(gzipped(r[0]), gzipped(r[1]));
    assert_gives(put("x.wacz", ZIPPED({"datapackage.json", STR("{}"), 8}, {"archive/data.warc.gz", crawl, 0},
                                      {"pages/pages.jsonl", STR("{\"format\":\"json-pages-1.0\"}\n"), 8},
                                      {"indexes/index.html", STR("<p>no page"), 0})),
                 two_lines);
    str about = STR(
        "<?xml version=\"1.0\"?><RDF:RDF><RDF:Description RDF:about=\"urn:root\">\n"
        "<MAF:originalurl RDF:resource=\"http://a.example/m?a=1&amp;b=2\"/>\n"
        "<MAF:archivetime RDF:resource=\"Thu, 14 Jan 2021 09:30:00 +0300\"/></RDF:Description></RDF:RDF>");
    assert_gives(put("x.maff", ZIPPED({"1/index.html", STR("<p>maff"), 8}, {"1/index.rdf", about, 8},
                                      {"1/index_files/frame.html", STR("<p>frame"), 0})),
                 "http://a.example/m?a=1&b=2|2021-01-14T06:30:00Z|<p>maff\n");
}

/* ---- pages saved as one file ---- */

static void mhtml(void **state) {
    (void)state;
    str head = STR(
        "From: <Saved by nobody>\r\nSnapshot-Content-Location: http://a.example/m\r\nDate: Thu, 14 Jan 2021 "
        "09:30:00 +0300\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n"
        "\tboundary=\"--;x\"\r\n\r\n\r\n----;x\r\nContent-Type: text/html\r\n");
    str qp = JOINED(
        head, STR("Content-ID: <f@x>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: "
                  "http://a.example/m\r\n\r\n<p class=3D\"x\">a long=\r\n line =D8=AF</p>\r\n----;x\r\n"
                  "Content-Type: text/html\r\n\r\n<p>a frame\r\n----;x--\r\n"));
    assert_gives(put("q.mhtml", qp),
                 "http://a.example/m|2021-01-14T06:30:00Z|<p class=\"x\">a long line \xD8\xAF</p>\n");
    str b64 =
        JOINED(head, STR("Content-Transfer-Encoding: base64\r\n\r\nPHA+c2l4\r\ndHk8L3A+\r\n----;x--\r\n"));
    assert_gives(put("b.mht", b64), "http://a.example/m|2021-01-14T06:30:00Z|<p>sixty</p>\n");
    assert_gives(put("g.mht.gz", gzipped(b64)), "http://a.example/m|2021-01-14T06:30:00Z|<p>sixty</p>\n");
    assert_complains(put("c.mht", JOINED(head, STR("\r\n<p>cut off"))),
                     "http://a.example/m|2021-01-14T06:30:00Z|<p>cut off (torn)\n",
                     (const char *const[]){"the end of this MHTML file is missing", NULL});
    assert_complains(
        put("n.mht", JOINED(STR("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=y\n\n--y\n"
                                "Content-Type: image/png\n\nx\n--y--\n"))),
        "", (const char *const[]){"without a part that is a page", NULL});
}

static void comments_of_browsers(void **state) {
    (void)state;
    seen s = run_with(
        put("s.html", STR("<!DOCTYPE html> <html lang=ar><!--\n Page saved with SingleFile \n url: "
                          "http://a.example/s \n saved date: Thu Jan 14 2021 09:30:00 GMT+0300 (Arabian "
                          "Time)\n--><p>x")),
        (intake_options){0}, true);
    assert_tells(&s.lines, "http://a.example/s|2021-01-14T06:30:00Z|");
    forget(&s);
    s = run_with(
        put("m.html", STR("<!DOCTYPE html>\n<!-- saved from url=(0022)http://a.example/mark -->\n<p>x")),
        (intake_options){0}, true);
    assert_tells(&s.lines, "http://a.example/mark||");
    forget(&s);
    s = run_with(put("j.html", STR("<!-- saved from url=(0014)about:internet --><p>x")), (intake_options){0},
                 true);
    assert_true(s.lines.data[0] == '|');
    forget(&s);
    s = run_with(
        put("h.html", STR("<html>\n<!-- Mirrored from a.example/h.html by HTTrack Website Copier/3.x "
                          "[XR&CO'2014], Thu, 14 Jan 2021 06:30:00 GMT -->\n<p>x")),
        (intake_options){0}, true);
    assert_tells(&s.lines, "http://a.example/h.html|2021-01-14T06:30:00Z|");
    forget(&s);
}

/* ---- feeds ---- */

static void feeds(void **state) {
    (void)state;
    if (!dlopen("libexpat.so.1", RTLD_NOW))
        skip();
    str rss = STR(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Invented outlet</title>\n"
        "<item><title>One &amp; only</title><link>http://a.example/1?a=1&b=2</link><pubDate>Thu, 14 Jan 2021 "
        "09:30:00 +0300</pubDate><dc:creator>R. Haddad</dc:creator><description>short</description>\n"
        "<content:encoded><![CDATA[<p>the </item> whole&nbsp;text</p>]]></content:encoded></item>\n"
        "<item><title>Two</title><guid>http://a.example/2</guid><description>&lt;p&gt;two&lt;/p&gt;"
        "</description></item>\n<item><title>Three</link></item><item><title>Four</title></item></channel></"
        "rss>");
    seen s = run_with(put("f.rss", rss), (intake_options){0}, true);
    assert_int_equal(s.captures, 3);
    assert_int_equal(s.bad, 1);
    assert_tells(&s.reports, "this item of a feed cannot be read: mismatched tag");
    assert_tells(&s.lines, "http://a.example/1?a=1&b=2||<!DOCTYPE html>");
    assert_tells(&s.lines, "<h1>One & only</h1>\n<p>the </item> whole&nbsp;text</p></article>");
    assert_tells(&s.lines,
                 "<meta property=\"article:published_time\" content=\"2021-01-14T09:30:00+03:00\">");
    assert_tells(&s.lines, "<meta name=\"author\" content=\"R. Haddad\">");
    assert_tells(&s.lines, "http://a.example/2||");
    assert_tells(&s.lines, "<p>two</p>");
    forget(&s);
    str atom = STR(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><entry><title>T</title><link "
        "rel=\"self\" "
        "href=\"http://a.example/self\"/><link href=\"http://a.example/atom\"/><author><name>N</name><uri>u"
        "</uri></author><published>2021-01-14T06:30:00Z</published><content type=\"xhtml\"><div>deep <b>text"
        "</b></div></content></entry><entry><title>U</title><content>plain &lt; "
        "text</content></entry></feed>");
    s = run_with(put("a.atom", atom), (intake_options){0}, true);
    assert_int_equal(s.captures, 2);
    assert_tells(&s.lines, "http://a.example/atom||");
    assert_tells(&s.lines, "<div>deep <b>text</b></div>");
    assert_tells(&s.lines, "<meta name=\"author\" content=\"N\">");
    assert_tells(&s.lines, "<p>plain &lt; text</p>");
    forget(&s);
    str bomb =
        STR("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><rss>"
            "<item><title>&b;</title></item></rss>");
    s = run_with(put("b.rss", bomb), (intake_options){0}, true);
    assert_tells(&s.lines, "<h1>&b;</h1>"); /* what others declared is not expanded */
    forget(&s);
    str arabic = STR("<?xml version=\"1.0\" "
                     "encoding=\"windows-1256\"?><rss><item><title>\xE3\xCE\xE3</title></item></rss>");
    s = run_with(put("w.rss", arabic), (intake_options){0}, true);
    assert_tells(&s.lines, "\xD9\x85\xD8\xAE\xD9\x85");
    forget(&s);
    str map =
        STR("<?xml "
            "version=\"1.0\"?><urlset><url><loc>http://a.example/1</loc><news:news><news:title>T</news:title>"
            "<news:publication_date>2021-01-14</news:publication_date></news:news></url><url><loc>http://"
            "a.example/2"
            "</loc></url></urlset>");
    s = run_with(put("m.xml", map), (intake_options){0}, true);
    assert_int_equal(s.captures, 0);
    assert_tells(&s.reports, "a sitemap: it holds 2 addresses and no page");
    assert_tells(&s.items, "address http://a.example/1 not: an address, and no page\n");
    forget(&s);
}

/* ---- folders ---- */

static void folders_with_traps(void **state) {
    (void)state;
    const char *root = arena_printf(&memory, "%s/traps", folder).data;
    assert_int_equal(mkdir(root, 0700), 0);
    put("traps/a.html", STR("<p>a"));
    assert_int_equal(mkfifo(arena_printf(&memory, "%s/pipe.html", root).data, 0600), 0);
    assert_int_equal(symlink(".", arena_printf(&memory, "%s/loop", root).data), 0);
    assert_int_equal(symlink("self.html", arena_printf(&memory, "%s/self.html", root).data), 0);
    assert_complains(root, "||<p>a\n",
                     (const char *const[]){"self.html: a link that leads in a circle", NULL});
}

static void dates(void **state) {
    static const char *const pairs[][2] = {
        {"Thu, 14 Jan 2021 09:30:00 +0300", "2021-01-14T06:30:00Z"},
        {"Thu Jan 14 2021 09:30:00 GMT+0300 (AST)", "2021-01-14T06:30:00Z"},
        {"14 Jan 21 06:30 GMT", "2021-01-14T06:30:00Z"},
        {"Thu, 14 Jan 2021 01:30:00 EST", "2021-01-14T06:30:00Z"},
        {"2021-01-14T09:30:00+03:00", "2021-01-14T06:30:00Z"},
        {"2021-01-14T06:30:00.123Z", "2021-01-14T06:30:00Z"},
        {"2021-01-14", "2021-01-14T00:00:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_str_equal(date_read(str_of(pairs[i][0]), &memory), str_of(pairs[i][1]), pairs[i][0]);
    static const char *const none[] = {"",     "yesterday",  "31 Feb 2021 10:00",
                                       "2021", "9999999999", "2021-13-01"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(date_read(str_of(none[i]), &memory).data);
}

/* ---- work ---- */

/* A head, and a pattern that is repeated behind it: what an ill-meaning file may hold. */
static const struct hostile {
    const char *name, *head, *pattern;
    bool packed; /* head and each pattern a gzip member of its own */
} hostile[] = {
    {"heads", "", "WARC/1.0\r\n\r\n"},
    {"marks", "WARC/1.0\r\nContent-Length: 4\r\n\r\nabcd", "\nWARC/"},
    {"short records", "", "WARC/1.0\r\nContent-Length: 1\r\n\r\nabcdefghijklmnopqrstuvwxyz\n"},
    {"long records", "", "WARC/1.0\r\nContent-Length: 9999\r\n\r\nabcdefghijklmnopqrstuvwxyz\n"},
    {"endless records", "", "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 999999999\r\n\r\n\n"},
    {"one endless head", "WARC/1.0\r\n", "a: b\r\n"},
    {"lines of ARC", "filedesc:// 0 0 0 1\n1\n", "http://a.example/ 192.0.2.1 20210114063000 text/html 5\n"},
    {"words of ARC", "filedesc:// 0 0 0 1\n1\n", "http://a.example/ "},
    {"blank lines", "WARC/1.0\r\nContent-Length: 0\r\n\r\n", "\r\n"},
    {"gzip heads", "\x1F\x8B\x08", "zz\x1F\x8B\x08"},
    {"items", "<rss>", "<item>"},
    {"items in sections", "<rss><item>", "<![CDATA[</item>"},
    {"comments", "<rss>", "<!-- <item> --"},
    {"quotes", "<rss>", "<item a=\"'>"},
    {"small items", "<rss>", "<item><title>&</title></item>"},
    {"boundaries", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "--x --x "},
    {"parts", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "\n--x\n"},
    {"nested parts", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n",
     "--x\nContent-Type: multipart/related; boundary=x\n\n"},
    {"lines", "{\"\n", "{\n"},
    {"small members behind a lie",
     "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: "
     "900000000\r\n\r\n"
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>one\r\n\r\n",
     "WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n", .packed = true},
    {"empty members", "WARC/1.0\r\n", "", .packed = true},
};

static uint64_t work_of(const struct hostile *h, size_t size) {
#ifdef ISNAD_COUNTERS
    buffer b = {0};
    str head = str_of(h->head), pattern = str_of(h->pattern);
    buffer_add(&b, h->packed ? gzipped(head) : head);
    pattern = h->packed ? gzipped(pattern) : pattern;
    while (b.size < size)
        buffer_add(&b, pattern);
    const char *path = put("hostile", buffer_str(&b));
    buffer_free(&b);
    uint64_t before = work.bytes_taken_in;
    seen s = run_with(path, (intake_options){0}, false);
    forget(&s);
    return work.bytes_taken_in - before;
#else
    (void)h;
    (void)size;
    return 0;
#endif
}

/* However a file is made, what is looked at, moved and unpacked grows no faster than the file. */
static void work_is_linear(void **state) {
    enum { N = 3000 };
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        uint64_t n = work_of(&hostile[i], 10 * N), ten = work_of(&hostile[i], 100 * N),
                 hundred = work_of(&hostile[i], 1000 * N);
        if (ten > 12 * n + 200000 || hundred > 12 * ten + 200000)
            fail_msg("%s: %llu, %llu and %llu bytes are looked at for n, 10n and 100n", hostile[i].name,
                     (unsigned long long)n, (unsigned long long)ten, (unsigned long long)hundred);
    }
}

/* One ZIP whose only entry lies in as many folders as its name has room for. */
static void names_of_zips_are_linear(void **state) {
#ifdef ISNAD_COUNTERS
    uint64_t done[3];
    (void)state;
    for (size_t i = 0, folders = 80; i < 3; i++, folders *= 10) {
        buffer name = {0};
        for (size_t k = 0; k < folders; k++)
            buffer_add(&name, STR("a_files/"));
        buffer_add(&name, STR("x.html\0"));
        uint64_t before = work.bytes_taken_in;
        assert_gives(put("names.zip", ZIPPED({name.data, STR("<p>one"), 0})), "||<p>one\n");
        done[i] = work.bytes_taken_in - before;
        buffer_free(&name);
    }
    assert_true(done[1] <= 12 * done[0] + 10000 && done[2] <= 12 * done[1] + 10000);
#else
    (void)state;
#endif
}

static void nothing_is_there(void **state) {
    (void)state;
    str r[2];
    two(r);
    const char *path = put("gone.warc", JOINED(r[0], r[1]));
    capture c;
    failure f;
    const capture_place places[] = {{FORM_WARC, 3, 0, 0}, {FORM_WARC, 1 << 30, 0, 0}, {FORM_ARC, 0, 0, 0}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(intake_again(str_of(path), places[i], NULL, &memory, &c, &f), STATUS_NOT_FOUND);
    assert_int_equal(intake_again(STR("-"), places[0], NULL, &memory, &c, &f), STATUS_NOT_FOUND);
    assert_int_equal(intake_again(STR("/none!/x"), places[0], NULL, &memory, &c, &f), STATUS_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warc_in_every_packing),
        cmocka_unit_test(large_members_are_measured),
        cmocka_unit_test(content_encodings),
        cmocka_unit_test(other_records),
        cmocka_unit_test(revisits),
        cmocka_unit_test(lengths_that_lie),
        cmocka_unit_test(arc_files),
        cmocka_unit_test(zips_of_pages),
        cmocka_unit_test(hostile_zips),
        cmocka_unit_test(bombs),
        cmocka_unit_test(web_archives),
        cmocka_unit_test(mhtml),
        cmocka_unit_test(comments_of_browsers),
        cmocka_unit_test(feeds),
        cmocka_unit_test(folders_with_traps),
        cmocka_unit_test(dates),
        cmocka_unit_test(work_is_linear),
        cmocka_unit_test(names_of_zips_are_linear),
        cmocka_unit_test(nothing_is_there),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
