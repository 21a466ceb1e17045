/* What the parts of the server have in common, beside the ledger handle that each thread has of its own. */
#ifndef ISN_SERVE_SERVICES_H
#define ISN_SERVE_SERVICES_H

#include "ledger/ledger.h"
#include "serve/access.h"
#include "serve/hidden.h"
#include "serve/serve.h"

typedef struct hub hub;
typedef struct jobs jobs;
typedef struct writer writer;
typedef struct linker linker;
typedef struct docket docket;
struct exchange;
struct route;

typedef struct serve_services {
    const serve_options *options;
    accounts *access; /* access.h; NULL: nobody has an account, and everybody who gets here reads */
    hub *hub;         /* hub.h */
    jobs *jobs;       /* jobs.h */
    writer *writer;
    char *ledger;   /* its full path, or its address */
    linker *linker; /* linker.h */
    docket *docket; /* docket.h; NULL where the server has no file of its own */
    bool (*ending)(const struct serve_services *with); /* whether the server is about to end: for long work */
    const char *folder;  /* of the server's temporary files, gone when it ends */
    hidden_names hidden; /* what no answer tells */
    /* Says who asks (x->who), before a body is read. A failure refuses: exchange_refuse() says how. NULL:
     * a reader of this machine. Called in any thread. */
    status (*identify)(struct exchange *x, const struct route *r, failure *f);
    /* Whether anybody may read what is not sensitive. NULL: no. */
    bool (*is_public)(const struct serve_services *with);
    /* How much there is, for who sees what is sensitive or not. Of a large ledger it is counted by nobody who
     * asks, and may lag behind a second or so. */
    status (*size)(struct exchange *x, bool hides, uint64_t *incidents, uint64_t *claims, failure *f);
} serve_services;

/* The ONE handle that writes (opened when first asked for), for whoever calls alone until it is given back.
 * What was not committed by then is. */
status writer_take(writer *w, ledger **out, failure *f);
status writer_give_back(writer *w, failure *f);

#endif
