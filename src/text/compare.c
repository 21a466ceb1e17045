/* Copies of one report differ by sentences: an editor cuts the end, puts in a figure that came later, moves a
 * quotation up. So sentences are matched, not lines: first those of the same folded words, wherever they
 * stand (the n-th of several with its n-th); then, of the rest, those that share most words and pairs of
 * words, the likest first. What is matched in the order of both texts is in place (the longest increasing
 * run, as patience sorting finds it); the rest has moved.
 *
 * Likeness is asked of few: a word or pair that more than MOST_SHARED sentences have tells nothing, and each
 * sentence is weighed against the FEW that share most with it. So the work stays linear but for sorting. */
#include "text/compare.h"

#include "base/counters.h"
#include "base/search.h"

#include <stdlib.h>

enum { MOST_SHARED = 16, FEW = 4, MOST_FEATURES = 256, MOST_DIFFERENT = 50000 };
static const double least_likeness = 0.35;

const char *change_kind_name(change_kind k) {
    static const char *const names[] = {"same", "changed", "added", "dropped"};
    return names[k];
}

/* One side: its sentences with words, and of each a hash of all of them. */
typedef struct side {
    const tokens *t;
    uint64_t *hashes; /* 0: no words in it */
    uint32_t *match;  /* the sentence of the other side, or NO_SENTENCE */
    VECTOR(uint32_t) left;
    VECTOR(uint64_t) features; /* of those that are left, sorted for each */
    VECTOR(size_t) feature_at; /* by place in `left`, and one more */
} side;

static bool is_word(const token *t) {
    return t->kind != TOKEN_MARK;
}

static uint64_t hash_sentence(const tokens *t, const sentence *s) {
    uint64_t h = STR_HASH_BEGUN;
    bool words = false;
    for (uint32_t i = s->first; i < s->last; i++)
        if (is_word(&t->token.at[i])) {
            h = str_hash_more(str_hash_more(h, t->token.at[i].folded), STR(" "));
            words = true;
        }
    h = str_hash_end(h);
    return words ? h + !h : 0;
}

static side side_of(const tokens *t, arena *a) {
    side s = {.t = t};
    size_t count = t->sentence.size;
    s.hashes = ARENA_NEW(a, uint64_t, count + 1);
    s.match = ARENA_NEW(a, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        s.hashes[i] = hash_sentence(t, &t->sentence.at[i]);
        s.match[i] = NO_SENTENCE;
    }
    return s;
}

/* The same words. */

typedef struct entry {
    uint64_t key;
    uint32_t index;
} entry;

