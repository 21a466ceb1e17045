/* Folding, tokens, sentences and code points: examples of each kind of folding, and what must hold of any
 * text. */
#include "text/text.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "test_support.h"

typedef struct example {
    const char *text, *expected;
} example;

static str fold(arena *a, str s) {
    char *out = arena_alloc(a, 2 * s.size + 1);
    return (str){out, text_fold(s, out)};
}

static void folding_makes_spellings_alike(void **state) {
    (void)state;
    static const example table[] = {
        /* alef, hamza carriers, ya, ta marbuta */
        {"أإآٱا", "ااااا"},
        {"مسؤول", "مسوول"},
        {"رئيس", "رييس"},
        {"مصطفى", "مصطفي"},
        {"مدرسة", "مدرسه"},
        {"سماء", "سماء"},
        /* harakat, superscript alef, Quranic marks, tatweel */
        {"مُحَمَّدٌ", "محمد"},
        {"هٰذا", "هذا"},
        {"قُرْءَانٌۖ", "قرءان"},
        {"حلـــب", "حلب"},
        /* Persian and Urdu letters */
        {"کتاب", "كتاب"},
        {"علی", "علي"},
        {"ہ ۀ ے", "ه ه ي"},
        /* presentation forms, lam-alef ligatures */
        {"ﺣﻠﺐ", "حلب"},
        {"ﻼ ﻻ ﻷ ﻹ ﻵ", "لا لا لا لا لا"},
        {"ﺔ ﻰ ﺉ ﺆ", "ه ي ي و"},
        {"ﺁ ﺃ ﺇ", "ا ا ا"},
        /* digits of scripts */
        {"٠١٢٣٤٥٦٧٨٩", "0123456789"},
        {"۰۱۲۳۴۵۶۷۸۹", "0123456789"},
        {"０１２３４５６７８９", "0123456789"},
        /* marks */
        {"،؛؟٪٫٬۔", ",;?%.,."},
        {"“”„‟«»", "\"\"\"\"\"\""},
        {"‘’‛", "'''"},
        {"‐‑‒–—―", "------"},
        {"…", "."},
        /* invisible: zero-width, bidi, soft hyphen, byte order mark, variation selector */
        {"حل\u200cب\u200f \u202bحمص\u202c", "حلب حمص"},
        {"co\u00adoperate\ufeff", "cooperate"},
        {"\u2066a\u2069\u061cb", "ab"},
        /* white space */
        {"a\u00a0b\u2009c\u3000d\te", "a b c d e"},
        {"a\nb\u2028c", "a b c"},
        /* Latin case and accents */
        {"ABCxyz", "abcxyz"},
        {"Élysée Čapek Žižkov ñ Ü", "elysee capek zizkov n u"},
        {"e\u0301", "e"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_str_equal(fold(&a, str_of(table[i].text)), str_of(table[i].expected), table[i].text);
    arena_free(&a);
}

/* Every Arabic letter in each of its presentation forms folds as the letter itself. */
static void presentation_forms_fold_as_their_letters(void **state) {
    (void)state;
    static const struct {
        uint32_t letter, forms;
    } table[] = {{0x621, 1}, {0x622, 2}, {0x623, 2}, {0x624, 2}, {0x625, 2}, {0x626, 4},
                 {0x627, 2}, {0x628, 4}, {0x629, 2}, {0x62A, 4}, {0x62B, 4}, {0x62C, 4},
                 {0x62D, 4}, {0x62E, 4}, {0x62F, 2}, {0x630, 2}, {0x631, 2}, {0x632, 2},
                 {0x633, 4}, {0x634, 4}, {0x635, 4}, {0x636, 4}, {0x637, 4}, {0x638, 4},
                 {0x639, 4}, {0x63A, 4}, {0x641, 4}, {0x642, 4}, {0x643, 4}, {0x644, 4},
                 {0x645, 4}, {0x646, 4}, {0x647, 4}, {0x648, 2}, {0x649, 2}, {0x64A, 4}};
    uint32_t c = 0xFE80;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (uint32_t k = 0; k < table[i].forms; k++, c++) {
            char form[4], letter[4], folded_form[16], folded_letter[16];
            str f = {form, utf8_put(form, c)}, l = {letter, utf8_put(letter, table[i].letter)};
            assert_str_equal((str){folded_form, text_fold(f, folded_form)},
                             (str){folded_letter, text_fold(l, folded_letter)}, "presentation form");
        }
    assert_int_equal(c, 0xFEF5);
}

/* "word", #number#, 'mark'; sentences end with a bar, paragraphs with a double one. */
static str show(arena *a, const tokens *t) {
    static const char *const around[] = {[TOKEN_WORD] = "", [TOKEN_NUMBER] = "#", [TOKEN_MARK] = "'"};
    buffer b = {0};
    for (size_t i = 0; i < t->token.size; i++) {
        const token *x = &t->token.at[i];
        if (i)
            buffer_add(&b, x->paragraph != x[-1].paragraph ? STR(" || ")
                           : x->sentence != x[-1].sentence ? STR(" | ")
                                                           : STR(" "));
        buffer_add(&b, str_of(around[x->kind]));
        buffer_add(&b, x->folded);
        buffer_add(&b, str_of(around[x->kind]));
    }
    str shown = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return shown;
}

static void text_is_split(void **state) {
    (void)state;
    static const example table[] = {
        {"", ""},
        {" \n\t ", ""},
        {"مقتل 12 شخصاً", "مقتل #12# شخصا"},
        /* boundaries: glued digits, '#', '_' */
        {"مقتل12شخصاً", "مقتل #12# شخصا"},
        {"#الدفاع_المدني", "'#' الدفاع المدني"},
        {"covid19", "covid #19#"},
        /* a ta marbuta ends its word: a headline glued to the text */
        {"قريةاحترق مخزن", "قريه احترق مخزن"},
        /* the last letter is half there, or its second byte is another's */
        {"بلد\xD8", "بلد \uFFFD"},
        {"بلد\xD8 x", "بلد \uFFFD x"},
        {"بلد\xD8\xD9\x85", "بلد \uFFFD م"},
        /* what folds to nothing lies between letters, and what is no letter beside them */
        {"ب\u064Eلـد\u0660ۀپ", "بلد #0# هپ"},
        {"مدرسةً مدرسـةٍ، بلدة", "مدرسه مدرسه ',' بلده"},
        /* decimal and thousand marks */
        {"1,200", "#1200#"},
        {"1,200,300", "#1200300#"},
        {"٣٬٠٠٠", "#3000#"},
        {"١٢٫٥", "#12.5#"},
        {"12.5", "#12.5#"},
        {"23.30", "#23.30#"},
        {"1'000", "#1000#"},
        {"1,20", "#1# ',' #20#"},
        {"3,0000", "#3# ',' #0000#"},
        {"12.01.2021", "#12# '.' #01# '.' #2021#"},
        {"5, 6", "#5# ',' #6#"},
        {"30%", "#30# '%'"},
        {"16-01-2023", "#16# '-' #01# '-' #2023#"},
        {"14:05", "#14# ':' #05#"},
        {"الـ55", "ال #55#"},
        /* and so are letters of other scripts */
        {"الـCNN", "ال cnn"},
        {"@SeasideNewsإصابة", "'@' seasidenews اصابه"},
        {"إصابةabc", "اصابه abc"},
        {"ﻣﻘﺘﻞ", "مقتل"},
        /* words torn so that filters miss them */
        {"مقـ.ـتل", "مقتل"},
        {"وإصـ..ـابة 3", "واصابه #3#"},
        {"شهـ ـداء", "شهداء"},
        {"وجـ-ـرحـ .ـى", "وجرحي"},
        {"مقـ.تل", "مق '.' تل"},
        {"في الـ ـ", "في ال"},
        {"قال ـ.ـ ثم", "قال '.' | ثم"},
        {"مقـ....ـتل", "مق '.' '.' '.' '.' تل"},
        /* sentence ends */
        {"وقع انفجار. ثم حريق.", "وقع انفجار '.' | ثم حريق '.'"},
        {"هل وقع؟ نعم! ثم انتهى", "هل وقع '?' | نعم '!' | ثم انتهي"},
        {"في 2021. ثم", "في #2021# '.' | ثم"},
        {"a.b c", "a '.' b c"},
        {"J. Smith said. Then", "j '.' smith said '.' | then"},
        {"د. سمير حضر. ثم", "د '.' سمير حضر '.' | ثم"},
        /* … without a space behind them, but not in domains, abbreviations and words hidden from filters */
        {"أغلق الجسر القديم.وقالت البلدية", "اغلق الجسر القديم '.' | وقالت البلديه"},
        {"قال «أغلق الجسر».وقالت البلدية", "قال '\"' اغلق الجسر '\"' '.' | وقالت البلديه"},
        {"عبر السورية.نت أمس", "عبر السوريه '.' نت امس"},
        {"عبر ا.ف.ب والجزيرة", "عبر ا '.' ف '.' ب والجزيره"},
        {"وقع تفجـ.ـير آخر", "وقع تفجير اخر"},
        {"قال: «انتهى.» ثم مضى", "قال ':' '\"' انتهي '.' '\"' | ثم مضي"},
        {"(انتهى.) ثم", "'(' انتهي '.' ')' | ثم"},
        {"الدفاع المدني.. إخماد حريق", "الدفاع المدني '.' '.' | اخماد حريق"},
        {"ثم... مضى", "ثم '.' '.' '.' | مضي"},
        {"ثم… مضى", "ثم '.' | مضي"},
        {"أولاً؛ ثانياً", "اولا ';' ثانيا"},
        /* paragraphs */
        {"أول\nثان. ثالث\n\nرابع", "اول || ثان '.' | ثالث || رابع"},
        {"a\u2029b", "a || b"},
        /* an emoji is a mark, a character of another script a letter */
        {"🔴 عاجل", "عاجل"}, /* what only draws the eye, before a sentence */
        {"عاجل 🔴 عاجل", "عاجل '🔴' عاجل"},
        {"Москва", "Москва"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tokens t;
        text_tokens(str_of(table[i].text), &a, &t);
        assert_str_equal(show(&a, &t), str_of(table[i].expected), table[i].text);
    }
    arena_free(&a);
}

static void numbers_have_values(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } table[] = {{"0", 0},         {"007", 7},       {"12.5", 12.5}, {"1,234,567", 1234567},
                 {"٢٠٫٢٥", 20.25}, {"0.001", 0.001}, {"3.", 3}};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tokens t;
        text_tokens(str_of(table[i].text), &a, &t);
        assert_int_equal(t.token.at[0].kind, TOKEN_NUMBER);
        assert_true(t.token.at[0].number > table[i].value - 1e-9 &&
                    t.token.at[0].number < table[i].value + 1e-9);
    }
    arena_free(&a);
}

/* A token knows where it stands in the original, harakat included, but not the control that follows it. */
static void tokens_point_into_the_original(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t token;
        const char *original;
    } table[] = {
        {"وَقَعَ اِنْفِجَارٌ، أمس", 1, "اِنْفِجَارٌ"}, {"حلب\u200f، حمص", 0, "حلب"}, {"حل\u200cب", 0, "حل\u200cب"},
        {"١٬٢٠٠ نازح", 0, "١٬٢٠٠"},       {"ﻻ تعليق", 0, "ﻻ"},          {"12.5%", 1, "%"}};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tokens t;
        str text = str_of(table[i].text);
        text_tokens(text, &a, &t);
        const token *x = &t.token.at[table[i].token];
        assert_str_equal(str_slice(text, x->start, x->end), str_of(table[i].original), table[i].text);
    }
    arena_free(&a);
}

