/* Working out incidents anew.
 *
 * Units are read, grouped, named and compared with what is stored. An incident is written again only where
 * its signature (a hash over its units, their documents and the method) has changed, so that a small addition
 * to a large ledger costs little. Everything is one transaction: a reader sees the incidents of before or
 * those of after.
 *
 * Names: an incident's id is minted once, of the first of its units, so that two ledgers of the same
 * documents give it the same name. When groups change, an old id goes on with the group that holds the member
 * that was given it first; where two old incidents run together the older id stays, and the other leaves a
 * tombstone that names its successor. */
#include <stdio.h>
#include <stdlib.h>

#include "base/crew.h"
#include "ledger/bonds.h"
#include "ledger/hidden.h"
#include "ledger/incident.h"
#include "ledger/sources.h"
#include "ledger/sums.h"

typedef struct membership {
    int64_t minted;
    uint64_t unit;
    str incident;
    uint32_t cluster; /* UINT32_MAX: none any more */
    bool new;
} membership;

typedef struct linking {
    ledger *l;
    arena *a;
    failure *f;
    unit_list units;
    clusters clusters;
    name_tables tables;
    uint32_t *members, *from; /* members of cluster c: members[from[c] … from[c + 1]) */
    VECTOR(membership) memberships;
    str *ids; /* by cluster */
    reviewed reviewed;
    said_voices said;
    source_changes changes; /* of voices */
    bool all_changed;       /* they are too many to be named */
    str linking;
    ledger_linked out;
} linking;

/* ---- members ---- */

static void list_members(linking *k) {
    uint32_t n = (uint32_t)k->units.units.size;
    k->from = ARENA_NEW(k->a, uint32_t, k->clusters.count + 2);
    k->members = ARENA_NEW(k->a, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++)
        if (k->clusters.of[i] != UINT32_MAX)
            k->from[k->clusters.of[i] + 1]++;
    for (uint32_t c = 0; c < k->clusters.count; c++)
        k->from[c + 1] += k->from[c];
    uint32_t *at = ARENA_NEW(k->a, uint32_t, k->clusters.count + 1);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = k->clusters.of[i];
        if (c != UINT32_MAX)
            k->members[k->from[c] + at[c]++] = i;
    }
}

