/* The server. It listens on this machine's own address, and even so a browser is between it and the world:
 * any page may make a browser ask any address. Three things keep such pages out. The name in the Host header
 * must be one of ours, so that a foreign name cannot be made to point here (DNS rebinding); answers say that
 * no other origin may read or frame them; and nothing can be changed by asking. What pages of the ledger
 * contain is held in check by the policy sent with every answer: scripts and styles come from the embedded
 * files alone, nothing is ever fetched from elsewhere, and no markup of a page is ever parsed.
 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "serve/api.h"
#include "serve/assets.h"
#include "serve/http_library.h"

enum { WAIT_MILLISECONDS = 200, CONNECTIONS = 128, IDLE_SECONDS = 30, CONNECTION_BYTES = 32 * 1024 };

typedef union socket_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} socket_address;

typedef struct server {
    const serve_options *options;
    http_library http;
    ledger *ledger;
    arena memory; /* of one request */
    socket_address address;
    const char *host;
    uint16_t port;
} server;

/* What is known of a request before its headers are. */
typedef struct request {
    char *raw;
} request;

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

/* ---- answering ---- */

typedef struct headers {
    const char *type, *cache, *etag, *encoding, *allow;
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
                                  {"Vary", h->etag ? "Accept-Encoding" : NULL},
                                  {"Allow", h->allow}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (own[i][1])
            s->http.MHD_add_response_header(response, own[i][0], own[i][1]);
    }
    enum MHD_Result result = s->http.MHD_queue_response(to, code, response);
    s->http.MHD_destroy_response(response);
    return result;
}

/* Hands `body` over. */
static enum MHD_Result send_json(server *s, struct MHD_Connection *to, unsigned code, buffer *body) {
    headers h = {.type = "application/json", .cache = "no-store", .allow = code == 405 ? "GET, HEAD" : NULL};
    struct MHD_Response *response =
        s->http.MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_FREE);
    if (!response)
        buffer_free(body);
    return send_response(s, to, code, response, &h);
}

static enum MHD_Result send_error(server *s, struct MHD_Connection *to, unsigned code, const char *message) {
    buffer body = {0};
    return send_json(s, to, api_error(code, message, &body), &body);
}

