/* What the ledger's tests share: a ledger in a folder of its own, readings from files, rows collected as
 * text. */
#ifndef ISN_TEST_LEDGER_SUPPORT_H
#define ISN_TEST_LEDGER_SUPPORT_H

#include "test_support.h"

#include "ledger/ledger.h"

typedef struct test_ledger {
    char folder[64], path[160];
    ledger *l;
    arena a;
} test_ledger;

/* A new folder, and where a ledger can be made: in it, or in a new database. */
test_ledger store_made(void);
/* The same with a ledger. */
test_ledger ledger_made(const ledger_options *options);
ledger *ledger_reopened(const char *path, ledger_mode mode);
/* Skips a test of what only a file can suffer, where tests run over a server (ISNAD_TEST_SERVER names the
 * folder of its socket: tests/postgres_server.py). */
void only_of_a_file(void);
/* And of what only a server has: several that write at once. */
void only_of_a_server(void);
/* Runs statements that no part of the program would. Triggers are dropped and bytes are written as SQLite has
 * it, whatever the store. */
void raw_sql(ledger *l, const char *sql);
/* Closes the ledger (where it is open) and removes the folder. */
void ledger_removed(test_ledger *t);

/* The lines of a file. */
size_t lines_of(arena *a, str text, str **out);
void add_reading(ledger *l, str json);
void link_ledger(ledger *l);
/* A new ledger of these readings in that order, linked after so many of them (`step` 0: only at the end). */
test_ledger ledger_filled(const str *lines, const size_t *order, size_t n, size_t step);
/* One after another, in an order that is theirs alone. */
str sorted_text(arena *a, str *lines, size_t n);
void shuffle(test_random *r, size_t *order, size_t n);
/* A small page with one claim: texts, ids and bytes follow from `number`. */
status add_page_number(ledger *l, unsigned number, ledger_added *added, failure *f);
/* All rows of a query, a line feed after each. */
str rows_of(ledger *l, ledger_what what, const ledger_filter *filter, arena *a);
/* Rows counted. */
size_t count_rows(ledger *l, ledger_what what, const ledger_filter *filter);

#endif
