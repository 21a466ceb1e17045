/* Events: the distinct acts that a document reports.
 *
 * Every event word is a mention; its weights say whether it tells a distinct act (acts.h). What does not is
 * told again, and adds to the act that it can be, or speaks of no act in particular. */
#include "reading/acts.h"

#include "base/counters.h"

enum { LOOK = 64, NEAR_SENTENCES = 3 };

static bool same_speaker(const event *a, const event *b) {
    if (SPAN_NONE(a->voice.at) || SPAN_NONE(b->voice.at))
        return SPAN_NONE(a->voice.at) && SPAN_NONE(b->voice.at);
    return str_equal(a->voice.at.text, b->voice.at.text);
}

static int rank(const reader *r, int at) {
    place_kind k = r->out->places.at[at].kind;
    return !r->out->places.at[at].resolved ? -1
           : k == PLACE_COUNTRY            ? 0
           : k == PLACE_REGION             ? 1
           : k == PLACE_AREA               ? 2
                                           : 3;
}

/* A later mention may say more exactly where: that place comes first. */
static void add_places(reader *r, event *b, const event *e) {
    if (!e->places.size)
        return;
    for (size_t i = 0; i < b->places.size; i++)
        if (b->places.at[i] == e->places.at[0])
            return;
    *VECTOR_PUSH(&b->places, r->a) = e->places.at[0];
    size_t last = b->places.size - 1;
    if (last && rank(r, b->places.at[last]) > rank(r, b->places.at[0])) {
        int first = b->places.at[0];
        b->places.at[0] = b->places.at[last];
        b->places.at[last] = first;
    }
}

/* What another mention adds to an act: its kind, its place, its day. */
static void enrich(reader *r, event *b, act *told, const event *e, const act *a) {
    bool vaguer = b->type == EVENT_OTHER_ATTACK ? e->type != EVENT_OTHER_ATTACK
                                                : told->vague && !a->vague && e->type != EVENT_OTHER_ATTACK;
    if (vaguer) {
        told->vague = a->vague;
        b->type = e->type;
    }
    add_places(r, b, e);
    if (SPAN_NONE(b->actor.at))
        b->actor = e->actor;
    explain_also(r, &e->because, &b->because);
    if (e->counted && !b->counted) {
        b->counted = true;
        b->min = e->min;
        b->max = e->max;
    }
    if (!b->date.data) {
        b->date = e->date;
        b->time = e->time;
    }
}

/* In the order of the phases. */
static void explain(reader *r, const hearing *h, const match *m, event *e) {
    if (e->time >= 0)
        explain_also(r, &r->out->times.at[e->time].because, &e->because);
    if (e->places.size)
        explain_also(r, &r->out->places.at[e->places.at[0]].because, &e->because);
    for (size_t i = 0; i < sizeof h->match / sizeof *h->match; i++)
        explain_match(r, h->match[i], &e->because);
    explain_match(r, m, &e->because);
    explain_match(r, actor_match(r, m->out.sentence, &e->actor), &e->because);
}

static void fill(reader *r, const act *a, event *e) {
    const match *m = a->mark;
    const captured *t = &m->label[LABEL_T];
    uint32_t first = t->first->first, last = t->first->last, s = m->out.sentence;
    *e = (event){.type = a->type, .trigger = reader_span(r, first, last), .time = NONE};
    if (a->place >= 0)
        *VECTOR_PUSH(&e->places, r->a) = a->place;
    const time_node *when = a->time;
    e->time = when ? when->time : NONE;
    e->date = context_date(r, when);
    hearing h = reader_hear(r, s, first);
    e->voice = h.voice;
    for (size_t i = 0; i < h.via_count; i++)
        *VECTOR_PUSH(&e->via, r->a) = h.via[i];
    e->stance = h.stance ? (stance)(h.stance - 1) : STANCE_ASSERTS;
    e->actor = context_actor(r, s, first);
    e->counted = m->label[LABEL_C].count > 0;
    e->min = m->out.min;
    e->max = m->out.max;
    e->evidence = reader_sentence(r, s);
    explain(r, &h, m, e);
}

/* How an act ended stands on somebody's word: where the act was told by another, it is told again by him. */
static void set_outcome(reader *r, const match *m) {
    uint32_t s = m->out.sentence;
    const event_node *told = NULL;
    for (size_t i = r->events.size; i-- > 0 && r->events.at[i].sentence >= s;)
        if (r->events.at[i].sentence == s && r->events.at[i].first < m->out.first) {
            told = &r->events.at[i];
            break;
        }
    if (!told || told->event < 0)
        return;
    event e = r->out->events.at[told->event];
    hearing h = reader_hear(r, s, m->out.first);
    e.voice = h.voice;
    e.outcome = reader_span(r, m->out.first, m->out.last);
    e.outcome_kind = (outcome_kind)m->out.feature[FEATURE_OUTCOME];
    explain_match(r, m, &e.because);
    if (same_speaker(&e, &r->out->events.at[told->event])) {
        r->out->events.at[told->event] = e;
        return;
    }
    e.evidence = reader_sentence(r, s);
    e.trigger = reader_span(r, told->first, told->last);
    const time_node *when = context_time(r, s, told->first);
    if (when) {
        e.time = when->time;
        e.date = context_date(r, when);
    }
    *VECTOR_PUSH(&r->out->events, r->a) = e;
}

