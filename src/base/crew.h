/* Several hands for things that are checked one by one, and told of in their order.
 *
 *     crew *c = crew_new(&(crew_options){.work = hash, .told = tell, .context = &mine, .job = sizeof(job)});
 *     while (another(&x)) {
 *         fill(crew_place(c), x);
 *         crew_give(c);
 *     }
 *     crew_finish(c);
 *     crew_free(c, NULL);
 *
 * `work` runs in any thread, on many jobs at once; `told` in the caller's alone, once for each job, in the
 * order in which they were given. Jobs stand in a ring of so many places: memory is bounded by these. The
 * caller lends a hand where the ring is full, so that a crew without threads does all the same, one after
 * another. */
#ifndef ISN_BASE_CREW_H
#define ISN_BASE_CREW_H

#include <stddef.h>

typedef struct crew crew;

typedef struct crew_options {
    void (*work)(void *job);
    void (*told)(void *context, void *job); /* the place is free again afterwards */
    void *context;
    size_t job;    /* bytes of one */
    size_t places; /* 0: four for each hand */
    /* Beside the caller's; CREW_THREADS: as many as there are processors beside its own, at most 7. */
    size_t threads;
} crew_options;
#define CREW_THREADS ((size_t)-1)

crew *crew_new(const crew_options *options);
/* The next place: zeroed at first, later as `told` left it. To be filled and given. */
void *crew_place(crew *c);
void crew_give(crew *c);
/* Works until all that was given is done and told. */
void crew_finish(crew *c);
/* What was given and not begun is dropped. `drop` (may be NULL) is called for each place. */
void crew_free(crew *c, void (*drop)(void *job));

#endif
