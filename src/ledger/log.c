/* Leaves are rows of `log`. Of the tree's inner nodes every fourth level is stored, in `log_node`: a node
 * between two of these is worked out from at most eight below it, so that any proof reads a few hundred rows
 * whatever the size of the log, and the nodes stored are a fifteenth of the leaves.
 *
 * A reading's leaf is over what the text, the reading and the rows are as they are stored: the entry is
 *     reading LF document LF number LF SHA-256 of the text LF SHA-256 of the reading LF SHA-256 of the rows
 * LF The rows are written as their columns one after another, each ended by a line feed: `n` for NULL, `i`
 * and a decimal number, `r` and the 16 hexadecimal digits of a double's bits, `t`, the number of bytes, a
 * colon and the text; so that no version of SQLite can write them otherwise. */
#include "ledger/log.h"
#include "ledger/added.h"

status log_size(ledger *l, uint64_t *out, failure *f) {
    statement s = statement_of(l, "SELECT coalesce(max(position) + 1, 0) FROM log", f);
    if (statement_row(&s))
        *out = (uint64_t)take_number(&s, 0);
    return statement_done(&s);
}

/* ---- nodes ---- */

static status missing(ledger *l, unsigned level, uint64_t position, failure *f) {
    return fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: node %llu of level %u of its log is damaged", l->path,
                (unsigned long long)position, level);
}

/* Stored nodes (or leaves) of a level, so many from a position on, in order. */
static statement stored(ledger *l, unsigned level, uint64_t from, uint64_t count, failure *f) {
    statement s = level ? statement_of(l,
                                       "SELECT position, hash FROM log_node WHERE position >= ?1 AND position"
                                       " < ?2 AND level = ?3 ORDER BY position",
                                       f)
                        : statement_of(l,
                                       "SELECT position, leaf FROM log WHERE position >= ?1 AND position < ?2"
                                       " ORDER BY position",
                                       f);
    give_number(&s, (int64_t)from);
    give_number(&s, (int64_t)(from + count));
    if (level)
        give_number(&s, level);
    return s;
}

static status read_node(void *context, unsigned level, uint64_t position, digest *out, failure *f) {
    ledger *l = context;
    unsigned above = level % LOG_STRIDE;
    uint64_t count = (uint64_t)1 << above, seen = 0;
    merkle_range r = {0};
    statement s = stored(l, level - above, position << above, count, f);
    digest d;
    while (statement_row(&s) && take_number(&s, 0) == (int64_t)((position << above) + seen) &&
           take_digest(&s, 1, &d)) {
        merkle_add(&r, d);
        seen++;
    }
    status code = statement_done(&s);
    if (code == STATUS_OK && seen != count)
        return missing(l, level, position, f);
    if (code == STATUS_OK)
        *out = merkle_range_root(&r);
    return code;
}

merkle_source log_source(ledger *l) {
    return (merkle_source){read_node, l};
}

static status store_node(ledger *l, unsigned level, uint64_t position, digest d, failure *f) {
    statement s = statement_of(l, "INSERT INTO log_node(level, position, hash) VALUES (?, ?, ?)", f);
    give_number(&s, level);
    give_number(&s, (int64_t)position);
    give_digest(&s, d);
    return statement_run(&s);
}

static status count_nodes(ledger *l, unsigned level, uint64_t *out, failure *f) {
    statement s = statement_of(l, "SELECT coalesce(max(position) + 1, 0) FROM log_node WHERE level = ?", f);
    give_number(&s, level);
    if (statement_row(&s))
        *out = (uint64_t)take_number(&s, 0);
    return statement_done(&s);
}

/* Nodes from `have` up to `want` of the level above, from those below. */
static status grow_level(ledger *l, unsigned level, uint64_t have, uint64_t want, failure *f) {
    status code = STATUS_OK;
    merkle_range r = {0};
    digest d;
    uint64_t next = have;
    statement s = stored(l, level, have * LOG_WIDTH, (want - have) * LOG_WIDTH, f);
    statement_walks(&s);
    while (code == STATUS_OK && statement_row(&s)) {
        if (take_number(&s, 0) != (int64_t)(next * LOG_WIDTH + r.size) || !take_digest(&s, 1, &d))
            break;
        merkle_add(&r, d);
        if (r.size < LOG_WIDTH)
            continue;
        code = store_node(l, level + LOG_STRIDE, next++, merkle_range_root(&r), f);
        r.size = 0;
    }
    status done = statement_done(&s);
    code = code == STATUS_OK ? done : code;
    return code == STATUS_OK && next != want ? missing(l, level + LOG_STRIDE, next, f) : code;
}

