/* The one handle of the server that writes (services.h). */
#ifndef ISN_SERVE_WRITER_H
#define ISN_SERVE_WRITER_H

#include "serve/services.h"

/* NULL where there is no memory. `path` and `engine` (the engine object's JSON text, may be STR_NONE) must
 * outlive it. */
writer *writer_new(const char *path, str engine);
void writer_free(writer *w);
/* The last act that it kept; 0: none. */
int64_t writer_last_act(writer *w);

#endif
