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
    put_json_key(b, key);
    if (value.data)
        put_json_string(b, value);
    else
        buffer_add(b, STR("null"));
}

static void put_time(buffer *b, arena *memory, const char *key, int64_t at) {
    put_text(b, key, at ? moment_text(memory, at) : STR_NONE);
}

/* The members of one row. */
typedef void (*row_writer)(buffer *b, access_statement *s, arena *memory);

/* With the lock held. */
static status give_rows(access_statement *s, row_writer write, accounts_row row, void *context) {
    arena memory = arena_new((allocator){0});
    buffer b = {0};
    for (bool more = true; more && ask_row(s);) {
        b.size = 0;
        buffer_add_byte(&b, '{');
        write(&b, s, &memory);
        buffer_add_byte(&b, '}');
        more = row(context, buffer_str(&b));
        arena_reset(&memory);
    }
    buffer_free(&b);
    arena_free(&memory);
    return ask_done(s);
}

/* ---- the log of who did what ---- */

/* With the lock held, in the transaction that is open. */
static status write_event(accounts *a, const audit_event *e, failure *f) {
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
    status s = write_event(a, e, f);
    pthread_mutex_unlock(&a->lock);
    return s;
}

static void put_event(buffer *b, access_statement *s, arena *memory) {
    static const char *const names[] = {"who", "name", "token", "from", "what", "of", "outcome"};
    put_json_key(b, "id");
    buffer_printf(b, "%" PRId64, got_number(s, 0));
    put_time(b, memory, "time", got_number(s, 1));
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        put_text(b, names[i], got_text(s, i + 2, memory));
}

status accounts_audited(accounts *a, int64_t before, int64_t limit, accounts_row row, void *context,
                        failure *f) {
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a,
                   "SELECT sequence, time, account, name, token, place, what, of, outcome FROM audit"
                   " WHERE ?1 = 0 OR sequence < ?1 ORDER BY sequence DESC LIMIT ?2",
                   f);
    ask_number(&s, before);
    ask_number(&s, limit);
    status code = give_rows(&s, put_event, row, context);
    pthread_mutex_unlock(&a->lock);
    return code;
}

/* ---- changes ---- */

/* A change of accounts under way: one transaction, in which what came of it is noted as well. */
typedef struct change {
    accounts *a;
    const access_who *by; /* NULL: nobody who is known */
    str name;             /* as it was typed, where nobody is known */
    str from;
    arena *memory;
    access_answer *out;
    failure *f;
    struct {
        const char *what;
        str of;
    } noted[4];
    size_t noted_count;
    /* Once it stands: */
    bool public; /* what the setting is */
    bool spent;  /* the first account's link is used */
} change;

/* Every change begins here, and from then on has the lock. */
static status begin(change *c) {
    pthread_mutex_lock(&c->a->lock);
    status s = access_begin(c->a, c->f);
    if (s != STATUS_OK)
        pthread_mutex_unlock(&c->a->lock);
    c->noted_count = 0;
    c->public = c->a->public;
    return s;
}

/* What the audit log is to have of it, as done or refused by what is decided at the end. */
static void note(change *c, const char *what, str of) {
    c->noted[c->noted_count].what = what;
    c->noted[c->noted_count++].of = of;
}

/* Every change ends here, with the status that it came to: all of it stands, with what is noted, or nothing.
 */
