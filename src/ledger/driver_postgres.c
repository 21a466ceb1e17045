/* The ledger in a PostgreSQL database (schema `isnad`), with PostGIS: many can write at once.
 *
 * Who adds documents holds the ledger's lock with others that add; who links, reviews, redacts or signs holds
 * it alone, since what he works out is of the whole ledger. A document's row is locked by who gives it a
 * version. Leaves wait in a table of their own until their transaction is committed: then one after another
 * gives his a place in the log, so that the log has no gap and no leaf of what was taken back.
 *
 * Locks are taken in one order: the ledger's, then documents', then the log's. Only two that add documents
 * could wait for each other crosswise: a batch that holds documents does not wait for one that is held, but
 * commits what it has and comes back for the rest (store.h, ledger.c). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ledger/check_words.h"
#include "ledger/dialect.h"
#include "ledger/postgres.h"
#include "ledger/postgres_words.h"
#include "ledger/store.h"
#include "ledger/tables.h"

/* Advisory locks are two numbers: the ledger's own ("Isnd"), and which. */
#define LEDGER_LOCK(which) "1232302702, " which
#define LOCK(kind, which)  "SELECT pg_advisory_xact_lock" kind "(" LEDGER_LOCK(which) ")"

/* Numbers of built-in types; they are fixed. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTES = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701
};

typedef struct connection {
    postgres lib;
    PGconn *db;
    unsigned names; /* of statements and cursors, given so far */
    unsigned ends;  /* of transactions and of parts of them that were taken back: cursors end with these */
    bool in_the_way;
    bool impatient; /* this transaction waits for nobody */
} connection;

typedef struct prepared {
    char *sql;
    int count; /* values */
    Oid *types;
    char **values;
    int *lengths, *formats;
    char name[24], cursor[24];
    unsigned runs;
    bool walks, ready;
    bool open, holds; /* the cursor; one that holds outlives its transaction */
    unsigned ends;    /* when it was opened */
    PGresult *result;
    int row, rows;
    char (*shown)[32]; /* numbers asked for as text, by column */
} prepared;

static connection *of(const ledger *l) {
    return l->connection;
}

bool is_postgres_name(const char *path) {
    return strncmp(path, "postgresql://", 13) == 0 || strncmp(path, "postgres://", 11) == 0;
}

static void cut_out(char *from, const char *to) {
    memmove(from, to, strlen(to) + 1);
}

/* Also where an @ or a / in a password is not written as it should be. */
char *postgres_shown_name(const char *address) {
    char *shown = strdup(address), *host = shown ? strstr(shown, "://") : NULL;
    if (!host)
        return shown;
    host += 3;
    char *at = strchr(host, '@'), *colon = strchr(host, ':');
    for (char *next = at; next && *next && !strchr("/?", *next); next++)
        at = *next == '@' ? next : at;
    if (at && colon && colon < at)
        cut_out(colon, at);
    for (char *given = shown; (given = strstr(given, "password=")); given++) {
        char *value = given + strlen("password=");
        cut_out(value, value + strcspn(value, "&"));
    }
    return shown;
}

/* ---- what went wrong ---- */

typedef struct kind_of_error {
    const char *begins; /* how the server's code for it begins */
    status ours;
    const char *says;
} kind_of_error;

static const kind_of_error kinds_of_error[] = {
    {"08", STATUS_IO, "the connection was lost"},
    {"28", STATUS_NO_INPUT, "it may not be opened"},
    {"3D000", STATUS_NO_INPUT, "there is no such database"},
    {"42501", STATUS_NO_INPUT, "it may not be written or read"},
    {"25006", STATUS_NO_INPUT, "it cannot be written"},
    {"55P03", STATUS_IO, "another process is writing to it"},
    {"40", STATUS_IO, "another process is writing to it"},
    {"53100", STATUS_IO, "the disk is full"},
    {"53", STATUS_IO, "the server has not enough of something"},
    {"57014", STATUS_CANCELLED, "cancelled"},
    {"57P", STATUS_IO, "the server was shut down"},
    {"58", STATUS_IO, "reading or writing failed"},
    {"XX001", STATUS_DAMAGED_LEDGER, "it is damaged"},
    {"XX002", STATUS_DAMAGED_LEDGER, "it is damaged"},
    {"22021", STATUS_BAD_INPUT, "a text holds bytes that PostgreSQL cannot keep in one"},
    {"22", STATUS_BAD_INPUT, "a value does not fit"},
    {"54", STATUS_BAD_INPUT, "a value is too large"},
};

static const kind_of_error *kind_of_code(const char *code) {
    for (size_t i = 0; i < sizeof kinds_of_error / sizeof *kinds_of_error; i++)
        if (strncmp(code, kinds_of_error[i].begins, strlen(kinds_of_error[i].begins)) == 0)
            return &kinds_of_error[i];
    return NULL;
}

/* Up to the end of the first line. */
static int line_size(const char *text) {
    return (int)strcspn(text, "\r\n");
}

/* What the server says in a message of ours, in which the ledger's name stands already. */
static const char *cause_of(const failure *f) {
    const char *cause = strstr(f->message, "(PostgreSQL ");
    return cause ? cause : f->message;
}

