/* What is sealed is compared with its leaf, one thing after another by its key, so that a page that cannot be
 * read costs what lay in it and not the rest: keys are gathered from both ends of a table and from the log,
 * which names everything that ought to be there. What follows from the rest is worked out again in a
 * transaction and compared with what stood; the transaction is then undone, or kept for a repair. */
#include "ledger/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/acts.h"
#include "ledger/added.h"
#include "ledger/check_words.h"
#include "ledger/copies.h"
#include "ledger/link.h"
#include "ledger/log.h"
#include "ledger/sums.h"
#include "ledger/waiting.h"

typedef struct checking {
    ledger *l;
    failure *f;
    arena a;    /* of one thing */
    arena kept; /* of the run */
    ledger_health out;
    key_list whole;                  /* captures whose bytes are as they were, ascending */
    key_list bad_captures, bad_acts; /* told of, ascending */
    string_list bad_versions;        /* as they are told of */
    string_list bad_seen;            /* incidents of rows of table `seen` that are damaged */
    words_expected words;
    bool complete; /* every text could be read */
    uint64_t sketches;
    void (*line)(void *context, const char *text);
    void *context;
} checking;

__attribute__((format(printf, 2, 3))) static void say(const checking *c, const char *format, ...) {
    char text[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (c->line)
        c->line(c->context, text);
}

/* Damage is what is looked for, and rows that contradict one another (SQLite then says that a constraint
 * failed) are damage too; anything else ends the run. */
static bool is_damage(status code) {
    return code == STATUS_DAMAGED_LEDGER || code == STATUS_INTERNAL;
}

/* Whether a call ends the run: then that is why. */
static bool ends_run(const checking *c, status code, const failure *why) {
    if (code == STATUS_OK || is_damage(code))
        return false;
    fail(c->f, code, "%s", why->message);
    return true;
}

/* ---- the file ---- */

static void say_of_store(void *context, const char *text) {
    say(context, "file: %s", text);
}

static status check_pages(checking *c, uint64_t *faults) {
    failure why = {0};
    status code = c->l->driver->check(c->l, say_of_store, c, faults, &why);
    if (is_damage(code)) {
        ++*faults;
        say(c, "file: %s", why.message);
    }
    return ends_run(c, code, &why) ? code : STATUS_OK;
}

/* ---- keys ---- */

static status add_keys(checking *c, const char *sql, key_list *out, bool *broke) {
    failure why = {0};
    statement s = statement_of(c->l, sql, &why);
    statement_walks(&s);
    status code = statement_keys(&s, &c->kept, out);
    *broke = is_damage(code);
    return ends_run(c, code, &why) ? code : STATUS_OK;
}

/* From the front, and where that breaks off from the back too; then what the log names. */
static status gather(checking *c, const char *up, const char *down, const char *logged_up,
                     const char *logged_down, key_list *out) {
    bool broke = false, logged = false;
    *out = (key_list){0};
    status code = add_keys(c, up, out, &broke);
    if (code == STATUS_OK && broke)
        code = add_keys(c, down, out, &broke);
    if (code == STATUS_OK)
        code = add_keys(c, logged_up, out, &logged);
    if (code == STATUS_OK && logged)
        code = add_keys(c, logged_down, out, &logged);
    keys_sort(out);
    return code;
}

/* ---- captures ---- */

static bool collect(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

/* What is wrong with the bytes of a capture whose row can be read. */
static const char *wrong_with_bytes(checking *c, int64_t sequence, str hash, int64_t size) {
    buffer bytes = {0};
    failure why = {0};
    status code = archive_walk(c->l, sequence, collect, &bytes, &why);
    bool same = code == STATUS_OK && (int64_t)bytes.size == size &&
                str_equal(hash, digest_hex(&c->a, sha256(buffer_str(&bytes)), 32));
    buffer_free(&bytes);
    return same                ? NULL
           : code == STATUS_OK ? "its bytes are not those that were received"
                               : "its bytes are damaged";
}

static status check_capture(checking *c, int64_t sequence) {
    failure why = {0};
    const char *bad = NULL;
    str url = STR_NONE;
    bool withdrawn = false, referenced = false;
    statement s = statement_of(c->l,
                               "SELECT sha256, size, coalesce(url, file), CASE WHEN withdrawn IS NULL THEN 0 "
                               "ELSE 1 END, length IS NOT NULL FROM capture WHERE sequence = ?",
                               &why);
    give_number(&s, sequence);
    bool there = statement_row(&s);
    str hash = there ? arena_copy(&c->a, take_text(&s, 0)) : STR_NONE;
    int64_t size = there ? take_number(&s, 1) : 0;
    if (there) {
        url = arena_copy(&c->a, take_text(&s, 2));
        withdrawn = take_number(&s, 3) != 0;
        referenced = take_number(&s, 4) != 0;
    }
    status code = statement_done(&s);
    if (ends_run(c, code, &why))
        return code;
    if (code != STATUS_OK)
        bad = "what is known of it cannot be read";
    else if (!there)
        bad = "it is gone";
    else if (!withdrawn && !referenced) /* a crawl file is not the ledger's: verify reads it */
        bad = wrong_with_bytes(c, sequence, hash, size);
    if (bad) {
        c->out.captures++;
        *VECTOR_PUSH(&c->bad_captures, &c->kept) = sequence;
        say(c, "capture %lld%s%.*s: %s: lost for good, unless a backup has it", (long long)sequence,
            url.size ? ", of " : "", STR_ARG(url), bad);
    } else if (!withdrawn) {
        *VECTOR_PUSH(&c->whole, &c->kept) = sequence;
    }
    return STATUS_OK;
}

static status each(checking *c, const key_list *keys, const char *what,
                   status (*check)(checking *c, int64_t key)) {
    status code = STATUS_OK;
    for (size_t i = 0; i < keys->size && code == STATUS_OK; i++) {
        code = check(c, keys->at[i]);
        arena_reset(&c->a);
        if (i % 64 == 0 && code == STATUS_OK && store_cancelled(c->l))
            code = fail(c->f, STATUS_CANCELLED, "cancelled");
        store_progress(c->l, what, i + 1, keys->size);
    }
    return code;
}

static status check_captures(checking *c) {
    key_list keys;
    status code = gather(c, "SELECT sequence FROM capture ORDER BY sequence",
                         "SELECT sequence FROM capture ORDER BY sequence DESC",
                         "SELECT stands_for FROM log WHERE kind = 'capture' ORDER BY position",
                         "SELECT stands_for FROM log WHERE kind = 'capture' ORDER BY position DESC", &keys);
    return code == STATUS_OK ? each(c, &keys, "captures", check_capture) : code;
}

/* ---- documents ---- */

typedef struct version_row {
    str document, hash, title;
    int64_t number;
    bool withdrawn, leaf_there;
    digest leaf;
} version_row;

static status read_version(checking *c, int64_t key, version_row *v, bool *there, str *text, str *json,
                           str *sketch, failure *why) {
    statement s = statement_of(
        c->l,
        "SELECT document.id, number, text_hash, text, text_size, reading, reading_size, sketch, title,"
        " CASE WHEN withdrawn IS NULL THEN 0 ELSE 1 END FROM version JOIN document ON document.key = "
        "version.document WHERE"
        " version.key = ?",
        why);
    give_number(&s, key);
    *there = statement_row(&s);
    if (*there) {
        *v = (version_row){.document = arena_copy(&c->a, take_text(&s, 0)),
                           .number = take_number(&s, 1),
                           .hash = arena_copy(&c->a, take_text(&s, 2)),
                           .title = arena_copy(&c->a, take_text(&s, 8)),
                           .withdrawn = take_number(&s, 9) != 0};
        take_reading(&s, 3, &c->a, text, json);
        *sketch = arena_copy(&c->a, take_blob(&s, 7));
    }
    status code = statement_done(&s);
    return code == STATUS_OK ? log_reading_sealed(c->l, key, &v->leaf, &v->leaf_there, why) : code;
}

static status wrong_with_version(checking *c, int64_t key, const version_row *v, str text, str json,
                                 const char **bad, failure *why) {
    digest now = {{0}};
    *bad = NULL;
    if (!text.data || (!v->withdrawn && !str_equal(v->hash, digest_hex(&c->a, sha256(text), 32))))
        *bad = "its text is damaged";
    else if (!json.data)
        *bad = "its reading is damaged";
    if (*bad)
        return STATUS_OK;
    digest rows;
    status code = log_rows_hash(c->l, key, &rows, why);
    if (code == STATUS_OK)
        now = log_reading_leaf(v->document, v->number, sha256(text), sha256(json), rows);
    if (is_damage(code))
        *bad = "its claims, events or places cannot be read";
    else if (code == STATUS_OK && (!v->leaf_there || !digest_equal(now, v->leaf)))
        *bad = "its reading, or a claim, event or place of it, is not what was sealed";
    return is_damage(code) ? STATUS_OK : code;
}

/* The capture that a version can be read again from; 0: none. */
static status capture_of(checking *c, int64_t version, int64_t *out) {
    failure why = {0};
    *out = 0;
    statement s = statement_of(c->l,
                               "SELECT sequence FROM capture WHERE version = ? AND withdrawn IS NULL AND"
                               " coalesce(media_type, '') <> 'text/csv' ORDER BY sequence DESC",
                               &why);
    give_number(&s, version);
    while (!*out && statement_row(&s)) {
        int64_t sequence = take_number(&s, 0);
        if (keys_have(&c->whole, sequence))
            *out = sequence;
    }
    status code = statement_done(&s);
    return ends_run(c, code, &why) ? code : STATUS_OK;
}

static status check_version(checking *c, int64_t key) {
    failure why = {0};
    version_row v = {0};
    str text = STR_NONE, json = STR_NONE, sketch = STR_NONE;
    bool there = false;
    const char *bad = NULL;
    int64_t from = 0;
    status code = read_version(c, key, &v, &there, &text, &json, &sketch, &why);
    if (is_damage(code))
        bad = "it cannot be read";
    else if (code == STATUS_OK && !there)
        bad = "it is gone";
    else if (code == STATUS_OK)
        code = wrong_with_version(c, key, &v, text, json, &bad, &why);
    if (ends_run(c, code, &why))
        return code;
    if (text.data && there) {
        words_expect(&c->words, &c->a, key, v.title, text);
        c->sketches += !str_equal(sketch, sketch_pack(&c->a, sketch_of(&c->a, text)));
    } else {
        c->complete = false;
    }
    if (!bad)
        return STATUS_OK;
    str name = v.document.size ? arena_printf(&c->a, "document %.*s, version %lld", STR_ARG(v.document),
                                              (long long)v.number)
                               : arena_printf(&c->a, "version %lld of a document", (long long)key);
    *VECTOR_PUSH(&c->bad_versions, &c->kept) = arena_copy(&c->kept, name);
    code = there ? capture_of(c, key, &from) : STATUS_OK;
    if (from) {
        c->out.again++;
        say(c, "%.*s: %s: its page is whole (capture %lld), isnad reread reads it again", STR_ARG(name), bad,
            (long long)from);
    } else {
        c->out.documents++;
        say(c, "%.*s: %s: lost for good, unless a backup has it", STR_ARG(name), bad);
    }
    return code;
}

static status check_versions(checking *c) {
    key_list keys;
    c->complete = true;
    words_begin(&c->words, &c->kept);
    status code =
        gather(c, "SELECT key FROM version ORDER BY key", "SELECT key FROM version ORDER BY key DESC",
               "SELECT stands_for FROM log WHERE kind = 'reading' ORDER BY position",
               "SELECT stands_for FROM log WHERE kind = 'reading' ORDER BY position DESC", &keys);
    if (code == STATUS_OK)
        code = each(c, &keys, "documents", check_version);
    if (c->sketches) {
        c->out.derived++;
        say(c,
            "sketches of %llu texts, by which copies are told, are not those of the texts: made again by"
            " --repair",
            (unsigned long long)c->sketches);
    }
    return code;
}

/* ---- acts ---- */

static status check_act(checking *c, int64_t sequence) {
    failure why = {0};
    digest leaf = {{0}};
    bool good = false;
    str name = STR_NONE;
    statement s =
        statement_of(c->l,
                     "SELECT act.kind, who, time, payload, act.leaf, incident, claim, CASE WHEN redaction IS"
                     " NULL THEN 0 ELSE 1 END, CASE WHEN log.leaf = act.leaf THEN 1 ELSE 0 END FROM act LEFT"
                     " JOIN log ON log.kind = 'act' AND stands_for = sequence WHERE sequence = ?",
                     &why);
    give_number(&s, sequence);
    if (statement_row(&s)) {
        act_row act = {.kind = take_text(&s, 0),
                       .who = take_text(&s, 1),
                       .time = take_text(&s, 2),
                       .payload = take_text(&s, 3),
                       .incident = take_text(&s, 5),
                       .claim = take_text(&s, 6)};
        name = arena_printf(&c->a, " (%.*s by %.*s, %.*s)", STR_ARG(act.kind), STR_ARG(act.who),
                            STR_ARG(act.time));
        good = take_digest(&s, 4, &leaf) && take_number(&s, 8) == 1 &&
               (take_number(&s, 7) || act_is_sealed(&act, leaf));
    }
    status code = statement_done(&s);
    if (ends_run(c, code, &why))
        return code;
    if (code != STATUS_OK || !good) {
        c->out.acts++;
        *VECTOR_PUSH(&c->bad_acts, &c->kept) = sequence;
        say(c, "act %lld%.*s: it is %s: lost for good, unless a backup has it", (long long)sequence,
            STR_ARG(name), name.size ? "not what was sealed" : "gone or cannot be read");
    }
    return STATUS_OK;
}

static status check_acts(checking *c) {
    key_list keys;
    status code = gather(c, "SELECT sequence FROM act ORDER BY sequence",
                         "SELECT sequence FROM act ORDER BY sequence DESC",
                         "SELECT stands_for FROM log WHERE kind = 'act' ORDER BY position",
                         "SELECT stands_for FROM log WHERE kind = 'act' ORDER BY position DESC", &keys);
    return code == STATUS_OK ? each(c, &keys, "acts", check_act) : code;
}

/* ---- what is summed up ---- */

static status check_sums(checking *c) {
    unsigned wrong = 0;
    failure why = {0};
    status code = sums_wrong(c->l, &wrong, &why);
    if (ends_run(c, code, &why))
        return code;
    for (unsigned i = 0; i < SUMS; i++)
        if (wrong & 1u << i) {
            c->out.other++;
            say(c,
                "%s: not what was there when incidents were worked out last: lost for good, unless a backup "
                "has"
                " it",
                sums_says(i));
        }
    return STATUS_OK;
}

/* ---- what verify says beside these ---- */

/* "capture 7 (…", "act 7: …" */
static bool names_one_of(const char *text, const char *kind, const key_list *told) {
    size_t size = strlen(kind);
    return strncmp(text, kind, size) == 0 && keys_have(told, strtoll(text + size, NULL, 10));
}

/* "document …, version 7" at the beginning of a text; what is wrong with it may hold anything but that. */
static str version_named(const char *text) {
    static const char mark[] = ", version ";
    const char *end = text;
    for (const char *at = text; (at = strstr(at, mark)) != NULL; at += strlen(mark))
        end = at + strlen(mark) + strspn(at + strlen(mark), "0123456789");
    return (str){text, (size_t)(end - text)};
}

static bool is_told(const checking *c, const char *text) {
    for (unsigned i = 0; i < SUMS; i++)
        if (strncmp(text, sums_says(i), strlen(sums_says(i))) == 0)
            return true;
    return strncmp(text, "file: ", strlen("file: ")) == 0 ||
           names_one_of(text, "capture ", &c->bad_captures) || names_one_of(text, "act ", &c->bad_acts) ||
           strings_have(&c->bad_versions, version_named(text));
}

static void pass_other(void *context, const char *text) {
    checking *c = context;
    if (is_told(c, text))
        return;
    c->out.other++;
    say(c, "%s", text);
}

static status check_rest(checking *c) {
    failure why = {0};
    strings_sort(&c->bad_versions);
    status code = ledger_verify_alone(c->l, pass_other, c, NULL, &why);
    if (code == STATUS_OK || code == STATUS_VERIFY_FAILED)
        return STATUS_OK;
    if (ends_run(c, code, &why))
        return code;
    c->out.other++;
    say(c, "the log and its heads cannot be compared: %s", why.message);
    return STATUS_OK;
}

/* ---- what follows from the rest ---- */

typedef struct portrait {
    str id, signature;
    digest all;
} portrait;
typedef VECTOR(portrait) portraits;

static void add_columns(buffer *b, statement *s, int from, int to) {
    for (int i = from; i < to; i++) {
        bool none = take_null(s, i);
        str text = take_text(s, i);
        buffer_printf(b, "%c%zu:", none ? 'n' : 't', text.size);
        buffer_add(b, text);
    }
    buffer_add_byte(b, '\n');
}

static status add_rows(ledger *l, buffer *b, const char *sql, int64_t incident, int columns, failure *f) {
    statement s = statement_of(l, sql, f);
    give_number(&s, incident);
    while (statement_row(&s))
        add_columns(b, &s, 0, columns);
    return statement_done(&s);
}

static status add_parts(checking *c, buffer *b, int64_t key, failure *f) {
    status code =
        add_rows(c->l, b,
                 "SELECT id, independent, text, name, kind, weak, origin_unknown, source, base, "
                 "heard, bound, claims, first, alone, against, sensitive, languages, day FROM voice "
                 "WHERE incident = ? ORDER BY id",
                 key, 18, f);
    if (code == STATUS_OK)
        code = add_rows(c->l, b,
                        "SELECT effect, low, best, high FROM estimate WHERE incident = ? ORDER BY effect",
                        key, 4, f);
    if (code == STATUS_OK)
        code = add_rows(c->l, b,
                        "SELECT claim, independent FROM incident_claim WHERE incident = ? ORDER BY claim",
                        key, 2, f);
    if (code == STATUS_OK)
        code = add_rows(c->l, b, "SELECT version FROM incident_version WHERE incident = ? ORDER BY version",
                        key, 1, f);
    return code;
}

/* What is printed is compared unpacked: another zlib packs it otherwise. */
static void add_texts(checking *c, buffer *b, statement *s) {
    str json = archive_inflate(&c->a, take_blob(s, 2), (size_t)take_number(s, 3));
    str summary = json.data ? archive_inflate_beside(&c->a, take_blob(s, 0), (size_t)take_number(s, 1),
                                                     incident_beside(json))
                            : STR_NONE;
    buffer_printf(b, "%zu:%zu:", json.size, summary.size);
    buffer_add(b, json);
    buffer_add(b, summary);
}

enum { INCIDENT_COLUMNS = 35 };

static status paint(checking *c, portraits *out, failure *f) {
    buffer b = {0};
    status code = STATUS_OK;
    *out = (portraits){0};
    statement s = statement_of(
        c->l,
        "SELECT summary, summary_size, json, json_size, key, signature, id, incident.status, event, day_from,"
        " day_to, country, lat, lon, radius_km, figure, killed, injured, casualties, missing, detained,"
        " displaced, independent, disagreements, disagree_on, voice_kinds, stances, place_names, grade,"
        " assignee, sensitive, verdicts, admin1, place_id, place_name, place_name_ar, outlets, languages,"
        " waits, weight, since FROM incident LEFT JOIN incident_text ON incident = key ORDER BY id",
        f);
    statement_walks(&s);
    while (code == STATUS_OK && statement_row(&s)) {
        b.size = 0;
        portrait p = {.id = arena_copy(&c->kept, take_text(&s, 6)),
                      .signature = arena_copy(&c->kept, take_text(&s, 5))};
        add_texts(c, &b, &s);
        add_columns(&b, &s, 6, 6 + INCIDENT_COLUMNS);
        code = add_parts(c, &b, take_number(&s, 4), f);
        p.all = sha256(buffer_str(&b));
        *VECTOR_PUSH(out, &c->kept) = p;
        arena_reset(&c->a);
    }
    buffer_free(&b);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* Both in the order of their ids. Where the signature is another, it was worked out from something else. */
static void compare_incidents(checking *c, const portraits *was, const portraits *is) {
    size_t i = 0, j = 0;
    while (i < was->size || j < is->size) {
        int order = i == was->size ? 1 : j == is->size ? -1 : str_compare(was->at[i].id, is->at[j].id);
        const portrait *x = order <= 0 ? &was->at[i++] : NULL, *y = order >= 0 ? &is->at[j++] : NULL;
        if (x && y && digest_equal(x->all, y->all) && str_equal(x->signature, y->signature))
            continue;
        if (!x || !y || !str_equal(x->signature, y->signature)) {
            c->out.stale++;
            continue;
        }
        c->out.incidents++;
        say(c,
            "incident %.*s: it is not what follows from its readings and acts: worked out again by --repair",
            STR_ARG(x->id));
    }
    if (c->out.stale)
        say(c,
            "%llu incidents are missing, too many, or were worked out from something else (by another "
            "version or"
            " rule, or before the last change): worked out again by --repair",
            (unsigned long long)c->out.stale);
}

/* `linked`: made by linking, so that it may be another as long as pages are not linked. */
static const struct follows {
    const char *says, *sql;
    unsigned columns;
    bool linked;
} follows[] = {
    {"which version of a document counts", "SELECT key, current FROM document", 2, false},
    {"which version of a document counts, and when it was captured",
     "SELECT key, superseded, captured FROM version", 3, false},
    {"which texts are copies of which", "SELECT key, copy_of FROM version", 2, true},
    {"where the words of acts stand now",
     "SELECT act, side, number, version, document, claim, how FROM act_place", 7, false},
    {"which acts are undone", "SELECT undoes, act FROM act_undo", 2, false},
    {"claims that reviewers added",
     "SELECT key, version, number, id, effect, min, max, approx, class, \"group\", part_of, stance, scope, "
     "event, event_index, voice, voice_start, voice_end, voice_kind, cue, via, actor, actor_hedged, place, "
     "time, date, day_from, day_to, count_start, count_end, who, evidence_start, evidence_end FROM "
     "claim WHERE NOT " ADDED_BELOW,
     33, false},
    {"which names that reviewers gave are followed", "SELECT value FROM setting WHERE name = 'named'", 1,
     true},
    {"what voices say across incidents",
     "SELECT key, name, name_ar, told, kind, heard, named, names, languages, last, claims, incidents, first, "
     "alone, below,"
     " within, above, lonely, open_claims, open_incidents, open_first, open_alone, open_below, open_within, "
     "open_above,"
     " open_lonely FROM source",
     26, true},
};
enum { FOLLOWS = sizeof follows / sizeof *follows };

static status sum_follows(checking *c, table_sum out[FOLLOWS], failure *f) {
    status code = STATUS_OK;
    for (size_t i = 0; i < FOLLOWS && code == STATUS_OK; i++)
        code = sum_of(c->l, follows[i].sql, follows[i].columns, 0, &out[i], f);
    return code;
}

/* What is undone is known before any is placed: a claim that was added, taken back and added again keeps its
 * key. */
static status place_acts_again(checking *c, failure *f) {
    key_list acts = {0};
    bool broke = false;
    status code = store_execute(c->l, "DELETE FROM act_place", f);
    if (code == STATUS_OK)
        code = acts_undone_again(c->l, f);
    if (code == STATUS_OK)
        code = add_keys(c, "SELECT sequence FROM act ORDER BY sequence", &acts, &broke);
    if (code == STATUS_OK)
        code = anchors_place_all(c->l, &acts, f);
    return code == STATUS_OK && broke ? fail(f, STATUS_DAMAGED_LEDGER, "acts cannot be read") : code;
}

/* As ledger.c settles them when a page is added. */
static const char settle[] =
    "UPDATE version SET captured = (SELECT max(time) FROM capture WHERE version = version.key) WHERE"
    " coalesce(captured, '') <> coalesce((SELECT max(time) FROM capture WHERE version = version.key), '') AND"
    " EXISTS (SELECT 1 FROM capture"
    " WHERE version = version.key AND time IS NOT NULL);"
    "UPDATE document SET current = (SELECT key FROM version WHERE document = document.key ORDER BY"
    " coalesce(captured, '') DESC, coalesce(updated, published, '') DESC, number DESC LIMIT 1);"
    "UPDATE version SET superseded = (SELECT CASE WHEN d.current = version.key THEN NULL ELSE"
    " (SELECT number FROM version AS v WHERE v.key = d.current) END FROM document AS d WHERE d.key ="
    " version.document)";

/* An incident without such a row keeps what stands when it is written again. */
static status forget_bad_seen(checking *c, failure *f) {
    status code = STATUS_OK;
    for (size_t i = 0; i < c->bad_seen.size && code == STATUS_OK; i++)
        code = waiting_seen(c->l, c->bad_seen.at[i], f);
    return code;
}

static status work_out(checking *c, bool repair, failure *f) {
    status code = forget_bad_seen(c, f);
    if (code == STATUS_OK && repair)
        code = c->l->driver->renew_words(c->l, f);
    if (code == STATUS_OK)
        code = store_execute(c->l, settle, f);
    if (code == STATUS_OK)
        code = place_acts_again(c, f);
    if (code == STATUS_OK)
        code = store_execute(c->l,
                             "DELETE FROM incident_text; DELETE FROM incident_version; DELETE FROM"
                             " incident_claim; DELETE FROM voice; DELETE FROM incident; DELETE FROM source",
                             f);
    if (code == STATUS_OK)
        code = link_in_batch(c->l, NULL, f);
    /* What was lost of these has been told. */
    return code == STATUS_OK && repair ? sums_keep(c->l, 0, f) : code;
}

static status compare_work(checking *c, bool repair, failure *f) {
    table_sum was[FOLLOWS], is[FOLLOWS];
    portraits before, after;
    status code = sum_follows(c, was, f);
    if (code == STATUS_OK)
        code = paint(c, &before, f);
    if (code == STATUS_OK)
        code = work_out(c, repair, f);
    if (code == STATUS_OK)
        code = sum_follows(c, is, f);
    if (code == STATUS_OK)
        code = paint(c, &after, f);
    if (code != STATUS_OK)
        return code;
    compare_incidents(c, &before, &after);
    for (size_t i = 0; i < FOLLOWS; i++)
        if (memcmp(&was[i], &is[i], sizeof was[i]) != 0 && !(follows[i].linked && c->out.stale)) {
            c->out.derived++;
            say(c, "%s: not what follows from the rest: worked out again by --repair", follows[i].says);
        }
    return STATUS_OK;
}

/* What stood when somebody last acted on an incident follows from nothing else. Where it is damaged, what
 * stands now takes its place. */
static status check_seen(checking *c) {
    failure why = {0};
    statement s = statement_of(c->l, "SELECT incident, time, state FROM seen", &why);
    statement_walks(&s);
    while (statement_row(&s)) {
        arena_reset(&c->a);
        str incident = arena_copy(&c->a, take_text(&s, 0)), time = arena_copy(&c->a, take_text(&s, 1)),
            kept = arena_copy(&c->a, take_text(&s, 2));
        if (!seen_is_whole(&c->a, incident, time, kept))
            *VECTOR_PUSH(&c->bad_seen, &c->kept) = arena_copy(&c->kept, incident);
    }
    status code = statement_done(&s);
    if (ends_run(c, code, &why))
        return code;
    if (c->bad_seen.size || code != STATUS_OK) {
        c->out.derived++;
        say(c, "what stood when somebody last acted on an incident: not what was kept: replaced by what "
               "stands, by --repair");
    }
    return STATUS_OK;
}

static status check_work(checking *c, bool repair) {
    failure why = {0};
    status code = store_begin(c->l, &why);
    if (code == STATUS_OK)
        code = compare_work(c, repair, &why);
    if (code == STATUS_OK && repair)
        code = ledger_commit(c->l, &why);
    store_rollback(c->l);
    if (code == STATUS_OK || ends_run(c, code, &why))
        return code;
    c->out.other++;
    say(c, "incidents cannot be worked out again: %s", why.message);
    return STATUS_OK;
}

static status check_index(checking *c) {
    bool same = true;
    failure why = {0};
    status code = c->complete ? c->l->driver->same_words(c->l, &c->words, &same, &why) : STATUS_OK;
    if (ends_run(c, code, &why))
        return code;
    if (code != STATUS_OK || !same) {
        c->out.derived++;
        say(c, "the index of words: it is not that of the texts: made again by --repair");
    }
    return STATUS_OK;
}

/* ---- all of it ---- */

/* Indexes of the tables first: what they miss is missed by all that asks them. */
static status mend_indexes(checking *c) {
    failure why = {0};
    status code = c->l->driver->mend(c->l, &why);
    if (code == STATUS_OK || ends_run(c, code, &why))
        return code;
    say(c, "the file's own indexes cannot be made again: %s", why.message);
    return STATUS_OK;
}

/* What others add meanwhile would look like damage. */
static status check_what_is_kept(checking *c) {
    failure why = {0};
    status code = c->l->driver->hold_off(c->l, &why);
    if (ends_run(c, code, &why))
        return code;
    code = check_captures(c);
    if (code == STATUS_OK)
        code = check_versions(c);
    if (code == STATUS_OK)
        code = check_acts(c);
    if (code == STATUS_OK)
        code = check_sums(c);
    if (code == STATUS_OK)
        code = check_index(c);
    c->l->driver->let_in(c->l);
    return code;
}

static status check_all(checking *c, bool repair) {
    uint64_t left = 0;
    status code = check_pages(c, &c->out.faults);
    if (code == STATUS_OK && repair && c->out.faults) {
        code = mend_indexes(c);
        if (code == STATUS_OK)
            code = check_pages(&(checking){.l = c->l, .f = c->f}, &left);
        c->out.faults = left;
    }
    if (code == STATUS_OK)
        code = check_what_is_kept(c);
    if (code == STATUS_OK)
        code = check_seen(c);
    if (code == STATUS_OK)
        code = check_work(c, repair);
    return code == STATUS_OK ? check_rest(c) : code; /* last: much of it has been mended by then */
}

status ledger_check(ledger *l, bool repair, void (*line)(void *context, const char *text), void *context,
                    ledger_health *out, failure *f) {
    checking c = {.l = l,
                  .f = f,
                  .a = arena_new((allocator){0}),
                  .kept = arena_new((allocator){0}),
                  .line = line,
                  .context = context};
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = check_all(&c, repair);
    arena_free(&c.a);
    arena_free(&c.kept);
    c.out.repaired = code == STATUS_OK && repair;
    if (out)
        *out = c.out;
    if (code != STATUS_OK)
        return code;
    uint64_t lost = c.out.faults + c.out.captures + c.out.documents + c.out.acts + c.out.other + c.out.again;
    uint64_t follow = repair ? 0 : c.out.incidents + c.out.derived;
    return lost + follow ? fail(f, STATUS_VERIFY_FAILED, "ledger %s: it is damaged", l->path) : STATUS_OK;
}
