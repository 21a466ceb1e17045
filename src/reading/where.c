/* Where the harm of a claim was: the most specific place that is told for it. */
#include "base/counters.h"
#include "reading/choice.h"

enum {
    LATE_PLACES = 3,
    HEAD_PLACES = 3,
    WIDE = 2,
    OWN_PLACES = 4,
    AROUND = 60,
    LED_BY = 6,

    OPENING = 4
};

/* What the text as a whole tells of a place. */
typedef struct told_place {
    uint16_t acts; /* bits: kinds of acts that it is the place of */
    uint16_t told; /* how often */
} told_place;

struct place_story {
    told_place *at; /* by place of the segment */
    int most;       /* the place told most often of those that are not wide; NONE */
};

typedef struct scene {
    bool own;        /* the claim's sentence names a place */
    bool own_wide;   /* and none but wide ones */
    bool own_narrow; /* and one as small as a town */
    bool title;
    const place_node *here[OWN_PLACES]; /* places of the claim's sentence */
    size_t here_count;
    int antecedent; /* the place that "the town" of the claim's sentence means; NONE */
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

static told_place *told_of(const struct place_story *s, const reader *r, int index) {
    return &s->at[(size_t)index - r->first_place];
}

static bool is_wide(const reader *r, const place_node *p) {
    const place_mention *m = mention_of(r, p);
    return m->resolved ? choice_specificity(m) <= WIDE : m->kind == PLACE_COUNTRY || m->kind == PLACE_REGION;
}

void place_story_prepare(reader *r) {
    size_t count = r->out->places.size - r->first_place;
    struct place_story *s = ARENA_NEW(r->scratch, struct place_story, 1);
    *s = (struct place_story){ARENA_NEW(r->scratch, told_place, count + 1), NONE};
    for (size_t i = 0; i < r->places.size; i++)
        s->at[(size_t)r->places.at[i].place - r->first_place].told++;
    for (size_t i = r->first_event; i < r->out->events.size; i++) {
        const event *e = &r->out->events.at[i];
        for (size_t k = 0; k < e->places.size; k++)
            if ((size_t)e->places.at[k] >= r->first_place)
                s->at[(size_t)e->places.at[k] - r->first_place].acts |= (uint16_t)(1u << e->type);
    }
    for (size_t i = 0; i < r->places.size; i++) {
        const place_node *p = &r->places.at[i];
        bool more = s->most == NONE || told_of(s, r, p->place)->told > told_of(s, r, s->most)->told;
        if (more && !is_wide(r, p))
            s->most = p->place;
    }
    r->story = s;
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

static bool is_list_link(const reader *r, const place_node *x, const place_node *next) {
    const node *link = next->first == x->last + 1 ? reader_node(r, x->last) : NULL;
    return link && (node_is(link, IS_AND) || node_is(link, IS_COMMA));
}

/* "X in the countryside of Y, and Z": X begins a list, though what follows it at once tells where it is. */
static bool heads_list(const reader *r, size_t i) {
    const place_node *x = &r->places.at[i], *end = r->places.at + r->places.size;
    if (i && x[-1].sentence == x->sentence && (is_list_link(r, x - 1, x) || x->first - x[-1].last <= 2))
        return false;
    for (int k = 0; k < 3 && x + 1 < end && x[1].sentence == x->sentence; k++, x++) {
        if (is_list_link(r, x, x + 1))
            return k > 0;
        if (x[1].first - x->last > 2)
            return false;
    }
    return false;
}

/* "the town X in the countryside of Y", "X, Y and Z" */
static void place_among_places(const reader *r, size_t i, traits *t) {
    const place_node *x = &r->places.at[i];
    const place_node *p = i && x[-1].sentence == x->sentence ? x - 1 : NULL;
    const place_node *n = i + 1 < r->places.size && x[1].sentence == x->sentence ? x + 1 : NULL;
    traits_add(t, !n, PLACE_TRAIT_last_of_sentence);
    bool after_list = p && x->first == p->last + 1, before_list = n && n->first == x->last + 1;
    const node *link_p = after_list ? reader_node(r, p->last) : NULL;
    const node *link_n = before_list ? reader_node(r, x->last) : NULL;
    bool listed_later = link_p && (node_is(link_p, IS_AND) || node_is(link_p, IS_COMMA));
    bool listed_first = link_n && (node_is(link_n, IS_AND) || node_is(link_n, IS_COMMA));
    traits_add(t, listed_later, PLACE_TRAIT_listed_later);
    traits_add(t, listed_first && !listed_later, PLACE_TRAIT_listed_first);
    traits_add(t, heads_list(r, i), PLACE_TRAIT_heads_list);
    int mine = choice_specificity(mention_of(r, x));
    bool later = p && !listed_later && x->first - p->last <= 2;
    traits_add(t, later, PLACE_TRAIT_chain_later);
    traits_add(t, n && !listed_first && n->first - x->last <= 2 && !later, PLACE_TRAIT_chain_first);
    traits_add(t,
               p && !listed_later && x->first - p->last <= 2 && choice_specificity(mention_of(r, p)) > mine,
               PLACE_TRAIT_qualifies);
    traits_add(t,
               n && !listed_first && n->first - x->last <= 2 && choice_specificity(mention_of(r, n)) < mine,
               PLACE_TRAIT_qualified);
}

static void place_and_acts(const reader *r, const member *m, const place_node *x, traits *t) {
    uint32_t least = UINT32_MAX;
    for (size_t i = FIRST_OF_SENTENCE(r->events, x->sentence), k = 0;
         i < r->events.size && r->events.at[i].sentence == x->sentence && k < 16; i++, k++) {
        COUNT(claim_steps, 1);
        const event_node *e = &r->events.at[i];
        uint32_t d = e->first >= x->last ? e->first - x->last : x->first > e->last ? x->first - e->last : 0;
        least = d < least ? d : least;
    }
    traits_add(t, true,
               least == UINT32_MAX ? PLACE_TRAIT_event_none
               : least <= 2        ? PLACE_TRAIT_event_2
               : least <= 6        ? PLACE_TRAIT_event_6
               : least <= 12       ? PLACE_TRAIT_event_12
                                   : PLACE_TRAIT_event_far);
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

/* What a sentence away tells besides the place: the claim's harm or other harm, its act or another. */
static void what_sentence_tells(const reader *r, const chooser *c, const member *m, const place_node *x,
                                traits *t) {
    if (x->sentence == c->sentence)
        return;
    uint64_t told = r->harm_told[x->sentence], mine = choice_harm_bit(m->claim);
    traits_add(t, true,
               !told         ? PLACE_TRAIT_harm_none
               : told & mine ? PLACE_TRAIT_harm_same
                             : PLACE_TRAIT_harm_other);
    kinship k = choice_kinship(r, c->sentence, x->sentence);
    traits_add(t, k.act, PLACE_TRAIT_kin_act);
    traits_add(t, k.other_act, PLACE_TRAIT_kin_other_act);
}

static void place_in_text(const reader *r, const chooser *c, const member *m, const place_node *x,
                          const scene *s, traits *t) {
    bool same = x->sentence == c->sentence;
    const told_place *told = told_of(r->story, r, x->place);
    unsigned often = told->told >= 5 ? 2 : told->told >= 3 ? 1 : 0;
    if (told->told >= 2)
        traits_add(t, true, (same ? PLACE_TRAIT_told_2 : PLACE_TRAIT_away_told_2) + often);
    traits_add(t, x->place == r->story->most, same ? PLACE_TRAIT_told_most : PLACE_TRAIT_away_told_most);
    if (m->claim->event_index >= 0 && told->acts) {
        bool such = told->acts & (1u << r->out->events.at[m->claim->event_index].type);
        traits_add(t, such, same ? PLACE_TRAIT_act_own : PLACE_TRAIT_act_away);
        traits_add(t, !such && same, PLACE_TRAIT_act_other_own);
    }
    bool within = false, around = false;
    for (size_t i = 0; i < s->here_count; i++) {
        COUNT(claim_steps, 1);
        const place_mention *here = mention_of(r, s->here[i]), *there = mention_of(r, x);
        within |= here->resolved && there->resolved && holds(here, there);
        around |= here->resolved && there->resolved && holds(there, here);
    }
    traits_add(t, within, same ? PLACE_TRAIT_narrower_own : PLACE_TRAIT_within_own);
    traits_add(t, around, same ? PLACE_TRAIT_wider_own : PLACE_TRAIT_around_own);
    if (same)
        return;
    traits_add(t, s->antecedent == x->place, PLACE_TRAIT_antecedent);
    traits_add(t, s->antecedent != NONE && s->antecedent != x->place, PLACE_TRAIT_no_antecedent);
}

/* In the few words before a place: who is stationed there, or comes from there. */
static void what_leads_from_afar(const reader *r, const node *n, traits *t) {
    bool stationed = false, home = false;
    for (int k = 1; k <= LED_BY && n - k >= r->nodes.node.at && n[-k].sentence == n->sentence; k++) {
        const node *b = n - k;
        if (node_is(b, IS_COMMA) || node_is(b, IS_EFFECT) || node_is(b, IS_PEOPLE))
            break;
        stationed |= node_is(b, IS_STATIONED);
        home |= node_is(b, IS_HOME) && k <= 3;
    }
    traits_add(t, stationed, PLACE_TRAIT_stationed);
    traits_add(t, home, PLACE_TRAIT_home);
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
    traits_add(t, total && c->before && c->before->place == x->place && c->before->scope == SCOPE_CUMULATIVE,
               PLACE_TRAIT_last_total);
    traits_add(t, total, same ? PLACE_TRAIT_total_own : PLACE_TRAIT_total_away);
    traits_add(t, total && is_wide(r, x), PLACE_TRAIT_total_wide);
    traits_add(t, past, same ? PLACE_TRAIT_past_own : PLACE_TRAIT_past_away);
}

/* "In the countryside of X, …", "Sources in X, …": a place in the first words, and a comma behind it. */
static bool opens_sentence(const reader *r, const node *n) {
    const node *end = r->nodes.node.at + r->nodes.node.size;
    for (int k = 1; k <= OPENING; k++)
        if (n - k < r->nodes.node.at || n[-k].sentence != n->sentence)
            return n + 1 < end && node_is(n + 1, IS_COMMA);
    return false;
}

static void what_leads_to_place(const reader *r, const place_node *x, traits *t) {
    const node *n = reader_node(r, x->first);
    if (!n)
        return;
    bool opens = n == r->nodes.node.at || n[-1].sentence != n->sentence;
    const node *end = r->nodes.node.at + r->nodes.node.size;
    traits_add(t,
               opens && n + 1 < end &&
                   (node_is(n + 1, IS_COLON) || node_is(n + 1, IS_DASH) || node_is(n + 1, IS_OPENS)),
               PLACE_TRAIT_dateline);
    if (opens)
        return;
    what_leads_from_afar(r, n, t);
    traits_add(t, opens_sentence(r, n), PLACE_TRAIT_opens);
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
    traits_add(t, node_is(b, IS_TITLE), PLACE_TRAIT_before_title);
    traits_add(t, node_is(b, IS_SAY) || node_is(b, IS_COLON), PLACE_TRAIT_before_say);
    traits_add(t, node_is(b, IS_COMMA), PLACE_TRAIT_before_comma);
    traits_add(t, node_is(b, IS_OPENS) || node_is(b, IS_QUOTE), PLACE_TRAIT_after_opens);
}

static unsigned kind_meant(const node *n) {
    int kind = n->feature[FEATURE_PLACE_KIND];
    bool bare = node_is(n, IS_PLACE_HEAD) && !node_is(n, IS_PLACE) && n->feature[FEATURE_DEFINITE] && kind;
    unsigned bit = bare ? 1u << (kind - 1) : 0, town = 1u << PLACE_CITY | 1u << PLACE_VILLAGE;
    return bit & town ? bit | town : bit;
}

/* The kind of place that a sentence names by its kind alone ("the village"), as bits. */
static unsigned kinds_meant(const reader *r, const chooser *c) {
    const node *people = c->at[0].people, *end = r->nodes.node.at + r->nodes.node.size;
    unsigned kinds = 0;
    for (const node *n = people; n >= r->nodes.node.at && n->sentence == c->sentence && people - n < AROUND;
         n--)
        kinds |= kind_meant(n);
    for (const node *n = people; n < end && n->sentence == c->sentence && n - people < AROUND; n++)
        kinds |= kind_meant(n);
    return kinds;
}

static int find_antecedent(const reader *r, const chooser *c, const size_t *at, size_t count) {
    unsigned kinds = kinds_meant(r, c);
    for (size_t i = 0; kinds && i < count; i++) {
        const place_node *x = &r->places.at[at[i]];
        if (x->sentence < c->sentence && kinds & (1u << mention_of(r, x)->kind))
            return x->place;
    }
    return NONE;
}

static scene set_scene(const reader *r, const chooser *c, const size_t *at, size_t count) {
    scene s = {.title = reader_in_title(r, c->sentence), .own_wide = true};
    s.antecedent = find_antecedent(r, c, at, count);
    for (size_t i = 0; i < count; i++)
        if (r->places.at[at[i]].sentence == c->sentence) {
            s.own = true;
            if (s.here_count < OWN_PLACES)
                s.here[s.here_count++] = &r->places.at[at[i]];
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
        traits_add(&t, c->before && c->before->place < 0, PLACE_TRAIT_none_last_none);
        choice_report(r, &c->at[i], "place", (span){.text = STR_NONE}, STR_NONE, &t);
        sum += traits_score(&t, r->weights->place);
    }
    return sum;
}

static int64_t score_place(const reader *r, const chooser *c, const scene *s, const place_node *x) {
    traits shared = {0};
    what_place_is(r, c, x, &shared);
    place_among_places(r, (size_t)(x - r->places.at), &shared);
    place_and_acts(r, &c->at[0], x, &shared);
    place_and_story(r, c, &c->at[0], x, &shared);
    place_in_text(r, c, &c->at[0], x, s, &shared);
    what_leads_to_place(r, x, &shared);
    what_sentence_tells(r, c, &c->at[0], x, &shared);
    int64_t sum = traits_score(&shared, r->weights->place) * (int64_t)c->count;
    for (size_t i = 0; i < c->count; i++) {
        const member *m = &c->at[i];
        traits t = shared;
        where_place_stands(r, c, m, x, s, &t);
        what_lies_between(r, c, m, x, &t);
        choice_report(r, m, "place", mention_of(r, x)->at, STR_NONE, &t);
        sum += traits_score_from(&t, shared.count, r->weights->place);
    }
    return sum;
}

/* "Syria's Idlib": the state that a place belongs to stands before it, and is not itself where. */
static bool owns_next(const reader *r, const place_node *x) {
    enum { POSSESSIVE = 2 }; /* an apostrophe, an s */
    const place_node *next = x + 1, *end = r->places.at + r->places.size;
    return next < end && mention_of(r, x)->kind == PLACE_COUNTRY && next->sentence == x->sentence &&
           (next->first == x->last ||
            (next->first == x->last + POSSESSIVE && node_is(reader_node(r, x->last), IS_APOSTROPHE)));
}

static bool tells_of_war(const reader *r, uint32_t s) {
    const node *n = reader_first_node(r, s), *end = r->nodes.node.at + r->nodes.node.size;
    for (int k = 0; n < end && n->sentence == s && k < AROUND; n++, k++)
        if (node_is(n, IS_WAR))
            return true;
    return false;
}

static bool is_told_state(const reader *r, const place_node *x) {
    return mention_of(r, x)->kind == PLACE_COUNTRY && !attribution_holds(r, x->sentence, x->first);
}

/* "More than 300,000 people have been killed since the war began": in the state that the text is about, told
 * last before, or else next. */
static int state_at_war(const reader *r, const chooser *c, const scene *s) {
    enum { NEAREST = 32 };
    if (s->own || c->at[0].claim->scope != SCOPE_CUMULATIVE || !tells_of_war(r, c->sentence))
        return NONE;
    size_t from = FIRST_OF_SENTENCE(r->places, c->sentence);
    for (size_t i = from; i > 0 && from - i < NEAREST; i--)
        if (is_told_state(r, &r->places.at[i - 1]))
            return r->places.at[i - 1].place;
    for (size_t i = from; i < r->places.size && i - from < NEAREST; i++)
        if (is_told_state(r, &r->places.at[i]))
            return r->places.at[i].place;
    return NONE;
}

static void set_place(const chooser *c, int chosen) {
    for (size_t i = 0; i < c->count; i++)
        c->at[i].claim->place = chosen;
}

void choose_place(const reader *r, const chooser *c) {
    const place_node *opening = choice_opening_place(r, c->sentence);
    if (opening) {
        set_place(c, opening->place);
        return;
    }
    size_t at[CHOICE_MAX];
    choice_list list = list_of(r);
    size_t count = choice_candidates(&list, c, at);
    scene s = set_scene(r, c, at, count);
    int chosen = state_at_war(r, c, &s);
    if (chosen != NONE) {
        set_place(c, chosen);
        return;
    }
    int64_t best = score_no_place(r, c, &s);
    for (size_t i = 0; i < count; i++) {
        if (owns_next(r, &r->places.at[at[i]]))
            continue;
        int64_t score = score_place(r, c, &s, &r->places.at[at[i]]);
        if (score > best) {
            best = score;
            chosen = r->places.at[at[i]].place;
        }
    }
    set_place(c, chosen);
}
