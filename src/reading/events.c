/* Events: the distinct acts that a document reports.
 *
 * Every event word is a mention. Mentions of the same type are one act unless they differ in place or day;
 * a mention without a place or a day of its own joins the latest act of its type. */
#include "reading/reader.h"

static int nearest_place(const reader *r, uint32_t in, uint32_t at) {
    int best = NONE;
    uint32_t distance = UINT32_MAX;
    for (size_t i = 0; i < r->places.size; i++) {
        const place_node *p = &r->places.at[i];
        if (p->sentence < in)
            continue;
        if (p->sentence > in)
            break;
        uint32_t d = p->first >= at ? p->first - at : (at - p->last) * 2;
        if (d < distance) {
            distance = d;
            best = p->place;
        }
    }
    return best;
}

static const time_node *sentence_time(const reader *r, uint32_t in) {
    for (size_t i = 0; i < r->times.size && r->times.at[i].sentence <= in; i++)
        if (r->times.at[i].sentence == in)
            return &r->times.at[i];
    return NULL;
}

static str date_of(reader *r, const time_node *t) {
    if (!t || t->from == DAY_NONE)
        return STR_NONE;
    str from = day_format(r->a, t->from);
    return t->from == t->to ? from : arena_printf(r->a, "%.*s/%.*s", STR_ARG(from), STR_ARG(day_format(r->a, t->to)));
}

static int same_act(const reader *r, const event *e) {
    for (size_t i = r->out->events.size; i-- > 0;) {
        const event *b = &r->out->events.at[i];
        if (b->type != e->type)
            continue;
        bool place_differs = e->places.size && b->places.size && e->places.at[0] != b->places.at[0];
        bool date_differs = e->date.data && b->date.data && !str_equal(e->date, b->date);
        if (!place_differs && !date_differs)
            return (int)i;
        if (r->out->events.size - i > 64)
            break;
    }
    return NONE;
}

static void fill(reader *r, const match *m, event *e) {
    const captured *t = &m->label[LABEL_T];
    uint32_t first = t->first->first, last = t->first->last, s = m->out.sentence;
    *e = (event){.type = (event_type)m->out.feature[FEATURE_EVENT], .trigger = reader_span(r, first, last), .time = NONE};
    int at = nearest_place(r, s, first);
    if (at >= 0)
        *VECTOR_PUSH(&e->places, r->a) = at;
    const time_node *when = sentence_time(r, s);
    e->time = when ? when->time : NONE;
    e->date = date_of(r, when);
    hearing h = reader_hear(r, s, first);
    e->voice = h.voice;
    for (size_t i = 0; i < h.via_count; i++)
        *VECTOR_PUSH(&e->via, r->a) = h.via[i];
    e->stance = h.stance ? (stance)(h.stance - 1) : STANCE_ASSERTS;
    e->evidence = reader_sentence(r, s);
    if (r->options && r->options->explain)
        reader_because(r, m, VECTOR_PUSH(&e->because, r->a));
}

void read_events(reader *r, const matches *marks) {
    uint32_t covered = 0;
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (m->out.first < covered || !m->out.feature[FEATURE_EVENT])
            continue;
        covered = m->out.last;
        event e;
        fill(r, m, &e);
        int known = same_act(r, &e);
        if (known < 0) {
            known = (int)r->out->events.size;
            *VECTOR_PUSH(&r->out->events, r->a) = e;
        } else {
            event *b = &r->out->events.at[known];
            if (!b->places.size && e.places.size)
                *VECTOR_PUSH(&b->places, r->a) = e.places.at[0];
            if (!b->date.data) {
                b->date = e.date;
                b->time = e.time;
            }
        }
        *VECTOR_PUSH(&r->events, r->a) = (event_node){m->out.sentence, m->out.first, m->out.last, e.type, known};
    }
}
