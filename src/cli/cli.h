/* The command `isnad`: a client of include/isnad.h and of nothing else inside. */
#ifndef ISN_CLI_CLI_H
#define ISN_CLI_CLI_H

#include <signal.h>
#include <stdio.h>

#include "isnad.h"

/* What the options say; a zeroed one is a run without options. */
typedef struct settings {
    const char *ledger, *format, *from, *published, *places, *profile, *what, *output, *address;
    const char *progress; /* how an addition tells how far it is */
    const char *since, *until, *country, *place, *effect, *event, *language, *order, *text, *rule;
    uint64_t upload_bytes;
    uint64_t jobs, max_bytes, limit, offset, least, port;
    const char *access;                                                            /* of serve, users */
    const char *map, *urls;                                                        /* of an import */
    const char *key, *against, *request, *stamp, *authority, *span, *reason, *who; /* of proof and review */
    const char *base, *names, *tls_certificate, *tls_key;                          /* of serve */
    bool proxy;
    bool dry, replace, repair;
    bool reference, copy;  /* of captures */
    bool limited, on_port; /* --limit, --port were given */
    bool mentions, explain, offline, raw, bom, hxl, fetch, disputed, undisputed, remote, accounts,
        no_accounts, no_sensitive, why, public_only, private_pages, no_link, help, version;
    char **arguments; /* what is left: files, an id, words */
    size_t count;
} settings;

/* What a stream can show. */
typedef struct terminal {
    bool interactive, colour;
    size_t width; /* columns */
} terminal;

typedef struct program {
    settings settings;
    isn_engine *engine;
    char *ledger_path; /* where the ledger is when no option says otherwise */
    terminal screen, errors;
    FILE *out; /* what is to be printed; output_flush sends it on */
    char *pending;
    size_t pending_size;
    const char *output_name; /* a file that stands for standard output; NULL: none does */
    char *output_part;       /* what it is called until it is whole; NULL: as it is named */
    int output_error;        /* errno of the first write that failed */
    bool progress_shown;
    double step_shown;     /* when a step of what takes long was last shown */
    uint64_t commits;      /* so far, of the ledger */
    double committed_told; /* when a commit was last told where no progress is shown */
} program;

typedef isn_code command_run(program *p);

enum command_mask {
    FOR_READ = 1 << 0,
    FOR_PAGE = 1 << 1,
    FOR_ADD = 1 << 2,
    FOR_INCIDENTS = 1 << 3,
    FOR_SHOW = 1 << 4,
    FOR_SEARCH = 1 << 5,
    FOR_EXPORT = 1 << 6,
    FOR_SERVE = 1 << 7,
    FOR_VERIFY = 1 << 8,
    FOR_SCHEMA = 1 << 9,
    FOR_DOCTOR = 1 << 10,
    FOR_PLACES = 1 << 11,
    FOR_VERSION = 1 << 12,
    FOR_HELP = 1 << 13,
    FOR_LANG = 1 << 14,
    FOR_ESTIMATES = 1 << 15,
    FOR_IMPORT = 1 << 16,
    FOR_KEY = 1 << 17,
    FOR_HEAD = 1 << 18,
    FOR_REDACT = 1 << 19,
    FOR_BUNDLE = 1 << 20,
    FOR_REVIEW = 1 << 21,
    FOR_REREAD = 1 << 22,
    FOR_LEDGER = 1 << 23,
    FOR_INTAKE = 1 << 24,
    FOR_USERS = 1 << 25,
    FOR_VOICES = 1 << 26,
    FOR_COMPARE = 1 << 27,
    FOR_ALL = (1 << 28) - 1,
};

typedef struct command {
    const char *name;
    unsigned mask;
    command_run *run;
    const char *arguments; /* for the line of usage */
    const char *summary;
    const char *formats; /* what --format takes, the first for people; "" where there is none */
    const char *essay;   /* what it does, with examples */
    const char *verbs;   /* by which its arguments begin; NULL: by none of their own */
} command;
/* The last row has no name. */
extern const command commands[];
const command *command_named(const char *name);

command_run command_read, command_page, command_add, command_incidents, command_show, command_search,
    command_export, command_import, command_intake, command_serve, command_key, command_head, command_verify,
    command_redact, command_bundle, command_schema, command_doctor, command_places, command_lang,
    command_estimates, command_users, command_voices, command_compare, command_review, command_reread,
    command_ledger, command_version, command_help;

/* ---- arguments.c ---- */

/* Reads the whole command line; says what is wrong with it, with a hint, and gives ISN_USAGE. `*chosen` is
 * NULL where no command was named. */
isn_code arguments_parse(program *p, int count, char **words, const command **chosen);
/* The options of a command, for its help. */
void arguments_describe(FILE *out, unsigned mask);
/* Says that there is no such command, and which may have been meant. */
isn_code unknown_command(program *p, const char *word);
/* The same of a verb of a command; NULL: there was none. */
isn_code unknown_verb(program *p, const command *c, const char *word);
/* The nearest of `names` (ending with NULL) to a mistyped one; NULL where none is near. */
const char *nearest_name(const char *typed, const char *const *names);

