#include "fault_disk.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"

enum { MOST_FILES = 16, SECTOR = 512, REGION = 32 * 1024, MOST_REGIONS = 64 };

/* What was done to a file since it was flushed. */
typedef struct change {
    bool truncates;
    int64_t at;
    buffer bytes;
} change;

typedef struct disk_file {
    char name[256];
    bool there, lasts; /* lasts: also after a power cut */
    buffer now, kept;
    change *changes;
    size_t count, room;
    void *regions[MOST_REGIONS]; /* of shared memory */
} disk_file;

struct disk_image {
    size_t count;
    struct {
        char name[256];
        buffer bytes;
    } files[MOST_FILES];
};

static struct {
    disk_file files[MOST_FILES];
    disk_fault fault;
    uint64_t operations, fails_at;
    bool failed, dead;
    test_random *random;
} disk;

typedef struct handle {
    sqlite3_file base;
    disk_file *file;
    bool own; /* a temporary file, of nobody else */
} handle;

static sqlite3_vfs *real;

const char *disk_fault_name(disk_fault f) {
    static const char *const names[] = {"sound",  "full once", "full",
                                        "broken", "power cut", "power cut, torn"};
    return names[f];
}

/* ---- files ---- */

static void resize(buffer *b, size_t size) {
    if (size > b->size) {
        buffer_reserve(b, size - b->size);
        memset(b->data + b->size, 0, size - b->size);
    }
    b->size = size;
}

static void put(buffer *b, int64_t at, const void *bytes, size_t size) {
    if ((size_t)at + size > b->size)
        resize(b, (size_t)at + size);
    if (size)
        memcpy(b->data + at, bytes, size);
}

static void copy_of(buffer *to, const buffer *from) {
    to->size = 0;
    buffer_add(to, buffer_str(from));
}

static void forget_changes(disk_file *f) {
    for (size_t i = 0; i < f->count; i++)
        buffer_free(&f->changes[i].bytes);
    f->count = 0;
}

static void remember(disk_file *f, bool truncates, int64_t at, const void *bytes, size_t size) {
    if (f->count == f->room) {
        f->room = f->room ? 2 * f->room : 16;
        f->changes = realloc(f->changes, f->room * sizeof *f->changes);
        assert_non_null(f->changes);
    }
    f->changes[f->count] = (change){.truncates = truncates, .at = at};
    buffer_add(&f->changes[f->count++].bytes, (str){bytes, size});
}

static void forget_regions(disk_file *f) {
    for (size_t i = 0; i < MOST_REGIONS; i++) {
        free(f->regions[i]);
        f->regions[i] = NULL;
    }
}

static void release(disk_file *f) {
    forget_changes(f);
    forget_regions(f);
    free(f->changes);
    buffer_free(&f->now);
    buffer_free(&f->kept);
    *f = (disk_file){0};
}

static disk_file *file_named(const char *name, bool make) {
    disk_file *free_one = NULL;
    for (size_t i = 0; i < MOST_FILES; i++) {
        disk_file *f = &disk.files[i];
        if (*f->name && strcmp(f->name, name) == 0)
            return f;
        if (!*f->name && !free_one)
            free_one = f;
    }
    if (!make)
        return NULL;
    assert_non_null(free_one);
    snprintf(free_one->name, sizeof free_one->name, "%s", name);
    return free_one;
}

/* ---- faults ---- */

/* What an operation that changes something ends with; SQLITE_OK: it is done. */
static int fate(int error, bool *half) {
    *half = false;
    if (disk.dead)
        return error;
    bool now = ++disk.operations == disk.fails_at && disk.fault != DISK_SOUND;
    if (now)
        disk.failed = true;
    switch (disk.fault) {
    case DISK_SOUND:
        return SQLITE_OK;
    case DISK_FULL_ONCE:
        return now ? SQLITE_FULL : SQLITE_OK;
    case DISK_FULL:
        return disk.failed ? SQLITE_FULL : SQLITE_OK;
    case DISK_BROKEN:
        disk.dead = disk.failed;
        return disk.failed ? error : SQLITE_OK;
    default:
        *half = now;
        disk.dead = disk.failed;
        return now ? error : SQLITE_OK;
    }
}

/* ---- what SQLite calls ---- */

static disk_file *of(sqlite3_file *f) {
    return ((handle *)f)->file;
}

static int disk_close(sqlite3_file *f) {
    handle *h = (handle *)f;
    if (h->own) {
        release(h->file);
        free(h->file);
    }
    h->file = NULL;
    return SQLITE_OK;
}

