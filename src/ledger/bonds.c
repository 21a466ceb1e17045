/* What speaks for two units' telling of one incident, and how strongly.
 *
 * Each trait of a pair has a weight, learned from records that people made (eval/train_links.py) and kept in
 * data/ledger/links.tsv; their sum is the logarithm of the odds that the two are one. Days or places that
 * contradict rule a pair out, whatever else it has (places: unless the texts are copies). */
#include "ledger/bonds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/copies.h"

static const char *const trait_names[LINK_TRAITS] = {
    [LINK_ANY] = "any-pair",
    [LINK_SAME_DAY] = "same-day",
    [LINK_DAYS_OVERLAP] = "days-overlap",
    [LINK_DAY_APART] = "day-apart",
    [LINK_DAY_UNTOLD] = "day-untold",
    [LINK_PUBLISHED_APART] = "published-apart",
    [LINK_SAME_PLACE] = "same-place",
    [LINK_NEAR_PLACE] = "near-place",
    [LINK_DISTANCE] = "distance",
    [LINK_OTHER_TOWN] = "other-town",
    [LINK_WITHIN_PLACE] = "within-place",
    [LINK_SAME_REGION] = "same-region",
    [LINK_PLACE_UNTOLD] = "place-untold",
    [LINK_PLACE_APART] = "place-apart",
    [LINK_CROWDED] = "crowded",
    [LINK_SAME_ACT] = "same-act",
    [LINK_LIKE_ACT] = "like-act",
    [LINK_OTHER_ACT] = "other-act",
    [LINK_EQUAL_FIGURE] = "equal-figure",
    [LINK_EQUAL_ONE] = "equal-one",
    [LINK_OTHER_FIGURE] = "other-figure",
    [LINK_HARM_OF_ONE] = "harm-of-one",
    [LINK_SAME_PARTY] = "same-party",
    [LINK_OTHER_PARTY] = "other-party",
    [LINK_COMMON_TEXT] = "common-text",
    [LINK_COMMON_NAMES] = "common-names",
    [LINK_RARE_WORDS] = "rare-words",
    [LINK_BOTH_LEAD] = "both-lead",
    [LINK_SEVERAL] = "several",
    [LINK_SAME_OUTLET] = "same-outlet",
};

const char *link_trait_name(link_trait t) {
    return trait_names[t];
}

/* Kinds of event that two accounts of one incident may differ in. */
#define BIT(t) (1u << EVENT_##t)
static const uint32_t like[] = {
    [EVENT_AIR_STRIKE] = BIT(DRONE_STRIKE) | BIT(SHELLING) | BIT(OTHER_ATTACK) | BIT(EXPLOSIVE),
    [EVENT_DRONE_STRIKE] = BIT(AIR_STRIKE) | BIT(EXPLOSIVE) | BIT(OTHER_ATTACK) | BIT(SHELLING),
    [EVENT_SHELLING] = BIT(AIR_STRIKE) | BIT(OTHER_ATTACK) | BIT(CLASH) | BIT(DRONE_STRIKE) | BIT(EXPLOSIVE),
    [EVENT_EXPLOSIVE] =
        BIT(AIR_STRIKE) | BIT(DRONE_STRIKE) | BIT(OTHER_ATTACK) | BIT(SHELLING) | BIT(ACCIDENT),
    [EVENT_CLASH] = BIT(SHOOTING) | BIT(OTHER_ATTACK) | BIT(SHELLING) | BIT(DETENTION),
    [EVENT_SHOOTING] = BIT(CLASH) | BIT(EXECUTION) | BIT(OTHER_ATTACK) | BIT(PROTEST) | BIT(DETENTION),
    [EVENT_EXECUTION] = BIT(SHOOTING) | BIT(OTHER_ATTACK),
    [EVENT_DETENTION] = BIT(CLASH) | BIT(SHOOTING) | BIT(PROTEST),
    [EVENT_PROTEST] = BIT(SHOOTING) | BIT(DETENTION) | BIT(CLASH),
    [EVENT_ACCIDENT] = BIT(DISASTER) | BIT(EXPLOSIVE),
    [EVENT_DISASTER] = BIT(ACCIDENT),
    [EVENT_OTHER_ATTACK] = BIT(AIR_STRIKE) | BIT(DRONE_STRIKE) | BIT(SHELLING) | BIT(EXPLOSIVE) | BIT(CLASH) |
                           BIT(SHOOTING) | BIT(EXECUTION),
};
#undef BIT

