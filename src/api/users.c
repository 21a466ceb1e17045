/* The accounts of a workspace. */
#include "api/api.h"
#include "serve/access.h"

typedef struct asked_user {
    accounts *a;
    const access_who *by;
    arena memory;
    str id, name, value, password;
} asked_user;

static bool pass_user(void *context, str json) {
    const isn_users_options *o = context;
    return !o->row || o->row(o->context, json.data, json.size);
}

static status told(const access_answer *a, str name, failure *f) {
    switch (a->verdict) {
    case ACCESS_YES:
        return STATUS_OK;
    case ACCESS_UNFIT:
        return fail(f, STATUS_USAGE, "%.*s: %s", STR_ARG(a->id), a->said);
    case ACCESS_TAKEN:
        return fail(f, STATUS_USAGE, "there is an account named \"%.*s\", or one that looks like it",
                    STR_ARG(name));
    case ACCESS_LAST:
        return fail(f, STATUS_USAGE, "\"%.*s\" is the only admin who can sign in: make another one first",
                    STR_ARG(name));
    default:
        return fail(f, STATUS_NOT_FOUND, "there is no account named \"%.*s\"", STR_ARG(name));
    }
}

static status role_of(str name, access_role *out, failure *f) {
    return access_role_named(name, out)
               ? STATUS_OK
               : fail(f, STATUS_USAGE, "expected reader, reviewer or admin, got \"%.*s\"", STR_ARG(name));
}

static status add_user(asked_user *u, failure *f) {
    access_role role = ROLE_READER;
    access_answer a;
    status s = role_of(u->value, &role, f);
    if (s == STATUS_OK)
        s = account_add(u->a, u->by, STR_NONE, u->name, role, u->password, &u->memory, &a, f);
    return s == STATUS_OK ? told(&a, u->name, f) : s;
}

static status change(asked_user *u, account_change c, failure *f) {
    access_answer a = {.verdict = ACCESS_GONE};
    status s = account_named(u->a, u->name, &u->memory, &u->id, f);
    if (s == STATUS_OK && u->id.data)
        s = account_change_it(u->a, u->by, STR_NONE, u->id, &c, &u->memory, &a, f);
    return s == STATUS_OK ? told(&a, u->name, f) : s;
}

static status give_role(asked_user *u, failure *f) {
    account_change c = {0};
    status s = role_of(u->value, &c.role, f);
    return s == STATUS_OK ? change(u, c, f) : s;
}

static status give_password(asked_user *u, failure *f) {
    return change(u, (account_change){.password = u->password}, f);
}

static status disable(asked_user *u, failure *f) {
    return change(u, (account_change){.disabled = 1}, f);
}

static status enable(asked_user *u, failure *f) {
    return change(u, (account_change){.disabled = -1}, f);
}

static status remove_user(asked_user *u, failure *f) {
    access_answer a = {.verdict = ACCESS_GONE};
    status s = account_named(u->a, u->name, &u->memory, &u->id, f);
    if (s == STATUS_OK && u->id.data)
        s = account_remove(u->a, u->by, STR_NONE, u->id, &a, f);
    return s == STATUS_OK ? told(&a, u->name, f) : s;
}

static const struct {
    const char *name;
    status (*run)(asked_user *u, failure *f);
} verbs[] = {{"add", add_user},    {"role", give_role}, {"password", give_password},
             {"disable", disable}, {"enable", enable},  {"remove", remove_user}};

static status run(const isn_users_options *o, asked_user *u, const char *verb, failure *f) {
    if (strcmp(verb, "list") == 0)
        return accounts_list(u->a, pass_user, (void *)(uintptr_t)o, f);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, verb) == 0)
            return verbs[i].run(u, f);
    return fail(f, STATUS_USAGE, "expected list, add, role, password, disable, enable or remove, got \"%s\"",
                verb);
}

isn_code isn_users(const isn_users_options *given, const char *verb, const char *name, const char *value,
                   const char *password, isn_error **error) {
    OPTIONS(isn_users_options, options, given);
    if (!options.ledger)
        return api_complain(error, STATUS_USAGE, "no ledger whose accounts are meant");
    failure f;
    access_who by = {.name = str_of(options.who ? options.who : "terminal")};
    asked_user u = {.by = &by,
                    .memory = arena_new((allocator){0}),
                    .name = str_of(name ? name : ""),
                    .value = str_of(value ? value : ""),
                    .password = str_of(password ? password : "")};
    const char *path = options.access;
    status s = path ? STATUS_OK : accounts_path(options.ledger, &u.memory, &path, &f);
    if (s == STATUS_OK)
        s = accounts_open(path, NULL, &u.a, &f);
    if (s == STATUS_OK)
        s = run(&options, &u, verb ? verb : "", &f);
    accounts_close(u.a);
    arena_free(&u.memory);
    return s == STATUS_OK ? ISN_OK : api_fail(error, &f);
}