static int by_key(const void *x, const void *y) {
    const entry *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static entry *sorted_sentences(const side *s, arena *a) {
    size_t count = s->t->sentence.size;
    entry *all = ARENA_NEW(a, entry, count + 1);
    for (size_t i = 0; i < count; i++)
        all[i] = (entry){s->hashes[i], (uint32_t)i};
    qsort(all, count, sizeof *all, by_key);
    return all;
}

static void pair(side *x, side *y, uint32_t i, uint32_t j) {
    x->match[i] = j;
    y->match[j] = i;
}

static void match_same(side *x, side *y, arena *a) {
    const entry *p = sorted_sentences(x, a), *q = sorted_sentences(y, a);
    size_t n = x->t->sentence.size, m = y->t->sentence.size;
    for (size_t i = 0, j = 0; i < n && j < m;) {
        if (p[i].key == q[j].key && p[i].key)
            pair(x, y, p[i].index, q[j].index);
        bool forth = p[i].key <= q[j].key;
        j += q[j].key <= p[i].key;
        i += forth;
    }
}

/* Nearly the same words. */

static int by_value(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

/* Words, and pairs of neighbours. */
static void add_features(side *s, const sentence *at, arena *a) {
    uint64_t before = 0;
    size_t start = s->features.size;
    for (uint32_t i = at->first; i < at->last && s->features.size - start < MOST_FEATURES; i++) {
        if (!is_word(&s->t->token.at[i]))
            continue;
        uint64_t h = str_hash(s->t->token.at[i].folded);
        *VECTOR_PUSH(&s->features, a) = h;
        if (before)
            *VECTOR_PUSH(&s->features, a) = (before * 31 + h) * 0x9e3779b97f4a7c15u;
        before = h;
    }
    uint64_t *all = s->features.at + start;
    size_t count = s->features.size - start, kept = 0;
    qsort(all, count, sizeof *all, by_value);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || all[i] != all[kept - 1])
            all[kept++] = all[i];
    s->features.size = start + kept;
}

/* Gives whether some had to be left out. */
static bool gather_left(side *s, arena *a) {
    for (uint32_t i = 0; i < s->t->sentence.size; i++) {
        if (!s->hashes[i] || s->match[i] != NO_SENTENCE)
            continue;
        if (s->left.size == MOST_DIFFERENT)
            return true;
        *VECTOR_PUSH(&s->left, a) = i;
        *VECTOR_PUSH(&s->feature_at, a) = s->features.size;
        add_features(s, &s->t->sentence.at[i], a);
    }
    *VECTOR_PUSH(&s->feature_at, a) = s->features.size;
    return false;
}

typedef struct near_pair {
    double likeness;
    uint32_t i, j; /* places in `left` */
} near_pair;

/* The likest first; then what stands alike in both; then in order. */
static int by_likeness(const void *x, const void *y) {
    const near_pair *a = x, *b = y;
    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->i != b->i)
        return a->i < b->i ? -1 : 1;
    return (a->j > b->j) - (a->j < b->j);
}

static double likeness_of(const side *x, const side *y, uint32_t i, uint32_t j) {
    size_t p = x->feature_at.at[i], p_end = x->feature_at.at[i + 1];
    size_t q = y->feature_at.at[j], q_end = y->feature_at.at[j + 1];
    size_t all = p_end - p + q_end - q, common = 0;
    COUNT(names_compared, all);
    while (p < p_end && q < q_end) {
        uint64_t a = x->features.at[p], b = y->features.at[q];
        common += a == b;
        p += a <= b;
        q += b <= a;
    }
    return all ? 2.0 * (double)common / (double)all : 0;
}

typedef struct feature_index {
    entry *at; /* feature, place in `left` */
    size_t size;
} feature_index;

static feature_index index_of(const side *s, arena *a) {
    feature_index x = {ARENA_NEW(a, entry, s->features.size + 1), s->features.size};
    for (uint32_t j = 0; j < s->left.size; j++)
        for (size_t k = s->feature_at.at[j]; k < s->feature_at.at[j + 1]; k++)
            x.at[k] = (entry){s->features.at[k], j};
    qsort(x.at, x.size, sizeof *x.at, by_key);
    return x;
}

static size_t first_of(const feature_index *x, uint64_t key) {
    size_t first;
    FIRST_NOT(first, x->size, i, x->at[i].key < key);
    return first;
}

typedef struct candidates {
    uint32_t *shared; /* how many features, for each place in `left` of the other side */
    VECTOR(uint32_t) seen;
} candidates;

static void find_candidates(const side *x, uint32_t i, const feature_index *in, candidates *c, arena *a) {
    for (size_t k = x->feature_at.at[i]; k < x->feature_at.at[i + 1]; k++) {
        uint64_t key = x->features.at[k];
        size_t from = first_of(in, key), to = from;
        while (to < in->size && in->at[to].key == key && to - from <= MOST_SHARED)
            to++;
        COUNT(names_compared, to - from + 1);
        for (; from < to && to - from <= MOST_SHARED; from++) {
            uint32_t j = in->at[from].index;
            if (c->shared[j]++ == 0)
                *VECTOR_PUSH(&c->seen, a) = j;
        }
    }
}

