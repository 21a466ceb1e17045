#include "test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const char *test_path(arena *a, const char *relative) {
    const char *root = getenv("ISNAD_SOURCE");
    return root ? arena_printf(a, "%s/%s%c", root, relative, 0).data : relative;
}

bool test_file_exists(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

str test_file(arena *a, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be opened", path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *data = arena_alloc(a, (size_t)size + 1);
    size_t got = fread(data, 1, (size_t)size, file);
    fclose(file);
    assert_int_equal(got, (size_t)size);
    return (str){data, got};
}

void assert_str_equal(str got, str expected, const char *what) {
    if (str_equal(got, expected))
        return;
    size_t at = 0;
    while (at < got.size && at < expected.size && got.data[at] == expected.data[at])
        at++;
    /* cmocka cuts long lines */
    size_t from = at < 200 ? 0 : at - 200;
    got = str_slice(got, from, got.size < at + 200 ? got.size : at + 200);
    expected = str_slice(expected, from, expected.size < at + 200 ? expected.size : at + 200);
    fail_msg("%s differs at byte %zu\n got:      %.*s\n expected: %.*s", what, at, STR_ARG(got),
             STR_ARG(expected));
}

static void write_file(const char *path, str content) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(content.data, 1, content.size, file) != content.size || fclose(file) != 0)
        fail_msg("%s cannot be written", path);
}

void assert_golden(str got, const char *relative) {
    arena a = arena_new((allocator){0});
    const char *path = test_path(&a, relative);
    if (getenv("ISNAD_GOLDEN"))
        write_file(path, got);
    else
        assert_str_equal(got, test_file(&a, path), relative);
    arena_free(&a);
}

/* The last generator that no number of rounds was told of. */
static const char *seeded;
static uint64_t seeded_with;

test_random test_seeded(const char *test_name) {
    const char *given = getenv("ISNAD_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed =
        given ? strtoull(given, NULL, 10) : (uint64_t)now.tv_sec * 1000003u ^ (uint64_t)now.tv_nsec;
    print_message("%s: ISNAD_SEED=%llu\n", test_name, (unsigned long long)seed);
    seeded = test_name;
    seeded_with = seed;
    return (test_random){seed, seed};
}

/* splitmix64 */
uint64_t random_next(test_random *r) {
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

size_t random_below(test_random *r, size_t limit) {
    return (size_t)(random_next(r) % limit);
}

size_t test_rounds(size_t small) {
    const char *soak = getenv("ISNAD_SOAK");
    long times = soak ? strtol(soak, NULL, 10) : 1;
    size_t rounds = small * (size_t)(times < 1 ? 1 : times);
    if (seeded)
        print_message("soak: %s: %zu rounds, seed %llu\n", seeded, rounds, (unsigned long long)seeded_with);
    seeded = NULL;
    return rounds;
}
