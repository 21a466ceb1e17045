/* Place mentions: which names stand for places, and which places they are.
 *
 * A bare name counts where something speaks for it: a word such as "city of" or "west of", a preposition, a
 * list that another place began, or its own weight (a country, a region, a larger town). All names of a
 * document are settled together. A relative place gets a centre and a radius from the place it leans on. */
#include "reading/reader.h"

typedef struct mention {
    const node *node;
    int query;
    int container; /* query of the place told right after it, or NONE */
} mention;

typedef VECTOR(mention) mentions;
typedef VECTOR(place_query) queries;

static const node *captured_name(const match *m, int label) {
    const captured *c = &m->label[label];
    return c->count ? c->first : NULL;
}

/* `last` is the node of the last mention that counted. */
static bool speaks_for(const reader *r, size_t at, const node *last) {
    const node *n = &r->nodes.node.at[at];
    if (at == 0 || n[-1].sentence != n->sentence)
        return false;
    const node *b = n - 1;
    if (node_is(b, IS_IN) || node_is(b, IS_TO) || node_is(b, IS_FROM) || node_is(b, IS_PREPOSITION) ||
        node_is(b, IS_DIRECTION) || node_is(b, IS_NEAR))
        return true;
    if ((node_is(b, IS_AND) || node_is(b, IS_COMMA)) && at >= 2)
        return n - 2 == last;
    return b == last;
}

/* "The agency of X", "radio «X»": a part of a body's name. */
static bool names_a_body(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    if (n->feature[FEATURE_PLACE_KIND] || n->feature[FEATURE_RELATION])
        return false;
    for (size_t back = 1; back <= 2 && back <= at && n[-(long)back].sentence == n->sentence; back++) {
        const node *b = n - back;
        if (node_is(b, IS_SOURCE))
            return !node_is(b, IS_PLACE_HEAD) && !node_is(b, IS_PERSON);
        if (!node_is(b, IS_QUOTE))
            return false;
    }
    return false;
}

/* "Ahmed al-Saadi": what follows a capitalised word that is no place is the rest of a name. */
static bool rest_of_a_person(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    if (!at || n[-1].sentence != n->sentence || n->feature[FEATURE_PLACE_KIND])
        return false;
    return node_is(n - 1, IS_UNKNOWN) && n[-1].feature[FEATURE_CASE] == VALUE_CASE_CAPITAL;
}

static bool accepted(const reader *r, size_t at, const node *last) {
    const node *n = &r->nodes.node.at[at];
    if (names_a_body(r, at) || rest_of_a_person(r, at))
        return false;
    if (str_equal(str_of(n->match->rule->name), STR("place.name"))) {
        const node *name = captured_name(n->match, LABEL_N);
        int strength = name->feature[FEATURE_STRENGTH];
        return strength == VALUE_STRENGTH_STRONG ||
               (strength != VALUE_STRENGTH_WEAK && speaks_for(r, at, last));
    }
    return true;
}

static str name_text(const reader *r, const captured *c) {
    return c->count ? pieces_text(&r->nodes, c->first->first, c->first[c->count - 1].last) : STR_NONE;
}

static int add_query(reader *r, queries *q, const node *n, int label, int kind) {
    const captured *c = &n->match->label[label];
    if (!c->count)
        return NONE;
    bool known = node_is(c->first, IS_NAME);
    str name = known ? name_text(r, &(captured){c->first, 1}) : name_text(r, c);
    *VECTOR_PUSH(q, r->scratch) = (place_query){name, kind, NONE, n->sentence};
    return (int)q->size - 1;
}

static int expected_kind(const node *n) {
    int kind = n->feature[FEATURE_PLACE_KIND], relation = n->feature[FEATURE_RELATION];
    return !kind || relation == VALUE_RELATION_COUNTRYSIDE || kind == VALUE_PLACE_KIND_AREA ||
                   kind == VALUE_PLACE_KIND_SITE
               ? NONE
               : kind - 1;
}

/* Side by side, or with "in" or the like between them. */
static bool follows_at_once(const node *a, const node *b) {
    return b == a + 1 || (b == a + 2 && (node_is(a + 1, IS_IN) || node_is(a + 1, IS_DIRECTION) ||
                                         node_is(a + 1, IS_OPENS)));
}

