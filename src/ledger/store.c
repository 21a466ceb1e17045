#include "ledger/store.h"
#include "ledger/log.h"

#include <stdlib.h>
#include <time.h>

/* Our statements run on the tables that schema.c makes: on others they do not. */
static bool is_of_tables(const char *says) {
    static const char *const signs[] = {"no such ", "foreign key mismatch", "malformed", "unknown function"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(says, signs[i]))
            return true;
    return false;
}

status store_error(ledger *l, int code, failure *f) {
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
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((code & 0xFF) == kinds[i].sqlite)
            /* what is read was small when it was written: a length that has become large is damage */
            return fail(f, code == SQLITE_TOOBIG && !l->batch_began ? STATUS_DAMAGED_LEDGER : kinds[i].ours,
                        "ledger %s: %s (SQLite: %s)", l->path, kinds[i].says,
                        l->db ? l->lib.errmsg(l->db) : "no memory");
    if (code == SQLITE_ERROR && l->db && is_of_tables(l->lib.errmsg(l->db)))
        return fail(f, STATUS_DAMAGED_LEDGER,
                    "ledger %s: it is damaged: not the tables of a ledger (SQLite: %s)", l->path,
                    l->lib.errmsg(l->db));
    return fail(f, STATUS_INTERNAL, "ledger %s: SQLite: %s (code %d)", l->path,
                l->db ? l->lib.errmsg(l->db) : "", code);
}

status store_execute(ledger *l, const char *sql, failure *f) {
    int code = l->lib.exec(l->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : store_error(l, code, f);
}

static uint64_t now_milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000 + 1;
}

status store_begin(ledger *l, failure *f) {
    if (l->batch_began)
        return STATUS_OK;
    found_forget(l);
    status code = store_execute(l, "BEGIN IMMEDIATE", f);
    if (code == STATUS_OK)
        l->batch_began = now_milliseconds();
    return code;
}

static void forget_pending(ledger *l) {
    memset(&l->pending, 0, sizeof l->pending);
    l->engine = STR_NONE;
    arena_reset(&l->batch);
}

void store_rollback(ledger *l) {
    forget_pending(l);
    if (!l->lib.get_autocommit(l->db))
        l->lib.exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    l->batch_began = 0;
    l->counts.captures = l->counts.versions = l->counts.claims = 0;
}

static void report_commit(ledger *l) {
    l->counts.captures_so_far += l->counts.captures;
    l->counts.versions_so_far += l->counts.versions;
    l->counts.claims_so_far += l->counts.claims;
    if (l->options.committed)
        l->options.committed(l->options.context, &l->counts);
    l->counts.captures = l->counts.versions = l->counts.claims = 0;
}

status index_words(ledger *l, pending_words words, failure *f) {
    statement s = statement_of(l, "INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)", f);
    give_number(&s, words.version);
    give_text(&s, words.title);
    give_text(&s, words.body);
    return statement_run(&s);
}

static status index_pending(ledger *l, failure *f) {
    status code = STATUS_OK;
    for (size_t i = 0; i < l->pending.size && code == STATUS_OK; i++)
        code = index_words(l, l->pending.at[i], f);
    return code;
}

status ledger_commit(ledger *l, failure *f) {
    if (!l->batch_began)
        return STATUS_OK;
    status indexed = index_pending(l, f);
    if (indexed == STATUS_OK)
        indexed = log_grow(l, f);
    if (indexed != STATUS_OK) {
        store_rollback(l);
        return indexed;
    }
    int code = l->lib.exec(l->db, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        status failed = store_error(l, code, f);
        store_rollback(l);
        return failed;
    }
    l->batch_began = 0;
    forget_pending(l);
    report_commit(l);
    return STATUS_OK;
}

bool store_batch_is_due(const ledger *l) {
    uint32_t limit = l->options.batch_milliseconds ? l->options.batch_milliseconds : 1000;
    return l->batch_began && now_milliseconds() - l->batch_began >= limit;
}

