/* What must hold for every article, whatever it was made of. */
#ifndef ISN_FUZZ_PAGE_CHECKS_H
#define ISN_FUZZ_PAGE_CHECKS_H

#include "base/utf8.h"
#include "page/page.h"

#include <stdlib.h>

static inline void must(bool holds) {
    if (!holds)
        abort();
}

static inline void check_paragraph(const article *p, const paragraph *one) {
    must(one->text.size > 0 && utf8_valid(one->text));
    must(p->verbatim || !memchr(one->text.data, '\n', one->text.size));
    if (one->kind != PARAGRAPH_CAPTION)
        must(one->text.data >= p->text.data + p->body_start &&
             one->text.data + one->text.size <= p->text.data + p->text.size);
}

static inline void check_article(const article *p, arena *a) {
    str texts[] = {p->title,     p->outlet,  p->standfirst, p->url,     p->text,
                   p->published, p->updated, p->id,         p->section, p->canonical};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        must(utf8_valid(texts[i]));
    must(p->body_start <= p->text.size && p->sha256.size == 64);
    for (size_t i = 0; i < p->paragraphs.size; i++)
        check_paragraph(p, &p->paragraphs.at[i]);
    for (size_t i = 0; i < p->links.size; i++)
        must(utf8_valid(p->links.at[i].text) && utf8_valid(p->links.at[i].href));
    for (size_t i = 0; i < p->authors.size; i++)
        must(utf8_valid(p->authors.at[i]));
    for (size_t i = 0; i < p->tags.size; i++)
        must(p->tags.at[i].size > 0 && utf8_valid(p->tags.at[i]));
    size_t behind = 0;
    for (size_t i = 0; i < p->entries.size; i++) {
        const page_entry *e = &p->entries.at[i];
        must(e->first >= behind && e->first < e->end && e->end <= p->paragraphs.size);
        must(utf8_valid(e->author) && utf8_valid(e->via) && utf8_valid(e->url));
        behind = e->end;
    }
    str json, markdown;
    page_json(p, STR("{}"), a, &json);
    must(json.size > 2 && utf8_valid(json));
    page_markdown(p, a, &markdown);
    must(utf8_valid(markdown));
}

#endif
