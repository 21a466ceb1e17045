/* Readings: what must hold of any, on the annotated documents and on what chance makes of them; and a few in
 * full, as golden files (tests/reading/golden/) that ISNAD_GOLDEN=1 writes. Whether readings are right is
 * scored by eval/score_reading.py. */
#include "reading/reading.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "test_support.h"

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

/* ---- the documents ---- */
typedef struct document {
    str id, language, published, title, text;
} document;

typedef struct documents {
    arena a;
    VECTOR(document) at;
} documents;

static str copied(arena *a, const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    assert_non_null(value);
    return arena_copy(a, str_of(value));
}

static int by_id(const void *a, const void *b) {
    return str_compare(((const document *)a)->id, ((const document *)b)->id);
}

static documents *load_documents(void) {
    documents *all = calloc(1, sizeof *all);
    all->a = arena_new((allocator){0});
    const char *folder = test_path(&all->a, "tests/reading/cases");
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        if (!str_ends(str_of(e->d_name), STR(".json")))
            continue;
        str path = arena_printf(&all->a, "%s/%s%c", folder, e->d_name, 0),
            bytes = test_file(&all->a, path.data);
        json_t *root = json_loadb(bytes.data, bytes.size, 0, NULL), *doc = json_object_get(root, "doc");
        assert_non_null(doc);
        *VECTOR_PUSH(&all->at, &all->a) = (document){
            copied(&all->a, doc, "id"), copied(&all->a, doc, "language"), copied(&all->a, doc, "published"),
            copied(&all->a, doc, "title"), copied(&all->a, doc, "text")};
        json_decref(root);
    }
    closedir(d);
    qsort(all->at.at, all->at.size, sizeof *all->at.at, by_id);
    return all;
}

static int set_up(void **state) {
    *state = load_documents();
    return 0;
}

static int tear_down(void **state) {
    documents *all = *state;
    arena_free(&all->a);
    free(all);
    return 0;
}

static void make_article(const document *d, arena *a, article *page) {
    *page = (article){.id = d->id,
                      .language = d->language,
                      .published = d->published,
                      .published_from = STR("given"),
                      .title = d->title,
                      .supported = true,
                      .verbatim = true};
    page->body_start = d->title.size ? d->title.size + 1 : 0;
    page->text = d->title.size ? arena_printf(a, "%.*s\n%.*s", STR_ARG(d->title), STR_ARG(d->text)) : d->text;
}

static reading *read_document(const document *d, const reading_options *options, arena *a) {
    article *page = ARENA_NEW(a, article, 1);
    reading *r = ARENA_NEW(a, reading, 1);
    make_article(d, a, page);
    reading_make(page, gazetteer_builtin(), options, a, r);
    return r;
}

static str read_as_json(const document *d, const reading_options *options, arena *a) {
    str json;
    reading_json(read_document(d, options, a), STR("{}"), options, a, &json);
    return json;
}

/* ---- what must hold ---- */
typedef struct checker {
    const reading *r;
    const document *d;
    uint32_t *offset; /* byte of each code point, and of the end */
    uint32_t points;
} checker;

