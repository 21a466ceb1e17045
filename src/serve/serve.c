/* The server. It listens on this machine's own address, and even so a browser is between it and the world:
 * any page may make a browser ask any address. Three things keep such pages out. The name in the Host header
 * must be one of ours, so that a foreign name cannot be made to point here (DNS rebinding); answers say that
 * no other origin may read or frame them; and who changes something must show that they were asked by a page
 * of ours (access.h). What pages of the ledger contain is held in check by the policy sent with every answer:
 * scripts and styles come from the embedded files alone, nothing is ever fetched from elsewhere, and no
 * markup of a page is ever parsed.
 *
 * A few threads of libmicrohttpd move bytes and never wait for the ledger; those of the desk (desk.h) answer,
 * each with a ledger handle of its own; the thread that called serve_run looks after the rest once in a
 * while. Connections are many and small, so that those who are slow cost little and hold up nobody.
 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "ledger/driver.h"
#include "serve/guard.h"
#include "serve/hosts.h"
#include "serve/identity.h"
#include "serve/server.h"
#include "serve/workers.h"
#include "serve/writer.h"

enum {
    TICK_MILLISECONDS = 200,
    CONNECTIONS = 16384,
    FILES_BESIDE = 1024, /* of the process, that are no connections */
    MOVERS = 2,          /* threads that move bytes */
    ANSWERERS_LEAST = 4,
    ANSWERERS_MOST = 16,
    WAITING = 2048, /* requests; who comes then is asked to come later */
    BACKLOG = 1024,
    IDLE_SECONDS = 30,
    PATIENCE_SECONDS = 60,
    CONNECTION_BYTES = 32 * 1024,
    KEPT_BYTES = 16 << 20, /* of answers */
    REVIEW_SECONDS = 60,   /* between looks at whether those who listen still may */
    END_SECONDS = 5        /* for answers under way */
};

/* ---- where ---- */

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

/* As many connections as the system lets this process have. */
static size_t connections_of(const server *s) {
    struct rlimit files;
    size_t wanted = s->options->connections ? s->options->connections : CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return wanted < 512 ? wanted : 512;
    rlim_t needed = (rlim_t)wanted + FILES_BESIDE;
    if (files.rlim_cur < needed) {
        files.rlim_cur = files.rlim_max == RLIM_INFINITY || files.rlim_max > needed ? needed : files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    if (files.rlim_cur >= needed)
        return wanted;
    return files.rlim_cur > 2 * FILES_BESIDE ? (size_t)files.rlim_cur - FILES_BESIDE
                                             : (size_t)files.rlim_cur / 2;
}

/* ---- the folder of temporary files ---- */

static status make_folder(server *s, failure *f) {
    const char *base = getenv("TMPDIR");
    int size = snprintf(s->folder, sizeof s->folder, "%s/isnad-serve-XXXXXX", base && *base ? base : "/tmp");
    if (size < 0 || (size_t)size >= sizeof s->folder || !mkdtemp(s->folder)) {
        s->folder[0] = '\0';
        return fail(f, STATUS_IO, "no folder for temporary files can be made: %s", strerror(errno));
    }
    s->services.folder = s->folder;
    return STATUS_OK;
}

static void remove_folder(const server *s) {
    DIR *folder = s->folder[0] ? opendir(s->folder) : NULL;
    if (!folder)
        return;
    for (const struct dirent *entry; (entry = readdir(folder));)
        unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(s->folder);
}

/* ---- listening ---- */

/* libmicrohttpd tells mistakes of connections, which are those of whoever asks. */
static void say_nothing(void *context, const char *format, va_list arguments) {
    (void)context, (void)format, (void)arguments;
}

/* Several threads, each with its own epoll: libmicrohttpd 0.9.75 run from outside by epoll misses a close
 * that comes with the last bytes, and keeps the connection until its time is over; its own threads do not. */
static struct MHD_Daemon *start(server *s, identity *tls) {
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    flags |= s->address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0u;
    flags |= tls->key ? MHD_USE_TLS : 0u;
    struct MHD_OptionItem secured[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate},
                                       {MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key},
                                       {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    return s->http.MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_SOCK_ADDR, &s->address.any, MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)MOVERS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)connections_of(s), MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)BACKLOG,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MHD_OPTION_ARRAY, tls->key ? secured : plain, MHD_OPTION_END);
}

