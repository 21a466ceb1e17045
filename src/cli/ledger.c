/* isnad ledger: what is done with a ledger as a whole. A row of `verbs` for each; cli.h declares those that
 * stand in files of their own. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

isn_code ledger_ended(program *p, isn_ledger *ledger, isn_code code, isn_error *error) {
    isn_error *closing = NULL;
    if (code != ISN_OK)
        complain_error(p, error);
    isn_code closed = isn_ledger_close(ledger, code == ISN_OK ? &closing : NULL);
    return code == ISN_OK && closed != ISN_OK ? complain_error(p, closing) : code;
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
    isn_code code = engine_start(p);
    if (code == ISN_OK)
        code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_statistics(ledger, &json, &error);
    code = ledger_ended(p, ledger, code, error);
    if (code == ISN_OK && format_is(p, "jsonl", "table")) {
        fprintf(p->out, "%s\n", json);
    } else if (code == ISN_OK) {
        json_t *told = json_loads(json, 0, NULL);
        put_statistics(p, told);
        json_decref(told);
    }
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
    {"backup", "a file for the copy", ledger_backed_up, 1, 1},
    {"restore", "the file of a backup", ledger_restored, 1, 1},
    {"check", "", ledger_examined, 0, 0},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static isn_code which_verb(program *p, const char *word) {
    const char *names[VERBS + 1] = {0};
    char all[256] = "";
    for (size_t i = 0; i < VERBS; i++) {
        names[i] = verbs[i].name;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", verbs[i].name);
    }
    const char *near = word ? nearest_name(word, names) : NULL;
    if (near)
        return usage_error(p, "ledger", "no \"isnad ledger %s\": did you mean isnad ledger %s?", word, near);
    if (word)
        return usage_error(p, "ledger", "no \"isnad ledger %s\": there is %s", word, all);
    return usage_error(p, "ledger", "isnad ledger: which of %s?", all);
}

isn_code command_ledger(program *p) {
    const settings *s = &p->settings;
    const struct ledger_verb *verb = NULL;
    for (size_t i = 0; i < VERBS && s->count; i++)
        if (strcmp(verbs[i].name, s->arguments[0]) == 0)
            verb = &verbs[i];
    if (!verb)
        return which_verb(p, s->count ? s->arguments[0] : NULL);
    if (s->count - 1 < verb->least)
        return usage_error(p, "ledger", "isnad ledger %s: expected %s", verb->name, verb->arguments);
    if (s->count - 1 > verb->most)
        return usage_error(p, "ledger", "isnad ledger %s: \"%s\" is one word too many", verb->name,
                           s->arguments[verb->most + 1]);
    return verb->run(p, s->arguments + 1, s->count - 1);
}
