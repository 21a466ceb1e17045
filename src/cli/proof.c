/* What proves the ledger: isnad key, head, verify, redact, bundle. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

/* A whole file, or standard input for "-". NULL (and a complaint) where it cannot be read. */
static char *file_text(program *p, const char *path, size_t *count) {
    enum { MOST = 16 * 1024 * 1024 };
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *text = NULL, part[4096];
    size_t size = 0, got;
    FILE *all = file ? open_memstream(&text, &size) : NULL;
    if (!all) {
        complain(p, "%s: it cannot be opened: %s", path, strerror(errno));
        if (file && file != stdin)
            fclose(file);
        return NULL;
    }
    while (ftell(all) <= MOST && (got = fread(part, 1, sizeof part, file)) > 0)
        fwrite(part, 1, got, all);
    bool broken = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    fclose(all);
    if (broken || size > MOST) {
        complain(p,
                 broken ? "%s: it cannot be read to its end"
                        : "%s: longer than 16 MiB: no file of heads or stamps is",
                 path);
        free(text);
        return NULL;
    }
    *count = size;
    return text;
}

/* ---- keys ---- */

/* --key, else $XDG_CONFIG_HOME/isnad/key.pem, else ~/.config/isnad/key.pem; NULL where there is no HOME. */
static char *key_path(const settings *s) {
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char *path = NULL;
    if (s->key)
        return strdup(s->key);
    if (config && *config == '/')
        return asprintf(&path, "%s/isnad/key.pem", config) < 0 ? NULL : path;
    if (home && *home)
        return asprintf(&path, "%s/.config/isnad/key.pem", home) < 0 ? NULL : path;
    return NULL;
}

static isn_code key_made(program *p, char *path, char **json) {
    isn_error *error = NULL;
    if (!p->settings.key && !folders_make(path)) {
        complain(p, "%s: its folder cannot be made: %s", path, strerror(errno));
        return ISN_NO_INPUT;
    }
    return isn_key_new(path, json, &error) == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code key_shown(program *p, char *path, char **json) {
    isn_error *error = NULL;
    return isn_key_show(path, json, &error) == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code key_rotated(program *p, char *path, char **json) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    const settings *s = &p->settings;
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_rotate_key(ledger, path, s->count > 1 ? s->arguments[1] : NULL, json, &error);
    return ledger_ended(p, ledger, code, error);
}

static void put_key(program *p, const json_t *key) {
    fputs("public key ", p->out);
    put_text(p->out, &p->screen, text_at(key, "key"));
    fputs("\nfile       ", p->out);
    put_text(p->out, &p->screen, text_at(key, "file"));
    if (is_set(key, "previous")) {
        fputs("\nbefore it  ", p->out);
        put_text(p->out, &p->screen, text_at(key, "previous"));
        fputs("\nin         ", p->out);
        put_text(p->out, &p->screen, text_at(key, "previous_file"));
    }
    fputc('\n', p->out);
}

static const struct key_verb {
    const char *name;
    isn_code (*run)(program *p, char *path, char **json);
    size_t most; /* arguments */
} key_verbs[] = {{"new", key_made, 1}, {"show", key_shown, 1}, {"rotate", key_rotated, 2}};

isn_code command_key(program *p) {
    const settings *s = &p->settings;
    const struct key_verb *verb = NULL;
    if (s->count == 0)
        return usage_error(p, "key", "new, show or rotate?");
    for (size_t i = 0; i < sizeof key_verbs / sizeof *key_verbs; i++)
        if (strcmp(key_verbs[i].name, s->arguments[0]) == 0)
            verb = &key_verbs[i];
    if (!verb)
        return unknown_verb(p, command_named("key"), s->arguments[0]);
    if (s->count > verb->most)
        return usage_error(p, "key", "isnad key %s: \"%s\" is one word too many", verb->name,
                           s->arguments[verb->most]);
    char *path = key_path(s), *json = NULL;
    if (!path)
        return usage_error(p, "key", "no place for a key: give --key FILE or set HOME");
    isn_code code = verb->run(p, path, &json);
    if (code == ISN_OK)
        put_told(p, json, put_key);
    isn_free(json);
    free(path);
    return code;
}

/* ---- head ---- */

static bool put_file(program *p, const char *path, const char *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    bool good = file && fwrite(bytes, 1, size, file) == size;
    good = file && fclose(file) == 0 && good;
    if (!good)
        complain(p, "%s: it cannot be written: %s", path, strerror(errno));
    return good;
}

static isn_code write_query(program *p, const char *head) {
    char *query = NULL;
    size_t size = 0;
    isn_error *error = NULL;
    if (isn_stamp_query(head, &query, &size, &error) != ISN_OK)
        return complain_error(p, error);
    bool good = put_file(p, p->settings.request, query, size);
    isn_free(query);
    return good ? ISN_OK : ISN_IO;
}

/* isnad head --stamp: nothing is signed. */
static isn_code keep_answer(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    size_t size = 0;
    char *json = NULL, *answer = file_text(p, p->settings.stamp, &size);
    if (!answer)
        return ISN_NO_INPUT;
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code == ISN_OK) {
        code = isn_ledger_stamp(ledger, answer, size, &json, &error);
        code = ledger_ended(p, ledger, code, error);
    }
    if (code == ISN_OK) {
        json_t *told = json_loads(json, 0, NULL);
        fprintf(p->out, "kept: a time stamp of %s\n", text_at(told, "time"));
        json_decref(told);
    }
    isn_free(json);
    free(answer);
    return code;
}

