/* Signing in, accounts, tokens, settings, the audit log (docs/access.md). */
#include <stdio.h>
#include <stdlib.h>

#include "serve/guard.h"
#include "serve/hub.h"

enum { MOST_DAYS = 3660 /* of a token */ };

static str from_of(const exchange *x) {
    return str_of(x->peer);
}

/* ---- how a decision is told ---- */

static status told_later(exchange *x, int64_t wait, failure *f) {
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)wait);
    exchange_header(x, "Retry-After", seconds);
    return exchange_refuse(x, 429, NULL, f, "too many tries: again in %s seconds", seconds);
}

static status told_unfit(exchange *x, const access_answer *a, failure *f) {
    const char *field = a->id.data ? arena_cstring(x->a, a->id) : NULL;
    return exchange_refuse(x, 400, field, f, "%s%s%s", field ? field : "", field ? ": " : "", a->said);
}

/* What is no yes. A plain no is one to who signs in. */
static status told(exchange *x, const access_answer *a, failure *f) {
    switch (a->verdict) {
    case ACCESS_YES:
        return STATUS_OK;
    case ACCESS_LATER:
        return told_later(x, a->wait, f);
    case ACCESS_UNFIT:
        return told_unfit(x, a, f);
    case ACCESS_TAKEN:
        return exchange_refuse(x, 409, "name", f,
                               "name: there is an account of this name, or of one that looks like it");
    case ACCESS_GONE:
        return exchange_refuse(x, 404, NULL, f, "there is none of this id");
    case ACCESS_LAST:
        return exchange_refuse(x, 409, NULL, f,
                               "this is the only admin who can sign in: make another one first");
    case ACCESS_SPENT:
        return exchange_refuse(x, 403, "token", f,
                               "token: this link was used or is too old; the server's terminal has another "
                               "when it is started anew");
    default:
        return exchange_refuse(x, 401, NULL, f, "there is no account of this name with this password");
    }
}

static status need_accounts(exchange *x, failure *f) {
    return accounts_alone(x->with->access) ? exchange_refuse(x, 409, NULL, f,
                                                             "this server has no accounts: it is for one "
                                                             "person at its machine (isnad serve --accounts)")
                                           : STATUS_OK;
}

/* Whatever is asked of accounts begins here: there are any, and what is sent, where something is to be, is an
 * object. */
static status begin(exchange *x, json_t **body, failure *f) {
    status s = need_accounts(x, f);
    return s == STATUS_OK && body ? exchange_object(x, body, f) : s;
}

/* And ends here: with what was sent given back, and what they decided told. */
static status end(exchange *x, json_t *body, status s, const access_answer *a, failure *f) {
    json_decref(body);
    return s == STATUS_OK ? told(x, a, f) : s;
}

/* ---- the session ---- */

static json_t *text(str s) {
    return s.data ? json_stringn(s.data, s.size) : json_null();
}

static json_t *user_json(const access_who *who) {
    if (!who->id.data)
        return json_null();
    return json_pack("{s:o,s:o,s:s}", "id", text(who->id), "name", text(who->name), "role",
                     access_role_name(who->role));
}

static json_t *may_of(const access_who *who) {
    static const struct {
        const char *what;
        access_role least;
        unsigned scope;
    } rights[] = {{"read", ROLE_PUBLIC, SCOPE_READ},
                  {"review", ROLE_REVIEWER, SCOPE_REVIEW},
                  {"add", ROLE_REVIEWER, SCOPE_ADD},
                  {"export", ROLE_READER, SCOPE_EXPORT},
                  {"admin", ROLE_ADMIN, SCOPE_ADMIN}};
    json_t *may = json_array();
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        if (who->role >= rights[i].least && (who->scopes & rights[i].scope))
            json_array_append_new(may, json_string(rights[i].what));
    }
    return may;
}

static status project_name(exchange *x, str *out, failure *f) {
    status s = accounts_setting(x->with->access, "project", x->a, out, f);
    if (s != STATUS_OK || out->size)
        return s;
    const char *path = x->with->options->ledger_path, *slash = strrchr(path, '/');
    str name = strstr(path, "://") ? STR("isnad") : str_of(slash ? slash + 1 : path);
    size_t dot = name.size;
    while (dot > 1 && name.data[dot - 1] != '.')
        dot--;
    *out = dot > 1 ? str_slice(name, 0, dot - 1) : name;
    return STATUS_OK;
}

