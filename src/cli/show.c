/* isnad show: one incident, its claims grouped by figure and, under each figure, by voice. */
#include <stdlib.h>
#include <string.h>

#include "cli/sheet.h"

static const char *const effects[][2] = {{"killed", "KILLED"},         {"injured", "INJURED"},
                                         {"casualties", "CASUALTIES"}, {"missing", "MISSING"},
                                         {"detained", "DETAINED"},     {"displaced", "DISPLACED"}};

/* ---- voices ---- */

/* What tells one voice from another: its id; without one, the document. */
static const char *voice_key(const json_t *claim) {
    const char *id = text_at(json_object_get(claim, "voice"), "id");
    return *id ? id : text_at(claim, "document");
}

/* Adds a claim to the list under a key; the keys keep the order of their first claims. */
static void group_claim(json_t *groups, const char *key, json_t *claim) {
    json_t *group = json_object_get(groups, key);
    if (!group) {
        group = json_array();
        json_object_set_new(groups, key, group);
    }
    json_array_append(group, claim);
}

static const char *how_it_came(const json_t *claim) {
    const json_t *chain = json_object_get(claim, "chain");
    return text_at(json_array_get(chain, json_array_size(chain) - 1), "how");
}

static void put_evidence(const sheet *s, const json_t *claim) {
    const json_t *evidence = json_object_get(claim, "evidence"), *text = json_object_get(evidence, "text");
    const json_t *mark = json_object_get(s->marks, text_at(claim, "id"));
    const char *data = json_string_value(text);
    size_t size = json_string_length(text), from = (size_t)number_at(evidence, "start");
    size_t start = (size_t)number_at(mark, "start"), end = (size_t)number_at(mark, "end");
    quotation q = {data, size, 0, 0, false};
    if (!data)
        return;
    if (mark && start >= from && end >= start) {
        text_index x = text_index_new(data, size);
        q.mark_start = text_index_offset(&x, start - from);
        q.mark_end = text_index_offset(&x, end - from);
        text_index_free(&x);
    }
    text_quote(s->out, s->screen, q, 6);
}

static void put_document_reference(const sheet *s, const json_t *claim) {
    const char *how = how_it_came(claim);
    long long number = document_number(s, text_at(claim, "document"));
    if (number)
        fprintf(s->out, "[%lld]", number);
    else
        put_text(s->out, s->screen, text_at(claim, "document"));
    if (strcmp(how, "told") != 0 && *how)
        fprintf(s->out, " %s", how);
}

static void put_via(const sheet *s, const json_t *claim) {
    size_t i;
    json_t *relay;
    json_array_foreach(json_object_get(claim, "via"), i, relay) {
        fputs(i ? ", then " : " by way of ", s->out);
        put_text(s->out, s->screen, text_at(relay, "text"));
    }
}

enum { DOCUMENTS_SHOWN = 12, DEPTH_SHOWN = 8 };

/* The document that the claim's own took the figure from; "" where it is first. */
static const char *taken_from(const json_t *claim) {
    const json_t *chain = json_object_get(claim, "chain");
    for (size_t i = json_array_size(chain); i-- > 1;) {
        const char *before = text_at(json_array_get(chain, i - 1), "document");
        if (*before && strcmp(before, text_at(claim, "document")) != 0)
            return before;
    }
    return "";
}

static bool among(const json_t *claims, const char *document) {
    size_t i;
    json_t *claim;
    json_array_foreach(claims, i, claim) {
        if (strcmp(text_at(claim, "document"), document) == 0)
            return true;
    }
    return false;
}

/* As much of it as a review needs. */
static void put_claim_id(const sheet *s, const json_t *claim) {
    style_begin(s->out, s->screen, "2");
    fprintf(s->out, "%.10s", text_at(claim, "id"));
    style_end(s->out, s->screen);
}

