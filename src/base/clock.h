/* Time that passes, by a clock that nobody sets: waits and ages are measured by it. What time it is, time()
 * and moment_text (calendar.h) tell. */
#ifndef ISN_BASE_CLOCK_H
#define ISN_BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

int64_t clock_milliseconds(void);
int64_t clock_seconds(void);
/* A condition whose waits are by this clock, and when one of so many milliseconds from now ends: both for
 * pthread_cond_timedwait. */
void clock_condition(pthread_cond_t *out);
struct timespec clock_after(int64_t milliseconds);

#endif
