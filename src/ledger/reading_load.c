/* Readings made elsewhere: isnad-reading/1 back into the structs of reading.h.
 *
 * Spans come as code points; the text is walked once to make a sparse map from code points to bytes, so that
 * loading is linear. What the format allows to be null or to be missing is filled with the empty value; what
 * contradicts it (a span outside the text, an index beyond its list, an unknown effect) makes the whole
 * reading bad, in one line. */

#include "ledger/ledger.h"

#include "base/utf8.h"
#include "ledger/json.h"
#include "ledger/store.h"

enum { STRIDE = 64 };

typedef struct loading {
    arena *a;
    failure *f;
    bool bad;
    str text;
    size_t length;   /* code points */
    size_t *offsets; /* bytes of every 64th code point */
} loading;

static void reject(loading *in, const char *what, long long value) {
    if (!in->bad)
        fail(in->f, STATUS_BAD_INPUT, "reading: %s (%lld)", what, value);
    in->bad = true;
}

static str text_of(loading *in, const json_t *object, const char *key) {
    return json_kept(in->a, object, key);
}

static int64_t number_of(const json_t *object, const char *key, int64_t otherwise) {
    const json_t *v = json_object_get(object, key);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : otherwise;
}

static void map_text(loading *in) {
    in->length = utf8_length(in->text);
    in->offsets = ARENA_NEW(in->a, size_t, in->length / STRIDE + 1);
    size_t n = 0;
    for (size_t at = 0; at < in->text.size; n++) {
        if (n % STRIDE == 0)
            in->offsets[n / STRIDE] = at;
        utf8_next(in->text, &at);
    }
    if (n % STRIDE == 0)
        in->offsets[n / STRIDE] = in->text.size;
}

static size_t byte_of(const loading *in, size_t point) {
    size_t at = in->offsets[point / STRIDE];
    for (size_t n = point / STRIDE * STRIDE; n < point; n++)
        utf8_next(in->text, &at);
    return at;
}

static span span_of(loading *in, const json_t *object) {
    int64_t start = number_of(object, "start", -1), end = number_of(object, "end", -1);
    if (!json_is_object(object) || (start < 0 && end < 0))
        return (span){STR_NONE, 0, 0};
    if (start < 0 || end < start || (uint64_t)end > in->length) {
        reject(in, "a span lies outside the text", (long long)end);
        return (span){STR_NONE, 0, 0};
    }
    size_t from = byte_of(in, (size_t)start), to = byte_of(in, (size_t)end);
    const json_t *text = json_object_get(object, "text");
    str there = str_slice(in->text, from, to);
    if (json_is_string(text) && !str_equal(there, json_slice(text)))
        reject(in, "a span's text is not what stands there", (long long)start);
    return (span){there, (uint32_t)start, (uint32_t)end};
}

static int named(loading *in, const json_t *object, const char *key, int (*find)(str), int otherwise) {
    str name = text_of(in, object, key);
    int found = name.data ? find(name) : otherwise;
    if (found == NONE && !in->bad) {
        in->bad = true;
        fail(in->f, STATUS_BAD_INPUT, "reading: unknown %s \"%.*s\"", key,
             (int)(name.size < 60 ? name.size : 60), name.data);
    }
    return found == NONE ? otherwise : found;
}

static int index_of(loading *in, const json_t *object, const char *key, size_t limit) {
    int64_t n = number_of(object, key, NONE);
    if (n < NONE || n >= (int64_t)limit) {
        reject(in, "an index points beyond its list", (long long)n);
        return NONE;
    }
    return (int)n;
}

static voice voice_of(loading *in, const json_t *object) {
    if (!json_is_object(object))
        return (voice){.kind = VOICE_OUTLET};
    return (voice){.at = span_of(in, object),
                   .kind = (voice_kind)named(in, object, "kind", voice_kind_named, VOICE_ANONYMOUS),
                   .cue = text_of(in, object, "cue")};
}

static actor_mention actor_of(loading *in, const json_t *object) {
    return (actor_mention){span_of(in, object), json_is_true(json_object_get(object, "hedged"))};
}

