/* HTML or plain text, by the first byte, to an article; and of the same bytes as UTF-8 what must hold of
 * their tokens, of their runs of text and of the outline. */
#include "page_checks.h"

#include "page/html.h"
#include "page/outline.h"
#include "page/text_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_in(str part, str whole) {
    return part.size == 0 || (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

static void check_run(str s) {
    for (size_t at = 0; at < s.size && at < 200; at++) {
        text_run fast = text_run_at(s, at), plain = text_run_plain(s, at);
        must(fast.size == plain.size && fast.letters == plain.letters && fast.marks == plain.marks);
    }
}

static bool told(const html_token *t) {
    return t->kind != HTML_COMMENT && t->kind != HTML_DOCTYPE;
}

/* With comments and doctypes and without them the other tokens are the same, and each lies in the page. */
static void check_tokens(str page) {
    html_reader all = html_open(page), some = html_open(page);
    html_token x, y;
    size_t at = 0;
    all.everything = true;
    while (html_next(&all, &x)) {
        must(all.at > at && all.at <= page.size);
        at = all.at;
        must(lies_in(x.text, page) || x.kind == HTML_START || x.kind == HTML_END);
        if (x.kind == HTML_DOCTYPE) {
            html_doctype d = html_doctype_read(x.text);
            must(lies_in(d.name, x.text) && lies_in(d.public_id, x.text) && lies_in(d.system_id, x.text));
        }
        if (!told(&x))
            continue;
        must(html_next(&some, &y) && x.kind == y.kind);
        must(x.kind == HTML_TEXT ? x.text.data == y.text.data && x.text.size == y.text.size
                                 : x.name.data == y.name.data && x.has == y.has);
        if (x.kind == HTML_TEXT)
            check_run(x.text);
    }
    must(!html_next(&some, &y));
}

static void check_outline(str page, arena *a) {
    outline o;
    outline_read(page, a, &o);
    for (uint32_t i = 1; i < o.containers.size; i++) {
        const container *c = &o.containers.at[i], *up = &o.containers.at[c->parent];
        must(c->parent < i && c->end > i && c->end <= up->end);
        must(c->first_block <= c->end_block && c->first_block >= up->first_block &&
             c->end_block <= up->end_block);
    }
    for (uint32_t i = 0; i < o.blocks.size; i++) {
        const block *b = &o.blocks.at[i];
        const container *c = &o.containers.at[b->container];
        must(b->text.size > 0 && utf8_valid(b->text) && i >= c->first_block && i < c->end_block);
        must(b->letters > 0 && b->link_letters <= b->letters && b->marks <= b->letters);
    }
    for (uint32_t i = 0; i < o.links.size; i++)
        must(o.links.at[i].block <= o.blocks.size && o.links.at[i].container < o.containers.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    arena a = arena_new((allocator){0});
    str bytes = {(const char *)data + 1, size - 1};
    capture c = {.kind = data[0] & 1 ? CAPTURE_TEXT : CAPTURE_HTML,
                 .file = STR("fuzz"),
                 .bytes = bytes,
                 .body = bytes,
                 .time = data[0] & 4 ? STR("2021-01-15T09:30:00Z") : STR_NONE,
                 .url = data[0] & 2 ? STR("https://news.example/2021/01/14/a.html") : STR_NONE};
    article p;
    must(page_article(&c, &(page_options){.explain = (data[0] & 4) != 0}, &a, &p, NULL) == STATUS_OK);
    check_article(&p, &a);
    str page = utf8_repair(&a, bytes);
    check_tokens(page);
    check_outline(page, &a);
    arena_free(&a);
    return 0;
}
