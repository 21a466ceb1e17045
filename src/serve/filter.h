/* What the query of an address asks for, as the ledger takes it. */
#ifndef ISN_SERVE_FILTER_H
#define ISN_SERVE_FILTER_H

#include "serve/exchange.h"

enum { API_MAX_LIMIT = 200, API_COUNT_AT_MOST = 10000 };

/* The filter that the query names; refused with 400 for a field that is unknown or makes no sense. `own`:
 * fields that are the endpoint's own, which it reads itself: their names, NULL at the end; NULL: none. */
status api_filter(exchange *x, const char *const *own, ledger_filter *out, failure *f);

#endif
