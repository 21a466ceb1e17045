/* Who speaks: from the marks of a sentence to its attributions, each with its speaker and his relays.
 *
 * "He added" carries the last speaker on; "the source", a surname point back at one who was named before. A
 * relay ("quoting …") makes the speaker it names the first teller and the one before it a relay; who only
 * passes on (an outlet, a page) becomes the relay of whom he quotes. */
#include "reading/voices.h"

#include "base/counters.h"

/* A noun phrase does not end in a preposition: how many of its nodes are left. */
static uint32_t trimmed(const captured *c) {
    uint32_t n = c->count;
    while (n && (node_is(&c->first[n - 1], IS_PREPOSITION) || node_is(&c->first[n - 1], IS_AND) ||
                 node_is(&c->first[n - 1], IS_COMMA) || node_is(&c->first[n - 1], IS_RELATIVE)))
        n--;
    return n;
}

/* How sure a word tells the kind of a speaker: the name of a body; what an adjective or a rank says of an
 * office
 * ("a medical source", "the spokesman, Colonel …"); an office alone; a source of whom nothing is told. */
enum { SURE_NOTHING, SURE_ANONYMOUS, SURE_OFFICE, SURE_ADJECTIVE, SURE_RANK, SURE_BODY };

static int voice_of(const node *n) {
    const captured *h = node_is(n, IS_PLACE) && n->match ? &n->match->label[LABEL_H] : NULL;
    return h && h->count ? h->first->feature[FEATURE_VOICE] : n->feature[FEATURE_VOICE]; /* a hospital */
}

static int how_sure(const node *n) {
    int v = voice_of(n);
    bool weak = n->feature[FEATURE_STRENGTH] == VALUE_STRENGTH_WEAK;
    bool rank = node_is(n, IS_TITLE) && v == VALUE_VOICE_MILITARY;
    return !v                           ? SURE_NOTHING
           : v == VALUE_VOICE_ANONYMOUS ? SURE_ANONYMOUS
           : weak                       ? SURE_OFFICE
           : rank                       ? SURE_RANK
           : node_is(n, IS_ADJECTIVE)   ? SURE_ADJECTIVE
                                        : SURE_BODY;
}

/* A person of whom no office is told: a relative, a man of the village; a capital speaks for its government.
 */
static int plain_kind(const captured *c) {
    for (uint32_t i = 0; i < c->count; i++)
        if (node_is(&c->first[i], IS_KIN) || node_is(&c->first[i], IS_PERSON))
            return VALUE_VOICE_LOCAL;
    if (c->count == 1 && (node_is(c->first, IS_PLACE) || node_is(c->first, IS_NAME)))
        return VALUE_VOICE_GOVERNMENT;
    return 0;
}

/* The first of the words that tell it for the surest: "the spokesman of the ministry of health". */
int speaker_kind(const captured *c) {
    int kind = 0, sure = SURE_NOTHING;
    for (uint32_t i = 0; i < c->count; i++)
        if (how_sure(&c->first[i]) > sure) {
            sure = how_sure(&c->first[i]);
            kind = voice_of(&c->first[i]);
        }
    return kind ? kind : plain_kind(c);
}

enum { SHORT_NAME = 4, SPEAKERS_BACK = 24 };

static str folded_name(const reader *r, str name) {
    char key[256];
    return name.size > sizeof key ? STR_NONE : arena_copy(r->scratch, (str){key, places_fold(name, key)});
}

/* A word without its article: "للوكالة" leaves none in the text. */
static str bare(const reader *r, uint32_t piece_index) {
    return folded_name(r, r->nodes.piece.at[piece_index].folded);
}

static bool names_word(const reader *r, const attribution *x, str word) {
    for (uint32_t i = x->speaker_first; i < x->speaker_last; i++)
        if (str_equal(bare(r, i), word))
            return true;
    return false;
}

/* Does a name end in an outlet's, or go on behind one of several words ("the reporter of the New Times in the
 * harbour")? A name of one word many papers have: "The Homeland" is not that of another country. */
static bool ends_in(const reader *r, str name, str called) {
    str key = folded_name(r, called);
    bool one = !memchr(called.data, ' ', called.size);
    for (size_t at = 0; key.size && at < name.size; at++) {
        if (at && name.data[at - 1] != ' ')
            continue;
        str rest = folded_name(r, str_slice(name, at, name.size));
        if (str_equal(rest, key) || (!one && str_starts(rest, key)))
            return true;
    }
    return false;
}

