/* Words met before.
 *
 * Most words of a text have been met in those before it, and what the lexicon makes of a word depends on
 * nothing but how it is written. So it is kept: a table of hashes leads to records in one pool, each with the
 * word's bytes right behind it. The table and the pool are too large for the nearest caches: the hashes of a
 * text are reckoned first, and what lies some words ahead is fetched while a word is being looked at.
 *
 * Nobody can make it slow: a word that finds no slot in a few probes is not kept, and a full memory keeps no
 * more until the next text. */
#include "lang/memory.h"

#include <stdlib.h>

enum {
    SLOTS = 256 * 1024,
    WORDS = 160 * 1024,
    POOL_BYTES = 28 * 1024 * 1024,
    PROBES = 24,
    READINGS = 16 * 1024,
    LONGEST_KEPT = 120,
    SLOT_AHEAD = 12,
    RECORD_AHEAD = 6,
    LINE = 64
};

typedef struct memory_slot {
    uint32_t hash, at; /* of the record in the pool, in units of 8 bytes, from 1; 0: free */
} memory_slot;

typedef struct record {
    known_word word;
    uint16_t size; /* of what is written behind the record */
    uint16_t lang; /* the texts of several languages may come in turn */
    char written[];
} record;

struct word_memory {
    allocator hooks;
    bool begun; /* the table has been emptied */
    size_t count, used;
    char *pool;
    memory_slot slot[SLOTS];
    memory_slot reading[READINGS];
};

static void *get_memory(allocator h, size_t size) {
    return h.allocate ? h.allocate(h.context, size) : malloc(size);
}

static void put_back(allocator h, void *p) {
    if (h.release)
        h.release(h.context, p);
    else
        free(p);
}

word_memory *word_memory_new(allocator hooks) {
    word_memory *m = get_memory(hooks, sizeof *m);
    char *pool = get_memory(hooks, POOL_BYTES);
    if (m && pool) {
        m->hooks = hooks;
        m->pool = pool;
        m->begun = false;
        return m;
    }
    if (m)
        put_back(hooks, m);
    if (pool)
        put_back(hooks, pool);
    return NULL;
}

void word_memory_free(word_memory *m) {
    if (!m)
        return;
    put_back(m->hooks, m->pool);
    put_back(m->hooks, m);
}

static char *take(word_memory *m, size_t size) {
    size_t rounded = (size + 7) & ~(size_t)7;
    if (rounded > POOL_BYTES - m->used)
        return NULL;
    char *p = m->pool + m->used;
    m->used += rounded;
    return p;
}

str word_memory_keep(word_memory *m, str s) {
    char *p = s.data ? take(m, s.size) : NULL;
    return p ? (str){memcpy(p, s.data, s.size), s.size} : STR_NONE;
}

static inline uint64_t load(const char *at, size_t size) {
    uint64_t eight = 0;
    memcpy(&eight, at, size);
    return eight;
}

/* At most eight bytes, in loads of fixed sizes that may overlap. */
static uint64_t load_short(const char *at, size_t size) {
    if (size >= 4)
        return load(at, 4) | load(at + size - 4, 4) << 32;
    return size >= 2 ? load(at, 2) | load(at + size - 2, 2) << 16 : load(at, 1);
}

