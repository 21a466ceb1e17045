/* Names: which words the gazetteer knows.
 *
 * At each word the longest run of words that is a name becomes one NAME node. A single word that the lexicon
 * knows is no name (a village may be called Market), unless the word before it calls for one. */
#include "reading/reader.h"

enum { LONGEST_NAME = 6, KEY_BYTES = 96 };

static bool can_be_in_name(const node *n) {
    return node_is(n, IS_WORD) && n->last == n->first + 1;
}

static str fold_node(const reader *r, const node *n, arena *a) {
    const piece *p = &r->nodes.piece.at[n->first];
    str s = {r->text.data + p->start, p->end - p->start};
    if (s.size > KEY_BYTES)
        return STR_NONE;
    char *out = arena_alloc(a, s.size + 1);
    return (str){out, places_fold(s, out)};
}

static bool calls_for_name(const node *before) {
    return node_is(before, IS_PLACE_HEAD) &&
           !before->feature[FEATURE_DEFINITE]; /* "the town" needs no name after it */
}

/* How much a name weighs as a place, on the scale of word frequencies: a city of n people weighs 10 log10(n).
 */
static int place_weight(const reader *r, str folded) {
    place found[1];
    if (!gazetteer_lookup(r->gazetteer, folded, found, 1))
        return 0;
    if (found[0].kind == PLACE_COUNTRY)
        return 80;
    int weight = 0;
    for (uint32_t n = found[0].population; n >= 10; n /= 10)
        weight += 10;
    return found[0].kind == PLACE_REGION && weight < 52 ? 52 : weight;
}

/* How common the words of a name are: the rarest counts. */
static int commonness(const reader *r, size_t at, size_t length) {
    int least = 99;
    for (size_t i = at; i < at + length; i++) {
        const node *n = &r->nodes.node.at[i];
        str s = r->nodes.piece.at[n->first].folded;
        int c = lang_commonness(r->nodes.lang, s);
        least = c < least ? c : least;
    }
    return least;
}

/* A name weighs as a place against how common its words are; "the south of Syria" is one however common. */
static void weigh(const reader *r, size_t at, size_t length, str key, node *x) {
    int common = commonness(r, at, length), weight = place_weight(r, key);
    const node *first = &r->nodes.node.at[at];
    if ((weight && weight >= common + 3) || (length == 1 && node_is(first, IS_KNOWN_PLACE)) ||
        (length > 1 && node_is(first, IS_DIRECTION)))
        x->feature[FEATURE_STRENGTH] = VALUE_STRENGTH_STRONG;
    else if (common >= (length > 1 ? 48 : 33))
        x->feature[FEATURE_STRENGTH] = VALUE_STRENGTH_WEAK;
}

/* Words that no name begins with or holds, whatever villages are called. */
static bool function_word(const node *n) {
    static const enum lang_class never[] = {
        IS_PREPOSITION, IS_THAT,       IS_NEGATION,   IS_RELATIVE, IS_AND,     IS_AGO,      IS_SAY,
        IS_NUMERAL,     IS_EFFECT,     IS_WITHOUT,    IS_DURING,   IS_SINCE,   IS_BECAUSE,  IS_OCCUR,
        IS_DENY,        IS_HARMED,     IS_CAUSE_VERB, IS_TARGETS,  IS_PART_OF, IS_SHARE,    IS_SOME,
        IS_ACCORDING,   IS_DETERMINER, IS_AUXILIARY,  IS_PRONOUN,  IS_ADVERB,  IS_CONDITION};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (node_is(n, never[i]))
            return true;
    return false;
}

/* In a script with capitals a name has one. */
static bool small_letter(const reader *r, const node *n) {
    char c = r->text.data[r->nodes.piece.at[n->first].start];
    return c >= 'a' && c <= 'z';
}