static status end(change *c, status s) {
    const char *outcome = c->out->verdict == ACCESS_YES ? "done" : "refused";
    for (size_t i = 0; i < c->noted_count && s == STATUS_OK; i++)
        s = write_event(c->a,
                        &(audit_event){.who = c->by,
                                       .name = c->name,
                                       .from = c->from,
                                       .what = c->noted[i].what,
                                       .of = c->noted[i].of,
                                       .outcome = outcome},
                        c->f);
    s = access_end(c->a, s, c->f);
    if (s == STATUS_OK) {
        c->a->epoch += c->noted_count > 0;
        c->a->public = c->public;
        if (c->spent)
            *c->a->setup = '\0';
    }
    pthread_mutex_unlock(&c->a->lock);
    return s;
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

static status count_accounts(accounts *a, int64_t *out, failure *f) {
    return access_number(a, "SELECT count(*) FROM account", out, f);
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
    return ask_run(&s);
}

static status end_session(accounts *a, str secret, failure *f) {
    access_statement s = access_ask(a, "DELETE FROM session WHERE hash = ?", f);
    ask_digest(&s, access_hash(secret));
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

/* Where it holds: by its hash, and when it was to be asked by last, and made, at the least. */
#define OF_SESSION                                                                                           \
    " FROM session JOIN account ON account.key = session.account WHERE session.hash = ?1 AND disabled = 0"   \
    " AND session.seen > ?2 AND session.made > ?3"

static status session_account(accounts *a, str secret, arena *memory, access_who *out, failure *f) {
    digest hash = access_hash(secret);
    int64_t now = accounts_now(a), seen = now;
    account found = {0};
    access_statement s =
        access_ask(a, "SELECT key, id, name, NULL, role, disabled, session.seen" OF_SESSION, f);
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
static status begin_try(change *c, str folded, account *found) {
    status s = begin(c);
    if (s != STATUS_OK)
        return s;
    s = throttle_try(c->a, folded, c->from, &c->out->wait, c->f);
    if (s == STATUS_OK)
        s = account_of(c->a, ACCOUNT "WHERE folded = ?", folded, c->memory, found, c->f);
    return end(c, s);
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

static status see_account(accounts *a, int64_t key, failure *f) {
    access_statement s = access_ask(a, "UPDATE account SET seen = ? WHERE key = ?", f);
    ask_number(&s, accounts_now(a));
    ask_number(&s, key);
    return ask_run(&s);
}

/* Whether it is what it was: it may have been disabled, or its password changed, while its hash was worked
 * out. */
static status still_stands(change *c, const account *of, account *now, bool *stands) {
    status s = account_of(c->a, ACCOUNT "WHERE id = ?", of->id, c->memory, now, c->f);
    *stands = s == STATUS_OK && now->id.data && !now->disabled && str_equal(now->hash, of->hash);
    return s;
}

static status let_in(change *c, const account *of, const char *hash, str folded, str old_session) {
    account now = {0};
    bool stands;
    status s = still_stands(c, of, &now, &stands);
    if (!stands)
        return s;
    access_who *who = ARENA_NEW(c->memory, access_who, 1);
    *who = who_of(&now);
    c->by = who;
    s = throttle_forget(c->a, folded, c->from, c->f);
    if (s == STATUS_OK)
        s = renew_hash(c->a, of, hash, c->f);
    if (s == STATUS_OK && old_session.size)
        s = end_session(c->a, old_session, c->f);
    if (s == STATUS_OK)
        s = begin_session(c->a, of->key, c->memory, &c->out->secret, c->f);
    if (s == STATUS_OK)
        s = see_account(c->a, of->key, c->f);
    c->out->verdict = ACCESS_YES;
    c->out->id = of->id;
    return s;
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
    change c = {.a = a,
                .name = fit ? kept : STR_NONE, /* what is no name may be a password */
                .from = from,
                .memory = memory,
                .out = out,
                .f = f};
    status s = begin_try(&c, folded, &found);
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
    s = begin(&c);
    if (s != STATUS_OK)
        return s;
    note(&c, "login", STR_NONE);
    return end(&c, good ? let_in(&c, &found, hash, folded, old_session) : STATUS_OK);
}

status accounts_logout(accounts *a, const access_who *who, str from, failure *f) {
    access_answer done = {.verdict = ACCESS_YES};
    change c = {.a = a, .by = who, .from = from, .out = &done, .f = f};
    status s = who->session.size ? begin(&c) : STATUS_OK;
    if (s != STATUS_OK || !who->session.size)
        return s;
    note(&c, "logout", STR_NONE);
    return end(&c, end_session(a, who->session, f));
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

static status insert_account(change *c, str name, str folded, access_role role, const char *hash) {
    account other = {0};
    char secret[65];
    status s = account_of(c->a, ACCOUNT "WHERE folded = ?", folded, c->memory, &other, c->f);
    if (s != STATUS_OK || other.id.data) {
        c->out->verdict = ACCESS_TAKEN;
        return s;
    }
    access_secret(secret);
    c->out->id = arena_printf(c->memory, "u-%.16s", secret);
    access_statement insert = access_ask(
        c->a, "INSERT INTO account(id, name, folded, role, hash, made) VALUES (?, ?, ?, ?, ?, ?)", c->f);
    ask_text(&insert, c->out->id);
    ask_text(&insert, name);
    ask_text(&insert, folded);
    ask_number(&insert, role);
    ask_text(&insert, str_of(hash));
    ask_number(&insert, accounts_now(c->a));
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
    change c = {.a = a, .by = by, .from = from, .memory = memory, .out = out, .f = f};
    status s = begin(&c);
    if (s != STATUS_OK)
        return s;
    note(&c, "account added", with_role(memory, kept, role));
    return end(&c, insert_account(&c, kept, folded, role, hash));
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

static status make_first(change *c, str secret, str name, str folded, const char *hash) {
    bool holds = false;
    account made = {0};
    access_who *who = ARENA_NEW(c->memory, access_who, 1);
    status s = setup_holds(c->a, secret, &holds, c->f);
    if (s != STATUS_OK || !holds) {
        c->out->verdict = ACCESS_SPENT;
        return s;
    }
    s = insert_account(c, name, folded, ROLE_ADMIN, hash);
    if (s == STATUS_OK)
        s = account_of(c->a, ACCOUNT "WHERE id = ?", c->out->id, c->memory, &made, c->f);
    if (s == STATUS_OK)
        s = begin_session(c->a, made.key, c->memory, &c->out->secret, c->f);
    *who = who_of(&made);
    c->by = who;
    c->spent = true;
    note(c, "setup", name);
    return s;
}

/* As of signing in, a try that has to wait is not noted. */
static status try_setup(change *c, str secret, bool *holds) {
    status s = begin(c);
    if (s != STATUS_OK)
        return s;
    s = throttle_try(c->a, STR("setup"), c->from, &c->out->wait, c->f);
    if (s == STATUS_OK && !c->out->wait)
        s = setup_holds(c->a, secret, holds, c->f);
    if (c->out->wait)
        c->out->verdict = ACCESS_LATER;
    else if (!*holds)
        note(c, "setup", STR_NONE);
    return end(c, s);
}

/* The link is tried before the password is hashed, so that no stranger makes us hash; and again after. */
status accounts_setup(accounts *a, str secret, str name, str password, str from, arena *memory,
                      access_answer *out, failure *f) {
    str kept, folded;
    char hash[PASSWORD_HASH];
    bool holds = false;
    *out = (access_answer){.verdict = ACCESS_SPENT};
    change c = {.a = a, .from = from, .memory = memory, .out = out, .f = f};
    status s = try_setup(&c, secret, &holds);
    if (s != STATUS_OK || !holds || !prepare(a, name, password, memory, &kept, &folded, hash, out))
        return s;
    s = begin(&c);
    return s == STATUS_OK ? end(&c, make_first(&c, secret, kept, folded, hash)) : s;
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

static status write_change(accounts *a, const account *of, const account_change *asked, const char *hash,
                           failure *f) {
    access_statement s =
        access_ask(a,
                   "UPDATE account SET role = CASE ?1 WHEN 0 THEN role ELSE ?1 END, disabled = CASE"
                   " ?2 WHEN 0 THEN disabled WHEN 1 THEN 1 ELSE 0 END, hash = coalesce(?3, hash)"
                   " WHERE key = ?4",
                   f);
    ask_number(&s, asked->role);
    ask_number(&s, asked->disabled);
    ask_text(&s, *hash ? str_of(hash) : STR_NONE);
    ask_number(&s, of->key);
    return ask_run(&s);
}

static void note_change(change *c, const account *of, const account_change *asked) {
    if (asked->role)
        note(c, "role given", with_role(c->memory, of->name, asked->role));
    if (asked->disabled)
        note(c, asked->disabled > 0 ? "account disabled" : "account enabled", of->name);
    if (asked->password.data)
        note(c, "password given", of->name);
}

static status change_inside(change *c, str id, const account_change *asked, const char *hash) {
    account of = {0};
    bool last = false;
    status s = account_of(c->a, ACCOUNT "WHERE id = ?", id, c->memory, &of, c->f);
    if (s != STATUS_OK || !of.id.data) {
        c->out->verdict = ACCESS_GONE;
        return s;
    }
    bool lowers = asked->disabled > 0 || (asked->role && asked->role < ROLE_ADMIN);
    s = lowers ? is_last(c->a, &of, &last, c->f) : STATUS_OK;
    c->out->verdict = last ? ACCESS_LAST : ACCESS_YES;
    c->out->id = of.id;
    note_change(c, &of, asked);
    if (s == STATUS_OK && !last)
        s = write_change(c->a, &of, asked, hash, c->f);
    return s == STATUS_OK && !last ? end_sessions(c->a, of.key, c->f) : s;
}

static status name_of(accounts *a, str id, arena *memory, str *out, failure *f) {
    account of = {0};
    pthread_mutex_lock(&a->lock);
    status s = account_of(a, ACCOUNT "WHERE id = ?", id, memory, &of, f);
    pthread_mutex_unlock(&a->lock);
    *out = of.name;
    return s;
}

status account_change_it(accounts *a, const access_who *by, str from, str id, const account_change *asked,
                         arena *memory, access_answer *out, failure *f) {
    char hash[PASSWORD_HASH] = "";
    *out = (access_answer){.verdict = ACCESS_YES};
    if (asked->password.data) {
        str name, kept, folded;
        status s = name_of(a, id, memory, &name, f);
        if (s != STATUS_OK)
            return s;
        if (!name.data)
            out->verdict = ACCESS_GONE;
        if (!name.data || !prepare(a, name, asked->password, memory, &kept, &folded, hash, out))
            return STATUS_OK;
    }
    change c = {.a = a, .by = by, .from = from, .memory = memory, .out = out, .f = f};
    status s = begin(&c);
    return s == STATUS_OK ? end(&c, change_inside(&c, id, asked, hash)) : s;
}

/* The old one was right; whether the new one is fit, c->out says. */
static status renew_password(change *c, const account *of, const char *hash, str folded) {
    account now = {0};
    bool stands;
    status s = throttle_forget(c->a, folded, c->from, c->f);
    if (s != STATUS_OK || c->out->verdict != ACCESS_YES)
        return s;
    s = still_stands(c, of, &now, &stands);
    if (!stands) {
        c->out->verdict = ACCESS_GONE;
        return s;
    }
    s = renew_hash(c->a, of, hash, c->f);
    if (s == STATUS_OK)
        s = end_sessions(c->a, of->key, c->f);
    return s == STATUS_OK ? begin_session(c->a, of->key, c->memory, &c->out->secret, c->f) : s;
}

/* Tries at the old one are counted like those at signing in: a session left open must not be a way to try. */
status account_password(accounts *a, const access_who *who, str from, str old, str new, arena *memory,
                        access_answer *out, failure *f) {
    account of = {0};
    str kept, folded, typed = old;
    char hash[PASSWORD_HASH] = "";
    *out = (access_answer){.verdict = ACCESS_NO};
    if (access_name_fit(who->name, memory, &kept, &folded))
        return STATUS_OK;
    access_password_fit(old, STR_NONE, memory, &typed);
    change c = {.a = a, .by = who, .from = from, .memory = memory, .out = out, .f = f};
    status s = begin_try(&c, folded, &of);
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
    s = begin(&c);
    if (s != STATUS_OK)
        return s;
    note(&c, "password changed", STR_NONE);
    return end(&c, right == 1 ? renew_password(&c, &of, hash, folded) : STATUS_OK);
}

static status remove_inside(change *c, str id) {
    account of = {0};
    bool last = false;
    status s = account_of(c->a, ACCOUNT "WHERE id = ?", id, c->memory, &of, c->f);
    if (s != STATUS_OK || !of.id.data) {
        c->out->verdict = ACCESS_GONE;
        return s;
    }
    s = is_last(c->a, &of, &last, c->f);
    c->out->verdict = last ? ACCESS_LAST : ACCESS_YES;
    note(c, "account removed", of.name);
    if (s != STATUS_OK || last)
        return s;
    access_statement gone = access_ask(c->a, "DELETE FROM account WHERE key = ?", c->f);
    ask_number(&gone, of.key);
    return ask_run(&gone);
}

status account_remove(accounts *a, const access_who *by, str from, str id, access_answer *out, failure *f) {
    arena memory = arena_new((allocator){0});
    *out = (access_answer){0};
    change c = {.a = a, .by = by, .from = from, .memory = &memory, .out = out, .f = f};
    status s = begin(&c);
    if (s == STATUS_OK)
        s = end(&c, remove_inside(&c, id));
    arena_free(&memory);
    return s;
}

static void put_account(buffer *b, access_statement *s, arena *memory) {
    put_text(b, "id", got_text(s, 0, memory));
    put_text(b, "name", got_text(s, 1, memory));
    put_text(b, "role", str_of(access_role_name((access_role)got_number(s, 2))));
    put_json_key(b, "disabled");
    buffer_add(b, got_number(s, 3) ? STR("true") : STR("false"));
    put_time(b, memory, "made", got_number(s, 4));
    put_time(b, memory, "seen", got_number(s, 5));
}

status accounts_list(accounts *a, accounts_row row, void *context, failure *f) {
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a, "SELECT id, name, role, disabled, made, seen FROM account ORDER BY folded", f);
    status code = give_rows(&s, put_account, row, context);
    pthread_mutex_unlock(&a->lock);
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

static status count_tokens(accounts *a, const account *of, int64_t *out, failure *f) {
    access_statement s = access_ask(a, "SELECT count(*) FROM token WHERE account = ?", f);
    ask_number(&s, of->key);
    if (ask_row(&s))
        *out = got_number(&s, 0);
    return ask_done(&s);
}

static status add_token_inside(change *c, str label, unsigned wanted, int64_t days) {
    account of = {0};
    int64_t count = 0;
    char secret[65], id[65];
    status s = account_of(c->a, ACCOUNT "WHERE id = ? AND disabled = 0", c->by->id, c->memory, &of, c->f);
    if (s != STATUS_OK || !of.id.data) {
        c->out->verdict = ACCESS_GONE;
        return s;
    }
    s = count_tokens(c->a, &of, &count, c->f);
    if (s != STATUS_OK || count >= TOKENS || (wanted & ~scopes_of(of.role)) || !wanted) {
        *c->out = (access_answer){.verdict = ACCESS_UNFIT,
                                  .id = count >= TOKENS ? STR_NONE : STR("scopes"),
                                  .said = count >= TOKENS ? "there are 50 tokens already: take one back"
                                                          : "expected some of what your role may do"};
        return s;
    }
    access_secret(secret);
    access_secret(id);
    c->out->verdict = ACCESS_YES;
    c->out->secret = arena_printf(c->memory, "%s%s", TOKEN, secret);
    c->out->id = arena_printf(c->memory, "t-%.16s", id);
    note(c, "token made",
         arena_printf(c->memory, "%.*s (%.*s)", STR_ARG(c->out->id), STR_ARG(scope_list(c->memory, wanted))));
    return insert_token(c->a, &of, label, wanted, days, c->out->secret, c->out->id, c->f);
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
    change c = {.a = a, .by = who, .from = from, .memory = memory, .out = out, .f = f};
    status s = begin(&c);
    return s == STATUS_OK ? end(&c, add_token_inside(&c, kept, wanted, days)) : s;
}

static status remove_token_inside(change *c, str id, bool everybody) {
    access_statement s =
        access_ask(c->a,
                   "DELETE FROM token WHERE id = ?1 AND (?2 = 1 OR account = (SELECT key FROM account"
                   " WHERE account.id = ?3)) RETURNING 1",
                   c->f);
    ask_text(&s, id);
    ask_number(&s, everybody);
    ask_text(&s, c->by->id);
    if (ask_row(&s)) {
        c->out->verdict = ACCESS_YES;
        note(c, "token taken back", id);
    }
    return ask_run(&s);
}

status token_remove(accounts *a, const access_who *who, str from, str id, bool everybody, access_answer *out,
                    failure *f) {
    *out = (access_answer){.verdict = ACCESS_GONE};
    change c = {.a = a, .by = who, .from = from, .out = out, .f = f};
    status s = begin(&c);
    return s == STATUS_OK ? end(&c, remove_token_inside(&c, id, everybody)) : s;
}

static status use_token(accounts *a, str id, int64_t now, failure *f) {
    access_statement s = access_ask(a, "UPDATE token SET used = ? WHERE id = ?", f);
    ask_number(&s, now);
    ask_text(&s, id);
    return ask_run(&s);
}

/* Those that hold. */
#define OF_TOKEN                                                                                             \
    " FROM token JOIN account ON account.key = token.account WHERE disabled = 0 AND (expires IS NULL OR"     \
    " expires > ?1)"

/* Sensitive records are seen by whoever reviews: a token that may not review sees none, whosever it is. */
static status token_account(accounts *a, str secret, arena *memory, access_who *out, failure *f) {
    int64_t now = accounts_now(a), used = 0;
    account found = {0};
    str id = STR_NONE;
    unsigned given = 0;
    access_statement s =
        access_ask(a,
                   "SELECT account.key, account.id, account.name, NULL, role, disabled, token.id, scopes,"
                   " used" OF_TOKEN " AND token.hash = ?2",
                   f);
    ask_number(&s, now);
    ask_digest(&s, access_hash(secret));
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

/* The role that somebody has by now, by what they were told apart by. */
static access_statement ask_role(accounts *a, const access_who *who) {
    int64_t now = accounts_now(a);
    if (who->token.data) {
        access_statement s = access_ask(a, "SELECT role" OF_TOKEN " AND token.id = ?2", NULL);
        ask_number(&s, now);
        ask_text(&s, who->token);
        return s;
    }
    access_statement s = access_ask(a, "SELECT role" OF_SESSION, NULL);
    ask_digest(&s, access_hash(who->session));
    ask_number(&s, now - IDLE);
    ask_number(&s, now - LONGEST);
    return s;
}

bool accounts_hold(accounts *a, const access_who *who) {
    if (accounts_alone(a))
        return true;
    pthread_mutex_lock(&a->lock);
    access_role role = a->public ? ROLE_PUBLIC : ROLE_NONE;
    if (who->id.data) {
        access_statement s = ask_role(a, who);
        role = ask_row(&s) ? (access_role)got_number(&s, 0) : ROLE_NONE;
        ask_done(&s);
    }
    pthread_mutex_unlock(&a->lock);
    return role == who->role;
}

static void put_token(buffer *b, access_statement *s, arena *memory) {
    unsigned given = (unsigned)got_number(s, 2);
    put_text(b, "id", got_text(s, 0, memory));
    put_text(b, "label", got_text(s, 1, memory));
    put_json_key(b, "scopes");
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (given & scopes[i].scope) {
            put_json_comma(b);
            put_json_string(b, str_of(scopes[i].name));
        }
    }
    buffer_add_byte(b, ']');
    put_time(b, memory, "made", got_number(s, 3));
    put_time(b, memory, "expires", got_number(s, 4));
    put_time(b, memory, "used", got_number(s, 5));
    put_text(b, "user", got_text(s, 6, memory));
    put_text(b, "name", got_text(s, 7, memory));
}

status tokens_list(accounts *a, const access_who *who, bool everybody, accounts_row row, void *context,
                   failure *f) {
    pthread_mutex_lock(&a->lock);
    access_statement s =
        access_ask(a,
                   "SELECT token.id, label, scopes, token.made, expires, used, account.id, name FROM token"
                   " JOIN account ON account.key = token.account WHERE ?1 = 1 OR account.id = ?2 ORDER BY"
                   " token.made DESC, token.id",
                   f);
    ask_number(&s, everybody);
    ask_text(&s, who->id);
    status code = give_rows(&s, put_token, row, context);
    pthread_mutex_unlock(&a->lock);
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

static status write_setting(accounts *a, const char *name, str value, failure *f) {
    access_statement s = access_ask(a,
                                    "INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT (name) DO "
                                    "UPDATE SET value = excluded.value",
                                    f);
    ask_text(&s, str_of(name));
    ask_text(&s, value);
    return ask_run(&s);
}

status accounts_set(accounts *a, const access_who *by, str from, const char *name, str value, failure *f) {
    arena memory = arena_new((allocator){0});
    access_answer done = {.verdict = ACCESS_YES};
    change c = {.a = a, .by = by, .from = from, .memory = &memory, .out = &done, .f = f};
    status s = begin(&c);
    if (s == STATUS_OK) {
        note(&c, "setting", arena_printf(&memory, "%s: %.*s", name, STR_ARG(value)));
        if (strcmp(name, "public") == 0)
            c.public = str_equal(value, STR("1"));
        s = end(&c, write_setting(a, name, value, f));
    }
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
