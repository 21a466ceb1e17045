#include "serve/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct writer {
    pthread_mutex_t mine;
    const char *path;
    ledger_options options;
    _Atomic int64_t last_act;
    ledger *handle; /* NULL until first asked for, and again after a failure to commit */
};

writer *writer_new(const char *path, str engine) {
    writer *w = calloc(1, sizeof *w);
    if (!w || pthread_mutex_init(&w->mine, NULL) != 0) {
        free(w);
        return NULL;
    }
    w->path = path;
    w->options.engine = engine;
    w->options.places = gazetteer_builtin();
    return w;
}

void writer_free(writer *w) {
    if (!w)
        return;
    ledger_close(w->handle, NULL);
    pthread_mutex_destroy(&w->mine);
    free(w);
}

status writer_take(writer *w, ledger **out, failure *f) {
    pthread_mutex_lock(&w->mine);
    status s = w->handle ? STATUS_OK : ledger_open(w->path, LEDGER_WRITE, &w->options, &w->handle, f);
    if (s != STATUS_OK) {
        w->handle = NULL;
        pthread_mutex_unlock(&w->mine);
        return s;
    }
    *out = w->handle;
    return STATUS_OK;
}

status writer_give_back(writer *w, failure *f) {
    status s = ledger_commit(w->handle, f);
    ledger_standing now;
    if (s == STATUS_OK && ledger_stands(w->handle, &now, NULL) == STATUS_OK)
        w->last_act = now.acts;
    if (s != STATUS_OK) {
        ledger_close(w->handle, NULL);
        w->handle = NULL;
    }
    pthread_mutex_unlock(&w->mine);
    return s;
}

int64_t writer_last_act(writer *w) {
    return w->last_act;
}
