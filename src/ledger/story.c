/* An incident's story: what its page draws, told from isnad-incident/1 (docs/formats.md, isnad-story/1).
 *
 * Three drawings need more than a list of claims. What each voice said one after another, so that a change of
 * a figure is seen as one. The roads from the first teller through relays to papers, as one graph: a paper
 * that only copied stands with what it copied, and no edge closes a ring (where outlets cite each other, the
 * first of them begins). And the disagreements by question, with each value that was told once and who told
 * it, so that words can be made of them in any language. All of it is a function of the incident's JSON and
 * of the rows of its voices. */
#include <stdlib.h>

#include "base/counters.h"
#include "ledger/json.h"
#include "ledger/sources.h"

typedef struct story {
    ledger *l;
    arena *a;
    failure *f;
    json_t *incident, *claims, *documents; /* the last two: by id */
    json_t *told;                          /* claims that count, by the number of their voice */
    json_t *figures;                       /* by the id of a claim, all claims of the figure that it tells */
    bool hide;
} story;

static const char *chars(const json_t *o, const char *key) {
    return json_chars(o, key);
}

static bool is_no(const json_t *o, const char *key) {
    const json_t *v = json_object_get(o, key);
    return !v || json_is_null(v);
}

static bool counts(const json_t *c) {
    return !is_no(c, "independent") && is_no(c, "superseded");
}

static void copy_key(json_t *to, const json_t *from, const char *key) {
    json_t *v = json_object_get(from, key);
    json_object_set(to, key, v ? v : json_null());
}

static bool same(const json_t *x, const json_t *y, const char *key) {
    return json_equal(json_object_get(x, key), json_object_get(y, key));
}

/* ---- what was said ---- */

static const json_t *document_of(const json_t *documents, const json_t *entry) {
    return json_object_get(documents, chars(entry, "document"));
}

static json_t *documents_by_id(const json_t *incident) {
    json_t *out = json_object(), *d;
    size_t i;
    json_array_foreach(json_object_get(incident, "documents"), i, d) json_object_set(out, chars(d, "id"), d);
    return out;
}

static bool same_statement(const json_t *x, const json_t *y) {
    static const char *const keys[] = {"effect", "class",  "group",  "min",
                                       "max",    "approx", "stance", "part_of"};
    bool equal = true;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && equal; i++)
        equal =
            strcmp(keys[i], "part_of") == 0 ? is_no(x, keys[i]) == is_no(y, keys[i]) : same(x, y, keys[i]);
    return equal;
}

static json_t *said_of(const json_t *entry, const json_t *documents) {
    static const char *const keys[] = {"effect", "class",  "group",  "min",
                                       "max",    "approx", "stance", "part_of"};
    json_t *one = json_object();
    copy_key(one, document_of(documents, entry), "published");
    json_object_set(one, "time", json_object_get(one, "published"));
    json_object_del(one, "published");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        copy_key(one, entry, keys[i]);
    json_object_set(one, "claim", json_object_get(entry, "id"));
    copy_key(one, entry, "document");
    json_object_set_new(one, "claims", json_array());
    return one;
}

static int64_t least(const json_t *o) {
    return json_integer_value(json_object_get(o, "min"));
}

static int64_t most(const json_t *o) {
    return is_no(o, "max") ? INT64_MAX : json_integer_value(json_object_get(o, "max"));
}

static bool classes_meet(const json_t *x, const json_t *y) {
    const char *a = chars(x, "class"), *b = chars(y, "class");
    return !strcmp(a, b) || !strcmp(a, "unknown") || !strcmp(b, "unknown") || !strcmp(a, "mixed") ||
           !strcmp(b, "mixed");
}

/* As figures.c has it: what was told for the first time later takes the place of what was told before, unless
 * it is only vaguer; of two in one paper the greater holds. */
