/* The Merkle tree of RFC 6962: roots, proofs that a leaf is in a log, proofs that a log only grew.
 *
 * Pure: nothing here knows of a ledger. Whoever makes proofs gives the hashes of complete subtrees through a
 * `merkle_source`; whoever checks them needs only the proof and the two roots. Every function is safe for any
 * sizes, positions and paths that a stranger may give. */
#ifndef ISN_LEDGER_MERKLE_H
#define ISN_LEDGER_MERKLE_H

#include "base/failure.h"
#include "base/sha256.h"

enum { MERKLE_HEIGHT = 63, MERKLE_PATH = 65 };

/* SHA-256(0x00 ‖ entry) and SHA-256(0x01 ‖ left ‖ right). */
digest merkle_leaf(str entry);
digest merkle_node(digest left, digest right);
/* Of a tree without leaves. */
digest merkle_empty(void);
bool digest_equal(digest a, digest b);

/* The least that must be kept to go on adding leaves: the roots of the complete subtrees from left to right,
 * one for each bit of the size. A zeroed one is an empty tree. */
typedef struct merkle_range {
    uint64_t size;
    digest at[MERKLE_HEIGHT + 1]; /* at[level], where that bit of `size` is set */
} merkle_range;
void merkle_add(merkle_range *r, digest leaf);
digest merkle_range_root(const merkle_range *r);

/* Where the hashes of complete subtrees come from: `node` gives that of the leaves from position << level up
 * to (position + 1) << level, exclusive; it is only asked for subtrees that are complete. */
typedef struct merkle_source {
    status (*node)(void *context, unsigned level, uint64_t position, digest *out, failure *f);
    void *context;
} merkle_source;

/* Innermost first, as RFC 6962 lists them. */
typedef struct merkle_path {
    size_t size;
    digest at[MERKLE_PATH];
} merkle_path;

/* The root of the first `size` leaves. Asks for at most 63 nodes. */
status merkle_root(const merkle_source *s, uint64_t size, digest *out, failure *f);
/* That the leaf at `position` is among the first `size`; STATUS_USAGE where it is not. */
status merkle_inclusion(const merkle_source *s, uint64_t position, uint64_t size, merkle_path *out,
                        failure *f);
/* That the first `to` leaves begin with the first `from`; STATUS_USAGE where from > to. The path is empty for
 * from = 0 and from = to. */
status merkle_consistency(const merkle_source *s, uint64_t from, uint64_t to, merkle_path *out, failure *f);

/* RFC 9162's checks (2.1.3.2, 2.1.4.2). */
bool merkle_included(digest leaf, uint64_t position, uint64_t size, digest root, const merkle_path *path);
bool merkle_consistent(uint64_t from, digest from_root, uint64_t to, digest to_root, const merkle_path *path);

#endif