/* "The Times" on the pages of thetimes.example. */
bool outlet_is_called(const reader *r, str name) {
    const local_clock *clock = reader_clock(r);
    str names = clock && clock->row ? clock->row->names : STR_NONE, called;
    for (size_t at = 0; names.size && str_piece(names, &at, '|', &called);)
        if (ends_in(r, name, called))
            return true;
    return false;
}

/* Whoever speaks to the page's own outlet speaks through nobody. */
static bool is_outlet(const reader *r, const captured *c, uint32_t last) {
    str told = reader_span(r, c->first->first, last).text, outlet = folded_name(r, r->article->outlet),
        name = folded_name(r, told);
    if (outlet_is_called(r, told))
        return true;
    if (!outlet.size || !name.size)
        return false;
    if (str_find(outlet, name, 0) != SIZE_MAX || str_find(name, outlet, 0) != SIZE_MAX)
        return true;
    if (c->count < 2)
        return false;
    name = folded_name(r, reader_span(r, c->first[1].first, last).text); /* without "the agency" */
    return name.size && str_find(outlet, name, 0) != SIZE_MAX;
}

/* "The agency", "the same agency": the one that was named last, whatever it did there; else the page's own.
 */
static bool named_before(const reader *r, const node *head, voice *out) {
    str word = bare(r, head->first);
    for (size_t i = r->outlets.size, looked = 0; word.size && i-- > 0 && looked < SPEAKERS_BACK; looked++) {
        COUNT(claim_steps, 1);
        const outlet_mention *o = &r->outlets.at[i];
        if (o->first < head->first && str_find(folded_name(r, o->voice.at.text), word, 0) != SIZE_MAX) {
            *out = o->voice;
            return true;
        }
    }
    return false;
}

enum { OUTLETS_BACK = 3 };

/* "A doctor told it", "in it he says": the outlet that was named a few sentences ago. */
static voice outlet_before(const reader *r, uint32_t in, uint32_t at) {
    for (size_t i = r->outlets.size, looked = 0; i-- > 0 && looked < SPEAKERS_BACK; looked++) {
        COUNT(claim_steps, 1);
        const outlet_mention *o = &r->outlets.at[i];
        if (in - o->sentence > OUTLETS_BACK)
            break;
        if (o->first < at)
            return o->voice;
    }
    return (voice){.at = {.text = STR_NONE}};
}

/* "The agency", "the same agency", "that paper": is nothing of its name told? */
static const node *told_again(const captured *c, uint32_t words) {
    const node *head = NULL;
    for (uint32_t i = 0; i < words; i++) {
        const node *n = &c->first[i];
        if (node_is(n, IS_SAME) || node_is(n, IS_DETERMINER))
            continue;
        if (head || node_is(n, IS_OUTLET))
            return NULL;
        head = n;
    }
    return head && (head->feature[FEATURE_DEFINITE] || words > 1) ? head : NULL;
}

static voice relay_voice(const reader *r, uint32_t in, const captured *c) {
    uint32_t words = trimmed(c);
    voice none = {.at = {.text = STR_NONE}}, known;
    if (c->count == 1 && (node_is(c->first, IS_TO_IT) || node_is(c->first, IS_IN_IT)))
        return outlet_before(r, in, c->first->first);
    int kind = speaker_kind(c);
    bool media = !kind || kind - 1 == VOICE_MEDIA; /* nobody else can be the outlet */
    if (!words || (media && is_outlet(r, c, c->first[words - 1].last)))
        return none;
    const node *again = told_again(c, words);
    if (again && named_before(r, again, &known))
        return known;
    if (again && r->article->outlet.size) /* the page's own */
        return none;
    return (voice){.at = reader_span(r, c->first->first, c->first[words - 1].last),
                   .kind = kind ? (voice_kind)(kind - 1) : VOICE_MEDIA};
}

/* "The source": from which of the words on he is named. */
static uint32_t first_named(const captured *c, uint32_t words) {
    uint32_t i = 0;
    while (i + 1 < words && node_is(&c->first[i], IS_DETERMINER))
        i++;
    return c->first[i].first;
}

/* Does it begin a clause ("and according to the police …", "…, and eight according to the police"): what
 * stands before is not told by it? */
