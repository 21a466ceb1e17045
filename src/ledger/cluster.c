/* Which units tell of the same incident.
 *
 * Blocking first, so that the work is near-linear: two units are compared only where they share a day (give
 * or take one) and a cell of a quarter of a degree, a region, a name or a figure, or where their documents
 * have text in common. Blocks are made day by day, so that those of one day alone are ever in memory. A
 * pair's score adds up what speaks for one incident (day, place, kind of event, equal figures, common text)
 * and what speaks against; days or places that contradict rule a pair out. Then pairs are taken from the
 * strongest down, and two groups become one where no document stands in both and where, over the pairs
 * between them, agreement prevails (so that a chain of neighbours does not swallow a whole front). Everything
 * is ordered by score and by hashes of what the documents are, never by when they came: the result is a
 * function of the set.
 *
 * What reviewers said binds before all pairs, and wins.
 *
 * Units of older versions take no part; each is put afterwards where the newest version of its document went.
 */
#include <math.h>
#include <stdlib.h>

#include "ledger/bonds.h"

enum { BUCKET_LIMIT = 256, SAMPLE = 12, SKETCH_KEYS = 16 };

typedef struct posting {
    uint64_t block;
    uint32_t unit; /* by its number among those of the round */
} posting;

typedef struct unit_day {
    day day;
    uint32_t unit;
} unit_day;

typedef struct pair {
    uint32_t a, b; /* a < b */
    double score;
} pair;

typedef struct clustering {
    const unit_list *list;
    arena *a;
    bonds bonds;
    arena round; /* of one day's blocks: */
    VECTOR(posting) postings;
    const uint32_t *local; /* the units of the round, ascending */
    uint32_t local_count;
    VECTOR(pair) pairs;
    link_ties partings;
    VECTOR(link_made) links;
} clustering;

/* ---- blocking ---- */

static uint64_t block_key(uint64_t kind, uint64_t x, uint64_t y, uint64_t z) {
    const uint64_t parts[] = {kind, x, y, z};
    return str_hash((str){(const char *)parts, sizeof parts});
}

static void post(clustering *c, uint64_t block, uint32_t unit_index) {
    *VECTOR_PUSH(&c->postings, &c->round) = (posting){block, unit_index};
}

static int64_t cell_of(float degrees) {
    return (int64_t)floor((double)degrees * 4);
}

/* Fine places go into their cell and its neighbours, wide ones into their region; all by day. */
static void post_spot(clustering *c, uint32_t index, const spot *s, day d) {
    enum { CELL = 1, REGION, NAME };
    if (s->resolved && spot_is_fine(s))
        for (int64_t x = -1; x <= 1; x++)
            for (int64_t y = -1; y <= 1; y++)
                if ((x == 0 && y == 0) ||
                    x + y * 2 > 0) /* half of the neighbours: each pair meets once or twice */
                    post(c,
                         block_key(CELL, (uint64_t)d, (uint64_t)(cell_of(s->lat) + x),
                                   (uint64_t)(cell_of(s->lon) + y)),
                         index);
    if (s->admin1)
        post(c, block_key(REGION, (uint64_t)d, s->admin1, s->country), index);
    post(c, block_key(NAME, (uint64_t)d, s->name, 0), index);
    if (s->known_as) /* namesakes, in whatever language */
        post(c, block_key(NAME, (uint64_t)d, s->known_as, 1), index);
}

/* `index` in the round. */
static void post_unit(clustering *c, uint32_t index, day d) {
    enum { FIGURE = 4, NAMED = 6, WORDS = 7 };
    const unit *u = &c->list->units.at[c->local[index]];
    const linked_document *of = &c->list->documents.at[u->document];
    for (uint8_t i = 0; i < u->spot_count; i++)
        post_spot(c, index, &u->spots[i], d);
    for (uint8_t i = 0; i < of->name_count; i++)
        post(c, block_key(NAMED, (uint64_t)d, of->names[i].name, 0), index);
    for (uint8_t i = 0; i < u->pair_count; i++)
        if (bonds_word_is_rare(&c->bonds, u->pairs[i]))
            post(c, block_key(WORDS, (uint64_t)d, u->pairs[i], 0), index);
    for (uint8_t i = 0; i < u->figure_count; i++)
        if (u->figures[i].min > 2 || u->spot_count == 0)
            post(c,
                 block_key(FIGURE, (uint64_t)d, (uint64_t)u->figures[i].min << 4 | u->figures[i].effect,
                           (uint64_t)u->figures[i].max),
                 index);
}

