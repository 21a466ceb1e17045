/* The server. It listens on this machine's own address, and even so a browser is between it and the world:
 * any page may make a browser ask any address. Three things keep such pages out. The name in the Host header
 * must be one of ours, so that a foreign name cannot be made to point here (DNS rebinding); answers say that
 * no other origin may read or frame them; and nothing can be changed by asking. What pages of the ledger
 * contain is held in check by the policy sent with every answer: scripts and styles come from the embedded
 * files alone, nothing is ever fetched from elsewhere, and no markup of a page is ever parsed (web/dom.js).
 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "serve/hosts.h"
#include "serve/server.h"
#include "serve/writer.h"

enum { WAIT_MILLISECONDS = 200, CONNECTIONS = 128, IDLE_SECONDS = 30, CONNECTION_BYTES = 32 * 1024 };

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

static bool ending(const serve_services *with) {
    return with->options->cancelled && with->options->cancelled(with->options->context);
}

status serve_run(const serve_options *options, failure *f) {
    server s = {.options = options};
    s.services.options = options;
    s.services.ending = ending;
    status result = resolve(&s, f);
    if (result == STATUS_OK)
        result = http_library_open(&s.http, f);
    if (result == STATUS_OK)
        result = ledger_open(options->ledger_path, LEDGER_READ, NULL, &s.ledger, f);
    if (result == STATUS_OK && options->rule)
        result = ledger_estimate_by(s.ledger, str_of(options->rule), f);
    if (result == STATUS_OK)
        result = make_folder(&s, f);
    if (result == STATUS_OK) {
        s.services.writer = writer_new(options->ledger_path, STR_NONE);
        result = s.services.writer ? listen_and_answer(&s, f) : fail(f, STATUS_INTERNAL, "no memory");
    }
    writer_free(s.services.writer);
    remove_folder(&s);
    ledger_close(s.ledger, NULL);
    http_library_close(&s.http);
    return result;
}
