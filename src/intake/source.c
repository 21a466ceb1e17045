#define _DEFAULT_SOURCE /* fstat, pread */
#include "intake/source.h"

#include "base/counters.h"
#include "base/inflate.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    CHUNK = 256 * 1024,
    SPARE_WINDOW = 4 * 1024 * 1024,
    /* A member is unpacked at once where it is no larger, packed and plain. */
    AT_ONCE_PACKED = 512 * 1024,
    AT_ONCE_PLAIN = 16 * 1024 * 1024,
    WANT_PACKED = 64 * 1024, /* before that is tried */
    LARGEST_DICTIONARY = 64 * 1024 * 1024,
};

/* Where a member begins. */
typedef struct mark {
    uint64_t raw, plain;
} mark;

struct source {
    int fd; /* -1: memory */
    bool is_part;
    uint64_t part_at, part_left;
    str memory;   /* not yet read */
    buffer chunk; /* raw bytes of the file */
    size_t chunk_at;
    uint64_t chunk_offset; /* of chunk[0] in the file */
    bool raw_ended;
    packing packed;
    unpacker *unpacker;
    gunzipper *at_once;
    bool in_member, ended;
    mark *marks; /* of the members whose bytes stand in the window, and the last one */
    size_t marks_first, marks_count, marks_room; /* first: of the member of the next byte */
    mark since;                                  /* where bombs are counted from */
    size_t usual;                                /* plain bytes of a member so far */
    buffer window;
    size_t taken;   /* of the window */
    uint64_t plain; /* offset of the window's first byte not taken */
    const char *error;
    bool expects;
    uint64_t expected_size;
    uint32_t expected_crc, crc;
};

static source *source_new(int fd, str memory) {
    source *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->fd = fd;
    s->memory = memory;
    return s;
}

source *source_of_file(int fd) {
    return source_new(fd, STR_NONE);
}

source *source_of_part(int fd, uint64_t at, uint64_t size) {
    source *s = source_new(fd, STR_NONE);
    s->is_part = true;
    s->part_at = at;
    s->part_left = size;
    return s;
}

source *source_of_memory(str bytes) {
    return source_new(-1, bytes);
}

void source_close(source *s) {
    if (!s)
        return;
    unpacker_free(s->unpacker);
    gunzipper_free(s->at_once);
    if (s->fd >= 0 && !s->is_part)
        close(s->fd);
    buffer_free(&s->window);
    buffer_free(&s->chunk);
    free(s->marks);
    free(s);
}

/* ---- raw bytes ---- */

static ssize_t read_some(source *s, char *into, size_t room) {
    if (s->is_part) {
        room = room < s->part_left ? room : (size_t)s->part_left;
        ssize_t got = room ? pread(s->fd, into, room, (off_t)s->part_at) : 0;
        if (got == 0 && room && !s->error)
            s->error = "the file ends too early (truncated)";
        s->part_at += got > 0 ? (uint64_t)got : 0;
        s->part_left -= got > 0 ? (uint64_t)got : 0;
        return got;
    }
    if (s->fd >= 0)
        return read(s->fd, into, room);
    room = room < s->memory.size ? room : s->memory.size;
    if (room)
        memcpy(into, s->memory.data, room);
    s->memory = str_slice(s->memory, room, s->memory.size);
    return (ssize_t)room;
}

static str raw_rest(const source *s) {
    return s->chunk.size ? (str){s->chunk.data + s->chunk_at, s->chunk.size - s->chunk_at} : STR("");
}

