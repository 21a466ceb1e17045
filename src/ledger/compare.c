/* Two sides of a ledger beside each other: two outlets, two periods, two places. What either tells of alone,
 * and where both tell of one incident, what figures each gives. Of each list the heaviest are given, and how
 * many there are. */
#include <stdlib.h>

#include "ledger/hidden.h"
#include "ledger/json.h"
#include "ledger/query.h"

enum { LISTED = 200 };

typedef struct weighed {
    int64_t key, figure;
} weighed;
typedef VECTOR(weighed) weighed_list;

typedef struct side {
    str value;
    conditions conditions;  /* of incidents */
    weighed_list incidents; /* by key */
} side;

typedef struct comparing {
    ledger *l;
    arena *a, once; /* once: of one incident */
    failure *f;
    const ledger_compare_asked *asked;
    side sides[2];
    buffer b;
} comparing;

/* ---- which incidents ---- */

#define OF_OUTLET                                                                                            \
    "incident.key IN (SELECT incident_version.incident FROM version JOIN incident_version ON"                \
    " incident_version.version = version.key WHERE version.outlet = ?)"

/* "2021", "2021-03", "2021-03-01/2021-05-31" */
static bool period_of(str value, day *from, day *to) {
    size_t slash = str_find(value, STR("/"), 0);
    day ignored;
    if (slash == SIZE_MAX)
        return days_asked(value, from, to);
    return days_asked(str_slice(value, 0, slash), from, &ignored) &&
           days_asked(str_slice(value, slash + 1, value.size), &ignored, to);
}

static status find_side(comparing *c, side *s) {
    ledger_filter filter = c->asked->filter;
    filter.limit = filter.offset = 0;
    if (!s->value.size)
        return fail(c->f, STATUS_USAGE, "compare: expected two sides, a and b");
    if (c->asked->by == COMPARE_PERIOD) {
        day from, to;
        if (!period_of(s->value, &from, &to) || from > to)
            return fail(c->f, STATUS_USAGE,
                        "\"%.*s\": expected YYYY, YYYY-MM, a day, or two of them with / between",
                        (int)(s->value.size < 60 ? s->value.size : 60), s->value.data);
        filter.from = filter.from != DAY_NONE && filter.from > from ? filter.from : from;
        filter.to = filter.to != DAY_NONE && filter.to < to ? filter.to : to;
    }
    if (c->asked->by == COMPARE_PLACE)
        filter.place = s->value;
    status code = incident_conditions(c->l, c->a, &filter, 0, &s->conditions, c->f);
    if (code != STATUS_OK)
        return code;
    if (c->asked->by == COMPARE_OUTLET)
        condition_text(&s->conditions, OF_OUTLET, s->value);
    if (c->asked->hide_sensitive)
        condition_number(&s->conditions, "incident.sensitive = ?", 0);
    statement q = statement_made(
        c->l,
        arena_printf(c->a, "SELECT incident.key, figure FROM incident%.*s ORDER BY incident.key",
                     STR_ARG(buffer_str(&s->conditions.sql))),
        c->f);
    conditions_give(&s->conditions, &q);
    statement_walks(&q);
    while (statement_row(&q))
        *VECTOR_PUSH(&s->incidents, c->a) = (weighed){take_number(&q, 0), take_number(&q, 1)};
    return statement_done(&q);
}

