/* Feeds and sitemaps: every item is cut out once and in order, and its page is text. */
#include "intake/feed.h"
#include "page_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_items(str text, feed_names names) {
    arena a = arena_new((allocator){0});
    size_t before = 0;
    str element;
    bool whole;
    for (size_t at = 0; feed_next(text, names, &at, &element, &whole); before = at) {
        must(element.size && at > before && element.data >= text.data + before &&
             element.data + element.size == text.data + at);
        feed_item item;
        if (!feed_item_read(element, &a, &item))
            must(utf8_valid(item.page) && utf8_valid(item.title) && item.page.size > 0);
        arena_reset(&a);
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str text = feed_text((str){(const char *)data, size}, &a);
    must(utf8_valid(text));
    check_items(text, FEED_ITEMS);
    check_items(text, SITEMAP_ADDRESSES);
    arena_free(&a);
    return 0;
}