bool events_are_like(uint32_t types, event_type type) {
    return (types & like[type]) != 0;
}

/* ---- the table ---- */

static bool set_weight(str name, double value, str says, link_weights *w) {
    if (str_equal(name, STR("group"))) {
        w->group = value;
        return true;
    }
    for (int t = 0; t < LINK_TRAITS; t++)
        if (str_equal(name, str_of(trait_names[t]))) {
            w->of[t] = value;
            w->says[t] = says;
            return true;
        }
    return false;
}

status link_weights_read(str table, link_weights *out, failure *f) {
    link_weights w = {0};
    unsigned number = 0;
    str line;
    for (size_t at = 0; str_piece(table, &at, '\n', &line);) {
        number++;
        if (!line.size || line.data[0] == '#')
            continue;
        str name = str_cell(line, 0), given = str_cell(line, 1);
        char digits[32], *rest = digits;
        snprintf(digits, sizeof digits, "%.*s", STR_ARG(given));
        double value = strtod(digits, &rest);
        if (rest == digits || !isfinite(value))
            return fail(f, STATUS_BAD_INPUT, "links, line %u: expected a trait, a tab and a number", number);
        if (!set_weight(name, value, str_cell(line, 2), &w))
            return fail(f, STATUS_BAD_INPUT, "links, line %u: no trait is named %.*s", number, STR_ARG(name));
    }
    *out = w;
    return STATUS_OK;
}

str linking_version(arena *a) {
    enum { DIGITS = 8 };
    str hash = digest_hex(a, sha256(str_of(ledger_table_links)), DIGITS / 2);
    return arena_printf(a, "2/%.*s", STR_ARG(hash));
}

/* ---- words ---- */

enum { PAIR_BITS = 20, FEW = 8, FEW_OF = 32, MANY = 24 };

bool bonds_word_is_rare(const bonds *b, uint32_t pair_hash) {
    return b->told[pair_hash >> (32 - PAIR_BITS)] <= b->tell_limit;
}

/* ---- crowded days ---- */

enum { CROWD_BITS = 16 };

static uint64_t crowd_key(day d, uint64_t region, uint64_t town) {
    const uint64_t parts[] = {(uint64_t)d, region, town};
    return str_hash((str){(const char *)parts, sizeof parts});
}

static bool is_sure(const spot *s) {
    return s->resolved && spot_is_fine(s);
}

static uint64_t region_of(const spot *s) {
    return (uint64_t)s->country << 32 | s->admin1;
}

/* Each town of a day once, for the day and for its region. */
static void count_crowd(uint64_t *seen, size_t capacity, uint32_t *crowds, day d, const spot *s,
                        uint64_t region) {
    uint64_t key = crowd_key(d, region, s->known_as ? s->known_as : s->id);
    size_t slot = key & (capacity - 1);
    while (seen[slot] && seen[slot] != key)
        slot = (slot + 1) & (capacity - 1);
    if (seen[slot])
        return;
    seen[slot] = key;
    crowds[crowd_key(d, region, 0) >> (64 - CROWD_BITS)]++;
}

