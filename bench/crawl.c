#include "crawl.h"

#include "base/calendar.h"

#include <stdio.h>
#include <stdlib.h>

enum { OUTLETS = 24, DAYS = 900, COPY_OF = 12 };

/* ---- chance ---- */

typedef struct dice {
    uint64_t state;
} dice;

static uint64_t next(dice *d) {
    uint64_t z = (d->state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

static size_t roll(dice *d, size_t sides) {
    return (size_t)((next(d) >> 11) % sides);
}

#define COUNT(table)   (sizeof(table) / sizeof *(table))
#define PICK(d, table) ((table)[roll((d), COUNT(table))])

static void add(buffer *out, const char *text) {
    buffer_add(out, str_of(text));
}

/* ---- words ---- */

static const char *const places[][2] = {
    {"دير الزور", "Deir ez-Zor"},
    {"إدلب", "Idlib"},
    {"الموصل", "Mosul"},
    {"كركوك", "Kirkuk"},
    {"تعز", "Taiz"},
    {"مأرب", "Marib"},
    {"سرت", "Sirte"},
    {"بنغازي", "Benghazi"},
    {"الحسكة", "Al-Hasakah"},
    {"درعا", "Daraa"},
    {"الرقة", "Raqqa"},
    {"حلب", "Aleppo"},
    {"الحديدة", "Hodeidah"},
    {"زليتن", "Zliten"},
    {"الفلوجة", "Fallujah"},
    {"حمص", "Homs"},
    {"حماة", "Hama"},
    {"اللاذقية", "Latakia"},
    {"القامشلي", "Qamishli"},
    {"الرمادي", "Ramadi"},
    {"بعقوبة", "Baqubah"},
    {"سامراء", "Samarra"},
    {"تكريت", "Tikrit"},
    {"البصرة", "Basra"},
    {"الناصرية", "Nasiriyah"},
    {"صعدة", "Saada"},
    {"عدن", "Aden"},
    {"المكلا", "Mukalla"},
    {"صنعاء", "Sanaa"},
    {"ذمار", "Dhamar"},
    {"مصراتة", "Misrata"},
    {"طبرق", "Tobruk"},
    {"درنة", "Derna"},
    {"سبها", "Sabha"},
    {"الخرطوم", "Khartoum"},
    {"الفاشر", "El Fasher"},
    {"نيالا", "Nyala"},
    {"الجنينة", "Geneina"},
    {"الأبيض", "El Obeid"},
    {"طرابلس", "Tripoli"},
    {"صيدا", "Sidon"},
    {"صور", "Tyre"},
    {"بعلبك", "Baalbek"},
    {"النبطية", "Nabatieh"},
    {"نابلس", "Nablus"},
    {"جنين", "Jenin"},
    {"الخليل", "Hebron"},
    {"رفح", "Rafah"},
    {"خان يونس", "Khan Yunis"},
    {"دهوك", "Duhok"},
    {"أربيل", "Erbil"},
    {"السليمانية", "Sulaymaniyah"},
    {"تدمر", "Palmyra"},
    {"منبج", "Manbij"},
    {"الباب", "Al-Bab"},
    {"عفرين", "Afrin"},
    {"جرابلس", "Jarabulus"},
    {"السويداء", "Suwayda"},
    {"البوكمال", "Abu Kamal"},
    {"الميادين", "Mayadin"},
};
static const char *const tellers[][2] = {
    {"مصدر طبي", "a medical source"},
    {"مصدر أمني", "a security source"},
    {"الدفاع المدني", "the civil defence"},
    {"شهود عيان", "witnesses"},
    {"ناطق باسم الشرطة", "a police spokesman"},
    {"مدير المستشفى العام", "the director of the general hospital"},
    {"مصدر محلي", "a local source"},
    {"وزارة الصحة", "the ministry of health"},
    {"الهلال الأحمر", "the Red Crescent"},
    {"مسؤول في المحافظة", "an official of the governorate"},
    {"رئيس المجلس المحلي", "the head of the local council"},
    {"قائد عسكري", "a military commander"},
};
static const char *const says[][2] = {{"قال", "said"},   {"أكد", "confirmed"},  {"أفاد", "reported"},
                                      {"ذكر", "stated"}, {"أعلن", "announced"}, {"أوضح", "explained"}};
static const char *const acts[][2] = {
    {"غارة جوية", "an air strike"},          {"قصف مدفعي", "artillery shelling"},
    {"انفجار سيارة مفخخة", "a car bomb"},    {"اشتباكات مسلحة", "armed clashes"},
    {"هجوم بطائرة مسيرة", "a drone strike"}, {"انفجار عبوة ناسفة", "a roadside bomb"},
    {"قصف صاروخي", "rocket fire"},           {"إطلاق نار", "a shooting"},
};
static const char *const people[][2] = {{"مدنياً", "civilians"},
                                        {"شخصاً", "people"},
                                        {"عنصراً", "fighters"},
                                        {"جندياً", "soldiers"},
                                        {"عاملاً", "workers"}};
static const char *const sites[][2] = {{"سوقاً شعبية", "a market"},
                                       {"نقطة تفتيش", "a checkpoint"},
                                       {"حياً سكنياً", "a residential quarter"},
                                       {"مدرسة", "a school"},
                                       {"محطة وقود", "a petrol station"},
                                       {"قافلة", "a convoy"},
                                       {"مخيماً للنازحين", "a camp"},
                                       {"مزرعة", "a farm"},
                                       {"مقراً عسكرياً", "a barracks"}};
static const char *const first_names[][2] = {{"سامر", "Samer"}, {"ليلى", "Layla"}, {"ياسر", "Yasser"},
                                             {"هناء", "Hanaa"}, {"كريم", "Karim"}, {"رنا", "Rana"},
                                             {"نبيل", "Nabil"}, {"سعاد", "Suad"},  {"طارق", "Tareq"},
                                             {"منى", "Mona"},   {"فادي", "Fadi"},  {"عبير", "Abeer"}};
static const char *const last_names[][2] = {{"النجار", "Najjar"}, {"الحداد", "Haddad"}, {"الخطيب", "Khatib"},
                                            {"العلي", "Ali"},     {"السعيد", "Said"},   {"الأمين", "Amin"},
                                            {"الراوي", "Rawi"},   {"الشامي", "Shami"},  {"القاسم", "Qasim"},
                                            {"المصري", "Masri"}};
static const char *const sections[][2] = {{"أخبار", "News"},     {"سياسة", "Politics"}, {"اقتصاد", "Economy"},
                                          {"رياضة", "Sport"},    {"ثقافة", "Culture"},  {"تقارير", "Reports"},
                                          {"منوعات", "Life"},    {"رأي", "Opinion"},    {"صحة", "Health"},
                                          {"تكنولوجيا", "Tech"}, {"سفر", "Travel"},     {"وسائط", "Media"}};
static const char *const months[][2] = {{"كانون الثاني", "January"},
                                        {"شباط", "February"},
                                        {"آذار", "March"},
                                        {"نيسان", "April"},
                                        {"أيار", "May"},
                                        {"حزيران", "June"},
                                        {"تموز", "July"},
                                        {"آب", "August"},
                                        {"أيلول", "September"},
                                        {"تشرين الأول", "October"},
                                        {"تشرين الثاني", "November"},
                                        {"كانون الأول", "December"}};

static const char *const small_words[2][32] = {
    {"في",   "من",  "على", "إلى", "أن",  "التي", "الذي", "هذا", "هذه", "عن",  "مع",
     "ما",   "بعد", "قبل", "كما", "لم",  "لا",   "كان",  "قد",  "أو",  "حتى", "بين",
     "خلال", "حيث", "ذلك", "كل",  "غير", "عدد",  "لكن",  "منذ", "نحو", "وفق"},
    {"the",  "of",  "and",  "to",  "in",    "a",     "that",  "for",   "on",   "as",   "with",
     "by",   "at",  "from", "its", "an",    "was",   "are",   "has",   "had",  "but",  "not",
     "this", "new", "more", "who", "which", "their", "would", "after", "over", "about"}};
static const char *const letters[2][20] = {
    {"ب", "ت", "ج", "ح", "خ", "د", "ر", "س", "ش", "ص", "ط", "ع", "ف", "ق", "ك", "ل", "م", "ن", "ه", "و"},
    {"ba", "ke", "mi", "to", "ru", "sa",  "ne",  "li",  "do",  "fu",
     "ra", "se", "ti", "mo", "lu", "han", "ger", "pin", "col", "dur"}};
/* A number stands for a letter of the root. */
static const char *const shapes[2][12] = {
    {"123", "ال123", "و123", "م123ة", "ال12ا3", "ي123", "ت123", "12ي3", "1ا23ون", "123ات", "بال123",
     "الم123ين"},
    {"12", "123", "1ing", "12ed", "12s", "123er", "12tion", "re12", "12al", "1y", "12ly", "un12"}};

/* Words that come again the more often the lower the number drawn, as in a language. */
static void put_word(buffer *out, dice *d, int language) {
    if (roll(d, 100) < 38) {
        add(out, small_words[language][roll(d, 32)]);
        return;
    }
    size_t root = roll(d, 1 + roll(d, 1 + roll(d, 8000)));
    const size_t at[] = {root % 20, root / 20 % 20, root / 400 % 20};
    for (const char *s = shapes[language][roll(d, 12)]; *s; s++)
        if (*s >= '1' && *s <= '3')
            add(out, letters[language][at[*s - '1']]);
        else
            buffer_add_byte(out, *s);
}

static void put_words(buffer *out, dice *d, int language, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i)
            add(out, roll(d, 14) == 0 ? (language ? ", " : "، ") : " ");
        put_word(out, d, language);
    }
}

