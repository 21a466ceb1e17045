/* Text for terminals: whatever bytes a page has, nothing that a terminal would obey comes through. */
#include "test_support.h"

#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/utf8.h"
#include "cli/text.h"

/* Bytes that make trouble, between letters of several scripts. */
static size_t random_text(test_random *r, char *out, size_t limit) {
    static const char *const pieces[] = {
        "a",
        " ",
        "قتل",
        "13",
        "\n",
        "\t",
        "\x1b[31m",
        "\xC2\x9B",
        "\xE2\x80\xAE",
        "\xE2\x81\xA6",
        "\xE2\x81\xA9",
        "\xE2\x80\x8F",
        "\x80",
        "\xE2\x80",
        "\xF0\x9F\x98\x80",
        "\xED\xA0\x80",
        "ً",
        "中",
        "\xC0\x80",
        "\x7F",
        "\xD8",
        "\xE2\x80\xA8",
        "\xF3\xA0\x81\x81",
        "—",
        "\r",
    };
    size_t size = 0;
    for (size_t left = random_below(r, 60); left > 0; left--) {
        const char *piece = pieces[random_below(r, sizeof pieces / sizeof *pieces)];
        if (size + strlen(piece) > limit)
            break;
        memcpy(out + size, piece, strlen(piece));
        size += strlen(piece);
    }
    return size;
}

static void assert_harmless(str s, bool styled) {
    assert_true(utf8_valid(s));
    for (size_t at = 0; at < s.size;) {
        size_t from = at;
        uint32_t c = utf8_next(s, &at);
        if (text_obeyed(c) && !(styled && (c == '\n' || c == 0x2068 || c == 0x2069 || c == 0x200F)))
            fail_msg("U+%04X at byte %zu of %.*s", (unsigned)c, from, STR_ARG(s));
    }
}

static void test_nothing_obeyed_is_left(void **state) {
    (void)state;
    test_random r = test_seeded("nothing_obeyed_is_left");
    for (size_t round = 0; round < test_rounds(20000); round++) {
        char text[512];
        size_t size = random_text(&r, text, sizeof text);
        char *clean = text_clean(text, size);
        assert_harmless(str_of(clean), false);
        assert_null(strstr(clean, "  "));
        char *again = text_clean(clean, strlen(clean));
        assert_string_equal(clean, again);
        free(again);
        free(clean);
    }
}

/* text_next, which takes ill-formed bytes one by one, agrees with the library's on all that is well-formed.
 */
static void test_code_points(void **state) {
    (void)state;
    test_random r = test_seeded("code_points");
    for (size_t round = 0; round < test_rounds(20000); round++) {
        char text[512];
        size_t size = random_text(&r, text, sizeof text), at = 0;
        bool valid = utf8_valid((str){text, size});
        while (at < size) {
            size_t plain = at;
            uint32_t expected = utf8_next((str){text, size}, &plain), c = text_next(text, size, &at);
            assert_int_equal(c, expected);
            if (valid)
                assert_int_equal(at, plain);
            else
                at = plain;
        }
    }
}

static size_t quote(const terminal *t, quotation q, char **out) {
    size_t size = 0;
    *out = NULL;
    FILE *stream = open_memstream(out, &size);
    assert_non_null(stream);
    text_quote(stream, t, q, 4);
    fclose(stream);
    return size;
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void test_quotations_of_anything(void **state) {
    (void)state;
    test_random r = test_seeded("quotations_of_anything");
    for (size_t round = 0; round < test_rounds(20000); round++) {
        char text[512], *out;
        terminal t = {.interactive = random_below(&r, 2), .width = 40 + random_below(&r, 100)};
        quotation q = {.text = text, .size = random_text(&r, text, sizeof text)};
        q.mark_start = random_below(&r, q.size + 3);
        q.mark_end = random_below(&r, q.size + 3);
        q.bare = random_below(&r, 2);
        quote(&t, q, &out);
        assert_harmless(str_of(out), true);
        assert_int_equal(count_of(out, "\xE2\x81\xA8"), count_of(out, "\xE2\x81\xA9"));
        free(out);
    }
}

static void test_the_figure_is_marked(void **state) {
    (void)state;
    static const struct {
        const char *text, *mark, *expected;
    } cases[] = {
        {"قتل 13 شخصاً في غارة", "13 شخصاً", "    “قتل [13 شخصاً] في غارة”\n"},
        {"  at\tleast  17\ndead ", "17", "    “at least [17] dead”\n"},
        {"17", "17", "    “[17]”\n"},
        {"a\x1b[1mb 5\x1b[0m c", "5", "    “a[1mb [5][0m c”\n"},
    };
    terminal t = {.width = 80};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *mark = strstr(cases[i].text, cases[i].mark);
        size_t start = (size_t)(mark - cases[i].text);
        char *out;
        quote(&t,
              (quotation){cases[i].text, strlen(cases[i].text), start, start + strlen(cases[i].mark), false},
              &out);
        assert_string_equal(out, cases[i].expected);
        free(out);
    }
}

/* Of a text without end, a bounded part around the figure is shown: else claims times text would be
 * quadratic. */
