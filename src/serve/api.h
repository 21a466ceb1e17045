/* The JSON answers of /api/v1, straight from the ledger. */
#ifndef ISN_SERVE_API_H
#define ISN_SERVE_API_H

#include "ledger/ledger.h"
#include "serve/target.h"

enum { API_MAX_LIMIT = 200, API_COUNT_AT_MOST = 10000 };

/* Answers the segments after "api", "v1": fills `body` with JSON and returns the HTTP status. */
unsigned api_answer(ledger *l, const target *t, arena *a, buffer *body);
/* The same shape for errors that arise before a ledger is asked. */
unsigned api_error(unsigned code, const char *message, buffer *body);
/* The filter that the query names; STATUS_USAGE for a field that is unknown or makes no sense. */
status api_filter(const target *t, ledger_filter *out, failure *f);

#endif
