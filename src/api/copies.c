/* What pages have of each other: what a site's pages share, two pages sentence by sentence, groups of
 * near-copies. */
#include <jansson.h>
#include <stdlib.h>

#include "api/api.h"
#include "ledger/copies.h"
#include "page/profile.h"
#include "text/compare.h"

/* ---- lessons ---- */

struct isn_lesson {
    lesson *inside;
};

isn_code isn_lesson_new(const isn_engine *engine, isn_lesson **out, isn_error **error) {
    isn_lesson *made = malloc(sizeof *made);
    (void)engine;
    if (!made)
        return api_complain(error, STATUS_INTERNAL, "no memory for a lesson");
    made->inside = lesson_new();
    *out = made;
    return ISN_OK;
}

void isn_lesson_add(isn_lesson *l, const isn_page *page) {
    lesson_add(l->inside, &page->article);
}

char *isn_lesson_profile(const isn_lesson *l, size_t *size, char **json) {
    arena a = arena_new((allocator){0});
    str text = lesson_profile(l->inside, &a);
    char *out = api_text(text);
    if (size)
        *size = text.size;
    if (json)
        api_give(json_pack("{s:I, s:I}", "pages", (json_int_t)lesson_pages(l->inside), "nameless",
                           (json_int_t)lesson_nameless(l->inside)),
                 json);
    arena_free(&a);
    return out;
}

void isn_lesson_free(isn_lesson *l) {
    if (!l)
        return;
    lesson_free(l->inside);
    free(l);
}

/* ---- two pages ---- */

static json_t *page_told(const isn_page *p) {
    const article *a = &p->article;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "file", api_string(a->file), "url", api_string(a->url),
                     "outlet", api_string(a->outlet), "published", api_string(a->published), "title",
                     api_string(a->title), "sha256", api_string(a->sha256));
}

char *isn_pages_compare(const isn_page *before, const isn_page *after) {
    arena a = arena_new((allocator){0});
    comparison found;
    char *out;
    text_compare(before->article.text, after->article.text, &a, &found);
    json_t *o = json_pack("{s:s, s:o, s:o}", "format", "isnad-compare/1", "before", page_told(before),
                          "after", page_told(after)),
           *told = comparison_told(&found);
    json_object_update(o, told);
    json_decref(told);
    char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(3));
    out = api_text(str_of(text ? text : "{}"));
    free(text);
    json_decref(o);
    arena_free(&a);
    return out;
}

/* ---- groups ---- */

/* Pages that share one of their smallest shingles are compared by their sketches, each with the one before it
 * and with the first in the order of their texts; those that are alike are of one group, and so are those
 * that are alike to one of it. */

typedef struct seen {
    str sketch, text_hash; /* by which pages stand in an order that is not that of the input */
    str file, url, outlet, published, title;
    size_t group;
} seen;

struct isn_copies {
    arena memory;
    VECTOR(seen) pages;
};

isn_code isn_copies_new(const isn_engine *engine, isn_copies **out, isn_error **error) {
    isn_copies *made = calloc(1, sizeof *made);
    if (!made)
        return api_complain(error, STATUS_INTERNAL, "no memory for copies");
    made->memory = arena_new(engine->hooks);
    *out = made;
    return ISN_OK;
}

void isn_copies_free(isn_copies *c) {
    if (!c)
        return;
    arena_free(&c->memory);
    free(c);
}

static str keep(isn_copies *c, str s) {
    return s.size ? arena_copy(&c->memory, s) : STR_NONE;
}

void isn_copies_add(isn_copies *c, const isn_page *page) {
    const article *p = &page->article;
    arena a = arena_new((allocator){0});
    str body = str_slice(p->text, p->body_start, p->text.size);
    *VECTOR_PUSH(&c->pages, &c->memory) = (seen){
        .sketch = keep(c, sketch_of(&a, body)),
        .text_hash = keep(c, p->sha256),
        .file = keep(c, p->file),
        .url = keep(c, p->url),
        .outlet = keep(c, p->outlet),
        .published = keep(c, p->published),
        .title = keep(c, p->title),
    };
    arena_free(&a);
}