static void post_sketch(clustering *c, uint32_t index) {
    enum { TEXT = 5 };
    str sketch = unit_sketch(c->list, &c->list->units.at[c->local[index]]);
    for (size_t i = 0; i < SKETCH_KEYS && (i + 1) * sizeof(uint64_t) <= sketch.size; i++) {
        uint64_t h;
        memcpy(&h, sketch.data + i * sizeof h, sizeof h);
        post(c, block_key(TEXT, h, 0, 0), index);
    }
}

static int by_block(const void *x, const void *y) {
    const posting *a = x, *b = y;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

static int by_units(const void *x, const void *y) {
    const pair *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

/* Units are numbered in the order of their hashes, so the tie is broken by what they are. */
static int by_score(const void *x, const void *y) {
    const pair *p = x, *q = y;
    if (p->score != q->score)
        return p->score > q->score ? -1 : 1;
    return by_units(x, y);
}

/* Every unit with those behind it in its blocks; a pair is scored once a round, however many it shares. */
static void pair_unit(clustering *c, uint32_t a, const uint32_t *at, size_t count, uint32_t *seen) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = at[i] + 1, tried = 0; k < c->postings.size && tried < BUCKET_LIMIT; k++, tried++) {
            uint32_t b = c->postings.at[k].unit;
            if (c->postings.at[k].block != c->postings.at[at[i]].block)
                break;
            if (b == a || seen[b] == a + 1)
                continue;
            seen[b] = a + 1;
            double score =
                bond_strength(&c->bonds, &c->list->units.at[c->local[a]], &c->list->units.at[c->local[b]]);
            if (score > 0)
                *VECTOR_PUSH(&c->pairs, c->a) = (pair){c->local[a], c->local[b], score};
        }
}

static void pair_round(clustering *c) {
    size_t n = c->local_count;
    if (!c->postings.size)
        return;
    qsort(c->postings.at, c->postings.size, sizeof *c->postings.at, by_block);
    uint32_t *from = ARENA_NEW(&c->round, uint32_t, n + 2), *seen = ARENA_NEW(&c->round, uint32_t, n + 1);
    uint32_t *at = ARENA_NEW(&c->round, uint32_t, c->postings.size + 1);
    for (size_t i = 0; i < c->postings.size; i++)
        from[c->postings.at[i].unit + 1]++;
    for (size_t i = 0; i < n; i++)
        from[i + 1] += from[i];
    for (size_t i = 0; i < c->postings.size; i++)
        at[from[c->postings.at[i].unit]++] = (uint32_t)i;
    for (size_t i = n; i > 0; i--) /* each has moved to where the next began */
        from[i] = from[i - 1];
    from[0] = 0;
    for (uint32_t i = 0; i < n; i++)
        pair_unit(c, i, at + from[i], from[i + 1] - from[i], seen);
}

static void begin_round(clustering *c, const uint32_t *units, uint32_t count) {
    arena_reset(&c->round);
    memset(&c->postings, 0, sizeof c->postings);
    c->local = units;
    c->local_count = count;
}

static int by_day(const void *x, const void *y) {
    const unit_day *a = x, *b = y;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* A long interval stands in its last days only: blocks would fill with it. */
static unit_day *days_of_units(const clustering *c, size_t *count) {
    enum { WINDOW = 3, MOST = WINDOW + 2 };
    VECTOR(unit_day) all = {0};
    VECTOR_RESERVE(&all, c->a, c->list->units.size * 2 + MOST);
    for (uint32_t i = 0; i < c->list->units.size; i++) {
        day from, to;
        const unit *u = &c->list->units.at[i];
        if (!u->current || !unit_days(c->list, u, &from, &to))
            continue;
        for (day d = to - from > WINDOW ? to - WINDOW : from; d <= to + 1; d++)
            *VECTOR_PUSH(&all, c->a) = (unit_day){d, i};
    }
    if (all.size)
        qsort(all.at, all.size, sizeof *all.at, by_day);
    *count = all.size;
    return all.at;
}

static void pair_days(clustering *c) {
    size_t count;
    const unit_day *all = days_of_units(c, &count);
    uint32_t *local = ARENA_NEW(c->a, uint32_t, c->list->units.size + 1);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && all[end].day == all[i].day; end++)
            local[end - i] = all[end].unit;
        begin_round(c, local, (uint32_t)(end - i));
        for (uint32_t k = 0; k < c->local_count; k++)
            post_unit(c, k, all[i].day);
        pair_round(c);
    }
}

static void pair_texts(clustering *c) {
    uint32_t *local = ARENA_NEW(c->a, uint32_t, c->list->units.size + 1), count = 0;
    for (uint32_t i = 0; i < c->list->units.size; i++)
        if (c->list->units.at[i].current)
            local[count++] = i;
    begin_round(c, local, count);
    VECTOR_RESERVE(&c->postings, &c->round, (size_t)count * SKETCH_KEYS);
    for (uint32_t k = 0; k < count; k++)
        post_sketch(c, k);
    pair_round(c);
}

