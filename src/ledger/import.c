/* A recorder's table into the ledger, row by row.
 *
 * A row is a document of the recorder's, known by the recorder's name and the row's id. A row whose words are
 * those of the document's newest version adds nothing; one with others makes a new version, which counts from
 * then on, also where the words are those of an older version again. The row's bytes, with the header before
 * them, are kept as its capture. A row with a mistake is reported, counted and left out; the rest goes in. */
#include "ledger/import.h"

#include <jansson.h>
#include <stdio.h>
#include <time.h>

#include "base/utf8.h"

typedef struct importing {
    ledger *l;
    const import_options *options;
    import_report *report;
    failure *f;
    mapping map;
    table_reader table;
    size_t header_start, header_end, columns;
    arena row;
    json_t *rows_of_ids;
} importing;

static void tell_wrong(void *context, str column, const char *expected, str found) {
    importing *in = context;
    char line[600];
    str shown = found.size > 120 ? str_slice(found, 0, 120) : found;
    while (shown.size < found.size && shown.size && ((unsigned char)found.data[shown.size] & 0xC0) == 0x80)
        shown.size--;
    if (!in->options->line)
        return;
    snprintf(line, sizeof line, "%.*s: row %u, column \"%.*s\": expected %s, found %s%.*s%s",
             STR_ARG(in->table.name), in->table.row, STR_ARG(column), expected, found.size ? "\"" : "nothing",
             STR_ARG(shown), found.size ? "\"" : "");
    in->options->line(in->options->context, line);
}

static void tell_row(importing *in, const char *what) {
    char line[300];
    if (!in->options->line)
        return;
    snprintf(line, sizeof line, "%.*s: row %u: %s", STR_ARG(in->table.name), in->table.row, what);
    in->options->line(in->options->context, line);
}

/* ---- what stands in the ledger ---- */

typedef struct known {
    bool there;
    str text_hash, captured;
} known;

static status find_known(importing *in, str id, known *out) {
    statement s =
        statement_of(in->l,
                     "SELECT v.text_hash, coalesce(v.captured, '') FROM document JOIN version AS v ON"
                     " v.key = document.current WHERE document.id = ?",
                     in->f);
    give_text(&s, id);
    if (statement_row(&s))
        *out = (known){true, arena_copy(&in->row, take_text(&s, 0)), arena_copy(&in->row, take_text(&s, 1))};
    return statement_done(&s);
}

/* "2026-01-31T10:20:30Z"; after `last`, so that what was imported last counts however quickly it came. */
static str time_after(arena *a, str last) {
    struct tm parts = {0};
    time_t now = time(NULL);
    enum { LONGEST = 32 };
    if (last.size && last.size < LONGEST && strptime(arena_cstring(a, last), "%Y-%m-%dT%H:%M:%S", &parts)) {
        time_t then = timegm(&parts);
        now = then >= now ? then + 1 : now;
    }
    return moment_text(a, now);
}

/* ---- rows ---- */

