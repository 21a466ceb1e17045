/* The query language (docs/queries.md): words to be found, and what narrows them.
 *
 *     مستشفى "fuel market" -school near:"دير الزور",20 from:2021-01 killed>=10 kind:monitor
 *
 * A query becomes an expression for the index of words and conditions on incidents; every value is bound,
 * never pasted. What is wrong is told with the column it stands in, counted in code points from 1. */
#include "ledger/ask.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ledger/review.h"
#include "ledger/words.h"

enum { TERM_LIMIT = 64, NARROWING_LIMIT = 16 };

typedef struct parsing {
    ledger *l;
    arena *a;
    failure *f;
    str query;
    size_t terms, narrowings;
    affixes affixes;
    buffer with, without; /* words that must be there, and that must not */
    buffer shown;
    const char *said; /* what is wrong with a value, where a field says more than what it expects */
    asked *out;
} parsing;

static status wrong(const parsing *p, size_t at, const char *what) {
    return fail(p->f, STATUS_USAGE, "query, column %zu: %s", utf8_length(str_slice(p->query, 0, at)) + 1,
                what);
}

/* ---- words ---- */

static void add_phrase(parsing *p, buffer *b, str text, bool together) {
    word w;
    size_t begun = SIZE_MAX;
    for (size_t at = 0; words_next(text, &at, &w);) {
        bool begins = !together && at < text.size && text.data[at] == '*';
        word_stem(&p->affixes, &w);
        bool first = begun == SIZE_MAX;
        begun = first ? b->size : begun;
        if (!first && together)
            buffer_add_byte(b, ' ');
        else
            buffer_add(b, b->size ? STR(" \"") : STR("\""));
        buffer_add(b, (str){w.folded, w.size});
        if (!together)
            buffer_add(b, begins ? STR("\"*") : STR("\""));
    }
    if (together && begun != SIZE_MAX)
        buffer_add_byte(b, '"');
}

/* "NOT" takes one operand: what must not be there is joined by OR. */
static void add_without(parsing *p, str text, bool together) {
    buffer one = {0};
    add_phrase(p, &one, text, together);
    if (one.size) {
        buffer_add(&p->without, p->without.size ? STR(" OR (") : STR("("));
        buffer_add(&p->without, buffer_str(&one));
        buffer_add_byte(&p->without, ')');
    }
    buffer_free(&one);
}

/* ---- what narrows ---- */

static asked_condition *narrow(parsing *p, asked_test test, const char *sql) {
    asked_condition c = {.test = test, .sql = sql};
    *VECTOR_PUSH(&p->out->conditions, p->a) = c;
    return &p->out->conditions.at[p->out->conditions.size - 1];
}

static void narrow_text(parsing *p, asked_test test, const char *sql, str text) {
    asked_condition *c = narrow(p, test, sql);
    c->at[c->size++] = (condition){CONDITION_TEXT, .text = text};
}

static asked_condition *narrow_number(parsing *p, asked_test test, const char *sql, int64_t n) {
    asked_condition *c = narrow(p, test, sql);
    c->at[c->size++] = (condition){CONDITION_NUMBER, .number = n};
    return c;
}

static void narrow_real(asked_condition *c, double n) {
    c->at[c->size++] = (condition){CONDITION_REAL, .real = n};
}

/* ---- several values ---- */

typedef struct value_list {
    str at[ASKED_VALUES];
    size_t size;
} value_list;

/* The values between commas; one behind a backslash is part of a value. False where one is empty, or where
 * there are too many. */
static bool values_of(parsing *p, str list, value_list *out) {
    char *text = arena_alloc(p->a, list.size + 1);
    size_t size = 0, from = 0;
    *out = (value_list){.size = 0};
    for (size_t i = 0; i <= list.size; i++) {
        bool escaped = i + 1 < list.size && list.data[i] == '\\' &&
                       (list.data[i + 1] == ',' || list.data[i + 1] == '\\');
        if (i < list.size && (escaped || list.data[i] != ',')) {
            i += escaped;
            text[size++] = list.data[i];
            continue;
        }
        if (out->size == ASKED_VALUES || size == from)
            return false;
        out->at[out->size++] = (str){text + from, size - from};
        from = size;
    }
    return true;
}