static bool takes_back(const json_t *later, const json_t *earlier, bool same_paper) {
    if (!same(later, earlier, "effect") || !same(later, earlier, "group") || !classes_meet(later, earlier) ||
        !is_no(later, "part_of") || !is_no(earlier, "part_of"))
        return false;
    if (same_paper)
        return least(later) > least(earlier) && least(earlier) > 0;
    bool vaguer = least(later) <= least(earlier) && most(later) >= most(earlier) && least(earlier) > 0;
    bool same_figure = least(later) == least(earlier) && most(later) == most(earlier);
    return !vaguer && !same_figure;
}

/* Claims stand in the order in which their papers were published. */
static void settle(json_t *said) {
    size_t i, k;
    json_t *one, *other;
    json_array_foreach(said, i, one) {
        bool stands = is_no(one, "part_of");
        json_array_foreach(said, k, other) {
            bool same_paper = same(one, other, "document");
            if (stands && k != i && (k > i || same_paper) && takes_back(other, one, same_paper))
                stands = false;
        }
        json_object_set_new(one, "stands", json_boolean(stands));
    }
}

/* Of the claims of one voice. */
static json_t *said_among(const json_t *claims, const json_t *documents, bool hide_sensitive) {
    json_t *said = json_array(), *entry, *known;
    size_t i, k;
    json_array_foreach(claims, i, entry) {
        COUNT(claim_steps, 1);
        if (hide_sensitive && json_is_true(json_object_get(entry, "sensitive")))
            continue;
        json_t *one = NULL;
        json_array_foreach(said, k, known) one = !one && same_statement(known, entry) ? known : one;
        if (!one) {
            one = said_of(entry, documents);
            json_array_append_new(said, one);
        }
        json_array_append(json_object_get(one, "claims"), json_object_get(entry, "id"));
    }
    settle(said);
    return said;
}

json_t *story_said(const json_t *incident, int64_t independent, bool hide_sensitive) {
    json_t *claims = json_array(), *documents = documents_by_id(incident), *entry;
    size_t i;
    json_array_foreach(json_object_get(incident, "claims"), i, entry) {
        if (counts(entry) && json_integer_value(json_object_get(entry, "independent")) == independent)
            json_array_append(claims, entry);
    }
    json_t *said = said_among(claims, documents, hide_sensitive);
    json_decref(claims);
    json_decref(documents);
    return said;
}

/* ---- voices ---- */

static const char *number_text(arena *a, int64_t independent) {
    return arena_printf(a, "%lld", (long long)independent).data;
}

static json_t *told_by_voice(arena *a, const json_t *incident) {
    json_t *out = json_object(), *entry, *list;
    size_t i;
    json_array_foreach(json_object_get(incident, "claims"), i, entry) {
        const char *number = number_text(a, json_integer_value(json_object_get(entry, "independent")));
        if (!counts(entry))
            continue;
        if (!(list = json_object_get(out, number)))
            json_object_set_new(out, number, list = json_array());
        json_array_append(list, entry);
    }
    return out;
}

static json_t *outlets_of(const story *t, const json_t *claims, json_t *first) {
    json_t *out = json_array(), *seen = json_object(), *entry;
    size_t i;
    json_array_foreach(claims, i, entry) {
        const json_t *d = document_of(t->documents, entry);
        if (!json_object_size(first)) {
            copy_key(first, entry, "document");
            copy_key(first, d, "outlet");
            copy_key(first, d, "published");
        }
        const char *outlet = chars(d, "outlet");
        if (*outlet && !json_object_get(seen, outlet)) {
            json_object_set_new(seen, outlet, json_true());
            json_array_append(out, json_object_get(d, "outlet"));
        }
    }
    json_decref(seen);
    return out;
}

static bool was_revised(const json_t *said) {
    size_t i;
    const json_t *one;
    json_array_foreach(said, i, one) {
        if (is_no(one, "part_of") && !json_is_true(json_object_get(one, "stands")))
            return true;
    }
    return false;
}