static void count_crowds(bonds *b, arena *a) {
    const unit_list *list = b->list;
    size_t capacity = 64;
    while (capacity < list->units.size * UNIT_SPOTS * 3)
        capacity *= 2;
    uint64_t *seen = ARENA_NEW(a, uint64_t, capacity);
    for (size_t i = 0; i < list->units.size; i++) {
        const unit *u = &list->units.at[i];
        for (uint8_t k = 0; u->current && u->has_claims && u->dated && k < u->spot_count; k++)
            if (is_sure(&u->spots[k])) {
                count_crowd(seen, capacity, b->crowds, u->from, &u->spots[k], 0);
                count_crowd(seen, capacity, b->crowds, u->from, &u->spots[k], region_of(&u->spots[k]));
            }
    }
}

static double crowd_of(const bonds *b, day d, uint64_t region) {
    enum { MOST = 32 };
    uint32_t towns = b->crowds[crowd_key(d, region, 0) >> (64 - CROWD_BITS)];
    return towns <= 2 ? 0 : log2(towns > MOST ? MOST : towns) - 1; /* two may be the two of the pair */
}

/* Counts by the upper bits of the hash: pairs that collide look more common than they are, never rarer. */
bonds bonds_of(const unit_list *list, const link_weights *weights, arena *a) {
    bonds b = {list, *weights, ARENA_NEW(a, uint32_t, (size_t)1 << PAIR_BITS), FEW,
               ARENA_NEW(a, uint32_t, (size_t)1 << CROWD_BITS)};
    uint32_t current = 0;
    for (size_t i = 0; i < list->units.size; i++) {
        const unit *u = &list->units.at[i];
        current += u->current;
        for (uint8_t k = 0; u->current && k < u->pair_count; k++)
            b.told[u->pairs[k] >> (32 - PAIR_BITS)]++;
    }
    b.tell_limit = current / FEW_OF > FEW ? current / FEW_OF : FEW;
    b.tell_limit = b.tell_limit > MANY ? MANY : b.tell_limit;
    count_crowds(&b, a);
    return b;
}

/* ---- traits ---- */

bool unit_days(const unit_list *list, const unit *u, day *from, day *to) {
    day published = list->documents.at[u->document].published;
    if (!u->dated && published == DAY_NONE)
        return false;
    *from = u->dated ? u->from : published - 2;
    *to = u->dated ? u->to : published;
    return true;
}

static bool days_traits(const unit_list *list, const unit *x, const unit *y, double *values) {
    day from_x, to_x, from_y, to_y;
    if (!unit_days(list, x, &from_x, &to_x) || !unit_days(list, y, &from_y, &to_y))
        return true;
    day gap = from_x > to_y ? from_x - to_y : from_y > to_x ? from_y - to_x : 0;
    if (gap > 1)
        return false;
    if (!x->dated || !y->dated) {
        values[LINK_DAY_UNTOLD] = 1;
        return gap == 0;
    }
    if (gap == 1)
        values[LINK_DAY_APART] = 1;
    else if (from_x == to_x && from_y == to_y)
        values[LINK_SAME_DAY] = 1;
    else
        values[LINK_DAYS_OVERLAP] = 1;
    return true;
}

static void publication_traits(const linked_document *x, const linked_document *y, double *values) {
    enum { MOST = 3 };
    if (x->published == DAY_NONE || y->published == DAY_NONE)
        return;
    day apart = x->published > y->published ? x->published - y->published : y->published - x->published;
    values[LINK_PUBLISHED_APART] = apart > MOST ? MOST : apart;
}

/* Which trait two spots give: the closer, the earlier in this order. */
static int spots_trait(const spot *x, const spot *y) {
    nearness near = spot_compare(x, y);
    bool fine = spot_is_fine(x) || spot_is_fine(y);
    switch (near) {
    case SPOT_SAME:
        return fine ? LINK_SAME_PLACE : LINK_SAME_REGION;
    case SPOT_NEAR:
        return LINK_NEAR_PLACE;
    case SPOT_WITHIN:
        return x->kind == PLACE_REGION && y->kind == PLACE_REGION ? LINK_SAME_REGION : LINK_WITHIN_PLACE;
    case SPOT_UNKNOWN:
        return LINK_PLACE_UNTOLD;
    case SPOT_FAR:
        break;
    }
    return LINK_PLACE_APART;
}

