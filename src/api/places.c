#include <stdlib.h>

#include <jansson.h>

#include "api/api.h"

enum { DEFAULT_LIMIT = 20, MOST = 1000 };

isn_code isn_places_build(const char *const *sources, size_t count, const char *path, isn_error **error) {
    failure f;
    return gazetteer_build(sources, count, path, &f) == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

static void set_text(json_t *row, const char *name, str value) {
    json_object_set_new(row, name, value.data ? json_stringn(value.data, value.size) : json_null());
}

static char *place_row(const place *p) {
    json_t *row = json_object();
    set_text(row, "id", p->id);
    set_text(row, "name", p->name);
    set_text(row, "name_ar", p->name_ar);
    set_text(row, "kind", str_of(place_kind_name(p->kind)));
    set_text(row, "country", p->country);
    set_text(row, "admin1", p->admin1);
    set_text(row, "admin2", p->admin2);
    json_object_set_new(row, "lat", json_real(p->lat));
    json_object_set_new(row, "lon", json_real(p->lon));
    json_object_set_new(row, "radius_km", json_real(p->radius_km));
    json_object_set_new(row, "population", json_integer(p->population));
    char *text = json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(7));
    json_decref(row);
    return text;
}

isn_code isn_places_find(const isn_engine *engine, const char *name, size_t limit, isn_row row, void *context,
                         isn_error **error) {
    if (limit == 0)
        limit = DEFAULT_LIMIT;
    if (limit > MOST)
        limit = MOST;
    arena a = arena_new((allocator){0});
    str given = str_of(name);
    char *key = arena_alloc(&a, given.size + 1);
    size_t size = places_fold(given, key);
    place *found = ARENA_NEW(&a, place, limit);
    size_t count = size ? gazetteer_lookup(engine->places, (str){key, size}, found, limit) : 0;
    bool more = true;
    for (size_t i = 0; more && i < count && i < limit; i++) {
        char *text = place_row(&found[i]);
        more = !text || row(context, text, strlen(text));
        free(text);
    }
    arena_free(&a);
    return count ? ISN_OK : api_complain(error, STATUS_NOT_FOUND, "no place of the name \"%s\"", name);
}
