/* When two names mean one voice.
 *
 * A name is taken apart into words; offices ("the director of"), administrative shells ("the department of")
 * and function words are dropped. What is left decides: a known body (data/ledger/voices.tsv) is known by any
 * of its names; another body is the same where the one's words hold the other's, or most are common and none
 * of the words that say what kind of body it is contradict. Words are equal where they fold alike, where the
 * table of terms gives them one concept
 * ("hospital", "مستشفى"), where an acronym is made of the other name's initials, or, for names in two scripts
 * or two romanisations, where their consonants are alike in a coarse alphabet ("البليخ", "Balikh", "Baleekh":
 * b-l-k). */
#include "ledger/names.h"

#include "base/utf8.h"
#include "ledger/words.h"

/* ---- tables ---- */

static term_class class_named(str text) {
    static const char *const names[] = {"",       "office", "wrapper", "source", "person", "own",
                                        "outlet", "body",   "stop",    "town",   "end"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        if (str_equal(text, str_of(names[i])))
            return (term_class)i;
    return TERM_NONE;
}

static term *term_slot(const name_tables *t, uint64_t hash) {
    size_t slot = hash & (t->capacity - 1);
    while (t->terms[slot].word && t->terms[slot].word != hash)
        slot = (slot + 1) & (t->capacity - 1);
    return &t->terms[slot];
}

static void add_term(const name_tables *t, str line) {
    str class, concept, words;
    size_t at = 0;
    word w;
    if (!str_piece(line, &at, '\t', &class) || !str_piece(line, &at, '\t', &concept) ||
        !str_piece(line, &at, '\t', &words))
        return;
    term_class c = class_named(class);
    for (size_t in = 0; words_next(words, &in, &w);) {
        uint64_t h = str_hash((str){w.folded, w.size});
        term *slot = term_slot(t, h);
        slot->word = h;
        slot->classes |= 1u << c;
        slot->concepts[c] = str_hash(concept) ^ c;
    }
}

static void add_known(arena *a, str line, string_list *kinds, known_names *into, string_list *id_list) {
    str id, kind = STR_NONE, text;
    size_t at = 0;
    word w;
    str_piece(line, &at, '\t', &id);
    if (kinds) {
        str_piece(line, &at, '\t', &kind);
        *VECTOR_PUSH(kinds, a) = kind;
    }
    *VECTOR_PUSH(id_list, a) = id;
    while (str_piece(line, &at, '\t', &text)) {
        known_name n = {.body = (uint32_t)id_list->size};
        for (size_t in = 0; n.size < 10 && words_next(text, &in, &w);)
            n.words[n.size++] = str_hash((str){w.folded, w.size});
        *VECTOR_PUSH(into, a) = n;
    }
}

void names_load(arena *a, name_tables *out) {
    name_tables t = {.capacity = 2048};
    str line, terms = str_of(ledger_table_terms), voices = str_of(ledger_table_voices),
              parties = str_of(ledger_table_parties), nations = str_of(ledger_table_nations);
    t.terms = ARENA_NEW(a, term, t.capacity);
    for (size_t at = 0; str_piece(terms, &at, '\n', &line);)
        if (line.size)
            add_term(&t, line);
    for (size_t at = 0; str_piece(voices, &at, '\n', &line);)
        if (line.size)
            add_known(a, line, &t.body_kinds, &t.names, &t.bodies);
    for (size_t at = 0; str_piece(parties, &at, '\n', &line);)
        if (line.size)
            add_known(a, line, NULL, &t.parties, &t.party_ids);
    for (size_t at = 0; str_piece(nations, &at, '\n', &line);)
        if (line.size)
            add_known(a, line, NULL, &t.nations, &t.nation_ids);
    *out = t;
}

/* ---- words ---- */

/* Consonants of both scripts in one coarse alphabet; 0: not written in it (vowels and what may stand for
 * them). */
static const char latin_code['z' - 'a' + 1] = {
    ['b' - 'a'] = 'b', ['c' - 'a'] = 'k', ['d' - 'a'] = 'd', ['f' - 'a'] = 'f', ['g' - 'a'] = 'g',
    ['h' - 'a'] = 'h', ['j' - 'a'] = 'g', ['k' - 'a'] = 'k', ['l' - 'a'] = 'l', ['m' - 'a'] = 'm',
    ['n' - 'a'] = 'n', ['p' - 'a'] = 'b', ['q' - 'a'] = 'k', ['r' - 'a'] = 'r', ['s' - 'a'] = 's',
    ['t' - 'a'] = 't', ['v' - 'a'] = 'f', ['x' - 'a'] = 'k', ['z' - 'a'] = 'z',
};
/* Two Latin letters for one sound: the second is h, but for ck. */
static const char digraph_code['z' - 'a' + 1] = {
    ['c' - 'a'] = 's', ['d' - 'a'] = 'd', ['g' - 'a'] = 'g', ['k' - 'a'] = 'k',
    ['p' - 'a'] = 'f', ['s' - 'a'] = 's', ['t' - 'a'] = 't',
};
enum { FIRST_ARABIC = 0x627, LAST_ARABIC = 0x64A };
static const char arabic_code[LAST_ARABIC - FIRST_ARABIC + 1] = {
    [0x628 - FIRST_ARABIC] = 'b', [0x62A - FIRST_ARABIC] = 't', [0x62B - FIRST_ARABIC] = 't',
    [0x62C - FIRST_ARABIC] = 'g', [0x62D - FIRST_ARABIC] = 'h', [0x62E - FIRST_ARABIC] = 'k',
    [0x62F - FIRST_ARABIC] = 'd', [0x630 - FIRST_ARABIC] = 'd', [0x631 - FIRST_ARABIC] = 'r',
    [0x632 - FIRST_ARABIC] = 'z', [0x633 - FIRST_ARABIC] = 's', [0x634 - FIRST_ARABIC] = 's',
    [0x635 - FIRST_ARABIC] = 's', [0x636 - FIRST_ARABIC] = 'd', [0x637 - FIRST_ARABIC] = 't',
    [0x638 - FIRST_ARABIC] = 'z', [0x63A - FIRST_ARABIC] = 'g', [0x641 - FIRST_ARABIC] = 'f',
    [0x642 - FIRST_ARABIC] = 'k', [0x643 - FIRST_ARABIC] = 'k', [0x644 - FIRST_ARABIC] = 'l',
    [0x645 - FIRST_ARABIC] = 'm', [0x646 - FIRST_ARABIC] = 'n', [0x647 - FIRST_ARABIC] = 'h',
};

static char consonant_at(str folded, size_t *at) {
    char first = folded.data[*at];
    if (first >= 'a' && first <= 'z') {
        char second = *at + 1 < folded.size ? folded.data[*at + 1] : 0;
        char both = second == 'h' || (first == 'c' && second == 'k') ? digraph_code[first - 'a'] : 0;
        char third = *at + 2 < folded.size ? folded.data[*at + 2] : 0;
        if (first == 'c' && second == 'h' && third > 'a' && latin_code[third - 'a']) /* "chronicle" */
            both = 'k';
        *at += both ? 2 : 1;
        return first == 'c' && second == 'k' ? 'k' : both ? both : latin_code[first - 'a'];
    }
    uint32_t c = utf8_next(folded, at);
    return c >= FIRST_ARABIC && c <= LAST_ARABIC ? arabic_code[c - FIRST_ARABIC] : 0;
}

static void skeleton_of(str folded, char out[SKELETON]) {
    size_t n = 0;
    for (size_t at = 0; at < folded.size && n + 1 < SKELETON;) {
        char code = consonant_at(folded, &at);
        if (code && (n == 0 || out[n - 1] != code))
            out[n++] = code;
    }
    /* A final h is often not written in the other script; the one that a vowel follows is. */
    if (n > 1 && out[n - 1] == 'h' && (str_ends(folded, STR("h")) || str_ends(folded, STR("ه"))))
        n--;
    memset(out + n, 0, SKELETON - n);
}

/* "al", "ej", "ash" before a word: vowel and one consonant, or two written for one. */
static bool is_latin_article(const word *w) {
    return (w->size == 2 || (w->size == 3 && w->folded[2] == 'h')) &&
           (w->folded[0] == 'a' || w->folded[0] == 'e') && w->folded[1] >= 'a' && w->folded[1] <= 'z';
}

uint32_t name_sound(str name) {
    enum { FEWEST = 3 };
    char joined[WORD_LIMIT], skeleton[SKELETON];
    size_t size = 0;
    word w;
    for (size_t at = 0; words_next(name, &at, &w);)
        if (!is_latin_article(&w) && size + w.size <= sizeof joined) {
            memcpy(joined + size, w.folded, w.size);
            size += w.size;
        }
    skeleton_of((str){joined, size}, skeleton);
    size = strlen(skeleton);
    uint64_t hash = str_hash((str){skeleton, size});
    return size < FEWEST ? 0 : (uint32_t)(hash ^ hash >> 32) | 1u;
}

/* Waw is a vowel as often as a consonant; at the beginning and before alef it is none. */
static void waws_of(str folded, name_word *out) {
    static const char waw[] = "و", sure[] = "وا";
    size_t at = str_find(folded, STR("w"), 0);
    out->has_waw = at != SIZE_MAX || str_find(folded, str_of(waw), 0) != SIZE_MAX;
    out->must_waw =
        !out->latin && (str_starts(folded, str_of(waw)) || str_find(folded, str_of(sure), 0) != SIZE_MAX);
}

static void acronym_of(str text, const word *w, char out[8]) {
    size_t n = w->end - w->start;
    bool capitals = n >= 3 && n < 8;
    for (size_t i = w->start; capitals && i < w->end; i++)
        capitals = text.data[i] >= 'A' && text.data[i] <= 'Z';
    memset(out, 0, 8);
    if (capitals)
        memcpy(out, text.data + w->start, n);
}

static term_class class_in(const term *t, const term_class *order, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (t->classes & 1u << order[i])
            return order[i];
    return TERM_NONE;
}

static const term *find_term(const name_tables *t, str folded) {
    const term *found = term_slot(t, str_hash(folded));
    return found->word ? found : NULL;
}

/* A word after a preposition that is written on to it (bi-, li-, wa-): the bare word where the table knows
 * it. */
static const term *find_bare(const name_tables *t, str folded) {
    const term *found = find_term(t, folded);
    if (!found && folded.size >= 8 &&
        (str_starts(folded, STR("ب")) || str_starts(folded, STR("ل")) || str_starts(folded, STR("و"))))
        found = find_term(t, str_slice(folded, 2, folded.size));
    return found;
}

static name_word word_of(const name_tables *t, str text, const word *w, const term_class *order,
                         size_t count) {
    str folded = {w->folded, w->size};
    const term *known = find_bare(t, folded);
    name_word out = {.word = str_hash(folded), .latin = (unsigned char)w->folded[0] < 0x80};
    out.class = known ? class_in(known, order, count) : TERM_NONE;
    out.concept = out.class != TERM_NONE ? known->concepts[out.class] : out.word;
    out.initial = out.latin ? w->folded[0] : 0;
    acronym_of(text, w, out.acronym);
    skeleton_of(folded, out.skeleton);
    waws_of(folded, &out);
    return out;
}

static bool holds(const known_name *n, const uint64_t *words, size_t size) {
    for (size_t i = 0; n->size && i + n->size <= size; i++)
        if (memcmp(words + i, n->words, n->size * sizeof *words) == 0)
            return true;
    return false;
}

static uint32_t known_body(const name_tables *t, arena *a, str text) {
    hashes words = {0};
    const known_name *best = NULL;
    words_hashes(a, text, &words);
    for (size_t i = 0; i < t->names.size; i++)
        if ((!best || t->names.at[i].size > best->size) && holds(&t->names.at[i], words.at, words.size))
            best = &t->names.at[i];
    return best ? best->body : 0;
}

/* A name ends where an apposition or a clause begins. */
static str first_part(str text) {
    static const char *const ends[] = {"،", ",", "(", "؛", ";", " - ", " – "};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = str_find(text, str_of(ends[i]), 0);
        if (at != SIZE_MAX && at > 4)
            text.size = at;
    }
    return text;
}

