/* SQLite, opened at first use: a table of its functions, filled by name from the shared library. */
#ifndef ISN_LEDGER_SQLITE_H
#define ISN_LEDGER_SQLITE_H

#include <sqlite3.h>

#include "base/failure.h"

#define SQLITE_FUNCTIONS(X)                                                                                  \
    X(open_v2)                                                                                               \
    X(close_v2)                                                                                              \
    X(exec)                                                                                                  \
    X(prepare_v2)                                                                                            \
    X(step)                                                                                                  \
    X(reset)                                                                                                 \
    X(clear_bindings)                                                                                        \
    X(finalize)                                                                                              \
    X(bind_int64)                                                                                            \
    X(bind_double)                                                                                           \
    X(bind_text)                                                                                             \
    X(bind_blob)                                                                                             \
    X(bind_null)                                                                                             \
    X(column_int64)                                                                                          \
    X(column_double)                                                                                         \
    X(column_text)                                                                                           \
    X(column_blob)                                                                                           \
    X(column_bytes)                                                                                          \
    X(column_type)                                                                                           \
    X(last_insert_rowid)                                                                                     \
    X(extended_errcode)                                                                                      \
    X(extended_result_codes)                                                                                 \
    X(errmsg)                                                                                                \
    X(busy_timeout)                                                                                          \
    X(get_autocommit)                                                                                        \
    X(db_config)                                                                                             \
    X(backup_init)                                                                                           \
    X(backup_step)                                                                                           \
    X(backup_finish)                                                                                         \
    X(backup_remaining)                                                                                      \
    X(backup_pagecount)                                                                                      \
    X(progress_handler)                                                                                      \
    X(file_control)                                                                                          \
    X(libversion_number)

typedef struct sqlite {
    void *library;
#define SQLITE_POINTER(name) __typeof__(sqlite3_##name) *name;
    SQLITE_FUNCTIONS(SQLITE_POINTER)
#undef SQLITE_POINTER
} sqlite;

/* Opens the library and finds every function; STATUS_UNAVAILABLE where it is not there or too old. */
status sqlite_load(sqlite *s, failure *f);
void sqlite_unload(sqlite *s);

#endif