static status error_of(ledger *l, const PGresult *result, failure *f) {
    connection *c = of(l);
    const char *code = result ? c->lib.resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *says = result ? c->lib.resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (!says)
        says = c->db ? c->lib.errorMessage(c->db) : "out of memory";
    /* without a code the server did not answer */
    const kind_of_error *kind = kind_of_code(code ? code : "08");
    static const char *const in_the_way[] = {"55P03", "40001", "40P01", "23505"};
    for (size_t i = 0; code && i < sizeof in_the_way / sizeof *in_the_way; i++)
        c->in_the_way |= strcmp(code, in_the_way[i]) == 0;
    return fail(f, kind ? kind->ours : STATUS_INTERNAL, "ledger %s: %s (PostgreSQL%s%s: %.*s)", l->path,
                kind ? kind->says : "a question went wrong", code ? " " : "", code ? code : "",
                line_size(says), says);
}

static bool went_well(const connection *c, const PGresult *result) {
    ExecStatusType s = result ? c->lib.resultStatus(result) : PGRES_FATAL_ERROR;
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY;
}

static status run(ledger *l, const char *sql, failure *f) {
    connection *c = of(l);
    c->ends += strncmp(sql, "ROLLBACK", 8) == 0 || strncmp(sql, "COMMIT", 6) == 0;
    PGresult *result = c->lib.exec(c->db, sql);
    status code = went_well(c, result) ? STATUS_OK : error_of(l, result, f);
    c->lib.clear(result);
    return code;
}

/* ---- opening ---- */

static void be_silent(void *context, const char *message) {
    (void)context;
    (void)message;
}

static status number_asked(ledger *l, const char *sql, int64_t *out, failure *f) {
    statement s = statement_made(l, str_of(sql), f);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

static status check_encoding(ledger *l, failure *f) {
    int64_t good = 0;
    status code = number_asked(l, "SELECT current_setting('server_encoding') = 'UTF8'", &good, f);
    return code == STATUS_OK && !good
               ? fail(
                     f, STATUS_USAGE,
                     "ledger %s: the database keeps texts in another encoding: it must be made with ENCODING "
                     "'UTF8' (docs/stores.md)",
                     l->path)
               : code;
}

static status make_tables(ledger *l, failure *f) {
    int64_t there = 0;
    status code = run(l, "BEGIN; " LOCK("", "3"), f);
    if (code == STATUS_OK)
        code = number_asked(l, "SELECT to_regclass('isnad.ledger_schema') IS NOT NULL", &there, f);
    if (code == STATUS_OK && !there)
        code = check_encoding(l, f);
    if (code == STATUS_OK && !there)
        code = run(l, "CREATE SCHEMA IF NOT EXISTS isnad", f);
    if (code == STATUS_OK && !there)
        code = run(l, postgres_tables, f);
    if (code == STATUS_OK)
        code = run(l, "COMMIT", f);
    if (code != STATUS_OK)
        run(l, "ROLLBACK", NULL);
    return code;
}

/* PostGIS wherever it was put. Who may not put it there is told who can. */
static status find_postgis(ledger *l, failure *f) {
    static const char asks[] = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'postgis')";
    int64_t there = 0;
    failure why = {0};
    status code = number_asked(l, asks, &there, f);
    if (code == STATUS_OK && !there && l->mode == LEDGER_CREATE &&
        run(l, LOCK("", "3") "; CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public", &why) ==
            STATUS_OK)
        there = 1;
    if (code == STATUS_OK && !there && l->mode == LEDGER_CREATE)
        return fail(f, STATUS_UNAVAILABLE,
                    "ledger %s: the database needs PostGIS; whoever administers it says CREATE EXTENSION "
                    "postgis %.180s",
                    l->path, cause_of(&why));
    return code == STATUS_OK
               ? run(l,
                     "SELECT set_config('search_path', 'isnad, public' || coalesce((SELECT ', ' || "
                     "quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = "
                     "extnamespace WHERE extname = 'postgis' AND nspname <> 'public'), ''), false)",
                     f)
               : code;
}

/* What each version of the tables has more than the one before it, from the first that was ever on a server.
 */
