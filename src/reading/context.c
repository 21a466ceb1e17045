/* What a claim or an event takes from the words around it: its place and its time.
 *
 * Of the places of a sentence the most specific wins, the nearer of two alike; one that belongs to the
 * speaker ("our correspondent in Idlib") or that people were carried to is the harm's place only where there
 * is no other. Of its times the nearest wins, those of the act of speaking aside. */
#include "base/counters.h"
#include "base/search.h"
#include "reading/choice.h"

enum { STEP = 20, FAR = 60, CARRIED_TO = 70, NO_SCORE = -10000 };

size_t first_of_sentence(const void *at, size_t count, size_t item_size, uint32_t in) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        uint32_t number;
        memcpy(&number, (const char *)at + middle * item_size, sizeof number);
        if (number < in)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

local_clock *reader_clock(const reader *r) {
    local_clock *c = r->clock;
    if (c && !c->asked)
        clock_find(c, r->article->published_offset, r->article->outlet, r->article->url);
    return c;
}

const node *reader_node(const reader *r, uint32_t at) {
    size_t first;
    FIRST_NOT(first, r->nodes.node.size, i, r->nodes.node.at[i].last <= at);
    return first < r->nodes.node.size ? &r->nodes.node.at[first] : NULL;
}

const node *reader_first_node(const reader *r, uint32_t s) {
    size_t first;
    FIRST_NOT(first, r->nodes.node.size, i, r->nodes.node.at[i].sentence < s);
    return &r->nodes.node.at[first];
}

bool reader_is_item(const reader *r, uint32_t s) {
    const node *n = reader_first_node(r, s);
    return n < r->nodes.node.at + r->nodes.node.size && n->sentence == s && node_is(n, IS_DASH);
}

bool places_reach(const place_mention *p, const place_mention *q) {
    return p->resolved && q->resolved &&
           places_within_km(p->lat, p->lon, q->lat, q->lon, p->radius_km + q->radius_km);
}

bool node_made_of(const node *n, enum lang_class c) {
    const match *m = n->match;
    for (uint32_t i = 0; m && i < m->count; i++)
        if (node_is(&m->first[i], c))
            return true;
    return node_is(n, c);
}

/* Attributions lie in the order of the text and apart from one another: the last that begins at or before a
 * piece holds it, or none does. */
bool attribution_holds(const reader *r, uint32_t in, uint32_t first) {
    size_t low = 0, high = r->attributions.size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const attribution *x = &r->attributions.at[middle];
        COUNT(claim_steps, 1);
        if (x->sentence < in || (x->sentence == in && x->first <= first))
            low = middle + 1;
        else
            high = middle;
    }
    const attribution *x = low ? &r->attributions.at[low - 1] : NULL;
    return x && x->sentence == in && first < x->last;
}

void context_settle(reader *r) {
    for (size_t i = 0; i < r->places.size; i++) {
        place_node *p = &r->places.at[i];
        p->in_attribution = attribution_holds(r, p->sentence, p->first);
    }
    for (size_t i = 0; i < r->times.size; i++) {
        time_node *t = &r->times.at[i];
        t->in_attribution = attribution_holds(r, t->sentence, t->first);
    }
}

/* By how far the place reaches; a name that the gazetteer lacks is as exact as its kind can be, but unsure.
 */
static int specificity(const place_mention *p, int relation) {
    if (!p->resolved)
        return p->kind == PLACE_COUNTRY || p->kind == PLACE_REGION ? 1 : 3;
    int s = choice_specificity(p);
    return relation == VALUE_RELATION_DIRECTION && s > 1 ? s - 2 : s;
}

static int place_score(const reader *r, const place_node *p, uint32_t at) {
    const place_mention *m = &r->out->places.at[p->place];
    uint32_t distance = p->first >= at ? p->first - at : at - p->last + 4;
    int score = specificity(m, p->relation) * STEP - (int)(distance > FAR ? FAR : distance);
    if (p->in_attribution)
        score -= 2 * FAR;
    if (p->led_to)
        score -= CARRIED_TO;
    return score;
}

