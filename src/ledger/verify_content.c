/* Captures and readings against their leaves: nearly all of the time that `verify` takes. What stands in the
 * ledger's file is read here in order; to inflate and to hash it is work for a crew, a capture or a reading
 * at a time. A capture of more than one chunk is done here, chunk by chunk, so that no more than the ring of
 * jobs is ever in memory. */
#include <stdio.h>

#include "base/crew.h"
#include "ledger/log.h"
#include "ledger/verify.h"

typedef struct job {
    arena a; /* of all below */
    const char *(*check)(struct job *j);
    const char *why; /* what is wrong, once it is done; NULL */
    int64_t number;  /* of the capture, or the version's in its document */
    str id;          /* the capture's, or the document's */
    str packed, hash;
    int64_t size;  /* as the packed text or chunk says */
    int64_t whole; /* as the capture says */
    str reading;
    int64_t reading_size;
    buffer rows;
    bool withdrawn, is_sealed;
    digest sealed;
    uint64_t bytes;
    const ledger *l;
    str file; /* in which it is kept by reference */
    uint64_t offset;
    bool gone; /* that file is */
} job;

static void work(void *context) {
    job *j = context;
    if (!j->why && j->check)
        j->why = j->check(j);
}

static void drop(void *context) {
    job *j = context;
    buffer_free(&j->rows);
    arena_free(&j->a);
}

/* A place for the next, emptied of what it held before. */
static job *next_job(crew *hands) {
    job *j = crew_place(hands);
    arena a = j->a;
    buffer rows = j->rows;
    rows.size = 0;
    arena_reset(&a);
    *j = (job){.a = a, .rows = rows};
    return j;
}

/* ---- captures ---- */

static const char *wrong_with_leaf(statement *s) {
    digest leaf, want = archive_leaf(take_text(s, 1), take_text(s, 2), take_text(s, 3), take_text(s, 4));
    return take_digest(s, 5, &leaf) && digest_equal(leaf, want)
               ? NULL
               : "the leaf does not match hash, URL, time and media type";
}

static const char *wrong_with_bytes(job *j, digest found) {
    str hex = digest_hex(&j->a, found, sizeof found.bytes);
    if ((int64_t)j->bytes != j->whole)
        return arena_printf(&j->a, "the bytes are not all there: expected %lld, found %llu",
                            (long long)j->whole, (unsigned long long)j->bytes)
            .data;
    if (str_equal(j->hash, hex))
        return NULL;
    return arena_printf(&j->a, "the bytes no longer match their hash: expected %.16s…, found %.16s…",
                        j->hash.size >= 16 ? j->hash.data : "none", hex.data)
        .data;
}

/* Bytes may be gone where an act says so, and then none may be left. */
static const char *wrong_with_withdrawal(statement *s, bool any) {
    if (take_number(s, 9) != 1)
        return "it is marked as withdrawn, but no act of redaction names it: its bytes are missing";
    return any ? "it was withdrawn, but bytes of it are still there" : NULL;
}

static const char *check_one_chunk(job *j) {
    str bytes = archive_chunk(&j->a, j->size, j->packed);
    if (!bytes.data)
        return arena_printf(&j->a, "a chunk of capture %lld is damaged", (long long)j->number).data;
    j->bytes = bytes.size;
    return wrong_with_bytes(j, sha256(bytes));
}

static const char *check_reference(job *j) {
    failure why = {0};
    str bytes;
    if (reference_read(j->l, j->file, j->offset, j->hash, &j->a, &bytes, &j->gone, &why) != STATUS_OK)
        return arena_copy(&j->a, str_of(why.message)).data;
    j->bytes = bytes.size;
    return (int64_t)bytes.size == j->whole ? NULL : "the bytes are not as many as were received";
}

typedef struct streaming {
    job *j;
    sha256_running *hash;
} streaming;

static bool stream(void *context, str bytes) {
    streaming *t = context;
    sha256_add(t->hash, bytes);
    t->j->bytes += bytes.size;
    return true;
}