/* "before (?, ?) after" */
static const char *with_marks(parsing *p, const char *before, size_t count, const char *after) {
    buffer b = {0};
    buffer_printf(&b, "%s(", before);
    for (size_t i = 0; i < count; i++)
        buffer_add(&b, i ? STR(", ?") : STR("?"));
    buffer_printf(&b, ")%s", after);
    char *out = arena_cstring(p->a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static asked_condition *narrow_any(parsing *p, asked_test test, const char *sql, const value_list *v) {
    asked_condition *c = narrow(p, test, sql);
    for (size_t i = 0; i < v->size; i++)
        c->at[c->size++] = (condition){CONDITION_TEXT, .text = v->at[i]};
    return c;
}

/* Bits of the values' numbers; false where one has none. */
static bool bits_of(parsing *p, str list, int (*named)(str name), int64_t *out) {
    value_list v;
    *out = 0;
    if (!values_of(p, list, &v))
        return false;
    for (size_t i = 0; i < v.size; i++) {
        int n = named(v.at[i]);
        if (n == NONE)
            return false;
        *out |= (int64_t)1 << n;
    }
    return true;
}

/* A field's value: false where it is none. */
typedef bool (*field_take)(parsing *p, str value);

static bool take_from(parsing *p, str value) {
    day from, to;
    bool good = days_asked(value, &from, &to);
    if (good)
        p->out->from = from;
    return good;
}

static bool take_to(parsing *p, str value) {
    day from, to;
    bool good = days_asked(value, &from, &to);
    if (good)
        p->out->to = to;
    return good;
}

static bool take_on(parsing *p, str value) {
    return take_from(p, value) && take_to(p, value);
}

static bool is_latin(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take_country(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, value, &v);
    for (size_t i = 0; i < v.size && good; i++) {
        good = v.at[i].size == 2 && is_latin(v.at[i].data[0]) && is_latin(v.at[i].data[1]);
        if (good)
            v.at[i] = arena_printf(p->a, "%c%c", v.at[i].data[0] & ~0x20, v.at[i].data[1] & ~0x20);
    }
    if (good)
        narrow_any(p, TEST_COUNTRY, with_marks(p, "incident.country IN ", v.size, ""), &v);
    return good;
}

static bool take_admin1(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, value, &v);
    if (good)
        narrow_any(p, TEST_ADMIN1, with_marks(p, "incident.admin1 IN ", v.size, ""), &v);
    return good;
}

static bool take_site(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, value, &v);
    if (good)
        narrow_any(p, TEST_SITE, with_marks(p, "incident.place_id IN ", v.size, ""), &v);
    return good;
}

static bool take_place(parsing *p, str value) {
    str name = words_joined(p->a, value);
    if (name.size)
        narrow_text(p, TEST_PLACE, "instr(incident.place_names, ?) > 0", name);
    return name.size != 0;
}

/* As a list shows it ("air strike") or as an export writes it. */
static str name_of(parsing *p, str value) {
    char *out = arena_alloc(p->a, value.size + 1);
    for (size_t i = 0; i < value.size; i++)
        out[i] = value.data[i] == ' ' || value.data[i] == '-' ? '_' : value.data[i];
    return (str){out, value.size};
}

static bool take_event(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, name_of(p, value), &v);
    for (size_t i = 0; i < v.size && good; i++)
        good = event_type_named(v.at[i]) > EVENT_NONE;
    if (good)
        narrow_any(p, TEST_EVENT, with_marks(p, "incident.event IN ", v.size, ""), &v);
    return good;
}

static const char *const of_effect[] = {"killed",  "injured",  "casualties",
                                        "missing", "detained", "displaced"};

/* Some figure of these effects (0: of any) lies between the two. */
static void narrow_figures(parsing *p, unsigned effects, int64_t least, int64_t most) {
    asked_condition *c = narrow(p, TEST_FIGURE, NULL);
    buffer b = {0};
    c->effects = effects;
    for (size_t e = 0; e < sizeof of_effect / sizeof *of_effect; e++)
        if (effects >> e & 1 || (!effects && e == 0)) {
            buffer_printf(&b, "%sincident.%s BETWEEN ? AND ?", b.size ? " OR " : "(",
                          effects ? of_effect[e] : "figure");
            c->at[c->size++] = (condition){CONDITION_NUMBER, .number = least};
            c->at[c->size++] = (condition){CONDITION_NUMBER, .number = most};
        }
    buffer_add_byte(&b, ')');
    c->sql = arena_cstring(p->a, buffer_str(&b));
    buffer_free(&b);
}

