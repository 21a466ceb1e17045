/* RFC 6962, 2.1, with loops in place of its recursion. A subtree of `n` leaves that is not complete is
 * split at the largest power of two below n; every subtree met on the way begins at a multiple of the next
 * power of two, so each is a run of complete ones. */
#include "ledger/merkle.h"

#include <string.h>

digest merkle_leaf(str entry) {
    const str parts[] = {(str){"\0", 1}, entry};
    return sha256_parts(parts, 2);
}

digest merkle_node(digest left, digest right) {
    char bytes[65] = {1};
    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    return sha256((str){bytes, sizeof bytes});
}

digest merkle_empty(void) {
    return sha256(STR(""));
}

bool digest_equal(digest a, digest b) {
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* ---- growing ---- */

void merkle_add(merkle_range *r, digest leaf) {
    unsigned level = 0;
    for (uint64_t size = r->size; size & 1; size >>= 1)
        leaf = merkle_node(r->at[level++], leaf);
    r->at[level] = leaf;
    r->size++;
}

digest merkle_range_root(const merkle_range *r) {
    bool any = false;
    digest root = merkle_empty();
    for (unsigned level = 0; level <= MERKLE_HEIGHT; level++)
        if (r->size >> level & 1) {
            root = any ? merkle_node(r->at[level], root) : r->at[level];
            any = true;
        }
    return root;
}

/* ---- proofs ---- */

/* The largest power of two below n, for n > 1. */
static uint64_t split_of(uint64_t n) {
    uint64_t k = 1;
    while (k < n - k)
        k <<= 1;
    return k;
}

/* The hash of the leaves from `from` up to `to`: its complete subtrees, the smallest (the last) folded into
 * those before it. */
static status stretch(const merkle_source *s, uint64_t from, uint64_t to, digest *out, failure *f) {
    uint64_t size = to - from, end = to;
    bool any = false;
    digest root = merkle_empty();
    for (unsigned level = 0; level <= MERKLE_HEIGHT; level++) {
        digest left;
        if (!(size >> level & 1))
            continue;
        end -= (uint64_t)1 << level;
        status code = s->node(s->context, level, end >> level, &left, f);
        if (code != STATUS_OK)
            return code;
        root = any ? merkle_node(left, root) : left;
        any = true;
    }
    *out = root;
    return STATUS_OK;
}

status merkle_root(const merkle_source *s, uint64_t size, digest *out, failure *f) {
    return stretch(s, 0, size, out, f);
}

static void turn_round(merkle_path *p) {
    for (size_t i = 0; i < p->size / 2; i++) {
        digest swap = p->at[i];
        p->at[i] = p->at[p->size - 1 - i];
        p->at[p->size - 1 - i] = swap;
    }
}

static status add_stretch(const merkle_source *s, uint64_t from, uint64_t to, merkle_path *p, failure *f) {
    return stretch(s, from, to, &p->at[p->size++], f);
}

status merkle_inclusion(const merkle_source *s, uint64_t position, uint64_t size, merkle_path *out,
                        failure *f) {
    merkle_path path = {0};
    status code = STATUS_OK;
    if (position >= size)
        return fail(f, STATUS_USAGE, "no leaf %llu among the first %llu", (unsigned long long)position,
                    (unsigned long long)size);
    for (uint64_t from = 0, to = size; to - from > 1 && code == STATUS_OK;) {
        uint64_t middle = from + split_of(to - from);
        bool left = position < middle;
        code = left ? add_stretch(s, middle, to, &path, f) : add_stretch(s, from, middle, &path, f);
        *(left ? &to : &from) = middle;
    }
    turn_round(&path);
    if (code == STATUS_OK)
        *out = path;
    return code;
}

status merkle_consistency(const merkle_source *s, uint64_t from, uint64_t to, merkle_path *out, failure *f) {
    merkle_path path = {0};
    status code = STATUS_OK;
    if (from > to)
        return fail(f, STATUS_USAGE, "a log of %llu leaves has no beginning of %llu", (unsigned long long)to,
                    (unsigned long long)from);
    uint64_t begin = 0, end = to;
    while (from && from != end && code == STATUS_OK) {
        uint64_t middle = begin + split_of(end - begin);
        bool left = from <= middle;
        code = left ? add_stretch(s, middle, end, &path, f) : add_stretch(s, begin, middle, &path, f);
        *(left ? &end : &begin) = middle;
    }
    /* Where the old tree is a subtree that stands at the very left, its root is known already. */
    if (from && begin && code == STATUS_OK)
        code = add_stretch(s, begin, end, &path, f);
    turn_round(&path);
    if (code == STATUS_OK)
        *out = path;
    return code;
}

/* ---- checks ---- */

bool merkle_included(digest leaf, uint64_t position, uint64_t size, digest root, const merkle_path *path) {
    if (position >= size || path->size > MERKLE_PATH)
        return false;
    uint64_t at = position, last = size - 1;
    for (size_t i = 0; i < path->size; i++) {
        if (!last)
            return false;
        if (at & 1 || at == last) {
            leaf = merkle_node(path->at[i], leaf);
            while (!(at & 1) && at)
                at >>= 1, last >>= 1;
        } else {
            leaf = merkle_node(leaf, path->at[i]);
        }
        at >>= 1, last >>= 1;
    }
    return !last && digest_equal(leaf, root);
}

bool merkle_consistent(uint64_t from, digest from_root, uint64_t to, digest to_root,
                       const merkle_path *path) {
    if (from > to || path->size > MERKLE_PATH)
        return false;
    if (from == 0 && !digest_equal(from_root, merkle_empty()))
        return false;
    if (from == 0 || from == to)
        return path->size == 0 && (from != to || digest_equal(from_root, to_root));
    bool whole = (from & (from - 1)) == 0; /* the old root is itself the first step */
    if (!whole && path->size == 0)
        return false;
    uint64_t at = from - 1, last = to - 1;
    while (at & 1)
        at >>= 1, last >>= 1;
    digest old = whole ? from_root : path->at[0], grown = old;
    for (size_t i = whole ? 0 : 1; i < path->size; i++) {
        if (!last)
            return false;
        if (at & 1 || at == last) {
            old = merkle_node(path->at[i], old);
            grown = merkle_node(path->at[i], grown);
            while (!(at & 1) && at)
                at >>= 1, last >>= 1;
        } else {
            grown = merkle_node(grown, path->at[i]);
        }
        at >>= 1, last >>= 1;
    }
    return !last && digest_equal(old, from_root) && digest_equal(grown, to_root);
}
