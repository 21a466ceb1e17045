/* isnad ledger: what is done with a ledger as a whole. A row of `verbs` for each; cli.h declares those that
 * stand in files of their own. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

isn_code ledger_closed(program *p, isn_ledger *ledger, isn_code code) {
    isn_error *closing = NULL;
    isn_code closed = isn_ledger_close(ledger, code == ISN_OK ? &closing : NULL);
    return code == ISN_OK && closed != ISN_OK ? complain_error(p, closing) : code;
}

isn_code ledger_ended(program *p, isn_ledger *ledger, isn_code code, isn_error *error) {
    if (code != ISN_OK)
        complain_error(p, error);
    return ledger_closed(p, ledger, code);
}

void put_told(program *p, const char *json, void (*put)(program *p, const json_t *told)) {
    json_t *told = json && !format_is(p, "jsonl", "table") ? json_loads(json, 0, NULL) : NULL;
    if (told)
        put(p, told);
    else if (json)
        fprintf(p->out, "%s\n", json);
    json_decref(told);
}

/* ---- show ---- */

static void put_count(program *p, const json_t *told, const char *name, const char *says) {
    fprintf(p->out, "%-10s %lld\n", says, number_at(told, name));
}

static void put_statistics(program *p, const json_t *told) {
    static const char *const counts[][2] = {
        {"schema", "schema"},     {"captures", "captures"}, {"documents", "documents"},
        {"versions", "versions"}, {"claims", "claims"},     {"incidents", "incidents"},
        {"disputed", "disputed"},
    };
    fputs("ledger     ", p->out);
    put_text(p->out, &p->screen, text_at(told, "path"));
    fputc('\n', p->out);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        put_count(p, told, counts[i][0], counts[i][1]);
    fprintf(p->out, "%-10s %.1f MB, stored in %.1f MB\n", "bytes", (double)number_at(told, "bytes") / 1e6,
            (double)number_at(told, "stored_bytes") / 1e6);
}

static isn_code ledger_shown(program *p, char **words, size_t count) {
    (void)words;
    (void)count;
    isn_ledger *ledger;
    isn_error *error = NULL;
    char *json = NULL;
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_statistics(ledger, &json, &error);
    code = ledger_ended(p, ledger, code, error);
    put_told(p, json, put_statistics);
    isn_free(json);
    return code;
}

/* ---- copy ---- */

static void put_copied(program *p, const json_t *told) {
    fprintf(p->out, "copied: %s, ", counted(number_at(told, "captures"), "capture", "captures").text);
    fprintf(p->out, "%s, ", counted(number_at(told, "documents"), "document", "documents").text);
    fprintf(p->out, "%s, ", counted(number_at(told, "claims"), "claim", "claims").text);
    fprintf(p->out, "%s, ", counted(number_at(told, "incidents"), "incident", "incidents").text);
    fprintf(p->out, "%s of review\n", counted(number_at(told, "acts"), "act", "acts").text);
}

static isn_code ledger_copied(program *p, char **words, size_t count) {
    (void)count;
    isn_ledger *from;
    isn_error *error = NULL;
    char *json = NULL;
    p->settings.ledger = words[0];
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &from);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_copy(from, words[1], &json, &error);
    progress_clear(p);
    code = ledger_ended(p, from, code, error);
    put_told(p, json, put_copied);
    isn_free(json);
    return code;
}

/* ---- merge ---- */

static void put_differences(program *p, const json_t *told) {
    size_t i;
    json_t *each;
    if (number_at(told, "refused"))
        complain(p, "%s not taken in: withdrawn here",
                 counted(number_at(told, "refused"), "thing", "things").text);
    if (number_at(told, "differ"))
        complain(p, "%s otherwise there: ours stays, theirs is kept beside (isnad review past)",
                 counted(number_at(told, "differ"), "version is read", "versions are read").text);
    if (json_is_true(json_object_get(told, "forked")))
        complain(
            p,
            "its log did not grow out of what was merged of it before: it is a copy that went its own way, "
            "or it was made anew");
    json_array_foreach(json_object_get(told, "settings"), i, each)
        complain(p, "its %s are others: ours stay", json_string_value(each));
}

