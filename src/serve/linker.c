/* A linking is one transaction: it stands wholly or not at all, and while it lasts nobody else can write. An
 * act must not wait for it: whoever acts says so first, and the linking is cancelled (rolled back) and begun
 * again a moment later. So that acts that never end cannot keep incidents as they were for ever, one that was
 * cancelled some times in a row runs through. */
#include "serve/linker.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "ledger/json.h"
#include "serve/child.h"
#include "serve/hub.h"

enum { MOST_CANCELLED = 5, REST_MILLISECONDS = 300, AGAIN_SECONDS = 10, TICK_MILLISECONDS = 200 };
static const char owed[] = "link";

struct linker {
    linker_options how;
    child child; /* at work, under the lock */
    pthread_mutex_t mine;
    pthread_cond_t news;
    pthread_t worker;
    bool asked;
    atomic_bool ending;
    atomic_int writers;
    int cancelled;              /* in a row */
    uint64_t times_asked, done; /* done: what was asked for before the last linking that ended well began */
};

static bool must_stop(void *context) {
    linker *l = context;
    return atomic_load(&l->ending) || (atomic_load(&l->writers) > 0 && l->cancelled < MOST_CANCELLED);
}

static void rest(linker *l, long milliseconds) {
    struct timespec until = clock_after(milliseconds);
    while (!atomic_load(&l->ending) && pthread_cond_timedwait(&l->news, &l->mine, &until) == 0) {
    }
}

static void tell(linker *l, const ledger_linked *linked) {
    char text[160];
    int size = snprintf(text, sizeof text, "{\"linked\":true,\"incidents\":%llu,\"changed\":%llu}",
                        (unsigned long long)linked->incidents, (unsigned long long)linked->changed);
    hub_tell(l->how.hub, "act", (str){text, (size_t)size}, (hub_reach){.least = ROLE_PUBLIC});
}

static status link_here(linker *l, ledger_linked *linked) {
    failure f = {0};
    ledger *handle;
    ledger_options options = {
        .engine = l->how.engine, .places = gazetteer_builtin(), .cancelled = must_stop, .context = l};
    status s = ledger_open(l->how.ledger, LEDGER_WRITE, &options, &handle, &f);
    if (s != STATUS_OK)
        return s;
    s = ledger_link(handle, linked, &f);
    status closed = ledger_close(handle, &f);
    return s == STATUS_OK ? closed : s;
}

static void note_linked(str told, ledger_linked *linked) {
    json_t *o = json_parsed(told);
    linked->incidents = (uint64_t)json_integer_value(json_object_get(o, "incidents"));
    linked->changed = (uint64_t)json_integer_value(json_object_get(o, "changed"));
    json_decref(o);
}

static status link_by_child(linker *l, ledger_linked *linked) {
    enum { MOST_TOLD = 65536 };
    const char *const words[] = {l->how.program, "ledger", "link", "--ledger", l->how.ledger, NULL};
    failure f = {0};
    buffer out = {0}, errors = {0};
    child c;
    int code = STATUS_INTERNAL;
    status s = child_start(words, l->how.folder, &c, &f);
    if (s != STATUS_OK)
        return s;
    pthread_mutex_lock(&l->mine);
    l->child = c;
    pthread_mutex_unlock(&l->mine);
    while ((c.out >= 0 || c.errors >= 0) && !atomic_load(&l->ending)) {
        struct pollfd ends[2] = {{c.out, POLLIN, 0}, {c.errors, POLLIN, 0}};
        poll(ends, 2, TICK_MILLISECONDS);
        child_read(&c.out, &out, MOST_TOLD);
        child_read(&c.errors, &errors, MOST_TOLD);
    }
    pthread_mutex_lock(&l->mine);
    l->child.process = 0; /* nobody signals what may be another's by then */
    pthread_mutex_unlock(&l->mine);
    if (atomic_load(&l->ending) || !child_wait(&c, &code) || code == 128 + SIGKILL)
        code = STATUS_CANCELLED;
    child_drop(&c);
    if (code == STATUS_OK)
        note_linked(buffer_str(&out), linked);
    buffer_free(&out);
    buffer_free(&errors);
    return code == STATUS_OK ? STATUS_OK : code == STATUS_CANCELLED ? STATUS_CANCELLED : STATUS_IO;
}

static status link_once(linker *l, ledger_linked *linked) {
    return l->how.program ? link_by_child(l, linked) : link_here(l, linked);
}

/* With the lock, which is let go meanwhile. */
static void work(linker *l) {
    ledger_linked linked = {0};
    uint64_t asked = l->times_asked;
    l->asked = false;
    pthread_mutex_unlock(&l->mine);
    status s = link_once(l, &linked);
    pthread_mutex_lock(&l->mine);
    if (s == STATUS_OK) {
        l->cancelled = 0;
        l->done = asked;
        tell(l, &linked);
        if (!l->asked && l->how.docket)
            docket_owe(l->how.docket, owed, false, NULL);
        return;
    }
    /* Cancelled by a writer, or an import has the ledger: again, later. */
    l->cancelled += s == STATUS_CANCELLED;
    l->asked = true;
    rest(l, s == STATUS_CANCELLED ? REST_MILLISECONDS : AGAIN_SECONDS * 1000L);
}

static void *run(void *context) {
    linker *l = context;
    pthread_mutex_lock(&l->mine);
    while (!atomic_load(&l->ending)) {
        if (l->asked)
            work(l);
        else
            pthread_cond_wait(&l->news, &l->mine);
    }
    pthread_mutex_unlock(&l->mine);
    return NULL;
}

linker *linker_new(const linker_options *options) {
    linker *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->how = *options;
    pthread_mutex_init(&l->mine, NULL);
    clock_condition(&l->news);
    if (l->how.docket)
        docket_owes(l->how.docket, owed, &l->asked, NULL);
    if (pthread_create(&l->worker, NULL, run, l) != 0) {
        pthread_mutex_destroy(&l->mine);
        pthread_cond_destroy(&l->news);
        free(l);
        return NULL;
    }
    return l;
}

void linker_free(linker *l) {
    if (!l)
        return;
    pthread_mutex_lock(&l->mine);
    atomic_store(&l->ending, true);
    pthread_cond_broadcast(&l->news);
    pthread_mutex_unlock(&l->mine);
    pthread_join(l->worker, NULL);
    pthread_mutex_destroy(&l->mine);
    pthread_cond_destroy(&l->news);
    free(l);
}

uint64_t linker_ask(linker *l) {
    if (!l)
        return 0;
    pthread_mutex_lock(&l->mine);
    l->asked = true;
    uint64_t number = ++l->times_asked;
    if (l->how.docket)
        docket_owe(l->how.docket, owed, true, NULL);
    pthread_cond_broadcast(&l->news);
    pthread_mutex_unlock(&l->mine);
    return number;
}

bool linker_did(linker *l, uint64_t asked) {
    if (!l)
        return true;
    pthread_mutex_lock(&l->mine);
    bool did = l->done >= asked;
    pthread_mutex_unlock(&l->mine);
    return did;
}

void linker_give_way(linker *l) {
    if (!l)
        return;
    atomic_fetch_add(&l->writers, 1);
    pthread_mutex_lock(&l->mine);
    if (l->child.process && l->cancelled < MOST_CANCELLED)
        kill(l->child.process, SIGKILL); /* its transaction is as if it had never been */
    pthread_mutex_unlock(&l->mine);
}

void linker_go_on(linker *l) {
    if (l)
        atomic_fetch_sub(&l->writers, 1);
}
