#include "serve/access_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "base/json_out.h"

/* A session ends when nobody asked by it for half a day, or after a week in any case. */
enum { IDLE = 12 * 3600, LONGEST = 7 * 24 * 3600, SEEN_STEP = 60, SESSIONS = 20, TOKENS = 50 };
enum { SETUP_SECONDS = 24 * 3600, LATER = 5 };

/* ---- words ---- */

static const char *const roles[] = {"none", "public", "reader", "reviewer", "admin"};

const char *access_role_name(access_role r) {
    return roles[r];
}

bool access_role_named(str name, access_role *out) {
    for (int r = ROLE_READER; r <= ROLE_ADMIN; r++) {
        if (str_equal(name, str_of(roles[r]))) {
            *out = (access_role)r;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *name;
    unsigned scope;
} scopes[] = {{"read", SCOPE_READ},
              {"review", SCOPE_REVIEW},
              {"add", SCOPE_ADD},
              {"export", SCOPE_EXPORT},
              {"admin", SCOPE_ADMIN}};

unsigned access_scope_named(str name) {
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (str_equal(name, str_of(scopes[i].name)))
            return scopes[i].scope;
    }
    return 0;
}

const char *access_scope_name(unsigned scope) {
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (scopes[i].scope == scope)
            return scopes[i].name;
    }
    return NULL;
}

/* What a role may do at most: no token of its owner does more. */
static unsigned scopes_of(access_role role) {
    switch (role) {
    case ROLE_ADMIN:
        return SCOPE_ALL;
    case ROLE_REVIEWER:
        return SCOPE_READ | SCOPE_REVIEW | SCOPE_ADD | SCOPE_EXPORT;
    case ROLE_READER:
        return SCOPE_READ | SCOPE_EXPORT;
    default:
        return SCOPE_READ;
    }
}

/* ---- rows as JSON ---- */

static void put_text(buffer *b, const char *key, str value) {
    buffer_printf(b, "%s\"%s\":", b->size > 1 ? "," : "", key);
    if (value.data)
        put_json_string(b, value);
    else
        buffer_add(b, STR("null"));
}

static void put_time(buffer *b, arena *memory, const char *key, int64_t at) {
    put_text(b, key, at ? moment_text(memory, at) : STR_NONE);
}

/* ---- the log of who did what ---- */

status access_note(accounts *a, const audit_event *e, failure *f) {
    access_statement s = access_ask(a,
                                    "INSERT INTO audit(time, account, name, token, place, what, of, outcome) "
                                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                    f);
    ask_number(&s, accounts_now(a));
    ask_text(&s, e->who ? e->who->id : STR_NONE);
    ask_text(&s, e->who && e->who->name.data ? e->who->name : e->name);
    ask_text(&s, e->who ? e->who->token : STR_NONE);
    ask_text(&s, e->from);
    ask_text(&s, str_of(e->what));
    ask_text(&s, e->of);
    ask_text(&s, str_of(e->outcome));
    return ask_run(&s);
}

