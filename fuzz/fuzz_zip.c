/* ZIP, WACZ and MAFF through the whole intake. */
#include "intake_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    run_intake("fuzz.zip", (str){(const char *)data, size}, STR(""));
    return 0;
}
