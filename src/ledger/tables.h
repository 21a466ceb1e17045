/* What a ledger stores, table by table and column by column: what must be taken along where a ledger is
 * copied or merged. Not for other folders.
 *
 * tests/ledger/test_teams.c holds this list against the schema: whoever adds a table or a column adds it here
 * too, or says why it is not taken along. */
#ifndef ISN_LEDGER_TABLES_H
#define ISN_LEDGER_TABLES_H

#include "ledger/store.h"

enum { TABLE_COLUMNS = 40, TABLE_KEY = 4 };

/* What there is to be done with a table besides. */
typedef enum table_holds {
    HOLDS_OTHER,   /* what follows from the rest; readings that stood before; settings */
    HOLDS_CONTENT, /* of pages and acts: verify compares it with what was sealed */
    HOLDS_LOG      /* hashes, heads and keys: nothing of what a page said */
} table_holds;

typedef struct stored_table {
    const char *name;
    const char *columns; /* "name:kind …"; kinds: i integer, r real, t text, b bytes. The key's first */
    size_t key;          /* so many columns are the key, in the order of which rows are read */
    size_t batch;        /* rows to be held at once: few where they are large */
    table_holds holds;
} stored_table;

/* In the order of references, but for those from a table to itself. The last has no name. */
extern const stored_table stored_tables[];
const stored_table *table_named(const char *name);

typedef struct stored_column {
    str name;
    char kind;
} stored_column;
size_t table_columns(const stored_table *t, stored_column out[TABLE_COLUMNS]);

/* `"a", "b"`: the first so many columns. */
str table_names(arena *a, const stored_table *t, size_t count);
/* "INSERT INTO …(all columns) VALUES (?, …)" */
str table_insert(arena *a, const stored_table *t);

/* Hands a value of a row on as a parameter. */
void value_pass(statement *from, int column, char kind, statement *to);

#endif
