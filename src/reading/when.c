/* When the harm of a claim was, and whether the claim is of the incident told, of an earlier one, or a total.
 */
#include "base/counters.h"
#include "base/search.h"
#include "reading/choice.h"

enum {
    LATE_TIMES = 2,
    HEAD_TIMES = 1,
    DAYS_MANY = 4,
    HEAD_SENTENCES = 4,
    OPENING = 4,
    NEAR_WORDS = 3,
    LONG_AGO = 60
};

/* "In the past three days": a span that is counted back from the news. */
static bool span_past(const node *n) {
    return n && n->feature[FEATURE_SPAN] && n->feature[FEATURE_TOWARDS] == VALUE_TOWARDS_PAST &&
           n->feature[FEATURE_AMOUNT];
}

static bool opens_sentence(const reader *r, const time_node *x) {
    const node *n = reader_node(r, x->first);
    return n && n - reader_first_node(r, x->sentence) < OPENING;
}

/* Words of a claim's sentence that tell of the past or of totals. */
typedef struct cues {
    bool past, past_start, past_weak_start, total, total_near, since, during, rises, relative;
    bool plural, dual_near, heads_plural;
    bool vague, another, earlier, had_done, had_done_start, general;
    unsigned events;
} cues;

static void note_event(const member *m, const node *n, cues *q) {
    uint32_t distance = n->first > m->first ? n->first - m->last : m->first - n->last;
    bool verb = n->feature[FEATURE_FORM] == VALUE_FORM_VERB;
    q->events += !(verb && node_is(n, IS_TARGETS));
    if (verb || node_is(n, IS_WEAPON)) /* "they hit", "shells": may well be one act */
        return;
    q->plural |= n->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL;
    q->dual_near |= n->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL && distance < 12;
}

/* A verb that tells what was done: after "had" it goes back behind the news. */
static bool is_done(const node *n) {
    return n->feature[FEATURE_FORM] == VALUE_FORM_VERB &&
           (node_is(n, IS_SAY) || node_is(n, IS_EFFECT) || node_is(n, IS_EVENT) || node_is(n, IS_TARGETS) ||
            node_is(n, IS_CAUSE_VERB) || node_is(n, IS_OCCUR));
}

enum { HAD_DONE = 10 };

/* Words that tell that the sentence goes back, or goes on to another matter. */
static void note_turns(const member *m, const node *n, const node *begin, const node **had, cues *q) {
    bool start = n - begin < 3, weak = n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    bool before = n < m->people;
    if (node_is(n, IS_BACKGROUND)) {
        q->past |= !weak && n - 14 < m->people;
        q->past_start |= start && !weak;
        q->past_weak_start |= start && weak;
        *had = weak && before ? n : *had;
    }
    if (*had && n - *had <= HAD_DONE && is_done(n)) {
        q->had_done = true;
        q->had_done_start |= *had - begin < 3;
    }
    q->another |= node_is(n, IS_ANOTHER) && n - begin < OPENING;
    q->earlier |= node_is(n, IS_EARLIER) && start;
    q->general |= node_is(n, IS_GENERAL);
}

/* "In the past days". */
static bool is_vague_span(const node *n) {
    return node_is(n, IS_TIME)
               ? n->feature[FEATURE_APPROX] && n->feature[FEATURE_SPAN] && !n->feature[FEATURE_EDGE]
               : node_is(n, IS_AMOUNT) && n->feature[FEATURE_TOWARDS];
}

