/* Who says it: from attributions to the voice of any stretch of text.
 *
 * An attribution opens at its verb and holds to the end of the sentence or to the next one; one that only
 * names its source ("according to …") holds for the whole sentence. "He added" carries the last speaker on.
 * A relay ("quoting …") makes the speaker it names the first teller and the one before it a relay. */
#include "reading/reader.h"

static attribution make(reader *r, const match *m) {
    const captured *s = &m->label[LABEL_S], *v = &m->label[LABEL_V], *a = &m->label[LABEL_A], *o = &m->label[LABEL_O];
    attribution x = {.sentence = m->out.sentence, .first = m->out.first, .last = m->out.last, .match = m,
                     .kind = m->out.feature[FEATURE_ATTRIBUTION], .stance = m->out.feature[FEATURE_STANCE]};
    const captured *speaker = o->count ? o : s;
    if (speaker->count) {
        x.speaker_first = speaker->first->first;
        x.speaker_last = speaker->first[speaker->count - 1].last;
        x.voice.at = reader_span(r, x.speaker_first, x.speaker_last);
    }
    int kind = m->out.feature[FEATURE_VOICE];
    x.voice.kind = kind ? (voice_kind)(kind - 1) : VOICE_ANONYMOUS;
    const captured *cue = v->count ? v : a;
    if (cue->count)
        x.voice.cue = pieces_text(&r->nodes, cue->first->first, cue->first->last);
    return x;
}

/* A speaker told before by a longer name: "الخضر" after "اللواء نزار الخضر". */
static const attribution *told_before(const reader *r, const attribution *x) {
    str s = x->voice.at.text;
    for (size_t i = r->attributions.size, looked = 0; i-- > 0 && looked < 40; looked++) {
        const attribution *b = &r->attributions.at[i];
        if (SPAN_NONE(b->voice.at) || b->voice.at.text.size <= s.size)
            continue;
        if (str_find(b->voice.at.text, s, 0) != SIZE_MAX)
            return b;
    }
    return NULL;
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
            if (!any || r->tokens.sentence.at[last.sentence].paragraph + 2 < r->tokens.sentence.at[x.sentence].paragraph)
                continue;
            str cue = x.voice.cue;
            x.voice = last.voice;
            x.voice.cue = cue;
            x.kind = VALUE_ATTRIBUTION_OPENS;
        }
        const attribution *before = x.voice.kind == VOICE_ANONYMOUS && !SPAN_NONE(x.voice.at) ? told_before(r, &x) : NULL;
        if (before)
            x.voice.kind = before->voice.kind;
        *VECTOR_PUSH(&r->attributions, r->a) = x;
        if (!SPAN_NONE(x.voice.at)) {
            last = x;
            any = true;
        }
    }
}

static size_t first_of_sentence(const reader *r, uint32_t in) {
    size_t low = 0, high = r->attributions.size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->attributions.at[middle].sentence < in)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

hearing reader_hear(const reader *r, uint32_t in, uint32_t at) {
    const attribution *opens = NULL, *covers = NULL, *relays = NULL;
    for (size_t i = first_of_sentence(r, in); i < r->attributions.size && r->attributions.at[i].sentence == in; i++) {
        const attribution *x = &r->attributions.at[i];
        if (x->kind == VALUE_ATTRIBUTION_OPENS && x->first <= at)
            opens = x;
        else if (x->kind == VALUE_ATTRIBUTION_COVERS)
            covers = x;
        else if (x->kind == VALUE_ATTRIBUTION_RELAYS)
            relays = x;
    }
    const attribution *outer = opens ? opens : covers;
    hearing h = {.voice = {.kind = VOICE_OUTLET}};
    if (relays) {
        h.voice = relays->voice;
        h.match = relays->match;
        if (outer) {
            h.via = &outer->voice;
            h.via_count = 1;
        }
    } else if (outer) {
        h.voice = outer->voice;
        h.stance = outer->stance;
        h.match = outer->match;
    }
    return h;
}
