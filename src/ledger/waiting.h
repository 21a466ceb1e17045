/* Which incidents wait for somebody, and why. Not for other folders. */
#ifndef ISN_LEDGER_WAITING_H
#define ISN_LEDGER_WAITING_H

#include "ledger/store.h"

struct incident_work;

/* In the order in which they matter. */
typedef enum waits_for {
    WAITS_NOT,
    WAITS_DISAGREEMENT, /* its accounts part otherwise than when somebody last acted on it */
    WAITS_LOST,         /* an act whose words are no longer found (review_log.c): never an incident's */
    WAITS_CHANGED,      /* other claims, figures or estimates than then */
    WAITS_FIRST,        /* nobody has looked at it */
    WAITS_ASSIGNED      /* somebody has it in hand */
} waits_for;
enum { WAITS = WAITS_ASSIGNED + 1 };

typedef struct waiting {
    waits_for why;
    int64_t weight;
    str since; /* STR_NONE: not known */
} waiting;
/* When all else of an incident is worked out, on the caller's thread. Keeps what stands as seen where
 * somebody acted on it since it was last kept. */
status waiting_find(struct incident_work *w, waiting *out);
/* Somebody acts on it: what stands when it is written next is what was seen. */
status waiting_seen(ledger *l, str incident, failure *f);

/* Whether what was kept as seen of an incident (its row of table `seen`) is what was put there. */
bool seen_is_whole(arena *a, str incident, str time, str kept);

#endif
