/* Writes an invented crawl (crawl.h) as WARC, gzipped record by record, as crawlers do: a request and a
 * response for each page.
 *
 *     make-crawl [--seed N] [--pages N | --megabytes N] FILE.warc.gz      (megabytes of HTML; "-": standard
 * output)
 */
#include "crawl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { LEVEL = 4, DEFAULT_PAGES = 300 };

typedef struct output {
    FILE *file;
    z_stream deflate;
    buffer packed, record;
} output;

static void die(const char *what) {
    fprintf(stderr, "make-crawl: %s\n", what);
    exit(1);
}

/* One gzip member. */
static void write_member(output *o) {
    deflateReset(&o->deflate);
    o->packed.size = 0;
    buffer_reserve(&o->packed, deflateBound(&o->deflate, (uLong)o->record.size) + 32);
    o->deflate.next_in = (Bytef *)o->record.data;
    o->deflate.avail_in = (uInt)o->record.size;
    o->deflate.next_out = (Bytef *)o->packed.data;
    o->deflate.avail_out = (uInt)o->packed.capacity;
    if (deflate(&o->deflate, Z_FINISH) != Z_STREAM_END)
        die("a record could not be packed");
    size_t size = o->packed.capacity - o->deflate.avail_out;
    if (fwrite(o->packed.data, 1, size, o->file) != size)
        die("the file could not be written");
}

static void write_record(output *o, const char *type, const crawl_page *p, uint64_t number, str head,
                         str body) {
    o->record.size = 0;
    buffer_printf(
        &o->record, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:%s-%012llx>\r\nWARC-Date: %s\r\n",
        type, *type == 'r' && type[2] == 'q' ? "00000000-0000-4000-8000" : "00000000-0000-4000-9000",
        (unsigned long long)number, p->time);
    if (*p->url)
        buffer_printf(&o->record, "WARC-Target-URI: %s\r\n", p->url);
    buffer_printf(&o->record, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                  strcmp(type, "warcinfo") == 0  ? "application/warc-fields"
                  : strcmp(type, "request") == 0 ? "application/http; msgtype=request"
                                                 : "application/http; msgtype=response",
                  head.size + body.size);
    buffer_add(&o->record, head);
    buffer_add(&o->record, body);
    buffer_add(&o->record, STR("\r\n\r\n"));
    write_member(o);
}

static void write_page(output *o, uint64_t number, const crawl_page *p, str html) {
    buffer head = {0};
    const char *host = strstr(p->url, "//") + 2, *path = strchr(host, '/');
    buffer_printf(&head, "GET %s HTTP/1.1\r\nHost: %.*s\r\nAccept: text/html\r\n\r\n", path,
                  (int)(path - host), host);
    write_record(o, "request", p, number, buffer_str(&head), STR(""));
    head.size = 0;
    buffer_printf(&head,
                  "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: "
                  "invented\r\nContent-Length: %zu\r\n\r\n",
                  html.size);
    write_record(o, "response", p, number, buffer_str(&head), html);
    buffer_free(&head);
}

int main(int count, char **words) {
    uint64_t seed = 1, pages = DEFAULT_PAGES, bytes = 0;
    const char *path = NULL;
    for (int i = 1; i < count; i++) {
        bool valued = i + 1 < count;
        if (strcmp(words[i], "--seed") == 0 && valued)
            seed = strtoull(words[++i], NULL, 10);
        else if (strcmp(words[i], "--pages") == 0 && valued)
            pages = strtoull(words[++i], NULL, 10);
        else if (strcmp(words[i], "--megabytes") == 0 && valued)
            bytes = strtoull(words[++i], NULL, 10) * 1000000, pages = UINT64_MAX;
        else
            path = words[i];
    }
    if (!path)
        die("usage: make-crawl [--seed N] [--pages N | --megabytes N] FILE.warc.gz");
    output o = {.file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb")};
    if (!o.file)
        die("the file could not be made");
    if (deflateInit2(&o.deflate, LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        die("no memory");
    crawl *c = crawl_new(seed);
    buffer html = {0};
    uint64_t written = 0, number = 0;
    write_record(&o, "warcinfo", &(crawl_page){.time = "2021-07-01T00:00:00Z"}, 0,
                 STR("software: isnad make-crawl\r\n"), STR(""));
    for (; number < pages && (!bytes || written < bytes); number++) {
        crawl_page page;
        html.size = 0;
        crawl_write(c, number, &page, &html);
        write_page(&o, number, &page, buffer_str(&html));
        written += html.size;
    }
    if (fflush(o.file) != 0 || (o.file != stdout && fclose(o.file) != 0))
        die("the file could not be written");
    fprintf(stderr, "%llu pages, %.1f MB of HTML\n", (unsigned long long)number, (double)written / 1e6);
    deflateEnd(&o.deflate);
    buffer_free(&o.packed);
    buffer_free(&o.record);
    buffer_free(&html);
    crawl_free(c);
    return 0;
}