/* "Thirty strikes" are not the six told before. */
static bool numbers_meet(const reader *r, const act *a, const act *b) {
    const event *e = &r->out->events.at[b->event];
    return !a->mark->label[LABEL_C].count || !e->counted ||
           (a->mark->out.min == e->min && a->mark->out.max == e->max);
}

/* The act that a mention speaks of: the one told in its sentence, the last one that it can be, else the next.
 * One that refers back may be told of elsewhere: then it is the last of its kind. */
static act *spoken_of(const reader *r, const acts *all, size_t i) {
    const act *a = &all->at[i];
    act *last = NULL;
    for (size_t k = i; k-- > 0 && i - k <= LOOK;) {
        act *b = &all->at[k];
        COUNT(claim_steps, 1);
        if (b->event < 0 || b->score <= 0 || !acts_same_kind(a, b) || !numbers_meet(r, a, b))
            continue;
        if (b->sentence == a->sentence || acts_may_be_one(r, a, b))
            return b;
        last = last ? last : b;
    }
    for (size_t k = i + 1; k < all->size && k - i <= LOOK; k++) {
        COUNT(claim_steps, 1);
        if (all->at[k].score > 0 && acts_may_be_one(r, a, &all->at[k]) && numbers_meet(r, a, &all->at[k]))
            return &all->at[k];
    }
    return act_has(a, ACT_DEFINITE) ? last : NULL;
}

static bool close_by(const act *a, const act *b) {
    return (a->sentence > b->sentence ? a->sentence - b->sentence : b->sentence - a->sentence) <=
           NEAR_SENTENCES;
}

static void put_mention(reader *r, const acts *all, size_t i, size_t base) {
    const act *a = &all->at[i];
    act_mention *m = VECTOR_PUSH(&r->out->acts, r->a);
    *m = (act_mention){.at = reader_span(r, a->first, a->last),
                       .evidence = reader_sentence(r, a->sentence),
                       .type = a->type,
                       .event = a->event,
                       .score = (double)a->score};
    for (int f = 0; f < ACT_FEATURES; f++)
        if (act_has(a, (enum act_feature)f))
            *VECTOR_PUSH(&m->features, r->a) = act_feature_name((enum act_feature)f);
    for (size_t k = i > LOOK ? i - LOOK : 0; k < i; k++) {
        unsigned ties = acts_tie(r, a, &all->at[k]);
        if (ties)
            *VECTOR_PUSH(&m->ties, r->a) = (act_tie_mention){(int)(base + k), ties};
    }
}

void read_events(reader *r, const matches *marks, const matches *claims) {
    acts all;
    acts_weigh(r, marks, claims, &all);
    size_t base = r->out->acts.size;
    for (size_t i = 0; i < all.size; i++)
        if (all.at[i].score > 0) {
            all.at[i].event = (int)r->out->events.size;
            fill(r, &all.at[i], VECTOR_PUSH(&r->out->events, r->a));
        }
    for (size_t i = 0; i < all.size; i++) {
        act *a = &all.at[i], *b = a->event < 0 && !act_is_sum(a) ? spoken_of(r, &all, i) : NULL;
        if (b) {
            a->event = b->event;
            event e;
            fill(r, a, &e);
            if (close_by(a, b) || !act_has(a, ACT_DEFINITE))
                enrich(r, &r->out->events.at[b->event], b, &e, a);
        }
        *VECTOR_PUSH(&r->events, r->scratch) = (event_node){
            a->sentence, a->first, a->last, a->type, a->event, a->mark->label[LABEL_C].count > 0};
        if (r->options && r->options->numbers)
            put_mention(r, &all, i, base);
    }
    for (size_t i = 0; i < all.size; i++) /* "the attack": as the act that it speaks of was in the end */
        if (all.at[i].event >= 0) {
            r->events.at[i].type = r->out->events.at[all.at[i].event].type;
            r->events.at[i].counted |= r->out->events.at[all.at[i].event].counted;
        }
    for (size_t i = 0; i < marks->at.size; i++)
        if (marks->at.at[i].rule->emits == IS_ENDED)
            set_outcome(r, &marks->at.at[i]);
}
