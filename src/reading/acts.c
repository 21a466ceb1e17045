/* What holds of each mention of an act, and the weight of it all. */
#include "reading/acts.h"

#include "act_weights.h"
#include "base/counters.h"
#include "reading/reader.h"

enum {
    LOOK = 64,
    STRIKES_WITHIN = 10,
    PART_WITHIN = 6,
    CLOSE = 4,
    SHORT_SENTENCE = 8,
    LONG_SENTENCE = 60,
    FEW = 3,
    MANY = 12,
    LATE_SENTENCE = 12,
    SOON = 2,
    FAR_APART = 4,
    OPENING = 4,
    CROWD = 6,
    PLACES = 3,
    FIGURES = 6
};

/* What two mentions may share beside their kind. */
enum { TIE_SHARED = TIE_SAME | TIE_ACTOR | TIE_FIGURE, TIE_OF_LEAD = TIE_SHARED | TIE_MEETS };

static const float UNLIKELY = -3, DOUBTFUL = -1.5F, BARELY = 0.01F;

typedef struct figure {
    int effect;
    int64_t min, max;
} figure;

/* What a sentence holds, beside its acts. */
typedef struct sentence_facts {
    uint32_t first, last;           /* pieces */
    uint32_t harm_first, harm_last; /* of the claims in it; UINT32_MAX where it has none */
    uint32_t paragraph, figures;
    figure figure[FIGURES]; /* of people harmed, zeros aside */
    bool general, background, further, opens_paragraph, quote, same;
} facts;

const char *act_feature_name(enum act_feature f) {
    return act_feature_names[f];
}

const char *acts_version(void) {
    return act_weights_version;
}

static void say(act *a, enum act_feature f, bool holds) {
    if (holds)
        a->has[f / 64] |= UINT64_C(1) << (f % 64);
}

static bool is_attack(event_type t) {
    return t != EVENT_DETENTION && t != EVENT_PROTEST && t != EVENT_ACCIDENT && t != EVENT_DISASTER;
}

bool act_from_above(event_type t) {
    return t == EVENT_AIR_STRIKE || t == EVENT_DRONE_STRIKE || t == EVENT_SHELLING;
}

bool act_is_sum(const act *a) {
    int number = a->trigger->feature[FEATURE_NUMBER];
    return a->any &&
           (number == VALUE_NUMBER_PLURAL || number == VALUE_NUMBER_DUAL || a->mark->label[LABEL_C].count);
}

bool acts_same_kind(const act *a, const act *b) {
    if (a->type == b->type)
        return true;
    if ((a->vague || b->vague) && act_from_above(a->type) && act_from_above(b->type))
        return true;
    return is_attack(a->type) && is_attack(b->type) &&
           ((a->any && !act_is_sum(a)) || (b->any && !act_is_sum(b)));
}

static bool is_town(const place_mention *p) {
    return p->kind == PLACE_CITY || p->kind == PLACE_VILLAGE;
}

/* One lies in the other, or near it; two towns are two places. */
static bool place_meets(const reader *r, int a, int b) {
    if (a == b)
        return true;
    const place_mention *p = &r->out->places.at[a], *q = &r->out->places.at[b];
    if (is_town(p) && is_town(q))
        return p->resolved && q->resolved && str_equal(p->id, q->id);
    return places_reach(p, q);
}

enum { FURTHER = 3 };

static bool places_meet(const reader *r, const act *a, const act *b) {
    if (place_meets(r, a->place, b->place))
        return true;
    for (int i = 0; i < FURTHER; i++)
        if ((a->further[i] >= 0 && place_meets(r, a->further[i], b->place)) ||
            (b->further[i] >= 0 && place_meets(r, a->place, b->further[i])))
            return true;
    return false;
}

/* More than half of the words of the shorter one stand in the other. */
static bool actors_meet(const reader *r, const actor_node *a, const actor_node *b) {
    uint32_t shared = 0, size_a = a->last - a->first, size_b = b->last - b->first;
    for (uint32_t i = a->first; i < a->last; i++)
        for (uint32_t k = b->first; k < b->last; k++)
            if (str_equal(r->nodes.piece.at[i].folded, r->nodes.piece.at[k].folded)) {
                shared++;
                break;
            }
    return shared * 2 > (size_a < size_b ? size_a : size_b);
}

static bool days_meet(const time_node *a, const time_node *b) {
    return a->from == DAY_NONE || b->from == DAY_NONE || (a->from <= b->to && b->from <= a->to);
}

static bool counts_meet(const act *a, const act *b) {
    const match *m = a->mark, *n = b->mark;
    return !m->label[LABEL_C].count || !n->label[LABEL_C].count ||
           (m->out.min == n->out.min && m->out.max == n->out.max);
}

static bool are_placed(const act *a, const act *b) {
    return a->place >= 0 && b->place >= 0;
}

/* Neither their counts nor their days part them. */
static bool nothing_parts(const act *a, const act *b) {
    return counts_meet(a, b) && (!a->time || !b->time || days_meet(a->time, b->time));
}

/* Nor do their places. */
static bool may_meet(const reader *r, const act *a, const act *b) {
    return nothing_parts(a, b) && (!are_placed(a, b) || places_meet(r, a, b));
}

