/* What stands at the article's ends: its headline, a lead that is set apart; lines that date it, head what
 * was left out, or sign it off. */
#include "page/alike.h"
#include "page/chooser.h"
#include "page/line.h"
#include "page/moment.h"

/* How much a block looks like the page's headline; 0: not at all. */
static int headline_rank(const chooser *c, uint32_t i, str title) {
    const block *b = &c->o->blocks.at[i];
    bool named = (c->o->containers.at[b->container].cues & CUE_HEADLINE) != 0 || is_heading(b->tag);
    if (b->letters <= weights.headline_least_letters || b->letters > weights.headline_most_letters ||
        (!named && (b->link_letters || b->text.size * 2 < title.size)))
        return 0;
    int rank = b->tag == TAG_H1 ? 3 : named ? 2 : 1;
    if (title.size && same_words(title, b->text))
        rank += 8;
    else if (title.size && has_letters(title, b->text) && b->text.size * 3 > title.size)
        rank += 4;
    else if (b->tag != TAG_H1)
        return 0;
    return dropped(c, c->o->blocks.at[i].container) ? rank - 1 : rank;
}

uint32_t find_headline(const chooser *c, str title, const container *box) {
    uint32_t best = NO_INDEX;
    int most = 0;
    double passed = 0, whole = c->of[box - c->o->containers.at].mass;
    for (uint32_t i = 0; i < box->end_block; i++) {
        passed += i >= box->first_block ? c->mass[i] : 0;
        if (passed > weights.headline_reach * whole)
            break;
        int rank = headline_rank(c, i, title);
        if (rank > most) {
            most = rank;
            best = i;
        }
    }
    return best;
}

/* Lines between the headline and the first running text that tell the day of publication. */
void drop_datelines(const chooser *c) {
    choice *out = c->out;
    for (uint32_t i = out->first_block; i < out->end_block && i < out->first_block + weights.dateline_reach;
         i++) {
        const block *b = &c->o->blocks.at[i];
        moment m;
        if (c->mass[i] > weights.dateline_most_mass ||
            (b->letters > weights.dateline_most_letters && out->uses[i] == USE_BODY))
            break;
        if (out->uses[i] == USE_BODY && !str_ends(b->text, STR(".")) &&
            (moment_read(b->text, (moment_style){0}, c->memory, &m) ||
             moment_is_relative(b->text, c->memory)))
            decide(c, i, RULE_DATELINE);
    }
}

static bool is_standfirst(const chooser *c, uint32_t i) {
    const block *b = &c->o->blocks.at[i];
    return (c->o->containers.at[b->container].cues & CUE_STANDFIRST) &&
           b->letters >= weights.lead_least_letters;
}

/* Whether the block begins as the page's description does, or the other way round. */
static bool is_described(const chooser *c, uint32_t i) {
    const block *b = &c->o->blocks.at[i];
    str told = c->o->metas[FIELD_DESCRIPTION];
    return b->letters >= weights.lead_least_letters && (double)told.size >= weights.lead_least_letters &&
           (has_start(b->text, told) || has_start(told, b->text));
}

/* What a block's own container and the one around it say; those further out speak of more than the block. */
static unsigned around(const chooser *c, uint32_t i) {
    uint32_t up = c->o->containers.at[i].parent;
    unsigned figure = is_figure(c, i) || (up != NO_INDEX && is_figure(c, up)) ? IN_FIGURE : 0;
    return (c->o->containers.at[i].cues & CUE_CAPTION) | figure;
}

/* "teaser" is a name of links to other articles, but of the standfirst too. */
static bool is_teaser(const chooser *c, const block *b) {
    return c->out->chrome[b->container] == CUE_RELATED && !b->link_letters;
}

/* Told apart from the text, as a heading or as what the page's description says. */
static bool tells_standfirst(const chooser *c, uint32_t i) {
    const block *b = &c->o->blocks.at[i];
    bool heading = is_heading(b->tag) && b->letters >= weights.lead_heading_letters;
    return !b->link_letters && (!dropped(c, b->container) || is_teaser(c, b)) &&
           (is_standfirst(c, i) || heading || is_described(c, i));
}

/* Running text between the headline and the article's container: a standfirst, or a first paragraph that the
 * page sets apart. */
static bool is_lead(const chooser *c, uint32_t i) {
    const block *b = &c->o->blocks.at[i];
    bool text = c->mass[i] >= weights.lead_mass;
    if (dropped(c, b->container))
        return is_teaser(c, b) && (text || is_described(c, i)) && b->tag == TAG_P;
    return (is_standfirst(c, i) && !is_heading(b->tag)) ||
           (text && (b->tag != TAG_DIV || is_described(c, i)));
}