/* ---- properties of any text ---- */
static const uint32_t interesting[] = {
    ' ',     ' ',   ' ',   '\n',   '\t',     '.',    '.',    ',',    '!',    '?',    '\'',   '"',
    '#',     '_',   '-',   '/',    '(',      ')',    '0',    '1',    '9',    'a',    'Z',    0x627,
    0x644,   0x648, 0x628, 0x64E,  0x640,    0x660,  0x66B,  0x66C,  0x6F5,  0x60C,  0x61F,  0x61B,
    0xAB,    0xBB,  0xE9,  0xFF,   0x200F,   0x200C, 0x2028, 0x2026, 0x2013, 0xFEFB, 0xFE8D, 0xFF11,
    0x1F534, 0xA0,  0x301, 0xFEFF, 0x10FFFF, 0xFFFD, 0,      0x7F};

static str random_text(test_random *r, arena *a) {
    size_t points = random_below(r, 200);
    char *out = arena_alloc(a, points * 4 + 1);
    size_t size = 0;
    while (points--) {
        uint32_t c = interesting[random_below(r, sizeof interesting / sizeof *interesting)];
        if (random_below(r, 8) == 0)
            do
                c = (uint32_t)random_below(r, random_below(r, 2) ? 0x800 : 0x110000);
            while (c >= 0xD800 && c <= 0xDFFF);
        size += utf8_put(out + size, c);
    }
    return (str){out, size};
}

