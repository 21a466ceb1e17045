/* RFC 6962's tree: against the vectors of Certificate Transparency's reference implementation, and against
 * the RFC's own recursion, written out plainly, for every size and every pair. */
#include "test_support.h"

#include <stdlib.h>

#include "ledger/merkle.h"

enum { MOST = 70 };

typedef struct grove {
    digest leaves[MOST];
    size_t asked;
} grove;

/* ---- the plain way ---- */

static uint64_t power_below(uint64_t n) {
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static digest plain_root(const digest *d, uint64_t n) {
    if (n == 0)
        return sha256(STR(""));
    if (n == 1)
        return d[0];
    uint64_t k = power_below(n);
    return merkle_node(plain_root(d, k), plain_root(d + k, n - k));
}

static void plain_path(const digest *d, uint64_t m, uint64_t n, merkle_path *out) {
    if (n <= 1)
        return;
    uint64_t k = power_below(n);
    if (m < k)
        plain_path(d, m, k, out);
    else
        plain_path(d + k, m - k, n - k, out);
    out->at[out->size++] = m < k ? plain_root(d + k, n - k) : plain_root(d, k);
}

static void plain_proof(const digest *d, uint64_t m, uint64_t n, bool known, merkle_path *out) {
    if (m == n) {
        if (!known)
            out->at[out->size++] = plain_root(d, n);
        return;
    }
    uint64_t k = power_below(n);
    if (m <= k)
        plain_proof(d, m, k, known, out);
    else
        plain_proof(d + k, m - k, n - k, false, out);
    out->at[out->size++] = m <= k ? plain_root(d + k, n - k) : plain_root(d, k);
}

/* ---- what is tested ---- */

static status grove_node(void *context, unsigned level, uint64_t position, digest *out, failure *f) {
    grove *g = context;
    (void)f;
    assert_true((position + 1) << level <= MOST);
    g->asked++;
    *out = plain_root(g->leaves + (position << level), (uint64_t)1 << level);
    return STATUS_OK;
}

static grove *grow(const char *name, test_random *r) {
    grove *g = calloc(1, sizeof *g);
    assert_non_null(g);
    *r = test_seeded(name);
    for (size_t i = 0; i < MOST; i++) {
        uint64_t bytes[2] = {random_next(r), i};
        g->leaves[i] = merkle_leaf((str){(const char *)bytes, sizeof bytes});
    }
    return g;
}

static void assert_same_path(const merkle_path *a, const merkle_path *b) {
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->at, b->at, a->size * sizeof *a->at);
}

/* Spoils one bit of a proof, or takes a step away, or adds one. */
static merkle_path spoiled(const merkle_path *p, test_random *r) {
    merkle_path bad = *p;
    uint64_t how = bad.size ? random_below(r, 3) : 2;
    if (how == 0)
        bad.at[random_below(r, bad.size)].bytes[random_below(r, 32)] ^=
            (unsigned char)(1u << random_below(r, 8));
    else if (how == 1)
        bad.size--;
    else
        bad.at[bad.size++] = merkle_empty();
    return bad;
}

static void every_root_is_the_rfcs(void **state) {
    (void)state;
    test_random r;
    grove *g = grow("merkle roots", &r);
    merkle_range range = {0};
    merkle_source s = {grove_node, g};
    for (uint64_t n = 0; n <= MOST; n++) {
        digest want = plain_root(g->leaves, n), got;
        assert_int_equal(merkle_root(&s, n, &got, NULL), STATUS_OK);
        assert_true(digest_equal(got, want));
        assert_true(digest_equal(merkle_range_root(&range), want));
        assert_int_equal(range.size, n);
        if (n < MOST)
            merkle_add(&range, g->leaves[n]);
    }
    free(g);
}

static void every_leaf_is_proved(void **state) {
    (void)state;
    test_random r;
    grove *g = grow("merkle inclusion", &r);
    merkle_source s = {grove_node, g};
    for (uint64_t n = 1; n <= MOST; n++) {
        digest root = plain_root(g->leaves, n);
        for (uint64_t m = 0; m < n; m++) {
            merkle_path want = {0}, got;
            plain_path(g->leaves, m, n, &want);
            assert_int_equal(merkle_inclusion(&s, m, n, &got, NULL), STATUS_OK);
            assert_same_path(&got, &want);
            assert_true(merkle_included(g->leaves[m], m, n, root, &got));
            merkle_path bad = spoiled(&got, &r);
            assert_false(merkle_included(g->leaves[m], m, n, root, &bad));
            assert_false(merkle_included(g->leaves[(m + 1) % MOST], m, n, root, &got));
            assert_false(merkle_included(g->leaves[m], n, n, root, &got));
            if (n > 1)
                assert_false(merkle_included(g->leaves[m], m ^ 1, n, root, &got) && (m ^ 1) < n);
        }
    }
    failure f = {0};
    merkle_path none;
    assert_int_equal(merkle_inclusion(&s, 5, 5, &none, &f), STATUS_USAGE);
    free(g);
}

