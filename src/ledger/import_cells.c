/* What the cells of a row say: figures, days, places, names. Where the table has coordinates they hold, and
 * the gazetteer only says which known place lies there; where it has none the gazetteer finds the place. */
#include "ledger/import_record.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "ledger/names.h"

/* Of recorders and ids: both together name a document. */
enum { LONGEST_NAME = 120 };

static void wrong(recording *r, const mapped *m, const char *expected, str found) {
    r->out->bad = true;
    r->report->wrong(r->report->context, m->column.data ? m->column : m->constant, expected, found);
}

/* What the values of a mapping make of a cell; STR_NONE: nothing. */
static str value_of(str values, str cell) {
    str other = STR_NONE, pair;
    for (size_t at = 0; str_piece(values, &at, ';', &pair);) {
        size_t equals = str_find(pair, STR("="), 0);
        if (equals == SIZE_MAX)
            continue;
        str from = str_trim(str_slice(pair, 0, equals));
        str to = str_trim(str_slice(pair, equals + 1, pair.size));
        if (str_equal_ascii_nocase(from, cell))
            return to;
        if (str_equal(from, STR("*")))
            other = to;
    }
    return other;
}

static str raw_cell(const recording *r, const mapped *m) {
    if (!m)
        return STR("");
    if (!m->column.data)
        return m->constant;
    str cell = m->at >= 0 && (size_t)m->at < r->row->size ? r->row->at[m->at] : STR("");
    str value = m->values.size && cell.size ? value_of(m->values, cell) : STR_NONE;
    return value.data ? value : cell;
}

str cell_of(const recording *r, record_field field) {
    return raw_cell(r, r->m->field[field]);
}

/* ---- figures ---- */

static bool digit_at(str s, size_t *at, int *digit) {
    if (*at >= s.size)
        return false;
    size_t next = *at;
    *digit = digit_value(utf8_next(s, &next));
    if (*digit < 0)
        return false;
    *at = next;
    return true;
}

enum { MOST_DIGITS = 12 };

/* "1,250" and "12.0" (as statistics programs write whole numbers). */
static bool read_whole(str s, size_t *at, int64_t *out) {
    int digit, digits = 0;
    int64_t n = 0;
    while (digit_at(s, at, &digit)) {
        n = n * 10 + digit;
        if (++digits > MOST_DIGITS)
            return false;
        size_t after = *at + 1;
        if (*at < s.size && s.data[*at] == ',' && digit_at(s, &after, &digit))
            (*at)++;
    }
    if (digits && *at + 1 < s.size && s.data[*at] == '.' && s.data[*at + 1] == '0')
        for (*at += 1; *at < s.size && s.data[*at] == '0';)
            (*at)++;
    *out = n;
    return digits > 0;
}

static bool skip(str s, size_t *at, str what) {
    if (!str_starts(str_slice(s, *at, s.size), what))
        return false;
    *at += what.size;
    return true;
}

static void skip_space(str s, size_t *at) {
    while (*at < s.size && s.data[*at] == ' ')
        (*at)++;
}

/* "12", "12-15", "at least" as "12+", ">=12" or "≥12", ">12", "about" as "~12". */
static bool read_count(str s, figure *out) {
    size_t at = 0;
    out->approx = skip(s, &at, STR("~")) || skip(s, &at, STR("≈"));
    bool least = skip(s, &at, STR(">=")) || skip(s, &at, STR("≥"));
    bool more = !least && skip(s, &at, STR(">"));
    skip_space(s, &at);
    if (!read_whole(s, &at, &out->min))
        return false;
    out->min += more;
    out->max = least || more ? COUNT_OPEN : out->min;
    skip_space(s, &at);
    if (skip(s, &at, STR("+"))) {
        out->max = COUNT_OPEN;
    } else if (skip(s, &at, STR("-")) || skip(s, &at, STR("–")) || skip(s, &at, STR("—"))) {
        skip_space(s, &at);
        if (!read_whole(s, &at, &out->max))
            return false;
    }
    return at == s.size && out->max >= out->min;
}