static cues find_cues(const reader *r, const chooser *c, const member *m) {
    cues q = {0};
    const node *begin = reader_first_node(r, c->sentence), *end = r->nodes.node.at + r->nodes.node.size;
    const node *had = NULL;
    for (const node *n = begin; n < end && n->sentence == c->sentence && n - begin < 120; n++) {
        COUNT(claim_steps, 1);
        bool before = n < m->people, close = before && m->people - n <= 8;
        note_turns(m, n, begin, &had, &q);
        q.heads_plural |= node_is(n, IS_PLACE_HEAD) && n->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL;
        bool vague = is_vague_span(n);
        bool total = vague || (node_is(n, IS_CUMULATIVE) && !node_is(n, IS_SINCE));
        q.vague |= vague;
        q.total |= total;
        q.total_near |= total && close;
        q.since |= node_is(n, IS_SINCE);
        q.during |= node_is(n, IS_DURING);
        q.rises |= node_is(n, IS_RISES) && before;
        q.relative |= node_is(n, IS_RELATIVE) && close;
        if (node_is(n, IS_EVENT))
            note_event(m, n, &q);
    }
    return q;
}

static choice_list list_of(const reader *r) {
    return CHOICE_LIST(r->times, LATE_TIMES, HEAD_TIMES);
}

static void where_time_stands(const reader *r, const chooser *c, const member *m, const time_node *x,
                              traits *t) {
    choice_list list = list_of(r);
    uint32_t between_count = choice_others(&list, c, m, (size_t)(x - r->times.at));
    if (x->sentence == c->sentence) {
        bool after = x->first >= m->last;
        uint32_t d = after ? x->first - m->last : m->first > x->last ? m->first - x->last : 0;
        traits_add(t, d < NEAR_WORDS, after ? TIME_after_0 : TIME_before_0);
        traits_add(t, !after && between_count == 0, TIME_nearest_before);
        between b = after ? choice_between(r, m->last, x->first) : choice_between(r, x->last, m->first);
        traits_add(t, b.commas == 0, TIME_comma_0);
        traits_add(t, b.commas == 2, TIME_comma_2);
        traits_add(t, b.commas > 2, TIME_comma_3);
        traits_add(t, b.say, TIME_say_between);
        traits_add(t, b.relative, TIME_relative_between);
        traits_add(t, b.conjunction, TIME_and_between);
    } else if (x->sentence < c->sentence) {
        uint32_t back = c->sentence - x->sentence;
        traits_add(t, back == 1, TIME_prev1);
        traits_add(t, back == 2, TIME_prev2);
        traits_add(t, back > 5, TIME_prev6);
    } else {
        traits_add(t, true, x->sentence == c->sentence + 1 ? TIME_next1 : TIME_next2);
        traits_add(t, x->long_span || x->since, TIME_next_long);
    }
    traits_add(t, x->sentence != c->sentence && between_count == 0, TIME_between_0);
    traits_add(t, x->sentence != c->sentence && between_count > 1, TIME_between_2);
    traits_add(t, reader_in_title(r, x->sentence), TIME_in_title);
}

/* Whether a sentence names a place that another one names too. */
static bool shares_place(const reader *r, uint32_t one, uint32_t other) {
    size_t a = FIRST_OF_SENTENCE(r->places, one), b = FIRST_OF_SENTENCE(r->places, other);
    for (size_t i = a, n = 0; i < r->places.size && r->places.at[i].sentence == one && n < 8; i++, n++)
        for (size_t k = b, o = 0; k < r->places.size && r->places.at[k].sentence == other && o < 8; k++, o++)
            if (r->places.at[i].place == r->places.at[k].place)
                return true;
    return false;
}

static bool names_place(const reader *r, uint32_t s) {
    size_t i = FIRST_OF_SENTENCE(r->places, s);
    return i < r->places.size && r->places.at[i].sentence == s;
}

/* Whether both sentences name regions, and none that they share. */
static bool regions_differ(const reader *r, uint32_t one, uint32_t other) {
    size_t a = FIRST_OF_SENTENCE(r->places, one), b = FIRST_OF_SENTENCE(r->places, other);
    bool both = false;
    for (size_t i = a, n = 0; i < r->places.size && r->places.at[i].sentence == one && n < 8; i++, n++) {
        str p = r->out->places.at[r->places.at[i].place].admin1;
        for (size_t k = b, o = 0; k < r->places.size && r->places.at[k].sentence == other && o < 8;
             k++, o++) {
            str q = r->out->places.at[r->places.at[k].place].admin1;
            if (!p.size || !q.size)
                continue;
            both = true;
            if (str_equal(p, q))
                return false;
        }
    }
    return both;
}

