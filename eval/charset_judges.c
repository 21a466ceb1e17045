/* What each detector takes a row of samples for; eval/charsets.py makes the samples and counts.
 *
 * usage: charset-judges SAMPLES
 * SAMPLES: for each its size in four bytes, the lowest first, and its bytes. Prints a line for each: our name
 * of the encoding, uchardet's and ICU's ("-" where it has none). */
#include "base/buffer.h"
#include "base/sha256.h"
#include "page/charset.h"

#include <stdio.h>
#include <unicode/ucsdet.h>
#ifdef HAVE_UCHARDET
#include <uchardet.h>
#endif

static void print_uchardet(str s) {
#ifdef HAVE_UCHARDET
    uchardet_t u = uchardet_new();
    uchardet_handle_data(u, s.data, s.size);
    uchardet_data_end(u);
    const char *name = uchardet_get_charset(u);
    printf("\t%s", *name ? name : "-");
    uchardet_delete(u);
#else
    (void)s;
    printf("\t-");
#endif
}

static void print_icu(str s) {
    UErrorCode error = U_ZERO_ERROR;
    UCharsetDetector *d = ucsdet_open(&error);
    ucsdet_setText(d, s.data, (int32_t)s.size, &error);
    ucsdet_enableInputFilter(d, true);
    const UCharsetMatch *match = ucsdet_detect(d, &error);
    printf("\t%s", U_SUCCESS(error) && match ? ucsdet_getName(match, &error) : "-");
    ucsdet_close(d);
}

static bool read_sample(FILE *f, buffer *out) {
    unsigned char head[4];
    if (fread(head, 1, 4, f) != 4)
        return false;
    size_t size = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
    out->size = 0;
    buffer_reserve(out, size + 1);
    out->size = fread(out->data, 1, size, f);
    return out->size == size;
}

int main(int count, char **arguments) {
    FILE *f = count == 2 ? fopen(arguments[1], "rb") : NULL;
    buffer sample = {0};
    if (!f)
        return 1;
    while (read_sample(f, &sample)) {
        arena a = arena_new((allocator){0});
        decoded_text d = charset_decode(buffer_str(&sample), STR_NONE, true, &a);
        printf("%.*s", STR_ARG(d.charset));
        print_uchardet(buffer_str(&sample));
        print_icu(buffer_str(&sample));
        printf("\t%.*s\t%.*s\n", STR_ARG(d.repaired), STR_ARG(digest_hex(&a, sha256(d.text), 32)));
        arena_free(&a);
    }
    buffer_free(&sample);
    fclose(f);
    return 0;
}
