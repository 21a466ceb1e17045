#include "base/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/counters.h"

enum { PLACES = 4, MOST_THREADS = 7 }; /* places for each hand: what is at work should stay in the caches */

/* Numbers of jobs since the beginning: told <= begun <= given <= told + places. */
struct crew {
    crew_options options;
    pthread_mutex_t lock;
    pthread_cond_t job_given, job_done;
    uint64_t told, begun, given;
    bool over;
    bool *done; /* by place */
    char *jobs;
    pthread_t threads[MOST_THREADS];
    size_t thread_count;
#ifdef ISNAD_COUNTERS
    counters work; /* of the other threads: what is counted is all that was done */
#endif
};

#ifdef ISNAD_COUNTERS
static void add_work(counters *to, const counters *more) {
    uint64_t *sum = (uint64_t *)to;
    for (size_t i = 0; i < sizeof *to / sizeof *sum; i++)
        sum[i] += ((const uint64_t *)more)[i];
}
#else
#define add_work(to, more) ((void)0)
#endif

static void *job_at(crew *c, uint64_t number) {
    return c->jobs + number % c->options.places * c->options.job;
}

/* With the lock held before and after. */
static void do_next(crew *c) {
    uint64_t number = c->begun++;
    pthread_mutex_unlock(&c->lock);
    c->options.work(job_at(c, number));
    pthread_mutex_lock(&c->lock);
    c->done[number % c->options.places] = true;
    if (number == c->told)
        pthread_cond_signal(&c->job_done);
}

static void *lend_a_hand(void *context) {
    crew *c = context;
    pthread_mutex_lock(&c->lock);
    while (!c->over)
        if (c->begun < c->given)
            do_next(c);
        else
            pthread_cond_wait(&c->job_given, &c->lock);
    add_work(&c->work, &work);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* That this process may run on. */
static size_t processors(void) {
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

static size_t threads_of(size_t asked) {
    if (asked == CREW_THREADS)
        asked = processors() - 1;
    return asked < MOST_THREADS ? asked : MOST_THREADS;
}

crew *crew_new(const crew_options *options) {
    crew *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->options = *options;
    size_t threads = threads_of(options->threads);
    c->options.places = options->places ? options->places : PLACES * (threads + 1);
    c->done = calloc(c->options.places, sizeof *c->done);
    c->jobs = calloc(c->options.places, c->options.job);
    if (!c->done || !c->jobs)
        abort();
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->job_given, NULL);
    pthread_cond_init(&c->job_done, NULL);
    for (; c->thread_count < threads; c->thread_count++)
        if (pthread_create(&c->threads[c->thread_count], NULL, lend_a_hand, c) != 0)
            break; /* fewer hands do it too */
    return c;
}

/* Tells of what is done and next to be told. With the lock held before and after. */
static void tell_done(crew *c) {
    while (c->told < c->given && c->done[c->told % c->options.places]) {
        pthread_mutex_unlock(&c->lock);
        c->options.told(c->options.context, job_at(c, c->told));
        pthread_mutex_lock(&c->lock);
        c->done[c->told++ % c->options.places] = false;
    }
}

/* Until fewer than so many are given and not told. */
static void work_down(crew *c, uint64_t fewer_than) {
    pthread_mutex_lock(&c->lock);
    for (tell_done(c); c->given - c->told >= fewer_than; tell_done(c))
        if (c->begun < c->given)
            do_next(c);
        else if (!c->done[c->told % c->options.places])
            pthread_cond_wait(&c->job_done, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

void *crew_place(crew *c) {
    work_down(c, c->options.places);
    return job_at(c, c->given);
}

void crew_give(crew *c) {
    pthread_mutex_lock(&c->lock);
    c->given++;
    if (c->given - c->begun >
        c->options.places / 4) /* to be woken for each would cost more than many a job */
        pthread_cond_signal(&c->job_given);
    pthread_mutex_unlock(&c->lock);
}

void crew_finish(crew *c) {
    pthread_mutex_lock(&c->lock);
    pthread_cond_broadcast(&c->job_given);
    pthread_mutex_unlock(&c->lock);
    work_down(c, 1);
}

void crew_free(crew *c, void (*drop)(void *job)) {
    pthread_mutex_lock(&c->lock);
    c->over = true;
    pthread_cond_broadcast(&c->job_given);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < c->thread_count; i++)
        pthread_join(c->threads[i], NULL);
    add_work(&work, &c->work);
    for (size_t i = 0; i < c->options.places && drop; i++)
        drop(c->jobs + i * c->options.job);
    pthread_cond_destroy(&c->job_given);
    pthread_cond_destroy(&c->job_done);
    pthread_mutex_destroy(&c->lock);
    free(c->done);
    free(c->jobs);
    free(c);
}
