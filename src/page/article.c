/* An HTML page's article, out of its outline and the choice made in it. */
#include "base/buffer.h"
#include "base/counters.h"
#include "base/utf8.h"
#include "page/address.h"
#include "page/alike.h"
#include "page/assemble.h"
#include "page/entries.h"
#include "page/explain.h"
#include "page/line.h"
#include "page/sections.h"

enum { MOST_LINKS = 300, LONGEST_CELL = 200, LITTLE_TEXT = 200 };

typedef struct writer {
    const outline *o;
    const choice *c;
    article *p;
    arena *a;
    str base;
    entries posts;
    uint32_t no_cells; /* blocks before it begin no row of cells */
} writer;

static paragraph_kind kind_of_block(const block *b, block_use use) {
    if (use == USE_CAPTION)
        return PARAGRAPH_CAPTION;
    if (is_heading(b->tag))
        return PARAGRAPH_HEADING;
    if (b->quote)
        return PARAGRAPH_QUOTE;
    return b->tag == TAG_LI || b->tag == TAG_DT || b->tag == TAG_DD ? PARAGRAPH_ITEM : PARAGRAPH_PLAIN;
}

/* The cells of a table's row from `i` on; how many. A cell of running text is no cell but layout. */
static uint32_t cells_at(writer *w, uint32_t i) {
    uint32_t row = w->o->blocks.at[i].row, count = 0;
    if (i < w->no_cells)
        return 0;
    for (uint32_t k = i; row && k < w->c->end_block && w->o->blocks.at[k].row == row; k++, count++) {
        COUNT(choice_steps, 1);
        if (w->c->uses[k] != USE_BODY || w->o->blocks.at[k].letters > LONGEST_CELL) {
            w->no_cells = k + 1;
            return 0;
        }
    }
    return count > 1 ? count : 0;
}

static void add_row(writer *w, uint32_t i, uint32_t count) {
    buffer row = {0};
    for (uint32_t k = i; k < i + count; k++) {
        if (k > i)
            buffer_add(&row, STR(" | "));
        buffer_add(&row, w->o->blocks.at[k].text);
    }
    article_add(w->p, arena_copy(w->a, buffer_str(&row)), PARAGRAPH_ROW, w->a);
    buffer_free(&row);
}

static bool repeats_title(const writer *w, const block *b) {
    return w->p->title.size && b->letters < 400 && same_words(b->text, w->p->title);
}

/* A picture and its enlargement have one caption: what stands among the last few already is shown once. Lines
 * that are no captions stay even where they repeat: two of the dead may have one name. */
static bool repeats_caption(const writer *w, str text) {
    enum { FEW = 4 };
    size_t at = w->p->paragraphs.size;
    for (size_t left = FEW; left && at; left--) {
        const paragraph *p = &w->p->paragraphs.at[--at];
        if (p->kind != PARAGRAPH_CAPTION)
            return false;
        if (str_equal(p->text, text))
            return true;
    }
    return false;
}

/* Whether a line break only wrapped a line: both sides have a line's length, or the next begins in lower
 * case. */
static bool is_wrapped(const block *b, const block *next) {
    enum { SHORTEST_LINE = 45, LONGEST_LINE = 120 };
    if (!b->soft_break || b->container != next->container || b->tag != next->tag || ends_sentence(b->text))
        return false;
    bool lower = next->text.data[0] >= 'a' && next->text.data[0] <= 'z';
    return (lower && b->letters >= SHORTEST_LINE / 2) ||
           (b->letters >= SHORTEST_LINE && b->letters <= LONGEST_LINE && next->letters <= LONGEST_LINE &&
            next->letters * 3 > b->letters);
}

/* A block and those that a line break wrapped; how many. */
static uint32_t add_lines(writer *w, uint32_t i) {
    const block *b = &w->o->blocks.at[i];
    uint32_t count = 1;
    buffer joined = {0};
    while (i + count < w->c->end_block && w->c->uses[i + count] == USE_BODY &&
           is_wrapped(b + count - 1, b + count)) {
        if (count == 1)
            buffer_add(&joined, b->text);
        buffer_add(&joined, STR(" "));
        buffer_add(&joined, b[count].text);
        count++;
    }
    str text = count > 1 ? arena_copy(w->a, buffer_str(&joined)) : b->text;
    article_add(w->p, text, kind_of_block(b, (block_use)w->c->uses[i]), w->a);
    buffer_free(&joined);
    return count;
}

/* What is between the first and the last paragraph of a post is its own. */
static void stretch_entry(page_entry *e, size_t first, size_t end) {
    if (e->end == 0)
        e->first = first;
    e->end = end;
}

