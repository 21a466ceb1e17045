/* Which names stand for places.
 *
 * A bare name counts where something speaks for it: a word such as "city of" or "west of", a preposition, a
 * list that another place began, or its own weight (a region, a larger town). A state, or the capital that
 * stands for its government, acts as often as it is a place: it counts where something happens in it, goes to
 * it or comes from it. A name that is a common word besides is doubtful: it counts where the places that are
 * sure are near. */
#include "reading/place_evidence.h"

static const node *captured_name(const match *m, int label) {
    const captured *c = &m->label[label];
    return c->count ? c->first : NULL;
}

static bool begins_sentence(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    return at == 0 || n[-1].sentence != n->sentence;
}

static bool joins_list(const node *n) {
    return node_is(n, IS_AND) || node_is(n, IS_COMMA) || node_is(n, IS_DASH) || node_is(n, IS_OR);
}

/* `last` is the node of the last mention that counted: a list goes on behind "and", a comma, an opened
 * quotation. */
static bool goes_on_from(const reader *r, size_t at, const node *last) {
    const node *n = &r->nodes.node.at[at];
    if (begins_sentence(r, at) || !last)
        return false;
    return (at >= 2 && n - 2 == last && joins_list(n - 1)) ||
           (at >= 3 && n - 3 == last && joins_list(n - 2) && (node_is(n - 1, IS_QUOTE) || joins_list(n - 1)));
}

/* "Supported by X" tells of a party, "from X" of a place. */
static bool is_place_from(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    if (!node_is(n - 1, IS_FROM))
        return false;
    for (size_t back = 2; back <= 3 && back <= at && n[-(long)back].sentence == n->sentence; back++)
        if (node_is(n - back, IS_BACKED))
            return false;
    return true;
}

/* "Damascus – …", "Syria: …" */
static bool opens_text(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    bool more = at + 1 < r->nodes.node.size && n[1].sentence == n->sentence;
    return begins_sentence(r, at) && more && !node_is(n + 1, IS_QUOTE) && node_is(n + 1, IS_MARK);
}

static bool happens_in(const reader *r, size_t at, const node *last) {
    const node *b = &r->nodes.node.at[at] - 1;
    if (begins_sentence(r, at))
        return opens_text(r, at);
    return node_is(b, IS_IN) || node_is(b, IS_TO) || node_is(b, IS_DIRECTION) || node_is(b, IS_NEAR) ||
           node_is(b, IS_WHERE) || (at >= 2 && node_is(b, IS_OPENS) && b - 1 == last) ||
           is_place_from(r, at) || b == last || goes_on_from(r, at, last) ||
           (node_is(b, IS_DASH) && at + 1 < r->nodes.node.size && node_is(b + 2, IS_COLON));
}

/* "A heavy shelling of X": what the preposition before the name leans on is an act. */
static bool act_falls_on(const reader *r, size_t at) {
    const node *name = &r->nodes.node.at[at];
    for (size_t back = 2; back <= 3 && back <= at && name[-(long)back].sentence == name->sentence; back++) {
        const node *n = name - back;
        if (node_is(n, IS_EVENT))
            return n->feature[FEATURE_FORM] != VALUE_FORM_VERB;
        if (!node_is(n, IS_ADJECTIVE) && !node_is(n, IS_NATIONALITY))
            return false;
    }
    return false;
}

/* What is targeted may be a place, and what stands right behind one lies in it or is its other name. */
static bool speaks_for(const reader *r, size_t at, const node *last) {
    const node *b = &r->nodes.node.at[at] - 1;
    return happens_in(r, at, last) ||
           (!begins_sentence(r, at) &&
            (node_is(b, IS_PREPOSITION) || node_is(b, IS_TARGETS) || node_is(b, IS_EVENT)));
}

static bool is_state(const node *name) {
    return name->feature[FEATURE_PLACE_KIND] == VALUE_PLACE_KIND_COUNTRY || node_is(name, IS_CAPITAL);
}

/* "The bombing of Mogadishu", "the clashes of Khartoum": of a capital a noun for what nobody launches from it
 * tells where it was. */
static bool is_where_it_blew_up(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at], *b = n - 1;
    if (begins_sentence(r, at) || !node_is(b, IS_EVENT) || b->feature[FEATURE_FORM] == VALUE_FORM_VERB)
        return false;
    int type = b->feature[FEATURE_EVENT];
    return type == VALUE_EVENT_EXPLOSIVE || type == VALUE_EVENT_CLASH || type == VALUE_EVENT_PROTEST ||
           type == VALUE_EVENT_ACCIDENT || type == VALUE_EVENT_DISASTER;
}

static bool is_hashtag(const reader *r, const node *n) {
    uint32_t start = r->nodes.piece.at[n->first].start;
    return start && r->text.data[start - 1] == '#';
}