/* "… to Radio X", "… in a talk with X": whom it was said to is no part of the name. */
static bool ends_name(const name_word *x, str text, const word *w, bool undescribed) {
    return x->class == TERM_END ||
           (x->class == TERM_OUTLET &&
            (undescribed || str_starts(str_slice(text, w->start, text.size), STR("ل"))));
}

/* "… agency for news": behind an outlet's noun a word for both an outlet and a report is the outlet's. */
static name_word word_in_name(const name_tables *t, str text, const word *w, const term_class *order,
                              size_t count, const voice_name *before) {
    static const term_class outlet[] = {TERM_OUTLET};
    name_word x = word_of(t, text, w, order, count);
    if (x.class != TERM_SOURCE || !before->size || before->words[0].class != TERM_OUTLET)
        return x;
    name_word y = word_of(t, text, w, outlet, 1);
    return y.class == TERM_OUTLET ? y : x;
}

static voice_name read_name(const name_tables *t, arena *a, str text, const term_class *order, size_t count) {
    voice_name n = {.nature = NAME_BODY};
    word w;
    term_class last = TERM_NONE;
    size_t place = 0;
    VECTOR(char) key = {0};
    for (size_t at = 0; n.size < NAME_WORDS && words_next(text, &at, &w);) {
        name_word x = word_in_name(t, text, &w, order, count, &n);
        bool undescribed = n.nature != NAME_BODY && last != TERM_STOP;
        if (order[0] == TERM_END && place > 0 && ends_name(&x, text, &w, undescribed))
            break;
        last = x.class;
        if (place < 3 && x.class == TERM_OWN)
            n.nature = NAME_OWN;
        bool headed = !x.latin && n.size && n.words[0].class == TERM_BODY; /* "the network Witness" */
        if (place < 3 && n.nature == NAME_BODY && !headed &&
            (x.class == TERM_SOURCE || x.class == TERM_PERSON))
            n.nature = x.class == TERM_SOURCE ? NAME_SOURCE : NAME_PERSON;
        place += x.class != TERM_STOP;
        if (x.class == TERM_OFFICE || x.class == TERM_WRAPPER || x.class == TERM_STOP)
            continue;
        n.words[n.size++] = x;
        if (key.size)
            *VECTOR_PUSH(&key, a) = ' ';
        for (size_t i = 0; i < w.size; i++)
            *VECTOR_PUSH(&key, a) = w.folded[i];
    }
    n.key = (str){key.at ? key.at : "", key.size};
    return n;
}

