/* Why the accounts of an incident stand together: the pairs by which its groups became one. */
#include <math.h>
#include <stdlib.h>

#include "ledger/bonds.h"

typedef struct asking {
    ledger *l;
    arena *a;
    failure *f;
    unit_list units;
    clusters clusters;
    bonds bonds;
} asking;

static status cluster_again(asking *q) {
    name_tables tables;
    link_weights weights;
    names_load(q->a, &tables);
    status code = units_linked(q->l, &tables, q->a, &q->units, &weights, &q->clusters, q->f);
    if (code == STATUS_OK)
        q->bonds = bonds_of(&q->units, &weights, q->a);
    return code;
}

/* The number of the incident that holds this one's oldest member. */
static status cluster_of_incident(asking *q, str id, uint32_t *out) {
    uint64_t key = 0;
    statement s =
        statement_of(q->l, "SELECT unit FROM member WHERE incident = ? ORDER BY minted LIMIT 1", q->f);
    give_text(&s, id);
    if (statement_row(&s))
        key = strtoull(arena_cstring(q->a, take_text(&s, 0)), NULL, 16);
    *out = UINT32_MAX;
    for (size_t i = 0; i < q->units.units.size; i++)
        if (q->units.units.at[i].key == key)
            *out = q->clusters.of[i];
    return statement_done(&s);
}

static status write_account(asking *q, buffer *b, const char *key, uint32_t unit_index) {
    statement s =
        statement_of(q->l,
                     "SELECT document.id, title, outlet FROM version JOIN document ON document.key ="
                     " version.document WHERE version.key = ?",
                     q->f);
    give_number(&s, q->units.units.at[unit_index].version);
    bool any = statement_row(&s);
    write_key(b, key), buffer_add_byte(b, '{');
    write_key(b, "document"), write_string(b, any ? take_text(&s, 0) : STR_NONE);
    write_key(b, "title"), write_string(b, any ? take_text(&s, 1) : STR_NONE);
    write_key(b, "outlet"), write_string(b, any ? take_text(&s, 2) : STR_NONE);
    buffer_add_byte(b, '}');
    return statement_done(&s);
}

typedef struct added {
    link_trait trait;
    double value, adds;
} added;

static int by_size(const void *x, const void *y) {
    const added *a = x, *b = y;
    if (fabs(a->adds) != fabs(b->adds))
        return fabs(a->adds) > fabs(b->adds) ? -1 : 1;
    return (a->trait > b->trait) - (a->trait < b->trait);
}

/* LINK_ANY comes last: it says the same of all. */
static size_t traits_of(const asking *q, const link_made *made, added out[LINK_TRAITS], double *sum) {
    double values[LINK_TRAITS];
    size_t n = 0;
    *sum = -INFINITY;
    if (!bond_traits(&q->bonds, &q->units.units.at[made->a], &q->units.units.at[made->b], values))
        return 0;
    *sum = 0;
    for (int t = 0; t < LINK_TRAITS; t++) {
        double adds = values[t] * q->bonds.weights.of[t];
        *sum += adds;
        if (t != LINK_ANY && values[t] > 0)
            out[n++] = (added){(link_trait)t, values[t], adds};
    }
    qsort(out, n, sizeof *out, by_size);
    out[n++] = (added){LINK_ANY, 1, q->bonds.weights.of[LINK_ANY]};
    return n;
}

static void write_trait(const asking *q, buffer *b, const added *t) {
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "trait"), write_name(b, link_trait_name(t->trait));
    write_key(b, "says"), write_string(b, q->bonds.weights.says[t->trait]);
    write_key(b, "value"), write_real(b, t->value);
    write_key(b, "weight"), write_real(b, q->bonds.weights.of[t->trait]);
    write_key(b, "adds"), write_real(b, t->adds);
    buffer_add_byte(b, '}');
}

static status write_link(asking *q, buffer *b, const link_made *made) {
    added traits[LINK_TRAITS];
    double sum;
    size_t n = traits_of(q, made, traits, &sum);
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "by"), write_name(b, made->by_reviewer ? "reviewer" : "traits");
    status code = write_account(q, b, "a", made->a);
    if (code == STATUS_OK)
        code = write_account(q, b, "b", made->b);
    write_key(b, "strength"), isfinite(sum) ? write_real(b, sum) : buffer_add(b, STR("null"));
    write_key(b, "traits"), buffer_add_byte(b, '[');
    for (size_t i = 0; i < n; i++)
        write_trait(q, b, &traits[i]);
    buffer_add(b, STR("]}"));
    return code;
}

static status write_links(asking *q, buffer *b, str id) {
    uint32_t wanted;
    status code = cluster_of_incident(q, id, &wanted);
    buffer_add_byte(b, '{');
    write_key(b, "id"), write_string(b, id);
    write_key(b, "links"), buffer_add_byte(b, '[');
    for (size_t i = 0; i < q->clusters.links.size && code == STATUS_OK && wanted != UINT32_MAX; i++)
        if (q->clusters.of[q->clusters.links.at[i].a] == wanted)
            code = write_link(q, b, &q->clusters.links.at[i]);
    buffer_add(b, STR("]}"));
    return code;
}

status ledger_why(ledger *l, str id, arena *a, str *json, failure *f) {
    asking q = {.l = l, .a = a, .f = f};
    buffer b = {0};
    str incident;
    status code = ledger_incident(l, id, a, &incident, f);
    if (code == STATUS_OK)
        code = cluster_again(&q);
    if (code == STATUS_OK)
        code = write_links(&q, &b, json_id(incident)); /* what was asked for may be its beginning */
    if (code == STATUS_OK)
        *json = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return code;
}
