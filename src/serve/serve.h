/* The workspace: an HTTP server over one ledger, with its pages and the JSON API that they ask (/api/v1,
 * which describes itself at /api/v1/openapi.json; docs/serve.md tells of both).
 *
 * It reads the ledger in several threads and writes what reviewers do by one handle; pages are taken in by
 * children that run `isnad add`. It asks other machines for nothing but the addresses that somebody gives it
 * to read. Its pages are linked in; libmicrohttpd is opened when a server is first run (STATUS_UNAVAILABLE
 * where it is not there). An error is {"error": {"code", "message", "field"?}} with the HTTP status in
 * "code". */
#ifndef ISN_SERVE_SERVE_H
#define ISN_SERVE_SERVE_H

#include "base/failure.h"

/* Who may do what (docs/access.md). There are accounts where somebody made one, where other machines or a
 * proxy can get here, and where they are asked for; else everybody who gets here is the one person at this
 * machine.
 */
typedef struct serve_access {
    const char *file; /* of accounts; NULL: beside the ledger */
    bool wanted;      /* accounts even where only this machine gets here */
    bool none;        /* no accounts: STATUS_USAGE where others can get here */
    const char *who;  /* what the one person is called; NULL: ISNAD_WHO, else the system's name of the user */
    /* Told the link by which the first account is made, where there is none. */
    void (*setup)(void *context, const char *url);
    /* for tests: seconds since 1970; NULL: the system's clock. Costs of a password; 0: the usual ones. */
    int64_t (*now)(void *context);
    unsigned long long passes;
    size_t memory;
} serve_access;

typedef struct serve_options {
    const char *ledger_path;
    const char *host; /* an address of this machine or "localhost"; NULL: 127.0.0.1 */
    uint16_t port;    /* 0: any that is free */
    bool remote;      /* lets other machines in: without it `host` must be a loopback address */
    /* Further names under which the server may be asked for (behind a proxy, say), NULL at the end; NULL:
     * none. A request that names any other host is refused: a page elsewhere cannot have its own name point
     * here. */
    const char *const *names;
    void (*ready)(void *context, const char *url); /* when it listens; may be NULL */
    bool (*cancelled)(void *context);              /* asked about five times a second; may be NULL */
    void *context;
    const char *rule; /* of estimates (ledger_estimate_by); NULL: the ledger's own */
    str engine;       /* the engine object's JSON text, for what is written; STR_NONE */
    const char *base; /* the path that it is found under, "/isnad"; NULL: "/" */
    bool proxy;       /* asked through a proxy, whose X-Forwarded-For, -Host and -Proto are believed */
    const char *tls_certificate, *tls_key; /* files (PEM); NULL: no TLS */
    const char *program;   /* `isnad` itself, which reads, imports and links as a child of the server; NULL:
                              nothing can be taken in, and linking is done by the server */
    const char *places;    /* a gazetteer's file for it; NULL: the one linked in */
    const char *docket;    /* the server's own store (docket.h); NULL: LEDGER.docket */
    bool private_pages;    /* pages of this machine and of private networks may be fetched too */
    uint64_t upload_bytes; /* at most, of one file that is sent; 0: 1 GiB */
    size_t connections;    /* at most so many; 0: as many as the system lets, at most 16,384 */
    unsigned patience; /* seconds that a request may take to come in, or its answer to go out, beside what its
                          bytes need; 0: 60 */
    bool settles; /* what others change counts at most once a second also of a small ledger, as of a large one
                   */
    serve_access access;
} serve_options;

/* Serves until `cancelled` says so (STATUS_OK). Fails with what ledger_open fails with, STATUS_USAGE for a
 * host that is not allowed, STATUS_IO where it cannot listen. Returns when all of its threads have ended. */
status serve_run(const serve_options *options, failure *f);

#endif
