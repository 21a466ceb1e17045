/* What happens while people look: events to whoever listens (GET /events), and who is where (POST
 * /presence). The last events are kept in a ring, from which each listener reads at their own pace; who falls
 * behind the ring, or comes back after the server began anew, is told "lost" and has to ask anew. Nothing
 * waits for a listener, and a listener holds no thread. */
#ifndef ISN_SERVE_HUB_H
#define ISN_SERVE_HUB_H

#include "base/arena.h"
#include "serve/services.h"

enum {
    HUB_KEPT = 1024,          /* events */
    HUB_LARGEST = 64 * 1024,  /* bytes of one; a larger one is told as "lost" */
    HUB_LISTENERS = 4096,     /* in all */
    HUB_PER_USER = 16,        /* of one account, or of one address where there is none */
    HUB_BEAT_SECONDS = 15,    /* of silence, after which a line is sent all the same */
    HUB_PRESENT_SECONDS = 45, /* how long somebody counts as there */
    HUB_PRESENT = 4096        /* so many at most */
};

typedef struct hub_reach {
    access_role least; /* ROLE_NONE counts as ROLE_PUBLIC: whoever reads */
    bool sensitive;    /* only those who see sensitive records */
    str user;          /* only this account's; STR_NONE: everybody's */
} hub_reach;

/* How a connection is made to wait and to go on, and whether the other end has left: by who owns it. */
typedef struct hub_hooks {
    void (*wait)(void *context, void *connection);
    void (*wake)(void *context, void *connection);
    bool (*left)(void *context, void *connection);
    void (*told)(void *context, const char *kind); /* something is about to be told; may be NULL */
    void *context;
} hub_hooks;

hub *hub_new(const hub_hooks *hooks);
void hub_free(hub *h);
/* Tells an event: "act", "added", "job", "presence", "proposal", "session". `json` is one line of JSON and is
 * copied. Any thread, never waits for those who listen; `h` NULL: nothing happens. */
void hub_tell(hub *h, const char *kind, str json, hub_reach reach);
/* Once a second: silence is broken, who is gone is told, and who listens no more is let go. */
void hub_tick(hub *h, int64_t second);
/* Everybody's answer ends; nobody listens from now on. */
void hub_end(hub *h);
/* Those of whom `holds` says that they may no longer what they might listen no more; they come again by
 * themselves, and are asked anew who they are. */
void hub_review(hub *h, bool (*holds)(void *context, const access_who *who), void *context);
/* Those of an account listen no more (it signed out, or may less than before); they come again by themselves.
 */
void hub_drop(hub *h, str user);

/* ---- a listener ---- */

typedef struct hub_listener hub_listener;

/* `last`: the id of the last event it has (Last-Event-ID); STR_NONE: it begins now. NULL: there are too many.
 */
hub_listener *hub_listen(hub *h, const access_who *who, const char *peer, str last);
/* The next bytes for it; *size 0 where it was made to wait. False: its answer ends. */
bool hub_read(hub_listener *l, void *connection, char *to, size_t most, size_t *size);
void hub_leave(hub_listener *l);

/* ---- presence ---- */

/* Says that somebody is at a place ("" for nowhere); gives who else is there: [{"name", "since"}]. */
str hub_present(hub *h, const access_who *who, str at, const char *time, arena *a);

#endif