#define REQUIRE(c, holds)                                                                                    \
    do {                                                                                                     \
        if (!(holds))                                                                                        \
            fail_msg("%.*s: " #holds "\n%.*s", STR_ARG((c)->d->id), STR_ARG((c)->r->article->text));         \
    } while (0)

static checker checker_of(const reading *r, const document *d, arena *a) {
    str text = r->article->text;
    checker c = {r, d, ARENA_NEW(a, uint32_t, text.size + 1), 0};
    for (size_t at = 0; at < text.size; utf8_next(text, &at))
        c.offset[c.points++] = (uint32_t)at;
    c.offset[c.points] = (uint32_t)text.size;
    return c;
}

static void check_span(const checker *c, const span *s) {
    if (SPAN_NONE(*s))
        return;
    REQUIRE(c, s->start < s->end && s->end <= c->points);
    str text = c->r->article->text;
    REQUIRE(c, str_equal(s->text, str_slice(text, c->offset[s->start], c->offset[s->end])));
}

static bool within(const span *inner, const span *outer) {
    return inner->start >= outer->start && inner->end <= outer->end;
}

static void check_voice(const checker *c, const voice *v) {
    check_span(c, &v->at);
    REQUIRE(c, v->kind <= VOICE_OUTLET);
    REQUIRE(c, SPAN_NONE(v->at) == (v->kind == VOICE_OUTLET));
}

/* The first day of "YYYY", "YYYY-MM" or "YYYY-MM-DD". */
static day first_day(str date) {
    char full[] = "0000-01-01";
    if (date.size != 4 && date.size != 7 && date.size != 10)
        return DAY_NONE;
    memcpy(full, date.data, date.size);
    return day_parse(STR(full));
}

static void check_date(const checker *c, str date) {
    if (!date.data)
        return;
    size_t bar = str_find(date, STR("/"), 0);
    day from = first_day(str_slice(date, 0, bar == SIZE_MAX ? date.size : bar));
    REQUIRE(c, from != DAY_NONE);
    if (bar != SIZE_MAX) {
        day to = first_day(str_slice(date, bar + 1, date.size));
        REQUIRE(c, to != DAY_NONE && from <= to);
    }
}

static bool index_or_none(int i, size_t size) {
    return i == NONE || (i >= 0 && (size_t)i < size);
}

static void check_claim(const checker *c, size_t i) {
    const reading *r = c->r;
    const claim *x = &r->claims.at[i];
    REQUIRE(c, x->effect <= EFFECT_DISPLACED && x->who_class <= CLASS_UNKNOWN && x->who_group <= GROUP_NAMED);
    REQUIRE(c, x->stance <= STANCE_DENIES && x->event <= EVENT_OTHER_ATTACK && x->scope <= SCOPE_BACKGROUND);
    REQUIRE(c, x->min >= 0 && x->min <= x->max);
    REQUIRE(c, x->stance != STANCE_DENIES || x->max == 0);
    REQUIRE(c, !SPAN_NONE(x->count) && !SPAN_NONE(x->evidence));
    check_span(c, &x->count);
    check_span(c, &x->who);
    check_span(c, &x->evidence);
    check_span(c, &x->actor.at);
    REQUIRE(c, within(&x->count, &x->evidence));
    check_voice(c, &x->voice);
    REQUIRE(c, x->via.size == 0 || !SPAN_NONE(x->voice.at));
    for (size_t k = 0; k < x->via.size; k++) {
        check_voice(c, &x->via.at[k]);
        REQUIRE(c, !SPAN_NONE(x->via.at[k].at));
    }
    REQUIRE(c, index_or_none(x->part_of, r->claims.size) && x->part_of != (int)i);
    REQUIRE(c, x->part_of == NONE || r->claims.at[x->part_of].part_of != (int)i);
    REQUIRE(c, index_or_none(x->event_index, r->events.size));
    REQUIRE(c, x->event_index == NONE || r->events.at[x->event_index].type == x->event);
    REQUIRE(c, index_or_none(x->place, r->places.size));
    REQUIRE(c, index_or_none(x->time, r->times.size));
    check_date(c, x->date);
}

static void check_event(const checker *c, const event *e) {
    REQUIRE(c, e->type > EVENT_NONE && e->type <= EVENT_OTHER_ATTACK);
    REQUIRE(c, !SPAN_NONE(e->trigger) && !SPAN_NONE(e->evidence));
    check_span(c, &e->trigger);
    check_span(c, &e->evidence);
    check_span(c, &e->outcome);
    check_span(c, &e->actor.at);
    REQUIRE(c, within(&e->trigger, &e->evidence));
    REQUIRE(c, (e->outcome_kind == OUTCOME_NONE) == SPAN_NONE(e->outcome));
    check_voice(c, &e->voice);
    REQUIRE(c, !e->counted || (e->min >= 0 && e->min <= e->max));
    for (size_t k = 0; k < e->places.size; k++)
        REQUIRE(c, e->places.at[k] >= 0 && (size_t)e->places.at[k] < c->r->places.size);
    REQUIRE(c, index_or_none(e->time, c->r->times.size));
    check_date(c, e->date);
}

static void check_place(const checker *c, const place_mention *p) {
    REQUIRE(c, !SPAN_NONE(p->at));
    check_span(c, &p->at);
    if (p->resolved)
        REQUIRE(c, (p->id.size || p->anchor.size) && p->lat >= -90 && p->lat <= 90 && p->lon >= -180 &&
                       p->lon <= 180 && p->radius_km >= 0);
    REQUIRE(c, p->resolved || !p->anchor.data);
}

static bool same_voice(const voice *a, const voice *b) {
    return SPAN_NONE(a->at) ? SPAN_NONE(b->at) : !SPAN_NONE(b->at) && str_equal(a->at.text, b->at.text);
}

static void check_disagreement(const checker *c, const disagreement *d) {
    const reading *r = c->r;
    REQUIRE(c, d->a >= 0 && d->b >= 0 && d->a != d->b);
    REQUIRE(c, (size_t)d->a < r->claims.size && (size_t)d->b < r->claims.size);
    const claim *x = &r->claims.at[d->a], *y = &r->claims.at[d->b];
    REQUIRE(c, d->on <= ON_PLACE);
    REQUIRE(c, x->scope == SCOPE_INCIDENT && y->scope == SCOPE_INCIDENT);
    REQUIRE(c, !same_voice(&x->voice, &y->voice));
    REQUIRE(c, x->part_of != d->b && y->part_of != d->a);
    REQUIRE(c, d->on != ON_COUNT || x->max < y->min || y->max < x->min);
    REQUIRE(c, d->on != ON_DENIAL || (x->stance == STANCE_DENIES) != (y->stance == STANCE_DENIES));
}

static void check_reading(const reading *r, const document *d, arena *a) {
    checker c = checker_of(r, d, a);
    for (size_t i = 0; i < r->claims.size; i++)
        check_claim(&c, i);
    for (size_t i = 0; i < r->events.size; i++)
        check_event(&c, &r->events.at[i]);
    for (size_t i = 0; i < r->times.size; i++) {
        REQUIRE(&c, !SPAN_NONE(r->times.at[i].at));
        check_span(&c, &r->times.at[i].at);
    }
    REQUIRE(&c, r->listed_places <= r->places.size);
    for (size_t i = 0; i < r->places.size; i++)
        check_place(&c, &r->places.at[i]);
    for (size_t i = 0; i < r->disagreements.size; i++)
        check_disagreement(&c, &r->disagreements.at[i]);
    for (size_t i = 0; i < r->numbers.size; i++) {
        check_span(&c, &r->numbers.at[i].at);
        REQUIRE(&c, r->numbers.at[i].min <= r->numbers.at[i].max);
    }
}

/* Every {"text", "start", "end"} in the JSON is a stretch of its text, counted in code points. */
static void check_json_spans(const checker *c, const json_t *value) {
    const char *key;
    const json_t *inner;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach(value, i, inner) {
            check_json_spans(c, inner);
        }
        return;
    }
    const json_t *text = json_object_get(value, "text"), *start = json_object_get(value, "start");
    if (json_is_string(text) && json_is_integer(start)) {
        json_int_t from = json_integer_value(start), to = json_integer_value(json_object_get(value, "end"));
        REQUIRE(c, from >= 0 && from < to && to <= (json_int_t)c->points);
        str slice = str_slice(c->r->article->text, c->offset[from], c->offset[to]);
        REQUIRE(c, str_equal(slice, (str){json_string_value(text), json_string_length(text)}));
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, inner) {
        check_json_spans(c, inner);
    }
}