/* ---- statements ---- */

static statement prepare(ledger *l, str sql, failure *f) {
    statement s = {.l = l, .slot = NONE, .f = f};
    int code = l->lib.prepare_v2(l->db, sql.data, (int)sql.size, &s.s, NULL);
    if (code != SQLITE_OK)
        s.code = store_error(l, code, f);
    return s;
}

statement statement_made(ledger *l, str sql, failure *f) {
    return prepare(l, sql, f);
}

statement statement_of(ledger *l, const char *sql, failure *f) {
    for (size_t i = 0; i < l->prepared_size; i++)
        if (l->prepared[i].sql == sql && !l->prepared[i].busy) {
            l->prepared[i].busy = true;
            return (statement){.l = l, .s = l->prepared[i].statement, .slot = (int)i, .f = f};
        }
    statement s = prepare(l, str_of(sql), f);
    if (s.code == STATUS_OK && l->prepared_size < STATEMENT_LIMIT) {
        s.slot = (int)l->prepared_size;
        l->prepared[l->prepared_size].sql = sql;
        l->prepared[l->prepared_size].statement = s.s;
        l->prepared[l->prepared_size++].busy = true;
    }
    return s;
}

static void given(statement *s, int code) {
    if (code != SQLITE_OK && s->code == STATUS_OK)
        s->code = store_error(s->l, code, s->f);
}

void give_null(statement *s) {
    if (s->code == STATUS_OK)
        given(s, s->l->lib.bind_null(s->s, ++s->given));
}

void give_text(statement *s, str text) {
    if (s->code != STATUS_OK)
        return;
    if (!text.data)
        give_null(s);
    else
        given(s, s->l->lib.bind_text(s->s, ++s->given, text.data, (int)text.size, SQLITE_TRANSIENT));
}

void give_name(statement *s, const char *name) {
    give_text(s, str_of(name));
}

void give_blob(statement *s, str bytes) {
    if (s->code == STATUS_OK)
        given(s, s->l->lib.bind_blob(s->s, ++s->given, bytes.data ? bytes.data : "", (int)bytes.size,
                                     SQLITE_TRANSIENT));
}

void give_digest(statement *s, digest d) {
    give_blob(s, (str){(const char *)d.bytes, sizeof d.bytes});
}

void give_number(statement *s, int64_t n) {
    if (s->code == STATUS_OK)
        given(s, s->l->lib.bind_int64(s->s, ++s->given, n));
}

void give_real(statement *s, double n) {
    if (s->code == STATUS_OK)
        given(s, s->l->lib.bind_double(s->s, ++s->given, n));
}

bool statement_row(statement *s) {
    if (s->code != STATUS_OK)
        return false;
    int code = s->l->lib.step(s->s);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        s->code = store_error(s->l, code, s->f);
    return code == SQLITE_ROW;
}

int64_t take_number(statement *s, int column) {
    return s->l->lib.column_int64(s->s, column);
}

int64_t take_bound(statement *s, int column) {
    return take_null(s, column) ? (int64_t)COUNT_OPEN : take_number(s, column);
}

double take_real(statement *s, int column) {
    return s->l->lib.column_double(s->s, column);
}

str take_text(statement *s, int column) {
    const unsigned char *text = s->l->lib.column_text(s->s, column);
    return text ? (str){(const char *)text, (size_t)s->l->lib.column_bytes(s->s, column)} : STR_NONE;
}

str take_blob(statement *s, int column) {
    const void *bytes = s->l->lib.column_blob(s->s, column);
    return bytes ? (str){bytes, (size_t)s->l->lib.column_bytes(s->s, column)} : STR_NONE;
}

bool take_digest(statement *s, int column, digest *out) {
    str bytes = take_blob(s, column);
    if (bytes.size != sizeof out->bytes)
        return false;
    memcpy(out->bytes, bytes.data, sizeof out->bytes);
    return true;
}

bool take_null(statement *s, int column) {
    return s->l->lib.column_type(s->s, column) == SQLITE_NULL;
}

