/* isnad reread: what the ledger keeps, read again. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

/* "5 killed, the hospital" */
static void put_claim(program *p, const json_t *read) {
    fprintf(p->out, "%s %s", figure_phrase(read).text, text_at(read, "effect"));
    const char *class = text_at(read, "class"), *group = text_at(read, "group");
    if (*group || strcmp(class, "unknown") != 0)
        fprintf(p->out, " (%s)", *group ? group : class);
    if (*text_at(read, "voice")) {
        fputs(", ", p->out);
        put_text(p->out, &p->screen, text_at(read, "voice"));
    }
}

static void put_value(program *p, const json_t *read, const char *field) {
    const json_t *v = json_object_get(read, field);
    char *text = json_is_string(v) ? strdup(json_string_value(v))
                 : json_is_null(v) ? strdup(strcmp(field, "max") == 0 ? "open" : "none")
                                   : json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
    put_text(p->out, &p->screen, text ? text : "");
    free(text);
}

static bool put_change(void *context, const char *json, size_t size) {
    program *p = context;
    json_t *row = json_of(p, json, size), *field;
    const json_t *was = json_object_get(row, "was"), *is = json_object_get(row, "is");
    const char *change = text_at(row, "change");
    size_t i;
    put_address(p->out, &p->screen, text_at(row, "document"));
    if (strcmp(change, "text") == 0) {
        fputs(" · the page's text comes out otherwise: another version\n", p->out);
    } else {
        fprintf(p->out, " · %s: ", change);
        put_claim(p, json_is_object(is) ? is : was);
        fputc('\n', p->out);
    }
    json_array_foreach(json_object_get(row, "fields"), i, field) {
        const char *name = json_string_value(field);
        fprintf(p->out, "    %s: ", name);
        put_value(p, was, name);
        fputs(" → ", p->out);
        put_value(p, is, name);
        fputc('\n', p->out);
    }
    json_decref(row);
    return output_flush_when_full(p) && !interrupted();
}

typedef struct sums {
    long long pages, versions, same, different, gone, new, texts, bad;
} sums;

static void add(sums *to, const char *json) {
    json_t *told = json_loads(json, 0, NULL);
    to->pages += number_at(told, "pages");
    to->versions += number_at(told, "versions");
    to->same += number_at(told, "same");
    to->different += number_at(told, "different");
    to->gone += number_at(told, "gone");
    to->new += number_at(told, "new");
    to->texts += number_at(told, "texts");
    to->bad += number_at(told, "bad");
    json_decref(told);
}

static isn_code reread(program *p, isn_ledger *ledger, const char *document, sums *all) {
    char *json = NULL;
    isn_error *error = NULL;
    isn_reread_options options = {.size = sizeof options,
                                  .document = document,
                                  .dry = p->settings.dry,
                                  .row = format_is(p, "jsonl", "table") ? output_row : put_change,
                                  .context = p};
    isn_code code = isn_ledger_reread(ledger, &options, &json, &error);
    if (code != ISN_OK)
        return complain_error(p, error);
    add(all, json);
    isn_free(json);
    return ISN_OK;
}

static void tell(program *p, const sums *all) {
    if (format_is(p, "jsonl", "table"))
        fprintf(
            p->out,
            "{\"pages\":%lld,\"versions\":%lld,\"same\":%lld,\"different\":%lld,\"gone\":%lld,\"new\":%lld,"
            "\"texts\":%lld,\"bad\":%lld}\n",
            all->pages, all->versions, all->same, all->different, all->gone, all->new, all->texts, all->bad);
    else
        fprintf(
            p->out, "%s read again%s: %lld otherwise; %s as before, %lld otherwise, %lld gone, %lld new\n",
            counted(all->pages, "page", "pages").text, p->settings.dry ? " (nothing is changed)" : "",
            all->versions, counted(all->same, "claim", "claims").text, all->different, all->gone, all->new);
}

static bool count_row(void *context, const char *json, size_t size) {
    (void)json;
    (void)size;
    ++*(long long *)context;
    return true;
}

static isn_code count_waiting(program *p, isn_ledger *ledger) {
    long long waiting = 0;
    isn_error *error = NULL;
    if (isn_ledger_queue(ledger, count_row, &waiting, &error) != ISN_OK)
        return complain_error(p, error);
    if (waiting)
        complain(p, "%s: isnad review queue",
                 counted(waiting, "reviewer's act waits to be placed again",
                         "reviewers' acts wait to be placed again")
                     .text);
    return ISN_OK;
}

isn_code command_reread(program *p) {
    const settings *s = &p->settings;
    isn_ledger *ledger;
    sums all = {0};
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    for (size_t i = 0; (i < s->count || (i == 0 && s->count == 0)) && code == ISN_OK; i++)
        code = reread(p, ledger, s->count ? s->arguments[i] : NULL, &all);
    if (code == ISN_OK && !s->dry && all.versions)
        code = link_ledger(p, ledger);
    if (code == ISN_OK)
        tell(p, &all);
    if (code == ISN_OK && !s->dry && output_flush(p))
        code = count_waiting(p, ledger);
    code = ledger_closed(p, ledger, code);
    return code == ISN_OK && all.bad ? ISN_BAD_RECORDS : code;
}