static const char *check_chunks(checking *c, job *j) {
    failure why = {0};
    streaming t = {j, sha256_begin()};
    status read = archive_walk(c->l, j->number, stream, &t, &why);
    digest found = sha256_end(t.hash);
    return read == STATUS_OK ? wrong_with_bytes(j, found) : arena_copy(&j->a, str_of(why.message)).data;
}

typedef struct taking {
    job *j;
    size_t chunks;
} taking;

static bool take_chunk(void *context, int64_t size, str packed) {
    taking *t = context;
    if (t->chunks++)
        return false;
    t->j->size = size;
    t->j->packed = arena_copy(&t->j->a, packed);
    return true;
}

static bool is_there(void *context, int64_t size, str packed) {
    bool *any = context;
    *any |= size != 0 || packed.size != 0;
    return !*any;
}

static status check_bytes(checking *c, job *j) {
    taking t = {j, 0};
    status code =
        j->whole <= ARCHIVE_CHUNK ? archive_packed(c->l, j->number, take_chunk, &t, c->f) : STATUS_OK;
    if (t.chunks == 1)
        j->check = check_one_chunk;
    else if (code == STATUS_OK)
        j->why = check_chunks(c, j);
    return code;
}

static status give_capture(checking *c, statement *s, job *j) {
    bool any = false;
    status code = STATUS_OK;
    j->number = take_number(s, 0);
    j->id = arena_copy(&j->a, take_text(s, 7));
    j->hash = arena_copy(&j->a, take_text(s, 1));
    j->whole = take_number(s, 6);
    j->why = wrong_with_leaf(s);
    if (take_null(s, 8) && !take_null(s, 12)) {
        j->l = c->l;
        j->file = arena_copy(&j->a, take_text(s, 10));
        j->offset = (uint64_t)take_number(s, 11);
        j->check = c->alone ? NULL : check_reference;
        return code;
    }
    if (take_null(s, 8))
        return j->why ? code : check_bytes(c, j);
    code = archive_packed(c->l, j->number, is_there, &any, c->f);
    if (!j->why)
        j->why = wrong_with_withdrawal(s, any);
    return code;
}

/* A file that is gone is one thing that is wrong, however many captures stood in it. Those of one file mostly
 * come in a row. */
static void verify_gone(checking *c, str file, const char *why) {
    for (size_t i = c->gone.size; i > 0; i--)
        if (str_equal(c->gone.at[i - 1].file, file)) {
            c->gone.at[i - 1].captures++;
            return;
        }
    *VECTOR_PUSH(&c->gone, &c->kept) =
        (gone_file){arena_copy(&c->kept, file), arena_copy(&c->kept, str_of(why)), 1};
}

static void tell_gone(checking *c) {
    for (size_t i = 0; i < c->gone.size; i++) {
        const gone_file *g = &c->gone.at[i];
        verify_wrong(c, g->why,
                     arena_printf(&c->kept, "the ledger refers to it for %llu %s",
                                  (unsigned long long)g->captures, g->captures == 1 ? "capture" : "captures")
                         .data);
    }
}

static void tell_capture(void *context, void *of) {
    checking *c = context;
    job *j = of;
    c->out.captures++;
    c->out.bytes += j->bytes;
    if (j->gone)
        verify_gone(c, j->file, j->why);
    else if (j->why)
        verify_wrong(c, arena_printf(&j->a, "capture %lld (%.*s)", (long long)j->number, STR_ARG(j->id)),
                     j->why);
}

/* Gives each row to the crew, until all are told or it is cancelled. */
static status check_rows(checking *c, statement *s, status (*give)(checking *c, statement *s, job *j),
                         void (*told)(void *context, void *job)) {
    crew *hands = crew_new(&(crew_options){
        .work = work, .told = told, .context = c, .job = sizeof(job), .threads = CREW_THREADS});
    status code = STATUS_OK;
    statement_walks(s);
    while (code == STATUS_OK && statement_row(s)) {
        job *j = next_job(hands);
        code = give(c, s, j);
        if (code == STATUS_OK)
            crew_give(hands);
        if (code == STATUS_OK && store_cancelled(c->l))
            code = fail(c->f, STATUS_CANCELLED, "cancelled");
    }
    if (code == STATUS_OK)
        crew_finish(hands);
    crew_free(hands, drop);
    status done = statement_done(s);
    return code == STATUS_OK ? done : code;
}

