/* Web addresses: hosts, and links made whole against the page's own address. */
#ifndef ISN_PAGE_ADDRESS_H
#define ISN_PAGE_ADDRESS_H

#include "base/arena.h"

/* "www.example.org" of "https://user@www.example.org:8080/x"; STR_NONE where there is none. */
str address_host(str url);
/* `href` made whole; as it stands where `base` is none. */
str address_resolve(str base, str href, arena *a);

#endif
