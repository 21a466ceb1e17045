/* From tokens to the outline: a light stack of open elements, no tree.
 *
 * The stack follows the standard's rules for implied end tags and for the reach of end tags as far as they
 * move text from one block or container to another. It is at most DEEPEST high; what is nested deeper belongs
 * to the element at that depth, so that neither depth nor stray tags cost more than a constant each. A
 * container is recorded when text comes into it, so that empty markup leaves nothing behind. */
#include "page/outline.h"

#include "base/utf8.h"
#include "page/attributes.h"
#include "page/block_text.h"

#include <assert.h>

enum {
    DEEPEST = 512,
    MOST_BLOCKS = 200000,
    LONGEST_LINK_TEXT = 1000,
    MOST_FACTS = 500,
    MOST_TIMES = 4000,
    FURTHEST_OTHER = 64
};

typedef struct open_element {
    tag tag;
    str name;
    unsigned what, cues;
    uint32_t container; /* NO_INDEX where it has none, or none yet */
    bool contains;      /* is to have a container once text comes */
    bool skip, link, item_author;
} open_element;

typedef struct builder {
    outline *out;
    arena *memory;
    open_element stack[DEEPEST];
    size_t depth, beyond; /* beyond: elements open deeper than DEEPEST */
    size_t recorded;      /* elements of the stack below this have their containers */
    unsigned open_count[TAG_COUNT];
    unsigned skipping, in_link;
    uint32_t row, rows; /* of the table row that is open; how many there were */
    block_text text;    /* of the block under way */
    buffer link_text;
    outline_link link; /* the one that is open */
    buffer time_text;
    bool in_time;
    outline_time time;
    buffer author_text;
    bool in_author;
    bool linked_data; /* the script that is open */
    names_cache names;
} builder;

static open_element *top(builder *b) {
    return &b->stack[b->depth - 1];
}

/* Containers. */

static uint32_t container_above(const builder *b, size_t depth) {
    while (depth > 0)
        if (b->stack[--depth].container != NO_INDEX)
            return b->stack[depth].container;
    return 0;
}

/* Gives containers to all open elements that are to have one. */
static void record_containers(builder *b) {
    uint32_t parent = container_above(b, b->recorded);
    for (; b->recorded < b->depth; b->recorded++) {
        open_element *e = &b->stack[b->recorded];
        if (!e->contains)
            continue;
        e->container = (uint32_t)b->out->containers.size;
        *VECTOR_PUSH(&b->out->containers, b->memory) = (container){
            .parent = parent, .first_block = (uint32_t)b->out->blocks.size, .cues = e->cues, .tag = e->tag};
        parent = e->container;
    }
}

static void close_container(builder *b, uint32_t index) {
    container *c = &b->out->containers.at[index];
    c->end = (uint32_t)b->out->containers.size;
    c->end_block = (uint32_t)b->out->blocks.size;
}

/* Blocks. */

static tag innermost_block_tag(const builder *b) {
    for (size_t i = b->depth; i > 0; i--)
        if (b->stack[i - 1].what & ELEMENT_BLOCK)
            return b->stack[i - 1].tag;
    return TAG_BODY;
}

static bool is_cell(tag t) {
    return t == TAG_TD || t == TAG_TH;
}

static void end_block(builder *b, bool soft) {
    if (b->text.letters == 0) {
        block_text_clear(&b->text);
        return;
    }
    if (b->out->blocks.size >= MOST_BLOCKS) {
        b->out->cut = true;
        block_text_clear(&b->text);
        return;
    }
    record_containers(b);
    tag t = innermost_block_tag(b);
    *VECTOR_PUSH(&b->out->blocks, b->memory) = (block){
        .text = arena_copy(b->memory, buffer_str(&b->text.text)),
        .container = container_above(b, b->depth),
        .letters = b->text.letters,
        .link_letters = b->text.link_letters,
        .marks = b->text.marks,
        .row = is_cell(t) ? b->row : 0,
        .tag = t,
        .quote = b->open_count[TAG_BLOCKQUOTE] > 0,
        .soft_break = soft,
    };
    block_text_clear(&b->text);
}

