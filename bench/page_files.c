#include "page_files.h"

#include "base/buffer.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>

/* zlib passes plain files through. */
bool page_file_read(const char *path, arena *a, str *out) {
    enum { PART = 1 << 16 };
    gzFile file = gzopen(path, "rb");
    if (!file)
        return false;
    buffer bytes = {0};
    int got;
    do {
        buffer_reserve(&bytes, PART);
        got = gzread(file, bytes.data + bytes.size, PART);
        bytes.size += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    gzclose(file);
    *out = arena_copy(a, buffer_str(&bytes));
    buffer_free(&bytes);
    return got == 0;
}

static const char *read_folder(const char *path, arena *a, page_files *out) {
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    if (count < 0)
        return path;
    const char *unread = NULL;
    for (int i = 0; i < count; i++) {
        if (!unread && names[i]->d_name[0] != '.')
            unread = page_files_read(arena_printf(a, "%s/%s", path, names[i]->d_name).data, a, out);
        free(names[i]);
    }
    free(names);
    return unread;
}

const char *page_files_read(const char *path, arena *a, page_files *out) {
    struct stat what;
    if (stat(path, &what) != 0)
        return path;
    if (S_ISDIR(what.st_mode))
        return read_folder(path, a, out);
    str bytes;
    if (!page_file_read(path, a, &bytes))
        return path;
    if (bytes.size)
        *VECTOR_PUSH(out, a) = bytes;
    return NULL;
}
