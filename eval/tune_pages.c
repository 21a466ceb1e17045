/* Takes the articles out of pages with other weights than those of data/page/weights.tsv, for
 * eval/train_pages.py.
 *
 * usage: tune-pages FILE…      HTML, perhaps gzipped
 *
 * Standard input sets weights, a "name value" on a line, and says "run": then there is for each file a line
 * with the number of bytes of its article's text (without the title), and the text. The choice is compiled in
 * here a second time, over weights that can be written. */
#include <stdio.h>
#include <stdlib.h>

#include "../bench/page_files.h"
#include "page/choose.h"
#include "page/page.h"

static page_weights tuned;
#define weights tuned
#include "page/choose.c"
#include "page/choose_blocks.c"
#include "page/choose_container.c"
#include "page/choose_edges.c"
#undef weights

typedef VECTOR(capture) captures;

static bool read_file(const char *path, arena *a, captures *out) {
    str all;
    if (!page_file_read(path, a, &all))
        return false;
    *VECTOR_PUSH(out, a) = (capture){.kind = CAPTURE_HTML, .file = str_of(path), .bytes = all, .body = all};
    return true;
}

static bool set_weight(const char *name, double value) {
    double *all = (double *)&tuned;
    for (size_t i = 0; weight_names[i]; i++)
        if (strcmp(weight_names[i], name) == 0) {
            all[i] = value;
            return true;
        }
    return false;
}

static void run(const captures *pages, arena *a) {
    for (size_t i = 0; i < pages->size; i++) {
        article p;
        arena_reset(a);
        page_article(&pages->at[i], NULL, a, &p, NULL);
        str text = str_slice(p.text, p.body_start, p.text.size);
        printf("%zu\n", text.size);
        fwrite(text.data ? text.data : "", 1, text.size, stdout);
    }
    fflush(stdout);
}

int main(int count, char **paths) {
    arena kept = arena_new((allocator){0}), a = arena_new((allocator){0});
    captures pages = {0};
    char line[256], name[128];
    double value;
    memcpy(&tuned, &weights, sizeof tuned);
    for (int i = 1; i < count; i++)
        if (!read_file(paths[i], &kept, &pages)) {
            fprintf(stderr, "tune-pages: %s: cannot be read\n", paths[i]);
            return 2;
        }
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "run\n") == 0) {
            run(&pages, &a);
        } else if (sscanf(line, "%127s %lf", name, &value) != 2 || !set_weight(name, value)) {
            fprintf(stderr, "tune-pages: expected the name of a weight and a number, or run: %s", line);
            return 64;
        }
    }
    arena_free(&a);
    arena_free(&kept);
    return 0;
}
