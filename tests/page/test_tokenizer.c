/* The tokenizer held against cases in the format of html5lib's tokenizer tests: our own of
 * tests/page/tokenizer, and all of html5lib's where ../shared is beside the repository. Both sides are
 * written as one row of bytes, each field with its length before it, and compared. Parse errors are not told
 * by the tokenizer and not compared. */
#include "test_support.h"

#include "base/utf8.h"
#include "page/html.h"
#include "page/text_run.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- rows of tokens ---- */

static void add_field(buffer *row, str field) {
    buffer_printf(row, " %zu:", field.size);
    buffer_add(row, field);
}

static void add_maybe(buffer *row, str field) {
    if (field.data)
        add_field(row, field);
    else
        buffer_add(row, STR(" null"));
}

typedef struct pair {
    str name, value;
} pair;

static int by_name(const void *x, const void *y) {
    return str_compare(((const pair *)x)->name, ((const pair *)y)->name);
}

static void add_pairs(buffer *row, pair *pairs, size_t count) {
    if (count)
        qsort(pairs, count, sizeof *pairs, by_name);
    for (size_t i = 0; i < count; i++) {
        add_field(row, pairs[i].name);
        add_field(row, pairs[i].value);
    }
}

/* Text is gathered until something else comes: adjacent texts are one. */
typedef struct row_writer {
    buffer row, text;
    arena *a;
} row_writer;

static void end_text(row_writer *w) {
    if (w->text.size) {
        buffer_add(&w->row, STR("\nCharacter"));
        add_field(&w->row, buffer_str(&w->text));
    }
    w->text.size = 0;
}

/* ---- what the tokenizer gives ---- */