/* What stands after a person's name: whom that person speaks for. */
static bool tells_office(const name_tables *t, str text) {
    static const term_class order[] = {TERM_STOP, TERM_OFFICE};
    word w;
    for (size_t at = 0; words_next(text, &at, &w);) {
        name_word x = word_of(t, text, &w, order, 2);
        if (x.class != TERM_STOP)
            return x.class == TERM_OFFICE;
    }
    return false;
}

bool name_is_bare(const voice_name *n) {
    for (size_t i = 0; i < n->size; i++)
        if (n->words[i].class != TERM_NONE)
            return false;
    return n->size > 0;
}

static str after_name(str text, size_t size) {
    static const char *const commas[] = {"،", ","};
    for (size_t i = 0; i < 2; i++) {
        str comma = str_of(commas[i]);
        if (str_starts(str_slice(text, size, text.size), comma))
            return first_part(str_slice(text, size + comma.size, text.size));
    }
    return STR_NONE;
}

bool name_of_apposition(const name_tables *t, arena *a, str name, str sentence, voice_name *out) {
    size_t at = name.size ? str_find(sentence, name, 0) : SIZE_MAX;
    str after = at == SIZE_MAX ? STR_NONE : after_name(sentence, at + name.size);
    if (!after.size || after.size > 200 || !tells_office(t, after))
        return false;
    *out = name_of(t, a, after);
    return out->nature == NAME_BODY && !out->hollow;
}

