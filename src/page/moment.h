/* Dates and times as pages write them: ISO 8601, RFC 822, numbers, month names of Arabic and English
 * calendars, Hijri dates. */
#ifndef ISN_PAGE_MOMENT_H
#define ISN_PAGE_MOMENT_H

#include "base/calendar.h"

#include <limits.h>

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
/* Minutes since 1970 by the moment's own clock, and by how many that is ahead of Greenwich (INT_MIN where not
 * told). False where it has no time of day. */
bool moment_clock(const moment *m, int64_t *minutes, int *ahead);
/* The moment at `minutes` by a clock that is `ahead` of Greenwich (INT_MIN: not told). */
moment moment_at(int64_t minutes, int ahead, arena *a);
/* What a text tells from the moment of reading: "2 hours ago", "منذ ساعتين", "yesterday at 14:05". `now`:
 * minutes since 1970, Greenwich; nothing is told where it is 0. What is told by weeks or more is too vague to
 * count. */
bool moment_relative(str text, int64_t now, arena *a, moment *out);
/* Whether a line says nothing but that. */
bool moment_is_relative(str line, arena *a);
/* A time of day that stands without a day: "14:05", "9 am". */
bool moment_clock_only(str text, int *minutes);

#endif
