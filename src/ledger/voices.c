/* Whose word a figure is: the rule at the end of the public format, in its order.
 *
 * First each claim is asked what it rests on: another claim of the incident (a relay that names its outlet, a
 * copied passage, the attributed statement beside an unattributed repeat), or nothing, and then it is its own
 * teller's. Following what they rest on, claims run together; a ring (two outlets that cite each other) is
 * one voice whose origin is unknown. Then the tellers at the ends are compared: an outlet's own words by the
 * outlet, named bodies by name, undescribed sources by who heard them. Claims are taken in the order of
 * publication, then of the documents' ids: nothing depends on when they were added. */
#include "ledger/incident.h"

#include <stdlib.h>

#include "base/counters.h"
#include "base/utf8.h"

enum { ORIGINALS = 64, PASSAGE_WORDS = 8 };

/* "Nobody was killed" is one figure, said or denied that somebody was. */
bool same_figure(const told *x, const told *y) {
    bool none = x->min == 0 && x->max == 0;
    return x->effect == y->effect && x->min == y->min && x->max == y->max && str_equal(x->group, y->group) &&
           (none || (x->stance == STANCE_DENIES) == (y->stance == STANCE_DENIES));
}

/* ---- what a claim rests on ---- */

static bool voices_fit(const told *x, const told *y) {
    if (x->own || y->own)
        return true;
    return name_same_body(&x->name, &y->name) || name_same_source(&x->name, &y->name) ||
           name_translated(&x->name, &y->name);
}

/* A claim with the same figure in a paper of that outlet: by the same voice if there is one, the earliest. */
static int claim_of_outlet(const incident_work *w, uint32_t outlet, uint32_t index, bool any_voice) {
    const told *c = &w->claims.at[index];
    int found = NONE;
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *other = &w->claims.at[i];
        if (i == index || w->papers.at[other->paper].outlet_of != outlet || other->paper == c->paper ||
            !same_figure(c, other) || !other->counts)
            continue;
        if (voices_fit(c, other) && !other->own)
            return (int)i;
        if (found == NONE && (any_voice || other->own))
            found = (int)i;
    }
    return found;
}

static bool rest(told *c, int on, how as) {
    if (on == NONE)
        return false;
    c->rests_on = on;
    c->how = as;
    return true;
}

/* The claim of an outlet that this claim's own sentence names. */
static int claim_of_named_outlet(incident_work *w, uint32_t index, bool any_voice) {
    enum { NAMED = 16 };
    told *c = &w->claims.at[index];
    uint32_t own = w->papers.at[c->paper].outlet_of, named[NAMED];
    size_t count = outlets_named(w, &c->evidence_words, named, NAMED);
    for (size_t i = 0; i < count; i++) {
        if (named[i] == own)
            continue;
        int found = claim_of_outlet(w, named[i], index, any_voice);
        if (!c->own && found == NONE)
            c->hearer = w->papers.at[named[i]].outlet_name;
        if (found != NONE)
            return found;
    }
    return NONE;
}

static bool is_medium(const incident_work *w, const told *c) {
    if (str_equal(c->voice_kind, STR("media")) || outlet_called(w, c->voice) != UINT32_MAX)
        return true;
    for (size_t i = 0; i < c->name.size; i++)
        if (c->name.words[i].class == TERM_OUTLET)
            return true;
    return false;
}

/* A medium is read as the teller, and its sentence names another who tells the same figure: an outlet, or a
 * body, which is what the medium had it from ("X, resting on what Y said"). */
static int claim_behind_medium(incident_work *w, uint32_t index) {
    const told *c = &w->claims.at[index];
    int found = claim_of_named_outlet(w, index, true);
    for (uint32_t i = 0; i < w->claims.size && found == NONE; i++) {
        const told *o = &w->claims.at[i];
        if (i != index && o->paper != c->paper && o->counts && !o->own && o->name.nature == NAME_BODY &&
            o->name.size && !o->name.hollow && same_figure(o, c) && !name_same_body(&o->name, &c->name) &&
            !is_medium(w, o) && name_in_text(&o->name, &c->evidence_words))
            found = (int)i;
    }
    return found;
}

/* An observatory is no newspaper, though both are called after one thing. */
static bool may_be_outlet(const told *c) {
    bool kind = false;
    for (size_t i = 0; i < c->name.size; i++)
        kind |= c->name.words[i].class == TERM_BODY;
    return !kind || str_equal(c->voice_kind, STR("media"));
}

