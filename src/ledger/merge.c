/* Two teams' ledgers become one (docs/teams.md): what is asked of the merged ledger gives what a ledger would
 * to which both had added.
 *
 * Content is told by what it is (capture: hash, URL and time; version: document and hash of its text; act:
 * its leaf), never by the numbers that it has in a file. So what both have is there once, and merging again
 * finds nothing to do. What is worked out (incidents, chains, where acts stand) is not merged but worked out
 * anew.
 *
 * All of it is one transaction, with the act that says what was taken from where (joined.h). */
#include "ledger/merge.h"

#include <stdlib.h>
#include <time.h>

#include "ledger/link.h"
#include "ledger/sums.h"

int64_t pair_of(const key_pairs *p, int64_t theirs) {
    size_t low = 0, high = p->size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->at[middle].theirs < theirs)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->size && p->at[low].theirs == theirs ? p->at[low].ours : 0;
}

/* ---- settings ---- */

static status compare_setting(merging *m, const char *name, bool *differs) {
    str ours, theirs;
    status code = setting_read(m->l, name, m->a, &ours, m->f);
    if (code == STATUS_OK)
        code = setting_read(m->from, name, m->a, &theirs, m->f);
    *differs = code == STATUS_OK && !str_equal(ours, theirs);
    return code;
}

