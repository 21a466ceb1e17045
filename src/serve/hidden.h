/* What no answer tells: where the ledger and the server's other files lie. Errors of the ledger, and of the
 * program run as a child, are made for whoever runs it and name them; who asks the server need not know. */
#ifndef ISN_SERVE_HIDDEN_H
#define ISN_SERVE_HIDDEN_H

#include "base/arena.h"

typedef struct hidden_names {
    char *at[8]; /* the longest first */
    size_t count;
} hidden_names;

/* A name that is no path (NULL, "", "raqqa.db") hides nothing. At the start, before anybody is told anything.
 */
void hide_name(hidden_names *h, const char *name);
void hidden_free(hidden_names *h);
/* "no incident "i-1" in ledger /srv/x.db" → "no incident "i-1"", "ledger /srv/x.db: it is damaged" → "ledger:
 * it is damaged"; also where a message that was too long ends within a name. In `a`, or `text` itself. */
str without_names(const hidden_names *h, str text, arena *a);

#endif
