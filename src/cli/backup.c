/* isnad ledger backup, restore, check: so that a disk that dies costs nothing. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

static void put_wrong(void *context, const char *line) {
    program *p = context;
    progress_clear(p);
    if (!format_is(p, "jsonl", "table")) {
        put_text(p->out, &p->screen, line);
        fputc('\n', p->out);
        output_flush(p);
    } else {
        complain(p, "%s", line);
    }
}

/* ---- backup and restore ---- */

static void put_copy(program *p, const char *did, const json_t *told) {
    fputs(did, p->out);
    put_text(p->out, &p->screen, text_at(told, "file"));
    fprintf(p->out, " (%.1f MB): %s", (double)number_at(told, "bytes") / 1e6,
            counted(number_at(told, "captures"), "capture", "captures").text);
    fprintf(p->out, ", %s", counted(number_at(told, "readings"), "reading", "readings").text);
    fprintf(p->out, ", %s; it was read back and verified: %s\n",
            counted(number_at(told, "acts"), "act", "acts").text, text_at(told, "grade"));
    if (is_set(told, "aside")) {
        fputs("the ledger that was there is now ", p->out);
        put_text(p->out, &p->screen, text_at(told, "aside"));
        fputc('\n', p->out);
    }
}

static void put_backup(program *p, const json_t *told) {
    put_copy(p, "backed up in ", told);
}

static void put_restored(program *p, const json_t *told) {
    put_copy(p, "restored as ", told);
}

static isn_copy_options options_of(program *p) {
    return (isn_copy_options){
        .size = sizeof(isn_copy_options), .replace = p->settings.replace, .wrong = put_wrong, .context = p};
}

isn_code ledger_backed_up(program *p, char **words, size_t count) {
    (void)count;
    isn_ledger *ledger;
    isn_error *error = NULL;
    char *json = NULL;
    isn_copy_options options = options_of(p);
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_backup(ledger, words[0], &options, &json, &error);
    code = ledger_ended(p, ledger, code, error);
    progress_clear(p);
    if (code == ISN_OK)
        put_told(p, json, put_backup);
    isn_free(json);
    return code;
}

isn_code ledger_restored(program *p, char **words, size_t count) {
    (void)count;
    isn_error *error = NULL;
    char *json = NULL;
    isn_copy_options options = options_of(p);
    isn_code code = engine_start(p);
    const char *path;
    if (code == ISN_OK)
        code = ledger_place(p, true, &path);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_restore(p->engine, words[0], path, &options, &json, &error);
    progress_clear(p);
    if (code == ISN_OK)
        put_told(p, json, put_restored);
    else
        complain_error(p, error);
    isn_free(json);
    return code;
}

/* ---- check ---- */

static void put_health(program *p, const json_t *h) {
    static const char *const lost[][3] = {
        {"captures", "capture", "captures"}, {"documents", "document", "documents"}, {"acts", "act", "acts"}};
    bool any = false;
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        if (number_at(h, lost[i][0])) {
            fprintf(p->out, "%s%s", any ? ", " : "lost for good, unless a backup has it: ",
                    counted(number_at(h, lost[i][0]), lost[i][1], lost[i][2]).text);
            any = true;
        }
    fputs(any ? "\n" : "", p->out);
    if (number_at(h, "again"))
        fprintf(p->out, "%s again by isnad reread\n",
                counted(number_at(h, "again"), "document can be read", "documents can be read").text);
    if (number_at(h, "incidents") + number_at(h, "derived") + number_at(h, "stale"))
        fputs(is_set(h, "repaired") && json_is_true(json_object_get(h, "repaired"))
                  ? "what follows from the rest was made again\n"
                  : "what follows from the rest can be made again: isnad ledger check --repair\n",
              p->out);
    if (!any && !number_at(h, "again") && !number_at(h, "faults") && !number_at(h, "other"))
        fputs("nothing is lost\n", p->out);
}

isn_code ledger_examined(program *p, char **words, size_t count) {
    (void)words;
    (void)count;
    isn_ledger *ledger;
    isn_error *error = NULL;
    char *json = NULL;
    isn_check_options options = {
        .size = sizeof options, .repair = p->settings.repair, .line = put_wrong, .context = p};
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_check(ledger, &options, &json, &error);
    code = ledger_ended(p, ledger, code, error);
    progress_clear(p);
    put_told(p, json, put_health);
    isn_free(json);
    return code;
}
