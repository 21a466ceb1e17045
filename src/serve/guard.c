/* Who asks, and whether that may be.
 *
 * A browser sends a cookie along with whatever any page makes it ask. So what changes something by a cookie
 * must come from a page of ours by three signs: the browser's own word (Sec-Fetch-Site, else Origin), a
 * secret that only a page of ours can read (X-Isnad-CSRF, made of the session's own), and a body of JSON,
 * which no form can send. The cookie is SameSite=Lax and HttpOnly besides. A token travels in a header that
 * no other page can set, and needs none of it.
 *
 * Where nobody has an account, everybody who gets here is the one person at this machine: then nobody may get
 * here by way of a proxy, and pages elsewhere are kept out as above. */
#include "serve/guard.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "serve/hub.h"

static const char COOKIE[] = "isnad_session";

/* ---- opening ---- */

static bool others_get_here(const serve_options *o) {
    return o->remote || o->proxy || o->tls_certificate ||
           (o->base && strcmp(o->base, "/") != 0 && *o->base) || (o->names && *o->names);
}

static const char *local_name(const serve_options *o, arena *a) {
    enum { ENTRY = 4096 };
    const char *who = o->access.who ? o->access.who : getenv("ISNAD_WHO");
    if (who && *who)
        return who;
    struct passwd entry, *user = NULL;
    char *text = arena_take(a, ENTRY);
    return getpwuid_r(geteuid(), &entry, text, ENTRY, &user) == 0 && user && user->pw_name ? user->pw_name
                                                                                           : "local";
}

static status find_mode(const serve_options *o, const char *path, bool *alone, failure *f) {
    bool any = false;
    if (o->access.none && others_get_here(o))
        return fail(f, STATUS_USAGE,
                    "--no-accounts is for one person at this machine: not with --remote, --name, --base, "
                    "--proxy or TLS");
    if (o->access.none || o->access.wanted || others_get_here(o)) {
        *alone = o->access.none;
        return STATUS_OK;
    }
    status s = accounts_any(path, &any, f);
    *alone = !any;
    return s;
}

static bool is_public(const serve_services *with) {
    return !accounts_alone(with->access) && accounts_public(with->access);
}

static status identify(exchange *x, const route *r, failure *f);

status guard_open(serve_services *with, const serve_options *o, failure *f) {
    arena memory = arena_new((allocator){0});
    accounts_options options = {
        .now = o->access.now, .context = o->context, .passes = o->access.passes, .memory = o->access.memory};
    const char *path = o->access.file;
    status s = path ? STATUS_OK : accounts_path(o->ledger_path, &memory, &path, f);
    if (s == STATUS_OK)
        hide_name(&with->hidden, path);
    if (s == STATUS_OK)
        s = find_mode(o, path, &options.alone, f);
    if (s == STATUS_OK) {
        /* One person's settings need no file; where there is one, what is done is noted in it. */
        s = accounts_open(options.alone && access(path, F_OK) != 0 ? NULL : path, &options, &with->access, f);
    }
    with->identify = identify;
    with->is_public = is_public;
    arena_free(&memory);
    return s;
}

void guard_close(serve_services *with) {
    accounts_close(with->access);
    with->access = NULL;
}

void guard_ready(serve_services *with, const char *url) {
    const serve_options *o = with->options;
    bool empty = false;
    char secret[65], link[700];
    if (accounts_alone(with->access) || accounts_empty(with->access, &empty, NULL) != STATUS_OK || !empty)
        return;
    accounts_setup_secret(with->access, secret);
    snprintf(link, sizeof link, "%ssetup#%s", url, secret);
    if (o->access.setup)
        o->access.setup(o->context, link);
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(link, sizeof link);
}

/* ---- whose page ---- */

/* "https://name:port" against the Host header, which is one of ours (hosts.c). */
static bool is_ours(const exchange *x, str origin) {
    static const str schemes[] = {{"https://", 8}, {"http://", 7}};
    str host = exchange_asked(x, x->with->options->proxy ? "X-Forwarded-Host" : "Host");
    if (!host.data)
        host = exchange_asked(x, "Host");
    for (size_t i = 0; i < 2; i++) {
        if (str_starts(origin, schemes[i]))
            return (i == 0 || !x->secure) && host.size &&
                   str_equal_ascii_nocase(str_slice(origin, schemes[i].size, origin.size), host);
    }
    return false;
}