static bool begins_clause(const reader *r, const match *m) {
    const node *n = reader_node(r, m->out.first);
    if (!n || n[-1].last != m->out.first || !node_is(n - 1, IS_AND))
        return false;
    bool figure = node_is(n, IS_NUMBER) || node_is(n, IS_VAGUE);
    return !figure || node_is(n - 2, IS_COMMA);
}

/* Does a noun take the next one to itself ("the agency's reporter")? None does behind an adjective, a name,
 * or what has an article or a suffix. */
static bool may_own(const node *n) {
    return !node_is(n, IS_ADJECTIVE) && !node_is(n, IS_PLACE) && !n->feature[FEATURE_DEFINITE] &&
           !n->feature[FEATURE_PRONOUN];
}

/* "A judicial source informed the agency «…»": an outlet behind the speaker that is not his, but whom he
 * told. How many of his nodes stand before it. */
static uint32_t before_told(const captured *s, uint32_t words) {
    for (uint32_t i = 1; i + 1 < words; i++) {
        const node *n = &s->first[i];
        if (node_is(n, IS_SOURCE) && n->feature[FEATURE_VOICE] == VALUE_VOICE_MEDIA &&
            !n->feature[FEATURE_DEFINITE] && !n->feature[FEATURE_PRONOUN] && node_is(n + 1, IS_QUOTE) &&
            !may_own(n - 1))
            return i;
    }
    return words;
}

/* Parts a speaker from the outlet that he told; gives that one, or none. */
static captured part_told(captured *s) {
    uint32_t words = trimmed(s);
    if (!words || node_is(s->first, IS_QUOTE) || s->first->feature[FEATURE_VOICE] == VALUE_VOICE_MEDIA)
        return (captured){0};
    s->count = before_told(s, words);
    return (captured){.first = s->first + s->count, .count = words - s->count};
}

static void set_speaker(const reader *r, attribution *x, const captured *s) {
    uint32_t words = trimmed(s);
    int kind = speaker_kind(s);
    x->voice.kind = !words ? VOICE_OUTLET : kind ? (voice_kind)(kind - 1) : VOICE_ANONYMOUS;
    if (!words)
        return;
    x->speaker_first = s->first->first;
    x->speaker_last = s->first[words - 1].last;
    const captured *head = &x->match->label[LABEL_H]; /* where it stands behind its adjectives */
    x->head = head->count ? head->first->first : first_named(s, words);
    x->voice.at = reader_span(r, x->speaker_first, x->speaker_last);
    voice known;
    const node *again = kind == VALUE_VOICE_MEDIA ? told_again(s, words) : NULL;
    if (again && named_before(r, again, &known))
        x->voice.at = known.at;
}

static attribution make(reader *r, const match *m) {
    captured speaker = m->label[LABEL_S], told = part_told(&speaker);
    const captured *v = &m->label[LABEL_V], *a = &m->label[LABEL_A];
    attribution x = {.sentence = m->out.sentence,
                     .first = m->out.first,
                     .last = m->out.last,
                     .match = m,
                     .kind = m->out.feature[FEATURE_ATTRIBUTION],
                     .begins_clause = begins_clause(r, m),
                     .stance = m->out.feature[FEATURE_STANCE]};
    set_speaker(r, &x, &speaker);
    x.relay[0] = relay_voice(r, x.sentence, &m->label[LABEL_SECOND]);
    x.relay[1] = x.relay[2] = (voice){.at = {.text = STR_NONE}};
    const captured *by = &m->label[LABEL_VIA];
    if (!by->count &&
        !r->article->outlet.size) /* who is named so alone is the outlet itself where it is known */
        by = &m->label[LABEL_KNOWN];
    x.relay[SPAN_NONE(x.relay[0].at) ? 0 : 1] = relay_voice(r, x.sentence, told.count ? &told : by);
    const captured *cue = v->count ? v : a;
    if (cue->count)
        x.voice.cue = pieces_text(&r->nodes, cue->first->first, cue->first->last);
    return x;
}

/* Is every word of the speaker that says what he is (his head, a kind) in an earlier one's name? */
static bool agrees(const reader *r, const attribution *x, const attribution *b) {
    const captured *s = &x->match->label[LABEL_S];
    for (uint32_t i = 0; i < s->count && s->first[i].first < x->speaker_last; i++)
        if ((s->first[i].first == x->head || s->first[i].feature[FEATURE_VOICE]) &&
            !node_is(&s->first[i], IS_QUOTE) && !names_word(r, b, bare(r, s->first[i].first)))
            return false;
    return true;
}