static void put_carrier(const sheet *s, const json_t *claim, int depth) {
    const json_t *d = document_of(s, text_at(claim, "document"));
    fprintf(s->out, "      %*s%s", depth > 0 ? 2 * (depth - 1) : 0, "", depth ? "└ " : "");
    put_document_reference(s, claim);
    if (*text_at(d, "outlet")) {
        fputc(' ', s->out);
        put_text(s->out, s->screen, text_at(d, "outlet"));
    }
    fprintf(s->out, "%s%s · ", *text_at(d, "published") ? " · " : "", text_at(d, "published"));
    put_claim_id(s, claim);
    fputc('\n', s->out);
}

/* Those that took it from `from`, each with those that took it from there; "": the first. */
static void put_carriers_of(const sheet *s, const json_t *claims, const char *from, int depth,
                            size_t *shown) {
    size_t i;
    json_t *claim;
    json_array_foreach(claims, i, claim) {
        const char *parent = taken_from(claim);
        bool root = !*parent || !among(claims, parent);
        if (*from ? root || strcmp(parent, from) != 0 : !root)
            continue;
        if (++*shown > DOCUMENTS_SHOWN)
            continue;
        put_carrier(s, claim, depth);
        if (depth < DEPTH_SHOWN)
            put_carriers_of(s, claims, text_at(claim, "document"), depth + 1, shown);
    }
}

/* The road of a figure from paper to paper, each under the one it is from. */
static void put_carriers(const sheet *s, const json_t *claims) {
    size_t shown = 0;
    put_carriers_of(s, claims, "", 0, &shown);
    if (shown > DOCUMENTS_SHOWN)
        fprintf(s->out, "      and %zu more\n", json_array_size(claims) - DOCUMENTS_SHOWN);
}

/* A place by its name, a voice by its name and kind. */
static void put_read_value(const sheet *s, const json_t *value) {
    char *dumped = json_is_object(value) || json_is_string(value) || json_is_null(value)
                       ? NULL
                       : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    bool named = *text_at(value, "name") != 0;
    put_text(s->out, s->screen,
             dumped                  ? dumped
             : json_is_string(value) ? json_string_value(value)
             : json_is_object(value) ? text_at(value, named ? "name" : "text")
                                     : "none");
    if (!named && *text_at(value, "kind"))
        fprintf(s->out, " (%s)", plain_name(text_at(value, "kind")).text);
    free(dumped);
}

/* What the machine had read, where a reviewer put it right: figures in words, all else field by field. */
static void put_as_read(const sheet *s, const json_t *claim, int indent) {
    json_t *read = (json_t *)(uintptr_t)json_object_get(claim, "as_read"), *value;
    const char *key;
    bool any = false;
    if (!json_object_size(read))
        return;
    fprintf(s->out, "%*sput right; read as ", indent, "");
    if (json_object_get(read, "min") || json_object_get(read, "max")) {
        json_t *figure = json_copy((json_t *)(uintptr_t)claim);
        json_object_update(figure, read);
        fputs(figure_phrase(figure).text, s->out);
        json_decref(figure);
        any = true;
    }
    json_object_foreach(read, key, value) {
        if (strcmp(key, "min") == 0 || strcmp(key, "max") == 0)
            continue;
        fprintf(s->out, "%s%s ", any ? ", " : "", key);
        put_read_value(s, value);
        any = true;
    }
    fputc('\n', s->out);
}

/* One voice under a figure: its name, its sentence, and the documents that carry it. */
static void put_teller(const sheet *s, const json_t *claims) {
    const json_t *claim = json_array_get(claims, 0);
    const char *stance = text_at(claim, "stance"), *verdict = text_at(claim, "verdict");
    fputs("    ", s->out);
    if (is_set(claim, "independent"))
        fprintf(s->out, "voice %lld: ", number_at(claim, "independent"));
    put_voice(s, claim);
    if (strcmp(stance, "asserts") != 0)
        fputs(strcmp(stance, "denies") == 0 ? " · denies" : " · with a doubt", s->out);
    if (*verdict)
        fprintf(s->out, " · reviewed: %s", verdict);
    if (is_set(claim, "sensitive"))
        fputs(" · sensitive", s->out);
    put_via(s, claim);
    fputc('\n', s->out);
    put_as_read(s, claim, 6);
    put_evidence(s, claim);
    put_carriers(s, claims);
}