static str small_text(builder *b, const buffer *from) {
    return arena_copy(b->memory, str_trim(buffer_str(from)));
}

/* Links, times, authors. */

static void end_link(builder *b) {
    if (b->in_link == 0)
        return;
    b->in_link = 0;
    b->link.text = small_text(b, &b->link_text);
    if (b->link.text.size && b->out->links.size < MOST_BLOCKS)
        *VECTOR_PUSH(&b->out->links, b->memory) = b->link;
}

static void begin_link(builder *b, const html_token *t, unsigned cues) {
    str href = html_value(t, ATTRIBUTE_HREF);
    b->in_link = 1;
    b->link_text.size = 0;
    b->link = (outline_link){.href = href.data ? str_trim(html_decoded(b->memory, href, true)) : STR_NONE,
                             .block = (uint32_t)b->out->blocks.size,
                             .container = container_above(b, b->depth),
                             .cues = cues | cues_of_rel(html_value(t, ATTRIBUTE_REL))};
}

static void end_time(builder *b) {
    if (!b->in_time)
        return;
    b->in_time = false;
    b->time.text = small_text(b, &b->time_text);
    if (b->out->times.size < MOST_TIMES)
        *VECTOR_PUSH(&b->out->times, b->memory) = b->time;
}

static void end_author(builder *b) {
    if (!b->in_author)
        return;
    b->in_author = false;
    str name = small_text(b, &b->author_text);
    if (name.size && name.size < 200 && b->out->item_authors.size < MOST_FACTS)
        *VECTOR_PUSH(&b->out->item_authors, b->memory) = name;
}

/* The stack. */

static void pop(builder *b) {
    open_element *e = top(b);
    if (e->contains || (e->what & ELEMENT_BLOCK))
        end_block(b, false);
    if (e->link)
        end_link(b);
    if (e->tag == TAG_TIME)
        end_time(b);
    if (e->item_author)
        end_author(b);
    if (e->tag == TAG_TR)
        b->row = 0;
    b->skipping -= e->skip;
    b->open_count[e->tag]--;
    if (e->container != NO_INDEX)
        close_container(b, e->container);
    b->depth--;
    if (b->recorded > b->depth)
        b->recorded = b->depth;
}

static void pop_to(builder *b, size_t depth) {
    while (b->depth > depth)
        pop(b);
}

/* Elements that group blocks. Paragraphs, headings, items and rows are blocks, not groups. */
static bool is_group(tag t, unsigned what) {
    switch (t) {
    case TAG_P:
    case TAG_H1:
    case TAG_H2:
    case TAG_H3:
    case TAG_H4:
    case TAG_H5:
    case TAG_H6:
    case TAG_LI:
    case TAG_DT:
    case TAG_DD:
    case TAG_TR:
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
    case TAG_PRE:
    case TAG_FIGCAPTION:
    case TAG_CAPTION:
    case TAG_SUMMARY:
    case TAG_LEGEND:
    case TAG_HR:
    case TAG_HEAD:
    case TAG_HTML:
        return false;
    default:
        return (what & ELEMENT_BLOCK) != 0;
    }
}

/* Where an element stops the search for the one an end tag closes. */
static bool bounds_search(const open_element *e, bool wide) {
    return wide ? (e->what & ELEMENT_TABLE) != 0 : (e->what & (ELEMENT_BLOCK | ELEMENT_TABLE)) != 0;
}

