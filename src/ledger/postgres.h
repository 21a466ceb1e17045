/* PostgreSQL's client library (libpq), opened at first use: a table of its functions, filled by name. */
#ifndef ISN_LEDGER_POSTGRES_H
#define ISN_LEDGER_POSTGRES_H

#include <libpq-fe.h>

#include "base/failure.h"

#define POSTGRES_FUNCTIONS(X)                                                                                \
    X(connectdb)                                                                                             \
    X(conninfoParse)                                                                                         \
    X(conninfoFree)                                                                                          \
    X(finish)                                                                                                \
    X(status)                                                                                                \
    X(errorMessage)                                                                                          \
    X(transactionStatus)                                                                                     \
    X(setNoticeProcessor)                                                                                    \
    X(setClientEncoding)                                                                                     \
    X(exec)                                                                                                  \
    X(execParams)                                                                                            \
    X(prepare)                                                                                               \
    X(execPrepared)                                                                                          \
    X(resultStatus)                                                                                          \
    X(resultErrorField)                                                                                      \
    X(clear)                                                                                                 \
    X(ntuples)                                                                                               \
    X(nfields)                                                                                               \
    X(ftype)                                                                                                 \
    X(getvalue)                                                                                              \
    X(getlength)                                                                                             \
    X(getisnull)                                                                                             \
    X(cmdTuples)

typedef struct postgres {
    void *library;
#define POSTGRES_POINTER(name) __typeof__(PQ##name) *name;
    POSTGRES_FUNCTIONS(POSTGRES_POINTER)
#undef POSTGRES_POINTER
} postgres;

/* postgres.sql */
extern const char postgres_tables[];

/* Opens the library and finds every function; STATUS_UNAVAILABLE where it is not there. */
status postgres_load(postgres *p, failure *f);
void postgres_unload(postgres *p);

#endif
