/* What is taken out: exports, bundles of evidence, captures; the page as archived; two documents compared. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/zip.h"
#include "intake/kind.h"
#include "ledger/json.h"
#include "page/charset.h"
#include "serve/child.h"
#include "serve/filter.h"
#include "serve/inert.h"
#include "serve/jobs.h"
#include "serve/routes.h"
#include "text/compare.h"

enum { MOST_SHOWN = 64 * 1024 * 1024, BUNDLE_SECONDS = 300, MOST_BUNDLES = 100, PIECE = 64 * 1024 };

/* ---- names of what is saved ---- */

/* Nothing of a name comes from a page: letters, digits, dots and dashes alone. */
static void attach(exchange *x, str name) {
    char *safe = arena_cstring(x->a, name);
    for (char *c = safe; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '.'))
            *c = '-';
    exchange_header(x, "Content-Disposition",
                    arena_cstring(x->a, arena_printf(x->a, "attachment; filename=\"%s\"", safe)));
}

/* ---- exports ---- */

typedef struct exporting {
    ledger_what what;
    ledger_filter filter;
    export_options options;
    exchange_write write;
    void *to;
} exporting;

static bool pass_on(void *context, str bytes) {
    const exporting *e = context;
    return e->write(e->to, bytes);
}

static status write_export(exchange *x, exchange_write write, void *to, failure *f) {
    exporting *e = x->source_context;
    e->write = write;
    e->to = to;
    return ledger_export(x->ledger, e->what, &e->filter, &e->options, pass_on, e, f);
}

static const struct {
    const char *name, *type, *ending;
    bool points, incidents; /* of incidents and claims alone; of incidents alone */
} formats[] = {
    {"jsonl", "application/x-ndjson", "jsonl", false, false},
    {"csv", "text/csv; charset=utf-8", "csv", false, false},
    {"geojson", "application/geo+json", "geojson", true, false},
    {"kml", "application/vnd.google-earth.kml+xml", "kml", true, false},
    {"ucdp", "text/csv; charset=utf-8", "ucdp.csv", true, true},
    {"acled", "text/csv; charset=utf-8", "acled.csv", true, true},
};

static status format_of(exchange *x, str name, const ledger_what what, size_t *out, failure *f) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (!str_equal(name, str_of(formats[i].name)))
            continue;
        if ((formats[i].incidents && what != LEDGER_INCIDENTS) ||
            (formats[i].points && what != LEDGER_INCIDENTS && what != LEDGER_CLAIMS))
            return exchange_refuse(x, 400, "format", f, "format: %s is of %s", formats[i].name,
                                   formats[i].incidents ? "incidents" : "incidents and claims");
        *out = i;
        return STATUS_OK;
    }
    return exchange_refuse(x, 400, "format", f, "format: expected jsonl, csv, geojson, kml, ucdp or acled");
}

static status flag_of(exchange *x, const char *name, bool *out, failure *f) {
    str value = target_value(x->target, str_of(name));
    *out = str_equal(value, STR("1"));
    return !value.size || *out || str_equal(value, STR("0"))
               ? STATUS_OK
               : exchange_refuse(x, 400, name, f, "%s: expected 1 or 0", name);
}

/* By date, and all of it, where nothing else is asked for. */
static status filter_of(exchange *x, ledger_filter *out, failure *f) {
    static const char *const own[] = {"what", "format", "bom", "hxl", "raw", NULL};
    uint64_t limit = 0;
    status s = api_filter(x, own, out, f);
    if (s == STATUS_OK)
        s = exchange_number(x, "limit", 1, API_MAX_LIMIT, &limit, f);
    if (s == STATUS_OK)
        out->limit = limit;
    if (s == STATUS_OK && !target_value(x->target, STR("order")).size)
        out->order = ORDER_DATE;
    return s;
}

static status answer_export(exchange *x, failure *f) {
    exporting *e = ARENA_NEW(x->a, exporting, 1);
    str what = target_value(x->target, STR("what")), format = target_value(x->target, STR("format"));
    size_t row = 0;
    *e = (exporting){0};
    if (!ledger_what_named(what.size ? what : STR("incidents"), &e->what))
        return exchange_refuse(
            x, 400, "what", f,
            "what: expected incidents, claims, documents, voices, chains, summaries or tombstones");
    status s = format_of(x, format.size ? format : STR("jsonl"), e->what, &row, f);
    if (s == STATUS_OK)
        s = flag_of(x, "bom", &e->options.bom, f);
    if (s == STATUS_OK)
        s = flag_of(x, "hxl", &e->options.hxl, f);
    if (s == STATUS_OK)
        s = flag_of(x, "raw", &e->options.raw, f);
    if (s == STATUS_OK)
        s = filter_of(x, &e->filter, f);
    if (s != STATUS_OK)
        return s;
    export_format_named(str_of(formats[row].name), &e->options.format);
    x->type = formats[row].type;
    attach(x, arena_printf(x->a, "isnad-%.*s.%s", STR_ARG(what.size ? what : STR("incidents")),
                           formats[row].ending));
    exchange_stream(x, write_export, e);
    return STATUS_OK;
}

