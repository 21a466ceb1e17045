/* MB a second of the reading over varied news text, beside ICU's word break over the same documents in the
 * same run, and how long one document takes. The text: the documents of the JSON lines files that are named,
 * or invented ones under a seed where none is. Only the reading is timed: from the article's text to its
 * claims. */
#include "synthetic.h"

#include "reading/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

enum { RUNS = 5, INVENTED_BYTES = 24000000, INVENTED_DOCUMENT = 3300 };

typedef VECTOR(article) articles;
typedef VECTOR(double) times;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add_document(capture c, arena *a, articles *out) {
    article page;
    if (page_article(&c, &(page_options){.published = STR("2021-01-14")}, a, &page, NULL) == STATUS_OK &&
        page.supported)
        *VECTOR_PUSH(out, a) = page;
}

static void load(char **paths, int count, arena *a, articles *out) {
    for (int i = 0; i < count; i++) {
        str path = str_of(paths[i]);
        intake *in = intake_open(&path, 1, &(intake_options){.format = STR("jsonl"), .offline = true});
        for (capture c; intake_next(in, a, &c);)
            add_document(c, a, out);
        intake_close(in);
    }
}

static void invent(arena *a, articles *out) {
    buffer text = {0};
    shape_find("varied arabic")->write(&text, INVENTED_BYTES);
    str all = arena_copy(a, buffer_str(&text));
    buffer_free(&text);
    for (size_t at = 0; at < all.size;) {
        size_t end =
            at + INVENTED_DOCUMENT < all.size ? str_find(all, STR("\n"), at + INVENTED_DOCUMENT) : all.size;
        end = end == SIZE_MAX ? all.size : end;
        str body = str_slice(all, at, end);
        add_document((capture){.kind = CAPTURE_TEXT,
                               .file = STR("invented"),
                               .bytes = body,
                               .body = body,
                               .media_type = STR("text/plain")},
                     a, out);
        at = end + 1;
    }
}

/* The least time of each document so far is kept: what else runs on the machine is not told. */
static void keep_least(double *took, double seconds) {
    *took = *took && *took < seconds ? *took : seconds;
}

static void read_all(const articles *pages, reading_memory *memory, double *took, arena *a) {
    for (size_t i = 0; i < pages->size; i++) {
        reading r;
        double start = now();
        reading_make(&pages->at[i], gazetteer_builtin(), &(reading_options){.memory = memory}, a, &r);
        arena_reset(a);
        keep_least(&took[i], now() - start);
    }
}

static void break_all(const articles *pages, double *took) {
    UErrorCode error = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "ar", NULL, 0, &error);
    UText *text = NULL;
    for (size_t i = 0; i < pages->size && U_SUCCESS(error); i++) {
        double start = now();
        text = utext_openUTF8(text, pages->at[i].text.data, (int64_t)pages->at[i].text.size, &error);
        ubrk_setUText(words, text, &error);
        while (ubrk_next(words) != UBRK_DONE)
            ;
        keep_least(&took[i], now() - start);
    }
    utext_close(text);
    ubrk_close(words);
}

static double sum(const double *of, size_t count) {
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += of[i];
    return total;
}

static int by_time(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    arena a = arena_new((allocator){0}), work = arena_new((allocator){0});
    articles pages = {0};
    if (argc > 1)
        load(argv + 1, argc - 1, &a, &pages);
    else
        invent(&a, &pages);
    size_t bytes = 0, n = pages.size;
    for (size_t i = 0; i < n; i++)
        bytes += pages.at[i].text.size;
    if (n == 0)
        return 1;
    double *took = ARENA_NEW(&a, double, n), *theirs = ARENA_NEW(&a, double, n);
    reading_memory *memory = reading_memory_new((allocator){0});
    for (int run = 0; run < RUNS; run++) {
        read_all(&pages, memory, took, &work);
        break_all(&pages, theirs);
    }
    qsort(took, n, sizeof *took, by_time);
    double mb = (double)bytes / 1e6;
    printf("Reading of %zu %s documents, %.1f MB of text, one core, each at its best of %d runs\n", n,
           argc > 1 ? "given" : "invented", mb, RUNS);
    printf("  isnad's reading %7.1f MB a second\n  ICU's word break %6.1f MB a second\n", mb / sum(took, n),
           mb / sum(theirs, n));
    printf("  one document: median %.2f ms, 99th percentile %.2f ms, longest %.2f ms\n", took[n / 2] * 1e3,
           took[n * 99 / 100] * 1e3, took[n - 1] * 1e3);
    reading_memory_free(memory);
    arena_free(&work);
    arena_free(&a);
    return 0;
}
