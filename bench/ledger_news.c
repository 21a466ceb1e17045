#include "ledger_news.h"

#include "base/buffer.h"
#include "base/sha256.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>

/* ---- chance ---- */

uint64_t news_random(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t n) {
    return news_random(state) % n;
}

uint64_t news_rank(uint64_t *state, uint64_t of) {
    double u = (double)(news_random(state) >> 11) / 9007199254740992.0;
    uint64_t rank = (uint64_t)exp(u * log((double)of + 1)) - 1;
    return rank < of ? rank : of - 1;
}

/* Towns are told of unevenly, yet none takes the war to itself: the n-th 1/sqrt(n) as often as the first. */
static uint64_t drawn_place(uint64_t *state) {
    double u = (double)(news_random(state) >> 11) / 9007199254740992.0;
    return (uint64_t)(u * u * NEWS_PLACES);
}

/* ---- words ---- */

str news_word(arena *a, uint64_t rank) {
    static const char *const arabic[] = {"ب", "ت", "ج", "ح", "خ", "د", "ر", "ز", "س", "ش", "ص", "ض", "ط",
                                         "ع", "غ", "ف", "ق", "ك", "ل", "م", "ن", "ه", "و", "ي", "ا"};
    static const char *const latin[] = {"ba", "ke", "mi", "to", "ru", "sa",  "ne",  "li",  "do",  "fu",
                                        "ra", "se", "ti", "mo", "lu", "han", "ger", "pin", "col", "dur"};
    uint64_t state = rank * 2 + 1, n;
    buffer b = {0};
    bool is_arabic = rank & 1;
    n = is_arabic ? 3 + below(&state, 4) : 2 + below(&state, 3);
    for (uint64_t i = 0; i < n; i++)
        buffer_add(&b, str_of(is_arabic ? arabic[below(&state, sizeof arabic / sizeof *arabic)]
                                        : latin[below(&state, sizeof latin / sizeof *latin)]));
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* A word of the language: ranks are even for Latin letters, odd for Arabic ones. */
static str any_word(arena *a, uint64_t *state, bool arabic) {
    return news_word(a, (news_rank(state, NEWS_WORDS / 2) << 1) | arabic);
}

/* Names: beyond the words, so that they are no words of the text. */
static str name_of(arena *a, uint64_t kind, uint64_t number, bool arabic) {
    uint64_t at = (uint64_t)NEWS_WORDS * (2 + kind) + number * 4 + arabic;
    return arena_printf(a, "%.*s %.*s", STR_ARG(news_word(a, at)), STR_ARG(news_word(a, at + 2)));
}

/* ---- texts ---- */

typedef struct writer {
    arena *a;
    uint64_t *state;
    bool arabic;
    buffer text;
    uint32_t points;
} writer;

/* Where something stands: bytes, and code points. */
typedef struct mark {
    size_t from, to;
    uint32_t start, end;
} mark;

static mark put(writer *w, str s) {
    mark m = {w->text.size, w->text.size + s.size, w->points, 0};
    buffer_add(&w->text, s);
    w->points += (uint32_t)utf8_length(s);
    m.end = w->points;
    return m;
}

static void put_words(writer *w, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        put(w, any_word(w->a, w->state, w->arabic));
        put(w, STR(" "));
    }
}

static span span_of(str text, mark m) {
    return (span){str_slice(text, m.from, m.to), m.start, m.end};
}

/* ---- what happened ---- */

typedef struct happening {
    uint64_t place, voice;
    day on;
    event_type type;
    int64_t killed, injured;
} happening;

day news_first_day(void) {
    return day_of(2011, 1, 1);
}

day news_last_day(const news *n) {
    return news_first_day() + 30 + (day)(n->incidents / 40);
}

static happening happening_of(const news *n, uint64_t number) {
    uint64_t state = n->seed * 1000003 + number;
    happening h = {.place = drawn_place(&state)};
    h.on = news_first_day() + (day)below(&state, (uint64_t)(news_last_day(n) - news_first_day()));
    h.type = (event_type)(EVENT_AIR_STRIKE + news_rank(&state, EVENT_OTHER_ATTACK));
    h.killed = (int64_t)news_rank(&state, 200) + 1;
    h.injured = (int64_t)news_rank(&state, 400) + 1;
    h.voice = news_random(&state);
    return h;
}