static void check_document(const document *d, arena *a) {
    static const reading_options all = {.numbers = true, .explain = true};
    reading *r = read_document(d, &all, a);
    check_reading(r, d, a);
    str json;
    reading_json(r, STR("{}"), &all, a, &json);
    json_error_t error;
    json_t *root = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!root)
        fail_msg("%.*s: the JSON is none: %s", STR_ARG(d->id), error.text);
    checker c = checker_of(r, d, a);
    check_json_spans(&c, root);
    json_decref(root);
}

static void readings_hold_together(void **state) {
    const documents *all = *state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < all->at.size; i++, arena_reset(&a))
        check_document(&all->at.at[i], &a);
    assert_true(all->at.size > 50);
    arena_free(&a);
}

static void reading_twice_gives_the_same(void **state) {
    const documents *all = *state;
    arena a = arena_new((allocator){0}), b = arena_new((allocator){0});
    for (size_t i = 0; i < all->at.size; i++) {
        arena_reset(&a); /* what the last document left in it must not matter */
        const document *d = &all->at.at[i];
        str once = read_as_json(d, NULL, &a), again = read_as_json(d, NULL, &b);
        assert_str_equal(again, once, "a document read twice");
        arena_free(&b);
        b = arena_new((allocator){0});
    }
    arena_free(&a);
    arena_free(&b);
}

/* Words met before are remembered; what is read must not tell. */
static void a_memory_changes_nothing(void **state) {
    const documents *all = *state;
    reading_options remembering = {.numbers = true, .explain = true},
                    plain = {.numbers = true, .explain = true};
    remembering.memory = reading_memory_new((allocator){0});
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < 2 * all->at.size; i++, arena_reset(&a)) {
        const document *d = &all->at.at[i % all->at.size];
        str with = read_as_json(d, &remembering, &a), without = read_as_json(d, &plain, &a);
        assert_str_equal(with, without, "a document read with a memory, and without");
    }
    reading_memory_free(remembering.memory);
    arena_free(&a);
}

/* Nor where texts of several languages come in turn: what one makes of a word is not what another does. */
static void a_memory_keeps_languages_apart(void **state) {
    (void)state;
    static const char *const languages[] = {"ar", "en", "ar", "en"};
    reading_options remembering = {.memory = reading_memory_new((allocator){0})};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        document d = {STR("turn"), str_of(languages[i]), STR("2020-01-01"), STR(""),
                      STR("Three men were killed in Aleppo. قتل ثلاثة رجال في حلب.")};
        str with = read_as_json(&d, &remembering, &a), without = read_as_json(&d, NULL, &a);
        assert_str_equal(with, without, "a document read after one of another language, and alone");
    }
    reading_memory_free(remembering.memory);
    arena_free(&a);
}

/* Nor where it knows the first and last day of a month: the calendar is asked for each day here. */
static void a_memory_knows_each_hijri_day(void **state) {
    (void)state;
    enum { YEAR = 1442 };
    static const char *const months[] = {"محرم",         "صفر",          "ربيع الأول", "ربيع الآخر",
                                         "جمادى الأولى", "جمادى الآخرة", "رجب",        "شعبان",
                                         "رمضان",        "شوال",         "ذي القعدة",  "ذي الحجة"};
    reading_options remembering = {.memory = reading_memory_new((allocator){0})};
    arena a = arena_new((allocator){0});
    for (int i = 0; i < 12 * 30; i++, arena_reset(&a)) {
        int month = i % 12 + 1, day_of_month = i / 12 + 1; /* a month is known when its next day is asked */
        str text = arena_printf(&a, "قتل ثلاثة رجال في %d %s %d.", day_of_month, months[month - 1], YEAR);
        document d = {STR("day"), STR("ar"), STR("2021-12-01"), STR(""), text};
        const reading *r = read_document(&d, &remembering, &a);
        day expected = day_of_hijri(YEAR, month, day_of_month);
        assert_int_equal(r->times.size, expected != DAY_NONE);
        if (expected != DAY_NONE)
            assert_str_equal(r->times.at[0].value,
                             arena_printf(&a, "%.*s/%.*s", STR_ARG(day_format(&a, expected - 1)),
                                          STR_ARG(day_format(&a, expected + 1))),
                             text.data);
    }
    reading_memory_free(remembering.memory);
    arena_free(&a);
}

static void mentions_and_reasons_change_no_claim(void **state) {
    const documents *all = *state;
    static const reading_options both = {.numbers = true, .explain = true};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < all->at.size; i++, arena_reset(&a)) {
        reading *with = read_document(&all->at.at[i], &both, &a);
        with->numbers.size = 0;
        str plain, stripped;
        reading_json(read_document(&all->at.at[i], NULL, &a), STR("{}"), NULL, &a, &plain);
        reading_json(with, STR("{}"), NULL, &a, &stripped);
        assert_str_equal(stripped, plain, "a reading with mentions and reasons, without them");
    }
    arena_free(&a);
}

/* ---- threads ---- */
typedef struct worker {
    const documents *all;
    const str *expected;
    size_t first;
    bool differs;
} worker;

static void *work_through(void *context) {
    worker *w = context;
    arena a = arena_new((allocator){0});
    for (size_t k = 0; k < w->all->at.size; k++, arena_reset(&a)) {
        size_t i = (k + w->first) % w->all->at.size;
        w->differs |= !str_equal(read_as_json(&w->all->at.at[i], NULL, &a), w->expected[i]);
    }
    arena_free(&a);
    return NULL;
}

