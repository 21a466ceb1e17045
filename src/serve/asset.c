#include "serve/assets.h"

#include <stdlib.h>
#include <zlib.h>

const asset *asset_find(str path) {
    for (size_t i = 0; i < asset_count; i++) {
        if (str_equal(path, str_of(assets[i].path)))
            return &assets[i];
    }
    return NULL;
}

/* Whether an encoding stands in the list without ";q=0", by which a client refuses it. */
static bool takes(str accepted, str encoding) {
    while (accepted.size > 0) {
        size_t comma = str_find(accepted, STR(","), 0);
        size_t end = comma == SIZE_MAX ? accepted.size : comma;
        str item = str_trim(str_slice(accepted, 0, end));
        size_t mark = str_find(item, STR(";"), 0);
        str name = str_trim(str_slice(item, 0, mark == SIZE_MAX ? item.size : mark));
        if (str_equal_ascii_nocase(name, encoding)) {
            str weight = mark == SIZE_MAX ? STR_NONE : str_trim(str_slice(item, mark + 1, item.size));
            return !(str_equal(weight, STR("q=0")) || str_equal(weight, STR("q=0.0")) ||
                     str_equal(weight, STR("q=0.00")) || str_equal(weight, STR("q=0.000")));
        }
        accepted = comma == SIZE_MAX ? STR_NONE : str_slice(accepted, comma + 1, accepted.size);
    }
    return false;
}

packed asset_packed(const asset *a, const char *accepted) {
    str list = accepted ? str_of(accepted) : STR_NONE;
    if (a->brotli && takes(list, STR("br")))
        return (packed){"br", a->brotli, a->brotli_size};
    if (takes(list, STR("gzip")))
        return (packed){"gzip", a->gzip, a->gzip_size};
    return (packed){0};
}

unsigned char *asset_unpack(const asset *a) {
    unsigned char *content = malloc(a->size + 1);
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)a->gzip,
                       .avail_in = (unsigned)a->gzip_size,
                       .next_out = content,
                       .avail_out = (unsigned)a->size + 1};
    if (!content || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
        free(content);
        return NULL;
    }
    int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (result != Z_STREAM_END) {
        free(content);
        return NULL;
    }
    return content;
}

const char *asset_cache(const asset *a) {
    return a->hashed ? "public, max-age=31536000, immutable" : "no-cache";
}