static void check_tokens(const tokens *t, arena *a) {
    uint32_t end = 0;
    for (size_t i = 0; i < t->token.size; i++) {
        const token *x = &t->token.at[i];
        assert_true(x->start >= end && x->end > x->start && x->end <= t->text.size);
        assert_true(x->folded.size > 0);
        assert_true(utf8_valid(str_slice(t->text, x->start, x->end)));
        end = x->end;
        str folded = fold(a, str_slice(t->text, x->start, x->end));
        if (x->kind != TOKEN_NUMBER)
            assert_str_equal(x->folded, folded, "a token's folded form");
        else
            for (size_t k = 0; k < x->folded.size; k++)
                assert_true(x->folded.data[k] == '.' ||
                            (x->folded.data[k] >= '0' && x->folded.data[k] <= '9'));
        assert_true(x->sentence < t->sentence.size && x->paragraph < t->paragraphs);
    }
    uint32_t first = 0;
    for (size_t i = 0; i < t->sentence.size; i++) {
        const sentence *s = &t->sentence.at[i];
        assert_true(s->first == first && s->last > first && s->last <= t->token.size);
        assert_int_equal(s->start, t->token.at[s->first].start);
        assert_int_equal(s->end, t->token.at[s->last - 1].end);
        for (uint32_t k = s->first; k < s->last; k++) {
            assert_int_equal(t->token.at[k].sentence, i);
            assert_int_equal(t->token.at[k].paragraph, s->paragraph);
        }
        first = s->last;
    }
    assert_int_equal(first, t->token.size);
}

