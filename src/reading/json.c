/* The reading as JSON (isnad-reading/1). */
#include <jansson.h>
#include <math.h>

#include "base/sha256.h"
#include "lang/lang.h"
#include "reading/acts.h"
#include "reading/choice.h"
#include "reading/reading.h"

static json_t *text(str s) {
    return s.data ? json_stringn(s.data, s.size) : json_null();
}

static json_t *name(const char *s) {
    return s ? json_string(s) : json_null();
}

static json_t *index_or_null(int i) {
    return i >= 0 ? json_integer(i) : json_null();
}

static json_t *count_or_null(int64_t n) {
    return n == COUNT_OPEN ? json_null() : json_integer(n);
}

static json_t *span_json(const span *s) {
    if (SPAN_NONE(*s))
        return json_null();
    return json_pack("{s:o, s:i, s:i}", "text", text(s->text), "start", (int)s->start, "end", (int)s->end);
}

static json_t *with(json_t *object, const char *key, json_t *value) {
    if (!json_is_object(object)) {
        json_decref(value);
        return object;
    }
    json_object_set_new(object, key, value);
    return object;
}

static json_t *voice_json(const voice *v) {
    json_t *o = span_json(&v->at);
    if (!json_is_object(o))
        return o;
    with(o, "kind", name(voice_kind_name(v->kind)));
    return with(o, "cue", v->cue.size ? text(v->cue) : json_null());
}

static json_t *via_json(const voice *v, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, voice_json(&v[i]));
    return list;
}

/* To a millimetre: what a double has beyond it is noise. */
static json_t *rounded(double degrees) {
    return json_real(round(degrees * 1e8) / 1e8);
}

static json_t *place_json(const place_mention *p) {
    json_t *o = span_json(&p->at);
    with(o, "name", text(p->name));
    with(o, "country", text(p->country));
    with(o, "admin1", text(p->admin1));
    with(o, "kind", name(place_kind_name(p->kind)));
    with(o, "id", text(p->id));
    with(o, "lat", p->resolved ? rounded(p->lat) : json_null());
    with(o, "lon", p->resolved ? rounded(p->lon) : json_null());
    with(o, "radius_km", p->resolved ? rounded(p->radius_km) : json_null());
    return with(o, "anchor", text(p->anchor));
}

static json_t *time_json(const time_mention *t) {
    return with(span_json(&t->at), "value", text(t->value));
}

/* "effect=killed form=masdar" */
static json_t *words_json(str words) {
    json_t *list = json_array();
    for (size_t at = 0; at < words.size;) {
        const char *space = memchr(words.data + at, ' ', words.size - at);
        size_t end = space ? (size_t)(space - words.data) : words.size;
        json_array_append_new(list, text(str_slice(words, at, end)));
        at = end + 1;
    }
    return list;
}

static json_t *because_node_json(const because_node *n) {
    json_t *o = span_json(&n->at);
    with(o, "classes", words_json(n->classes));
    with(o, "features", words_json(n->features));
    with(o, "rule", text(n->rule));
    with(o, "file", text(n->file));
    return with(o, "line", n->file.data ? json_integer(n->line) : json_null());
}

static json_t *because_json(const derivation *d) {
    json_t *list = json_array();
    for (size_t i = 0; i < d->step.size; i++) {
        const because *b = &d->step.at[i];
        json_t *matched = json_array();
        for (size_t k = 0; k < b->nodes.size; k++)
            json_array_append_new(matched, because_node_json(&b->nodes.at[k]));
        json_array_append_new(list, json_pack("{s:o, s:o, s:i, s:i, s:i, s:o}", "rule", text(b->rule), "file",
                                              text(b->file), "line", (int)b->line, "start", (int)b->start,
                                              "end", (int)b->end, "matched", matched));
    }
    return list;
}

static json_t *actor_json(const actor_mention *a) {
    json_t *o = span_json(&a->at);
    return json_is_object(o) ? with(o, "hedged", json_boolean(a->hedged)) : o;
}

