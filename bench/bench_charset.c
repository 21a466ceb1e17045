/* What telling and reading the encoding of pages costs, beside the budget of 270 MB/s from HTML to article.
 *
 * usage: bench-charset FILE... (HTML; without files, an invented page of 170 KB in each of four encodings)
 * Times are of the processor, the best of ROUNDS; other work on the machine does not count. */
#include "base/buffer.h"
#include "base/utf8.h"
#include "page/charset.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unicode/ucnv.h>

enum { ROUNDS = 15, PAGE = 170 * 1000 };
static const double budget = 270;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static volatile size_t sink;

static void decode_all(str page) {
    arena a = arena_new((allocator){0});
    sink += charset_decode(page, STR_NONE, true, &a).text.size;
    arena_free(&a);
}

static void validate(str page) {
    sink += utf8_valid(page);
}

static void validate_plain(str page) {
    sink += utf8_valid_plain(page);
}

static double best_of(str page, void (*work)(str page)) {
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < 10; i++)
            work(page);
        double took = (now() - start) / 10;
        best = took < best ? took : best;
    }
    return best;
}

static void print_row(const char *name, str page) {
    arena a = arena_new((allocator){0});
    str charset = charset_decode(page, STR_NONE, true, &a).charset;
    double size = (double)page.size / 1e6, decode = best_of(page, decode_all);
    printf("%-28.28s %-14.*s %9zu %12.1f %11.1f %% %12.0f %12.0f\n", name, STR_ARG(charset), page.size,
           decode * 1e6, 100 * decode * budget / size, size / best_of(page, validate),
           size / best_of(page, validate_plain));
    arena_free(&a);
}

static void invent(const char *name, const char *sentence, const char *converter) {
    buffer page = {0};
    buffer_add(&page, STR("<!DOCTYPE html><html><head><title>x</title></head><body>"));
    while (page.size < PAGE)
        buffer_printf(
            &page,
            "<div class=\"item\" data-number=\"%zu\"><a href=\"/news/item-%zu.html\"><p>%s</p></a></div>\n",
            page.size, page.size, sentence);
    UErrorCode error = U_ZERO_ERROR;
    char *bytes = malloc(page.size * 2);
    int32_t size = ucnv_convert(converter, "utf-8", bytes, (int32_t)(page.size * 2), page.data,
                                (int32_t)page.size, &error);
    print_row(name, (str){bytes, (size_t)size});
    free(bytes);
    buffer_free(&page);
}

static void read_file(const char *path) {
    FILE *f = fopen(path, "rb");
    buffer b = {0};
    char chunk[65536];
    size_t size;
    while (f && (size = fread(chunk, 1, sizeof chunk, f)) > 0)
        buffer_add(&b, (str){chunk, size});
    if (f)
        fclose(f);
    print_row(path, buffer_str(&b));
    buffer_free(&b);
}

int main(int count, char **arguments) {
    static const char arabic[] =
        "قال مصدر محلي في بلدة مختلقة إن حادثا مختلقا وقع قرب السوق مساء الثلاثاء «دون إصابات».";
    static const char english[] =
        "A local source in an invented town said that an invented accident had happened near a market.";
    printf("%-28s %-14s %9s %12s %13s %12s %12s\n", "page", "encoding", "bytes", "decode, us",
           "of the budget", "valid, MB/s", "plain, MB/s");
    for (int i = 1; i < count; i++)
        read_file(arguments[i]);
    if (count > 1)
        return 0;
    invent("invented, Arabic", arabic, "utf-8");
    invent("invented, English", english, "utf-8");
    invent("invented, Arabic", arabic, "windows-1256");
    invent("invented, Arabic", arabic, "utf-16le");
    return 0;
}