/* "The governor of X said": where the speaker is at home says nothing of where in so wide a place it was. */
static bool is_home_of_speaker(const reader *r, const place_node *p) {
    const place_mention *m = &r->out->places.at[p->place];
    return (m->kind == PLACE_COUNTRY || m->kind == PLACE_REGION) && p->in_attribution;
}

int context_place(const reader *r, uint32_t in, uint32_t at) {
    int best = NO_SCORE, chosen = NONE;
    for (size_t i = FIRST_OF_SENTENCE(r->places, in); i < r->places.size && r->places.at[i].sentence == in;
         i++) {
        COUNT(claim_steps, 1);
        if (is_home_of_speaker(r, &r->places.at[i]))
            continue;
        int score = place_score(r, &r->places.at[i], at);
        if (score > best) {
            best = score;
            chosen = r->places.at[i].place;
        }
    }
    return chosen;
}

const time_node *context_time(const reader *r, uint32_t in, uint32_t at) {
    const time_node *best = NULL;
    int least = 100000;
    for (size_t i = FIRST_OF_SENTENCE(r->times, in); i < r->times.size && r->times.at[i].sentence == in;
         i++) {
        COUNT(claim_steps, 1);
        const time_node *t = &r->times.at[i];
        if (t->time < 0 && t->from != t->to) /* "some days ago" dates no act */
            continue;
        int distance = t->first >= at ? (int)(t->first - at) + 3 : (int)(at - t->last);
        if (t->in_attribution)
            distance += FAR;
        if (distance < least) {
            least = distance;
            best = t;
        }
    }
    return best;
}

const time_node *context_time_before(const reader *r, uint32_t in) {
    size_t at = FIRST_OF_SENTENCE(r->times, in);
    return at ? &r->times.at[at - 1] : NULL;
}

void read_actors(reader *r, const matches *marks) {
    uint32_t covered = 0;
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        const captured *a = &m->label[LABEL_A];
        if (m->out.first < covered || !a->count)
            continue;
        covered = m->out.last;
        actor_node n = {m->out.sentence,
                        a->first->first,
                        a->first[a->count - 1].last,
                        m,
                        {reader_span(r, a->first->first, a->first[a->count - 1].last),
                         m->out.feature[FEATURE_HEDGED] != 0}};
        *VECTOR_PUSH(&r->actors, r->scratch) = n;
    }
}

const actor_node *context_actor_node(const reader *r, uint32_t in, uint32_t at) {
    const actor_node *best = NULL;
    uint32_t least = UINT32_MAX;
    size_t low = FIRST_OF_SENTENCE(r->actors, in);
    for (; low < r->actors.size && r->actors.at[low].sentence == in; low++) {
        COUNT(claim_steps, 1);
        const actor_node *n = &r->actors.at[low];
        uint32_t distance = n->first > at ? n->first - at : at - n->first;
        if (distance < least) {
            least = distance;
            best = n;
        }
    }
    return best;
}

actor_mention context_actor(const reader *r, uint32_t in, uint32_t at) {
    const actor_node *n = context_actor_node(r, in, at);
    return n ? n->actor : (actor_mention){.at = {.text = STR_NONE}};
}

const match *actor_match(const reader *r, uint32_t in, const actor_mention *actor) {
    if (SPAN_NONE(actor->at))
        return NULL;
    size_t low = FIRST_OF_SENTENCE(r->actors, in);
    for (; low < r->actors.size && r->actors.at[low].sentence == in; low++)
        if (r->actors.at[low].actor.at.start == actor->at.start)
            return r->actors.at[low].match;
    return NULL;
}

str context_date(const reader *r, const time_node *t) {
    if (!t || t->from == DAY_NONE)
        return STR_NONE;
    if (t->time < 0) /* vague: "a little while ago" is of its day, "in the past months" dates nothing */
        return t->from == t->to ? day_format(r->a, t->from) : STR_NONE;
    str value = r->out->times.at[t->time].value;
    size_t clock = str_find(value, STR("T"), 0);
    return clock == SIZE_MAX ? value : str_slice(value, 0, clock);
}
