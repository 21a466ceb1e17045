/* Incidents as the tables of UCDP GED (49 columns) and ACLED (31).
 *
 * data/ledger/columns.tsv names the columns in their order and says where each cell is from, codes.tsv and
 * countries.tsv what our words are in theirs. What we do not know stays empty: no conflict, dyad or side is
 * guessed. An author of the act is named where all who name one mean one party; where they part, the cell is
 * empty, and in ACLED's table `notes` tells who said what. What such a table cannot hold is left out and
 * counted: in both what has no day or no point, in UCDP's what killed nobody that anybody tells of. */
#include "ledger/export.h"

#include <math.h>
#include <stdlib.h>

#include "ledger/names.h"

typedef struct maker maker;

typedef struct coded_column {
    str name, road;      /* road: STR_NONE where nothing is known */
    const maker *worked; /* worked out, in place of a road */
} coded_column;

struct coding {
    arena a;
    bool ucdp;
    VECTOR(coded_column) columns;
    name_tables names;
};

/* One record while it is written. */
typedef struct coded {
    const coding *of;
    const json_t *record, *killed, *civilian; /* estimates */
    arena a;
    bool dated, placed;
    day from, to;
    str precision, country;
    double lat, lon;
    const json_t **first; /* claim of each independent voice, from 1 */
    const json_t **later; /* its last word on the killed, where that is another figure than its first */
    json_int_t voices;
} coded;

struct maker {
    const char *name;
    void (*make)(coded *c, buffer *b);
};

/* ---- tables ---- */

static str cell_at(str line, size_t n) {
    str cell = str_cell(line, n);
    return str_equal(cell, STR("-")) ? STR_NONE : cell;
}

/* Cell `n` of the line of a table whose first cells are these; STR_NONE where there is none. */
static str look_up(const char *table, str first, str second, size_t n) {
    str line;
    for (size_t at = 0; str_piece(str_of(table), &at, '\n', &line);)
        if (str_equal(cell_at(line, 0), first) && (!second.data || str_equal(cell_at(line, 1), second)))
            return cell_at(line, n);
    return STR_NONE;
}

static str country_cell(const coded *c, size_t n) {
    return c->country.data ? look_up(ledger_table_countries, c->country, STR_NONE, n) : STR_NONE;
}

static str event_cell(const coded *c, size_t n) {
    str type = export_string(c->record, "event");
    return type.data ? look_up(ledger_table_codes, STR("acled-event"), type, n) : STR_NONE;
}

/* ---- when ---- */

static void make_year(coded *c, buffer *b) {
    write_number(b, day_split(c->from).year);
}

static void make_first_day(coded *c, buffer *b) {
    buffer_add(b, day_format(&c->a, c->from));
}

static void make_last_day(coded *c, buffer *b) {
    buffer_add(b, day_format(&c->a, c->to));
}

/* 1 the day, 2 some days, 3 a week, 4 a month, 5 more. */
static int days_code(const coded *c) {
    day length = c->to - c->from + 1;
    bool told = !str_equal(c->precision, STR("published"));
    return length <= 1 ? (told ? 1 : 2) : length < 7 ? 2 : length == 7 ? 3 : length <= 31 ? 4 : 5;
}

static void make_date_prec(coded *c, buffer *b) {
    write_number(b, days_code(c));
}

static void make_time_precision(coded *c, buffer *b) {
    static const int of_code[] = {0, 1, 2, 2, 3, 3};
    write_number(b, of_code[days_code(c)]);
}

static void make_clarity(coded *c, buffer *b) {
    write_number(b, days_code(c) <= 3 ? 1 : 2);
}

/* ---- where ---- */

static place_kind kind_of(const coded *c) {
    int kind = place_kind_named(export_string(c->record, "place.kind"));
    return kind == NONE ? PLACE_AREA : (place_kind)kind;
}

static bool within_25_km(const coded *c) {
    return json_number_value(export_follow(c->record, STR("place.radius_km"))) <= 25;
}

