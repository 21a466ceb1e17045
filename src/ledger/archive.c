/* Captures: their bytes, and the leaf that stands for each in the log.
 *
 * Bytes are kept in chunks of at most 1 MiB, each compressed by itself (zlib), so that neither SQLite's limit
 * on a value nor a reader's memory ever meets a whole page. The leaf is RFC 6962's, SHA-256 over a zero byte
 * and the entry; the entry is four lines: SHA-256 of the bytes in hexadecimal, URL, time, media type, each
 * ended by a line feed, an unknown one empty, and in each of them backslash and line feed written as \\ and
 * \n. */
#include "ledger/store.h"

#include <zlib.h>

enum { CHUNK = 1024 * 1024, LEVEL = 2 };

str archive_deflate(arena *a, str bytes) {
    uLongf size = compressBound((uLong)bytes.size);
    char *packed = arena_alloc(a, size);
    compress2((Bytef *)packed, &size, (const Bytef *)(bytes.data ? bytes.data : ""), (uLong)bytes.size,
              LEVEL);
    return (str){packed, size};
}

str archive_inflate(arena *a, str packed, size_t size) {
    uLongf got = (uLongf)size;
    char *bytes = arena_alloc(a, size + 1);
    if (!packed.data ||
        uncompress((Bytef *)bytes, &got, (const Bytef *)packed.data, (uLong)packed.size) != Z_OK ||
        got != size)
        return STR_NONE;
    return (str){bytes, size};
}

status archive_keep(ledger *l, int64_t sequence, str bytes, failure *f) {
    arena a = arena_new((allocator){0});
    status code = STATUS_OK;
    for (size_t at = 0, number = 0; at < bytes.size && code == STATUS_OK; at += CHUNK, number++) {
        size_t end = at + CHUNK < bytes.size ? at + CHUNK : bytes.size;
        statement s =
            statement_of(l, "INSERT INTO chunk(capture, number, size, data) VALUES (?, ?, ?, ?)", f);
        give_number(&s, sequence);
        give_number(&s, (int64_t)number);
        give_number(&s, (int64_t)(end - at));
        give_blob(&s, archive_deflate(&a, str_slice(bytes, at, end)));
        code = statement_run(&s);
        arena_reset(&a);
    }
    arena_free(&a);
    return code;
}

status archive_walk(ledger *l, int64_t sequence, bool (*chunk)(void *context, str bytes), void *context,
                    failure *f) {
    arena a = arena_new((allocator){0});
    statement s = statement_of(l, "SELECT size, data FROM chunk WHERE capture = ? ORDER BY number", f);
    give_number(&s, sequence);
    bool more = true, damaged = false;
    while (more && statement_row(&s)) {
        int64_t size = take_number(&s, 0);
        str bytes =
            size >= 0 && size <= CHUNK ? archive_inflate(&a, take_blob(&s, 1), (size_t)size) : STR_NONE;
        damaged = !bytes.data;
        more = !damaged && chunk(context, bytes);
        arena_reset(&a);
    }
    arena_free(&a);
    status code = statement_done(&s);
    if (code == STATUS_OK && damaged)
        return fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: a chunk of capture %lld is damaged", l->path,
                    (long long)sequence);
    return code;
}

static void entry_line(buffer *b, str s) {
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '\\')
            buffer_add(b, STR("\\\\"));
        else if (s.data[i] == '\n')
            buffer_add(b, STR("\\n"));
        else
            buffer_add_byte(b, s.data[i]);
    }
    buffer_add_byte(b, '\n');
}

digest archive_leaf(str sha256_hex, str url, str time, str media_type) {
    buffer b = {0};
    buffer_add_byte(&b, 0);
    entry_line(&b, sha256_hex);
    entry_line(&b, url);
    entry_line(&b, time);
    entry_line(&b, media_type);
    digest leaf = sha256(buffer_str(&b));
    buffer_free(&b);
    return leaf;
}