static json_t *voice_of_row(story *t, statement *s) {
    int64_t n = take_number(s, 0);
    const json_t *claims = json_object_get(t->told, number_text(t->a, n));
    json_t *said = said_among(claims, t->documents, t->hide), *v = json_object(), *first = json_object(),
           *outlets = outlets_of(t, claims, first);
    json_object_set_new(v, "independent", json_integer(n));
    json_object_set_new(v, "source", json_text(take_null(s, 1) ? STR_NONE : take_text(s, 1)));
    json_object_set_new(v, "name", json_text(take_null(s, 2) ? STR_NONE : take_text(s, 2)));
    json_object_set_new(v, "name_en", json_text(take_null(s, 8) ? STR_NONE : take_text(s, 8)));
    json_object_set_new(v, "name_ar", json_text(take_null(s, 9) ? STR_NONE : take_text(s, 9)));
    json_object_set_new(v, "kind", json_text(take_null(s, 3) ? STR_NONE : take_text(s, 3)));
    json_object_set_new(v, "weak", json_boolean(take_number(s, 4) != 0));
    json_object_set_new(v, "origin_unknown", json_boolean(take_number(s, 5) != 0));
    json_object_set_new(v, "alone", json_boolean(take_number(s, 6) != 0));
    json_object_set_new(v, "told_first", json_boolean(take_number(s, 7) != 0));
    json_object_set_new(v, "first", first);
    json_object_set_new(v, "outlets", outlets);
    json_object_set_new(v, "revised", json_boolean(was_revised(said)));
    json_object_set_new(v, "said", said);
    return v;
}

static status put_voices(story *t, json_t *out) {
    json_t *list = json_array();
    json_object_set_new(out, "voices", list);
    statement s = statement_of(t->l,
                               "SELECT voice.independent, source, text, voice.kind, weak, origin_unknown, "
                               "voice.alone, voice.first, CASE WHEN"
                               " named > 0 THEN source.name END, CASE WHEN named > 0 THEN source.name_ar END "
                               "FROM voice JOIN incident ON"
                               " incident.key = voice.incident LEFT JOIN source ON source.key = voice.source "
                               "WHERE incident.id = ? ORDER"
                               " BY voice.independent",
                               t->f);
    give_text(&s, json_str(t->incident, "id"));
    while (statement_row(&s)) {
        json_t *v = voice_of_row(t, &s);
        if (json_array_size(json_object_get(v, "said")))
            json_array_append_new(list, v);
        else
            json_decref(v);
    }
    return statement_done(&s);
}

/* ---- the roads ---- */

typedef struct road_node {
    VECTOR(uint32_t) to;
    uint32_t seen; /* in this search */
} road_node;

typedef struct road_graph {
    story *t;
    VECTOR(road_node) roads; /* beside the nodes */
    VECTOR(uint32_t) open;   /* of a search */
    uint32_t searches;
    json_t *nodes, *at;    /* in their order; id → number */
    json_t *edges, *known; /* known: "from|to|how|voice" → number */
    json_t *heard;         /* documents that did more than copy */
    json_t *folded;        /* document → id of the node that it stands in */
} road_graph;

static const char *step_name(arena *a, const json_t *step) {
    const char *document = chars(step, "document");
    return *document ? arena_printf(a, "d:%s", document).data
                     : arena_printf(a, "r:%s", chars(step, "text")).data;
}

static json_t *node_named(road_graph *g, const char *id, const char *is) {
    const json_t *at = json_object_get(g->at, id);
    if (at)
        return json_array_get(g->nodes, (size_t)json_integer_value(at));
    json_t *node = json_object();
    json_object_set_new(node, "id", json_string(id));
    json_object_set_new(node, "is", json_string(is));
    json_object_set_new(node, "voices", json_array());
    json_object_set_new(node, "copies", json_array());
    json_object_set_new(g->at, id, json_integer((json_int_t)json_array_size(g->nodes)));
    json_array_append_new(g->nodes, node);
    *VECTOR_PUSH(&g->roads, g->t->a) = (road_node){.seen = 0};
    return node;
}

