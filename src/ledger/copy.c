/* A ledger copied row by row, through what every store can do: read rows in the order of their keys, write
 * rows, and (store.h: store_copy_begins) take in rows whose triggers have fired already where they come from.
 *
 * Rows are read by batches behind the last key, so that no store has to hold a table; all is written in one
 * transaction. The index of words is no table that can be read back: it is made anew of the texts. */
#include "ledger/sums.h"
#include "ledger/tables.h"
#include "ledger/teams.h"

#include <stdio.h>
#include <unistd.h>

typedef struct copying {
    ledger *from, *to;
    failure *f;
    arena a; /* of one table */
    uint64_t done, all;
    ledger_copied out;
} copying;

/* ---- what is there ---- */

static status count_rows(copying *c, const stored_table *t) {
    statement s = statement_made(c->from, arena_printf(&c->a, "SELECT count(*) FROM \"%s\"", t->name), c->f);
    if (statement_row(&s))
        c->all += (uint64_t)take_number(&s, 0);
    return statement_done(&s);
}

/* A ledger is made with settings of its own; whoever has set more has nothing else in it yet. */
static status check_empty(copying *c, const stored_table *t) {
    if (strcmp(t->name, "setting") == 0)
        return STATUS_OK;
    statement s = statement_made(c->to, arena_printf(&c->a, "SELECT 1 FROM \"%s\" LIMIT 1", t->name), c->f);
    bool any = statement_row(&s);
    status code = statement_done(&s);
    return code == STATUS_OK && any
               ? fail(c->f, STATUS_USAGE,
                      "ledger %s: something is in it (table %s): a copy goes into a new or an empty one "
                      "(isnad ledger merge joins two)",
                      c->to->path, t->name)
               : code;
}

static status of_all_tables(copying *c, status (*step)(copying *c, const stored_table *t)) {
    status code = STATUS_OK;
    for (const stored_table *t = stored_tables; t->name && code == STATUS_OK; t++) {
        code = step(c, t);
        arena_reset(&c->a);
    }
    return code;
}

/* ---- rows ---- */

/* Where the next batch begins: behind the row with this key. */
typedef struct row_key {
    bool any;
    int64_t number[TABLE_KEY];
    buffer text[TABLE_KEY];
} row_key;

static void keep_key(row_key *k, const stored_table *t, const stored_column *columns, statement *row) {
    k->any = true;
    for (size_t i = 0; i < t->key; i++) {
        k->text[i].size = 0;
        if (columns[i].kind == 't')
            buffer_add(&k->text[i], take_text(row, (int)i));
        else
            k->number[i] = take_number(row, (int)i);
    }
}

static void give_key(const row_key *k, const stored_table *t, const stored_column *columns, statement *s) {
    for (size_t i = 0; k->any && i < t->key; i++)
        columns[i].kind == 't' ? give_text(s, buffer_str(&k->text[i])) : give_number(s, k->number[i]);
}

static str select_batch(arena *a, const stored_table *t, size_t columns, bool first) {
    static const char marks[] = "?, ?, ?, ?";
    str key = table_names(a, t, t->key), all = table_names(a, t, columns);
    str behind = first
                     ? STR("")
                     : arena_printf(a, " WHERE (%.*s) > (%.*s)", STR_ARG(key), (int)(3 * t->key - 2), marks);
    return arena_printf(a, "SELECT %.*s FROM \"%s\"%.*s ORDER BY %.*s LIMIT %zu", STR_ARG(all), t->name,
                        STR_ARG(behind), STR_ARG(key), t->batch);
}

/* That freed pages are to be cleaned is true of one file alone; sums are of its tables too (sums.h). */
static bool stays(const stored_table *t, statement *row) {
    return strcmp(t->name, "setting") == 0 &&
           (str_equal(take_text(row, 0), STR("scrub")) || str_equal(take_text(row, 0), STR("sums")));
}

static void count_row(copying *c, const stored_table *t) {
    const struct {
        const char *table;
        uint64_t *count;
    } counts[] = {{"capture", &c->out.captures},
                  {"document", &c->out.documents},
                  {"claim", &c->out.claims},
                  {"incident", &c->out.incidents},
                  {"act", &c->out.acts}};
    c->out.rows++;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i].count += strcmp(counts[i].table, t->name) == 0;
}

