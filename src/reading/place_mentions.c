/* Place mentions: which places they are.
 *
 * All names of a document are settled together. A relative place gets a centre and a radius from the place it
 * leans on. */
#include "reading/place_evidence.h"

#include <math.h>

typedef VECTOR(place_query) queries;

enum { LEANING_KM = 20 }; /* at least so far from what it leans on a place may be that nobody knows */

static str name_text(const reader *r, const captured *c) {
    return c->count ? pieces_text(&r->nodes, c->first->first, c->first[c->count - 1].last) : STR_NONE;
}

/* The kind that the words told; a site or an area is named for places of any kind. */
static int expected_kind(const mention *m) {
    bool any = !m->kind || m->relation == VALUE_RELATION_COUNTRYSIDE || m->kind == VALUE_PLACE_KIND_AREA ||
               m->kind == VALUE_PLACE_KIND_SITE;
    return any ? NONE : m->kind - 1;
}

static str folded_copy(reader *r, str s) {
    char *out = arena_alloc(r->scratch, s.size + 1);
    return (str){out, places_fold(s, out)};
}

/* Of a site's name what follows a known name may only describe it; of a village's it is a part. */
static str name_to_ask(reader *r, const mention *m) {
    str whole = name_text(r, &m->name);
    bool first_known = m->name.count > 1 && node_is(m->name.first, IS_NAME);
    place found[1];
    if (!first_known || m->kind == VALUE_PLACE_KIND_VILLAGE ||
        gazetteer_lookup(r->gazetteer, folded_copy(r, whole), found, 1))
        return whole;
    return name_text(r, &(captured){m->name.first, 1});
}

static void add_query(reader *r, queries *q, mention *m) {
    if (!m->name.count)
        return;
    m->query = (int)q->size;
    *VECTOR_PUSH(q, r->scratch) =
        (place_query){name_to_ask(r, m), expected_kind(m), NONE, m->node->sentence, m->doubtful || m->likely};
    if (!m->far_end.count)
        return;
    m->far_query = (int)q->size;
    *VECTOR_PUSH(q, r->scratch) =
        (place_query){name_text(r, &m->far_end), NONE, NONE, m->node->sentence, m->doubtful || m->likely};
}

/* Side by side, or with "in", "which belongs to" or the like between them. */
static bool follows_at_once(const node *a, const node *b) {
    enum { HEAD = 3 };                                             /* "to", "the district of", a tag's mark */
    const node *lies = node_is(a + 1, IS_UNKNOWN) ? a + 2 : a + 1; /* the rest of a name may be unknown */
    if (b > lies && node_is(lies, IS_LIES_IN) && b <= lies + 1 + HEAD)
        return true;
    return b == a + 1 || (b == a + 2 && (node_is(a + 1, IS_IN) || node_is(a + 1, IS_DIRECTION) ||
                                         node_is(a + 1, IS_OPENS)));
}

static bool is_area_of_country(const mention *m) {
    return m->relation == VALUE_RELATION_DIRECTION && m->kind == VALUE_PLACE_KIND_AREA;
}

/* "The north and the east of X" is wider than the east. */
static bool is_part_of_part(const mention *m) {
    return is_area_of_country(m) && m->name.count &&
           m->name.first->feature[FEATURE_PLACE_KIND] != VALUE_PLACE_KIND_COUNTRY;
}

/* "X, in the countryside of Y": a comma apart. */
static bool follows_apart(const node *a, const mention *next) {
    bool wide = next->kind == VALUE_PLACE_KIND_AREA || next->kind == VALUE_PLACE_KIND_REGION;
    return wide && node_is(a + 1, IS_COMMA) && node_is(a + 2, IS_IN) && next->node == a + 3;
}