/* Two who share several days were scored on each of them. */
static void find_pairs(clustering *c) {
    size_t kept = 0;
    pair_days(c);
    pair_texts(c);
    arena_free(&c->round);
    if (c->pairs.size)
        qsort(c->pairs.at, c->pairs.size, sizeof *c->pairs.at, by_score);
    for (size_t i = 0; i < c->pairs.size; i++)
        if (!kept || by_units(&c->pairs.at[i], &c->pairs.at[kept - 1]) != 0)
            c->pairs.at[kept++] = c->pairs.at[i];
    c->pairs.size = kept;
}

/* ---- groups ---- */

typedef struct group {
    uint32_t parent, size, next, last; /* members are chained from the root */
    bool parted;                       /* a reviewer keeps a member of it apart from something */
} group;

static uint32_t root_of(group *groups, uint32_t i) {
    while (groups[i].parent != i) {
        groups[i].parent = groups[groups[i].parent].parent;
        i = groups[i].parent;
    }
    return i;
}

/* One document tells of an incident in one unit; a recorder who keeps two rows tells of two incidents. */
static bool are_apart(const unit_list *list, uint32_t a, uint32_t b) {
    uint64_t registry = list->documents.at[a].registry;
    return a == b || (registry && registry == list->documents.at[b].registry);
}

static bool share_document(const unit_list *list, const group *groups, uint32_t a, uint32_t b) {
    for (uint32_t i = a; i != UINT32_MAX; i = groups[i].next)
        for (uint32_t j = b; j != UINT32_MAX; j = groups[j].next)
            if (are_apart(list, list->units.at[i].document, list->units.at[j].document))
                return true;
    return false;
}

/* Over a sample of the pairs between two groups: mostly agreement. Who tells of a whole country has half a
 * vote: a report from anywhere in it does not make one incident of those in two towns. */
static bool agree(const clustering *c, const group *groups, uint32_t a, uint32_t b) {
    static const size_t votes[] = {[BOND_AGAINST] = 2, [BOND_ANYWHERE] = 1, [BOND_FOR] = 2};
    size_t all = 0, agreeing = 0, n = 0;
    for (uint32_t i = a; i != UINT32_MAX && n < SAMPLE; i = groups[i].next, n++) {
        size_t m = 0;
        for (uint32_t j = b; j != UINT32_MAX && m < SAMPLE; j = groups[j].next, m++) {
            bond_vote vote = bond_within(&c->bonds, &c->list->units.at[i], &c->list->units.at[j]);
            all += votes[vote];
            agreeing += vote == BOND_AGAINST ? 0 : votes[vote];
        }
    }
    return agreeing * 2 >= all;
}

