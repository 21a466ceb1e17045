/* A property of numbers: what is spelt is read back. A generator writes a number from 0 to 10^9 in one of the
 * many ways in which it is written in Arabic (cases, genders, dialects, spellings of a hundred, "و" joined or
 * apart, digits of either kind, digits and words mixed), and the engine must read that number and nothing
 * else. */
#include "base/buffer.h"
#include "lang/lang.h"
#include "test_support.h"

#include <stdio.h>

#include <inttypes.h>

enum { MOST = 1000000000 };

typedef struct speller {
    buffer out;
    bool oblique, feminine, apart, mixed; /* mixed: groups in digits, scales in words */
    int dialect;                          /* 0 the written language, 1 Egypt, 2 the Levant */
    test_random *random;
} speller;

static const char *pick(speller *s, const char *const *forms, size_t count) {
    return forms[random_below(s->random, count)];
}

static void word(speller *s, const char *w) {
    if (s->out.size && s->out.data[s->out.size - 1] != ' ')
        buffer_add(&s->out, STR(" "));
    buffer_add(&s->out, str_of(w));
}

/* The next addend stands behind "and", where there is one before it. */
static void addend(speller *s, size_t before, const char *w) {
    if (s->out.size > before) {
        buffer_add(&s->out, s->apart ? STR(" و ") : STR(" و"));
        buffer_add(&s->out, str_of(w));
    } else {
        buffer_add(&s->out, str_of(w));
    }
}

static const char *digit(const speller *s, unsigned n) {
    static const char *const masculine[] = {"",     "واحد", "اثنان", "ثلاثة",  "أربعة",
                                            "خمسة", "ستة",  "سبعة",  "ثمانية", "تسعة"},
                             *const feminine[] = {"",    "واحدة", "اثنتان", "ثلاث",  "أربع",
                                                  "خمس", "ست",    "سبع",    "ثماني", "تسع"},
                             *const spoken[] = {"",     "واحد", "اتنين", "تلاتة",  "أربعة",
                                                "خمسة", "ستة",  "سبعة",  "تمانية", "تسعة"};
    if (s->dialect)
        return spoken[n];
    if (n == 2 && s->oblique)
        return s->feminine ? "اثنتين" : "اثنين";
    return s->feminine ? feminine[n] : masculine[n];
}

static const char *ten(const speller *s, unsigned n) {
    static const char *const nominative[] = {"",      "",     "عشرون", "ثلاثون", "أربعون",
                                             "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"},
                             *const oblique[] = {"",      "",     "عشرين", "ثلاثين", "أربعين",
                                                 "خمسين", "ستين", "سبعين", "ثمانين", "تسعين"};
    if (s->dialect && (n == 3 || n == 8))
        return n == 3 ? "تلاتين" : "تمانين";
    return s->oblique || s->dialect ? oblique[n] : nominative[n];
}

static void teen(speller *s, size_t before, unsigned n) {
    static const char *const egypt[] = {"عشرة",    "حداشر", "اتناشر",  "تلتاشر",  "اربعتاشر",
                                        "خمستاشر", "ستاشر", "سبعتاشر", "تمنتاشر", "تسعتاشر"},
                             *const levant[] = {"عشرة",   "احدعش", "اتنعش",  "تلتعش",  "اربعتعش",
                                                "خمستعش", "ستعش",  "سبعتعش", "تمنتعش", "تسعتعش"};
    if (s->dialect) {
        addend(s, before, s->dialect == 1 ? egypt[n] : levant[n]);
        return;
    }
    if (n == 0) {
        addend(s, before, s->feminine ? "عشر" : "عشرة");
        return;
    }
    addend(s, before,
           n == 1 ? (s->feminine ? "إحدى" : "أحد")
           : n == 2 ? (s->feminine ? (s->oblique ? "اثنتي" : "اثنتا") : (s->oblique ? "اثني" : "اثنا"))
                    : digit(s, n));
    word(s, s->feminine ? "عشرة" : "عشر");
}

