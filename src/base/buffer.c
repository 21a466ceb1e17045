#include "base/buffer.h"

#include "base/counters.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buffer_free(buffer *b) {
    free(b->data);
    *b = (buffer){0};
}

void buffer_reserve(buffer *b, size_t more) {
    size_t needed = b->size + more + 1;
    if (needed <= b->capacity)
        return;
    size_t grown = b->capacity ? b->capacity * 2 : 256;
    if (grown < needed)
        grown = needed;
    char *p = realloc(b->data, grown);
    if (!p) {
        fprintf(stderr, "isnad: out of memory (%zu bytes asked for)\n", grown);
        abort();
    }
    b->data = p;
    b->capacity = grown;
}

void buffer_add(buffer *b, str s) {
    buffer_reserve(b, s.size);
    COUNT(bytes_copied, s.size);
    if (s.size)
        memcpy(b->data + b->size, s.data, s.size);
    b->size += s.size;
    b->data[b->size] = 0;
}

void buffer_add_byte(buffer *b, char c) {
    buffer_add(b, (str){&c, 1});
}

void buffer_add_number(buffer *b, int64_t n) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (n < 0)
        digits[--at] = '-';
    buffer_add(b, (str){digits + at, sizeof digits - at});
}

void buffer_printf(buffer *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size > 0) {
        buffer_reserve(b, (size_t)size);
        vsnprintf(b->data + b->size, (size_t)size + 1, format, again);
        b->size += (size_t)size;
    }
    va_end(again);
}
