/* MHTML, comments that browsers leave in pages, and dates. */
#include "intake/dates.h"
#include "intake/saved.h"
#include "page_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str bytes = {(const char *)data, size}, url, time;
    saved_page page;
    const char *why;
    if (mhtml_page(bytes, &a, &page, &why))
        must(page.bytes.size <= size);
    else
        must(why && *why);
    saved_comment(bytes, &a, &url, &time);
    must(url.size <= size && (time.size == 0 || time.size == 20));
    time = date_read(bytes, &a);
    must(time.size == 0 || time.size == 20);
    must((date_local(bytes, &a).size == 0) == (time.size == 0));
    arena_free(&a);
    return 0;
}
