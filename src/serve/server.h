/* What the files of the server itself share. A request goes this way: front.c looks at its headers and takes
 * its body in a thread of libmicrohttpd, makes the connection wait and hands the request to the desk
 * (desk.h), where answer.c has it answered and makes the connection go on; reply.c sends what there is. */
#ifndef ISN_SERVE_SERVER_H
#define ISN_SERVE_SERVER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ledger/board.h"
#include "serve/assets.h"
#include "serve/desk.h"
#include "serve/guests.h"
#include "serve/http_library.h"
#include "serve/hub.h"
#include "serve/kept.h"
#include "serve/routes.h"
#include "serve/stream.h"

typedef union socket_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} socket_address;

/* Whether the ledger changed, whoever changed it (watch.c). */
typedef struct generations {
    uint64_t all;       /* grows with every change */
    uint64_t incidents; /* with every change of these, and every act */
    uint64_t behind;    /* 0, or which of its former states the board tells of, as long as that is behind */
} generations;

typedef struct watch {
    pthread_mutex_t mine;
    ledger *handle;
    ledger_standing seen;
    generations now;
    int64_t changed;        /* milliseconds of the clock, when a change was seen last */
    atomic_bool urgent;     /* this server has changed it, or tells somebody that it changed */
    int64_t versions, acts; /* the last that were told of */
} watch;

/* How much there is (watch.c). */
typedef struct sized {
    pthread_mutex_t mine;
    bool known;
    uint64_t generation, incidents, claims;
    int64_t took; /* milliseconds to count */
} sized;

/* The front page, with the base path in it (pages.c). */
typedef struct front_page {
    buffer plain, gzip;
    char etag[24];
} front_page;

typedef struct server {
    const serve_options *options;
    http_library http;
    serve_services services;
    watch watch;
    sized sized[2];      /* where nothing is hidden, where what is sensitive is */
    ledger_board *board; /* of all handles */
    kept *kept;
    struct follower *follower; /* follower.c */
    uint64_t nonce;            /* of this run: tags of another one are not ours */
    desk *desk;
    guests *guests;
    front_page page;
    str base; /* "/" or "/isnad/" */
    socket_address address;
    const char *host;
    _Atomic uint16_t port; /* told once it listens, when the first may ask already */
    char folder[200];
    atomic_size_t answering; /* requests that came in whole and are not answered yet */
    atomic_size_t spilled;   /* answers that go through a file */
    atomic_bool ending;
    uint64_t reviewed; /* of accounts_epoch, when those who listen were looked at last */
    int64_t review_at; /* when they are in any case */
} server;

enum { SPILLED_AT_MOST = 256 };

typedef struct request {
    desk_task task; /* first */
    server *server;
    struct MHD_Connection *connection;
    guest *guest;
    char peer[INET6_ADDRSTRLEN];
    char *raw; /* the target as it was sent, before any decoding */
    atomic_int holders;
    bool begun;     /* its headers have been looked at */
    bool counted;   /* among those being answered */
    bool whole;     /* it was given to the desk */
    bool too_large; /* its body is; what else comes of it is thrown away */
    bool no_room;   /* on the disk for its body */
    atomic_bool answered;
    int file;       /* -1, or where an upload goes */
    char path[256]; /* of that file */
    const route *route;
    const asset *asset;
    bool page, embedded;
    buffer body;
    stream *stream;
    char tag[96];
    const char *encoding;
    str kept_as;  /* the key of its answer among those that are kept; STR_NONE: it is not to be kept */
    bool is_kept; /* it was among them */
    arena memory;
    target target;
    exchange x;
} request;

/* ---- front.c: requests as they come in ---- */

void *on_target(void *context, const char *raw, struct MHD_Connection *connection);
enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *upload, size_t *upload_size,
                           void **state);
void on_done(void *context, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode how);
void on_connection(void *context, struct MHD_Connection *connection, void **guest_,
                   enum MHD_ConnectionNotificationCode what);
const char *header_of(server *s, struct MHD_Connection *c, const char *name);
/* One of its holders lets it go. */
void request_release(request *r);

/* ---- answer.c: in a thread of the desk ---- */

void answer_task(void *context, desk_task *task, ledger **handle);

/* ---- reply.c: answers as they go out ---- */

enum MHD_Result send_answer(request *r);
/* Whether an Accept-Encoding takes this one. */
bool takes_encoding(const char *accepted, const char *encoding);
bool tag_known(const char *known, const char *tag);

/* ---- pages.c ---- */

const asset *find_asset(str path);
status page_make(server *s, failure *f);
void page_free(front_page *page);
bool is_page(const target *t, bool *embedded);

/* ---- watch.c ---- */

status watch_open(server *s, failure *f);
void watch_close(server *s);
/* The ledger's generations by now; false where it cannot be asked. While others change it all the time, as an
 * import does, they grow once a second; what this server changes counts at once. */
bool watch_generation(server *s, generations *out);
/* Whoever asks from now on has to see what was changed until now. */
void watch_changed(server *s);
/* serve_services.size, and counting anew what was asked for before. */
status watch_size(exchange *x, bool hides, uint64_t *incidents, uint64_t *claims, failure *f);
void watch_sizes(server *s, ledger *l);
/* Tells of what others added; once a second. */
void watch_tick(server *s);

/* ---- follower.c ---- */

/* Reads what lists are told from (ledger/board.h), from now on and whenever that changes, in a thread of its
 * own. NULL: there is none. */
struct follower *follower_new(server *s);
void follower_free(struct follower *o);

/* A handle that reads, as all of the server's are. */
status open_reader(server *s, ledger **out, failure *f);

#endif
