/* The ledger as one file: SQLite. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/check_words.h"
#include "ledger/driver_sqlite.h"

typedef sqlite_connection connection;

static connection *of(const ledger *l) {
    return l->connection;
}

/* Our statements run on the tables that schema.c makes: on others they do not. */
static bool is_of_tables(const char *says) {
    static const char *const signs[] = {"no such ", "foreign key mismatch", "malformed", "unknown function"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(says, signs[i]))
            return true;
    return false;
}

status sqlite_error(ledger *l, int code, failure *f) {
    static const struct {
        int sqlite;
        status ours;
        const char *says;
    } kinds[] = {
        {SQLITE_FULL, STATUS_IO, "the disk is full"},
        {SQLITE_IOERR, STATUS_IO, "reading or writing failed"},
        {SQLITE_BUSY, STATUS_IO, "another process is writing to it"},
        {SQLITE_LOCKED, STATUS_IO, "it is locked"},
        {SQLITE_READONLY, STATUS_NO_INPUT, "it cannot be written"},
        {SQLITE_PERM, STATUS_NO_INPUT, "it may not be opened"},
        {SQLITE_CANTOPEN, STATUS_NO_INPUT, "it cannot be opened"},
        {SQLITE_NOTADB, STATUS_DAMAGED_LEDGER, "it is damaged or no ledger"},
        {SQLITE_CORRUPT, STATUS_DAMAGED_LEDGER, "it is damaged"},
        {SQLITE_FORMAT, STATUS_DAMAGED_LEDGER, "it is damaged"},
        {SQLITE_TOOBIG, STATUS_BAD_INPUT, "a value is too large"},
        {SQLITE_NOMEM, STATUS_IO, "out of memory"},
        {SQLITE_INTERRUPT, STATUS_CANCELLED, "cancelled"},
    };
    connection *c = of(l);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((code & 0xFF) == kinds[i].sqlite)
            /* what is read was small when it was written: a length that has become large is damage */
            return fail(f, code == SQLITE_TOOBIG && !l->batch_began ? STATUS_DAMAGED_LEDGER : kinds[i].ours,
                        "ledger %s: %s (SQLite: %s)", l->path, kinds[i].says,
                        c->db ? c->lib.errmsg(c->db) : "no memory");
    if (code == SQLITE_ERROR && c->db && is_of_tables(c->lib.errmsg(c->db)))
        return fail(f, STATUS_DAMAGED_LEDGER,
                    "ledger %s: it is damaged: not the tables of a ledger (SQLite: %s)", l->path,
                    c->lib.errmsg(c->db));
    return fail(f, STATUS_INTERNAL, "ledger %s: SQLite: %s (code %d)", l->path,
                c->db ? c->lib.errmsg(c->db) : "", code);
}

