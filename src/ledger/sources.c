/* The key of a voice, wherever it speaks; and how it stands in an incident.
 *
 * A key is made of what a name says once spelling, language and office are taken off: the kinds of bodies in
 * it (one in all languages), the countries and places (each by one name), and its other words by their
 * consonants where there are three or more, else as they are. Order counts nothing. Of a body of one kind
 * with a name of its own ("the Ghusn observatory for human rights") the kind and the word beside it are
 * enough, as people shorten it so. A body that has no name of its own ("the ministry of health") is of the
 * country that it names, else of the incident's. What has neither, and a person whom nothing but a common
 * name describes, is no one's key elsewhere: sources that nobody describes are one by the outlet that heard
 * them and by their kind, which says who had what from whom and makes nobody one person. An outlet's own
 * words are the outlet's.
 *
 * Two names with one key are one voice across incidents; two keys may still be one voice under two names,
 * which nothing shows: then a reviewer says so. */
#include "ledger/sources.h"

#include <stdlib.h>

#include "base/counters.h"
#include "ledger/incident.h"
#include "ledger/words.h"

/* ---- keys ---- */

enum { KEY_WORDS = NAME_WORDS + 2, KEY_WORD = 24 };

typedef struct key_words {
    char at[KEY_WORDS][KEY_WORD];
    size_t size;
} key_words;

static int by_text(const void *x, const void *y) {
    return strcmp(x, y);
}

static void key_word(key_words *k, const char *kind, uint64_t hash) {
    if (k->size < KEY_WORDS)
        snprintf(k->at[k->size++], KEY_WORD, "%s%016llx", kind, (unsigned long long)hash);
}

static uint32_t nation_at(const name_tables *t, const voice_name *n, size_t at) {
    for (size_t i = 0; i < t->nations.size; i++) {
        const known_name *name = &t->nations.at[i];
        bool same = name->size && at + name->size <= n->size;
        for (size_t k = 0; same && k < name->size; k++)
            same = n->words[at + k].word == name->words[k];
        if (same)
            return name->body;
    }
    return 0;
}

static void own_word(key_words *k, const name_word *w) {
    enum { ENOUGH = 3 };
    if (k->size < KEY_WORDS && strlen(w->skeleton) >= ENOUGH)
        snprintf(k->at[k->size++], KEY_WORD, "k%s", w->skeleton);
    else
        key_word(k, "w", w->word);
}

/* What a name is made of, word by word. */
typedef struct name_parts {
    enum part { PART_OWN, PART_KIND, PART_NATION, PART_PLACE } of[NAME_WORDS];
    uint32_t nation[NAME_WORDS];
    size_t kinds, own, where;
} name_parts;

static name_parts parts_of(const name_tables *t, const voice_name *n) {
    name_parts p = {.kinds = 0};
    for (size_t i = 0; i < n->size; i++) {
        p.nation[i] = nation_at(t, n, i);
        p.of[i] = p.nation[i]                      ? PART_NATION
                  : n->words[i].place              ? PART_PLACE
                  : n->words[i].class == TERM_BODY ? PART_KIND
                                                   : PART_OWN;
        p.kinds += p.of[i] == PART_KIND;
        p.own += p.of[i] == PART_OWN;
        p.where += p.of[i] == PART_NATION || p.of[i] == PART_PLACE;
    }
    return p;
}

/* The word that a body of one kind is called by: behind the kind in Arabic, before it in English. SIZE_MAX
 * where it is not called so. */
static size_t called_by(const voice_name *n, const name_parts *p) {
    size_t kind = 0;
    while (kind < n->size && p->of[kind] != PART_KIND)
        kind++;
    if (p->kinds != 1 || p->own < 2)
        return SIZE_MAX;
    bool before = kind > 0 && p->of[kind - 1] == PART_OWN,
         behind = kind + 1 < n->size && p->of[kind + 1] == PART_OWN;
    if (n->words[kind].latin && before)
        return kind - 1;
    return behind ? kind + 1 : before ? kind - 1 : SIZE_MAX;
}