static figure *figure_like(recording *r, const mapped *m) {
    for (size_t i = 0; i < r->figures.size; i++) {
        const mapped *of = r->figures.at[i].of;
        if (of->effect == m->effect && of->class == m->class && of->group == m->group)
            return &r->figures.at[i];
    }
    figure *made = VECTOR_PUSH(&r->figures, r->a);
    *made = (figure){.of = m, .max = COUNT_OPEN};
    return made;
}

static void take_figure(recording *r, const mapped *m) {
    str cell = raw_cell(r, m);
    figure told = {0};
    if (!cell.size)
        return;
    if (!read_count(cell, &told)) {
        wrong(r, m, "a figure such as 12, 12-15, 12+ or ~12", cell);
        return;
    }
    if (m->bound != BOUND_BOTH && told.max != told.min && told.max != COUNT_OPEN) {
        wrong(r, m, "one figure: the lowest and the highest have a column each", cell);
        return;
    }
    if (m->no_zero && told.min == 0 && told.max == 0)
        return;
    figure *of = figure_like(r, m);
    of->approx |= told.approx;
    if (m->bound != BOUND_MOST)
        of->min = told.min, of->has_min = true;
    if (m->bound != BOUND_LEAST)
        of->max = told.max, of->has_max = true;
    if (of->has_min && of->has_max && of->min > of->max)
        wrong(r, m, "a highest figure that is not below the lowest", cell);
}

/* ---- days ---- */

static bool three_numbers(str s, int64_t out[3]) {
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        size_t from = at;
        int digit;
        for (out[i] = 0; at - from < 12 && digit_at(s, &at, &digit);)
            out[i] = out[i] * 10 + digit;
        if (at == from || (i < 2 && (at >= s.size || !strchr("-/. ", s.data[at]))))
            return false;
        at += i < 2;
    }
    return at == s.size || s.data[at] == ' ' || s.data[at] == 'T';
}

/* "2021", "2021-01", "2021-01-13" with or without a time behind it, or numbers in another order. */
str read_day(recording *r, const mapped *m, str cell) {
    static const int places[][3] = {
        [DAY_ISO] = {0, 1, 2}, [DAY_DMY] = {2, 1, 0}, [DAY_MDY] = {2, 0, 1}, [DAY_YMD] = {0, 1, 2}};
    int64_t n[3];
    day from, to;
    if (m->order == DAY_ISO && cell.size < 10 && days_of(cell, &from, &to))
        return cell;
    if (three_numbers(cell, n)) {
        const int *p = places[m->order];
        ymd d = {(int)n[p[0]], (int)n[p[1]], (int)n[p[2]]};
        if (n[p[0]] >= 1000 && n[p[0]] <= 9999 && n[p[1]] <= 12 && n[p[2]] <= 31 && ymd_valid(d))
            return day_format(r->a, day_of(d.year, d.month, d.day));
    }
    static const char *const expected[] = {"a day such as 2021-01-31", "a day such as 31/01/2021",
                                           "a day such as 01/31/2021", "a day such as 2021/01/31"};
    wrong(r, m, expected[m->order], cell);
    return STR_NONE;
}

static void take_date(recording *r) {
    const mapped *first = r->m->field[FIELD_DATE], *last = r->m->field[FIELD_DATE_END];
    str from = cell_of(r, FIELD_DATE), to = cell_of(r, FIELD_DATE_END);
    if (!from.size)
        return;
    from = read_day(r, first, from);
    to = to.size ? read_day(r, last, to) : STR_NONE;
    if (to.data && from.data && str_compare(to, from) < 0)
        wrong(r, last, "a last day that is not before the first", to);
    r->date = to.data && from.data && !str_equal(from, to)
                  ? arena_printf(r->a, "%.*s/%.*s", STR_ARG(from), STR_ARG(to))
                  : from;
}

/* ---- places ---- */

static bool read_real(str cell, double least, double most, double *out) {
    char text[40], *end;
    if (!cell.size || cell.size >= sizeof text)
        return false;
    memcpy(text, cell.data, cell.size);
    text[cell.size] = 0;
    for (size_t i = 0; i < cell.size; i++)
        if (!strchr("0123456789.-+", text[i]))
            return false;
    *out = strtod(text, &end);
    return *end == 0 && *out >= least && *out <= most;
}

static void take_measure(recording *r, record_field field, double least, double most, const char *expected,
                         double *out) {
    str cell = cell_of(r, field);
    if (cell.size && !read_real(cell, least, most, out))
        wrong(r, r->m->field[field], expected, cell);
}