bool acts_may_be_one(const reader *r, const act *a, const act *b) {
    return acts_same_kind(a, b) && may_meet(r, a, b);
}

static bool has_figure(const facts *f, const figure *x) {
    for (uint32_t i = 0; i < f->figures; i++)
        if (f->figure[i].effect == x->effect && f->figure[i].min == x->min && f->figure[i].max == x->max)
            return true;
    return false;
}

static bool figures_meet(const facts *a, const facts *b) {
    for (uint32_t i = 0; i < a->figures; i++)
        if (has_figure(b, &a->figure[i]))
            return true;
    return false;
}

unsigned acts_tie(const reader *r, const act *a, const act *b) {
    COUNT(claim_steps, 1);
    if (!acts_same_kind(a, b))
        return 0;
    unsigned t = TIE_KIND;
    uint32_t apart = a->sentence > b->sentence ? a->sentence - b->sentence : b->sentence - a->sentence;
    bool placed = are_placed(a, b), meet = placed && places_meet(r, a, b);
    t |= (!placed || meet) && nothing_parts(a, b) ? TIE_ONE : 0;
    t |= placed && a->place == b->place ? TIE_SAME : 0;
    t |= meet ? TIE_MEETS : 0;
    if (a->actor && b->actor)
        t |= actors_meet(r, a->actor, b->actor) ? TIE_ACTOR : TIE_RIVAL;
    t |= a->time && b->time && days_meet(a->time, b->time) ? TIE_DAY : 0;
    t |= apart == 0 ? TIE_SENTENCE : apart == 1 ? TIE_NEAR : apart >= FAR_APART ? TIE_FAR : 0;
    t |= a->told->paragraph == b->told->paragraph ? TIE_PARAGRAPH : 0;
    t |= meet && a->place != b->place ? TIE_NARROW : 0;
    if (a->told->figures && b->told->figures)
        t |= figures_meet(a->told, b->told) ? TIE_FIGURE : TIE_FIGURES;
    bool word =
        str_equal(r->nodes.piece.at[a->trigger->first].folded, r->nodes.piece.at[b->trigger->first].folded);
    return t | (word ? TIE_WORD : 0);
}

const char *act_tie_name(int bit) {
    static const char *const names[TIES] = {"kind",     "one",     "same",      "meets", "day",
                                            "sentence", "near",    "word",      "actor", "rival",
                                            "figure",   "figures", "paragraph", "far",   "narrow"};
    return names[bit];
}

static facts *sentence_facts(const reader *r, const matches *claims) {
    size_t count = 0;
    for (size_t i = 0; i < r->nodes.node.size; i++)
        if (r->nodes.node.at[i].sentence >= count)
            count = r->nodes.node.at[i].sentence + 1;
    facts *all = ARENA_NEW(r->scratch, facts, count + 1);
    for (size_t i = 0; i <= count; i++)
        all[i] = (facts){.first = UINT32_MAX, .harm_first = UINT32_MAX};
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        facts *f = &all[n->sentence];
        f->first = f->first == UINT32_MAX ? n->first : f->first;
        f->last = n->last;
        f->opens_paragraph = !n->sentence || r->tokens.sentence.at[n->sentence].paragraph !=
                                                 r->tokens.sentence.at[n->sentence - 1].paragraph;
        f->further |= n->first < f->first + CLOSE && node_is(n, IS_FURTHER);
        f->general |= node_is(n, IS_GENERAL);
        f->background |= node_is(n, IS_BACKGROUND);
        f->quote |= node_is(n, IS_QUOTE);
        f->paragraph = r->tokens.sentence.at[n->sentence].paragraph;
    }
    for (size_t i = 0; i < claims->at.size; i++) {
        const match *m = &claims->at.at[i];
        const captured *p = &m->label[LABEL_P];
        if (!p->count || m->out.sentence >= count)
            continue;
        facts *f = &all[m->out.sentence];
        f->harm_first = f->harm_first < p->first->first ? f->harm_first : p->first->first;
        f->harm_last = f->harm_last > p->first->last ? f->harm_last : p->first->last;
        figure x = {m->out.feature[FEATURE_EFFECT], p->first->min, p->first->max};
        if (x.max && f->figures < FIGURES && !has_figure(f, &x))
            f->figure[f->figures++] = x;
    }
    return all;
}

/* The first place behind an act and before the next one in its sentence; where that is not on the map, the
 * sentence's. */
static void set_place(const reader *r, act *a, uint32_t next) {
    int further = 0;
    for (int i = 0; i < FURTHER; i++)
        a->further[i] = NONE;
    for (size_t i = FIRST_OF_SENTENCE(r->places, a->sentence);
         i < r->places.size && r->places.at[i].sentence == a->sentence && r->places.at[i].first < next &&
         further < FURTHER;
         i++) {
        COUNT(claim_steps, 1);
        if (r->places.at[i].first < a->first || attribution_holds(r, a->sentence, r->places.at[i].first))
            continue;
        a->further[further++] = r->places.at[i].place;
    }
    int first = a->further[0];
    a->own_place = further > 0;
    a->place =
        first >= 0 && r->out->places.at[first].resolved ? first : context_place(r, a->sentence, a->first);
    if (a->place < 0)
        a->place = first;
}

