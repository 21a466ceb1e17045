/* The choice of the article, in four steps.
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
#include "page/choose.h"

#include "base/counters.h"
#include "base/utf8.h"
#include "page/line.h"
#include "page/moment.h"

typedef struct chooser {
    const outline *o;
    container_weights *of; /* each container */
    double *mass;          /* each block */
    double whole;
    choice *out;
    unsigned *inherited; /* each container in the article's */
    arena *memory;
} chooser;

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

static void decide(const chooser *c, uint32_t i, block_rule r) {
    choice_decide(c->out, i, r);
}

/* Texts alike. */

enum { COMPARED = 600 };

/* What folding drops (marks, spaces, vowel signs) seldom makes up so much of a text. */
static bool far_longer(str a, str b) {
    return a.size > 3 * b.size + 16;
}

bool same_words(str a, str b) {
    if (far_longer(a, b) || far_longer(b, a))
        return false;
    char left[COMPARED], right[COMPARED];
    bool whole;
    if (!str_equal(fold_first_word(a, left, COMPARED), fold_first_word(b, right, COMPARED)))
        return false; /* as most are */
    str x = fold_words(a, left, COMPARED, &whole), y = fold_words(b, right, COMPARED, &whole);
    return x.size > 0 && str_equal(x, y);
}

bool has_words(str whole, str part) {
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = fold_words(whole, left, COMPARED, &all), y = fold_words(part, right, COMPARED, &all);
    size_t at = y.size ? str_find(x, y, 0) : SIZE_MAX;
    return at != SIZE_MAX && (at == 0 || x.data[at - 1] == ' ') &&
           (at + y.size == x.size || x.data[at + y.size] == ' ');
}

static str without_spaces(str words, char *in_place) {
    size_t size = 0;
    for (size_t i = 0; i < words.size; i++)
        if (words.data[i] != ' ')
            in_place[size++] = words.data[i];
    return (str){in_place, size};
}

bool has_letters(str whole, str part) {
    if (far_longer(part, whole))
        return false;
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = without_spaces(fold_words(whole, left, COMPARED, &all), left);
    str y = without_spaces(fold_words(part, right, COMPARED, &all), right);
    return y.size > 0 && str_find(x, y, 0) != SIZE_MAX;
}

/* Whether `whole` begins with the first letters of `start`, compared without spaces and marks. */
static bool has_start(str whole, str start) {
    enum { ENOUGH = 60 };
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = without_spaces(fold_words(whole, left, COMPARED, &all), left);
    str y = without_spaces(fold_words(start, right, COMPARED, &all), right);
    return str_starts(x, str_slice(y, 0, y.size < ENOUGH ? y.size : ENOUGH));
}

/* 1. Mass. */

static bool is_heading(tag t) {
    return t >= TAG_H1 && t <= TAG_H6;
}

static double less(double a, double b) {
    return a < b ? a : b;
}

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

/* 3. The container. */

static void give(const chooser *c, uint32_t box, double mass) {
    for (unsigned step = 1; step <= weights.score_generations && box != NO_INDEX; step++) {
        COUNT(choice_steps, 1);
        c->of[box].score += mass / step;
        box = c->o->containers.at[box].parent;
    }
}

static double name_weight(const outline *o, uint32_t i) {
    const container *box = &o->containers.at[i];
    double weight = i == 0 ? weights.score_page : 1;
    if (box->cues & CUE_BODY)
        weight *= weights.score_body;
    else if (box->cues & CUE_CONTENT || box->tag == TAG_ARTICLE || box->tag == TAG_MAIN)
        weight *= weights.score_content;
    if (box->cues & (CUE_CAPTION | CUE_STANDFIRST | CUE_AUTHOR))
        weight *= weights.score_small_print;
    return weight;
}

double container_score(const outline *o, const choice *c, uint32_t i) {
    const container_weights *w = &c->containers[i];
    double links = w->letters ? (double)w->link_letters / w->letters : 0;
    return w->score * (1 - links) * name_weight(o, i);
}

static bool dropped(const chooser *c, uint32_t i) {
    return c->out->chrome[i] != 0;
}

static double mass_of(const chooser *c, uint32_t i) {
    return dropped(c, i) ? 0 : c->of[i].mass;
}

/* The mass beside `best` in the container `up`, in which it lies inside the child `through`: of what is
 * written straight into `up`, and of children that are not mostly links. Beside a container that is named a
 * body only such count that hold bodies too. */