static const char *header_of(server *s, struct MHD_Connection *c, const char *name) {
    return s->http.MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static struct MHD_Response *unpacked(server *s, const asset *file) {
    unsigned char *content = asset_unpack(file);
    struct MHD_Response *response =
        content ? s->http.MHD_create_response_from_buffer(file->size, content, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!response)
        free(content);
    return response;
}

static enum MHD_Result send_asset(server *s, struct MHD_Connection *to, const asset *file) {
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

/* ---- whom to answer ---- */

static bool is_loopback(const char *address) {
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool is_address(const char *text) {
    struct in6_addr any;
    return inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1;
}

static bool is_further_name(const serve_options *options, str name) {
    for (const char *const *known = options->names; known && *known; known++) {
        if (str_equal_ascii_nocase(name, str_of(*known)))
            return true;
    }
    return false;
}

/* Divides "name:port" and "[::1]:port"; the brackets go. */
static bool split_host(str host, str *name, str *port) {
    bool bracketed = host.size > 0 && host.data[0] == '[';
    size_t end = bracketed ? str_find(host, STR("]"), 0) : str_find(host, STR(":"), 0);
    if (end == SIZE_MAX && bracketed)
        return false;
    end = end == SIZE_MAX ? host.size : end;
    *name = str_slice(host, bracketed ? 1 : 0, end);
    size_t rest = end + (bracketed ? 1 : 0);
    if (rest < host.size && host.data[rest] != ':')
        return false;
    *port = rest < host.size ? str_slice(host, rest + 1, host.size) : STR_NONE;
    return true;
}

static bool host_allowed(const server *s, const char *header) {
    str name, port;
    char text[64];
    uint64_t number = 80;
    if (!header || !split_host(str_of(header), &name, &port))
        return false;
    if (is_further_name(s->options, name))
        return true;
    if ((port.data && !target_number(port, UINT16_MAX, &number)) || number != s->port ||
        name.size >= sizeof text)
        return false;
    if (str_equal_ascii_nocase(name, STR("localhost")))
        return true;
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    /* An address cannot be rebound; one that is not ours could only get here by way of a proxy. */
    return s->options->remote ? is_address(text) : is_loopback(text);
}

/* ---- routing ---- */

static const char *const PAGES[] = {"incidents", "documents", "search", "review",  "voices",
                                    "compare",   "add",       "jobs",   "account", "admin",
                                    "login",     "setup",     "report", "embed"};

static bool is_page(const target *t) {
    if (t->segments.size == 0)
        return true;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        if (str_equal(t->segments.at[0], str_of(PAGES[i])))
            return t->segments.size <= 3;
    }
    return false;
}

static str asset_path(const target *t, arena *a) {
    str path = t->segments.at[1];
    for (size_t i = 2; i < t->segments.size; i++)
        path = arena_printf(a, "%.*s/%.*s", STR_ARG(path), STR_ARG(t->segments.at[i]));
    return path;
}

static enum MHD_Result route(server *s, struct MHD_Connection *to, const target *t) {
    size_t count = t->segments.size;
    if (is_page(t))
        return send_asset(s, to, asset_find(STR("index.html")));
    if (count >= 2 && str_equal(t->segments.at[0], STR("assets"))) {
        const asset *file = asset_find(asset_path(t, &s->memory));
        return file ? send_asset(s, to, file) : send_error(s, to, 404, "there is no such file");
    }
    if (count >= 2 && str_equal(t->segments.at[0], STR("api")) && str_equal(t->segments.at[1], STR("v1"))) {
        buffer body = {0};
        unsigned code = api_answer(s->ledger, t, &s->memory, &body);
        return send_json(s, to, code, &body);
    }
    return send_error(s, to, 404, "there is no such address");
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state) {
    (void)url, (void)version, (void)upload, (void)upload_size;
    server *s = context;
    const request *r = *state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return send_error(s, connection, 405, "this server only answers questions: GET and HEAD");
    if (!host_allowed(s, header_of(s, connection, "Host")))
        return send_error(s, connection, 421, "this server does not go by the name in the Host header");
    arena_reset(&s->memory);
    target t;
    if (!r || !r->raw || !target_parse(str_of(r->raw), &s->memory, &t))
        return send_error(s, connection, 400, "this is no address of this server");
    return route(s, connection, &t);
}

/* The target as it was sent, before any decoding. */
static void *on_target(void *context, const char *raw, struct MHD_Connection *connection) {
    (void)context, (void)connection;
    request *r = calloc(1, sizeof *r);
    if (r)
        r->raw = strdup(raw);
    return r;
}

static void on_done(void *context, struct MHD_Connection *connection, void **state,
                    enum MHD_RequestTerminationCode how) {
    (void)context, (void)connection, (void)how;
    request *r = *state;
    if (r)
        free(r->raw);
    free(r);
    *state = NULL;
}

/* ---- listening ---- */

static status resolve(server *s, failure *f) {
    const serve_options *o = s->options;
    const char *host = o->host && strcmp(o->host, "localhost") != 0 ? o->host : "127.0.0.1";
    socket_address address = {0};
    if (inet_pton(AF_INET, host, &address.four.sin_addr) == 1) {
        address.four.sin_family = AF_INET;
        address.four.sin_port = htons(o->port);
    } else if (memset(&address, 0, sizeof address), inet_pton(AF_INET6, host, &address.six.sin6_addr) == 1) {
        address.six.sin6_family = AF_INET6;
        address.six.sin6_port = htons(o->port);
    } else {
        return fail(f, STATUS_USAGE, "%s: expected an address of this machine, such as 127.0.0.1", host);
    }
    if (!o->remote && !is_loopback(host))
        return fail(f, STATUS_USAGE, "%s can be reached from other machines: allow that with --remote", host);
    s->address = address;
    s->host = host;
    return STATUS_OK;
}

static struct MHD_Daemon *start(server *s) {
    /* select, not epoll: with epoll, libmicrohttpd 0.9.75 run from outside misses a close that comes with the
     * last bytes, and keeps the connection until its time is over. */
    unsigned flags = s->address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0u;
    return s->http.MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR, &s->address.any,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_COMPLETED, on_done, s,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
}

static void tell_ready(server *s, struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = s->http.MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info ? info->port : s->options->port;
    char url[128];
    snprintf(url, sizeof url, strchr(s->host, ':') ? "http://[%s]:%u/" : "http://%s:%u/", s->host,
             (unsigned)s->port);
    if (s->options->ready)
        s->options->ready(s->options->context, url);
}

static status listen_and_answer(server *s, failure *f) {
    status result = STATUS_OK;
    struct MHD_Daemon *daemon = start(s);
    if (!daemon)
        return fail(f, STATUS_IO, "cannot listen on %s, port %u: %s", s->host, (unsigned)s->options->port,
                    strerror(errno));
    tell_ready(s, daemon);
    while (!(s->options->cancelled && s->options->cancelled(s->options->context))) {
        if (s->http.MHD_run_wait(daemon, WAIT_MILLISECONDS) == MHD_NO && errno != EINTR) {
            result = fail(f, STATUS_IO, "the server cannot go on waiting for requests: %s", strerror(errno));
            break;
        }
    }
    s->http.MHD_stop_daemon(daemon);
    return result;
}

status serve_run(const serve_options *options, failure *f) {
    server s = {.options = options, .memory = arena_new((allocator){0})};
    status result = resolve(&s, f);
    if (result == STATUS_OK)
        result = http_library_open(&s.http, f);
    if (result == STATUS_OK)
        result = ledger_open(options->ledger_path, LEDGER_READ, NULL, &s.ledger, f);
    if (result == STATUS_OK && options->rule)
        result = ledger_estimate_by(s.ledger, str_of(options->rule), f);
    if (result == STATUS_OK)
        result = listen_and_answer(&s, f);
    ledger_close(s.ledger, NULL);
    http_library_close(&s.http);
    arena_free(&s.memory);
    return result;
}
