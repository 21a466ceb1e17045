/* What the test programs share: cmocka, the source tree, whole files, a seeded generator. */
#ifndef ISN_TEST_SUPPORT_H
#define ISN_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* `fail` is a macro of cmocka; here the name belongs to base/failure.h, and tests use fail_msg. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                                        \
    do {                                                                                                     \
        print_error("ERROR: " __VA_ARGS__);                                                                  \
        print_error("\n");                                                                                   \
        _fail(__FILE__, __LINE__);                                                                           \
    } while (0)

#include "base/arena.h"

/* The path of a file of the source tree: test_path(a, "lang/ar/words.tsv"). */
const char *test_path(arena *a, const char *relative);
/* The whole file; fails the test where it cannot be read. */
str test_file(arena *a, const char *path);
bool test_file_exists(const char *path);
/* Fails, naming `what` and showing both, where the two differ. */
void assert_str_equal(str got, str expected, const char *what);
/* Compares with a golden file of the source tree; with ISNAD_GOLDEN=1 in the environment it writes the
 * file instead (`make golden`), and the difference in the repository is the review. */
void assert_golden(str got, const char *relative);

/* A generator of random numbers whose seed is printed, or taken from ISNAD_SEED. */
typedef struct test_random {
    uint64_t state, seed;
} test_random;
test_random test_seeded(const char *test_name);
uint64_t random_next(test_random *r);
/* 0 to limit - 1 */
size_t random_below(test_random *r, size_t limit);
/* How many rounds a random property runs: `small`, times ISNAD_SOAK where it is set (`make soak`). After
 * test_seeded it prints the line that `make soak` gathers at the end, "soak: WHAT: COUNTS, seed N"; a test
 * that has more to tell asks for its rounds first, and prints such a line itself. */
size_t test_rounds(size_t small);

#endif