/* A name alone, of which the words tell no office. */
static bool is_bare_name(const captured *s) {
    for (uint32_t i = 0; i < s->count; i++)
        if ((s->first[i].feature[FEATURE_VOICE] && !node_is(&s->first[i], IS_TITLE)) ||
            node_is(&s->first[i], IS_PERSON) || node_is(&s->first[i], IS_KIN))
            return false;
    return true;
}

/* The words of a speaker, but for those that only point back: "the same source". */
static uint32_t words_told(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    uint32_t words = x->speaker_last - x->speaker_first;
    for (uint32_t i = 0; i < s->count && s->first[i].first < x->speaker_last; i++)
        words -= node_is(&s->first[i], IS_SAME);
    return words;
}

/* Is he named more fully than another: by more words, or as one who is new ("a doctor", then "the doctor")?
 */
static bool tells_more(const reader *r, const attribution *b, const attribution *x, uint32_t words) {
    uint32_t told = b->speaker_last - b->speaker_first;
    if (told != words || !told)
        return told > words;
    const node *n = reader_node(r, b->head), *m = reader_node(r, x->head);
    return n && m && !n->feature[FEATURE_DEFINITE] && m->feature[FEATURE_DEFINITE];
}

/* "The source", "al-Khidr" after "Major General Nizar al-Khidr": the speaker named more fully before. */
static const attribution *told_before(const reader *r, const attribution *x) {
    uint32_t words = words_told(x);
    if (words == 0 || words > SHORT_NAME)
        return NULL;
    bool name = is_bare_name(&x->match->label[LABEL_S]);
    str last = bare(r, x->speaker_first + words - 1);
    if (words > 2) /* a quoted name: "al-Sahli" */
        last = bare(r, x->speaker_first + 1);
    for (size_t i = r->attributions.size, looked = 0; last.size && i-- > 0 && looked < SPEAKERS_BACK;
         looked++) {
        COUNT(claim_steps, 1);
        const attribution *b = &r->attributions.at[i];
        if (tells_more(r, b, x, words) && (name ? names_word(r, b, last) : agrees(r, x, b)))
            return b;
    }
    return NULL;
}

/* Does a speaker's name point back: "the source", a surname, a quoted name? */
static bool refers_back(const match *m) {
    const captured *s = &m->label[LABEL_S];
    return s->count && (s->first->feature[FEATURE_DEFINITE] || is_bare_name(s));
}

/* Is the sentence near enough to the last speaker's for "he added"? */
static bool carried(const reader *r, const attribution *last, const attribution *x) {
    return r->tokens.sentence.at[x->sentence].paragraph - r->tokens.sentence.at[last->sentence].paragraph <=
           4;
}

static bool is_quote_mark(const token *t) {
    return t->kind == TOKEN_MARK && str_equal(t->folded, STR("\""));
}

enum { QUOTED_PARAGRAPHS = 6, LAST_MARKS = 3 };

/* Is a quotation that is open where a paragraph begins closed at the end of one of the next paragraphs, each
 * of which may open it anew? */
static bool closes_later(const reader *r, uint32_t from) {
    const sentence *s = &r->tokens.sentence.at[from], *end = r->tokens.sentence.at + r->tokens.sentence.size;
    for (int k = 0; s < end && k < QUOTED_PARAGRAPHS; k++) {
        uint32_t in = s->paragraph, first = s->first, last_mark = 0;
        unsigned marks = 0;
        for (; s < end && s->paragraph == in; s++)
            for (uint32_t t = s->first; t < s->last; t++)
                if (is_quote_mark(&r->tokens.token.at[t])) {
                    marks++;
                    last_mark = t;
                }
        if (marks && last_mark + LAST_MARKS > s[-1].last)
            return marks % 2 || is_quote_mark(&r->tokens.token.at[first]);
        if (marks % 2 && !is_quote_mark(&r->tokens.token.at[first]))
            return false;
    }
    return false;
}

static bool ends_in_colon(const reader *r, const sentence *s) {
    return s->last > s->first && str_equal(r->tokens.token.at[s->last - 1].folded, STR(":"));
}