static void tell_ready(server *s, struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = s->http.MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info ? info->port : s->options->port;
    char url[512];
    snprintf(url, sizeof url, strchr(s->host, ':') ? "%s://[%s]:%u%.*s" : "%s://%s:%u%.*s",
             s->options->tls_key ? "https" : "http", s->host, (unsigned)s->port, STR_ARG(s->base));
    if (s->options->ready)
        s->options->ready(s->options->context, url);
    guard_ready(&s->services, url);
}

static void sleep_a_tick(void) {
    struct timespec tick = {.tv_nsec = TICK_MILLISECONDS * 1000000L};
    nanosleep(&tick, NULL);
}

static bool cancelled(const server *s) {
    return s->options->cancelled && s->options->cancelled(s->options->context);
}

static bool still_hold(void *context, const access_who *who) {
    return accounts_hold(context, who);
}

/* A session or a token may have ended, or may less: at once where somebody changed that, soon where only time
 * went by. */
static void review_listeners(server *s, int64_t now) {
    uint64_t epoch = accounts_epoch(s->services.access);
    if (epoch == s->reviewed && now < s->review_at)
        return;
    hub_review(s->services.hub, still_hold, s->services.access);
    s->reviewed = epoch;
    s->review_at = now + REVIEW_SECONDS;
}

static void look_after(server *s) {
    int64_t last = clock_seconds();
    while (!cancelled(s)) {
        sleep_a_tick();
        int64_t now = clock_seconds();
        if (now == last)
            continue;
        last = now;
        guests_pass(s->guests);
        watch_tick(s);
        review_listeners(s, now);
        hub_tick(s->services.hub, now);
    }
}

/* Answers under way are given some time; what takes longer is asked to give up. */
static void end_answers(server *s) {
    hub_end(s->services.hub);
    int64_t until = clock_seconds() + END_SECONDS;
    while (s->answering > 0 && clock_seconds() < until)
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000000L}, NULL);
    s->ending = true;
    desk_free(s->desk);
    s->desk = NULL;
    follower_free(s->follower);
    s->follower = NULL;
}

