/* Which addresses of the net are everybody's: what a server fetches because somebody asked it to must not be
 * what stands behind its own walls. */
#ifndef ISN_INTAKE_PUBLIC_H
#define ISN_INTAKE_PUBLIC_H

#include <stdbool.h>
#include <sys/socket.h>

/* By IANA's registries of special addresses: false for this machine, private networks, links, groups, what is
 * kept for documents and tests, and IPv6 addresses that stand for such an IPv4 address. */
bool address_is_public(const struct sockaddr *address);
/* Whether one of this machine's interfaces has the address, a public one too. */
bool address_is_own(const struct sockaddr *address);

#endif
