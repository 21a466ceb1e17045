/* The work that page and reading do on a text, by the counters of src/base/counters.h. */
#ifndef ISN_BENCH_WORK_H
#define ISN_BENCH_WORK_H

#include "base/counters.h"
#include "reading/reading.h"
#include "synthetic.h"

enum { WORK_KINDS = 9 };
extern const char *const work_names[WORK_KINDS];

/* How often each kind was counted, and last the bytes that the arena took; all zero but for the last where
 * the counters are compiled out. */
typedef struct work_done {
    uint64_t of[WORK_KINDS];
    size_t claims, disagreements;
} work_done;

work_done work_measure(const shape *s, size_t bytes);

#endif
