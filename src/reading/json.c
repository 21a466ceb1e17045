/* The reading as JSON (isnad-reading/1), written straight into its text: a tree of it would cost more than
 * the reading of the page it is of. Numbers and strings look as jansson writes them, compact. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_out.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "lang/lang.h"
#include "reading/acts.h"
#include "reading/choice.h"
#include "reading/reading.h"

/* ---- JSON ---- */

static void open_object(buffer *b) {
    put_json_comma(b);
    buffer_add_byte(b, '{');
}

static void close_object(buffer *b) {
    buffer_add_byte(b, '}');
}

static void open_value(buffer *b, const char *name, char bracket) {
    put_json_key(b, name);
    buffer_add_byte(b, bracket);
}

static void null(buffer *b) {
    buffer_add(b, STR("null"));
}

static void text(buffer *b, str s) {
    s.data &&utf8_valid(s) ? put_json_string(b, s) : null(b);
}

static void name(buffer *b, const char *s) {
    s ? text(b, str_of(s)) : null(b);
}

static void number(buffer *b, int64_t n) {
    buffer_add_number(b, n);
}

static void index_or_null(buffer *b, int i) {
    i >= 0 ? number(b, i) : null(b);
}

static void count_or_null(buffer *b, int64_t n) {
    n == COUNT_OPEN ? null(b) : number(b, n);
}

static void boolean(buffer *b, bool value) {
    buffer_add(b, value ? STR("true") : STR("false"));
}

/* As short as fifteen digits are; always with a point or an exponent, and that without plus and zeros in
 * front. */
static void real(buffer *b, double n) {
    char digits[40];
    if (!isfinite(n)) {
        null(b);
        return;
    }
    snprintf(digits, sizeof digits, "%.15g", n);
    char *e = strchr(digits, 'e');
    buffer_add(b, (str){digits, e ? (size_t)(e - digits) : strlen(digits)});
    if (e) {
        buffer_add_byte(b, 'e');
        if (e[1] == '-')
            buffer_add_byte(b, '-');
        buffer_add(b, str_of(e + 1 + strspn(e + 1, "+-0")));
    } else if (!strchr(digits, '.')) {
        buffer_add(b, STR(".0"));
    }
}

static void key_text(buffer *b, const char *k, str s) {
    put_json_key(b, k);
    text(b, s);
}

static void key_name(buffer *b, const char *k, const char *s) {
    put_json_key(b, k);
    name(b, s);
}

static void key_number(buffer *b, const char *k, int64_t n) {
    put_json_key(b, k);
    number(b, n);
}

/* ---- what is told ---- */

/* The object stays open, for what else is told of it. False where there is none: then it is null. */
static bool open_span(buffer *b, const span *s) {
    if (SPAN_NONE(*s)) {
        null(b);
        return false;
    }
    buffer_add_byte(b, '{');
    key_text(b, "text", s->text);
    key_number(b, "start", s->start);
    key_number(b, "end", s->end);
    return true;
}

static void whole_span(buffer *b, const span *s) {
    if (open_span(b, s))
        close_object(b);
}

static void voice_json(buffer *b, const voice *v) {
    if (!open_span(b, &v->at))
        return;
    key_name(b, "kind", voice_kind_name(v->kind));
    key_text(b, "cue", v->cue.size ? v->cue : STR_NONE);
    close_object(b);
}

static void via_json(buffer *b, const voice *v, size_t count) {
    open_value(b, "via", '[');
    for (size_t i = 0; i < count; i++) {
        put_json_comma(b);
        voice_json(b, &v[i]);
    }
    buffer_add_byte(b, ']');
}

/* To a millimetre: what a double has beyond it is noise. */
static void key_degrees(buffer *b, const char *k, bool known, double degrees) {
    put_json_key(b, k);
    known ? real(b, round(degrees * 1e8) / 1e8) : null(b);
}

static void place_json(buffer *b, const place_mention *p) {
    if (!open_span(b, &p->at))
        return;
    key_text(b, "name", p->name);
    key_text(b, "country", p->country);
    key_text(b, "admin1", p->admin1);
    key_name(b, "kind", place_kind_name(p->kind));
    key_text(b, "id", p->id);
    key_degrees(b, "lat", p->resolved, p->lat);
    key_degrees(b, "lon", p->resolved, p->lon);
    key_degrees(b, "radius_km", p->resolved, p->radius_km);
    key_text(b, "anchor", p->anchor);
    close_object(b);
}