static void narrow_voices(parsing *p, int64_t least, int64_t most) {
    asked_condition *c = narrow_number(p, TEST_VOICES, "incident.independent BETWEEN ? AND ?", least);
    c->at[c->size++] = (condition){CONDITION_NUMBER, .number = most};
}

static bool take_effect(parsing *p, str value) {
    int64_t effects;
    bool good = bits_of(p, value, effect_named, &effects);
    if (good)
        narrow_figures(p, (unsigned)effects, 0, INT64_MAX);
    return good;
}

static bool take_voice(parsing *p, str value) {
    str name = words_joined(p->a, value);
    if (name.size)
        narrow_text(p, TEST_VOICE,
                    "EXISTS (SELECT 1 FROM voice WHERE voice.incident = incident.key AND"
                    " instr(voice.name, ?) > 0)",
                    name);
    return name.size != 0;
}

static bool take_kind(parsing *p, str value) {
    int64_t kinds;
    bool good = bits_of(p, name_of(p, value), voice_kind_named, &kinds);
    if (good)
        narrow_number(p, TEST_KINDS, "(incident.voice_kinds & ?) <> 0", kinds);
    return good;
}

static bool take_stance(parsing *p, str value) {
    int64_t stances;
    bool good = bits_of(p, value, stance_named, &stances);
    if (good)
        narrow_number(p, TEST_STANCES, "(incident.stances & ?) <> 0", stances);
    return good;
}

static bool take_status(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, value, &v);
    for (size_t i = 0; i < v.size && good; i++) {
        bool review = str_equal(v.at[i], STR("in-review")) || str_equal(v.at[i], STR("in review"));
        good = review || str_equal(v.at[i], STR("new")) || str_equal(v.at[i], STR("settled"));
        v.at[i] = review ? STR("in review") : v.at[i];
    }
    if (good)
        narrow_any(p, TEST_STATUS, with_marks(p, "incident.status IN ", v.size, ""), &v);
    return good;
}

/* Of some claim; "none": some claim that nobody has looked at. */
static bool take_verdict(parsing *p, str value) {
    int64_t verdicts;
    bool good = bits_of(p, value, verdict_named, &verdicts);
    if (good)
        narrow_number(p, TEST_VERDICTS, "(incident.verdicts & ?) <> 0", verdicts);
    return good;
}

/* Names, any of which stands in a column; "none": nothing does. */
static void narrow_named(parsing *p, asked_test test, const char *column, const value_list *v) {
    value_list named = {.size = 0};
    bool none = false;
    for (size_t i = 0; i < v->size; i++)
        if (str_equal(v->at[i], STR("none")))
            none = true;
        else
            named.at[named.size++] = v->at[i];
    str empty = none ? arena_printf(p->a, "(%s IS NULL", column) : STR("(");
    const char *sql =
        named.size
            ? with_marks(p,
                         arena_printf(p->a, "%.*s%s%s IN ", STR_ARG(empty), none ? " OR " : "", column).data,
                         named.size, ")")
            : arena_printf(p->a, "%.*s)", STR_ARG(empty)).data;
    narrow_any(p, test, sql, &named)->none = none;
}

static bool take_grade(parsing *p, str value) {
    value_list v;
    grade found;
    if (str_equal(value, STR("any"))) {
        narrow(p, TEST_GRADE, "incident.grade IS NOT NULL");
        return true;
    }
    bool good = values_of(p, value, &v);
    /* A grade of a scale that is no longer in use can still be asked for. */
    for (size_t i = 0; i < v.size && good; i++)
        if (grade_named(p->l, p->a, v.at[i], &found, NULL) == STATUS_OK)
            v.at[i] = found.name;
    if (good)
        narrow_named(p, TEST_GRADE, "incident.grade", &v);
    return good;
}

static bool take_assigned(parsing *p, str value) {
    value_list v;
    if (p->l->nameless) {
        p->said = "assigned: this is told to those who signed in";
        return false;
    }
    bool good = values_of(p, value, &v);
    if (good)
        narrow_named(p, TEST_ASSIGNEE, "incident.assignee", &v);
    return good;
}

