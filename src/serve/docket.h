/* The server's own store, one SQLite file: which requests were answered and how, so that one that is sent
 * again acts once; proposals that wait for a second reviewer; what was begun and must be ended after a crash.
 * Nothing of it is in the ledger. One handle, used by one thread at a time under its own lock. */
#ifndef ISN_SERVE_DOCKET_H
#define ISN_SERVE_DOCKET_H

#include "base/arena.h"
#include "base/failure.h"

typedef struct docket docket;

/* Made where there is none. STATUS_NO_INPUT, STATUS_UNAVAILABLE (no SQLite), STATUS_NEWER_LEDGER. */
status docket_open(const char *path, docket **out, failure *f);
void docket_close(docket *d);
/* 32 hexadecimal digits that only this store has. */
str docket_name(const docket *d);

/* ---- requests ---- */

typedef enum request_state {
    REQUEST_NEW,   /* now kept as begun */
    REQUEST_BEGUN, /* it was begun before, and not ended */
    REQUEST_ENDED, /* it was answered */
    REQUEST_OTHER  /* the same name stands for another request */
} request_state;

typedef struct docket_request {
    request_state state;
    uint64_t after; /* the last act of the ledger when it was begun */
    unsigned code;  /* of the answer */
    str answer;
} docket_request;

/* `name` of 32 hexadecimal digits, `digest` of what is asked for; `after` is kept where it is new. */
status docket_begin(docket *d, str name, str digest, uint64_t after, arena *a, docket_request *out,
                    failure *f);
status docket_end(docket *d, str name, unsigned code, str answer, failure *f);
/* It came to nothing, and may be sent again. */
status docket_forget(docket *d, str name, failure *f);

/* ---- proposals ---- */

typedef enum proposal_state { PROPOSAL_OPEN, PROPOSAL_CONFIRMED, PROPOSAL_REFUSED } proposal_state;
const char *proposal_state_name(proposal_state s);

typedef struct proposal {
    int64_t id;
    proposal_state state;
    str by, name; /* who proposes: the account's id and name */
    str time, kind;
    str payload;                 /* JSON: "ids", "values", "why" */
    str seen;                    /* JSON: what was spoken of, as it was then */
    uint64_t after;              /* the last act of the ledger then */
    str other, decided, because; /* who decided (name), when, why it was refused; STR_NONE */
    uint64_t first, last;        /* the acts that it became; 0 */
} proposal;

/* Keeps it, sets its id; ends the request `name` (STR_NONE: none) with it in one step: `answer` is asked for
 * the answer's text when the id is known. */
status docket_propose(docket *d, proposal *p, str request, str (*answer)(const proposal *p, arena *a),
                      arena *a, failure *f);
/* STATUS_NOT_FOUND. */
status docket_proposal(docket *d, int64_t id, arena *a, proposal *out, failure *f);
/* Those of a state with ids over `after`, in their order, at most `limit`. */
typedef VECTOR(proposal) proposal_list;
status docket_proposals(docket *d, proposal_state state, int64_t after, uint64_t limit, arena *a,
                        proposal_list *out, failure *f);
/* Takes p->state, other, decided, because, first, last; STATUS_USAGE where it is open no more. */
status docket_decide(docket *d, const proposal *p, failure *f);

/* ---- what must be done after a crash ---- */

status docket_owe(docket *d, const char *what, bool owed, failure *f);
status docket_owes(docket *d, const char *what, bool *out, failure *f);

#endif
