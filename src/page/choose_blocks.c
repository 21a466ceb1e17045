/* The fourth step of choose.c: which blocks of the article's container are its text. */
#include "page/chooser.h"
#include "page/line.h"

static bool is_link_list(const chooser *c, uint32_t i, uint32_t root) {
    const container_weights *w = &c->of[i];
    return w->link_letters > w->letters * weights.list_share &&
           w->mass < weights.list_most * c->of[root].mass;
}

/* For each container below `root` the cues of those from there down to it, itself included, and whether a
 * figure or a list of links is among them. */
static void inherit(chooser *c, uint32_t root) {
    const outline *o = c->o;
    c->inherited = ARENA_NEW(c->memory, unsigned, o->containers.size);
    for (uint32_t i = root + 1; i < o->containers.at[root].end; i++) {
        const container *box = &o->containers.at[i];
        c->inherited[i] = c->inherited[box->parent] | box->cues;
        if (is_figure(c, i))
            c->inherited[i] |= IN_FIGURE;
        if (is_link_list(c, i, root))
            c->inherited[i] |= IN_LINK_LIST;
    }
}

/* A line that says it is no part of the article. */
bool is_chrome_line(const block *b) {
    phrase_place place;
    size_t rest;
    phrase p = b->letters < weights.phrase_most_letters ? phrase_of(b->text, &place, &rest) : PHRASE_NONE;
    switch (p) {
    case PHRASE_NONE:
        return false;
    case PHRASE_RELATED:
        return place == PLACE_WHOLE || b->link_letters * 2 > b->letters || is_heading(b->tag) ||
               (rest > 0 && b->text.data[rest - 1] == ':') ||
               (rest < b->text.size && b->text.data[rest] == ':');
    case PHRASE_BYLINE:
        return b->letters < weights.byline_most_letters && !str_ends(b->text, STR(".")) &&
               !tells_number(b->text);
    case PHRASE_PUBLISHED:
    case PHRASE_UPDATED:
    case PHRASE_SOURCE:
        return b->letters < weights.byline_most_letters && !str_ends(b->text, STR("."));
    case PHRASE_SIGNOFF:
    case PHRASE_BIO:
    case PHRASE_CREDIT:
        return false;
    default:
        return place == PLACE_WHOLE || b->letters < weights.notice_most_letters;
    }
}

static bool ends_article(const block *b) {
    phrase_place place;
    size_t rest;
    return b->letters < weights.notice_most_letters && phrase_of(b->text, &place, &rest) == PHRASE_COMMENTS;
}

static bool is_caption(const block *b, unsigned inherited) {
    bool of_text = b->row || b->quote || b->tag == TAG_PRE || b->tag == TAG_TD || b->tag == TAG_TH;
    return b->tag == TAG_FIGCAPTION || (b->letters < weights.caption_most_letters &&
                                        ((inherited & CUE_CAPTION) || ((inherited & IN_FIGURE) && !of_text)));
}

/* "3 of 12", "3/12", or a bare number that is no paragraph: the place of a picture in a row of them. */
static bool is_counter(const block *b) {
    enum { MOST = 24, LONGEST = 3 };
    char words[MOST];
    bool whole;
    if (b->letters > MOST || b->row || b->tag == TAG_LI || is_heading(b->tag))
        return false;
    str line = fold_words(b->text, words, MOST, &whole);
    size_t at = 0, numbers = 0, others = 0;
    while (whole && at < line.size) {
        size_t end = at;
        bool number = true;
        for (; end < line.size && line.data[end] != ' '; end++)
            number = number && line.data[end] >= '0' && line.data[end] <= '9';
        if (number && end - at > LONGEST)
            return false;
        numbers += number;
        others += !number;
        at = end + 1;
    }
    bool between = others == 1 && numbers == 2 && line.data[0] <= '9' && line.data[line.size - 1] <= '9';
    return whole && (between || (others == 0 && (numbers == 2 || (numbers == 1 && b->tag != TAG_P))));
}

/* "Photo: …", "… (Photo: …)", "… Credit: …" */
static bool is_credited(const block *b) {
    phrase_place place;
    size_t rest;
    if (b->letters >= weights.caption_most_letters || is_heading(b->tag) || b->quote)
        return false;
    if (b->letters < weights.credit_most_letters && phrase_of(b->text, &place, &rest) == PHRASE_CREDIT)
        return place == PLACE_WHOLE || !str_ends(b->text, STR("."));
    size_t open = b->text.size;
    if (!str_ends(b->text, STR(")")))
        return false;
    while (open > 0 && b->text.data[open - 1] != '(')
        open--;
    return open > 0 && phrase_of(str_slice(b->text, open, b->text.size - 1), &place, &rest) == PHRASE_CREDIT;
}

/* A heading that is a link stays where a paragraph of its own stands under it: "The Old Pier", and what to
 * eat there. */
static bool heads_text(const chooser *c, uint32_t i) {
    const outline *o = c->o;
    const block *b = &o->blocks.at[i];
    for (uint32_t k = i + 1; is_heading(b->tag) && k < o->blocks.size && k <= i + weights.headed_reach; k++) {
        const block *next = &o->blocks.at[k];
        if (next->container != b->container || dropped(c, next->container) || mostly_link(next))
            return false;
        if (c->mass[k] >= weights.headed_mass)
            return true;
    }
    return false;
}

block_rule rule_of(const chooser *c, uint32_t i, unsigned cues) {
    const block *b = &c->o->blocks.at[i];
    if (dropped(c, b->container))
        return RULE_CHROME;
    if (is_caption(b, cues) || is_credited(b))
        return RULE_CAPTION;
    if (is_counter(b))
        return RULE_COUNTER;
    if (is_chrome_line(b))
        return RULE_PHRASE;
    unsigned own = c->o->containers.at[b->container].cues;
    if (((cues & (CUE_AUTHOR | CUE_DATE)) || (own & CUE_VIA)) &&
        b->letters < weights.named_byline_most_letters)
        return RULE_BYLINE;
    if (mostly_link(b) && !heads_text(c, i) &&
        (b->letters < weights.link_least_letters || b->link_letters == b->letters))
        return RULE_LINKS;
    if ((cues & IN_LINK_LIST) && c->mass[i] < weights.list_block_most && !(own & CUE_BODY))
        return RULE_LINK_LIST;
    return RULE_BODY;
}

void choose_blocks(chooser *c, uint32_t root, str title) {
    choice *out = c->out;
    const container *box = &c->o->containers.at[root];
    out->first_block = box->first_block;
    out->end_block = box->end_block;
    out->headline = find_headline(c, title, box);
    if (out->headline != NO_INDEX)
        decide(c, out->headline, RULE_HEADLINE);
    if (out->headline != NO_INDEX && out->headline >= out->first_block)
        out->first_block = out->headline + 1;
    inherit(c, root);
    double read = 0;
    for (uint32_t i = out->first_block; i < out->end_block; i++) {
        bool most_read = read > weights.comments_after * c->of[root].mass;
        if (most_read && ends_article(&c->o->blocks.at[i]) && !dropped(c, c->o->blocks.at[i].container)) {
            for (uint32_t k = i; k < out->end_block; k++)
                decide(c, k, RULE_AFTER_END);
            out->end_block = i;
            break;
        }
        decide(c, i, rule_of(c, i, c->inherited[c->o->blocks.at[i].container]));
        read += c->mass[i];
    }
    take_lead(c, box);
    drop_datelines(c);
    drop_related_lists(c);
    drop_lone_headings(c);
    drop_signoff(c);
}
