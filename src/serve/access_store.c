#include "serve/access_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/random.h"
#include "ledger/driver.h"

enum { APPLICATION = 0x49736E41, BUSY_MILLISECONDS = 5000 }; /* "IsnA" */

/* `user_version` counts those that a file has seen. */
static const char *const migrations[] = {
    "CREATE TABLE account(key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folded TEXT "
    "NOT"
    " NULL UNIQUE, role INTEGER NOT NULL, hash TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, made "
    "INTEGER"
    " NOT NULL, seen INTEGER) STRICT;"
    "CREATE TABLE session(hash BLOB NOT NULL PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(key) ON"
    " DELETE CASCADE, made INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX session_account ON session(account);"
    "CREATE TABLE token(id TEXT NOT NULL PRIMARY KEY, hash BLOB NOT NULL UNIQUE, account INTEGER NOT NULL"
    " REFERENCES account(key) ON DELETE CASCADE, label TEXT NOT NULL, scopes INTEGER NOT NULL, made INTEGER "
    "NOT"
    " NULL, expires INTEGER, used INTEGER) STRICT;"
    "CREATE INDEX token_account ON token(account);"
    "CREATE TABLE tries(of TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL) STRICT,"
    " WITHOUT ROWID;"
    "CREATE INDEX tries_last ON tries(last);"
    "CREATE TABLE setting(name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;"
    /* Names and ids as they were then: the account may be gone. */
    "CREATE TABLE audit(sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, account TEXT, name TEXT, token "
    "TEXT,"
    " place TEXT, what TEXT NOT NULL, of TEXT, outcome TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is "
    "append-only');"
    " END;"
    "CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is "
    "append-only');"
    " END;"
    /* REPLACE deletes without asking triggers: a number that is taken cannot be given again. */
    "CREATE TRIGGER audit_once BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE sequence ="
    " new.sequence) BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;",
};
enum { VERSION = sizeof migrations / sizeof *migrations };

/* ---- statements ---- */

static status broke(accounts *a, int code, failure *f) {
    const char *says = a->db ? a->lib.errmsg(a->db) : "no memory";
    switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fail(f, STATUS_DAMAGED_LEDGER, "file of accounts %s: it is damaged (SQLite: %s)", a->path,
                    says);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return fail(f, STATUS_NO_INPUT, "file of accounts %s: it cannot be written (SQLite: %s)", a->path,
                    says);
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
        return fail(f, STATUS_IO, "file of accounts %s: %s", a->path, says);
    default:
        return fail(f, STATUS_INTERNAL, "file of accounts %s: SQLite: %s (code %d)", a->path, says, code);
    }
}

access_statement access_ask(accounts *a, const char *sql, failure *f) {
    access_statement s = {.a = a, .f = f};
    s.code = a->lib.prepare_v2(a->db, sql, -1, &s.s, NULL);
    return s;
}

void ask_text(access_statement *s, str text) {
    int at = ++s->given;
    if (s->code == SQLITE_OK)
        s->code = text.data ? s->a->lib.bind_text(s->s, at, text.data, (int)text.size, SQLITE_TRANSIENT)
                            : s->a->lib.bind_null(s->s, at);
}

void ask_number(access_statement *s, int64_t n) {
    int at = ++s->given;
    if (s->code == SQLITE_OK)
        s->code = s->a->lib.bind_int64(s->s, at, n);
}

void ask_digest(access_statement *s, digest d) {
    int at = ++s->given;
    if (s->code == SQLITE_OK)
        s->code = s->a->lib.bind_blob(s->s, at, d.bytes, sizeof d.bytes, SQLITE_TRANSIENT);
}

bool ask_row(access_statement *s) {
    if (s->code != SQLITE_OK && s->code != SQLITE_ROW)
        return false;
    s->code = s->a->lib.step(s->s);
    return s->code == SQLITE_ROW;
}

int64_t got_number(const access_statement *s, int column) {
    return s->a->lib.column_int64(s->s, column);
}

str got_text(const access_statement *s, int column, arena *memory) {
    const char *text = (const char *)s->a->lib.column_text(s->s, column);
    return text ? arena_copy(memory, (str){text, (size_t)s->a->lib.column_bytes(s->s, column)}) : STR_NONE;
}

status ask_done(access_statement *s) {
    int code = s->code;
    bool good = code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE;
    status result = good ? STATUS_OK : broke(s->a, code, s->f);
    s->a->lib.finalize(s->s);
    return result;
}

