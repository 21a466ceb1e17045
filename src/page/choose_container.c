/* The third step of choose.c: which container is the article's. */
#include "base/counters.h"
#include "page/chooser.h"

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
        if (i != through && !dropped(c, i) && w->link_letters < w->letters * weights.beside_links &&
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

uint32_t choose_container(const chooser *c) {
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