/* A region that is its own first-level division is that; another lies below it. */
static bool is_first_level(const coded *c) {
    str name = export_string(c->record, "place.name"), admin1 = export_string(c->record, "place.admin1");
    return !admin1.size || str_equal(name, admin1);
}

static void make_where_prec(coded *c, buffer *b) {
    place_kind kind = kind_of(c);
    int code = kind == PLACE_COUNTRY  ? 6
               : kind == PLACE_REGION ? (is_first_level(c) ? 4 : 3)
               : kind != PLACE_AREA   ? 1
               : within_25_km(c)      ? 2
                                      : 5;
    write_number(b, code);
}

static void make_geo_precision(coded *c, buffer *b) {
    place_kind kind = kind_of(c);
    write_number(b, kind == PLACE_COUNTRY || kind == PLACE_REGION ? 3 : kind == PLACE_AREA ? 2 : 1);
}

static void make_place_name(coded *c, buffer *b) {
    static const char *const roads[] = {"place.name", "place.name_ar", "place.text"};
    for (size_t i = 0; i < 3 && !b->size; i++)
        buffer_add(b, export_string(c->record, roads[i]));
}

static void make_point(coded *c, buffer *b) {
    buffer_add(b, STR("POINT ("));
    write_real(b, c->lon);
    buffer_add_byte(b, ' ');
    write_real(b, c->lat);
    buffer_add_byte(b, ')');
}

/* PRIO-GRID: cells of half a degree, counted from the south-west, 720 in a row. */
static void make_grid_cell(coded *c, buffer *b) {
    double row = floor((c->lat + 90) * 2), along = floor((c->lon + 180) * 2);
    row = row > 359 ? 359 : row;
    along = along > 719 ? 719 : along;
    write_number(b, (int64_t)(row * 720 + along) + 1);
}

static void make_country(coded *c, buffer *b) {
    str name = country_cell(c, 1);
    buffer_add(b, name.data ? name : c->country);
}

static void make_iso(coded *c, buffer *b) {
    buffer_add(b, country_cell(c, 2));
}

static void make_acled_region(coded *c, buffer *b) {
    buffer_add(b, country_cell(c, 3));
}

static void make_country_id(coded *c, buffer *b) {
    buffer_add(b, country_cell(c, 4));
}

static void make_ucdp_region(coded *c, buffer *b) {
    buffer_add(b, country_cell(c, 5));
}

/* ---- what ---- */

static void make_event_type(coded *c, buffer *b) {
    buffer_add(b, event_cell(c, 2));
}

static void make_sub_event_type(coded *c, buffer *b) {
    buffer_add(b, event_cell(c, 3));
}

static void make_disorder_type(coded *c, buffer *b) {
    buffer_add(b, event_cell(c, 4));
}

/* ---- who ---- */

/* The author that all mean who name one; STR_NONE where they part or where nobody does. */
static str one_actor(coded *c) {
    const json_t *actor;
    size_t i;
    str name = STR_NONE;
    uint64_t parties = 0;
    json_array_foreach(json_object_get(c->record, "actors"), i, actor) {
        str text = export_string(actor, "text");
        uint64_t these = parties_of(&c->of->names, &c->a, text);
        if (name.data && !str_equal(name, text) && !(parties & these))
            return STR_NONE;
        parties = name.data ? (parties & these) | (str_equal(name, text) ? parties : 0) : these;
        name = name.data ? name : text;
    }
    return name;
}

static void make_actor(coded *c, buffer *b) {
    buffer_add(b, one_actor(c));
}

static bool has_word(str words, str w) {
    for (size_t at = 0; w.size && (at = str_find(words, w, at)) != SIZE_MAX; at++)
        if ((at == 0 || words.data[at - 1] == ' ') &&
            (at + w.size == words.size || words.data[at + w.size] == ' '))
            return true;
    return false;
}