static void say_word(act *a) {
    const node *t = a->trigger;
    const match *m = a->mark;
    bool weapon = node_is(t, IS_WEAPON) && !m->label[LABEL_W].count;
    say(a, ACT_ALWAYS, true);
    say(a, (enum act_feature)(ACT_AIR_STRIKE + (int)a->type - EVENT_AIR_STRIKE), true);
    say(a, ACT_DEFINITE, t->feature[FEATURE_DEFINITE] || t->feature[FEATURE_PRONOUN]);
    say(a, ACT_PLURAL, t->feature[FEATURE_NUMBER] == VALUE_NUMBER_PLURAL);
    say(a, ACT_COUNTED, m->label[LABEL_C].count > 0 || t->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL);
    say(a, ACT_VERB, t->feature[FEATURE_FORM] == VALUE_FORM_VERB);
    say(a, ACT_HARM, node_is(t, IS_EFFECT));
    say(a, ACT_WEAPON, weapon);
    say(a, ACT_VAGUE, a->vague);
    say(a, ACT_STRUCK, node_is(t, IS_TARGETS) && m->label[LABEL_W].count);
    say(a, ACT_PRONOUN, t->feature[FEATURE_PRONOUN]);
    say(a, ACT_TARGETS, node_is(t, IS_TARGETS));
    say(a, ACT_INDEFINITE,
        !t->feature[FEATURE_DEFINITE] && !t->feature[FEATURE_PRONOUN] &&
            t->feature[FEATURE_FORM] != VALUE_FORM_VERB);
}

static void say_before(const reader *r, act *a) {
    const node *t = a->trigger, *low = r->nodes.node.at;
    for (long k = 1; k <= CLOSE && t - k >= low && t[-k].sentence == a->sentence; k++) {
        const node *n = t - k;
        if (node_is(n, IS_COMMA) || node_is(n, IS_SAY))
            break;
        say(a, ACT_NEGATED, node_is(n, IS_NEGATION) || node_is(n, IS_WITHOUT) || node_is(n, IS_NO));
        say(a, ACT_UNREAL, node_is(n, IS_UNREAL) || node_is(n, IS_CONDITION));
        say(a, ACT_ACTOR_BEFORE, node_is(n, IS_ARMED) || node_is(n, IS_AIRCRAFT));
        say(a, ACT_FURTHER, node_is(n, IS_FURTHER));
        say(a, ACT_GENERAL_BEFORE, node_is(n, IS_GENERAL));
        say(a, ACT_OCCURS, node_is(n, IS_TARGETS) || node_is(n, IS_OCCUR));
        say(a, ACT_REMNANT, k <= 2 && node_is(n, IS_REMNANT));
        say(a, ACT_CAUSE, k <= 2 && node_is(n, IS_BECAUSE));
    }
    if (t == low || t[-1].sentence != a->sentence)
        return;
    say(a, ACT_THIS, node_is(t - 1, IS_THIS) || node_is(t - 1, IS_SAME));
    say(a, ACT_AFTER, node_is(t - 1, IS_AGO) || node_is(t - 1, IS_SINCE) || node_is(t - 1, IS_DURING));
    say(a, ACT_PREPOSITION, node_is(t - 1, IS_PREPOSITION));
    say(a, ACT_AND, node_is(t - 1, IS_AND));
    say(a, ACT_AFTER_NOUN, node_is(t - 1, IS_UNKNOWN));
    say(a, ACT_AFTER_ACT, node_is(t - 1, IS_EVENT));
}

static void say_behind(const reader *r, act *a, uint32_t next) {
    const node *end = r->nodes.node.at + r->nodes.node.size;
    for (const node *n = a->trigger + 1; n < end && n->sentence == a->sentence && n->first < next &&
                                         n <= a->trigger + CLOSE && !node_is(n, IS_COMMA);
         n++) {
        say(a, ACT_ACTOR_BEHIND, node_is(n, IS_ARMED) || node_is(n, IS_AIRCRAFT));
        say(a, ACT_FURTHER, node_is(n, IS_FURTHER));
        say(a, ACT_NATION, node_is(n, IS_NATIONALITY));
        say(a, ACT_ANOTHER, n == a->trigger + 1 && node_is(n, IS_SIMILAR));
        say(a, ACT_RELATIVE, node_is(n, IS_RELATIVE));
        say(a, ACT_THIS, n == a->trigger + 1 && (node_is(n, IS_THIS) || node_is(n, IS_SAME)));
    }
    say(a, ACT_ACTOR, a->actor != NULL);
    say(a, ACT_PLACE_BEHIND, a->own_place);
    const node *n = a->trigger + 1;
    say(a, ACT_ACT_BEHIND, n < end && n->sentence == a->sentence && node_is(n, IS_EVENT));
    for (; n < end && n->sentence == a->sentence && n <= a->trigger + STRIKES_WITHIN; n++)
        say(a, ACT_STRIKES, node_is(n, IS_TARGETS));
}