static status have_identity(const server *s, identity *out, failure *f) {
    const serve_options *o = s->options;
    if (!o->tls_certificate && !o->tls_key)
        return STATUS_OK;
    if (!o->tls_certificate || !o->tls_key)
        return fail(f, STATUS_USAGE, "TLS needs both a certificate and its key");
    if (s->http.MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return fail(f, STATUS_UNAVAILABLE, "this libmicrohttpd was built without TLS (GnuTLS)");
    return identity_read(o->tls_certificate, o->tls_key, out, f);
}

static status listen_and_answer(server *s, failure *f) {
    identity tls = {0};
    status result = have_identity(s, &tls, f);
    if (result != STATUS_OK)
        return result;
    errno = 0;
    struct MHD_Daemon *daemon = start(s, &tls);
    identity_forget(&tls);
    if (!daemon)
        return fail(f, STATUS_IO, "cannot listen on %s, port %u: %s", s->host, (unsigned)s->options->port,
                    errno                 ? strerror(errno)
                    : s->options->tls_key ? "the certificate and the key are no pair"
                                          : "unknown why");
    s->follower = follower_new(s);
    tell_ready(s, daemon);
    look_after(s);
    MHD_socket listening = s->http.MHD_quiesce_daemon(daemon);
    end_answers(s);
    s->http.MHD_stop_daemon(daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    return result;
}

/* ---- a run ---- */

static bool is_ending(const serve_services *with) {
    return with->options->cancelled && with->options->cancelled(with->options->context);
}

static void make_wait(void *context, void *connection) {
    ((server *)context)->http.MHD_suspend_connection(connection);
}

static void make_go_on(void *context, void *connection) {
    ((server *)context)->http.MHD_resume_connection(connection);
}

static bool has_left(void *context, void *connection) {
    const union MHD_ConnectionInfo *info =
        ((server *)context)->http.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd end = {info ? info->connect_fd : -1, POLLRDHUP, 0};
    return poll(&end, 1, 0) > 0;
}

static void on_told(void *context, const char *kind) {
    if (strcmp(kind, "act") == 0 || strcmp(kind, "job") == 0)
        watch_changed(context);
}

static size_t answerers(void) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = processors > 0 ? 2 * (size_t)processors : ANSWERERS_LEAST;
    return wanted < ANSWERERS_LEAST ? ANSWERERS_LEAST : wanted > ANSWERERS_MOST ? ANSWERERS_MOST : wanted;
}

static status make_services(server *s, failure *f) {
    const serve_options *o = s->options;
    s->services.options = o;
    s->services.ending = is_ending;
    s->services.size = watch_size;
    s->services.writer = writer_new(s->services.ledger, o->engine);
    s->services.hub = hub_new(&(hub_hooks){make_wait, make_go_on, has_left, on_told, s});
    s->guests = guests_new(o->patience ? o->patience : PATIENCE_SECONDS);
    s->desk = desk_new(&(desk_options){answerers(), WAITING, answer_task, s});
    s->kept = kept_new(KEPT_BYTES);
    if (!s->kept || !s->services.writer || !s->services.hub || !s->guests || !s->desk)
        return fail(f, STATUS_INTERNAL, "no memory or no thread is left");
    return workers_open(&s->services, f);
}

static void free_server(server *s) {
    desk_free(s->desk);
    workers_close(&s->services);
    writer_free(s->services.writer);
    hub_free(s->services.hub);
    guests_free(s->guests);
    guard_close(&s->services);
    page_free(&s->page);
    remove_folder(s);
    watch_close(s);
    ledger_board_free(s->board);
    kept_free(s->kept);
    http_library_close(&s->http);
    hidden_free(&s->services.hidden);
    free(s->services.ledger);
}

/* Wherever it is opened, by its full path; where there is none, opening it says so. */
static status find_ledger(server *s, failure *f) {
    const char *path = s->options->ledger_path;
    char *full = strstr(path, "://") ? NULL : realpath(path, NULL), *shown = postgres_shown_name(path);
    char *found = full ? full : strdup(path);
    hide_name(&s->services.hidden, found);
    hide_name(&s->services.hidden, shown);
    free(shown);
    s->services.ledger = found;
    return found ? STATUS_OK : fail(f, STATUS_INTERNAL, "no memory");
}

status serve_run(const serve_options *options, failure *f) {
    char base[200] = "/";
    mallopt(M_ARENA_MAX, 2); /* what a thread frees, others take: 30 MB less of a large ledger */
    server s = {.options = options};
    random_bytes(&s.nonce, sizeof s.nonce);
    status result = base_path(options->base, base, sizeof base, f);
    s.base = str_of(base);
    if (result == STATUS_OK)
        result = find_ledger(&s, f);
    if (result == STATUS_OK)
        result = resolve(&s, f);
    if (result == STATUS_OK)
        result = http_library_open(&s.http, f);
    s.board = ledger_board_new();
    if (result == STATUS_OK)
        result = watch_open(&s, f);
    if (result == STATUS_OK)
        result = make_folder(&s, f);
    if (result == STATUS_OK)
        result = page_make(&s, f);
    if (result == STATUS_OK)
        result = guard_open(&s.services, options, f);
    if (result == STATUS_OK)
        result = make_services(&s, f);
    if (result == STATUS_OK)
        result = listen_and_answer(&s, f);
    free_server(&s);
    return result;
}
