/* The golden cases of tests/page/cases: a folder a case, with input.html, input.txt or input.jsonl and what
 * must come out of it, as isnad-page/1 with the warnings added. `make golden` writes expected.json anew. Then
 * what must hold for any page: encodings told apart, linear work, hostile markup. */
#include "test_support.h"

#include "base/buffer.h"
#include "base/counters.h"
#include "base/utf8.h"
#include "page/address.h"
#include "page/assemble.h"
#include "page/charset.h"
#include "page/html.h"
#include "page/moment.h"
#include "page/outline.h"
#include "page/page.h"
#include "page/profile.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

/* ---- golden cases ---- */

static void add_golden(const article *p, arena *a, buffer *out) {
    str json;
    page_json(p, STR("{}"), a, &json);
    json_t *object = json_loadb(json.data, json.size, 0, NULL), *warnings = json_array();
    assert_non_null(object);
    for (size_t i = 0; i < p->warnings.size; i++)
        json_array_append_new(warnings, json_stringn(p->warnings.at[i].data, p->warnings.at[i].size));
    json_object_set_new(object, "warnings", warnings);
    char *text = json_dumps(object, JSON_INDENT(1));
    buffer_add(out, str_of(text));
    buffer_add_byte(out, '\n');
    free(text);
    json_decref(object);
}

static void run_case(const char *name) {
    static const char *const inputs[] = {"input.html", "input.txt", "input.jsonl"};
    arena a = arena_new((allocator){0});
    buffer got = {0};
    for (size_t i = 0; i < 3; i++) {
        const char *path = test_path(&a, arena_printf(&a, "tests/page/cases/%s/%s", name, inputs[i]).data);
        if (!test_file_exists(path))
            continue;
        str input = str_of(path);
        intake *in = intake_open(&input, 1, NULL);
        capture c;
        while (intake_next(in, &a, &c)) {
            article p;
            c.file = str_of(inputs[i]);
            assert_int_equal(page_article(&c, NULL, &a, &p, NULL), STATUS_OK);
            add_golden(&p, &a, &got);
        }
        assert_int_equal(intake_status(in), STATUS_OK);
        intake_close(in);
    }
    assert_true(got.size > 0);
    assert_golden(buffer_str(&got), arena_printf(&a, "tests/page/cases/%s/expected.json", name).data);
    buffer_free(&got);
    arena_free(&a);
}

static void golden_cases(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    DIR *folder = opendir(test_path(&a, "tests/page/cases"));
    assert_non_null(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.') {
            run_case(entry->d_name);
            count++;
        }
    closedir(folder);
    arena_free(&a);
    assert_true(count >= 15);
}

/* ---- helpers ---- */

static article read_as(capture_kind kind, str bytes, arena *a) {
    capture c = {.kind = kind, .file = STR("test"), .bytes = bytes, .body = bytes};
    article p;
    assert_int_equal(page_article(&c, NULL, a, &p, NULL), STATUS_OK);
    return p;
}

static article read_html(const char *html, arena *a) {
    return read_as(CAPTURE_HTML, str_of(html), a);
}

static str repeated(arena *a, str part, size_t times, str head, str tail) {
    char *out = arena_alloc(a, head.size + part.size * times + tail.size + 1);
    size_t size = 0;
    memcpy(out, head.data, head.size);
    size += head.size;
    for (size_t i = 0; i < times; i++, size += part.size)
        memcpy(out + size, part.data, part.size);
    memcpy(out + size, tail.data, tail.size);
    return (str){out, size + tail.size};
}

/* ---- encodings ---- */

static const char *const sentences[] = {
    "قال مصدر محلي إن ثلاثة أشخاص قتلوا وأصيب خمسة آخرون في قصف مختلق استهدف سوقا شعبية، مساء أمس الثلاثاء.",
    "وأضاف المصدر ذاته أن فرق الدفاع المدني نقلت الجرحى إلى المستشفى، فيما لم تعلن أي جهة مسؤوليتها عن "
    "الهجوم.",
    "نفى الناطق باسم الجيش وقوع خسائر بشرية، مؤكدا أن الغارات اقتصرت على مواقع عسكرية في محيط البلدة "
    "المختلقة.",
};

static str encoded(const char *text, const char *converter, arena *a) {
    UErrorCode error = U_ZERO_ERROR;
    size_t room = strlen(text) * 4;
    char *out = arena_alloc(a, room + 1);
    int32_t size = ucnv_convert(converter, "utf-8", out, (int32_t)room, text, -1, &error);
    assert_true(U_SUCCESS(error));
    return (str){out, (size_t)size};
}

static void encodings_are_told_apart_without_a_label(void **state) {
    static const char *const converters[] = {"windows-1256", "iso-8859-6", "utf-8", "utf-16le", "utf-16be"};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof converters / sizeof *converters; i++)
        for (size_t k = 0; k < sizeof sentences / sizeof *sentences; k++) {
            decoded_text d = charset_decode(encoded(sentences[k], converters[i], &a), STR_NONE, false, &a);
            assert_str_equal(d.charset, str_of(converters[i]), sentences[k]);
            assert_str_equal(d.text, str_of(sentences[k]), converters[i]);
        }
    arena_free(&a);
}

