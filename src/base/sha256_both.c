/* Two hashes at a time.
 *
 * A round of SHA-256 waits for the one before it, so that the processor's own instructions for it (Intel's
 * SHA extensions) leave half of its time unused; a second hash fits into what is left. The two here are of
 * the same bytes, in one of them behind something else: what names a capture and what names a page by where
 * it came from. Where the processor has no such instructions, and for what is short, one is made after the
 * other. */
#include "base/sha256.h"

#include <string.h>

void sha256_both_plain(str before, str bytes, digest *alone, digest *behind) {
    const str parts[] = {before, bytes};
    *alone = sha256(bytes);
    *behind = sha256_parts(parts, 2);
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>
#include <pthread.h>

enum { BLOCK = 64, LEAST = 1024, LONGEST_BEFORE = 16 * 1024 };
#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* The eight words of a hash in the order that the instructions want: ABEF, CDGH. */
typedef struct lane {
    __m128i abef, cdgh;
    const unsigned char *at;
} lane;

WITH_SHA static inline __attribute__((always_inline)) __m128i load_words(const unsigned char *at) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)at), swap);
}

/* Four rounds. `w` holds the last sixteen words of the schedule, four at a time, in a ring. */
WITH_SHA static inline __attribute__((always_inline)) void four_rounds(lane *l, __m128i w[4], int quad) {
    if (quad < 4)
        w[quad] = load_words(l->at + quad * 16);
    else
        w[quad & 3] =
            _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w[quad & 3], w[(quad + 1) & 3]),
                                               _mm_alignr_epi8(w[(quad + 3) & 3], w[(quad + 2) & 3], 4)),
                                 w[(quad + 3) & 3]);
    __m128i k = _mm_loadu_si128((const __m128i *)(const void *)(constants + quad * 4));
    __m128i sum = _mm_add_epi32(w[quad & 3], k);
    l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, sum);
    l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

WITH_SHA static void hash_blocks_of_two(lane *x, lane *y, size_t blocks) {
    lane a = *x, b = *y;
    for (; blocks; blocks--) {
        __m128i abef[2] = {a.abef, b.abef}, cdgh[2] = {a.cdgh, b.cdgh}, wa[4], wb[4];
#pragma GCC unroll 16
        for (int quad = 0; quad < 16; quad++) {
            four_rounds(&a, wa, quad);
            four_rounds(&b, wb, quad);
        }
        a.abef = _mm_add_epi32(a.abef, abef[0]), a.cdgh = _mm_add_epi32(a.cdgh, cdgh[0]);
        b.abef = _mm_add_epi32(b.abef, abef[1]), b.cdgh = _mm_add_epi32(b.cdgh, cdgh[1]);
        a.at += BLOCK;
        b.at += BLOCK;
    }
    *x = a;
    *y = b;
}

WITH_SHA static void hash_blocks(lane *x, size_t blocks) {
    lane a = *x;
    for (; blocks; blocks--) {
        __m128i abef = a.abef, cdgh = a.cdgh, w[4];
#pragma GCC unroll 16
        for (int quad = 0; quad < 16; quad++)
            four_rounds(&a, w, quad);
        a.abef = _mm_add_epi32(a.abef, abef);
        a.cdgh = _mm_add_epi32(a.cdgh, cdgh);
        a.at += BLOCK;
    }
    *x = a;
}

WITH_SHA static lane begin_lane(const char *at) {
    return (lane){_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                  _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19),
                  (const unsigned char *)at};
}

/* What is left of a message that is so long as a whole, padded. */
WITH_SHA static digest end_lane(lane *l, size_t left, uint64_t whole) {
    unsigned char last[2 * BLOCK] = {0};
    digest d;
    size_t blocks = left + 9 > BLOCK ? 2 : 1;
    memcpy(last, l->at, left);
    last[left] = 0x80;
    for (int i = 0; i < 8; i++)
        last[blocks * BLOCK - 1 - (size_t)i] = (unsigned char)(whole * 8 >> (8 * i));
    l->at = last;
    hash_blocks(l, blocks);
    uint32_t words[8];
    __m128i halves[2] = {l->abef, l->cdgh};
    const int order[8] = {3, 2, 7, 6, 1, 0, 5, 4}; /* A, B, C, … of F E B A, H G D C */
    memcpy(words, halves, sizeof words);
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 4; k++)
            d.bytes[i * 4 + k] = (unsigned char)(words[order[i]] >> (24 - 8 * k));
    return d;
}

/* Behind `before` come as many of the bytes as fill its last block; the rest is hashed where it stands. */
WITH_SHA static void both_at_once(str before, str bytes, digest *alone, digest *behind) {
    unsigned char head[LONGEST_BEFORE + BLOCK];
    size_t filled = (BLOCK - before.size % BLOCK) % BLOCK;
    memcpy(head, before.data, before.size);
    memcpy(head + before.size, bytes.data, filled);
    lane x = begin_lane(bytes.data), y = begin_lane((const char *)head);
    hash_blocks(&y, (before.size + filled) / BLOCK);
    y.at = (const unsigned char *)bytes.data + filled;
    size_t blocks = (bytes.size - filled) / BLOCK, more = bytes.size / BLOCK - blocks;
    hash_blocks_of_two(&x, &y, blocks);
    hash_blocks(&x, more);
    *alone = end_lane(&x, bytes.size % BLOCK, bytes.size);
    *behind = end_lane(&y, (bytes.size - filled) % BLOCK, (uint64_t)before.size + bytes.size);
}

static bool has_instructions;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void look_at_processor(void) {
    unsigned a, b, c, d, more_a, more_b, more_c, more_d;
    has_instructions = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3) &&
                       __get_cpuid_count(7, 0, &more_a, &more_b, &more_c, &more_d) && (more_b & bit_SHA);
}

bool sha256_is_double(void) {
    pthread_once(&once, look_at_processor);
    return has_instructions;
}

void sha256_both(str before, str bytes, digest *alone, digest *behind) {
    if (bytes.size < LEAST || before.size > LONGEST_BEFORE || !before.size || !sha256_is_double())
        sha256_both_plain(before, bytes, alone, behind);
    else
        both_at_once(before, bytes, alone, behind);
}

#else

bool sha256_is_double(void) {
    return false;
}

void sha256_both(str before, str bytes, digest *alone, digest *behind) {
    sha256_both_plain(before, bytes, alone, behind);
}
#endif