/* ---- documents ---- */

typedef struct telling {
    mark evidence, count, voice, trigger;
    effect effect;
    int64_t figure;
    voice_kind kind;
} telling;

static telling tell(writer *w, const happening *h, uint64_t which) {
    static const char *const verbs[2][2] = {{"were killed", "were injured"}, {"قتلوا", "أصيبوا"}};
    telling t = {.effect = which & 1 ? EFFECT_INJURED : EFFECT_KILLED};
    t.figure = t.effect == EFFECT_KILLED ? h->killed : h->injured;
    if (below(w->state, 5) == 0)
        t.figure += (int64_t)below(w->state, 5);
    uint64_t who =
        below(w->state, 3) ? (h->voice + below(w->state, 3)) % NEWS_VOICES : news_rank(w->state, NEWS_VOICES);
    t.kind = (voice_kind)(who % VOICE_OUTLET);
    t.evidence.from = w->text.size;
    t.evidence.start = w->points;
    t.voice = put(w, name_of(w->a, 1, who, w->arabic));
    put(w, w->arabic ? STR(" قال إن ") : STR(" said that "));
    t.count = put(w, arena_printf(w->a, "%lld", (long long)t.figure));
    put(w, STR(" "));
    put_words(w, 2 + below(w->state, 4));
    t.trigger = put(w, str_of(verbs[w->arabic][t.effect == EFFECT_INJURED]));
    put(w, w->arabic ? STR(" في ") : STR(" in "));
    put(w, name_of(w->a, 0, h->place, w->arabic));
    put(w, STR(" "));
    put_words(w, 8 + below(w->state, 12));
    t.evidence.to = w->text.size - 1;
    t.evidence.end = w->points - 1;
    return t;
}

static place_mention mention_of(arena *a, const happening *h, span at, bool arabic) {
    uint64_t state = h->place * 77 + 5;
    place_mention p = {.at = at, .kind = PLACE_CITY, .resolved = true, .radius_km = 3};
    static const char *const countries[] = {"SY", "YE", "LB", "IQ", "SD", "LY", "PS", "UA"};
    size_t country = news_rank(&state, 8);
    p.lat = 10 + (double)below(&state, 25000) / 1000;
    p.lon = 20 + (double)below(&state, 30000) / 1000;
    p.country = str_of(countries[country]);
    p.admin1 = name_of(a, 2, h->place % 97, false);
    p.name = name_of(a, 0, h->place, false);
    p.id = arena_printf(a, "wof:%llu", (unsigned long long)h->place + 1000000);
    if (SPAN_NONE(at) || !arabic)
        p.at.text = SPAN_NONE(at) ? p.name : p.at.text;
    return p;
}

static void add_told(news_document *d, arena *a, const happening *h, const telling *told, size_t count) {
    str text = d->article.text;
    event e = {.type = h->type,
               .trigger = span_of(text, told[0].trigger),
               .date = day_format(a, h->on),
               .date_from = DATE_TOLD,
               .time = NONE,
               .evidence = span_of(text, told[0].evidence)};
    int where_at = (int)d->reading.places.size, index = (int)d->reading.events.size;
    *VECTOR_PUSH(&e.places, a) = where_at;
    *VECTOR_PUSH(&d->reading.events, a) = e;
    size_t at = str_find(text, name_of(a, 0, h->place, d->article.language.data[0] == 'a'), 0);
    str before = str_slice(text, 0, at == SIZE_MAX ? 0 : at);
    str name = name_of(a, 0, h->place, d->article.language.data[0] == 'a');
    uint32_t start = (uint32_t)utf8_length(before);
    span where = {str_slice(text, before.size, before.size + name.size), start,
                  start + (uint32_t)utf8_length(name)};
    *VECTOR_PUSH(&d->reading.places, a) = mention_of(a, h, where, d->article.language.data[0] == 'a');
    for (size_t i = 0; i < count; i++) {
        const telling *t = &told[i];
        *VECTOR_PUSH(&d->reading.claims, a) =
            (claim){.effect = t->effect,
                    .min = t->figure,
                    .max = t->figure,
                    .count = span_of(text, t->count),
                    .who_class = (who_class)(t->figure % 4),
                    .part_of = NONE,
                    .voice = {span_of(text, t->voice), t->kind, STR("said")},
                    .event = h->type,
                    .event_index = index,
                    .place = where_at,
                    .time = NONE,
                    .date = e.date,
                    .from = h->on,
                    .to = h->on,
                    .evidence = span_of(text, t->evidence)};
    }
}

