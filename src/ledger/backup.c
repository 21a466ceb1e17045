#include "ledger/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/driver_sqlite.h"
#include "ledger/redact.h"

typedef struct copying {
    const char *path; /* the name that the copy is to have */
    char *part;       /* the one that it is made under */
    const char *of;   /* what is copied */
    const copy_options *options;
    const ledger_options *how;
    copy_report *out;
    failure *f;
} copying;

static status says_errno(const copying *c, status code, const char *what, const char *path) {
    return fail(c->f, code, "%s: %s: %s", path, what, strerror(errno));
}

/* ---- the name ---- */

/* A ledger is told from any other file by what SQLite's header says of it. */
static bool is_ledger(const char *path) {
    static const char magic[16] = "SQLite format 3";
    static const unsigned char application[4] = {0x49, 0x73, 0x6E, 0x64};
    char head[72];
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    return got == sizeof head && memcmp(head, magic, sizeof magic) == 0 &&
           memcmp(head + 68, application, sizeof application) == 0;
}

static bool is_same_file(const char *a, const char *b) {
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Whether the name is free, or what has it may give way. What is damaged may not look like a ledger any
 * more: `damaged_may_go`. */
static status check_name(const copying *c, bool damaged_may_go) {
    struct stat s;
    if (lstat(c->path, &s) != 0)
        return errno == ENOENT ? STATUS_OK : says_errno(c, STATUS_NO_INPUT, "it cannot be made", c->path);
    if (is_same_file(c->path, c->of))
        return fail(c->f, STATUS_USAGE, "%s: that is the same file as what is to be copied", c->path);
    if (!c->options->replace)
        return fail(c->f, STATUS_USAGE,
                    "%s: there is a file of that name already (--replace lets it give way)", c->path);
    if (!S_ISREG(s.st_mode) || (!damaged_may_go && !is_ledger(c->path)))
        return fail(c->f, STATUS_USAGE, "%s: what is there is no ledger, and is not replaced", c->path);
    return STATUS_OK;
}

/* The bytes by which SQLite's processes keep out of each other's way: whoever has a ledger open holds some.
 */
static status keep_others_out(const copying *c, int *held) {
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000000, .l_len = 512};
    *held = open(c->path, O_RDWR | O_CLOEXEC);
    if (*held < 0)
        return errno == ENOENT ? STATUS_OK : says_errno(c, STATUS_NO_INPUT, "it cannot be opened", c->path);
#ifdef F_OFD_SETLK
    int locked = fcntl(*held, F_OFD_SETLK, &all);
#else
    int locked = fcntl(*held, F_SETLK, &all);
#endif
    return locked == 0 ? STATUS_OK
                       : fail(c->f, STATUS_IO, "%s: another process has it open: end it first", c->path);
}

static char *beside(const char *path, const char *tail) {
    char *name = NULL;
    if (asprintf(&name, "%s%s", path, tail) < 0)
        abort();
    return name;
}

static void remove_beside(const char *path, const char *tail) {
    char *name = beside(path, tail);
    unlink(name);
    free(name);
}

static void remove_part(copying *c) {
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; c->part && i < sizeof tails / sizeof *tails; i++)
        remove_beside(c->part, tails[i]);
    free(c->part);
    c->part = NULL;
}

/* What was there decides who may read it; else what is copied. */
static status begin_part(copying *c) {
    struct stat s;
    c->part = beside(c->path, ".XXXXXX.part");
    int file = mkstemps(c->part, 5);
    if (file < 0) {
        free(c->part);
        c->part = NULL;
        return says_errno(c, STATUS_NO_INPUT, "it cannot be made", c->path);
    }
    if (stat(c->path, &s) == 0 || stat(c->of, &s) == 0)
        fchmod(file, s.st_mode & 0777);
    close(file);
    return STATUS_OK;
}

/* ---- the pages ---- */

enum { PAGES_AT_ONCE = 256 };

static status copy_pages(copying *c, ledger *l, sqlite3 *to) {
    const sqlite_connection *from = l->connection;
    const sqlite *lib = &from->lib;
    sqlite3_backup *b = lib->backup_init(to, "main", from->db, "main");
    if (!b)
        return fail(c->f, STATUS_IO, "%s: it cannot be written (SQLite: %s)", c->path, lib->errmsg(to));
    int code = SQLITE_OK;
    bool stopped = false;
    while (code == SQLITE_OK && !stopped) {
        code = lib->backup_step(b, PAGES_AT_ONCE);
        int of = lib->backup_pagecount(b);
        store_progress(l, "pages", (uint64_t)(of - lib->backup_remaining(b)), (uint64_t)of);
        stopped = store_cancelled(l);
    }
    int ended = lib->backup_finish(b);
    if (stopped && code != SQLITE_DONE)
        return fail(c->f, STATUS_CANCELLED, "cancelled");
    if (code == SQLITE_DONE && ended == SQLITE_OK)
        return STATUS_OK;
    code = code == SQLITE_DONE ? ended : code;
    if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB)
        return sqlite_error(l, code, c->f);
    return fail(c->f, STATUS_IO, "%s: %s", c->path,
                (code & 0xFF) == SQLITE_FULL ? "the disk is full" : "reading or writing failed");
}