/* 0: none known. */
static int64_t inter_of_actor(coded *c) {
    uint64_t parties = parties_of(&c->of->names, &c->a, one_actor(c));
    str code = STR_NONE;
    for (size_t i = 0; i < c->of->names.party_ids.size && i < 63; i++) {
        if (!(parties >> (i + 1) & 1))
            continue;
        str id = c->of->names.party_ids.at[i];
        str theirs = look_up(ledger_table_codes, STR("acled-inter"), id, 2);
        str home = look_up(ledger_table_codes, STR("acled-inter"), id, 3);
        theirs = theirs.data && has_word(home, c->country) ? STR("1") : theirs;
        if (!theirs.data || (code.data && !str_equal(code, theirs)))
            return 0;
        code = theirs;
    }
    return code.data ? code.data[0] - '0' : 0;
}

/* Whether those harmed were civilians and, as far as anybody tells, nobody else. */
static bool only_civilians(const coded *c) {
    return c->civilian && !export_estimate(c->record, STR("killed"), "combatant");
}

static void make_civilians(coded *c, buffer *b) {
    if (!only_civilians(c))
        return;
    str country = country_cell(c, 1);
    buffer_add(b, STR("Civilians"));
    if (country.data)
        buffer_printf(b, " (%.*s)", STR_ARG(country));
}

enum { CIVILIANS = 7 };

static void make_inter1(coded *c, buffer *b) {
    int64_t code = inter_of_actor(c);
    if (code)
        write_number(b, code);
}

static void make_inter2(coded *c, buffer *b) {
    if (only_civilians(c))
        write_number(b, CIVILIANS);
}

/* Both sides' codes, the smaller first. */
static void make_interaction(coded *c, buffer *b) {
    int64_t one = inter_of_actor(c);
    if (!one || !only_civilians(c))
        return;
    write_number(b, one < CIVILIANS ? one * 10 + CIVILIANS : CIVILIANS * 10 + one);
}

/* ---- on whose word ---- */

/* One thing of a list that is joined by ";": what would end it becomes a comma, a line break a space. */
static void add_listed(buffer *b, str text) {
    buffer_add(b, b->size ? STR(";") : STR(""));
    for (size_t i = 0; i < text.size; i++)
        buffer_add_byte(b, text.data[i] == ';' ? ',' : text.data[i] == '\n' ? ' ' : text.data[i]);
}

/* A field of all documents that are no copies of others; `distinct`: each text once. */
static void add_documents(const coded *c, const char *field, bool distinct, buffer *b) {
    const json_t *d;
    size_t i;
    json_t *seen = json_object();
    json_array_foreach(json_object_get(c->record, "documents"), i, d) {
        bool copy = !json_is_null(json_object_get(d, "copy_of"));
        str text = export_string(d, field);
        if (copy || !text.size || (distinct && !export_is_new(seen, text)))
            continue;
        add_listed(b, text);
    }
    json_decref(seen);
}

static void make_outlets(coded *c, buffer *b) {
    add_documents(c, "outlet", true, b);
}

static void make_published(coded *c, buffer *b) {
    add_documents(c, "published", false, b);
}

static void make_headlines(coded *c, buffer *b) {
    add_documents(c, "title", false, b);
}

/* A document without outlet, address and given id is named by its hash, of which a part is enough to see. */
static str shown_name(coded *c, str name) {
    enum { HASH = 64, SHOWN = 12 };
    bool hash = name.size == HASH;
    for (size_t i = 0; i < name.size && hash; i++)
        hash = (name.data[i] >= '0' && name.data[i] <= '9') || (name.data[i] >= 'a' && name.data[i] <= 'f');
    return hash ? arena_printf(&c->a, "document %.*s", SHOWN, name.data) : name;
}

/* "outlet,2021-01-13,headline";"…" */
static void make_articles(coded *c, buffer *b) {
    const json_t *d;
    size_t i;
    json_array_foreach(json_object_get(c->record, "documents"), i, d) {
        if (!json_is_null(json_object_get(d, "copy_of")))
            continue;
        str outlet = export_string(d, "outlet"), published = export_string(d, "published");
        outlet = outlet.size ? outlet : shown_name(c, export_string(d, "id"));
        str day_told = published.size > 10 ? str_slice(published, 0, 10) : published;
        add_listed(b, arena_printf(&c->a, "\"%.*s,%.*s,%.*s\"", STR_ARG(outlet), STR_ARG(day_told),
                                   STR_ARG(export_string(d, "title"))));
    }
}

