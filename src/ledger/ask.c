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

static asked_condition *narrow(parsing *p, const char *sql) {
    asked_condition c = {.sql = sql};
    *VECTOR_PUSH(&p->out->conditions, p->a) = c;
    return &p->out->conditions.at[p->out->conditions.size - 1];
}

static void narrow_text(parsing *p, const char *sql, str text) {
    asked_condition *c = narrow(p, sql);
    c->at[c->size++] = (condition){CONDITION_TEXT, .text = text};
}

static void narrow_number(parsing *p, const char *sql, int64_t n) {
    asked_condition *c = narrow(p, sql);
    c->at[c->size++] = (condition){CONDITION_NUMBER, .number = n};
}

static void narrow_real(asked_condition *c, double n) {
    c->at[c->size++] = (condition){CONDITION_REAL, .real = n};
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
    bool good = value.size == 2 && is_latin(value.data[0]) && is_latin(value.data[1]);
    if (good)
        narrow_text(p, "incident.country = upper(?)", value);
    return good;
}

static bool take_place(parsing *p, str value) {
    str name = words_joined(p->a, value);
    if (name.size)
        narrow_text(p, "instr(incident.place_names, ?) > 0", name);
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
    value = name_of(p, value);
    int type = event_type_named(value);
    if (type > EVENT_NONE)
        narrow_text(p, "incident.event = ?", value);
    return type > EVENT_NONE;
}

/* By the vocabulary's order. */
static const char *const of_effect[][6] = {
    {"incident.killed >= ?", "incident.injured >= ?", "incident.casualties >= ?", "incident.missing >= ?",
     "incident.detained >= ?", "incident.displaced >= ?"},
    {"incident.killed > ?", "incident.injured > ?", "incident.casualties > ?", "incident.missing > ?",
     "incident.detained > ?", "incident.displaced > ?"},
    {"incident.killed <= ?", "incident.injured <= ?", "incident.casualties <= ?", "incident.missing <= ?",
     "incident.detained <= ?", "incident.displaced <= ?"},
    {"incident.killed < ?", "incident.injured < ?", "incident.casualties < ?", "incident.missing < ?",
     "incident.detained < ?", "incident.displaced < ?"},
    {"incident.killed = ?", "incident.injured = ?", "incident.casualties = ?", "incident.missing = ?",
     "incident.detained = ?", "incident.displaced = ?"},
};
static const char *const of_voices[] = {"incident.independent >= ?", "incident.independent > ?",
                                        "incident.independent <= ?", "incident.independent < ?",
                                        "incident.independent = ?"};

const char *asked_at_least(effect e) {
    return of_effect[0][e];
}

static bool take_effect(parsing *p, str value) {
    int e = effect_named(value);
    if (e != NONE)
        narrow_number(p, asked_at_least((effect)e), 0);
    return e != NONE;
}

static bool take_voice(parsing *p, str value) {
    str name = words_joined(p->a, value);
    if (name.size)
        narrow_text(p,
                    "EXISTS (SELECT 1 FROM voice WHERE voice.incident = incident.key AND"
                    " instr(voice.name, ?) > 0)",
                    name);
    return name.size != 0;
}

static bool take_kind(parsing *p, str value) {
    int kind = voice_kind_named(name_of(p, value));
    if (kind != NONE)
        narrow_number(p, "(incident.voice_kinds & ?) <> 0", (int64_t)1 << kind);
    return kind != NONE;
}

static bool take_stance(parsing *p, str value) {
    int stands = stance_named(value);
    if (stands != NONE)
        narrow_number(p, "(incident.stances & ?) <> 0", (int64_t)1 << stands);
    return stands != NONE;
}

static bool take_status(parsing *p, str value) {
    bool review = str_equal(value, STR("in-review"));
    bool good = review || str_equal(value, STR("new")) || str_equal(value, STR("settled"));
    if (good)
        narrow_text(p, "incident.status = ?", review ? STR("in review") : value);
    return good;
}

/* Of some claim; "none": some claim that nobody has looked at. */
static bool take_verdict(parsing *p, str value) {
    int said = verdict_named(value);
    if (said != NONE)
        narrow_number(p, "(incident.verdicts & ?) <> 0", (int64_t)1 << said);
    return said != NONE;
}