static void add_blocks(writer *w) {
    for (uint32_t i = w->c->first_block; i < w->c->end_block;) {
        const block *b = &w->o->blocks.at[i];
        block_use use = (block_use)w->c->uses[i];
        uint32_t cells = use == USE_BODY ? cells_at(w, i) : 0;
        uint32_t taken = cells ? cells : 1, post = w->posts.of_block ? w->posts.of_block[i] : 0;
        size_t before = w->p->paragraphs.size;
        if (cells)
            add_row(w, i, cells);
        else if (use == USE_BODY && !repeats_title(w, b))
            taken = add_lines(w, i);
        else if (use == USE_CAPTION && !repeats_caption(w, b->text))
            article_add(w->p, b->text, PARAGRAPH_CAPTION, w->a);
        if (post && w->p->paragraphs.size > before)
            stretch_entry(&w->posts.list.at[post - 1], before, w->p->paragraphs.size);
        i += taken;
    }
}

static void add_entries(writer *w) {
    for (size_t i = 0; i < w->posts.list.size; i++) {
        page_entry e = w->posts.list.at[i];
        if (e.end == 0)
            continue;
        if (e.url.size)
            e.url = utf8_repair(w->a, address_resolve(w->base, e.url, w->a));
        *VECTOR_PUSH(&w->p->entries, w->a) = e;
    }
}

/* A standfirst that stands between the headline and the article's container. */
static void add_standfirst(writer *w) {
    uint32_t from = w->c->headline == NO_INDEX ? w->c->first_block : w->c->headline + 1;
    for (uint32_t i = from; i < w->c->end_block && i < w->c->first_block + 3; i++) {
        const block *b = &w->o->blocks.at[i];
        unsigned cues = w->o->containers.at[b->container].cues;
        if (!(cues & CUE_STANDFIRST) || b->letters < 20 || w->c->chrome[b->container] || is_chrome_line(b) ||
            repeats_title(w, b))
            continue;
        w->p->standfirst = b->text;
        return;
    }
    if (w->c->standfirst != NO_INDEX && !repeats_title(w, &w->o->blocks.at[w->c->standfirst]))
        w->p->standfirst = w->o->blocks.at[w->c->standfirst].text;
}

static size_t body_letters(const article *p) {
    size_t n = 0;
    for (size_t i = 0; i < p->paragraphs.size; i++)
        n += p->paragraphs.at[i].kind == PARAGRAPH_CAPTION ? 0 : p->paragraphs.at[i].text.size;
    return n;
}

/* Pages that a script fills have their text in the metadata alone. */
static void add_linked_body(writer *w, str body) {
    w->p->paragraphs.size = w->p->entries.size = 0;
    article_add_lines(w->p, html_decoded(w->a, body, false), w->a);
}

/* Links. */

static bool role_of_cues(unsigned cues, link_role *role) {
    static const struct {
        unsigned cue;
        link_role role;
    } roles[] = {
        {CUE_PREVIOUS, LINK_PREVIOUS}, {CUE_NEXT, LINK_NEXT},       {CUE_TAGS, LINK_TAG},
        {CUE_RELATED, LINK_RELATED},   {CUE_POPULAR, LINK_POPULAR},
    };
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (cues & roles[i].cue) {
            *role = roles[i].role;
            return true;
        }
    return false;
}

static bool role_of_phrase(str text, link_role *role, phrase_place *place) {
    static const struct {
        phrase phrase;
        link_role role;
    } roles[] = {
        {PHRASE_PREVIOUS, LINK_PREVIOUS}, {PHRASE_NEXT, LINK_NEXT},     {PHRASE_RELATED, LINK_RELATED},
        {PHRASE_POPULAR, LINK_POPULAR},   {PHRASE_SOURCE, LINK_SOURCE},
    };
    size_t rest;
    phrase p = phrase_of(text, place, &rest);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (p == roles[i].phrase) {
            *role = roles[i].role;
            return true;
        }
    return false;
}

/* For each block the role that a heading or a line before it gives its links; LINK_OTHER where none does. */
static unsigned char *roles_of_blocks(const writer *w) {
    enum { REACH = 40 };
    const outline *o = w->o;
    unsigned char *roles = arena_alloc(w->a, o->blocks.size + 1);
    link_role current = LINK_OTHER;
    size_t since = 0;
    for (size_t i = 0; i <= o->blocks.size; i++) {
        roles[i] = (unsigned char)(since < REACH ? current : LINK_OTHER);
        if (i == o->blocks.size)
            break;
        const block *b = &o->blocks.at[i];
        link_role role;
        phrase_place place;
        bool body = w->c->uses[i] == USE_BODY;
        since++;
        if (b->letters < 120 && !body && role_of_phrase(b->text, &role, &place)) {
            roles[i] = (unsigned char)role;
            current = place == PLACE_WHOLE ? role : LINK_OTHER;
            since = 0;
        } else if (body || (is_heading(b->tag) && b->link_letters == 0)) {
            current = LINK_OTHER;
        } else if (current == LINK_PREVIOUS || current == LINK_NEXT) {
            roles[i] = (unsigned char)current;
            current = LINK_OTHER;
        }
    }
    return roles;
}

