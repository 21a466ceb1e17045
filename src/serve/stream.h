/* An answer that is written while it is sent. The one who writes never waits for the one who reads: what
 * does not fit into memory goes to a file of the temporary folder, which is gone with the stream. So an asker
 * who reads slowly costs room on the disk, and neither a thread nor a view of the ledger held open. */
#ifndef ISN_SERVE_STREAM_H
#define ISN_SERVE_STREAM_H

#include "base/buffer.h"

enum { STREAM_IN_MEMORY = 64 * 1024 };

typedef struct stream stream;

typedef struct stream_options {
    const char *folder;
    void (*spilled)(
        void *context);          /* told once, by the writer: it is more than memory takes, and can be read */
    void (*wait)(void *context); /* told when there is nothing to read yet */
    void (*wake)(void *context); /* told when there is, after that */
    void *context;
} stream_options;

stream *stream_new(const stream_options *options); /* NULL where there is no memory */
/* By who writes; false where the disk is full or nobody reads any more. */
bool stream_write(void *stream, str bytes);
/* Nothing more comes; `whole` false: it broke off. */
void stream_end(stream *s, bool whole);
/* All of it, where it was never spilled; the caller's then. */
bool stream_take(stream *s, buffer *out);
/* Whether it could not be written for want of room. */
bool stream_is_full(stream *s);

typedef enum stream_state { STREAM_GOES_ON, STREAM_ENDED, STREAM_BROKEN } stream_state;
/* By who reads: *size 0 with STREAM_GOES_ON where `wait` was told. */
stream_state stream_read(stream *s, uint64_t at, char *to, size_t most, size_t *size);
/* Nobody reads it any more. */
void stream_leave(stream *s);
void stream_free(stream *s);

#endif
