#include "ledger/image.h"

static status number_of(ledger *l, const char *sql, int64_t *out, failure *f) {
    statement s = statement_of(l, sql, f);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

status ledger_stands(ledger *l, ledger_standing *out, failure *f) {
    ledger_standing now = {0};
    status s = number_of(l, l->driver->words.state, &now.state, f);
    if (s == STATUS_OK)
        s = number_of(l, "SELECT coalesce(max(key), 0) FROM version", &now.versions, f);
    if (s == STATUS_OK)
        s = number_of(l, "SELECT coalesce(max(sequence), 0) FROM act", &now.acts, f);
    if (s == STATUS_OK)
        s = image_state(l, &now.gone, &now.top, f);
    if (s == STATUS_OK)
        *out = now;
    return s;
}
