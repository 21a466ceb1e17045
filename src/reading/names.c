/* Names: which words the gazetteer knows.
 *
 * At each word the longest run of words that is a name becomes one NAME node. A single word that the lexicon
 * knows is no name (a village may be called Market), unless the word before it calls for one. */
#include "reading/reader.h"

enum {
    ARTICLE_BYTES = 2,
    LONGEST_NAME = 6,
    KEY_BYTES = 96,
    COUNTRY_WEIGHT = 80,
    SITE_WEIGHT = 50,
    NEWS_WEIGHT = 36
};

/* A word cut up with tatweel and dots ("تفـ..ـجير") is no name, whatever its shreds are called. */
static bool is_shred(const reader *r, const node *n) {
    const piece *p = &r->nodes.piece.at[n->first];
    str word = {r->text.data + p->start, p->end - p->start}, tatweel = STR("\u0640");
    return str_starts(word, tatweel) || str_ends(word, tatweel);
}

/* A name that the lexicon has whole, of several words: تل أبيب. */
static bool is_known_phrase(const node *n) {
    return n->last > n->first + 1 && node_is(n, IS_KNOWN_PLACE);
}

static bool can_be_in_name(const reader *r, const node *n) {
    return is_known_phrase(n) || (node_is(n, IS_WORD) && n->last == n->first + 1 && !is_shred(r, n));
}

/* Folds the text of some pieces; `key` has KEY_BYTES. */
static str fold_pieces(const reader *r, const piece *first, const piece *last, char *key) {
    str s = {r->text.data + first->start, last->end - first->start};
    return s.size > KEY_BYTES ? STR_NONE : (str){key, places_fold(s, key)};
}

static str fold_piece(const reader *r, const piece *p, char *key) {
    return fold_pieces(r, p, p, key);
}

/* What is kept of a node that is one word; NULL where nothing is. */
static known_word *word_of(const reader *r, const node *n) {
    return is_known_phrase(n) ? NULL : r->nodes.piece.at[n->first].word;
}

/* The name that a node would be; a word that is kept in memory is asked once for all. */
static str name_of(const reader *r, const node *n) {
    const piece *p = r->nodes.piece.at;
    known_word *w = word_of(r, n);
    char key[KEY_BYTES];
    if (w && w->starts >= 0)
        return w->name;
    str name = fold_pieces(r, &p[n->first], &p[n->last - 1], key);
    str kept = w ? word_memory_keep(r->words, name) : STR_NONE;
    if (w && (kept.data || !name.data)) {
        w->name = kept;
        w->starts = (int8_t)gazetteer_starts(r->gazetteer, name, &w->next);
        return kept;
    }
    return arena_copy(r->scratch, name);
}

static name_start starts(const reader *r, const node *n, uint64_t *next) {
    const known_word *w = word_of(r, n);
    *next = w && w->starts >= 0 ? w->next : FOLLOWED_BY_ANY;
    return w && w->starts >= 0 ? (name_start)w->starts : STARTS_NAMES;
}

/* How many of the words make the longest name; `start` and `next` are of the first. */
static size_t longest_name(const reader *r, name_start start, uint64_t next, const str *words, size_t count) {
    if (start == IS_WHOLE_NAME)
        return 1;
    if (next != FOLLOWED_BY_ANY && (count < 2 || !gazetteer_goes_on(next, words[1])))
        return start == IS_NAME_AND_STARTS;
    return gazetteer_longest(r->gazetteer, words, count);
}

static bool calls_for_name(const node *before) {
    return node_is(before, IS_PLACE_HEAD) &&
           !before->feature[FEATURE_DEFINITE]; /* "the town" needs no name after it */
}

/* How much a name weighs as a place, on the scale of word frequencies: a city of n people weighs 10 log10(n),
 * what news speak of as much as a town. */
static int place_weight(const reader *r, str folded) {
    place found[1];
    if (!gazetteer_lookup(r->gazetteer, folded, found, 1))
        return 0;
    if (found[0].kind == PLACE_COUNTRY)
        return COUNTRY_WEIGHT;
    int weight = 0;
    for (uint32_t n = found[0].population; n >= 10; n /= 10)
        weight += 10;
    if (found[0].attention && weight < NEWS_WEIGHT + 2 * found[0].attention)
        weight = NEWS_WEIGHT + 2 * found[0].attention;
    return found[0].kind == PLACE_REGION && weight < 52 ? 52 : weight;
}

