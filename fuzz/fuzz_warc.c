/* A file of any kind (WARC, gzip, JSON lines, pages) through the whole intake. */
#include "intake/unpack.h"
#include "intake_checks.h"

/* What deflate can make of a byte at most (zlib's technical details): a packed file may hold more records
 * than bytes. */
enum { DEFLATE_RATIO = 1032 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const formats[] = {"", "warc", "jsonl", "html"};
    if (size < 1)
        return 0;
    str bytes = {(const char *)data + 1, size - 1};
    uint64_t count = run_intake("fuzz", bytes, str_of(formats[data[0] % 4]));
    packing p = packing_of(bytes);
    must(count <= DEFLATE_RATIO * size || (p != PACKED_NOT && p != PACKED_GZIP));
    return 0;
}