/* ---- what is told ---- */

typedef struct story {
    int language;
    size_t place, near, act, site, people, killed, injured, teller, reporter, outlet;
    day on, published;
    bool incident;
    dice words; /* of the text: a copy has its original's */
} story;

static void put_day(buffer *out, const story *s) {
    ymd on = day_split(s->on);
    if (s->language)
        buffer_printf(out, "on %d %s %d", on.day, months[on.month - 1][1], on.year);
    else
        buffer_printf(out, "يوم %d %s %d", on.day, months[on.month - 1][0], on.year);
}

static void put_name(buffer *out, dice *d, int language) {
    buffer_printf(out, "%s %s", PICK(d, first_names)[language], PICK(d, last_names)[language]);
}

/* Each letter behind a dollar is a slot; see put_slot. */
static const char *const incident_sentences[2][12] = {
    {"$V $T إن $A استهدفت $S في مدينة $P $D أدت إلى مقتل $K $G وإصابة $I آخرين",
     "وأضاف المصدر أن $K $G قتلوا في $A على $S $W",
     "و$V $X أن ما لا يقل عن $I شخصاً أصيبوا بجروح، بينهم $J أطفال، $W",
     "من جهته $V $X أن عدد القتلى ارتفع إلى $L بعد وفاة جرحى في المستشفى $W",
     "ونقلت وكالة واحة الأنباء المتخيلة عن $T أن $A وقعت قرب $N $W",
     "وأشار $X إلى أن فرق الإسعاف نقلت $I جريحاً إلى مستشفى $N $W",
     "و$V $M، وهو من سكان الحي، إن الانفجار وقع $W", "ولم تعلن أي جهة مسؤوليتها عن الهجوم حتى الآن $W",
     "ونزحت $J عائلات من محيط $P باتجاه $N $W", "في المقابل نفى $X سقوط قتلى في $P $W",
     "وكانت $P قد شهدت في الأشهر الماضية $A أوقعت قتلى $W",
     "واعتقلت القوات الأمنية $J أشخاص في $P على خلفية الهجوم $W"},
    {"$T $V that $A hit $S in $P $D, killing $K $G and injuring $I others",
     "The source added that $K $G were killed when $A struck $S $W",
     "$X $V that at least $I people were wounded, including $J children, $W",
     "The death toll rose to $L after wounded people died in hospital, $X $V, $W",
     "The Invented Oasis News Agency quoted $T as saying that $A took place near $N $W",
     "Ambulances took $I wounded people to a hospital in $N, $X $V, $W",
     "$M, a resident of the quarter, $V that the blast came $W",
     "Nobody has claimed responsibility so far $W", "Some $J families fled from $P towards $N $W",
     "$X denied that anybody was killed in $P $W", "$P saw $A in past months that left people dead $W",
     "Security forces detained $J people in $P over the attack $W"}};

