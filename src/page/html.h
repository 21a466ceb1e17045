/* HTML as a row of tokens: start tags with attributes, end tags, text. No tree, no memory of its own.
 *
 * It is the tokenizer of the HTML standard (section 13.2.5). Tokens are slices of the page as written, and
 * html_decode makes of a slice what the standard says it stands for: references resolved, line ends and NULs
 * mended. A page's reader gets no comments and doctypes, and of attributes those of data/page/attributes.tsv;
 * `everything` gives all of them. One pass, linear time. */
#ifndef ISN_PAGE_HTML_H
#define ISN_PAGE_HTML_H

#include "base/buffer.h"
#include "page/tables.h"

typedef enum html_kind { HTML_START, HTML_END, HTML_TEXT, HTML_COMMENT, HTML_DOCTYPE } html_kind;

/* Where a slice stands in the page, which says what is resolved in it. */
typedef enum html_form {
    HTML_DATA,      /* references; NULs stay (the standard's tree drops them) */
    HTML_RCDATA,    /* references; NULs become U+FFFD, as in all that follow but a CDATA section */
    HTML_RAWTEXT,   /* style, iframe, …: no references */
    HTML_SCRIPT,    /* the same; ends by rules of its own */
    HTML_PLAINTEXT, /* the same, to the end of the page */
    HTML_CDATA,     /* in foreign elements: no references, NULs stay */
    HTML_ATTRIBUTE, /* references, by stricter rules */
    HTML_NAME,      /* no references; in lower case */
    HTML_MARKUP,    /* comments and doctypes: no references */
} html_form;

typedef struct html_token {
    html_kind kind;
    tag tag;        /* of a start or end tag; TAG_OTHER for names that are in no table; of a text in a raw
                       element: that element's */
    unsigned what;  /* element_flag */
    html_form form; /* of the text */
    bool self_closing;
    str name;       /* as written */
    str text;       /* of HTML_TEXT and HTML_COMMENT; of HTML_DOCTYPE what html_doctype_read reads */
    str attributes; /* of a start tag: all, as written */
    uint32_t has;   /* bit n: attribute n is there */
    str values[ATTRIBUTE_COUNT]; /* as written, of those that are there; of two of a name the first */
} html_token;

typedef struct html_reader {
    str page;
    size_t at;
    bool everything; /* comments and doctypes too */
    bool by_caller;  /* the form of the text behind a start tag is set by the caller, not by its name */
    bool foreign;    /* set by the caller inside svg and math: there are CDATA sections, no raw text */
    html_form form;  /* of the text that is next */
    tag raw_tag;     /* whose raw text is next, where `form` is no HTML_DATA */
    str last_name;   /* of the last start tag: ends what is raw */
} html_reader;

html_reader html_open(str page);
bool html_next(html_reader *r, html_token *out);

/* The value of an attribute, or STR_NONE. */
static inline str html_value(const html_token *t, attribute a) {
    return t->has >> a & 1 ? t->values[a] : STR_NONE;
}
/* The same of any name, in lower case. */
str html_attribute_value(const html_token *t, str name);
/* Goes through html_token.attributes, those that repeat a name too; `at` begins at 0. */
bool html_attribute_next(str attributes, size_t *at, str *name, str *value);

/* Appends what a slice of this form stands for. */
void html_decode(str s, html_form form, buffer *out);
/* The same in an arena; `s` itself where there is no reference in it. */
str html_decoded(arena *a, str s, bool in_attribute);
/* One reference at s.data[*at] == '&': moves *at past it and gives its text in `numeric` or a table, or moves
 * past the '&' and gives "&". */
str html_reference(str s, size_t *at, bool in_attribute, char numeric[4]);

typedef struct html_doctype {
    str name, public_id, system_id; /* as written; STR_NONE where missing */
    bool force_quirks;
} html_doctype;
/* Of the text of an HTML_DOCTYPE. */
html_doctype html_doctype_read(str text);

#endif