/* The few that share most, the first of those that share as much; forgets what was counted. */
static size_t few_of(candidates *c, uint32_t few[FEW]) {
    size_t count = 0;
    for (size_t k = 0; k < c->seen.size; k++) {
        uint32_t j = c->seen.at[k];
        size_t at = count < FEW ? count++ : FEW;
        for (; at > 0; at--) {
            uint32_t other = few[at - 1];
            if (c->shared[other] > c->shared[j] || (c->shared[other] == c->shared[j] && other < j))
                break;
            if (at < FEW)
                few[at] = other;
        }
        if (at < FEW)
            few[at] = j;
    }
    for (size_t k = 0; k < c->seen.size; k++)
        c->shared[c->seen.at[k]] = 0;
    c->seen.size = 0;
    return count;
}

static void match_near(side *x, side *y, arena *a) {
    VECTOR(near_pair) pairs = {0};
    feature_index in = index_of(y, a);
    candidates c = {.shared = ARENA_NEW(a, uint32_t, y->left.size + 1)};
    for (uint32_t i = 0; i < x->left.size; i++) {
        uint32_t few[FEW];
        find_candidates(x, i, &in, &c, a);
        size_t count = few_of(&c, few);
        for (size_t k = 0; k < count; k++) {
            double likeness = likeness_of(x, y, i, few[k]);
            if (likeness >= least_likeness)
                *VECTOR_PUSH(&pairs, a) = (near_pair){likeness, i, few[k]};
        }
    }
    if (pairs.size)
        qsort(pairs.at, pairs.size, sizeof *pairs.at, by_likeness);
    for (size_t k = 0; k < pairs.size; k++) {
        uint32_t i = x->left.at[pairs.at[k].i], j = y->left.at[pairs.at[k].j];
        if (x->match[i] == NO_SENTENCE && y->match[j] == NO_SENTENCE)
            pair(x, y, i, j);
    }
}

/* In place or moved. */

/* For each sentence of the second text whether it is in the longest run that both have in the same order. */
static bool *in_place(const side *y, arena *a) {
    size_t n = y->t->sentence.size, length = 0;
    bool *kept = ARENA_NEW(a, bool, n + 1);
    uint32_t *ends = ARENA_NEW(a, uint32_t, n + 1), *before = ARENA_NEW(a, uint32_t, n + 1);
    for (uint32_t j = 0; j < n; j++) {
        if (y->match[j] == NO_SENTENCE)
            continue;
        size_t low; /* the shortest run that this one cannot follow */
        FIRST_NOT(low, length, i, y->match[ends[i]] < y->match[j]);
        before[j] = low ? ends[low - 1] : NO_SENTENCE;
        ends[low] = j;
        length += low == length;
    }
    for (uint32_t j = length ? ends[length - 1] : NO_SENTENCE; j != NO_SENTENCE; j = before[j])
        kept[j] = true;
    return kept;
}

/* What came of it. */

static int by_word(const void *x, const void *y) {
    const token *a = *(const token *const *)x, *b = *(const token *const *)y;
    int order = str_compare(a->folded, b->folded);
    return order ? order : (a->start > b->start) - (a->start < b->start);
}

static size_t sorted_words(const side *s, uint32_t i, const token ***out, arena *a) {
    const sentence *at = &s->t->sentence.at[i];
    size_t count = 0;
    const token **words = ARENA_NEW(a, const token *, at->last - at->first + 1);
    for (uint32_t k = at->first; k < at->last; k++)
        if (is_word(&s->t->token.at[k]))
            words[count++] = &s->t->token.at[k];
    qsort(words, count, sizeof *words, by_word);
    *out = words;
    return count;
}

static str written(const side *s, const token *t) {
    return str_slice(s->t->text, t->start, t->end);
}

static int by_place(const void *x, const void *y) {
    const char *a = ((const str *)x)->data, *b = ((const str *)y)->data;
    return (a > b) - (a < b);
}

