/* Answers as they were sent, for whoever asks the same while nothing changed that they follow from: what they
 * follow from is part of their key (answer.c), so that none is ever wrong, only no longer asked for. The
 * oldest go first. Who asks what somebody is working out already waits for that. */
#ifndef ISN_SERVE_KEPT_H
#define ISN_SERVE_KEPT_H

#include "base/buffer.h"

typedef struct kept kept;
/* At most so many bytes, keys and all; 0: nothing is kept. NULL: no memory. */
kept *kept_new(size_t bytes);
/* NULL is fine. */
void kept_free(kept *k);

/* True: it is appended to `out`. False: the caller works it out, and says so by kept_give or kept_drop.
 * `note` is whatever the giver noted. */
bool kept_take(kept *k, str key, buffer *out, unsigned *note);
void kept_give(kept *k, str key, str body, unsigned note);
/* There is nothing to be kept: of those who wait for it one is told to work it out. */
void kept_drop(kept *k, str key);

typedef struct kept_state {
    uint64_t answers, bytes, taken, given;
} kept_state;
void kept_tell(kept *k, kept_state *out);

#endif