/* ---- help.c ---- */

void help_general(FILE *out, const program *p);
void help_command(FILE *out, const command *c);

/* ---- main.c: saying, ending ---- */

/* One line on standard error: "isnad: …". */
void complain(program *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Says the error, frees it, gives its code. */
isn_code complain_error(program *p, isn_error *error);
/* Ends a usage error with a pointer to the command's help. */
isn_code usage_error(program *p, const char *command_name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Sends on what was printed to p->out. False where standard output takes no more. */
bool output_flush(program *p);
/* The same, once enough has gathered: for many small rows. */
bool output_flush_when_full(program *p);
bool output_row(void *context, const char *json, size_t size);    /* an isn_row: prints it as a line */
bool output_bytes(void *context, const char *bytes, size_t size); /* an isn_write */

/* ---- output.c ---- */

/* Whether a file may be written there; says why not: a ledger or a key is never written over. */
bool output_allowed(program *p, const char *path);
/* Standard output becomes the file from here on. */
isn_code output_redirect(program *p, const char *path);
/* The file gets its name where all went well; else what was there before stays. Gives the code. */
isn_code output_settle(program *p, isn_code code);

/* ---- main.c: stopping ---- */

/* Whether the person asked to stop. */
bool interrupted(void);
/* Forgets it, so that what must be finished can be; the next interrupt ends the program at once. */
void interrupt_forget(void);

/* ---- main.c: giving way ---- */

/* Whoever runs this program may send it SIGUSR1 to have the ledger for a moment: what is pending is then
 * committed, a linking is cancelled and begun again. Without yield_await it is as the system has it. */
void yield_await(void);
bool yield_asked(void);
/* Rests, as long as it is asked for; at once where it is not, or for some seconds at most. */
void yield_rest(void);

/* ---- main.c: engine and ledger ---- */

/* "table" on a terminal, else `piped`, unless --format says which. */
bool format_is(const program *p, const char *name, const char *piped);
/* Once for a run. */
isn_code engine_start(program *p);
/* Makes the folders that a file lies in; `path` is as it was afterwards. */
bool folders_make(char *path);
/* Is it the address of a ledger on a server, not a file? */
bool ledger_on_server(const char *path);
/* Where the ledger is that the options name; `make`: the folders of the default one are made. */
isn_code ledger_place(program *p, bool make, const char **path);
/* Opens the ledger that the options name, and starts the engine for it. */
isn_code ledger_start(program *p, isn_ledger_mode mode, isn_ledger **ledger);
/* Works out the incidents, says so meanwhile and gives way; `json` as isn_ledger_link has it, may be NULL.
 * What went wrong is complained about. */
isn_code ledger_linked(program *p, isn_ledger *ledger, char **json);
/* Closes it; what went wrong in closing is complained about, and counts where all else went well. */
isn_code ledger_closed(program *p, isn_ledger *ledger, isn_code code);
/* The same; what went wrong before, by `code`, is complained about too. */
isn_code ledger_ended(program *p, isn_ledger *ledger, isn_code code, isn_error *error);
/* The filter that the options say, with a limit of its own where none is given (0: none). */
isn_filter filter_of(const settings *s, uint64_t limit);

/* ---- what commands share ---- */

/* pages.c: what isnad page does by the verb that its arguments begin with, which is taken off; NULL: none. */
typedef isn_code page_verb(program *p);
page_verb *page_verb_of(program *p);

/* voices.c: isnad review next. */
isn_code review_next(program *p, isn_ledger *ledger);
/* show.c: what binds the accounts of an incident (--why), as isn_ledger_why tells it. */
isn_code why_print(program *p, const char *json);
/* review.c: --who, else ISNAD_WHO, else the user's full name, else the login; empty where nobody is known. */
const char *reviewer(const program *p);
/* backup.c: verbs of `isnad ledger`, with the words behind them. */
isn_code ledger_backed_up(program *p, char **words, size_t count);
isn_code ledger_restored(program *p, char **words, size_t count);
isn_code ledger_examined(program *p, char **words, size_t count);

/* ---- progress.c ---- */

/* Works out the incidents, and says so meanwhile; what went wrong is complained about. */
isn_code link_ledger(program *p, isn_ledger *ledger);
/* Whether --progress json asks for events: one JSON object a line on standard error, for a program that runs
 * this one (docs/serve.md). Nothing else is said there then. */
bool progress_for_programs(const program *p);
/* Tells one, and lets it go. */
struct json_t;
void progress_event(struct json_t *event);
/* A line on a terminal that is written over; nothing elsewhere. */
void progress_show(program *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void progress_clear(program *p);
double seconds_now(void);

#endif
