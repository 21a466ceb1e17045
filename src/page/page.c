/* The page stage's door: each kind of capture to its reader, and what all articles share. */
#include "page/page.h"

#include "base/sha256.h"
#include "page/assemble.h"
#include "page/charset.h"
#include "page/moment.h"

const char *link_role_name(link_role r) {
    static const char *const names[] = {"previous", "next", "related", "popular", "source", "tag", "other"};
    return names[r];
}

const char *paragraph_kind_name(paragraph_kind k) {
    static const char *const names[] = {"paragraph", "heading", "quote", "item", "caption", "row"};
    return names[k];
}

/* A given date stands for pages that have none of their own. */
static void give_date(article *p, str given, arena *a) {
    moment m;
    if (p->published.size || !given.size || !moment_read(given, (moment_style){0}, a, &m))
        return;
    p->published = m.value;
    p->published_offset = m.offset;
    p->published_from = STR("given");
}

static str id_of(const capture *c, arena *a) {
    str parts[] = {c->url, STR("\n"), c->bytes};
    return digest_hex(a, sha256_parts(parts, 3), 16);
}

/* The page's own address says how fresh it is and whose; what was fetched is known better. */
static void read_page(const capture *c, arena *a, article *p) {
    bool markup = c->kind == CAPTURE_HTML;
    decoded_text d = charset_decode(c->body, c->charset, markup, a);
    p->charset = d.charset;
    p->repaired = d.repaired;
    p->url = c->url;
    p->captured = c->time;
    str told = STR_NONE;
    if (markup)
        told = html_article(d.text, a, p);
    else
        plain_article(d.text, a, p);
    article_join(p, a);
    article_languages(p, told, a);
}

status page_article(const capture *c, const page_options *options, arena *a, article *out, failure *f) {
    article p = {.file = c->file, .truncated = c->truncated, .language = STR("")};
    status result = STATUS_OK;
    if (c->kind == CAPTURE_JSON_RECORD)
        result = record_article(c, a, &p, f);
    else
        read_page(c, a, &p);
    if (result != STATUS_OK)
        return result;
    if (options)
        give_date(&p, options->published, a);
    p.sha256 = c->sha256.size ? c->sha256 : digest_hex(a, sha256(c->bytes), 32);
    if (!p.id.size)
        p.id = id_of(c, a);
    if (c->truncated)
        article_warn(&p, STR("the page is larger than the limit: only its head was read"), a);
    *out = p;
    return STATUS_OK;
}
