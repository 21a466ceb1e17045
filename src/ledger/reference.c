/* Captures by reference: the bytes of a crawl are not copied into the ledger; it keeps in which file they
 * stand, where, over how many bytes, and their hash.
 *
 * The file is named by its absolute path. Where it is not there any more, one of the same name beside the
 * ledger's own file stands for it: both are often moved together. Whatever is read is compared with the hash,
 * so that a crawl file that was changed never passes for what was captured. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ledger/store.h"

static const uint64_t LARGEST = (uint64_t)1 << 30; /* that intake keeps of one record */

/* The file that captures come from at the moment: they come in a row. */
struct crawl_file {
    char *name, *path; /* as told; absolute, NULL where it cannot be named */
    uint64_t size;
};

void reference_close(ledger *l) {
    if (l->crawl) {
        free(l->crawl->name);
        free(l->crawl->path);
    }
    free(l->crawl);
    l->crawl = NULL;
}

static struct crawl_file *crawl_of(ledger *l, str name) {
    struct stat about;
    if (l->crawl && str_equal(str_of(l->crawl->name), name))
        return l->crawl;
    reference_close(l);
    struct crawl_file *made = calloc(1, sizeof *made);
    char *told = strndup(name.data, name.size);
    if (!made || !told)
        abort();
    made->name = told;
    if (!memchr(name.data, 0, name.size) && stat(told, &about) == 0 && S_ISREG(about.st_mode)) {
        made->path = realpath(told, NULL);
        made->size = (uint64_t)about.st_size;
    }
    return l->crawl = made;
}

bool reference_wanted(ledger *l, const capture *c, str *path) {
    bool alone = c->place.form == FORM_WARC && c->place.length && !c->place.skip && !c->cut;
    if (!l->options.reference_from || !alone || !c->file.size)
        return false;
    const struct crawl_file *crawl = crawl_of(l, c->file);
    if (!crawl->path || crawl->size < l->options.reference_from || !utf8_valid(str_of(crawl->path)))
        return false;
    *path = str_of(crawl->path);
    return true;
}

/* "…/name" beside the ledger's file; STR_NONE where there is no such file. */
static str beside_ledger(const ledger *l, str path, arena *a) {
    const char *folder_end = l->driver->shared ? NULL : strrchr(l->path, '/');
    size_t name = path.size;
    while (name && path.data[name - 1] != '/')
        name--;
    str beside = arena_printf(a, "%.*s%.*s", folder_end ? (int)(folder_end + 1 - l->path) : 0, l->path,
                              STR_ARG(str_slice(path, name, path.size)));
    return access(arena_cstring(a, beside), R_OK) == 0 ? beside : STR_NONE;
}

static status read_record(str path, uint64_t offset, str sha256_hex, arena *a, str *bytes, failure *f) {
    capture c;
    const capture_place where = {.form = FORM_WARC, .begin = offset};
    if (access(arena_cstring(a, path), R_OK) != 0)
        return fail(f, STATUS_NO_INPUT, "%.*s: %s", STR_ARG(path),
                    errno == EACCES ? "permission denied" : "no such file");
    status code =
        intake_again(path, where, &(intake_options){.offline = true, .max_bytes = LARGEST}, a, &c, f);
    if (code != STATUS_OK)
        return fail(f, STATUS_BAD_INPUT, "%.*s: no page is at offset %" PRIu64, STR_ARG(path), offset);
    if (!str_equal(sha256_hex, digest_hex(a, sha256(c.bytes), sizeof((digest *)0)->bytes)))
        return fail(f, STATUS_BAD_INPUT,
                    "%.*s: the page at offset %" PRIu64 " is not the one that was captured", STR_ARG(path),
                    offset);
    *bytes = c.bytes;
    return STATUS_OK;
}

status reference_read(const ledger *l, str path, uint64_t offset, str sha256_hex, arena *a, str *bytes,
                      bool *gone, failure *f) {
    failure why = {0};
    status code = read_record(path, offset, sha256_hex, a, bytes, &why);
    str beside = code == STATUS_NO_INPUT ? beside_ledger(l, path, a) : STR_NONE;
    if (beside.data)
        code = read_record(beside, offset, sha256_hex, a, bytes, &why);
    if (code == STATUS_OK)
        return code;
    if (gone)
        *gone = code == STATUS_NO_INPUT;
    return fail(f, STATUS_DAMAGED_LEDGER, "the crawl file %s: %s",
                code == STATUS_NO_INPUT ? "is gone" : "has changed", why.message);
}