static void say_sentence(const reader *r, act *a, const facts *f) {
    uint32_t body = 0; /* how many sentences of the body stand before it */
    while (body <= LATE_SENTENCE && body < a->sentence && !reader_in_title(r, a->sentence - body - 1))
        body++;
    bool title = reader_in_title(r, a->sentence);
    say(a, ACT_TITLE, title);
    say(a, ACT_LEAD, !title && body == 0);
    say(a, ACT_EARLY, !title && body > 0 && body <= 3);
    say(a, ACT_LATE, body >= LATE_SENTENCE);
    say(a, ACT_OPENS, a->first <= f->first + 1);
    say(a, ACT_PARAGRAPH, a->first <= f->first + 2 && f->opens_paragraph);
    say(a, ACT_SHORT, f->last - f->first <= SHORT_SENTENCE);
    say(a, ACT_LONG, f->last - f->first >= LONG_SENTENCE);
    say(a, ACT_GENERAL, f->general);
    say(a, ACT_FURTHER, f->further);
    say(a, ACT_BACKGROUND, f->background);
    say(a, ACT_HARMS, f->harm_first != UINT32_MAX);
    say(a, ACT_HARM_BEFORE, f->harm_first != UINT32_MAX && f->harm_first < a->first);
    say(a, ACT_HARM_BEHIND, f->harm_first != UINT32_MAX && f->harm_last > a->last);
    hearing h = reader_hear(r, a->sentence, a->first);
    say(a, ACT_QUOTED, !SPAN_NONE(h.voice.at));
    say(a, ACT_QUOTE, f->quote);
    say(a, ACT_FIGURES, f->figures > 1);
    say(a, ACT_WIDE,
        a->place >= 0 && (r->out->places.at[a->place].kind == PLACE_COUNTRY ||
                          r->out->places.at[a->place].kind == PLACE_REGION));
    say(a, ACT_PLACELESS, a->place < 0);
    say(a, ACT_PLACES, a->further[PLACES - 1] >= 0);
    if (!a->time)
        return;
    say(a, ACT_DAY, a->time->from == a->time->to);
    say(a, ACT_DAY_BEFORE, r->today != DAY_NONE && a->time->to != DAY_NONE && a->time->to < r->today - 2);
    say(a, ACT_SPAN, a->time->long_span || a->time->since);
    say(a, ACT_TIMED, true);
    say(a, ACT_TODAY, r->today != DAY_NONE && a->time->from == r->today && a->time->to == r->today);
    say(a, ACT_OPENS_TIME, a->time->first <= f->first + OPENING);
    say(a, ACT_TIME_BEHIND, a->time->first > a->last && a->time->first <= a->last + LATE_SENTENCE);
}

/* What another act of its kind, told before or behind, says of an act. */
typedef struct told {
    int kind, near, word, same, place, elsewhere, day, other_day, one, title, counted, figure, figures, actor;
} told;

static void compare(const reader *r, const act *a, const act *b, told *t) {
    COUNT(claim_steps, 1);
    if (!acts_same_kind(a, b))
        return;
    uint32_t apart = a->sentence > b->sentence ? a->sentence - b->sentence : b->sentence - a->sentence;
    bool placed = are_placed(a, b), meet = placed && places_meet(r, a, b);
    bool one = (!placed || meet) && nothing_parts(a, b);
    t->kind++;
    t->near += apart == 1 && one;
    t->word +=
        str_equal(r->nodes.piece.at[a->trigger->first].folded, r->nodes.piece.at[b->trigger->first].folded);
    t->one += one;
    t->title += act_has(b, ACT_TITLE);
    t->counted += act_has(b, ACT_COUNTED);
    if (a->told->figures && b->told->figures) {
        bool shared = figures_meet(a->told, b->told);
        t->figure += shared;
        t->figures += !shared;
    }
    t->actor += a->actor && b->actor && actors_meet(r, a->actor, b->actor);
    if (placed) {
        t->same += a->place == b->place;
        t->place += meet;
        t->elsewhere += !meet;
    }
    if (a->time && b->time) {
        bool one_day = days_meet(a->time, b->time);
        t->day += one_day;
        t->other_day += !one_day;
    }
}

static void say_in_sentence(const acts *all, size_t i) {
    act *a = &all->at[i];
    int before = 0, kind = 0;
    for (size_t k = i; k-- > 0 && i - k <= LOOK && all->at[k].sentence == a->sentence;) {
        COUNT(claim_steps, 1);
        before++;
        kind += acts_same_kind(a, &all->at[k]);
    }
    say(a, ACT_FIRST, before == 0);
    say(a, ACT_SECOND, before == 1);
    say(a, ACT_THIRD, before > 1);
    say(a, ACT_AFTER_KIND, kind > 0);
    say(a, ACT_AFTER_OTHER, before > kind);
    for (size_t k = i + 1; k < all->size && k - i <= LOOK && all->at[k].sentence == a->sentence; k++) {
        COUNT(claim_steps, 1);
        say(a, ACT_BEFORE_KIND, acts_same_kind(a, &all->at[k]));
    }
}

