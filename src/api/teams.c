/* Whole ledgers: copied and merged. */
#include "ledger/teams.h"
#include "api/api.h"

isn_code isn_ledger_copy(isn_ledger *from, const char *to, char **json, isn_error **error) {
    failure f;
    ledger_copied copied;
    if (ledger_copy(api_ledger(from), to, &copied, &f) != STATUS_OK)
        return api_fail(error, &f);
    arena a = arena_new((allocator){0});
    if (json)
        *json = api_text(arena_printf(
            &a,
            "{\"rows\":%llu,\"captures\":%llu,\"documents\":%llu,\"claims\":%llu,\"incidents\":%llu,"
            "\"acts\":%llu}",
            (unsigned long long)copied.rows, (unsigned long long)copied.captures,
            (unsigned long long)copied.documents, (unsigned long long)copied.claims,
            (unsigned long long)copied.incidents, (unsigned long long)copied.acts));
    arena_free(&a);
    return ISN_OK;
}