static bool take_sensitive(parsing *p, str value) {
    bool yes = str_equal(value, STR("yes")), no = str_equal(value, STR("no"));
    if (yes || no)
        narrow_number(p, TEST_SENSITIVE, "CASE WHEN incident.sensitive <> 0 THEN 1 ELSE 0 END = ?", yes);
    return yes || no;
}

static int on_named(str name) {
    for (int on = ON_COUNT; on <= ON_PLACE; on++)
        if (str_equal(name, str_of(disagreement_on_name((disagreement_on)on))))
            return on;
    return NONE;
}

static bool take_disagree(parsing *p, str value) {
    value_list v;
    int64_t bits = 0;
    bool no = false;
    if (!values_of(p, value, &v))
        return false;
    for (size_t i = 0; i < v.size; i++) {
        int on = on_named(v.at[i]);
        bool yes = str_equal(v.at[i], STR("yes")), this_no = str_equal(v.at[i], STR("no"));
        if (on == NONE && !yes && !this_no)
            return false;
        no = no || this_no;
        bits |= yes ? INT32_MAX : on == NONE ? 0 : (int64_t)1 << on;
    }
    asked_condition *c =
        narrow_number(p, TEST_DISAGREE,
                      "CASE WHEN incident.disagreements = 0 THEN ? WHEN (incident.disagree_on & ?) <> 0"
                      " THEN 1 ELSE 0 END = 1",
                      no);
    c->at[c->size++] = (condition){CONDITION_NUMBER, .number = bits};
    return true;
}

static bool take_language(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, value, &v);
    for (size_t i = 0; i < v.size && good; i++) {
        good = v.at[i].size == 2 || v.at[i].size == 3;
        for (size_t k = 0; k < v.at[i].size && good; k++)
            good = v.at[i].data[k] >= 'a' && v.at[i].data[k] <= 'z';
    }
    if (good)
        narrow_any(
            p, TEST_LANGUAGE,
            with_marks(p,
                       "EXISTS (SELECT 1 FROM incident_version JOIN version ON version.key = version WHERE"
                       " incident_version.incident = incident.key AND version.language IN ",
                       v.size, ")"),
            &v)
            ->of_version = with_marks(p, "version.language IN ", v.size, "");
    return good;
}

static bool take_outlet(parsing *p, str value) {
    value_list v;
    bool good = values_of(p, value, &v);
    if (good)
        narrow_any(
            p, TEST_OUTLET,
            with_marks(p,
                       "EXISTS (SELECT 1 FROM incident_version JOIN version ON version.key = version WHERE"
                       " incident_version.incident = incident.key AND version.outlet IN ",
                       v.size, ")"),
            &v)
            ->of_version = with_marks(p, "version.outlet IN ", v.size, "");
    return good;
}

/* "33.5", and nothing else. */
static bool real_of(const parsing *p, str text, double *out) {
    char *copy = arena_cstring(p->a, str_trim(text)), *end;
    *out = strtod(copy, &end);
    return end != copy && !*end && isfinite(*out);
}

static bool centre_of(const parsing *p, str name, double *lat, double *lon) {
    place found[1];
    char *key = arena_alloc(p->a, name.size + 1);
    const gazetteer *places = p->l->options.places;
    if (!places || !gazetteer_lookup(places, (str){key, places_fold(name, key)}, found, 1))
        return false;
    *lat = found[0].lat;
    *lon = found[0].lon;
    return true;
}

static bool near_wrong(parsing *p, const char *what) {
    p->said = arena_printf(p->a, "near: %s: near:\"Deir ez-Zor\",20 or near:35.33,40.14,20", what).data;
    return false;
}

/* On a plane that touches the ground there: good to some hundred kilometres, and needs no functions that not
 * every SQLite has. */
