/* Folders, walked in name order (by bytes), without recursion and without following linked folders.
 *
 * Files that are named like pages, or like what pages are kept in (is_page_name), are told from others. The
 * folder of pictures and scripts that a browser saves beside a page ("Page_files" beside "Page.html") is
 * passed over, and so is what is no file: pipes, devices. What begins with a dot is not told of. */
#ifndef ISN_INTAKE_WALK_H
#define ISN_INTAKE_WALK_H

#include "base/arena.h"

typedef struct walk walk;

/* NULL where the folder cannot be read. */
walk *walk_open(str folder);
typedef enum walked {
    WALK_END,
    WALK_FILE,
    WALK_OTHER,      /* a file of another name */
    WALK_UNREADABLE, /* a folder */
    WALK_PASSED      /* *why says why */
} walked;

/* The next path, valid until the next call. */
walked walk_next(walk *w, str *path, const char **why);
void walk_close(walk *w);

#endif