static void put_slot(buffer *out, dice *d, const story *s, char slot) {
    int l = s->language;
    switch (slot) {
    case 'V':
        add(out, PICK(d, says)[l]);
        break;
    case 'T':
        add(out, tellers[s->teller][l]);
        break;
    case 'X':
        add(out, PICK(d, tellers)[l]);
        break;
    case 'A':
        add(out, acts[s->act][l]);
        break;
    case 'S':
        add(out, sites[s->site][l]);
        break;
    case 'P':
        add(out, places[s->place][l]);
        break;
    case 'N':
        add(out, places[s->near][l]);
        break;
    case 'G':
        add(out, people[s->people][l]);
        break;
    case 'D':
        put_day(out, s);
        break;
    case 'K':
        buffer_printf(out, "%zu", s->killed);
        break;
    case 'I':
        buffer_printf(out, "%zu", s->injured);
        break;
    case 'L':
        buffer_printf(out, "%zu", s->killed + 1 + roll(d, 5));
        break;
    case 'J':
        buffer_printf(out, "%zu", 3 + roll(d, 6));
        break;
    case 'M':
        put_name(out, d, l);
        break;
    default:
        put_words(out, d, l, 4 + roll(d, 14));
        break;
    }
}

static void put_sentence(buffer *out, dice *d, const story *s, size_t which) {
    for (const char *p = incident_sentences[s->language][which]; *p; p++)
        if (*p == '$')
            put_slot(out, d, s, *++p);
        else
            buffer_add_byte(out, *p);
    add(out, ". ");
}