static str decoded(str s, html_form form, arena *a) {
    buffer b = {0};
    html_decode(s, form, &b);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static void add_attributes(row_writer *w, const html_token *t) {
    VECTOR(pair) pairs = {0};
    str name, value;
    uint32_t has = 0;
    for (size_t at = 0; html_attribute_next(t->attributes, &at, &name, &value);) {
        pair one = {decoded(name, HTML_NAME, w->a), decoded(value, HTML_ATTRIBUTE, w->a)};
        bool again = false;
        for (size_t i = 0; i < pairs.size; i++)
            again = again || str_equal(pairs.at[i].name, one.name);
        if (again)
            continue;
        *VECTOR_PUSH(&pairs, w->a) = one;
        const name_entry *known = name_find(&attribute_table, name);
        if (known) { /* the token itself has the first of each name that is known */
            has |= UINT32_C(1) << known->value;
            assert_ptr_equal(t->values[known->value].data, value.data);
            assert_int_equal(t->values[known->value].size, value.size);
        }
        if (!memchr(name.data, 0, name.size))
            assert_ptr_equal(html_attribute_value(t, one.name).data, value.data);
    }
    assert_int_equal(has, t->has);
    add_pairs(&w->row, pairs.at, pairs.size);
}

static void add_token(row_writer *w, const html_token *t) {
    if (t->kind == HTML_TEXT) {
        html_decode(t->text, t->form, &w->text);
        return;
    }
    end_text(w);
    if (t->kind == HTML_START || t->kind == HTML_END) {
        buffer_add(&w->row, t->kind == HTML_START ? STR("\nStartTag") : STR("\nEndTag"));
        add_field(&w->row, decoded(t->name, HTML_NAME, w->a));
        if (t->kind == HTML_START) {
            add_attributes(w, t);
            buffer_add(&w->row, t->self_closing ? STR(" /") : STR(""));
        }
    } else if (t->kind == HTML_COMMENT) {
        buffer_add(&w->row, STR("\nComment"));
        add_field(&w->row, decoded(t->text, HTML_MARKUP, w->a));
    } else {
        html_doctype d = html_doctype_read(t->text);
        buffer_add(&w->row, STR("\nDOCTYPE"));
        add_maybe(&w->row, d.name.data ? decoded(d.name, HTML_NAME, w->a) : STR_NONE);
        add_maybe(&w->row, d.public_id.data ? decoded(d.public_id, HTML_MARKUP, w->a) : STR_NONE);
        add_maybe(&w->row, d.system_id.data ? decoded(d.system_id, HTML_MARKUP, w->a) : STR_NONE);
        buffer_add(&w->row, d.force_quirks ? STR(" quirks") : STR(""));
    }
}

/* `as_page`: comments and doctypes passed over, as a page's reader asks for it; `skip`: given, but not told.
 */
typedef enum view { ALL, SKIPPED, AS_PAGE } view;

static str row_of(html_reader r, view v, arena *a) {
    row_writer w = {.a = a};
    html_token t;
    r.everything = v != AS_PAGE;
    while (html_next(&r, &t))
        if (v == ALL || (t.kind != HTML_COMMENT && t.kind != HTML_DOCTYPE))
            add_token(&w, &t);
    end_text(&w);
    assert_int_equal(r.at, r.page.size);
    str row = arena_copy(a, buffer_str(&w.row));
    buffer_free(&w.row);
    buffer_free(&w.text);
    return row;
}

/* ---- what a case expects ---- */

/* A unit of UTF-16 as UTF-8; a lone surrogate as three bytes, which the tokenizer passes through. */
static void add_unit(buffer *out, uint32_t c) {
    if (c >= 0xDC00 && c <= 0xDFFF && out->size >= 3 && (unsigned char)out->data[out->size - 3] == 0xED &&
        (unsigned char)out->data[out->size - 2] >= 0xA0 && (unsigned char)out->data[out->size - 2] < 0xB0) {
        uint32_t high = 0xD000u | (uint32_t)(out->data[out->size - 2] & 0x3F) << 6 |
                        (uint32_t)(out->data[out->size - 1] & 0x3F);
        out->size -= 3;
        c = 0x10000 + ((high & 0x3FF) << 10) + (c & 0x3FF);
    }
    char bytes[4];
    if (c >= 0xD800 && c <= 0xDFFF) {
        buffer_add_byte(out, (char)0xED);
        buffer_add_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buffer_add_byte(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buffer_add(out, (str){bytes, utf8_put(bytes, c)});
    }
}

static str unescaped(str s, arena *a) {
    buffer out = {0};
    for (size_t i = 0; i < s.size;) {
        char hex[5] = "";
        if (i + 6 <= s.size && s.data[i] == '\\' && s.data[i + 1] == 'u') {
            memcpy(hex, s.data + i + 2, 4);
            add_unit(&out, (uint32_t)strtoul(hex, NULL, 16));
            i += 6;
        } else {
            buffer_add_byte(&out, s.data[i++]);
        }
    }
    str copy = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    return copy;
}

static str string_of(const json_t *value, bool escaped, arena *a) {
    if (!json_is_string(value))
        return STR_NONE;
    str s = {json_string_value(value), json_string_length(value)};
    return escaped ? unescaped(s, a) : s;
}

static void add_expected_pairs(row_writer *w, json_t *object, bool escaped) {
    VECTOR(pair) pairs = {0};
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        str name = escaped ? unescaped(str_of(key), w->a) : str_of(key);
        *VECTOR_PUSH(&pairs, w->a) = (pair){name, string_of(value, escaped, w->a)};
    }
    add_pairs(&w->row, pairs.at, pairs.size);
}

static void add_expected(row_writer *w, const json_t *token, bool escaped) {
    const char *kind = json_string_value(json_array_get(token, 0));
    str first = string_of(json_array_get(token, 1), escaped, w->a);
    if (strcmp(kind, "Character") == 0) {
        buffer_add(&w->text, first);
        return;
    }
    end_text(w);
    buffer_add_byte(&w->row, '\n');
    buffer_add(&w->row, str_of(kind));
    add_maybe(&w->row, first);
    if (strcmp(kind, "StartTag") == 0) {
        add_expected_pairs(w, json_array_get(token, 2), escaped);
        buffer_add(&w->row, json_is_true(json_array_get(token, 3)) ? STR(" /") : STR(""));
    } else if (strcmp(kind, "DOCTYPE") == 0) {
        add_maybe(&w->row, string_of(json_array_get(token, 2), escaped, w->a));
        add_maybe(&w->row, string_of(json_array_get(token, 3), escaped, w->a));
        buffer_add(&w->row, json_is_true(json_array_get(token, 4)) ? STR("") : STR(" quirks"));
    }
}

static str expected_row(const json_t *output, bool escaped, arena *a) {
    row_writer w = {.a = a};
    for (size_t i = 0; i < json_array_size(output); i++)
        add_expected(&w, json_array_get(output, i), escaped);
    end_text(&w);
    str row = arena_copy(a, buffer_str(&w.row));
    buffer_free(&w.row);
    buffer_free(&w.text);
    return row;
}

/* ---- cases ---- */

static html_form form_of_state(str state) {
    static const struct {
        const char *state;
        html_form form;
    } states[] = {
        {"Data state", HTML_DATA},           {"RCDATA state", HTML_RCDATA},
        {"RAWTEXT state", HTML_RAWTEXT},     {"Script data state", HTML_SCRIPT},
        {"PLAINTEXT state", HTML_PLAINTEXT}, {"CDATA section state", HTML_CDATA},
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_equal(state, str_of(states[i].state)))
            return states[i].form;
    fail_msg("no state is called %.*s", STR_ARG(state));
    return HTML_DATA;
}

/* What "coercing a DOM into an infoset" of the standard changes, for the four cases that ask for it. */
static str coerced(str s, arena *a) {
    buffer out = {0};
    for (size_t i = 0; i < s.size; i++) {
        str rest = str_slice(s, i, s.size);
        if (str_starts(rest, STR("\xEF\xBF\xBF"))) {
            buffer_add(&out, STR("\xEF\xBF\xBD"));
            i += 2;
        } else if (s.data[i] == '\f') {
            buffer_add_byte(&out, ' ');
        } else if (str_starts(rest, STR(" foo --"))) { /* a comment that holds "--" */
            buffer_add(&out, STR(" foo - -"));
            i += 6;
        } else {
            buffer_add_byte(&out, s.data[i]);
        }
    }
    str copy = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    return copy;
}

static void run_in_state(const json_t *one, str input, str state, bool coerce, arena *a) {
    bool escaped = json_is_true(json_object_get(one, "doubleEscaped"));
    html_reader r = html_open(coerce ? coerced(input, a) : input);
    r.by_caller = true;
    r.form = form_of_state(state);
    r.last_name = string_of(json_object_get(one, "lastStartTag"), escaped, a);
    str got = row_of(r, ALL, a);
    str expected = expected_row(json_object_get(one, "output"), escaped, a);
    const char *what = json_string_value(json_object_get(one, "description"));
    assert_str_equal(got, expected, arena_printf(a, "%s, %.*s", what, STR_ARG(state)).data);
    assert_str_equal(row_of(r, AS_PAGE, a), row_of(r, SKIPPED, a), what);
}

static size_t run_case(const json_t *one, bool coerce, arena *a) {
    bool escaped = json_is_true(json_object_get(one, "doubleEscaped"));
    str input = string_of(json_object_get(one, "input"), escaped, a);
    const json_t *states = json_object_get(one, "initialStates");
    if (!states)
        run_in_state(one, input, STR("Data state"), coerce, a);
    for (size_t i = 0; i < json_array_size(states); i++)
        run_in_state(one, input, string_of(json_array_get(states, i), false, a), coerce, a);
    return states ? json_array_size(states) : 1;
}

static void run_file(const char *path, size_t *cases, size_t *runs) {
    arena a = arena_new((allocator){0}), scratch = arena_new((allocator){0});
    str text = test_file(&a, path);
    json_error_t error;
    json_t *file = json_loadb(text.data, text.size, JSON_ALLOW_NUL, &error);
    if (!file)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    const json_t *tests = json_object_get(file, "tests"),
                 *coerced_tests = json_object_get(file, "xmlViolationTests");
    for (size_t i = 0; i < json_array_size(tests); i++, (*cases)++, arena_reset(&scratch))
        *runs += run_case(json_array_get(tests, i), false, &scratch);
    for (size_t i = 0; i < json_array_size(coerced_tests); i++, (*cases)++, arena_reset(&scratch))
        *runs += run_case(json_array_get(coerced_tests, i), true, &scratch);
    json_decref(file);
    arena_free(&scratch);
    arena_free(&a);
}

static void run_folder(const char *folder, size_t *cases, size_t *runs) {
    arena a = arena_new((allocator){0});
    DIR *open = opendir(folder);
    assert_non_null(open);
    for (struct dirent *entry; (entry = readdir(open));)
        if (str_ends(str_of(entry->d_name), STR(".test")))
            run_file(arena_printf(&a, "%s/%s%c", folder, entry->d_name, 0).data, cases, runs);
    closedir(open);
    arena_free(&a);
}

static void invented_cases(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    size_t cases = 0, runs = 0;
    run_folder(test_path(&a, "tests/page/tokenizer"), &cases, &runs);
    assert_true(cases >= 30);
    arena_free(&a);
}

static void cases_of_html5lib(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const char *folder = test_path(&a, "../shared/data/html5lib/tokenizer");
    size_t cases = 0, runs = 0;
    if (!test_file_exists(test_path(&a, "../shared/data/html5lib/tokenizer/test1.test"))) {
        print_message("html5lib's tokenizer tests are not there (../shared, beside the repository)\n");
        arena_free(&a);
        skip();
    }
    run_folder(folder, &cases, &runs);
    print_message("html5lib's tokenizer tests: %zu cases in %zu runs\n", cases, runs);
    assert_true(cases >= 6810 && runs >= 7036);
    arena_free(&a);
}

/* ---- what holds for any bytes ---- */

static void any_bytes(void **state) {
    static const char alphabet[] = "<>/!-?=\"'& \n\r\tabsScCrRiIpPtT[]xX0;#DO\0\xC3\xA9";
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(20000); round++) {
        size_t size = random_below(&r, 60);
        char *bytes = arena_alloc(&a, size + 1);
        for (size_t i = 0; i < size; i++)
            bytes[i] = alphabet[random_below(&r, sizeof alphabet - 1)];
        html_reader reader = html_open((str){bytes, size});
        reader.form = (html_form)random_below(&r, HTML_CDATA + 1);
        reader.last_name = random_below(&r, 2) ? STR("script") : STR("a");
        reader.foreign = random_below(&r, 2);
        assert_str_equal(row_of(reader, AS_PAGE, &a), row_of(reader, SKIPPED, &a),
                         "with comments and without");
        arena_reset(&a);
    }
    arena_free(&a);
}