static void threads_read_side_by_side(void **state) {
    const documents *all = *state;
    enum { THREADS = 4 };
    arena a = arena_new((allocator){0});
    str *expected = ARENA_NEW(&a, str, all->at.size);
    for (size_t i = 0; i < all->at.size; i++)
        expected[i] = read_as_json(&all->at.at[i], NULL, &a);
    pthread_t thread[THREADS];
    worker workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (worker){all, expected, i * all->at.size / THREADS, false};
        assert_int_equal(pthread_create(&thread[i], NULL, work_through, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_false(workers[i].differs);
    }
    arena_free(&a);
}

/* ---- what chance makes of documents ---- */
static const char *const bits[] = {".",
                                   "\n",
                                   "، ",
                                   "«",
                                   "»",
                                   " قال ",
                                   " إن ",
                                   " مقتل ",
                                   " بينهم ",
                                   " 999999999999999999 ",
                                   " أقل من 0 ",
                                   " بين 9 و3 ",
                                   " نفى ",
                                   " 31-02-2019 ",
                                   " قبل 70000 سنة ",
                                   "\u202e",
                                   " ثلاثة آلاف ",
                                   " killed ",
                                   " at least ",
                                   " denied ",
                                   " الـ55 كم ",
                                   " فجر أمس ",
                                   "#",
                                   "0",
                                   "\u0640",
                                   " و",
                                   "(",
                                   ")",
                                   " عن ",
                                   " at 25:61 "};

static size_t random_boundary(test_random *r, str s) {
    size_t at = random_below(r, s.size + 1);
    while (at < s.size && ((unsigned char)s.data[at] & 0xC0) == 0x80)
        at++;
    return at;
}

static str mutate(test_random *r, str s, str other, arena *a) {
    size_t from = random_boundary(r, s), to = random_boundary(r, s);
    if (from > to) {
        size_t swapped = from;
        from = to;
        to = swapped;
    }
    size_t bit = random_below(r, sizeof bits / sizeof *bits), near_to = to - from > 60 ? from : to;
    str head = str_slice(s, 0, from), middle = str_slice(s, from, to), tail = str_slice(s, to, s.size);
    switch (random_below(r, 6)) {
    case 0: /* something put in */
        return arena_printf(a, "%.*s%s%.*s%.*s", STR_ARG(head), bits[bit], STR_ARG(middle), STR_ARG(tail));
    case 1: /* something left out */
        return arena_printf(a, "%.*s%.*s", STR_ARG(str_slice(s, 0, near_to)), STR_ARG(tail));
    case 2: /* something told twice */
        return arena_printf(a, "%.*s%.*s%.*s%.*s", STR_ARG(head), STR_ARG(middle), STR_ARG(middle),
                            STR_ARG(tail));
    case 3: /* the rest of another document */
        return arena_printf(a, "%.*s%.*s", STR_ARG(head),
                            STR_ARG(str_slice(other, random_boundary(r, other), other.size)));
    case 4: /* parts change places */
        return arena_printf(a, "%.*s%.*s%.*s", STR_ARG(tail), STR_ARG(middle), STR_ARG(head));
    default: { /* line ends become spaces, or spaces line ends */
        char *changed = arena_cstring(a, s);
        bool join = random_below(r, 2);
        for (size_t i = 0; i < s.size; i++)
            if (changed[i] == (join ? '\n' : ' ') && random_below(r, join ? 1 : 20) == 0)
                changed[i] = join ? ' ' : '\n';
        return (str){changed, s.size};
    }
    }
}

static void mutated_documents_hold_together(void **state) {
    const documents *all = *state;
    test_random r = test_seeded("mutated_documents_hold_together");
    arena a = arena_new((allocator){0});
    for (size_t round = test_rounds(1500); round--; arena_reset(&a)) {
        document d = all->at.at[random_below(&r, all->at.size)];
        for (size_t k = 1 + random_below(&r, 5); k--;)
            d.text = mutate(&r, d.text, all->at.at[random_below(&r, all->at.size)].text, &a);
        if (random_below(&r, 4) == 0)
            d.title = STR("");
        if (random_below(&r, 4) == 0)
            d.published = STR_NONE;
        check_document(&d, &a);
    }
    arena_free(&a);
}

/* A text of a megabyte, in paragraphs and in none: it is read piece by piece, and the spans are still right.
 */
static void long_documents_hold_together(void **state) {
    const documents *all = *state;
    arena a = arena_new((allocator){0});
    for (int lines = 0; lines < 2; lines++, arena_reset(&a)) {
        buffer b = {0};
        while (b.size < 1 << 20)
            for (size_t i = 0; i < all->at.size; i++) {
                if (!str_equal(all->at.at[i].language, STR("ar")))
                    continue;
                size_t from = b.size;
                buffer_add(&b, all->at.at[i].text);
                buffer_add_byte(&b, '\n');
                for (size_t k = from; k < b.size && !lines; k++)
                    if (b.data[k] == '\n')
                        b.data[k] = ' ';
            }
        document d = {STR("long"), STR("ar"), STR("2020-01-01"), STR("long"), buffer_str(&b)};
        check_document(&d, &a);
        assert_true(read_document(&d, NULL, &a)->claims.size > 100);
        buffer_free(&b);
    }
    arena_free(&a);
}

static void nothing_is_read_where_there_is_nothing(void **state) {
    (void)state;
    static const char *const texts[] = {"",       "\n",   " ",   ".", "،",   "و",
                                        "\u202e", "مقتل", "قال", "0", "بين", "«"};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++, arena_reset(&a)) {
        document d = {STR("nothing"), STR("ar"), STR("2020-01-01"), STR(""), str_of(texts[i])};
        check_document(&d, &a);
        assert_int_equal(read_document(&d, NULL, &a)->claims.size, 0);
    }
    arena_free(&a);
}

/* A name of several words is one place, whatever articles and hyphens stand between them. */
static void names_go_on_over_articles(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"Deir ez-Zor", "SY"},     {"Deir al-Zour", "SY"},  {"Ras al-Ain", "SY"},   {"Jisr al-Shughur", "SY"},
        {"Maarat al-Numan", "SY"}, {"Khan al Assal", "SY"}, {"Bab al-Mandab", "YE"}};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        document d = {STR("named"), STR("en"), STR("2020-01-01"), STR(""),
                      arena_printf(&a, "A man was killed in %s on Monday.", cases[i][0])};
        const reading *r = read_document(&d, NULL, &a);
        assert_int_equal(r->places.size, 1);
        assert_str_equal(r->places.at[0].at.text, str_of(cases[i][0]), "the name");
        assert_str_equal(r->places.at[0].country, str_of(cases[i][1]), cases[i][0]);
    }
    arena_free(&a);
}

