/* What a page's markup says, in flat lists: blocks of text in reading order, the containers they stand in,
 * links, and the facts that metadata are found in. */
#ifndef ISN_PAGE_OUTLINE_H
#define ISN_PAGE_OUTLINE_H

#include "page/html.h"

enum { NO_INDEX = UINT32_MAX };

/* A run of text between two boundaries of blocks. */
typedef struct block {
    str text;           /* white space collapsed, never empty */
    uint32_t container; /* the innermost */
    uint32_t letters;   /* code points without spaces */
    uint32_t link_letters;
    uint32_t slanted; /* letters in italics */
    uint32_t marks;   /* of punctuation inside and at the ends of sentences */
    uint32_t row;     /* of a table, from 1; 0 where not directly in a cell */
    tag tag;          /* the innermost element that makes blocks */
    bool quote;       /* inside a blockquote */
    bool soft_break;  /* ended by a line break, not by markup of blocks */
    uint8_t fostered; /* bit n: stood between the rows of the nth open table, and so belongs before it */
} block;

/* An element that groups blocks, or that says something of them. Pre-order: those inside follow it. */
typedef struct container {
    uint32_t parent, end;            /* end: index past the last container inside */
    uint32_t first_block, end_block; /* of all blocks inside */
    size_t at; /* where its start tag stands in the page, or what the reader passes over before it */
    unsigned cues;
    tag tag;
} container;

typedef struct outline_link {
    str href, text;
    uint32_t block;     /* the block its text begins in, or the next one */
    uint32_t container; /* the innermost where it began, which may have got no text */
    unsigned cues;      /* of its class, id and rel */
} outline_link;

/* <time>, or an element marked as a date by itemprop or class with a machine's date in an attribute. */
typedef struct outline_time {
    str value, text;
    uint32_t block;
    bool published, updated; /* marked as such */
    bool by_class;           /* only a class calls it a date, or <abbr> holds it */
} outline_time;

typedef VECTOR(str) str_list;

typedef struct outline {
    VECTOR(block) blocks;
    VECTOR(container) containers; /* [0] is the page */
    VECTOR(outline_link) links;
    VECTOR(outline_time) times;
    VECTOR(str) linked_data; /* JSON-LD scripts, as written */
    str title;               /* of <title> */
    str language;            /* of <html lang> */
    str base, canonical;
    str metas[FIELD_COUNT]; /* the best value of each */
    int ranks[FIELD_COUNT];
    str_list dates;           /* of publication by meta elements, the one of the best name first */
    str_list meta_authors;    /* all of the best-ranked name */
    str_list meta_tags;       /* the same */
    VECTOR(str) item_authors; /* microdata and rel=author */
    bool cut;                 /* more blocks than a page may have: the rest was not read */
} outline;

/* `page` is well-formed UTF-8 and outlives the outline, which lies in `a`. */
void outline_read(str page, arena *a, outline *out);

/* Cues of a class, id, role or itemprop: an "or" over its names. */
unsigned cues_of_names(str names);
/* The first name that gives one of `cues`; NULL where none does. */
const word_entry *cue_entry_of_names(str names, unsigned cues);

#endif
