/* What driver_sqlite.c shows of itself to what works on the file alone: backup.c. */
#ifndef ISN_LEDGER_DRIVER_SQLITE_H
#define ISN_LEDGER_DRIVER_SQLITE_H

#include "base/buffer.h"
#include "ledger/sqlite.h"
#include "ledger/store.h"

typedef struct sqlite_connection {
    sqlite lib;
    sqlite3 *db;
} sqlite_connection;

/* A code of SQLite's as a status with its line. */
status sqlite_error(ledger *l, int code, failure *f);
/* Whether a file is read as it lies (in a folder that takes no other beside it), and then under which
 * address, a URI of SQLite's. */
bool sqlite_lies_still(const char *path);
str sqlite_still_address(const char *path, buffer *b);

#endif
