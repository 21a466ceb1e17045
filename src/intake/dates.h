/* Dates as mail (RFC 5322), HTTP, browsers and feeds write them: "Thu, 26 Nov 2026 14:56:23 +0100",
 * "Thu Nov 26 2026 14:56:23 GMT+0100 (…)", "2026-11-26T14:56:23+01:00". */
#ifndef ISN_INTAKE_DATES_H
#define ISN_INTAKE_DATES_H

#include "base/arena.h"

/* "YYYY-MM-DDThh:mm:ssZ"; STR_NONE where it is no such date. */
str date_read(str s, arena *a);
/* The same day and hour as were written, with their distance from Greenwich: "2026-11-26T14:56:23+01:00"; of
 * a date without an hour, the day. */
str date_local(str s, arena *a);

#endif
