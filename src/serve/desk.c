#include "serve/desk.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

typedef struct task_queue {
    desk_task *first, **end;
} task_queue;

struct desk {
    desk_options options;
    pthread_mutex_t mine;
    pthread_cond_t given;
    task_queue quick, slow;
    uint64_t numbers;
    size_t waiting, working_slowly;
    bool closing;
    size_t threads;
    pthread_t thread[];
};

static void queue_push(task_queue *q, desk_task *task) {
    task->next = NULL;
    *q->end = task;
    q->end = &task->next;
}

static desk_task *queue_pop(task_queue *q) {
    desk_task *task = q->first;
    q->first = task->next;
    if (!q->first)
        q->end = &q->first;
    return task;
}

/* The oldest that may be begun, or NULL. */
static desk_task *next_task(desk *d) {
    bool slow = d->slow.first && d->working_slowly < (d->threads + 1) / 2;
    if (d->quick.first && !(slow && d->slow.first->number < d->quick.first->number))
        return queue_pop(&d->quick);
    return slow ? queue_pop(&d->slow) : NULL;
}

static void *work(void *context) {
    desk *d = context;
    ledger *handle = NULL;
    pthread_mutex_lock(&d->mine);
    for (;;) {
        desk_task *task = next_task(d);
        if (!task && d->closing && d->waiting == 0)
            break;
        if (!task) {
            pthread_cond_wait(&d->given, &d->mine);
            continue;
        }
        bool slow = task->slow;
        d->waiting--;
        d->working_slowly += slow;
        pthread_mutex_unlock(&d->mine);
        d->options.work(d->options.context, task, &handle);
        pthread_mutex_lock(&d->mine);
        d->working_slowly -= slow;
        if (d->slow.first || d->closing)
            pthread_cond_broadcast(&d->given);
    }
    pthread_mutex_unlock(&d->mine);
    ledger_close(handle, NULL);
    return NULL;
}

/* Signals are for the thread that serves. */
static void start_threads(desk *d) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (d->threads < d->options.threads && pthread_create(&d->thread[d->threads], NULL, work, d) == 0)
        d->threads++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

desk *desk_new(const desk_options *options) {
    desk *d = calloc(1, sizeof *d + options->threads * sizeof *d->thread);
    if (!d)
        return NULL;
    d->options = *options;
    d->quick.end = &d->quick.first;
    d->slow.end = &d->slow.first;
    pthread_mutex_init(&d->mine, NULL);
    pthread_cond_init(&d->given, NULL);
    pthread_mutex_lock(&d->mine); /* none looks at how many they are before they are all there */
    start_threads(d);
    pthread_mutex_unlock(&d->mine);
    if (d->threads == 0) {
        desk_free(d);
        return NULL;
    }
    return d;
}

bool desk_give(desk *d, desk_task *task) {
    pthread_mutex_lock(&d->mine);
    bool taken = d->waiting < d->options.waiting;
    if (taken) {
        task->number = d->numbers++;
        queue_push(task->slow ? &d->slow : &d->quick, task);
        d->waiting++;
        pthread_cond_signal(&d->given);
    }
    pthread_mutex_unlock(&d->mine);
    return taken;
}

void desk_free(desk *d) {
    if (!d)
        return;
    pthread_mutex_lock(&d->mine);
    d->closing = true;
    pthread_cond_broadcast(&d->given);
    pthread_mutex_unlock(&d->mine);
    for (size_t i = 0; i < d->threads; i++)
        pthread_join(d->thread[i], NULL);
    pthread_mutex_destroy(&d->mine);
    pthread_cond_destroy(&d->given);
    free(d);
}
