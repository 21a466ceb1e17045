#include "page/address.h"

static size_t scheme_end(str url) {
    for (size_t i = 0; i < url.size; i++) {
        char c = url.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == ':')
            return i;
        if (!letter && !(i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            break;
    }
    return 0;
}

/* Where the path begins: behind "scheme://host". */
static size_t path_start(str url) {
    size_t at = scheme_end(url);
    if (!at || !str_starts(str_slice(url, at, url.size), STR("://")))
        return 0;
    for (at += 3; at < url.size && url.data[at] != '/' && url.data[at] != '?' && url.data[at] != '#';)
        at++;
    return at;
}

str address_host(str url) {
    size_t end = path_start(url), start = end ? scheme_end(url) + 3 : 0;
    if (!end)
        return STR_NONE;
    for (size_t i = start; i < end; i++)
        if (url.data[i] == '@')
            start = i + 1;
    for (size_t i = start; i < end; i++)
        if (url.data[i] == ':')
            end = i;
    return str_slice(url, start, end);
}

static size_t find_any(str s, const char *set) {
    for (size_t i = 0; i < s.size; i++)
        if (strchr(set, s.data[i]))
            return i;
    return s.size;
}

/* "./" and "../" at the head of a relative path. */
static str climb(str folder, str *relative, size_t root) {
    for (;;) {
        if (str_starts(*relative, STR("./"))) {
            *relative = str_slice(*relative, 2, relative->size);
        } else if (str_starts(*relative, STR("../"))) {
            *relative = str_slice(*relative, 3, relative->size);
            size_t size = folder.size > root + 1 ? folder.size - 1 : folder.size;
            while (size > root + 1 && folder.data[size - 1] != '/')
                size--;
            folder.size = size;
        } else {
            return folder;
        }
    }
}

str address_resolve(str base, str href, arena *a) {
    href = str_trim(href);
    size_t root = path_start(base);
    if (!root || !href.size || scheme_end(href))
        return href;
    if (str_starts(href, STR("//")))
        return arena_printf(a, "%.*s:%.*s", (int)scheme_end(base), base.data, STR_ARG(href));
    str origin = str_slice(base, 0, root);
    if (href.data[0] == '/')
        return arena_printf(a, "%.*s%.*s", STR_ARG(origin), STR_ARG(href));
    str page = str_slice(base, 0,
                         root + find_any(str_slice(base, root, base.size), href.data[0] == '#' ? "#" : "?#"));
    if (href.data[0] == '#' || href.data[0] == '?')
        return arena_printf(a, "%.*s%.*s", STR_ARG(page), STR_ARG(href));
    while (page.size > root && page.data[page.size - 1] != '/')
        page.size--;
    if (page.size == root)
        return arena_printf(a, "%.*s/%.*s", STR_ARG(origin), STR_ARG(href));
    page = climb(page, &href, root);
    return arena_printf(a, "%.*s%.*s", STR_ARG(page), STR_ARG(href));
}
