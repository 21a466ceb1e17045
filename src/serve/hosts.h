/* By which names the server may be asked for. */
#ifndef ISN_SERVE_HOSTS_H
#define ISN_SERVE_HOSTS_H

#include "serve/serve.h"

/* An address by which only this machine is reached. */
bool is_loopback(const char *address);
/* Whether a Host header names this server, which listens on a port. */
bool host_allowed(const serve_options *options, uint16_t own_port, const char *header);

#endif