voice_name name_of(const name_tables *t, arena *a, str text) {
    static const term_class order[] = {TERM_END,  TERM_STOP,   TERM_OWN,     TERM_SOURCE, TERM_PERSON,
                                       TERM_BODY, TERM_OFFICE, TERM_WRAPPER, TERM_OUTLET};
    str first = first_part(text);
    voice_name n = read_name(t, a, first, order, sizeof order / sizeof *order), office;
    if (first.size < text.size && name_is_bare(&n) && name_of_apposition(t, a, first, text, &office))
        return office;
    if (!n.size) {
        n = read_name(t, a, text, order + 1, 4);
        n.hollow = n.nature == NAME_BODY;
    }
    if (n.nature == NAME_BODY)
        n.body = known_body(t, a, text);
    return n;
}

voice_name name_of_outlet(const name_tables *t, arena *a, str text) {
    static const term_class order[] = {TERM_STOP, TERM_OUTLET};
    voice_name n = read_name(t, a, first_part(text), order, 2);
    voice_name bare = n;
    bare.size = 0;
    for (size_t i = 0; i < n.size; i++)
        if (n.words[i].class != TERM_OUTLET)
            bare.words[bare.size++] = n.words[i];
    bare = bare.size ? bare : n;
    bare.nature = NAME_BODY;
    bare.body = known_body(t, a, text);
    return bare;
}

