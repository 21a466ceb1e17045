#include "serve/hidden.h"

#include <stdlib.h>

#include "base/failure.h"

void hide_name(hidden_names *h, const char *name) {
    if (!name || !strchr(name, '/') || h->count == sizeof h->at / sizeof *h->at)
        return;
    char *copy = strdup(name);
    size_t at = h->count;
    for (; copy && at > 0 && strlen(h->at[at - 1]) < strlen(copy); at--)
        h->at[at] = h->at[at - 1];
    if (copy) {
        h->at[at] = copy;
        h->count++;
    }
}

void hidden_free(hidden_names *h) {
    while (h->count)
        free(h->at[--h->count]);
}

/* A message that was cut is about as long as one can be. */
static bool may_be_cut(str text) {
    enum { LONGEST_CODE_POINT = 4 };
    return text.size + 1 + LONGEST_CODE_POINT >= sizeof((failure *)NULL)->message;
}

/* Where `name` stands in `text`, or where its beginning ends a text that was cut; how much of it. */
static size_t find_name(str text, str name, size_t *size) {
    *size = name.size;
    size_t found = str_find(text, name, 0);
    for (size_t part = name.size - 1; found == SIZE_MAX && may_be_cut(text) && part > 0; part--) {
        str end = str_slice(text, text.size > part ? text.size - part : 0, text.size);
        if (end.size == part && str_starts(name, end)) {
            *size = part;
            found = text.size - part;
        }
    }
    return found;
}

/* The words that lead to a name go with it. */
static size_t lead_of(str before) {
    static const char *const leads[] = {" in ledger ", " "};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        str lead = str_of(leads[i]);
        if (before.size >= lead.size &&
            str_equal(str_slice(before, before.size - lead.size, before.size), lead))
            return lead.size;
    }
    return 0;
}

str without_names(const hidden_names *h, str text, arena *a) {
    for (size_t i = 0; i < h->count; i++) {
        size_t size;
        for (size_t at; (at = find_name(text, str_of(h->at[i]), &size)) != SIZE_MAX;) {
            str before = str_slice(text, 0, at), after = str_slice(text, at + size, text.size);
            before = str_slice(before, 0, before.size - lead_of(before));
            text = arena_printf(a, "%.*s%.*s", STR_ARG(before), STR_ARG(after));
        }
    }
    return text;
}
