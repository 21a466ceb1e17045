#include "ledger/sqlite.h"

#include <dlfcn.h>

enum { OLDEST_VERSION = 3038000 }; /* STRICT tables, JSON operators */

static void *open_library(void) {
    static const char *const names[] = {"libsqlite3.so.0", "libsqlite3.so", "libsqlite3.0.dylib"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library)
            return library;
    }
    return NULL;
}

status sqlite_load(sqlite *s, failure *f) {
    sqlite made = {.library = open_library()};
    if (!made.library)
        return fail(f, STATUS_UNAVAILABLE, "the ledger needs SQLite: libsqlite3.so.0 was not found");
#define SQLITE_FIND(name)                                                                                    \
    *(void **)&made.name = dlsym(made.library, "sqlite3_" #name);                                            \
    if (!made.name) {                                                                                        \
        dlclose(made.library);                                                                               \
        return fail(f, STATUS_UNAVAILABLE, "the ledger needs a newer SQLite: sqlite3_" #name " is missing"); \
    }
    SQLITE_FUNCTIONS(SQLITE_FIND)
#undef SQLITE_FIND
    if (made.libversion_number() < OLDEST_VERSION) {
        int have = made.libversion_number();
        dlclose(made.library);
        return fail(f, STATUS_UNAVAILABLE, "the ledger needs SQLite 3.38 or newer, found %d.%d",
                    have / 1000000, have / 1000 % 1000);
    }
    *s = made;
    return STATUS_OK;
}

void sqlite_unload(sqlite *s) {
    if (s->library)
        dlclose(s->library);
    *s = (sqlite){0};
}
