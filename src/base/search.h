/* Halving: the first place of a sorted run at which something holds no more. */
#ifndef ISN_BASE_SEARCH_H
#define ISN_BASE_SEARCH_H

#include <stddef.h>

/* Sets `out` to the first `i` of 0 to `count` for which `before`, an expression of `i`, is false; it is true
 * for all before that one, and false for all behind. Log2 of `count` steps. */
#define FIRST_NOT(out, count, i, before)                                                                     \
    do {                                                                                                     \
        size_t high_ = (count);                                                                              \
        (out) = 0;                                                                                           \
        while ((out) < high_) {                                                                              \
            size_t i = (out) + (high_ - (out)) / 2;                                                          \
            if (before)                                                                                      \
                (out) = i + 1;                                                                               \
            else                                                                                             \
                high_ = i;                                                                                   \
        }                                                                                                    \
    } while (0)

#endif
