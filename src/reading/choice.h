/* Choices among what a text offers, by a linear model.
 *
 * What a claim takes from the words around it (its time, whether it is a total or an earlier incident, its
 * place) is chosen among candidates. A candidate has traits (it stands in the claim's sentence, it is a
 * village, a comma lies between); each trait has a weight, the highest sum wins, the first of two alike. The
 * weights are trained (eval/train_weights.py) and stand in data/reading/weights.tsv. */
#ifndef ISN_READING_CHOICE_H
#define ISN_READING_CHOICE_H

#include "reading/reader.h"

/* clang-format off */
#define TIME_TRAITS(X) \
    X(none_though_own) X(none_though_own_day) X(is_vague) X(none) X(none_in_title) X(none_last_none) \
    X(none_total) X(after_0) X(before_0) X(prev1) X(prev2) X(prev6) X(next1) X(next2) X(in_title) \
    X(own_title) X(nearest_before) X(only) X(between_0) X(between_2) X(attribution) X(after_say) X(comma_0) \
    X(comma_2) X(comma_3) X(say_between) X(relative_between) X(and_between) X(opens) X(is_long) X(is_month) \
    X(is_lead) X(before_lead) X(after_lead) X(no_lead) X(today) X(yesterday) X(much_older) X(last_paragraph) \
    X(prev_past_told) X(after_effect) X(none_another) X(prev_another) X(prev_place_new) X(away_lead) \
    X(away_head) X(par_2) X(span_past) X(opens_early) X(future) X(said_before) X(act_before) X(said_after) \
    X(act_after) X(away_same_act) X(away_other_act) X(away_same_kind) X(away_same_harm) X(away_no_harm) \
    X(away_place_same) X(away_place_near) X(away_heading) X(none_heading) X(away_general) X(next_long) X(none_general) \
    X(par_0) X(away_said) X(turn_between) X(region_new) X(as_of) X(just_now) X(none_earlier)

#define SCOPE_TRAITS(X) \
    X(bias) X(time_none) X(time_day) X(time_days) X(time_long) X(time_month) X(time_year) X(time_since) \
    X(inherited) X(lead_same) X(lead_before_7) X(lead_older) X(total_near) X(total_in) X(since_in) \
    X(during_in) X(past_in) X(past_at_start) X(events_0) X(events_1) X(events_plural) X(event_counted) \
    X(places_0) X(min_0) X(min_1) X(min_2) X(min_30) X(min_100) X(min_1000) X(open) X(title) X(head) \
    X(late) X(last_paragraph_cumulative) X(last_other_cumulative) X(last_other_background) X(part) X(said) \
    X(monitor) X(rises) X(effect_injured) X(relative_before) X(civilian) X(time_opens) X(span_past) \
    X(span_past_own) X(pub_same) X(pub_1) X(pub_older) X(pub_none) X(dual_near) X(kinds_3) \
    X(places_plural) X(heads_plural) X(had_done) X(had_done_start) X(new_time_background) \
    X(own_day_before) X(vague_in) X(general_in) X(prev_total) X(acts_2)

#define PLACE_TRAITS(X) \
    X(none) X(none_though_own) X(none_total) X(none_title) X(none_first) X(none_past) X(none_no_event) \
    X(after_0) X(after_2) X(after_5) X(after_10) X(after_20) X(before_0) X(before_2) X(before_5) \
    X(before_10) X(before_20) X(prev1) X(prev2) X(prev3) X(prev6) X(next1) X(next2) X(paragraph) \
    X(other_paragraph) X(head) X(in_title) X(own_title) X(elsewhere_though_own) X(elsewhere_own_wide) \
    X(elsewhere_own_narrow) X(nth_after_0) X(nth_after_1) X(nth_after_2) X(nth_after_3) X(nth_before_0) \
    X(nth_before_1) X(nth_before_2) X(nth_before_3) X(last_of_sentence) X(comma_0) X(comma_1) X(comma_2) \
    X(comma_3) X(effect_between) X(people_between) X(say_between) X(event_between) X(relative_between) \
    X(and_between) X(because_between) X(harm_between) X(spec_0) X(spec_1) X(spec_2) X(spec_3) X(spec_4) \
    X(spec_5) X(unresolved) X(away_spec_0) X(away_spec_1) X(away_spec_2) X(away_spec_3) X(away_spec_4) \
    X(away_spec_5) X(kind_country) X(kind_region) X(kind_city) X(kind_village) X(kind_neighbourhood) \
    X(kind_site) X(kind_area) X(relation_direction) X(relation_near) X(relation_between) \
    X(relation_countryside) X(relation_centre) X(relation_distance) X(led_to) X(attribution) X(qualifies) \
    X(qualified) X(listed_first) X(listed_later) X(event_2) X(event_6) X(event_12) X(event_far) \
    X(event_none) X(of_event) X(among_event) X(last) X(last_sentence) X(last_paragraph) X(total_own) \
    X(total_away) X(total_wide) X(past_own) X(past_away) X(before_in) X(before_to) X(before_from) \
    X(before_act) X(before_direction) X(before_near) X(before_person) X(before_say) X(before_comma) \
    X(within_last) X(holds_last) X(after_opens) X(told_2) X(told_3) X(told_5) X(away_told_2) \
    X(away_told_3) X(away_told_5) X(told_most) X(away_told_most) X(act_own) X(act_away) X(act_other_own) \
    X(within_own) X(antecedent) X(no_antecedent) X(dateline) X(stationed) X(home) X(before_title) \
    X(chain_first) X(chain_later) X(last_total) X(none_last_none) X(opens) X(harm_same) X(harm_other) \
    X(harm_none) X(kin_act) X(kin_other_act) X(heads_list) \
    X(narrower_own) X(wider_own) X(around_own)

