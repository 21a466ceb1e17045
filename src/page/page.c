/* The page stage's door: each kind of capture to its reader, and what all articles share. */
#include "page/page.h"

#include "base/sha256.h"
#include "base/utf8.h"
#include "page/assemble.h"
#include "page/charset.h"
#include "page/moment.h"
#include "page/profile.h"

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

/* Both hashes are of all bytes: what was captured, and of what has no id of its own, from where. */
static void name_page(const capture *c, arena *a, article *p) {
    digest bytes, page;
    str before = arena_printf(a, "%.*s\n", STR_ARG(c->url));
    if (c->sha256.size || p->id.size) {
        p->sha256 = c->sha256.size ? c->sha256 : digest_hex(a, sha256(c->bytes), sizeof bytes.bytes);
        p->id = p->id.size ? p->id : digest_hex(a, sha256_parts((str[]){before, c->bytes}, 2), 16);
        return;
    }
    sha256_both(before, c->bytes, &bytes, &page);
    p->sha256 = digest_hex(a, bytes, sizeof bytes.bytes);
    p->id = digest_hex(a, page, 16);
}

/* Entries name paragraphs by their place: `at` is the new one of each, and of the end. */
static void move_entries(article *p, const size_t *at) {
    size_t kept = 0;
    for (size_t i = 0; i < p->entries.size; i++) {
        page_entry e = p->entries.at[i];
        e.first = at[e.first];
        e.end = at[e.end];
        if (e.first < e.end)
            p->entries.at[kept++] = e;
    }
    p->entries.size = kept;
}

/* What other pages of the site have too is no part of the article. */
static void drop_shared(article *p, const profile *known, arena *a) {
    str site = profile_site(p, a);
    size_t kept = 0, *at = ARENA_NEW(a, size_t, p->paragraphs.size + 1);
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        at[i] = kept;
        if (!profile_has(known, site, p->paragraphs.at[i].text))
            p->paragraphs.at[kept++] = p->paragraphs.at[i];
    }
    at[p->paragraphs.size] = kept;
    p->paragraphs.size = kept;
    move_entries(p, at);
    for (size_t i = 0; i < p->blocks.size; i++)
        if (!str_equal(p->blocks.at[i].use, STR("none")) && profile_has(known, site, p->blocks.at[i].text)) {
            p->blocks.at[i].use = STR("none");
            p->blocks.at[i].rule = STR("shared");
            p->blocks.at[i].because = (page_ground){STR_NONE, STR_NONE, 0};
        }
}

/* The page's own address says how fresh it is and whose; what was fetched is known better. */
static void read_page(const capture *c, const page_options *options, arena *a, article *p) {
    const profile *known = options ? options->profile : NULL;
    bool markup = c->kind == CAPTURE_HTML;
    decoded_text d = charset_decode(c->body, c->charset, markup, a);
    p->charset = d.charset;
    p->repaired = d.repaired;
    p->url = c->url.data ? utf8_repair(a, c->url) : c->url;
    p->captured = c->time;
    str told = STR_NONE;
    if (markup)
        told = html_article(d.text, options && options->explain, a, p);
    else
        plain_article(d.text, a, p);
    if (known)
        drop_shared(p, known, a);
    article_join(p, a);
    article_languages(p, told, a);
}

status page_article(const capture *c, const page_options *options, arena *a, article *out, failure *f) {
    article p = {.file = utf8_repair(a, c->file), .truncated = c->truncated || c->cut, .language = STR("")};
    status result = STATUS_OK;
    if (c->kind == CAPTURE_JSON_RECORD)
        result = record_article(c, a, &p, f);
    else
        read_page(c, options, a, &p);
    if (result != STATUS_OK)
        return result;
    if (options)
        give_date(&p, options->published, a);
    name_page(c, a, &p);
    if (c->truncated)
        article_warn(&p, STR("the page is larger than the limit: only its head was read"), a);
    *out = p;
    return STATUS_OK;
}