/* A time told in another sentence: how far the claim's own sentence goes its own way. */
static void how_far_away(const reader *r, const chooser *c, const time_node *x, const cues *q, traits *t) {
    uint32_t told_in = r->tokens.sentence.at[x->sentence].paragraph, own = c->paragraph - r->first_paragraph;
    uint32_t apart = own > told_in ? own - told_in : 0;
    kinship k = choice_kinship(r, c->sentence, x->sentence);
    traits_add(t, k.act, TIME_away_same_act);
    traits_add(t, k.other_act, TIME_away_other_act);
    traits_add(t, k.kind, TIME_away_same_kind);
    traits_add(t, k.harm, TIME_away_same_harm);
    traits_add(t, k.no_harm, TIME_away_no_harm);
    traits_add(t, k.place, TIME_away_place_same);
    traits_add(t, k.place_near, TIME_away_place_near);
    traits_add(t, choice_is_heading(r, c->sentence), TIME_away_heading);
    traits_add(t, q->general, TIME_away_general);
    traits_add(t, apart == 0, TIME_par_0);
    traits_add(t, q->another, TIME_prev_another);
    traits_add(t, names_place(r, c->sentence) && !shares_place(r, c->sentence, x->sentence),
               TIME_prev_place_new);
    traits_add(t, x->sentence < 4, TIME_away_head);
    traits_add(t, choice_turns_between(r, x->sentence, c->sentence), TIME_turn_between);
    traits_add(t, regions_differ(r, c->sentence, x->sentence), TIME_region_new);
    traits_add(t, apart == 2 || apart == 3, TIME_par_2);
    if (r->lead == DAY_NONE)
        return;
    traits_add(t, x->from <= r->lead && x->to >= r->lead && x->to - x->from < DAYS_MANY, TIME_away_lead);
}

enum { TOLD_BACK = 14, TOLD_AHEAD = 8 };

static bool tells_act(const node *n) {
    return node_is(n, IS_EFFECT) || node_is(n, IS_EVENT) || node_is(n, IS_TARGETS) || node_is(n, IS_SUFFER) ||
           node_is(n, IS_HARM) || node_is(n, IS_PEOPLE) || node_is(n, IS_HARMED);
}

static bool tells_saying(const node *n) {
    return node_is(n, IS_SAY) || node_is(n, IS_SAY_ON) || node_is(n, IS_STATEMENT) ||
           node_is(n, IS_ACCORDING);
}

typedef struct told_beside {
    bool said_before, act_before, said_after, act_after;
} told_beside;

/* Whether what is told nearest to a time, before it and behind it, is an act or somebody's saying it. */
static told_beside find_beside(const reader *r, const time_node *x) {
    told_beside t = {0};
    const node *n = reader_node(r, x->first), *begin = r->nodes.node.at, *end = begin + r->nodes.node.size;
    if (!n)
        return t;
    for (const node *p = n - 1; p >= begin && p->sentence == n->sentence && n - p <= TOLD_BACK; p--) {
        COUNT(claim_steps, 1);
        t.said_before = tells_saying(p);
        t.act_before = !t.said_before && tells_act(p);
        if (t.said_before || t.act_before)
            break;
    }
    for (const node *p = n + 1; p < end && p->sentence == n->sentence && p - n <= TOLD_AHEAD; p++) {
        COUNT(claim_steps, 1);
        t.said_after = tells_saying(p);
        t.act_after = !t.said_after && tells_act(p);
        if (t.said_after || t.act_after)
            break;
    }
    return t;
}

