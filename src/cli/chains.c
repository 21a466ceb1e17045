/* The road of each voice's word, drawn: under the voice the papers that heard it, under each paper those that
 * have it from there. A relay that a sentence names, and whose own paper is not in the ledger, stands between
 * them by its name. */
#include <stdlib.h>
#include <string.h>

#include "cli/sheet.h"

typedef struct stop stop;
struct stop {
    const json_t *step;              /* of a claim's chain; NULL: the voice itself */
    const json_t *claim;             /* the first whose chain passes here */
    json_t *figures;                 /* those that ended here, in words; NULL: none */
    size_t parent, last_child, next; /* numbers of stops; next: the one before it among its parent's */
    size_t children;
};

/* A bar of the margin is three bytes, and a blank. */
enum { NO_STOP = 0, DEEPEST = 12, BRANCHES = 12, MARGIN = 4 * (DEEPEST + 1) + 1 };

typedef struct roads {
    const sheet *s;
    stop *stops; /* the first is none */
    size_t count, room;
    json_t *index; /* parent and step → number of the stop */
} roads;

static size_t add_stop(roads *r, size_t parent, const json_t *step, const json_t *claim) {
    if (r->count == r->room) {
        size_t room = r->room * 2;
        stop *more = realloc(r->stops, room * sizeof *more);
        if (!more)
            return NO_STOP;
        r->stops = more;
        r->room = room;
    }
    size_t n = r->count++;
    r->stops[n] = (stop){step, claim, NULL, parent, NO_STOP, r->stops[parent].last_child, 0};
    r->stops[parent].last_child = n;
    r->stops[parent].children++;
    return n;
}

/* The stop that a step leads to from its parent: a paper by its document, a relay without one by its name. */
static size_t stop_at(roads *r, size_t parent, const char *what, const json_t *step, const json_t *claim) {
    json_t *place = json_pack("[I, s]", (json_int_t)parent, what);
    char *key = place ? json_dumps(place, JSON_COMPACT) : NULL;
    json_decref(place);
    if (!key)
        return NO_STOP;
    size_t n = (size_t)json_integer_value(json_object_get(r->index, key));
    if (n == NO_STOP) {
        n = add_stop(r, parent, step, claim);
        json_object_set_new(r->index, key, json_integer((json_int_t)n));
    }
    free(key);
    return n;
}

static void add_figure(stop *at, const json_t *claim) {
    bool denied = strcmp(text_at(claim, "stance"), "denies") == 0;
    char words[200];
    snprintf(words, sizeof words, "%s %s", plain_name(text_at(claim, "effect")).text,
             denied ? "denied" : figure_phrase(claim).text);
    if (!at->figures)
        at->figures = json_object();
    json_object_set_new(at->figures, words, json_true());
}

static void add_road(roads *r, const json_t *claim) {
    char number[32];
    snprintf(number, sizeof number, "%lld", number_at(claim, "independent"));
    size_t at = stop_at(r, NO_STOP, number, NULL, claim), i;
    json_t *step;
    json_array_foreach(json_object_get(claim, "chain"), i, step) {
        const char *document = text_at(step, "document");
        if (at != NO_STOP && (i > 0 || *document))
            at = stop_at(r, at, *document ? document : text_at(step, "text"), step, claim);
    }
    if (at != NO_STOP)
        add_figure(&r->stops[at], claim);
}

/* ---- drawing ---- */

static void put_stop(const roads *r, const stop *at) {
    const sheet *s = r->s;
    const char *document = text_at(at->step, "document"), *how = text_at(at->step, "how"), *words;
    const json_t *d = document_of(s, document);
    json_t *value;
    if (!*document) {
        put_text(s->out, s->screen, text_at(at->step, "text"));
        fputs(" (named as a relay)\n", s->out);
        return;
    }
    fprintf(s->out, "[%lld] ", document_number(s, document));
    put_text(s->out, s->screen, *text_at(d, "outlet") ? text_at(d, "outlet") : "unknown outlet");
    if (*text_at(d, "published"))
        fprintf(s->out, " · %s", text_at(d, "published"));
    if (strcmp(how, "told") != 0)
        fprintf(s->out, " · %s", how);
    const char *before = " · ";
    json_object_foreach(at->figures, words, value) {
        fprintf(s->out, "%s%s", before, words);
        before = ", ";
    }
    fputc('\n', s->out);
}

static void put_below(const roads *r, size_t parent, char *margin, size_t depth);

static void put_branch(const roads *r, size_t n, bool last, char *margin, size_t depth) {
    size_t end = strlen(margin);
    fprintf(r->s->out, "    %s%s ", margin, last ? "└" : "├");
    put_stop(r, &r->stops[n]);
    snprintf(margin + end, MARGIN - end, "%s", last ? "  " : "│ ");
    put_below(r, n, margin, depth + 1);
    margin[end] = 0;
}

/* The stops below one, in the order in which they were found; of many the first, and how many more. */
static void put_below(const roads *r, size_t parent, char *margin, size_t depth) {
    size_t shown[BRANCHES], children = r->stops[parent].children, skip, count = 0;
    if (children && depth == DEEPEST) {
        fprintf(r->s->out, "    %s└ and further\n", margin);
        return;
    }
    skip = children > BRANCHES ? children - BRANCHES : 0;
    for (size_t n = r->stops[parent].last_child; n != NO_STOP; n = r->stops[n].next) {
        if (skip)
            skip--;
        else
            shown[count++] = n;
    }
    for (size_t i = count; i-- > 0;)
        put_branch(r, shown[i], i == 0 && children <= BRANCHES, margin, depth);
    if (children > BRANCHES)
        fprintf(r->s->out, "    %s└ and %zu more\n", margin, children - BRANCHES);
}

/* Whether there is anything to draw: two papers, or a paper that has it from another. */
static bool branches(const roads *r, size_t voice) {
    const stop *v = &r->stops[voice];
    return v->children > 1 || (v->children == 1 && r->stops[v->last_child].children);
}

static void put_roads(const roads *r) {
    size_t alone = 0, drawn = 0;
    for (size_t n = 1; n < r->count; n++) {
        char margin[MARGIN] = "";
        const stop *v = &r->stops[n];
        if (v->parent != NO_STOP)
            continue;
        if (!branches(r, n)) {
            alone++;
            continue;
        }
        if (!drawn++)
            put_heading(r->s, "HOW THE WORD CAME DOWN");
        fprintf(r->s->out, "  voice %lld: ", number_at(v->claim, "independent"));
        put_voice(r->s, v->claim);
        fputc('\n', r->s->out);
        put_below(r, n, margin, 0);
    }
    if (drawn && alone)
        fprintf(r->s->out, "  %s in one document each\n",
                counted((long long)alone, "other voice stands", "other voices stand").text);
}

void put_chains(const sheet *s) {
    enum { ROOM = 64 };
    roads r = {s, malloc(ROOM * sizeof *r.stops), 1, ROOM, json_object()};
    size_t i;
    json_t *claim;
    if (r.stops) {
        r.stops[0] = (stop){0};
        json_array_foreach(json_object_get(s->incident, "claims"), i, claim) {
            if (is_set(claim, "independent") && !is_set(claim, "superseded"))
                add_road(&r, claim);
        }
        put_roads(&r);
        for (i = 1; i < r.count; i++)
            json_decref(r.stops[i].figures);
    }
    free(r.stops);
    json_decref(r.index);
}