/* "X said, citing Y", "X reported": X has a paper here. */
static bool rest_on_outlet(incident_work *w, uint32_t index) {
    told *c = &w->claims.at[index];
    uint32_t own = w->papers.at[c->paper].outlet_of;
    for (size_t i = 0; i < c->via.size; i++) {
        uint32_t outlet = outlet_called(w, c->via.at[i]);
        if (outlet != UINT32_MAX && outlet != own &&
            rest(c, claim_of_outlet(w, outlet, index, false), HOW_RELAYED))
            return true;
    }
    uint32_t named =
        !c->own && c->name.nature == NAME_BODY && may_be_outlet(c) ? outlet_called(w, c->voice) : UINT32_MAX;
    if (named != UINT32_MAX && named != own && rest(c, claim_of_outlet(w, named, index, true), HOW_RELAYED))
        return true;
    /* A bare "the agency" is whichever outlet its sentence names; so is one whose papers here tell no such
     * figure, where another's do. */
    if (!c->own && c->name.nature == NAME_BODY)
        return (!c->name.size || is_medium(w, c)) && rest(c, claim_behind_medium(w, index), HOW_RELAYED);
    return rest(c, claim_of_named_outlet(w, index, c->own), HOW_RELAYED);
}

/* Paragraph by paragraph of like length: how a text looks beside its translation. */
static bool same_build(const paper *p, const paper *q) {
    enum { LONGEST = 64, SHORTEST = 3 };
    size_t lengths[2][LONGEST], counts[2] = {0, 0};
    const paper *both[] = {p, q};
    for (size_t n = 0; n < 2; n++) {
        str text = both[n]->text;
        for (size_t at = both[n]->title.size ? both[n]->title.size + 1 : 0;
             at < text.size && counts[n] < LONGEST;) {
            size_t end = str_find(text, STR("\n"), at);
            end = end == SIZE_MAX ? text.size : end;
            if (end > at)
                lengths[n][counts[n]++] = utf8_length(str_slice(text, at, end));
            at = end + 1;
        }
    }
    size_t all[2] = {1, 1};
    for (size_t n = 0; n < 2; n++)
        for (size_t i = 0; i < counts[n]; i++)
            all[n] += lengths[n][i];
    bool alike =
        counts[0] == counts[1] && counts[0] >= SHORTEST && all[0] * 2 > all[1] && all[1] * 2 > all[0];
    for (size_t i = 0; alike && i < counts[0]; i++) {
        double share[] = {(double)lengths[0][i] / (double)all[0], (double)lengths[1][i] / (double)all[1]};
        alike = share[0] < share[1] * 1.6 && share[1] < share[0] * 1.6;
    }
    return alike;
}

/* All figures of one paper stand in the other in the same order. */
static bool holds_figures(const incident_work *w, uint32_t p, uint32_t q) {
    size_t i = 0, j = 0, size = w->claims.size;
    for (;; i++, j++) {
        while (i < size && w->claims.at[i].paper != p)
            i++;
        if (i == size)
            return true;
        while (j < size && (w->claims.at[j].paper != q || !same_figure(&w->claims.at[i], &w->claims.at[j])))
            j++;
        if (j == size)
            return false;
    }
}

/* Of two claims with one figure: another language and the same build. */
static bool is_translation(const incident_work *w, const told *later, const told *earlier) {
    const paper *p = &w->papers.at[later->paper], *q = &w->papers.at[earlier->paper];
    if (!p->language.size || !q->language.size || str_equal(p->language, q->language) ||
        later->own != earlier->own)
        return false;
    bool bodies[] = {later->name.nature == NAME_BODY, earlier->name.nature == NAME_BODY};
    if (!later->own && (bodies[0] || bodies[1] || !name_same_heads(&later->name, &earlier->name)))
        return false;
    return same_build(p, q) &&
           (holds_figures(w, later->paper, earlier->paper) || holds_figures(w, earlier->paper, later->paper));
}

/* The same words, but told by another body: how reports are written, no copy. */
static bool bodies_part(const told *x, const told *y) {
    return !x->own && !y->own && x->name.nature == NAME_BODY && y->name.nature == NAME_BODY && x->name.size &&
           y->name.size && !name_same_body(&x->name, &y->name);
}

/* Their whole texts are near duplicates: then a short passage is a copy too. */
static bool papers_copied(const incident_work *w, const told *x, const told *y) {
    int p = w->papers.at[x->paper].copy_of, q = w->papers.at[y->paper].copy_of;
    return p == (int)y->paper || q == (int)x->paper || (p != NONE && p == q);
}