static void put_tellers(const sheet *s, const json_t *ids) {
    json_t *groups = json_object(), *id, *claims;
    const char *key;
    size_t i;
    json_array_foreach(ids, i, id) {
        json_t *claim = json_object_get(s->claims, json_string_value(id));
        if (claim)
            group_claim(groups, voice_key(claim), claim);
    }
    json_object_foreach(groups, key, claims) {
        put_teller(s, claims);
    }
    json_decref(groups);
}

/* ---- figures ---- */

/* "at least 17 combatants", "3 children", "1 woman" */
static void put_people(const sheet *s, const json_t *figure) {
    static const struct {
        const char *name, *one, *people;
    } names[] = {
        {"civilian", "civilian", "civilians"},
        {"combatant", "combatant", "combatants"},
        {"mixed", "civilian or combatant", "civilians and combatants"},
        {"child", "child", "children"},
        {"woman", "woman", "women"},
        {"man", "man", "men"},
        {"elderly", "elderly person", "elderly people"},
        {"journalist", "journalist", "journalists"},
        {"medic", "medic", "medics"},
        {"rescuer", "rescuer", "rescuers"},
        {"named", "named", "named"},
    };
    const char *group = text_at(figure, "group"), *class = text_at(figure, "class");
    const char *name = *group ? group : class;
    bool one = number_at(figure, is_set(figure, "max") ? "max" : "min") == 1;
    fputs(figure_phrase(figure).text, s->out);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, name) == 0)
            fprintf(s->out, " %s", one ? names[i].one : names[i].people);
}

static void put_figure(const sheet *s, const json_t *figure) {
    bool denied = strcmp(text_at(figure, "stance"), "denies") == 0;
    long long independent = number_at(figure, "independent");
    fputs("\n  ", s->out);
    style_begin(s->out, s->screen, denied ? "1;31" : "1;36");
    if (denied)
        fputs("denied", s->out);
    else
        put_people(s, figure);
    style_end(s->out, s->screen);
    fprintf(s->out, " · %s\n", counted(independent, "independent voice", "independent voices").text);
    put_tellers(s, json_object_get(figure, "claims"));
}

/* What the figures are: of the range, what was told; of any other rule, its choice. */
static void put_rule(const sheet *s) {
    const char *rule = text_at(json_object_get(s->incident, "method"), "estimate");
    if (strncmp(rule, "range/", 6) == 0)
        fputs("  range of what was told: ", s->out);
    else
        fprintf(s->out, "  estimate by %s: ", rule);
}

/* Of all people first; nothing where no figure that stands asserts anything. */
static void put_estimates(const sheet *s, const char *effect) {
    const json_t *all = estimate_of(s->incident, effect);
    bool any = all != NULL;
    size_t i;
    json_t *e;
    if (all) {
        put_rule(s);
        fputs(estimate_phrase(all).text, s->out);
    }
    json_array_foreach(json_object_get(s->incident, "estimates"), i, e) {
        const char *group = text_at(e, "group"), *class = text_at(e, "class");
        if (strcmp(text_at(e, "effect"), effect) != 0 || strcmp(class, "unknown") == 0 || e == all)
            continue;
        bool both = *group && strcmp(class, "all") != 0;
        if (any)
            fputs(" · ", s->out);
        else
            put_rule(s);
        fprintf(s->out, "%s%s%s %s", both || !*group ? class : "", both ? " " : "", group,
                estimate_phrase(e).text);
        any = true;
    }
    if (any)
        fputc('\n', s->out);
}