/* How much there is tells nobody who may not read. */
static status ledger_json(exchange *x, const access_who *who, json_t **out, failure *f) {
    uint64_t incidents = 0, claims = 0;
    str name = STR_NONE;
    status s = project_name(x, &name, f);
    *out = NULL;
    if (s != STATUS_OK)
        return s;
    if (who->role < ROLE_PUBLIC) {
        *out = json_pack("{s:o,s:n,s:n}", "name", text(name), "incidents", "claims");
        return STATUS_OK;
    }
    s = x->with->size(x, !who->sees_sensitive, &incidents, &claims, f);
    if (s == STATUS_OK)
        *out = json_pack("{s:o,s:I,s:I}", "name", text(name), "incidents", (json_int_t)incidents, "claims",
                         (json_int_t)claims);
    return s;
}

static status two_reviewers_json(exchange *x, json_t **out, failure *f) {
    str kinds = STR_NONE, one;
    status s = accounts_setting(x->with->access, "two_reviewers", x->a, &kinds, f);
    *out = json_array();
    for (size_t at = 0; kinds.size && str_piece(kinds, &at, ' ', &one);) {
        if (one.size)
            json_array_append_new(*out, text(one));
    }
    return s;
}

static status tell_session(exchange *x, const access_who *who, failure *f) {
    accounts *a = x->with->access;
    bool empty = false;
    char csrf[GUARD_CSRF];
    json_t *of = NULL, *two = NULL;
    status s = accounts_alone(a) ? STATUS_OK : accounts_empty(a, &empty, f);
    if (s == STATUS_OK)
        s = ledger_json(x, who, &of, f);
    if (s == STATUS_OK)
        s = two_reviewers_json(x, &two, f);
    if (s != STATUS_OK) {
        json_decref(of);
        json_decref(two);
        return s;
    }
    guard_csrf(x, who, csrf);
    exchange_header(x, "Cache-Control", "no-store");
    return exchange_json(x,
                         json_pack("{s:o,s:s,s:b,s:b,s:b,s:o,s:s,s:o,s:o}", "user", user_json(who), "csrf",
                                   csrf, "public", accounts_public(a), "setup", empty, "accounts",
                                   !accounts_alone(a), "ledger", of, "version", ISNAD_VERSION,
                                   "two_reviewers", two, "may", may_of(who)),
                         f);
}

static status answer_session(exchange *x, failure *f) {
    return tell_session(x, x->who, f);
}

/* A new session: its cookie, and what GET /session would say by it. */
static status give_session(exchange *x, const access_answer *a, failure *f) {
    access_who who;
    status s = accounts_by_session(x->with->access, a->secret, x->a, &who, f);
    if (s != STATUS_OK)
        return s;
    guard_cookie(x, a->secret);
    return tell_session(x, &who, f);
}

/* Members that all have to be there. */
static status texts_of(exchange *x, const json_t *body, const char *const *names, str *const *out,
                       size_t count, failure *f) {
    status s = STATUS_OK;
    for (size_t i = 0; i < count && s == STATUS_OK; i++)
        s = member_text(x, body, names[i], true, out[i], f);
    return s;
}

static status answer_login(exchange *x, failure *f) {
    static const char *const names[] = {"name", "password"};
    json_t *body = NULL;
    str name, password;
    access_answer a = {0};
    status s = begin(x, &body, f);
    if (s == STATUS_OK)
        s = texts_of(x, body, names, (str *const[]){&name, &password}, 2, f);
    if (s == STATUS_OK)
        s = accounts_login(x->with->access, name, password, from_of(x), exchange_cookie(x, "isnad_session"),
                           x->a, &a, f);
    s = end(x, body, s, &a, f);
    return s == STATUS_OK ? give_session(x, &a, f) : s;
}

static status answer_logout(exchange *x, failure *f) {
    status s = begin(x, NULL, f);
    if (s == STATUS_OK)
        s = accounts_logout(x->with->access, x->who, from_of(x), f);
    if (s != STATUS_OK)
        return s;
    guard_cookie(x, STR_NONE);
    exchange_header(x, "Clear-Site-Data", "\"cache\"");
    hub_drop(x->with->hub, x->who->id);
    x->code = 204;
    return STATUS_OK;
}

static status answer_setup(exchange *x, failure *f) {
    static const char *const names[] = {"token", "name", "password"};
    json_t *body = NULL;
    str token, name, password;
    access_answer a = {0};
    status s = begin(x, &body, f);
    if (s == STATUS_OK)
        s = texts_of(x, body, names, (str *const[]){&token, &name, &password}, 3, f);
    if (s == STATUS_OK)
        s = accounts_setup(x->with->access, token, name, password, from_of(x), x->a, &a, f);
    s = end(x, body, s, &a, f);
    return s == STATUS_OK ? give_session(x, &a, f) : s;
}

