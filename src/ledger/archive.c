/* Captures: their bytes, and the leaf that stands for each in the log.
 *
 * Bytes are kept in chunks of at most 1 MiB, each compressed by itself (zlib), so that neither SQLite's limit
 * on a value nor a reader's memory ever meets a whole page. The leaf is RFC 6962's, SHA-256 over a zero byte
 * and the entry; the entry is four lines: SHA-256 of the bytes in hexadecimal, URL, time, media type, each
 * ended by a line feed, an unknown one empty, and in each of them backslash and line feed written as \\ and
 * \n. */
#include "base/deflate.h"
#include "base/inflate.h"
#include "ledger/store.h"

/* Made once, when it is first needed. */
static deflater *packer_of(ledger *l) {
    if (!l->packer)
        l->packer = deflater_new();
    return l->packer;
}

void archive_close(ledger *l) {
    deflater_free(l->packer);
    l->packer = NULL;
}

str archive_deflate_beside(ledger *l, arena *a, str bytes, str known) {
    return deflate_beside(packer_of(l), a, bytes, known);
}

str archive_deflate(ledger *l, arena *a, str bytes) {
    return deflate_whole(packer_of(l), a, bytes);
}

str archive_inflate_beside(arena *a, str packed, size_t size, str known) {
    return inflate_whole(a, packed, size, known);
}

str archive_inflate(arena *a, str packed, size_t size) {
    return inflate_whole(a, packed, size, STR_NONE);
}

/* A summary repeats its incident; the last of it is what zlib looks back to. */
str incident_beside(str json) {
    enum { WINDOW = 32 * 1024 };
    return json.size > WINDOW ? str_slice(json, json.size - WINDOW, json.size) : json;
}

/* What a reading repeats of the text beside it, and of every other reading, is told by pointing at it.
 * Changing this makes readings that were stored before unreadable. */
str archive_reading_beside(arena *a, str text) {
    static const char often[] =
        "{\"format\":\"isnad-reading/"
        "1\",\"engine\":{\"version\":\"0.1.0\",\"language_data\":\"\",\"gazetteer\":\"\","
        "\"weights\":\"\",\"profile\":null},\"document\":{\"id\":\"\",\"file\":\"\",\"url\":\"https://"
        "\",\"outlet\":"
        "\"\",\"title\":\"\",\"language\":\"ar\",\"published\":\"20\",\"published_from\":\"given\","
        "\"updated\":null,"
        "\"authors\":[],\"sha256\":\"\",\"text\":\"\"},\"links\":[],\"warnings\":[],\"disagreements\":[],"
        "\"places\":[{\"text\":\"\",\"start\":1,\"end\":1,\"kind\":\"city\",\"name\":\"\",\"name_ar\":null,"
        "\"country\":\"\",\"admin1\":\"\",\"id\":\"wof:\",\"lat\":3,\"lon\":4,\"radius_km\":,\"anchor\":null}"
        "],"
        "\"times\":[{\"text\":\"\",\"start\":,\"end\":,\"value\":\"20\"}],\"events\":[{\"type\":\"air_"
        "strike\","
        "\"trigger\":{\"text\":\"\",\"start\":,\"end\":},\"voice\":null,\"via\":[],\"stance\":\"asserts\","
        "\"actor\":null,\"places\":[0],\"count\":null,\"time\":null,\"date\":\"20\",\"date_from\":\"told\","
        "\"outcome\":null,\"evidence\":{\"text\":\"\",\"start\":,\"end\":}}],\"claims\":[{\"effect\":"
        "\"killed\","
        "\"count\":{\"min\":1,\"max\":null,\"approx\":false,\"text\":\"\",\"start\":,\"end\":},\"who\":{"
        "\"text\":"
        "\"\",\"class\":\"civilian\",\"group\":null},\"part_of\":null,\"voice\":{\"text\":\"\",\"start\":,"
        "\"end\":,"
        "\"kind\":\"monitor\",\"cue\":\"\"},\"via\":[],\"stance\":\"asserts\",\"scope\":\"incident\","
        "\"event\":"
        "\"shelling\",\"event_index\":0,\"actor\":null,\"place\":0,\"time\":{\"index\":0,\"inherited\":true},"
        "\"evidence\":{\"text\":\"\",\"start\":,\"end\":}},";
    enum { WINDOW = 32 * 1024 };
    size_t room = WINDOW - sizeof often + 1;
    str tail = text.size > room ? str_slice(text, text.size - room, text.size) : text;
    char *known = arena_take(a, tail.size + sizeof often);
    memcpy(known, tail.data ? tail.data : "", tail.size);
    memcpy(known + tail.size, often, sizeof often);
    return (str){known, tail.size + sizeof often - 1};
}