static void what_time_is(const reader *r, const time_node *x, traits *t) {
    str value = context_date(r, x);
    day length = x->to - x->from;
    bool month = value.size == 7, year = value.size == 4;
    traits_add(t, x->time < 0 && length, TIME_is_vague);
    traits_add(t, x->time < 0 && !length, TIME_just_now);
    traits_add(t, span_past(reader_node(r, x->first)), TIME_span_past);
    traits_add(t, x->long_span && !month && !year, TIME_is_long);
    traits_add(t, month, TIME_is_month);
    traits_add(t, r->lead == DAY_NONE, TIME_no_lead);
    if (r->lead != DAY_NONE) {
        traits_add(t, x->from <= r->lead && x->to >= r->lead && length < DAYS_MANY, TIME_is_lead);
        traits_add(t, x->to < r->lead, TIME_before_lead);
        traits_add(t, x->from > r->lead, TIME_after_lead);
    }
    if (r->today != DAY_NONE) {
        traits_add(t, x->from > r->today, TIME_future);
        day back = r->today - x->to;
        traits_add(t, back == 0, TIME_today);
        traits_add(t, back == 1, TIME_yesterday);
        traits_add(t, back > LONG_AGO, TIME_much_older);
    }
}

static void how_time_is_told(const reader *r, const chooser *c, const time_node *x, traits *t) {
    const node *n = reader_node(r, x->first), *begin = r->nodes.node.at;
    traits_add(t, x->sentence == c->sentence && opens_sentence(r, x), TIME_opens_early);
    if (n && n > begin && n[-1].sentence == n->sentence) {
        traits_add(t, node_is(n - 1, IS_SAY) || node_is(n - 1, IS_SAY_ON), TIME_after_say);
        traits_add(t, node_is(n - 1, IS_UNTIL), TIME_as_of);
        traits_add(t, node_is(n - 1, IS_EFFECT) || node_is(n - 1, IS_EVENT) || node_is(n - 1, IS_TARGETS),
                   TIME_after_effect);
    } else {
        traits_add(t, n != NULL, TIME_opens);
    }
    traits_add(t, c->before && c->before_time == x && c->before->paragraph == c->paragraph,
               TIME_last_paragraph);
    traits_add(t, attribution_holds(r, x->sentence, x->first), TIME_attribution);
    told_beside b = find_beside(r, x);
    bool own = x->sentence == c->sentence;
    traits_add(t, own && b.said_before, TIME_said_before);
    traits_add(t, own && b.act_before, TIME_act_before);
    traits_add(t, own && b.said_after, TIME_said_after);
    traits_add(t, own && b.act_after, TIME_act_after);
    traits_add(t, !own && (b.said_before || (b.said_after && !b.act_before)), TIME_away_said);
}

typedef struct standing {
    size_t own;   /* candidates in the claims' sentence */
    bool own_day; /* one of them is a day, or a few */
} standing;

static void traits_of_none(const chooser *c, const reader *r, const standing *s, const cues *q, traits *t) {
    traits_add(t, true, TIME_none);
    traits_add(t, reader_in_title(r, c->sentence), TIME_none_in_title);
    traits_add(t, s->own, TIME_none_though_own);
    traits_add(t, s->own_day, TIME_none_though_own_day);
    traits_add(t, c->before && !c->before->date.size, TIME_none_last_none);
    traits_add(t, q->total, TIME_none_total);
    traits_add(t, q->another, TIME_none_another);
    traits_add(t, q->earlier && !s->own, TIME_none_earlier);
    traits_add(t, q->general, TIME_none_general);
    traits_add(t, choice_is_heading(r, c->sentence), TIME_none_heading);
}

