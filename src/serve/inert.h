/* A page as it was archived, made so that looking at it does nothing: no script runs, nothing is fetched,
 * nothing leads away. The answer's own policy (INERT_POLICY) is what holds a browser to that; here what the
 * policy cannot forbid (names that are looked up ahead, links that are followed), and all that has no use
 * without scripts, is left out of the markup. */
#ifndef ISN_SERVE_INERT_H
#define ISN_SERVE_INERT_H

#include "base/buffer.h"

#define INERT_POLICY                                                                                         \
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri "       \
    "'none'; "                                                                                               \
    "form-action 'none'; frame-ancestors 'self'"

/* `html` in UTF-8. Linear in its size. */
void inert_html(str html, buffer *out);
/* What is no page: its characters, line by line, as a page. */
void inert_text(str text, buffer *out);

#endif