static int rank_of_place(int trait) {
    static const int ranks[LINK_TRAITS] = {
        [LINK_SAME_PLACE] = 6,  [LINK_NEAR_PLACE] = 5,   [LINK_WITHIN_PLACE] = 4,
        [LINK_SAME_REGION] = 3, [LINK_PLACE_UNTOLD] = 2, [LINK_PLACE_APART] = 1};
    return ranks[trait];
}

typedef struct places_pair {
    int trait;
    double kilometres;
    const spot *x, *y; /* the nearest ones */
} places_pair;

static bool is_closer(const places_pair *x, const places_pair *y) {
    int x_rank = rank_of_place(x->trait), y_rank = rank_of_place(y->trait);
    return x_rank > y_rank || (x_rank == y_rank && x->kilometres < y->kilometres);
}

/* The closest pair of places. What is only called "the market" does not speak against towns that contradict.
 */
static places_pair places_compare(const unit *x, const unit *y) {
    places_pair best = {x->spot_count && y->spot_count ? LINK_PLACE_APART : LINK_PLACE_UNTOLD, INFINITY, NULL,
                        NULL},
                sure = {LINK_PLACE_APART, INFINITY, NULL, NULL};
    bool both_sure = false;
    for (uint8_t i = 0; i < x->spot_count; i++)
        for (uint8_t j = 0; j < y->spot_count; j++) {
            const spot *p = &x->spots[i], *q = &y->spots[j];
            places_pair found = {spots_trait(p, q), INFINITY, p, q};
            if (found.trait == LINK_NEAR_PLACE)
                found.kilometres = spot_distance(p, q);
            if (is_closer(&found, &best))
                best = found;
            both_sure |= is_sure(p) && is_sure(q);
            if (is_sure(p) && is_sure(q) && is_closer(&found, &sure))
                sure = found;
        }
    return best.trait == LINK_PLACE_UNTOLD && both_sure ? sure : best;
}

static bool names(const linked_document *d, const spot *s) {
    for (uint8_t i = 0; i < d->name_count; i++)
        if (names_alike(spot_named(s), d->names[i]))
            return true;
    return false;
}

/* Of the towns of a unit: a document that names it may have been read wrongly, with another for the place. */
static bool names_one(const linked_document *d, const unit *u) {
    for (uint8_t i = 0; i < u->spot_count; i++)
        if (is_sure(&u->spots[i]) && names(d, &u->spots[i]))
            return true;
    return false;
}

/* A district is mostly called after its town, and meant by the same name. */
static bool is_town_or_district(const spot *s) {
    return is_sure(s) || (s->kind == PLACE_AREA && s->resolved && s->id);
}

/* On a day on which many towns are told of, a place that is only near, or not told, says less. */
static void crowd_traits(const bonds *b, const unit *x, const unit *y, const places_pair *p, double *values) {
    const unit *placed = p->trait == LINK_PLACE_UNTOLD && !y->spot_count ? x : y;
    day d = placed->dated ? placed->from : x->dated ? x->from : y->dated ? y->from : DAY_NONE;
    if (d == DAY_NONE || p->trait == LINK_SAME_PLACE)
        return;
    values[LINK_CROWDED] =
        crowd_of(b, d, p->x && (p->x->admin1 || p->y->admin1) ? region_of(p->x->admin1 ? p->x : p->y) : 0);
}

