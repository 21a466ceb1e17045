/* isnad-page/1 (docs/formats.md), written straight, without a tree: at the speed of a crawl the copy counts.
 */
#include "page/page.h"

#include "base/json_out.h"
#include "page/tables.h"

static void put_text(buffer *b, str s) {
    if (s.size)
        put_json_string(b, s);
    else
        buffer_add(b, STR("null"));
}

static void put_member(buffer *b, const char *key, str value) {
    put_json_key(b, key);
    put_text(b, value);
}

static bool is_right_to_left(str language) {
    const word_entry *known = table_find(&right_to_left_table, language);
    return known && known->value;
}

static void put_texts(buffer *b, const char *key, const str *texts, size_t count) {
    put_json_key(b, key);
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < count; i++) {
        put_json_comma(b);
        put_json_string(b, texts[i]);
    }
    buffer_add_byte(b, ']');
}

static void put_paragraphs(buffer *b, const article *p) {
    put_json_key(b, "paragraphs");
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        put_json_comma(b);
        buffer_add_byte(b, '{');
        put_member(b, "text", p->paragraphs.at[i].text);
        put_member(b, "kind", str_of(paragraph_kind_name(p->paragraphs.at[i].kind)));
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}

static void put_number(buffer *b, const char *key, size_t n) {
    put_json_key(b, key);
    buffer_add_number(b, (int64_t)n);
}

static void put_entries(buffer *b, const article *p) {
    put_json_key(b, "entries");
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < p->entries.size; i++) {
        const page_entry *e = &p->entries.at[i];
        put_json_comma(b);
        buffer_add_byte(b, '{');
        put_member(b, "time", e->time);
        put_member(b, "offset", e->offset);
        put_member(b, "author", e->author);
        put_member(b, "via", e->via);
        put_member(b, "url", e->url);
        put_number(b, "first", e->first);
        put_number(b, "end", e->end);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}

static void put_links(buffer *b, const article *p) {
    put_json_key(b, "links");
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < p->links.size; i++) {
        put_json_comma(b);
        buffer_add_byte(b, '{');
        put_member(b, "role", str_of(link_role_name(p->links.at[i].role)));
        put_member(b, "href", p->links.at[i].href);
        put_member(b, "text", p->links.at[i].text);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}

/* Why blocks stayed or went. */

/* To three places: enough for people, and the same on every machine. */
static void put_figure(buffer *b, const char *key, double x) {
    put_json_key(b, key);
    buffer_printf(b, "%.3f", x);
}

static void put_ground(buffer *b, const page_ground *g) {
    put_json_key(b, "because");
    if (!g->word.size) {
        buffer_add(b, STR("null"));
        return;
    }
    buffer_add_byte(b, '{');
    put_member(b, "word", g->word);
    put_member(b, "file", g->file);
    put_json_key(b, "line");
    if (g->line)
        buffer_add_number(b, g->line);
    else
        buffer_add(b, STR("null"));
    buffer_add_byte(b, '}');
}

static void put_block(buffer *b, const page_block *one) {
    buffer_add_byte(b, '{');
    put_member(b, "text", one->text);
    put_member(b, "element", one->element);
    put_member(b, "use", one->use);
    put_member(b, "rule", one->rule);
    put_figure(b, "mass", one->mass);
    put_figure(b, "links", one->links);
    put_ground(b, &one->because);
    buffer_add_byte(b, '}');
}

static void put_explained(buffer *b, const article *p) {
    put_json_key(b, "container");
    buffer_add_byte(b, '{');
    put_member(b, "element", p->container.element);
    put_member(b, "names", p->container.names);
    put_figure(b, "score", p->container.score);
    buffer_add_byte(b, '}');
    put_json_key(b, "blocks");
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < p->blocks.size; i++) {
        put_json_comma(b);
        put_block(b, &p->blocks.at[i]);
    }
    buffer_add_byte(b, ']');
}

static void put_head(buffer *b, const article *p) {
    put_member(b, "file", p->file);
    put_member(b, "url", p->url);
    put_member(b, "outlet", p->outlet);
    put_member(b, "language", p->language);
    put_member(b, "direction", is_right_to_left(p->language) ? STR("rtl") : STR("ltr"));
    put_member(b, "title", p->title);
    put_member(b, "standfirst", p->standfirst);
    put_texts(b, "authors", p->authors.at, p->authors.size);
    put_member(b, "published", p->published);
    put_member(b, "published_offset", p->published_offset);
    put_member(b, "published_from", p->published_from);
    put_member(b, "updated", p->updated);
    put_member(b, "updated_offset", p->updated_offset);
    put_member(b, "captured", p->captured);
    put_member(b, "canonical", p->canonical);
    put_member(b, "section", p->section);
    put_texts(b, "tags", p->tags.at, p->tags.size);
    put_member(b, "sha256", p->sha256);
    put_member(b, "charset", p->charset);
    put_member(b, "repaired", p->repaired);
    put_json_key(b, "truncated");
    buffer_add(b, p->truncated ? STR("true") : STR("false"));
}

void page_json(const article *p, str engine, arena *a, str *out) {
    buffer b = {0};
    buffer_reserve(&b, 2 * p->text.size + 4096);
    buffer_add(&b, STR("{\"format\":\"isnad-page/1\",\"engine\":"));
    buffer_add(&b, engine.size ? engine : STR("{}"));
    put_head(&b, p);
    put_paragraphs(&b, p);
    put_entries(&b, p);
    put_json_key(&b, "text");
    put_json_string(&b, str_slice(p->text, p->body_start, p->text.size));
    put_links(&b, p);
    if (p->explained)
        put_explained(&b, p);
    buffer_add_byte(&b, '}');
    *out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
}