static void put_effect(const sheet *s, const char *effect, const char *heading) {
    bool any = false;
    size_t i;
    json_t *figure;
    json_array_foreach(json_object_get(s->incident, "figures"), i, figure) {
        if (strcmp(text_at(figure, "effect"), effect) != 0)
            continue;
        if (!any) {
            put_heading(s, heading);
            put_estimates(s, effect);
        }
        any = true;
        put_figure(s, figure);
    }
}

/* ---- claims that stand beside the figures ---- */

typedef bool claim_test(const json_t *claim);

static bool is_rejected(const json_t *claim) {
    return strcmp(text_at(claim, "verdict"), "rejected") == 0;
}

static bool is_superseded(const json_t *claim) {
    return is_set(claim, "superseded");
}

static bool is_part(const json_t *claim) {
    return !is_superseded(claim) && !is_rejected(claim) && is_set(claim, "part_of") &&
           strcmp(text_at(claim, "scope"), "incident") == 0;
}

static bool is_aside(const json_t *claim) {
    return !is_superseded(claim) && !is_rejected(claim) && strcmp(text_at(claim, "scope"), "incident") != 0;
}

static void put_aside(const sheet *s, const char *heading, claim_test *test) {
    bool any = false;
    size_t i;
    json_t *claim;
    json_array_foreach(json_object_get(s->incident, "claims"), i, claim) {
        if (!test(claim))
            continue;
        if (!any)
            put_heading(s, heading);
        any = true;
        const char *scope = text_at(claim, "scope");
        fprintf(s->out, "  %s: ", text_at(claim, "effect"));
        put_people(s, claim);
        if (strcmp(scope, "incident") != 0)
            fprintf(s->out, " (%s)", scope);
        fputs(" · ", s->out);
        put_voice(s, claim);
        fputs(" · ", s->out);
        put_document_reference(s, claim);
        fputs(" · ", s->out);
        put_claim_id(s, claim);
        fputc('\n', s->out);
        put_evidence(s, claim);
    }
}

/* ---- disagreements ---- */

static const struct difference {
    const char *on, *words; /* of an effect */
} differences[] = {
    {"count", "how many were"}, {"denial", "whether anyone was"}, {"actor", "by whom they were"},
    {"date", "when they were"}, {"place", "where they were"},
};

/* What a claim says on the matter in dispute, which is `effect`. */
static void put_answer(const sheet *s, const char *on, const char *effect, const json_t *claim) {
    const json_t *actor = json_object_get(claim, "actor");
    bool denied = strcmp(text_at(claim, "stance"), "denies") == 0;
    if (strcmp(on, "actor") == 0)
        put_text(s->out, s->screen,
                 json_is_string(actor) ? json_string_value(actor) : text_at(actor, "text"));
    else if (strcmp(on, "date") == 0)
        fputs(text_at(claim, "date"), s->out);
    else if (strcmp(on, "place") == 0)
        put_text(s->out, s->screen, place_phrase(json_object_get(claim, "place")).text);
    else
        fputs(denied ? "denied" : figure_phrase(claim).text, s->out);
    if (strcmp(on, "denial") == 0 && strcmp(text_at(claim, "effect"), effect) != 0)
        fprintf(s->out, " %s", text_at(claim, "effect"));
}

/* Claims on one side: of one independent voice, by whatever name, with one answer; to a denial all its
 * figures are one. Free with free(). */
static char *side_key(const char *on, const json_t *claim) {
    static const char *const figure[] = {"min", "max", "stance", NULL}, *const denial[] = {"stance", NULL};
    const char *one[] = {on, NULL};
    json_t *side = is_set(claim, "independent")
                       ? json_pack("[I]", (json_int_t)number_at(claim, "independent"))
                       : json_pack("[s]", voice_key(claim));
    const char *const *fields = strcmp(on, "count") == 0 ? figure : strcmp(on, "denial") == 0 ? denial : one;
    for (const char *const *field = fields; *field; field++)
        json_array_append(side, json_object_get(claim, *field));
    char *key = json_dumps(side, JSON_COMPACT);
    json_decref(side);
    return key;
}

