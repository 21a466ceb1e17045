/* Invented news of any length, for measuring work: nothing in it happened. A shape is a way in which text or
 * markup can be long: ordinary paragraphs, one endless sentence, nested elements, … */
#ifndef ISN_BENCH_SYNTHETIC_H
#define ISN_BENCH_SYNTHETIC_H

#include "base/buffer.h"

typedef struct shape {
    const char *name;
    bool html;
    void (*write)(buffer *out, size_t bytes); /* about so many */
} shape;

extern const shape shapes[];
extern const size_t shape_count;

/* NULL where there is none of that name. */
const shape *shape_find(const char *name);

#endif
