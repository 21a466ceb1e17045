#include "ledger/copies.h"

#include <stdlib.h>

enum { PASSAGE_LIMIT = 400 };

static int by_hash(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static uint64_t mix(uint64_t h) {
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ h >> 33;
}

static uint64_t shingle_at(const uint64_t *words) {
    uint64_t h = 0;
    for (size_t i = 0; i < SHINGLE; i++)
        h = mix(h * 31 + words[i]);
    return h;
}

/* The smallest of so many, ascending, each once. */
static size_t keep_smallest(uint64_t *all, size_t count) {
    size_t kept = 0;
    qsort(all, count, sizeof *all, by_hash);
    for (size_t i = 0; i < count && kept < SKETCH_LIMIT; i++)
        if (kept == 0 || all[i] != all[kept - 1])
            all[kept++] = all[i];
    return kept;
}

/* Whatever is larger than what is kept already needs no place among the others. */
str sketch_of(arena *a, str text) {
    enum { ROOM = 4 * SKETCH_LIMIT };
    hashes words = {0};
    uint64_t *all = ARENA_NEW(a, uint64_t, ROOM), most = UINT64_MAX;
    size_t kept = 0;
    words_hashes(a, text, &words);
    for (size_t i = 0; i + SHINGLE <= words.size; i++) {
        uint64_t h = shingle_at(words.at + i);
        if (h > most)
            continue;
        all[kept++] = h;
        if (kept < ROOM)
            continue;
        kept = keep_smallest(all, kept);
        most = kept == SKETCH_LIMIT ? all[kept - 1] : UINT64_MAX;
    }
    kept = keep_smallest(all, kept);
    return (str){(const char *)all, kept * sizeof *all};
}

str sketch_pack(arena *a, str sketch) {
    size_t count = sketch.size / sizeof(uint64_t);
    uint32_t *out = ARENA_NEW(a, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t h;
        memcpy(&h, sketch.data + i * sizeof h, sizeof h);
        out[i] = (uint32_t)(h >> 32);
    }
    return (str){(const char *)out, count * sizeof *out};
}

str sketch_unpack(arena *a, str packed) {
    size_t count = packed.size / sizeof(uint32_t);
    uint64_t *out = ARENA_NEW(a, uint64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        uint32_t h;
        memcpy(&h, packed.data + i * sizeof h, sizeof h);
        out[i] = (uint64_t)h << 32;
    }
    return (str){(const char *)out, count * sizeof *out};
}

static uint64_t hash_at(str sketch, size_t i) {
    uint64_t h;
    memcpy(&h, sketch.data + i * sizeof h, sizeof h);
    return h;
}

/* Of the smallest hashes of both together, how many both have. */
double sketch_resemblance(str a, str b) {
    size_t n = a.size / sizeof(uint64_t), m = b.size / sizeof(uint64_t), i = 0, j = 0, seen = 0, common = 0;
    if (!n || !m)
        return 0;
    for (; seen < SKETCH_LIMIT && (i < n || j < m); seen++) {
        uint64_t x = i < n ? hash_at(a, i) : UINT64_MAX, y = j < m ? hash_at(b, j) : UINT64_MAX;
        common += x == y;
        i += x <= y;
        j += y <= x;
    }
    return (double)common / (double)seen;
}

bool sketches_alike(str a, str b) {
    return sketch_resemblance(a, b) >= 0.3;
}

passage passage_of(arena *a, str text) {
    hashes words = {0};
    words_hashes(a, text, &words);
    return (passage){words.at, words.size < PASSAGE_LIMIT ? words.size : PASSAGE_LIMIT};
}

likeness passage_likeness(arena *a, passage x, passage y) {
    if (!x.size || !y.size)
        return (likeness){0, 0, 0};
    uint16_t *row = ARENA_NEW(a, uint16_t, y.size + 1);
    for (size_t i = 0; i < x.size; i++) {
        uint16_t diagonal = 0;
        for (size_t j = 0; j < y.size; j++) {
            uint16_t above = row[j + 1];
            if (x.words[i] == y.words[j])
                row[j + 1] = (uint16_t)(diagonal + 1);
            else if (row[j] > above)
                row[j + 1] = row[j];
            diagonal = above;
        }
    }
    size_t common = row[y.size], longer = x.size > y.size ? x.size : y.size,
           shorter = x.size + y.size - longer;
    return (likeness){(double)common / (double)longer, (double)common / (double)shorter, common};
}