static void say_others(const reader *r, const acts *all, size_t i) {
    act *a = &all->at[i];
    told before = {0}, behind = {0};
    for (size_t k = i; k-- > 0 && i - k <= LOOK;)
        compare(r, a, &all->at[k], &before);
    for (size_t k = i + 1; k < all->size && k - i <= LOOK; k++)
        compare(r, a, &all->at[k], &behind);
    say(a, ACT_NEW_KIND, !before.kind);
    say(a, ACT_TITLE_KIND, before.title > 0);
    say(a, ACT_TOLD_NEAR, before.near > 0);
    say(a, ACT_TOLD_WORD, before.word > 0);
    say(a, ACT_TOLD_PLACE, before.place > 0);
    say(a, ACT_TOLD_ELSEWHERE, before.elsewhere > 0 && !before.place);
    say(a, ACT_TOLD_DAY, before.day > 0);
    say(a, ACT_TOLD_OTHER_DAY, before.other_day > 0 && !before.day);
    say(a, ACT_TOLD, before.one > 0);
    say(a, ACT_TOLD_TWICE, before.one > 1);
    say(a, ACT_COMES, behind.one > 0);
    say(a, ACT_COMES_NEAR, behind.near > 0);
    say(a, ACT_COMES_PLACE, behind.place > 0);
    say(a, ACT_COMES_COUNTED, behind.counted + before.counted > 0);
    say(a, ACT_TOLD_SAME, before.same > 0);
    say(a, ACT_TOLD_FIGURE, before.figure > 0);
    say(a, ACT_NEW_FIGURE, !before.figure && before.figures > 0);
    say(a, ACT_COMES_FIGURE, behind.figure > 0);
    say(a, ACT_TOLD_ACTOR, before.actor > 0);
    say(a, ACT_NEW_ACTOR, before.kind > 0 && a->actor && !before.actor);
    say(a, ACT_CROWD, before.kind + behind.kind >= CROWD);
    say(a, ACT_NO_MORE, !behind.kind);
    say(a, ACT_COMES_SAME, behind.same > 0);
    say(a, ACT_COMES_DAY, behind.day > 0);
    say(a, ACT_ALONE, !before.kind && !behind.kind);
    say(a, ACT_FEW, all->size <= FEW);
    say(a, ACT_MANY, all->size > MANY);
}

/* Tells which kind of attack the other was. */
static bool tells_type(const reader *r, const act *a, const act *b) {
    return !b->vague && b->type != EVENT_OTHER_ATTACK && acts_may_be_one(r, a, b);
}

static bool are_rivals(const reader *r, const act *a, const act *b) {
    return a->actor && b->actor && !actors_meet(r, a->actor, b->actor);
}

/* Whoever strikes with aircraft strikes from the air, with whatever missile: as the aircraft says. */
static bool take_from_aircraft(const reader *r, act *a) {
    const node *end = r->nodes.node.at + r->nodes.node.size;
    const node *n = a->vague && a->actor ? reader_node(r, a->actor->first) : NULL;
    for (; n && n < end && n->first < a->actor->last; n++)
        if (node_is(n, IS_AIRCRAFT) && n->feature[FEATURE_EVENT]) {
            a->type = (event_type)n->feature[FEATURE_EVENT];
            a->vague = a->any = false;
            return true;
        }
    return false;
}

static bool near_fighters(const reader *r, const act *a) {
    const node *end = r->nodes.node.at + r->nodes.node.size;
    for (const node *n = a->trigger + 1; n < end && n <= a->trigger + CLOSE && n->sentence == a->sentence;
         n++)
        if (node_is(n, IS_ARMED))
            return true;
    return false;
}

/* "A similar bombardment": as the one before. */
static bool take_from_similar(const reader *r, const acts *all, size_t i) {
    act *a = &all->at[i];
    const node *n = a->trigger + 1, *end = r->nodes.node.at + r->nodes.node.size;
    if (n >= end || n->sentence != a->sentence || !node_is(n, IS_SIMILAR))
        return false;
    for (size_t k = i; k-- > 0 && i - k <= LOOK;)
        if (acts_same_kind(a, &all->at[k])) {
            a->type = all->at[k].type;
            a->vague = a->any = false;
            return true;
        }
    return false;
}

/* A word that leaves open which kind of attack it was takes the kind from what is told with it, or from the
 * act that it refers back to. */
static void settle_type(const reader *r, const acts *all, size_t i) {
    act *a = &all->at[i];
    if ((!a->vague && !a->any) || !is_attack(a->type))
        return;
    for (size_t k = i + 1; k < all->size && k <= i + 2 && all->at[k].sentence == a->sentence; k++)
        if (!all->at[k].vague && acts_same_kind(a, &all->at[k]) && node_is(all->at[k].trigger, IS_WEAPON)) {
            a->type = all->at[k].type;
            a->vague = a->any = false;
            return;
        }
    if (act_is_sum(a))
        return;
    if (take_from_aircraft(r, a) || take_from_similar(r, all, i))
        return;
    bool back = a->trigger->feature[FEATURE_DEFINITE] || a->trigger->feature[FEATURE_PRONOUN];
    for (size_t k = i; back && k-- > 0 && i - k <= LOOK;)
        if (tells_type(r, a, &all->at[k])) {
            a->type = all->at[k].type;
            return;
        }
    for (size_t k = i; a->actor && !a->any && k-- > 0 && i - k <= LOOK;)
        if (tells_type(r, a, &all->at[k]) && all->at[k].actor && actors_meet(r, a->actor, all->at[k].actor)) {
            a->type = all->at[k].type;
            return;
        }
    bool title = reader_in_title(r, a->sentence);
    bool lead = !title && (!a->sentence || reader_in_title(r, a->sentence - 1));
    unsigned shared = lead ? TIE_OF_LEAD : TIE_SHARED;
    for (size_t k = i + 1; k < all->size && k - i <= LOOK; k++)
        if (tells_type(r, a, &all->at[k]) && !are_rivals(r, a, &all->at[k]) &&
            (title ||
             (all->at[k].sentence <= a->sentence + SOON && (acts_tie(r, a, &all->at[k]) & shared)))) {
            a->type = all->at[k].type;
            return;
        }
    if (a->vague && a->type == EVENT_OTHER_ATTACK && near_fighters(r, a))
        a->type = EVENT_CLASH; /* where no bomb or gun is told of, fighters fought */
}