/* ---- comparing ---- */

static bool is_acronym_of(const name_word *w, const voice_name *of) {
    size_t n = strlen(w->acronym), at = 0;
    for (size_t i = 0; n >= 3 && i < of->size && at < n; i++)
        if (of->words[i].initial && of->words[i].initial == w->acronym[at] + 32)
            at++;
    return n >= 3 && at == n;
}

/* Dhal and za are written as z, d, dh or th. */
static bool consonants_alike(char latin, char arabic) {
    return latin == arabic || (latin == 'z' && arabic == 'd') ||
           (arabic == 'z' && (latin == 'd' || latin == 't'));
}

/* Two scripts: two consonants are enough where the waws agree. */
static bool transcribed(const name_word *latin, const name_word *arabic) {
    const char *x = latin->skeleton, *y = arabic->skeleton;
    size_t n = strlen(x);
    if (n < 2 || n != strlen(y) ||
        (n == 2 && ((arabic->must_waw && !latin->has_waw) || (latin->has_waw && !arabic->has_waw))))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!consonants_alike(x[i], y[i]))
            return false;
    return true;
}

/* Two scripts again, less strictly: one consonant that is written and not heard ("Halfmoon"), or a word of a
 * single one. Enough only beside a word that is surely the same. */
static bool nearly_transcribed(const name_word *latin, const name_word *arabic) {
    enum { MISSED_IN = 4 };
    const char *x = latin->skeleton, *y = arabic->skeleton;
    size_t n = strlen(x), m = strlen(y), missed = 0, at = 0;
    if (!m || (n != m && (n != m + 1 || n < MISSED_IN)) || (n == m && arabic->must_waw && !latin->has_waw))
        return false;
    for (size_t i = 0; i < n; i++)
        if (at < m && (consonants_alike(x[i], y[at]) || (x[i] == 's' && y[at] == 'z')))
            at++;
        else
            missed++;
    return missed == n - m;
}

static bool words_alike(const name_word *x, const name_word *y) {
    if (x->concept == y->concept || x->word == y->word)
        return true;
    if (x->class == TERM_BODY || y->class == TERM_BODY)
        return false;
    if (x->latin != y->latin)
        return x->latin ? transcribed(x, y) : transcribed(y, x);
    return x->latin && strlen(x->skeleton) >= 3 && strcmp(x->skeleton, y->skeleton) == 0;
}

static bool has_word(const voice_name *n, const name_word *w) {
    for (size_t i = 0; i < n->size; i++)
        if (words_alike(w, &n->words[i]))
            return true;
    return false;
}

static bool nearly_has_word(const voice_name *n, const name_word *w) {
    for (size_t i = 0; i < n->size; i++)
        if (w->latin != n->words[i].latin &&
            (w->latin ? nearly_transcribed(w, &n->words[i]) : nearly_transcribed(&n->words[i], w)))
            return true;
    return false;
}

typedef struct overlap {
    size_t common, bodies_x, bodies_y, bodies_common, plain_common;
} overlap;

static overlap overlap_of(const voice_name *x, const voice_name *y) {
    overlap o = {0};
    for (size_t i = 0; i < x->size; i++) {
        bool body = x->words[i].class == TERM_BODY, common = has_word(y, &x->words[i]);
        o.bodies_x += body;
        o.common += common;
        o.bodies_common += body && common;
        o.plain_common += !body && common;
    }
    for (size_t i = 0; i < y->size; i++)
        o.bodies_y += y->words[i].class == TERM_BODY;
    return o;
}

static bool acronym_matches(const voice_name *x, const voice_name *y) {
    for (size_t i = 0; i < x->size; i++)
        if (is_acronym_of(&x->words[i], y))
            return true;
    return false;
}

/* One proper name, with the kind of body said or not ("Mithaq", "the Mithaq organisation for justice"): what
 * is in a place is called by the place and never by that alone. */
