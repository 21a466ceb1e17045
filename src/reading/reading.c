/* The reading, from text to claims.
 *
 * Words become nodes, rules reduce them (times, places, counts, people) and mark them (attributions, claims,
 * events); then what is local to a document is settled in plain code that knows no language: what a relative
 * time means, which place a name is, how far a speaker's words go, which event a figure belongs to, which
 * claims stand against one another. Each step is linear in the text. */
#include "reading/reading.h"

#include "reading/reader.h"

span reader_span(const reader *r, uint32_t first, uint32_t last) {
    if (first >= last)
        return (span){.text = STR_NONE};
    uint32_t start = r->nodes.piece.at[first].start, end = r->nodes.piece.at[last - 1].end;
    return (span){{r->text.data + start, end - start}, code_points_at(&r->points, start), code_points_at(&r->points, end)};
}

span reader_sentence(const reader *r, uint32_t sentence_index) {
    const sentence *s = &r->tokens.sentence.at[sentence_index];
    return (span){str_slice(r->text, s->start, s->end), code_points_at(&r->points, s->start), code_points_at(&r->points, s->end)};
}

bool reader_in_title(const reader *r, uint32_t sentence_index) {
    return r->tokens.sentence.at[sentence_index].start < r->article->body_start;
}

void reader_because(reader *r, const match *m, because *out) {
    span s = reader_span(r, m->out.first, m->out.last);
    *out = (because){str_of(m->rule->name), str_of(m->rule->file), m->rule->line, s.start, s.end};
}

static bool known_name(void *context, str word) {
    const reader *r = context;
    char key[256];
    if (word.size > sizeof key || word.size < 6)
        return false;
    str folded = {key, places_fold(word, key)};
    place found;
    return gazetteer_lookup(r->gazetteer, folded, &found, 1) > 0;
}

static void read_in_language(reader *r, const struct lang *l) {
    arena *a = r->a;
    lang_nodes(l, &r->tokens, (name_oracle){known_name, r}, a, &r->nodes);
    lang_numbers(&r->nodes, a);
    if (r->options && r->options->numbers)
        read_numbers(r);
    read_names(r);
    lang_run(&r->nodes, PHASE_TIME, a, NULL);
    lang_run(&r->nodes, PHASE_INTERVAL, a, NULL);
    read_times(r);
    lang_run(&r->nodes, PHASE_PLACE, a, NULL);
    read_places(r);
    matches voices = {0}, claims = {0}, events = {0}, actors = {0};
    lang_run(&r->nodes, PHASE_VOICE, a, &voices);
    lang_run(&r->nodes, PHASE_COUNT, a, NULL);
    lang_run(&r->nodes, PHASE_PEOPLE, a, NULL);
    lang_run(&r->nodes, PHASE_CLAIM, a, &claims);
    lang_run(&r->nodes, PHASE_EVENT, a, &events);
    lang_run(&r->nodes, PHASE_ACTOR, a, &actors);
    read_attributions(r, &voices);
    read_actors(r, &actors);
    read_events(r, &events);
    read_claims(r, &claims);
    read_disagreements(r);
}

void reading_make(const article *page, const gazetteer *places, const reading_options *options, arena *a, reading *out) {
    *out = (reading){.article = page};
    for (size_t i = 0; i < page->warnings.size; i++)
        *VECTOR_PUSH(&out->warnings, a) = page->warnings.at[i];
    const struct lang *l = page->supported ? lang_find(page->language) : NULL;
    if (!l || page->text.size == 0)
        return;
    reader r = {.article = page, .gazetteer = places, .options = options, .a = a, .out = out, .text = page->text};
    r.published = r.today = day_parse(page->published);
    text_tokens(r.text, a, &r.tokens);
    code_points_build(r.text, a, &r.points);
    read_in_language(&r, l);
}
