/* The choice of the article, in four steps.
 *
 * 1. Mass. A block that looks like running text (long enough, few of its letters in links, some punctuation)
 *    has a mass; links, menus and labels have none. The mass of a container is that of its blocks.
 * 2. Chrome. A container whose tag or class names call it navigation, comments, related news and so on is
 *    dropped, with all in it, unless much of the page's mass is in it: names lie, masses seldom do.
 * 3. The container. Each block gives its mass to the container it stands in, half to the one around it, a
 * third to the next (the Readability method); a name like "article-body" makes a container's score weigh
 * more, links make it weigh less. The best container is the article; where the text is spread over like
 * containers side by side, it is the one around them.
 * 4. Inside, blocks that are chrome by what they say ("Read also: …", "Share") or that are mostly links are
 *    left out, and so is everything from the comments on.
 *
 * Each step is one pass over blocks or containers. */
#include "page/choose.h"

#include "base/utf8.h"
#include "page/line.h"
#include "page/moment.h"

typedef struct weights {
    double mass, score;
    uint32_t letters, link_letters;
    uint32_t paragraphs; /* blocks with mass */
    uint32_t posts;      /* containers that are named posts, itself too */
    bool has_body;       /* a container in it, or it, is named a body */
} weights;

typedef struct chooser {
    const outline *o;
    weights *of;  /* each container */
    double *mass; /* each block */
    double whole;
    choice *out;
    arena *memory;
} chooser;

/* Texts alike. */

enum { COMPARED = 600 };

bool same_words(str a, str b) {
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
    char left[COMPARED], right[COMPARED];
    bool all;
    str x = without_spaces(fold_words(whole, left, COMPARED, &all), left);
    str y = without_spaces(fold_words(part, right, COMPARED, &all), right);
    return y.size > 0 && str_find(x, y, 0) != SIZE_MAX;
}

/* 1. Mass. */

static bool is_heading(tag t) {
    return t >= TAG_H1 && t <= TAG_H6;
}

static double block_mass(const block *b) {
    double letters = b->letters, own = letters - b->link_letters;
    if (own < 20 || own < letters * 0.5 || is_heading(b->tag))
        return 0;
    if (letters < 60 && b->marks == 0)
        return 0;
    double marks = b->marks > 20 ? 20 : b->marks;
    double mass = own / 100 > 6 ? 6 : own / 100;
    mass += marks / 4;
    if (letters < 60)
        mass /= 2;
    if (b->tag == TAG_LI || b->row)
        mass *= 0.6;
    return mass;
}

