/* Where the harm of a claim was: the most specific place that is told for it. */
#include "base/counters.h"
#include "reading/choice.h"

enum { LATE_PLACES = 3, HEAD_PLACES = 3, WIDE = 2 };

typedef struct scene {
    bool own;        /* the claim's sentence names a place */
    bool own_wide;   /* and none but wide ones */
    bool own_narrow; /* and one as small as a town */
    bool title;
} scene;

int choice_specificity(const place_mention *p) {
    return p->radius_km <= 6     ? 5
           : p->radius_km <= 16  ? 4
           : p->radius_km <= 45  ? 3
           : p->radius_km <= 150 ? 2
           : p->radius_km <= 400 ? 1
                                 : 0;
}

static const place_mention *mention_of(const reader *r, const place_node *p) {
    return &r->out->places.at[p->place];
}

static bool is_wide(const reader *r, const place_node *p) {
    const place_mention *m = mention_of(r, p);
    return m->resolved ? choice_specificity(m) <= WIDE : m->kind == PLACE_COUNTRY || m->kind == PLACE_REGION;
}

static choice_list list_of(const reader *r) {
    return CHOICE_LIST(r->places, LATE_PLACES, HEAD_PLACES);
}

static void where_place_stands(const reader *r, const chooser *c, const member *m, const place_node *x,
                               const scene *s, traits *t) {
    uint32_t told_in = r->first_paragraph + r->tokens.sentence.at[x->sentence].paragraph;
    bool same = x->sentence == c->sentence;
    choice_list list = list_of(r);
    uint32_t nth = choice_others(&list, c, m, (size_t)(x - r->places.at));
    nth = nth > 3 ? 3 : nth;
    if (same) {
        bool after = x->first >= m->last;
        uint32_t d = after ? x->first - m->last : m->first > x->last ? m->first - x->last : 0;
        unsigned b = d < 2 ? 0 : d < 5 ? 1 : d < 10 ? 2 : d < 20 ? 3 : 4;
        traits_add(t, true, (after ? PLACE_TRAIT_after_0 : PLACE_TRAIT_before_0) + b);
        traits_add(t, true, (after ? PLACE_TRAIT_nth_after_0 : PLACE_TRAIT_nth_before_0) + nth);
    } else if (x->sentence < c->sentence) {
        uint32_t back = c->sentence - x->sentence;
        traits_add(t, true,
                   back == 1   ? PLACE_TRAIT_prev1
                   : back == 2 ? PLACE_TRAIT_prev2
                   : back < 6  ? PLACE_TRAIT_prev3
                               : PLACE_TRAIT_prev6);
    } else {
        traits_add(t, true, x->sentence == c->sentence + 1 ? PLACE_TRAIT_next1 : PLACE_TRAIT_next2);
    }
    if (!same) {
        traits_add(t, true, told_in == c->paragraph ? PLACE_TRAIT_paragraph : PLACE_TRAIT_other_paragraph);
        traits_add(t, s->own, PLACE_TRAIT_elsewhere_though_own);
        traits_add(t, s->own_wide, PLACE_TRAIT_elsewhere_own_wide);
        traits_add(t, s->own_narrow, PLACE_TRAIT_elsewhere_own_narrow);
        traits_add(t, s->title, PLACE_TRAIT_own_title);
    }
    traits_add(t, (size_t)(x - r->places.at) < HEAD_PLACES, PLACE_TRAIT_head);
    traits_add(t, reader_in_title(r, x->sentence), PLACE_TRAIT_in_title);
}

static void what_lies_between(const reader *r, const chooser *c, const member *m, const place_node *x,
                              traits *t) {
    if (x->sentence != c->sentence)
        return;
    between b =
        x->first >= m->last ? choice_between(r, m->last, x->first) : choice_between(r, x->last, m->first);
    traits_add(t, true, PLACE_TRAIT_comma_0 + (b.commas > 3 ? 3 : b.commas));
    traits_add(t, b.effect, PLACE_TRAIT_effect_between);
    traits_add(t, b.people, PLACE_TRAIT_people_between);
    traits_add(t, b.say, PLACE_TRAIT_say_between);
    traits_add(t, b.event, PLACE_TRAIT_event_between);
    traits_add(t, b.relative, PLACE_TRAIT_relative_between);
    traits_add(t, b.conjunction, PLACE_TRAIT_and_between);
    traits_add(t, b.because, PLACE_TRAIT_because_between);
    traits_add(t, b.harm, PLACE_TRAIT_harm_between);
}