static str row_bytes(importing *in) {
    str all = in->table.bytes, line = STR("\n");
    const str parts[] = {str_slice(all, in->header_start, in->header_end), line,
                         str_slice(all, in->table.row_start, in->table.row_end), line};
    char *bytes = arena_take(&in->row, parts[0].size + parts[2].size + 2);
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(bytes + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    return (str){bytes, size};
}

static status keep_record(importing *in, record *r) {
    known before = {0};
    ledger_added added;
    status code = find_known(in, r->article.id, &before);
    if (code != STATUS_OK)
        return code;
    if (before.there && str_equal(before.text_hash, digest_hex(&in->row, sha256(r->article.text), 32))) {
        in->report->unchanged++;
        return STATUS_OK;
    }
    capture c = {.file = in->table.name,
                 .offset = in->table.row_start,
                 .bytes = row_bytes(in),
                 .media_type = STR("text/csv"),
                 .charset = STR("utf-8"),
                 .time = time_after(&in->row, before.captured)};
    c.body = c.bytes;
    r->article.sha256 = digest_hex(&in->row, sha256(c.bytes), 32);
    code = ledger_add(in->l, &c, &r->reading, STR_NONE, &added, in->f);
    if (code != STATUS_OK)
        return code;
    *(before.there ? &in->report->changed : &in->report->added) += 1;
    in->report->claims += r->reading.claims.size;
    return STATUS_OK;
}

static bool told_before(importing *in, const record *r) {
    str id = r->article.id;
    const json_t *row = json_object_getn(in->rows_of_ids, id.data, id.size);
    if (row) {
        char what[100];
        snprintf(what, sizeof what, "expected an id of its own, found that of row %lld",
                 (long long)json_integer_value(row));
        tell_row(in, what);
        return true;
    }
    json_object_setn_new(in->rows_of_ids, id.data, id.size, json_integer(in->table.row));
    return false;
}

static void tell_urls(importing *in, const record *r) {
    for (size_t i = 0; i < r->urls.size; i++) {
        in->report->urls++;
        if (in->options->url)
            in->options->url(in->options->context, r->urls.at[i]);
    }
}

static bool all_empty(const cells *row) {
    size_t filled = 0;
    for (size_t i = 0; i < row->size; i++)
        filled += row->at[i].size != 0;
    return !filled;
}

/* The hashtags of HXL stand in a row of their own under the header. */
static bool is_hashtags(const importing *in, const cells *row) {
    bool tags = in->table.row == 2;
    for (size_t i = 0; i < row->size && tags; i++)
        tags = !row->at[i].size || row->at[i].data[0] == '#';
    return tags;
}

static bool is_sound(importing *in, const cells *row, bool broken) {
    char what[120];
    str bytes = str_slice(in->table.bytes, in->table.row_start, in->table.row_end);
    if (broken)
        tell_row(in, "expected a quotation mark that ends the cell, found the end of the file");
    else if (!utf8_valid(bytes) || memchr(bytes.data, 0, bytes.size))
        tell_row(in, "expected UTF-8, found other bytes (save the table as CSV UTF-8)");
    else if (row->size != in->columns) {
        snprintf(what, sizeof what, "expected %zu cells as in the header, found %zu", in->columns, row->size);
        tell_row(in, what);
    } else
        return true;
    return false;
}

static status take_row(importing *in, const cells *row, bool broken) {
    const record_report report = {in, tell_wrong};
    record r;
    if (all_empty(row) || is_hashtags(in, row))
        return STATUS_OK;
    in->report->rows++;
    if (!is_sound(in, row, broken)) {
        in->report->bad++;
        return STATUS_OK;
    }
    record_make(&in->map, row, in->l->options.places, &report, &in->row, &r);
    if (r.bad || told_before(in, &r)) {
        in->report->bad++;
        return STATUS_OK;
    }
    tell_urls(in, &r);
    return keep_record(in, &r);
}

static status read_rows(importing *in) {
    cells row;
    bool broken;
    status code = STATUS_OK;
    while (code == STATUS_OK && table_next(&in->table, &in->row, &row, &broken)) {
        code = take_row(in, &row, broken);
        arena_reset(&in->row);
        if (code == STATUS_OK && store_cancelled(in->l))
            code = fail(in->f, STATUS_CANCELLED, "interrupted");
    }
    return code;
}

static status read_header(importing *in, arena *a) {
    cells header;
    bool broken;
    if (!table_next(&in->table, a, &header, &broken) || broken)
        return fail(in->f, STATUS_BAD_INPUT, "%.*s: expected a header with the names of columns",
                    STR_ARG(in->table.name));
    if (!utf8_valid(str_slice(in->table.bytes, 0, in->table.row_end)))
        return fail(in->f, STATUS_BAD_INPUT, "%.*s: expected CSV in UTF-8, found other bytes in the header",
                    STR_ARG(in->table.name));
    in->header_start = in->table.row_start;
    in->header_end = in->table.row_end;
    in->columns = header.size;
    return mapping_bind(&in->map, &header, &in->table, in->f);
}

status ledger_import(ledger *l, const import_input *input, const import_options *options,
                     import_report *report, failure *f) {
    arena a = arena_new((allocator){0});
    importing in = {.l = l,
                    .options = options,
                    .report = report,
                    .f = f,
                    .table = table_open(input->table, input->table_name),
                    .row = arena_new((allocator){0}),
                    .rows_of_ids = json_object()};
    *report = (import_report){0};
    status code = mapping_read(input->mapping, input->mapping_name, &a, &in.map, f);
    if (code == STATUS_OK)
        code = read_header(&in, &a);
    if (code == STATUS_OK)
        code = read_rows(&in);
    if (code == STATUS_OK || code == STATUS_CANCELLED) {
        status kept = ledger_commit(l, code == STATUS_OK ? f : NULL);
        code = code == STATUS_OK ? kept : code;
    }
    json_decref(in.rows_of_ids);
    arena_free(&in.row);
    arena_free(&a);
    return code;
}
