/* Encodings: labels, what pages say of themselves (html5lib's tests, where ../shared is), decoders, letters,
 * and mojibake mended without a touch on what is right. All texts are invented. */
#include "test_support.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "page/charset.h"
#include "page/page.h"

#include <stdio.h>
#include <unicode/ucnv.h>

static const char *const sentences[] = {
    "قال مصدر محلي إن ثلاثة أشخاص قتلوا وأصيب خمسة آخرون في قصف مختلق استهدف سوقا شعبية، مساء أمس الثلاثاء.",
    "وأضاف المصدر ذاته أن فرق «الدفاع المدني» نقلت الجرحى إلى المستشفى، فيما لم تعلن أي جهة مسؤوليتها.",
    "به گزارش خبرگزاری ساختگی پگاه، سه نفر در پی سقوط یک ساختمان قدیمی کشته و پنج نفر دیگر زخمی شدند.",
    "L’élève a été blessé à Valclair, où « les secours » sont arrivés à 9 h 30 — trop tard.",
    "São três feridos, diz a câmara; NÃO há mortos em VALE FUNDÃO.",
    "„Grünhöhe“ ist erfunden; drei Menschen wurden getötet, § 7 gilt.",
    "Троє мешканців вигаданого селища загинули, ще п’ятеро зазнали поранень.",
    "ط § ظ „ ع. حرف «ط» وحرف «ظ»؛ خط، حظ، وسط، ضغط؟ شرط»",
};
enum { SENTENCES = sizeof sentences / sizeof *sentences };

/* ---- labels ---- */