static int disk_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
    const disk_file *file = of(f);
    size_t have = (size_t)at < file->now.size ? file->now.size - (size_t)at : 0;
    if (disk.dead)
        return SQLITE_IOERR_READ;
    if (have > (size_t)n)
        have = (size_t)n;
    if (have)
        memcpy(to, file->now.data + at, have);
    memset((char *)to + have, 0, (size_t)n - have);
    return have == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int disk_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at) {
    bool half;
    disk_file *file = of(f);
    int code = fate(SQLITE_IOERR_WRITE, &half);
    size_t size = code == SQLITE_OK ? (size_t)n : half ? (size_t)n / 2 / SECTOR * SECTOR + SECTOR / 2 : 0;
    if (size > (size_t)n)
        size = (size_t)n / 2;
    if (size) {
        put(&file->now, at, bytes, size);
        remember(file, false, at, bytes, size);
    }
    return code;
}

static int disk_truncate(sqlite3_file *f, sqlite3_int64 size) {
    bool half;
    int code = fate(SQLITE_IOERR_TRUNCATE, &half);
    if (code == SQLITE_OK) {
        resize(&of(f)->now, (size_t)size);
        remember(of(f), true, size, "", 0);
    }
    return code == SQLITE_FULL ? SQLITE_IOERR_TRUNCATE : code;
}

static int disk_sync(sqlite3_file *f, int flags) {
    bool half;
    (void)flags;
    int code = fate(SQLITE_IOERR_FSYNC, &half);
    if (code == SQLITE_OK) {
        copy_of(&of(f)->kept, &of(f)->now);
        forget_changes(of(f));
        of(f)->lasts = of(f)->there;
    }
    return code == SQLITE_FULL ? SQLITE_IOERR_FSYNC : code;
}