/* Of a word kept in memory, asked once for all. */
int reader_commonness(const reader *r, uint32_t piece_index) {
    const piece *p = &r->nodes.piece.at[piece_index];
    if (p->word && p->word->common >= 0)
        return p->word->common;
    int common = lang_commonness(r->nodes.lang, p->folded);
    if (p->word)
        p->word->common = (int16_t)common;
    return common;
}

static int word_weight(const reader *r, const node *n, str name) {
    known_word *w = word_of(r, n);
    if (w && w->weight >= 0)
        return w->weight;
    int weight = place_weight(r, name);
    if (w)
        w->weight = (int16_t)weight;
    return weight;
}

/* How common the words of a name are: the rarest counts. */
static int commonness(const reader *r, size_t at, size_t length) {
    int least = 99;
    for (size_t i = at; i < at + length; i++) {
        int c = reader_commonness(r, r->nodes.node.at[i].first);
        least = c < least ? c : least;
    }
    return least;
}

static str join_keys(const reader *r, const str *folded, size_t length) {
    size_t size = 0;
    for (size_t i = 0; i < length; i++)
        size += folded[i].size;
    char *key = arena_alloc(r->scratch, size + 1);
    size = 0;
    for (size_t i = 0; i < length; size += folded[i++].size)
        if (folded[i].size) /* an article of its own, a hyphen */
            memcpy(key + size, folded[i].data, folded[i].size);
    return (str){key, size};
}

/* A name weighs as a place against how common its words are; "the south of Syria" is one however common. */
static int strength_of(const node *first, size_t length, int weight, int common) {
    if ((weight && weight >= common + 3) || (length == 1 && node_is(first, IS_KNOWN_PLACE)) ||
        (length > 1 && node_is(first, IS_DIRECTION)))
        return VALUE_STRENGTH_STRONG;
    return common >= (length > 1 ? 48 : 33) ? VALUE_STRENGTH_WEAK : 0;
}

/* Whether the word may be a name that one of those before `end` calls for: "the village of X and Y". */
static bool may_be_called_for(const node *x, const node *end, size_t before) {
    if (!node_is(x, IS_UNKNOWN))
        return false;
    for (size_t back = 1; back <= 3 && back <= before && end[-(long)back].sentence == x->sentence; back++)
        if (node_is(end - back, IS_PLACE_HEAD) || node_is(end - back, IS_AND) || node_is(end - back, IS_MARK))
            return true;
    return false;
}

/* Rules take an unknown word for a name only where it is rare. */
static bool is_everyday(const reader *r, const node *x) {
    enum { COMMON_WORD = 36 };
    const piece *p = &r->nodes.piece.at[x->first];
    if (p->word && p->word->familiar >= 0)
        return p->word->familiar >= COMMON_WORD;
    int familiar = lang_familiarity(r->nodes.lang, p->folded);
    if (p->word)
        p->word->familiar = (int16_t)familiar;
    return familiar >= COMMON_WORD;
}

/* Words that no name begins with or holds, whatever villages are called. */
static struct lang_classes function_words(void) {
    static const enum lang_class never[] = {
        IS_PREPOSITION, IS_THAT,       IS_NEGATION,   IS_RELATIVE, IS_AND,     IS_AGO,      IS_SAY,
        IS_NUMERAL,     IS_EFFECT,     IS_WITHOUT,    IS_DURING,   IS_SINCE,   IS_BECAUSE,  IS_OCCUR,
        IS_DENY,        IS_HARMED,     IS_CAUSE_VERB, IS_TARGETS,  IS_PART_OF, IS_SHARE,    IS_SOME,
        IS_ACCORDING,   IS_DETERMINER, IS_AUXILIARY,  IS_PRONOUN,  IS_ADVERB,  IS_CONDITION};
    struct lang_classes of = {0};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        classes_add(&of, never[i]);
    return of;
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
    if (at == 0 || x[-1].sentence != x->sentence || (p->start && r->text.data[p->start - 1] == '#'))
        return true;
    return node_is(x - 1, IS_PREPOSITION) || node_is(x - 1, IS_PLACE_HEAD) || node_is(x - 1, IS_DIRECTION) ||
           node_is(x - 1, IS_NEAR) || node_is(x - 1, IS_SIDE) || node_is(x - 1, IS_WHERE) ||
           node_is(x - 1, IS_AND) || node_is(x - 1, IS_COMMA) || node_is(x - 1, IS_OPENS);
}