status ask_run(access_statement *s) {
    while (ask_row(s))
        continue;
    return ask_done(s);
}

static status execute(accounts *a, const char *sql, failure *f) {
    int code = a->lib.exec(a->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : broke(a, code, f);
}

status access_begin(accounts *a, failure *f) {
    return execute(a, "BEGIN IMMEDIATE", f);
}

status access_end(accounts *a, status s, failure *f) {
    if (s == STATUS_OK)
        s = execute(a, "COMMIT", f);
    if (s != STATUS_OK && !a->lib.get_autocommit(a->db))
        execute(a, "ROLLBACK", NULL);
    return s;
}

/* ---- small things ---- */

int64_t accounts_now(const accounts *a) {
    return a->options.now ? a->options.now(a->options.context) : (int64_t)time(NULL);
}

void access_secret(char out[65]) {
    random_hex(out, 32);
}

digest access_hash(str secret) {
    return sha256(secret);
}

bool access_same(str x, str y) {
    digest a = sha256(x), b = sha256(y);
    unsigned differ = 0;
    for (size_t i = 0; i < sizeof a.bytes; i++)
        differ |= (unsigned)(a.bytes[i] ^ b.bytes[i]);
    return !differ;
}

void accounts_csrf(const accounts *a, str session, char out[65]) {
    const str parts[] = {
        STR("isnad csrf\n"), {(const char *)a->key, session.size ? 0 : sizeof a->key}, session};
    digest d = sha256_parts(parts, 3);
    put_hex(d.bytes, sizeof d.bytes, out);
    out[2 * sizeof d.bytes] = '\0';
}

bool accounts_csrf_holds(const accounts *a, str session, str given) {
    char right[65];
    accounts_csrf(a, session, right);
    return given.size == 64 && access_same(given, str_of(right));
}

/* ---- the file ---- */

/* Made for its owner alone, before SQLite sees it; what others may read of one that is there, no longer. */
static status guard_file(const char *path, failure *f) {
    struct stat s;
    int file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0 || fstat(file, &s) != 0 || !S_ISREG(s.st_mode)) {
        int why = file < 0 ? errno : EINVAL;
        if (file >= 0)
            close(file);
        return fail(f, STATUS_NO_INPUT, "file of accounts %s: %s", path,
                    why == ELOOP    ? "a link, expected a file"
                    : why == EINVAL ? "expected a file"
                                    : strerror(why));
    }
    bool ours = s.st_uid == geteuid();
    bool good = (s.st_mode & 077) == 0 || (ours && fchmod(file, S_IRUSR | S_IWUSR) == 0);
    close(file);
    if (!good)
        return fail(f, STATUS_NO_INPUT, "file of accounts %s: others may read it, and that cannot be changed",
                    path);
    return STATUS_OK;
}

status access_number(accounts *a, const char *sql, int64_t *out, failure *f) {
    access_statement s = access_ask(a, sql, f);
    if (ask_row(&s))
        *out = got_number(&s, 0);
    return ask_done(&s);
}

static status migrate(accounts *a, failure *f) {
    int64_t version = 0, application = 0, tables = 0;
    status s = access_number(a, "PRAGMA user_version", &version, f);
    if (s == STATUS_OK)
        s = access_number(a, "PRAGMA application_id", &application, f);
    if (s == STATUS_OK)
        s = access_number(a, "SELECT count(*) FROM sqlite_schema", &tables, f);
    if (s == STATUS_OK && application != APPLICATION && (application || tables))
        return fail(f, STATUS_USAGE, "file of accounts %s: a file of another kind", a->path);
    if (s == STATUS_OK && version > VERSION)
        return fail(f, STATUS_NEWER_LEDGER, "file of accounts %s: written by a newer version", a->path);
    for (int64_t v = version; v < VERSION && s == STATUS_OK; v++) {
        char tail[96];
        snprintf(tail, sizeof tail, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION,
                 (int)v + 1);
        s = execute(a, migrations[v], f);
        s = s == STATUS_OK ? execute(a, tail, f) : s;
    }
    return s;
}

