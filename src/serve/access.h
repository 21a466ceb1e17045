/* Who asks, and what they may: accounts, sessions, API tokens, settings and the audit log, in a SQLite file
 * of its own beside the ledger (docs/access.md). Nothing of it is in the ledger: a ledger that is copied,
 * merged or published takes no account along.
 *
 * Secrets (sessions, tokens) are 256 random bits, told once and kept as SHA-256 alone; passwords as Argon2id
 * with a salt and the parameters beside them. All functions may be called in any thread. */
#ifndef ISN_SERVE_ACCESS_H
#define ISN_SERVE_ACCESS_H

#include "base/arena.h"
#include "base/failure.h"

typedef enum access_role { ROLE_NONE, ROLE_PUBLIC, ROLE_READER, ROLE_REVIEWER, ROLE_ADMIN } access_role;
const char *access_role_name(access_role r);        /* "none", "public", "reader", "reviewer", "admin" */
bool access_role_named(str name, access_role *out); /* of the three that an account can have */

/* What a token is good for; a session is good for all that its role is. */
typedef enum access_scope {
    SCOPE_READ = 1,
    SCOPE_REVIEW = 2,
    SCOPE_ADD = 4,
    SCOPE_EXPORT = 8,
    SCOPE_ADMIN = 16,
    SCOPE_ALL = 31
} access_scope;
unsigned access_scope_named(str name); /* 0: there is none of that name */
const char *access_scope_name(unsigned scope);

typedef struct access_who {
    str id, name; /* STR_NONE: nobody who has an account */
    access_role role;
    unsigned scopes; /* of access_scope */
    bool sees_sensitive;
    str session; /* the secret of the session, as the cookie has it; STR_NONE: none */
    str token;   /* the id of the token that was shown; STR_NONE: none */
} access_who;

typedef struct accounts accounts; /* not "access", which is unistd.h's */

/* A zeroed struct is a good one. */
typedef struct accounts_options {
    int64_t (*now)(void *context); /* seconds since 1970; NULL: the system's clock */
    void *context;
    unsigned long long passes; /* of Argon2id; 0: 3 */
    size_t memory;             /* that it takes, in bytes; 0: 32 MiB */
    bool alone;                /* there are no accounts: everybody who gets here is the one person at this
                                  machine, and only settings and the audit log are kept */
} accounts_options;

/* Makes the file where there is none (mode 0600); `path` NULL: all is kept in memory and gone with `a`.
 * STATUS_NO_INPUT where it cannot be opened or may be read by others and that cannot be mended,
 * STATUS_NEWER_LEDGER, STATUS_DAMAGED_LEDGER, STATUS_UNAVAILABLE without SQLite or libsodium. */
status accounts_open(const char *path, const accounts_options *options, accounts **out, failure *f);
void accounts_close(accounts *a);
bool accounts_alone(const accounts *a);
/* What time it is, in seconds since 1970. */
int64_t accounts_now(const accounts *a);
/* Where the file of a ledger lies: beside it; of one on a server in the user's state folder. In `a`. */
status accounts_path(const char *ledger_path, arena *a, const char **out, failure *f);
/* Whether a file has accounts, without making it. */
status accounts_any(const char *path, bool *out, failure *f);

/* ---- who did what ---- */

/* What an event of the audit log is of: always the same few words, so that it can be asked by. */
typedef struct audit_event {
    const access_who *who; /* NULL: nobody who is known */
    str name;              /* as it was typed, where nobody is known; STR_NONE */
    str from;              /* an address; STR_NONE: this machine's terminal */
    const char *what;      /* "login", "account added", "act", "export", … */
    str of;                /* what it was done to; STR_NONE */
    const char *outcome;   /* "done", "refused" */
} audit_event;
status accounts_audit(accounts *a, const audit_event *e, failure *f);
/* Newest first, from below number `before` (0: the newest) on: rows {"id", "time", "who", "name", "from",
 * "what", "of", "outcome"}. */
typedef bool (*accounts_row)(void *context, str json);
status accounts_audited(accounts *a, int64_t before, int64_t limit, accounts_row row, void *context,
                        failure *f);

/* Whether this was asked with the same number not long ago: what is kept in mind is little. */
bool accounts_saw(accounts *a, uint64_t mark);

/* ---- signing in ---- */

