/* Bytes, with a label that the first byte chooses, to UTF-8; then what came out, misread and mended. */
#include "page_checks.h"

#include "page/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_mended(str text, arena *a) {
    mojibake m = mojibake_mend(text, a);
    must(utf8_valid(m.text) && m.text.size <= text.size + text.size / 2);
    must((m.read_as.size == 0) == (m.text.data == text.data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    arena a = arena_new((allocator){0});
    size_t which = data[0] >> 1;
    str label = which < encoding_count ? str_of(encodings[which].name) : STR("no-such-label");
    str bytes = {(const char *)data + 1, size - 1};
    decoded_text d = charset_decode(bytes, which == 127 ? STR_NONE : label, data[0] & 1, &a);
    must(utf8_valid(d.text) && d.charset.size > 0);
    must(encoding_named(arena_cstring(&a, d.charset)) != NULL);
    must(utf8_valid(bytes) == utf8_valid_plain(bytes));
    if (which < encoding_count && encodings[which].high)
        check_mended(charset_text(d.text, &encodings[which], &a), &a);
    arena_free(&a);
    return 0;
}
