#include "serve/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "serve/hosts.h"

/* A request on its way in. */
typedef struct request {
    server *server;
    struct MHD_Connection *connection;
    char peer[INET6_ADDRSTRLEN];
    char *raw;      /* the target as it was sent, before any decoding */
    bool begun;     /* its headers have been looked at */
    bool too_large; /* its body is; what else comes of it is thrown away */
    int file;       /* -1, or where an upload goes */
    char path[256]; /* of that file */
    const route *route;
    const asset *asset;
    buffer body;
    arena memory;
    target target;
    exchange x;
} request;

const char *header_of(server *s, struct MHD_Connection *c, const char *name) {
    return s->http.MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static const char *look_up(const void *context, const char *name) {
    const request *r = context;
    return header_of(r->server, r->connection, name);
}

/* ---- pages and files ---- */

static const char *const PAGES[] = {"incidents", "documents", "search"};

static bool is_page(const target *t) {
    if (t->segments.size == 0)
        return true;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        if (str_equal(t->segments.at[0], str_of(PAGES[i])))
            return t->segments.size <= 2;
    }
    return false;
}

static str asset_path(const target *t, arena *a) {
    str path = t->segments.at[1];
    for (size_t i = 2; i < t->segments.size; i++)
        path = arena_printf(a, "%.*s/%.*s", STR_ARG(path), STR_ARG(t->segments.at[i]));
    return path;
}

/* ---- the headers ---- */

static http_method method_named(const char *name) {
    static const struct {
        const char *name;
        http_method method;
    } methods[] = {{"GET", HTTP_GET},     {"HEAD", HTTP_GET},      {"POST", HTTP_POST},
                   {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OPTIONS}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    }
    return HTTP_NONE;
}

/* Answers at once where the method is none of `allow`. */
static status check_method(exchange *x, bool allowed, const char *allow, failure *f) {
    if (allowed)
        return STATUS_OK;
    exchange_header(x, "Allow", allow);
    if (x->method == HTTP_OPTIONS) {
        x->code = 204;
        return STATUS_OK;
    }
    return exchange_refuse(x, 405, NULL, f, "this address takes %s", allow);
}

static status find_file(request *r, failure *f) {
    const target *t = &r->target;
    bool page = is_page(t);
    if (!page && (t->segments.size < 2 || !str_equal(t->segments.at[0], STR("assets"))))
        return exchange_refuse(&r->x, 404, NULL, f, "there is no such address");
    r->asset = find_asset(page ? STR("index.html") : asset_path(t, &r->memory));
    if (!r->asset)
        return exchange_refuse(&r->x, 404, NULL, f, "there is no such file");
    return check_method(&r->x, r->x.method == HTTP_GET, "GET, HEAD, OPTIONS", f);
}

static const access_who LOCAL = {
    .name = {"", 0}, .role = ROLE_READER, .scopes = SCOPE_ALL, .sees_sensitive = true};

static status check_who(request *r, failure *f) {
    exchange *x = &r->x;
    const serve_services *with = x->with;
    status s = with->identify ? with->identify(x, r->route, f) : STATUS_OK;
    if (s != STATUS_OK || route_allowed(r->route, x->who))
        return s;
    if (x->who->role <= ROLE_PUBLIC)
        return exchange_refuse(x, 401, NULL, f, "for this one has to sign in");
    return exchange_refuse(x, 403, NULL, f, "this is not among what you may do here");
}

static bool is_json(str type) {
    size_t end = str_find(type, STR(";"), 0);
    return str_equal_ascii_nocase(str_trim(str_slice(type, 0, end == SIZE_MAX ? type.size : end)),
                                  STR("application/json"));
}

/* A body that is too large or of the wrong kind is refused before it is read. */
static status check_body(request *r, failure *f) {
    exchange *x = &r->x;
    str length = exchange_asked(x, "Content-Length");
    bool chunked = exchange_asked(x, "Transfer-Encoding").data;
    uint64_t size = 0;
    if (length.data && !target_number(length, INT64_MAX, &size))
        return exchange_refuse(x, 400, NULL, f, "Content-Length: expected a number");
    if (size > r->route->body_limit || (chunked && r->route->body_limit == 0))
        return exchange_refuse(x, 413, NULL, f, "the body: expected at most %zu bytes", r->route->body_limit);
    if ((size > 0 || chunked) && !(r->route->flags & ROUTE_UPLOAD) &&
        !is_json(exchange_asked(x, "Content-Type")))
        return exchange_refuse(x, 415, NULL, f, "Content-Type: expected application/json");
    return STATUS_OK;
}

static status open_upload(request *r, failure *f) {
    if (!(r->route->flags & ROUTE_UPLOAD))
        return STATUS_OK;
    snprintf(r->path, sizeof r->path, "%s/upload-XXXXXX", r->server->folder);
    r->file = mkostemp(r->path, O_CLOEXEC);
    if (r->file < 0)
        return fail(f, STATUS_IO, "no file can be made for what is sent: %s", strerror(errno));
    r->x.upload = r->path;
    return STATUS_OK;
}