/* How a question was decided, where "no" is no failure of ours. */
typedef enum access_verdict {
    ACCESS_YES,
    ACCESS_NO,
    ACCESS_LATER, /* too many tries: `wait` seconds */
    ACCESS_TAKEN, /* there is an account of that name */
    ACCESS_GONE,  /* there is none, or no longer */
    ACCESS_LAST,  /* it is the last admin's */
    ACCESS_SPENT, /* the link was used, is too old or was never given */
    ACCESS_UNFIT, /* the name or password cannot be one: accounts_said() says why */
} access_verdict;

typedef struct access_answer {
    access_verdict verdict;
    int64_t wait;
    str secret; /* of a new session or token, in the arena given */
    str id;
    const char *said; /* of ACCESS_UNFIT: what was expected */
} access_answer;

status accounts_login(accounts *a, str name, str password, str from, str old_session, arena *memory,
                      access_answer *out, failure *f);
status accounts_logout(accounts *a, const access_who *who, str from, failure *f);
/* Fills `out` (texts in `memory`); a role of ROLE_NONE where the secret is none that holds. */
status accounts_by_session(accounts *a, str secret, arena *memory, access_who *out, failure *f);
status accounts_by_token(accounts *a, str secret, arena *memory, access_who *out, failure *f);
/* What a browser has to send along with whatever changes something: of this session alone. 64 digits. */
void accounts_csrf(const accounts *a, str session, char out[65]);
bool accounts_csrf_holds(const accounts *a, str session, str given);
/* Grows whenever somebody's access may have changed, by whichever program: what is kept open is looked at
 * again then. */
uint64_t accounts_epoch(accounts *a);
/* Whether somebody may what they might when they were told apart, by the same session, token or public
 * reading. That does not count as a request of theirs. */
bool accounts_hold(accounts *a, const access_who *who);

/* ---- the first account ---- */

status accounts_empty(accounts *a, bool *out, failure *f);
/* A secret that makes the first admin, once, within a day and as long as `a` is open. */
void accounts_setup_secret(accounts *a, char out[65]);
status accounts_setup(accounts *a, str secret, str name, str password, str from, arena *memory,
                      access_answer *out, failure *f);

/* ---- accounts ---- */

status account_add(accounts *a, const access_who *by, str from, str name, access_role role, str password,
                   arena *memory, access_answer *out, failure *f);
/* What to change of one; what is 0 stays. Ends its sessions. */
typedef struct account_change {
    access_role role;
    int disabled; /* 1: yes, -1: no */
    str password;
} account_change;
status account_change_it(accounts *a, const access_who *by, str from, str id, const account_change *change,
                         arena *memory, access_answer *out, failure *f);
/* One's own: the old one must be right. All sessions end, `out` has a new one's secret. */
status account_password(accounts *a, const access_who *who, str from, str old, str new, arena *memory,
                        access_answer *out, failure *f);
status account_remove(accounts *a, const access_who *by, str from, str id, access_answer *out, failure *f);
/* Rows {"id", "name", "role", "disabled", "made", "seen"}. */
status accounts_list(accounts *a, accounts_row row, void *context, failure *f);
/* The id of an account by its name; STR_NONE. */
status account_named(accounts *a, str name, arena *memory, str *id, failure *f);

/* ---- tokens ---- */

/* `days`: 0: until it is taken back. */
status token_add(accounts *a, const access_who *who, str from, str label, unsigned scopes, int64_t days,
                 arena *memory, access_answer *out, failure *f);
/* `everybody`: any account's. */
status token_remove(accounts *a, const access_who *who, str from, str id, bool everybody, access_answer *out,
                    failure *f);
/* Rows {"id", "label", "scopes", "made", "expires", "used", "user", "name"}. */
status tokens_list(accounts *a, const access_who *who, bool everybody, accounts_row row, void *context,
                   failure *f);

/* ---- settings ---- */

/* "public" ("1"), "two_reviewers" (kinds of acts with blanks between), "project". `out` in `memory`, STR_NONE
 * where it was never set. */
status accounts_setting(accounts *a, const char *name, arena *memory, str *out, failure *f);
status accounts_set(accounts *a, const access_who *by, str from, const char *name, str value, failure *f);
bool accounts_public(accounts *a);
/* Whether acts of a kind need a second reviewer here. */
bool accounts_needs_two(accounts *a, str kind);

/* ---- names and passwords (access_words.c) ---- */

/* NULL where it is fit; `out` is as it is kept, `folded` what no other may look like. */
const char *access_name_fit(str name, arena *a, str *out, str *folded);
const char *access_password_fit(str password, str name, arena *a, str *out);

#endif