static json_t *claim_json(const reading *r, const claim *c, bool explain) {
    json_t *o =
        json_pack("{s:s, s:o, s:o, s:b, s:o}", "effect", effect_name(c->effect), "min", count_or_null(c->min),
                  "max", count_or_null(c->max), "approx", (int)c->approx, "count", span_json(&c->count));
    json_t *who = SPAN_NONE(c->who) ? span_json(&c->count) : span_json(&c->who);
    with(who, "class", name(who_class_name(c->who_class)));
    with(who, "group", name(who_group_name(c->who_group)));
    with(o, "who", who);
    with(o, "part_of", index_or_null(c->part_of));
    with(o, "voice", voice_json(&c->voice));
    with(o, "via", via_json(c->via.at, c->via.size));
    with(o, "stance", name(stance_name(c->stance)));
    with(o, "event", name(event_type_name(c->event)));
    with(o, "event_index", index_or_null(c->event_index));
    with(o, "actor", actor_json(&c->actor));
    with(o, "place", c->place >= 0 ? place_json(&r->places.at[c->place]) : json_null());
    json_t *time = c->time >= 0 ? time_json(&r->times.at[c->time]) : json_null();
    with(o, "time", with(time, "inherited", json_boolean(c->time_inherited)));
    with(o, "date", text(c->date));
    with(o, "scope", name(scope_name(c->scope)));
    with(o, "evidence",
         json_pack("{s:i, s:i}", "start", (int)c->evidence.start, "end", (int)c->evidence.end));
    return explain ? with(o, "because", because_json(&c->because)) : o;
}

static json_t *event_json(const reading *r, const event *e, bool explain) {
    json_t *places = json_array();
    for (size_t i = 0; i < e->places.size; i++)
        json_array_append_new(places, place_json(&r->places.at[e->places.at[i]]));
    json_t *o =
        json_pack("{s:o, s:o}", "type", name(event_type_name(e->type)), "trigger", span_json(&e->trigger));
    with(o, "voice", voice_json(&e->voice));
    with(o, "via", via_json(e->via.at, e->via.size));
    with(o, "stance", name(stance_name(e->stance)));
    with(o, "actor", actor_json(&e->actor));
    with(o, "places", places);
    with(o, "min", e->counted ? count_or_null(e->min) : json_null());
    with(o, "max", e->counted ? count_or_null(e->max) : json_null());
    with(o, "time", e->time >= 0 ? time_json(&r->times.at[e->time]) : json_null());
    with(o, "date", text(e->date));
    with(o, "date_from", name(date_source_name(e->date_from)));
    json_t *outcome = span_json(&e->outcome);
    with(o, "outcome", with(outcome, "kind", name(outcome_kind_name(e->outcome_kind))));
    with(o, "evidence",
         json_pack("{s:i, s:i}", "start", (int)e->evidence.start, "end", (int)e->evidence.end));
    return explain ? with(o, "because", because_json(&e->because)) : o;
}

static void add_head(json_t *o, const article *p, str engine) {
    with(o, "format", json_string("isnad-reading/1"));
    with(o, "engine", engine.size ? json_loadb(engine.data, engine.size, 0, NULL) : json_null());
    with(o, "id", text(p->id));
    with(o, "url", text(p->url));
    with(o, "outlet", text(p->outlet));
    with(o, "language", p->language.size ? text(p->language) : json_null());
    with(o, "published", text(p->published));
    with(o, "published_offset", text(p->published_offset));
    with(o, "published_from", text(p->published_from));
    with(o, "sha256", text(p->sha256));
    with(o, "truncated", json_boolean(p->truncated));
    with(o, "title", text(p->title));
    with(o, "text", text(p->text.data ? p->text : STR("")));
}