static void add_once(json_t *list, json_t *value) {
    size_t i;
    json_t *each;
    json_array_foreach(list, i, each) {
        if (json_equal(each, value))
            return;
    }
    json_array_append(list, value);
}

static json_t *node_of_step(road_graph *g, const json_t *step) {
    const json_t *d = json_object_get(g->t->documents, chars(step, "document"));
    bool paper = *chars(step, "document") != 0;
    json_t *node = node_named(g, step_name(g->t->a, step), paper ? "document" : "relay");
    if (json_object_get(node, "name"))
        return node;
    static const char *const keys[] = {"title", "url", "language", "published"};
    if (paper) {
        copy_key(node, d, "outlet");
        json_object_set(node, "name", json_object_get(node, "outlet"));
        json_object_del(node, "outlet");
        copy_key(node, step, "document");
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            copy_key(node, d, keys[i]);
    } else {
        json_object_set(node, "name", json_object_get(step, "text"));
    }
    return node;
}

static void fold_copy(road_graph *g, json_t *into, const json_t *step) {
    const char *document = chars(step, "document");
    if (json_object_get(g->folded, document))
        return;
    json_t *copy = json_object();
    const json_t *d = json_object_get(g->t->documents, document);
    copy_key(copy, step, "document");
    copy_key(copy, d, "outlet");
    copy_key(copy, d, "published");
    json_array_append_new(json_object_get(into, "copies"), copy);
    json_object_set(g->folded, document, json_object_get(into, "id"));
}

static uint32_t node_number(const road_graph *g, const json_t *node) {
    return (uint32_t)json_integer_value(json_object_get(g->at, chars(node, "id")));
}

/* Whether one node is reached from another. */
static bool reaches(road_graph *g, uint32_t from, uint32_t to) {
    g->searches++;
    g->open.size = 0;
    *VECTOR_PUSH(&g->open, g->t->a) = from;
    while (g->open.size) {
        uint32_t at = g->open.at[--g->open.size];
        if (at == to)
            return true;
        for (size_t i = 0; i < g->roads.at[at].to.size; i++) {
            uint32_t next = g->roads.at[at].to.at[i];
            COUNT(claim_steps, 1);
            if (g->roads.at[next].seen == g->searches)
                continue;
            g->roads.at[next].seen = g->searches;
            *VECTOR_PUSH(&g->open, g->t->a) = next;
        }
    }
    return false;
}

static void add_edge(road_graph *g, const json_t *from, const json_t *to, const json_t *step,
                     const json_t *entry) {
    const char *a = chars(from, "id"), *b = chars(to, "id"), *as = chars(step, "how");
    if (strcmp(a, b) == 0)
        return;
    const char *key = arena_printf(g->t->a, "%s|%s|%s|%lld", a, b, as,
                                   (long long)json_integer_value(json_object_get(entry, "independent")))
                          .data;
    const json_t *known = json_object_get(g->known, key);
    json_t *edge = known ? json_array_get(g->edges, (size_t)json_integer_value(known)) : NULL;
    if (!edge) {
        uint32_t start = node_number(g, from), end = node_number(g, to);
        if (reaches(g, end, start))
            return;
        *VECTOR_PUSH(&g->roads.at[start].to, g->t->a) = end;
        edge = json_object();
        json_object_set(edge, "from", json_object_get(from, "id"));
        json_object_set(edge, "to", json_object_get(to, "id"));
        json_object_set_new(edge, "how", json_string(as));
        json_object_set(edge, "voice", json_object_get(entry, "independent"));
        json_object_set_new(edge, "claims", json_array());
        json_object_set_new(g->known, key, json_integer((json_int_t)json_array_size(g->edges)));
        json_array_append_new(g->edges, edge);
    }
    add_once(json_object_get(edge, "claims"), json_object_get(entry, "id"));
}

