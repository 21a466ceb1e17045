#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli/documents.h"
#include "cli/words.h"

typedef struct counts {
    uint64_t captures, referenced, documents, versions, known, withdrawn, claims, pages, dated, undated;
} counts;

typedef struct addition {
    isn_ledger *ledger;
    pthread_mutex_t lock; /* of the ledger: whether it knows a page is asked on other threads */
    counts added, kept;   /* of this run; kept: what stood in the ledger at the last commit */
    uint64_t commits;     /* seen so far */
    json_t *linked;
} addition;

/* After a call that may have committed: all that was added before it. */
static void note_commit(const program *p, addition *a) {
    if (p->commits != a->commits)
        a->kept = a->added;
    a->commits = p->commits;
}

static isn_code take_reading(program *p, void *context, document *d) {
    addition *a = context;
    unsigned news;
    isn_error *error = NULL;
    counts *c = &a->added;
    if (d->known) {
        c->pages++;
        c->known++;
        return ISN_OK;
    }
    pthread_mutex_lock(&a->lock);
    isn_code code = isn_ledger_add(a->ledger, d->reading, &news, &error);
    bool yields = code == ISN_OK && yield_asked();
    if (yields)
        code = isn_ledger_commit(a->ledger, &error);
    pthread_mutex_unlock(&a->lock);
    if (code == ISN_OK) {
        c->pages++;
        c->captures += (news & ISN_NEW_CAPTURE) != 0;
        c->referenced += (news & ISN_REFERENCED) != 0;
        c->documents += (news & ISN_NEW_DOCUMENT) != 0;
        c->versions += (news & ISN_NEW_VERSION) != 0;
        c->known += news == 0;
        c->withdrawn += (news & ISN_WITHDRAWN) != 0;
        c->dated += (news & ISN_NEW_DATE) != 0;
        c->undated += (news & ISN_NEW_VERSION) && !isn_reading_dated(d->reading);
        c->claims += news & ISN_NEW_VERSION ? isn_reading_claims(d->reading) : 0;
    }
    if (code == ISN_OK && (news & ISN_NEW_VERSION) && progress_for_programs(p))
        progress_event(
            json_pack("{s:s, s:s}", "event", "document", "id", isn_ledger_last_document(a->ledger)));
    note_commit(p, a);
    if (yields)
        yield_rest();
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code is_known(void *context, isn_capture *c, bool *known, isn_error **error) {
    addition *a = context;
    isn_capture_sha256(c);
    pthread_mutex_lock(&a->lock);
    isn_code code = isn_ledger_knows(a->ledger, c, known, error);
    pthread_mutex_unlock(&a->lock);
    return code;
}

static void prepare(void *context, isn_reading *r) {
    addition *a = context;
    isn_ledger_prepare(a->ledger, r);
}

/* Incidents are worked out also after an interrupt: what was added is to be found. */
static isn_code link_incidents(program *p, addition *a) {
    char *json = NULL;
    isn_code code = ledger_linked(p, a->ledger, &json);
    if (code != ISN_OK)
        return code;
    a->linked = json_loads(json, 0, NULL);
    isn_free(json);
    return ISN_OK;
}

static void tell_json(program *p, const addition *a, const documents_seen *seen) {
    const counts *c = &a->kept;
    json_t *told = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O*}", "read", (json_int_t)seen->read,
        "bad", (json_int_t)seen->bad, "captures", (json_int_t)c->captures, "referenced",
        (json_int_t)c->referenced, "documents", (json_int_t)c->documents, "versions", (json_int_t)c->versions,
        "known", (json_int_t)c->known, "claims", (json_int_t)c->claims, "withdrawn", (json_int_t)c->withdrawn,
        "dated", (json_int_t)c->dated, "undated", (json_int_t)c->undated, "ledger", a->linked);
    char *text = json_dumps(told, JSON_COMPACT);
    fprintf(p->out, "%s\n", text ? text : "{}");
    free(text);
    json_decref(told);
}

