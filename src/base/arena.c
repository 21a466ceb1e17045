#include "base/arena.h"

#include "base/counters.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 64 * 1024, LARGEST_BLOCK = 16 * 1024 * 1024, ALIGNMENT = 16 };

struct arena_block {
    arena_block *before;
    size_t size; /* of what follows */
};
#define HEADER ((sizeof(arena_block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1))

static _Noreturn void out_of_memory(size_t size) {
    fprintf(stderr, "isnad: out of memory (%zu bytes asked for)\n", size);
    abort();
}

static void *system_allocate(allocator h, size_t size) {
    void *p = h.allocate ? h.allocate(h.context, size) : malloc(size);
    if (!p)
        out_of_memory(size);
    return p;
}

static void system_release(allocator h, void *p) {
    if (h.release)
        h.release(h.context, p);
    else
        free(p);
}

arena arena_new(allocator hooks) {
    return (arena){.hooks = hooks};
}

void arena_free(arena *a) {
    for (arena_block *b = a->last, *before; b; b = before) {
        before = b->before;
        system_release(a->hooks, b);
    }
    *a = arena_new(a->hooks);
}

void arena_reset(arena *a) {
    if (!a->last)
        return;
    /* Blocks only grow, so the last is the largest, but for oversized ones: those are given back. */
    arena_block *keep = a->last;
    for (arena_block *b = keep->before, *before; b; b = before) {
        before = b->before;
        system_release(a->hooks, b);
    }
    keep->before = NULL;
    if (keep->size > LARGEST_BLOCK) {
        system_release(a->hooks, keep);
        *a = arena_new(a->hooks);
        return;
    }
    a->at = (char *)keep + HEADER;
    a->end = a->at + keep->size;
    a->total = keep->size;
}

static void add_block(arena *a, size_t needed) {
    size_t size = a->last ? a->last->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < needed)
        size = needed;
    arena_block *b = system_allocate(a->hooks, HEADER + size);
    b->before = a->last;
    b->size = size;
    a->last = b;
    a->at = (char *)b + HEADER;
    a->end = a->at + size;
    a->total += size;
}

void *arena_take(arena *a, size_t size) {
    if (size > SIZE_MAX / 2)
        out_of_memory(size); /* a size that wrapped */
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!a->at || (size_t)(a->end - a->at) < size)
        add_block(a, size ? size : ALIGNMENT);
    void *p = a->at;
    a->at += size;
    return p;
}

void *arena_alloc(arena *a, size_t size) {
    return memset(arena_take(a, size), 0, size);
}

void *arena_reserve(arena *a, void *old, size_t size, size_t *capacity, size_t count, size_t item) {
    if (item && count > SIZE_MAX / 2 / item)
        count = SIZE_MAX / 2 / item; /* fails in arena_take with the usual line */
    void *p = arena_take(a, count * item);
    COUNT(bytes_copied, size * item);
    if (size)
        memcpy(p, old, size * item);
    *capacity = count;
    return p;
}

void *arena_grow(arena *a, void *old, size_t size, size_t *capacity, size_t item) {
    return arena_reserve(a, old, size, capacity, *capacity ? *capacity * 2 : 8, item);
}

char *arena_cstring(arena *a, str s) {
    char *p = arena_take(a, s.size + 1);
    COUNT(bytes_copied, s.size);
    if (s.size)
        memcpy(p, s.data, s.size);
    p[s.size] = 0;
    return p;
}

str arena_copy(arena *a, str s) {
    return s.data ? (str){arena_cstring(a, s), s.size} : STR_NONE;
}

str arena_printf(arena *a, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = arena_alloc(a, (size_t)(size < 0 ? 0 : size) + 1);
    vsnprintf(p, (size_t)(size < 0 ? 0 : size) + 1, format, again);
    va_end(again);
    return (str){p, (size_t)(size < 0 ? 0 : size)};
}

void strings_sort(string_list *s) {
    if (s->size)
        qsort(s->at, s->size, sizeof *s->at, str_order);
}

bool strings_have(const string_list *s, str one) {
    return s->size && bsearch(&one, s->at, s->size, sizeof one, str_order);
}