static status open_database(accounts *a, failure *f) {
    status s = *a->path == ':' ? STATUS_OK : guard_file(a->path, f);
    if (s != STATUS_OK)
        return s;
    int code = a->lib.open_v2(a->path, &a->db,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
    if (code != SQLITE_OK)
        return broke(a, code, f);
    a->lib.busy_timeout(a->db, BUSY_MILLISECONDS);
    s = execute(a,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;"
                "PRAGMA cache_size = -1024",
                f);
    if (s == STATUS_OK)
        s = access_begin(a, f);
    return s == STATUS_OK ? access_end(a, migrate(a, f), f) : s;
}

static status make_hasher(accounts *a, failure *f) {
    char secret[65];
    status s = hasher_new(a->options.passes, a->options.memory, &a->hasher, f);
    if (s != STATUS_OK)
        return s;
    access_secret(secret);
    return hasher_hash(a->hasher, str_of(secret), a->nobody) ? STATUS_OK
                                                             : fail(f, STATUS_INTERNAL, "no memory");
}

status accounts_open(const char *path, const accounts_options *options, accounts **out, failure *f) {
    accounts *a = calloc(1, sizeof *a);
    if (!a || !(a->path = strdup(path ? path : ":memory:"))) {
        free(a);
        return fail(f, STATUS_INTERNAL, "no memory");
    }
    a->options = options ? *options : (accounts_options){0};
    pthread_mutex_init(&a->lock, NULL);
    random_bytes(a->key, sizeof a->key);
    status s = sqlite_load(&a->lib, f);
    if (s == STATUS_OK)
        s = open_database(a, f);
    if (s == STATUS_OK && !a->options.alone)
        s = make_hasher(a, f);
    int64_t open = 0;
    if (s == STATUS_OK)
        s = access_number(a, "SELECT count(*) FROM setting WHERE name = 'public' AND value = '1'", &open, f);
    a->public = open != 0;
    if (s != STATUS_OK) {
        accounts_close(a);
        return s;
    }
    *out = a;
    return STATUS_OK;
}

void accounts_close(accounts *a) {
    if (!a)
        return;
    hasher_free(a->hasher);
    if (a->db)
        a->lib.close_v2(a->db);
    sqlite_unload(&a->lib);
    pthread_mutex_destroy(&a->lock);
    free(a->path);
    free(a);
}

bool accounts_alone(const accounts *a) {
    return !a || a->options.alone;
}

uint64_t accounts_epoch(accounts *a) {
    int64_t others = 0;
    pthread_mutex_lock(&a->lock);
    if (access_number(a, "PRAGMA data_version", &others, NULL) != STATUS_OK || others != a->others)
        a->epoch++;
    a->others = others;
    uint64_t epoch = a->epoch;
    pthread_mutex_unlock(&a->lock);
    return epoch;
}

bool accounts_saw(accounts *a, uint64_t mark) {
    uint64_t *place = &a->saw[mark % (sizeof a->saw / sizeof *a->saw)];
    pthread_mutex_lock(&a->lock);
    bool same = *place == mark;
    *place = mark;
    pthread_mutex_unlock(&a->lock);
    return same;
}

status accounts_any(const char *path, bool *out, failure *f) {
    struct stat s;
    *out = false;
    if (stat(path, &s) != 0 || s.st_size == 0)
        return STATUS_OK;
    accounts *a = NULL;
    bool empty = true;
    status code = accounts_open(path, &(accounts_options){.alone = true}, &a, f);
    if (code == STATUS_OK)
        code = accounts_empty(a, &empty, f);
    accounts_close(a);
    *out = !empty;
    return code;
}

/* ---- where it lies ---- */

static bool make_folders(char *path) {
    for (char *at = path + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        bool there = mkdir(path, S_IRWXU) == 0 || errno == EEXIST;
        *at = '/';
        if (!there)
            return false;
    }
    return true;
}

status accounts_path(const char *ledger_path, arena *a, const char **out, failure *f) {
    if (!is_postgres_name(ledger_path)) {
        *out = arena_printf(a, "%s.access", ledger_path).data;
        *out = arena_cstring(a, str_of(*out));
        return STATUS_OK;
    }
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *shown = postgres_shown_name(ledger_path);
    if (!shown || !((state && *state == '/') || (home && *home)))
        return free(shown),
               fail(f, STATUS_USAGE, "no place for the file of accounts: give --access FILE or set HOME");
    str folder = state && *state == '/' ? arena_printf(a, "%s/isnad", state)
                                        : arena_printf(a, "%s/.local/state/isnad", home);
    str name = digest_hex(a, sha256(str_of(shown)), 8);
    char *path = arena_cstring(a, arena_printf(a, "%.*s/%.*s.access", STR_ARG(folder), STR_ARG(name)));
    free(shown);
    if (!make_folders(path))
        return fail(f, STATUS_NO_INPUT, "no place for the file of accounts: %s: %s", path, strerror(errno));
    *out = path;
    return STATUS_OK;
}