static void put_filler(buffer *out, dice *d, const story *s) {
    put_words(out, d, s->language, 8 + roll(d, 24));
    add(out, ". ");
}

/* The lead first, then what else is told of it in any order among other things. */
static void put_paragraphs(buffer *out, const story *s) {
    dice d = s->words;
    size_t count = 6 + roll(&d, 9);
    for (size_t i = 0; i < count; i++) {
        add(out, "<p>");
        if (s->incident && i == 0)
            put_sentence(out, &d, s, 0);
        else if (s->incident && roll(&d, 2))
            put_sentence(out, &d, s, 1 + roll(&d, 11));
        for (size_t k = 1 + roll(&d, 3); k--;)
            put_filler(out, &d, s);
        add(out, "</p>\n");
    }
}

static void put_title(buffer *out, const story *s) {
    dice d = {s->words.state ^ 0x5151};
    int l = s->language;
    if (s->incident && l)
        buffer_printf(out, "%zu %s killed in %s: ", s->killed, people[s->people][1], places[s->place][1]);
    else if (s->incident)
        buffer_printf(out, "مقتل %zu %s في %s: ", s->killed, people[s->people][0], places[s->place][0]);
    put_words(out, &d, l, 4 + roll(&d, 6));
}

static story story_of(uint64_t seed, uint64_t number) {
    dice d = {seed * 1000003 + number * 2};
    story s = {
        .language = roll(&d, 6) == 0, .place = roll(&d, COUNT(places)), .near = roll(&d, COUNT(places))};
    s.act = roll(&d, COUNT(acts));
    s.site = roll(&d, COUNT(sites));
    s.people = roll(&d, COUNT(people));
    s.killed = 11 + roll(&d, 1 + roll(&d, 60));
    s.injured = 11 + roll(&d, 90);
    s.teller = roll(&d, COUNT(tellers));
    s.on = day_of(2019, 1, 1) + (day)roll(&d, DAYS);
    s.published = s.on + (day)roll(&d, 3);
    s.reporter = roll(&d, 1000);
    s.incident = roll(&d, 3) != 0;
    s.outlet = roll(&d, OUTLETS);
    s.words.state = next(&d);
    if (number > 50 && roll(&d, COPY_OF) == 0) {
        size_t outlet = s.outlet;
        s = story_of(seed, number - 1 - roll(&d, 50));
        s.outlet = (outlet == s.outlet ? outlet + 1 : outlet) % OUTLETS;
        s.published += (day)roll(&d, 2);
    }
    return s;
}