status log_grow(ledger *l, failure *f) {
    uint64_t below = 0, have = 0;
    status code = l->driver->settle_log(l, f);
    if (code == STATUS_OK)
        code = log_size(l, &below, f);
    for (unsigned level = 0; code == STATUS_OK && below >= LOG_WIDTH; level += LOG_STRIDE) {
        code = count_nodes(l, level + LOG_STRIDE, &have, f);
        uint64_t want = below / LOG_WIDTH;
        if (code == STATUS_OK && have >= want)
            break;
        if (code == STATUS_OK)
            code = grow_level(l, level, have, want, f);
        below = want;
    }
    return code;
}

/* ---- leaves ---- */

static void write_column(buffer *b, statement *s, int column) {
    switch (take_cell_kind(s, column)) {
    case CELL_NULL:
        buffer_add(b, STR("n\n"));
        break;
    case CELL_NUMBER:
        buffer_add_byte(b, 'i');
        buffer_add_number(b, take_number(s, column));
        buffer_add_byte(b, '\n');
        break;
    case CELL_REAL: {
        double value = take_real(s, column);
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        char line[19] = "r0123456789abcdef\n";
        for (int i = 16; i > 0; i--, bits >>= 4)
            line[i] = "0123456789abcdef"[bits & 15];
        buffer_add(b, (str){line, 18});
        break;
    }
    default: {
        str text = take_text(s, column);
        buffer_add_byte(b, 't');
        buffer_add_number(b, (int64_t)text.size);
        buffer_add_byte(b, ':');
        buffer_add(b, text);
        buffer_add_byte(b, '\n');
    }
    }
}

/* The first column is the number of columns to be written. */
static const char *const row_queries[] = {
    "SELECT 12, number, text_hash, sha256, url, outlet, title, language, published, published_offset, "
    "updated,"
    " published_day, engine FROM version WHERE key = ?",
    "SELECT 13, number, text, start, \"end\", name, country, admin1, kind, id, lat, lon, radius_km, anchor"
    " FROM mention WHERE version = ? ORDER BY number",
    "SELECT 31, number, id, effect, min, max, approx, class, \"group\", part_of, stance, scope, event, "
    "event_index,"
    " voice, voice_start, voice_end, voice_kind, cue, via, actor, actor_hedged, place, time, date, day_from,"
    " day_to, count_start, count_end, who, evidence_start, evidence_end FROM claim WHERE version = ?"
    " AND " ADDED_BELOW " ORDER BY number",
    "SELECT 20, number, type, trigger, trigger_start, trigger_end, voice, voice_kind, stance, actor,"
    " actor_hedged, places, min, max, date, day_from, day_to, outcome, outcome_kind, evidence_start,"
    " evidence_end FROM event WHERE version = ? ORDER BY number",
    "SELECT 3, a, b, \"on\" FROM difference WHERE version = ? ORDER BY rowid",
};

static status write_rows(ledger *l, const char *sql, int64_t version, buffer *b, failure *f) {
    statement s = statement_of(l, sql, f);
    give_number(&s, version);
    while (statement_row(&s)) {
        int columns = (int)take_number(&s, 0);
        for (int i = 1; i <= columns; i++)
            write_column(b, &s, i);
    }
    buffer_add_byte(b, '\n');
    return statement_done(&s);
}

status log_rows(ledger *l, int64_t version, buffer *rows, failure *f) {
    status code = STATUS_OK;
    for (size_t i = 0; i < sizeof row_queries / sizeof *row_queries && code == STATUS_OK; i++)
        code = write_rows(l, row_queries[i], version, rows, f);
    return code;
}

status log_rows_hash(ledger *l, int64_t version, digest *out, failure *f) {
    buffer rows = {0};
    status code = log_rows(l, version, &rows, f);
    *out = sha256(buffer_str(&rows));
    buffer_free(&rows);
    return code;
}

