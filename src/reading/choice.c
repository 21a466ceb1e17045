/* What the choices of time, scope and place share. */
#include "reading/choice.h"

#include "base/counters.h"

enum { BETWEEN_MAX = 80 };

const choice_weights *choice_weights_of(str language) {
    const choice_weights *w = reading_weights;
    while (*w->language && !str_equal(str_of(w->language), language))
        w++;
    return w;
}

typedef struct item_head {
    uint32_t sentence, first;
} item_head;

static item_head head_of(const choice_list *l, size_t i) {
    item_head h;
    memcpy(&h, (const char *)l->at + i * l->item_size, sizeof h);
    return h;
}

/* The first item of the sentence that begins at a piece or behind it. Items lie in the order of the text. */
static size_t split_at(const choice_list *l, uint32_t in, uint32_t first) {
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        item_head h = head_of(l, middle);
        if (h.sentence < in || (h.sentence == in && h.first < first))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t choice_candidates(const choice_list *l, const chooser *c, size_t out[CHOICE_MAX]) {
    size_t split = split_at(l, c->sentence, c->at[0].first), n = 0;
    for (size_t i = split, k = 0; i-- > 0 && k < CHOICE_NEAR + CHOICE_SAME; k++)
        if (head_of(l, i).sentence == c->sentence || k < CHOICE_NEAR)
            out[n++] = i;
    for (size_t i = split, k = 0; i < l->count && k < CHOICE_SAME; i++, k++) {
        uint32_t in = head_of(l, i).sentence;
        if (in > c->sentence + 2 || (in != c->sentence && k >= l->late))
            break;
        out[n++] = i;
    }
    size_t seen = split < CHOICE_NEAR ? 0 : split - CHOICE_NEAR;
    for (size_t i = 0; i < l->head && i < seen; i++)
        out[n++] = i;
    return n;
}

uint32_t choice_others(const choice_list *l, const chooser *c, const member *m, size_t index) {
    size_t split = split_at(l, c->sentence, m->first);
    return (uint32_t)(index >= split ? index - split : split - 1 - index);
}

/* What choice_between() tells of, by node: how many of each kind stand before it in the text. A claim weighs
 * every place and time around it, so what stands between has to be had without a walk. */
enum between_kind {
    COMMAS,
    EFFECTS,
    PEOPLE,
    HARMS,
    SAYS,
    EVENTS,
    RELATIVES,
    CONJUNCTIONS,
    CAUSES,
    BETWEEN_KINDS
};
struct between_counts {
    uint32_t of[BETWEEN_KINDS];
};

enum { TURN_WORDS = 4 };

/* By sentence: how many of those before it turn to another matter in their first words. */
static void count_turns(reader *r) {
    uint32_t *turns = ARENA_NEW(r->scratch, uint32_t, r->tokens.sentence.size + 1);
    size_t n = 0;
    for (uint32_t s = 0; s < r->tokens.sentence.size; s++) {
        bool turn = false;
        for (int k = 0; n < r->nodes.node.size && r->nodes.node.at[n].sentence <= s; n++, k++)
            turn |= k < TURN_WORDS && node_is(&r->nodes.node.at[n], IS_ANOTHER);
        turns[s + 1] = turns[s] + turn;
    }
    r->turns = turns;
}

void choice_prepare(reader *r) {
    struct between_counts *counts = ARENA_NEW(r->scratch, struct between_counts, r->nodes.node.size + 1);
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        uint32_t *now = counts[i + 1].of;
        counts[i + 1] = counts[i];
        now[COMMAS] += node_is(n, IS_COMMA);
        now[EFFECTS] += node_is(n, IS_EFFECT) || node_is(n, IS_SUFFER);
        now[PEOPLE] += node_is(n, IS_PEOPLE) || node_is(n, IS_COUNT);
        now[HARMS] += node_is(n, IS_HARM) || node_is(n, IS_HARMED);
        now[SAYS] += node_is(n, IS_SAY) || node_is(n, IS_SAY_ON) || node_is(n, IS_THAT);
        now[EVENTS] += node_is(n, IS_EVENT) || node_is(n, IS_TARGETS);
        now[RELATIVES] += node_is(n, IS_RELATIVE);
        now[CONJUNCTIONS] += node_is(n, IS_AND);
        now[CAUSES] += node_is(n, IS_BECAUSE) || node_is(n, IS_CAUSE_VERB);
    }
    r->between = counts;
    count_turns(r);
    place_story_prepare(r);
}

bool choice_turns_between(const reader *r, uint32_t from, uint32_t to) {
    return from + 1 < to && r->turns[to] > r->turns[from + 1];
}

between choice_between(const reader *r, uint32_t from, uint32_t to) {
    const node *first = from < to ? reader_node(r, from) : NULL, *last = first ? reader_node(r, to) : NULL;
    COUNT(claim_steps, 1);
    if (!first)
        return (between){0};
    size_t low = (size_t)(first - r->nodes.node.at),
           high = last ? (size_t)(last - r->nodes.node.at) + (last->first < to) : r->nodes.node.size;
    high = high > low + BETWEEN_MAX ? low + BETWEEN_MAX : high;
    uint32_t n[BETWEEN_KINDS];
    for (int i = 0; i < BETWEEN_KINDS; i++)
        n[i] = high > low ? r->between[high].of[i] - r->between[low].of[i] : 0;
    return (between){.commas = n[COMMAS],
                     .effect = n[EFFECTS],
                     .people = n[PEOPLE],
                     .say = n[SAYS],
                     .event = n[EVENTS],
                     .relative = n[RELATIVES],
                     .conjunction = n[CONJUNCTIONS],
                     .because = n[CAUSES],
                     .harm = n[HARMS]};
}

#define NAME_OF(name) #name,
static const char *const event_names[] = {EVENT_TRAITS(NAME_OF)};
static const char *const time_names[] = {TIME_TRAITS(NAME_OF)};
static const char *const scope_names[] = {SCOPE_TRAITS(NAME_OF)};
static const char *const place_names[] = {PLACE_TRAITS(NAME_OF)};

void choice_report(const reader *r, const member *m, const char *choice, span at, str value,
                   const traits *t) {
    if (!r->options || !r->options->candidate)
        return;
    const char *const *names = choice[0] == 'e'   ? event_names
                               : choice[0] == 't' ? time_names
                               : choice[0] == 's' ? scope_names
                                                  : place_names;
    const char *told[TRAITS_MAX];
    for (uint32_t i = 0; i < t->count; i++)
        told[i] = names[t->at[i]];
    r->options->candidate(r->options->context, m->claim, choice, at, value, told, t->count);
}
