/* Words, phrases and clitics.
 *
 * A word is taken whole where the lexicon has it; a phrase of several words, longest first, before that. A
 * word that the lexicon lacks is offered without its clitics: each way to take off what may stand before it
 * (conjunctions, prepositions, the article, in the order of the language's slots) and after it (pronouns),
 * fewest letters first, and the first rest that the lexicon knows decides. An unknown word loses what makes a
 * word definite, what stands before a name, and "and" where the whole is a rare word. Time is linear in the
 * text: a word has a bounded number of such ways. */
#include "lang/lang.h"

#include "base/counters.h"
#include "base/utf8.h"
#include "lang/memory.h"

enum { LONGEST_WORD = 120, PHRASE_BYTES = 400, NO_READING = 0xFFFF };

/* Clitics are tried by the dozen, and most of them fall at their first letter: two bytes, in Arabic. */
static uint32_t next_in_row(const uint64_t *rows, uint32_t count, const char *two, uint32_t from) {
    enum { AFFIX_KEYS = 128 }; /* as in tools/langc.py */
    uint64_t row = rows[((unsigned char)two[0] * 64u + ((unsigned char)two[1] & 63u)) % AFFIX_KEYS];
    row = from < 64 ? row >> from : 0;
    return row ? from + (uint32_t)__builtin_ctzll(row) : count;
}

/* The next prefix that may stand before a word, or prefix_count. */
static uint32_t next_prefix(const struct lang *l, str word, uint32_t from) {
    return word.size < 2 ? from : next_in_row(l->prefix_rows, l->prefix_count, word.data, from);
}

static uint32_t next_suffix(const struct lang *l, str word, uint32_t from) {
    return word.size < 2 ? from
                         : next_in_row(l->suffix_rows, l->suffix_count, word.data + word.size - 2, from);
}

static str join(arena *a, str first, str second) {
    char *at = arena_alloc(a, first.size + second.size + 1);
    if (first.size)
        memcpy(at, first.data, first.size);
    if (second.size)
        memcpy(at + first.size, second.data, second.size);
    return (str){at, first.size + second.size};
}

const struct lang *lang_find(str code) {
    for (unsigned i = 0; i < lang_count; i++)
        if (str_equal(code, str_of(lang_all[i].code)))
            return &lang_all[i];
    return NULL;
}

str lang_version(void) {
    return str_of(lang_version_text);
}

static const struct lang_entry *find_hashed(const struct lang *l, str folded, uint64_t hash) {
    uint32_t tag = (uint32_t)(hash >> (32 + ENTRY_BITS)), slot;
    for (uint32_t at = (uint32_t)hash; (slot = l->table[at & (l->table_size - 1)]); at++) {
        const struct lang_entry *e = &l->entries[(slot & ((1u << ENTRY_BITS) - 1)) - 1];
        if (slot >> ENTRY_BITS == tag && str_equal(folded, (str){l->pool + e->text, e->size}))
            return e;
    }
    return NULL;
}

static const struct lang_entry *find_entry(const struct lang *l, str folded) {
    return find_hashed(l, folded, str_hash(folded));
}

static const struct lang_reading *reading_of(const struct lang *l, const struct lang_entry *e) {
    return e && e->reading != NO_READING ? &l->readings[e->reading] : NULL;
}

const struct lang_reading *lang_word(const struct lang *l, str folded) {
    return reading_of(l, find_entry(l, folded));
}

bool lang_origin(const struct lang *l, str folded, str *file, uint32_t *line) {
    const struct lang_entry *e = find_entry(l, folded);
    uint32_t origin = e ? l->origins[e - l->entries] : 0;
    if (!origin)
        return false;
    *file = str_of(lang_origin_files[origin >> 20]);
    *line = origin & 0xFFFFF;
    return true;
}

int lang_commonness(const struct lang *l, str folded) {
    uint64_t h = str_hash(folded);
    for (uint32_t at = (uint32_t)h & (l->common_size - 1); l->common[at];
         at = (at + 1) & (l->common_size - 1))
        if (l->common[at] >> 8 == h >> 8)
            return (int)(l->common[at] & 0xFF);
    return 0;
}

/* What is left of a word must be this long to be a word. */
enum { SHORTEST_REST = 6 };

