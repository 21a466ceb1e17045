#include "test_support.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "places/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- folding ---- */

static str fold(arena *a, str s) {
    char *out = arena_alloc(a, s.size + 1);
    return (str){out, places_fold(s, out)};
}

static void assert_folds(const char *left, const char *right) {
    arena a = arena_new((allocator){0});
    assert_str_equal(fold(&a, str_of(left)), fold(&a, str_of(right)), left);
    arena_free(&a);
}

static void spelling_does_not_tell_names_apart(void **state) {
    (void)state;
    static const char *const same[][2] = {
        {"كفر نوران", "كفرنوران"},
        {"معرّة", "معره"},
        {"إدلب", "ادلب"},
        {"الرقة", "الرقه"},
        {"الباب", "باب"},
        {"دير الزور", "دير زور"},
        {"مسؤول", "مسوول"},
        {"الطائف", "الطايف"},
        {"ســـرمين", "سرمين"},
        {"حَلَب", "حلب"},
        {"ﺣﻠﺐ", "حلب"},
        {"ﻻذﻗﻴﺔ", "لاذقية"},
        {"کركوک", "كركوك"},
        {"\u200fحمص\u200e", "حمص"},
        {"تل-أبيض", "تل ابيض"},
        {"قرية ٥", "قرية 5"},
        {"Al-Bab", "al bab"},
        {"El Bab", "Bab"},
        {"As-Suwayda'", "as suwayda"},
        {"Şanlıurfa", "sanliurfa"},
        {"Ma‘arrat", "Maarrat"},
        {"Tall Abyaḑ", "TALL ABYAD"},
        {"ad-Dumayr", "Dumayr"},
        {"Dar`a", "Dara"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_folds(same[i][0], same[i][1]);
}

static void letters_do_tell_names_apart(void **state) {
    (void)state;
    static const char *const different[][2] = {
        {"الزر", "زور"},  {"حلب", "جلب"}, {"البان", "الباني"},
        {"Homs", "Hama"}, {"الله", "له"}, {"Albania", "bania"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        assert_false(str_equal(fold(&a, str_of(different[i][0])), fold(&a, str_of(different[i][1]))));
    arena_free(&a);
}

/* Parts that stand in words only where `wild`: ligatures of two letters, bytes that are no UTF-8, breaks. */
static str random_text(arena *a, test_random *r, size_t length, bool wild) {
    enum { WILD_PARTS = 4 };
    static const char *const parts[] = {"ﻻ", "ﻼ", "\xff", "\xd8", "ا", "ل", "ال", "الم",    "ب",  "ة", "أ",
                                        "ى", "ء", "ـ",    "ّ",     "ﷺ", "a", "l",  "al",     "El", "Z", "é",
                                        "ş", "ʿ", "'",    "7",    "٣", "گ", "中", "\u200f", "ß",  "ے"};
    static const char *const breaks[] = {" ", "-", "،", "\u00a0", "(", "."};
    size_t from = 0, first = wild ? 0 : WILD_PARTS;
    char *out = arena_alloc(a, length * 4 + 8);
    for (size_t i = 0; i < length; i++) {
        bool is_break = wild && random_below(r, 4) == 0;
        const char *part = is_break ? breaks[random_below(r, sizeof breaks / sizeof *breaks)]
                                    : parts[first + random_below(r, sizeof parts / sizeof *parts - first)];
        memcpy(out + from, part, strlen(part));
        from += strlen(part);
    }
    return (str){out, from};
}

static void folding_is_idempotent_and_never_longer(void **state) {
    (void)state;
    test_random r = test_seeded(__func__);
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < test_rounds(20000); i++) {
        str text = random_text(&a, &r, random_below(&r, 12), true), key = fold(&a, text);
        assert_true(key.size <= text.size);
        assert_str_equal(fold(&a, key), key, "the key of a key");
        assert_str_equal(places_bare_key(key), key, "a key begins with no article");
        assert_true(places_skeleton(key, arena_alloc(&a, key.size + 1)) <= key.size);
        arena_reset(&a);
    }
    arena_free(&a);
}

static void the_key_of_words_is_the_keys_of_the_words(void **state) {
    (void)state;
    test_random r = test_seeded(__func__);
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < test_rounds(20000); i++) {
        str left = random_text(&a, &r, random_below(&r, 6), false),
            right = random_text(&a, &r, random_below(&r, 6), false);
        str whole = fold(&a, arena_printf(&a, "%.*s %.*s", STR_ARG(left), STR_ARG(right)));
        str first = fold(&a, left), second = fold(&a, right);
        str joined = places_bare_key(arena_printf(&a, "%.*s%.*s", STR_ARG(first), STR_ARG(second)));
        assert_str_equal(joined, whole, "joined");
        arena_reset(&a);
    }
    arena_free(&a);
}

static void skeletons_join_the_scripts(void **state) {
    (void)state;
    static const char *const same[][2] = {
        {"كفرنوران", "Kafr Nouran"},    {"دير الزور", "Deir Ezzor"}, {"تل رفعت", "Tell Rifaat"},
        {"خان شيخون", "Khan Shaykhun"}, {"سفوهن", "Safuhun"},        {"تلبيسة", "Talbisah"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        char left[64], right[64];
        str l = {left, places_skeleton(fold(&a, str_of(same[i][0])), left)};
        str g = {right, places_skeleton(fold(&a, str_of(same[i][1])), right)};
        assert_str_equal(l, g, same[i][0]);
    }
    arena_free(&a);
}

/* ---- compiling ---- */

static const char *temporary(arena *a, const char *name) {
    const char *folder = getenv("TMPDIR");
    return arena_cstring(
        a, arena_printf(a, "%s/isnad-test-%ld-%s", folder ? folder : "/tmp", (long)getpid(), name));
}

static gazetteer *compile(arena *a, const char *const *sources, size_t count) {
    const char *path = temporary(a, "places");
    failure f = {0};
    gazetteer *g = NULL;
    if (gazetteer_build(sources, count, path, &f) != STATUS_OK || gazetteer_open(path, &g, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    unlink(path);
    return g;
}

static gazetteer *compile_invented(arena *a) {
    const char *sources[] = {test_path(a, "tests/places/invented.tsv")};
    return compile(a, sources, 1);
}

static size_t look(const gazetteer *g, const char *name, place *out, size_t limit) {
    char key[200];
    return gazetteer_lookup(g, (str){key, places_fold(str_of(name), key)}, out, limit);
}

static void names_lead_to_places_best_known_first(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    gazetteer *g = compile_invented(&a);
    place p[8];
    assert_int_equal(look(g, "مردا", p, 8), 1);
    assert_str_equal(p[0].id, STR("test:marda"), "id");
    assert_str_equal(p[0].admin1, STR("North Marda"), "region");
    assert_int_equal(p[0].kind, PLACE_CITY);
    assert_true(fabs(p[0].lat - 10.52) < 1e-9);
    assert_int_equal(look(g, "سبيل", p, 8), 2);
    assert_str_equal(p[0].id, STR("test:sabil"), "the larger one");
    assert_int_equal(look(g, "الخربه", p, 2), 3);
    assert_int_equal(look(g, "قرن التلّ", p, 8), 1);
    assert_int_equal(look(g, "قرنالتل", p, 8), 1);
    assert_int_equal(look(g, "Wadi Tallin", p, 8), 1);
    assert_true(p[0].alternate);
    assert_int_equal(look(g, "مدينة لا تعرف", p, 8), 0);
    gazetteer_close(g);
    arena_free(&a);
}

/* The tables call a capital by its province's name too. */
static void a_town_is_not_called_by_its_province(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    gazetteer *g = compile_invented(&a);
    place p[8];
    assert_int_equal(look(g, "محافظة تلين", p, 8), 0);
    assert_int_equal(look(g, "تلين", p, 8), 1);
    gazetteer_close(g);
    arena_free(&a);
}

static void single_letters_and_numbers_are_no_names(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    gazetteer *g = compile_invented(&a);
    place p[2];
    static const char *const none[] = {"A", "B", "7", "12", "Q", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(look(g, none[i], p, 2), 0);
    gazetteer_close(g);
    arena_free(&a);
}

static void sources_join_by_id(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const char *more = temporary(&a, "more.tsv");
    FILE *file = fopen(more, "wb");
    fputs(
        "id\tname\tnames_ar\tkind\ntest:marda\tMardopolis\tمردوبوليس\t\ngeonames:900002\tQasr Doum\t\tcity\n",
        file);
    fclose(file);
    const char *sources[] = {test_path(&a, "tests/places/invented.tsv"),
                             test_path(&a, "tests/places/invented_geonames.txt"), more};
    gazetteer *g = compile(&a, sources, 3);
    unlink(more);
    place p[8];
    assert_int_equal(look(g, "Mardopolis", p, 8), 1);
    assert_str_equal(p[0].name, STR("Mardopolis"), "corrected");
    assert_str_equal(p[0].name_ar, STR("مردوبوليس"), "corrected");
    assert_int_equal(p[0].population, 300000);
    assert_int_equal(look(g, "Marda", p, 8), 3);
    assert_int_equal(look(g, "قصر دوم", p, 8), 1);
    assert_int_equal(p[0].kind, PLACE_CITY);
    assert_str_equal(p[0].admin1, STR("North"), "a region by its code");
    assert_int_equal(look(g, "Dum Hill", p, 8), 1);
    assert_int_equal(p[0].kind, PLACE_SITE);
    gazetteer_close(g);
    arena_free(&a);
}

static void errors_tell_file_and_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"id\tname\tlat\ntest:1\tX\t1\t\n", ":2: expected at most 3 columns, found 4"},
        {"id\tname\tlat\ntest:1\tXanadu\t91\n", ":2: expected a latitude, found \"91\""},
        {"id\tname\tlat\n\n# note\ntest:1\tXanadu\tsouth\n", ":4: expected a latitude, found \"south\""},
        {"id\tname\tkind\ntest:1\tXanadu\ttown\n", ":2: expected a kind of place, found \"town\""},
        {"id\tname\tcountry\ntest:1\tXanadu\tXAN\n", ":2: expected a country of two letters, found \"XAN\""},
        {"id\tname\tpopulation\ntest:1\tXanadu\t-4\n", ":2: expected a population, found \"-4\""},
        {"id\tname\tattention\ntest:1\tXanadu\t10\n", ":2: expected an attention, found \"10\""},
        {"id\tname\n\tXanadu\n", ":2: expected an id, found \" Xanadu\""},
        {"id\tname\ntest:1\tXan\xff\n", ":2: expected UTF-8, found \"test:1 Xan\ufffd\""},
        {"", ": no place stands in it"},
        {"id\tname\tlat\n# none\n", ": no place stands in it"},
        {"id\tname\tlat\ntest:1\tXanadu\t1\n",
         ": no place in it has a name, a kind, a latitude and a longitude"},
        {"name\tlat\nXanadu\t1\n",
         ":1: expected a header with a column id or wof_id, or the 19 columns of GeoNames, "
         "found \"name lat\""},
        {"1\ta\ta\t\t1\t1\tP\tPPL\tXA\t\t\t\t\t\t\t\t\t\t\n2\ta\n",
         ":2: expected the 19 columns of GeoNames, found 2"},
    };
    arena a = arena_new((allocator){0});
    const char *path = temporary(&a, "wrong.tsv"), *out = temporary(&a, "out");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = fopen(path, "wb");
        fputs(cases[i].text, file);
        fclose(file);
        failure f = {0};
        assert_int_equal(gazetteer_build(&path, 1, out, &f), STATUS_BAD_INPUT);
        assert_str_equal(str_of(f.message), arena_printf(&a, "%s%s", path, cases[i].expected), "message");
    }
    unlink(path);
    failure f = {0};
    const char *missing = "tests/places/there-is-no-such-file";
    assert_int_equal(gazetteer_build(&missing, 1, out, &f), STATUS_NO_INPUT);
    arena_free(&a);
}

static void compiling_twice_gives_the_same_version(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    gazetteer *first = compile_invented(&a), *second = compile_invented(&a);
    assert_str_equal(gazetteer_version(first), gazetteer_version(second), "version");
    assert_int_equal(gazetteer_version(first).size, 16);
    gazetteer_close(first);
    gazetteer_close(second);
    arena_free(&a);
}

/* ---- hostile files ---- */

static void use_all_of(const gazetteer *g, arena *a) {
    place p[4];
    static const char *const names[] = {"مردا", "الخربة", "Sabil", "Tallin Wadi", "قرنوران"};
    place_query queries[5];
    place settled[5];
    for (size_t i = 0; i < 5; i++) {
        str key = fold(a, str_of(names[i]));
        gazetteer_lookup(g, key, p, 4);
        gazetteer_has_prefix(g, key);
        gazetteer_longest(g, &key, 1);
        queries[i] = (place_query){str_of(names[i]), -1, (int)i - 1, 0};
    }
    places_settle(g, queries, 5, a, settled);
    for (uint32_t i = 0; i < 20; i++)
        gazetteer_get(g, i, p);
}

static void damaged_files_are_refused_or_harmless(void **state) {
    (void)state;
    arena a = arena_new((allocator){0}), scratch = arena_new((allocator){0});
    gazetteer *g = compile_invented(&a);
    size_t size = (size_t)g->size;
    char *copy = aligned_alloc(64, (size + 63) / 64 * 64);
    test_random r = test_seeded(__func__);
    for (size_t i = 0; i < test_rounds(3000); i++) {
        memcpy(copy, g, size);
        size_t limit = i % 2 ? sizeof *g : size;
        for (size_t k = 0; k <= random_below(&r, 6); k++)
            copy[random_below(&r, limit)] = (char)random_next(&r);
        const gazetteer *opened;
        size_t given = i % 5 == 0 ? random_below(&r, size) : size;
        if (gazetteer_check((str){copy, given}, "copy", &opened, NULL) == STATUS_OK)
            use_all_of(opened, &scratch);
        arena_reset(&scratch);
    }
    free(copy);
    gazetteer_close(g);
    arena_free(&scratch);
    arena_free(&a);
}

static void what_is_no_gazetteer_is_refused_with_one_line(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    gazetteer *g = NULL;
    failure f = {0};
    const char *path = test_path(&a, "tests/places/invented.tsv");
    assert_int_equal(gazetteer_open(path, &g, &f), STATUS_BAD_INPUT);
    assert_str_equal(str_of(f.message), arena_printf(&a, "%s: offset 0: expected a compiled gazetteer", path),
                     "message");
    assert_int_equal(gazetteer_open("tests", &g, &f), STATUS_NO_INPUT);
    assert_int_equal(gazetteer_open("tests/there-is-none", &g, &f), STATUS_NO_INPUT);
    assert_null(g);
    arena_free(&a);
}

/* ---- scanning ---- */

static size_t longest(const gazetteer *g, arena *a, const char *first, const char *second,
                      const char *third) {
    str words[] = {fold(a, str_of(first)), fold(a, str_of(second)), fold(a, str_of(third))};
    size_t length = gazetteer_longest(g, words, 3);
    uint64_t next;
    name_start start = gazetteer_starts(g, words[0], &next);
    if (start == STARTS_NO_NAME || start == IS_WHOLE_NAME)
        assert_int_equal(length, start == IS_WHOLE_NAME);
    else if (!gazetteer_goes_on(next, words[1]))
        assert_int_equal(length, start == IS_NAME_AND_STARTS);
    return length;
}

static void the_longest_name_is_found_word_by_word(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const gazetteer *g = gazetteer_builtin();
    assert_int_equal(longest(g, &a, "دير", "الزور", "أمس"), 2);
    assert_int_equal(longest(g, &a, "حلب", "في", "الشمال"), 1);
    assert_int_equal(longest(g, &a, "كفر", "نوران", "قالت"), 2);
    assert_int_equal(longest(g, &a, "كفرنوران", "قالت", "المصادر"), 1);
    assert_int_equal(longest(g, &a, "معرة", "النعمان", "جنوب"), 2);
    assert_int_equal(longest(g, &a, "Deir", "ez-Zor", "yesterday"), 2);
    assert_int_equal(longest(g, &a, "Shangri", "La", "talks"), 2);
    assert_int_equal(longest(g, &a, "غير", "معروفة", "هنا"), 0);
    assert_int_equal(gazetteer_longest(g, NULL, 0), 0);
    arena_free(&a);
}

static void beginnings_are_known(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    gazetteer *g = compile_invented(&a);
    static const struct {
        const char *text;
        bool known;
    } cases[] = {{"مرد", true},     {"مردا", true}, {"مردام", false},
                 {"tallinw", true}, {"zz", false},  {"", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(gazetteer_has_prefix(g, fold(&a, str_of(cases[i].text))), cases[i].known);
    gazetteer_close(g);
    arena_free(&a);
}

/* ---- the world as it is ---- */

static void assert_place(const char *name, size_t rank, const char *country, const char *admin1,
                         place_kind kind, double lat, double lon) {
    place p[64];
    size_t found = look(gazetteer_builtin(), name, p, 64);
    if (found <= rank)
        fail_msg("%s: %zu found", name, found);
    assert_str_equal(p[rank].country, str_of(country), name);
    if (admin1)
        assert_str_equal(p[rank].admin1, str_of(admin1), name);
    assert_int_equal(p[rank].kind, kind);
    if (places_distance_km(p[rank].lat, p[rank].lon, lat, lon) > 30 + p[rank].radius_km)
        fail_msg("%s: %.3f %.3f", name, p[rank].lat, p[rank].lon);
}

static void real_places_are_where_they_are(void **state) {
    (void)state;
    assert_place("سوريا", 0, "SY", NULL, PLACE_COUNTRY, 35.0, 38.5);
    assert_place("Britain", 0, "GB", NULL, PLACE_COUNTRY, 54.0, -2.5);
    assert_place("الولايات المتحدة", 0, "US", NULL, PLACE_COUNTRY, 39.5, -98.5);
    assert_place("حلب", 0, "SY", "Aleppo", PLACE_REGION, 36.2, 37.6);
    assert_place("حلب", 1, "SY", "Aleppo", PLACE_CITY, 36.20, 37.16);
    assert_place("كفرنوران", 0, "SY", "Aleppo", PLACE_VILLAGE, 36.082, 36.831);
    assert_place("كوباني", 0, "SY", "Aleppo", PLACE_CITY, 36.89, 38.35);
    assert_place("الموصل", 0, "IQ", "Nineveh", PLACE_CITY, 36.34, 43.13);
    assert_place("عدن", 0, "YE", "Aden", PLACE_CITY, 12.78, 45.03);
    assert_place("قطاع غزة", 0, "PS", "Gaza Strip", PLACE_REGION, 31.4, 34.4);
    assert_place("الغوطة الشرقية", 0, "SY", "Rif Dimashq", PLACE_AREA, 33.53, 36.42);
    assert_place("Moscow", 0, "RU", NULL, PLACE_CITY, 55.75, 37.62);
    assert_place("باريس", 0, "FR", NULL, PLACE_CITY, 48.85, 2.35);
    assert_place("الشرق الأوسط", 0, "", NULL, PLACE_AREA, 29, 42);
}

static void the_builtin_gazetteer_passes_its_own_check(void **state) {
    (void)state;
    const gazetteer *g = gazetteer_builtin(), *checked;
    failure f = {0};
    if (gazetteer_check((str){(const char *)g, (size_t)g->size}, "builtin", &checked, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    assert_ptr_equal(g, checked);
    place p;
    for (uint32_t i = 0; i < g->sections[SECTION_PLACES].count; i++) {
        gazetteer_get(g, i, &p);
        assert_true(p.id.size > 0 && (p.name.size > 0 || p.name_ar.size > 0));
        assert_true(p.radius_km > 0 && fabs(p.lat) <= 90 && fabs(p.lon) <= 180);
    }
}

/* ---- settling ---- */

static void assert_settled(const place_query *queries, size_t count, size_t which, const char *country,
                           const char *admin1, place_kind kind) {
    arena a = arena_new((allocator){0});
    place *out = ARENA_NEW(&a, place, count);
    places_settle(gazetteer_builtin(), queries, count, &a, out);
    assert_non_null(out[which].id.data);
    assert_str_equal(out[which].country, str_of(country), "country");
    assert_str_equal(out[which].admin1, str_of(admin1), "region");
    assert_int_equal(out[which].kind, kind);
    arena_free(&a);
}

#define NAME(text, kind, within, sentence)                                                                   \
    { {text, sizeof text - 1}, kind, within, sentence }

static void words_around_a_name_choose_its_kind(void **state) {
    (void)state;
    place_query city[] = {NAME("حلب", PLACE_CITY, -1, 0)}, region[] = {NAME("حلب", PLACE_REGION, -1, 0)};
    assert_settled(city, 1, 0, "SY", "Aleppo", PLACE_CITY);
    assert_settled(region, 1, 0, "SY", "Aleppo", PLACE_REGION);
}

static void neighbours_choose_between_namesakes(void **state) {
    (void)state;
    place_query tripoli_ly[] = {NAME("طرابلس", PLACE_CITY, -1, 0), NAME("مصراتة", -1, -1, 0),
                                NAME("ليبيا", -1, -1, 1)};
    place_query tripoli_lb[] = {NAME("طرابلس", PLACE_CITY, -1, 0), NAME("زغرتا", -1, -1, 0),
                                NAME("لبنان", -1, -1, 1)};
    assert_settled(tripoli_ly, 3, 0, "LY", "Tripoli", PLACE_CITY);
    assert_settled(tripoli_lb, 3, 0, "LB", "North Lebanon", PLACE_CITY);
}

/* Namesakes that no other place of the text chooses between: a larger town of a country that news of
 * incidents seldom speak of, a district named like a stretch of land. */
static void where_incidents_are_told_is_meant(void **state) {
    (void)state;
    place_query bethlehem[] = {NAME("بيت لحم", -1, -1, 0)}, sinai[] = {NAME("سيناء", -1, -1, 0)},
                golan[] = {NAME("الجولان", -1, -1, 0)};
    assert_settled(bethlehem, 1, 0, "PS", "West Bank", PLACE_CITY);
    assert_settled(sinai, 1, 0, "EG", "", PLACE_AREA);
    assert_settled(golan, 1, 0, "SY", "Quneitra", PLACE_AREA);
}

/* The attention of a country is its places', that of a place its own; it outweighs people. */
static void attention_ranks_namesakes(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const char *attention = temporary(&a, "attention.tsv"), *towns = temporary(&a, "towns.tsv");
    FILE *file = fopen(towns, "wb");
    fputs("id\tname\tcountry\tkind\tlat\tlon\tpopulation\ntest:quiet\tXanadu\tXA\tcity\t10\t11\t20000\n"
          "test:loud\tXanadu\tXB\tcity\t-20\t61\t20000\n",
          file);
    fclose(file);
    for (int told = 0; told < 3; told++) {
        file = fopen(attention, "wb");
        fprintf(file, "id\tattention\n%s\t9\n",
                told == 0   ? "test:zarland"
                : told == 1 ? "test:elsewhere"
                            : "test:loud");
        fclose(file);
        const char *sources[] = {test_path(&a, "tests/places/invented.tsv"), towns, attention};
        gazetteer *g = compile(&a, sources, 3);
        place_query query[] = {NAME("Xanadu", -1, -1, 0)};
        place out[1];
        places_settle(g, query, 1, &a, out);
        assert_str_equal(out[0].country, told == 0 ? STR("XA") : STR("XB"),
                         "of the country that is spoken of");
        assert_int_equal(out[0].attention, told == 2 ? 9 : 0);
        gazetteer_close(g);
    }
    unlink(attention);
    unlink(towns);
    arena_free(&a);
}

static void a_container_chooses_what_it_contains(void **state) {
    (void)state;
    place_query in_idlib[] = {NAME("النيرب", PLACE_VILLAGE, 1, 0), NAME("إدلب", PLACE_REGION, -1, 0)};
    place_query in_aleppo[] = {NAME("النيرب", -1, 1, 0), NAME("حلب", PLACE_REGION, -1, 0)};
    assert_settled(in_idlib, 2, 0, "SY", "Idlib", PLACE_VILLAGE);
    assert_settled(in_aleppo, 2, 0, "SY", "Aleppo", PLACE_VILLAGE);
}

static void an_unknown_spelling_is_found_among_its_neighbours(void **state) {
    (void)state;
    place_query queries[] = {NAME("كنصفرة", PLACE_VILLAGE, -1, 0), NAME("أريحا", -1, -1, 0),
                             NAME("إدلب", -1, -1, 0), NAME("سرمين", -1, -1, 0)};
    assert_settled(queries, 4, 0, "SY", "Idlib", PLACE_VILLAGE);
}

static void what_is_not_known_stays_empty(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    place_query queries[] = {NAME("قرقشندستان", -1, -1, 0), NAME("", -1, 5, 0), NAME("سوريا", -1, -7, 0)};
    place out[3];
    places_settle(gazetteer_builtin(), queries, 3, &a, out);
    assert_null(out[0].id.data);
    assert_null(out[1].id.data);
    assert_non_null(out[2].id.data);
    places_settle(gazetteer_builtin(), queries, 0, &a, out);
    arena_free(&a);
}

/* ---- geodesy ---- */

static void distances_are_geodesic(void **state) {
    (void)state;
    double lat, lon;
    assert_true(fabs(places_distance_km(0, 0, 0, 1) - 111.3195) < 1e-3);
    assert_true(fabs(places_distance_km(36.20, 37.16, 33.51, 36.29) - 308.9) < 1.5); /* Aleppo, Damascus */
    places_destination(35, 38, 90, 100, &lat, &lon);
    assert_true(fabs(places_distance_km(35, 38, lat, lon) - 100) < 1e-6 && lon > 39);
    places_midpoint(35, 38, 36, 40, &lat, &lon);
    assert_true(fabs(places_distance_km(35, 38, lat, lon) - places_distance_km(36, 40, lat, lon)) < 1e-6);
    places_midpoint(0, 179, 0, -179, &lat, &lon);
    assert_true(fabs(fabs(lon) - 180) < 1e-9);
}

static double random_degrees(test_random *r, unsigned most) {
    return (double)random_below(r, 2 * most * 1000 + 1) / 1000 - most;
}

/* "At most so far" is what the distance says, near and far, right at the limit and beside it. */
static void within_is_what_the_distance_says(void **state) {
    (void)state;
    static const double beside[] = {0, 0.5, 0.99, 0.9999, 1, 1.0001, 1.01, 2};
    test_random r = test_seeded("within_is_what_the_distance_says");
    for (size_t i = 0; i < test_rounds(500); i++) {
        double lat = random_degrees(&r, 90), lon = random_degrees(&r, 180), to_lat = random_degrees(&r, 90),
               to_lon = random_degrees(&r, 180);
        if (i % 2)
            to_lat = lat + random_degrees(&r, 1) * (1 - fabs(lat) / 90), to_lon = lon + random_degrees(&r, 1);
        if (i % 50 == 1)
            lat = to_lat = i % 4 == 1 ? 90 : -90; /* one point, whatever the longitudes */
        double km = places_distance_km(lat, lon, to_lat, to_lon);
        for (size_t k = 0; k < sizeof beside / sizeof *beside; k++)
            assert_int_equal(places_within_km(lat, lon, to_lat, to_lon, km * beside[k]),
                             km <= km * beside[k]);
    }
}

static double radius_of(place_relation relation, const place *anchor, const place *other, double bearing,
                        double km, double *lat, double *lon) {
    double radius;
    places_relative(relation, anchor, other, bearing, km, lat, lon, &radius);
    return radius;
}

static void relative_places_have_honest_circles(void **state) {
    (void)state;
    place town = {.kind = PLACE_CITY, .lat = 35, .lon = 40, .radius_km = 4};
    place other = {.kind = PLACE_CITY, .lat = 35, .lon = 41, .radius_km = 4};
    double lat, lon;
    assert_true(radius_of(RELATION_IN, &town, NULL, -1, 0, &lat, &lon) == 4 && lat == 35 && lon == 40);
    assert_true(fabs(radius_of(RELATION_DISTANCE, &town, NULL, 0, 40, &lat, &lon) - 6) < 1e-9);
    assert_true(fabs(places_distance_km(35, 40, lat, lon) - 40) < 1e-6 && lat > 35);
    assert_true(radius_of(RELATION_DISTANCE, &town, NULL, -1, 10, &lat, &lon) == 14 && lat == 35);
    double half = radius_of(RELATION_BETWEEN, &town, &other, -1, 0, &lat, &lon);
    assert_true(fabs(half * 2 - places_distance_km(35, 40, 35, 41)) < 1e-6);
    double west = radius_of(RELATION_DIRECTION, &town, NULL, 270, 0, &lat, &lon);
    assert_true(lon < 40 &&
                west + 1e-9 >= places_distance_km(35, 40, lat, lon)); /* the circle reaches the town */
    assert_true(radius_of(RELATION_NEAR, &town, NULL, -1, 0, &lat, &lon) == 9);
    assert_true(radius_of(RELATION_COUNTRYSIDE, &town, NULL, -1, 0, &lat, &lon) == 25);
    assert_true(radius_of(RELATION_CENTRE, &town, NULL, -1, 0, &lat, &lon) < 4);
    assert_true(radius_of(RELATION_BETWEEN, &town, NULL, -1, 0, &lat, &lon) == 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelling_does_not_tell_names_apart),
        cmocka_unit_test(letters_do_tell_names_apart),
        cmocka_unit_test(folding_is_idempotent_and_never_longer),
        cmocka_unit_test(the_key_of_words_is_the_keys_of_the_words),
        cmocka_unit_test(skeletons_join_the_scripts),
        cmocka_unit_test(names_lead_to_places_best_known_first),
        cmocka_unit_test(a_town_is_not_called_by_its_province),
        cmocka_unit_test(single_letters_and_numbers_are_no_names),
        cmocka_unit_test(sources_join_by_id),
        cmocka_unit_test(errors_tell_file_and_line),
        cmocka_unit_test(compiling_twice_gives_the_same_version),
        cmocka_unit_test(damaged_files_are_refused_or_harmless),
        cmocka_unit_test(what_is_no_gazetteer_is_refused_with_one_line),
        cmocka_unit_test(the_longest_name_is_found_word_by_word),
        cmocka_unit_test(beginnings_are_known),
        cmocka_unit_test(real_places_are_where_they_are),
        cmocka_unit_test(the_builtin_gazetteer_passes_its_own_check),
        cmocka_unit_test(words_around_a_name_choose_its_kind),
        cmocka_unit_test(neighbours_choose_between_namesakes),
        cmocka_unit_test(where_incidents_are_told_is_meant),
        cmocka_unit_test(attention_ranks_namesakes),
        cmocka_unit_test(a_container_chooses_what_it_contains),
        cmocka_unit_test(an_unknown_spelling_is_found_among_its_neighbours),
        cmocka_unit_test(what_is_not_known_stays_empty),
        cmocka_unit_test(distances_are_geodesic),
        cmocka_unit_test(within_is_what_the_distance_says),
        cmocka_unit_test(relative_places_have_honest_circles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
