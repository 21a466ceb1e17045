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
typedef struct fetch_options {
    uint64_t largest; /* bodies over so many bytes are refused */
    bool public_only; /* from addresses that are everybody's alone, through no proxy, also after redirects */
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} fetch_options;
status fetch(str url, const fetch_options *options, arena *a, fetched *out, failure *f);

#endif