/* "سوريا" is Syria and, with its tanwin unwritten, "a Syrian": a country where a place is called for. */
static bool country_called_for(const reader *r, size_t at, str key) {
    static const str tanwin = {"\u064b", 2};
    const node *x = &r->nodes.node.at[at];
    const piece *p = &r->nodes.piece.at[x->first];
    str written = {r->text.data + p->start, p->end - p->start};
    place found[1];
    if (str_find(written, tanwin, 0) != SIZE_MAX || !gazetteer_lookup(r->gazetteer, key, found, 1) ||
        found[0].kind != PLACE_COUNTRY || (found[0].alternate && !node_is(x, IS_KNOWN_PLACE)))
        return false;
    if (at == 0 || x[-1].sentence != x->sentence)
        return true;
    return node_is(x - 1, IS_PREPOSITION) || node_is(x - 1, IS_PLACE_HEAD) || node_is(x - 1, IS_DIRECTION) ||
           node_is(x - 1, IS_NEAR) || node_is(x - 1, IS_SIDE);
}

static size_t name_length(const reader *r, size_t at, const str *folded) {
    const nodes *n = &r->nodes;
    if (small_letter(r, &n->node.at[at]))
        return 0;
    size_t count = 0;
    while (count < LONGEST_NAME && at + count < n->node.size && folded[at + count].size &&
           !function_word(&n->node.at[at + count]) &&
           n->node.at[at + count].sentence == n->node.at[at].sentence)
        count++;
    size_t length = count ? gazetteer_longest(r->gazetteer, folded + at, count) : 0;
    if (length != 1)
        return length;
    const node *x = &n->node.at[at];
    bool called = at && calls_for_name(x - 1) && x[-1].sentence == x->sentence;
    if (node_is(x, IS_PLACE_HEAD) || node_is(x, IS_SIDE) || node_is(x, IS_DIRECTION))
        return 0;
    if (node_is(x, IS_NATIONALITY))
        return country_called_for(r, at, folded[at]) ? 1 : 0;
    if (node_is(x, IS_NOT_PLACE))
        return called && x->feature[FEATURE_DEFINITE] ? 1 : 0;
    return node_is(x, IS_UNKNOWN) || node_is(x, IS_KNOWN_PLACE) || called ? length : 0;
}

static str join_keys(const reader *r, const str *folded, size_t length) {
    str key = folded[0];
    for (size_t i = 1; i < length; i++)
        key = arena_printf(r->scratch, "%.*s%.*s", STR_ARG(key), STR_ARG(folded[i]));
    return key;
}

void read_names(reader *r) {
    nodes out = r->nodes;
    memset(&out.node, 0, sizeof out.node);
    VECTOR_RESERVE(&out.node, r->scratch, r->nodes.node.size);
    str *folded = ARENA_NEW(r->scratch, str, r->nodes.node.size + 1);
    for (size_t i = 0; i < r->nodes.node.size; i++)
        if (can_be_in_name(&r->nodes.node.at[i]))
            folded[i] = fold_node(r, &r->nodes.node.at[i], r->scratch);
    for (size_t i = 0; i < r->nodes.node.size;) {
        size_t length = folded[i].size ? name_length(r, i, folded) : 0;
        node *x = VECTOR_PUSH(&out.node, r->scratch);
        *x = r->nodes.node.at[i];
        if (length) {
            if (length > 1) {
                int16_t letter_case = x->feature[FEATURE_CASE];
                memset(x->mask, 0, sizeof x->mask);
                memset(x->feature, 0, sizeof x->feature);
                x->feature[FEATURE_CASE] = letter_case;
            }
            x->last = r->nodes.node.at[i + length - 1].last;
            node_add(x, IS_NAME);
            node_add(x, IS_WORD);
            x->mask[IS_UNKNOWN / 64] &= ~(UINT64_C(1) << (IS_UNKNOWN % 64));
            weigh(r, i, length, join_keys(r, folded + i, length), x);
        }
        i += length ? length : 1;
    }
    r->nodes.node.at = out.node.at;
    r->nodes.node.size = out.node.size;
    r->nodes.node.capacity = out.node.capacity;
}
