/* Dates and times as pages write them: ISO 8601, RFC 822, numbers, month names of Arabic and English
 * calendars, Hijri dates. */
#ifndef ISN_PAGE_MOMENT_H
#define ISN_PAGE_MOMENT_H

#include "base/calendar.h"

typedef struct moment {
    str value;  /* "YYYY-MM-DD" or "YYYY-MM-DDThh:mm", as the page says it: local to the outlet */
    str offset; /* "+03:00"; STR_NONE where not told */
} moment;

typedef struct moment_style {
    bool month_first; /* 01/02/2021 is 2 January */
    bool epoch;       /* a number of ten or thirteen digits is a time since 1970 */
} moment_style;

/* The first date in the head of a text, with the time of day beside it. False where there is none. */
bool moment_read(str text, moment_style style, arena *a, moment *out);
/* The date in the path of a web address: /2021/01/14/, /2021-01-14-, /20210114. */
bool moment_in_address(str url, arena *a, moment *out);
/* The day of a moment's value. */
day moment_day(const moment *m);

#endif
