/* The threads that answer. Each has its own handle of the ledger; who answers slowly holds up nobody who
 * does not, because at most half of the threads take slow tasks at a time. */
#ifndef ISN_SERVE_DESK_H
#define ISN_SERVE_DESK_H

#include "ledger/ledger.h"

/* Stands at the beginning of what is to be done. */
typedef struct desk_task {
    struct desk_task *next;
    uint64_t number;
    bool slow;
} desk_task;

typedef struct desk_options {
    size_t threads;
    size_t waiting; /* at most so many tasks wait */
    /* Does a task. *handle is this thread's own, NULL at first; it is closed when the desk is. */
    void (*work)(void *context, desk_task *task, ledger **handle);
    void *context;
} desk_options;

typedef struct desk desk;

/* NULL where no thread could be started. */
desk *desk_new(const desk_options *options);
/* False where too many wait. */
bool desk_give(desk *d, desk_task *task);
/* Everything given is done first. NULL is fine. */
void desk_free(desk *d);

#endif
