/* Counters of work done, so that tests can hold each stage to linear time without a clock. Compiled in
 * only where ISNAD_COUNTERS is defined (test builds); one set for each thread. */
#ifndef ISN_BASE_COUNTERS_H
#define ISN_BASE_COUNTERS_H

#include <stdint.h>

typedef struct counters {
    uint64_t bytes_copied, bytes_folded, tokens_visited, rule_steps, place_lookups, html_events, claim_steps,
        names_compared, act_lookups, anchors_placed, elements_visited, choice_steps, bytes_taken_in,
        groups_compared;
} counters;

#ifdef ISNAD_COUNTERS
extern _Thread_local counters work;
#define COUNT(what, n) (work.what += (uint64_t)(n))
#else
#define COUNT(what, n) ((void)0)
#endif

#endif