static void every_label_is_known(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str table = test_file(&a, test_path(&a, "data/page/charsets.tsv")), line;
    size_t standard = 0;
    for (size_t at = 0; str_piece(table, &at, '\n', &line);) {
        if (!line.size || line.data[0] == '#' || str_starts(line, STR("label\t")))
            continue;
        const encoding *e = encoding_of_label(str_cell(line, 0));
        assert_non_null(e);
        assert_str_equal(str_of(e->name), str_cell(line, 1), "encoding");
        standard += str_equal(str_cell(line, 2), STR("whatwg"));
    }
    assert_int_equal(standard, 228);
    assert_ptr_equal(encoding_of_label(STR(" \tWindows-1256\r\n")), encoding_named("windows-1256"));
    static const char *const unknown[] = {"",
                                          "utf",
                                          "utf-8x",
                                          "windows-1256,",
                                          "no such label",
                                          "utf-8\xC2\xA0",
                                          "a-label-that-is-longer-than-any-in-the-table"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_null(encoding_of_label(str_of(unknown[i])));
    arena_free(&a);
}

/* ---- what pages say of themselves ---- */

/* A file of "#data", the page, "#encoding", its name; how many there were. */
static size_t run_cases(const char *path, arena *a) {
    str file = test_file(a, path);
    size_t count = 0, at = str_find(file, STR("#data\n"), 0);
    while (at != SIZE_MAX) {
        size_t start = at + 6, end = str_find(file, STR("\n#encoding\n"), start), mark;
        assert_true(end != SIZE_MAX);
        size_t name = end + 11, stop = str_find(file, STR("\n"), name);
        str page = str_slice(file, start, end);
        str expected = str_slice(file, name, stop == SIZE_MAX ? file.size : stop);
        const encoding *e = charset_marked(page, &mark);
        e = e ? e : charset_declared(page, CHARSET_LATE);
        const encoding *wanted = encoding_of_label(expected);
        if ((e ? e : encoding_named("windows-1252")) != wanted)
            fail_msg("%s: expected %.*s, got %s for\n%.*s", path, STR_ARG(expected), e ? e->name : "none",
                     STR_ARG(page));
        count++;
        at = str_find(file, STR("#data\n"), name);
    }
    return count;
}

static void declarations_as_html5lib_reads_them(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const char *folder = test_path(&a, "../shared/data/html5lib/encoding");
    static const char *const files[] = {"tests1.dat", "tests2.dat", "test-yahoo-jp.dat"};
    size_t count = 0;
    if (!test_file_exists(arena_printf(&a, "%s/tests1.dat", folder).data)) {
        print_message("html5lib's tests of encodings are not there: skipped\n");
        arena_free(&a);
        skip();
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        count += run_cases(arena_printf(&a, "%s/%s", folder, files[i]).data, &a);
    str big5 = test_file(&a, arena_printf(&a, "%s/chardet/test_big5.txt", folder).data);
    assert_str_equal(charset_decode(big5, STR_NONE, false, &a).charset, STR("big5"), "test_big5.txt");
    assert_int_equal(count + 1, 83);
    arena_free(&a);
}

static void declarations(void **state) {
    static const struct {
        const char *page, *name;
    } pages[] = {
        {"<?xml version='1.0' encoding='windows-1256'?><html>", "windows-1256"},
        {"<?xml version='1.0' encoding = \"utf-16\"?><html>", "utf-8"},
        {"<?xml version='1.0'?><meta charset=koi8-r>", "koi8-r"},
        {"<meta charset=x-user-defined>", "windows-1252"},
        {"<meta http-equiv=content-type content='text/html; charset=a; charset=cp1256'>", NULL},
        {"<meta content='charset charset = cp1256' http-equiv=Content-Type>", "windows-1256"},
        {"<meta charset=none content='text/html;charset=cp1256' http-equiv=content-type>", NULL},
        {"<!-- <meta charset=koi8-r> --><meta charset=cp1256>", "windows-1256"},
        {"<!--><meta charset=cp1256>", "windows-1256"},
        {"<div title='<meta charset=koi8-r>'><meta charset=cp1256>", "windows-1256"},
        {"<meta charset", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_ptr_equal(charset_declared(str_of(pages[i].page), CHARSET_EARLY),
                         pages[i].name ? encoding_named(pages[i].name) : NULL);
}

static void the_label_of_the_header_goes_first(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str page = STR("<meta charset=koi8-r>\xC7\xE1");
    assert_str_equal(charset_decode(page, STR_NONE, true, &a).charset, STR("koi8-r"), "meta");
    assert_str_equal(charset_decode(page, STR_NONE, false, &a).charset, STR("windows-1256"), "no markup");
    assert_str_equal(charset_decode(page, STR("cp1256"), true, &a).text, STR("<meta charset=koi8-r>ال"),
                     "header");
    assert_str_equal(charset_decode(STR("\xEF\xBB\xBFx"), STR("cp1256"), true, &a).charset, STR("utf-8"),
                     "mark");
    assert_str_equal(charset_decode(STR("\xFE\xFF\0x"), STR("cp1256"), true, &a).text, STR("x"), "mark");
    arena_free(&a);
}

/* ---- decoders ---- */

static void decoders(void **state) {
    static const struct {
        const char *label, *bytes, *text;
    } cases[] = {
        {"windows-1252", "\x80\x81\x9D\xE9", "€\xC2\x81\xC2\x9Dé"},
        {"iso-8859-1", "\x93x\x94", "“x”"},
        {"iso-8859-16", "\xAA\xBA", "Șș"},
        {"koi8-u", "\xAE\xBE", "ўЎ"},
        {"windows-1255", "\xCA\xD9", "\xD6\xBA\xEF\xBF\xBD"},
        {"windows-1256", "\x98\x81\x8D\x90", "کپچگ"},
        {"iso-8859-6", "\xC7\xE4", "ال"},
        {"macintosh", "\x8E\xDB", "é€"},
        {"x-mac-cyrillic", "\xA2\xB6\xFF", "Ґґ€"},
        {"x-user-defined", "a\x80\xFF", "a\xEF\x9E\x80\xEF\x9F\xBF"},
        {"iso-2022-kr", "\x1B$)C\x0E!!", "\xEF\xBF\xBD"},
        {"hz-gb-2312", "plain", "plain"},
        {"gb18030", "\x84\x31\xA4\x37\xC4\xE3", "\xEF\xBF\xBD你"},
        {"gbk", "\xC4\xE3\xBA\xC3", "你好"},
        {"big5", "\xA7\x41\xA6\x6E", "你好"},
        {"shift_jis", "\x93\xFA\x96\x7B\x81<", "日本\xEF\xBF\xBD<"},
        {"euc-jp", "\xC6\xFC\xCB\xDC", "日本"},
        {"euc-kr", "\xC7\xD1\xB1\xDB", "한글"},
        {"iso-2022-jp", "\x1B$BF|K\\\x1B(Bx", "日本x"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str_equal(charset_decode(str_of(cases[i].bytes), str_of(cases[i].label), false, &a).text,
                         str_of(cases[i].text), cases[i].label);
    str units = charset_text((str){"\x3D\xD8\x00\xDE\x3D\xD8\x41\x00\x00\xDC\x41", 11},
                             encoding_named("utf-16le"), &a);
    assert_str_equal(units,
                     STR("\xF0\x9F\x98\x80\xEF\xBF\xBD"
                         "A\xEF\xBF\xBD\xEF\xBF\xBD"),
                     "UTF-16");
    arena_free(&a);
}

/* Our code pages of single bytes are those of ICU, where both have a character. */
static void code_pages_are_those_of_icu(void **state) {
    (void)state;
    size_t compared = 0;
    for (size_t i = 0; i < encoding_count; i++) {
        UErrorCode error = U_ZERO_ERROR;
        const encoding *e = &encodings[i];
        UConverter *c = e->high ? ucnv_open(e->name, &error) : NULL;
        size_t differ = 0;
        for (unsigned b = 0xA0; c && U_SUCCESS(error) && b < 0x100; b++) {
            char byte = (char)b;
            UChar units[4] = {0};
            UErrorCode one = U_ZERO_ERROR;
            ucnv_toUChars(c, units, 4, &byte, 1, &one);
            bool both = U_SUCCESS(one) && units[0] != 0xFFFD && units[0] != b && e->high[b - 0x80] != 0xFFFD;
            differ += both && units[0] != e->high[b - 0x80];
            compared += both;
        }
        if (c)
            ucnv_close(c);
        /* KOI8-U, Mac and IBM864 have several versions. */
        if (differ > 2 && strncmp(e->name, "x-mac", 5) != 0 && strcmp(e->name, "ibm864") != 0)
            fail_msg("%s: %zu characters are not ICU's", e->name, differ);
    }
    assert_true(compared > 1000);
}

/* ---- letters ---- */

static str written_as(const char *text, const char *name, arena *a) {
    UErrorCode error = U_ZERO_ERROR;
    size_t room = strlen(text) * 4;
    char *out = arena_alloc(a, room + 1);
    int32_t size = ucnv_convert(name, "utf-8", out, (int32_t)room, text, -1, &error);
    assert_true(U_SUCCESS(error));
    return (str){out, (size_t)size};
}

static void letters_tell_the_encoding(void **state) {
    static const struct {
        int sentence;
        const char *name;
    } cases[] = {{0, "windows-1256"}, {1, "windows-1256"}, {0, "iso-8859-6"},   {0, "utf-16le"},
                 {1, "utf-16be"},     {0, "ibm720"},       {3, "windows-1252"}, {4, "windows-1252"},
                 {5, "windows-1252"}, {6, "windows-1251"}, {6, "koi8-u"},       {6, "utf-16le"}};
    static const char *const labels[] = {NULL, "utf-8", "iso-8859-1"};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 3; k++) {
            bool dos = strcmp(cases[i].name, "ibm720") == 0;
            str bytes = written_as(sentences[cases[i].sentence], dos ? "ibm-720" : cases[i].name, &a);
            decoded_text d = charset_decode(bytes, str_of(labels[k]), false, &a);
            assert_str_equal(d.charset, str_of(cases[i].name), labels[k] ? labels[k] : "no label");
        }
    arena_free(&a);
}

static void right_labels_are_kept(void **state) {
    static const struct {
        int sentence;
        const char *name;
    } cases[] = {{0, "windows-1256"}, {0, "iso-8859-6"},   {3, "windows-1252"},
                 {5, "windows-1252"}, {5, "windows-1250"}, {6, "windows-1251"}};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        str bytes = written_as(sentences[cases[i].sentence], cases[i].name, &a);
        decoded_text d = charset_decode(bytes, str_of(cases[i].name), false, &a);
        assert_str_equal(d.charset, str_of(cases[i].name), "charset");
        assert_int_equal(d.repaired.size, 0);
    }
    arena_free(&a);
}

/* ---- mojibake ---- */

static str misread(str text, const char *name, arena *a) {
    return charset_text(text, encoding_named(name), a);
}

static const char *const readings[] = {"windows-1256", "windows-1252", "windows-1251"};

static void mojibake_is_mended(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < (i < 2 ? 4 : 2); k++) {
            str text = str_of(sentences[k]), wrong = misread(text, readings[i], &a);
            mojibake once = mojibake_mend(wrong, &a);
            assert_str_equal(once.text, text, readings[i]);
            assert_str_equal(once.read_as, str_of(readings[i]), "read as");
            mojibake twice = mojibake_mend(misread(wrong, readings[i], &a), &a);
            assert_str_equal(twice.text, text, readings[i]);
            assert_true(str_ends(twice.read_as, STR(", twice")));
        }
    /* Latin-1 proper: controls where windows-1252 has marks */
    str wrong = STR("\xC3\x99\xC2\x81\xC3\x99\xC2\x8A \xC3\x98\xC2\xA7\xC3\x99\xC2\x84\xC3\x98\xC2\xAF"
                    "\xC3\x98\xC2\xA7\xC3\x98\xC2\xB1 \xC3\x98\xC2\xA7\xC3\x99\xC2\x84\xC3\x98\xC2\xAF");
    assert_str_equal(mojibake_mend(wrong, &a).text, STR("في الدار الد"), "Latin-1");
    assert_str_equal(mojibake_mend(STR("<p>قال مصدر</p><p>Pav\xC3\x83\xC2\xA9</p>"), &a).text,
                     STR("<p>قال مصدر</p><p>Pavé</p>"), "inside a word");
    arena_free(&a);
}

static void only_the_wrong_paragraphs_are_touched(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < 3; i++)
        for (size_t right = 0; right < SENTENCES; right++)
            for (size_t wrong = 0; wrong < 2; wrong++) {
                str bad = misread(str_of(sentences[wrong]), readings[i], &a);
                str page = arena_printf(&a, "<p>%s</p>\n<p title='%.*s'>%.*s</p><p>%s", sentences[right],
                                        STR_ARG(bad), STR_ARG(bad), sentences[right]);
                str mended = arena_printf(&a, "<p>%s</p>\n<p title='%s'>%s</p><p>%s", sentences[right],
                                          sentences[wrong], sentences[wrong], sentences[right]);
                assert_str_equal(mojibake_mend(page, &a).text, mended, readings[i]);
            }
    arena_free(&a);
}

static void right_text_stays(void **state) {
    static const char *const more[] = {
        "Ã",
        "Â»",
        "NÃO, SÃO e MÃE",
        "§ط§",
        "«ط»، «ظ»",
        "Øre og Ål på Ærø",
        "ÂGE, ÂME",
        "â €",
        "25 °C ± 2 § 3",
        "The signs Ø§ stand for a letter that was read wrongly.",
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < SENTENCES + sizeof more / sizeof *more; i++) {
        str text = str_of(i < SENTENCES ? sentences[i] : more[i - SENTENCES]);
        mojibake m = mojibake_mend(text, &a);
        assert_ptr_equal(m.text.data, text.data);
        assert_int_equal(m.read_as.size, 0);
    }
    arena_free(&a);
}

/* Any mixture of right and wrong pieces, cut anywhere: what comes out is well-formed and not much longer. */
static void random_mixtures_are_survived(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(3000); round++) {
        buffer b = {0};
        for (size_t i = random_below(&r, 8); i > 0; i--) {
            str piece = str_of(sentences[random_below(&r, SENTENCES)]);
            for (size_t k = random_below(&r, 3); k > 0; k--)
                piece = misread(piece, readings[random_below(&r, 3)], &a);
            size_t from = random_below(&r, piece.size), to = from + random_below(&r, piece.size - from + 1);
            buffer_add(&b, utf8_repair(&a, str_slice(piece, from, to)));
            buffer_add_byte(&b, "<>\n x"[random_below(&r, 5)]);
        }
        str text = arena_copy(&a, buffer_str(&b));
        mojibake m = mojibake_mend(text, &a);
        assert_true(utf8_valid(m.text) && m.text.size <= text.size);
        assert_true((m.text.data == text.data) == (m.read_as.size == 0));
        buffer_free(&b);
        arena_reset(&a);
    }
    arena_free(&a);
}

static void records_are_only_told_of_it(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str bad = misread(str_of(sentences[0]), "windows-1256", &a);
    str line = arena_printf(&a, "{\"text\": \"%.*s\"}", STR_ARG(bad));
    capture c = {.kind = CAPTURE_JSON_RECORD, .bytes = line, .body = line};
    article p;
    assert_int_equal(page_article(&c, NULL, &a, &p, NULL), STATUS_OK);
    assert_str_equal(p.text, bad, "verbatim");
    assert_int_equal(p.repaired.size, 0);
    assert_true(p.warnings.size > 0 &&
                str_find(p.warnings.at[0], STR("read as windows-1256"), 0) != SIZE_MAX);
    arena_free(&a);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_label_is_known),
        cmocka_unit_test(declarations_as_html5lib_reads_them),
        cmocka_unit_test(declarations),
        cmocka_unit_test(the_label_of_the_header_goes_first),
        cmocka_unit_test(decoders),
        cmocka_unit_test(code_pages_are_those_of_icu),
        cmocka_unit_test(letters_tell_the_encoding),
        cmocka_unit_test(right_labels_are_kept),
        cmocka_unit_test(mojibake_is_mended),
        cmocka_unit_test(only_the_wrong_paragraphs_are_touched),
        cmocka_unit_test(right_text_stays),
        cmocka_unit_test(random_mixtures_are_survived),
        cmocka_unit_test(records_are_only_told_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
