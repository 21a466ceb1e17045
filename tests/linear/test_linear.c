/* No stage is worse than linear: for every shape of text and markup the counters of work at 10n and 100n are
 * held against those at n. No clock is asked. */
#include "test_support.h"

#include "../../bench/work.h"

enum {
    N = 6000,
    BYTES_COPIED = 1,
    TOKENS_VISITED = 2,
    CLAIM_STEPS = 6,
    ELEMENTS_VISITED = 7
}; /* kinds of work, as in bench/work.c */

/* `more` is the count at ten times the text. A constant share (what is done once a page) makes it less than
 * ten times; up to a tenth above is the rounding of what a repeat of the pattern leaves over. */
static void assert_linear(const char *shape_name, size_t kind, uint64_t fewer, uint64_t more) {
    uint64_t most = fewer * (kind == CLAIM_STEPS || kind == ELEMENTS_VISITED ? 12 : 11) + 2000;
    if (strcmp(work_names[kind], "bytes copied") == 0) /* vectors double: amortised constant, up to twice as
                                                          much; a short text fits in their first room */
        most = fewer * 20 + 64 * N;
    if (kind == WORK_KINDS - 1) /* an arena takes blocks that double */
        most = fewer * 20 + 4 * 1024 * 1024;
    if (more > most)
        fail_msg("%s: %s grow from %llu to %llu with ten times the text", shape_name, work_names[kind],
                 (unsigned long long)fewer, (unsigned long long)more);
}

static void shape_is_linear(void **state) {
    const shape *s = *state;
    /* a text that repeats no pattern needs some length to be like its tenfold */
    size_t size = strcmp(s->name, "varied arabic") == 0 ? 4 * N : N;
    work_done n = work_measure(s, size), ten = work_measure(s, 10 * size),
              hundred = work_measure(s, 100 * size);
    for (size_t k = 0; k < WORK_KINDS; k++) {
        /* A claim is held against those before it, up to a bound that a short text does not reach. */
        /* So is an element against those that are open. */
        if (k != CLAIM_STEPS && k != ELEMENTS_VISITED)
            assert_linear(s->name, k, n.of[k], ten.of[k]);
        if (k != CLAIM_STEPS || hundred.of[k] > hundred.of[TOKENS_VISITED])
            assert_linear(s->name, k, ten.of[k], hundred.of[k]);
    }
    enum { STEPS_A_TOKEN = 100, HTML_EVENTS = 5, ELEMENTS_A_TOKEN = 2048 };
    if (hundred.of[ELEMENTS_VISITED] > ELEMENTS_A_TOKEN * hundred.of[HTML_EVENTS])
        fail_msg("%s: %llu elements visited for %llu tokens", s->name,
                 (unsigned long long)hundred.of[ELEMENTS_VISITED],
                 (unsigned long long)hundred.of[HTML_EVENTS]);
    if (hundred.of[CLAIM_STEPS] > STEPS_A_TOKEN * hundred.of[TOKENS_VISITED])
        fail_msg("%s: %llu claim steps for %llu tokens", s->name, (unsigned long long)hundred.of[CLAIM_STEPS],
                 (unsigned long long)hundred.of[TOKENS_VISITED]);
    for (size_t k = 0; k + 1 < WORK_KINDS; k++) /* doubling never adds up to more than twice the whole */
        if (k != CLAIM_STEPS && k != ELEMENTS_VISITED &&
            hundred.of[k] > 200 * n.of[k] + (k == BYTES_COPIED ? 1000 * N : 20000))
            fail_msg("%s: %s grow from %llu to %llu with a hundred times the text", s->name, work_names[k],
                     (unsigned long long)n.of[k], (unsigned long long)hundred.of[k]);
    /* as with claim steps, the shorter text does not quite reach the bound */
    if (hundred.disagreements > 14 * ten.disagreements + 100)
        fail_msg("%s: disagreements grow from %zu to %zu with ten times the text", s->name, ten.disagreements,
                 hundred.disagreements);
}

static void counters_count(void **state) {
    (void)state;
#ifndef ISNAD_COUNTERS
    skip();
#endif
    work_done text = work_measure(shape_find("arabic news"), N),
              page = work_measure(shape_find("page of news"), N);
    static const bool by_text[WORK_KINDS] = {true, false, true, true, true, false, false, false, true};
    for (size_t k = 0; k < WORK_KINDS; k++)
        if (by_text[k] && text.of[k] == 0)
            fail_msg("nothing counts %s", work_names[k]);
    assert_true(page.of[5] > 0 && page.of[ELEMENTS_VISITED] > 0);
    assert_true(text.claims > 10);
}

int main(void) {
    static struct CMUnitTest tests[64];
    tests[0] = (struct CMUnitTest)cmocka_unit_test(counters_count);
    for (size_t i = 0; i < shape_count; i++)
        tests[i + 1] =
            (struct CMUnitTest){shapes[i].name, shape_is_linear, NULL, NULL, (void *)(uintptr_t)&shapes[i]};
    return _cmocka_run_group_tests("linear", tests, shape_count + 1, NULL, NULL);
}
