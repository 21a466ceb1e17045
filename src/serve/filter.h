/* What the query of an address asks for, as the ledger takes it. */
#ifndef ISN_SERVE_FILTER_H
#define ISN_SERVE_FILTER_H

#include "ledger/ledger.h"
#include "serve/target.h"

enum { API_MAX_LIMIT = 200, API_COUNT_AT_MOST = 10000 };

/* The filter that the query names; STATUS_USAGE for a field that is unknown or makes no sense. */
status api_filter(const target *t, ledger_filter *out, failure *f);
/* The same where some fields are the endpoint's own: their names, NULL at the end. */
status api_filter_beside(const target *t, const char *const *own, ledger_filter *out, failure *f);

#endif
