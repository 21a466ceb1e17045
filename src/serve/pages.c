/* The front page, which is the same for every address of the workspace, and what it needs. */
#include "serve/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static const struct {
    const char *name;
    size_t most; /* segments */
} PAGES[] = {{"incidents", 2}, {"documents", 2}, {"search", 1}, {"review", 2},  {"voices", 2},
             {"compare", 1},   {"add", 1},       {"jobs", 2},   {"account", 1}, {"admin", 2},
             {"login", 1},     {"setup", 1},     {"report", 3}, {"embed", 3}};

bool is_page(const target *t, bool *embedded) {
    *embedded = false;
    if (t->segments.size == 0)
        return true;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        if (!str_equal(t->segments.at[0], str_of(PAGES[i].name)))
            continue;
        *embedded = strcmp(PAGES[i].name, "embed") == 0;
        return t->segments.size <= PAGES[i].most;
    }
    return false;
}

const asset *find_asset(str path) {
    for (size_t i = 0; i < asset_count; i++) {
        if (str_equal(path, str_of(assets[i].path)))
            return &assets[i];
    }
    return NULL;
}

static bool unpack(const asset *file, buffer *out) {
    buffer_reserve(out, file->size + 1);
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)file->gzip,
                  .avail_in = (unsigned)file->gzip_size,
                  .next_out = (unsigned char *)out->data,
                  .avail_out = (unsigned)file->size + 1};
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return false;
    bool done = inflate(&z, Z_FINISH) == Z_STREAM_END;
    inflateEnd(&z);
    out->size = file->size;
    return done;
}

static bool pack(str bytes, buffer *out) {
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)bytes.data, .avail_in = (unsigned)bytes.size};
    if (deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    buffer_reserve(out, deflateBound(&z, bytes.size));
    z.next_out = (unsigned char *)out->data;
    z.avail_out = (unsigned)out->capacity;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out->size = z.total_out;
    deflateEnd(&z);
    return done;
}

/* `<base href="…">` in the place of the one that stands there, or first in the head. */
static bool put_base(str page, str base, buffer *out) {
    static const char OPENS[] = "<base href=\"";
    size_t at = str_find(page, STR(OPENS), 0), end;
    if (at != SIZE_MAX) {
        end = str_find(page, STR(">"), at);
        end = end == SIZE_MAX ? page.size : end + 1;
    } else {
        size_t head = str_find(page, STR("<head>"), 0);
        if (head == SIZE_MAX)
            return false;
        at = end = head + 6;
    }
    buffer_add(out, str_slice(page, 0, at));
    buffer_printf(out, "%s%.*s\">", OPENS, STR_ARG(base));
    buffer_add(out, str_slice(page, end, page.size));
    return true;
}

status page_make(server *s, failure *f) {
    const asset *file = find_asset(STR("index.html"));
    buffer content = {0};
    front_page *page = &s->page;
    bool done = file && unpack(file, &content) && put_base(buffer_str(&content), s->base, &page->plain) &&
                pack(buffer_str(&page->plain), &page->gzip);
    buffer_free(&content);
    if (!done)
        return fail(f, STATUS_INTERNAL, "the front page cannot be made");
    snprintf(page->etag, sizeof page->etag, "\"%016llx\"",
             (unsigned long long)str_hash(buffer_str(&page->plain)));
    return STATUS_OK;
}

void page_free(front_page *page) {
    buffer_free(&page->plain);
    buffer_free(&page->gzip);
}