static status answer_password(exchange *x, failure *f) {
    static const char *const names[] = {"old", "new"};
    json_t *body = NULL;
    str old, new;
    access_answer a = {0};
    status s = begin(x, &body, f);
    if (s == STATUS_OK)
        s = texts_of(x, body, names, (str *const[]){&old, &new}, 2, f);
    if (s == STATUS_OK)
        s = account_password(x->with->access, x->who, from_of(x), old, new, x->a, &a, f);
    if (s == STATUS_OK && a.verdict == ACCESS_NO)
        s = exchange_refuse(x, 403, "old", f, "old: this is not the password");
    if (a.verdict == ACCESS_UNFIT)
        a.id = STR("new");
    s = end(x, body, s, &a, f);
    if (s != STATUS_OK)
        return s;
    hub_drop(x->with->hub, x->who->id);
    return give_session(x, &a, f);
}

/* ---- accounts ---- */

static status answer_users(exchange *x, failure *f) {
    buffer_add(&x->answer, STR("{\"users\":["));
    status s = accounts_list(x->with->access, exchange_row, x, f);
    buffer_add(&x->answer, STR("]}"));
    return s;
}

static status role_of(exchange *x, const json_t *body, bool needed, access_role *out, failure *f) {
    str name = STR_NONE;
    status s = member_text(x, body, "role", needed, &name, f);
    if (s == STATUS_OK && name.data && !access_role_named(name, out))
        s = exchange_refuse(x, 400, "role", f, "role: expected reader, reviewer or admin");
    return s;
}

static status tell_id(exchange *x, str id, failure *f) {
    x->code = x->method == HTTP_POST ? 201 : 200;
    return exchange_json(x, json_pack("{s:o}", "id", text(id)), f);
}

static status answer_user_add(exchange *x, failure *f) {
    json_t *body = NULL;
    str name = STR_NONE, password = STR_NONE;
    access_role role = ROLE_READER;
    access_answer a = {0};
    status s = begin(x, &body, f);
    if (s == STATUS_OK)
        s = member_text(x, body, "name", true, &name, f);
    if (s == STATUS_OK)
        s = role_of(x, body, true, &role, f);
    if (s == STATUS_OK)
        s = member_text(x, body, "password", true, &password, f);
    if (s == STATUS_OK)
        s = account_add(x->with->access, x->who, from_of(x), name, role, password, x->a, &a, f);
    s = end(x, body, s, &a, f);
    return s == STATUS_OK ? tell_id(x, a.id, f) : s;
}

static status change_of(exchange *x, const json_t *body, account_change *out, failure *f) {
    bool disabled = false;
    *out = (account_change){0};
    status s = role_of(x, body, false, &out->role, f);
    if (s == STATUS_OK)
        s = member_truth(x, body, "disabled", false, &disabled, f);
    if (s == STATUS_OK && json_is_boolean(json_object_get(body, "disabled")))
        out->disabled = disabled ? 1 : -1;
    if (s == STATUS_OK)
        s = member_text(x, body, "password", false, &out->password, f);
    if (s == STATUS_OK && !out->role && !out->disabled && !out->password.data)
        s = exchange_refuse(x, 400, NULL, f, "expected role, disabled or password");
    return s;
}

static status answer_user_change(exchange *x, failure *f) {
    json_t *body = NULL;
    account_change change;
    access_answer a = {0};
    status s = begin(x, &body, f);
    if (s == STATUS_OK)
        s = change_of(x, body, &change, f);
    if (s == STATUS_OK)
        s = account_change_it(x->with->access, x->who, from_of(x), x->id, &change, x->a, &a, f);
    s = end(x, body, s, &a, f);
    if (s != STATUS_OK)
        return s;
    hub_drop(x->with->hub, x->id);
    return tell_id(x, x->id, f);
}

static status answer_user_remove(exchange *x, failure *f) {
    access_answer a = {0};
    status s = begin(x, NULL, f);
    if (s == STATUS_OK)
        s = account_remove(x->with->access, x->who, from_of(x), x->id, &a, f);
    s = end(x, NULL, s, &a, f);
    if (s != STATUS_OK)
        return s;
    hub_drop(x->with->hub, x->id);
    x->code = 204;
    return STATUS_OK;
}