enum { FIRST_VERSION = 5 };
static const char *const newer_tables[SCHEMA_VERSION - FIRST_VERSION] = {
    "ALTER TABLE capture ADD COLUMN IF NOT EXISTS length BIGINT",
    "UPDATE incident SET sensitive = sensitive | 2, signature = '' WHERE key IN (SELECT "
    "incident_claim.incident FROM act "
    "JOIN"
    " act_place ON act_place.act = act.sequence JOIN incident_claim ON incident_claim.claim = act_place.claim"
    " WHERE act.kind = 'sensitive' AND act.claim IS NOT NULL);"
    "CREATE INDEX IF NOT EXISTS incident_hidden ON incident(key) WHERE sensitive <> 0;"
    "ALTER TABLE incident ADD COLUMN IF NOT EXISTS admin1 TEXT COLLATE \"C\", ADD COLUMN IF NOT EXISTS "
    "place_id"
    " TEXT COLLATE \"C\", ADD COLUMN IF NOT EXISTS place_name TEXT COLLATE \"C\", ADD COLUMN IF NOT EXISTS"
    " place_name_ar TEXT COLLATE \"C\", ADD COLUMN IF NOT EXISTS outlets TEXT COLLATE \"C\" NOT NULL DEFAULT "
    "'',"
    " ADD COLUMN IF NOT EXISTS languages TEXT COLLATE \"C\" NOT NULL DEFAULT '';"
    "ALTER TABLE incident ALTER COLUMN place_name SET STATISTICS 0, ALTER COLUMN place_name_ar SET "
    "STATISTICS 0,"
    " ALTER COLUMN admin1 SET STATISTICS 0;"
    "UPDATE incident SET signature = '';"
    "CREATE TABLE IF NOT EXISTS incident_gone(number BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,"
    " incident BIGINT NOT NULL);"
    "CREATE OR REPLACE FUNCTION incident_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO"
    " incident_gone(incident) SELECT key FROM gone; RETURN NULL; END $$;"
    "DROP TRIGGER IF EXISTS incident_goes ON incident;"
    "CREATE TRIGGER incident_goes AFTER DELETE ON incident REFERENCING OLD TABLE AS gone FOR EACH STATEMENT"
    " EXECUTE FUNCTION incident_goes()",
    "ALTER TABLE voice ADD COLUMN source TEXT COLLATE \"C\", ADD COLUMN base TEXT COLLATE \"C\", ADD "
    "COLUMN heard TEXT COLLATE \"C\", ADD COLUMN bound BIGINT NOT NULL DEFAULT 1, ADD COLUMN claims "
    "BIGINT NOT NULL DEFAULT 0, ADD COLUMN first BIGINT NOT NULL DEFAULT 0, ADD COLUMN alone "
    "BIGINT NOT NULL DEFAULT 0, ADD COLUMN against BIGINT NOT NULL DEFAULT 0, ADD COLUMN "
    "sensitive BIGINT NOT NULL DEFAULT 0, ADD COLUMN languages TEXT COLLATE \"C\" NOT NULL DEFAULT "
    "'', ADD COLUMN day BIGINT NOT NULL DEFAULT 0; CREATE INDEX voice_source ON voice(source, day "
    "DESC, incident) WHERE source IS NOT NULL; CREATE TABLE source( key TEXT COLLATE \"C\" NOT NULL "
    "PRIMARY KEY, name TEXT COLLATE \"C\", name_ar TEXT COLLATE \"C\", told TEXT COLLATE \"C\", kind "
    "TEXT COLLATE \"C\", heard TEXT COLLATE \"C\", named BIGINT NOT NULL, names TEXT COLLATE \"C\" NOT "
    "NULL, languages TEXT COLLATE \"C\" NOT NULL, last BIGINT NOT NULL, claims BIGINT NOT NULL, "
    "incidents BIGINT NOT NULL, first BIGINT NOT NULL, alone BIGINT NOT NULL, below BIGINT NOT "
    "NULL, within BIGINT NOT NULL, above BIGINT NOT NULL, lonely BIGINT NOT NULL, open_claims "
    "BIGINT NOT NULL, open_incidents BIGINT NOT NULL, open_first BIGINT NOT NULL, open_alone "
    "BIGINT NOT NULL, open_below BIGINT NOT NULL, open_within BIGINT NOT NULL, open_above BIGINT "
    "NOT NULL, open_lonely BIGINT NOT NULL); CREATE TABLE seen( incident TEXT COLLATE \"C\" NOT "
    "NULL PRIMARY KEY, time TEXT COLLATE \"C\" NOT NULL, state TEXT COLLATE \"C\" NOT NULL); CREATE "
    "TABLE estimate( incident BIGINT NOT NULL REFERENCES incident(key) ON DELETE CASCADE, effect "
    "TEXT COLLATE \"C\" NOT NULL, low BIGINT NOT NULL, best BIGINT, high BIGINT NOT NULL, PRIMARY "
    "KEY(incident, effect)); ALTER TABLE incident ADD COLUMN waits BIGINT NOT NULL DEFAULT 0, ADD "
    "COLUMN weight BIGINT NOT NULL DEFAULT 0, ADD COLUMN since TEXT COLLATE \"C\"; CREATE INDEX "
    "incident_waits ON incident(waits, weight DESC, key, assignee, sensitive) WHERE waits > 0; "
    "CREATE INDEX version_outlet ON version(outlet) WHERE outlet IS NOT NULL; ALTER TABLE source "
    "ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN name_ar SET STATISTICS 0, ALTER COLUMN told "
    "SET STATISTICS 0, ALTER COLUMN names SET STATISTICS 0; ALTER TABLE seen ALTER COLUMN state "
    "SET STATISTICS 0; UPDATE incident SET signature = ''",
};

/* Whoever comes second finds it done. */
static status renew_tables(ledger *l, int64_t version, failure *f) {
    if (l->mode == LEDGER_READ || version < FIRST_VERSION)
        return fail(f, STATUS_NO_INPUT,
                    "ledger %s: made by an older version; open it once for writing to bring it up to date",
                    l->path);
    status code = run(l, "BEGIN; " LOCK("", "3"), f);
    if (code == STATUS_OK)
        code = number_asked(l, "SELECT version FROM ledger_schema", &version, f);
    for (; code == STATUS_OK && version < SCHEMA_VERSION; version++) {
        code = run(l, newer_tables[version - FIRST_VERSION], f);
        if (code == STATUS_OK)
            code = run(l, "UPDATE ledger_schema SET version = version + 1", f);
    }
    if (code == STATUS_OK)
        code = run(l, "COMMIT", f);
    if (code != STATUS_OK)
        run(l, "ROLLBACK", NULL);
    return code;
}

