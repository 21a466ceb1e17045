/* Claims that a reviewer found and the machine did not. Not for other folders. */
#ifndef ISN_LEDGER_ADDED_H
#define ISN_LEDGER_ADDED_H

#include "ledger/acts.h"

/* Rows of such claims have numbers from here on: no reading has so many. What is sealed of a reading ends
 * below. */
enum { ADDED_FROM = 1 << 20 };
#define ADDED_BELOW "number < 1048576"

/* What an act of adding says, of "document=…", "start=…", "effect=…", …: checked against the text. `*payload`
 * is to be freed. */
status added_read(ledger *l, arena *a, const str *values, size_t count, json_t **payload, failure *f);
/* Puts the act's claim where its words stand now, or takes it away where the act is undone or they do not;
 * tells where by `placed` (of a version: 0 and "lost" where it is not there). */
status added_place(ledger *l, int64_t act, const json_t *payload,
                   status (*placed)(void *context, int64_t document, int64_t version, int64_t claim,
                                    const char *how),
                   void *context, failure *f);
/* Every row of such a claim follows from an act; `wrong` is told of one that does not. */
status added_check(ledger *l, void (*wrong)(void *context, str id), void *context, failure *f);

#endif
