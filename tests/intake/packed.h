/* Bytes packed with zlib, for what is built to be read. */
#ifndef ISN_TEST_PACKED_H
#define ISN_TEST_PACKED_H

#include "base/arena.h"

/* `window` as zlib's deflateInit2 has it: 15 for zlib's own form, -15 for the bare stream. */
str packed_deflate(arena *a, str bytes, int window);
str packed_gzip(arena *a, str bytes);

#endif