/* A name stands here, or a word that calls for one. */
static bool leads_on(const reader *r, size_t at, const str *folded) {
    const node *x = &r->nodes.node.at[at];
    return at < r->nodes.node.size && x->sentence == x[-1].sentence && folded[at].size &&
           (node_is(x, IS_PLACE_HEAD) || gazetteer_longest(r->gazetteer, folded + at, 1));
}

/* What a name is written over but not told apart by: an article of its own, a hyphen between its parts ("Deir
 * ez-Zor"). */
static bool joins_name(const reader *r, size_t at) {
    const node *x = &r->nodes.node.at[at], *end = r->nodes.node.at + r->nodes.node.size;
    const piece *p = &r->nodes.piece.at[x->first];
    char key[KEY_BYTES];
    if (x + 1 == end || x[1].sentence != x->sentence)
        return false;
    if (node_is(x, IS_DASH))
        return p->start == p[-1].end && p->end == p[1].start;
    return p->end - p->start <= ARTICLE_BYTES && node_is(x, IS_WORD) && !node_is(x, IS_PREPOSITION) &&
           fold_piece(r, p, key).size == 0;
}

/* The words of the longest name that may begin at a node, and the nodes that each ends at. */
static size_t words_ahead(const reader *r, size_t at, const str *folded, str words[LONGEST_NAME],
                          size_t ends[LONGEST_NAME]) {
    size_t count = 0;
    for (size_t i = at; count < LONGEST_NAME && i < r->nodes.node.size &&
                        r->nodes.node.at[i].sentence == r->nodes.node.at[at].sentence;
         i++) {
        if (folded[i].size) {
            words[count] = folded[i];
            ends[count++] = i + 1;
        } else if (!joins_name(r, i)) {
            break;
        }
    }
    return count;
}

/* `folded`: by node, empty where it cannot be a word of a name. */
static size_t name_length(const reader *r, size_t at, const str *folded) {
    const nodes *n = &r->nodes;
    uint64_t next;
    name_start start = starts(r, &n->node.at[at], &next);
    if (start == STARTS_NO_NAME || small_letter(r, &n->node.at[at]))
        return 0;
    str words[LONGEST_NAME];
    size_t ends[LONGEST_NAME], count = words_ahead(r, at, folded, words, ends);
    size_t length = longest_name(r, start, next, words, count);
    if (length > 1 && ends[length - 1] > at + length)
        return ends[length - 1] - at;
    if (length == 2 && node_is(&n->node.at[at + 1], IS_DIRECTION) && leads_on(r, at + 2, folded) &&
        gazetteer_longest(r->gazetteer, folded + at, 1))
        length = 1; /* "X, east of Y" rather than "X East" */
    if (length == 2 && node_is(&n->node.at[at], IS_PLACE_HEAD) && node_is(&n->node.at[at + 1], IS_ADJECTIVE))
        return 0; /* "the old market" of any town */
    if (length > 1 && node_is(&n->node.at[at], IS_PLACE_HEAD) &&
        gazetteer_longest(r->gazetteer, words + 1, count - 1) >= length)
        return 0; /* "the town of [X Y]" rather than "[the town of X] Y" */
    if (length != 1)
        return length;
    const node *x = &n->node.at[at];
    bool called = at && calls_for_name(x - 1) && x[-1].sentence == x->sentence;
    if ((node_is(x, IS_PLACE_HEAD) && !(called && x->feature[FEATURE_PRONOUN])) || node_is(x, IS_SIDE) ||
        node_is(x, IS_DIRECTION))
        return 0;
    if (node_is(x, IS_NATIONALITY))
        return country_called_for(r, at, folded[at]) ? 1 : 0;
    if (node_is(x, IS_ADJECTIVE) && !node_is(x, IS_KNOWN_PLACE) && !x->feature[FEATURE_DEFINITE])
        return 0; /* "a nearby village" */
    if (node_is(x, IS_NOT_PLACE))
        return called && x->feature[FEATURE_DEFINITE] ? 1 : 0;
    return node_is(x, IS_UNKNOWN) || node_is(x, IS_KNOWN_PLACE) || node_is(x, IS_TOWN_WORD) || called ? length
                                                                                                      : 0;
}

/* What is kept of the word of a node, where nothing has been made of it yet: whatever is made of it alone is
 * the same wherever it is met. */
static known_word *word_as_met(const reader *r, const node *n) {
    known_word *w = word_of(r, n);
    return w && n->of == &w->as_node->of ? w : NULL;
}

