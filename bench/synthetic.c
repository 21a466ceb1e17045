#include "synthetic.h"

/* A generator of its own, so that two runs write the same. */
typedef struct dice {
    uint32_t state;
} dice;

static size_t roll(dice *d, size_t sides) {
    d->state = d->state * 1664525u + 1013904223u;
    return (d->state >> 8) % sides;
}

#define PICK(d, table) ((table)[roll((d), sizeof(table) / sizeof *(table))])

static const char *const cities_ar[] = {"دير الزور", "إدلب",    "الموصل", "كركوك",  "تعز",   "مأرب",
                                        "سرت",       "بنغازي",  "الحسكة", "درعا",   "سرمين", "الرقة",
                                        "حلب",       "الحديدة", "زليتن",  "الفلوجة"};
static const char *const tellers_ar[] = {"مصدر طبي",         "مصدر أمني",     "الدفاع المدني", "شهود عيان",
                                         "ناطق باسم الشرطة", "مدير المستشفى", "مصدر محلي",     "وزارة الصحة"};
static const char *const verbs_ar[] = {"قال", "أكد", "أفاد", "ذكر", "أعلن", "أوضح", "نفى"};
static const char *const harms_ar[] = {"مقتل", "إصابة", "جرح", "اعتقال", "نزوح", "فقدان"};
static const char *const people_ar[] = {"مدنياً", "شخصاً", "عنصراً", "جندياً", "طفلاً", "امرأة", "عاملاً"};
static const char *const events_ar[] = {"غارة جوية", "قصف مدفعي",         "انفجار سيارة مفخخة",
                                        "اشتباكات",  "هجوم بطائرة مسيرة", "إطلاق نار"};
static const char *const days_ar[] = {"أمس", "فجر الأربعاء", "مساء الخميس الماضي", "يوم 12 كانون الثاني",
                                      "صباح اليوم"};

static const char *const cities_en[] = {"Deir ez-Zor", "Idlib", "Mosul", "Kirkuk",
                                        "Taiz",        "Marib", "Sirte", "Benghazi"};
static const char *const tellers_en[] = {"a medical source", "police",           "the ministry of health",
                                         "witnesses",        "a local official", "the civil defence"};
static const char *const harms_en[] = {"killed", "wounded", "injured", "detained", "displaced"};
static const char *const people_en[] = {"civilians", "soldiers", "people", "fighters", "children"};
static const char *const events_en[] = {"an air strike", "shelling", "a car bomb", "clashes",
                                        "a drone strike"};

static void sentence_ar(buffer *out, dice *d) {
    const char *verb = PICK(d, verbs_ar), *teller = PICK(d, tellers_ar), *harm = PICK(d, harms_ar);
    size_t count = 2 + roll(d, 60);
    const char *people = PICK(d, people_ar), *event = PICK(d, events_ar), *city = PICK(d, cities_ar);
    buffer_printf(out, "و%s %s إن %s أدت إلى %s %s%zu %s في مدينة %s %s", verb, teller, event, harm,
                  roll(d, 3) ? "" : "ما لا يقل عن ", count, people, city, PICK(d, days_ar));
    if (roll(d, 3) == 0)
        buffer_printf(out, "، بينهم %zu %s", 1 + count / 2, PICK(d, people_ar));
    if (roll(d, 6) == 0)
        buffer_printf(out, "، نقلاً عن وكالة واحة الأنباء المتخيلة");
    if (roll(d, 6) == 0)
        buffer_printf(out, "، %zu كم غرب %s", 1 + roll(d, 40), PICK(d, cities_ar));
}

static void sentence_en(buffer *out, dice *d) {
    const char *teller = PICK(d, tellers_en), *event = PICK(d, events_en);
    size_t count = 2 + roll(d, 60);
    const char *people = PICK(d, people_en), *harm = PICK(d, harms_en);
    buffer_printf(out, "According to %s, %s %s%zu %s in %s on Wednesday", teller, event,
                  roll(d, 3) ? "left " : "left at least ", count, people, PICK(d, cities_en));
    buffer_printf(out, ", while %zu others were %s", 1 + count / 3, harm);
}

static void arabic_news(buffer *out, size_t bytes) {
    dice d = {1};
    buffer_printf(out, "واحة الأنباء المتخيلة: يوم من الأخبار\n");
    while (out->size < bytes) {
        sentence_ar(out, &d);
        buffer_printf(out, roll(&d, 4) ? ". " : ".\n");
    }
}

static const char *const small_words[] = {
    "في",   "من",  "على", "إلى", "أن",  "التي", "الذي", "هذا",   "هذه", "عن",   "مع",  "ما",
    "بعد",  "قبل", "كما", "لم",  "لا",  "كان",  "قد",   "وقد",   "أو",  "حتى",  "بين", "خلال",
    "حيث",  "ذلك", "كل",  "أي",  "غير", "عدد",  "يوم",  "العام", "عام", "أكثر", "لكن", "ثم",
    "الآن", "عند", "منذ", "إن",  "هو",  "هي",   "أمام", "نحو",   "عبر", "ضد",   "دون", "وفق"};
