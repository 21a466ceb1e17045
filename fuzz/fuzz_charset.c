/* Bytes, with a label that the first byte chooses, to UTF-8. */
#include "page_checks.h"

#include "page/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const labels[] = {"",       "utf-8",    "windows-1256", "iso-8859-6", "iso-8859-1",
                                     "utf-16", "utf-16be", "gb18030",      "shift_jis",  "big5",
                                     "euc-kr", "koi8-r",   "iso-8859-8",   "cp864",      "no-such-label"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    arena a = arena_new((allocator){0});
    str label = str_of(labels[(data[0] >> 1) % (sizeof labels / sizeof *labels)]);
    decoded_text d = charset_decode((str){(const char *)data + 1, size - 1}, label, data[0] & 1, &a);
    must(utf8_valid(d.text) && d.charset.size > 0);
    arena_free(&a);
    return 0;
}
