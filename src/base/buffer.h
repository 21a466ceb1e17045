/* A growable run of bytes on the heap, for output and for input of unknown length. */
#ifndef ISN_BASE_BUFFER_H
#define ISN_BASE_BUFFER_H

#include "base/str.h"

typedef struct buffer {
    char *data;
    size_t size, capacity;
} buffer;

void buffer_free(buffer *b);
void buffer_reserve(buffer *b, size_t more);
void buffer_add(buffer *b, str s);
void buffer_add_byte(buffer *b, char c);
void buffer_add_number(buffer *b, int64_t n); /* in decimal */
void buffer_printf(buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline str buffer_str(const buffer *b) {
    return (str){b->data ? b->data : "", b->size};
}

#endif