/* All pages of one moment: a transaction holds it while others write. */
static status copy_moment(copying *c, ledger *l) {
    const sqlite *lib = &((const sqlite_connection *)l->connection)->lib;
    sqlite3 *to = NULL;
    bool begun = false;
    int opened = lib->open_v2(c->part, &to, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL);
    status code =
        opened == SQLITE_OK ? STATUS_OK : fail(c->f, STATUS_IO, "%s: it cannot be written", c->path);
    if (code == STATUS_OK) /* nothing has the name yet that could be lost: it is flushed at the end */
        lib->exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL, NULL);
    if (code == STATUS_OK)
        code = store_snapshot(l, &begun, c->f);
    if (code == STATUS_OK)
        code = store_execute(l, "SELECT 1 FROM sqlite_schema LIMIT 1", c->f);
    if (code == STATUS_OK)
        code = copy_pages(c, l, to);
    store_snapshot_end(l, begun);
    if (lib->close_v2(to) != SQLITE_OK && code == STATUS_OK)
        code = fail(c->f, STATUS_IO, "%s: it cannot be written", c->path);
    return code;
}

/* ---- from the copy to the name ---- */

/* A redaction that was not finished is finished in the copy: what was withdrawn may lie in freed pages. */
static status verify_part(copying *c) {
    ledger *l = NULL;
    bool due = false;
    status code = ledger_open(c->part, LEDGER_WRITE, c->how, &l, c->f);
    if (code == STATUS_OK)
        code = ledger_scrub(l, c->f);
    if (code == STATUS_OK)
        code = ledger_scrub_due(l, &due, c->f);
    if (code == STATUS_OK && due)
        code = fail(c->f, STATUS_INTERNAL, "%s: what was withdrawn cannot be cleaned from it", c->path);
    if (code == STATUS_OK)
        code = ledger_verify_alone(l, c->options->line, c->options->context, &c->out->checked, c->f);
    if (code == STATUS_VERIFY_FAILED || code == STATUS_DAMAGED_LEDGER)
        code =
            fail(c->f, code,
                 "%s: it does not verify, and was not copied (isnad ledger check tells what is lost)", c->of);
    status closed = ledger_close(l, code == STATUS_OK ? c->f : NULL);
    return code == STATUS_OK ? closed : code;
}

static bool sync_path(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC);
    bool good = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return good;
}

static bool sync_folder(const char *path) {
    char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;
    if (!folder)
        abort();
    if (slash)
        *(slash == folder ? slash + 1 : slash) = 0;
    bool good = sync_path(slash ? folder : ".", O_RDONLY | O_DIRECTORY);
    free(folder);
    return good;
}

static status flush_part(const copying *c) {
    char *log = beside(c->part, "-wal");
    struct stat s;
    bool whole = stat(log, &s) != 0 && stat(c->part, &s) == 0; /* closing has put all of it into one file */
    free(log);
    c->out->bytes = whole ? (uint64_t)s.st_size : 0;
    if (!whole || !sync_path(c->part, O_RDWR))
        return fail(c->f, STATUS_IO, "%s: it cannot be written", c->path);
    return STATUS_OK;
}

static status take_name(const copying *c) {
    if (rename(c->part, c->path) != 0)
        return says_errno(c, STATUS_IO, "it cannot be given its name", c->path);
    return sync_folder(c->path) ? STATUS_OK
                                : says_errno(c, STATUS_IO, "its folder cannot be flushed", c->path);
}

static status make(copying *c, ledger *from) {
    status code = begin_part(c);
    if (code == STATUS_OK)
        code = copy_moment(c, from);
    if (code == STATUS_OK)
        code = verify_part(c);
    return code == STATUS_OK ? flush_part(c) : code;
}

/* ---- backup ---- */

/* One that gives way must not leave a log behind that SQLite would then play into the new one. */
static status replace_plain(const copying *c) {
    int held = -1;
    char *log = beside(c->path, "-wal");
    struct stat s;
    status code = keep_others_out(c, &held);
    if (code == STATUS_OK && stat(log, &s) == 0 && s.st_size)
        code = fail(c->f, STATUS_USAGE, "%s: a ledger in use (%s has changes of it), and is not replaced",
                    c->path, log);
    if (code == STATUS_OK) {
        unlink(log);
        remove_beside(c->path, "-shm");
        code = take_name(c);
    }
    if (held >= 0)
        close(held);
    free(log);
    return code;
}

/* An address may hold a password: it is not told. */
static bool names_a_server(const char *path, failure *f) {
    if (is_postgres_name(path))
        fail(
            f, STATUS_USAGE,
            "backup and restore are of files: isnad ledger copy FROM TO copies a ledger from or to a server");
    return is_postgres_name(path);
}