void take_reading(statement *s, int column, arena *a, str *text, str *json) {
    *text = archive_inflate(a, take_blob(s, column), (size_t)take_number(s, column + 1));
    /* What was packed by itself needs no text. */
    *json = archive_inflate_beside(a, take_blob(s, column + 2), (size_t)take_number(s, column + 3),
                                   archive_reading_beside(a, text->data ? *text : STR("")));
}

status archive_keep(ledger *l, int64_t sequence, str bytes, failure *f) {
    arena a = arena_new((allocator){0});
    status code = STATUS_OK;
    for (size_t at = 0, number = 0; at < bytes.size && code == STATUS_OK; at += ARCHIVE_CHUNK, number++) {
        size_t end = at + ARCHIVE_CHUNK < bytes.size ? at + ARCHIVE_CHUNK : bytes.size;
        statement s =
            statement_of(l, "INSERT INTO chunk(capture, number, size, data) VALUES (?, ?, ?, ?)", f);
        give_number(&s, sequence);
        give_number(&s, (int64_t)number);
        give_number(&s, (int64_t)(end - at));
        give_blob(&s, archive_deflate(l, &a, str_slice(bytes, at, end)));
        code = statement_run(&s);
        arena_reset(&a);
    }
    arena_free(&a);
    return code;
}

status archive_packed(ledger *l, int64_t sequence, bool (*chunk)(void *context, int64_t size, str packed),
                      void *context, failure *f) {
    statement s = statement_of(l, "SELECT size, data FROM chunk WHERE capture = ? ORDER BY number", f);
    give_number(&s, sequence);
    while (statement_row(&s) && chunk(context, take_number(&s, 0), take_blob(&s, 1)))
        ;
    return statement_done(&s);
}

typedef struct walking {
    arena a;
    bool any, damaged;
    bool (*chunk)(void *context, str bytes);
    void *context;
} walking;

str archive_chunk(arena *a, int64_t size, str packed) {
    return size >= 0 && size <= ARCHIVE_CHUNK ? archive_inflate(a, packed, (size_t)size) : STR_NONE;
}

static bool walk_on(void *context, int64_t size, str packed) {
    walking *w = context;
    str bytes = archive_chunk(&w->a, size, packed);
    w->any = true;
    w->damaged = !bytes.data;
    bool more = !w->damaged && w->chunk(w->context, bytes);
    arena_reset(&w->a);
    return more;
}

/* A capture that has no chunks may stand in a crawl file. */
static status walk_reference(walking *w, ledger *l, int64_t sequence, failure *f) {
    statement s =
        statement_of(l,
                     "SELECT file, \"offset\", sha256 FROM capture WHERE sequence = ? AND length IS NOT NULL"
                     " AND withdrawn IS NULL",
                     f);
    str bytes = STR_NONE;
    give_number(&s, sequence);
    if (statement_row(&s))
        s.code = reference_read(l, take_text(&s, 0), (uint64_t)take_number(&s, 1), take_text(&s, 2), &w->a,
                                &bytes, NULL, f);
    status code = statement_done(&s);
    bool more = code == STATUS_OK;
    for (size_t at = 0; more && at < bytes.size; at += ARCHIVE_CHUNK)
        more =
            w->chunk(w->context,
                     str_slice(bytes, at, at + ARCHIVE_CHUNK < bytes.size ? at + ARCHIVE_CHUNK : bytes.size));
    return code;
}

status archive_walk(ledger *l, int64_t sequence, bool (*chunk)(void *context, str bytes), void *context,
                    failure *f) {
    walking w = {.a = arena_new((allocator){0}), .chunk = chunk, .context = context};
    status code = archive_packed(l, sequence, walk_on, &w, f);
    if (code == STATUS_OK && !w.any)
        code = walk_reference(&w, l, sequence, f);
    arena_free(&w.a);
    if (code == STATUS_OK && w.damaged)
        return fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: a chunk of capture %lld is damaged", l->path,
                    (long long)sequence);
    return code;
}

void leaf_line(buffer *b, str s) {
    size_t clean = 0;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] != '\\' && s.data[i] != '\n')
            continue;
        buffer_add(b, str_slice(s, clean, i));
        buffer_add(b, s.data[i] == '\n' ? STR("\\n") : STR("\\\\"));
        clean = i + 1;
    }
    buffer_add(b, str_slice(s, clean, s.size));
    buffer_add_byte(b, '\n');
}

digest archive_leaf(str sha256_hex, str url, str time, str media_type) {
    buffer b = {0};
    buffer_add_byte(&b, 0);
    leaf_line(&b, sha256_hex);
    leaf_line(&b, url);
    leaf_line(&b, time);
    leaf_line(&b, media_type);
    digest leaf = sha256(buffer_str(&b));
    buffer_free(&b);
    return leaf;
}