/* What a voice says of all who were killed, where its own report first has it. */
static bool is_word_on_killed(const json_t *told) {
    const json_t *chain = json_object_get(told, "chain");
    str how = export_string(json_array_get(chain, json_array_size(chain) - 1), "how");
    return str_equal(export_string(told, "effect"), STR("killed")) && str_equal(how, STR("told")) &&
           str_equal(export_string(told, "scope"), STR("incident")) &&
           json_is_null(json_object_get(told, "part_of")) && json_is_null(json_object_get(told, "group")) &&
           json_is_null(json_object_get(told, "superseded"));
}

static json_int_t least_of(const json_t *told) {
    return json_integer_value(json_object_get(told, "min"));
}

/* Claims stand in the order of their documents. Of what one report gives the greatest is the whole. */
static void take_word(const json_t **first, const json_t **later, const json_t *told) {
    const json_t *known = *later ? *later : *first;
    bool same_report = str_equal(export_string(known, "document"), export_string(told, "document"));
    if (!same_report || (*later && least_of(told) > least_of(*later)))
        *later = is_word_on_killed(*first) && least_of(told) == least_of(*first) ? NULL : told;
}

/* The first claim of each independent voice, in the order of their numbers, and its last word. */
static void find_tellers(coded *c) {
    const json_t *told;
    size_t i;
    c->voices = json_integer_value(export_follow(c->record, STR("voices.independent")));
    c->voices = c->voices > 0 ? c->voices : 0;
    c->first = ARENA_NEW(&c->a, const json_t *, c->voices + 1);
    c->later = ARENA_NEW(&c->a, const json_t *, c->voices + 1);
    json_array_foreach(json_object_get(c->record, "claims"), i, told) {
        json_int_t number = json_integer_value(json_object_get(told, "independent"));
        if (number <= 0 || number > c->voices)
            continue;
        if (!c->first[number])
            c->first[number] = told;
        else if (is_word_on_killed(told))
            take_word(&c->first[number], &c->later[number], told);
    }
}

static str teller_of(coded *c, const json_t *told) {
    return shown_name(c, export_string(json_array_get(json_object_get(told, "chain"), 0), "text"));
}

static void make_tellers(coded *c, buffer *b) {
    for (json_int_t number = 1; number <= c->voices; number++) {
        str teller = teller_of(c, c->first[number]);
        if (teller.size)
            add_listed(b, teller);
    }
}

/* Of the kinds of the voices that speak first, as a pair at most, in ACLED's order: one pair has one name
 * ("Subnational-National", never "National-Subnational"). */
static void make_source_scale(coded *c, buffer *b) {
    static const char *const order[] = {"Local partner", "Other",    "New media",    "Subnational",
                                        "National",      "Regional", "International"};
    enum { SCALES = sizeof order / sizeof *order };
    bool has[SCALES] = {false};
    size_t count = 0;
    for (json_int_t number = 1; number <= c->voices && count < 2; number++) {
        str kind = export_string(c->first[number], "voice.kind");
        str scale = kind.data ? look_up(ledger_table_codes, STR("acled-scale"), kind, 2) : STR_NONE;
        for (size_t i = 0; i < SCALES; i++)
            if (!has[i] && str_equal(scale, str_of(order[i]))) {
                has[i] = true;
                count++;
            }
    }
    for (size_t i = 0; i < SCALES; i++)
        if (has[i])
            buffer_printf(b, "%s%s", b->size ? "-" : "", order[i]);
}