/* ---- bundles ---- */

typedef struct bundling {
    string_list ids;
    const char *folder;
    exchange_write write;
    void *to;
} bundling;

static bool note_id(void *context, str json) {
    bundling *b = context;
    json_t *row = json_parsed(json);
    json_array_append(b->to, json_object_get(row, "id"));
    json_decref(row);
    return json_array_size(b->to) <= MOST_BUNDLES;
}

/* The incidents that are asked for, as whoever asks may see them. */
static status find_incidents(exchange *x, string_list *out, failure *f) {
    ledger_filter filter;
    status s = filter_of(x, &filter, f);
    if (s != STATUS_OK)
        return s;
    bundling b = {.to = json_array()};
    if (filter.id.size) { /* also one that another has taken over */
        str json;
        s = ledger_incident(x->ledger, filter.id, x->a, &json, f);
        json_t *incident = s == STATUS_OK ? json_parsed(json) : NULL;
        json_array_append(b.to, json_object_get(incident, "id"));
        json_decref(incident);
    } else {
        filter.limit = MOST_BUNDLES + 1;
        s = ledger_query(x->ledger, LEDGER_SUMMARIES, &filter, note_id, &b, f);
    }
    for (size_t i = 0; i < json_array_size(b.to); i++) {
        str id = str_of(json_string_value(json_array_get(b.to, i)));
        if (s == STATUS_OK && ledger_is_whole(x->ledger, id, f) == STATUS_OK)
            *VECTOR_PUSH(out, x->a) = arena_copy(x->a, id);
    }
    json_decref(b.to);
    if (s == STATUS_OK && out->size > MOST_BUNDLES)
        return exchange_refuse(x, 400, NULL, f, "more than %d incidents pass: ask for fewer at a time",
                               MOST_BUNDLES);
    return s == STATUS_OK && !out->size ? exchange_refuse(x, 404, NULL, f, "no incident passes") : s;
}

static const char *bundle_path(arena *a, const char *folder, str id) {
    return arena_cstring(a, arena_printf(a, "%s/%.*s.wacz", folder, STR_ARG(id)));
}

/* Made by the own program as a child: a bundle is put together in memory. */
static status make_bundle(exchange *x, str id, const char *folder, failure *f) {
    const jobs_options *how = jobs_how(x->with->jobs);
    const char *words[] = {how->program,
                           "bundle",
                           "--ledger",
                           how->ledger,
                           "--output",
                           bundle_path(x->a, folder, id),
                           arena_cstring(x->a, id),
                           x->who->sees_sensitive ? NULL : "--no-sensitive",
                           NULL};
    child_answer told;
    status s = child_run(words, folder, BUNDLE_SECONDS, PIECE, exchange_ending, x->with, &told, f);
    if (s != STATUS_OK)
        return s;
    str line = buffer_str(&told.errors);
    size_t end = str_find(line, STR("\n"), 0);
    line = str_slice(line, str_starts(line, STR("isnad: ")) ? 7 : 0, end == SIZE_MAX ? line.size : end);
    if (told.code == STATUS_USAGE)
        s = exchange_refuse(x, 409, NULL, f, "%.*s", STR_ARG(line));
    else if (told.code != STATUS_OK)
        s = fail(f, told.code < 128 ? (status)told.code : STATUS_INTERNAL, "%.*s", STR_ARG(line));
    buffer_free(&told.out);
    buffer_free(&told.errors);
    return s;
}

static status pass_file(const char *path, exchange_write write, void *to, failure *f) {
    char piece[PIECE];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : 0;
    bool taken = true;
    while (file >= 0 && taken && (size = read(file, piece, sizeof piece)) > 0)
        taken = write(to, (str){piece, (size_t)size});
    int why = errno;
    if (file >= 0)
        close(file);
    if (size < 0)
        return fail(f, STATUS_IO, "the bundle cannot be read: %s", strerror(why));
    return taken ? STATUS_OK : fail(f, STATUS_IO, "nobody takes it any more");
}

static status write_one(exchange *x, exchange_write write, void *to, failure *f) {
    const bundling *b = x->source_context;
    status s = pass_file(bundle_path(x->a, b->folder, b->ids.at[0]), write, to, f);
    folder_remove(b->folder);
    return s;
}

static bool add_piece(void *to, str bytes) {
    buffer_add(to, bytes);
    return true;
}