static key_words words_of_name(const name_tables *t, const voice_name *n, const name_parts *p) {
    key_words k = {.size = 0};
    size_t only = called_by(n, p);
    for (size_t i = 0; i < n->size; i++)
        switch (p->of[i]) {
        case PART_NATION:
            if (k.size < KEY_WORDS)
                snprintf(k.at[k.size++], KEY_WORD, "@%.*s", STR_ARG(t->nation_ids.at[p->nation[i] - 1]));
            break;
        case PART_PLACE:
            key_word(&k, "p", n->words[i].called);
            break;
        case PART_KIND:
            key_word(&k, "b", n->words[i].concept);
            break;
        case PART_OWN:
            if (only == SIZE_MAX || only == i)
                own_word(&k, &n->words[i]);
            break;
        }
    return k;
}

static str key_text(arena *a, const char *what, key_words *k, str country) {
    if (country.size && k->size < KEY_WORDS)
        snprintf(k->at[k->size++], KEY_WORD, "@%.*s", STR_ARG(country));
    qsort(k->at, k->size, sizeof *k->at, by_text);
    buffer b = {0};
    buffer_printf(&b, "%s", what);
    for (size_t i = 0; i < k->size; i++)
        if (i == 0 || strcmp(k->at[i], k->at[i - 1]) != 0)
            buffer_printf(&b, "\n%s", k->at[i]);
    str text = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return text;
}

static str key_of_outlet(arena *a, const name_tables *t, const voice_name *outlet, const char *what) {
    if (outlet->body)
        return arena_printf(a, "body\n%.*s", STR_ARG(t->bodies.at[outlet->body - 1]));
    key_words k = {.size = 0};
    for (size_t i = 0; i < outlet->size; i++)
        key_word(&k, "w", outlet->words[i].word);
    return key_text(a, what, &k, STR_NONE);
}

static bool is_private(str kind) {
    return str_equal(kind, STR("witness")) || str_equal(kind, STR("local")) ||
           str_equal(kind, STR("anonymous"));
}

/* By who heard it and what kind of source it was. */
static str key_of_heard(const incident_work *w, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    str heard = c->hearer.size ? key_of_outlet(w->a, w->tables, &c->hearer, "outlet")
                               : arena_printf(w->a, "document\n%.*s", STR_ARG(p->document));
    return arena_printf(w->a, "heard\n%.*s\n%.*s", STR_ARG(c->voice_kind), STR_ARG(heard));
}

static str key_of_body(const incident_work *w, const told *c) {
    const voice_name *n = &c->name;
    if (n->body)
        return arena_printf(w->a, "body\n%.*s", STR_ARG(w->tables->bodies.at[n->body - 1]));
    if (str_equal(c->voice_kind, STR("media"))) {
        voice_name outlet = name_of_outlet(w->tables, w->a,
                                           c->voice.size ? c->voice
                                           : c->via.size ? c->via.at[0]
                                                         : STR(""));
        return outlet.size || outlet.body ? key_of_outlet(w->a, w->tables, &outlet, "outlet")
                                          : key_of_heard(w, c);
    }
    name_parts p = parts_of(w->tables, n);
    bool person = !p.kinds && is_private(c->voice_kind);
    bool anywhere = (!p.own && !p.where) || person;
    if (!n->size || n->hollow || (anywhere && !w->country.size))
        return key_of_heard(w, c);
    key_words k = words_of_name(w->tables, n, &p);
    return key_text(w->a, "named", &k, anywhere ? w->country : STR_NONE);
}

static bool is_apart(const incident_work *w, const told *c, str key) {
    const said_voices *said = w->tables->said;
    if (!said || !said->apart.size || !c->voice.size)
        return false;
    return said_is_apart(said, key, words_joined(w->a, c->voice));
}

/* STR_NONE: nothing tells it from others. */
static str key_told(const incident_work *w, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    COUNT(claim_steps, 1);
    if (c->circular || (c->own && !p->outlet.size))
        return STR_NONE;
    return c->own                        ? key_of_outlet(w->a, w->tables, &p->outlet_name, "outlet")
           : c->name.nature == NAME_BODY ? key_of_body(w, c)
                                         : key_of_heard(w, c);
}

static str source_by(const incident_work *w, const told *c, str text) {
    if (!text.data)
        return STR_NONE;
    str key = minted_id(w->a, "s-", &text, 1);
    return c->own || !is_apart(w, c, key) ? key : key_told_apart(w->a, key, c->voice);
}

str source_of_claim(const incident_work *w, const told *c) {
    return source_by(w, c, key_told(w, c));
}

/* Which of two claims tells more of who speaks: a body that the table knows, then more words; an outlet's own
 * words say nothing of a body that it speaks for. */
