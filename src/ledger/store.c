#include "ledger/store.h"
#include "base/clock.h"
#include "ledger/log.h"

#include <stdio.h>
#include <stdlib.h>

status store_execute(ledger *l, const char *sql, failure *f) {
    return l->driver->run(l, sql, f);
}

/* Never 0, which says that there is none. */
static uint64_t now_milliseconds(void) {
    return (uint64_t)clock_milliseconds() + 1;
}

static status begin_batch(ledger *l, bool shared, failure *f) {
    /* Two that add beside each other would wait for one another to be alone. */
    status code = l->batch_began && l->batch_shared && !shared ? ledger_commit(l, f) : STATUS_OK;
    if (code != STATUS_OK || l->batch_began)
        return code;
    found_forget(l);
    code = l->driver->begin(l, shared ? TRANSACTION_ADD : TRANSACTION_ALONE, f);
    if (code == STATUS_OK) {
        l->batch_began = now_milliseconds();
        l->batch_pages = 0;
        l->batch_shared = shared && l->driver->shared;
    }
    return code;
}

status store_begin(ledger *l, failure *f) {
    return begin_batch(l, false, f);
}

status store_begin_adding(ledger *l, failure *f) {
    return begin_batch(l, true, f);
}

status store_snapshot(ledger *l, bool *begun, failure *f) {
    *begun = !l->driver->in_transaction(l);
    return *begun ? l->driver->begin(l, TRANSACTION_READ, f) : STATUS_OK;
}

void store_snapshot_end(ledger *l, bool begun) {
    if (begun && l->driver->in_transaction(l))
        l->driver->run(l, "ROLLBACK", NULL);
}

/* A mark is set for each page, as a statement that is kept: to have it read anew each time is dear. */
static status run_marking(ledger *l, const char *sql, failure *f) {
    if (l->driver->shared)
        return l->driver->run(l, sql, f);
    statement s = statement_of(l, sql, f);
    return statement_run(&s);
}

status store_mark(ledger *l, failure *f) {
    return run_marking(l, "SAVEPOINT mark", f);
}

void store_unmark(ledger *l, bool take_back) {
    failure ignored;
    if (!take_back) {
        run_marking(l, "RELEASE mark", &ignored);
        return;
    }
    l->driver->run(l, "ROLLBACK TO mark", NULL);
    l->driver->run(l, "RELEASE mark", NULL);
}

static void forget_pending(ledger *l) {
    memset(&l->pending, 0, sizeof l->pending);
    l->engine = STR_NONE;
    arena_reset(&l->batch);
}

void store_rollback(ledger *l) {
    forget_pending(l);
    if (l->driver->in_transaction(l))
        l->driver->run(l, "ROLLBACK", NULL);
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
    return l->driver->index_words(l, words.version, words.title, words.body, f);
}

static status index_pending(ledger *l, failure *f) {
    status code = STATUS_OK;
    for (size_t i = 0; i < l->pending.size && code == STATUS_OK; i++)
        code = index_words(l, l->pending.at[i], f);
    if (code == STATUS_OK)
        l->pending.size = 0;
    return code;
}

