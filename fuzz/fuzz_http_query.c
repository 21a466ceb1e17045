/* Any bytes as the target of a request: what is accepted is well-formed, bounded, and within the filter's
 * ranges. */
#include "base/utf8.h"
#include "serve/filter.h"

#include <stdlib.h>

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check_text(str s) {
    require(utf8_valid(s));
    for (size_t i = 0; i < s.size; i++)
        require((unsigned char)s.data[i] >= 0x20 && s.data[i] != 0x7f);
}

static void check_target(const target *t) {
    require(t->segments.size <= TARGET_MAX_SEGMENTS && t->fields.size <= TARGET_MAX_FIELDS);
    for (size_t i = 0; i < t->segments.size; i++) {
        check_text(t->segments.at[i]);
        require(t->segments.at[i].size > 0 && !str_equal(t->segments.at[i], STR("..")));
    }
    for (size_t i = 0; i < t->fields.size; i++) {
        check_text(t->fields.at[i].name);
        check_text(t->fields.at[i].value);
    }
}

static void check_filter(const target *t, arena *a) {
    exchange x = {.target = t, .a = a};
    ledger_filter filter;
    failure f = {0};
    status s = api_filter(&x, NULL, &filter, &f);
    require(s == STATUS_OK || (s == STATUS_USAGE && f.message[0] != '\0'));
    if (s != STATUS_OK)
        return;
    require(filter.limit > 0 && filter.limit <= API_MAX_LIMIT && filter.least >= 0);
    require(!filter.has_box || (filter.south >= -360 && filter.north <= 360));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    target t;
    if (target_parse((str){(const char *)data, size}, &a, &t)) {
        check_target(&t);
        check_filter(&t, &a);
    }
    arena_free(&a);
    return 0;
}