static bool is_copied(incident_work *w, const told *later, const told *earlier) {
    if (is_translation(w, later, earlier))
        return true;
    likeness like = passage_likeness(w->a, later->words, earlier->words);
    size_t shorter = later->words.size < earlier->words.size ? later->words.size : earlier->words.size;
    if ((shorter < PASSAGE_WORDS && !papers_copied(w, later, earlier)) ||
        w->papers.at[later->paper].outlet_of == w->papers.at[earlier->paper].outlet_of ||
        bodies_part(later, earlier))
        return false;
    return like.of_longer >= 0.6 || (like.of_shorter >= 0.8 && like.common >= 2 * PASSAGE_WORDS);
}

/* `originals` are earlier claims that are no copies themselves. */
static bool rest_on_copy(incident_work *w, uint32_t index, const uint32_t *originals, size_t count) {
    told *c = &w->claims.at[index];
    for (size_t i = 0, tried = 0; i < count && tried < ORIGINALS; i++) {
        const told *o = &w->claims.at[originals[i]];
        if (o->paper == c->paper || !same_figure(o, c))
            continue;
        tried++;
        if (is_copied(w, c, o))
            return rest(c, (int)originals[i], HOW_COPIED);
    }
    return false;
}

/* "Casualties", "dead and wounded": no figure at all. */
static bool is_plural_alone(const told *c) {
    return c->min == 2 && c->max == COUNT_OPEN && !c->approx && c->stance != STANCE_DENIES;
}

static bool is_headline(const incident_work *w, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    return p->title.size && str_equal(c->evidence, p->title);
}

/* The first claim of a paper's only source: NONE where below the headline others speak too, or the outlet. */
static int only_source_of(const incident_work *w, uint32_t of) {
    int found = NONE;
    for (uint32_t i = 0; i < w->claims.size; i++) {
        const told *o = &w->claims.at[i];
        if (o->paper != of || !o->counts || is_headline(w, o))
            continue;
        if (o->own || o->stance == STANCE_DENIES ||
            (found != NONE && !str_equal(o->voice, w->claims.at[found].voice)))
            return NONE;
        found = found == NONE ? (int)i : found;
    }
    return found;
}

/* A headline over a report that names its source is the source's, and so is a lead that tells of
 * "casualties". */
static bool rest_on_source_of(incident_work *w, uint32_t index) {
    told *c = &w->claims.at[index];
    if (is_headline(w, c) && rest(c, only_source_of(w, c->paper), HOW_TOLD))
        return true;
    for (uint32_t i = 0; is_plural_alone(c) && i < w->claims.size; i++) {
        const told *o = &w->claims.at[i];
        bool covers = c->effect == o->effect || (c->effect == EFFECT_CASUALTIES &&
                                                 (o->effect == EFFECT_KILLED || o->effect == EFFECT_INJURED));
        if (o->paper == c->paper && !o->own && o->counts && covers && o->max > 0 &&
            o->stance != STANCE_DENIES)
            return rest(c, (int)i, HOW_TOLD);
    }
    return false;
}

/* The outlet's own words beside, or after, the same figure with a name to it. */
static bool rest_on_attributed(incident_work *w, uint32_t index) {
    told *c = &w->claims.at[index];
    if (!c->own)
        return false;
    for (int same_paper = 1; same_paper >= 0; same_paper--)
        for (uint32_t i = 0; i < w->claims.size; i++) {
            const told *o = &w->claims.at[i];
            bool fits = same_paper ? o->paper == c->paper
                                   : o->paper < c->paper &&
                                         w->papers.at[o->paper].outlet_of == w->papers.at[c->paper].outlet_of;
            if (i != index && fits && !o->own && o->counts && same_figure(o, c))
                return rest(c, (int)i, same_paper ? HOW_TOLD : HOW_RELAYED);
        }
    return rest_on_source_of(w, index);
}

static bool may_be_author(const told *body) {
    return str_equal(body->voice_kind, STR("military")) || str_equal(body->voice_kind, STR("armed_group"));
}

/* Where a claim's teller may be named: its sentence; for a headline, the paragraph under it too. */
static text_words words_about(incident_work *w, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    if (!is_headline(w, c) || !str_starts(p->text, p->title))
        return c->evidence_words;
    size_t end = str_find(p->text, STR("\n"), p->title.size + 1);
    return words_of_text(w->tables, w->a, str_slice(p->text, 0, end == SIZE_MAX ? p->text.size : end));
}

