/* Across incidents: who speaks, what matters first, two sides beside each other; and an incident's story. */
#include "serve/filter.h"
#include "serve/routes.h"

static str value(const exchange *x, const char *name) {
    return target_value(x->target, str_of(name));
}

/* What is left out for who asks. */
static bool hides(const exchange *x) {
    return !x->who->sees_sensitive;
}

static status answer_voices(exchange *x, failure *f) {
    ledger_voices_asked asked = {.text = value(x, "text"),
                                 .kind = value(x, "kind"),
                                 .after = value(x, "after"),
                                 .hide_sensitive = hides(x)};
    str order = value(x, "order"), json = STR_NONE;
    status s = exchange_number(x, "limit", 1, 500, &asked.limit, f);
    if (s != STATUS_OK)
        return s;
    if (order.size && !ledger_voice_order_named(order, &asked.order))
        return exchange_refuse(x, 400, "order", f, "order: expected incidents, claims, first, alone or last");
    return exchange_text(x, ledger_voices(x->ledger, &asked, x->a, &json, f), json);
}

static status answer_voice(exchange *x, failure *f) {
    ledger_voice_asked asked = {.key = x->id, .after = value(x, "after"), .hide_sensitive = hides(x)};
    str json = STR_NONE;
    status s = exchange_number(x, "limit", 1, 100, &asked.limit, f);
    return s == STATUS_OK ? exchange_text(x, ledger_voice(x->ledger, &asked, x->a, &json, f), json) : s;
}

static status answer_story(exchange *x, failure *f) {
    str json = STR_NONE;
    return exchange_text(x, ledger_story(x->ledger, x->id, hides(x), x->a, &json, f), json);
}

static status answer_queue(exchange *x, failure *f) {
    ledger_waiting_asked asked = {.reason = value(x, "reason"),
                                  .assignee = value(x, "assignee"),
                                  .after = value(x, "after"),
                                  .hide_sensitive = hides(x)};
    str json = STR_NONE;
    status s = exchange_number(x, "limit", 1, 200, &asked.limit, f);
    return s == STATUS_OK ? exchange_text(x, ledger_review_queue(x->ledger, &asked, x->a, &json, f), json)
                          : s;
}

static status answer_compare(exchange *x, failure *f) {
    ledger_compare_asked asked = {.a = value(x, "a"), .b = value(x, "b"), .hide_sensitive = hides(x)};
    str json = STR_NONE;
    static const char *const own[] = {"by", "a", "b", NULL};
    status s = api_filter(x, own, &asked.filter, f);
    if (s != STATUS_OK)
        return s;
    if (!ledger_compare_named(value(x, "by"), &asked.by))
        return exchange_refuse(x, 400, "by", f, "by: expected outlet, period or place");
    return exchange_text(x, ledger_compare(x->ledger, &asked, x->a, &json, f), json);
}

const route routes_voices[] = {
    {HTTP_GET, "voices", ROLE_PUBLIC, "read", 0, answer_voices, ROUTE_OF_LEDGER},
    {HTTP_GET, "voices/{id}", ROLE_PUBLIC, "read", 0, answer_voice, ROUTE_OF_LEDGER},
    {HTTP_GET, "incidents/{id}/story", ROLE_PUBLIC, "read", 0, answer_story, ROUTE_OF_LEDGER},
    {HTTP_GET, "queue", ROLE_READER, "read", 0, answer_queue, ROUTE_OF_LEDGER},
    {HTTP_GET, "compare", ROLE_PUBLIC, "read", 0, answer_compare, ROUTE_OF_LEDGER | ROUTE_SLOW},
    {0},
};
