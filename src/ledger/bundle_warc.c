/* Captures as a web archive: WARC 1.1 (ISO 28500), each record a gzip member of its own; a CDXJ index; WACZ's
 * list of pages. What was received stands in `resource` records: the headers of the answer are not kept by a
 * capture, and are not made up. */
#include <stdlib.h>
#include <zlib.h>

#include "ledger/bundle.h"
#include "ledger/json.h"
#include "ledger/store.h"

/* Nothing in it may end a line or a field. */
str bundle_address(arena *a, const bundle_capture *c) {
    buffer b = {0};
    if (!c->url.size)
        return arena_printf(a, "urn:isnad:%.*s", STR_ARG(c->id));
    for (size_t i = 0; i < c->url.size; i++)
        if ((unsigned char)c->url.data[i] <= ' ' || c->url.data[i] == 127)
            buffer_printf(&b, "%%%02X", (unsigned char)c->url.data[i]);
        else
            buffer_add_byte(&b, c->url.data[i]);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

/* "YYYY-MM-DDThh:mm:ssZ"; a capture without such a time has that of the bundle. */
static str moment_of(const bundle_capture *c, str now) {
    return c->time.size == 20 && c->time.data[19] == 'Z' ? c->time : now;
}

static void put_header(buffer *b, const char *name, str value) {
    buffer_printf(b, "%s: ", name);
    for (size_t i = 0; i < value.size; i++)
        buffer_add_byte(b, (unsigned char)value.data[i] < ' ' ? ' ' : value.data[i]);
    buffer_add(b, STR("\r\n"));
}

/* The 32 digits of a capture's id as a UUID. */
static str record_id(arena *a, str id) {
    const char *d = id.size == 34 ? id.data + 2 : "00000000000000000000000000000000";
    return arena_printf(a, "<urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s>", d, d + 8, d + 12, d + 16, d + 20);
}

static bool gzip_member(buffer *out, str record) {
    z_stream z = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    size_t room = deflateBound(&z, (uLong)record.size) + 64;
    buffer_reserve(out, room);
    z.next_in = (Bytef *)(uintptr_t)record.data;
    z.avail_in = (uInt)record.size;
    z.next_out = (Bytef *)out->data + out->size;
    z.avail_out = (uInt)room;
    bool good = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out->size += room - z.avail_out;
    deflateEnd(&z);
    return good;
}

static bool collect(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

static status put_record(ledger *l, buffer *out, bundle_capture *c, str now, arena *a, failure *f) {
    buffer bytes = {0}, record = {0};
    str media = c->media_type.size ? c->media_type : STR("application/octet-stream");
    str hash = arena_printf(a, "sha256:%.*s", STR_ARG(c->sha256));
    status code = archive_walk(l, c->sequence, collect, &bytes, f);
    buffer_add(&record, STR("WARC/1.1\r\nWARC-Type: resource\r\n"));
    put_header(&record, "WARC-Record-ID", record_id(a, c->id));
    put_header(&record, "WARC-Target-URI", bundle_address(a, c));
    put_header(&record, "WARC-Date", moment_of(c, now));
    put_header(&record, "WARC-Payload-Digest", hash);
    put_header(&record, "WARC-Block-Digest", hash);
    put_header(&record, "Content-Type", media);
    buffer_printf(&record, "Content-Length: %zu\r\n\r\n", bytes.size);
    buffer_add(&record, buffer_str(&bytes));
    buffer_add(&record, STR("\r\n\r\n"));
    c->offset = out->size;
    if (code == STATUS_OK && (record.size >= UINT32_MAX / 2 || !gzip_member(out, buffer_str(&record))))
        code = fail(f, STATUS_IO, "capture %lld is too large for a bundle", (long long)c->sequence);
    c->length = out->size - c->offset;
    buffer_free(&bytes);
    buffer_free(&record);
    return code;
}

status bundle_warc(ledger *l, bundle_captures *captures, str now, arena *a, str *warc, failure *f) {
    buffer out = {0};
    str fields = STR("software: isnad " ISNAD_VERSION "\r\nformat: WARC File Format 1.1\r\n");
    str info =
        arena_printf(a,
                     "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: %.*s\r\nWARC-Date: %.*s\r\n"
                     "Content-Type: application/warc-fields\r\nContent-Length: %zu\r\n\r\n%.*s\r\n\r\n",
                     STR_ARG(record_id(a, STR("p-00000000000000000000000000000000"))), STR_ARG(now),
                     fields.size, STR_ARG(fields));
    status code = gzip_member(&out, info) ? STATUS_OK : fail(f, STATUS_INTERNAL, "zlib cannot begin");
    for (size_t i = 0; i < captures->size && code == STATUS_OK; i++)
        if (!captures->at[i].withdrawn)
            code = put_record(l, &out, &captures->at[i], now, a, f);
    if (code == STATUS_OK)
        *warc = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    return code;
}

/* ---- index and pages ---- */

/* "https://News.example/a" → "example,news)/a", as indexes of web archives are sorted. */
static str sort_key(arena *a, str url) {
    size_t at = str_find(url, STR("://"), 0);
    if (at == SIZE_MAX)
        return url;
    str rest = str_slice(url, at + 3, url.size), host = rest, path = STR("/");
    for (size_t i = 0; i < rest.size; i++)
        if (strchr("/?#", rest.data[i])) {
            host = str_slice(rest, 0, i);
            path = str_slice(rest, i, rest.size);
            break;
        }
    buffer b = {0};
    for (size_t end = host.size; end > 0;) {
        size_t from = end;
        while (from > 0 && host.data[from - 1] != '.')
            from--;
        buffer_add(&b, b.size ? STR(",") : STR(""));
        buffer_add(&b, str_slice(host, from, end));
        end = from ? from - 1 : 0;
    }
    buffer_add_byte(&b, ')');
    buffer_add(&b, path);
    for (size_t i = 0; i < b.size; i++)
        if (b.data[i] >= 'A' && b.data[i] <= 'Z')
            b.data[i] = (char)(b.data[i] - 'A' + 'a');
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static str digits_of(arena *a, str moment) {
    char *out = arena_alloc(a, moment.size + 1);
    size_t n = 0;
    for (size_t i = 0; i < moment.size; i++)
        if (moment.data[i] >= '0' && moment.data[i] <= '9')
            out[n++] = moment.data[i];
    return (str){out, n};
}

static str dumped(arena *a, json_t *o) {
    str out = json_dumped(a, o, JSON_COMPACT);
    json_decref(o);
    return out;
}

str bundle_index(const bundle_captures *captures, str now, arena *a) {
    string_list lines = {0};
    buffer b = {0};
    for (size_t i = 0; i < captures->size; i++) {
        const bundle_capture *c = &captures->at[i];
        if (c->withdrawn)
            continue;
        json_t *o = json_pack("{s:o, s:o, s:o}", "url", json_text(bundle_address(a, c)), "mime",
                              json_text(c->media_type.size ? c->media_type : STR("application/octet-stream")),
                              "digest", json_text(arena_printf(a, "sha256:%.*s", STR_ARG(c->sha256))));
        json_object_set_new(o, "length", json_text(arena_printf(a, "%llu", (unsigned long long)c->length)));
        json_object_set_new(o, "offset", json_text(arena_printf(a, "%llu", (unsigned long long)c->offset)));
        json_object_set_new(o, "filename", json_string("data.warc.gz"));
        str key = sort_key(a, bundle_address(a, c)), when = digits_of(a, moment_of(c, now)),
            rest = dumped(a, o);
        *VECTOR_PUSH(&lines, a) =
            arena_printf(a, "%.*s %.*s %.*s\n", STR_ARG(key), STR_ARG(when), STR_ARG(rest));
    }
    strings_sort(&lines);
    for (size_t i = 0; i < lines.size; i++)
        buffer_add(&b, lines.at[i]);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

str bundle_pages(const bundle_captures *captures, str now, arena *a) {
    buffer b = {0};
    buffer_add(&b, STR("{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"Captures\"}\n"));
    for (size_t i = 0; i < captures->size; i++) {
        const bundle_capture *c = &captures->at[i];
        if (c->withdrawn)
            continue;
        json_t *o =
            json_pack("{s:o, s:o, s:o, s:o}", "id", json_text(c->id), "url", json_text(bundle_address(a, c)),
                      "ts", json_text(moment_of(c, now)), "title", json_text(c->title));
        buffer_add(&b, dumped(a, o));
        buffer_add_byte(&b, '\n');
    }
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}
