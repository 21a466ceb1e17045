#include "serve/server.h"

#include <stdlib.h>

static const char *const HEADERS[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: "
     "blob:; "
     "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"},
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

static struct MHD_Response *unpacked(server *s, const asset *file) {
    unsigned char *content = asset_unpack(file);
    struct MHD_Response *response =
        content ? s->http.MHD_create_response_from_buffer(file->size, content, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!response)
        free(content);
    return response;
}

enum MHD_Result send_asset(server *s, struct MHD_Connection *to, const asset *file) {
    headers h = {.type = file->type, .cache = asset_cache(file), .etag = file->etag};
    const char *known = header_of(s, to, "If-None-Match");
    if (known && strstr(known, file->etag))
        return send_response(s, to, 304,
                             s->http.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT), &h);
    packed p = asset_packed(file, header_of(s, to, "Accept-Encoding"));
    if (!p.encoding)
        return send_response(s, to, 200, unpacked(s, file), &h);
    h.encoding = p.encoding;
    void *bytes = (void *)(uintptr_t)p.bytes;
    return send_response(s, to, 200,
                         s->http.MHD_create_response_from_buffer(p.size, bytes, MHD_RESPMEM_PERSISTENT), &h);
}
