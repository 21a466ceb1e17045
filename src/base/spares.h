/* Things that are dear to make and that one thread uses at a time: those that nobody uses at the moment, for
 * whoever needs one next. As many are kept as were in use at one time.
 *
 *     tool *t = spares_take(s);
 *     t = t ? t : tool_new();
 *     …
 *     spares_give(s, t);
 */
#ifndef ISN_BASE_SPARES_H
#define ISN_BASE_SPARES_H

#include "base/arena.h"

typedef struct spares spares;
spares *spares_new(allocator hooks);
/* NULL where there is none. */
void *spares_take(spares *s);
void spares_give(spares *s, void *thing);
/* When all have been taken out of it, to be freed. */
void spares_free(spares *s);

#endif