static const char *voice_node(const road_graph *g, const json_t *of) {
    return arena_printf(g->t->a, "v%lld", (long long)json_integer_value(json_object_get(of, "independent")))
        .data;
}

static void add_road(road_graph *g, const json_t *entry) {
    json_t *at = node_named(g, voice_node(g, entry), "voice"), *step;
    size_t i;
    add_once(json_object_get(at, "voices"), json_object_get(entry, "independent"));
    json_array_foreach(json_object_get(entry, "chain"), i, step) {
        const char *document = chars(step, "document");
        bool paper_before = strcmp(chars(at, "is"), "document") == 0;
        if (!*document && (i == 0 || !*chars(step, "text")))
            continue;
        if (strcmp(chars(step, "how"), "copied") == 0 && paper_before &&
            !json_object_get(g->heard, document)) {
            fold_copy(g, at, step);
            continue;
        }
        json_t *next = node_of_step(g, step);
        add_once(json_object_get(next, "voices"), json_object_get(entry, "independent"));
        add_edge(g, at, next, step, entry);
        at = next;
    }
}

static void find_heard(road_graph *g, const json_t *entry) {
    size_t i;
    const json_t *step;
    json_array_foreach(json_object_get(entry, "chain"), i, step) {
        if (*chars(step, "document") && strcmp(chars(step, "how"), "copied") != 0)
            json_object_set_new(g->heard, chars(step, "document"), json_true());
    }
}

static void name_voice_nodes(road_graph *g, const json_t *voices) {
    size_t i;
    const json_t *v;
    json_array_foreach(voices, i, v) {
        const json_t *at = json_object_get(g->at, voice_node(g, v));
        json_t *node = at ? json_array_get(g->nodes, (size_t)json_integer_value(at)) : NULL;
        if (!node)
            continue;
        copy_key(node, v, "name");
        copy_key(node, v, "kind");
    }
}

static void put_roads(story *t, json_t *out) {
    enum { MOST = 4000 }; /* claims: what more there are nobody can look at */
    road_graph g = {.t = t,
                    .nodes = json_array(),
                    .at = json_object(),
                    .edges = json_array(),
                    .known = json_object(),
                    .heard = json_object(),
                    .folded = json_object()};
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(t->incident, "claims"), i, entry) {
        if (counts(entry))
            find_heard(&g, entry);
    }
    json_array_foreach(json_object_get(t->incident, "claims"), i, entry) {
        if (i < MOST && counts(entry))
            add_road(&g, entry);
    }
    name_voice_nodes(&g, json_object_get(out, "voices"));
    json_object_set_new(out, "nodes", g.nodes);
    json_object_set_new(out, "edges", g.edges);
    json_decref(g.at);
    json_decref(g.known);
    json_decref(g.heard);
    json_decref(g.folded);
}

/* ---- disagreements ---- */

static json_t *value_told(const char *on, const json_t *entry) {
    static const char *const figure[] = {"min", "max", "approx", "stance"};
    json_t *value;
    if (strcmp(on, "date") == 0 || strcmp(on, "place") == 0 || strcmp(on, "actor") == 0) {
        value = json_object_get(entry, on);
        return value ? json_incref(value) : json_null();
    }
    value = json_object();
    for (size_t i = 0; i < sizeof figure / sizeof *figure; i++)
        copy_key(value, entry, figure[i]);
    return value;
}

