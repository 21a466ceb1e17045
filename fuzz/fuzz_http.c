/* Heads, media types, chunks and content encodings of HTTP. */
#include "intake/http.h"
#include "page_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str message = {(const char *)data, size}, type, charset;
    headers h = headers_read(message, &a);
    must(h.size <= size);
    int code = http_status(h.first_line);
    must(code >= 0 && code <= 999);
    media_type_read(headers_value(&h, STR("Content-Type")), &a, &type, &charset);
    must(type.size <= size && charset.size <= size);
    str body = str_slice(message, h.size, size);
    buffer whole = {0}, plain = {0};
    bool cut;
    if (http_unchunk(body, &whole, &cut)) {
        must(whole.size <= body.size);
        body = buffer_str(&whole);
    }
    http_decode(body, headers_value(&h, STR("Content-Encoding")), LIMIT, &plain);
    must(plain.size <= LIMIT);
    buffer_free(&whole);
    buffer_free(&plain);
    arena_free(&a);
    return 0;
}
