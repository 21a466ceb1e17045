#define _DEFAULT_SOURCE /* pread */
#include "base/unzip.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    HEAD = 30,
    ROW = 46,
    END = 22,
    END64 = 56,
    LOCATOR64 = 20,
    LONGEST_COMMENT = 65535,
    LARGEST_DIRECTORY = 64 * 1024 * 1024,
    ENCRYPTED = 1,
    SIZES_BEHIND = 8,
    EXTRA64 = 1,
};

static uint32_t get16(const char *p) {
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

static uint32_t get32(const char *p) {
    return get16(p) | get16(p + 2) << 16;
}

static uint64_t get64(const char *p) {
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static bool read_at(const unzip *z, uint64_t at, char *into, size_t size) {
    if (at > z->size || size > z->size - at)
        return false;
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(z->fd, into + done, size - done, (off_t)(z->base + at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* ---- the directory ---- */

typedef struct directory {
    uint64_t at, size, count;
    uint64_t ahead; /* bytes in front of the archive: a program that unpacks it */
} directory;

/* Where the directory's end stands: the last such mark whose comment ends where the file does, or the last.
 */
static bool find_end(str tail, size_t *end) {
    bool found = false;
    for (size_t i = tail.size - END + 1; i-- > 0;) {
        if (memcmp(tail.data + i, "PK\5\6", 4) != 0)
            continue;
        if (!found || i + END + get16(tail.data + i + 20) == tail.size) {
            *end = i;
            if (i + END + get16(tail.data + i + 20) == tail.size)
                return true;
            found = true;
        }
    }
    return found;
}

static void read_end64(const unzip *z, uint64_t end, directory *d) {
    char locator[LOCATOR64], record[END64];
    if (end < LOCATOR64 || !read_at(z, end - LOCATOR64, locator, LOCATOR64) ||
        memcmp(locator, "PK\6\7", 4) != 0)
        return;
    uint64_t at = get64(locator + 8);
    bool there = read_at(z, at, record, END64) && memcmp(record, "PK\6\6", 4) == 0;
    if (!there && end >= LOCATOR64 + END64) { /* something stands ahead of the archive */
        at = end - LOCATOR64 - END64;
        there = read_at(z, at, record, END64) && memcmp(record, "PK\6\6", 4) == 0;
    }
    if (!there)
        return;
    d->count = get64(record + 32);
    d->size = get64(record + 40);
    d->at = get64(record + 48);
    d->ahead = at >= d->size && at - d->size > d->at ? at - d->size - d->at : 0;
}

static bool find_directory(unzip *z, directory *d) {
    uint64_t size = z->size < END + LONGEST_COMMENT ? z->size : END + LONGEST_COMMENT;
    if (size < END)
        return false;
    arena a = arena_new((allocator){0});
    char *tail = arena_take(&a, (size_t)size);
    size_t end = 0;
    bool found = read_at(z, z->size - size, tail, (size_t)size) && find_end((str){tail, (size_t)size}, &end);
    if (found) {
        uint64_t at = z->size - size + end;
        *d = (directory){
            .count = get16(tail + end + 10), .size = get32(tail + end + 12), .at = get32(tail + end + 16)};
        d->ahead = at >= d->size && at - d->size > d->at ? at - d->size - d->at : 0;
        read_end64(z, at, d);
    }
    arena_free(&a);
    return found;
}

/* What does not fit into 32 bits stands in an extra field, in this order, each only where it is needed. */
static void read_extra64(str extra, unzip_entry *e) {
    for (size_t at = 0; at + 4 <= extra.size;) {
        size_t size = get16(extra.data + at + 2), from = at + 4;
        if (size > extra.size - from)
            return;
        if (get16(extra.data + at) == EXTRA64) {
            uint64_t *fields[] = {&e->size, &e->packed, &e->at};
            for (size_t i = 0; i < 3 && size >= 8; i++) {
                if (*fields[i] != UINT32_MAX)
                    continue;
                *fields[i] = get64(extra.data + from);
                from += 8;
                size -= 8;
            }
            return;
        }
        at = from + size;
    }
}

static const char *fault_of(const unzip *z, const unzip_entry *e, uint32_t flags) {
    if (flags & ENCRYPTED)
        return "encrypted";
    if (e->method != UNZIP_STORED && e->method != UNZIP_DEFLATED && e->method != UNZIP_ZSTD)
        return "packed by a method that is not read (stored, deflate and Zstandard are)";
    if (e->at > z->size || z->size - e->at < HEAD || e->packed > z->size - e->at - HEAD)
        return "it is said to lie beyond the end of the file";
    if (e->method == UNZIP_STORED && e->packed != e->size)
        return "its two sizes differ though it is not packed";
    return NULL;
}

static bool read_row(unzip *z, str rows, size_t *at, uint64_t ahead) {
    const char *p = rows.data + *at;
    if (rows.size - *at < ROW || memcmp(p, "PK\1\2", 4) != 0)
        return false;
    size_t name = get16(p + 28), extra = get16(p + 30), comment = get16(p + 32);
    if (rows.size - *at < ROW + name + extra + comment)
        return false;
    unzip_entry e = {.name = {p + ROW, name},
                     .method = (uint16_t)get16(p + 10),
                     .crc = get32(p + 16),
                     .packed = get32(p + 20),
                     .size = get32(p + 24),
                     .at = get32(p + 42)};
    read_extra64((str){p + ROW + name, extra}, &e);
    e.at = e.at <= UINT64_MAX - ahead ? e.at + ahead : UINT64_MAX;
    e.bad = fault_of(z, &e, get16(p + 8));
    *VECTOR_PUSH(&z->entries, &z->memory) = e;
    *at += ROW + name + extra + comment;
    return true;
}

static status read_directory(unzip *z, const directory *d, failure *f) {
    uint64_t from = d->at <= UINT64_MAX - d->ahead ? d->at + d->ahead : UINT64_MAX;
    if (d->size > LARGEST_DIRECTORY)
        return fail(f, STATUS_BAD_INPUT, "the directory of this ZIP file is larger than 64 MiB");
    if (d->size == 0)
        return STATUS_OK;
    char *rows = arena_take(&z->memory, (size_t)d->size);
    if (!read_at(z, from, rows, (size_t)d->size))
        return fail(f, STATUS_BAD_INPUT, "the directory of this ZIP file lies beyond its end (truncated)");
    size_t at = 0;
    while (at < d->size && read_row(z, (str){rows, (size_t)d->size}, &at, d->ahead))
        ;
    if (z->entries.size == 0 && d->count)
        return fail(f, STATUS_BAD_INPUT, "the directory of this ZIP file is damaged");
    return STATUS_OK;
}

/* ---- without a directory ---- */

static void walk_heads(unzip *z) {
    char head[HEAD];
    uint64_t at = 0;
    z->no_directory = true;
    while (z->entries.size < 1000000 && read_at(z, at, head, HEAD) && memcmp(head, "PK\3\4", 4) == 0) {
        size_t name = get16(head + 26), extra = get16(head + 28);
        char *tail = arena_take(&z->memory, name + extra + 1);
        if (!read_at(z, at + HEAD, tail, name + extra))
            return;
        unzip_entry e = {.name = {tail, name},
                         .at = at,
                         .method = (uint16_t)get16(head + 8),
                         .crc = get32(head + 14),
                         .packed = get32(head + 18),
                         .size = get32(head + 22)};
        read_extra64((str){tail + name, extra}, &e);
        if (get16(head + 6) & SIZES_BEHIND)
            return;
        e.bad = fault_of(z, &e, get16(head + 6));
        *VECTOR_PUSH(&z->entries, &z->memory) = e;
        if (e.packed > z->size - at - HEAD)
            return;
        at += HEAD + name + extra + e.packed;
    }
}

/* ---- entries in one another ---- */

static int by_place(const void *x, const void *y) {
    const unzip_entry *a = *(const unzip_entry *const *)x, *b = *(const unzip_entry *const *)y;
    return a->at != b->at ? (a->at < b->at ? -1 : 1) : a < b ? -1 : a > b;
}

static void mark_overlaps(unzip *z) {
    arena a = arena_new((allocator){0});
    unzip_entry **order = arena_take(&a, (z->entries.size + 1) * sizeof *order);
    for (size_t i = 0; i < z->entries.size; i++)
        order[i] = &z->entries.at[i];
    if (z->entries.size)
        qsort(order, z->entries.size, sizeof *order, by_place);
    uint64_t end = 0;
    for (size_t i = 0; i < z->entries.size; i++) {
        unzip_entry *e = order[i];
        if (e->bad)
            continue;
        if (e->at < end)
            e->bad = "it lies inside another entry";
        else
            end = e->at + HEAD + e->packed;
    }
    arena_free(&a);
}

status unzip_open(unzip *z, int fd, uint64_t base, uint64_t size, failure *f) {
    *z = (unzip){.fd = fd, .base = base, .size = size, .memory = arena_new((allocator){0})};
    directory d;
    status code = STATUS_OK;
    if (find_directory(z, &d))
        code = read_directory(z, &d, f);
    else
        walk_heads(z);
    if (code == STATUS_OK && z->no_directory && z->entries.size == 0)
        code = fail(f, STATUS_BAD_INPUT, "this ZIP file has no directory (truncated)");
    if (code == STATUS_OK)
        mark_overlaps(z);
    else
        unzip_close(z);
    return code;
}

void unzip_close(unzip *z) {
    arena_free(&z->memory);
    z->entries.size = 0;
}

bool unzip_data(const unzip *z, const unzip_entry *e, uint64_t *at) {
    char head[HEAD];
    if (!read_at(z, e->at, head, HEAD) || memcmp(head, "PK\3\4", 4) != 0)
        return false;
    uint64_t from = e->at + HEAD + get16(head + 26) + get16(head + 28);
    if (from > z->size || e->packed > z->size - from)
        return false;
    *at = z->base + from;
    return true;
}