static json_t *question_of(json_t *list, const char *on, const json_t *entry) {
    bool of_figure = strcmp(on, "count") == 0 || strcmp(on, "denial") == 0;
    size_t i;
    json_t *each;
    json_array_foreach(list, i, each) {
        if (strcmp(chars(each, "on"), on) == 0 &&
            (!of_figure || (same(each, entry, "effect") && same(each, entry, "group"))))
            return each;
    }
    each = json_object();
    json_object_set_new(each, "on", json_string(on));
    for (size_t k = 0; k < 2; k++) {
        static const char *const keys[] = {"effect", "group"};
        of_figure ? copy_key(each, entry, keys[k]) : (void)json_object_set_new(each, keys[k], json_null());
    }
    json_object_set_new(each, "sides", json_array());
    json_array_append_new(list, each);
    return each;
}

static json_t *side_of(json_t *question, json_t *value) {
    json_t *sides = json_object_get(question, "sides"), *each;
    size_t i;
    json_array_foreach(sides, i, each) {
        if (json_equal(json_object_get(each, "value"), value))
            return each;
    }
    each = json_object();
    json_object_set(each, "value", value);
    json_object_set_new(each, "voices", json_array());
    json_object_set_new(each, "claims", json_array());
    json_array_append_new(sides, each);
    return each;
}

static json_t *figures_by_claim(const json_t *incident) {
    json_t *out = json_object(), *figure, *id;
    size_t i, k;
    json_array_foreach(json_object_get(incident, "figures"), i, figure) {
        json_array_foreach(json_object_get(figure, "claims"), k, id) {
            if (json_is_string(id) && !json_object_get(out, json_string_value(id)))
                json_object_set(out, json_string_value(id), json_object_get(figure, "claims"));
        }
    }
    return out;
}

static void take_side(const story *t, json_t *list, const char *on, const json_t *entry) {
    json_t *value = value_told(on, entry), *side = side_of(question_of(list, on, entry), value);
    json_t *claims = json_object_get(side, "claims"), *voices = json_object_get(side, "voices"), *id;
    const json_t *figure = json_is_object(value) && json_object_get(value, "stance")
                               ? json_object_get(t->figures, chars(entry, "id"))
                               : NULL;
    size_t i;
    add_once(claims, json_object_get(entry, "id"));
    add_once(voices, json_object_get(entry, "independent"));
    json_array_foreach(figure, i, id) {
        const json_t *other = json_object_get(t->claims, json_string_value(id) ? json_string_value(id) : "");
        if (!other || !same(other, entry, "approx"))
            continue;
        add_once(claims, id);
        add_once(voices, json_object_get(other, "independent"));
    }
    json_decref(value);
}

static void put_disagreements(story *t, json_t *out) {
    json_t *list = json_array();
    size_t i, k;
    const json_t *pair, *id;
    json_object_set_new(out, "disagreements", list);
    json_array_foreach(json_object_get(t->incident, "disagreements"), i, pair) {
        const json_t *both[2] = {NULL, NULL};
        json_array_foreach(json_object_get(pair, "claims"), k, id) {
            if (k < 2)
                both[k] = json_object_get(t->claims, json_string_value(id) ? json_string_value(id) : "");
        }
        for (k = 0; k < 2 && both[0] && both[1]; k++)
            take_side(t, list, chars(pair, "on"), both[k]);
    }
}

/* ---- estimates ---- */

static void put_bound(const story *t, json_t *of, const json_t *estimate, const char *bound) {
    json_t *list = json_array(), *id;
    const json_t *value = json_object_get(estimate, bound);
    int64_t wanted = json_integer_value(value);
    size_t i;
    json_object_set_new(of, bound, list);
    if (!json_is_integer(value))
        return;
    json_array_foreach(json_object_get(estimate, "claims"), i, id) {
        const json_t *c = json_object_get(t->claims, json_string_value(id) ? json_string_value(id) : "");
        if (!c)
            continue;
        bool denied = strcmp(chars(c, "stance"), "denies") == 0;
        int64_t from = denied ? 0 : least(c), to = denied ? 0 : is_no(c, "max") ? least(c) : most(c);
        bool sets = strcmp(bound, "low") == 0    ? from == wanted
                    : strcmp(bound, "high") == 0 ? to == wanted
                                                 : from <= wanted && wanted <= to;
        if (sets)
            json_array_append(list, id);
    }
}