static int64_t score_none(const reader *r, const chooser *c, const standing *s) {
    int64_t sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        cues q = find_cues(r, c, &c->at[i]);
        traits t = {0};
        traits_of_none(c, r, s, &q, &t);
        choice_report(r, &c->at[i], "time", (span){.text = STR_NONE}, STR_NONE, &t);
        sum += traits_score(&t, r->weights->time);
    }
    return sum;
}

static int64_t score_time(const reader *r, const chooser *c, const standing *s, const time_node *x,
                          const cues *q) {
    bool same = x->sentence == c->sentence;
    traits shared = {0};
    what_time_is(r, x, &shared);
    how_time_is_told(r, c, x, &shared);
    if (!same)
        how_far_away(r, c, x, q, &shared);
    traits_add(&shared, same && s->own == 1, TIME_only);
    traits_add(&shared, !same && (q->past || q->past_weak_start), TIME_prev_past_told);
    traits_add(&shared, !same && reader_in_title(r, c->sentence), TIME_own_title);
    span told = x->time < 0 ? (span){.text = STR_NONE} : r->out->times.at[x->time].at;
    int64_t sum = traits_score(&shared, r->weights->time) * (int64_t)c->count;
    for (size_t i = 0; i < c->count; i++) {
        const member *m = &c->at[i];
        traits t = shared;
        where_time_stands(r, c, m, x, &t);
        choice_report(r, m, "time", told, context_date(r, x), &t);
        sum += traits_score_from(&t, shared.count, r->weights->time);
    }
    return sum;
}

static void set_time(const reader *r, chooser *c, const time_node *t) {
    c->time = t;
    for (size_t i = 0; i < c->count; i++) {
        claim *x = c->at[i].claim;
        x->time = t ? t->time : NONE;
        x->time_inherited = t && t->sentence != c->sentence;
        x->date = context_date(r, t);
        x->from = t ? t->from : DAY_NONE;
        x->to = t ? t->to : DAY_NONE;
        x->since = t && t->since;
    }
}

/* "Next Wednesday": nobody has been harmed then. */
static bool lies_ahead(const reader *r, const time_node *x) {
    const node *n = reader_node(r, x->first);
    return n && n->feature[FEATURE_TOWARDS] == VALUE_TOWARDS_FUTURE && r->today != DAY_NONE &&
           x->from > r->today;
}

void choose_time(const reader *r, chooser *c) {
    size_t at[CHOICE_MAX];
    choice_list list = list_of(r);
    size_t count = choice_candidates(&list, c, at);
    standing s = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t in = r->times.at[at[i]].sentence;
        s.own += in == c->sentence;
        s.own_day |= in == c->sentence && r->times.at[at[i]].to - r->times.at[at[i]].from < DAYS_MANY &&
                     !attribution_holds(r, in, r->times.at[at[i]].first);
    }
    cues q = find_cues(r, c, &c->at[0]);
    int64_t best = score_none(r, c, &s);
    const time_node *chosen = NULL;
    for (size_t i = 0; i < count; i++) {
        int64_t score = score_time(r, c, &s, &r->times.at[at[i]], &q);
        if (score > best && !lies_ahead(r, &r->times.at[at[i]])) {
            best = score;
            chosen = &r->times.at[at[i]];
        }
    }
    set_time(r, c, chosen);
}

static void traits_of_claim_time(const reader *r, const claim *x, traits *t) {
    if (!x->date.size) {
        traits_add(t, true, SCOPE_TRAIT_time_none);
        return;
    }
    day length = x->to - x->from;
    traits_add(t, true,
               x->since             ? SCOPE_TRAIT_time_since
               : x->date.size == 4  ? SCOPE_TRAIT_time_year
               : x->date.size == 7  ? SCOPE_TRAIT_time_month
               : length == 0        ? SCOPE_TRAIT_time_day
               : length < DAYS_MANY ? SCOPE_TRAIT_time_days
                                    : SCOPE_TRAIT_time_long);
    traits_add(t, x->time_inherited, SCOPE_TRAIT_inherited);
    if (r->lead == DAY_NONE || x->to == DAY_NONE)
        return;
    day back = r->lead - x->to;
    traits_add(t, back <= 0 && x->from <= r->lead, SCOPE_TRAIT_lead_same);
    traits_add(t, back > 3 && back <= 7, SCOPE_TRAIT_lead_before_7);
    traits_add(t, back > 7, SCOPE_TRAIT_lead_older);
}

