/* What is printed of incidents, compressed on other threads while the next ones are worked out: it is a third
 * of what it takes to write an incident, and needs nothing of the store. Rows are written in order, on the
 * caller's thread. */
#include "base/crew.h"
#include "base/deflate.h"
#include "ledger/incident.h"

enum { PLACES = 6 }; /* each has a deflater of its own, which is large */

typedef struct text_job {
    arena a; /* of all below */
    deflater *deflater;
    int64_t incident;
    str json, summary, packed_json, packed_summary;
} text_job;

struct incident_texts {
    ledger *l;
    crew *hands;
    status code;
    failure *f;
};

static void pack(void *context) {
    text_job *j = context;
    if (!j->deflater)
        j->deflater = deflater_new();
    j->packed_summary = deflate_beside(j->deflater, &j->a, j->summary, incident_beside(j->json));
    j->packed_json = deflate_whole(j->deflater, &j->a, j->json);
}

static void write_row(void *context, void *of) {
    incident_texts *t = context;
    text_job *j = of;
    if (t->code == STATUS_OK) {
        statement s = statement_of(t->l,
                                   "INSERT INTO incident_text(incident, summary, summary_size, json, "
                                   "json_size) VALUES (?, ?, ?, ?, ?)",
                                   t->f);
        give_number(&s, j->incident);
        give_blob(&s, j->packed_summary);
        give_number(&s, (int64_t)j->summary.size);
        give_blob(&s, j->packed_json);
        give_number(&s, (int64_t)j->json.size);
        t->code = statement_run(&s);
    }
    arena_reset(&j->a);
}

static void drop(void *of) {
    text_job *j = of;
    deflater_free(j->deflater);
    arena_free(&j->a);
}

incident_texts *incident_texts_begin(ledger *l, size_t threads, arena *a, failure *f) {
    incident_texts *t = ARENA_NEW(a, incident_texts, 1);
    *t = (incident_texts){.l = l, .f = f};
    t->hands = crew_new(&(crew_options){.work = pack,
                                        .told = write_row,
                                        .context = t,
                                        .job = sizeof(text_job),
                                        .places = PLACES,
                                        .threads = threads});
    return t;
}

status incident_texts_add(incident_texts *t, int64_t incident, str json, str summary) {
    text_job *j = crew_place(t->hands);
    j->incident = incident;
    j->json = arena_copy(&j->a, json);
    j->summary = arena_copy(&j->a, summary);
    crew_give(t->hands);
    return t->code;
}

status incident_texts_end(incident_texts *t, status code) {
    if (code == STATUS_OK)
        crew_finish(t->hands);
    crew_free(t->hands, drop);
    return code == STATUS_OK ? t->code : code;
}
