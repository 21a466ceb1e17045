/* What is read of the ledger, straight from it. */
#include "serve/filter.h"
#include "serve/routes.h"

static void add_page(exchange *x, const ledger_filter *filter, const char *list) {
    buffer_printf(&x->answer, "\"offset\":%llu,\"limit\":%llu,\"%s\":[", (unsigned long long)filter->offset,
                  (unsigned long long)filter->limit, list);
}

static void add_next(exchange *x, str next) {
    buffer_add(&x->answer, STR(",\"next\":"));
    if (next.data)
        buffer_printf(&x->answer, "\"%.*s\"}", STR_ARG(next));
    else
        buffer_add(&x->answer, STR("null}"));
}

/* The whole list is counted along with its page, which comes behind it. */
static status answer_incidents(exchange *x, failure *f) {
    ledger_filter filter;
    ledger_paged paged = {0};
    status s = api_filter(x, NULL, &filter, f);
    if (s != STATUS_OK)
        return s;
    buffer_add_byte(&x->answer, '{');
    add_page(x, &filter, "incidents");
    s = ledger_page(x->ledger, &filter, exchange_row, x, x->a, &paged, f);
    buffer_printf(&x->answer, "],\"total\":%llu,\"capped\":false", (unsigned long long)paged.total);
    add_next(x, paged.next);
    return s;
}

static status answer_documents(exchange *x, failure *f) {
    ledger_filter filter;
    str next = STR_NONE;
    status s = api_filter(x, NULL, &filter, f);
    if (s != STATUS_OK)
        return s;
    buffer_add_byte(&x->answer, '{');
    add_page(x, &filter, "documents");
    if (filter.offset) /* as it was asked before there were cursors */
        s = ledger_query(x->ledger, LEDGER_DOCUMENTS, &filter, exchange_row, x, f);
    else
        s = ledger_documents(x->ledger, &filter, exchange_row, x, x->a, &next, f);
    buffer_add_byte(&x->answer, ']');
    add_next(x, next);
    return s;
}

static status answer_search(exchange *x, failure *f) {
    ledger_filter filter;
    str next = STR_NONE;
    status s = api_filter(x, NULL, &filter, f);
    if (s != STATUS_OK)
        return s;
    buffer_add_byte(&x->answer, '{');
    add_page(x, &filter, "results");
    if (filter.text.size > 0)
        s = ledger_search_page(x->ledger, &filter, exchange_row, x, x->a, &next, f);
    buffer_add_byte(&x->answer, ']');
    add_next(x, next);
    return s;
}

static status answer_incident(exchange *x, failure *f) {
    ledger_filter filter;
    str json = STR_NONE;
    status s = api_filter(x, NULL, &filter, f);
    return s == STATUS_OK ? exchange_text(x, ledger_incident(x->ledger, x->id, x->a, &json, f), json) : s;
}

static status answer_document(exchange *x, failure *f) {
    ledger_filter filter;
    static const char *const own[] = {"version", NULL};
    uint64_t version = 0;
    str json = STR_NONE;
    status s = api_filter(x, own, &filter, f);
    if (s == STATUS_OK)
        s = exchange_number(x, "version", 0, UINT32_MAX, &version, f);
    return s == STATUS_OK
               ? exchange_text(x, ledger_document(x->ledger, x->id, (uint32_t)version, x->a, &json, f), json)
               : s;
}

static status answer_facets(exchange *x, failure *f) {
    ledger_filter filter;
    str json = STR_NONE;
    status s = api_filter(x, NULL, &filter, f);
    return s == STATUS_OK ? exchange_text(x, ledger_facets(x->ledger, &filter, x->a, &json, f), json) : s;
}

static status answer_timeline(exchange *x, failure *f) {
    ledger_filter filter;
    str json = STR_NONE;
    status s = api_filter(x, NULL, &filter, f);
    return s == STATUS_OK ? exchange_text(x, ledger_timeline(x->ledger, &filter, x->a, &json, f), json) : s;
}

static status answer_map(exchange *x, failure *f) {
    ledger_filter filter;
    static const char *const own[] = {"zoom", NULL};
    uint64_t zoom = 0;
    str json = STR_NONE;
    status s = api_filter(x, own, &filter, f);
    if (s == STATUS_OK)
        s = exchange_number(x, "zoom", 0, 24, &zoom, f);
    return s == STATUS_OK
               ? exchange_text(x, ledger_map(x->ledger, &filter, (unsigned)zoom, x->a, &json, f), json)
               : s;
}

static status answer_statistics(exchange *x, failure *f) {
    str json = STR_NONE;
    return exchange_text(x, ledger_statistics(x->ledger, x->a, &json, f), json);
}

static status answer_grades(exchange *x, failure *f) {
    buffer_add(&x->answer, STR("{\"grades\":["));
    status s = ledger_grades(x->ledger, exchange_row, x, f);
    buffer_add(&x->answer, STR("]}"));
    return s;
}

#define READ(path, handler)                                                                                  \
    { HTTP_GET, path, ROLE_PUBLIC, "read", 0, handler, ROUTE_OF_LEDGER }
#define OF_INCIDENTS(path, handler)                                                                          \
    { HTTP_GET, path, ROLE_PUBLIC, "read", 0, handler, ROUTE_OF_LEDGER | ROUTE_OF_INCIDENTS }
const route routes_read[] = {
    OF_INCIDENTS("incidents", answer_incidents),
    READ("incidents/{id}", answer_incident),
    READ("documents", answer_documents),
    READ("documents/{id}", answer_document),
    READ("search", answer_search),
    OF_INCIDENTS("facets", answer_facets),
    OF_INCIDENTS("timeline", answer_timeline),
    OF_INCIDENTS("map", answer_map),
    {HTTP_GET, "statistics", ROLE_PUBLIC, "read", 0, answer_statistics, ROUTE_OF_LEDGER | ROUTE_SLOW},
    READ("grades", answer_grades),
    {0},
};
