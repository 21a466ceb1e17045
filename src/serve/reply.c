#include "serve/server.h"

#include <stdlib.h>
#include <zlib.h>

static const char *const HEADERS[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
     "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

typedef struct headers {
    const char *type, *cache, *etag, *encoding;
    const exchange_line *further;
    size_t further_count;
} headers;

static enum MHD_Result send_response(server *s, struct MHD_Connection *to, unsigned code,
                                     struct MHD_Response *response, const headers *h) {
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++)
        s->http.MHD_add_response_header(response, HEADERS[i][0], HEADERS[i][1]);
    const char *const own[][2] = {{"Content-Type", h->type},
                                  {"Cache-Control", h->cache},
                                  {"ETag", h->etag},
                                  {"Content-Encoding", h->encoding},
                                  {"Vary", h->etag ? "Accept-Encoding" : NULL}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (own[i][1])
            s->http.MHD_add_response_header(response, own[i][0], own[i][1]);
    }
    for (size_t i = 0; i < h->further_count; i++)
        s->http.MHD_add_response_header(response, h->further[i].name, h->further[i].value);
    enum MHD_Result result = s->http.MHD_queue_response(to, code, response);
    s->http.MHD_destroy_response(response);
    return result;
}

enum MHD_Result send_exchange(server *s, struct MHD_Connection *to, exchange *x) {
    headers h = {.type = x->type ? x->type : "application/json",
                 .cache = "no-store",
                 .further = x->headers.at,
                 .further_count = x->headers.size};
    if (x->code == 204)
        h.type = NULL;
    struct MHD_Response *response =
        s->http.MHD_create_response_from_buffer(x->answer.size, x->answer.data, MHD_RESPMEM_MUST_FREE);
    if (response)
        x->answer = (buffer){0};
    return send_response(s, to, x->code, response, &h);
}

static bool takes_gzip(server *s, struct MHD_Connection *c) {
    const char *accepted = header_of(s, c, "Accept-Encoding");
    const char *gzip = accepted ? strstr(accepted, "gzip") : NULL;
    return gzip && strncmp(gzip + 4, ";q=0", 4) != 0;
}

static struct MHD_Response *unpacked(server *s, const asset *file) {
    unsigned char *content = malloc(file->size + 1);
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)file->gzip,
                       .avail_in = (unsigned)file->gzip_size,
                       .next_out = content,
                       .avail_out = (unsigned)file->size + 1};
    if (!content || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
        free(content);
        return NULL;
    }
    int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    struct MHD_Response *response =
        result == Z_STREAM_END
            ? s->http.MHD_create_response_from_buffer(file->size, content, MHD_RESPMEM_MUST_FREE)
            : NULL;
    if (!response)
        free(content);
    return response;
}

enum MHD_Result send_asset(server *s, struct MHD_Connection *to, const asset *file) {
    headers h = {.type = file->type, .cache = "no-cache", .etag = file->etag};
    const char *known = header_of(s, to, "If-None-Match");
    if (known && strstr(known, file->etag))
        return send_response(s, to, 304,
                             s->http.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT), &h);
    if (!takes_gzip(s, to))
        return send_response(s, to, 200, unpacked(s, file), &h);
    h.encoding = "gzip";
    void *packed = (void *)(uintptr_t)file->gzip;
    return send_response(
        s, to, 200, s->http.MHD_create_response_from_buffer(file->gzip_size, packed, MHD_RESPMEM_PERSISTENT),
        &h);
}

const asset *find_asset(str path) {
    for (size_t i = 0; i < asset_count; i++) {
        if (str_equal(path, str_of(assets[i].path)))
            return &assets[i];
    }
    return NULL;
}