static const char *const root_letters[] = {"ب", "ت", "ج", "ح", "خ", "د", "ر", "س", "ش", "ص",
                                           "ط", "ع", "ف", "ق", "ك", "ل", "م", "ن", "ه", "و"};
static const char *const word_shapes[] = {
    "%s%s%s",    "ال%s%s%s",   "و%s%s%s",  "م%s%s%sة",   "ال%s%sا%s", "ي%s%s%s",  "ت%s%s%s",  "%s%sي%s",
    "%sا%s%sون", "وال%sا%s%s", "%s%s%sات", "استي%s%s%s", "بال%s%s%s", "لل%s%s%s", "%s%s%sها", "الم%s%s%sين"};

/* Words that come again the more often the lower the number drawn, as in a language. */
static void any_word(buffer *out, dice *d) {
    if (roll(d, 100) < 38) {
        buffer_printf(out, "%s", PICK(d, small_words));
        return;
    }
    size_t root = roll(d, 1 + roll(d, 1 + roll(d, 8000))), n = sizeof root_letters / sizeof *root_letters;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    buffer_printf(out, PICK(d, word_shapes), root_letters[root % n], root_letters[root / n % n],
                  root_letters[root / n / n]);
#pragma GCC diagnostic pop
}

static void any_sentence(buffer *out, dice *d) {
    for (size_t left = 6 + roll(d, 30); left--;) {
        any_word(out, d);
        size_t next = roll(d, 60);
        buffer_printf(out, "%s", next == 0 ? "، " : next == 1 ? " \"" : next == 2 ? "\" " : " ");
        if (next == 3)
            buffer_printf(out, "%zu ", roll(d, 3000));
    }
}

/* News of every kind: one sentence in seven tells an incident, the others are about something else. */
static void varied_arabic(buffer *out, size_t bytes) {
    for (dice d = {7}; out->size < bytes;) {
        if (roll(&d, 7) == 0)
            sentence_ar(out, &d);
        else
            any_sentence(out, &d);
        buffer_printf(out, roll(&d, 4) ? ". " : ".\n");
    }
}

static void english_news(buffer *out, size_t bytes) {
    dice d = {2};
    buffer_printf(out, "The Invented Courier: a day of news\n");
    while (out->size < bytes) {
        sentence_en(out, &d);
        buffer_printf(out, roll(&d, 4) ? ". " : ".\n");
    }
}

static void one_sentence(buffer *out, size_t bytes) {
    for (dice d = {3}; out->size < bytes;) {
        sentence_ar(out, &d);
        buffer_add_byte(out, ' ');
    }
}

static void repeat(buffer *out, size_t bytes, const char *text) {
    while (out->size < bytes)
        buffer_add(out, str_of(text));
}

static void quotes_never_closed(buffer *out, size_t bytes) {
    repeat(out, bytes, "قال المصدر: «إن 12 شخصاً \"قتلوا في “إدلب ");
}

static void verbs_alone(buffer *out, size_t bytes) {
    repeat(out, bytes, "قال أكد نفى ");
}

static void numbers_alone(buffer *out, size_t bytes) {
    repeat(out, bytes, "ثلاثمئة وخمسة وعشرون ألفا و17 ");
}

static void places_alone(buffer *out, size_t bytes) {
    for (dice d = {4}; out->size < bytes;)
        buffer_printf(out, "%s و", PICK(&d, cities_ar));
}

static void one_word(buffer *out, size_t bytes) {
    repeat(out, bytes, "وال");
}

static void one_claim_repeated(buffer *out, size_t bytes) {
    for (dice d = {5}; out->size < bytes;)
        buffer_printf(out, "قال %s إن %zu شخصاً قتلوا في إدلب أمس.\n", PICK(&d, tellers_ar),
                      2 + roll(&d, 900));
}

static void diacritics(buffer *out, size_t bytes) {
    repeat(out, bytes, "قُتِلَـــــ\u064B\u064C\u064D ");
}

static void paragraphs_of_one_word(buffer *out, size_t bytes) {
    repeat(out, bytes, "قتيل\n");
}

/* ---- HTML ---- */

static void times_alone(buffer *out, size_t bytes) {
    repeat(out, bytes, "on Wednesday at 3 pm, yesterday morning, 12 January 2021, two days ago, ");
}

static void places_told(buffer *out, size_t bytes) {
    repeat(out, bytes, "في بلدة سرمين غرب إدلب، 12 كم شرق حلب، قرب مدينة الرقة، ");
}

static void abbreviations(buffer *out, size_t bytes) {
    repeat(out, bytes, "Gen. ");
}

static void numbers_over_people(buffer *out, size_t bytes) {
    repeat(out, bytes, "مئة / شهداء ");
}

static void mixed_names(buffer *out, size_t bytes) {
    repeat(out, bytes, "Aleppo مرسين حلب توقعت رعاه Aleppo 3 ");
}

