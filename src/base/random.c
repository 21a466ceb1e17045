#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/hex.h"

void random_bytes(void *out, size_t size) {
    for (size_t at = 0; at < size;) {
        ssize_t got = getrandom((char *)out + at, size - at, 0);
        if (got < 0 && errno != EINTR)
            abort();
        at += got > 0 ? (size_t)got : 0;
    }
}

void random_hex(char *out, size_t bytes) {
    enum { PIECE = 32 };
    unsigned char piece[PIECE];
    for (size_t at = 0; at < bytes; at += PIECE) {
        size_t size = bytes - at < PIECE ? bytes - at : PIECE;
        random_bytes(piece, size);
        put_hex(piece, size, out + 2 * at);
    }
    out[2 * bytes] = '\0';
}
