/* What a store has to do for the ledger: SQLite in a file, or PostgreSQL. Statements reach it through
 * store.h alone. SQL is written once, plain enough for both; where the two differ, a driver's `words` say how
 * it puts it, and PostgreSQL's own puts the rest into its dialect (dialect.h). */
#ifndef ISN_LEDGER_DRIVER_H
#define ISN_LEDGER_DRIVER_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct ledger;
struct words_expected;

typedef enum cell_kind { CELL_NULL, CELL_NUMBER, CELL_REAL, CELL_TEXT, CELL_BYTES } cell_kind;

typedef struct cell_value {
    cell_kind kind;
    int64_t number;
    double real;
    str bytes; /* of a text too */
} cell_value;

typedef enum transaction_kind {
    TRANSACTION_READ, /* everything as it stands at one moment */
    TRANSACTION_ADD,  /* adds documents: others may add beside it where the store can */
    TRANSACTION_ALONE /* nobody else writes */
} transaction_kind;

typedef enum stepped { STEPPED_ROW, STEPPED_END, STEPPED_FAILED } stepped;

typedef struct store_driver {
    /* Where the two put things differently. */
    struct {
        const char *matching; /* the versions that hold the words ?: a query of one column */
        const char *best;     /* the same with how well (less is better): columns `found`, `score` */
        const char *state;    /* a number that changes whenever somebody writes */
        const char *size;     /* bytes that the ledger takes */
        const char *sealed;   /* a reading's leaf: into the log, from its version and its leaf */
    } words;
    bool shared; /* others may add at the same time */

    /* Opens `l->path` as `l->mode` asks, brings its tables to this version. */
    status (*open)(struct ledger *l, failure *f);
    void (*close)(struct ledger *l);
    /* One statement or several, without values. */
    status (*run)(struct ledger *l, const char *sql, failure *f);
    status (*begin)(struct ledger *l, transaction_kind kind, failure *f);
    status (*commit)(struct ledger *l, failure *f);
    bool (*in_transaction)(struct ledger *l);
    /* Whether something failed, since this was asked last, because another writer stood in the way: it may go
     * through when tried again in a transaction of its own. `patient`: in this transaction one may wait for
     * others. */
    bool (*stood_in_way)(struct ledger *l);
    status (*be_patient)(struct ledger *l, bool patient, failure *f);
    /* Nobody else writes from here until they are let in again, while each question stands by itself: one
     * that fails does not take those after it along. Nothing that is written meanwhile stays. */
    status (*hold_off)(struct ledger *l, failure *f);
    void (*let_in)(struct ledger *l);

    void *(*prepare)(struct ledger *l, str sql, status *code, failure *f);
    /* `at` counts from 1. The value is copied. */
    status (*give)(struct ledger *l, void *s, int at, const cell_value *v, failure *f);
    /* Rows may be many: they need not be held at once. Before the first. */
    void (*walk)(struct ledger *l, void *s);
    stepped (*step)(struct ledger *l, void *s, status *code, failure *f);
    cell_kind (*kind)(struct ledger *l, void *s, int column);
    int64_t (*number)(struct ledger *l, void *s, int column);
    double (*real)(struct ledger *l, void *s, int column);
    str (*text)(struct ledger *l, void *s, int column);
    str (*bytes)(struct ledger *l, void *s, int column);
    void (*reset)(struct ledger *l, void *s);
    void (*finish)(struct ledger *l, void *s);

    /* What ask.c made of a query (phrases in quotation marks, `*`, OR, NOT, parentheses), as `matching` and
     * `best` want it. */
    str (*asked_words)(arena *a, str words);
    /* Words of a version into the index; and out of it, as they went in. */
    status (*index_words)(struct ledger *l, int64_t version, str title, str body, failure *f);
    status (*drop_words)(struct ledger *l, int64_t version, str title, str body, failure *f);
    /* Whether the index is that of the texts; makes it anew even where it is damaged, in the batch that is
     * open. */
    status (*same_words)(struct ledger *l, const struct words_expected *w, bool *same, failure *f);
    status (*renew_words)(struct ledger *l, failure *f);
    /* Leaves that wait for their place in the log get it: in order, and nobody else meanwhile. */
    status (*settle_log)(struct ledger *l, failure *f);
    /* For a copy into an empty ledger: before and inside its transaction, before it is committed, and when it
     * is over either way. Meanwhile no trigger fires and a row may point at one that comes later; afterwards
     * keys are given behind those taken in. */
    status (*copy_begins)(struct ledger *l, failure *f);
    status (*copy_takes)(struct ledger *l, failure *f);
    status (*copy_taken)(struct ledger *l, failure *f);
    status (*copy_ends)(struct ledger *l, failure *f);
    /* The store's own check of itself: a line for each thing that is wrong. */
    status (*check)(struct ledger *l, void (*line)(void *context, const char *text), void *context,
                    uint64_t *wrong, failure *f);
    /* Makes its indexes anew. */
    status (*mend)(struct ledger *l, failure *f);
    /* From now on what is deleted is overwritten; and what is left of what was deleted goes. */
    status (*shred)(struct ledger *l, failure *f);
    status (*scrub)(struct ledger *l, bool log_alone, failure *f);
} store_driver;

extern const store_driver sqlite_driver, postgres_driver;

/* "postgresql://…" or "postgres://…". */
bool is_postgres_name(const char *path);
/* Such an address without the passwords that it may hold; malloc'd, NULL where there is no memory. */
char *postgres_shown_name(const char *address);

#endif
