/* The light stack of open elements: the standard's rules for implied end tags, for the reach of end tags, for
 * tables and for svg and math, as far as they move text from one block or container to another. Formatting
 * elements are not reconstructed: no text moves by that.
 *
 * The stack is at most DEEPEST high; what is nested deeper belongs to the element at that depth, so that
 * neither depth nor stray tags cost more than a constant each. */
#include "page/builder.h"

#include "base/counters.h"

enum { FURTHEST_OTHER = 64, MOST_TABLES = 8 };

bool is_cell(tag t) {
    return t == TAG_TD || t == TAG_TH;
}

static bool is_row_group(tag t) {
    return t == TAG_TBODY || t == TAG_THEAD || t == TAG_TFOOT;
}

/* An element in which only parts of a table may stand. */
static bool is_table_frame(tag t) {
    return t == TAG_TABLE || t == TAG_TR || is_row_group(t);
}

static bool is_table_part(tag t) {
    return is_cell(t) || t == TAG_CAPTION || t == TAG_TR || is_row_group(t);
}

static bool makes_heading(unsigned what) {
    return (what & ELEMENT_HEADING) != 0;
}

static bool is_open(const builder *b, tag t) {
    return b->open_count[t] > 0;
}

static bool is_heading_open(const builder *b) {
    unsigned count = 0;
    for (unsigned t = TAG_H1; t <= TAG_H6; t++)
        count += b->open_count[t];
    return count > 0;
}

/* Text between the rows of a table belongs before it. */

tag innermost_block(const builder *b, uint8_t *fostered) {
    bool found = false, misplaced = b->depth && is_table_frame(b->stack[b->depth - 1].tag);
    tag innermost = TAG_BODY;
    unsigned tables = b->open_count[TAG_TABLE];
    *fostered = 0;
    for (size_t i = b->depth; i > 0 && (!found || tables); i--) {
        const open_element *e = &b->stack[i - 1];
        COUNT(elements_visited, 1);
        misplaced = misplaced || e->misplaced;
        if (!found && (e->what & ELEMENT_BLOCK) && !(misplaced && is_table_frame(e->tag))) {
            innermost = e->tag;
            found = true;
        }
        if (e->tag == TAG_TABLE) {
            tables--;
            *fostered |= (uint8_t)(misplaced && tables < MOST_TABLES ? 1u << tables : 0);
            misplaced = false;
        }
    }
    return innermost;
}

/* Blocks of the table that belong before it are put before its others; the order among each is kept. Each
 * container inside has either such blocks or others. */
static void move_fostered(builder *b, const open_element *table, unsigned bit) {
    outline *o = b->out;
    uint32_t from = table->first_block, count = (uint32_t)o->blocks.size - from, at = 0;
    block *moved = arena_take(b->memory, sizeof *moved * (count + 1));
    uint32_t *places = arena_take(b->memory, sizeof *places * (count + 1));
    for (int others = 0; others <= 1; others++)
        for (uint32_t i = 0; i < count; i++)
            if ((o->blocks.at[from + i].fostered & bit) == (others ? 0 : bit)) {
                places[i] = from + at;
                moved[at++] = o->blocks.at[from + i];
            }
    places[count] = from + count;
    COUNT(bytes_copied, sizeof *moved * count);
    memcpy(o->blocks.at + from, moved, sizeof *moved * count);
    for (size_t i = table->first_container; i < o->containers.size; i++) {
        container *c = &o->containers.at[i];
        bool inside = c->end_block > c->first_block && c->first_block >= from && i != table->container;
        if (inside && c->end_block - c->first_block < count) {
            c->end_block = places[c->end_block - 1 - from] + 1;
            c->first_block = places[c->first_block - from];
        }
    }
    for (size_t i = table->first_link; i < o->links.size; i++)
        if (o->links.at[i].block >= from)
            o->links.at[i].block = places[o->links.at[i].block - from];
    for (size_t i = table->first_time; i < o->times.size; i++)
        if (o->times.at[i].block >= from)
            o->times.at[i].block = places[o->times.at[i].block - from];
}