/* A capital stands for its government more often than for itself: it is a place where something happens in
 * it. */
static void a_capital_is_a_place_where_something_happens_in_it(void **state) {
    (void)state;
    static const struct {
        const char *text, *place; /* NULL: no place is told */
    } cases[] = {
        {"قتل رجل في تل أبيب.", "تل أبيب"},
        {"نفت تل أبيب مقتل رجل.", NULL},
        {"قتل رجل في تفجير مقديشو.", "مقديشو"},
        {"نفت مقديشو مقتل رجل.", NULL},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        document d = {STR("capital"), STR("ar"), STR("2020-01-01"), STR(""), str_of(cases[i].text)};
        const reading *r = read_document(&d, NULL, &a);
        assert_int_equal(r->places.size, cases[i].place ? 1 : 0);
        if (cases[i].place)
            assert_str_equal(r->places.at[0].at.text, str_of(cases[i].place), cases[i].text);
    }
    arena_free(&a);
}

/* What befalls people in a sentence that a place opens befell them there, whatever was told before. */
static void a_place_that_opens_a_sentence_is_where_it_was(void **state) {
    (void)state;
    static const struct {
        const char *text, *place;
        event_type event;
    } cases[] = {
        {"أسفر قصف على سوق في عدن عن مقتل 7 عمال. وفي صعدة قتل 3 عمال.", "صعدة", EVENT_NONE},
        {"أسفر قصف على سوق في عدن عن مقتل 7 عمال. وفي عدن قتل 3 عمال.", "عدن", EVENT_SHELLING},
        {"أسفر قصف على سوق في عدن عن مقتل 7 عمال. وفي الليل قتل 3 عمال.", "عدن", EVENT_SHELLING},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        document d = {STR("opens"), STR("ar"), STR("2020-01-01"), STR(""), str_of(cases[i].text)};
        const reading *r = read_document(&d, NULL, &a);
        assert_int_equal(r->claims.size, 2);
        const claim *last = &r->claims.at[1];
        assert_true(last->place >= 0);
        assert_str_equal(r->places.at[last->place].at.text, str_of(cases[i].place), cases[i].text);
        assert_int_equal(last->event, cases[i].event);
    }
    arena_free(&a);
}

/* The same place, so many kilometres north of the same town, whatever the unit. */
static void distances_keep_their_units(void **state) {
    (void)state;
    static const struct {
        const char *language, *text, *there;
        double km;
    } cases[] = {
        {"ar", "قتل رجل على بعد 20 كم شمال حمص", "قتل رجل في حمص", 20},
        {"ar", "قتل رجل على بعد 20 كيلومترا شمال حمص", "قتل رجل في حمص", 20},
        {"ar", "قتل رجل على بعد 500 متر شمال حمص", "قتل رجل في حمص", 0.5},
        {"en", "A man was killed 20 miles north of Damascus", "A man was killed in Damascus", 32.18},
        {"en", "A man was killed 10 nautical miles off Tyre", "A man was killed in Tyre", 18.52},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        document d = {STR("far"), str_of(cases[i].language), STR("2020-01-01"), STR(""),
                      str_of(cases[i].text)};
        document there = d;
        there.text = str_of(cases[i].there);
        const reading *r = read_document(&d, NULL, &a), *t = read_document(&there, NULL, &a);
        assert_int_equal(r->places.size, 1);
        assert_int_equal(t->places.size, 1);
        const place_mention *p = &r->places.at[0], *town = &t->places.at[0];
        double north = (p->lat - town->lat) * 111.2;
        if (strstr(cases[i].text, "off"))
            assert_true(p->radius_km - town->radius_km > cases[i].km - 0.1 &&
                        p->radius_km - town->radius_km < cases[i].km + 0.1);
        else
            assert_true(north > 0.9 * cases[i].km && north < 1.1 * cases[i].km);
    }
    arena_free(&a);
}

static const reading *read_arabic(const char *text, arena *a) {
    document d = {STR("who"), STR("ar"), STR("2020-01-01"), STR(""), str_of(text)};
    return read_document(&d, NULL, a);
}

static void people_are_what_their_body_is(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t claims, at;
        who_class class;
    } cases[] = {
        {"قتل ثلاثة من عناصر فريق الإطفاء في حريق المصنع", 1, 0, CLASS_CIVILIAN},
        {"أعلن الدفاع المدني مقتل اثنين من عناصره", 1, 0, CLASS_CIVILIAN},
        {"أعلن الجيش مقتل اثنين من عناصره", 1, 0, CLASS_COMBATANT},
        {"قتل ضابط وأصيب مرافقه", 2, 1, CLASS_COMBATANT},
        {"قتل رئيس البلدية وأصيب مرافقه", 2, 1, CLASS_CIVILIAN},
        {"أصيب مزارعان مع عدم وجود إصابات أخرى", 1, 0, CLASS_CIVILIAN}, /* no others: not nobody */
        {"قتل خالد الزعبي، قائد كتيبة الساحل", 1, 0, CLASS_COMBATANT},
        {"ذكر الدفاع المدني أنه لم تقع إصابات في صفوف عناصره", 1, 0, CLASS_CIVILIAN},
        {"ارتفع عدد القتلى المدنيين الذين قتلوا في الحريق إلى 16", 1, 0, CLASS_CIVILIAN},
        {"ارتفع عدد القتلى في صفوف الجيش إلى 16", 1, 0, CLASS_COMBATANT},
        {"ارتفع عدد ضحايا قصف الجيش إلى 16", 1, 0, CLASS_UNKNOWN},
        {"ارتفع عدد القتلى المدنيين إلى 16 وأصيب 20 شخصا", 2, 1, CLASS_UNKNOWN},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        const reading *r = read_arabic(cases[i].text, &a);
        assert_int_equal(r->claims.size, cases[i].claims);
        assert_int_equal(r->claims.at[cases[i].at].who_class, cases[i].class);
    }
    arena_free(&a);
}

