/* Words with their clitics, phrases, and numbers in words: what lang_nodes and lang_numbers make of text. */
#include "lang/lang.h"

#include "base/buffer.h"
#include "test_support.h"

#include <inttypes.h>

static void read_words(const char *language, str text, arena *a, nodes *out) {
    tokens *t = ARENA_NEW(a, tokens, 1);
    text_tokens(text, a, t);
    lang_nodes(lang_find(str_of(language)), t, (name_oracle){0}, a, out);
}

/* The nodes' own spellings, with a bar between them. */
static str show(const nodes *n, arena *a) {
    buffer b = {0};
    for (size_t i = 0; i < n->node.size; i++) {
        if (i)
            buffer_add_byte(&b, '|');
        buffer_add(&b, pieces_text(n, n->node.at[i].first, n->node.at[i].last));
    }
    str shown = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return shown;
}

static void clitics_come_off_known_words(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } table[] = {
        {"قال", "قال"},
        {"وقال", "و|قال"},
        {"فقال", "ف|قال"},
        {"بالمدينة", "ب|المدينة"},
        {"وبالمدينة", "و|ب|المدينة"},
        {"للمدينة", "ل|لمدينة"},
        {"وللمدينة", "و|ل|لمدينة"},
        {"كالمدينة", "ك|المدينة"},
        {"والمدينة", "و|المدينة"},
        /* harakat stay with the letter they stand on */
        {"وَقَالَ", "وَ|قَالَ"},
        {"بِالمَدِينَةِ", "بِ|المَدِينَةِ"},
        /* a word that the lexicon has keeps its first letter */
        {"وزير", "وزير"},
        {"ولد", "ولد"},
        /* unless a hamza opens the rest: folding makes these two one */
        {"وأدى", "و|أدى"},
        {"وَأدّى", "وَ|أدّى"},
        {"وادي", "وادي"},
        /* what nobody knows stays whole, but for what stands before its article */
        {"زعفرونة", "زعفرونة"},
        {"وزعفرونة", "و|زعفرونة"},
        {"بالزعفرونة", "ب|الزعفرونة"},
        {"للزعفرونة", "ل|لزعفرونة"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        nodes n;
        read_words("ar", str_of(table[i].text), &a, &n);
        assert_str_equal(show(&n, &a), str_of(table[i].expected), table[i].text);
    }
    arena_free(&a);
}

static const node *last_node(const nodes *n) {
    return &n->node.at[n->node.size - 1];
}

static void articles_and_pronouns_are_features(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    nodes n;
    read_words("ar", STR("بالطفل"), &a, &n);
    assert_true(node_is(last_node(&n), IS_PERSON));
    assert_int_equal(last_node(&n)->feature[FEATURE_DEFINITE], VALUE_DEFINITE_YES);
    read_words("ar", STR("طفل"), &a, &n);
    assert_int_equal(last_node(&n)->feature[FEATURE_DEFINITE], 0);
    read_words("ar", STR("الغربي"), &a, &n); /* said to be no place, and western all the same */
    assert_true(node_is(last_node(&n), IS_SIDE));
    assert_int_equal(last_node(&n)->feature[FEATURE_DEFINITE], VALUE_DEFINITE_YES);
    read_words("ar", STR("مسعفوهم مسعفها"), &a, &n);
    assert_int_equal(last_node(&n)->feature[FEATURE_PRONOUN], VALUE_PRONOUN_YES);
    read_words("ar", STR("زعفرونة"), &a, &n);
    assert_true(node_is(last_node(&n), IS_UNKNOWN));
    arena_free(&a);
}