/* ---- tokens ---- */

/* ?all=1: everybody's, for admins. */
static status answer_tokens(exchange *x, failure *f) {
    bool all = x->who->role == ROLE_ADMIN && str_equal(target_value(x->target, STR("all")), STR("1"));
    buffer_add(&x->answer, STR("{\"tokens\":["));
    status s = tokens_list(x->with->access, x->who, all, exchange_row, x, f);
    buffer_add(&x->answer, STR("]}"));
    return s;
}

static status scopes_of(exchange *x, const json_t *body, unsigned *out, failure *f) {
    string_list names = {0};
    status s = member_texts(x, body, "scopes", true, 5, &names, f);
    for (size_t i = 0; i < names.size && s == STATUS_OK; i++) {
        unsigned one = access_scope_named(names.at[i]);
        if (!one)
            s = exchange_refuse(x, 400, "scopes", f,
                                "scopes: expected some of read, review, add, export and admin");
        *out |= one;
    }
    return s;
}

static status answer_token_add(exchange *x, failure *f) {
    json_t *body = NULL;
    str label = STR_NONE;
    unsigned wanted = 0;
    int64_t days = 0;
    access_answer a = {0};
    status s = begin(x, &body, f);
    if (s == STATUS_OK)
        s = member_text(x, body, "label", true, &label, f);
    if (s == STATUS_OK)
        s = scopes_of(x, body, &wanted, f);
    if (s == STATUS_OK)
        s = member_number(x, body, "days", false, &days, f);
    if (s == STATUS_OK && (days < 0 || days > MOST_DAYS))
        s = exchange_refuse(x, 400, "days", f, "days: expected 1 to %d, or none", MOST_DAYS);
    if (s == STATUS_OK)
        s = token_add(x->with->access, x->who, from_of(x), label, wanted, days, x->a, &a, f);
    s = end(x, body, s, &a, f);
    if (s != STATUS_OK)
        return s;
    x->code = 201;
    exchange_header(x, "Cache-Control", "no-store");
    return exchange_json(x, json_pack("{s:o,s:o}", "id", text(a.id), "token", text(a.secret)), f);
}

static status answer_token_remove(exchange *x, failure *f) {
    access_answer a = {0};
    status s = begin(x, NULL, f);
    if (s == STATUS_OK)
        s = token_remove(x->with->access, x->who, from_of(x), x->id, x->who->role == ROLE_ADMIN, &a, f);
    s = end(x, NULL, s, &a, f);
    if (s == STATUS_OK)
        x->code = 204;
    return s;
}

/* ---- settings and the log ---- */

static status answer_settings(exchange *x, failure *f) {
    json_t *two;
    str name = STR_NONE;
    status s = two_reviewers_json(x, &two, f);
    if (s == STATUS_OK)
        s = accounts_setting(x->with->access, "project", x->a, &name, f);
    if (s != STATUS_OK) {
        json_decref(two);
        return s;
    }
    return exchange_json(x,
                         json_pack("{s:b,s:o,s:o}", "public", accounts_public(x->with->access),
                                   "two_reviewers", two, "project", text(name)),
                         f);
}

/* Kinds of acts are small letters; which there are the review knows. */
static bool is_kind(str name) {
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] < 'a' || name.data[i] > 'z')
            return false;
    return name.size > 0 && name.size <= 20;
}

static status set_two(exchange *x, const json_t *body, failure *f) {
    string_list kinds = {0};
    str all = STR("");
    status s = member_texts(x, body, "two_reviewers", false, 30, &kinds, f);
    if (s != STATUS_OK || !json_is_array(json_object_get(body, "two_reviewers")))
        return s;
    for (size_t i = 0; i < kinds.size; i++) {
        if (!is_kind(kinds.at[i]))
            return exchange_refuse(x, 400, "two_reviewers", f,
                                   "two_reviewers: expected kinds of acts, such as merge");
        all = arena_printf(x->a, "%.*s%s%.*s", STR_ARG(all), all.size ? " " : "", STR_ARG(kinds.at[i]));
    }
    return accounts_set(x->with->access, x->who, from_of(x), "two_reviewers", all, f);
}

static status set_project(exchange *x, const json_t *body, failure *f) {
    str name = STR_NONE, kept, folded;
    status s = member_text(x, body, "project", false, &name, f);
    if (s != STATUS_OK || !name.data)
        return s;
    if (access_name_fit(name, x->a, &kept, &folded))
        return exchange_refuse(x, 400, "project", f, "project: expected 1 to 64 letters");
    return accounts_set(x->with->access, x->who, from_of(x), "project", kept, f);
}

