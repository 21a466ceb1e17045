/* The choice of the article from inside: what its steps share. Not for other files. */
#ifndef ISN_PAGE_CHOOSER_H
#define ISN_PAGE_CHOOSER_H

#include "page/choose.h"

typedef struct chooser {
    const outline *o;
    container_weights *of; /* each container */
    double *mass;          /* each block */
    double whole;
    choice *out;
    unsigned *inherited; /* each container in the article's */
    arena *memory;
} chooser;

/* Beside the cues in `inherited`. */
enum { IN_FIGURE = 1 << 24, IN_LINK_LIST = 1 << 25 };

static inline double less(double a, double b) {
    return a < b ? a : b;
}

static inline bool dropped(const chooser *c, uint32_t i) {
    return c->out->chrome[i] != 0;
}

static inline bool mostly_link(const block *b) {
    return b->link_letters > b->letters * weights.link_share;
}

/* A figure that holds a picture and words about it, not a text. */
static inline bool is_figure(const chooser *c, uint32_t i) {
    return c->o->containers.at[i].tag == TAG_FIGURE && c->of[i].paragraphs <= weights.figure_paragraphs;
}

static inline void decide(const chooser *c, uint32_t i, block_rule r) {
    choice_decide(c->out, i, r);
}

/* choose_container.c */
uint32_t choose_container(const chooser *c);

/* choose_blocks.c */
void choose_blocks(chooser *c, uint32_t root, str title);
/* What becomes of a block that has the cues of the containers around it. */
block_rule rule_of(const chooser *c, uint32_t i, unsigned cues);

/* choose_edges.c */
/* The headline before the article or at its head: the first of those that look most like it. */
uint32_t find_headline(const chooser *c, str title, const container *box);
/* Takes in what stands between the headline and the container, and drops what stands at the ends and is no
 * text, in this order. */
void take_lead(const chooser *c, const container *box);
void drop_datelines(const chooser *c);
void drop_related_lists(const chooser *c);
void drop_lone_headings(const chooser *c);
void drop_signoff(const chooser *c);

#endif
