/* isnad review: what people say of what was read. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/words.h"

/* ---- who ---- */

/* --who, else ISNAD_WHO, else the user's full name, else the login. */
const char *reviewer(const program *p) {
    const char *named = getenv("ISNAD_WHO"), *login = getenv("USER");
    static char full[120];
    if (p->settings.who)
        return p->settings.who;
    if (named && *named)
        return named;
    const struct passwd *user = getpwuid(getuid());
    if (user && user->pw_gecos) {
        snprintf(full, sizeof full, "%.*s", (int)strcspn(user->pw_gecos, ","), user->pw_gecos);
        if (*full)
            return full;
    }
    if (user && user->pw_name && *user->pw_name) {
        snprintf(full, sizeof full, "%s", user->pw_name);
        return full;
    }
    return login && *login ? login : "";
}

/* ---- an act ---- */

static const struct verb {
    const char *name;
    enum {
        IDS,
        IDS_THEN_FIELDS,
        FIELDS,
        IDS_THEN_VALUE,
        IDS_THEN_ANSWER
    } takes; /* FIELDS: behind an id or none */
    const char *expected;
} verbs[] = {
    {"accept", IDS, "accept which claims? isnad show lists their ids"},
    {"reject", IDS, "reject which claims? isnad show lists their ids"},
    {"correct", IDS_THEN_FIELDS, "correct what? For example: isnad review correct c-41d8 count=5"},
    {"merge", IDS, "merge what with what? For example: isnad review merge i-7c0f i-91aa"},
    {"split", IDS, "split what off? For example: isnad review split i-7c0f c-41d8"},
    {"attach", IDS, "attach what to which incident? For example: isnad review attach i-7c0f c-41d8"},
    {"grade", IDS_THEN_VALUE, "which incident, which grade? For example: isnad review grade i-7c0f fair"},
    {"assign", IDS_THEN_VALUE, "what, and to whom? For example: isnad review assign i-7c0f Rima"},
    {"comment", IDS_THEN_VALUE,
     "on what, and what? For example: isnad review comment i-7c0f 'asked the desk'"},
    {"sensitive", IDS_THEN_ANSWER, "what is sensitive? For example: isnad review sensitive c-41d8"},
    {"settle", IDS, "settle which incidents?"},
    {"name", IDS_THEN_FIELDS,
     "which voice is called what? For example: isnad review name s-41d8 s-90ab name='the town hospital'"},
    {"add", FIELDS,
     "what does the text say? For example: isnad review add document=ID start=310 end=312 effect=killed "
     "count=4"},
    {"undo", IDS, "undo which act? isnad review log numbers them"},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static const struct verb *verb_named(const char *name) {
    for (size_t i = 0; i < VERBS; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* How many of the words behind the verb are ids; the rest are values. */
static size_t count_ids(const struct verb *v, char **words, size_t count) {
    size_t ids = count;
    if (v->takes == IDS_THEN_VALUE)
        return count ? count - 1 : 0;
    if (v->takes == IDS_THEN_ANSWER && count > 1 &&
        (strcmp(words[count - 1], "yes") == 0 || strcmp(words[count - 1], "no") == 0))
        return count - 1;
    for (size_t i = 0; (v->takes == IDS_THEN_FIELDS || v->takes == FIELDS) && i < count && ids == count; i++)
        if (strchr(words[i], '='))
            ids = i;
    return ids;
}

static void tell(program *p, const char *verb, const char *json) {
    json_t *told = json_of(p, json, strlen(json));
    long long first = number_at(told, "first"), last = number_at(told, "last");
    if (format_is(p, "jsonl", "table"))
        output_row(p, json, strlen(json));
    else if (first == last)
        fprintf(p->out, "act %lld: %s, by ", first, verb);
    else
        fprintf(p->out, "acts %lld to %lld: %s, by ", first, last, verb);
    if (!format_is(p, "jsonl", "table")) {
        put_text(p->out, &p->screen, reviewer(p));
        fputc('\n', p->out);
    }
    json_decref(told);
}

static bool is_found(void *context, const char *json, size_t size) {
    (void)json;
    (void)size;
    *(bool *)context = true;
    return false;
}

/* A place that no gazetteer knows has its name alone: not a mistake, but it may be one of typing. */
static void tell_unknown_places(program *p, const isn_act *said) {
    for (size_t i = 0; i < said->value_count; i++)
        if (strncmp(said->values[i], "place.lat=", 10) == 0)
            return;
    for (size_t i = 0; i < said->value_count; i++) {
        const char *place = said->values[i];
        bool found = false;
        if (strncmp(place, "place=", 6) != 0 || !place[6] || strcmp(place + 6, "none") == 0)
            continue;
        isn_places_find(p->engine, place + 6, 1, is_found, &found, NULL);
        if (!found)
            complain(
                p,
                "%s: the gazetteer has no such place, so only its name is kept: place.lat, place.lon and "
                "place.country say where it is",
                place);
    }
}

static isn_code act(program *p, isn_ledger *ledger, const struct verb *v) {
    const settings *s = &p->settings;
    char **words = s->arguments + 1;
    size_t count = s->count - 1, ids = count_ids(v, words, count);
    bool one_more = strcmp(v->name, "name") == 0 && ids > 1; /* that they are one is enough */
    if ((ids == 0 && v->takes != FIELDS) ||
        ((v->takes == IDS_THEN_FIELDS || v->takes == FIELDS) && ids == count && !one_more))
        return usage_error(p, "review", "%s", v->expected);
    isn_act said = {.size = sizeof said,
                    .kind = v->name,
                    .who = reviewer(p),
                    .why = s->reason,
                    .ids = (const char *const *)words,
                    .id_count = ids,
                    .values = (const char *const *)words + ids,
                    .value_count = count - ids};
    char *json = NULL;
    isn_error *error = NULL;
    isn_code code = isn_ledger_review(ledger, &said, &json, &error);
    if (code != ISN_OK)
        return complain_error(p, error);
    json_t *told = json_loads(json, 0, NULL);
    if (json_is_true(json_object_get(told, "link")))
        code = link_ledger(p, ledger);
    json_decref(told);
    tell(p, v->name, json);
    if (v->takes == IDS_THEN_FIELDS || v->takes == FIELDS)
        tell_unknown_places(p, &said);
    isn_free(json);
    return code;
}

/* ---- the log, the queue, the scale ---- */

static void put_quoted(program *p, const char *text) {
    fputs("    ", p->out);
    put_text(p->out, &p->screen, text);
    fputc('\n', p->out);
}

/* The accounts that a merge, split or attachment names: what each document is called, or the words of a
 * claim. */
static void put_accounts(program *p, const json_t *list, const char *before, bool of_documents) {
    enum { MOST = 4 };
    size_t i;
    json_t *each;
    json_array_foreach(list, i, each) {
        fputs(i ? ", " : before, p->out);
        if (i == MOST && json_array_size(list) > MOST + 1) {
            fprintf(p->out, "%zu others", json_array_size(list) - MOST);
            break;
        }
        if (!of_documents && is_set(each, "quote")) {
            fputs("“", p->out);
            put_text(p->out, &p->screen, text_at(each, "quote"));
            fputs("” of ", p->out);
        }
        put_address(p->out, &p->screen, text_at(each, "document"));
    }
}

static void put_list(program *p, const char *before, const json_t *list) {
    size_t i;
    const json_t *each;
    json_array_foreach(list, i, each) {
        fputs(i ? " = " : before, p->out);
        put_text(p->out, &p->screen, json_is_string(each) ? json_string_value(each) : "");
    }
}

/* What an act says besides its kind. */
static void put_said(program *p, const json_t *row) {
    const json_t *payload = json_object_get(row, "payload"), *value;
    const char *key, *grade = text_at(payload, "grade"), *text = text_at(payload, "text");
    json_object_foreach((json_t *)(uintptr_t)json_object_get(payload, "set"), key, value) {
        char *shown = json_is_string(value) ? strdup(json_string_value(value))
                      : is_set(value, "text") || is_set(value, "name")
                          ? strdup(text_at(value, is_set(value, "text") ? "text" : "name"))
                          : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        fprintf(p->out, " · %s=", key);
        put_text(p->out, &p->screen, shown ? shown : "");
        free(shown);
    }
    static const char *const named[] = {"name", "name_ar", "kind"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (is_set(payload, named[i])) {
            fprintf(p->out, " · %s=", named[i]);
            put_text(p->out, &p->screen, text_at(payload, named[i]));
        }
    put_list(p, " · ", json_object_get(payload, "voices"));
    put_list(p, " · not ", json_object_get(payload, "not"));
    bool adds = strcmp(text_at(row, "kind"), "add") == 0,
         binds = json_array_size(json_object_get(payload, "those"));
    if (adds && !binds)
        put_accounts(p, json_object_get(payload, "these"), " · ", false);
    if (binds) {
        bool merge = strcmp(text_at(row, "kind"), "merge") == 0;
        put_accounts(p, json_object_get(payload, "these"), " · ", merge);
        put_accounts(p, json_object_get(payload, "those"),
                     merge                                        ? ", "
                     : strcmp(text_at(row, "kind"), "split") == 0 ? " from "
                                                                  : " to ",
                     true);
    }
    if (is_set(row, "undoes"))
        fprintf(p->out, " %lld", number_at(row, "undoes"));
    if (*grade)
        fprintf(p->out, " · %s", grade);
    if (is_set(payload, "assignee")) {
        fputs(" · to ", p->out);
        put_text(p->out, &p->screen, text_at(payload, "assignee"));
    }
    if (*text) {
        fputs(" · ", p->out);
        put_text(p->out, &p->screen, text);
    }
    if (is_set(payload, "confirmed_by")) {
        fputs(" · confirmed by ", p->out);
        put_text(p->out, &p->screen, text_at(payload, "confirmed_by"));
    }
}

static bool put_act(void *context, const char *json, size_t size) {
    program *p = context;
    json_t *row = json_of(p, json, size);
    const char *incident = text_at(row, "incident"), *of = text_at(row, "claim");
    style_begin(p->out, &p->screen, "1");
    fprintf(p->out, "%lld %s", number_at(row, "act"), text_at(row, "kind"));
    style_end(p->out, &p->screen);
    fprintf(p->out, "%s%.10s", *incident || *of ? " " : "", *incident ? incident : of);
    put_said(p, row);
    fprintf(p->out, " · %s · ", text_at(row, "time"));
    put_text(p->out, &p->screen, text_at(row, "who"));
    fputs(is_set(row, "undone") ? " · undone\n" : "\n", p->out);
    if (*text_at(row, "why"))
        put_quoted(p, text_at(row, "why"));
    json_decref(row);
    return output_flush_when_full(p) && !interrupted();
}

static bool put_waiting(void *context, const char *json, size_t size) {
    program *p = context;
    json_t *row = json_of(p, json, size);
    const char *reason = text_at(row, "reason");
    style_begin(p->out, &p->screen, "1");
    fprintf(p->out, "%lld %s", number_at(row, "act"), text_at(row, "kind"));
    style_end(p->out, &p->screen);
    fprintf(p->out, " · %s · ", text_at(row, "time"));
    put_text(p->out, &p->screen, text_at(row, "who"));
    fprintf(p->out, " · %s\n",
            strcmp(reason, "lost") == 0      ? "its words are not found any more"
            : strcmp(reason, "changed") == 0 ? "it reads otherwise now"
                                             : "its incident is no more");
    fputs("    ", p->out);
    put_address(p->out, &p->screen, text_at(row, "document"));
    fprintf(p->out, " · %s: ", text_at(row, "effect"));
    char *around = NULL;
    if (asprintf(&around, "%s[%s]%s", text_at(row, "before"), text_at(row, "quote"), text_at(row, "after")) >=
        0)
        put_text(p->out, &p->screen, around);
    free(around);
    fputc('\n', p->out);
    json_decref(row);
    return output_flush_when_full(p) && !interrupted();
}

static bool put_grade(void *context, const char *json, size_t size) {
    program *p = context;
    json_t *row = json_of(p, json, size);
    style_begin(p->out, &p->screen, "1");
    fputs(text_at(row, "grade"), p->out);
    style_end(p->out, &p->screen);
    fputs(" · ", p->out);
    put_text(p->out, &p->screen, text_at(row, "en"));
    fputs(" · ", p->out);
    put_text(p->out, &p->screen, text_at(row, "ar"));
    fputc('\n', p->out);
    put_quoted(p, text_at(row, "says"));
    json_decref(row);
    return true;
}

/* A stretch of a text, on one line. */
static void put_sentence(program *p, const text_index *text, const json_t *span) {
    size_t start = text_index_offset(text, (size_t)number_at(span, "start"));
    size_t end = text_index_offset(text, (size_t)number_at(span, "end"));
    char *clean = text_clean(text->text + start, end > start ? end - start : 0);
    text_put(p->out, &p->screen, clean, strlen(clean), false);
    free(clean);
}

static bool put_past(void *context, const char *json, size_t size) {
    program *p = context;
    json_t *row = json_of(p, json, size), *read;
    const json_t *claims = json_object_get(json_object_get(row, "reading"), "claims");
    const json_t *told = json_object_get(json_object_get(row, "reading"), "text");
    text_index text =
        text_index_new(json_is_string(told) ? json_string_value(told) : "", json_string_length(told));
    size_t i;
    style_begin(p->out, &p->screen, "1");
    put_address(p->out, &p->screen, text_at(row, "document"));
    fprintf(p->out, " · version %lld · read so until %s\n", number_at(row, "version"), text_at(row, "until"));
    style_end(p->out, &p->screen);
    json_array_foreach(claims, i, read) {
        fprintf(p->out, "    %s %s: ", figure_phrase(read).text, text_at(read, "effect"));
        put_sentence(p, &text, json_object_get(read, "evidence"));
        fputc('\n', p->out);
    }
    text_index_free(&text);
    json_decref(row);
    return output_flush_when_full(p) && !interrupted();
}

static isn_code look_back(program *p, isn_ledger *ledger) {
    const settings *s = &p->settings;
    isn_error *error = NULL;
    if (s->count < 2)
        return usage_error(p, "review", "the past of which document?");
    isn_code code = isn_ledger_past_readings(
        ledger, s->arguments[1], format_is(p, "jsonl", "table") ? output_row : put_past, p, &error);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code look(program *p, isn_ledger *ledger, const char *what) {
    const settings *s = &p->settings;
    isn_error *error = NULL;
    if (strcmp(what, "past") == 0)
        return look_back(p, ledger);
    if (strcmp(what, "next") == 0)
        return review_next(p, ledger);
    bool rows = format_is(p, "jsonl", "table");
    isn_code code = strcmp(what, "log") == 0 ? isn_ledger_acts(ledger, s->count > 1 ? s->arguments[1] : NULL,
                                                               rows ? output_row : put_act, p, &error)
                    : strcmp(what, "queue") == 0
                        ? isn_ledger_queue(ledger, rows ? output_row : put_waiting, p, &error)
                        : isn_ledger_grades(ledger, rows ? output_row : put_grade, p, &error);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code keep_grades(program *p, isn_ledger *ledger) {
    isn_error *error = NULL;
    if (isn_ledger_keep_grades(ledger, p->settings.arguments[1], &error) != ISN_OK)
        return complain_error(p, error);
    return look(p, ledger, "grades");
}

/* ---- the command ---- */

isn_code command_review(program *p) {
    const settings *s = &p->settings;
    if (s->count == 0)
        return usage_error(p, "review", "what is to be said? For example: isnad review accept c-41d8");
    const char *what = s->arguments[0];
    const struct verb *v = verb_named(what);
    bool looks = strcmp(what, "log") == 0 || strcmp(what, "next") == 0 || strcmp(what, "queue") == 0 ||
                 strcmp(what, "grades") == 0 || strcmp(what, "past") == 0;
    bool keeps = strcmp(what, "grades") == 0 && s->count > 1;
    if (!v && !looks)
        return unknown_verb(p, command_named("review"), what);
    if (v && !*reviewer(p))
        return usage_error(p, "review", "who says it? --who NAME, or ISNAD_WHO");
    isn_ledger *ledger;
    isn_code code = ledger_start(p, v || keeps ? ISN_LEDGER_WRITE : ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    code = v ? act(p, ledger, v) : keeps ? keep_grades(p, ledger) : look(p, ledger, what);
    return ledger_closed(p, ledger, code);
}
