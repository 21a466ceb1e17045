/* Who asks, and whether that may be: everything that is decided before a handler runs is decided here. */
#ifndef ISN_SERVE_GUARD_H
#define ISN_SERVE_GUARD_H

#include "serve/routes.h"

/* Opens the accounts, where there are to be any, and sets identify and is_public. */
status guard_open(serve_services *with, const serve_options *options, failure *f);
void guard_close(serve_services *with);
/* When the server answers under this address. */
void guard_ready(serve_services *with, const char *url);
/* Around a handler: what the handle hides, and the log of who did what. */
status guard_before(exchange *x, const route *r, failure *f);
void guard_after(exchange *x, const route *r, status s);

/* The session's cookie into the answer; `secret` STR_NONE: takes it away. */
void guard_cookie(exchange *x, str secret);
enum { GUARD_CSRF = 65 };
/* What a page has to send along as X-Isnad-CSRF. */
void guard_csrf(const exchange *x, const access_who *who, char out[GUARD_CSRF]);

#endif
