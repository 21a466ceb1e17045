#include <dlfcn.h>
#include <stdlib.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <unicode/uversion.h>
#include <zlib.h>

#include "api/api.h"

static const char *icu_version(void) {
    return U_ICU_VERSION;
}

static const char *openssl_version(void) {
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

static const struct linked {
    const char *name, *needed_for;
    const char *(*version)(void);
} linked[] = {
    {"ICU", "character sets, Hijri dates", icu_version},
    {"jansson", "JSON", jansson_version_str},
    {"zlib", "gzip", zlibVersion},
    {"OpenSSL", "SHA-256", openssl_version},
};

static const struct on_demand {
    const char *name, *needed_for, *function; /* that gives the version: as text, or */
    const char *files[3];
    enum { TEXT, NUMBER_DECIMAL, NUMBER_BITS } given; /* 150018 for 15.18; 0x1000009 for 1.0.9 */
} on_demand[] = {
    {"SQLite", "the ledger", "sqlite3_libversion", {"libsqlite3.so.0", "libsqlite3.0.dylib"}},
    {"libpq", "a ledger in PostgreSQL", "PQlibVersion", {"libpq.so.5", "libpq.5.dylib"}, NUMBER_DECIMAL},
    {"libcurl", "reading URLs", "curl_version", {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"}},
    {"Zstandard",
     "files and answers packed with it",
     "ZSTD_versionString",
     {"libzstd.so.1", "libzstd.1.dylib"}},
    {"LZ4", "files packed with it", "LZ4_versionString", {"liblz4.so.1", "liblz4.1.dylib"}},
    {"Brotli",
     "answers packed with it",
     "BrotliDecoderVersion",
     {"libbrotlidec.so.1", "libbrotlidec.1.dylib"},
     NUMBER_BITS},
    {"Expat", "feeds", "XML_ExpatVersion", {"libexpat.so.1", "libexpat.1.dylib"}},
    {"libsodium",
     "accounts of isnad serve",
     "sodium_version_string",
     {"libsodium.so.23", "libsodium.23.dylib"}},
    {"libmicrohttpd", "isnad serve", "MHD_get_version", {"libmicrohttpd.so.12", "libmicrohttpd.12.dylib"}},
};

static bool give_row(isn_row row, void *context, json_t *object) {
    char *text = json_dumps(object, JSON_COMPACT);
    bool more = !text || row(context, text, strlen(text));
    free(text);
    json_decref(object);
    return more;
}

static json_t *linked_row(const struct linked *l) {
    return json_pack("{s:s, s:s, s:n, s:s, s:s}", "name", l->name, "version", l->version(), "file", "loaded",
                     "linked", "needed_for", l->needed_for);
}

static void *open_first(const struct on_demand *d, const char **file) {
    size_t most = sizeof d->files / sizeof *d->files;
    for (size_t i = 0; i < most && d->files[i]; i++) {
        void *library = dlopen(d->files[i], RTLD_NOW | RTLD_LOCAL);
        *file = library ? d->files[i] : NULL;
        if (library)
            return library;
    }
    return NULL;
}

/* "libcurl/7.88.1 OpenSSL/3.0 …" → "7.88.1"; "expat_2.5.0" → "2.5.0" */
static json_t *version_text(const char *version) {
    const char *slash = strpbrk(version, "/_");
    const char *from = slash ? slash + 1 : version;
    return json_stringn(from, strcspn(from, " "));
}

static json_t *version_of(const struct on_demand *d, void *library) {
    void *function = library ? dlsym(library, d->function) : NULL;
    const char *(*text)(void);
    int (*number)(void);
    if (!function)
        return json_null();
    *(void **)&text = function;
    *(void **)&number = function;
    if (d->given == NUMBER_BITS)
        return json_sprintf("%d.%d.%d", number() >> 24, number() >> 12 & 0xFFF, number() & 0xFFF);
    return d->given == NUMBER_DECIMAL ? json_sprintf("%d.%d", number() / 10000, number() % 10000)
                                      : version_text(text());
}

static json_t *on_demand_row(const struct on_demand *d) {
    const char *file = NULL;
    void *library = open_first(d, &file);
    json_t *row = json_pack("{s:s, s:o, s:s?, s:s, s:s}", "name", d->name, "version", version_of(d, library),
                            "file", file, "loaded", "on demand", "needed_for", d->needed_for);
    return row; /* the library stays open: those that libcurl brings along do not unload cleanly */
}

void isn_libraries(isn_row row, void *context) {
    for (size_t i = 0; i < sizeof linked / sizeof *linked; i++)
        if (!give_row(row, context, linked_row(&linked[i])))
            return;
    for (size_t i = 0; i < sizeof on_demand / sizeof *on_demand; i++)
        if (!give_row(row, context, on_demand_row(&on_demand[i])))
            return;
}
