/* Disagreements inside one document: claims of the same harm by different voices that cannot both hold. */
#include "base/counters.h"
#include "reading/reader.h"

static bool overlap(const claim *a, const claim *b) {
    return a->min <= b->max && b->min <= a->max;
}

static bool same_effect(const claim *a, const claim *b) {
    bool either =
        (a->effect == EFFECT_CASUALTIES && (b->effect == EFFECT_KILLED || b->effect == EFFECT_INJURED)) ||
        (b->effect == EFFECT_CASUALTIES && (a->effect == EFFECT_KILLED || a->effect == EFFECT_INJURED));
    return a->effect == b->effect || either;
}

/* "The young man" is "her son" where both are known and were killed in one act, whatever their age is called.
 */
static bool one_known(const claim *a, const claim *b) {
    return a->max == 1 && b->max == 1 && (a->known || b->known) && a->event_index >= 0 &&
           a->event_index == b->event_index;
}

static bool same_people(const claim *a, const claim *b) {
    bool classes = a->who_class == b->who_class || a->who_class == CLASS_UNKNOWN ||
                   b->who_class == CLASS_UNKNOWN || a->who_class == CLASS_MIXED ||
                   b->who_class == CLASS_MIXED;
    bool groups = a->who_group == b->who_group || a->who_group == GROUP_NONE || b->who_group == GROUP_NONE;
    return classes && (groups || one_known(a, b));
}

enum { VOICE_WORDS = 16, WORD_BYTES = 128 };

/* The words of a name, the article and spelling apart. */
static size_t words_of(reader *r, str name, str out[VOICE_WORDS]) {
    tokens t;
    text_tokens(name, r->scratch, &t);
    size_t n = 0;
    for (size_t i = 0; i < t.token.size && n < VOICE_WORDS; i++) {
        char key[WORD_BYTES];
        str word = t.token.at[i].folded;
        if (t.token.at[i].kind != TOKEN_WORD || word.size > sizeof key)
            continue;
        out[n] = arena_copy(r->scratch, (str){key, places_fold(word, key)});
        n += out[n].size > 0;
    }
    return n;
}

/* The words of who says a claim and of whom it names as the doer: made once, compared with many. */
typedef struct claim_names {
    const str *voice, *actor;
    size_t voice_words, actor_words;
} claim_names;

static const str *keep_words(reader *r, const span *at, size_t *count) {
    str words[VOICE_WORDS];
    *count = SPAN_NONE(*at) ? 0 : words_of(r, at->text, words);
    if (!*count)
        return NULL;
    str *kept = ARENA_NEW(r->scratch, str, *count);
    memcpy(kept, words, *count * sizeof *kept);
    return kept;
}

static const claim_names *name_claims(reader *r) {
    size_t n = r->out->claims.size;
    claim_names *names = ARENA_NEW(r->scratch, claim_names, n + 1);
    for (size_t i = 0; i < n; i++) {
        const claim *c = &r->out->claims.at[i];
        names[i].voice = keep_words(r, &c->voice.at, &names[i].voice_words);
        names[i].actor = keep_words(r, &c->actor.at, &names[i].actor_words);
    }
    return names;
}

static const claim_names *names_of(const reader *r, const claim *c) {
    return &r->claim_names[c - r->out->claims.at];
}

/* Is every word of one among the other's? */
static bool words_within(const str *a, size_t na, const str *b, size_t nb) {
    for (size_t i = 0; i < na; i++) {
        size_t k = 0;
        while (k < nb && !str_equal(a[i], b[k]))
            k++;
        if (k == nb)
            return false;
    }
    return na > 0;
}