static void what_is_told_again_counts_once(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t claims;
        int64_t min;
    } cases[] = {
        {"قتل عامل وأصيب ثلاثة آخرون بحريق في المنجم.\nوأدى الحريق إلى مقتل عامل في الخمسين وإصابة ثلاثة "
         "عمال.",
         2, 1},
        {"قتل عامل وأصيب ثلاثة آخرون بحريق في حلب.\nوقالت البلدية إن عاملا قتل وأصيب ثلاثة آخرون في حلب.", 4,
         1},
        {"أعلنت الشركة مقتل عاملين وإصابة أربعة آخرين.\nنأسف لمقتل عاملين وإصابة أربعة آخرين.", 2, 2},
        {"قتل عامل وأصيب آخر في حلب اليوم.\nوقتل عامل وأصيب آخر في درعا اليوم.", 4, 1},
        {"اندلع حريق في المنجم أمس.\nمقتل عاملين في المنجم\nوقالت البلدية إن عاملين قتلا في المنجم أمس.", 1,
         2},
        {"قال مراسل الميناء إن ثلاثة عمال قتلوا.\nوأضاف مراسلنا أن الحريق تسبب بمقتل ثلاثة عمال.", 1, 3},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        const reading *r = read_arabic(cases[i].text, &a);
        assert_int_equal(r->claims.size, cases[i].claims);
        assert_int_equal(r->claims.at[0].min, cases[i].min);
    }
    arena_free(&a);
}

static void each_name_of_a_list_is_one(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t claims;
        effect effect; /* of the last */
    } cases[] = {
        {"قتل ثلاثة من عمال المنجم. والقتلى هم: سليم علي حسن (37 عاما)، وحسن علي (12 عاما)، وكريم سليم (13 "
         "عاما).",
         4, EFFECT_KILLED},
        {"قال المدير إن الجرحى هم سليم المرهوني – حسن الأشقر – كريم الزعفران.", 3, EFFECT_INJURED},
        {"نشرت الشركة أسماء القتلى وهم سليم المرهوني وحسن الأشقر، والمصابين هم؛ زغلول (12 عاما)، كريم (5 "
         "أعوام).",
         4, EFFECT_INJURED},
        {"نشرت الشركة أسماء القتلى:\n- سليم المرهوني\n- حسن سليم المرهوني\n- كريم الأشقر", 3, EFFECT_KILLED},
        {"قتل في المنجم كل من: سليم المرهوني، وحسن الأشقر، وكريم.", 3, EFFECT_KILLED},
        {"قتل 12 عاملا في المنجم أمس. وكان من بين الضحايا ثلاثة شعراء.", 2, EFFECT_KILLED},
        {"أصيب عشرات من عمال الشركة وكريم.", 1,
         EFFECT_INJURED}, /* a bare name goes on a list of names only */
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        const reading *r = read_arabic(cases[i].text, &a);
        assert_int_equal(r->claims.size, cases[i].claims);
        assert_int_equal(r->claims.at[r->claims.size - 1].effect, cases[i].effect);
    }
    arena_free(&a);
}

static void names_of_people_and_streets_are_no_places(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    const reading *r = read_arabic("أصيب محمود كولو في مدينة القامشلي", &a);
    assert_int_equal(r->places.size, 1);
    r = read_arabic("سقطت قذائف على شارع بور سعيد، وسقطت أخرى على مدينة حمص وبلدة تلبيسة", &a);
    for (size_t i = 0; i < r->places.size; i++)
        assert_false(str_equal(r->places.at[i].country, STR("EG")));
    arena_free(&a);
}

/* A channel that one site quotes, on what the army announced: the channel is the nearer relay. */
static void who_quotes_a_relay_stands_outside_it(void **state) {
    (void)state;
    static const struct {
        const char *language, *text, *voice, *nearer, *outer;
    } cases[] = {
        {"ar", "قالت قناة الغيمة، هكذا قال موقع النهر، إن الجيش أعلن أن ثلاثة مدنيين قتلوا في حلب.", "الجيش",
         "قناة الغيمة", "موقع النهر"},
        {"en",
         "The channel said, the news agency wrote, that the army announced that three civilians were killed.",
         "the army", "The channel", "the news agency"},
        {"en",
         "The channel said, according to the news agency, that the army announced that three civilians died.",
         "the army", "The channel", "the news agency"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        document d = {STR("via"), str_of(cases[i].language), STR("2020-01-01"), STR(""),
                      str_of(cases[i].text)};
        const reading *r = read_document(&d, NULL, &a);
        assert_int_equal(r->claims.size, 1);
        const claim *c = &r->claims.at[0];
        assert_true(str_equal(c->voice.at.text, str_of(cases[i].voice)));
        assert_int_equal(c->via.size, 2);
        assert_true(str_equal(c->via.at[0].at.text, str_of(cases[i].nearer)));
        assert_true(str_equal(c->via.at[1].at.text, str_of(cases[i].outer)));
    }
    arena_free(&a);
}

/* Marks inside a mark, at its first node, and beside one that was left out. */
static void marks_within_marks(void **state) {
    (void)state;
    static const struct {
        const char *text, *first, *second; /* relays; NULL: none */
    } cases[] = {
        {"نشرت صحيفة «الساحل» تقريرا. فيه يقول مدير المنجم في تصريح بثته قناة «الغيمة» إن ثلاثة عمال قتلوا.",
         "قناة «الغيمة»", "صحيفة «الساحل»"},
        {"وفيه يقول مدير المنجم في تصريح لقناة «الغيمة» إن ثلاثة عمال قتلوا.", "قناة «الغيمة»", NULL},
        {"قال رئيس البلدية إن خمسة عمال قتلوا، خلافا لما ورد في تصريح لقناة «الغيمة».", NULL, NULL},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        document d = {STR("within"), STR("ar"), STR("2020-01-01"), STR(""), str_of(cases[i].text)};
        const reading *r = read_document(&d, NULL, &a);
        assert_int_equal(r->claims.size, 1);
        const claim *c = &r->claims.at[0];
        const char *relays[] = {cases[i].first, cases[i].second};
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(c->via.size > k, relays[k] != NULL);
            if (relays[k])
                assert_true(str_equal(c->via.at[k].at.text, str_of(relays[k])));
        }
    }
    arena_free(&a);
}