static void test_long_text_is_cut_around_the_figure(void **state) {
    (void)state;
    enum { SIZE = 1 << 20, MARK = 600 * 1000 };
    char *text = malloc(SIZE), *out;
    memset(text, 'x', SIZE);
    for (size_t i = 7; i < SIZE; i += 8)
        text[i] = ' ';
    memcpy(text + MARK, "17", 2);
    terminal t = {.width = 80};
    size_t size = quote(&t, (quotation){text, SIZE, MARK, MARK + 2, false}, &out);
    assert_true(size < 4096);
    assert_non_null(strstr(out, "[17]"));
    assert_non_null(strstr(out, "“…"));
    assert_non_null(strstr(out, "…”"));
    free(out);
    free(text);
}

static void test_lines_fit_the_width(void **state) {
    (void)state;
    test_random r = test_seeded("lines_fit_the_width");
    for (size_t round = 0; round < test_rounds(3000); round++) {
        char text[512], *out;
        terminal t = {.width = 40 + random_below(&r, 60)};
        size_t size = random_text(&r, text, sizeof text);
        quote(&t, (quotation){.text = text, .size = size, .bare = true}, &out);
        for (const char *line = out, *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            assert_true(text_width(line, (size_t)(end - line)) <= t.width);
        }
        free(out);
    }
}

/* Our table of widths against ICU's, over the scripts it means to know. */
static void test_widths_are_those_of_unicode(void **state) {
    (void)state;
    static const UChar32 blocks[][2] = {
        {0x20, 0x7E},     {0xA0, 0x52F},    {0x590, 0x5FF},   {0x600, 0x6FF},   {0x750, 0x77F},
        {0x8A0, 0x8FF},   {0x1E00, 0x1FFF}, {0x2010, 0x2027}, {0x3041, 0x30FF}, {0x4E00, 0x9FFF},
        {0xAC00, 0xD7A3}, {0xFB50, 0xFDFF}, {0xFE70, 0xFEFE}, {0xFF01, 0xFF60}, {0x20000, 0x2A6DF},
    };
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
        for (UChar32 c = blocks[b][0]; c <= blocks[b][1]; c++) {
            int type = u_charType(c), wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
            bool mark = type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR;
            int expected = mark ? 0 : wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
            if (type != U_UNASSIGNED && text_columns((uint32_t)c) != expected)
                fail_msg("U+%04X: %d columns, Unicode says %d", (unsigned)c, text_columns((uint32_t)c),
                         expected);
        }
}

static void test_fit(void **state) {
    (void)state;
    test_random r = test_seeded("fit");
    for (size_t round = 0; round < test_rounds(20000); round++) {
        char text[512];
        size_t size = random_text(&r, text, sizeof text), columns = random_below(&r, 40);
        size_t fits = text_fit(text, size, columns);
        assert_true(fits <= size);
        assert_true(text_width(text, fits) <= columns);
        if (fits < size) {
            size_t next = fits;
            text_next(text, size, &next);
            assert_true(text_width(text, next) > columns);
        }
    }
}

static void test_index_of_code_points(void **state) {
    (void)state;
    test_random r = test_seeded("index_of_code_points");
    for (size_t round = 0; round < test_rounds(200); round++) {
        enum { LETTERS = 2000 };
        static const char *const letters[] = {"a", "ق", "中", "\xF0\x9F\x98\x80"};
        char text[4 * LETTERS];
        size_t offsets[LETTERS + 1], size = 0, count = random_below(&r, LETTERS);
        for (size_t i = 0; i < count; i++) {
            const char *letter = letters[random_below(&r, 4)];
            offsets[i] = size;
            memcpy(text + size, letter, strlen(letter));
            size += strlen(letter);
        }
        offsets[count] = size;
        text_index x = text_index_new(text, size);
        for (size_t i = 0; i <= count; i++)
            assert_int_equal(text_index_offset(&x, i), offsets[i]);
        assert_int_equal(text_index_offset(&x, count + 1 + random_below(&r, 1000)), size);
        text_index_free(&x);
    }
}

static char *printed_table(const terminal *t) {
    static const table_column columns[] = {
        {"NAME", CELL_TEXT, 0}, {"NOTHING", CELL_TEXT, 0}, {"N", CELL_FIGURE, 0}};
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    table *rows = table_new(columns, 3);
    table_cell(rows, "دير الزور");
    table_cell(rows, NULL);
    table_cellf(rows, "%d", 5);
    table_cell(rows, "a rather long name of a place");
    table_cell(rows, "");
    table_cellf(rows, "%d", 17);
    table_note(rows, strdup("    a note\n"));
    table_print(rows, stream, t);
    table_free(rows);
    fclose(stream);
    return out;
}

static void test_tables(void **state) {
    (void)state;
    char *out = printed_table(&(terminal){.width = 80});
    assert_string_equal(out, "NAME                            N\n"
                             "دير الزور                       5\n"
                             "a rather long name of a place  17\n"
                             "    a note\n");
    free(out);
    out = printed_table(&(terminal){.width = 20, .interactive = true});
    assert_string_equal(out, "NAME               N\n"
                             "\xE2\x81\xA8دير الزور\xE2\x81\xA9          5\n"
                             "a rather long n…  17\n"
                             "    a note\n");
    free(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_obeyed_is_left),
        cmocka_unit_test(test_code_points),
        cmocka_unit_test(test_quotations_of_anything),
        cmocka_unit_test(test_the_figure_is_marked),
        cmocka_unit_test(test_long_text_is_cut_around_the_figure),
        cmocka_unit_test(test_lines_fit_the_width),
        cmocka_unit_test(test_widths_are_those_of_unicode),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_index_of_code_points),
        cmocka_unit_test(test_tables),
    };
    return cmocka_run_group_tests_name("cli-text", tests, NULL, NULL);
}