/* ---- an outlet's own: what every page of it has ---- */

typedef struct outlet {
    buffer head, header, footer, tail;
    int look; /* of four */
} outlet;

struct crawl {
    uint64_t seed;
    outlet outlets[OUTLETS];
};

static const char *const look_body[] = {
    "<div class=\"article-body entry-content\">", "<section itemprop=\"articleBody\">",
    "<div id=\"story\" class=\"story__text\">", "<div class=\"post-content clearfix\">"};
static const char *const look_end[] = {"</div>", "</section>", "</div>", "</div>"};
static const char *const code_words[] = {"function",
                                         "return",
                                         "var",
                                         "this",
                                         "null",
                                         "window",
                                         "document",
                                         "length",
                                         "push",
                                         "prototype",
                                         "call",
                                         "apply",
                                         "addEventListener",
                                         "querySelector",
                                         "setTimeout",
                                         "typeof",
                                         "undefined",
                                         "Object",
                                         "Array",
                                         "Math",
                                         "else",
                                         "if",
                                         "for",
                                         "void 0",
                                         "new",
                                         "throw",
                                         "concat",
                                         "slice",
                                         "replace",
                                         "test",
                                         "innerHTML",
                                         "className",
                                         "dataset",
                                         "track"};
static const char *const style_words[] = {"display:flex",
                                          "margin:0 auto",
                                          "padding:8px 16px",
                                          "color:#1a1a1a",
                                          "font-size:14px",
                                          "line-height:1.6",
                                          "position:relative",
                                          "border-radius:4px",
                                          "background:#fff",
                                          "width:100%",
                                          "text-align:right",
                                          "float:left",
                                          "transition:all .2s ease",
                                          "overflow:hidden",
                                          "z-index:10",
                                          "box-shadow:0 1px 3px rgba(0,0,0,.2)"};

static void put_hex(buffer *out, dice *d, size_t digits) {
    for (uint64_t v = 0; digits--; v >>= 4) {
        v = v ? v : next(d) | 1;
        buffer_add_byte(out, "0123456789abcdef"[v & 15]);
    }
}

static void put_script(buffer *out, dice *d, size_t bytes) {
    add(out, "<script>!function(){\"use strict\";");
    for (size_t end = out->size + bytes; out->size < end;) {
        add(out, PICK(d, code_words));
        switch (roll(d, 8)) {
        case 0:
            add(out, "(");
            break;
        case 1:
            add(out, ");");
            break;
        case 2:
            buffer_printf(out, "[%zu]<", roll(d, 400));
            break;
        case 3:
            buffer_printf(out, ".%c%c=", (char)('a' + roll(d, 26)), (char)('a' + roll(d, 26)));
            break;
        case 4:
            add(out, "&&");
            break;
        case 5:
            add(out, "{");
            break;
        case 6:
            buffer_printf(out, "(\"%c", (char)('a' + roll(d, 26))), put_hex(out, d, 6), add(out, "\",e)}");
            break;
        default:
            add(out, " ");
            break;
        }
    }
    add(out, "}();</script>\n");
}

