/* Each kind of input, and each kind of bad input: one clear line, counted, passed over. The bytes are built
 * here. */
#include "packed.h"
#include "test_support.h"

#include "base/buffer.h"
#include "intake/fetch.h"
#include "intake/http.h"
#include "intake/intake.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- what came out of an intake, as text ---- */

typedef struct seen {
    buffer lines;   /* a line a capture */
    buffer reports; /* a line a report */
    uint64_t bad;
    status code;
    size_t captures;
} seen;

static void on_report(void *context, const char *line) {
    seen *s = context;
    assert_null(strchr(line, '\n'));
    buffer_printf(&s->reports, "%s\n", line);
}

static void note(seen *s, const capture *c) {
    static const char *const kinds[] = {"html", "text", "record"};
    s->captures++;
    buffer_printf(&s->lines, "%s %.*s [%.*s] %.*s%s%s\n", kinds[c->kind], STR_ARG(c->url),
                  STR_ARG(c->charset), STR_ARG(c->body), c->truncated ? " (cut)" : "",
                  c->cut ? " (torn)" : "");
}

static seen run(const char *const *inputs, size_t count, intake_options options) {
    seen s = {0};
    str paths[8];
    for (size_t i = 0; i < count; i++)
        paths[i] = str_of(inputs[i]);
    options.report = on_report;
    options.report_context = &s;
    intake *in = intake_open(paths, count, &options);
    arena a = arena_new((allocator){0});
    capture c;
    while (intake_next(in, &a, &c)) {
        note(&s, &c);
        arena_reset(&a);
    }
    s.bad = intake_bad(in);
    s.code = intake_status(in);
    intake_close(in);
    arena_free(&a);
    return s;
}

static void forget(seen *s) {
    buffer_free(&s->lines);
    buffer_free(&s->reports);
}

/* ---- files ---- */

static char folder[] = "/tmp/isnad-intake-XXXXXX";

static const char *path_of(arena *a, const char *name) {
    return arena_printf(a, "%s/%s", folder, name).data;
}

static const char *put(arena *a, const char *name, str bytes) {
    const char *path = path_of(a, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, f), bytes.size);
    fclose(f);
    return path;
}

static int make_folder(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    int code = system(arena_printf(&a, "rm -rf '%s'", folder).data);
    arena_free(&a);
    return code;
}

/* One bad input: no capture, one line that says `why`, the code. */
static void assert_refused(const char *path, intake_options options, status code, const char *why) {
    seen s = run(&path, 1, options);
    if (s.captures != 0 || s.bad != 1 || s.code != code || !strstr(buffer_str(&s.reports).data, why))
        fail_msg("%s: %zu captures, %d bad, code %d, \"%s\"", path, s.captures, (int)s.bad, (int)s.code,
                 buffer_str(&s.reports).data);
    assert_non_null(strstr(s.reports.data, path));
    forget(&s);
}

static void files_that_cannot_be_read(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    intake_options none = {0};
    str page = STR("<html><body><p>text</p></body></html>");
    str zip = packed_gzip(&a, page), head = str_slice(zip, 0, zip.size - 12);
    assert_refused(path_of(&a, "missing.html"), none, STATUS_NO_INPUT, "no such file");
    assert_refused(put(&a, "empty.html", STR("")), none, STATUS_BAD_INPUT, "empty");
    assert_refused(put(&a, "empty.html.gz", packed_gzip(&a, STR(""))), none, STATUS_BAD_INPUT, "empty");
    assert_refused(put(&a, "binary.html", STR("\1\2\0\3 abc\0\0\0\0")), none, STATUS_BAD_INPUT, "binary");
    assert_refused(put(&a, "picture.html", STR("\x89PNG\r\n")), none, STATUS_BAD_INPUT, "a picture");
    assert_refused(put(&a, "cut.html.gz", head), none, STATUS_BAD_INPUT, "truncated");
    assert_refused(put(&a, "short.html.gz", str_slice(zip, 0, 4)), none, STATUS_BAD_INPUT, "truncated");
    assert_refused(put(&a, "bad.html.gz", STR("\x1F\x8B\x08\0\0\0\0\0\0\3\xFF\xFF\xFF")), none,
                   STATUS_BAD_INPUT, "damaged");
    assert_refused(put(&a, "x.warc.lz4", STR("\x04\x22\x4D\x18zzzz")), none, STATUS_BAD_INPUT, "LZ4");
    assert_refused(put(&a, "x.warc.zst", STR("\x28\xB5\x2F\xFDzzzz")), none, STATUS_BAD_INPUT, "Zstandard");
    assert_refused(put(&a, "x.wacz", STR("PK\3\4zzzz")), none, STATUS_BAD_INPUT, "ZIP");
    assert_refused(put(&a, "x.arc", STR("filedesc://x 0 0 z\n")), none, STATUS_BAD_RECORDS, "ARC");
    assert_refused(put(&a, "x.pdf", STR("%PDF-1.4\n")), none, STATUS_BAD_INPUT, "PDF");
    assert_refused(put(&a, "feed.xml", STR("<?xml version=\"1.0\"?><rss></rss>")), none, STATUS_BAD_INPUT,
                   "a feed without items");
    assert_refused(put(&a, "settings.xml", STR("<?xml version=\"1.0\"?><settings/>")), none, STATUS_BAD_INPUT,
                   "XML");
    assert_refused("https://news.example/", (intake_options){.offline = true}, STATUS_USAGE, "--offline");
    arena_free(&a);
}