static bool take_near(parsing *p, str value) {
    size_t last = SIZE_MAX, comma = SIZE_MAX;
    double lat, lon, km;
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] == ',') {
            comma = last;
            last = i;
        }
    if (last == SIZE_MAX || !real_of(p, str_slice(value, last + 1, value.size), &km))
        return near_wrong(p, "expected a place, a comma and kilometres");
    if (km <= 0 || km > 1000)
        return near_wrong(p, "expected more than 0 and at most 1000 kilometres");
    str where = str_slice(value, 0, last);
    bool told = comma != SIZE_MAX && real_of(p, str_slice(where, 0, comma), &lat) &&
                real_of(p, str_slice(where, comma + 1, where.size), &lon);
    if (told && !(fabs(lat) <= 90 && fabs(lon) <= 180))
        return near_wrong(p, "expected degrees north up to 90, and degrees east up to 180");
    if (!told && !centre_of(p, where, &lat, &lon))
        return near_wrong(p, "expected a place that is known, found none of this name");
    const double degree = 111.195, north = km / degree;
    double shrink = cos(lat * 3.14159265358979 / 180), east = degree * (shrink > 0.01 ? shrink : 0.01);
    asked_condition *c = narrow(p, TEST_NEAR,
                                "incident.lat BETWEEN ? AND ? AND (incident.lat - ?) * (incident.lat - ?) * ?"
                                " + min(abs(incident.lon - ?), 360 - abs(incident.lon - ?)) *"
                                " min(abs(incident.lon - ?), 360 - abs(incident.lon - ?)) * ? <= ?");
    const double values[] = {lat - north, lat + north, lat, lat,         degree * degree, lon,
                             lon,         lon,         lon, east * east, km * km};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        narrow_real(c, values[i]);
    return true;
}

static const struct {
    const char *name;
    field_take take;
    const char *expected;
    bool digits;       /* of any script */
    asked_facet facet; /* that it is chosen in */
} fields[] = {
    {"near", take_near, NULL, true}, /* which says itself what it expects */
    {"from", take_from, "from: expected a day, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY", true},
    {"to", take_to, "to: expected a day, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY", true},
    {"on", take_on, "on: expected a day, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY", true},
    {"country", take_country, "country: expected two letters (ISO 3166), such as SY", .facet = FACET_COUNTRY},
    {"admin1", take_admin1, "admin1: expected a governorate or province, as a place names it",
     .facet = FACET_ADMIN1},
    {"site", take_site, "site: expected the id of a place", .facet = FACET_SITE},
    {"outlet", take_outlet, "outlet: expected an outlet's name", .facet = FACET_OUTLET},
    {"place", take_place, "place: expected part of a place's name"},
    {"event", take_event,
     "event: expected an event's type: air_strike, drone_strike, shelling, explosive, clash, shooting, "
     "execution, detention, protest, accident, disaster or other_attack",
     .facet = FACET_EVENT},
    {"effect", take_effect, "effect: expected killed, injured, casualties, missing, detained or displaced"},
    {"voice", take_voice, "voice: expected part of a voice's name"},
    {"kind", take_kind,
     "kind: expected a kind of voice: government, military, armed_group, police, security, medical, rescue, "
     "monitor, intergovernmental, local, witness, media, expert, anonymous or outlet"},
    {"stance", take_stance, "stance: expected asserts, hedges or denies"},
    {"status", take_status, "status: expected new, in-review or settled", .facet = FACET_STATUS},
    {"verdict", take_verdict, "verdict: expected accepted, corrected, rejected or none"},
    {"grade", take_grade, "grade: expected a grade, any or none", .facet = FACET_GRADE},
    {"assigned", take_assigned, "assigned: expected a name, or none", .facet = FACET_ASSIGNEE},
    {"sensitive", take_sensitive, "sensitive: expected yes or no"},
    {"disagree", take_disagree, "disagree: expected yes, no, count, denial, actor, date or place",
     .facet = FACET_DISAGREE},
    {"language", take_language, "language: expected a language's code, such as ar or en",
     .facet = FACET_LANGUAGE},
};
enum { FIELDS = sizeof fields / sizeof *fields };

/* ---- terms ---- */

static bool is_gap(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c) {
    return is_latin(c) || c == '_';
}

static str in_small_letters(arena *a, str name) {
    char *out = arena_alloc(a, name.size + 1);
    for (size_t i = 0; i < name.size; i++)
        out[i] =
            (char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] + ('a' - 'A') : name.data[i]);
    return (str){out, name.size};
}

/* Digits of the scripts that our readers write, and their comma, as those of ASCII: near:حلب،٢٠ */
static str in_ascii_digits(arena *a, str value) {
    char *out = arena_alloc(a, value.size + 1);
    size_t size = 0, from = 0;
    for (size_t at = 0; at < value.size; from = at) {
        uint32_t c = utf8_next(value, &at);
        int digit = digit_value(c);
        if (digit >= 0 || c == 0x60C) {
            out[size++] = digit >= 0 ? (char)('0' + digit) : ',';
            continue;
        }
        memcpy(out + size, value.data + from, at - from);
        size += at - from;
    }
    return (str){out, size};
}