status verify_captures(checking *c) {
    statement s = statement_of(
        c->l,
        "SELECT sequence, sha256, url, time, media_type, leaf, size, id, withdrawn, (SELECT count(*) FROM act"
        " WHERE act.sequence = withdrawn AND act.kind = 'redact' AND redaction IS NULL AND "
        "json_valid(payload) AND"
        " json_extract(payload, '$.capture') = capture.id), file, \"offset\", length FROM capture ORDER BY "
        "sequence",
        c->f);
    status code = check_rows(c, &s, give_capture, tell_capture);
    tell_gone(c);
    return code;
}

/* ---- readings ---- */

static const char *check_reading(job *j) {
    str text = j->size >= 0 ? archive_inflate(&j->a, j->packed, (size_t)j->size) : STR_NONE;
    if (!text.data)
        return "the stored text is damaged";
    digest text_hash = sha256(text);
    if (!j->withdrawn && !str_equal(j->hash, digest_hex(&j->a, text_hash, sizeof text_hash.bytes)))
        return "the text no longer matches its hash";
    str json = j->reading_size >= 0 ? archive_inflate_beside(&j->a, j->reading, (size_t)j->reading_size,
                                                             archive_reading_beside(&j->a, text))
                                    : STR_NONE;
    if (!json.data)
        return "the stored reading is damaged";
    if (!j->is_sealed)
        return "the reading was never sealed";
    digest now = log_reading_leaf(j->id, j->number, text_hash, sha256(json), sha256(buffer_str(&j->rows)));
    return digest_equal(j->sealed, now)
               ? NULL
               : "the reading, or a claim, event or place of it, is not what was sealed (read the page again "
                 "to see what it said)";
}

static status give_reading(checking *c, statement *s, job *j) {
    j->check = check_reading;
    j->packed = arena_copy(&j->a, take_blob(s, 1));
    j->size = take_number(s, 2);
    j->reading = arena_copy(&j->a, take_blob(s, 3));
    j->reading_size = take_number(s, 4);
    j->hash = arena_copy(&j->a, take_text(s, 5));
    j->is_sealed = take_digest(s, 6, &j->sealed);
    j->withdrawn = take_number(s, 7) != 0;
    j->id = arena_copy(&j->a, take_text(s, 8));
    j->number = take_number(s, 9);
    return log_rows(c->l, take_number(s, 0), &j->rows, c->f);
}

static void tell_reading(void *context, void *of) {
    checking *c = context;
    job *j = of;
    c->out.readings++;
    if (j->why)
        verify_wrong(c,
                     arena_printf(&j->a, "document %.*s, version %lld", STR_ARG(j->id), (long long)j->number),
                     j->why);
}

status verify_readings(checking *c) {
    statement s = statement_of(
        c->l,
        /* A reading may be made anew: the last leaf counts. */
        "SELECT version.key, text, text_size, reading, reading_size, text_hash, sealed.leaf, EXISTS (SELECT "
        "1 FROM"
        " act WHERE sequence = withdrawn AND kind = 'redact' AND redaction IS NULL AND json_valid(payload) "
        "AND"
        " json_extract(payload, '$.document') = document.id), document.id, number FROM version JOIN document"
        " ON document.key = version.document LEFT JOIN (SELECT stands_for, max(position) AS last FROM log "
        "WHERE kind = 'reading' GROUP BY stands_for) AS lasts ON lasts.stands_for = version.key LEFT JOIN log"
        " AS sealed ON sealed.position = lasts.last ORDER BY version.key",
        c->f);
    return check_rows(c, &s, give_reading, tell_reading);
}
