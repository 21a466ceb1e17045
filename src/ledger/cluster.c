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

#include "base/buffer.h"
#include "base/counters.h"
#include "ledger/bonds.h"

enum { BUCKET_LIMIT = 256, SAMPLE = 12, SKETCH_KEYS = 16, REFUSALS = 1 << 16 };

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

typedef struct group {
    uint32_t parent, size, next, last; /* members are chained from the root */
    uint32_t tellers;                  /* the number that its tellers are looked up by */
    bool parted;                       /* a reviewer keeps a member of it apart from something */
} group;

/* Who tells of the incident of a group: a document, or all rows of one recorder. */
typedef struct teller {
    uint64_t who;    /* 0: the place is free */
    uint32_t number; /* its group's */
} teller;

/* Two groups, as they were when they were found not to be one. Groups only grow: a root and a size say which
 * members it had. */
typedef struct refusal {
    uint32_t a, a_size, b, b_size;
} refusal;

typedef struct clustering {
    const unit_list *list;
    arena *a;
    bonds bonds;
    group *groups; /* by unit */
    teller *tellers;
    size_t teller_room, teller_count;
    refusal *refused; /* REFUSALS of them, by hash: a newer one takes an older one's place */
    arena round;      /* of one day's blocks: */
    VECTOR(posting) postings;
    const uint32_t *local; /* the units of the round, ascending */
    uint32_t local_count;
    buffer found; /* pairs; not in an arena, where growing would leave as much behind again */
    size_t last_round;
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

static pair *pairs_of(const clustering *c) {
    return (pair *)(void *)c->found.data;
}

static size_t pair_count(const clustering *c) {
    return c->found.size / sizeof(pair);
}

static void add_pair(clustering *c, pair p) {
    buffer_add(&c->found, (str){(const char *)&p, sizeof p});
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
                add_pair(c, (pair){c->local[a], c->local[b], score});
        }
}

/* Two who share several days meet on each of them: what the last round had is not kept twice. */
static void drop_known(clustering *c, size_t begun) {
    pair *all = pairs_of(c);
    size_t count = pair_count(c), kept = begun, known = c->last_round;
    if (count > begun)
        qsort(all + begun, count - begun, sizeof *all, by_units);
    for (size_t i = begun; i < count; i++) {
        while (known < begun && by_units(&all[known], &all[i]) < 0)
            known++;
        if (known == begun || by_units(&all[known], &all[i]) != 0)
            all[kept++] = all[i];
    }
    c->found.size = kept * sizeof *all;
    c->last_round = begun;
}