/* "in X in the countryside of Y": X lies within Y where Y follows at once. */
static void link_containers(mentions *m, queries *q) {
    for (size_t i = 0; i + 1 < m->size; i++) {
        const node *a = m->at[i].node, *b = m->at[i + 1].node;
        if (m->at[i].query >= 0 && m->at[i + 1].query >= 0 && a->sentence == b->sentence &&
            follows_at_once(a, b))
            q->at[m->at[i].query].within = m->at[i].container = m->at[i + 1].query;
    }
}

static double bearing_degrees(int bearing) {
    return bearing >= VALUE_BEARING_NORTH && bearing <= VALUE_BEARING_NORTH_WEST ? (bearing - 1) * 45.0 : -1;
}

static void put_resolved(place_mention *p, const place *found) {
    p->name = found->name;
    p->country = found->country;
    p->admin1 = found->admin1;
    p->id = found->id;
    p->lat = found->lat;
    p->lon = found->lon;
    p->radius_km = found->radius_km;
    p->resolved = true;
}

/* "X, west of Y": the direction tells where X is, and Y is Y. */
static bool describes_the_one_before(const node *n) {
    return n->feature[FEATURE_RELATION] == VALUE_RELATION_DIRECTION && node_is(n - 1, IS_PLACE) &&
           n[-1].sentence == n->sentence;
}

static void put_relative(place_mention *p, const node *n, const place *found, const place *other) {
    static const place_relation relations[] = {
        [VALUE_RELATION_DIRECTION] = RELATION_DIRECTION, [VALUE_RELATION_NEAR] = RELATION_NEAR,
        [VALUE_RELATION_BETWEEN] = RELATION_BETWEEN,     [VALUE_RELATION_COUNTRYSIDE] = RELATION_COUNTRYSIDE,
        [VALUE_RELATION_CENTRE] = RELATION_CENTRE,       [VALUE_RELATION_DISTANCE] = RELATION_DISTANCE};
    int relation = n->feature[FEATURE_RELATION], bearing = n->feature[FEATURE_BEARING];
    if (!relation || describes_the_one_before(n))
        return;
    place_relation kind = relations[relation];
    if (kind == RELATION_DIRECTION && bearing == VALUE_BEARING_CENTRE)
        kind = RELATION_CENTRE;
    if (kind == RELATION_BETWEEN && !other)
        kind = RELATION_NEAR;
    double km = n->feature[FEATURE_AMOUNT] * n->feature[FEATURE_METRES] / 1000.0;
    places_relative(kind, found, other, bearing_degrees(bearing), km, &p->lat, &p->lon, &p->radius_km);
    p->anchor = found->id;
}

/* A direction or a distance is no part of the name: the mention is the place it leans on. */
static span mention_span(const reader *r, const node *n) {
    int relation = n->feature[FEATURE_RELATION];
    const captured *name = &n->match->label[LABEL_N], *head = &n->match->label[LABEL_H];
    if ((relation == VALUE_RELATION_DIRECTION || relation == VALUE_RELATION_NEAR ||
         relation == VALUE_RELATION_DISTANCE) &&
        name->count)
        return reader_span(r, head->count ? head->first->first : name->first->first,
                           name->first[name->count - 1].last);
    return reader_span(r, n->first, n->last);
}

static str folded_copy(reader *r, str s) {
    char *out = arena_alloc(r->scratch, s.size + 1);
    return (str){out, places_fold(s, out)};
}

/* The same name of the same document is one place; the most complete mention is kept. */
static int find_known(const reader *r, const place_mention *p, const str *keys, str key) {
    for (size_t i = r->first_place; i < r->out->places.size && i < r->first_place + 400; i++) {
        const place_mention *q = &r->out->places.at[i];
        bool same_key = str_equal(keys[i - r->first_place], key) && p->kind == q->kind;
        bool same_place = p->resolved && q->resolved && str_equal(p->id, q->id) &&
                          (p->kind == PLACE_AREA) == (q->kind == PLACE_AREA) && p->lat == q->lat &&
                          p->lon == q->lon;
        if (same_key || same_place)
            return (int)i;
    }
    return NONE;
}

