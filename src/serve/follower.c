/* To read all rows of a large ledger takes seconds: nobody who asks is to wait for it. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "serve/server.h"

enum { LOOK_MILLISECONDS = 250 };

struct follower {
    server *s;
    pthread_t thread;
    pthread_mutex_t mine;
    pthread_cond_t end;
    bool ending;
};

/* False where it is to end. */
static bool rest(struct follower *o) {
    struct timespec until = clock_after(LOOK_MILLISECONDS);
    pthread_mutex_lock(&o->mine);
    while (!o->ending && pthread_cond_timedwait(&o->end, &o->mine, &until) != ETIMEDOUT) {
    }
    bool on = !o->ending;
    pthread_mutex_unlock(&o->mine);
    return on;
}

static void *follow(void *context) {
    struct follower *o = context;
    ledger *l = NULL;
    do {
        if (!l && open_reader(o->s, &l, NULL) != STATUS_OK)
            continue;
        if (ledger_follow(l, NULL) == STATUS_OK) {
            watch_sizes(o->s, l);
        } else {
            ledger_close(l, NULL);
            l = NULL;
        }
    } while (rest(o));
    ledger_close(l, NULL);
    return NULL;
}

struct follower *follower_new(server *s) {
    struct follower *o = calloc(1, sizeof *o);
    sigset_t all, before;
    if (!o)
        return NULL;
    o->s = s;
    pthread_mutex_init(&o->mine, NULL);
    clock_condition(&o->end);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&o->thread, NULL, follow, o);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        pthread_mutex_destroy(&o->mine);
        pthread_cond_destroy(&o->end);
        free(o);
        return NULL;
    }
    ledger_board_tend(s->board);
    return o;
}

void follower_free(struct follower *o) {
    if (!o)
        return;
    pthread_mutex_lock(&o->mine);
    o->ending = true;
    pthread_cond_signal(&o->end);
    pthread_mutex_unlock(&o->mine);
    pthread_join(o->thread, NULL);
    pthread_mutex_destroy(&o->mine);
    pthread_cond_destroy(&o->end);
    free(o);
}
