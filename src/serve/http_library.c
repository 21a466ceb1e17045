#include "serve/http_library.h"

#include <dlfcn.h>

static const char *const NAMES[] = {"libmicrohttpd.so.12", "libmicrohttpd.so", "libmicrohttpd.12.dylib",
                                    "libmicrohttpd.dylib"};

/* ISO C has no cast from object to function pointer; POSIX lets the bytes be copied. */
static bool find(void *handle, const char *name, void *function, size_t size) {
    void *symbol = dlsym(handle, name);
    memcpy(function, &symbol, size);
    return symbol != NULL;
}

status http_library_open(http_library *out, failure *f) {
    http_library library = {0};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES && !library.handle; i++)
        library.handle = dlopen(NAMES[i], RTLD_NOW | RTLD_LOCAL);
    if (!library.handle)
        return fail(f, STATUS_UNAVAILABLE,
                    "libmicrohttpd is needed to serve and is not installed (Debian: "
                    "libmicrohttpd12)");
#define HTTP_FIND(name)                                                                                      \
    if (!find(library.handle, #name, &library.name, sizeof library.name)) {                                  \
        http_library_close(&library);                                                                        \
        return fail(f, STATUS_UNAVAILABLE, "libmicrohttpd is too old: it has no %s, which came with 0.9.73", \
                    #name);                                                                                  \
    }
    HTTP_FUNCTIONS(HTTP_FIND)
#undef HTTP_FIND
    *out = library;
    return STATUS_OK;
}

void http_library_close(http_library *library) {
    if (library->handle)
        dlclose(library->handle);
    library->handle = NULL;
}