static status find_tables(ledger *l, failure *f) {
    int64_t there = 0, version = 0;
    status code = number_asked(l, "SELECT to_regclass('isnad.ledger_schema') IS NOT NULL", &there, f);
    if (code == STATUS_OK && !there && l->mode != LEDGER_CREATE)
        return fail(f, STATUS_NO_INPUT,
                    "ledger %s: there is no ledger in this database (isnad add makes one)", l->path);
    if (code == STATUS_OK && !there)
        code = make_tables(l, f);
    if (code == STATUS_OK)
        code = number_asked(l, "SELECT version FROM ledger_schema", &version, f);
    if (code == STATUS_OK && version > SCHEMA_VERSION)
        return fail(f, STATUS_NEWER_LEDGER,
                    "ledger %s: written by a newer version (its schema is %lld, this program knows up to %d)",
                    l->path, (long long)version, SCHEMA_VERSION);
    return code == STATUS_OK && version < SCHEMA_VERSION ? renew_tables(l, version, f) : code;
}

/* Where the library takes an address apart otherwise than was meant, what it says of it can quote a password.
 */
static bool is_misread(const ledger *l) {
    const connection *c = of(l);
    bool misread = strcmp(l->path, l->address) != 0; /* one was taken out of what is shown */
    PQconninfoOption *all = c->lib.conninfoParse(l->address, NULL);
    if (!all)
        return true;
    for (const PQconninfoOption *o = all; o->keyword; o++)
        misread = misread && !(strstr(o->keyword, "password") && o->val);
    for (const PQconninfoOption *o = all; o->keyword; o++)
        misread = misread || (strcmp(o->keyword, "host") == 0 && o->val && strchr(o->val, '@'));
    c->lib.conninfoFree(all);
    return misread;
}

static status not_reached(ledger *l, failure *f) {
    const connection *c = of(l);
    const char *says = c->db ? c->lib.errorMessage(c->db) : "out of memory";
    if (is_misread(l))
        return fail(f, STATUS_NO_INPUT,
                    "ledger %s: the address cannot be read: in a name or a password %% stands as %%25, @ as "
                    "%%40, / as %%2F, : as %%3A",
                    l->path);
    bool refused = strstr(says, "FATAL:") || strstr(says, "no password supplied");
    return fail(f, STATUS_NO_INPUT, "ledger %s: the server %s (PostgreSQL: %.*s)", l->path,
                refused ? "refuses" : "cannot be reached", line_size(says), says);
}

static status open_store(ledger *l, failure *f) {
    connection *c = calloc(1, sizeof *c);
    if (!c)
        return fail(f, STATUS_INTERNAL, "ledger %s: out of memory", l->path);
    l->connection = c;
    status code = postgres_load(&c->lib, f);
    if (code != STATUS_OK)
        return code;
    c->db = c->lib.connectdb(l->address);
    if (!c->db || c->lib.status(c->db) != CONNECTION_OK)
        return not_reached(l, f);
    c->lib.setNoticeProcessor(c->db, be_silent, NULL);
    c->lib.setClientEncoding(c->db, "UTF8");
    code =
        run(l,
            "SET application_name = 'isnad'; SET standard_conforming_strings = on; SET extra_float_digits = "
            "1; SET TimeZone = 'UTC'; SET jit = off; SET search_path = isnad, public;"
            /* who waits for others sees afterwards what they did */
            "SET default_transaction_isolation = 'read committed'",
            f);
    if (code == STATUS_OK)
        code = find_postgis(l, f);
    if (code == STATUS_OK)
        code = find_tables(l, f);
    if (code == STATUS_OK && l->mode == LEDGER_READ)
        code = run(l, "SET default_transaction_read_only = on", f);
    return code;
}

static void close_store(ledger *l) {
    connection *c = of(l);
    if (c && c->db)
        c->lib.finish(c->db);
    if (c)
        postgres_unload(&c->lib);
    free(c);
    l->connection = NULL;
}

/* ---- transactions ---- */