static void tell(program *p, const addition *a, const documents_seen *seen) {
    const counts *c = &a->kept;
    fprintf(p->out, "%s read", counted((long long)seen->read, "page", "pages").text);
    fprintf(p->out, ", %s new", counted((long long)c->documents, "document", "documents").text);
    if (c->versions > c->documents)
        fprintf(p->out, ", %s of known ones",
                counted((long long)(c->versions - c->documents), "new version", "new versions").text);
    if (c->known)
        fprintf(p->out, ", %llu known already", (unsigned long long)c->known);
    if (c->withdrawn)
        fprintf(p->out, ", %llu withdrawn before and not taken in again", (unsigned long long)c->withdrawn);
    if (c->dated)
        fprintf(p->out, ", %llu dated now", (unsigned long long)c->dated);
    if (seen->bad)
        fprintf(p->out, ", %llu bad", (unsigned long long)seen->bad);
    if (c->pages < seen->read)
        fprintf(p->out, ", %llu not kept", (unsigned long long)(seen->read - c->pages));
    fprintf(p->out, "; %s added\n", counted((long long)c->claims, "claim", "claims").text);
    if (c->referenced)
        fprintf(p->out, "%s kept by reference: the crawl files they stand in must be kept\n",
                counted((long long)c->referenced, "capture is", "captures are").text);
    if (p->settings.reference && c->captures > c->referenced)
        fprintf(p->out, "%s copied, since no WARC file has %s in a place of its own\n",
                counted((long long)(c->captures - c->referenced), "capture was", "captures were").text,
                c->captures - c->referenced == 1 ? "it" : "them");
    if (c->undated)
        fprintf(p->out,
                "%s no date, so that days may stay unknown: isnad add --published YYYY-MM-DD gives one\n",
                counted((long long)c->undated, "page tells", "pages tell").text);
    if (a->linked)
        fprintf(p->out, "the ledger tells of %s in %s (%s)\n",
                counted(number_at(a->linked, "incidents"), "incident", "incidents").text,
                counted(number_at(a->linked, "documents"), "document", "documents").text,
                counted(number_at(a->linked, "copies"), "copy of another", "copies of others").text);
}

static isn_code finish(program *p, addition *a, isn_code code) {
    isn_error *error = NULL;
    if (interrupted()) {
        complain(p, "interrupted: finishing what was read (interrupt again to stop at once)");
        interrupt_forget();
    }
    bool usable = code == ISN_OK || code == ISN_BAD_RECORDS || code == ISN_NO_INPUT ||
                  code == ISN_BAD_INPUT || code == ISN_CANCELLED;
    isn_code linked = usable && !p->settings.no_link ? link_incidents(p, a) : ISN_OK;
    note_commit(p, a);
    isn_code closed = isn_ledger_close(a->ledger, &error);
    note_commit(p, a);
    if (closed != ISN_OK)
        complain_error(p, error);
    return linked != ISN_OK ? linked : closed != ISN_OK ? closed : code;
}

/* A date that is given may date what is there; another limit, or another kind, may find another text in it.
 */
static bool may_read_otherwise(const settings *s) {
    bool page = s->from && (strcmp(s->from, "html") == 0 || strcmp(s->from, "text") == 0);
    return s->published || s->max_bytes || page;
}

isn_code command_add(program *p) {
    addition a = {.lock = PTHREAD_MUTEX_INITIALIZER};
    documents_seen seen = {0};
    if (p->settings.reference && p->settings.copy)
        return usage_error(p, "add",
                           "--reference leaves captures in their files, --copy copies them: take one");
    if (p->settings.progress && strcmp(p->settings.progress, "json") != 0)
        return usage_error(p, "add", "--progress %s: expected json", p->settings.progress);
    if (progress_for_programs(p))
        yield_await();
    isn_code code = ledger_start(p, ISN_LEDGER_CREATE, &a.ledger);
    if (code != ISN_OK)
        return code;
    bool begun = false; /* something was in it before */
    isn_ledger_knows(a.ledger, NULL, &begun, NULL);
    document_known known = begun && !may_read_otherwise(&p->settings) ? is_known : NULL;
    code = documents_each_new(p, "add", take_reading, known, prepare, &a, &seen);
    code = finish(p, &a, code);
    progress_clear(p);
    if (format_is(p, "jsonl", "table"))
        tell_json(p, &a, &seen);
    else
        tell(p, &a, &seen);
    json_decref(a.linked);
    return code;
}
