/* Page to article: title, outlet, author, dates, language, paragraphs and links out of a capture.
 *
 * The navigation, "read next", comments, share bars and cookie walls of a page are no part of its article;
 * what the page itself points at (previous, next, related, popular, source) becomes links. */
#ifndef ISN_PAGE_PAGE_H
#define ISN_PAGE_PAGE_H

#include "base/calendar.h"
#include "intake/intake.h"

typedef enum paragraph_kind {
    PARAGRAPH_PLAIN,
    PARAGRAPH_HEADING,
    PARAGRAPH_QUOTE,
    PARAGRAPH_ITEM,
    PARAGRAPH_CAPTION,
    PARAGRAPH_ROW
} paragraph_kind;

typedef struct paragraph {
    str text; /* one line, white space collapsed (a JSON record's: as given), well-formed UTF-8; but for a
                 caption's it lies in the article's `text`, so that `text.data - article.text.data` is its
                 offset there */
    paragraph_kind kind;
    str language; /* "ar", "en", "fa", "ur", "ps", "ckb", … ; "" where undecided (too short) */
} paragraph;

typedef enum link_role {
    LINK_PREVIOUS,
    LINK_NEXT,
    LINK_RELATED,
    LINK_POPULAR,
    LINK_SOURCE,
    LINK_TAG,
    LINK_OTHER
} link_role;
const char *link_role_name(link_role r);
const char *paragraph_kind_name(paragraph_kind k);

typedef struct page_link {
    link_role role;
    str href; /* STR_NONE where the page gives only text */
    str text;
} page_link;

/* A post of a live blog or of a page of messages: the paragraphs from `first` to before `end`. */
typedef struct page_entry {
    str time, offset; /* as an article's published; STR_NONE where not told */
    str author, url;
    str via; /* whom it was forwarded from */
    size_t first, end;
} page_entry;

/* What a rule of the choice stood on: a word of a table; STR_NONE where it weighed figures. */
typedef struct page_ground {
    str word, file;
    unsigned line;
} page_ground;

/* A block of the page's text, and why it is in the article or not (page_options.explain). */
typedef struct page_block {
    str text, element; /* the element it stands in */
    str use;           /* body | caption | none */
    str rule;
    double mass, links; /* how much it looks like running text; the share of its letters in links */
    page_ground because;
} page_block;

/* What the article was found in. */
typedef struct page_container {
    str element, names;
    double score;
} page_container;

typedef struct article {
    str file, id, url, outlet, title, standfirst;
    str language; /* of most paragraphs; "" where undecided */
    bool
        supported; /* there are words and rules for the language; else the reading is empty, with a warning */
    bool verbatim; /* JSON lines: `text` is title, LF, text as given */
    str published; /* "YYYY-MM-DD" or "YYYY-MM-DDThh:mm", local to the outlet; STR_NONE */
    str published_offset; /* "+03:00"; STR_NONE */
    str published_from;   /* given | json-ld | meta | text | url; STR_NONE */
    bool dated_loosely;   /* by a time or a line in the body of the page, not by its head */
    str updated;          /* as published */
    str updated_offset;
    str captured; /* when the page was captured, "YYYY-MM-DDThh:mm:ssZ"; STR_NONE where unknown */
    str sha256;   /* 64 hex, of capture.bytes */
    str charset;  /* as decoded; "utf-8" for JSON lines */
    str repaired; /* what was wrong with the encoding and mended, or STR_NONE */
    bool truncated;
    str canonical; /* the address that the page gives itself */
    str section;
    VECTOR(str) authors, tags;
    VECTOR(page_entry) entries; /* in the page's order; none where the page is one text */
    VECTOR(paragraph) paragraphs;
    VECTOR(page_link) links;
    VECTOR(str) warnings;
    bool explained;
    page_container container;
    VECTOR(page_block) blocks;
    str text; /* what the reading's spans point into: title, LF, paragraphs joined by LF (captions left out);
                 no title: the paragraphs alone */
    size_t body_start; /* byte offset in `text` where the first paragraph begins */
} article;

typedef struct profile profile; /* profile.h */

typedef struct page_options {
    str published;          /* --published: for input that has no date of its own; STR_NONE */
    const profile *profile; /* what pages of one site share; NULL: none is known */
    bool explain;           /* an HTML page's blocks are told too */
} page_options;

/* Makes the article of a capture in `a`. Always gives an article (an empty one for what holds no text, with
 * a warning); fails only for a JSON record that is not an object with a `text` string, with file and offset.
 */
status page_article(const capture *c, const page_options *options, arena *a, article *out, failure *f);
/* The article as READING.md's isnad-page/1 object; `engine` is the engine object's JSON text. */
void page_json(const article *p, str engine, arena *a, str *out);
/* The article as Markdown, its facts as YAML before it. */
void page_markdown(const article *p, arena *a, str *out);
/* The language of a text by its letters and function words: "ar", "en", "fa", "ur", "ps", "ckb", or "". */
str page_language(str text);
/* Whether both are known and written in one script: a few words may be either. */
bool page_languages_look_alike(str one, str other);

#endif
