/* A stream of bytes out of a file, a part of one, standard input or memory, unpacked on the way where it is
 * packed.
 *
 * What is read but not yet taken stands in a window. A packed file may have many members (in a WARC file one
 * for each record): the window is filled beyond a member's end only when more bytes are asked for than the
 * member has, so that a reader who takes whole records sees one member at a time. Where each began in the
 * file is kept for as long as its bytes stand in the window. */
#ifndef ISN_INTAKE_SOURCE_H
#define ISN_INTAKE_SOURCE_H

#include "intake/unpack.h"

typedef struct source source;

/* Where a byte is found again: unpack from byte `begin` of the file on, and pass over `skip` bytes. */
typedef struct source_place {
    uint64_t begin, skip;
} source_place;

/* Takes over `fd`, which is read to its end and closed. */
source *source_of_file(int fd);
/* `size` bytes from `at` on of a file that can be read anywhere, and stays open longer. */
source *source_of_part(int fd, uint64_t at, uint64_t size);
/* `bytes` outlive the source. */
source *source_of_memory(str bytes);
void source_close(source *s);

/* From now on the bytes are unpacked; call it before anything is taken. False: packing_missing says what is
 * missing, or a dictionary is damaged. */
bool source_unpack(source *s, packing p);
/* The bytes must come to this size and checksum (CRC-32), else the end is an error. */
void source_expect(source *s, uint64_t size, uint32_t crc);
/* Goes on at byte `begin` of the file, of which nothing was taken. False: it cannot be read anywhere. */
bool source_seek(source *s, uint64_t begin);

/* Where in which file the bytes stand, of what is not packed, was not taken from, and can be read anywhere.
 */
bool source_extent(const source *s, int *fd, uint64_t *at, uint64_t *size);
/* Does the source close the file itself? */
bool source_owns_file(const source *s);

/* Fills the window until it holds `wanted` bytes, or the end or an error comes; gives the window. */
str source_peek(source *s, size_t wanted);
void source_take(source *s, size_t count);
/* Takes `count` bytes to the end of `out` (NULL: drops them); gives how many there were. */
uint64_t source_read(source *s, uint64_t count, buffer *out);
/* As much as fits into `into`; for input whose size is known. */
size_t source_read_into(source *s, char *into, size_t size);
/* The size of what is not packed and of known size, 0 where it is not known. */
uint64_t source_file_size(const source *s);

/* Where in the file the next byte stands: the start of its member where it is the member's first byte; inside
 * a member, the offset in the unpacked bytes. */
uint64_t source_offset(const source *s);
source_place source_here(const source *s);
/* How many bytes of the file the member of the next byte takes, 0 where it is not known (yet) or nothing is
 * packed. */
uint64_t source_member_size(const source *s);
/* Unpacks one step more, so that a member whose last byte stands in the window is known to end. */
void source_settle(source *s);
/* How far behind the next byte the first other member begins whose bytes stand in the window, if any. */
size_t source_next_start(const source *s);
/* Bytes taken so far, unpacked; and bytes of the file that were read for what was taken and what stands in
 * the window. */
uint64_t source_taken(const source *s);
uint64_t source_used(const source *s);
bool source_is_packed(const source *s);

/* What went wrong, or NULL: a read error, damaged or truncated data. The window stands still at an error. */
const char *source_error(const source *s);
/* After an error, or in the middle of a member: goes on at the next member. False where there is none. */
bool source_next_member(source *s);
/* Is the member that is being unpacked larger than `limit`, and by more than BOMB_RATIO? Or are all of them
 * together, since the beginning or the last source_next_member? */
bool source_is_bomb(const source *s, uint64_t limit);

#endif
