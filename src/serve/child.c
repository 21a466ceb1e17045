#define _GNU_SOURCE /* pipe2 */
#include "serve/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { POLITENESS = 10, HIGHEST_FILE = 4096, TICK_MILLISECONDS = 100 };

static void close_pair(int pair[2]) {
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

static void close_others(void) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
        return;
#endif
    for (int i = 3; i < HIGHEST_FILE; i++)
        close(i);
}

/* In the child, between fork and exec: only what may be called there. */
static void become(const char *const *arguments, const char *folder, pid_t parent, int out, int errors) {
    sigset_t none;
    int input = open("/dev/null", O_RDONLY);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGUSR1, SIG_IGN); /* until the program listens to it */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool orphan = getppid() != parent;
    setpgid(0, 0);
    errno = 0;
    (void)!nice(POLITENESS);
    if (orphan || input < 0 || dup2(input, 0) < 0 || dup2(out, 1) < 0 || dup2(errors, 2) < 0 ||
        chdir(folder) != 0)
        _exit(127);
    close_others();
    execv(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(127);
}

status child_start(const char *const *arguments, const char *folder, child *out, failure *f) {
    int said[2] = {-1, -1}, errors[2] = {-1, -1};
    pid_t parent = getpid(), made = -1;
    if (pipe2(said, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0)
        made = fork();
    if (made == 0)
        become(arguments, folder, parent, said[1], errors[1]);
    if (made < 0) {
        status failed = fail(f, STATUS_UNAVAILABLE, "no process can be started: %s", strerror(errno));
        close_pair(said);
        close_pair(errors);
        return failed;
    }
    close(said[1]);
    close(errors[1]);
    fcntl(said[0], F_SETFL, O_NONBLOCK);
    fcntl(errors[0], F_SETFL, O_NONBLOCK);
    *out = (child){made, said[0], errors[0]};
    return STATUS_OK;
}

void child_yield(const child *c) {
    if (c->process)
        kill(c->process, SIGUSR1);
}

static int code_of(int how) {
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + (WIFSIGNALED(how) ? WTERMSIG(how) : 0);
}

bool child_ended(child *c, int *code) {
    int how;
    if (c->process == 0 || waitpid(c->process, &how, WNOHANG) != c->process)
        return false;
    c->process = 0;
    *code = code_of(how);
    return true;
}

bool child_wait(child *c, int *code) {
    int how = 0;
    pid_t ended = 0;
    while (c->process && (ended = waitpid(c->process, &how, 0)) < 0 && errno == EINTR) {
    }
    *code = code_of(how);
    bool good = c->process && ended == c->process;
    c->process = 0;
    return good;
}

void child_drop(child *c) {
    if (c->process) {
        kill(c->process, SIGKILL);
        while (waitpid(c->process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    if (c->out >= 0)
        close(c->out);
    if (c->errors >= 0)
        close(c->errors);
    *c = (child){0, -1, -1};
}

bool child_read(int *from, buffer *into, size_t most) {
    char piece[16384];
    while (*from >= 0) {
        ssize_t size = read(*from, piece, sizeof piece);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno == EAGAIN)
            return true;
        if (size <= 0) {
            close(*from);
            *from = -1;
            break;
        }
        size_t room = most > into->size ? most - into->size : 0;
        buffer_add(into, (str){piece, (size_t)size < room ? (size_t)size : room});
    }
    return false;
}

/* Until both pipes are closed; false where it was not let finish. */
static bool listen_to(child *c, int64_t until, size_t most, bool (*cancelled)(void *), void *context,
                      child_answer *out) {
    enum { MOST_ERRORS = 1 << 20 };
    while (c->out >= 0 || c->errors >= 0) {
        struct pollfd ends[2] = {{c->out, POLLIN, 0}, {c->errors, POLLIN, 0}};
        poll(ends, 2, TICK_MILLISECONDS);
        child_read(&c->out, &out->out, most + 1);
        child_read(&c->errors, &out->errors, MOST_ERRORS);
        out->too_much = out->out.size > most;
        out->late = clock_milliseconds() > until;
        if (out->too_much || out->late || (cancelled && cancelled(context)))
            return false;
    }
    return true;
}

status child_run(const char *const *arguments, const char *folder, unsigned seconds, size_t most,
                 bool (*cancelled)(void *context), void *context, child_answer *out, failure *f) {
    child c;
    *out = (child_answer){0};
    status s = child_start(arguments, folder, &c, f);
    if (s != STATUS_OK)
        return s;
    bool whole = listen_to(&c, clock_milliseconds() + 1000 * (int64_t)seconds, most, cancelled, context, out);
    int how = 0;
    if (!whole)
        kill(c.process, SIGKILL);
    while (waitpid(c.process, &how, 0) < 0 && errno == EINTR) {
    }
    c.process = 0;
    out->code = code_of(how);
    child_drop(&c);
    if (!whole && !out->too_much && !out->late) {
        buffer_free(&out->out);
        buffer_free(&out->errors);
        return fail(f, STATUS_CANCELLED, "the server is ending");
    }
    return STATUS_OK;
}
