#include "serve/kept.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/str.h"

enum { BUCKETS = 4096, LARGEST_PART = 8 };

typedef struct entry {
    struct entry *next;          /* of its bucket */
    struct entry *newer, *older; /* of those that are made */
    uint64_t hash;
    bool made;
    unsigned note;
    size_t key_size, size;
    char *body;
    char key[];
} entry;

struct kept {
    pthread_mutex_t mine;
    pthread_cond_t news;
    size_t most, bytes, answers;
    uint64_t taken, given;
    entry *newest, *oldest;
    entry *bucket[BUCKETS];
};

kept *kept_new(size_t bytes) {
    kept *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->most = bytes;
    pthread_mutex_init(&k->mine, NULL);
    pthread_cond_init(&k->news, NULL);
    return k;
}

static size_t cost(const entry *e) {
    return sizeof *e + e->key_size + e->size;
}

static entry **place(kept *k, uint64_t hash, str key) {
    entry **at = &k->bucket[hash % BUCKETS];
    while (*at && !((*at)->hash == hash && str_equal((str){(*at)->key, (*at)->key_size}, key)))
        at = &(*at)->next;
    return at;
}

static void into_list(kept *k, entry *e) {
    e->newer = NULL;
    e->older = k->newest;
    *(k->newest ? &k->newest->newer : &k->oldest) = e;
    k->newest = e;
}

static void out_of_list(kept *k, entry *e) {
    *(e->newer ? &e->newer->older : &k->newest) = e->older;
    *(e->older ? &e->older->newer : &k->oldest) = e->newer;
}

/* One that is made leaves the list as well. */
static void forget(kept *k, entry *e) {
    entry **at = &k->bucket[e->hash % BUCKETS];
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    if (e->made) {
        out_of_list(k, e);
        k->bytes -= cost(e);
        k->answers--;
    }
    free(e->body);
    free(e);
}

void kept_free(kept *k) {
    if (!k)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (k->bucket[i])
            forget(k, k->bucket[i]);
    pthread_mutex_destroy(&k->mine);
    pthread_cond_destroy(&k->news);
    free(k);
}

/* Somebody begins it; without memory for that others do not hear of it. */
static void begin(kept *k, uint64_t hash, str key) {
    entry *e = malloc(sizeof *e + key.size);
    if (!e)
        return;
    *e = (entry){.hash = hash, .key_size = key.size, .next = k->bucket[hash % BUCKETS]};
    memcpy(e->key, key.data, key.size);
    k->bucket[hash % BUCKETS] = e;
}

bool kept_take(kept *k, str key, buffer *out, unsigned *note) {
    uint64_t hash = str_hash(key);
    pthread_mutex_lock(&k->mine);
    entry *e = *place(k, hash, key);
    while (e && !e->made) {
        pthread_cond_wait(&k->news, &k->mine);
        e = *place(k, hash, key);
    }
    if (e) {
        out_of_list(k, e);
        into_list(k, e);
        buffer_add(out, (str){e->body, e->size});
        *note = e->note;
        k->taken++;
    } else {
        begin(k, hash, key);
    }
    pthread_mutex_unlock(&k->mine);
    return e;
}

static void make_room(kept *k) {
    while (k->bytes > k->most && k->oldest)
        forget(k, k->oldest);
}

void kept_give(kept *k, str key, str body, unsigned note) {
    uint64_t hash = str_hash(key);
    char *copy = body.size <= k->most / LARGEST_PART ? malloc(body.size + 1) : NULL;
    if (copy && body.size)
        memcpy(copy, body.data, body.size);
    pthread_mutex_lock(&k->mine);
    entry *e = *place(k, hash, key);
    if (e && !e->made && copy) {
        e->body = copy;
        e->size = body.size;
        e->note = note;
        e->made = true;
        into_list(k, e);
        k->bytes += cost(e);
        k->answers++;
        k->given++;
        make_room(k);
    } else {
        free(copy);
        if (e && !e->made)
            forget(k, e);
    }
    pthread_cond_broadcast(&k->news);
    pthread_mutex_unlock(&k->mine);
}

void kept_drop(kept *k, str key) {
    pthread_mutex_lock(&k->mine);
    entry *e = *place(k, str_hash(key), key);
    if (e && !e->made)
        forget(k, e);
    pthread_cond_broadcast(&k->news);
    pthread_mutex_unlock(&k->mine);
}

void kept_tell(kept *k, kept_state *out) {
    pthread_mutex_lock(&k->mine);
    *out = (kept_state){k->answers, k->bytes, k->taken, k->given};
    pthread_mutex_unlock(&k->mine);
}
