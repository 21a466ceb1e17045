/* Randomness that nobody can guess, of the system. Where the system has none the program ends: a secret that
 * is none must never leave. */
#ifndef ISN_BASE_RANDOM_H
#define ISN_BASE_RANDOM_H

#include <stddef.h>

void random_bytes(void *out, size_t size);
/* Of so many random bytes the hexadecimal digits (2 * `bytes`), and a NUL. */
void random_hex(char *out, size_t bytes);

#endif
