/* Files of pages, gzipped or plain, whole in memory: for benches, the tuning of weights, and tests. */
#ifndef ISN_BENCH_PAGE_FILES_H
#define ISN_BENCH_PAGE_FILES_H

#include "base/arena.h"

typedef VECTOR(str) page_files;

/* false where the file cannot be read, or is damaged. */
bool page_file_read(const char *path, arena *a, str *out);
/* Adds the file, or each file under the folder in the order of their names, but hidden and empty ones. NULL,
 * or the path that cannot be read. */
const char *page_files_read(const char *path, arena *a, page_files *out);

#endif