static size_t candidates_of(const recording *r, str name, place *found, size_t limit) {
    if (!r->places || !name.size)
        return 0;
    char *key = arena_take(r->a, name.size + 1);
    size_t n = gazetteer_lookup(r->places, (str){key, places_fold(name, key)}, found, limit);
    return n < limit ? n : limit;
}

/* An ISO code, a name of data/ledger/countries.tsv, or one that the gazetteer has. */
static str country_of(recording *r, str cell) {
    place found[8];
    if (cell.size == 2 && cell.data[0] >= 'A' && cell.data[0] <= 'Z' && cell.data[1] >= 'A' &&
        cell.data[1] <= 'Z')
        return cell;
    str row = STR_NONE, table = str_of(ledger_table_countries);
    str key = arena_printf(r->a, "\t%.*s\t", STR_ARG(cell));
    size_t at = str_find(table, key, 0);
    if (at != SIZE_MAX && at >= 2)
        row = str_slice(table, at - 2, at);
    if (row.data && (at == 2 || table.data[at - 3] == '\n'))
        return row;
    size_t n = candidates_of(r, cell, found, 8);
    for (size_t i = 0; i < n; i++)
        if (found[i].kind == PLACE_COUNTRY)
            return found[i].country;
    return STR_NONE;
}

enum { CANDIDATES = 32, NEAR_KM = 25 };

/* The known place of that name nearest to the coordinates. */
static void name_known(recording *r, place_mention *p) {
    place found[CANDIDATES];
    size_t n = candidates_of(r, p->at.text, found, CANDIDATES), best = n;
    double nearest = NEAR_KM;
    for (size_t i = 0; i < n; i++) {
        double far = places_distance_km(p->lat, p->lon, found[i].lat, found[i].lon);
        if (found[i].kind != PLACE_COUNTRY && far < nearest + found[i].radius_km) {
            nearest = far - found[i].radius_km;
            best = i;
        }
    }
    if (best == n)
        return;
    p->id = found[best].id;
    p->name = found[best].name;
    p->kind = found[best].kind;
    p->country = p->country.size ? p->country : found[best].country;
    p->admin1 = p->admin1.size ? p->admin1 : found[best].admin1;
    p->radius_km = found[best].radius_km;
}

static void find_place(recording *r, place_mention *p, str region, str country) {
    place found[3];
    place_query queries[3] = {{.name = p->at.text, .expected_kind = NONE, .within = region.size ? 1 : NONE},
                              {.name = region, .expected_kind = PLACE_REGION, .within = NONE},
                              {.name = country, .expected_kind = PLACE_COUNTRY, .within = NONE}};
    if (!r->places)
        return;
    places_settle(r->places, queries, 3, r->a, found);
    if (!found[0].id.data || (p->country.size && !str_equal(found[0].country, p->country)))
        return;
    *p = (place_mention){.at = p->at,
                         .kind = found[0].kind,
                         .name = found[0].name,
                         .country = found[0].country,
                         .admin1 = found[0].admin1,
                         .id = found[0].id,
                         .resolved = true,
                         .lat = found[0].lat,
                         .lon = found[0].lon,
                         .radius_km = found[0].radius_km};
}

enum { USUAL_RADIUS_KM = 2, WIDE_KM = 12 };

static void take_place(recording *r) {
    str name = cell_of(r, FIELD_PLACE), region = cell_of(r, FIELD_REGION),
        country = cell_of(r, FIELD_COUNTRY);
    str lat = cell_of(r, FIELD_LAT), lon = cell_of(r, FIELD_LON);
    double radius = 0;
    place_mention p = {.kind = PLACE_CITY, .resolved = lat.size && lon.size, .radius_km = USUAL_RADIUS_KM};
    p.at.text = name.size ? name : region.size ? region : country;
    p.admin1 = region.size ? region : STR_NONE;
    p.country = country.size ? country_of(r, country) : STR_NONE;
    if (country.size && !p.country.data)
        wrong(r, r->m->field[FIELD_COUNTRY], "a country's name or ISO code of two letters", country);
    take_measure(r, FIELD_LAT, -90, 90, "degrees between -90 and 90", &p.lat);
    take_measure(r, FIELD_LON, -180, 180, "degrees between -180 and 180", &p.lon);
    take_measure(r, FIELD_RADIUS, 0, 2000, "kilometres between 0 and 2000", &radius);
    if (!lat.size != !lon.size)
        wrong(r, r->m->field[lat.size ? FIELD_LON : FIELD_LAT], "both coordinates or none", STR(""));
    r->placed = p.at.text.size || p.resolved;
    if (p.resolved)
        name_known(r, &p);
    else if (p.at.text.size)
        find_place(r, &p, name.size ? region : STR(""), name.size || region.size ? country : STR(""));
    if (radius > 0)
        p.radius_km = radius;
    if (!p.id.data && p.radius_km > WIDE_KM)
        p.kind = PLACE_AREA;
    r->where = p;
}