static int commonness_of_stem(const struct lang *l, str word) {
    int most = lang_commonness(l, word);
    for (uint32_t i = 0; (i = next_suffix(l, word, i)) < l->suffix_count; i++) {
        str suffix = {l->suffixes[i].written, l->suffixes[i].size};
        if (suffix.size < 4 || word.size < suffix.size + SHORTEST_REST || !str_ends(word, suffix))
            continue;
        int c = lang_commonness(l, str_slice(word, 0, word.size - suffix.size));
        most = c > most ? c : most;
    }
    return most;
}

int lang_familiarity(const struct lang *l, str folded) {
    int most = commonness_of_stem(l, folded);
    for (uint32_t i = 0; (i = next_prefix(l, folded, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        if (p->definite || p->tokens != 1 || folded.size < (size_t)p->size + SHORTEST_REST ||
            !str_starts(folded, (str){p->written, p->size}))
            continue;
        int c = commonness_of_stem(l, str_slice(folded, p->size, folded.size));
        most = c > most ? c : most;
    }
    return most;
}

str pieces_text(const nodes *n, uint32_t first, uint32_t last) {
    if (first >= last)
        return STR_NONE;
    uint32_t start = n->piece.at[first].start, end = n->piece.at[last - 1].end;
    return (str){n->tokens->text.data + start, end - start};
}

struct lang_reading *node_own(node *n, arena *a) {
    struct lang_reading *own = arena_take(a, sizeof *own);
    own->of = *n->of;
    own->min = n->min;
    own->max = n->max;
    memcpy(own->feature, n->feature, sizeof own->feature);
    node_mean(n, own);
    return own;
}

struct lang_reading *node_forget(node *n, arena *a) {
    struct lang_reading *own = arena_alloc(a, sizeof *own);
    node_mean(n, own);
    return own;
}

static bool is_of_kind(const struct lang_reading *r, const struct lang_kind *k) {
    const struct lang_condition *c = &lang_conditions[k->condition], *end = c + k->conditions;
    for (; c < end; c++)
        if ((r->feature[c->feature] == c->value) == (bool)c->negated)
            return false;
    return true;
}

void lang_tell_kinds(struct lang_reading *r) {
    for (uint32_t words = r->of.words & lang_all_kinds.words; words; words &= words - 1) {
        int k = __builtin_ctz(words);
        r->of.mask[k] &= ~lang_all_kinds.mask[k];
    }
    for (uint32_t words = r->of.words & lang_having_kinds.words; words; words &= words - 1) {
        int k = __builtin_ctz(words);
        for (uint64_t left = r->of.mask[k] & lang_having_kinds.mask[k]; left; left &= left - 1) {
            const uint16_t *of = &lang_kinds_of[k * 64 + __builtin_ctzll(left)];
            for (const struct lang_kind *x = &lang_kinds[of[0]]; x < &lang_kinds[of[1]]; x++)
                if (is_of_kind(r, x))
                    classes_add(&r->of, x->number);
        }
    }
}

/* What no word of the lexicon is. */
static const struct lang_reading no_reading;

static node *add_node(nodes *n, arena *a, const struct lang_reading *r, const token *t, uint32_t first) {
    node *x = VECTOR_PUSH(&n->node, a);
    r = r ? r : &no_reading;
    *x = (node){.first = first,
                .last = (uint32_t)n->piece.size,
                .sentence = t->sentence,
                .min = r->min,
                .max = r->max,
                .value = (double)r->min};
    node_mean(x, r);
    return x;
}

static void add_piece(nodes *n, arena *a, uint32_t token_index, uint32_t start, uint32_t end, str folded) {
    *VECTOR_PUSH(&n->piece, a) = (piece){start, end, folded, token_index, NULL};
}

/* Byte offset in the original of the place where `folded_size` bytes of the token's folded form end. */
static uint32_t original_offset(str text, const token *t, size_t folded_size) {
    char fold[8];
    size_t at = t->start, done = 0;
    while (at < t->end && done < folded_size) {
        size_t before = at;
        utf8_next(text, &at);
        done += text_fold(str_slice(text, before, at), fold);
    }
    /* harakat after the letter go with it */
    while (at < t->end) {
        size_t next = at;
        utf8_next(text, &next);
        if (text_fold(str_slice(text, at, next), fold))
            break;
        at = next;
    }
    return (uint32_t)at;
}

/* Splits off a prefix's clitics as nodes of their own; returns where the rest of the word begins. */
static uint32_t add_clitics(nodes *n, arena *a, uint32_t index, const known_word *w) {
    const token *t = &n->tokens->token.at[index];
    uint32_t start = t->start;
    for (unsigned i = 0; i < w->prefix->tokens; i++) {
        uint32_t end = t->start + w->clitic_end[i];
        add_piece(n, a, index, start, end, str_of(w->prefix->token[i]));
        add_node(n, a, w->clitic[i], t, (uint32_t)n->piece.size - 1);
        start = end;
    }
    return start;
}

/* Where the clitics of a prefix end in the word, and what the lexicon says of them. */
static void find_clitics(const struct lang *l, str text, const token *t, const struct lang_prefix *p,
                         known_word *out) {
    size_t taken = 0;
    out->prefix = p;
    for (unsigned i = 0; i < p->tokens; i++) {
        str clitic = str_of(p->token[i]);
        taken += clitic.size;
        out->clitic_end[i] = (uint16_t)(original_offset(text, t, taken) - t->start);
        out->clitic[i] = lang_word(l, clitic);
    }
}

typedef struct stem {
    const struct lang_prefix *prefix; /* NULL: none */
    const struct lang_reading *reading;
    str folded;
    bool pronoun;
} stem;

/* Nouns and verbs do, and the data tells them by their grammar; "today" and "five" do not. */
static bool takes_pronoun(const struct lang_reading *r, const struct lang_suffix *s) {
    bool verb = r->feature[FEATURE_FORM] == VALUE_FORM_VERB;
    if (s->on != ON_ANY && (s->on == ON_VERB) != verb)
        return false;
    return r->feature[FEATURE_FORM] || r->feature[FEATURE_NUMBER] || r->feature[FEATURE_EVENT] ||
           r->feature[FEATURE_VOICE] || r->feature[FEATURE_PLACE_KIND];
}

static const struct lang_reading *find_suffixed(const struct lang *l, str word, arena *a, str *folded) {
    for (uint32_t i = 0; (i = next_suffix(l, word, i)) < l->suffix_count; i++) {
        const struct lang_suffix *s = &l->suffixes[i];
        str suffix = {s->written, s->size};
        if (word.size < suffix.size + 4 || !str_ends(word, suffix))
            continue;
        str rest = {word.data, word.size - suffix.size};
        if (s->restore[0])
            rest = join(a, rest, str_of(s->restore));
        const struct lang_reading *r = lang_word(l, rest);
        if (r && takes_pronoun(r, s)) {
            *folded = rest;
            return r;
        }
    }
    return NULL;
}

static bool reading_is(const struct lang_reading *r, enum lang_class c) {
    return classes_have(&r->of, c);
}

/* The article stands before no preposition or conjunction; what is no word of the lexicon by itself, as the
 * mark of the future, before verbs alone. */
static bool may_stand_before(const struct lang *l, const struct lang_prefix *p,
                             const struct lang_reading *r) {
    if (p->definite)
        return !reading_is(r, IS_PREPOSITION) && !reading_is(r, IS_AND) && !reading_is(r, IS_THAT);
    return lang_word(l, str_of(p->token[p->tokens - 1])) || r->feature[FEATURE_FORM] == VALUE_FORM_VERB ||
           reading_is(r, IS_SAY);
}

/* The rest of a word after clitics, or after a single letter of them alone, if the lexicon has it. */
static bool find_after_prefix(const struct lang *l, str word, bool letter, stem *out) {
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        str written = {p->written, p->size};
        if ((letter && (p->definite || p->tokens != 1 || p->size != 2)) || word.size < written.size + 4 ||
            !str_starts(word, written))
            continue;
        str rest = str_slice(word, written.size, word.size);
        const struct lang_reading *r = lang_word(l, rest);
        if (r && may_stand_before(l, p, r)) {
            *out = (stem){p, r, rest, false};
            return true;
        }
    }
    return false;
}

/* Offers the word with fewer and fewer clitics; true where the lexicon knows a rest. A `closed` word has no
 * pronoun behind it. */
static bool find_stem(const struct lang *l, str word, bool closed, arena *a, stem *out) {
    if ((out->reading = lang_word(l, word))) {
        *out = (stem){.reading = out->reading, .folded = word};
        return true;
    }
    if (find_after_prefix(l, word, false, out))
        return true;
    if (closed)
        return false;
    str folded;
    const struct lang_reading *r = find_suffixed(l, word, a, &folded);
    if (r) {
        *out = (stem){NULL, r, folded, true};
        return true;
    }
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        str written = {p->written, p->size};
        if (p->definite || word.size < written.size + 6 || !str_starts(word, written))
            continue;
        r = find_suffixed(l, str_slice(word, written.size, word.size), a, &folded);
        if (r) {
            *out = (stem){p, r, folded, true};
            return true;
        }
    }
    return false;
}