static void merge(group *groups, uint32_t a, uint32_t b) {
    if (b < a) {
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    groups[b].parent = a;
    groups[groups[a].last].next = b;
    groups[a].last = groups[b].last;
    groups[a].size += groups[b].size;
    groups[a].parted |= groups[b].parted;
}

static void join_groups(clustering *c, group *groups, uint32_t a, uint32_t b, link_made made) {
    merge(groups, a, b);
    *VECTOR_PUSH(&c->links, c->a) = made;
}

/* Reviewers' ties are few: all of those that part are looked through. */
static bool is_parted(const clustering *c, group *groups, uint32_t a, uint32_t b) {
    if (!groups[a].parted || !groups[b].parted)
        return false;
    for (size_t i = 0; i < c->partings.size; i++) {
        uint32_t x = root_of(groups, c->partings.at[i].a), y = root_of(groups, c->partings.at[i].b);
        if ((x == a && y == b) || (x == b && y == a))
            return true;
    }
    return false;
}

/* What was merged stays together when its first is split off: whichever of the others came before and is not
 * parted from it, goes in its place. */
static void bind_to_others(clustering *c, group *groups, const link_ties *ties, size_t tie) {
    uint32_t left = ties->at[tie].b;
    size_t from = tie;
    while (ties->at[from].more)
        from--;
    for (size_t i = from; i < tie; i++) {
        uint32_t a = root_of(groups, ties->at[i].b), b = root_of(groups, left);
        if (a != b && !is_parted(c, groups, a, b)) {
            join_groups(c, groups, a, b, (link_made){ties->at[i].b, left, true});
            return;
        }
    }
}

/* Before all else. A tie that contradicts newer ones does nothing. */
static void bind_ties(clustering *c, group *groups, const link_ties *ties) {
    for (size_t i = 0; i < ties->size; i++) {
        const link_tie *t = &ties->at[i];
        uint32_t a = root_of(groups, t->a), b = root_of(groups, t->b);
        if (a == b)
            continue;
        if (!t->together) {
            groups[a].parted = groups[b].parted = true;
            *VECTOR_PUSH(&c->partings, c->a) = *t;
        } else if (is_parted(c, groups, a, b)) {
            bind_to_others(c, groups, ties, i);
        } else {
            join_groups(c, groups, a, b, (link_made){t->a, t->b, true});
        }
    }
}

static void merge_pairs(clustering *c, group *groups) {
    for (size_t i = 0; i < c->pairs.size; i++) {
        const pair *p = &c->pairs.at[i];
        uint32_t a = root_of(groups, p->a), b = root_of(groups, p->b);
        if (a == b || share_document(c->list, groups, a, b) || is_parted(c, groups, a, b))
            continue;
        if ((groups[a].size == 1 && groups[b].size == 1) || agree(c, groups, a, b))
            join_groups(c, groups, a, b, (link_made){p->a, p->b, false});
    }
}

/* An event alone is an incident only where it is what its document is about. */
static bool is_incident(const unit_list *list, const group *groups, uint32_t root) {
    bool claims = false, lead = false;
    for (uint32_t i = root; i != UINT32_MAX; i = groups[i].next) {
        claims |= list->units.at[i].has_claims;
        lead |= list->units.at[i].lead && (list->units.at[i].dated || list->units.at[i].spot_count);
    }
    return claims || lead;
}

/* An older version's unit goes where the newest one's most similar unit went. */
static void place_old(const clustering *c, clusters *out, arena *a) {
    const unit_list *list = c->list;
    uint32_t *next = ARENA_NEW(a, uint32_t, list->units.size + 1);
    typedef struct head {
        int64_t document;
        uint32_t first;
    } head;
    size_t capacity = 16;
    while (capacity < list->documents.size * 2)
        capacity *= 2;
    head *heads = ARENA_NEW(a, head, capacity);
    for (uint32_t i = 0; i < list->units.size; i++) {
        if (!list->units.at[i].current)
            continue;
        int64_t document = list->documents.at[list->units.at[i].document].key;
        size_t slot = block_key(9, (uint64_t)document, 0, 0) & (capacity - 1);
        while (heads[slot].document && heads[slot].document != document)
            slot = (slot + 1) & (capacity - 1);
        next[i] = heads[slot].document ? heads[slot].first : UINT32_MAX;
        heads[slot] = (head){document, i};
    }
    for (uint32_t i = 0; i < list->units.size; i++) {
        const unit *u = &list->units.at[i];
        if (u->current || !u->has_claims)
            continue;
        int64_t document = list->documents.at[u->document].key;
        size_t slot = block_key(9, (uint64_t)document, 0, 0) & (capacity - 1);
        while (heads[slot].document && heads[slot].document != document)
            slot = (slot + 1) & (capacity - 1);
        double best = -INFINITY;
        for (uint32_t j = heads[slot].document ? heads[slot].first : UINT32_MAX; j != UINT32_MAX;
             j = next[j]) {
            double score = bond_strength(&c->bonds, u, &list->units.at[j]);
            if (out->of[j] != UINT32_MAX && score > best) {
                best = score;
                out->of[i] = out->of[j];
            }
        }
    }
}

/* What it takes to cluster goes at once; the groups stay, in `a`. */
void units_cluster(const unit_list *list, const link_weights *weights, const link_ties *ties, arena *a,
                   clusters *out) {
    arena passing = arena_new((allocator){0});
    clustering c = {.list = list, .a = &passing, .bonds = bonds_of(list, weights, &passing)};
    uint32_t n = (uint32_t)list->units.size;
    group *groups = ARENA_NEW(&passing, group, n + 1);
    for (uint32_t i = 0; i < n; i++)
        groups[i] = (group){i, 1, UINT32_MAX, i, false};
    bind_ties(&c, groups, ties);
    find_pairs(&c);
    merge_pairs(&c, groups);
    *out = (clusters){.of = ARENA_NEW(a, uint32_t, n + 1)};
    VECTOR_RESERVE(&out->links, a, c.links.size);
    for (size_t i = 0; i < c.links.size; i++)
        *VECTOR_PUSH(&out->links, a) = c.links.at[i];
    memset(out->of, 0xFF, sizeof(uint32_t) * (n + 1));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t root = root_of(groups, i);
        if (!list->units.at[i].current || (root == i && !is_incident(list, groups, root)))
            continue;
        if (root == i)
            out->of[i] = out->count++;
        else
            out->of[i] = out->of[root];
    }
    place_old(&c, out, &passing);
    arena_free(&passing);
}
