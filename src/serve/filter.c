#include "serve/filter.h"

#include <stddef.h>
#include <stdlib.h>

static bool set_text(str value, ledger_filter *f) {
    f->text = value;
    return true;
}

static bool set_id(str value, ledger_filter *f) {
    f->id = value;
    return true;
}

static bool set_day(str value, day *out) {
    day d = value.size == 10 ? day_parse(value) : DAY_NONE;
    *out = d;
    return d != DAY_NONE;
}

static bool set_from(str value, ledger_filter *f) {
    return set_day(value, &f->from);
}

static bool set_to(str value, ledger_filter *f) {
    return set_day(value, &f->to);
}

/* Conditions of the query language, which says what is wrong with them. */
static bool choose(const char *name, str value, ledger_filter *f) {
    if (f->choice_count == FILTER_CHOICES)
        return false;
    f->choices[f->choice_count].name = name;
    f->choices[f->choice_count++].value = value;
    return true;
}

/* Each of the values between commas. */
static bool all_are(str value, bool (*good)(str one)) {
    str one;
    for (size_t at = 0; str_piece(value, &at, ',', &one);)
        if (!good(one))
            return false;
    return true;
}

static bool is_country(str one) {
    return one.size == 2;
}

static bool set_country(str value, ledger_filter *f) {
    f->country = value;
    return all_are(value, is_country);
}

static bool set_admin1(str value, ledger_filter *f) {
    return choose("admin1", value, f);
}

static bool set_site(str value, ledger_filter *f) {
    return choose("site", value, f);
}

static bool set_status(str value, ledger_filter *f) {
    return choose("status", value, f);
}

static bool set_grade(str value, ledger_filter *f) {
    return choose("grade", value, f);
}

static bool set_assignee(str value, ledger_filter *f) {
    return choose("assigned", value, f);
}

static bool set_outlet(str value, ledger_filter *f) {
    return choose("outlet", value, f);
}

static bool set_place(str value, ledger_filter *f) {
    f->place = value;
    return true;
}

static bool set_box(str value, ledger_filter *f) {
    char text[128];
    double sides[4];
    if (value.size >= sizeof text)
        return false;
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    char *at = text;
    for (size_t i = 0; i < 4; i++) {
        char *end;
        sides[i] = strtod(at, &end);
        if (end == at || *end != (i < 3 ? ',' : '\0') || !(sides[i] >= -360 && sides[i] <= 360))
            return false;
        at = end + 1;
    }
    f->has_box = true;
    f->south = sides[0], f->west = sides[1], f->north = sides[2], f->east = sides[3];
    return true;
}

static bool set_effect(str value, ledger_filter *f) {
    str one;
    unsigned effects = 0;
    for (size_t at = 0; str_piece(value, &at, ',', &one);) {
        unsigned before = effects;
        for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++)
            effects |= str_equal(one, str_of(effect_name((effect)e))) ? 1u << e : 0;
        if (effects == before)
            return false;
    }
    f->effects = effects;
    return true;
}

static int event_called(str name) {
    for (int e = EVENT_NONE + 1; e <= EVENT_OTHER_ATTACK; e++)
        if (str_equal(name, str_of(event_type_name((event_type)e))))
            return e;
    return NONE;
}

static bool is_event(str one) {
    return event_called(one) != NONE;
}

static bool set_event(str value, ledger_filter *f) {
    f->event = event_called(value);
    return f->event != NONE || (all_are(value, is_event) && choose("event", value, f));
}

static bool is_disagreement(str one) {
    for (int on = ON_COUNT; on <= ON_PLACE; on++)
        if (str_equal(one, str_of(disagreement_on_name((disagreement_on)on))))
            return true;
    return str_equal(one, STR("yes")) || str_equal(one, STR("no"));
}

static bool set_disputed(str value, ledger_filter *f) {
    bool one = str_equal(value, STR("1")), none = str_equal(value, STR("0"));
    if (!one && !none)
        return all_are(value, is_disagreement) && choose("disagree", value, f);
    f->disputed = one;
    return true;
}

static bool set_language(str value, ledger_filter *f) {
    f->language = value;
    return true;
}