/* Whether it was sent by a page of ours, or by no browser at all. */
static bool same_origin(const exchange *x) {
    str site = exchange_asked(x, "Sec-Fetch-Site"), origin = exchange_asked(x, "Origin");
    if (site.data && !str_equal(site, STR("same-origin")))
        return false;
    return !origin.data || is_ours(x, origin);
}

void guard_csrf(const exchange *x, const access_who *who, char out[GUARD_CSRF]) {
    accounts_csrf(x->with->access, who->session.data ? who->session : STR(""), out);
}

static bool changes(const exchange *x) {
    return x->method != HTTP_GET && x->method != HTTP_OPTIONS;
}

static status refuse_foreign(exchange *x, const access_who *who, failure *f) {
    if (who->session.size)
        accounts_audit(
            x->with->access,
            &(audit_event){.who = who, .from = str_of(x->peer), .what = "foreign page", .outcome = "refused"},
            NULL);
    return exchange_refuse(x, 403, NULL, f,
                           "this was not asked by a page of this server: load the page anew");
}

/* `by_right`: the right to do it comes with the browser (its cookie, or that it is at this machine). */
static status check_page(exchange *x, const access_who *who, bool by_right, failure *f) {
    if (!changes(x))
        return STATUS_OK;
    str given = exchange_asked(x, "X-Isnad-CSRF");
    bool secret = accounts_csrf_holds(x->with->access, who->session.data ? who->session : STR(""),
                                      given.data ? given : STR(""));
    return same_origin(x) && (secret || !by_right) ? STATUS_OK : refuse_foreign(x, who, f);
}

/* ---- who ---- */

static status take_who(exchange *x, const access_who *who) {
    access_who *kept = ARENA_NEW(x->a, access_who, 1);
    *kept = *who;
    x->who = kept;
    return STATUS_OK;
}

static bool is_forwarded(const exchange *x) {
    static const char *const signs[] = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP",
                                        "Via"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (exchange_asked(x, signs[i]).data)
            return true;
    }
    return false;
}

static status identify_local(exchange *x, const route *r, failure *f) {
    access_who who = {.id = STR("local"),
                      .name = str_of(local_name(x->with->options, x->a)),
                      .role = ROLE_ADMIN,
                      .scopes = SCOPE_ALL,
                      .sees_sensitive = true};
    if (is_forwarded(x))
        return exchange_refuse(
            x, 403, NULL, f,
            "this server has no accounts and is for one person at its machine: behind a proxy "
            "it needs --proxy");
    status s = check_page(x, &who, true, f);
    (void)r;
    return s == STATUS_OK ? take_who(x, &who) : s;
}