/* In Arabic script a hamza on or under an alif opens a word, though folding drops it: "وأدى" is "and it led
 * to", not the valley "وادي". */
static bool hamza_opens_rest(str text, const token *t) {
    const unsigned char *at = (const unsigned char *)text.data + t->start + 2,
                        *end = (const unsigned char *)text.data + t->end;
    while (at + 1 < end && at[0] == 0xD9 && at[1] >= 0x8B && at[1] <= 0x92) /* vowel marks */
        at += 2;
    return at + 1 < end && at[0] == 0xD8 && (at[1] == 0xA3 || at[1] == 0xA5);
}

/* Nor is a ta marbuta the pronoun that folding makes of it: "إنسانية" is no "إنساني" with a pronoun. */
static bool ends_in_ta_marbuta(str text, const token *t) {
    const unsigned char *start = (const unsigned char *)text.data + t->start,
                        *end = (const unsigned char *)text.data + t->end;
    while (end - start >= 2 && end[-2] == 0xD9 && end[-1] >= 0x8B && end[-1] <= 0x92) /* vowel marks */
        end -= 2;
    if (end - start >= 3 && end[-3] == 0xEF && end[-2] == 0xBA) /* its presentation forms */
        return end[-1] == 0x93 || end[-1] == 0x94;
    return end - start >= 2 && end[-2] == 0xD8 && end[-1] == 0xA9;
}

