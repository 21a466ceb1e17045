#define _DEFAULT_SOURCE /* d_type is not used, but lstat and strdup are */
#include "intake/walk.h"

#include "intake/kind.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DEEPEST = 64 };

/* One open folder: its names in order, and how far the walk has come. */
typedef struct level {
    arena memory;
    str folder;
    VECTOR(str) names;
    size_t next;
} level;

struct walk {
    level levels[DEEPEST];
    size_t depth;
    char *path;
};

static bool read_names(level *l) {
    char *name = arena_cstring(&l->memory, l->folder);
    DIR *folder = opendir(name);
    if (!folder)
        return false;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            *VECTOR_PUSH(&l->names, &l->memory) = arena_copy(&l->memory, str_of(entry->d_name));
    closedir(folder);
    if (l->names.size)
        qsort(l->names.at, l->names.size, sizeof *l->names.at, str_order);
    return true;
}

static bool has_name(const level *l, str stem, str ending) {
    size_t low = 0, high = l->names.size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        str name = l->names.at[middle];
        str head = str_slice(name, 0, name.size < stem.size ? name.size : stem.size);
        int order = str_compare(head, stem);
        if (order == 0)
            order = str_compare(str_slice(name, stem.size, name.size), ending);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_companion(const level *l, str name) {
    str stem;
    return is_companion_name(name, &stem) &&
           (has_name(l, stem, STR(".html")) || has_name(l, stem, STR(".htm")) ||
            has_name(l, stem, STR(".xhtml")));
}

static bool push(walk *w, str folder) {
    level *l = &w->levels[w->depth];
    *l = (level){.memory = arena_new((allocator){0})};
    l->folder = arena_copy(&l->memory, folder);
    if (!read_names(l)) {
        arena_free(&l->memory);
        return false;
    }
    w->depth++;
    return true;
}

walk *walk_open(str folder) {
    walk *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    while (folder.size > 1 && folder.data[folder.size - 1] == '/')
        folder.size--;
    if (!push(w, folder)) {
        free(w);
        return NULL;
    }
    return w;
}

static str join(walk *w, const level *l, str name) {
    size_t size = l->folder.size + name.size + 2;
    free(w->path);
    w->path = malloc(size);
    if (!w->path)
        abort();
    bool root = str_equal(l->folder, STR("/"));
    snprintf(w->path, size, "%.*s%s%.*s", STR_ARG(l->folder), root ? "" : "/", STR_ARG(name));
    return str_of(w->path);
}

/* What kind of thing a path is: links to files are followed, links to folders are not. */
static bool is_folder(const char *path, const char **no_file) {
    struct stat here, behind;
    *no_file = NULL;
    if (lstat(path, &here) != 0)
        return false;
    if (S_ISDIR(here.st_mode))
        return true;
    if (stat(path, &behind) == 0 && !S_ISREG(behind.st_mode))
        *no_file = S_ISDIR(behind.st_mode) ? "a link to a folder, which is not followed"
                                           : "no file (a pipe, a device)";
    return false;
}

walked walk_next(walk *w, str *path, const char **why) {
    while (w->depth > 0) {
        level *l = &w->levels[w->depth - 1];
        if (l->next == l->names.size) {
            arena_free(&l->memory);
            w->depth--;
            continue;
        }
        str name = l->names.at[l->next++];
        *path = join(w, l, name);
        bool folder = is_folder(w->path, why);
        if (folder && is_companion(l, name))
            *why = "the folder of a saved page";
        if (*why)
            return WALK_PASSED;
        if (!folder)
            return is_page_name(name) ? WALK_FILE : WALK_OTHER;
        if (w->depth == DEEPEST || !push(w, *path))
            return WALK_UNREADABLE;
    }
    return WALK_END;
}

void walk_close(walk *w) {
    if (!w)
        return;
    while (w->depth > 0)
        arena_free(&w->levels[--w->depth].memory);
    free(w->path);
    free(w);
}