status ledger_backup(ledger *l, const char *path, const copy_options *options, copy_report *out, failure *f) {
    copy_report made = {0};
    ledger_options how = l->options;
    how.committed = NULL;
    how.vfs = STR_NONE;
    copying c = {.path = path, .of = l->path, .options = options, .how = &how, .out = &made, .f = f};
    if (l->driver != &sqlite_driver)
        return fail(
            f, STATUS_USAGE,
            "ledger %s: a server's ledger is backed up by isnad ledger copy, or by the server's own means",
            l->path);
    if (names_a_server(path, f))
        return STATUS_USAGE;
    status code = check_name(&c, false);
    if (code == STATUS_OK && l->mode != LEDGER_READ)
        code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = make(&c, l);
    if (code == STATUS_OK)
        code = replace_plain(&c);
    remove_part(&c);
    if (code == STATUS_OK)
        *out = made;
    return code;
}

/* ---- restore ---- */

/* Opened as it lies, whatever its version: only its pages are taken. */
static status open_pages(const char *path, const ledger_options *how, sqlite_connection *of, ledger *l,
                         failure *f) {
    struct stat s;
    *of = (sqlite_connection){0};
    *l = (ledger){.path = (char *)(uintptr_t)path, .mode = LEDGER_READ};
    l->driver = &sqlite_driver;
    l->connection = of;
    if (how)
        l->options = *how;
    if (stat(path, &s) != 0)
        return fail(f, STATUS_NO_INPUT, "%s: it cannot be opened: %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode) || !is_ledger(path))
        return fail(f, STATUS_USAGE, "%s: no ledger", path);
    status code = sqlite_load(&of->lib, f);
    if (code != STATUS_OK)
        return code;
    buffer address = {0};
    bool still = sqlite_lies_still(path);
    int opened = of->lib.open_v2(
        still ? sqlite_still_address(path, &address).data : path, &of->db,
        SQLITE_OPEN_NOMUTEX | (still ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE), NULL);
    buffer_free(&address);
    of->lib.busy_timeout(of->db, BUSY_MILLISECONDS);
    return opened == SQLITE_OK ? STATUS_OK : sqlite_error(l, opened, f);
}

static void close_pages(sqlite_connection *of) {
    if (of->db)
        of->lib.close_v2(of->db);
    sqlite_unload(&of->lib);
}

/* A name that nothing has: PATH.old, PATH.old.2, … */
static char *name_aside(const char *path) {
    struct stat s;
    char *name = beside(path, ".old"), tail[32];
    for (unsigned i = 2; lstat(name, &s) == 0; i++) {
        free(name);
        snprintf(tail, sizeof tail, ".old.%u", i);
        name = beside(path, tail);
    }
    return name;
}

/* The ledger that stands there, with the log beside it, so that it can still be opened. First the file: a log
 * without it is what an interrupted call leaves, and the next one moves it too. */
static status put_aside(copying *c, arena *a) {
    static const char *const tails[] = {"", "-wal"};
    char *aside = name_aside(c->path);
    status code = STATUS_OK;
    for (size_t i = 0; i < sizeof tails / sizeof *tails && code == STATUS_OK; i++) {
        char *from = beside(c->path, tails[i]), *to = beside(aside, tails[i]);
        if (rename(from, to) != 0 && errno != ENOENT)
            code = says_errno(c, STATUS_IO, "it cannot be put aside", from);
        free(from);
        free(to);
    }
    remove_beside(c->path, "-shm");
    c->out->aside = arena_printf(a, "%s", aside);
    free(aside);
    return code;
}

static status exchange(copying *c, arena *a) {
    struct stat s;
    int held = -1;
    char *log = beside(c->path, "-wal");
    bool there = lstat(c->path, &s) == 0 || lstat(log, &s) == 0;
    free(log);
    status code = keep_others_out(c, &held);
    if (code == STATUS_OK && there)
        code = put_aside(c, a);
    if (code == STATUS_OK)
        code = take_name(c);
    if (held >= 0)
        close(held);
    return code;
}

status ledger_restore(const char *copy, const char *path, const ledger_options *how,
                      const copy_options *options, arena *a, copy_report *out, failure *f) {
    copy_report made = {0};
    ledger from;
    sqlite_connection pages;
    copying c = {.path = path, .of = copy, .options = options, .how = how, .out = &made, .f = f};
    if (names_a_server(copy, f) || names_a_server(path, f))
        return STATUS_USAGE;
    status code = open_pages(copy, how, &pages, &from, f);
    if (code == STATUS_OK)
        code = check_name(&c, true);
    if (code == STATUS_OK)
        code = make(&c, &from);
    close_pages(&pages);
    if (code == STATUS_OK)
        code = exchange(&c, a);
    remove_part(&c);
    if (code == STATUS_OK)
        *out = made;
    return code;
}