/* Unknown words lose a prefix that ends in the article: nothing else begins like that. */
static const struct lang_prefix *sure_prefix(const struct lang *l, str word) {
    const struct lang_prefix *best = NULL;
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        if (p->definite && p->tokens && word.size >= (size_t)p->size + 4 &&
            str_starts(word, (str){p->written, p->size}) && (!best || p->size > best->size))
            best = p;
    }
    return best;
}

/* The folded form that a definite rest has without its clitics: "ال" and the rest. */
static str definite_form(const struct lang *l, str word, const struct lang_prefix *p, arena *a) {
    for (uint32_t i = 0; i < l->prefix_count; i++)
        if (l->prefixes[i].definite && l->prefixes[i].tokens == 0)
            return join(a, str_of(l->prefixes[i].written), str_slice(word, p->size, word.size));
    return str_slice(word, p->size, word.size);
}

/* What no word of the lexicon is alone, as the mark of the future, stands before no name; one of weak
 * strength (like, then) before none that is rare. */
static bool stands_before_names(const struct lang *l, const struct lang_prefix *p, int common) {
    const struct lang_reading *r = p->tokens ? lang_word(l, str_of(p->token[p->tokens - 1])) : NULL;
    return p->tokens == 0 || (r && (common || r->feature[FEATURE_STRENGTH] != VALUE_STRENGTH_WEAK));
}

/* A clitic before a name that somebody else knows: "وحلب". */
static const struct lang_prefix *prefix_of_name(const struct lang *l, str word, name_oracle names) {
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        if (p->definite || word.size <= p->size || !str_starts(word, (str){p->written, p->size}))
            continue;
        str rest = str_slice(word, p->size, word.size);
        if (!names.known(names.context, rest)) /* seldom is one: the rest is asked for then */
            continue;
        int common = lang_commonness(l, word), rest_common = lang_commonness(l, rest);
        if ((names.known(names.context, word) ? rest_common > common + 5 : rest_common >= common) &&
            stands_before_names(l, p, rest_common))
            return p;
    }
    return NULL;
}