void take_lead(const chooser *c, const container *box) {
    choice *out = c->out;
    if (out->headline == NO_INDEX || out->headline >= box->first_block)
        return;
    out->first_block = out->headline + 1;
    for (uint32_t i = out->first_block; i < box->first_block; i++) {
        if (out->standfirst == NO_INDEX && tells_standfirst(c, i))
            out->standfirst = i;
        if (is_lead(c, i)) {
            uint32_t in = c->o->blocks.at[i].container;
            decide(c, i, dropped(c, in) ? RULE_BODY : rule_of(c, i, around(c, in)));
        }
    }
}

/* A heading with nothing after it heads what was left out, unless it is one of many: a list set as headings.
 */
void drop_lone_headings(const chooser *c) {
    choice *out = c->out;
    uint32_t run = 0, end = out->end_block;
    while (end > out->first_block && out->uses[end - 1] != USE_BODY && out->rules[end - 1] != RULE_LINKS)
        end--;
    for (uint32_t i = end; i > out->first_block && out->uses[i - 1] == USE_BODY; i--, run++)
        if (!is_heading(c->o->blocks.at[i - 1].tag))
            break;
    bool text_follows = run >= weights.heading_run;
    for (uint32_t i = out->end_block; i-- > out->first_block;) {
        if (out->uses[i] != USE_BODY)
            continue;
        if (!is_heading(c->o->blocks.at[i].tag))
            text_follows = true;
        else if (!text_follows)
            decide(c, i, RULE_LONE_HEADING);
    }
}

/* `last`: no text stands after it. Who is told of with a figure is somebody in the news, not its writer. */
static bool is_signoff(const block *b, bool last) {
    phrase_place place;
    size_t rest;
    if (is_heading(b->tag) || b->letters >= weights.signoff_most_letters)
        return false;
    const word_entry *inside = phrase_inside(b->text);
    if (inside && inside->value == PHRASE_BIO)
        return last && !tells_number(b->text);
    return inside || phrase_of(b->text, &place, &rest) == PHRASE_SIGNOFF;
}

/* The block of the article before `i`; `i` where there is none. */
static const block *text_before(const chooser *c, uint32_t i) {
    for (uint32_t k = i; k-- > c->out->first_block;)
        if (c->out->uses[k] == USE_BODY)
            return &c->o->blocks.at[k];
    return &c->o->blocks.at[i];
}

static bool is_slanted(const block *b) {
    return b->slanted > b->letters * weights.signoff_slanted && b->letters < weights.signoff_most_letters;
}

/* Among the last blocks those that sign it off; the very last too where it is a note set in italics. */
void drop_signoff(const chooser *c) {
    choice *out = c->out;
    uint32_t kept = 0, last = 0;
    bool text_after = false;
    for (uint32_t i = out->first_block; i < out->end_block; i++)
        kept += out->uses[i] == USE_BODY;
    if (kept < weights.signoff_least_blocks)
        return;
    for (uint32_t i = out->end_block; i-- > out->first_block && last < weights.signoff_reach;)
        if (out->uses[i] == USE_BODY) {
            const block *b = &c->o->blocks.at[i];
            bool note =
                last == 0 && is_slanted(b) && !tells_number(b->text) && !is_slanted(text_before(c, i));
            if (note || is_signoff(b, !text_after))
                decide(c, i, RULE_SIGNOFF);
            else
                text_after = true;
            last++;
        }
}

/* Under a heading that says "Related", short lines with links, items and headings go with it. */
void drop_related_lists(const chooser *c) {
    choice *out = c->out;
    bool under = false;
    for (uint32_t i = out->first_block; i < out->end_block; i++) {
        const block *b = &c->o->blocks.at[i];
        phrase_place place;
        size_t rest;
        if (out->uses[i] != USE_BODY) {
            phrase p =
                b->letters < weights.credit_most_letters && !b->link_letters && out->rules[i] == RULE_PHRASE
                    ? phrase_of(b->text, &place, &rest)
                    : PHRASE_NONE;
            under = p == PHRASE_RELATED || p == PHRASE_POPULAR || (under && out->rules[i] == RULE_LINKS);
        } else if (under && (b->tag == TAG_LI || is_heading(b->tag)) &&
                   c->mass[i] < weights.list_block_most) {
            decide(c, i, RULE_RELATED_LIST);
        } else {
            under = false;
        }
    }
}
