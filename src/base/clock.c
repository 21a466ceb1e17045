#define _DEFAULT_SOURCE /* pthread_condattr_setclock */
#include "base/clock.h"

#include <time.h>

static struct timespec now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

int64_t clock_milliseconds(void) {
    struct timespec t = now();
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_seconds(void) {
    return now().tv_sec;
}

void clock_condition(pthread_cond_t *out) {
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(out, &how);
    pthread_condattr_destroy(&how);
}

struct timespec clock_after(int64_t milliseconds) {
    struct timespec t = now();
    t.tv_sec += milliseconds / 1000;
    t.tv_nsec += milliseconds % 1000 * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}