static bool set_order(str value, ledger_filter *f) {
    static const struct {
        const char *name;
        ledger_order order;
    } orders[] = {{"date", ORDER_DATE},
                  {"date-down", ORDER_DATE_DOWN},
                  {"figure-down", ORDER_FIGURE_DOWN},
                  {"voices-down", ORDER_VOICES_DOWN}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (str_equal(value, str_of(orders[i].name))) {
            f->order = orders[i].order;
            return true;
        }
    }
    return false;
}

static bool set_after(str value, ledger_filter *f) {
    f->after = value;
    return true;
}

static const struct {
    const char *name;
    bool (*set)(str value, ledger_filter *f);
    const char *expected;
} FIELDS[] = {
    {"text", set_text, "words"},
    {"id", set_id, "an id"},
    {"from", set_from, "a day, YYYY-MM-DD"},
    {"to", set_to, "a day, YYYY-MM-DD"},
    {"country", set_country, "two letters (ISO 3166)"},
    {"admin1", set_admin1, "a governorate or province"},
    {"site", set_site, "the id of a place"},
    {"place", set_place, "a place's name"},
    {"box", set_box, "south,west,north,east in degrees"},
    {"effect", set_effect, "killed, injured, casualties, missing, detained or displaced"},
    {"event", set_event, "an event's type, such as air_strike"},
    {"disputed", set_disputed, "1, 0, or what accounts part on"},
    {"status", set_status, "new, in-review or settled"},
    {"grade", set_grade, "a grade, any or none"},
    {"assignee", set_assignee, "a name, or none"},
    {"outlet", set_outlet, "an outlet's name"},
    {"language", set_language, "a language, such as ar"},
    {"order", set_order, "date, date-down, figure-down or voices-down"},
    {"after", set_after, "a cursor"},
};

/* Of the filter 64 bits each. */
static const struct {
    const char *name;
    size_t at;
    uint64_t least, most;
} NUMBERS[] = {
    {"least", offsetof(ledger_filter, least), 0, INT32_MAX},
    {"most", offsetof(ledger_filter, most), 0, INT32_MAX},
    {"voices", offsetof(ledger_filter, voices_least), 0, INT32_MAX},
    {"voices_most", offsetof(ledger_filter, voices_most), 0, INT32_MAX},
    {"limit", offsetof(ledger_filter, limit), 1, API_MAX_LIMIT},
    {"offset", offsetof(ledger_filter, offset), 0, INT32_MAX},
};

static bool is_number(str name) {
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++)
        if (str_equal(name, str_of(NUMBERS[i].name)))
            return true;
    return false;
}

static status set_numbers(exchange *x, ledger_filter *filter, failure *f) {
    status s = STATUS_OK;
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS && s == STATUS_OK; i++) {
        void *to = (char *)filter + NUMBERS[i].at;
        s = exchange_number(x, NUMBERS[i].name, NUMBERS[i].least, NUMBERS[i].most, to, f);
    }
    return s;
}

static status set_field(exchange *x, const target_field *field, ledger_filter *filter, failure *f) {
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        if (!str_equal(field->name, str_of(FIELDS[i].name)))
            continue;
        if (field->value.size == 0 || FIELDS[i].set(field->value, filter))
            return STATUS_OK;
        return exchange_refuse(x, 400, FIELDS[i].name, f, "%s: expected %s", FIELDS[i].name,
                               FIELDS[i].expected);
    }
    return exchange_refuse(x, 400, arena_cstring(x->a, field->name), f,
                           "there is no field of this name to ask by");
}

static bool is_among(const char *const *names, str name) {
    for (; names && *names; names++)
        if (str_equal(name, str_of(*names)))
            return true;
    return false;
}

status api_filter(exchange *x, const char *const *own, ledger_filter *out, failure *f) {
    ledger_filter filter = ledger_filter_all();
    filter.order = ORDER_DATE_DOWN;
    filter.limit = 50;
    status s = set_numbers(x, &filter, f);
    for (size_t i = 0; i < x->target->fields.size && s == STATUS_OK; i++) {
        const target_field *field = &x->target->fields.at[i];
        if (!is_number(field->name) && !is_among(own, field->name))
            s = set_field(x, field, &filter, f);
    }
    if (s == STATUS_OK)
        *out = filter;
    return s;
}
