/* isnad estimates: the rules of estimates, a check of one's own, and which one is the ledger's. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

/* ---- the list ---- */

static bool put_listed(void *context, const char *json, size_t size) {
    program *p = context;
    json_t *rule = json_of(p, json, size);
    style_begin(p->out, &p->screen, "1");
    fputs(text_at(rule, "name"), p->out);
    style_end(p->out, &p->screen);
    fprintf(p->out, "\n    %s\n", text_at(rule, "says"));
    json_decref(rule);
    return true;
}

static isn_code list_rules(program *p) {
    isn_rules(format_is(p, "jsonl", "table") ? output_row : put_listed, p);
    return ISN_OK;
}

/* ---- check ---- */

static void put_mistake(void *context, const char *line) {
    program *p = context;
    put_text(p->out, &p->screen, line);
    fputc('\n', p->out);
}

static isn_code check(program *p, const char *path) {
    isn_error *error = NULL;
    char *json = NULL;
    bool as_json = format_is(p, "jsonl", "table");
    isn_code code = isn_rules_check(path, as_json ? NULL : put_mistake, p, &json, &error);
    json_t *told = json ? json_loads(json, 0, NULL) : NULL;
    if (as_json && json)
        output_row(p, json, strlen(json));
    else if (told && code == ISN_OK)
        fprintf(p->out, "%s, %s: all good\n", counted(number_at(told, "rules"), "rule", "rules").text,
                counted(number_at(told, "tests"), "test", "tests").text);
    json_decref(told);
    isn_free(json);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

/* ---- use ---- */

static isn_code use(program *p, const char *rule) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    char *json = NULL;
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_keep_rule(ledger, rule, &error);
    if (code == ISN_OK)
        code = isn_ledger_link(ledger, &json, &error);
    progress_clear(p);
    json_t *linked = json ? json_loads(json, 0, NULL) : NULL;
    if (code != ISN_OK)
        complain_error(p, error);
    else if (json && format_is(p, "jsonl", "table"))
        output_row(p, json, strlen(json));
    else
        fprintf(p->out, "%s by %s\n", counted(number_at(linked, "incidents"), "incident", "incidents").text,
                rule);
    json_decref(linked);
    isn_free(json);
    return ledger_closed(p, ledger, code);
}

isn_code command_estimates(program *p) {
    const settings *s = &p->settings;
    if (s->count == 0)
        return list_rules(p);
    const char *what = s->arguments[0];
    if (strcmp(what, "check") == 0) {
        if (s->count > 2)
            return usage_error(p, "estimates", "one file at a time");
        return check(p, s->count == 2 ? s->arguments[1] : NULL);
    }
    if (strcmp(what, "use") == 0) {
        if (s->count != 2)
            return usage_error(p, "estimates", "use which rule? For example: isnad estimates use ucdp");
        return use(p, s->arguments[1]);
    }
    return usage_error(p, "estimates", "no \"isnad estimates %s\": expected check or use", what);
}