static status find_route(request *r, failure *f) {
    exchange *x = &r->x;
    const char *allow;
    r->route = route_find(&r->target, x->method, x, &allow);
    if (!r->route && !allow)
        return exchange_refuse(x, 404, NULL, f, "there is no such address");
    status s = check_method(x, r->route, allow, f);
    if (s != STATUS_OK || !r->route)
        return s;
    s = check_who(r, f);
    if (s == STATUS_OK)
        s = check_body(r, f);
    return s == STATUS_OK ? open_upload(r, f) : s;
}

static bool is_api(const target *t) {
    return t->segments.size >= 2 && str_equal(t->segments.at[0], STR("api")) &&
           str_equal(t->segments.at[1], STR("v1"));
}

static status look_at_headers(request *r, const char *method, failure *f) {
    server *s = r->server;
    exchange *x = &r->x;
    x->method = method_named(method);
    if (!host_allowed(s->options, s->port, header_of(s, r->connection, "Host")))
        return exchange_refuse(x, 421, NULL, f, "this server does not go by the name in the Host header");
    if (!target_parse(str_of(r->raw), &r->memory, &r->target))
        return exchange_refuse(x, 400, NULL, f, "this is no address of this server");
    return is_api(&r->target) ? find_route(r, f) : find_file(r, f);
}

/* ---- the body, and the answer ---- */

static bool write_all(int file, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static bool take_body(request *r, str piece) {
    exchange *x = &r->x;
    if (r->route == NULL || piece.size > r->route->body_limit - x->upload_size) {
        r->too_large = true;
        return true;
    }
    x->upload_size += piece.size;
    if (r->file >= 0)
        return write_all(r->file, piece.data, piece.size);
    buffer_add(&r->body, piece);
    return true;
}

static bool add_bytes(void *to, str bytes) {
    buffer_add(to, bytes);
    return true;
}

static void answer(request *r) {
    exchange *x = &r->x;
    failure f = {0};
    status s = STATUS_OK;
    if (r->file >= 0)
        close(r->file);
    r->file = -1;
    x->body = buffer_str(&r->body);
    x->ledger = r->server->ledger;
    if (r->too_large)
        s = exchange_refuse(x, 413, NULL, &f, "the body: expected at most %zu bytes", r->route->body_limit);
    else
        s = r->route->answer(x, &f);
    if (s == STATUS_OK && x->source)
        s = x->source(x, add_bytes, &x->answer, &f);
    if (s != STATUS_OK)
        exchange_failed(x, s, &f);
    else if (x->code == 0)
        x->code = 200;
}

enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *upload, size_t *upload_size,
                           void **state) {
    (void)url, (void)version;
    server *s = context;
    request *r = *state;
    if (!r)
        return MHD_NO;
    if (!r->begun) {
        failure f = {0};
        r->begun = true;
        r->connection = connection;
        status result = look_at_headers(r, method, &f);
        if (result != STATUS_OK)
            exchange_failed(&r->x, result, &f);
        return r->x.code ? send_exchange(s, connection, &r->x) : MHD_YES;
    }
    if (*upload_size > 0) {
        bool taken = take_body(r, (str){upload, *upload_size});
        *upload_size = 0;
        return taken ? MHD_YES : MHD_NO;
    }
    if (r->asset)
        return send_asset(s, connection, r->asset);
    answer(r);
    return send_exchange(s, connection, &r->x);
}

static void tell_peer(request *r) {
    const union MHD_ConnectionInfo *info =
        r->server->http.MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const socket_address *from = info ? (const socket_address *)info->client_addr : NULL;
    if (from && from->any.sa_family == AF_INET)
        inet_ntop(AF_INET, &from->four.sin_addr, r->peer, sizeof r->peer);
    else if (from && from->any.sa_family == AF_INET6)
        inet_ntop(AF_INET6, &from->six.sin6_addr, r->peer, sizeof r->peer);
}

void *on_target(void *context, const char *raw, struct MHD_Connection *connection) {
    request *r = calloc(1, sizeof *r);
    char *copy = strdup(raw);
    if (!r || !copy) {
        free(r);
        free(copy);
        return NULL;
    }
    r->server = context;
    r->connection = connection;
    r->raw = copy;
    r->file = -1;
    r->memory = arena_new((allocator){0});
    tell_peer(r);
    r->x = (exchange){.target = &r->target,
                      .peer = r->peer,
                      .base = "/",
                      .who = &LOCAL,
                      .with = &r->server->services,
                      .a = &r->memory,
                      .look_up = look_up,
                      .request = r};
    return r;
}

void on_done(void *context, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode how) {
    (void)context, (void)connection, (void)how;
    request *r = *state;
    *state = NULL;
    if (!r)
        return;
    if (r->file >= 0)
        close(r->file);
    if (r->x.upload)
        unlink(r->path);
    buffer_free(&r->body);
    buffer_free(&r->x.answer);
    arena_free(&r->memory);
    free(r->raw);
    free(r);
}