/* A quick hash of few bytes, eight at a time; the last eight may overlap those before. */
static uint32_t hash_bytes(const char *at, size_t size, uint16_t lang) {
    uint64_t h = (size + ((uint64_t)lang << 32)) * UINT64_C(0x9e3779b97f4a7c15);
    size_t done = 0;
    for (; done + 8 < size; done += 8) {
        h = (h ^ load(at + done, 8)) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    h = (h ^ (size >= 8 ? load(at + size - 8, 8) : load_short(at, size))) * UINT64_C(0xff51afd7ed558ccd);
    return (uint32_t)(h >> 32);
}

recollection recollect(word_memory *m, const struct lang *l, const tokens *t, arena *a) {
    if (!m)
        return (recollection){0};
    if (!m->begun || m->count > WORDS / 8 * 7 || m->used > POOL_BYTES / 8 * 7) {
        memset(m->slot, 0, sizeof m->slot);
        memset(m->reading, 0, sizeof m->reading);
        m->begun = true;
        m->count = 0;
        m->used = 8; /* so that no record is at 0 */
    }
    uint16_t lang = (uint16_t)(l - lang_all);
    uint32_t *hash = ARENA_NEW(a, uint32_t, t->token.size + SLOT_AHEAD);
    for (size_t i = 0; i < t->token.size; i++)
        hash[i] =
            hash_bytes(t->text.data + t->token.at[i].start, t->token.at[i].end - t->token.at[i].start, lang);
    return (recollection){m, t, hash, lang};
}

static record *record_at(const word_memory *m, uint32_t at) {
    return (record *)(void *)(m->pool + (size_t)at * 8);
}

/* What is to be looked at soon is brought near. Inlined by force: gcc drops calls of what only fetches. */
__attribute__((always_inline)) static inline void look_ahead(const recollection *r, uint32_t index) {
    const word_memory *m = r->memory;
    __builtin_prefetch(&m->slot[r->hash[index + SLOT_AHEAD] & (SLOTS - 1)]);
    uint32_t at = m->slot[r->hash[index + RECORD_AHEAD] & (SLOTS - 1)].at;
    const char *next = m->pool + (size_t)at * 8;
    __builtin_prefetch(next);
    __builtin_prefetch(next + LINE);
}

known_word *recall(const recollection *r, uint32_t index) {
    const word_memory *m = r->memory;
    if (!m)
        return NULL;
    const token *t = &r->tokens->token.at[index];
    uint32_t hash = r->hash[index], size = t->end - t->start;
    if (index + SLOT_AHEAD < r->tokens->token.size)
        look_ahead(r, index);
    for (uint32_t probe = 0; probe < PROBES; probe++) {
        const memory_slot *s = &m->slot[(hash + probe) & (SLOTS - 1)];
        if (!s->at)
            return NULL;
        record *k = record_at(m, s->at);
        if (s->hash == hash && k->size == size && k->lang == r->lang &&
            memcmp(k->written, r->tokens->text.data + t->start, size) == 0)
            return &k->word;
    }
    return NULL;
}

/* Words by the hundred mean the same to rules: what is asked of them stays near. */
const struct lang_reading *word_memory_share(word_memory *m, const struct lang_reading *r) {
    struct lang_reading alike;
    if (!m)
        return NULL;
    memset(&alike, 0, sizeof alike); /* between its fields too: it is compared whole */
    alike.of.words = r->of.words;
    memcpy(alike.of.mask, r->of.mask, sizeof alike.of.mask);
    alike.min = r->min;
    alike.max = r->max;
    memcpy(alike.feature, r->feature, sizeof alike.feature);
    const char *bytes = (const char *)&alike;
    uint32_t hash = hash_bytes(bytes, sizeof alike, 0), probe = 0;
    memory_slot *s = NULL;
    for (; probe < PROBES && (s = &m->reading[(hash + probe) & (READINGS - 1)])->at; probe++) {
        const void *known = m->pool + (size_t)s->at * 8;
        if (s->hash == hash && memcmp(known, bytes, sizeof alike) == 0)
            return known;
    }
    char *new = probe == PROBES ? NULL : take(m, sizeof alike);
    if (!new)
        return NULL;
    *s = (memory_slot){hash, (uint32_t)((new - m->pool) / 8)};
    return memcpy(new, &alike, sizeof alike);
}

/* The rest lies in the token's folded form, or was written for it. */
static bool keep_text(word_memory *m, record *k, str written) {
    memcpy(k->written, written.data, written.size);
    k->size = (uint16_t)written.size;
    str rest = k->word.folded;
    bool as_written = written.size >= rest.size &&
                      memcmp(written.data + written.size - rest.size, rest.data, rest.size) == 0;
    k->word.folded =
        as_written ? (str){k->written + written.size - rest.size, rest.size} : word_memory_keep(m, rest);
    return k->word.folded.data != NULL;
}

known_word *keep(const recollection *r, uint32_t index, const known_word *found) {
    word_memory *m = r->memory;
    if (!m || m->count == WORDS)
        return NULL;
    const token *t = &r->tokens->token.at[index];
    str written = str_slice(r->tokens->text, t->start, t->end);
    uint32_t hash = r->hash[index], probe = 0;
    while (probe < PROBES && m->slot[(hash + probe) & (SLOTS - 1)].at)
        probe++;
    record *k = written.size > LONGEST_KEPT || probe == PROBES
                    ? NULL
                    : (record *)(void *)take(m, sizeof *k + written.size);
    if (!k)
        return NULL;
    k->word = *found;
    k->lang = r->lang;
    if (!keep_text(m, k, written))
        return NULL;
    m->slot[(hash + probe) & (SLOTS - 1)] = (memory_slot){hash, (uint32_t)(((char *)k - m->pool) / 8)};
    m->count++;
    return &k->word;
}
