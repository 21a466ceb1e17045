/* UTF-8 and dates of any bytes: repaired text is well-formed and stays so, offsets and lengths agree. */
#include "base/calendar.h"
#include "base/utf8.h"

#include <stdlib.h>

static void require(bool holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str s = {(const char *)data, size};
    str repaired = utf8_repair(&a, s);
    require(utf8_valid(repaired));
    require(utf8_valid(s) == str_equal(s, repaired));
    size_t points = 0;
    for (size_t at = 0; at < repaired.size; points++) {
        require(utf8_offset(repaired, points) == at || points > 64);
        utf8_next(repaired, &at);
    }
    require(points == utf8_length(repaired));
    require(utf16_length(repaired) >= points);
    day d = day_parse(s);
    if (d != DAY_NONE)
        require(day_parse(day_format(&a, d)) == d);
    arena_free(&a);
    return 0;
}