/* Where a sentence ends inside a quotation that its speaker opened, the next ones are his as well. */
static void continue_quotations(reader *r) {
    size_t count = r->tokens.sentence.size;
    r->quoted = ARENA_NEW(r->scratch, int, count + 1);
    for (size_t i = 0; i < count; i++)
        r->quoted[i] = NONE;
    size_t at = 0;
    int open = NONE, before = NONE;
    bool inside = false; /* a quotation, whether or not its speaker is known */
    for (uint32_t s = 0; s < count; s++) {
        const sentence *x = &r->tokens.sentence.at[s];
        if (s && x->paragraph != x[-1].paragraph && !(open >= 0 && closes_later(r, s))) {
            open = NONE;
            inside = false;
        }
        r->quoted[s] = open;
        int latest = open >= 0 ? open : s && ends_in_colon(r, x - 1) ? before : NONE;
        for (; at < r->attributions.size && r->attributions.at[at].sentence <= s; at++)
            if (r->attributions.at[at].sentence == s &&
                r->attributions.at[at].kind == VALUE_ATTRIBUTION_OPENS)
                latest = (int)at;
        unsigned quotes = 0;
        for (uint32_t t = x->first; t < x->last; t++)
            quotes += is_quote_mark(&r->tokens.token.at[t]);
        inside ^= quotes % 2;
        if (quotes % 2)
            open = inside ? latest : NONE;
        before = latest;
    }
}

/* "The team", "the colonel": a title without a name, by which nobody was called before. */
static bool is_title_alone(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    return s->count && x->speaker_last - x->speaker_first == 1 && node_is(s->first, IS_TITLE) &&
           (s->first->feature[FEATURE_DEFINITE] || !node_is(s->first, IS_PERSON));
}

static void speak_as(attribution *x, const attribution *who) {
    x->voice.at = who->voice.at;
    x->voice.kind = who->voice.kind;
    x->speaker_first = who->speaker_first;
    x->speaker_last = who->speaker_last;
    x->head = who->head;
}

static void take_speaker(attribution *x, const attribution *from) {
    speak_as(x, from);
    if (SPAN_NONE(x->relay[0].at))
        memcpy(x->relay, from->relay, sizeof x->relay);
}

/* A hashtag or a signature by another name of a speaker of its kind, whom the text has named. */
static const attribution *signed_by(const reader *r, const attribution *x) {
    for (size_t i = r->attributions.size, looked = 0; i-- > 0 && looked < SPEAKERS_BACK; looked++) {
        COUNT(claim_steps, 1);
        const attribution *b = &r->attributions.at[i];
        if (b->voice.kind == x->voice.kind && b->speaker_last > b->speaker_first)
            return b;
    }
    return NULL;
}

/* Is the word that a speaker is called by the first of another's, or is he called by his name alone? */
static bool heads_alike(const reader *r, const attribution *x, const attribution *b) {
    return x->kind == VALUE_ATTRIBUTION_SIGNS || is_bare_name(&x->match->label[LABEL_S]) ||
           str_equal(bare(r, x->head), bare(r, b->head));
}

/* Whoever the speaker before passes on is told through him and through whom he has it from. */
static void pass_on(attribution *x, const attribution *by) {
    size_t n = 0;
    while (n < RELAYS && !SPAN_NONE(x->relay[n].at))
        n++;
    if (n < RELAYS)
        x->relay[n++] = by->voice;
    for (size_t i = 0; n < RELAYS && i < RELAYS && !SPAN_NONE(by->relay[i].at); i++)
        x->relay[n++] = by->relay[i];
}

enum { NEXT_WORDS = 2 };

/* "A fisherman told it": the one before. */
static bool told_it(const attribution *x) {
    const captured *v = &x->match->label[LABEL_V];
    return v->count && v->first->feature[FEATURE_PRONOUN];
}

/* Does he only bring what others say: an outlet, a page of a network? */
bool passes_on(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    return x->voice.kind == VOICE_MEDIA ||
           (s->count && (node_is(s->first, IS_PAGE) || (!speaker_kind(s) && node_is(s->first, IS_QUOTE))));
}

/* "As the site reported": he does not tell, he passes on. */
bool only_relays(const attribution *x) {
    const captured *v = &x->match->label[LABEL_V];
    return v->count && node_is(v->first, IS_RELAY);
}

