/* Single sentences with their values, as tables that a linguist can add to: what an expression of time means
 * (times.tsv), numbers that count nobody (no_figures.txt), what is denied and doubted (stances.tsv), and
 * through whom a figure was told (chains.tsv). */
#include "reading/reading.h"
#include "test_support.h"

#include <inttypes.h>
#include <math.h>

static reading *read_sentence(str language, str published, str text, arena *a) {
    article *page = ARENA_NEW(a, article, 1);
    *page = (article){.id = STR("sentence"),
                      .language = language,
                      .published = published,
                      .published_from = STR("given"),
                      .text = text,
                      .supported = true,
                      .verbatim = true};
    reading *r = ARENA_NEW(a, reading, 1);
    reading_make(page, gazetteer_builtin(), NULL, a, r);
    return r;
}

/* The next line that is neither empty nor a comment; false at the end. */
static bool next_line(str file, size_t *at, str *line) {
    while (*at < file.size) {
        const char *end = memchr(file.data + *at, '\n', file.size - *at);
        size_t stop = end ? (size_t)(end - file.data) : file.size;
        *line = str_slice(file, *at, stop);
        *at = stop + 1;
        if (line->size && line->data[0] != '#')
            return true;
    }
    return false;
}

static str next_cell(str *line) {
    const char *tab = memchr(line->data, '\t', line->size);
    size_t size = tab ? (size_t)(tab - line->data) : line->size;
    str cell = {line->data, size};
    *line = str_slice(*line, tab ? size + 1 : size, line->size);
    return cell;
}

static void times_have_their_values(void **state) {
    (void)state;
    arena files = arena_new((allocator){0}), a = arena_new((allocator){0});
    str file = test_file(&files, test_path(&files, "tests/reading/times.tsv")), line;
    size_t at = 0, rows = 0;
    assert_true(next_line(file, &at, &line)); /* the names of the columns */
    for (; next_line(file, &at, &line); rows++, arena_reset(&a)) {
        str language = next_cell(&line), published = next_cell(&line), text = next_cell(&line),
            time = next_cell(&line), value = next_cell(&line);
        const reading *r = read_sentence(language, published, text, &a);
        if (r->times.size != 1)
            fail_msg("%.*s: %zu times, not one", STR_ARG(text), r->times.size);
        assert_str_equal(r->times.at[0].at.text, time, "the expression of time");
        assert_str_equal(r->times.at[0].value, value, arena_cstring(&a, text));
    }
    assert_true(rows > 40);
    arena_free(&a);
    arena_free(&files);
}

/* A full date at the head, or behind a byline, says what today is, one that a text speaks of does not; the
 * following month follows one that was told. */
static void times_lean_on_what_was_told(void **state) {
    (void)state;
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"Mill burns\n06-06-2023 Mill burns in the harbour. A mill burned on Sunday.", "2023-06-04"},
        {"A mill burns down in the old harbour of the town AFP Tuesday 6 Jun 2023 A mill burned on Sunday.",
         "2023-06-04"},
        {"The mill closed in May 2016 and reopened the following month.", "2016-06"},
        {"The mill closed on 3 May 2016. It reopened three weeks later.", "2016-05-24"},
        {"The old mill of the town reopens on Tuesday 6 Jun 2023 and was closed on Sunday.", "2023-05-14"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena a = arena_new((allocator){0});
        const reading *r = read_sentence(STR("en"), STR("2023-05-14"), str_of(cases[i].text), &a);
        assert_true(r->times.size > 0);
        assert_str_equal(r->times.at[r->times.size - 1].value, str_of(cases[i].value), cases[i].text);
        arena_free(&a);
    }
}

