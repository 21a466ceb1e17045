#include "intake/revisits.h"

#include <stdlib.h>

enum { FIRST_ROOM = 1024, MOST_ROOM = 1 << 19 };

typedef struct row {
    uint64_t key; /* hash of the key's text; 0: free */
    uint64_t begin, skip, length;
    uint32_t file;
    capture_form form;
} row;

struct revisits {
    row *rows; /* open addressing */
    size_t room, size;
    arena names;
    VECTOR(str) files;
};

revisits *revisits_new(void) {
    revisits *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->names = arena_new((allocator){0});
    return r;
}

void revisits_free(revisits *r) {
    if (!r)
        return;
    arena_free(&r->names);
    free(r->rows);
    free(r);
}

static row *row_of(const revisits *r, uint64_t key) {
    size_t at = key & (r->room - 1);
    while (r->rows[at].key && r->rows[at].key != key)
        at = (at + 1) & (r->room - 1);
    return &r->rows[at];
}

static row *new_rows(size_t room) {
    row *rows = calloc(room, sizeof *rows);
    if (!rows)
        abort();
    return rows;
}

/* Twice the room, or, where that is too much, all is forgotten. */
static void make_room(revisits *r) {
    revisits before = *r;
    r->room = !before.room ? FIRST_ROOM : before.room < MOST_ROOM ? 2 * before.room : before.room;
    r->rows = new_rows(r->room);
    r->size = 0;
    for (size_t i = 0; r->room > before.room && i < before.room; i++)
        if (before.rows[i].key) {
            *row_of(r, before.rows[i].key) = before.rows[i];
            r->size++;
        }
    free(before.rows);
}

static uint64_t key_of(str key) {
    uint64_t hash = str_hash(key);
    return hash ? hash : 1;
}

static uint32_t file_of(revisits *r, str file) {
    if (!r->files.size || !str_equal(r->files.at[r->files.size - 1], file))
        *VECTOR_PUSH(&r->files, &r->names) = arena_copy(&r->names, file);
    return (uint32_t)(r->files.size - 1);
}

void revisits_add(revisits *r, str key, str file, capture_place place) {
    if (key.size == 0)
        return;
    if (4 * r->size >= 3 * r->room)
        make_room(r);
    row *at = row_of(r, key_of(key));
    r->size += at->key == 0;
    *at = (row){key_of(key), place.begin, place.skip, place.length, file_of(r, file), place.form};
}

bool revisits_find(const revisits *r, str key, str *file, capture_place *place) {
    if (key.size == 0 || !r->room)
        return false;
    const row *at = row_of(r, key_of(key));
    if (!at->key)
        return false;
    *file = r->files.at[at->file];
    *place = (capture_place){at->form, at->begin, at->skip, at->length};
    return true;
}
