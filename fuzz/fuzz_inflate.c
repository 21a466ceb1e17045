/* Stored bytes from a damaged or hostile ledger: libdeflate and zlib say the same of them. The first byte
 * tells how many of the others (in eighths) are what the rest was compressed beside, the second and third how
 * long it says that it is. */
#include <stdlib.h>

#include "base/inflate.h"

static void must(bool good) {
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3)
        return 0;
    arena a = arena_new((allocator){0});
    str all = {(const char *)data + 3, size - 3};
    size_t split = all.size * (data[0] % 8) / 8, said = (size_t)data[1] << 8 | data[2];
    str known = str_slice(all, 0, split), packed = str_slice(all, split, all.size);
    str plain = inflate_plain(&a, packed, said, known), fast = inflate_whole(&a, packed, said, known);
    must((plain.data == NULL) == (fast.data == NULL));
    must(!plain.data || str_equal(plain, fast));
    arena_free(&a);
    return 0;
}