static int disk_size(sqlite3_file *f, sqlite3_int64 *size) {
    *size = (sqlite3_int64)of(f)->now.size;
    return disk.dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int disk_lock(sqlite3_file *f, int level) {
    (void)f;
    (void)level;
    return SQLITE_OK;
}

static int disk_reserved(sqlite3_file *f, int *out) {
    (void)f;
    *out = 0;
    return SQLITE_OK;
}

static int disk_control(sqlite3_file *f, int operation, void *argument) {
    (void)f;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int disk_sector(sqlite3_file *f) {
    (void)f;
    return SECTOR;
}

static int disk_traits(sqlite3_file *f) {
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int disk_map(sqlite3_file *f, int number, int size, int extend, void volatile **out) {
    assert_true(number < MOST_REGIONS && size == REGION);
    void **region = &of(f)->regions[number];
    if (!*region && extend)
        *region = calloc(1, REGION);
    *out = *region;
    return SQLITE_OK;
}

static int disk_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
    (void)f;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void disk_barrier(sqlite3_file *f) {
    (void)f;
}

static int disk_unmap(sqlite3_file *f, int remove) {
    if (remove)
        forget_regions(of(f));
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    2,           disk_close, disk_read,     disk_write,    disk_truncate, disk_sync,
    disk_size,   disk_lock,  disk_lock,     disk_reserved, disk_control,  disk_sector,
    disk_traits, disk_map,   disk_shm_lock, disk_barrier,  disk_unmap,    NULL,
    NULL};

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
    handle *h = (handle *)f;
    bool half;
    (void)vfs;
    h->base.pMethods = NULL;
    if (disk.dead)
        return SQLITE_CANTOPEN;
    disk_file *file = name ? file_named(name, false) : NULL;
    if (name && (!file || !file->there)) {
        if (!(flags & SQLITE_OPEN_CREATE))
            return SQLITE_CANTOPEN;
        int code = fate(SQLITE_IOERR, &half);
        if (code != SQLITE_OK)
            return code == SQLITE_FULL ? SQLITE_FULL : SQLITE_CANTOPEN;
        file = file_named(name, true);
        file->there = true;
        file->now.size = 0;
        forget_changes(file);
        remember(file, true, 0, "", 0);
    }
    *h = (handle){{&methods}, name ? file : calloc(1, sizeof *file), !name};
    if (out)
        *out = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    bool half;
    (void)vfs;
    disk_file *file = file_named(name, false);
    if (!file || !file->there)
        return SQLITE_IOERR_DELETE_NOENT;
    int code = fate(SQLITE_IOERR_DELETE, &half);
    if (code != SQLITE_OK)
        return SQLITE_IOERR_DELETE;
    file->there = false;
    if (sync) {
        /* a file of that name made later is another: what this one held does not come back in it */
        file->lasts = false;
        file->kept.size = 0;
        forget_changes(file);
    }
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    (void)vfs;
    (void)flags;
    const disk_file *file = file_named(name, false);
    *out = file && file->there && !(flags == SQLITE_ACCESS_EXISTS && file->now.size == 0);
    return SQLITE_OK;
}

static int disk_name(sqlite3_vfs *vfs, const char *name, int size, char *out) {
    (void)vfs;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

void disk_install(void) {
    static sqlite3_vfs made;
    static void *library; /* stays: what is registered in it must */
    if (library)
        return;
    sqlite3_vfs *(*find)(const char *);
    int (*enroll)(sqlite3_vfs *, int), (*initialize)(void);
    library = dlopen("libsqlite3.so.0", RTLD_NOW);
    assert_non_null(library);
    *(void **)&initialize = dlsym(library, "sqlite3_initialize");
    *(void **)&find = dlsym(library, "sqlite3_vfs_find");
    *(void **)&enroll = dlsym(library, "sqlite3_vfs_register");
    initialize();
    real = find(NULL);
    made = *real;
    made.zName = DISK_VFS;
    made.szOsFile = sizeof(handle);
    made.mxPathname = 200;
    made.xOpen = disk_open;
    made.xDelete = disk_delete;
    made.xAccess = disk_access;
    made.xFullPathname = disk_name;
    made.pNext = NULL;
    assert_int_equal(enroll(&made, 0), SQLITE_OK);
}

/* ---- what tests call ---- */

void disk_clear(void) {
    for (size_t i = 0; i < MOST_FILES; i++)
        release(&disk.files[i]);
    disk.fault = DISK_SOUND;
    disk.operations = disk.fails_at = 0;
    disk.failed = disk.dead = false;
}

void disk_fail(disk_fault fault, uint64_t after, test_random *r) {
    disk.fault = fault;
    disk.fails_at = disk.operations + after;
    disk.failed = false;
    disk.random = r;
}

bool disk_has_failed(void) {
    return disk.failed;
}

uint64_t disk_operations(void) {
    return disk.operations;
}

/* A piece at a time: a sector, or half of one. */
static void keep_pieces(disk_file *f, const change *c) {
    for (size_t at = 0; at < c->bytes.size;) {
        size_t end = ((size_t)c->at + at) / SECTOR * SECTOR + SECTOR - (size_t)c->at;
        size_t size = (end < c->bytes.size ? end : c->bytes.size) - at, chance = random_below(disk.random, 8);
        if (chance < 4)
            put(&f->kept, c->at + (int64_t)at, c->bytes.data + at, chance ? size : size / 2);
        at += size;
    }
}

static void cut_power(disk_file *f, bool torn) {
    for (size_t i = 0; torn && i < f->count; i++) {
        const change *c = &f->changes[i];
        if (!c->truncates)
            keep_pieces(f, c);
        else if (random_below(disk.random, 2))
            resize(&f->kept, (size_t)c->at);
    }
    if (torn && f->there && random_below(disk.random, 2))
        f->lasts = true;
    copy_of(&f->now, &f->kept);
    f->there = f->lasts;
    forget_changes(f);
}

void disk_heal(void) {
    disk.fault = DISK_SOUND;
    disk.dead = false;
}

void disk_mend(void) {
    bool cut = disk.failed && (disk.fault == DISK_CUT || disk.fault == DISK_CUT_TORN);
    for (size_t i = 0; i < MOST_FILES; i++) {
        if (cut && *disk.files[i].name)
            cut_power(&disk.files[i], disk.fault == DISK_CUT_TORN);
        forget_regions(&disk.files[i]);
    }
    disk_heal();
}

disk_image *disk_keep(void) {
    disk_image *image = calloc(1, sizeof *image);
    assert_non_null(image);
    for (size_t i = 0; i < MOST_FILES; i++) {
        const disk_file *f = &disk.files[i];
        if (!f->there)
            continue;
        memcpy(image->files[image->count].name, f->name, sizeof f->name);
        copy_of(&image->files[image->count++].bytes, &f->now);
    }
    return image;
}

void disk_put_back(const disk_image *image) {
    disk_clear();
    for (size_t i = 0; i < image->count; i++) {
        disk_file *f = file_named(image->files[i].name, true);
        copy_of(&f->now, &image->files[i].bytes);
        copy_of(&f->kept, &image->files[i].bytes);
        f->there = f->lasts = true;
    }
}

void disk_image_free(disk_image *image) {
    for (size_t i = 0; i < image->count; i++)
        buffer_free(&image->files[i].bytes);
    free(image);
}

static disk_file *only_file(void) {
    disk_file *found = NULL;
    for (size_t i = 0; i < MOST_FILES; i++)
        if (disk.files[i].there) {
            assert_null(found);
            found = &disk.files[i];
        }
    assert_non_null(found);
    return found;
}

uint64_t disk_bits(void) {
    return only_file()->now.size * 8;
}

void disk_flip(uint64_t bit) {
    disk_file *f = only_file();
    f->now.data[bit / 8] = (char)(f->now.data[bit / 8] ^ 1 << bit % 8);
    copy_of(&f->kept, &f->now);
}

bool disk_is_zero(uint64_t bit) {
    return only_file()->now.data[bit / 8] == 0;
}
