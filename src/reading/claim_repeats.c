/* What is told again, and counts that add up to a total told before them. */
#include "reading/claims.h"

static bool is_letter(char c) { /* every letter but the Latin ones is beyond ASCII */
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

/* The next word of a phrase from a byte on: letters, and digits; empty at its end. */
static str next_word(str s, size_t *at) {
    size_t from = *at;
    while (from < s.size && !is_letter(s.data[from]))
        from++;
    size_t to = from;
    while (to < s.size && is_letter(s.data[to]))
        to++;
    *at = to;
    return str_slice(s, from, to);
}

enum { VOICE_WORDS = 16 };                /* of a speaker's name, are looked at */
enum { STEM_LEAST = 8, ENDING_MOST = 6 }; /* bytes of a word */

/* The same word, or one of them with an ending ("our correspondent", in Arabic one word). */
static bool same_word(str a, str b) {
    str s = a.size < b.size ? a : b, l = a.size < b.size ? b : a;
    return (s.size == l.size || (s.size >= STEM_LEAST && l.size - s.size <= ENDING_MOST)) &&
           str_equal(s, str_slice(l, 0, s.size));
}

static size_t words_within(str a, str b, size_t *shared) {
    size_t words = 0, i = 0;
    for (str w = next_word(a, &i); w.size && words < VOICE_WORDS; w = next_word(a, &i), words++) {
        size_t k = 0, looked = 0;
        for (str v = next_word(b, &k); v.size && looked++ < VOICE_WORDS; v = next_word(b, &k))
            if (same_word(v, w)) {
                (*shared)++;
                break;
            }
    }
    return words;
}

/* "The agency", "the official agency Sana": half of the shorter name's words stand in the other. */
static bool alike(str a, str b) {
    size_t shared = 0, back = 0, words = words_within(a, b, &shared), others = words_within(b, a, &back);
    return shared && 2 * shared >= (words < others ? words : others);
}

static bool same_voice(const claim *a, const claim *b) {
    if (SPAN_NONE(a->voice.at) || SPAN_NONE(b->voice.at))
        return SPAN_NONE(a->voice.at) && SPAN_NONE(b->voice.at);
    return a->voice.kind == b->voice.kind && alike(a->voice.at.text, b->voice.at.text);
}

/* Two people by their names: each name has a word that the other lacks, as those of a father and a son have.
 */
static bool two_names(const claim *a, const claim *b) {
    size_t shared = 0, back = 0;
    return a->who_group == GROUP_NAMED && b->who_group == GROUP_NAMED && a->max == 1 &&
           words_within(a->count.text, b->count.text, &shared) > shared &&
           words_within(b->count.text, a->count.text, &back) > back;
}

static bool same_figure(const claim *a, const claim *b) {
    return a->effect == b->effect && a->min == b->min && a->max == b->max && !two_names(a, b);
}

/* A headline leaves out what the body tells: that at least so many were killed, or that the dead and hurt
 * were dead. */
static bool headline_of(const claim *c, const claim *title) {
    bool sum = title->effect == EFFECT_CASUALTIES && c->effect == EFFECT_KILLED;
    if (c->effect != title->effect && !sum)
        return false;
    bool vague = title->min == 2 && title->max == COUNT_OPEN, exact = title->min == title->max;
    return vague || (c->min == title->min && c->max == title->max) ||
           (exact && c->max == COUNT_OPEN && (c->min == title->min || c->min == title->min + 1));
}

enum { FULLER_BY = 2 };

/* So many harmed in one act are the same people, whatever place is told with them; so many of one speaker and
 * day, whatever act. */
enum { TOLL_LIKE = 3, TOLL_LARGE = 10 };

static bool same_people(const claim *c, const claim *earlier) {
    bool class = c->who_class == earlier->who_class || c->who_class == CLASS_UNKNOWN ||
                 earlier->who_class == CLASS_UNKNOWN;
    return class && c->who_group == earlier->who_group;
}

/* A figure so large that one speaker tells it twice of the same people only. */
static bool same_toll(const claim *c, const claim *earlier) {
    return c->min >= TOLL_LARGE && c->min == c->max && same_people(c, earlier) && same_voice(c, earlier) &&
           c->scope == earlier->scope && str_equal(c->date, earlier->date) && c->part_of == earlier->part_of;
}

/* Told again: the same figure by the same voice, or a headline that the body repeats. Parts go with their
 * wholes. */
static bool told_again(const claim *c, const claim *earlier, bool earlier_in_title) {
    bool parts = (c->part_of >= 0) != (earlier->part_of >= 0);
    if (earlier_in_title && headline_of(c, earlier) &&
        (!parts || (earlier->min == 2 && earlier->max == COUNT_OPEN)))
        return true;
    if (!same_figure(c, earlier) || parts)
        return false;
    if (same_toll(c, earlier) && (c->place == earlier->place || c->evidence.start != earlier->evidence.start))
        return true;
    if (c->evidence.start == earlier->evidence.start && c->min == c->max &&
        (c->part_of != earlier->part_of || !str_equal(c->count.text, earlier->count.text)))
        return false; /* two groups as great, in one sentence */
    if (str_equal(c->evidence.text, earlier->evidence.text) && str_equal(c->count.text, earlier->count.text))
        return true;
    bool where = c->place == earlier->place ||
                 (c->min >= TOLL_LIKE && c->event_index >= 0 && c->event_index == earlier->event_index);
    bool same = same_voice(c, earlier) && c->part_of < 0 && c->who_group == earlier->who_group && where &&
                str_equal(c->date, earlier->date);
    return same && (c->min != 1 || c->paragraph != earlier->paragraph);
}

enum { BESIDE = 4, PAIR_LEAST = 4 };

/* One voice; or, told without a voice, still the word of the speaker before. */
static bool still_his(const claim *c, const claim *earlier) {
    return same_voice(c, earlier) || (SPAN_NONE(c->voice.at) && !SPAN_NONE(earlier->voice.at));
}

static bool may_be_same(const claim *c, const claim *earlier) {
    bool group = c->who_group == earlier->who_group;
    bool date = c->from == DAY_NONE || earlier->from == DAY_NONE || str_equal(c->date, earlier->date) ||
                c->paragraph == earlier->paragraph;
    bool parts = (c->part_of >= 0) != (earlier->part_of >= 0);
    return same_figure(c, earlier) && c->min == c->max && c->scope == earlier->scope && date &&
           (group || c->who_group == GROUP_NONE || earlier->who_group == GROUP_NONE) &&
           (!parts || (group && c->who_group != GROUP_NONE && c->min > 1)) &&
           c->evidence.start != earlier->evidence.start && still_his(c, earlier);
}

/* Is the place of the one that of the other, or in it? */
static bool same_site(const reader *r, const claim *a, const claim *b) {
    return a->place == b->place || a->place < 0 || b->place < 0 ||
           places_reach(&r->out->places.at[a->place], &r->out->places.at[b->place]);
}

/* One and one may be told of two acts: they are the same in one place, and in one speaker's words. */
static bool tells_enough(const reader *r, const claim *c, const claim *beside, const claim *earlier) {
    return c->min + beside->min >= PAIR_LEAST || (same_voice(c, earlier) && same_site(r, c, earlier));
}

/* Was the same told beside the earlier claim as beside this one: its dead, say, and its wounded? */
static bool pair_again(const reader *r, const claim *c, const claim *earlier) {
    if (!may_be_same(c, earlier))
        return false;
    const claim *from = r->out->claims.at + r->first_claim, *end = r->out->claims.at + r->out->claims.size;
    for (const claim *x = c - from > BESIDE ? c - BESIDE : from; x < end && x <= c + BESIDE; x++) {
        bool beside = x->evidence.start == c->evidence.start && x->effect != c->effect && x->part_of < 0;
        if (!beside || x->min != x->max || !tells_enough(r, c, x, earlier))
            continue;
        const claim *y = earlier - from > BESIDE ? earlier - BESIDE : from;
        for (; y < x && y <= earlier + BESIDE; y++)
            if (y->evidence.start == earlier->evidence.start && y->part_of < 0 && same_figure(x, y))
                return true;
    }
    return false;
}

/* A part of a whole that is told again is told again with it. */
static bool part_again(const claim *c, const claim *earlier, const int *kept_as) {
    return c->part_of >= 0 && same_figure(c, earlier) && c->who_group == earlier->who_group &&
           earlier->part_of >= 0 && earlier->part_of != c->part_of &&
           kept_as[c->part_of] == kept_as[earlier->part_of];
}

/* Is a figure told again in the same paragraph told in more words there ("kills 4", "killed four people"), or
 * is it told there alone whom it counts? */
static bool fuller(const claim *c, const claim *earlier) {
    return c->part_of < 0 && c->paragraph == earlier->paragraph &&
           (c->count.text.size > earlier->count.text.size + FULLER_BY ||
            (c->who_class != CLASS_UNKNOWN && earlier->who_class == CLASS_UNKNOWN));
}

enum { HEADS = 2 };

/* Does a heading of its own line, which nobody says, stand so few paragraphs from a claim that it heads it,
 * or sums it up? */
static bool headed(const reader *r, const claim *heading, const claim *c) {
    uint32_t apart = heading->paragraph < c->paragraph ? c->paragraph - heading->paragraph
                                                       : heading->paragraph - c->paragraph;
    return SPAN_NONE(heading->voice.at) && heading->part_of < 0 && c->part_of < 0 && apart <= HEADS &&
           same_site(r, heading, c);
}

enum { REPEATS_BACK = 48 };

typedef enum repeat { TOLD_ANEW, FIRST_STANDS, LATER_STANDS } repeat;

/* Which of two claims stands where the later tells again what the earlier told. */
static repeat compare(const reader *r, const told_in *where, const int *kept_as, size_t k, size_t i) {
    const claim *c = &r->out->claims.at[i], *earlier = &r->out->claims.at[k];
    told_in in = where[i - r->first_claim], before = where[k - r->first_claim];
    bool heads = before == IN_HEADING && in == IN_BODY && headed(r, earlier, c);
    bool sums_up = in == IN_HEADING && before == IN_BODY && same_figure(c, earlier) && headed(r, c, earlier);
    bool headline = heads || (before == IN_TITLE && in != IN_TITLE);
    bool again = sums_up || told_again(c, earlier, headline) || part_again(c, earlier, kept_as);
    if (!again && !pair_again(r, c, earlier))
        return TOLD_ANEW;
    return headline || fuller(c, earlier) || (!again && same_voice(c, earlier)) ? LATER_STANDS : FIRST_STANDS;
}

/* As which claim each is kept: itself, or the one that tells the same. */
static int *find_repeats(reader *r, const told_in *where) {
    size_t n = r->out->claims.size, from = r->first_claim;
    int *kept_as = ARENA_NEW(r->scratch, int, n + 1);
    for (size_t i = from; i < n; i++)
        kept_as[i] = (int)i;
    for (size_t i = from; i < n; i++)
        for (size_t k = i; k-- > from && i - k < REPEATS_BACK && kept_as[i] == (int)i;) {
            repeat found = kept_as[k] == (int)k ? compare(r, where, kept_as, k, i) : TOLD_ANEW;
            if (found == LATER_STANDS)
                kept_as[k] = (int)i;
            else if (found == FIRST_STANDS)
                kept_as[i] = (int)k;
        }
    return kept_as;
}

/* Drops what is told again (the later, fuller statement replaces a headline) and renumbers the parts. */
void claims_drop_repeats(reader *r, const told_in *where) {
    size_t n = r->out->claims.size, from = r->first_claim, kept = from;
    int *kept_as = find_repeats(r, where), *moved = ARENA_NEW(r->scratch, int, n + 1);
    for (size_t i = from; i < n; i++) {
        moved[i] = (int)kept;
        if (kept_as[i] == (int)i)
            r->out->claims.at[kept++] = r->out->claims.at[i];
    }
    r->out->claims.size = kept;
    for (size_t i = from; i < kept; i++) {
        int whole = r->out->claims.at[i].part_of;
        while (whole >= (int)from && kept_as[whole] != whole)
            whole = kept_as[whole];
        if (whole >= 0)
            r->out->claims.at[i].part_of = moved[whole] == (int)i ? NONE : moved[whole];
    }
}

enum { SUM_AFTER = 6, SUM_OF = 8, SUM_LEAST = 3 };

static bool counts_into(const claim *whole, const claim *c) {
    return c->part_of < 0 && c->min == c->max && c->min > 0 && c->effect == whole->effect;
}

/* The claims from `k` on that make up a whole together ("12 killed: four fighters, six workers and two
 * shepherds"): the end of them, or `k` where they do not. */
static size_t summed(const reader *r, size_t whole, size_t k) {
    const claim *w = &r->out->claims.at[whole];
    int64_t sum = 0;
    size_t members = 0, end = k;
    for (; end < r->out->claims.size && members < SUM_OF && sum < w->min; end++) {
        const claim *c = &r->out->claims.at[end];
        if (c->part_of >= 0)
            continue;
        if (!counts_into(w, c))
            break;
        sum += c->min;
        members++;
    }
    return members >= 2 && sum == w->min ? end : k;
}

/* Counts that add up to a total told before them are its parts. */
void claims_join_sums(reader *r) {
    size_t n = r->out->claims.size;
    for (size_t i = r->first_claim; i < n; i++) {
        const claim *w = &r->out->claims.at[i];
        if (w->part_of >= 0 || w->min < SUM_LEAST)
            continue;
        for (size_t k = i + 1; k < n && k <= i + SUM_AFTER; k++) {
            size_t end = counts_into(w, &r->out->claims.at[k]) ? summed(r, i, k) : k;
            for (size_t m = k; m < end; m++)
                if (r->out->claims.at[m].part_of < 0)
                    r->out->claims.at[m].part_of = (int)i;
            if (end > k)
                break;
        }
    }
}
