#include "base/libdeflate.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static libdeflate library;
static bool there;

static void find(void) {
    void *l = dlopen("libdeflate.so.0", RTLD_NOW | RTLD_LOCAL);
    const struct {
        const char *name;
        void **into;
    } functions[] = {
        {"libdeflate_alloc_decompressor", (void **)&library.alloc_decompressor},
        {"libdeflate_free_decompressor", (void **)&library.free_decompressor},
        {"libdeflate_zlib_decompress_ex", (void **)&library.zlib_decompress_ex},
        {"libdeflate_deflate_decompress_ex", (void **)&library.deflate_decompress_ex},
        {"libdeflate_gzip_decompress_ex", (void **)&library.gzip_decompress_ex},
        {"libdeflate_adler32", (void **)&library.adler32},
        {"libdeflate_alloc_compressor", (void **)&library.alloc_compressor},
        {"libdeflate_free_compressor", (void **)&library.free_compressor},
        {"libdeflate_zlib_compress_bound", (void **)&library.zlib_compress_bound},
        {"libdeflate_zlib_compress", (void **)&library.zlib_compress},
    };
    there = l != NULL;
    for (size_t i = 0; there && i < sizeof functions / sizeof *functions; i++) {
        *functions[i].into = dlsym(l, functions[i].name);
        there = *functions[i].into != NULL;
    }
}

const libdeflate *libdeflate_get(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find);
    return there ? &library : NULL;
}
