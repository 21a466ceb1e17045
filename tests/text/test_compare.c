/* Two texts by sentences: what was kept, changed, added, dropped and moved; what holds for any two. */
#include "test_support.h"

#include "base/buffer.h"
#include "base/counters.h"
#include "text/compare.h"

static comparison compared(const char *before, const char *after, arena *a) {
    comparison c;
    text_compare(str_of(before), str_of(after), a, &c);
    return c;
}

static void assert_counts(const comparison *c, size_t same, size_t changed, size_t added, size_t dropped,
                          size_t moved) {
    assert_int_equal(c->counts[CHANGE_SAME], same);
    assert_int_equal(c->counts[CHANGE_CHANGED], changed);
    assert_int_equal(c->counts[CHANGE_ADDED], added);
    assert_int_equal(c->counts[CHANGE_DROPPED], dropped);
    assert_int_equal(c->moved, moved);
}

static void an_editor_at_work(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    comparison c = compared(
        "قال مصدر مختلق إن 17 شخصا قتلوا في سوق البلدة المختلقة. وأضاف أن الجرحى نقلوا إلى المستشفى. "
        "ولم تعلن أي جهة مسؤوليتها.\nوكانت البلدة شهدت انفجارا في آذار. وقال رئيس البلدية إن السوق ستغلق.",
        "قال مصدر مختلق إن ١٩ شخصاً قتلوا في سوق البلدة المختلقة. وقال رئيس البلديّة إن السوق ستغلق.\n"
        "وأضاف أن الجرحى نقلوا إلى المستشفى. وكانت البلدة شهدت انفجاراً في آذار. وأعلنت الوزارة فتح تحقيق.",
        &a);
    assert_counts(&c, 3, 1, 1, 1, 1);
    assert_int_equal(c.changes.at[0].kind, CHANGE_CHANGED);
    assert_int_equal(c.changes.at[0].dropped.size, 1);
    assert_str_equal(c.changes.at[0].dropped.at[0], STR("17"), "dropped");
    assert_str_equal(c.changes.at[0].added.at[0], STR("١٩"), "added");
    assert_true(c.changes.at[1].moved);
    arena_free(&a);
}

static void in_english(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    comparison c = compared(
        "At least 5 people were killed in the invented town of Oldford, police said. A market burned. "
        "Nobody claimed it. Rain fell.",
        "A market burned. At least seven people were killed in the invented town of Oldford, "
        "the police said on Monday. Schools stayed shut.",
        &a);
    assert_counts(&c, 1, 1, 1, 2, 1);
    arena_free(&a);
}

static void ends(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    comparison c = compared("", "", &a);
    assert_counts(&c, 0, 0, 0, 0, 0);
    c = compared("One. Two.", "", &a);
    assert_counts(&c, 0, 0, 0, 2, 0);
    c = compared("... !", "One!", &a);
    assert_counts(&c, 0, 0, 1, 0, 0);
    c = compared("Same. Same. Same.", "Same. Same.", &a);
    assert_counts(&c, 2, 0, 0, 1, 0);
    arena_free(&a);
}

/* ---- any two texts ---- */

static void add_sentence(buffer *b, size_t n) {
    buffer_printf(b, "Word%zu fell upon house%zu while guard%zu slept near gate%zu. ", n, n * 7, n * 13,
                  n * 29);
}

static void check(const comparison *c) {
    size_t before = 0, after = 0;
    for (size_t i = 0; i < c->changes.size; i++) {
        const change *one = &c->changes.at[i];
        before += one->before != NO_SENTENCE;
        after += one->after != NO_SENTENCE;
        assert_true((one->before == NO_SENTENCE) == (one->kind == CHANGE_ADDED));
        assert_true((one->after == NO_SENTENCE) == (one->kind == CHANGE_DROPPED));
    }
    assert_int_equal(before, c->counts[CHANGE_SAME] + c->counts[CHANGE_CHANGED] + c->counts[CHANGE_DROPPED]);
    assert_int_equal(after, c->counts[CHANGE_SAME] + c->counts[CHANGE_CHANGED] + c->counts[CHANGE_ADDED]);
}

/* Sentences dropped, added and exchanged at random are told as just that, and the other way round too. */
static void random_edits_are_told(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(300); round++) {
        buffer x = {0}, y = {0};
        size_t count = random_below(&r, 30), same = 0, dropped = 0, added = 0;
        for (size_t n = 0; n < count; n++) {
            size_t what = random_below(&r, 4);
            if (what != 1)
                add_sentence(&x, n);
            if (what != 2)
                add_sentence(&y, n);
            same += what == 0 || what == 3;
            added += what == 1;
            dropped += what == 2;
        }
        comparison c, back;
        text_compare(buffer_str(&x), buffer_str(&y), &a, &c);
        text_compare(buffer_str(&y), buffer_str(&x), &a, &back);
        check(&c);
        check(&back);
        assert_int_equal(c.counts[CHANGE_SAME], same);
        assert_int_equal(c.counts[CHANGE_ADDED] + c.counts[CHANGE_CHANGED], added);
        assert_int_equal(c.counts[CHANGE_DROPPED] + c.counts[CHANGE_CHANGED], dropped);
        assert_true(c.moved <= c.counts[CHANGE_CHANGED]);
        assert_int_equal(back.counts[CHANGE_SAME], same);
        buffer_free(&x);
        buffer_free(&y);
        arena_reset(&a);
    }
    arena_free(&a);
}

#ifdef ISNAD_COUNTERS
static uint64_t work_of(size_t sentences, bool alike) {
    arena a = arena_new((allocator){0});
    buffer x = {0}, y = {0};
    for (size_t n = 0; n < sentences; n++) {
        buffer_printf(&x, "The men of town%zu went home at dawn. ", alike ? n % 3 : n);
        buffer_printf(&y, "The men of town%zu came home at dusk. ", alike ? n % 3 : n);
    }
    comparison c;
    work = (counters){0};
    text_compare(buffer_str(&x), buffer_str(&y), &a, &c);
    uint64_t done = work.names_compared;
    buffer_free(&x);
    buffer_free(&y);
    arena_free(&a);
    return done;
}
#endif

static void work_is_linear(void **state) {
    (void)state;
#ifdef ISNAD_COUNTERS
    for (int alike = 0; alike < 2; alike++) {
        uint64_t few = work_of(200, alike), many = work_of(2000, alike);
        assert_true(many <= few * 11 + 2000);
    }
#endif
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_editor_at_work),     cmocka_unit_test(in_english),     cmocka_unit_test(ends),
        cmocka_unit_test(random_edits_are_told), cmocka_unit_test(work_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
