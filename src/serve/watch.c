/* One handle alone watches, because what SQLite says of changes differs from handle to handle. */
#include <stddef.h>

#include "base/clock.h"
#include "serve/server.h"
#include "serve/writer.h"

enum { SETTLES_MILLISECONDS = 1000, SMALL = 5000 /* documents, of which everything is told in no time */ };

static bool give_up(void *context) {
    const server *s = context;
    return s->ending;
}

status open_reader(server *s, ledger **out, failure *f) {
    enum { CACHE_KILOBYTES = 4096 };
    ledger_options options = {
        .cancelled = give_up, .context = s, .board = s->board, .cache_kilobytes = CACHE_KILOBYTES};
    ledger *l;
    status result = ledger_open(s->services.ledger, LEDGER_READ, &options, &l, f);
    if (result != STATUS_OK)
        return result;
    if (s->options->rule)
        result = ledger_estimate_by(l, str_of(s->options->rule), f);
    if (result != STATUS_OK)
        ledger_close(l, NULL);
    else
        *out = l;
    return result;
}

status watch_open(server *s, failure *f) {
    watch *w = &s->watch;
    pthread_mutex_init(&w->mine, NULL);
    for (size_t i = 0; i < 2; i++)
        pthread_mutex_init(&s->sized[i].mine, NULL);
    status result = open_reader(s, &w->handle, f);
    if (result == STATUS_OK)
        result = ledger_stands(w->handle, &w->seen, f);
    w->changed = -SETTLES_MILLISECONDS;
    w->versions = w->seen.versions;
    w->acts = w->seen.acts;
    return result;
}

void watch_close(server *s) {
    ledger_close(s->watch.handle, NULL);
    s->watch.handle = NULL;
}

/* With the lock held. A handle that fails is opened anew: a database server may have been away. */
static bool look(server *s) {
    watch *w = &s->watch;
    ledger_standing now;
    if (!w->handle && open_reader(s, &w->handle, NULL) != STATUS_OK) {
        w->handle = NULL;
        return false;
    }
    if (ledger_stands(w->handle, &now, NULL) != STATUS_OK) {
        watch_close(s);
        w->now.all++;
        w->now.incidents++;
        return false;
    }
    if (now.state != w->seen.state) {
        w->now.all++;
        w->changed = clock_milliseconds();
    }
    w->now.incidents += now.gone != w->seen.gone || now.top != w->seen.top || now.acts != w->seen.acts;
    w->seen = now;
    return true;
}

static bool is_settling(const server *s) {
    const watch *w = &s->watch;
    bool small = !s->options->settles && w->seen.versions < SMALL;
    return !small && w->handle && clock_milliseconds() < w->changed + SETTLES_MILLISECONDS;
}

bool watch_generation(server *s, generations *out) {
    watch *w = &s->watch;
    pthread_mutex_lock(&w->mine);
    bool urgent = atomic_exchange(&w->urgent, false), known = (!urgent && is_settling(s)) || look(s);
    *out = w->now;
    out->behind = ledger_board_stands(s->board) && !ledger_board_is_at(s->board, &w->seen)
                      ? ledger_board_turned(s->board)
                      : 0;
    pthread_mutex_unlock(&w->mine);
    return known;
}

void watch_changed(server *s) {
    atomic_store(&s->watch.urgent, true);
}

/* With the lock. */
static status size_anew(sized *z, ledger *l, bool hides, uint64_t generation, failure *f) {
    int64_t begun = clock_milliseconds();
    ledger_hide_sensitive(l, hides);
    status code = ledger_size(l, &z->incidents, &z->claims, f);
    z->took = clock_milliseconds() - begun;
    z->generation = generation;
    z->known = code == STATUS_OK;
    return code;
}

status watch_size(exchange *x, bool hides, uint64_t *incidents, uint64_t *claims, failure *f) {
    enum { AT_ONCE_MILLISECONDS = 4 };
    server *s = (server *)(void *)((char *)x->with - offsetof(server, services));
    sized *z = &s->sized[hides];
    generations now = {0};
    bool stands = watch_generation(s, &now);
    status code = STATUS_OK;
    pthread_mutex_lock(&z->mine);
    if (!z->known || !stands || (z->generation != now.all && z->took <= AT_ONCE_MILLISECONDS))
        code = size_anew(z, x->ledger, hides, now.all, f);
    *incidents = z->incidents;
    *claims = z->claims;
    pthread_mutex_unlock(&z->mine);
    return code;
}

/* Others are told the old numbers meanwhile. */
void watch_sizes(server *s, ledger *l) {
    generations now;
    if (!watch_generation(s, &now))
        return;
    for (size_t i = 0; i < 2; i++) {
        sized *z = &s->sized[i], new = {.known = false};
        pthread_mutex_lock(&z->mine);
        bool due = z->known && z->generation != now.all;
        pthread_mutex_unlock(&z->mine);
        if (!due || size_anew(&new, l, i == 1, now.all, NULL) != STATUS_OK)
            continue;
        pthread_mutex_lock(&z->mine);
        z->generation = new.generation;
        z->incidents = new.incidents;
        z->claims = new.claims;
        z->took = new.took;
        pthread_mutex_unlock(&z->mine);
    }
    ledger_hide_sensitive(l, false);
}

static void tell_growth(server *s, const char *kind, const char *what, int64_t before, int64_t now) {
    buffer json = {0};
    buffer_printf(&json, "{\"%s\":%lld}", what, (long long)(now - before));
    hub_tell(s->services.hub, kind, buffer_str(&json), (hub_reach){0});
    buffer_free(&json);
}

void watch_tick(server *s) {
    watch *w = &s->watch;
    pthread_mutex_lock(&w->mine);
    bool known = look(s);
    ledger_standing before = {.versions = w->versions, .acts = w->acts}, now = w->seen;
    w->versions = now.versions;
    w->acts = now.acts;
    pthread_mutex_unlock(&w->mine);
    if (!known)
        return;
    if (now.versions > before.versions)
        tell_growth(s, "added", "documents", before.versions, now.versions);
    if (now.acts > before.acts && now.acts > writer_last_act(s->services.writer))
        tell_growth(s, "act", "acts", before.acts, now.acts);
}
