#define _DEFAULT_SOURCE /* fstat */
#include "intake/source.h"

#include "intake/inflate.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 128 * 1024, GZIP = 15 + 16, SPARE_WINDOW = 4 * 1024 * 1024 };

struct source {
    int fd;      /* -1: memory */
    str memory;  /* not yet read */
    char *chunk; /* raw bytes of the file */
    size_t chunk_at, chunk_size;
    uint64_t chunk_offset; /* of chunk[0] in the file */
    bool raw_ended;
    bool gunzip, in_member, ended;
    z_stream inflate;
    uint64_t member_raw, member_plain; /* where the member of the window's last byte begins */
    buffer window;
    size_t taken;   /* of the window */
    uint64_t plain; /* offset of the window's first byte not taken */
    const char *error;
};

static source *source_new(int fd, str memory) {
    source *s = calloc(1, sizeof *s);
    char *chunk = malloc(2 * CHUNK);
    if (!s || !chunk)
        abort();
    s->fd = fd;
    s->memory = memory;
    s->chunk = chunk;
    return s;
}

source *source_of_file(int fd) {
    return source_new(fd, STR_NONE);
}

source *source_of_memory(str bytes) {
    return source_new(-1, bytes);
}

void source_close(source *s) {
    if (!s)
        return;
    if (s->in_member)
        inflateEnd(&s->inflate);
    if (s->fd >= 0)
        close(s->fd);
    buffer_free(&s->window);
    free(s->chunk);
    free(s);
}

/* The next raw bytes, at least one, or none at the end. */
static bool fill_chunk(source *s) {
    if (s->chunk_at < s->chunk_size)
        return true;
    if (s->raw_ended)
        return false;
    s->chunk_offset += s->chunk_size;
    s->chunk_at = s->chunk_size = 0;
    if (s->fd < 0) {
        size_t part = s->memory.size < CHUNK ? s->memory.size : CHUNK;
        if (part)
            memcpy(s->chunk, s->memory.data, part);
        s->memory = str_slice(s->memory, part, s->memory.size);
        s->chunk_size = part;
    } else {
        ssize_t got;
        do
            got = read(s->fd, s->chunk, CHUNK);
        while (got < 0 && errno == EINTR);
        if (got < 0)
            s->error = "reading failed";
        s->chunk_size = got > 0 ? (size_t)got : 0;
    }
    s->raw_ended = s->chunk_size == 0;
    return !s->raw_ended;
}

static uint64_t raw_offset(const source *s) {
    return s->chunk_offset + s->chunk_at;
}

static uint64_t plain_end(const source *s) {
    return s->plain + (s->window.size - s->taken);
}

static void window_room(source *s, size_t room) {
    if (s->taken && (s->taken == s->window.size || s->taken >= CHUNK)) {
        s->window.size -= s->taken;
        memmove(s->window.data, s->window.data + s->taken, s->window.size);
        s->taken = 0;
        if (s->window.size == 0 && s->window.capacity > SPARE_WINDOW)
            buffer_free(&s->window);
    }
    buffer_reserve(&s->window, room);
}

/* Between two members: false at the end of the file or where what follows is no gzip. */
static bool start_member(source *s) {
    while (fill_chunk(s) && s->chunk[s->chunk_at] == 0 && plain_end(s) > 0)
        s->chunk_at++; /* padding */
    if (!fill_chunk(s)) {
        s->ended = true;
        return false;
    }
    if ((unsigned char)s->chunk[s->chunk_at] != 0x1F) {
        s->error = "bytes that are no gzip follow the end of a gzip member";
        return false;
    }
    s->inflate = (z_stream){0};
    if (inflateInit2(&s->inflate, GZIP) != Z_OK)
        abort();
    s->in_member = true;
    s->member_raw = raw_offset(s);
    s->member_plain = plain_end(s);
    return true;
}

static void end_member(source *s) {
    inflateEnd(&s->inflate);
    s->in_member = false;
}

