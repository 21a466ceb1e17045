/* Who says it: from attributions to the voice of any stretch of text.
 *
 * An attribution opens at its verb and holds to the end of the sentence or to the next one; one that only
 * names its source ("according to …") holds for the whole sentence. "He added" carries the last speaker on.
 * A relay ("quoting …") makes the speaker it names the first teller and the one before it a relay. */
#include "base/counters.h"
#include "reading/reader.h"

/* A noun phrase does not end in a preposition: how many of its nodes are left. */
static uint32_t trimmed(const captured *c) {
    uint32_t n = c->count;
    while (n && (node_is(&c->first[n - 1], IS_PREPOSITION) || node_is(&c->first[n - 1], IS_AND) ||
                 node_is(&c->first[n - 1], IS_COMMA) || node_is(&c->first[n - 1], IS_RELATIVE)))
        n--;
    return n;
}

/* A rank says more of who speaks than the office before it: a general who heads a committee. */
static int rank_kind(const captured *c) {
    for (uint32_t i = 0; i < c->count; i++)
        if (node_is(&c->first[i], IS_TITLE) && c->first[i].feature[FEATURE_VOICE] == VALUE_VOICE_MILITARY)
            return VALUE_VOICE_MILITARY;
    return 0;
}

/* The first word that tells a kind for sure; an office tells less than the body it is of ("the spokesman of
 * the ministry of health", "a source in the hospital"). */
static int speaker_kind(const captured *c) {
    int kind = rank_kind(c), office = 0;
    for (uint32_t i = 0; i < c->count && !kind; i++) {
        int v = c->first[i].feature[FEATURE_VOICE];
        if (v && v != VALUE_VOICE_ANONYMOUS && c->first[i].feature[FEATURE_STRENGTH] != VALUE_STRENGTH_WEAK)
            kind = v;
        else if (v && (!office || office == VALUE_VOICE_ANONYMOUS))
            office = v;
    }
    return kind ? kind : office;
}

static voice relay_voice(const reader *r, const captured *c) {
    uint32_t words = trimmed(c);
    if (!words)
        return (voice){.at = {.text = STR_NONE}};
    int kind = speaker_kind(c);
    return (voice){.at = reader_span(r, c->first->first, c->first[words - 1].last),
                   .kind = kind ? (voice_kind)(kind - 1) : VOICE_MEDIA};
}

static attribution make(reader *r, const match *m) {
    const captured *s = &m->label[LABEL_S], *v = &m->label[LABEL_V], *a = &m->label[LABEL_A];
    attribution x = {.sentence = m->out.sentence,
                     .first = m->out.first,
                     .last = m->out.last,
                     .match = m,
                     .kind = m->out.feature[FEATURE_ATTRIBUTION],
                     .stance = m->out.feature[FEATURE_STANCE]};
    uint32_t words = trimmed(s);
    if (words) {
        x.speaker_first = s->first->first;
        x.speaker_last = s->first[words - 1].last;
        x.voice.at = reader_span(r, x.speaker_first, x.speaker_last);
    }
    int kind = speaker_kind(s);
    x.voice.kind = kind ? (voice_kind)(kind - 1) : VOICE_ANONYMOUS;
    x.relay[0] = relay_voice(r, &m->label[LABEL_SECOND]);
    x.relay[SPAN_NONE(x.relay[0].at) ? 0 : 1] = relay_voice(r, &m->label[LABEL_VIA]);
    const captured *cue = v->count ? v : a;
    if (cue->count)
        x.voice.cue = pieces_text(&r->nodes, cue->first->first, cue->first->last);
    return x;
}

/* A word without its article. */
static str bare(const reader *r, uint32_t piece_index) {
    char key[256];
    str s = pieces_text(&r->nodes, piece_index, piece_index + 1);
    if (s.size > sizeof key)
        return STR_NONE;
    return arena_copy(r->scratch, (str){key, places_fold(s, key)});
}

static bool names_word(const reader *r, const attribution *x, str word) {
    for (uint32_t i = x->speaker_first; i < x->speaker_last; i++)
        if (str_equal(bare(r, i), word))
            return true;
    return false;
}

/* "The source", "al-Khidr" after "Major General Nizar al-Khidr": the speaker named more fully before. */
static const attribution *told_before(const reader *r, const attribution *x) {
    uint32_t words = x->speaker_last - x->speaker_first;
    if (words == 0 || words > 4)
        return NULL;
    str last = bare(r, x->speaker_last - 1);
    if (words > 2) /* a quoted name: "al-Sahli" */
        last = bare(r, x->speaker_first + 1);
    for (size_t i = r->attributions.size, looked = 0; last.size && i-- > 0 && looked < 24; looked++) {
        COUNT(claim_steps, 1);
        const attribution *b = &r->attributions.at[i];
        if (b->speaker_last - b->speaker_first > words && names_word(r, b, last))
            return b;
    }
    return NULL;
}

