#include "ledger/postgres.h"

#include <dlfcn.h>

status postgres_load(postgres *p, failure *f) {
    /* It stays in the process: what it opens itself (TLS, Kerberos) does not like to be unloaded. */
    postgres made = {.library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)};
    if (!made.library)
        made.library = dlopen("libpq.5.dylib", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!made.library)
        return fail(
            f, STATUS_UNAVAILABLE,
            "a ledger in PostgreSQL needs its client library: libpq.so.5 was not found (Debian: libpq5)");
#define POSTGRES_FIND(name)                                                                                  \
    *(void **)&made.name = dlsym(made.library, "PQ" #name);                                                  \
    if (!made.name) {                                                                                        \
        dlclose(made.library);                                                                               \
        return fail(f, STATUS_UNAVAILABLE, "the ledger needs a newer libpq: PQ" #name " is missing");        \
    }
    POSTGRES_FUNCTIONS(POSTGRES_FIND)
#undef POSTGRES_FIND
    *p = made;
    return STATUS_OK;
}

void postgres_unload(postgres *p) {
    if (p->library)
        dlclose(p->library);
    *p = (postgres){0};
}