static void weigh(chooser *c, arena *a) {
    const outline *o = c->o;
    c->of = ARENA_NEW(a, weights, o->containers.size);
    c->mass = ARENA_NEW(a, double, o->blocks.size + 1);
    for (size_t i = 0; i < o->blocks.size; i++) {
        const block *b = &o->blocks.at[i];
        weights *w = &c->of[b->container];
        c->mass[i] = block_mass(b);
        w->mass += c->mass[i];
        w->letters += b->letters;
        w->link_letters += b->link_letters;
        w->paragraphs += c->mass[i] > 0;
    }
    for (size_t i = o->containers.size; i-- > 1;) {
        weights *w = &c->of[i], *up = &c->of[o->containers.at[i].parent];
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

static const double too_much_to_drop = 0.45;
/* What is named "social" and has this much text is a post that the article quotes. */
static const double quoted_post = 0.5;

static void find_chrome(chooser *c, arena *a) {
    const outline *o = c->o;
    c->out->chrome = ARENA_NEW(a, unsigned, o->containers.size);
    for (size_t i = 1; i < o->containers.size; i++) {
        const container *box = &o->containers.at[i];
        unsigned cues = box->cues & CUE_DROPPED;
        double mass = c->of[i].mass;
        bool large = mass > too_much_to_drop * c->whole && mass > 0;
        bool reliable = (cues & (CUE_COMMENTS | CUE_HIDDEN)) != 0;
        if (large && !(reliable && mass < 0.8 * c->whole))
            cues = 0;
        if ((box->cues & CUE_BODY) && !(cues & CUE_HIDDEN))
            cues = 0;
        if (mass >= quoted_post)
            cues &= ~(unsigned)CUE_SHARE;
        c->out->chrome[i] = cues | c->out->chrome[box->parent];
    }
}

/* 3. The container. */

static void give(chooser *c, uint32_t box, double mass) {
    for (unsigned step = 1; step <= 3 && box != NO_INDEX; step++) {
        c->of[box].score += mass / step;
        box = c->o->containers.at[box].parent;
    }
}

static double final_score(const chooser *c, uint32_t i) {
    const container *box = &c->o->containers.at[i];
    const weights *w = &c->of[i];
    double score = w->score, links = w->letters ? (double)w->link_letters / w->letters : 0;
    score *= 1 - links;
    if (box->cues & CUE_BODY)
        score *= 1.6;
    else if (box->cues & CUE_CONTENT || box->tag == TAG_ARTICLE || box->tag == TAG_MAIN)
        score *= 1.2;
    if (box->cues & (CUE_CAPTION | CUE_STANDFIRST | CUE_AUTHOR))
        score *= 0.5;
    if (i == 0)
        score *= 0.8;
    return score;
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
        const weights *w = &c->of[i];
        if (i != through && !dropped(c, i) && w->link_letters * 4 < w->letters &&
            (w->has_body || !bodies_only))
            mass += w->mass;
    }
    for (uint32_t i = box->first_block; i < box->end_block && !bodies_only; i++)
        if (o->blocks.at[i].container == up)
            mass += c->mass[i];
    return mass;
}

/* Upwards while the containers around hold much more that looks like the same text. Wrappers that add nothing
 * are climbed through, a few of them. */
static uint32_t widen(const chooser *c, uint32_t best) {
    enum { MOST_WRAPPERS = 3 };
    const outline *o = c->o;
    unsigned wrappers = 0;
    uint32_t through = best;
    for (uint32_t up; (up = o->containers.at[through].parent) != NO_INDEX && up != 0; through = up) {
        bool body = (o->containers.at[best].cues & CUE_BODY) != 0;
        double here = mass_of(c, best), beside = mass_beside(c, up, through, body);
        if (beside >= 0.25 * here) {
            best = up;
            wrappers = 0;
        } else if (beside > 0.02 * here || ++wrappers > MOST_WRAPPERS) {
            break;
        }
    }
    return best;
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

static uint32_t choose_container(chooser *c) {
    const outline *o = c->o;
    for (size_t i = 0; i < o->blocks.size; i++)
        if (!dropped(c, o->blocks.at[i].container))
            give(c, o->blocks.at[i].container, c->mass[i]);
    uint32_t best = 0;
    double most = -1;
    for (uint32_t i = 0; i < o->containers.size; i++) {
        double score = dropped(c, i) ? -1 : final_score(c, i);
        if (score > most) {
            most = score;
            best = i;
        }
    }
    return widen(c, around_posts(c, best));
}

/* 4. Inside. */

static unsigned cues_up_to(const chooser *c, uint32_t box, uint32_t root) {
    unsigned cues = 0;
    for (; box != root && box != NO_INDEX; box = c->o->containers.at[box].parent)
        cues |= c->o->containers.at[box].cues;
    return cues;
}

static bool mostly_link(const block *b) {
    return b->link_letters * 10 > b->letters * 6;
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
        if (passed > 0.3 * whole)
            break;
        int rank = headline_rank(c, i, title);
        if (rank > most) {
            most = rank;
            best = i;
        }
    }
    return best;
}

static block_use use_of(const chooser *c, uint32_t i, uint32_t root) {
    const block *b = &c->o->blocks.at[i];
    if (dropped(c, b->container))
        return USE_NONE;
    unsigned cues = cues_up_to(c, b->container, root);
    if (b->tag == TAG_FIGCAPTION || (cues & CUE_CAPTION && b->letters < 400))
        return USE_CAPTION;
    if (is_chrome_line(b))
        return USE_NONE;
    bool via = (c->o->containers.at[b->container].cues & CUE_VIA) != 0;
    if (((cues & (CUE_AUTHOR | CUE_DATE)) || via) && b->letters < 150)
        return USE_NONE;
    if (mostly_link(b) && (b->letters < 200 || b->link_letters == b->letters))
        return USE_NONE;
    return USE_BODY;
}

/* Lists in which most of the letters are links. */
static void drop_link_lists(const chooser *c, uint32_t root) {
    const outline *o = c->o;
    for (uint32_t i = root + 1; i < o->containers.at[root].end; i++) {
        const weights *w = &c->of[i];
        const container *box = &o->containers.at[i];
        if (w->link_letters * 2 > w->letters && w->mass < 0.2 * c->of[root].mass)
            for (uint32_t k = box->first_block; k < box->end_block; k++)
                if (c->out->uses[k] == USE_BODY && c->mass[k] < 2 &&
                    !(o->containers.at[o->blocks.at[k].container].cues & CUE_BODY))
                    c->out->uses[k] = USE_NONE;
    }
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
            out->uses[i] = USE_NONE;
    }
}

static void choose_blocks(const chooser *c, uint32_t root, str title) {
    choice *out = c->out;
    const container *box = &c->o->containers.at[root];
    out->first_block = box->first_block;
    out->end_block = box->end_block;
    out->headline = find_headline(c, title, box);
    if (out->headline != NO_INDEX && out->headline >= out->first_block)
        out->first_block = out->headline + 1;
    double read = 0;
    for (uint32_t i = out->first_block; i < out->end_block; i++) {
        bool most_read = read > 0.3 * c->of[root].mass;
        if (most_read && ends_article(&c->o->blocks.at[i]) && !dropped(c, c->o->blocks.at[i].container)) {
            out->end_block = i;
            break;
        }
        out->uses[i] = (unsigned char)use_of(c, i, root);
        read += c->mass[i];
    }
    drop_link_lists(c, root);
    drop_datelines(c);
    /* A heading with nothing after it heads what was left out. */
    bool text_follows = false;
    for (uint32_t i = out->end_block; i-- > out->first_block;) {
        const block *b = &c->o->blocks.at[i];
        if (out->uses[i] != USE_BODY)
            continue;
        if (!is_heading(b->tag))
            text_follows = true;
        else if (!text_follows)
            out->uses[i] = USE_NONE;
    }
}

void choose_article(const outline *o, str title, arena *a, choice *out) {
    *out = (choice){.headline = NO_INDEX};
    chooser c = {.o = o, .out = out, .memory = a};
    out->uses = arena_alloc(a, o->blocks.size + 1);
    weigh(&c, a);
    find_chrome(&c, a);
    out->container = choose_container(&c);
    choose_blocks(&c, out->container, title);
}