static void put_estimates(story *t, json_t *out) {
    json_t *list = json_array(), *rule = json_object();
    const json_t *name = json_object_get(json_object_get(t->incident, "method"), "estimate"), *each;
    const estimate_rule *own = t->l->restate ? t->l->restate : &t->l->rule;
    size_t i;
    json_object_set(rule, "name", json_is_string(name) ? (json_t *)(uintptr_t)name : json_null());
    json_object_set_new(rule, "says",
                        str_equal(json_slice(name), own->name) ? json_text(own->says) : json_null());
    json_object_set_new(out, "rule", rule);
    json_object_set_new(out, "estimates", list);
    json_array_foreach(json_object_get(t->incident, "estimates"), i, each) {
        static const char *const bounds[] = {"low", "best", "high"};
        json_t *one = json_copy((json_t *)(uintptr_t)each), *of = json_object();
        for (size_t k = 0; k < 3; k++)
            put_bound(t, of, each, bounds[k]);
        json_object_set(one, "rule", json_object_get(rule, "name"));
        json_object_set_new(one, "of", of);
        json_array_append_new(list, one);
    }
}

/* ---- all of it ---- */

/* Claims that not everybody may see are as if they were not there. */
static void hide_claims(json_t *incident) {
    json_t *claims = json_object_get(incident, "claims");
    for (size_t i = json_array_size(claims); i-- > 0;)
        if (json_is_true(json_object_get(json_array_get(claims, i), "sensitive")))
            json_array_remove(claims, i);
}

static status tell(story *t, json_t *out) {
    json_object_set_new(out, "format", json_string("isnad-story/1"));
    json_object_set(out, "incident", json_object_get(t->incident, "id"));
    status code = put_voices(t, out);
    if (code != STATUS_OK)
        return code;
    put_roads(t, out);
    put_disagreements(t, out);
    put_estimates(t, out);
    return STATUS_OK;
}

static status tell_story(ledger *l, str id, bool hide_sensitive, arena *a, str *json, failure *f) {
    str stored;
    status code = ledger_incident(l, id, a, &stored, f);
    if (code != STATUS_OK)
        return code;
    story t = {.l = l, .a = a, .f = f, .incident = json_parsed(stored), .hide = hide_sensitive};
    json_t *out = json_object(), *entry;
    size_t i;
    if (!json_is_object(t.incident))
        code = fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: an incident is damaged", l->path);
    else if (hide_sensitive && json_is_true(json_object_get(t.incident, "sensitive")))
        code = fail(f, STATUS_NOT_FOUND, "no incident \"%.*s\" in ledger %s", STR_ARG(id), l->path);
    if (hide_sensitive)
        hide_claims(t.incident);
    t.documents = documents_by_id(t.incident);
    t.told = told_by_voice(a, t.incident);
    t.figures = figures_by_claim(t.incident);
    t.claims = json_object();
    json_array_foreach(json_object_get(t.incident, "claims"), i, entry)
        json_object_set(t.claims, chars(entry, "id"), entry);
    if (code == STATUS_OK)
        code = tell(&t, out);
    if (code == STATUS_OK)
        *json = json_dumped(a, out, 0);
    json_decref(out);
    json_decref(t.claims);
    json_decref(t.figures);
    json_decref(t.told);
    json_decref(t.documents);
    json_decref(t.incident);
    return code;
}

status ledger_story(ledger *l, str id, bool hide_sensitive, arena *a, str *json, failure *f) {
    bool before = l->hides;
    ledger_hide_sensitive(l, before || hide_sensitive);
    status code = tell_story(l, id, before || hide_sensitive, a, json, f);
    ledger_hide_sensitive(l, before);
    return code;
}
