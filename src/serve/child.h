/* The own program, run as a child: what foreign bytes may do to whoever parses them, they do to a process of
 * their own, with its own memory. A child never outlives the server. */
#ifndef ISN_SERVE_CHILD_H
#define ISN_SERVE_CHILD_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"

typedef struct child {
    pid_t process;   /* 0: none */
    int out, errors; /* ends of pipes to read from, not blocking; -1: closed */
} child;

/* Starts `arguments` (ending with NULL; the first is the program's path) in `folder`, with an empty standard
 * input, at a lower priority, in a process group of its own; it is killed when the thread that started it
 * ends, also where the whole server is killed. STATUS_UNAVAILABLE where it cannot be started. */
status child_start(const char *const *arguments, const char *folder, child *out, failure *f);
/* Asks it to let others write to the ledger for a moment. */
void child_yield(const child *c);
/* Whether it has ended; *code is then its exit code, or 128 and the signal. Closes nothing. */
bool child_ended(child *c, int *code);
/* Waits for its end, which is near. False where there is none to wait for. */
bool child_wait(child *c, int *code);
/* Kills it where it is still there, waits for it, closes the pipes. */
void child_drop(child *c);
/* Reads what is there now; false at the end. Bytes over `most` in all are thrown away. */
bool child_read(int *from, buffer *into, size_t most);

typedef struct child_answer {
    int code;      /* its exit code, or 128 and the signal */
    buffer out;    /* to be freed by the caller */
    buffer errors; /* the same */
    bool late;     /* it took more than `seconds`, and was killed */
    bool too_much; /* it said more than `most` bytes, and was killed */
} child_answer;
/* Runs one to its end. `cancelled` (may be NULL) is asked now and then. */
status child_run(const char *const *arguments, const char *folder, unsigned seconds, size_t most,
                 bool (*cancelled)(void *context), void *context, child_answer *out, failure *f);

#endif