static uint32_t cluster_of_unit(const linking *k, uint64_t key) {
    size_t low = 0, high = k->units.units.size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (k->units.units.at[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < k->units.units.size && k->units.units.at[low].key == key ? k->clusters.of[low] : UINT32_MAX;
}

static str unit_text(arena *a, uint64_t key) {
    return arena_printf(a, "%016llx", (unsigned long long)key);
}

static status read_memberships(linking *k) {
    statement s = statement_of(k->l, "SELECT minted, unit, incident FROM member ORDER BY minted", k->f);
    statement_walks(&s);
    while (statement_row(&s)) {
        membership m = {.minted = take_number(&s, 0), .incident = arena_copy(k->a, take_text(&s, 2))};
        m.unit = strtoull(arena_cstring(k->a, take_text(&s, 1)), NULL, 16);
        m.cluster = cluster_of_unit(k, m.unit);
        *VECTOR_PUSH(&k->memberships, k->a) = m;
    }
    return statement_done(&s);
}

/* ---- names ---- */

typedef struct seen_id {
    str id;
    uint32_t cluster;         /* of its oldest member that is still there */
    VECTOR(uint32_t) members; /* clusters of all of them */
} seen_id;

typedef struct id_table {
    seen_id *at;
    size_t capacity;
} id_table;

static seen_id *find_id(const id_table *t, str id) {
    size_t slot = str_hash(id) & (t->capacity - 1);
    while (t->at[slot].id.data && !str_equal(t->at[slot].id, id))
        slot = (slot + 1) & (t->capacity - 1);
    return &t->at[slot];
}

static void remember_cluster(linking *k, seen_id *seen, uint32_t cluster) {
    for (size_t i = 0; i < seen->members.size; i++)
        if (seen->members.at[i] == cluster)
            return;
    *VECTOR_PUSH(&seen->members, k->a) = cluster;
}

/* Old ids, oldest member first: each goes with the group of its oldest member that is still there. */
static id_table keep_ids(linking *k) {
    id_table t = {.capacity = 64};
    while (t.capacity < k->memberships.size * 2)
        t.capacity *= 2;
    t.at = ARENA_NEW(k->a, seen_id, t.capacity);
    for (size_t i = 0; i < k->memberships.size; i++) {
        const membership *m = &k->memberships.at[i];
        seen_id *seen = find_id(&t, m->incident);
        if (!seen->id.data)
            *seen = (seen_id){.id = m->incident, .cluster = UINT32_MAX};
        if (m->cluster == UINT32_MAX)
            continue;
        remember_cluster(k, seen, m->cluster);
        if (seen->cluster != UINT32_MAX)
            continue;
        seen->cluster = m->cluster;
        if (!k->ids[m->cluster].data)
            k->ids[m->cluster] = m->incident;
    }
    return t;
}

/* Given once, to whatever: ids are never used again. */
static status was_given(linking *k, const id_table *t, str id, bool *out) {
    *out = find_id(t, id)->id.data != NULL;
    statement s = statement_of(k->l, "SELECT 1 FROM tombstone WHERE id = ?", k->f);
    give_text(&s, id);
    *out |= statement_row(&s);
    return statement_done(&s);
}

static str name_after(arena *a, str of, unsigned turn) {
    const str parts[] = {STR("incident\n"), of, turn ? arena_printf(a, "\n0\n%u", turn) : STR("\n0")};
    return minted_id(a, "i-", parts, 3);
}

str incident_named_after(arena *a, str of) {
    return name_after(a, of, 0);
}

static status mint_id(linking *k, const id_table *t, uint32_t c) {
    str first = unit_text(k->a, k->units.units.at[k->members[k->from[c]]].key);
    bool given = true;
    status code = STATUS_OK;
    for (unsigned turn = 0; given && code == STATUS_OK; turn++) {
        k->ids[c] = name_after(k->a, first, turn);
        code = was_given(k, t, k->ids[c], &given);
    }
    return code;
}

static status mint_ids(linking *k, const id_table *t) {
    status code = STATUS_OK;
    for (uint32_t c = 0; c < k->clusters.count && code == STATUS_OK; c++)
        if (!k->ids[c].data)
            code = mint_id(k, t, c);
    return code;
}

static status bury(linking *k, const id_table *t) {
    status code = STATUS_OK;
    for (size_t i = 0; i < t->capacity && code == STATUS_OK; i++) {
        const seen_id *seen = &t->at[i];
        if (!seen->id.data || (seen->cluster != UINT32_MAX && str_equal(k->ids[seen->cluster], seen->id)))
            continue;
        buffer b = {0};
        buffer_add_byte(&b, '[');
        for (size_t n = 0; n < seen->members.size; n++) {
            write_comma(&b);
            write_string(&b, k->ids[seen->members.at[n]]);
        }
        buffer_add_byte(&b, ']');
        statement s = statement_of(k->l,
                                   "INSERT INTO tombstone(id, successors) VALUES (?, ?) ON CONFLICT (id) DO "
                                   "UPDATE SET successors = excluded.successors",
                                   k->f);
        give_text(&s, seen->id);
        give_text(&s, buffer_str(&b));
        code = statement_run(&s);
        buffer_free(&b);
    }
    return code;
}

static status write_member(linking *k, uint32_t unit_index, str id) {
    statement s = statement_of(
        k->l,
        "INSERT INTO member(unit, incident) VALUES (?1, ?2) ON CONFLICT (unit) DO UPDATE SET incident ="
        " ?2 WHERE member.incident <> ?2",
        k->f);
    give_text(&s, unit_text(k->a, k->units.units.at[unit_index].key));
    give_text(&s, id);
    return statement_run(&s);
}

static status forget_members(linking *k) {
    status code = STATUS_OK;
    for (size_t i = 0; i < k->memberships.size && code == STATUS_OK; i++) {
        if (k->memberships.at[i].cluster != UINT32_MAX)
            continue;
        statement s = statement_of(k->l, "DELETE FROM member WHERE minted = ?", k->f);
        give_number(&s, k->memberships.at[i].minted);
        code = statement_run(&s);
    }
    return code;
}

static status name_incidents(linking *k) {
    k->ids = ARENA_NEW(k->a, str, k->clusters.count + 1);
    status code = read_memberships(k);
    if (code != STATUS_OK)
        return code;
    id_table t = keep_ids(k);
    code = mint_ids(k, &t);
    if (code == STATUS_OK)
        code = bury(k, &t);
    if (code == STATUS_OK)
        code = forget_members(k);
    for (uint32_t c = 0; c < k->clusters.count && code == STATUS_OK; c++)
        for (uint32_t i = k->from[c]; i < k->from[c + 1] && code == STATUS_OK; i++)
            code = write_member(k, k->members[i], k->ids[c]);
    return code;
}

/* ---- writing ---- */

static incident_input input_of(const linking *k, uint32_t c) {
    return (incident_input){
        k->ids[c], k->linking, &k->units, k->members + k->from[c], k->from[c + 1] - k->from[c], &k->reviewed};
}

static status acts_signature(arena *a, ledger *l, const incident_input *in, str *out, failure *f) {
    review_entries acts;
    status code = incident_acts(l, in, a, &acts, f);
    if (code != STATUS_OK)
        return code;
    *out = review_signature(a, &acts);
    review_entries_free(&acts);
    return STATUS_OK;
}

status incident_signature(arena *a, ledger *l, const incident_input *in, str *out, failure *f) {
    buffer b = {0};
    str acts = STR_NONE;
    buffer_printf(&b, "3\n%s\n%.*s\n%.*s\n%.*s\n", l->options.places ? "places" : "", STR_ARG(in->id),
                  STR_ARG(l->options.engine), STR_ARG(l->rule.text));
    buffer_printf(&b, "%.*s\n", STR_ARG(in->linking));
    for (size_t i = 0; i < in->size; i++) {
        const unit *u = &in->units->units.at[in->members[i]];
        /* Numbers of versions change when ledgers are merged. */
        buffer_printf(&b, "%016llx %u %u %u\n", (unsigned long long)u->key, u->ordinal, u->superseded,
                      u->claim_count);
    }
    status code = acts_signature(a, l, in, &acts, f);
    buffer_add(&b, acts);
    *out = digest_hex(a, sha256(buffer_str(&b)), 16);
    buffer_free(&b);
    return code;
}

static status delete_incident(linking *k, int64_t key) {
    status code = k->all_changed ? STATUS_OK : sources_of_incident(k->l, key, &k->changes, k->f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(k->l, "DELETE FROM incident WHERE key = ?", k->f);
    give_number(&s, key);
    return statement_run(&s);
}

typedef struct stored {
    int64_t key;
    str id, signature;
} stored;

static status read_stored(linking *k, id_table *by_id, stored **out, size_t *count) {
    VECTOR(stored) list = {0};
    statement s = statement_of(k->l, "SELECT key, id, signature FROM incident ORDER BY key", k->f);
    statement_walks(&s);
    while (statement_row(&s))
        *VECTOR_PUSH(&list, k->a) = (stored){take_number(&s, 0), arena_copy(k->a, take_text(&s, 1)),
                                             arena_copy(k->a, take_text(&s, 2))};
    status code = statement_done(&s);
    by_id->capacity = 64;
    while (by_id->capacity < list.size * 2)
        by_id->capacity *= 2;
    by_id->at = ARENA_NEW(k->a, seen_id, by_id->capacity);
    for (uint32_t i = 0; i < list.size; i++)
        *find_id(by_id, list.at[i].id) = (seen_id){list.at[i].id, i};
    *out = list.at;
    *count = list.size;
    return code;
}

/* First what is gone or changed goes, then what is new or changed comes: a claim stands in one incident only.
 */
static status write_incidents(linking *k) {
    enum { MANY = 2000 };
    id_table by_id;
    stored *old;
    size_t count, writes = 0;
    status code = read_stored(k, &by_id, &old, &count);
    bool *kept = ARENA_NEW(k->a, bool, count + 1), *write = ARENA_NEW(k->a, bool, k->clusters.count + 1);
    str *signatures = ARENA_NEW(k->a, str, k->clusters.count + 1);
    for (uint32_t c = 0; c < k->clusters.count && code == STATUS_OK; c++) {
        incident_input in = input_of(k, c);
        seen_id *seen = find_id(&by_id, k->ids[c]);
        code = incident_signature(k->a, k->l, &in, &signatures[c], k->f);
        bool same = old && seen->id.data && str_equal(old[seen->cluster].signature, signatures[c]);
        if (same)
            kept[seen->cluster] = true;
        write[c] = !same;
        writes += !same;
    }
    /* To count all voices costs about as much as those of so many incidents one by one. */
    k->all_changed = writes > MANY && writes > count / 8;
    for (size_t i = 0; old && i < count && code == STATUS_OK; i++)
        if (!kept[i])
            code = delete_incident(k, old[i].key);
    incident_writer *writer = incident_writer_begin(k->l, &k->tables, CREW_THREADS, k->a,
                                                    k->all_changed ? NULL : &k->changes, k->f);
    for (uint32_t c = 0; c < k->clusters.count && code == STATUS_OK; c++) {
        incident_input in = input_of(k, c);
        store_progress(k->l, "incidents", c, k->clusters.count);
        if (write[c])
            code = incident_write(writer, &in, signatures[c]);
        k->out.changed += write[c];
        if (code == STATUS_OK && store_cancelled(k->l))
            code = fail(k->f, STATUS_CANCELLED, "cancelled while linking");
    }
    code = incident_writer_end(writer, code);
    store_progress(k->l, "incidents", k->clusters.count, k->clusters.count);
    return code;
}

static void count_linked(linking *k) {
    k->out.incidents = k->clusters.count;
    k->out.documents = k->units.documents.size;
    for (size_t i = 0; i < k->units.units.size; i++)
        if (k->clusters.of[i] != UINT32_MAX)
            k->out.claims += k->units.units.at[i].claim_count;
}

status units_linked(ledger *l, const name_tables *tables, arena *a, unit_list *units, link_weights *weights,
                    clusters *out, failure *f) {
    link_ties ties = {0};
    status code = units_read(l, tables, STR_NONE, a, units, f);
    if (code == STATUS_OK)
        code = link_weights_read(str_of(ledger_table_links), weights, f);
    if (code == STATUS_OK)
        code = ties_read(l, units, a, &ties, f);
    if (code == STATUS_OK)
        units_cluster(units, weights, &ties, a, out);
    return code;
}

/* What was deleted beside the linking left voices uncounted, and those have no row. */
static status find_uncounted(linking *k) {
    str stale = STR_NONE;
    status code = setting_read(k->l, "voices", k->a, &stale, k->f);
    if (code != STATUS_OK || !stale.size || k->all_changed)
        return code;
    statement s = statement_of(k->l,
                               "SELECT DISTINCT source FROM voice WHERE source IS NOT NULL AND NOT EXISTS"
                               " (SELECT 1 FROM source WHERE source.key = voice.source)",
                               k->f);
    while (statement_row(&s))
        *VECTOR_PUSH(&k->changes.keys, k->a) = arena_copy(k->a, take_text(&s, 0));
    return statement_done(&s);
}

/* Acts of naming that came with another ledger, or that nothing has been made of yet. */
static status follow_names(linking *k) {
    str was = STR_NONE, now = said_voices_signature(k->a, &k->said);
    bool any = false;
    statement s = statement_of(k->l, "SELECT EXISTS (SELECT 1 FROM act WHERE kind = 'name')", k->f);
    if (statement_row(&s))
        any = take_number(&s, 0) != 0;
    status code = statement_done(&s);
    if (code == STATUS_OK)
        code = setting_read(k->l, "named", k->a, &was, k->f);
    if (code != STATUS_OK || !any || str_equal(was, now))
        return code;
    code = voices_rename(k->l, 0, &k->changes, k->f);
    return code == STATUS_OK ? setting_keep(k->l, "named", now, k->f) : code;
}

static status count_voices(linking *k) {
    status code = find_uncounted(k);
    if (code == STATUS_OK)
        code = follow_names(k);
    if (code == STATUS_OK)
        code = sources_count(k->l, &k->changes, k->all_changed, k->f);
    str stale = STR_NONE;
    if (code == STATUS_OK)
        code = setting_read(k->l, "voices", k->a, &stale, k->f);
    return code == STATUS_OK && stale.size ? setting_keep(k->l, "voices", STR(""), k->f) : code;
}

static status link_all(linking *k) {
    link_weights weights;
    status code = said_voices_read(k->l, k->a, &k->said, k->f);
    k->tables.said = &k->said;
    k->changes.a = k->a;
    if (code == STATUS_OK)
        code = units_linked(k->l, &k->tables, k->a, &k->units, &weights, &k->clusters, k->f);
    if (code != STATUS_OK)
        return code;
    list_members(k);
    code =
        store_cancelled(k->l) ? fail(k->f, STATUS_CANCELLED, "cancelled while linking") : name_incidents(k);
    if (code == STATUS_OK)
        code = copies_mark(k->l, &k->units, &k->out.copies, k->f);
    if (code == STATUS_OK && store_cancelled(k->l))
        code = fail(k->f, STATUS_CANCELLED, "cancelled while linking");
    if (code == STATUS_OK)
        code = reviewed_read(k->l, k->a, &k->reviewed, k->f);
    if (code == STATUS_OK)
        code = write_incidents(k);
    if (code == STATUS_OK)
        code = count_voices(k);
    count_linked(k);
    return code;
}

status link_in_batch(ledger *l, ledger_linked *out, failure *f) {
    arena a = arena_new((allocator){0});
    linking k = {.l = l, .a = &a, .f = f, .linking = linking_version(&a)};
    unsigned wrong = 0;
    names_load(&a, &k.tables);
    status code = sums_wrong(l, &wrong, f);
    if (code == STATUS_OK)
        code = link_all(&k);
    if (code == STATUS_OK)
        code = sums_keep(l, wrong, f);
    /* Who is further behind reads all anew (board.c). */
    if (code == STATUS_OK)
        code = store_execute(
            l, "DELETE FROM incident_gone WHERE number < (SELECT max(number) FROM incident_gone) - 20000", f);
    arena_free(&a);
    if (code == STATUS_OK && out)
        *out = k.out;
    return code;
}

status ledger_link(ledger *l, ledger_linked *out, failure *f) {
    ledger_linked linked;
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code != STATUS_OK)
        return code;
    code = link_in_batch(l, &linked, f);
    if (code != STATUS_OK) {
        store_rollback(l);
        return code;
    }
    code = ledger_commit(l, f);
    if (code == STATUS_OK && out)
        *out = linked;
    return code;
}

/* ---- one incident ---- */

/* The versions that its accounts stand in, as a JSON list. */
static status versions_of_incident(ledger *l, arena *a, str id, int64_t *key, str *out, failure *f) {
    statement s = statement_of(
        l,
        "SELECT key, (SELECT json_group_array(version) FROM (SELECT version FROM incident_version WHERE"
        " incident = key UNION SELECT version FROM incident_claim JOIN claim ON claim.key ="
        " incident_claim.claim WHERE incident_claim.incident = incident.key) AS x) FROM incident WHERE id = "
        "?",
        f);
    give_text(&s, id);
    *key = 0;
    if (statement_row(&s)) {
        *key = take_number(&s, 0);
        *out = arena_copy(a, take_text(&s, 1));
    }
    return statement_done(&s);
}

/* Of the units of these versions, those that are the incident's. */
static status members_of_incident(ledger *l, arena *a, const unit_list *units, incident_input *in,
                                  failure *f) {
    uint32_t *members = ARENA_NEW(a, uint32_t, units->units.size + 1);
    status code = STATUS_OK;
    in->members = members;
    for (uint32_t i = 0; i < units->units.size && code == STATUS_OK; i++) {
        statement s = statement_of(l, "SELECT 1 FROM member WHERE unit = ? AND incident = ?", f);
        give_text(&s, unit_text(a, units->units.at[i].key));
        give_text(&s, in->id);
        if (statement_row(&s))
            members[in->size++] = i;
        code = statement_done(&s);
    }
    return code;
}

static status rework(ledger *l, const name_tables *tables, arena *a, str id, source_changes *changes,
                     failure *f) {
    unit_list units;
    int64_t key;
    str versions, signature;
    incident_input in = {.id = id, .linking = linking_version(a), .units = &units};
    status code = versions_of_incident(l, a, id, &key, &versions, f);
    if (code != STATUS_OK || !key)
        return code;
    code = units_read(l, tables, versions, a, &units, f);
    if (code == STATUS_OK)
        code = members_of_incident(l, a, &units, &in, f);
    if (code == STATUS_OK)
        code = incident_signature(a, l, &in, &signature, f);
    if (code == STATUS_OK && changes)
        code = sources_of_incident(l, key, changes, f);
    if (code != STATUS_OK || !in.size)
        return code;
    statement s = statement_of(l, "DELETE FROM incident WHERE key = ?", f);
    give_number(&s, key);
    code = statement_run(&s);
    if (code != STATUS_OK)
        return code;
    incident_writer *writer = incident_writer_begin(l, tables, 0, a, changes, f);
    return incident_writer_end(writer, incident_write(writer, &in, signature));
}

/* The tables of names with what reviewers said of voices, in `a`. */
static status names_and_said(ledger *l, arena *a, name_tables *tables, said_voices *said, failure *f) {
    names_load(a, tables);
    tables->said = said;
    return said_voices_read(l, a, said, f);
}

status incident_rework(ledger *l, str id, source_changes *changes, failure *f) {
    arena a = arena_new((allocator){0});
    name_tables tables;
    said_voices said;
    status code = names_and_said(l, &a, &tables, &said, f);
    if (code == STATUS_OK)
        code = rework(l, &tables, &a, id, changes, f);
    arena_free(&a);
    return code;
}

status voices_rename(ledger *l, int64_t act, source_changes *changes, failure *f) {
    arena a = arena_new((allocator){0}), once = arena_new((allocator){0});
    name_tables tables;
    said_voices said;
    named_voices of = {0};
    string_list again = {0};
    status code = names_and_said(l, &a, &tables, &said, f);
    if (code == STATUS_OK)
        code = named_voices_read(l, &a, act, &of, f);
    if (code == STATUS_OK)
        code = sources_renamed(l, &a, &said, &of, &again, f);
    for (size_t i = 0; i < again.size && code == STATUS_OK; i++) {
        code = rework(l, &tables, &once, again.at[i], changes, f);
        arena_reset(&once);
    }
    for (size_t i = 0; i < of.keys.size; i++)
        *VECTOR_PUSH(&changes->keys, changes->a) = arena_copy(changes->a, of.keys.at[i]);
    arena_free(&once);
    arena_free(&a);
    return code;
}

/* ---- claims outside incidents ---- */

static status load_outside(incident_work *w, int64_t version) {
    unit u = {.version = version};
    unit_list list = {.a = w->a};
    statement s = statement_of(
        w->l,
        "SELECT key FROM claim WHERE version = ? AND NOT EXISTS (SELECT 1 FROM incident_claim WHERE"
        " incident_claim.claim = claim.key) ORDER BY number",
        w->f);
    give_number(&s, version);
    while (statement_row(&s)) {
        *VECTOR_PUSH(&list.claims, w->a) = take_number(&s, 0);
        u.claim_count++;
    }
    status code = statement_done(&s);
    *VECTOR_PUSH(&list.units, w->a) = u;
    static const uint32_t only = 0;
    incident_input in = {STR_NONE, STR_NONE, &list, &only, 1, NULL};
    w->in = &in;
    if (code == STATUS_OK)
        code = incident_load(w);
    if (code == STATUS_OK)
        incident_words(w);
    w->in = NULL;
    return code;
}

status claims_without_incident(ledger *l, bool (*row)(void *context, str json), void *context, failure *f) {
    arena a = arena_new((allocator){0});
    buffer line = {0};
    bool more = true;
    arena kept = arena_new((allocator){0});
    name_tables tables;
    names_load(&kept, &tables);
    status code = STATUS_OK;
    statement s = statement_of(
        l,
        "SELECT version.key FROM version JOIN document ON document.key = version.document WHERE"
        " EXISTS (SELECT 1 FROM claim WHERE claim.version = version.key AND NOT EXISTS (SELECT 1"
        " FROM incident_claim WHERE incident_claim.claim = claim.key)) AND (?1 = 0 OR NOT " HIDDEN_DOCUMENT(
            "document.key") ") ORDER BY document.id, version.number",
        f);
    give_number(&s, l->hides);
    statement_walks(&s);
    while (more && code == STATUS_OK && statement_row(&s)) {
        incident_work w = {.l = l, .a = &a, .f = f, .tables = &tables};
        code = load_outside(&w, take_number(&s, 0));
        for (uint32_t i = 0; i < w.claims.size && more && code == STATUS_OK; i++) {
            line.size = 0;
            write_claim(&w, &line, i, STR(""));
            more = row(context, buffer_str(&line));
        }
        incident_unload(&w);
        arena_reset(&a);
    }
    status done = statement_done(&s);
    buffer_free(&line);
    arena_free(&a);
    arena_free(&kept);
    return code != STATUS_OK ? code : done;
}
