/* What the benches of the ledger share: moments, faults, ledgers that go again. */
#ifndef ISN_BENCH_MEASURE_H
#define ISN_BENCH_MEASURE_H

#include "base/failure.h"

/* Seconds: of the processor, for all threads of the process, and of the clock. */
typedef struct moment {
    double processor, clock;
} moment;

moment now(void);
moment since(moment m);
/* Ends the program where something went wrong. */
void check(status s, const failure *f);
void remove_ledger(const char *path);

#endif