digest log_reading_leaf(str document, int64_t number, digest text, digest json, digest rows) {
    buffer entry = {0};
    arena a = arena_new((allocator){0});
    const digest hashes[] = {text, json, rows};
    buffer_add(&entry, STR("reading\n"));
    buffer_add(&entry, document);
    buffer_add_byte(&entry, '\n');
    buffer_add_number(&entry, number);
    buffer_add_byte(&entry, '\n');
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        buffer_add(&entry, digest_hex(&a, hashes[i], sizeof hashes[i].bytes));
        buffer_add_byte(&entry, '\n');
    }
    digest leaf = merkle_leaf(buffer_str(&entry));
    arena_free(&a);
    buffer_free(&entry);
    return leaf;
}

status log_position(ledger *l, const char *kind, int64_t stands_for, uint64_t *out, failure *f) {
    statement s = statement_of(
        l, "SELECT position FROM log WHERE kind = ? AND stands_for = ? ORDER BY position DESC LIMIT 1", f);
    give_name(&s, kind);
    give_number(&s, stands_for);
    bool there = statement_row(&s);
    if (there)
        *out = (uint64_t)take_number(&s, 0);
    status code = statement_done(&s);
    return code == STATUS_OK && !there
               ? fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: %s %lld is not in its log", l->path, kind,
                      (long long)stands_for)
               : code;
}

status log_reading_sealed(ledger *l, int64_t version, digest *out, bool *there, failure *f) {
    statement s = statement_of(
        l, "SELECT leaf FROM log WHERE kind = 'reading' AND stands_for = ? ORDER BY position DESC LIMIT 1",
        f);
    give_number(&s, version);
    *there = statement_row(&s) && take_digest(&s, 0, out);
    return statement_done(&s);
}

status log_reading(ledger *l, int64_t version, str text, str json, failure *f) {
    return log_reading_hashed(l, version, sha256(text), sha256(json), f);
}

status log_reading_hashed(ledger *l, int64_t version, digest text, digest json, failure *f) {
    digest rows, leaf = {{0}};
    status code = log_rows_hash(l, version, &rows, f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(l,
                               "SELECT document.id, number FROM version JOIN document ON document.key ="
                               " document WHERE version.key = ?",
                               f);
    give_number(&s, version);
    if (statement_row(&s))
        leaf = log_reading_leaf(take_text(&s, 0), take_number(&s, 1), text, json, rows);
    code = statement_done(&s);
    if (code != STATUS_OK)
        return code;
    s = statement_of(l, l->driver->words.sealed, f);
    give_number(&s, version);
    give_digest(&s, leaf);
    return statement_run(&s);
}

/* ---- a ledger that had no log ---- */

static status seal_version(ledger *l, arena *a, statement *s, failure *f) {
    str text, json;
    take_reading(s, 1, a, &text, &json);
    if (!text.data || !json.data)
        return fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: the text or the reading of a version is damaged",
                    l->path);
    return log_reading(l, take_number(s, 0), text, json, f);
}

status log_begin(ledger *l, failure *f) {
    arena a = arena_new((allocator){0});
    status code = store_execute(
        l,
        "INSERT INTO log SELECT row_number() OVER (ORDER BY sequence) - 1, 'capture', sequence, leaf"
        " FROM capture",
        f);
    statement s = {0};
    if (code == STATUS_OK) {
        s = statement_of(l, "SELECT key, text, text_size, reading, reading_size FROM version ORDER BY key",
                         f);
        statement_walks(&s);
        while (code == STATUS_OK && statement_row(&s)) {
            code = seal_version(l, &a, &s, f);
            arena_reset(&a);
        }
        status done = statement_done(&s);
        code = code == STATUS_OK ? done : code;
    }
    arena_free(&a);
    if (code == STATUS_OK)
        code = store_execute(l,
                             "INSERT INTO log SELECT (SELECT coalesce(max(position), -1) FROM log) + "
                             "row_number() OVER (ORDER BY"
                             " sequence), 'act', sequence, leaf FROM act",
                             f);
    return code == STATUS_OK ? log_grow(l, f) : code;
}
