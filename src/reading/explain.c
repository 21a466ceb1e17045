/* How a reading came about: for a claim, an event or a time the rules that made it, in order of use, each
 * with the words it matched and the line of lang/ that gives them. Made only where --explain asks for it. */
#include "base/buffer.h"
#include "reading/reader.h"

/* An act that is told of over and over is explained by its first mentions: the time stays linear. */
enum { MOST_STEPS = 256 };

static void add_word(buffer *b, str word) {
    if (b->size)
        buffer_add_byte(b, ' ');
    buffer_add(b, word);
}

static str take(buffer *b, arena *a) {
    str s = b->size ? arena_copy(a, buffer_str(b)) : STR_NONE;
    buffer_free(b);
    return s;
}

/* Every class but that of any word. */
static str class_names(reader *r, const node *n) {
    buffer b = {0};
    for (uint32_t i = 0; i < NAMED_CLASSES; i++)
        if (i != IS_WORD && node_is(n, (enum lang_class)i))
            add_word(&b, str_of(lang_class_names[i]));
    return take(&b, r->a);
}

static void add_bound(reader *r, buffer *b, const char *name, int64_t bound) {
    if (bound == COUNT_OPEN)
        add_word(b, arena_printf(r->scratch, "%s=open", name));
    else
        add_word(b, arena_printf(r->scratch, "%s=%lld", name, (long long)bound));
}

static str feature_names(reader *r, const node *n) {
    buffer b = {0};
    if (n->min || n->max) {
        add_bound(r, &b, "min", n->min);
        add_bound(r, &b, "max", n->max);
    }
    for (int f = 0; f < FEATURES; f++) {
        int v = n->feature[f];
        const struct lang_values *values = &lang_value_names[f];
        if (v && v > 0 && (unsigned)v < values->count)
            add_word(&b, arena_printf(r->scratch, "%s=%s", lang_feature_names[f], values->names[v]));
        else if (v)
            add_word(&b, arena_printf(r->scratch, "%s=%d", lang_feature_names[f], v));
    }
    return take(&b, r->a);
}

/* A node's words as the lexicon knows them: the first of a phrase without the clitics that stand before it.
 */
static str folded_words(reader *r, const node *n) {
    buffer b = {0};
    size_t clitics = 0;
    const piece *first = &r->nodes.piece.at[n->first];
    for (uint32_t i = n->first;
         n->last - n->first > 1 && i-- > 0 && r->nodes.piece.at[i].token == first->token;)
        clitics += r->nodes.piece.at[i].folded.size;
    for (uint32_t i = n->first; i < n->last; i++) {
        str word = r->nodes.piece.at[i].folded;
        size_t skip = i == n->first && clitics < word.size ? clitics : 0;
        add_word(&b, str_slice(word, skip, word.size));
    }
    str s = take(&b, r->scratch);
    return s.data ? s : STR("");
}

static because_node describe(reader *r, const node *n) {
    because_node x = {.at = reader_span(r, n->first, n->last),
                      .classes = class_names(r, n),
                      .features = feature_names(r, n),
                      .rule = STR_NONE,
                      .file = STR_NONE};
    if (n->match) {
        x.rule = str_of(n->match->rule->name);
        x.file = str_of(n->match->rule->file);
        x.line = n->match->rule->line;
    } else
        lang_origin(r->nodes.lang, folded_words(r, n), &x.file, &x.line);
    return x;
}

/* Whether a step stands there already, or none has room. */
static bool known(const derivation *d, const because *b) {
    if (d->step.size >= MOST_STEPS)
        return true;
    for (size_t i = 0; i < d->step.size; i++) {
        const because *k = &d->step.at[i];
        if (k->start == b->start && k->end == b->end && k->line == b->line && str_equal(k->rule, b->rule))
            return true;
    }
    return false;
}

static void add_step(reader *r, const match *m, derivation *out) {
    span s = reader_span(r, m->out.first, m->out.last);
    because b = {.rule = str_of(m->rule->name),
                 .file = str_of(m->rule->file),
                 .line = m->rule->line,
                 .start = s.start,
                 .end = s.end};
    if (known(out, &b))
        return;
    for (uint32_t i = 0; i < m->count; i++)
        *VECTOR_PUSH(&b.nodes, r->a) = describe(r, &m->first[i]);
    *VECTOR_PUSH(&out->step, r->a) = b;
}

/* As deep as there are phases: what a rule makes, rules of later phases alone take in. */
void explain_match(reader *r, const match *m, derivation *out) {
    if (!m || !r->options || !r->options->explain)
        return;
    for (uint32_t i = 0; i < m->count; i++)
        explain_match(r, m->first[i].match, out);
    add_step(r, m, out);
}

void explain_clock(reader *r, const local_clock *c, span at, derivation *out) {
    if (!r->options || !r->options->explain || !(c->fixed || c->row))
        return;
    because b = {.rule = c->fixed ? STR("clock.offset") : arena_printf(r->a, "clock.zone %s", c->row->zone),
                 .file = c->fixed ? STR("published_offset") : STR("data/reading/outlets.tsv"),
                 .line = c->fixed ? 0 : (uint32_t)c->row->line,
                 .start = at.start,
                 .end = at.end};
    *VECTOR_PUSH(&out->step, r->a) = b;
}

void explain_also(reader *r, const derivation *other, derivation *out) {
    for (size_t i = 0; i < other->step.size; i++)
        if (!known(out, &other->step.at[i]))
            *VECTOR_PUSH(&out->step, r->a) = other->step.at[i];
}