/* Sixteen bytes at a time and one at a time come to the same. */
static void runs_of_text(void **state) {
    static const char *const pieces[] = {
        "a",
        "b",
        "Z",
        "9",
        " ",
        " ",
        "  ",
        "\n",
        "\t",
        ".",
        ",",
        ";",
        "?",
        "!",
        "&",
        "-",
        "\x7F",
        "ا",
        "ب",
        "ل",
        "م",
        "ن",
        "،",
        "؛",
        "؟",
        "۔",
        "é",
        "\xC2\xA0",
        "’",
        "…",
        "، ",
        "\xE3\x80\x82",
        "漢",
        "\xE3\x80\x80",
        "\xEF\xBB\xBF",
        "\xF0\x9F\x95\x8A",
        "word ",
        "كلمة ",
        "more than sixteen bytes of it ",
    };
    (void)state;
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(20000); round++) {
        buffer text = {0};
        for (size_t i = random_below(&r, 40); i > 0; i--)
            buffer_add(&text, str_of(pieces[random_below(&r, sizeof pieces / sizeof *pieces)]));
        char *exact = malloc(text.size + 1); /* so that a byte read past the end is seen */
        memcpy(exact, text.data ? text.data : "", text.size);
        exact = realloc(exact, text.size ? text.size : 1);
        str s = {exact, text.size};
        for (size_t at = 0; at < s.size; at++) {
            text_run fast = text_run_at(s, at), plain = text_run_plain(s, at);
            assert_int_equal(fast.size, plain.size);
            assert_int_equal(fast.letters, plain.letters);
            assert_int_equal(fast.marks, plain.marks);
        }
        free(exact);
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invented_cases),
        cmocka_unit_test(cases_of_html5lib),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(runs_of_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