static bool same_proper_name(const voice_name *x, const voice_name *y) {
    const voice_name *one = x->size == 1 ? x : y, *more = one == x ? y : x;
    if (one->size != 1 || one->words[0].class != TERM_NONE || one->words[0].place)
        return false;
    for (size_t i = 0; i + 1 < more->size && i < 2; i++) {
        const name_word *first = &more->words[i], *second = first + 1;
        if ((first->class == TERM_BODY && words_alike(&one->words[0], second)) ||
            (second->class == TERM_BODY && words_alike(&one->words[0], first)))
            return true;
    }
    return false;
}

bool name_same_body(const voice_name *x, const voice_name *y) {
    if (x->nature != NAME_BODY || y->nature != NAME_BODY)
        return false;
    if (x->body && y->body)
        return x->body == y->body;
    if (!x->size || !y->size)
        return false;
    if (acronym_matches(x, y) || acronym_matches(y, x) || same_proper_name(x, y))
        return true;
    overlap o = overlap_of(x, y);
    size_t smaller = x->size < y->size ? x->size : y->size, larger = x->size + y->size - smaller;
    if (o.bodies_x && o.bodies_y && o.bodies_common < (o.bodies_x < o.bodies_y ? o.bodies_x : o.bodies_y))
        return false;
    if (o.common >= smaller)
        return o.bodies_common > 0 || (!o.bodies_x && !o.bodies_y) || smaller >= 2;
    return (o.bodies_common > 0 && o.plain_common > 0) || (double)o.common / (double)larger >= 0.6;
}

static uint64_t head_of(const voice_name *n) {
    for (size_t i = 0; i < n->size; i++) {
        const name_word *w = &n->words[i];
        if (w->class == TERM_SOURCE || w->class == TERM_PERSON)
        return w->concept;
    }
    return 0;
}

bool name_same_heads(const voice_name *x, const voice_name *y) {
    uint64_t a = head_of(x), b = head_of(y);
    return !a || !b || a == b;
}

bool name_same_source(const voice_name *x, const voice_name *y) {
    if (x->nature != y->nature)
        return false;
    if (!x->size || !y->size)
        return x->size == y->size;
    overlap o = overlap_of(x, y);
    size_t smaller = x->size < y->size ? x->size : y->size, larger = x->size + y->size - smaller;
    bool same_head = words_alike(&x->words[0], &y->words[0]);
    return o.common >= smaller || (same_head && (double)o.common / (double)larger >= 0.5);
}

bool name_translated(const voice_name *x, const voice_name *y) {
    return x->nature != NAME_BODY && y->nature != NAME_BODY && x->size && y->size &&
           x->words[0].latin != y->words[0].latin && name_same_heads(x, y);
}

/* How many words of one name stand in another, and how many more nearly so; false where none surely does. */
static bool shares_words(const voice_name *of, const voice_name *in, size_t *all) {
    size_t surely = 0, nearly = 0;
    for (size_t i = 0; i < of->size; i++) {
        bool same = has_word(in, &of->words[i]);
        surely += same;
        nearly += !same && nearly_has_word(in, &of->words[i]);
    }
    *all = surely + nearly;
    return surely > 0;
}

bool name_same_outlet(const voice_name *x, const voice_name *y) {
    if (x->body && y->body)
        return x->body == y->body;
    if (!x->size || !y->size)
        return false;
    size_t common, smaller = x->size < y->size ? x->size : y->size;
    return shares_words(x, y, &common) && common >= smaller && x->size + y->size - smaller <= smaller + 2;
}

bool name_holds_outlet(const voice_name *n, const voice_name *outlet) {
    if (n->body && outlet->body)
        return n->body == outlet->body;
    size_t common;
    return shares_words(outlet, n, &common) && common == outlet->size;
}

/* A word as it stands, by the kind of body it names, and without one letter written on to it (bi-, li-, wa-).
 */
text_words words_of_text(const name_tables *t, arena *a, str text) {
    static const term_class plain[] = {TERM_STOP}, bodies[] = {TERM_BODY};
    text_words out = {0};
    word w;
    for (size_t at = 0; words_next(text, &at, &w);) {
        str folded = {w.folded, w.size};
        bool prefixed = w.size >= 8 && (str_starts(folded, STR("ل")) || str_starts(folded, STR("ب")) ||
                                        str_starts(folded, STR("و")));
        *VECTOR_PUSH(&out, a) = (text_word){word_of(t, text, &w, plain, 1), word_of(t, text, &w, bodies, 1),
                                            prefixed ? str_hash(str_slice(folded, 2, folded.size)) : 0};
    }
    return out;
}