status store_index_some(ledger *l, failure *f) {
    enum { AT_ONCE = 128 };
    status code = l->pending.size < AT_ONCE ? STATUS_OK : index_pending(l, f);
    if (code != STATUS_OK)
        store_rollback(l);
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
    status code = l->driver->commit(l, f);
    if (code != STATUS_OK) {
        store_rollback(l);
        return code;
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

bool store_cancelled(const ledger *l) {
    return l->options.cancelled && l->options.cancelled(l->options.context);
}

void store_progress(const ledger *l, const char *what, uint64_t done, uint64_t of) {
    if (l->options.progress)
        l->options.progress(l->options.context, what, done, of);
}

/* ---- statements ---- */

static statement prepare(ledger *l, str sql, failure *f) {
    statement s = {.l = l, .slot = NONE, .f = f};
    s.s = l->driver->prepare(l, sql, &s.code, f);
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

/* No store keeps a larger value; the numbers that they count bytes with are not much larger. */
enum { LARGEST_VALUE = 1000000000 };

static void given(statement *s, const cell_value *v) {
    if (s->code == STATUS_OK && v->bytes.size > LARGEST_VALUE)
        s->code = fail(s->f, STATUS_BAD_INPUT, "ledger %s: a value is too large", s->l->path);
    if (s->code == STATUS_OK)
        s->code = s->l->driver->give(s->l, s->s, ++s->given, v, s->f);
}

void give_null(statement *s) {
    given(s, &(cell_value){CELL_NULL});
}

void give_text(statement *s, str text) {
    given(s, &(cell_value){text.data ? CELL_TEXT : CELL_NULL, .bytes = text});
}

void give_name(statement *s, const char *name) {
    give_text(s, str_of(name));
}

void give_blob(statement *s, str bytes) {
    given(s, &(cell_value){CELL_BYTES, .bytes = bytes});
}

void give_digest(statement *s, digest d) {
    give_blob(s, (str){(const char *)d.bytes, sizeof d.bytes});
}

void give_number(statement *s, int64_t n) {
    given(s, &(cell_value){CELL_NUMBER, .number = n});
}

void give_real(statement *s, double n) {
    given(s, &(cell_value){CELL_REAL, .real = n});
}

void statement_walks(statement *s) {
    if (s->code == STATUS_OK)
        s->l->driver->walk(s->l, s->s);
}

bool statement_row(statement *s) {
    return s->code == STATUS_OK && s->l->driver->step(s->l, s->s, &s->code, s->f) == STEPPED_ROW;
}

cell_kind take_cell_kind(statement *s, int column) {
    return s->l->driver->kind(s->l, s->s, column);
}

int64_t take_number(statement *s, int column) {
    return s->l->driver->number(s->l, s->s, column);
}

int64_t take_bound(statement *s, int column) {
    return take_null(s, column) ? (int64_t)COUNT_OPEN : take_number(s, column);
}

double take_real(statement *s, int column) {
    return s->l->driver->real(s->l, s->s, column);
}

str take_text(statement *s, int column) {
    return s->l->driver->text(s->l, s->s, column);
}

str take_blob(statement *s, int column) {
    return s->l->driver->bytes(s->l, s->s, column);
}

bool take_digest(statement *s, int column, digest *out) {
    str bytes = take_blob(s, column);
    if (bytes.size != sizeof out->bytes)
        return false;
    memcpy(out->bytes, bytes.data, sizeof out->bytes);
    return true;
}

bool take_null(statement *s, int column) {
    return take_cell_kind(s, column) == CELL_NULL;
}

status statement_done(statement *s) {
    if (!s->s)
        return s->code;
    if (s->slot == NONE) {
        s->l->driver->finish(s->l, s->s);
    } else {
        s->l->driver->reset(s->l, s->s);
        s->l->prepared[s->slot].busy = false;
    }
    s->s = NULL;
    return s->code;
}

status statement_key(statement *s, int64_t *key) {
    while (statement_row(s))
        *key = take_number(s, 0);
    return statement_done(s);
}

status statement_keys(statement *s, arena *a, key_list *out) {
    while (statement_row(s))
        *VECTOR_PUSH(out, a) = take_number(s, 0);
    return statement_done(s);
}

status statement_run(statement *s) {
    while (statement_row(s))
        ;
    return statement_done(s);
}

status statement_again(statement *s) {
    while (statement_row(s))
        ;
    if (s->s)
        s->l->driver->reset(s->l, s->s);
    s->given = 0;
    return s->code;
}

/* ---- keys ---- */

int by_key(const void *x, const void *y) {
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

void keys_sort(key_list *k) {
    size_t kept = 0;
    if (k->size)
        qsort(k->at, k->size, sizeof *k->at, by_key);
    for (size_t i = 0; i < k->size; i++)
        if (!kept || k->at[i] != k->at[kept - 1])
            k->at[kept++] = k->at[i];
    k->size = kept;
}

void strings_once(string_list *s) {
    size_t kept = 0;
    strings_sort(s);
    for (size_t i = 0; i < s->size; i++)
        if (!kept || !str_equal(s->at[i], s->at[kept - 1]))
            s->at[kept++] = s->at[i];
    s->size = kept;
}

bool keys_have(const key_list *k, int64_t key) {
    return k->size && bsearch(&key, k->at, k->size, sizeof key, by_key);
}

/* ---- settings ---- */

status setting_read(ledger *l, const char *name, arena *a, str *out, failure *f) {
    statement s = statement_of(l, "SELECT value FROM setting WHERE name = ?", f);
    give_name(&s, name);
    *out = statement_row(&s) ? arena_copy(a, take_text(&s, 0)) : STR_NONE;
    return statement_done(&s);
}

status setting_keep(ledger *l, const char *name, str value, failure *f) {
    statement s = statement_of(l,
                               "INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
                               " SET value = excluded.value WHERE setting.value <> excluded.value",
                               f);
    give_name(&s, name);
    give_text(&s, value);
    return statement_run(&s);
}

/* ---- whole ledgers ---- */

status store_copy_begins(ledger *l, failure *f) {
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = l->driver->copy_begins(l, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code == STATUS_OK)
        code = l->driver->copy_takes(l, f);
    if (code != STATUS_OK)
        store_rollback(l);
    return code;
}

status store_copy_ends(ledger *l, status code, failure *f) {
    if (code == STATUS_OK)
        code = l->driver->copy_taken(l, f);
    if (code == STATUS_OK)
        code = ledger_commit(l, f);
    else
        store_rollback(l);
    status back = l->driver->copy_ends(l, code == STATUS_OK ? f : NULL);
    return code == STATUS_OK ? back : code;
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

bool whole_told(str text, int64_t *out) {
    int64_t n = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = text.data[i] - '0';
        if (digit < 0 || digit > 9 || n > (INT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return text.size != 0;
}

bool number_told(str text, int64_t *out) {
    bool below = str_starts(text, STR("-"));
    if (!whole_told(str_slice(text, below, text.size), out))
        return false;
    *out = below ? -*out : *out;
    return true;
}

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

/* ---- documents by name ---- */

static bool begins_a_hash(str s) {
    enum { LEAST = 8, HASH = 64 };
    for (size_t i = 0; i < s.size; i++)
        if (!((s.data[i] >= '0' && s.data[i] <= '9') || (s.data[i] >= 'a' && s.data[i] <= 'f')))
            return false;
    return s.size >= LEAST && s.size < HASH;
}

status document_named(ledger *l, str typed, arena *a, str *out, failure *f) {
    const str cut = STR("…");
    str head =
        typed.size > cut.size && str_ends(typed, cut) ? str_slice(typed, 0, typed.size - cut.size) : typed;
    size_t found = 0;
    *out = typed;
    if (!begins_a_hash(head))
        return STATUS_OK;
    statement s = statement_of(l,
                               "SELECT id FROM document WHERE id = ?1 OR (id >= ?2 AND id < ?2 || 'g' AND"
                               " length(id) = 64) ORDER BY id <> ?1 LIMIT 2",
                               f);
    give_text(&s, typed);
    give_text(&s, head);
    for (bool exact = false; !exact && statement_row(&s); found++) {
        exact = str_equal(take_text(&s, 0), typed);
        *out = arena_copy(a, take_text(&s, 0));
    }
    status code = statement_done(&s);
    if (code == STATUS_OK && found > 1)
        return fail(f, STATUS_USAGE, "several documents begin with \"%.*s\": give more digits",
                    STR_ARG(head));
    return code;
}