static void wrong_labels_are_overruled(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    decoded_text d = charset_decode(str_of(sentences[0]), STR("windows-1256"), false, &a);
    assert_str_equal(d.text, str_of(sentences[0]), "UTF-8 with the label windows-1256");
    assert_true(d.repaired.size > 0);
    d = charset_decode(encoded(sentences[0], "windows-1256", &a), STR("utf-8"), false, &a);
    assert_str_equal(d.text, str_of(sentences[0]), "windows-1256 with the label UTF-8");
    assert_true(d.repaired.size > 0);
    d = charset_decode(encoded(sentences[0], "windows-1256", &a), STR("ISO-8859-1"), false, &a);
    assert_str_equal(d.text, str_of(sentences[0]), "windows-1256 with the label Latin-1");
    d = charset_decode(encoded("Le blessé a été emmené à l'hôpital, où il est décédé.", "iso-8859-1", &a),
                       STR_NONE, false, &a);
    assert_str_equal(d.charset, STR("windows-1252"), "French");
    arena_free(&a);
}

static void a_label_that_agrees_is_not_a_repair(void **state) {
    static const char *const converters[] = {"windows-1256", "iso-8859-6", "utf-8"};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof converters / sizeof *converters; i++) {
        decoded_text d =
            charset_decode(encoded(sentences[1], converters[i], &a), str_of(converters[i]), false, &a);
        assert_str_equal(d.text, str_of(sentences[1]), converters[i]);
        assert_int_equal(d.repaired.size, 0);
    }
    arena_free(&a);
}

/* A text cut in the middle of a character is UTF-8 with one part that was replaced. */
static void truncated_utf8_is_mended(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str whole = str_of(sentences[0]);
    decoded_text d = charset_decode(str_slice(whole, 0, 21), STR_NONE, false, &a);
    assert_true(utf8_valid(d.text));
    assert_str_equal(d.charset, STR("utf-8"), "charset");
    assert_true(d.repaired.size > 0);
    arena_free(&a);
}

/* ---- dates ---- */

static void dates_in_every_calendar(void **state) {
    static const struct {
        const char *text, *value, *offset;
    } dates[] = {
        {"2021-01-14T09:30:00+03:00", "2021-01-14T09:30", "+03:00"},
        {"2021-01-14T06:30:00Z", "2021-01-14T06:30", "+00:00"},
        {"20210114T093000+0200", "2021-01-14T09:30", "+02:00"},
        {"Thu, 14 Jan 2021 09:30:00 +0300", "2021-01-14T09:30", "+03:00"},
        {"January 14, 2021 at 9:30 PM", "2021-01-14T21:30", ""},
        {"14/01/2021", "2021-01-14", ""},
        {"الخميس 14 كانون الثاني 2021", "2021-01-14", ""},
        {"14 كانون الثاني/يناير 2021 - 09:30", "2021-01-14T09:30", ""},
        {"الأربعاء ١٤ أبريل ٢٠٢١ ٠٩:٣٠ م", "2021-04-14T21:30", ""},
        {"6 جويلية 2021", "2021-07-06", ""},
        {"22 غشت 2021", "2021-08-22", ""},
        {"3 أوت 2021", "2021-08-03", ""},
        {"1 جمادى الآخرة 1442 هـ", "2021-01-14", ""},
        {"1 جمادى الآخرة 1442 هـ الموافق 14 يناير 2021 م", "2021-01-14", ""},
        {"2021/1/4", "2021-01-04", ""},
        {"20210114093012", "2021-01-14T09:30", ""},
        {"14 January 2021, 8:54 p.m. EST", "2021-01-14T20:54", "-05:00"},
        {"14 يناير 2021 - 09:30 بتوقيت غرينتش", "2021-01-14T09:30", "+00:00"},
        {"14 يناير 2021 09:30 (بتوقيت مكة المكرمة)", "2021-01-14T09:30", "+03:00"},
        {"14.01.2021 10:11:12 UTC+03:00", "2021-01-14T10:11", "+03:00"},
        {"5 مايس 2021", "2021-05-05", ""},
        {"1 الفاتح 2009", "2009-09-01", ""},
        {"22 أغشت 2021", "2021-08-22", ""},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        moment m = {0};
        assert_true(moment_read(str_of(dates[i].text), (moment_style){0}, &a, &m));
        assert_str_equal(m.value, str_of(dates[i].value), dates[i].text);
        assert_str_equal(m.offset, str_of(dates[i].offset), dates[i].text);
    }
    static const char *const none[] = {"",           "14 يناير", "في عام 2021", "32/01/2021",
                                       "2021-13-01", "99999999", "a 12:30 b"};
    moment m;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(moment_read(str_of(none[i]), (moment_style){0}, &a, &m));
    assert_true(moment_in_address(STR("https://x.example/2021/01/14/a-b"), &a, &m));
    assert_str_equal(m.value, STR("2021-01-14"), "address");
    assert_false(moment_in_address(STR("https://x.example/99/2021/"), &a, &m));
    arena_free(&a);
}

