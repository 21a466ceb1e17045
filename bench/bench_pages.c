/* MB a second of the page stage on real pages, on one core: their bytes are read into memory first, gzipped
 * files inflated; then the median of so many runs over all of them.
 *
 *     bench-pages FOLDER|FILE… [RUNS]
 *
 * Rows: the tokens alone, tokens to outline, the whole of page_article. The last row's sum of bytes of text
 * says that two builds did the same work. On a machine with others on it `perf stat -e instructions:u` around
 * it says more than the clock: ONLY=tokens, outline or article runs one row. */
#include "base/arena.h"
#include "page/charset.h"
#include "page/html.h"
#include "page/outline.h"
#include "page/page.h"
#include "page_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add_pages(const char *path, arena *a, page_files *out) {
    const char *unread = page_files_read(path, a, out);
    if (unread) {
        fprintf(stderr, "bench-pages: %s: cannot be read\n", unread);
        exit(2);
    }
}

static size_t run_tokens(str page, arena *a) {
    size_t text = 0;
    (void)a;
    html_reader r = html_open(page);
    html_token t;
    while (html_next(&r, &t))
        text += t.kind == HTML_TEXT ? t.text.size : 0;
    return text;
}

static size_t run_outline(str page, arena *a) {
    outline o;
    outline_read(page, a, &o);
    size_t text = 0;
    for (size_t i = 0; i < o.blocks.size; i++)
        text += o.blocks.at[i].text.size;
    return text;
}

static size_t run_article(str page, arena *a) {
    capture c = {.kind = CAPTURE_HTML,
                 .file = STR("bench"),
                 .bytes = page,
                 .body = page,
                 .media_type = STR("text/html")};
    article p;
    return page_article(&c, NULL, a, &p, NULL) == STATUS_OK ? p.text.size : 0;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *name, size_t (*run)(str, arena *), const page_files *of, unsigned runs) {
    double seconds[100];
    size_t text = 0, bytes = 0;
    arena a = arena_new((allocator){0});
    for (unsigned i = 0; i < runs; i++) {
        text = bytes = 0;
        double start = now();
        for (size_t k = 0; k < of->size; k++) {
            text += run(of->at[k], &a);
            bytes += of->at[k].size;
            arena_reset(&a);
        }
        seconds[i] = now() - start;
    }
    arena_free(&a);
    qsort(seconds, runs, sizeof *seconds, by_size);
    printf("%-14s %8.1f MB/s (best %.1f)   %zu pages, %.1f MB, text %zu\n", name,
           (double)bytes / 1e6 / seconds[runs / 2], (double)bytes / 1e6 / seconds[0], of->size,
           (double)bytes / 1e6, text);
}

int main(int argc, char **argv) {
    enum { RUNS = 9, MOST_RUNS = 99 };
    unsigned runs = RUNS;
    const char *only = getenv("ONLY");
    arena a = arena_new((allocator){0});
    page_files raw = {0}, decoded = {0};
    for (int i = 1; i < argc; i++) {
        char *end;
        unsigned long n = strtoul(argv[i], &end, 10);
        if (*end == 0 && n > 0 && n <= MOST_RUNS)
            runs = (unsigned)n;
        else
            add_pages(argv[i], &a, &raw);
    }
    if (raw.size == 0) {
        fprintf(stderr, "usage: bench-pages FOLDER|FILE... [RUNS]\n");
        return 2;
    }
    for (size_t i = 0; i < raw.size; i++)
        *VECTOR_PUSH(&decoded, &a) = charset_decode(raw.at[i], STR_NONE, true, &a).text;
    static const struct {
        const char *name;
        size_t (*run)(str, arena *);
        bool decoded;
    } rows[] = {
        {"tokens", run_tokens, true}, {"outline", run_outline, true}, {"article", run_article, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!only || strcmp(only, rows[i].name) == 0)
            measure(rows[i].name, rows[i].run, rows[i].decoded ? &decoded : &raw, runs);
    arena_free(&a);
    return 0;
}