/* Is shelling told of, by another word than that something was targeted? */
static bool tells_shelling(const acts *all) {
    for (size_t i = 0; i < all->size; i++) {
        const act *a = &all->at[i];
        if (a->type == EVENT_SHELLING && !act_has(a, ACT_UNREAL) &&
            !(a->vague && node_is(a->trigger, IS_AIMED)))
            return true;
    }
    return false;
}

/* What was "targeted" may have been hit by anything, where nothing was shelled. */
static void settle_aimed(const acts *all) {
    if (tells_shelling(all))
        return;
    for (size_t i = 0; i < all->size; i++) {
        act *a = &all->at[i];
        if (a->vague && a->type == EVENT_SHELLING && node_is(a->trigger, IS_AIMED) &&
            !a->mark->label[LABEL_W].count)
            a->type = EVENT_OTHER_ATTACK;
    }
}

/* A node of the class stands at most so many nodes before or behind, in the same sentence. */
static bool stands_within(const reader *r, const node *t, size_t reach, enum lang_class c) {
    const node *all = r->nodes.node.at;
    size_t at = (size_t)(t - all), low = at > reach ? at - reach : 0;
    for (size_t i = low; i < r->nodes.node.size && i <= at + reach; i++)
        if (all[i].sentence == t->sentence && node_is(&all[i], c))
            return true;
    return false;
}

/* An explosion that was heard where something was hit from above is the noise of it. */
static void settle_noise(const reader *r, const acts *all) {
    for (size_t i = 0; i < all->size; i++) {
        act *a = &all->at[i];
        if (a->type != EVENT_EXPLOSIVE || node_is(a->trigger, IS_WEAPON) ||
            !stands_within(r, a->trigger, CLOSE, IS_NOISE))
            continue;
        size_t low = i > LOOK ? i - LOOK : 0, high = i + LOOK < all->size ? i + LOOK : all->size;
        for (size_t k = low; k < high; k++) {
            const act *b = &all->at[k];
            if (act_from_above(b->type) && !are_rivals(r, a, b) && may_meet(r, a, b)) {
                a->type = b->type;
                break;
            }
        }
    }
}

static bool tells_effect(const facts *f, int value) {
    for (uint32_t i = 0; i < f->figures; i++)
        if (f->figure[i].effect == value)
            return true;
    return false;
}

/* Its sentence tells of people with that effect; where it tells of nobody, the next one of its paragraph
 * does. */
static bool led_to(const act *a, int what) {
    const facts *f = a->told, *next = f + 1;
    return tells_effect(!f->figures && next->paragraph == f->paragraph ? next : f, what);
}

/* Troops land, and raiders come, in order to catch somebody; where people are killed and nobody is caught,
 * they fought. */
static void settle_landings(const acts *all) {
    for (size_t i = 0; i < all->size; i++) {
        act *a = &all->at[i];
        if (a->type == EVENT_DETENTION && a->vague && led_to(a, VALUE_EFFECT_KILLED) &&
            !led_to(a, VALUE_EFFECT_DETAINED))
            a->type = EVENT_CLASH;
    }
}

/* Are all who are told to strike from the air others than whoever did this? */
static bool others_fly(const reader *r, const acts *all, size_t i) {
    bool others = false;
    for (size_t k = i > LOOK ? i - LOOK : 0; k < all->size && k < i + LOOK; k++) {
        const act *b = &all->at[k];
        COUNT(claim_steps, 1);
        if (b->vague || (b->type != EVENT_AIR_STRIKE && b->type != EVENT_DRONE_STRIKE))
            continue;
        if (!are_rivals(r, &all->at[i], b))
            return false;
        others = true;
    }
    return others;
}

/* Where aircraft are told of and no gun, what was bombed was bombed from the air. */
static void bomb_from_the_air(const reader *r, const acts *all) {
    bool air = false, guns = false;
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        if (n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK ||
            !(node_is(n, IS_WEAPON) || node_is(n, IS_EVENT)))
            continue;
        air |= n->feature[FEATURE_EVENT] == VALUE_EVENT_AIR_STRIKE;
        guns |= n->feature[FEATURE_EVENT] == VALUE_EVENT_SHELLING;
    }
    for (size_t i = 0; air && !guns && i < all->size; i++)
        if (all->at[i].vague && all->at[i].type == EVENT_SHELLING && !others_fly(r, all, i))
            all->at[i].type = EVENT_AIR_STRIKE;
}

/* A rule may tell the kind that the word leaves open: by drones, a missile that was launched and from no
 * aircraft. */