/* "And" before a word that is rarer than any that begins with its letter by nature. */
static const struct lang_prefix *conjunction(const struct lang *l, str word) {
    if (lang_commonness(l, word))
        return NULL;
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        if (p->definite || p->tokens != 1 || word.size < (size_t)p->size + SHORTEST_REST ||
            !str_starts(word, (str){p->written, p->size}))
            continue;
        const struct lang_reading *r = lang_word(l, str_of(p->token[0]));
        if (r && reading_is(r, IS_AND))
            return p;
    }
    return NULL;
}

/* An unknown word that begins with the bare article. */
static bool has_article(const struct lang *l, str word) {
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        const struct lang_prefix *p = &l->prefixes[i];
        if (p->definite && !p->tokens && word.size >= (size_t)p->size + 4 &&
            str_starts(word, (str){p->written, p->size}))
            return true;
    }
    return false;
}

/* The word behind a clitic that is one token, as phrases have it: with the article where the clitic holds it.
 * STR_NONE behind any other. */
static str phrase_word(const struct lang *l, str word, const struct lang_prefix *p, arena *a) {
    if (p->tokens != 1 || word.size <= p->size || !str_starts(word, (str){p->written, p->size}))
        return STR_NONE;
    return p->definite ? definite_form(l, word, p, a) : str_slice(word, p->size, word.size);
}

/* The keys of the words that come second in a phrase, behind any rest of a word. */
static void add_seconds(const struct lang_entry *e, uint64_t seconds[2]) {
    for (int i = 0; e && i < 2; i++)
        seconds[i] |= e->seconds[i];
}

static void find_seconds(const struct lang *l, str word, arena *a, uint64_t seconds[2]) {
    add_seconds(find_entry(l, word), seconds);
    for (uint32_t i = 0; (i = next_prefix(l, word, i)) < l->prefix_count; i++) {
        str rest = phrase_word(l, word, &l->prefixes[i], a);
        if (rest.size)
            add_seconds(find_entry(l, rest), seconds);
    }
}

/* What the lexicon makes of a word; what has to be written for it lies in `a`, all else in the token's own.
 */
/* "his house": what the lexicon lacks, but a common word with a pronoun behind it. A `closed` word has none.
 */
static bool is_common_with_pronoun(const struct lang *l, str word, bool closed) {
    enum { COMMON_WORD = 42 };
    for (uint32_t i = 0; i < l->suffix_count && !closed; i++) {
        const struct lang_suffix *p = &l->suffixes[i];
        str suffix = {p->written, p->size};
        if (!p->restore[0] && word.size >= suffix.size + SHORTEST_REST && str_ends(word, suffix) &&
            lang_commonness(l, str_slice(word, 0, word.size - suffix.size)) >= COMMON_WORD)
            return true;
    }
    return false;
}

static known_word resolve(const struct lang *l, str text, const token *t, name_oracle names, arena *a) {
    str word = t->folded;
    stem s = {0};
    bool found =
        word.size <= LONGEST_WORD && ((hamza_opens_rest(text, t) && find_after_prefix(l, word, true, &s)) ||
                                      find_stem(l, word, ends_in_ta_marbuta(text, t), a, &s));
    if (word.size <= LONGEST_WORD && !found) {
        s.prefix = sure_prefix(l, word);
        if (!s.prefix && names.known)
            s.prefix = prefix_of_name(l, word, names);
        if (!s.prefix && !(names.known && names.known(names.context, word)))
            s.prefix = conjunction(l, word);
        s.folded = !s.prefix            ? word
                   : s.prefix->definite ? definite_form(l, word, s.prefix, a)
                                        : str_slice(word, s.prefix->size, word.size);
    }
    char first = text.data[t->start];
    known_word w = {.reading = s.reading,
                    .folded = s.folded.size ? s.folded : word,
                    .pronoun = s.pronoun || (!s.reading && is_common_with_pronoun(
                                                               l, s.folded, ends_in_ta_marbuta(text, t))),
                    .definite = (s.prefix && s.prefix->definite) || (!s.reading && has_article(l, word)),
                    .capital = first >= 'A' && first <= 'Z',
                    .starts = -1,
                    .weight = -1,
                    .common = -1,
                    .familiar = -1};
    find_seconds(l, word, a, w.seconds);
    if (s.prefix)
        find_clitics(l, text, t, s.prefix, &w);
    return w;
}

static known_word mark_of(const struct lang *l, const token *t) {
    return (known_word){.reading = lang_word(l, t->folded), .folded = t->folded};
}

