#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

moment now(void) {
    return (moment){seconds_of(CLOCK_PROCESS_CPUTIME_ID), seconds_of(CLOCK_MONOTONIC)};
}

moment since(moment m) {
    moment n = now();
    return (moment){n.processor - m.processor, n.clock - m.clock};
}

void check(status s, const failure *f) {
    if (s == STATUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, f->message);
    exit(1);
}

void remove_ledger(const char *path) {
    static const char *const tails[] = {"", "-wal", "-shm"};
    char name[4096];
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        snprintf(name, sizeof name, "%s%s", path, tails[i]);
        unlink(name);
    }
}
