/* Who says it: from attributions to the voice of any stretch of text.
 *
 * An attribution opens at its verb and holds to the end of the sentence or to the next one; one that only
 * names its source ("according to …") holds for the whole sentence. */
#include "base/counters.h"
#include "reading/voices.h"

/* The attributions that reach a piece of a sentence. */
typedef struct reach {
    const attribution *opens;  /* the last before it */
    const attribution *covers; /* "according to": the next behind it, else the last before it */
    const attribution *relays; /* "quoting", likewise */
    const attribution *post;
    const attribution *brings; /* "in remarks carried by …" */
} reach;

static void reached(const attribution **slot, const attribution *x, uint32_t at) {
    if (!*slot || (*slot)->first <= at) /* the first behind it stays */
        *slot = x;
}

static reach reach_of(const reader *r, uint32_t in, uint32_t at) {
    reach o = {0};
    bool other = false; /* another speaker begins behind it */
    for (size_t i = FIRST_OF_SENTENCE(r->attributions, in);
         i < r->attributions.size && r->attributions.at[i].sentence == in; i++) {
        COUNT(claim_steps, 1);
        const attribution *x = &r->attributions.at[i];
        if (x->kind == VALUE_ATTRIBUTION_RETELLS || x->kind == VALUE_ATTRIBUTION_NAMES ||
            x->kind == VALUE_ATTRIBUTION_FOLLOWS || x->kind == VALUE_ATTRIBUTION_BEHIND)
            continue;
        if (x->kind == VALUE_ATTRIBUTION_BRINGS) {
            reached(&o.brings, x, at);
            continue;
        }
        if (x->kind == VALUE_ATTRIBUTION_SIGNS)
            o.post = x;
        else if (x->kind == VALUE_ATTRIBUTION_OPENS && x->first <= at)
            o = (reach){.opens = x,
                        .post = o.post,
                        .relays =
                            o.relays && !o.opens && passes_on(x) && !passes_on(o.relays) ? o.relays : NULL,
                        .brings = o.brings, /* "according to the agency, the governor said" */
                        .covers = o.opens                           ? NULL
                                  : o.covers && passes_on(o.covers) ? o.covers
                                  : o.relays && passes_on(o.relays) ? o.relays
                                                                    : NULL};
        else if (x->kind == VALUE_ATTRIBUTION_OPENS ||
                 (x->first > at && x->begins_clause && (o.covers || o.opens || o.relays)))
            other = true;
        else if (x->first <= at || !other)
            reached(x->kind == VALUE_ATTRIBUTION_RELAYS ? &o.relays : &o.covers, x, at);
    }
    if (!o.opens && r->quoted[in] >= 0)
        o.opens = &r->attributions.at[r->quoted[in]];
    return o;
}

static void add_via(const reader *r, hearing *h, voice v) {
    if (SPAN_NONE(v.at) || same_name(&h->voice, &v) ||
        (v.kind == VOICE_MEDIA && outlet_is_called(r, v.at.text)))
        return;
    for (size_t i = 0; i < h->via_count; i++)
        if (same_name(&h->via[i], &v))
            return;
    if (h->via_count < sizeof h->via / sizeof *h->via)
        h->via[h->via_count++] = v;
}

static void add_relays(const reader *r, hearing *h, const attribution *x) {
    for (int i = 0; i < RELAYS; i++)
        add_via(r, h, x->relay[i]);
}

/* Who brought it, where the sentence or the next one says so: "the news was published by the site". */
static void add_retellers(const reader *r, uint32_t in, hearing *h) {
    for (size_t i = FIRST_OF_SENTENCE(r->attributions, in);
         i < r->attributions.size && r->attributions.at[i].sentence <= in + 1; i++) {
        COUNT(claim_steps, 1);
        const attribution *x = &r->attributions.at[i];
        bool begins = x->sentence == in || i == FIRST_OF_SENTENCE(r->attributions, in + 1);
        if (x->kind == VALUE_ATTRIBUTION_RETELLS && begins && h->voice.kind != VOICE_OUTLET)
            add_relays(r, h, x);
    }
}

/* "An account says …", not he who gave it. */
static bool is_account(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    return s->count && node_is(s->first, IS_STATEMENT) && s->first->first == x->speaker_first;
}

/* "By a transcript that the site published": what is named tells nothing itself, an outlet brought it. */
static bool is_paper(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    return !SPAN_NONE(x->relay[0].at) && s->count && !speaker_kind(s) && !node_is(s->first, IS_QUOTE) &&
           !s->first->feature[FEATURE_DEFINITE] && !node_is(s->first, IS_TITLE);
}

/* Of those who stand behind a figure one told it first: whom "quoting" or "according to" names; but an agency
 * named so only passed on what somebody else had said. */