/* By which rule the figure was drawn, and on what the accounts part. */
static void add_method(coded *c, buffer *b) {
    const json_t *one;
    size_t i;
    json_t *seen = json_object();
    if (c->killed)
        buffer_printf(b, "Fatalities by the rule %.*s.",
                      STR_ARG(export_string(c->record, "method.estimate")));
    else
        buffer_add(b, STR("Nobody gives a figure of the killed."));
    json_array_foreach(json_object_get(c->record, "disagreements"), i, one) {
        str on = export_string(one, "on");
        if (export_is_new(seen, on))
            buffer_printf(b, "%s%.*s",
                          json_object_size(seen) > 1 ? ", " : " The accounts part on: ", STR_ARG(on));
    }
    buffer_add(b, json_object_size(seen) ? STR(".") : STR(""));
    json_decref(seen);
}

static void add_denials(coded *c, buffer *b) {
    const json_t *told;
    size_t i;
    json_t *seen = json_object();
    json_array_foreach(json_object_get(c->record, "claims"), i, told) {
        bool denies = str_equal(export_string(told, "stance"), STR("denies")) &&
                      !str_equal(export_string(told, "verdict"), STR("rejected")) &&
                      json_is_null(json_object_get(told, "superseded"));
        str teller = denies ? teller_of(c, told) : STR_NONE;
        if (teller.size && export_is_new(seen, teller))
            buffer_printf(b, "%s%.*s", json_object_size(seen) > 1 ? "; " : " Denied by: ", STR_ARG(teller));
    }
    buffer_add(b, json_object_size(seen) ? STR(".") : STR(""));
    json_decref(seen);
}

/* The rule, then each voice with the sentence of its first claim, and of its last word on the killed where it
 * changed it: where they part is read from their own words. */
static void make_notes(coded *c, buffer *b) {
    add_method(c, b);
    add_denials(c, b);
    for (json_int_t number = 1; number <= c->voices; number++) {
        const json_t *told = c->first[number], *later = c->later[number];
        str teller = teller_of(c, told), words = export_string(told, "evidence.text");
        str last = later ? export_string(later, "evidence.text") : STR_NONE;
        buffer_add(b, STR(" | "));
        if (teller.size)
            buffer_printf(b, "%.*s: ", STR_ARG(teller));
        buffer_add(b, words);
        if (last.size && !str_equal(last, words))
            buffer_printf(b, " Later: %.*s", STR_ARG(last));
    }
}

/* ---- how many ---- */

static void make_best(coded *c, buffer *b) {
    export_value(json_object_get(c->killed, "best"), b);
}

static void make_high(coded *c, buffer *b) {
    export_value(json_object_get(c->killed, "high"), b);
}

static void make_low(coded *c, buffer *b) {
    export_value(json_object_get(c->killed, "low"), b);
}

/* Of `best`: with the other columns of deaths, which we cannot fill, its parts add up to it. */
static int64_t civilian_part(const coded *c) {
    int64_t all = json_integer_value(json_object_get(c->killed, "best"));
    int64_t part = json_integer_value(json_object_get(c->civilian, "best"));
    return part < all ? part : all;
}

static bool has_best(const coded *c) {
    return json_is_integer(json_object_get(c->killed, "best"));
}

static void make_civilian_deaths(coded *c, buffer *b) {
    if (has_best(c))
        write_number(b, civilian_part(c));
}

static void make_unknown_deaths(coded *c, buffer *b) {
    if (has_best(c))
        write_number(b, json_integer_value(json_object_get(c->killed, "best")) - civilian_part(c));
}

/* One figure: the rule's choice, and where it chooses none the conservative one. */
static void make_fatalities(coded *c, buffer *b) {
    export_value(json_object_get(c->killed, has_best(c) ? "best" : "low"), b);
}

/* ---- columns ---- */

