/* What the parts of `isnad show` look up in an incident, and the words that they share. */
#include <stdlib.h>
#include <string.h>

#include "cli/sheet.h"

/* ---- what is looked up by id ---- */

static void index_incident(sheet *s) {
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(s->incident, "claims"), i, item) {
        json_object_set(s->claims, text_at(item, "id"), item);
    }
    json_array_foreach(json_object_get(s->incident, "documents"), i, item) {
        json_object_set_new(s->documents, text_at(item, "id"), json_integer((json_int_t)i + 1));
    }
}

/* Takes from a stored document where its claims' figures stand. */
static void mark_claims(sheet *s, const json_t *document) {
    const json_t *read = json_object_get(json_object_get(document, "reading"), "claims");
    size_t i;
    json_t *stored;
    json_array_foreach(json_object_get(document, "claims"), i, stored) {
        const json_t *claim = json_array_get(read, i);
        const json_t *count = json_object_get(claim, "count"), *who = json_object_get(claim, "who");
        if (is_set(stored, "id"))
            json_object_set_new(s->marks, text_at(stored, "id"),
                                json_pack("{s:I, s:I, s:s}", "start", (json_int_t)number_at(count, "start"),
                                          "end", (json_int_t)number_at(count, "end"), "who",
                                          text_at(who, "text")));
    }
}

static void load_marks(sheet *s, isn_ledger *ledger) {
    json_t *seen = json_object();
    size_t i;
    json_t *claim;
    json_array_foreach(json_object_get(s->incident, "claims"), i, claim) {
        char key[600], *json = NULL;
        snprintf(key, sizeof key, "%lld %.500s", number_at(claim, "version"), text_at(claim, "document"));
        if (json_object_get(seen, key))
            continue;
        json_object_set_new(seen, key, json_true());
        if (isn_ledger_document(ledger, text_at(claim, "document"), (uint32_t)number_at(claim, "version"),
                                &json, NULL) != ISN_OK)
            continue;
        json_t *document = json_of(s->program, json, strlen(json));
        mark_claims(s, document);
        json_decref(document);
        isn_free(json);
    }
    json_decref(seen);
}

long long document_number(const sheet *s, const char *id) {
    return json_integer_value(json_object_get(s->documents, id));
}

const json_t *document_of(const sheet *s, const char *id) {
    long long number = document_number(s, id);
    return number ? json_array_get(json_object_get(s->incident, "documents"), (size_t)number - 1) : NULL;
}

sheet sheet_of(program *p, isn_ledger *ledger, json_t *incident) {
    sheet s = {p, p->out, &p->screen, incident, json_object(), json_object(), json_object()};
    index_incident(&s);
    load_marks(&s, ledger);
    return s;
}

void sheet_free(sheet *s) {
    json_decref(s->claims);
    json_decref(s->documents);
    json_decref(s->marks);
}

/* ---- words ---- */

void put_heading(const sheet *s, const char *heading) {
    fputc('\n', s->out);
    style_begin(s->out, s->screen, "1");
    fputs(heading, s->out);
    style_end(s->out, s->screen);
    fputc('\n', s->out);
}

void put_voice(const sheet *s, const json_t *claim) {
    const json_t *voice = json_object_get(claim, "voice");
    const char *outlet = text_at(document_of(s, text_at(claim, "document")), "outlet");
    if (*text_at(voice, "text")) {
        put_text(s->out, s->screen, text_at(voice, "text"));
        fprintf(s->out, " (%s)", plain_name(text_at(voice, "kind")).text);
    } else if (*outlet) {
        put_text(s->out, s->screen, outlet);
        fputs(" (in its own words)", s->out);
    } else {
        fprintf(s->out, "document [%lld] (in its own words)", document_number(s, text_at(claim, "document")));
    }
}