static status identify_token(exchange *x, const route *r, str given, failure *f) {
    access_who who;
    status s = accounts_by_token(x->with->access, given, x->a, &who, f);
    if (s != STATUS_OK)
        return s;
    if (who.role == ROLE_NONE) {
        exchange_header(x, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
        return exchange_refuse(x, 401, NULL, f, "this token is none that holds");
    }
    if (r->flags & ROUTE_SESSION)
        return exchange_refuse(x, 403, NULL, f, "this is for people who signed in, not for tokens");
    return take_who(x, &who);
}

static status identify(exchange *x, const route *r, failure *f) {
    accounts *a = x->with->access;
    if (accounts_alone(a))
        return identify_local(x, r, f);
    str authorization = exchange_asked(x, "Authorization"), cookie = exchange_cookie(x, COOKIE);
    if (authorization.size > 7 && strncasecmp(authorization.data, "Bearer ", 7) == 0)
        return identify_token(x, r, str_trim(str_slice(authorization, 7, authorization.size)), f);
    access_who who = {0};
    status s = cookie.data ? accounts_by_session(a, cookie, x->a, &who, f) : STATUS_OK;
    if (s != STATUS_OK)
        return s;
    bool known = who.role != ROLE_NONE;
    if (!known)
        who = (access_who){.role = accounts_public(a) ? ROLE_PUBLIC : ROLE_NONE, .scopes = SCOPE_READ};
    /* Whoever signs in may still have the cookie of a session, but perhaps no page that knows its secret. */
    s = check_page(x, &who, known && r->least != ROLE_NONE, f);
    return s == STATUS_OK ? take_who(x, &who) : s;
}

void guard_cookie(exchange *x, str secret) {
    char line[400];
    snprintf(line, sizeof line, "%s=%.*s; Path=%s; HttpOnly; SameSite=Lax%s%s", COOKIE, STR_ARG(secret),
             x->base, x->secure ? "; Secure" : "", secret.size ? "" : "; Max-Age=0");
    exchange_header(x, "Set-Cookie", line);
}

/* ---- around a handler ---- */

/* One reader's look at a record is noted once an hour. */
static bool is_noted(const exchange *x, str id) {
    uint64_t h = str_hash_more(str_hash_more(STR_HASH_BEGUN, x->who->id), id);
    h = str_hash_end(str_hash_more(h, x->who->token));
    uint64_t mark = h ^ (uint64_t)(accounts_now(x->with->access) / 3600) * UINT64_C(0x9e3779b97f4a7c15);
    return accounts_saw(x->with->access, mark);
}

static bool is_record(const route *r) {
    return strncmp(r->path, "incidents/{id}", 14) == 0 || strncmp(r->path, "documents/{id}", 14) == 0 ||
           strncmp(r->path, "bundle", 6) == 0;
}

/* A sensitive record is asked for by somebody who may see it. */
static status note_seen(exchange *x, const route *r, failure *f) {
    str id = x->id.size ? x->id : target_value(x->target, STR("id"));
    bool shown = true;
    if (accounts_alone(x->with->access) || !x->who->sees_sensitive || !is_record(r) || !id.size)
        return STATUS_OK;
    ledger_hide_sensitive(x->ledger, true);
    status s = ledger_shows(x->ledger, id, &shown, f);
    ledger_hide_sensitive(x->ledger, false);
    if (s != STATUS_OK || shown || is_noted(x, id))
        return s;
    return accounts_audit(
        x->with->access,
        &(audit_event){
            .who = x->who, .from = str_of(x->peer), .what = "sensitive seen", .of = id, .outcome = "done"},
        f);
}

status guard_before(exchange *x, const route *r, failure *f) {
    ledger_hide_sensitive(x->ledger, !x->who->sees_sensitive);
    ledger_hide_reviewers(x->ledger, x->who->role <= ROLE_PUBLIC);
    return note_seen(x, r, f);
}

/* "sensitive i-7c0f…" of an act, else the address. */
static str object_of(exchange *x, const route *r) {
    enum { MOST = 300 };
    json_t *body =
        strcmp(r->path, "acts") == 0 && x->body.size ? json_loadb(x->body.data, x->body.size, 0, NULL) : NULL;
    const char *kind = json_string_value(json_object_get(body, "kind"));
    str out = kind ? arena_printf(x->a, "%.40s", kind) : arena_printf(x->a, "%s", r->path);
    const json_t *ids = json_object_get(body, "ids"), *one;
    size_t i;
    json_array_foreach(ids, i, one) {
        if (json_is_string(one) && out.size + json_string_length(one) < MOST)
            out = arena_printf(x->a, "%.*s %s", STR_ARG(out), json_string_value(one));
    }
    for (i = 0; !kind && i < x->target->fields.size; i++) {
        const target_field *field = &x->target->fields.at[i];
        if (out.size + field->name.size + field->value.size < MOST)
            out = arena_printf(x->a, "%.*s %.*s=%.*s", STR_ARG(out), STR_ARG(field->name),
                               STR_ARG(field->value));
    }
    if (x->id.size && x->id.size < MOST)
        out = arena_printf(x->a, "%.*s (%.*s)", STR_ARG(out), STR_ARG(x->id));
    json_decref(body);
    return out;
}

void guard_after(exchange *x, const route *r, status s) {
    bool takes_out = r->scope && strcmp(r->scope, "export") == 0;
    bool noise = (!changes(x) && !takes_out) || (r->flags & ROUTE_NOTED) || accounts_alone(x->with->access);
    if (noise)
        return;
    const char *what = takes_out                                    ? "export"
                       : r->scope && strcmp(r->scope, "add") == 0   ? "adding"
                       : r->scope && strcmp(r->scope, "admin") == 0 ? "administration"
                                                                    : "act";
    accounts_audit(x->with->access,
                   &(audit_event){.who = x->who,
                                  .from = str_of(x->peer),
                                  .what = what,
                                  .of = object_of(x, r),
                                  .outcome = s == STATUS_OK ? "done" : "refused"},
                   NULL);
}