/* "effect=killed form=masdar" */
static void words_json(buffer *b, const char *k, str words) {
    open_value(b, k, '[');
    for (size_t at = 0; at < words.size;) {
        const char *space = memchr(words.data + at, ' ', words.size - at);
        size_t end = space ? (size_t)(space - words.data) : words.size;
        put_json_comma(b);
        text(b, str_slice(words, at, end));
        at = end + 1;
    }
    buffer_add_byte(b, ']');
}

static void because_node_json(buffer *b, const because_node *n) {
    put_json_comma(b);
    if (!open_span(b, &n->at))
        return;
    words_json(b, "classes", n->classes);
    words_json(b, "features", n->features);
    key_text(b, "rule", n->rule);
    key_text(b, "file", n->file);
    put_json_key(b, "line");
    n->file.data ? number(b, n->line) : null(b);
    close_object(b);
}

static void because_json(buffer *b, const derivation *d) {
    open_value(b, "because", '[');
    for (size_t i = 0; i < d->step.size; i++) {
        const because *of = &d->step.at[i];
        open_object(b);
        key_text(b, "rule", of->rule);
        key_text(b, "file", of->file);
        key_number(b, "line", of->line);
        key_number(b, "start", of->start);
        key_number(b, "end", of->end);
        open_value(b, "matched", '[');
        for (size_t k = 0; k < of->nodes.size; k++)
            because_node_json(b, &of->nodes.at[k]);
        buffer_add(b, STR("]}"));
    }
    buffer_add_byte(b, ']');
}

static void key_time(buffer *b, const time_mention *t, const bool *inherited) {
    put_json_key(b, "time");
    if (!t)
        null(b);
    else if (open_span(b, &t->at)) {
        key_text(b, "value", t->value);
        if (inherited) {
            put_json_key(b, "inherited");
            boolean(b, *inherited);
        }
        close_object(b);
    }
}

static void key_actor(buffer *b, const actor_mention *a) {
    put_json_key(b, "actor");
    if (!open_span(b, &a->at))
        return;
    put_json_key(b, "hedged");
    boolean(b, a->hedged);
    close_object(b);
}

static void key_evidence(buffer *b, const span *s) {
    open_value(b, "evidence", '{');
    key_number(b, "start", s->start);
    key_number(b, "end", s->end);
    close_object(b);
}

static void key_bounds(buffer *b, bool counted, int64_t min, int64_t max) {
    put_json_key(b, "min");
    counted ? count_or_null(b, min) : null(b);
    put_json_key(b, "max");
    counted ? count_or_null(b, max) : null(b);
}

static void who_json(buffer *b, const claim *c) {
    put_json_key(b, "who");
    if (!open_span(b, SPAN_NONE(c->who) ? &c->count : &c->who))
        return;
    key_name(b, "class", who_class_name(c->who_class));
    key_name(b, "group", who_group_name(c->who_group));
    close_object(b);
}

static void claim_json(buffer *b, const reading *r, const claim *c, bool explain) {
    open_object(b);
    key_name(b, "effect", effect_name(c->effect));
    key_bounds(b, true, c->min, c->max);
    put_json_key(b, "approx");
    boolean(b, c->approx);
    put_json_key(b, "count");
    whole_span(b, &c->count);
    who_json(b, c);
    put_json_key(b, "part_of");
    index_or_null(b, c->part_of);
    put_json_key(b, "voice");
    voice_json(b, &c->voice);
    via_json(b, c->via.at, c->via.size);
    key_name(b, "stance", stance_name(c->stance));
    key_name(b, "event", event_type_name(c->event));
    put_json_key(b, "event_index");
    index_or_null(b, c->event_index);
    key_actor(b, &c->actor);
    put_json_key(b, "place");
    c->place >= 0 ? place_json(b, &r->places.at[c->place]) : null(b);
    key_time(b, c->time >= 0 ? &r->times.at[c->time] : NULL, &c->time_inherited);
    key_text(b, "date", c->date);
    key_name(b, "scope", scope_name(c->scope));
    key_evidence(b, &c->evidence);
    if (explain)
        because_json(b, &c->because);
    close_object(b);
}