static status run(ledger *l, const char *sql, failure *f) {
    int code = of(l)->lib.exec(of(l)->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : sqlite_error(l, code, f);
}

/* ---- opening ---- */

static status configure(ledger *l, failure *f) {
    connection *c = of(l);
    c->lib.extended_result_codes(c->db, 1);
    c->lib.busy_timeout(c->db, BUSY_MILLISECONDS);
    status code = run(l,
                      /* EXTRA, for as long as there is no write-ahead log: a journal whose removal a power
                       * cut undoes would be played back into what came after it. */
                      "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                      "PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF",
                      f);
    /* Whoever writes passes over all of a large ledger, and what is mapped counts as its memory. */
    char size[48];
    snprintf(size, sizeof size, "PRAGMA cache_size = -%u", l->options.cache_kilobytes);
    if (code == STATUS_OK && l->options.cache_kilobytes)
        code = run(l, size, f);
    else if (code == STATUS_OK && l->mode == LEDGER_READ)
        code = run(l, "PRAGMA mmap_size = 2147418112", f);
    if (code == STATUS_OK)
        code = schema_prepare(l, f);
    if (code == STATUS_OK && l->mode != LEDGER_READ)
        /* What is written again within seconds need not be moved into the file each time: a checkpoint stops
         * all writing. It is no part of what a commit promises. */
        code = run(l, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4096", f);
    return code;
}

static int open_flags(ledger_mode mode) {
    return SQLITE_OPEN_NOMUTEX | (mode == LEDGER_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
           (mode == LEDGER_CREATE ? SQLITE_OPEN_CREATE : 0);
}

/* What stands in the way before SQLite is asked. */
static status check_file(const ledger *l, failure *f) {
    struct stat s;
    if (stat(l->path, &s) != 0)
        return l->mode == LEDGER_CREATE || errno != ENOENT
                   ? STATUS_OK
                   : fail(f, STATUS_NO_INPUT, "ledger %s: there is no such file (isnad add makes one)",
                          l->path);
    if (S_ISDIR(s.st_mode))
        return fail(f, STATUS_NO_INPUT, "ledger %s: a folder, expected a file", l->path);
    return STATUS_OK;
}

/* How the file begins, by SQLite's own hold on it. Were it opened and closed beside, POSIX would take away
 * every lock that this process has on it: another process would think that nobody reads, and remove the
 * write-ahead log under a second handle. */
static status check_magic(ledger *l, failure *f) {
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic];
    connection *c = of(l);
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    if (c->lib.file_control(c->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->xFileSize(file, &size) != SQLITE_OK || size == 0)
        return STATUS_OK;
    if (size < (sqlite3_int64)sizeof head)
        return schema_not_ours(l, f);
    return file->pMethods->xRead(file, head, sizeof head, 0) != SQLITE_OK ||
                   memcmp(head, magic, sizeof head) == 0
               ? STATUS_OK
               : schema_not_ours(l, f);
}

/* Readers of a write-ahead log keep files beside it. In a folder that takes none, and where no log waits to
 * be read, nobody is writing: the file is read as it lies. */
bool sqlite_lies_still(const char *path) {
    char log[PATH_MAX + 8], folder[PATH_MAX];
    struct stat s;
    if (!realpath(path, folder))
        return false;
    snprintf(log, sizeof log, "%s-wal", folder);
    *strrchr(folder, '/') = 0;
    return faccessat(AT_FDCWD, *folder ? folder : "/", W_OK, AT_EACCESS) != 0 &&
           (stat(log, &s) != 0 || s.st_size == 0);
}

str sqlite_still_address(const char *path, buffer *b) {
    buffer_add(b, path[0] == '/' ? STR("file://") : STR("file:"));
    for (const char *c = path; *c; c++)
        if (strchr("%?#", *c))
            buffer_printf(b, "%%%02x", (unsigned)*c);
        else
            buffer_add_byte(b, *c);
    buffer_add(b, STR("?immutable=1"));
    buffer_add_byte(b, 0);
    return buffer_str(b);
}

static status open_database(ledger *l, failure *f) {
    char vfs[64] = "";
    buffer address = {0};
    bool own_files = l->options.vfs.size != 0;
    if (own_files)
        snprintf(vfs, sizeof vfs, "%.*s", STR_ARG(l->options.vfs));
    status checked = own_files ? STATUS_OK : check_file(l, f);
    if (checked != STATUS_OK)
        return checked;
    bool still = !own_files && l->mode == LEDGER_READ && sqlite_lies_still(l->path);
    connection *c = of(l);
    int code = c->lib.open_v2(still ? sqlite_still_address(l->path, &address).data : l->path, &c->db,
                              open_flags(l->mode) | (still ? SQLITE_OPEN_URI : 0), *vfs ? vfs : NULL);
    buffer_free(&address);
    if (code != SQLITE_OK)
        return sqlite_error(l, code, f);
    checked = own_files ? STATUS_OK : check_magic(l, f);
    return checked == STATUS_OK ? configure(l, f) : checked;
}

static status open_store(ledger *l, failure *f) {
    connection *c = calloc(1, sizeof *c);
    if (!c)
        return fail(f, STATUS_INTERNAL, "ledger %s: out of memory", l->path);
    l->connection = c;
    status code = sqlite_load(&c->lib, f);
    return code == STATUS_OK ? open_database(l, f) : code;
}

static void close_store(ledger *l) {
    connection *c = of(l);
    if (c && c->db)
        c->lib.close_v2(c->db);
    if (c)
        sqlite_unload(&c->lib);
    free(c);
    l->connection = NULL;
}

/* ---- transactions ---- */

static status begin(ledger *l, transaction_kind kind, failure *f) {
    return run(l, kind == TRANSACTION_READ ? "BEGIN" : "BEGIN IMMEDIATE", f);
}

static status commit(ledger *l, failure *f) {
    return run(l, "COMMIT", f);
}

static bool in_transaction(ledger *l) {
    return !of(l)->lib.get_autocommit(of(l)->db);
}

/* Who waits for another's transaction has waited before its own began. */
static bool stood_in_way(ledger *l) {
    (void)l;
    return false;
}

static status be_patient(ledger *l, bool patient, failure *f) {
    (void)l;
    (void)patient;
    (void)f;
    return STATUS_OK;
}

static status hold_off(ledger *l, failure *f) {
    return run(l, "BEGIN IMMEDIATE", f);
}

static void let_in(ledger *l) {
    if (in_transaction(l))
        run(l, "ROLLBACK", NULL);
}

/* ---- statements ---- */

static void *prepare(ledger *l, str sql, status *code, failure *f) {
    sqlite3_stmt *s = NULL;
    int prepared = of(l)->lib.prepare_v2(of(l)->db, sql.data, (int)sql.size, &s, NULL);
    *code = prepared == SQLITE_OK ? STATUS_OK : sqlite_error(l, prepared, f);
    return s;
}

static int bind(const sqlite *lib, sqlite3_stmt *s, int at, const cell_value *v) {
    switch (v->kind) {
    case CELL_NUMBER:
        return lib->bind_int64(s, at, v->number);
    case CELL_REAL:
        return lib->bind_double(s, at, v->real);
    case CELL_TEXT:
        return lib->bind_text(s, at, v->bytes.data, (int)v->bytes.size, SQLITE_TRANSIENT);
    case CELL_BYTES:
        return lib->bind_blob(s, at, v->bytes.data ? v->bytes.data : "", (int)v->bytes.size,
                              SQLITE_TRANSIENT);
    default:
        return lib->bind_null(s, at);
    }
}

static status give(ledger *l, void *s, int at, const cell_value *v, failure *f) {
    int code = bind(&of(l)->lib, s, at, v);
    return code == SQLITE_OK ? STATUS_OK : sqlite_error(l, code, f);
}

/* Rows are made one by one anyway. */
static void walk(ledger *l, void *s) {
    (void)l;
    (void)s;
}

static stepped step(ledger *l, void *s, status *code, failure *f) {
    int done = of(l)->lib.step(s);
    if (done == SQLITE_ROW || done == SQLITE_DONE)
        return done == SQLITE_ROW ? STEPPED_ROW : STEPPED_END;
    *code = sqlite_error(l, done, f);
    return STEPPED_FAILED;
}

static cell_kind kind_of(ledger *l, void *s, int column) {
    static const cell_kind kinds[] = {[SQLITE_NULL] = CELL_NULL,
                                      [SQLITE_INTEGER] = CELL_NUMBER,
                                      [SQLITE_FLOAT] = CELL_REAL,
                                      [SQLITE_TEXT] = CELL_TEXT,
                                      [SQLITE_BLOB] = CELL_BYTES};
    return kinds[of(l)->lib.column_type(s, column)];
}

static int64_t number_of(ledger *l, void *s, int column) {
    return of(l)->lib.column_int64(s, column);
}

static double real_of(ledger *l, void *s, int column) {
    return of(l)->lib.column_double(s, column);
}

static str text_of(ledger *l, void *s, int column) {
    const unsigned char *text = of(l)->lib.column_text(s, column);
    return text ? (str){(const char *)text, (size_t)of(l)->lib.column_bytes(s, column)} : STR_NONE;
}

static str bytes_of(ledger *l, void *s, int column) {
    const void *bytes = of(l)->lib.column_blob(s, column);
    return bytes ? (str){bytes, (size_t)of(l)->lib.column_bytes(s, column)} : STR_NONE;
}

static void reset(ledger *l, void *s) {
    of(l)->lib.reset(s);
    of(l)->lib.clear_bindings(s);
}

static void finish(ledger *l, void *s) {
    of(l)->lib.finalize(s);
}

/* ---- words: an index that keeps no text ---- */

static str asked_words(arena *a, str words) {
    (void)a;
    return words;
}

static status tell_words(ledger *l, const char *sql, int64_t version, str title, str body, failure *f) {
    statement s = statement_of(l, sql, f);
    give_number(&s, version);
    give_text(&s, title);
    give_text(&s, body);
    return statement_run(&s);
}

static status index_words_of(ledger *l, int64_t version, str title, str body, failure *f) {
    return tell_words(l, "INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)", version, title, body, f);
}

static status drop_words(ledger *l, int64_t version, str title, str body, failure *f) {
    return tell_words(l, "INSERT INTO words(words, rowid, title, body) VALUES ('delete', ?, ?, ?)", version,
                      title, body, f);
}

/* Triggers put each leaf where it belongs at once: nobody else writes. */
static status settle_log(ledger *l, failure *f) {
    (void)l;
    (void)f;
    return STATUS_OK;
}

/* ---- copies ---- */

static void fire_triggers(ledger *l, bool on) {
    of(l)->lib.db_config(of(l)->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, (int)on, (int *)NULL);
}

/* Of an empty file a rollback journal keeps next to nothing, where a write-ahead log would hold all of it a
 * second time. It cannot be had where somebody else has the file open. */
static status copy_begins(ledger *l, failure *f) {
    (void)f;
    of(l)->lib.busy_timeout(of(l)->db, 0);
    run(l, "PRAGMA journal_mode = DELETE", NULL);
    of(l)->lib.busy_timeout(of(l)->db, BUSY_MILLISECONDS);
    return STATUS_OK;
}

static status copy_takes(ledger *l, failure *f) {
    fire_triggers(l, false);
    return run(l, "PRAGMA defer_foreign_keys = ON", f);
}

static status copy_taken(ledger *l, failure *f) {
    (void)f;
    fire_triggers(l, true);
    return STATUS_OK;
}

static status copy_ends(ledger *l, failure *f) {
    fire_triggers(l, true);
    return run(l, "PRAGMA journal_mode = WAL", f);
}

/* ---- the file ---- */

static status check(ledger *l, void (*line)(void *context, const char *text), void *context, uint64_t *wrong,
                    failure *f) {
    statement s = statement_of(l, "PRAGMA integrity_check(100)", f);
    while (statement_row(&s))
        if (!str_equal(take_text(&s, 0), STR("ok"))) {
            line(context, take_text(&s, 0).data);
            ++*wrong;
        }
    status code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    s = statement_of(l, "SELECT \"table\", rowid FROM pragma_foreign_key_check LIMIT 20", f);
    while (statement_row(&s)) {
        char text[160];
        snprintf(text, sizeof text, "%.*s: a row points at one that is not there", STR_ARG(take_text(&s, 0)));
        line(context, text);
        ++*wrong;
    }
    return statement_done(&s);
}

static status mend(ledger *l, failure *f) {
    return run(l, "REINDEX", f);
}

static status shred(ledger *l, failure *f) {
    return run(l, "PRAGMA secure_delete = ON", f);
}

/* SQLite tells in a row whether somebody was in the way. */
static status empty_log(ledger *l, failure *f) {
    statement s = statement_of(l, "PRAGMA wal_checkpoint(TRUNCATE)", f);
    bool busy = statement_row(&s) && take_number(&s, 0) != 0;
    status code = statement_done(&s);
    return code == STATUS_OK && busy ? fail(f, STATUS_IO,
                                            "ledger %s: another process has it open, so that old pages "
                                            "cannot be destroyed yet: end it, then "
                                            "redact again",
                                            l->path)
                                     : code;
}

/* Freed pages go, and then the write-ahead log, which holds them too. */
static status scrub(ledger *l, bool log_alone, failure *f) {
    status code =
        log_alone ? STATUS_OK : run(l, "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY", f);
    return code == STATUS_OK ? empty_log(l, f) : code;
}

const store_driver sqlite_driver = {
    .words = {.matching = "SELECT rowid FROM words WHERE words MATCH ?",
              .best = "SELECT rowid AS found, bm25(words, 5.0, 1.0) AS score FROM words WHERE words MATCH ?",
              .state = "PRAGMA data_version",
              .size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
              .sealed = "INSERT INTO log SELECT coalesce(max(position) + 1, 0), 'reading', ?1, ?2 FROM log"},
    .open = open_store,
    .close = close_store,
    .run = run,
    .begin = begin,
    .commit = commit,
    .in_transaction = in_transaction,
    .stood_in_way = stood_in_way,
    .be_patient = be_patient,
    .hold_off = hold_off,
    .let_in = let_in,
    .prepare = prepare,
    .give = give,
    .walk = walk,
    .step = step,
    .kind = kind_of,
    .number = number_of,
    .real = real_of,
    .text = text_of,
    .bytes = bytes_of,
    .reset = reset,
    .finish = finish,
    .asked_words = asked_words,
    .index_words = index_words_of,
    .drop_words = drop_words,
    .same_words = fts_compare,
    .renew_words = fts_rebuild,
    .settle_log = settle_log,
    .copy_begins = copy_begins,
    .copy_takes = copy_takes,
    .copy_taken = copy_taken,
    .copy_ends = copy_ends,
    .check = check,
    .mend = mend,
    .shred = shred,
    .scrub = scrub,
};