/* The depth of the open element that an end tag of `t` closes; 0 where it closes none. */
static size_t find_open(const builder *b, tag t, unsigned what, str name) {
    if (b->open_count[t] == 0)
        return 0;
    bool wide = (what & (ELEMENT_BLOCK | ELEMENT_TABLE | ELEMENT_SKIP)) != 0;
    size_t lowest = t == TAG_OTHER && b->depth > FURTHEST_OTHER ? b->depth - FURTHEST_OTHER : 0;
    for (size_t i = b->depth; i > lowest; i--) {
        const open_element *e = &b->stack[i - 1];
        if (e->tag == t && (t != TAG_OTHER || str_equal_ascii_nocase(e->name, name)))
            return i;
        bool of_table =
            (t == TAG_TABLE || t == TAG_TR || t == TAG_TBODY || t == TAG_THEAD || t == TAG_TFOOT) &&
            e->tag != TAG_TABLE;
        if (bounds_search(e, wide) && !of_table)
            return 0;
    }
    return 0;
}

/* Closes the nearest open element among `tags` unless one among `bounds` stands in between. */
static void close_implied(builder *b, tag first, tag second, tag bound_first, tag bound_second) {
    if (b->open_count[first] + b->open_count[second] == 0)
        return;
    for (size_t i = b->depth; i > 0; i--) {
        tag t = b->stack[i - 1].tag;
        if (t == first || t == second) {
            pop_to(b, i - 1);
            return;
        }
        if (t == bound_first || t == bound_second || t == TAG_TABLE || (is_cell(t) && first != TAG_TD))
            return;
    }
}

/* A block's start ends an open paragraph that only inline elements cover. */
static void close_paragraph(builder *b) {
    if (b->open_count[TAG_P] == 0)
        return;
    for (size_t i = b->depth; i > 0; i--) {
        const open_element *e = &b->stack[i - 1];
        if (e->tag == TAG_P) {
            pop_to(b, i - 1);
            return;
        }
        if (e->what & (ELEMENT_BLOCK | ELEMENT_TABLE))
            return;
    }
}

static bool is_heading(unsigned what) {
    return (what & ELEMENT_HEADING) != 0;
}

static void imply_end_tags(builder *b, tag t, unsigned what) {
    if (!(what & ELEMENT_BLOCK))
        return;
    close_paragraph(b);
    if (is_heading(what) && b->depth && is_heading(top(b)->what))
        pop(b);
    if (t == TAG_LI)
        close_implied(b, TAG_LI, TAG_LI, TAG_UL, TAG_OL);
    else if (t == TAG_DT || t == TAG_DD)
        close_implied(b, TAG_DT, TAG_DD, TAG_DL, TAG_DL);
    else if (is_cell(t))
        close_implied(b, TAG_TD, TAG_TH, TAG_TABLE, TAG_TABLE);
    else if (t == TAG_TR || t == TAG_TBODY || t == TAG_THEAD || t == TAG_TFOOT)
        close_implied(b, TAG_TR, TAG_TR, TAG_TABLE, TAG_TABLE);
}

/* The machine's date of an element that holds one. */
static str machine_date(const html_token *t) {
    static const attribute names[] = {ATTRIBUTE_DATETIME,   ATTRIBUTE_CONTENT,   ATTRIBUTE_TITLE,
                                      ATTRIBUTE_DATA_UTIME, ATTRIBUTE_DATA_TIME, ATTRIBUTE_DATA_TIMESTAMP};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        str value = html_value(t, names[i]);
        if (value.size)
            return value;
    }
    return STR_NONE;
}

/* Whether a name of itemprop or RDFa's property is one of a meta element's for `field`. */
static bool names_field(str names, meta_field field) {
    char lower[64];
    for (size_t at = 0; at < names.size;) {
        size_t end = at, size = 0;
        for (; end < names.size && (unsigned char)names.data[end] > ' '; end++)
            if (size < sizeof lower)
                lower[size++] = (char)(names.data[end] >= 'A' && names.data[end] <= 'Z' ? names.data[end] + 32
                                                                                        : names.data[end]);
        const word_entry *e = size ? table_find(&meta_table, (str){lower, size}) : NULL;
        if (e && e->value == (int)field)
            return true;
        at = end + 1;
    }
    return false;
}

