/* HTML as a row of tokens: start tags with attributes, end tags, text. No tree, no memory of its own.
 *
 * It follows the tokenizer of the HTML standard in what it takes for a tag, an attribute, a comment and raw
 * text, and gives what a page's reader needs: comments, doctypes and processing instructions are passed over,
 * and character references are resolved by html_decode when a text is wanted. One pass, linear time. */
#ifndef ISN_PAGE_HTML_H
#define ISN_PAGE_HTML_H

#include "base/buffer.h"
#include "page/tables.h"

typedef enum html_kind { HTML_START, HTML_END, HTML_TEXT } html_kind;

enum { HTML_MOST_ATTRIBUTES = 48 };

typedef struct html_attribute {
    str name, value; /* as written: the value may hold references */
} html_attribute;

typedef struct html_token {
    html_kind kind;
    tag tag;       /* of a start or end tag; TAG_OTHER for names that are in no table */
    unsigned what; /* element_flag */
    str name;      /* as written */
    str text;      /* HTML_TEXT */
    bool raw;      /* of a text: no references in it (script, style, …) */
    bool self_closing;
    size_t attribute_count;
    html_attribute attributes[HTML_MOST_ATTRIBUTES]; /* those beyond are passed over */
} html_token;

typedef struct html_reader {
    str page;
    size_t at;
    tag raw_tag; /* the element whose raw text is next, or TAG_OTHER */
    bool raw_references;
    str raw_name;
} html_reader;

html_reader html_open(str page);
bool html_next(html_reader *r, html_token *out);
/* STR_NONE where there is no such attribute. `name` in lower case. */
str html_attribute_value(const html_token *t, str name);
/* Appends `s` with its character references resolved. */
void html_decode(str s, bool in_attribute, buffer *out);
/* The same in an arena; `s` itself where there is nothing to resolve. */
str html_decoded(arena *a, str s, bool in_attribute);
/* One reference at s.data[*at] == '&': moves *at past it and gives its text in `numeric` or a table, or moves
 * past the '&' and gives "&". */
str html_reference(str s, size_t *at, bool in_attribute, char numeric[4]);

#endif