static void place_traits(const bonds *b, const unit *x, const unit *y, double *values) {
    enum { FAR_KM = 30, STEP_KM = 10, BESIDE_KM = 4 };
    places_pair p = places_compare(x, y);
    const linked_document *of = b->list->documents.at;
    if (p.trait == LINK_PLACE_APART && (names_one(&of[x->document], y) || names_one(&of[y->document], x)))
        p = (places_pair){LINK_PLACE_UNTOLD, INFINITY, NULL, NULL};
    values[p.trait] = 1;
    crowd_traits(b, x, y, &p, values);
    if (p.trait == LINK_NEAR_PLACE)
        values[LINK_DISTANCE] = (p.kilometres > FAR_KM ? FAR_KM : p.kilometres) / STEP_KM;
    bool beside = p.trait == LINK_NEAR_PLACE && p.kilometres > BESIDE_KM;
    bool districts = p.trait == LINK_WITHIN_PLACE && p.x && is_town_or_district(p.x) &&
                     is_town_or_district(p.y) && spot_distance(p.x, p.y) > FAR_KM;
    values[LINK_OTHER_TOWN] =
        (beside || districts) && !names(&of[x->document], p.y) && !names(&of[y->document], p.x);
}

static void act_traits(const unit *x, const unit *y, double *values) {
    if (!x->types || !y->types)
        return;
    if (x->types & y->types) {
        values[LINK_SAME_ACT] = 1;
        return;
    }
    for (int t = EVENT_AIR_STRIKE; t <= EVENT_OTHER_ATTACK; t++)
        if (x->types & 1u << t && like[t] & y->types) {
            values[LINK_LIKE_ACT] = 1;
            return;
        }
    values[LINK_OTHER_ACT] = 1;
}

/* Figures that are equal, and effects of which each tells other figures. */
static void figure_traits(const unit *x, const unit *y, double *values) {
    uint32_t equal = 0, both = 0;
    for (uint8_t i = 0; i < x->figure_count; i++)
        for (uint8_t j = 0; j < y->figure_count; j++) {
            const unit_figure *p = &x->figures[i], *q = &y->figures[j];
            if (p->effect != q->effect || p->min == 0 || q->min == 0)
                continue;
            both |= 1u << p->effect;
            if (p->min != q->min || p->max != q->max)
                continue;
            equal |= 1u << p->effect;
            values[p->min == 1 ? LINK_EQUAL_ONE : LINK_EQUAL_FIGURE] += 1;
        }
    values[LINK_EQUAL_FIGURE] = values[LINK_EQUAL_FIGURE] > 2 ? 2 : values[LINK_EQUAL_FIGURE];
    values[LINK_EQUAL_ONE] = values[LINK_EQUAL_ONE] > 2 ? 2 : values[LINK_EQUAL_ONE];
    values[LINK_OTHER_FIGURE] = (both & ~equal) != 0;
    values[LINK_HARM_OF_ONE] = x->has_claims != y->has_claims;
}

static void party_traits(const unit *x, const unit *y, double *values) {
    if (x->parties && y->parties)
        values[x->parties & y->parties ? LINK_SAME_PARTY : LINK_OTHER_PARTY] = 1;
}

str unit_sketch(const unit_list *list, const unit *u) {
    const linked_document *d = &list->documents.at[u->document];
    return (str){list->sketches.at ? list->sketches.at + d->sketch_offset : "", d->sketch_size};
}

static double common_text(const unit_list *list, const unit *x, const unit *y) {
    double common = sketch_resemblance(unit_sketch(list, x), unit_sketch(list, y));
    return common < 0.15 ? 0 : common > 0.5 ? 1 : common * 2;
}

/* Places that both documents name, wherever in the text. */
static double common_names(const linked_document *x, const linked_document *y) {
    int common = 0;
    for (uint8_t i = 0; i < x->name_count; i++)
        for (uint8_t j = 0; j < y->name_count; j++)
            common += names_alike(x->names[i], y->names[j]);
    return common > 2 ? 2 : common;
}