/* "The ministry" is "the spokesman of the ministry of health". */
static bool same_voice(reader *r, const claim *a, const claim *b) {
    if (SPAN_NONE(a->voice.at) || SPAN_NONE(b->voice.at))
        return SPAN_NONE(a->voice.at) && SPAN_NONE(b->voice.at);
    if (str_find(a->voice.at.text, b->voice.at.text, 0) != SIZE_MAX ||
        str_find(b->voice.at.text, a->voice.at.text, 0) != SIZE_MAX)
        return true;
    const claim_names *x = names_of(r, a), *y = names_of(r, b);
    return words_within(x->voice, x->voice_words, y->voice, y->voice_words) ||
           words_within(y->voice, y->voice_words, x->voice, x->voice_words);
}

/* How many days lie between the two harms; 0 where their dates meet, or one has none. */
static int64_t days_apart(const claim *a, const claim *b) {
    if (!a->date.data || !b->date.data)
        return 0;
    int64_t gap = a->from > b->to ? (int64_t)a->from - b->to : (int64_t)b->from - a->to;
    return gap > 0 ? gap : 0;
}

/* How far the places of two harms lie beyond each other's reach, in kilometres; 0 where they meet. Of two
 * towns told for two acts each must lie within the other's reach: neighbours are not one place. */
static double places_apart(const reader *r, const claim *a, const claim *b) {
    if (a->place < 0 || b->place < 0 || a->place == b->place)
        return 0;
    const place_mention *p = &r->out->places.at[a->place], *q = &r->out->places.at[b->place];
    if (!p->resolved || !q->resolved)
        return 0;
    double reach = a->event_index >= 0 && b->event_index >= 0
                       ? p->radius_km > q->radius_km ? p->radius_km : q->radius_km
                       : p->radius_km + q->radius_km;
    double apart = places_distance_km(p->lat, p->lon, q->lat, q->lon);
    return apart > reach ? apart : 0;
}

/* "Two were hurt. … 140 since January": only the later one counts from a day on, whatever was made of the
 * time of the earlier. */
static bool counted_apart(const claim *a, const claim *b) {
    return a->since != b->since || (b->since && a->time_inherited && !b->time_inherited);
}

/* May both be about one harm, as far as who was harmed and how goes? */
static bool alike(reader *r, const claim *a, const claim *b) {
    return a->scope == SCOPE_INCIDENT && b->scope == SCOPE_INCIDENT && !counted_apart(a, b) &&
           a->part_of < 0 && b->part_of < 0 && same_effect(a, b) && same_people(a, b) && !same_voice(r, a, b);
}

static bool is_zero(const claim *c) {
    return c->min == 0 && c->max == 0;
}

/* More dead, or more hurt, than dead and hurt together. */
static bool exceeds(const claim *part, const claim *whole) {
    return whole->effect == EFFECT_CASUALTIES && part->min > whole->max;
}

/* Two acts told in two places: that nobody was harmed in one says nothing of the other. */
static bool acts_apart(const claim *a, const claim *b) {
    return a->event_index >= 0 && b->event_index >= 0 && a->event_index != b->event_index && a->place >= 0 &&
           b->place >= 0 && a->place != b->place;
}

enum { SEVERAL = 3, MORE_THAN_ONE = 2 };

/* "The wounded": a plural that nobody counted is no figure beside a total of none. */
static bool uncounted(const claim *c) {
    return c->min == MORE_THAN_ONE && c->max == COUNT_OPEN;
}

/* Nobody was harmed, or so many were. A total of dead and hurt is no other figure than either of them. */
static bool count_differs(const claim *a, const claim *b) {
    if (overlap(a, b))
        return false;
    if (is_zero(a) || is_zero(b))
        return !acts_apart(a, b) && (a->effect == b->effect || !(uncounted(a) || uncounted(b)));
    if ((a->by_rank && b->min >= SEVERAL) || (b->by_rank && a->min >= SEVERAL)) /* one of the many is named */
        return false;
    return a->effect == b->effect || exceeds(a, b) || exceeds(b, a);
}

/* Does its own sentence say who did it? */
static bool tells_actor(const claim *c) {
    return !SPAN_NONE(c->actor.at) && c->actor.at.start >= c->evidence.start &&
           c->actor.at.end <= c->evidence.end;
}