/* Times of Greenwich are told by the clock of the outlet, where it is known. */
static void greenwich_is_told_by_the_outlets_clock(void **state) {
    (void)state;
    static const struct {
        const char *published, *offset, *outlet, *url, *value;
    } cases[] = {
        {"2021-01-15", NULL, NULL, "https://www.sana.sy/?p=1", "2021-01-15T00:15"},
        {"2021-07-15", NULL, "sana.sy", NULL, "2021-07-15T01:15"}, /* summer time */
        {"2021-07-15", NULL, "سانا", NULL, "2021-07-15T01:15"},
        {"2021-07-15", "+04:00", "example.org", NULL, "2021-07-15T02:15"},
        {"2021-07-15", "-05:30", NULL, NULL, "2021-07-14T16:45"},
        {"2021-07-15", "+00:00", NULL, "https://news.example.iq/a", "2021-07-15T01:15"},
        {"2021-07-15", NULL, "notbbc.com", NULL, "2021-07-14T22:15"},
        {"2021-07-15", NULL, NULL, NULL, "2021-07-14T22:15"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena a = arena_new((allocator){0});
        article page = {.id = STR("greenwich"),
                        .language = STR("ar"),
                        .published = str_of(cases[i].published),
                        .published_offset = cases[i].offset ? str_of(cases[i].offset) : STR_NONE,
                        .published_from = STR("given"),
                        .outlet = cases[i].outlet ? str_of(cases[i].outlet) : STR_NONE,
                        .url = cases[i].url ? str_of(cases[i].url) : STR_NONE,
                        .text = STR("وقع الحريق أمس في تمام الساعة 22:15 بتوقيت غرينتش"),
                        .supported = true,
                        .verbatim = true};
        reading r;
        reading_make(&page, gazetteer_builtin(), NULL, &a, &r);
        assert_int_equal(r.times.size, 1);
        assert_str_equal(r.times.at[0].value, str_of(cases[i].value), "the time");
        arena_free(&a);
    }
}

static void read_numbers_of(const char *text, arena *a, reading *r) {
    article page = {.id = STR("numbers"),
                    .language = STR("ar"),
                    .published = STR("2023-05-14"),
                    .published_from = STR("given"),
                    .text = str_of(text),
                    .supported = true,
                    .verbatim = true};
    reading_make(&page, gazetteer_builtin(), &(reading_options){.numbers = true}, a, r);
}

/* --mentions: a number that is told in several words or signs has one value. */
static void numbers_have_their_values(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"بلغت القيمة 2.5^-1 مرة", 0.4},
        {"بلغت القيمة -1.5e+3 درجة", -1500},
        {"وقف واحد من خمسة حراس عند الباب", 0.2},
        {"دفع خمس المبلغ للتاجر", 0.2},
        {"دفع خمس العشرين للتاجر", 4},
        {"وزن مئة وعشرين وخمسين من القنطار", 120.4},
        {"وزن واحد وأربعون سبع القنطار", 41.0 / 7},
        {"خمسة وتسعون مئة صندوق في المخزن", 9500},
        {"خمسة ومئة صندوق في المخزن", 105},
        {"مائتان فاصلة سبعة من مئة قنطار", 200.07},
        {"عنوان الخادم 10.20.3.4 في الشبكة", 20},
        {"احترق ثمن المحصول في الحقل", 0.125},
        {"حذف المحرر ثلث النص وحذفت ثمن النص", 0.125},
        {"قيست الكتلة ٣-^١٠ مرة", 0.001},
        {"قيست الكتلة -٤-^١٠ مرة", -0.0001},
        {"وقف حارسان طويلان عند الباب", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena a = arena_new((allocator){0});
        reading r;
        read_numbers_of(cases[i].text, &a, &r);
        bool found = false;
        for (size_t k = 0; k < r.numbers.size; k++)
            found |= fabs(r.numbers.at[k].value - cases[i].value) < 1e-9;
        if (!found)
            fail_msg("%s: %g is not read", cases[i].text, cases[i].value);
        arena_free(&a);
    }
}

/* A price is no eighth, what is first above all is no first of many, and what a numeral counts is told once.
 */
static void other_words_are_no_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t numbers;
    } cases[] = {
        {"ارتفع ثمن المحصول", 0},
        {"حذف المحرر سطرا. ثمن الكتاب معلوم", 0},
        {"تخدم القناة بالدرجة الأولى المزارعين", 0},
        {"سافر التاجر في درجة أولى", 0},
        {"اعترض التاجر في المقام الأول", 0},
        {"وقف حارسان اثنان عند الباب", 1},
        {"وقف حارسان طويلان عند الباب", 1},
        {"وقف الحارسان عند الباب", 0},
        {"نجح في الصف الأول", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena a = arena_new((allocator){0});
        reading r;
        read_numbers_of(cases[i].text, &a, &r);
        if (r.numbers.size != cases[i].numbers)
            fail_msg("%s: %zu numbers, not %zu", cases[i].text, r.numbers.size, cases[i].numbers);
        arena_free(&a);
    }
}

static void other_numbers_count_nobody(void **state) {
    (void)state;
    arena files = arena_new((allocator){0}), a = arena_new((allocator){0});
    str file = test_file(&files, test_path(&files, "tests/reading/no_figures.txt")), line;
    for (size_t at = 0; next_line(file, &at, &line); arena_reset(&a)) {
        const reading *r = read_sentence(STR("ar"), STR("2023-05-14"), line, &a);
        for (size_t i = 0; i < r->claims.size; i++)
            if (r->claims.at[i].max != 1)
                fail_msg("%.*s: \"%.*s\" is taken for people", STR_ARG(line),
                         STR_ARG(r->claims.at[i].count.text));
    }
    arena_free(&a);
    arena_free(&files);
}

