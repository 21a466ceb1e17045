/* Two hashes side by side. The instructions that processors have for SHA-256 take four cycles each, and each
 * waits for the one before; of two messages one goes on while the other waits, so that two cost little more
 * than one. Where there are no such instructions, libcrypto hashes one after the other. */
#include "base/sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <pthread.h>

enum { BLOCK = 64, GROUPS = 16 };

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t beginning[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

/* A message under way. The instructions want the state in the order a b e f, c d g h, from the top down. */
typedef struct lane {
    __m128i abef, cdgh, words[4];
} lane;

WITH_SHA static inline __m128i load(const void *p) {
    return _mm_loadu_si128((const __m128i *)p);
}

WITH_SHA static inline void begin_block(lane *l, const unsigned char *block) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    for (int i = 0; i < 4; i++)
        l->words[i] = _mm_shuffle_epi8(load(block + 16 * i), swap);
}

WITH_SHA static inline __attribute__((always_inline)) void four_rounds(lane *l, int group) {
    __m128i *w = l->words, *word = &w[group & 3];
    if (group >= 4) {
        __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(*word, w[(group + 1) & 3]),
                                    _mm_alignr_epi8(w[(group + 3) & 3], w[(group + 2) & 3], 4));
        *word = _mm_sha256msg2_epu32(sum, w[(group + 3) & 3]);
    }
    __m128i k = _mm_add_epi32(*word, load(constants + 4 * group));
    l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, k);
    l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(k, 0x0E));
}

WITH_SHA static lane lane_of(const uint32_t h[8]) {
    __m128i dcba = _mm_shuffle_epi32(load(h), 0xB1), hgfe = _mm_shuffle_epi32(load(h + 4), 0x1B);
    return (lane){.abef = _mm_alignr_epi8(dcba, hgfe, 8), .cdgh = _mm_blend_epi16(hgfe, dcba, 0xF0)};
}

WITH_SHA static void keep_lane(const lane *l, uint32_t h[8]) {
    __m128i feba = _mm_shuffle_epi32(l->abef, 0x1B), dchg = _mm_shuffle_epi32(l->cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)h, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

WITH_SHA static void add_blocks(uint32_t h[8], const unsigned char *at, size_t blocks) {
    lane l = lane_of(h);
    for (; blocks; blocks--, at += BLOCK) {
        lane before = l;
        begin_block(&l, at);
#pragma GCC unroll 16
        for (int group = 0; group < GROUPS; group++)
            four_rounds(&l, group);
        l.abef = _mm_add_epi32(l.abef, before.abef);
        l.cdgh = _mm_add_epi32(l.cdgh, before.cdgh);
    }
    keep_lane(&l, h);
}

/* As many blocks of each. */
WITH_SHA static void add_blocks_of_two(uint32_t h[2][8], const unsigned char *x, const unsigned char *y,
                                       size_t blocks) {
    lane l = lane_of(h[0]), m = lane_of(h[1]);
    for (; blocks; blocks--, x += BLOCK, y += BLOCK) {
        __m128i abef[2] = {l.abef, m.abef}, cdgh[2] = {l.cdgh, m.cdgh};
        begin_block(&l, x);
        begin_block(&m, y);
#pragma GCC unroll 16
        for (int group = 0; group < GROUPS; group++) {
            four_rounds(&l, group);
            four_rounds(&m, group);
        }
        l.abef = _mm_add_epi32(l.abef, abef[0]);
        l.cdgh = _mm_add_epi32(l.cdgh, cdgh[0]);
        m.abef = _mm_add_epi32(m.abef, abef[1]);
        m.cdgh = _mm_add_epi32(m.cdgh, cdgh[1]);
    }
    keep_lane(&l, h[0]);
    keep_lane(&m, h[1]);
}

static void put_big_endian(unsigned char *out, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

/* What is left of a message, less than a block, and its length. */
static digest end_message(uint32_t h[8], const unsigned char *left, size_t size, uint64_t whole) {
    unsigned char last[2 * BLOCK] = {0};
    size_t blocks = size + 9 <= BLOCK ? 1 : 2;
    if (size)
        memcpy(last, left, size);
    last[size] = 0x80;
    put_big_endian(last + blocks * BLOCK - 8, whole * 8, 8);
    add_blocks(h, last, blocks);
    digest d;
    for (size_t i = 0; i < 8; i++)
        put_big_endian((unsigned char *)d.bytes + 4 * i, h[i], 4);
    return d;
}

/* Blocks of `head` and what of `body` fills the last of them; gives how much of the body that took. */
static size_t add_head(uint32_t h[8], str head, str body) {
    size_t whole = head.size / BLOCK, left = head.size % BLOCK, taken = left ? BLOCK - left : 0;
    unsigned char block[BLOCK];
    add_blocks(h, (const unsigned char *)head.data, whole);
    if (left) {
        memcpy(block, head.data + whole * BLOCK, left);
        memcpy(block + left, body.data, taken);
        add_blocks(h, block, 1);
    }
    return taken;
}

static void hash_two(str head, str body, digest *with_head, digest *alone) {
    uint32_t h[2][8];
    memcpy(h[0], beginning, sizeof beginning);
    memcpy(h[1], beginning, sizeof beginning);
    size_t taken = add_head(h[0], head, body);
    const unsigned char *x = (const unsigned char *)body.data + taken, *y = (const unsigned char *)body.data;
    size_t blocks = (body.size - taken) / BLOCK, more = body.size / BLOCK - blocks;
    add_blocks_of_two(h, x, y, blocks);
    add_blocks(h[1], y + blocks * BLOCK, more);
    *with_head = end_message(h[0], x + blocks * BLOCK, (body.size - taken) % BLOCK, head.size + body.size);
    *alone = end_message(h[1], y + (blocks + more) * BLOCK, body.size % BLOCK, body.size);
}

/* Asked once: to ask takes long on a virtual machine. */
static bool instructions;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void ask_processor(void) {
    unsigned a, b, c, d;
    bool vectors = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) && (c & bit_SSE4_1);
    instructions = vectors && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

static bool has_instructions(void) {
    pthread_once(&once, ask_processor);
    return instructions;
}

#else

static bool has_instructions(void) {
    return false;
}

static void hash_two(str head, str body, digest *with_head, digest *alone) {
    (void)head, (void)body, (void)with_head, (void)alone;
}

#endif

void sha256_pair(str head, str body, digest *with_head, digest *alone) {
    if (body.size >= sizeof(digest) * 8 && has_instructions()) {
        hash_two(head, body, with_head, alone);
        return;
    }
    str parts[] = {head, body};
    *with_head = sha256_parts(parts, 2);
    *alone = sha256(body);
}
