/* Time stamps of an authority (RFC 3161), by OpenSSL: an authority signs that a hash was there at some time.
 */
#ifndef ISN_BASE_TIMESTAMP_H
#define ISN_BASE_TIMESTAMP_H

#include "base/failure.h"
#include "base/sha256.h"

/* A query for an authority, in DER: over SHA-256, its certificate asked for. */
str timestamp_query(arena *a, digest imprint);

typedef struct timestamp {
    str token;      /* DER, in the arena */
    digest imprint; /* what was stamped */
    char time[32];  /* as the authority says, ISO 8601 in UTC */
} timestamp;

/* Takes the token out of an authority's answer, or takes a token as it is; checks nothing but the form.
 * STATUS_BAD_INPUT: what is wrong, also where the authority refused. */
status timestamp_read(arena *a, str der, timestamp *out, failure *f);
/* Whether the token was signed over `imprint` by an authority whose certificate leads to one of those in the
 * PEM file, and was valid at the time that it tells. STATUS_VERIFY_FAILED with OpenSSL's reason;
 * STATUS_NO_INPUT: no such file of certificates. */
status timestamp_check(str token, digest imprint, const char *authorities, failure *f);

#endif