/* A figure without a voice whose sentence names a body that speaks elsewhere in this incident: that body's
 * word. Armies are left out, which are as often named for what they did, and the outlet itself, which was
 * told. */
static void find_named_bodies(incident_work *w) {
    for (uint32_t i = 0; i < w->claims.size; i++) {
        told *c = &w->claims.at[i];
        bool nameless = c->own ? !c->voice.size && !c->via.size : c->name.hollow;
        text_words words = nameless ? words_about(w, c) : c->evidence_words;
        for (uint32_t j = 0; nameless && j < w->claims.size; j++) {
            const told *o = &w->claims.at[j];
            if (j == i || !o->voice.size || o->own || o->name.nature != NAME_BODY || !o->name.size ||
                o->name.hollow || (c->own && may_be_author(o)) ||
                name_same_outlet(&o->name, &w->papers.at[c->paper].outlet_name) ||
                !name_in_text(&o->name, &words))
                continue;
            c->name = o->name;
            c->named_by = (int)j;
            c->own = nameless = false;
        }
    }
}

static void find_what_claims_rest_on(incident_work *w) {
    uint32_t *originals = ARENA_NEW(w->a, uint32_t, w->claims.size + 1);
    size_t count = 0;
    for (uint32_t i = 0; i < w->claims.size; i++) {
        if (!w->claims.at[i].counts)
            continue;
        if (!rest_on_outlet(w, i) && !rest_on_attributed(w, i) && !rest_on_copy(w, i, originals, count))
            originals[count++] = i;
    }
}

/* ---- whose word it is ---- */

typedef VECTOR(same_words) place_words;

static bool same_place_words(const same_words *x, const same_words *y) {
    return x->size == y->size && memcmp(x->words, y->words, x->size * sizeof *x->words) == 0;
}

/* One place under three names; two entries of the gazetteer that share a name (a town and its district) are
 * one here. */
static void add_place_words(const incident_work *w, place_words *out, const ledger_place *p) {
    enum { MOST = 256, NAMES = 3 };
    const str names[NAMES] = {p->text, p->name, p->name_ar};
    same_words of[NAMES];
    bool known[NAMES] = {false};
    uint64_t concept = str_hash(p->id) | 1;
    uint64_t called = str_hash(words_joined(w->a, p->name.size ? p->name : p->text));
    for (size_t n = 0; n < NAMES; n++) {
        known[n] = !same_words_of(w->tables, names[n], concept, &of[n]);
        for (size_t i = 0; i < out->size && !known[n]; i++)
            if (same_place_words(&out->at[i], &of[n])) {
                known[n] = true;
                concept = out->at[i].concept;
            }
    }
    for (size_t n = 0; n < NAMES && out->size < MOST; n++)
        if (!known[n]) {
            of[n].concept = concept;
            of[n].called = called;
            *VECTOR_PUSH(out, w->a) = of[n];
        }
}

/* Places that the incident's papers mention, under each of their names. */
static place_words known_places(const incident_work *w) {
    place_words out = {0};
    for (size_t i = 0; i < w->papers.size; i++)
        for (size_t k = 0; k < w->papers.at[i].mentions.size; k++)
            if (w->papers.at[i].mentions.at[k].id.size)
                add_place_words(w, &out, &w->papers.at[i].mentions.at[k]);
    return out;
}

static void name_voice(incident_work *w, told *c) {
    const paper *p = &w->papers.at[c->paper];
    c->rests_on = c->named_by = NONE;
    c->name = c->voice.size ? name_of(w->tables, w->a, c->voice) : (voice_name){.nature = NAME_OWN};
    if (name_is_bare(&c->name))
        name_of_apposition(w->tables, w->a, c->voice, c->evidence, &c->name);
    c->own = !c->voice.size || c->name.nature == NAME_OWN;
    if (!c->own && c->name.nature == NAME_BODY && p->outlet.size)
        c->own = name_same_outlet(&c->name, &p->outlet_name) && !c->via.size;
    c->hearer = c->via.size ? name_of_outlet(w->tables, w->a, c->via.at[0]) : p->outlet_name;
    if (c->own &&
        c->via.size) { /* the document itself passes on what a relay said without naming its source */
        c->own = false;
        c->name = name_of(w->tables, w->a, c->via.at[0]);
    }
}