static void what_place_is(const reader *r, const chooser *c, const place_node *x, traits *t) {
    const place_mention *x_is = mention_of(r, x);
    unsigned spec = x_is->resolved ? (unsigned)choice_specificity(x_is) : 0;
    bool same = x->sentence == c->sentence;
    if (x_is->resolved)
        traits_add(t, true, (same ? PLACE_TRAIT_spec_0 : PLACE_TRAIT_away_spec_0) + spec);
    traits_add(t, !x_is->resolved, PLACE_TRAIT_unresolved);
    traits_add(t, true, PLACE_TRAIT_kind_country + (unsigned)x_is->kind);
    traits_add(t, x->relation > 0, PLACE_TRAIT_relation_direction + (unsigned)(x->relation - 1));
    traits_add(t, x->led_to, PLACE_TRAIT_led_to);
    traits_add(t, attribution_holds(r, x->sentence, x->first), PLACE_TRAIT_attribution);
}

/* "the town X in the countryside of Y", "X, Y and Z" */
static void place_among_places(const reader *r, size_t i, traits *t) {
    const place_node *x = &r->places.at[i];
    const place_node *p = i && x[-1].sentence == x->sentence ? x - 1 : NULL;
    const place_node *n = i + 1 < r->places.size && x[1].sentence == x->sentence ? x + 1 : NULL;
    traits_add(t, !p, PLACE_TRAIT_first_of_sentence);
    traits_add(t, !n, PLACE_TRAIT_last_of_sentence);
    bool after_list = p && x->first == p->last + 1, before_list = n && n->first == x->last + 1;
    const node *link_p = after_list ? choice_node(r, p->last) : NULL;
    const node *link_n = before_list ? choice_node(r, x->last) : NULL;
    bool listed_later = link_p && (node_is(link_p, IS_AND) || node_is(link_p, IS_COMMA));
    bool listed_first = link_n && (node_is(link_n, IS_AND) || node_is(link_n, IS_COMMA));
    traits_add(t, listed_later, PLACE_TRAIT_listed_later);
    traits_add(t, listed_first && !listed_later, PLACE_TRAIT_listed_first);
    int mine = choice_specificity(mention_of(r, x));
    traits_add(t,
               p && !listed_later && x->first - p->last <= 2 && choice_specificity(mention_of(r, p)) > mine,
               PLACE_TRAIT_qualifies);
    traits_add(t,
               n && !listed_first && n->first - x->last <= 2 && choice_specificity(mention_of(r, n)) < mine,
               PLACE_TRAIT_qualified);
}

static void place_and_acts(const reader *r, const member *m, const place_node *x, traits *t) {
    uint32_t least = UINT32_MAX;
    bool before = false;
    for (size_t i = FIRST_OF_SENTENCE(r->events, x->sentence), k = 0;
         i < r->events.size && r->events.at[i].sentence == x->sentence && k < 16; i++, k++) {
        COUNT(claim_steps, 1);
        const event_node *e = &r->events.at[i];
        uint32_t d = e->first >= x->last ? e->first - x->last : x->first > e->last ? x->first - e->last : 0;
        if (d < least) {
            least = d;
            before = e->first < x->first;
        }
    }
    traits_add(t, true,
               least == UINT32_MAX ? PLACE_TRAIT_event_none
               : least <= 2        ? PLACE_TRAIT_event_2
               : least <= 6        ? PLACE_TRAIT_event_6
               : least <= 12       ? PLACE_TRAIT_event_12
                                   : PLACE_TRAIT_event_far);
    traits_add(t, before, PLACE_TRAIT_after_event);
    if (m->claim->event_index < 0)
        return;
    const event *e = &r->out->events.at[m->claim->event_index];
    bool among = false;
    for (size_t i = 0; i < e->places.size && i < 6; i++)
        among |= e->places.at[i] == x->place;
    traits_add(t, e->places.size && e->places.at[0] == x->place, PLACE_TRAIT_of_event);
    traits_add(t, among, PLACE_TRAIT_among_event);
}

/* One lies within the other: its circle is wider, and holds the other's middle. */
static bool holds(const place_mention *wide, const place_mention *p) {
    return wide->radius_km > p->radius_km &&
           places_within_km(wide->lat, wide->lon, p->lat, p->lon, wide->radius_km);
}

static void place_and_story(const reader *r, const chooser *c, const member *m, const place_node *x,
                            traits *t) {
    bool same = x->sentence == c->sentence;
    if (c->before && c->before->place >= 0) {
        bool last = c->before->place == x->place;
        traits_add(t, last, PLACE_TRAIT_last);
        traits_add(t, last && c->before_sentence == c->sentence, PLACE_TRAIT_last_sentence);
        traits_add(t, last && c->before->paragraph == c->paragraph, PLACE_TRAIT_last_paragraph);
        const place_mention *a = &r->out->places.at[c->before->place], *b = mention_of(r, x);
        bool known = !last && a->resolved && b->resolved;
        traits_add(t, known && holds(a, b), PLACE_TRAIT_within_last);
        traits_add(t, known && holds(b, a), PLACE_TRAIT_holds_last);
    }
    bool total = m->claim->scope == SCOPE_CUMULATIVE, past = m->claim->scope == SCOPE_BACKGROUND;
    traits_add(t, total, same ? PLACE_TRAIT_total_own : PLACE_TRAIT_total_away);
    traits_add(t, total && is_wide(r, x), PLACE_TRAIT_total_wide);
    traits_add(t, past, same ? PLACE_TRAIT_past_own : PLACE_TRAIT_past_away);
}

