/* Readings made elsewhere, as bytes: what loads is added to a ledger in memory, linked, asked for and
 * exported. */
#include "ledger/ledger.h"

static bool drop(void *context, str text) {
    *(size_t *)context += text.size;
    return true;
}

static void ask(ledger *l, arena *a) {
    ledger_filter all = ledger_filter_all();
    size_t bytes = 0;
    str json;
    ledger_link(l, NULL, NULL);
    for (int what = LEDGER_INCIDENTS; what <= LEDGER_SUMMARIES; what++)
        ledger_export(l, (ledger_what)what, &all, &(export_options){.format = EXPORT_CSV}, drop, &bytes,
                      NULL);
    for (int format = EXPORT_GEOJSON; format <= EXPORT_ACLED; format++)
        ledger_export(l, LEDGER_INCIDENTS, &all, &(export_options){.format = (export_format)format}, drop,
                      &bytes, NULL);
    ledger_facets(l, &all, 0, a, &json, NULL);
    ledger_search(l, STR("killed قتل"), 5, 0, drop, &bytes, NULL);
}

/* Readings are separated by line feeds. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str text = {(const char *)data, size};
    ledger *l = NULL;
    bool any = false;
    for (size_t at = 0, n = 0; at < size && n < 8; n++) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? size : end;
        article p;
        reading r;
        str line = str_slice(text, at, end);
        at = end + 1;
        if (reading_load(line, &a, &p, &r, NULL) != STATUS_OK)
            continue;
        if (!l && ledger_open(":memory:", LEDGER_CREATE, NULL, &l, NULL) != STATUS_OK)
            break;
        any |= ledger_add(l, NULL, &r, line, NULL, NULL) == STATUS_OK;
    }
    if (any)
        ask(l, &a);
    ledger_close(l, NULL);
    arena_free(&a);
    return 0;
}
