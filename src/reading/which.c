/* Which act befell the people of a claim. */
#include "base/counters.h"
#include "reading/acts.h"
#include "reading/choice.h"

enum { LATE_EVENTS = 3, HEAD_EVENTS = 2 };

static choice_list list_of(const reader *r) {
    return CHOICE_LIST(r->events, LATE_EVENTS, HEAD_EVENTS);
}

static void what_lies_between(const reader *r, const member *m, const event_node *x, traits *t) {
    between b =
        x->first >= m->last ? choice_between(r, m->last, x->first) : choice_between(r, x->last, m->first);
    traits_add(t, true, EVENT_TRAIT_comma_0 + (b.commas > 3 ? 3 : b.commas));
    traits_add(t, b.effect, EVENT_TRAIT_effect_between);
    traits_add(t, b.people, EVENT_TRAIT_people_between);
    traits_add(t, b.say, EVENT_TRAIT_say_between);
    traits_add(t, b.event, EVENT_TRAIT_event_between);
    traits_add(t, b.relative, EVENT_TRAIT_relative_between);
    traits_add(t, b.because, EVENT_TRAIT_because_between);
    traits_add(t, b.harm, EVENT_TRAIT_harm_between);
}

static void where_event_stands(const reader *r, const chooser *c, const member *m, const event_node *x,
                               traits *t) {
    uint32_t told_in = r->first_paragraph + r->tokens.sentence.at[x->sentence].paragraph;
    if (x->sentence == c->sentence) {
        bool after = x->first >= m->last;
        uint32_t d = after ? x->first - m->last : m->first > x->last ? m->first - x->last : 0;
        unsigned b = d < 3 ? 0 : d < 8 ? 1 : d < 15 ? 2 : 3;
        traits_add(t, true, (after ? EVENT_TRAIT_after_0 : EVENT_TRAIT_before_0) + b);
        what_lies_between(r, m, x, t);
    } else if (x->sentence < c->sentence) {
        uint32_t back = c->sentence - x->sentence;
        traits_add(t, true,
                   back == 1   ? EVENT_TRAIT_prev1
                   : back == 2 ? EVENT_TRAIT_prev2
                   : back < 6  ? EVENT_TRAIT_prev3
                               : EVENT_TRAIT_prev6);
    } else {
        traits_add(t, true, x->sentence == c->sentence + 1 ? EVENT_TRAIT_next1 : EVENT_TRAIT_next2);
    }
    choice_list list = list_of(r);
    uint32_t nth = choice_others(&list, c, m, (size_t)(x - r->events.at));
    traits_add(t, true, EVENT_TRAIT_nth_0 + (nth > 2 ? 2 : nth));
    if (x->sentence != c->sentence)
        traits_add(t, true, told_in == c->paragraph ? EVENT_TRAIT_paragraph : EVENT_TRAIT_other_paragraph);
    traits_add(t, (size_t)(x - r->events.at) == 0, EVENT_TRAIT_first);
    traits_add(t, reader_in_title(r, x->sentence), EVENT_TRAIT_in_title);
}

static void what_event_is(const chooser *c, const member *m, const event_node *x, traits *t) {
    bool same = x->sentence == c->sentence;
    event_type type = x->type;
    traits_add(t, true, (same ? EVENT_TRAIT_air_strike : EVENT_TRAIT_away_air_strike) + (unsigned)type - 1);
    effect e = m->claim->effect;
    bool detention = type == EVENT_DETENTION;
    traits_add(t, detention && e == EFFECT_DETAINED, EVENT_TRAIT_detained_detention);
    traits_add(t, !detention && e == EFFECT_DETAINED, EVENT_TRAIT_detained_other);
    traits_add(t, detention && e == EFFECT_DISPLACED, EVENT_TRAIT_displaced_detention);
    traits_add(t, detention && e == EFFECT_KILLED, EVENT_TRAIT_killed_detention);
    traits_add(t, detention && e == EFFECT_INJURED, EVENT_TRAIT_injured_detention);
    traits_add(t, detention && e == EFFECT_MISSING, EVENT_TRAIT_missing_detention);
    traits_add(t, type == EVENT_EXECUTION && e == EFFECT_INJURED, EVENT_TRAIT_injured_execution);
    traits_add(t, type == EVENT_SHOOTING && e == EFFECT_INJURED, EVENT_TRAIT_injured_shooting);
    traits_add(t, type == EVENT_ACCIDENT && e == EFFECT_MISSING, EVENT_TRAIT_missing_accident);
}