static void event_json(buffer *b, const reading *r, const event *e, bool explain) {
    open_object(b);
    key_name(b, "type", event_type_name(e->type));
    put_json_key(b, "trigger");
    whole_span(b, &e->trigger);
    put_json_key(b, "voice");
    voice_json(b, &e->voice);
    via_json(b, e->via.at, e->via.size);
    key_name(b, "stance", stance_name(e->stance));
    key_actor(b, &e->actor);
    open_value(b, "places", '[');
    for (size_t i = 0; i < e->places.size; i++) {
        put_json_comma(b);
        place_json(b, &r->places.at[e->places.at[i]]);
    }
    buffer_add_byte(b, ']');
    key_bounds(b, e->counted, e->min, e->max);
    key_time(b, e->time >= 0 ? &r->times.at[e->time] : NULL, NULL);
    key_text(b, "date", e->date);
    key_name(b, "date_from", date_source_name(e->date_from));
    put_json_key(b, "outcome");
    if (open_span(b, &e->outcome)) {
        key_name(b, "kind", outcome_kind_name(e->outcome_kind));
        close_object(b);
    }
    key_evidence(b, &e->evidence);
    if (explain)
        because_json(b, &e->because);
    close_object(b);
}

static void engine_object(buffer *b, str engine) {
    json_t *parsed = engine.size ? json_loadb(engine.data, engine.size, 0, NULL) : NULL;
    char *dump = parsed ? json_dumps(parsed, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    put_json_key(b, "engine");
    buffer_add(b, str_of(dump ? dump : "null"));
    free(dump);
    json_decref(parsed);
}

static void add_head(buffer *b, const article *p, str engine) {
    key_name(b, "format", "isnad-reading/1");
    engine_object(b, engine);
    key_text(b, "id", p->id);
    key_text(b, "url", p->url);
    key_text(b, "outlet", p->outlet);
    key_text(b, "language", p->language.size ? p->language : STR_NONE);
    key_text(b, "published", p->published);
    key_text(b, "published_offset", p->published_offset);
    key_text(b, "published_from", p->published_from);
    key_text(b, "sha256", p->sha256);
    put_json_key(b, "truncated");
    boolean(b, p->truncated);
    key_text(b, "title", p->title);
    key_text(b, "text", p->text.data ? p->text : STR(""));
}

static void links_json(buffer *b, const article *p) {
    open_value(b, "links", '[');
    for (size_t i = 0; i < p->links.size; i++) {
        if (p->links.at[i].role > LINK_SOURCE) /* tags and other links are the page's, not the reading's */
            continue;
        open_object(b);
        key_name(b, "role", link_role_name(p->links.at[i].role));
        key_text(b, "href", p->links.at[i].href);
        key_text(b, "text", p->links.at[i].text);
        close_object(b);
    }
    buffer_add_byte(b, ']');
}

static void figure_json(buffer *b, double value) {
    bool whole = value > -9e15 && value < 9e15 && value == (double)(int64_t)value;
    whole ? number(b, (int64_t)value) : real(b, value);
}

static void numbers_json(buffer *b, const reading *r) {
    open_value(b, "numbers", '[');
    for (size_t i = 0; i < r->numbers.size; i++) {
        const number_mention *n = &r->numbers.at[i];
        put_json_comma(b);
        if (!open_span(b, &n->at))
            continue;
        put_json_key(b, "value");
        strcmp(n->kind, "range") == 0 ? null(b) : figure_json(b, n->value);
        key_name(b, "kind", n->kind);
        put_json_key(b, "min");
        figure_json(b, n->min);
        put_json_key(b, "max");
        figure_json(b, n->max);
        close_object(b);
    }
    buffer_add_byte(b, ']');
}

static void ties_json(buffer *b, const act_mention *m) {
    open_value(b, "ties", '[');
    for (size_t k = 0; k < m->ties.size; k++) {
        open_object(b);
        key_number(b, "act", m->ties.at[k].act);
        open_value(b, "in", '[');
        for (int bit = 0; bit < TIES; bit++)
            if (m->ties.at[k].ties >> bit & 1) {
                put_json_comma(b);
                name(b, act_tie_name(bit));
            }
        buffer_add(b, STR("]}"));
    }
    buffer_add_byte(b, ']');
}

static void acts_json(buffer *b, const reading *r) {
    open_value(b, "acts", '[');
    for (size_t i = 0; i < r->acts.size; i++) {
        const act_mention *m = &r->acts.at[i];
        put_json_comma(b);
        if (!open_span(b, &m->at))
            continue;
        key_name(b, "type", event_type_name(m->type));
        put_json_key(b, "event");
        index_or_null(b, m->event);
        put_json_key(b, "score");
        real(b, m->score);
        open_value(b, "features", '[');
        for (size_t k = 0; k < m->features.size; k++) {
            put_json_comma(b);
            name(b, m->features.at[k]);
        }
        buffer_add_byte(b, ']');
        ties_json(b, m);
        key_evidence(b, &m->evidence);
        close_object(b);
    }
    buffer_add_byte(b, ']');
}

static void disagreements_json(buffer *b, const reading *r) {
    open_value(b, "disagreements", '[');
    for (size_t i = 0; i < r->disagreements.size; i++) {
        const disagreement *d = &r->disagreements.at[i];
        open_object(b);
        open_value(b, "claims", '[');
        number(b, d->a);
        buffer_add_byte(b, ',');
        number(b, d->b);
        buffer_add_byte(b, ']');
        key_name(b, "on", disagreement_on_name(d->on));
        close_object(b);
    }
    buffer_add_byte(b, ']');
}

static void times_json(buffer *b, const reading *r, bool explain) {
    open_value(b, "times", '[');
    for (size_t i = 0; i < r->times.size; i++) {
        put_json_comma(b);
        if (!open_span(b, &r->times.at[i].at))
            continue;
        key_text(b, "value", r->times.at[i].value);
        if (explain)
            because_json(b, &r->times.at[i].because);
        close_object(b);
    }
    buffer_add_byte(b, ']');
}

void reading_json(const reading *r, str engine, const reading_options *options, arena *a, str *out) {
    bool explain = options && options->explain;
    buffer b = {0};
    buffer_reserve(&b, r->article->text.size * 3 + 2048);
    buffer_add_byte(&b, '{');
    add_head(&b, r->article, engine);
    open_value(&b, "claims", '[');
    for (size_t i = 0; i < r->claims.size; i++)
        claim_json(&b, r, &r->claims.at[i], explain);
    buffer_add_byte(&b, ']');
    open_value(&b, "events", '[');
    for (size_t i = 0; i < r->events.size; i++)
        event_json(&b, r, &r->events.at[i], explain);
    buffer_add_byte(&b, ']');
    times_json(&b, r, explain);
    open_value(&b, "places", '[');
    for (size_t i = 0; i < r->listed_places; i++) {
        put_json_comma(&b);
        place_json(&b, &r->places.at[i]);
    }
    buffer_add_byte(&b, ']');
    disagreements_json(&b, r);
    links_json(&b, r->article);
    open_value(&b, "warnings", '[');
    for (size_t i = 0; i < r->warnings.size; i++) {
        put_json_comma(&b);
        text(&b, r->warnings.at[i]);
    }
    buffer_add_byte(&b, ']');
    if (options && options->numbers) {
        numbers_json(&b, r);
        acts_json(&b, r);
    }
    close_object(&b);
    *out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
}

/* Both tables of weights as one. */
static str weights_version(arena *a) {
    const str tables[] = {str_of(acts_version()), str_of(reading_weights_version)};
    return digest_hex(a, sha256_parts(tables, sizeof tables / sizeof *tables), 8);
}

str engine_json(const gazetteer *places, str shared, arena *a) {
    str quoted = shared.size ? arena_printf(a, "\"%.*s\"", STR_ARG(shared)) : STR("null");
    return arena_printf(a,
                        "{\"version\":\"%s\",\"language_data\":\"%.*s\",\"gazetteer\":\"%.*s\",\"weights\":"
                        "\"%.*s\",\"profile\":%.*s}",
                        ISNAD_VERSION, STR_ARG(lang_version()), STR_ARG(gazetteer_version(places)),
                        STR_ARG(weights_version(a)), STR_ARG(quoted));
}