static void end_table(builder *b, const open_element *table) {
    unsigned level = b->open_count[TAG_TABLE] - 1;
    if (level >= MOST_TABLES || !(b->fostered >> level & 1))
        return;
    b->fostered &= (uint8_t) ~(1u << level);
    move_fostered(b, table, 1u << level);
}

/* The stack. */

void push_element(builder *b, open_element e) {
    if (b->depth == DEEPEST) {
        b->beyond++;
        return;
    }
    e.misplaced = b->depth && is_table_frame(top_element(b)->tag) && !is_table_part(e.tag);
    if (e.tag == TAG_TABLE) {
        e.first_block = (uint32_t)b->out->blocks.size;
        e.first_container = (uint32_t)b->out->containers.size;
        e.first_link = (uint32_t)b->out->links.size;
        e.first_time = (uint32_t)b->out->times.size;
    }
    b->skipping += e.skip;
    b->open_count[e.tag]++;
    b->stack[b->depth++] = e;
}

static void pop(builder *b) {
    open_element *e = top_element(b);
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
    if (e->container != NO_INDEX)
        close_container(b, e->container);
    if (e->tag == TAG_TABLE)
        end_table(b, e);
    b->skipping -= e->skip;
    b->open_count[e->tag]--;
    b->depth--;
    if (b->recorded > b->depth)
        b->recorded = b->depth;
}

void pop_elements(builder *b, size_t depth) {
    while (b->depth > depth)
        pop(b);
    while (b->depth && top_element(b)->ended)
        pop(b);
}

/* The depth of the innermost open element of this tag; 0 where there is none. */
static size_t depth_of(const builder *b, tag t) {
    for (size_t i = is_open(b, t) ? b->depth : 0; i > 0; i--) {
        COUNT(elements_visited, 1);
        if (b->stack[i - 1].tag == t)
            return i;
    }
    return 0;
}

/* svg and math. */

bool in_foreign(const builder *b) {
    return b->depth && b->stack[b->depth - 1].foreign && !b->stack[b->depth - 1].html_in;
}

static bool breaks_out(const html_token *t) {
    return (t->what & ELEMENT_BREAKOUT) ||
           (t->tag == TAG_FONT &&
            (html_attribute_value(t, STR("color")).data || html_attribute_value(t, STR("face")).data ||
             html_attribute_value(t, STR("size")).data));
}

/* The elements of svg and math in which HTML may stand. */
static bool holds_html(tag of, str name) {
    static const struct {
        tag of;
        const char *name;
    } holders[] = {
        {TAG_SVG, "foreignobject"}, {TAG_SVG, "desc"},   {TAG_SVG, "title"},
        {TAG_MATH, "mi"},           {TAG_MATH, "mo"},    {TAG_MATH, "mn"},
        {TAG_MATH, "ms"},           {TAG_MATH, "mtext"}, {TAG_MATH, "annotation-xml"},
    };
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        if (holders[i].of == of && str_equal_ascii_nocase(name, str_of(holders[i].name)))
            return true;
    return false;
}

static void leave_foreign(builder *b) {
    while (in_foreign(b))
        pop_elements(b, b->depth - 1);
}

bool start_foreign(builder *b, const html_token *t) {
    if (!in_foreign(b))
        return false;
    if (breaks_out(t)) {
        leave_foreign(b);
        return false;
    }
    if (!t->self_closing)
        push_element(b, (open_element){.tag = TAG_OTHER,
                                       .name = t->name,
                                       .container = NO_INDEX,
                                       .foreign = top_element(b)->foreign,
                                       .html_in = holds_html(top_element(b)->foreign, t->name)});
    return true;
}

static bool end_foreign(builder *b, const html_token *t) {
    if (!b->depth || !top_element(b)->foreign)
        return false;
    if (t->tag == TAG_P || t->tag == TAG_BR) {
        leave_foreign(b);
        return false;
    }
    size_t lowest = b->depth > FURTHEST_OTHER ? b->depth - FURTHEST_OTHER : 0;
    for (size_t i = b->depth; i > lowest && b->stack[i - 1].foreign; i--) {
        COUNT(elements_visited, 1);
        if (str_equal_ascii_nocase(b->stack[i - 1].name, t->name)) {
            pop_elements(b, i - 1);
            return true;
        }
    }
    return false;
}

