/* One handle alone watches, because what SQLite says of changes differs from handle to handle. */
#include "serve/server.h"
#include "serve/writer.h"

static bool give_up(void *context) {
    const server *s = context;
    return s->ending;
}

status open_reader(server *s, ledger **out, failure *f) {
    enum { CACHE_KILOBYTES = 4096 };
    ledger_options options = {
        .cancelled = give_up, .context = s, .board = s->board, .cache_kilobytes = CACHE_KILOBYTES};
    ledger *l;
    status result = ledger_open(s->options->ledger_path, LEDGER_READ, &options, &l, f);
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
    status result = open_reader(s, &w->handle, f);
    if (result == STATUS_OK)
        result = ledger_stands(w->handle, &w->seen, f);
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
        w->generation++;
        return false;
    }
    w->generation += now.state != w->seen.state;
    w->seen = now;
    return true;
}

bool watch_generation(server *s, uint64_t *out) {
    pthread_mutex_lock(&s->watch.mine);
    bool known = look(s);
    *out = s->watch.generation;
    pthread_mutex_unlock(&s->watch.mine);
    return known;
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