static void add_side(json_t *sides, const char *on, json_t *claim) {
    char *key = side_key(on, claim);
    if (key)
        group_claim(sides, key, claim);
    free(key);
}

/* Whether a claim says that there were none. */
static bool says_none(const json_t *claim) {
    return strcmp(text_at(claim, "stance"), "denies") == 0 || number_at(claim, "min") == 0;
}

/* Who denies, and then whoever tells what is denied: of the dead too, where all harm is denied. */
static void add_denials(const sheet *s, const char *effect, bool deniers, json_t *sides) {
    size_t i, k;
    json_t *pair, *id;
    json_array_foreach(json_object_get(s->incident, "disagreements"), i, pair) {
        const char *denied = "";
        if (strcmp(text_at(pair, "on"), "denial") != 0)
            continue;
        json_array_foreach(json_object_get(pair, "claims"), k, id) {
            const json_t *claim = json_object_get(s->claims, json_string_value(id));
            if (says_none(claim))
                denied = text_at(claim, "effect");
        }
        json_array_foreach(json_object_get(pair, "claims"), k, id) {
            json_t *claim = json_object_get(s->claims, json_string_value(id));
            if (claim && strcmp(denied, effect) == 0 && says_none(claim) == deniers)
                add_side(sides, "denial", claim);
        }
    }
}

/* Pairs of claims that part, brought together: each side once. */
static json_t *sides_of(const sheet *s, const char *on, const char *effect) {
    json_t *sides = json_object(), *pair, *id;
    size_t i, k;
    if (strcmp(on, "denial") == 0) {
        add_denials(s, effect, true, sides);
        add_denials(s, effect, false, sides);
        return sides;
    }
    json_array_foreach(json_object_get(s->incident, "disagreements"), i, pair) {
        if (strcmp(text_at(pair, "on"), on) != 0)
            continue;
        json_array_foreach(json_object_get(pair, "claims"), k, id) {
            json_t *claim = json_object_get(s->claims, json_string_value(id));
            if (strcmp(text_at(claim, "effect"), effect) == 0)
                add_side(sides, on, claim);
        }
    }
    return sides;
}

static bool same_figure(const json_t *x, const json_t *y) {
    return strcmp(text_at(x, "effect"), text_at(y, "effect")) == 0 &&
           json_equal(json_object_get(x, "min"), json_object_get(y, "min")) &&
           json_equal(json_object_get(x, "max"), json_object_get(y, "max"));
}

/* "9 killed, 22 injured": each answer once. */
static void put_answers(const sheet *s, const char *on, const char *effect, const json_t *claims) {
    size_t i;
    json_t *claim;
    json_array_foreach(claims, i, claim) {
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = strcmp(on, "denial") != 0 || same_figure(json_array_get(claims, k), claim);
        if (known)
            continue;
        fputs(i ? ", " : "", s->out);
        put_answer(s, on, effect, claim);
    }
}

static void put_sides(const sheet *s, const struct difference *d, const char *effect) {
    json_t *sides = sides_of(s, d->on, effect), *claims;
    const char *key;
    if (json_object_size(sides))
        fprintf(s->out, "  %s %s\n", d->words, strcmp(effect, "casualties") == 0 ? "harmed" : effect);
    json_object_foreach(sides, key, claims) {
        const json_t *claim = json_array_get(claims, 0);
        fputs("    ", s->out);
        style_begin(s->out, s->screen, "1");
        put_answers(s, d->on, effect, claims);
        style_end(s->out, s->screen);
        fputs(" · ", s->out);
        put_voice(s, claim);
        fputc('\n', s->out);
    }
    json_decref(sides);
}

