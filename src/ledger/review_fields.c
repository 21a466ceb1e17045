/* Corrections: what a reviewer says of a claim in place of what the machine read.
 *
 * A correction holds whole values, as an export writes them: {"min": 5, "place": {…}}. What was said is made
 * complete when the act is done (a place is looked up then, a voice keeps the kind it had), so that nothing
 * of it depends on tables that change later. */
#include <math.h>
#include <stdlib.h>

#include "ledger/incident.h"
#include "ledger/review.h"

/* ---- values as they are told ---- */

typedef struct reading_fields {
    ledger *l;
    arena *a;
    failure *f;
    int64_t claim; /* its key; 0: an incident */
    json_t *now;   /* what holds of the claim now: whole values by field */
    json_t *set;   /* what is said */
} reading_fields;

typedef status field_take(reading_fields *r, const char *key, str value);

static json_t *json_of(str s) {
    return json_stringn(s.data, s.size);
}

static bool is_nothing(str value) {
    return !value.size || str_equal(value, STR("none"));
}

/* As lists show names ("air strike") or as exports write them. */
static str plain(reading_fields *r, str value) {
    char *out = arena_alloc(r->a, value.size + 1);
    for (size_t i = 0; i < value.size; i++)
        out[i] = value.data[i] == ' ' || value.data[i] == '-' ? '_' : value.data[i];
    return (str){out, value.size};
}

static status set_value(reading_fields *r, const char *key, json_t *value) {
    if (value)
        json_object_set_new(r->set, key, value);
    return value ? STATUS_OK : fail(r->f, STATUS_USAGE, "%s: expected UTF-8", key);
}

/* One of a vocabulary. */
typedef int (*named)(str name);

static status take_name(reading_fields *r, const char *key, str value, named find, const char *expected) {
    value = plain(r, value);
    return find(value) == NONE
               ? fail(r->f, STATUS_USAGE, "%s=%.*s: expected %s", key, STR_ARG(value), expected)
               : set_value(r, key, json_of(value));
}

static status take_effect(reading_fields *r, const char *key, str value) {
    return take_name(r, key, value, effect_named,
                     "killed, injured, casualties, missing, detained or displaced");
}

static status take_class(reading_fields *r, const char *key, str value) {
    return take_name(r, key, value, who_class_named, "civilian, combatant, mixed or unknown");
}

static status take_stance(reading_fields *r, const char *key, str value) {
    return take_name(r, key, value, stance_named, "asserts, hedges or denies");
}

static status take_scope(reading_fields *r, const char *key, str value) {
    return take_name(r, key, value, scope_named, "incident, cumulative or background");
}

static status take_group(reading_fields *r, const char *key, str value) {
    if (is_nothing(value))
        return set_value(r, key, json_null());
    return take_name(r, key, value, who_group_named,
                     "child, woman, man, elderly, journalist, medic, rescuer, named or none");
}

static status take_event(reading_fields *r, const char *key, str value) {
    if (is_nothing(value))
        return set_value(r, key, json_null());
    return take_name(r, key, value, event_type_named,
                     "air_strike, drone_strike, shelling, explosive, clash, shooting, execution, detention, "
                     "protest, accident, disaster, other_attack or none");
}

static status take_limit(reading_fields *r, const char *key, str value) {
    int64_t n;
    bool open = str_equal(str_of(key), STR("max")) && str_equal(value, STR("open"));
    if (open)
        return set_value(r, key, json_null());
    if (!whole_told(value, &n))
        return fail(r->f, STATUS_USAGE, "%s=%.*s: expected a number of people%s", key, STR_ARG(value),
                    *key == 'm' && key[1] == 'a' ? ", or open" : "");
    return set_value(r, key, json_integer(n));
}

/* 5, 5-7, 5+ */
static status take_count(reading_fields *r, const char *key, str value) {
    int64_t least, most;
    size_t dash = str_find(value, STR("-"), 0);
    bool open = str_ends(value, STR("+"));
    str first = str_slice(value, 0, open ? value.size - 1 : dash == SIZE_MAX ? value.size : dash);
    str last = dash == SIZE_MAX || open ? first : str_slice(value, dash + 1, value.size);
    if (!whole_told(first, &least) || !whole_told(last, &most))
        return fail(r->f, STATUS_USAGE, "%s=%.*s: expected 5, 5-7 or 5+", key, STR_ARG(value));
    json_object_set_new(r->set, "min", json_integer(least));
    return set_value(r, "max", open ? json_null() : json_integer(most));
}

