#include "serve/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/access.h"
#include "serve/docket.h"
#include "serve/jobs.h"
#include "serve/linker.h"

/* Beside the ledger, unless it is told; of a ledger on a database server, where the file of its accounts
 * would lie. */
static status docket_path(const serve_options *o, arena *a, const char **out, failure *f) {
    static const char ending[] = ".access";
    *out = o->docket;
    if (o->docket)
        return STATUS_OK;
    const char *path;
    status s = accounts_path(o->ledger_path, a, &path, f);
    if (s == STATUS_OK)
        *out =
            arena_cstring(a, arena_printf(a, "%.*s.docket", (int)(strlen(path) - (sizeof ending - 1)), path));
    return s;
}

static status open_docket(serve_services *with, failure *f) {
    arena a = arena_new((allocator){0});
    const char *path;
    status s = docket_path(with->options, &a, &path, f);
    if (s == STATUS_OK)
        hide_name(&with->hidden, path);
    if (s == STATUS_OK)
        s = docket_open(path, &with->docket, f);
    arena_free(&a);
    return s;
}

status workers_open(serve_services *with, failure *f) {
    const serve_options *o = with->options;
    status s = open_docket(with, f);
    if (s != STATUS_OK)
        return s;
    hide_name(&with->hidden, with->folder);
    hide_name(&with->hidden, o->program);
    const linker_options linking = {.ledger = with->ledger,
                                    .program = o->program,
                                    .folder = with->folder,
                                    .engine = o->engine,
                                    .docket = with->docket,
                                    .hub = with->hub};
    const jobs_options importing = {.program = o->program,
                                    .ledger = with->ledger,
                                    .folder = with->folder,
                                    .places = o->places,
                                    .private_pages = o->private_pages,
                                    .hub = with->hub,
                                    .hidden = &with->hidden,
                                    .linker = with->linker = linker_new(&linking)};
    with->jobs = jobs_new(&importing);
    return with->linker && with->jobs ? STATUS_OK : fail(f, STATUS_INTERNAL, "no thread could be started");
}

void workers_close(serve_services *with) {
    jobs_free(with->jobs);
    linker_free(with->linker);
    docket_close(with->docket);
    with->jobs = NULL;
    with->linker = NULL;
    with->docket = NULL;
}