static news_document *write_document(news *n, arena *a, uint64_t *state, const happening *all, size_t count) {
    enum { MOST = 5 };
    news_document *d = ARENA_NEW(a, news_document, 1);
    uint64_t outlet = news_rank(state, NEWS_OUTLETS);
    writer w = {.a = a, .state = state, .arabic = below(state, 5) < 3};
    telling told[2][MOST];
    size_t tells[2] = {0};
    put_words(&w, 5);
    mark title = {0, w.text.size - 1, 0, w.points - 1};
    for (size_t h = 0; h < count; h++) {
        put(&w, STR("\n"));
        tells[h] = 1 + below(state, MOST);
        for (size_t i = 0; i < tells[h]; i++) {
            told[h][i] = tell(&w, &all[h], i);
            put(&w, STR(". "));
            put_words(&w, 10 + below(state, 15));
            put(&w, STR(".\n"));
        }
    }
    put_words(&w, 80 + below(state, 160));
    str text = arena_copy(a, buffer_str(&w.text));
    buffer_free(&w.text);
    d->article = (article){.text = text, .title = str_slice(text, 0, title.to), .supported = true};
    d->article.language = w.arabic ? STR("ar") : STR("en");
    d->article.outlet = name_of(a, 3, outlet, w.arabic);
    d->article.published = day_format(a, all[0].on + (day)below(state, 3));
    d->article.url = arena_printf(a, "https://o%llu.example/news/%llu", (unsigned long long)outlet,
                                  (unsigned long long)n->documents);
    d->article.sha256 = digest_hex(a, sha256(text), 32);
    d->reading.article = &d->article;
    for (size_t h = 0; h < count; h++)
        add_told(d, a, &all[h], told[h], tells[h]);
    d->reading.listed_places = d->reading.places.size;
    return d;
}

/* The same text from another outlet, a while later. */
static news_document *copy_document(news *n, arena *a, uint64_t *state, const news_document *of) {
    news_document *d = ARENA_NEW(a, news_document, 1);
    *d = *of;
    uint64_t outlet = news_rank(state, NEWS_OUTLETS);
    d->article.outlet = name_of(a, 3, outlet, d->article.language.data[0] == 'a');
    d->article.url = arena_printf(a, "https://o%llu.example/news/%llu", (unsigned long long)outlet,
                                  (unsigned long long)n->documents);
    d->reading.article = &d->article;
    return d;
}

bool news_next(news *n, arena *a, news_documents *out) {
    static const uint8_t documents[] = {1, 1, 1, 1, 1, 1, 1, 2, 2, 5}; /* 1.6 on average */
    if (n->told == n->incidents)
        return false;
    uint64_t number = n->told++, state = (n->seed + 1) * 7919 + number * 31;
    happening all[2] = {happening_of(n, number), happening_of(n, number / 2)};
    size_t count = documents[below(&state, sizeof documents)];
    *out = (news_documents){0};
    for (size_t i = 0; i < count; i++) {
        bool copied = i && below(&state, 4) == 0, two = number > 1 && below(&state, 20) == 0;
        news_document *d = copied ? copy_document(n, a, &state, out->at[below(&state, i)])
                                  : write_document(n, a, &state, all, two ? 2 : 1);
        *VECTOR_PUSH(out, a) = d;
        n->documents++;
        n->claims += d->reading.claims.size;
    }
    return true;
}
