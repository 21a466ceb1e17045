/* What happens meanwhile: events, and who is where. And what there is to be asked. */
#include "base/calendar.h"
#include "serve/hub.h"
#include "serve/routes.h"

#include <time.h>

static status answer_events(exchange *x, failure *f) {
    x->listener = hub_listen(x->with->hub, x->who, x->peer, exchange_asked(x, "Last-Event-ID"));
    if (!x->listener) {
        exchange_header(x, "Retry-After", "30");
        return exchange_refuse(x, 429, NULL, f, "too many listen for events: close other windows");
    }
    return STATUS_OK;
}

static status answer_presence(exchange *x, failure *f) {
    json_t *body;
    str at = STR_NONE;
    status s = exchange_object(x, &body, f);
    if (s != STATUS_OK)
        return s;
    s = member_text(x, body, "at", true, &at, f);
    if (s == STATUS_OK && at.size > 512)
        s = exchange_refuse(x, 400, "at", f, "at: expected at most 512 bytes");
    if (s == STATUS_OK) {
        const char *now = arena_cstring(x->a, moment_text(x->a, time(NULL)));
        str others = hub_present(x->with->hub, x->who, at, now, x->a);
        buffer_printf(&x->answer, "{\"others\":%.*s}", STR_ARG(others));
    }
    json_decref(body);
    return s;
}

static status answer_openapi(exchange *x, failure *f) {
    (void)f;
    buffer_add(&x->answer, openapi_text);
    return STATUS_OK;
}

const route routes_live[] = {
    {HTTP_GET, "openapi.json", ROLE_NONE, NULL, 0, answer_openapi, 0},
    {HTTP_GET, "events", ROLE_PUBLIC, "read", 0, answer_events, 0},
    {HTTP_POST, "presence", ROLE_REVIEWER, "review", 4096, answer_presence, ROUTE_NOTED},
    {0},
};