/* ---- the rest of the row ---- */

static void take_event(recording *r) {
    const mapped *m = r->m->field[FIELD_EVENT];
    str cell = cell_of(r, FIELD_EVENT);
    r->event = cell.size ? event_type_named(cell) : NONE;
    if (cell.size && r->event == NONE)
        wrong(r, m,
              "a kind of event (air_strike, shelling, explosive, clash, …) or a conversion that gives one",
              cell);
}

static void take_names(recording *r) {
    str kind = cell_of(r, FIELD_RECORDER_KIND), class = cell_of(r, FIELD_CLASS);
    str language = cell_of(r, FIELD_LANGUAGE);
    r->recorder = cell_of(r, FIELD_RECORDER);
    if (!r->recorder.size || r->recorder.size > LONGEST_NAME ||
        str_find(r->recorder, STR("/"), 0) != SIZE_MAX)
        wrong(r, r->m->field[FIELD_RECORDER],
              "a name of at most 120 bytes, without /, of who keeps the table", r->recorder);
    int of_kind = kind.size ? voice_kind_named(kind) : VOICE_MONITOR;
    int of_class = class.size ? who_class_named(class) : CLASS_UNKNOWN;
    if (of_kind == NONE)
        wrong(r, r->m->field[FIELD_RECORDER_KIND], "a kind of voice (monitor, government, medical, …)", kind);
    if (of_class == NONE)
        wrong(r, r->m->field[FIELD_CLASS], "civilian, combatant, mixed or unknown", class);
    r->kind = of_kind == NONE ? VOICE_MONITOR : (voice_kind)of_kind;
    r->class = of_class == NONE ? CLASS_UNKNOWN : (who_class)of_class;
    r->language = str_equal(language, STR("ar")) ? language : STR("en");
    if (language.size && !str_equal(language, r->language))
        wrong(r, r->m->field[FIELD_LANGUAGE], "en or ar", language);
}

static void take_urls(recording *r) {
    str cell = cell_of(r, FIELD_URLS);
    for (size_t at = 0; at < cell.size;) {
        size_t from = at;
        while (at < cell.size && !strchr(" ;|\n\t\"'<>", cell.data[at]))
            at++;
        str url = str_slice(cell, from, at++);
        while (url.size && strchr(",.)", url.data[url.size - 1]))
            url.size--;
        if (str_starts(url, STR("http://")) || str_starts(url, STR("https://")))
            *VECTOR_PUSH(&r->out->urls, r->a) = url;
        else if (url.size) {
            wrong(r, r->m->field[FIELD_URLS], "addresses that begin with http:// or https://", cell);
            return;
        }
    }
}

void take_cells(recording *r) {
    str id = cell_of(r, FIELD_ID);
    if (!id.size || id.size > LONGEST_NAME)
        wrong(r, r->m->field[FIELD_ID], "an id of at most 120 bytes", id);
    take_names(r);
    take_date(r);
    take_event(r);
    take_place(r);
    take_urls(r);
    r->actor_name = cell_of(r, FIELD_ACTOR);
    for (size_t i = 0; i < r->m->lines.size; i++)
        if (r->m->lines.at[i].field == FIELD_FIGURE)
            take_figure(r, &r->m->lines.at[i]);
    if (!r->out->bad && r->event == NONE && !r->figures.size)
        wrong(r, r->m->field[FIELD_ID], "a kind of event or a figure in the row", cell_of(r, FIELD_ID));
}