static bool has_capital(const reader *r, const node *n) {
    char c = r->text.data[r->nodes.piece.at[n->first].start];
    return c >= 'A' && c <= 'Z';
}

/* "X Police Command", "X Brigade", "The X Courier news agency": a body's name goes on, as its capital letters
 * tell. */
static bool opens_body(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at], *end = r->nodes.node.at + r->nodes.node.size;
    for (const node *b = n + 1; b < end && b <= n + 2 && b->sentence == n->sentence; b++) {
        if (!has_capital(r, b) && b == n + 1)
            return false;
        if (node_is(b, IS_SOURCE) || node_is(b, IS_ARMED))
            return !node_is(b, IS_PLACE_HEAD) && !node_is(b, IS_NATIONALITY) && !node_is(b, IS_PERSON);
        if (!node_is(b, IS_UNKNOWN))
            return false;
    }
    return false;
}

/* "The agency of X", "radio «X»": a part of a body's name. */
static bool names_a_body(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    if (n->feature[FEATURE_PLACE_KIND] || n->feature[FEATURE_RELATION])
        return false;
    if (opens_body(r, at))
        return true;
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

enum { NAME_NODES = 3 };

/* "Samir al-Wadi", "Samir Salim al-Wadi": what follows a given name at once, or its father's, is the rest of
 * the name. */
static bool ends_full_name(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    if (n->last - n->first > 2 || n->feature[FEATURE_PLACE_KIND] || n->feature[FEATURE_RELATION])
        return false;
    for (size_t back = 1; back <= NAME_NODES && back <= at && n[-(long)back].sentence == n->sentence;
         back++) {
        const node *b = n - back;
        if (node_is(b, IS_GIVEN) && !node_is(b, IS_PREPOSITION) && !node_is(b, IS_PLACE))
            return back == 1 || n->feature[FEATURE_STRENGTH] != VALUE_STRENGTH_STRONG;
        if (!node_is(b, IS_UNKNOWN) || node_is(b, IS_PLACE))
            return false;
    }
    return false;
}

static bool by_rule(const node *n, str rule) {
    return str_equal(str_of(n->match->rule->name), rule);
}

/* How common a word is that is a place's name as well; 0 for a phrase and for towns in everybody's mouth. */
static int commonness(const reader *r, const node *name) {
    bool word = name->last == name->first + 1 && !node_is(name, IS_KNOWN_PLACE);
    return word ? reader_commonness(r, name->first) : 0;
}

/* DOUBTFUL where a sure place is near, LIKELY where one is in the same country or there is none. */
typedef enum verdict { NO_PLACE, DOUBTFUL, LIKELY, SURE } verdict;

/* `village`: a list of villages goes on, in which a name may be a common word. */
static verdict judge_bare(const reader *r, size_t at, const node *last, bool village) {
    const node *name = captured_name(r->nodes.node.at[at].match, LABEL_N);
    int strength = name->feature[FEATURE_STRENGTH];
    bool strong = strength == VALUE_STRENGTH_STRONG;
    if (is_state(name))
        return happens_in(r, at, last) || (node_is(name, IS_CAPITAL) && is_where_it_blew_up(r, at))
                   ? SURE
                   : NO_PLACE;
    if (name->feature[FEATURE_PRONOUN] && !node_is(name, IS_KNOWN_PLACE))
        return NO_PLACE;
    if (node_is(name, IS_KNOWN_PLACE) || (village && goes_on_from(r, at, last)))
        return SURE;
    int common = commonness(r, name), weight = name->feature[FEATURE_AMOUNT];
    bool located = happens_in(r, at, last);
    if (strong)
        return located                            ? (common && weight < common + OUTWEIGHS ? LIKELY : SURE)
               : !common && weight >= TOWN_WEIGHT ? SURE
                                                  : LIKELY;
    return strength == VALUE_STRENGTH_WEAK || !(located || speaks_for(r, at, last)) ? NO_PLACE
           : common                                                                 ? DOUBTFUL
                                                                                    : SURE;
}

static verdict judge(const reader *r, size_t at, const node *last, bool village) {
    const node *n = &r->nodes.node.at[at];
    if (names_a_body(r, at) || rest_of_a_person(r, at))
        return NO_PLACE;
    const node *name = captured_name(n->match, LABEL_N);
    bool bare = by_rule(n, STR("place.name"));
    if (by_rule(n, STR("place.between")))
        return is_state(name) ? NO_PLACE : SURE;
    if (by_rule(n, STR("place.each-of")) && is_state(name))
        return happens_in(r, at, last) ? SURE : NO_PLACE;
    if (is_hashtag(r, n))
        return SURE;
    if (bare && ends_full_name(r, at))
        return NO_PLACE;
    if (bare)
        return judge_bare(r, at, last, village);
    bool weak = n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    if (by_rule(n, STR("place.name-alone")))
        return name->feature[FEATURE_AMOUNT] >= SMALL_TOWN_WEIGHT ? LIKELY : DOUBTFUL;
    if (by_rule(n, STR("place.name-attacked")))
        return name->feature[FEATURE_AMOUNT] >= SMALL_TOWN_WEIGHT && act_falls_on(r, at) ? LIKELY : NO_PLACE;
    return weak && name && node_is(name, IS_NAME) ? DOUBTFUL : SURE;
}

static void add_match(const reader *r, const node *n, int name, int head, verdict v, mentions *out) {
    const match *m = n->match;
    mention x = {.node = n,
                 .name = m->label[name],
                 .head = m->label[head],
                 .kind = n->feature[FEATURE_PLACE_KIND],
                 .relation = n->feature[FEATURE_RELATION],
                 .several = n->feature[FEATURE_NUMBER] != 0,
                 .doubtful = v == DOUBTFUL,
                 .likely = v == LIKELY,
                 .query = NONE,
                 .far_query = NONE,
                 .container = NONE};
    if (x.kind == VALUE_PLACE_KIND_SITE && !x.relation)
        x.far_end = m->label[LABEL_O];
    if (name == LABEL_O) {
        x.is_part = true;
        x.kind = x.head.count ? x.head.first->feature[FEATURE_PLACE_KIND] : x.several ? x.kind : 0;
        x.relation = 0;
    }
    *VECTOR_PUSH(out, r->scratch) = x;
}

static bool can_end_name(const node *n) {
    return node_is(n, IS_UNKNOWN) || node_is(n, IS_ADJECTIVE) || node_is(n, IS_GIVEN) ||
           node_is(n, IS_PERSON);
}

/* "the spring of X" */
static bool is_compound(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    return node_is(n, IS_OPENS_NAME) && at + 1 < r->nodes.node.size && n[1].sentence == n->sentence &&
           can_end_name(n + 1);
}

/* In a list of villages: the unknown words that follow "and", at most two. */
static uint32_t unknown_in_list(const reader *r, size_t at) {
    const node *n = &r->nodes.node.at[at];
    uint32_t count = 0;
    if (is_compound(r, at))
        return 2;
    while (count < 2 && at + count < r->nodes.node.size && n[count].sentence == n->sentence &&
           node_is(n + count, IS_UNKNOWN) && !node_is(n + count, IS_PLACE) &&
           (n[count].feature[FEATURE_STRENGTH] != VALUE_STRENGTH_WEAK))
        count++;
    return count;
}

static void add_listed(const reader *r, size_t at, uint32_t count, int kind, mentions *out) {
    const node *n = &r->nodes.node.at[at];
    *VECTOR_PUSH(out, r->scratch) = (mention){.node = n + count - 1,
                                              .name = {n, count},
                                              .kind = kind,
                                              .several = true,
                                              .query = NONE,
                                              .far_query = NONE,
                                              .container = NONE};
}

/* What the list is of that a mention begins or carries on: villages, towns or quarters; 0 otherwise. */
static int list_kind(const mention *m, int before) {
    bool small = m->kind == VALUE_PLACE_KIND_VILLAGE || m->kind == VALUE_PLACE_KIND_CITY ||
                 m->kind == VALUE_PLACE_KIND_NEIGHBOURHOOD;
    if (m->relation && m->relation != VALUE_RELATION_NEAR && !m->several)
        return 0;
    if (m->several && (!m->kind || m->kind == VALUE_PLACE_KIND_AREA))
        return VALUE_PLACE_KIND_VILLAGE;
    return small ? m->kind : m->kind || !before ? 0 : before;
}

static bool is_mention(const node *n) {
    return node_is(n, IS_PLACE) && n->match;
}

void find_mentions(const reader *r, mentions *out) {
    const node *last = NULL;
    int listed = 0;
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        bool goes_on = goes_on_from(r, i, last);
        uint32_t unknown = listed && goes_on ? unknown_in_list(r, i) : 0;
        verdict v = unknown || !is_mention(n) ? NO_PLACE : judge(r, i, last, listed != 0);
        if (unknown) {
            add_listed(r, i, unknown, listed, out);
            i += unknown - 1;
        } else if (v != NO_PLACE) {
            add_match(r, n, LABEL_N, LABEL_H, v, out);
            listed = list_kind(&out->at[out->size - 1], goes_on ? listed : 0);
            if (n->feature[FEATURE_RELATION] == VALUE_RELATION_BETWEEN)
                add_match(r, n, LABEL_O, LABEL_G, v, out);
        }
        if (unknown || v == SURE)
            last = &r->nodes.node.at[i];
    }
}