static status take_approx(reading_fields *r, const char *key, str value) {
    bool yes = str_equal(value, STR("yes")) || str_equal(value, STR("true"));
    bool no = str_equal(value, STR("no")) || str_equal(value, STR("false"));
    return yes || no ? set_value(r, key, json_boolean(yes))
                     : fail(r->f, STATUS_USAGE, "%s=%.*s: expected yes or no", key, STR_ARG(value));
}

static status take_date(reading_fields *r, const char *key, str value) {
    day from, to;
    if (is_nothing(value))
        return set_value(r, key, json_null());
    return days_of(value, &from, &to)
               ? set_value(r, key, json_of(value))
               : fail(r->f, STATUS_USAGE,
                      "%s=%.*s: expected YYYY-MM-DD, YYYY-MM, YYYY, or two of them with / between", key,
                      STR_ARG(value));
}

/* ---- values of several parts ---- */

/* The object to which a part belongs: what is said already, else what holds now, else an empty one. */
static json_t *object_of(reading_fields *r, const char *key, const char *const *parts) {
    json_t *object = json_object_get(r->set, key);
    if (json_is_object(object))
        return object;
    const json_t *now = json_object_get(r->now, key);
    object = json_is_object(now) ? json_deep_copy(now) : json_object();
    for (; *parts; parts++)
        if (!json_object_get(object, *parts))
            json_object_set_new(object, *parts, json_null());
    json_object_set_new(r->set, key, object);
    return object;
}

static const char *const place_parts[] = {"text", "name", "name_ar", "country",   "admin1", "kind",
                                          "id",   "lat",  "lon",     "radius_km", NULL};
static const char *const voice_parts[] = {"text", "kind", NULL};
static const char *const actor_parts[] = {"text", NULL};

static json_t *json_or_null(str s) {
    return s.size ? json_text(s) : json_null();
}

/* The best known place of that name; where none is known, the name alone. */
static status take_place(reading_fields *r, const char *key, str value) {
    place found[1];
    if (is_nothing(value))
        return set_value(r, key, json_null());
    char *folded = arena_alloc(r->a, value.size + 1);
    str name = {folded, places_fold(value, folded)};
    bool known = r->l->options.places && gazetteer_lookup(r->l->options.places, name, found, 1) > 0;
    json_t *p = json_object();
    for (size_t i = 0; place_parts[i]; i++)
        json_object_set_new(p, place_parts[i], json_null());
    json_object_set_new(p, "text", json_or_null(value));
    json_object_set_new(p, "name", json_or_null(known && found->name.size ? found->name : value));
    if (known) {
        json_object_set_new(p, "name_ar", json_or_null(found->name_ar));
        json_object_set_new(p, "country", json_or_null(found->country));
        json_object_set_new(p, "admin1", json_or_null(found->admin1));
        json_object_set_new(p, "kind", json_string(place_kind_name(found->kind)));
        json_object_set_new(p, "id", json_or_null(found->id));
        json_object_set_new(p, "lat", json_real(found->lat));
        json_object_set_new(p, "lon", json_real(found->lon));
        json_object_set_new(p, "radius_km", json_real(found->radius_km));
    } else {
        json_object_set_new(p, "kind", json_string(place_kind_name(PLACE_AREA)));
    }
    return set_value(r, key, p);
}

static status take_place_text(reading_fields *r, const char *key, str value) {
    const char *part = strchr(key, '.') + 1;
    if (str_equal(str_of(part), STR("kind")) && place_kind_named(value) == NONE)
        return fail(r->f, STATUS_USAGE,
                    "%s=%.*s: expected country, region, city, village, neighbourhood, site or area", key,
                    STR_ARG(value));
    json_object_set_new(object_of(r, "place", place_parts), part, json_or_null(value));
    return STATUS_OK;
}

static status take_place_number(reading_fields *r, const char *key, str value) {
    const char *part = strchr(key, '.') + 1;
    char *copy = arena_cstring(r->a, value), *end;
    double n = strtod(copy, &end), most = *part == 'r' ? 20000 : part[1] == 'a' ? 90 : 180;
    if (end == copy || *end || !isfinite(n) || fabs(n) > most || (*part == 'r' && n < 0))
        return fail(r->f, STATUS_USAGE, "%s=%.*s: expected a number%s", key, STR_ARG(value),
                    *part == 'r' ? " of kilometres" : " of degrees");
    json_t *p = object_of(r, "place", place_parts);
    json_object_set_new(p, part, json_real(n));
    if (!json_is_number(json_object_get(p, "radius_km")))
        json_object_set_new(p, "radius_km", json_real(1));
    return STATUS_OK;
}

