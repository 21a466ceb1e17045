/* Connections, and by when each must have come further. libmicrohttpd gives a silent connection up by
 * itself; who sends a byte now and then would stay for ever. So there is a time by which a request must have
 * come in whole, and one by which its answer must have gone out, both the longer the more bytes they are. */
#ifndef ISN_SERVE_GUESTS_H
#define ISN_SERVE_GUESTS_H

#include <stdatomic.h>
#include <stdint.h>

enum { GUEST_BYTES_A_SECOND = 2048 };

typedef struct guest {
    struct guest *next, **at;
    int socket;
    int64_t patience;
    void *request;         /* that came and is not done; only the connection's own thread looks at it */
    _Atomic int64_t until; /* a second of the monotonic clock; 0: as long as it takes */
} guest;

typedef struct guests guests;
guests *guests_new(int64_t patience); /* seconds */
void guests_free(guests *g);
/* NULL where there is no memory. */
guest *guest_comes(guests *g, int socket);
void guest_leaves(guests *g, guest *one);
/* From now on it has so many seconds, and what so many bytes need. */
void guest_has(guest *one, uint64_t bytes);
void guest_has_all_time(guest *one);
/* Closes those whose time is over; gives how many there are. */
uint64_t guests_pass(guests *g);

#endif