static bool take_grade(parsing *p, str value) {
    grade found;
    if (str_equal(value, STR("none")) || str_equal(value, STR("any"))) {
        narrow_number(p, "CASE WHEN incident.grade IS NULL THEN 1 ELSE 0 END = ?", value.data[0] == 'n');
        return true;
    }
    /* A grade of a scale that is no longer in use can still be asked for. */
    narrow_text(p, "incident.grade = ?",
                grade_named(p->l, p->a, value, &found, NULL) == STATUS_OK ? found.name : value);
    return value.size != 0;
}

static bool take_assigned(parsing *p, str value) {
    if (str_equal(value, STR("none")))
        narrow_number(p, "CASE WHEN incident.assignee IS NULL THEN 1 ELSE 0 END = ?", 1);
    else
        narrow_text(p, "incident.assignee = ?", value);
    return value.size != 0;
}

static bool take_sensitive(parsing *p, str value) {
    bool yes = str_equal(value, STR("yes")), no = str_equal(value, STR("no"));
    if (yes || no)
        narrow_number(p, "CASE WHEN incident.sensitive <> 0 THEN 1 ELSE 0 END = ?", yes);
    return yes || no;
}

static bool take_disagree(parsing *p, str value) {
    if (str_equal(value, STR("yes")) || str_equal(value, STR("no"))) {
        narrow_number(p, "CASE WHEN incident.disagreements > 0 THEN 1 ELSE 0 END = ?", value.size == 3);
        return true;
    }
    for (int on = ON_COUNT; on <= ON_PLACE; on++)
        if (str_equal(value, str_of(disagreement_on_name((disagreement_on)on)))) {
            narrow_number(p, "(incident.disagree_on & ?) <> 0", (int64_t)1 << on);
            return true;
        }
    return false;
}

static bool take_language(parsing *p, str value) {
    bool good = value.size == 2 || value.size == 3;
    for (size_t i = 0; i < value.size && good; i++)
        good = value.data[i] >= 'a' && value.data[i] <= 'z';
    if (good)
        p->out->language = value;
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
    asked_condition *c =
        narrow(p, "incident.lat BETWEEN ? AND ? AND (incident.lat - ?) * (incident.lat - ?) * ?"
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
    bool digits; /* of any script */
} fields[] = {
    {"near", take_near, NULL, true}, /* which says itself what it expects */
    {"from", take_from, "from: expected a day, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY", true},
    {"to", take_to, "to: expected a day, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY", true},
    {"on", take_on, "on: expected a day, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY", true},
    {"country", take_country, "country: expected two letters (ISO 3166), such as SY"},
    {"place", take_place, "place: expected part of a place's name"},
    {"event", take_event,
     "event: expected an event's type: air_strike, drone_strike, shelling, explosive, clash, shooting, "
     "execution, detention, protest, accident, disaster or other_attack"},
    {"effect", take_effect, "effect: expected killed, injured, casualties, missing, detained or displaced"},
    {"voice", take_voice, "voice: expected part of a voice's name"},
    {"kind", take_kind,
     "kind: expected a kind of voice: government, military, armed_group, police, security, medical, rescue, "
     "monitor, intergovernmental, local, witness, media, expert, anonymous or outlet"},
    {"stance", take_stance, "stance: expected asserts, hedges or denies"},
    {"status", take_status, "status: expected new, in-review or settled"},
    {"verdict", take_verdict, "verdict: expected accepted, corrected, rejected or none"},
    {"grade", take_grade, "grade: expected a grade, any or none"},
    {"assigned", take_assigned, "assigned: expected a name, or none"},
    {"sensitive", take_sensitive, "sensitive: expected yes or no"},
    {"disagree", take_disagree, "disagree: expected yes, no, count, denial, actor, date or place"},
    {"language", take_language, "language: expected a language's code, such as ar or en"},
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
        uint32_t plain = c >= 0x660 && c <= 0x669   ? c - 0x660 + '0'
                         : c >= 0x6F0 && c <= 0x6F9 ? c - 0x6F0 + '0'
                                                    : 0;
        if (plain || c == 0x60C) {
            out[size++] = plain ? (char)plain : ',';
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
        "kind, stance, status, disagree or language (a text with a colon stands in quotation marks)");
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
    if (e == NONE && !str_equal(name, STR("voices")))
        return wrong(p, at - name.size,
                     "expected killed, injured, casualties, missing, detained, displaced or voices before a "
                     "comparison");
    narrow_number(p, e == NONE ? of_voices[sign] : of_effect[sign][e], n);
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