/* End tags. */

/* Where an element stops the search for the one that an end tag closes. */
static bool bounds_search(const open_element *e, tag t, unsigned what) {
    bool scope = (e->what & ELEMENT_TABLE) || e->html_in || e->tag == TAG_SELECT;
    if (t == TAG_TEMPLATE || t == TAG_SELECT)
        return false;
    if (t == TAG_TABLE || is_table_part(t))
        return e->tag == TAG_TABLE || e->tag == TAG_TEMPLATE;
    if (t == TAG_LI)
        return scope || e->tag == TAG_UL || e->tag == TAG_OL;
    if (t == TAG_P)
        return scope || e->tag == TAG_BUTTON;
    if (what & (ELEMENT_BLOCK | ELEMENT_TABLE | ELEMENT_SKIP))
        return scope;
    return scope || (e->what & ELEMENT_BLOCK) || e->tag == TAG_BUTTON;
}

static bool is_named(const open_element *e, tag t, unsigned what, str name) {
    if (makes_heading(what))
        return makes_heading(e->what);
    return e->tag == t && !e->foreign && !e->ended &&
           (t != TAG_OTHER || str_equal_ascii_nocase(e->name, name));
}

/* The depth of the open element that an end tag closes; 0 where it closes none. */
static size_t find_open(const builder *b, const html_token *t) {
    if (makes_heading(t->what) ? !is_heading_open(b) : !is_open(b, t->tag))
        return 0;
    size_t lowest = t->tag == TAG_OTHER && b->depth > FURTHEST_OTHER ? b->depth - FURTHEST_OTHER : 0;
    for (size_t i = b->depth; i > lowest; i--) {
        COUNT(elements_visited, 1);
        if (is_named(&b->stack[i - 1], t->tag, t->what, t->name))
            return i;
        if (bounds_search(&b->stack[i - 1], t->tag, t->what))
            return 0;
    }
    return 0;
}

/* A form is taken out of the stack; what is in it stays open. */
static void end_form(builder *b, size_t depth) {
    while (b->depth > depth && (top_element(b)->tag == TAG_P || top_element(b)->tag == TAG_LI ||
                                top_element(b)->tag == TAG_DD || top_element(b)->tag == TAG_DT))
        pop(b);
    b->stack[depth - 1].ended = true;
    pop_elements(b, b->depth);
}

bool end_element(builder *b, const html_token *t) {
    if (end_foreign(b, t))
        return true;
    bool form = b->form_open;
    if (t->tag == TAG_FORM)
        b->form_open = false;
    size_t depth = t->tag != TAG_FORM || form ? find_open(b, t) : 0;
    if (depth && t->tag == TAG_FORM)
        end_form(b, depth);
    else if (depth)
        pop_elements(b, depth - 1);
    return depth > 0;
}

/* Start tags. */

/* An open paragraph, unless it is covered by what a paragraph may not hold. */
static void close_paragraph(builder *b) {
    for (size_t i = is_open(b, TAG_P) ? b->depth : 0; i > 0; i--) {
        const open_element *e = &b->stack[i - 1];
        COUNT(elements_visited, 1);
        if (e->tag == TAG_P) {
            pop_elements(b, i - 1);
            return;
        }
        if (bounds_search(e, TAG_P, 0))
            return;
    }
}

/* An open item of a list, unless another group of blocks than a division covers it. */
static void close_item(builder *b, tag first, tag second) {
    for (size_t i = is_open(b, first) || is_open(b, second) ? b->depth : 0; i > 0; i--) {
        const open_element *e = &b->stack[i - 1];
        COUNT(elements_visited, 1);
        if (e->tag == first || e->tag == second) {
            pop_elements(b, i - 1);
            return;
        }
        bool passed = e->tag == TAG_ADDRESS || e->tag == TAG_DIV || e->tag == TAG_P;
        if (!passed && bounds_search(e, TAG_OTHER, 0))
            return;
    }
}

