/* What the claims of a sentence share: their act, time, scope and place. */
#include "reading/claims.h"

enum { OWN_PLACE = 7 };

/* In the order of the phases. */
static void explain(reader *r, const hearing *h, const match *m, claim *c) {
    if (c->time >= 0)
        explain_also(r, &r->out->times.at[c->time].because, &c->because);
    if (c->place >= 0)
        explain_also(r, &r->out->places.at[c->place].because, &c->because);
    for (size_t i = 0; i < sizeof h->match / sizeof *h->match; i++)
        explain_match(r, h->match[i], &c->because);
    explain_match(r, m, &c->because);
    explain_match(r, actor_match(r, m->out.sentence, &c->actor), &c->because);
}

/* The day the news is about: the first single day told, if it is told near the head of the text. */
void claims_find_lead(reader *r) {
    r->lead_sentence = 0;
    if (r->lead != DAY_NONE) /* told in an earlier segment */
        return;
    for (size_t i = 0; i < r->times.size && r->times.at[i].sentence < 4; i++) {
        const time_node *t = &r->times.at[i];
        if (t->from == t->to && r->today != DAY_NONE && r->today - t->from <= 7) {
            r->lead = t->from;
            r->lead_sentence = t->sentence;
            return;
        }
    }
}

static size_t count_between(const void *at, size_t count, size_t item_size, uint32_t in, uint32_t from,
                            uint32_t to) {
    size_t n = 0;
    for (size_t i = first_of_sentence(at, count, item_size, in), k = 0; i < count && k < 64; i++, k++) {
        uint32_t item[3]; /* sentence, first, last */
        memcpy(item, (const char *)at + i * item_size, sizeof item);
        if (item[0] != in || item[1] >= to)
            break;
        n += item[1] >= from;
    }
    return n;
}

#define COUNT_BETWEEN(v, in, from, to) count_between((v).at, (v).size, sizeof *(v).at, (in), (from), (to))

/* Whether two neighbours of a sentence tell of different harm: another act is told between them, or another
 * speaker begins, with its own place or time, or each has its own place behind it ("3 in X and 5 in Y"). */
static bool parted(const reader *r, const member *a, const member *b, uint32_t s) {
    size_t places = COUNT_BETWEEN(r->places, s, a->last, b->first);
    size_t times = COUNT_BETWEEN(r->times, s, a->last, b->first);
    if (places + times &&
        (COUNT_BETWEEN(r->events, s, a->last, b->first) || reader_speaks_between(r, s, a->last, b->first)))
        return true;
    return COUNT_BETWEEN(r->places, s, a->last, a->last + OWN_PLACE) &&
           COUNT_BETWEEN(r->places, s, b->last, b->last + OWN_PLACE) && places;
}

/* Does the sentence before a list end in a colon, which the list hangs on? */
static bool hangs_on(const reader *r, const chooser *c) {
    const node *n = reader_node(r, c->at[0].first);
    while (n && n > r->nodes.node.at && n->sentence == c->sentence)
        n--;
    return n && c->before_sentence == n->sentence && node_is(n, IS_COLON);
}

/* The items of a list are of the harm that the line before it tells, but for what they tell themselves. */
static void share_head(const reader *r, const chooser *c) {
    const claim *head = c->head;
    bool act = COUNT_BETWEEN(r->events, c->sentence, 0, UINT32_MAX);
    bool time = COUNT_BETWEEN(r->times, c->sentence, 0, UINT32_MAX);
    bool placed = COUNT_BETWEEN(r->places, c->sentence, 0, UINT32_MAX);
    for (size_t i = 0; i < c->count; i++) {
        claim *x = c->at[i].claim;
        x->scope = head->scope;
        if (!act) {
            x->event = head->event;
            x->event_index = head->event_index;
        }
        if (!placed)
            x->place = head->place;
        if (time)
            continue;
        claim_take_time(x, head);
        x->time_inherited = head->time >= 0;
    }
}