/* What the lexicon knows behind a pronoun: the folded rest of the word, or NULL where it is no such word. */
static void pronouns_come_off_known_words(void **state) {
    (void)state;
    static const struct {
        const char *text, *rest;
    } table[] = {
        {"مدينته", "مدينه"},
        {"اعتقلته", "اعتقلت"},
        {"واعتقلتهم", "اعتقلت"},
        {"اعتقلوهم", "اعتقلوا"},
        {"يعتقلونه", "يعتقلون"},
        {"أصابتني", "اصابت"},
        {"مقاتلوها", "مقاتلون"},
        {"لمقاتليه", "مقاتلين"},
        {"قتلاهم", "قتلي"},
        {"ضحاياهم", "ضحايا"},
        {"شهدائهم", "شهداء"},
        {"شهداؤهم", "شهداء"},
        {"شهداءهم", "شهداء"},
        {"مراسلي", "مراسل"},
        /* folding makes a ta marbuta and a pronoun one letter */
        {"إنسانية", NULL},
        {"إنسانيّةً", NULL},
        {"\xEF\xBA\x87\xEF\xBB\xA7\xEF\xBA\xB4\xEF\xBA\x8E\xEF\xBB\xA7\xEF\xBB\xB4\xEF\xBA\x94", NULL},
        /* what stands on a noun stands on no verb */
        {"فندي", NULL},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        nodes n;
        read_words("ar", str_of(table[i].text), &a, &n);
        const node *x = last_node(&n);
        if (!table[i].rest && !node_is(x, IS_UNKNOWN))
            fail_msg("%s has no pronoun", table[i].text);
        if (table[i].rest) {
            assert_str_equal(n.piece.at[x->first].folded, str_of(table[i].rest), table[i].text);
            assert_int_equal(x->feature[FEATURE_PRONOUN], VALUE_PRONOUN_YES);
        }
    }
    arena_free(&a);
}

/* Words as they are really written. */
static void spellings_are_known(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum lang_class is; /* the last node */
    } table[] = {
        /* ha for ta marbuta, ya for alif maqsura and the other way */
        {"قتيله", IS_HARMED},
        {"إصابه", IS_EFFECT},
        {"وزاره الصحه", IS_SOURCE},
        {"مصدر أمنى", IS_SOURCE},
        {"قتلي", IS_HARMED},
        /* hamza left out, put where none is, on another seat */
        {"اصيب", IS_EFFECT},
        {"إستشهاد", IS_EFFECT},
        {"أعتقال", IS_EFFECT},
        {"اطفال", IS_PERSON},
        {"إمراة", IS_PERSON},
        {"مسئول", IS_SOURCE},
        {"المسئولين", IS_SOURCE},
        {"مسؤلين", IS_SOURCE},
        /* the alif that is not spoken */
        {"قتلو", IS_EFFECT},
        {"واعتقلو", IS_EFFECT},
        {"لقو حتفهم", IS_EFFECT},
        /* stretched, vowelled, in presentation forms, with letters of Persian, with marks of direction */
        {"مقتـــل", IS_EFFECT},
        {"ومقـ.ـتل", IS_EFFECT},
        {"والجـ ـرحى", IS_HARMED},
        {"قُتِلُوا", IS_EFFECT},
        {"جنديّاً", IS_PERSON},
        {"\xEF\xBB\xA3\xEF\xBB\x98\xEF\xBA\x98\xEF\xBB\x9E", IS_EFFECT},
        {"قتیلاً", IS_HARMED},
        {"کتیبة", IS_MEASURE},
        {"\xE2\x80\x8Fقتيلا\xE2\x80\x8F", IS_HARMED},
        {"قت\xE2\x80\x8Cيلا", IS_HARMED},
        /* glued to digits and to what stands before a number */
        {"17قتيلاً", IS_HARMED},
        {"۱۷قتیلاً", IS_HARMED},
        {"وإصابة17", IS_NUMBER},
        {"الـ17", IS_NUMBER},
        {"و17", IS_NUMBER},
        {"لـ17", IS_NUMBER},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        nodes n;
        read_words("ar", str_of(table[i].text), &a, &n);
        if (!node_is(last_node(&n), table[i].is))
            fail_msg("%s is no %s", table[i].text, lang_class_names[table[i].is]);
    }
    arena_free(&a);
}

static bool knows_zafaruna(void *context, str word) {
    return str_equal(word, str_of(context));
}

static void names_lose_their_clitics(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    tokens t;
    nodes n;
    text_tokens(STR("وزعفرونة"), &a, &t);
    lang_nodes(lang_find(STR("ar")), &t, (name_oracle){knows_zafaruna, (void *)"زعفرونه"}, &a, &n);
    assert_str_equal(show(&n, &a), STR("و|زعفرونة"), "a clitic before a name");
    lang_nodes(lang_find(STR("ar")), &t, (name_oracle){knows_zafaruna, (void *)"وزعفرونه"}, &a, &n);
    assert_str_equal(show(&n, &a), STR("وزعفرونة"), "a name that begins with what might be a clitic");
    arena_free(&a);
}

