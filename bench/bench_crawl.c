/* Two times that bench/crawls.py needs from inside one process, each of the processor, the least of some
 * runs:
 *
 *     bench-crawl articles FILE|FOLDER…     pages (gzipped or not) to articles, all in memory beforehand
 *     bench-crawl inflate FILE.warc.gz      the file inflated by libdeflate, member by member: what a crawl
 * cannot cost less than
 *
 * Prints bytes, seconds, and a sum by which two runs are seen to have done the same. */
#include "base/buffer.h"
#include "measure.h"
#include "page/page.h"
#include "page_files.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { RUNS = 5 };

static void die(const char *what, const char *which) {
    fprintf(stderr, "bench-crawl: %s%s%s\n", which ? which : "", which ? ": " : "", what);
    exit(2);
}

static size_t article_bytes(str html, arena *a) {
    article page;
    capture c = {.kind = CAPTURE_HTML,
                 .file = STR("page"),
                 .bytes = html,
                 .body = html,
                 .media_type = STR("text/html")};
    size_t size = page_article(&c, NULL, a, &page, NULL) == STATUS_OK ? page.text.size : 0;
    arena_reset(a);
    return size;
}

static void articles(int count, char **paths) {
    arena all = arena_new((allocator){0}), a = arena_new((allocator){0});
    page_files list = {0};
    const char *unread;
    size_t bytes = 0, text = 0;
    double least = 0;
    for (int i = 0; i < count; i++)
        if ((unread = page_files_read(paths[i], &all, &list)))
            die("cannot be read", unread);
    for (int run = 0; run < RUNS; run++) {
        moment begun = now();
        bytes = text = 0;
        for (size_t i = 0; i < list.size; i++) {
            bytes += list.at[i].size;
            text += article_bytes(list.at[i], &a);
        }
        double took = since(begun).processor;
        least = run == 0 || took < least ? took : least;
    }
    printf("%zu %.6f %zu\n", bytes, least, text);
    arena_free(&all);
    arena_free(&a);
}

typedef int gunzip(void *d, const void *in, size_t in_size, void *out, size_t room, size_t *taken,
                   size_t *made);

static size_t inflate_all(gunzip *one, void *d, const char *data, size_t size, buffer *out) {
    size_t at = 0, bytes = 0, taken, made;
    while (at < size) {
        int code = one(d, data + at, size - at, out->data, out->capacity, &taken, &made);
        if (code == 3) { /* no room */
            buffer_reserve(out, out->capacity * 2);
            continue;
        }
        if (code)
            die("is no gzip file", NULL);
        at += taken;
        bytes += made;
    }
    return bytes;
}

static void inflate_file(const char *path) {
    void *library = dlopen("libdeflate.so.0", RTLD_NOW | RTLD_LOCAL);
    void *(*begin)(void) = NULL;
    gunzip *one = NULL;
    if (!library)
        die("libdeflate.so.0 is not here", NULL);
    *(void **)&begin = dlsym(library, "libdeflate_alloc_decompressor");
    *(void **)&one = dlsym(library, "libdeflate_gzip_decompress_ex");
    FILE *file = fopen(path, "rb");
    struct stat about;
    if (!begin || !one || !file || fstat(fileno(file), &about) != 0)
        die("cannot be read", path);
    char *data = malloc((size_t)about.st_size + 1);
    buffer out = {0};
    buffer_reserve(&out, 1 << 20);
    if (!data || fread(data, 1, (size_t)about.st_size, file) != (size_t)about.st_size)
        die("cannot be read", path);
    size_t bytes = 0;
    double least = 0;
    for (int run = 0; run < RUNS; run++) {
        moment begun = now();
        bytes = inflate_all(one, begin(), data, (size_t)about.st_size, &out);
        double took = since(begun).processor;
        least = run == 0 || took < least ? took : least;
    }
    printf("%zu %.6f %zu\n", bytes, least, bytes);
    buffer_free(&out);
    free(data);
    fclose(file);
}

int main(int count, char **words) {
    if (count > 2 && strcmp(words[1], "articles") == 0)
        articles(count - 2, words + 2);
    else if (count == 3 && strcmp(words[1], "inflate") == 0)
        inflate_file(words[2]);
    else
        die("usage: bench-crawl articles FILE|FOLDER… | bench-crawl inflate FILE.warc.gz", NULL);
    return 0;
}