status statement_done(statement *s) {
    if (!s->s)
        return s->code;
    if (s->slot == NONE) {
        s->l->lib.finalize(s->s);
    } else {
        s->l->lib.reset(s->s);
        s->l->lib.clear_bindings(s->s);
        s->l->prepared[s->slot].busy = false;
    }
    s->s = NULL;
    return s->code;
}

status statement_run(statement *s) {
    while (statement_row(s))
        ;
    return statement_done(s);
}

/* ---- small things ---- */

#define NAMING(what, type, last)                                                                             \
    int what##_named(str name) {                                                                             \
        for (int i = 0; name.data && i <= (int)(last); i++) {                                                \
            const char *of = what##_name((type)i);                                                           \
            if (of && str_equal(name, str_of(of)))                                                           \
                return i;                                                                                    \
        }                                                                                                    \
        return NONE;                                                                                         \
    }
NAMING(effect, effect, EFFECT_DISPLACED)
NAMING(who_class, who_class, CLASS_UNKNOWN)
NAMING(who_group, who_group, GROUP_NAMED)
NAMING(voice_kind, voice_kind, VOICE_OUTLET)
NAMING(stance, stance, STANCE_DENIES)
NAMING(event_type, event_type, EVENT_OTHER_ATTACK)
NAMING(scope, scope, SCOPE_BACKGROUND)
NAMING(date_source, date_source, DATE_PUBLISHED)
NAMING(place_kind, place_kind, PLACE_AREA)
#undef NAMING

str minted_id(arena *a, const char *prefix, const str *parts, size_t count) {
    str hex = digest_hex(a, sha256_parts(parts, count), 16);
    return arena_printf(a, "%s%.*s", prefix, STR_ARG(hex));
}

/* The last day of "YYYY", "YYYY-MM" or "YYYY-MM-DD…". */
static bool day_range(str s, day *from, day *to) {
    s = str_trim(s);
    bool has_month = s.size >= 7 && s.data[4] == '-', has_day = has_month && s.size >= 10 && s.data[7] == '-';
    int digits[10] = {0};
    for (size_t i = 0; i < 10 && i < s.size; i++)
        digits[i] = s.data[i] >= '0' && s.data[i] <= '9' ? s.data[i] - '0' : -1;
    if (s.size < 4 || digits[0] < 0 || digits[1] < 0 || digits[2] < 0 || digits[3] < 0)
        return false;
    ymd first = {digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3], 1, 1}, last = first;
    last.month = 12;
    if (has_month)
        first.month = last.month = digits[5] * 10 + digits[6];
    if (!ymd_valid(first) || first.month < 1 || first.month > 12)
        return false;
    last.day = month_days(last.year, last.month);
    if (has_day)
        first.day = last.day = digits[8] * 10 + digits[9];
    if (!ymd_valid(first) || !ymd_valid(last))
        return false;
    *from = day_of(first.year, first.month, first.day);
    *to = day_of(last.year, last.month, last.day);
    return true;
}

bool days_of(str date, day *from, day *to) {
    if (!date.data)
        return false;
    size_t slash = str_find(date, STR("/"), 0);
    if (slash == SIZE_MAX)
        return day_range(date, from, to);
    day ignored;
    bool begins = day_range(str_slice(date, 0, slash), from, &ignored);
    bool ends = day_range(str_slice(date, slash + 1, date.size), &ignored, to);
    if (begins && !ends)
        *to = *from;
    if (!begins && ends)
        *from = *to;
    if ((begins || ends) && *to < *from)
        *to = *from;
    return begins || ends;
}

bool days_asked(str value, day *from, day *to) {
    static const char shape[] = "dddd-dd-dd";
    bool good = value.size == 4 || value.size == 7 || value.size == 10;
    for (size_t i = 0; i < value.size && good; i++)
        good = shape[i] == '-' ? value.data[i] == '-' : value.data[i] >= '0' && value.data[i] <= '9';
    return good && days_of(value, from, to);
}