static bool word_matches(const text_word *x, const name_word *wanted) {
    return x->bare == wanted->word || words_alike(&x->plain, wanted) || words_alike(&x->body, wanted);
}

/* Which words must be there: all, but for a body that two words or more say the kind of, where those do
 * ("civil defence"), and for one whose kind and next word are what it is called for short ("the X network",
 * of "the X network for …"). */
static uint32_t needed_words(const voice_name *n) {
    uint32_t kind = 0, all = 0;
    int kinds = 0;
    for (size_t i = 0; i < n->size && i < 32; i++) {
        all |= 1u << i;
        if (n->words[i].class == TERM_BODY) {
            kind |= 1u << i;
            kinds++;
        }
    }
    bool shortened = kinds == 1 && n->size > 2 && n->words[0].class == TERM_BODY;
    return kinds >= 2 ? kind : shortened ? 3 : all;
}

bool name_in_text(const voice_name *n, const text_words *text) {
    uint32_t seen = 0, needed = needed_words(n);
    size_t since = 0;
    for (size_t k = 0; n->size && k < text->size; k++) {
        if (seen && ++since > n->size + 2)
            seen = 0;
        for (size_t i = 0; i < n->size && i < 32; i++)
            if (word_matches(&text->at[k], &n->words[i])) {
                since = seen ? since : 0;
                seen |= 1u << i;
            }
        if ((seen & needed) == needed)
            return true;
    }
    return false;
}

bool same_words_of(const name_tables *t, str name, uint64_t concept, same_words *out) {
    static const term_class order[] = {TERM_STOP};
    word w;
    *out = (same_words){.concept = concept};
    for (size_t at = 0; words_next(name, &at, &w);) {
        name_word x = word_of(t, name, &w, order, 1);
        if (x.class == TERM_STOP)
            continue;
        if (out->size == PLACE_WORDS)
            return false;
        out->words[out->size++] = x.word;
    }
    return out->size > 0;
}

/* A word that says what kind of body it is names no place by itself. */
static bool stands_at(const voice_name *n, size_t at, const same_words *place) {
    if (at + place->size > n->size || (place->size == 1 && n->words[at].class != TERM_NONE))
        return false;
    for (size_t i = 0; i < place->size; i++)
        if (n->words[at + i].word != place->words[i])
            return false;
    return true;
}

static void name_place(voice_name *n, size_t at, const same_words *place) {
    n->words[at].concept = place->concept;
    n->words[at].class = TERM_NONE;
    n->words[at].place = true;
    n->words[at].called = place->called;
    n->size -= place->size - 1;
    memmove(&n->words[at + 1], &n->words[at + place->size], (n->size - at - 1) * sizeof *n->words);
}

void name_places(voice_name *n, const same_words *same, size_t count) {
    for (size_t i = 0; i < n->size; i++) {
        const same_words *longest = NULL;
        for (size_t k = 0; k < count; k++)
            if ((!longest || same[k].size > longest->size) && stands_at(n, i, &same[k]))
                longest = &same[k];
        if (longest)
            name_place(n, i, longest);
    }
}

str name_of_place(const name_tables *t, arena *a, str text) {
    VECTOR(char) out = {0};
    word w;
    for (size_t at = 0; words_next(text, &at, &w);) {
        if (term_slot(t, str_hash((str){w.folded, w.size}))->classes & 1u << TERM_TOWN)
            continue;
        for (size_t i = 0; i < w.size; i++)
            *VECTOR_PUSH(&out, a) = w.folded[i];
    }
    return out.size ? (str){out.at, out.size} : words_joined(a, text);
}

uint64_t parties_of(const name_tables *t, arena *a, str text) {
    hashes words = {0};
    uint64_t bits = 0;
    words_hashes(a, text, &words);
    for (size_t i = 0; i < t->parties.size; i++)
        if (t->parties.at[i].body < 64 && holds(&t->parties.at[i], words.at, words.size))
            bits |= 1ULL << t->parties.at[i].body;
    return bits;
}