static bool follows(const attribution *x, const attribution *by) {
    return x->sentence == by->sentence && (passes_on(by) || told_it(x)) && !SPAN_NONE(by->voice.at) &&
           x->first >= by->last && x->first - by->last <= NEXT_WORDS;
}

/* "Its correspondent": of the one before. */
static bool is_ones_own(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    return s->count && s->first->feature[FEATURE_PRONOUN];
}

/* "The agency said that the ministry announced …": what one who only passes on says begins with another's
 * words. */
static bool begins_with(const attribution *x, const attribution *by) {
    return x->kind == VALUE_ATTRIBUTION_OPENS && by->kind == VALUE_ATTRIBUTION_OPENS && follows(x, by) &&
           x->first - by->last < NEXT_WORDS && !SPAN_NONE(x->voice.at) && !is_ones_own(x) &&
           !str_equal(x->voice.at.text, by->voice.at.text);
}

/* "The channel said, according to the site, that the army announced …": who tells through two. */
static const attribution *passed_twice(const reader *r, const attribution *x) {
    if (r->attributions.size < 2)
        return NULL;
    const attribution *by = &r->attributions.at[r->attributions.size - 1], *first = by - 1;
    return x->kind == VALUE_ATTRIBUTION_OPENS && by->kind == VALUE_ATTRIBUTION_COVERS && follows(x, by) &&
                   first->kind == VALUE_ATTRIBUTION_OPENS && follows(by, first) && !SPAN_NONE(x->voice.at) &&
                   !is_ones_own(x)
               ? first
               : NULL;
}

/* "According to the site, the channel said that the army announced …": who tells through a second one. */
static const attribution *brought_by(const reader *r, const attribution *x) {
    if (r->attributions.size < 2)
        return NULL;
    const attribution *by = &r->attributions.at[r->attributions.size - 1], *outer = by - 1;
    return by->kind == VALUE_ATTRIBUTION_OPENS && outer->kind == VALUE_ATTRIBUTION_COVERS &&
                   follows(by, outer) && x->sentence == by->sentence
               ? outer
               : NULL;
}

/* "Quoting the agency, which quotes a doctor": one link further in. */
static bool quotes_on(const attribution *x, const attribution *by) {
    return x->kind == VALUE_ATTRIBUTION_RELAYS && by->kind == VALUE_ATTRIBUTION_RELAYS && follows(x, by);
}

/* "The agency said, quoting a doctor, …": whoever is named again later was heard through it. */
static bool brings_from(const attribution *x, const attribution *by) {
    return by->kind == VALUE_ATTRIBUTION_OPENS && x->sentence == by->sentence && passes_on(by) &&
           SPAN_NONE(x->relay[0].at) && !is_ones_own(x) &&
           (x->kind == VALUE_ATTRIBUTION_RELAYS ||
            (x->kind == VALUE_ATTRIBUTION_COVERS && follows(x, by) && !passes_on(x)));
}

/* Does a name stand in another, as whole words? Letters of every script are bytes of letters. */
static bool stands_in(str name, str in) {
    for (size_t at = 0; (at = str_find(in, name, at)) != SIZE_MAX; at++) {
        size_t end = at + name.size;
        bool begins = !at || in.data[at - 1] == ' ' || in.data[at - 1] == '"' ||
                      str_ends(str_slice(in, 0, at), STR("«"));
        bool ends = end == in.size || in.data[end] == ' ' || in.data[end] == '"' ||
                    str_starts(str_slice(in, end, in.size), STR("»"));
        if (begins && ends)
            return true;
    }
    return false;
}

static bool span_in(const span *a, const span *b) {
    return a->start >= b->start && a->end <= b->end;
}

/* Is one of them told by the other's name, by some words of it, or within it? */
bool same_name(const voice *a, const voice *b) {
    return !SPAN_NONE(a->at) && !SPAN_NONE(b->at) &&
           (stands_in(a->at.text, b->at.text) || stands_in(b->at.text, a->at.text) ||
            span_in(&a->at, &b->at) || span_in(&b->at, &a->at));
}

static void keep_outlet(reader *r, const match *m, voice v) {
    if (v.kind == VOICE_MEDIA && !SPAN_NONE(v.at))
        *VECTOR_PUSH(&r->outlets, r->scratch) = (outlet_mention){m->out.sentence, m->out.first, v};
}

/* Does an outlet stand before the speaker as who quotes him ("the agency quoted the governor as telling the
 * radio …"): one that he spoke to stands between them. */