static double mass_beside(const chooser *c, uint32_t up, uint32_t through, bool bodies_only) {
    const outline *o = c->o;
    const container *box = &o->containers.at[up];
    double mass = 0;
    for (uint32_t i = up + 1; i < box->end; i = o->containers.at[i].end) {
        const container_weights *w = &c->of[i];
        COUNT(choice_steps, 1);
        if (i != through && !dropped(c, i) && w->link_letters * 4 < w->letters &&
            (w->has_body || !bodies_only))
            mass += w->mass;
    }
    return bodies_only ? mass : mass + c->of[up].own;
}

/* Upwards while the containers around hold much more that looks like the same text. Wrappers that add nothing
 * are climbed through, a few of them. */
static uint32_t widen(const chooser *c, uint32_t best) {
    const outline *o = c->o;
    unsigned wrappers = 0;
    uint32_t through = best;
    for (uint32_t up; (up = o->containers.at[through].parent) != NO_INDEX && up != 0; through = up) {
        bool body = (o->containers.at[best].cues & CUE_BODY) != 0;
        double here = mass_of(c, best), beside = mass_beside(c, up, through, body);
        if (beside >= weights.widen_share * here) {
            best = up;
            wrappers = 0;
        } else if (beside > weights.widen_least * here || ++wrappers > weights.widen_wrappers) {
            break;
        }
    }
    return best;
}

static double gain(const chooser *c, uint32_t i) {
    const block *b = &c->o->blocks.at[i];
    if (c->mass[i] > 0)
        return c->mass[i];
    if (b->link_letters > b->letters * weights.list_share)
        return -weights.sum_link - less(b->letters / weights.sum_link_letters, 1);
    return is_heading(b->tag) ? 0 : -weights.sum_short;
}

static void add_up(const chooser *c) {
    const outline *o = c->o;
    for (uint32_t i = 0; i < o->blocks.size; i++)
        if (!dropped(c, o->blocks.at[i].container))
            c->of[o->blocks.at[i].container].sum += gain(c, i);
    for (uint32_t i = (uint32_t)o->containers.size; i-- > 1;)
        if (!dropped(c, i))
            c->of[o->containers.at[i].parent].sum += c->of[i].sum;
}

static double weighted_sum(const chooser *c, uint32_t i) {
    double sum = c->of[i].sum;
    return sum > 0 ? sum * name_weight(c->o, i) : sum;
}

/* The containers with the highest score and with the greatest sum; of equal sums the innermost. */
static void find_best(const chooser *c, uint32_t *scored, uint32_t *summed) {
    double score = -1, sum = 0;
    *scored = *summed = 0;
    for (uint32_t i = 0; i < c->o->containers.size; i++) {
        if (dropped(c, i))
            continue;
        double here = container_score(c->o, c->out, i), all = weighted_sum(c, i);
        if (here > score) {
            score = here;
            *scored = i;
        }
        if (all >= sum) {
            sum = all;
            *summed = i;
        }
    }
}

/* One post of many is no article: what holds them all is. */
static uint32_t around_posts(const chooser *c, uint32_t best) {
    const outline *o = c->o;
    uint32_t post = NO_INDEX;
    for (uint32_t i = best; i != NO_INDEX; i = o->containers.at[i].parent)
        post = o->containers.at[i].cues & CUE_ENTRY ? i : post;
    if (post == NO_INDEX)
        return best;
    for (uint32_t i = post; i != NO_INDEX; i = o->containers.at[i].parent)
        if (c->of[i].posts > c->of[post].posts)
            return i;
    return best;
}

static uint32_t choose_container(const chooser *c) {
    const outline *o = c->o;
    for (size_t i = 0; i < o->blocks.size; i++)
        if (!dropped(c, o->blocks.at[i].container))
            give(c, o->blocks.at[i].container, c->mass[i]);
    add_up(c);
    uint32_t scored, summed;
    find_best(c, &scored, &summed);
    scored = widen(c, scored);
    return around_posts(c, c->of[scored].sum < weights.sum_share * c->of[summed].sum ? widen(c, summed)
                                                                                     : scored);
}

/* 4. Inside. */

enum { IN_FIGURE = 1 << 24, IN_LINK_LIST = 1 << 25 };

