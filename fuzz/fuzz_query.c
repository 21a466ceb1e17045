/* Any bytes as a query: what is accepted asks for something that SQLite understands, what is not says what is
 * wrong. */
#include "ledger/ask.h"

#include <stdlib.h>

static bool drop(void *context, str text) {
    *(size_t *)context += text.size;
    return true;
}

static void check(status s, const failure *f) {
    if (s != STATUS_OK && (s != STATUS_USAGE || f->message[0] == 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ledger *l; /* empty, and only asked */
    failure f = {0};
    size_t bytes = 0;
    str query = {(const char *)data, size};
    ledger_options options = {.places = gazetteer_builtin()};
    if (!l && ledger_open(":memory:", LEDGER_CREATE, &options, &l, &f) != STATUS_OK)
        abort();
    ledger_filter filter = ledger_filter_all();
    filter.text = query;
    check(ledger_query(l, LEDGER_SUMMARIES, &filter, drop, &bytes, &f), &f);
    check(ledger_query(l, LEDGER_DOCUMENTS, &filter, drop, &bytes, &f), &f);
    check(ledger_search(l, query, 5, 0, drop, &bytes, &f), &f);
    return 0;
}