static bool is_fuller(const told *x, const told *y) {
    if (x->own != y->own)
        return y->own;
    if (!x->name.body != !y->name.body)
        return x->name.body != 0;
    if (x->name.hollow != y->name.hollow)
        return y->name.hollow;
    if (x->name.size != y->name.size)
        return x->name.size > y->name.size;
    return str_compare(x->name.key, y->name.key) < 0;
}

/* NULL: an unknown origin. */
static const told *fullest_of(const incident_work *w, const uint32_t *claims, size_t count) {
    const told *fullest = NULL;
    for (size_t i = 0; i < count; i++) {
        const told *c = &w->claims.at[claims[i]];
        if (c->circular)
            return NULL;
        if (c->rests_on == NONE && (!fullest || is_fuller(c, fullest)))
            fullest = c;
    }
    return fullest;
}

str source_of_claims(const incident_work *w, const uint32_t *claims, size_t count) {
    const told *fullest = fullest_of(w, claims, count);
    return fullest ? source_of_claim(w, fullest) : STR_NONE;
}

/* The key that goes for it, where reviewers made several one; a name may be told apart from all of these. */
static str source_named(const incident_work *w, const told *c, str base) {
    const said_group *group = said_group_of(w->tables->said, base);
    if (!group)
        return base;
    return !c->own && is_apart(w, c, group->key) ? key_told_apart(w->a, group->key, c->voice) : group->key;
}

/* Who heard one whom nothing describes. */
static str heard_by(const incident_work *w, const told *c, str text) {
    if (!str_starts(text, STR("heard\n")))
        return STR_NONE;
    const paper *p = &w->papers.at[c->paper];
    return c->via.size ? c->via.at[0] : p->outlet.size ? p->outlet : p->document;
}

void tellers_apart(incident_work *w) {
    const said_voices *said = w->tables->said;
    if (!said || !said->apart.size)
        return;
    w->tellers = ARENA_NEW(w->a, claim_teller, w->claims.size + 1);
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        if (c->counts)
            w->tellers[i] = (claim_teller){source_of_claim(w, c), words_joined(w->a, c->voice)};
    }
}

bool said_apart_of(const incident_work *w, const told *x, const told *y) {
    if (!w->tellers)
        return false;
    const said_voices *said = w->tables->said;
    const claim_teller *both[] = {&w->tellers[x - w->claims.at], &w->tellers[y - w->claims.at]};
    for (size_t n = 0; n < 2; n++) {
        str key = both[!n]->key, text = both[n]->text;
        const said_group *group = said_group_of(said, key);
        if (said_is_apart(said, key, text) || (group && said_is_apart(said, group->key, text)))
            return true;
    }
    return false;
}

/* ---- how a voice stands in an incident ---- */

const char *stands_against_name(stands_against s) {
    static const char *const names[] = {NULL, "only", "below", "within", "above"};
    return names[s];
}

typedef struct told_range {
    bool any, open;
    int64_t low, high;
} told_range;

static told_range range_of(const told *c) {
    bool zero = c->stance == STANCE_DENIES, open = !zero && c->max == COUNT_OPEN;
    return (told_range){true, open, zero ? 0 : c->min, zero ? 0 : open ? c->min : c->max};
}

static told_range joined(told_range x, told_range y) {
    if (!x.any || !y.any)
        return x.any ? x : y;
    return (told_range){true, x.open || y.open, x.low < y.low ? x.low : y.low,
                        x.high > y.high ? x.high : y.high};
}

static stands_against standing_of(told_range own, told_range others) {
    return !others.any                             ? AGAINST_NOBODY
           : !own.open && own.high < others.low    ? AGAINST_BELOW
           : !others.open && own.low > others.high ? AGAINST_ABOVE
                                                   : AGAINST_WITHIN;
}

/* The question that an incident is asked first: the first effect of which a voice's last word tells; of
 * people of every class, of no group. What the others tell is what the voices before it and behind it do (0:
 * claims that count for no voice). */
