/* The outline under way: what outline.c and open_elements.c share. */
#ifndef ISN_PAGE_BUILDER_H
#define ISN_PAGE_BUILDER_H

#include "page/attributes.h"
#include "page/block_text.h"

enum { DEEPEST = 512 };

typedef struct open_element {
    tag tag;
    str name;
    unsigned what, cues;
    uint32_t container; /* NO_INDEX where it has none, or none yet */
    size_t at;          /* of its tag in the page */
    bool contains;      /* is to have a container once text comes */
    bool skip, link, item_author;
    tag foreign;    /* TAG_SVG or TAG_MATH: of such a drawing, itself or in it; else TAG_OTHER */
    bool html_in;   /* such a one in which HTML may stand */
    bool misplaced; /* between the rows of a table: belongs before it */
    bool ended;     /* a form that was ended before what is in it */
    /* of a table: where it began */
    uint32_t first_block, first_container, first_link, first_time;
} open_element;

typedef struct builder {
    outline *out;
    arena *memory;
    open_element stack[DEEPEST];
    size_t depth, beyond; /* beyond: elements open deeper than DEEPEST */
    size_t recorded;      /* elements of the stack below this have their containers */
    unsigned open_count[TAG_COUNT];
    uint8_t fostered; /* bit n: the nth open table has blocks that belong before it */
    unsigned skipping, in_link;
    uint32_t row, rows; /* of the table row that is open; how many there were */
    size_t at;          /* of the token that is read */
    uint32_t slanted;   /* letters of the block under way that are in italics */
    block_text text;    /* of the block under way */
    buffer link_text;
    outline_link link; /* the one that is open */
    buffer time_text;
    bool form_open; /* the standard's form element pointer */
    bool in_time;
    outline_time time;
    buffer author_text;
    bool in_author;
    bool linked_data; /* the script that is open */
    names_cache names;
} builder;

/* Of outline.c. */
void end_block(builder *b, bool soft);
void end_link(builder *b);
void end_time(builder *b);
void end_author(builder *b);
void close_container(builder *b, uint32_t index);

/* Of open_elements.c. */
static inline open_element *top_element(builder *b) {
    return &b->stack[b->depth - 1];
}
void push_element(builder *b, open_element e);
void pop_elements(builder *b, size_t depth);
/* Whether the innermost element is one of svg or math in which no HTML stands. */
bool in_foreign(const builder *b);
/* A start tag inside svg or math: true where it is one of theirs, and was dealt with. */
bool start_foreign(builder *b, const html_token *t);
/* What a start tag ends before it begins. False where it begins nothing. */
bool make_room(builder *b, const html_token *t);
/* An end tag: false where it ends nothing. */
bool end_element(builder *b, const html_token *t);
/* The innermost element that makes blocks, and the tables that text here belongs before, as block.fostered.
 */
tag innermost_block(const builder *b, uint8_t *fostered);
bool is_cell(tag t);

#endif