static bool rule_tells(const reader *r, const match *m, const node *t) {
    return m->out.feature[FEATURE_STRENGTH] == VALUE_STRENGTH_STRONG &&
           (m->out.feature[FEATURE_EVENT] != VALUE_EVENT_SHELLING ||
            !stands_within(r, t, STRIKES_WITHIN, IS_AIRCRAFT));
}

static void collect(const reader *r, const matches *marks, acts *out) {
    out->at = ARENA_NEW(r->scratch, act, marks->at.size + 1);
    uint32_t covered = 0;
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (m->rule->emits == IS_ENDED || m->out.first < covered || !m->out.feature[FEATURE_EVENT] ||
            !m->label[LABEL_T].count)
            continue;
        covered = m->out.last;
        const node *t = m->label[LABEL_T].first;
        const captured *w = &m->label[LABEL_W];
        bool vague = !rule_tells(r, m, t) && t->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK &&
                     (!w->count || w->first->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK);
        out->at[out->size++] = (act){.mark = m,
                                     .trigger = t,
                                     .sentence = m->out.sentence,
                                     .first = t->first,
                                     .last = t->last,
                                     .type = (event_type)m->out.feature[FEATURE_EVENT],
                                     .vague = vague,
                                     .any = m->out.feature[FEATURE_EVENT] == VALUE_EVENT_OTHER_ATTACK,
                                     .place = NONE,
                                     .event = NONE};
    }
}

static bool stands_behind(const reader *r, const node *n, enum lang_class c) {
    return n > r->nodes.node.at && n[-1].sentence == n->sentence && node_is(n - 1, c);
}

/* One act told in two words: "explosion of a bomb", "shelling that hit", "hit by air strikes", "shelling with
 * rockets", "a bombing that targeted". */
static bool is_part(const reader *r, const act *before, const act *a) {
    bool verb = node_is(a->trigger, IS_TARGETS) && a->trigger->feature[FEATURE_FORM] == VALUE_FORM_VERB;
    bool aimed = verb && a->vague && is_attack(before->type) && a->first - before->last <= PART_WITHIN;
    if (before->sentence != a->sentence)
        return false;
    if (before->type == EVENT_EXPLOSIVE && node_is(a->trigger, IS_WEAPON) && a->first == before->last)
        return true; /* what blew up */
    if (!aimed && !acts_same_kind(before, a))
        return false;
    bool struck = node_is(before->trigger, IS_TARGETS);
    if (a->first == before->last)
        return true;
    if (before->any && !a->any && a->first - before->last <= PART_WITHIN &&
        (stands_behind(r, a->trigger, IS_IN) || stands_behind(r, a->trigger, IS_BECAUSE)))
        return true; /* "an attack with rockets", "a massacre from shelling" */
    if (before->trigger->feature[FEATURE_FORM] == VALUE_FORM_VERB && node_is(a->trigger, IS_WEAPON) &&
        a->first - before->last <= PART_WITHIN && !stands_behind(r, a->trigger, IS_AND))
        return true;
    if (verb)
        return a->vague && !struck && !stands_behind(r, a->trigger, IS_AND);
    return (struck || node_is(a->trigger, IS_WEAPON)) && stands_behind(r, a->trigger, IS_IN);
}

/* "Carried out a raid": the verb says nothing of its own, the noun tells the act, whoever flew says how. */
static bool is_object(const reader *r, const act *verb, const act *a) {
    const node *t = verb->trigger;
    return verb->sentence == a->sentence && node_is(t, IS_TARGETS) && !node_is(t, IS_EVENT) &&
           t->feature[FEATURE_FORM] == VALUE_FORM_VERB &&
           a->trigger->feature[FEATURE_FORM] != VALUE_FORM_VERB && node_is(a->trigger, IS_EVENT) &&
           (acts_same_kind(verb, a) || (act_from_above(verb->type) && act_from_above(a->type))) &&
           a->first - verb->last <= PART_WITHIN && !stands_behind(r, a->trigger, IS_AND);
}

/* Joins to each act what only tells more of it. */
static void join_parts(const reader *r, acts *all) {
    size_t kept = 0;
    for (size_t i = 0; i < all->size; i++) {
        act *a = &all->at[i], *before = kept ? &all->at[kept - 1] : NULL;
        if (before && is_object(r, before, a)) {
            bool weapon_tells = a->vague || a->any || before->type == EVENT_DRONE_STRIKE;
            event_type type = weapon_tells ? before->type : a->type;
            *before = *a;
            before->type = type;
            before->vague = before->any = false;
            continue;
        }
        if (!before || !is_part(r, before, a)) {
            all->at[kept++] = *a;
            continue;
        }
        if ((before->vague || before->any) && !a->vague && !a->any) {
            before->type = a->type;
            before->vague = before->any = false;
        }
    }
    all->size = kept;
}

static uint32_t next_in_sentence(const acts *all, size_t i) {
    return i + 1 < all->size && all->at[i + 1].sentence == all->at[i].sentence ? all->at[i + 1].first
                                                                               : UINT32_MAX;
}

