#include "serve/server.h"

#include <stdlib.h>
#include <zlib.h>

static const exchange_line SAFETY[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data: "
     "blob:; "
     "font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'self'; "
     "form-action 'self'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"},
};
/* Of pages that others may show in a frame. */
static const char EMBEDDED[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors *";

/* ---- what the asker takes and has ---- */

static bool is_zero(str weight) {
    for (size_t i = 0; i < weight.size; i++) {
        if (weight.data[i] != '0' && weight.data[i] != '.')
            return false;
    }
    return true;
}

bool takes_encoding(const char *accepted, const char *encoding) {
    str one, name, weight;
    for (size_t at = 0; accepted && str_piece(str_of(accepted), &at, ',', &one);) {
        size_t part = 0;
        str_piece(one, &part, ';', &name);
        if (!str_equal_ascii_nocase(str_trim(name), str_of(encoding)))
            continue;
        weight = part < one.size ? str_trim(str_slice(one, part, one.size)) : STR("q=1");
        return !(str_starts(weight, STR("q=")) && is_zero(str_slice(weight, 2, weight.size)));
    }
    return false;
}

/* Compared weakly: "W/" says nothing. */
bool tag_known(const char *known, const char *tag) {
    const char *bare = strncmp(tag, "W/", 2) == 0 ? tag + 2 : tag;
    return strstr(known, bare) != NULL;
}

/* ---- headers ---- */

static bool is_among(const exchange *x, const char *name) {
    for (size_t i = 0; i < x->headers.size; i++) {
        if (str_equal_ascii_nocase(str_of(x->headers.at[i].name), str_of(name)))
            return true;
    }
    return false;
}

static bool may_be_framed(const request *r) {
    const serve_services *with = &r->server->services;
    return r->embedded && with->is_public && with->is_public(with);
}

static void add_headers(request *r, struct MHD_Response *response, const exchange_line *own, size_t count) {
    const http_library *http = &r->server->http;
    bool framed = may_be_framed(r);
    for (size_t i = 0; i < sizeof SAFETY / sizeof *SAFETY; i++) {
        const char *value = framed && i == 0 ? EMBEDDED : SAFETY[i].value;
        if (!is_among(&r->x, SAFETY[i].name) && !(framed && i == 2))
            http->MHD_add_response_header(response, SAFETY[i].name, value);
    }
    if (r->x.secure)
        http->MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    for (size_t i = 0; i < count; i++) {
        if (own[i].value && !is_among(&r->x, own[i].name))
            http->MHD_add_response_header(response, own[i].name, own[i].value);
    }
    for (size_t i = 0; i < r->x.headers.size; i++) {
        if (r->x.headers.at[i].value[0])
            http->MHD_add_response_header(response, r->x.headers.at[i].name, r->x.headers.at[i].value);
    }
}

static enum MHD_Result queue(request *r, unsigned code, struct MHD_Response *response) {
    if (!response)
        return MHD_NO;
    enum MHD_Result result = r->server->http.MHD_queue_response(r->connection, code, response);
    r->server->http.MHD_destroy_response(response);
    return result;
}

/* ---- files ---- */

static struct MHD_Response *unpacked(const server *s, const asset *file) {
    unsigned char *content = malloc(file->size + 1);
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)file->gzip,
                  .avail_in = (unsigned)file->gzip_size,
                  .next_out = content,
                  .avail_out = (unsigned)file->size + 1};
    if (!content || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) {
        free(content);
        return NULL;
    }
    int result = inflate(&z, Z_FINISH);
    inflateEnd(&z);
    struct MHD_Response *response =
        result == Z_STREAM_END
            ? s->http.MHD_create_response_from_buffer(file->size, content, MHD_RESPMEM_MUST_FREE)
            : NULL;
    if (!response)
        free(content);
    return response;
}

static struct MHD_Response *constant(const server *s, const void *bytes, size_t size) {
    return s->http.MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
}

typedef struct sent_file {
    const char *type, *tag, *cache, *encoding;
    struct MHD_Response *response;
} sent_file;

static enum MHD_Result send_file(request *r, sent_file file) {
    const server *s = r->server;
    const char *known = header_of(r->server, r->connection, "If-None-Match");
    unsigned code = 200;
    if (known && tag_known(known, file.tag)) {
        if (file.response)
            s->http.MHD_destroy_response(file.response);
        file.response = constant(s, "", 0);
        file.encoding = NULL;
        code = 304;
    }
    const exchange_line own[] = {{"Content-Type", file.type},
                                 {"Cache-Control", file.cache},
                                 {"ETag", file.tag},
                                 {"Content-Encoding", file.encoding},
                                 {"Vary", "Accept-Encoding"}};
    if (file.response)
        add_headers(r, file.response, own, sizeof own / sizeof *own);
    return queue(r, code, file.response);
}

