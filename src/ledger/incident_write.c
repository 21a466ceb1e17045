/* Incidents worked out one by one and written in their order. Rows are read and written on the caller's
 * thread; what comes between (copies, voices, figures, estimates, the texts that are printed and their
 * compression) needs nothing of the store and is most of it: other threads do it meanwhile. */
#include <stdlib.h>

#include "base/crew.h"
#include "base/deflate.h"
#include "base/spares.h"
#include "ledger/incident.h"

enum { PLACES = 16 };

typedef struct incident_job {
    arena a; /* of all below, but for the buffers */
    incident_input in;
    incident_work work;
    str signature;
    buffer json, summary;
    str packed_json, packed_summary;
    spares *deflaters; /* they are large: not one for each job */
} incident_job;

struct incident_writer {
    ledger *l;
    const name_tables *tables;
    crew *hands;
    spares *deflaters;
    source_changes *changes;
    status code;
    failure *f;
};

/* ---- on any thread ---- */

static void pack(incident_job *j) {
    deflater *d = spares_take(j->deflaters);
    d = d ? d : deflater_new();
    str json = buffer_str(&j->json);
    j->packed_summary = deflate_beside(d, &j->a, buffer_str(&j->summary), incident_beside(json));
    j->packed_json = deflate_whole(d, &j->a, json);
    spares_give(j->deflaters, d);
}

typedef struct sketched {
    int64_t version;
    str sketch;
} sketched;

static int by_version(const void *x, const void *y) {
    const sketched *a = x, *b = y;
    return (a->version > b->version) - (a->version < b->version);
}

/* The sketch of each paper's text. */
static str *sketches_of(incident_work *w, const unit_list *units) {
    sketched *known = ARENA_NEW(w->a, sketched, w->in->size + 1);
    str *out = ARENA_NEW(w->a, str, w->papers.size + 1);
    for (size_t i = 0; i < w->in->size; i++) {
        const linked_document *of = &units->documents.at[units->units.at[w->in->members[i]].document];
        known[i] = (sketched){of->version, {units->sketches.at + of->sketch_offset, of->sketch_size}};
    }
    qsort(known, w->in->size, sizeof *known, by_version);
    for (size_t i = 0; i < w->papers.size; i++) {
        const sketched key = {w->papers.at[i].version, STR_NONE},
                       *found = bsearch(&key, known, w->in->size, sizeof *known, by_version);
        out[i] = found && units->sketches.at ? found->sketch : STR_NONE;
    }
    return out;
}

/* What a paper shares with an earlier one of the same incident: whole texts, or every claim of it. */
static void find_copies(incident_work *w, const unit_list *units) {
    const str *sketches = sketches_of(w, units);
    for (size_t i = 0; i < w->papers.size; i++)
        for (size_t j = 0; j < i && w->papers.at[i].copy_of == NONE; j++) {
            paper *later = &w->papers.at[i];
            const paper *earlier = &w->papers.at[j];
            if (sketches[i].data && sketches[j].data && !later->superseded && !earlier->superseded &&
                sketches_alike(sketches[i], sketches[j]))
                later->copy_of = earlier->copy_of == NONE ? (int)j : earlier->copy_of;
        }
}

static void work_out(void *of) {
    incident_job *j = of;
    incident_work *w = &j->work;
    incident_words(w);
    find_copies(w, j->in.units);
    incident_locate(w);
    voices_resolve(w);
    figures_settle(w);
    sources_reckon(w);
    differences_find(w);
    estimates_find(w);
    incident_portray(w, &j->json, &j->summary);
    pack(j);
}

/* ---- on the caller's ---- */

static status write_texts(incident_writer *t, const incident_job *j, int64_t key) {
    statement s = statement_of(t->l,
                               "INSERT INTO incident_text(incident, summary, summary_size, json, "
                               "json_size) VALUES (?, ?, ?, ?, ?)",
                               t->f);
    give_number(&s, key);
    give_blob(&s, j->packed_summary);
    give_number(&s, (int64_t)j->summary.size);
    give_blob(&s, j->packed_json);
    give_number(&s, (int64_t)j->json.size);
    return statement_run(&s);
}

static void forget(incident_job *j) {
    incident_unload(&j->work);
    j->work = (incident_work){0};
    j->json.size = j->summary.size = 0;
    arena_reset(&j->a);
}

static void write_rows(void *context, void *of) {
    incident_writer *t = context;
    incident_job *j = of;
    int64_t key = 0;
    if (t->code == STATUS_OK)
        t->code = incident_store(&j->work, j->signature, &key);
    if (t->code == STATUS_OK)
        t->code = write_texts(t, j, key);
    for (size_t i = 0; t->changes && i < j->work.voices.size; i++)
        if (j->work.voices.at[i].source.size)
            *VECTOR_PUSH(&t->changes->keys, t->changes->a) =
                arena_copy(t->changes->a, j->work.voices.at[i].source);
    forget(j);
}

static void drop(void *of) {
    incident_job *j = of;
    forget(j);
    buffer_free(&j->json);
    buffer_free(&j->summary);
    arena_free(&j->a);
}

incident_writer *incident_writer_begin(ledger *l, const name_tables *tables, size_t threads, arena *a,
                                       source_changes *changes, failure *f) {
    incident_writer *t = ARENA_NEW(a, incident_writer, 1);
    *t = (incident_writer){
        .l = l, .tables = tables, .deflaters = spares_new((allocator){0}), .changes = changes, .f = f};
    t->hands = crew_new(&(crew_options){.work = work_out,
                                        .told = write_rows,
                                        .context = t,
                                        .job = sizeof(incident_job),
                                        .places = PLACES,
                                        .threads = threads});
    return t;
}

status incident_write(incident_writer *t, const incident_input *in, str signature) {
    incident_job *j = crew_place(t->hands);
    if (t->code != STATUS_OK)
        return t->code;
    j->in = *in;
    j->signature = signature;
    j->deflaters = t->deflaters;
    j->work = (incident_work){
        .l = t->l, .a = &j->a, .f = t->f, .in = &j->in, .tables = t->tables, .rule = &t->l->rule};
    status code = incident_load(&j->work);
    if (code == STATUS_OK)
        code = differences_load(&j->work);
    if (code == STATUS_OK)
        crew_give(t->hands);
    else
        forget(j);
    return code;
}

status incident_writer_end(incident_writer *t, status code) {
    if (code == STATUS_OK)
        crew_finish(t->hands);
    crew_free(t->hands, drop);
    for (deflater *d; (d = spares_take(t->deflaters));)
        deflater_free(d);
    spares_free(t->deflaters);
    return code == STATUS_OK ? t->code : code;
}