static bool quotes_him(const attribution *x, uint32_t at) {
    const captured *via = &x->match->label[LABEL_VIA];
    if (!via->count || via->first->first >= x->speaker_first || at < x->speaker_first)
        return false;
    if (via->first == x->match->first) /* a mark keeps its own nodes, none before them */
        return true;
    const node *before = via->first - 1;
    return !node_is(before, IS_PREPOSITION) && !before->feature[FEATURE_PRONOUN];
}

/* "… in a recording that the channel broadcast and the paper took up, …": who else brought what an
 * attribution opens, found inside its words. From the teller outwards they stand in the order of the text. */
static void brought_within(attribution *x, const match *m, voice v) {
    for (int i = 0; i < RELAYS; i++)
        if (same_name(&x->relay[i], &v))
            return;
    if (SPAN_NONE(v.at) || same_name(&x->voice, &v) || !SPAN_NONE(x->relay[RELAYS - 1].at))
        return;
    int at = 0;
    bool inner = quotes_him(x, m->out.first);
    while (!inner && at < RELAYS - 1 && !SPAN_NONE(x->relay[at].at) && x->relay[at].at.start < v.at.start)
        at++;
    memmove(&x->relay[at + 1], &x->relay[at], (RELAYS - 1 - (size_t)at) * sizeof *x->relay);
    x->relay[at] = v;
}

/* "The agency had quoted a doctor …", "the page published the testimony of a prisoner, in which he says …":
 * what one who only passes on says is another's word, as a mark inside it tells. */
static void heard_through(attribution *x, const attribution *inner, bool by_outer) {
    attribution outer = *x;
    speak_as(x, inner);
    memcpy(x->relay, inner->relay, sizeof x->relay);
    if (by_outer)
        brought_within(x, inner->match, outer.voice);
    for (int i = 0; i < RELAYS; i++)
        brought_within(x, inner->match, outer.relay[i]);
}

/* The outlet that a sentence has named last before a piece. */
static const outlet_mention *outlet_of_sentence(const reader *r, uint32_t in, uint32_t at) {
    for (size_t i = r->outlets.size; i-- > 0 && r->outlets.at[i].sentence == in;) {
        COUNT(claim_steps, 1);
        if (r->outlets.at[i].first < at)
            return &r->outlets.at[i];
    }
    return NULL;
}

/* A mark that begins inside another tells who else brought it, or whose word it is that the other passes on.
 */
static void look_within(reader *r, attribution *last, const match *m) {
    attribution *x = r->attributions.size ? &r->attributions.at[r->attributions.size - 1] : NULL;
    if (!x || m->out.sentence != x->sentence || m->out.first >= x->last) /* one that was left out held it */
        return;
    int kind = m->out.feature[FEATURE_ATTRIBUTION];
    bool told_by_outer = kind == VALUE_ATTRIBUTION_WORDS || kind == VALUE_ATTRIBUTION_PASSES;
    if (kind == VALUE_ATTRIBUTION_BRINGS)
        brought_within(x, m, relay_voice(r, m->out.sentence, &m->label[LABEL_VIA]));
    else if (m->label[LABEL_S].count && !SPAN_NONE(x->voice.at) && m->out.first >= x->speaker_first &&
             (told_by_outer ? passes_on(x) : m->label[LABEL_VIA].count > 0)) {
        attribution inner = make(r, m);
        if (SPAN_NONE(inner.voice.at) || passes_on(&inner) || same_name(&inner.voice, &x->voice))
            return;
        if (told_by_outer)
            heard_through(x, &inner, true);
        else if (same_name(&inner.relay[0], &x->voice))
            heard_through(x, &inner, false);
    }
    if (last->match == x->match)
        *last = *x;
}

/* "The mayor came out and denied it": he who goes on is named, unless the sentence has a speaker already. */
static bool names_himself(const attribution *x) {
    const captured *s = &x->match->label[LABEL_S];
    return s->count && !node_is(s->first, IS_STATEMENT) &&
           (node_is(s->first, IS_TITLE) || node_is(s->first, IS_SOURCE));
}

/* "The mayor denied the residents' account of …": he goes on, not they. */
static bool is_denied_account(const reader *r, const attribution *by, const attribution *x) {
    const node *n = reader_node(r, x->first);
    return by->stance == VALUE_STANCE_DENIES && by->sentence == x->sentence && n &&
           node_is(n, IS_STATEMENT) && !x->match->label[LABEL_V].count && !x->match->label[LABEL_A].count;
}