/* "in X in the countryside of Y": X lies within Y where Y follows at once. */
static void link_containers(mentions *m, queries *q) {
    for (size_t i = 0; q->size && i + 1 < m->size; i++) {
        const node *a = m->at[i].node, *b = m->at[i + 1].node;
        if (m->at[i].query >= 0 && m->at[i + 1].query >= 0 && a->sentence == b->sentence &&
            (follows_at_once(a, b) || follows_apart(a, &m->at[i + 1])) && !is_part_of_part(&m->at[i + 1]))
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
static bool describes_the_one_before(const mention *m) {
    const node *n = m->node;
    return m->relation == VALUE_RELATION_DIRECTION && m->kind != VALUE_PLACE_KIND_AREA &&
           node_is(n - 1, IS_PLACE) && n[-1].sentence == n->sentence;
}

static void put_relative(place_mention *p, const mention *m, const place *found, const place *other) {
    static const place_relation relations[] = {
        [VALUE_RELATION_DIRECTION] = RELATION_DIRECTION, [VALUE_RELATION_NEAR] = RELATION_NEAR,
        [VALUE_RELATION_BETWEEN] = RELATION_BETWEEN,     [VALUE_RELATION_COUNTRYSIDE] = RELATION_COUNTRYSIDE,
        [VALUE_RELATION_CENTRE] = RELATION_CENTRE,       [VALUE_RELATION_DISTANCE] = RELATION_DISTANCE};
    const node *n = m->node;
    int relation = m->relation, bearing = n->feature[FEATURE_BEARING];
    if (!relation || describes_the_one_before(m))
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

/* A direction or a distance is no part of the name: the mention is the place it leans on. Nor is the head of
 * several: "the towns of X and Y" are X and Y. */
static span mention_span(const reader *r, const mention *m) {
    const node *n = m->node;
    bool leans =
        m->is_part || (m->relation && m->relation != VALUE_RELATION_COUNTRYSIDE && !is_area_of_country(m));
    bool several = m->several && m->kind != VALUE_PLACE_KIND_AREA;
    if (!m->name.count || (!leans && !several))
        return reader_span(r, n->first, n->last);
    const node *first = m->head.count && !several ? m->head.first : m->name.first;
    return reader_span(r, first->first, m->name.first[m->name.count - 1].last);
}

/* The same name of the same document is one place; the most complete mention is kept. Areas named for one
 * place are told apart by all their words: "the north of X", "the south of X". */
static int find_known(const reader *r, const place_mention *p, const str *keys, str key) {
    for (size_t i = r->first_place; i < r->out->places.size && i < r->first_place + 400; i++) {
        const place_mention *q = &r->out->places.at[i];
        bool same_key = str_equal(keys[i - r->first_place], key) && p->kind == q->kind;
        bool same_place = p->resolved && q->resolved && p->id.data && str_equal(p->id, q->id) &&
                          (p->kind == PLACE_AREA) == (q->kind == PLACE_AREA) && p->lat == q->lat &&
                          p->lon == q->lon;
        if (same_key || same_place)
            return (int)i;
    }
    return NONE;
}

/* "Carried to X", "carried to within X". */
static bool led_to(const reader *r, const node *n) {
    if (n > r->nodes.node.at && n[-1].sentence == n->sentence && node_is(n - 1, IS_IN))
        n--;
    if (n == r->nodes.node.at || n[-1].sentence != n->sentence || !node_is(n - 1, IS_TO))
        return false;
    for (long k = 2; k <= 10 && n - k >= r->nodes.node.at && n[-k].sentence == n->sentence; k++)
        if (node_is(n - k, IS_CARRIED))
            return true;
    return false;
}

/* A site that the gazetteer lacks lies in the town it is named for, or in the place told right after it; a
 * region's name says nothing of where it is, nor does a town's of a country that the text else does not speak
 * of ("Port Said Street"). Puts the containing place as its anchor; returns NULL where
 * nothing is known. */
static const place *place_of_site(place_mention *p, const mention *m, const place *found,
                                  const place *settled, str country) {
    const place *in = m->container >= 0 && settled[m->container].id.data ? &settled[m->container] : NULL;
    const captured *name = &m->name;
    bool common = name->count && name->first->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    bool abroad = country.data && !str_equal(country, found->country);
    if (!in && !common && !abroad &&
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

static const place *settled_at(const mention *m, const place *settled) {
    return m->query >= 0 && settled[m->query].id.data ? &settled[m->query] : NULL;
}

/* A road between two places is half-way, and reaches as far as either. */
static bool put_road(place_mention *p, const mention *m, const place *found, const place *settled) {
    enum { LONGEST_KM = 400 };
    const place *end = m->far_query >= 0 && settled[m->far_query].id.data ? &settled[m->far_query] : NULL;
    if (!found || !end || !places_within_km(found->lat, found->lon, end->lat, end->lon, LONGEST_KM))
        return false;
    put_resolved(p, found);
    places_relative(RELATION_BETWEEN, found, end, -1, 0, &p->lat, &p->lon, &p->radius_km);
    p->anchor = found->id;
    p->id = p->name = STR_NONE;
    return true;
}

static place_kind kind_of(const mention *m, const place *found) {
    place_kind kind = m->kind ? (place_kind)(m->kind - 1) : found ? found->kind : PLACE_VILLAGE;
    if (m->several && m->kind != VALUE_PLACE_KIND_AREA && found && found->kind >= PLACE_SITE)
        return found->kind; /* "the villages of the mountain" */
    return kind == PLACE_VILLAGE && found && found->kind == PLACE_CITY ? PLACE_CITY : kind;
}

/* `other`: the second place of "between X and Y", NULL without. */
static place_mention resolve(const reader *r, const mention *m, const place *other, const place *settled,
                             str country) {
    const place *found = settled_at(m, settled);
    place_mention p = {.at = mention_span(r, m), .kind = kind_of(m, found)};
    if (p.kind == PLACE_SITE && !put_road(&p, m, found, settled) && found && found->kind != PLACE_SITE)
        found = place_of_site(&p, m, found, settled, country);
    if (found && !p.resolved) {
        put_resolved(&p, found);
        put_relative(&p, m, found, other);
    }
    return p;
}

/* The country of all places that are sure, those that are only part of a site's name left out; empty where
 * there is none, or where there are several. */
static str only_country(const mentions *m, const place *settled) {
    enum { COMPARED = 64 };
    str country = STR_NONE;
    for (size_t i = 0; i < m->size && i < COMPARED; i++) {
        const mention *x = &m->at[i];
        const place *q =
            x->doubtful || x->likely || x->kind == VALUE_PLACE_KIND_SITE ? NULL : settled_at(x, settled);
        if (!q || !q->country.size)
            continue;
        if (country.data && !str_equal(country, q->country))
            return STR_NONE;
        country = q->country;
    }
    return country;
}

/* A doubtful name is a place where a sure one of the text is near; a likely one, where one is in the same
 * country or no place is sure. */
static bool is_borne_out(const mentions *m, const mention *asked, const place *settled) {
    enum { COMPARED = 64, NEAR_KM = 60 };
    const place *p = settled_at(asked, settled);
    bool any = false;
    for (size_t i = 0; p && i < m->size && i < COMPARED; i++) {
        const mention *other = &m->at[i];
        const place *q = other->doubtful || other->likely ? NULL : settled_at(other, settled);
        any |= q != NULL;
        if (q && q->kind != PLACE_COUNTRY &&
            places_within_km(p->lat, p->lon, q->lat, q->lon, NEAR_KM + q->radius_km))
            return true;
    }
    return p && asked->likely && !any;
}

/* A place that the gazetteer lacks lies in the town or the region that is told next in its sentence, or else
 * before it; no more is known of where. */
static void lean_on_neighbour(const mentions *m, size_t at, const place *settled, place_mention *p) {
    enum { BEHIND = 3, BEFORE = 2 };
    const mention *x = &m->at[at];
    bool small = x->name.count && (p->kind == PLACE_VILLAGE || p->kind == PLACE_NEIGHBOURHOOD);
    if (p->resolved || !small)
        return;
    for (int step = 1; step <= BEHIND + BEFORE; step++) {
        size_t k = step <= BEHIND ? at + (size_t)step : at - (size_t)(step - BEHIND);
        const place *q = k < m->size && m->at[k].node->sentence == x->node->sentence && !m->at[k].doubtful
                             ? settled_at(&m->at[k], settled)
                             : NULL;
        if (!q || q->kind == PLACE_COUNTRY || q->kind == PLACE_SITE)
            continue;
        put_resolved(p, q);
        p->anchor = q->id;
        p->id = p->name = STR_NONE;
        p->radius_km = fmax(p->radius_km, LEANING_KM);
        return;
    }
}

/* What another mention of a place tells: its most complete name; where it is, or more closely so where no map
 * knows it ("X in the province"; "X, north of the town"). */
static void put_more(place_mention *known, const place_mention *p) {
    bool closer = !known->id.size && p->radius_km < known->radius_km &&
                  places_within_km(known->lat, known->lon, p->lat, p->lon, known->radius_km);
    if (p->resolved && (!known->resolved || closer)) {
        place_mention more = *p;
        more.at = known->at;
        more.kind = known->kind;
        more.because = known->because;
        *known = more;
    }
    if (p->at.text.size > known->at.text.size)
        known->at = p->at;
}

static void add_mention(reader *r, const mention *m, place_mention p, str *keys) {
    bool whole = !m->name.count || (p.kind == PLACE_AREA);
    str key = folded_copy(r, whole ? p.at.text : name_text(r, &m->name));
    int known = find_known(r, &p, keys, key);
    if (known < 0) {
        known = (int)r->out->places.size;
        explain_match(r, m->node->match, &p.because);
        *VECTOR_PUSH(&r->out->places, r->a) = p;
        keys[known - (int)r->first_place] = key;
    } else {
        put_more(&r->out->places.at[known], &p);
    }
    const node *n = m->node;
    uint32_t first = m->name.count && m->name.first->first < n->first ? m->name.first->first : n->first;
    *VECTOR_PUSH(&r->places, r->scratch) =
        (place_node){n->sentence, first, n->last, known, m->relation, led_to(r, n)};
}

void read_places(reader *r) {
    mentions m = {0};
    queries q = {0};
    find_mentions(r, &m);
    for (size_t i = 0; i < m.size; i++)
        add_query(r, &q, &m.at[i]);
    link_containers(&m, &q);
    place *settled = ARENA_NEW(r->scratch, place, q.size + 1);
    places_settle(r->gazetteer, q.at, q.size, r->scratch, settled);
    str *keys = ARENA_NEW(r->scratch, str, m.size + 1), country = only_country(&m, settled);
    for (size_t i = 0; i < m.size; i++) {
        bool sure = !m.at[i].doubtful && !m.at[i].likely;
        if (!sure && !is_borne_out(&m, &m.at[i], settled))
            continue;
        bool between = m.at[i].relation == VALUE_RELATION_BETWEEN && i + 1 < m.size;
        const place *other = between && m.at[i + 1].query >= 0 ? &settled[m.at[i + 1].query] : NULL;
        place_mention p = resolve(r, &m.at[i], other && other->id.data ? other : NULL, settled, country);
        lean_on_neighbour(&m, i, settled, &p);
        add_mention(r, &m.at[i], p, keys);
    }
    r->out->listed_places = r->out->places.size;
}
