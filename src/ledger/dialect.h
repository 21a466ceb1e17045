/* The ledger's SQL as PostgreSQL wants it. */
#ifndef ISN_LEDGER_DIALECT_H
#define ISN_LEDGER_DIALECT_H

#include "base/buffer.h"

/* Appends the statement and gives the number of its values. What is changed:
 *   ? and ?3                        $1, $2, … (one more than the highest before it) and $3
 *   json_object('a', x, 'b', y)     the same text as SQLite makes of it, of type json
 *   json_group_array(x)             the same
 *   CROSS JOIN … ON                 JOIN … ON
 *   LIMIT -1                        LIMIT ALL
 * All else is either written so that both know it, or is a function that the schema defines (postgres.sql).
 */
int dialect_postgres(str sql, buffer *out);

#endif
