/* A mapping file and a table, a form feed between them, into a ledger in memory. */
#include "ledger/ledger.h"

static void drop_line(void *context, const char *text) {
    *(size_t *)context += strlen(text);
}

static void drop_url(void *context, str url) {
    *(size_t *)context += url.size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    str all = {(const char *)data, size};
    size_t between = str_find(all, STR("\f"), 0), told = 0;
    ledger *l = NULL;
    if (between == SIZE_MAX ||
        ledger_open(":memory:", LEDGER_CREATE, &(ledger_options){.places = gazetteer_builtin()}, &l, NULL) !=
            STATUS_OK)
        return 0;
    import_input input = {str_slice(all, 0, between), STR("map"), str_slice(all, between + 1, size),
                          STR("table")};
    import_options options = {drop_line, drop_url, &told};
    import_report report;
    if (ledger_import(l, &input, &options, &report, NULL) == STATUS_OK && report.added)
        ledger_link(l, NULL, NULL);
    ledger_close(l, NULL);
    return 0;
}