static void what_leads_to_place(const reader *r, const place_node *x, traits *t) {
    const node *n = choice_node(r, x->first);
    if (!n || n == r->nodes.node.at || n[-1].sentence != n->sentence)
        return;
    const node *b = n - 1;
    traits_add(t, node_is(b, IS_IN), PLACE_TRAIT_before_in);
    traits_add(t, node_is(b, IS_TO), PLACE_TRAIT_before_to);
    traits_add(t, node_is(b, IS_FROM), PLACE_TRAIT_before_from);
    traits_add(t, node_is(b, IS_EVENT) || node_is(b, IS_TARGETS) || node_is(b, IS_EFFECT),
               PLACE_TRAIT_before_act);
    traits_add(t, node_is(b, IS_DIRECTION), PLACE_TRAIT_before_direction);
    traits_add(t, node_is(b, IS_NEAR), PLACE_TRAIT_before_near);
    traits_add(t, node_is(b, IS_PERSON) || node_is(b, IS_PEOPLE) || node_is(b, IS_SOURCE),
               PLACE_TRAIT_before_person);
    traits_add(t, node_is(b, IS_SAY) || node_is(b, IS_COLON), PLACE_TRAIT_before_say);
    traits_add(t, node_is(b, IS_COMMA), PLACE_TRAIT_before_comma);
    traits_add(t, node_is(b, IS_OPENS) || node_is(b, IS_QUOTE), PLACE_TRAIT_after_opens);
}

static scene set_scene(const reader *r, const chooser *c, const size_t *at, size_t count) {
    scene s = {.title = reader_in_title(r, c->sentence), .own_wide = true};
    for (size_t i = 0; i < count; i++)
        if (r->places.at[at[i]].sentence == c->sentence) {
            s.own = true;
            s.own_wide &= is_wide(r, &r->places.at[at[i]]);
            const place_mention *m = mention_of(r, &r->places.at[at[i]]);
            s.own_narrow |= m->kind >= PLACE_CITY && m->kind <= PLACE_NEIGHBOURHOOD &&
                            !r->places.at[at[i]].led_to &&
                            !attribution_holds(r, c->sentence, r->places.at[at[i]].first);
        }
    s.own_wide &= s.own;
    return s;
}

static int64_t score_no_place(const reader *r, const chooser *c, const scene *s) {
    int64_t sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        const claim *x = c->at[i].claim;
        traits t = {0};
        traits_add(&t, true, PLACE_TRAIT_none);
        traits_add(&t, s->own, PLACE_TRAIT_none_though_own);
        traits_add(&t, x->scope == SCOPE_CUMULATIVE, PLACE_TRAIT_none_total);
        traits_add(&t, x->scope == SCOPE_BACKGROUND, PLACE_TRAIT_none_past);
        traits_add(&t, s->title, PLACE_TRAIT_none_title);
        traits_add(&t, !c->before, PLACE_TRAIT_none_first);
        traits_add(&t, x->event_index < 0, PLACE_TRAIT_none_no_event);
        choice_report(r, &c->at[i], "place", (span){.text = STR_NONE}, STR_NONE, &t);
        sum += traits_score(&t, place_weights);
    }
    return sum;
}

static int64_t score_place(const reader *r, const chooser *c, const scene *s, const place_node *x) {
    traits shared = {0};
    what_place_is(r, c, x, &shared);
    place_among_places(r, (size_t)(x - r->places.at), &shared);
    place_and_acts(r, &c->at[0], x, &shared);
    place_and_story(r, c, &c->at[0], x, &shared);
    what_leads_to_place(r, x, &shared);
    int64_t sum = traits_score(&shared, place_weights) * (int64_t)c->count;
    for (size_t i = 0; i < c->count; i++) {
        const member *m = &c->at[i];
        traits t = shared;
        where_place_stands(r, c, m, x, s, &t);
        what_lies_between(r, c, m, x, &t);
        choice_report(r, m, "place", mention_of(r, x)->at, STR_NONE, &t);
        sum += traits_score_from(&t, shared.count, place_weights);
    }
    return sum;
}

void choose_place(const reader *r, const chooser *c) {
    size_t at[CHOICE_MAX];
    choice_list list = list_of(r);
    size_t count = choice_candidates(&list, c, at);
    scene s = set_scene(r, c, at, count);
    int64_t best = score_no_place(r, c, &s);
    int chosen = NONE;
    for (size_t i = 0; i < count; i++) {
        int64_t score = score_place(r, c, &s, &r->places.at[at[i]]);
        if (score > best) {
            best = score;
            chosen = r->places.at[at[i]].place;
        }
    }
    for (size_t i = 0; i < c->count; i++)
        c->at[i].claim->place = chosen;
}