/* Times told to machines: <time datetime>, itemprop and property, <abbr class="published" title>, and what a
 * class calls a date and has one in an attribute. */
static void read_time(builder *b, const html_token *t, str itemprop, unsigned cues) {
    known_names names = *names_look_up(&b->names, html_value(t, ATTRIBUTE_CLASS));
    bool is_time = t->tag == TAG_TIME;
    bool published = names_field(itemprop, FIELD_PUBLISHED) || html_value(t, ATTRIBUTE_PUBDATE).data ||
                     (is_time && (names.published || names.entry_date));
    bool updated = names_field(itemprop, FIELD_UPDATED) || (is_time && names.updated);
    bool named = published || updated || names.published;
    if (!is_time && !named && t->tag != TAG_ABBR && !(cues & CUE_DATE))
        return;
    str value = machine_date(t);
    if (!value.size && !is_time)
        return;
    end_time(b);
    b->time = (outline_time){.value = plain_value(value, b->memory),
                             .block = (uint32_t)b->out->blocks.size,
                             .published = published && !(updated && !names_field(itemprop, FIELD_PUBLISHED)),
                             .updated = updated,
                             .by_class = !is_time && !named};
    b->time_text.size = 0;
    b->in_time = true;
    if (!is_time)
        end_time(b);
}

/* Tokens. */

static const unsigned telling_cues =
    CUE_DROPPED | CUE_BODY | CUE_CAPTION | CUE_HEADLINE | CUE_STANDFIRST | CUE_AUTHOR | CUE_DATE;

static void push(builder *b, const html_token *t, unsigned cues, str itemprop) {
    if (b->depth == DEEPEST) {
        b->beyond++;
        return;
    }
    bool wide = (t->what & ELEMENT_BLOCK) != 0;
    bool page_wide = t->tag == TAG_BODY || t->tag == TAG_HTML;
    open_element e = {.tag = t->tag, .name = t->name, .what = t->what, .container = NO_INDEX};
    e.cues = page_wide ? 0 : t->tag == TAG_TR ? cues & CUE_HIDDEN : cues;
    if (t->what & ELEMENT_CHROME)
        e.cues |= CUE_CHROME;
    e.link = t->tag == TAG_A;
    e.skip = (t->what & ELEMENT_SKIP) != 0;
    /* An inline element amid a block's text is no container: its class speaks of a word. */
    e.contains = !e.link && (is_group(t->tag, t->what) ||
                             ((e.cues & telling_cues) && !page_wide && (wide || b->text.letters == 0)) ||
                             ((e.cues & CUE_ENTRY) && wide && !page_wide));
    if (!wide && b->text.letters && (e.cues & CUE_HIDDEN))
        e.skip = true;
    e.item_author =
        (names_hold(itemprop, STR("author")) || names_hold(itemprop, STR("schema:author"))) && !b->in_author;
    if (e.item_author) {
        b->in_author = true;
        b->author_text.size = 0;
    }
    b->skipping += e.skip;
    b->open_count[t->tag]++;
    b->stack[b->depth++] = e;
}

/* A line break ends a block, softly: whoever writes the article may join what a break wrapped. In a heading
 * it is white space. A second one makes the end a hard one. */
static void line_break(builder *b) {
    if (b->depth && innermost_block_tag(b) >= TAG_H1 && innermost_block_tag(b) <= TAG_H6)
        b->text.space = true;
    else if (b->text.letters)
        end_block(b, true);
    else if (b->out->blocks.size)
        b->out->blocks.at[b->out->blocks.size - 1].soft_break = false;
}