/* What the node of a word or mark is. */
static void mean_as_node(const known_word *w, bool mark, struct lang_reading *out) {
    *out = w->reading ? *w->reading : no_reading;
    if (w->definite)
        out->feature[FEATURE_DEFINITE] = VALUE_DEFINITE_YES;
    if (w->pronoun)
        out->feature[FEATURE_PRONOUN] = VALUE_PRONOUN_YES;
    if (!w->reading && !mark)
        classes_add(&out->of, IS_UNKNOWN);
    if (w->capital)
        out->feature[FEATURE_CASE] = VALUE_CASE_CAPITAL;
    classes_add(&out->of, mark ? IS_MARK : IS_WORD);
    lang_tell_kinds(out);
}

/* Finds out about a word or a mark that has not been met, and keeps it where there is room. */
static known_word *meet(const recollection *met, const struct lang *l, const tokens *t, uint32_t index,
                        name_oracle names, arena *a, known_word *now) {
    const token *x = &t->token.at[index];
    struct lang_reading meaning;
    *now = x->kind == TOKEN_WORD ? resolve(l, t->text, x, names, a) : mark_of(l, x);
    mean_as_node(now, x->kind != TOKEN_WORD, &meaning);
    if ((now->as_node = word_memory_share(met->memory, &meaning)))
        return keep(met, index, now);
    now->as_node = memcpy(arena_take(a, sizeof meaning), &meaning, sizeof meaning);
    return NULL;
}

static void add_word(nodes *n, arena *a, uint32_t index, const known_word *w) {
    const token *t = &n->tokens->token.at[index];
    uint32_t start = w->prefix ? add_clitics(n, a, index, w) : t->start;
    add_piece(n, a, index, start, t->end, w->folded);
    add_node(n, a, w->as_node, t, (uint32_t)n->piece.size - 1);
}

/* Number classes by value, for rules about dates and clocks. */
static void class_number(struct lang_reading *x, int64_t v, const token *t) {
    size_t digits = t->folded.size;
    const char *point = memchr(t->folded.data, '.', digits);
    classes_add(&x->of, IS_NUMBER);
    x->feature[FEATURE_DIGITS] = (int16_t)(digits > 9 ? 9 : digits);
    if (point) {
        size_t whole = (size_t)(point - t->folded.data);
        if (whole <= 2 && digits - whole == 3 && v <= 24) {
            int minute = (point[1] - '0') * 10 + (point[2] - '0');
            if (minute < 60) {
                classes_add(&x->of, IS_CLOCK);
                x->feature[FEATURE_HOUR] = (int16_t)v;
                x->feature[FEATURE_MINUTE] = (int16_t)minute;
            }
        }
        classes_add(&x->of, IS_DECIMAL);
        return;
    }
    if (v >= 1 && v <= 31 && digits <= 2)
        classes_add(&x->of, IS_N31);
    if (v >= 1 && v <= 12 && digits <= 2)
        classes_add(&x->of, IS_N12);
    if (v >= 0 && v <= 24 && digits <= 2)
        classes_add(&x->of, IS_N24);
    if (v >= 0 && v <= 59 && digits == 2)
        classes_add(&x->of, IS_N59);
    if (digits == 4 && v >= 1900 && v <= 2099)
        classes_add(&x->of, IS_YEAR);
    if (digits == 4 && v >= 1300 && v <= 1500)
        classes_add(&x->of, IS_HIJRI_YEAR);
    if (digits == 4 && v < 2400 && v % 100 < 60) {
        classes_add(&x->of, IS_HHMM);
        x->feature[FEATURE_HOUR] = (int16_t)(v / 100);
        x->feature[FEATURE_MINUTE] = (int16_t)(v % 100);
    }
}

static void add_number(nodes *n, arena *a, uint32_t index) {
    const token *t = &n->tokens->token.at[index];
    add_piece(n, a, index, t->start, t->end, t->folded);
    node *x = add_node(n, a, NULL, t, (uint32_t)n->piece.size - 1);
    struct lang_reading *own = node_forget(x, a);
    x->value = t->number;
    x->min = x->max = t->number < 9e15 ? (int64_t)t->number : INT64_C(9000000000000000);
    class_number(own, x->min, t);
    if (!t->space_before && index && n->tokens->token.at[index - 1].kind == TOKEN_WORD)
        own->feature[FEATURE_GLUED] = VALUE_GLUED_YES;
    lang_tell_kinds(own);
}