/* Where the time of the claims stands, and how long before the news it lies. */
static void traits_of_time_told(const reader *r, const chooser *c, traits *t) {
    const time_node *x = c->time;
    if (!x || r->today == DAY_NONE) {
        traits_add(t, true, SCOPE_TRAIT_pub_none);
        return;
    }
    bool own = x->sentence == c->sentence;
    day back = r->today - x->to, length = x->to - x->from;
    bool opens = own && opens_sentence(r, x), spans = span_past(reader_node(r, x->first));
    traits_add(t, opens, SCOPE_TRAIT_time_opens);
    traits_add(t, own && length == 0 && r->lead != DAY_NONE && x->to < r->lead, SCOPE_TRAIT_own_day_before);
    traits_add(t, spans, SCOPE_TRAIT_span_past);
    traits_add(t, own && spans, SCOPE_TRAIT_span_past_own);
    traits_add(t, back <= 0, SCOPE_TRAIT_pub_same);
    traits_add(t, back == 1, SCOPE_TRAIT_pub_1);
    traits_add(t, back > 7, SCOPE_TRAIT_pub_older);
}

/* How many kinds of acts a sentence tells of. */
static unsigned kinds_told(const reader *r, uint32_t s) {
    unsigned kinds = 0, n = 0;
    for (size_t i = FIRST_OF_SENTENCE(r->events, s), k = 0;
         i < r->events.size && r->events.at[i].sentence == s && k < 12; i++, k++) {
        unsigned kind = 1U << (unsigned)r->events.at[i].type;
        n += !(kinds & kind);
        kinds |= kind;
    }
    return n;
}

static void traits_of_cues(const cues *q, traits *t) {
    traits_add(t, q->dual_near, SCOPE_TRAIT_dual_near);
    traits_add(t, q->vague, SCOPE_TRAIT_vague_in);
    traits_add(t, q->general, SCOPE_TRAIT_general_in);
    traits_add(t, q->heads_plural, SCOPE_TRAIT_heads_plural);
    traits_add(t, q->had_done, SCOPE_TRAIT_had_done);
    traits_add(t, q->had_done_start, SCOPE_TRAIT_had_done_start);
    traits_add(t, q->total_near, SCOPE_TRAIT_total_near);
    traits_add(t, q->total, SCOPE_TRAIT_total_in);
    traits_add(t, q->since, SCOPE_TRAIT_since_in);
    traits_add(t, q->during, SCOPE_TRAIT_during_in);
    traits_add(t, q->past, SCOPE_TRAIT_past_in);
    traits_add(t, q->past_start, SCOPE_TRAIT_past_at_start);
    traits_add(t, q->rises, SCOPE_TRAIT_rises);
    traits_add(t, q->relative, SCOPE_TRAIT_relative_before);
    traits_add(t, q->events == 0, SCOPE_TRAIT_events_0);
    traits_add(t, q->events == 1, SCOPE_TRAIT_events_1);
    traits_add(t, q->plural, SCOPE_TRAIT_events_plural);
}

