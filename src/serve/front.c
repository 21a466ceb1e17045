#include "serve/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "serve/hosts.h"

const char *header_of(server *s, struct MHD_Connection *c, const char *name) {
    return s->http.MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static const char *look_up(const void *context, const char *name) {
    const request *r = context;
    return header_of(r->server, r->connection, name);
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

static str asset_path(const target *t, arena *a) {
    str path = t->segments.at[1];
    for (size_t i = 2; i < t->segments.size; i++)
        path = arena_printf(a, "%.*s/%.*s", STR_ARG(path), STR_ARG(t->segments.at[i]));
    return path;
}

static status find_file(request *r, failure *f) {
    const target *t = &r->target;
    r->page = is_page(t, &r->embedded);
    if (!r->page && (t->segments.size < 2 || !str_equal(t->segments.at[0], STR("assets"))))
        return exchange_refuse(&r->x, 404, NULL, f, "there is no such address");
    if (!r->page && !(r->asset = find_asset(asset_path(t, &r->memory))))
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

static size_t limit_of(const request *r) {
    uint64_t most = r->server->options->upload_bytes;
    return r->route->flags & ROUTE_UPLOAD && most ? (size_t)most : r->route->body_limit;
}

/* A body that is too large or of the wrong kind is refused before it is read. */
static status check_body(request *r, failure *f) {
    exchange *x = &r->x;
    str length = exchange_asked(x, "Content-Length");
    bool chunked = exchange_asked(x, "Transfer-Encoding").data;
    uint64_t size = 0;
    if (length.data && !target_number(length, INT64_MAX, &size))
        return exchange_refuse(x, 400, NULL, f, "Content-Length: expected a number");
    if (size > limit_of(r) || (chunked && limit_of(r) == 0))
        return exchange_refuse(x, 413, NULL, f, "the body: expected at most %zu bytes", limit_of(r));
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

/* The name that the browser asked for, and how: a proxy that is trusted says so. */
static bool known_host(request *r) {
    server *s = r->server;
    const char *host = header_of(s, r->connection, "Host");
    const char *proto = NULL;
    if (s->options->proxy) {
        const char *forwarded = header_of(s, r->connection, "X-Forwarded-Host");
        host = forwarded ? forwarded : host;
        proto = header_of(s, r->connection, "X-Forwarded-Proto");
    }
    r->x.secure = s->options->tls_certificate || (proto && strcmp(proto, "https") == 0);
    return host_allowed(s->options, s->port, host);
}

static enum MHD_Result note_forwarded(void *last, enum MHD_ValueKind kind, const char *name,
                                      const char *value) {
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0)
        *(const char **)last = value;
    return MHD_YES;
}

/* The last address of the list is the one that the proxy itself saw; a proxy may put it on a line of its own,
 * behind what it was sent. */
static void forwarded_peer(request *r) {
    const char *list = NULL;
    if (r->server->options->proxy)
        r->server->http.MHD_get_connection_values(r->connection, MHD_HEADER_KIND, note_forwarded, &list);
    str one, last = STR_NONE;
    for (size_t at = 0; list && str_piece(str_of(list), &at, ',', &one);)
        last = str_trim(one);
    struct in6_addr any;
    char text[INET6_ADDRSTRLEN];
    if (last.size == 0 || last.size >= sizeof text)
        return;
    memcpy(text, last.data, last.size);
    text[last.size] = '\0';
    if (inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1)
        memcpy(r->peer, text, sizeof text);
}

/* The target below the base path; STR_NONE where it is not. */
static str below_base(const server *s, str raw) {
    str start = str_slice(s->base, 0, s->base.size - 1);
    str rest = str_starts(raw, start) ? str_slice(raw, start.size, raw.size) : STR_NONE;
    return rest.size > 0 && rest.data[0] == '/' ? rest : STR_NONE;
}

static status other_path(request *r, str raw, failure *f) {
    const server *s = r->server;
    str start = str_slice(s->base, 0, s->base.size - 1);
    if (!str_equal(raw, start) || r->x.method != HTTP_GET)
        return exchange_refuse(&r->x, 404, NULL, f, "there is no such address");
    exchange_header(&r->x, "Location", arena_cstring(&r->memory, s->base));
    r->x.code = 308;
    return STATUS_OK;
}

static status look_at_headers(request *r, const char *method, failure *f) {
    exchange *x = &r->x;
    x->method = method_named(method);
    if (!known_host(r))
        return exchange_refuse(x, 421, NULL, f, "this server does not go by the name in the Host header");
    forwarded_peer(r);
    str raw = str_of(r->raw), below = below_base(r->server, raw);
    if (raw.size > 0 && raw.data[0] == '/' && !below.data)
        return other_path(r, raw, f);
    if (!target_parse(below, &r->memory, &r->target))
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
    if (r->no_room || r->route == NULL || piece.size > limit_of(r) - x->upload_size) {
        r->too_large = !r->no_room;
        return true;
    }
    x->upload_size += piece.size;
    if (r->file >= 0) {
        r->no_room = !write_all(r->file, piece.data, piece.size);
        return true;
    }
    buffer_add(&r->body, piece);
    return true;
}

static enum MHD_Result refuse_now(request *r, unsigned code, const char *message) {
    failure f = {0};
    exchange_failed(&r->x, exchange_refuse(&r->x, code, NULL, &f, "%s", message), &f);
    return send_answer(r);
}

/* The server was just started, and it is not the first page of all, which is told without (ledger_page). */
static bool waits_for_board(const request *r) {
    bool first = str_equal(str_of(r->route->path), STR("incidents"));
    for (size_t i = 0; i < r->target.fields.size; i++)
        first = first && (str_equal(r->target.fields.at[i].name, STR("limit")) ||
                          str_equal(r->target.fields.at[i].name, STR("order")));
    return (r->route->flags & ROUTE_OF_INCIDENTS) && !first && !ledger_board_stands(r->server->board);
}

/* The connection waits while the desk has the request answered. */
static enum MHD_Result give_to_desk(request *r) {
    server *s = r->server;
    if (r->file >= 0)
        close(r->file);
    r->file = -1;
    if (r->no_room)
        return refuse_now(r, 507, "there is no room on the server's disk for what is sent");
    if (r->too_large)
        return refuse_now(r, 413, "the body is larger than this address takes");
    r->whole = r->counted = true;
    r->task.slow = (r->route->flags & ROUTE_SLOW) != 0 || waits_for_board(r);
    r->x.body = buffer_str(&r->body);
    s->answering++;
    r->holders++;
    guest_has_all_time(r->guest);
    s->http.MHD_suspend_connection(r->connection);
    if (desk_give(s->desk, &r->task))
        return MHD_YES;
    s->http.MHD_resume_connection(r->connection);
    r->holders--;
    exchange_header(&r->x, "Retry-After", "5");
    failure f = {0};
    exchange_failed(&r->x, exchange_refuse(&r->x, 503, NULL, &f, "too many ask at once"), &f);
    r->answered = true;
    return MHD_YES;
}

static enum MHD_Result begin(request *r, const char *method) {
    failure f = {0};
    r->begun = true;
    guest_has(r->guest, 0);
    status result = look_at_headers(r, method, &f);
    if (result != STATUS_OK)
        exchange_failed(&r->x, result, &f);
    return r->x.code ? send_answer(r) : MHD_YES;
}

enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *upload, size_t *upload_size,
                           void **state) {
    (void)context, (void)connection, (void)url, (void)version;
    request *r = *state;
    if (!r)
        return MHD_NO;
    if (!r->begun)
        return begin(r, method);
    if (*upload_size > 0) {
        bool taken = take_body(r, (str){upload, *upload_size});
        *upload_size = 0;
        guest_has(r->guest, r->x.upload_size);
        return taken ? MHD_YES : MHD_NO;
    }
    if (r->whole && !r->answered)
        return MHD_YES;
    return r->answered || r->asset || r->page ? send_answer(r) : give_to_desk(r);
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

static guest *guest_of(server *s, struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        s->http.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* libmicrohttpd says of a request that is done, but not of one that it refused itself because its headers are
 * too large: that one is still there when the next one comes, or the connection goes. */
static void forget_refused(guest *of) {
    request *r = of ? of->request : NULL;
    if (!r)
        return;
    of->request = NULL;
    request_release(r);
}

void *on_target(void *context, const char *raw, struct MHD_Connection *connection) {
    guest *of = guest_of(context, connection);
    forget_refused(of);
    request *r = of ? calloc(1, sizeof *r) : NULL;
    char *copy = strdup(raw);
    if (!r || !copy) {
        free(r);
        free(copy);
        return NULL;
    }
    r->server = context;
    r->connection = connection;
    r->guest = of;
    of->request = r;
    r->holders = 1;
    r->raw = copy;
    r->file = -1;
    r->memory = arena_new((allocator){0});
    tell_peer(r);
    r->x = (exchange){.target = &r->target,
                      .peer = r->peer,
                      .base = r->server->base.data,
                      .who = &LOCAL,
                      .with = &r->server->services,
                      .a = &r->memory,
                      .look_up = look_up,
                      .request = r};
    return r;
}

void request_release(request *r) {
    if (--r->holders > 0)
        return;
    if (r->file >= 0)
        close(r->file);
    if (r->x.upload)
        unlink(r->path);
    if (r->stream)
        r->server->spilled--;
    stream_free(r->stream);
    buffer_free(&r->body);
    buffer_free(&r->x.answer);
    arena_free(&r->memory);
    free(r->raw);
    free(r);
}

void on_done(void *context, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode how) {
    (void)context, (void)connection, (void)how;
    request *r = *state;
    *state = NULL;
    if (!r)
        return;
    if (r->counted)
        r->server->answering--;
    if (r->stream)
        stream_leave(r->stream);
    hub_leave(r->x.listener);
    r->x.listener = NULL;
    guest_has(r->guest, 0);
    r->guest->request = NULL;
    request_release(r);
}

void on_connection(void *context, struct MHD_Connection *connection, void **guest_,
                   enum MHD_ConnectionNotificationCode what) {
    server *s = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            s->http.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *guest_ = info ? guest_comes(s->guests, info->connect_fd) : NULL;
    } else {
        forget_refused(*guest_);
        guest_leaves(s->guests, *guest_);
        *guest_ = NULL;
    }
}
