/* Who asks, and what they may. */
#ifndef ISN_SERVE_ACCESS_H
#define ISN_SERVE_ACCESS_H

#include "base/str.h"

typedef enum access_role { ROLE_NONE, ROLE_PUBLIC, ROLE_READER, ROLE_REVIEWER, ROLE_ADMIN } access_role;

/* What a token is good for; a session is good for all that its role is. */
typedef enum access_scope {
    SCOPE_READ = 1,
    SCOPE_REVIEW = 2,
    SCOPE_ADD = 4,
    SCOPE_EXPORT = 8,
    SCOPE_ADMIN = 16,
    SCOPE_ALL = 31
} access_scope;

typedef struct access_who {
    str id, name; /* STR_NONE: nobody who has an account */
    access_role role;
    unsigned scopes; /* of access_scope */
    bool sees_sensitive;
} access_who;

typedef struct accounts accounts; /* not "access", which is unistd.h's */

#endif