static place_mention place_of(loading *in, const json_t *object) {
    const json_t *lat = json_object_get(object, "lat"), *lon = json_object_get(object, "lon");
    place_mention p = {.at = span_of(in, object),
                       .kind = (place_kind)named(in, object, "kind", place_kind_named, PLACE_AREA),
                       .name = text_of(in, object, "name"),
                       .country = text_of(in, object, "country"),
                       .admin1 = text_of(in, object, "admin1"),
                       .id = text_of(in, object, "id"),
                       .anchor = text_of(in, object, "anchor"),
                       .resolved = json_is_number(lat) && json_is_number(lon)};
    if (p.resolved) {
        p.lat = json_number_value(lat);
        p.lon = json_number_value(lon);
        p.radius_km = json_number_value(json_object_get(object, "radius_km"));
        if (!(p.lat >= -90 && p.lat <= 90 && p.lon >= -180 && p.lon <= 180 && p.radius_km >= 0 &&
              p.radius_km < 21000))
            reject(in, "a place lies outside the earth", 0);
    }
    return p;
}

static bool same_place(const place_mention *a, const place_mention *b) {
    return a->at.start == b->at.start && a->at.end == b->at.end && str_equal(a->id, b->id);
}

/* A claim's place as an index: an entry that is there already, else a new one behind them. */
static int place_index(loading *in, const json_t *object, reading *r) {
    if (!json_is_object(object))
        return NONE;
    place_mention p = place_of(in, object);
    for (size_t i = r->places.size; i-- > 0 && r->places.size - i < 64;)
        if (same_place(&r->places.at[i], &p))
            return (int)i;
    *VECTOR_PUSH(&r->places, in->a) = p;
    return (int)r->places.size - 1;
}

static int time_index(loading *in, const json_t *object, reading *r) {
    if (!json_is_object(object))
        return NONE;
    *VECTOR_PUSH(&r->times, in->a) =
        (time_mention){.at = span_of(in, object), .value = text_of(in, object, "value")};
    return (int)r->times.size - 1;
}

static void read_bounds(loading *in, const json_t *object, int64_t *min, int64_t *max) {
    *min = number_of(object, "min", 0);
    *max = number_of(object, "max", COUNT_OPEN);
    if (*min < 0 || *max < *min)
        reject(in, "a count's bounds are the wrong way round", (long long)*max);
}

static void read_claim(loading *in, const json_t *o, size_t claims, size_t events, reading *r) {
    claim c = {.effect = (effect)named(in, o, "effect", effect_named, EFFECT_KILLED)};
    const json_t *who = json_object_get(o, "who"), *time = json_object_get(o, "time"), *relay;
    size_t i;
    read_bounds(in, o, &c.min, &c.max);
    c.approx = json_is_true(json_object_get(o, "approx"));
    c.count = span_of(in, json_object_get(o, "count"));
    c.who = span_of(in, who);
    c.who_class = (who_class)named(in, who, "class", who_class_named, CLASS_UNKNOWN);
    c.who_group = (who_group)named(in, who, "group", who_group_named, GROUP_NONE);
    c.part_of = index_of(in, o, "part_of", claims);
    c.voice = voice_of(in, json_object_get(o, "voice"));
    json_array_foreach(json_object_get(o, "via"), i, relay) * VECTOR_PUSH(&c.via, in->a) =
        voice_of(in, relay);
    c.stance = (stance)named(in, o, "stance", stance_named, STANCE_ASSERTS);
    c.event = (event_type)named(in, o, "event", event_type_named, EVENT_NONE);
    c.event_index = index_of(in, o, "event_index", events);
    c.actor = actor_of(in, json_object_get(o, "actor"));
    c.place = place_index(in, json_object_get(o, "place"), r);
    c.time = time_index(in, time, r);
    c.time_inherited = json_is_true(json_object_get(time, "inherited"));
    c.date = text_of(in, o, "date");
    c.scope = (scope)named(in, o, "scope", scope_named, SCOPE_INCIDENT);
    c.evidence = span_of(in, json_object_get(o, "evidence"));
    *VECTOR_PUSH(&r->claims, in->a) = c;
}

static outcome_kind outcome_of(loading *in, const json_t *o) {
    str kind = text_of(in, o, "kind");
    for (int i = OUTCOME_SUCCEEDED; kind.data && i <= OUTCOME_REPELLED; i++)
        if (str_equal(kind, str_of(outcome_kind_name((outcome_kind)i))))
            return (outcome_kind)i;
    return OUTCOME_NONE;
}

