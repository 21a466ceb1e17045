/* HTML or plain text, by the first byte, to an article. */
#include "page_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    arena a = arena_new((allocator){0});
    str bytes = {(const char *)data + 1, size - 1};
    capture c = {.kind = data[0] & 1 ? CAPTURE_TEXT : CAPTURE_HTML,
                 .file = STR("fuzz"),
                 .bytes = bytes,
                 .body = bytes,
                 .time = data[0] & 4 ? STR("2021-01-15T09:30:00Z") : STR_NONE,
                 .url = data[0] & 2 ? STR("https://news.example/2021/01/14/a.html") : STR_NONE};
    article p;
    must(page_article(&c, NULL, &a, &p, NULL) == STATUS_OK);
    check_article(&p, &a);
    arena_free(&a);
    return 0;
}
