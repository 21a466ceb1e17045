/* A compiled gazetteer (first byte even) or the text of a source (odd) from anywhere. */
#include "places/source.h"

#include "places/format.h"
#include <stdlib.h>

static void take_nothing(void *context, const source_place *row) {
    *(size_t *)context += row->names.size;
}

static void read_source(str text) {
    arena a = arena_new((allocator){0});
    size_t names = 0;
    failure f = {0};
    places_source_text(text, "fuzz", &a, (source_reader){take_nothing, &names}, &f);
    arena_free(&a);
}

static void look_up(const gazetteer *g, arena *a) {
    static const char *const names[] = {"مردا", "الخربة", "Sabil", "Tallin Wadi", "قرنوران"};
    place_query queries[5];
    place found[5];
    for (int i = 0; i < 5; i++) {
        str name = str_of(names[i]);
        char *key = arena_alloc(a, name.size);
        str folded = {key, places_fold(name, key)};
        gazetteer_lookup(g, folded, found, 5);
        gazetteer_has_prefix(g, folded);
        gazetteer_longest(g, &folded, 1);
        queries[i] = (place_query){name, i - 1, i - 1, 0};
    }
    places_settle(g, queries, 5, a, found);
    for (uint32_t i = 0; i < 16; i++)
        gazetteer_get(g, i, &found[0]);
}

static void open_compiled(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    char *copy = arena_alloc(&a, size + 1);
    const gazetteer *g;
    memcpy(copy, data, size);
    if (gazetteer_check((str){copy, size}, "fuzz", &g, NULL) == STATUS_OK)
        look_up(g, &a);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    if (data[0] % 2)
        read_source((str){(const char *)data + 1, size - 1});
    else
        open_compiled(data + 1, size - 1);
    return 0;
}
