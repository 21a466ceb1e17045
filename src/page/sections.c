/* A page whose text hangs under headings that are links to other pages of its site has no article of its own:
 * front pages and lists of a topic give a headline and an excerpt for each. Where such headings have whole
 * articles under them, as on the front page of a blog, the first is read.
 *
 * A section begins at such a heading and ends at the next one. Headings that lead elsewhere (a list of places
 * or things, each with its own site) and pages that tell a day of publication are not looked at: those are
 * articles. One pass. */
#include "page/sections.h"

#include "page/address.h"

typedef struct section {
    uint32_t heading, end; /* blocks */
    uint32_t texts;        /* blocks of running text */
    double mass;
} section;

typedef struct walk {
    const outline *o;
    choice *c;
    str host;
    size_t link; /* the first that begins at or after the block looked at */
} walk;

static bool of_site(str href, str host) {
    str its = address_host(href);
    bool page = href.size && href.data[0] != '#' && !str_starts(href, STR("javascript:")) &&
                !str_starts(href, STR("mailto:"));
    return page && (its.size ? host.size && str_equal_ascii_nocase(its, host) : true);
}

/* Where the page's own is not known, that of its first link: the logo's, or a menu's. */
static str host_of(const outline *o, str told) {
    for (size_t i = 0; i < o->links.size && !told.size; i++)
        told = address_host(o->links.at[i].href);
    return told;
}

/* What is below a heading lies in the container of its container at most. */
static uint32_t reach_of(const outline *o, uint32_t i) {
    uint32_t box = o->blocks.at[i].container;
    for (unsigned up = 0; up < 2 && o->containers.at[box].parent != NO_INDEX; up++)
        box = o->containers.at[box].parent;
    return o->containers.at[box].end_block;
}

/* Blocks are asked for in order. */
static bool heads_section(walk *w, uint32_t i) {
    const block *b = &w->o->blocks.at[i];
    while (w->link < w->o->links.size && w->o->links.at[w->link].block < i)
        w->link++;
    return is_heading(b->tag) && b->letters >= weights.section_heading_letters &&
           b->link_letters > b->letters * weights.section_heading_link && !w->c->chrome[b->container] &&
           w->link < w->o->links.size && w->o->links.at[w->link].block == i &&
           of_site(w->o->links.at[w->link].href, w->host);
}

typedef struct tally {
    sections count;
    double excerpts, whole, all; /* mass of the choice's text, in sections of each kind and together */
    section first;               /* the first whole one */
} tally;

static void end_section(tally *t, const section *s, double chosen) {
    bool whole = s->texts > weights.section_excerpt_texts || s->mass > weights.section_excerpt_mass;
    if (s->texts == 0)
        return;
    if (whole && t->count.whole == 0)
        t->first = *s;
    t->count.whole += whole;
    t->count.excerpts += !whole;
    *(whole ? &t->whole : &t->excerpts) += chosen;
}

static tally tally_sections(walk *w) {
    tally t = {0};
    section s = {0};
    bool open = false;
    double chosen = 0;
    uint32_t count = (uint32_t)w->o->blocks.size;
    for (uint32_t i = 0; i < count; i++) {
        double mass = w->c->chrome[w->o->blocks.at[i].container] ? 0 : w->c->mass[i];
        bool body = w->c->uses[i] == USE_BODY;
        bool heads = heads_section(w, i);
        if (open && (heads || i == s.end)) {
            s.end = i;
            end_section(&t, &s, chosen);
            open = false;
        }
        if (heads) {
            s = (section){.heading = i, .end = reach_of(w->o, i)};
            open = true;
            chosen = 0;
        }
        s.texts += mass > 0;
        s.mass += mass;
        t.all += body ? mass : 0;
        chosen += body ? mass : 0;
    }
    if (open)
        end_section(&t, &s, chosen);
    return t;
}

static void leave_out(choice *c, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++)
        if (c->uses[i] == USE_BODY || c->uses[i] == USE_CAPTION || c->rules[i] == RULE_LINKS)
            choice_decide(c, i, RULE_OTHER_ARTICLE);
}

sections choose_section(const outline *o, str host, choice *c) {
    walk w = {.o = o, .c = c, .host = host_of(o, host)};
    tally t = tally_sections(&w);
    sections none = {0};
    uint32_t count = (uint32_t)o->blocks.size;
    if (t.all <= 0)
        return none;
    if (t.count.excerpts >= weights.section_excerpts && t.excerpts >= weights.section_share * t.all) {
        leave_out(c, 0, count);
        c->headline = NO_INDEX;
        t.count.whole = 0;
        return t.count;
    }
    if (t.count.whole >= 2 && t.whole >= weights.section_share * t.all) {
        leave_out(c, 0, t.first.heading);
        leave_out(c, t.first.end, count);
        c->headline = t.first.heading;
        choice_decide(c, t.first.heading, RULE_HEADLINE);
        c->first_block = t.first.heading + 1;
        c->end_block = t.first.end < c->end_block ? t.first.end : c->end_block;
        t.count.excerpts = 0;
        return t.count;
    }
    return none;
}
