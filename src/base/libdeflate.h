/* libdeflate, opened at first use: its functions by their names, so that its header is not needed to build;
 * 1.0 to 1.x have these. */
#ifndef ISN_BASE_LIBDEFLATE_H
#define ISN_BASE_LIBDEFLATE_H

#include <stddef.h>
#include <stdint.h>

typedef struct libdeflate {
    void *(*alloc_decompressor)(void);
    void (*free_decompressor)(void *d);
    int (*zlib_decompress_ex)(void *d, const void *in, size_t in_size, void *out, size_t room, size_t *taken,
                              size_t *made);
    int (*deflate_decompress_ex)(void *d, const void *in, size_t in_size, void *out, size_t room,
                                 size_t *taken, size_t *made);
    int (*gzip_decompress_ex)(void *d, const void *in, size_t in_size, void *out, size_t room, size_t *taken,
                              size_t *made);
    uint32_t (*adler32)(uint32_t begin, const void *bytes, size_t size);
    void *(*alloc_compressor)(int level);
    void (*free_compressor)(void *c);
    size_t (*zlib_compress_bound)(void *c, size_t size);
    size_t (*zlib_compress)(void *c, const void *in, size_t in_size, void *out, size_t room);
} libdeflate;

/* NULL where it is not installed. */
const libdeflate *libdeflate_get(void);

#endif
