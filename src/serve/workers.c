#include "serve/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/desk.h"
#include "serve/jobs.h"
#include "serve/linker.h"

/* Beside the ledger, unless it is told; a ledger on a server has no folder of its own. */
static status open_desk(serve_services *with, failure *f) {
    const serve_options *o = with->options;
    char path[4096];
    if (!o->desk && strstr(o->ledger_path, "://"))
        return STATUS_OK;
    int size = o->desk ? snprintf(path, sizeof path, "%s", o->desk)
                       : snprintf(path, sizeof path, "%s.desk", o->ledger_path);
    if (size < 0 || (size_t)size >= sizeof path)
        return fail(f, STATUS_USAGE, "%s: expected a shorter path", o->ledger_path);
    return desk_open(path, &with->desk, f);
}

status workers_open(serve_services *with, failure *f) {
    const serve_options *o = with->options;
    status s = open_desk(with, f);
    if (s != STATUS_OK)
        return s;
    const linker_options linking = {.ledger = o->ledger_path,
                                    .program = o->program,
                                    .folder = with->folder,
                                    .engine = str_of(o->engine),
                                    .desk = with->desk,
                                    .hub = with->hub};
    const jobs_options importing = {.program = o->program,
                                    .ledger = o->ledger_path,
                                    .folder = with->folder,
                                    .places = o->places,
                                    .private_pages = o->private_pages,
                                    .hub = with->hub};
    with->linker = linker_new(&linking);
    with->jobs = jobs_new(&importing);
    return with->linker && with->jobs ? STATUS_OK : fail(f, STATUS_INTERNAL, "no thread could be started");
}

void workers_close(serve_services *with) {
    jobs_free(with->jobs);
    linker_free(with->linker);
    desk_close(with->desk);
    with->jobs = NULL;
    with->linker = NULL;
    with->desk = NULL;
}