static status begin(ledger *l, transaction_kind kind, failure *f) {
    static const char *const begins[] = {
        [TRANSACTION_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [TRANSACTION_ADD] = "BEGIN; " LOCK("_shared", "1"),
        [TRANSACTION_ALONE] = "BEGIN; " LOCK("", "1"),
    };
    of(l)->impatient = false;
    status code = run(l, begins[kind], f);
    if (code != STATUS_OK)
        run(l, "ROLLBACK", NULL);
    return code;
}

static status commit(ledger *l, failure *f) {
    /* A transaction that has failed answers COMMIT by taking everything back. */
    if (of(l)->lib.transactionStatus(of(l)->db) == PQTRANS_INERROR)
        return fail(f, STATUS_IO, "ledger %s: what was written cannot be kept: a part of it failed", l->path);
    return run(l, "COMMIT", f);
}

static bool in_transaction(ledger *l) {
    PGTransactionStatusType s = of(l)->lib.transactionStatus(of(l)->db);
    return s == PQTRANS_INTRANS || s == PQTRANS_INERROR;
}

static bool stood_in_way(ledger *l) {
    bool so = of(l)->in_the_way;
    of(l)->in_the_way = false;
    return so;
}

static status be_patient(ledger *l, bool patient, failure *f) {
    if (of(l)->impatient == !patient)
        return STATUS_OK;
    of(l)->impatient = !patient;
    return run(l, patient ? "SET LOCAL lock_timeout = 0" : "SET LOCAL lock_timeout = '20ms'", f);
}

static status hold_off(ledger *l, failure *f) {
    return run(l, "SELECT pg_advisory_lock(" LEDGER_LOCK("1") ")", f);
}

static void let_in(ledger *l) {
    run(l, "SELECT pg_advisory_unlock(" LEDGER_LOCK("1") ")", NULL);
}

/* ---- statements ---- */

static void *prepare(ledger *l, str sql, status *code, failure *f) {
    buffer b = {0};
    prepared *s = calloc(1, sizeof *s);
    (void)f;
    if (!s)
        abort();
    s->count = dialect_postgres(sql, &b);
    buffer_add_byte(&b, 0);
    s->sql = strdup(buffer_str(&b).data);
    buffer_free(&b);
    size_t n = (size_t)s->count + 1;
    s->types = calloc(n, sizeof *s->types);
    s->values = calloc(n, sizeof *s->values);
    s->lengths = calloc(n, sizeof *s->lengths);
    s->formats = calloc(n, sizeof *s->formats);
    if (!s->sql || !s->types || !s->values || !s->lengths || !s->formats)
        abort();
    snprintf(s->name, sizeof s->name, "s%u", of(l)->names);
    snprintf(s->cursor, sizeof s->cursor, "c%u", of(l)->names++);
    *code = STATUS_OK;
    return s;
}

static char *copied(const char *bytes, size_t size) {
    char *copy = malloc(size + 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = 0;
    return copy;
}

/* A question may be about any bytes. Those that PostgreSQL cannot keep in a text are in none: what is not
 * well-formed becomes U+FFFD, and so does a NUL (what is stored has neither: ledger.c). */
static char *copied_text(str text, int *size) {
    arena a = arena_new((allocator){0});
    str good = utf8_repair(&a, text);
    buffer b = {0};
    for (size_t at = 0; at < good.size;) {
        size_t end = str_find(good, (str){"", 1}, at);
        end = end == SIZE_MAX ? good.size : end;
        buffer_add(&b, str_slice(good, at, end));
        if (end < good.size)
            buffer_add(&b, STR("\xEF\xBF\xBD"));
        at = end + 1;
    }
    char *copy = copied(buffer_str(&b).data, b.size);
    *size = (int)b.size;
    buffer_free(&b);
    arena_free(&a);
    return copy;
}

static bool is_odd(str text) {
    return memchr(text.data, 0, text.size) || !utf8_valid(text);
}

/* Numbers go as text: then the server makes of them what it knows the place to be. */
static status give(ledger *l, void *of_statement, int at, const cell_value *v, failure *f) {
    prepared *s = of_statement;
    static const Oid types[] = {[CELL_NULL] = 0,
                                [CELL_NUMBER] = TYPE_INT8,
                                [CELL_REAL] = TYPE_FLOAT8,
                                [CELL_TEXT] = TYPE_TEXT,
                                [CELL_BYTES] = TYPE_BYTES};
    char text[40];
    int i = at - 1;
    if (at < 1 || at > s->count)
        return fail(f, STATUS_INTERNAL, "ledger %s: a question has no place for value %d", l->path, at);
    if (!s->ready)
        s->types[i] = types[v->kind];
    free(s->values[i]);
    s->values[i] = NULL;
    s->formats[i] = v->kind == CELL_TEXT || v->kind == CELL_BYTES;
    if (v->kind == CELL_NULL)
        return STATUS_OK;
    if (v->kind == CELL_NUMBER)
        snprintf(text, sizeof text, "%lld", (long long)v->number);
    else if (v->kind == CELL_REAL)
        snprintf(text, sizeof text, "%.17g", v->real);
    str bytes = s->formats[i] ? v->bytes : str_of(text);
    s->lengths[i] = (int)bytes.size;
    s->values[i] = v->kind == CELL_TEXT && bytes.size && is_odd(bytes) ? copied_text(bytes, &s->lengths[i])
                                                                       : copied(bytes.data, bytes.size);
    return STATUS_OK;
}

static void walk(ledger *l, void *s) {
    (void)l;
    ((prepared *)s)->walks = true;
}

enum { FETCHED = 256 };

static PGresult *execute(connection *c, prepared *s) {
    const char *const *values = (const char *const *)s->values;
    /* What is asked once is not worth being prepared. */
    if (!s->ready && s->runs++ > 0) {
        PGresult *made = c->lib.prepare(c->db, s->name, s->sql, s->count, s->types);
        if (!went_well(c, made))
            return made;
        c->lib.clear(made);
        s->ready = true;
    }
    return s->ready ? c->lib.execPrepared(c->db, s->name, s->count, values, s->lengths, s->formats, 1)
                    : c->lib.execParams(c->db, s->sql, s->count, s->types, values, s->lengths, s->formats, 1);
}

static PGresult *fetch(connection *c, prepared *s) {
    char sql[80];
    snprintf(sql, sizeof sql, "FETCH %d FROM %s", FETCHED, s->cursor);
    return c->lib.execParams(c->db, sql, 0, NULL, NULL, NULL, NULL, 1);
}

static PGresult *open_cursor(connection *c, prepared *s) {
    buffer b = {0};
    s->holds = c->lib.transactionStatus(c->db) == PQTRANS_IDLE;
    buffer_printf(&b, "DECLARE %s NO SCROLL CURSOR %sFOR %s", s->cursor, s->holds ? "WITH HOLD " : "",
                  s->sql);
    buffer_add_byte(&b, 0);
    PGresult *made = c->lib.execParams(c->db, buffer_str(&b).data, s->count, s->types,
                                       (const char *const *)s->values, s->lengths, s->formats, 1);
    buffer_free(&b);
    if (!went_well(c, made))
        return made;
    s->open = true;
    s->ends = c->ends;
    c->lib.clear(made);
    return fetch(c, s);
}

static stepped step(ledger *l, void *of_statement, status *code, failure *f) {
    prepared *s = of_statement;
    connection *c = of(l);
    if (s->result && ++s->row < s->rows)
        return STEPPED_ROW;
    if (s->result && (!s->walks || s->rows < FETCHED))
        return STEPPED_END;
    PGresult *next = !s->walks ? execute(c, s) : s->result ? fetch(c, s) : open_cursor(c, s);
    c->lib.clear(s->result);
    s->result = next;
    s->row = s->rows = 0;
    if (!went_well(c, next)) {
        *code = error_of(l, next, f);
        return STEPPED_FAILED;
    }
    s->rows = c->lib.ntuples(next);
    return s->rows > 0 ? STEPPED_ROW : STEPPED_END;
}

/* ---- columns: values as the server's binary protocol has them ---- */

static uint64_t big_endian(const char *bytes, int size) {
    uint64_t n = 0;
    for (int i = 0; i < size; i++)
        n = n << 8 | (unsigned char)bytes[i];
    return n;
}

static int64_t signed_of(const char *bytes, int size) {
    uint64_t n = big_endian(bytes, size);
    return size == 2 ? (int16_t)n : size == 4 ? (int32_t)n : (int64_t)n;
}

static bool is_null(const connection *c, const prepared *s, int column) {
    return !s->result || column >= c->lib.nfields(s->result) || c->lib.getisnull(s->result, s->row, column);
}

static cell_kind kind_of(ledger *l, void *of_statement, int column) {
    const prepared *s = of_statement;
    connection *c = of(l);
    if (is_null(c, s, column))
        return CELL_NULL;
    switch (c->lib.ftype(s->result, column)) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID:
        return CELL_NUMBER;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return CELL_REAL;
    case TYPE_BYTES:
        return CELL_BYTES;
    default:
        return CELL_TEXT;
    }
}

static double real_of(ledger *l, void *of_statement, int column) {
    const prepared *s = of_statement;
    connection *c = of(l);
    cell_kind kind = kind_of(l, of_statement, column);
    if (kind != CELL_NUMBER && kind != CELL_REAL)
        return 0;
    const char *bytes = c->lib.getvalue(s->result, s->row, column);
    int size = c->lib.getlength(s->result, s->row, column);
    if (kind == CELL_NUMBER)
        return (double)signed_of(bytes, size);
    if (size == 4) {
        uint32_t bits = (uint32_t)big_endian(bytes, size);
        float out;
        memcpy(&out, &bits, sizeof out);
        return out;
    }
    uint64_t bits = big_endian(bytes, size);
    double out;
    memcpy(&out, &bits, sizeof out);
    return out;
}

static int64_t number_of(ledger *l, void *of_statement, int column) {
    const prepared *s = of_statement;
    connection *c = of(l);
    cell_kind kind = kind_of(l, of_statement, column);
    if (kind == CELL_REAL)
        return (int64_t)real_of(l, of_statement, column);
    if (kind == CELL_TEXT)
        return strtoll(c->lib.getvalue(s->result, s->row, column), NULL, 10);
    if (kind != CELL_NUMBER)
        return 0;
    int size = c->lib.getlength(s->result, s->row, column);
    const char *bytes = c->lib.getvalue(s->result, s->row, column);
    return size == 1 ? bytes[0] != 0 : signed_of(bytes, size);
}

static str bytes_of(ledger *l, void *of_statement, int column) {
    const prepared *s = of_statement;
    connection *c = of(l);
    return is_null(c, s, column) ? STR_NONE
                                 : (str){c->lib.getvalue(s->result, s->row, column),
                                         (size_t)c->lib.getlength(s->result, s->row, column)};
}

static str text_of(ledger *l, void *of_statement, int column) {
    prepared *s = of_statement;
    cell_kind kind = kind_of(l, of_statement, column);
    if (kind != CELL_NUMBER && kind != CELL_REAL)
        return bytes_of(l, of_statement, column);
    if (!s->shown)
        s->shown = calloc((size_t)of(l)->lib.nfields(s->result), sizeof *s->shown);
    if (!s->shown)
        abort();
    if (kind == CELL_NUMBER)
        snprintf(s->shown[column], sizeof *s->shown, "%lld", (long long)number_of(l, of_statement, column));
    else
        snprintf(s->shown[column], sizeof *s->shown, "%.15g", real_of(l, of_statement, column));
    return str_of(s->shown[column]);
}

static void reset(ledger *l, void *of_statement) {
    prepared *s = of_statement;
    connection *c = of(l);
    char sql[40];
    /* To close one that is gone would be an error, and end the transaction. */
    if (s->open && (s->holds || s->ends == c->ends) && c->lib.transactionStatus(c->db) != PQTRANS_INERROR) {
        snprintf(sql, sizeof sql, "CLOSE %s", s->cursor);
        run(l, sql, NULL);
    }
    c->lib.clear(s->result);
    for (int i = 0; i < s->count; i++) {
        free(s->values[i]);
        s->values[i] = NULL;
    }
    if (s->walks) /* one of this name may live on where it could not be closed */
        snprintf(s->cursor, sizeof s->cursor, "c%u", c->names++);
    s->result = NULL;
    s->walks = s->open = s->holds = false;
    s->row = s->rows = 0;
}

static void finish(ledger *l, void *of_statement) {
    prepared *s = of_statement;
    if (!s)
        return;
    reset(l, s);
    free(s->sql);
    free(s->types);
    free(s->values);
    free(s->lengths);
    free(s->formats);
    free(s->shown);
    free(s);
}

/* ---- words ---- */

static status insert_words(ledger *l, int64_t version, int64_t part, uint64_t size, str vector, failure *f) {
    statement s = statement_of(
        l,
        "INSERT INTO words(version, part, size, vector) VALUES (?, ?, ?, CAST(CAST(? AS text) AS tsvector))",
        f);
    give_number(&s, version);
    give_number(&s, part);
    give_number(&s, (int64_t)size);
    give_text(&s, vector);
    return statement_run(&s);
}

/* How many words a text has: a space stands between them. */
static uint64_t words_in(str text) {
    uint64_t n = 0;
    str each;
    for (size_t at = 0; str_piece(text, &at, ' ', &each);)
        n += each.size != 0;
    return n;
}

static status index_words_of(ledger *l, int64_t version, str title, str body, failure *f) {
    status code = STATUS_OK;
    uint64_t all = words_in(title) + words_in(body), counted = 0, position = 0;
    size_t at_title = 0, at_body = 0;
    bool more = true;
    for (int64_t part = 0; more && code == STATUS_OK; part++, position = 0) {
        buffer vector = {0};
        more = postgres_vector(title, &at_title, true, &position, &counted, &vector);
        position++; /* a phrase does not go on from the title into the text */
        if (!more)
            more = postgres_vector(body, &at_body, false, &position, &counted, &vector);
        code = insert_words(l, version, part, part ? 0 : all, buffer_str(&vector), f);
        buffer_free(&vector);
    }
    return code;
}

static status drop_words(ledger *l, int64_t version, str title, str body, failure *f) {
    statement s = statement_of(l, "DELETE FROM words WHERE version = ?", f);
    (void)title;
    (void)body;
    give_number(&s, version);
    return statement_run(&s);
}

/* How many versions and words it knows, and those that the texts have; positions are the server's affair. */
static status same_words(ledger *l, const words_expected *w, bool *same, failure *f) {
    statement s = statement_of(
        l, "SELECT count(DISTINCT version), CAST(coalesce(sum(size), 0) AS bigint) FROM words", f);
    if (statement_row(&s))
        *same = (uint64_t)take_number(&s, 0) == w->versions &&
                (uint64_t)take_number(&s, 1) == w->words[0] + w->words[1];
    return statement_done(&s);
}

static status renew_words(ledger *l, failure *f) {
    status code = run(l, "DELETE FROM words", f);
    return code == STATUS_OK ? ledger_reindex(l, f) : code;
}

/* ---- the log ---- */

static status settle_log(ledger *l, failure *f) {
    status code = be_patient(l, true, f);
    return code == STATUS_OK
               ? run(l,
                     LOCK("",
                          "2") "; WITH moved AS (DELETE FROM log_waiting RETURNING number, kind, stands_for, "
                               "leaf) INSERT INTO log SELECT (SELECT coalesce(max(position), -1) FROM log) + "
                               "row_number() OVER (ORDER BY number), kind, stands_for, leaf FROM moved",
                     f)
               : code;
}

/* ---- copies ---- */

static status nothing(ledger *l, failure *f) {
    (void)l;
    (void)f;
    return STATUS_OK;
}

static status switch_triggers(ledger *l, const char *how, failure *f) {
    static const char *const triggers[][2] = {
        {"capture", "capture_logged"}, {"act", "act_logged"}, {"signing_key", "key_logged"}};
    status code = STATUS_OK;
    for (size_t i = 0; i < sizeof triggers / sizeof *triggers && code == STATUS_OK; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "ALTER TABLE %s %s TRIGGER %s", triggers[i][0], how, triggers[i][1]);
        code = run(l, sql, f);
    }
    return code;
}