static void tell_words(const side *x, const side *y, change *c, arena *a) {
    const token **p, **q;
    size_t n = sorted_words(x, c->before, &p, a), m = sorted_words(y, c->after, &q, a);
    for (size_t i = 0, j = 0; i < n || j < m;) {
        int order = i == n ? 1 : j == m ? -1 : str_compare(p[i]->folded, q[j]->folded);
        if (order < 0)
            *VECTOR_PUSH(&c->dropped, a) = written(x, p[i]);
        if (order > 0)
            *VECTOR_PUSH(&c->added, a) = written(y, q[j]);
        i += order <= 0;
        j += order >= 0;
    }
    if (c->dropped.size)
        qsort(c->dropped.at, c->dropped.size, sizeof *c->dropped.at, by_place);
    if (c->added.size)
        qsort(c->added.at, c->added.size, sizeof *c->added.at, by_place);
}

static double dice(const side *x, const side *y, uint32_t i, uint32_t j, arena *a) {
    side one = {.t = x->t}, other = {.t = y->t};
    *VECTOR_PUSH(&one.feature_at, a) = 0;
    add_features(&one, &x->t->sentence.at[i], a);
    *VECTOR_PUSH(&one.feature_at, a) = one.features.size;
    *VECTOR_PUSH(&other.feature_at, a) = 0;
    add_features(&other, &y->t->sentence.at[j], a);
    *VECTOR_PUSH(&other.feature_at, a) = other.features.size;
    return likeness_of(&one, &other, 0, 0);
}

static void add_change(comparison *out, change c, arena *a) {
    out->counts[c.kind]++;
    out->moved += c.moved;
    *VECTOR_PUSH(&out->changes, a) = c;
}

static void add_dropped(comparison *out, const side *x, uint32_t *at, uint32_t end, arena *a) {
    for (; *at < end; *at += 1)
        if (x->hashes[*at] && x->match[*at] == NO_SENTENCE)
            add_change(out, (change){.kind = CHANGE_DROPPED, .before = *at, .after = NO_SENTENCE}, a);
}

static void add_matched(comparison *out, const side *x, const side *y, uint32_t j, bool moved, arena *a) {
    change c = {.before = y->match[j], .after = j, .moved = moved, .likeness = 1};
    if (x->hashes[c.before] != y->hashes[j]) {
        c.kind = CHANGE_CHANGED;
        c.likeness = dice(x, y, c.before, j, a);
        tell_words(x, y, &c, a);
    }
    add_change(out, c, a);
}

static void tell_changes(comparison *out, const side *x, const side *y, arena *a) {
    const bool *kept = in_place(y, a);
    uint32_t told = 0; /* sentences of the first text before which all that was dropped has been told */
    for (uint32_t j = 0; j < y->t->sentence.size; j++) {
        if (!y->hashes[j])
            continue;
        if (kept[j])
            add_dropped(out, x, &told, y->match[j], a);
        if (y->match[j] == NO_SENTENCE)
            add_change(out, (change){.kind = CHANGE_ADDED, .before = NO_SENTENCE, .after = j}, a);
        else
            add_matched(out, x, y, j, !kept[j], a);
    }
    add_dropped(out, x, &told, (uint32_t)x->t->sentence.size, a);
    size_t all = out->changes.size;
    out->likeness = all ? (double)out->counts[CHANGE_SAME] / (double)all : 0;
}

void text_compare(str before, str after, arena *a, comparison *out) {
    *out = (comparison){0};
    text_tokens(before, a, &out->before);
    text_tokens(after, a, &out->after);
    side x = side_of(&out->before, a), y = side_of(&out->after, a);
    match_same(&x, &y, a);
    bool cut = gather_left(&x, a);
    out->cut = gather_left(&y, a) || cut;
    match_near(&x, &y, a);
    tell_changes(out, &x, &y, a);
}
