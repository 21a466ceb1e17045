/* Events: the distinct acts that a document reports.
 *
 * Every event word is a mention. Mentions of the same type are one act unless they differ in place or day;
 * a mention without a place or a day of its own joins the latest act of its type. */
#include "base/counters.h"
#include "reading/reader.h"

static bool is_attack(event_type t) {
    return t != EVENT_DETENTION && t != EVENT_PROTEST && t != EVENT_ACCIDENT && t != EVENT_DISASTER;
}

static bool from_above(event_type t) {
    return t == EVENT_AIR_STRIKE || t == EVENT_DRONE_STRIKE || t == EVENT_SHELLING;
}

/* "The attack" may be any kind of attack, "the bombardment" any kind from above. */
static bool same_kind(event_type a, bool a_vague, event_type b, bool b_vague) {
    if (a == b)
        return true;
    if ((a_vague || b_vague) && from_above(a) && from_above(b))
        return true;
    return is_attack(a) && is_attack(b) && (a == EVENT_OTHER_ATTACK || b == EVENT_OTHER_ATTACK);
}

static bool places_meet(const reader *r, const event *a, const event *b) {
    if (!a->places.size || !b->places.size)
        return true;
    const place_mention *p = &r->out->places.at[a->places.at[0]], *q = &r->out->places.at[b->places.at[0]];
    if (p == q)
        return true;
    return p->resolved && q->resolved &&
           places_distance_km(p->lat, p->lon, q->lat, q->lon) <= p->radius_km + q->radius_km;
}

static bool dates_meet(const event *a, const event *b) {
    return !a->date.data || !b->date.data || str_equal(a->date, b->date);
}

typedef struct mention {
    uint32_t sentence;
    bool refers_back; /* definite, or "its": an act told before */
    bool weapon;      /* only the weapon is named */
    bool vague;       /* a word that does not say which kind of attack */
    bool another;     /* "a similar strike" */
    bool title;
} mention;

static bool same_speaker(const event *a, const event *b) {
    if (SPAN_NONE(a->voice.at) || SPAN_NONE(b->voice.at))
        return SPAN_NONE(a->voice.at) && SPAN_NONE(b->voice.at);
    return str_equal(a->voice.at.text, b->voice.at.text);
}

/* The act that a mention speaks of, told before; NONE where it is a new one. */
static int same_act(const reader *r, const event *e, const mention *m, const mention *told) {
    for (size_t i = r->out->events.size, looked = 0; i-- > r->first_event && looked < 64; looked++) {
        COUNT(claim_steps, 1);
        const event *b = &r->out->events.at[i];
        if (!same_kind(b->type, told[i - r->first_event].vague, e->type, m->vague) ||
            (e->counted && b->counted && (e->min != b->min || e->max != b->max)))
            continue;
        if (e->counted && told[i - r->first_event].sentence !=
                              m->sentence) /* "six strikes" are some of the strikes, or all */
            continue;
        bool near = m->sentence - told[i - r->first_event].sentence <= 3;
        if (told[i - r->first_event].sentence == m->sentence || m->refers_back || (m->weapon && near) ||
            (told[i - r->first_event].title && b->type == e->type))
            return (int)i;
        if ((b->type == e->type || near) && places_meet(r, e, b) && dates_meet(e, b))
            return (int)i;
    }
    return NONE;
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

/* What a later mention adds to an act: its kind, its place, its day. */
static void enrich(reader *r, event *b, mention *told, const event *e, const mention *m) {
    bool vaguer = b->type == EVENT_OTHER_ATTACK ? e->type != EVENT_OTHER_ATTACK
                                                : told->vague && !m->vague && e->type != EVENT_OTHER_ATTACK;
    if (vaguer) {
        told->vague = m->vague;
        b->type = e->type;
        b->trigger = e->trigger;
        b->evidence = e->evidence;
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

static void fill(reader *r, const match *m, event *e) {
    const captured *t = &m->label[LABEL_T];
    uint32_t first = t->first->first, last = t->first->last, s = m->out.sentence;
    *e = (event){.type = (event_type)m->out.feature[FEATURE_EVENT],
                 .trigger = reader_span(r, first, last),
                 .time = NONE};
    int at = context_place(r, s, first);
    if (at >= 0)
        *VECTOR_PUSH(&e->places, r->a) = at;
    const time_node *when = context_time(r, s, first);
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

static mention describe(const reader *r, const match *m) {
    const node *t = m->label[LABEL_T].first;
    bool back = t->feature[FEATURE_DEFINITE] || t->feature[FEATURE_PRONOUN];
    const node *end = r->nodes.node.at + r->nodes.node.size;
    bool another = t + 1 < end && t[1].sentence == t->sentence && node_is(t + 1, IS_SIMILAR);
    bool weapon = node_is(t, IS_WEAPON) && !m->label[LABEL_W].count,
         vague = t->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    return (mention){m->out.sentence, back,
                     weapon,          vague && !m->label[LABEL_W].count,
                     another,         reader_in_title(r, m->out.sentence)};
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
    if (!told)
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

void read_events(reader *r, const matches *marks) {
    uint32_t covered = 0;
    int first = (int)r->first_event;
    mention *told = ARENA_NEW(r->scratch, mention, marks->at.size + 1);
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (m->rule->emits == IS_ENDED)
            continue;
        if (m->out.first < covered || !m->out.feature[FEATURE_EVENT])
            continue;
        covered = m->out.last;
        event e;
        fill(r, m, &e);
        mention how = describe(r, m);
        int known = how.another ? NONE : same_act(r, &e, &how, told);
        if (known >= 0) {
            if (how.sentence - told[known - first].sentence <= 3 || !how.refers_back)
                enrich(r, &r->out->events.at[known], &told[known - first], &e, &how);
            if (told[known - first].title &&
                !how.title) { /* the body tells it more fully than the headline */
                r->out->events.at[known].evidence = e.evidence;
                r->out->events.at[known].trigger = e.trigger;
                told[known - first] = how;
            }
        } else {
            known = (int)r->out->events.size;
            told[known - first] = how;
            *VECTOR_PUSH(&r->out->events, r->a) = e;
        }
        *VECTOR_PUSH(&r->events, r->scratch) =
            (event_node){m->out.sentence, m->out.first, m->out.last, e.type, known};
    }
    for (size_t i = 0; i < marks->at.size; i++)
        if (marks->at.at[i].rule->emits == IS_ENDED)
            set_outcome(r, &marks->at.at[i]);
}
