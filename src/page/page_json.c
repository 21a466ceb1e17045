/* isnad-page/1 (docs/formats.md). */
#include "page/page.h"

#include "base/buffer.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *text_or_null(str s) {
    return s.size ? json_stringn_nocheck(s.data, s.size) : json_null();
}

static bool is_right_to_left(str language) {
    static const char *const languages[] = {"ar", "fa", "ur", "ps", "ckb", "he"};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (str_equal(language, str_of(languages[i])))
            return true;
    return false;
}

static json_t *authors(const article *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->authors.size; i++)
        json_array_append_new(list, text_or_null(p->authors.at[i]));
    return list;
}

static json_t *paragraphs(const article *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "text", text_or_null(p->paragraphs.at[i].text));
        json_object_set_new(one, "kind", json_string(paragraph_kind_name(p->paragraphs.at[i].kind)));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *links(const article *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->links.size; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "role", json_string(link_role_name(p->links.at[i].role)));
        json_object_set_new(one, "href", text_or_null(p->links.at[i].href));
        json_object_set_new(one, "text", text_or_null(p->links.at[i].text));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *ground(const page_ground *g) {
    json_t *one = json_object();
    if (!g->word.size) {
        json_decref(one);
        return json_null();
    }
    json_object_set_new(one, "word", text_or_null(g->word));
    json_object_set_new(one, "file", text_or_null(g->file));
    json_object_set_new(one, "line", g->line ? json_integer(g->line) : json_null());
    return one;
}

/* To three places: enough for people, and the same on every machine. */
static json_t *rounded(double x) {
    return json_real((double)(long long)(x * 1000 + 0.5) / 1000);
}

static json_t *blocks(const article *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->blocks.size; i++) {
        const page_block *b = &p->blocks.at[i];
        json_t *one = json_object();
        json_object_set_new(one, "text", text_or_null(b->text));
        json_object_set_new(one, "element", text_or_null(b->element));
        json_object_set_new(one, "use", text_or_null(b->use));
        json_object_set_new(one, "rule", text_or_null(b->rule));
        json_object_set_new(one, "mass", rounded(b->mass));
        json_object_set_new(one, "links", rounded(b->links));
        json_object_set_new(one, "because", ground(&b->because));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *container(const article *p) {
    json_t *one = json_object();
    json_object_set_new(one, "element", text_or_null(p->container.element));
    json_object_set_new(one, "names", text_or_null(p->container.names));
    json_object_set_new(one, "score", rounded(p->container.score));
    return one;
}

static json_t *engine_object(str engine) {
    json_t *object = engine.size ? json_loadb(engine.data, engine.size, 0, NULL) : NULL;
    return object ? object : json_object();
}

static void set_text(json_t *object, const char *key, str value) {
    json_object_set_new(object, key, text_or_null(value));
}

void page_json(const article *p, str engine, arena *a, str *out) {
    json_t *o = json_object();
    str body = str_slice(p->text, p->body_start, p->text.size);
    json_object_set_new(o, "format", json_string("isnad-page/1"));
    json_object_set_new(o, "engine", engine_object(engine));
    set_text(o, "file", p->file);
    set_text(o, "url", p->url);
    set_text(o, "outlet", p->outlet);
    set_text(o, "language", p->language);
    json_object_set_new(o, "direction", json_string(is_right_to_left(p->language) ? "rtl" : "ltr"));
    set_text(o, "title", p->title);
    set_text(o, "standfirst", p->standfirst);
    json_object_set_new(o, "authors", authors(p));
    set_text(o, "published", p->published);
    set_text(o, "published_offset", p->published_offset);
    set_text(o, "published_from", p->published_from);
    set_text(o, "updated", p->updated);
    set_text(o, "sha256", p->sha256);
    set_text(o, "charset", p->charset);
    set_text(o, "repaired", p->repaired);
    json_object_set_new(o, "truncated", json_boolean(p->truncated));
    json_object_set_new(o, "paragraphs", paragraphs(p));
    json_object_set_new(o, "text", json_stringn_nocheck(body.data ? body.data : "", body.size));
    json_object_set_new(o, "links", links(p));
    if (p->explained) {
        json_object_set_new(o, "container", container(p));
        json_object_set_new(o, "blocks", blocks(p));
    }
    char *text = json_dumps(o, JSON_COMPACT);
    *out = text ? arena_copy(a, str_of(text)) : STR("{}");
    free(text);
    json_decref(o);
}
