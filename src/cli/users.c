/* isnad users: accounts of the workspace. */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/words.h"

enum { LONGEST = 1100 };

static const struct user_verb {
    const char *name;
    size_t words; /* with the verb */
    bool password;
} user_verbs[] = {{"list", 1, false},    {"add", 3, true},     {"role", 3, false},  {"password", 2, true},
                  {"disable", 2, false}, {"enable", 2, false}, {"remove", 2, false}};

/* A line from the terminal without showing it, or from standard input; false: there is none. */
static bool read_secret(const char *asks, char *out, size_t room) {
    struct termios was, quiet;
    bool typed = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &was) == 0;
    if (typed) {
        fputs(asks, stderr);
        quiet = was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool read = fgets(out, (int)room, stdin) != NULL;
    if (typed) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
        fputc('\n', stderr);
    }
    out[read ? strcspn(out, "\r\n") : 0] = '\0';
    return read;
}

static isn_code ask_password(program *p, char out[LONGEST]) {
    char again[LONGEST] = "";
    if (!read_secret("password (at least 12 letters): ", out, LONGEST))
        return usage_error(p, "users", "no password was given");
    if (!isatty(STDIN_FILENO))
        return ISN_OK;
    bool same = read_secret("again: ", again, sizeof again) && strcmp(out, again) == 0;
    explicit_bzero(again, sizeof again);
    return same ? ISN_OK : usage_error(p, "users", "the two are not the same");
}

static const table_column user_columns[] = {
    {"NAME", CELL_TEXT, 40}, {"ROLE", CELL_WHOLE, 0}, {"STATE", CELL_WHOLE, 0}, {"LAST SEEN", CELL_WHOLE, 0}};

typedef struct user_list {
    program *program;
    table *rows;
} user_list;

static bool list_user(void *context, const char *json, size_t size) {
    user_list *l = context;
    json_t *user = json_of(l->program, json, size);
    table_cell(l->rows, text_at(user, "name"));
    table_cell(l->rows, text_at(user, "role"));
    table_cell(l->rows, is_set(user, "disabled") ? "disabled" : "");
    table_cell(l->rows, text_at(user, "seen"));
    json_decref(user);
    return true;
}

static isn_code list_users(program *p, isn_users_options *options) {
    isn_error *error = NULL;
    user_list l = {p, table_new(user_columns, sizeof user_columns / sizeof *user_columns)};
    bool json = format_is(p, "jsonl", "table");
    options->row = json ? output_row : list_user;
    options->context = json ? (void *)p : (void *)&l;
    isn_code code = isn_users(options, "list", NULL, NULL, NULL, &error);
    if (table_rows(l.rows))
        table_print(l.rows, p->out, &p->screen);
    else if (code == ISN_OK && !json)
        fputs("nobody has an account\n", p->out);
    table_free(l.rows);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

static isn_code change_user(program *p, const struct user_verb *verb, isn_users_options *options) {
    const settings *s = &p->settings;
    char password[LONGEST] = "";
    isn_error *error = NULL;
    isn_code code = verb->password ? ask_password(p, password) : ISN_OK;
    if (code != ISN_OK)
        return code;
    code = isn_users(options, verb->name, s->arguments[1], s->count > 2 ? s->arguments[2] : NULL, password,
                     &error);
    explicit_bzero(password, sizeof password);
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

isn_code command_users(program *p) {
    const settings *s = &p->settings;
    const struct user_verb *verb = NULL;
    const char *path = s->ledger ? s->ledger : p->ledger_path;
    const char *first = s->count ? s->arguments[0] : "list";
    for (size_t i = 0; i < sizeof user_verbs / sizeof *user_verbs; i++)
        if (strcmp(user_verbs[i].name, first) == 0)
            verb = &user_verbs[i];
    if (!verb)
        return unknown_verb(p, command_named("users"), first);
    if (!path)
        return usage_error(p, "users", "no place for a ledger: give --ledger FILE or set HOME");
    if (s->count && s->count != verb->words)
        return usage_error(p, "users", "isnad users %s: expected %s", verb->name,
                           verb->words == 3   ? "a name and a role"
                           : verb->words == 2 ? "a name"
                                              : "nothing more");
    isn_users_options options = {
        .size = sizeof options, .ledger = path, .access = s->access, .who = reviewer(p)};
    return verb->words == 1 ? list_users(p, &options) : change_user(p, verb, &options);
}