static void a_text_may_begin_with_where_it_was(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    document d = {STR("west"), STR("ar"), STR("2020-01-01"), STR(""), STR("غرب مدينة حلب قتل ثلاثة مدنيين.")};
    const reading *r = read_document(&d, NULL, &a);
    assert_int_equal(r->places.size, 1);
    assert_true(r->places.at[0].resolved);
    arena_free(&a);
}

static void a_speaker_holds_over_sentences(void **state) {
    (void)state;
    static const struct {
        const char *text, *voice; /* of the last claim; NULL: the page's own */
    } cases[] = {
        {"وأصدرت بلدية الساحل بيانا.\nوجاء في نص البيان:\n\"احترق المرفأ أمس.\nوقتل ثلاثة عمال\".",
         "بلدية الساحل"},
        {"وقالت بلدية الساحل: \"احترق المرفأ أمس.\n\"وقتل ثلاثة عمال\".", "بلدية الساحل"},
        {"وقالت بلدية الساحل: \"احترق المرفأ أمس.\nوقتل ثلاثة عمال.", NULL}, /* a stray mark */
        {"وأحصت بلدية الساحل الضحايا، وهم:\n- مقتل نجار\n- مقتل بناء\n- مقتل ثلاثة عمال", "بلدية الساحل"},
        {"وأحصت بلدية الساحل مقتل نجار.\n- مقتل ثلاثة عمال", NULL},
        {"وأحصت بلدية الساحل سبعة حرائق.\nوتسببت تلك الحرائق بمقتل ثلاثة عمال.", "بلدية الساحل"},
        {"وأحصت بلدية الساحل سبعة حرائق.\nبالإضافة لمقتل ثلاثة عمال.", "بلدية الساحل"},
        {"وأوضحت بلدية الساحل أن المرفأ مغلق، مبينة أنه\nقتل ثلاثة عمال.", "بلدية الساحل"},
        {"وبحسب بلدية الساحل. قتل ثلاثة عمال.", "بلدية الساحل"},
        {"وقتل ثلاثة عمال. وبحسب بلدية الساحل.\nوأغلق المرفأ.", "بلدية الساحل"},
        {"وقتل ثلاثة عمال.\nبحسب بلدية الساحل. وأغلق المرفأ.", NULL},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        str text = arena_printf(&a, "احترق المرفأ.\n%s", cases[i].text);
        document d = {STR("holds"), STR("ar"), STR("2020-01-04"), STR(""), text};
        const reading *r = read_document(&d, NULL, &a);
        assert_true(r->claims.size > 0);
        const voice *v = &r->claims.at[r->claims.size - 1].voice;
        assert_str_equal(SPAN_NONE(v->at) ? STR("") : v->at.text,
                         str_of(cases[i].voice ? cases[i].voice : ""), cases[i].text);
    }
    arena_free(&a);
}

/* A clock time, "the same day" and a part of the day, behind a day that the paragraph before told in passing.
 */
static void a_time_of_day_has_its_day(void **state) {
    (void)state;
    static const struct {
        const char *then, *value;
    } cases[] = {
        {"واحترق مخزن في الساعة 9:30.", "2020-01-03T09:30"},
        {"واحترق مخزن مساء اليوم نفسه.", "2020-01-03TEV"},
        {"واحترق مخزن بعد منتصف الليل.", "2020-01-04TNI"},
        {"وغرق قارب يوم الأحد 29 كانون الأول، واحترق مخزن بعد منتصف الليل.", "2019-12-29TNI"},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, arena_reset(&a)) {
        str text = arena_printf(&a,
                                "قتل رجل في حلب يوم السبت 4 كانون الثاني.\n"
                                "وأصيبت امرأة في حمص يوم أمس الجمعة.\n%s",
                                cases[i].then);
        document d = {STR("clock"), STR("ar"), STR("2020-01-04"), STR(""), text};
        const reading *r = read_document(&d, NULL, &a);
        assert_str_equal(r->times.at[r->times.size - 1].value, str_of(cases[i].value), cases[i].then);
    }
    arena_free(&a);
}

/* ---- golden readings ---- */
static void show_range(buffer *b, int64_t min, int64_t max) {
    if (min == max)
        buffer_printf(b, "%" PRId64, min);
    else if (max == COUNT_OPEN)
        buffer_printf(b, "%" PRId64 " or more", min);
    else
        buffer_printf(b, "%" PRId64 " to %" PRId64, min, max);
}

static void show_quoted(buffer *b, const char *before, const span *s) {
    if (!SPAN_NONE(*s))
        buffer_printf(b, "%s\"%.*s\"", before, STR_ARG(s->text));
}

static void show_voice(buffer *b, const char *before, const voice *v) {
    if (SPAN_NONE(v->at))
        return;
    show_quoted(b, before, &v->at);
    buffer_printf(b, " (%s)", voice_kind_name(v->kind));
}