static void every_pair_is_consistent(void **state) {
    (void)state;
    test_random r;
    grove *g = grow("merkle consistency", &r);
    merkle_source s = {grove_node, g};
    for (uint64_t n = 0; n <= MOST; n++)
        for (uint64_t m = 0; m <= n; m++) {
            merkle_path want = {0}, got;
            digest from = plain_root(g->leaves, m), to = plain_root(g->leaves, n);
            if (m)
                plain_proof(g->leaves, m, n, true, &want);
            assert_int_equal(merkle_consistency(&s, m, n, &got, NULL), STATUS_OK);
            assert_same_path(&got, &want);
            assert_true(merkle_consistent(m, from, n, to, &got));
            merkle_path bad = spoiled(&got, &r);
            assert_false(merkle_consistent(m, from, n, to, &bad));
            digest other = from;
            other.bytes[random_below(&r, 32)] ^= 1;
            assert_false(merkle_consistent(m, other, n, to, &got));
            if (m) {
                other = to;
                other.bytes[random_below(&r, 32)] ^= 1;
                assert_false(merkle_consistent(m, from, n, other, &got));
            }
        }
    failure f = {0};
    merkle_path none = {0};
    assert_int_equal(merkle_consistency(&s, 6, 5, &none, &f), STATUS_USAGE);
    assert_false(merkle_consistent(6, merkle_empty(), 5, merkle_empty(), &none));
    free(g);
}

/* A proof asks for few nodes, however large the log. */
static status any_node(void *context, unsigned level, uint64_t position, digest *out, failure *f) {
    uint64_t bytes[2] = {level, position};
    (void)f;
    *(size_t *)context += 1;
    *out = merkle_leaf((str){(const char *)bytes, sizeof bytes});
    return STATUS_OK;
}

static void proofs_ask_for_few_nodes(void **state) {
    (void)state;
    test_random r = test_seeded("merkle work");
    for (int i = 0; i < 1000; i++) {
        uint64_t n = 1 + random_next(&r) % ((uint64_t)1 << (1 + random_below(&r, 62)));
        size_t asked = 0;
        merkle_source s = {any_node, &asked};
        merkle_path p;
        assert_int_equal(merkle_inclusion(&s, random_next(&r) % n, n, &p, NULL), STATUS_OK);
        assert_true(p.size <= 63 && asked <= 2 * 64);
        asked = 0;
        assert_int_equal(merkle_consistency(&s, random_next(&r) % (n + 1), n, &p, NULL), STATUS_OK);
        assert_true(p.size <= 64 && asked <= 3 * 64);
    }
}

/* ---- vectors of the reference implementation ---- */

static digest unhex(const char *hex) {
    digest d;
    for (size_t i = 0; i < 32; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
        d.bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return d;
}

static void assert_steps(const merkle_path *p, const char *const *hex, size_t count) {
    assert_int_equal(p->size, count);
    for (size_t i = 0; i < count; i++)
        assert_true(digest_equal(p->at[i], unhex(hex[i])));
}

static void known_vectors(void **state) {
    (void)state;
    static const str inputs[] = {
        {"", 0},
        {"\x00", 1},
        {"\x10", 1},
        {"\x20\x21", 2},
        {"\x30\x31", 2},
        {"\x40\x41\x42\x43", 4},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
    };
    static const char *const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    static const char *const first_of_8[] = {
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    };
    static const char *const from_6_to_8[] = {
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    };
    static const char *const from_2_to_5[] = {
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    };
    grove *g = calloc(1, sizeof *g);
    assert_non_null(g);
    merkle_source s = {grove_node, g};
    merkle_path p;
    digest root;
    for (size_t i = 0; i < 8; i++) {
        g->leaves[i] = merkle_leaf(inputs[i]);
        assert_int_equal(merkle_root(&s, i + 1, &root, NULL), STATUS_OK);
        assert_true(digest_equal(root, unhex(roots[i])));
    }
    assert_int_equal(merkle_inclusion(&s, 0, 8, &p, NULL), STATUS_OK);
    assert_steps(&p, first_of_8, 3);
    assert_int_equal(merkle_consistency(&s, 1, 8, &p, NULL), STATUS_OK);
    assert_steps(&p, first_of_8, 3);
    assert_int_equal(merkle_consistency(&s, 6, 8, &p, NULL), STATUS_OK);
    assert_steps(&p, from_6_to_8, 3);
    assert_int_equal(merkle_consistency(&s, 2, 5, &p, NULL), STATUS_OK);
    assert_steps(&p, from_2_to_5, 2);
    free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_vectors),
        cmocka_unit_test(every_root_is_the_rfcs),
        cmocka_unit_test(every_leaf_is_proved),
        cmocka_unit_test(every_pair_is_consistent),
        cmocka_unit_test(proofs_ask_for_few_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
