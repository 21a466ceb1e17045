/* The choice of the article, in four steps: mass and chrome are here, choose_container.c has the third,
 * choose_blocks.c and choose_edges.c the fourth.
 *
 * 1. Mass. A block that looks like running text (long enough, few of its letters in links, some punctuation)
 *    has a mass; links, menus and labels have none. The mass of a container is that of its blocks.
 * 2. Chrome. A container whose tag or class names call it navigation, comments, related news and so on is
 *    dropped, with all in it, unless much of the page's mass is in it: names lie, masses seldom do.
 * 3. The container. Each block gives its mass to the container it stands in, half to the one around it, a
 * third to the next (the Readability method); a name like "article-body" makes a container's score weigh
 * more, links make it weigh less. The best container is the article; where the text is spread over like
 * containers side by side, it is the one around them. A text that is scattered over wrappers, each paragraph
 * in its own, gives no container a good score: where another one holds far more (its mass, less something for
 * each link and label in it: a maximum subsequence, as Pasternack and Roth have it), that is the article's.
 * 4. Inside, blocks that are chrome by what they say ("Read also: …", "Share") or that are mostly links are
 *    left out, and so is everything from the comments on.
 *
 * Each step is one pass over blocks or containers. */
#include "page/chooser.h"

static const struct {
    const char *name;
    block_use use;
} rules[RULE_COUNT] = {
    [RULE_OUTSIDE] = {"outside", USE_NONE},
    [RULE_BODY] = {"body", USE_BODY},
    [RULE_CHROME] = {"chrome", USE_NONE},
    [RULE_CAPTION] = {"caption", USE_CAPTION},
    [RULE_COUNTER] = {"counter", USE_NONE},
    [RULE_PHRASE] = {"phrase", USE_NONE},
    [RULE_BYLINE] = {"byline", USE_NONE},
    [RULE_LINKS] = {"links", USE_NONE},
    [RULE_LINK_LIST] = {"link-list", USE_NONE},
    [RULE_DATELINE] = {"dateline", USE_NONE},
    [RULE_AFTER_END] = {"after-end", USE_NONE},
    [RULE_LONE_HEADING] = {"lone-heading", USE_NONE},
    [RULE_SIGNOFF] = {"signoff", USE_NONE},
    [RULE_RELATED_LIST] = {"related-list", USE_NONE},
    [RULE_OTHER_ARTICLE] = {"other-article", USE_NONE},
    [RULE_HEADLINE] = {"headline", USE_NONE},
};

const char *block_rule_name(block_rule r) {
    return rules[r].name;
}

void choice_decide(choice *c, uint32_t i, block_rule r) {
    c->rules[i] = (unsigned char)r;
    c->uses[i] = (unsigned char)rules[r].use;
}

/* 1. Mass. */

static double block_mass(const block *b) {
    double letters = b->letters, own = letters - b->link_letters;
    bool is_short = letters < weights.mass_short;
    if (own < weights.mass_least_letters || own < letters * weights.mass_own_share || is_heading(b->tag) ||
        (is_short && b->marks == 0))
        return 0;
    double mass = less(own / weights.mass_letters, weights.mass_most_letters) +
                  less(b->marks, weights.mass_most_marks) / weights.mass_marks;
    if (is_short)
        mass /= 2;
    if (b->tag == TAG_LI || b->row)
        mass *= weights.mass_item;
    return mass;
}

static void weigh(chooser *c, arena *a) {
    const outline *o = c->o;
    c->of = c->out->containers = ARENA_NEW(a, container_weights, o->containers.size);
    c->mass = c->out->mass = ARENA_NEW(a, double, o->blocks.size + 1);
    for (size_t i = 0; i < o->blocks.size; i++) {
        const block *b = &o->blocks.at[i];
        container_weights *w = &c->of[b->container];
        c->mass[i] = block_mass(b);
        w->mass += c->mass[i];
        w->own += c->mass[i];
        w->letters += b->letters;
        w->link_letters += b->link_letters;
        w->paragraphs += c->mass[i] > 0;
    }
    for (size_t i = o->containers.size; i-- > 1;) {
        container_weights *w = &c->of[i], *up = &c->of[o->containers.at[i].parent];
        w->has_body = w->has_body || (o->containers.at[i].cues & CUE_BODY);
        w->posts += (o->containers.at[i].cues & CUE_ENTRY) != 0;
        up->posts += w->posts;
        up->has_body = up->has_body || w->has_body;
        up->mass += w->mass;
        up->letters += w->letters;
        up->link_letters += w->link_letters;
        up->paragraphs += w->paragraphs;
    }
    c->whole = c->of[0].mass;
}

/* 2. Chrome. */

static void name_chrome(chooser *c, unsigned believed) {
    const outline *o = c->o;
    for (size_t i = 1; i < o->containers.size; i++) {
        const container *box = &o->containers.at[i];
        unsigned cues = box->cues & believed;
        double mass = c->of[i].mass;
        bool large = mass > weights.chrome_too_large * c->whole && mass > 0;
        bool reliable = (cues & (CUE_COMMENTS | CUE_HIDDEN)) != 0;
        if (large && !(reliable && mass < weights.chrome_too_large_certain * c->whole))
            cues = 0;
        if ((box->cues & CUE_BODY) && !(cues & CUE_HIDDEN))
            cues = 0;
        if (mass >= weights.chrome_quoted_post)
            cues &= ~(unsigned)CUE_SHARE;
        c->out->chrome[i] = cues | c->out->chrome[box->parent];
    }
}

static double mass_left(const chooser *c) {
    double mass = 0;
    for (size_t i = 0; i < c->o->blocks.size; i++)
        mass += c->out->chrome[c->o->blocks.at[i].container] ? 0 : c->mass[i];
    return mass;
}

/* Where names leave next to nothing of the page they are not names of chrome, but for the surest. */
static void find_chrome(chooser *c, arena *a) {
    c->out->chrome = ARENA_NEW(a, unsigned, c->o->containers.size);
    name_chrome(c, CUE_DROPPED);
    if (mass_left(c) < weights.chrome_least_left * c->whole)
        name_chrome(c, CUE_COMMENTS);
}

void choose_article(const outline *o, str title, arena *a, choice *out) {
    *out = (choice){.headline = NO_INDEX, .standfirst = NO_INDEX};
    chooser c = {.o = o, .out = out, .memory = a};
    out->uses = arena_alloc(a, o->blocks.size + 1);
    out->rules = arena_alloc(a, o->blocks.size + 1);
    weigh(&c, a);
    find_chrome(&c, a);
    out->container = choose_container(&c);
    choose_blocks(&c, out->container, title);
}
