/* By which names the server may be asked for. */
#ifndef ISN_SERVE_HOSTS_H
#define ISN_SERVE_HOSTS_H

#include "serve/serve.h"

/* An address by which only this machine is reached. */
bool is_loopback(const char *address);
/* What an address is to begin with: "isnad" and "/isnad/" become "/isnad/". STATUS_USAGE where it is none. */
status base_path(const char *given, char *out, size_t size, failure *f);
/* Whether a Host header names this server, which listens on a port. */
bool host_allowed(const serve_options *options, uint16_t own_port, const char *header);

#endif
