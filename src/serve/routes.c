#include "serve/routes.h"

const route *const route_areas[] = {routes_read, routes_live,   routes_access, routes_review,
                                    routes_add,  routes_export, routes_voices};
const size_t route_area_count = sizeof route_areas / sizeof *route_areas;

typedef struct matched {
    const route *first; /* of the path that fits best: the one with the fewest parameters */
    size_t parameters;
    str id, id2;
} matched;

static bool is_parameter(str part) {
    return part.size > 2 && part.data[0] == '{';
}

static bool matches(const route *r, const target *t, size_t from, matched *out) {
    matched m = {.first = r};
    str part;
    size_t segment = from;
    for (size_t at = 0; str_piece(str_of(r->path), &at, '/', &part); segment++) {
        if (segment >= t->segments.size)
            return false;
        if (is_parameter(part)) {
            *(m.parameters ? &m.id2 : &m.id) = t->segments.at[segment];
            m.parameters++;
        } else if (!str_equal(part, t->segments.at[segment])) {
            return false;
        }
    }
    *out = m;
    return segment == t->segments.size;
}

static matched best_match(const target *t, size_t from) {
    matched best = {0};
    for (size_t area = 0; area < route_area_count; area++) {
        for (const route *r = route_areas[area]; r->path; r++) {
            matched m;
            if (matches(r, t, from, &m) && (!best.first || m.parameters < best.parameters))
                best = m;
        }
    }
    return best;
}

static const route *with_method(const char *path, http_method method) {
    for (size_t area = 0; area < route_area_count; area++) {
        for (const route *r = route_areas[area]; r->path; r++) {
            if (r->method == method && strcmp(r->path, path) == 0)
                return r;
        }
    }
    return NULL;
}

static const char *methods_of(const char *path, arena *a) {
    static const char *const names[] = {[HTTP_GET] = "GET, HEAD, ",
                                        [HTTP_POST] = "POST, ",
                                        [HTTP_PATCH] = "PATCH, ",
                                        [HTTP_DELETE] = "DELETE, "};
    str all = STR("");
    for (int method = HTTP_GET; method <= HTTP_DELETE; method++) {
        if (with_method(path, (http_method)method))
            all = arena_printf(a, "%.*s%s", STR_ARG(all), names[method]);
    }
    return arena_cstring(a, arena_printf(a, "%.*sOPTIONS", STR_ARG(all)));
}

const route *route_find(const target *t, http_method method, exchange *x, const char **allow) {
    *allow = NULL;
    matched m = best_match(t, 2);
    if (!m.first)
        return NULL;
    x->id = m.id;
    x->id2 = m.id2;
    const route *r = with_method(m.first->path, method);
    if (!r)
        *allow = methods_of(m.first->path, x->a);
    return r;
}

bool route_allowed(const route *r, const access_who *who) {
    return who->role >= r->least && (!r->scope || (who->scopes & access_scope_named(str_of(r->scope))) != 0);
}
