/* What happens while people look: events to whoever listens (GET /events), and who is where (POST
 * /presence). */
#ifndef ISN_SERVE_HUB_H
#define ISN_SERVE_HUB_H

#include "serve/services.h"

typedef struct hub_reach {
    access_role least; /* ROLE_NONE counts as ROLE_PUBLIC: whoever reads */
    bool sensitive;    /* only those who see sensitive records */
    str user;          /* only this account's; STR_NONE: everybody's */
} hub_reach;

/* Tells an event: "act", "added", "job", "presence", "proposal", "session". `json` is one line of JSON and is
 * copied. Any thread, never waits for those who listen; `h` NULL: nothing happens. */
void hub_tell(hub *h, const char *kind, str json, hub_reach reach);

#endif
