/* What the files of the server itself share (serve.c, front.c, reply.c). */
#ifndef ISN_SERVE_SERVER_H
#define ISN_SERVE_SERVER_H

#include <netinet/in.h>

#include "serve/assets.h"
#include "serve/http_library.h"
#include "serve/routes.h"

typedef union socket_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} socket_address;

typedef struct server {
    const serve_options *options;
    http_library http;
    ledger *ledger;
    serve_services services;
    socket_address address;
    const char *host;
    uint16_t port;
    char folder[200];
} server;

/* ---- front.c: requests as they come in ---- */

void *on_target(void *context, const char *raw, struct MHD_Connection *connection);
enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *upload, size_t *upload_size,
                           void **state);
void on_done(void *context, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode how);
const char *header_of(server *s, struct MHD_Connection *c, const char *name);

/* ---- reply.c: answers as they go out ---- */

enum MHD_Result send_asset(server *s, struct MHD_Connection *to, const asset *file);
/* The answer of an exchange, which is handed over. */
enum MHD_Result send_exchange(server *s, struct MHD_Connection *to, exchange *x);
const asset *find_asset(str path);

#endif
