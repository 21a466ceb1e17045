#include "serve/guests.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"

struct guests {
    pthread_mutex_t mine;
    guest *first;
    uint64_t count;
    int64_t patience;
};

guests *guests_new(int64_t patience) {
    guests *g = calloc(1, sizeof *g);
    if (g && pthread_mutex_init(&g->mine, NULL) != 0) {
        free(g);
        g = NULL;
    }
    if (g)
        g->patience = patience;
    return g;
}

void guests_free(guests *g) {
    if (!g)
        return;
    pthread_mutex_destroy(&g->mine);
    free(g);
}

guest *guest_comes(guests *g, int socket) {
    guest *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    one->socket = socket;
    one->patience = g->patience;
    guest_has(one, 0);
    pthread_mutex_lock(&g->mine);
    one->next = g->first;
    one->at = &g->first;
    if (one->next)
        one->next->at = &one->next;
    g->first = one;
    g->count++;
    pthread_mutex_unlock(&g->mine);
    return one;
}

void guest_leaves(guests *g, guest *one) {
    if (!one)
        return;
    pthread_mutex_lock(&g->mine);
    *one->at = one->next;
    if (one->next)
        one->next->at = one->at;
    g->count--;
    pthread_mutex_unlock(&g->mine);
    free(one);
}

void guest_has(guest *one, uint64_t bytes) {
    if (one)
        one->until = clock_seconds() + one->patience + (int64_t)(bytes / GUEST_BYTES_A_SECOND);
}

void guest_has_all_time(guest *one) {
    if (one)
        one->until = 0;
}

/* The socket is shut and not closed: libmicrohttpd, whose it is, sees that nothing more comes. */
uint64_t guests_pass(guests *g) {
    int64_t now = clock_seconds();
    pthread_mutex_lock(&g->mine);
    for (guest *one = g->first; one; one = one->next) {
        if (one->until && one->until < now)
            shutdown(one->socket, SHUT_RDWR);
    }
    uint64_t count = g->count;
    pthread_mutex_unlock(&g->mine);
    return count;
}