static void put_disagreements(const sheet *s) {
    if (size_at(s->incident, "disagreements"))
        put_heading(s, "WHERE THE ACCOUNTS PART");
    for (size_t d = 0; d < sizeof differences / sizeof *differences; d++)
        for (size_t e = 0; e < sizeof effects / sizeof *effects; e++)
            put_sides(s, &differences[d], effects[e][0]);
}

/* ---- who changed a figure ---- */

/* Claims that count on one question of one voice. Free with free(). */
static char *question_key(const json_t *claim) {
    json_t *question = json_pack("[I, s, s]", (json_int_t)number_at(claim, "independent"),
                                 text_at(claim, "effect"), text_at(claim, "group"));
    char *key = json_dumps(question, JSON_COMPACT);
    json_decref(question);
    return key;
}

static const char *time_of(const sheet *s, const json_t *claim) {
    return text_at(document_of(s, text_at(claim, "document")), "published");
}

static bool same_bounds(const json_t *x, const json_t *y) {
    return json_equal(json_object_get(x, "min"), json_object_get(y, "min")) &&
           json_equal(json_object_get(x, "max"), json_object_get(y, "max")) &&
           strcmp(text_at(x, "stance"), text_at(y, "stance")) == 0;
}

/* Puts a claim into a voice's figures on one question: each figure once, by when it was first told. Of what
 * one document gives as its word the greatest is the whole. */
static void add_step(const sheet *s, json_t *steps, json_t *claim) {
    size_t i, place = json_array_size(steps);
    json_t *known;
    json_array_foreach(steps, i, known) {
        bool here = strcmp(text_at(known, "document"), text_at(claim, "document")) == 0;
        bool figures = number_at(known, "min") > 0 && number_at(claim, "min") > 0;
        if (same_bounds(known, claim) ||
            (here && figures && number_at(known, "min") > number_at(claim, "min")))
            return;
        if (here && figures) {
            json_array_set(steps, i, claim);
            return;
        }
        if (place == json_array_size(steps) && strcmp(time_of(s, claim), time_of(s, known)) < 0)
            place = i;
    }
    json_array_insert(steps, place, claim);
}

static json_t *steps_of_voices(const sheet *s) {
    json_t *questions = json_object(), *claim;
    size_t i;
    json_array_foreach(json_object_get(s->incident, "claims"), i, claim) {
        if (!is_set(claim, "independent") || is_set(claim, "superseded") || is_set(claim, "part_of") ||
            strcmp(text_at(claim, "scope"), "incident") != 0)
            continue;
        char *key = question_key(claim);
        json_t *steps = key ? json_object_get(questions, key) : NULL;
        if (key && !steps) {
            steps = json_array();
            json_object_set_new(questions, key, steps);
        }
        if (steps)
            add_step(s, steps, claim);
        free(key);
    }
    return questions;
}

static void put_steps(const sheet *s, const json_t *steps) {
    size_t i;
    json_t *claim;
    fprintf(s->out, "  voice %lld: ", number_at(json_array_get(steps, 0), "independent"));
    put_voice(s, json_array_get(steps, 0));
    fprintf(s->out, " · %s", text_at(json_array_get(steps, 0), "effect"));
    json_array_foreach(steps, i, claim) {
        bool denied = strcmp(text_at(claim, "stance"), "denies") == 0;
        const char *when = time_of(s, claim);
        fputs(i ? " → " : " ", s->out);
        style_begin(s->out, s->screen, "1");
        fputs(denied ? "denied" : figure_phrase(claim).text, s->out);
        style_end(s->out, s->screen);
        fprintf(s->out, " (%s%s", when, *when ? ", " : "");
        fprintf(s->out, "[%lld])", document_number(s, text_at(claim, "document")));
    }
    fputc('\n', s->out);
}

/* One voice with several figures on one question has a history: no disagreement. */
static void put_changes(const sheet *s) {
    json_t *questions = steps_of_voices(s), *steps;
    const char *key;
    bool any = false;
    json_object_foreach(questions, key, steps) {
        if (json_array_size(steps) < 2)
            continue;
        if (!any)
            put_heading(s, "WHO CHANGED A FIGURE, AND WHEN");
        any = true;
        put_steps(s, steps);
    }
    json_decref(questions);
}