/* A table cannot be altered while checks of it are put off: its triggers come first, and last. */
static status copy_takes(ledger *l, failure *f) {
    status code = switch_triggers(l, "DISABLE", f);
    return code == STATUS_OK ? run(l, "SET CONSTRAINTS ALL DEFERRED", f) : code;
}

/* Keys that the server gives itself go on behind the last; a table without such a key has none to set. */
static status copy_taken(ledger *l, failure *f) {
    status code = run(l, "SET CONSTRAINTS ALL IMMEDIATE", f);
    for (const stored_table *t = stored_tables; t->name && code == STATUS_OK; t++) {
        stored_column columns[TABLE_COLUMNS];
        char sql[240];
        table_columns(t, columns);
        if (t->key != 1 || columns[0].kind != 'i')
            continue;
        snprintf(
            sql, sizeof sql,
            "SELECT setval(pg_get_serial_sequence('isnad.%s', '%.*s'), coalesce(max(%.*s), 0) + 1, false)"
            " FROM %s",
            t->name, STR_ARG(columns[0].name), STR_ARG(columns[0].name), t->name);
        code = run(l, sql, f);
    }
    return code == STATUS_OK ? switch_triggers(l, "ENABLE", f) : code;
}

/* ---- the store itself ---- */

/* Tables that verify does not read itself are read once, so that the server compares their pages with its
 * checksums. */
