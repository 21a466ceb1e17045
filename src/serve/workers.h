/* What works beside the threads that answer: the server's own store, the linking in the background, imports.
 */
#ifndef ISN_SERVE_WORKERS_H
#define ISN_SERVE_WORKERS_H

#include "serve/services.h"

/* Opens them into `with`, which has its options, folder and hub. */
status workers_open(serve_services *with, failure *f);
/* Ends them: imports are stopped, and what they committed stays. Before the hub goes. */
void workers_close(serve_services *with);

#endif
