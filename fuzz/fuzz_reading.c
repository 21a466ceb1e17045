/* Readings of any bytes made well-formed. The first byte chooses the language, whether the first line is a
 * title, and whether there is a date of publication. Spans point into the text, indices into their lists,
 * bounds are bounds, and the JSON is JSON. */
#include "base/utf8.h"
#include "reading/reading.h"

#include <jansson.h>
#include <stdlib.h>

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check_span(const reading *r, const span *s) {
    str text = r->article->text;
    if (SPAN_NONE(*s))
        return;
    require(s->text.data >= text.data && s->text.data + s->text.size <= text.data + text.size);
    require(s->end - s->start == utf8_length(s->text));
}

static bool index_or_none(int i, size_t size) {
    return i == NONE || (i >= 0 && (size_t)i < size);
}

static void check_claim(const reading *r, size_t i) {
    const claim *c = &r->claims.at[i];
    require(c->min >= 0 && c->min <= c->max);
    require(index_or_none(c->part_of, r->claims.size) && c->part_of != (int)i);
    require(index_or_none(c->event_index, r->events.size) && index_or_none(c->time, r->times.size));
    require(index_or_none(c->place, r->places.size));
    check_span(r, &c->count);
    check_span(r, &c->who);
    check_span(r, &c->actor.at);
    check_span(r, &c->evidence);
    check_span(r, &c->voice.at);
    for (size_t k = 0; k < c->via.size; k++)
        check_span(r, &c->via.at[k].at);
}

static void check_reading(const reading *r) {
    for (size_t i = 0; i < r->claims.size; i++)
        check_claim(r, i);
    for (size_t i = 0; i < r->events.size; i++) {
        const event *e = &r->events.at[i];
        check_span(r, &e->trigger);
        check_span(r, &e->evidence);
        check_span(r, &e->outcome);
        require(!e->counted || (e->min >= 0 && e->min <= e->max));
        require(index_or_none(e->time, r->times.size));
        for (size_t k = 0; k < e->places.size; k++)
            require((size_t)e->places.at[k] < r->places.size);
    }
    for (size_t i = 0; i < r->places.size; i++)
        check_span(r, &r->places.at[i].at);
    for (size_t i = 0; i < r->disagreements.size; i++) {
        const disagreement *d = &r->disagreements.at[i];
        require(d->a != d->b && (size_t)d->a < r->claims.size && (size_t)d->b < r->claims.size);
    }
}

static void make_article(str text, unsigned choice, article *page) {
    *page = (article){
        .id = STR("fuzz"), .text = text, .language = choice & 1 ? STR("en") : STR("ar"), .supported = true};
    size_t feed = str_find(text, STR("\n"), 0);
    if ((choice & 2) && feed != SIZE_MAX) {
        page->title = str_slice(text, 0, feed);
        page->body_start = feed + 1;
    }
    if (!(choice & 4))
        page->published = STR("2020-02-29");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    arena a = arena_new((allocator){0});
    article page;
    reading r;
    make_article(utf8_repair(&a, (str){(const char *)data + 1, size - 1}), data[0], &page);
    reading_options options = {.numbers = true, .explain = true};
    reading_make(&page, gazetteer_builtin(), &options, &a, &r);
    check_reading(&r);
    str json;
    reading_json(&r, STR("{}"), &options, &a, &json);
    json_t *root = json_loadb(json.data, json.size, JSON_ALLOW_NUL, NULL);
    require(root != NULL);
    json_decref(root);
    arena_free(&a);
    return 0;
}
