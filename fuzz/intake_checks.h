/* A file through the whole intake, and what must hold of what comes out. */
#ifndef ISN_FUZZ_INTAKE_CHECKS_H
#define ISN_FUZZ_INTAKE_CHECKS_H

#include "intake/intake.h"
#include "page_checks.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 20 };

static inline void report_line(void *context, const char *line) {
    (void)context;
    must(line[0] != 0 && !strchr(line, '\n'));
}

static inline void check_item(void *context, const intake_item *item) {
    uint64_t *read = context;
    must(item->type.size && item->file.size);
    *read += item->read;
}

/* What was given is found again by its place: the same bytes. */
static inline void check_again(const capture *c, const intake_options *options) {
    arena a = arena_new((allocator){0});
    capture again;
    failure f;
    if (intake_again(c->file, c->place, options, &a, &again, &f) == STATUS_OK)
        must(again.bytes.data && again.body.data);
    arena_free(&a);
}

static inline uint64_t run_intake(const char *name, str bytes, str format) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    must(fd >= 0 && (bytes.size == 0 || write(fd, bytes.data, bytes.size) == (ssize_t)bytes.size));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    str input = str_of(path);
    uint64_t count = 0, read = 0;
    intake_options options = {.format = format,
                              .max_bytes = MOST_BYTES,
                              .report = report_line,
                              .listed = check_item,
                              .list_context = &read,
                              .offline = true};
    intake *in = intake_open(&input, 1, &options);
    arena a = arena_new((allocator){0});
    capture c;
    while (intake_next(in, &a, &c)) {
        must(c.body.size <= MOST_BYTES && c.bytes.data && c.body.data && c.file.size);
        if (count++ < 16)
            check_again(&c, &options);
        arena_reset(&a);
    }
    must(count == read);
    must(intake_bad(in) > 0 ? intake_status(in) != STATUS_OK : intake_status(in) == STATUS_OK);
    intake_close(in);
    arena_free(&a);
    close(fd);
    return count;
}

#endif