/* One after another: no more than one is on the disk, or in memory, at a time. */
static status write_many(exchange *x, exchange_write write, void *to, failure *f) {
    const bundling *b = x->source_context;
    zip_writer zip = {.write = write, .context = to};
    status s = STATUS_OK;
    for (size_t i = 0; i < b->ids.size && s == STATUS_OK && !zip.failed; i++) {
        const char *path = bundle_path(x->a, b->folder, b->ids.at[i]);
        buffer bytes = {0};
        s = i == 0 ? STATUS_OK : make_bundle(x, b->ids.at[i], b->folder, f); /* the first is there */
        if (s == STATUS_OK)
            s = pass_file(path, add_piece, &bytes, f);
        if (s == STATUS_OK)
            zip_add(&zip, arena_printf(x->a, "%.*s.wacz", STR_ARG(b->ids.at[i])), buffer_str(&bytes));
        buffer_free(&bytes);
        unlink(path);
    }
    bool whole = zip_end(&zip);
    folder_remove(b->folder);
    return s == STATUS_OK && !whole ? fail(f, STATUS_IO, "nobody takes it any more") : s;
}

static status answer_bundle(exchange *x, failure *f) {
    bundling *b = ARENA_NEW(x->a, bundling, 1);
    *b = (bundling){0};
    if (!x->with->jobs || !jobs_how(x->with->jobs)->program)
        return exchange_refuse(x, 503, NULL, f, "this server makes no bundles: isnad bundle does");
    status s = find_incidents(x, &b->ids, f);
    if (s == STATUS_OK)
        s = jobs_folder(x->with->jobs, x->a, &b->folder, f);
    if (s != STATUS_OK)
        return s;
    s = make_bundle(x, b->ids.at[0], b->folder, f);
    if (s != STATUS_OK) {
        folder_remove(b->folder);
        return s;
    }
    bool one = b->ids.size == 1;
    x->type = one ? "application/wacz" : "application/zip";
    attach(x, one ? arena_printf(x->a, "%.*s.wacz", STR_ARG(b->ids.at[0])) : STR("isnad-evidence.zip"));
    exchange_stream(x, one ? write_one : write_many, b);
    return STATUS_OK;
}

/* ---- captures ---- */

typedef struct finding {
    exchange *x;
    status (*give)(exchange *x, const ledger_stored *page, failure *f);
    failure *f;
    status code;
} finding;

static bool take_page(void *context, const ledger_stored *page) {
    finding *w = context;
    w->code = page->why.size ? exchange_refuse(w->x, 410, NULL, w->f, "%.*s", STR_ARG(page->why))
                             : w->give(w->x, page, w->f);
    return false;
}

/* The document as whoever asks may see it, and the number of the version that is asked for. */
static status find_document(exchange *x, str id, const char *version, json_t **out, failure *f) {
    uint64_t number = 0;
    str json;
    status s = exchange_number(x, version, 0, UINT32_MAX, &number, f);
    if (s == STATUS_OK)
        s = ledger_document(x->ledger, id, (uint32_t)number, x->a, &json, f);
    if (s == STATUS_OK)
        *out = json_parsed(json);
    return s == STATUS_OK && !*out ? fail(f, STATUS_INTERNAL, "the document cannot be read") : s;
}

static status give_capture_of(exchange *x, status (*give)(exchange *, const ledger_stored *, failure *),
                              failure *f) {
    json_t *document = NULL;
    status s = find_document(x, x->id, "version", &document, f);
    if (s != STATUS_OK)
        return s;
    finding w = {.x = x, .give = give, .f = f};
    uint32_t version = (uint32_t)json_integer_value(json_object_get(document, "version"));
    str id = json_kept(x->a, document, "id");
    json_decref(document);
    s = ledger_stored_page(x->ledger, id, version, take_page, &w, f);
    return s == STATUS_OK ? w.code : s;
}

static status give_bytes(exchange *x, const ledger_stored *page, failure *f) {
    static const struct {
        const char *type, *ending;
    } endings[] = {{"text/html", "html"},
                   {"application/xhtml+xml", "xhtml"},
                   {"text/plain", "txt"},
                   {"application/json", "json"},
                   {"application/pdf", "pdf"}};
    const char *ending = "bin";
    (void)f;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_equal(page->capture.media_type, str_of(endings[i].type)))
            ending = endings[i].ending;
    x->type = "application/octet-stream";
    str name = str_slice(page->document, 0, page->document.size < 100 ? page->document.size : 100);
    attach(x, arena_printf(x->a, "capture-%.*s-%u.%s", STR_ARG(name), page->version, ending));
    exchange_header(x, "Content-Security-Policy", "sandbox; default-src 'none'");
    buffer_add(&x->answer, page->capture.bytes);
    return STATUS_OK;
}

