/* One line of JSON to an article. */
#include "page_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str bytes = {(const char *)data, size};
    capture c = {.kind = CAPTURE_JSON_RECORD, .file = STR("fuzz"), .bytes = bytes, .body = bytes};
    article p;
    failure f;
    if (page_article(&c, NULL, &a, &p, &f) == STATUS_OK)
        check_article(&p, &a);
    arena_free(&a);
    return 0;
}