static struct lang_reading *make_name(node *x, arena *a, size_t length, uint32_t last, int weight,
                                      int strength) {
    int16_t letter_case = x->feature[FEATURE_CASE];
    struct lang_reading *own = length > 1 ? node_forget(x, a) : node_own(x, a);
    if (length > 1) {
        own->feature[FEATURE_CASE] = letter_case;
        own->feature[FEATURE_DEFINITE] = VALUE_DEFINITE_YES;
    }
    x->last = last;
    classes_add(&own->of, IS_NAME);
    classes_add(&own->of, IS_WORD);
    classes_remove(&own->of, IS_UNKNOWN);
    if (strength)
        own->feature[FEATURE_STRENGTH] = (int16_t)strength;
    own->feature[FEATURE_AMOUNT] = (int16_t)weight;
    if (weight >= COUNTRY_WEIGHT)
        own->feature[FEATURE_PLACE_KIND] = VALUE_PLACE_KIND_COUNTRY;
    lang_tell_kinds(own);
    return own;
}

static void make_everyday(const reader *r, node *x) {
    known_word *w = word_as_met(r, x);
    if (w && w->as_everyday) {
        node_mean(x, w->as_everyday);
        return;
    }
    struct lang_reading *own = node_own(x, r->scratch);
    own->feature[FEATURE_STRENGTH] = VALUE_STRENGTH_WEAK;
    lang_tell_kinds(own);
    if (w)
        w->as_everyday = word_memory_share(r->words, own);
}

/* The name that begins at a node, put at `out`, at or before it. */
static void take_name(const reader *r, size_t at, size_t length, const str *folded, node *out) {
    node *first = &r->nodes.node.at[at];
    known_word *w = length == 1 ? word_as_met(r, first) : NULL;
    if (w && w->as_name) {
        *out = *first;
        node_mean(out, w->as_name);
        return;
    }
    int common = commonness(r, at, length), weight = length == 1
                                                         ? word_weight(r, first, folded[at])
                                                         : place_weight(r, join_keys(r, folded + at, length));
    int strength = strength_of(first, length, weight, common);
    if (length > 1 && node_is(first, IS_PLACE_HEAD)) /* "the Omar field": the name tells what it is */
        strength = VALUE_STRENGTH_STRONG, weight = weight > SITE_WEIGHT ? weight : SITE_WEIGHT;
    uint32_t last = first[length - 1].last;
    if (out != first)
        *out = *first;
    struct lang_reading *own = make_name(out, r->scratch, length, last, weight, strength);
    if (w)
        w->as_name = word_memory_share(r->words, own);
}

/* "Syrias north": where a possessive has lost its apostrophe, its s is no part of the name. */
static void part_from_s(reader *r, const node *n) {
    enum { SHORTEST = 5, WEIGHTY = 50 };
    piece *p = &r->nodes.piece.at[n->first];
    if (!node_is(n, IS_UNKNOWN) || n->feature[FEATURE_CASE] != VALUE_CASE_CAPITAL ||
        p->end - p->start < SHORTEST || r->text.data[p->end - 1] != 's')
        return;
    char key[KEY_BYTES];
    piece stem = *p;
    stem.end--;
    if (gazetteer_knows(r->gazetteer, fold_piece(r, p, key)) ||
        place_weight(r, fold_piece(r, &stem, key)) < WEIGHTY)
        return;
    p->end = stem.end;
    p->word = NULL; /* what is kept of the word holds of the whole */
}

/* In place: what a name replaces lies at or before where it is read from. */
void read_names(reader *r) {
    node *at = r->nodes.node.at;
    size_t count = r->nodes.node.size, kept = 0;
    const struct lang_classes never = function_words();
    str *folded = ARENA_NEW(r->scratch, str, count + 1);
    for (size_t i = 0; i < count; i++) {
        bool definite = at[i].feature[FEATURE_DEFINITE] && !node_is(&at[i], IS_DETERMINER);
        if (!can_be_in_name(r, &at[i]) || (!definite && classes_meet(at[i].of, &never)))
            continue;
        part_from_s(r, &at[i]);
        folded[i] = name_of(r, &at[i]);
    }
    for (size_t i = 0; i < count; kept++) {
        size_t length = folded[i].size ? name_length(r, i, folded) : 0;
        if (length) {
            take_name(r, i, length, folded, &at[kept]);
        } else {
            bool everyday = may_be_called_for(&at[i], &at[kept], kept) && is_everyday(r, &at[i]);
            if (kept != i)
                at[kept] = at[i];
            if (everyday)
                make_everyday(r, &at[kept]);
        }
        i += length ? length : 1;
    }
    r->nodes.node.size = kept;
}