/* ---- documents, head ---- */

static void put_documents(const sheet *s) {
    size_t i;
    json_t *d;
    put_heading(s, "DOCUMENTS");
    json_array_foreach(json_object_get(s->incident, "documents"), i, d) {
        const char *outlet = text_at(d, "outlet"), *published = text_at(d, "published"),
                   *url = text_at(d, "url");
        fprintf(s->out, "  [%zu] ", i + 1);
        put_text(s->out, s->screen, *outlet ? outlet : "unknown outlet");
        fprintf(s->out, " · %s · ", *published ? published : "no date");
        put_address(s->out, s->screen, *url ? url : text_at(d, "id"));
        if (number_at(d, "version") > 1)
            fprintf(s->out, " · version %lld", number_at(d, "version"));
        if (is_set(d, "copy_of")) {
            long long original = document_number(s, text_at(d, "copy_of"));
            fputs(" · a copy of ", s->out);
            if (original)
                fprintf(s->out, "[%lld]", original);
            else
                put_text(s->out, s->screen, text_at(d, "copy_of"));
        }
        fputc('\n', s->out);
    }
}

/* ---- what reviewers said ---- */

static void put_comments(const sheet *s) {
    size_t i;
    json_t *comment;
    if (size_at(s->incident, "comments"))
        put_heading(s, "COMMENTS");
    json_array_foreach(json_object_get(s->incident, "comments"), i, comment) {
        const char *of = text_at(comment, "claim");
        fputs("  ", s->out);
        put_text(s->out, s->screen, text_at(comment, "text"));
        fputs(" · ", s->out);
        put_text(s->out, s->screen, text_at(comment, "who"));
        fprintf(s->out, " · %s%s%.10s\n", text_at(comment, "time"), *of ? " · " : "", of);
    }
}

static bool put_act(void *context, const char *json, size_t size) {
    const sheet *s = context;
    json_t *act = json_of(s->program, json, size);
    const char *of = text_at(act, "claim"), *why = text_at(act, "why");
    fprintf(s->out, "  %lld %s%s%.10s · ", number_at(act, "act"), text_at(act, "kind"), *of ? " " : "", of);
    put_text(s->out, s->screen, text_at(act, "who"));
    fprintf(s->out, " · %s%s", text_at(act, "time"), *why ? " · " : "");
    if (*why)
        put_text(s->out, s->screen, why);
    fputs(is_set(act, "undone") ? " · undone\n" : "\n", s->out);
    json_decref(act);
    return true;
}

static void put_history(sheet *s, isn_ledger *ledger) {
    isn_error *error = NULL;
    if (!number_at(s->incident, "history"))
        return;
    put_heading(s, "HISTORY");
    if (isn_ledger_acts(ledger, text_at(s->incident, "id"), put_act, s, &error) != ISN_OK)
        complain_error(s->program, error);
}

static long long copies_in(const json_t *incident) {
    long long copies = 0;
    size_t i;
    json_t *d;
    json_array_foreach(json_object_get(incident, "documents"), i, d) {
        copies += is_set(d, "copy_of");
    }
    return copies;
}

static void put_actors(const sheet *s) {
    size_t i;
    json_t *actor;
    json_array_foreach(json_object_get(s->incident, "actors"), i, actor) {
        fputs(i ? ", " : "named as the actor: ", s->out);
        put_text(s->out, s->screen, text_at(actor, "text"));
        fputs(is_set(actor, "hedged") ? " (with a doubt)" : "", s->out);
    }
    if (size_at(s->incident, "actors"))
        fputc('\n', s->out);
}

