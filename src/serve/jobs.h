/* Imports: files, addresses and pasted text that are read into the ledger, one import at a time, each by the
 * own program as a child (isnad add --progress json). Jobs go on whoever looks; when the server ends it stops
 * them, and what they committed stays. */
#ifndef ISN_SERVE_JOBS_H
#define ISN_SERVE_JOBS_H

#include <jansson.h>

#include "serve/services.h"

typedef struct jobs_options {
    const char *program; /* `isnad` itself; NULL: nothing can be imported */
    const char *ledger;
    const char *folder;  /* for what is sent; emptied at the end */
    const char *places;  /* a gazetteer's file, or NULL */
    bool private_pages;  /* pages of addresses that are not public are fetched too */
    uint64_t most_bytes; /* of uploads that wait for their job, together; 0: 4 GiB */
    hub *hub;
    const hidden_names *hidden; /* what is told of jobs leaves them out */
    linker *linker;             /* which works out the incidents of what was added; may be NULL */
} jobs_options;

/* NULL where a thread, a folder or memory cannot be had. */
jobs *jobs_new(const jobs_options *options);
/* Stops what runs: asks it to end, and after some seconds makes it. */
void jobs_free(jobs *j);

/* A file that was sent is taken over from `path` under the name that its sender gives it (cleaned). *id is in
 * `a`. STATUS_USAGE: so much waits already that there is no room. */
status jobs_take(jobs *j, const char *path, str name, str owner, uint64_t size, arena *a, str *id,
                 failure *f);

/* What is to be read. */
typedef struct job_input {
    const str *uploads, *urls;
    size_t upload_count, url_count;
    str text, title, published, url; /* pasted; STR_NONE */
} job_input;

/* Links what is asked for into `folder` and gives the names to be read there; uploads stay what they are
 * until a job has them. STATUS_NOT_FOUND: no such upload of this owner's. */
status jobs_gather(jobs *j, const job_input *input, str owner, const char *folder, arena *a,
                   string_list *names, failure *f);
/* A new folder for that, in `a`; and its end. */
status jobs_folder(jobs *j, arena *a, const char **out, failure *f);
void folder_remove(const char *path);

/* Everything below gives job objects: {"id", "state", "done", "of", "added", …} (docs/serve.md). */

status jobs_start(jobs *j, const job_input *input, const access_who *who, json_t **out, failure *f);
json_t *jobs_list(jobs *j);
/* STATUS_NOT_FOUND. */
status jobs_one(jobs *j, str id, json_t **out, failure *f);
/* `who` stops it: whoever began it, or an admin (STATUS_USAGE for others). Gives it as it then is. */
status jobs_stop(jobs *j, str id, const access_who *who, json_t **out, failure *f);
/* Asks the running one to let others write for a moment. Nothing where `j` is NULL. */
void jobs_give_way(jobs *j);
const jobs_options *jobs_how(const jobs *j);

#endif