static void tokens_of_any_text(void **state) {
    (void)state;
    test_random r = test_seeded("tokens_of_any_text");
    arena a = arena_new((allocator){0});
    for (size_t round = test_rounds(2000); round--;) {
        arena_reset(&a);
        tokens t;
        text_tokens(random_text(&r, &a), &a, &t);
        check_tokens(&t, &a);
    }
    arena_free(&a);
}

/* Folding what is folded changes nothing. */
static void folding_twice_is_folding_once(void **state) {
    (void)state;
    test_random r = test_seeded("folding_twice_is_folding_once");
    arena a = arena_new((allocator){0});
    for (size_t round = test_rounds(2000); round--;) {
        arena_reset(&a);
        str once = fold(&a, random_text(&r, &a));
        assert_true(utf8_valid(once));
        assert_str_equal(fold(&a, once), once, "folded twice");
    }
    arena_free(&a);
}

/* The lines of a text, each split by itself, give the tokens of the whole. */
static void paragraphs_can_be_split_alone(void **state) {
    (void)state;
    test_random r = test_seeded("paragraphs_can_be_split_alone");
    arena a = arena_new((allocator){0});
    for (size_t round = test_rounds(2000); round--;) {
        arena_reset(&a);
        str text = random_text(&r, &a);
        tokens whole, part;
        text_tokens(text, &a, &whole);
        size_t token_index = 0, sentences = 0, paragraphs = 0;
        for (size_t at = 0; at <= text.size;) {
            size_t feed = str_find(text, STR("\n"), at);
            size_t end = feed == SIZE_MAX ? text.size : feed;
            text_tokens(str_slice(text, at, end), &a, &part);
            for (size_t i = 0; i < part.token.size; i++, token_index++) {
                assert_true(token_index < whole.token.size);
                const token *x = &part.token.at[i], *y = &whole.token.at[token_index];
                assert_int_equal(x->start + at, y->start);
                assert_int_equal(x->end + at, y->end);
                assert_int_equal(x->kind, y->kind);
                assert_int_equal(x->space_before, y->space_before);
                assert_int_equal(x->sentence + sentences, y->sentence);
                assert_int_equal(x->paragraph + paragraphs, y->paragraph);
                assert_str_equal(x->folded, y->folded, "a token of a part");
            }
            sentences += part.sentence.size;
            paragraphs += part.paragraphs;
            at = end + 1;
        }
        assert_int_equal(token_index, whole.token.size);
        assert_int_equal(sentences, whole.sentence.size);
        assert_int_equal(paragraphs, whole.paragraphs);
    }
    arena_free(&a);
}

static void code_points_agree_with_counting(void **state) {
    (void)state;
    test_random r = test_seeded("code_points_agree_with_counting");
    arena a = arena_new((allocator){0});
    for (size_t round = test_rounds(500); round--;) {
        arena_reset(&a);
        str text = random_text(&r, &a);
        code_points c;
        code_points_build(text, &a, &c);
        uint32_t count = 0;
        for (size_t at = 0; at < text.size; count++) {
            assert_int_equal(code_points_at(&c, (uint32_t)at), count);
            utf8_next(text, &at);
        }
        assert_int_equal(code_points_at(&c, (uint32_t)text.size), count);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_makes_spellings_alike),
        cmocka_unit_test(presentation_forms_fold_as_their_letters),
        cmocka_unit_test(text_is_split),
        cmocka_unit_test(numbers_have_values),
        cmocka_unit_test(tokens_point_into_the_original),
        cmocka_unit_test(tokens_of_any_text),
        cmocka_unit_test(folding_twice_is_folding_once),
        cmocka_unit_test(paragraphs_can_be_split_alone),
        cmocka_unit_test(code_points_agree_with_counting),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