static int by_weight(const void *x, const void *y) {
    const weighed *a = x, *b = y;
    if (a->figure != b->figure)
        return a->figure > b->figure ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

typedef struct parted {
    weighed_list only[2], both;
} parted;

static parted part(comparing *c) {
    parted p = {0};
    const weighed_list *x = &c->sides[0].incidents, *y = &c->sides[1].incidents;
    for (size_t i = 0, k = 0; i < x->size || k < y->size;) {
        bool left = k == y->size || (i < x->size && x->at[i].key < y->at[k].key),
             right = i == x->size || (k < y->size && y->at[k].key < x->at[i].key);
        weighed one = right ? y->at[k] : x->at[i];
        *VECTOR_PUSH(left ? &p.only[0] : right ? &p.only[1] : &p.both, c->a) = one;
        i += !right;
        k += !left;
    }
    weighed_list *const lists[] = {&p.only[0], &p.only[1], &p.both};
    for (size_t i = 0; i < 3; i++)
        if (lists[i]->size)
            qsort(lists[i]->at, lists[i]->size, sizeof *lists[i]->at, by_weight);
    return p;
}

/* ---- totals ---- */

/* Of an outlet only what it printed itself counts as documents, claims and voices. */
static status count_of(comparing *c, const side *s, const char *what, const char *of_outlet,
                       const char *of_all) {
    bool outlet = c->asked->by == COMPARE_OUTLET;
    str in = arena_printf(c->a, " IN (SELECT incident.key FROM incident%.*s)",
                          STR_ARG(buffer_str(&s->conditions.sql)));
    const char *sql = outlet ? of_outlet : of_all;
    const char *mark = strstr(sql, "%");
    str whole = arena_printf(c->a, "%.*s%.*s%s", (int)(mark - sql), sql, STR_ARG(in), mark + 1);
    statement q = statement_made(c->l, whole, c->f);
    conditions_give(&s->conditions, &q);
    if (outlet)
        give_text(&q, s->value);
    write_key(&c->b, what), write_number(&c->b, statement_row(&q) ? take_number(&q, 0) : 0);
    return statement_done(&q);
}

static status write_effects(comparing *c, const side *s) {
    statement q = statement_made(c->l,
                                 arena_printf(c->a,
                                              "SELECT effect, CAST(sum(low) AS BIGINT), "
                                              "CAST(sum(coalesce(best, low)) AS BIGINT), CAST(sum(high) AS"
                                              " BIGINT), count(*), count(best) FROM estimate WHERE incident "
                                              "IN (SELECT incident.key FROM incident%.*s)"
                                              " GROUP BY effect ORDER BY effect",
                                              STR_ARG(buffer_str(&s->conditions.sql))),
                                 c->f);
    conditions_give(&s->conditions, &q);
    write_key(&c->b, "effects"), buffer_add_byte(&c->b, '[');
    while (statement_row(&q)) {
        write_comma(&c->b), buffer_add_byte(&c->b, '{');
        write_key(&c->b, "effect"), write_string(&c->b, take_text(&q, 0));
        write_key(&c->b, "low"), write_number(&c->b, take_number(&q, 1));
        write_key(&c->b, "best");
        take_number(&q, 5) ? write_number(&c->b, take_number(&q, 2)) : buffer_add(&c->b, STR("null"));
        write_key(&c->b, "high"), write_number(&c->b, take_number(&q, 3));
        write_key(&c->b, "incidents"), write_number(&c->b, take_number(&q, 4));
        buffer_add_byte(&c->b, '}');
    }
    buffer_add_byte(&c->b, ']');
    return statement_done(&q);
}

static status write_side(comparing *c, const char *name, const side *s) {
    write_key(&c->b, name), buffer_add_byte(&c->b, '{');
    write_key(&c->b, "label"), write_string(&c->b, s->value);
    write_key(&c->b, "incidents"), write_number(&c->b, (int64_t)s->incidents.size);
    status code =
        count_of(c, s, "documents",
                 "SELECT count(DISTINCT version) FROM incident_version JOIN version ON version.key ="
                 " incident_version.version WHERE incident_version.incident% AND version.outlet = ?",
                 "SELECT count(DISTINCT version) FROM incident_version WHERE incident%");
    if (code == STATUS_OK)
        code = count_of(
            c, s, "claims",
            "SELECT count(*) FROM incident_claim JOIN claim ON claim.key = incident_claim.claim JOIN version "
            "ON"
            " version.key = claim.version WHERE incident_claim.incident% AND independent IS NOT NULL AND"
            " version.outlet = ?",
            "SELECT count(*) FROM incident_claim WHERE incident% AND independent IS NOT NULL");
    if (code == STATUS_OK)
        code = count_of(
            c, s, "voices",
            "SELECT count(DISTINCT coalesce(voice.source, voice.id)) FROM incident_claim JOIN claim ON "
            "claim.key ="
            " incident_claim.claim JOIN version ON version.key = claim.version JOIN voice ON voice.incident ="
            " incident_claim.incident AND voice.independent = incident_claim.independent WHERE"
            " incident_claim.incident% AND version.outlet = ?",
            "SELECT count(DISTINCT coalesce(source, id)) FROM voice WHERE incident%");
    if (code == STATUS_OK)
        code = write_effects(c, s);
    buffer_add_byte(&c->b, '}');
    return code;
}

/* ---- incidents ---- */

static bool same_of(const json_t *x, const json_t *y, const char *key) {
    return json_equal(json_object_get(x, key), json_object_get(y, key));
}

/* What an outlet's papers tell of an incident: each figure once. */
static json_t *figures_of(const json_t *incident, str outlet, bool hide) {
    static const char *const keys[] = {"effect", "class",  "group",  "min",
                                       "max",    "approx", "stance", "independent"};
    json_t *out = json_array(), *papers = json_object(), *each, *one;
    size_t i, k;
    json_array_foreach(json_object_get(incident, "documents"), i, each) {
        if (str_equal(json_str(each, "outlet"), outlet))
            json_object_set_new(papers, json_chars(each, "id"), json_true());
    }
    json_array_foreach(json_object_get(incident, "claims"), i, each) {
        bool known = !json_is_integer(json_object_get(each, "independent")) ||
                     !json_object_get(papers, json_chars(each, "document")) ||
                     json_is_string(json_object_get(each, "part_of")) ||
                     (hide && json_is_true(json_object_get(each, "sensitive")));
        json_array_foreach(out, k, one) {
            bool same = true;
            for (size_t n = 0; n < sizeof keys / sizeof *keys && same; n++)
                same = same_of(each, one, keys[n]);
            known |= same;
        }
        if (known)
            continue;
        one = json_object();
        for (size_t n = 0; n < sizeof keys / sizeof *keys; n++)
            json_object_set(one, keys[n], json_object_get(each, keys[n]));
        json_object_set(one, "claim", json_object_get(each, "id"));
        json_array_append_new(out, one);
    }
    json_decref(papers);
    return out;
}

static int64_t bound(const json_t *o, const char *key) {
    const json_t *v = json_object_get(o, key);
    return json_is_integer(v) ? json_integer_value(v) : INT64_MAX;
}

static bool denies(const json_t *o) {
    return strcmp(json_chars(o, "stance"), "denies") == 0;
}

/* Two figures of one harm that cannot both be true. */
static bool part_ways(const json_t *x, const json_t *y) {
    if (!same_of(x, y, "effect") || !same_of(x, y, "group"))
        return false;
    if (denies(x) != denies(y))
        return bound(denies(x) ? y : x, "min") > 0;
    return bound(x, "min") > bound(y, "max") || bound(y, "min") > bound(x, "max");
}

/* They differ where both tell of one harm and no figure of the one goes with one of the other. */
static bool differ(const json_t *x, const json_t *y) {
    static const char *const effects[] = {"killed",  "injured",  "casualties",
                                          "missing", "detained", "displaced"};
    for (size_t e = 0; e < sizeof effects / sizeof *effects; e++) {
        size_t i, k;
        const json_t *one, *other;
        bool both = false, meet = false;
        json_array_foreach(x, i, one) {
            json_array_foreach(y, k, other) {
                if (strcmp(json_chars(one, "effect"), effects[e]) != 0 || !same_of(one, other, "effect"))
                    continue;
                both = true;
                meet |= !part_ways(one, other);
            }
        }
        if (both && !meet)
            return true;
    }
    return false;
}

static void write_both(comparing *c, str json, str summary) {
    bool outlets = c->asked->by == COMPARE_OUTLET;
    json_t *incident = json_parsed(json);
    json_t *x = outlets ? figures_of(incident, c->sides[0].value, c->asked->hide_sensitive) : json_array(),
           *y = outlets ? figures_of(incident, c->sides[1].value, c->asked->hide_sensitive) : json_array();
    buffer_add_byte(&c->b, '{');
    write_key(&c->b, "incident"), buffer_add(&c->b, summary);
    write_key(&c->b, "a"), buffer_add(&c->b, json_dumped(&c->once, x, 0));
    write_key(&c->b, "b"), buffer_add(&c->b, json_dumped(&c->once, y, 0));
    write_key(&c->b, "differ"), buffer_add(&c->b, differ(x, y) ? STR("true}") : STR("false}"));
    json_decref(x);
    json_decref(y);
    json_decref(incident);
}

static status write_list(comparing *c, const char *name, const weighed_list *list, bool both) {
    status code = STATUS_OK;
    write_key(&c->b, name), buffer_add_byte(&c->b, '[');
    for (size_t i = 0; i < list->size && i < LISTED && code == STATUS_OK; i++) {
        statement s = statement_of(
            c->l, "SELECT json, json_size, summary, summary_size FROM incident_text WHERE incident = ?",
            c->f);
        give_number(&s, list->at[i].key);
        if (statement_row(&s)) {
            str json = archive_inflate(&c->once, take_blob(&s, 0), (size_t)take_number(&s, 1));
            str summary = json.data
                              ? archive_inflate_beside(&c->once, take_blob(&s, 2), (size_t)take_number(&s, 3),
                                                       incident_beside(json))
                              : STR_NONE;
            if (summary.data)
                code = incident_veiled(c->l, json_id(json), json, summary, &c->once, &summary, c->f);
            if (summary.data && code == STATUS_OK) {
                write_comma(&c->b);
                both ? write_both(c, json, summary) : buffer_add(&c->b, summary);
            } else if (code == STATUS_OK) {
                code = fail(c->f, STATUS_DAMAGED_LEDGER, "ledger %s: an incident is damaged", c->l->path);
            }
        }
        status done = statement_done(&s);
        code = code == STATUS_OK ? done : code;
        arena_reset(&c->once);
    }
    buffer_add_byte(&c->b, ']');
    return code;
}

static status write_all(comparing *c) {
    static const char *const names[] = {"outlet", "period", "place"};
    parted p = part(c);
    buffer_add_byte(&c->b, '{');
    write_key(&c->b, "by"), write_name(&c->b, names[c->asked->by]);
    status code = write_side(c, "a", &c->sides[0]);
    if (code == STATUS_OK)
        code = write_side(c, "b", &c->sides[1]);
    write_key(&c->b, "counts");
    buffer_printf(&c->b, "{\"only_a\": %zu, \"only_b\": %zu, \"both\": %zu}", p.only[0].size, p.only[1].size,
                  p.both.size);
    if (code == STATUS_OK)
        code = write_list(c, "only_a", &p.only[0], false);
    if (code == STATUS_OK)
        code = write_list(c, "only_b", &p.only[1], false);
    if (code == STATUS_OK)
        code = write_list(c, "both", &p.both, true);
    buffer_add_byte(&c->b, '}');
    return code;
}

bool ledger_compare_named(str name, ledger_compare_by *out) {
    static const char *const names[] = {"outlet", "period", "place"};
    for (size_t i = 0; i < 3; i++)
        if (str_equal(name, str_of(names[i]))) {
            *out = (ledger_compare_by)i;
            return true;
        }
    return false;
}

static status compare_sides(ledger *l, const ledger_compare_asked *asked, arena *a, str *json, failure *f) {
    comparing c = {.l = l, .a = a, .once = arena_new((allocator){0}), .f = f, .asked = asked};
    c.sides[0].value = str_trim(asked->a);
    c.sides[1].value = str_trim(asked->b);
    status code = find_side(&c, &c.sides[0]);
    if (code == STATUS_OK)
        code = find_side(&c, &c.sides[1]);
    if (code == STATUS_OK)
        code = write_all(&c);
    if (code == STATUS_OK)
        *json = arena_copy(a, buffer_str(&c.b));
    buffer_free(&c.sides[0].conditions.sql);
    buffer_free(&c.sides[1].conditions.sql);
    buffer_free(&c.b);
    arena_free(&c.once);
    return code;
}

/* The handle hides for as long as it is asked so, whatever it does otherwise. */
status ledger_compare(ledger *l, const ledger_compare_asked *asked, arena *a, str *json, failure *f) {
    bool before = l->hides;
    ledger_compare_asked now = *asked;
    now.hide_sensitive |= before;
    ledger_hide_sensitive(l, now.hide_sensitive);
    status code = compare_sides(l, &now, a, json, f);
    ledger_hide_sensitive(l, before);
    return code;
}
