/* A comparison as JSON. */
#include <jansson.h>

#include "text/compare.h"

static json_t *sentence_told(const tokens *t, const code_points *points, uint32_t i) {
    if (i == NO_SENTENCE)
        return json_null();
    const sentence *s = &t->sentence.at[i];
    return json_pack("{s:i, s:i, s:o}", "start", (int)code_points_at(points, s->start), "end",
                     (int)code_points_at(points, s->end), "text",
                     json_stringn_nocheck(t->text.data + s->start, s->end - s->start));
}

static json_t *words_told(const str *words, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_stringn_nocheck(words[i].data, words[i].size));
    return list;
}

static json_t *change_told(const change *c, const comparison *all, const code_points points[2]) {
    json_t *o = json_pack("{s:s, s:b, s:o, s:o}", "kind", change_kind_name(c->kind), "moved", c->moved,
                          "before", sentence_told(&all->before, &points[0], c->before), "after",
                          sentence_told(&all->after, &points[1], c->after));
    if (c->kind == CHANGE_CHANGED) {
        json_object_set_new(o, "likeness", json_real(c->likeness));
        json_object_set_new(o, "dropped", words_told(c->dropped.at, c->dropped.size));
        json_object_set_new(o, "added", words_told(c->added.at, c->added.size));
    }
    return o;
}

json_t *comparison_told(const comparison *c) {
    arena a = arena_new((allocator){0});
    code_points points[2];
    json_t *sentences = json_array();
    code_points_build(c->before.text, &a, &points[0]);
    code_points_build(c->after.text, &a, &points[1]);
    for (size_t i = 0; i < c->changes.size; i++)
        json_array_append_new(sentences, change_told(&c->changes.at[i], c, points));
    json_t *o = json_pack("{s:f, s:b}", "likeness", c->likeness, "cut", c->cut);
    for (int k = 0; k < CHANGE_KINDS; k++)
        json_object_set_new(o, change_kind_name((change_kind)k), json_integer((json_int_t)c->counts[k]));
    json_object_set_new(o, "moved", json_integer((json_int_t)c->moved));
    json_object_set_new(o, "sentences", sentences);
    arena_free(&a);
    return o;
}
