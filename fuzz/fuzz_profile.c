/* Profiles of any bytes, with a right sum or without; and two texts compared, cut at the first NUL. */
#include "page_checks.h"

#include "base/sha256.h"
#include "page/profile.h"
#include "text/compare.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_profile(str text, arena *a) {
    profile *p = NULL;
    failure f;
    if (profile_read(text, "test", a, &p, &f) != STATUS_OK) {
        must(f.code == STATUS_BAD_INPUT && utf8_valid(str_of(f.message)));
        return;
    }
    must(profile_version(p).size == 16);
    profile_has(p, STR("a.example"), STR("some words"));
}

static void check_comparison(str text, arena *a) {
    const char *zero = memchr(text.data, 0, text.size);
    size_t middle = zero ? (size_t)(zero - text.data) : text.size / 2;
    str before = utf8_repair(a, str_slice(text, 0, middle)),
        after = utf8_repair(a, str_slice(text, middle, text.size));
    comparison c;
    text_compare(before, after, a, &c);
    size_t told[2] = {0};
    for (size_t i = 0; i < c.changes.size; i++) {
        must(c.changes.at[i].before == NO_SENTENCE || c.changes.at[i].before < c.before.sentence.size);
        must(c.changes.at[i].after == NO_SENTENCE || c.changes.at[i].after < c.after.sentence.size);
        told[0] += c.changes.at[i].before != NO_SENTENCE;
        told[1] += c.changes.at[i].after != NO_SENTENCE;
    }
    must(told[0] <= c.before.sentence.size && told[1] <= c.after.sentence.size);
    must(c.counts[CHANGE_SAME] + c.counts[CHANGE_CHANGED] + c.counts[CHANGE_DROPPED] == told[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str bytes = {size ? (const char *)data : "", size};
    str sum = digest_hex(&a, sha256(bytes), 32);
    char *summed = arena_alloc(&a, size + 80);
    memcpy(summed, bytes.data, size);
    int more = sprintf(summed + size, "sha256\t%.*s\n", STR_ARG(sum));
    check_profile(bytes, &a);
    check_profile((str){summed, size + (size_t)more}, &a);
    check_comparison(bytes, &a);
    arena_free(&a);
    return 0;
}
