/* Near-duplicate articles across the whole ledger: those that share one of their smallest shingles are
 * compared by sketch. Each is a copy of the earliest text that it resembles (by publication, then by the
 * document's id). */
#include <stdlib.h>

#include "ledger/copies.h"
#include "ledger/link.h"

enum { KEYS = 8, LONGEST_RUN = 64 };

typedef struct shared {
    uint64_t hash, order;
    day published;
    uint32_t document;
} shared;

static day published(const linked_document *d) {
    return d->published == DAY_NONE ? INT32_MAX : d->published;
}

static const linked_document *earlier_of(const linked_document *a, const linked_document *b) {
    day x = published(a), y = published(b);
    if (x != y)
        return x < y ? a : b;
    return a->order < b->order ? a : b;
}

static int by_hash(const void *x, const void *y) {
    const shared *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    /* The first are compared with most: which these are must not hang on what came in first. */
    if (a->published != b->published)
        return a->published < b->published ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return (a->document > b->document) - (a->document < b->document);
}

static str sketch_at(const unit_list *list, uint32_t i) {
    const linked_document *d = &list->documents.at[i];
    return (str){list->sketches.at ? list->sketches.at + d->sketch_offset : "", d->sketch_size};
}

static void compare(const unit_list *list, uint32_t *copy_of, uint32_t a, uint32_t b) {
    const linked_document *x = &list->documents.at[a], *y = &list->documents.at[b];
    if (x->key == y->key || (x->registry && x->registry == y->registry) ||
        !sketches_alike(sketch_at(list, a), sketch_at(list, b)))
        return;
    uint32_t first = earlier_of(x, y) == x ? a : b, later = first == a ? b : a;
    if (copy_of[later] == UINT32_MAX ||
        earlier_of(&list->documents.at[first], &list->documents.at[copy_of[later]]) ==
            &list->documents.at[first])
        copy_of[later] = first;
}

status copies_mark(ledger *l, const unit_list *list, uint64_t *copies, failure *f) {
    arena a = arena_new((allocator){0});
    VECTOR(shared) all = {0};
    uint32_t n = (uint32_t)list->documents.size;
    uint32_t *copy_of = ARENA_NEW(&a, uint32_t, n + 1);
    memset(copy_of, 0xFF, sizeof *copy_of * (n + 1));
    VECTOR_RESERVE(&all, &a, (size_t)n * KEYS);
    for (uint32_t i = 0; i < n; i++) {
        str sketch = sketch_at(list, i);
        for (size_t k = 0; k < KEYS && (k + 1) * sizeof(uint64_t) <= sketch.size; k++) {
            shared s = {0, list->documents.at[i].order, published(&list->documents.at[i]), i};
            memcpy(&s.hash, sketch.data + k * sizeof s.hash, sizeof s.hash);
            *VECTOR_PUSH(&all, &a) = s;
        }
    }
    if (all.size)
        qsort(all.at, all.size, sizeof *all.at, by_hash);
    for (size_t i = 0; i < all.size; i++)
        for (size_t j = i + 1; j < all.size && j - i < LONGEST_RUN && all.at[j].hash == all.at[i].hash; j++)
            compare(list, copy_of, all.at[i].document, all.at[j].document);
    status code = STATUS_OK;
    for (uint32_t i = 0; i < n && code == STATUS_OK; i++) {
        statement s = statement_of(
            l, "UPDATE version SET copy_of = ?2 WHERE key = ?1 AND coalesce(copy_of, 0) <> coalesce(?2, 0)",
            f);
        give_number(&s, list->documents.at[i].version);
        copy_of[i] == UINT32_MAX ? give_null(&s) : give_number(&s, list->documents.at[copy_of[i]].version);
        code = statement_run(&s);
        *copies += copy_of[i] != UINT32_MAX;
    }
    arena_free(&a);
    return code;
}