static bool refers_back(const match *m) {
    const captured *s = &m->label[LABEL_S];
    if (!s->count)
        return false;
    const node *head = s->first;
    return head->feature[FEATURE_DEFINITE] || node_is(head, IS_UNKNOWN) || node_is(head, IS_QUOTE) ||
           node_is(head, IS_NAME) || node_is(head, IS_PLACE);
}

static bool carried(const reader *r, const attribution *last, const attribution *x) {
    return r->tokens.sentence.at[x->sentence].paragraph - r->tokens.sentence.at[last->sentence].paragraph <=
           4;
}

/* Where a sentence ends inside a quotation that its speaker opened, the next ones are his as well. */
static void continue_quotations(reader *r) {
    size_t count = r->tokens.sentence.size;
    r->quoted = ARENA_NEW(r->scratch, int, count + 1);
    for (size_t i = 0; i < count; i++)
        r->quoted[i] = NONE;
    size_t at = 0;
    int open = NONE;
    for (uint32_t s = 0; s < count; s++) {
        if (s && r->tokens.sentence.at[s].paragraph != r->tokens.sentence.at[s - 1].paragraph)
            open = NONE;
        r->quoted[s] = open;
        int latest = open;
        for (; at < r->attributions.size && r->attributions.at[at].sentence <= s; at++)
            if (r->attributions.at[at].sentence == s &&
                r->attributions.at[at].kind == VALUE_ATTRIBUTION_OPENS)
                latest = (int)at;
        unsigned quotes = 0;
        for (uint32_t t = r->tokens.sentence.at[s].first; t < r->tokens.sentence.at[s].last; t++)
            quotes += r->tokens.token.at[t].kind == TOKEN_MARK &&
                      str_equal(r->tokens.token.at[t].folded, STR("\""));
        if (quotes % 2)
            open = open >= 0 ? NONE : latest;
    }
}

void read_attributions(reader *r, const matches *marks) {
    uint32_t covered = 0;
    attribution last = {0};
    bool any = false;
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (m->out.first < covered)
            continue;
        attribution x = make(r, m);
        covered = m->out.last;
        if (x.kind == VALUE_ATTRIBUTION_CONTRAST)
            continue;
        if (x.kind == VALUE_ATTRIBUTION_CARRIES) {
            if (!any || !carried(r, &last, &x))
                continue;
            str cue = x.voice.cue;
            x.voice = last.voice;
            memcpy(x.relay, last.relay, sizeof x.relay);
            x.speaker_first = last.speaker_first;
            x.speaker_last = last.speaker_last;
            x.voice.cue = cue;
            x.kind = VALUE_ATTRIBUTION_OPENS;
        } else if (refers_back(m)) {
            const attribution *before = told_before(r, &x);
            if (before) {
                x.voice.at = before->voice.at;
                x.voice.kind = before->voice.kind;
                x.speaker_first = before->speaker_first;
                x.speaker_last = before->speaker_last;
            }
        }
        *VECTOR_PUSH(&r->attributions, r->scratch) = x;
        if (!SPAN_NONE(x.voice.at)) {
            last = x;
            any = true;
        }
    }
    continue_quotations(r);
}

hearing reader_hear(const reader *r, uint32_t in, uint32_t at) {
    const attribution *opens = NULL, *covers = NULL, *relays = NULL;
    for (size_t i = FIRST_OF_SENTENCE(r->attributions, in);
         i < r->attributions.size && r->attributions.at[i].sentence == in; i++) {
        COUNT(claim_steps, 1);
        const attribution *x = &r->attributions.at[i];
        if (x->kind == VALUE_ATTRIBUTION_OPENS && x->first <= at)
            opens = x;
        else if (x->kind == VALUE_ATTRIBUTION_COVERS)
            covers = x;
        else if (x->kind == VALUE_ATTRIBUTION_RELAYS)
            relays = x;
    }
    if (!opens && r->quoted[in] >= 0)
        opens = &r->attributions.at[r->quoted[in]];
    const attribution *outer = opens ? opens : covers, *inner = relays ? relays : outer;
    hearing h = {.voice = {.kind = VOICE_OUTLET}};
    if (!inner)
        return h;
    h.voice = inner->voice;
    h.stance = inner->stance;
    h.match[0] = inner->match;
    h.match[1] = relays && outer ? outer->match : NULL;
    for (int i = 0; i < 2; i++)
        if (!SPAN_NONE(inner->relay[i].at))
            h.via[h.via_count++] = inner->relay[i];
    if (relays && outer)
        h.via[h.via_count++] = outer->voice;
    return h;
}
