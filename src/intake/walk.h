/* Folders, walked in name order (by bytes), without recursion and without following linked folders.
 *
 * Only files named like pages, or like what pages are kept in, are given (is_page_name). The folder of
 * pictures and scripts that a browser saves beside a page ("Page_files" beside "Page.html") is passed over,
 * and so is what begins with a dot, and what is no file: pipes, devices. */
#ifndef ISN_INTAKE_WALK_H
#define ISN_INTAKE_WALK_H

#include "base/arena.h"

typedef struct walk walk;

/* NULL where the folder cannot be read. */
walk *walk_open(str folder);
/* The next file's path, valid until the next call. False at the end. A folder that cannot be read is given
 * as *unreadable. */
bool walk_next(walk *w, str *path, bool *unreadable);
void walk_close(walk *w);

#endif
