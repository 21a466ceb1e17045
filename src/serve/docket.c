#include "serve/docket.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "ledger/sqlite.h"

enum { DOCKET_SCHEMA = 1, BUSY = 10000, REQUESTS_DAYS = 30 };

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS docket(name TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS request(name TEXT PRIMARY KEY, digest TEXT NOT NULL, after INTEGER NOT NULL,"
    " day INTEGER NOT NULL, code INTEGER, answer TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS proposal(id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, by "
    "TEXT"
    " NOT NULL, name TEXT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, seen TEXT "
    "NOT"
    " NULL, after INTEGER NOT NULL, other TEXT, decided TEXT, because TEXT, first INTEGER NOT NULL DEFAULT 0,"
    " last INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX IF NOT EXISTS proposal_state ON proposal(state, id);"
    "CREATE TABLE IF NOT EXISTS owed(what TEXT PRIMARY KEY) WITHOUT ROWID;";

struct docket {
    pthread_mutex_t mine;
    sqlite lib;
    sqlite3 *db;
    char *path;
    char name[33];
};

/* ---- statements ---- */

typedef struct asking {
    docket *d;
    sqlite3_stmt *s;
    int code;
    failure *f;
} asking;

static status docket_failed(const docket *d, failure *f) {
    int code = d->lib.extended_errcode(d->db) & 0xFF;
    return fail(f, code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? STATUS_DAMAGED_LEDGER : STATUS_IO,
                "the server's store %s: %s", d->path,
                code == SQLITE_FULL ? "the disk is full" : d->lib.errmsg(d->db));
}

static asking ask(docket *d, const char *sql, failure *f) {
    asking q = {.d = d, .f = f};
    q.code = d->lib.prepare_v2(d->db, sql, -1, &q.s, NULL);
    return q;
}

static void bind_str(asking *q, int at, str text) {
    if (q->code != SQLITE_OK)
        return;
    q->code = text.data ? q->d->lib.bind_text(q->s, at, text.data, (int)text.size, SQLITE_STATIC)
                        : q->d->lib.bind_null(q->s, at);
}

static void bind_number(asking *q, int at, int64_t number) {
    if (q->code == SQLITE_OK)
        q->code = q->d->lib.bind_int64(q->s, at, number);
}

static bool row_of(asking *q) {
    if (q->code != SQLITE_OK && q->code != SQLITE_ROW)
        return false;
    q->code = q->d->lib.step(q->s);
    return q->code == SQLITE_ROW;
}

static int64_t number_of(asking *q, int column) {
    return q->d->lib.column_int64(q->s, column);
}

static str text_of(asking *q, int column, arena *a) {
    const char *text = (const char *)q->d->lib.column_text(q->s, column);
    return text ? arena_copy(a, (str){text, (size_t)q->d->lib.column_bytes(q->s, column)}) : STR_NONE;
}

static status asked(asking *q) {
    bool good = q->code == SQLITE_DONE || q->code == SQLITE_ROW;
    status s = good ? STATUS_OK : docket_failed(q->d, q->f);
    q->d->lib.finalize(q->s);
    return s;
}

static status run(docket *d, const char *sql, failure *f) {
    return d->lib.exec(d->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : docket_failed(d, f);
}

/* ---- opening ---- */

static status check_schema(docket *d, failure *f) {
    int64_t version = 0;
    asking q = ask(d, "PRAGMA user_version", f);
    if (row_of(&q))
        version = number_of(&q, 0);
    status s = asked(&q);
    if (s == STATUS_OK && version > DOCKET_SCHEMA)
        return fail(f, STATUS_NEWER_LEDGER, "the server's store %s: written by a newer version of isnad",
                    d->path);
    return s;
}

static status read_name(docket *d, failure *f) {
    random_hex(d->name, sizeof d->name / 2);
    asking q = ask(d, "INSERT INTO docket(name) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM docket)", f);
    bind_str(&q, 1, str_of(d->name));
    row_of(&q);
    status s = asked(&q);
    if (s != STATUS_OK)
        return s;
    q = ask(d, "SELECT name FROM docket", f);
    if (row_of(&q))
        snprintf(d->name, sizeof d->name, "%s", (const char *)d->lib.column_text(q.s, 0));
    return asked(&q);
}

static int64_t today(void) {
    return (int64_t)time(NULL) / 86400;
}

/* Nobody sends again what is a month old. */
static status sweep(docket *d, failure *f) {
    asking q = ask(d, "DELETE FROM request WHERE day < ?1", f);
    bind_number(&q, 1, today() - REQUESTS_DAYS);
    row_of(&q);
    return asked(&q);
}

static status open_file(docket *d, failure *f) {
    int made = open(d->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600); /* nobody else's to read */
    if (made < 0)
        return fail(f, STATUS_NO_INPUT, "the server's store %s: %s", d->path, strerror(errno));
    close(made);
    if (d->lib.open_v2(d->path, &d->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK)
        return docket_failed(d, f);
    d->lib.busy_timeout(d->db, BUSY);
    status s = check_schema(d, f);
    if (s == STATUS_OK)
        s = run(d, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", f);
    if (s == STATUS_OK)
        s = run(d, schema, f);
    if (s == STATUS_OK)
        s = run(d, "PRAGMA user_version = 1", f);
    if (s == STATUS_OK)
        s = read_name(d, f);
    return s == STATUS_OK ? sweep(d, f) : s;
}

status docket_open(const char *path, docket **out, failure *f) {
    docket *d = calloc(1, sizeof *d);
    if (!d || !(d->path = strdup(path)) || pthread_mutex_init(&d->mine, NULL) != 0) {
        free(d);
        return fail(f, STATUS_INTERNAL, "no memory for the server's store");
    }
    status s = sqlite_load(&d->lib, f);
    if (s == STATUS_OK)
        s = open_file(d, f);
    if (s != STATUS_OK) {
        docket_close(d);
        return s;
    }
    *out = d;
    return STATUS_OK;
}

void docket_close(docket *d) {
    if (!d)
        return;
    if (d->db)
        d->lib.close_v2(d->db);
    sqlite_unload(&d->lib);
    pthread_mutex_destroy(&d->mine);
    free(d->path);
    free(d);
}

str docket_name(const docket *d) {
    return str_of(d->name);
}

/* ---- requests ---- */

static status find_request(docket *d, str name, str digest, arena *a, docket_request *out, failure *f) {
    asking q = ask(d, "SELECT digest, after, code, answer FROM request WHERE name = ?1", f);
    bind_str(&q, 1, name);
    if (row_of(&q)) {
        out->after = (uint64_t)number_of(&q, 1);
        out->code = (unsigned)number_of(&q, 2);
        out->answer = text_of(&q, 3, a);
        out->state = !str_equal(text_of(&q, 0, a), digest) ? REQUEST_OTHER
                     : out->answer.data                    ? REQUEST_ENDED
                                                           : REQUEST_BEGUN;
    }
    return asked(&q);
}

status docket_begin(docket *d, str name, str digest, uint64_t after, arena *a, docket_request *out,
                    failure *f) {
    *out = (docket_request){.state = REQUEST_NEW, .after = after};
    pthread_mutex_lock(&d->mine);
    status s = find_request(d, name, digest, a, out, f);
    if (s == STATUS_OK && out->state == REQUEST_NEW) {
        asking q = ask(d, "INSERT INTO request(name, digest, after, day) VALUES (?1, ?2, ?3, ?4)", f);
        bind_str(&q, 1, name);
        bind_str(&q, 2, digest);
        bind_number(&q, 3, (int64_t)after);
        bind_number(&q, 4, today());
        row_of(&q);
        s = asked(&q);
    }
    pthread_mutex_unlock(&d->mine);
    return s;
}

static status end_request(docket *d, str name, unsigned code, str answer, failure *f) {
    asking q = ask(d, "UPDATE request SET code = ?2, answer = ?3 WHERE name = ?1", f);
    bind_str(&q, 1, name);
    bind_number(&q, 2, (int64_t)code);
    bind_str(&q, 3, answer);
    row_of(&q);
    return asked(&q);
}

status docket_end(docket *d, str name, unsigned code, str answer, failure *f) {
    pthread_mutex_lock(&d->mine);
    status s = end_request(d, name, code, answer, f);
    pthread_mutex_unlock(&d->mine);
    return s;
}

status docket_forget(docket *d, str name, failure *f) {
    pthread_mutex_lock(&d->mine);
    asking q = ask(d, "DELETE FROM request WHERE name = ?1 AND answer IS NULL", f);
    bind_str(&q, 1, name);
    row_of(&q);
    status s = asked(&q);
    pthread_mutex_unlock(&d->mine);
    return s;
}

/* ---- proposals ---- */

const char *proposal_state_name(proposal_state s) {
    static const char *const names[] = {"open", "confirmed", "refused"};
    return names[s];
}

static status insert_proposal(docket *d, proposal *p, failure *f) {
    asking q =
        ask(d,
            "INSERT INTO proposal(state, by, name, time, kind, payload, seen, after) VALUES (0, ?1, ?2, ?3,"
            " ?4, ?5, ?6, ?7)",
            f);
    const str texts[] = {p->by, p->name, p->time, p->kind, p->payload, p->seen};
    for (int i = 0; i < (int)(sizeof texts / sizeof *texts); i++)
        bind_str(&q, i + 1, texts[i]);
    bind_number(&q, 7, (int64_t)p->after);
    row_of(&q);
    status s = asked(&q);
    p->id = d->lib.last_insert_rowid(d->db);
    p->state = PROPOSAL_OPEN;
    return s;
}

status docket_propose(docket *d, proposal *p, str request, str (*answer)(const proposal *p, arena *a),
                      arena *a, failure *f) {
    pthread_mutex_lock(&d->mine);
    status s = run(d, "BEGIN IMMEDIATE", f);
    if (s == STATUS_OK) {
        s = insert_proposal(d, p, f);
        if (s == STATUS_OK && request.size)
            s = end_request(d, request, 201, answer(p, a), f);
        if (s == STATUS_OK)
            s = run(d, "COMMIT", f);
        if (s != STATUS_OK)
            run(d, "ROLLBACK", NULL);
    }
    pthread_mutex_unlock(&d->mine);
    return s;
}

#define PROPOSAL_COLUMNS                                                                                     \
    "SELECT id, state, by, name, time, kind, payload, seen, after, other, decided, because, first, last "    \
    "FROM "                                                                                                  \
    "proposal"

static proposal take_proposal(asking *q, arena *a) {
    return (proposal){.id = number_of(q, 0),
                      .state = (proposal_state)number_of(q, 1),
                      .by = text_of(q, 2, a),
                      .name = text_of(q, 3, a),
                      .time = text_of(q, 4, a),
                      .kind = text_of(q, 5, a),
                      .payload = text_of(q, 6, a),
                      .seen = text_of(q, 7, a),
                      .after = (uint64_t)number_of(q, 8),
                      .other = text_of(q, 9, a),
                      .decided = text_of(q, 10, a),
                      .because = text_of(q, 11, a),
                      .first = (uint64_t)number_of(q, 12),
                      .last = (uint64_t)number_of(q, 13)};
}

status docket_proposal(docket *d, int64_t id, arena *a, proposal *out, failure *f) {
    pthread_mutex_lock(&d->mine);
    asking q = ask(d, PROPOSAL_COLUMNS " WHERE id = ?1", f);
    bind_number(&q, 1, id);
    bool found = row_of(&q);
    if (found)
        *out = take_proposal(&q, a);
    status s = asked(&q);
    pthread_mutex_unlock(&d->mine);
    return s == STATUS_OK && !found ? fail(f, STATUS_NOT_FOUND, "there is no proposal %lld", (long long)id)
                                    : s;
}

status docket_proposals(docket *d, proposal_state state, int64_t after, uint64_t limit, arena *a,
                        proposal_list *out, failure *f) {
    *out = (proposal_list){0};
    pthread_mutex_lock(&d->mine);
    asking q = ask(d, PROPOSAL_COLUMNS " WHERE state = ?1 AND id > ?2 ORDER BY id LIMIT ?3", f);
    bind_number(&q, 1, state);
    bind_number(&q, 2, after);
    bind_number(&q, 3, (int64_t)limit);
    while (row_of(&q))
        *VECTOR_PUSH(out, a) = take_proposal(&q, a);
    status s = asked(&q);
    pthread_mutex_unlock(&d->mine);
    return s;
}

status docket_decide(docket *d, const proposal *p, failure *f) {
    pthread_mutex_lock(&d->mine);
    asking q =
        ask(d,
            "UPDATE proposal SET state = ?2, other = ?3, decided = ?4, because = ?5, first = ?6, last = ?7"
            " WHERE id = ?1 AND state = 0 RETURNING id",
            f);
    bind_number(&q, 1, p->id);
    bind_number(&q, 2, p->state);
    bind_str(&q, 3, p->other);
    bind_str(&q, 4, p->decided);
    bind_str(&q, 5, p->because);
    bind_number(&q, 6, (int64_t)p->first);
    bind_number(&q, 7, (int64_t)p->last);
    bool open = row_of(&q);
    while (open && row_of(&q)) {
    }
    status s = asked(&q);
    pthread_mutex_unlock(&d->mine);
    return s == STATUS_OK && !open
               ? fail(f, STATUS_USAGE, "proposal %lld has been decided already", (long long)p->id)
               : s;
}

/* ---- what must be done after a crash ---- */

status docket_owe(docket *d, const char *what, bool owed, failure *f) {
    pthread_mutex_lock(&d->mine);
    asking q =
        ask(d, owed ? "INSERT OR IGNORE INTO owed(what) VALUES (?1)" : "DELETE FROM owed WHERE what = ?1", f);
    bind_str(&q, 1, str_of(what));
    row_of(&q);
    status s = asked(&q);
    pthread_mutex_unlock(&d->mine);
    return s;
}

status docket_owes(docket *d, const char *what, bool *out, failure *f) {
    pthread_mutex_lock(&d->mine);
    asking q = ask(d, "SELECT EXISTS (SELECT 1 FROM owed WHERE what = ?1)", f);
    bind_str(&q, 1, str_of(what));
    if (row_of(&q))
        *out = number_of(&q, 0) != 0;
    status s = asked(&q);
    pthread_mutex_unlock(&d->mine);
    return s;
}