#define EVENT_TRAITS(X) \
    X(many) X(many_total) X(many_past) X(many_mixed) X(many_mixed_total) X(many_plural) X(many_afar) \
    X(many_last) X(many_none_own) X(many_story_mixed) X(many_detained) X(none_total) X(none_past) \
    X(total_own) X(total_away) X(past_own) X(past_away) X(none) X(none_though_own) X(none_title) \
    X(none_first) X(none_detained) X(none_displaced) X(after_0) X(after_3) X(after_8) X(after_15) \
    X(before_0) X(before_3) X(before_8) X(before_15) X(prev1) X(prev2) X(prev3) X(prev6) X(next1) \
    X(next2) X(paragraph) X(other_paragraph) X(first) X(in_title) X(own_title) X(elsewhere_though_own) \
    X(nth_0) X(nth_1) X(nth_2) X(only) X(comma_0) X(comma_1) X(comma_2) X(comma_3) X(effect_between) \
    X(people_between) X(say_between) X(event_between) X(relative_between) X(because_between) \
    X(harm_between) X(after_because) X(definite) X(vague) X(weapon) X(plural) X(last) X(last_sentence) \
    X(last_paragraph) X(told_2) X(told_4) X(air_strike) X(drone_strike) X(shelling) X(explosive) X(clash) \
    X(shooting) X(execution) X(detention) X(protest) X(accident) X(disaster) X(other_attack) \
    X(detained_detention) X(detained_other) X(displaced_detention) X(killed_detention) \
    X(injured_detention) X(injured_execution) X(injured_shooting) X(missing_detention) \
    X(missing_accident) X(away_air_strike) X(away_drone_strike) X(away_shelling) X(away_explosive) \
    X(away_clash) X(away_shooting) X(away_execution) X(away_detention) X(away_protest) X(away_accident) \
    X(away_disaster) X(away_other_attack) X(with_harm)
/* clang-format on */

#define TRAIT_EVENT(name) EVENT_TRAIT_##name,
#define TRAIT_TIME(name)  TIME_##name,
#define TRAIT_SCOPE(name) SCOPE_TRAIT_##name,
#define TRAIT_PLACE(name) PLACE_TRAIT_##name,
enum event_trait { EVENT_TRAITS(TRAIT_EVENT) EVENT_TRAIT_COUNT };
enum time_trait { TIME_TRAITS(TRAIT_TIME) TIME_TRAIT_COUNT };
enum scope_trait { SCOPE_TRAITS(TRAIT_SCOPE) SCOPE_TRAIT_COUNT };
enum place_trait { PLACE_TRAITS(TRAIT_PLACE) PLACE_TRAIT_COUNT };
#undef TRAIT_EVENT
#undef TRAIT_TIME
#undef TRAIT_SCOPE
#undef TRAIT_PLACE

/* Thousandths; compiled from data/reading/weights.tsv and corrections.tsv. */
typedef struct choice_weights {
    const char *language; /* empty: of all languages that have none of their own */
    int32_t event[EVENT_TRAIT_COUNT];
    int32_t time[TIME_TRAIT_COUNT];
    int32_t scope[2][SCOPE_TRAIT_COUNT]; /* cumulative, background; incident is 0 */
    int32_t place[PLACE_TRAIT_COUNT];
} choice_weights;
extern const choice_weights reading_weights[]; /* the last is for all languages */
const choice_weights *choice_weights_of(str language);
/* 16 hex of SHA-256 over the tables. */
extern const char reading_weights_version[17];

enum { TRAITS_MAX = 64 };
typedef struct traits {
    uint16_t at[TRAITS_MAX];
    uint32_t count;
} traits;