/* Reads on behind what stands in the chunk and was not used; false at the end. */
static bool read_more(source *s) {
    if (s->raw_ended)
        return false;
    if (s->chunk_at) {
        str rest = raw_rest(s);
        if (rest.size)
            memmove(s->chunk.data, rest.data, rest.size);
        COUNT(bytes_taken_in, rest.size);
        s->chunk_offset += s->chunk_at;
        s->chunk.size = rest.size;
        s->chunk_at = 0;
    }
    buffer_reserve(&s->chunk, CHUNK);
    ssize_t got;
    do
        got = read_some(s, s->chunk.data + s->chunk.size, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        s->error = "reading failed";
    s->chunk.size += got > 0 ? (size_t)got : 0;
    s->raw_ended = got <= 0;
    return got > 0;
}

/* The next raw bytes, at least one, or none at the end. */
static bool fill_chunk(source *s) {
    return s->chunk_at < s->chunk.size || read_more(s);
}

static uint64_t raw_offset(const source *s) {
    return s->chunk_offset + s->chunk_at;
}

bool source_seek(source *s, uint64_t begin) {
    if (begin == 0)
        return true;
    assert(s->plain == 0 && s->chunk.size == 0 && !s->packed);
    if (s->is_part) {
        if (begin > s->part_left)
            return false;
        s->part_at += begin;
        s->part_left -= begin;
    } else if (s->fd >= 0) {
        if (begin > INT64_MAX || lseek(s->fd, (off_t)begin, SEEK_SET) < 0)
            return false;
    } else {
        if (begin > s->memory.size)
            return false;
        s->memory = str_slice(s->memory, (size_t)begin, s->memory.size);
    }
    s->chunk_offset = begin;
    return true;
}

/* ---- the window ---- */

static uint64_t plain_end(const source *s) {
    return s->plain + (s->window.size - s->taken);
}

static void window_room(source *s, size_t room) {
    /* Half of it at least, so that moving costs no more than reading did. */
    if (s->taken && (s->taken == s->window.size || (s->taken >= CHUNK && s->taken >= s->window.size / 2))) {
        s->window.size -= s->taken;
        memmove(s->window.data, s->window.data + s->taken, s->window.size);
        COUNT(bytes_taken_in, s->window.size);
        s->taken = 0;
        if (s->window.size == 0 && s->window.capacity > SPARE_WINDOW)
            buffer_free(&s->window);
    }
    buffer_reserve(&s->window, room);
}

static void window_grew(source *s, size_t made) {
    if (s->expects && made)
        s->crc = (uint32_t)crc32_z(s->crc, (const Bytef *)s->window.data + s->window.size, made);
    COUNT(bytes_taken_in, made);
    s->window.size += made;
}

static void at_end(source *s) {
    s->ended = true;
    if (s->expects && !s->error && (plain_end(s) != s->expected_size || s->crc != s->expected_crc))
        s->error = plain_end(s) != s->expected_size ? "it is not as large as was said"
                                                    : "it does not match its checksum";
}

void source_expect(source *s, uint64_t size, uint32_t crc) {
    s->expects = true;
    s->expected_size = size;
    s->expected_crc = crc;
}

/* ---- members ---- */

static size_t marks_left(const source *s) {
    return s->marks_count - s->marks_first;
}

/* Behind the members of which nothing more is to be taken. */
static void pass_marks(source *s) {
    while (s->marks_first + 1 < s->marks_count && s->marks[s->marks_first + 1].plain <= s->plain) {
        COUNT(bytes_taken_in, 1);
        s->marks_first++;
    }
}

/* Half of them at least, so that moving costs no more than adding did. */
static void drop_passed_marks(source *s) {
    if (s->marks_first == 0 || s->marks_first < s->marks_count / 2)
        return;
    s->marks_count -= s->marks_first;
    memmove(s->marks, s->marks + s->marks_first, s->marks_count * sizeof *s->marks);
    COUNT(bytes_taken_in, s->marks_count);
    s->marks_first = 0;
}

/* Of empty members in a row the first and the last are enough: where one ends, and where the next byte's
 * begins. */
static bool follows_empty_ones(const source *s) {
    return marks_left(s) >= 2 && s->marks[s->marks_count - 1].plain == plain_end(s) &&
           s->marks[s->marks_count - 2].plain == plain_end(s);
}

static void add_mark(source *s) {
    drop_passed_marks(s);
    if (follows_empty_ones(s))
        s->marks_count--;
    if (s->marks_count == s->marks_room) {
        s->marks_room = s->marks_room ? 2 * s->marks_room : 8;
        s->marks = realloc(s->marks, s->marks_room * sizeof *s->marks);
        if (!s->marks)
            abort();
    }
    s->marks[s->marks_count++] = (mark){raw_offset(s), plain_end(s)};
    pass_marks(s);
}

static const char *no_member(packing p) {
    return p == PACKED_GZIP  ? "bytes that are no gzip follow the end of a gzip member"
           : p == PACKED_LZ4 ? "bytes that are no LZ4 follow the end of an LZ4 frame"
                             : "bytes that are no Zstandard follow the end of a Zstandard frame";
}

/* Between two members: false at the end of the file or where what follows is no member. */
static bool start_member(source *s) {
    while (fill_chunk(s) && s->chunk.data[s->chunk_at] == 0 && plain_end(s) > 0 && s->packed == PACKED_GZIP)
        s->chunk_at++; /* padding */
    if (!fill_chunk(s)) {
        at_end(s);
        return false;
    }
    if (s->packed == PACKED_DEFLATE && s->marks_count) { /* one there is, and no other */
        at_end(s);
        return false;
    }
    if (s->packed == PACKED_GZIP
            ? (unsigned char)s->chunk.data[s->chunk_at] != 0x1F
            : s->packed != PACKED_DEFLATE && s->marks_count && raw_rest(s).size >= 4 &&
                  packing_of(raw_rest(s)) != s->packed && (s->chunk.data[s->chunk_at + 1] != 0x2A)) {
        s->error = no_member(s->packed);
        return false;
    }
    s->in_member = true;
    add_mark(s);
    return true;
}

/* A gzip member whose bytes are all at hand goes into the window in one step, which is much faster. False:
 * it is too large for that, or is to be looked at step by step. */
static bool member_at_once(source *s) {
    if (s->packed != PACKED_GZIP || !s->at_once)
        return false;
    while (raw_rest(s).size < WANT_PACKED && read_more(s))
        ;
    size_t room = s->usual < WANT_PACKED ? 4 * (size_t)WANT_PACKED : s->usual;
    for (;;) {
        window_room(s, room);
        size_t taken, made;
        switch (gunzip_member(s->at_once, raw_rest(s), s->window.data + s->window.size,
                              s->window.capacity - s->window.size, &taken, &made)) {
        case GUNZIP_WHOLE:
            s->chunk_at += taken;
            s->usual = made + made / 4;
            window_grew(s, made);
            s->in_member = false;
            return true;
        case GUNZIP_ROOM:
            room = 4 * room;
            if (room > AT_ONCE_PLAIN)
                return false;
            break;
        case GUNZIP_DAMAGED:
            for (size_t before = raw_rest(s).size; raw_rest(s).size < 2 * before;)
                if (raw_rest(s).size > AT_ONCE_PACKED || !read_more(s))
                    return false;
            break;
        }
    }
}

static void fill_unpacked(source *s) {
    if (!s->in_member) {
        if (!start_member(s) || member_at_once(s))
            return;
        unpacker_reset(s->unpacker);
    }
    /* LZ4 and Zstandard may hold back what they made already, so that they are asked again at the end. */
    bool more = fill_chunk(s);
    window_room(s, CHUNK);
    str rest = more ? raw_rest(s) : STR("");
    size_t made, room = CHUNK;
    unpack_step step = unpacker_run(s->unpacker, &rest, s->window.data + s->window.size, room, &made);
    window_grew(s, made);
    if (more)
        s->chunk_at = s->chunk.size - rest.size;
    if (step == UNPACK_END)
        s->in_member = false;
    else if (step == UNPACK_DAMAGED)
        s->error = packing_damaged(s->packed);
    else if (!more && made == 0 && !s->error)
        s->error = packing_cut(s->packed);
}

static void fill_plain(source *s) {
    if (!fill_chunk(s)) {
        at_end(s);
        return;
    }
    str rest = raw_rest(s);
    window_room(s, rest.size);
    memcpy(s->window.data + s->window.size, rest.data, rest.size);
    window_grew(s, rest.size);
    s->chunk_at = s->chunk.size;
}

/* ---- the beginning ---- */

/* The dictionary that a .warc.zst may begin with. */
static bool take_dictionary(source *s, buffer *dictionary) {
    while (raw_rest(s).size < 8 && read_more(s))
        ;
    uint64_t size = zstd_dictionary_frame(raw_rest(s));
    if (size == 0)
        return true;
    if (size > LARGEST_DICTIONARY)
        return false;
    while (raw_rest(s).size < size && read_more(s))
        ;
    if (raw_rest(s).size < size)
        return false;
    buffer_add(dictionary, str_slice(raw_rest(s), 8, (size_t)size));
    s->chunk_at += (size_t)size;
    return true;
}

static bool begin_zstd(source *s) {
    buffer dictionary = {0};
    bool good = take_dictionary(s, &dictionary);
    /* In the middle of a file, the dictionary stands at its head. */
    if (good && !dictionary.size && s->chunk_offset && s->fd >= 0) {
        source *head = source_of_part(s->fd, 0, LARGEST_DICTIONARY);
        if (s->is_part)
            head->part_at = s->part_at - s->chunk.size - s->chunk_offset;
        good = take_dictionary(head, &dictionary);
        source_close(head);
    }
    s->unpacker = good ? unpacker_new(PACKED_ZSTD, buffer_str(&dictionary)) : NULL;
    buffer_free(&dictionary);
    return s->unpacker;
}

bool source_unpack(source *s, packing p) {
    /* What was looked at so far goes back. */
    assert(s->taken == 0 && s->plain == 0);
    buffer looked = s->window;
    s->chunk_offset = raw_offset(s) - looked.size;
    s->window = (buffer){0};
    if (looked.size) {
        str rest = raw_rest(s);
        buffer_add(&looked, rest);
        buffer_free(&s->chunk);
        s->chunk = looked;
        s->chunk_at = 0;
    } else {
        s->chunk_offset -= s->chunk_at; /* nothing was looked at */
        buffer_free(&looked);
    }
    s->expects = false; /* that was of the packed bytes, which have checksums of their own */
    s->crc = 0;
    s->packed = p;
    s->ended = false;
    if (p == PACKED_GZIP)
        s->at_once = gunzipper_new();
    if (p == PACKED_ZSTD)
        return begin_zstd(s);
    s->unpacker = unpacker_new(p, STR_NONE);
    return s->unpacker;
}

/* ---- taking ---- */

str source_peek(source *s, size_t wanted) {
    while (s->window.size - s->taken < wanted && !s->ended && !s->error) {
        if (s->packed)
            fill_unpacked(s);
        else
            fill_plain(s);
    }
    return (str){s->window.data ? s->window.data + s->taken : "", s->window.size - s->taken};
}

void source_take(source *s, size_t count) {
    s->taken += count;
    s->plain += count;
    pass_marks(s);
}

uint64_t source_read(source *s, uint64_t count, buffer *out) {
    uint64_t done = 0;
    while (done < count) {
        str window = source_peek(s, 1);
        if (window.size == 0)
            break;
        size_t part = window.size < count - done ? window.size : (size_t)(count - done);
        if (out)
            buffer_add(out, str_slice(window, 0, part));
        source_take(s, part);
        done += part;
    }
    return done;
}

size_t source_read_into(source *s, char *into, size_t size) {
    size_t done = 0;
    while (done < size) {
        str window = source_peek(s, 1);
        if (window.size == 0)
            break;
        size_t part = window.size < size - done ? window.size : size - done;
        memcpy(into + done, window.data, part);
        source_take(s, part);
        done += part;
    }
    return done;
}

uint64_t source_file_size(const source *s) {
    struct stat about;
    if (s->packed)
        return 0;
    if (s->is_part)
        return s->part_left + s->chunk.size - s->chunk_at + (s->window.size - s->taken);
    if (s->fd < 0 || fstat(s->fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 0)
        return 0;
    return (uint64_t)about.st_size;
}

bool source_extent(const source *s, int *fd, uint64_t *at, uint64_t *size) {
    struct stat about;
    if (s->packed || s->fd < 0 || s->plain)
        return false;
    *fd = s->fd;
    if (s->is_part) {
        *at = s->part_at - s->chunk_offset - s->chunk.size;
        *size = s->part_left + s->chunk_offset + s->chunk.size;
        return true;
    }
    if (fstat(s->fd, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    *at = 0;
    *size = (uint64_t)about.st_size;
    return true;
}

bool source_owns_file(const source *s) {
    return s->fd >= 0 && !s->is_part;
}

/* ---- where it stands ---- */

/* The member of the next byte, by its number; the number of marks where that has not begun. */
static size_t mark_here(const source *s) {
    return s->taken == s->window.size && !s->in_member ? s->marks_count : s->marks_first;
}

source_place source_here(const source *s) {
    if (!s->packed)
        return (source_place){raw_offset(s) - (s->window.size - s->taken), 0};
    size_t here = mark_here(s);
    if (here == s->marks_count)
        return (source_place){raw_offset(s), 0};
    return (source_place){s->marks[here].raw, s->plain - s->marks[here].plain};
}

uint64_t source_offset(const source *s) {
    source_place here = source_here(s);
    return here.skip ? s->plain : here.begin;
}

uint64_t source_member_size(const source *s) {
    size_t here = mark_here(s);
    if (!s->packed || here == s->marks_count)
        return 0;
    if (here + 1 < s->marks_count)
        return s->marks[here + 1].raw - s->marks[here].raw;
    return s->in_member ? 0 : raw_offset(s) - s->marks[here].raw;
}

void source_settle(source *s) {
    if (s->packed && s->in_member && !s->error)
        fill_unpacked(s);
}

size_t source_next_start(const source *s) {
    size_t next = mark_here(s) + 1;
    return next < s->marks_count ? (size_t)(s->marks[next].plain - s->plain) : SIZE_MAX;
}

uint64_t source_taken(const source *s) {
    return s->plain;
}

uint64_t source_used(const source *s) {
    return raw_offset(s);
}

bool source_is_packed(const source *s) {
    return s->packed != PACKED_NOT;
}

static bool is_blown_up(const source *s, mark since, uint64_t limit) {
    uint64_t raw = raw_offset(s) - since.raw, plain = plain_end(s) - since.plain;
    return plain > limit && plain / BOMB_RATIO > raw;
}

bool source_is_bomb(const source *s, uint64_t limit) {
    if (!s->packed || !s->marks_count)
        return false;
    return is_blown_up(s, s->marks[s->marks_count - 1], limit) || is_blown_up(s, s->since, limit);
}

/* ---- after damage ---- */

const char *source_error(const source *s) {
    return s->error;
}

bool source_next_member(source *s) {
    if (!s->packed || s->packed == PACKED_DEFLATE)
        return false;
    str magic = packing_magic(s->packed);
    if (s->in_member || s->error) {
        unpacker_reset(s->unpacker);
        s->in_member = false;
        /* Not this one again, of which perhaps nothing was taken. */
        if (s->marks_count && raw_offset(s) <= s->marks[s->marks_count - 1].raw && fill_chunk(s))
            s->chunk_at++;
    }
    s->error = NULL;
    s->plain += s->window.size - s->taken;
    s->window.size = s->taken = 0;
    pass_marks(s);
    for (;;) {
        while (raw_rest(s).size < magic.size && read_more(s))
            ;
        size_t at = str_find(raw_rest(s), magic, 0);
        COUNT(bytes_taken_in, at == SIZE_MAX ? raw_rest(s).size : at);
        if (at != SIZE_MAX) {
            s->chunk_at += at;
            s->since = (mark){raw_offset(s), plain_end(s)};
            return true;
        }
        bool short_of = raw_rest(s).size < magic.size;
        s->chunk_at += short_of ? 0 : raw_rest(s).size - (magic.size - 1);
        if (short_of || !read_more(s)) {
            s->chunk_at = s->chunk.size;
            s->ended = true;
            return false;
        }
    }
}
