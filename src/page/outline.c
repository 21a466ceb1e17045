/* From tokens to the outline: blocks of text, links, times, facts. open_elements.c says what is open.
 *
 * A container is recorded when text comes into it, so that empty markup leaves nothing behind. */
#include "page/builder.h"

#include "base/ascii.h"
#include "base/counters.h"

enum { MOST_BLOCKS = 200000, LONGEST_LINK_TEXT = 1000, MOST_FACTS = 500, MOST_TIMES = 4000 };

/* Containers. */

static uint32_t container_above(const builder *b, size_t depth) {
    while (depth > 0) {
        COUNT(elements_visited, 1);
        if (b->stack[--depth].container != NO_INDEX)
            return b->stack[depth].container;
    }
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
        *VECTOR_PUSH(&b->out->containers, b->memory) =
            (container){.parent = parent,
                        .first_block = (uint32_t)b->out->blocks.size,
                        .cues = e->cues,
                        .tag = e->tag,
                        .at = e->at};
        parent = e->container;
    }
}

void close_container(builder *b, uint32_t index) {
    container *c = &b->out->containers.at[index];
    c->end = (uint32_t)b->out->containers.size;
    c->end_block = (uint32_t)b->out->blocks.size;
}

/* Blocks. */

void end_block(builder *b, bool soft) {
    if (b->skipping)
        return; /* what is no text divides none */
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
    uint8_t fostered;
    tag t = innermost_block(b, &fostered);
    b->fostered |= fostered;
    *VECTOR_PUSH(&b->out->blocks, b->memory) = (block){
        .text = arena_copy(b->memory, buffer_str(&b->text.text)),
        .container = container_above(b, b->depth),
        .letters = b->text.letters,
        .link_letters = b->text.link_letters,
        .slanted = b->slanted,
        .marks = b->text.marks,
        .row = is_cell(t) ? b->row : 0,
        .tag = t,
        .quote = b->open_count[TAG_BLOCKQUOTE] > 0,
        .soft_break = soft,
        .fostered = fostered,
    };
    b->slanted = 0;
    block_text_clear(&b->text);
}

static str small_text(builder *b, const buffer *from) {
    return arena_copy(b->memory, str_trim(buffer_str(from)));
}

/* Links, times, authors. */

void end_link(builder *b) {
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

void end_time(builder *b) {
    if (!b->in_time)
        return;
    b->in_time = false;
    b->time.text = small_text(b, &b->time_text);
    if (b->out->times.size < MOST_TIMES)
        *VECTOR_PUSH(&b->out->times, b->memory) = b->time;
}

void end_author(builder *b) {
    if (!b->in_author)
        return;
    b->in_author = false;
    str name = small_text(b, &b->author_text);
    if (name.size && name.size < 200 && b->out->item_authors.size < MOST_FACTS)
        *VECTOR_PUSH(&b->out->item_authors, b->memory) = name;
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
                lower[size++] = ascii_lower(names.data[end]);
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
    bool wide = (t->what & ELEMENT_BLOCK) != 0;
    bool page_wide = t->tag == TAG_BODY;
    open_element e = {.tag = t->tag, .name = t->name, .what = t->what, .container = NO_INDEX, .at = b->at};
    e.cues = page_wide ? 0 : t->tag == TAG_TR ? cues & CUE_HIDDEN : cues;
    if (t->what & ELEMENT_CHROME)
        e.cues |= CUE_CHROME;
    e.link = t->tag == TAG_A;
    e.skip = (t->what & ELEMENT_SKIP) != 0;
    e.foreign = t->tag == TAG_SVG || t->tag == TAG_MATH ? t->tag : TAG_OTHER;
    /* An inline element amid a block's text is no container: its class speaks of a word. */
    e.contains = !e.link && (is_group(t->tag, t->what) ||
                             ((e.cues & telling_cues) && !page_wide && (wide || b->text.letters == 0)) ||
                             ((e.cues & CUE_ENTRY) && wide && !page_wide));
    if (!wide && b->text.letters && (e.cues & CUE_HIDDEN))
        e.skip = true;
    e.item_author = b->depth < DEEPEST && !b->in_author &&
                    (names_hold(itemprop, STR("author")) || names_hold(itemprop, STR("schema:author")));
    if (e.item_author) {
        b->in_author = true;
        b->author_text.size = 0;
    }
    push_element(b, e);
}

/* A line break ends a block, softly: whoever writes the article may join what a break wrapped. In a heading
 * it is white space. A second one makes the end a hard one. */
static void line_break(builder *b) {
    uint8_t fostered;
    tag in = innermost_block(b, &fostered);
    if (is_heading(in))
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
        return;
    case TAG_HEAD:
        return;
    case TAG_BODY:
        if (b->open_count[TAG_BODY])
            return;
        break;
    case TAG_BR:
        line_break(b);
        return;
    default:
        break;
    }
    if (!make_room(b, t) || ((t->what & (ELEMENT_RAW | ELEMENT_RCDATA)) && !(t->what & ELEMENT_BLOCK)))
        return;
    str itemprop = html_value(t, ATTRIBUTE_ITEMPROP);
    if (!itemprop.size)
        itemprop = html_value(t, ATTRIBUTE_PROPERTY);
    unsigned cues = cues_of_element(t, &b->names);
    if (t->what & ELEMENT_BLOCK || (b->text.letters == 0 && (cues & telling_cues)))
        end_block(b, false);
    if (t->tag == TAG_A) {
        end_link(b);
        begin_link(b, t, cues);
    }
    if (t->tag == TAG_TIME || t->tag == TAG_ABBR || (cues & CUE_DATE) ||
        html_value(t, ATTRIBUTE_CLASS).size || itemprop.size)
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
    if (t->tag == TAG_BODY || t->tag == TAG_HTML)
        return; /* what follows still belongs to the page */
    if (end_element(b, t))
        return;
    if (t->tag == TAG_P) /* begins one, which is empty */
        end_block(b, false);
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
    uint32_t before = b->text.letters;
    if (raw)
        block_text_add_raw(&b->text, t->text, b->in_link > 0);
    else
        block_text_add(&b->text, t->text, b->in_link > 0);
    if (b->open_count[TAG_EM] + b->open_count[TAG_I])
        b->slanted += b->text.letters - before;
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
    while (!out->cut && (b.at = reader.at, html_next(&reader, &token))) {
        if (token.kind == HTML_START && start_foreign(&b, &token))
            reader.form = HTML_DATA;
        else if (token.kind == HTML_START)
            on_start(&b, &token);
        else if (token.kind == HTML_END)
            on_end(&b, &token);
        else
            on_text(&b, &token);
        reader.foreign = b.depth && top_element(&b)->foreign;
    }
    pop_elements(&b, 0);
    end_block(&b, false);
    end_link(&b);
    close_container(&b, 0);
    free_builder(&b);
}