static void phrases_are_one_node(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } table[] = {
        {"ما لا يقل عن ثلاثة", "ما لا يقل عن|ثلاثة"},
        {"وما لا يقل عن ثلاثة", "و|ما لا يقل عن|ثلاثة"},
        {"ما لا يقل شيئا", "ما|لا|يقل|شيئا"},
        {"أكثر من عشرة", "أكثر من|عشرة"},
        {"بأكثر من عشرة", "ب|أكثر من|عشرة"},
        /* no phrase goes over the end of a sentence or a paragraph */
        {"قال أكثر. من عشرة", "قال|أكثر|.|من|عشرة"},
        {"قال أكثر\nمن عشرة", "قال|أكثر|من|عشرة"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        nodes n;
        read_words("ar", str_of(table[i].text), &a, &n);
        assert_str_equal(show(&n, &a), str_of(table[i].expected), table[i].text);
    }
    arena_free(&a);
}

static void numbers_in_digits_have_classes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum lang_class is, is_not;
    } table[] = {
        {"31", IS_N31, IS_N12},          {"12", IS_N12, IS_YEAR},          {"32", IS_N59, IS_N31},
        {"59", IS_N59, IS_N24},          {"24", IS_N24, IS_N12},           {"60", IS_NUMBER, IS_N59},
        {"2014", IS_YEAR, IS_N31},       {"1443", IS_HIJRI_YEAR, IS_YEAR}, {"1899", IS_NUMBER, IS_YEAR},
        {"2100", IS_NUMBER, IS_YEAR},    {"23.30", IS_CLOCK, IS_N24},      {"23.75", IS_DECIMAL, IS_CLOCK},
        {"25.30", IS_DECIMAL, IS_CLOCK}, {"02014", IS_NUMBER, IS_YEAR},    {"0", IS_N24, IS_N31}};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        nodes n;
        read_words("ar", str_of(table[i].text), &a, &n);
        assert_int_equal(n.node.size, 1);
        assert_true(node_is(n.node.at, IS_NUMBER));
        if (!node_is(n.node.at, table[i].is) || node_is(n.node.at, table[i].is_not))
            fail_msg("the classes of %s", table[i].text);
    }
    arena_free(&a);
}

/* ---- Arabic numbers in words, by the rules of the grammar, for a way back ---- */
typedef struct style {
    bool feminine; /* what is counted */
    bool oblique;  /* accusative and genitive */
    bool old_miah; /* مائة for مئة */
    bool split;    /* ثلاث مئة for ثلاثمئة */
} style;

static const char *const masculine_digits[] = {"",    "واحد", "اثنان",  "ثلاثة", "أربعة", "خمسة",
                                               "ستة", "سبعة", "ثمانية", "تسعة",  "عشرة"};
static const char *const feminine_digits[] = {"",   "واحدة", "اثنتان", "ثلاث", "أربع", "خمس",
                                              "ست", "سبع",   "ثماني",  "تسع",  "عشر"};