/* Read at 2021-01-14 09:30 of Greenwich. */
static void times_from_the_moment_of_reading(void **state) {
    static const struct {
        const char *text, *value, *offset;
    } times[] = {
        {"2 hours ago", "2021-01-14T07:30", "+00:00"},
        {"an hour ago", "2021-01-14T08:30", "+00:00"},
        {"Updated about 1 hour, 20 minutes ago", "2021-01-14T08:10", "+00:00"},
        {"3 days ago", "2021-01-11", ""},
        {"two weeks ago", "2020-12-31", ""},
        {"Yesterday", "2021-01-13", ""},
        {"yesterday at 14:05", "2021-01-13T14:05", ""},
        {"just now", "2021-01-14T09:30", "+00:00"},
        {"منذ ساعتين", "2021-01-14T07:30", "+00:00"},
        {"منذ 5 دقائق", "2021-01-14T09:25", "+00:00"},
        {"منذ ١٠ ساعات", "2021-01-13T23:30", "+00:00"},
        {"قبل 3 أيام", "2021-01-11", ""},
        {"قبل ثلاثة أيام", "2021-01-11", ""},
        {"نُشر منذ يومين", "2021-01-12", ""},
        {"أمس، الساعة 10:30", "2021-01-13T10:30", ""},
        {"أول أمس", "2021-01-12", ""},
        {"أمس الأول", "2021-01-12", ""},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    int64_t now = (int64_t)day_of(2021, 1, 14) * 1440 + 9 * 60 + 30;
    moment m;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        assert_true(moment_relative(str_of(times[i].text), now, &a, &m));
        assert_str_equal(m.value, str_of(times[i].value), times[i].text);
        assert_str_equal(m.offset, str_of(times[i].offset), times[i].text);
        assert_false(moment_relative(str_of(times[i].text), 0, &a, &m));
    }
    static const char *const none[] = {"",          "5 min read",   "3 days",    "ساعتين",
                                       "منذ سنوات", "2 months ago", "قبل الهجوم"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(moment_relative(str_of(none[i]), now, &a, &m));
    arena_free(&a);
}

static article read_at(const char *time, const char *url, const char *html, arena *a) {
    capture c = {.kind = CAPTURE_HTML,
                 .file = STR("test"),
                 .bytes = str_of(html),
                 .body = str_of(html),
                 .url = str_of(url),
                 .time = str_of(time)};
    article p;
    assert_int_equal(page_article(&c, NULL, a, &p, NULL), STATUS_OK);
    return p;
}

/* Greenwich's clock is brought to the outlet's, by another field, by a line, by the day of the address. */
static void dates_by_the_outlets_own_clock(void **state) {
#define BODY                                                                                                 \
    "<h1>Two hurt in invented fire</h1>%s<p>Two people were hurt in a fire in the invented town of "         \
    "Aldmere, the "                                                                                          \
    "mayor said, and a third is missing.</p>"
    static const struct {
        const char *head, *line, *url, *published, *offset, *from;
    } pages[] = {
        {"<meta property=article:published_time content=2021-01-15T01:30:00Z>"
         "<meta name=pubdate content='2021-01-14T20:30:00'>",
         "", "https://a.example/x", "2021-01-14T20:30", "-05:00", "meta"},
        {"<meta property=article:published_time content=2021-01-15T01:30:00Z>",
         "<p>January 14, 2021 8:30 pm</p>", "https://a.example/x", "2021-01-14T20:30", "-05:00", "meta"},
        {"<meta property=article:published_time content=2021-01-15T01:30:00Z>", "",
         "https://a.example/2021/01/14/x", "2021-01-14", "", "url"},
        {"<meta property=article:published_time content=2021-01-15T21:30:00Z>", "",
         "https://a.example/2021/01/14/x", "2021-01-15T21:30", "+00:00", "meta"},
        {"<meta property=article:published_time content=2021-01-15T01:30:00Z>"
         "<meta property=article:modified_time content=2021-01-15T09:30:00+04:00>",
         "", "https://a.example/x", "2021-01-15T05:30", "+04:00", "meta"},
        /* a page that dates itself by its loading */
        {"<meta property=article:published_time content=2021-02-01T12:00:00Z>", "<p>14 January 2021</p>",
         "https://a.example/x", "2021-01-14", "", "text"},
        {"", "<p>2 hours ago</p>", "https://a.example/x", "2021-02-01T10:00", "+00:00", "text"},
        {"", "<p>منذ 3 أيام</p>", "https://a.example/x", "2021-01-29", "", "text"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        str html = arena_printf(&a, "<head>%s</head><body>" BODY, pages[i].head, pages[i].line);
        article p = read_at("2021-02-01T12:00:00Z", pages[i].url, html.data, &a);
        assert_str_equal(p.published, str_of(pages[i].published), html.data);
        assert_str_equal(p.published_offset, str_of(pages[i].offset), html.data);
        assert_str_equal(p.published_from, str_of(pages[i].from), html.data);
        p = read_at("", pages[i].url, html.data, &a);
        if (i >= 6)
            assert_int_equal(p.published.size, 0);
    }
    arena_free(&a);
#undef BODY
}

static void a_given_date_is_the_last_resort(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    capture c = {.kind = CAPTURE_TEXT, .body = STR("Title\n\nTwo people were hurt."), .bytes = STR("x")};
    page_options options = {.published = STR("2021-01-14T09:30+03:00")};
    article p;
    assert_int_equal(page_article(&c, &options, &a, &p, NULL), STATUS_OK);
    assert_str_equal(p.published, STR("2021-01-14T09:30"), "published");
    assert_str_equal(p.published_offset, STR("+03:00"), "offset");
    assert_str_equal(p.published_from, STR("given"), "from");
    c.body = STR("Title\n\nPublished: 2 March 2020\n\nTwo people were hurt.");
    assert_int_equal(page_article(&c, &options, &a, &p, NULL), STATUS_OK);
    assert_str_equal(p.published, STR("2020-03-02"), "the page's own");
    assert_str_equal(p.published_from, STR("text"), "from");
    arena_free(&a);
}

/* ---- language ---- */

static void languages(void **state) {
    static const struct {
        const char *language, *text;
    } texts[] = {
        {"ar", "قتل ثلاثة مدنيين في قصف على البلدة"},
        {"en", "Three civilians were killed in the shelling of the town"},
        {"fa", "سه غیرنظامی در این حمله کشته شدند و چند نفر دیگر زخمی "
               "شده‌اند"},
        {"ur", "حملے میں تین شہری ہلاک ہو گئے اور کئی زخمی ہوئے ہیں"},
        {"ps", "په دې برید کې درې ملکي کسان وژل شوي دي او څو تنه ټپيان شوي"},
        {"ckb", "لە هێرشەکەدا سێ هاوڵاتی کوژران و چەند کەسێکی دیکە بریندار بوون"},
        {"", "12:30"},
        {"", "Три человека погибли"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_str_equal(page_language(str_of(texts[i].text)), str_of(texts[i].language), texts[i].text);
}

static void what_a_record_says_of_its_language_counts_for_a_few_words(void **state) {
    static const struct {
        const char *text, *told, *language;
    } cases[] = {
        {"Eid al-Fitr 2018", "en", "en"},
        {"Eid al-Fitr 2018", "de-AT", "de"},
        {"Three civilians were killed in the shelling of the town", "ar", "en"},
        {"قتل ثلاثة مدنيين في قصف على البلدة", "en", "ar"},
        {"Three civilians were killed in the shelling of the town on Sunday, and seven who were with them "
         "were hurt. The "
         "mayor said that the road to the hospital had been closed since the morning.",
         "fr", "en"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        article p = {0};
        article_add(&p, str_of(cases[i].text), PARAGRAPH_PLAIN, &a);
        article_languages(&p, str_of(cases[i].told), &a);
        assert_str_equal(p.language, str_of(cases[i].language), cases[i].text);
    }
    arena_free(&a);
}

/* ---- records ---- */

static void records_stand_as_they_are(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    article p =
        read_as(CAPTURE_JSON_RECORD, STR("{\"title\": \"T\", \"text\": \" a  b\\r\\n\\n#c \\rd\"}"), &a);
    assert_str_equal(p.text, STR("T\n a  b\n\n#c \nd"), "text");
    assert_int_equal(p.body_start, 2);
    assert_int_equal(p.paragraphs.size, 3);
    assert_true(p.verbatim);
    p = read_as(CAPTURE_JSON_RECORD, STR("{\"title\": \"\", \"text\": \"a\"}"), &a);
    assert_str_equal(p.text, STR("a"), "without a title");
    arena_free(&a);
}

static void bad_records_fail_with_their_offset(void **state) {
    static const char *const lines[] = {
        "", "{", "[]", "5", "{\"text\": 5}", "{\"title\": \"a\"}", "{\"text\": \"a\"} b"};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        capture c = {
            .kind = CAPTURE_JSON_RECORD, .file = STR("f.jsonl"), .offset = 77, .body = str_of(lines[i])};
        article p;
        failure f;
        assert_int_equal(page_article(&c, NULL, &a, &p, &f), STATUS_BAD_RECORDS);
        assert_non_null(strstr(f.message, "f.jsonl: offset 77: expected"));
    }
    arena_free(&a);
}

/* ---- identity ---- */

static void ids_are_of_url_and_bytes(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    capture c = {.kind = CAPTURE_TEXT, .body = STR("a"), .bytes = STR("a"), .url = STR("http://x.example/")};
    article p, q;
    assert_int_equal(page_article(&c, NULL, &a, &p, NULL), STATUS_OK);
    c.url = STR_NONE;
    assert_int_equal(page_article(&c, NULL, &a, &q, NULL), STATUS_OK);
    assert_int_equal(p.id.size, 32);
    assert_false(str_equal(p.id, q.id));
    assert_str_equal(p.sha256, q.sha256, "sha256");
    assert_str_equal(p.sha256, STR("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
                     "of a");
    arena_free(&a);
}

/* ---- markup ---- */

static void references_and_raw_text(void **state) {
    static const char *const pairs[][2] = {
        {"&amp;&lt;&#65;&#x41;", "&<AA"},
        {"&notit;", "\xC2\xACit;"},
        {"&amp", "&"},
        {"&bogus;", "&bogus;"},
        {"&#150;", "\xE2\x80\x93"},
        {"&#0;", "\xEF\xBF\xBD"},
        {"&#x110000;", "\xEF\xBF\xBD"},
        {"&", "&"},
        {"&#;", "&#;"},
        {"&laquo;x&raquo;", "«x»"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_str_equal(html_decoded(&a, str_of(pairs[i][0]), false), str_of(pairs[i][1]), pairs[i][0]);
    assert_str_equal(html_decoded(&a, STR("?a=1&copy=2"), true), STR("?a=1&copy=2"), "in an attribute");
    article p = read_html(
        "<p>One was hurt, they said.<script>'<!--<script>two</script>'</script></p><p>Three more were, "
        "too, at dawn.</p>",
        &a);
    assert_str_equal(p.text, STR("One was hurt, they said.\nThree more were, too, at dawn."), "script");
    arena_free(&a);
}

/* Which blocks misnested markup gives, by the standard's rules. */
static void blocks_of_misnested_markup(void **state) {
    static const char *const pages[][2] = {
        {"<p>one<div>two</div>three", "one|two|three"},
        {"<ul><li>one<li>two<ul><li>three</ul>four</ul>", "one|two|three|four"},
        {"<li>one<div><li>two", "one|two"},
        {"<dl><dt>one<dd>two<section><dd>three", "one|two|three"},
        {"<h2>one</h3>two", "one|two"},
        {"<p>one</p></p>two", "one|two"},
        {"one<b>two<p>three</b>four</p>five", "onetwo|threefour|five"},
        {"<table><tr><td>one<td>two<tr><td>three</table>four", "one|two|three|four"},
        {"<table><td>one</tbody>two</table>", "two|one"},
        {"<table><tr><td>one</td></tr>two<p>three</p><tr><td>four</table>five", "two|three|one|four|five"},
        {"<td>one<table>two<tr><td>three<table>four<tr><td>five</table></table>six",
         "one|two|three|four|five|six"},
        {"<tr><td>12</td><td>34</td>", "12|34"},
        {"<form><div>one</form>two</div>three", "onetwo|three"},
        {"<select><option>one<input>two", "two"},
        {"<button>one<button>two</button>three", "three"},
        {"one<svg><desc><p>two</p></desc></svg>three", "onethree"},
        {"one<svg><g><p>two", "one|two"},
        {"one<svg><style><b>two</style>three</svg>four", "onetwothreefour"},
        {"one<math><mi>x</mi></math>two", "onetwo"},
        {"one<svg><![CDATA[</svg>]]></svg>two", "onetwo"},
        {"<template><table></template>one", "one"},
        {"<noscript><p><!--</noscript>one", "one"},
        {"one<xmp>&amp;<p></xmp>two", "one|&amp;<p>|two"},
        {"a\xEF\xBF\xBD<plaintext><p>b", "a\xEF\xBF\xBD|<p>b"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        outline o;
        outline_read(str_of(pages[i][0]), &a, &o);
        buffer got = {0};
        for (size_t k = 0; k < o.blocks.size; k++) {
            buffer_add(&got, k ? STR("|") : STR(""));
            buffer_add(&got, o.blocks.at[k].text);
        }
        assert_str_equal(buffer_str(&got), str_of(pages[i][1]), pages[i][0]);
        buffer_free(&got);
    }
    arena_free(&a);
}

static void links_are_made_whole(void **state) {
    static const char *const addresses[][3] = {
        {"https://a.example/x/y.html", "/z", "https://a.example/z"},
        {"https://a.example/x/y.html", "z?q", "https://a.example/x/z?q"},
        {"https://a.example/x/y.html", "../z", "https://a.example/z"},
        {"https://a.example/x/y.html", "../../../z", "https://a.example/z"},
        {"https://a.example", "z", "https://a.example/z"},
        {"https://a.example/x", "//b.example/z", "https://b.example/z"},
        {"https://a.example/x?q", "#z", "https://a.example/x?q#z"},
        {"https://a.example/x", "http://c.example/", "http://c.example/"},
        {"", "z", "z"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        assert_str_equal(address_resolve(str_of(addresses[i][0]), str_of(addresses[i][1]), &a),
                         str_of(addresses[i][2]), addresses[i][1]);
    assert_str_equal(address_host(STR("https://u@a.example:80/x")), STR("a.example"), "host");
    arena_free(&a);
}

/* ---- spans ---- */

/* Asking why changes nothing, and each block has its rule; what stood on a word of a table says where. */
static void assert_explained(capture_kind kind, str bytes, str text, arena *a) {
    capture c = {.kind = kind, .file = STR("test"), .bytes = bytes, .body = bytes};
    article p;
    assert_int_equal(page_article(&c, &(page_options){.explain = true}, a, &p, NULL), STATUS_OK);
    assert_str_equal(p.text, text, "explained");
    assert_int_equal(p.explained, kind == CAPTURE_HTML);
    for (size_t i = 0; i < p.blocks.size; i++) {
        const page_block *b = &p.blocks.at[i];
        assert_true(b->text.size && b->element.size && b->use.size && b->rule.size);
        assert_true(!b->because.file.size || (b->because.word.size && b->because.line > 1));
    }
}

/* Random markup out of pieces: the paragraphs always lie in the text, one line each. */
static void paragraphs_lie_in_the_text(void **state) {
    static const char *const pieces[] = {
        "<p>",
        "</p>",
        "<div class=related>",
        "</div>",
        "<table><tr><td>",
        "<td>",
        "</table>",
        "<br>",
        "<br>",
        "<a href=x>",
        "</a>",
        "<li>",
        "<ul>",
        "</ul>",
        "<h1>",
        "</h1>",
        "<blockquote>",
        "<figcaption>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "Three men were killed, police said. ",
        "قتل ثلاثة أشخاص، وفق مصدر محلي. ",
        "Read next",
        "اقرأ أيضاً: ",
        "&amp;",
        "\xFF",
        "<",
        "&#x",
        "<article class=article-body>",
        "</article>",
        "<title>",
        "</title>",
        "2021-01-14",
        "\n",
        "<div class=tweet>",
        "<div class=message>",
        "<time datetime=2021-01-14T09:30Z>",
        "<abbr data-utime=1614672000>",
        "</time>",
        "09:30",
        "2 hours ago",
        "<span class=fullname>",
        "<div class=forwarded>",
        "<script type=application/ld+json>{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":[",
        "{\"headline\":\"Three men were killed, police said.\",\"datePublished\":\"2021-01-14\"},",
    };
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(3000); round++) {
        buffer page = {0};
        for (size_t i = random_below(&r, 60); i > 0; i--)
            buffer_add(&page, str_of(pieces[random_below(&r, sizeof pieces / sizeof *pieces)]));
        capture_kind kind = random_below(&r, 4) ? CAPTURE_HTML : CAPTURE_TEXT;
        article p = read_as(kind, buffer_str(&page), &a);
        assert_true(utf8_valid(p.text));
        assert_explained(kind, buffer_str(&page), p.text, &a);
        for (size_t i = 0; i < p.paragraphs.size; i++) {
            const paragraph *one = &p.paragraphs.at[i];
            assert_true(one->text.size > 0 && !memchr(one->text.data, '\n', one->text.size));
            if (one->kind != PARAGRAPH_CAPTION)
                assert_true(one->text.data >= p.text.data + p.body_start &&
                            one->text.data + one->text.size <= p.text.data + p.text.size);
        }
        size_t behind = 0;
        for (size_t i = 0; i < p.entries.size; behind = p.entries.at[i++].end)
            assert_true(p.entries.at[i].first >= behind && p.entries.at[i].first < p.entries.at[i].end &&
                        p.entries.at[i].end <= p.paragraphs.size);
        str markdown;
        page_markdown(&p, &a, &markdown);
        assert_true(utf8_valid(markdown));
        buffer_free(&page);
        arena_reset(&a);
    }
    arena_free(&a);
}

/* ---- posts ---- */

static const char *const shared_line = "Give to the invented harbour network, so that it can go on telling.";

static str page_of_posts(arena *a, unsigned number) {
    static const char post[] =
        "<div class=tweet><span class=fullname>Harbour</span> <time "
        "datetime=2021-03-0%uT0%u:00Z>x</time><p>Boat %u of "
        "the invented fleet number %u came in, the harbour master said.</p><p>%s</p></div>";
    str first = arena_printf(a, post, number, 6, number * 10, number, shared_line),
        second = arena_printf(a, post, number, 7, number * 10 + 1, number, shared_line);
    return arena_printf(a, "<title>Boats of day %u</title>%.*s%.*s", number, STR_ARG(first), STR_ARG(second));
}

static article read_posts(str page, const profile *known, arena *a) {
    capture c = {.kind = CAPTURE_HTML,
                 .file = STR("test"),
                 .bytes = page,
                 .body = page,
                 .url = STR("https://harbour.example/")};
    article p;
    assert_int_equal(page_article(&c, &(page_options){.profile = known}, a, &p, NULL), STATUS_OK);
    return p;
}

/* Paragraphs that a profile leaves out move the posts of the others. */
static void posts_without_what_a_site_shares(void **state) {
    enum { PAGES = 9 };
    (void)state;
    arena a = arena_new((allocator){0});
    lesson *l = lesson_new();
    for (unsigned i = 1; i <= PAGES; i++) {
        article p = read_posts(page_of_posts(&a, i), NULL, &a);
        assert_int_equal(p.paragraphs.size, 4);
        assert_int_equal(p.entries.size, 2);
        lesson_add(l, &p);
    }
    profile *known;
    assert_int_equal(profile_read(lesson_profile(l, &a), "test", &a, &known, NULL), STATUS_OK);
    article p = read_posts(page_of_posts(&a, 1), known, &a);
    assert_int_equal(p.paragraphs.size, 2);
    assert_int_equal(p.entries.size, 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(p.entries.at[i].first == i && p.entries.at[i].end == i + 1);
    assert_str_equal(p.entries.at[1].time, STR("2021-03-01T07:00"), "time");
    lesson_free(l);
    arena_free(&a);
}

/* ---- Markdown ---- */

static void pages_as_markdown(void **state) {
    static const char *const cases[] = {"tables-captions-lists", "telegram-channel", "live-blog-json-ld",
                                        "topics-and-updates"};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        str input = str_of(test_path(&a, arena_printf(&a, "tests/page/cases/%s/input.html", cases[i]).data)),
            markdown;
        intake *in = intake_open(&input, 1, NULL);
        capture c;
        article p;
        assert_true(intake_next(in, &a, &c));
        c.file = STR("input.html");
        assert_int_equal(page_article(&c, NULL, &a, &p, NULL), STATUS_OK);
        page_markdown(&p, &a, &markdown);
        intake_close(in);
        assert_golden(markdown, arena_printf(&a, "tests/page/cases/%s/expected.md", cases[i]).data);
    }
    arena_free(&a);
}

/* What Markdown or YAML would take for its own is text. */
static void markdown_escapes_what_pages_say(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    article p = read_html(
        "<title>A &quot;b&quot; \\ c</title><body><h1>A &quot;b&quot; \\ c</h1>"
        "<p># Two men, they said, were *hurt* at dawn.</p><p>1. One [was](x) killed, &lt;b&gt; too, a "
        "third hurt.</p><p>They <a href='/x y(z)>'>said</a> so on that day, and again.</p>",
        &a);
    str markdown;
    page_markdown(&p, &a, &markdown);
    static const char *const lines[] = {
        "title: \"A \\\"b\\\" \\\\ c\"\n",
        "\n# A \"b\" \\\\ c\n",
        "\n\\# Two men, they said, were \\*hurt\\* at dawn.\n",
        "\n1\\. One \\[was\\](x) killed, \\<b> too, a third hurt.\n",
        "- other: [said](</x%20y(z)%3E>)\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (str_find(markdown, str_of(lines[i]), 0) == SIZE_MAX)
            fail_msg("not in the Markdown: %s\n%.*s", lines[i], STR_ARG(markdown));
    arena_free(&a);
}

/* ---- JSON-LD ---- */

static article read_linked(str json, arena *a) {
    str page =
        arena_printf(a,
                     "<head><script type='application/ld+json'>%.*s</script></head><body><h1>A fire</h1>"
                     "<p>Two people were hurt in a fire, the mayor said.</p></body>",
                     STR_ARG(json));
    return read_as(CAPTURE_HTML, page, a);
}

static void linked_data_that_is_not_quite_valid(void **state) {
    static const struct {
        const char *json, *published, *author;
    } scripts[] = {
        {"{'@type'", "", ""},
        {"<!-- {\"@type\":\"NewsArticle\",\"datePublished\":\"2021-01-14\"} -->", "2021-01-14", ""},
        {"{\"datePublished\":\"2021-01-14\",\"author\":{\"name\":\"Mara\",},\"@type\":[\"NewsArticle\"],}",
         "2021-01-14", "Mara"},
        {"{\"@type\":\"NewsArticle\",\"headline\":\"A\nline, \"quoted\" "
         "too\",\"datePublished\":\"2021-01-14\"",
         "2021-01-14", ""},
        {"{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;datePublished&quot;:&quot;2021-01-14&quot;}",
         "2021-01-14", ""},
        {"{\"@type\":\"http://schema.org/"
         "NewsArticle\",\"datePublished\":1610582400,\"author\":\"\\u0633\\u0644\\u0645\\u0649\"}",
         "2021-01-14T00:00", "سلمى"},
        {"{\"@graph\":[{\"@type\":\"Person\",\"@id\":\"#m\",\"name\":\"Mara\"},{\"@type\":\"Article\","
         "\"author\":[{\"@id\":"
         "\"#m\"}],\"datePublished\":\"2021-01-14\"}]}",
         "2021-01-14", "Mara"},
        /* an article of the page before one in a list beside it */
        {"{\"@type\":\"WebPage\",\"datePublished\":\"2020-01-01\",\"mainEntity\":{\"@type\":\"NewsArticle\","
         "\"hasPart\":{\"@type\":\"NewsArticle\",\"datePublished\":\"2019-01-01\"},\"datePublished\":\"2021-"
         "01-14\"}}",
         "2021-01-14", ""},
        {"{\"@type\":\"NewsArticle\",\"author\":\"\\ud83d\\u0000\\ud83d\\ude00\"}", "",
         "\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80"},
    };
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        article p = read_linked(str_of(scripts[i].json), &a);
        assert_str_equal(p.published, str_of(scripts[i].published), scripts[i].json);
        assert_str_equal(p.authors.size ? p.authors.at[0] : STR_NONE, str_of(scripts[i].author),
                         scripts[i].json);
    }
    arena_free(&a);
}

/* Deep, long and endless ones cost their length, and take nothing from the text. */
static void hostile_linked_data(void **state) {
    static const char *const parts[] = {"[",
                                        "{",
                                        "{\"a\":[",
                                        "]}",
                                        "\"",
                                        "\\",
                                        "\"\\\"",
                                        "\"a\" \"b\"",
                                        ",,,:::",
                                        "{\"@type\":\"Article\"},",
                                        "\"author\":[",
                                        "{\"liveBlogUpdate\":[{\"headline\":\"x\",\"articleBody\":\"y\"},"};
    (void)state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        str json = repeated(&a, str_of(parts[i]), 100000, STR("{\"@type\":\"NewsArticle\",\"x\":"), STR(""));
        article p = read_linked(json, &a);
        assert_true(str_find(p.text, STR("the mayor said."), 0) != SIZE_MAX);
        arena_reset(&a);
    }
    arena_free(&a);
}

/* ---- hostile pages ---- */

static void deep_nesting_loses_no_text(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str page = repeated(&a, STR("<div>"), 100000, STR("<body>"),
                        STR("<p>Two people were killed, the mayor said.</p>"));
    article p = read_as(CAPTURE_HTML, page, &a);
    assert_str_equal(p.text, STR("Two people were killed, the mayor said."), "text");
    arena_free(&a);
}

static void a_million_tags(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str page = repeated(&a, STR("<b>x</b> "), 500000, STR("<p>"), STR(""));
    article p = read_as(CAPTURE_HTML, page, &a);
    assert_int_equal(p.paragraphs.size, 1);
    assert_int_equal(p.text.size, 999999);
    page = repeated(&a, STR("<p>A man was hurt, they said."), 500000, STR(""), STR(""));
    p = read_as(CAPTURE_HTML, page, &a);
    assert_true(p.truncated && p.paragraphs.size > 1000 && p.warnings.size > 0);
    arena_free(&a);
}

#ifdef ISNAD_COUNTERS
static void explained(str page, arena *a) {
    capture c = {.kind = CAPTURE_HTML, .bytes = page, .body = page, .media_type = STR("text/html")};
    article p;
    assert_int_equal(page_article(&c, &(page_options){.explain = true}, a, &p, NULL), STATUS_OK);
}

#define TEXT "<p>A man was hurt at the old pier, they said, and two more were brought to the hospital."
#define LONG "one-of-many-long-names another-of-many-long-names a-third-of-many-long-names "

/* The work grows with the page, not with its square: n, 10n, 100n. Vectors that double copy up to twice as
 * much of ten times as many. */
static void work_is_linear(void **state) {
    static const struct {
        const char *part, *before, *after;
    } pages[] = {
        {"<div><p>A man was hurt, they said.</p>", "<body>", ""},
        {"<a href=x>b<ul><li>", "<body>", ""},
        {"</div></p></span>", "<body>", ""},
        {"<table><tr><td>x", "<body>", ""},
        {"<b><i>x</b>", "<body>", ""},
        {"<div><div><p>A man was hurt, they said, and two more were brought to the hospital.</p></div></div>",
         "<body>", ""},
        {"<h2><a href=x>A man was hurt at the old pier</a></h2><p>He was brought to a hospital, they "
         "said.</p>",
         "<body>", ""},
        {"<div class=tweet><time datetime=2021-01-14>x</time><p>A man was hurt, they said.</p></div>",
         "<body>", ""},
        {"<p><time>09:30</time></p><p>A man was hurt, they said.</p>", "<body>", ""},
        {"<script type=application/ld+json>{\"@type\":\"Article\",\"author\":[\"</script>", "<body>", ""},
        {"<meta name=keywords content='a,,b;c'><meta property=article:published_time "
         "content=2021-01-14T09:30Z>",
         "<body>", ""},
        /* a row whose last cell is running text is no row, from whichever cell it is looked at */
        {"<td>x y", "<article>" TEXT TEXT TEXT "<table><tr>",
         "<td>" TEXT TEXT TEXT TEXT TEXT "</table></article>"},
        /* many blocks in a container whose tag is long */
        {"<p>x y",
         "<article>" TEXT TEXT "</article><nav class=\"" LONG LONG LONG LONG LONG LONG LONG LONG " nav\">",
         "</nav>"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof pages / sizeof *pages; k++) {
        uint64_t events[3], copied[3], steps[3];
        for (size_t size = 0, n = 300; size < 3; size++, n *= 10) {
            arena a = arena_new((allocator){0});
            str page =
                repeated(&a, str_of(pages[k].part), n, str_of(pages[k].before), str_of(pages[k].after));
            work = (counters){0};
            explained(page, &a);
            events[size] = work.html_events;
            copied[size] = work.bytes_copied;
            steps[size] = work.choice_steps;
            assert_true(steps[size] <= 8 * page.size);
            arena_free(&a);
        }
        assert_true(steps[1] <= 11 * steps[0] + 100 && steps[2] <= 11 * steps[1] + 1000);
        assert_true(events[1] <= 11 * events[0] && events[2] <= 11 * events[1]);
        assert_true(copied[1] <= 22 * copied[0] + 1000 && copied[2] <= 22 * copied[1] + 1000);
    }
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_cases),
        cmocka_unit_test(encodings_are_told_apart_without_a_label),
        cmocka_unit_test(wrong_labels_are_overruled),
        cmocka_unit_test(a_label_that_agrees_is_not_a_repair),
        cmocka_unit_test(truncated_utf8_is_mended),
        cmocka_unit_test(dates_in_every_calendar),
        cmocka_unit_test(times_from_the_moment_of_reading),
        cmocka_unit_test(dates_by_the_outlets_own_clock),
        cmocka_unit_test(a_given_date_is_the_last_resort),
        cmocka_unit_test(languages),
        cmocka_unit_test(what_a_record_says_of_its_language_counts_for_a_few_words),
        cmocka_unit_test(records_stand_as_they_are),
        cmocka_unit_test(bad_records_fail_with_their_offset),
        cmocka_unit_test(ids_are_of_url_and_bytes),
        cmocka_unit_test(references_and_raw_text),
        cmocka_unit_test(blocks_of_misnested_markup),
        cmocka_unit_test(links_are_made_whole),
        cmocka_unit_test(paragraphs_lie_in_the_text),
        cmocka_unit_test(posts_without_what_a_site_shares),
        cmocka_unit_test(pages_as_markdown),
        cmocka_unit_test(markdown_escapes_what_pages_say),
        cmocka_unit_test(linked_data_that_is_not_quite_valid),
        cmocka_unit_test(hostile_linked_data),
        cmocka_unit_test(deep_nesting_loses_no_text),
        cmocka_unit_test(a_million_tags),
#ifdef ISNAD_COUNTERS
        cmocka_unit_test(work_is_linear),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