static void traits_of_figure(const member *m, traits *t) {
    const claim *x = m->claim;
    traits_add(t, x->min == 0, SCOPE_TRAIT_min_0);
    traits_add(t, x->min == 1, SCOPE_TRAIT_min_1);
    traits_add(t, x->min == 2, SCOPE_TRAIT_min_2);
    traits_add(t, x->min >= 30 && x->min < 100, SCOPE_TRAIT_min_30);
    traits_add(t, x->min >= 100 && x->min < 1000, SCOPE_TRAIT_min_100);
    traits_add(t, x->min >= 1000, SCOPE_TRAIT_min_1000);
    traits_add(t, x->max == COUNT_OPEN, SCOPE_TRAIT_open);
    traits_add(t, x->effect == EFFECT_INJURED, SCOPE_TRAIT_effect_injured);
    traits_add(t, x->who_class == CLASS_CIVILIAN, SCOPE_TRAIT_civilian);
    traits_add(t, x->part_of >= 0, SCOPE_TRAIT_part);
    traits_add(t, !SPAN_NONE(x->voice.at), SCOPE_TRAIT_said);
    traits_add(t, x->voice.kind == VOICE_MONITOR || x->voice.kind == VOICE_INTERGOVERNMENTAL,
               SCOPE_TRAIT_monitor);
}

/* "In the villages of A and B". */
static bool lists_places(const reader *r, uint32_t s) {
    for (size_t i = FIRST_OF_SENTENCE(r->places, s), k = 0;
         i < r->places.size && r->places.at[i].sentence == s && k < 12; i++, k++) {
        const node *n = reader_node(r, r->places.at[i].first);
        if (n && n->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL)
            return true;
    }
    return false;
}

enum { TOTAL_NODES = 80 };

/* Whether a sentence tells of a total or of a stretch of time. */
static bool tells_total(const reader *r, uint32_t s) {
    const node *n = reader_first_node(r, s), *end = r->nodes.node.at + r->nodes.node.size;
    for (int k = 0; n < end && n->sentence == s && k < TOTAL_NODES; n++, k++) {
        COUNT(claim_steps, 1);
        if (node_is(n, IS_CUMULATIVE) || node_is(n, IS_SINCE) || is_vague_span(n))
            return true;
    }
    size_t i = FIRST_OF_SENTENCE(r->times, s);
    for (int k = 0; i < r->times.size && r->times.at[i].sentence == s && k < 8; i++, k++)
        if (r->times.at[i].since || r->times.at[i].long_span)
            return true;
    return false;
}

enum { ACTS_LOOKED = 8 };

/* How many acts a sentence tells of. */
static unsigned count_acts(const reader *r, uint32_t s) {
    int seen[ACTS_LOOKED];
    unsigned n = 0;
    for (size_t i = FIRST_OF_SENTENCE(r->events, s), k = 0;
         i < r->events.size && r->events.at[i].sentence == s && k < ACTS_LOOKED; i++, k++) {
        bool new = r->events.at[i].event >= 0;
        for (unsigned q = 0; q < n; q++)
            new &= seen[q] != r->events.at[i].event;
        if (new)
            seen[n++] = r->events.at[i].event;
    }
    return n;
}

static void traits_of_position(const reader *r, const chooser *c, traits *t) {
    uint32_t s = c->sentence, all = (uint32_t)r->tokens.sentence.size;
    bool title = reader_in_title(r, s);
    traits_add(t, title, SCOPE_TRAIT_title);
    traits_add(t, kinds_told(r, s) > 2, SCOPE_TRAIT_kinds_3);
    traits_add(t, !title && s < 3, SCOPE_TRAIT_head);
    traits_add(t, s >= 3 && s * 3 > all * 2, SCOPE_TRAIT_late);
    bool counted = false;
    traits_add(t, lists_places(r, s), SCOPE_TRAIT_places_plural);
    for (size_t i = FIRST_OF_SENTENCE(r->events, s), k = 0;
         i < r->events.size && r->events.at[i].sentence == s && k < 8; i++, k++)
        counted |= r->events.at[i].counted;
    traits_add(t, counted, SCOPE_TRAIT_event_counted);
    traits_add(t, count_acts(r, s) > 1, SCOPE_TRAIT_acts_2);
    traits_add(t, s && tells_total(r, s - 1), SCOPE_TRAIT_prev_total);
    traits_add(t, !names_place(r, s), SCOPE_TRAIT_places_0);
}

