/* The table of what can be asked. Each area has its rows, ended by one without a path. */
#ifndef ISN_SERVE_ROUTES_H
#define ISN_SERVE_ROUTES_H

#include "serve/exchange.h"

typedef status (*route_handler)(exchange *x, failure *f);

enum {
    ROUTE_OF_LEDGER = 1, /* the answer follows from the ledger, the address and what may be seen: it has a tag
                            (ETag) made of these, and is not worked out again while they are the same */
    ROUTE_OF_INCIDENTS = 32, /* of the ledger, that is, of its incidents alone: documents that come in and are
                                not linked yet do not matter; told from the board (ledger/board.h) */
    ROUTE_UPLOAD = 2,        /* the body is bytes, kept in a file */
    ROUTE_SLOW = 4,          /* takes long: at most half of the threads answer such ones at a time */
    ROUTE_SESSION = 8,       /* for people who signed in: no token will do */
    ROUTE_NOTED = 16,        /* the audit log has it by its handler, or need not have it */
};

typedef struct route {
    http_method method;
    const char *path; /* below /api/v1: "incidents/{id}/acts"; a second parameter is {id2} */
    access_role least;
    const char *scope; /* what a token needs: "read", "review", "add", "export", "admin"; NULL: nothing */
    size_t body_limit; /* 0: no body */
    route_handler answer;
    unsigned flags;
} route;

extern const route routes_read[], routes_live[], routes_access[], routes_review[], routes_add[],
    routes_export[], routes_voices[];
extern const route *const route_areas[];
extern const size_t route_area_count;

/* What all of them are for, as OpenAPI 3.1: put together from openapi/ when the program is built. */
extern const str openapi_text;

/* The route of a path (the segments behind "api", "v1"), its parameters into `x`. NULL: there is none; then
 * `allow`, made in `a`, names the methods that there are ("GET, HEAD, OPTIONS"), or is NULL where the path
 * itself is unknown. */
const route *route_find(const target *t, http_method method, exchange *x, const char **allow);
/* What may be asked by people of this role with these scopes. */
bool route_allowed(const route *r, const access_who *who);

#endif
