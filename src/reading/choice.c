/* What the choices of time, scope and place share. */
#include "reading/choice.h"

#include "base/buffer.h"
#include "base/counters.h"

enum { BETWEEN_MAX = 80 };

const node *choice_node(const reader *r, uint32_t at) {
    size_t low = 0, high = r->nodes.node.size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->nodes.node.at[middle].last <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->nodes.node.size ? &r->nodes.node.at[low] : NULL;
}

between choice_between(const reader *r, uint32_t from, uint32_t to) {
    between b = {0};
    const node *n = from < to ? choice_node(r, from) : NULL, *end = r->nodes.node.at + r->nodes.node.size;
    for (unsigned i = 0; n && n < end && n->first < to && i < BETWEEN_MAX; n++, i++) {
        COUNT(claim_steps, 1);
        b.commas += node_is(n, IS_COMMA);
        b.effect |= node_is(n, IS_EFFECT) || node_is(n, IS_SUFFER);
        b.people |= node_is(n, IS_PEOPLE) || node_is(n, IS_COUNT);
        b.harm |= node_is(n, IS_HARM) || node_is(n, IS_HARMED);
        b.say |= node_is(n, IS_SAY) || node_is(n, IS_SAY_ON) || node_is(n, IS_THAT);
        b.event |= node_is(n, IS_EVENT) || node_is(n, IS_TARGETS);
        b.relative |= node_is(n, IS_RELATIVE);
        b.conjunction |= node_is(n, IS_AND);
        b.because |= node_is(n, IS_BECAUSE) || node_is(n, IS_CAUSE_VERB);
    }
    return b;
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