static void fill_gunzip(source *s) {
    if (!s->in_member && !start_member(s))
        return;
    if (!fill_chunk(s)) {
        if (!s->error)
            s->error = "the gzip data end too early (truncated)";
        return;
    }
    window_room(s, CHUNK);
    s->inflate.next_in = (Bytef *)s->chunk + s->chunk_at;
    s->inflate.avail_in = (uInt)(s->chunk_size - s->chunk_at);
    s->inflate.next_out = (Bytef *)s->window.data + s->window.size;
    s->inflate.avail_out = CHUNK;
    int code = inflate(&s->inflate, Z_NO_FLUSH);
    s->window.size += CHUNK - s->inflate.avail_out;
    s->chunk_at = s->chunk_size - s->inflate.avail_in;
    if (code == Z_STREAM_END)
        end_member(s);
    else if (code != Z_OK && code != Z_BUF_ERROR)
        s->error = "the gzip data are damaged";
}

static void fill_plain(source *s) {
    if (!fill_chunk(s)) {
        s->ended = true;
        return;
    }
    window_room(s, CHUNK);
    buffer_add(&s->window, (str){s->chunk + s->chunk_at, s->chunk_size - s->chunk_at});
    s->chunk_at = s->chunk_size;
}

void source_gunzip(source *s) {
    /* What was looked at so far goes back. A look at a head is at most CHUNK bytes and one chunk more. */
    assert(s->plain == 0 && s->window.size <= 2 * CHUNK);
    if (s->window.size)
        memcpy(s->chunk, s->window.data, s->window.size);
    s->chunk_size = s->window.size;
    s->chunk_at = s->chunk_offset = 0;
    s->window.size = s->taken = 0;
    s->gunzip = true;
    s->ended = false;
}

str source_peek(source *s, size_t wanted) {
    while (s->window.size - s->taken < wanted && !s->ended && !s->error) {
        if (s->gunzip)
            fill_gunzip(s);
        else
            fill_plain(s);
    }
    return (str){s->window.data ? s->window.data + s->taken : "", s->window.size - s->taken};
}

void source_take(source *s, size_t count) {
    s->taken += count;
    s->plain += count;
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
    if (s->fd < 0 || fstat(s->fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 0)
        return 0;
    return (uint64_t)about.st_size;
}

uint64_t source_offset(const source *s) {
    if (!s->gunzip)
        return s->plain;
    if (s->taken == s->window.size && !s->in_member)
        return raw_offset(s);
    return s->plain == s->member_plain ? s->member_raw : s->plain;
}

static void take_line_feeds(source *s) {
    static const char ends[] = "\r\n\r\n";
    for (size_t i = 0; ends[i] && (s->taken < s->window.size || !s->gunzip || s->in_member); i++) {
        str window = source_peek(s, 1);
        if (!window.size || window.data[0] != ends[i])
            return;
        source_take(s, 1);
    }
}

bool source_record_end(source *s, uint64_t offset, uint64_t *end) {
    bool first = !s->gunzip || s->member_raw == offset;
    take_line_feeds(s);
    while (s->gunzip && s->in_member && s->taken == s->window.size && !s->error)
        fill_gunzip(s);
    if (!first || s->error || (s->gunzip && (s->in_member || s->taken < s->window.size)))
        return false;
    *end = s->gunzip ? raw_offset(s) : s->plain;
    return true;
}

const char *source_error(const source *s) {
    return s->error;
}

bool source_next_member(source *s) {
    if (!s->gunzip)
        return false;
    if (s->in_member)
        end_member(s);
    s->error = NULL;
    s->plain += s->window.size - s->taken;
    s->window.size = s->taken = 0;
    unsigned before = 0;
    for (; fill_chunk(s); s->chunk_at++) {
        before = (before << 8 | (unsigned char)s->chunk[s->chunk_at]) & 0xFFFFFF;
        if (before == 0x1F8B08)
            break;
    }
    if (s->chunk_at >= s->chunk_size) {
        s->ended = true;
        return false;
    }
    /* The magic's first two bytes may stand in the chunk before: they are put back in front by hand. */
    if (s->chunk_at >= 2) {
        s->chunk_at -= 2;
        return true;
    }
    size_t left = s->chunk_size - s->chunk_at;
    memmove(s->chunk + 2, s->chunk + s->chunk_at, left);
    memcpy(s->chunk, "\x1F\x8B", 2);
    s->chunk_offset = s->chunk_offset + s->chunk_at - 2;
    s->chunk_at = 0;
    s->chunk_size = left + 2;
    return true;
}

uint64_t source_raw_bytes(const source *s) {
    return raw_offset(s);
}

uint64_t source_plain_bytes(const source *s) {
    return plain_end(s);
}
