/* Arenas: memory that a stage fills and its caller frees at once.
 *
 * Nothing in an arena is freed one by one. An allocation never returns NULL: where the system (or the
 * caller's allocator) has no memory left, one line is printed and the process aborts. Blocks grow
 * geometrically, so the number of system calls is logarithmic in the bytes asked for. */
#ifndef ISN_BASE_ARENA_H
#define ISN_BASE_ARENA_H

#include "base/str.h"

/* The allocator hooks of the public library; a zeroed struct means malloc and free. */
typedef struct allocator {
    void *(*allocate)(void *context, size_t size);
    void (*release)(void *context, void *pointer);
    void *context;
} allocator;

typedef struct arena_block arena_block;
typedef struct arena {
    arena_block *last;
    char *at, *end;
    allocator hooks;
    size_t total; /* bytes asked of the system */
} arena;

arena arena_new(allocator hooks);
void arena_free(arena *a);
/* Keeps the largest block and forgets what is in it: for work repeated record by record. */
void arena_reset(arena *a);
/* Zeroed, aligned for any type. */
void *arena_alloc(arena *a, size_t size);
/* The same, but with whatever stands there: for what is written whole. */
void *arena_take(arena *a, size_t size);
#define ARENA_NEW(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (size_t)(count)))
str arena_copy(arena *a, str s);
/* A NUL-terminated copy. */
char *arena_cstring(arena *a, str s);
str arena_printf(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Growable arrays in an arena: the old storage is left behind when one grows (amortised constant).
 *     VECTOR(claim) claims = {0};
 *     *VECTOR_PUSH(&claims, arena) = (claim){...};   // pointer valid until the next push; write it whole
 *     for (size_t i = 0; i < claims.size; i++) use(&claims.at[i]); */
#define VECTOR(type)                                                                                         \
    struct {                                                                                                 \
        type *at;                                                                                            \
        size_t size, capacity;                                                                               \
    }
#define VECTOR_PUSH(v, a)                                                                                    \
    ((v)->size < (v)->capacity                                                                               \
         ? (void)0                                                                                           \
         : (void)((v)->at = arena_grow((a), (v)->at, (v)->size, &(v)->capacity, sizeof *(v)->at)),           \
     &(v)->at[(v)->size++])
/* Room for `count` items at once, so that pushing them copies nothing. */
#define VECTOR_RESERVE(v, a, count)                                                                          \
    ((count) <= (v)->capacity ? (void)0                                                                      \
                              : (void)((v)->at = arena_reserve((a), (v)->at, (v)->size, &(v)->capacity,      \
                                                               (count), sizeof *(v)->at)))
void *arena_reserve(arena *a, void *old, size_t size, size_t *capacity, size_t count, size_t item);
void *arena_grow(arena *a, void *old, size_t size, size_t *capacity, size_t item);

typedef VECTOR(str) string_list;
/* Ascending, by bytes. */
void strings_sort(string_list *s);
/* Among strings in order. */
bool strings_have(const string_list *s, str one);

#endif