static const char *const tens[] = {"عشر", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"};
static const char *const hundreds[] = {"ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"};

static void say(buffer *b, const char *s) {
    buffer_add(b, str_of(s));
}

static void say_digit(buffer *b, unsigned n, style s) {
    if (n == 2)
        say(b, s.feminine ? (s.oblique ? "اثنتين" : "اثنتان") : s.oblique ? "اثنين" : "اثنان");
    else
        say(b, (s.feminine ? feminine_digits : masculine_digits)[n]);
}

/* 11 to 19: eleven and twelve agree throughout, the digit of the others does the contrary. */
static void say_teen(buffer *b, unsigned n, style s) {
    if (n == 11)
        say(b, s.feminine ? "إحدى" : "أحد");
    else if (n == 12)
        say(b, s.feminine ? (s.oblique ? "اثنتي" : "اثنتا") : s.oblique ? "اثني" : "اثنا");
    else
        say_digit(b, n - 10, s);
    say(b, s.feminine ? " عشرة" : " عشر");
}

static void say_below_hundred(buffer *b, unsigned n, style s) {
    if (n <= 10) {
        say_digit(b, n, s);
    } else if (n < 20) {
        say_teen(b, n, s);
    } else {
        if (n % 10) {
            say_digit(b, n % 10, s);
            say(b, " و");
        }
        say(b, tens[n / 10 - 2]);
        say(b, s.oblique ? "ين" : "ون");
    }
}

static void say_group(buffer *b, unsigned n, style s, bool construct) {
    const char *miah = s.old_miah ? "مائة" : "مئة";
    unsigned h = n / 100, rest = n % 100;
    if (h == 1) {
        say(b, miah);
    } else if (h == 2) {
        say(b, s.old_miah ? "مائت" : "مئت");
        say(b, s.oblique ? "ي" : "ا");
        if (!construct || rest)
            say(b, "ن");
    } else if (h) {
        say(b, hundreds[h - 3]);
        say(b, s.split ? (h == 8 ? "ي " : " ") : "");
        say(b, miah);
    }
    if (h && rest)
        say(b, " و");
    if (rest)
        say_below_hundred(b, rest, s);
}

typedef struct scale {
    unsigned value;
    const char *one, *two, *two_oblique, *few, *many;
} scale;

/* The dual for two, the plural after 3 to 10, the accusative singular after 11 to 99, else the singular. */
static void say_scale(buffer *b, unsigned n, const scale *of, style s) {
    s.feminine = false; /* thousand and million are masculine */
    if (n == 2) {
        say(b, s.oblique ? of->two_oblique : of->two);
        return;
    }
    if (n > 1) {
        say_group(b, n, s, true);
        say(b, " ");
    }
    unsigned last = n % 100;
    say(b, last >= 3 && last <= 10 ? of->few : last > 10 ? of->many : of->one);
}

static void say_number(buffer *b, unsigned n, style s) {
    static const scale scales[] = {{1000000, "مليون", "مليونان", "مليونين", "ملايين", "مليونا"},
                                   {1000, "ألف", "ألفان", "ألفين", "آلاف", "ألفا"}};
    for (size_t i = 0; i < 2; i++) {
        if (n < scales[i].value)
            continue;
        say_scale(b, n / scales[i].value, &scales[i], s);
        n %= scales[i].value;
        if (n)
            say(b, " و");
    }
    if (n)
        say_group(b, n, s, false);
}

/* "One" by itself is a word behind nouns to the lexicon, no numeral: "a hundred and one" is not read. */
static bool ends_in_one(unsigned n) {
    unsigned thousands = n / 1000 % 1000, millions = n / 1000000;
    return n % 100 == 1 || (thousands > 1 && thousands % 100 == 1) || (millions > 1 && millions % 100 == 1);
}

static void check_number(unsigned n, style s, arena *a) {
    if (ends_in_one(n))
        return;
    buffer b = {0};
    say_number(&b, n, s);
    nodes x;
    read_words("ar", buffer_str(&b), a, &x);
    lang_numbers(&x);
    bool whole = x.node.size == 1 && x.node.at[0].last == x.piece.size;
    if (!whole || x.node.at[0].value != n || x.node.at[0].min != (int64_t)n || !node_is(x.node.at, IS_NUMBER))
        fail_msg("%u: \"%.*s\" is read as %zu nodes, the first %" PRId64, n, STR_ARG(buffer_str(&b)),
                 x.node.size, x.node.at[0].min);
    buffer_free(&b);
}

static style style_of(unsigned bits) {
    return (style){bits & 1, bits & 2, bits & 4, bits & 8};
}

static void numbers_in_words_are_read_back(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    for (unsigned bits = 0; bits < 16; bits++)
        for (unsigned n = 1; n < 1300; n++, arena_reset(&a))
            check_number(n, style_of(bits), &a);
    test_random r = test_seeded("numbers_in_words_are_read_back");
    for (size_t round = test_rounds(20000); round--; arena_reset(&a)) {
        unsigned limits[] = {10000, 100000, 1000000, 1000000000};
        check_number(1 + (unsigned)random_below(&r, limits[random_below(&r, 4)] - 1),
                     style_of((unsigned)random_below(&r, 16)), &a);
    }
    arena_free(&a);
}

static void numbers_are_joined_or_not(void **state) {
    (void)state;
    static const struct {
        const char *language, *text, *expected;
    } table[] = {
        {"ar", "3 آلاف", "3 آلاف=3000"},
        {"ar", "25 ألفا", "25 ألفا=25000"},
        {"ar", "1.5 مليون", "1.5 مليون=1500000"},
        {"ar", "خمسة وستة", "خمسة=5|و|ستة=6"},
        {"ar", "5 و6", "5=5|و|6=6"},
        {"ar", "5 وعشرون", "5=5|و|عشرون=20"},
        {"ar", "ثلاثة، أربعة", "ثلاثة=3|،|أربعة=4"},
        {"ar", "عشرون وثلاثون", "عشرون=20|و|ثلاثون=30"},
        {"ar", "مئة ومئتان", "مئة=100|و|مئتان=200"},
        {"ar", "3 4", "3=3|4=4"},
        {"ar", "ثلاثة.\nأربعة", "ثلاثة=3|.|أربعة=4"},
        {"en", "10k and k", "10k=10000|and|k"},
        {"en", "1.5m people", "1.5m=1500000|people"},
        {"en", "10M away", "10M=10000000|away"},
        {"en", "500m away", "500=500|m|away"},
        {"en", "five and a half million", "five and a half million=5500000"},
        {"en", "one billion and a half million", "one billion and a half million=1000500000"},
        {"en", "five and a third man", "five=5|and|a|third|man"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        nodes n;
        read_words(table[i].language, str_of(table[i].text), &a, &n);
        lang_numbers(&n);
        buffer b = {0};
        for (size_t k = 0; k < n.node.size; k++) {
            const node *x = &n.node.at[k];
            str text = pieces_text(&n, x->first, x->last);
            buffer_printf(&b, "%s%.*s", k ? "|" : "", STR_ARG(text));
            if (node_is(x, IS_NUMBER))
                buffer_printf(&b, "=%" PRId64, x->min);
        }
        assert_str_equal(buffer_str(&b), str_of(table[i].expected), table[i].text);
        buffer_free(&b);
    }
    arena_free(&a);
}

/* Whatever the text, nodes cover all pieces in order, and pieces all tokens. */
static void nodes_cover_any_text(void **state) {
    (void)state;
    static const char *const words[] = {"و",         "ثلاثة", "وعشرون", "ألف", "ما لا يقل عن", "وبالمدينة",
                                        "12",        "1.5",   ".",      "\n",  "قال",          "زعفرونة",
                                        "للزعفرونة", "،",     "a",      "#",   "آلاف",         "مئة",
                                        "والنصف",    "ـ",     "ب\u064e"};
    test_random r = test_seeded("nodes_cover_any_text");
    arena a = arena_new((allocator){0});
    for (size_t round = test_rounds(3000); round--; arena_reset(&a)) {
        buffer b = {0};
        for (size_t k = random_below(&r, 30); k--;) {
            buffer_add(&b, str_of(words[random_below(&r, sizeof words / sizeof *words)]));
            if (random_below(&r, 4))
                buffer_add_byte(&b, ' ');
        }
        nodes n;
        read_words(random_below(&r, 2) ? "ar" : "en", buffer_str(&b), &a, &n);
        for (int joined = 0; joined < 2; joined++) {
            uint32_t piece_index = 0, end = 0;
            for (size_t i = 0; i < n.node.size; i++) {
                assert_int_equal(n.node.at[i].first, piece_index);
                assert_true(n.node.at[i].last > piece_index);
                assert_int_equal(n.node.at[i].sentence,
                                 n.tokens->token.at[n.piece.at[piece_index].token].sentence);
                piece_index = n.node.at[i].last;
            }
            assert_int_equal(piece_index, n.piece.size);
            for (size_t i = 0; i < n.piece.size; i++) {
                const token *t = &n.tokens->token.at[n.piece.at[i].token];
                assert_true(n.piece.at[i].start >= end && n.piece.at[i].end > n.piece.at[i].start);
                assert_true(n.piece.at[i].start >= t->start && n.piece.at[i].end <= t->end);
                end = n.piece.at[i].end;
            }
            lang_numbers(&n);
        }
        buffer_free(&b);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clitics_come_off_known_words),
        cmocka_unit_test(articles_and_pronouns_are_features),
        cmocka_unit_test(pronouns_come_off_known_words),
        cmocka_unit_test(spellings_are_known),
        cmocka_unit_test(names_lose_their_clitics),
        cmocka_unit_test(phrases_are_one_node),
        cmocka_unit_test(numbers_in_digits_have_classes),
        cmocka_unit_test(numbers_in_words_are_read_back),
        cmocka_unit_test(numbers_are_joined_or_not),
        cmocka_unit_test(nodes_cover_any_text),
    };
    return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