static void how_event_is_told(const reader *r, const chooser *c, const event_node *x, traits *t) {
    const node *n = reader_node(r, x->first);
    if (n) {
        traits_add(t, n->feature[FEATURE_DEFINITE] || n->feature[FEATURE_PRONOUN], EVENT_TRAIT_definite);
        traits_add(t, n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK, EVENT_TRAIT_vague);
        traits_add(t, node_is(n, IS_WEAPON), EVENT_TRAIT_weapon);
        traits_add(t, node_is(n, IS_EFFECT) || node_is(n, IS_HARMED), EVENT_TRAIT_with_harm);
        traits_add(t, n->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL, EVENT_TRAIT_plural);
        if (n > r->nodes.node.at && n[-1].sentence == n->sentence)
            traits_add(t, node_is(n - 1, IS_BECAUSE) || node_is(n - 1, IS_CAUSE_VERB),
                       EVENT_TRAIT_after_because);
    }
    unsigned told = 0;
    for (size_t i = 0; i < r->events.size && i < 48 && told < 4; i++)
        told += x->event >= 0 && r->events.at[i].event == x->event;
    traits_add(t, told >= 2, EVENT_TRAIT_told_2);
    traits_add(t, told >= 4, EVENT_TRAIT_told_4);
    if (c->before) {
        bool last = x->event >= 0 && c->before->event_index == x->event;
        traits_add(t, last, EVENT_TRAIT_last);
        traits_add(t, last && c->before_sentence == c->sentence, EVENT_TRAIT_last_sentence);
        traits_add(t, last && c->before->paragraph == c->paragraph, EVENT_TRAIT_last_paragraph);
    }
}

static int64_t score_no_event(const reader *r, const chooser *c, size_t own) {
    int64_t sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        traits t = {0};
        effect e = c->at[i].claim->effect;
        traits_add(&t, true, EVENT_TRAIT_none);
        traits_add(&t, own > 0, EVENT_TRAIT_none_though_own);
        traits_add(&t, reader_in_title(r, c->sentence), EVENT_TRAIT_none_title);
        traits_add(&t, !c->before, EVENT_TRAIT_none_first);
        traits_add(&t, e == EFFECT_DETAINED, EVENT_TRAIT_none_detained);
        traits_add(&t, e == EFFECT_DISPLACED, EVENT_TRAIT_none_displaced);
        scope told = c->at[i].claim->scope;
        traits_add(&t, told == SCOPE_CUMULATIVE, EVENT_TRAIT_none_total);
        traits_add(&t, told == SCOPE_BACKGROUND, EVENT_TRAIT_none_past);
        choice_report(r, &c->at[i], "event", (span){.text = STR_NONE}, STR_NONE, &t);
        sum += traits_score(&t, r->weights->event);
    }
    return sum;
}

static int64_t score_event(const reader *r, const chooser *c, const event_node *x, size_t own) {
    bool same = x->sentence == c->sentence;
    scope told = c->at[0].claim->scope;
    traits shared = {0};
    how_event_is_told(r, c, x, &shared);
    traits_add(&shared, same && own == 1, EVENT_TRAIT_only);
    traits_add(&shared, !same && own, EVENT_TRAIT_elsewhere_though_own);
    traits_add(&shared, told == SCOPE_CUMULATIVE, same ? EVENT_TRAIT_total_own : EVENT_TRAIT_total_away);
    traits_add(&shared, told == SCOPE_BACKGROUND, same ? EVENT_TRAIT_past_own : EVENT_TRAIT_past_away);
    traits_add(&shared, !same && reader_in_title(r, c->sentence), EVENT_TRAIT_own_title);
    int64_t sum = traits_score(&shared, r->weights->event) * (int64_t)c->count;
    for (size_t i = 0; i < c->count; i++) {
        const member *m = &c->at[i];
        traits t = shared;
        where_event_stands(r, c, m, x, &t);
        what_event_is(c, m, x, &t);
        choice_report(r, m, "event", reader_span(r, x->first, x->last), str_of(event_type_name(x->type)), &t);
        sum += traits_score_from(&t, shared.count, r->weights->event);
    }
    return sum;
}