/* Fills in who speaks where the words only point at him; false where nobody is there to point at. */
static bool resolve(const reader *r, const attribution *last, attribution *x) {
    const attribution *before = NULL;
    const outlet_mention *by;
    switch (x->kind) {
    case VALUE_ATTRIBUTION_CARRIES:
        x->kind = x->match->label[LABEL_A].count ? VALUE_ATTRIBUTION_COVERS : VALUE_ATTRIBUTION_OPENS;
        if (!last || !carried(r, last, x) || (names_himself(x) && last->sentence != x->sentence))
            return !SPAN_NONE(x->voice.at);
        take_speaker(x, last);
        return true;
    case VALUE_ATTRIBUTION_PASSES:
        x->kind = VALUE_ATTRIBUTION_OPENS;
        if (last && last->voice.kind == VOICE_MEDIA && carried(r, last, x))
            pass_on(x, last);
        return true;
    case VALUE_ATTRIBUTION_NARRATES:
        x->kind = VALUE_ATTRIBUTION_OPENS;
        x->voice.kind = VOICE_OUTLET;
        return true;
    case VALUE_ATTRIBUTION_FOLLOWS:
        return true;
    case VALUE_ATTRIBUTION_WORDS:
        x->kind = VALUE_ATTRIBUTION_NAMES;
        if (SPAN_NONE(x->relay[0].at) && (by = outlet_of_sentence(r, x->sentence, x->first)))
            brought_within(x, x->match, by->voice);
        return !SPAN_NONE(x->relay[0].at);
    case VALUE_ATTRIBUTION_SIGNS:
        before = signed_by(r, x);
        break;
    default:
        before = refers_back(x->match) ? told_before(r, x) : NULL;
    }
    if (!before && last && is_title_alone(x) && !is_title_alone(last) && x->sentence != last->sentence &&
        carried(r, last, x))
        before = last;
    if (before && (before == last || heads_alike(r, x, before)))
        take_speaker(x, before);
    else if (before) /* "the ministry" after its spokesman */
        x->voice.kind = before->voice.kind;
    return x->kind != VALUE_ATTRIBUTION_CONTRAST && !(last && is_denied_account(r, last, x));
}

/* Through whom he is heard, of those who spoke before him in the sentence. */
static void take_relays(const reader *r, const attribution *last, attribution *x) {
    const attribution *first = passed_twice(r, x);
    if (first) {                                              /* who leans on another stands outside him */
        const captured *by = &first[1].match->label[LABEL_A]; /* not every rule marks the word */
        bool leans = by->count && node_is(by->first, IS_RELAY);
        pass_on(x, leans ? first + 1 : first);
        pass_on(x, leans ? first : first + 1);
    } else if (begins_with(x, last) || quotes_on(x, last)) {
        const attribution *outer = brought_by(r, x);
        pass_on(x, last);
        if (outer)
            pass_on(x, outer);
    }
    if (brings_from(x, last))
        pass_on(x, last);
}

void read_attributions(reader *r, const matches *marks) {
    uint32_t covered = 0;
    attribution last = {0};
    bool any = false;
    for (size_t i = 0; i < marks->at.size; i++) {
        const match *m = &marks->at.at[i];
        if (m->out.feature[FEATURE_ATTRIBUTION] == VALUE_ATTRIBUTION_MENTIONS) {
            keep_outlet(r, m, relay_voice(r, m->out.sentence, &m->label[LABEL_S]));
            continue;
        }
        if (m->out.first < covered) {
            look_within(r, &last, m);
            continue;
        }
        attribution x = make(r, m);
        keep_outlet(r, m, x.voice);
        for (int k = 0; k < RELAYS; k++)
            keep_outlet(r, m, x.relay[k]);
        covered = m->out.last;
        if (!resolve(r, any ? &last : NULL, &x))
            continue;
        if (any)
            take_relays(r, &last, &x);
        *VECTOR_PUSH(&r->attributions, r->scratch) = x;
        if (!SPAN_NONE(x.voice.at) && x.kind != VALUE_ATTRIBUTION_SIGNS) {
            last = x;
            any = true;
        }
    }
    continue_quotations(r);
}
