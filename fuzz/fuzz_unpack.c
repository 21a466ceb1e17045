/* Packed bytes: whole, and through a source that is asked for pieces of any size; both give the same. */
#include "intake/source.h"
#include "page_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 1 << 20 };

/* As much as there is, up to the limit, a piece at a time. */
static void read_pieces(source *s, size_t piece, buffer *out) {
    while (out->size < LIMIT && source_read(s, piece, out) == piece)
        must(source_here(s).begin <= source_used(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const packing kinds[] = {PACKED_GZIP, PACKED_ZLIB, PACKED_DEFLATE,
                                    PACKED_ZSTD, PACKED_LZ4,  PACKED_BROTLI};
    if (size < 2)
        return 0;
    packing p = kinds[data[0] % 6];
    str bytes = {(const char *)data + 2, size - 2};
    buffer whole = {0}, pieces = {0};
    size_t used;
    unpacked how = unpack_bytes(p, bytes, LIMIT, &whole, &used);
    must(whole.size <= LIMIT && used <= bytes.size);
    if (p != PACKED_ZLIB && p != PACKED_BROTLI) {
        source *s = source_of_memory(bytes);
        if (source_unpack(s, p)) {
            read_pieces(s, 1 + data[1], &pieces);
            size_t least = whole.size < pieces.size ? whole.size : pieces.size;
            must(least == 0 || memcmp(whole.data, pieces.data, least) == 0);
            must(how != UNPACKED_WHOLE || pieces.size >= whole.size || source_error(s));
            for (size_t i = 0; i < 100 && source_next_member(s); i++)
                source_peek(s, 1);
        }
        source_close(s);
    }
    buffer_free(&whole);
    buffer_free(&pieces);
    return 0;
}
