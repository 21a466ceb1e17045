/* Works incidents out anew in the background, after acts that say which accounts tell of one incident.
 * Whoever has something to write goes first: the linking gives way, and begins again. */
#ifndef ISN_SERVE_LINKER_H
#define ISN_SERVE_LINKER_H

#include "serve/docket.h"
#include "serve/services.h"

typedef struct linker_options {
    const char *ledger;
    const char *program; /* `isnad` itself, which does the work as a child; NULL: this process does */
    const char *folder;  /* for the child to be in */
    str engine;          /* as ledger_options have it, where this process does the work */
    docket *docket;      /* may be NULL */
    hub *hub;            /* may be NULL */
} linker_options;

/* What was asked for and not done when a server ended, by whatever way, is done
 * at the next start. NULL where a thread cannot be had. */
linker *linker_new(const linker_options *options);
/* Ends it, also in the middle of its work. */
void linker_free(linker *l);
/* Soon; gives what linker_did takes. Tells an event "act" with {"linked": true} when it is done. Nothing
 * where `l` is NULL. */
uint64_t linker_ask(linker *l);
/* Whether a linking that began after it was asked for has ended well. */
bool linker_did(linker *l, uint64_t asked);
/* Between these two somebody writes, or waits for it. */
void linker_give_way(linker *l);
void linker_go_on(linker *l);

#endif