static status set_public(exchange *x, const json_t *body, failure *f) {
    bool public = false;
    status s = member_truth(x, body, "public", false, &public, f);
    if (s != STATUS_OK || !json_is_boolean(json_object_get(body, "public")))
        return s;
    if (accounts_alone(x->with->access))
        return need_accounts(x, f);
    return accounts_set(x->with->access, x->who, from_of(x), "public", public ? STR("1") : STR("0"), f);
}

static status answer_settings_change(exchange *x, failure *f) {
    json_t *body;
    status s = exchange_object(x, &body, f);
    if (s != STATUS_OK)
        return s;
    s = set_two(x, body, f);
    if (s == STATUS_OK)
        s = set_project(x, body, f);
    if (s == STATUS_OK)
        s = set_public(x, body, f);
    json_decref(body);
    return s == STATUS_OK ? answer_settings(x, f) : s;
}

typedef struct page {
    exchange *x;
    uint64_t left;
    int64_t last;
    bool more;
} page;

static bool add_event(void *context, str json) {
    page *p = context;
    if (p->left == 0) {
        p->more = true;
        return false;
    }
    p->left--;
    p->last = strtoll(json.data + strlen("{\"id\":"), NULL, 10);
    return exchange_row(p->x, json);
}

static status answer_audit(exchange *x, failure *f) {
    uint64_t after = 0, limit = 100;
    status s = exchange_number(x, "after", 0, INT64_MAX, &after, f);
    if (s == STATUS_OK)
        s = exchange_number(x, "limit", 1, 1000, &limit, f);
    if (s != STATUS_OK)
        return s;
    page p = {.x = x, .left = limit};
    buffer_add(&x->answer, STR("{\"events\":["));
    s = accounts_audited(x->with->access, (int64_t)after, (int64_t)limit + 1, add_event, &p, f);
    if (p.more)
        buffer_printf(&x->answer, "],\"next\":\"%lld\"}", (long long)p.last);
    else
        buffer_add(&x->answer, STR("],\"next\":null}"));
    return s;
}

enum { SMALL = 8192 };
const route routes_access[] = {
    {HTTP_GET, "session", ROLE_NONE, NULL, 0, answer_session, 0},
    {HTTP_POST, "session", ROLE_NONE, NULL, SMALL, answer_login, ROUTE_SESSION | ROUTE_NOTED | ROUTE_SLOW},
    {HTTP_DELETE, "session", ROLE_READER, NULL, 0, answer_logout, ROUTE_SESSION | ROUTE_NOTED},
    {HTTP_POST, "setup", ROLE_NONE, NULL, SMALL, answer_setup, ROUTE_SESSION | ROUTE_NOTED | ROUTE_SLOW},
    {HTTP_POST, "session/password", ROLE_READER, NULL, SMALL, answer_password,
     ROUTE_SESSION | ROUTE_NOTED | ROUTE_SLOW},
    {HTTP_GET, "users", ROLE_ADMIN, "admin", 0, answer_users, 0},
    {HTTP_POST, "users", ROLE_ADMIN, "admin", SMALL, answer_user_add, ROUTE_NOTED | ROUTE_SLOW},
    {HTTP_PATCH, "users/{id}", ROLE_ADMIN, "admin", SMALL, answer_user_change, ROUTE_NOTED | ROUTE_SLOW},
    {HTTP_DELETE, "users/{id}", ROLE_ADMIN, "admin", 0, answer_user_remove, ROUTE_NOTED},
    {HTTP_GET, "tokens", ROLE_READER, NULL, 0, answer_tokens, ROUTE_SESSION},
    {HTTP_POST, "tokens", ROLE_READER, NULL, SMALL, answer_token_add, ROUTE_SESSION | ROUTE_NOTED},
    {HTTP_DELETE, "tokens/{id}", ROLE_READER, NULL, 0, answer_token_remove, ROUTE_SESSION | ROUTE_NOTED},
    {HTTP_GET, "settings", ROLE_ADMIN, "admin", 0, answer_settings, 0},
    {HTTP_PATCH, "settings", ROLE_ADMIN, "admin", SMALL, answer_settings_change, ROUTE_NOTED},
    {HTTP_GET, "audit", ROLE_ADMIN, "admin", 0, answer_audit, 0},
    {0},
};