static void add_mark(nodes *n, arena *a, uint32_t index, const known_word *w) {
    const token *t = &n->tokens->token.at[index];
    add_piece(n, a, index, t->start, t->end, t->folded);
    add_node(n, a, w->as_node, t, (uint32_t)n->piece.size - 1);
}

/* Of 64 keys those of a word that comes second in a phrase: they tell nearly always that none begins here.
 * The same as in tools/langc.py. */
static bool has_second(const uint64_t seconds[2], str word) {
    const unsigned char *at = (const unsigned char *)word.data;
    size_t n = word.size;
    if (n == 0)
        return false;
    size_t h = at[0] * 3u + at[n > 1] + at[n > 3 ? 3 : n - 1] * 5u + at[n - 1] * 11u + n * 17u;
    size_t other = at[n > 5 ? 5 : n - 1] * 7u + at[n > 2 ? n - 3 : 0] * 13u + at[n / 2] + n * 29u;
    return seconds[0] >> ((h ^ h >> 6) & 63) & seconds[1] >> ((other ^ other >> 6) & 63) & 1;
}

static bool may_begin_phrase(const tokens *t, uint32_t index, const uint64_t seconds[2]) {
    return seconds[0] && index + 1 < t->sentence.at[t->token.at[index].sentence].last &&
           has_second(seconds, t->token.at[index + 1].folded);
}

/* The longest phrase that begins at a token with `first`, which is its word or what follows clitics in it. */
static uint32_t phrase_at(const nodes *n, uint32_t index, str first, const struct lang_reading **reading) {
    const tokens *t = n->tokens;
    char joined[PHRASE_BYTES];
    const struct lang_entry *head = first.size ? find_entry(n->lang, first) : NULL;
    if (!head || !may_begin_phrase(t, index, head->seconds))
        return 0;
    size_t size = first.size, ends[16], count = 1;
    uint64_t hash[16] = {str_hash_more(STR_HASH_BEGUN, first)};
    if (size > PHRASE_BYTES)
        return 0;
    memcpy(joined, first.data, size);
    ends[0] = size;
    uint32_t last = t->sentence.at[t->token.at[index].sentence].last;
    for (; count < head->longest && count < 16 && index + count < last; count++) {
        str next = t->token.at[index + count].folded;
        if (size + next.size + 1 > PHRASE_BYTES)
            break;
        joined[size++] = ' ';
        memcpy(joined + size, next.data, next.size);
        ends[count] = size += next.size;
        hash[count] = str_hash_more(str_hash_more(hash[count - 1], STR(" ")), next);
    }
    for (; count >= 2; count--)
        if ((*reading = reading_of(n->lang, find_hashed(n->lang, (str){joined, ends[count - 1]},
                                                        str_hash_end(hash[count - 1])))))
            return (uint32_t)count;
    return 0;
}

/* A phrase, its first word perhaps after a clitic; returns its length in tokens, 0 where there is none. */
static uint32_t add_phrase(nodes *n, arena *a, uint32_t index) {
    const token *t = &n->tokens->token.at[index];
    const struct lang_reading *reading;
    const struct lang_prefix *prefix = NULL;
    uint32_t count = phrase_at(n, index, t->folded, &reading);
    for (uint32_t i = 0; !count && (i = next_prefix(n->lang, t->folded, i)) < n->lang->prefix_count; i++) {
        prefix = &n->lang->prefixes[i];
        count = phrase_at(n, index, phrase_word(n->lang, t->folded, prefix, a), &reading);
    }
    if (!count)
        return 0;
    uint32_t start = t->start;
    if (prefix) {
        known_word w = {0};
        find_clitics(n->lang, n->tokens->text, t, prefix, &w);
        start = add_clitics(n, a, index, &w);
    }
    uint32_t first = (uint32_t)n->piece.size;
    for (uint32_t i = 0; i < count; i++) {
        const token *w = &n->tokens->token.at[index + i];
        add_piece(n, a, index + i, i ? w->start : start, w->end, w->folded);
    }
    struct lang_reading *own = node_own(add_node(n, a, reading, t, first), a);
    classes_add(&own->of, IS_WORD);
    lang_tell_kinds(own);
    return count;
}