static void hundred(speller *s, size_t before, unsigned n) {
    static const char *const one[] = {"مئة", "مائة", "ميه"}, *const stem[] = {"",     "",    "",   "ثلاث",
                                                                              "أربع", "خمس", "ست", "سبع",
                                                                              "ثمان", "تسع"};
    if (n == 1) {
        addend(s, before, pick(s, one, 3));
    } else if (n == 2) {
        addend(s, before, s->dialect ? "ميتين" : s->oblique ? "مائتين" : "مئتان");
    } else {
        addend(s, before, stem[n]);
        if (random_below(s->random, 4) == 0) /* "ثلاث مئة" in two words */
            buffer_add(&s->out, STR(" "));
        buffer_add(&s->out, str_of(one[random_below(s->random, 2)]));
    }
}

static void group(speller *s, size_t before, unsigned n) {
    unsigned rest = n % 100;
    if (n >= 100)
        hundred(s, before, n / 100);
    if (rest >= 10 && rest < 20) {
        teen(s, before, rest - 10);
        return;
    }
    if (rest % 10)
        addend(s, before, digit(s, rest % 10));
    if (rest >= 20)
        addend(s, before, ten(s, rest / 10));
}

static void digits(speller *s, size_t before, unsigned n) {
    char text[16];
    snprintf(text, sizeof text, "%u", n);
    addend(s, before, text);
}

/* So many thousands or millions: one, a dual, or a group with the noun as the group wants it. */
static void scale(speller *s, size_t before, unsigned n, const char *const forms[4]) {
    if (n == 1 && !s->mixed) {
        addend(s, before, forms[0]);
    } else if (n == 2 && !s->mixed) {
        addend(s, before, forms[1]);
    } else {
        if (s->mixed)
            digits(s, before, n);
        else
            group(s, before, n);
        unsigned rest = n % 100;
        word(s, rest >= 3 && rest <= 10 ? forms[2] : rest > 10 ? forms[3] : forms[0]);
    }
}

static void spell_words(speller *s, unsigned n) {
    const char *const thousands[] = {"ألف", s->oblique || s->dialect ? "ألفين" : "ألفان", "آلاف", "ألفاً"},
                      *const millions[] = {"مليون", s->oblique || s->dialect ? "مليونين" : "مليونان",
                                           "ملايين", "مليوناً"};
    size_t before = s->out.size;
    if (n == 0 || n == MOST)
        buffer_add(&s->out, n ? STR("مليار") : STR("صفر"));
    if (n == MOST)
        return;
    if (n >= 1000000)
        scale(s, before, n / 1000000, millions);
    if (n / 1000 % 1000)
        scale(s, before, n / 1000 % 1000, thousands);
    if (n % 1000 && s->mixed && n >= 1000)
        digits(s, before, n % 1000);
    else if (n % 1000)
        group(s, before, n % 1000);
}

/* "1234567", "1,234,567", "١٬٢٣٤٬٥٦٧", "1 234 567" */
static void spell_digits(speller *s, unsigned n) {
    static const char *const marks[] = {"", ",", "٬", "،", " "};
    char plain[16];
    const char *mark = pick(s, marks, sizeof marks / sizeof *marks);
    bool arabic = random_below(s->random, 2);
    size_t size = (size_t)snprintf(plain, sizeof plain, "%u", n);
    for (size_t i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0)
            buffer_add(&s->out, str_of(mark));
        char indic[] = {(char)0xD9, (char)(0xA0 + plain[i] - '0')};
        buffer_add(&s->out, arabic ? (str){indic, 2} : (str){plain + i, 1});
    }
}

static unsigned draw(test_random *r) {
    static const unsigned limits[] = {20, 100, 1000, 10000, 1000000, MOST + 1};
    unsigned n = (unsigned)random_below(r, limits[random_below(r, sizeof limits / sizeof *limits)]);
    static const unsigned round[] = {1, 10, 100, 1000, 100000};
    return n - n % round[random_below(r, 8) < 5 ? 0 : random_below(r, sizeof round / sizeof *round)];
}