static hearing heard_in(const reader *r, uint32_t in, uint32_t at) {
    reach o = reach_of(r, in, at);
    const attribution *doubt =
        o.covers && SPAN_NONE(o.covers->voice.at) ? o.covers : NULL; /* "by first reports" */
    if (doubt)
        o.covers = NULL;
    if (o.opens && (SPAN_NONE(o.opens->voice.at) || is_account(o.opens)) && (o.covers || o.relays))
        o.opens = NULL;
    const attribution *paper =
        o.covers && o.opens && is_paper(o.covers) && !passes_on(o.opens) ? o.covers : NULL;
    if (paper)
        o.covers = NULL;
    if (o.opens && o.covers && o.covers->begins_clause && o.covers->first > o.opens->first &&
        o.covers->first <= at && !passes_on(o.opens)) /* "…, and eight according to the police" */
        o.opens = NULL;
    if (o.opens && o.covers &&
        !o.covers->match->label[LABEL_A].count) /* who only "said" it, says none of this */
        o.covers = NULL;
    const attribution *chain[4] = {0};
    size_t n = 0;
    bool passed_on =
        o.covers && o.opens && passes_on(o.covers) && (!passes_on(o.opens) || only_relays(o.covers));
    if (o.relays)
        chain[n++] = o.relays;
    if (o.opens && passed_on)
        chain[n++] = o.opens;
    if (o.covers)
        chain[n++] = o.covers;
    if (o.opens && !passed_on)
        chain[n++] = o.opens;
    if (!n && o.post)
        chain[n++] = o.post;
    hearing h = {.voice = {.kind = VOICE_OUTLET}};
    for (size_t i = 0; i < n; i++) {
        if (i < 2)
            h.match[i] = chain[i]->match;
        if (i == 0) {
            h.voice = chain[i]->voice;
            h.stance = chain[i]->stance;
        } else
            add_via(r, &h, chain[i]->voice);
        add_relays(r, &h, chain[i]);
    }
    if (paper)
        add_relays(r, &h, paper);
    if (o.brings && h.voice.kind != VOICE_OUTLET)
        add_relays(r, &h, o.brings);
    add_retellers(r, in, &h);
    if (doubt) {
        h.stance = doubt->stance;
        h.match[n ? 1 : 0] = doubt->match;
    }
    return h;
}

static const attribution *first_in(const reader *r, uint32_t in, int kind) {
    size_t i = FIRST_OF_SENTENCE(r->attributions, in);
    const attribution *x = i < r->attributions.size ? &r->attributions.at[i] : NULL;
    return x && x->sentence == in && x->kind == kind ? x : NULL;
}

static bool opens_paragraph(const reader *r, uint32_t s) {
    const sentence *x = &r->tokens.sentence.at[s];
    return s == 0 || x->paragraph != x[-1].paragraph;
}

/* Does the sentence go on with the one before: by its words, as the next item of its list, or since that one
 * ends in the midst of what it says? */
static bool goes_on(const reader *r, uint32_t in) {
    if (in == 0 || reader_in_title(r, in - 1))
        return false;
    if (first_in(r, in, VALUE_ATTRIBUTION_FOLLOWS) || (reader_is_item(r, in) && reader_is_item(r, in - 1)))
        return true;
    const sentence *before = &r->tokens.sentence.at[in - 1];
    if (before->last == before->first)
        return false;
    if (reader_first_node(r, in) > r->nodes.node.at && node_is(reader_first_node(r, in) - 1, IS_THAT))
        return true; /* "…, noting that" and a new line */
    str end = r->tokens.token.at[before->last - 1].folded;
    return str_equal(end, STR(",")) || str_equal(end, STR(":")) || str_equal(end, STR("\xd8\x8c"));
}

/* Who is named alone ("According to the ministry.") tells the sentence before; at the head of a paragraph
 * that goes on, the next one. */
static const attribution *named_alone(const reader *r, uint32_t in) {
    const attribution *before = in ? first_in(r, in - 1, VALUE_ATTRIBUTION_BEHIND) : NULL,
                      *behind = first_in(r, in + 1, VALUE_ATTRIBUTION_BEHIND);
    if (before && opens_paragraph(r, in - 1) && !opens_paragraph(r, in))
        return before;
    bool ahead = behind && opens_paragraph(r, in + 1) && in + 2 < r->tokens.sentence.size &&
                 !opens_paragraph(r, in + 2);
    return ahead ? NULL : behind;
}

enum { GOES_BACK = 8 };

/* Who tells what stands in a sentence. Where none of its words say so, it is he who told the sentence that it
 * goes on with, or whom a sentence beside it names alone. */
hearing reader_hear(const reader *r, uint32_t in, uint32_t at) {
    hearing h = heard_in(r, in, at);
    if (h.match[0])
        return h;
    const attribution *alone = named_alone(r, in);
    if (alone) {
        const attribution *brings = reach_of(r, in, at).brings;
        h.voice = alone->voice;
        h.match[0] = alone->match;
        add_relays(r, &h, alone);
        if (brings)
            add_relays(r, &h, brings);
        return h;
    }
    for (uint32_t back = 0; back < GOES_BACK && goes_on(r, in); back++) {
        in--;
        hearing before = heard_in(r, in, UINT32_MAX);
        if (before.match[0])
            return before;
    }
    return h;
}

bool reader_speaks_between(const reader *r, uint32_t in, uint32_t from, uint32_t to) {
    for (size_t i = FIRST_OF_SENTENCE(r->attributions, in);
         i < r->attributions.size && r->attributions.at[i].sentence == in; i++) {
        COUNT(claim_steps, 1);
        const attribution *x = &r->attributions.at[i];
        if (x->kind == VALUE_ATTRIBUTION_OPENS && x->first >= from && x->first < to &&
            !SPAN_NONE(x->voice.at) && x->match->label[LABEL_S].count)
            return true;
    }
    return false;
}

bool reader_denied(const reader *r, uint32_t in, uint32_t at, const voice *by) {
    for (size_t i = FIRST_OF_SENTENCE(r->attributions, in);
         i < r->attributions.size && r->attributions.at[i].sentence == in; i++) {
        COUNT(claim_steps, 1);
        const attribution *x = &r->attributions.at[i];
        if (x->stance == VALUE_STANCE_DENIES && x->first < at && str_equal(x->voice.at.text, by->at.text))
            return true;
    }
    return false;
}