static void pair_round(clustering *c) {
    size_t n = c->local_count, begun = pair_count(c);
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
    drop_known(c, begun);
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

/* What is left of those that met more than once has one score, and so stands together. */
static void find_pairs(clustering *c) {
    size_t kept = 0;
    pair_days(c);
    pair_texts(c);
    arena_free(&c->round);
    pair *all = pairs_of(c);
    size_t count = pair_count(c);
    if (count)
        qsort(all, count, sizeof *all, by_score);
    for (size_t i = 0; i < count; i++)
        if (!kept || by_units(&all[i], &all[kept - 1]) != 0)
            all[kept++] = all[i];
    c->found.size = kept * sizeof *all;
}

/* ---- groups ---- */

static uint32_t root_of(group *groups, uint32_t i) {
    while (groups[i].parent != i) {
        groups[i].parent = groups[groups[i].parent].parent;
        i = groups[i].parent;
    }
    return i;
}

/* One document tells of an incident in one unit; a recorder who keeps two rows tells of two incidents. */
static uint64_t teller_of(const clustering *c, uint32_t unit_index) {
    enum { ROW = 1, DOCUMENT };
    uint32_t document = c->list->units.at[unit_index].document;
    uint64_t registry = c->list->documents.at[document].registry;
    return registry ? block_key(ROW, registry, 0, 0) | 1 : block_key(DOCUMENT, document, 0, 0) | 1;
}

static teller *teller_place(const clustering *c, uint64_t who, uint32_t number) {
    size_t at = (who ^ (uint64_t)number * 0x9E3779B97F4A7C15u) & (c->teller_room - 1);
    while (c->tellers[at].who && (c->tellers[at].who != who || c->tellers[at].number != number))
        at = (at + 1) & (c->teller_room - 1);
    COUNT(groups_compared, 1);
    return &c->tellers[at];
}

static void add_teller(clustering *c, uint64_t who, uint32_t number) {
    enum { LEAST = 1024 };
    if ((c->teller_count + 1) * 2 > c->teller_room) {
        teller *old = c->tellers;
        size_t room = c->teller_room;
        c->teller_room = room ? room * 2 : LEAST;
        c->tellers = ARENA_NEW(c->a, teller, c->teller_room);
        for (size_t i = 0; i < room; i++)
            if (old[i].who)
                *teller_place(c, old[i].who, old[i].number) = old[i];
    }
    teller *slot = teller_place(c, who, number);
    c->teller_count += !slot->who;
    *slot = (teller){who, number};
}

/* The smaller group goes under the number of the larger one: nobody moves more often than sizes double. */
static void join_tellers(clustering *c, uint32_t a, uint32_t b) {
    group *groups = c->groups;
    uint32_t large = groups[a].size >= groups[b].size ? a : b, small = large == a ? b : a;
    uint32_t number = groups[large].tellers;
    if (groups[large].size == 1)
        add_teller(c, teller_of(c, large), number);
    for (uint32_t i = small; i != UINT32_MAX; i = groups[i].next)
        add_teller(c, teller_of(c, i), number);
    groups[a].tellers = groups[b].tellers = number;
}

static bool share_teller(const clustering *c, uint32_t a, uint32_t b) {
    const group *groups = c->groups;
    uint32_t large = groups[a].size >= groups[b].size ? a : b, small = large == a ? b : a;
    if (groups[large].size == 1)
        return teller_of(c, a) == teller_of(c, b);
    for (uint32_t i = small; i != UINT32_MAX; i = groups[i].next)
        if (teller_place(c, teller_of(c, i), groups[large].tellers)->who)
            return true;
    return false;
}

/* Over a sample of the pairs between two groups: mostly agreement. Who tells of a whole country has half a
 * vote: a report from anywhere in it does not make one incident of those in two towns. */
static bool agree(const clustering *c, uint32_t a, uint32_t b) {
    const group *groups = c->groups;
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

static void join_groups(clustering *c, uint32_t a, uint32_t b, link_made made) {
    group *groups = c->groups;
    join_tellers(c, a, b);
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
    *VECTOR_PUSH(&c->links, c->a) = made;
}

/* Reviewers' ties are few: all of those that part are looked through. */
static bool is_parted(const clustering *c, uint32_t a, uint32_t b) {
    group *groups = c->groups;
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
static void bind_to_others(clustering *c, const link_ties *ties, size_t tie) {
    uint32_t left = ties->at[tie].b;
    size_t from = tie;
    while (ties->at[from].more)
        from--;
    for (size_t i = from; i < tie; i++) {
        uint32_t a = root_of(c->groups, ties->at[i].b), b = root_of(c->groups, left);
        if (a != b && !is_parted(c, a, b)) {
            join_groups(c, a, b, (link_made){ties->at[i].b, left, true});
            return;
        }
    }
}

/* Before all else. A tie that contradicts newer ones does nothing. */
static void bind_ties(clustering *c, const link_ties *ties) {
    for (size_t i = 0; i < ties->size; i++) {
        const link_tie *t = &ties->at[i];
        uint32_t a = root_of(c->groups, t->a), b = root_of(c->groups, t->b);
        if (a == b)
            continue;
        if (!t->together) {
            c->groups[a].parted = c->groups[b].parted = true;
            *VECTOR_PUSH(&c->partings, c->a) = *t;
        } else if (is_parted(c, a, b)) {
            bind_to_others(c, ties, i);
        } else {
            join_groups(c, a, b, (link_made){t->a, t->b, true});
        }
    }
}

static refusal *refusal_place(const clustering *c, const refusal *r) {
    return &c->refused[str_hash((str){(const char *)r, sizeof *r}) % REFUSALS];
}

/* Not found to be one as they are now, whichever pair asks. */
static bool are_two(clustering *c, uint32_t a, uint32_t b) {
    const group *groups = c->groups;
    bool ordered = a < b;
    refusal now = {ordered ? a : b, groups[ordered ? a : b].size, ordered ? b : a,
                   groups[ordered ? b : a].size};
    refusal *known = refusal_place(c, &now);
    if (memcmp(known, &now, sizeof now) == 0)
        return true;
    if (!share_teller(c, a, b) && !is_parted(c, a, b) &&
        ((groups[a].size == 1 && groups[b].size == 1) || agree(c, a, b)))
        return false;
    *known = now;
    return true;
}

static void merge_pairs(clustering *c) {
    const pair *all = pairs_of(c);
    c->refused = ARENA_NEW(c->a, refusal, REFUSALS);
    for (size_t i = 0; i < pair_count(c); i++) {
        uint32_t a = root_of(c->groups, all[i].a), b = root_of(c->groups, all[i].b);
        if (a != b && !are_two(c, a, b))
            join_groups(c, a, b, (link_made){all[i].a, all[i].b, false});
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
    group *groups = c.groups = ARENA_NEW(&passing, group, n + 1);
    for (uint32_t i = 0; i < n; i++)
        groups[i] = (group){i, 1, UINT32_MAX, i, i, false};
    bind_ties(&c, ties);
    find_pairs(&c);
    merge_pairs(&c);
    buffer_free(&c.found);
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