static status take_voice(reading_fields *r, const char *key, str value) {
    if (is_nothing(value))
        return set_value(r, key, json_null());
    json_t *v = object_of(r, "voice", voice_parts);
    json_object_set_new(v, "text", json_or_null(value));
    const char *kind = json_string_value(json_object_get(v, "kind"));
    if (!kind || voice_kind_named(str_of(kind)) == VOICE_OUTLET)
        json_object_set_new(v, "kind", json_string(voice_kind_name(VOICE_ANONYMOUS)));
    return STATUS_OK;
}

static status take_voice_kind(reading_fields *r, const char *key, str value) {
    value = plain(r, value);
    if (voice_kind_named(value) == NONE)
        return fail(r->f, STATUS_USAGE,
                    "%s=%.*s: expected government, military, armed_group, police, security, medical, rescue, "
                    "monitor, intergovernmental, local, witness, media, expert or anonymous",
                    key, STR_ARG(value));
    json_object_set_new(object_of(r, "voice", voice_parts), "kind", json_of(value));
    return STATUS_OK;
}

static status take_actor(reading_fields *r, const char *key, str value) {
    if (is_nothing(value))
        return set_value(r, key, json_null());
    json_t *actor = object_of(r, "actor", actor_parts);
    json_object_set_new(actor, "text", json_or_null(value));
    if (!json_is_boolean(json_object_get(actor, "hedged")))
        json_object_set_new(actor, "hedged", json_false());
    return STATUS_OK;
}

static status take_actor_hedged(reading_fields *r, const char *key, str value) {
    bool yes = str_equal(value, STR("yes"));
    if (!yes && !str_equal(value, STR("no")))
        return fail(r->f, STATUS_USAGE, "%s=%.*s: expected yes or no", key, STR_ARG(value));
    json_object_set_new(object_of(r, "actor", actor_parts), "hedged", json_boolean(yes));
    return STATUS_OK;
}

/* Relays from the teller outwards, with ";" between. */
static status take_via(reading_fields *r, const char *key, str value) {
    json_t *list = json_array();
    str one;
    for (size_t at = 0; !is_nothing(value) && str_piece(value, &at, ';', &one);) {
        one = str_trim(one);
        if (one.size)
            json_array_append_new(list,
                                  json_pack("{s:s%, s:s}", "text", one.data, one.size, "kind", "media"));
    }
    return set_value(r, key, list);
}

/* Exactly one other claim of the same version: its whole id is kept. */
static status take_part_of(reading_fields *r, const char *key, str value) {
    str id = STR_NONE;
    int64_t whole = 0, found = 0;
    bool same = false;
    if (is_nothing(value))
        return set_value(r, key, json_null());
    statement s = statement_of(
        r->l,
        "SELECT id, key, version = (SELECT version FROM claim WHERE key = ?2) FROM claim WHERE " CLAIM_BEGINS
        " LIMIT 2",
        r->f);
    give_text(&s, value);
    give_number(&s, r->claim);
    for (; statement_row(&s); found++) {
        id = arena_copy(r->a, take_text(&s, 0));
        whole = take_number(&s, 1);
        same = take_number(&s, 2) != 0;
    }
    status code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    if (found > 1)
        return fail(r->f, STATUS_USAGE, "%s=%.*s: several claims begin so; expected more of the id", key,
                    STR_ARG(value));
    if (found == 1 && whole == r->claim)
        return fail(r->f, STATUS_USAGE,
                    "%s=%.*s: it is the claim itself; expected another of the same document", key,
                    STR_ARG(value));
    return found == 1 && same
               ? set_value(r, key, json_of(id))
               : fail(r->f, STATUS_USAGE, "%s=%.*s: expected the id of a claim of the same document, or none",
                      key, STR_ARG(value));
}

