/* The certificate and the key by which the server answers over TLS. */
#ifndef ISN_SERVE_IDENTITY_H
#define ISN_SERVE_IDENTITY_H

#include "base/failure.h"

typedef struct identity {
    char *certificate, *key; /* PEM, as libmicrohttpd takes them; NULL: no TLS */
} identity;

/* STATUS_NO_INPUT or STATUS_BAD_INPUT: what is wrong with which file. */
status identity_read(const char *certificate, const char *key, identity *out, failure *f);
/* The key is overwritten. */
void identity_forget(identity *i);

#endif