static void show_claim(buffer *b, const reading *r, size_t i) {
    const claim *c = &r->claims.at[i];
    buffer_printf(b, "claim %zu: %s ", i, effect_name(c->effect));
    show_range(b, c->min, c->max);
    buffer_printf(b, "%s, %s", c->approx ? " about" : "", who_class_name(c->who_class));
    if (c->who_group != GROUP_NONE)
        buffer_printf(b, " %s", who_group_name(c->who_group));
    show_quoted(b, " ", &c->count);
    if (c->part_of != NONE)
        buffer_printf(b, ", part of %d", c->part_of);
    buffer_printf(b, "; %s", stance_name(c->stance));
    show_voice(b, " by ", &c->voice);
    for (size_t k = 0; k < c->via.size; k++)
        show_voice(b, " via ", &c->via.at[k]);
    if (c->event != EVENT_NONE)
        buffer_printf(b, "; %s", event_type_name(c->event));
    if (c->event_index != NONE)
        buffer_printf(b, " %d", c->event_index);
    show_quoted(b, c->actor.hedged ? " perhaps of " : " of ", &c->actor.at);
    if (c->place != NONE)
        show_quoted(b, "; at ", &r->places.at[c->place].at);
    if (c->date.data)
        buffer_printf(b, "; on %.*s%s", STR_ARG(c->date), c->time_inherited ? " (told elsewhere)" : "");
    if (c->scope != SCOPE_INCIDENT)
        buffer_printf(b, "; %s", scope_name(c->scope));
    buffer_add_byte(b, '\n');
}

static void show_event(buffer *b, const reading *r, size_t i) {
    const event *e = &r->events.at[i];
    buffer_printf(b, "event %zu: %s", i, event_type_name(e->type));
    show_quoted(b, " ", &e->trigger);
    if (e->counted) {
        buffer_add(b, STR(", "));
        show_range(b, e->min, e->max);
    }
    buffer_printf(b, "; %s", stance_name(e->stance));
    show_voice(b, " by ", &e->voice);
    show_quoted(b, e->actor.hedged ? "; perhaps of " : "; of ", &e->actor.at);
    for (size_t k = 0; k < e->places.size; k++)
        show_quoted(b, k ? ", " : "; at ", &r->places.at[e->places.at[k]].at);
    if (e->date.data)
        buffer_printf(b, "; on %.*s", STR_ARG(e->date));
    if (e->outcome_kind != OUTCOME_NONE)
        buffer_printf(b, "; %s", outcome_kind_name(e->outcome_kind));
    show_quoted(b, " ", &e->outcome);
    buffer_add_byte(b, '\n');
}

static void show_reading(buffer *b, const reading *r) {
    for (size_t i = 0; i < r->claims.size; i++)
        show_claim(b, r, i);
    for (size_t i = 0; i < r->disagreements.size; i++) {
        const disagreement *d = &r->disagreements.at[i];
        buffer_printf(b, "disagreement: %d and %d on %s\n", d->a, d->b, disagreement_on_name(d->on));
    }
    for (size_t i = 0; i < r->events.size; i++)
        show_event(b, r, i);
    for (size_t i = 0; i < r->times.size; i++) {
        show_quoted(b, "time ", &r->times.at[i].at);
        buffer_printf(b, ": %.*s\n", STR_ARG(r->times.at[i].value));
    }
    for (size_t i = 0; i < r->listed_places; i++) {
        const place_mention *p = &r->places.at[i];
        show_quoted(b, "place ", &p->at);
        if (p->resolved)
            buffer_printf(b, ": %.*s, %.*s%s\n", STR_ARG(p->name), STR_ARG(p->country),
                          p->anchor.data ? ", near it" : "");
        else
            buffer_add(b, STR(": unknown\n"));
    }
}

static void readings_in_full(void **state) {
    static const char *const golden[] = {"ar-albab-relay",     "ar-raqqa-claimdeny", "ar-geneina-disagree",
                                         "ar-hodeidah-market", "ar-sanaa-hijri",     "en-gaza-journalists"};
    const documents *all = *state;
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++, arena_reset(&a)) {
        document key = {.id = str_of(golden[i])};
        const document *d = bsearch(&key, all->at.at, all->at.size, sizeof key, by_id);
        assert_non_null(d);
        buffer b = {0};
        show_reading(&b, read_document(d, NULL, &a));
        assert_golden(buffer_str(&b), arena_printf(&a, "tests/reading/golden/%s.txt%c", golden[i], 0).data);
        buffer_free(&b);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_hold_together),
        cmocka_unit_test(reading_twice_gives_the_same),
        cmocka_unit_test(a_memory_changes_nothing),
        cmocka_unit_test(a_memory_keeps_languages_apart),
        cmocka_unit_test(a_memory_knows_each_hijri_day),
        cmocka_unit_test(mentions_and_reasons_change_no_claim),
        cmocka_unit_test(threads_read_side_by_side),
        cmocka_unit_test(mutated_documents_hold_together),
        cmocka_unit_test(long_documents_hold_together),
        cmocka_unit_test(nothing_is_read_where_there_is_nothing),
        cmocka_unit_test(names_go_on_over_articles),
        cmocka_unit_test(a_capital_is_a_place_where_something_happens_in_it),
        cmocka_unit_test(a_place_that_opens_a_sentence_is_where_it_was),
        cmocka_unit_test(distances_keep_their_units),
        cmocka_unit_test(people_are_what_their_body_is),
        cmocka_unit_test(what_is_told_again_counts_once),
        cmocka_unit_test(each_name_of_a_list_is_one),
        cmocka_unit_test(names_of_people_and_streets_are_no_places),
        cmocka_unit_test(who_quotes_a_relay_stands_outside_it),
        cmocka_unit_test(marks_within_marks),
        cmocka_unit_test(a_text_may_begin_with_where_it_was),
        cmocka_unit_test(a_speaker_holds_over_sentences),
        cmocka_unit_test(a_time_of_day_has_its_day),
        cmocka_unit_test(readings_in_full),
    };
    return cmocka_run_group_tests_name("reading", tests, set_up, tear_down);
}