static bool led_to(const reader *r, const node *n) {
    if (n == r->nodes.node.at || n[-1].sentence != n->sentence || !node_is(n - 1, IS_TO))
        return false;
    for (long k = 2; k <= 10 && n - k >= r->nodes.node.at && n[-k].sentence == n->sentence; k++)
        if (node_is(n - k, IS_CARRIED))
            return true;
    return false;
}

/* A site that the gazetteer lacks lies in the town it is named for, or in the place told right after it; a
 * region's name says nothing of where it is. Puts the containing place as its anchor; returns NULL where
 * nothing is known. */
static const place *place_of_site(place_mention *p, const mention *m, const place *found,
                                  const place *settled) {
    const place *in = m->container >= 0 && settled[m->container].id.data ? &settled[m->container] : NULL;
    const captured *name = &m->node->match->label[LABEL_N];
    bool common = name->count && name->first->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    if (!in && !common &&
        (found->kind == PLACE_CITY || found->kind == PLACE_VILLAGE || found->kind == PLACE_NEIGHBOURHOOD))
        in = found;
    if (!in)
        return NULL;
    put_resolved(p, in);
    p->anchor = in->id;
    p->id = STR_NONE;
    p->name = STR_NONE;
    return in;
}

static void add_mention(reader *r, const mention *m, const place *settled, str *keys) {
    const node *n = m->node;
    const place *found = m->query >= 0 && settled[m->query].id.data ? &settled[m->query] : NULL;
    place_mention p = {.at = mention_span(r, n)};
    int kind = n->feature[FEATURE_PLACE_KIND];
    p.kind = kind ? (place_kind)(kind - 1) : found ? found->kind : PLACE_VILLAGE;
    if (p.kind == PLACE_VILLAGE && found && found->kind == PLACE_CITY)
        p.kind = PLACE_CITY;
    if (p.kind == PLACE_SITE && found && found->kind != PLACE_SITE)
        found = place_of_site(&p, m, found, settled);
    if (found && !p.resolved) {
        put_resolved(&p, found);
        const place *other = NULL;
        if (n->feature[FEATURE_RELATION] == VALUE_RELATION_BETWEEN && m->query + 1 >= 0 &&
            settled[m->query + 1].id.data)
            other = &settled[m->query + 1];
        put_relative(&p, n, found, other);
    }
    str key = folded_copy(r, name_text(r, &n->match->label[LABEL_N]));
    int known = find_known(r, &p, keys, key);
    if (known < 0) {
        known = (int)r->out->places.size;
        *VECTOR_PUSH(&r->out->places, r->a) = p;
        keys[known - (int)r->first_place] = key;
    } else if (p.at.text.size > r->out->places.at[known].at.text.size) {
        r->out->places.at[known].at = p.at;
    }
    *VECTOR_PUSH(&r->places, r->scratch) =
        (place_node){n->sentence, n->first, n->last, known, n->feature[FEATURE_RELATION], led_to(r, n)};
}

void read_places(reader *r) {
    mentions m = {0};
    queries q = {0};
    const node *last = NULL;
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        if (!node_is(n, IS_PLACE) || !n->match || !accepted(r, i, last))
            continue;
        last = n;
        int query = add_query(r, &q, n, LABEL_N, expected_kind(n));
        *VECTOR_PUSH(&m, r->scratch) = (mention){n, query, NONE};
        if (n->feature[FEATURE_RELATION] == VALUE_RELATION_BETWEEN)
            add_query(r, &q, n, LABEL_O, NONE);
    }
    link_containers(&m, &q);
    place *settled = ARENA_NEW(r->scratch, place, q.size + 2);
    places_settle(r->gazetteer, q.at, q.size, r->scratch, settled);
    str *keys = ARENA_NEW(r->scratch, str, m.size + 1);
    for (size_t i = 0; i < m.size; i++)
        add_mention(r, &m.at[i], settled, keys);
    r->out->listed_places = r->out->places.size;
}