static status answer_capture(exchange *x, failure *f) {
    return give_capture_of(x, give_bytes, f);
}

static bool is_one_of(str type, const char *const *types) {
    for (; *types; types++)
        if (str_equal(type, str_of(*types)))
            return true;
    return false;
}

/* A page is what says that it is one, or begins like one and says nothing that it could be besides. */
static bool is_page(const capture *c, str text) {
    static const char *const pages[] = {"text/html", "application/xhtml+xml", NULL};
    static const char *const unsaid[] = {"", "application/octet-stream", "multipart/related",
                                         "message/rfc822", NULL};
    const char *why;
    if (is_one_of(c->media_type, pages))
        return true;
    return (!c->media_type.data || is_one_of(c->media_type, unsaid)) &&
           kind_of(str_slice(text, 0, text.size < KIND_HEAD ? text.size : KIND_HEAD), STR(""), &why) ==
               FILE_HTML;
}

/* JSON is put as people read it, with its members in their order. */
static void show_json(str text, arena *a, buffer *out) {
    json_t *value = json_loadb(text.data, text.size, JSON_DECODE_ANY, NULL);
    str shown = value ? json_dumped(a, value, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY) : text;
    inert_text(shown, out);
    json_decref(value);
}

static status give_archived(exchange *x, const ledger_stored *page, failure *f) {
    capture c = page->capture;
    (void)f;
    intake_restore(&c, MOST_SHOWN, x->a);
    str body = str_slice(c.body, 0, c.body.size < MOST_SHOWN ? c.body.size : MOST_SHOWN);
    bool json = c.kind == CAPTURE_JSON_RECORD;
    bool markup = !json && is_page(&c, body);
    str text = charset_decode(body, c.charset, markup, x->a).text;
    if (markup)
        inert_html(text, &x->answer);
    else if (json)
        show_json(text, x->a, &x->answer);
    else
        inert_text(text, &x->answer);
    x->type = "text/html; charset=utf-8";
    exchange_header(x, "Content-Security-Policy", INERT_POLICY);
    exchange_header(x, "X-Frame-Options", "SAMEORIGIN");
    exchange_header(x, "X-DNS-Prefetch-Control", "off");
    exchange_header(x, "Cross-Origin-Resource-Policy", "same-origin");
    return STATUS_OK;
}

static status answer_archive(exchange *x, failure *f) {
    return give_capture_of(x, give_archived, f);
}

/* ---- two documents ---- */

/* {"id", "version", "url", "outlet", "published", "title", "sha256"} */
static json_t *side_told(const json_t *document) {
    static const char *const keys[] = {"url", "outlet", "published", "title", "sha256"};
    const json_t *read = json_object_get(document, "reading");
    json_t *o = json_object();
    json_object_set(o, "id", json_object_get(document, "id"));
    json_object_set(o, "version", json_object_get(document, "version"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(read, keys[i]);
        json_object_set(o, keys[i], value ? value : json_null());
    }
    return o;
}

static str text_of(const json_t *document) {
    str text = json_str(json_object_get(document, "reading"), "text");
    return text.data ? text : STR("");
}

static status answer_compare(exchange *x, failure *f) {
    json_t *two[2] = {NULL, NULL};
    str with = target_value(x->target, STR("with"));
    if (!with.size)
        return exchange_refuse(x, 400, "with", f, "with: expected the id of a document");
    status s = find_document(x, x->id, "version", &two[0], f);
    if (s == STATUS_OK)
        s = find_document(x, with, "with_version", &two[1], f);
    if (s == STATUS_OK) {
        comparison found;
        text_compare(text_of(two[0]), text_of(two[1]), x->a, &found);
        json_t *o = json_pack("{s:s, s:o, s:o}", "format", "isnad-compare/1", "before", side_told(two[0]),
                              "after", side_told(two[1])),
               *told = comparison_told(&found);
        json_object_update(o, told);
        json_decref(told);
        s = exchange_json(x, o, f);
    }
    json_decref(two[0]);
    json_decref(two[1]);
    return s;
}

const route routes_export[] = {
    {HTTP_GET, "export", ROLE_READER, "export", 0, answer_export, ROUTE_SLOW},
    {HTTP_GET, "bundle", ROLE_READER, "export", 0, answer_bundle, ROUTE_SLOW},
    {HTTP_GET, "documents/{id}/capture", ROLE_READER, "export", 0, answer_capture, 0},
    {HTTP_GET, "documents/{id}/archive", ROLE_PUBLIC, "read", 0, answer_archive, 0},
    {HTTP_GET, "documents/{id}/compare", ROLE_PUBLIC, "read", 0, answer_compare, ROUTE_OF_LEDGER},
    {0},
};