/* "killed 0 0 denies": a claim, and behind "on" what a pair of claims differs on. */
static str readings_words(const reading *r, arena *a) {
    str out = STR("");
    for (size_t i = 0; i < r->claims.size; i++) {
        const claim *c = &r->claims.at[i];
        str most = c->max == COUNT_OPEN ? STR("-") : arena_printf(a, "%" PRId64, c->max);
        out = arena_printf(a, "%.*s%s%s %" PRId64 " %.*s %s", STR_ARG(out), i ? ", " : "",
                           effect_name(c->effect), c->min, STR_ARG(most), stance_name(c->stance));
    }
    for (size_t i = 0; i < r->disagreements.size; i++)
        out = arena_printf(a, "%.*s, on %s", STR_ARG(out), disagreement_on_name(r->disagreements.at[i].on));
    return out;
}

static void stances_are_read(void **state) {
    (void)state;
    arena files = arena_new((allocator){0}), a = arena_new((allocator){0});
    str file = test_file(&files, test_path(&files, "tests/reading/stances.tsv")), line;
    size_t at = 0, rows = 0;
    assert_true(next_line(file, &at, &line)); /* the names of the columns */
    for (; next_line(file, &at, &line); rows++, arena_reset(&a)) {
        str language = next_cell(&line), text = next_cell(&line), wanted = next_cell(&line);
        const reading *r = read_sentence(language, STR("2021-01-14"), text, &a);
        assert_str_equal(readings_words(r, &a), wanted, arena_cstring(&a, text));
    }
    assert_true(rows > 100);
    arena_free(&a);
    arena_free(&files);
}

/* "a doctor < the radio < the paper" for each claim, from the first teller outwards; "-" is the page itself.
 */
static str chains_words(const reading *r, arena *a) {
    str out = STR("");
    for (size_t i = 0; i < r->claims.size; i++) {
        const claim *c = &r->claims.at[i];
        str teller = c->voice.at.text.data ? c->voice.at.text : STR("-");
        out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out), i ? " | " : "", STR_ARG(teller));
        for (size_t k = 0; k < c->via.size; k++)
            out = arena_printf(a, "%.*s < %.*s", STR_ARG(out), STR_ARG(c->via.at[k].at.text));
    }
    return out;
}

static void chains_are_read(void **state) {
    (void)state;
    arena files = arena_new((allocator){0}), a = arena_new((allocator){0});
    str file = test_file(&files, test_path(&files, "tests/reading/chains.tsv")), line;
    size_t at = 0, rows = 0;
    assert_true(next_line(file, &at, &line)); /* the names of the columns */
    for (; next_line(file, &at, &line); rows++, arena_reset(&a)) {
        str language = next_cell(&line), text = next_cell(&line), wanted = next_cell(&line);
        const reading *r = read_sentence(language, STR("2021-01-14"), text, &a);
        assert_str_equal(chains_words(r, &a), wanted, arena_cstring(&a, text));
    }
    assert_true(rows > 10);
    arena_free(&a);
    arena_free(&files);
}

/* Who spoke to the page's own outlet, by whichever of its names, is heard through nobody. */
static void outlets_are_called(void **state) {
    (void)state;
    static const struct {
        const char *outlet, *text, *chains;
    } cases[] = {
        {"enabbaladi.net", "قال مصدر طبي لعنب بلدي إن تسعة بحارة قتلوا.", "مصدر طبي"},
        {"enabbaladi.net", "قال مصدر طبي لصحيفة «عنب بلدي» إن تسعة بحارة قتلوا.", "مصدر طبي"},
        {"enabbaladi.net", "قال مصدر طبي لصحيفة «الغيمة» إن تسعة بحارة قتلوا.", "مصدر طبي < صحيفة «الغيمة»"},
        {"alwatan.com.sa", "قال مصدر طبي لصحيفة «الوطن» إن تسعة بحارة قتلوا.", "مصدر طبي"},
        {"alwatan.com.sa", "قال مصدر طبي لصحيفة الوطن السورية إن تسعة بحارة قتلوا.",
         "مصدر طبي < صحيفة الوطن السورية"},
        {"cloud.example", "قال مصدر طبي لعنب بلدي إن تسعة بحارة قتلوا.", "مصدر طبي < عنب بلدي"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        article page = {.id = STR("outlet"),
                        .outlet = str_of(cases[i].outlet),
                        .language = STR("ar"),
                        .published = STR("2021-01-14"),
                        .published_from = STR("given"),
                        .text = str_of(cases[i].text),
                        .supported = true,
                        .verbatim = true};
        reading r;
        reading_make(&page, gazetteer_builtin(), &(reading_options){0}, &a, &r);
        assert_str_equal(chains_words(&r, &a), str_of(cases[i].chains), cases[i].text);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_read),
        cmocka_unit_test(outlets_are_called),
        cmocka_unit_test(stances_are_read),
        cmocka_unit_test(times_have_their_values),
        cmocka_unit_test(times_lean_on_what_was_told),
        cmocka_unit_test(greenwich_is_told_by_the_outlets_clock),
        cmocka_unit_test(numbers_have_their_values),
        cmocka_unit_test(other_words_are_no_numbers),
        cmocka_unit_test(other_numbers_count_nobody),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
