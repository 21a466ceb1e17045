/* Documents read in parallel and given back in the order of the input.
 *
 * One thread reads the input, several make pages and readings of it, and the caller's takes them in order.
 * A ring of slots between them bounds how many documents, and how many bytes, are in memory at once. */
#ifndef ISN_CLI_DOCUMENTS_H
#define ISN_CLI_DOCUMENTS_H

#include "cli/cli.h"

typedef struct document {
    isn_capture *capture;
    isn_page *page;       /* NULL where it could not be made */
    isn_reading *reading; /* NULL where it was not asked for, or page is NULL */
    bool known;           /* nothing was made of it: somebody knows it already */
    isn_error *error;
} document;

typedef struct documents_seen {
    uint64_t read, bad, bytes;
} documents_seen;

/* Takes one document, in order, on the caller's thread; anything but ISN_OK ends the run with that code. */
typedef isn_code (*document_taker)(program *p, void *context, document *d);

/* What is known already need not be read; asked on any thread, many at once. */
typedef isn_code (*document_known)(void *context, isn_capture *c, bool *known, isn_error **error);

/* What else is to be done with a reading beforehand; on any thread, many at once. */
typedef void (*document_ready)(void *context, isn_reading *r);

/* Reads the inputs that the options name (standard input where there are none). Gives the code of the worst
 * that happened: ISN_CANCELLED where the person interrupted it. `seen` may be NULL. */
isn_code documents_each(program *p, const char *command_name, bool readings, document_taker take,
                        void *context, documents_seen *seen);
/* The same of readings; `known` and `ready` may be NULL. */
isn_code documents_each_new(program *p, const char *command_name, document_taker take, document_known known,
                            document_ready ready, void *context, documents_seen *seen);

#endif