/* Acts of several kinds together, which no single one of them is: "in the attacks of this month". */
static int64_t score_many(const reader *r, const chooser *c, const size_t *at, size_t count, size_t own) {
    unsigned types = 0, afar = 0, own_types = 0;
    bool plural = false;
    for (size_t i = 0; i < count; i++) {
        event_type type = r->events.at[at[i]].type;
        types |= 1U << type;
        if (r->events.at[at[i]].sentence != c->sentence)
            continue;
        afar |= act_from_above(type) ? 1U << type : 0;
        own_types |= 1U << type;
        const node *n = reader_node(r, r->events.at[at[i]].first);
        plural |= n && n->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL;
    }
    bool mixed = own_types & (own_types - 1);
    int64_t sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        traits t = {0};
        scope told = c->at[i].claim->scope;
        traits_add(&t, true, EVENT_TRAIT_many);
        traits_add(&t, told == SCOPE_CUMULATIVE, EVENT_TRAIT_many_total);
        traits_add(&t, told == SCOPE_BACKGROUND, EVENT_TRAIT_many_past);
        traits_add(&t, mixed, EVENT_TRAIT_many_mixed);
        traits_add(&t, mixed && told == SCOPE_CUMULATIVE, EVENT_TRAIT_many_mixed_total);
        traits_add(&t, (afar & (afar - 1)) != 0, EVENT_TRAIT_many_afar);
        traits_add(&t, plural, EVENT_TRAIT_many_plural);
        traits_add(&t, !own, EVENT_TRAIT_many_none_own);
        traits_add(&t, (types & (types - 1)) != 0, EVENT_TRAIT_many_story_mixed);
        traits_add(&t, c->at[i].claim->effect == EFFECT_DETAINED, EVENT_TRAIT_many_detained);
        traits_add(&t, c->before && c->before->event == EVENT_OTHER_ATTACK && c->before->event_index < 0,
                   EVENT_TRAIT_many_last);
        choice_report(r, &c->at[i], "event", (span){.text = STR_NONE},
                      str_of(event_type_name(EVENT_OTHER_ATTACK)), &t);
        sum += traits_score(&t, r->weights->event);
    }
    return sum;
}

/* "Two attacks left five dead": one figure for several attacks is a total (several strikes may be one). */
static bool sums_attacks(const reader *r, const event_node *x, uint32_t in) {
    const event *e = x->event >= 0 ? &r->out->events.at[x->event] : NULL;
    const node *n = reader_node(r, x->first);
    bool dual = n && n->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL;
    return x->sentence == in && x->type == EVENT_OTHER_ATTACK && (dual || (e && e->counted && e->min >= 2));
}

/* Does an act of another sentence lie elsewhere than where the claim's sentence opens? One that tells no
 * place may be anywhere. */
static bool is_elsewhere(const reader *r, const place_node *opening, const event_node *x) {
    enum { LOOK = 8 };
    const place_mention *here = &r->out->places.at[opening->place];
    bool any = false;
    if (x->sentence == opening->sentence)
        return false;
    for (size_t i = FIRST_OF_SENTENCE(r->places, x->sentence), n = 0;
         i < r->places.size && r->places.at[i].sentence == x->sentence && n < LOOK; i++, n++) {
        const place_mention *there = &r->out->places.at[r->places.at[i].place];
        COUNT(claim_steps, 1);
        if (there == here || places_reach(here, there))
            return false;
        any |= there->kind != PLACE_COUNTRY;
    }
    return any;
}

/* The acts that the claims may be of: all that are near, but those elsewhere. */
static size_t acts_to_choose_from(const reader *r, const chooser *c, size_t at[CHOICE_MAX]) {
    choice_list list = list_of(r);
    size_t count = choice_candidates(&list, c, at), kept = 0;
    const place_node *opening = choice_opening_place(r, c->sentence);
    for (size_t i = 0; i < count; i++)
        if (!opening || !is_elsewhere(r, opening, &r->events.at[at[i]]))
            at[kept++] = at[i];
    return kept;
}

void choose_event(const reader *r, const chooser *c) {
    size_t at[CHOICE_MAX];
    size_t count = acts_to_choose_from(r, c, at), own = 0;
    for (size_t i = 0; i < count; i++)
        own += r->events.at[at[i]].sentence == c->sentence;
    int64_t best = score_no_event(r, c, own);
    int64_t several = score_many(r, c, at, count, own);
    bool many = count && several > best; /* where no act at all is told there are not several */
    best = many ? several : best;
    const event_node *chosen = NULL;
    for (size_t i = 0; i < count; i++) {
        int64_t score = score_event(r, c, &r->events.at[at[i]], own);
        if (score > best) {
            best = score;
            chosen = &r->events.at[at[i]];
            many = false;
        }
    }
    for (size_t i = 0; i < c->count; i++) {
        claim *x = c->at[i].claim;
        x->event_index = chosen ? chosen->event : NONE;
        x->event = chosen ? chosen->type : many ? EVENT_OTHER_ATTACK : EVENT_NONE;
        if (chosen && sums_attacks(r, chosen, c->sentence))
            x->scope = SCOPE_CUMULATIVE;
    }
}