static void on_start(builder *b, const html_token *t) {
    switch (t->tag) {
    case TAG_META:
        read_meta(t, b->memory, b->out);
        break;
    case TAG_LINK:
        read_link_element(t, b->memory, b->out);
        return;
    case TAG_BASE:
        if (!b->out->base.size)
            b->out->base = str_trim(html_decoded(b->memory, html_value(t, ATTRIBUTE_HREF), true));
        return;
    case TAG_SCRIPT:
        b->linked_data = contains_nocase(html_value(t, ATTRIBUTE_TYPE), STR("ld+json"));
        return;
    case TAG_HTML:
        if (!b->out->language.size)
            b->out->language = html_value(t, ATTRIBUTE_LANG);
        break;
    case TAG_BR:
        line_break(b);
        return;
    default:
        break;
    }
    str itemprop = html_value(t, ATTRIBUTE_ITEMPROP);
    if (!itemprop.size)
        itemprop = html_value(t, ATTRIBUTE_PROPERTY);
    unsigned cues = cues_of_element(t, &b->names);
    if (t->what & (ELEMENT_RAW | ELEMENT_RCDATA))
        return;
    imply_end_tags(b, t->tag, t->what);
    if (t->what & ELEMENT_BLOCK || (b->text.letters == 0 && (cues & telling_cues)))
        end_block(b, false);
    if (t->tag == TAG_A) {
        end_link(b);
        begin_link(b, t, cues);
    }
    if (t->has || t->tag == TAG_TIME)
        read_time(b, t, itemprop, cues);
    if (t->what & ELEMENT_VOID)
        return;
    if (t->tag == TAG_TR)
        b->row = ++b->rows;
    if (t->self_closing && (t->tag == TAG_SVG || t->tag == TAG_MATH || t->tag == TAG_OTHER))
        return;
    push(b, t, cues, itemprop);
}

static void on_end(builder *b, const html_token *t) {
    if (b->beyond) {
        b->beyond--;
        return;
    }
    if (t->tag == TAG_BR) {
        line_break(b);
        return;
    }
    if (t->tag == TAG_P && b->open_count[TAG_P] == 0)
        end_block(b, false);
    if (t->tag == TAG_BODY || t->tag == TAG_HTML)
        return; /* what follows still belongs to the page */
    size_t depth = find_open(b, t->tag, t->what, t->name);
    if (depth)
        pop_to(b, depth - 1);
    else if (t->tag == TAG_A)
        end_link(b);
}

static void on_text(builder *b, const html_token *t) {
    if (t->tag == TAG_SCRIPT) {
        if (b->linked_data && b->out->linked_data.size < MOST_FACTS)
            *VECTOR_PUSH(&b->out->linked_data, b->memory) = t->text;
        return;
    }
    if (t->tag == TAG_TITLE) {
        if (!b->out->title.size && !b->skipping)
            b->out->title = plain_value(t->text, b->memory);
        return;
    }
    bool raw = t->form != HTML_DATA && t->form != HTML_RCDATA;
    if ((raw && t->tag != TAG_XMP && t->tag != TAG_PLAINTEXT) || t->tag == TAG_TEXTAREA || b->skipping)
        return;
    block_text_add(&b->text, t->text, b->in_link > 0);
    if (b->in_link)
        small_text_add(&b->link_text, t->text, LONGEST_LINK_TEXT);
    if (b->in_time)
        small_text_add(&b->time_text, t->text, 200);
    if (b->in_author)
        small_text_add(&b->author_text, t->text, 200);
}

static void free_builder(builder *b) {
    buffer_free(&b->text.text);
    buffer_free(&b->link_text);
    buffer_free(&b->time_text);
    buffer_free(&b->author_text);
}

void outline_read(str page, arena *a, outline *out) {
    *out = (outline){0};
    builder b = {.out = out, .memory = a};
    *VECTOR_PUSH(&out->containers, a) = (container){.parent = NO_INDEX, .tag = TAG_BODY};
    html_reader reader = html_open(page);
    html_token token;
    while (!out->cut && html_next(&reader, &token)) {
        if (token.kind == HTML_START)
            on_start(&b, &token);
        else if (token.kind == HTML_END)
            on_end(&b, &token);
        else
            on_text(&b, &token);
    }
    end_block(&b, false);
    pop_to(&b, 0);
    end_link(&b);
    close_container(&b, 0);
    free_builder(&b);
}