isn_code command_head(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    if (p->settings.count)
        return usage_error(p, "head", "isnad head takes options only (its key: --key FILE)");
    if (p->settings.stamp)
        return keep_answer(p);
    if (p->settings.request && !output_allowed(p, p->settings.request))
        return ISN_USAGE;
    char *path = key_path(&p->settings), *json = NULL;
    if (!path)
        return usage_error(p, "head", "no key: give --key FILE or set HOME");
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code == ISN_OK) {
        code = isn_ledger_head(ledger, path, &json, &error);
        code = ledger_ended(p, ledger, code, error);
    }
    if (code == ISN_OK)
        fprintf(p->out, "%s\n", json);
    if (code == ISN_OK && p->settings.request)
        code = write_query(p, json);
    isn_free(json);
    free(path);
    return code;
}

/* ---- verify ---- */

static void put_wrong(void *context, const char *line) {
    program *p = context;
    put_text(p->out, &p->screen, line);
    fputc('\n', p->out);
    output_flush(p);
}

static void put_withdrawn(program *p, const json_t *each) {
    const json_t *span = json_object_get(each, "span");
    fputs("withdrawn: capture ", p->out);
    put_text(p->out, &p->screen, text_at(each, "capture"));
    if (json_is_array(span))
        fprintf(p->out, ", code points %lld to %lld of its text",
                (long long)json_integer_value(json_array_get(span, 0)),
                (long long)json_integer_value(json_array_get(span, 1)));
    fputs(", by ", p->out);
    put_text(p->out, &p->screen, text_at(each, "who"));
    fputs(", ", p->out);
    put_text(p->out, &p->screen, text_at(each, "time"));
    fputs(": ", p->out);
    put_text(p->out, &p->screen, text_at(each, "why"));
    fputc('\n', p->out);
}

static void put_sealed(program *p, const json_t *told) {
    long long leaves = number_at(told, "leaves"), sealed = number_at(told, "sealed");
    fprintf(p->out, "%s: %lld of %lld leaves of the log stand under %s. ", text_at(told, "grade"), sealed,
            leaves, counted(number_at(told, "heads"), "signed head", "signed heads").text);
    fputs(sealed < leaves ? "What came later is not sealed yet (isnad head).\n"
                          : "Nobody without the key can have changed them.\n",
          p->out);
    if (number_at(told, "stamped"))
        fprintf(p->out, "%lld of them were there at %s, as an authority says.\n", number_at(told, "stamped"),
                text_at(told, "stamped_at"));
    else if (number_at(told, "stamps"))
        fprintf(p->out, "%s not checked: --authority FILE names the certificates that they must lead to.\n",
                counted(number_at(told, "stamps"), "time stamp", "time stamps").text);
    if (!is_set(told, "against"))
        fputs("Whoever has the key could have made all of it anew: --against a head kept elsewhere shows "
              "that.\n",
              p->out);
}

static void put_grade(program *p, const json_t *told) {
    const char *grade = text_at(told, "grade");
    if (json_is_true(json_object_get(told, "against")))
        fputs("the log has only grown since the heads kept elsewhere\n", p->out);
    if (strncmp(grade, "sealed", strlen("sealed")) == 0)
        put_sealed(p, told);
    else if (strcmp(grade, "unsealed") == 0)
        fputs("unsealed: no head was signed; whoever has the file could have made it so (isnad key new, then "
              "isnad head)\n",
              p->out);
    else
        fputs("changed or incomplete: something is not what was stored, or is missing\n", p->out);
}

static void put_verdict(program *p, const json_t *told) {
    size_t index;
    json_t *each;
    json_array_foreach(json_object_get(told, "withdrawn"), index, each) put_withdrawn(p, each);
    fprintf(p->out, "%s checked, %.1f MB: ", counted(number_at(told, "captures"), "capture", "captures").text,
            (double)number_at(told, "bytes") / 1e6);
    if (number_at(told, "wrong"))
        fprintf(p->out, "%lld wrong\n", number_at(told, "wrong"));
    else
        fputs(size_at(told, "withdrawn") ? "every one that was not withdrawn matches its hash\n"
                                         : "every one matches its hash\n",
              p->out);
    if (number_at(told, "without_bytes"))
        fprintf(p->out, "%lld of them are kept by reference: their bytes are not here\n",
                number_at(told, "without_bytes"));
    put_grade(p, told);
}

