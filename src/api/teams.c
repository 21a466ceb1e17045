/* Whole ledgers: copied and merged. */
#include "ledger/teams.h"
#include "api/api.h"

/* Ends with the settings that differ. */
static str merged_json(arena *a, const ledger_merged *m) {
    return arena_printf(
        a,
        "{\"ledger\":\"%s\",\"nothing\":%s,\"forked\":%s,\"captures\":%llu,\"documents\":%llu,\"versions\":%"
        "llu,"
        "\"claims\":%llu,\"acts\":%llu,\"readings\":%llu,\"differ\":%llu,\"redactions\":%llu,\"refused\":%"
        "llu,"
        "\"incidents\":%llu,\"changed\":%llu,\"settings\":[%s%s%s]}",
        m->ledger, m->nothing ? "true" : "false", m->forked ? "true" : "false",
        (unsigned long long)m->captures, (unsigned long long)m->documents, (unsigned long long)m->versions,
        (unsigned long long)m->claims, (unsigned long long)m->acts, (unsigned long long)m->readings,
        (unsigned long long)m->differ, (unsigned long long)m->redactions, (unsigned long long)m->refused,
        (unsigned long long)m->linked.incidents, (unsigned long long)m->linked.changed,
        m->other_estimates ? "\"estimates\"" : "", m->other_estimates && m->other_grades ? "," : "",
        m->other_grades ? "\"grades\"" : "");
}

isn_code isn_ledger_merge(isn_ledger *l, isn_ledger *from, const char *who, char **json, isn_error **error) {
    failure f;
    ledger_merged merged;
    const ledger_merging how = {.who = str_of(who)};
    if (ledger_merge(api_ledger(l), api_ledger(from), &how, &merged, &f) != STATUS_OK)
        return api_fail(error, &f);
    arena a = arena_new((allocator){0});
    if (json)
        *json = api_text(merged_json(&a, &merged));
    arena_free(&a);
    return ISN_OK;
}

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
