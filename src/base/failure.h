/* One way to fail: a function that can fail returns a status and leaves its outputs untouched; the
 * message (which file, which offset, what was expected) is made where it is known and travels in one
 * `failure`. The numbers are the exit codes of the program and part of the public interface
 * (docs/exit-codes.md). */
#ifndef ISN_BASE_FAILURE_H
#define ISN_BASE_FAILURE_H

#include "base/str.h"

typedef enum status {
    STATUS_OK = 0,
    STATUS_INTERNAL = 1,     /* a defect of ours */
    STATUS_USAGE = 2,        /* wrong options or arguments */
    STATUS_BAD_RECORDS = 3,  /* the run went through, but some records were bad and skipped */
    STATUS_NO_INPUT = 4,     /* a file or URL that cannot be opened */
    STATUS_BAD_INPUT = 5,    /* input that cannot be read at all: damaged or of no known kind */
    STATUS_IO = 6,           /* reading or writing failed: a full disk, a closed pipe */
    STATUS_NEWER_LEDGER = 7, /* written by a newer version */
    STATUS_DAMAGED_LEDGER = 8,
    STATUS_NOT_FOUND = 9,    /* no such incident, document, place, … */
    STATUS_UNAVAILABLE = 10, /* a library or service that this command needs is not there */
    STATUS_VERIFY_FAILED = 11,
    STATUS_CANCELLED = 12,
} status;

typedef struct failure {
    status code;
    char message[500]; /* one line, UTF-8, no line feed */
} failure;

/* Fills `f` (which may be NULL) and returns `code`, so that one can write `return fail(f, …)`. */
status fail(failure *f, status code, const char *format, ...) __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__ /* which sees one file at a time, and must not think that fail() may return OK */
#define fail(f, code, ...) ((fail)((f), (code), __VA_ARGS__), (code))
#endif

#endif