isn_code command_verify(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    char *json = NULL, *heads = NULL;
    const char *against = p->settings.against;
    size_t size = 0;
    if (against && !(heads = file_text(p, against, &size)))
        return ISN_NO_INPUT;
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code == ISN_OK) {
        isn_verify_options options = {.size = sizeof options,
                                      .against = heads,
                                      .authorities = p->settings.authority,
                                      .wrong = format_is(p, "jsonl", "table") ? NULL : put_wrong,
                                      .context = p};
        code = isn_ledger_verify_all(ledger, &options, &json, &error);
        put_told(p, json, put_verdict);
        if (code == ISN_BAD_INPUT && against) { /* said with the file's name */
            complain(p, "%s: %s", against, isn_error_message(error));
            isn_error_free(error);
            isn_ledger_close(ledger, NULL);
        } else {
            code = ledger_ended(p, ledger, code, error);
        }
    }
    isn_free(json);
    free(heads);
    return code;
}

/* ---- redact ---- */

/* "310-324" */
static bool read_span(const char *text, isn_redaction *out) {
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    out->start = strtoll(text, &end, 10);
    if (*end != '-' || end[1] < '0' || end[1] > '9')
        return false;
    out->end = strtoll(end + 1, &end, 10);
    return !errno && !*end && out->start < out->end;
}

static void put_redacted(program *p, const json_t *told) {
    size_t index;
    json_t *each;
    if (!number_at(told, "captures") && !json_is_true(json_object_get(told, "text")))
        fputs("it was withdrawn before; the file holds nothing of it\n", p->out);
    else
        fprintf(p->out, "withdrawn: %s, %s%s of ",
                counted(number_at(told, "captures"), "capture", "captures").text,
                counted(number_at(told, "bytes"), "byte", "bytes").text,
                json_is_true(json_object_get(told, "text")) ? " and the text"
                                                            : ", but not the text (another capture has it)");
    if (number_at(told, "captures")) {
        put_text(p->out, &p->screen, text_at(told, "document"));
        fputs("\n", p->out);
    }
    json_array_foreach(json_object_get(told, "others"), index, each) {
        fputs("still there, a copy: ", p->out);
        put_text(p->out, &p->screen, json_string_value(each));
        fputc('\n', p->out);
    }
    json_array_foreach(json_object_get(told, "elsewhere"), index, each) {
        fputs("its bytes still stand in the crawl file, which is not the ledger's to change: ", p->out);
        put_text(p->out, &p->screen, json_string_value(each));
        fputc('\n', p->out);
    }
    if (number_at(told, "captures"))
        fputs("the log has grown: isnad head signs it as it stands now\n", p->out);
}

isn_code command_redact(program *p) {
    const settings *s = &p->settings;
    isn_redaction what = {.size = sizeof what, .who = s->who, .why = s->reason, .has_span = s->span != NULL};
    isn_ledger *ledger;
    isn_error *error = NULL;
    char *json = NULL;
    if (s->count != 1)
        return usage_error(p, "redact", s->count ? "one capture at a time" : "which capture?");
    if (!s->who || !*s->who || !s->reason || !*s->reason)
        return usage_error(p, "redact", "--who NAME and --why TEXT are needed: they are what is kept");
    if (s->span && !read_span(s->span, &what))
        return usage_error(p, "redact", "--span %s: expected START-END in code points, such as 310-324",
                           s->span);
    isn_code code = ledger_start(p, ISN_LEDGER_WRITE, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_redact(ledger, s->arguments[0], &what, &json, &error);
    put_told(p, json, put_redacted);
    isn_free(json);
    return ledger_ended(p, ledger, code, error);
}

/* ---- bundle ---- */

isn_code command_bundle(program *p) {
    const settings *s = &p->settings;
    isn_ledger *ledger;
    isn_error *error = NULL;
    if (s->count != 1)
        return usage_error(p, "bundle", s->count ? "one incident at a time" : "which incident?");
    if (!s->output)
        return usage_error(p, "bundle", "to where? --output FILE.wacz");
    if (!output_allowed(p, s->output))
        return ISN_USAGE;
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_bundle(ledger, s->arguments[0], s->output, &error);
    if (code == ISN_OK) {
        fputs("made ", p->out);
        put_text(p->out, &p->screen, s->output);
        fputs(": python3 tools/verify_bundle.py checks it\n", p->out);
    }
    return ledger_ended(p, ledger, code, error);
}