/* Its grade and what else was said of the incident as such. */
static void put_review_head(const sheet *s) {
    const json_t *incident = s->incident, *names = json_object_get(incident, "grade_names");
    if (is_set(incident, "grade")) {
        fputs(" · ", s->out);
        put_text(s->out, s->screen, text_at(incident, "grade"));
        fputs(" (", s->out);
        put_text(s->out, s->screen, text_at(names, "ar"));
        fputs(")", s->out);
    }
    if (is_set(incident, "assignee")) {
        fputs(" · for ", s->out);
        put_text(s->out, s->screen, text_at(incident, "assignee"));
    }
    fputs(is_set(incident, "sensitive") ? " · sensitive" : "", s->out);
}

static void put_head(const sheet *s) {
    const json_t *incident = s->incident, *voices = json_object_get(incident, "voices");
    const char *date = text_at(incident, "date");
    phrase event = plain_name(text_at(incident, "event"));
    size_t i;
    json_t *site;
    style_begin(s->out, s->screen, "1");
    fprintf(s->out, "%s · %s", *event.text ? event.text : "harm", *date ? date : "date unknown");
    style_end(s->out, s->screen);
    fputs(" · ", s->out);
    put_place(s->out, s->screen, json_object_get(incident, "place"));
    fprintf(s->out, "\n%s · %s", text_at(incident, "id"), text_at(incident, "status"));
    put_review_head(s);
    fputc('\n', s->out);
    json_array_foreach(json_object_get(incident, "sites"), i, site) {
        fputs(i ? "; " : "also at ", s->out);
        put_text(s->out, s->screen, place_phrase(site).text);
    }
    if (size_at(incident, "sites"))
        fputc('\n', s->out);
    put_as_read(s, incident, 0);
    put_actors(s);
    fprintf(s->out, "%s", counted((long long)size_at(incident, "documents"), "document", "documents").text);
    if (copies_in(incident))
        fprintf(s->out, ", %s", counted(copies_in(incident), "of them a copy", "of them copies").text);
    fprintf(s->out, " · told %s, by %s\n", counted(number_at(voices, "told"), "time", "times").text,
            counted(number_at(voices, "independent"), "independent voice", "independent voices").text);
}

static void put_sheet(sheet *s, isn_ledger *ledger) {
    put_head(s);
    put_disagreements(s);
    put_changes(s);
    put_chains(s);
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        put_effect(s, effects[i][0], effects[i][1]);
    put_aside(s, "PARTS OF THESE", is_part);
    put_aside(s, "TOTALS AND BACKGROUND", is_aside);
    put_aside(s, "TAKEN BACK BY A LATER VERSION", is_superseded);
    put_aside(s, "REJECTED BY REVIEWERS", is_rejected);
    put_comments(s);
    put_documents(s);
    put_history(s, ledger);
}

static isn_code show(program *p, isn_ledger *ledger, const char *json) {
    json_t *incident = json_of(p, json, strlen(json));
    if (!incident)
        return ISN_INTERNAL;
    sheet s = sheet_of(p, ledger, incident);
    put_sheet(&s, ledger);
    sheet_free(&s);
    json_decref(incident);
    return ISN_OK;
}

isn_code command_show(program *p) {
    const settings *s = &p->settings;
    isn_ledger *ledger;
    isn_error *error = NULL;
    if (s->count == 0)
        return usage_error(p, "show",
                           "which incident? Its id, or the beginning of it: isnad incidents lists them");
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    for (size_t i = 0; i < s->count && code == ISN_OK; i++) {
        char *json = NULL;
        code = s->why ? isn_ledger_why(ledger, s->arguments[i], &json, &error)
                      : isn_ledger_incident(ledger, s->arguments[i], &json, &error);
        if (code != ISN_OK)
            complain_error(p, error);
        else if (format_is(p, "jsonl", "table"))
            output_row(p, json, strlen(json));
        else {
            fputs(i ? "\n" : "", p->out);
            code = s->why ? why_print(p, json) : show(p, ledger, json);
        }
        isn_free(json);
    }
    isn_ledger_close(ledger, NULL);
    return code;
}