/* Rows of two texts, those that are not here. */
static status take_pairs(merging *m, const char *select, const char *insert) {
    status code = STATUS_OK;
    statement s = statement_of(m->from, select, m->f);
    while (code == STATUS_OK && statement_row(&s)) {
        statement put = statement_of(m->l, insert, m->f);
        give_text(&put, take_text(&s, 0));
        give_text(&put, take_text(&s, 1));
        code = statement_run(&put);
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* A team's rule and grades are its own; which engines read what is the same for both. */
static status merge_settings(merging *m) {
    status code = compare_setting(m, "estimates", &m->out.other_estimates);
    if (code == STATUS_OK)
        code = compare_setting(m, "grades", &m->out.other_grades);
    return code == STATUS_OK
               ? take_pairs(m, "SELECT name, value FROM setting WHERE name LIKE 'engine %' ORDER BY name",
                            "INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
               : code;
}

/* ---- names of incidents ---- */

typedef struct named_unit {
    str unit, incident;
} named_unit;
typedef VECTOR(named_unit) named_units;

static int by_unit(const void *x, const void *y) {
    const named_unit *a = x, *b = y;
    int order = str_compare(a->unit, b->unit);
    return order ? order : str_compare(a->incident, b->incident);
}

static status read_members(ledger *l, arena *a, named_units *out, failure *f) {
    *out = (named_units){0};
    statement s = statement_of(l, "SELECT unit, incident FROM member ORDER BY minted", f);
    while (statement_row(&s))
        *VECTOR_PUSH(out, a) = (named_unit){arena_copy(a, take_text(&s, 0)), arena_copy(a, take_text(&s, 1))};
    status code = statement_done(&s);
    if (out->size)
        qsort(out->at, out->size, sizeof *out->at, by_unit);
    return code;
}

static status read_dead(ledger *l, arena *a, string_list *out, failure *f) {
    statement s = statement_of(l, "SELECT id FROM tombstone ORDER BY id", f);
    while (statement_row(&s))
        *VECTOR_PUSH(out, a) = arena_copy(a, take_text(&s, 0));
    return statement_done(&s);
}

/* Of an id that was named after one of its units, that unit: with it the id goes, wherever it goes. */
static void keep_eponyms(arena *a, named_units *all) {
    string_list named = {0};
    size_t kept = 0;
    for (size_t i = 0; i < all->size; i++)
        if (str_equal(incident_named_after(a, all->at[i].unit), all->at[i].incident))
            *VECTOR_PUSH(&named, a) = all->at[i].incident;
    strings_sort(&named);
    for (size_t i = 0; i < all->size; i++)
        if (!strings_have(&named, all->at[i].incident) ||
            str_equal(incident_named_after(a, all->at[i].unit), all->at[i].incident))
            all->at[kept++] = all->at[i];
    all->size = kept;
}

/* Which id each unit goes into the linking with: of two, the lesser, but none that is dead for either team.
 */
static void unite(merging *m, const named_units *ours, const named_units *theirs, const string_list *dead,
                  named_units *out) {
    named_units all = {0};
    const named_units *both[] = {ours, theirs};
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 0; n < both[i]->size; n++)
            if (!strings_have(dead, both[i]->at[n].incident))
                *VECTOR_PUSH(&all, m->a) = both[i]->at[n];
    keep_eponyms(m->a, &all);
    if (all.size)
        qsort(all.at, all.size, sizeof *all.at, by_unit);
    for (size_t i = 0; i < all.size; i++)
        if (i == 0 || !str_equal(all.at[i].unit, all.at[i - 1].unit))
            *VECTOR_PUSH(out, m->a) = all.at[i];
}

/* In the order of units, which is the order in which a ledger of both that is linked at once names its
 * incidents. */
static status write_members(merging *m, const named_units *all) {
    status code = store_execute(m->l, "DELETE FROM member", m->f);
    for (size_t i = 0; i < all->size && code == STATUS_OK; i++) {
        statement s = statement_of(m->l, "INSERT INTO member(unit, incident) VALUES (?, ?)", m->f);
        give_text(&s, all->at[i].unit);
        give_text(&s, all->at[i].incident);
        code = statement_run(&s);
    }
    return code;
}

static status bury(merging *m, str id, string_list *successors) {
    buffer b = {0};
    strings_sort(successors);
    buffer_add_byte(&b, '[');
    for (size_t i = 0; i < successors->size; i++)
        if (i == 0 || !str_equal(successors->at[i], successors->at[i - 1])) {
            write_comma(&b);
            write_string(&b, successors->at[i]);
        }
    buffer_add_byte(&b, ']');
    statement s = statement_of(m->l,
                               "INSERT INTO tombstone(id, successors) VALUES (?, ?) ON CONFLICT (id) DO "
                               "UPDATE SET successors = excluded.successors",
                               m->f);
    give_text(&s, id);
    give_text(&s, buffer_str(&b));
    status code = statement_run(&s);
    buffer_free(&b);
    return code;
}

static status take_tombstones(merging *m) {
    return take_pairs(m, "SELECT id, successors FROM tombstone ORDER BY id",
                      "INSERT INTO tombstone(id, successors) VALUES (?, ?) ON CONFLICT (id) DO NOTHING");
}

/* By the id that was given, then by unit. */
static int by_incident(const void *x, const void *y) {
    const named_unit *a = x, *b = y;
    int order = str_compare(a->incident, b->incident);
    return order ? order : str_compare(a->unit, b->unit);
}

static str incident_now(const named_units *now, str of) {
    size_t low = 0, high = now->size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_compare(now->at[middle].unit, of) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < now->size && str_equal(now->at[low].unit, of) ? now->at[low].incident : STR_NONE;
}

/* Ids that either team gave and that none carries now lead to who holds what they named. */
static status bury_the_rest(merging *m, const named_units *before, const string_list *dead,
                            const named_units *now) {
    string_list alive = {0};
    status code = STATUS_OK;
    for (size_t i = 0; i < now->size; i++)
        *VECTOR_PUSH(&alive, m->a) = now->at[i].incident;
    strings_sort(&alive);
    for (size_t i = 0, end; i < before->size && code == STATUS_OK; i = end) {
        string_list successors = {0};
        str id = before->at[i].incident;
        for (end = i; end < before->size && str_equal(before->at[end].incident, id); end++) {
            str held = incident_now(now, before->at[end].unit);
            if (held.data)
                *VECTOR_PUSH(&successors, m->a) = held;
        }
        if (!strings_have(&alive, id) && !strings_have(dead, id))
            code = bury(m, id, &successors);
    }
    return code;
}

static status link_and_name(merging *m) {
    named_units ours = {0}, theirs = {0}, now = {0}, united = {0}, before = {0};
    string_list dead = {0};
    status code = read_members(m->l, m->a, &ours, m->f);
    if (code == STATUS_OK)
        code = read_members(m->from, m->a, &theirs, m->f);
    if (code == STATUS_OK)
        code = read_dead(m->l, m->a, &dead, m->f);
    if (code == STATUS_OK)
        code = read_dead(m->from, m->a, &dead, m->f);
    strings_sort(&dead);
    if (code == STATUS_OK)
        code = take_tombstones(m);
    unite(m, &ours, &theirs, &dead, &united);
    if (code == STATUS_OK)
        code = write_members(m, &united);
    if (code == STATUS_OK)
        code = link_in_batch(m->l, &m->out.linked, m->f);
    if (code == STATUS_OK)
        code = read_members(m->l, m->a, &now, m->f);
    if (code != STATUS_OK)
        return code;
    for (size_t i = 0; i < ours.size; i++)
        *VECTOR_PUSH(&before, m->a) = ours.at[i];
    for (size_t i = 0; i < theirs.size; i++)
        *VECTOR_PUSH(&before, m->a) = theirs.at[i];
    if (before.size)
        qsort(before.at, before.size, sizeof *before.at, by_incident);
    return bury_the_rest(m, &before, &dead, &now);
}

/* ---- all of it ---- */

static status keep_log(merging *m) {
    const ledger_merged *o = &m->out;
    status code = joined_take_over(m->l, m->from, m->f);
    str took = arena_printf(
        m->a,
        "{\"captures\": %llu, \"documents\": %llu, \"versions\": %llu, \"acts\": %llu, \"refused\": %llu}",
        (unsigned long long)o->captures, (unsigned long long)o->documents, (unsigned long long)o->versions,
        (unsigned long long)o->acts, (unsigned long long)o->refused);
    return code == STATUS_OK ? joined_keep(m->l, m->from, &m->log, m->who, m->time, took, m->f) : code;
}

static status merge_all(merging *m) {
    status (*const steps[])(merging *) = {merge_settings, merge_acts,  merge_pages,   merge_redactions,
                                          merge_places,   merge_turns, link_and_name, keep_log};
    /* Rows that are there change, by linking and after it. */
    unsigned wrong = 0;
    status code = sums_wrong(m->l, &wrong, m->f);
    if (code == STATUS_OK)
        code = sums_forget(m->l, m->f);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && code == STATUS_OK; i++) {
        code = steps[i](m);
        arena_reset(&m->once);
    }
    if (code == STATUS_OK)
        code = sums_keep(m->l, wrong, m->f);
    m->l->counts.captures += m->out.captures;
    m->l->counts.versions += m->out.versions;
    m->l->counts.claims += m->out.claims;
    return code;
}

/* What is damaged or changed there must not come here, where nobody could tell any more whose it is. */
static status check_theirs(merging *m) {
    ledger_checked checked;
    failure why = {0};
    status code = ledger_verify_alone(m->from, NULL, NULL, &checked, &why);
    if (code == STATUS_VERIFY_FAILED)
        return fail(
            m->f, code, "ledger %s: %llu %s wrong in it (isnad verify says which): nothing of it is taken in",
            m->from->path, (unsigned long long)checked.wrong, checked.wrong == 1 ? "thing is" : "things are");
    return code == STATUS_OK ? code : fail(m->f, code, "%s", why.message);
}

static status compare_logs(merging *m) {
    status code = joined_compare(m->l, m->from, m->a, &m->log, m->f);
    m->out.nothing = m->log.nothing;
    m->out.forked = m->log.forked;
    memcpy(m->out.ledger, m->log.id, sizeof m->out.ledger);
    return code;
}

/* Until nobody else could write, another may have merged the same. */
static status merge_alone(merging *m) {
    status code = compare_logs(m);
    return code == STATUS_OK && !m->log.nothing ? merge_all(m) : code;
}

static status merge_snapshot(merging *m) {
    status code = compare_logs(m);
    if (code != STATUS_OK || m->log.nothing)
        return code;
    code = check_theirs(m);
    if (code == STATUS_OK)
        code = redaction_prepares(m->l, m->f);
    if (code == STATUS_OK)
        code = store_begin(m->l, m->f);
    if (code != STATUS_OK)
        return code;
    code = merge_alone(m);
    if (code != STATUS_OK || m->log.nothing) {
        store_rollback(m->l);
        return code;
    }
    code = ledger_commit(m->l, m->f);
    return code == STATUS_OK ? ledger_scrub(m->l, m->f) : code;
}

status ledger_merge(ledger *l, ledger *from, const ledger_merging *how, ledger_merged *out, failure *f) {
    arena a = arena_new((allocator){0});
    merging m = {.l = l,
                 .from = from,
                 .f = f,
                 .a = &a,
                 .once = arena_new((allocator){0}),
                 .who = how->who.data ? how->who : STR(""),
                 .time = how->time.size ? how->time : moment_text(&a, time(NULL))};
    bool begun = false;
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = ledger_commit(from, f);
    if (code == STATUS_OK)
        code = store_snapshot(from, &begun, f);
    if (code == STATUS_OK) {
        code = merge_snapshot(&m);
        store_snapshot_end(from, begun);
    }
    if (code == STATUS_OK && out)
        *out = m.out;
    arena_free(&m.once);
    arena_free(&a);
    return code;
}