static uint32_t end_of(incident_work *w, uint32_t index, bool *circular) {
    uint32_t slow = index, fast = index;
    while (w->claims.at[fast].rests_on != NONE) {
        fast = (uint32_t)w->claims.at[fast].rests_on;
        if (w->claims.at[fast].rests_on == NONE)
            return fast;
        fast = (uint32_t)w->claims.at[fast].rests_on;
        slow = (uint32_t)w->claims.at[slow].rests_on;
        if (fast != slow)
            continue;
        uint32_t least = slow; /* a ring: its first claim stands for it */
        for (uint32_t i = (uint32_t)w->claims.at[slow].rests_on; i != slow;
             i = (uint32_t)w->claims.at[i].rests_on)
            least = i < least ? i : least;
        *circular = true;
        return least;
    }
    return fast;
}

static bool same_outlet_word(const incident_work *w, const told *outlet, const told *named) {
    return outlet->own && !named->own && named->name.nature == NAME_BODY &&
           name_same_outlet(&named->name, &w->papers.at[outlet->paper].outlet_name);
}

static bool same_teller(const incident_work *w, const told *x, const told *y) {
    if (x->circular || y->circular || said_apart_of(w, x, y))
        return false;
    const paper *p = &w->papers.at[x->paper], *q = &w->papers.at[y->paper];
    if (x->own && y->own)
        return p->outlet_of == q->outlet_of;
    if (x->own || y->own)
        return same_outlet_word(w, x, y) || same_outlet_word(w, y, x);
    if (x->name.nature == NAME_BODY || y->name.nature == NAME_BODY)
        return name_same_body(&x->name, &y->name);
    bool same_hearer = (!x->via.size && !y->via.size && x->hearer.key.data == p->outlet_name.key.data &&
                        p->outlet_of == q->outlet_of) ||
                       name_same_outlet(&x->hearer, &y->hearer);
    return same_hearer && name_same_source(&x->name, &y->name);
}

typedef struct joining {
    uint32_t *parent;
} joining;

static uint32_t joined_root(const joining *j, uint32_t i) {
    while (j->parent[i] != i)
        i = j->parent[i] = j->parent[j->parent[i]];
    return i;
}

/* Tellers that look alike at once, so that comparing stays short: one claim stands for many equal ones. */
static bool looks_the_same(const incident_work *w, const told *x, const told *y) {
    return !x->circular && !y->circular && x->own == y->own && x->named_by == y->named_by &&
           w->papers.at[x->paper].outlet_of == w->papers.at[y->paper].outlet_of &&
           str_equal(x->voice, y->voice) && x->via.size == y->via.size &&
           (!x->via.size || str_equal(x->via.at[0], y->via.at[0]));
}

static void join_tellers(incident_work *w, joining *j) {
    VECTOR(uint32_t) kinds = {0};
    for (uint32_t i = 0; i < w->claims.size; i++) {
        if (j->parent[i] != i || !w->claims.at[i].counts)
            continue;
        bool known = false;
        for (size_t k = 0; k < kinds.size && !known; k++)
            if (looks_the_same(w, &w->claims.at[kinds.at[k]], &w->claims.at[i])) {
                j->parent[i] = joined_root(j, kinds.at[k]);
                known = true;
            }
        if (known)
            continue;
        for (size_t k = 0; k < kinds.size; k++)
            if (same_teller(w, &w->claims.at[kinds.at[k]], &w->claims.at[i])) {
                uint32_t a = joined_root(j, kinds.at[k]), b = joined_root(j, i);
                j->parent[a > b ? a : b] = a < b ? a : b;
            }
        *VECTOR_PUSH(&kinds, w->a) = i;
    }
}

static str voice_key(incident_work *w, const told *c, bool own) {
    const paper *p = &w->papers.at[c->paper];
    if (c->circular)
        return arena_printf(w->a, "unknown\n%.*s", STR_ARG(c->id));
    if (own)
        return arena_printf(w->a, "outlet\n%.*s", STR_ARG(p->outlet.size ? p->outlet : p->document));
    if (c->name.body)
        return arena_printf(w->a, "body\n%.*s", STR_ARG(w->tables->bodies.at[c->name.body - 1]));
    if (c->name.nature == NAME_BODY)
        return arena_printf(w->a, "body\n%.*s", STR_ARG(c->name.key));
    return arena_printf(w->a, "heard\n%.*s\n%.*s", STR_ARG(c->hearer.key.size ? c->hearer.key : p->document),
                        STR_ARG(c->name.key));
}