static void a_gzip_bomb_is_refused(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    size_t size = 8 << 20;
    char *page = arena_alloc(&a, size);
    memset(page, ' ', size);
    memcpy(page, "<html>", 6);
    str zip = packed_gzip(&a, (str){page, size});
    intake_options limit = {.max_bytes = 1 << 20};
    assert_refused(put(&a, "bomb.html.gz", zip), limit, STATUS_BAD_INPUT, "bomb");
    memcpy(page, "{\"a\":\"", 6);
    for (size_t i = 1000; i < size; i += 1000)
        page[i] = '\n';
    const char *path = put(&a, "bomb.jsonl.gz", packed_gzip(&a, (str){page, size}));
    seen s = run(&path, 1, limit);
    assert_int_equal(s.code, STATUS_BAD_RECORDS);
    assert_non_null(strstr(s.reports.data, "bomb"));
    forget(&s);
    arena_free(&a);
}

static void kinds_are_told_by_content(void **state) {
    static const char *const files[][3] = {
        {"a.bin", "<!DOCTYPE html><p>x", "html"},
        {"a.txt", "\xEF\xBB\xBF \n<HTML><p>x", "html"},
        {"a", "just words", "text"},
        {"b.html", "just words", "html"},
        {"c", "words and <p>a tag</p>", "html"},
        {"c.txt", "words and <p>a tag</p>", "text"},
        {"d.txt", "{\"text\":\"x\"}", "record"},
        {"e.jsonl", "{\"text\":\"x\"}", "record"},
        {"f.xhtml", "<?xml version=\"1.0\"?><html/>", "html"},
        {"g.txt", "3 < 5 and <b", "text"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (int zip = 0; zip < 2; zip++) {
            str bytes = zip ? packed_gzip(&a, str_of(files[i][1])) : str_of(files[i][1]);
            const char *path =
                put(&a, zip ? arena_printf(&a, "%s.gz", files[i][0]).data : files[i][0], bytes);
            seen s = run(&path, 1, (intake_options){0});
            assert_int_equal(s.captures, 1);
            if (!str_starts(buffer_str(&s.lines), str_of(files[i][2])))
                fail_msg("%s: expected %s, got %s", path, files[i][2], s.lines.data);
            forget(&s);
        }
    arena_free(&a);
}

static void a_large_page_is_kept_whole_and_read_to_the_limit(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str page = STR("<html><p>0123456789</p></html>");
    for (int zip = 0; zip < 2; zip++) {
        str input = str_of(put(&a, "large.html", zip ? packed_gzip(&a, page) : page));
        intake_options options = {.max_bytes = 20};
        intake *in = intake_open(&input, 1, &options);
        capture c;
        assert_true(intake_next(in, &a, &c));
        assert_true(c.truncated);
        assert_str_equal(c.body, str_slice(page, 0, 20), "body");
        assert_true(zip ? c.bytes.size > 20 : str_equal(c.bytes, page));
        assert_int_equal(intake_status(in), STATUS_OK);
        intake_close(in);
    }
    arena_free(&a);
}

static void folders_in_name_order(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const char *root = path_of(&a, "folder");
    assert_int_equal(mkdir(root, 0700), 0);
    assert_int_equal(mkdir(path_of(&a, "folder/b"), 0700), 0);
    assert_int_equal(mkdir(path_of(&a, "folder/page_files"), 0700), 0);
    assert_int_equal(mkdir(path_of(&a, "folder/other_files"), 0700), 0);
    put(&a, "folder/c.txt", STR("c"));
    put(&a, "folder/a.html", STR("<p>a"));
    put(&a, "folder/b/x.txt", STR("x"));
    put(&a, "folder/page.html", STR("<p>page"));
    put(&a, "folder/page_files/part.html", STR("<p>part"));
    put(&a, "folder/other_files/o.txt", STR("o"));
    put(&a, "folder/README.md", STR("not a page"));
    put(&a, "folder/.hidden.html", STR("<p>hidden"));
    put(&a, "folder/zero.html", STR(""));
    seen s = run(&root, 1, (intake_options){0});
    assert_str_equal(buffer_str(&s.lines),
                     STR("html  [] <p>a\ntext  [] x\ntext  [] c\ntext  [] o\nhtml  [] <p>page\n"),
                     "captures");
    assert_int_equal(s.bad, 1);
    assert_int_equal(s.code, STATUS_BAD_RECORDS);
    forget(&s);
    arena_free(&a);
}

/* ---- JSON lines ---- */

static void json_lines(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str input = str_of(put(&a, "lines.jsonl", STR("\xEF\xBB\xBF{\"a\":1}\n\n  \n{\"b\":2}\r\n{\"c\":3}")));
    intake *in = intake_open(&input, 1, NULL);
    static const char *const lines[] = {"{\"a\":1}", "{\"b\":2}\r", "{\"c\":3}"};
    static const uint64_t offsets[] = {0, 15, 24};
    capture c;
    for (size_t i = 0; i < 3; i++) {
        assert_true(intake_next(in, &a, &c));
        assert_str_equal(c.bytes, str_of(lines[i]), "line");
        assert_int_equal(c.offset, offsets[i]);
        assert_int_equal(c.kind, CAPTURE_JSON_RECORD);
    }
    assert_false(intake_next(in, &a, &c));
    intake_close(in);
    const char *path =
        put(&a, "long.jsonl", STR("{\"a\":1}\n{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1}\n{\"b\":2}\n"));
    seen s = run(&path, 1, (intake_options){.max_bytes = 20});
    assert_int_equal(s.captures, 2);
    assert_int_equal(s.code, STATUS_BAD_RECORDS);
    assert_non_null(strstr(s.reports.data, "offset 8: a line of more than 20 bytes"));
    forget(&s);
    arena_free(&a);
}

/* ---- WARC ---- */

static str record(arena *a, const char *type, const char *url, str block) {
    str head =
        arena_printf(a,
                     "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2021-01-14T06:30:00Z\r\n"
                     "Content-Type: text/html\r\nContent-Length: %zu\r\n\r\n",
                     type, url, block.size);
    char *out = arena_alloc(a, head.size + block.size + 5);
    memcpy(out, head.data, head.size);
    memcpy(out + head.size, block.data, block.size);
    memcpy(out + head.size + block.size, "\r\n\r\n", 4);
    return (str){out, head.size + block.size + 4};
}

static str joined(arena *a, str x, str y) {
    char *out = arena_alloc(a, x.size + y.size + 1);
    if (x.size)
        memcpy(out, x.data, x.size);
    if (y.size)
        memcpy(out + x.size, y.data, y.size);
    return (str){out, x.size + y.size};
}

enum { RECORDS = 9 };

/* Records of every kind that is read, and some that are passed over. */
static void make_records(arena *a, str records[RECORDS]) {
    str ok = STR("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"windows-1256\"\r\n");
    str zip = packed_gzip(a, STR("<p>zip</p>"));
    str chunked =
        joined(a, ok, STR("Transfer-Encoding: chunked\r\n\r\n4\r\n<p>c\r\n5;x=y\r\nhunks\r\n0\r\n\r\n"));
    str encoded = joined(a, joined(a, ok, STR("Content-Encoding: gzip\r\n\r\n")), zip);
    records[0] = record(a, "warcinfo", "", STR("software: none\r\n"));
    records[1] = record(a, "response", "http://a.example/1", joined(a, ok, STR("\r\n<p>plain</p>")));
    records[2] = record(a, "response", "<http://a.example/2>", chunked);
    records[3] = record(a, "response", "http://a.example/3", encoded);
    records[4] = record(a, "resource", "http://a.example/4", STR("<p>resource</p>"));
    records[5] = record(a, "response", "http://a.example/5",
                        STR("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nx"));
    records[6] = record(a, "response", "http://a.example/6",
                        STR("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx"));
    records[7] = record(a, "request", "http://a.example/7", STR("GET / HTTP/1.1\r\n\r\n"));
    records[8] = record(a, "response", "http://a.example/robots.txt",
                        STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nx"));
}

static const char *const expected_captures = "html http://a.example/1 [windows-1256] <p>plain</p>\n"
                                             "html http://a.example/2 [windows-1256] <p>chunks\n"
                                             "html http://a.example/3 [windows-1256] <p>zip</p>\n"
                                             "html http://a.example/4 [] <p>resource</p>\n";

static void warc_plain_and_gzip(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str records[RECORDS], plain = STR(""), each = STR("");
    make_records(&a, records);
    for (size_t i = 0; i < RECORDS; i++) {
        plain = joined(&a, plain, records[i]);
        each = joined(&a, each, packed_gzip(&a, records[i]));
    }
    str forms[] = {plain, each, packed_gzip(&a, plain)};
    for (size_t i = 0; i < 3; i++) {
        const char *path = put(&a, "x.warc", forms[i]);
        seen s = run(&path, 1, (intake_options){0});
        assert_str_equal(buffer_str(&s.lines), str_of(expected_captures), "captures");
        assert_int_equal(s.code, STATUS_OK);
        forget(&s);
    }
    arena_free(&a);
}

/* Of a file that was only cut: what stands whole before the cut is given whole, and of the record that is cut
 * what there is, marked so. */
static void assert_beginning(const buffer *lines) {
    str got = buffer_str(lines), torn = STR(" (torn)\n");
    if (str_ends(got, torn))
        got.size -= torn.size;
    if (!str_starts(str_of(expected_captures), got))
        fail_msg("not the beginning of what is there:\n%.*s", STR_ARG(got));
}

/* Whatever is cut or changed: what was whole before the damage is given, and the damage is told in few lines.
 */
static void damaged_warc(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str records[RECORDS], plain = STR(""), each = STR("");
    make_records(&a, records);
    for (size_t i = 0; i < RECORDS; i++) {
        plain = joined(&a, plain, records[i]);
        each = joined(&a, each, packed_gzip(&a, records[i]));
    }
    str forms[] = {plain, each, packed_gzip(&a, plain)};
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(600); round++) {
        str form = forms[random_below(&r, 3)];
        str damaged = arena_copy(&a, str_slice(form, 0, 10 + random_below(&r, form.size - 9)));
        size_t flips = random_below(&r, 3);
        for (size_t i = 0; i < flips; i++)
            ((char *)(uintptr_t)damaged.data)[10 + random_below(&r, damaged.size - 9) - 1] ^=
                (char)(1 << random_below(&r, 8));
        const char *path = put(&a, "damaged.warc", damaged);
        seen s = run(&path, 1, (intake_options){0});
        /* what a flip can do at most: "/robots.txt" is so no longer, and its record is given */
        if (s.captures > 4 + flips || s.bad > RECORDS + 2)
            fail_msg("%zu captures, %d bad:\n%s", s.captures, (int)s.bad, buffer_str(&s.lines).data);
        assert_int_equal(s.bad > 0, s.code != STATUS_OK);
        if (flips == 0)
            assert_beginning(&s.lines);
        forget(&s);
    }
    arena_free(&a);
}

/* One damaged member costs one record; those behind it are read. */
static void records_behind_damage_are_read(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str records[RECORDS], damaged;
    make_records(&a, records);
    str zip = packed_gzip(&a, records[2]);
    damaged = arena_copy(&a, zip);
    memset((char *)(uintptr_t)damaged.data + 30, 0xFF, 20);
    str file = joined(&a, joined(&a, packed_gzip(&a, records[1]), damaged), packed_gzip(&a, records[4]));
    const char *path = put(&a, "hole.warc.gz", file);
    seen s = run(&path, 1, (intake_options){0});
    assert_int_equal(s.captures, 2);
    assert_int_equal(s.bad, 1);
    assert_non_null(strstr(s.reports.data, "damaged"));
    forget(&s);
    str headless = STR("WARC/1.0\r\nWARC-Type: response\r\n\r\nrubbish\r\n\r\n");
    path = put(&a, "hole.warc", joined(&a, joined(&a, records[1], headless), records[4]));
    s = run(&path, 1, (intake_options){0});
    assert_int_equal(s.captures, 2);
    assert_non_null(strstr(s.reports.data, "no valid Content-Length"));
    forget(&s);
    arena_free(&a);
}

/* Through a pipe that gives a few bytes at a time, the same comes out. */
static void splitting_the_input_changes_nothing(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str records[RECORDS], each = STR("");
    make_records(&a, records);
    for (size_t i = 0; i < RECORDS; i++)
        each = joined(&a, each, packed_gzip(&a, records[i]));
    for (size_t round = 0; round < test_rounds(4); round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            test_random r = {round + 1};
            close(ends[0]);
            for (size_t at = 0; at < each.size;) {
                size_t part = 1 + random_below(&r, 40);
                part = part < each.size - at ? part : each.size - at;
                if (write(ends[1], each.data + at, part) < 0)
                    _exit(1);
                at += part;
                usleep(50);
            }
            _exit(0);
        }
        close(ends[1]);
        const char *path = arena_printf(&a, "/dev/fd/%d", ends[0]).data;
        seen s = run(&path, 1, (intake_options){0});
        assert_str_equal(buffer_str(&s.lines), str_of(expected_captures), "captures");
        forget(&s);
        close(ends[0]);
        int code;
        waitpid(child, &code, 0);
    }
    arena_free(&a);
}

static bool at_once(void *context) {
    (void)context;
    return true;
}

static void cancelling(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const char *path = put(&a, "a.txt", STR("text"));
    seen s = run(&path, 1, (intake_options){.cancelled = at_once});
    assert_int_equal(s.captures, 0);
    assert_int_equal(s.code, STATUS_CANCELLED);
    forget(&s);
    arena_free(&a);
}

/* ---- HTTP ---- */

static void heads_and_media_types(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    headers h =
        headers_read(STR("HTTP/1.1 200 OK\nContent-Type: text/html;\n  charset=utf-8\nX: y\n\nbody"), &a);
    assert_str_equal(
        str_slice(STR("HTTP/1.1 200 OK\nContent-Type: text/html;\n  charset=utf-8\nX: y\n\nbody"), h.size,
                  h.size + 4),
        STR("body"), "body");
    str type, charset;
    media_type_read(headers_value(&h, STR("content-type")), &a, &type, &charset);
    assert_str_equal(type, STR("text/html"), "type");
    assert_str_equal(charset, STR("utf-8"), "charset");
    assert_int_equal(http_status(h.first_line), 200);
    assert_int_equal(http_status(STR("HTTP/1.1")), 0);
    arena_free(&a);
}

/* A server on this machine, in a process of its own, that knows four addresses. */
static void serve(int listening) {
    for (;;) {
        int fd = accept(listening, NULL, NULL);
        if (fd < 0)
            _exit(0);
        char request[2048];
        ssize_t got = read(fd, request, sizeof request - 1);
        request[got > 0 ? got : 0] = 0;
        const char *answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        if (strstr(request, "GET /page "))
            answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-6\r\nTransfer-Encoding: "
                     "chunked\r\n"
                     "Connection: close\r\n\r\n4\r\n<p>h\r\n2\r\nix\r\n0\r\n\r\n";
        else if (strstr(request, "GET /moved "))
            answer =
                "HTTP/1.1 301 Moved\r\nLocation: /page\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        else if (strstr(request, "GET /elsewhere "))
            answer = "HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: "
                     "close\r\n\r\n";
        if (write(fd, answer, strlen(answer)) < 0)
            _exit(1);
        close(fd);
    }
}

static void web_addresses(void **state) {
    (void)state;
    void *curl = dlopen("libcurl.so.4", RTLD_NOW);
    assert_non_null(curl); /* the set-up installs it */
    dlclose(curl);
    setenv("no_proxy", "127.0.0.1", 1);
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listening, 8), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    pid_t child = fork();
    if (child == 0)
        serve(listening);
    close(listening);
    arena a = arena_new((allocator){0});
    const char *root = arena_printf(&a, "http://127.0.0.1:%d", ntohs(address.sin_port)).data;
    const char *moved = arena_printf(&a, "%s/moved", root).data;
    seen s = run(&moved, 1, (intake_options){0});
    assert_str_equal(buffer_str(&s.lines), arena_printf(&a, "html %s/page [iso-8859-6] <p>hix\n", root),
                     "redirected");
    forget(&s);
    assert_refused(arena_printf(&a, "%s/none", root).data, (intake_options){0}, STATUS_NO_INPUT,
                   "answered 404");
    assert_refused(arena_printf(&a, "%s/elsewhere", root).data, (intake_options){0}, STATUS_NO_INPUT,
                   "elsewhere");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_refused(arena_printf(&a, "%s/page", root).data, (intake_options){0}, STATUS_NO_INPUT, "127.0.0.1");
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(a_gzip_bomb_is_refused),
        cmocka_unit_test(kinds_are_told_by_content),
        cmocka_unit_test(a_large_page_is_kept_whole_and_read_to_the_limit),
        cmocka_unit_test(folders_in_name_order),
        cmocka_unit_test(json_lines),
        cmocka_unit_test(warc_plain_and_gzip),
        cmocka_unit_test(damaged_warc),
        cmocka_unit_test(records_behind_damage_are_read),
        cmocka_unit_test(splitting_the_input_changes_nothing),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(heads_and_media_types),
        cmocka_unit_test(web_addresses),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