static status read_table(ledger *l, const char *table, failure *f) {
    char sql[100];
    bool begun = in_transaction(l);
    snprintf(sql, sizeof sql, "SELECT count(length(CAST(t AS text))) FROM %s AS t", table);
    status code = begun ? run(l, "SAVEPOINT reading", f) : STATUS_OK;
    if (code == STATUS_OK)
        code = run(l, sql, f);
    if (begun)
        run(l, code == STATUS_OK ? "RELEASE reading" : "ROLLBACK TO reading", NULL);
    return code;
}

typedef struct telling {
    void (*line)(void *context, const char *text);
    void *context;
    uint64_t *wrong;
} telling;

static status tell_of_table(ledger *l, const char *table, const telling *t, failure *f) {
    failure why = {0};
    status code = read_table(l, table, &why);
    if (code != STATUS_DAMAGED_LEDGER)
        return code == STATUS_OK ? code : fail(f, code, "%s", why.message);
    t->line(t->context, why.message);
    ++*t->wrong;
    return STATUS_OK;
}

static status read_whole(ledger *l, const telling *how, failure *f) {
    status code = tell_of_table(l, "words", how, f);
    for (const stored_table *t = stored_tables; t->name && code == STATUS_OK; t++)
        if (t->holds == HOLDS_OTHER)
            code = tell_of_table(l, t->name, how, f);
    return code;
}

