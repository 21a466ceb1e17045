/* The reading, from text to claims.
 *
 * Words become nodes, rules reduce them (times, places, counts, people) and mark them (attributions, claims,
 * events); then what is local to a document is settled in plain code that knows no language: what a relative
 * time means, which place a name is, how far a speaker's words go, which event a figure belongs to, which
 * claims stand against one another. Each step is linear in the text. */
#include "reading/reading.h"

#include "reading/choice.h"
#include "reading/reader.h"

#include <stdlib.h>

span reader_span(const reader *r, uint32_t first, uint32_t last) {
    if (first >= last)
        return (span){.text = STR_NONE};
    uint32_t start = r->nodes.piece.at[first].start, end = r->nodes.piece.at[last - 1].end;
    return (span){{r->text.data + start, end - start},
                  code_points_at(&r->points, r->base + start),
                  code_points_at(&r->points, r->base + end)};
}

span reader_sentence(const reader *r, uint32_t sentence_index) {
    const sentence *s = &r->tokens.sentence.at[sentence_index];
    return (span){str_slice(r->text, s->start, s->end), code_points_at(&r->points, r->base + s->start),
                  code_points_at(&r->points, r->base + s->end)};
}

bool reader_in_title(const reader *r, uint32_t sentence_index) {
    return r->base + r->tokens.sentence.at[sentence_index].start < r->article->body_start;
}

static bool known_name(void *context, str word) {
    const reader *r = context;
    char key[256];
    if (word.size > sizeof key || word.size < 6)
        return false;
    return gazetteer_knows(r->gazetteer, (str){key, places_fold(word, key)});
}

/* "The deadly attack": where the article is a word of its own, the noun is as definite as one that it is
 * written onto. Rules ask for the article itself; what comes behind them asks the noun. */
static void define_nouns(nodes *all) {
    enum { DESCRIBED_BY = 3 };
    int described = 0, definite = 0;
    for (size_t i = 0; i < all->node.size; i++) {
        node *n = &all->node.at[i];
        if (i && n[-1].sentence != n->sentence)
            definite = 0;
        if (node_is(n, IS_DETERMINER)) {
            definite = n->feature[FEATURE_DEFINITE];
            described = 0;
            continue;
        }
        bool noun = node_is(n, IS_EVENT) || (node_is(n, IS_PLACE_HEAD) && !node_is(n, IS_PLACE));
        if (noun && definite && n->feature[FEATURE_FORM] != VALUE_FORM_VERB)
            node_own(n, all->arena)->feature[FEATURE_DEFINITE] = (int16_t)definite;
        bool describes = node_is(n, IS_ADJECTIVE) || node_is(n, IS_NATIONALITY) || node_is(n, IS_ORDINAL) ||
                         node_is(n, IS_UNKNOWN);
        if (!describes || ++described > DESCRIBED_BY)
            definite = 0;
    }
}

static void read_in_language(reader *r, const struct lang *l) {
    arena *a = r->scratch;
    lang_nodes(l, &r->tokens, (name_oracle){known_name, r, r->words}, a, &r->nodes);
    lang_numbers(&r->nodes);
    if (r->options && r->options->numbers)
        read_numbers(r);
    read_names(r);
    phase_run times[] = {{PHASE_TIME, NULL}, {PHASE_MOMENT, NULL}, {PHASE_INTERVAL, NULL}};
    lang_run_phases(&r->nodes, times, 3, a);
    read_times(r);
    lang_run(&r->nodes, PHASE_PLACE, a, NULL);
    read_places(r);
    matches voices = {0}, claims = {0}, events = {0}, actors = {0};
    const phase_run runs[] = {{PHASE_VOICE, &voices, true},  {PHASE_COUNT, NULL, false},
                              {PHASE_PEOPLE, NULL, false},   {PHASE_CLAIM, &claims, false},
                              {PHASE_EVENT, &events, false}, {PHASE_ACTOR, &actors, false}};
    lang_run_phases(&r->nodes, runs, sizeof runs / sizeof *runs, a);
    define_nouns(&r->nodes);
    read_attributions(r, &voices);
    context_settle(r);
    read_actors(r, &actors);
    read_events(r, &events, &claims);
    read_claims(r, &claims);
    date_events(r);
}