static const struct {
    const char *name;
    field_take *take;
} fields[] = {
    {"effect", take_effect},
    {"class", take_class},
    {"group", take_group},
    {"count", take_count},
    {"min", take_limit},
    {"max", take_limit},
    {"approx", take_approx},
    {"stance", take_stance},
    {"scope", take_scope},
    {"event", take_event},
    {"date", take_date},
    {"place", take_place},
    {"place.name", take_place_text},
    {"place.name_ar", take_place_text},
    {"place.country", take_place_text},
    {"place.admin1", take_place_text},
    {"place.kind", take_place_text},
    {"place.id", take_place_text},
    {"place.lat", take_place_number},
    {"place.lon", take_place_number},
    {"place.radius_km", take_place_number},
    {"voice", take_voice},
    {"voice.kind", take_voice_kind},
    {"via", take_via},
    {"actor", take_actor},
    {"actor.hedged", take_actor_hedged},
    {"part_of", take_part_of},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static status take_field(reading_fields *r, str field) {
    size_t equals = str_find(field, STR("="), 0);
    str name = str_slice(field, 0, equals == SIZE_MAX ? field.size : equals);
    for (size_t i = 0; i < FIELDS && equals != SIZE_MAX; i++)
        if (str_equal(name, str_of(fields[i].name)))
            return fields[i].take(r, fields[i].name, str_trim(str_slice(field, equals + 1, field.size)));
    buffer b = {0};
    for (size_t i = 0; i < FIELDS; i++)
        buffer_printf(&b, "%s%s", i ? ", " : "", fields[i].name);
    status code = fail(r->f, STATUS_USAGE, "\"%.*s\": expected FIELD=VALUE, FIELD being one of %.*s",
                       (int)(field.size < 60 ? field.size : 60), field.data, STR_ARG(buffer_str(&b)));
    buffer_free(&b);
    return code;
}

/* ---- what holds now ---- */

static status machine_values(reading_fields *r, int64_t key) {
    statement s = statement_of(
        r->l,
        "SELECT json_object('min', claim.min, 'max', claim.max, 'voice', CASE WHEN voice IS NULL THEN NULL"
        " ELSE json_object('text', voice, 'kind', voice_kind) END, 'actor', CASE WHEN actor IS NULL THEN NULL"
        " ELSE json_object('text', actor, 'hedged', json(CASE WHEN actor_hedged <> 0 THEN 'true' ELSE "
        "'false' "
        "END))"
        " END, 'place', CASE WHEN mention.text IS NULL THEN NULL ELSE json_object('text', mention.text,"
        " 'name', mention.name, 'name_ar', NULL, 'country', mention.country, 'admin1', mention.admin1, "
        "'kind',"
        " mention.kind, 'id', mention.id, 'lat', mention.lat, 'lon', mention.lon, 'radius_km',"
        " mention.radius_km) END) FROM claim LEFT JOIN mention ON mention.version = claim.version AND"
        " mention.number = claim.place WHERE claim.key = ?",
        r->f);
    give_number(&s, key);
    if (statement_row(&s)) {
        str text = take_text(&s, 0);
        r->now = json_parsed(text);
    }
    return statement_done(&s);
}

/* Earlier corrections stand in place of what the machine read. */
static status corrected_values(reading_fields *r, int64_t key) {
    review_entries e;
    review_state now;
    status code = review_entries_read(r->l, STR_NONE, &key, 1, r->a, &e, r->f);
    if (code != STATUS_OK)
        return code;
    review_fold(e.entries.at, e.entries.size, r->a, &now);
    const claim_review *c = review_of_claim(&now, key);
    if (c && c->set && r->now)
        json_object_update(r->now, c->set);
    review_free(&now);
    review_entries_free(&e);
    return STATUS_OK;
}

static const json_t *said_or_now(const reading_fields *r, const char *key) {
    const json_t *said = json_object_get(r->set, key);
    return said ? said : json_object_get(r->now, key);
}

static status check_bounds(const reading_fields *r) {
    const json_t *min = said_or_now(r, "min"), *max = said_or_now(r, "max");
    if (json_is_integer(min) && json_is_integer(max) && json_integer_value(min) > json_integer_value(max))
        return fail(r->f, STATUS_USAGE, "a figure from %lld to %lld: expected a min that is no more than max",
                    (long long)json_integer_value(min), (long long)json_integer_value(max));
    return STATUS_OK;
}

/* Of an incident as such: what kind of event, when, where. */
static status check_incident_fields(const reading_fields *r) {
    const char *key;
    json_t *value;
    json_object_foreach(r->set, key, value) {
        if (strcmp(key, "event") != 0 && strcmp(key, "date") != 0 && strcmp(key, "place") != 0)
            return fail(r->f, STATUS_USAGE,
                        "correct %s: expected a claim; of an incident event, date and place", key);
    }
    return STATUS_OK;
}

status fields_read(ledger *l, int64_t key, const str *given, size_t count, json_t **out, failure *f) {
    arena a = arena_new((allocator){0});
    reading_fields r = {.l = l, .a = &a, .f = f, .claim = key, .set = json_object()};
    status code = key > 0 ? machine_values(&r, key) : STATUS_OK;
    if (code == STATUS_OK && key > 0)
        code = corrected_values(&r, key);
    for (size_t i = 0; i < count && code == STATUS_OK; i++)
        code = take_field(&r, given[i]);
    if (code == STATUS_OK)
        code = key ? check_bounds(&r) : check_incident_fields(&r);
    if (code == STATUS_OK)
        *out = json_incref(r.set);
    json_decref(r.set);
    json_decref(r.now);
    arena_free(&a);
    return code;
}

/* ---- taking effect ---- */

static int either(int found, int otherwise) {
    return found == NONE ? otherwise : found;
}

ledger_place place_corrected(arena *a, const json_t *v) {
    ledger_place p = {.text = json_kept(a, v, "text"),
                      .name = json_kept(a, v, "name"),
                      .name_ar = json_kept(a, v, "name_ar"),
                      .country = json_kept(a, v, "country"),
                      .admin1 = json_kept(a, v, "admin1"),
                      .kind = json_kept(a, v, "kind"),
                      .id = json_kept(a, v, "id"),
                      .lat = json_number_value(json_object_get(v, "lat")),
                      .lon = json_number_value(json_object_get(v, "lon")),
                      .radius_km = json_number_value(json_object_get(v, "radius_km"))};
    p.resolved = json_is_number(json_object_get(v, "lat")) && json_is_number(json_object_get(v, "lon"));
    place_hashes(a, &p);
    return p;
}

/* ---- each field: how it is put into a claim, how it is written ---- */

static void put_effect(incident_work *w, told *c, const json_t *v) {
    c->effect = (effect)either(effect_named(arena_copy(w->a, json_slice(v))), (int)c->effect);
}

static void write_effect(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_name(b, effect_name(c->effect));
}

static void put_class(incident_work *w, told *c, const json_t *v) {
    c->who_class = (who_class)either(who_class_named(arena_copy(w->a, json_slice(v))), (int)c->who_class);
}

static void write_class(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_name(b, who_class_name(c->who_class));
}

static void put_group(incident_work *w, told *c, const json_t *v) {
    c->group = arena_copy(w->a, json_slice(v));
}

static void write_group(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_string(b, c->group);
}

static void put_min(incident_work *w, told *c, const json_t *v) {
    (void)w;
    c->min = json_integer_value(v);
}

static void write_min(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_number(b, c->min);
}

static void put_max(incident_work *w, told *c, const json_t *v) {
    (void)w;
    c->max = json_is_integer(v) ? json_integer_value(v) : COUNT_OPEN;
}

static void write_max(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_bound(b, c->max);
}

static void put_approx(incident_work *w, told *c, const json_t *v) {
    (void)w;
    c->approx = json_is_true(v);
}

static void write_approx(incident_work *w, buffer *b, const told *c) {
    (void)w;
    buffer_add(b, c->approx ? STR("true") : STR("false"));
}

static void put_stance(incident_work *w, told *c, const json_t *v) {
    c->stance = (stance)either(stance_named(arena_copy(w->a, json_slice(v))), (int)c->stance);
}

static void write_stance(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_name(b, stance_name(c->stance));
}

static void put_scope(incident_work *w, told *c, const json_t *v) {
    c->scope = (scope)either(scope_named(arena_copy(w->a, json_slice(v))), (int)c->scope);
}

static void write_scope(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_name(b, scope_name(c->scope));
}

static void put_event(incident_work *w, told *c, const json_t *v) {
    c->event = arena_copy(w->a, json_slice(v));
}

static void write_event(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_string(b, c->event);
}

static void put_date(incident_work *w, told *c, const json_t *v) {
    c->date = arena_copy(w->a, json_slice(v));
    c->from = c->to = DAY_NONE;
    days_of(c->date, &c->from, &c->to);
}

static void write_date(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_string(b, c->date);
}

static void put_place(incident_work *w, told *c, const json_t *v) {
    paper *p = &w->papers.at[c->paper];
    c->place = json_is_object(v) ? (int)p->mentions.size : NONE;
    if (json_is_object(v))
        *VECTOR_PUSH(&p->mentions, w->a) = place_corrected(w->a, v);
}

static void write_place_of(incident_work *w, buffer *b, const told *c) {
    write_place(b, place_of_claim(w, c));
}

static void put_voice(incident_work *w, told *c, const json_t *v) {
    c->voice = json_kept(w->a, v, "text");
    c->voice_kind = c->voice.data ? json_kept(w->a, v, "kind") : str_of(voice_kind_name(VOICE_OUTLET));
}

static void write_voice_of(incident_work *w, buffer *b, const told *c) {
    (void)w;
    buffer_add_byte(b, '{');
    write_key(b, "text"), write_string(b, c->voice);
    write_key(b, "kind"), write_string(b, c->voice_kind);
    buffer_add_byte(b, '}');
}

static void put_actor(incident_work *w, told *c, const json_t *v) {
    c->actor = json_kept(w->a, v, "text");
    c->actor_hedged = json_is_true(json_object_get(v, "hedged"));
}

static void write_actor_of(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_actor(b, c);
}

static void put_via(incident_work *w, told *c, const json_t *list) {
    const json_t *one;
    size_t i;
    c->via.size = c->via_kinds.size = 0;
    json_array_foreach(list, i, one) {
        *VECTOR_PUSH(&c->via, w->a) = json_kept(w->a, one, "text");
        *VECTOR_PUSH(&c->via_kinds, w->a) = json_kept(w->a, one, "kind");
    }
}

static void write_via_of(incident_work *w, buffer *b, const told *c) {
    (void)w;
    write_via(b, c);
}

static void put_part_of(incident_work *w, told *c, const json_t *v) {
    str id = arena_copy(w->a, json_slice(v));
    statement s = statement_of(w->l,
                               "SELECT number FROM claim WHERE " CLAIM_BEGINS
                               " AND version = (SELECT version FROM claim WHERE key = ?2)",
                               w->f);
    give_text(&s, id);
    give_number(&s, c->key);
    c->part_of = id.data && statement_row(&s) ? (int)take_number(&s, 0) : NONE;
    if (statement_done(&s) != STATUS_OK)
        c->part_of = NONE;
}

/* By its id, as all that is given out. */
static void write_part_of(incident_work *w, buffer *b, const told *c) {
    statement s =
        statement_of(w->l,
                     "SELECT id FROM claim WHERE number = ?1 AND version = (SELECT version FROM claim"
                     " WHERE key = ?2)",
                     w->f);
    give_number(&s, c->part_of);
    give_number(&s, c->key);
    write_string(b, c->part_of != NONE && statement_row(&s) ? take_text(&s, 0) : STR_NONE);
    statement_done(&s);
}

static const struct claim_field {
    const char *name;
    void (*put)(incident_work *w, told *c, const json_t *v);
    void (*write)(incident_work *w, buffer *b, const told *c);
    unsigned bit; /* of `corrected` */
} claim_fields[] = {
    {"effect", put_effect, write_effect, 0},
    {"class", put_class, write_class, 0},
    {"group", put_group, write_group, 0},
    {"min", put_min, write_min, CORRECTED_FIGURE},
    {"max", put_max, write_max, CORRECTED_FIGURE},
    {"approx", put_approx, write_approx, 0},
    {"stance", put_stance, write_stance, 0},
    {"scope", put_scope, write_scope, 0},
    {"event", put_event, write_event, CORRECTED_EVENT},
    {"date", put_date, write_date, CORRECTED_DATE},
    {"place", put_place, write_place_of, CORRECTED_PLACE},
    {"voice", put_voice, write_voice_of, 0},
    {"actor", put_actor, write_actor_of, CORRECTED_ACTOR},
    {"via", put_via, write_via_of, 0},
    {"part_of", put_part_of, write_part_of, 0},
};

static str field_text(incident_work *w, const told *c, const struct claim_field *field) {
    buffer b = {0};
    field->write(w, &b, c);
    str out = arena_copy(w->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

void claim_correct(incident_work *w, told *c, const json_t *set) {
    buffer b = {0};
    buffer_add_byte(&b, '{');
    for (size_t i = 0; i < sizeof claim_fields / sizeof *claim_fields; i++) {
        const struct claim_field *field = &claim_fields[i];
        const json_t *v = json_object_get(set, field->name);
        if (!v)
            continue;
        str before = field_text(w, c, field);
        field->put(w, c, v);
        if (str_equal(before, field_text(w, c, field)))
            continue;
        write_key(&b, field->name), buffer_add(&b, before);
        c->corrected |= field->bit;
    }
    buffer_add_byte(&b, '}');
    c->as_read = b.size > 2 ? arena_copy(w->a, buffer_str(&b)) : STR_NONE;
    buffer_free(&b);
}
