/* Which blocks of a page are its article. */
#ifndef ISN_PAGE_CHOOSE_H
#define ISN_PAGE_CHOOSE_H

#include "page/outline.h"

typedef enum block_use {
    USE_NONE, /* chrome, or outside the article */
    USE_BODY,
    USE_CAPTION,
} block_use;

/* Why a block stays or goes: the last rule that decided. */
typedef enum block_rule {
    RULE_OUTSIDE, /* not in the article's container, or before its headline */
    RULE_BODY,
    RULE_CHROME, /* in a container that is named chrome */
    RULE_CAPTION,
    RULE_COUNTER, /* "3 of 12" */
    RULE_PHRASE,
    RULE_BYLINE, /* in a container that is named author or date */
    RULE_LINKS,
    RULE_LINK_LIST,
    RULE_DATELINE,
    RULE_AFTER_END, /* after the line that ends the article */
    RULE_LONE_HEADING,
    RULE_SIGNOFF,       /* after the text: who worked on it, where to follow them */
    RULE_RELATED_LIST,  /* under a heading that says it is of other articles */
    RULE_OTHER_ARTICLE, /* of a page with several: not the one that is read */
    RULE_HEADLINE,
    RULE_COUNT
} block_rule;
const char *block_rule_name(block_rule r);

/* What is known of a container. */
typedef struct container_weights {
    double mass, own, score; /* own: of the blocks straight in it */
    double sum; /* mass less what is no text: most in the container that holds a text spread over many */
    uint32_t letters, link_letters;
    uint32_t paragraphs; /* blocks with mass */
    uint32_t posts;      /* containers that are named posts, itself too */
    bool has_body;       /* a container in it, or it, is named a body */
} container_weights;

typedef struct choice {
    uint32_t container;              /* the article's */
    uint32_t first_block, end_block; /* of the article */
    uint32_t headline;               /* the block of the visible headline, NO_INDEX where none was found */
    uint32_t standfirst;             /* the block between it and the text that sums it up, or NO_INDEX */
    unsigned char *uses;             /* block_use of each block */
    unsigned char *rules;            /* block_rule of each block */
    double *mass;                    /* of each block */
    container_weights *containers;   /* of each container */
    unsigned *chrome; /* for each container: the dropping cues that hold for it, its own and inherited */
} choice;

/* Decides again. */
void choice_decide(choice *c, uint32_t block, block_rule r);
/* `title`: what the metadata call the page, STR_NONE where they don't. */
void choose_article(const outline *o, str title, arena *a, choice *out);
/* Whether a short line says that it is no part of the article: "Share", "By …", "Read also: …". */
bool is_chrome_line(const block *b);
/* What makes a container score more or less than the blocks in it give. */
double container_score(const outline *o, const choice *c, uint32_t container);

#endif