/* Pairs of words that both tell in a row and few others do. */
static double rare_words(const bonds *b, const unit *x, const unit *y) {
    int common = 0;
    for (uint8_t i = 0, j = 0; i < x->pair_count && j < y->pair_count;) {
        uint32_t p = x->pairs[i], q = y->pairs[j];
        common += p == q && bonds_word_is_rare(b, p);
        i = (uint8_t)(i + (p <= q));
        j = (uint8_t)(j + (q <= p));
    }
    return common > 4 ? 4 : common;
}

/* Where one does not say where, or no closer than a region, the day and the kind of act are shared by chance,
 * the more so the larger the ledger: something of their own must be common. */
bool bond_says_something(const double values[LINK_TRAITS]) {
    bool vaguely = values[LINK_PLACE_UNTOLD] + values[LINK_WITHIN_PLACE] + values[LINK_SAME_REGION] > 0;
    return !vaguely || values[LINK_EQUAL_FIGURE] + values[LINK_EQUAL_ONE] + values[LINK_RARE_WORDS] +
                               values[LINK_COMMON_TEXT] + values[LINK_COMMON_NAMES] >
                           0;
}

/* All its places are towns or less that the gazetteer knows. A copy names the places of what it copies: two
 * texts that are alike but for where are one newsroom's words for two incidents. */
static bool is_placed(const unit *u) {
    for (uint8_t i = 0; i < u->spot_count; i++)
        if (!is_sure(&u->spots[i]))
            return false;
    return u->spot_count > 0;
}

bool bond_traits(const bonds *b, const unit *x, const unit *y, double values[LINK_TRAITS]) {
    const linked_document *p = &b->list->documents.at[x->document], *q = &b->list->documents.at[y->document];
    memset(values, 0, sizeof *values * LINK_TRAITS);
    if (x->document == y->document || !days_traits(b->list, x, y, values))
        return false;
    place_traits(b, x, y, values);
    values[LINK_COMMON_TEXT] = common_text(b->list, x, y);
    if (values[LINK_PLACE_APART] > 0 && (values[LINK_COMMON_TEXT] <= 0 || (is_placed(x) && is_placed(y))))
        return false;
    values[LINK_ANY] = 1;
    publication_traits(p, q, values);
    act_traits(x, y, values);
    figure_traits(x, y, values);
    party_traits(x, y, values);
    if (values[LINK_SAME_PLACE] + values[LINK_NEAR_PLACE] <= 0)
        values[LINK_COMMON_NAMES] = common_names(p, q);
    values[LINK_RARE_WORDS] = rare_words(b, x, y);
    values[LINK_BOTH_LEAD] = x->lead && y->lead;
    values[LINK_SEVERAL] = (p->unit_count > 2) + (q->unit_count > 2);
    values[LINK_SAME_OUTLET] = p->outlet && p->outlet == q->outlet;
    return true;
}

static double weighed(const bonds *b, const double *values) {
    double sum = 0;
    for (int t = 0; t < LINK_TRAITS; t++)
        sum += b->weights.of[t] * values[t];
    return sum;
}

double bond_strength(const bonds *b, const unit *x, const unit *y) {
    double values[LINK_TRAITS];
    return bond_traits(b, x, y, values) && bond_says_something(values) ? weighed(b, values) : -INFINITY;
}

/* Told of a country, and of no place within it. */
static bool is_country(const unit *u) {
    for (uint8_t i = 0; i < u->spot_count; i++)
        if (u->spots[i].kind != PLACE_COUNTRY)
            return false;
    return u->spot_count > 0;
}

bond_vote bond_within(const bonds *b, const unit *x, const unit *y) {
    double values[LINK_TRAITS];
    if (!bond_traits(b, x, y, values))
        return BOND_AGAINST;
    if (!bond_says_something(values))
        return BOND_MUTE;
    if (weighed(b, values) < -b->weights.group)
        return BOND_AGAINST;
    return is_country(x) || is_country(y) ? BOND_ANYWHERE : BOND_FOR;
}
