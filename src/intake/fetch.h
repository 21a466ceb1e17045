/* http and https by libcurl, which is opened on first use and not linked: a run over files never loads it. */
#ifndef ISN_INTAKE_FETCH_H
#define ISN_INTAKE_FETCH_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"

typedef struct fetched {
    str url;     /* after redirects */
    str head;    /* of the last answer, first line and fields */
    str time;    /* "YYYY-MM-DDThh:mm:ssZ" */
    buffer body; /* as received, after transfer decoding and before content decoding; the caller frees it */
} fetched;

bool is_web_address(str s);
/* Bodies over `largest` bytes are refused. */
status fetch(str url, uint64_t largest, bool (*cancelled)(void *), void *cancel_context, arena *a,
             fetched *out, failure *f);

#endif