static void add_voice(incident_work *w, uint32_t first) {
    const told *c = &w->claims.at[first], *named = c->named_by == NONE ? c : &w->claims.at[c->named_by];
    const paper *p = &w->papers.at[c->paper];
    str key = voice_key(w, c, c->own), text = named->voice.size ? named->voice
                                              : c->own          ? p->outlet
                                                                : STR_NONE;
    if (!c->own && !text.size && c->via.size)
        text = c->via.at[0];
    independent_voice v = {.id = minted_id(w->a, "v-", &key, 1),
                           .text = c->circular ? STR_NONE : text,
                           .kind = c->own ? STR("outlet") : named->voice_kind,
                           .weak = c->own && !c->circular,
                           .unknown = c->circular,
                           .first = first};
    *VECTOR_PUSH(&w->voices, w->a) = v;
}

enum { NO_CLAIM = UINT32_MAX };

/* Claims that count, by their roots: the first of each root, and behind each claim the next. */
typedef struct by_root {
    uint32_t *first, *next, *room; /* room: for all claims of one */
} by_root;

static by_root list_by_root(const incident_work *w, const joining *j) {
    size_t size = w->claims.size + 1;
    by_root list = {ARENA_NEW(w->a, uint32_t, size), ARENA_NEW(w->a, uint32_t, size),
                    ARENA_NEW(w->a, uint32_t, size)};
    for (uint32_t i = 0; i < w->claims.size; i++)
        list.first[i] = NO_CLAIM;
    for (uint32_t i = (uint32_t)w->claims.size; i-- > 0;)
        if (w->claims.at[i].counts) {
            uint32_t root = joined_root(j, i);
            list.next[i] = list.first[root];
            list.first[root] = i;
        }
    return list;
}

/* The group that reviewers' acts put the voice of a root's claims in; SIZE_MAX: none. */
static size_t group_of_root(const incident_work *w, const by_root *list, uint32_t root) {
    size_t count = 0;
    for (uint32_t i = list->first[root]; i != NO_CLAIM; i = list->next[i]) {
        COUNT(claim_steps, 1);
        list->room[count++] = i;
    }
    const said_group *group =
        count ? said_group_of(w->tables->said, source_of_claims(w, list->room, count)) : NULL;
    return group ? (size_t)(group - w->tables->said->groups.at) : SIZE_MAX;
}

/* Voices that reviewers called one are one, whatever their names have in common. `bound`: by root, of how
 * many. */
static void join_named(incident_work *w, joining *j, uint32_t *bound) {
    if (!w->tables->said || !w->tables->said->groups.size)
        return;
    const by_root list = list_by_root(w, j);
    uint32_t *root_of = ARENA_NEW(w->a, uint32_t, w->tables->said->groups.size + 1); /* from 1 */
    for (uint32_t i = 0; i < w->claims.size; i++) {
        size_t group = group_of_root(w, &list, i);
        if (group == SIZE_MAX)
            continue;
        if (root_of[group]) {
            uint32_t first = root_of[group] - 1;
            j->parent[i] = first;
            bound[first] += bound[first] ? 1 : 2;
        } else {
            root_of[group] = i + 1;
        }
    }
}

void voices_resolve(incident_work *w) {
    joining j = {ARENA_NEW(w->a, uint32_t, w->claims.size + 1)};
    outlets_find(w);
    place_words places = known_places(w);
    for (uint32_t i = 0; i < w->claims.size; i++) {
        name_voice(w, &w->claims.at[i]);
        name_places(&w->claims.at[i].name, places.at, places.size);
    }
    find_named_bodies(w);
    find_what_claims_rest_on(w);
    for (uint32_t i = 0; i < w->claims.size; i++) {
        bool circular = false;
        j.parent[i] = end_of(w, i, &circular);
        w->claims.at[j.parent[i]].circular |= circular;
    }
    tellers_apart(w);
    join_tellers(w, &j);
    uint32_t *bound = ARENA_NEW(w->a, uint32_t, w->claims.size + 1);
    join_named(w, &j, bound);
    uint32_t *number = ARENA_NEW(w->a, uint32_t, w->claims.size + 1);
    for (uint32_t i = 0; i < w->claims.size; i++) {
        uint32_t root = joined_root(&j, i);
        if (!w->claims.at[i].counts)
            continue;
        if (!number[root]) {
            add_voice(w, root);
            number[root] = (uint32_t)w->voices.size;
            w->voices.at[number[root] - 1].bound = bound[root];
        }
        w->claims.at[i].voice_number = number[root];
    }
}