static void head(buffer *out) {
    buffer_printf(
        out,
        "<!doctype html><html lang=ar dir=rtl><head><meta charset=utf-8><title>واحة الأنباء المتخيلة</title>"
        "</head><body><nav><a href=/>الرئيسية</a></nav><article><h1>يوم من الأخبار</h1>");
}

static void page_of_news(buffer *out, size_t bytes) {
    head(out);
    for (dice d = {6}; out->size < bytes;) {
        buffer_printf(out, "<p class=\"story-text\">");
        sentence_ar(out, &d);
        buffer_printf(out, ". <a href=\"/tag/%zu\">%s</a>", roll(&d, 100), PICK(&d, cities_ar));
        sentence_ar(out, &d);
        buffer_printf(out, ".</p>\n<div class=share><span>شارك</span></div>\n");
    }
}

static void deep_nesting(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<div>");
    buffer_printf(out, "قتل 12 شخصاً");
}

static void unclosed_inline(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<p><b><i><a href=x>خبر ");
}

static void tags_alone(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<br>");
}

static void wrong_closing_tags(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<table></b></p></div>خبر");
}

static void one_attribute(buffer *out, size_t bytes) {
    head(out);
    buffer_printf(out, "<p title=\"");
    repeat(out, bytes, "خبر ");
}

static void many_attributes(buffer *out, size_t bytes) {
    head(out);
    buffer_printf(out, "<p ");
    for (size_t i = 0; out->size < bytes; i++)
        buffer_printf(out, "a%zu=1 ", i);
    buffer_printf(out, ">خبر</p>");
}

static void entities(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "&amp;&#1602;&notanentity");
}

static void comments_never_closed(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<!-- <!-- ");
}

static void scripts(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes,
           "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"a\":[[[{\"b\":1}]]]}</script>");
}

static void rows_amid_text(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<table>خبر<tr><td>قتل 12 شخصاً<table>خبر آخر<div>وخبر<tr><td></table>وخبر");
}

static void tables_amid_text(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<table>خبر<tr><td>قتل<tr>خبر<td>");
}

static void drawings_never_closed(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<svg><g><title><math></p><mi></a></g>");
}

static void fields_never_closed(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<form><ul><li><div><select><option><button></form></li>خبر");
}

static void lists_in_lists(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<ul><dl><dd><li>خبر</h2></dt>");
}

static void scripts_in_comments(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<script><!--<script></script>");
}

static void references_cut(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "&CounterClockwiseContourIntegra&#x&#1");
}

static void nuls(buffer *out, size_t bytes) {
    head(out);
    while (out->size < bytes)
        buffer_add(out, STR("<p\0 a\0=\0>\0\r\n\0"));
}

static void classes(buffer *out, size_t bytes) {
    head(out);
    for (size_t i = 0; out->size < bytes; i++)
        buffer_printf(out, "<span class=\"post-%zu story-body entry-date\" id=a%zu></span>", i, i);
}

static void links(buffer *out, size_t bytes) {
    head(out);
    repeat(out, bytes, "<li><a href=\"/news/1\">خبر آخر من اليوم</a></li>");
}

const shape shapes[] = {
    {"arabic news", false, arabic_news},
    {"varied arabic", false, varied_arabic},
    {"english news", false, english_news},
    {"one sentence", false, one_sentence},
    {"quotes never closed", false, quotes_never_closed},
    {"verbs alone", false, verbs_alone},
    {"numbers alone", false, numbers_alone},
    {"places alone", false, places_alone},
    {"one word", false, one_word},
    {"one claim repeated", false, one_claim_repeated},
    {"diacritics", false, diacritics},
    {"paragraphs of one word", false, paragraphs_of_one_word},
    {"times alone", false, times_alone},
    {"places told", false, places_told},
    {"abbreviations", false, abbreviations},
    {"numbers over people", false, numbers_over_people},
    {"mixed names", false, mixed_names},
    {"page of news", true, page_of_news},
    {"deep nesting", true, deep_nesting},
    {"unclosed inline", true, unclosed_inline},
    {"tags alone", true, tags_alone},
    {"wrong closing tags", true, wrong_closing_tags},
    {"one attribute", true, one_attribute},
    {"many attributes", true, many_attributes},
    {"entities", true, entities},
    {"comments never closed", true, comments_never_closed},
    {"scripts", true, scripts},
    {"links", true, links},
    {"rows amid text", true, rows_amid_text},
    {"tables amid text", true, tables_amid_text},
    {"drawings never closed", true, drawings_never_closed},
    {"fields never closed", true, fields_never_closed},
    {"lists in lists", true, lists_in_lists},
    {"scripts in comments", true, scripts_in_comments},
    {"references cut", true, references_cut},
    {"NULs", true, nuls},
    {"classes", true, classes},
};
const size_t shape_count = sizeof shapes / sizeof *shapes;

const shape *shape_find(const char *name) {
    for (size_t i = 0; i < shape_count; i++)
        if (strcmp(shapes[i].name, name) == 0)
            return &shapes[i];
    return NULL;
}