static void reckon_against(incident_work *w) {
    size_t voices = w->voices.size + 1;
    told_range *own = ARENA_NEW(w->a, told_range, voices), *behind = ARENA_NEW(w->a, told_range, voices + 1);
    for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++) {
        memset(own, 0, voices * sizeof *own);
        for (size_t i = 0; i < w->claims.size; i++) {
            const told *c = &w->claims.at[i];
            COUNT(claim_steps, 1);
            if (c->stands && c->effect == (effect)e && !c->group.size)
                own[c->voice_number] = joined(own[c->voice_number], range_of(c));
        }
        for (size_t n = voices; n-- > 0;)
            behind[n] = joined(own[n], behind[n + 1]);
        told_range before = own[0];
        for (size_t n = 1; n < voices; n++) {
            stands_against *against = &w->voices.at[n - 1].against;
            COUNT(claim_steps, 1);
            if (own[n].any && *against == AGAINST_NOTHING)
                *against = standing_of(own[n], joined(before, behind[n + 1]));
            before = joined(before, own[n]);
        }
    }
}

static str earlier(str x, str y) {
    return !x.size || (y.size && str_compare(y, x) < 0) ? y : x;
}

/* A voice is first where others followed: nobody told anything before it. */
static void reckon_first(incident_work *w) {
    size_t voices = w->voices.size + 1;
    str *own = ARENA_NEW(w->a, str, voices), *behind = ARENA_NEW(w->a, str, voices + 1), before = STR_NONE;
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        own[c->voice_number] = earlier(own[c->voice_number], w->papers.at[c->paper].said);
    }
    for (size_t n = voices; n-- > 1;)
        behind[n] = earlier(own[n], behind[n + 1]);
    for (size_t n = 1; n < voices; n++) {
        str others = earlier(before, behind[n + 1]);
        w->voices.at[n - 1].first_told = own[n].size && others.size && str_compare(own[n], others) <= 0;
        before = earlier(before, own[n]);
    }
}

static str languages_of(const incident_work *w, const uint32_t *claims, size_t count) {
    enum { MOST = 8 };
    str seen[MOST];
    size_t n = 0;
    buffer b = {0};
    for (size_t i = 0; i < count && n < MOST; i++) {
        str language = w->papers.at[w->claims.at[claims[i]].paper].language;
        bool known = !language.size;
        for (size_t k = 0; k < n && !known; k++)
            known = str_equal(seen[k], language);
        if (!known)
            seen[n++] = language;
    }
    for (size_t i = 0; i < n; i++)
        buffer_printf(&b, "%s%.*s", i ? " " : "", STR_ARG(seen[i]));
    str out = arena_copy(w->a, b.size ? buffer_str(&b) : STR(""));
    buffer_free(&b);
    return out;
}

/* c: its fullest claim; NULL: an unknown origin. */
static void tell_source(const incident_work *w, independent_voice *v, const told *c) {
    str text = c ? key_told(w, c) : STR_NONE;
    v->base = c ? source_by(w, c, text) : STR_NONE;
    v->heard = c ? heard_by(w, c, text) : STR_NONE;
    v->source = c ? source_named(w, c, v->base) : STR_NONE;
}

/* The claims of voice n, in their order: from[n - 1] up to from[n]. */
static uint32_t *claims_by_voice(const incident_work *w, size_t *from) {
    uint32_t *claims = ARENA_NEW(w->a, uint32_t, w->claims.size + 1);
    size_t *at = ARENA_NEW(w->a, size_t, w->voices.size + 1);
    for (size_t i = 0; i < w->claims.size; i++)
        if (w->claims.at[i].voice_number)
            from[w->claims.at[i].voice_number]++;
    for (size_t n = 1; n <= w->voices.size; n++) {
        at[n] = from[n - 1];
        from[n] += from[n - 1];
    }
    for (uint32_t i = 0; i < w->claims.size; i++)
        if (w->claims.at[i].voice_number)
            claims[at[w->claims.at[i].voice_number]++] = i;
    return claims;
}

void sources_reckon(incident_work *w) {
    size_t *from = ARENA_NEW(w->a, size_t, w->voices.size + 1);
    const uint32_t *claims = claims_by_voice(w, from);
    bool sensitive = w->review.sensitive; /* an incident is hidden for one claim of it (hidden.c) */
    for (size_t i = 0; i < w->claims.size; i++)
        sensitive |= w->claims.at[i].sensitive;
    reckon_first(w);
    reckon_against(w);
    for (size_t n = 1; n <= w->voices.size; n++) {
        independent_voice *v = &w->voices.at[n - 1];
        const uint32_t *own = claims + from[n - 1];
        v->claims = from[n] - from[n - 1];
        v->sensitive = sensitive;
        v->alone = w->voices.size == 1;
        v->languages = languages_of(w, own, v->claims);
        tell_source(w, v, fullest_of(w, own, v->claims));
    }
}
