/* Files that a command writes at somebody's word: never over a ledger or a key, and whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* What no file may be written over; it begins so. */
static const char *precious(const char *path) {
    static const char *const heads[][2] = {{"SQLite format 3", "a ledger, or another database"},
                                           {"-----BEGIN PRIVATE KEY", "a private key"}};
    char head[32] = "";
    struct stat is;
    int file = stat(path, &is) == 0 && S_ISREG(is.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return NULL;
    ssize_t size = read(file, head, sizeof head - 1);
    close(file);
    for (size_t i = 0; size > 0 && i < sizeof heads / sizeof *heads; i++)
        if (strncmp(head, heads[i][0], strlen(heads[i][0])) == 0)
            return heads[i][1];
    return NULL;
}

bool output_allowed(program *p, const char *path) {
    const char *what = precious(path);
    if (what)
        complain(p, "%s: it is %s, which would be destroyed: give another name", path, what);
    return !what;
}

static isn_code not_written(program *p, const char *path) {
    complain(p, "%s: cannot be written: %s", path, strerror(errno));
    return ISN_IO;
}

/* Standard output becomes the file, so that one way of writing, and of failing, does for both. A plain file
 * is written beside its place; into a pipe, a device or through a link it goes at once. */
isn_code output_redirect(program *p, const char *path) {
    if (!output_allowed(p, path))
        return ISN_USAGE;
    struct stat is;
    bool beside = lstat(path, &is) == 0 ? S_ISREG(is.st_mode) : errno == ENOENT;
    char *part = malloc(strlen(path) + sizeof ".part");
    if (!part)
        return not_written(p, path);
    sprintf(part, "%s%s", path, beside ? ".part" : "");
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || dup2(file, STDOUT_FILENO) < 0) {
        isn_code code = not_written(p, path);
        free(part);
        return code;
    }
    close(file);
    p->output_part = beside ? part : NULL;
    if (!beside)
        free(part);
    p->output_name = path;
    p->screen = (terminal){.width = p->screen.width};
    return ISN_OK;
}

isn_code output_settle(program *p, isn_code code) {
    char *part = p->output_part;
    if (!part)
        return code;
    struct stat was;
    output_flush(p);
    bool keep = code == ISN_OK && !p->output_error;
    if (keep && stat(p->output_name, &was) == 0)
        fchmod(STDOUT_FILENO, was.st_mode & 07777);
    if (keep && rename(part, p->output_name) != 0)
        code = not_written(p, p->output_name);
    if (!keep || code != ISN_OK)
        unlink(part);
    free(part);
    p->output_part = NULL;
    return code;
}
