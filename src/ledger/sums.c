#include "ledger/sums.h"

#include <inttypes.h>
#include <stdio.h>

static const struct summed {
    const char *name, *says, *sql;
    unsigned columns, blobs; /* blobs: a bit for each column that is one */
} tables[SUMS] = {
    {"capture", "where captures came from (id, charset, file, offset) or which version they are of",
     "SELECT sequence, id, charset, file, \"offset\", version FROM capture", 6},
    {"member", "which incident an account was given the id of", "SELECT minted, unit, incident FROM member",
     3},
    {"tombstone", "ids of incidents that are no more, and what took their place",
     "SELECT id, successors FROM tombstone", 2},
    {"setting", "the ledger's own id, scale of grades or rule of estimates",
     "SELECT name, value FROM setting WHERE name IN ('ledger', 'grades', 'estimates') OR name LIKE 'engine "
     "%'",
     2},
    {"stamp", "time stamps", "SELECT sequence, head, time, token FROM stamp", 4, 1 << 3},
    {"past", "readings that others took the place of",
     "SELECT version, number, engine, until, reading, reading_size FROM past_reading", 6, 1 << 4},
    {"schema", "the tables themselves: what they are made of",
     "SELECT type, name, tbl_name, sql, typeof(type), typeof(name), typeof(tbl_name), typeof(sql) FROM"
     " sqlite_schema",
     8},
    {"head", "numbers of signed heads", "SELECT sequence, size, time FROM head", 3},
};

/* A server's tables are its own affair. */
static bool is_here(const ledger *l, size_t i) {
    return strcmp(tables[i].name, "schema") != 0 || l->driver == &sqlite_driver;
}

const char *sums_says(unsigned bit) {
    return tables[bit].says;
}

status sum_of(ledger *l, const char *sql, unsigned columns, unsigned blobs, table_sum *out, failure *f) {
    buffer row = {0};
    *out = (table_sum){0};
    statement s = statement_of(l, sql, f);
    statement_walks(&s);
    while (statement_row(&s)) {
        row.size = 0;
        for (unsigned i = 0; i < columns; i++) {
            bool none = take_null(&s, (int)i);
            str bytes = (uint64_t)blobs >> i & 1 ? take_blob(&s, (int)i) : take_text(&s, (int)i);
            buffer_printf(&row, "%c%zu:", none ? 'n' : 't', bytes.size);
            buffer_add(&row, bytes);
        }
        digest d = sha256(buffer_str(&row));
        for (size_t i = 0; i < 2; i++) {
            uint64_t half;
            memcpy(&half, d.bytes + i * sizeof half, sizeof half);
            out->sum[i] += half;
        }
        out->rows++;
    }
    buffer_free(&row);
    return statement_done(&s);
}

/* ---- as they are kept: a line for each ---- */

#define WRONG UINT64_MAX /* for the number of rows: it was found wrong, and stays so */

typedef struct kept_sums {
    table_sum of[SUMS];
    bool there[SUMS];
    bool damaged; /* the lines themselves */
} kept_sums;

enum { SETTINGS = 3 }; /* among whose rows they stand */

static void write_line(buffer *b, size_t i, const table_sum *t) {
    buffer_printf(b, "%s %" PRIu64 " %016" PRIx64 " %016" PRIx64 "\n", tables[i].name, t->rows, t->sum[0],
                  t->sum[1]);
}

/* The last line is of those before it. */
static void write_last(buffer *b) {
    uint64_t half;
    digest d = sha256(buffer_str(b));
    memcpy(&half, d.bytes, sizeof half);
    buffer_printf(b, "all %016" PRIx64 "\n", half);
}

static void take_line(kept_sums *k, str line) {
    char name[16];
    table_sum t;
    char text[128];
    snprintf(text, sizeof text, "%.*s", STR_ARG(line));
    if (sscanf(text, "%15s %" SCNu64 " %16" SCNx64 " %16" SCNx64, name, &t.rows, &t.sum[0], &t.sum[1]) != 4)
        return;
    for (size_t i = 0; i < SUMS; i++)
        if (strcmp(name, tables[i].name) == 0) {
            k->of[i] = t;
            k->there[i] = true;
        }
}

static status read_kept(ledger *l, kept_sums *out, failure *f) {
    *out = (kept_sums){0};
    statement s = statement_of(l, "SELECT value FROM setting WHERE name = 'sums'", f);
    if (statement_row(&s)) {
        str text = take_text(&s, 0);
        for (size_t at = 0; at < text.size;) {
            size_t end = str_find(text, STR("\n"), at);
            end = end == SIZE_MAX ? text.size : end;
            take_line(out, str_slice(text, at, end));
            at = end + 1;
        }
        buffer again = {0};
        for (size_t i = 0; i < SUMS; i++)
            if (out->there[i])
                write_line(&again, i, &out->of[i]);
        write_last(&again);
        out->damaged = !str_equal(buffer_str(&again), text);
        buffer_free(&again);
    }
    return statement_done(&s);
}

static bool sums_equal(const table_sum *a, const table_sum *b) {
    return a->rows == b->rows && a->sum[0] == b->sum[0] && a->sum[1] == b->sum[1];
}

status sums_wrong(ledger *l, unsigned *out, failure *f) {
    kept_sums kept;
    *out = 0;
    status code = read_kept(l, &kept, f);
    *out |= code == STATUS_OK && kept.damaged ? 1u << SETTINGS : 0;
    for (size_t i = 0; i < SUMS && code == STATUS_OK; i++) {
        table_sum now;
        if (!kept.there[i] || !is_here(l, i))
            continue;
        if (kept.of[i].rows == WRONG) {
            *out |= 1u << i;
            continue;
        }
        code = sum_of(l, tables[i].sql, tables[i].columns, tables[i].blobs, &now, f);
        if (code == STATUS_OK && now.rows == kept.of[i].rows && !sums_equal(&now, &kept.of[i]))
            *out |= 1u << i;
    }
    return code;
}

status sums_keep(ledger *l, unsigned wrong, failure *f) {
    buffer b = {0};
    status code = STATUS_OK;
    for (size_t i = 0; i < SUMS && code == STATUS_OK; i++) {
        table_sum now = {.rows = WRONG};
        if (!is_here(l, i))
            continue;
        if (!(wrong & 1u << i))
            code = sum_of(l, tables[i].sql, tables[i].columns, tables[i].blobs, &now, f);
        write_line(&b, i, &now);
    }
    write_last(&b);
    if (code == STATUS_OK)
        code = setting_keep(l, "sums", buffer_str(&b), f);
    buffer_free(&b);
    return code;
}

status sums_forget(ledger *l, failure *f) {
    return store_execute(l, "DELETE FROM setting WHERE name = 'sums'", f);
}
