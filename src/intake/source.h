/* A stream of bytes out of a file, standard input or memory, gunzipped on the way where it is gzip.
 *
 * What is read but not yet taken stands in a window. A gzip file may have many members (in a WARC file one
 * for each record): the window is filled beyond a member's end only when more bytes are asked for than the
 * member has, so that a reader who takes whole records always knows where in the file a record began. */
#ifndef ISN_INTAKE_SOURCE_H
#define ISN_INTAKE_SOURCE_H

#include "base/buffer.h"

typedef struct source source;

/* Takes over `fd`, which is read to its end and closed. */
source *source_of_file(int fd);
/* `bytes` outlive the source. */
source *source_of_memory(str bytes);
void source_close(source *s);

/* From now on the bytes are gunzipped; call it before anything is taken. */
void source_gunzip(source *s);
/* Fills the window until it holds `wanted` bytes, or the end or an error comes; gives the window. */
str source_peek(source *s, size_t wanted);
void source_take(source *s, size_t count);
/* Takes `count` bytes to the end of `out` (NULL: drops them); gives how many there were. */
uint64_t source_read(source *s, uint64_t count, buffer *out);
/* As much as fits into `into`; for input whose size is known. */
size_t source_read_into(source *s, char *into, size_t size);
/* The size of a file of known size, 0 where it is not known. */
uint64_t source_file_size(const source *s);
/* Where in the file the next byte stands: the start of its gzip member where it is the member's first byte;
 * inside a member, the offset in the gunzipped bytes. */
uint64_t source_offset(const source *s);
/* Behind the block of a record that began at `offset`: takes the line feeds that end it. `end`: where in the
 * file it ends; false where it cannot be read by itself, since its gzip member holds more. */
bool source_record_end(source *s, uint64_t offset, uint64_t *end);
/* What went wrong, or NULL: a read error, damaged or truncated gzip. The window stands still at an error. */
const char *source_error(const source *s);
/* After an error, or in the middle of a member: goes on at the next gzip member. False where there is none.
 */
bool source_next_member(source *s);
/* Bytes read of the file and bytes given out of it so far: their quotient tells a gzip bomb. */
uint64_t source_raw_bytes(const source *s);
uint64_t source_plain_bytes(const source *s);

#endif