static void put_style(buffer *out, dice *d, size_t bytes) {
    add(out, "<style>");
    for (size_t end = out->size + bytes; out->size < end;) {
        buffer_printf(out, ".c%zu,.c%zu>a:hover{", roll(d, 3000), roll(d, 3000));
        for (size_t i = 2 + roll(d, 5); i--;)
            buffer_printf(out, "%s;", PICK(d, style_words));
        add(out, "}");
    }
    add(out, "</style>\n");
}

static void put_icon(buffer *out, dice *d) {
    add(out, "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M");
    for (size_t i = 6 + roll(d, 14); i--;)
        buffer_printf(out, "%zu.%zu %zu.%zuc", roll(d, 24), roll(d, 100), roll(d, 24), roll(d, 100));
    add(out, "z\"/></svg>");
}

static void put_menu(buffer *out, dice *d, int language, size_t items) {
    add(out, "<ul class=\"menu\">\n");
    for (size_t i = 0; i < items; i++) {
        const char *name = sections[i % COUNT(sections)][language];
        buffer_printf(
            out, "<li class=\"menu-item menu-item-%zu\"><a class=\"menu-link\" href=\"/section/%zu\">", i, i);
        put_icon(out, d);
        buffer_printf(out, "<span>%s ", name);
        put_words(out, d, language, roll(d, 3));
        add(out, "</span></a></li>\n");
    }
    add(out, "</ul>\n");
}

static void outlet_make(outlet *o, uint64_t seed, size_t number) {
    dice d = {seed * 31 + number * 7919};
    int language = 0;
    o->look = (int)(number % 4);
    for (size_t i = 0; i < 14; i++)
        buffer_printf(
            &o->head,
            "<link rel=\"preload\" as=\"script\" href=\"https://static.o%zu.example/assets/%zu.js?v=%zu\">\n",
            number, i, roll(&d, 100000));
    put_style(&o->head, &d, 18000 + roll(&d, 16000));
    for (size_t i = 0; i < 3; i++)
        put_script(&o->head, &d, 4000 + roll(&d, 8000));
    add(&o->header,
        "<header class=\"site-header\" role=\"banner\"><div class=\"wrap\"><a class=\"logo\" href=\"/\">");
    put_icon(&o->header, &d);
    add(&o->header, "</a><nav class=\"main-nav\" role=\"navigation\">\n");
    put_menu(&o->header, &d, language, 30 + roll(&d, 40));
    add(&o->header, "</nav></div></header>\n");
    add(&o->footer, "<footer class=\"site-footer\"><div class=\"wrap\">\n");
    put_menu(&o->footer, &d, language, 30 + roll(&d, 40));
    add(&o->footer, "<p class=\"copyright\">جميع الحقوق محفوظة لمنبر متخيل ©</p></div></footer>\n");
    for (size_t i = 0; i < 4; i++)
        put_script(&o->tail, &d, 4000 + roll(&d, 10000));
}

crawl *crawl_new(uint64_t seed) {
    crawl *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->seed = seed;
    for (size_t i = 0; i < OUTLETS; i++)
        outlet_make(&c->outlets[i], seed, i);
    return c;
}

void crawl_free(crawl *c) {
    for (size_t i = 0; i < OUTLETS; i++) {
        buffer_free(&c->outlets[i].head);
        buffer_free(&c->outlets[i].header);
        buffer_free(&c->outlets[i].footer);
        buffer_free(&c->outlets[i].tail);
    }
    free(c);
}