/* To the gap behind it; quotation marks hold gaps. */
static size_t term_end(str query, size_t at) {
    bool quoted = false;
    for (; at < query.size && (quoted || !is_gap(query.data[at])); at++)
        quoted ^= query.data[at] == '"';
    return at;
}

static str unquoted(arena *a, str value) {
    char *out = arena_alloc(a, value.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] != '"')
            out[size++] = value.data[i];
    return (str){out, size};
}

static status take_field(parsing *p, str name, size_t at, str value) {
    for (size_t i = 0; i < FIELDS; i++)
        if (str_equal(name, str_of(fields[i].name))) {
            str given = unquoted(p->a, value);
            given = fields[i].digits ? in_ascii_digits(p->a, given) : given;
            p->said = fields[i].expected;
            return fields[i].take(p, given) ? STATUS_OK : wrong(p, at, p->said);
        }
    return wrong(
        p, at - name.size - 1,
        "there is no field of this name; expected near, from, to, on, country, place, event, effect, voice, "
        "kind, stance, status, verdict, grade, assigned, sensitive, disagree, language, outlet, admin1 or "
        "site (a text with a colon stands in quotation marks)");
}

static status take_comparison(parsing *p, str name, size_t at, str rest) {
    static const char *const signs[] = {">=", ">", "<=", "<", "="};
    int e = effect_named(name);
    size_t sign = 0;
    while (!str_starts(rest, str_of(signs[sign])))
        sign++;
    str digits = in_ascii_digits(p->a, str_slice(rest, strlen(signs[sign]), rest.size));
    int64_t n = 0;
    bool good = digits.size > 0 && digits.size <= 9;
    for (size_t i = 0; i < digits.size && good; i++) {
        good = digits.data[i] >= '0' && digits.data[i] <= '9';
        n = n * 10 + (digits.data[i] - '0');
    }
    if (!good)
        return wrong(p, at + strlen(signs[sign]), "expected a number, such as killed>=10");
    bool voices = str_equal(name, STR("voices")), figure = str_equal(name, STR("figure"));
    if (e == NONE && !voices && !figure)
        return wrong(
            p, at - name.size,
            "expected killed, injured, casualties, missing, detained, displaced, figure or voices before "
            "a comparison");
    static const struct {
        int64_t least, most; /* INT64_MAX: open; else added to the number */
    } bounds[] = {{0, INT64_MAX}, {1, INT64_MAX}, {INT64_MAX, 0}, {INT64_MAX, -1}, {0, 0}};
    int64_t least = bounds[sign].least == INT64_MAX ? 0 : n + bounds[sign].least,
            most = bounds[sign].most == INT64_MAX ? INT64_MAX : n + bounds[sign].most;
    if (voices)
        narrow_voices(p, least, most);
    else
        narrow_figures(p, figure ? 0 : 1u << e, least, most);
    return STATUS_OK;
}

static status take_term(parsing *p, size_t from, size_t to) {
    size_t name_end = from;
    while (name_end < to && is_letter(p->query.data[name_end]))
        name_end++;
    str name = in_small_letters(p->a, str_slice(p->query, from, name_end));
    char next = name_end < to ? p->query.data[name_end] : 0;
    if (name.size && (next == ':' || next == '<' || next == '>' || next == '=')) {
        if (++p->narrowings > NARROWING_LIMIT)
            return wrong(p, from, "there are too many conditions: at most 16");
        return next == ':' ? take_field(p, name, name_end + 1, str_slice(p->query, name_end + 1, to))
                           : take_comparison(p, name, name_end, str_slice(p->query, name_end, to));
    }
    bool minus = to - from > 1 && p->query.data[from] == '-';
    str text = str_slice(p->query, from + minus, to);
    bool together = text.data[0] == '"';
    if (++p->terms > TERM_LIMIT)
        return wrong(p, from, "there are too many words: at most 64");
    if (minus)
        add_without(p, text, together);
    else
        add_phrase(p, &p->with, text, together);
    if (!minus) {
        buffer_add(&p->shown, text);
        buffer_add_byte(&p->shown, ' ');
    }
    return STATUS_OK;
}

