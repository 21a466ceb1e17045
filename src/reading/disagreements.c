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

static bool same_people(const claim *a, const claim *b) {
    bool classes = a->who_class == b->who_class || a->who_class == CLASS_UNKNOWN ||
                   b->who_class == CLASS_UNKNOWN || a->who_class == CLASS_MIXED ||
                   b->who_class == CLASS_MIXED;
    bool groups = a->who_group == b->who_group || a->who_group == GROUP_NONE || b->who_group == GROUP_NONE;
    return classes && groups;
}

static bool same_voice(const claim *a, const claim *b) {
    if (SPAN_NONE(a->voice.at) || SPAN_NONE(b->voice.at))
        return SPAN_NONE(a->voice.at) && SPAN_NONE(b->voice.at);
    return str_find(a->voice.at.text, b->voice.at.text, 0) != SIZE_MAX ||
           str_find(b->voice.at.text, a->voice.at.text, 0) != SIZE_MAX;
}

static bool dates_meet(const claim *a, const claim *b) {
    if (!a->date.data || !b->date.data)
        return true;
    day a1 = day_parse(a->date), b1 = day_parse(b->date);
    day a2 = a->date.size > 11 ? day_parse(str_slice(a->date, 11, a->date.size)) : a1;
    day b2 = b->date.size > 11 ? day_parse(str_slice(b->date, 11, b->date.size)) : b1;
    return a1 <= b2 && b1 <= a2;
}

static bool places_meet(const reader *r, const claim *a, const claim *b) {
    if (a->place < 0 || b->place < 0 || a->place == b->place)
        return true;
    const place_mention *p = &r->out->places.at[a->place], *q = &r->out->places.at[b->place];
    if (!p->resolved || !q->resolved)
        return true;
    return places_distance_km(p->lat, p->lon, q->lat, q->lon) <= p->radius_km + q->radius_km;
}

static bool same_harm(const reader *r, const claim *a, const claim *b) {
    return a->scope == SCOPE_INCIDENT && b->scope == SCOPE_INCIDENT && a->part_of < 0 && b->part_of < 0 &&
           same_effect(a, b) && same_people(a, b) && !same_voice(a, b) &&
           ((a->event_index >= 0 && a->event_index == b->event_index) || places_meet(r, a, b)) &&
           dates_meet(a, b);
}

static bool disagree(const claim *a, const claim *b, disagreement_on *on) {
    bool denied = (a->stance == STANCE_DENIES) != (b->stance == STANCE_DENIES);
    bool zero = (a->min == 0 && a->max == 0) != (b->min == 0 && b->max == 0);
    if (denied || (zero && !overlap(a, b))) {
        *on = denied ? ON_DENIAL : ON_COUNT;
        return true;
    }
    /* A total of dead and hurt is no other figure than either of them. */
    if (a->effect != b->effect || overlap(a, b))
        return false;
    *on = ON_COUNT;
    return true;
}

void read_disagreements(reader *r) {
    for (size_t i = 0; i < r->out->claims.size; i++)
        for (size_t k = i + 1; k < r->out->claims.size && k < i + 64; k++) {
            COUNT(claim_steps, 1);
            const claim *a = &r->out->claims.at[i], *b = &r->out->claims.at[k];
            disagreement_on on;
            if (same_harm(r, a, b) && disagree(a, b, &on))
                *VECTOR_PUSH(&r->out->disagreements, r->a) = (disagreement){(int)i, (int)k, on};
        }
}