static void read_back(str text, unsigned expected) {
    arena a = arena_new((allocator){0});
    tokens t;
    nodes n;
    text_tokens(text, &a, &t);
    lang_nodes(lang_find(STR("ar")), &t, (name_oracle){0}, &a, &n);
    lang_numbers(&n);
    const node *x = n.node.size ? &n.node.at[0] : NULL;
    bool number = x && (node_is(x, IS_NUMBER) || node_is(x, IS_NUMERAL));
    if (n.node.size != 1 || !number || x->min != (int64_t)expected || x->value != (double)expected)
        fail_msg("%u as \"%.*s\": %zu nodes, the first reads %g", expected, STR_ARG(text), n.node.size,
                 x ? x->value : -1.0);
    arena_free(&a);
}

static void what_is_spelt_is_read_back(void **state) {
    (void)state;
    test_random r = test_seeded("numbers");
    for (size_t i = 0; i < test_rounds(3000); i++) {
        unsigned n = draw(&r);
        speller s = {.random = &r,
                     .oblique = random_below(&r, 2),
                     .feminine = random_below(&r, 2),
                     .apart = random_below(&r, 4) == 0,
                     .mixed = random_below(&r, 4) == 0 && n >= 1000,
                     .dialect = random_below(&r, 2) ? 0 : (int)random_below(&r, 3)};
        if (random_below(&r, 5) == 0)
            spell_digits(&s, n);
        else
            spell_words(&s, n);
        read_back(buffer_str(&s.out), n);
        buffer_free(&s.out);
    }
}

static void fractions_and_decimals_are_values(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } table[] = {
        {"نصف مليون", 500000},
        {"ربع مليون", 250000},
        {"مليون ونصف", 1500000},
        {"ثلاثة ملايين ونصف المليون", 3500000},
        {"1,5 مليون", 1500000},
        {"١٫٥ مليون", 1500000},
        {"4,8", 4.8},
        {"خمسة فاصلة خمسة", 5.5},
        {"عشرون وثلاثة أخماس", 20.6},
        {"ثلاثة أرباع", 0.75},
        {"نصف دزينة", 6},
        {"مليون و200 ألف", 1200000},
        {"ألف و200", 1200},
        {"مئة و21", 121},
        {"عشرة آلاف وخمسمائة", 10500},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        arena a = arena_new((allocator){0});
        tokens t;
        nodes n;
        text_tokens(str_of(table[i].text), &a, &t);
        lang_nodes(lang_find(STR("ar")), &t, (name_oracle){0}, &a, &n);
        lang_numbers(&n);
        double off = n.node.at[0].value - table[i].value;
        if (n.node.size != 1 || off > 1e-9 || off < -1e-9)
            fail_msg("%s: %zu nodes, the first reads %g", table[i].text, n.node.size, n.node.at[0].value);
        arena_free(&a);
    }
}

/* Numbers that stand beside each other stay apart. */
static void neighbours_stay_apart(void **state) {
    (void)state;
    static const char *const table[] = {"300 و212",       "ثلاثمئة ومئتين", "ثلاثة آلاف وخمسة آلاف",
                                        "مليون ومليونان", "3 آلاف و5 آلاف", "عشرين وثلاثين"};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        arena a = arena_new((allocator){0});
        tokens t;
        nodes n;
        text_tokens(str_of(table[i]), &a, &t);
        lang_nodes(lang_find(STR("ar")), &t, (name_oracle){0}, &a, &n);
        lang_numbers(&n);
        size_t numbers = 0;
        for (size_t k = 0; k < n.node.size; k++)
            numbers += node_is(&n.node.at[k], IS_NUMBER);
        if (numbers != 2)
            fail_msg("%s: %zu numbers, not two", table[i], numbers);
        arena_free(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_spelt_is_read_back),
        cmocka_unit_test(fractions_and_decimals_are_values),
        cmocka_unit_test(neighbours_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