static status take_words(parsing *p) {
    if (p->without.size && !p->with.size)
        return wrong(p, 0, "a word that must not be there needs one that must");
    if (p->without.size)
        p->out->words = arena_printf(p->a, "(%.*s) NOT (%.*s)", STR_ARG(buffer_str(&p->with)),
                                     STR_ARG(buffer_str(&p->without)));
    else if (p->with.size)
        p->out->words = arena_copy(p->a, buffer_str(&p->with));
    return STATUS_OK;
}

status ask_parse(ledger *l, arena *a, str query, asked *out, failure *f) {
    parsing p = {.l = l, .a = a, .f = f, .query = query, .out = out};
    *out = (asked){.from = DAY_NONE, .to = DAY_NONE};
    affixes_load(a, &p.affixes);
    status code = STATUS_OK;
    for (size_t at = 0; at < query.size && code == STATUS_OK;) {
        if (is_gap(query.data[at])) {
            at++;
            continue;
        }
        size_t end = term_end(query, at);
        code = take_term(&p, at, end);
        at = end;
    }
    if (code == STATUS_OK && out->from != DAY_NONE && out->to != DAY_NONE && out->from > out->to)
        code = wrong(&p, 0, "no day is both: the one that from: tells lies behind that of to:");
    if (code == STATUS_OK)
        code = take_words(&p);
    if (code == STATUS_OK && out->words.data)
        out->words = l->driver->asked_words(a, out->words);
    out->shown = arena_copy(a, buffer_str(&p.shown));
    buffer_free(&p.shown);
    buffer_free(&p.with);
    buffer_free(&p.without);
    return code;
}

/* ---- what a filter asks beside its text ---- */

static status take_choice(parsing *p, const char *name, str value) {
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, name) != 0)
            continue;
        size_t before = p->out->conditions.size;
        p->said = fields[i].expected;
        if (!fields[i].take(p, fields[i].digits ? in_ascii_digits(p->a, value) : value))
            return fail(p->f, STATUS_USAGE, "%s", p->said);
        for (; before < p->out->conditions.size; before++)
            p->out->conditions.at[before].facet = fields[i].facet;
        return STATUS_OK;
    }
    return fail(p->f, STATUS_USAGE, "there is no field %s to choose by", name);
}

static void of_facet(parsing *p, asked_facet facet) {
    p->out->conditions.at[p->out->conditions.size - 1].facet = facet;
}

/* A field of a program's own filter: what is none finds nothing. */
static void take_own(parsing *p, const char *name, asked_test test, str value) {
    parsing quiet = *p;
    quiet.f = NULL;
    if (!value.size || take_choice(&quiet, name, value) == STATUS_OK)
        return;
    asked_condition *c = narrow(p, test, "1 = 0");
    c->of_version = test == TEST_LANGUAGE ? "1 = 0" : NULL;
}

static void take_numbers(parsing *p, const ledger_filter *filter) {
    unsigned effects = filter->effects | (filter->effect == NONE ? 0 : 1u << filter->effect);
    if (effects || filter->least > 0 || filter->most != NONE) {
        narrow_figures(p, effects, filter->least, filter->most == NONE ? INT64_MAX : filter->most);
        of_facet(p, FACET_FIGURE);
    }
    if (filter->voices_least > 0 || filter->voices_most != NONE) {
        narrow_voices(p, filter->voices_least, filter->voices_most == NONE ? INT64_MAX : filter->voices_most);
        of_facet(p, FACET_VOICES);
    }
}

status ask_choices(ledger *l, arena *a, const ledger_filter *filter, asked *out, failure *f) {
    parsing p = {.l = l, .a = a, .f = f, .out = out};
    status code = STATUS_OK;
    take_numbers(&p, filter);
    take_own(&p, "country", TEST_COUNTRY, filter->country);
    take_own(&p, "language", TEST_LANGUAGE, filter->language);
    if (code == STATUS_OK && filter->event != NONE)
        code = take_choice(&p, "event", str_of(event_type_name((event_type)filter->event)));
    if (code == STATUS_OK && filter->disputed != NONE)
        code = take_choice(&p, "disagree", filter->disputed ? STR("yes") : STR("no"));
    for (size_t i = 0; i < filter->choice_count && code == STATUS_OK; i++)
        code = take_choice(&p, filter->choices[i].name, filter->choices[i].value);
    return code;
}