static bool is_page_address(str href) {
    return href.size && href.data[0] != '#' && !str_starts(href, STR("javascript:")) &&
           !str_starts(href, STR("mailto:")) && !str_starts(href, STR("tel:")) &&
           !str_starts(href, STR("data:"));
}

static unsigned cues_around(const writer *w, const outline_link *l) {
    uint32_t box = l->container;
    unsigned cues = l->cues | w->c->chrome[box];
    for (unsigned steps = 0; box != NO_INDEX && steps < 4; steps++, box = w->o->containers.at[box].parent)
        cues |= w->o->containers.at[box].cues & (CUE_PREVIOUS | CUE_NEXT);
    return cues;
}

static bool is_share(unsigned cues) {
    return (cues & (CUE_SHARE | CUE_COMMENTS)) != 0;
}

static bool role_of_link(const writer *w, const outline_link *l, const unsigned char *roles,
                         link_role *role) {
    uint32_t at = l->block < w->o->blocks.size ? l->block : (uint32_t)w->o->blocks.size;
    bool body = at < w->o->blocks.size && w->c->uses[at] == USE_BODY;
    unsigned cues = body ? l->cues : cues_around(w, l);
    *role = LINK_OTHER;
    if (is_share(cues))
        return false;
    if (roles[at] != LINK_OTHER && !body) {
        *role = (link_role)roles[at];
        return true;
    }
    bool other = at < w->o->blocks.size && w->c->rules[at] == RULE_OTHER_ARTICLE;
    return role_of_cues(cues, role) || body || other;
}

static bool already_linked(const article *p, str href) {
    for (size_t i = 0; i < p->links.size; i++)
        if (str_equal(p->links.at[i].href, href))
            return true;
    return false;
}

static void add_links(writer *w) {
    const unsigned char *roles = roles_of_blocks(w);
    for (size_t i = 0; i < w->o->links.size && w->p->links.size < MOST_LINKS; i++) {
        const outline_link *l = &w->o->links.at[i];
        link_role role;
        phrase_place place;
        if (!is_page_address(l->href) || !role_of_link(w, l, roles, &role))
            continue;
        str href = utf8_repair(w->a, address_resolve(w->base, l->href, w->a));
        link_role said;
        if (role_of_phrase(l->text, &said, &place) && place == PLACE_WHOLE && role == LINK_OTHER)
            role = said;
        if (!already_linked(w->p, href))
            article_link(w->p, role, href, l->text, w->a);
    }
}

/* Says how many others a page without a date of its own has. */
static bool leave_one_article(const outline *o, choice *c, article *p, arena *a) {
    str host = address_host(p->url.size ? p->url : o->metas[FIELD_ADDRESS]);
    sections found = choose_section(o, host, c);
    if (found.excerpts)
        article_warn(p, arena_printf(a, "the page lists %u articles and has none of its own", found.excerpts),
                     a);
    if (found.whole)
        article_warn(p, arena_printf(a, "the page has %u articles: the first was read", found.whole), a);
    return found.whole > 0;
}

str html_article(str page, bool explain, arena *a, article *p) {
    outline o;
    outline_read(page, a, &o);
    linked_data ld;
    linked_data_read(o.linked_data.at, o.linked_data.size, a, &ld);
    if (!p->url.size && o.canonical.size && address_host(o.canonical).size)
        p->url = o.canonical;
    p->outlet = arena_copy(a, metadata_outlet(&o, &ld, p->url.size ? p->url : o.metas[FIELD_ADDRESS]));
    choice c;
    choose_article(&o, metadata_title(&o, &ld, p->outlet), a, &c);
    bool dated = o.metas[FIELD_PUBLISHED].size || ld.published.size;
    bool first_of_several = !dated && leave_one_article(&o, &c, p, a);
    metadata_fill(&o, &ld, &c, a, p);
    if (first_of_several)
        p->title = o.blocks.at[c.headline].text;
    str base = o.base.size ? address_resolve(p->url, o.base, a) : p->url;
    str own = o.canonical.size ? o.canonical : o.metas[FIELD_ADDRESS];
    if (own.size)
        p->canonical = utf8_repair(a, address_resolve(base, own, a));
    writer w = {.o = &o, .c = &c, .p = p, .a = a, .base = base};
    entries_find(&o, &c, a, p, &w.posts);
    add_standfirst(&w);
    add_blocks(&w);
    add_entries(&w);
    entries_of_linked_data(&ld, a, p);
    if (body_letters(p) < LITTLE_TEXT && ld.body.size > 2 * body_letters(p))
        add_linked_body(&w, ld.body);
    add_links(&w);
    if (explain)
        explain_choice(&o, &c, page, a, p);
    if (o.cut) {
        p->truncated = true;
        article_warn(p, STR("the page has more blocks of text than are read: the rest was left out"), a);
    }
    return o.language.size ? o.language : ld.language;
}