static status check_cancelled(const copying *c) {
    store_progress(c->from, "rows copied", c->done, c->all);
    return store_cancelled(c->from) ? fail(c->f, STATUS_CANCELLED, "cancelled while copying") : STATUS_OK;
}

/* `*count`: rows that were read. */
static status copy_batch(copying *c, const stored_table *t, const stored_column *columns, size_t width,
                         row_key *key, statement *insert, size_t *count) {
    arena a = arena_new((allocator){0});
    statement s = statement_made(c->from, select_batch(&a, t, width, !key->any), c->f);
    status code = STATUS_OK;
    give_key(key, t, columns, &s);
    *count = 0;
    while (code == STATUS_OK && statement_row(&s)) {
        keep_key(key, t, columns, &s);
        ++*count;
        if (stays(t, &s))
            continue;
        for (size_t i = 0; i < width; i++)
            value_pass(&s, (int)i, columns[i].kind, insert);
        code = statement_again(insert);
        count_row(c, t);
    }
    status done = statement_done(&s);
    arena_free(&a);
    c->done += *count;
    return code == STATUS_OK ? done : code;
}

static status copy_table(copying *c, const stored_table *t) {
    stored_column columns[TABLE_COLUMNS];
    size_t width = table_columns(t, columns), count = t->batch;
    row_key key = {0};
    statement insert = statement_made(c->to, table_insert(&c->a, t), c->f);
    status code = insert.code;
    while (code == STATUS_OK && count == t->batch) {
        code = copy_batch(c, t, columns, width, &key, &insert, &count);
        if (code == STATUS_OK)
            code = check_cancelled(c);
    }
    status done = statement_done(&insert);
    for (size_t i = 0; i < TABLE_KEY; i++)
        buffer_free(&key.text[i]);
    return code == STATUS_OK ? done : code;
}

/* ---- all of it ---- */

static status copy_rows(copying *c) {
    unsigned wrong = 0;
    status code = of_all_tables(c, check_empty);
    if (code == STATUS_OK)
        code = store_execute(c->to, "DELETE FROM setting", c->f);
    if (code == STATUS_OK)
        code = of_all_tables(c, copy_table);
    if (code == STATUS_OK)
        code = ledger_index_words(c->to, c->f);
    if (code == STATUS_OK)
        code = sums_wrong(c->from, &wrong, c->f);
    return code == STATUS_OK ? sums_keep(c->to, wrong, c->f) : code;
}

static status copy_snapshot(copying *c) {
    status code = of_all_tables(c, count_rows);
    if (code == STATUS_OK)
        code = of_all_tables(c, check_empty);
    if (code == STATUS_OK)
        code = store_copy_begins(c->to, c->f);
    if (code != STATUS_OK)
        return code;
    return store_copy_ends(c->to, copy_rows(c), c->f);
}

static void remove_files(const char *path) {
    static const char *const tails[] = {"", "-journal", "-wal", "-shm"};
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        unlink(arena_printf(&a, "%s%s", path, tails[i]).data);
    arena_free(&a);
}

status ledger_copy(ledger *from, const char *to, ledger_copied *out, failure *f) {
    copying c = {.from = from, .f = f, .a = arena_new((allocator){0})};
    ledger_options options = {.vfs = from->options.vfs, .places = from->options.places};
    bool was_there = access(to, F_OK) == 0;
    bool begun = false;
    status code = ledger_commit(from, f);
    if (code == STATUS_OK)
        code = store_snapshot(from, &begun, f);
    if (code == STATUS_OK)
        code = ledger_open(to, LEDGER_CREATE, &options, &c.to, f);
    if (code == STATUS_OK)
        code = copy_snapshot(&c);
    status closed = ledger_close(c.to, code == STATUS_OK ? f : NULL);
    code = code == STATUS_OK ? closed : code;
    store_snapshot_end(from, begun);
    if (code != STATUS_OK && !was_there)
        remove_files(to);
    arena_free(&c.a);
    if (code == STATUS_OK && out)
        *out = c.out;
    return code;
}