static void put_merged(program *p, const json_t *told) {
    if (json_is_true(json_object_get(told, "nothing"))) {
        fputs("nothing is new: all of it is here already\n", p->out);
        return;
    }
    fprintf(p->out, "merged: %s, ", counted(number_at(told, "captures"), "capture", "captures").text);
    fprintf(p->out, "%s, ", counted(number_at(told, "documents"), "document", "documents").text);
    fprintf(p->out, "%s, ", counted(number_at(told, "versions"), "version", "versions").text);
    fprintf(p->out, "%s of review", counted(number_at(told, "acts"), "act", "acts").text);
    if (number_at(told, "redactions"))
        fprintf(p->out, ", %s", counted(number_at(told, "redactions"), "redaction", "redactions").text);
    fprintf(p->out, "; the ledger tells of %s\n",
            counted(number_at(told, "incidents"), "incident", "incidents").text);
}

static isn_code merge_from(program *p, isn_ledger *ledger, const char *name, char **json) {
    isn_ledger *from;
    isn_error *error = NULL;
    p->settings.ledger = name;
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &from);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_merge(ledger, from, reviewer(p), json, &error);
    progress_clear(p);
    return ledger_ended(p, from, code, error);
}

static isn_code ledger_merged(program *p, char **words, size_t count) {
    (void)count;
    isn_ledger *ledger;
    char *json = NULL;
    if (!*reviewer(p))
        return usage_error(p, "ledger", "who merges? --who NAME, or ISNAD_WHO");
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    code = ledger_closed(p, ledger, merge_from(p, ledger, words[0], &json));
    json_t *told = code == ISN_OK ? json_loads(json, 0, NULL) : NULL;
    if (told) {
        put_told(p, json, put_merged);
        if (output_flush(p))
            put_differences(p, told);
    }
    json_decref(told);
    isn_free(json);
    return code;
}

/* ---- link ---- */

static isn_code ledger_worked_out(program *p, char **words, size_t count) {
    (void)words, (void)count;
    isn_ledger *ledger;
    char *json = NULL;
    yield_await();
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    code = ledger_linked(p, ledger, &json);
    progress_clear(p);
    code = ledger_closed(p, ledger, code);
    if (code == ISN_OK)
        output_row(p, json, strlen(json));
    isn_free(json);
    return code;
}

/* ---- the verbs ---- */

static const struct ledger_verb {
    const char *name, *arguments;                            /* behind it, for messages */
    isn_code (*run)(program *p, char **words, size_t count); /* the words behind the verb */
    size_t least, most;                                      /* of them */
} verbs[] = {
    {"show", "", ledger_shown, 0, 0},
    {"copy", "a ledger and where to: isnad ledger copy FROM TO", ledger_copied, 2, 2},
    {"merge", "the ledger to be taken in: isnad ledger merge FROM", ledger_merged, 1, 1},
    {"backup", "a file for the copy", ledger_backed_up, 1, 1},
    {"restore", "the file of a backup", ledger_restored, 1, 1},
    {"check", "", ledger_examined, 0, 0},
    {"link", "", ledger_worked_out, 0, 0},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

isn_code command_ledger(program *p) {
    const settings *s = &p->settings;
    const struct ledger_verb *verb = NULL;
    for (size_t i = 0; i < VERBS && s->count; i++)
        if (strcmp(verbs[i].name, s->arguments[0]) == 0)
            verb = &verbs[i];
    if (!verb)
        return unknown_verb(p, command_named("ledger"), s->count ? s->arguments[0] : NULL);
    if (s->count - 1 < verb->least)
        return usage_error(p, "ledger", "isnad ledger %s: expected %s", verb->name, verb->arguments);
    if (s->count - 1 > verb->most)
        return usage_error(p, "ledger", "isnad ledger %s: \"%s\" is one word too many", verb->name,
                           s->arguments[verb->most + 1]);
    return verb->run(p, s->arguments + 1, s->count - 1);
}
