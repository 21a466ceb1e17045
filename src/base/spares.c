#include "base/spares.h"

#include <pthread.h>
#include <stdlib.h>

struct spares {
    pthread_mutex_t lock;
    arena memory;
    VECTOR(void *) idle;
};

spares *spares_new(allocator hooks) {
    spares *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    pthread_mutex_init(&s->lock, NULL);
    s->memory = arena_new(hooks);
    return s;
}

void *spares_take(spares *s) {
    pthread_mutex_lock(&s->lock);
    void *thing = s->idle.size ? s->idle.at[--s->idle.size] : NULL;
    pthread_mutex_unlock(&s->lock);
    return thing;
}

void spares_give(spares *s, void *thing) {
    pthread_mutex_lock(&s->lock);
    *VECTOR_PUSH(&s->idle, &s->memory) = thing;
    pthread_mutex_unlock(&s->lock);
}

void spares_free(spares *s) {
    arena_free(&s->memory);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