/* The depth of the table whose rows are open, and not a cell of it; 0 where there is none. `reach`: whichever
 * part of it is open. */
static size_t open_table(const builder *b, bool reach) {
    bool frame = reach;
    for (size_t i = is_open(b, TAG_TABLE) ? b->depth : 0; i > 0; i--) {
        const open_element *e = &b->stack[i - 1];
        COUNT(elements_visited, 1);
        if (e->tag == TAG_TABLE)
            return frame || i == b->depth || b->stack[i].misplaced ? i : 0;
        if (e->tag == TAG_TEMPLATE || ((is_cell(e->tag) || e->tag == TAG_CAPTION) && !frame))
            return 0;
        frame = frame || is_table_frame(e->tag);
    }
    return 0;
}

static void push_implied(builder *b, tag t, str name) {
    if (b->depth == DEEPEST)
        return; /* no end tag will ask for it */
    const name_entry *known = name_find(&element_table, name);
    push_element(
        b, (open_element){.tag = t, .name = name, .what = (unsigned)known->extra, .container = NO_INDEX});
    b->row = t == TAG_TR ? ++b->rows : b->row;
}

/* What a row needs around it, and a cell around that. Where there is no table, nothing begins but a block of
 * text: the standard passes over such tags, but two cells must not become one word. */
static bool make_room_in_table(builder *b, tag t) {
    size_t table = open_table(b, true);
    if (!table) {
        end_block(b, false);
        return false;
    }
    bool group = b->depth > table && is_row_group(b->stack[table].tag);
    bool row = group && b->depth > table + 1 && b->stack[table + 1].tag == TAG_TR;
    bool of_row = is_cell(t) || t == TAG_TR;
    pop_elements(b, table + (of_row && group) + (row && is_cell(t)));
    if (of_row && !group)
        push_implied(b, TAG_TBODY, STR("tbody"));
    if (is_cell(t) && !row)
        push_implied(b, TAG_TR, STR("tr"));
    return true;
}

/* A select that was not closed ends before another field, and in a table before its next part. */
static bool ends_select(const builder *b, tag t) {
    return t == TAG_SELECT || t == TAG_INPUT || t == TAG_TEXTAREA || t == TAG_KEYGEN ||
           ((t == TAG_TABLE || is_table_part(t)) && is_open(b, TAG_TABLE));
}

static bool begins_form(builder *b) {
    bool begins = !b->form_open && !(b->depth && is_table_frame(top_element(b)->tag));
    b->form_open = true;
    return begins;
}

static void close_before_block(builder *b, const html_token *t) {
    if (t->tag != TAG_LEGEND && t->tag != TAG_MARQUEE && t->tag != TAG_APPLET)
        close_paragraph(b);
    if (makes_heading(t->what) && b->depth && makes_heading(top_element(b)->what))
        pop_elements(b, b->depth - 1);
    if (t->tag == TAG_LI)
        close_item(b, TAG_LI, TAG_LI);
    else if (t->tag == TAG_DT || t->tag == TAG_DD)
        close_item(b, TAG_DT, TAG_DD);
}

bool make_room(builder *b, const html_token *t) {
    size_t select = ends_select(b, t->tag) ? depth_of(b, TAG_SELECT) : 0;
    if (select)
        pop_elements(b, select - 1);
    if (select && t->tag == TAG_SELECT)
        return false;
    size_t button = t->tag == TAG_BUTTON ? find_open(b, t) : 0;
    if (button)
        pop_elements(b, button - 1);
    if (!(t->what & ELEMENT_BLOCK))
        return true;
    if (is_table_part(t->tag))
        return make_room_in_table(b, t->tag);
    size_t table = t->tag == TAG_TABLE ? open_table(b, false) : 0;
    if (table)
        pop_elements(b, table - 1);
    if (t->tag == TAG_FORM && !begins_form(b))
        return false;
    close_before_block(b, t);
    return true;
}