static const maker makers[] = {
    {"year", make_year},
    {"first_day", make_first_day},
    {"last_day", make_last_day},
    {"date_prec", make_date_prec},
    {"time_precision", make_time_precision},
    {"clarity", make_clarity},
    {"where_prec", make_where_prec},
    {"geo_precision", make_geo_precision},
    {"place_name", make_place_name},
    {"point", make_point},
    {"grid_cell", make_grid_cell},
    {"country", make_country},
    {"iso", make_iso},
    {"acled_region", make_acled_region},
    {"country_id", make_country_id},
    {"ucdp_region", make_ucdp_region},
    {"event_type", make_event_type},
    {"sub_event_type", make_sub_event_type},
    {"disorder_type", make_disorder_type},
    {"actor", make_actor},
    {"civilians", make_civilians},
    {"inter1", make_inter1},
    {"inter2", make_inter2},
    {"interaction", make_interaction},
    {"outlets", make_outlets},
    {"published", make_published},
    {"headlines", make_headlines},
    {"articles", make_articles},
    {"tellers", make_tellers},
    {"source_scale", make_source_scale},
    {"notes", make_notes},
    {"best", make_best},
    {"high", make_high},
    {"low", make_low},
    {"civilian_deaths", make_civilian_deaths},
    {"unknown_deaths", make_unknown_deaths},
    {"fatalities", make_fatalities},
};

static const maker *maker_named(str name) {
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (str_equal(name, str_of(makers[i].name)))
            return &makers[i];
    return NULL;
}

coding *coding_new(const char *scheme) {
    arena a = arena_new((allocator){0});
    coding *c = ARENA_NEW(&a, coding, 1);
    str line;
    c->ucdp = strcmp(scheme, "ucdp") == 0;
    names_load(&a, &c->names);
    for (size_t at = 0; str_piece(str_of(ledger_table_columns), &at, '\n', &line);) {
        if (!str_equal(cell_at(line, 0), str_of(scheme)))
            continue;
        coded_column made = {cell_at(line, 1), cell_at(line, 2), NULL};
        if (str_starts(made.road, STR("=")))
            made.worked = maker_named(str_slice(made.road, 1, made.road.size));
        *VECTOR_PUSH(&c->columns, &a) = made;
    }
    c->a = a;
    return c;
}

void coding_free(coding *c) {
    if (!c)
        return;
    arena a = c->a;
    arena_free(&a);
}

void coded_begin(exporting *e) {
    if (e->options->bom)
        buffer_add(&e->line, STR("\xEF\xBB\xBF"));
    for (size_t i = 0; i < e->coding->columns.size; i++)
        export_cell(e, i == 0, e->coding->columns.at[i].name);
    buffer_add(&e->line, STR("\r\n"));
    export_line(e);
}

static coded coded_of(const coding *of, const json_t *record) {
    const json_t *lat = export_follow(record, STR("place.lat")),
                 *lon = export_follow(record, STR("place.lon"));
    coded c = {.of = of,
               .record = record,
               .killed = export_estimate(record, STR("killed"), "all"),
               .civilian = export_estimate(record, STR("killed"), "civilian"),
               .a = arena_new((allocator){0}),
               .placed = json_is_number(lat) && json_is_number(lon),
               .lat = json_number_value(lat),
               .lon = json_number_value(lon),
               .precision = export_string(record, "date_precision"),
               .country = export_string(record, "place.country")};
    c.dated = days_of(export_string(record, "date"), &c.from, &c.to);
    find_tellers(&c);
    return c;
}

static bool table_holds(const coded *c) {
    bool deadly = json_integer_value(json_object_get(c->killed, "high")) > 0;
    return c->dated && c->placed && (deadly || !c->of->ucdp);
}

void coded_row(exporting *e, const json_t *record, str json) {
    (void)json;
    buffer cell = {0};
    coded c = coded_of(e->coding, record);
    bool held = table_holds(&c);
    e->left_out += !held;
    for (size_t i = 0; i < e->coding->columns.size && held; i++) {
        const coded_column *from = &e->coding->columns.at[i];
        cell.size = 0;
        if (from->worked)
            from->worked->make(&c, &cell);
        else if (from->road.data)
            export_value(export_follow(record, from->road), &cell);
        export_cell(e, i == 0, buffer_str(&cell));
    }
    if (held)
        buffer_add(&e->line, STR("\r\n"));
    export_line(e);
    buffer_free(&cell);
    arena_free(&c.a);
}