static json_t *links_json(const article *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->links.size; i++)
        if (p->links.at[i].role <= LINK_SOURCE) /* tags and other links are the page's, not the reading's */
            json_array_append_new(
                list, json_pack("{s:s, s:o, s:o}", "role", link_role_name(p->links.at[i].role), "href",
                                text(p->links.at[i].href), "text", text(p->links.at[i].text)));
    return list;
}

static json_t *figure_json(double value) {
    bool whole = value > -9e15 && value < 9e15 && value == (double)(int64_t)value;
    return whole ? json_integer((int64_t)value) : json_real(value);
}

static json_t *numbers_json(const reading *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->numbers.size; i++) {
        const number_mention *n = &r->numbers.at[i];
        bool range = strcmp(n->kind, "range") == 0;
        json_t *o = with(span_json(&n->at), "value", range ? json_null() : figure_json(n->value));
        with(o, "kind", json_string(n->kind));
        with(o, "min", figure_json(n->min));
        json_array_append_new(list, with(o, "max", figure_json(n->max)));
    }
    return list;
}

static json_t *acts_json(const reading *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->acts.size; i++) {
        const act_mention *m = &r->acts.at[i];
        json_t *o = with(span_json(&m->at), "type", name(event_type_name(m->type))), *features = json_array();
        for (size_t k = 0; k < m->features.size; k++)
            json_array_append_new(features, json_string(m->features.at[k]));
        with(o, "event", index_or_null(m->event));
        with(o, "score", json_real(m->score));
        json_t *ties = json_array();
        for (size_t k = 0; k < m->ties.size; k++) {
            json_t *tie = json_array();
            for (int bit = 0; bit < TIES; bit++)
                if (m->ties.at[k].ties >> bit & 1)
                    json_array_append_new(tie, json_string(act_tie_name(bit)));
            json_array_append_new(ties, json_pack("{s:i, s:o}", "act", m->ties.at[k].act, "in", tie));
        }
        with(o, "features", features);
        with(o, "ties", ties);
        json_array_append_new(list, with(o, "evidence",
                                         json_pack("{s:i, s:i}", "start", (int)m->evidence.start, "end",
                                                   (int)m->evidence.end)));
    }
    return list;
}

static json_t *disagreements_json(const reading *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->disagreements.size; i++) {
        const disagreement *d = &r->disagreements.at[i];
        json_array_append_new(
            list, json_pack("{s:[i, i], s:s}", "claims", d->a, d->b, "on", disagreement_on_name(d->on)));
    }
    return list;
}

void reading_json(const reading *r, str engine, const reading_options *options, arena *a, str *out) {
    bool explain = options && options->explain;
    json_t *o = json_object(), *claims = json_array(), *events = json_array(), *times = json_array(),
           *places = json_array(), *warnings = json_array();
    add_head(o, r->article, engine);
    for (size_t i = 0; i < r->claims.size; i++)
        json_array_append_new(claims, claim_json(r, &r->claims.at[i], explain));
    for (size_t i = 0; i < r->events.size; i++)
        json_array_append_new(events, event_json(r, &r->events.at[i], explain));
    for (size_t i = 0; i < r->times.size; i++)
        json_array_append_new(times, explain ? with(time_json(&r->times.at[i]), "because",
                                                    because_json(&r->times.at[i].because))
                                             : time_json(&r->times.at[i]));
    for (size_t i = 0; i < r->listed_places; i++)
        json_array_append_new(places, place_json(&r->places.at[i]));
    for (size_t i = 0; i < r->warnings.size; i++)
        json_array_append_new(warnings, text(r->warnings.at[i]));
    with(o, "claims", claims);
    with(o, "events", events);
    with(o, "times", times);
    with(o, "places", places);
    with(o, "disagreements", disagreements_json(r));
    with(o, "links", links_json(r->article));
    with(o, "warnings", warnings);
    if (options && options->numbers) {
        with(o, "numbers", numbers_json(r));
        with(o, "acts", acts_json(r));
    }
    char *dump = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
    *out = arena_copy(a, str_of(dump ? dump : "{}"));
    free(dump);
    json_decref(o);
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