static inline void traits_add(traits *t, bool holds, unsigned trait) {
    if (holds && t->count < TRAITS_MAX)
        t->at[t->count++] = (uint16_t)trait;
}

/* From the trait of a number on: the ones before it are what a candidate shares for all claims that choose.
 */
static inline int64_t traits_score_from(const traits *t, uint32_t first, const int32_t *weights) {
    int64_t sum = 0;
    for (uint32_t i = first; i < t->count; i++)
        sum += weights[t->at[i]];
    return sum;
}

static inline int64_t traits_score(const traits *t, const int32_t *weights) {
    return traits_score_from(t, 0, weights);
}

/* Claims of one sentence that no other act parts: they are of one harm, and choose together. */
typedef struct member {
    claim *claim; /* its effect, figures, people and voice are set */
    const match *mark;
    const node *people;
    uint32_t first, last; /* pieces of the people */
} member;

enum { GROUP_MAX = 24 };
typedef struct chooser {
    member at[GROUP_MAX];
    size_t count;
    uint32_t sentence, paragraph;
    const claim *before; /* the claim before the group, or NULL */
    const claim *head;   /* that of the line before the list whose items these are, or NULL */
    uint32_t before_sentence;
    const struct time_node *time,
        *before_time; /* chosen for the group, and for the claim before it; or NULL */
} chooser;

/* What a claim chooses from: items in the order of the text that begin with their sentence and first piece.
 * Near claims are looked at whole, of those behind them `late`, of the head of the text `head`. */
typedef struct choice_list {
    const void *at;
    size_t count, item_size, late, head;
} choice_list;
#define CHOICE_LIST(v, late, head) ((choice_list){(v).at, (v).size, sizeof *(v).at, (late), (head)})
enum { CHOICE_NEAR = 8, CHOICE_SAME = 12, CHOICE_HEAD = 3 };
enum { CHOICE_MAX = CHOICE_NEAR + 2 * CHOICE_SAME + CHOICE_HEAD };
/* The indices of the candidates, the nearest before the people first; bounded, whatever the text. */
size_t choice_candidates(const choice_list *l, const chooser *c, size_t out[CHOICE_MAX]);
/* How many other items stand between one and the people. */
uint32_t choice_others(const choice_list *l, const chooser *c, const member *m, size_t index);

/* What stands between a candidate and the people in their sentence. */
typedef struct between {
    unsigned commas;
    bool effect, people, say, event, relative, conjunction, because, harm;
} between;
between choice_between(const reader *r, uint32_t from, uint32_t to);
/* Once the nodes and the acts are final, before the first choice. */
void choice_prepare(reader *r);
/* What the text as a whole tells of its places, for choose_place(). */
void place_story_prepare(reader *r);
/* Reports a candidate to whoever trains the weights. */
void choice_report(const reader *r, const member *m, const char *choice, span at, str value, const traits *t);

static inline uint64_t choice_harm_bit(const claim *c) {
    uint64_t key = (uint64_t)c->min * 31 + (uint64_t)(c->max == COUNT_OPEN ? 7 : 0) + (uint64_t)c->effect;
    return (uint64_t)1 << (key * 0x9E3779B97F4A7C15U >> 58);
}
/* What two sentences have in common: what is told of the one may hold for the other. */
typedef struct kinship {
    bool act, other_act, kind; /* the same act; acts in both, and none the same; acts of one kind */
    bool harm, no_harm;        /* a figure told in both; no harm told in the other */
    bool place, place_near;    /* a place told in both; or one that lies in or near the other's */
} kinship;
kinship choice_kinship(const reader *r, uint32_t one, uint32_t other);
/* Does a sentence between two others turn to another matter? */
bool choice_turns_between(const reader *r, uint32_t from, uint32_t to);
/* The one place that a sentence tells of, where it opens it: "And in X three people were killed". NULL
 * elsewhere. What befell them befell them there, whatever act in other places was told before. */
const struct place_node *choice_opening_place(const reader *r, uint32_t s);
/* A line of its own that tells in a few words what follows, or what another report is about. */
bool choice_is_heading(const reader *r, uint32_t sentence);

/* Set what the claims share: the act that befell the people; the time, and whether it is the incident told,
 * an earlier one or a total; the place. In this order, since each leans on the ones before. */
void choose_time(const reader *r, chooser *c);
void choose_scope(const reader *r, const chooser *c);
void choose_event(const reader *r, const chooser *c);
void choose_place(const reader *r, const chooser *c);
/* By how far a place reaches, from 0 (a large country) to 5 (a village). */
int choice_specificity(const place_mention *p);

#endif
