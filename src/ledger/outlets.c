/* The outlets of an incident's papers: which papers are of one, and which outlet a name or a sentence means.
 *
 * Names of outlets are compared word by word, in two scripts (names.c), and two of them can be one only where
 * they share a word. So the outlets are indexed by what words are told alike by: the word, its concept, its
 * consonants; only those that share such a key are compared, and of those that share one with many (all are
 * called "radio") the first. The work grows with the papers, not with their square. */
#include <stdlib.h>

#include "base/counters.h"
#include "ledger/incident.h"

enum { TRIED = 64, KEYS = 3, FOUND = 256 };

static uint64_t key_of_kind(char kind, uint64_t value) {
    return value * 0x9E3779B97F4A7C15ULL + (uint64_t)(unsigned char)kind;
}

/* Consonants that can stand for each other in two scripts are one: none that names.c calls alike is missed.
 */
static uint64_t sound_of(const name_word *w) {
    char coarse[SKELETON];
    size_t n = 0;
    for (; w->skeleton[n]; n++)
        coarse[n] = w->skeleton[n] == 'z' || w->skeleton[n] == 't' ? 'd' : w->skeleton[n];
    return n < 2 ? 0 : str_hash((str){coarse, n});
}

static size_t keys_of_word(const name_word *w, uint64_t keys[KEYS]) {
    uint64_t sound = sound_of(w);
    keys[0] = key_of_kind('w', w->word);
    keys[1] = key_of_kind('c', w->concept);
    keys[2] = key_of_kind('s', sound);
    return sound ? 3 : 2;
}

/* ---- the index ---- */

static void post(incident_work *w, uint64_t key, uint32_t of) {
    *VECTOR_PUSH(&w->outlet_keys, w->a) = (outlet_key){key, of};
}

static void post_outlet(incident_work *w, uint32_t index) {
    const voice_name *n = &w->papers.at[index].outlet_name;
    uint64_t keys[KEYS];
    if (n->body)
        post(w, key_of_kind('b', n->body), index);
    for (size_t i = 0; i < n->size; i++)
        for (size_t k = keys_of_word(&n->words[i], keys); k-- > 0;)
            post(w, keys[k], index);
}

static int by_outlet_key(const void *x, const void *y) {
    const outlet_key *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->paper > b->paper) - (a->paper < b->paper);
}

/* A few papers, each once or more, in any order. */
typedef struct candidates {
    uint32_t at[FOUND];
    size_t size;
} candidates;

static void add_candidates(const incident_work *w, uint64_t key, candidates *out) {
    size_t low = 0, high = w->outlet_keys.size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->outlet_keys.at[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < w->outlet_keys.size && i < low + TRIED && out->size < FOUND; i++) {
        if (w->outlet_keys.at[i].key != key)
            return;
        out->at[out->size++] = w->outlet_keys.at[i].paper;
    }
}

static int by_paper(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

static void put_in_order(candidates *c) {
    size_t kept = 0;
    qsort(c->at, c->size, sizeof *c->at, by_paper);
    for (size_t i = 0; i < c->size; i++)
        if (kept == 0 || c->at[i] != c->at[kept - 1])
            c->at[kept++] = c->at[i];
    c->size = kept;
}

static void find_alike(const incident_work *w, const voice_name *n, candidates *out) {
    uint64_t keys[KEYS];
    out->size = 0;
    if (n->body)
        add_candidates(w, key_of_kind('b', n->body), out);
    for (size_t i = 0; i < n->size; i++)
        for (size_t k = keys_of_word(&n->words[i], keys); k-- > 0;)
            add_candidates(w, keys[k], out);
    put_in_order(out);
}

/* ---- outlets ---- */

typedef struct written {
    str outlet;
    uint32_t paper;
} written;

static int by_outlet(const void *x, const void *y) {
    const written *a = x, *b = y;
    int order = str_compare(a->outlet, b->outlet);
    return order ? order : (a->paper > b->paper) - (a->paper < b->paper);
}

/* Papers whose outlet is written alike go with the first of them. */
static void number_as_written(incident_work *w) {
    written *all = ARENA_NEW(w->a, written, w->papers.size + 1);
    for (uint32_t i = 0; i < w->papers.size; i++)
        all[i] = (written){w->papers.at[i].outlet, i};
    qsort(all, w->papers.size, sizeof *all, by_outlet);
    for (size_t i = 0; i < w->papers.size; i++) {
        paper *p = &w->papers.at[all[i].paper];
        const paper *before = i ? &w->papers.at[all[i - 1].paper] : NULL;
        bool again = before && p->outlet.size && str_equal(all[i].outlet, all[i - 1].outlet);
        p->outlet_of = again ? before->outlet_of : all[i].paper;
        p->outlet_name = again ? before->outlet_name : name_of_outlet(w->tables, w->a, p->outlet);
    }
}

static uint32_t first_of_name(const incident_work *w, uint32_t index) {
    const paper *p = &w->papers.at[index];
    candidates near;
    find_alike(w, &p->outlet_name, &near);
    for (size_t i = 0; i < near.size && near.at[i] < index; i++) {
        COUNT(names_compared, 1);
        if (name_same_outlet(&p->outlet_name, &w->papers.at[near.at[i]].outlet_name))
            return w->papers.at[near.at[i]].outlet_of;
    }
    return index;
}

void outlets_find(incident_work *w) {
    number_as_written(w);
    for (uint32_t i = 0; i < w->papers.size; i++)
        if (w->papers.at[i].outlet_of == i && w->papers.at[i].outlet.size)
            post_outlet(w, i);
    if (w->outlet_keys.size)
        qsort(w->outlet_keys.at, w->outlet_keys.size, sizeof *w->outlet_keys.at, by_outlet_key);
    for (uint32_t i = 0; i < w->papers.size; i++) {
        paper *p = &w->papers.at[i];
        bool first = p->outlet_of == i;
        p->outlet_of = !first           ? w->papers.at[p->outlet_of].outlet_of
                       : p->outlet.size ? first_of_name(w, i)
                                        : i;
    }
}

uint32_t outlet_called(const incident_work *w, str text) {
    voice_name n = name_of_outlet(w->tables, w->a, text);
    candidates near = {.size = 0};
    if (text.size)
        find_alike(w, &n, &near);
    for (size_t i = 0; i < near.size; i++) {
        const paper *p = &w->papers.at[near.at[i]];
        COUNT(names_compared, 1);
        if (name_same_outlet(&n, &p->outlet_name) || name_holds_outlet(&n, &p->outlet_name))
            return p->outlet_of;
    }
    return UINT32_MAX;
}

size_t outlets_named(const incident_work *w, const text_words *in, uint32_t *out, size_t limit) {
    candidates near = {.size = 0};
    uint64_t keys[KEYS];
    for (size_t i = 0; i < in->size; i++) {
        const text_word *x = &in->at[i];
        for (size_t k = keys_of_word(&x->plain, keys); k-- > 0;)
            add_candidates(w, keys[k], &near);
        add_candidates(w, key_of_kind('c', x->body.concept), &near);
        if (x->bare)
            add_candidates(w, key_of_kind('w', x->bare), &near);
    }
    put_in_order(&near);
    size_t found = 0;
    for (size_t i = 0; i < near.size && found < limit; i++) {
        const paper *p = &w->papers.at[near.at[i]];
        if (p->outlet_of != near.at[i])
            continue;
        COUNT(names_compared, 1);
        if (name_in_text(&p->outlet_name, in))
            out[found++] = near.at[i];
    }
    return found;
}