/* ---- a page ---- */

static void put_moment(buffer *out, day on, size_t minutes) {
    ymd d = day_split(on);
    buffer_printf(out, "%04d-%02d-%02dT%02zu:%02zu:00+03:00", d.year, d.month, d.day, minutes / 60 % 24,
                  minutes % 60);
}

static void put_card(buffer *out, dice *d, const story *s, const char *class) {
    buffer_printf(out, "<article class=\"card %s card--%zu\" data-id=\"", class, roll(d, 9));
    put_hex(out, d, 24);
    buffer_printf(out, "\"><a class=\"card__link\" href=\"/news/%zu\"><picture>", roll(d, 1000000));
    for (size_t w = 320; w <= 1280; w *= 2) {
        buffer_printf(out, "<source media=\"(max-width:%zupx)\" srcset=\"https://img.o%zu.example/", w,
                      s->outlet);
        put_hex(out, d, 16);
        buffer_printf(out, "/%zux%zu.jpg\">", w, w * 9 / 16);
    }
    add(out, "<img loading=\"lazy\" alt=\"\" "
             "src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"></picture><h3 class=\"card__title\">");
    put_words(out, d, s->language, 5 + roll(d, 8));
    add(out, "</h3></a><div class=\"card__meta\"><span class=\"card__section\">");
    add(out, PICK(d, sections)[s->language]);
    buffer_printf(out, "</span><time>%zu:%02zu</time></div></article>\n", roll(d, 24), roll(d, 60));
}

static void put_list(buffer *out, dice *d, const story *s, const char *class, const char *heading,
                     size_t count) {
    buffer_printf(out, "<section class=\"%s\"><h2 class=\"block-title\">%s</h2>\n", class, heading);
    while (count--)
        put_card(out, d, s, class);
    add(out, "</section>\n");
}

static void put_comments(buffer *out, dice *d, const story *s) {
    add(out, "<section id=\"comments\" class=\"comments\">");
    for (size_t i = roll(d, 14); i--;) {
        buffer_printf(out, "<div class=\"comment\" id=\"comment-%zu\"><div class=\"comment-author\">",
                      roll(d, 1000000));
        put_name(out, d, s->language);
        add(out, "</div><div class=\"comment-text\"><p>");
        put_words(out, d, s->language, 6 + roll(d, 40));
        add(out, "</p></div><a class=\"reply\" href=\"#reply\">رد</a></div>\n");
    }
    add(out, "</section>\n");
}

static void put_state(buffer *out, dice *d, const story *s, size_t bytes) {
    add(out, "<script id=\"state\" type=\"application/json\">{\"items\":[");
    for (size_t end = out->size + bytes; out->size < end;) {
        add(out, "{\"id\":\"");
        put_hex(out, d, 16);
        buffer_printf(out, "\",\"type\":\"post\",\"views\":%zu,\"title\":\"", roll(d, 90000));
        put_words(out, d, s->language, 4 + roll(d, 7));
        buffer_printf(out, "\",\"image\":{\"w\":%zu,\"h\":720,\"focal\":[0.%zu,0.%zu]}},", roll(d, 2000),
                      roll(d, 100), roll(d, 100));
    }
    add(out, "{}]}</script>\n");
}