/* Two who are told of by no word in common; who nobody knows is nobody else. */
static bool actors_differ(const reader *r, const claim *a, const claim *b) {
    if (!tells_actor(a) || !tells_actor(b))
        return false;
    const claim_names *x = names_of(r, a), *y = names_of(r, b);
    for (size_t i = 0; i < x->actor_words; i++)
        for (size_t k = 0; k < y->actor_words; k++)
            if (str_equal(x->actor[i], y->actor[k]))
                return false;
    return true;
}

static bool same_figure(const claim *a, const claim *b) {
    return a->effect == b->effect && a->min == b->min && a->max == b->max && (a->min > 1 || b->known);
}

enum { DAYS_CONFUSED = 7, KM_CONFUSED = 60 };

static void note(reader *r, size_t i, size_t k, disagreement_on on) {
    *VECTOR_PUSH(&r->out->disagreements, r->a) = (disagreement){(int)i, (int)k, on};
}

/* One kind of act, or one place; of one of whom no act is told, one paragraph. */
static bool one_act(const claim *a, const claim *b) {
    if (a->event == EVENT_NONE || b->event == EVENT_NONE)
        return a->paragraph == b->paragraph;
    return a->event != EVENT_NONE && b->event != EVENT_NONE &&
           (a->event == b->event || (a->place >= 0 && a->place == b->place));
}

/* Is one figure of one harm told of two places: not far from each other, or in one breath? */
static bool placed_apart(const reader *r, const claim *a, const claim *b, double apart) {
    bool one_breath = a->evidence.start == b->evidence.start;
    bool one_event = a->event_index >= 0 && a->event_index == b->event_index;
    if (apart > 0)
        return apart < KM_CONFUSED || one_breath || one_event;
    if (!one_breath || a->place < 0 || b->place < 0 || a->place == b->place)
        return false;
    const place_mention *p = &r->out->places.at[a->place], *q = &r->out->places.at[b->place];
    return (!p->resolved || !q->resolved) && !str_equal(p->at.text, q->at.text);
}

static void compare_alike(reader *r, size_t i, size_t k, bool denied) {
    const claim *a = &r->out->claims.at[i], *b = &r->out->claims.at[k];
    if (denied || count_differs(a, b))
        note(r, i, k, denied ? ON_DENIAL : ON_COUNT);
    if (!denied && a->min > 0 && b->min > 0 && a->effect == b->effect && actors_differ(r, a, b))
        note(r, i, k, ON_ACTOR);
}

/* One figure of one act, told by two of two days, or of two places not far from each other, is one harm of
 * which they differ. */
static void compare(reader *r, size_t i, size_t k) {
    const claim *a = &r->out->claims.at[i], *b = &r->out->claims.at[k];
    int64_t late = days_apart(a, b);
    double apart = places_apart(r, a, b),
           far = a->event_index >= 0 && a->event_index == b->event_index ? 0 : apart;
    bool denied = (a->stance == STANCE_DENIES) != (b->stance == STANCE_DENIES) && !(is_zero(a) && is_zero(b));
    bool one = !denied && same_figure(a, b) && one_act(a, b);
    if (late == 0 && one && placed_apart(r, a, b, apart))
        note(r, i, k, ON_PLACE);
    else if (late == 0 && far <= 0)
        compare_alike(r, i, k, denied);
    else if (one && far <= 0 && late <= DAYS_CONFUSED)
        note(r, i, k, ON_DATE);
}

void read_disagreements(reader *r) {
    r->claim_names = name_claims(r);
    for (size_t i = 0; i < r->out->claims.size; i++)
        for (size_t k = i + 1; k < r->out->claims.size && k < i + 64; k++) {
            COUNT(claim_steps, 1);
            if (alike(r, &r->out->claims.at[i], &r->out->claims.at[k]))
                compare(r, i, k);
        }
}
