#include "places/format.h"

void places_settle(const gazetteer *g, const place_query *queries, size_t count, arena *a, place *out) {
    for (size_t i = 0; i < count; i++) {
        char *key = arena_alloc(a, queries[i].name.size + 1);
        size_t size = places_fold(queries[i].name, key);
        out[i] = (place){0};
        gazetteer_lookup(g, (str){key, size}, &out[i], 1);
    }
}