/* A full stop behind an abbreviation ends no sentence; a weak one ("No.", "Jan.") only before a number. */
static bool only_abbreviates(const struct lang *l, const tokens *t, const sentence *s) {
    if (s->last - s->first < 2 || s->last == t->token.size || s[1].paragraph != s->paragraph ||
        !str_equal(t->token.at[s->last - 1].folded, STR(".")))
        return false;
    const struct lang_reading *r = lang_word(l, t->token.at[s->last - 2].folded);
    if (!r || !reading_is(r, IS_ABBREVIATION))
        return false;
    return r->feature[FEATURE_STRENGTH] != VALUE_STRENGTH_WEAK || t->token.at[s->last].kind == TOKEN_NUMBER;
}

/* What is done for each sentence stays bounded (src/text/text.c): no text of abbreviations is one sentence.
 */
enum { LONGEST_JOINED = 512 };

static void join_sentences(const struct lang *l, tokens *t) {
    size_t kept = 0;
    bool open = false;
    for (size_t i = 0; i < t->sentence.size; i++) {
        sentence s = t->sentence.at[i];
        uint32_t first = open ? t->sentence.at[kept].first : s.first;
        bool goes_on = s.last - first < LONGEST_JOINED && only_abbreviates(l, t, &t->sentence.at[i]);
        if (open) {
            t->sentence.at[kept].last = s.last;
            t->sentence.at[kept].end = s.end;
        } else {
            t->sentence.at[kept] = s;
        }
        for (uint32_t k = s.first; k < s.last; k++)
            t->token.at[k].sentence = (uint32_t)kept;
        open = goes_on;
        kept += !goes_on;
    }
    t->sentence.size = kept;
}

static void add_token(nodes *n, arena *a, uint32_t index, const known_word *w) {
    token_kind kind = n->tokens->token.at[index].kind;
    if (kind == TOKEN_WORD)
        add_word(n, a, index, w);
    else if (kind == TOKEN_NUMBER)
        add_number(n, a, index);
    else
        add_mark(n, a, index, w);
}

static node node_of_nothing(void) {
    node x = {.sentence = UINT32_MAX};
    node_mean(&x, &no_reading);
    return x;
}

static void add_edge(nodes *n, arena *a) {
    for (int i = 0; i < NODE_EDGE; i++)
        *VECTOR_PUSH(&n->node, a) = node_of_nothing();
}

void nodes_shorten(nodes *n, size_t size) {
    for (size_t i = size; i < n->node.size && i < size + NODE_EDGE; i++)
        n->node.at[i] = node_of_nothing();
    n->node.size = size;
}

void lang_nodes(const struct lang *l, tokens *t, name_oracle names, arena *a, nodes *out) {
    join_sentences(l, t);
    *out = (nodes){.lang = l, .tokens = t, .arena = a};
    VECTOR_RESERVE(&out->node, a,
                   t->token.size + t->token.size / 4 + 8); /* clitics are nodes of their own; edges */
    VECTOR_RESERVE(&out->piece, a, t->token.size + t->token.size / 4 + 8);
    add_edge(out, a);
    static const known_word nothing; /* is known of a number */
    recollection met = recollect(names.memory, l, t, a);
    for (uint32_t i = 0; i < t->token.size;) {
        COUNT(tokens_visited, 1);
        token_kind kind = t->token.at[i].kind;
        known_word now, *kept = NULL;
        const known_word *w = &nothing;
        if (kind != TOKEN_NUMBER) {
            kept = recall(&met, i);
            if (!kept)
                kept = meet(&met, l, t, i, names, a, &now);
            w = kept ? kept : &now;
        }
        bool phrase = kind == TOKEN_NUMBER || (kind == TOKEN_WORD && may_begin_phrase(t, i, w->seconds));
        uint32_t taken = phrase ? add_phrase(out, a, i) : 0;
        if (!taken) {
            add_token(out, a, i, w);
            out->piece.at[out->piece.size - 1].word = kind == TOKEN_WORD ? kept : NULL;
            taken = 1;
        }
        i += taken;
    }
    add_edge(out, a);
    out->node.at += NODE_EDGE;
    out->node.size -= 2 * NODE_EDGE;
    out->node.capacity -= NODE_EDGE;
}