/* How the story went on before. */
static void traits_of_story(const chooser *c, traits *t) {
    if (!c->before)
        return;
    bool total = c->before->scope == SCOPE_CUMULATIVE, past = c->before->scope == SCOPE_BACKGROUND;
    bool same = c->before_sentence == c->sentence, near = !same && c->before->paragraph == c->paragraph;
    bool other = !same && !near;
    traits_add(t, total && near, SCOPE_TRAIT_last_paragraph_cumulative);
    traits_add(t, total && other, SCOPE_TRAIT_last_other_cumulative);
    traits_add(t, past && other, SCOPE_TRAIT_last_other_background);
    traits_add(t, past && c->time != c->before_time, SCOPE_TRAIT_new_time_background);
}

void choose_scope(const reader *r, const chooser *c) {
    int64_t total = 0, past = 0;
    for (size_t i = 0; i < c->count; i++) {
        const member *m = &c->at[i];
        cues q = find_cues(r, c, m);
        traits t = {0};
        traits_add(&t, true, SCOPE_TRAIT_bias);
        traits_of_claim_time(r, m->claim, &t);
        traits_of_cues(&q, &t);
        traits_of_figure(m, &t);
        traits_of_time_told(r, c, &t);
        traits_of_position(r, c, &t);
        traits_of_story(c, &t);
        choice_report(r, m, "scope", (span){.text = STR_NONE}, STR_NONE, &t);
        total += traits_score(&t, r->weights->scope[0]);
        past += traits_score(&t, r->weights->scope[1]);
    }
    scope chosen = total > 0 && total >= past ? SCOPE_CUMULATIVE
                   : past > 0                 ? SCOPE_BACKGROUND
                                              : SCOPE_INCIDENT;
    for (size_t i = 0; i < c->count; i++)
        c->at[i].claim->scope = chosen;
}

static void give_date(event *e, str date, int time, date_source from) {
    e->date = date;
    e->time = time;
    e->date_from = from;
}

static void inherit_date(reader *r, event *e, const claim *c) {
    give_date(e, c->date, c->time, DATE_INHERITED);
    if (r->options && r->options->explain && c->time >= 0)
        explain_also(r, &r->out->times.at[c->time].because, &e->because);
}

/* The acts that their own sentences date not: by a claim that belongs to them; by the day that the head of
 * the text is about; where the head of the text tells no day, by its publication. */
void date_events(reader *r) {
    reading *out = r->out;
    for (size_t i = r->first_event; i < out->events.size; i++)
        if (out->events.at[i].date.data)
            out->events.at[i].date_from = DATE_TOLD;
    for (size_t i = r->first_claim; i < out->claims.size; i++) {
        const claim *c = &out->claims.at[i];
        if (c->event_index >= 0 && c->date.data && c->scope != SCOPE_CUMULATIVE && !c->since &&
            !out->events.at[c->event_index].date.data)
            inherit_date(r, &out->events.at[c->event_index], c);
    }
    for (size_t i = 0; i < r->events.size; i++) {
        const event_node *n = &r->events.at[i];
        event *e = n->event >= 0 ? &out->events.at[n->event] : NULL;
        if (!e || e->date.data)
            continue;
        if (r->lead != DAY_NONE && n->sentence <= r->lead_sentence + 2)
            give_date(e, day_format(r->a, r->lead), NONE, DATE_INHERITED);
        else if ((!out->times.size || (r->lead == DAY_NONE && n->sentence < HEAD_SENTENCES)) &&
                 r->published != DAY_NONE)
            give_date(e,
                      arena_printf(r->a, "%.*s/%.*s", STR_ARG(day_format(r->a, r->published - 1)),
                                   STR_ARG(day_format(r->a, r->published))),
                      NONE, DATE_PUBLISHED);
    }
}
