#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/text.h"
#include "cli/words.h"

/* ---- interrupts ---- */

static volatile sig_atomic_t asked_to_stop;

static void on_interrupt(int signal) {
    (void)signal;
    asked_to_stop = 1;
}

/* The first interrupt asks, the second ends the program as if there were no handler. */
static void interrupt_await(void) {
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is told like a full disk */
}

bool interrupted(void) {
    return asked_to_stop;
}

void interrupt_forget(void) {
    asked_to_stop = 0;
}

/* ---- giving way ---- */

static volatile sig_atomic_t asked_to_yield;
static bool yielding; /* what runs may be cancelled for it */

static void on_yield(int signal) {
    (void)signal;
    asked_to_yield = 1;
}

void yield_await(void) {
    struct sigaction action = {.sa_handler = on_yield, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
}

bool yield_asked(void) {
    return asked_to_yield;
}

void yield_rest(void) {
    enum { MOST = 12 };
    struct timespec pause = {.tv_nsec = 250000000};
    for (int i = 0; i < MOST && asked_to_yield && !interrupted(); i++) {
        asked_to_yield = 0;
        nanosleep(&pause, NULL);
    }
}

/* ---- saying ---- */

static void say(program *p, const char *line, bool bad) {
    char *clean = text_clean(line, strlen(line));
    if (progress_for_programs(p)) {
        progress_event(json_pack("{s:s, s:b, s:s}", "event", "line", "bad", bad, "text", clean));
        free(clean);
        return;
    }
    flockfile(stderr);
    progress_clear(p);
    fprintf(stderr, "isnad: %s\n", clean);
    funlockfile(stderr);
    free(clean);
}

void complain(program *p, const char *format, ...) {
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    say(p, line, false);
}

isn_code complain_error(program *p, isn_error *error) {
    isn_code code = isn_error_code(error);
    say(p, isn_error_message(error), true);
    isn_error_free(error);
    return code;
}

isn_code usage_error(program *p, const char *command_name, const char *format, ...) {
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    say(p, line, true);
    if (!progress_for_programs(p))
        fprintf(stderr, "See: isnad help%s%s\n", command_name ? " " : "", command_name ? command_name : "");
    return ISN_USAGE;
}

static void on_log(void *context, isn_log_level level, const char *line) {
    say(context, line, level == ISN_LOG_ERROR);
}

static bool on_cancel(void *context) {
    (void)context;
    return interrupted() || (yielding && asked_to_yield);
}

/* ---- output ---- */

enum { FULL = 64 * 1024 };

static void write_whole(program *p, const char *data, size_t size) {
    while (size > 0 && !p->output_error) {
        ssize_t written = write(STDOUT_FILENO, data, size);
        if (written < 0 && errno != EINTR)
            p->output_error = errno;
        if (written > 0) {
            data += written;
            size -= (size_t)written;
        }
    }
}

bool output_flush(program *p) {
    fflush(p->out);
    if (p->pending_size > 0) {
        progress_clear(p);
        write_whole(p, p->pending, p->pending_size);
    }
    rewind(p->out);
    return !p->output_error;
}

bool output_flush_when_full(program *p) {
    return ftell(p->out) < FULL ? !p->output_error : output_flush(p);
}

/* JSON's own escapes leave C1 controls and bidirectional controls as they are, and a terminal would obey
 * them: there they are printed as escapes, which is the same JSON. */
static void put_json(program *p, const char *json, size_t size) {
    for (size_t at = 0; at < size;) {
        size_t from = at;
        uint32_t c = text_next(json, size, &at);
        if (text_obeyed(c) && c != '\n' && c != '\r' && c <= 0xFFFF)
            fprintf(p->out, "\\u%04x", (unsigned)c);
        else
            fwrite(json + from, 1, at - from, p->out);
    }
}

bool output_row(void *context, const char *json, size_t size) {
    program *p = context;
    if (p->screen.interactive)
        put_json(p, json, size);
    else
        fwrite(json, 1, size, p->out);
    fputc('\n', p->out);
    return output_flush_when_full(p) && !interrupted();
}

bool output_bytes(void *context, const char *bytes, size_t size) {
    program *p = context;
    if (p->screen.interactive)
        put_json(p, bytes, size);
    else
        fwrite(bytes, 1, size, p->out);
    return output_flush_when_full(p);
}

/* A closed pipe ends quietly: whoever reads has read enough. */
static isn_code output_end(program *p, isn_code code) {
    output_flush(p);
    if (p->output_error && p->output_error != EPIPE)
        complain(p, "%s: %s", p->output_name ? p->output_name : "standard output", strerror(p->output_error));
    return p->output_error ? ISN_IO : code;
}

bool format_is(const program *p, const char *name, const char *piped) {
    const char *format = p->settings.format;
    if (!format)
        format = p->screen.interactive ? "table" : piped;
    return strcmp(format, name) == 0;
}

/* ---- engine and ledger ---- */

isn_code engine_start(program *p) {
    if (p->engine)
        return ISN_OK;
    isn_engine_options options = {
        .size = sizeof options,
        .places = p->settings.places,
        .profile = p->settings.profile,
        .log = on_log,
        .log_context = p,
        .cancelled = on_cancel,
    };
    isn_error *error = NULL;
    return isn_engine_new(&options, &p->engine, &error) == ISN_OK ? ISN_OK : complain_error(p, error);
}

static void on_ledger_progress(void *context, const char *what, uint64_t done, uint64_t of) {
    program *p = context;
    double now = p->errors.interactive ? seconds_now() : 0;
    if (done != of && now - p->step_shown < 0.1) /* more than anybody reads, and slow lines suffer */
        return;
    p->step_shown = now;
    if (of)
        progress_show(p, "%s %llu of %llu", what, (unsigned long long)done, (unsigned long long)of);
    else
        progress_show(p, "%s %llu", what, (unsigned long long)done);
}

/* In a log that nobody watches, seldom is enough. */
enum { SECONDS_BETWEEN = 15 };

static void on_committed(void *context, uint64_t captures, uint64_t versions, uint64_t claims) {
    (void)versions;
    program *p = context;
    p->commits++;
    if (progress_for_programs(p)) {
        progress_event(json_pack("{s:s, s:I, s:I}", "event", "committed", "pages", (json_int_t)captures,
                                 "claims", (json_int_t)claims));
        return;
    }
    if (!p->errors.interactive && seconds_now() - p->committed_told > SECONDS_BETWEEN) {
        p->committed_told = seconds_now();
        complain(p, "committed: %llu pages, %llu claims", (unsigned long long)captures,
                 (unsigned long long)claims);
    }
    if (captures)
        progress_show(context, "committed: %llu pages, %llu claims", (unsigned long long)captures,
                      (unsigned long long)claims);
}

bool folders_make(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool made = folder_make(path);
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

bool ledger_on_server(const char *path) {
    return strstr(path, "://") != NULL;
}

isn_code ledger_place(program *p, bool make, const char **path) {
    *path = p->settings.ledger ? p->settings.ledger : p->ledger_path;
    if (!*path)
        return usage_error(p, NULL, "no place for a ledger: give --ledger FILE or set HOME");
    if (make && !p->settings.ledger && !ledger_on_server(*path) && !folders_make(p->ledger_path)) {
        complain(p, "%s: its folder cannot be made: %s", p->ledger_path, strerror(errno));
        return ISN_NO_INPUT;
    }
    return ISN_OK;
}

isn_code ledger_start(program *p, isn_ledger_mode mode, isn_ledger **ledger) {
    const char *path;
    isn_code code = engine_start(p);
    if (code == ISN_OK)
        code = ledger_place(p, mode == ISN_LEDGER_CREATE, &path);
    if (code != ISN_OK)
        return code;
    enum { LARGE_CRAWL = 256 * 1024 * 1024 };
    isn_ledger_options options = {.size = sizeof options,
                                  .mode = mode,
                                  .committed = on_committed,
                                  .progress = on_ledger_progress,
                                  .context = p,
                                  .reference_from = p->settings.reference ? 1
                                                    : p->settings.copy    ? 0
                                                                          : LARGE_CRAWL};
    isn_error *error = NULL;
    code = isn_ledger_open(p->engine, path, &options, ledger, &error);
    if (code != ISN_OK)
        return complain_error(p, error);
    if (p->settings.no_sensitive)
        isn_ledger_hide_sensitive(*ledger, true);
    if (p->settings.rule && isn_ledger_estimate_by(*ledger, p->settings.rule, &error) != ISN_OK) {
        isn_ledger_close(*ledger, NULL);
        return complain_error(p, error);
    }
    return ISN_OK;
}

isn_filter filter_of(const settings *s, uint64_t limit) {
    return (isn_filter){
        .size = sizeof(isn_filter),
        .text = s->text,
        .since = s->since,
        .until = s->until,
        .country = s->country,
        .place = s->place,
        .effect = s->effect,
        .event = s->event,
        .language = s->language,
        .order = s->order,
        .least = s->least > INT64_MAX ? INT64_MAX : (int64_t)s->least,
        .disputed = s->disputed,
        .undisputed = s->undisputed,
        .limit = s->limited ? s->limit : limit,
        .offset = s->offset,
    };
}

isn_code ledger_linked(program *p, isn_ledger *ledger, char **json) {
    enum { MOST_CANCELLED = 5 }; /* then it runs through: incidents must not stay as they were for ever */
    isn_error *error = NULL;
    isn_code code = ISN_OK;
    if (progress_for_programs(p))
        progress_event(json_pack("{s:s}", "event", "linking"));
    progress_show(p, "working out the incidents …");
    for (int i = 0; i <= MOST_CANCELLED; i++) {
        yield_rest();
        yielding = i < MOST_CANCELLED;
        code = isn_ledger_link(ledger, json, &error);
        yielding = false;
        if (code != ISN_CANCELLED || interrupted())
            break;
        isn_error_free(error);
        error = NULL;
    }
    return code == ISN_OK ? ISN_OK : complain_error(p, error);
}

/* ---- the program ---- */

/* ISNAD_LEDGER, else $XDG_DATA_HOME/isnad/ledger.db, else ~/.local/share/isnad/ledger.db. */
static char *default_ledger(void) {
    const char *named = getenv("ISNAD_LEDGER"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    char *path = NULL;
    if (named && *named)
        return strdup(named);
    if (data && *data == '/')
        return asprintf(&path, "%s/isnad/ledger.db", data) < 0 ? NULL : path;
    if (home && *home)
        return asprintf(&path, "%s/.local/share/isnad/ledger.db", home) < 0 ? NULL : path;
    return NULL;
}

static isn_code no_command(program *p) {
    if (p->settings.version)
        return command_version(p);
    if (!p->settings.help)
        return usage_error(p, NULL, "which command? For example: isnad read page.html");
    help_general(p->out, p);
    return ISN_OK;
}

static isn_code run_command(program *p, const command *c) {
    if (!c)
        return no_command(p);
    if (p->settings.version)
        return command_version(p);
    if (p->settings.help) {
        help_command(p->out, c);
        return ISN_OK;
    }
    return c->run(p);
}

int main(int count, char **words) {
    program p = {.screen = terminal_of(stdout),
                 .errors = terminal_of(stderr),
                 .ledger_path = default_ledger(),
                 .committed_told = seconds_now()};
    p.out = open_memstream(&p.pending, &p.pending_size);
    if (!p.out)
        return ISN_INTERNAL;
    interrupt_await();
    const command *chosen;
    isn_code code = arguments_parse(&p, count, words, &chosen);
    if (code == ISN_OK)
        code = run_command(&p, chosen);
    progress_clear(&p);
    code = output_end(&p, code);
    isn_engine_free(p.engine);
    fclose(p.out);
    free(p.pending);
    free(p.ledger_path);
    return (int)code;
}