/* Its constraints hold what SQLite's check looks for; what can be wrong is a leaf that never came into the
 * log. */
static status check(ledger *l, void (*line)(void *context, const char *text), void *context, uint64_t *wrong,
                    failure *f) {
    statement s = statement_of(l, "SELECT kind, stands_for FROM log_waiting ORDER BY number LIMIT 20", f);
    while (statement_row(&s)) {
        char text[120];
        snprintf(text, sizeof text, "%.*s %lld waits for its place in the log, but nobody is writing it",
                 STR_ARG(take_text(&s, 0)), (long long)take_number(&s, 1));
        line(context, text);
        ++*wrong;
    }
    status code = statement_done(&s);
    return code == STATUS_OK ? read_whole(l, &(telling){line, context, wrong}, f) : code;
}

/* Which file of the server a table is in. */
static status file_of(ledger *l, const char *table, int64_t *out, failure *f) {
    statement s = statement_of(
        l, "SELECT CAST(pg_relation_filenode(CAST('isnad.' || CAST(? AS text) AS regclass)) AS bigint)", f);
    give_text(&s, str_of(table));
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

/* Who does not own a table is only warned, and nothing is done: whether it has another file now, tells. */
static status write_anew(ledger *l, const char *table, failure *f) {
    char sql[60];
    int64_t before = 0, after = 0;
    snprintf(sql, sizeof sql, "VACUUM FULL %s", table);
    status code = file_of(l, table, &before, f);
    if (code == STATUS_OK)
        code = run(l, sql, f);
    if (code == STATUS_OK)
        code = file_of(l, table, &after, f);
    return code == STATUS_OK && before == after
               ? fail(f, STATUS_NO_INPUT,
                      "ledger %s: what was withdrawn may still lie in freed pages of the server's tables: "
                      "only the role that owns them can write them anew, and the next command that writes "
                      "does so "
                      "in its name",
                      l->path)
               : code;
}

/* Tables are written anew without what was deleted, and the old files go; a checkpoint lets the server give
 * up the older part of its log. What else holds them (archives of the log, replicas, copies) is not ours. */
static status scrub(ledger *l, bool log_alone, failure *f) {
    status code = STATUS_OK;
    for (const stored_table *t = stored_tables; !log_alone && t->name && code == STATUS_OK; t++)
        code = t->holds == HOLDS_LOG ? STATUS_OK : write_anew(l, t->name, f);
    if (code == STATUS_OK && !log_alone)
        code = write_anew(l, "words", f);
    if (code != STATUS_OK)
        return code;
    failure why = {0};
    run(l, "SELECT pg_switch_wal()", NULL);
    code = run(l, "CHECKPOINT", &why);
    return code == STATUS_OK ? code
                             : fail(f, code,
                                    "ledger %s: what was withdrawn may still lie in the server's write-ahead "
                                    "log: whoever administers it says CHECKPOINT, or grants pg_checkpoint "
                                    "%.120s",
                                    l->path, cause_of(&why));
}

const store_driver postgres_driver = {
    .words =
        {.matching = "SELECT version FROM words WHERE vector @@ CAST(CAST(? AS json) ->> 'query' AS tsquery)",
         .best = "SELECT found, score FROM best(?)",
         .state = "SELECT hashtextextended(CAST(pg_current_snapshot() AS text), 0)",
         .size = "SELECT CAST(coalesce(sum(pg_total_relation_size(pg_class.oid)), 0) AS bigint) FROM pg_class"
                 " JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'isnad' AND relkind"
                 " = 'r'",
         .sealed = "INSERT INTO log_waiting(kind, stands_for, leaf) VALUES ('reading', ?1, ?2)"},
    .shared = true,
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
    .asked_words = postgres_asked_words,
    .index_words = index_words_of,
    .drop_words = drop_words,
    .same_words = same_words,
    .renew_words = renew_words,
    .settle_log = settle_log,
    .copy_begins = nothing,
    .copy_takes = copy_takes,
    .copy_taken = copy_taken,
    .copy_ends = nothing,
    .check = check,
    .mend = nothing,
    .shred = nothing,
    .scrub = scrub,
};