static void put_head(buffer *out, const crawl *c, const story *s, const char *url) {
    int l = s->language;
    buffer_printf(out,
                  "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
                  l ? "en" : "ar", l ? "ltr" : "rtl");
    put_title(out, s);
    buffer_printf(out, " | %s %zu</title>\n<meta property=\"og:title\" content=\"",
                  l ? "Invented Tribune" : "منبر متخيل", s->outlet);
    put_title(out, s);
    buffer_printf(out,
                  "\">\n<meta property=\"og:type\" content=\"article\">\n<meta property=\"og:site_name\" "
                  "content=\"%s %zu\">\n",
                  l ? "Invented Tribune" : "منبر متخيل", s->outlet);
    buffer_printf(
        out, "<link rel=\"canonical\" href=\"%s\">\n<meta property=\"article:published_time\" content=\"",
        url);
    put_moment(out, s->published, s->reporter);
    add(out, "\">\n<script "
             "type=\"application/ld+json\">{\"@context\":\"https://"
             "schema.org\",\"@type\":\"NewsArticle\",\"headline\":\"");
    put_title(out, s);
    add(out, "\",\"datePublished\":\"");
    put_moment(out, s->published, s->reporter);
    add(out, "\",\"author\":{\"@type\":\"Person\",\"name\":\"");
    put_name(out, &(dice){s->reporter}, l);
    add(out, "\"}}</script>\n");
    buffer_add(out, buffer_str(&c->outlets[s->outlet].head));
    add(out, "</head>\n");
}

static void put_article(buffer *out, const crawl *c, const story *s, dice *d) {
    const outlet *o = &c->outlets[s->outlet];
    int l = s->language;
    add(out, "<main><article class=\"article\"><h1 class=\"article-title\">");
    put_title(out, s);
    add(out, "</h1>\n<div class=\"byline\"><span class=\"author\">");
    put_name(out, &(dice){s->reporter}, l);
    add(out, "</span> <time datetime=\"");
    put_moment(out, s->published, s->reporter);
    add(out, "\">");
    ymd on = day_split(s->published);
    buffer_printf(out, "%d %s %d</time></div>\n<div class=\"share\">", on.day, months[on.month - 1][l],
                  on.year);
    for (size_t i = 0; i < 5; i++)
        put_icon(out, d);
    add(out, "</div>\n");
    add(out, look_body[o->look]);
    put_paragraphs(out, s);
    add(out, look_end[o->look]);
    add(out, "\n<ul class=\"tags\">");
    for (size_t i = 2 + roll(d, 5); i--;) {
        add(out, "<li><a rel=\"tag\" href=\"/tag\">");
        put_words(out, d, l, 1 + roll(d, 2));
        add(out, "</a></li>");
    }
    add(out, "</ul></article>\n");
}

void crawl_write(crawl *c, uint64_t number, crawl_page *page, buffer *html) {
    story s = story_of(c->seed, number);
    dice d = {c->seed * 77 + number * 13 + 5};
    const outlet *o = &c->outlets[s.outlet];
    ymd on = day_split(s.published + 3);
    snprintf(page->url, sizeof page->url, "https://o%zu.example/news/%llu", s.outlet,
             (unsigned long long)number);
    snprintf(page->time, sizeof page->time, "%04d-%02d-%02dT%02zu:%02zu:%02zuZ", on.year, on.month, on.day,
             roll(&d, 24), roll(&d, 60), roll(&d, 60));
    put_head(html, c, &s, page->url);
    buffer_printf(html, "<body class=\"single post-%llu\">\n", (unsigned long long)number);
    buffer_add(html, buffer_str(&o->header));
    put_list(html, &d, &s, "breaking", s.language ? "Breaking" : "عاجل", 4 + roll(&d, 6));
    put_article(html, c, &s, &d);
    put_list(html, &d, &s, "related", s.language ? "Related" : "مواضيع ذات صلة", 6 + roll(&d, 10));
    put_comments(html, &d, &s);
    add(html, "</main>\n<aside class=\"sidebar\">");
    put_list(html, &d, &s, "most-read", s.language ? "Most read" : "الأكثر قراءة", 8 + roll(&d, 10));
    put_list(html, &d, &s, "latest", s.language ? "Latest" : "آخر الأخبار", 6 + roll(&d, 14));
    add(html, "</aside>\n");
    buffer_add(html, buffer_str(&o->footer));
    buffer_add(html, buffer_str(&o->tail));
    put_state(html, &d, &s, roll(&d, 26000));
    add(html, "</body>\n</html>\n");
}