/* What is found of the acts weighed before it. */
static void say_found(const reader *r, const acts *all, size_t i) {
    act *a = &all->at[i];
    size_t low = i > LOOK ? i - LOOK : 0, high = i + LOOK < all->size ? i + LOOK : all->size;
    int kind = 0, one = 0, rival = 0;
    for (size_t k = low; k < high; k++) {
        const act *b = &all->at[k];
        if (k == i || !b->weighed || b->score <= 0)
            continue;
        say(a, ACT_OPEN_HERE, b->sentence == a->sentence);
        unsigned t = acts_tie(r, a, b);
        kind += t != 0;
        if (!(t & TIE_ONE))
            continue;
        one++;
        say(a, ACT_OPEN_SAME, t & TIE_SAME);
        say(a, ACT_OPEN_MEETS, t & TIE_MEETS);
        say(a, ACT_OPEN_DAY, t & TIE_DAY);
        say(a, ACT_OPEN_SENTENCE, t & TIE_SENTENCE);
        say(a, ACT_OPEN_NEAR, t & TIE_NEAR);
        say(a, ACT_OPEN_WORD, t & TIE_WORD);
        say(a, ACT_OPEN_ACTOR, t & TIE_ACTOR);
        say(a, ACT_OPEN_RIVAL, t & TIE_RIVAL);
        say(a, ACT_OPEN_FIGURE, t & TIE_FIGURE);
        say(a, ACT_OPEN_FIGURES, t & TIE_FIGURES);
        say(a, ACT_OPEN_PARAGRAPH, t & TIE_PARAGRAPH);
        say(a, ACT_OPEN_FAR, t & TIE_FAR);
        say(a, ACT_OPEN_NARROW, t & TIE_NARROW);
        rival += (t & TIE_RIVAL) != 0;
    }
    say(a, ACT_OPEN_KIND, kind > 0);
    say(a, ACT_OPEN_ONE, one > 0);
    say(a, ACT_OPEN_TWO, one > 1);
    say(a, ACT_OPEN_RIVALS, one > 0 && rival == one);
    say(a, ACT_OPEN_TITLE, one > 0 && act_has(a, ACT_TITLE));
    say(a, ACT_OPEN_OTHER, kind > 0 && one == 0);
}

/* What is added to the weights in a language; NULL in most. */
static const float *corrections_of(str language) {
    for (const struct act_correction *c = act_corrections; *c->language; c++)
        if (str_equal(str_of(c->language), language))
            return c->weight;
    return NULL;
}

static void weigh(const reader *r, const acts *all, size_t i, const float *corrections) {
    act *a = &all->at[i];
    say_found(r, all, i);
    for (int f = 0; corrections && f < ACT_FEATURES; f++)
        if (act_has(a, (enum act_feature)f))
            a->score += corrections[f];
    for (size_t k = 0; k < sizeof act_weights / sizeof *act_weights; k++)
        if (act_has(a, act_weights[k].feature) && act_has(a, act_weights[k].beside))
            a->score += act_weights[k].weight;
    a->weighed = true;
}

static act *higher(act *a, act *b) {
    return a && a->score >= b->score ? a : b;
}

/* Where people were harmed, something happened: of the acts of a sentence that tells of harm and of no act
 * found, the likeliest is one. Returns the first act of the next sentence. */
static size_t open_where_harmed(const acts *all, size_t first) {
    act *best = NULL;
    size_t i = first;
    bool found = false;
    for (; i < all->size && all->at[i].sentence == all->at[first].sentence; i++) {
        COUNT(claim_steps, 1);
        found |= all->at[i].score > 0 || act_has(&all->at[i], ACT_OPEN_KIND);
        best = higher(best, &all->at[i]);
    }
    if (best && !found && act_has(best, ACT_HARMS) && best->score > DOUBTFUL)
        best->score = BARELY;
    return i;
}

void acts_weigh(const reader *r, const matches *marks, const matches *claims, acts *out) {
    *out = (acts){0};
    collect(r, marks, out);
    join_parts(r, out);
    if (out->size == 0) /* as in most texts */
        return;
    facts *f = sentence_facts(r, claims);
    for (size_t i = 0; i < out->size; i++) {
        act *a = &out->at[i];
        a->told = &f[a->sentence];
        set_place(r, a, next_in_sentence(out, i));
        a->time = context_time(r, a->sentence, a->first);
        a->actor = context_actor_node(r, a->sentence, a->first);
        say_before(r, a);
    }
    for (size_t i = 0; i < out->size; i++)
        settle_type(r, out, i);
    bomb_from_the_air(r, out);
    settle_aimed(out);
    settle_noise(r, out);
    settle_landings(out);
    for (size_t i = 0; i < out->size; i++) {
        act *a = &out->at[i];
        say_word(a);
        say_behind(r, a, next_in_sentence(out, i));
        say_sentence(r, a, a->told);
    }
    for (size_t i = 0; i < out->size; i++) {
        say_in_sentence(out, i);
        say_others(r, out, i);
    }
    const float *corrections = corrections_of(r->article->language);
    act *best = NULL;
    for (int title = 0; title < 2; title++)
        for (size_t i = 0; i < out->size; i++)
            if (act_has(&out->at[i], ACT_TITLE) == title) {
                weigh(r, out, i, corrections);
                best = higher(best, &out->at[i]);
            }
    for (size_t i = 0, next; i < out->size; i = next)
        next = open_where_harmed(out, i);
    if (best && best->score <= 0 && best->score > (claims->at.size ? UNLIKELY : DOUBTFUL))
        best->score = BARELY;
}
