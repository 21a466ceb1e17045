#include "serve/guard.h"
#include "serve/server.h"

#include <stdio.h>
#include <zlib.h>

enum { WORTH_PACKING = 1400 }; /* what fits into one packet is not sent sooner for being smaller */

/* ---- tags ---- */

/* What an answer of the ledger follows from: the ledger as it stands (and the board, which may be behind),
 * the address, and what may be seen. */
static bool make_tag(request *r) {
    server *s = r->server;
    const access_who *who = r->x.who;
    generations now;
    bool of_incidents = (r->route->flags & ROUTE_OF_INCIDENTS) != 0;
    if (!(r->route->flags & ROUTE_OF_LEDGER) || !watch_generation(s, &now))
        return false;
    char view[32];
    snprintf(view, sizeof view, "\n%d%d%u", (int)who->role, who->sees_sensitive, who->scopes);
    uint64_t of = str_hash_more(STR_HASH_BEGUN, str_of(r->raw));
    of = str_hash_end(str_hash_more(str_hash_more(of, str_of(view)), who->id));
    snprintf(r->tag, sizeof r->tag, "W/\"%llx.%llx-%llx.%llx\"", (unsigned long long)s->nonce,
             (unsigned long long)(of_incidents ? now.incidents : now.all),
             (unsigned long long)(of_incidents ? now.behind : 0), (unsigned long long)of);
    return true;
}

static bool is_known(request *r) {
    str known = exchange_asked(&r->x, "If-None-Match");
    return make_tag(r) && known.data && tag_known(known.data, r->tag);
}

/* ---- answers that are kept ---- */

enum { PLAIN, PACKED };

static bool takes_gzip(const request *r) {
    str accepted = exchange_asked(&r->x, "Accept-Encoding");
    return accepted.data && takes_encoding(accepted.data, "gzip");
}

/* By all that the tag is made of, spelt out. */
static bool take_kept(request *r) {
    exchange *x = &r->x;
    const access_who *who = x->who;
    unsigned note;
    if (!r->tag[0])
        return false;
    r->kept_as = arena_printf(&r->memory, "%d %d%d%u %s %.*s\n%s", takes_gzip(r), (int)who->role,
                              who->sees_sensitive, who->scopes, r->tag, STR_ARG(who->id), r->raw);
    r->is_kept = kept_take(r->server->kept, r->kept_as, &x->answer, &note);
    if (!r->is_kept)
        return false;
    r->encoding = note == PACKED ? "gzip" : NULL;
    r->kept_as = STR_NONE;
    return true;
}

static void drop_kept(request *r) {
    if (r->kept_as.data)
        kept_drop(r->server->kept, r->kept_as);
    r->kept_as = STR_NONE;
}

/* What has a type or headers of its own is not. */
static void give_kept(request *r) {
    const exchange *x = &r->x;
    if (r->kept_as.data && x->code == 200 && !x->type && !x->headers.size)
        kept_give(r->server->kept, r->kept_as, buffer_str(&x->answer), r->encoding ? PACKED : PLAIN);
    else
        drop_kept(r);
}

/* ---- packing ---- */

static void pack(request *r) {
    buffer *answer = &r->x.answer;
    if (r->is_kept || answer->size < WORTH_PACKING || answer->size > UINT32_MAX ||
        !(r->route->flags & ROUTE_OF_LEDGER) || !takes_gzip(r))
        return;
    z_stream z = {.next_in = (unsigned char *)answer->data, .avail_in = (unsigned)answer->size};
    if (deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    buffer packed = {0};
    buffer_reserve(&packed, deflateBound(&z, answer->size));
    z.next_out = (unsigned char *)packed.data;
    z.avail_out = (unsigned)packed.capacity;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    packed.size = z.total_out;
    deflateEnd(&z);
    if (done) {
        buffer_free(answer);
        *answer = packed;
        r->encoding = "gzip";
    } else {
        buffer_free(&packed);
    }
}

/* ---- streams ---- */

static void go_on(request *r) {
    r->answered = true;
    r->server->http.MHD_resume_connection(r->connection);
}

static void on_spilled(void *context) {
    request *r = context;
    if (r->x.code == 0)
        r->x.code = 200;
    go_on(r);
}

static void on_wait(void *context) {
    request *r = context;
    r->server->http.MHD_suspend_connection(r->connection);
}

static void on_wake(void *context) {
    request *r = context;
    r->server->http.MHD_resume_connection(r->connection);
}

/* Nobody takes what it is to send: it ends, and tidies up behind itself. */
static bool take_nothing(void *to, str bytes) {
    (void)to, (void)bytes;
    return false;
}

/* True where the answer is on its way already. */
static bool answer_by_source(request *r, status *s, failure *f) {
    exchange *x = &r->x;
    stream_options options = {
        .folder = r->server->folder, .spilled = on_spilled, .wait = on_wait, .wake = on_wake, .context = r};
    if (++r->server->spilled > SPILLED_AT_MOST || !(r->stream = stream_new(&options))) {
        r->server->spilled--;
        x->source(x, take_nothing, NULL, f);
        *s = exchange_refuse(x, 503, NULL, f, "too many large answers are being sent: try again later");
        return false;
    }
    stream *out = r->stream;
    *s = x->source(x, stream_write, out, f);
    if (!stream_take(out, &x->answer)) {
        stream_end(out, *s == STATUS_OK);
        return true;
    }
    if (*s == STATUS_OK && stream_is_full(out))
        *s = fail(f, STATUS_IO, "there is no room for the answer");
    r->stream = NULL;
    r->server->spilled--;
    stream_free(out);
    return false;
}

/* ---- a request ---- */

static status have_ledger(server *s, ledger **handle, failure *f) {
    return *handle ? STATUS_OK : open_reader(s, handle, f);
}

static status answer(request *r, ledger **handle, failure *f) {
    exchange *x = &r->x;
    status s = have_ledger(r->server, handle, f);
    if (s == STATUS_OK && (r->route->flags & ROUTE_OF_INCIDENTS))
        s = ledger_catch_up(*handle, f);
    if (s == STATUS_OK && is_known(r)) {
        x->code = 304;
        return s;
    }
    x->ledger = *handle;
    if (s == STATUS_OK)
        s = guard_before(x, r->route, f);
    if (s != STATUS_OK)
        return s;
    if (!take_kept(r))
        s = r->route->answer(x, f);
    guard_after(x, r->route, s);
    if (x->method != HTTP_GET)
        watch_changed(r->server);
    if (s != STATUS_OK || x->source)
        drop_kept(r);
    return s;
}

void answer_task(void *context, desk_task *task, ledger **handle) {
    (void)context;
    request *r = (request *)task;
    exchange *x = &r->x;
    failure f = {0};
    bool sent = false;
    status s = answer(r, handle, &f);
    if (s == STATUS_OK && x->source)
        sent = answer_by_source(r, &s, &f);
    if (s == STATUS_IO || s == STATUS_UNAVAILABLE) { /* a database server may be back when asked anew */
        ledger_close(*handle, NULL);
        *handle = NULL;
    }
    if (!sent) {
        if (s != STATUS_OK)
            exchange_failed(x, s, &f);
        else if (x->code == 0)
            x->code = 200;
        if (x->code == 200)
            pack(r);
        give_kept(r);
        go_on(r);
    }
    request_release(r);
}
