/* What two sentences of a text have in common: the acts, the harm and the places that they tell of. A time
 * told in the one may then hold for what is told in the other. */
#include "base/counters.h"
#include "reading/choice.h"

enum { LOOK = 8, HEADING_WORDS = 14 };

static void compare_places(const reader *r, uint32_t one, uint32_t other, kinship *k) {
    size_t a = FIRST_OF_SENTENCE(r->places, one), b = FIRST_OF_SENTENCE(r->places, other);
    for (size_t i = a, n = 0; i < r->places.size && r->places.at[i].sentence == one && n < LOOK; i++, n++) {
        const place_mention *p = &r->out->places.at[r->places.at[i].place];
        if (p->kind == PLACE_COUNTRY)
            continue;
        for (size_t j = b, o = 0; j < r->places.size && r->places.at[j].sentence == other && o < LOOK;
             j++, o++) {
            const place_mention *q = &r->out->places.at[r->places.at[j].place];
            COUNT(claim_steps, 1);
            k->place |= p == q;
            k->place_near = k->place_near || (p != q && q->kind != PLACE_COUNTRY && places_reach(p, q));
        }
    }
}

const place_node *choice_opening_place(const reader *r, uint32_t s) {
    size_t i = FIRST_OF_SENTENCE(r->places, s);
    if (i >= r->places.size || r->places.at[i].sentence != s ||
        (i + 1 < r->places.size && r->places.at[i + 1].sentence == s))
        return NULL;
    const node *n = reader_node(r, r->places.at[i].first), *first = r->nodes.node.at;
    if (!n || n == first || n[-1].sentence != s || !node_is(n - 1, IS_IN))
        return NULL;
    const node *in = n - 1;
    bool opens = in == first || in[-1].sentence != s ||
                 (node_is(in - 1, IS_AND) && (in - 1 == first || in[-2].sentence != s));
    return opens ? &r->places.at[i] : NULL;
}

static void compare_acts(const reader *r, uint32_t one, uint32_t other, kinship *k) {
    size_t a = FIRST_OF_SENTENCE(r->events, one), b = FIRST_OF_SENTENCE(r->events, other);
    bool both = false;
    for (size_t i = a, n = 0; i < r->events.size && r->events.at[i].sentence == one && n < LOOK; i++, n++) {
        for (size_t j = b, o = 0; j < r->events.size && r->events.at[j].sentence == other && o < LOOK;
             j++, o++) {
            const event_node *x = &r->events.at[i], *y = &r->events.at[j];
            COUNT(claim_steps, 1);
            both = true;
            k->act |= x->event >= 0 && x->event == y->event;
            k->kind |= x->type == y->type;
        }
    }
    k->other_act = both && !k->act;
}

kinship choice_kinship(const reader *r, uint32_t one, uint32_t other) {
    kinship k = {0};
    compare_acts(r, one, other, &k);
    compare_places(r, one, other, &k);
    k.harm = (r->harm_told[one] & r->harm_told[other]) != 0;
    k.no_harm = r->harm_told[other] == 0;
    return k;
}

bool choice_is_heading(const reader *r, uint32_t s) {
    const sentence *x = &r->tokens.sentence.at[s];
    bool alone = (s == 0 || x[-1].paragraph != x->paragraph) &&
                 (s + 1 >= r->tokens.sentence.size || x[1].paragraph != x->paragraph);
    if (!alone || x->last - x->first > HEADING_WORDS || reader_in_title(r, s) || x->end == x->start)
        return false;
    char last = r->tokens.text.data[x->end - 1];
    return last != '.' && last != ':';
}
