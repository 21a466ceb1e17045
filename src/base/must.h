/* What OpenSSL refuses is a defect or a machine without memory or randomness: a key, a signature or a query
 * that is none must never leave. Not for other folders. */
#ifndef ISN_BASE_MUST_H
#define ISN_BASE_MUST_H

#include <stdlib.h>

static inline void *must(void *made) {
    if (!made)
        abort();
    return made;
}

static inline void must_be(int one) {
    if (one != 1)
        abort();
}

#endif
