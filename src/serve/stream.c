#include "serve/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct stream {
    stream_options options;
    pthread_mutex_t mine;
    buffer memory;    /* until it is spilled */
    int file;         /* -1 before */
    uint64_t written; /* to the file */
    bool ended, whole, waiting, left, full;
};

stream *stream_new(const stream_options *options) {
    stream *s = calloc(1, sizeof *s);
    if (!s || pthread_mutex_init(&s->mine, NULL) != 0) {
        free(s);
        return NULL;
    }
    s->options = *options;
    s->file = -1;
    return s;
}

static bool append(stream *s, str bytes) {
    while (bytes.size > 0) {
        ssize_t done = pwrite(s->file, bytes.data, bytes.size, (off_t)s->written);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        pthread_mutex_lock(&s->mine);
        s->written += (uint64_t)done;
        bool wake = s->waiting;
        s->waiting = false;
        if (wake)
            s->options.wake(s->options.context);
        bool left = s->left;
        pthread_mutex_unlock(&s->mine);
        if (left)
            return false;
        bytes = str_slice(bytes, (size_t)done, bytes.size);
    }
    return true;
}

static bool spill(stream *s) {
    char path[512];
    int size = snprintf(path, sizeof path, "%s/answer-XXXXXX", s->options.folder);
    s->file = size > 0 && (size_t)size < sizeof path ? mkostemp(path, O_CLOEXEC) : -1;
    if (s->file < 0)
        return false;
    unlink(path);
    if (!append(s, buffer_str(&s->memory)))
        return false;
    buffer_free(&s->memory);
    s->memory = (buffer){0};
    s->options.spilled(s->options.context);
    return true;
}

bool stream_write(void *stream_, str bytes) {
    stream *s = stream_;
    if (s->full)
        return false;
    bool done = true;
    if (s->file < 0 && s->memory.size + bytes.size <= STREAM_IN_MEMORY)
        buffer_add(&s->memory, bytes);
    else
        done = (s->file >= 0 || spill(s)) && append(s, bytes);
    s->full |= !done && !s->left;
    return done;
}

void stream_end(stream *s, bool whole) {
    pthread_mutex_lock(&s->mine);
    s->ended = true;
    s->whole = whole;
    if (s->waiting)
        s->options.wake(s->options.context);
    s->waiting = false;
    pthread_mutex_unlock(&s->mine);
}

bool stream_take(stream *s, buffer *out) {
    if (s->file >= 0)
        return false;
    *out = s->memory;
    s->memory = (buffer){0};
    return true;
}

bool stream_is_full(stream *s) {
    return s->full;
}

stream_state stream_read(stream *s, uint64_t at, char *to, size_t most, size_t *size) {
    *size = 0;
    pthread_mutex_lock(&s->mine);
    uint64_t there = s->written - at;
    stream_state state = there > 0 || !s->ended ? STREAM_GOES_ON : s->whole ? STREAM_ENDED : STREAM_BROKEN;
    if (there == 0 && !s->ended) {
        s->waiting = true;
        s->options.wait(s->options.context);
    }
    pthread_mutex_unlock(&s->mine);
    if (there == 0)
        return state;
    ssize_t done = pread(s->file, to, there < most ? (size_t)there : most, (off_t)at);
    if (done <= 0)
        return STREAM_BROKEN;
    *size = (size_t)done;
    return STREAM_GOES_ON;
}

void stream_leave(stream *s) {
    pthread_mutex_lock(&s->mine);
    s->left = true;
    s->waiting = false;
    pthread_mutex_unlock(&s->mine);
}

void stream_free(stream *s) {
    if (!s)
        return;
    if (s->file >= 0)
        close(s->file);
    buffer_free(&s->memory);
    pthread_mutex_destroy(&s->mine);
    free(s);
}
