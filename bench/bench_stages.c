/* MB a second of the page and the reading stage on invented text, each beside a named peer on the same bytes
 * in the same run: libxml2's HTML parser (SAX, events thrown away) and ICU's word break. Then pages of every
 * shape up to the limit of one page: where work is linear, a larger page goes no slower. */
#include "synthetic.h"

#include "reading/reading.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

enum { RUNS = 5 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What is measured works on the text and returns something, so that it is not optimised away. */
typedef size_t (*subject)(str text, bool html);

static size_t run_page(str text, bool html) {
    arena a = arena_new((allocator){0});
    capture c = {.kind = html ? CAPTURE_HTML : CAPTURE_TEXT,
                 .file = STR("synthetic"),
                 .bytes = text,
                 .body = text,
                 .media_type = html ? STR("text/html") : STR("text/plain")};
    article page;
    size_t size =
        page_article(&c, &(page_options){.published = STR("2021-01-14")}, &a, &page, NULL) == STATUS_OK
            ? page.text.size
            : 0;
    arena_free(&a);
    return size;
}

static size_t run_reading(str text, bool html) {
    (void)html;
    arena a = arena_new((allocator){0});
    article page = {.text = text,
                    .language = (unsigned char)text.data[0] < 0x80 ? STR("en") : STR("ar"),
                    .supported = true,
                    .published = STR("2021-01-14"),
                    .published_from = STR("given")};
    for (size_t at = 0; at < text.size;) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.size : end;
        *VECTOR_PUSH(&page.paragraphs, &a) =
            (paragraph){.text = str_slice(text, at, end), .language = page.language};
        at = end + 1;
    }
    reading r;
    reading_make(&page, gazetteer_builtin(), &(reading_options){0}, &a, &r);
    size_t size = r.claims.size;
    arena_free(&a);
    return size;
}

static void ignore_start(void *context, const xmlChar *name, const xmlChar **attributes) {
    (void)name;
    (void)attributes;
    ++*(size_t *)context;
}

static size_t run_libxml2(str text, bool html) {
    (void)html;
    size_t elements = 0;
    xmlSAXHandler handler = {.startElement = ignore_start};
    htmlParserCtxtPtr parser =
        htmlCreatePushParserCtxt(&handler, &elements, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    htmlParseChunk(parser, text.data, (int)text.size, 1);
    htmlFreeParserCtxt(parser);
    return elements;
}

static size_t run_word_break(str text, bool html) {
    (void)html;
    UErrorCode error = U_ZERO_ERROR;
    UChar *units = malloc((text.size + 1) * sizeof *units);
    int32_t size = 0;
    u_strFromUTF8(units, (int32_t)text.size + 1, &size, text.data, (int32_t)text.size, &error);
    UBreakIterator *words = ubrk_open(UBRK_WORD, "ar", units, size, &error);
    size_t count = 0;
    while (U_SUCCESS(error) && ubrk_next(words) != UBRK_DONE)
        count++;
    ubrk_close(words);
    free(units);
    return count;
}

static int by_time(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median MB a second. */
static double measure(subject run, str text, bool html) {
    double seconds[RUNS];
    volatile size_t kept = 0;
    for (int i = 0; i < RUNS; i++) {
        double start = now();
        kept += run(text, html);
        seconds[i] = now() - start;
    }
    (void)kept;
    qsort(seconds, RUNS, sizeof *seconds, by_time);
    return (double)text.size / 1e6 / seconds[RUNS / 2];
}

static double run_once(const shape *s, size_t bytes) {
    buffer text = {0};
    s->write(&text, bytes);
    double start = now();
    size_t size = text.size;
    volatile size_t kept = run_page(buffer_str(&text), true);
    (void)kept;
    double rate = (double)size / 1e6 / (now() - start);
    buffer_free(&text);
    return rate;
}

static void print_growth(void) {
    static const size_t sizes[] = {1 << 20, 8 << 20, 64 << 20};
    printf("\nMB a second of the page stage on hostile pages of 1, 8 and 64 MiB\n");
    for (size_t i = 0; i < shape_count; i++) {
        if (!shapes[i].html)
            continue;
        printf("%-24s", shapes[i].name);
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            printf(" %8.1f", run_once(&shapes[i], sizes[k]));
        printf("\n");
    }
}

int main(int argc, char **argv) {
    static const struct {
        const char *stage, *shape, *peer;
        subject ours, theirs;
    } rows[] = {
        {"page", "page of news", "libxml2's HTML SAX", run_page, run_libxml2},
        {"page", "links", "libxml2's HTML SAX", run_page, run_libxml2},
        {"page", "tags alone", "libxml2's HTML SAX", run_page, run_libxml2},
        {"reading", "arabic news", "ICU's word break", run_reading, run_word_break},
        {"reading", "english news", "ICU's word break", run_reading, run_word_break},
    };
    size_t bytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 4000000;
    printf("MB a second on %zu bytes of invented text, one core, median of %d runs\n", bytes, RUNS);
    printf("%-10s %-16s %8s %8s %7s   %s\n", "stage", "text", "isnad", "peer", "ratio", "peer");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const shape *s = shape_find(rows[i].shape);
        buffer text = {0};
        s->write(&text, bytes);
        double ours = measure(rows[i].ours, buffer_str(&text), s->html);
        double theirs = measure(rows[i].theirs, buffer_str(&text), s->html);
        printf("%-10s %-16s %8.1f %8.1f %7.2f   %s\n", rows[i].stage, rows[i].shape, ours, theirs,
               ours / theirs, rows[i].peer);
        buffer_free(&text);
    }
    print_growth();
    return 0;
}
