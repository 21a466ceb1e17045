/* A file of any kind (WARC, gzip, JSON lines, pages) through the whole intake. */
#include "page_checks.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* What deflate can make of a byte at most (zlib's technical details): a packed file may hold more records
 * than bytes. */
enum { DEFLATE_RATIO = 1032 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void report(void *context, const char *line) {
    (void)context;
    must(line[0] != 0 && !strchr(line, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const formats[] = {"", "warc", "jsonl", "html"};
    if (size < 1)
        return 0;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    str input = str_of(path);
    intake_options options = {
        .format = str_of(formats[data[0] % 4]), .max_bytes = 1 << 20, .report = report, .offline = true};
    intake *in = intake_open(&input, 1, &options);
    arena a = arena_new((allocator){0});
    capture c;
    uint64_t count = 0;
    while (intake_next(in, &a, &c)) {
        must(c.body.size <= (1 << 20) && c.bytes.data && c.body.data && c.file.size);
        count++;
        arena_reset(&a);
    }
    must(intake_bad(in) > 0 ? intake_status(in) != STATUS_OK : intake_status(in) == STATUS_OK);
    must(count <= DEFLATE_RATIO * size);
    intake_close(in);
    arena_free(&a);
    close(fd);
    return 0;
}