/* Who struck goes on from sentence to sentence, and holds where the act itself is told later. Who laid a bomb
 * is told with it, or is not known; a clash has two sides; and what is of another day may be another's. */
static bool goes_on(const reader *r, const chooser *c, const claim *x, const actor_mention *actor) {
    const event *e = &r->out->events.at[x->event_index];
    bool apart = e->type == EVENT_EXPLOSIVE || e->type == EVENT_CLASH || e->type == EVENT_ACCIDENT;
    bool before = actor->at.start < reader_sentence(r, c->sentence).start,
         with_act = e->evidence.start <= actor->at.start && actor->at.end <= e->evidence.end;
    return !apart && x->scope == SCOPE_INCIDENT && !SPAN_NONE(actor->at) && (before || with_act);
}

/* "Shelling by X": the words that tell the actor tell the act too. */
static bool is_told_with_act(const reader *r, uint32_t in, const claim *x, const actor_mention *actor) {
    const match *m = actor_match(r, in, actor);
    if (!m)
        return false;
    const span *trigger = &r->out->events.at[x->event_index].trigger;
    span told = reader_span(r, m->out.first, m->out.last);
    return told.start <= trigger->start && trigger->end <= told.end;
}

/* Who did the claim's act, as its sentence tells; else whoever is told nearest in it, else before. */
static actor_mention actor_of(const reader *r, const chooser *c, const member *m) {
    const actor_mention none = {.at = {.text = STR_NONE}};
    bool act = m->claim->event_index >= 0;
    actor_mention of_act = act ? r->out->events.at[m->claim->event_index].actor : none;
    if (is_told_with_act(r, c->sentence, m->claim, &of_act))
        return of_act;
    actor_mention nearest = context_actor(r, c->sentence, m->first);
    if (!SPAN_NONE(nearest.at))
        return nearest;
    return act && goes_on(r, c, m->claim, &of_act) ? of_act : none;
}

static void set_shared(reader *r, chooser *c) {
    choose_time(r, c);
    choose_scope(r, c);
    choose_event(r, c);
    choose_place(r, c);
    bool item = c->before && reader_is_item(r, c->sentence);
    c->head = !item ? NULL : hangs_on(r, c) ? c->before : c->head;
    if (c->head)
        share_head(r, c);
    for (size_t i = 0; i < c->count; i++)
        c->at[i].claim->actor = actor_of(r, c, &c->at[i]);
    if (r->options && r->options->explain)
        for (size_t i = 0; i < c->count; i++) {
            hearing h = reader_hear(r, c->sentence, c->at[i].first);
            explain(r, &h, c->at[i].mark, c->at[i].claim);
        }
    c->before = c->at[c->count - 1].claim;
    c->before_sentence = c->sentence;
    c->before_time = c->time;
    c->count = 0;
}

static void note_harm_told(reader *r, const drafts *d) {
    r->harm_told = ARENA_NEW(r->scratch, uint64_t, r->tokens.sentence.size + 1);
    for (size_t i = 0; i < d->size; i++)
        if (d->at[i].claim >= 0)
            r->harm_told[d->at[i].mark->out.sentence] |= choice_harm_bit(&r->out->claims.at[d->at[i].claim]);
}

/* What the claims of each sentence share: their act, time, scope and place. */
void claims_set_contexts(reader *r, const drafts *d) {
    chooser c = {.before = NULL};
    note_harm_told(r, d);
    for (size_t i = 0; i < d->size; i++) {
        const draft *x = &d->at[i];
        if (x->claim < 0)
            continue;
        claim *of = &r->out->claims.at[x->claim];
        member m = {of, x->mark, x->people, x->people->first, x->people->last};
        uint32_t s = x->mark->out.sentence;
        if (c.count && (c.sentence != s || c.count == GROUP_MAX ||
                        (of->part_of < 0 && parted(r, &c.at[c.count - 1], &m, s))))
            set_shared(r, &c);
        c.sentence = s;
        c.paragraph = of->paragraph;
        c.at[c.count++] = m;
    }
    if (c.count)
        set_shared(r, &c);
}