/* A figure that holds a picture and words about it, not a text. */
static bool is_figure(const chooser *c, uint32_t i) {
    return c->o->containers.at[i].tag == TAG_FIGURE && c->of[i].paragraphs <= weights.figure_paragraphs;
}

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

static bool mostly_link(const block *b) {
    return b->link_letters > b->letters * weights.link_share;
}

/* A line that says it is no part of the article. */
bool is_chrome_line(const block *b) {
    phrase_place place;
    size_t rest;
    phrase p = b->letters < 160 ? phrase_of(b->text, &place, &rest) : PHRASE_NONE;
    switch (p) {
    case PHRASE_NONE:
        return false;
    case PHRASE_RELATED:
        return place == PLACE_WHOLE || b->link_letters * 2 > b->letters || is_heading(b->tag) ||
               (rest > 0 && b->text.data[rest - 1] == ':') ||
               (rest < b->text.size && b->text.data[rest] == ':');
    case PHRASE_BYLINE:
        return b->letters < 80 && !str_ends(b->text, STR(".")) && !tells_number(b->text);
    case PHRASE_PUBLISHED:
    case PHRASE_UPDATED:
    case PHRASE_SOURCE:
        return b->letters < 80 && !str_ends(b->text, STR("."));
    case PHRASE_SIGNOFF:
    case PHRASE_BIO:
    case PHRASE_CREDIT:
        return false;
    default:
        return place == PLACE_WHOLE || b->letters < 100;
    }
}

static bool ends_article(const block *b) {
    phrase_place place;
    size_t rest;
    return b->letters < 100 && phrase_of(b->text, &place, &rest) == PHRASE_COMMENTS;
}

/* How much a block looks like the page's headline; 0: not at all. */
static int headline_rank(const chooser *c, uint32_t i, str title) {
    const block *b = &c->o->blocks.at[i];
    bool named = (c->o->containers.at[b->container].cues & CUE_HEADLINE) != 0 || is_heading(b->tag);
    if (b->letters <= 8 || b->letters > 300 || (!named && (b->link_letters || b->text.size * 2 < title.size)))
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

/* The headline before the article or at its head: the first of those that look most like it. */
static uint32_t find_headline(const chooser *c, str title, const container *box) {
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
    for (uint32_t k = i + 1; is_heading(b->tag) && k < o->blocks.size && k < i + 3; k++) {
        const block *next = &o->blocks.at[k];
        if (next->container != b->container || dropped(c, next->container) || mostly_link(next))
            return false;
        if (c->mass[k] >= weights.headed_mass)
            return true;
    }
    return false;
}

static block_rule rule_of(const chooser *c, uint32_t i, unsigned cues) {
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
    if (((cues & (CUE_AUTHOR | CUE_DATE)) || (own & CUE_VIA)) && b->letters < 150)
        return RULE_BYLINE;
    if (mostly_link(b) && !heads_text(c, i) &&
        (b->letters < weights.link_least_letters || b->link_letters == b->letters))
        return RULE_LINKS;
    if ((cues & IN_LINK_LIST) && c->mass[i] < weights.list_block_most && !(own & CUE_BODY))
        return RULE_LINK_LIST;
    return RULE_BODY;
}

/* Lines between the headline and the first running text that tell the day of publication. */
static void drop_datelines(const chooser *c) {
    choice *out = c->out;
    for (uint32_t i = out->first_block; i < out->end_block && i < out->first_block + 4; i++) {
        const block *b = &c->o->blocks.at[i];
        moment m;
        if (c->mass[i] > 1 || (b->letters > 90 && out->uses[i] == USE_BODY))
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

/* Running text between the headline and the article's container: a standfirst, or a first paragraph that the
 * page sets apart. */
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

static bool is_lead(const chooser *c, uint32_t i) {
    const block *b = &c->o->blocks.at[i];
    bool text = c->mass[i] >= weights.lead_mass;
    if (dropped(c, b->container))
        return is_teaser(c, b) && (text || is_described(c, i)) && b->tag == TAG_P;
    return (is_standfirst(c, i) && !is_heading(b->tag)) ||
           (text && (b->tag != TAG_DIV || is_described(c, i)));
}

static void take_lead(const chooser *c, const container *box) {
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
static void drop_lone_headings(const chooser *c) {
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
static void drop_signoff(const chooser *c) {
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
static void drop_related_lists(const chooser *c) {
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

static void choose_blocks(chooser *c, uint32_t root, str title) {
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