static void read_event(loading *in, const json_t *o, reading *r) {
    event e = {.type = (event_type)named(in, o, "type", event_type_named, EVENT_OTHER_ATTACK)};
    const json_t *where, *relay, *outcome = json_object_get(o, "outcome");
    size_t i;
    e.trigger = span_of(in, json_object_get(o, "trigger"));
    e.voice = voice_of(in, json_object_get(o, "voice"));
    json_array_foreach(json_object_get(o, "via"), i, relay) * VECTOR_PUSH(&e.via, in->a) =
        voice_of(in, relay);
    e.stance = (stance)named(in, o, "stance", stance_named, STANCE_ASSERTS);
    e.actor = actor_of(in, json_object_get(o, "actor"));
    json_array_foreach(json_object_get(o, "places"), i, where) * VECTOR_PUSH(&e.places, in->a) =
        place_index(in, where, r);
    e.counted = json_is_integer(json_object_get(o, "min"));
    if (e.counted)
        read_bounds(in, o, &e.min, &e.max);
    e.time = time_index(in, json_object_get(o, "time"), r);
    e.date = text_of(in, o, "date");
    e.date_from = (date_source)named(in, o, "date_from", date_source_named, DATE_UNKNOWN);
    e.outcome = span_of(in, outcome);
    e.outcome_kind = outcome_of(in, outcome);
    e.evidence = span_of(in, json_object_get(o, "evidence"));
    *VECTOR_PUSH(&r->events, in->a) = e;
}

static void read_disagreement(loading *in, const json_t *o, size_t claims, reading *r) {
    const json_t *pair = json_object_get(o, "claims");
    str on = text_of(in, o, "on");
    int64_t a = json_integer_value(json_array_get(pair, 0)), b = json_integer_value(json_array_get(pair, 1));
    for (int i = ON_COUNT; i <= ON_PLACE; i++)
        if (str_equal(on, str_of(disagreement_on_name((disagreement_on)i))) && json_array_size(pair) == 2) {
            if (a < 0 || b < 0 || a >= (int64_t)claims || b >= (int64_t)claims)
                reject(in, "a disagreement points beyond the claims", (long long)b);
            *VECTOR_PUSH(&r->disagreements, in->a) = (disagreement){(int)a, (int)b, (disagreement_on)i};
            return;
        }
    reject(in, "a disagreement without two claims and a known `on`", 0);
}

static void read_article(loading *in, const json_t *root, article *out) {
    *out = (article){.id = text_of(in, root, "id"),
                     .url = text_of(in, root, "url"),
                     .outlet = text_of(in, root, "outlet"),
                     .title = text_of(in, root, "title"),
                     .language = text_of(in, root, "language"),
                     .published = text_of(in, root, "published"),
                     .published_offset = text_of(in, root, "published_offset"),
                     .published_from = text_of(in, root, "published_from"),
                     .sha256 = text_of(in, root, "sha256"),
                     .truncated = json_is_true(json_object_get(root, "truncated")),
                     .verbatim = true,
                     .supported = true,
                     .text = in->text};
    if (out->title.size && str_starts(out->text, out->title) && out->text.size > out->title.size)
        out->body_start = out->title.size + 1;
}

static void read_lists(loading *in, const json_t *root, reading *r) {
    const json_t *claims = json_object_get(root, "claims"), *events = json_object_get(root, "events"), *item;
    size_t i;
    json_array_foreach(json_object_get(root, "places"), i, item) * VECTOR_PUSH(&r->places, in->a) =
        place_of(in, item);
    r->listed_places = r->places.size;
    json_array_foreach(json_object_get(root, "times"), i, item) * VECTOR_PUSH(&r->times, in->a) =
        (time_mention){.at = span_of(in, item), .value = text_of(in, item, "value")};
    json_array_foreach(events, i, item) read_event(in, item, r);
    json_array_foreach(claims, i, item)
        read_claim(in, item, json_array_size(claims), json_array_size(events), r);
    json_array_foreach(json_object_get(root, "disagreements"), i, item)
        read_disagreement(in, item, json_array_size(claims), r);
}

status reading_load(str json, arena *a, article *article_out, reading *out, failure *f) {
    json_error_t error;
    json_t *root = json_loadb(json.data ? json.data : "", json.size, 0, &error);
    if (!root)
        return fail(f, STATUS_BAD_INPUT, "reading: no JSON at byte %d: %s", error.position, error.text);
    loading in = {.a = a, .f = f};
    const json_t *text = json_object_get(root, "text"), *format = json_object_get(root, "format");
    reading r = {0};
    article made = {0};
    if (!json_is_string(format) || strcmp(json_string_value(format), "isnad-reading/1") != 0 ||
        !json_is_string(text)) {
        reject(&in, "expected an object with \"format\": \"isnad-reading/1\" and a text", 0);
    } else {
        in.text = arena_copy(a, json_slice(text));
        map_text(&in);
        read_article(&in, root, &made);
        read_lists(&in, root, &r);
    }
    json_decref(root);
    if (in.bad)
        return STATUS_BAD_INPUT;
    *article_out = made;
    *out = r;
    out->article = article_out;
    return STATUS_OK;
}