enum { SEGMENT = 256 * 1024 };

/* Where a segment that begins at `from` ends: at a line end where there is one, else between words. A common
 * article is one segment; a text of any size is read in bounded memory. */
static size_t segment_end(str text, size_t from) {
    if (text.size - from <= SEGMENT)
        return text.size;
    for (size_t end = from + SEGMENT; end > from + SEGMENT / 2; end--)
        if (text.data[end - 1] == '\n')
            return end;
    for (size_t end = from + SEGMENT; end > from + SEGMENT / 2; end--)
        if (text.data[end - 1] == ' ')
            return end;
    size_t end = from + SEGMENT;
    while (((unsigned char)text.data[end] & 0xC0) == 0x80)
        end--;
    return end;
}

static void read_segment(reader *r, const struct lang *l, size_t from, size_t to) {
    r->text = str_slice(r->article->text, from, to);
    r->base = (uint32_t)from;
    r->first_claim = r->out->claims.size;
    r->first_event = r->out->events.size;
    r->first_place = r->out->places.size;
    memset(&r->attributions, 0, sizeof r->attributions);
    memset(&r->outlets, 0, sizeof r->outlets);
    memset(&r->places, 0, sizeof r->places);
    memset(&r->times, 0, sizeof r->times);
    memset(&r->events, 0, sizeof r->events);
    memset(&r->actors, 0, sizeof r->actors);
    text_tokens(r->text, r->scratch, &r->tokens);
    read_in_language(r, l);
    r->first_paragraph += r->tokens.paragraphs - 1;
    arena_reset(r->scratch);
}

struct reading_memory {
    allocator hooks;
    arena scratch;
    word_memory *words;
    hijri_dates hijri;
};

reading_memory *reading_memory_new(allocator hooks) {
    arena first = arena_new(hooks);
    reading_memory *m = hooks.allocate ? hooks.allocate(hooks.context, sizeof *m) : malloc(sizeof *m);
    if (m)
        *m = (reading_memory){.hooks = hooks, .scratch = first, .words = word_memory_new(hooks)};
    return m;
}

void reading_memory_free(reading_memory *m) {
    if (!m)
        return;
    word_memory_free(m->words);
    arena_free(&m->scratch);
    if (m->hooks.release)
        m->hooks.release(m->hooks.context, m);
    else
        free(m);
}

void reading_make(const article *page, const gazetteer *places, const reading_options *options, arena *a,
                  reading *out) {
    *out = (reading){.article = page};
    for (size_t i = 0; i < page->warnings.size; i++)
        *VECTOR_PUSH(&out->warnings, a) = page->warnings.at[i];
    const struct lang *l = page->supported ? lang_find(page->language) : NULL;
    if (!l || page->text.size == 0)
        return;
    hijri_dates hijri = {0};
    local_clock clock = {0};
    reading_memory *memory = options ? options->memory : NULL;
    arena own = arena_new(a->hooks);
    reader r = {.article = page,
                .gazetteer = places,
                .weights = choice_weights_of(page->language),
                .options = options,
                .a = a,
                .scratch = memory ? &memory->scratch : &own,
                .words = memory ? memory->words : NULL,
                .hijri = memory ? &memory->hijri : &hijri,
                .clock = &clock,
                .out = out};
    r.published = r.today = day_parse(page->published);
    r.lead = DAY_NONE;
    code_points_build(page->text, a, &r.points);
    for (size_t from = 0, to; from < page->text.size; from = to) {
        to = segment_end(page->text, from);
        read_segment(&r, l, from, to);
    }
    read_disagreements(&r);
    arena_free(&own);
}