static enum MHD_Result send_asset(request *r) {
    const asset *file = r->asset;
    const char *accepted = header_of(r->server, r->connection, "Accept-Encoding");
    sent_file out = {.type = file->type,
                     .tag = file->etag,
                     .cache = file->forever ? "public, max-age=31536000, immutable" : "no-cache"};
    guest_has(r->guest, file->size);
    if (file->brotli && takes_encoding(accepted, "br")) {
        out.encoding = "br";
        out.response = constant(r->server, file->brotli, file->brotli_size);
    } else if (takes_encoding(accepted, "gzip")) {
        out.encoding = "gzip";
        out.response = constant(r->server, file->gzip, file->gzip_size);
    } else {
        out.response = unpacked(r->server, file);
    }
    return send_file(r, out);
}

static enum MHD_Result send_page(request *r) {
    const front_page *page = &r->server->page;
    bool packed = takes_encoding(header_of(r->server, r->connection, "Accept-Encoding"), "gzip");
    const buffer *bytes = packed ? &page->gzip : &page->plain;
    return send_file(r, (sent_file){.type = "text/html; charset=utf-8",
                                    .tag = page->etag,
                                    .cache = "no-cache",
                                    .encoding = packed ? "gzip" : NULL,
                                    .response = constant(r->server, bytes->data, bytes->size)});
}

/* ---- answers ---- */

static ssize_t read_stream(void *context, uint64_t at, char *to, size_t most) {
    request *r = context;
    size_t size;
    stream_state state = stream_read(r->stream, at, to, most, &size);
    guest_has(r->guest, 0);
    if (state == STREAM_GOES_ON && size == 0)
        guest_has_all_time(r->guest);
    return state == STREAM_GOES_ON ? (ssize_t)size
           : state == STREAM_ENDED ? MHD_CONTENT_READER_END_OF_STREAM
                                   : MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t read_events(void *context, uint64_t at, char *to, size_t most) {
    (void)at;
    request *r = context;
    size_t size;
    return hub_read(r->x.listener, r->connection, to, most, &size) ? (ssize_t)size
                                                                   : MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *response_of(request *r) {
    const http_library *http = &r->server->http;
    exchange *x = &r->x;
    if (r->stream)
        return http->MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_IN_MEMORY, read_stream, r,
                                                       NULL);
    if (x->listener)
        return http->MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_events, r, NULL);
    guest_has(r->guest, x->answer.size);
    struct MHD_Response *response =
        http->MHD_create_response_from_buffer(x->answer.size, x->answer.data, MHD_RESPMEM_MUST_FREE);
    if (response)
        x->answer = (buffer){0};
    return response;
}

/* Nothing is kept by the browser but what follows from the ledger and shows nothing sensitive. */
static const char *caching(const request *r) {
    const exchange *x = &r->x;
    bool may = r->tag[0] && (x->code == 200 || x->code == 304) &&
               (accounts_alone(x->with->access) || !x->who->sees_sensitive);
    return may ? "private, no-cache" : "no-store";
}

static enum MHD_Result send_exchange(request *r) {
    const exchange *x = &r->x;
    struct MHD_Response *response = response_of(r);
    if (!response)
        return MHD_NO;
    bool tagged = r->tag[0] && (x->code == 200 || x->code == 304);
    const char *type = x->listener ? "text/event-stream" : x->type ? x->type : "application/json";
    const exchange_line own[] = {
        {"Content-Type", x->code == 204 || x->code == 304 || x->code == 308 ? NULL : type},
        {"Cache-Control", caching(r)},
        {"ETag", tagged ? r->tag : NULL},
        {"Content-Encoding", r->encoding},
        {"Vary", tagged ? "Accept-Encoding, Authorization, Cookie" : NULL}};
    add_headers(r, response, own, sizeof own / sizeof *own);
    if (x->listener)
        guest_has_all_time(r->guest);
    return queue(r, x->code, response);
}

enum MHD_Result send_answer(request *r) {
    return r->x.code == 0 && r->page    ? send_page(r)
           : r->x.code == 0 && r->asset ? send_asset(r)
                                        : send_exchange(r);
}