status accounts_audit(accounts *a, const audit_event *e, failure *f) {
    pthread_mutex_lock(&a->lock);
    status s = access_note(a, e, f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

status accounts_audited(accounts *a, int64_t before, int64_t limit, accounts_row row, void *context,
                        failure *f) {
    arena memory = arena_new((allocator){0});
    buffer b = {0};
    static const char *const names[] = {"who", "name", "token", "from", "what", "of", "outcome"};
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a,
                   "SELECT sequence, time, account, name, token, place, what, of, outcome FROM audit"
                   " WHERE ?1 = 0 OR sequence < ?1 ORDER BY sequence DESC LIMIT ?2",
                   f);
    ask_number(&s, before);
    ask_number(&s, limit);
    for (bool more = true; more && ask_row(&s);) {
        b.size = 0;
        buffer_printf(&b, "{\"id\":%" PRId64, got_number(&s, 0));
        put_time(&b, &memory, "time", got_number(&s, 1));
        for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
            put_text(&b, names[i], got_text(&s, i + 2, &memory));
        buffer_add_byte(&b, '}');
        more = row(context, buffer_str(&b));
        arena_reset(&memory);
    }
    status code = ask_done(&s);
    pthread_mutex_unlock(&a->lock);
    buffer_free(&b);
    arena_free(&memory);
    return code;
}

/* ---- accounts as they stand ---- */

typedef struct account {
    int64_t key;
    str id, name, hash;
    access_role role;
    bool disabled;
} account;

#define ACCOUNT "SELECT key, id, name, hash, role, disabled FROM account "

static status one_account(access_statement *s, arena *memory, account *out) {
    account found = {0};
    if (ask_row(s))
        found = (account){.key = got_number(s, 0),
                          .id = got_text(s, 1, memory),
                          .name = got_text(s, 2, memory),
                          .hash = got_text(s, 3, memory),
                          .role = (access_role)got_number(s, 4),
                          .disabled = got_number(s, 5) != 0};
    status code = ask_done(s);
    if (code == STATUS_OK)
        *out = found;
    return code;
}

static status account_of(accounts *a, const char *sql, str by, arena *memory, account *out, failure *f) {
    access_statement s = access_ask(a, sql, f);
    ask_text(&s, by);
    return one_account(&s, memory, out);
}

static access_who who_of(const account *of) {
    return (access_who){.id = of->id,
                        .name = of->name,
                        .role = of->role,
                        .scopes = scopes_of(of->role),
                        .sees_sensitive = of->role >= ROLE_REVIEWER};
}

static status number_of(accounts *a, const char *sql, int64_t *out, failure *f) {
    access_statement s = access_ask(a, sql, f);
    if (ask_row(&s))
        *out = got_number(&s, 0);
    return ask_done(&s);
}

static status count_accounts(accounts *a, int64_t *out, failure *f) {
    return number_of(a, "SELECT count(*) FROM account", out, f);
}

status accounts_empty(accounts *a, bool *out, failure *f) {
    int64_t count = 0;
    pthread_mutex_lock(&a->lock);
    status s = count_accounts(a, &count, f);
    pthread_mutex_unlock(&a->lock);
    *out = count == 0;
    return s;
}

status account_named(accounts *a, str name, arena *memory, str *id, failure *f) {
    str kept, folded;
    account found = {0};
    *id = STR_NONE;
    if (access_name_fit(name, memory, &kept, &folded))
        return STATUS_OK;
    pthread_mutex_lock(&a->lock);
    status s = account_of(a, ACCOUNT "WHERE folded = ?", folded, memory, &found, f);
    pthread_mutex_unlock(&a->lock);
    *id = found.id;
    return s;
}

/* ---- sessions ---- */

static status end_sessions(accounts *a, int64_t of, failure *f) {
    access_statement s = access_ask(a, "DELETE FROM session WHERE account = ?", f);
    ask_number(&s, of);
    a->epoch++;
    return ask_run(&s);
}

static status end_session(accounts *a, str secret, failure *f) {
    access_statement s = access_ask(a, "DELETE FROM session WHERE hash = ?", f);
    ask_digest(&s, access_hash(secret));
    a->epoch++;
    return ask_run(&s);
}

/* What is over goes, and of one's many the oldest. */
static status tidy_sessions(accounts *a, int64_t of, int64_t now, failure *f) {
    access_statement s = access_ask(a,
                                    "DELETE FROM session WHERE seen <= ?1 OR made <= ?2 OR hash IN (SELECT "
                                    "hash FROM session WHERE account = ?3"
                                    " ORDER BY seen DESC LIMIT -1 OFFSET ?4)",
                                    f);
    ask_number(&s, now - IDLE);
    ask_number(&s, now - LONGEST);
    ask_number(&s, of);
    ask_number(&s, SESSIONS - 1);
    return ask_run(&s);
}

static status begin_session(accounts *a, int64_t of, arena *memory, str *secret, failure *f) {
    char made[65];
    int64_t now = accounts_now(a);
    status code = tidy_sessions(a, of, now, f);
    if (code != STATUS_OK)
        return code;
    access_secret(made);
    access_statement s =
        access_ask(a, "INSERT INTO session(hash, account, made, seen) VALUES (?1, ?2, ?3, ?3)", f);
    ask_digest(&s, access_hash(str_of(made)));
    ask_number(&s, of);
    ask_number(&s, now);
    *secret = arena_copy(memory, str_of(made));
    return ask_run(&s);
}

static status touch_session(accounts *a, digest hash, int64_t now, failure *f) {
    access_statement s = access_ask(a, "UPDATE session SET seen = ? WHERE hash = ?", f);
    ask_number(&s, now);
    ask_digest(&s, hash);
    return ask_run(&s);
}

static status session_account(accounts *a, str secret, arena *memory, access_who *out, failure *f) {
    digest hash = access_hash(secret);
    int64_t now = accounts_now(a), seen = now;
    account found = {0};
    access_statement s = access_ask(
        a,
        "SELECT key, id, name, NULL, role, disabled, session.seen FROM session JOIN account ON account.key ="
        " session.account WHERE session.hash = ?1 AND disabled = 0 AND session.seen > ?2 AND session.made > "
        "?3",
        f);
    ask_digest(&s, hash);
    ask_number(&s, now - IDLE);
    ask_number(&s, now - LONGEST);
    if (ask_row(&s)) {
        found = (account){.key = got_number(&s, 0),
                          .id = got_text(&s, 1, memory),
                          .name = got_text(&s, 2, memory),
                          .role = (access_role)got_number(&s, 4)};
        seen = got_number(&s, 6);
    }
    status code = ask_done(&s);
    if (code != STATUS_OK || !found.id.data)
        return code;
    *out = who_of(&found);
    out->session = arena_copy(memory, secret);
    return now - seen >= SEEN_STEP ? touch_session(a, hash, now, f) : STATUS_OK;
}

status accounts_by_session(accounts *a, str secret, arena *memory, access_who *out, failure *f) {
    *out = (access_who){0};
    if (secret.size != 64)
        return STATUS_OK;
    pthread_mutex_lock(&a->lock);
    status s = session_account(a, secret, memory, out, f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

/* ---- signing in ---- */

/* A try that has to wait is not noted: whoever makes thousands must not fill the disk. */
static status begin_try(accounts *a, str folded, str from, account *found, arena *memory, access_answer *out,
                        failure *f) {
    pthread_mutex_lock(&a->lock);
    status s = access_begin(a, f);
    if (s == STATUS_OK) {
        s = throttle_try(a, folded, from, &out->wait, f);
        if (s == STATUS_OK)
            s = account_of(a, ACCOUNT "WHERE folded = ?", folded, memory, found, f);
        s = access_end(a, s, f);
    }
    pthread_mutex_unlock(&a->lock);
    return s;
}

/* Passwords that were hashed with other parameters are hashed again while they are at hand. */
static status renew_hash(accounts *a, const account *of, const char *hash, failure *f) {
    if (!*hash)
        return STATUS_OK;
    access_statement s = access_ask(a, "UPDATE account SET hash = ? WHERE key = ?", f);
    ask_text(&s, str_of(hash));
    ask_number(&s, of->key);
    return ask_run(&s);
}

/* It may have been disabled, or its password changed, while its hash was worked out. */
static status let_in(accounts *a, const account *of, const char *hash, str folded, str from, str old_session,
                     arena *memory, access_answer *out, failure *f) {
    account now = {0};
    status s = account_of(a, ACCOUNT "WHERE id = ?", of->id, memory, &now, f);
    if (s != STATUS_OK || now.disabled || !str_equal(now.hash, of->hash)) {
        out->verdict = ACCESS_NO;
        return s;
    }
    access_who who = who_of(&now);
    s = throttle_forget(a, folded, from, f);
    if (s == STATUS_OK)
        s = renew_hash(a, of, hash, f);
    if (s == STATUS_OK && old_session.size)
        s = end_session(a, old_session, f);
    if (s == STATUS_OK)
        s = begin_session(a, of->key, memory, &out->secret, f);
    access_statement seen = access_ask(a, "UPDATE account SET seen = ? WHERE key = ?", f);
    ask_number(&seen, accounts_now(a));
    ask_number(&seen, of->key);
    status told = ask_run(&seen);
    s = s == STATUS_OK ? told : s;
    out->verdict = ACCESS_YES;
    out->id = of->id;
    return s == STATUS_OK
               ? access_note(a, &(audit_event){.who = &who, .from = from, .what = "login", .outcome = "done"},
                             f)
               : s;
}

/* What is told of a name that is unknown is what is told of a wrong password, as late. */
status accounts_login(accounts *a, str name, str password, str from, str old_session, arena *memory,
                      access_answer *out, failure *f) {
    str kept = name, folded = name, typed = password;
    account found = {0};
    char hash[PASSWORD_HASH] = "";
    *out = (access_answer){.verdict = ACCESS_NO};
    bool fit = !access_name_fit(name, memory, &kept, &folded);
    const char *unfit = access_password_fit(password, STR_NONE, memory, &typed);
    if (unfit && !typed.data)
        typed = STR("");
    str shown = fit ? kept : STR_NONE; /* what is no name may be a password */
    status s = begin_try(a, folded, from, &found, memory, out, f);
    if (s != STATUS_OK)
        return s;
    if (out->wait > 0) {
        out->verdict = ACCESS_LATER;
        return STATUS_OK;
    }
    bool can = fit && found.id.data && !found.disabled;
    int right = hasher_verify(a->hasher, can ? arena_cstring(memory, found.hash) : a->nobody, typed);
    if (right < 0) {
        *out = (access_answer){.verdict = ACCESS_LATER, .wait = LATER};
        return STATUS_OK;
    }
    bool good = right == 1 && can;
    if (good && hasher_is_old(a->hasher, arena_cstring(memory, found.hash)) &&
        !hasher_hash(a->hasher, typed, hash))
        *hash = '\0';
    pthread_mutex_lock(&a->lock);
    s = access_begin(a, f);
    if (s == STATUS_OK) {
        if (good)
            s = let_in(a, &found, hash, folded, from, old_session, memory, out, f);
        if (s == STATUS_OK && out->verdict != ACCESS_YES)
            s = access_note(
                a, &(audit_event){.name = shown, .from = from, .what = "login", .outcome = "refused"}, f);
        s = access_end(a, s, f);
    }
    pthread_mutex_unlock(&a->lock);
    return s;
}

status accounts_logout(accounts *a, const access_who *who, str from, failure *f) {
    if (!who->session.size)
        return STATUS_OK;
    pthread_mutex_lock(&a->lock);
    status s = end_session(a, who->session, f);
    if (s == STATUS_OK)
        s = access_note(a, &(audit_event){.who = who, .from = from, .what = "logout", .outcome = "done"}, f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

/* ---- making and changing accounts ---- */

/* What is asked of a name and a password, and the hash; false: `out` says why not. */
static bool prepare(accounts *a, str name, str password, arena *memory, str *kept, str *folded, char *hash,
                    access_answer *out) {
    str typed;
    *out = (access_answer){.verdict = ACCESS_UNFIT};
    out->said = access_name_fit(name, memory, kept, folded);
    out->id = STR("name");
    if (!out->said) {
        out->said = access_password_fit(password, *kept, memory, &typed);
        out->id = STR("password");
    }
    if (out->said)
        return false;
    *out = (access_answer){.verdict = ACCESS_YES};
    if (!hasher_hash(a->hasher, typed, hash))
        *out = (access_answer){.verdict = ACCESS_LATER, .wait = LATER};
    return out->verdict == ACCESS_YES;
}

static status insert_account(accounts *a, str name, str folded, access_role role, const char *hash,
                             arena *memory, access_answer *out, failure *f) {
    account other = {0};
    char secret[65];
    status s = account_of(a, ACCOUNT "WHERE folded = ?", folded, memory, &other, f);
    if (s != STATUS_OK || other.id.data) {
        out->verdict = ACCESS_TAKEN;
        return s;
    }
    access_secret(secret);
    out->id = arena_printf(memory, "u-%.16s", secret);
    access_statement insert =
        access_ask(a, "INSERT INTO account(id, name, folded, role, hash, made) VALUES (?, ?, ?, ?, ?, ?)", f);
    ask_text(&insert, out->id);
    ask_text(&insert, name);
    ask_text(&insert, folded);
    ask_number(&insert, role);
    ask_text(&insert, str_of(hash));
    ask_number(&insert, accounts_now(a));
    a->epoch++;
    return ask_run(&insert);
}

static str with_role(arena *memory, str name, access_role role) {
    return arena_printf(memory, "%.*s (%s)", STR_ARG(name), access_role_name(role));
}

status account_add(accounts *a, const access_who *by, str from, str name, access_role role, str password,
                   arena *memory, access_answer *out, failure *f) {
    str kept, folded;
    char hash[PASSWORD_HASH];
    if (!prepare(a, name, password, memory, &kept, &folded, hash, out))
        return STATUS_OK;
    pthread_mutex_lock(&a->lock);
    status s = access_begin(a, f);
    if (s == STATUS_OK) {
        s = insert_account(a, kept, folded, role, hash, memory, out, f);
        if (s == STATUS_OK)
            s = access_note(a,
                            &(audit_event){.who = by,
                                           .from = from,
                                           .what = "account added",
                                           .of = with_role(memory, kept, role),
                                           .outcome = out->verdict == ACCESS_YES ? "done" : "refused"},
                            f);
        s = access_end(a, s, f);
    }
    pthread_mutex_unlock(&a->lock);
    return s;
}

void accounts_setup_secret(accounts *a, char out[65]) {
    pthread_mutex_lock(&a->lock);
    access_secret(a->setup);
    a->setup_until = accounts_now(a) + SETUP_SECONDS;
    memcpy(out, a->setup, sizeof a->setup);
    pthread_mutex_unlock(&a->lock);
}

/* With the lock held: the secret is the one, and there is no account yet. */
static status setup_holds(accounts *a, str secret, bool *holds, failure *f) {
    int64_t count = 1;
    status s = count_accounts(a, &count, f);
    *holds =
        count == 0 && *a->setup && accounts_now(a) < a->setup_until && access_same(secret, str_of(a->setup));
    return s;
}

static status make_first(accounts *a, str secret, str name, str folded, const char *hash, str from,
                         arena *memory, access_answer *out, failure *f) {
    bool holds = false;
    account made = {0};
    status s = setup_holds(a, secret, &holds, f);
    if (s != STATUS_OK || !holds) {
        out->verdict = ACCESS_SPENT;
        return s;
    }
    s = insert_account(a, name, folded, ROLE_ADMIN, hash, memory, out, f);
    if (s == STATUS_OK)
        s = account_of(a, ACCOUNT "WHERE id = ?", out->id, memory, &made, f);
    if (s == STATUS_OK)
        s = begin_session(a, made.key, memory, &out->secret, f);
    access_who who = who_of(&made);
    if (s == STATUS_OK)
        s = access_note(
            a, &(audit_event){.who = &who, .from = from, .what = "setup", .of = name, .outcome = "done"}, f);
    return s;
}

/* The link is tried before the password is hashed, so that no stranger makes us hash; and again after. */
status accounts_setup(accounts *a, str secret, str name, str password, str from, arena *memory,
                      access_answer *out, failure *f) {
    str kept, folded;
    char hash[PASSWORD_HASH];
    bool holds = false;
    *out = (access_answer){.verdict = ACCESS_SPENT};
    pthread_mutex_lock(&a->lock);
    status s = throttle_try(a, STR("setup"), from, &out->wait, f);
    if (s == STATUS_OK && !out->wait)
        s = setup_holds(a, secret, &holds, f);
    if (s == STATUS_OK && !holds)
        s = access_note(a, &(audit_event){.from = from, .what = "setup", .outcome = "refused"}, f);
    pthread_mutex_unlock(&a->lock);
    if (s == STATUS_OK && out->wait)
        out->verdict = ACCESS_LATER;
    if (s != STATUS_OK || !holds || !prepare(a, name, password, memory, &kept, &folded, hash, out))
        return s;
    pthread_mutex_lock(&a->lock);
    s = access_begin(a, f);
    if (s == STATUS_OK)
        s = access_end(a, make_first(a, secret, kept, folded, hash, from, memory, out, f), f);
    if (s == STATUS_OK && out->verdict == ACCESS_YES)
        *a->setup = '\0';
    pthread_mutex_unlock(&a->lock);
    return s;
}

/* Whether there is no other admin who can sign in. */
static status is_last(accounts *a, const account *of, bool *out, failure *f) {
    int64_t others = 0;
    access_statement s =
        access_ask(a, "SELECT count(*) FROM account WHERE role = ? AND disabled = 0 AND key <> ?", f);
    ask_number(&s, ROLE_ADMIN);
    ask_number(&s, of->key);
    if (ask_row(&s))
        others = got_number(&s, 0);
    *out = of->role == ROLE_ADMIN && !of->disabled && others == 0;
    return ask_done(&s);
}

static status write_change(accounts *a, const account *of, const account_change *change, const char *hash,
                           failure *f) {
    access_statement s =
        access_ask(a,
                   "UPDATE account SET role = CASE ?1 WHEN 0 THEN role ELSE ?1 END, disabled = CASE"
                   " ?2 WHEN 0 THEN disabled WHEN 1 THEN 1 ELSE 0 END, hash = coalesce(?3, hash)"
                   " WHERE key = ?4",
                   f);
    ask_number(&s, change->role);
    ask_number(&s, change->disabled);
    ask_text(&s, *hash ? str_of(hash) : STR_NONE);
    ask_number(&s, of->key);
    return ask_run(&s);
}

static status note_change(accounts *a, const access_who *by, str from, const account *of,
                          const account_change *c, arena *memory, access_verdict v, failure *f) {
    const struct {
        bool is;
        const char *what;
        str of;
    } all[] = {{c->role != ROLE_NONE, "role given", with_role(memory, of->name, c->role)},
               {c->disabled > 0, "account disabled", of->name},
               {c->disabled < 0, "account enabled", of->name},
               {c->password.data, "password given", of->name}};
    status s = STATUS_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && s == STATUS_OK; i++) {
        if (all[i].is)
            s = access_note(a,
                            &(audit_event){.who = by,
                                           .from = from,
                                           .what = all[i].what,
                                           .of = all[i].of,
                                           .outcome = v == ACCESS_YES ? "done" : "refused"},
                            f);
    }
    return s;
}

static status change_inside(accounts *a, const access_who *by, str from, str id, const account_change *change,
                            const char *hash, arena *memory, access_answer *out, failure *f) {
    account of = {0};
    bool last = false;
    status s = account_of(a, ACCOUNT "WHERE id = ?", id, memory, &of, f);
    if (s != STATUS_OK || !of.id.data) {
        out->verdict = ACCESS_GONE;
        return s;
    }
    bool lowers = change->disabled > 0 || (change->role && change->role < ROLE_ADMIN);
    s = lowers ? is_last(a, &of, &last, f) : STATUS_OK;
    out->verdict = last ? ACCESS_LAST : ACCESS_YES;
    out->id = of.id;
    if (s == STATUS_OK && !last)
        s = write_change(a, &of, change, hash, f);
    if (s == STATUS_OK && !last)
        s = end_sessions(a, of.key, f);
    return s == STATUS_OK ? note_change(a, by, from, &of, change, memory, out->verdict, f) : s;
}

static status name_of(accounts *a, str id, arena *memory, str *out, failure *f) {
    account of = {0};
    pthread_mutex_lock(&a->lock);
    status s = account_of(a, ACCOUNT "WHERE id = ?", id, memory, &of, f);
    pthread_mutex_unlock(&a->lock);
    *out = of.name;
    return s;
}

status account_change_it(accounts *a, const access_who *by, str from, str id, const account_change *change,
                         arena *memory, access_answer *out, failure *f) {
    char hash[PASSWORD_HASH] = "";
    *out = (access_answer){.verdict = ACCESS_YES};
    if (change->password.data) {
        str name, kept, folded;
        status s = name_of(a, id, memory, &name, f);
        if (s != STATUS_OK)
            return s;
        if (!name.data)
            out->verdict = ACCESS_GONE;
        if (!name.data || !prepare(a, name, change->password, memory, &kept, &folded, hash, out))
            return STATUS_OK;
    }
    pthread_mutex_lock(&a->lock);
    status s = access_begin(a, f);
    if (s == STATUS_OK)
        s = access_end(a, change_inside(a, by, from, id, change, hash, memory, out, f), f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

/* Tries at the old one are counted like those at signing in: a session left open must not be a way to try. */
status account_password(accounts *a, const access_who *who, str from, str old, str new, arena *memory,
                        access_answer *out, failure *f) {
    account of = {0}, now = {0};
    str kept, folded, typed = old;
    char hash[PASSWORD_HASH] = "";
    *out = (access_answer){.verdict = ACCESS_NO};
    if (access_name_fit(who->name, memory, &kept, &folded))
        return STATUS_OK;
    access_password_fit(old, STR_NONE, memory, &typed);
    status s = begin_try(a, folded, from, &of, memory, out, f);
    if (s != STATUS_OK)
        return s;
    if (out->wait > 0 || !of.id.data) {
        out->verdict = out->wait > 0 ? ACCESS_LATER : ACCESS_GONE;
        return STATUS_OK;
    }
    int right = hasher_verify(a->hasher, arena_cstring(memory, of.hash), typed.data ? typed : STR(""));
    if (right < 0)
        *out = (access_answer){.verdict = ACCESS_LATER, .wait = LATER};
    if (right == 1)
        prepare(a, who->name, new, memory, &kept, &folded, hash, out);
    pthread_mutex_lock(&a->lock);
    s = access_begin(a, f);
    if (s == STATUS_OK && right == 1)
        s = throttle_forget(a, folded, from, f);
    if (s == STATUS_OK && out->verdict == ACCESS_YES) {
        s = account_of(a, ACCOUNT "WHERE id = ?", of.id, memory, &now, f);
        if (s == STATUS_OK && (now.disabled || !str_equal(now.hash, of.hash)))
            out->verdict = ACCESS_GONE;
    }
    if (s == STATUS_OK && out->verdict == ACCESS_YES) {
        s = renew_hash(a, &of, hash, f);
        if (s == STATUS_OK)
            s = end_sessions(a, of.key, f);
        if (s == STATUS_OK)
            s = begin_session(a, of.key, memory, &out->secret, f);
    }
    if (s == STATUS_OK)
        s = access_note(a,
                        &(audit_event){.who = who,
                                       .from = from,
                                       .what = "password changed",
                                       .outcome = out->verdict == ACCESS_YES ? "done" : "refused"},
                        f);
    s = s == STATUS_OK || !a->lib.get_autocommit(a->db) ? access_end(a, s, f) : s;
    pthread_mutex_unlock(&a->lock);
    return s;
}

static status remove_inside(accounts *a, const access_who *by, str from, str id, arena *memory,
                            access_answer *out, failure *f) {
    account of = {0};
    bool last = false;
    status s = account_of(a, ACCOUNT "WHERE id = ?", id, memory, &of, f);
    if (s != STATUS_OK || !of.id.data) {
        out->verdict = ACCESS_GONE;
        return s;
    }
    s = is_last(a, &of, &last, f);
    out->verdict = last ? ACCESS_LAST : ACCESS_YES;
    if (s == STATUS_OK && !last) {
        access_statement gone = access_ask(a, "DELETE FROM account WHERE key = ?", f);
        ask_number(&gone, of.key);
        a->epoch++;
        s = ask_run(&gone);
    }
    return s == STATUS_OK ? access_note(a,
                                        &(audit_event){.who = by,
                                                       .from = from,
                                                       .what = "account removed",
                                                       .of = of.name,
                                                       .outcome = last ? "refused" : "done"},
                                        f)
                          : s;
}

status account_remove(accounts *a, const access_who *by, str from, str id, access_answer *out, failure *f) {
    arena memory = arena_new((allocator){0});
    *out = (access_answer){0};
    pthread_mutex_lock(&a->lock);
    status s = access_begin(a, f);
    if (s == STATUS_OK)
        s = access_end(a, remove_inside(a, by, from, id, &memory, out, f), f);
    pthread_mutex_unlock(&a->lock);
    arena_free(&memory);
    out->id = STR_NONE;
    return s;
}

status accounts_list(accounts *a, accounts_row row, void *context, failure *f) {
    arena memory = arena_new((allocator){0});
    buffer b = {0};
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a, "SELECT id, name, role, disabled, made, seen FROM account ORDER BY folded", f);
    for (bool more = true; more && ask_row(&s);) {
        b.size = 0;
        buffer_add_byte(&b, '{');
        put_text(&b, "id", got_text(&s, 0, &memory));
        put_text(&b, "name", got_text(&s, 1, &memory));
        put_text(&b, "role", str_of(access_role_name((access_role)got_number(&s, 2))));
        buffer_printf(&b, ",\"disabled\":%s", got_number(&s, 3) ? "true" : "false");
        put_time(&b, &memory, "made", got_number(&s, 4));
        put_time(&b, &memory, "seen", got_number(&s, 5));
        buffer_add_byte(&b, '}');
        more = row(context, buffer_str(&b));
        arena_reset(&memory);
    }
    status code = ask_done(&s);
    pthread_mutex_unlock(&a->lock);
    buffer_free(&b);
    arena_free(&memory);
    return code;
}

/* ---- tokens ---- */

static const char TOKEN[] = "isnad_";

static status insert_token(accounts *a, const account *of, str label, unsigned wanted, int64_t days,
                           str secret, str id, failure *f) {
    int64_t now = accounts_now(a);
    access_statement s = access_ask(a,
                                    "INSERT INTO token(id, hash, account, label, scopes, made, expires) "
                                    "VALUES (?, ?, ?, ?, ?, ?, nullif(?, 0))",
                                    f);
    ask_text(&s, id);
    ask_digest(&s, access_hash(secret));
    ask_number(&s, of->key);
    ask_text(&s, label);
    ask_number(&s, wanted);
    ask_number(&s, now);
    ask_number(&s, days ? now + days * 86400 : 0);
    return ask_run(&s);
}

static str scope_list(arena *memory, unsigned of) {
    str all = STR("");
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (of & scopes[i].scope)
            all = arena_printf(memory, "%.*s%s%s", STR_ARG(all), all.size ? " " : "", scopes[i].name);
    }
    return all;
}

static status add_token_inside(accounts *a, const access_who *who, str from, str label, unsigned wanted,
                               int64_t days, arena *memory, access_answer *out, failure *f) {
    account of = {0};
    int64_t count = 0;
    char secret[65], id[65];
    status s = account_of(a, ACCOUNT "WHERE id = ? AND disabled = 0", who->id, memory, &of, f);
    if (s != STATUS_OK || !of.id.data) {
        out->verdict = ACCESS_GONE;
        return s;
    }
    access_statement c = access_ask(a, "SELECT count(*) FROM token WHERE account = ?", f);
    ask_number(&c, of.key);
    count = ask_row(&c) ? got_number(&c, 0) : 0;
    s = ask_done(&c);
    if (s != STATUS_OK || count >= TOKENS || (wanted & ~scopes_of(of.role)) || !wanted) {
        *out = (access_answer){.verdict = ACCESS_UNFIT,
                               .id = count >= TOKENS ? STR_NONE : STR("scopes"),
                               .said = count >= TOKENS ? "there are 50 tokens already: take one back"
                                                       : "expected some of what your role may do"};
        return s;
    }
    access_secret(secret);
    access_secret(id);
    out->verdict = ACCESS_YES;
    out->secret = arena_printf(memory, "%s%s", TOKEN, secret);
    out->id = arena_printf(memory, "t-%.16s", id);
    s = insert_token(a, &of, label, wanted, days, out->secret, out->id, f);
    str what = arena_printf(memory, "%.*s (%.*s)", STR_ARG(out->id), STR_ARG(scope_list(memory, wanted)));
    return s == STATUS_OK
               ? access_note(
                     a,
                     &(audit_event){
                         .who = who, .from = from, .what = "token made", .of = what, .outcome = "done"},
                     f)
               : s;
}

status token_add(accounts *a, const access_who *who, str from, str label, unsigned wanted, int64_t days,
                 arena *memory, access_answer *out, failure *f) {
    str kept, folded;
    *out = (access_answer){0};
    if (access_name_fit(label, memory, &kept, &folded)) {
        *out =
            (access_answer){.verdict = ACCESS_UNFIT, .id = STR("label"), .said = "expected 1 to 64 letters"};
        return STATUS_OK;
    }
    pthread_mutex_lock(&a->lock);
    status s = access_begin(a, f);
    if (s == STATUS_OK)
        s = access_end(a, add_token_inside(a, who, from, kept, wanted, days, memory, out, f), f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

status token_remove(accounts *a, const access_who *who, str from, str id, bool everybody, access_answer *out,
                    failure *f) {
    *out = (access_answer){.verdict = ACCESS_GONE};
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a,
                   "DELETE FROM token WHERE id = ?1 AND (?2 = 1 OR account = (SELECT key FROM account"
                   " WHERE account.id = ?3)) RETURNING 1",
                   f);
    ask_text(&s, id);
    ask_number(&s, everybody);
    ask_text(&s, who->id);
    if (ask_row(&s))
        out->verdict = ACCESS_YES;
    status code = ask_run(&s);
    a->epoch++;
    if (code == STATUS_OK && out->verdict == ACCESS_YES)
        code = access_note(
            a,
            &(audit_event){.who = who, .from = from, .what = "token taken back", .of = id, .outcome = "done"},
            f);
    pthread_mutex_unlock(&a->lock);
    return code;
}

static status use_token(accounts *a, str id, int64_t now, failure *f) {
    access_statement s = access_ask(a, "UPDATE token SET used = ? WHERE id = ?", f);
    ask_number(&s, now);
    ask_text(&s, id);
    return ask_run(&s);
}

/* Sensitive records are seen by whoever reviews: a token that may not review sees none, whosever it is. */
static status token_account(accounts *a, str secret, arena *memory, access_who *out, failure *f) {
    int64_t now = accounts_now(a), used = 0;
    account found = {0};
    str id = STR_NONE;
    unsigned given = 0;
    access_statement s =
        access_ask(a,
                   "SELECT account.key, account.id, account.name, NULL, role, disabled, token.id, scopes,"
                   " used FROM token JOIN account ON account.key = token.account WHERE token.hash = ?1"
                   " AND disabled = 0 AND (expires IS NULL OR expires > ?2)",
                   f);
    ask_digest(&s, access_hash(secret));
    ask_number(&s, now);
    if (ask_row(&s)) {
        found = (account){.id = got_text(&s, 1, memory),
                          .name = got_text(&s, 2, memory),
                          .role = (access_role)got_number(&s, 4)};
        id = got_text(&s, 6, memory);
        given = (unsigned)got_number(&s, 7);
        used = got_number(&s, 8);
    }
    status code = ask_done(&s);
    if (code != STATUS_OK || !found.id.data)
        return code;
    *out = who_of(&found);
    out->scopes &= given;
    out->sees_sensitive = out->sees_sensitive && (out->scopes & (SCOPE_REVIEW | SCOPE_ADMIN));
    out->token = id;
    return now - used >= SEEN_STEP ? use_token(a, id, now, f) : STATUS_OK;
}

status accounts_by_token(accounts *a, str secret, arena *memory, access_who *out, failure *f) {
    *out = (access_who){0};
    if (secret.size != sizeof TOKEN - 1 + 64 || !str_starts(secret, str_of(TOKEN)) || a->options.alone)
        return STATUS_OK;
    pthread_mutex_lock(&a->lock);
    status s = token_account(a, secret, memory, out, f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

static void put_scopes(buffer *b, unsigned of) {
    buffer_add(b, STR(",\"scopes\":["));
    for (size_t i = 0, n = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (of & scopes[i].scope)
            buffer_printf(b, "%s\"%s\"", n++ ? "," : "", scopes[i].name);
    }
    buffer_add_byte(b, ']');
}

status tokens_list(accounts *a, const access_who *who, bool everybody, accounts_row row, void *context,
                   failure *f) {
    arena memory = arena_new((allocator){0});
    buffer b = {0};
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a,
                   "SELECT token.id, label, scopes, token.made, expires, used, account.id, name FROM token"
                   " JOIN account ON account.key = token.account WHERE ?1 = 1 OR account.id = ?2 ORDER BY"
                   " token.made DESC, token.id",
                   f);
    ask_number(&s, everybody);
    ask_text(&s, who->id);
    for (bool more = true; more && ask_row(&s);) {
        b.size = 0;
        buffer_add_byte(&b, '{');
        put_text(&b, "id", got_text(&s, 0, &memory));
        put_text(&b, "label", got_text(&s, 1, &memory));
        put_scopes(&b, (unsigned)got_number(&s, 2));
        put_time(&b, &memory, "made", got_number(&s, 3));
        put_time(&b, &memory, "expires", got_number(&s, 4));
        put_time(&b, &memory, "used", got_number(&s, 5));
        put_text(&b, "user", got_text(&s, 6, &memory));
        put_text(&b, "name", got_text(&s, 7, &memory));
        buffer_add_byte(&b, '}');
        more = row(context, buffer_str(&b));
        arena_reset(&memory);
    }
    status code = ask_done(&s);
    pthread_mutex_unlock(&a->lock);
    buffer_free(&b);
    arena_free(&memory);
    return code;
}

/* ---- settings ---- */

static status setting_inside(accounts *a, const char *name, arena *memory, str *out, failure *f) {
    access_statement s = access_ask(a, "SELECT value FROM setting WHERE name = ?", f);
    ask_text(&s, str_of(name));
    str found = ask_row(&s) ? got_text(&s, 0, memory) : STR_NONE;
    status code = ask_done(&s);
    if (code == STATUS_OK)
        *out = found;
    return code;
}

status accounts_setting(accounts *a, const char *name, arena *memory, str *out, failure *f) {
    *out = STR_NONE;
    pthread_mutex_lock(&a->lock);
    status s = setting_inside(a, name, memory, out, f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

static status set_inside(accounts *a, const access_who *by, str from, const char *name, str value,
                         arena *memory, failure *f) {
    access_statement s = access_ask(a,
                                    "INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT (name) DO "
                                    "UPDATE SET value = excluded.value",
                                    f);
    ask_text(&s, str_of(name));
    ask_text(&s, value);
    status code = ask_run(&s);
    str what = arena_printf(memory, "%s: %.*s", name, STR_ARG(value));
    return code == STATUS_OK
               ? access_note(a,
                             &(audit_event){
                                 .who = by, .from = from, .what = "setting", .of = what, .outcome = "done"},
                             f)
               : code;
}

status accounts_set(accounts *a, const access_who *by, str from, const char *name, str value, failure *f) {
    arena memory = arena_new((allocator){0});
    pthread_mutex_lock(&a->lock);
    status s = access_begin(a, f);
    if (s == STATUS_OK)
        s = access_end(a, set_inside(a, by, from, name, value, &memory, f), f);
    if (s == STATUS_OK && strcmp(name, "public") == 0)
        a->public = str_equal(value, STR("1"));
    a->epoch++;
    pthread_mutex_unlock(&a->lock);
    arena_free(&memory);
    return s;
}

bool accounts_public(accounts *a) {
    pthread_mutex_lock(&a->lock);
    bool is = a->public;
    pthread_mutex_unlock(&a->lock);
    return is;
}

bool accounts_needs_two(accounts *a, str kind) {
    arena memory = arena_new((allocator){0});
    str kinds = STR_NONE, one;
    bool needs = accounts_setting(a, "two_reviewers", &memory, &kinds, NULL) != STATUS_OK;
    for (size_t at = 0; kinds.size && !needs && str_piece(kinds, &at, ' ', &one);)
        needs = str_equal(one, kind);
    arena_free(&memory);
    return needs;
}
