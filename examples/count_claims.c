/* Counts what saved pages claim: one line for each claim, then a sum.
 *
 *     cc count_claims.c $(pkg-config --cflags --libs isnad) -o count_claims
 *     ./count_claims page.html saved-pages/ */
#include <inttypes.h>
#include <isnad.h>
#include <stdio.h>

static size_t print_claims(const char *file, const isn_reading *reading) {
    for (size_t i = 0; i < isn_reading_claims(reading); i++) {
        size_t size = 0;
        const char *voice = isn_claim_voice(reading, i, &size);
        int64_t min = isn_claim_min(reading, i), max = isn_claim_max(reading, i);
        printf("%s: %s%" PRId64 " %s, says %.*s\n", file, max == ISN_OPEN ? "at least " : "", min,
               isn_claim_effect(reading, i), voice ? (int)size : 12, voice ? voice : "the document");
    }
    return isn_reading_claims(reading);
}

int main(int count, char **files) {
    isn_engine *engine;
    isn_intake *intake;
    isn_capture *capture;
    isn_error *error = NULL;
    size_t claims = 0;
    if (isn_engine_new(NULL, &engine, &error) != ISN_OK ||
        isn_intake_open(engine, (const char *const *)files + 1, (size_t)count - 1, NULL, &intake, &error) !=
            ISN_OK) {
        fprintf(stderr, "%s\n", isn_error_message(error));
        return (int)isn_error_code(error);
    }
    while (isn_intake_next(intake, &capture, NULL) == ISN_OK && capture) {
        isn_page *page = NULL;
        isn_reading *reading = NULL;
        if (isn_page_make(engine, capture, NULL, &page, NULL) == ISN_OK &&
            isn_reading_make(engine, page, NULL, &reading, NULL) == ISN_OK)
            claims += print_claims(isn_capture_file(capture), reading);
        isn_reading_free(reading);
        isn_page_free(page);
        isn_capture_free(capture);
    }
    printf("%zu claims\n", claims);
    isn_code code = isn_intake_code(intake);
    isn_intake_close(intake);
    isn_engine_free(engine);
    return (int)code;
}