/* By publication, those without it last; then by content and name. */
static int by_time(const void *x, const void *y) {
    const seen *a = x, *b = y;
    if (!a->published.size != !b->published.size)
        return a->published.size ? -1 : 1;
    int order = str_compare(a->published, b->published);
    order = order ? order : str_compare(a->text_hash, b->text_hash);
    order = order ? order : str_compare(a->url, b->url);
    return order ? order : str_compare(a->file, b->file);
}

typedef struct shingle {
    uint64_t hash;
    size_t page;
} shingle;

static int by_shingle(const void *x, const void *y) {
    const shingle *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->page > b->page) - (a->page < b->page);
}

static size_t group_of(seen *pages, size_t i) {
    while (pages[i].group != i)
        i = pages[i].group = pages[pages[i].group].group;
    return i;
}

static void join_if_alike(seen *pages, size_t i, size_t j) {
    size_t a = group_of(pages, i), b = group_of(pages, j);
    if (a != b && sketches_alike(pages[i].sketch, pages[j].sketch))
        pages[a < b ? b : a].group = a < b ? a : b; /* a group is named by its earliest page */
}

static void join_all(seen *pages, size_t count, arena *a) {
    VECTOR(shingle) all = {0};
    for (size_t i = 0; i < count; i++) {
        pages[i].group = i;
        for (size_t k = 0; k + sizeof(uint64_t) <= pages[i].sketch.size; k += sizeof(uint64_t)) {
            shingle *s = VECTOR_PUSH(&all, a);
            memcpy(&s->hash, pages[i].sketch.data + k, sizeof s->hash);
            s->page = i;
        }
    }
    if (all.size)
        qsort(all.at, all.size, sizeof *all.at, by_shingle);
    for (size_t i = 1, first = 0; i < all.size; i++) {
        first = all.at[i].hash == all.at[first].hash ? first : i;
        if (first != i) {
            join_if_alike(pages, all.at[first].page, all.at[i].page);
            join_if_alike(pages, all.at[i - 1].page, all.at[i].page);
        }
    }
}

static json_t *copy_told(const seen *s, const seen *first) {
    double alike = s == first ? 1 : sketch_resemblance(first->sketch, s->sketch);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:f}", "file", api_string(s->file), "url", api_string(s->url),
                     "outlet", api_string(s->outlet), "published", api_string(s->published), "title",
                     api_string(s->title), "likeness", alike);
}

/* The pages of a group in their order: `members` is sorted by group. */
static bool give_group(const seen *pages, const size_t *members, size_t count, isn_row row, void *context) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, copy_told(&pages[members[i]], &pages[members[0]]));
    json_t *o = json_pack("{s:s, s:o}", "format", "isnad-copies/1", "pages", list);
    char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(3));
    bool more = row(context, text ? text : "{}", text ? strlen(text) : 2);
    free(text);
    json_decref(o);
    return more;
}

isn_code isn_copies_each(const isn_copies *c, isn_row row, void *context, isn_error **error) {
    arena a = arena_new((allocator){0});
    size_t count = c->pages.size;
    seen *pages = ARENA_NEW(&a, seen, count + 1);
    shingle *members = ARENA_NEW(&a, shingle, count + 1); /* group, page */
    size_t *group = ARENA_NEW(&a, size_t, count + 1);
    (void)error;
    if (count) {
        memcpy(pages, c->pages.at, count * sizeof *pages);
        qsort(pages, count, sizeof *pages, by_time);
        join_all(pages, count, &a);
    }
    for (size_t i = 0; i < count; i++)
        members[i] = (shingle){group_of(pages, i), i};
    qsort(members, count, sizeof *members, by_shingle);
    bool more = true;
    for (size_t i = 0, end; i < count && more; i = end) {
        for (end = i; end < count && members[end].hash == members[i].hash; end++)
            group[end - i] = members[end].page;
        if (end - i > 1)
            more = give_group(pages, group, end - i, row, context);
    }
    arena_free(&a);
    return ISN_OK;
}
